r"""Noise of the distillation gradient: what a random mini-batch adds, and what the temperature does to it.

.. math:: g = \frac{q - p}{T}, \qquad
    \mathrm{Cov}\Big(\frac{1}{B} \sum_{n=1}^{B} g_n\Big) = \frac{\mathrm{Cov}_x(g)}{B}, \qquad
    \mathrm{tr} \approx \frac{\mathrm{tr}\,\mathrm{Cov}_x(d)}{B C^2 T^4} \quad (T \text{ high})

with the student's q = softmax(z/T), the teacher's p = softmax(v/T), the difference d of their logits, each centred over
its C classes, and the batch size B. Chapter: interplay/gradient_noise.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    as_finite,
    as_integer,
    as_logits,
    as_number,
    check_same_shape,
    classes_last,
    holding,
    quiet,
    unit_of,
    warn,
    widened,
)
from kdlab.core import gradient_noise as core

# how many times the largest centred logit a temperature must be to count as far above it
FAR_ABOVE = 10


def logit_gradients(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    scale_by_T2: bool = False,
    axis: int = -1,
) -> FloatArray:
    r"""Gradient of each sample's distillation loss by the student's logits.

    .. math:: g = \frac{\partial\, \mathrm{KL}(p \| q)}{\partial z} = \frac{q - p}{T}, \qquad
        \frac{\partial\, T^2 \mathrm{KL}}{\partial z} = T (q - p)

    q - p keeps its digits however close q is to p, as at high temperatures: with k the teacher's top class,

    .. math:: q_i - p_i = p_i \frac{e_i - m}{1 + m}, \qquad
        e_i = \exp\frac{(z_i - v_i) - (z_k - v_k)}{T} - 1, \quad m = \sum_j p_j e_j

    Parameters
    ----------
    student_logits, teacher_logits : array_like, shape (..., C)
        z and v. float32 becomes float64 where T, or a quotient by it, may be beyond it.
    temperature : float
        T in (0, inf).
    scale_by_T2 : bool
        Whether the loss is T^2 KL (Hinton's) and not the plain KL, which this chapter is about.
    axis : int
        The class axis.

    Returns
    -------
    ndarray, same shape as the logits
        g; it sums to 0 along `axis`. Infinite where q - p is not 0 and T is so small that the quotient is no float.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network.

    Examples
    --------
    >>> logit_gradients([2.0, 0.0, -1.0], [3.0, 0.0, -2.0], temperature=3.0).round(4)
    array([-0.0369,  0.0122,  0.0247])
    """
    z, v, T = _arguments(student_logits, teacher_logits, temperature, axis)
    with quiet():
        return classes_last(core.logit_gradients(z, v, T, scale_by_T2), axis, back=True)


def high_temperature_gradients(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float,
    *,
    order: int = 0,
    scale_by_T2: bool = False,
    axis: int = -1,
) -> FloatArray:
    r"""What the gradients come near when T is far above every centred logit.

    .. math:: g = \frac{1}{C T^2} \Big[ d + \frac{(\tilde z^2 - m_2(z)) - (\tilde v^2 - m_2(v))}{2T} + O(T^{-2}) \Big],
        \qquad d = \tilde z - \tilde v

    The tilde centres over the classes and :math:`m_2` is the class mean of squares. The trace of their covariance is
    the law :math:`\mathrm{tr}\,\mathrm{Cov}(d) / (B C^2 T^4)`, right to a relative O(1/T), or O(1/T^2) if C = 2, where
    the second term is 0. With the factor T^2 it is :math:`\mathrm{tr}\,\mathrm{Cov}(d) / (B C^2)`, whatever T.

    Parameters
    ----------
    student_logits, teacher_logits, temperature, scale_by_T2, axis
        As for `logit_gradients`, but for masked classes, for which there is no such limit.
    order : int
        0 for the first term, 1 for both.

    Returns
    -------
    ndarray, same shape as the logits
        The terms; they sum to 0 along `axis`.

    Raises
    ------
    ValueError
        If a logit is -inf.

    References
    ----------
    Hinton, Vinyals and Dean (2015), Distilling the Knowledge in a Neural Network (the first term).

    Examples
    --------
    >>> z, v = [2.0, 0.0, -1.0], [3.0, 0.0, -2.0]
    >>> logit_gradients(z, v, temperature=10.0).round(5)
    array([-0.00353,  0.00043,  0.0031 ])
    >>> high_temperature_gradients(z, v, temperature=10.0).round(5)
    array([-0.00333,  0.     ,  0.00333])
    >>> high_temperature_gradients(z, v, temperature=10.0, order=1).round(5)
    array([-0.00361,  0.00044,  0.00317])
    """
    z, v, T = _arguments(student_logits, teacher_logits, temperature, axis)
    z, v = as_finite("student_logits", z), as_finite("teacher_logits", v)
    order = as_integer("order", order, 0, 1)
    with quiet():
        return classes_last(core.high_temperature_gradients(z, v, T, order, scale_by_T2), axis, back=True)


def low_temperature_gradients(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float,
    *,
    scale_by_T2: bool = False,
    axis: int = -1,
) -> FloatArray:
    r"""What the gradients come near when T is far below every gap between the top two logits.

    .. math:: g \approx \frac{\mathrm{onehot}(\arg\max z) - \mathrm{onehot}(\arg\max v)}{T}

    Their covariance falls as :math:`1/(B T^2)`. It is 0 if student and teacher agree on the top class of every sample;
    then what is left falls exponentially in 1/T.

    Parameters
    ----------
    student_logits, teacher_logits, temperature, scale_by_T2, axis
        As for `logit_gradients`.

    Returns
    -------
    ndarray, same shape as the logits
        The limit; classes that share a maximum share the one.

    Examples
    --------
    >>> low_temperature_gradients([2.0, 0.0, -1.0], [0.0, 2.0, -1.0], temperature=0.1)
    array([ 10., -10.,   0.])
    """
    z, v, T = _arguments(student_logits, teacher_logits, temperature, axis)
    with quiet():
        return classes_last(core.low_temperature_gradients(z, v, T, scale_by_T2), axis, back=True)


def parameter_gradients(gradients: ArrayLike, jacobian: ArrayLike) -> FloatArray:
    r"""Gradient of each sample's loss by what its logits depend on.

    .. math:: \frac{\partial\, \mathrm{loss}}{\partial \theta} = J' g, \qquad
        J = \frac{\partial z}{\partial \theta}

    Parameters
    ----------
    gradients : array_like, shape (N, C)
        Logit gradients g.
    jacobian : array_like, shape (N, C, D) or (C, D)
        J of each sample, or one for all: with a head z = V f, J = V gives the gradient by the features f.

    Returns
    -------
    ndarray, shape (N, D)
        J'g.

    Examples
    --------
    >>> parameter_gradients([[-1.0, 1.0]], [[1.0, 0.0, 2.0], [0.0, 3.0, 2.0]])
    array([[-1.,  3.,  0.]])
    """
    g, J = as_finite("gradients", gradients, 2), as_finite("jacobian", jacobian)
    if J.shape[:-1] not in (g.shape, g.shape[1:]):
        raise ValueError(f"jacobian must have shape {(*g.shape, 'D')} or {(g.shape[1], 'D')}; {J.shape} was given.")
    with quiet():
        return core.parameter_gradients(g, J)


def head_gradients(gradients: ArrayLike, features: ArrayLike) -> FloatArray:
    r"""Gradient of each sample's loss by the weights of a linear head.

    .. math:: z = V f \;\Rightarrow\; \frac{\partial\, \mathrm{loss}}{\partial V} = g f'

    It is J'g without the zeros of J. A bias is the weight of a feature that is always 1.

    Parameters
    ----------
    gradients : array_like, shape (N, C)
        Logit gradients g.
    features : array_like, shape (N, D)
        f, what the head reads.

    Returns
    -------
    ndarray, shape (N, C D)
        The gradient by V, row after row of V.

    Examples
    --------
    >>> head_gradients([[-1.0, 1.0]], [[3.0, 5.0]])
    array([[-3., -5.,  3.,  5.]])
    """
    g, f = as_finite("gradients", gradients, 2), as_finite("features", features, 2)
    if len(f) != len(g):
        raise ValueError(f"features must have one row for each of the {len(g)} gradients; {len(f)} were given.")
    with quiet():
        return core.head_gradients(g, f)


def batch_covariance(gradients: ArrayLike, batch_size: int = 1, *, replacement: bool = True) -> FloatArray:
    r"""Covariance of the mean gradient of a random mini-batch.

    .. math:: \mathrm{Cov}\Big(\frac{1}{B} \sum_{n \in \text{batch}} g_n\Big) = \frac{\mathrm{Cov}_x(g)}{B} \cdot
        \begin{cases} 1 & \text{with replacement} \\ (N - B)/(N - 1) & \text{without} \end{cases}

    :math:`\mathrm{Cov}_x` is that of the N rows themselves, divided by N (ddof 0). It is exact.

    Parameters
    ----------
    gradients : array_like, shape (N, D)
        One gradient for each sample of the training set, by the logits or by parameters.
    batch_size : int
        B, at least 1; at most N without replacement.
    replacement : bool
        Whether a sample can be drawn twice into one batch; an epoch of shuffled batches draws without.

    Returns
    -------
    ndarray, shape (D, D)
        In float64, since squares leave the range of float32. Use `batch_variance` where only the trace is
        asked for.

    Raises
    ------
    ValueError
        If there is no row.

    Examples
    --------
    >>> batch_covariance([[-1.0, 1.0], [1.0, -1.0], [3.0, -3.0]], batch_size=2, replacement=False).round(4)
    array([[ 0.6667, -0.6667],
           [-0.6667,  0.6667]])
    """
    g, B, unit = _rows_and_batch(gradients, batch_size, replacement)
    with quiet():
        return core.batch_covariance(g, B, replacement) * unit * unit


def batch_variance(gradients: ArrayLike, batch_size: int = 1, *, replacement: bool = True) -> FloatArray:
    r"""Total variance of the mean gradient of a random mini-batch, the trace of its covariance.

    .. math:: \mathrm{tr}\,\mathrm{Cov} = \frac{1}{B N} \sum_n \|g_n - \bar g\|^2

    times (N - B)/(N - 1) without replacement. The D x D covariance is not formed.

    Parameters
    ----------
    gradients, batch_size, replacement
        As for `batch_covariance`.

    Returns
    -------
    float
        In [0, inf), in float64. Times B it does not depend on B, with replacement.

    Examples
    --------
    >>> batch_variance([[-1.0, 1.0], [1.0, -1.0], [3.0, -3.0]], batch_size=2).round(4)
    np.float64(2.6667)
    """
    g, B, unit = _rows_and_batch(gradients, batch_size, replacement)
    with quiet():
        return core.batch_variance(g, B, replacement) * unit * unit


def signal_to_noise(gradients: ArrayLike, batch_size: int = 1, *, replacement: bool = True) -> FloatArray:
    r"""Squared length of the mean gradient over the total variance of a mini-batch's.

    .. math:: \mathrm{SNR} = \frac{\|\mathrm{E}\, g\|^2}{\mathrm{tr}\,\mathrm{Cov}}

    At high temperatures both fall as T^-4, so that their ratio, and what a batch is worth, does not depend on T.

    Parameters
    ----------
    gradients, batch_size, replacement
        As for `batch_covariance`.

    Returns
    -------
    float
        In [0, inf]; infinite if there is no noise.

    Raises
    ------
    ValueError
        If all gradients are 0, as there is neither signal nor noise.

    Examples
    --------
    >>> signal_to_noise([[-1.0, 1.0], [1.0, -1.0], [3.0, -3.0]], batch_size=2)
    np.float64(0.75)
    """
    g, B, _ = _rows_and_batch(gradients, batch_size, replacement)
    if not g.any():
        raise ValueError("gradients must not all be 0: there is neither signal nor noise.")
    return core.signal_to_noise(g, B, replacement)


def variance_exponent(
    student_logits: ArrayLike,
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    *,
    scale_by_T2: bool = False,
    axis: int = -1,
) -> FloatArray:
    r"""The power of T with which the variance of a batch changes, at one temperature.

    .. math:: \frac{d \log \mathrm{tr}\,\mathrm{Cov}}{d \log T} =
        \frac{2 \sum_n (c_n - \bar c) \cdot T \, dc_n/dT}{\sum_n \|c_n - \bar c\|^2} - 2, \qquad c = q - p

    It runs from -2 at low T, where q and p are one-hot, to -4 at high T, and is not monotone between. (Where q and p
    agree on every top class it is without bound at low T; where d is the same for all samples, another at high T.)

    Parameters
    ----------
    student_logits, teacher_logits, temperature, axis
        As for `logit_gradients`.
    scale_by_T2 : bool
        As for `logit_gradients`: it adds 4, so that the exponent goes to 0 at high T.

    Returns
    -------
    float
        The exponent, in closed form, the same for every batch size.

    Raises
    ------
    ValueError
        If the gradients of all samples are the same, or there is none.

    Examples
    --------
    >>> z, v = [[2.0, 0.0], [0.0, 1.0]], [[3.0, 0.0], [0.0, 2.0]]
    >>> [float(variance_exponent(z, v, T).round(3)) for T in (1, 4, 100)]
    [-1.449, -3.742, -4.0]
    """
    z, v, T = _arguments(student_logits, teacher_logits, temperature, axis)
    z, v = (_samples(name, logits) for name, logits in (("student_logits", z), ("teacher_logits", v)))
    with quiet():
        exponent = core.variance_exponent(z, v, T, scale_by_T2)
    if np.isnan(exponent):
        raise ValueError("student_logits and teacher_logits must give gradients that differ from sample to sample.")
    return exponent


def sampled_label_covariance(
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    batch_size: int = 1,
    *,
    scale_by_T2: bool = False,
    axis: int = -1,
) -> FloatArray:
    r"""Covariance that is added where each label is drawn from p(T) instead of p(T) being the target.

    .. math:: \frac{1}{B T^2} \, \mathrm{E}_x [\mathrm{diag}(p) - p p']

    Parameters
    ----------
    teacher_logits, temperature, scale_by_T2, axis
        As for `logit_gradients`; there must be a sample.
    batch_size : int
        B, at least 1.

    Returns
    -------
    ndarray, shape (C, C)
        To be added to `batch_covariance` of the logit gradients, in float64.

    Examples
    --------
    >>> sampled_label_covariance([[0.0, 0.0]], temperature=2.0, batch_size=4)
    array([[ 0.015625, -0.015625],
           [-0.015625,  0.015625]])
    """
    v, T, B = _sampled(teacher_logits, temperature, batch_size, axis)
    with quiet():
        return core.sampled_label_covariance(v, T, B, scale_by_T2)


def sampled_label_variance(
    teacher_logits: ArrayLike,
    temperature: float = 1.0,
    batch_size: int = 1,
    *,
    scale_by_T2: bool = False,
    axis: int = -1,
) -> FloatArray:
    r"""Total variance that is added where each label is drawn from p(T), the trace of `sampled_label_covariance`.

    .. math:: \frac{1}{B T^2} \, \mathrm{E}_x \sum_i p_i (1 - p_i)

    Parameters
    ----------
    teacher_logits, temperature, batch_size, scale_by_T2, axis
        As for `sampled_label_covariance`.

    Returns
    -------
    float
        In [0, inf); the C x C covariance is not formed.

    Examples
    --------
    >>> sampled_label_variance([[0.0, 0.0]], temperature=2.0, batch_size=4)
    np.float64(0.03125)
    """
    v, T, B = _sampled(teacher_logits, temperature, batch_size, axis)
    with quiet():
        return core.sampled_label_variance(v, T, B, scale_by_T2)


def scaled_temperature(
    temperature: float,
    base_batch_size: int,
    batch_size: int,
    *,
    logits: ArrayLike | None = None,
    axis: int = -1,
    scale_by_T2: bool = False,
) -> float:
    r"""Temperature that leaves the noise of the gradient as it was when the batch size changes, if T is high.

    .. math:: T = T_0 \, (B_0/B)^{1/4}

    It is `scaled_learning_rate` in other clothes: the gradient itself falls by (T_0/T)^2 = sqrt(B/B_0) as well, so the
    ratio of signal to noise does not gain. It also changes the targets and, in a hybrid loss, the share of the
    distillation term.

    Parameters
    ----------
    temperature : float
        T_0 in (0, inf), the temperature that was right for `base_batch_size`.
    base_batch_size, batch_size : int
        B_0 and B, at least 1.
    logits : array_like, shape (..., C), or None
        Of teacher or student or both, to see whether T and T_0 are far above them. -inf masks a class.
    axis : int
        The class axis of `logits`.
    scale_by_T2 : bool
        Whether the loss has the factor T^2. It must not, and the flag is there to be refused.

    Returns
    -------
    float
        T. It can fall below 1 if B is far above B_0.

    Raises
    ------
    ValueError
        If `scale_by_T2`, as the variance then does not depend on T at high T, and the rule does nothing.

    Warns
    -----
    UserWarning
        If T or T_0 is below 1, or below 10 times the largest centred logit in size: the law T^-4 that the rule comes
        from does not hold there.

    Examples
    --------
    >>> scaled_temperature(4.0, 256, 16)
    8.0
    """
    if scale_by_T2:
        raise ValueError(
            "scale_by_T2 must be False: with the factor T^2 the variance of the gradient does not depend on T "
            "at high T, so that no temperature makes up for a batch size; True was given."
        )
    T0 = as_number("temperature", temperature, "(0, inf)")
    T = core.scaled_temperature(T0, *_batch_sizes(base_batch_size, batch_size))
    needed = 1.0 if logits is None else max(1.0, FAR_ABOVE * _largest_centred(logits, axis))
    if min(T, T0) < needed:
        warn(
            f"The rule needs temperatures far above every centred logit, here at least {needed:.3g}; it goes from "
            f"{T0:.3g} to {T:.3g}, where the variance does not fall as T^-4."
        )
    return T


def scaled_learning_rate(learning_rate: float, base_batch_size: int, batch_size: int) -> float:
    r"""Learning rate that leaves the noise of an SGD step as it was when the batch size changes.

    .. math:: \eta = \eta_0 \sqrt{B/B_0}

    At high T it does to every step what `scaled_temperature` does, since (T_0/T)^2 = sqrt(B/B_0).

    Parameters
    ----------
    learning_rate : float
        eta_0 in (0, inf), the one that was right for `base_batch_size`.
    base_batch_size, batch_size : int
        B_0 and B, at least 1.

    Returns
    -------
    float
        eta.

    Examples
    --------
    >>> scaled_learning_rate(0.1, 256, 16)
    0.025
    """
    eta = as_number("learning_rate", learning_rate, "(0, inf)")
    return core.scaled_learning_rate(eta, *_batch_sizes(base_batch_size, batch_size))


def _arguments(
    student_logits: ArrayLike, teacher_logits: ArrayLike, temperature: float, axis: int
) -> tuple[FloatArray, FloatArray, float]:
    """Return z, v and T, the classes on the last axis, in one dtype that can hold T and the quotients by it."""
    z, v = as_logits("student_logits", student_logits, axis), as_logits("teacher_logits", teacher_logits, axis)
    check_same_shape(student_logits=z, teacher_logits=v)
    T = as_number("temperature", temperature, "(0, inf)")
    dtype = np.result_type(z, v, np.float32 if 1e-30 < T < 1e30 else np.float64)
    z, v = (classes_last(logits.astype(dtype, copy=False), axis) for logits in (z, v))
    return z, v, T


def _sampled(
    teacher_logits: ArrayLike, temperature: float, batch_size: int, axis: int
) -> tuple[FloatArray, float, int]:
    """Return v, a row for each sample, in a dtype that can hold T; T and B."""
    v = as_logits("teacher_logits", teacher_logits, axis)
    T = as_number("temperature", temperature, "(0, inf)")
    v = _samples("teacher_logits", classes_last(v.astype(holding(T, v.dtype), copy=False), axis))
    return v, T, as_integer("batch_size", batch_size, 1)


def _samples(name: str, array: FloatArray) -> FloatArray:
    """Return an array of at least one row, of what lies on its last axis."""
    rows = array.reshape(math.prod(array.shape[:-1]), array.shape[-1])
    if len(rows) == 0:
        raise ValueError(f"{name} must have at least one sample; shape {array.shape} has none.")
    return rows


def _rows_and_batch(gradients: ArrayLike, batch_size: int, replacement: bool) -> tuple[FloatArray, int, float]:
    """Return g in float64, over a unit; B; and the unit."""
    g = _samples("gradients", as_finite("gradients", gradients, 2))
    B = as_integer("batch_size", batch_size, 1, None if replacement else len(g))
    unit = unit_of(g)
    return g.astype(np.float64) / unit, B, unit


def _batch_sizes(base_batch_size: int, batch_size: int) -> tuple[int, int]:
    return as_integer("base_batch_size", base_batch_size, 1), as_integer("batch_size", batch_size, 1)


def _largest_centred(logits: ArrayLike, axis: int) -> float:
    z = widened(as_logits("logits", logits, axis))
    unmasked = np.isfinite(z)
    z = z - z.mean(axis=axis, keepdims=True, where=unmasked)
    return float(np.abs(z).max(initial=0, where=unmasked))
