"""kdlab.straight_through beside PyTorch and SciPy: python -m benchmarks.straight_through prints kdlab/peer.

No library has the logistic gradient in closed form: its peers are SciPy's quadrature, adaptive and one weight at a
time, and torch.autograd through the clamp for the gradients.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.integrate
import scipy.special
import torch

from benchmarks.measure import compare, table
from kdlab import straight_through as kd

T = 4.0
CHECKED = "kdlab refuses NaN and unequal shapes, a pass over each array that the peer does not make."


def rows() -> list[dict[str, Any]]:
    """Measure the elementwise functions on many weights, and the quadrature on few."""
    rng = np.random.default_rng(0)
    found = []
    for n in (1000, 1_000_000):
        w, g = rng.normal(size=(2, n))
        latent, gradient = torch.from_numpy(w), torch.from_numpy(g)
        calls = {
            "ste_gradient": (
                lambda w=w, g=g: kd.ste_gradient(g, w, clip=1.0),
                lambda w=latent, g=gradient: torch.where(w.abs() <= 1.0, g, 0.0),
            ),
            "clamp_latent": (lambda w=w: kd.clamp_latent(w), lambda w=latent: w.clamp(-1.0, 1.0)),
        }
        for function, (ours, peer) in calls.items():
            large = n > 1000
            for row in compare(ours, {"torch": peer}, rounds=30 if large else 200, memory=large):
                found.append({"function": function, "shape": str(n)} | row | {"why": CHECKED})
    u, v = rng.normal(size=(2, 1000))
    peers = {"scipy quad_vec": lambda: quad_vec(u, v)}
    for row in compare(lambda: kd.logistic_gradient(u, v, T), peers, rounds=15, memory=False):
        found.append({"function": "logistic_gradient", "shape": "1000"} | row | {"why": ""})
    return found


def quad_vec(u: np.ndarray, v: np.ndarray) -> np.ndarray:
    def integrand(x: float) -> np.ndarray:
        density = np.exp(-x * x / 2) / np.sqrt(2 * np.pi)
        return x * density * (scipy.special.expit(u * x / T) - scipy.special.expit(v * x / T))

    return 2 / T * scipy.integrate.quad_vec(integrand, 0, 10, epsabs=1e-14, epsrel=1e-12)[0]


if __name__ == "__main__":
    print(table(rows()))
