r"""Calibration: does a model that says 80 % get 80 % right, and how much of the measured error is noise.

.. math:: \mathrm{ECE} = \sum_b \frac{n_b}{N} \, |\mathrm{acc}_b - \mathrm{conf}_b|

with the :math:`n_b` rows of bin :math:`b`, their accuracy and their mean confidence. Chapter: interplay/calibration.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    ROUNDING,
    FloatArray,
    as_choice,
    as_finite,
    as_integer,
    as_labels,
    as_logits,
    as_number,
    as_probs,
    as_real,
    as_temperature,
    check_same_shape,
    classes_last,
    holding,
    quiet,
    unit_of,
    warn,
    widened,
)
from kdlab.core import calibration as core
from kdlab.core.calibration import Reliability, TopLabel


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

    Examples
    --------
    >>> top_label([[0.7, 0.3], [0.5, 0.5]], [0, 1])
    TopLabel(confidence=array([0.7, 0.5]), correct=array([ True, False]))
    """
    p = classes_last(widened(as_probs("probs", probs, axis)), axis)
    return core.top_label(p, as_labels("labels", labels, p.shape[-1], p.shape[:-1]))


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

    Examples
    --------
    >>> top_label_of_logits([[1.0, 1.0]], [0], temperature=2.0)
    TopLabel(confidence=array([0.5]), correct=array([ True]))
    """
    T = as_temperature(temperature)
    z = as_logits("logits", logits, axis)
    dtype = z.dtype
    z = classes_last(z.astype(holding(T, dtype), copy=False), axis)
    y = as_labels("labels", labels, z.shape[-1], z.shape[:-1])
    with quiet():
        confidence, correct = core.top_label_of_logits(z, y, T)
    return TopLabel(confidence.astype(dtype, copy=False), correct)


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
    ValueError
        If there is no row, or all weights are 0.

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015); Wilson (1927).

    Examples
    --------
    >>> reliability([0.2, 0.6, 0.8], [0, 1, 0], num_bins=2).accuracy
    array([0. , 0.5])
    """
    f, y, w, unit = _as_rows(confidence, correct, weights)
    M, binning = _as_bins(num_bins, binning)
    level = as_number("level", level, "(0, 1)")
    with quiet():
        found = core.reliability(f, y, core.bin_of(f, M, binning, w), M, w, level)
        return found._replace(count=found.count * unit)


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

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015); Guo, Pleiss, Sun and Weinberger (2017); Roelofs et al. (2022).

    Examples
    --------
    >>> round(expected_calibration_error([0.2, 0.6, 0.8], [0, 1, 0], num_bins=2), 3)
    0.2
    """
    f, y, w, _ = _as_rows(confidence, correct, weights)
    return core.expected_calibration_error(f, y, core.bin_of(f, *_as_bins(num_bins, binning), w), w)


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

    References
    ----------
    Naeini, Cooper and Hauskrecht (2015).

    Examples
    --------
    >>> round(maximum_calibration_error([0.2, 0.6, 0.8], [0, 1, 0], num_bins=2), 3)
    0.2
    """
    f, y, w, _ = _as_rows(confidence, correct, weights)
    return core.maximum_calibration_error(f, y, core.bin_of(f, *_as_bins(num_bins, binning), w), w)


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
    ValueError
        If `probs` has not two axes, or there is no row.

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
    p = np.minimum(classes_last(as_probs("probs", as_finite("probs", probs, ndim=2), axis), axis), 1)
    y = as_labels("labels", labels, p.shape[-1], p.shape[:-1])
    if y.size == 0:
        raise ValueError("labels must hold at least one label; there is no row to take a mean of.")
    w, _ = _as_weights(weights, labels=y)
    bins = _as_bins(num_bins, binning)
    if reading == "true_label":
        warn("reading='true_label' is no calibration measure: 0 is not its value at calibration.")
    return core.classwise_calibration_error(p, y, reading, *bins, w)


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

    References
    ----------
    Kumar, Liang and Ma (2019), Verified Uncertainty Calibration.

    Examples
    --------
    >>> round(debiased_calibration_error([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0]), 4)
    -0.0833
    """
    f, y, _, _ = _as_rows(confidence, correct, None)
    return core.debiased_calibration_error(f, y, core.bin_of(f, *_as_bins(num_bins, binning)))


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

    References
    ----------
    Blasiok and Nakkiran (2024), Smooth ECE: Principled Reliability Diagrams via Kernel Smoothing.

    Examples
    --------
    >>> round(smooth_calibration_error([0.5, 0.5, 0.5, 0.5], [1, 1, 1, 0]), 3)
    0.25
    """
    f, y, w, _ = _as_rows(confidence, correct, weights)
    return core.smooth_calibration_error(f, y, w)


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
    f = _as_confidence(confidence).ravel()
    return core.null_calibration_error(f, core.bin_of(f, *_as_bins(num_bins, binning)), method)


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

    References
    ----------
    De Moivre (1730), Miscellanea Analytica.

    Examples
    --------
    >>> round(null_calibration_error_of_bin(20, 0.9), 5)
    0.05133
    """
    n = as_integer("num_samples", num_samples, 1)
    return core.null_calibration_error_of_bin(n, as_number("confidence", confidence, "[0, 1]"))


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
    ValueError
        If there is no row, the class of a label is masked, or logits of one row differ by more than a float can hold.

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
    z = classes_last(as_logits("logits", logits, axis), axis).astype(np.float64)
    y = as_labels("labels", labels, z.shape[-1], z.shape[:-1]).ravel()
    if y.size == 0:
        raise ValueError("labels must hold at least one label; there is no row to fit a temperature to.")
    z = z.reshape(y.size, z.shape[-1])
    if np.isneginf(z[np.arange(y.size), y]).any():
        raise ValueError("labels must be of unmasked classes; the logit of one label is -inf.")
    with quiet():
        if (z.max(axis=-1) - z.min(axis=-1, where=z > -np.inf, initial=np.inf) == np.inf).any():
            raise ValueError("logits must differ by less than 1.8e308 within a row.")
        T = core.fit_temperature(z, y)
    if T in (0, np.inf):
        warn(f"The NLL has no minimum: it falls until temperature {T}, which is returned.")
    return T


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
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Return confidences, outcomes and weights, each with one axis, and the unit of the weights."""
    f = _as_confidence(confidence)
    y = as_finite("correct", correct)
    check_same_shape(confidence=f, correct=y)
    neither = (y != 0) & (y != 1)
    if neither.any():
        raise ValueError(f"correct must hold 0 and 1; {y[neither].flat[0]} was given.")
    w, unit = _as_weights(weights, confidence=f)
    return f.ravel(), y.ravel(), w.ravel(), unit


def _as_weights(weights: ArrayLike | None, **rows: np.ndarray) -> tuple[FloatArray, float]:
    """Return one weight for each of the rows, which stand under the name of their argument, over a unit; and this."""
    (shape,) = (array.shape for array in rows.values())
    if weights is None:
        return np.ones(shape), 1.0
    w = as_finite("weights", weights)
    check_same_shape(weights=w, **rows)
    if (w < 0).any() or not w.any():
        raise ValueError("weights must be at least 0, and not all 0.")
    unit = unit_of(w)
    return w.astype(np.float64) / unit, unit


def _as_bins(num_bins: int, binning: str) -> tuple[int, str]:
    return as_integer("num_bins", num_bins, 1), as_choice("binning", binning, "equal_width", "equal_mass")
