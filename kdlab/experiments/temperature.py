"""Temperature: whether a softened teacher teaches better, how soft is soft enough, and what the factor T^2 does.

A student of one hidden layer learns 100 labelled digits, from the labels or from a teacher that has learned 1,297.
Nothing was tuned: each step size is one choice, made by hand before the first run. Adam's is .005. Plain gradient
descent's is .1, a little below 2 / E|x|^2 = .13, up to which a linear least-squares layer on these images is stable.
All arms of a seed share rows, initial weights and the order of the mini-batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from kdlab.experiments.data import SHOWN, TRAIN, Split, digits, few_labels, stacked
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_student_is_not_teacher,
)
from kdlab.experiments.losses import centred_logit_mse, cross_entropy, softened_kl
from kdlab.experiments.measures import accuracy, of_student
from kdlab.experiments.networks import Trained, generators, initial_parameters, logits_of, train
from kdlab.experiments.summary import Record
from kdlab.experiments.teachers import MEMBERS, ensemble_logits, member_logits, train_members
from kdlab.temperature import entropy

QUESTION = (
    "At which temperature does a student of 64-w-10 units learn most from a teacher on few labels, does the gain "
    "saturate at the limit of matching centred logits, what does the factor T^2 do, and is there a gain on full data?"
)
TEMPERATURES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 64.0)
SGD_TEMPERATURES = (4.0, 8.0, 16.0, 64.0)
OPTIMISERS = {"adam": partial(torch.optim.Adam, lr=5e-3), "sgd": partial(torch.optim.SGD, lr=0.1)}
STEPS, BATCH_SIZE = 600, 128
FEW = 100  # labels
REPLAYED_STEPS = 20
OF_A_KIND = 4


@dataclass(frozen=True)
class Arm:
    """One way to train a student."""

    target: Literal["labels", "teacher", "centred logits"]
    temperature: float | None = None
    scale_by_T2: bool = True
    optimiser: Literal["adam", "sgd"] = "adam"
    width: int = 16
    labels: int = FEW


ARMS: dict[str, Arm] = {
    "hard": Arm("labels"),
    **{f"kd_T{T:g}": Arm("teacher", T) for T in TEMPERATURES},
    "logit_mse": Arm("centred logits"),
    "sgd_hard": Arm("labels", optimiser="sgd"),
    **{f"sgd_kd_T{T:g}": Arm("teacher", T, optimiser="sgd") for T in SGD_TEMPERATURES},
    **{f"sgd_kd_T{T:g}_without_T2": Arm("teacher", T, scale_by_T2=False, optimiser="sgd") for T in SGD_TEMPERATURES},
    "w8_hard": Arm("labels", width=8),
    **{f"w8_kd_T{T:g}": Arm("teacher", T, width=8) for T in TEMPERATURES},
    "full_hard": Arm("labels", labels=TRAIN),
    "full_kd_T4": Arm("teacher", 4.0, labels=TRAIN),
}

COMPARISONS: list[tuple[str, str]] = [
    *((f"kd_T{T:g}", "hard") for T in TEMPERATURES),
    ("logit_mse", "hard"),
    ("kd_T4", "kd_T1"),
    ("kd_T8", "kd_T4"),
    ("kd_T64", "kd_T8"),
    ("kd_T64", "logit_mse"),
    *((f"sgd_kd_T{T:g}", "sgd_hard") for T in SGD_TEMPERATURES),
    *((f"sgd_kd_T{T:g}_without_T2", f"sgd_kd_T{T:g}") for T in SGD_TEMPERATURES),
    *((f"w8_kd_T{T:g}", "w8_hard") for T in TEMPERATURES),
    ("w8_kd_T64", "w8_kd_T4"),
    ("full_kd_T4", "full_hard"),
]

CONTROLS = {
    "hard": "would have done as well if soft targets taught nothing",
    "logit_mse": "would have differed from large temperatures if these did not tend to the matching of logits",
    "sgd_kd_T64": "would have failed as it does without the factor T^2 if the factor were not the cause",
    "full_kd_T4 - full_hard": "would have been a gain if distillation helped whatever the data",
}

UNITS = {"accuracy": "%", "agreement": "%", "kl": "nats"}

# for machines that round otherwise, set before the first replay: 9 of the 450 test rows
BOUNDS = {"accuracy": 0.02, "agreement": 0.02, "kl": 0.05}


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, and measure them on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", "accuracy" in [0, 1], "kl" to the teacher at T = 1 in nats,
        "agreement" with it in [0, 1] (the ensemble itself has no kl and no agreement), and "losses", the first 20 of
        training. The arms "teacher" and "teacher_single" also hold "shown_logits", those of the 50 shown rows.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    splits = [digits(seed) for seed in seeds]
    full = stacked(splits)
    few = stacked([few_labels(split, FEW, seed=seed) for split, seed in zip(splits, seeds, strict=True)])
    for train_inputs, test_inputs in zip(full.train_inputs, full.test_inputs, strict=True):
        check_no_test_rows_in_training(train_inputs, test_inputs)

    members = train_members(full, seeds)
    teacher_logits = ensemble_logits(member_logits(members.parameters, full.test_inputs))
    for logits, labels in zip(teacher_logits, full.test_labels, strict=True):
        check_labels_match(logits, labels)
    records = teacher_records(seeds, members, full, teacher_logits)

    for split in (few, full):
        targets = ensemble_logits(member_logits(members.parameters, split.train_inputs))
        for logits, labels in zip(targets, split.train_labels, strict=True):
            check_labels_match(logits, labels)
        for name, arm in ARMS.items():
            if arm.labels == split.train_labels.shape[1]:
                students = train_students(arm, split, targets, seeds)
                logits = logits_of(students.parameters, split.test_inputs)
                records += student_records(seeds, name, students, logits, teacher_logits, split.test_labels)
    return records


def train_students(arm: Arm, split: Split, teacher_logits: NDArray[np.float64], seeds: Sequence[int]) -> Trained:
    """Train one student for each seed as the arm says; every arm of a seed starts alike and sees the same batches.

    Parameters
    ----------
    arm : Arm
        How to train.
    split : Split
        The stacked splits of the seeds.
    teacher_logits : ndarray, shape (S, N, 10)
        The teacher's, on the training rows.
    seeds : sequence of int
        One for each split.
    """
    if arm.target == "labels":
        loss, targets = cross_entropy, split.train_labels
    elif arm.target == "teacher":
        loss, targets = partial(softened_kl, temperature=arm.temperature, scale_by_T2=arm.scale_by_T2), teacher_logits
    else:
        loss, targets = centred_logit_mse, teacher_logits
    rngs = generators(seeds, "student")
    return train(
        initial_parameters((64, arm.width, 10), rngs),
        split.train_inputs,
        targets,
        loss,
        OPTIMISERS[arm.optimiser],
        steps=STEPS,
        batch_size=BATCH_SIZE,
        rngs=rngs,
    )


def student_records(
    seeds: Sequence[int],
    name: str,
    students: Trained,
    logits: NDArray[np.float64],
    teacher_logits: NDArray[np.float64],
    labels: NDArray[np.int64],
) -> list[Record]:
    """Check and measure the students of one arm, seed by seed, on the test rows."""
    records = []
    for i, seed in enumerate(seeds):
        check_student_is_not_teacher(logits[i], teacher_logits[i])
        check_learning(students.losses[i])
        student = {
            "seed": seed,
            "arm": name,
            **of_student(logits[i], teacher_logits[i], labels[i]),
            "losses": students.losses[i, :REPLAYED_STEPS].tolist(),
        }
        records.append(student)
    return records


def teacher_records(
    seeds: Sequence[int], members: Trained, split: Split, teacher_logits: NDArray[np.float64]
) -> list[Record]:
    """Measure the teachers, and their first member alone, on the test rows, and keep their logits on the shown rows."""
    losses = members.losses.reshape(len(seeds), MEMBERS, -1)[:, :, :REPLAYED_STEPS]
    test_logits = member_logits(members.parameters, split.test_inputs)
    shown_logits = member_logits(members.parameters, split.shown_inputs)
    ensemble_shown_logits = ensemble_logits(shown_logits)
    records = []
    for i, seed in enumerate(seeds):
        teacher = {
            "seed": seed,
            "arm": "teacher",
            "accuracy": accuracy(teacher_logits[i], split.test_labels[i]),
            "losses": losses[i].mean(axis=0).tolist(),
            "shown_logits": ensemble_shown_logits[i].tolist(),
        }
        single = {
            "seed": seed,
            "arm": "teacher_single",
            **of_student(test_logits[i, 0], teacher_logits[i], split.test_labels[i]),
            "losses": losses[i, 0].tolist(),
            "shown_logits": shown_logits[i, 0].tolist(),
        }
        records += [teacher, single]
    return records


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the arms' settings, and eight digits with every teacher's logits.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

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
    by_entropy = np.argsort(entropy(teacher_logits), kind="stable")
    chosen = by_entropy[::-1][:OF_A_KIND].tolist()
    for image in by_entropy.tolist():
        if len(chosen) < 2 * OF_A_KIND and labels[image] not in labels[chosen]:
            chosen.append(image)
    return chosen
