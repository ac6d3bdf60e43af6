r"""Feature matching in a linear model: what it costs in bias, what it saves in variance, and when it pays.

.. math:: \hat\theta = \arg\min_\theta \|X\theta - y\|^2 + \lambda \|F\theta - h\|^2, \qquad
   y = X\theta^* + \varepsilon, \quad h = F\theta_f + \eta

with teacher logits y (noise variance :math:`\sigma^2`) and teacher features h (:math:`\tau^2`). Both norms are sums
over the rows: with means, (1/n)|.|^2 + lam' (1/m)|.|^2, it is lam = lam' n/m. All is computed in float64.
Chapter: principles/feature_matching.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import FloatArray, as_finite, as_integer, as_number


class BiasVariance(NamedTuple):
    """Bias and covariance of an estimate, and what they cost: excess = squared_bias + variance."""

    bias: FloatArray
    covariance: FloatArray
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


def fit_student(X: ArrayLike, F: ArrayLike, y: ArrayLike, h: ArrayLike, *, lam: float) -> FloatArray:
    r"""Student that matches noisy logits and noisy features, by least squares on stacked rows.

    .. math:: \hat\theta = \arg\min_\theta \left\|
       \begin{bmatrix} X \\ \sqrt\lambda F \end{bmatrix} \theta - \begin{bmatrix} y \\ \sqrt\lambda h \end{bmatrix}
       \right\|^2

    Parameters
    ----------
    X : array_like, shape (n, d)
        Inputs to the logits, n, d >= 1.
    F : array_like, shape (m, d)
        Linear map from the student's parameters to its features, m >= 1.
    y : array_like, shape (n,) or (n, k)
        Teacher's logits; each column is fitted for itself.
    h : array_like, shape (m,) or (m, k)
        Teacher's features.
    lam : float
        In [0, inf]: 0 sees the logits alone, inf the features alone (a limit that needs K = F'F invertible).

    Returns
    -------
    ndarray, shape (d,) or (d, k)
        The estimate. Where the rows leave it undetermined, that of minimum norm, with a RankWarning.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, a number is not finite, `lam` is negative, or infinite where F lacks full column
        rank.

    References
    ----------
    Phuong and Lampert (2019), Towards Understanding Knowledge Distillation, for linear students.

    Examples
    --------
    >>> X, F = [[1.0, 0.0], [0.0, 1.0]], [[1.0, 0.0]]
    >>> fit_student(X, F, y=[1.0, 2.0], h=[4.0], lam=0.5).round(12)
    array([2., 2.])
    """
    X, F = _design(X, F)
    lam = as_number("lam", lam, "[0, inf]")
    y, h = (as_finite(name, value).astype(np.float64, copy=False) for name, value in (("y", y), ("h", h)))
    for name, value, rows in (("y", y, len(X)), ("h", h, len(F))):
        if value.ndim not in (1, 2) or len(value) != rows or value.shape[1:] != y.shape[1:]:
            raise ValueError(f"{name} must have shape ({rows},) or ({rows}, k) as y has; {value.shape} was given.")
    # The roots of 1 and lam, or of 1/lam and 1: the same minimum, and neither overflows.
    root = np.repeat([1 / max(1.0, lam) ** 0.5, min(1.0, lam) ** 0.5], [len(X), len(F)])
    stacked, targets = np.vstack([X, F]), np.concatenate([y, h])
    stacked *= root[:, np.newaxis]
    theta, _, rank, _ = np.linalg.lstsq(stacked, (targets.T * root).T)
    if rank < X.shape[1]:
        _undetermined(lam)
    return theta


def bias_variance(
    X: ArrayLike,
    F: ArrayLike,
    theta_star: ArrayLike,
    theta_feature: ArrayLike,
    *,
    sigma2: float,
    tau2: float,
    lam: float,
    Sigma: ArrayLike,
) -> BiasVariance:
    r"""Bias, covariance and excess error of the student that matches logits and features.

    .. math:: \mathrm{bias} = \lambda S^{-1} K (\theta_f - \theta^*), \quad
       \mathrm{Cov} = S^{-1} (\sigma^2 A + \lambda^2 \tau^2 K) S^{-1}, \quad
       \mathrm{excess} = \mathrm{bias}^\top \Sigma \, \mathrm{bias} + \mathrm{tr}(\Sigma \, \mathrm{Cov})

    with A = X'X, K = F'F and S = A + lam K. At lam = 0 a student with fewer independent rows than dimensions is the
    one of minimum norm: biased by what it cannot see of theta_star.

    Parameters
    ----------
    X : array_like, shape (n, d)
        Inputs to the logits, fixed; n, d >= 1.
    F : array_like, shape (m, d)
        Map from the parameters to the features, fixed; m >= 1.
    theta_star, theta_feature : array_like, shape (d,)
        Parameters that the logits, and the features, are made with.
    sigma2, tau2 : float
        Variances of the noise of logits and of features, in [0, inf).
    lam : float
        In [0, inf]; inf needs K invertible.
    Sigma : array_like, shape (d, d)
        E xx' of the test inputs: symmetric, no negative eigenvalue.

    Returns
    -------
    BiasVariance
        bias, shape (d,); covariance, (d, d); squared_bias, variance and their sum excess = E (x'(th^ - th*))^2, in
        [0, inf). For the error on noisy targets, add sigma2.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, a number is not finite or out of range, or S is singular at lam > 0.

    References
    ----------
    Hoerl and Kennard (1970), Ridge Regression, for F = I and h = 0. Menon et al. (2021), A Statistical Perspective
    on Distillation, for distillation as a reduction of variance.

    Examples
    --------
    >>> X, F = np.eye(2), np.eye(2)
    >>> found = bias_variance(X, F, [1, 0], [1, 1], sigma2=1.0, tau2=0.0, lam=1.0, Sigma=np.eye(2))
    >>> found.bias.round(12), round(found.variance, 12), round(found.excess, 12)
    (array([0. , 0.5]), 0.5, 0.75)
    """
    X, F = _design(X, F)
    star, feature = _parameters(theta_star, theta_feature, X.shape[1])
    lam = as_number("lam", lam, "[0, inf]")
    sigma2, tau2 = as_number("sigma2", sigma2, "[0, inf)"), as_number("tau2", tau2, "[0, inf)")
    if lam == 0:  # no feature is seen, and the minimum norm is the limit of a weak pull towards 0
        F, feature, tau2 = np.eye(X.shape[1]), np.zeros_like(star), 0.0
    basis, a, k, delta, M = _coordinates(X, F, feature - star, Sigma)
    if (lam == 0 and not a.all()) or (lam == np.inf and not k.all()):
        _undetermined(lam)
    u, w = _pulls(a, k, lam)
    p, q = _noise(sigma2, a), _noise(tau2, k)
    bias, variances = u * delta, p * w**2 + q * u**2
    squared_bias, variance = float(bias @ M @ bias), float(M.diagonal() @ variances)
    return BiasVariance(basis @ bias, basis * variances @ basis.T, squared_bias, variance, squared_bias + variance)


def logit_only_excess(X: ArrayLike, *, sigma2: float, Sigma: ArrayLike) -> float:
    r"""Excess error of matching logits alone (least squares): all variance, if the student is well specified.

    .. math:: \mathrm{excess} = \sigma^2 \, \mathrm{tr}(\Sigma A^{-1}), \qquad A = X^\top X

    A noiseless teacher leaves none. For fewer independent rows than dimensions there is bias too, and
    `bias_variance` at lam = 0 has both; for dimensions that the student omits, see `omitted_variable_bias`.

    Parameters
    ----------
    X, sigma2, Sigma
        As for `bias_variance`; X of full column rank.

    Returns
    -------
    float
        In [0, inf).

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If X lacks full column rank, the shapes do not fit, or a number is not finite or out of range.

    Examples
    --------
    >>> round(logit_only_excess([[1.0, 0.0], [0.0, 2.0]], sigma2=0.4, Sigma=np.eye(2)), 12)
    0.5
    """
    X = _matrix("X", X)
    _, a, _, _, M = _coordinates(X, np.eye(X.shape[1]), np.zeros(X.shape[1]), Sigma)
    _check_full_rank(a)
    return float(M.diagonal() @ _noise(as_number("sigma2", sigma2, "[0, inf)"), a))


def random_design_excess(num_samples: int, num_dimensions: int, *, sigma2: float) -> float:
    r"""Excess error of matching logits alone, averaged over Gaussian inputs (training and test alike).

    .. math:: \mathrm{E}[\mathrm{excess}] = \frac{\sigma^2 d}{n - d - 1}

    whatever the inputs' covariance, the mean of an inverse Wishart matrix. At n = d and n = d + 1 it is infinite.

    Parameters
    ----------
    num_samples : int
        n, at least d. (For n < d the minimum norm is biased, by an amount that depends on the parameters.)
    num_dimensions : int
        d, at least 1.
    sigma2 : float
        Variance of the logits' noise, in [0, inf). At 0 there is no error, at any n >= d.

    Returns
    -------
    float
        In [0, inf].

    Raises
    ------
    TypeError
        If a number is not an integer, or `sigma2` not real.
    ValueError
        If `num_samples` < `num_dimensions`, or a number is out of range.

    Examples
    --------
    >>> random_design_excess(31, 5, sigma2=2.0)
    0.4
    """
    d = as_integer("num_dimensions", num_dimensions, 1)
    n = as_integer("num_samples", num_samples, d)
    sigma2 = as_number("sigma2", sigma2, "[0, inf)")
    if sigma2 == 0:
        return 0.0
    return sigma2 * d / (n - d - 1) if n > d + 1 else np.inf


def slope_at_zero(X: ArrayLike, F: ArrayLike, *, sigma2: float, Sigma: ArrayLike) -> float:
    r"""Slope of the excess error where lambda leaves 0.

    .. math:: \frac{d \, \mathrm{excess}}{d\lambda}\Big|_0 = -2 \sigma^2 \, \mathrm{tr}(\Sigma A^{-1} K A^{-1}) \le 0

    It does not depend on what the features say: the bias is of second order, so with noisy logits a small lambda
    helps even where the features mislead. How far it helps is for `break_even_lambda`.

    Parameters
    ----------
    X, F, sigma2, Sigma
        As for `bias_variance`; X of full column rank.

    Returns
    -------
    float
        In (-inf, 0].

    Raises
    ------
    TypeError, ValueError
        As `logit_only_excess` does.

    References
    ----------
    Hoerl and Kennard (1970), Ridge Regression: Biased Estimation for Nonorthogonal Problems.

    Examples
    --------
    >>> round(slope_at_zero(np.eye(2), [[1.0, 1.0]], sigma2=0.5, Sigma=np.eye(2)), 12)
    -2.0
    """
    X, F = _design(X, F)
    _, a, k, _, M = _coordinates(X, F, np.zeros(X.shape[1]), Sigma)
    _check_full_rank(a)
    return -2 * float(M.diagonal() @ (_noise(as_number("sigma2", sigma2, "[0, inf)"), a) * k / a))


def one_coordinate(a: float, c: float, delta: float, *, sigma2: float, tau2: float) -> OneCoordinate:
    r"""Best lambda for one coordinate, where logits and features are two estimates of one number.

    .. math:: \lambda_{opt} = \frac{\sigma^2}{c \delta^2 + \tau^2}, \qquad
       \frac{1}{\mathrm{excess}_{opt}} = \frac{a}{\sigma^2} + \frac{1}{\delta^2 + \tau^2/c}, \qquad
       \lambda_{be} = \frac{2 a \sigma^2 c}{(c^2 \delta^2 + \tau^2 c) a - \sigma^2 c^2}

    The best lambda weighs the two by their inverse mean squared errors, sigma2/a and delta^2 + tau2/c. Features hurt
    beyond lam_be, and never (lam_be = inf) if theirs is not the larger error. Sigma = 1 here.

    Parameters
    ----------
    a, c : float
        X'X and F'F, in (0, inf).
    delta : float
        Misalignment theta_feature - theta_star, in (-inf, inf).
    sigma2, tau2 : float
        Variances of the noise of logits and of features, in [0, inf).

    Returns
    -------
    OneCoordinate
        lam_opt in [0, inf]: 0 if the logits are exact, else inf if the features are; excess_opt,
        excess_logit_only = sigma2/a, excess_feature_only = delta^2 + tau2/c; lam_break_even in [0, inf].

    Raises
    ------
    TypeError
        If an argument is not a real number.
    ValueError
        If one is out of range.

    References
    ----------
    Hoerl and Kennard (1970), Ridge Regression: Biased Estimation for Nonorthogonal Problems.

    Examples
    --------
    >>> found = one_coordinate(4.0, 2.0, 0.5, sigma2=1.0, tau2=0.3)
    >>> round(found.lam_opt, 12), round(found.excess_opt, 4), round(found.lam_break_even, 4)
    (1.25, 0.1538, 6.6667)
    """
    a, c = as_number("a", a, "(0, inf)"), as_number("c", c, "(0, inf)")
    delta = as_number("delta", delta, "(-inf, inf)")
    sigma2, tau2 = as_number("sigma2", sigma2, "[0, inf)"), as_number("tau2", tau2, "[0, inf)")
    p, q = sigma2 / a, delta * delta + tau2 / c
    small, large = sorted((p, q))
    return OneCoordinate(
        lam_opt=_ratio(sigma2, c * delta * delta + tau2),
        excess_opt=small / (1 + small / large) if 0 < small < np.inf else small,
        excess_logit_only=p,
        excess_feature_only=q,
        lam_break_even=_ratio(2 * sigma2, c * (q - p)) if q > p else np.inf,
    )


def optimal_lambda(
    X: ArrayLike,
    F: ArrayLike,
    theta_star: ArrayLike,
    theta_feature: ArrayLike,
    *,
    sigma2: float,
    tau2: float,
    Sigma: ArrayLike,
) -> float:
    r"""Lambda of the least excess error, one for all coordinates: a compromise, found numerically.

    .. math:: \lambda_{opt} = \arg\min_{\lambda \in [0, \infty]} \mathrm{excess}(\lambda)

    Parameters
    ----------
    X, F, theta_star, theta_feature, sigma2, tau2, Sigma
        As for `bias_variance`; X of full column rank.

    Returns
    -------
    float
        In [0, inf]: above 0 if sigma2 > 0 and the features see something; inf if the excess error falls for ever.

    Raises
    ------
    TypeError, ValueError
        As `logit_only_excess` does.

    References
    ----------
    Hoerl and Kennard (1970), Ridge Regression: Biased Estimation for Nonorthogonal Problems.

    Examples
    --------
    >>> X, F = np.diag([2.0, 1.0]), np.eye(2)
    >>> round(optimal_lambda(X, F, [0, 0], [0, 2], sigma2=0.5, tau2=0.1, Sigma=np.eye(2)), 6)
    0.131712
    """
    change, slope, ratios = _excess_along_lambda(X, F, theta_star, theta_feature, sigma2, tau2, Sigma)
    # Infinity only if the excess still falls there: rounding hides by how much a minimum before is lower.
    end = [np.inf] if ratios.size and slope(1e60 * ratios.max(keepdims=True))[0] < 0 else []
    candidates = np.array([0.0, *_rising_zeros(slope, ratios), *end])
    return float(candidates[change(candidates).argmin()])


def break_even_lambda(
    X: ArrayLike,
    F: ArrayLike,
    theta_star: ArrayLike,
    theta_feature: ArrayLike,
    *,
    sigma2: float,
    tau2: float,
    Sigma: ArrayLike,
) -> float:
    r"""Lambda up to which feature matching helps: the first at which the excess error is back at that of lambda 0.

    .. math:: \lambda_{be} = \sup \{ \lambda : \mathrm{excess}(\lambda') \le \mathrm{excess}(0)
       \ \text{for all}\ \lambda' \le \lambda \}

    Parameters
    ----------
    X, F, theta_star, theta_feature, sigma2, tau2, Sigma
        As for `bias_variance`; X of full column rank.

    Returns
    -------
    float
        In [0, inf]: 0 if any lambda hurts (exact logits, inexact features), inf if none does.

    Raises
    ------
    TypeError, ValueError
        As `logit_only_excess` does.

    Examples
    --------
    >>> X, F = np.diag([2.0, 1.0]), np.eye(2)
    >>> round(break_even_lambda(X, F, [0, 0], [0, 2], sigma2=0.5, tau2=0.1, Sigma=np.eye(2)), 6)
    0.303454
    """
    change, _, ratios = _excess_along_lambda(X, F, theta_star, theta_feature, sigma2, tau2, Sigma)
    return float(min(_rising_zeros(change, ratios), default=np.inf))


def omitted_variable_bias(X1: ArrayLike, X2: ArrayLike, theta_2: ArrayLike) -> FloatArray:
    r"""Bias of matching logits with a student that omits some of the teacher's dimensions.

    .. math:: \mathrm{E}\,\hat\theta_1 - \theta_1 = (X_1^\top X_1)^{-1} X_1^\top X_2 \, \theta_2

    More data do not remove it: only uncorrelated inputs, or theta_2 = 0, do.

    Parameters
    ----------
    X1 : array_like, shape (n, d1)
        What the student sees, of full column rank.
    X2 : array_like, shape (n, d2)
        What it omits.
    theta_2 : array_like, shape (d2,)
        The teacher's parameters for `X2`.

    Returns
    -------
    ndarray, shape (d1,)
        The bias of the student's parameters.

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes do not fit, a number is not finite, or X1 lacks full column rank.

    Examples
    --------
    >>> omitted_variable_bias([[1.0], [1.0]], [[1.0], [2.0]], [4.0]).round(12)
    array([6.])
    """
    X1, X2 = _matrix("X1", X1), _matrix("X2", X2)
    if len(X2) != len(X1):
        raise ValueError(f"X2 must have as many rows as X1, {len(X1)}; {len(X2)} were given.")
    bias, _, rank, _ = np.linalg.lstsq(X1, X2 @ _vector("theta_2", theta_2, X2.shape[1]))
    if rank < X1.shape[1]:
        raise ValueError(f"X1 must have full column rank, {X1.shape[1]}; its rank is {rank}.")
    return bias


def _matrix(name: str, value: ArrayLike) -> FloatArray:
    matrix = as_finite(name, value, 2).astype(np.float64, copy=False)
    if matrix.size == 0:
        raise ValueError(f"{name} must have at least one row and one column; shape {matrix.shape} was given.")
    return matrix


def _vector(name: str, value: ArrayLike, d: int) -> FloatArray:
    vector = as_finite(name, value, 1).astype(np.float64, copy=False)
    if len(vector) != d:
        raise ValueError(f"{name} must have shape ({d},), one number for each column; {vector.shape} was given.")
    return vector


def _design(X: ArrayLike, F: ArrayLike) -> tuple[FloatArray, FloatArray]:
    X, F = _matrix("X", X), _matrix("F", F)
    if F.shape[1] != X.shape[1]:
        raise ValueError(f"F must have as many columns as X, {X.shape[1]}; {F.shape[1]} were given.")
    return X, F


def _undetermined(lam: float) -> None:
    if lam == np.inf:
        raise ValueError("lam must be finite where F lacks full column rank (K = F'F is singular); inf was given.")
    message = f"the rows seen at lam = {lam} leave the parameters undetermined; those of minimum norm are taken."
    warnings.warn(message, np.exceptions.RankWarning, stacklevel=3)


class _Coordinates(NamedTuple):
    """A basis in which A and K are diagonal, and the problem in it."""

    basis: FloatArray  # G, a coordinate a column: G'AG = diag(a), G'KG = diag(k)
    a: FloatArray
    k: FloatArray
    delta: FloatArray  # G^-1 (theta_feature - theta_star)
    M: FloatArray  # G' Sigma G


def _coordinates(X: FloatArray, F: FloatArray, delta: FloatArray, Sigma: ArrayLike) -> _Coordinates:
    """Return the generalised singular value decomposition of X and F: neither X'X nor any inverse is formed."""
    d = X.shape[1]
    X, F = np.linalg.qr(X, mode="r"), np.linalg.qr(F, mode="r")
    x, f = np.linalg.norm(X) or 1.0, np.linalg.norm(F) or 1.0
    Q, R = np.linalg.qr(np.vstack([X / x, F / f]))
    if np.linalg.matrix_rank(R) < d:
        raise ValueError("X and F must have full column rank together (S = A + lam K is singular).")
    of_X, of_F = Q[: len(X)], Q[len(X) :]
    # One rotation W makes the columns of both orthogonal: right singular vectors of F's part where that is small,
    # of X's part elsewhere, since equal singular values leave theirs open.
    _, s, W = np.linalg.svd(of_F)
    W = W.T
    large = np.count_nonzero(s > 0.5**0.5)
    W[:, :large] = W[:, :large] @ np.linalg.svd(of_X @ W[:, :large])[2].T
    c, s = (np.linalg.norm(part @ W, axis=0) for part in (of_X, of_F))
    zero = 8 * d * np.finfo(np.float64).eps
    basis = np.linalg.solve(R, W)
    return _Coordinates(
        basis=basis,
        a=np.where(c > zero, c * x, 0) ** 2,
        k=np.where(s > zero, s * f, 0) ** 2,
        delta=W.T @ (R @ delta),
        M=basis.T @ _second_moment(Sigma, d) @ basis,
    )


def _second_moment(Sigma: ArrayLike, d: int) -> FloatArray:
    Sigma = _matrix("Sigma", Sigma)
    if Sigma.shape != (d, d):
        raise ValueError(f"Sigma must have shape ({d}, {d}); {Sigma.shape} was given.")
    rounding = 1e-10 * np.abs(Sigma).max()
    if np.abs(Sigma - Sigma.T).max() > rounding or np.linalg.eigvalsh(Sigma).min() < -rounding:
        raise ValueError("Sigma must be symmetric and without negative eigenvalues.")
    return Sigma


def _check_full_rank(a: FloatArray) -> None:
    if not a.all():
        raise ValueError(f"X must have full column rank, {len(a)}; its rank is {np.count_nonzero(a)}.")


def _parameters(theta_star: ArrayLike, theta_feature: ArrayLike, d: int) -> tuple[FloatArray, FloatArray]:
    return _vector("theta_star", theta_star, d), _vector("theta_feature", theta_feature, d)


def _pulls(a: FloatArray, k: FloatArray, lam: FloatArray | float) -> tuple[FloatArray, FloatArray]:
    """Return lam k / (a + lam k), how far each coordinate goes to the features, and a / (a + lam k), with limits."""
    a_part, k_part = a / np.maximum(lam, 1), k * np.minimum(lam, 1)
    total = a_part + k_part
    none = total == 0  # a = 0 as lam falls to 0, or k = 0 as it grows to infinity
    total = np.where(none, 1, total)
    return np.where(none, a == 0, k_part / total), np.where(none, k == 0, a_part / total)


def _noise(variance: float, curvature: FloatArray) -> FloatArray:
    """Return the variance of the estimate from one source alone; 0 where it has none, and no weight."""
    return np.where(curvature > 0, variance / np.where(curvature > 0, curvature, 1), 0)


def _ratio(numerator: float, denominator: float) -> float:
    """Return a quotient of numbers that are not negative: 0/0 is 0, and else x/0 infinite."""
    if denominator == 0:
        return np.inf if numerator else 0.0
    return numerator / denominator


def _excess_along_lambda(
    X: ArrayLike,
    F: ArrayLike,
    theta_star: ArrayLike,
    theta_feature: ArrayLike,
    sigma2: float,
    tau2: float,
    Sigma: ArrayLike,
) -> tuple[Callable[[FloatArray], FloatArray], Callable[[FloatArray], FloatArray], FloatArray]:
    """Return excess(lam) - excess(0) and lam/2 times the excess's slope, without cancellation; and each a/k."""
    X, F = _design(X, F)
    star, feature = _parameters(theta_star, theta_feature, X.shape[1])
    _, a, k, delta, M = _coordinates(X, F, feature - star, Sigma)
    _check_full_rank(a)
    p = _noise(as_number("sigma2", sigma2, "[0, inf)"), a)
    q = _noise(as_number("tau2", tau2, "[0, inf)"), k)
    m = M.diagonal()

    def change(lam: FloatArray) -> FloatArray:
        u, w = _pulls(a, k, lam[:, np.newaxis])
        bias = u * delta
        return (bias @ M * bias).sum(axis=1) + u * (q * u - p * (1 + w)) @ m

    def slope(lam: FloatArray) -> FloatArray:
        u, w = _pulls(a, k, lam[:, np.newaxis])
        bias = u * delta
        return (bias @ M * bias * w).sum(axis=1) + u * w * (q * u - p * w) @ m

    return change, slope, a[k > 0] / k[k > 0]


def _rising_zeros(function: Callable[[FloatArray], FloatArray], ratios: FloatArray) -> FloatArray:
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
