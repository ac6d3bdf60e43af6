"""The network that is compressed: two convolutions, a layer of 64 units, the ten classes; its steps, run and trained.

A `Network` is what would be deployed: a description of its layers (`kdlab.pipeline`) and their arrays, named and shaped
as in PyTorch. Networks of one description are trained side by side. All is in double precision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kdlab.core.pipeline import (
    FLOAT_BITS,
    WEIGHTED,
    Conv,
    Flatten,
    Layer,
    Linear,
    LowRank,
    Pool,
    factorize,
    prune,
    quantize,
    slice_weights,
)
from kdlab.core.pruning import filter_norms, kept_filters
from kdlab.core.quantization import fake_quantize
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.networks import Forward, Layers, conv_forward
from kdlab.experiments.quantizers import straight_through

INPUT_SHAPE = (1, 8, 8)
UNITS_OF_LAYER, CLASSES = 64, 10
FULL = (Conv(16, 3, padding=1), Conv(32, 3, padding=1), Pool(2), Flatten(), Linear(UNITS_OF_LAYER), Linear(CLASSES))
CONVOLUTIONS, DENSE = (0, 1), 4  # indices of the layers that lose filters, and of the one that is factorised
CHANNELS = tuple(FULL[i].out_channels for i in CONVOLUTIONS)
PARTS = {0.25: "a quarter", 0.5: "half", 0.75: "three quarters", 0.875: "seven eighths"}
TUNING_STEPS, BATCH_SIZE = 90, 64
OPTIMISER = partial(torch.optim.Adam, lr=3e-3)
LOSS = partial(distillation_loss, temperature=4.0, alpha=1.0)

Tensors = list[tuple[Tensor, Tensor | None]]


class Network(NamedTuple):
    """A network of one seed: what it is, and its arrays, layer by layer."""

    layers: tuple[Layer, ...]
    weights: list[dict[str, NDArray[np.float64]]]


Networks = dict[str, list[Network]]  # by arm, one for each seed


def whole_networks(teacher: Teacher) -> list[Network]:
    """Return the whole network of each seed, which teaches what becomes of it."""
    assert teacher.networks
    return [from_layers(FULL, teacher.networks.parameters, i) for i in range(len(teacher.networks.losses))]


def words_of(sparsity: float, rank: int | None, bits: int) -> list[str]:
    """Return in plain words what goes of the network."""
    words = [f"{PARTS[sparsity]} of the filters out"] if sparsity else []
    words += [f"rank {rank}"] if rank else []
    return words + ([f"{bits} bits"] if bits < FLOAT_BITS else [])


# --- one step of compression ------------------------------------------------------------------------------------------


def pruned(network: Network, scores: Mapping[int, NDArray[np.float64]], sparsity: float) -> Network:
    """Take a share of the filters out of each convolution, those of least score."""
    kept = {i: kept_filters(of_layer, sparsity) for i, of_layer in scores.items()}
    layers = prune(network.layers, INPUT_SHAPE, kept)
    return Network(layers, slice_weights(network.layers, INPUT_SHAPE, network.weights, kept))


def norms(network: Network) -> dict[int, NDArray[np.float64]]:
    """Return the l1 norm of each filter of each convolution, to nine digits.

    Norms of weights of few bits are often equal, and rounding must not decide which of them is the least.
    """
    return {i: to_nine_digits(filter_norms(network.weights[i]["weight"])) for i in CONVOLUTIONS}


def to_nine_digits(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Round each number to nine significant digits."""
    return np.array([float(f"{value:.8e}") for value in values])


def factorized(network: Network, U: NDArray[np.float64], V: NDArray[np.float64]) -> Network:
    """Put two factors in the place of the layer of 64 units, on a grid if the layer was on one."""
    layers = factorize(network.layers, DENSE, len(V))
    dense = on_grid(layers[DENSE], {"U": U, "V": V, "bias": network.weights[DENSE]["bias"]})
    return Network(layers, [*network.weights[:DENSE], dense, *network.weights[DENSE + 1 :]])


def quantized(network: Network, bits: int) -> Network:
    """Put all matrices and filters on symmetric grids of so many bits, one scale for each."""
    layers = quantize(network.layers, bits)
    return on_grids(Network(layers, network.weights))


def on_grids(network: Network) -> Network:
    """Return the network as it is deployed: each layer on the grid of its bits."""
    return Network(network.layers, [on_grid(*pair) for pair in zip(*network, strict=True)])


def on_grid(layer: Layer, arrays: Mapping[str, NDArray[np.float64]]) -> dict[str, NDArray[np.float64]]:
    """Return the arrays of a layer, its matrices or filters on the grid of its bits."""
    if bits_of(layer) == FLOAT_BITS:
        return dict(arrays)
    return {
        name: fake_quantize(array, layer.bits, symmetric=True) if array.ndim > 1 else array
        for name, array in arrays.items()
    }


def bits_of(layer: Layer) -> int:
    """Return the bits of a layer's weights; those of one without weights are floats."""
    return layer.bits if isinstance(layer, WEIGHTED) else FLOAT_BITS


# --- trained further --------------------------------------------------------------------------------------------------


def trained_further(lab: Lab, starts: Mapping[str, Sequence[Network]], lesson: Lesson, steps: int) -> Networks:
    """Distil networks further, those of one description side by side, those of a seed on the same batches.

    Weights of few bits are trained with the straight-through gradient, the scale that of the latent weights in each
    step.

    Parameters
    ----------
    lab : Lab
        Trains them.
    starts : mapping
        By name, the networks of the seeds.
    lesson : Lesson
        What all of them learn.
    steps : int
        How many.

    Returns
    -------
    dict
        The trained networks by name; those with few bits on their grids.
    """
    alike: dict[tuple[Layer, ...], list[str]] = {}
    for name, networks in starts.items():
        alike.setdefault(networks[0].layers, []).append(name)
    found = {}
    for layers, names in alike.items():
        trained = lab.students(
            dict.fromkeys(names, lesson),
            to_layers([network for name in names for network in starts[name]]),
            OPTIMISER,
            steps=steps,
            batch_size=BATCH_SIZE,
            forward=forward_of(layers),
            purpose="fine-tuning",
        )
        for name, of_name in trained.items():
            found[name] = [on_grids(from_layers(layers, of_name.parameters, i)) for i in range(len(lab.seeds))]
    return {name: found[name] for name in starts}


def to_layers(networks: Sequence[Network]) -> Layers:
    """Stack networks of one description as `train` takes them: dense weights transposed, two layers for two factors."""

    def stack(i: int, name: str) -> Tensor:
        arrays = [network.weights[i][name] for network in networks]
        transposed = [
            array.T if isinstance(layers[i], Linear | LowRank) and array.ndim == 2 else array for array in arrays
        ]
        return torch.from_numpy(np.stack(transposed))

    layers, stacked_layers = networks[0].layers, []
    for i, layer in enumerate(layers):
        if isinstance(layer, LowRank):
            V = stack(i, "V")
            stacked_layers.append((V, V.new_zeros(len(networks), 1, layer.rank)))
        if isinstance(layer, WEIGHTED):
            name = "U" if isinstance(layer, LowRank) else "weight"
            stacked_layers.append((stack(i, name), stack(i, "bias")[:, None]))
    return stacked_layers


def from_layers(layers: tuple[Layer, ...], parameters: Layers, i: int) -> Network:
    """Return the network i of those that `to_layers` has stacked."""
    remaining, weights = iter(parameters), []
    for layer in layers:
        if not isinstance(layer, WEIGHTED):
            weights.append({})
            continue
        weight, bias = (tensor[i].numpy() for tensor in next(remaining))
        if isinstance(layer, Conv):
            weights.append({"weight": weight, "bias": bias[0]})
        elif isinstance(layer, Linear):
            weights.append({"weight": weight.T, "bias": bias[0]})
        else:
            U, bias = (tensor[i].numpy() for tensor in next(remaining))
            weights.append({"U": U.T, "V": weight.T, "bias": bias[0]})
    return Network(layers, weights)


def forward_of(layers: tuple[Layer, ...]) -> Forward:
    """Return the function that computes the logits of networks of these layers, stacked by `to_layers`."""
    bits, factored = bits_of(layers[DENSE]), isinstance(layers[DENSE], LowRank)

    run = factored_forward if factored else conv_forward
    if bits == FLOAT_BITS:
        return run

    def forward(parameters: Layers, inputs: Tensor) -> Tensor:
        return run([(symmetric(weight, bits), bias) for weight, bias in parameters], inputs, pooled_alike)

    return forward


def factored_forward(
    parameters: Layers, inputs: Tensor, before_pooling: Callable[[Tensor], Tensor] | None = None
) -> Tensor:
    """Return the logits of networks whose dense layer is two: neither bias nor ReLU comes between the factors."""
    *convolutions, (V, no_bias), (U, bias), (head, head_bias) = parameters
    thin = conv_forward([*convolutions, (V, torch.zeros_like(no_bias))], inputs, before_pooling)
    return torch.baddbmm(head_bias, torch.relu(torch.baddbmm(bias, thin, U)), head)


def pooled_alike(hidden: Tensor) -> Tensor:
    """Return what is pooled, rounded.

    With weights of few bits different patches of an image have equal sums. The gradient goes to the first of them;
    unrounded it went to whichever a processor's rounding had made the largest, and 90 steps later to another network.
    """
    return straight_through(hidden, to_millionths(hidden.detach()))


def symmetric(weights: Tensor, bits: int) -> Tensor:
    """Return the weights (S, ...) of S networks on symmetric grids, with the gradient of the latent ones.

    Weights whose largest one was pruned lie on a grid of other steps, some halfway between two of the new ones: there
    too rounding is not to decide.
    """
    top = 2 ** (bits - 1) - 1
    others = tuple(range(1, weights.ndim))
    scale = weights.detach().abs().amax(others, keepdim=True) / top
    return straight_through(weights, to_millionths(weights.detach() / scale).round() * scale)


def to_millionths(values: Tensor) -> Tensor:
    """Round to multiples of 2^-20, which a processor's own rounding does not reach."""
    return (values * 2**20).round() / 2**20


# --- run --------------------------------------------------------------------------------------------------------------


def logits_of(network: Network, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (N, C) of inputs (N, D), computed as what is timed computes them."""
    with torch.inference_mode():
        return run_network(tensors_of(network), images_of(inputs)).numpy()


def logits_of_each(networks: Sequence[Network], inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (S, N, C) of the networks of the seeds, each of its own inputs (S, N, D)."""
    return np.stack([logits_of(*pair) for pair in zip(networks, inputs, strict=True)])


def dense_inputs(network: Network, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what comes into the layer of 64 units, for inputs (N, D)."""
    with torch.inference_mode():
        return flat_of(tensors_of(network), images_of(inputs)).numpy()


def images_of(inputs: NDArray[np.float64]) -> Tensor:
    """Return rows of pixels as images."""
    return torch.from_numpy(inputs).reshape(-1, *INPUT_SHAPE)


def tensors_of(network: Network) -> Tensors:
    """Return weight and bias of each layer that is computed; the first of two factors has no bias."""
    tensors: Tensors = []
    for arrays in network.weights:
        of_layer = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}
        if "U" in of_layer:
            tensors += [(of_layer["V"], None), (of_layer["U"], of_layer["bias"])]
        elif of_layer:
            tensors.append((of_layer["weight"], of_layer["bias"]))
    return tensors


def flat_of(tensors: Tensors, images: Tensor) -> Tensor:
    """Return what the convolutions of one network make of images: the maximum of 2x2, channel after channel."""
    hidden = images
    for weight, bias in tensors[: len(CONVOLUTIONS)]:
        hidden = torch.relu(functional.conv2d(hidden, weight, bias, padding=1))
    return functional.max_pool2d(hidden, 2).flatten(1)


def run_network(tensors: Tensors, images: Tensor) -> Tensor:
    """Return the logits (N, C) of one network."""
    flat = flat_of(tensors, images)
    *dense, (head, head_bias) = tensors[len(CONVOLUTIONS) :]
    for weight, bias in dense:
        flat = functional.linear(flat, weight, bias)
        if bias is not None:  # nothing comes between two factors
            flat = torch.relu(flat)
    return functional.linear(flat, head, head_bias)
