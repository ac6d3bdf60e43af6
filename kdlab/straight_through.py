r"""The straight-through estimator: the gradient of a quantized weight is used as that of the latent weight behind it.

.. math:: \frac{\partial L}{\partial w} := \frac{\partial L}{\partial q}\Big|_{q(w)}

with latent weights :math:`w` and quantized weights :math:`q(w)`. Chapter: compression/straight_through.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import FloatArray, as_finite, as_integer, as_number, check_same_shape, quiet, unit_of
from kdlab.core import straight_through as core

Function = Callable[[FloatArray], ArrayLike]


class LinearBias(NamedTuple):
    """The bias in linear regression, shape (n,), and its squared norm."""

    bias: FloatArray
    squared_norm: np.floating


class LogisticLimits(NamedTuple):
    r"""Limits of the bias as T falls to 0, bias / T, and as T rises without end, T^2 bias; each like the weights."""

    small_T_slope: FloatArray
    high_T_constant: FloatArray


def ste_gradient(gradient: ArrayLike, weights: ArrayLike, *, clip: float = np.inf) -> FloatArray:
    r"""Straight-through gradient of the latent weights, from the gradient of the quantized ones.

    .. math:: \frac{\partial L}{\partial w_i} := \frac{\partial L}{\partial q_i} \, 1[|w_i| \le c]

    A weight beyond c has no gradient and stays there for ever; `clamp_latent` is another cure, which keeps it moving.

    Parameters
    ----------
    gradient : array_like
        dL/dq at q(w), of any shape: the full-precision gradient, evaluated at the quantized weights.
    weights : array_like, same shape
        Latent weights w.
    clip : float
        c in (0, inf], on the scale of the weights: where all weights are far below it, it does nothing. inf is the
        identity. Hubara et al. have c = 1.

    Returns
    -------
    ndarray, same shape as `weights`
        The gradient to step with.

    References
    ----------
    Bengio, Leonard and Courville (2013), Estimating or Propagating Gradients Through Stochastic Neurons;
    Hubara et al. (2016), Binarized Neural Networks.

    Examples
    --------
    >>> ste_gradient([0.2, 0.2, 0.2], [0.3, -1.0, 1.5], clip=1.0)
    array([0.2, 0.2, 0. ])
    """
    g, w = _same(gradient=gradient, weights=weights)
    return core.ste_gradient(g, w, _limit(clip, w))


def clamp_latent(weights: ArrayLike, *, clip: float = 1.0) -> FloatArray:
    r"""Latent weights put back into an interval after a step, as BinaryConnect does.

    .. math:: w_i \leftarrow \min(\max(w_i, -c), c)

    Parameters
    ----------
    weights : array_like
        Latent weights w, of any shape.
    clip : float
        c in (0, inf], on the scale of the weights.

    Returns
    -------
    ndarray, same shape as `weights`
        In [-c, c].

    References
    ----------
    Courbariaux, Bengio and David (2015), BinaryConnect.

    Examples
    --------
    >>> clamp_latent([0.3, -1.0, 1.5])
    array([ 0.3, -1. ,  1. ])
    """
    w = as_finite("weights", weights)
    return core.clamp_latent(w, _limit(clip, w))


def bias_to_full_precision(gradient: Function, weights: ArrayLike, quantized_weights: ArrayLike) -> FloatArray:
    r"""Bias (a) of the straight-through gradient: against the full-precision gradient at the latent weights.

    .. math:: g(q(w)) - g(w), \qquad g = \nabla L

    Parameters
    ----------
    gradient : function
        g, from weights to an array of their shape.
    weights : array_like
        Latent weights w, of any shape.
    quantized_weights : array_like, same shape
        q(w), by any quantizer.

    Returns
    -------
    ndarray, same shape as `weights`
        The bias. It is 0 where quantizing changes nothing.

    Examples
    --------
    >>> bias_to_full_precision(lambda u: u - 0.5, [0.25, -1.0], [0.625, -0.625])
    array([0.375, 0.375])
    """
    w, q = _same(weights=weights, quantized_weights=quantized_weights)
    g = _checked(gradient, w)
    with quiet():
        return core.bias_to_full_precision(g, w, q)


def relative_bias(gradient: Function, weights: ArrayLike, quantized_weights: ArrayLike) -> np.floating:
    r"""Length of bias (a) over that of the full-precision gradient, all entries of an array together.

    .. math:: \frac{\lVert g(q(w)) - g(w) \rVert}{\lVert g(w) \rVert}

    A factor of the loss, such as T^2, stands in both lengths and drops out.

    Parameters
    ----------
    gradient, weights, quantized_weights
        As for `bias_to_full_precision`.

    Returns
    -------
    float
        In [0, inf). It is 0 where quantizing changes nothing, and 1 where the bias is as long as the gradient.

    Raises
    ------
    ValueError
        If g(w) is 0, so that there is nothing to compare with.

    References
    ----------
    Yin et al. (2019), Understanding Straight-Through Estimator in Training Activation Quantized Neural Nets.

    Examples
    --------
    >>> relative_bias(lambda u: u - 0.5, [0.25, -1.0], [0.625, -0.625]).round(3)
    np.float64(0.349)
    """
    w, q = _same(weights=weights, quantized_weights=quantized_weights)
    g = _checked(gradient, w)
    full = g(w)
    if not full.any():
        raise ValueError("gradient must not be 0 at the weights, else there is nothing to compare the bias with.")
    unit = unit_of(full)  # so that no square overflows or vanishes
    with quiet():
        bias = core.bias_to_full_precision(g, w, q)
        return np.linalg.norm((bias / unit).ravel()) / np.linalg.norm((full / unit).ravel())


def bias_to_true_derivative(gradient: Function, weights: ArrayLike, *, scale: float | None = None) -> FloatArray:
    r"""Bias (b) of the straight-through gradient: against the derivative that L(q(w)) has almost everywhere.

    .. math:: g(q) - J^\top g(q), \qquad q = m \, \mathrm{sign}(w), \qquad
              J_{ij} = \frac{dq_i}{dw_j} = \frac{\mathrm{sign}(w_i) \, \mathrm{sign}(w_j)}{n}
              \text{ if } m = \frac1n \sum_i |w_i|, \text{ else } 0

    With a fixed m the derivative is 0 and the whole straight-through gradient is bias. With m = mean|w| it is not 0.

    Parameters
    ----------
    gradient : function
        g = dL/dq, from weights to an array of their shape.
    weights : array_like
        Latent weights w, of any shape, at least one; sign(0) = +1.
    scale : float or None
        m in [0, inf), held fixed; None for mean|w|, which moves with w.

    Returns
    -------
    ndarray, same shape as `weights`
        The bias.

    References
    ----------
    Yin et al. (2019), Understanding Straight-Through Estimator in Training Activation Quantized Neural Nets.

    Examples
    --------
    >>> bias_to_true_derivative(lambda u: u - 0.5, [0.25, -1.0], scale=0.625)
    array([ 0.125, -1.125])
    >>> bias_to_true_derivative(lambda u: u - 0.5, [0.25, -1.0])
    array([-0.5, -0.5])
    """
    w = as_finite("weights", weights)
    if scale is None and w.size == 0:
        raise ValueError(f"weights must hold at least one number; an array of shape {w.shape} was given.")
    g, m = _checked(gradient, w), None if scale is None else as_number("scale", scale, "[0, inf)")
    with quiet():
        return core.bias_to_true_derivative(g, w, m)


def bias_to_smoothed_loss(
    loss: Callable[[FloatArray], float], gradient: Function, weights: ArrayLike, *, scale: float, noise: float
) -> FloatArray:
    r"""Bias (c) of the straight-through gradient: against the gradient of the loss smoothed by noise on the weights.

    .. math:: g(q(w)) - \nabla_w \, \mathrm{E} \, L(q(w + \varepsilon)), \qquad q = m \, \mathrm{sign}, \qquad
              \varepsilon_i \sim \mathrm{Uniform}(-a, a)

    The expectation is the exact sum over all sign patterns :math:`\sigma`: with :math:`P(\sigma_i) = (1 + \sigma_i
    \min(\max(w_i/a, -1), 1))/2` its derivative is :math:`\sum_\sigma L(m\sigma) \, \frac{\sigma_i}{2a}
    1[|w_i| \le a] \prod_{j \ne i} P(\sigma_j)`. This noise is the stochastic rounding of BinaryConnect, with a = c.

    Parameters
    ----------
    loss : function
        L, from weights to one number.
    gradient : function
        g, its gradient, from weights to an array of their shape.
    weights : array_like
        Latent weights w, of any shape, at most 12 of them: the loss is evaluated 2^n times. sign(0) = +1.
    scale : float
        m in [0, inf), fixed.
    noise : float
        a in (0, inf), the half-width of the noise.

    Returns
    -------
    ndarray, same shape as `weights`
        The bias. The mean over the noise of the clipped gradient (c = a = m) has none, if L is linear in each weight.

    References
    ----------
    Courbariaux, Bengio and David (2015), BinaryConnect.

    Examples
    --------
    >>> bias_to_smoothed_loss(lambda u: u[0] * u[1], lambda u: u[::-1], [0.25, -0.5], scale=1.0, noise=1.0)
    array([-0.5 ,  0.75])
    """
    w = as_finite("weights", weights)
    m, a = as_number("scale", scale, "[0, inf)"), as_number("noise", noise, "(0, inf)")
    if w.size > 12:
        raise ValueError(f"weights must be at most 12, as the loss is evaluated 2^n times; {w.size} were given.")
    if not callable(loss):
        raise TypeError(f"loss must be a function; {type(loss).__name__} was given.")
    g = _checked(gradient, w)
    with quiet():
        return core.bias_to_smoothed_loss(lambda u: as_number("loss", loss(u), "(-inf, inf)"), g, w, m, a)


def linear_bias(weights: ArrayLike, quantized_weights: ArrayLike, covariance: ArrayLike | None = None) -> LinearBias:
    r"""Bias (a) in linear regression, exactly: it does not depend on the labels.

    .. math:: \Sigma (w_q - w), \qquad \Sigma = \mathrm{E} \, x x^\top

    For :math:`\Sigma = I` and :math:`w_q = \mathrm{mean}|w| \, \mathrm{sign}(w)` the squared norm is
    :math:`\lVert w \rVert^2 - \lVert w \rVert_1^2 / n`, n times the mean squared error of the quantizer.

    Parameters
    ----------
    weights, quantized_weights : array_like, shape (n,)
        w and w_q = q(w).
    covariance : array_like, shape (n, n), or None
        Sigma, the second moments of the inputs, not centred; None for the identity.

    Returns
    -------
    LinearBias
        The bias and its squared norm, for the loss E (y - w'x)^2 / 2.

    Examples
    --------
    >>> linear_bias([0.5, -1.5], [1.0, -1.0])
    LinearBias(bias=array([0.5, 0.5]), squared_norm=np.float64(0.5))
    """
    w, q = _same(1, weights=weights, quantized_weights=quantized_weights)
    Sigma = None if covariance is None else as_finite("covariance", covariance, 2)
    if Sigma is not None and Sigma.shape != 2 * w.shape:
        raise ValueError(f"covariance must have shape {2 * w.shape}, a row for each weight; {Sigma.shape} was given.")
    with quiet():
        return LinearBias(*core.linear_bias(w, q, Sigma))


def logistic_gradient(
    weights: ArrayLike, teacher_weights: ArrayLike, temperature: float, *, input_scale: float = 1.0
) -> FloatArray:
    r"""Full-precision gradient of distilling a one-weight logistic teacher, exactly up to rounding.

    .. math:: g(u) = \frac1T [\varphi(u) - \varphi(w_t)], \qquad \varphi(u) = \mathrm{E}[x \, \sigma(u x / T)],
              \qquad x \sim N(0, s^2)

    The loss is the mean KL divergence, not scaled by T^2. At u = q(w) this is the straight-through gradient.

    Parameters
    ----------
    weights : array_like
        u, each a student of one weight; of any shape.
    teacher_weights : array_like, same shape
        w_t, the teacher of each.
    temperature : float
        T in (0, inf]. At T = 0 there is no limit: with opposite signs the gradient grows without end.
    input_scale : float
        s in (0, inf), the standard deviation of the input.

    Returns
    -------
    ndarray, same shape as `weights`
        g, with a relative error of about 1e-14 in float64, as nothing cancels. About 200 numbers are held for each
        weight.

    Raises
    ------
    ValueError
        If s / T is above 1e300.

    Examples
    --------
    >>> logistic_gradient([0.3, 0.8, 1.2], [1.2, 1.2, 1.2], temperature=2.0).round(4)
    array([-0.0506, -0.0211,  0.    ])
    """
    u, w_t = _same(weights=weights, teacher_weights=teacher_weights)
    T, s = _logistic(temperature, input_scale)
    with quiet():
        return core.logistic_gradient(u, w_t, T, s).astype(np.result_type(u, w_t))


def logistic_bias(
    weights: ArrayLike, quantized_weights: ArrayLike, temperature: float, *, input_scale: float = 1.0
) -> FloatArray:
    r"""Bias (a) of the straight-through gradient of `logistic_gradient`: the teacher drops out of it.

    .. math:: g(q) - g(w) = \frac1T [\varphi(q) - \varphi(w)]

    It is not monotone in T: it vanishes at T = inf and, if q and w have one sign, at T = 0 too, see `logistic_limits`.

    Parameters
    ----------
    weights, quantized_weights : array_like
        w and q(w), each a student of one weight; of any shape.
    temperature, input_scale : float
        T and s, as for `logistic_gradient`.

    Returns
    -------
    ndarray, same shape as `weights`
        The bias.

    Examples
    --------
    >>> logistic_bias([0.3], [0.8], temperature=2.0).round(4)
    array([0.0295])
    """
    w, q = _same(weights=weights, quantized_weights=quantized_weights)
    T, s = _logistic(temperature, input_scale)
    with quiet():
        return core.logistic_bias(w, q, T, s).astype(np.result_type(w, q))


def logistic_relative_bias(
    weights: ArrayLike,
    quantized_weights: ArrayLike,
    teacher_weights: ArrayLike,
    temperature: float,
    *,
    input_scale: float = 1.0,
) -> FloatArray:
    r"""Bias (a) of the straight-through gradient over the full-precision gradient, in logistic distillation.

    .. math:: \frac{\varphi(q) - \varphi(w)}{\varphi(w) - \varphi(w_t)} \to \frac{q - w}{w - w_t}
              \quad (T \to \infty)

    The limit does not depend on T: a high temperature rescales the gradient and does not cure the bias.

    Parameters
    ----------
    weights, quantized_weights, teacher_weights : array_like
        w, q(w) and w_t, of one shape.
    temperature, input_scale : float
        T and s, as for `logistic_gradient`. T = inf is the limit.

    Returns
    -------
    ndarray, same shape as `weights`
        The relative bias.

    Raises
    ------
    ValueError
        If a student weight is its teacher's, which has no gradient.

    Examples
    --------
    >>> logistic_relative_bias([0.3], [0.8], [1.2], temperature=2.0).round(4)
    array([-0.5832])
    >>> logistic_relative_bias([0.3], [0.8], [1.2], temperature=np.inf).round(4)
    array([-0.5556])
    """
    w, q, w_t = _same(weights=weights, quantized_weights=quantized_weights, teacher_weights=teacher_weights)
    if (w == w_t).any():
        raise ValueError("teacher_weights must differ from weights, else there is no gradient to compare with.")
    T, s = _logistic(temperature, input_scale)
    with quiet():
        return core.logistic_relative_bias(w, q, w_t, T, s).astype(np.result_type(w, q, w_t))


def logistic_limits(weights: ArrayLike, quantized_weights: ArrayLike, *, input_scale: float = 1.0) -> LogisticLimits:
    r"""Limits of `logistic_bias` in the temperature.

    .. math:: \frac{\mathrm{bias}}{T} \to \mathrm{sign}(q) \frac{\pi^2 (1/w^2 - 1/q^2)}{6 s \sqrt{2\pi}}
              \quad (T \to 0), \qquad
              T^2 \, \mathrm{bias} \to \frac{s^2 (q - w)}{4} \quad (T \to \infty)

    The first needs T far below :math:`|w|\,s`.

    Parameters
    ----------
    weights, quantized_weights : array_like
        w and q(w), of one shape.
    input_scale : float
        s in (0, inf).

    Returns
    -------
    LogisticLimits
        The slope is infinite where the signs differ or one weight is 0, and 0 where q = w.

    Examples
    --------
    >>> slope, constant = logistic_limits([0.3], [0.8])
    >>> slope.round(3), constant
    (array([6.266]), array([0.125]))
    """
    w, q = _same(weights=weights, quantized_weights=quantized_weights)
    s = as_number("input_scale", input_scale, "(0, inf)")
    with quiet():
        slope, constant = core.logistic_limits(w, q, s)
    return LogisticLimits(slope.astype(w.dtype)[()], constant)


def duty_cycle(teacher_weight: float, scale: float) -> float:
    r"""Fraction of the steps that the quantized weight of scalar regression spends at +m, in the long run.

    .. math:: \frac{1 + w^*/m}{2}

    So the mean of q over time is w*: the weight dithers and does not converge. Judge an averaged or a final model, and
    say which.

    Parameters
    ----------
    teacher_weight : float
        w*, the optimum in full precision, finite.
    scale : float
        m in (0, inf), fixed.

    Returns
    -------
    float
        In [0, 1]; 0 or 1 if \|w*\| > m, where the latent weight drifts off linearly, see `dither`.

    Examples
    --------
    >>> duty_cycle(0.3, 1.0)
    0.65
    """
    w_star = as_number("teacher_weight", teacher_weight, "(-inf, inf)")
    m = as_number("scale", scale, "(0, inf)")
    return core.duty_cycle(w_star, m)


def dither(
    teacher_weight: float,
    scale: float,
    *,
    learning_rate: float = 0.01,
    num_steps: int = 1000,
    initial_weight: float = 0.0,
    clip: float = np.inf,
) -> FloatArray:
    r"""Latent weight of scalar regression at each step of gradient descent with the straight-through estimator.

    .. math:: w \leftarrow w - \eta \, (q - w^*), \qquad q = m \, \mathrm{sign}(w)

    By summation the mean of q over N steps is w* + (w_0 - w_N)/(eta N), exactly. It tends to w* if \|w*\| <= m;
    otherwise w drifts off by eta (\|w*\| - m) a step, unless it is clamped.

    Parameters
    ----------
    teacher_weight, scale : float
        w* and m, as for `duty_cycle`.
    learning_rate : float
        eta in (0, inf), for the loss (q - w*)^2 / 2.
    num_steps : int
        N, at least 1.
    initial_weight : float
        w_0, finite.
    clip : float
        c in (0, inf]; the latent weight is clamped to [-c, c] after each step.

    Returns
    -------
    ndarray, shape (N + 1,)
        w_0, ..., w_N. The weight is at +m where it is at least 0.

    Examples
    --------
    >>> latent = dither(0.3, 1.0, num_steps=20_000)
    >>> float((latent[:-1] >= 0).mean().round(3))
    0.65
    """
    w_star = as_number("teacher_weight", teacher_weight, "(-inf, inf)")
    m = as_number("scale", scale, "(0, inf)")
    eta = as_number("learning_rate", learning_rate, "(0, inf)")
    c = as_number("clip", clip, "(0, inf]")
    w_0, num_steps = as_number("initial_weight", initial_weight, "(-inf, inf)"), as_integer("num_steps", num_steps, 1)
    return core.dither(w_star, m, eta, num_steps, w_0, c)


def _logistic(temperature: float, input_scale: float) -> tuple[float, float]:
    """Return T and s."""
    T = as_number("temperature", temperature, "(0, inf]")
    s = as_number("input_scale", input_scale, "(0, inf)")
    if s / T > 1e300:
        raise ValueError(f"temperature must be at least input_scale / 1e300; {temperature} was given.")
    return T, s


def _same(ndim: int | None = None, /, **arrays: ArrayLike) -> list[FloatArray]:
    """Return finite arrays of one shape, by the names of the arguments."""
    checked = {name: as_finite(name, value, ndim) for name, value in arrays.items()}
    check_same_shape(**checked)
    return list(checked.values())


def _checked(gradient: Function, weights: FloatArray) -> core.Function:
    """Return the gradient as a function from and to finite arrays like the weights."""
    if not callable(gradient):
        raise TypeError(f"gradient must be a function; {type(gradient).__name__} was given.")

    def checked(u: FloatArray) -> FloatArray:
        u = u.astype(weights.dtype, copy=False)
        _, g = _same(weights=u, gradient=gradient(u))
        return g

    return checked


def _limit(clip: float, weights: FloatArray) -> FloatArray:
    """Return c in the dtype of the weights, so that a weight that was set to c is not beyond it."""
    with np.errstate(over="ignore"):
        return np.asarray(as_number("clip", clip, "(0, inf]")).astype(weights.dtype)
