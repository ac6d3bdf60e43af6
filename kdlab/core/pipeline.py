"""A pipeline of compressions: layers, what they cost, how they shrink, what they lose. Chapter interplay/pipeline.

A network is a sequence of layers, first to last; what a layer takes in follows from the one before. Shapes are those of
one input: (channels, height, width) or (features,). kept: for the index of a layer, which of its outputs stay, rising.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import NamedTuple

import numpy as np
from numpy import ndarray

FLOAT_BITS = 32

# --- layers ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Conv:
    """A convolution with `kernel_size` x `kernel_size` filters; padding "same" keeps height and width at stride 1."""

    out_channels: int
    kernel_size: int
    stride: int = 1
    padding: int | str = 0
    groups: int = 1
    bias: bool = True
    bits: int = FLOAT_BITS


@dataclass(frozen=True)
class BatchNorm:
    """Batch normalisation of each channel: two parameters, and two statistics that are stored with them."""


@dataclass(frozen=True)
class Pool:
    """Maximum or average over `kernel_size` x `kernel_size` windows; the stride is the kernel size if it is None."""

    kernel_size: int
    stride: int | None = None
    padding: int = 0


@dataclass(frozen=True)
class Flatten:
    """All channels of an image in a row, channel after channel: channel c holds the H W features from c H W on."""


@dataclass(frozen=True)
class Linear:
    """A linear layer."""

    out_features: int
    bias: bool = True
    bits: int = FLOAT_BITS


@dataclass(frozen=True)
class LowRank:
    """A linear layer U (V x) + b of a rank."""

    out_features: int
    rank: int
    bias: bool = True
    bits: int = FLOAT_BITS


@dataclass(frozen=True)
class Add:
    """A residual connection: the output of an earlier layer is added; -1 is the input of the network."""

    source: int


Layer = Conv | BatchNorm | Pool | Flatten | Linear | LowRank | Add
WEIGHTED = (Conv, Linear, LowRank)
Network, Shape = Sequence[Layer], tuple[int, ...]


class Cost(NamedTuple):
    """Multiply-accumulate operations for one input, trained parameters, and bytes of storage."""

    macs: int
    parameters: int
    bytes: int


# --- count ----------------------------------------------------------------------------------------------------------


def output_shapes(network: Network, input_shape: Shape) -> list[Shape]:
    """Return what each layer puts out."""
    shapes = [input_shape]
    for layer in network:
        shapes.append(output_shape(layer, shapes[-1]))
    return shapes[1:]


def output_shape(layer: Layer, shape: Shape) -> Shape:
    """H_o = floor((H + 2 padding - k) / stride) + 1, and likewise W_o."""
    match layer:
        case Conv(padding="same"):
            return (layer.out_channels, *shape[1:])
        case Conv() | Pool():
            stride = layer.kernel_size if layer.stride is None else layer.stride
            windows = ((size + 2 * layer.padding - layer.kernel_size) // stride + 1 for size in shape[1:])
            return (layer.out_channels if isinstance(layer, Conv) else shape[0], *windows)
        case Flatten():
            return (prod(shape),)
        case Linear() | LowRank():
            return (layer.out_features,)
    return shape


def weight_shapes(layer: Layer, inputs: int, outputs: int) -> dict[str, Shape]:
    """Return the shapes of a layer's arrays by their names in PyTorch; U (out, r) and V (r, in) of LowRank."""
    match layer:
        case Conv():
            shapes = {"weight": (outputs, inputs // layer.groups, layer.kernel_size, layer.kernel_size)}
        case Linear():
            shapes = {"weight": (outputs, inputs)}
        case LowRank():
            shapes = {"U": (outputs, layer.rank), "V": (layer.rank, inputs)}
        case BatchNorm():
            return dict.fromkeys(("weight", "bias", "running_mean", "running_var"), (inputs,))
        case _:
            return {}
    return shapes | {"bias": (outputs,)} if layer.bias else shapes


def layer_costs(network: Network, input_shape: Shape) -> list[Cost]:
    """MACs = H_o W_o n, bytes = ceil(n bits / 8) + 4 [bits < 32] for matrices of n numbers, 4 for all other numbers."""
    costs, inputs = [], input_shape
    for layer, outputs in zip(network, output_shapes(network, input_shape), strict=True):
        shapes = weight_shapes(layer, inputs[0], outputs[0])
        trained = sum(prod(shape) for name, shape in shapes.items() if not name.startswith("running"))
        matrices = [prod(shape) for shape in shapes.values() if len(shape) > 1]
        vectors = sum(prod(shape) for shape in shapes.values() if len(shape) == 1)
        packed = sum(-(-n * layer.bits // 8) + 4 * (layer.bits < FLOAT_BITS) for n in matrices)
        costs.append(Cost(prod(outputs[1:]) * sum(matrices), trained, packed + 4 * vectors))
        inputs = outputs
    return costs


def total_cost(network: Network, input_shape: Shape) -> Cost:
    """Return the sum over the layers."""
    return Cost(*map(sum, zip(*layer_costs(network, input_shape), strict=True)))


# --- take out, factorise, round -------------------------------------------------------------------------------------


def kept_channels(network: Network, input_shape: Shape, kept: Mapping[int, ndarray]) -> list[ndarray]:
    """Return which channels or features are left of the input, and then of the output of each layer."""
    shapes, left = [input_shape, *output_shapes(network, input_shape)], [np.arange(input_shape[0])]
    for i, layer in enumerate(network):
        last = left[-1]
        if isinstance(layer, Flatten):  # channel c owns the columns c H W, ..., (c + 1) H W - 1
            block = prod(shapes[i][1:])
            last = (last[:, np.newaxis] * block + np.arange(block)).ravel()
        elif i in kept:
            last = np.asarray(kept[i])
        elif isinstance(layer, WEIGHTED):  # all outputs, but for those of a group that has no inputs left
            groups = getattr(layer, "groups", 1)
            has_inputs = np.isin(np.arange(groups), last // (shapes[i][0] // groups))
            last = np.flatnonzero(np.repeat(has_inputs, shapes[i + 1][0] // groups))
        left.append(last)
    return left


def prune(network: Network, input_shape: Shape, kept: Mapping[int, ndarray]) -> tuple[Layer, ...]:
    """Return the network with the outputs that are kept."""
    shapes, left = [input_shape, *output_shapes(network, input_shape)], kept_channels(network, input_shape, kept)
    smaller = []
    for i, layer in enumerate(network):
        if isinstance(layer, Conv):
            groups = len(np.unique(left[i] // (shapes[i][0] // layer.groups)))
            layer = replace(layer, out_channels=len(left[i + 1]), groups=groups)
        elif isinstance(layer, Linear | LowRank):
            layer = replace(layer, out_features=len(left[i + 1]))
        smaller.append(layer)
    return tuple(smaller)


def slice_weights(
    network: Network, input_shape: Shape, weights: Sequence[Mapping[str, ndarray]], kept: Mapping[int, ndarray]
) -> list[dict[str, ndarray]]:
    """W_l -> W_l[kept_l, kept_{l-1}], and biases and normalisation with it."""
    shapes, left = [input_shape, *output_shapes(network, input_shape)], kept_channels(network, input_shape, kept)
    sliced = []
    for i, layer in enumerate(network):
        index = indices(layer, shapes[i][0], left[i], left[i + 1])
        sliced.append({name: array[index[name]] for name, array in weights[i].items()})
    return sliced


def indices(layer: Layer, num_inputs: int, inputs: ndarray, outputs: ndarray) -> dict[str, object]:
    """Return what is to be taken of each array of a layer."""
    match layer:
        case Conv():  # a filter sees the channels of its own group, counted from 0; all groups have equally many
            size = num_inputs // layer.groups
            seen = (inputs % size).reshape(len(np.unique(inputs // size)), -1)
            seen = np.repeat(seen, len(outputs) // len(seen), axis=0)
            return {"weight": (outputs[:, np.newaxis], seen), "bias": outputs}
        case Linear():
            return {"weight": np.ix_(outputs, inputs), "bias": outputs}
        case LowRank():
            return {"U": outputs, "V": (slice(None), inputs), "bias": outputs}
    return dict.fromkeys(("weight", "bias", "running_mean", "running_var"), inputs)


def factorize(network: Network, i: int, rank: int) -> tuple[Layer, ...]:
    """Put two thin layers in the place of a linear one: n_in n_out -> r (n_in + n_out) MACs."""
    old = network[i]
    return (*network[:i], LowRank(old.out_features, rank, old.bias, old.bits), *network[i + 1 :])


def quantize(network: Network, bits: int) -> tuple[Layer, ...]:
    """4 n -> ceil(n bits / 8) + 4 bytes, for the weights of all matrices and filters."""
    return tuple(replace(layer, bits=bits) if isinstance(layer, WEIGHTED) else layer for layer in network)


# --- do losses add? -------------------------------------------------------------------------------------------------


def stage_drop(s: ndarray, c: float, g: float) -> ndarray:
    """c s^g: a description of data, not a theorem."""
    return c * s**g


def combined_accuracy(drop: ndarray, A0: float, combine: str = "additive", chance: float = 0.0) -> ndarray:
    """A0 - sum_i drop_i, clipped to [chance, A0], or A0 prod_i (1 - drop_i / A0)."""
    if combine == "additive":
        return np.clip(A0 - drop.sum(axis=-1), chance, A0)
    return A0 * (1 - drop / A0).prod(axis=-1)


def interaction(accuracy: ndarray, drop: ndarray, A0: float, combine: str = "additive", chance: float = 0.0) -> ndarray:
    """Actual - predicted."""
    return accuracy - combined_accuracy(drop, A0, combine, chance)


def fit_drop(s: ndarray, drop: ndarray) -> tuple[float, float, ndarray]:
    """Return c >= 0 and g in [1/64, 64] with the least sum_i (drop_i - c s_i^g)^2, and what they leave of each drop."""
    largest = s.max()
    ratio, d = s[s > 0] / largest, drop[s > 0]

    def fitted(g: ndarray) -> tuple[ndarray, ndarray]:
        """Return the best c for each g, and what is left."""
        power = ratio ** g[..., np.newaxis]
        c = np.maximum((power * d).sum(axis=-1) / (power**2).sum(axis=-1), 0)
        return c, d - c[..., np.newaxis] * power

    grid = np.geomspace(1 / 64, 64, 97)
    best = (fitted(grid)[1] ** 2).sum(axis=-1).argmin()
    low, high = grid[max(best - 1, 0)], grid[min(best + 1, grid.size - 1)]
    for _ in range(60):
        g = (low + high) / 2
        _, residuals = fitted(g)
        rises = (residuals * ratio**g * np.log(ratio)).sum() < 0  # the derivative of the sum of squares, over -2 c
        low, high = (low, g) if rises else (g, high)
    c, _ = fitted(g)
    if c == 0:
        return 0.0, 1.0, drop
    c = float(c / largest**g)
    return c, float(g), drop - c * s**g


def pareto_front(cost: ndarray, quality: ndarray) -> ndarray:
    """{i : no j with cost_j <= cost_i and quality_j >= quality_i, one of them strictly}, by rising cost."""
    order = np.lexsort((-quality, cost))
    cost, quality = cost[order], quality[order]
    best_before = np.concatenate([[-np.inf], np.maximum.accumulate(quality)[:-1]])[: order.size]
    first = np.ones(order.size, dtype=bool)  # of equal points
    first[1:] = (cost[1:] != cost[:-1]) | (quality[1:] != quality[:-1])
    on_front = (quality > best_before)[first]
    return order[on_front[first.cumsum() - 1]]
