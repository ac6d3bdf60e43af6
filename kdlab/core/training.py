"""Training small tanh networks step by step, several of one shape at once: what widgets that learn in the page share.

x: inputs (..., N, D). layers: weights (..., D, K) and biases (..., 1, K) of each layer, the inputs' first; leading axes
are those of a stack of networks, and nothing passes from one to another. z: logits (..., N, C). g: the gradient of the
loss by them. Inputs without leading axes are those of all networks.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy import ndarray

Layers = list[tuple[ndarray, ndarray]]
Moments = tuple[Layers, Layers]

BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-8


def initial_layers(widths: Sequence[int], rng: np.random.Generator) -> Layers:
    """W ~ N(0, 1/D), D the inputs of the layer, drawn layer by layer; b = 0."""
    return [(rng.normal(0.0, D**-0.5, (D, K)), np.zeros((1, K))) for D, K in pairwise(widths)]


def stacked(networks: Sequence[Layers]) -> Layers:
    """Return networks of one shape as one stack, the network its first axis."""
    return each(lambda *arrays: np.stack(arrays), *networks)


def forward(x: ndarray, layers: Layers) -> list[ndarray]:
    """a_0 = x, a_l = tanh(a_(l-1) W_l + b_l), and the last without tanh: z. All of them, for `gradients`."""
    a = [x]
    for W, b in layers[:-1]:
        a.append(np.tanh(a[-1] @ W + b))
    W, b = layers[-1]
    return [*a, a[-1] @ W + b]


def gradients(a: list[ndarray], layers: Layers, g: ndarray) -> Layers:
    """dL/dW_l = a_(l-1)' g_l, dL/db_l = sum_n g_l, with g_(l-1) = (g_l W_l') (1 - a_(l-1)^2) from g = dL/dz on."""
    found = []
    for a_below, (W, _) in zip(a[-2::-1], layers[::-1], strict=True):
        found.append((a_below.swapaxes(-1, -2) @ g, g.sum(axis=-2, keepdims=True)))
        if len(found) < len(layers):  # what lies below the inputs does not learn
            g = (g @ W.swapaxes(-1, -2)) * (1 - a_below * a_below)
    return found[::-1]


def sgd_step(layers: Layers, gradient: Layers, eta: float) -> Layers:
    """W - eta dL/dW."""
    return each(lambda W, dW: W - eta * dW, layers, gradient)


def no_moments(layers: Layers) -> Moments:
    """m = v = 0, before the first step of Adam."""
    zeros = each(np.zeros_like, layers)
    return zeros, zeros


def adam_step(layers: Layers, gradient: Layers, moments: Moments, t: int, eta: float) -> tuple[Layers, Moments]:
    """W - eta (m/(1 - beta_1^t)) / (sqrt(v/(1 - beta_2^t)) + epsilon) in step t = 1, 2, ...

    m and v: running means of dL/dW, with weight 1 - beta_1 = .1, and of its square, with 1 - beta_2 = .001.
    """
    m = each(lambda m, dW: BETA_1 * m + (1 - BETA_1) * dW, moments[0], gradient)
    v = each(lambda v, dW: BETA_2 * v + (1 - BETA_2) * (dW * dW), moments[1], gradient)
    root = math.sqrt(1 - BETA_2**t)
    rate = eta * root / (1 - BETA_1**t)
    return each(lambda W, m, v: W - rate * m / (np.sqrt(v) + EPSILON * root), layers, m, v), (m, v)


def each(function: Callable[..., ndarray], *networks: Layers) -> Layers:
    """Return what a function makes of each weight and each bias, of one network or of several side by side."""
    return [tuple(function(*arrays) for arrays in zip(*layer, strict=True)) for layer in zip(*networks, strict=True)]
