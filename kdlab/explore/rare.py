"""A student of a common and a rare class in the plane learns step by step: from labels or a teacher, weighted or not.

The teacher is perfect: its logits are the logarithms of how likely each class is at a place, with the shares that the
classes have among the points to learn. A curved student has its form, so it can copy it; a straight one cannot. It is a
toy: what students of trained teachers do stands in results/imbalance.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.imbalance import balanced_weights
from kdlab.core.temperature import softmax
from kdlab.core.training import Layers, Moments, adam_step, forward, gradients, no_moments
from kdlab.explore.clouds import Cloud, blobs

LABELS, TEACHER = TOLD = ("labels", "teacher")
NOWHERE, ON_SAMPLES, INSIDE = PLACES = ("none", "on samples", "inside the sum")
CURVED, STRAIGHT = STUDENTS = ("curved", "straight")
COUNTS = np.array([200, 10])
CENTRES, DEVIATIONS = np.array([[0.0, 0.0], [1.6, 1.6]]), np.array([1.0, 0.8])
CLASS_WEIGHTS = balanced_weights(COUNTS)
RATE, STEPS, EVERY = 0.05, 400, 10  # EVERY: steps between two points of the curve
NEW = 1000  # points of each class that the student is asked about


def teacher_logits(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return v_c = log n_c - |x - m_c|^2 / (2 s_c^2) - 2 log s_c, shape (N, 2)."""
    apart2 = ((points[:, np.newaxis] - CENTRES) ** 2).sum(axis=-1)
    return np.log(COUNTS) - apart2 / (2 * DEVIATIONS**2) - 2 * np.log(DEVIATIONS)


@lru_cache(maxsize=1)
def learned() -> Cloud:
    """Return the points to learn: the common ones, then the rare ones."""
    return blobs(CENTRES, DEVIATIONS, COUNTS.tolist(), np.random.default_rng(0))


@lru_cache(maxsize=1)
def asked() -> Cloud:
    """Return new points, as many of each class."""
    return blobs(CENTRES, DEVIATIONS, [NEW, NEW], np.random.default_rng(99))


def features(points: NDArray[np.float64], student: str) -> NDArray[np.float64]:
    """Return what a student computes its logits from: the coordinates, and if it is curved their products too."""
    if student == STRAIGHT:
        return points
    return np.column_stack([points, points**2, points.prod(axis=1)])


@dataclass(frozen=True, eq=False)
class State:
    """A student between two steps, and how much it has found: rows of (step, common, rare), shares of new points."""

    student: Layers
    moments: Moments
    step: int
    curve: NDArray[np.float64]


def logits_of(points: NDArray[np.float64], student: Layers, form: str) -> NDArray[np.float64]:
    """Return the student's logits (N, 2)."""
    return forward(features(points, form), student)[-1]


def found(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return which share of the new points of each class these logits name rightly."""
    return (logits.argmax(axis=-1) == asked().classes).reshape(2, NEW).mean(axis=1)


def start(settings: Mapping[str, Any]) -> State:
    """Return a student that gives both classes one half everywhere."""
    form = settings["student"]
    student = [(np.zeros((features(CENTRES, form).shape[1], 2)), np.zeros((1, 2)))]
    return _measured(State(student, no_moments(student), 0, np.zeros((0, 3))), form)


def step(state: State, settings: Mapping[str, Any]) -> State:
    """Return the state after one more step of Adam on all points."""
    points = np.concatenate([learned().points[: COUNTS[0]], settings["rare"]])
    y, form = learned().labels, settings["student"]
    T = 1.0 if settings["told"] == LABELS else settings["temperature"]
    p = np.eye(2)[y] if settings["told"] == LABELS else softmax(teacher_logits(points), T)
    a = forward(features(points, form), state.student)
    g = loss_dz(softmax(a[-1], T), p, y, settings["weights"]) * T
    gradient = gradients(a, state.student, g / len(y))
    student, moments = adam_step(state.student, gradient, state.moments, state.step + 1, RATE)
    state = replace(state, student=student, moments=moments, step=state.step + 1)
    return state if state.step % EVERY else _measured(state, form)


def loss_dz(q: NDArray[np.float64], p: NDArray[np.float64], y: NDArray[np.int64], weights: str) -> NDArray[np.float64]:
    """Return T times the gradient of each row's loss by the student's logits: of sum_c w_c p_c log(p_c/q_c) inside."""
    if weights == INSIDE:
        wp = CLASS_WEIGHTS * p
        return q * wp.sum(axis=-1, keepdims=True) - wp
    return (CLASS_WEIGHTS[y][:, np.newaxis] if weights == ON_SAMPLES else 1.0) * (q - p)


def _measured(state: State, form: str) -> State:
    row = np.array([state.step, *found(logits_of(asked().points, state.student, form))])
    return replace(state, curve=np.vstack([state.curve, row]))


@lru_cache(maxsize=16)
def at_the_end(told: str, weights: str, temperature: float, student: str) -> tuple[float, float]:
    """Return the shares of common and of rare new points that a student finds after its last step, in per cent."""
    settings = {"told": told, "weights": weights, "temperature": temperature, "student": student}
    settings["rare"] = learned().points[COUNTS[0] :]
    state = start(settings)
    while state.step < STEPS:
        state = step(state, settings)
    return tuple((100 * state.curve[-1, 1:]).tolist())
