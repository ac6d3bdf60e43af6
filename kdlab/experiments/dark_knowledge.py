"""Dark knowledge: whether it is the order of the incorrect classes that teaches, or only that targets are soft.

Students learn a teacher's soft targets (T = 4, factor T^2) as they are, and damaged in three ways that leave the
probability of the label alone: the mass of the incorrect classes spread evenly; their probabilities permuted afresh in
each row; permuted by one rule for each label. Hard labels are the baseline. Digits: students of one hidden layer of 16
and 50, 100 or 1,297 rows, the teacher has learned 1,297. Signals (MNIST-1D): a convolutional teacher of 4,000 labels,
perceptrons of 64 units on 100 or 4,000 rows. Of every student the rank correlation with the teacher over the incorrect
classes of the test rows is measured too.

Of the teacher alone: the entropy of its incorrect classes, which rises with T and which no permutation changes; and how
often the label stays among the top k when the classes of each test row are reordered, beside the exact probability.

Nothing was tuned: Adam's step size .005 and T = 4 were chosen by hand before the first run; 600 steps in batches of
128, or of all rows if there are fewer. Arms of a seed and data set share initial weights, and those on as many rows
share the rows and the order of the mini-batches. Adam divides a factor of its loss out again, so that no gain here is
one of longer steps; the targets spread evenly are as soft as the true ones, and are the control for softness.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray

from kdlab.core.dark_knowledge import (
    incorrect_entropy,
    incorrect_flattened,
    incorrect_permuted,
    kendall_tau,
    label_rank,
    reordered,
    retention_probability,
    spearman_rho,
)
from kdlab.core.temperature import softmax
from kdlab.dark_knowledge import OPERATORS
from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import TRAIN, Rows, Split, digits, mnist1d
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.networks import generators, initial_parameters, logits_of

Data = Literal["digits", "signals"]
Kind = Literal["true", "flat", "permuted", "class_permuted", "hard"]

SOURCES = {"digits": digits, "signals": mnist1d}
SIGNALS = 4000
COUNTS: dict[Data, tuple[int, ...]] = {"digits": (50, 100, TRAIN), "signals": (100, SIGNALS)}
WIDTHS: dict[Data, int] = {"digits": 16, "signals": 64}
KINDS: tuple[Kind, ...] = ("true", "flat", "permuted", "class_permuted", "hard")
TEMPERATURE = 4.0
TEMPERATURES = (1.0, 2.0, 4.0, 8.0, 16.0)
KS = (1, 2, 3, 5)
DRAWS = 20  # reorderings of each test row
CLASSES = 10
STEPS, BATCH_SIZE = 600, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)


@dataclass(frozen=True)
class Arm:
    """One way to train a student."""

    data: Data
    rows: int
    kind: Kind


ARMS = {
    f"{data}_{count}_{kind}": Arm(data, count, kind)
    for data, counts in COUNTS.items()
    for count in counts
    for kind in KINDS
}


def run(lab: Lab) -> None:
    """Train teachers and students, and measure them on the test rows.

    Students have "accuracy" and "agreement" in [0, 1], "kl" to the teacher at T = 1 in nats, "tau" and "rho" in
    [-1, 1], means over the test rows. "<data>_teacher" has accuracy; "<data>_teacher_T<T>" "incorrect_entropy" and
    "permuted_entropy", normalised to [0, 1], means over the training rows; "top<k>_<operator>", of the teacher of
    digits, "retention" and "expected_retention" in [0, 1].
    """
    for data, counts in COUNTS.items():
        full = lab.split(SOURCES[data])
        teacher = lab.ensemble(full) if data == "digits" else lab.conv_teacher(full)
        lab.note(f"{data}_teacher", lab.graded(teacher, full))
        note_entropies(lab, data, teacher, full)
        if data == "digits":
            note_retention(lab, teacher, full)
        for count in counts:
            few = lab.few(full, count)
            targets = teacher.on(few)
            arms = {name: arm for name, arm in ARMS.items() if (arm.data, arm.rows) == (data, count)}
            students = lab.students(
                {name: lesson_of(arm.kind, few.train, targets, lab.seeds) for name, arm in arms.items()},
                partial(initial_parameters, (full.train_inputs.shape[-1], WIDTHS[data], CLASSES)),
                OPTIMISER,
                steps=STEPS,
                batch_size=BATCH_SIZE,
            )
            for name, networks in students.items():
                logits = logits_of(networks.parameters, full.test_inputs)
                lab.exam(name, logits, teacher.test_logits, full)
                of_seeds = zip(logits, teacher.test_logits, full.test_labels, strict=True)
                lab.note(name, [rank_correlations(*of_seed) for of_seed in of_seeds])


def lesson_of(kind: Kind, rows: Rows, targets: NDArray[np.float64], seeds: Sequence[int]) -> Lesson:
    """Return what the students of a kind learn: the labels, or soft targets of the kind."""
    if kind == "hard":
        return Lesson(rows, partial(distillation_loss, alpha=0.0))
    if kind != "true":
        probs, rngs = softmax(targets, TEMPERATURE), generators(seeds, "damage")
        of_seeds = zip(probs, rows.labels, rngs, strict=True)
        # logits whose softmax at T is what was asked for
        targets = TEMPERATURE * np.log(np.stack([damaged_probs(kind, *of_seed) for of_seed in of_seeds]))
    return Lesson(rows, partial(distillation_loss, alpha=1.0, temperature=TEMPERATURE), targets)


def damaged_probs(
    kind: Kind, teacher_probs: NDArray[np.float64], labels: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return probabilities (N, C) with that of the label as it was and those of the incorrect classes damaged."""
    if kind == "flat":
        return incorrect_flattened(teacher_probs, labels)
    if kind == "permuted":
        return incorrect_permuted(teacher_probs, labels, rng)
    return class_permuted(teacher_probs, labels, rng)


def class_permuted(
    teacher_probs: NDArray[np.float64], labels: NDArray[np.int64], rng: np.random.Generator
) -> NDArray[np.float64]:
    r"""Permute the incorrect classes by one rule for each label: the same p_y, an order that is wrong in the same way.

    .. math:: p'_y = p_y, \qquad p'_i = p_{\pi_y(i)}, \quad i \ne y

    Examples
    --------
    >>> probs = np.array([[0.7, 0.2, 0.1], [0.6, 0.3, 0.1]])
    >>> class_permuted(probs, np.array([0, 0]), np.random.default_rng(3))
    array([[0.7, 0.1, 0.2],
           [0.6, 0.1, 0.3]])
    """
    classes = np.arange(teacher_probs.shape[-1])
    rules = np.tile(classes, (len(classes), 1))
    for label, rule in enumerate(rules):
        rule[classes != label] = rng.permutation(classes[classes != label])
    return np.take_along_axis(teacher_probs, rules[labels], axis=-1)


def rank_correlations(
    logits: NDArray[np.float64], teacher_logits: NDArray[np.float64], labels: NDArray[np.int64]
) -> dict[str, float]:
    """Return the means over rows of both rank correlations of the incorrect classes, by name."""
    return {
        "tau": float(kendall_tau(logits, teacher_logits, labels).mean()),
        "rho": float(spearman_rho(logits, teacher_logits, labels).mean()),
    }


def note_entropies(lab: Lab, data: Data, teacher: Teacher, split: Split) -> None:
    """Measure the entropy of the teacher's incorrect classes at every T, as they are and permuted."""
    of_seeds = list(zip(teacher.train_logits, split.train_labels, generators(lab.seeds, "entropy"), strict=True))
    permuted = [class_permuted(*of_seed) for of_seed in of_seeds]
    for T in TEMPERATURES:
        measures = [
            {
                name: float(incorrect_entropy(z, labels, T, normalised=True).mean())
                for name, z in (("incorrect_entropy", logits), ("permuted_entropy", other))
            }
            for (logits, labels, _), other in zip(of_seeds, permuted, strict=True)
        ]
        lab.note(f"{data}_teacher_T{T:g}", measures)


def note_retention(lab: Lab, teacher: Teacher, split: Split) -> None:
    """Count how often the label is among the top k of the reordered classes, and say how often it should be."""
    labels = np.tile(split.test_labels[:, np.newaxis], (1, DRAWS, 1))
    probs = np.tile(softmax(teacher.test_logits, 1.0)[:, np.newaxis], (1, DRAWS, 1, 1))
    rank = label_rank(probs, labels)
    for operator in OPERATORS:
        pairs = zip(probs, generators(lab.seeds, operator), strict=True)
        rank_after = label_rank(np.stack([reordered(p, operator, rng) for p, rng in pairs]), labels)
        for k in KS:
            expected = retention_probability(rank, k, CLASSES, operator)
            measures = [
                {"retention": float((after <= k).mean()), "expected_retention": float(of_rows.mean())}
                for after, of_rows in zip(rank_after, expected, strict=True)
            ]
            lab.note(f"top{k}_{operator}", measures)


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the arms' settings, and every seed's measures by arm.

    Returns
    -------
    dict
        "arms": settings by name; "seeds", "counts", "kinds", "temperatures", "ks", "operators", "draws"; "accuracy" and
        "tau": arm -> [seed]; "incorrect_entropy": data -> [temperature][seed]; "retention" and "expected_retention":
        operator -> [k][seed].
    """

    def of(arm: str, measure: str) -> list[float]:
        return list(by_seed(records, arm, measure).values())

    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": list(by_seed(records, "digits_teacher", "accuracy")),
        "counts": {data: list(counts) for data, counts in COUNTS.items()},
        "kinds": list(KINDS),
        "temperatures": list(TEMPERATURES),
        "ks": list(KS),
        "operators": list(OPERATORS),
        "draws": DRAWS,
        **{measure: {arm: of(arm, measure) for arm in ARMS} for measure in ("accuracy", "tau")},
        "incorrect_entropy": {
            data: [of(f"{data}_teacher_T{T:g}", "incorrect_entropy") for T in TEMPERATURES] for data in COUNTS
        },
        **{
            measure: {operator: [of(f"top{k}_{operator}", measure) for k in KS] for operator in OPERATORS}
            for measure in ("retention", "expected_retention")
        },
    }


def words() -> Iterator[tuple[str, str]]:
    """Yield every arm, and what it is in plain words."""
    taught = {
        "true": "soft targets as they are",
        "flat": "soft targets, the wrong classes evened out",
        "permuted": "soft targets, the wrong classes shuffled anew in each row",
        "class_permuted": "soft targets, the wrong classes shuffled by one rule for each label",
        "hard": "labels",
    }
    done = {
        "rank-preserving": "as the teacher orders the classes",
        "permutation": "all classes shuffled",
        "derangement": "shuffled so that no class stays in its place",
    }
    for name, arm in ARMS.items():
        yield name, f"{arm.rows:,} {arm.data}, {taught[arm.kind]}"
    for data in COUNTS:
        yield f"{data}_teacher", f"the teacher of {data}"
        for T in TEMPERATURES:
            yield f"{data}_teacher_T{T:g}", f"the teacher of {data}, at T = {T:g}"
    for operator, how in done.items():
        for k in KS:
            yield f"top{k}_{operator}", f"the label among the first {k}, {how}" if k > 1 else f"the label first, {how}"


def comparisons() -> Iterator[tuple[str, str]]:
    """Yield the pairs whose differences are wanted."""
    for data, counts in COUNTS.items():
        for name in (f"{data}_{count}" for count in counts):
            yield from ((f"{name}_{kind}", f"{name}_hard") for kind in KINDS[:-1])
            yield f"{name}_true", f"{name}_flat"
            yield f"{name}_flat", f"{name}_permuted"
            yield f"{name}_permuted", f"{name}_class_permuted"
    yield "digits_teacher_T4", "digits_teacher_T1"
    yield "digits_teacher_T16", "digits_teacher_T4"
    yield "signals_teacher_T4", "signals_teacher_T1"
    for k in KS:
        yield f"top{k}_permutation", f"top{k}_rank-preserving"
        yield f"top{k}_derangement", f"top{k}_permutation"


EXPERIMENT = Experiment(
    question=(
        "Is a student taught by the order of the teacher's incorrect classes, or only by the softness of the targets; "
        "and how often does the label stay among the top k when that order is broken?"
    ),
    words=dict(words()),
    controls={
        "digits_50_true - digits_50_flat": "would have been no gain if softness alone taught",
        "digits_50_permuted": "would have done as well as true targets if any incorrect classes would do",
        "digits_50_class_permuted": "would have done as well as true targets if any consistent order would do",
        "digits_1297_true - digits_1297_hard": "would have been a gain if dark knowledge helped whatever the data",
        "top1_permutation": "would have retained the label as often as the teacher if ranks did not matter",
    },
    units={
        "accuracy": "%",
        "agreement": "%",
        "kl": "nats",
        "tau": "",
        "rho": "",
        "incorrect_entropy": "",
        "permuted_entropy": "",
        "retention": "%",
        "expected_retention": "%",
    },
    comparisons=list(comparisons()),
    run=run,
    measured=measured,
    may_fail={
        f"signals_{SIGNALS}_{kind}": "how far wrong orders of all signals can be learned is what it is to show"
        for kind in ("permuted", "class_permuted")
    },
)
