"""kdlab.low_rank beside NumPy, SciPy, PyTorch and scikit-learn: python -m benchmarks.low_rank prints kdlab/peer."""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.linalg
import torch
from sklearn.utils.extmath import randomized_svd

from benchmarks.measure import compare, table
from kdlab import low_rank as kd

RANK = 8
SHAPES = ((10, 512), (512, 512), (50_000, 64))
SAME = "NumPy's own LAPACK decomposes; torch's is another build (MKL), whose QR of tall matrices is faster."
RANDOMISED = "It computes rank + 10 directions alone and is not exact: its error exceeds the best one on flat spectra."


def rows() -> list[dict[str, Any]]:
    """Measure the factors and the spectrum."""
    found = []
    for shape in SHAPES:
        W = np.random.default_rng(0).normal(size=shape)
        tensor, large = torch.from_numpy(W), W.size > 100_000
        calls = {
            "low_rank_factors": (
                lambda W=W: kd.low_rank_factors(W, RANK),
                {
                    "scipy": lambda W=W: balanced(*scipy.linalg.svd(W, full_matrices=False)),
                    "torch": lambda W=tensor: balanced(*torch.linalg.svd(W, full_matrices=False)),
                    "sklearn randomized": lambda W=W: balanced(*randomized_svd(W, RANK, random_state=0)),
                },
            ),
            "spectrum": (
                lambda W=W: kd.spectrum(W),
                {
                    "scipy": lambda W=W: scipy.linalg.svdvals(W),
                    "torch": lambda W=tensor: torch.linalg.svdvals(W),
                },
            ),
        }
        for function, (ours, peers) in calls.items():
            for row in compare(ours, peers, rounds=3 if large else 50, memory=large):
                why = RANDOMISED if "randomized" in row["peer"] else SAME
                found.append({"function": function, "shape": "x".join(map(str, shape))} | row | {"why": why})
    return found


def balanced(U: Any, s: Any, Vt: Any) -> tuple[Any, Any]:
    root = s[:RANK] ** 0.5
    return U[:, :RANK] * root, root[:, None] * Vt[:RANK]


if __name__ == "__main__":
    print(table(rows()))
