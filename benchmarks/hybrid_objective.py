"""kdlab.hybrid_objective beside PyTorch: python -m benchmarks.hybrid_objective prints kdlab/peer.

The peer is what a careful user writes: losses from torch.nn.functional and gradients from autograd; the balance and
the objective are plain lines of PyTorch, as no library has them. PyTorch runs on one thread, as NumPy does here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn.functional import cross_entropy

from benchmarks.measure import compare, table
from kdlab import hybrid_objective as kd

# samples, dimensions of the features, classes
SHAPES = ((1000, 64, 10), (100_000, 64, 10), (64, 512, 50_000))
WHY = {
    "feature_loss": "both inputs are searched for NaN and infinity first",
    "feature_loss_df": "both inputs are searched for NaN and infinity first",
    "cross_entropy_df": "input is searched for NaN and infinity, and q - y is set without cancellation",
    "balanced_alpha": "the norms are checked to be safe, and float32 is summed in float64, in a copy",
    "gradient_balance": "the sum is formed twice: weighted, and of directions in float64, for its norm near cos = -1",
    "hybrid_loss": "losses are searched for NaN first",
}


def torch_gradient(loss: Callable, features: torch.Tensor) -> torch.Tensor:
    features = features.detach().requires_grad_()
    return torch.autograd.grad(loss(features), features)[0]


def torch_loss(f_S: torch.Tensor, f_T: torch.Tensor) -> torch.Tensor:
    return ((f_S - f_T) ** 2).sum(-1).mean()


def torch_alpha(g_CE: torch.Tensor, g_F: torch.Tensor) -> torch.Tensor:
    a, b = torch.linalg.vector_norm(g_CE), torch.linalg.vector_norm(g_F)
    return a / (a + b)


def torch_balance(g_CE: torch.Tensor, g_F: torch.Tensor) -> tuple[torch.Tensor, ...]:
    a, b = torch.linalg.vector_norm(g_CE), torch.linalg.vector_norm(g_F)
    alpha = a / (a + b)
    total = (1 - alpha) * g_CE + alpha * g_F
    return a, b, alpha, (g_CE * g_F).sum() / (a * b), total, torch.linalg.vector_norm(total)


def rows() -> list[dict[str, Any]]:
    """Measure every function on every shape and dtype."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [row for shape in SHAPES for dtype in (np.float64, np.float32) for row in of_shape(*shape, dtype)]
    finally:
        torch.set_num_threads(threads)


def of_shape(N: int, D: int, C: int, dtype: type) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    arrays = [rng.normal(size=shape).astype(dtype) for shape in ((N, D), (N, D), (C, D), (C,))]
    labels = rng.integers(C, size=N)
    f_S, f_T, V, b, y = (torch.from_numpy(array) for array in (*arrays, labels))
    losses = [np.abs(rng.normal(size=N * D)).astype(dtype) for _ in range(3)]
    ce, kd_, feature = map(torch.from_numpy, losses)
    V_scaled = V / D**0.5
    pairs: dict[str, tuple[Callable, Callable]] = {
        "feature_loss": (lambda: kd.feature_loss(*arrays[:2]), lambda: torch_loss(f_S, f_T)),
        "feature_loss_df": (
            lambda: kd.feature_loss_df(*arrays[:2]),
            lambda: torch_gradient(lambda f: torch_loss(f, f_T), f_S),
        ),
        "cross_entropy_df": (
            lambda: kd.cross_entropy_df(arrays[0], V_scaled.numpy(), arrays[3], labels),
            lambda: torch_gradient(lambda f: cross_entropy(f @ V_scaled.T + b, y), f_S),
        ),
        "balanced_alpha": (lambda: kd.balanced_alpha(*arrays[:2]), lambda: torch_alpha(f_S, f_T).item()),
        "gradient_balance": (lambda: kd.gradient_balance(*arrays[:2]), lambda: torch_balance(f_S, f_T)),
        "hybrid_loss": (
            lambda: kd.hybrid_loss(*losses, alpha=0.3, beta=0.3),
            lambda: 0.4 * ce + 0.3 * kd_ + 0.3 * feature,
        ),
    }
    large = N * D > 100_000 or C > 100
    found = []
    for function, (ours, theirs) in pairs.items():
        memory = large and function != "balanced_alpha"  # the peer of that needs none
        what = {"function": function, "N,D,C": f"{N},{D},{C}", "dtype": np.dtype(dtype).name}
        for row in compare(ours, {"torch, 1 thread": theirs}, rounds=7 if large else 100, memory=memory):
            slower = max(row["time_ratio"], row["memory_ratio"] or 0) > 1.1
            found.append(what | row | {"why": WHY[function] if slower else ""})
    return found


if __name__ == "__main__":
    print(table(rows()))
