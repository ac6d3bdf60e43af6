"""The distillation loss: who gains from a teacher's soft targets, and where the gain comes from.

Digits: students of one hidden layer learn 20, 50, 100 or all 1,297 rows, from the labels or from a teacher that has
learned 1,297 labels (T = 4, factor T^2). If the gain is the teacher's knowledge of labels the student does not see,
then a teacher that has learned the same 100 labels should have little to give: it is the control. That teacher also
names the 1,197 other rows, which neither it nor its student has labels of; the student learns its soft targets or its
first choices there. Arms that weigh both terms equally show what the factor T^2 does in the combined loss.

Signals (MNIST-1D): a convolutional teacher of 4,000 labels; a smaller convolutional student and a perceptron learn 100
or 4,000 rows.

Nothing was tuned: Adam's step size .005, T = 4 and alpha = .5 were chosen by hand before the first run. Perceptrons
take 600 steps and convolutional students, which cost most, 300, in batches of 128, or of all rows if there are fewer.
On all signals a trial with other seeds had not converged, so perceptrons take 2,400 steps there as well: a loss that is
only slower to learn would catch up. Students of one architecture and seed share initial weights; those on the same rows
share the order of the mini-batches too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray

from kdlab.experiments.data import TRAIN, Split, digits, few_of_each, mnist1d, stacked
from kdlab.experiments.guards import (
    check_labels_match,
    check_no_test_rows_in_training,
)
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.measures import accuracy, student_records
from kdlab.experiments.networks import (
    Lesson,
    conv_forward,
    forward,
    initial_conv_network,
    initial_parameters,
    logits_of,
    train_lessons,
)
from kdlab.experiments.summary import Record, by_seed
from kdlab.experiments.teachers import (
    ensemble_logits,
    kernel_and_shape,
    member_logits,
    train_conv_teachers,
    train_members,
)

QUESTION = (
    "Does a student learn more from a teacher's soft targets than from labels, with few labels and with all of them; "
    "and does the gain come from the softness, or from labels that only the teacher has seen?"
)
WIDTHS = (8, 16, 32)
COUNTS = (20, 50, 100, TRAIN)
FEW = 100  # labels of the lesser teacher, and few labels of the signals
SIGNALS = 4000
TEMPERATURE = 4.0
BATCH_SIZE = 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)


@dataclass(frozen=True)
class Arm:
    """One way to train a student: alpha weighs the soft term, 0 is labels alone and 1 the teacher alone."""

    rows: str  # how many training rows, or "others": all rows but the few of the lesser teacher
    alpha: float
    width: int = 16
    data: Literal["digits", "signals"] = "digits"
    network: Literal["perceptron", "convolutional"] = "perceptron"
    teacher: Literal["all labels", "few labels"] = "all labels"
    labels: Literal["true", "teacher's"] = "true"
    scale_by_T2: bool = True
    steps: int = 600


ARMS: dict[str, Arm] = {
    **{
        f"w{width}_{count}_{name}": Arm(str(count), alpha, width)
        for width in WIDTHS
        for count in COUNTS
        for name, alpha in (("hard", 0.0), ("kd", 1.0))
    },
    **{
        f"w16_{count}_both{suffix}": Arm(str(count), 0.5, scale_by_T2=scaled)
        for count in (FEW, TRAIN)
        for suffix, scaled in (("", True), ("_without_T2", False))
    },
    "w16_1297_pseudo": Arm(str(TRAIN), 0.0, labels="teacher's"),
    "lesser_100_kd": Arm(str(FEW), 1.0, teacher="few labels"),
    "lesser_others_kd": Arm("others", 1.0, teacher="few labels"),
    "lesser_others_pseudo": Arm("others", 0.0, teacher="few labels", labels="teacher's"),
    **{
        f"signals_{short}_{count}_{name}": Arm(str(count), alpha, width, "signals", network, steps=steps)
        for short, network, width, steps in (("conv", "convolutional", 16, 300), ("mlp", "perceptron", 64, 600))
        for count in (FEW, SIGNALS)
        for name, alpha in (("hard", 0.0), ("kd", 1.0))
    },
    **{
        f"signals_mlp_{SIGNALS}_{name}_long": Arm(str(SIGNALS), alpha, 64, "signals", steps=2400)
        for name, alpha in (("hard", 0.0), ("kd", 1.0))
    },
}

COMPARISONS: list[tuple[str, str]] = [
    *((f"w{width}_{count}_kd", f"w{width}_{count}_hard") for width in WIDTHS for count in COUNTS),
    *(
        (f"signals_{short}_{count}_kd", f"signals_{short}_{count}_hard")
        for short in ("conv", "mlp")
        for count in (FEW, SIGNALS)
    ),
    *((f"w16_{count}_both{suffix}", f"w16_{count}_hard") for count in (FEW, TRAIN) for suffix in ("", "_without_T2")),
    *((f"w16_{count}_both_without_T2", f"w16_{count}_both") for count in (FEW, TRAIN)),
    ("signals_mlp_4000_kd_long", "signals_mlp_4000_hard_long"),
    ("w16_1297_kd", "w16_20_hard"),
    ("w16_1297_pseudo", "w16_20_hard"),
    ("w16_1297_pseudo", "w16_1297_hard"),
    ("w16_1297_kd", "w16_1297_pseudo"),
    ("lesser_100_kd", "w16_100_hard"),
    ("w16_100_kd", "lesser_100_kd"),
    ("lesser_others_kd", "w16_100_hard"),
    ("lesser_others_pseudo", "w16_100_hard"),
    ("lesser_others_kd", "lesser_others_pseudo"),
]

CONTROLS = {
    "w16_1297_kd - w16_1297_hard": "would have been a gain if soft targets helped whatever the data",
    "w16_100_kd - lesser_100_kd": "would have been no gain if it did not matter how many labels the teacher had seen",
    "lesser_others_pseudo": "would have done worse than lesser_others_kd if unlabelled rows needed softness",
    "signals_mlp_4000_kd_long": "would have caught up with its hard labels if soft targets were only slower to learn",
    "signals_conv_100_kd - signals_conv_100_hard": "would have been no gain if that on few digits were theirs alone",
}

UNITS = {"accuracy": "%", "agreement": "%", "kl": "nats", "train_accuracy": "%"}

# for machines that round otherwise, set before the first replay: convolutions are in float32, so 47 of the 950 signals
# may change sides, and a student that has learned 100 of them by heart is about 10 nats from its teacher
BOUNDS = {"accuracy": 0.05, "agreement": 0.05, "kl": 0.5, "train_accuracy": 0.05}


class Course(NamedTuple):
    """Rows to learn from, the teacher's logits on them, and its logits on the test rows."""

    split: Split
    teacher_logits: NDArray[np.float64]
    teacher_test_logits: NDArray[np.float64]


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, and measure them on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", "accuracy" in [0, 1], for students also "kl" to their teacher at T = 1
        in nats, "agreement" with it in [0, 1], and "losses", the first 20 of training, unless a
        convolutional teacher takes part. The arms "teacher",
        "lesser_teacher" and "signals_teacher" have "train_accuracy", on all training rows with the true labels.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    splits, signals = [digits(seed) for seed in seeds], [mnist1d(seed) for seed in seeds]
    for split in (*splits, *signals):
        check_no_test_rows_in_training(split.train_inputs, split.test_inputs)
    records = digits_records(splits, seeds)
    for split, seed in zip(signals, seeds, strict=True):
        records += signals_records(split, seed)
    return records


def digits_records(splits: Sequence[Split], seeds: Sequence[int]) -> list[Record]:
    """Train and measure all that learns digits."""
    full, few = stacked(splits), few_of_each(splits, FEW, seeds)
    records = []
    for name, teacher, taught in (("teacher", "all labels", full), ("lesser_teacher", "few labels", few)):
        members = train_members(taught, seeds).parameters

        def logits(inputs: NDArray[np.float64], members: Any = members) -> NDArray[np.float64]:
            return ensemble_logits(member_logits(members, inputs))

        test_logits, train_logits = logits(full.test_inputs), logits(full.train_inputs)
        records += teacher_records(name, seeds, full, train_logits, test_logits)
        for rows in dict.fromkeys(arm.rows for arm in ARMS.values() if (arm.data, arm.teacher) == ("digits", teacher)):
            split = others(splits, few) if rows == "others" else few_of_each(splits, int(rows), seeds)
            course = Course(split, logits(split.train_inputs), test_logits)
            records += course_records("digits", teacher, rows, course, seeds)
    return records


def signals_records(split: Split, seed: int) -> list[Record]:
    """Train and measure all that learns signals, for one seed: float32 rounds otherwise where others are beside it.

    What a teacher teaches has no "losses": on another machine the teacher itself differs, in its third digit.
    """
    full = stacked([split])
    teachers = train_conv_teachers(full, [seed]).parameters
    test_logits, train_logits = (logits_of(teachers, x, conv_forward) for x in (full.test_inputs, full.train_inputs))
    records = teacher_records("signals_teacher", [seed], full, train_logits, test_logits)
    for count in (FEW, SIGNALS):
        rows = few_of_each([split], count, [seed])
        course = Course(rows, logits_of(teachers, rows.train_inputs, conv_forward), test_logits)
        records += course_records("signals", "all labels", str(count), course, [seed])
    taught = {name for name, arm in ARMS.items() if arm.alpha > 0}
    return [
        {key: value for key, value in record.items() if key != "losses" or record["arm"] not in taught}
        for record in records
    ]


def others(splits: Sequence[Split], few: Split) -> Split:
    """Stack the splits of the seeds, each with the training rows that are not among the few."""
    return stacked(
        [
            split._replace(
                train_inputs=split.train_inputs[other],
                train_labels=split.train_labels[other],
                train_rows=split.train_rows[other],
            )
            for split, rows in zip(splits, few.train_rows, strict=True)
            for other in [~np.isin(split.train_rows, rows)]
        ]
    )


def course_records(data: str, teacher: str, rows: str, course: Course, seeds: Sequence[int]) -> list[Record]:
    """Train and measure the arms of a course, those of one kind side by side."""
    for logits, labels in zip(course.teacher_logits, course.split.train_labels, strict=True):
        check_labels_match(logits, labels)
    arms = {name: arm for name, arm in ARMS.items() if (arm.data, arm.teacher, arm.rows) == (data, teacher, rows)}
    records = []
    for kind in dict.fromkeys(kind_of(arm) for arm in arms.values()):
        network, width, steps = kind
        group = {name: arm for name, arm in arms.items() if kind_of(arm) == kind}
        initial, network_forward = architecture(network, width, course.split)
        trained = train_lessons(
            initial,
            course.split.train_inputs,
            [lesson_of(arm, course) for arm in group.values()],
            OPTIMISER,
            seeds,
            steps=steps,
            batch_size=BATCH_SIZE,
            forward=network_forward,
        )
        for name, students in zip(group, trained, strict=True):
            logits = logits_of(students.parameters, course.split.test_inputs, network_forward)
            records += student_records(
                name, seeds, logits, course.teacher_test_logits, course.split.test_labels, students.losses
            )
    return records


def kind_of(arm: Arm) -> tuple[str, int, int]:
    """Return what arms must share to be trained side by side: network, width and steps."""
    return arm.network, arm.width, arm.steps


def architecture(network: str, width: int, split: Split) -> tuple[Any, Any]:
    """Return what draws a student's parameters, and its forward pass; convolutions of 8 and 16 channels."""
    if network == "convolutional":
        return partial(initial_conv_network, (8, 16), *kernel_and_shape(split), (width, 10)), conv_forward
    return partial(initial_parameters, (split.train_inputs.shape[-1], width, 10)), forward


def lesson_of(arm: Arm, course: Course) -> Lesson:
    """Return what the arm learns."""
    labels = course.split.train_labels if arm.labels == "true" else course.teacher_logits.argmax(axis=-1)
    loss = partial(distillation_loss, temperature=TEMPERATURE, alpha=arm.alpha, scale_by_T2=arm.scale_by_T2)
    return Lesson(course.teacher_logits, labels, loss)


def teacher_records(
    name: str, seeds: Sequence[int], full: Split, train_logits: NDArray[np.float64], test_logits: NDArray[np.float64]
) -> list[Record]:
    """Check and measure the teachers, seed by seed, on the test rows and on all training rows."""
    records = []
    for i, seed in enumerate(seeds):
        check_labels_match(test_logits[i], full.test_labels[i])
        measures = {
            "accuracy": accuracy(test_logits[i], full.test_labels[i]),
            "train_accuracy": accuracy(train_logits[i], full.train_labels[i]),
        }
        records.append({"seed": seed, "arm": name, **measures})
    return records


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the arms' settings, and every seed's accuracy by arm.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "temperature"; "widths", "counts"; "seeds"; "accuracy": arm -> [seed] in [0, 1].
    """
    arms = dict.fromkeys(record["arm"] for record in records)
    accuracies = {arm: by_seed(records, arm, "accuracy") for arm in arms}
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "temperature": TEMPERATURE,
        "widths": list(WIDTHS),
        "counts": list(COUNTS),
        "seeds": list(next(iter(accuracies.values()))),
        "accuracy": {arm: list(values.values()) for arm, values in accuracies.items()},
    }
