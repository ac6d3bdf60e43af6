r"""Calibration: does a model that says 80 % get 80 % right, and how much of the measured error is noise.

.. math:: \mathrm{ECE} = \sum_b \frac{n_b}{N} \, |\mathrm{acc}_b - \mathrm{conf}_b|

with the :math:`n_b` rows of bin :math:`b`, their accuracy and their mean confidence. Chapter: interplay/calibration.
"""

from __future__ import annotations

import math
import warnings
from functools import partial
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kdlab.conventions import (
    ROUNDING,
    FloatArray,
    IntArray,
    as_choice,
    as_finite,
    as_integer,
    as_labels,
    as_logits,
    as_number,
    as_probs,
    as_real,
    check_same_shape,
    widened,
)
from kdlab.temperature import softmax

COINS = 16  # how many coins null_calibration_error adds one by one, before it adds sums to sums
GRID = 2**14  # cells of [0, 1] in which smooth_calibration_error places the confidences


class TopLabel(NamedTuple):
    """The confidence of each prediction, and whether it is correct."""

    confidence: FloatArray
    correct: NDArray[np.bool_]


class Reliability(NamedTuple):
    """A reliability diagram: one number for each bin; NaN where a bin is empty."""

    count: FloatArray
    confidence: FloatArray
    accuracy: FloatArray
    accuracy_low: FloatArray
    accuracy_high: FloatArray


def top_label(probs: ArrayLike, labels: ArrayLike, *, axis: int = -1) -> TopLabel:
    r"""Confidence and correctness of the predictions.

    .. math:: \mathrm{conf}_i = \max_c p_{ic}, \qquad \mathrm{correct}_i = \mathbb 1[\arg\max_c p_{ic} = y_i]

    Parameters
    ----------
    probs : array_like, shape (..., C)
        Probabilities p in [0, 1], sum 1 along `axis`.
    labels : array_like of int, shape of `probs` without `axis`
        Labels y in [0, C - 1].
    axis : int
        The class axis.

    Returns
    -------
    TopLabel
        `confidence` in [1/C, 1] and `correct`, of the shape of `labels`. Equal probabilities: the lowest class.

    Raises
    ------
    TypeError
        If `probs` are not real numbers, `labels` not integers, or `axis` is not an integer.
    ValueError
        If `probs` are no probabilities, a label is out of range, or the shapes do not fit.

    Examples
    --------
    >>> top_label([[0.7, 0.3], [0.5, 0.5]], [0, 1])
    TopLabel(confidence=array([0.7, 0.5]), correct=array([ True, False]))
    """
    p = widened(as_probs("probs", probs, axis))
    return _top_label(p, p.argmax(axis=axis), labels, axis)


def top_label_of_logits(logits: ArrayLike, labels: ArrayLike, temperature: float = 1.0, *, axis: int = -1) -> TopLabel:
    r"""Confidence and correctness of the predictions of logits at a temperature.

    .. math:: \mathrm{conf}_i = \max_c p_{ic}(T), \qquad \mathrm{correct}_i = \mathbb 1[\arg\max_c z_{ic} = y_i]

    The prediction is that of the logits: no temperature changes it, though probabilities may round to a tie.

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Logits z; -inf masks a class.
    labels : array_like of int, shape of `logits` without `axis`
        Labels y in [0, C - 1].
    temperature : float
        T in [0, inf].
    axis : int
        The class axis.

    Returns
    -------
    TopLabel
        `confidence` and `correct`, of the shape of `labels`.

    Raises
    ------
    TypeError, ValueError
        As `kdlab.temperature.softmax` does; also if `labels` are no labels of these logits.

    Examples
    --------
    >>> top_label_of_logits([[1.0, 1.0]], [0], temperature=2.0)
    TopLabel(confidence=array([0.5]), correct=array([ True]))
    """
    p = softmax(logits, temperature, axis=axis)
    return _top_label(p, as_real("logits", logits).argmax(axis=axis), labels, axis)


def reliability(
    confidence: ArrayLike,
    correct: ArrayLike,
    *,
    num_bins: int = 15,
    binning: str = "equal_width",
    weights: ArrayLike | None = None,
    level: float = 0.95,
) -> Reliability:
    r"""Mean confidence and accuracy of each bin, with Wilson's interval for the accuracy.

    .. math:: \mathrm{acc}_b = \frac{1}{n_b} \sum_{i \in b} \mathrm{correct}_i, \qquad
        \mathrm{conf}_b = \frac{1}{n_b} \sum_{i \in b} \mathrm{conf}_i

    Parameters
    ----------
    confidence : array_like, shape (...)
        Confidences in [0, 1]; up to 1e-6 above 1 is taken as 1.
    correct : array_like, shape (...)
        0 or 1 (or booleans): whether the event came true to which the confidence was given.
    num_bins : int
        M, at least 1.
    binning : str
        "equal_width": bins (b/M, (b+1)/M], the first one closed. "equal_mass": bins of as many rows (as much weight)
        as can be; equal confidences stay together, in the bin where the first of them falls, so bins can be empty.
    weights : array_like, shape (...), or None
        How often each row counts, in [0, inf), not all 0. A model of finitely many atoms, weighted by
        their probabilities, gives population values. None: once.
    level : float
        Level of the intervals, in (0, 1).

    Returns
    -------
    Reliability
        `count`: the weight of each bin, with sum N without weights. `confidence`, `accuracy` and the ends of Wilson's
        interval: NaN in an empty bin. With weights, the interval is that of (sum w)^2 / sum w^2 rows.

    Raises
    ------
    TypeError
        If an array does not hold real numbers, or `num_bins` is not an integer.
    ValueError
        If there is no row, an array has another shape or values out of its range, or an option is not allowed.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015); Wilson (1927).

    Examples
    --------
    >>> reliability([0.2, 0.6, 0.8], [0, 1, 0], num_bins=2).accuracy
    array([0. , 0.5])
    """
    confidence, correct, weights = _as_rows(confidence, correct, weights)
    level = as_number("level", level, "(0, 1)")
    total = partial(_bin_sums, _bin_of(confidence, weights, num_bins, binning), num_bins)
    count = total(weights)
    filled = np.where(count > 0, count, np.nan)
    accuracy = total(weights * correct) / filled
    n = filled**2 / total(weights**2)  # count / n
    z = NormalDist().inv_cdf((1 + level) / 2)
    centre = (accuracy + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(accuracy * (1 - accuracy) / n + z**2 / (4 * n**2))
    low, high = np.maximum(centre - half, 0), np.minimum(centre + half, 1)
    return Reliability(count, total(weights * confidence) / filled, accuracy, low, high)


def expected_calibration_error(
    confidence: ArrayLike,
    correct: ArrayLike,
    *,
    num_bins: int = 15,
    binning: str = "equal_width",
    weights: ArrayLike | None = None,
) -> float:
    r"""Expected calibration error, ECE.

    .. math:: \mathrm{ECE} = \sum_b \frac{n_b}{N} \, |\mathrm{acc}_b - \mathrm{conf}_b|

    It is biased. Noise lifts it: a perfectly calibrated model has an ECE of the order of :math:`\sqrt{M/N}`, which
    `null_calibration_error` computes exactly. Binning lowers it: errors of opposite sign within a bin cancel. So
    compare groups of rows of equal size only. It judges one distribution of rows: reweighting the classes can improve
    it on one test set and worsen it on another. And it jumps where a confidence crosses an edge, as
    `smooth_calibration_error` does not.

    Parameters
    ----------
    confidence, correct, num_bins, binning, weights
        As for `reliability`.

    Returns
    -------
    float
        ECE in [0, 1]. Empty bins add nothing.

    Raises
    ------
    TypeError, ValueError
        As `reliability` does.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015); Guo, Pleiss, Sun and Weinberger (2017); Roelofs et al. (2022).

    Examples
    --------
    >>> round(expected_calibration_error([0.2, 0.6, 0.8], [0, 1, 0], num_bins=2), 3)
    0.2
    """
    count, gap = _gaps(confidence, correct, num_bins, binning, weights)
    return float(np.abs(gap).sum() / count.sum())


def maximum_calibration_error(
    confidence: ArrayLike,
    correct: ArrayLike,
    *,
    num_bins: int = 15,
    binning: str = "equal_width",
    weights: ArrayLike | None = None,
) -> float:
    r"""Maximum calibration error, MCE: the gap of the worst bin.

    .. math:: \mathrm{MCE} = \max_{b \,:\, n_b > 0} |\mathrm{acc}_b - \mathrm{conf}_b|

    Parameters
    ----------
    confidence, correct, num_bins, binning, weights
        As for `reliability`.

    Returns
    -------
    float
        MCE in [0, 1], never below the ECE of the same bins. Empty bins are ignored; a bin of one row is not.

    Raises
    ------
    TypeError, ValueError
        As `reliability` does.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015).

    Examples
    --------
    >>> round(maximum_calibration_error([0.2, 0.6, 0.8], [0, 1, 0], num_bins=2), 3)
    0.2
    """
    count, gap = _gaps(confidence, correct, num_bins, binning, weights)
    return float((np.abs(gap[count > 0]) / count[count > 0]).max())


def classwise_calibration_error(
    probs: ArrayLike,
    labels: ArrayLike,
    *,
    reading: str = "one_vs_rest",
    num_bins: int = 15,
    binning: str = "equal_width",
    weights: ArrayLike | None = None,
    axis: int = -1,
) -> FloatArray:
    r"""ECE of each class, in one of the three meanings that the words have.

    .. math:: \mathrm{ECE}_c = \sum_b \frac{n_{bc}}{N} \Big|
        \frac{1}{n_{bc}} \sum_{i \in b} \mathbb 1[y_i = c] - \frac{1}{n_{bc}} \sum_{i \in b} p_{ic} \Big|

    Parameters
    ----------
    probs : array_like, shape (N, C)
        Probabilities p in [0, 1], sum 1 along `axis`.
    labels : array_like of int, shape (N,)
        Labels y in [0, C - 1].
    reading : str
        "one_vs_rest": the formula, p_c against y = c over all rows. "predicted_label": top-label ECE of the rows
        predicted as c. "true_label": top-label ECE of the rows whose label is c, **which is no measure of
        calibration**: selecting rows by what came true makes a perfectly calibrated model look wrong.
        It warns.
    num_bins, binning, weights
        As for `reliability`.
    axis : int
        The class axis.

    Returns
    -------
    ndarray, shape (C,)
        The error of each class, in [0, 1]; its mean is the class-wise ECE of Kull et al. In the two
        readings that select rows, NaN for a class that no row (or no weight) is left for.

    Raises
    ------
    TypeError, ValueError
        As `top_label` and `reliability` do; ValueError also if `probs` has not two axes.

    Warns
    -----
    UserWarning
        In the reading "true_label".

    References
    ----------
    Kull et al. (2019), Beyond Temperature Scaling; Nixon et al. (2019), Measuring Calibration in Deep Learning.

    Examples
    --------
    >>> classwise_calibration_error([[0.7, 0.3], [0.4, 0.6]], [0, 1], num_bins=1).round(2)
    array([0.05, 0.05])
    """
    as_choice("reading", reading, "one_vs_rest", "true_label", "predicted_label")
    p = np.moveaxis(as_probs("probs", as_finite("probs", probs, ndim=2), axis), axis, 0)
    labels = as_labels("labels", labels, len(p), p.shape[1:])
    if labels.size == 0:
        raise ValueError("labels must hold at least one label; there is no row to take a mean of.")
    classes = np.arange(len(p))
    w = _as_weights(weights, labels=labels)
    if reading == "one_vs_rest":
        rows = ((p_c, labels == c, w) for c, p_c in zip(classes, np.ascontiguousarray(p), strict=True))
    else:
        if reading == "true_label":
            warnings.warn(
                "reading='true_label' is no calibration measure: 0 is not its value at calibration.", stacklevel=2
            )
        predicted = p.argmax(axis=0)
        of_class = labels if reading == "true_label" else predicted
        confidence, correct = p.max(axis=0), predicted == labels
        selections = (of_class == c for c in classes)
        rows = ((confidence[chosen], correct[chosen], w[chosen]) for chosen in selections)
    options = {"num_bins": as_integer("num_bins", num_bins, 1), "binning": binning}
    errors = [expected_calibration_error(f, y, weights=v, **options) if v.any() else np.nan for f, y, v in rows]
    return np.array(errors)


def debiased_calibration_error(
    confidence: ArrayLike, correct: ArrayLike, *, num_bins: int = 15, binning: str = "equal_width"
) -> float:
    r"""Square of the l2 calibration error, without the bias that noise adds.

    .. math:: \sum_b \frac{n_b}{N} \Big[ (\mathrm{acc}_b - \mathrm{conf}_b)^2
        - \frac{\mathrm{acc}_b (1 - \mathrm{acc}_b)}{n_b - 1} \Big]

    Its expectation is the square of the binned error if the confidences of a bin are all equal; else the noise that is
    subtracted is a little too much. For the ECE itself, subtract `null_calibration_error`.

    Parameters
    ----------
    confidence, correct, num_bins, binning
        As for `reliability`.

    Returns
    -------
    float
        The square, which can be negative: cut at 0, it would be biased again. Bins of one row, whose
        noise is unknown, add nothing.

    Raises
    ------
    TypeError, ValueError
        As `reliability` does.

    References
    ----------
    Kumar, Liang and Ma (2019), Verified Uncertainty Calibration.

    Examples
    --------
    >>> round(debiased_calibration_error([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0]), 4)
    -0.0833
    """
    count, mean_confidence, accuracy, *_ = reliability(confidence, correct, num_bins=num_bins, binning=binning)
    several = count > 1
    n, acc = count[several], accuracy[several]
    square = (acc - mean_confidence[several]) ** 2 - acc * (1 - acc) / (n - 1)
    return float((n * square).sum() / count.sum())


def smooth_calibration_error(confidence: ArrayLike, correct: ArrayLike, *, weights: ArrayLike | None = None) -> float:
    r"""Smooth ECE: a kernel instead of bins, so that no edge and no number of bins is chosen.

    .. math:: \mathrm{smECE} = \sigma \quad\text{where}\quad
        \int_0^1 \Big| \frac{1}{N} \sum_i K_\sigma(t, \mathrm{conf}_i) \, (\mathrm{correct}_i - \mathrm{conf}_i)
        \Big| \, dt = \sigma

    with the Gaussian kernel of width :math:`\sigma`, reflected at 0 and 1. The left side never rises with
    :math:`\sigma`, so there is one solution, which moves continuously with the confidences.

    Parameters
    ----------
    confidence, correct, weights
        As for `reliability`.

    Returns
    -------
    float
        smECE in [0, 1]. The confidences are shared between the points of a grid of spacing h = 2**-14, a
        relative change of the order of (h / smECE)**2.

    Raises
    ------
    TypeError, ValueError
        As `reliability` does.

    References
    ----------
    Blasiok and Nakkiran (2024), Smooth ECE: Principled Reliability Diagrams via Kernel Smoothing.

    Examples
    --------
    >>> round(smooth_calibration_error([0.5, 0.5, 0.5, 0.5], [1, 1, 1, 0]), 3)
    0.25
    """
    confidence, correct, weights = _as_rows(confidence, correct, weights)
    residual = weights * (correct - confidence) / weights.sum()
    # reflection at 0 and 1 is periodicity on a circle of length 2, on which a Gaussian multiplies the spectrum
    place = GRID * confidence
    left = np.minimum(place.astype(np.intp), GRID - 1)
    share = place - left
    circle = _bin_sums(left, 2 * GRID, residual * (1 - share)) + _bin_sums(left + 1, 2 * GRID, residual * share)
    circle[-np.arange(2 * GRID)] += circle.copy()
    spectrum = np.fft.rfft(circle)
    frequency = np.pi * np.arange(GRID + 1)

    low, high = 0.0, 1.0
    while high - low > 1e-10:
        sigma = (low + high) / 2
        smoothed = np.fft.irfft(spectrum * np.exp(-((frequency * sigma) ** 2) / 2), 2 * GRID)
        if np.abs(smoothed).sum() / 2 > sigma:
            low = sigma
        else:
            high = sigma
    return high if low else 0.0


def null_calibration_error(
    confidence: ArrayLike, *, num_bins: int = 15, binning: str = "equal_width", method: str = "exact"
) -> float:
    r"""Expected ECE of a perfectly calibrated model with these confidences: the bias of ECE where there is no error.

    .. math:: \mathbb E[\mathrm{ECE}] = \frac{1}{N} \sum_b \mathbb E \Big| S_b - \sum_{i \in b} \mathrm{conf}_i \Big|
        \approx \frac{1}{N} \sum_b \sqrt{\frac{2}{\pi} \sum_{i \in b} \mathrm{conf}_i (1 - \mathrm{conf}_i)}

    with :math:`S_b`, the number of correct rows of the bin: Poisson-binomial, a sum of independent coins.

    Parameters
    ----------
    confidence, num_bins, binning
        As for `reliability`.
    method : str
        "exact": from the distribution of each S_b. "normal": the approximation on the right.

    Returns
    -------
    float
        The expectation, in [0, 1].

    Raises
    ------
    TypeError, ValueError
        As `reliability` does.

    References
    ----------
    Roelofs et al. (2022), Mitigating Bias in Calibration Error Estimation.

    Examples
    --------
    >>> round(null_calibration_error([0.9] * 20), 5)
    0.05133
    >>> round(null_calibration_error([0.9] * 20, method="normal"), 5)
    0.05352
    """
    as_choice("method", method, "exact", "normal")
    confidence = _as_confidence(confidence).ravel()
    bins = _bin_of(confidence, np.ones(confidence.size), num_bins, binning)
    if method == "normal":
        variance = _bin_sums(bins, num_bins, confidence * (1 - confidence))
        return float(np.sqrt(2 * variance / np.pi).sum() / confidence.size)
    by_bin = np.split(confidence[np.argsort(bins, kind="stable")], np.cumsum(np.bincount(bins))[:-1])
    return math.fsum(_mean_deviation(p) for p in by_bin if p.size) / confidence.size


def null_calibration_error_of_bin(num_samples: int, confidence: float) -> float:
    r"""Expected gap of one bin of a perfectly calibrated model with equal confidences, in closed form.

    .. math:: \mathbb E \Big| \frac{\mathrm{Bin}(n, p)}{n} - p \Big|
        = \frac{2 (f + 1)}{n} \binom{n}{f + 1} p^{f + 1} (1 - p)^{n - f}, \qquad f = \lfloor n p \rfloor

    Parameters
    ----------
    num_samples : int
        n, at least 1.
    confidence : float
        p in [0, 1].

    Returns
    -------
    float
        The expectation in [0, 1/2], about sqrt(2 p (1 - p) / (pi n)). Its relative rounding error grows as n,
        to about 1e-11 at n = 10^4.

    Raises
    ------
    TypeError
        If `num_samples` is not an integer or `confidence` not a real number.
    ValueError
        If one is out of range.

    References
    ----------
    De Moivre (1730), Miscellanea Analytica.

    Examples
    --------
    >>> round(null_calibration_error_of_bin(20, 0.9), 5)
    0.05133
    """
    n = as_integer("num_samples", num_samples, 1)
    p = as_number("confidence", confidence, "[0, 1]")
    if p in (0, 1):
        return 0.0
    f = min(math.floor(n * p), n - 1)  # n * p can round to n
    log_choose = math.lgamma(n + 1) - math.lgamma(f + 2) - math.lgamma(n - f)
    return 2 * (f + 1) / n * math.exp(log_choose + (f + 1) * math.log(p) + (n - f) * math.log1p(-p))


def fit_temperature(logits: ArrayLike, labels: ArrayLike, *, axis: int = -1) -> float:
    r"""Temperature scaling: the temperature at which the labels are most likely.

    .. math:: \hat T = 1/\hat\beta, \qquad \frac{d}{d\beta} \mathrm{NLL}
        = \frac{1}{N} \sum_i (\mu_i - z_{i y_i}) = 0, \qquad \frac{d^2}{d\beta^2} \mathrm{NLL}
        = \frac{1}{N} \sum_i \mathrm{Var}_{p_i}(z_i) \ge 0

    with :math:`p_i = \mathrm{softmax}(\beta z_i)` and its mean logit :math:`\mu_i`. The NLL is convex in
    :math:`\beta`, so Newton's method, kept between bounds, finds the one minimum. Not the temperature of distillation:
    this one is fitted to held-out labels, and changes no prediction.

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Logits z of held-out rows; -inf masks a class. Computed in float64.
    labels : array_like of int, shape of `logits` without `axis`
        Labels y in [0, C - 1], of unmasked classes.
    axis : int
        The class axis.

    Returns
    -------
    float
        T in [0, inf]. 0 if every label has the largest logit of its row, since then the NLL falls all the way to T = 0;
        inf if the labels' logits are no better than the mean logits, since then it falls all the way to T = inf;
        1 if no T changes the NLL.

    Raises
    ------
    TypeError
        If `logits` are not real numbers, or `labels` not integers.
    ValueError
        If there is no row, `logits` or `labels` are not as described, or a label's class is masked.

    Warns
    -----
    UserWarning
        If T is 0 or inf, for then there is no minimum.

    References
    ----------
    Guo, Pleiss, Sun and Weinberger (2017), On Calibration of Modern Neural Networks.

    Examples
    --------
    >>> round(fit_temperature([[2.0, 0.0]] * 4, [0, 0, 0, 1]), 4)  # 2 / log 3
    1.8205
    """
    z = np.moveaxis(as_logits("logits", logits, axis), axis, -1).astype(np.float64)
    labels = as_labels("labels", labels, z.shape[-1], z.shape[:-1])
    if labels.size == 0:
        raise ValueError("labels must hold at least one label; there is no row to fit a temperature to.")
    z = z.reshape(-1, z.shape[-1])
    z_y = np.take_along_axis(z, labels.reshape(-1, 1), axis=-1)
    if np.isneginf(z_y).any():
        raise ValueError("labels must be of unmasked classes; the logit of one label is -inf.")
    unmasked = ~np.isneginf(z)
    with np.errstate(over="ignore"):
        z -= z.max(axis=-1, keepdims=True)  # 0 for the largest
    z_y = np.take_along_axis(z, labels.reshape(-1, 1), axis=-1)
    scale = -z.min(where=unmasked, initial=0)
    if scale == 0:
        return 1.0
    if scale == np.inf:
        raise ValueError("logits must differ by less than 1.8e308 within a row.")
    z /= scale
    z_y = z_y[:, 0] / scale
    mean_gap = (np.where(unmasked, z, 0).sum(axis=-1) / unmasked.sum(axis=-1) - z_y).mean()
    if not z_y.any() or mean_gap >= 0:
        T = np.inf if z_y.any() else 0.0
        warnings.warn(f"The NLL has no minimum: it falls until temperature {T}, which is returned.", stacklevel=2)
        return T
    np.maximum(z, np.finfo(np.float64).min, out=z)  # a masked class: its product with a probability of 0 is 0
    return float(scale / _root_of_slope(z, z_y))


def _root_of_slope(z: FloatArray, z_y: FloatArray) -> float:
    """Return the beta at which the slope of the NLL is 0: bounds a factor of 4 apart, then Newton's method in them."""
    low, beta, high, step = 0.0, 1.0, np.inf, np.inf
    for _ in range(1000):
        slope, curvature = _slope_and_curvature(z, z_y, beta)
        if slope < 0:
            low = beta
        else:
            high = beta
        if low == 0 or high == np.inf:
            beta *= 0.25 if low == 0 else 4
            continue
        before, step = step, -slope / max(curvature, np.finfo(np.float64).tiny)
        if not low <= beta + step <= high or abs(step) > abs(before) / 2:  # where Newton is slow, halve the bounds
            step = math.sqrt(low) * math.sqrt(high) - beta
        beta += step
        if abs(step) <= 1e-14 * beta:
            break
    return beta


def _slope_and_curvature(z: FloatArray, z_y: FloatArray, beta: float) -> tuple[float, float]:
    with np.errstate(over="ignore"):
        e = z * beta
    np.exp(e, out=e)
    total = e.sum(axis=-1)
    e *= z
    mu = e.sum(axis=-1) / total
    variance = np.einsum("ij,ij->i", e, z) / total - mu**2
    return float((mu - z_y).mean()), float(variance.mean())


def _top_label(p: FloatArray, predicted: IntArray, labels: ArrayLike, axis: int) -> TopLabel:
    labels = as_labels("labels", labels, p.shape[axis], predicted.shape)
    return TopLabel(p.max(axis=axis), predicted == labels)


def _as_confidence(confidence: ArrayLike) -> FloatArray:
    """Return confidences in [0, 1], in their own dtype: in it an edge is the same number as a confidence at it."""
    f = as_real("confidence", confidence)
    as_finite("confidence", f)
    outside = (f < 0) | (f > 1 + ROUNDING)
    if outside.any():
        raise ValueError(f"confidence must be in [0, 1]; {f[outside].flat[0]} was given.")
    if f.size == 0:
        raise ValueError("confidence must hold at least one number; there is no row to take a mean of.")
    return np.minimum(f, 1)


def _as_rows(
    confidence: ArrayLike, correct: ArrayLike, weights: ArrayLike | None
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return confidences, outcomes and weights, each with one axis."""
    f = _as_confidence(confidence)
    y = as_finite("correct", correct)
    check_same_shape(confidence=f, correct=y)
    neither = (y != 0) & (y != 1)
    if neither.any():
        raise ValueError(f"correct must hold 0 and 1; {y[neither].flat[0]} was given.")
    return f.ravel(), y.ravel(), _as_weights(weights, confidence=f).ravel()


def _as_weights(weights: ArrayLike | None, **rows: np.ndarray) -> FloatArray:
    """Return one weight for each of the rows, which stand under the name of their argument."""
    if weights is None:
        return np.ones(*(array.shape for array in rows.values()))
    w = as_finite("weights", weights)
    check_same_shape(weights=w, **rows)
    if (w < 0).any() or not w.any():
        raise ValueError("weights must be at least 0, and not all 0.")
    return w


def _bin_of(confidence: FloatArray, weights: FloatArray, num_bins: int, binning: str) -> IntArray:
    """Return the bin of each row, from 0 to num_bins - 1."""
    M = as_integer("num_bins", num_bins, 1)
    as_choice("binning", binning, "equal_width", "equal_mass")
    if binning == "equal_width":
        # b/M, rounded once: 0.8 of 5 bins is what 0.8 is as a float; linspace(0, 1, M + 1) rounds twice
        edges = (np.arange(M + 1) / M).astype(confidence.dtype)
        return np.maximum(np.searchsorted(edges, confidence, side="left") - 1, 0)
    _, value_of = np.unique(confidence, return_inverse=True)
    mass = np.cumsum(np.bincount(value_of, weights=weights))
    below = np.concatenate([[0.0], mass[:-1]])
    return np.minimum(below * M // mass[-1], M - 1).astype(np.intp)[value_of]


def _bin_sums(bins: IntArray, num_bins: int, values: FloatArray) -> FloatArray:
    return np.bincount(bins, weights=values, minlength=num_bins)


def _gaps(
    confidence: ArrayLike, correct: ArrayLike, num_bins: int, binning: str, weights: ArrayLike | None
) -> tuple[FloatArray, FloatArray]:
    """Return the weight of each bin, and the sum of correct - confidence in it."""
    confidence, correct, weights = _as_rows(confidence, correct, weights)
    bins = _bin_of(confidence, weights, num_bins, binning)
    return _bin_sums(bins, num_bins, weights), _bin_sums(bins, num_bins, weights * (correct - confidence))


def _mean_deviation(p: FloatArray) -> float:
    """Return E|S - E S| for S, the sum of independent coins that show 1 with the probabilities p."""
    p = p.astype(np.float64)
    coins = np.zeros((-(-p.size // COINS), COINS))  # a coin of probability 0 changes nothing
    coins.flat[: p.size] = p
    pmf = np.zeros((len(coins), COINS + 1))
    pmf[:, 0] = 1
    for p_j in coins.T[:, :, np.newaxis]:
        shown = pmf[:, :-1] * p_j
        pmf *= 1 - p_j
        pmf[:, 1:] += shown
    parts = [_trimmed(0, row) for row in pmf]
    while len(parts) > 1:
        odd = parts[len(parts) // 2 * 2 :]
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [_trimmed(i + j, np.convolve(a, b)) for (i, a), (j, b) in pairs] + odd
    lowest, q = parts[0]
    return float(np.abs(lowest + np.arange(q.size) - p.sum()) @ q)


def _trimmed(lowest: int, pmf: FloatArray) -> tuple[int, FloatArray]:
    """Return a distribution without the tails that no sum will notice, and the value it starts at."""
    kept = np.flatnonzero(pmf > 1e-30)
    return lowest + int(kept[0]), pmf[kept[0] : kept[-1] + 1]
