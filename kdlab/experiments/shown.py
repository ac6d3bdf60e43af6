"""What a record keeps of its first seed, so that a page can compute with one student: its arrays, small."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Split
from kdlab.experiments.networks import Layers


def of_first(lab_seeds: Sequence[int], noted: Record) -> list[Record]:
    """Return a measure for `Lab.note` of the first seed alone."""
    return [noted, *({} for _ in lab_seeds[1:])]


def pixels_of(split: Split, rows: Sequence[int] | slice = slice(None)) -> Record:
    """Return which rows of the data set are tested (or some of them), their labels, and their pixels, 0 to 16."""
    return {
        "rows": split.test_rows[rows].tolist(),
        "labels": split.test_labels[rows].tolist(),
        "pixels": (16 * split.test_inputs[rows]).astype(int).tolist(),
    }


def first_network(layers: Layers) -> list[list[Any]]:
    """Return weight and bias of each layer of the first perceptron as lists, a row of the weight for each output."""
    return [[weight[0].T.tolist(), bias[0, 0].tolist()] for weight, bias in layers]


def first_record(records: Sequence[Record], arm: str) -> Record:
    """Return the record of an arm on the first seed."""
    return min((record for record in records if record["arm"] == arm), key=lambda record: record["seed"])


def layer_arrays(network: Sequence[Sequence[Any]], prefix: str = "") -> dict[str, NDArray[np.float16]]:
    """Return weight and bias of each layer as "weight_1", "bias_1" and so on, in three digits.

    Examples
    --------
    >>> arrays = layer_arrays([[[[1.0, 2.0]], [0.5]]], "start_")
    >>> sorted(arrays), arrays["start_weight_1"].shape
    (['start_bias_1', 'start_weight_1'], (1, 2))
    """
    return {
        f"{prefix}{name}_{layer}": np.array(array, np.float16)
        for layer, arrays in enumerate(network, start=1)
        for name, array in zip(("weight", "bias"), arrays, strict=True)
    }
