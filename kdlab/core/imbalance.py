"""Class weights for imbalanced data: the equations of the chapter interplay/imbalance, in its order.

y: labels, integers. n: samples of each class (C,). w: class weights (C,), none negative; w_y: those of the samples.
z, v: logits of student and teacher (..., C), of one dtype, -inf for a masked class. T: the temperature, in (0, inf).
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from kdlab.core.distillation_loss import kl_divergence, kl_divergence_dz

# --- weights --------------------------------------------------------------------------------------------------------


def class_counts(y: ndarray, C: int) -> ndarray:
    """n_c = sum_i 1[y_i = c]."""
    return np.bincount(y.ravel(), minlength=C)


def balanced_weights(n: ndarray, present_only: bool = False) -> ndarray:
    """w_c = N / (C n_c), where C may leave out the classes that do not occur."""
    C = np.count_nonzero(n) if present_only else len(n)
    return over(n.sum(), C * n)


def inverse_count_weights(n: ndarray) -> ndarray:
    """w_c = 1 / n_c."""
    return over(1, n)


def effective_number_weights(n: ndarray, beta: float) -> ndarray:
    """w_c = (1 - beta) / (1 - beta^n_c); at the ends of [0, 1] the limits, 1 and 1/n_c."""
    if beta == 0:
        return over(1, np.minimum(n, 1))
    if beta == 1:
        return over(1, n)
    return over(1 - beta, -np.expm1(n * math.log(beta)))  # 1 - beta^n without its cancellation


def over(numerator: float, denominator: ndarray) -> ndarray:
    """Return the quotient, and 0 where the denominator is 0: the weight of a class that does not occur."""
    return np.divide(numerator, denominator, out=np.zeros(denominator.shape), where=denominator > 0)


def sample_weights(y: ndarray, w: ndarray, normalize: bool = False) -> ndarray:
    """w_y, or w_y N / sum_j w_yj, where one of them is above 0."""
    w_y = w[y]
    if normalize and w_y.size:
        w_y /= w_y.max()  # the sum of huge weights would overflow
        w_y /= w_y.mean()
    return w_y


# --- reading A: the weight of each sample ---------------------------------------------------------------------------


def weighted_kl_divergence(z: ndarray, v: ndarray, w_y: ndarray, T: float, scale_by_T2: bool = False) -> ndarray:
    """w_y KL(p || q), or T^2 times that: 0 where the weight is 0, even if the divergence is infinite."""
    kl = kl_divergence(z, v, T, scale_by_T2)
    return np.multiply(w_y, kl, out=np.zeros_like(kl), where=w_y > 0)


def weighted_kl_divergence_dz(z: ndarray, v: ndarray, w_y: ndarray, T: float, scale_by_T2: bool = False) -> ndarray:
    """w_y (q - p) / T; with the factor T^2, w_y T (q - p)."""
    return w_y[..., np.newaxis] * kl_divergence_dz(z, v, T, scale_by_T2)


# --- reading B: the weights inside the sum over classes -------------------------------------------------------------


def inside_sum_value(z: ndarray, v: ndarray, w: ndarray, T: float) -> ndarray:
    """sum_c w_c p_c log(p_c/q_c) = S [KL(q* || q) - KL(q* || p)], with q*_c = w_c p_c / S and S = sum_c w_c p_c."""
    v_star, S = inside_sum_minimiser(v, w, T), mean_weight(v, w, T)
    return S * (kl_divergence(z, v_star, T) - kl_divergence(v, v_star, T))


def inside_sum_minimum(v: ndarray, w: ndarray, T: float) -> ndarray:
    """-S KL(q* || p)."""
    return -mean_weight(v, w, T) * kl_divergence(v, inside_sum_minimiser(v, w, T), T)


def inside_sum_minimiser(v: ndarray, w: ndarray, T: float) -> ndarray:
    """z = v + T log w, the logits of q*."""
    return v + T * np.log(w)


def mean_weight(v: ndarray, w: ndarray, T: float) -> ndarray:
    """S = sum_c w_c p_c."""
    exp_u = np.exp((v - v.max(axis=-1, keepdims=True)) / T)
    return (w * exp_u).sum(axis=-1) / exp_u.sum(axis=-1)


def inside_sum_tilt(w: ndarray, T: float) -> ndarray:
    """softmax(v + T log w)_c = w_c^T p_c(1) / sum_j w_j^T p_j(1): the factors w_c^T."""
    return w**T
