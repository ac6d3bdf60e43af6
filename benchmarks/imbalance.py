"""kdlab.imbalance beside scikit-learn and PyTorch: python -m benchmarks.imbalance prints kdlab/peer.

PyTorch, on one thread, has no weighted divergence; its peers are the lines that a careful user would write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

from benchmarks.measure import compare, table
from kdlab import imbalance as kd

T = 4.0
SHAPES = ((1000, 10), (100_000, 10), (64, 50_000))
WHY = {
    "weighted_kl_divergence": "kdlab adds non-negative terms alone, with one more exponential, and so loses no digits",
    "weighted_kl_divergence_dz": "kdlab looks for NaN and infinite numbers in its input",
    "inside_sum_value": "kdlab takes it as the difference of two divergences, each of which keeps its digits",
}


def torch_rows(z: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    log_q, log_p = torch.log_softmax(z / T, -1), torch.log_softmax(v / T, -1)
    return torch.nn.functional.kl_div(log_q, log_p, reduction="none", log_target=True)


def calls(shape: tuple[int, int]) -> dict[str, tuple[str, Callable, Callable]]:
    """Return for each function the peer's name, kdlab's call and the peer's."""
    rng = np.random.default_rng(0)
    z, v = rng.normal(scale=3.0, size=(2, *shape))
    y, w = rng.integers(shape[1], size=shape[0]), rng.uniform(0.5, 4.0, size=shape[1])
    tz, tv, ty, tw = map(torch.from_numpy, (z, v, y, w))

    def loss() -> torch.Tensor:
        return (tw[ty] * torch_rows(tz, tv).sum(-1)).sum() / tw[ty].sum()

    def gradient() -> torch.Tensor:
        return (tw[ty] / tw[ty].sum())[:, None] * (torch.softmax(tz / T, -1) - torch.softmax(tv / T, -1)) / T

    return {
        "weighted_kl_divergence": ("torch", lambda: kd.weighted_kl_divergence(z, v, y, T, class_weights=w), loss),
        "weighted_kl_divergence_dz": (
            "torch", lambda: kd.weighted_kl_divergence_dz(z, v, y, T, class_weights=w), gradient
        ),
        "inside_sum_value": (
            "torch", lambda: kd.inside_sum_value(z, v, w, T), lambda: (tw * torch_rows(tz, tv)).sum(-1)
        ),
    }  # fmt: skip


def label_calls(N: int) -> dict[str, tuple[str, Callable, Callable]]:
    """Return the same for the functions of labels alone."""
    y = np.random.default_rng(0).integers(10, size=N)
    classes = np.arange(10)
    return {
        "balanced_weights": (
            "scikit-learn",
            lambda: kd.balanced_weights(y, 10),
            lambda: compute_class_weight("balanced", classes=classes, y=y),
        ),
        "sample_weights": (
            "scikit-learn",
            lambda: kd.sample_weights(y, kd.balanced_weights(y, 10)),
            lambda: compute_sample_weight("balanced", y),
        ),
    }


def rows() -> list[dict[str, Any]]:
    """Measure every function on every shape."""
    threads, found = torch.get_num_threads(), []
    torch.set_num_threads(1)
    try:
        for shape, all_calls in [((N,), label_calls(N)) for N in (1000, 1_000_000)] + [(s, calls(s)) for s in SHAPES]:
            large = np.prod(shape) > 100_000
            for function, (name, ours, peer) in all_calls.items():
                what = {"function": function, "shape": "x".join(map(str, shape))}
                for row in compare(ours, {name: peer}, rounds=9 if large else 100, memory=bool(large)):
                    found.append(what | row | {"why": WHY.get(function, "") if row["time_ratio"] > 1 else ""})
    finally:
        torch.set_num_threads(threads)
    return found


if __name__ == "__main__":
    print(table(rows()))
