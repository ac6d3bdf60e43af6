"""Two students of points in the plane learn side by side, one from labels, one from a teacher: step by step.

Teacher and students are tanh networks. All is drawn from one seed, as `kdlab.explore.clouds.classroom` says, and all
points are seen in every step. It is a toy: its sizes were chosen so that what is to be seen is seen. What it shows on
twenty seeds, trained by PyTorch, stands in results/classroom.json.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from kdlab.core.distillation_loss import cross_entropy_dz, distillation_loss_dz
from kdlab.core.temperature import log_softmax
from kdlab.core.training import Layers, Moments, adam_step, forward, gradients, no_moments, stacked
from kdlab.explore.clouds import Classroom, Cloud, classroom

SMOOTH, RAGGED, STUDENT = (2, 24, 3), (2, 24, 24, 3), (2, 12, 3)
TEACHER_RATE, TEACHER_STEPS = 0.02, 300
RATE, STEPS = 0.03, 400
EVERY = 5  # steps between two points of a curve


def logits_of(points: NDArray[np.float64], network: Layers) -> NDArray[np.float64]:
    """Return the logits (..., N, 3) of a network, or of each of a stack."""
    return forward(points, network)[-1]


@dataclass(frozen=True, eq=False)
class Teacher:
    """A trained teacher in its classroom, and what it says there."""

    room: Classroom
    network: Layers

    @cached_property
    def log_p(self) -> NDArray[np.float64]:
        """The logarithms of its probabilities on the test points."""
        return log_softmax(logits_of(self.room.test.points, self.network), 1)

    @cached_property
    def accuracy(self) -> float:
        """The share of test points that it names rightly."""
        return float(np.mean(self.log_p.argmax(axis=-1) == self.room.test.classes))


@dataclass(frozen=True, eq=False)
class State:
    """Two students between two steps, and what they learn from.

    `students` is a stack of two networks, that of labels first; `logits` are the teacher's on `cloud`. A row of `curve`
    has the step, KL to the teacher of both students, and the accuracy of both.
    """

    teacher: Teacher
    cloud: Cloud
    logits: NDArray[np.float64]
    students: Layers
    moments: Moments
    step: int
    curve: NDArray[np.float64]

    @cached_property
    def measures(self) -> NDArray[np.float64]:
        """The row of the curve at this step."""
        test = self.teacher.room.test
        log_p, log_q = self.teacher.log_p, log_softmax(logits_of(test.points, self.students), 1)
        kl = (np.exp(log_p) * (log_p - log_q)).sum(axis=-1).mean(axis=-1)
        return np.array([self.step, *kl, *(log_q.argmax(axis=-1) == test.classes).mean(axis=-1)])


@lru_cache(maxsize=8)
def taught(seed: int, wrong: float, widths: tuple[int, ...], labels: int) -> Teacher:
    """Return the teacher of a seed after 300 steps on the labels of its first points."""
    room = classroom(seed, wrong=wrong, teacher=widths, student=STUDENT)
    network, moments = room.teacher, no_moments(room.teacher)
    points, y = room.train.points[:labels], room.train.labels[:labels]
    for t in range(1, TEACHER_STEPS + 1):
        a = forward(points, network)
        gradient = gradients(a, network, cross_entropy_dz(a[-1], y) / labels)
        network, moments = adam_step(network, gradient, moments, t, TEACHER_RATE)
    return Teacher(room, network)


def start(
    *,
    seed: int = 8,
    wrong: float = 0.15,
    points: int = 30,
    own: Cloud | None = None,
    widths: tuple[int, ...] = SMOOTH,
    teacher_labels: int = 600,
) -> State:
    """Return both students before their first step, the same network twice; they see the first points, or one's own."""
    teacher = taught(seed, wrong, widths, teacher_labels)
    cloud = own or Cloud(*(column[:points] for column in teacher.room.train))
    students = stacked([teacher.room.student, teacher.room.student])
    state = State(
        teacher, cloud, logits_of(cloud.points, teacher.network), students, no_moments(students), 0, np.zeros((0, 5))
    )
    return replace(state, curve=state.measures[np.newaxis])


def step(
    state: State,
    *,
    alpha: float = 1.0,
    temperature: float = 2.0,
    scale_by_T2: bool = True,
    first_choice: bool = False,
) -> State:
    """Return the state after one more step of Adam by both students, each on the gradient of its own loss."""
    a = forward(state.cloud.points, state.students)
    z, v, y = a[-1], state.logits, state.cloud.labels
    hard = cross_entropy_dz(z[0], y)
    if first_choice:
        soft = (1 - alpha) * cross_entropy_dz(z[1], y) + alpha * cross_entropy_dz(z[1], v.argmax(axis=-1))
    else:
        soft = distillation_loss_dz(z[1], v, y, temperature, alpha, scale_by_T2)
    gradient = gradients(a, state.students, np.stack([hard, soft]) / len(y))
    t = state.step + 1
    students, moments = adam_step(state.students, gradient, state.moments, t, RATE)
    state = replace(state, students=students, moments=moments, step=t)
    return state if t % EVERY else replace(state, curve=np.vstack([state.curve, state.measures]))
