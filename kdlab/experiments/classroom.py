"""Classroom: two students of points in the plane, one taught by labels of which some are wrong, one by a teacher.

What the widget of the same name lets one watch, on all its seeds. Points, wrong labels and first weights are drawn as
there (`kdlab.explore.clouds`): a pinwheel of three arms, 600 points to learn, 1,000 to be tested on. Networks have tanh
between their layers and see all their points in every step. The teacher is 2-24-3, 300 steps of Adam with step size
.02; students are 2-12-3, 400 steps with .03, all of a seed with the same first weights.

It is a toy, and its sizes were chosen so that what is to be seen is seen: few points, some labels wrong, a student that
can bend round each of them. So whether soft targets help is not its question; the other experiments ask that, on data
that nobody made for it. Its question is what the toy shows reliably, and by what.

It is trained here by PyTorch, as all that leaves a record; the widget's own NumPy must come to the same digits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.core.training import Layers as Arrays
from kdlab.core.training import stacked
from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Split
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.networks import Layers, logits_of
from kdlab.explore.clouds import Classroom, classroom

POINTS = 600
WRONG = 0.15
STUDENT = (2, 12, 3)
SMOOTH, RAGGED = (2, 24, 3), (2, 24, 24, 3)
TEACHER_STEPS, STEPS, EARLY, RESCUED = 300, 400, 10, 200
TEACHER_ADAM, ADAM = partial(torch.optim.Adam, lr=0.02), partial(torch.optim.Adam, lr=0.03)
TEMPERATURE = 2.0

Lessons = Literal["labels", "soft targets", "first choice", "labels, then soft targets"]


@dataclass(frozen=True)
class Master:
    """One way to train a teacher."""

    widths: tuple[int, ...] = SMOOTH
    labels: int = POINTS
    steps: int = TEACHER_STEPS
    wrong: float = WRONG


@dataclass(frozen=True)
class Arm:
    """One way to train a student."""

    lesson: Lessons
    points: int = 30
    teacher: str = "teacher"
    alpha: float = 1.0
    temperature: float = TEMPERATURE
    scale_by_T2: bool = True
    steps: int = STEPS


TEACHERS = {
    "teacher": Master(),
    "teacher_30": Master(labels=30),
    "teacher_30_early": Master(labels=30, steps=150),
    "teacher_ragged": Master(widths=RAGGED),
    "teacher_clean": Master(wrong=0.0),
}

ARMS: dict[str, Arm] = {
    **{f"hard_{points}": Arm("labels", points) for points in (30, 120, 600)},
    **{f"kd_{points}": Arm("soft targets", points) for points in (30, 120, 600)},
    "choice_30": Arm("first choice"),
    **{f"kd_30_T{T:g}": Arm("soft targets", temperature=T) for T in (0.5, 1.0, 8.0)},
    "kd_30_T8_without_T2": Arm("soft targets", temperature=8.0, scale_by_T2=False),
    "mixed_30_T8": Arm("soft targets", alpha=0.5, temperature=8.0),
    "mixed_30_T8_without_T2": Arm("soft targets", alpha=0.5, temperature=8.0, scale_by_T2=False),
    "hard_30_early": Arm("labels", steps=EARLY),
    "kd_30_early": Arm("soft targets", steps=EARLY),
    "rescued_30": Arm("labels, then soft targets"),
    "same_30_hard": Arm("labels", teacher="teacher_30"),
    "same_30_kd": Arm("soft targets", teacher="teacher_30"),
    "same_30_early_kd": Arm("soft targets", teacher="teacher_30_early"),
    "ragged_30_hard": Arm("labels", teacher="teacher_ragged"),
    "ragged_30_kd": Arm("soft targets", teacher="teacher_ragged"),
    "clean_30_hard": Arm("labels", teacher="teacher_clean"),
    "clean_30_kd": Arm("soft targets", teacher="teacher_clean"),
    "clean_30_choice": Arm("first choice", teacher="teacher_clean"),
    "clean_600_hard": Arm("labels", 600, teacher="teacher_clean"),
    "clean_600_kd": Arm("soft targets", 600, teacher="teacher_clean"),
}


def run(lab: Lab) -> None:
    """Train teachers and students, and measure them on the test points.

    Students have "accuracy" and "agreement" in [0, 1], and "kl" to their own teacher at T = 1 in nats; teachers have
    accuracy alone.
    """
    for wrong in (WRONG, 0.0):  # one after the other: the same points have other labels
        split = lab.split(partial(pinwheel_split, wrong=wrong))
        for name, master in TEACHERS.items():
            if master.wrong == wrong:
                rooms = [classroom_of(seed, master) for seed in lab.seeds]
                teacher = taught_teacher(lab, name, master, split, rooms)
                lab.note(name, lab.graded(teacher, split))
                teach(lab, name, split, teacher, in_torch([room.student for room in rooms]))


def classroom_of(seed: int, master: Master) -> Classroom:
    """Draw the points and first weights of a seed."""
    return classroom(seed, wrong=master.wrong, teacher=master.widths, student=STUDENT, train=POINTS)


def pinwheel_split(seed: int, wrong: float) -> Split:
    """Return the points of a seed, with their labels; none is shown."""
    train, test, *_ = classroom_of(seed, Master(wrong=wrong))
    none = np.zeros((0, 2)), np.zeros(0, np.int64), np.zeros(0, np.int64)
    return Split(
        train.points, train.labels, np.arange(POINTS), test.points, test.classes, np.arange(len(test.points)), *none
    )


def in_torch(networks: Sequence[Arrays]) -> Layers:
    """Return networks as one stack of tensors."""
    return [(torch.from_numpy(W), torch.from_numpy(b)) for W, b in stacked(networks)]


def tanh_forward(parameters: Layers, inputs: Tensor) -> Tensor:
    """Return the logits (S, N, C) of S networks on their own inputs (S, N, D); tanh between layers."""
    hidden = inputs
    for weight, bias in parameters[:-1]:
        hidden = torch.tanh(torch.baddbmm(bias, hidden, weight))
    weight, bias = parameters[-1]
    return torch.baddbmm(bias, hidden, weight)


def first(split: Split, points: int) -> Split:
    """Keep the first training points of each seed: the classes come in turn."""
    return split.keep(np.tile(np.arange(points), (len(split.train_labels), 1)))


def taught_teacher(lab: Lab, name: str, master: Master, split: Split, rooms: Sequence[Classroom]) -> Teacher:
    """Train the teachers of all seeds on labels."""
    networks = lab.students(
        {name: Lesson(first(split, master.labels).train, partial(distillation_loss, alpha=0.0))},
        in_torch([room.teacher for room in rooms]),
        TEACHER_ADAM,
        steps=master.steps,
        batch_size=master.labels,
        forward=tanh_forward,
    )[name]
    return lab.teacher(split, lambda inputs: logits_of(networks.parameters, inputs, tanh_forward), networks)


def teach(lab: Lab, master: str, split: Split, teacher: Teacher, start: Layers) -> None:
    """Train the students of a teacher, those of as many points and steps side by side, and measure them."""
    arms = {name: arm for name, arm in ARMS.items() if arm.teacher == master}
    for points, steps in dict.fromkeys((arm.points, arm.steps) for arm in arms.values()):
        few = first(split, points)
        lessons = {
            name: lesson_of(arm, few, teacher.on(few))
            for name, arm in arms.items()
            if (arm.points, arm.steps) == (points, steps)
        }
        students = lab.students(
            lessons,
            [(W.repeat(len(lessons), 1, 1), b.repeat(len(lessons), 1, 1)) for W, b in start],
            ADAM,
            steps=steps,
            batch_size=points,
            forward=tanh_forward,
        )
        for name, networks in students.items():
            logits = logits_of(networks.parameters, split.test_inputs, tanh_forward)
            lab.exam(name, logits, teacher.test_logits, split)


def lesson_of(arm: Arm, few: Split, teacher_logits: NDArray[np.float64]) -> Lesson:
    """Return what the students of an arm learn."""
    hard = partial(distillation_loss, alpha=0.0)
    if arm.lesson == "labels":
        return Lesson(few.train, hard)
    if arm.lesson == "first choice":
        return Lesson(few.train, hard, labels=teacher_logits.argmax(axis=-1))
    soft = partial(distillation_loss, temperature=arm.temperature, alpha=arm.alpha, scale_by_T2=arm.scale_by_T2)
    if arm.lesson == "soft targets":
        return Lesson(few.train, soft, teacher_logits)
    return Lesson(few.train, after(RESCUED, hard, soft), teacher_logits, moving=True)


def after(steps: int, before: Callable[..., Tensor], then: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a loss that is one for so many steps, and another from then on."""
    step = count()
    return lambda *batch: (before if next(step) < steps else then)(*batch)


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the settings of the arms and of their teachers, by name.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.
    """
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "teachers": {name: asdict(master) for name, master in TEACHERS.items()},
    }


ON_30 = "30 points, 15 % of the labels wrong"
RIGHT = "right labels"
WORDS = {
    "teacher": "the teacher: 600 points, 15 % of the labels wrong",
    "teacher_30": f"a teacher of {ON_30}",
    "teacher_30_early": f"a teacher of {ON_30}, stopped after 150 steps",
    "teacher_ragged": "a ragged teacher, one layer more, of 600 points",
    "teacher_clean": f"a teacher of 600 points with {RIGHT}",
    **{f"hard_{n}": f"labels, {n} points, 15 % of them wrong" for n in (30, 120, 600)},
    **{f"kd_{n}": f"soft targets, {n} points, T = 2" for n in (30, 120, 600)},
    "choice_30": "the teacher's first choice, 30 points",
    **{f"kd_30_T{T:g}": f"soft targets, 30 points, T = {T:g}" for T in (0.5, 1.0, 8.0)},
    "kd_30_T8_without_T2": "soft targets, 30 points, T = 8, without the factor T²",
    "mixed_30_T8": "half labels, half soft targets, 30 points, T = 8",
    "mixed_30_T8_without_T2": "half labels, half soft targets, 30 points, T = 8, without the factor T²",
    "hard_30_early": f"labels, 30 points, after {EARLY} steps",
    "kd_30_early": f"soft targets, 30 points, after {EARLY} steps",
    "rescued_30": f"labels for {RESCUED} steps, then soft targets, 30 points",
    "same_30_hard": "labels, 30 points, beside the teacher of the same labels",
    "same_30_kd": "soft targets of a teacher of the same 30 labels",
    "same_30_early_kd": "soft targets of a teacher of the same 30 labels, stopped after 150 steps",
    "ragged_30_hard": "labels, 30 points, beside the ragged teacher",
    "ragged_30_kd": "soft targets of the ragged teacher, 30 points",
    "clean_30_hard": f"labels, 30 points, {RIGHT}",
    "clean_30_kd": f"soft targets, 30 points, {RIGHT}",
    "clean_30_choice": f"the teacher's first choice, 30 points, {RIGHT}",
    "clean_600_hard": f"labels, 600 points, {RIGHT}",
    "clean_600_kd": f"soft targets, 600 points, {RIGHT}",
}

COMPARISONS = [
    ("kd_30", "hard_30"),
    ("kd_120", "hard_120"),
    ("kd_600", "hard_600"),
    ("same_30_kd", "same_30_hard"),
    ("same_30_early_kd", "same_30_hard"),
    ("clean_30_kd", "clean_30_hard"),
    ("clean_600_kd", "clean_600_hard"),
    ("mixed_30_T8", "hard_30"),
    ("mixed_30_T8_without_T2", "hard_30"),
    ("kd_30_T8", "hard_30"),
    ("kd_30_T8_without_T2", "hard_30"),
    ("kd_30_T8_without_T2", "kd_30_T8"),
    ("ragged_30_kd", "ragged_30_hard"),
    ("rescued_30", "hard_30"),
    *((f"kd_30_T{T}", "kd_30") for T in ("0.5", "1", "8")),
    ("kd_30_early", "hard_30_early"),
    ("hard_30_early", "hard_30"),
    ("choice_30", "hard_30"),
    ("kd_30", "choice_30"),
    ("clean_30_choice", "clean_30_hard"),
    ("clean_30_kd", "clean_30_choice"),
]

EXPERIMENT = Experiment(
    question=(
        "On thirty points in the plane, some of them mislabelled, by how much does a student of soft targets come "
        "nearer to the truth and to its teacher than one of labels, and how much of that is left with more points, "
        "with right labels, with another teacher, with its first choice alone, or if one stops early?"
    ),
    words=WORDS,
    controls={
        "kd_600 - hard_600": "would have been as large a gain if soft targets helped whatever the points",
        "same_30_kd - same_30_hard": "would have been as large a gain if any teacher did, whatever it has seen",
        "choice_30": "would have done as well as soft targets if mended labels were all that they give",
        "hard_30_early": "would have done no better than after 400 steps if the labels' student did not overfit",
        "kd_30_T8_without_T2 - kd_30_T8": "would have been a loss if the factor T² mattered to Adam at alpha = 1",
    },
    units={"accuracy": "%", "agreement": "%", "kl": "nats"},
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
)
