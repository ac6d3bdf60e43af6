"""Imbalance: rare classes, class weights, and what becomes of accuracy and calibration, on two distributions of tests.

Of the digits 3, 8 and 9 there are 8 training rows each, of the other classes 100. The teacher, five networks, has
learned the same 724 rows as the students, of one hidden layer of 16. Students learn labels or the teacher (T = 1, or
T = 4 with the factor T^2), as they are or with weights by inverse frequency, w = N / (C n), on each sample. Weights are
divided by the number of rows of a mini-batch, not by its sum of weights, which would favour mini-batches with few rare
rows; over all rows their mean is 1. "inside" puts the weights inside the sum over classes: its minimiser is not the
teacher but softmax(v + T log w), and it is there to show that, not to be used. Students of labels with 25 and with 100
rows of the rare classes tell rarity from difficulty; the 8 rows are among the 25, and those among the 100.

Calibration has 15 bins of equal width, and three meanings for one class (`kdlab.calibration`): "classwise", the class
against all others over all rows; "predicted", the rows predicted as the class; "true", the rows whose label it is,
WHICH IS NO MEASURE OF CALIBRATION and is there because it is often shown. Means over the three rare or the seven other
classes; a class that is never predicted has no "predicted" error and is left out. Small groups look worse by chance:
beside the first two stands the expectation of a model that is calibrated and has the same confidences ("null").

Two test distributions, of the same 450 rows: "balanced", each row counts once (43 to 46 rows a class); "imbalanced",
each row counts as often as its class occurs in training, rare ones .08. A model cannot be calibrated for both.

Nothing was tuned: Adam's step size .005, 600 steps in batches of 128, the rare classes and how rare they are were
chosen by hand before the first run. Arms of a seed share initial weights, and those of as many rows also the rows and
the order of the mini-batches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kdlab.core.calibration import (
    bin_of,
    classwise_calibration_error,
    expected_calibration_error,
    null_calibration_error,
    top_label,
)
from kdlab.core.imbalance import balanced_weights, class_counts, inside_sum_minimiser, sample_weights
from kdlab.core.temperature import softmax
from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import Split, digits
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.measures import accuracy
from kdlab.experiments.networks import generators, initial_parameters, logits_of

RARE = (3, 8, 9)
COMMON = tuple(c for c in range(10) if c not in RARE)
RARE_ROWS, COMMON_ROWS = 8, 100
CLASSES = 10
WIDTH = 16
STEPS, BATCH_SIZE = 600, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)

Weights = Literal["none", "sample", "inside"]


@dataclass(frozen=True)
class Arm:
    """One way to train a student."""

    temperature: float | None  # of the targets; None for hard labels
    weights: Weights = "none"
    rare_rows: int = RARE_ROWS  # of each rare class


ARMS: dict[str, Arm] = {
    "hard": Arm(None),
    "hard_weighted": Arm(None, "sample"),
    "kd_T1": Arm(1.0),
    "kd_T1_weighted": Arm(1.0, "sample"),
    "kd_T1_inside": Arm(1.0, "inside"),
    "kd_T4": Arm(4.0),
    "kd_T4_weighted": Arm(4.0, "sample"),
    "kd_T4_inside": Arm(4.0, "inside"),
    "hard_25": Arm(None, rare_rows=25),
    "hard_100": Arm(None, rare_rows=100),
}

READINGS = {"classwise": "one_vs_rest", "predicted": "predicted_label", "true": "true_label"}
ERRORS = [
    f"{name}_{group}_{distribution}"
    for name in READINGS
    for group in ("rare", "common")
    for distribution in ("balanced", "imbalanced")
]
NULLS = [f"{name}_{group}_null" for name in ("classwise", "predicted") for group in ("rare", "common")]


def run(lab: Lab) -> None:
    """Train teachers and students, and measure them on the test rows.

    All but calibration errors and nats are in [0, 1]: "accuracy" on the balanced test rows, "minority_accuracy" and
    "majority_accuracy" on those of the rare and of the other classes, "imbalanced_accuracy"; "ece_balanced",
    "ece_imbalanced" and "ece_null"; and of each meaning of the error of one class and each group of classes
    "<meaning>_<rare or common>_<distribution>", with "_null" for two of them. Students also have "kl" to the teacher at
    T = 1 in nats and "agreement" with it. "by_class" holds the accuracy of each class. Two arms are not trained:
    "teacher", and "kd_T4_tilt", the minimiser that "kd_T4_inside" runs after.
    """
    full = lab.split(digits)
    rare = imbalanced(full, RARE_ROWS, lab.seeds)
    teacher = lab.ensemble(rare)
    weights = balanced_weights(class_counts(rare.train_labels[0], CLASSES))  # all seeds have as many rows of each class
    lab.note("teacher", lab.graded(teacher, rare))
    tilted = inside_sum_minimiser(teacher.test_logits, weights, 4.0)
    lab.note("kd_T4_tilt", [{"accuracy": accuracy(*pair)} for pair in zip(tilted, full.test_labels, strict=True)])
    note_classes(lab, "teacher", teacher.test_logits, full)
    note_classes(lab, "kd_T4_tilt", tilted, full)
    for rows in dict.fromkeys(arm.rare_rows for arm in ARMS.values()):
        arms = {name: arm for name, arm in ARMS.items() if arm.rare_rows == rows}
        split = imbalanced(full, rows, lab.seeds)
        class_weights = torch.from_numpy(balanced_weights(class_counts(split.train_labels[0], CLASSES)))
        targets = teacher.on(split)
        students = lab.students(
            {
                name: Lesson(split.train, loss_of(arm, class_weights), None if arm.temperature is None else targets)
                for name, arm in arms.items()
            },
            partial(initial_parameters, (split.train_inputs.shape[-1], WIDTH, CLASSES)),
            OPTIMISER,
            steps=STEPS,
            batch_size=BATCH_SIZE,
        )
        for name, networks in students.items():
            logits = logits_of(networks.parameters, split.test_inputs)
            lab.exam(name, logits, teacher.test_logits, split)
            note_classes(lab, name, logits, split)


def imbalanced(split: Split, rare_rows: int, seeds: Sequence[int]) -> Split:
    """Keep as many training rows of each class as its group has, drawn so that fewer are among more.

    Parameters
    ----------
    split : Split
        Of all seeds.
    rare_rows : int
        How many of each rare class.
    seeds : sequence of int
        Decide which.

    Returns
    -------
    Split
        With its training rows in the order they had.
    """
    counts = {c: rare_rows if c in RARE else COMMON_ROWS for c in range(CLASSES)}
    kept = []
    for labels, rng in zip(split.train_labels, generators(seeds, "imbalance"), strict=True):
        order = rng.permutation(len(labels))
        kept.append(np.sort(np.concatenate([order[labels[order] == c][:count] for c, count in counts.items()])))
    return split.keep(np.array(kept))


def note_classes(lab: Lab, arm: str, logits: NDArray[np.float64], split: Split) -> None:
    """Measure the networks of an arm on the classes."""
    lab.note(arm, [of_classes(*of_seed) for of_seed in zip(logits, split.test_labels, strict=True)])


def loss_of(arm: Arm, class_weights: Tensor) -> Callable[[Tensor, Tensor, Tensor], Tensor]:
    """Return the loss of an arm."""
    if arm.weights == "inside":
        return partial(inside_sum, temperature=arm.temperature, class_weights=class_weights)
    weights = torch.ones_like(class_weights) if arm.weights == "none" else class_weights
    return partial(weighted_loss, temperature=arm.temperature, class_weights=weights)


def weighted_loss(
    logits: Tensor, teacher_logits: Tensor, labels: Tensor, temperature: float | None, class_weights: Tensor
) -> Tensor:
    r"""Return the loss in which each sample has the weight of its class, mean over the mini-batch.

    .. math:: \frac1B \sum_b w_{y_b} \, T^2 \, \mathrm{KL}(p_b \| q_b), \qquad -\frac1B \sum_b w_{y_b} \log q_{b y_b}

    Parameters
    ----------
    logits, teacher_logits : Tensor, shape (S, B, C)
        Of students and teachers.
    labels : Tensor of integers, shape (S, B)
        y.
    temperature : float or None
        T of the divergence; None for the cross-entropy with the labels.
    class_weights : Tensor, shape (C,)
        w.

    Returns
    -------
    Tensor, shape (S,)
        In nats, times T^2.
    """
    if temperature is None:
        log_q = functional.log_softmax(logits, dim=-1)
        of_row = -log_q.gather(-1, labels[..., None]).squeeze(-1)
    else:
        of_row = _kl_terms(logits, teacher_logits, temperature).sum(-1)
    return (class_weights[labels] * of_row).mean(-1)


def inside_sum(
    logits: Tensor, teacher_logits: Tensor, labels: Tensor, temperature: float, class_weights: Tensor
) -> Tensor:
    r"""Return what has the weights inside the sum over classes, mean over the mini-batch: NOT a divergence.

    .. math:: \frac{T^2}{B} \sum_b \sum_c w_c \, p_{bc} \log \frac{p_{bc}}{q_{bc}}

    Parameters
    ----------
    logits, teacher_logits, labels, temperature, class_weights
        As for `weighted_loss`; labels are not used.

    Returns
    -------
    Tensor, shape (S,)
        Of either sign.
    """
    return (class_weights * _kl_terms(logits, teacher_logits, temperature)).sum(-1).mean(-1)


def _kl_terms(logits: Tensor, teacher_logits: Tensor, temperature: float) -> Tensor:
    """Return T^2 p (log p - log q) of each class, shape (S, B, C)."""
    log_p, log_q = (functional.log_softmax(z / temperature, dim=-1) for z in (teacher_logits, logits))
    return temperature**2 * log_p.exp() * (log_p - log_q)


def of_classes(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> Record:
    """Measure accuracies and calibration of one network on the test rows, for rare and common classes.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        On the test rows.
    labels : ndarray of integers, shape (N,)
        Their classes.
    """
    probs = softmax(logits, 1.0)
    confidence, correct = top_label(probs, labels)
    b, as_in_training = bin_of(confidence), sample_weights(labels, training_shares(labels))
    rare = np.isin(labels, RARE)
    return {
        "imbalanced_accuracy": float(np.average(correct, weights=as_in_training)),
        "minority_accuracy": accuracy(logits[rare], labels[rare]),
        "majority_accuracy": accuracy(logits[~rare], labels[~rare]),
        "ece_balanced": expected_calibration_error(confidence, correct, b),
        "ece_imbalanced": expected_calibration_error(confidence, correct, b, as_in_training),
        "ece_null": null_calibration_error(confidence, b),
        **errors_of_groups(probs, labels, 1.0, "balanced"),
        **errors_of_groups(probs, labels, as_in_training, "imbalanced"),
        **nulls_of_groups(probs),
        "by_class": [accuracy(logits[labels == c], labels[labels == c]) for c in range(CLASSES)],
    }


def training_shares(labels: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the weight of a test row of each class under which classes are as frequent as in training, at most 1."""
    frequency = np.where(np.isin(np.arange(CLASSES), RARE), RARE_ROWS, COMMON_ROWS) / class_counts(labels, CLASSES)
    return frequency / frequency.max()


def errors_of_groups(
    probs: NDArray[np.float64], labels: NDArray[np.int64], weights: NDArray[np.float64] | float, distribution: str
) -> dict[str, float]:
    """Return the mean error of calibration of rare and of common classes, in each of its three meanings, by name."""
    errors = {}
    for name, reading in READINGS.items():
        of_each = classwise_calibration_error(probs, labels, reading, weights=weights)
        for group, classes in (("rare", RARE), ("common", COMMON)):
            errors[f"{name}_{group}_{distribution}"] = float(np.nanmean(of_each[list(classes)]))
    return errors


def nulls_of_groups(probs: NDArray[np.float64]) -> dict[str, float]:
    """Return what chance makes of the errors of calibrated models with these probabilities, on the balanced rows."""
    predicted = probs.argmax(axis=-1)

    def null(p: NDArray[np.float64]) -> float:
        return null_calibration_error(p, bin_of(p)) if p.size else np.nan

    of_meaning = {"classwise": lambda c: null(probs[:, c]), "predicted": lambda c: null(probs[predicted == c, c])}
    return {
        f"{name}_{group}_null": float(np.nanmean([of_class(c) for c in classes]))
        for name, of_class in of_meaning.items()
        for group, classes in (("rare", RARE), ("common", COMMON))
    }


UNITS = {
    "accuracy": "%",
    "imbalanced_accuracy": "%",
    "minority_accuracy": "%",
    "majority_accuracy": "%",
    "kl": "nats",
    "agreement": "%",
    "ece_balanced": "",
    "ece_imbalanced": "",
    "ece_null": "",
    **dict.fromkeys((*ERRORS, *NULLS), ""),
}


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the arms' settings, and every seed's measures by arm.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "arms": settings by name; "rare", the rare classes; "counts", training rows of each class; "weights", those of
        the classes; "seeds"; accuracies and calibration errors: measure -> arm -> [seed]; "by_class": arm -> [class],
        the mean accuracy over seeds.
    """
    names = ["teacher", *ARMS, "kd_T4_tilt"]
    labels = np.repeat(np.arange(CLASSES), [RARE_ROWS if c in RARE else COMMON_ROWS for c in range(CLASSES)])
    of_pictures = [measure for measure in UNITS if measure not in ("kl", "agreement")]
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "rare": list(RARE),
        "counts": class_counts(labels, CLASSES).tolist(),
        "weights": balanced_weights(class_counts(labels, CLASSES)).round(6).tolist(),
        "seeds": sorted({record["seed"] for record in records}),
        **{m: {name: list(by_seed(records, name, m).values()) for name in names} for m in of_pictures},
        "by_class": {
            name: np.mean(list(by_seed(records, name, "by_class").values()), axis=0).round(4).tolist() for name in names
        },
    }


QUESTION = (
    "Do class weights give a distilled student that is more accurate and better calibrated on rare classes, by which "
    "meaning of calibration, on which test distribution, and better than the same weights on labels?"
)
WORDS = {
    "teacher": "the teacher, five networks",
    "hard": "labels",
    "hard_weighted": "labels, weighted by class",
    "kd_T1": "soft targets, T = 1",
    "kd_T1_weighted": "soft targets, T = 1, weighted by class",
    "kd_T1_inside": "soft targets, T = 1, weights inside the sum",
    "kd_T4": "soft targets, T = 4",
    "kd_T4_weighted": "soft targets, T = 4, weighted by class",
    "kd_T4_inside": "soft targets, T = 4, weights inside the sum",
    "kd_T4_tilt": "what weights inside the sum lead to at T = 4: the teacher, its logits shifted",
    "hard_25": "labels, 25 of each rare class",
    "hard_100": "labels, 100 of each rare class",
}
CONTROLS = {
    "hard_weighted": "would have been worse than weighted distillation if it were the teacher that rare classes need",
    "hard_100 - hard": "would have been 0 on the rare classes if they were hard for other reasons than being rare",
    "teacher - kd_T1_weighted": "would have been above 0 on rare classes if a student could not pass its teacher there",
    "teacher - kd_T4_weighted": "would have been below 0 on rare classes if weights made up for any teacher's errors",
    "kd_T4_inside": "would have kept its accuracy if it did not matter where the weights stand",
    "kd_T4_tilt": "would have kept its accuracy if something else than the minimiser were what is wrong inside",
}
COMPARISONS = [
    ("kd_T1_weighted", "kd_T1"),
    ("kd_T4_weighted", "kd_T4"),
    ("hard_weighted", "hard"),
    ("kd_T1", "hard"),
    ("kd_T4", "hard"),
    ("kd_T4", "kd_T1"),
    ("kd_T1_weighted", "hard"),
    ("kd_T1_weighted", "hard_weighted"),
    ("kd_T4_weighted", "hard_weighted"),
    ("teacher", "kd_T1_weighted"),
    ("teacher", "kd_T4_weighted"),
    ("teacher", "hard_weighted"),
    ("teacher", "hard"),
    ("kd_T1_inside", "kd_T1"),
    ("kd_T1_inside", "kd_T1_weighted"),
    ("kd_T4_inside", "kd_T4"),
    ("kd_T4_tilt", "kd_T4_inside"),
    ("hard_25", "hard"),
    ("hard_100", "hard"),
    ("hard_100", "hard_25"),
]

EXPERIMENT = Experiment(
    question=QUESTION,
    words=WORDS,
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
)
