"""The teacher of most experiments: for each seed, the mean probability of five networks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import logsumexp

from kdlab.core.temperature import log_softmax
from kdlab.experiments.data import Split
from kdlab.experiments.losses import cross_entropy
from kdlab.experiments.networks import (
    Layers,
    Trained,
    conv_forward,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
    train,
)

MEMBERS = 5
HIDDEN = (128, 128)


def train_members(split: Split, seeds: Sequence[int]) -> Trained:
    """Train the five members of each seed's teacher.

    AdamW, step size .003, weight decay .01, 400 steps, batches of 128.

    Parameters
    ----------
    split : Split
        The stacked splits of the seeds.
    seeds : sequence of int
        One for each split.

    Returns
    -------
    Trained
        5 S networks, the five of the first seed first.
    """
    # each member has a stream of its own, so that it does not depend on how many others there are
    of_member = [generators(seeds, f"teacher {member}") for member in range(MEMBERS)]
    rngs = [rng for of_seed in zip(*of_member, strict=True) for rng in of_seed]
    return train(
        initial_parameters((split.train_inputs.shape[-1], *HIDDEN, 10), rngs),
        split.train_inputs.repeat(MEMBERS, axis=0),
        split.train_labels.repeat(MEMBERS, axis=0),
        cross_entropy,
        partial(torch.optim.AdamW, lr=3e-3, weight_decay=1e-2),
        steps=400,
        batch_size=128,
        rngs=rngs,
    )


def train_conv_teachers(split: Split, seeds: Sequence[int], channels: Sequence[int] = (16, 32)) -> Trained:
    """Train one convolutional teacher for each seed: two convolutions, a layer of 64 units, the classes.

    Images have kernels of 3x3, signals of 5. AdamW, step size .003, weight decay .01, 400 steps, batches of 128.

    Parameters
    ----------
    split : Split
        The stacked splits of the seeds: square images, or signals whose length is no square.
    seeds : sequence of int
        One for each split.
    channels : sequence of int
        Of the convolutions.

    Returns
    -------
    Trained
        S networks for `conv_forward`.
    """
    rngs = generators(seeds, "conv teacher")
    return train(
        initial_conv_network(channels, *kernel_and_shape(split), (64, 10), rngs),
        split.train_inputs,
        split.train_labels,
        cross_entropy,
        partial(torch.optim.AdamW, lr=3e-3, weight_decay=1e-2),
        steps=400,
        batch_size=128,
        rngs=rngs,
        forward=conv_forward,
    )


def train_feature_teachers(split: Split, seeds: Sequence[int], width: int) -> Trained:
    """Train one perceptron of one hidden layer for each seed: a teacher whose features a student can match.

    AdamW, step size .003, weight decay .01, 400 steps, batches of 128.

    Parameters
    ----------
    split : Split
        The stacked splits of the seeds.
    seeds : sequence of int
        One for each split.
    width : int
        Units of the hidden layer.

    Returns
    -------
    Trained
        S networks.
    """
    rngs = generators(seeds, "feature teacher")
    return train(
        initial_parameters((split.train_inputs.shape[-1], width, 10), rngs),
        split.train_inputs,
        split.train_labels,
        cross_entropy,
        partial(torch.optim.AdamW, lr=3e-3, weight_decay=1e-2),
        steps=400,
        batch_size=128,
        rngs=rngs,
    )


def kernel_and_shape(split: Split) -> tuple[int, tuple[int, ...]]:
    """Return the width of the kernels and the shape of an input: (3, (8, 8)) for the digits, (5, (40,)) for signals."""
    pixels = split.train_inputs.shape[-1]
    side = math.isqrt(pixels)
    return (3, (side, side)) if side**2 == pixels else (5, (pixels,))


def member_logits(members: Layers, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (S, 5, N, C) of the members on each seed's inputs (S, N, D)."""
    logits = logits_of(members, inputs.repeat(MEMBERS, axis=0))
    return logits.reshape(len(inputs), MEMBERS, *logits.shape[1:])


def ensemble_logits(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    r"""Return the logarithm of the members' mean probability, which serves as the teacher's logits.

    .. math:: v = \log \frac1M \sum_m \mathrm{softmax}(z_m)

    Parameters
    ----------
    logits : ndarray, shape (S, M, N, C)
        Of the M members.

    Returns
    -------
    ndarray, shape (S, N, C)
        In (-inf, 0]; their softmax at T = 1 is the mean probability.

    Examples
    --------
    >>> two = np.log([[[[0.2, 0.8]], [[0.6, 0.4]]]])
    >>> np.exp(ensemble_logits(two)).round(3)
    array([[[0.4, 0.6]]])
    """
    return logsumexp(log_softmax(logits, 1.0), axis=1) - np.log(logits.shape[1])
