"""A student of eight classes in a ring, one of which may be hidden from it, learns step by step what a teacher says.

The teacher is perfect: its logits are the logarithms of how likely each class is at a place. It is a toy: what students
of trained teachers do stands in results/dark_knowledge.json and results/vision.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.dark_knowledge import incorrect_flattened, incorrect_permuted
from kdlab.core.temperature import softmax
from kdlab.core.training import Layers, Moments, adam_step, forward, gradients, initial_layers, no_moments
from kdlab.explore.clouds import RING_DEVIATION, Cloud, ring, ring_centres

CLASSES = "ABCDEFGH"
NOBODY = "none"
LABELS, TRUE, EVENED, SHUFFLED = TARGETS = ("labels", "soft targets", "evened out", "shuffled")
WIDTHS, RATE, STEPS = (2, 16, len(CLASSES)), 0.03, 400
MOST, NEW = 6, 100  # points of a class to learn, and new ones to be asked about
SEEDS = 20


def teacher_logits(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (N, 8) of the perfect teacher: v_c = -|x - m_c|^2 / (2 sigma^2)."""
    apart = points[:, np.newaxis] - ring_centres(len(CLASSES))
    return -(apart**2).sum(axis=-1) / (2 * RING_DEVIATION**2)


@dataclass(frozen=True, eq=False)
class State:
    """A student between two steps, the points it learns with what it is told of them, and the new ones it is asked of.

    `temperature` is that of student and targets; with labels it is 1. `hidden` is the class that has no point, or None.
    """

    cloud: Cloud
    targets: NDArray[np.float64]
    temperature: float
    hidden: int | None
    new: Cloud
    student: Layers
    moments: Moments
    step: int = 0

    @cached_property
    def called(self) -> NDArray[np.int64]:
        """What the student calls each of the new points."""
        return logits_of(self.new.points, self.student).argmax(axis=-1)

    @property
    def right(self) -> NDArray[np.bool_]:
        """Whether it names the new points rightly: those of the hidden class, or all if none is hidden."""
        asked = slice(None) if self.hidden is None else self.new.classes == self.hidden
        return (self.called == self.new.classes)[asked]


def logits_of(points: NDArray[np.float64], student: Layers) -> NDArray[np.float64]:
    """Return the logits (N, 8) of a student."""
    return forward(points, student)[-1]


def start(settings: Mapping[str, Any]) -> State:
    """Return a student before its first step.

    One generator gives all points to learn, six of each class, the new ones, the first weights, and the shuffles: so
    whatever is set, the points that are left are the same.
    """
    rng = np.random.default_rng(settings["seed"])
    cloud, new = ring(MOST, rng), ring(NEW, rng)
    student = initial_layers(WIDTHS, rng)
    told, T = settings["target"], 1.0 if settings["target"] == LABELS else settings["temperature"]
    targets = targets_of(told, cloud, T, rng)
    hidden = None if settings["hide"] == NOBODY else CLASSES.index(settings["hide"])
    seen = (np.arange(len(cloud.classes)) % MOST < settings["points"]) & (cloud.classes != hidden)
    seen_cloud = Cloud(*(column[seen] for column in cloud))
    return State(seen_cloud, targets[seen], T, hidden, new, student, no_moments(student))


def targets_of(told: str, cloud: Cloud, T: float, rng: np.random.Generator) -> NDArray[np.float64]:
    """Return what is told of each point (N, 8): all but labels give the right class the same probability."""
    if told == LABELS:
        return np.eye(len(CLASSES))[cloud.labels]
    p = softmax(teacher_logits(cloud.points), T)
    if told == EVENED:
        return incorrect_flattened(p, cloud.labels)
    return incorrect_permuted(p, cloud.labels, rng) if told == SHUFFLED else p


def step(state: State) -> State:
    """Return the state after one more step of Adam on T^2 KL, whose gradient by the logits is T (q - p)."""
    a = forward(state.cloud.points, state.student)
    q = softmax(a[-1], state.temperature)
    gradient = gradients(a, state.student, state.temperature * (q - state.targets) / len(q))
    student, moments = adam_step(state.student, gradient, state.moments, state.step + 1, RATE)
    return replace(state, student=student, moments=moments, step=state.step + 1)


def score(settings: Mapping[str, Any]) -> float:
    """Return the share of new points that are named rightly after 400 steps, in per cent."""
    state = start(settings)
    while state.step < STEPS:
        state = step(state)
    return 100 * float(state.right.mean())


@lru_cache(maxsize=16)
def mean_score(target: str, hide: str, points: int = 2, temperature: float = 4.0) -> float:
    """Return the mean score of all seeds under these settings."""
    settings = {"target": target, "hide": hide, "points": points, "temperature": temperature}
    return float(np.mean([score(settings | {"seed": seed}) for seed in range(SEEDS)]))
