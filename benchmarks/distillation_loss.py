"""kdlab.distillation_loss beside SciPy and PyTorch: python -m benchmarks.distillation_loss prints kdlab/peer.

Each peer does what a careful user of it would write. PyTorch runs on one thread, as NumPy does; its gradients come from
autograd, the value's time included.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special
import torch
from torch.nn import functional

from benchmarks.measure import compare, table
from kdlab import distillation_loss as kd

T, ALPHA = 4.0, 0.7
SHAPES = ((1000, 10), (100_000, 10), (64, 50_000))
DTYPES = (np.float64, np.float32)
WHY = {
    "scipy": "on small arrays the checks of the input count",
    "torch": "NumPy passes over the memory once for each operation, PyTorch once for a log-softmax",
    "jensen_shannon_divergence": "NumPy's logaddexp, which keeps masked and vanishing classes right, is not vectorised",
    "soft_cross_entropy": "entropy and KL are summed, each right where classes are masked: the peer gives NaN there",
    "high_temperature_limit": "masked classes are looked for, and each of the two logits is centred for itself",
}


def log_softmaxes(z: torch.Tensor, v: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.log_softmax(z / T, -1), torch.log_softmax(v / T, -1)


def torch_kl(z: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return functional.kl_div(*log_softmaxes(z, v), reduction="batchmean", log_target=True)


def torch_reverse_kl(z: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return torch_kl(v, z)


def torch_js(z: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    log_q, log_p = log_softmaxes(z, v)
    log_m = torch.logaddexp(log_p, log_q) - np.log(2)
    kl = functional.kl_div(log_m, log_p, reduction="batchmean", log_target=True)
    return (kl + functional.kl_div(log_m, log_q, reduction="batchmean", log_target=True)) / 2


def torch_loss(z: torch.Tensor, v: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return (1 - ALPHA) * functional.cross_entropy(z, y) + ALPHA * T**2 * torch_kl(z, v)


def torch_limit(z: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    d = z - v
    return (d - d.mean(-1, keepdim=True)).square().sum(-1).mean() / (2 * z.shape[-1])


def scipy_kl(z: np.ndarray, v: np.ndarray) -> np.floating:
    p, q = scipy.special.softmax(v / T, axis=-1), scipy.special.softmax(z / T, axis=-1)
    return scipy.special.rel_entr(p, q).sum(axis=-1).mean()


def gradient(loss: Callable[..., torch.Tensor], z: torch.Tensor, *rest: torch.Tensor) -> torch.Tensor:
    z = z.detach().requires_grad_()
    return torch.autograd.grad(loss(z, *rest), z)[0]


def rows() -> list[dict[str, Any]]:
    """Measure every function on every shape and dtype against every peer that has it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [row for shape in SHAPES for dtype in DTYPES for row in rows_of(shape, dtype)]
    finally:
        torch.set_num_threads(threads)


def rows_of(shape: tuple[int, int], dtype: type) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    z, v = (rng.normal(scale=3.0, size=shape).astype(dtype) for _ in range(2))
    y = rng.integers(shape[-1], size=shape[0])
    a, b, c = map(torch.from_numpy, (z, v, y))
    calls: dict[str, tuple[Callable, dict[str, Callable]]] = {
        "kl_divergence": (
            lambda: kd.kl_divergence(z, v, T),
            {"torch": lambda: torch_kl(a, b), "scipy": lambda: scipy_kl(z, v)},
        ),
        "kl_divergence_dz": (lambda: kd.kl_divergence_dz(z, v, T), {"torch": lambda: gradient(torch_kl, a, b)}),
        "reverse_kl_divergence": (
            lambda: kd.reverse_kl_divergence(z, v, T),
            {"torch": lambda: torch_reverse_kl(a, b)},
        ),
        "jensen_shannon_divergence": (
            lambda: kd.jensen_shannon_divergence(z, v, T),
            {"torch": lambda: torch_js(a, b)},
        ),
        "soft_cross_entropy": (
            lambda: kd.soft_cross_entropy(z, v, T),
            {"torch": lambda: functional.cross_entropy(a / T, torch.softmax(b / T, -1))},
        ),
        "cross_entropy": (lambda: kd.cross_entropy(z, y), {"torch": lambda: functional.cross_entropy(a, c)}),
        "cross_entropy_dz": (
            lambda: kd.cross_entropy_dz(z, y),
            {"torch": lambda: gradient(functional.cross_entropy, a, c)},
        ),
        "distillation_loss": (
            lambda: kd.distillation_loss(z, v, y, T, alpha=ALPHA),
            {"torch": lambda: torch_loss(a, b, c)},
        ),
        "distillation_loss_dz": (
            lambda: kd.distillation_loss_dz(z, v, y, T, alpha=ALPHA),
            {"torch": lambda: gradient(torch_loss, a, b, c)},
        ),
        "high_temperature_limit": (lambda: kd.high_temperature_limit(z, v), {"torch": lambda: torch_limit(a, b)}),
        "high_temperature_limit_dz": (
            lambda: kd.high_temperature_limit_dz(z, v),
            {"torch": lambda: gradient(torch_limit, a, b)},
        ),
    }
    large = z.size > 100_000
    return [
        {"function": name, "shape": "x".join(map(str, shape)), "dtype": z.dtype.name}
        | row
        | {"why": WHY.get(name, WHY[row["peer"]]) if row["time_ratio"] > 1 else ""}
        for name, (ours, peers) in calls.items()
        for row in compare(ours, peers, rounds=7 if large else 100, memory=large)
    ]


if __name__ == "__main__":
    print(table(rows()))
