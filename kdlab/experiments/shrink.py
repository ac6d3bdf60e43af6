"""Shrink: three dials, filters kept, rank and bits, each at four stops: what is left, at once and taught again.

The network of the experiment on pipelines, two convolutions, a layer of 64 units and the ten classes, is compressed in
one order: filters of least l1 norm are taken out of both convolutions, the layer of 64 units is put into two factors,
all matrices and filters are put on symmetric grids. All 64 settings one-shot; and each but the whole network trained
further, 90 steps of distillation from it (T = 4, factor T^2). Settings that the experiment on pipelines has too are
made of the same steps and the same streams of chance, and are the same networks.

Times are taken as there: float32, one thread, networks that take turns. They are those of the 16 shapes, filters and
rank: bits are turned back into floats before the first call and change no time.

Nothing was tuned; the stops of the dials are those of the pipeline, and the whole. The digits that are shown are the
first test rows of the first seed: the first of each class, and the second of 0 and 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from kdlab.core.low_rank import low_rank_factors
from kdlab.core.pipeline import FLOAT_BITS, Cost, Layer, factorize, layer_costs, prune, quantize
from kdlab.evidence.intervals import Record
from kdlab.experiments.clock import as_floats, seconds_of
from kdlab.experiments.convnet import (
    CHANNELS,
    CLASSES,
    CONVOLUTIONS,
    DENSE,
    FULL,
    INPUT_SHAPE,
    LOSS,
    TUNING_STEPS,
    Network,
    Networks,
    factorized,
    logits_of_each,
    norms,
    pruned,
    quantized,
    trained_further,
    whole_networks,
    words_of,
)
from kdlab.experiments.data import Split, digits
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.measures import of_student
from kdlab.experiments.shown import first_record, of_first, pixels_of

SHOWN_DIGITS = 12


@dataclass(frozen=True)
class Setting:
    """Where the three dials stand, and whether the network is taught again."""

    kept: float = 1.0
    rank: int | None = None
    bits: int = FLOAT_BITS
    taught: bool = False

    @property
    def name(self) -> str:
        """Of the arm, such as "kept_50_rank_8_bits_4_kd"; the whole network is "full"."""
        dials = [("kept", round(100 * self.kept), 100), ("rank", self.rank, None), ("bits", self.bits, FLOAT_BITS)]
        moved = [f"{dial}_{value}" for dial, value, whole in dials if value != whole]
        return "_".join(moved + ["kd"] * self.taught) or "full"


GRID = [Setting(*dials) for dials in product((1.0, 0.75, 0.5, 0.25), (None, 16, 8, 4), (FLOAT_BITS, 8, 4, 3))]
ARMS = {setting.name: setting for setting in GRID} | {
    taught.name: taught for taught in (replace(setting, taught=True) for setting in GRID[1:])
}
SHAPES = [setting.name for setting in GRID if setting.bits == FLOAT_BITS]
UNITS = {
    "accuracy": "%",
    "kl": "nats",
    "agreement": "%",
    "batch_1_seconds": "s",
    "batch_64_seconds": "s",
    "batch_1_share_seconds": "%",
    "batch_64_share_seconds": "%",
}


def run(lab: Lab) -> None:
    """Compress the network of each seed to every setting, teach it again, and measure and time what is left."""
    split = lab.split(digits)
    teacher = lab.conv_teacher(split, CHANNELS)
    whole = whole_networks(teacher)
    networks: Networks = {setting.name: [shrunk(network, setting) for network in whole] for setting in GRID}
    starts = {name: networks[replace(arm, taught=False).name] for name, arm in ARMS.items() if arm.taught}
    networks |= trained_further(lab, starts, Lesson(split.train, LOSS, teacher.train_logits), TUNING_STEPS)
    shown = first_of_each_class(split.of(0))
    for name in ARMS:
        logits = logits_of_each(networks[name], split.test_inputs)
        if name == "full":  # the teacher, no student
            lab.note(name, [of_student(z, z, labels) for z, labels in zip(logits, split.test_labels, strict=True)])
        else:
            lab.exam(name, logits, teacher.test_logits, split)
        lab.note(name, of_first(lab.seeds, {"answers": logits[0, shown].argmax(axis=-1).tolist()}))
    lab.note("full", of_first(lab.seeds, pixels_of(split.of(0), shown)))
    timed = {name: networks[name] for name in SHAPES} | {"full_again": whole}
    times = [
        seconds_of({name: as_floats(of[i]) for name, of in timed.items()}, seed) for i, seed in enumerate(lab.seeds)
    ]
    for name in timed:
        lab.note(name, [of_seed[name] for of_seed in times])


def shrunk(network: Network, setting: Setting) -> Network:
    """Take filters out, put factors in, round: whatever the setting asks for, in this order."""
    if setting.kept < 1:
        network = pruned(network, norms(network), 1 - setting.kept)
    if setting.rank:
        network = factorized(network, *low_rank_factors(network.weights[DENSE]["weight"], setting.rank))
    return quantized(network, setting.bits) if setting.bits < FLOAT_BITS else network


def first_of_each_class(split: Split) -> list[int]:
    """Return the places of the test rows that are shown: the first of each class, then the second, until twelve."""
    found = [np.flatnonzero(split.test_labels == label)[turn] for turn in (0, 1) for label in range(CLASSES)]
    return [int(row) for row in found[:SHOWN_DIGITS]]


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures.

    Returns
    -------
    dict
        "settings": by arm "kept", "rank" (null is whole), "bits", "taught"; "macs", "parameters", "bytes"; "layers",
        bytes of the two convolutions, the layer of 64 units, the classes; "shape", the arm that has its times. "shown":
        "rows" of the data set, "labels", "pixels"; and "answers", by arm the classes that it names, one digit a row.
    """
    first = {name: first_record(records, name) for name in ARMS}
    layers = {name: layer_costs(described(setting), INPUT_SHAPE) for name, setting in ARMS.items()}
    return {
        "settings": {
            name: asdict(setting)
            | Cost(*map(sum, zip(*layers[name], strict=True)))._asdict()
            | {
                "layers": [sum(cost.bytes for cost in layers[name][:DENSE]), *(c.bytes for c in layers[name][DENSE:])],
                "shape": replace(setting, bits=FLOAT_BITS, taught=False).name,
            }
            for name, setting in ARMS.items()
        },
        "shown": {what: first["full"][what] for what in ("rows", "labels", "pixels")}
        | {"answers": {name: "".join(map(str, record["answers"])) for name, record in first.items()}},
    }


def described(setting: Setting) -> tuple[Layer, ...]:
    """Return the layers that a setting leaves; which filters stay makes no difference."""
    kept = {i: np.arange(round(setting.kept * channels)) for i, channels in zip(CONVOLUTIONS, CHANNELS, strict=True)}
    layers = prune(FULL, INPUT_SHAPE, kept)
    layers = factorize(layers, DENSE, setting.rank) if setting.rank else layers
    return quantize(layers, setting.bits) if setting.bits < FLOAT_BITS else layers


def words_of_arm(setting: Setting) -> str:
    """Return what an arm is, in plain words."""
    left = ", ".join(words_of(1 - setting.kept, setting.rank, setting.bits)) or "the whole network"
    return f"{left}; taught again" if setting.taught else left


EXPERIMENT = Experiment(
    question=(
        "How much of its accuracy does a network keep when filters, rank and bits are taken away, each in four steps, "
        "at once and after a short distillation from what it was, and what does it then cost?"
    ),
    words={name: words_of_arm(setting) for name, setting in ARMS.items()}
    | {"full_again": "the whole network, timed again"},
    controls={
        "full_again - full": "would have been as large as what compression saves if the clock told no networks apart",
        "kept_50_rank_8_bits_4_kd - full": "would have been as large as one-shot if what is gone could not be taught",
        "rank_8 - full": "would have been faster by as much as it has fewer bytes if these decided",
    },
    units=UNITS,
    comparisons=[
        ("full_again", "full"),
        *((name, "full") for name in ARMS if name != "full"),
        *((name, replace(setting, taught=False).name) for name, setting in ARMS.items() if setting.taught),
    ],
    run=run,
    measured=measured,
    may_fail={
        Setting(rank=rank, bits=bits, taught=True).name: "begins as nearly its teacher, and has little to learn"
        for rank, bits in product((None, 16), (FLOAT_BITS, 8, 4))
        if (rank, bits) != (None, FLOAT_BITS)
    },
    may_copy={"bits_8": "a step of 8 bits is smaller than what training leaves between any two networks"},
)
