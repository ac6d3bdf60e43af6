"""Five students of two weights learn from one teacher, one in batches of 64, four in small ones: step by step.

The teacher reads three inputs, the students two of them, so no student can become its teacher. The four draw the same
rows. It is a toy: its sizes were chosen so that what is to be seen is seen. What students of digits do stands in
results/gradient_noise.json.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kdlab.core.gradient_noise import logit_gradients, scaled_learning_rate, scaled_temperature

BASE, FIXED, RULE, SHORTER, RULE_T2 = WAYS = "64 rows", "few rows", "rule", "shorter step", "rule with T²"
BASE_BATCH, BASE_TEMPERATURE = 64, 4.0
ROWS, STEPS, SEEDS = 300, 200, 20
TEACHER, FIRST = np.array([2.0, 2.0, 1.0]), np.array([-4.0, -1.0])  # weights; no student sees the third input
EVERY = 10  # steps between two points of a curve, which is their mean


class Way(NamedTuple):
    """How a student takes its steps."""

    batch: int
    temperature: float
    step_size: float
    scale_by_T2: bool = False


def ways(step_size: float, batch: int) -> dict[str, Way]:
    """Return what becomes of the first student's way when the batch gets smaller, four times."""
    T0, B0 = BASE_TEMPERATURE, BASE_BATCH
    T = scaled_temperature(T0, B0, batch)
    return {
        BASE: Way(B0, T0, step_size),
        FIXED: Way(batch, T0, step_size),
        RULE: Way(batch, T, step_size),
        SHORTER: Way(batch, T0, scaled_learning_rate(step_size, B0, batch)),
        # the factor makes the loss T0² times larger, so the step is so much smaller: at T0 both are the same
        RULE_T2: Way(batch, T, step_size / T0**2, scale_by_T2=True),
    }


@dataclass(frozen=True, eq=False)
class State:
    """Five students between two steps.

    `places` holds their weights at each step so far (..., 5, 2); `right`, at each step that was made, the share of all
    possible rows that each gives the teacher's class (..., 5).
    """

    inputs: NDArray[np.float64]
    teacher_logits: NDArray[np.float64]
    rows: tuple[NDArray[np.intp], NDArray[np.intp]]  # of each step: those of the large batch, those of the small one
    ways: tuple[Way, ...]
    places: NDArray[np.float64]
    right: NDArray[np.float64]

    @property
    def step(self) -> int:
        """The number of steps made."""
        return len(self.right)

    def apart(self, one: str, other: str) -> float:
        """Return the mean distance of two students over the steps so far."""
        a, b = (self.places[:, WAYS.index(name)] for name in (one, other))
        return float(np.linalg.norm(a - b, axis=-1).mean())


def start(step_size: float, batch: int, seed: int) -> State:
    """Return five students at one place. One generator gives the inputs, the large batches, then the small ones."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(size=(ROWS, 3))
    rows = tuple(rng.integers(0, ROWS, (STEPS, size)) for size in (BASE_BATCH, batch))
    taken = tuple(ways(step_size, batch).values())
    places = np.tile(FIRST, (1, len(WAYS), 1))
    return State(inputs[:, :2], two_classes(inputs @ TEACHER), rows, taken, places, np.empty((0, len(WAYS))))


def step(state: State) -> State:
    """Return the state after one more step of plain gradient descent by each student."""
    moved = state.places[-1] - np.array([[way.step_size] for way in state.ways]) * _gradients(state)
    return replace(
        state,
        places=np.concatenate([state.places, moved[np.newaxis]]),
        right=np.concatenate([state.right, agreement(moved)[np.newaxis]]),
    )


def _gradients(state: State) -> NDArray[np.float64]:
    """Return the mean gradient of each student by its two weights (5, 2), over its batch of this step."""
    large, small = (rows[state.step] for rows in state.rows)
    rows = np.concatenate([large, *[small] * (len(WAYS) - 1)])
    sizes = np.array([way.batch for way in state.ways])

    def of_rows(values: list[float]) -> NDArray[np.float64]:
        return np.repeat(values, sizes)[:, np.newaxis]

    x, T = state.inputs[rows], of_rows([way.temperature for way in state.ways])
    scores = (x * np.repeat(state.places[-1], sizes, axis=0)).sum(axis=1)
    # only quotients by T count, but for what stands before the bracket: so one call has all five
    g = logit_gradients(two_classes(scores) / T, state.teacher_logits[rows] / T, 1.0)
    g *= of_rows([way.temperature if way.scale_by_T2 else 1 / way.temperature for way in state.ways])
    return np.add.reduceat(g[:, :1] * x, np.cumsum(sizes) - sizes) / sizes[:, np.newaxis]


def two_classes(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return logits (N, 2): the score of the first class, and 0."""
    return np.column_stack([scores, np.zeros_like(scores)])


def agreement(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how often students (..., 2) and the teacher name one class: 1 - angle/pi for normal inputs."""
    cosine = weights @ TEACHER[:2] / (np.linalg.norm(weights, axis=-1) * np.linalg.norm(TEACHER))
    return 1 - np.arccos(np.clip(cosine, -1, 1)) / np.pi


@lru_cache(maxsize=64)
def finished(step_size: float, batch: int, seed: int) -> State:
    """Return the state after all steps."""
    state = start(step_size, batch, seed)
    while state.step < STEPS:
        state = step(state)
    return state


def ends(step_size: float, batch: int, seed: int) -> dict[str, float]:
    """Return in how many of a hundred rows each student gives the teacher's class, a mean of its last 50 steps."""
    return dict(zip(WAYS, (100 * finished(step_size, batch, seed).right[-50:].mean(axis=0)).tolist(), strict=True))
