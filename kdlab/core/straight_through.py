"""The straight-through estimator: equations of the chapter compression/straight_through, in its order.

w: latent weights. q = q(w): quantized weights. g: gradient of the loss L, a function from weights to an array of their
shape. A logistic student has one weight u; w_t is its teacher's, T the temperature, s the input's standard deviation.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy import ndarray

from kdlab.core.quantization import one_bit_scale, sign

Function = Callable[[ndarray], ndarray]

# --- the estimator --------------------------------------------------------------------------------------------------


def ste_gradient(g: ndarray, w: ndarray, c: float = np.inf) -> ndarray:
    """dL/dw_i := dL/dq_i 1[|w_i| <= c]."""
    return g * (np.abs(w) <= c)


def clamp_latent(w: ndarray, c: float) -> ndarray:
    """min(max(w_i, -c), c)."""
    return np.clip(w, -c, c)


def duty_cycle(w_star: float, m: float) -> float:
    """(1 + w*/m)/2, between 0 and 1: the part of its time that q = m sign(w) spends at +m."""
    return min(max((1 + w_star / m) / 2, 0.0), 1.0)


def dither(w_star: float, m: float, eta: float, num_steps: int, w_0: float, c: float = np.inf) -> ndarray:
    """w <- w - eta (q - w*), with q = m sign(w), and then clamped to [-c, c]: w_0, ..., w_N."""
    w = [w_0]
    for _ in range(num_steps):
        q = m if w[-1] >= 0 else -m
        w.append(min(max(w[-1] - eta * (q - w_star), -c), c))
    return np.array(w)


# --- three biases ---------------------------------------------------------------------------------------------------


def bias_to_full_precision(g: Function, w: ndarray, q: ndarray) -> ndarray:
    """g(q) - g(w)."""
    return g(q) - g(w)


def bias_to_true_derivative(g: Function, w: ndarray, m: float | None = None) -> ndarray:
    """g(q) - J' g(q), with J_ij = dq_i/dw_j = sign(w_i) sign(w_j) / n if m = mean|w|, the default, and else 0."""
    sigma = sign(w)
    if m is not None:
        return g(m * sigma)
    g_q = g(one_bit_scale(w) * sigma)
    return g_q - sigma * (sigma * (g_q / w.size)).sum()


def bias_to_smoothed_loss(L: Callable[[ndarray], float], g: Function, w: ndarray, m: float, a: float) -> ndarray:
    """g(q) - sum_sigma L(m sigma) sigma_i/(2a) 1[|w_i| <= a] prod_{j != i} P(sigma_j), over all sign patterns sigma."""
    sigma = np.array(list(product((-1.0, 1.0), repeat=w.size)))
    losses = np.array([L(m * pattern.reshape(w.shape)) for pattern in sigma])
    P = (1 + sigma * np.clip(w.ravel() / a, -1, 1)) / 2
    smoothed = np.zeros(w.size)
    for i in np.flatnonzero(np.abs(w) <= a):
        smoothed[i] = losses @ (sigma[:, i] * np.delete(P, i, axis=1).prod(axis=1)) / 2 / a
    return g(m * sign(w)) - smoothed.reshape(w.shape).astype(w.dtype)


def linear_bias(w: ndarray, q: ndarray, Sigma: ndarray | None = None) -> tuple[ndarray, ndarray]:
    """Sigma (q - w) and its squared norm; None is the identity."""
    bias = q - w if Sigma is None else Sigma @ (q - w)
    return bias, (bias**2).sum()


# --- one weight, and a logistic teacher -------------------------------------------------------------------------------


def logistic_gradient(u: ndarray, w_t: ndarray, T: float, s: float = 1.0) -> ndarray:
    """g(u) = [phi(u) - phi(w_t)] / T, with phi(u) = E[x sigmoid(u x / T)] and x ~ N(0, s^2)."""
    y, integral = phi_difference(u, w_t, s / T)
    return y * (s / T) * (y * integral)


def logistic_bias(w: ndarray, q: ndarray, T: float, s: float = 1.0) -> ndarray:
    """g(q) - g(w) = [phi(q) - phi(w)] / T: the teacher drops out."""
    return logistic_gradient(q, w, T, s)


def logistic_relative_bias(w: ndarray, q: ndarray, w_t: ndarray, T: float, s: float = 1.0) -> ndarray:
    """[phi(q) - phi(w)] / [phi(w) - phi(w_t)], which tends to (q - w) / (w - w_t) as T rises."""
    if s / T == 0:
        return (q - w) / (w - w_t)
    (y, integral), (y_t, integral_t) = phi_difference(q, w, s / T), phi_difference(w, w_t, s / T)
    return (y / y_t) ** 2 * (integral / integral_t)


def logistic_limits(w: ndarray, q: ndarray, s: float = 1.0) -> tuple[ndarray, ndarray]:
    """bias/T -> sign(q) pi^2 (1/w^2 - 1/q^2) / (6 s sqrt(2 pi)) as T falls, T^2 bias -> s^2 (q - w)/4 as it rises."""
    slope = np.sign(q) * np.pi**2 * ((q - w) / w / q) * (1 / w + 1 / q) / (6 * s * np.sqrt(2 * np.pi))
    slope = np.where(np.sign(w) * np.sign(q) > 0, slope, np.copysign(np.inf, q - w))
    return np.where(q == w, 0, slope), s * ((q - w) / 4) * s


def phi_difference(u: ndarray, v: ndarray, ratio: float) -> tuple[ndarray, ndarray]:
    """Return y and I such that [phi(u) - phi(v)] / T = ratio y^2 I, without cancellation or overflow.

    I = 2 int e^{2t} N(y e^t) [sigmoid(A) - sigmoid(B)] dt, with x = s y e^t, A = u ratio y e^t and B likewise for v.
    """
    u, v = (w.astype(np.result_type(w, np.float64), copy=False)[..., np.newaxis] for w in (u, v))
    # The integrand falls beyond y, and is analytic for |Im t| < pi/4: the trapezoidal rule errs by exp(-pi^2 / (2 h)).
    h = 1 / 8
    exp_t = np.exp(np.arange(-20, 4, h))
    smaller = np.where(np.sign(u) * np.sign(v) > 0, np.minimum(np.abs(u), np.abs(v)), 0)
    y = np.minimum(1, 1 / (smaller * ratio))
    unit = np.minimum(ratio, 1 / smaller) * exp_t  # ratio y e^t
    low, high = np.minimum(u, v), np.maximum(u, v)
    # sigmoid(A) - sigmoid(B) = sigmoid(A) sigmoid(-B) (1 - e^{B - A}), each factor of it in [0, 1]
    kernel = -np.expm1((low / 2 - high / 2) * (2 * unit)) / (1 + np.exp(-high * unit)) / (1 + np.exp(low * unit))
    density = np.exp(-((y * exp_t) ** 2) / 2) / np.sqrt(2 * np.pi)
    integral = np.where(u >= v, 1, -1)[..., 0] * ((density * kernel) @ (2 * h * exp_t**2))
    return y[..., 0], integral
