"""kdlab.federated beside PyTorch and plain NumPy: python -m benchmarks.federated prints kdlab/peer."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.special
import torch

from benchmarks.measure import compare, table
from kdlab import federated as kd

K, T = 10, 4.0
CHECKED = "kdlab refuses NaN, rows without an unmasked class and unequal shapes: a pass that the peer does not make."


def rows() -> list[dict[str, Any]]:
    """Measure both means of the clients' logits, and the mean of their parameters."""
    rng = np.random.default_rng(0)
    found = []
    for shape in ((K, 1000, 10), (K, 100_000, 10), (K, 20, 50_000)):
        z = rng.normal(scale=3.0, size=shape)
        tensor = torch.from_numpy(z)
        calls = {
            "consensus_probs": (
                lambda z=z: kd.consensus_probs(z, T),
                {
                    "scipy": lambda z=z: scipy.special.softmax(z / T, axis=-1).mean(axis=0),
                    "torch": lambda z=tensor: torch.softmax(z / T, -1).mean(0),
                },
            ),
            "consensus_probs, logits": (
                lambda z=z: kd.consensus_probs(z, T, average="logits"),
                {
                    "scipy": lambda z=z: scipy.special.softmax(z.mean(axis=0) / T, axis=-1),
                    "torch": lambda z=tensor: torch.softmax(z.mean(0) / T, -1),
                },
            ),
        }
        found += measured(calls, shape, large=z.size > 100_000)
    sizes = np.arange(1, K + 1)
    omega = torch.tensor(sizes / sizes.sum())
    for size in (1000, 1_000_000):
        clients = [[rng.normal(size=size)] for _ in range(K)]
        stacked = [[torch.from_numpy(array) for array in client] for client in clients]
        calls = {
            "fedavg": (
                lambda clients=clients: kd.fedavg(clients, sizes),
                {
                    "numpy average": lambda clients=clients: np.average([c[0] for c in clients], axis=0, weights=sizes),
                    "torch": lambda stacked=stacked: torch.tensordot(omega, torch.stack([c[0] for c in stacked]), 1),
                },
            )
        }
        found += measured(calls, (K, size), large=size > 1000)
    return found


def measured(calls: dict[str, Any], shape: tuple[int, ...], *, large: bool) -> list[dict[str, Any]]:
    found = []
    for function, (ours, peers) in calls.items():
        for row in compare(ours, peers, rounds=5 if large else 100, memory=large):
            found.append({"function": function, "shape": "x".join(map(str, shape))} | row | {"why": CHECKED})
    return found


if __name__ == "__main__":
    print(table(rows()))
