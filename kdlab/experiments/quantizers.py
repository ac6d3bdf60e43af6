"""Fake quantizers in torch: quantized in value, straight-through in gradient, for a batch of networks."""

from __future__ import annotations

import torch
from torch import Tensor


def one_bit(weights: Tensor, *, axis: int | None = None, clip: float | None = None) -> Tensor:
    r"""One-bit weights m sign(w) with m = mean|w|, sign(0) = +1.

    .. math:: w + \mathrm{stop}(m \, \mathrm{sign}(w) - w)

    Parameters
    ----------
    weights : Tensor, shape (S, ...)
        Latent weights of S networks, each quantized on its own.
    axis : int or None
        The axis of the output units, each of which gets its own m: -1 for weights (S, fan_in, fan_out). None is one m
        for each network.
    clip : float or None
        c; the gradient is 0 where |w| > c. None is the identity.

    Returns
    -------
    Tensor, same shape as `weights`
        No gradient flows through m.

    Raises
    ------
    ValueError
        If `axis` is the networks' or no axis of `weights`, or `clip` is not above 0.
    """
    w = weights.detach()
    m = w.abs().mean(_others(w, axis), keepdim=True)
    return straight_through(weights, torch.where(w >= 0, m, -m), clip=clip)


def affine(weights: Tensor, bits: int, *, axis: int | None = None, clip: float | None = None) -> Tensor:
    r"""Weights on an affine grid of 2^k values that holds 0.

    .. math:: w + \mathrm{stop}(s (\mathrm{clip}(\mathrm{round}(w/s) + z, 0, 2^k - 1) - z) - w)

    with s = (hi - lo)/(2^k - 1), z = clip(round(-lo/s), 0, 2^k - 1), lo = min(w, 0), hi = max(w, 0).

    Parameters
    ----------
    weights, axis, clip
        As for `one_bit`.
    bits : int
        k in [1, 16].

    Returns
    -------
    Tensor, same shape as `weights`
        No gradient flows through s or z.

    Raises
    ------
    ValueError
        As `one_bit` does; also if `bits` is out of range.
    """
    if bits not in range(1, 17):
        raise ValueError(f"bits must be an integer in [1, 16]; {bits!r} was given.")
    w, top = weights.detach(), 2**bits - 1
    others = _others(w, axis)
    low, high = w.amin(others, keepdim=True).clamp(max=0), w.amax(others, keepdim=True).clamp(min=0)
    scale = (high - low) / top
    divisor = torch.where(scale > 0, scale, 1)  # only zeros have a scale of 0
    zero_point = (-low / divisor).round().clamp(0, top)
    codes = ((w / divisor).round() + zero_point).clamp(0, top)
    return straight_through(weights, scale * (codes - zero_point), clip=clip)


def straight_through(weights: Tensor, quantized: Tensor, *, clip: float | None = None) -> Tensor:
    r"""Return the quantized weights, with the gradient of the latent ones.

    .. math:: \mathrm{stop}(q) + w - \mathrm{stop}(w), \qquad \text{clipped: } \mathrm{clip}(w, -c, c) \text{ for } w

    Parameters
    ----------
    weights, quantized : Tensor
        w and q, of one shape.
    clip : float or None
        c; the gradient is 0 where |w| > c. None is the identity.

    Returns
    -------
    Tensor, same shape
        q exactly.

    Raises
    ------
    ValueError
        If the shapes differ, or `clip` is not above 0.
    """
    if weights.shape != quantized.shape:
        shapes = f"{tuple(weights.shape)} and {tuple(quantized.shape)}"
        raise ValueError(f"weights and quantized must have one shape; {shapes} were given.")
    if clip is not None:
        if not clip > 0:
            raise ValueError(f"clip must be above 0; {clip!r} was given.")
        weights = weights.clamp(-clip, clip)
    return quantized.detach() + (weights - weights.detach())  # w + (q - w) would round, and one bit make three values


def _others(weights: Tensor, axis: int | None) -> list[int]:
    """Return the axes that share a scale: all but that of the networks and `axis`."""
    if axis is not None and (axis not in range(1 - weights.ndim, weights.ndim) or axis == 0):
        raise ValueError(f"axis must name an axis of the weights other than the networks'; {axis!r} was given.")
    others = [other for other in range(1, weights.ndim) if axis is None or other != axis % weights.ndim]
    if not others:
        raise ValueError(f"weights must have an axis that shares a scale; shape {tuple(weights.shape)} was given.")
    return others
