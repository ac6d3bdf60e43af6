"""Uncertainty of a mean loss: what another test set would have given. The equations of interplay/uncertainty.

p, log_p: probabilities (..., C) and their logarithms; y: labels (...), integers. losses: (n,). blocks: arrays (b, n) of
indices, a resample a row, as `resamples` draws them. sizes: None, or how many rows each of n groups has: the losses are
then the groups' sums.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator
from fractions import Fraction
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from kdlab.core.calibration import wilson_low

BLOCK = 2**16  # indices drawn at once: with their losses they fit into a processor's cache


class Interval(NamedTuple):
    """An estimate and its interval."""

    estimate: float
    low: float
    high: float


class Fidelity(NamedTuple):
    """The intervals of a teacher's and a student's mean loss and of their difference, and two weak criteria."""

    student: Interval
    teacher: Interval
    difference: Interval
    width_ratio: float
    covers_teacher: bool


class Coverage(NamedTuple):
    """How many prediction sets hold the label, and how many classes they hold."""

    coverage: float
    mean_size: float


# --- losses ---------------------------------------------------------------------------------------------------------


def negative_log_likelihood(log_p: ndarray, y: ndarray) -> ndarray:
    """-log p_y."""
    return -of_label(log_p, y)


def negative_log_likelihood_of_probs(p: ndarray, y: ndarray) -> ndarray:
    """-log p_y, infinite where p_y is 0."""
    return -np.log(of_label(p, y))


def brier_score(p: ndarray, y: ndarray) -> ndarray:
    """sum_c (p_c - [c = y])^2."""
    gap, y = p.copy(), y[..., np.newaxis]
    np.put_along_axis(gap, y, np.take_along_axis(gap, y, -1) - 1, -1)
    return np.einsum("...c,...c->...", gap, gap)


# --- the bootstrap distribution -------------------------------------------------------------------------------------


def resamples(n: int, num_resamples: int, rng: np.random.Generator) -> Iterator[ndarray]:
    """Draw i_1 ... i_n ~ Uniform{0 ... n-1} for each resample, in blocks on which the draws do not depend."""
    at_once = max(1, BLOCK // n)
    for start in range(0, num_resamples, at_once):
        drawn = rng.integers(n, size=(min(at_once, num_resamples - start), n), dtype=np.int64)  # the same everywhere
        yield drawn.astype(np.intp, copy=False)  # in the page indices have 32 bits, and longer ones fail


def bootstrap_means(losses: ndarray, blocks: Iterable[ndarray], sizes: ndarray | None = None) -> ndarray:
    """1/n sum_j losses[i_j], of each resample."""
    return means_of([losses], blocks, sizes)[0]


def ideal_bootstrap_means(losses: ndarray) -> ndarray:
    """The means of all n^n resamples there are."""
    return functools.reduce(np.add.outer, [losses] * losses.size).ravel() / losses.size


def bootstrap_variance(losses: ndarray) -> float:
    """1/n 1/n sum_i (l_i - mean l)^2, exactly."""
    return float(losses.var() / losses.size)


# --- intervals ------------------------------------------------------------------------------------------------------


def bootstrap_interval(
    losses: ndarray,
    blocks: Iterable[ndarray],
    level: float = 0.95,
    method: str = "percentile",
    sizes: ndarray | None = None,
) -> Interval:
    """[Q((1 - level)/2), Q((1 + level)/2)], the quantiles of the means of the resamples."""
    return interval(bootstrap_means(losses, blocks, sizes), losses, sizes, level, method)


def difference_interval(
    student: ndarray,
    teacher: ndarray,
    blocks: Iterable[ndarray],
    level: float = 0.95,
    method: str = "percentile",
    sizes: ndarray | None = None,
    teacher_blocks: Iterable[ndarray] | None = None,
) -> Interval:
    """The interval of 1/n sum_j (student - teacher)[i_j]: the same rows for both, unless the teacher has its own."""
    difference = student - teacher
    if teacher_blocks is None:
        return bootstrap_interval(difference, blocks, level, method, sizes)
    means = bootstrap_means(student, blocks, sizes) - bootstrap_means(teacher, teacher_blocks, sizes)
    return interval(means, difference, sizes, level, method)


def fidelity(
    student: ndarray,
    teacher: ndarray,
    blocks: Iterable[ndarray],
    level: float = 0.95,
    method: str = "percentile",
    sizes: ndarray | None = None,
) -> Fidelity:
    """Three intervals of the same resamples; ratio of the widths; whether the student's holds the teacher's mean."""
    series = [student, teacher, student - teacher]
    of_means = zip(means_of(series, blocks, sizes), series, strict=True)
    of_student, of_teacher, difference = (interval(means, of, sizes, level, method) for means, of in of_means)
    width, teacher_width = of_student.high - of_student.low, of_teacher.high - of_teacher.low
    ratio = 1.0 if width == teacher_width else math.inf if teacher_width == 0 else width / teacher_width
    covers = of_student.low <= of_teacher.estimate <= of_student.high
    return Fidelity(of_student, of_teacher, difference, ratio, covers)


def wilson_interval(right: int, count: int, level: float = 0.95) -> Interval:
    """The s with |right/count - s| <= z sqrt(s (1 - s)/count), of a share of few rows."""
    low, above = wilson_low(right / count, count, level), wilson_low((count - right) / count, count, level)
    return Interval(right / count, float(low), float(1 - above))


# --- conformal prediction -------------------------------------------------------------------------------------------


def conformal_threshold(p: ndarray, y: ndarray, level: float = 0.9) -> float:
    """t = the ceil((n + 1) level)-th largest p_y; 0 if there is none."""
    p_y = of_label(p, y).ravel()
    # level as the decimal number that it was written as: 0.9 * 10 is 9, not 9.000000000000002
    rank = math.ceil((p_y.size + 1) * Fraction(repr(level)))
    return float(np.sort(p_y)[-rank]) if rank <= p_y.size else 0.0


def conformal_sets(p: ndarray, t: float) -> ndarray:
    """{c : p_c >= t}."""
    return p >= t


def conformal_coverage(sets: ndarray, y: ndarray) -> Coverage:
    """1/n sum_i [y_i in the set], and 1/n sum_i of the sets' sizes."""
    return Coverage(float(of_label(sets, y).mean()), float(sets.sum(axis=-1).mean()))


# --- what these rest on ---------------------------------------------------------------------------------------------


def of_label(array: ndarray, y: ndarray) -> ndarray:
    """Return what each row has for its label."""
    return np.take_along_axis(array, y[..., np.newaxis], -1)[..., 0]


def means_of(series: list[ndarray], blocks: Iterable[ndarray], sizes: ndarray | None) -> ndarray:
    """Return the means of the resamples, a row for each series: all share the resamples."""
    means = []
    for block in blocks:
        if sizes is None:
            means.append([losses.take(block).mean(axis=1) for losses in series])
        else:
            rows = sizes.take(block).sum(axis=1)
            means.append([sums.take(block).sum(axis=1) / rows for sums in series])
    return np.concatenate(means, axis=1)


def interval(means: ndarray, losses: ndarray, sizes: ndarray | None, level: float, method: str) -> Interval:
    """Return the quantiles; "basic": these reflected at the estimate; "bca": quantiles of corrected tails."""
    sizes = np.ones(losses.size) if sizes is None else sizes
    estimate = losses.sum() / sizes.sum()
    tails = [(1 - level) / 2, (1 + level) / 2]
    if method == "bca":
        if np.ptp(losses / sizes) == 0:
            return Interval(float(estimate), float(estimate), float(estimate))
        left_out = (losses - sizes * estimate) / (sizes.sum() - sizes)  # what leaving out a row does to the mean
        tails = bca_tails(means, estimate, left_out - left_out.mean(), tails)
    low, high = np.quantile(means, tails)
    if method == "basic":
        low, high = 2 * estimate - high, 2 * estimate - low
    return Interval(float(estimate), float(low), float(high))


def bca_tails(means: ndarray, estimate: float, influence: ndarray, tails: list[float]) -> list[float]:
    """Return the tails corrected for the median bias z_0 of the bootstrap and its acceleration a."""
    normal = NormalDist()
    below = ((means < estimate).mean() + (means <= estimate).mean()) / 2
    least = 0.5 / means.size  # no resample on one side: as if half of one were
    z_0 = normal.inv_cdf(min(max(float(below), least), 1 - least))
    influence = influence / np.abs(influence).max()  # cubes of tiny numbers vanish
    a = float((influence**3).sum() / (6 * (influence**2).sum() ** 1.5))
    corrected = []
    for tail in tails:
        z = z_0 + normal.inv_cdf(tail)
        corrected.append(normal.cdf(z_0 + z / (1 - a * z)) if a * z < 1 else float(z > 0))
    return corrected
