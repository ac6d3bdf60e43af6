"""kdlab.calibration beside torchmetrics, netcal and scikit-learn: python -m benchmarks.calibration prints kdlab/peer.

A careful loop in plain NumPy stands in where no library has the quantity.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.measure import compare, table
from kdlab import calibration as kd
from kdlab.temperature import softmax

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import torch
    from netcal.metrics import ECE
    from netcal.scaling import TemperatureScaling
    from sklearn.calibration import _TemperatureScaling, calibration_curve
    from torchmetrics.functional.classification import multiclass_calibration_error
    from torchmetrics.functional.classification.calibration_error import _ce_compute

SIZES = (1000, 1_000_000)
SHAPES = ((1000, 10), (100_000, 10), (200, 50_000))
WHY = {
    "top label and ECE": "kdlab computes in the given float64 and checks that rows are probabilities; "
    "torchmetrics rounds to float32.",
    "expected_calibration_error": "kdlab checks every confidence and outcome; "
    "the inner function of torchmetrics checks nothing.",
}


def rows() -> list[dict[str, Any]]:
    """Measure every function that has a peer."""
    found = []
    for size in SIZES:
        rng = np.random.default_rng(0)
        f = rng.beta(5, 2, size)
        y = (rng.random(size) < f).astype(np.int64)
        tensors = torch.from_numpy(f), torch.from_numpy(y.astype(float))
        found += measured(
            "expected_calibration_error",
            f"{size}",
            lambda f=f, y=y: kd.expected_calibration_error(f, y),
            {
                "torchmetrics": lambda tensors=tensors: _ce_compute(*tensors, 15),
                "netcal": lambda f=f, y=y: ECE(15).measure(f, y),
            },
        )
        found += measured(
            "reliability",
            f"{size}",
            lambda f=f, y=y: kd.reliability(f, y),
            {"scikit-learn": lambda f=f, y=y: calibration_curve(y, f, n_bins=15)},
        )
        found += measured(
            "smooth_calibration_error",
            f"{size}",
            lambda f=f, y=y: kd.smooth_calibration_error(f, y),
            {"numpy, kernel matrix of 500 points": lambda f=f[:1000], y=y[:1000]: smooth_by_matrix(f, y)},
        )
        if size == 1000:
            found += measured(
                "null_calibration_error",
                f"{size}",
                lambda f=f: kd.null_calibration_error(f),
                {"numpy, coin by coin": lambda f=f: null_by_coins(f)},
            )
    for shape in SHAPES:
        rng = np.random.default_rng(0)
        z = rng.normal(scale=3.0, size=shape)
        labels = (softmax(z, 2.0).cumsum(axis=1) > rng.random((len(z), 1))).argmax(axis=1)
        found += compare_rows(z, softmax(z), labels)
    return found


def compare_rows(z: np.ndarray, p: np.ndarray, labels: np.ndarray) -> list[dict[str, Any]]:
    shape = "x".join(map(str, z.shape))
    tensors = torch.from_numpy(p), torch.from_numpy(labels)
    found = measured(
        "top label and ECE",
        shape,
        lambda: kd.expected_calibration_error(*kd.top_label(p, labels)),
        {"torchmetrics": lambda: multiclass_calibration_error(*tensors, p.shape[1])},
    )
    peers = {"scikit-learn": lambda: quiet(lambda: _TemperatureScaling().fit(z, labels))}
    if z.size <= 10_000:
        peers["netcal"] = lambda: quiet(lambda: TemperatureScaling().fit(p, labels))
    found += measured("fit_temperature", shape, lambda: kd.fit_temperature(z, labels), peers)
    if z.size <= 1_000_000:
        found += measured(
            "classwise_calibration_error",
            shape,
            lambda: kd.classwise_calibration_error(p, labels),
            {"netcal, class by class": lambda: [ECE(15).measure(p_c, labels == c) for c, p_c in enumerate(p.T.copy())]},
        )
    return found


def measured(function: str, size: str, call: Callable, peers: dict[str, Callable]) -> list[dict[str, Any]]:
    start = {"function": function, "size": size}
    large = math.prod(map(int, size.split("x"))) > 100_000  # what less takes is too little to be measured
    return [
        start | row | {"why": WHY.get(function, "") if row["time_ratio"] > 1 else ""}
        for row in compare(call, peers, rounds=5, memory=large)
    ]


def quiet(call: Callable) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call()


def smooth_by_matrix(f: np.ndarray, y: np.ndarray) -> float:
    t = (np.arange(500) + 0.5) / 500
    low, high = 0.0, 1.0
    for _ in range(10):
        sigma = (low + high) / 2
        kernel = sum(
            np.exp(-(((t[:, np.newaxis] - sign * f - 2 * k) / sigma) ** 2) / 2) for k in (-1, 0, 1) for sign in (-1, 1)
        )
        error = np.abs(kernel @ (y - f)).mean() / len(f) / sigma / np.sqrt(2 * np.pi)
        low, high = (sigma, high) if error > sigma else (low, sigma)
    return high


def null_by_coins(f: np.ndarray) -> float:
    total = 0.0
    bins = np.minimum((f * 15).astype(int), 14)
    for b in range(15):
        pmf = np.ones(1)
        for p in f[bins == b]:
            pmf = np.convolve(pmf, [1 - p, p])
        total += np.abs(np.arange(pmf.size) - f[bins == b].sum()) @ pmf
    return total / f.size


if __name__ == "__main__":
    print(table(rows()))
