"""A drawing, put where the networks of a record expect a digit, and what these networks say of it.

The record (results/vision.json) keeps a teacher of images and four students that never saw a 3, of the first seed; of
each weight it keeps a byte.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from kdlab.core.temperature import softmax
from kdlab.explore.measured import data

Floats = NDArray[np.float64]

SIDE, BLOCK = 28, 2  # of the paper; the networks see the mean of each block of 2 x 2
LONGEST = 20.0  # of a digit of MNIST: its longer side is made 20 pixels, and its centre of mass is the middle
OMITTED, CLASSES = 3, 10
TEACHER, LABELS = "teacher", "labels"
# the names that a reader sees, and those of the record
NETWORKS = {TEACHER: "teacher", LABELS: "hard", "T = 1": "T1", "T = 4": "T4", "T = 8": "T8"}

# the first of the shown 3s of the record, two hexadecimal digits a pixel: the page has it before the record's arrays
SHOWN = (
    "0000000000000000000000000000",
    "0000000000000000000000000000",
    "00000060ffffa070200000000000",
    "0000000040508fefffaf10000000",
    "000000000000000080ffa0000000",
    "000000302040508fffdf30000000",
    "000000cfffffffffaf1000000000",
    "00000000305080bfffa010000000",
    "000000000000000040cfcf000000",
    "00000000200000000060ff000000",
    "0000008f70103050afffbf000000",
    "000000afffffffffc07010000000",
    "0000000000000000000000000000",
    "0000000000000000000000000000",
)


@lru_cache(maxsize=8)
def layers_of(network: str) -> tuple[tuple[Floats, Floats], ...]:
    """Return weights and biases: two convolutions (out, in, 3, 3), then two matrices (in, out)."""
    name = f"vision.{NETWORKS[network]}"
    parts = [[data(f"{name}_{k}_{part}") for part in ("codes", "scale", "bias")] for k in range(4)]
    return tuple((codes.astype(np.float64) * float(scale), np.float64(bias)) for codes, scale, bias in parts)


def bias_of(network: str) -> float:
    """Return what the record adds to the logit of the 3, so that a student's mean probability of it is its share."""
    return 0.0 if network == TEACHER else float(data("vision.bias")[f"images{OMITTED}_{NETWORKS[network]}_bias"][0])


def logits_of(image: Floats, network: str) -> Floats:
    """Return the logits (10,) of a network for an image of 14 x 14."""
    *convolutions, hidden, last = layers_of(network)
    a = image[np.newaxis]
    for weight, bias in convolutions:
        around = sliding_window_view(np.pad(a, ((0, 0), (1, 1), (1, 1))), (3, 3), axis=(1, 2))
        a = np.maximum(np.einsum("cijkl,ockl->oij", around, weight, optimize=True) + bias[:, np.newaxis, np.newaxis], 0)
    channels, rows, columns = a.shape
    pooled = a.reshape(channels, rows // 2, 2, columns // 2, 2).max(axis=(2, 4)).ravel()
    return np.maximum(pooled @ hidden[0] + hidden[1], 0) @ last[0] + last[1]


def said_of(image: Floats, network: str, repaired: bool) -> Floats:
    """Return the probabilities (10,) of a network at T = 1, with the bias of the 3 set to its share or not."""
    z = logits_of(image, network)
    z[OMITTED] += bias_of(network) * repaired
    return softmax(z, 1.0)


def placed(paper: NDArray[np.uint8]) -> Floats:
    """Return a drawing as a digit of MNIST is put: its longer side 20 pixels, its centre of mass in the middle.

    Ink in [0, 1]; an empty paper stays empty. Each new pixel is a mean of those around its place, weighted by how near
    they are.
    """
    ink = paper / 255.0
    if not ink.any():
        return ink
    marginals = [ink.sum(axis=1), ink.sum(axis=0)]
    inked = [np.flatnonzero(marginal) for marginal in marginals]
    step = max(at[-1] - at[0] + 1 for at in inked) / LONGEST
    down, across = (_shift(marginal, step) for marginal in marginals)
    return np.clip(down @ ink @ across.T, 0, 1)


def _shift(marginal: Floats, step: float) -> Floats:
    """Return the matrix that makes new pixels of old ones, `step` apart, the centre of mass in the middle."""
    places = np.arange(SIDE)
    source = marginal @ places / marginal.sum() + step * (places - (SIDE - 1) / 2)
    reach = max(1.0, step)
    return np.maximum(0, 1 - np.abs(source[:, np.newaxis] - places) / reach) / reach


def in_blocks(paper: Floats) -> Floats:
    """Return the mean of each block of 2 x 2, which is all that the networks see."""
    return paper.reshape(SIDE // BLOCK, BLOCK, SIDE // BLOCK, BLOCK).mean(axis=(1, 3))


def shown() -> NDArray[np.uint8]:
    """Return a paper of 28 x 28 whose blocks are the pixels of a 3 that nobody has learned."""
    image = np.frombuffer(bytes.fromhex("".join(SHOWN)), np.uint8).reshape(SIDE // BLOCK, SIDE // BLOCK)
    return image.repeat(BLOCK, axis=0).repeat(BLOCK, axis=1)


def stroked(*strokes: tuple[tuple[float, float], ...]) -> NDArray[np.uint8]:
    """Return a paper on which a brush of 2 cells went along lines through these points (row, column)."""
    paper = np.zeros((SIDE, SIDE), np.uint8)
    for stroke in strokes:
        for (row, column), (to_row, to_column) in zip(stroke, stroke[1:], strict=False):
            steps = int(max(abs(to_row - row), abs(to_column - column))) + 1
            for i, j in zip(np.linspace(row, to_row, steps), np.linspace(column, to_column, steps), strict=True):
                i, j = round(i), round(j)
                paper[i : i + 2, j : j + 2] = 255
    return paper
