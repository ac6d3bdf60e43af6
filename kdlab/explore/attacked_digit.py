"""A digit of the record under attack, pixel by pixel: what each weighs, says and adds, in teacher and students."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kdlab.explore.marks import Color, Heatmap
from kdlab.explore.measured import data
from kdlab.explore.rewritten_network import shares_of

Floats = NDArray[np.float64]

FIRST, SECOND = BITS = ("one bit in layer 1", "one bit in layer 2")
SIDE = 8
NETWORKS = ("teacher", *BITS)
SHADES = 12  # of a colour: enough to be seen, and few enough to be shipped
TOP_SHARE, TOP_PART = 0.04, 0.012  # the strongest colours


@lru_cache(maxsize=8)
def seen(network: str, image: int) -> tuple[Floats, Floats, Floats, float]:
    """Return the pixels of an image, the shares of the weights, what each pixel says, and the label, -1 or 1.

    A pixel says how far it lies on the label's side of the mean: negative if it speaks for the other class.
    """
    weights = data("robustness.weights").astype(np.float64)[NETWORKS.index(network)]
    pixels = data("robustness.images").astype(np.float64)[image - 1] / 16
    label = 2.0 * data("robustness.labels")[image - 1] - 1
    shares = shares_of(weights)
    return pixels, shares, label * np.sign(shares) * (pixels - data("robustness.mean")), float(label)


def radius_of(network: str, image: int) -> float:
    """Return the mean of what the pixels say, weighted by the shares: the critical radius."""
    _, shares, says, _ = seen(network, image)
    return float((np.abs(shares) * says).sum())


def with_equal_weights() -> int:
    """Return whether the radius of the third image grows (0), stays (1) or shrinks (2) if all pixels weigh alike."""
    change = radius_of(FIRST, 3) / radius_of("teacher", 3) - 1
    return 1 if abs(change) < 0.02 else 0 if change > 0 else 2


def shaded(values: Floats, high: float, colors: tuple[Color, Color]) -> Heatmap:
    """Return an image of values around 0, in two colours of a few shades."""
    steps = np.clip(np.round(SHADES * values / high), -SHADES, SHADES) * high / SHADES
    return Heatmap(steps.reshape(SIDE, SIDE), 0, 1, 0, 1, kind="two", high=high, square=True, colors=colors)
