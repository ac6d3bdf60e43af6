"""kdlab.uncertainty beside SciPy, PyTorch and scikit-learn: python -m benchmarks.uncertainty prints kdlab/peer.

The bootstrap stands beside scipy.stats.bootstrap at its defaults (BCa) and with the percentile, 10,000 resamples each.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.stats
import sklearn.metrics
import torch

from benchmarks.measure import compare, table
from kdlab import uncertainty as kd
from kdlab.temperature import log_softmax, softmax

SHAPES = ((1000, 10), (1_000_000, 10), (200, 50_000))
B = 10_000
WHY = {
    "negative_log_likelihood": "kdlab reads every log-probability, to refuse NaN and logits; "
    "nll_loss reads the labels' only.",
    "brier_score": "kdlab checks that every row holds probabilities; a line of NumPy checks nothing.",
}


def rows() -> list[dict[str, Any]]:
    """Measure every function that has a peer."""
    found = []
    for n in (100, 10_000):
        losses = np.random.default_rng(0).lognormal(size=n)
        student = losses + np.random.default_rng(1).normal(size=n)
        found += measured(
            "bootstrap_interval",
            n,
            lambda losses=losses: interval(losses),
            {
                "scipy, percentile": lambda losses=losses: scipys_bootstrap(losses, "percentile"),
                "scipy, percentile, batch=64": lambda losses=losses: scipys_bootstrap(losses, "percentile", batch=64),
            },
        )
        found += measured(
            "bootstrap_interval, bca",
            n,
            lambda losses=losses: interval(losses, method="bca"),
            {"scipy's default, BCa": lambda losses=losses: scipys_bootstrap(losses, "BCa")},
        )
        found += measured(
            "difference_interval",
            n,
            lambda student=student, losses=losses: kd.difference_interval(
                student, losses, num_resamples=B, rng=np.random.default_rng(0)
            ),
            {
                "scipy, paired percentile": lambda student=student, losses=losses: scipy.stats.bootstrap(
                    (student, losses), mean_difference, n_resamples=B, method="percentile", paired=True
                )
            },
        )
    million = np.random.default_rng(0).lognormal(size=1_000_000)
    found += measured(
        "bootstrap_interval, 20 resamples",
        million.size,
        lambda: interval(million, num_resamples=20),
        {"scipy, percentile": lambda: scipys_bootstrap(million, "percentile", n_resamples=20)},
    )
    for shape in SHAPES:
        rng = np.random.default_rng(0)
        z = rng.normal(scale=3.0, size=shape)
        labels = rng.integers(shape[1], size=shape[0])
        found += compare_losses(log_softmax(z), softmax(z), labels)
    return found


def compare_losses(log_p: np.ndarray, p: np.ndarray, labels: np.ndarray) -> list[dict[str, Any]]:
    size = "x".join(map(str, p.shape))
    tensors = torch.from_numpy(log_p), torch.from_numpy(labels)
    found = measured(
        "negative_log_likelihood",
        size,
        lambda: kd.negative_log_likelihood(log_p, labels),
        {"torch": lambda: torch.nn.functional.nll_loss(*tensors, reduction="none")},
        memory=len(p) > 100_000,  # the losses of fewer rows are too small to be measured
    )
    peers = {"numpy, one line": lambda: ((p - one_hot(labels, p.shape[1])) ** 2).sum(axis=1)}
    if p.shape[1] == 10:
        peers["scikit-learn"] = lambda: sklearn.metrics.brier_score_loss(labels, p, labels=range(10))
    return found + measured("brier_score", size, lambda: kd.brier_score(p, labels), peers, memory=p.size > 100_000)


def interval(losses: np.ndarray, **options: Any) -> kd.Interval:
    return kd.bootstrap_interval(losses, **{"num_resamples": B, "rng": np.random.default_rng(0)} | options)


def scipys_bootstrap(losses: np.ndarray, method: str, **options: Any) -> Any:
    return scipy.stats.bootstrap((losses,), np.mean, **{"n_resamples": B, "method": method} | options)


def mean_difference(student: np.ndarray, teacher: np.ndarray, axis: int) -> np.ndarray:
    return student.mean(axis=axis) - teacher.mean(axis=axis)


def one_hot(labels: np.ndarray, num_classes: int) -> np.ndarray:
    return labels[:, np.newaxis] == np.arange(num_classes)


def measured(
    function: str, size: Any, call: Callable, peers: dict[str, Callable], memory: bool = True
) -> list[dict[str, Any]]:
    start = {"function": function, "size": str(size)}
    return [
        start | row | {"why": WHY.get(function, "") if row["time_ratio"] > 1 else ""}
        for row in compare(call, peers, rounds=2, memory=memory)
    ]


if __name__ == "__main__":
    print(table(rows()))
