"""kdlab.gradient_noise beside PyTorch: python -m benchmarks.gradient_noise prints kdlab/peer.

No library has these functions; each peer is the line that a careful user of PyTorch, on one thread, would write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.func import jvp

from benchmarks.measure import compare, table
from kdlab import gradient_noise as kd

T, B = 4.0, 32
SHAPES = ((1000, 10), (100_000, 10), (64, 50_000))
WHY = {
    "logit_gradients": "the peer subtracts two probabilities and loses about log10(T) digits; kdlab keeps them all",
    "batch_variance": "kdlab sets the first row off before it takes the mean, so that equal rows have no noise at all",
    "variance_exponent": "kdlab takes q - p with all its digits; the peer differentiates what lost some",
    "sampled_label_variance": "kdlab keeps 1 - p of a certain teacher, which the peer rounds to 0",
}
CHECKS = "kdlab looks for NaN and infinite numbers in its input"
# PyTorch's peak is its result, which is too small to be seen
NO_MEMORY = {"batch_variance", "batch_covariance", "parameter_gradients"}


def torch_gradients(z: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    return (torch.softmax(z / T, -1) - torch.softmax(v / T, -1)) / T


def torch_exponent(z: torch.Tensor, v: torch.Tensor) -> torch.Tensor:
    def log_variance(log_T: torch.Tensor) -> torch.Tensor:
        t = log_T.exp()
        return ((torch.softmax(z / t, -1) - torch.softmax(v / t, -1)) / t).var(0, correction=0).sum().log()

    return jvp(log_variance, (torch.tensor(np.log(T)),), (torch.tensor(1.0, dtype=torch.float64),))[1]


def torch_sampled(v: torch.Tensor) -> torch.Tensor:
    p = torch.softmax(v / T, -1)
    return (p * (1 - p)).sum(-1).mean() / (B * T**2)


def calls(shape: tuple[int, int]) -> dict[str, tuple[Callable, Callable]]:
    """Return kdlab's call and PyTorch's for each function."""
    rng = np.random.default_rng(0)
    z, v = rng.normal(scale=3.0, size=(2, *shape))
    g, f = kd.logit_gradients(z, v, T), rng.normal(size=(shape[0], 8))
    J = rng.normal(size=(shape[1], 8))
    tz, tv, tg, tf, tJ = map(torch.from_numpy, (z, v, g, f, J))
    pairs = {
        "logit_gradients": (lambda: kd.logit_gradients(z, v, T), lambda: torch_gradients(tz, tv)),
        "batch_variance": (lambda: kd.batch_variance(g, B), lambda: tg.var(0, correction=0).sum() / B),
        "variance_exponent": (lambda: kd.variance_exponent(z, v, T), lambda: torch_exponent(tz, tv)),
        "sampled_label_variance": (lambda: kd.sampled_label_variance(v, T, B), lambda: torch_sampled(tv)),
        "parameter_gradients": (lambda: kd.parameter_gradients(g, J), lambda: tg @ tJ),
    }
    if shape[1] < 100:  # else a matrix of 20 GB
        pairs["batch_covariance"] = (lambda: kd.batch_covariance(g, B), lambda: torch.cov(tg.T, correction=0) / B)
        pairs["head_gradients"] = (
            lambda: kd.head_gradients(g, f),
            lambda: (tg[:, :, None] * tf[:, None]).reshape(len(tg), -1),
        )
    return pairs


def rows() -> list[dict[str, Any]]:
    """Measure every function on every shape."""
    threads, found = torch.get_num_threads(), []
    torch.set_num_threads(1)
    try:
        for shape in SHAPES:
            large = shape[0] * shape[1] > 100_000
            for function, (ours, peer) in calls(shape).items():
                what = {"function": function, "shape": "x".join(map(str, shape))}
                memory = large and function not in NO_MEMORY
                for row in compare(ours, {"torch": peer}, rounds=9 if large else 100, memory=memory):
                    slower = row["time_ratio"] > 1
                    found.append(what | row | {"why": WHY.get(function, CHECKS) if slower else ""})
    finally:
        torch.set_num_threads(threads)
    return found


if __name__ == "__main__":
    print(table(rows()))
