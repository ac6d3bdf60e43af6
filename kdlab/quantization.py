r"""Quantization: weights on a grid of few values, so that a code of k bits stands for each.

.. math:: \hat{x} = s\,(\mathrm{code} - z), \qquad \mathrm{code} = \mathrm{clip}(\mathrm{round}(x/s) + z, 0, 2^k - 1)

with scale :math:`s` and zero point :math:`z`; at one bit :math:`\hat W = m\,\mathrm{sign}(W)` with
:math:`m = \mathrm{mean}\,|W|`. Chapter: compression/quantization.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    IntArray,
    as_finite,
    as_integer,
    as_labels,
    as_number,
    as_real,
    as_weights_and_hessian,
    quiet,
)
from kdlab.core import quantization as core


class OneBitGaussian(NamedTuple):
    """The best one-bit scale of Gaussian weights, and its squared error over their mean square."""

    m: float
    relative_squared_error: float


class Range(NamedTuple):
    """The least and the greatest weight, 0 included, of the tensor or of each row."""

    low: FloatArray
    high: FloatArray


class Grid(NamedTuple):
    """The distance of neighbouring values, and the code of 0, for the tensor or for each row."""

    scale: FloatArray
    zero_point: IntArray


def sign(weights: ArrayLike) -> FloatArray:
    r"""Sign with two values only: that of 0, and of -0.0, is +1.

    .. math:: \mathrm{sign}(w) = +1 \text{ if } w \ge 0 \text{ else } -1

    NumPy's and PyTorch's `sign(0) = 0` gives three values, which one bit cannot hold.

    Parameters
    ----------
    weights : array_like
        W, of any shape.

    Returns
    -------
    ndarray, same shape as `weights`
        +1 or -1.

    Examples
    --------
    >>> sign([0.5, -1.5, 0.0, -0.0])
    array([ 1., -1.,  1.,  1.])
    """
    return core.sign(as_finite("weights", weights))


def one_bit_scale(weights: ArrayLike, *, axis: int | None = None, sign_of_zero: int = 1) -> FloatArray:
    r"""The m with the least squared error of m sign(W).

    .. math:: m = \frac{1}{n} \sum_i |W_i|

    It is the best for the weights; not, in general, for the outputs or for the loss.

    Parameters
    ----------
    weights : array_like
        W, at least one number.
    axis : int or None
        The axis of the output rows, each of which gets its own m: 0 for W of shape (outputs, inputs).
        None is one m for the tensor.
    sign_of_zero : int
        1, or 0 for the counter-example: if sign(0) = 0, zeros are met without error and the best m is the mean
        over the weights that are NOT 0.

    Returns
    -------
    ndarray of float64, shape () or (rows,)
        m in [0, inf); 0 only if all weights are 0.

    References
    ----------
    Rastegari et al. (2016), XNOR-Net.

    Examples
    --------
    >>> W = [[0.5, -1.5, 0.0], [2.0, -0.25, 0.75]]
    >>> one_bit_scale(W).round(4), one_bit_scale(W, sign_of_zero=0)
    (np.float64(0.8333), np.float64(1.0))
    >>> one_bit_scale(W, axis=0).round(4)
    array([0.6667, 1.    ])
    """
    W, axes = _some_weights(weights, axis)
    sign_of_zero = as_integer("sign_of_zero", sign_of_zero, 0, 1)
    with quiet():
        return np.squeeze(core.one_bit_scale(W, axes, sign_of_zero), axes)[()]


def one_bit(weights: ArrayLike, *, axis: int | None = None) -> FloatArray:
    r"""One-bit weights: the sign of each, times a common m.

    .. math:: \hat{W} = m \, \mathrm{sign}(W), \qquad m = \mathrm{mean}\,|W|, \qquad \mathrm{sign}(0) = +1

    Parameters
    ----------
    weights, axis
        As for `one_bit_scale`.

    Returns
    -------
    ndarray, same shape as `weights`
        m or -m.

    References
    ----------
    Rastegari et al. (2016), XNOR-Net.

    Examples
    --------
    >>> one_bit([0.5, -1.5, 0.0, 2.0])
    array([ 1., -1.,  1.,  1.])
    """
    W, axes = _some_weights(weights, axis)
    with quiet():
        return core.one_bit(W, axes).astype(W.dtype, copy=False)


def one_bit_mse(weights: ArrayLike, *, axis: int | None = None, sign_of_zero: int = 1) -> FloatArray:
    r"""Mean squared error of the best one-bit weights.

    .. math:: \frac{1}{n} \sum_i (W_i - m\,\mathrm{sign}\,W_i)^2 = \frac{1}{n} \sum_i (|W_i| - m)^2
              = \frac{1}{n} \sum_i W_i^2 - m^2

    The right-hand side, for one m and sign(0) = +1, is a difference of nearly equal numbers if all :math:`|W|` are
    alike; the middle one is computed.

    Parameters
    ----------
    weights, axis, sign_of_zero
        As for `one_bit_scale`.

    Returns
    -------
    float64
        The mean over ALL weights, in [0, inf). One m for each row is never worse than one for the tensor.

    Examples
    --------
    >>> W = [[0.5, -1.5, 0.0], [2.0, -0.25, 0.75]]
    >>> one_bit_mse(W).round(4), one_bit_mse(W, axis=0).round(4), one_bit_mse(W, sign_of_zero=0).round(4)
    (np.float64(0.4931), np.float64(0.4653), np.float64(0.3542))
    """
    W, axes = _some_weights(weights, axis)
    sign_of_zero = as_integer("sign_of_zero", sign_of_zero, 0, 1)
    with quiet():
        return core.one_bit_mse(W, axes, sign_of_zero)


def one_bit_gaussian(standard_deviation: float) -> OneBitGaussian:
    r"""The best one-bit scale and its relative error for many Gaussian weights of mean 0.

    .. math:: m = \sigma \sqrt{2/\pi}, \qquad
              \frac{\mathrm{E}(w - m\,\mathrm{sign}\,w)^2}{\mathrm{E}\,w^2} = 1 - \frac{2}{\pi}

    Parameters
    ----------
    standard_deviation : float
        sigma in [0, inf).

    Returns
    -------
    OneBitGaussian
        m in the unit of the weights, and the error as a share of their mean square.

    Examples
    --------
    >>> m, error = one_bit_gaussian(1.0)
    >>> round(m, 4), round(error, 5)
    (0.7979, 0.36338)
    """
    return OneBitGaussian(*core.one_bit_gaussian(as_number("standard_deviation", standard_deviation, "[0, inf)")))


def weight_range(weights: ArrayLike, *, axis: int | None = None) -> Range:
    r"""The range that a grid must cover, 0 included.

    .. math:: \mathrm{lo} = \min(x, 0), \qquad \mathrm{hi} = \max(x, 0)

    Parameters
    ----------
    weights : array_like
        x, of any shape. Without any number the range is [0, 0].
    axis : int or None
        The axis of the output rows, each of which gets its own range. None is one range for the tensor.

    Returns
    -------
    Range
        lo <= 0 <= hi in float64, each of shape () or (rows,).

    Examples
    --------
    >>> low, high = weight_range([[-1.0, 2.0], [3.0, 4.0]], axis=0)
    >>> low, high
    (array([-1.,  0.]), array([2., 4.]))
    """
    x = as_finite("weights", weights)
    axes = _other_axes(x.ndim, axis)
    return Range(*(np.squeeze(end, axes)[()] for end in core.weight_range(x, axes)))


def range_to_grid(low: ArrayLike, high: ArrayLike, bits: int, *, symmetric: bool = False) -> Grid:
    r"""The grid of 2^k values that covers a range.

    .. math:: s = \frac{\mathrm{hi} - \mathrm{lo}}{2^k - 1}, \qquad
              z = \mathrm{clip}(\mathrm{round}(-\mathrm{lo}/s),\; 0,\; 2^k - 1)

    symmetric:

    .. math:: s = \frac{\max(-\mathrm{lo}, \mathrm{hi})}{2^{k-1} - 1}, \qquad z = 0

    Either grid holds 0 exactly. At one bit the affine grid is {0, s} or {-s, 0}, and is NOT m sign(W).

    Parameters
    ----------
    low, high : array_like
        lo <= hi, numbers or one for each row. 0 is put into the range if it lies outside.
    bits : int
        k in [1, 16]; in [2, 16] if symmetric.
    symmetric : bool
        Whether the codes are signed, with 0 for 0.

    Returns
    -------
    Grid
        s in [0, inf), float64, and z in [0, 2^k - 1]; each of the shape of `low`. s = 0 only if lo = hi = 0,
        and never below the least normal number otherwise.

    Raises
    ------
    ValueError
        If high - low exceeds float64.

    References
    ----------
    Jacob et al. (2018), Quantization and Training of Neural Networks. Krishnamoorthi (2018), Quantizing Deep
    Convolutional Networks.

    Examples
    --------
    >>> range_to_grid(-1.0, 2.0, 2)
    Grid(scale=np.float64(1.0), zero_point=np.int64(1))
    """
    lo, hi = (as_finite(name, value).astype(np.float64) for name, value in (("low", low), ("high", high)))
    if lo.shape != hi.shape or (lo > hi).any():
        raise ValueError(f"low and high must have one shape, and low not exceed high; {low!r} and {high!r} were given.")
    bits = _as_bits(bits, symmetric)
    with quiet():
        s, z = core.range_to_grid(np.minimum(lo, 0), np.maximum(hi, 0), bits, symmetric)
    if np.isinf(s).any():
        raise ValueError(f"weights, from low to high, must span less than 1.8e308; {low!r} to {high!r} was given.")
    return Grid(s[()], z.astype(np.int64)[()])


def quantize(
    weights: ArrayLike,
    scale: ArrayLike,
    zero_point: ArrayLike,
    bits: int,
    *,
    symmetric: bool = False,
    axis: int | None = None,
) -> IntArray:
    r"""Codes of weights on a grid that is given.

    .. math:: \mathrm{code} = \mathrm{clip}(\mathrm{round}(x/s) + z,\; 0,\; 2^k - 1)

    symmetric: clipped to [-(2^(k-1) - 1), 2^(k-1) - 1]. Halves are rounded to the even number, before z is added:
    round(x/s) + z and round(x/s + z) differ there.

    Parameters
    ----------
    weights : array_like
        x, of any shape. Those beyond the grid get its end codes.
    scale : array_like, shape () or (rows,)
        s in [0, inf). A grid of scale 0 holds 0 alone.
    zero_point : array_like of int, shape of `scale`
        z in [0, 2^k - 1]; 0 if symmetric.
    bits : int
        k in [1, 16]; in [2, 16] if symmetric.
    symmetric : bool
        Whether the codes are signed.
    axis : int or None
        The axis of the rows that `scale` and `zero_point` belong to; None if they are one number each.

    Returns
    -------
    ndarray of uint8 or uint16 (symmetric: int8 or int16), same shape as `weights`
        The codes; never falling where the weights rise.

    References
    ----------
    Jacob et al. (2018), Quantization and Training of Neural Networks.

    Examples
    --------
    >>> quantize([-1.0, -0.3, 0.0, 0.4, 2.0, 9.0], 1.0, 1, bits=2)
    array([0, 1, 1, 1, 3, 3], dtype=uint8)
    """
    x = as_finite("weights", weights)
    bottom, top = core.code_limits(_as_bits(bits, symmetric), symmetric)
    s, z = _grid(x.shape, scale, zero_point, 1 if symmetric else top + 1, axis)
    with quiet():
        return core.quantize(x, s, z, bits, symmetric).astype(np.min_scalar_type(bottom or top))[()]


def dequantize(codes: ArrayLike, scale: ArrayLike, zero_point: ArrayLike, *, axis: int | None = None) -> FloatArray:
    r"""The values that codes stand for.

    .. math:: \hat{x} = s\,(\mathrm{code} - z)

    Parameters
    ----------
    codes : array_like of int
        As `quantize` returns them.
    scale, zero_point, axis
        As for `quantize`.

    Returns
    -------
    ndarray of float64, same shape as `codes`
        The values. 0 is exactly 0.

    Examples
    --------
    >>> dequantize([0, 1, 3], 0.5, 1)
    array([-0.5,  0. ,  1. ])
    """
    shape, codes = as_real("codes", codes).shape, np.asarray(codes)
    if codes.dtype.kind not in "iu":
        raise TypeError(f"codes must hold integers; {codes.dtype} was given.")
    s, z = _grid(shape, scale, zero_point, 2**16, axis)
    with quiet():
        return core.dequantize(codes, s, z)


def fake_quantize(weights: ArrayLike, bits: int, *, symmetric: bool = False, axis: int | None = None) -> FloatArray:
    r"""Weights moved to the nearest values of the grid that covers them.

    .. math:: \hat{x} = s\,\bigl(\mathrm{clip}(\mathrm{round}(x/s) + z,\; 0,\; 2^k - 1) - z\bigr)

    that is `weight_range`, `range_to_grid`, `quantize` and `dequantize` in one.

    Parameters
    ----------
    weights : array_like
        x, of any shape.
    bits, symmetric, axis
        As for `quantize`.

    Returns
    -------
    ndarray, same shape as `weights`
        At most s/2 from `weights`, but for rounding, and never falling where they rise.

    Raises
    ------
    ValueError
        If the weights differ by more than float64 holds.

    References
    ----------
    Jacob et al. (2018), Quantization and Training of Neural Networks.

    Examples
    --------
    >>> fake_quantize([-1.0, -0.3, 0.0, 0.4, 2.0], bits=2)
    array([-1.,  0.,  0.,  0.,  2.])
    """
    x = as_finite("weights", weights)
    axes, bits = _other_axes(x.ndim, axis), _as_bits(bits, symmetric)
    limit = float(np.finfo(x.dtype).max)
    with quiet():
        values = core.fake_quantize(x, bits, symmetric, axes)
    if np.isnan(values).any():
        raise ValueError(
            f"weights, from low to high, must span less than 1.8e308; {x.min()!r} to {x.max()!r} was given."
        )
    # the end values may lie s/2 beyond the weights, and there beyond their dtype
    return np.clip(values, -limit, limit, out=values).astype(x.dtype, copy=False)[()]


def quadratic_error(weights: ArrayLike, rounded: ArrayLike, hessian: ArrayLike) -> FloatArray:
    r"""What the outputs of a linear layer lose when its weights are rounded.

    .. math:: \mathrm{E}\,\bigl((w - q)^\top x\bigr)^2 = (w - q)^\top H\,(w - q), \qquad H = \mathrm{E}\,x x^\top

    Parameters
    ----------
    weights : array_like, shape (..., D)
        w, one output a row.
    rounded : array_like, shape of `weights`
        q.
    hessian : array_like, shape (D, D)
        H, symmetric and positive definite: the mean products of the inputs.

    Returns
    -------
    ndarray of float64, shape (...)
        One error for each row, in [0, inf).

    References
    ----------
    Frantar et al. (2023), GPTQ: Accurate Post-Training Quantization.

    Examples
    --------
    >>> quadratic_error([-0.4, -0.4, -0.3], [0.0, -1.0, 0.0], [[4, 3, 3], [3, 4, 2], [3, 2, 4]]).round(9)
    np.float64(1.0)
    """
    w, H, unit = as_weights_and_hessian(weights, hessian)
    q = as_finite("rounded", rounded).astype(np.float64)
    if q.shape != w.shape:
        raise ValueError(f"rounded must have the shape {w.shape} of weights; {q.shape} was given.")
    with quiet():
        return core.quadratic_error(w, q, H) * unit * unit


def compensated_rounding(weights: ArrayLike, hessian: ArrayLike, *, order: Sequence[int] | None = None) -> FloatArray:
    r"""Whole numbers near weights, column by column; the later columns make up for what each misses.

    .. math:: q_i = \mathrm{round}(w_i), \qquad w_R \leftarrow w_R + H_{RR}^{-1} H_{Ri}\,(w_i - q_i)

    with R the columns that are still to come. So each step leaves the least error that free numbers in R can leave.
    It is greedy: the whole numbers need not be the best, and with three columns or more plain rounding can be better.
    Halves are rounded to the even number. For a step s other than 1, give `weights` / s.

    Parameters
    ----------
    weights : array_like, shape (..., D)
        w, in units of the step. The rows are rounded each on its own.
    hessian : array_like, shape (D, D)
        As for `quadratic_error`.
    order : sequence of int or None
        The columns in the order in which they are rounded, each once. None is from first to last.

    Returns
    -------
    ndarray of float64, same shape as `weights`
        q, whole numbers.

    References
    ----------
    Frantar et al. (2023), GPTQ: Accurate Post-Training Quantization.

    Examples
    --------
    >>> compensated_rounding([-0.4, -0.4, -0.3], [[4, 3, 3], [3, 4, 2], [3, 2, 4]]) + 0
    array([ 0., -1.,  0.])
    """
    w, H, _ = as_weights_and_hessian(weights, hessian)
    columns = range(len(H)) if order is None else [as_integer("order", i, 0, len(H) - 1) for i in _listed(order)]
    if sorted(columns) != list(range(len(H))):
        raise ValueError(f"order must be 0 to {len(H) - 1} in some order; {order!r} was given.")
    with quiet():
        return core.compensated_rounding(w, H, list(columns))


def uniform_noise_mse(scale: ArrayLike) -> FloatArray:
    r"""Mean squared error if the rounding error is uniform within half a step; true for many bits only.

    .. math:: \mathrm{MSE} \approx s^2/12

    Each bit more halves s: 6.02 dB. With few bits (3 or fewer; more, the heavier the tails) most weights lie in a few
    cells, and the error is not uniform.

    Parameters
    ----------
    scale : array_like
        s in [0, inf).

    Returns
    -------
    ndarray, same shape as `scale`
        The squared unit of the weights.

    Examples
    --------
    >>> uniform_noise_mse(0.6).round(4)
    np.float64(0.03)
    """
    s = _as_scale(scale)
    with quiet():
        return core.uniform_noise_mse(s)


def storage_bits(num_weights: int, bits: int, *, num_scales: int = 1, num_zero_points: int = 0) -> int:
    r"""Bits that quantized weights take.

    .. math:: n k + 32\,n_s + k\,n_z

    A scale is a float32; a zero point is a code, of k bits.

    Parameters
    ----------
    num_weights : int
        n, at least 0.
    bits : int
        k in [1, 16].
    num_scales : int
        n_s, at least 0: 1 for the tensor, or one for each row.
    num_zero_points : int
        n_z, at least 0: as many as scales on an affine grid, 0 on a symmetric one and at one bit.

    Returns
    -------
    int
        Bits, without any padding to whole bytes.

    Examples
    --------
    >>> storage_bits(1000, 1, num_scales=10)
    1320
    """
    n, k = as_integer("num_weights", num_weights, 0), as_integer("bits", bits, 1, 16)
    n_s, n_z = as_integer("num_scales", num_scales, 0), as_integer("num_zero_points", num_zero_points, 0)
    return core.storage_bits(n, k, n_s, n_z)


def _listed(order: Sequence[int]) -> list[int]:
    if not isinstance(order, list | tuple | range | np.ndarray) or np.ndim(order) != 1:
        raise TypeError(f"order must be a list of integers; {order!r} was given.")
    return list(order)


def _some_weights(weights: ArrayLike, axis: int | None) -> tuple[FloatArray, core.Axes]:
    """Return the weights, at least one, and the axes along which they share one scale."""
    W = as_finite("weights", weights)
    axes = _other_axes(W.ndim, axis)
    if W.size == 0:
        raise ValueError(f"weights must hold at least one number; an array of shape {W.shape} was given.")
    return W, axes


def _other_axes(ndim: int, axis: int | None) -> core.Axes:
    """Return all axes but that of the rows; None, which is all of them, for one row."""
    if axis is None:
        return None
    axis = as_integer("axis", axis, -ndim, ndim - 1) % ndim
    return tuple(other for other in range(ndim) if other != axis)


def _as_bits(bits: int, symmetric: bool) -> int:
    return as_integer("bits", bits, 2 if symmetric else 1, 16)


def _as_scale(scale: ArrayLike) -> FloatArray:
    s = as_finite("scale", scale).astype(np.float64)
    if (s < 0).any():
        raise ValueError(f"scale must be in [0, inf); {s.min()} was given.")
    return s


def _grid(
    shape: tuple[int, ...], scale: ArrayLike, zero_point: ArrayLike, num_codes: int, axis: int | None
) -> tuple[FloatArray, IntArray]:
    """Return a grid that fits weights of a shape, shaped so that it broadcasts over them."""
    axes = _other_axes(len(shape), axis)
    rows = () if axis is None else (shape[axis],)
    s, z = _as_scale(scale), as_labels("zero_point", zero_point, num_codes, rows)
    if s.shape != rows:
        raise ValueError(f"scale must have shape {rows}, one for each row; shape {s.shape} was given.")
    return (s, z) if axes is None else (np.expand_dims(s, axes), np.expand_dims(z, axes))
