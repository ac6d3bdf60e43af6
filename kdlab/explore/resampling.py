"""What the widgets of interplay/uncertainty draw and count: resamples one by one, intervals one by one, two toy models.

All of it is a function of its settings: what is drawn hangs on the number of the step alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kdlab.core.uncertainty import Fidelity, Interval, bootstrap_interval, difference_interval, fidelity

Numbers = NDArray[np.float64]
Rows = NDArray[np.intp]

LEVEL = 0.95
SHARED = 1000  # resamples of the two toys, drawn once

# --- resamples one by one -------------------------------------------------------------------------------------------

SMALL, MIDDLE = [0.05] * 17, [0.6, 3.0]


class Heap(NamedTuple):
    """The rows of the last resample, none at first, and the means of all so far."""

    rows: Rows
    means: tuple[float, ...] = ()


def draw(rng: np.random.Generator, n: int, size: int | tuple[int, int]) -> Rows:
    """Draw rows out of n, the same on every machine, as the indices of this one: in the page they have 32 bits."""
    return rng.integers(n, size=size, dtype=np.int64).astype(np.intp)


def losses_of(largest: float) -> Numbers:
    """Return the twenty losses, the last of which can be set."""
    return np.array([*SMALL, *MIDDLE, largest])


def heap_start(settings: Mapping[str, Any]) -> Heap:
    """Return the heap before the first resample."""
    return Heap(np.array([], np.intp))


def heap_step(state: Heap, settings: Mapping[str, Any], kind: str) -> Heap:
    """Draw as many rows as there are, with replacement, and add their mean."""
    losses = losses_of(settings["largest"])
    rng = np.random.default_rng([settings["seed"], len(state.means)])
    rows = draw(rng, losses.size, losses.size)
    return Heap(rows, (*state.means, float(losses[rows].mean())))


def heap_after(steps: int, settings: Mapping[str, Any]) -> Heap:
    """Return the heap after so many resamples."""
    state = heap_start(settings)
    for _ in range(steps):
        state = heap_step(state, settings, "Step")
    return state


# --- intervals one by one -------------------------------------------------------------------------------------------

RESAMPLES = 200  # of each interval


def stack_start(settings: Mapping[str, Any]) -> tuple[Interval, ...]:
    """Return no interval."""
    return ()


def stack_step(state: tuple[Interval, ...], settings: Mapping[str, Any], kind: str) -> tuple[Interval, ...]:
    """Draw a new test set, whose losses have the mean 1, and add its interval."""
    n, skew = settings["n"], settings["skew"]
    rng = np.random.default_rng([n, len(state)])
    losses = np.exp(skew * rng.standard_normal(n) - skew**2 / 2)
    drawn = draw(rng, n, (RESAMPLES, n))
    return (*state, bootstrap_interval(losses, [drawn], LEVEL, settings["method"]))


def stack_after(steps: int, settings: Mapping[str, Any]) -> tuple[Interval, ...]:
    """Return the intervals of so many test sets."""
    state = stack_start(settings)
    for _ in range(steps):
        state = stack_step(state, settings, "Step")
    return state


# --- two models, the same rows --------------------------------------------------------------------------------------

ROWS = 60


@lru_cache(maxsize=1)
def _pair_of_scores() -> tuple[Numbers, Numbers, Rows, Rows]:
    rng = np.random.default_rng(0)
    z, e = rng.standard_normal(ROWS), rng.standard_normal(ROWS)
    same, other = (draw(rng, ROWS, (SHARED, ROWS)) for _ in range(2))
    return z, e, same, other


def two_models(alike: float, shift: float) -> tuple[Numbers, Numbers]:
    """Return the losses of a student and a teacher on sixty rows, whose logarithms correlate by `alike`."""
    z, e, *_ = _pair_of_scores()
    return np.exp(alike * z + np.sqrt(1 - alike**2) * e - 2 + shift), np.exp(z - 2)


def judged(student: Numbers, teacher: Numbers) -> tuple[Fidelity, Interval]:
    """Return the intervals of both and of their paired difference, and that of rows drawn for each model apart."""
    *_, same, other = _pair_of_scores()
    apart = difference_interval(student, teacher, [same], LEVEL, teacher_blocks=[other])
    return fidelity(student, teacher, [same], LEVEL), apart


# --- a teacher that is too sure, and who passes for its student -----------------------------------------------------

CASES = 300
COIN, DEALT, SOFTER = STUDENTS = ("says 1/2 of everything", "is as sure, in other rows", "is a tenth softer")


class Pair(NamedTuple):
    """The probabilities of class 1 by a teacher and a student, whether it is class 1, and what intervals say."""

    teacher: Numbers
    student: Numbers
    label: NDArray[np.bool_]
    found: Fidelity
    agreement: float
    kl: float


@lru_cache(maxsize=256)
def pair_of(student: str, sure: float) -> Pair:
    """Return a teacher whose logits are `sure` times those that would be honest, and a student of it."""
    rng = np.random.default_rng(0)
    logit, chance = 2 * rng.standard_normal(CASES), rng.random(CASES)
    drawn = draw(rng, CASES, (SHARED, CASES))
    label = chance < _sigmoid(logit)
    sign = np.where(label, 1.0, -1.0)
    of_teacher = sure * logit
    of_student = {
        COIN: np.zeros(CASES),
        # what the label of a row gets, the label of the next one gets
        DEALT: sign * np.roll(sign * of_teacher, 1),
        SOFTER: 0.9 * of_teacher,
    }[student]
    found = fidelity(*(np.logaddexp(0, -sign * logits) for logits in (of_student, of_teacher)), [drawn], LEVEL)
    p, q = _sigmoid(of_teacher), _sigmoid(of_student)
    log_ratio = np.logaddexp(0, -of_student) - np.logaddexp(0, -of_teacher)  # of class 1; of class 0 the rest is more
    kl = p * log_ratio + (1 - p) * (log_ratio + of_student - of_teacher)
    return Pair(p, q, label, found, float(((p > 0.5) == (q > 0.5)).mean()), float(kl.mean()))


def _sigmoid(logit: Numbers) -> Numbers:
    return np.exp(-np.logaddexp(0, -logit))
