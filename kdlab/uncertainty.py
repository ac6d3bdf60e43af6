r"""Uncertainty of an evaluation: how far a mean loss could be off because the test set happened to be this one.

.. math:: \bar\ell^* = \frac{1}{n} \sum_{j=1}^n \ell_{i_j}, \qquad i_j \sim \mathrm{Uniform}\{1, \dots, n\}

with the losses :math:`\ell` of the n rows, resampled with replacement. Chapter: interplay/uncertainty.
"""

from __future__ import annotations

import functools
import math
import warnings
from collections.abc import Iterator
from fractions import Fraction
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kdlab.conventions import (
    FloatArray,
    IntArray,
    as_choice,
    as_classes,
    as_finite,
    as_integer,
    as_labels,
    as_logits,
    as_number,
    as_probs,
    as_rng,
    check_same_shape,
    reduced,
    widened,
)

BLOCK = 2**16  # indices drawn at once: with their losses they fit into a processor's cache
ROUNDING = 1e-6  # how far above 0 a log-probability may lie, by rounding
LARGEST_IDEAL = 8  # 8**8 means take 134 MB


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


def negative_log_likelihood(
    log_probs: ArrayLike, labels: ArrayLike, *, axis: int = -1, reduction: str = "none"
) -> FloatArray:
    r"""Negative log-likelihood of the labels, from log-probabilities.

    .. math:: \ell_i = -\log p_{i y_i}

    Parameters
    ----------
    log_probs : array_like, shape (..., C)
        Logarithms of probabilities, at most 0; -inf for a probability of 0. Of logits, first take
        `kdlab.temperature.log_softmax`.
    labels : array_like of int, shape of `log_probs` without `axis`
        Labels y in [0, C - 1].
    axis : int
        The class axis.
    reduction : str
        "none": one loss for each row; "sum"; "mean".

    Returns
    -------
    ndarray or float
        The losses in nats, in [0, inf], of the shape of `labels`. inf where the label had probability 0: nothing is
        clipped.

    Raises
    ------
    TypeError
        If `log_probs` are not real numbers, or `labels` not integers.
    ValueError
        If `log_probs` are no log-probabilities, a label is out of range, or the shapes do not fit.

    Examples
    --------
    >>> negative_log_likelihood(np.log([[0.7, 0.3], [0.2, 0.8]]), [0, 0]).round(3)
    array([0.357, 1.609])
    """
    log_p = widened(as_logits("log_probs", log_probs, axis))
    if (log_p > ROUNDING).any():
        raise ValueError(f"log_probs must be at most 0; {log_p.max()} was given (logits need log_softmax first).")
    labels = as_labels("labels", labels, *_classes_and_rows(log_p, axis))
    return reduced(-_of_label(log_p, labels, axis), reduction)


def negative_log_likelihood_of_probs(
    probs: ArrayLike, labels: ArrayLike, *, axis: int = -1, reduction: str = "none"
) -> FloatArray:
    r"""Negative log-likelihood of the labels, from probabilities.

    .. math:: \ell_i = -\log p_{i y_i}

    Where a probability has been rounded to 0, the loss is inf; `negative_log_likelihood` does not suffer from that.

    Parameters
    ----------
    probs : array_like, shape (..., C)
        Probabilities p in [0, 1], sum 1 along `axis`.
    labels : array_like of int, shape of `probs` without `axis`
        Labels y in [0, C - 1].
    axis : int
        The class axis.
    reduction : str
        "none": one loss for each row; "sum"; "mean".

    Returns
    -------
    ndarray or float
        The losses in nats, in [0, inf]; nothing is clipped.

    Raises
    ------
    TypeError, ValueError
        As `brier_score` does.

    Examples
    --------
    >>> negative_log_likelihood_of_probs([[0.7, 0.3], [1.0, 0.0]], [0, 1]).round(3)
    array([0.357,   inf])
    """
    p = widened(as_probs("probs", probs, axis))
    labels = as_labels("labels", labels, *_classes_and_rows(p, axis))
    with np.errstate(divide="ignore"):
        return reduced(-np.log(_of_label(p, labels, axis)), reduction)


def brier_score(probs: ArrayLike, labels: ArrayLike, *, axis: int = -1, reduction: str = "none") -> FloatArray:
    r"""Brier score: the squared distance of the probabilities from the label.

    .. math:: \ell_i = \sum_c (p_{ic} - \mathbb 1[y_i = c])^2

    Parameters
    ----------
    probs : array_like, shape (..., C)
        Probabilities p in [0, 1], sum 1 along `axis`.
    labels : array_like of int, shape of `probs` without `axis`
        Labels y in [0, C - 1].
    axis : int
        The class axis.
    reduction : str
        "none": one score for each row; "sum"; "mean".

    Returns
    -------
    ndarray or float
        The scores, in [0, 2]: the sum over the classes, of which some libraries take half.

    Raises
    ------
    TypeError
        If `probs` are not real numbers, or `labels` not integers.
    ValueError
        If `probs` are no probabilities, a label is out of range, the shapes do not fit, or `reduction` is not allowed.

    References
    ----------
    Brier (1950), Verification of Forecasts Expressed in Terms of Probability.

    Examples
    --------
    >>> brier_score([[0.7, 0.3], [0.0, 1.0]], [0, 0]).round(2)
    array([0.18, 2.  ])
    """
    p = np.moveaxis(widened(as_probs("probs", probs, axis)), axis, -1)
    labels = as_labels("labels", labels, p.shape[-1], p.shape[:-1])[..., np.newaxis]
    gap = p.copy()
    np.put_along_axis(gap, labels, np.take_along_axis(gap, labels, -1) - 1, -1)
    return reduced(np.einsum("...c,...c->...", gap, gap), reduction)


def bootstrap_means(
    losses: ArrayLike,
    *,
    num_resamples: int = 10_000,
    groups: ArrayLike | None = None,
    indices: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
) -> FloatArray:
    r"""Mean losses of resamples of the rows, drawn with replacement.

    .. math:: \bar\ell^*_b = \frac{1}{n} \sum_{j=1}^n \ell_{i_{bj}}, \qquad b = 1, \dots, B

    Drawn in blocks that stay small, whatever n and B. The result depends on the generator alone, not on the blocks.

    Parameters
    ----------
    losses : array_like, shape (n,)
        Finite losses.
    num_resamples : int
        B, at least 1. At B = 1000 an end point of a 95 % interval has a Monte Carlo error of about 0.09 standard errors
        of the mean, at 10^4 of 0.03.
    groups : array_like, shape (n,), or None
        The group of each row. Whole groups are drawn, as many as there are, and each resample's mean is
        over its rows: for rows that depend on each other, such as the sentences of a text or blocks of time.
    indices : array_like of int, shape (B, n), or None
        Rows (or groups, in the order of their sorted names) to use, instead of drawing them.
    rng : numpy.random.Generator or None
        Source of the draws; needed unless `indices` are given.

    Returns
    -------
    ndarray, shape (B,)
        The means, in float64. Their variance tends to `bootstrap_variance`.

    Raises
    ------
    TypeError
        If an array does not hold numbers of its kind, or `rng` is no generator.
    ValueError
        If there is no loss, one is NaN or infinite, or a shape or a number is not allowed.

    Warns
    -----
    UserWarning
        If there is one row (or group) only, from which nothing can be learned about the uncertainty.

    References
    ----------
    Efron (1979), Bootstrap Methods: Another Look at the Jackknife.

    Examples
    --------
    >>> bootstrap_means([1.0, 2.0, 4.0], indices=[[0, 0, 1], [2, 2, 2]]).round(3)
    array([1.333, 4.   ])
    """
    (sums,), sizes = _units(groups, losses=losses)
    return _resampled_means([sums], sizes, num_resamples, indices, rng)[0]


def bootstrap_interval(
    losses: ArrayLike,
    *,
    num_resamples: int = 10_000,
    level: float = 0.95,
    method: str = "percentile",
    groups: ArrayLike | None = None,
    indices: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
) -> Interval:
    r"""Bootstrap interval of a mean loss.

    .. math:: [Q(\tfrac{1 - \gamma}{2}), \; Q(\tfrac{1 + \gamma}{2})]

    with the level :math:`\gamma` and the quantiles Q of `bootstrap_means`, interpolated linearly. Its coverage is not
    the level where losses are skewed: NLL at n = 30 was covered 79 % of the time at 95 %, and "bca" adds
    some points only. It says nothing of what another training seed would give.

    Parameters
    ----------
    losses, num_resamples, groups, indices, rng
        As for `bootstrap_means`.
    level : float
        In (0, 1).
    method : str
        "percentile"; "basic": reflected at the estimate; "bca": bias-corrected and accelerated.

    Returns
    -------
    Interval
        `estimate`, the mean loss, `low` and `high`. Without any spread of the losses the interval is the estimate.

    Raises
    ------
    TypeError, ValueError
        As `bootstrap_means` does; ValueError also if `level` or `method` is not allowed.

    Warns
    -----
    UserWarning
        If there is one row (or group) only: the width is then 0.

    References
    ----------
    Efron (1979); Efron and Tibshirani (1993), An Introduction to the Bootstrap.

    Examples
    --------
    >>> bootstrap_interval([1.0, 2.0, 4.0], indices=[[0, 0, 0], [1, 1, 1], [2, 2, 2]], level=0.5)
    Interval(estimate=2.3333333333333335, low=1.5, high=3.0)
    """
    (sums,), sizes = _units(groups, losses=losses)
    return _intervals([sums], sizes, level, method, num_resamples, indices, rng)[0]


def difference_interval(
    student_losses: ArrayLike,
    teacher_losses: ArrayLike,
    *,
    paired: bool = True,
    num_resamples: int = 10_000,
    level: float = 0.95,
    method: str = "percentile",
    groups: ArrayLike | None = None,
    indices: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
) -> Interval:
    r"""Bootstrap interval of the difference of two models' mean losses on the same rows.

    .. math:: \bar d^*_b = \frac{1}{n} \sum_{j=1}^n (\ell^S_{i_{bj}} - \ell^T_{i_{bj}})

    Both models meet the same hard rows. Resampled together, what they share cancels: the interval is narrower the more
    their losses correlate, and excludes 0 in many a case in which the two separate intervals overlap.

    Parameters
    ----------
    student_losses, teacher_losses : array_like, shape (n,)
        Finite losses of the same rows.
    paired : bool
        Whether a resample has the same rows for both. If not, the rows are drawn for each model on its own,
        which is right only for models that were evaluated on different rows; `indices` cannot be given then.
    num_resamples, groups, indices, rng
        As for `bootstrap_means`.
    level, method
        As for `bootstrap_interval`; "bca" for pairs only.

    Returns
    -------
    Interval
        Student less teacher: below 0 where the student is better. [0, 0] for identical losses, if paired.

    Raises
    ------
    TypeError, ValueError
        As `bootstrap_interval` does; ValueError also if the shapes differ.

    Warns
    -----
    UserWarning
        If there is one row (or group) only.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap.

    Examples
    --------
    >>> difference_interval([3.0, 1.0], [2.0, 0.0], rng=np.random.default_rng(0))
    Interval(estimate=1.0, low=1.0, high=1.0)
    """
    (student, teacher), sizes = _units(groups, student_losses=student_losses, teacher_losses=teacher_losses)
    if paired:
        return _intervals([student - teacher], sizes, level, method, num_resamples, indices, rng)[0]
    level = as_number("level", level, "(0, 1)")
    as_choice("method", method, "percentile", "basic")
    if indices is not None:
        raise ValueError("indices must be None where paired is False; each model draws its own.")
    means = [_resampled_means([sums], sizes, num_resamples, None, rng)[0] for sums in (student, teacher)]
    return _interval(means[0] - means[1], student - teacher, sizes, level, method)


def fidelity(
    student_losses: ArrayLike,
    teacher_losses: ArrayLike,
    *,
    num_resamples: int = 10_000,
    level: float = 0.95,
    method: str = "percentile",
    groups: ArrayLike | None = None,
    indices: ArrayLike | None = None,
    rng: np.random.Generator | None = None,
) -> Fidelity:
    r"""Intervals of both models and of their paired difference, and the two criteria often read off them.

    .. math:: \mathrm{ratio} = \frac{\mathrm{high}_S - \mathrm{low}_S}{\mathrm{high}_T - \mathrm{low}_T}, \qquad
        \mathrm{covers} = [\mathrm{low}_S \le \bar\ell^T \le \mathrm{high}_S]

    Both criteria are weak. Widths say nothing of the level: a constant predictor has width 0, and a student twice as
    bad can have the teacher's width. Coverage takes the teacher's estimate for the truth, though it comes
    from the same rows. Judge by `difference`.

    Parameters
    ----------
    student_losses, teacher_losses : array_like, shape (n,)
        Finite losses of the same rows.
    num_resamples, groups, indices, rng
        As for `bootstrap_means`; all intervals share the resamples.
    level, method
        As for `bootstrap_interval`.

    Returns
    -------
    Fidelity
        The intervals `student`, `teacher` and `difference` (student less teacher); `width_ratio` in [0, inf], which is
        1 if both widths are 0; `covers_teacher`.

    Raises
    ------
    TypeError, ValueError
        As `difference_interval` does.

    Warns
    -----
    UserWarning
        If there is one row (or group) only.

    Examples
    --------
    >>> found = fidelity([3.0, 1.0], [2.0, 0.0], rng=np.random.default_rng(0))
    >>> found.width_ratio, found.covers_teacher
    (1.0, True)
    """
    (student, teacher), sizes = _units(groups, student_losses=student_losses, teacher_losses=teacher_losses)
    series = [student, teacher, student - teacher]
    of_student, of_teacher, difference = _intervals(series, sizes, level, method, num_resamples, indices, rng)
    width, teacher_width = of_student.high - of_student.low, of_teacher.high - of_teacher.low
    ratio = 1.0 if width == teacher_width else math.inf if teacher_width == 0 else width / teacher_width
    covers = of_student.low <= of_teacher.estimate <= of_student.high
    return Fidelity(of_student, of_teacher, difference, ratio, covers)


def bootstrap_variance(losses: ArrayLike) -> float:
    r"""Exact variance of the bootstrap's means, which no number of resamples can improve on.

    .. math:: \mathrm{Var}(\bar\ell^*) = \frac{1}{n} \cdot \frac{1}{n} \sum_i (\ell_i - \bar\ell)^2

    It is (n - 1)/n times the usual estimate of the variance of a mean.

    Parameters
    ----------
    losses : array_like, shape (n,)
        Finite losses.

    Returns
    -------
    float
        The variance, in [0, inf).

    Raises
    ------
    TypeError
        If `losses` are not real numbers.
    ValueError
        If there is no loss, or one is NaN or infinite.

    References
    ----------
    Efron (1979).

    Examples
    --------
    >>> round(bootstrap_variance([1.0, 2.0, 4.0]), 4)
    0.5185
    """
    (losses,), _ = _units(None, losses=losses)
    return float(losses.var() / losses.size)


def ideal_bootstrap_means(losses: ArrayLike) -> FloatArray:
    r"""Means of all resamples there are: the ideal bootstrap, without Monte Carlo error.

    .. math:: \Big\{ \frac{1}{n} \sum_{j=1}^n \ell_{i_j} \;:\; (i_1, \dots, i_n) \in \{1, \dots, n\}^n \Big\}

    Parameters
    ----------
    losses : array_like, shape (n,)
        Finite losses, n from 1 to 8.

    Returns
    -------
    ndarray, shape (n**n,)
        The means, each as often as it arises.

    Raises
    ------
    TypeError
        If `losses` are not real numbers.
    ValueError
        If there are none or more than 8, or one is NaN or infinite.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap.

    Examples
    --------
    >>> ideal_bootstrap_means([0.0, 1.0])
    array([0. , 0.5, 0.5, 1. ])
    """
    (losses,), _ = _units(None, losses=losses)
    n = losses.size
    if n > LARGEST_IDEAL:
        raise ValueError(f"losses must be at most {LARGEST_IDEAL}, for n**n means; {n} were given.")
    return functools.reduce(np.add.outer, [losses] * n).ravel() / n


def conformal_threshold(probs: ArrayLike, labels: ArrayLike, *, level: float = 0.9, axis: int = -1) -> float:
    r"""Probability from which on a class belongs to the prediction set (split conformal prediction).

    .. math:: t = \text{the } \lceil (n + 1) \gamma \rceil \text{-th largest of } p_{1 y_1}, \dots, p_{n y_n}

    A new row that is exchangeable with these has its label in the set with a probability of at least
    :math:`\gamma`, over rows and calibration sets together, whatever the model.

    Parameters
    ----------
    probs : array_like, shape (n, C)
        Probabilities of calibration rows, on which the model was not trained.
    labels : array_like of int, shape (n,)
        Their labels, in [0, C - 1].
    level : float
        The wanted coverage, in (0, 1).
    axis : int
        The class axis.

    Returns
    -------
    float
        t in [0, 1]. 0, so that each set holds all classes, if n is too small for the level.

    Raises
    ------
    TypeError, ValueError
        As `brier_score` does; ValueError also if there is no row, or `level` is not allowed.

    References
    ----------
    Vovk, Gammerman and Shafer (2005); Sadinle, Lei and Wasserman (2019).

    Examples
    --------
    >>> conformal_threshold([[0.7, 0.3], [0.6, 0.4], [0.2, 0.8]], [0, 1, 1], level=0.5)
    0.7
    """
    p = widened(as_probs("probs", probs, axis))
    p_y = _of_label(p, as_labels("labels", labels, *_classes_and_rows(p, axis)), axis).ravel()
    if p_y.size == 0:
        raise ValueError("labels must hold at least one label; there is no row to calibrate on.")
    # level as the decimal number that it was written as: 0.9 * 10 is 9, not 9.000000000000002
    rank = math.ceil((p_y.size + 1) * Fraction(repr(as_number("level", level, "(0, 1)"))))
    return float(np.sort(p_y)[-rank]) if rank <= p_y.size else 0.0


def conformal_sets(probs: ArrayLike, threshold: float, *, axis: int = -1) -> NDArray[np.bool_]:
    r"""Prediction sets: the classes that are probable enough.

    .. math:: \Gamma_i = \{ c : p_{ic} \ge t \}

    Parameters
    ----------
    probs : array_like, shape (..., C)
        Probabilities of new rows.
    threshold : float
        t in [0, 1], from `conformal_threshold`.
    axis : int
        The class axis.

    Returns
    -------
    ndarray of bool, same shape as `probs`
        Whether each class is in the set. A set can be empty.

    Raises
    ------
    TypeError, ValueError
        If `probs` are no probabilities or `threshold` is not in [0, 1].

    References
    ----------
    Sadinle, Lei and Wasserman (2019), Least Ambiguous Set-Valued Classifiers.

    Examples
    --------
    >>> conformal_sets([[0.7, 0.2, 0.1]], 0.2)
    array([[ True,  True, False]])
    """
    return widened(as_probs("probs", probs, axis)) >= as_number("threshold", threshold, "[0, 1]")


def conformal_coverage(sets: ArrayLike, labels: ArrayLike, *, axis: int = -1) -> Coverage:
    r"""Share of prediction sets that hold the label, and their mean size.

    .. math:: \frac{1}{n} \sum_i \mathbb 1[y_i \in \Gamma_i], \qquad \frac{1}{n} \sum_i |\Gamma_i|

    Parameters
    ----------
    sets : array_like of bool, shape (..., C)
        Whether each class is in the set of the row.
    labels : array_like of int, shape of `sets` without `axis`
        Labels y in [0, C - 1].
    axis : int
        The class axis.

    Returns
    -------
    Coverage
        `coverage` in [0, 1] and `mean_size` in [0, C]. Of two models with the same coverage, the one with
        the smaller sets is surer of what it knows.

    Raises
    ------
    TypeError
        If `sets` are not booleans, or `labels` not integers.
    ValueError
        If there is no row, a label is out of range, or the shapes do not fit.

    Examples
    --------
    >>> conformal_coverage([[True, False], [True, True], [True, False], [False, True]], [0, 1, 1, 1])
    Coverage(coverage=0.75, mean_size=1.25)
    """
    as_classes("sets", sets, axis)
    sets = np.asarray(sets)
    if sets.dtype != np.bool_:
        raise TypeError(f"sets must hold booleans; {sets.dtype} was given.")
    labels = as_labels("labels", labels, *_classes_and_rows(sets, axis))
    if labels.size == 0:
        raise ValueError("labels must hold at least one label; there is no row to take a mean of.")
    return Coverage(float(_of_label(sets, labels, axis).mean()), float(sets.sum(axis=axis).mean()))


def _classes_and_rows(array: np.ndarray, axis: int) -> tuple[int, tuple[int, ...]]:
    """Return C, and the shape without the class axis."""
    rows = list(array.shape)
    return rows.pop(axis), tuple(rows)


def _of_label(array: np.ndarray, labels: IntArray, axis: int) -> np.ndarray:
    return np.take_along_axis(array, np.expand_dims(labels, axis), axis).squeeze(axis)


def _units(groups: ArrayLike | None, **losses: ArrayLike) -> tuple[list[FloatArray], FloatArray | None]:
    """Return what is resampled: the losses themselves, or the sums of their groups and how many rows each has."""
    checked = {name: as_finite(name, value, ndim=1).astype(np.float64) for name, value in losses.items()}
    check_same_shape(**checked)
    rows = list(checked.values())
    if rows[0].size == 0:
        raise ValueError(f"{' and '.join(losses)} must hold at least one loss; there is no row to take a mean of.")
    if groups is None:
        return rows, None
    names = np.asarray(groups)
    if names.shape != rows[0].shape or names.dtype.kind not in "iubUS":
        raise ValueError(
            f"groups must hold an integer or a string for each loss, {rows[0].shape}; "
            f"{names.dtype} of shape {names.shape} was given."
        )
    _, group_of = np.unique(names, return_inverse=True)
    return [np.bincount(group_of, weights=row) for row in rows], np.bincount(group_of).astype(np.float64)


def _resampled_means(
    series: list[FloatArray],
    sizes: FloatArray | None,
    num_resamples: int,
    indices: ArrayLike | None,
    rng: np.random.Generator | None,
) -> FloatArray:
    """Return the means of the resamples, a row for each series; all series share the resamples."""
    units = series[0].size
    if units == 1:
        warnings.warn("losses of one row or group tell nothing about the uncertainty: the width is 0.", stacklevel=4)
    means = []
    for block in _index_blocks(units, num_resamples, indices, rng):
        if sizes is None:
            means.append([row.take(block).mean(axis=1) for row in series])
        else:
            rows = sizes.take(block).sum(axis=1)
            means.append([row.take(block).sum(axis=1) / rows for row in series])
    return np.concatenate(means, axis=1)


def _index_blocks(
    units: int, num_resamples: int, indices: ArrayLike | None, rng: np.random.Generator | None
) -> Iterator[IntArray]:
    """Yield indices of resamples, a resample in each row; int64, the type for which draws do not depend on blocks."""
    B = as_integer("num_resamples", num_resamples, 1)
    if indices is not None:
        given = as_labels("indices", indices, units)
        if given.ndim != 2 or given.shape[0] == 0 or given.shape[1] != units:
            raise ValueError(f"indices must have shape (B, {units}); shape {given.shape} was given.")
        yield given
        return
    rng = as_rng(rng)
    at_once = max(1, BLOCK // units)
    for start in range(0, B, at_once):
        yield rng.integers(units, size=(min(at_once, B - start), units), dtype=np.int64)


def _intervals(
    series: list[FloatArray],
    sizes: FloatArray | None,
    level: float,
    method: str,
    num_resamples: int,
    indices: ArrayLike | None,
    rng: np.random.Generator | None,
) -> list[Interval]:
    level = as_number("level", level, "(0, 1)")
    as_choice("method", method, "percentile", "basic", "bca")
    means = _resampled_means(series, sizes, num_resamples, indices, rng)
    return [_interval(row, sums, sizes, level, method) for row, sums in zip(means, series, strict=True)]


def _interval(means: FloatArray, sums: FloatArray, sizes: FloatArray | None, level: float, method: str) -> Interval:
    """Return the interval of one series, from the means of its resamples."""
    sizes = np.ones(sums.size) if sizes is None else sizes
    estimate = sums.sum() / sizes.sum()
    tails = [(1 - level) / 2, (1 + level) / 2]
    if method == "bca":
        if np.ptp(sums / sizes) == 0:
            return Interval(float(estimate), float(estimate), float(estimate))
        # what leaving out a unit does to the mean
        influence = (sums - sizes * estimate) / (sizes.sum() - sizes)
        tails = _bca_tails(means, estimate, influence - influence.mean(), tails)
    low, high = np.quantile(means, tails)
    if method == "basic":
        low, high = 2 * estimate - high, 2 * estimate - low
    return Interval(float(estimate), float(low), float(high))


def _bca_tails(means: FloatArray, estimate: float, influence: FloatArray, tails: list[float]) -> list[float]:
    """Return the tails corrected for the median bias z_0 of the bootstrap and its acceleration a."""
    normal = NormalDist()
    below = ((means < estimate).mean() + (means <= estimate).mean()) / 2
    least = 0.5 / means.size  # no resample on one side: as if half of one were
    z_0 = normal.inv_cdf(min(max(float(below), least), 1 - least))
    a = float((influence**3).sum() / (6 * (influence**2).sum() ** 1.5))
    corrected = []
    for tail in tails:
        z = z_0 + normal.inv_cdf(tail)
        corrected.append(normal.cdf(z_0 + z / (1 - a * z)) if a * z < 1 else float(z > 0))
    return corrected
