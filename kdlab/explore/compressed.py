"""The compressed networks of the record: what was done to each, what it costs, and which rows it answers otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import permutations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kdlab.core.pipeline import Conv, Flatten, Linear, Pool, pareto_front
from kdlab.explore.measured import data, of_seeds, record

Floats = NDArray[np.float64]

# as in kdlab/experiments/convnet.py, which needs torch
INPUT_SHAPE = (1, 8, 8)
FILTERS, UNITS, CLASSES = (16, 32), 64, 10
NETWORK = (
    Conv(FILTERS[0], 3, padding=1),
    Conv(FILTERS[1], 3, padding=1),
    Pool(2),
    Flatten(),
    Linear(UNITS),
    Linear(CLASSES),
)
FIRST, SECOND, DENSE, LAST = 0, 1, 4, 5  # places of the layers with weights

WHOLE = "full"
# what each step leaves at each level: the part of the filters that goes, the rank, the bits
LEVELS = {
    "mild": ("a quarter", 16, 8),
    "medium": ("half", 8, 4),
    "severe": ("three quarters", 4, 3),
    "extreme": ("seven eighths", 2, 2),
}
STEPS = ("prune", "svd", "quantize")
STEP_WORDS = {
    "prune": "{0} of the filters out",
    "prune_chance": "{0} of the filters out by lot",
    "svd": "rank {1}",
    "aware": "rank {1} best for the outputs",
    "quantize": "{2} bits",
}
TRAINING_WORDS = {"": "", "kd": "; taught again", "kd_each": "; taught again after each"}
PAIRS = ("prune svd", "prune quantize", "svd quantize", "svd prune", "prune aware")
ORDERS = tuple(permutations(STEPS))
COSTS = {
    "operations": "macs",
    "bytes": "bytes",
    "time, 1 image": "batch_1",
    "time, 64 images": "batch_64",
}


class Flipped(NamedTuple):
    """The rows that two networks answer differently: their places, both answers, and the labels."""

    rows: NDArray[np.int64]
    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    labels: NDArray[np.uint8]

    @property
    def lost(self) -> int:
        """How many the first had right and the second has not."""
        return int(((self.before == self.labels) & (self.after != self.labels)).sum())

    @property
    def won(self) -> int:
        """How many the second has right and the first had not."""
        return int(((self.before != self.labels) & (self.after == self.labels)).sum())


def name_of(steps: Sequence[str], level: str, training: str = "") -> str:
    """Return the name in the record of a network that these steps made, one after the other."""
    return "_".join(filter(None, (*steps, level, training)))


def words_of(steps: Sequence[str], level: str, training: str = "") -> str:
    """Return what was done, in plain words."""
    done = ", then ".join(STEP_WORDS[step].format(*LEVELS[level]) for step in steps)
    return done + TRAINING_WORDS[training]


def _made() -> Iterator[tuple[Sequence[str], str, str]]:
    """Yield the steps, level and training of each network of the map but the whole one."""
    combined, taught = ("mild", "medium", "severe"), ("medium", "severe")
    yield from (((step,), level, "") for step in STEPS for level in LEVELS)
    yield from ((("prune_chance",), level, "") for level in combined)
    yield from ((pair.split(), level, "") for pair in PAIRS for level in combined)
    yield ("prune", "svd"), "extreme", ""
    yield from ((order, level, "") for order in ORDERS for level in combined)
    yield from (((step,), level, "kd") for step in STEPS for level in taught)
    yield from ((order, level, "kd") for order in ORDERS for level in taught)
    yield from ((order, "medium", "kd_each") for order in ORDERS)


# by what they are in plain words
NETWORKS = {"the whole network": WHOLE} | {words_of(*made): name_of(*made) for made in _made()}
TIMED = (
    {words_of(steps, level): name_of(steps, level) for steps in (("prune",), ("svd",), STEPS[:2]) for level in LEVELS}
    | {
        f"{words_of(steps, level)}, turned into floats in every call": f"{name_of(steps, level)}_decoding"
        for steps in (("quantize",), STEPS)
        for level in ("medium", "severe")
    }
    | {"the whole network, timed again": "full_again"}
)


def paid(form: str) -> Floats:
    """Return what a timed network needs of each currency, in per cent of the whole network: (seeds, currencies)."""
    counted = WHOLE if form == "full_again" else form
    measures = (
        (counted, "macs_share"),
        (counted, "bytes_share"),
        (form, "batch_1_share_seconds"),
        (form, "batch_64_share_seconds"),
    )
    return 100 * np.stack([of_seeds("pipeline", arm, measure) for arm, measure in measures], axis=1)


@lru_cache(maxsize=128)
def settings_of(arm: str) -> dict[str, Any]:
    """Return the steps, level and training of a network, what it costs, and the one that was timed in its place."""
    return record("pipeline").measured["arms"][arm]


@lru_cache(maxsize=128)
def accuracies(arm: str) -> Floats:
    """Return how often each seed is right, in per cent."""
    return 100 * of_seeds("pipeline", arm, "accuracy")


def cost_of(arm: str, cost: str) -> float:
    """Return a cost in per cent of that of the whole network; of time, the ratio of the means over seeds."""
    of_arm, of_whole = settings_of(arm), settings_of(WHOLE)
    kind = COSTS[cost]
    if kind in of_arm:
        return 100 * of_arm[kind] / of_whole[kind]
    seconds = record("pipeline").measured["seconds"]
    return 100 * float(np.mean(seconds[of_arm["timed"]][kind]) / np.mean(seconds[WHOLE][kind]))


@lru_cache(maxsize=8)
def places(cost: str) -> tuple[Floats, Floats]:
    """Return cost and mean accuracy of every network of the map."""
    arms = list(NETWORKS.values())
    return np.array([cost_of(arm, cost) for arm in arms]), np.array([accuracies(arm).mean() for arm in arms])


@lru_cache(maxsize=8)
def front_of(cost: str) -> NDArray[np.int64]:
    """Return which networks no other beats in this cost and in mean accuracy, by rising cost."""
    return pareto_front(*places(cost))


def step_before(arm: str) -> str:
    """Return the network that this one was made of by one more step, or by teaching it again, if it is in the map."""
    of_arm = settings_of(arm)
    arms = record("pipeline").measured["arms"]
    if of_arm["training"]:
        return arm.removesuffix(f"_{of_arm['training']}")
    before = "_".join((*of_arm["steps"][:-1], of_arm["level"]))
    return before if before in arms else WHOLE


def way_to(arm: str) -> list[str]:
    """Return the networks from the whole one to this one, a step each."""
    way = [arm]
    while way[-1] != WHOLE:
        way.append(step_before(way[-1]))
    return way[::-1]


@lru_cache(maxsize=512)
def flipped_rows(before: str, after: str, network: int = 0) -> Flipped:
    """Return the test rows that two networks of one seed answer differently."""
    arms = data("pipeline.arms").tolist()
    first, second = (data("pipeline.answers")[network, arms.index(arm)] for arm in (before, after))
    rows = np.flatnonzero(first != second)
    return Flipped(rows, first[rows], second[rows], data("pipeline.labels")[network, rows])


def pixels(rows: NDArray[np.int64], network: int = 0) -> Floats:
    """Return images of test rows, from 0 to 1: (rows, 8, 8)."""
    return data("pipeline.pixels")[network, rows].reshape(-1, 8, 8) / 16
