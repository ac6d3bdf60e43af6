"""Noise of the distillation gradient: what a random batch adds to it. The equations of interplay/gradient_noise.

z, v: logits of student and teacher (N, C), of one dtype, -inf for a masked class. T: the temperature in (0, inf), a
number that their dtype can hold. p = softmax(v/T), q = softmax(z/T). g: gradients, a row for each of the N samples. B:
the batch size. Whatever squares a gradient takes float64.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from kdlab.core.distillation_loss import closed, kl_divergence_dz, q_minus_p
from kdlab.core.temperature import softmax, softmax_dT

# --- the gradient of each sample ------------------------------------------------------------------------------------


def logit_gradients(z: ndarray, v: ndarray, T: float, scale_by_T2: bool = False) -> ndarray:
    """g = dKL/dz = (q - p)/T; with the factor T^2 it is T (q - p)."""
    return kl_divergence_dz(z, v, T, scale_by_T2)


def parameter_gradients(g: ndarray, J: ndarray) -> ndarray:
    """J'g, with J = dz/dtheta: (N, C, D), or (C, D) for all samples."""
    return g @ J if J.ndim == 2 else (g[:, np.newaxis] @ J)[:, 0]


def head_gradients(g: ndarray, f: ndarray) -> ndarray:
    """g f', row after row: the gradient by V of a linear head z = V f."""
    return (g[:, :, np.newaxis] * f[:, np.newaxis]).reshape(len(g), g.shape[1] * f.shape[1])


# --- batches --------------------------------------------------------------------------------------------------------


def batch_covariance(g: ndarray, B: int = 1, replacement: bool = True) -> ndarray:
    """Cov(1/B sum_n g_n) = Cov_x(g)/B, times (N - B)/(N - 1) without replacement."""
    c = centred(g, axis=0)
    return c.T @ c / len(c) * batch_factor(len(c), B, replacement)


def batch_variance(g: ndarray, B: int = 1, replacement: bool = True) -> np.floating:
    """tr Cov = 1/(B N) sum_n |g_n - mean g|^2, times (N - B)/(N - 1) without replacement."""
    c = centred(g, axis=0).ravel()
    return c @ c / len(g) * batch_factor(len(g), B, replacement)


def signal_to_noise(g: ndarray, B: int = 1, replacement: bool = True) -> np.floating:
    """SNR = |E g|^2 / tr Cov; infinite without noise."""
    g = g / np.abs(g).max()  # squares of tiny numbers vanish
    signal, noise = (g.mean(axis=0) ** 2).sum(), batch_variance(g, B, replacement)
    return signal / noise if noise > 0 else np.float64(math.inf)


# --- what the temperature does --------------------------------------------------------------------------------------


def high_temperature_gradients(z: ndarray, v: ndarray, T: float, order: int = 0, scale_by_T2: bool = False) -> ndarray:
    """1/(C T^2) [d + ((z^2 - m_2(z)) - (v^2 - m_2(v)))/(2T)], z and v centred, d = z - v; order 0 is d alone."""
    d = centred(z - v, axis=-1) / T
    terms = d
    if order == 1:
        terms = d + centred(d * (centred(z + v, axis=-1) / T), axis=-1) / 2  # a^2 - b^2 = (a - b)(a + b)
    return over_T(terms / d.shape[-1], T, scale_by_T2)


def low_temperature_gradients(z: ndarray, v: ndarray, T: float, scale_by_T2: bool = False) -> ndarray:
    """(onehot(argmax z) - onehot(argmax v)) / T; classes that share a maximum share the one."""
    return over_T(softmax(z, 0) - softmax(v, 0), T, scale_by_T2)


def variance_exponent(z: ndarray, v: ndarray, T: float, scale_by_T2: bool = False) -> np.floating:
    """d log tr Cov / d log T = 2 sum_n c_n . T dc_n/dT / sum_n |c_n|^2 - 2, c = q - p less its mean; + 2 with T^2."""
    if T > 1:
        z, v, T = z / T, v / T, 1.0  # the exponent is the same, and T^2 stays within the floats
    c = centred(q_minus_p(z, v, T).astype(np.float64), axis=0)
    largest = np.abs(c).max()
    c /= largest
    dc = T * (softmax_dT(z, T) - softmax_dT(v, T)) / largest
    return 2 * (c * dc).sum() / (c * c).sum() + (2 if scale_by_T2 else -2)


def scaled_temperature(T_0: float, B_0: int, B: int) -> float:
    """T = T_0 (B_0/B)^(1/4)."""
    return T_0 * (B_0 / B) ** 0.25


def scaled_learning_rate(eta_0: float, B_0: int, B: int) -> float:
    """eta = eta_0 sqrt(B/B_0), which at high T does what scaled_temperature does: (T_0/T)^2 = sqrt(B/B_0)."""
    return eta_0 / math.sqrt(B_0 / B)


# --- labels that are drawn from p -----------------------------------------------------------------------------------


def sampled_label_covariance(v: ndarray, T: float, B: int = 1, scale_by_T2: bool = False) -> ndarray:
    """1/(B T^2) E_x [diag(p) - p p'], to be added to that of the gradients."""
    p = softmax(v, T).astype(np.float64)
    covariance = p.T @ p / -len(p)
    np.fill_diagonal(covariance, p_times_1_minus_p(p).mean(axis=0))
    return over_T(over_T(covariance / B, T, scale_by_T2), T, scale_by_T2)


def sampled_label_variance(v: ndarray, T: float, B: int = 1, scale_by_T2: bool = False) -> np.floating:
    """1/(B T^2) E_x sum_i p_i (1 - p_i), the trace of it."""
    p = softmax(v, T).astype(np.float64)
    variance = p_times_1_minus_p(p).sum() / len(p)
    return over_T(over_T(variance / B, T, scale_by_T2), T, scale_by_T2)


# --- what keeps the digits ------------------------------------------------------------------------------------------


def over_T(array: ndarray, T: float, scale_by_T2: bool) -> ndarray:
    """Return array / T, or array times T."""
    return array * T if scale_by_T2 else array / T


def centred(array: ndarray, axis: int) -> ndarray:
    """Return the array less its mean; numbers that are all the same become 0 exactly."""
    array = array - array.take([0], axis=axis)
    array -= array.mean(axis=axis, keepdims=True)
    return array


def batch_factor(N: int, B: int, replacement: bool) -> float:
    """1/B, or (N - B)/(N - 1)/B without replacement."""
    return 1 / B if replacement else (N - B) / max(N - 1, 1) / B


def p_times_1_minus_p(p: ndarray) -> ndarray:
    """p (1 - p), with the 1 - p of each row's largest p as the sum of the others."""
    rest = closed(-p, p)
    return p * np.where(rest >= 0, rest, 1 + rest)
