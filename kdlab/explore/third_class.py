"""Three clouds in the plane, of which a linear student sees two: what its teacher's soft targets tell it of the third.

The teacher is perfect: its logits are the logarithms of how likely each class is at a place, up to one number a place.
It is a toy: what students of trained teachers do stands in results/vision.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.temperature import softmax

Floats = NDArray[np.float64]

SOFT, LABELS = LESSONS = ("soft targets", "labels")
CENTRES = np.array([[-2.0, 0.0], [2.0, 0.0], [0.0, 3.0]])
DEVIATION, SEEN, NEW = 0.7, 30, 500  # points of A and of B to learn from, and of C to be asked about
RATE, STEPS = 0.5, 2000
EDGE, CELLS = 5.0, 60
HIDDEN = 2
MIDDLES = EDGE * ((2 * np.arange(CELLS) + 1) / CELLS - 1)
PLANE = np.stack(np.meshgrid(MIDDLES, MIDDLES[::-1]), axis=-1).reshape(-1, 2)  # the first row on top


@lru_cache(maxsize=1)
def learned() -> tuple[Floats, NDArray[np.int64]]:
    """Return the points (60, 2) to learn from, and their classes: A, then B."""
    y = np.repeat([0, 1], SEEN)
    return CENTRES[y] + DEVIATION * np.random.default_rng(0).normal(size=(2 * SEEN, 2)), y


@lru_cache(maxsize=1)
def asked() -> Floats:
    """Return new points (500, 2), all of C."""
    return CENTRES[HIDDEN] + DEVIATION * np.random.default_rng(1).normal(size=(NEW, 2))


def teacher_logits(points: Floats) -> Floats:
    """Return the logits (N, 3) of the perfect teacher: v_c = -|x - m_c|^2 / (2 sigma^2)."""
    apart = points[:, np.newaxis] - CENTRES
    return -(apart**2).sum(axis=-1) / (2 * DEVIATION**2)


@dataclass(frozen=True, eq=False)
class State:
    """A linear student between two steps: weights (2, 3) and biases (3,)."""

    W: Floats
    b: Floats
    step: int = 0

    def logits(self, points: Floats) -> Floats:
        """Return its logits (N, 3)."""
        return points @ self.W + self.b


def start(settings: Mapping[str, Any]) -> State:
    """Return a student that gives each class a third everywhere."""
    return State(np.zeros((2, 3)), np.zeros(3))


def step(state: State, settings: Mapping[str, Any], kind: str = "") -> State:
    """Return the state after one more step of gradient descent on all points, on T^2 KL."""
    x, y = learned()
    T = 1.0 if settings["lesson"] == LABELS else settings["temperature"]
    p = np.eye(3)[y] if settings["lesson"] == LABELS else softmax(teacher_logits(x), T)
    g = T * (softmax(state.logits(x), T) - p) / len(x)
    return replace(state, W=state.W - RATE * x.T @ g, b=state.b - RATE * g.sum(axis=0), step=state.step + 1)


def named(state: State, added: float) -> tuple[float, float]:
    """Return the share of new points of C, and of points of A and B, that are called C with this added to its logit."""
    by = added * (np.arange(3) == HIDDEN)
    return tuple(float(np.mean((state.logits(x) + by).argmax(axis=-1) == HIDDEN)) for x in (asked(), learned()[0]))


@lru_cache(maxsize=16)
def recall_after(lesson: str, temperature: float, steps: int) -> float:
    """Return the share of new points of C that a student calls C after so many steps, in per cent."""
    settings = {"lesson": lesson, "temperature": temperature}
    state = start(settings)
    while state.step < steps:
        state = step(state, settings)
    return 100 * named(state, 0.0)[0]
