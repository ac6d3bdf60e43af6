r"""Low rank: a weight matrix replaced by the product of two thin ones, best of all of their rank.

.. math:: W_r = U_r S_r V_r^\top, \qquad \lVert W - W_r \rVert_F^2 = \sum_{i > r} s_i^2

with singular values :math:`s_1 \ge s_2 \ge \dots` and rank :math:`r`. Chapter: compression/low_rank.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import FloatArray, as_finite, as_integer, as_number, check_same_shape, quiet
from kdlab.core import low_rank as core

NO_DECOMPOSITION = "weights or covariance must allow a decomposition; it overflowed or did not converge."


class Factors(NamedTuple):
    """U and V with W = U V: V is the first layer to act, U the second, which keeps the bias."""

    U: FloatArray
    V: FloatArray


class Errors(NamedTuple):
    """What the best approximation of a rank misses, in two norms, and the part of the squared singular values kept."""

    frobenius: float
    spectral: float
    energy_kept: float


class Cost(NamedTuple):
    """Numbers stored, and multiply-accumulate operations (MACs) for each input; FLOPs are twice the MACs."""

    parameters: int
    macs: int


def spectrum(weights: ArrayLike) -> FloatArray:
    r"""Singular values of a weight matrix.

    .. math:: W = U S V^\top, \qquad S = \mathrm{diag}(s_1 \ge s_2 \ge \dots \ge 0)

    Parameters
    ----------
    weights : array_like, shape (m, n)
        W, a row for each output, with m, n >= 1; see `kernel_to_matrix` for a convolution.

    Returns
    -------
    ndarray, shape (min(m, n),)
        In descending order.

    Raises
    ------
    ValueError
        If the decomposition overflows, or does not converge.

    Examples
    --------
    >>> spectrum([[3.0, 0.0], [4.0, 0.0], [0.0, 2.0]])
    array([5., 2.])
    """
    (s,) = _decomposed(core.spectrum, _matrix("weights", weights))
    return s


def low_rank_factors(weights: ArrayLike, rank: int) -> Factors:
    r"""Factors of the best approximation, balanced: both have the singular values' square roots as their scale.

    .. math:: U = U_r S_r^{1/2}, \qquad V = S_r^{1/2} V_r^\top

    Parameters
    ----------
    weights : array_like, shape (m, n)
        W, as for `spectrum`.
    rank : int
        r, from 1 to min(m, n). The factors are smaller than W only up to `max_saving_rank`.

    Returns
    -------
    Factors
        U, shape (m, r), and V, shape (r, n). They are unique up to signs at best: compare products, not factors.

    Examples
    --------
    >>> U, V = low_rank_factors([[4.0, 0.0], [0.0, 1.0]], rank=1)
    >>> np.abs(U).ravel(), np.abs(V).ravel()
    (array([2., 0.]), array([2., 0.]))
    """
    W = _matrix("weights", weights)
    return Factors(*_decomposed(core.low_rank_factors, W, _as_rank(rank, W)))


def low_rank_approximation(weights: ArrayLike, rank: int) -> FloatArray:
    r"""Best approximation of a rank, in every unitarily invariant norm of the weights.

    .. math:: W_r = U_r S_r V_r^\top

    It is best for the weights, not for the outputs: see `data_aware_factors`. Not unique if s_r = s_{r+1}.

    Parameters
    ----------
    weights, rank
        As for `low_rank_factors`.

    Returns
    -------
    ndarray, shape (m, n)
        W_r.

    References
    ----------
    Eckart and Young (1936), The Approximation of One Matrix by Another of Lower Rank; Mirsky (1960), Symmetric Gauge
    Functions and Unitarily Invariant Norms.

    Examples
    --------
    >>> low_rank_approximation([[3.0, 3.0], [3.0, 3.0], [1.0, -1.0]], rank=1).round(3) + 0.0
    array([[3., 3.],
           [3., 3.],
           [0., 0.]])
    """
    W = _matrix("weights", weights)
    (W_r,) = _decomposed(core.low_rank_approximation, W, _as_rank(rank, W))
    return W_r


def low_rank_errors(singular_values: ArrayLike, rank: int) -> Errors:
    r"""Errors of the best approximation of a rank, from the singular values alone.

    .. math:: \lVert W - W_r \rVert_F = \Big(\sum_{i > r} s_i^2\Big)^{1/2}, \qquad \lVert W - W_r \rVert_2 = s_{r+1},
              \qquad \frac{\sum_{i \le r} s_i^2}{\sum_i s_i^2}

    Parameters
    ----------
    singular_values : array_like, shape (k,)
        s, at least one, non-negative, in descending order.
    rank : int
        r, from 1 to k.

    Returns
    -------
    Errors
        Frobenius and spectral error in [0, inf), 0 at r = k; energy kept in [0, 1], 1 for a zero matrix.

    Examples
    --------
    >>> low_rank_errors([4.0, 3.0, 0.0], rank=1)
    Errors(frobenius=3.0, spectral=3.0, energy_kept=0.64)
    """
    s = _singular_values(singular_values)
    return Errors(*core.low_rank_errors(s, as_integer("rank", rank, 1, len(s))))


def rank_by_energy(singular_values: ArrayLike, tau: float) -> int:
    r"""Smallest rank that keeps a given part of the squared singular values.

    .. math:: r = \min\Big\{r : \sum_{i \le r} s_i^2 \ge \tau \sum_i s_i^2\Big\}

    Parameters
    ----------
    singular_values : array_like, shape (k,)
        As for `low_rank_errors`.
    tau : float
        Part of the energy to keep, in (0, 1]; up to rounding, so that [3, 1] keep 0.9 at rank 1, and that a singular
        value that is 0 but for rounding is not kept at tau = 1.

    Returns
    -------
    int
        In [1, k]; 1 for a zero matrix, whose factors are zero.

    Examples
    --------
    >>> rank_by_energy([4.0, 3.0, 0.0], tau=0.9)
    2
    """
    return core.rank_by_energy(_singular_values(singular_values), as_number("tau", tau, "(0, 1]"))


def break_even_rank(out_features: int, in_features: int) -> float:
    r"""Rank at which two thin matrices hold as many numbers as the one they replace.

    .. math:: r (m + n) = m n \iff r = \frac{m n}{m + n}

    Parameters
    ----------
    out_features, in_features : int
        m and n, at least 1.

    Returns
    -------
    float
        n / 2 for a square matrix.

    Examples
    --------
    >>> break_even_rank(64, 64)
    32.0
    """
    return core.break_even_rank(*_features(out_features, in_features))


def max_saving_rank(out_features: int, in_features: int) -> int:
    r"""Largest rank that saves parameters and MACs; the break-even rank itself saves nothing.

    .. math:: \max\{r : r (m + n) < m n\} = \Big\lfloor \frac{m n - 1}{m + n} \Big\rfloor

    Parameters
    ----------
    out_features, in_features : int
        m and n, at least 1.

    Returns
    -------
    int
        0 if no rank saves.

    Examples
    --------
    >>> max_saving_rank(64, 64), max_saving_rank(1000, 1)
    (31, 0)
    """
    return core.max_saving_rank(*_features(out_features, in_features))


def layer_cost(out_features: int, in_features: int, rank: int | None = None, *, bias: bool = False) -> Cost:
    r"""Parameters and MACs of a layer, whole or in two factors.

    .. math:: m n \quad \text{or} \quad r (m + n), \qquad \text{and } m \text{ parameters for a bias}

    Parameters
    ----------
    out_features, in_features : int
        m and n, at least 1.
    rank : int or None
        r, from 1 to min(m, n); None for the whole layer.
    bias : bool
        Whether there is a bias; of two factors only the second has one.

    Returns
    -------
    Cost
        Parameters, and MACs for each input vector.

    Examples
    --------
    >>> layer_cost(64, 64, bias=True), layer_cost(64, 64, rank=8, bias=True)
    (Cost(parameters=4160, macs=4096), Cost(parameters=1088, macs=1024))
    """
    m, n = _features(out_features, in_features)
    r = None if rank is None else as_integer("rank", rank, 1, min(m, n))
    return Cost(*core.layer_cost(m, n, r, bias))


def factored_layer(inputs: ArrayLike, U: ArrayLike, V: ArrayLike, bias: ArrayLike | None = None) -> FloatArray:
    r"""Outputs of a layer in two factors.

    .. math:: y = U (V x) + b

    Parameters
    ----------
    inputs : array_like, shape (..., n)
        x.
    U, V : array_like, shapes (m, r) and (r, n)
        The second and the first factor.
    bias : array_like, shape (m,), or None
        b, added once, after the second factor.

    Returns
    -------
    ndarray, shape (..., m)
        y.

    Examples
    --------
    >>> factored_layer([1.0, 2.0], U=[[1.0], [3.0]], V=[[1.0, 1.0]], bias=[0.5, 0.0])
    array([3.5, 9. ])
    """
    U, V, x = as_finite("U", U, 2), as_finite("V", V, 2), as_finite("inputs", inputs)
    if U.shape[1] != V.shape[0]:
        raise ValueError(f"U and V must share their rank; shapes {U.shape} and {V.shape} were given.")
    if x.shape[-1:] != V.shape[1:]:
        raise ValueError(f"inputs must have {V.shape[1]} numbers along the last axis; shape {x.shape} was given.")
    b = np.zeros(len(U), U.dtype) if bias is None else as_finite("bias", bias)
    if b.shape != U.shape[:1]:
        raise ValueError(f"bias must have shape {U.shape[:1]}, a number for each row of U; {b.shape} was given.")
    with quiet():
        return core.factored_layer(x, U, V, b)


def data_aware_factors(weights: ArrayLike, covariance: ArrayLike, rank: int) -> Factors:
    r"""Factors of the approximation with the least error of the outputs, for inputs of known second moments.

    .. math:: \arg\min_{\hat W} \mathrm{E} \lVert (W - \hat W) x \rVert^2 = (W \Sigma^{1/2})_r \, \Sigma^{-1/2}
              = U_r U_r^\top W, \qquad U S V^\top = W \Sigma^{1/2}, \qquad \Sigma = \mathrm{E} \, x x^\top

    The inverse is the pseudo-inverse where Sigma is singular: W is then projected onto the inputs that occur. The
    right-hand side, which needs no inverse, is computed. The least output error is not the best accuracy either.

    Parameters
    ----------
    weights : array_like, shape (m, n)
        W, as for `spectrum`.
    covariance : array_like, shape (n, n)
        Sigma, the second moments of the inputs, not centred; symmetric, positive semi-definite.
    rank : int
        r, from 1 to min(m, n).

    Returns
    -------
    Factors
        U, shape (m, r), and V, shape (r, n), with scales as in `low_rank_factors` before Sigma^{-1/2} acts.

    Examples
    --------
    >>> U, V = data_aware_factors([[2.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 9.0]], rank=1)
    >>> (U @ V).round(6) + 0.0
    array([[0., 0.],
           [0., 1.]])
    """
    W = _matrix("weights", weights)
    U, V = _decomposed(core.data_aware_factors, W, _covariance(covariance, W), _as_rank(rank, W))
    return Factors(U.astype(W.dtype, copy=False), V.astype(W.dtype, copy=False))


def output_error(weights: ArrayLike, approximation: ArrayLike, covariance: ArrayLike) -> float:
    r"""Mean squared error of the outputs when a weight matrix is approximated.

    .. math:: \mathrm{E} \lVert (W - \hat W) x \rVert^2 = \lVert (W - \hat W) \Sigma^{1/2} \rVert_F^2

    Parameters
    ----------
    weights, approximation : array_like, shape (m, n)
        W, and what replaces it.
    covariance : array_like, shape (n, n)
        Sigma, as for `data_aware_factors`.

    Returns
    -------
    float
        In [0, inf), the sum over the outputs.

    Examples
    --------
    >>> output_error([[2.0, 0.0], [0.0, 1.0]], [[0.0, 0.0], [0.0, 1.0]], [[1.0, 0.0], [0.0, 9.0]])
    4.0
    """
    W, A = _matrix("weights", weights), _matrix("approximation", approximation)
    check_same_shape(weights=W, approximation=A)
    Sigma = _covariance(covariance, W)
    with quiet():
        error = core.output_error(W, A, Sigma)
    if np.isnan(error):
        raise ValueError(NO_DECOMPOSITION)
    return float(error)


def kernel_to_matrix(kernel: ArrayLike) -> FloatArray:
    r"""Kernel of a convolution as the weight matrix of its patches: a row for each output channel.

    .. math:: W_{o, (i k_h + a) k_w + b} = K_{o i a b}

    Parameters
    ----------
    kernel : array_like, shape (out, in, kh, kw)
        K, in the order of PyTorch. Other conventions give other approximations of the same rank.

    Returns
    -------
    ndarray, shape (out, in * kh * kw)
        W; ``W.reshape(kernel.shape)`` is the way back.

    Examples
    --------
    >>> kernel_to_matrix(np.ones((8, 3, 5, 5))).shape
    (8, 75)
    """
    return core.kernel_to_matrix(_kernel(kernel)).copy()


def kernel_factors(kernel: ArrayLike, rank: int) -> Factors:
    r"""Two convolutions instead of one: `rank` channels with the whole kernel, then a 1 x 1 convolution with the bias.

    .. math:: K_{o i a b} \approx \sum_{\rho \le r} U_{o \rho} V_{\rho i a b}

    Parameters
    ----------
    kernel : array_like, shape (out, in, kh, kw)
        K, as for `kernel_to_matrix`.
    rank : int
        r, from 1 to min(out, in * kh * kw).

    Returns
    -------
    Factors
        U, shape (out, r, 1, 1), the second convolution, and V, shape (r, in, kh, kw), the first.

    Examples
    --------
    >>> U, V = kernel_factors(np.ones((8, 3, 5, 5)), rank=2)
    >>> U.shape, V.shape
    ((8, 2, 1, 1), (2, 3, 5, 5))
    """
    K = _kernel(kernel)
    return Factors(*_decomposed(core.kernel_factors, K, _as_rank(rank, core.kernel_to_matrix(K))))


def lora_output(inputs: ArrayLike, weights: ArrayLike, A: ArrayLike, B: ArrayLike, alpha: float) -> FloatArray:
    r"""Outputs of a layer whose weights stay as they are, with a change of low rank beside them.

    .. math:: y = W x + \frac{\alpha}{r} B (A x)

    Parameters
    ----------
    inputs : array_like, shape (..., n)
        x.
    weights : array_like, shape (m, n)
        W, trained before.
    A, B : array_like, shapes (r, n) and (m, r)
        The factors of the change, A first; r is at least 1. Where B is zero, the outputs are those of W.
    alpha : float
        Strength of the change, finite; divided by r, so that it need not be chosen anew for another rank.

    Returns
    -------
    ndarray, shape (..., m)
        y, as `lora_merge` gives it in one matrix, but for rounding.

    References
    ----------
    Hu et al. (2022), LoRA: Low-Rank Adaptation of Large Language Models.

    Examples
    --------
    >>> lora_output([1.0, 3.0], np.eye(2), A=[[0.0, 2.0]], B=[[1.0], [0.0]], alpha=2)
    array([13.,  3.])
    """
    W, A, B, alpha = _lora(weights, A, B, alpha)
    x = as_finite("inputs", inputs)
    if x.shape[-1:] != W.shape[1:]:
        raise ValueError(f"inputs must have {W.shape[1]} numbers along the last axis; shape {x.shape} was given.")
    with quiet():
        return core.lora_output(x, W, A, B, alpha)


def lora_merge(weights: ArrayLike, A: ArrayLike, B: ArrayLike, alpha: float) -> FloatArray:
    r"""One matrix for a layer and its change of low rank; it is as large as before.

    .. math:: W + \frac{\alpha}{r} B A

    Parameters
    ----------
    weights, A, B, alpha
        As for `lora_output`.

    Returns
    -------
    ndarray, shape (m, n)
        The merged weights.

    Examples
    --------
    >>> lora_merge(np.eye(2), A=[[0.0, 2.0]], B=[[1.0], [0.0]], alpha=2)
    array([[1., 4.],
           [0., 1.]])
    """
    with quiet():
        return core.lora_merge(*_lora(weights, A, B, alpha))


def _lora(
    weights: ArrayLike, A: ArrayLike, B: ArrayLike, alpha: float
) -> tuple[FloatArray, FloatArray, FloatArray, float]:
    """Return what a LoRA is made of, if it fits together."""
    W, A, B = as_finite("weights", weights, 2), _matrix("A", A), as_finite("B", B, 2)
    if A.shape[1:] != W.shape[1:]:
        raise ValueError(f"A must have {W.shape[1]} columns, as weights; shape {A.shape} was given.")
    if B.shape != (len(W), len(A)):
        raise ValueError(f"B must have shape {(len(W), len(A))}, rows of weights and of A; {B.shape} was given.")
    return W, A, B, as_number("alpha", alpha, "(-inf, inf)")


def _matrix(name: str, value: ArrayLike) -> FloatArray:
    """Return a matrix that LAPACK can read: float32 or float64, with at least one number."""
    return _readable(name, as_finite(name, value, 2))


def _kernel(kernel: ArrayLike) -> FloatArray:
    return _readable("kernel", as_finite("kernel", kernel, 4))


def _readable(name: str, array: FloatArray) -> FloatArray:
    if array.size == 0:
        raise ValueError(f"{name} must hold at least one number; shape {array.shape} was given.")
    return array if array.dtype == np.float32 else array.astype(np.float64, copy=False)


def _features(out_features: int, in_features: int) -> tuple[int, int]:
    return as_integer("out_features", out_features, 1), as_integer("in_features", in_features, 1)


def _as_rank(rank: int, W: FloatArray) -> int:
    return as_integer("rank", rank, 1, min(W.shape))


def _singular_values(singular_values: ArrayLike) -> FloatArray:
    s = as_finite("singular_values", singular_values, 1).astype(np.float64, copy=False)
    if s.size == 0 or s[-1] < 0 or (np.diff(s) > 0).any():
        raise ValueError("singular_values must be at least one number, none negative, in descending order.")
    return s


def _covariance(covariance: ArrayLike, W: FloatArray) -> FloatArray:
    Sigma, n = _matrix("covariance", covariance), W.shape[1]
    if Sigma.shape != (n, n):
        raise ValueError(f"covariance must have shape {(n, n)}, a row for each input; {Sigma.shape} was given.")
    if (np.abs(Sigma - Sigma.T) > core.rounding(Sigma)).any():
        raise ValueError("covariance must be symmetric.")
    (eigenvalues,) = _decomposed(np.linalg.eigvalsh, Sigma.astype(np.float64))
    if eigenvalues.min() < -core.rounding(Sigma):
        raise ValueError(f"covariance must be positive semi-definite; its least eigenvalue is {eigenvalues.min():.3g}.")
    return Sigma


def _decomposed(function: Callable[..., FloatArray | tuple[FloatArray, ...]], *arguments: FloatArray | int) -> tuple:
    """Return what a decomposition finds, and refuse it if that failed: not every LAPACK raises an error then."""
    try:
        with quiet():
            found = function(*arguments)
    except np.linalg.LinAlgError:
        found = np.nan
    found = found if isinstance(found, tuple) else (found,)
    if not all(np.isfinite(array).all() for array in found):
        raise ValueError(NO_DECOMPOSITION)
    return found
