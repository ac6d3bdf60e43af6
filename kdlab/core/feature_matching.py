"""Feature matching in a linear model: bias against variance. The equations of the chapter principles/feature_matching.

y = X theta_star + noise of variance sigma2; h = F theta_feature + noise of variance tau2. X: (n, d), F: (m, d);
A = X'X, K = F'F. lam: weight of the features in [0, inf]. Sigma: E xx' of the test inputs. All in float64.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import numpy as np
from numpy import ndarray

EPS = float(np.finfo(np.float64).eps)


class BiasVariance(NamedTuple):
    """Bias and covariance of an estimate, and what they cost: excess = squared_bias + variance."""

    bias: ndarray
    covariance: ndarray
    squared_bias: float
    variance: float
    excess: float


class OneCoordinate(NamedTuple):
    """The best lambda of one coordinate, three excess errors, and the lambda beyond which features hurt."""

    lam_opt: float
    excess_opt: float
    excess_logit_only: float
    excess_feature_only: float
    lam_break_even: float


class Coordinates(NamedTuple):
    """A basis in which A and K are diagonal, and the problem in it."""

    basis: ndarray  # G, a coordinate a column: G'AG = diag(a), G'KG = diag(k)
    a: ndarray
    k: ndarray
    delta: ndarray  # G^-1 (theta_feature - theta_star)
    M: ndarray  # G' Sigma G


# --- the student ----------------------------------------------------------------------------------------------------


def fit_student(X: ndarray, F: ndarray, y: ndarray, h: ndarray, lam: float) -> ndarray:
    """theta = argmin |X theta - y|^2 + lam |F theta - h|^2: least squares on the rows of X and sqrt(lam) F."""
    rows, root = seen_rows(X, F, lam)
    return np.linalg.lstsq(rows, (np.concatenate([y, h]).T * root).T)[0]


def omitted_variable_bias(X1: ndarray, X2: ndarray, theta_2: ndarray) -> ndarray:
    """E theta_1 - theta_1 = (X1'X1)^-1 X1'X2 theta_2."""
    return np.linalg.lstsq(X1, X2 @ theta_2)[0]


# --- one coordinate: two estimates of one number --------------------------------------------------------------------


def one_coordinate(a: float, c: float, delta: float, sigma2: float, tau2: float) -> OneCoordinate:
    """lam_opt = sigma2/(c delta^2 + tau2); 1/excess_opt = 1/p + 1/q, with p = sigma2/a and q = delta^2 + tau2/c.

    lam_be = 2 sigma2 / (c (q - p)), or infinite: features never hurt if theirs is not the larger error.
    """
    p, q = sigma2 / a, delta * delta + tau2 / c
    small, large = sorted((p, q))
    return OneCoordinate(
        lam_opt=ratio(sigma2, c * delta * delta + tau2),
        excess_opt=small / (1 + small / large) if 0 < small < np.inf else small,
        excess_logit_only=p,
        excess_feature_only=q,
        lam_break_even=ratio(2 * sigma2, c * (q - p)) if q * (1 - 4 * EPS) > p else np.inf,
    )


# --- several coordinates --------------------------------------------------------------------------------------------


def coordinates(X: ndarray, F: ndarray, delta: ndarray, Sigma: ndarray) -> Coordinates:
    """Return the generalised singular value decomposition of X and F: neither X'X nor any inverse is formed."""
    d = X.shape[1]
    X, x = triangle(X)
    F, f = triangle(F)
    Q, R = np.linalg.qr(np.vstack([X, F]))
    of_X, of_F = Q[: len(X)], Q[len(X) :]
    # One rotation W makes the columns of both orthogonal: right singular vectors of F's part where that is small,
    # of X's part elsewhere, since equal singular values leave theirs open.
    _, s, W = np.linalg.svd(of_F)
    W = W.T
    large = np.count_nonzero(s > 0.5**0.5)
    W[:, :large] = W[:, :large] @ np.linalg.svd(of_X @ W[:, :large])[2].T
    c, s = (np.linalg.norm(part @ W, axis=0) for part in (of_X, of_F))
    a, k = (np.where(size > 8 * d * EPS, size * unit, 0) ** 2 for size, unit in ((c, x), (s, f)))
    basis = np.linalg.solve(R, W)
    return Coordinates(basis, a, k, delta=W.T @ (R @ delta), M=basis.T @ Sigma @ basis)


def bias_variance(of: Coordinates, sigma2: float, tau2: float, lam: float) -> BiasVariance:
    """bias = lam S^-1 K delta, Cov = S^-1 (sigma2 A + lam^2 tau2 K) S^-1, with S = A + lam K.

    excess = bias' Sigma bias + tr(Sigma Cov). In coordinates bias_j = u_j delta_j and Cov_jj = p_j w_j^2 + q_j u_j^2.
    """
    u, w = pulls(of, lam)
    p, q = noise(of, sigma2, tau2)
    bias, variances = u * of.delta, p * w**2 + q * u**2
    squared_bias, variance = float(bias @ of.M @ bias), float(of.M.diagonal() @ variances)
    covariance = of.basis * variances @ of.basis.T
    return BiasVariance(of.basis @ bias, covariance, squared_bias, variance, squared_bias + variance)


def logit_only_excess(of: Coordinates, sigma2: float) -> float:
    """sigma2 tr(Sigma A^-1), for X of full column rank."""
    return float(of.M.diagonal() @ (sigma2 / of.a))


def random_design_excess(n: int, d: int, sigma2: float) -> float:
    """E sigma2 tr(Sigma A^-1) = sigma2 d / (n - d - 1) over Gaussian inputs, for n >= d."""
    if sigma2 == 0:
        return 0.0
    return sigma2 * d / (n - d - 1) if n > d + 1 else np.inf


def slope_at_zero(of: Coordinates, sigma2: float) -> float:
    """d excess/d lam = -2 sigma2 tr(Sigma A^-1 K A^-1) at lam = 0, for X of full column rank."""
    return -2 * float(of.M.diagonal() @ (sigma2 / of.a * of.k / of.a))


def optimal_lambda(of: Coordinates, sigma2: float, tau2: float) -> float:
    """argmin excess(lam), among 0, the lambdas where its slope rises through 0, and infinity."""
    slope, ratios = partial(half_slope, of, sigma2, tau2), of.a[of.k > 0] / of.k[of.k > 0]
    # Infinity only if the excess still falls there: rounding hides by how much a minimum before is lower.
    end = [np.inf] if ratios.size and slope(1e60 * ratios.max(keepdims=True))[0] < 0 else []
    candidates = np.array([0.0, *rising_zeros(slope, ratios), *end])
    return float(candidates[change(of, sigma2, tau2, candidates).argmin()])


def break_even_lambda(of: Coordinates, sigma2: float, tau2: float) -> float:
    """Return the first lam at which excess(lam) is back at excess(0), or infinity."""
    ratios = of.a[of.k > 0] / of.k[of.k > 0]
    zeros = rising_zeros(partial(change, of, sigma2, tau2), ratios)
    # A lambda so large means that logits alone and features alone are equally good, but for rounding.
    return float(min(zeros[zeros < 1e13 * ratios.max(initial=0)], default=np.inf))


# --- what these rest on ---------------------------------------------------------------------------------------------


def seen_rows(X: ndarray, F: ndarray, lam: float) -> tuple[ndarray, ndarray]:
    """Return the rows of X and F times the roots of 1 and lam, or of 1/lam and 1: none overflows; and the roots."""
    root = np.repeat([1 / max(1.0, lam) ** 0.5, min(1.0, lam) ** 0.5], [len(X), len(F)])
    return np.vstack([X, F]) * root[:, np.newaxis], root


def triangle(X: ndarray) -> tuple[ndarray, float]:
    """Return the R of X = QR over its norm, and the norm."""
    R = np.linalg.qr(X, mode="r")
    norm = float(np.linalg.norm(R)) or 1.0
    return R / norm, norm


def pulls(of: Coordinates, lam: ndarray | float) -> tuple[ndarray, ndarray]:
    """u = lam k/(a + lam k), how far each coordinate goes to the features, and w = a/(a + lam k), with limits."""
    a_part, k_part = of.a / np.maximum(lam, 1), of.k * np.minimum(lam, 1)
    total = a_part + k_part
    none = total == 0  # a = 0 as lam falls to 0, or k = 0 as it grows to infinity
    total = np.where(none, 1, total)
    return np.where(none, of.a == 0, k_part / total), np.where(none, of.k == 0, a_part / total)


def noise(of: Coordinates, sigma2: float, tau2: float) -> tuple[ndarray, ndarray]:
    """p = sigma2/a and q = tau2/k, the variances of each source alone; 0 where it has none, and no weight."""
    a, k = (np.where(curvature > 0, curvature, np.inf) for curvature in (of.a, of.k))
    return sigma2 / a, tau2 / k


def change(of: Coordinates, sigma2: float, tau2: float, lam: ndarray) -> ndarray:
    """Return excess(lam) - excess(0), without cancellation."""
    u, w = pulls(of, lam[:, np.newaxis])
    p, q = noise(of, sigma2, tau2)
    bias = u * of.delta
    return (bias @ of.M * bias).sum(axis=1) + u * (q * u - p * (1 + w)) @ of.M.diagonal()


def half_slope(of: Coordinates, sigma2: float, tau2: float, lam: ndarray) -> ndarray:
    """Return lam/2 times d excess/d lam, without cancellation."""
    u, w = pulls(of, lam[:, np.newaxis])
    p, q = noise(of, sigma2, tau2)
    bias = u * of.delta
    return (bias @ of.M * bias * w).sum(axis=1) + u * w * (q * u - p * w) @ of.M.diagonal()


def rising_zeros(function: Callable[[ndarray], ndarray], ratios: ndarray) -> ndarray:
    """Return the lambdas at which a function of them rises through 0; the first is 0 if it is positive from there.

    Each coordinate is a sigmoid of log lambda about its a/k, beside whose width twenty points a decade lie close.
    Beyond a thousand times the last ratio, or below a thousandth of the first, there is at most one zero.
    """
    if ratios.size == 0:
        return ratios
    low, high = ratios.min(), ratios.max()
    decades = np.log10(high) - np.log10(low) + 6
    lam = np.concatenate([[1e-60 * low], np.geomspace(1e-3 * low, 1e3 * high, int(20 * decades)), [1e60 * high]])
    value = function(lam)
    rises = np.flatnonzero((value[:-1] < 0) & (value[1:] >= 0))
    below, above = lam[rises], lam[rises + 1]
    for _ in range(64):  # halves the logarithm's interval: 60 decades become less than a rounding error
        middle = np.sqrt(below) * np.sqrt(above)
        negative = function(middle) < 0
        below, above = np.where(negative, middle, below), np.where(negative, above, middle)
    return np.concatenate([[0.0], above]) if value[0] > 0 else above


def ratio(numerator: float, denominator: float) -> float:
    """Return a quotient of numbers that are not negative: 0/0 is 0, and else x/0 infinite."""
    if denominator == 0:
        return np.inf if numerator else 0.0
    return numerator / denominator
