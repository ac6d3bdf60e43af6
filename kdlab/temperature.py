r"""Softmax at a temperature: how sharp or how even a distribution over classes is.

.. math:: p_i(T) = \frac{\exp(z_i/T)}{\sum_j \exp(z_j/T)}

with logits :math:`z` and temperature :math:`T`. Chapter: principles/temperature.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import FloatArray, as_logits, as_temperature, check_largest


def log_softmax(
    logits: ArrayLike, temperature: float = 1.0, *, axis: int = -1, check_finite: bool = True
) -> FloatArray:
    r"""Logarithm of the softmax at a temperature, the primitive that everything else is made of.

    .. math:: \log p_i = u_i - \log \sum_j \exp u_j, \qquad u_i = (z_i - \max_j z_j) / T

    The maximum is subtracted before the division, since z / T overflows when T is small.

    Parameters
    ----------
    logits : array_like, shape (..., C)
        Logits z. Integers become float64; a floating dtype is kept (computed in float32 if it is float16, and
        in float64 if it cannot hold T). -inf masks a class.
    temperature : float
        T in [0, inf]. T = 0 and T = inf are the limits: the classes that share the maximum, and all
        unmasked classes, with equal probability.
    axis : int
        The class axis.
    check_finite : bool
        Whether to refuse NaN, +inf and rows without an unmasked class. Unchecked, such rows give NaN.

    Returns
    -------
    ndarray, same shape as `logits`
        log p in nats, in [-inf, 0].

    Raises
    ------
    TypeError
        If `logits` or `temperature` are not real numbers, or `axis` is not an integer.
    ValueError
        If `logits` has no class, holds NaN or +inf, or masks a whole row; if `temperature` is negative,
        NaN or an array of several numbers; if `axis` is not an axis of `logits`.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> log_softmax([1e4, 9999.0, -1e4]).round(3)
    array([-3.1300000e-01, -1.3130000e+00, -2.0000313e+04])
    """
    u, _, dtype = _scaled(logits, temperature, axis, check_finite)
    u -= np.log(np.exp(u).sum(axis=axis, keepdims=True))
    return _cast(u, dtype)


def softmax(logits: ArrayLike, temperature: float = 1.0, *, axis: int = -1, check_finite: bool = True) -> FloatArray:
    r"""Probabilities of the classes at a temperature.

    .. math:: p_i = \exp(z_i/T) \Big/ \sum_j \exp(z_j/T)

    Parameters
    ----------
    logits, temperature, axis, check_finite
        As for `log_softmax`.

    Returns
    -------
    ndarray, same shape as `logits`
        p in [0, 1], sum 1 along `axis`. For every T in (0, inf) its order along `axis` is that of the logits,
        but for probabilities that round to the same number.

    Raises
    ------
    TypeError, ValueError
        As `log_softmax` does.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> softmax([2.0, 1.0, 0.5, -1.0], temperature=2.0).round(3)
    array([0.434, 0.263, 0.205, 0.097])
    >>> softmax([3.0, 3.0, 1.0], temperature=0)
    array([0.5, 0.5, 0. ])
    """
    u, _, dtype = _scaled(logits, temperature, axis, check_finite)
    p = np.exp(u, out=u)
    p /= p.sum(axis=axis, keepdims=True)
    return _cast(p, dtype)


def entropy(logits: ArrayLike, temperature: float = 1.0, *, axis: int = -1, check_finite: bool = True) -> FloatArray:
    r"""Entropy of the softmax at a temperature.

    .. math:: H(T) = -\sum_i p_i \log p_i = \log \sum_j \exp u_j - \sum_i p_i u_i, \qquad u_i = (z_i - \max_j z_j) / T

    Parameters
    ----------
    logits, temperature, axis, check_finite
        As for `log_softmax`.

    Returns
    -------
    ndarray, shape of `logits` without `axis`
        H in nats, in [0, log C]. It never falls as T rises (see `entropy_dT`).

    Raises
    ------
    TypeError, ValueError
        As `log_softmax` does.

    References
    ----------
    Shannon (1948), A Mathematical Theory of Communication.

    Examples
    --------
    >>> entropy([2.0, 1.0, 0.5, -1.0], temperature=2.0).round(3)
    np.float64(1.265)
    """
    u, _, dtype = _scaled(logits, temperature, axis, check_finite)
    exp_u = np.exp(u)
    sum_exp_u = exp_u.sum(axis=axis)
    exp_u *= _finite(u)
    return _cast(np.log(sum_exp_u) - exp_u.sum(axis=axis) / sum_exp_u, dtype)


def softmax_dT(logits: ArrayLike, temperature: float = 1.0, *, axis: int = -1, check_finite: bool = True) -> FloatArray:
    r"""Derivative of the softmax with respect to the temperature.

    .. math:: \frac{dp_i}{dT} = \frac{p_i (\mu - z_i)}{T^2}, \qquad \mu = \sum_j p_j z_j

    A class gains probability as T rises exactly if its logit lies below the mean logit
    :math:`\mu`, the mean taken under p itself.

    Parameters
    ----------
    logits, temperature, axis, check_finite
        As for `log_softmax`.

    Returns
    -------
    ndarray, same shape as `logits`
        dp/dT; it sums to 0 along `axis`. 0 at T = 0 and at T = inf, its limits.

    Raises
    ------
    TypeError, ValueError
        As `log_softmax` does.

    Examples
    --------
    >>> softmax_dT([2.0, 1.0, 0.5, -1.0], temperature=2.0).round(3)
    array([-0.094,  0.009,  0.033,  0.052])
    """
    u, T, dtype = _scaled(logits, temperature, axis, check_finite)
    dp, _ = _dp_dT(u, T, axis)
    return _cast(dp, dtype)


def entropy_dT(logits: ArrayLike, temperature: float = 1.0, *, axis: int = -1, check_finite: bool = True) -> FloatArray:
    r"""Derivative of the entropy with respect to the temperature.

    .. math:: \frac{dH}{dT} = \sum_i \frac{dp_i}{dT} \, \frac{\mu - z_i}{T} = \frac{\mathrm{Var}_p(z)}{T^3} \ge 0

    Parameters
    ----------
    logits, temperature, axis, check_finite
        As for `log_softmax`.

    Returns
    -------
    ndarray, shape of `logits` without `axis`
        dH/dT in nats, in [0, inf). 0 only if all unmasked logits are equal, and at T = 0 and T = inf, its limits.

    Raises
    ------
    TypeError, ValueError
        As `log_softmax` does.

    Examples
    --------
    >>> entropy_dT([2.0, 1.0, 0.5, -1.0], temperature=2.0).round(4)
    np.float64(0.1068)
    """
    u, T, dtype = _scaled(logits, temperature, axis, check_finite)
    dp, below_mean = _dp_dT(u, T, axis)
    with np.errstate(over="ignore"):
        dp *= below_mean
    return _cast(dp.sum(axis=axis), dtype)


def log_softmax_dz(
    logits: ArrayLike, temperature: float = 1.0, *, axis: int = -1, check_finite: bool = True
) -> FloatArray:
    r"""Derivatives of the log-softmax with respect to the logits.

    .. math:: \frac{\partial \log p_i}{\partial z_j} = \frac{\delta_{ij} - p_j}{T}

    Parameters
    ----------
    logits, axis, check_finite
        As for `log_softmax`.
    temperature : float
        T in (0, inf]: at T = 0 the derivatives have no limit.

    Returns
    -------
    ndarray, shape of `logits` without `axis`, then (C, C)
        The derivative of log p_i by z_j at [..., i, j]. Each row [..., i, :] sums to 0.

    Raises
    ------
    TypeError, ValueError
        As `log_softmax` does; also ValueError at T = 0.

    Examples
    --------
    >>> log_softmax_dz([0.0, 0.0], temperature=2.0)
    array([[ 0.25, -0.25],
           [-0.25,  0.25]])
    """
    u, T, dtype = _scaled(logits, temperature, axis, check_finite)
    if T == 0:
        raise ValueError(f"temperature must be in (0, inf] for a derivative by the logits; {temperature!r} was given.")
    p = np.exp(u)
    p /= p.sum(axis=axis, keepdims=True)
    p_j = np.moveaxis(p, axis, -1)[..., np.newaxis, :]
    delta_ij = np.eye(p_j.shape[-1], dtype=p_j.dtype)
    with np.errstate(over="ignore"):
        return _cast((delta_ij - p_j) / T, dtype)


def _scaled(logits: ArrayLike, temperature: float, axis: int, check_finite: bool) -> tuple[FloatArray, float, np.dtype]:
    """Return u, an array of its own that may be overwritten; T; and the dtype of the result."""
    z = as_logits("logits", logits, axis, check_finite=False)
    T = as_temperature(temperature)
    dtype = z.dtype
    z = z.astype(_computing_dtype(dtype, T), copy=False)
    largest = z.max(axis=axis, keepdims=True)
    if check_finite:
        check_largest("logits", largest)
    with np.errstate(over="ignore", invalid="ignore"):
        u = z - largest
        if T == 0:
            u[u < 0] = -np.inf
        elif T == np.inf:
            u = np.where(np.isneginf(z), u, z / T)
        else:
            u /= T
            if T > 1 and u.min(initial=0) == -np.inf:
                # The difference of huge logits overflowed, though its quotient by T need not; or a class is masked.
                u = np.where(np.isneginf(u), z / T - largest / T, u)
    return u, T, dtype


def _computing_dtype(dtype: np.dtype, T: float) -> np.dtype:
    """Return a native dtype at least as wide as float32, in which T neither vanishes nor becomes infinite."""
    computing = np.result_type(dtype, np.float32)
    limits = np.finfo(computing)
    if 0 < T < float(limits.tiny) or float(limits.max) < T < np.inf:
        return np.dtype(np.float64)
    return computing


def _dp_dT(u: FloatArray, T: float, axis: int) -> tuple[FloatArray, FloatArray]:
    """Return dp/dT, and how far each u lies below its mean under p, for which u is overwritten."""
    p = np.exp(u)
    p /= p.sum(axis=axis, keepdims=True)
    u = _finite(u)
    below_mean = np.subtract((p * u).sum(axis=axis, keepdims=True), u, out=u)
    p *= below_mean
    with np.errstate(over="ignore"):
        p /= T or 1  # at T = 0 each product is 0 already, and so is the limit
    return p, below_mean


def _finite(u: FloatArray) -> FloatArray:
    """Return u with -inf raised to the lowest number, in place: its product with a probability of 0 is then 0."""
    return np.maximum(u, np.finfo(u.dtype).min, out=u)


def _cast(result: FloatArray, dtype: np.dtype) -> FloatArray:
    """Return the result in the dtype of the logits; what float16 cannot hold becomes infinite, without a warning."""
    with np.errstate(over="ignore"):
        return result.astype(dtype, copy=False)
