r"""Uncertainty of an evaluation: how far a mean loss could be off because the test set happened to be this one.

.. math:: \bar\ell^* = \frac{1}{n} \sum_{j=1}^n \ell_{i_j}, \qquad i_j \sim \mathrm{Uniform}\{1, \dots, n\}

with the losses :math:`\ell` of the n rows, resampled with replacement. Chapter: interplay/uncertainty.
"""

from __future__ import annotations

from collections.abc import Iterable

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
    classes_last,
    quiet,
    reduced,
    unit_of,
    warn,
    widened,
)
from kdlab.core import uncertainty as core
from kdlab.core.uncertainty import Coverage, Fidelity, Interval

ROUNDING = 1e-6  # how far above 0 a log-probability may lie, by rounding
LARGEST_IDEAL = 8  # 8**8 means take 134 MB


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
    ValueError
        If a log-probability is above 0.

    Examples
    --------
    >>> negative_log_likelihood(np.log([[0.7, 0.3], [0.2, 0.8]]), [0, 0]).round(3)
    array([0.357, 1.609])
    """
    log_p = classes_last(widened(as_logits("log_probs", log_probs, axis)), axis)
    if (log_p > ROUNDING).any():
        raise ValueError(f"log_probs must be at most 0; {log_p.max()} was given (logits need log_softmax first).")
    y = as_labels("labels", labels, log_p.shape[-1], log_p.shape[:-1])
    return reduced(core.negative_log_likelihood(log_p, y), reduction)


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

    Examples
    --------
    >>> negative_log_likelihood_of_probs([[0.7, 0.3], [1.0, 0.0]], [0, 1]).round(3)
    array([0.357,   inf])
    """
    p, y = _probs_and_labels(probs, labels, axis)
    with quiet():
        return reduced(core.negative_log_likelihood_of_probs(p, y), reduction)


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

    References
    ----------
    Brier (1950), Verification of Forecasts Expressed in Terms of Probability.

    Examples
    --------
    >>> brier_score([[0.7, 0.3], [0.0, 1.0]], [0, 0]).round(2)
    array([0.18, 2.  ])
    """
    p, y = _probs_and_labels(probs, labels, axis)
    with quiet():
        return reduced(core.brier_score(p, y), reduction)


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
    ValueError
        If there is no loss, or `indices` or `groups` do not fit the losses.

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
    (losses,), sizes, unit = _units(groups, losses=losses)
    return core.bootstrap_means(losses, _blocks(losses.size, num_resamples, indices, rng), sizes) * unit


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
    (losses,), sizes, unit = _units(groups, losses=losses)
    level, method = as_number("level", level, "(0, 1)"), as_choice("method", method, "percentile", "basic", "bca")
    blocks = _blocks(losses.size, num_resamples, indices, rng)
    return _times(unit, core.bootstrap_interval(losses, blocks, level, method, sizes))


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
    ValueError
        If `indices` are given or `method` is "bca" though `paired` is False.

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
    (student, teacher), sizes, unit = _units(groups, student_losses=student_losses, teacher_losses=teacher_losses)
    level = as_number("level", level, "(0, 1)")
    as_choice("method", method, "percentile", "basic", *(["bca"] if paired else []))
    if indices is not None and not paired:
        raise ValueError("indices must be None where paired is False; each model draws its own.")
    blocks = _blocks(student.size, num_resamples, indices, rng)
    teacher_blocks = None if paired else core.resamples(student.size, num_resamples, rng)
    return _times(unit, core.difference_interval(student, teacher, blocks, level, method, sizes, teacher_blocks))


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
    (student, teacher), sizes, unit = _units(groups, student_losses=student_losses, teacher_losses=teacher_losses)
    level, method = as_number("level", level, "(0, 1)"), as_choice("method", method, "percentile", "basic", "bca")
    blocks = _blocks(student.size, num_resamples, indices, rng)
    *intervals, ratio, covers = core.fidelity(student, teacher, blocks, level, method, sizes)
    return Fidelity(*(_times(unit, found) for found in intervals), ratio, covers)


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

    References
    ----------
    Efron (1979).

    Examples
    --------
    >>> round(bootstrap_variance([1.0, 2.0, 4.0]), 4)
    0.5185
    """
    (losses,), _, unit = _units(None, losses=losses)
    return core.bootstrap_variance(losses) * unit * unit


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
    ValueError
        If there is no loss, or more than 8.

    References
    ----------
    Efron and Tibshirani (1993), An Introduction to the Bootstrap.

    Examples
    --------
    >>> ideal_bootstrap_means([0.0, 1.0])
    array([0. , 0.5, 0.5, 1. ])
    """
    (losses,), _, unit = _units(None, losses=losses)
    if losses.size > LARGEST_IDEAL:
        raise ValueError(f"losses must be at most {LARGEST_IDEAL}, for n**n means; {losses.size} were given.")
    return core.ideal_bootstrap_means(losses) * unit


def wilson_interval(right: int, count: int, level: float = 0.95) -> Interval:
    r"""Wilson's interval of a share: of the answers that are right, say.

    .. math:: \Big\{ s : \Big| \frac{k}{n} - s \Big| \le z \sqrt{\frac{s (1 - s)}{n}} \Big\}

    with k right of n and the z of the level :math:`\gamma`, 1.96 at 95 %. Where all or none are right the bootstrap's
    interval is a point; this one is not.

    Parameters
    ----------
    right : int
        k, from 0 to n.
    count : int
        n, at least 1.
    level : float
        In (0, 1).

    Returns
    -------
    Interval
        `estimate` k/n, `low` and `high`, in [0, 1].

    References
    ----------
    Wilson (1927).

    Examples
    --------
    >>> round(wilson_interval(0, 10).high, 4)  # none of ten
    0.2775
    """
    n = as_integer("count", count, 1)
    return core.wilson_interval(as_integer("right", right, 0, n), n, as_number("level", level, "(0, 1)"))


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
    ValueError
        If there is no row.

    References
    ----------
    Vovk, Gammerman and Shafer (2005); Sadinle, Lei and Wasserman (2019).

    Examples
    --------
    >>> conformal_threshold([[0.7, 0.3], [0.6, 0.4], [0.2, 0.8]], [0, 1, 1], level=0.5)
    0.7
    """
    p, y = _probs_and_labels(probs, labels, axis)
    if y.size == 0:
        raise ValueError("labels must hold at least one label; there is no row to calibrate on.")
    return core.conformal_threshold(p, y, as_number("level", level, "(0, 1)"))


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

    References
    ----------
    Sadinle, Lei and Wasserman (2019), Least Ambiguous Set-Valued Classifiers.

    Examples
    --------
    >>> conformal_sets([[0.7, 0.2, 0.1]], 0.2)
    array([[ True,  True, False]])
    """
    p = widened(as_probs("probs", probs, axis))
    return core.conformal_sets(p, as_number("threshold", threshold, "[0, 1]"))


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
        If `sets` are not booleans.
    ValueError
        If there is no row.

    Examples
    --------
    >>> conformal_coverage([[True, False], [True, True], [True, False], [False, True]], [0, 1, 1, 1])
    Coverage(coverage=0.75, mean_size=1.25)
    """
    as_classes("sets", sets, axis)
    sets = classes_last(np.asarray(sets), axis)
    if sets.dtype != np.bool_:
        raise TypeError(f"sets must hold booleans; {sets.dtype} was given.")
    y = as_labels("labels", labels, sets.shape[-1], sets.shape[:-1])
    if y.size == 0:
        raise ValueError("labels must hold at least one label; there is no row to take a mean of.")
    return core.conformal_coverage(sets, y)


def _probs_and_labels(probs: ArrayLike, labels: ArrayLike, axis: int) -> tuple[FloatArray, IntArray]:
    p = classes_last(widened(as_probs("probs", probs, axis)), axis)
    return p, as_labels("labels", labels, p.shape[-1], p.shape[:-1])


def _units(groups: ArrayLike | None, **losses: ArrayLike) -> tuple[list[FloatArray], FloatArray | None, float]:
    """Return what is resampled, the losses or the sums of groups, over a unit; the sizes of groups; and the unit."""
    checked = {name: as_finite(name, value, ndim=1).astype(np.float64) for name, value in losses.items()}
    check_same_shape(**checked)
    n = next(iter(checked.values())).size
    if n == 0:
        raise ValueError(f"{' and '.join(losses)} must hold at least one loss; there is no row to take a mean of.")
    unit = unit_of(*checked.values())
    rows, sizes = [row / unit for row in checked.values()], None
    if groups is not None:
        names = np.asarray(groups)
        if names.shape != (n,) or names.dtype.kind not in "iubUS":
            raise ValueError(
                f"groups must hold an integer or a string for each loss, {(n,)}; "
                f"{names.dtype} of shape {names.shape} was given."
            )
        _, group_of = np.unique(names, return_inverse=True)
        rows = [np.bincount(group_of, weights=row) for row in rows]
        sizes = np.bincount(group_of).astype(np.float64)
    return rows, sizes, unit


def _blocks(
    n: int, num_resamples: int, indices: ArrayLike | None, rng: np.random.Generator | None
) -> Iterable[IntArray]:
    """Return blocks of indices, drawn when they are asked for, or the one that was given."""
    if n == 1:
        warn("losses of one row or group tell nothing about the uncertainty: the width is 0.")
    B = as_integer("num_resamples", num_resamples, 1)
    if indices is None:
        return core.resamples(n, B, as_rng(rng))
    given = as_labels("indices", indices, n)
    if given.ndim != 2 or given.shape[0] == 0 or given.shape[1] != n:
        raise ValueError(f"indices must have shape (B, {n}); shape {given.shape} was given.")
    return [given]


def _times(unit: float, found: Interval) -> Interval:
    return Interval(*(number * unit for number in found))
