"""kdlab.pipeline beside PyTorch, SciPy and NumPy: python -m benchmarks.pipeline prints kdlab/peer.

PyTorch counts operations by running the network; slices are compared with the same indexing of tensors; the fit with
scipy.optimize.curve_fit; the Pareto front, which none of them has, with the comparison of all pairs and, where that is
too large, with a sort and a loop.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.optimize
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from benchmarks.measure import compare, table
from kdlab import pipeline as kd


def rows() -> list[dict[str, Any]]:
    """Measure costs, slices, the fit and the front."""
    return costs() + slices() + fits() + combined() + fronts()


def measured(
    function: str, shape: str, call: Any, peers: dict[str, Any], why: str, large: bool
) -> list[dict[str, Any]]:
    rows = compare(call, peers, rounds=5 if large else 30, memory=large)
    return [
        {"function": function, "shape": shape} | row | {"why": why if row["time_ratio"] > 1 else ""} for row in rows
    ]


def costs() -> list[dict[str, Any]]:
    network = (kd.Conv(64, 3, padding=1), kd.Conv(128, 3, padding=1), kd.Pool(2), kd.Flatten(), kd.Linear(10))
    module = nn.Sequential(
        nn.Conv2d(3, 64, 3, padding=1),
        nn.Conv2d(64, 128, 3, padding=1),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(128 * 16 * 16, 10),
    )
    image = torch.zeros(1, 3, 32, 32)

    def count() -> int:
        counter = FlopCounterMode(display=False)
        with counter, torch.no_grad():
            module(image)
        return counter.get_total_flops()

    call = {"torch FlopCounterMode": count}
    return measured("total_cost", "5 layers, 32x32", lambda: kd.total_cost(network, (3, 32, 32)), call, "", False)


def slices() -> list[dict[str, Any]]:
    network = (kd.Conv(512, 3), kd.Conv(512, 3), kd.Flatten(), kd.Linear(1000))
    image, kept = (3, 8, 8), {0: np.arange(0, 512, 2), 1: np.arange(0, 512, 2)}
    rng = np.random.default_rng(0)
    weights = [
        {"weight": rng.normal(size=(512, 3, 3, 3)), "bias": rng.normal(size=512)},
        {"weight": rng.normal(size=(512, 512, 3, 3)), "bias": rng.normal(size=512)},
        {},
        {"weight": rng.normal(size=(1000, 512 * 16)), "bias": rng.normal(size=1000)},
    ]
    tensors = [{name: torch.from_numpy(array) for name, array in layer.items()} for layer in weights]
    index = torch.arange(0, 512, 2)
    columns = (index[:, None] * 16 + torch.arange(16)).flatten()

    def torch_slices() -> list[torch.Tensor]:
        first, second, _, last = tensors
        return [
            first["weight"].index_select(0, index),
            first["bias"].index_select(0, index),
            second["weight"].index_select(0, index).index_select(1, index),
            second["bias"].index_select(0, index),
            last["weight"].index_select(1, columns),
            last["bias"].clone(),
        ]

    call = {"torch index_select": torch_slices}
    why = "NumPy gathers both axes at once, number by number; PyTorch copies blocks, and on several threads."
    return measured(
        "slice_weights", "3, 512, 512, 1000", lambda: kd.slice_weights(network, image, weights, kept), call, why, True
    )


def fits() -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    found = []
    for n in (10, 10_000):
        severity = rng.uniform(0.05, 1, n)
        drops = 0.6 * severity**2 + rng.normal(scale=0.02, size=n)
        call = lambda s=severity, d=drops: kd.fit_drop(s, d)  # noqa: E731
        peer = lambda s=severity, d=drops: scipy.optimize.curve_fit(lambda s, c, g: c * s**g, s, d, p0=(0.5, 1))  # noqa: E731
        why = "kdlab looks at 97 exponents before it refines one: it needs no start, and no luck with local minima."
        found += measured("fit_drop", str(n), call, {"scipy curve_fit": peer}, why, n > 1000)
    return found


def combined() -> list[dict[str, Any]]:
    drops = np.random.default_rng(0).uniform(0, 0.3, (1_000_000, 3))
    why = "kdlab reads all drops twice more, to refuse NaN and drops above the accuracy."
    return measured(
        "combined_accuracy",
        "1000000x3",
        lambda: kd.combined_accuracy(drops, 0.9, combine="multiplicative"),
        {"numpy": lambda: 0.9 * np.prod(1 - drops / 0.9, axis=-1)},
        why,
        True,
    )


def fronts() -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    found = []
    for n in (1000, 1_000_000):
        cost, quality = rng.uniform(size=(2, n))

        def all_pairs(cost: np.ndarray = cost, quality: np.ndarray = quality) -> np.ndarray:
            no_worse = (cost[:, None] <= cost) & (quality[:, None] >= quality)
            better = (cost[:, None] < cost) | (quality[:, None] > quality)
            return np.flatnonzero(~(no_worse & better).any(axis=0))

        def loop(cost: np.ndarray = cost, quality: np.ndarray = quality) -> list[int]:
            front, best = [], -np.inf
            for i in np.argsort(cost):
                if quality[i] > best:
                    front.append(i)
                    best = quality[i]
            return front

        call = lambda cost=cost, quality=quality: kd.pareto_front(cost, quality)  # noqa: E731
        peers = {"numpy, sort and loop": loop} | ({"numpy, all pairs": all_pairs} if n == 1000 else {})
        why = "kdlab sorts by quality too and decides ties; the loop gets points of equal cost wrong."
        found += measured("pareto_front", str(n), call, peers, why, n > 1000)
    return found


if __name__ == "__main__":
    print(table(rows()))
