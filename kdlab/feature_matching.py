r"""Feature matching in a linear model: what it costs in bias, what it saves in variance, and when it pays.

.. math:: \hat\theta = \arg\min_\theta \|X\theta - y\|^2 + \lambda \|F\theta - h\|^2, \qquad
   y = X\theta^* + \varepsilon, \quad h = F\theta_f + \eta

with teacher logits y (noise variance :math:`\sigma^2`) and teacher features h (:math:`\tau^2`). Both norms are sums
over the rows: with means, (1/n)|.|^2 + lam' (1/m)|.|^2, it is lam = lam' n/m. All is computed in float64.
Chapter: principles/feature_matching.
"""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import FloatArray, as_finite, as_integer, as_number
from kdlab.core import feature_matching as core
from kdlab.core.feature_matching import BiasVariance, Coordinates, OneCoordinate


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
    ValueError
        If `lam` is infinite where F lacks full column rank.

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
    if np.linalg.matrix_rank(core.seen_rows(X, F, lam)[0]) < X.shape[1]:
        _undetermined(lam)
    return core.fit_student(X, F, y, h, lam)


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
    ValueError
        If X and F together lack full column rank, or `lam` is infinite where F does.

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
    lam = as_number("lam", lam, "[0, inf]")
    sigma2, tau2 = _variance("sigma2", sigma2), _variance("tau2", tau2)
    X, F, star, feature = _given(X, F, theta_star, theta_feature)
    if lam == 0:  # no feature is seen, and the minimum norm is the limit of a weak pull towards 0
        F, feature, tau2 = np.eye(X.shape[1]), np.zeros_like(star), 0.0
    of = _coordinates(X, F, feature - star, Sigma)
    if (lam == 0 and not of.a.all()) or (lam == np.inf and not of.k.all()):
        _undetermined(lam)
    return core.bias_variance(of, sigma2, tau2, lam)


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
    ValueError
        If X lacks full column rank.

    Examples
    --------
    >>> round(logit_only_excess([[1.0, 0.0], [0.0, 2.0]], sigma2=0.4, Sigma=np.eye(2)), 12)
    0.5
    """
    X = _matrix("X", X)
    of = _of_full_rank(_coordinates(X, np.eye(X.shape[1]), np.zeros(X.shape[1]), Sigma))
    return core.logit_only_excess(of, _variance("sigma2", sigma2))


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
    ValueError
        If `num_samples` < `num_dimensions`.

    Examples
    --------
    >>> random_design_excess(31, 5, sigma2=2.0)
    0.4
    """
    d = as_integer("num_dimensions", num_dimensions, 1)
    return core.random_design_excess(as_integer("num_samples", num_samples, d), d, _variance("sigma2", sigma2))


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
    ValueError
        If X lacks full column rank.

    References
    ----------
    Hoerl and Kennard (1970), Ridge Regression: Biased Estimation for Nonorthogonal Problems.

    Examples
    --------
    >>> round(slope_at_zero(np.eye(2), [[1.0, 1.0]], sigma2=0.5, Sigma=np.eye(2)), 12)
    -2.0
    """
    X, F = _design(X, F)
    of = _of_full_rank(_coordinates(X, F, np.zeros(X.shape[1]), Sigma))
    return core.slope_at_zero(of, _variance("sigma2", sigma2))


def one_coordinate(a: float, c: float, delta: float, *, sigma2: float, tau2: float) -> OneCoordinate:
    r"""Best lambda for one coordinate, where logits and features are two estimates of one number.

    .. math:: \lambda_{opt} = \frac{\sigma^2}{c \delta^2 + \tau^2}, \qquad
       \frac{1}{\mathrm{excess}_{opt}} = \frac{a}{\sigma^2} + \frac{1}{\delta^2 + \tau^2/c}, \qquad
       \lambda_{be} = \frac{2 a \sigma^2 c}{(c^2 \delta^2 + \tau^2 c) a - \sigma^2 c^2}

    The best lambda weighs the two by their inverse mean squared errors, sigma2/a and delta^2 + tau2/c. Features hurt
    beyond lam_be, and never (lam_be = inf) if theirs is not the larger error, to within rounding. Sigma = 1 here.

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
    return core.one_coordinate(a, c, delta, _variance("sigma2", sigma2), _variance("tau2", tau2))


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
    ValueError
        If X lacks full column rank.

    References
    ----------
    Hoerl and Kennard (1970), Ridge Regression: Biased Estimation for Nonorthogonal Problems.

    Examples
    --------
    >>> X, F = np.diag([2.0, 1.0]), np.eye(2)
    >>> round(optimal_lambda(X, F, [0, 0], [0, 2], sigma2=0.5, tau2=0.1, Sigma=np.eye(2)), 6)
    0.131712
    """
    X, F, star, feature = _given(X, F, theta_star, theta_feature)
    of = _of_full_rank(_coordinates(X, F, feature - star, Sigma))
    return core.optimal_lambda(of, _variance("sigma2", sigma2), _variance("tau2", tau2))


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
        In [0, inf]: 0 if any lambda hurts (exact logits, inexact features); inf if none does, as where features alone
        are as good as logits alone, to within rounding.

    Raises
    ------
    ValueError
        If X lacks full column rank.

    Examples
    --------
    >>> X, F = np.diag([2.0, 1.0]), np.eye(2)
    >>> round(break_even_lambda(X, F, [0, 0], [0, 2], sigma2=0.5, tau2=0.1, Sigma=np.eye(2)), 6)
    0.303454
    """
    X, F, star, feature = _given(X, F, theta_star, theta_feature)
    of = _of_full_rank(_coordinates(X, F, feature - star, Sigma))
    return core.break_even_lambda(of, _variance("sigma2", sigma2), _variance("tau2", tau2))


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
    ValueError
        If X1 lacks full column rank.

    Examples
    --------
    >>> omitted_variable_bias([[1.0], [1.0]], [[1.0], [2.0]], [4.0]).round(12)
    array([6.])
    """
    X1, X2 = _matrix("X1", X1), _matrix("X2", X2)
    if len(X2) != len(X1):
        raise ValueError(f"X2 must have as many rows as X1, {len(X1)}; {len(X2)} were given.")
    theta_2 = _vector("theta_2", theta_2, X2.shape[1])
    rank = np.linalg.matrix_rank(X1)
    if rank < X1.shape[1]:
        raise ValueError(f"X1 must have full column rank, {X1.shape[1]}; its rank is {rank}.")
    return core.omitted_variable_bias(X1, X2, theta_2)


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


def _variance(name: str, value: float) -> float:
    return as_number(name, value, "[0, inf)")


def _design(X: ArrayLike, F: ArrayLike) -> tuple[FloatArray, FloatArray]:
    X, F = _matrix("X", X), _matrix("F", F)
    if F.shape[1] != X.shape[1]:
        raise ValueError(f"F must have as many columns as X, {X.shape[1]}; {F.shape[1]} were given.")
    return X, F


def _given(
    X: ArrayLike, F: ArrayLike, theta_star: ArrayLike, theta_feature: ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    X, F = _design(X, F)
    d = X.shape[1]
    return X, F, _vector("theta_star", theta_star, d), _vector("theta_feature", theta_feature, d)


def _coordinates(X: FloatArray, F: FloatArray, delta: FloatArray, Sigma: ArrayLike) -> Coordinates:
    d, Sigma = X.shape[1], _matrix("Sigma", Sigma)
    if Sigma.shape != (d, d):
        raise ValueError(f"Sigma must have shape ({d}, {d}); {Sigma.shape} was given.")
    rounding = 1e-10 * np.abs(Sigma).max()
    if np.abs(Sigma - Sigma.T).max() > rounding or np.linalg.eigvalsh(Sigma).min() < -rounding:
        raise ValueError("Sigma must be symmetric and without negative eigenvalues.")
    if np.linalg.matrix_rank(np.vstack([core.triangle(X)[0], core.triangle(F)[0]])) < d:
        raise ValueError("X and F must have full column rank together (S = A + lam K is singular).")
    return core.coordinates(X, F, delta, Sigma)


def _of_full_rank(of: Coordinates) -> Coordinates:
    if not of.a.all():
        raise ValueError(f"X must have full column rank, {of.a.size}; its rank is {np.count_nonzero(of.a)}.")
    return of


def _undetermined(lam: float) -> None:
    if lam == np.inf:
        raise ValueError("lam must be finite where F lacks full column rank (K = F'F is singular); inf was given.")
    message = f"the rows seen at lam = {lam} leave the parameters undetermined; those of minimum norm are taken."
    warnings.warn(message, np.exceptions.RankWarning, stacklevel=3)
