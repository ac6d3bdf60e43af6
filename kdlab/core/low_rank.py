"""Low rank: a matrix replaced by two thin ones. The equations of the chapter compression/low_rank, in its order.

W: weights (m, n), a row for each output. s: singular values, falling. r: the rank. Sigma: second moments (n, n) of the
inputs x, not centred. K: kernel (out, in, kh, kw) of a convolution. U (m, r) and V (r, n): factors, W = U V.
In a LoRA: A (r, n) and B (m, r), factors of the change of W; alpha: its strength.
"""

from __future__ import annotations

import math

import numpy as np
from numpy import ndarray

# --- best for the weights -------------------------------------------------------------------------------------------


def spectrum(W: ndarray) -> ndarray:
    """s_1 >= s_2 >= ... of W = U diag(s) V'."""
    return np.linalg.svd(W, compute_uv=False)


def low_rank_approximation(W: ndarray, r: int) -> ndarray:
    """W_r = U_r S_r V_r', the nearest of its rank."""
    U, s, Vt = svd(W, r)
    return (U * s) @ Vt


def low_rank_errors(s: ndarray, r: int) -> tuple[float, float, float]:
    """(sum_{i > r} s_i^2)^(1/2), s_{r+1}, and sum_{i <= r} s_i^2 / sum_i s_i^2, which is 1 for a matrix of zeros."""
    e = energy(s)
    kept = float(e[:r].sum() / e.sum()) if s[0] > 0 else 1.0
    return math.hypot(*s[r:].tolist()), float(s[r:].max(initial=0)), kept


# --- is it smaller? -------------------------------------------------------------------------------------------------


def break_even_rank(m: int, n: int) -> float:
    """r (m + n) = m n."""
    return m * n / (m + n)


def max_saving_rank(m: int, n: int) -> int:
    """max{r : r (m + n) < m n}."""
    return (m * n - 1) // (m + n)


def layer_cost(m: int, n: int, r: int | None = None, bias: bool = False) -> tuple[int, int]:
    """m n or r (m + n) MACs, and as many parameters, m more with a bias."""
    macs = m * n if r is None else r * (m + n)
    return macs + (m if bias else 0), macs


# --- two layers -----------------------------------------------------------------------------------------------------


def low_rank_factors(W: ndarray, r: int) -> tuple[ndarray, ndarray]:
    """U = U_r S_r^(1/2), V = S_r^(1/2) V_r'."""
    U, s, Vt = svd(W, r)
    return U * np.sqrt(s), np.sqrt(s)[:, np.newaxis] * Vt


def factored_layer(x: ndarray, U: ndarray, V: ndarray, b: ndarray | float = 0) -> ndarray:
    """y = U (V x) + b."""
    return (x @ V.T) @ U.T + b


def kernel_to_matrix(K: ndarray) -> ndarray:
    """W_{o, (i kh + a) kw + b} = K_{oiab}."""
    return K.reshape(len(K), -1)


def kernel_factors(K: ndarray, r: int) -> tuple[ndarray, ndarray]:
    """K_{oiab} = sum_{rho <= r} U_{o rho} V_{rho iab}: two kernels."""
    U, V = low_rank_factors(kernel_to_matrix(K), r)
    return U[:, :, np.newaxis, np.newaxis], V.reshape(-1, *K.shape[1:])


# --- how much to keep -----------------------------------------------------------------------------------------------


def rank_by_energy(s: ndarray, tau: float) -> int:
    """min{r : sum_{i <= r} s_i^2 >= tau sum_i s_i^2}, up to rounding."""
    kept = np.cumsum(energy(s))
    rounding = s.size * np.finfo(np.float64).eps
    return int(np.argmax(kept >= tau * kept[-1] * (1 - rounding))) + 1


# --- best for the outputs -------------------------------------------------------------------------------------------


def data_aware_factors(W: ndarray, Sigma: ndarray, r: int) -> tuple[ndarray, ndarray]:
    """(W Sigma^(1/2))_r Sigma^(-1/2) = U_r U_r' W, without the inverse; W is first projected on inputs that occur."""
    eigenvalues, Q = moments(Sigma)
    U, s, _ = svd(W @ (Q * np.sqrt(eigenvalues)), r)
    seen = Q[:, eigenvalues > 0]
    V = U.T @ (W @ seen) @ seen.T
    scale = np.sqrt(s)
    return U * scale, np.divide(V, scale[:, np.newaxis], out=np.zeros_like(V), where=scale[:, np.newaxis] > 0)


def output_error(W: ndarray, A: ndarray, Sigma: ndarray) -> ndarray:
    """E ||(W - A) x||^2 = ||(W - A) Sigma^(1/2)||_F^2."""
    eigenvalues, Q = moments(Sigma)
    return (((W - A) @ (Q * np.sqrt(eigenvalues))) ** 2).sum()


# --- a change of low rank ---------------------------------------------------------------------------------------------


def lora_output(x: ndarray, W: ndarray, A: ndarray, B: ndarray, alpha: float) -> ndarray:
    """y = W x + (alpha / r) B (A x)."""
    return x @ W.T + alpha / len(A) * (x @ A.T @ B.T)


def lora_merge(W: ndarray, A: ndarray, B: ndarray, alpha: float) -> ndarray:
    """W + (alpha / r) B A."""
    return W + alpha / len(A) * (B @ A)


# --- what these rest on ---------------------------------------------------------------------------------------------


def svd(W: ndarray, r: int) -> tuple[ndarray, ndarray, ndarray]:
    """Return U_r, s_1 ... s_r, V_r'."""
    U, s, Vt = np.linalg.svd(W, full_matrices=False)
    return U[:, :r], s[:r], Vt[:r]


def energy(s: ndarray) -> ndarray:
    """s_i^2 in units of the largest one, which cannot overflow."""
    return (s / (s[0] or 1)) ** 2


def moments(Sigma: ndarray) -> tuple[ndarray, ndarray]:
    """Return the eigenvalues, those that are 0 but for rounding set to 0, and the eigenvectors, in float64."""
    eigenvalues, Q = np.linalg.eigh(Sigma.astype(np.float64, copy=False))
    return np.where(eigenvalues <= rounding(Sigma), 0, eigenvalues), Q


def rounding(Sigma: ndarray) -> float:
    """Return how far from 0 an eigenvalue that is 0 may be."""
    return 10 * len(Sigma) * float(np.finfo(Sigma.dtype).eps) * float(np.abs(Sigma).max())
