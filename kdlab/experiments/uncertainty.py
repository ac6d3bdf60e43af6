"""Uncertainty and calibration: what an interval promises and keeps, and whether a student inherits a teacher's doubts.

Coverage: the losses of a teacher and a distilled student on the 750 rows held out are a population whose mean is known.
Samples of n rows are drawn from it with replacement, each has its bootstrap intervals (1,000 resamples), and what is
counted is how often they hold that mean; 25 samples for each seed and n. All methods and losses of a sample share rows
and resamples. A population of normal scores, which has no skew, is the control.

Students: labels, or the teacher at T = 1 or T = 4 (with the factor T^2), on 997 or 100 digits, of which the teacher has
seen 997; and, with convolutional teachers and students, on 3,000 signals (MNIST-1D). Of the rows held out 300 digits
(1,000 signals) serve to fit a temperature and the threshold of the conformal sets, the other 450 (950) to measure.
A constant model, which gives each class 1/10 whatever it sees, is the control of both: its interval has no width, and
its calibration error is next to nothing. The teacher stands beside itself: paired, it differs from itself by [0, 0].

Nothing was tuned: Adam's step size .005, widths of 16, 600 steps (300 of convolutions), batches of 128, or of all rows
if there are fewer, were chosen by hand before the first run; so were the level .95 of intervals and .99 of conformal
sets (at .9, sets of a model that is right more often than that would often be empty). All students of a seed and data
set start alike; those on the same rows see the same batches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import stats

from kdlab.calibration import (
    expected_calibration_error,
    fit_temperature,
    null_calibration_error,
    reliability,
    top_label_of_logits,
)
from kdlab.experiments.data import Split, all_digits, all_signals, few_of_each, split, stacked
from kdlab.experiments.guards import check_labels_match, check_no_test_rows_in_training
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.measures import of_student, student_records
from kdlab.experiments.networks import (
    Forward,
    Lesson,
    Trained,
    conv_forward,
    forward,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
    train_lessons,
)
from kdlab.experiments.summary import Record
from kdlab.experiments.teachers import (
    ensemble_logits,
    kernel_and_shape,
    member_logits,
    train_conv_teachers,
    train_members,
)
from kdlab.temperature import log_softmax, softmax
from kdlab.uncertainty import (
    Interval,
    bootstrap_interval,
    brier_score,
    conformal_coverage,
    conformal_sets,
    conformal_threshold,
    difference_interval,
    fidelity,
    negative_log_likelihood,
)

QUESTION = (
    "How often do bootstrap intervals of a mean loss hold it, do the widths and the overlap of two models' intervals "
    "tell what their paired difference tells, and are distilled students better calibrated than students of labels, "
    "before and after temperature scaling?"
)
LEVEL = 0.95
RESAMPLES = 1000
SIZES = (30, 100, 300, 1000)
SAMPLES = 25
METHODS = ("percentile", "basic", "bca")
LOSSES = ("nll", "brier")
CONFORMAL_LEVEL = 0.99
BATCH_SIZE = 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)
WIDTH = 16


class Setting(NamedTuple):
    """A data set: its rows, how many to train on, to calibrate on and to measure on, and steps of the students."""

    rows: Callable[[], tuple[NDArray[np.float64], NDArray[np.int64]]]
    train: int
    calibrate: int
    test: int
    counts: tuple[int, ...]
    steps: int


DATA = {
    "digits": Setting(all_digits, 997, 300, 450, (997, 100), 600),
    "signals": Setting(all_signals, 3000, 1000, 950, (3000,), 300),
}


@dataclass(frozen=True)
class Arm:
    """A student: the data, how many training rows, the teacher's temperature, or None for the labels."""

    data: Literal["digits", "signals"]
    rows: int
    temperature: float | None = None

    @property
    def name(self) -> str:
        """Of the arm, such as "digits_997_kd_T4"."""
        return f"{self.data}_{self.rows}_" + ("hard" if self.temperature is None else f"kd_T{self.temperature:g}")


ARMS: dict[str, Arm] = {
    arm.name: arm
    for data, setting in DATA.items()
    for rows in setting.counts
    for arm in (Arm(data, rows), Arm(data, rows, 1.0), Arm(data, rows, 4.0))
}
POPULATION = "digits_997_kd_T4"  # the student of the coverage
POPULATIONS = (*(f"{model}_{loss}" for loss in LOSSES for model in ("student", "teacher", "gap")), "normal")

COMPARISONS: list[tuple[str, str]] = [
    *(
        pair
        for data, setting in DATA.items()
        for start in [f"{data}_{rows}" for rows in setting.counts]
        for pair in [
            (f"{start}_kd_T1", f"{start}_hard"),
            (f"{start}_kd_T4", f"{start}_hard"),
            (f"{start}_kd_T4", f"{start}_kd_T1"),
            *((f"{start}_{target}_scaled", f"{start}_{target}") for target in ("hard", "kd_T1", "kd_T4")),
            *((f"{start}_hard_scaled", f"{start}_kd_{T}") for T in ("T1", "T4")),
            *((f"{start}_kd_{T}_scaled", f"{start}_hard_scaled") for T in ("T1", "T4")),
            *((f"{start}_{target}", f"{data}_teacher") for target in ("hard", "kd_T1", "kd_T4")),
        ]
    ),
    *((f"{data}_{arm}", f"{data}_teacher") for data in DATA for arm in ("teacher_scaled", "constant")),
    *(
        (f"{population}_n{n}_{method}", f"{population}_n{n}_percentile")
        for population in POPULATIONS
        for n in SIZES
        for method in METHODS[1:]
    ),
]

CONTROLS = {
    "normal_n30_percentile": "would have been covered as seldom as the losses if the drawing were at fault, not skew",
    "digits_constant": "would have had a wide interval and a large calibration error if either told what a model knows",
    "digits_teacher": "would have differed from itself if paired intervals excluded 0 wherever two models are compared",
    "digits_997_hard_scaled - digits_997_kd_T1": (
        "would have been worse if what soft targets do to calibration were more than one number fitted afterwards does"
    ),
    "digits_997_kd_T4 - digits_997_hard": "would have been 0 if soft targets did nothing to the probabilities",
}

UNITS = {
    "coverage": "%",
    "below": "%",
    "skewness": "",
    "accuracy": "%",
    "kl": "nats",
    "agreement": "%",
    "nll": "nats",
    "brier": "",
    "ece": "%",
    "null_ece": "%",
    "excess_ece": "%",
    "temperature": "",
    "set_coverage": "%",
    "set_size": "classes",
    **{
        f"{loss}_{measure}": unit
        for loss in LOSSES
        for measure, unit in (
            ("width_ratio", ""),
            ("paired_ratio", ""),
            ("covers", "%"),
            ("overlap", "%"),
            ("excludes_0", "%"),
        )
    },
}

# for machines that round otherwise, set before the first replay: 14 of 450 rows for networks with convolutions, which
# decide; 2 of 25 samples. Whether an interval holds a number is yes or no, and can be either where it only just does:
# there a bound can refuse nothing, and tests/experiments/test_uncertainty.py holds it to the ends of the interval.
BOUNDS = {
    "coverage": 0.09,
    "below": 0.09,
    "skewness": 0.5,
    "accuracy": 0.03,
    "kl": 0.1,
    "agreement": 0.03,
    "nll": 0.1,
    "brier": 0.04,
    "ece": 0.03,
    "null_ece": 0.01,
    "excess_ece": 0.03,
    "temperature": 0.3,
    "set_coverage": 0.03,
    "set_size": 0.5,
    **{f"{loss}_width_ratio": 0.3 for loss in LOSSES},
    **{f"{loss}_paired_ratio": 0.1 for loss in LOSSES},
    **{f"{loss}_{answer}": 1.0 for loss in LOSSES for answer in ("covers", "overlap", "excludes_0")},
}


class Part(NamedTuple):
    """The logits of a model and of its teacher on some rows of one seed, and the labels."""

    logits: NDArray[np.float64]
    teacher_logits: NDArray[np.float64]
    labels: NDArray[np.int64]

    def rows(self, wanted: slice) -> Part:
        """Return some of the rows."""
        return Part(*(array[wanted] for array in self))


class Model(NamedTuple):
    """The models of one arm: logits (S, N, 10) on the rows held out, and the first losses, where they are kept."""

    logits: NDArray[np.float64]
    losses: list[list[float]] | None = None


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, and measure them, and the intervals, on the rows held out.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        Of three kinds, one for each seed and arm. Samples, such as "student_nll_n30_bca": "coverage", how many of
        their intervals hold the mean of the population, and "below", how many lie below it, both in [0, 1].
        Populations, such as "student_nll": "skewness". Models: "accuracy", "agreement" in [0, 1] and "kl" at T = 1 in
        nats, of the teacher; mean losses "nll" in nats and "brier" in [0, 2]; "ece", "null_ece" (its expectation were
        the model calibrated) and "excess_ece", their difference, in [-1, 1]; "set_coverage" in [0, 1] and "set_size"
        in [0, 10]; "temperature", fitted (for those not scaled: what would be). Those not scaled also have, for both
        losses: "width_ratio" to the teacher's interval, "paired_ratio" of the difference's interval to that of unpaired
        resamples, and 0 or 1 for "covers" (the student's interval the teacher's mean), "overlap" (both intervals) and
        "excludes_0" (that of the paired difference). Lists: "intervals" and "bins", for `measured`; and
        "losses", the first 20 of training, of students on digits.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    records = records_of("digits", seeds)
    for seed in seeds:  # one at a time: float32 rounds otherwise where others are beside it
        records += records_of("signals", [seed])
    return records


def records_of(data: str, seeds: Sequence[int]) -> list[Record]:
    """Train and measure all on one data set."""
    setting = DATA[data]
    splits = [
        split(*setting.rows(), seed, train=setting.train, test=setting.calibrate + setting.test) for seed in seeds
    ]
    for of_seed in splits:
        check_no_test_rows_in_training(of_seed.train_inputs, of_seed.test_inputs)
    models = models_of(data, splits, seeds)
    teacher_logits, labels = models[f"{data}_teacher"].logits, stacked(splits).test_labels
    records = []
    for name, model in models.items():
        for i, seed in enumerate(seeds):
            part = Part(model.logits[i], teacher_logits[i], labels[i])
            calibrate, test = part.rows(slice(setting.calibrate)), part.rows(slice(setting.calibrate, None))
            T = fit_temperature(calibrate.logits, calibrate.labels)
            record = {"seed": seed, "arm": name, **measures_of(calibrate, test, T)}
            record |= interval_measures(test, seed)
            if model.losses:
                record["losses"] = model.losses[i]
            records.append(record)
            if name != f"{data}_constant":
                scaled = (held._replace(logits=held.logits / T) for held in (calibrate, test))
                records.append({"seed": seed, "arm": f"{name}_scaled", **measures_of(*scaled, T)})
    if data == "digits":
        for i, seed in enumerate(seeds):
            students = Part(models[POPULATION].logits[i], teacher_logits[i], labels[i])
            records += coverage_records(populations_of(students), seed)
    return records


def models_of(data: str, splits: Sequence[Split], seeds: Sequence[int]) -> dict[str, Model]:
    """Train the teachers and all students of a data set, and return them by arm, with the constant model."""
    full = stacked(splits)
    teach = teachers_of(data, full, seeds)
    teacher_logits = teach(full.test_inputs)
    for logits, labels in zip(teacher_logits, full.test_labels, strict=True):
        check_labels_match(logits, labels)
    models = {f"{data}_teacher": Model(teacher_logits), f"{data}_constant": Model(np.zeros_like(teacher_logits))}
    network_forward = forward if data == "digits" else conv_forward
    for rows in DATA[data].counts:
        taught = few_of_each(splits, rows, seeds)
        targets = teach(taught.train_inputs)
        for logits, labels in zip(targets, taught.train_labels, strict=True):
            check_labels_match(logits, labels)
        arms = [arm for arm in ARMS.values() if (arm.data, arm.rows) == (data, rows)]
        for arm, students in zip(arms, train_students(arms, taught, targets, network_forward, seeds), strict=True):
            logits = logits_of(students.parameters, full.test_inputs, network_forward)
            checked = student_records(arm.name, seeds, logits, teacher_logits, full.test_labels, students.losses)
            # those of convolutions differ from machine to machine, through their teacher
            losses = [record["losses"] for record in checked] if data == "digits" else None
            models[arm.name] = Model(logits, losses)
    return models


def teachers_of(data: str, full: Split, seeds: Sequence[int]) -> Callable[[NDArray[np.float64]], NDArray[np.float64]]:
    """Train one teacher for each seed, and return the function from inputs (S, N, D) to its logits (S, N, 10)."""
    if data == "digits":
        members = train_members(full, seeds).parameters
        return lambda inputs: ensemble_logits(member_logits(members, inputs))
    teachers = train_conv_teachers(full, seeds).parameters
    return lambda inputs: logits_of(teachers, inputs, conv_forward)


def train_students(
    arms: Sequence[Arm],
    taught: Split,
    teacher_logits: NDArray[np.float64],
    network_forward: Forward,
    seeds: Sequence[int],
) -> list[Trained]:
    """Train the students of arms that share their rows side by side."""
    if network_forward is conv_forward:
        initial = partial(initial_conv_network, (8, 16), *kernel_and_shape(taught), (WIDTH, 10))
    else:
        initial = partial(initial_parameters, (taught.train_inputs.shape[-1], WIDTH, 10))
    return train_lessons(
        initial,
        taught.train_inputs,
        [Lesson(teacher_logits, taught.train_labels, loss_of(arm)) for arm in arms],
        OPTIMISER,
        seeds,
        steps=DATA[arms[0].data].steps,
        batch_size=BATCH_SIZE,
        forward=network_forward,
    )


def loss_of(arm: Arm) -> Callable[..., torch.Tensor]:
    """Return the loss of an arm: labels alone, or the teacher alone."""
    if arm.temperature is None:
        return partial(distillation_loss, temperature=1.0, alpha=0.0, scale_by_T2=True)
    return partial(distillation_loss, temperature=arm.temperature, alpha=1.0, scale_by_T2=True)


def measures_of(calibrate: Part, test: Part, temperature: float) -> dict[str, Any]:
    """Measure the probabilities of a model: its losses, calibration and conformal sets."""
    confidence, correct = top_label_of_logits(test.logits, test.labels)
    ece, null = expected_calibration_error(confidence, correct), null_calibration_error(confidence)
    threshold = conformal_threshold(softmax(calibrate.logits), calibrate.labels, level=CONFORMAL_LEVEL)
    sets = conformal_coverage(conformal_sets(softmax(test.logits), threshold), test.labels)
    bins = reliability(confidence, correct)
    sums = [bins.count, *(np.nan_to_num(bins.count * mean) for mean in (bins.confidence, bins.accuracy))]
    return {
        **of_student(*test),
        **{loss: float(values.mean()) for loss, values in losses_of(test.logits, test.labels).items()},
        "ece": ece,
        "null_ece": null,
        "excess_ece": ece - null,
        "temperature": temperature,
        "set_coverage": sets.coverage,
        "set_size": sets.mean_size,
        "bins": [of_bins.tolist() for of_bins in sums],
    }


def losses_of(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    """Return both losses, row by row."""
    return {
        "nll": negative_log_likelihood(log_softmax(logits), labels),
        "brier": brier_score(softmax(logits), labels),
    }


def interval_measures(test: Part, seed: int) -> dict[str, Any]:
    """Compare the intervals of a model and its teacher, separate and paired, for both losses.

    Parameters
    ----------
    test : Part
        The test rows.
    seed : int
        Decides the resamples, which are the same for all models of a data set.

    Returns
    -------
    dict
        As `run` describes; "intervals": loss -> [low, high] of the student, of the teacher and of the difference.
    """
    of_teacher = losses_of(test.teacher_logits, test.labels)
    found: dict[str, Any] = {}
    intervals = {}
    for loss, of_model in losses_of(test.logits, test.labels).items():
        (rng,), (other_rng,) = generators([seed], "paired"), generators([seed], "unpaired")
        options = {"num_resamples": RESAMPLES, "level": LEVEL}
        judged = fidelity(of_model, of_teacher[loss], rng=rng, **options)
        unpaired = difference_interval(of_model, of_teacher[loss], paired=False, rng=other_rng, **options)
        three = [judged.student, judged.teacher, judged.difference]
        found |= {
            f"{loss}_width_ratio": judged.width_ratio,
            f"{loss}_paired_ratio": width(judged.difference) / width(unpaired),
            f"{loss}_covers": float(judged.covers_teacher),
            f"{loss}_overlap": float(
                judged.student.low <= judged.teacher.high and judged.teacher.low <= judged.student.high
            ),
            f"{loss}_excludes_0": float(not judged.difference.low <= 0 <= judged.difference.high),
        }
        intervals[loss] = [[interval.low, interval.high] for interval in three]
    return found | {"intervals": [intervals[loss] for loss in LOSSES]}


def width(interval: Interval) -> float:
    """Return how wide an interval is."""
    return interval.high - interval.low


def populations_of(held: Part) -> dict[str, NDArray[np.float64]]:
    """Return the populations: losses of the student, of the teacher and their difference, and normal scores."""
    student, teacher = (losses_of(logits, held.labels) for logits in (held.logits, held.teacher_logits))
    n = len(held.labels)
    found = {}
    for loss in LOSSES:
        found |= {
            f"student_{loss}": student[loss],
            f"teacher_{loss}": teacher[loss],
            f"gap_{loss}": student[loss] - teacher[loss],
        }
    return found | {"normal": stats.norm.ppf((np.arange(n) + 0.5) / n)}


def coverage_records(populations: dict[str, NDArray[np.float64]], seed: int) -> list[Record]:
    """Draw samples from the populations of one seed, and count which intervals hold the mean.

    Parameters
    ----------
    populations : dict
        As `populations_of` returns them, of one size.
    seed : int
        Decides the samples and resamples, which all populations and methods share.
    """
    means = {name: values.mean() for name, values in populations.items()}
    size = len(populations["normal"])
    records: list[Record] = [
        {"seed": seed, "arm": name, "skewness": float(stats.skew(values))} for name, values in populations.items()
    ]
    for n in SIZES:
        drawn = generators([seed], f"samples of {n}")[0].integers(size, size=(SAMPLES, n))
        for method in METHODS:
            (rng,) = generators([seed], f"resamples of {n}")
            found = [
                intervals_of({name: values[rows] for name, values in populations.items()}, method, int(key))
                for rows, key in zip(drawn, rng.integers(2**32, size=SAMPLES), strict=True)
            ]
            records += [
                {
                    "seed": seed,
                    "arm": f"{name}_n{n}_{method}",
                    "coverage": float(np.mean([of[name].low <= mean <= of[name].high for of in found])),
                    "below": float(np.mean([of[name].high < mean for of in found])),
                }
                for name, mean in means.items()
            ]
    return records


def intervals_of(sample: dict[str, NDArray[np.float64]], method: str, key: int) -> dict[str, Interval]:
    """Return the interval of each mean of a sample; all from the same resamples, which the key decides."""

    def options() -> dict[str, Any]:
        return {
            "num_resamples": RESAMPLES,
            "level": LEVEL,
            "method": method,
            "rng": np.random.default_rng(key),
        }

    found = {"normal": bootstrap_interval(sample["normal"], **options())}
    for loss in LOSSES:
        of_both = fidelity(sample[f"student_{loss}"], sample[f"teacher_{loss}"], **options())
        found |= {
            f"student_{loss}": of_both.student,
            f"teacher_{loss}": of_both.teacher,
            f"gap_{loss}": of_both.difference,
        }
    return found


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: coverage by size, intervals by seed, and reliability diagrams.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "sizes"; "level"; "coverage": population -> method -> [size][seed];
        "intervals": model -> loss -> [seed] of [low, high] of the model, of the teacher and of their difference;
        "bins": model -> "count" of all seeds in each of 15 bins, "confidence" and "accuracy", null in an empty one.
    """
    values = {(record["arm"], record["seed"]): record for record in records}
    seeds = sorted({record["seed"] for record in records})
    models = dict.fromkeys(record["arm"] for record in records if "bins" in record)
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": seeds,
        "sizes": list(SIZES),
        "level": LEVEL,
        "coverage": {
            population: {
                method: [[values[f"{population}_n{n}_{method}", seed]["coverage"] for seed in seeds] for n in SIZES]
                for method in METHODS
            }
            for population in POPULATIONS
        },
        "intervals": {
            model: {loss: [values[model, seed]["intervals"][i] for seed in seeds] for i, loss in enumerate(LOSSES)}
            for model in models
            if "intervals" in values[model, seeds[0]]
        },
        "bins": {model: pooled([values[model, seed]["bins"] for seed in seeds]) for model in models},
    }


def pooled(bins: Sequence[list[list[float]]]) -> dict[str, list[float | None]]:
    """Return the reliability diagram of the rows of all seeds together, from counts and sums.

    Examples
    --------
    >>> pooled([[[2.0, 0.0], [0.5, 0.0], [1.0, 0.0]], [[2.0, 0.0], [0.5, 0.0], [0.0, 0.0]]])
    {'count': [4.0, 0.0], 'confidence': [0.25, None], 'accuracy': [0.25, None]}
    """
    count, confidence, correct = np.sum(bins, axis=0).tolist()

    def mean(sums: list[float]) -> list[float | None]:
        return [of_bin / n if n else None for of_bin, n in zip(sums, count, strict=True)]

    return {"count": count, "confidence": mean(confidence), "accuracy": mean(correct)}
