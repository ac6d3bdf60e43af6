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
    as_number,
    as_real,
    check_same_shape,
    reduced,
    widened,
)
from kdlab.distillation_loss import cross_entropy_dz


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

    Raises
    ------
    TypeError
        If the features are not real numbers.
    ValueError
        If the shapes differ, there is no dimension, or a feature is not finite; if `reduction` is another word,
        or "mean" where there is no sample.

    References
    ----------
    Romero et al. (2015), FitNets: Hints for Thin Deep Nets.

    Examples
    --------
    >>> feature_loss([1.0, -0.5, 0.25], [0.5, 0.0, 1.0])
    np.float64(1.0625)
    """
    difference = _difference(student_features, teacher_features)
    with np.errstate(over="ignore"):
        losses = np.einsum("...d,...d->...", difference, difference)
        if mean_over_dimensions:
            losses = losses / difference.shape[-1]
        return reduced(losses, reduction)


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

    Raises
    ------
    TypeError, ValueError
        As `feature_loss` does; without samples the gradient is empty, whatever the reduction.

    References
    ----------
    Romero et al. (2015), FitNets: Hints for Thin Deep Nets.

    Examples
    --------
    >>> feature_loss_df([1.0, -0.5, 0.25], [0.5, 0.0, 1.0])
    array([ 1. , -1. , -1.5])
    """
    difference = _difference(student_features, teacher_features)
    with np.errstate(over="ignore"):
        difference *= 2 / difference.shape[-1] if mean_over_dimensions else 2
    return _of_reduced(difference, reduction)


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

    Raises
    ------
    TypeError
        If an argument does not hold real numbers, or `labels` no integers.
    ValueError
        If the shapes do not fit, a number is not finite, a label is out of range, `reduction` is another word, or
        the logits overflow.

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
    with np.errstate(over="ignore", invalid="ignore"):
        z = f_S @ V.T + b
    return _of_reduced(cross_entropy_dz(z, labels, reduction="none") @ V, reduction)


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

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If the shapes differ, there is no number or one is not finite; if not 0 <= alpha_min <= alpha_max <= 1.

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
    a, b, _ = _norms(_scaled("ce_gradient", ce_gradient), _scaled("feature_gradient", feature_gradient))
    return min(max(_share(a, b), low), high)


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

    Raises
    ------
    TypeError
        If an argument is not a real number.
    ValueError
        If one is outside [0, 1].

    Examples
    --------
    >>> round(smoothed_alpha(0.2, 0.5), 12)
    0.47
    """
    alpha = as_number("alpha", alpha, "[0, 1]")
    previous_alpha = as_number("previous_alpha", previous_alpha, "[0, 1]")
    decay = as_number("decay", decay, "[0, 1]")
    return decay * previous_alpha + (1 - decay) * alpha


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

    Raises
    ------
    TypeError, ValueError
        As `balanced_alpha` does.

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
    g_CE = widened(as_real("ce_gradient", ce_gradient))
    g_F = widened(as_real("feature_gradient", feature_gradient))
    ce, feature = _scaled("ce_gradient", g_CE), _scaled("feature_gradient", g_F)
    a, b, unit = _norms(ce, feature)
    alpha, one_minus_alpha = _share(a, b), _share(b, a)
    h = one_minus_alpha * a * unit
    u_CE, u_F = ce.gradient / (ce.norm or 1), feature.gradient / (feature.norm or 1)
    return Balance(
        ce_norm=a * unit,
        feature_norm=b * unit,
        alpha=alpha,
        weighted_norm=h,
        cosine=min(max(float(np.vdot(u_CE, u_F)), -1.0), 1.0),
        total=one_minus_alpha * g_CE + alpha * g_F,
        # sqrt(2 + 2 cos) is the norm of the sum of the directions, which keeps its digits near cos = -1.
        total_norm=h * float(np.linalg.norm(u_CE + u_F)),
    )


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

    Raises
    ------
    TypeError
        If an argument does not hold real numbers.
    ValueError
        If a loss is NaN or -inf, the shapes differ, or a weight (that of `ce_losses` too) is outside [0, 1].

    Examples
    --------
    >>> hybrid_loss(1.0, 2.0, 4.0, alpha=0.25, beta=0.5)
    np.float64(2.25)
    """
    alpha, beta = as_number("alpha", alpha, "[0, 1]"), as_number("beta", beta, "[0, 1]")
    if alpha + beta > 1:
        raise ValueError(f"alpha + beta must be at most 1; alpha = {alpha} and beta = {beta} were given.")
    terms = {"ce_losses": (1 - (alpha + beta), ce_losses), "kd_losses": (beta, kd_losses)}
    terms["feature_losses"] = (alpha, feature_losses)
    losses = {name: widened(as_real(name, values)) for name, (_, values) in terms.items()}
    check_same_shape(**losses)
    for name, values in losses.items():
        if not (values > -np.inf).all():
            raise ValueError(f"{name} must hold no NaN and no -inf.")
    return sum(weight * losses[name] for name, (weight, _) in terms.items() if weight > 0)


def _features(name: str, value: ArrayLike) -> FloatArray:
    features = as_finite(name, value)
    if features.ndim == 0 or features.shape[-1] == 0:
        raise ValueError(f"{name} must have at least one dimension, last axis; shape {features.shape} was given.")
    return features


def _difference(student_features: ArrayLike, teacher_features: ArrayLike) -> FloatArray:
    f_S, f_T = _features("student_features", student_features), _features("teacher_features", teacher_features)
    check_same_shape(student_features=f_S, teacher_features=f_T)
    with np.errstate(over="ignore"):
        return f_S - f_T


def _of_reduced(gradient: FloatArray, reduction: str) -> FloatArray:
    """Return the gradient of the reduced loss, of the gradient of each sample's own, which is overwritten."""
    if as_choice("reduction", reduction, "none", "sum", "mean") == "mean":
        gradient /= max(1, gradient.size // gradient.shape[-1])
    return gradient


class _Scaled(NamedTuple):
    """A gradient over its scale, and the norm of that, which neither overflows nor vanishes."""

    gradient: FloatArray
    norm: float
    scale: float


def _scaled(name: str, value: ArrayLike) -> _Scaled:
    gradient = as_real(name, value)
    if gradient.size == 0:
        raise ValueError(f"{name} must hold at least one number; shape {gradient.shape} was given.")
    gradient = gradient.astype(np.float64, copy=False)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        norm = float(np.linalg.norm(gradient))
    if 1e-140 < norm < 1e140:  # the squares are safe, and no number is NaN or infinite
        return _Scaled(gradient, norm, 1.0)
    largest = float(np.abs(as_finite(name, gradient)).max())
    gradient = gradient / (largest or 1)
    return _Scaled(gradient, float(np.linalg.norm(gradient)), largest)


def _norms(ce: _Scaled, feature: _Scaled) -> tuple[float, float, float]:
    """Return both norms in a unit that they share, and the unit."""
    check_same_shape(ce_gradient=ce.gradient, feature_gradient=feature.gradient)
    unit = max(ce.scale, feature.scale) or 1.0
    return ce.norm * (ce.scale / unit), feature.norm * (feature.scale / unit), unit


def _share(a: float, b: float) -> float:
    return a / (a + b) if a + b else 0.5
