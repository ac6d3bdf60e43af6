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

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import stats

from kdlab.core.calibration import (
    bin_of,
    expected_calibration_error,
    fit_temperature,
    null_calibration_error,
    reliability,
    top_label_of_logits,
)
from kdlab.core.temperature import log_softmax, softmax
from kdlab.core.uncertainty import (
    Interval,
    bootstrap_interval,
    brier_score,
    conformal_coverage,
    conformal_sets,
    conformal_threshold,
    difference_interval,
    fidelity,
    negative_log_likelihood,
    resamples,
)
from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Split, all_digits, all_signals, split
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.networks import (
    conv_forward,
    forward,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
)
from kdlab.experiments.teachers import kernel_and_shape

LEVEL = 0.95
RESAMPLES = 1000
SIZES = (30, 100, 300, 1000)
SAMPLES = 25
METHODS = ("percentile", "basic", "bca")
LOSSES = ("nll", "brier")
CONFORMAL_LEVEL = 0.99
BINS = 15
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


class Part(NamedTuple):
    """The logits of models and of their teachers on some rows, and the labels; of all seeds, or of one."""

    logits: NDArray[np.float64]
    teacher_logits: NDArray[np.float64]
    labels: NDArray[np.int64]

    def rows(self, wanted: slice) -> Part:
        """Return some of the rows of each seed."""
        return Part(*(array[:, wanted] for array in self))

    def of(self, index: int) -> Part:
        """Return those of one seed."""
        return Part(*(array[index] for array in self))


def run(lab: Lab) -> None:
    """Train teachers and students, and measure them, and the intervals, on the rows held out.

    Samples, such as "student_nll_n30_bca", have "coverage", how many of their intervals hold the mean of the
    population, and "below", how many lie below it, both in [0, 1]; populations, such as "student_nll", "skewness".

    Models have "accuracy", "agreement" in [0, 1] and "kl" at T = 1 in nats, of the teacher; mean losses "nll" in nats
    and "brier" in [0, 2]; "ece", "null_ece" (its expectation were the model calibrated) and "excess_ece", their
    difference, in [-1, 1]; "set_coverage" in [0, 1] and "set_size" in [0, 10]; "temperature", fitted (for those not
    scaled: what would be). Those not scaled also have, for both losses: "width_ratio" to the teacher's interval,
    "paired_ratio" of the difference's interval to that of unpaired resamples, and 0 or 1 for "covers" (the student's
    interval the teacher's mean), "overlap" (both intervals) and "excludes_0" (that of the paired difference). The lists
    "intervals" and "bins" are for `measured`.
    """
    for data, setting in DATA.items():
        full = lab.split(partial(split_of, setting))
        teacher = lab.ensemble(full) if data == "digits" else lab.conv_teacher(full)
        models = {f"{data}_teacher": teacher.test_logits, f"{data}_constant": np.zeros_like(teacher.test_logits)}
        for rows in setting.counts:
            models |= students_of(lab, data, lab.few(full, rows), teacher)
        for name, logits in models.items():
            note_model(lab, name, logits, teacher.test_logits, full, setting.calibrate)
        if data == "digits":
            note_coverage(lab, Part(models[POPULATION], teacher.test_logits, full.test_labels))


def split_of(setting: Setting, seed: int) -> Split:
    """Split a data set; the rows held out are the test rows."""
    return split(*setting.rows(), seed, train=setting.train, test=setting.calibrate + setting.test)


def students_of(lab: Lab, data: str, taught: Split, teacher: Teacher) -> dict[str, NDArray[np.float64]]:
    """Train the students of some rows, and return their logits on the rows held out, by arm."""
    rows, targets = taught.train_labels.shape[1], teacher.on(taught)
    if data == "digits":
        network, start = forward, partial(initial_parameters, (taught.train_inputs.shape[-1], WIDTH, 10))
    else:
        network = conv_forward
        start = partial(initial_conv_network, (8, 16), *kernel_and_shape(taught), (WIDTH, 10))
    lessons = {
        arm.name: Lesson(taught.train, loss_of(arm), None if arm.temperature is None else targets)
        for arm in ARMS.values()
        if (arm.data, arm.rows) == (data, rows)
    }
    students = lab.students(lessons, start, OPTIMISER, steps=DATA[data].steps, batch_size=BATCH_SIZE, forward=network)
    return {name: logits_of(networks.parameters, taught.test_inputs, network) for name, networks in students.items()}


def loss_of(arm: Arm) -> Callable[..., torch.Tensor]:
    """Return the loss of an arm: labels alone, or the teacher alone."""
    if arm.temperature is None:
        return partial(distillation_loss, alpha=0.0)
    return partial(distillation_loss, temperature=arm.temperature, alpha=1.0)


def note_model(
    lab: Lab, name: str, logits: NDArray[np.float64], teacher_logits: NDArray[np.float64], full: Split, calibrate: int
) -> None:
    """Measure the models of an arm, as they are and with a temperature fitted to the rows to calibrate on."""
    held = Part(logits, teacher_logits, full.test_labels)
    to_fit, to_test = held.rows(slice(calibrate)), held.rows(slice(calibrate, None))
    T = [fit_temperature(*of_seed) for of_seed in zip(to_fit.logits, to_fit.labels, strict=True)]
    tested = full._replace(test_inputs=full.test_inputs[:, calibrate:], test_labels=to_test.labels)
    for arm, divisor in {name: np.ones(len(T)), f"{name}_scaled": np.array(T)}.items():
        if arm == f"{name}_scaled" and name.endswith("constant"):
            continue
        fitted, measured = (part._replace(logits=part.logits / divisor[:, None, None]) for part in (to_fit, to_test))
        lab.exam(arm, measured.logits, teacher_logits[:, calibrate:], tested)
        lab.note(arm, [measures_of(fitted.of(i), measured.of(i), T[i]) for i in range(len(T))])
    lab.note(name, [interval_measures(to_test.of(i), seed) for i, seed in enumerate(lab.seeds)])


def note_coverage(lab: Lab, held: Part) -> None:
    """Measure the intervals of samples from the losses of the rows held out."""
    of_seeds = [coverage_of(populations_of(held.of(i)), seed) for i, seed in enumerate(lab.seeds)]
    for arm in of_seeds[0]:
        lab.note(arm, [of_seed[arm] for of_seed in of_seeds])


def measures_of(calibrate: Part, test: Part, temperature: float) -> dict[str, Any]:
    """Measure the probabilities of a model: its losses, calibration and conformal sets."""
    confidence, correct = top_label_of_logits(test.logits, test.labels)
    b = bin_of(confidence, BINS)
    ece, null = expected_calibration_error(confidence, correct, b), null_calibration_error(confidence, b)
    threshold = conformal_threshold(softmax(calibrate.logits, 1.0), calibrate.labels, CONFORMAL_LEVEL)
    sets = conformal_coverage(conformal_sets(softmax(test.logits, 1.0), threshold), test.labels)
    bins = reliability(confidence, correct, b, BINS)
    sums = [bins.count, *(np.nan_to_num(bins.count * mean) for mean in (bins.confidence, bins.accuracy))]
    return {
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
        "nll": negative_log_likelihood(log_softmax(logits, 1.0), labels),
        "brier": brier_score(softmax(logits, 1.0), labels),
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
        n = len(of_model)
        judged = fidelity(of_model, of_teacher[loss], resamples(n, RESAMPLES, rng), LEVEL)
        apart = (resamples(n, RESAMPLES, other_rng) for _ in range(2))
        unpaired = difference_interval(of_model, of_teacher[loss], next(apart), LEVEL, teacher_blocks=next(apart))
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


def coverage_of(populations: dict[str, NDArray[np.float64]], seed: int) -> dict[str, dict[str, float]]:
    """Draw samples from the populations of one seed, and count which intervals hold the mean.

    Parameters
    ----------
    populations : dict
        As `populations_of` returns them, of one size.
    seed : int
        Decides the samples and resamples, which all populations and methods share.

    Returns
    -------
    dict
        By arm: the "skewness" of populations; "coverage" and "below" of each size of samples and method.
    """
    means = {name: values.mean() for name, values in populations.items()}
    size = len(populations["normal"])
    measures = {name: {"skewness": float(stats.skew(values))} for name, values in populations.items()}
    for n in SIZES:
        drawn = generators([seed], f"samples of {n}")[0].integers(size, size=(SAMPLES, n))
        for method in METHODS:
            (rng,) = generators([seed], f"resamples of {n}")
            found = [
                intervals_of({name: values[rows] for name, values in populations.items()}, method, int(key))
                for rows, key in zip(drawn, rng.integers(2**32, size=SAMPLES), strict=True)
            ]
            for name, mean in means.items():
                measures[f"{name}_n{n}_{method}"] = {
                    "coverage": float(np.mean([of[name].low <= mean <= of[name].high for of in found])),
                    "below": float(np.mean([of[name].high < mean for of in found])),
                }
    return measures


def intervals_of(sample: dict[str, NDArray[np.float64]], method: str, key: int) -> dict[str, Interval]:
    """Return the interval of each mean of a sample; all from the same resamples, which the key decides."""

    def drawn() -> Iterator[NDArray[np.int64]]:
        return resamples(len(sample["normal"]), RESAMPLES, np.random.default_rng(key))

    found = {"normal": bootstrap_interval(sample["normal"], drawn(), LEVEL, method)}
    for loss in LOSSES:
        of_both = fidelity(sample[f"student_{loss}"], sample[f"teacher_{loss}"], drawn(), LEVEL, method)
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
        Those of `run`.

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


QUESTION = (
    "How often do bootstrap intervals of a mean loss hold it, do the widths and the overlap of two models' intervals "
    "tell what their paired difference tells, and are distilled students better calibrated than students of labels, "
    "before and after temperature scaling?"
)
MODELS = {
    **{f"{data}_teacher": f"{data}: the teacher" for data in DATA},
    **{
        name: f"{arm.data}: {arm.rows:,} rows, "
        + ("labels" if arm.temperature is None else f"soft targets, T = {arm.temperature:g}")
        for name, arm in ARMS.items()
    },
}
LOSS_OF = {
    "student": "the loss of a distilled student",
    "teacher": "the loss of the teacher",
    "gap": "the difference of student and teacher",
}
MEANS = {
    **{f"{model}_{loss}": f"{words} ({loss})" for loss in LOSSES for model, words in LOSS_OF.items()},
    "normal": "normal scores",
}
WORDS = {
    **MODELS,
    **{f"{name}_scaled": f"{words}, with a temperature fitted afterwards" for name, words in MODELS.items()},
    **{f"{data}_constant": f"{data}: a model that gives every class 1/10" for data in DATA},
    **MEANS,
    **{
        f"{name}_n{n}_{method}": f"{words}: {method} intervals of {n} rows"
        for name, words in MEANS.items()
        for n in SIZES
        for method in METHODS
    },
}
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

EXPERIMENT = Experiment(
    question=QUESTION,
    words=WORDS,
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    may_copy={
        f"{data}_teacher{scaled}": "the teacher stands beside itself" for data in DATA for scaled in ("", "_scaled")
    },
)
