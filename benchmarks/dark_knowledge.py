"""kdlab.dark_knowledge beside SciPy and PyTorch: python -m benchmarks.dark_knowledge prints kdlab/peer.

No library has these functions but the rank correlations; the peer is what a careful user of it would write. PyTorch
runs on one thread, as NumPy does. SciPy's rank correlations take one row at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import scipy.special
import scipy.stats
import torch

from benchmarks.measure import compare, table
from kdlab import dark_knowledge as kd

T, K = 4.0, 5
SHAPES = ((1000, 10), (100_000, 10), (64, 50_000))
WHY = {
    "torch": "NumPy passes over the memory once for each operation; kdlab also checks, and keeps ties stable",
    "scipy": "the merges are NumPy's stable sort, not compiled for the purpose",
}


def masked(v: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return v.scatter(-1, y[:, None], -torch.inf)


def torch_entropy(v: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return torch.special.entr(torch.softmax(masked(v, y) / T, -1)).sum(-1)


def torch_decoupled(z: torch.Tensor, v: torch.Tensor, y: torch.Tensor) -> tuple[torch.Tensor, ...]:
    log_p, log_q = torch.log_softmax(v / T, -1), torch.log_softmax(z / T, -1)
    p_y, q_y = (x.gather(-1, y[:, None]).exp().squeeze(-1) for x in (log_p, log_q))
    binary = p_y * (p_y / q_y).log() + (1 - p_y) * ((1 - p_y) / (1 - q_y)).log()
    log_p_hat, log_q_hat = (torch.log_softmax(masked(x, y) / T, -1) for x in (v, z))
    incorrect = (log_p_hat.exp() * (log_p_hat - log_q_hat)).nan_to_num(0).sum(-1)
    return (log_p.exp() * (log_p - log_q)).sum(-1), binary, 1 - p_y, incorrect


def torch_truncated(v: torch.Tensor) -> tuple[torch.Tensor, ...]:
    p = torch.softmax(v / T, -1)
    kept, indices = p.topk(K)
    s = kept.sum(-1)
    return torch.zeros_like(p).scatter(-1, indices, kept / s[:, None]), indices, s, -s.log()


def torch_rank(v: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return 1 + (v > v.gather(-1, y[:, None])).sum(-1)


def torch_flattened(p: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    p_y = p.gather(-1, y[:, None])
    return ((1 - p_y) / (p.shape[-1] - 1)).expand_as(p).scatter(-1, y[:, None], p_y)


def torch_permuted(p: torch.Tensor) -> torch.Tensor:
    return p.gather(-1, torch.rand_like(p).argsort(-1))


def rows() -> list[dict[str, Any]]:
    """Measure every function on every shape against every peer that has it."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [row for shape in SHAPES for row in rows_of(shape)]
    finally:
        torch.set_num_threads(threads)


def rows_of(shape: tuple[int, int]) -> list[dict[str, Any]]:
    rng = np.random.default_rng(0)
    z, v = (rng.normal(scale=3.0, size=shape) for _ in range(2))
    y = rng.integers(shape[-1], size=shape[0])
    p = scipy.special.softmax(v, axis=-1)
    a, b, c, d = map(torch.from_numpy, (z, v, y, p))
    few = slice(0, 1 if shape[-1] > 100 else 1000)
    pairs = list(zip(np.delete(z[few], 0, axis=-1), np.delete(v[few], 0, axis=-1), strict=True))
    first = np.zeros_like(y[few])
    calls: dict[str, tuple[Callable, dict[str, Callable]]] = {
        "incorrect_entropy": (lambda: kd.incorrect_entropy(v, y, T), {"torch": lambda: torch_entropy(b, c)}),
        "decoupled_kl": (lambda: kd.decoupled_kl(z, v, y, T), {"torch": lambda: torch_decoupled(a, b, c)}),
        "truncated_softmax": (lambda: kd.truncated_softmax(v, K, T), {"torch": lambda: torch_truncated(b)}),
        "label_rank": (lambda: kd.label_rank(v, y), {"torch": lambda: torch_rank(b, c)}),
        "incorrect_flattened": (lambda: kd.incorrect_flattened(p, y), {"torch": lambda: torch_flattened(d, c)}),
        "reordered": (
            lambda: kd.reordered(p, operator="permutation", rng=rng),
            {"torch": lambda: torch_permuted(d)},
        ),
    }
    if shape != (100_000, 10):  # SciPy would take ten seconds for each
        calls["kendall_tau"] = (
            lambda: kd.kendall_tau(z[few], v[few], first),
            {"scipy": lambda: [scipy.stats.kendalltau(*pair) for pair in pairs]},
        )
        calls["spearman_rho"] = (
            lambda: kd.spearman_rho(z[few], v[few], first),
            {"scipy": lambda: [scipy.stats.spearmanr(*pair) for pair in pairs]},
        )
    large = z.size > 100_000
    return [
        {"function": name, "shape": "x".join(map(str, shape))}
        | row
        | {"why": WHY[row["peer"]] if row["time_ratio"] > 1 else ""}
        for name, (ours, peers) in calls.items()
        for row in compare(
            ours, peers, rounds=5 if large or name in ("kendall_tau", "spearman_rho") else 100, memory=large
        )
    ]


if __name__ == "__main__":
    print(table(rows()))
