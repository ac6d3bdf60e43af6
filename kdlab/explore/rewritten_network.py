"""Two linear layers written in many ways, one bit in either of them, and what is left of their direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kdlab.core.robustness import compress, diagonal_gauge, dual_norm, effective_weights
from kdlab.explore.marks import Mark, Text

Floats = NDArray[np.float64]

HIDDEN, OUTPUT = np.array([[4.0, 2.0], [3.0, -4.0]]), np.array([0.5, 1.0])
TRIED = {"A": (0.5, 0.5), "B": (1.0, -0.2), "C": (-0.2, -1.0)}  # of class +1
AS_IS = "no layer"
GIVEN = {AS_IS: None, "layer 1": 1, "layer 2": 2}


def layers_of(a: float, given: str) -> tuple[Floats, Floats]:
    """Return both layers: the first unit times a, what reads it divided by a, and then one bit in one of them."""
    layers = diagonal_gauge(HIDDEN, OUTPUT, np.array([a, 1.0]))
    return layers if given == AS_IS else compress(*layers, GIVEN[given])


def shares_of(w: Floats) -> Floats:
    """Return w as shares of its sum of sizes: all that a critical radius depends on."""
    return w / dual_norm(w)


def what_moves() -> int:
    """Return what a moves: 0 nothing, 1 the uncompressed function alone, 2 the compressed one alone, 3 both."""
    moved = []
    for given in (AS_IS, "layer 1"):
        before, after = (shares_of(effective_weights(*layers_of(a, given))) for a in (1.0, 0.5))
        moved.append(not np.allclose(before, after))
    return moved[0] + 2 * moved[1]


def lossless_second() -> float:
    """Return the a at which the second layer has equal sizes."""
    return float(OUTPUT[0] / OUTPUT[1])


def say(number: float) -> str:
    """Return a number to three digits, as it stands in a sentence."""
    return f"{round(number, 3) + 0.0:.3g}".replace("-", "−")


def weights_as_texts(W1: Floats, w2: Floats) -> tuple[Mark, ...]:
    """Return the weights as texts on the edges of the network, each a third of the way from the unit that reads it."""
    up = np.array([0.75, 0.25])
    first = [
        Text(0.68, float(up[d] + 0.68 * (up[h] - up[d])), say(W1[h, d]), color="ink") for h in (0, 1) for d in (0, 1)
    ]
    second = [Text(1.45, float(up[h] + 0.45 * (0.5 - up[h])), say(w2[h]), color="ink") for h in (0, 1)]
    return (*first, *second)
