"""kdlab.robustness beside NumPy, PyTorch and SciPy: python -m benchmarks.robustness prints kdlab/peer.

No library has the worst margins of linear classifiers; the peers are the lines that a careful user would write, without
a check of any argument. A linear program stands for the box only where it ends in reasonable time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.optimize
import scipy.special
import scipy.stats
import torch

from benchmarks.measure import compare, table
from kdlab import robustness as kd

EPSILON = 0.1
CHECKS = "kdlab reads all numbers once more, to refuse what is not finite or out of range; torch has more threads."
PAIRS = "The peer subtracts scores; kdlab the weights first, so that large scores that agree cost no digits."
ERFC = "NumPy has no error function, so kdlab calls math.erfc for each number; SciPy's loop is compiled."


def rows() -> list[dict[str, Any]]:
    """Measure the functions that read whole data sets; the others take microseconds."""
    found = []
    for N, D in ((1000, 784), (100_000, 64), (1_000_000, 10)):
        found += binary(N, D)
    for N, D, C in ((1000, 64, 10), (1_000_000, 10, 10), (20, 16, 50_000)):
        found += multiclass(N, D, C)
    return found + programs() + gaussian()


def binary(N: int, D: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    w, X, y = rng.normal(size=D), rng.uniform(size=(N, D)), rng.choice([-1, 1], N)
    tensors = [torch.from_numpy(array) for array in (w, X, y)]

    def numpy_box() -> np.ndarray:
        delta = np.clip(X - EPSILON * y[:, None] * np.sign(w), 0, 1) - X
        return y * ((X + delta) @ w)

    def torch_margins() -> torch.Tensor:
        w, X, y = tensors
        return y * (X @ w) - EPSILON * w.abs().sum()

    cases: dict[str, tuple[Callable, dict[str, Callable]]] = {
        "worst_margins": (
            lambda: kd.worst_margins(w, X, y, EPSILON),
            {"numpy": lambda: y * (X @ w) - EPSILON * np.abs(w).sum(), "torch": torch_margins},
        ),
        "worst_margins in a box": (lambda: kd.worst_margins(w, X, y, EPSILON, box=(0, 1)), {"numpy": numpy_box}),
        "worst_perturbation": (
            lambda: kd.worst_perturbation(w, X, y, EPSILON),
            {"numpy": lambda: -EPSILON * y[:, None] * np.sign(w)},
        ),
    }
    return [
        row for name, (call, peers) in cases.items() for row in measured(name, f"{N}x{D}", call, peers, CHECKS, N * D)
    ]


def multiclass(N: int, D: int, C: int) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    W, X, y = rng.normal(size=(C, D)), rng.normal(size=(N, D)), rng.integers(0, C, N)

    def numpy_pairs() -> np.ndarray:
        scores = X @ W.T
        margin = scores[np.arange(N), y][:, None] - scores
        present, where = np.unique(y, return_inverse=True)
        norms = np.stack([np.abs(W[c] - W).sum(axis=1) for c in present])
        margin -= EPSILON * norms[where]
        margin[np.arange(N), y] = np.inf
        return margin.min(axis=1)

    call = {"numpy": numpy_pairs}
    shape = f"{N}x{D}, C={C}"
    return measured(
        "multiclass_worst_margins", shape, lambda: kd.multiclass_worst_margins(W, X, y, EPSILON), call, PAIRS, N * C
    )


def programs() -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    w, X, y = rng.normal(size=64), rng.uniform(size=(10, 64)), rng.choice([-1, 1], 10)

    def linear_programs() -> list[float]:
        found = []
        for x, label in zip(X, y, strict=True):
            bounds = np.stack([np.maximum(x - EPSILON, 0), np.minimum(x + EPSILON, 1)], axis=1)
            found.append(scipy.optimize.linprog(label * w, bounds=bounds).fun)
        return found

    call = {"scipy linprog": linear_programs}
    return measured(
        "worst_margins in a box", "10x64", lambda: kd.worst_margins(w, X, y, EPSILON, box=(0, 1)), call, CHECKS, 1
    )


def gaussian() -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    w, mu, Sigma, found = rng.normal(size=64), rng.normal(size=64), np.eye(64), []
    for n in (1000, 1_000_000):
        epsilon = np.linspace(0, 1, n)

        def scipy_accuracy(epsilon: np.ndarray = epsilon) -> np.ndarray:
            return scipy.special.ndtr((w @ mu - epsilon * np.abs(w).sum()) / np.sqrt(w @ Sigma @ w))

        call = lambda epsilon=epsilon: kd.gaussian_robust_accuracy(w, mu, Sigma, epsilon)  # noqa: E731
        found += measured("gaussian_robust_accuracy", f"{n} epsilons", call, {"scipy": scipy_accuracy}, ERFC, n)
    return found


def measured(
    function: str, shape: str, call: Callable, peers: dict[str, Callable], why: str, size: int
) -> list[dict[str, Any]]:
    large = size > 500_000
    what = {"function": function, "shape": shape}
    rows = compare(call, peers, rounds=5 if large else 50, memory=large)
    return [what | row | {"why": why if row["time_ratio"] > 1 else ""} for row in rows]


if __name__ == "__main__":
    print(table(rows()))
