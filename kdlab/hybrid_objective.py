r"""A hybrid objective: labels, teacher logits and teacher features in one loss, and how to weigh them by gradients.

.. math:: L = (1 - \alpha - \beta) \, L_{CE} + \beta \, L_{KD} + \alpha \, \|f_S - f_T\|^2, \qquad
   \alpha = \frac{\|g_{CE}\|}{\|g_{CE}\| + \|g_F\|}

with features :math:`f_S, f_T` of student and teacher and gradients :math:`g`. Chapter: principles/hybrid_objective.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    as_choice,
    as_finite,
    as_labels,
    as_number,
    as_real,
    check_same_shape,
    quiet,
    reduced,
    widened,
)
from kdlab.core import hybrid_objective as core


class Balance(NamedTuple):
    """Two gradients under the weights 1 - alpha and alpha that make their norms equal."""

    ce_norm: float
    feature_norm: float
    alpha: float
    weighted_norm: float
    cosine: float
    total: FloatArray
    total_norm: float


def feature_loss(
    student_features: ArrayLike,
    teacher_features: ArrayLike,
    *,
    mean_over_dimensions: bool = False,
    reduction: str = "mean",
) -> FloatArray:
    r"""Squared distance of the student's features from the teacher's.

    .. math:: L_F = \|f_S - f_T\|^2 = \sum_d (f_{S,d} - f_{T,d})^2

    Where the widths differ, pass the student's features through a regressor first (learned along with it).

    Parameters
    ----------
    student_features, teacher_features : array_like, shape (..., D)
        f_S and f_T, of one shape, D >= 1. Feature maps are flattened first. float16 is computed in float32.
    mean_over_dimensions : bool
        Whether to divide by D, as PyTorch's mse_loss does. The loss, its gradient (2/D in the place of 2) and so
        the balanced alpha depend on it.
    reduction : str
        "none": one loss a sample; "sum" or "mean" of them over the samples.

    Returns
    -------
    ndarray, shape (...) for "none", else a number
        In [0, inf].

    References
    ----------
    Romero et al. (2015), FitNets: Hints for Thin Deep Nets.

    Examples
    --------
    >>> feature_loss([1.0, -0.5, 0.25], [0.5, 0.5, 0.0])
    np.float64(1.3125)
    """
    f_S, f_T = _pair(student_features, teacher_features)
    with quiet():
        return reduced(core.feature_loss(f_S, f_T, mean_over_dimensions), reduction)


def feature_loss_df(
    student_features: ArrayLike,
    teacher_features: ArrayLike,
    *,
    mean_over_dimensions: bool = False,
    reduction: str = "mean",
) -> FloatArray:
    r"""Gradient of the feature loss with respect to the student's features.

    .. math:: g_F = \frac{\partial L_F}{\partial f_S} = 2 (f_S - f_T)

    Parameters
    ----------
    student_features, teacher_features, mean_over_dimensions
        As for `feature_loss`. With the mean over the dimensions the factor is 2/D.
    reduction : str
        That of the loss: "mean" divides by the number of samples, "none" and "sum" do not.

    Returns
    -------
    ndarray, shape (..., D)
        g_F.

    References
    ----------
    Romero et al. (2015), FitNets: Hints for Thin Deep Nets.

    Examples
    --------
    >>> feature_loss_df([1.0, -0.5, 0.25], [0.5, 0.5, 0.0])
    array([ 1. , -2. ,  0.5])
    """
    f_S, f_T = _pair(student_features, teacher_features)
    with quiet():
        return _of_reduced(core.feature_loss_df(f_S, f_T, mean_over_dimensions), reduction)


def cross_entropy_df(
    student_features: ArrayLike, weights: ArrayLike, bias: ArrayLike, labels: ArrayLike, *, reduction: str = "mean"
) -> FloatArray:
    r"""Gradient of the cross-entropy (at T = 1) with respect to the features below a linear head.

    .. math:: g_{CE} = \frac{\partial L_{CE}}{\partial f_S} = V^\top (q - y), \qquad q = \mathrm{softmax}(V f_S + b)

    Parameters
    ----------
    student_features : array_like, shape (..., D)
        f_S, D >= 1.
    weights : array_like, shape (C, D)
        V, C >= 1.
    bias : array_like, shape (C,)
        b.
    labels : array_like of integers, shape (...)
        One class for each sample; y is 1 there and 0 elsewhere.
    reduction : str
        That of the loss: "mean" divides by the number of samples, "none" and "sum" do not.

    Returns
    -------
    ndarray, shape (..., D)
        g_CE.

    References
    ----------
    Romero et al. (2015), FitNets: Hints for Thin Deep Nets.

    Examples
    --------
    >>> V, b = [[1, 0, -1], [0, 1, 0.5]], [0.1, -0.2]
    >>> cross_entropy_df([1.0, -0.5, 0.25], V, b, 0).round(3)
    array([-0.194,  0.194,  0.291])
    """
    f_S = _features("student_features", student_features)
    V, b = as_finite("weights", weights, 2), as_finite("bias", bias, 1)
    if V.shape[0] == 0 or V.shape[1] != f_S.shape[-1]:
        raise ValueError(f"weights must have shape (C, {f_S.shape[-1]}), C >= 1; shape {V.shape} was given.")
    if b.shape != V.shape[:1]:
        raise ValueError(f"bias must have shape {V.shape[:1]}, one for each class; shape {b.shape} was given.")
    y = as_labels("labels", labels, len(V), f_S.shape[:-1])
    with quiet():
        if not np.isfinite(core.head(f_S, V, b)).all():
            raise ValueError("student_features and weights must have logits that are finite; these overflow.")
        return _of_reduced(core.cross_entropy_df(f_S, V, b, y), reduction)


def balanced_alpha(
    ce_gradient: ArrayLike, feature_gradient: ArrayLike, *, alpha_min: float = 0.0, alpha_max: float = 1.0
) -> float:
    r"""Weight that makes the norms of two weighted gradients equal.

    .. math:: \alpha = \frac{\|g_{CE}\|}{\|g_{CE}\| + \|g_F\|}
       \quad\text{so that}\quad (1 - \alpha) \|g_{CE}\| = \alpha \|g_F\|

    Alpha is a constant of the step: it is not differentiated. Both gradients are those of the losses of the batch,
    with respect to the same quantity, and count as one long vector each; one alpha for each sample would be another
    algorithm. The norms are equal in the space of that quantity alone: balanced with respect to the features, the
    gradients J'g that reach the parameters below (J: derivative of the features by them) are not. Pass the
    gradients by the shared parameters to balance these. It is a heuristic: no fixed objective is descended.

    Parameters
    ----------
    ce_gradient, feature_gradient : array_like, of one shape
        g_CE and g_F: by the features, or by the shared parameters.
    alpha_min, alpha_max : float
        Alpha is clipped to [alpha_min, alpha_max], inside [0, 1].

    Returns
    -------
    float
        Alpha in [0, 1]. Where one gradient is 0, the 0 or 1 of the formula; where both are, 0.5.

    References
    ----------
    Chen et al. (2018), GradNorm: Gradient Normalization for Adaptive Loss Balancing in Deep Multitask Networks,
    balances with respect to shared parameters too, by another rule.

    Examples
    --------
    >>> g_CE, g_F = np.array([3.0, 0.0]), np.array([0.0, 1.0])
    >>> balanced_alpha(g_CE, g_F)
    0.75
    >>> J = np.array([[1.0, 0.0], [0.0, 9.0]])  # derivative of two features by two shared parameters
    >>> balanced_alpha(J.T @ g_CE, J.T @ g_F)
    0.25
    """
    low = as_number("alpha_min", alpha_min, "[0, 1]")
    high = as_number("alpha_max", alpha_max, "[0, 1]")
    if low > high:
        raise ValueError(f"alpha_min must be at most alpha_max; {low} and {high} were given.")
    g_CE, g_F, _ = _gradients(ce_gradient, feature_gradient)
    return min(max(core.balanced_alpha(g_CE, g_F), low), high)


def smoothed_alpha(alpha: float, previous_alpha: float, *, decay: float = 0.9) -> float:
    r"""Exponential moving average of alpha over the steps.

    .. math:: \bar\alpha_t = \rho \, \bar\alpha_{t-1} + (1 - \rho) \, \alpha_t

    Parameters
    ----------
    alpha : float
        The balanced alpha of this step, in [0, 1].
    previous_alpha : float
        The average of the step before, in [0, 1]; at the first step, alpha itself.
    decay : float
        rho in [0, 1]: 0 follows each step, 1 none.

    Returns
    -------
    float
        The average, in [0, 1].

    Examples
    --------
    >>> round(smoothed_alpha(0.2, 0.5), 12)
    0.47
    """
    alpha = as_number("alpha", alpha, "[0, 1]")
    previous_alpha = as_number("previous_alpha", previous_alpha, "[0, 1]")
    return core.smoothed_alpha(alpha, previous_alpha, as_number("decay", decay, "[0, 1]"))


def gradient_balance(ce_gradient: ArrayLike, feature_gradient: ArrayLike) -> Balance:
    r"""Total gradient under the balanced alpha, and the norms that say what it is worth.

    .. math:: (1 - \alpha) \, a = \alpha \, b = h = \frac{ab}{a + b}, \qquad
       \|(1 - \alpha) g_{CE} + \alpha g_F\| = h \sqrt{2 + 2 \cos(g_{CE}, g_F)}

    with a and b the norms of the gradients. So the step vanishes as soon as either gradient does, however large
    the other, and wherever the two are antiparallel.

    Parameters
    ----------
    ce_gradient, feature_gradient
        As for `balanced_alpha`.

    Returns
    -------
    Balance
        ce_norm, feature_norm: a and b. alpha: in [0, 1]. weighted_norm: h, of each weighted gradient. cosine: in
        [-1, 1], of the two; 0 where one of them is 0. total: the weighted sum, shape of `ce_gradient`.
        total_norm: its norm.

    References
    ----------
    Sener and Koltun (2018), Multi-Task Learning as Multi-Objective Optimization, and Desideri (2012), for the
    points at which gradients cancel.

    Examples
    --------
    >>> balance = gradient_balance([3.0, 0.0], [0.0, 1.0])
    >>> balance.alpha, balance.weighted_norm, balance.total
    (0.75, 0.75, array([0.75, 0.75]))
    """
    g_CE, g_F, dtype = _gradients(ce_gradient, feature_gradient)
    with quiet():
        balance = Balance(*core.gradient_balance(g_CE, g_F))
        return balance._replace(total=balance.total.astype(dtype, copy=False))


def hybrid_loss(
    ce_losses: ArrayLike, kd_losses: ArrayLike, feature_losses: ArrayLike, *, alpha: float, beta: float
) -> FloatArray:
    r"""Weighted sum of the three losses.

    .. math:: L = (1 - \alpha - \beta) \, L_{CE} + \beta \, L_{KD} + \alpha \, L_F

    With beta = 0 it is the objective of labels and features alone. A loss of weight 0 is left out, even if infinite.

    Parameters
    ----------
    ce_losses, kd_losses, feature_losses : array_like, of one shape
        The losses: numbers, or one of each for each sample. +inf is allowed.
    alpha : float
        Weight of the feature loss, in [0, 1].
    beta : float
        Weight of the distillation loss, in [0, 1]; alpha + beta <= 1.

    Returns
    -------
    ndarray, shape of the losses
        L.

    Examples
    --------
    >>> hybrid_loss(1.0, 2.0, 4.0, alpha=0.25, beta=0.5)
    np.float64(2.25)
    """
    alpha, beta = as_number("alpha", alpha, "[0, 1]"), as_number("beta", beta, "[0, 1]")
    if alpha + beta > 1:
        raise ValueError(f"alpha + beta must be at most 1; alpha = {alpha} and beta = {beta} were given.")
    losses = {"ce_losses": ce_losses, "kd_losses": kd_losses, "feature_losses": feature_losses}
    losses = {name: widened(as_real(name, values)) for name, values in losses.items()}
    check_same_shape(**losses)
    for name, values in losses.items():
        if not (values > -np.inf).all():
            raise ValueError(f"{name} must hold no NaN and no -inf.")
    return core.hybrid_loss(*losses.values(), alpha, beta)


def _features(name: str, value: ArrayLike) -> FloatArray:
    features = as_finite(name, value)
    if features.ndim == 0 or features.shape[-1] == 0:
        raise ValueError(f"{name} must have at least one dimension, last axis; shape {features.shape} was given.")
    return features


def _pair(student_features: ArrayLike, teacher_features: ArrayLike) -> tuple[FloatArray, FloatArray]:
    f_S, f_T = _features("student_features", student_features), _features("teacher_features", teacher_features)
    check_same_shape(student_features=f_S, teacher_features=f_T)
    return f_S, f_T


def _of_reduced(gradient: FloatArray, reduction: str) -> FloatArray:
    """Return the gradient of the reduced loss, of the gradient of each sample's own."""
    if as_choice("reduction", reduction, "none", "sum", "mean") == "mean":
        return gradient / max(1, gradient.size // gradient.shape[-1])
    return gradient


def _gradients(ce_gradient: ArrayLike, feature_gradient: ArrayLike) -> tuple[FloatArray, FloatArray, np.dtype]:
    """Return g_CE and g_F in float64, and the dtype of their sum."""
    g_CE, g_F = as_finite("ce_gradient", ce_gradient), as_finite("feature_gradient", feature_gradient)
    check_same_shape(ce_gradient=g_CE, feature_gradient=g_F)
    if g_CE.size == 0:
        raise ValueError(f"ce_gradient must hold at least one number; shape {g_CE.shape} was given.")
    return g_CE.astype(np.float64, copy=False), g_F.astype(np.float64, copy=False), np.result_type(g_CE, g_F)
