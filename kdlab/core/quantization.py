"""Quantization: weights on a grid of few values. The equations of the chapter compression/quantization, in its order.

W, x: weights, of any shape. axes: those along which weights share one scale; None is all of them. Numbers of the rows
(m, s, z, lo, hi) keep these axes with length 1, so that they broadcast over the weights; they are float64, and so are
codes and values.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

Axes = tuple[int, ...] | None
SCALE_BITS = 32  # a scale is stored as one float32

# --- one bit --------------------------------------------------------------------------------------------------------


def sign(W: ndarray) -> ndarray:
    """+1 if w >= 0, else -1: two values, that of 0 and of -0 is +1."""
    return np.copysign(1, W + W.dtype.type(0))  # adding 0 makes +0 of -0


def one_bit_scale(W: ndarray, axes: Axes = None, sign_of_zero: int = 1) -> ndarray:
    """m = 1/n sum_i |W_i|, the mean; over the weights that are not 0 if the sign of 0 is 0."""
    n = None if sign_of_zero else np.maximum(np.count_nonzero(W, axis=axes, keepdims=axes is not None), 1)
    return mean(np.abs(W), axes, n)


def one_bit(W: ndarray, axes: Axes = None) -> ndarray:
    """m sign(W)."""
    return one_bit_scale(W, axes) * sign(W)


def one_bit_mse(W: ndarray, axes: Axes = None, sign_of_zero: int = 1) -> ndarray:
    """1/n sum_i (|W_i| - m)^2, over all weights; those that are 0 have no error if the sign of 0 is 0."""
    error = np.abs(W) - one_bit_scale(W, axes, sign_of_zero)
    return mean(np.square(error if sign_of_zero else np.where(W == 0, 0, error)))


def one_bit_gaussian(sigma: float) -> tuple[float, float]:
    """m = sigma sqrt(2/pi), and E(w - m sign w)^2 / E w^2 = 1 - 2/pi."""
    return sigma * math.sqrt(2 / math.pi), 1 - 2 / math.pi


# --- k bits ---------------------------------------------------------------------------------------------------------


def weight_range(x: ndarray, axes: Axes = None) -> tuple[ndarray, ndarray]:
    """lo = min(x, 0), hi = max(x, 0)."""
    lo, hi = (extreme(x, axis=axes, keepdims=axes is not None, initial=0) for extreme in (np.min, np.max))
    return lo.astype(np.float64), hi.astype(np.float64)


def range_to_grid(lo: ndarray, hi: ndarray, bits: int, symmetric: bool = False) -> tuple[ndarray, ndarray]:
    """s = (hi - lo)/(2^k - 1), z = clip(round(-lo/s), 0, 2^k - 1); symmetric: s = max(-lo, hi)/(2^(k-1) - 1), z = 0."""
    bottom, top = code_limits(bits, symmetric)
    width = np.maximum(-lo, hi) if symmetric else hi - lo
    # below the least normal number s would lose digits, and the grid no longer reach the ends of the range
    s = np.where(width > 0, np.maximum(width / top, np.finfo(np.float64).tiny), 0.0)
    z = np.zeros(s.shape) if symmetric else np.clip(np.rint(-lo / divisor(s)), bottom, top)
    return s, z


def quantize(x: ndarray, s: ndarray, z: ndarray, bits: int, symmetric: bool = False) -> ndarray:
    """code = clip(round(x/s) + z, 0, 2^k - 1); symmetric: clipped to -(2^(k-1) - 1) and 2^(k-1) - 1."""
    codes = np.divide(x, divisor(s), out=np.empty(x.shape))
    np.rint(codes, out=codes)
    codes += z
    return np.clip(codes, *code_limits(bits, symmetric), out=codes)


def dequantize(codes: ndarray, s: ndarray, z: ndarray) -> ndarray:
    """s (code - z)."""
    x = np.subtract(codes, z, dtype=np.float64)
    x *= s
    return x


def fake_quantize(x: ndarray, bits: int, symmetric: bool = False, axes: Axes = None) -> ndarray:
    """s (clip(round(x/s) + z, 0, 2^k - 1) - z), on the grid that covers the range of x."""
    s, z = range_to_grid(*weight_range(x, axes), bits, symmetric)
    values = quantize(x, s, z, bits, symmetric)
    values -= z  # in place, unlike dequantize: large arrays cost more to make than to fill
    values *= s
    return values


def uniform_noise_mse(s: ndarray) -> ndarray:
    """s^2 / 12, the mean square of an error that is uniform in [-s/2, s/2]."""
    return s / 12 * s


def storage_bits(n: int, k: int, n_s: int = 1, n_z: int = 0) -> int:
    """Return the bits of n codes, n_s scales and n_z zero points: n k + 32 n_s + k n_z."""
    return n * k + SCALE_BITS * n_s + k * n_z


# --- rounding that makes up for its misses ---------------------------------------------------------------------------


def quadratic_error(W: ndarray, W_q: ndarray, H: ndarray) -> ndarray:
    """(w - w_q)' H (w - w_q) of each row: what the outputs lose, with H = E xx'."""
    miss = W - W_q
    return ((miss @ H) * miss).sum(axis=-1)


def passed_on(H: ndarray, i: int, R: list[int]) -> ndarray:
    """H_RR^-1 H_Ri: what the columns of R take over for each unit that column i has lost."""
    return np.linalg.solve(H[np.ix_(R, R)], H[R, i])


def compensated_rounding(W: ndarray, H: ndarray, order: list[int]) -> ndarray:
    """Column by column: q_i = round(w_i), and then w_R <- w_R + H_RR^-1 H_Ri (w_i - q_i) for the later columns R."""
    W = W.astype(np.float64)
    for place, i in enumerate(order):
        w, R = W[..., i].copy(), order[place + 1 :]
        W[..., i] = np.rint(w)
        W[..., R] += (w - W[..., i])[..., np.newaxis] * passed_on(H, i, R)
    return W


# --- what these rest on ---------------------------------------------------------------------------------------------


def code_limits(bits: int, symmetric: bool) -> tuple[int, int]:
    """Return the least and the greatest code."""
    top = 2 ** (bits - 1) - 1 if symmetric else 2**bits - 1
    return (-top if symmetric else 0), top


def divisor(s: ndarray) -> ndarray:
    """Return s, and inf for 0: on a grid that holds 0 alone, every weight is 0."""
    return np.where(s > 0, s, np.inf)


def mean(a: ndarray, axes: Axes = None, n: ndarray | None = None) -> ndarray:
    """Return the mean over axes, in float64, of n numbers if not of all; no sum overflows where the mean does not."""
    total = a.sum(axis=axes, keepdims=axes is not None, dtype=np.float64)
    n = a.size // total.size if n is None else n
    if np.isfinite(total).all():
        return total / n
    return (a * 2.0**-64).sum(axis=axes, keepdims=axes is not None, dtype=np.float64) / n * 2.0**64
