"""kdlab.quantization beside PyTorch and NumPy: python -m benchmarks.quantization prints kdlab/peer.

PyTorch has no one-bit weights; its peer is what a careful user would write. One thread each, as NumPy has.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from benchmarks.measure import compare, table
from kdlab import quantization as kd

SHAPES = ((1000, 1), (1000, 1000))
WHY = {
    "weight_range": "kdlab first looks for NaN and infinite weights, and NumPy takes minimum and maximum in two passes",
    "quantize": "PyTorch has one fused pass in float32; kdlab has several in float64, to find the nearest code",
    "dequantize": "PyTorch has one fused pass in float32; kdlab has two in float64, and first checks the input",
    "fake_quantize": "kdlab finds the range as well, and divides in float64",
}
OTHERWISE = "kdlab first looks for NaN and infinite weights, which the peer lets through"


def rows() -> list[dict[str, Any]]:
    """Measure one bit and eight bits on a few and on many weights."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        return [row for shape in SHAPES for dtype in (np.float32, np.float64) for row in of_shape(shape, dtype)]
    finally:
        torch.set_num_threads(threads)


def of_shape(shape: tuple[int, int], dtype: type) -> list[dict[str, Any]]:
    W = np.random.default_rng(0).normal(size=shape).astype(dtype)
    tensor = torch.from_numpy(W)
    s, z = kd.range_to_grid(*kd.weight_range(W), 8)
    codes = kd.quantize(W, s, z, 8)
    calls: dict[str, tuple[Callable, dict[str, Callable]]] = {
        "one_bit": (
            lambda: kd.one_bit(W),
            {"torch": lambda: torch_one_bit(tensor), "numpy": lambda: np.abs(W).mean() * np.where(W >= 0, 1, -1)},
        ),
        "one_bit_mse": (
            lambda: kd.one_bit_mse(W),
            {"torch": lambda: (tensor - torch_one_bit(tensor)).square().mean()},
        ),
        "weight_range": (lambda: kd.weight_range(W), {"torch": lambda: torch.aminmax(tensor)}),
        "fake_quantize": (lambda: kd.fake_quantize(W, 8), {"torch": lambda: torch_fake_quantize(tensor)}),
    }
    if dtype == np.float32:  # PyTorch's quantized tensors are made of float32 alone
        quantized = torch_quantize(tensor, float(s), int(z))
        calls["quantize"] = lambda: kd.quantize(W, s, z, 8), {"torch": lambda: torch_quantize(tensor, float(s), int(z))}
        calls["dequantize"] = lambda: kd.dequantize(codes, s, z), {"torch": quantized.dequantize}
    large = W.size > 100_000
    found = []
    for function, (call, peers) in calls.items():
        for row in compare(call, peers, rounds=15 if large else 100, memory=large and function != "weight_range"):
            what = {"function": function, "shape": "x".join(map(str, shape)), "dtype": W.dtype.name}
            found.append(what | row | {"why": WHY.get(function, OTHERWISE) if row["time_ratio"] > 1 else ""})
    return found


def torch_one_bit(W: torch.Tensor) -> torch.Tensor:
    return torch.where(W >= 0, 1.0, -1.0) * W.abs().mean()


def torch_fake_quantize(W: torch.Tensor) -> torch.Tensor:
    low, high = torch.aminmax(W)
    low, high = low.clamp(max=0), high.clamp(min=0)
    scale = ((high - low) / 255).item()
    return torch.fake_quantize_per_tensor_affine(W, scale, round(-low.item() / scale), 0, 255)


def torch_quantize(W: torch.Tensor, scale: float, zero_point: int) -> torch.Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # PyTorch is to give up its quantized tensors
        return torch.quantize_per_tensor(W, scale, zero_point, torch.quint8)


if __name__ == "__main__":
    print(table(rows()))
