"""kdlab.pruning beside PyTorch and NumPy: python -m benchmarks.pruning prints kdlab/peer.

PyTorch's topk takes the fewer of the pruned and the kept weights; its own pruning module is measured as well.
NumPy's stable argsort is what gives the same mask as kdlab where scores are equal.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn.utils import prune

from benchmarks.measure import compare, table
from kdlab import pruning as kd

SPARSITY = 0.9
LAYERS = ((1000, np.float64), (1000, np.float32), (10**6, np.float64), (10**6, np.float32), (10**7, np.float32))
WHY = {
    "prune_mask": "with a thousand weights, half of the time goes into checking the input",
    "prune_mask, axis=0": "with a thousand weights, half of the time goes into checking the input",
    "movement": "kdlab sums in float64, and first looks for NaN and infinite weights",
}
OTHERWISE = "kdlab first looks for NaN and infinite weights, which the peer lets through"


def rows() -> list[dict[str, Any]]:
    """Measure masks of random and of equal scores, their use, and the scores with a peer."""
    return [row for size, dtype in LAYERS for row in of_size(size, dtype)]


def of_size(size: int, dtype: type) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    scores = np.abs(rng.normal(size=size)).astype(dtype)
    tied = rng.integers(0, 50, size).astype(dtype)
    w, g = rng.normal(size=(2, 10, size // 10)).astype(dtype)
    mask = kd.prune_mask(scores, SPARSITY)
    weights = rng.normal(size=(size // 100, 100)).astype(dtype)
    rms = np.ones(100, dtype)
    tensor, torch_mask, torch_weights = map(torch.from_numpy, (scores, mask, weights))
    calls: dict[str, tuple[Callable, dict[str, Callable]]] = {
        "prune_mask": (
            lambda: kd.prune_mask(scores, SPARSITY),
            {
                "torch.topk": lambda: torch_topk(tensor),
                "torch.nn.utils.prune": lambda: prune.L1Unstructured(SPARSITY).compute_mask(
                    tensor, torch.ones_like(tensor)
                ),
                "numpy argsort": lambda: numpy_argsort(scores),
            },
        ),
        "prune_mask, 50 values": (
            lambda: kd.prune_mask(tied, SPARSITY),
            {"numpy argsort": lambda: numpy_argsort(tied)},
        ),
        "prune_mask, axis=0": (
            lambda: kd.prune_mask(weights, 0.5, axis=0),
            {"torch.topk": lambda: torch_topk_rows(torch_weights)},
        ),
        "apply_mask": (
            lambda: kd.apply_mask(scores, mask),
            {"torch": lambda: torch.where(torch_mask, tensor, 0), "numpy": lambda: np.where(mask, scores, 0)},
        ),
        "activation_aware": (lambda: kd.activation_aware(weights, rms), {"numpy": lambda: np.abs(weights) * rms}),
        "movement": (lambda: kd.movement(w, g), {"numpy": lambda: -(w * g).sum(axis=0)}),
        "filter_norms": (
            lambda: kd.filter_norms(weights),
            {"torch": lambda: torch.linalg.vector_norm(torch_weights, 1, dim=1)},
        ),
    }
    found = []
    for function, (call, peers) in calls.items():
        for row in compare(call, peers, rounds=3 if size > 10**6 else 10 if size > 10**5 else 100, memory=size > 10**5):
            what = {"function": function, "size": size, "dtype": np.dtype(dtype).name}
            found.append(what | row | {"why": WHY.get(function, OTHERWISE) if row["time_ratio"] > 1 else ""})
    return found


def torch_topk(scores: torch.Tensor) -> torch.Tensor:
    kept = scores.numel() - kd.num_pruned(scores.numel(), SPARSITY)
    mask = torch.zeros_like(scores, dtype=torch.bool)
    mask[torch.topk(scores, kept, sorted=False).indices] = True
    return mask


def torch_topk_rows(scores: torch.Tensor) -> torch.Tensor:
    kept = torch.topk(scores, scores.shape[1] // 2, dim=1, sorted=False).indices
    return torch.zeros_like(scores, dtype=torch.bool).scatter_(1, kept, True)


def numpy_argsort(scores: np.ndarray) -> np.ndarray:
    """Return the mask by a stable sort of the reversed scores: of equal ones the last go first."""
    n = scores.size
    mask = np.ones(n, bool)
    mask[n - 1 - np.argsort(scores[::-1], kind="stable")[: kd.num_pruned(n, SPARSITY)]] = False
    return mask


if __name__ == "__main__":
    print(table(rows()))
