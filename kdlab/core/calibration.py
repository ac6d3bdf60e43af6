"""Calibration: of all answers given with 70 %, are 70 % right? The equations of the chapter interplay/calibration.

confidence: (N,), in [0, 1]. correct: (N,), 1 if the answer is right, else 0. weights: how often a row counts, (N,) or
one number, not all 0. b: the bin of each row, (N,), integers. p: probabilities (N, C). z: logits (N, C), -inf for a
masked class. y: labels (N,), integers.
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy import ndarray

from kdlab.core.temperature import softmax

COINS = 16  # how many coins mean_deviation adds one by one, before it adds sums to sums
GRID = 2**14  # cells of [0, 1] in which smooth_calibration_error places the confidences


class TopLabel(NamedTuple):
    """The confidence of each prediction, and whether it is correct."""

    confidence: ndarray
    correct: ndarray


class Reliability(NamedTuple):
    """A reliability diagram: one number for each bin; NaN where a bin is empty."""

    count: ndarray
    confidence: ndarray
    accuracy: ndarray
    accuracy_low: ndarray
    accuracy_high: ndarray


# --- bins and errors ------------------------------------------------------------------------------------------------


def bin_of(
    confidence: ndarray, num_bins: int = 15, binning: str = "equal_width", weights: ndarray | float = 1.0
) -> ndarray:
    """The bin b with confidence in (b/M, (b+1)/M], the first bin closed; or as much weight in each bin as ties let."""
    if binning == "equal_width":
        # b/M, rounded once: 0.8 of 5 bins is what 0.8 is as a float; linspace(0, 1, M + 1) rounds twice
        edges = (np.arange(num_bins + 1) / num_bins).astype(confidence.dtype)
        return np.maximum(np.searchsorted(edges, confidence, side="left") - 1, 0)
    _, value_of = np.unique(confidence, return_inverse=True)
    mass = np.cumsum(sums(value_of, weights))
    below = np.concatenate([[0.0], mass[:-1]])
    place = below * num_bins / mass[-1] + 1e-9  # guards 2.9999999999999996: weights of .1 bin as weights of 1 do
    return np.minimum(place.astype(np.intp), num_bins - 1)[value_of]


def reliability(
    confidence: ndarray,
    correct: ndarray,
    b: ndarray,
    num_bins: int,
    weights: ndarray | float = 1.0,
    level: float = 0.95,
) -> Reliability:
    """acc_b = 1/n_b sum_i correct_i and conf_b = 1/n_b sum_i conf_i of each bin b, with Wilson's interval of acc_b."""
    count = sums(b, weights, num_bins)
    n_b = np.where(count > 0, count, np.nan)
    acc_b, conf_b = sums(b, weights * correct, num_bins) / n_b, sums(b, weights * confidence, num_bins) / n_b
    rows = n_b / sums(b, weights * (weights / n_b[b]), num_bins)  # (sum w)^2 / sum w^2; without weights n_b
    low, high = wilson_low(acc_b, rows, level), 1 - wilson_low(1 - acc_b, rows, level)
    return Reliability(count, conf_b, acc_b, low, high)


def wilson_low(share: ndarray | float, n: ndarray | float, level: float) -> ndarray | float:
    """The low s with share - s = z sqrt(s (1 - s)/n); the high one is 1 less that of 1 - share."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    return share**2 / (share + z**2 / (2 * n) + z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)))


def expected_calibration_error(
    confidence: ndarray, correct: ndarray, b: ndarray, weights: ndarray | float = 1.0
) -> float:
    """ECE = sum_b n_b/N |acc_b - conf_b|."""
    n_b = sums(b, weights)
    return float(np.abs(gaps(confidence, correct, b, weights)).sum() / n_b.sum())


def maximum_calibration_error(
    confidence: ndarray, correct: ndarray, b: ndarray, weights: ndarray | float = 1.0
) -> float:
    """MCE = max_b |acc_b - conf_b|, over the bins that are not empty."""
    n_b, gap = sums(b, weights), gaps(confidence, correct, b, weights)
    return float((np.abs(gap[n_b > 0]) / n_b[n_b > 0]).max())


# --- what chance alone gives ----------------------------------------------------------------------------------------


def null_calibration_error_of_bin(n: int, p: float) -> float:
    """E|Bin(n, p)/n - p| = 2(f+1)/n (n over f+1) p^(f+1) (1-p)^(n-f), with f = floor(n p)."""
    if p in (0, 1):
        return 0.0
    f = min(math.floor(n * p), n - 1)  # n * p can round to n
    log_choose = math.lgamma(n + 1) - math.lgamma(f + 2) - math.lgamma(n - f)
    return 2 * (f + 1) / n * math.exp(log_choose + (f + 1) * math.log(p) + (n - f) * math.log1p(-p))


def null_calibration_error(confidence: ndarray, b: ndarray, method: str = "exact") -> float:
    """E[ECE] = 1/N sum_b E|S_b - sum_i conf_i|, S_b a sum of coins; "normal": |S_b - E S_b| of a normal number."""
    if method == "normal":
        variance = sums(b, confidence * (1 - confidence))
        return float(np.sqrt(2 * variance / np.pi).sum() / confidence.size)
    by_bin = np.split(confidence[np.argsort(b, kind="stable")], np.cumsum(np.bincount(b))[:-1])
    return math.fsum(mean_deviation(p) for p in by_bin if p.size) / confidence.size


def debiased_calibration_error(confidence: ndarray, correct: ndarray, b: ndarray) -> float:
    """sum_b n_b/N [(acc_b - conf_b)^2 - acc_b (1 - acc_b)/(n_b - 1)], without bins of one row."""
    count, conf_b, acc_b, *_ = reliability(confidence, correct, b, num_bins=0)
    several = count > 1
    n_b, acc_b, conf_b = count[several], acc_b[several], conf_b[several]
    return float((n_b * ((acc_b - conf_b) ** 2 - acc_b * (1 - acc_b) / (n_b - 1))).sum() / count.sum())


# --- per class ------------------------------------------------------------------------------------------------------


def top_label(p: ndarray, y: ndarray) -> TopLabel:
    """The confidence max_c p_c, and whether argmax_c p_c = y."""
    return TopLabel(p.max(axis=-1), p.argmax(axis=-1) == y)


def top_label_of_logits(z: ndarray, y: ndarray, T: float = 1.0) -> TopLabel:
    """The same of p = softmax(z/T); correct by z, since no T changes the answer but p may round to a tie."""
    return TopLabel(softmax(z, T).max(axis=-1), z.argmax(axis=-1) == y)


def classwise_calibration_error(
    p: ndarray,
    y: ndarray,
    reading: str = "one_vs_rest",
    num_bins: int = 15,
    binning: str = "equal_width",
    weights: ndarray | float = 1.0,
) -> ndarray:
    """ECE of p_c against [y = c] over all rows; or of the top label, over those predicted as c, or labelled c."""
    classes, w = np.arange(p.shape[1]), np.broadcast_to(weights, y.shape)
    if reading == "one_vs_rest":
        rows = ((p_c, y == c, w) for c, p_c in zip(classes, np.ascontiguousarray(p.T), strict=True))
    else:
        confidence, correct = top_label(p, y)
        of_class = y if reading == "true_label" else p.argmax(axis=1)
        rows = ((confidence[of_class == c], correct[of_class == c], w[of_class == c]) for c in classes)
    bins = ((f, r, bin_of(f, num_bins, binning, v), v) if v.any() else None for f, r, v in rows)
    return np.array([np.nan if row is None else expected_calibration_error(*row) for row in bins])


# --- without bins ---------------------------------------------------------------------------------------------------


def smooth_calibration_error(confidence: ndarray, correct: ndarray, weights: ndarray | float = 1.0) -> float:
    """The sigma at which int |1/N sum_i K_sigma(t, conf_i) (correct_i - conf_i)| dt = sigma, by bisection."""
    residual = (
        weights * np.subtract(correct, confidence, dtype=np.float64) / np.broadcast_to(weights, confidence.shape).sum()
    )
    # reflection at 0 and 1 is periodicity on a circle of length 2, on which a Gaussian multiplies the spectrum
    place = GRID * confidence
    left = np.minimum(place.astype(np.intp), GRID - 1)
    share = place - left
    circle = sums(left, residual * (1 - share), 2 * GRID) + sums(left + 1, residual * share, 2 * GRID)
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


# --- one temperature as repair --------------------------------------------------------------------------------------


def fit_temperature(z: ndarray, y: ndarray) -> float:
    """T = 1/beta with d NLL/d beta = 1/N sum_i (mu_i - z_iy) = 0; its limits 0 and inf if there is none, 1 if any T."""
    z = z - z.max(axis=-1, keepdims=True)  # 0 for the largest
    z_y = np.take_along_axis(z, y[:, np.newaxis], axis=-1)[:, 0]
    unmasked = z > -np.inf
    scale = -z.min(where=unmasked, initial=0)
    if scale == 0:
        return 1.0
    z, z_y = z / scale, z_y / scale
    mean_gap = (np.where(unmasked, z, 0).sum(axis=-1) / unmasked.sum(axis=-1) - z_y).mean()  # the slope at beta = 0
    if not z_y.any() or mean_gap >= 0:
        return np.inf if z_y.any() else 0.0
    # a masked class: its product with a probability of 0 is 0
    return float(scale / root_of_slope(np.maximum(z, np.finfo(z.dtype).min), z_y))


# --- what these rest on ---------------------------------------------------------------------------------------------


def sums(b: ndarray, values: ndarray | float, num_bins: int = 0) -> ndarray:
    """Return the sum of the values in each bin, of so many bins at least."""
    return np.bincount(b, weights=np.broadcast_to(values, b.shape), minlength=num_bins)


def gaps(confidence: ndarray, correct: ndarray, b: ndarray, weights: ndarray | float) -> ndarray:
    """n_b (acc_b - conf_b)."""
    return sums(b, weights * np.subtract(correct, confidence, dtype=np.float64))


def mean_deviation(p: ndarray) -> float:
    """E|S - E S| for S, the sum of independent coins that show 1 with the probabilities p: in pairs, then of pairs."""
    coins = np.zeros((-(-p.size // COINS), COINS))  # a coin of probability 0 changes nothing
    coins.flat[: p.size] = p
    pmf = np.zeros((len(coins), COINS + 1))
    pmf[:, 0] = 1
    for p_j in coins.T[:, :, np.newaxis]:
        shown = pmf[:, :-1] * p_j
        pmf *= 1 - p_j
        pmf[:, 1:] += shown
    parts = [trimmed(0, row) for row in pmf]
    while len(parts) > 1:
        odd = parts[len(parts) // 2 * 2 :]
        pairs = zip(parts[::2], parts[1::2], strict=False)
        parts = [trimmed(i + j, np.convolve(a, b)) for (i, a), (j, b) in pairs] + odd
    lowest, q = parts[0]
    return float(np.abs(lowest + np.arange(q.size) - p.sum(dtype=np.float64)) @ q)


def trimmed(lowest: int, pmf: ndarray) -> tuple[int, ndarray]:
    """Return a distribution without the tails that no sum will notice, and the value it starts at."""
    kept = np.flatnonzero(pmf > 1e-30)
    return lowest + int(kept[0]), pmf[kept[0] : kept[-1] + 1]


def root_of_slope(z: ndarray, z_y: ndarray) -> float:
    """Return the beta at which the slope of the NLL is 0: bounds a factor of 4 apart, then Newton's method in them."""
    low, beta, high, step = 0.0, 1.0, np.inf, np.inf
    for _ in range(1000):
        slope, curvature = slope_and_curvature(z, z_y, beta)
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


def slope_and_curvature(z: ndarray, z_y: ndarray, beta: float) -> tuple[float, float]:
    """1/N sum_i (mu_i - z_iy) and 1/N sum_i Var_{p_i}(z_i), with p_i = softmax(beta z_i) and its mean logit mu_i."""
    e = z * beta
    np.exp(e, out=e)
    total = e.sum(axis=-1)
    e *= z
    mu = e.sum(axis=-1) / total
    variance = np.einsum("ij,ij->i", e, z) / total - mu**2
    return float((mu - z_y).mean()), float(variance.mean())
