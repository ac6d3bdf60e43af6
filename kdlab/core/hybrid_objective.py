"""A hybrid objective: the equations of the chapter principles/hybrid_objective, in its order.

f_S, f_T: features of student and teacher (..., D). V (C, D), b (C,): a linear head. y: labels (...), integers. g_CE,
g_F: gradients of the losses, of one shape and in float64, at least one number.
"""

from __future__ import annotations

import numpy as np
from numpy import ndarray

from kdlab.core.distillation_loss import cross_entropy_dz

# --- losses and their gradients by the features ---------------------------------------------------------------------


def feature_loss(f_S: ndarray, f_T: ndarray, mean_over_dimensions: bool = False) -> ndarray:
    """L_F = ||f_S - f_T||^2, or that over D."""
    difference = f_S - f_T
    loss = np.einsum("...d,...d->...", difference, difference)
    return loss / f_S.shape[-1] if mean_over_dimensions else loss


def feature_loss_df(f_S: ndarray, f_T: ndarray, mean_over_dimensions: bool = False) -> ndarray:
    """g_F = 2 (f_S - f_T), or that over D."""
    return (f_S - f_T) * (2 / f_S.shape[-1] if mean_over_dimensions else 2)


def head(f_S: ndarray, V: ndarray, b: ndarray) -> ndarray:
    """z = V f_S + b."""
    return f_S @ V.T + b


def cross_entropy_df(f_S: ndarray, V: ndarray, b: ndarray, y: ndarray) -> ndarray:
    """g_CE = V' (q - y), with q = softmax(V f_S + b)."""
    return cross_entropy_dz(head(f_S, V, b), y) @ V


# --- weights by gradients -------------------------------------------------------------------------------------------


def balanced_alpha(g_CE: ndarray, g_F: ndarray) -> float:
    """alpha = ||g_CE|| / (||g_CE|| + ||g_F||); 1/2 where both are 0."""
    (_, a, a_scale), (_, b, b_scale) = direction(g_CE), direction(g_F)
    largest = max(a_scale, b_scale) or 1
    a, b = a * (a_scale / largest), b * (b_scale / largest)
    return a / (a + b) if a + b else 0.5


def smoothed_alpha(alpha: float, previous_alpha: float, rho: float) -> float:
    """alpha_bar_t = rho alpha_bar_t-1 + (1 - rho) alpha_t."""
    return rho * previous_alpha + (1 - rho) * alpha


def gradient_balance(g_CE: ndarray, g_F: ndarray) -> tuple[float, float, float, float, float, ndarray, float]:
    """a = ||g_CE||, b = ||g_F||, alpha, h = (1 - alpha) a = alpha b, cos, the total and its norm.

    total = (1 - alpha) g_CE + alpha g_F = h u_CE + h u_F, with the directions u; its norm is h sqrt(2 + 2 cos).
    """
    (u_CE, a, a_scale), (u_F, b, b_scale) = direction(g_CE), direction(g_F)
    alpha, one_minus_alpha = balanced_alpha(g_CE, g_F), balanced_alpha(g_F, g_CE)
    h = one_minus_alpha * a * a_scale if a * a_scale <= b * b_scale else alpha * b * b_scale  # the other may vanish
    cos = min(max(float(np.vdot(u_CE, u_F)), -1.0), 1.0)
    # sqrt(2 + 2 cos) is the norm of the sum of the directions, which keeps its digits near cos = -1.
    total, total_norm = h * u_CE + h * u_F, h * float(np.linalg.norm(u_CE + u_F))
    return a * a_scale, b * b_scale, alpha, h, cos, total, total_norm


def direction(g: ndarray) -> tuple[ndarray, float, float]:
    """Return g/||g||, or 0, and ||g|| as a product: of a number that neither overflows nor vanishes, and a scale."""
    scale = float(np.abs(g).max())
    u = g / (scale or 1)
    norm = float(np.linalg.norm(u))
    return u / (norm or 1), norm, scale


def hybrid_loss(L_CE: ndarray, L_KD: ndarray, L_F: ndarray, alpha: float, beta: float) -> ndarray:
    """L = (1 - alpha - beta) L_CE + beta L_KD + alpha L_F; a loss of weight 0, perhaps infinite, is left out."""
    terms = ((1 - (alpha + beta), L_CE), (beta, L_KD), (alpha, L_F))
    return sum(weight * loss for weight, loss in terms if weight > 0)
