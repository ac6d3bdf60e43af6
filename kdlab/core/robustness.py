"""Robustness of linear classifiers: the equations of the chapter interplay/robustness, in its order.

w: weights (D,), b: bias of a score w . x + b. x: inputs (N, D). y: labels (N,), -1 or +1; of several classes, with
weights W (C, D) and biases b (C,), integers. norm: that of the perturbation delta, "linf", "l2" or "l1", at most eps.
box: lowest and highest inputs, (), or (D,). W1 (H, D), w2 (H,): two linear layers, f(x) = w2 . W1 x.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

from kdlab.core.quantization import one_bit, sign

Box = tuple[ndarray, ndarray] | None

# --- one point, pushed ----------------------------------------------------------------------------------------------


def margins(w: ndarray, x: ndarray, y: ndarray, b: float = 0.0) -> ndarray:
    """y (w . x + b)."""
    return y * (x @ w + b)


def dual_norm(w: ndarray, norm: str = "linf") -> ndarray:
    """||w||_* = max of w . delta over ||delta|| <= 1: l1 for linf, l2 for l2, the largest weight for l1."""
    if norm == "linf":
        return np.abs(w).sum(axis=-1)
    largest = np.abs(w).max(axis=-1, initial=0)
    if norm == "l1":
        return largest
    ratios = w / np.where(largest > 0, largest, 1)[..., np.newaxis]  # whose squares cannot overflow
    return largest * np.sqrt((ratios**2).sum(axis=-1))


def worst_margins(
    w: ndarray, x: ndarray, y: ndarray, eps: float, b: float = 0.0, norm: str = "linf", box: Box = None
) -> ndarray:
    """y (w . x + b) - eps ||w||_*; in a box, plus the least y w . delta that stays in it."""
    changes = worst_changes(np.stack([-w, w]), x, eps, norm, box)
    return margins(w, x, y, b) + np.where(y > 0, changes[:, 1], changes[:, 0])


def worst_perturbation(w: ndarray, x: ndarray, y: ndarray, eps: float, norm: str = "linf", box: Box = None) -> ndarray:
    """-eps y sign(w) for linf, -eps y w/||w||_2 for l2; for l1 all of it goes to the largest weight, the first."""
    if norm == "linf":
        steepest = np.sign(w)
    elif norm == "l2":
        steepest = w / (dual_norm(w, norm) or 1)
    else:
        steepest = np.sign(w) * (np.arange(w.size) == np.abs(w).argmax())
    delta = -eps * y[:, np.newaxis] * steepest
    return delta if box is None else np.clip(delta, *steps(x, eps, box))


def critical_radius(w: ndarray, x: ndarray, y: ndarray, b: float = 0.0, norm: str = "linf") -> ndarray:
    """y (w . x + b) / ||w||_*, and 0 where the margin is."""
    margin = margins(w, x, y, b)
    return np.where(margin == 0, margin, margin / dual_norm(w, norm))


def robust_accuracy(worst: ndarray) -> ndarray:
    """1/N sum_n 1[worst margin > 0]."""
    return (worst > 0).mean()


# --- two layers -----------------------------------------------------------------------------------------------------


def effective_weights(W1: ndarray, w2: ndarray) -> ndarray:
    """w = W1' w2."""
    return w2 @ W1


def compress(W1: ndarray, w2: ndarray, layer: int, per_row: bool = False) -> tuple[ndarray, ndarray]:
    """m sign(W1), or m sign(w2), with m the mean absolute weight of the layer, or of each row of W1."""
    return (one_bit(W1, (1,) if per_row else None), w2) if layer == 1 else (W1, one_bit(w2))


def diagonal_gauge(W1: ndarray, w2: ndarray, D: ndarray) -> tuple[ndarray, ndarray]:
    """D W1 and D^-1 w2, for the diagonal D."""
    return D[:, np.newaxis] * W1, w2 / D


def sign_gauge(W1: ndarray, w2: ndarray) -> tuple[ndarray, ndarray]:
    """D W1 and sign(w2), with D = diag |w2|."""
    return np.abs(w2)[:, np.newaxis] * W1, sign(w2)


def hadamard_gauge(W1: ndarray, w2: ndarray) -> tuple[ndarray, ndarray]:
    """H and H w / n, with n the least power of two from D on, and H' H = n I the first D columns of Sylvester's."""
    w = effective_weights(W1, w2)
    n = 1 << (w.size - 1).bit_length()
    odd = np.bitwise_count(np.arange(n)[:, np.newaxis] & np.arange(w.size)) % 2
    H = 1 - 2 * odd.astype(w.dtype)
    return H, H @ (w / n)


# --- several classes, and Gaussian ones -------------------------------------------------------------------------------


def multiclass_worst_margins(
    W: ndarray, x: ndarray, y: ndarray, eps: float, b: ndarray, norm: str = "linf", box: Box = None
) -> ndarray:
    """Return the least over j != y of (w_y - w_j) . x + b_y - b_j - eps ||w_y - w_j||_*."""
    worst = np.empty(len(x), np.result_type(W, x, b))
    for c in np.unique(y):
        v, of_class = W[c] - W, y == c
        margin = x[of_class] @ v.T
        margin += b[c] - b + worst_changes(v, x[of_class], eps, norm, box)
        margin[:, c] = np.inf
        worst[of_class] = margin.min(axis=1)
    return worst


def gaussian_robust_accuracy(w: ndarray, mu: ndarray, Sigma: ndarray, eps: ndarray, norm: str = "linf") -> ndarray:
    """Phi((w . mu - eps ||w||_*) / sqrt(w' Sigma w)), for inputs N(y mu, Sigma); 0 or 1 if the score does not vary."""
    w = w / (np.abs(w).max(initial=0) or 1)  # the result does not depend on it, and the squares stay in range
    margin, largest = w @ mu - eps * dual_norm(w, norm), np.abs(Sigma).max(initial=0) or 1
    variance = score_variance(w, Sigma / largest)
    if variance == 0:
        return np.where(margin > 0, 1.0, 0.0)
    return Phi(margin / np.sqrt(variance) / np.sqrt(largest))


# --- what these rest on ---------------------------------------------------------------------------------------------


def worst_changes(v: ndarray, x: ndarray, eps: float, norm: str, box: Box) -> ndarray:
    """Return the least v . delta for each input and each row of v; for all inputs at once where there is no box."""
    if box is None:
        return -eps * dual_norm(v, norm)[np.newaxis]
    low, high = steps(x, eps, box)
    return low @ np.maximum(v, 0).T + high @ np.minimum(v, 0).T


def steps(x: ndarray, eps: float, box: Box) -> tuple[ndarray, ndarray]:
    """max(-eps, l - x) and min(eps, h - x): how far each feature may move in the box."""
    low, high = box
    return np.maximum(-eps, low - x), np.minimum(eps, high - x)


def score_variance(w: ndarray, Sigma: ndarray) -> ndarray:
    """w' Sigma w, and 0 if it is 0 but for rounding."""
    rounding = np.finfo(Sigma.dtype).eps * w.size * (np.abs(w) @ np.abs(Sigma) @ np.abs(w))
    variance = w @ Sigma @ w
    return np.where(np.abs(variance) <= rounding, 0, variance)


def Phi(z: ndarray) -> ndarray:
    """Return the standard normal distribution function, accurate in both tails; NumPy has none."""
    x = np.asarray(-z / math.sqrt(2))
    return np.fromiter(map(math.erfc, x.flat), np.float64, x.size).reshape(x.shape) / 2
