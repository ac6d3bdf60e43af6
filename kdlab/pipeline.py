r"""A pipeline of compressions: what pruning, low rank and few bits cost together, and what they lose together.

.. math:: \text{MACs} = H_o W_o \, k^2 \frac{c_{in}}{g} \, c_{out} \ \text{(convolution)}, \quad
          n_{in}\, n_{out} \ \text{(linear)}, \quad r\,(n_{in} + n_{out}) \ \text{(low rank)}

and FLOPs = 2 MACs. A network is a sequence of layers, described below; what a layer takes in follows from the layer
before, so that a filter taken out of one is taken out of the input of the next. Activations cost nothing here and are
left out. Chapter: interplay/pipeline.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import (
    FloatArray,
    IntArray,
    as_choice,
    as_finite,
    as_integer,
    as_labels,
    as_number,
    as_real,
    check_same_shape,
    quiet,
)
from kdlab.core import pipeline as core
from kdlab.core.pipeline import (
    FLOAT_BITS,
    WEIGHTED,
    Add,
    BatchNorm,
    Conv,
    Cost,
    Flatten,
    Layer,
    Linear,
    LowRank,
    Pool,
)

__all__ = [  # the layers too, which the core defines
    "Add",
    "BatchNorm",
    "Conv",
    "Cost",
    "DropFit",
    "Flatten",
    "Linear",
    "LowRank",
    "Pool",
    "combined_accuracy",
    "factorize",
    "fit_drop",
    "interaction",
    "layer_costs",
    "output_shapes",
    "pareto_front",
    "prune",
    "quantize",
    "slice_weights",
    "stage_drop",
    "total_cost",
]


class DropFit(NamedTuple):
    """The law drop = c s^g that fits best, and what it leaves of each drop."""

    c: float
    g: float
    residuals: FloatArray


def output_shapes(network: Sequence[Layer], input_shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    r"""Shapes of what each layer puts out.

    .. math:: H_o = \lfloor (H + 2\,\text{padding} - k) / \text{stride} \rfloor + 1

    Parameters
    ----------
    network : sequence of Conv, BatchNorm, Pool, Flatten, Linear, LowRank and Add
        The layers, first to last.
    input_shape : tuple of int
        (channels, height, width) of an image, or (features,).

    Returns
    -------
    list of tuple of int
        One shape for each layer, of the kind of `input_shape`.

    Raises
    ------
    ValueError
        If a layer cannot take what the one before puts out.

    Examples
    --------
    >>> output_shapes([Conv(16, 3, padding=1), Pool(2), Flatten(), Linear(10)], (1, 8, 8))
    [(16, 8, 8), (16, 4, 4), (256,), (10,)]
    """
    return _shapes(network, input_shape)[1:]


def layer_costs(network: Sequence[Layer], input_shape: tuple[int, ...]) -> list[Cost]:
    r"""Cost of each layer; biases, batch normalisation, pooling and additions count no MACs.

    .. math:: \text{bytes} = \sum_{\text{matrices}} \left( \lceil n \cdot \text{bits} / 8 \rceil
              + 4 \cdot 1[\text{bits} < 32] \right) + 4 \cdot \text{(all other numbers)}

    Parameters
    ----------
    network, input_shape
        As for `output_shapes`.

    Returns
    -------
    list of Cost
        MACs for one input (FLOPs are twice as many), trained parameters and stored bytes, exactly. Weights of few
        bits are packed, with one scale of 32 bits, and no zero point, for each matrix; biases and batch
        normalisation (whose two statistics are stored, but not trained) keep 32 bits.

    Examples
    --------
    >>> layer_costs([Linear(10), LowRank(10, rank=2, bits=8)], (100,))
    [Cost(macs=1000, parameters=1010, bytes=4040), Cost(macs=40, parameters=50, bytes=88)]
    """
    shapes = _shapes(network, input_shape)
    return core.layer_costs(network, shapes[0])


def total_cost(network: Sequence[Layer], input_shape: tuple[int, ...]) -> Cost:
    r"""Cost of the network, the sum over its layers.

    .. math:: \text{FLOPs} = 2\,\text{MACs} = 2 \sum_l \text{MACs}_l

    Parameters
    ----------
    network, input_shape
        As for `output_shapes`.

    Returns
    -------
    Cost
        MACs for one input, trained parameters and stored bytes.

    Examples
    --------
    >>> total_cost([Conv(16, 3, padding=1), Conv(32, 3, padding=1), Pool(2), Flatten(), Linear(10)], (1, 8, 8))
    Cost(macs=309248, parameters=9930, bytes=39720)
    """
    shapes = _shapes(network, input_shape)
    return core.total_cost(network, shapes[0])


def prune(network: Sequence[Layer], input_shape: tuple[int, ...], kept: Mapping[int, ArrayLike]) -> tuple[Layer, ...]:
    r"""Describe the network that is left when filters (or hidden units) are taken out.

    .. math:: \text{MACs}_l \to \frac{|\text{kept}_{l-1}|}{c_{l-1}} \, \frac{|\text{kept}_l|}{c_l} \, \text{MACs}_l

    So a fraction k kept everywhere leaves k^2 of an interior layer, but k of the first and of the last.

    Parameters
    ----------
    network, input_shape
        As for `output_shapes`.
    kept : mapping of int to array_like of integers
        For the index of a Conv, Linear or LowRank layer, which outputs stay: at least one, in rising order. Layers
        that are not named keep all; one with groups keeps what belongs to the groups that still have inputs. What
        an Add sums must keep the same channels. Which ones is up to the caller (`kdlab.pruning.kept_filters`): the
        l1 norm of a filter is a usual score, but a ReLU network stays the same function when a filter and its bias
        are multiplied by a > 0 and its consumers divided by a, while the ranking by that score does not.

    Returns
    -------
    tuple of layers
        The smaller network, for the same `input_shape`.

    Raises
    ------
    ValueError
        If groups of unequal size are left, or other channels on one side of an Add.

    References
    ----------
    Li et al. (2017), Pruning Filters for Efficient ConvNets.

    Examples
    --------
    >>> prune([Conv(16, 3), Conv(32, 3), Flatten(), Linear(10)], (1, 8, 8), {0: range(8)})[0].out_channels
    8
    """
    shapes = _shapes(network, input_shape)
    return core.prune(network, shapes[0], _as_kept(network, shapes, kept))


def slice_weights(
    network: Sequence[Layer],
    input_shape: tuple[int, ...],
    weights: Sequence[Mapping[str, ArrayLike]],
    kept: Mapping[int, ArrayLike],
) -> list[dict[str, FloatArray]]:
    r"""Take filters out of the weights of a network, together with all that belongs to them.

    .. math:: W_l \to W_l[\text{kept}_l,\; \text{kept}_{l-1}], \qquad
              \text{channel } c \to \text{columns } c H W, \ldots, (c + 1) H W - 1 \text{ after Flatten}

    The function of the network stays the same if a removed channel is 0 where the next layer with weights reads it:
    filter and bias 0, then scale and shift of the batch normalisation, and an activation that keeps 0, as ReLU does.

    Parameters
    ----------
    network, input_shape, kept
        As for `prune`; the network is the one before pruning.
    weights : sequence of mappings
        For each layer its arrays, named and shaped as in PyTorch: "weight" (out, in / groups, k, k) or (out, in),
        and "bias"; "weight", "bias", "running_mean" and "running_var" of BatchNorm; "U" (out, rank), "V" (rank, in)
        and "bias" of LowRank; none of the others.

    Returns
    -------
    list of dict
        Copies of what is left, as `prune` describes it. A low-rank layer made before keeps its rank, but need not
        be the best of that rank any more: take the SVD of the sliced matrix.

    Examples
    --------
    >>> weights = [{"weight": [[1.0], [2.0], [3.0]]}, {"weight": [[4.0, 5.0, 6.0]]}]
    >>> slice_weights([Linear(3, bias=False), Linear(1, bias=False)], (1,), weights, {0: [0, 2]})[1]
    {'weight': array([[4., 6.]])}
    """
    shapes = _shapes(network, input_shape)
    of_layers = _as_kept(network, shapes, kept)
    return core.slice_weights(network, shapes[0], _as_weights(network, shapes, weights), of_layers)


def factorize(network: Sequence[Layer], input_shape: tuple[int, ...], layer: int, rank: int) -> tuple[Layer, ...]:
    r"""Describe the network with one linear layer replaced by two thin ones.

    .. math:: n_{in} n_{out} \to r\,(n_{in} + n_{out}) \text{ MACs}, \qquad
              \text{a saving if } r < \frac{n_{in} n_{out}}{n_{in} + n_{out}}

    Pruning the layer before lowers n_in, and with it the rank below which there is a saving.

    Parameters
    ----------
    network, input_shape
        As for `output_shapes`.
    layer : int
        Index of a Linear layer.
    rank : int
        r in [1, min(n_in, n_out)].

    Returns
    -------
    tuple of layers
        The network with a LowRank layer.

    Examples
    --------
    >>> factorize([Linear(64)], (512,), 0, 8)
    (LowRank(out_features=64, rank=8, bias=True, bits=32),)
    """
    shapes = _shapes(network, input_shape)
    old = network[as_integer("layer", layer, 0, len(network) - 1)]
    if not isinstance(old, Linear):
        raise ValueError(f"layer must be the index of a Linear layer; {layer} is {old}.")
    rank = as_integer("rank", rank, 1, min(shapes[layer][0], old.out_features))
    return core.factorize(network, layer, rank)


def quantize(network: Sequence[Layer], bits: int) -> tuple[Layer, ...]:
    r"""Describe the network with the weights of all matrices and filters in few bits.

    .. math:: 4 n \to \lceil n \cdot \text{bits} / 8 \rceil + 4 \text{ bytes}

    Parameters
    ----------
    network : sequence of layers
        As for `output_shapes`.
    bits : int
        Bits for each weight, in [1, 16].

    Returns
    -------
    tuple of layers
        The network with other bytes; MACs and parameters stay.

    Examples
    --------
    >>> quantize([Flatten(), Linear(10)], 4)
    (Flatten(), Linear(out_features=10, bias=True, bits=4))
    """
    _check_network(network)
    return core.quantize(network, as_integer("bits", bits, 1, 16))


def stage_drop(severity: ArrayLike, c: float, g: float) -> FloatArray:
    r"""Accuracy that one stage of a given severity loses, by a power law: a description of data, not a theorem.

    .. math:: \text{drop} = c\, s^g

    Parameters
    ----------
    severity : array_like
        s in [0, 1], of any shape: 0 leaves the network alone.
    c : float
        Drop at severity 1, in [0, inf), in units of accuracy.
    g : float
        Exponent in (0, inf).

    Returns
    -------
    ndarray, same shape as `severity`
        In [0, c].

    Examples
    --------
    >>> stage_drop([0.0, 0.5, 1.0], 0.8, 2.0)
    array([0. , 0.2, 0.8])
    """
    s = _as_severity(severity)
    return core.stage_drop(s, as_number("c", c, "[0, inf)"), as_number("g", g, "(0, inf)"))


def combined_accuracy(
    drops: ArrayLike, full_accuracy: float, *, combine: str = "additive", chance: float = 0.0
) -> FloatArray:
    r"""Accuracy after several stages, predicted from what each loses alone.

    .. math:: A_0 - \sum_i \text{drop}_i \ \text{clipped to [chance, } A_0] \quad \text{or} \quad
              A_0 \prod_i \left( 1 - \frac{\text{drop}_i}{A_0} \right)

    Additivity is only local: for small drops both agree but for :math:`\sum_{i<j} \text{drop}_i \text{drop}_j / A_0`,
    while large drops would add up to more than there is to lose. Neither holds after fine-tuning.

    Parameters
    ----------
    drops : array_like, shape (..., stages)
        Drop of each stage alone, at most `full_accuracy`; a stage that gained has a negative one.
    full_accuracy : float
        Accuracy A0 of the network before, in (0, 1].
    combine : str
        "additive" or "multiplicative".
    chance : float
        Accuracy of a guess, in [0, A0], below which an additive prediction does not go.

    Returns
    -------
    ndarray, shape of `drops` without the last axis
        Predicted accuracy.

    Examples
    --------
    >>> combined_accuracy([0.1, 0.3], 0.9).round(3)
    np.float64(0.5)
    >>> combined_accuracy([0.1, 0.3], 0.9, combine="multiplicative").round(3)
    np.float64(0.533)
    """
    drop, A0, low = _drops(drops, full_accuracy, combine, chance)
    with quiet():
        return core.combined_accuracy(drop, A0, combine, low)


def interaction(
    accuracy: ArrayLike, drops: ArrayLike, full_accuracy: float, *, combine: str = "additive", chance: float = 0.0
) -> FloatArray:
    r"""How far a measured accuracy departs from what the stages alone predict.

    .. math:: \text{interaction} = \text{actual} - \text{predicted}

    Parameters
    ----------
    accuracy : array_like, shape of `drops` without the last axis
        Accuracy measured after all stages, in [0, 1].
    drops, full_accuracy, combine, chance
        As for `combined_accuracy`.

    Returns
    -------
    ndarray, same shape as `accuracy`
        Above 0 where the stages together lose less than predicted.

    Examples
    --------
    >>> interaction(0.55, [0.1, 0.3], 0.9).round(3)
    np.float64(0.05)
    """
    actual = as_finite("accuracy", accuracy)
    if ((actual < 0) | (actual > 1)).any():
        raise ValueError("accuracy must be in [0, 1].")
    drop, A0, low = _drops(drops, full_accuracy, combine, chance)
    if actual.shape != drop.shape[:-1]:
        raise ValueError(f"accuracy must have shape {drop.shape[:-1]}, that of drops but for its last axis.")
    with quiet():
        return core.interaction(actual, drop, A0, combine, low)


def fit_drop(severity: ArrayLike, drops: ArrayLike) -> DropFit:
    r"""Fit the power law of one stage by least squares; measure one-shot, or fit again after fine-tuning.

    .. math:: \min_{c \ge 0,\; 1/64 \le g \le 64} \sum_i \left( \text{drop}_i - c\, s_i^g \right)^2

    For each g the best c is known, so that one number is left to search: on a grid, then by bisection.

    Parameters
    ----------
    severity : array_like, shape (n,)
        s in [0, 1], two different ones above 0 at least, the largest not below 1e-4.
    drops : array_like, shape (n,)
        Drop of accuracy measured at each.

    Returns
    -------
    DropFit
        c, g and the residuals drop - c s^g, shape (n,). A g at an end of its interval says that the law does not
        describe the data, and without a severity near 1, c is far from them. If no c above 0 fits better than 0,
        g is 1, for want of any.

    Examples
    --------
    >>> fit = fit_drop([0.25, 0.5, 1.0], [0.05, 0.2, 0.8])
    >>> round(fit.c, 6), round(fit.g, 6)
    (0.8, 2.0)
    """
    s, drop = _as_severity(severity).astype(np.float64), as_finite("drops", drops, 1).astype(np.float64)
    check_same_shape(severity=s, drops=drop)
    if np.unique(s[s > 0]).size < 2:
        raise ValueError("severity must hold two different numbers above 0; fewer do not tell c from g.")
    if s.max() < 1e-4:
        raise ValueError(f"severity must reach 1e-4 at least, or c, its drop at 1, overflows; {s.max()} was given.")
    return DropFit(*core.fit_drop(s, drop))


def pareto_front(cost: ArrayLike, quality: ArrayLike) -> IntArray:
    r"""Points that no other point beats: none costs no more, is no worse, and is better in one of the two.

    .. math:: \{ i : \nexists j \;\; \text{cost}_j \le \text{cost}_i,\; \text{quality}_j \ge \text{quality}_i,
              \text{ one of them strictly} \}

    Parameters
    ----------
    cost, quality : array_like, shape (N,)
        Lower costs and higher qualities are better.

    Returns
    -------
    ndarray of integers
        Indices of the points on the front, by rising cost, and so by rising quality. Equal points do not beat each
        other: all of them are on the front, or none, the lowest index first.

    Examples
    --------
    >>> pareto_front([3.0, 1.0, 2.0, 2.0], [0.9, 0.5, 0.5, 0.8])
    array([1, 3, 0])
    """
    costs, qualities = as_finite("cost", cost, 1), as_finite("quality", quality, 1)
    check_same_shape(cost=costs, quality=qualities)
    return core.pareto_front(costs, qualities)


def _check_network(network: Sequence[Layer]) -> None:
    if not isinstance(network, Sequence) or isinstance(network, str):
        raise TypeError(f"network must be a sequence of layers; {type(network).__name__} was given.")
    if not network:
        raise ValueError("network must have at least one layer.")
    for i, layer in enumerate(network):
        if not isinstance(layer, Layer):
            raise TypeError(f"network[{i}] must be a layer, such as Linear(10); {layer!r} was given.")


def _shapes(network: Sequence[Layer], input_shape: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Return the input's shape and then the output's of each layer."""
    _check_network(network)
    if not isinstance(input_shape, tuple | list) or len(input_shape) not in (1, 3):
        raise ValueError(f"input_shape must be (channels, height, width) or (features,); {input_shape!r} was given.")
    shapes = [tuple(as_integer("input_shape", size, 1) for size in input_shape)]
    for i, layer in enumerate(network):
        _check_layer(f"network[{i}]", layer, shapes)
        shapes.append(core.output_shape(layer, shapes[-1]))
        if min(shapes[-1]) < 1:
            fits = f"must fit into shape {shapes[-2]} with padding {layer.padding}"
            raise ValueError(f"network[{i}].kernel_size {fits}; it is {layer.kernel_size}.")
    return shapes


def _check_layer(name: str, layer: Layer, shapes: list[tuple[int, ...]]) -> None:
    """Refuse a layer with numbers that it cannot have, or that cannot take what the layers before put out."""
    shape = shapes[-1]
    if isinstance(layer, Conv | Pool) and len(shape) != 3:
        raise ValueError(f"{name} must take an image, (channels, height, width); it gets shape {shape}.")
    if isinstance(layer, Linear | LowRank) and len(shape) != 1:
        raise ValueError(f"{name} must take features: put Flatten() before it; it gets shape {shape}.")
    for field in ("out_channels", "out_features", "kernel_size", "stride", "groups", "rank"):
        as_kernel_size = field == "stride" and isinstance(layer, Pool) and layer.stride is None
        if hasattr(layer, field) and not as_kernel_size:
            as_integer(f"{name}.{field}", getattr(layer, field), 1)
    if isinstance(layer, WEIGHTED) and layer.bits != FLOAT_BITS:
        as_integer(f"{name}.bits", layer.bits, 1, 16)
    match layer:
        case Conv(padding="same"):
            as_integer(f"{name}.stride", layer.stride, 1, 1)
        case Conv() | Pool():
            as_integer(f"{name}.padding", layer.padding, 0)
        case Add():
            source = shapes[as_integer(f"{name}.source", layer.source, -1, len(shapes) - 2) + 1]
            if source != shape:
                raise ValueError(f"{name} must add equal shapes; it gets {shape}, and {source} from its source.")
    if isinstance(layer, Conv) and (shape[0] % layer.groups or layer.out_channels % layer.groups):
        channels = f"{shape[0]} and {layer.out_channels} channels"
        raise ValueError(f"{name}.groups must divide {channels}; it is {layer.groups}.")


def _as_weights(
    network: Sequence[Layer], shapes: list[tuple[int, ...]], weights: Sequence[Mapping[str, ArrayLike]]
) -> list[dict[str, FloatArray]]:
    """Return the arrays of each layer, if they are those that the network says."""
    if not isinstance(weights, Sequence) or len(weights) != len(network):
        raise ValueError(f"weights must be a sequence of {len(network)} mappings, one for each layer.")
    found = []
    for i, layer in enumerate(network):
        expected = core.weight_shapes(layer, shapes[i][0], shapes[i + 1][0])
        if not isinstance(weights[i], Mapping):
            raise TypeError(f"weights[{i}] must be a mapping; {type(weights[i]).__name__} was given.")
        arrays = {name: as_real(f"weights[{i}][{name!r}]", array) for name, array in weights[i].items()}
        given = {name: array.shape for name, array in arrays.items()}
        if given != expected:
            raise ValueError(f"weights[{i}] must have the shapes {expected}; {given} were given.")
        found.append(arrays)
    return found


def _as_kept(
    network: Sequence[Layer], shapes: list[tuple[int, ...]], kept: Mapping[int, ArrayLike]
) -> dict[int, IntArray]:
    """Return which outputs are kept of the layers that are named, if the network that is left is one."""
    if not isinstance(kept, Mapping):
        raise TypeError(f"kept must map indices of layers to indices of outputs; {type(kept).__name__} was given.")
    chosen = {}
    for i, outputs in kept.items():
        if not isinstance(network[as_integer("a layer in kept", i, 0, len(network) - 1)], WEIGHTED):
            raise ValueError(f"kept must name layers whose outputs can be chosen; network[{i}] is {network[i]}.")
        chosen[i] = as_labels("kept", outputs, shapes[i + 1][0])
        if chosen[i].ndim != 1 or chosen[i].size == 0 or (np.diff(chosen[i]) <= 0).any():
            raise ValueError(f"kept must hold one output at least of network[{i}], and all in rising order.")
    left = core.kept_channels(network, shapes[0], chosen)
    for i, layer in enumerate(network):
        if isinstance(layer, Conv):
            numbers = (shapes[i][0], left[i]), (shapes[i + 1][0], left[i + 1])
            counts = np.array([np.bincount(c // (n // layer.groups), minlength=layer.groups) for n, c in numbers])
            counts = counts[:, counts.any(axis=0)]  # of the groups of which something is left
            if (counts == 0).any() or (counts != counts[:, :1]).any():
                raise ValueError(f"kept must leave groups of equal size to network[{i}], with inputs and outputs.")
        elif isinstance(layer, Add) and not np.array_equal(left[i], left[layer.source + 1]):
            raise ValueError(f"kept must leave the same channels on both sides of network[{i}], {layer}.")
    return chosen


def _drops(drops: ArrayLike, full_accuracy: float, combine: str, chance: float) -> tuple[FloatArray, float, float]:
    """Return the drops, A0 and the accuracy of a guess."""
    drop = as_finite("drops", drops)
    A0 = as_number("full_accuracy", full_accuracy, "(0, 1]")
    low = as_number("chance", chance, f"[0, {A0!r}]")
    as_choice("combine", combine, "additive", "multiplicative")
    if drop.ndim == 0:
        raise ValueError("drops must have an axis of stages; one number without an axis was given.")
    if (drop > A0).any():
        raise ValueError(f"drops must be at most full_accuracy, {A0}; {drop.max()} was given.")
    return drop, A0, low


def _as_severity(severity: ArrayLike) -> FloatArray:
    s = as_finite("severity", severity)
    if ((s < 0) | (s > 1)).any():
        raise ValueError(f"severity must be in [0, 1]; {s[(s < 0) | (s > 1)].flat[0]} was given.")
    return s
