"""Three students of one start learn side by side: from labels, from labels and features, and with the two in balance.

Points of a pinwheel, and a teacher whose hidden units are the features. Teacher and students are tanh networks of one
shape; all points are seen in every step. It is a toy: what was measured stands in results/hybrid_objective.json.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kdlab.core.distillation_loss import cross_entropy_dz
from kdlab.core.hybrid_objective import feature_loss_df, gradient_balance
from kdlab.core.training import Layers, Moments, adam_step, forward, gradients, no_moments, stacked
from kdlab.explore.clouds import Classroom, Cloud, classroom

WIDTHS = (2, 12, 3)
RATE, STEPS = 0.03, 400
LABELS, CONSTANT, BALANCED = range(3)


@dataclass(frozen=True, eq=False)
class State:
    """Three students between two steps, and what they learn from.

    `students` is a stack of three networks; `features` (N, 12) are what they are told of the teacher. A row of `curve`
    has |g_CE|, |g_F| and alpha of the balanced student at each step that was made.
    """

    room: Classroom
    teacher: Layers
    cloud: Cloud
    features: NDArray[np.float64]
    students: Layers
    moments: Moments
    step: int
    curve: NDArray[np.float64]

    def accuracy(self, networks: Layers) -> NDArray[np.float64]:
        """Return the share of test points that networks name rightly."""
        said = forward(self.room.test.points, networks)[-1].argmax(axis=-1)
        return (said == self.room.test.classes).mean(axis=-1)


@lru_cache(maxsize=4)
def taught(seed: int) -> tuple[Classroom, Layers]:
    """Return the classroom of a seed and its teacher, after 400 steps on all 600 labels."""
    room = classroom(seed, wrong=0.0, teacher=WIDTHS, student=WIDTHS)
    network, moments = room.teacher, no_moments(room.teacher)
    points, y = room.train.points, room.train.labels
    for t in range(1, STEPS + 1):
        a = forward(points, network)
        gradient = gradients(a, network, cross_entropy_dz(a[-1], y) / len(y))
        network, moments = adam_step(network, gradient, moments, t, RATE)
    return room, network


def start(*, seed: int = 0, points: int = 30, other_rows: bool = False) -> State:
    """Return the students before their first step; with `other_rows` they are told the features of other points."""
    room, teacher = taught(seed)
    cloud = Cloud(*(column[:points] for column in room.train))
    features = forward(cloud.points, teacher)[1]
    if other_rows:
        features = features[np.random.default_rng(seed + 1000).permutation(points)]
    students = stacked([room.student] * 3)
    return State(room, teacher, cloud, features, students, no_moments(students), 0, np.zeros((0, 3)))


def step(state: State, *, alpha: float = 0.5) -> State:
    """Return the state after one more step of Adam by all three, each on the gradient of its own loss."""
    x, y = state.cloud.points, state.cloud.labels
    _, f_S, z = forward(x, state.students)
    by_logits = cross_entropy_dz(z, np.broadcast_to(y, z.shape[:-1])) / len(y)
    g_CE = by_logits @ state.students[1][0].swapaxes(-1, -2)
    g_F = feature_loss_df(f_S, state.features) / len(y)
    a, b, balanced, *_ = gradient_balance(g_CE[BALANCED], g_F[BALANCED])
    alphas = np.reshape([0.0, alpha, balanced], (3, 1, 1))
    by_features = (1 - alphas) * g_CE + alphas * g_F
    below = gradients([x, f_S], state.students[:1], by_features * (1 - f_S * f_S))
    above = gradients([f_S, z], state.students[1:], (1 - alphas) * by_logits)
    t = state.step + 1
    students, moments = adam_step(state.students, below + above, state.moments, t, RATE)
    curve = np.vstack([state.curve, [a, b, balanced]])
    return replace(state, students=students, moments=moments, step=t, curve=curve)
