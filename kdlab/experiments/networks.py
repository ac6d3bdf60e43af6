"""Networks of several seeds, trained side by side in one tensor computation: perceptrons and convolutional ones.

Every network has its own generator, its own data and its own mini-batches; the optimisers used (Adam, AdamW, SGD)
act on each number alone. So the result of a seed does not depend on which seeds are trained beside it, up to the
rounding of float64 (stated and tested in tests/experiments/test_networks.py).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

# weight (S, fan_in, fan_out), or (S, out, in, k) or (S, out, in, k, k) of a convolution, and bias (S, 1, fan_out)
Layers = list[tuple[Tensor, Tensor]]
Forward = Callable[[Layers, Tensor], Tensor]  # parameters, inputs (S, B, D) -> logits (S, B, C)
Loss = Callable[[Tensor, Tensor], Tensor]  # logits (S, B, C), targets (S, B, ...) -> (S,)
Hook = Callable[[Layers], None]
CONVOLUTIONS = {
    1: (functional.conv1d, functional.max_pool1d),
    2: (functional.conv2d, functional.max_pool2d),
}


class WithFeatures(NamedTuple):
    """Logits (S, B, C), the features (S, B, K) below their linear layer, and the parameters below the features."""

    logits: Tensor
    features: Tensor
    below: list[Tensor]


class Trained(NamedTuple):
    """S trained networks, and the mini-batch loss before each of their steps, shape (S, steps)."""

    parameters: Layers
    losses: NDArray[np.float64]


def generators(seeds: Iterable[int], purpose: str) -> list[np.random.Generator]:
    """Return one generator for each seed; different purposes give independent streams.

    Examples
    --------
    >>> one, again = generators([3], "student")[0], generators([1, 3], "student")[1]
    >>> bool(one.random() == again.random())
    True
    """
    return [np.random.default_rng([seed, *purpose.encode()]) for seed in seeds]


def initial_parameters(sizes: Sequence[int], rngs: Sequence[np.random.Generator]) -> Layers:
    r"""Draw the parameters of one network for each generator, uniform within :math:`\pm 1/\sqrt{\text{fan in}}`.

    Parameters
    ----------
    sizes : sequence of int
        Units of each layer, the inputs first and the classes last.
    rngs : sequence of Generator
        One for each network.

    Returns
    -------
    Layers
        The default of `torch.nn.Linear`, in float64.

    Raises
    ------
    ValueError
        If there are fewer than two layers, an empty layer, or no generator.
    """
    if len(sizes) < 2 or min(sizes) < 1:
        raise ValueError(f"sizes must name at least two layers of at least one unit; {tuple(sizes)} was given.")
    if not rngs:
        raise ValueError("rngs must hold one generator for each network; none was given.")

    def draw(fan_in: int, rows: int, fan_out: int) -> Tensor:
        bound = fan_in**-0.5
        return torch.from_numpy(np.stack([rng.uniform(-bound, bound, (rows, fan_out)) for rng in rngs]))

    pairs = zip(sizes[:-1], sizes[1:], strict=True)
    return [(draw(fan_in, fan_in, fan_out), draw(fan_in, 1, fan_out)) for fan_in, fan_out in pairs]


def forward(parameters: Layers, inputs: Tensor) -> Tensor:
    """Return the logits (S, N, C) of S networks on their own inputs (S, N, D); ReLU between layers."""
    hidden = inputs
    for weight, bias in parameters[:-1]:
        hidden = torch.relu(torch.baddbmm(bias, hidden, weight))
    weight, bias = parameters[-1]
    return torch.baddbmm(bias, hidden, weight)


def initial_convolutions(
    channels: Sequence[int], kernel: int, dimensions: int, rngs: Sequence[np.random.Generator]
) -> Layers:
    r"""Draw the convolutions of one network for each generator, uniform within :math:`\pm 1/\sqrt{\text{fan in}}`.

    Parameters
    ----------
    channels : sequence of int
        Of the input first, then of each convolution.
    kernel : int
        Width of the kernels, odd.
    dimensions : int
        1 for signals, 2 for images.
    rngs : sequence of Generator
        One for each network.

    Returns
    -------
    Layers
        In float64, as all that is trained here: single precision ends elsewhere on another processor.
        Weights (S, out, in, k) or (S, out, in, k, k).
    """

    def draw(fan_in: int, *shape: int) -> Tensor:
        bound = fan_in**-0.5
        return torch.from_numpy(np.stack([rng.uniform(-bound, bound, shape) for rng in rngs]))

    layers = []
    for before, after in zip(channels[:-1], channels[1:], strict=True):
        fan_in = before * kernel**dimensions
        layers.append((draw(fan_in, after, before, *[kernel] * dimensions), draw(fan_in, 1, after)))
    return layers


def initial_conv_network(
    channels: Sequence[int], kernel: int, input_shape: Sequence[int], sizes: Sequence[int], rngs: Sequence[Any]
) -> Layers:
    """Draw convolutions, and the layers of `sizes` units that follow them.

    Parameters
    ----------
    channels, kernel, rngs
        As for `initial_convolutions`; one channel comes in.
    input_shape : sequence of int
        Length of a signal, or height and width of an image; even.
    sizes : sequence of int
        Units of each layer after the convolutions, the classes last.

    Returns
    -------
    Layers
        For `conv_forward`, which halves each axis of the input once.

    Examples
    --------
    >>> layers = initial_conv_network((4, 8), 3, (8, 8), (16, 10), generators([0], "student"))
    >>> [tuple(weight.shape) for weight, _ in layers]
    [(1, 4, 1, 3, 3), (1, 8, 4, 3, 3), (1, 128, 16), (1, 16, 10)]
    """
    convolutions = initial_convolutions((1, *channels), kernel, len(input_shape), rngs)
    flat = channels[-1] * math.prod(side // 2 for side in input_shape)
    return convolutions + initial_parameters((flat, *sizes), rngs)


def conv_forward(
    parameters: Layers, inputs: Tensor, before_pooling: Callable[[Tensor], Tensor] | None = None
) -> Tensor:
    """Return the logits (S, N, C) of S convolutional networks on their own inputs (S, N, D), D one channel of pixels.

    Convolutions that keep the size, each followed by ReLU; the maximum of blocks of 2 (or 2x2) after the last, of what
    `before_pooling` makes of it; then the channels one after the other, through the layers of a perceptron.
    """
    networks, rows, pixels = inputs.shape
    convolutions = [layer for layer in parameters if layer[0].ndim > 3]
    dimensions = convolutions[0][0].ndim - 3
    convolve, pool = CONVOLUTIONS[dimensions]
    # one group of channels for each network
    hidden = inputs.transpose(0, 1).reshape(rows, networks, *[round(pixels ** (1 / dimensions))] * dimensions)
    if dimensions == 2:
        hidden = hidden.to(memory_format=torch.channels_last)  # more than twice as fast on a processor
    for weight, bias in convolutions:
        hidden = torch.relu(convolve(hidden, weight.flatten(0, 1), bias.flatten(), padding="same", groups=networks))
    if before_pooling:
        hidden = before_pooling(hidden)
    flat = pool(hidden, 2).reshape(rows, networks, -1).transpose(0, 1)
    return forward(parameters[len(convolutions) :], flat)


def with_features(parameters: Layers, inputs: Tensor, forward: Forward = forward) -> WithFeatures:
    """Return the logits, and what the last layer computes them from: the activations of the layer before it.

    For a loss that needs both: `train(..., forward=with_features)`.

    Parameters
    ----------
    parameters, inputs
        As for `forward`; at least two layers.
    forward : function
        That of the kind of network, without its last layer as well as with it.
    """
    features = torch.relu(forward(parameters[:-1], inputs))
    weight, bias = parameters[-1]
    below = [tensor for layer in parameters[:-1] for tensor in layer]
    return WithFeatures(torch.baddbmm(bias, features, weight), features, below)


def features_of(parameters: Layers, inputs: NDArray[np.float64], forward: Forward = forward) -> NDArray[np.float64]:
    """Return the features (S, N, K) as `with_features` does, from and to NumPy in float64."""
    return np.maximum(logits_of(parameters[:-1], inputs, forward), 0)


def logits_of(parameters: Layers, inputs: NDArray[np.float64], forward: Forward = forward) -> NDArray[np.float64]:
    """Return the logits as `forward` does, from and to NumPy in float64."""
    with torch.no_grad():
        dtype = parameters[0][0].dtype
        blocks = torch.from_numpy(inputs).to(dtype).split(1024, dim=1)  # a bound on what convolutions need
        return torch.cat([forward(parameters, block) for block in blocks], dim=1).double().numpy()


def minibatches(rows: int, batch_size: int, steps: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Draw the rows of each step's mini-batch: one shuffled pass over the rows after another, cut into batches.

    Parameters
    ----------
    rows, batch_size, steps : int
        How many there are. A batch is never larger than the data: it is then all rows, every step.
    rng : Generator
        Decides the order.

    Returns
    -------
    ndarray, shape (steps, min(batch_size, rows))
        Row numbers; every row is used equally often, give or take one.

    Raises
    ------
    ValueError
        If one of the three is below 1.

    Examples
    --------
    >>> minibatches(4, 2, 2, np.random.default_rng(0)).shape
    (2, 2)
    """
    if min(rows, batch_size, steps) < 1:
        raise ValueError(f"rows, batch_size and steps must be at least 1; {rows}, {batch_size}, {steps} were given.")
    batch_size = min(batch_size, rows)
    passes = -(-steps * batch_size // rows)
    order = np.concatenate([rng.permutation(rows) for _ in range(passes)])
    return order[: steps * batch_size].reshape(steps, batch_size)


def train(
    parameters: Layers,
    inputs: NDArray[np.float64],
    targets: NDArray[np.float64] | NDArray[np.int64],
    loss: Loss,
    optimiser: Callable[[list[Tensor]], torch.optim.Optimizer],
    *,
    steps: int,
    batch_size: int,
    rngs: Sequence[np.random.Generator],
    forward: Forward = forward,
    before_step: Hook | None = None,
    after_step: Hook | None = None,
) -> Trained:
    """Train S networks, each on its own rows.

    Parameters
    ----------
    parameters : Layers
        Where the networks start; left as they are.
    inputs : ndarray, shape (S, N, D)
        The training rows of each network.
    targets : ndarray, shape (S, N) or (S, N, C)
        Labels, or the teacher's logits, for the same rows.
    loss : function
        From logits and targets of the mini-batches to one loss for each network.
    optimiser : function
        From a list of tensors to a torch optimiser that acts on each number alone.
    steps, batch_size : int
        As for `minibatches`.
    rngs : sequence of Generator
        One for each network; decides the order of its rows.
    forward : function
        From parameters and inputs to what the loss takes.
    before_step, after_step : function or None
        Called in each step with the parameters, when they hold the gradients of the loss and have not moved yet; and
        when they have moved. It may write to them under torch.no_grad.

    Returns
    -------
    Trained
        New parameters, and the loss before each step.

    Raises
    ------
    ValueError
        If networks, inputs, targets and generators are not equally many, inputs and targets differ in rows, or the
        loss is not one number for each network.
    """
    networks, rows = inputs.shape[:2]
    if not networks == len(parameters[0][0]) == len(rngs):
        raise ValueError(
            f"inputs, parameters and rngs must be of as many networks; "
            f"{networks}, {len(parameters[0][0])} and {len(rngs)} were given."
        )
    if targets.shape[:2] != (networks, rows):
        raise ValueError(f"targets must have shape ({networks}, {rows}, ...); {targets.shape} was given.")
    parameters = [(weight.clone().requires_grad_(), bias.clone().requires_grad_()) for weight, bias in parameters]
    step_optimiser = optimiser([tensor for layer in parameters for tensor in layer])
    order = torch.from_numpy(np.stack([minibatches(rows, batch_size, steps, rng) for rng in rngs], axis=1))
    dtype = parameters[0][0].dtype
    all_inputs, all_targets = torch.from_numpy(inputs).to(dtype), torch.from_numpy(targets)
    if all_targets.is_floating_point():
        all_targets = all_targets.to(dtype)
    network = torch.arange(networks)[:, None]
    losses = np.empty((networks, steps))
    for step, batch in enumerate(order):
        step_optimiser.zero_grad()
        loss_of_each = loss(forward(parameters, all_inputs[network, batch]), all_targets[network, batch])
        if loss_of_each.shape != (networks,):  # one mean for all would train each the slower, the more there are
            raise ValueError(f"loss must return one number for each of {networks} networks; {loss_of_each.shape}.")
        # the sum over networks: the gradient of each network is then that of its own loss alone
        loss_of_each.sum().backward()
        if before_step:
            before_step(parameters)
        step_optimiser.step()
        if after_step:
            after_step(parameters)
        losses[:, step] = loss_of_each.detach().numpy()
    return Trained([(weight.detach(), bias.detach()) for weight, bias in parameters], losses)


def forward_with(changes: Sequence[Callable[[Tensor], Tensor]]) -> Forward:
    """Return the forward pass of networks whose weights are changed first, such as quantized; biases are left alone.

    Parameters
    ----------
    changes : sequence of function
        From weights (S, fan_in, fan_out) to weights of that shape. Each is for an equal part of the networks, in their
        order: the first for the first part.

    Returns
    -------
    function
        For `train` and `logits_of`, of a number of networks that the number of changes divides.
    """

    def changed(weight: Tensor) -> Tensor:
        if len(weight) % len(changes):
            raise ValueError(f"changes must divide the networks equally; {len(changes)} for {len(weight)} were given.")
        parts = zip(changes, weight.chunk(len(changes)), strict=True)
        return torch.cat([change(part) for change, part in parts])

    return lambda parameters, inputs: forward([(changed(weight), bias) for weight, bias in parameters], inputs)
