"""kdlab.temperature beside SciPy and PyTorch: python -m benchmarks.temperature prints kdlab/peer.

Each peer does what a careful user of it would write, the division by T included. Its derivatives come from
forward-mode differentiation (the Jacobian by the logits from reverse mode), as no peer has them in closed form.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special
import scipy.stats
import torch
from torch.func import jacrev, jvp, vmap

from benchmarks.measure import compare, table
from kdlab import temperature as kd

T = 4.0
SHAPES = ((1000, 10), (100_000, 10), (64, 50_000))
DTYPES = (np.float64, np.float32)

SCIPY: dict[str, Callable] = {
    "softmax": lambda z: scipy.special.softmax(z / T, axis=-1),
    "log_softmax": lambda z: scipy.special.log_softmax(z / T, axis=-1),
    "entropy": lambda z: scipy.stats.entropy(scipy.special.softmax(z / T, axis=-1), axis=-1),
}


def torch_entropy(logits: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(torch.softmax(logits, -1)).sum(-1)


def torch_dT(function: Callable, z: torch.Tensor) -> torch.Tensor:
    return jvp(lambda t: function(z / t), (torch.tensor(T, dtype=z.dtype),), (torch.tensor(1.0, dtype=z.dtype),))[1]


TORCH: dict[str, Callable] = {
    "softmax": lambda z: torch.softmax(z / T, -1),
    "log_softmax": lambda z: torch.log_softmax(z / T, -1),
    "entropy": lambda z: torch_entropy(z / T),
    "softmax_dT": lambda z: torch_dT(lambda logits: torch.softmax(logits, -1), z),
    "entropy_dT": lambda z: torch_dT(torch_entropy, z),
    "log_softmax_dz": vmap(jacrev(lambda z: torch.log_softmax(z / T, -1))),
}


def rows() -> list[dict[str, Any]]:
    """Measure every function on every shape and dtype against every peer that has it."""
    found = []
    for shape in SHAPES:
        for dtype in DTYPES:
            z = np.random.default_rng(0).normal(scale=3.0, size=shape).astype(dtype)
            for function in TORCH:
                if function == "log_softmax_dz" and z.shape[-1] > 100:
                    continue  # C numbers for each logit: 1.3 TB
                what = {"function": function, "shape": "x".join(map(str, shape)), "dtype": z.dtype.name}
                found += [what | row for row in compare_function(function, z)]
    return found


def compare_function(function: str, z: np.ndarray) -> list[dict[str, Any]]:
    large = z.size > 100_000
    threads = torch.get_num_threads()
    tensor = torch.from_numpy(z)
    peers = {"scipy": lambda: SCIPY[function](z)} if function in SCIPY else {}
    for number in dict.fromkeys((1, threads)):
        peers[f"torch, {number} thread{'s' * (number > 1)}"] = lambda n=number: on_threads(n, TORCH[function], tensor)
    try:
        return compare(lambda: getattr(kd, function)(z, T), peers, rounds=15 if large else 150, memory=large)
    finally:
        torch.set_num_threads(threads)


def on_threads(number: int, function: Callable, tensor: torch.Tensor) -> torch.Tensor:
    torch.set_num_threads(number)  # under a microsecond
    return function(tensor)


if __name__ == "__main__":
    print(table(rows()))
