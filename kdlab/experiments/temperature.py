"""Temperature: whether a softened teacher teaches better, how soft is soft enough, and what the factor T^2 does.

A student of one hidden layer learns 100 labelled digits, from the labels or from a teacher that has learned 1,297.
Nothing was tuned: each step size is one choice, made by hand before the first run. Adam's is .005. Plain gradient
descent's is .1, a little below 2 / E|x|^2 = .13, up to which a linear least-squares layer on these images is stable.
All arms of a seed share rows, initial weights and the order of the mini-batches.

Under plain gradient descent soft targets with the factor T^2 also make longer steps. So one arm learns the labels with
a loss that is multiplied, seed by seed, by what makes its first step as long as that of soft targets at T = 8. Adam
needs no such arm: it divides the factor out again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.core.temperature import entropy
from kdlab.evidence.intervals import Record
from kdlab.experiments.data import SHOWN, TRAIN, Split, digits
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import REPLAYED_STEPS, Lab, Lesson, Teacher, gradient_norms
from kdlab.experiments.losses import centred_logit_mse, distillation_loss
from kdlab.experiments.networks import generators, initial_parameters, logits_of
from kdlab.experiments.teachers import ensemble_logits, member_logits

TEMPERATURES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0)
SGD_TEMPERATURES = (4.0, 8.0, 16.0, 64.0)
LONG_STEP = 8.0  # temperature whose first step the labels are given
OPTIMISERS = {"adam": partial(torch.optim.Adam, lr=5e-3), "sgd": partial(torch.optim.SGD, lr=0.1)}
STEPS, BATCH_SIZE = 600, 128
FEW = 100  # labels
OF_A_KIND = 4

Loss = Callable[[Tensor, Tensor, Tensor], Tensor]  # of logits, targets and labels


@dataclass(frozen=True)
class Arm:
    """One way to train a student."""

    target: Literal["labels", "teacher", "centred logits"]
    temperature: float | None = None
    scale_by_T2: bool = True
    optimiser: Literal["adam", "sgd"] = "adam"
    width: int = 16
    labels: int = FEW
    long_step: bool = False  # the first step as long as that of soft targets

    @property
    def together(self) -> tuple[int, str, int]:
        """What arms must share to be trained side by side."""
        return self.labels, self.optimiser, self.width


ARMS: dict[str, Arm] = {
    "hard": Arm("labels"),
    **{f"kd_T{T:g}": Arm("teacher", T) for T in TEMPERATURES},
    "logit_mse": Arm("centred logits"),
    "sgd_hard": Arm("labels", optimiser="sgd"),
    "sgd_hard_step": Arm("labels", optimiser="sgd", long_step=True),
    **{f"sgd_kd_T{T:g}": Arm("teacher", T, optimiser="sgd") for T in SGD_TEMPERATURES},
    **{f"sgd_kd_T{T:g}_without_T2": Arm("teacher", T, scale_by_T2=False, optimiser="sgd") for T in SGD_TEMPERATURES},
    "w8_hard": Arm("labels", width=8),
    **{f"w8_kd_T{T:g}": Arm("teacher", T, width=8) for T in TEMPERATURES},
    "full_hard": Arm("labels", labels=TRAIN),
    "full_kd_T4": Arm("teacher", 4.0, labels=TRAIN),
}


def run(lab: Lab) -> None:
    """Train teachers and students, and measure them on the test rows.

    Students have "accuracy" and "agreement" in [0, 1], and "kl" to the teacher at T = 1 in nats; the ensemble has
    accuracy alone. "teacher" and "teacher_single", its first member, also have "shown_logits", of the 50 shown rows.
    """
    full = lab.split(digits)
    few = lab.few(full, FEW)
    teacher = lab.ensemble(full)
    note_teachers(lab, teacher, full)
    for (labels, optimiser, width), arms in groupby(ARMS.items(), key=lambda named: named[1].together):
        lessons = lessons_of(dict(arms), few if labels == FEW else full, teacher, lab.seeds)
        start = partial(initial_parameters, (64, width, 10))
        students = lab.students(lessons, start, OPTIMISERS[optimiser], steps=STEPS, batch_size=BATCH_SIZE)
        for name, networks in students.items():
            lab.exam(name, logits_of(networks.parameters, full.test_inputs), teacher.test_logits, full)


def lessons_of(arms: dict[str, Arm], split: Split, teacher: Teacher, seeds: Sequence[int]) -> dict[str, Lesson]:
    """Return what each arm's students learn."""
    targets = teacher.on(split)
    found = {}
    for name, arm in arms.items():
        if arm.target == "centred logits":
            found[name] = Lesson(split.train, lambda logits, targets, _: centred_logit_mse(logits, targets), targets)
        elif arm.target == "teacher":
            found[name] = Lesson(split.train, soft_loss(arm.temperature, arm.scale_by_T2), targets)
        else:
            found[name] = Lesson(split.train, partial(distillation_loss, alpha=0.0))
        if arm.long_step:
            soft = Lesson(split.train, soft_loss(LONG_STEP), targets)
            found[name] = found[name]._replace(loss=as_long(found[name], soft, arm.width, seeds))
    return found


def soft_loss(temperature: float | None, scale_by_T2: bool = True) -> Loss:
    """Return the loss of a student that learns from the teacher alone."""
    return partial(distillation_loss, alpha=1.0, temperature=temperature, scale_by_T2=scale_by_T2)


def as_long(
    lesson: Lesson, soft: Lesson, width: int, seeds: Sequence[int]
) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """Return the loss of a lesson, times what makes its first step as long as that of another; a batch is all rows."""
    start = initial_parameters((64, width, 10), generators(seeds, "student"))
    factor = gradient_norms(soft, start) / gradient_norms(lesson, start)
    return lambda logits, targets, labels: factor * lesson.loss(logits, targets, labels)


def note_teachers(lab: Lab, teacher: Teacher, split: Split) -> None:
    """Measure the teachers, and their first member alone, and keep their logits on the shown rows."""
    members = teacher.networks
    of_members = [member_logits(members.parameters, inputs) for inputs in (split.test_inputs, split.shown_inputs)]
    single, shown = of_members[0][:, 0], of_members[1]
    lab.note("teacher", lab.graded(teacher, split))
    lab.note("teacher", [{"shown_logits": of_seed.tolist()} for of_seed in ensemble_logits(shown)])
    lab.exam("teacher_single", single, teacher.test_logits, split)
    lab.note("teacher_single", [{"shown_logits": of_seed[0].tolist()} for of_seed in shown])
    first = members.losses.reshape(*shown.shape[:2], -1)[:, 0, :REPLAYED_STEPS]
    lab.note("teacher_single", [{"losses": losses.tolist()} for losses in first])


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the arms' settings, and eight digits with every teacher's logits.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "arms": settings by name; "rule": how the eight were chosen, "rows" of the data set, "labels", "pixels"
        [image][row][column] in [0, 1], "seeds", and "teacher_logits", "single_logits" [image][seed][class].
    """
    teachers, singles = (
        sorted((record for record in records if record["arm"] == arm), key=lambda record: record["seed"])
        for arm in ("teacher", "teacher_single")
    )
    first, split = teachers[0], digits(teachers[0]["seed"])
    chosen = chosen_images(np.array(first["shown_logits"]), split.shown_labels)

    def of_chosen(of_seeds: Sequence[Record]) -> list[Any]:
        logits = np.array([record["shown_logits"] for record in of_seeds])
        return logits[:, chosen].swapaxes(0, 1).tolist()

    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "rule": (
            f"Of {SHOWN} rows drawn at random, on which no seed trains: the {OF_A_KIND} of largest entropy under the "
            f"teacher of seed {first['seed']} at T = 1, then the {OF_A_KIND} of smallest entropy whose class is not "
            "among those before them."
        ),
        "rows": split.shown_rows[chosen].tolist(),
        "labels": split.shown_labels[chosen].tolist(),
        "pixels": split.shown_inputs[chosen].reshape(-1, 8, 8).tolist(),
        "seeds": [record["seed"] for record in teachers],
        "teacher_logits": of_chosen(teachers),
        "single_logits": of_chosen(singles),
    }


def chosen_images(teacher_logits: NDArray[np.float64], labels: NDArray[np.int64]) -> list[int]:
    """Choose four ambiguous images and four clear ones: the rule that `measured` states.

    Parameters
    ----------
    teacher_logits : ndarray, shape (N, 10)
        On the images to choose from.
    labels : ndarray of integers, shape (N,)
        Their classes.

    Returns
    -------
    list of int
        Which of the N, the most ambiguous first, the clearest of the clear fifth.
    """
    by_entropy = np.argsort(entropy(teacher_logits, 1.0), kind="stable")
    chosen = by_entropy[::-1][:OF_A_KIND].tolist()
    for image in by_entropy.tolist():
        if len(chosen) < 2 * OF_A_KIND and labels[image] not in labels[chosen]:
            chosen.append(image)
    return chosen


WORDS = {
    "teacher": "the teacher, five networks taught by 1,297 labels",
    "teacher_single": "the first of the teacher's five networks alone",
    "hard": "labels",
    **{f"kd_T{T:g}": f"soft targets, T = {T:g}" for T in TEMPERATURES},
    "logit_mse": "the teacher's centred logits",
    "sgd_hard": "labels, plain gradient descent",
    "sgd_hard_step": f"labels, plain gradient descent, first step as long as with soft targets at T = {LONG_STEP:g}",
    **{f"sgd_kd_T{T:g}": f"soft targets, T = {T:g}, plain gradient descent" for T in SGD_TEMPERATURES},
    **{
        f"sgd_kd_T{T:g}_without_T2": f"soft targets, T = {T:g}, plain gradient descent, without the factor T²"
        for T in SGD_TEMPERATURES
    },
    "w8_hard": "labels, 8 units",
    **{f"w8_kd_T{T:g}": f"soft targets, T = {T:g}, 8 units" for T in TEMPERATURES},
    "full_hard": "1,297 labels",
    "full_kd_T4": "soft targets on 1,297 images, T = 4",
}

COMPARISONS: list[tuple[str, str]] = [
    *((f"kd_T{T:g}", "hard") for T in TEMPERATURES),
    ("logit_mse", "hard"),
    ("kd_T4", "kd_T1"),
    ("kd_T8", "kd_T4"),
    ("kd_T64", "kd_T8"),
    ("kd_T64", "logit_mse"),
    *((f"sgd_kd_T{T:g}", "sgd_hard") for T in SGD_TEMPERATURES),
    ("sgd_hard_step", "sgd_hard"),
    *((f"sgd_kd_T{T:g}", "sgd_hard_step") for T in SGD_TEMPERATURES),
    *((f"sgd_kd_T{T:g}_without_T2", f"sgd_kd_T{T:g}") for T in SGD_TEMPERATURES),
    *((f"w8_kd_T{T:g}", "w8_hard") for T in TEMPERATURES),
    ("w8_kd_T64", "w8_kd_T4"),
    ("full_kd_T4", "full_hard"),
]

EXPERIMENT = Experiment(
    question=(
        "At which temperature does a student of 64-w-10 units learn most from a teacher on few labels, does the gain "
        "saturate at the limit of matching centred logits, what does the factor T^2 do, and is there a gain on full "
        "data?"
    ),
    words=WORDS,
    controls={
        "hard": "would have done as well if soft targets taught nothing",
        "logit_mse": "would have differed from large temperatures if these did not tend to the matching of logits",
        "sgd_kd_T64": "would have failed as it does without the factor T^2 if the factor were not the cause",
        "sgd_hard_step": "would have done as well as soft targets if these gained by the length of their steps alone",
        "full_kd_T4 - full_hard": "would have been a gain if distillation helped whatever the data",
    },
    units={"accuracy": "%", "agreement": "%", "kl": "nats"},
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    may_fail={
        f"sgd_kd_T{T:g}_without_T2": f"steps {T * T:g} times shorter are what it is to show" for T in (8, 16, 64)
    },
)
