"""A student with few bits learns, step by step, what a teacher says of points in a square; its latent weights are kept.

The teacher is a formula: a disc, or a stripe at an angle. It is a toy: what students of images do stands in
results/straight_through.json.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.core.quantization import fake_quantize, one_bit
from kdlab.core.straight_through import bias_to_true_derivative, ste_gradient
from kdlab.core.temperature import softmax
from kdlab.core.training import Layers, Moments, adam_step, forward, gradients, initial_layers, no_moments

TRUE, STRAIGHT, FULL = WAYS = ("the true derivative", "straight through", "full precision")
ONE, TWO = BITS = ("one bit", "two bits")
DISC, STRIPE = SHAPES = ("disc", "stripe")
EDGE, POINTS, CELLS = 1.8, 240, 24
WIDTHS, RATE, STEPS, SEEDS = (2, 16, 2), 0.02, 400, 20

CENTRES = EDGE * ((2 * np.arange(CELLS) + 1) / CELLS - 1)
PLANE = np.stack(np.meshgrid(CENTRES, CENTRES[::-1]), axis=-1).reshape(-1, 2)  # the first row on top


def teacher_logits(points: NDArray[np.float64], shape: str, angle: float) -> NDArray[np.float64]:
    """Return the logits (N, 2) of outside and inside: 4 (1 - r) for a disc, 5 (.6 - distance from its line) else."""
    if shape == DISC:
        inside = 4 * (1 - np.linalg.norm(points, axis=1))
    else:
        across = np.deg2rad(angle)
        inside = 5 * (0.6 - np.abs(points @ [-np.sin(across), np.cos(across)]))
    return np.column_stack([-inside, inside])


@dataclass(frozen=True, eq=False)
class State:
    """A student between two steps: its latent layers, those it began with, and what it learns from."""

    points: NDArray[np.float64]
    targets: NDArray[np.float64]
    borders: NDArray[np.float64]
    first: Layers
    latent: Layers
    moments: Moments
    settings: Mapping[str, Any]
    step: int = 0

    @cached_property
    def layers(self) -> Layers:
        """What it computes with."""
        return quantized(self.latent, self.settings)

    @cached_property
    def inside(self) -> NDArray[np.float64]:
        """The probability of inside that it gives to each cell of the square."""
        return softmax(forward(PLANE, self.layers)[-1], 1.0)[:, 1].reshape(CELLS, CELLS)

    @property
    def agreement(self) -> float:
        """The share of the cells where it names the same class as its teacher."""
        return float(np.mean((self.inside > 0.5) == (self.borders > 0)))

    @cached_property
    def flipped(self) -> NDArray[np.bool_]:
        """Which of all weights have another sign than at the start."""
        return np.concatenate(
            [((W >= 0) != (W_0 >= 0)).ravel() for (W, _), (W_0, _) in zip(self.latent, self.first, strict=True)]
        )


def start(settings: Mapping[str, Any]) -> State:
    """Return a student before its first step. One generator gives the points, then the first weights."""
    rng = np.random.default_rng(settings["seed"])
    points = rng.uniform(-EDGE, EDGE, (POINTS, 2))
    latent = initial_layers(WIDTHS, rng)
    shape, angle = settings["shape"], settings["angle"]
    targets = softmax(teacher_logits(points, shape, angle), 1.0)
    borders = teacher_logits(PLANE, shape, angle)[:, 1].reshape(CELLS, CELLS)
    return State(points, targets, borders, latent, latent, no_moments(latent), dict(settings))


def step(state: State) -> State:
    """Return the state after one more step of Adam: the gradient is taken at the quantized weights."""
    a = forward(state.points, state.layers)
    g = gradients(a, state.layers, (softmax(a[-1], 1.0) - state.targets) / POINTS)
    backward = true_derivative if state.settings["backward"] == TRUE else straight_through
    g = [(backward(dW, W), db) for (dW, db), (W, _) in zip(g, state.latent, strict=True)]
    latent, moments = adam_step(state.latent, g, state.moments, state.step + 1, RATE)
    return replace(state, latent=latent, moments=moments, step=state.step + 1)


def quantized(latent: Layers, settings: Mapping[str, Any]) -> Layers:
    """Return the layers that the forward pass uses; biases are not quantized."""
    if settings["backward"] == FULL:
        return latent
    return [(one_bit(W) if settings["bits"] == ONE else fake_quantize(W, 2), b) for W, b in latent]


def straight_through(dW: NDArray[np.float64], W: NDArray[np.float64]) -> NDArray[np.float64]:
    """dL/dW := dL/dQ."""
    return ste_gradient(dW, W)


def true_derivative(dW: NDArray[np.float64], W: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what is left of dL/dQ where the scale is held fixed: the estimate less its whole bias."""
    return dW - bias_to_true_derivative(lambda _: dW, W, 1.0)


@lru_cache(maxsize=256)
def agreement(backward: str, shape: str, angle: float, bits: str, seed: int) -> float:
    """Return the agreement with the teacher after 400 steps, in per cent."""
    state = start({"backward": backward, "shape": shape, "angle": angle, "bits": bits, "seed": seed})
    while state.step < STEPS:
        state = step(state)
    return 100 * state.agreement
