"""A pipeline: what filters, rank and bits cost and lose together, in which order, and whether fewer MACs are faster.

A network of two convolutions (16 and 32 filters of 3x3), a layer of 64 units and the ten classes learns the digits and
is then the teacher of its own compressed versions. Three steps, at three levels: "prune" takes out of both
convolutions the filters of least l1 norm, "svd" puts two factors in the place of the layer of 64 units, "quantize"
puts all matrices and filters on symmetric grids, one scale for each. Each step takes the network as the one before
left it: pruning after the factorisation slices V, factors made of quantized weights are put on a grid of as many bits,
and a sliced tensor stays on the grid it has. "aware" are factors best for the outputs on the training rows instead of
for the weights. All six orders, at all levels, one-shot; at two of them also trained further by distillation from the
whole network (T = 4, factor T^2, 90 steps): "kd" after the last step; and at one, "kd_each", a third of the steps
after each. Weights of few bits are trained with the straight-through gradient, the scale that of the latent weights in
each step; what is handed on to the next step is what would be deployed, on its grid, and Adam begins anew.

What single steps lose is put together, added up or multiplied, into a prediction for two and three steps: from the
drops as measured, seed by seed, and from the laws c s^g that fit them best over four levels. The severity s is the
share of the filters, or of the 64 singular values, that go, and the step of the grid over the largest weight,
1/(2^(bits-1) - 1): a choice, and another would give other laws. The arms "additive" and "multiplicative" hold the
predictions, so that "additive_<arm> - <arm>" is the accuracy that was promised and is not there.

Times are medians over 96 calls with one image and 24 with 64, on one thread, of the compressed network as plain
PyTorch runs it in float32; the networks take turns, in an order drawn anew for each round, and first run some calls
that are not timed. Weights of few bits are turned back into floats, once before the first call or, "decoding", in
every call, from codes of one byte; bytes are counted as if packed. The whole network is timed twice, as a control. A
time is that of this machine, and of shapes, not of weights: what has equal shapes has one time.

Nothing was tuned: the step size of Adam, .003, is the one that the teacher is trained with. Trials on seeds outside
the record changed two things. Batches of 128 and 60 steps, in thirds, ended in the middle of the first swing of Adam;
smaller batches, and more of them, cost as much. And pruning before the SVD, the order in which its factors are best
for the weights, lost more than the other; so errors of weights and outputs were added, and factors best for the
outputs. A first run of the record had its turns in one fixed order, and its control failed: with one image the same
network took 4.4 +- 1.0 % less time the second time, as much as some of the differences. So the turns are drawn; and
pruning and SVD at the extreme level, where drops add up to more than there is, came in then. All other numbers of that
run are those of this one, to the last digit.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, permutations
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from kdlab.experiments.data import Split, digits, stacked
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_student_is_not_teacher,
)
from kdlab.experiments.losses import softened_kl
from kdlab.experiments.measures import of_student
from kdlab.experiments.networks import Forward, Layers, conv_forward, generators, train
from kdlab.experiments.quantizers import straight_through
from kdlab.experiments.summary import Record, by_seed, paired_difference
from kdlab.experiments.teachers import train_conv_teachers
from kdlab.low_rank import Factors, data_aware_factors, low_rank_factors
from kdlab.pipeline import (
    FLOAT_BITS,
    WEIGHTED,
    Conv,
    Cost,
    Flatten,
    Layer,
    Linear,
    LowRank,
    Pool,
    combined_accuracy,
    factorize,
    fit_drop,
    pareto_front,
    prune,
    quantize,
    slice_weights,
    stage_drop,
    total_cost,
)
from kdlab.pruning import filter_norms, kept_filters
from kdlab.quantization import fake_quantize, range_to_grid, weight_range
from kdlab.quantization import quantize as codes_of

QUESTION = (
    "What do filter pruning, a low-rank layer and few bits lose together, one-shot and after a short distillation; "
    "does their order matter; do additive or multiplicative drops predict it; and is what has fewer operations faster?"
)
INPUT_SHAPE = (1, 8, 8)
UNITS_OF_LAYER, CLASSES = 64, 10
FULL = (Conv(16, 3, padding=1), Conv(32, 3, padding=1), Pool(2), Flatten(), Linear(UNITS_OF_LAYER), Linear(CLASSES))
CONVOLUTIONS, DENSE = (0, 1), 4  # indices of the layers that lose filters, and of the one that is factorised
TUNING_STEPS, BATCH_SIZE = 90, 64
OPTIMISER = partial(torch.optim.Adam, lr=3e-3)
LOSS = partial(softened_kl, temperature=4.0, scale_by_T2=True)
CHANCE = 1 / CLASSES
ROUNDS, CALLS = 12, {1: (4, 8), 64: (1, 2)}  # by batch, calls in a round: before the clock is looked at, and timed

Step = Literal["prune", "prune_chance", "svd", "aware", "quantize"]
STEPS: tuple[Step, ...] = ("prune", "svd", "quantize")
ORDERS: tuple[tuple[Step, ...], ...] = tuple(permutations(STEPS))
SUBSETS: tuple[tuple[Step, ...], ...] = (*combinations(STEPS, 2), STEPS)
OTHER_PAIRS: tuple[tuple[Step, ...], ...] = (("svd", "prune"), ("prune", "aware"))


@dataclass(frozen=True)
class Level:
    """How much each step compresses: the share of filters that go, the rank that is left, and the bits."""

    sparsity: float
    rank: int
    bits: int

    @property
    def severity(self) -> dict[Step, float]:
        """Of each step, in [0, 1]."""
        return {
            "prune": self.sparsity,
            "svd": 1 - self.rank / UNITS_OF_LAYER,
            "quantize": 1 / (2 ** (self.bits - 1) - 1),
        }


LEVELS = {
    "mild": Level(0.25, 16, 8),
    "medium": Level(0.5, 8, 4),
    "severe": Level(0.75, 4, 3),
    "extreme": Level(0.875, 2, 2),  # of single steps only, for the laws
}
COMBINED, TUNED, TUNED_BETWEEN = ("mild", "medium", "severe"), ("medium", "severe"), ("medium",)


@dataclass(frozen=True)
class Arm:
    """Steps in their order, all of one level, and when the network is trained further."""

    steps: tuple[Step, ...]
    level: str
    training: Literal["", "kd", "kd_each"] = ""

    @property
    def name(self) -> str:
        """Of the arm, such as "prune_svd_medium_kd"."""
        return "_".join(filter(None, (*self.steps, self.level, self.training)))


BEYOND = Arm(("prune", "svd"), "extreme")  # alone, its two steps lose more than there is to lose

ARMS: dict[str, Arm] = {
    arm.name: arm
    for arm in (
        *(Arm((step,), level) for step in STEPS for level in LEVELS),
        *(Arm(("prune_chance",), level) for level in COMBINED),
        *(Arm(steps, level) for steps in SUBSETS[:-1] for level in COMBINED),
        *(Arm(steps, level) for steps in OTHER_PAIRS for level in COMBINED),
        BEYOND,
        *(Arm(order, level) for order in ORDERS for level in COMBINED),
        *(Arm((step,), level, "kd") for step in STEPS for level in TUNED),
        *(Arm(order, level, "kd") for order in ORDERS for level in TUNED),
        *(Arm(order, level, "kd_each") for order in ORDERS for level in TUNED_BETWEEN),
    )
}
SAME_SHAPE = {"prune_chance": "prune", "aware": "svd"}
# whose shapes are those of all arms; "decoding" turns codes into floats in every call
TIMED = tuple(arm.name for arm in ARMS.values() if arm.steps in (("prune",), ("svd",), STEPS[:2]) and not arm.training)
DECODING = {
    f"{name}_decoding": name for name in (Arm(s, level).name for s in (("quantize",), STEPS) for level in TUNED)
}


def predictions() -> dict[str, tuple[str, bool, Arm]]:
    """Return, by the name of its arm, how each prediction is made, whether from a law, and of what."""
    found = {}
    for combine in ("additive", "multiplicative"):
        for steps in SUBSETS:
            for level in COMBINED:
                found[f"{combine}_{Arm(steps, level).name}"] = combine, False, Arm(steps, level)
        found[f"{combine}_{BEYOND.name}"] = combine, False, BEYOND
        for level in COMBINED:
            found[f"{combine}_law_{Arm(STEPS, level).name}"] = combine, True, Arm(STEPS, level)
        for level in TUNED:
            found[f"{combine}_{Arm(STEPS, level, 'kd').name}"] = combine, False, Arm(STEPS, level, "kd")
    return found


PREDICTIONS = predictions()

COMPARISONS: list[tuple[str, str]] = [
    ("full_again", "full"),
    *((name, "full") for name, arm in ARMS.items() if arm.steps in (("prune",), ("svd",), ("quantize",), *SUBSETS)),
    *((name, "full") for name in DECODING),
    *(
        (name, replace(arm, steps=STEPS).name)
        for name, arm in ARMS.items()
        if len(arm.steps) == len(STEPS) and arm.steps != STEPS
    ),
    *((name, Arm(arm.steps, arm.level).name) for name, arm in ARMS.items() if arm.training == "kd"),
    *((name, Arm(arm.steps, arm.level, "kd").name) for name, arm in ARMS.items() if arm.training == "kd_each"),
    *((f"prune_chance_{level}", f"prune_{level}") for level in COMBINED),
    *((f"prune_svd_{level}", f"prune_{level}") for level in COMBINED),
    *((Arm(steps, level).name, f"prune_svd_{level}") for steps in OTHER_PAIRS for level in COMBINED),
    *((name, arm.name) for name, (_, _, arm) in PREDICTIONS.items()),
]

CONTROLS = {
    "full_again - full": "would have been as large as what compression saves if the clock told no networks apart",
    "prune_chance_medium": "would have kept as much accuracy as the largest norms if any filters could go",
    "svd_prune_quantize_medium - prune_svd_quantize_medium": "would have been 0 if the order of steps did not matter",
    "additive_prune_svd_quantize_severe - prune_svd_quantize_severe": "would have been 0 if drops added up",
    "svd_mild - full": "would have been faster by as much as it has fewer operations if these decided",
    "quantize_medium_decoding - full": "would have been faster if few bits alone made a network so",
}

UNITS = {
    "accuracy": "%",
    "kl": "nats",
    "agreement": "%",
    "weight_error": "%",
    "output_error": "%",
    "macs_share": "%",
    "bytes_share": "%",
    "batch_1_seconds": "s",
    "batch_64_seconds": "s",
    "batch_1_share_seconds": "%",
    "batch_64_share_seconds": "%",
}

# for machines that round otherwise, set before the first replay, from seeds outside the record whose teachers were
# trained beside another one, which sums in another order: float32 then ends elsewhere, filters of nearly equal norms
# change places, and a network that is broken one-shot, or trained on for some steps only with few bits, is broken
# otherwise. Accuracies of those moved by .22 at most, divergences by .48, so no bound could be near; mild arms and
# those that recover moved by .016, and have narrower bounds in tests/experiments/test_pipeline.py
BOUNDS = {"accuracy": 0.35, "kl": 1.0, "agreement": 0.35, "weight_error": 0.03, "output_error": 0.2}


class Network(NamedTuple):
    """A network of one seed: what it is, and its arrays, layer by layer, named and shaped as in PyTorch."""

    layers: tuple[Layer, ...]
    weights: list[dict[str, NDArray[np.float32]]]


class Lesson(NamedTuple):
    """What networks of one seed learn from, and are measured on; the first axis, of seeds, has length 1."""

    seed: int
    split: Split
    train_logits: NDArray[np.float64]
    test_logits: NDArray[np.float64]


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers on some seeds, compress them in every way, and measure what is left on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", "accuracy" in [0, 1], "kl" to the whole network at T = 1 in nats,
        "agreement" with it in [0, 1]; "weight_error" and "output_error" in [0, inf) of the dense layer, for arms
        without few bits and training; the list "costs" of MACs, parameters and bytes, and, one-shot,
        "macs_share" and "bytes_share", of the whole network's. Arms that are timed also hold, for batches of 1 and 64,
        "batch_<n>_seconds", the median of one call, and "batch_<n>_share_seconds", that over the whole network's;
        those of predictions hold "accuracy" alone.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    with one_thread():
        # one by one: float32 rounds otherwise where other networks are beside it
        return [record for seed in seeds for record in run_seed(seed)]


def run_seed(seed: int) -> list[Record]:
    """Do all for one seed."""
    full, lesson = trained_teacher(seed)
    networks = all_networks(full, lesson)
    labels, cost = lesson.split.test_labels[0], total_cost(full.layers, INPUT_SHAPE)
    times = seconds_of(timed_runs(full, networks), seed)
    errors = errors_by_arm(full, networks, lesson)
    records = [
        {
            "seed": seed,
            "arm": "full",
            **of_student(lesson.test_logits, lesson.test_logits, labels),
            **errors["full"],
            **costs_of(full, cost),
            **times["full"],
        },
        {"seed": seed, "arm": "full_again", **times["full_again"]},
    ]
    for name, network in networks.items():
        logits = logits_of(network, lesson.split.test_inputs[0])
        check_student_is_not_teacher(logits, lesson.test_logits)
        measures = of_student(logits, lesson.test_logits, labels)
        others = errors.get(name, {}) | costs_of(network, None if ARMS[name].training else cost) | times.get(name, {})
        records.append({"seed": seed, "arm": name, **measures, **others})
    for name, of_arm in DECODING.items():
        records.append({"seed": seed, "arm": name, **costs_of(networks[of_arm], cost), **times[name]})
    found = {record["arm"]: record["accuracy"] for record in records if "accuracy" in record}
    predicted = {name: predicted_accuracy(found, *how) for name, how in PREDICTIONS.items()}
    return records + [{"seed": seed, "arm": name, "accuracy": value} for name, value in predicted.items()]


def trained_teacher(seed: int) -> tuple[Network, Lesson]:
    """Train the whole network of one seed, and check it."""
    split = stacked([digits(seed)])
    check_no_test_rows_in_training(split.train_inputs[0], split.test_inputs[0])
    channels = [FULL[i].out_channels for i in CONVOLUTIONS]
    trained = train_conv_teachers(split, [seed], channels)
    check_learning(trained.losses[0])
    full = from_layers(FULL, trained.parameters, 0)
    train_logits, test_logits = (logits_of(full, rows[0]) for rows in (split.train_inputs, split.test_inputs))
    check_labels_match(train_logits, split.train_labels[0])
    check_labels_match(test_logits, split.test_labels[0])
    return full, Lesson(seed, split, train_logits, test_logits)


def all_networks(full: Network, lesson: Lesson) -> dict[str, Network]:
    """Return the network of each arm: one-shot, trained further at the end, and trained further after each step."""
    found = {}
    for name, arm in ARMS.items():
        if not arm.training:
            network = full
            for step in arm.steps:
                network = compressed(network, step, LEVELS[arm.level], lesson)
            found[name] = network
    at_end = {name: arm for name, arm in ARMS.items() if arm.training == "kd"}
    starts = {name: found[Arm(arm.steps, arm.level).name] for name, arm in at_end.items()}
    return found | trained_further(starts, lesson, TUNING_STEPS) | trained_after_each_step(full, lesson)


def trained_after_each_step(full: Network, lesson: Lesson) -> dict[str, Network]:
    """Return the networks that are trained further after each of their steps; orders that begin alike share that."""
    found = {Arm((), level): full for level in TUNED_BETWEEN}
    for done in range(len(STEPS)):
        begun = sorted({order[: done + 1] for order in ORDERS})
        starts = {
            Arm(steps, level): compressed(found[Arm(steps[:-1], level)], steps[-1], LEVELS[level], lesson)
            for steps in begun
            for level in TUNED_BETWEEN
        }
        found |= trained_further(starts, lesson, TUNING_STEPS // len(STEPS))
    return {replace(arm, training="kd_each").name: found[arm] for arm in found if len(arm.steps) == len(STEPS)}


def compressed(network: Network, step: Step, level: Level, lesson: Lesson) -> Network:
    """Return the network after one step."""
    if step == "svd":
        return factorized(network, level.rank, low_rank_factors(network.weights[DENSE]["weight"], level.rank))
    if step == "aware":
        W, x = network.weights[DENSE]["weight"], dense_inputs(network, lesson)
        return factorized(network, level.rank, data_aware_factors(W, x.T @ x / len(x), level.rank))
    if step == "quantize":
        return quantized(network, level.bits)
    filters = {i: network.weights[i]["weight"] for i in CONVOLUTIONS}
    if step == "prune":
        scores = {i: filter_norms(weight) for i, weight in filters.items()}
    else:
        (rng,) = generators([lesson.seed], "chance")
        scores = {i: rng.random(len(weight)) for i, weight in filters.items()}
    kept = {i: kept_filters(score, level.sparsity) for i, score in scores.items()}
    return Network(
        prune(network.layers, INPUT_SHAPE, kept), slice_weights(network.layers, INPUT_SHAPE, network.weights, kept)
    )


def factorized(network: Network, rank: int, factors: Factors) -> Network:
    """Put factors of a rank in the place of the layer of 64 units, on a grid if the layer was on one."""
    layers = factorize(network.layers, INPUT_SHAPE, DENSE, rank)
    arrays = {name: factor.astype(np.float32) for name, factor in factors._asdict().items()}
    dense = on_grid(layers[DENSE], arrays | {"bias": network.weights[DENSE]["bias"]})
    return Network(layers, [*network.weights[:DENSE], dense, *network.weights[DENSE + 1 :]])


def dense_inputs(network: Network, lesson: Lesson) -> NDArray[np.float64]:
    """Return what comes into the layer of 64 units on the training rows."""
    with torch.inference_mode():
        return flat_of(tensors_of(network), images_of(lesson.split.train_inputs[0])).double().numpy()


def quantized(network: Network, bits: int) -> Network:
    """Put all matrices and filters on grids of so many bits."""
    layers = quantize(network.layers, bits)
    return Network(layers, [on_grid(*pair) for pair in zip(layers, network.weights, strict=True)])


def on_grid(layer: Layer, arrays: Mapping[str, NDArray[np.float32]]) -> dict[str, NDArray[np.float32]]:
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


def trained_further(starts: Mapping[Any, Network], lesson: Lesson, steps: int) -> dict[Any, Network]:
    """Distil networks further, those of one shape side by side, all of them on the same batches.

    Parameters
    ----------
    starts : mapping
        The networks, by name.
    lesson : Lesson
        What they learn.
    steps : int
        How many steps.

    Returns
    -------
    dict
        The trained networks by name; those with few bits on their grids.
    """
    by_layers: dict[tuple[Layer, ...], list[Any]] = {}
    for name, network in starts.items():
        by_layers.setdefault(network.layers, []).append(name)
    found = {}
    for layers, names in by_layers.items():
        trained = train(
            to_layers([starts[name] for name in names]),
            lesson.split.train_inputs.repeat(len(names), axis=0),
            lesson.train_logits[np.newaxis].repeat(len(names), axis=0),
            LOSS,
            OPTIMISER,
            steps=steps,
            batch_size=BATCH_SIZE,
            rngs=generators([lesson.seed] * len(names), "fine-tuning"),
            forward=forward_of(layers),
        )
        for i, name in enumerate(names):
            latent = from_layers(layers, trained.parameters, i)
            found[name] = Network(layers, [on_grid(*pair) for pair in zip(layers, latent.weights, strict=True)])
    return found


def to_layers(networks: Sequence[Network]) -> Layers:
    """Stack networks of one shape as `train` takes them: dense weights transposed, two layers for two factors."""

    def stack(i: int, name: str) -> Tensor:
        arrays = [network.weights[i][name] for network in networks]
        transposed = [
            array.T if isinstance(layers[i], Linear | LowRank) and array.ndim == 2 else array for array in arrays
        ]
        return torch.from_numpy(np.stack(transposed))

    layers, stacked_layers = networks[0].layers, []
    for i, layer in enumerate(layers):
        if isinstance(layer, LowRank):
            stacked_layers.append((stack(i, "V"), torch.zeros(len(networks), 1, layer.rank)))
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

    def forward(parameters: Layers, inputs: Tensor) -> Tensor:
        if bits != FLOAT_BITS:
            parameters = [(symmetric(weight, bits), bias) for weight, bias in parameters]
        return (factored_forward if factored else conv_forward)(parameters, inputs)

    return forward


def factored_forward(parameters: Layers, inputs: Tensor) -> Tensor:
    """Return the logits of networks whose dense layer is two: neither bias nor ReLU comes between the factors."""
    *convolutions, (V, no_bias), (U, bias), (head, head_bias) = parameters
    thin = conv_forward([*convolutions, (V, torch.zeros_like(no_bias))], inputs)
    return torch.baddbmm(head_bias, torch.relu(torch.baddbmm(bias, thin, U)), head)


def symmetric(weights: Tensor, bits: int) -> Tensor:
    """Return the weights (S, ...) of S networks on symmetric grids, with the gradient of the latent ones."""
    top = 2 ** (bits - 1) - 1
    others = tuple(range(1, weights.ndim))
    scale = weights.detach().abs().amax(others, keepdim=True) / top
    return straight_through(weights, (weights.detach() / scale).round() * scale)


def logits_of(network: Network, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (N, C) of inputs (N, D), in float64, computed as what is timed computes them."""
    with torch.inference_mode():
        return run_network(tensors_of(network), images_of(inputs)).double().numpy()


def images_of(inputs: NDArray[np.float64]) -> Tensor:
    """Return rows of pixels as images, in float32."""
    return torch.from_numpy(inputs).float().reshape(-1, *INPUT_SHAPE)


def tensors_of(network: Network) -> list[tuple[Tensor, Tensor | None]]:
    """Return weight and bias of each layer that is computed; the first of two factors has no bias."""
    tensors = []
    for arrays in network.weights:
        of_layer = {name: torch.from_numpy(np.ascontiguousarray(array)) for name, array in arrays.items()}
        if "U" in of_layer:
            tensors += [(of_layer["V"], None), (of_layer["U"], of_layer["bias"])]
        elif of_layer:
            tensors.append((of_layer["weight"], of_layer["bias"]))
    return tensors


def flat_of(tensors: Sequence[tuple[Tensor, Tensor | None]], images: Tensor) -> Tensor:
    """Return what the convolutions of one network make of images: the maximum of 2x2, channel after channel."""
    hidden = images
    for weight, bias in tensors[: len(CONVOLUTIONS)]:
        hidden = torch.relu(functional.conv2d(hidden, weight, bias, padding=1))
    return functional.max_pool2d(hidden, 2).flatten(1)


def run_network(tensors: Sequence[tuple[Tensor, Tensor | None]], images: Tensor) -> Tensor:
    """Return the logits (N, C) of one network."""
    flat = flat_of(tensors, images)
    *dense, (head, head_bias) = tensors[len(CONVOLUTIONS) :]
    for weight, bias in dense:
        flat = functional.linear(flat, weight, bias)
        if bias is not None:  # nothing comes between two factors
            flat = torch.relu(flat)
    return functional.linear(flat, head, head_bias)


def decoding_run(network: Network) -> Callable[[Tensor], Tensor]:
    """Return a function from images to logits that holds codes of one byte, and turns them into floats in each call."""
    bits = bits_of(network.layers[DENSE])
    stored = []
    for weight, bias in tensors_of(network):
        scale, zero_point = range_to_grid(*weight_range(weight.numpy()), bits, symmetric=True)
        codes = codes_of(weight.numpy(), scale, zero_point, bits, symmetric=True)
        stored.append((torch.from_numpy(codes), float(scale), bias))
    return lambda images: run_network([(codes.float() * scale, bias) for codes, scale, bias in stored], images)


def timed_runs(full: Network, networks: Mapping[str, Network]) -> dict[str, Callable[[Tensor], Tensor]]:
    """Return what is timed, by the name of its arm."""
    as_floats = {"full": full, "full_again": full} | {name: networks[name] for name in TIMED}
    runs = {name: partial(run_network, tensors_of(network)) for name, network in as_floats.items()}
    return runs | {name: decoding_run(networks[of_arm]) for name, of_arm in DECODING.items()}


def seconds_of(runs: Mapping[str, Callable[[Tensor], Tensor]], seed: int) -> dict[str, Record]:
    """Time networks, which take turns, so that what else the machine does meets all of them.

    In an order drawn for each round: what ran before decides what a processor has at hand.

    Parameters
    ----------
    runs : mapping
        From a name to a function of images; one is named "full".
    seed : int
        Decides the order of turns.

    Returns
    -------
    dict
        By name, for batches of 1 and 64, "batch_<n>_seconds", the median of a call, and "batch_<n>_share_seconds", that
        over the median of "full".
    """
    times: dict[str, Record] = {name: {} for name in runs}
    (rng,) = generators([seed], "clock")
    with torch.inference_mode():
        for batch, (warming, calls) in CALLS.items():
            images = torch.rand(batch, *INPUT_SHAPE, generator=torch.Generator().manual_seed(0))
            found: dict[str, list[float]] = {name: [] for name in runs}
            for _ in range(ROUNDS):
                for name in rng.permutation(list(runs)).tolist():
                    call = runs[name]
                    for _ in range(warming):
                        call(images)
                    for _ in range(calls):
                        start = time.perf_counter()
                        call(images)
                        found[name].append(time.perf_counter() - start)
            median = {name: statistics.median(of_run) for name, of_run in found.items()}
            for name, seconds in median.items():
                times[name][f"batch_{batch}_seconds"] = seconds
                times[name][f"batch_{batch}_share_seconds"] = seconds / median["full"]
    return times


@contextmanager
def one_thread() -> Iterator[None]:
    """Let PyTorch use one thread, and as many as before afterwards."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def costs_of(network: Network, full: Cost | None) -> Record:
    """Return the list of MACs, parameters and bytes, and shares of those of the whole network, if these are given."""
    cost = total_cost(network.layers, INPUT_SHAPE)
    found: Record = {"costs": list(cost)}
    return found | {"macs_share": cost.macs / full.macs, "bytes_share": cost.bytes / full.bytes} if full else found


def errors_by_arm(full: Network, networks: Mapping[str, Network], lesson: Lesson) -> dict[str, Record]:
    """Return the errors of the dense layer of each arm without few bits and training, against that before factorising.

    Relative, as in the experiment on low rank: of the weights |W - A| / |W|; of the outputs, on the training rows, the
    square root of E|(W - A) x|^2 / E|W x|^2, W and x those of the network that is pruned alike and not factorised.
    """
    whole, found = {"full": full} | dict(networks), {}
    inputs: dict[str, NDArray[np.float64]] = {}
    for name, arm in ({"full": Arm((), "")} | ARMS).items():
        if not arm.training and "quantize" not in arm.steps:
            pruning = tuple(step for step in arm.steps if step.startswith("prune"))
            before = Arm(pruning, arm.level).name if pruning else "full"
            if before not in inputs:
                inputs[before] = dense_inputs(whole[before], lesson)
            W, x = matrix_of(whole[before]), inputs[before]
            difference = W - matrix_of(whole[name])
            found[name] = {
                "weight_error": float(np.linalg.norm(difference) / np.linalg.norm(W)),
                "output_error": float(np.linalg.norm(x @ difference.T) / np.linalg.norm(x @ W.T)),
            }
    return found


def matrix_of(network: Network) -> NDArray[np.float64]:
    """Return the matrix of the layer of 64 units, or the product of its factors."""
    dense = {name: array.astype(np.float64) for name, array in network.weights[DENSE].items()}
    return dense["U"] @ dense["V"] if "U" in dense else dense["weight"]


def predicted_accuracy(found: Mapping[str, float], combine: str, from_law: bool, arm: Arm) -> float:
    """Predict the accuracy of an arm from those of its single steps, by name in `found`, on the same seed."""
    full = found["full"]
    if from_law:
        severity = LEVELS[arm.level].severity
        drops = [min(float(stage_drop(severity[step], *law_of(found, step)[:2])), full) for step in arm.steps]
    else:
        drops = [full - found[Arm((step,), arm.level, arm.training).name] for step in arm.steps]
    return float(combined_accuracy(drops, full, combine=combine, chance=CHANCE))


def law_of(found: Mapping[str, float], step: Step) -> tuple[float, float, float]:
    """Fit c and g to what a step alone loses, level by level, one-shot; with the largest residual."""
    severity = [level.severity[step] for level in LEVELS.values()]
    fit = fit_drop(severity, [found["full"] - found[Arm((step,), level).name] for level in LEVELS])
    return fit.c, fit.g, float(np.abs(fit.residuals).max())


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "seeds". "levels": by level the settings, "severity" by step. "arms": by name of what is measured, in a network,
        its "steps", "level", "training", "macs", "parameters" and "bytes", and "timed", the arm whose shapes, and so
        whose times, it has. "accuracy", "kl", "agreement": by arm, seed by seed; "accuracy" of predictions
        too. "seconds": by timed arm, "batch_1" and "batch_64", seed by seed. "laws": by step "c", "g" and
        "largest_residual", seed by seed. "fronts": the arms that no other beats in mean accuracy and a cost, by rising
        cost, of "one_shot" and of "all", by "macs", "bytes", "batch_1_seconds" and "batch_64_seconds" (means over
        seeds). "not_faster": timed arms with fewer operations or bytes than the whole network,
        by "batch_1" and "batch_64", whose time is not below its on so many seeds that the interval excludes 0.
    """
    seeds = sorted({record["seed"] for record in records})
    names = list(dict.fromkeys(record["arm"] for record in records))
    costs = {record["arm"]: record["costs"] for record in records if "costs" in record}
    settings = {name: settings_of(arm, costs[name]) for name, arm in ({"full": Arm((), "")} | ARMS).items()}
    per_seed = {
        measure: {
            arm: list(by_seed(records, arm, measure).values())
            for arm in names
            if any(record["arm"] == arm and measure in record for record in records)
        }
        for measure in ("accuracy", "kl", "agreement", "batch_1_seconds", "batch_64_seconds")
    }
    laws = {
        step: [law_of({arm: of[i] for arm, of in per_seed["accuracy"].items()}, step) for i in range(len(seeds))]
        for step in STEPS
    }
    seconds = {batch: per_seed.pop(f"{batch}_seconds") for batch in ("batch_1", "batch_64")}
    return {
        "seeds": seeds,
        "levels": {
            name: {"sparsity": level.sparsity, "rank": level.rank, "bits": level.bits, "severity": level.severity}
            for name, level in LEVELS.items()
        },
        "arms": settings,
        **per_seed,
        "seconds": {arm: {batch: of_arm[arm] for batch, of_arm in seconds.items()} for arm in seconds["batch_1"]},
        "laws": {
            step: dict(zip(("c", "g", "largest_residual"), map(list, zip(*of_step, strict=True)), strict=True))
            for step, of_step in laws.items()
        },
        "fronts": fronts(settings, per_seed["accuracy"], seconds),
        "not_faster": {
            batch: [
                arm
                for arm in of_batch
                if arm not in ("full", "full_again") and not is_faster(records, arm, f"{batch}_share_seconds")
            ]
            for batch, of_batch in seconds.items()
        },
    }


def settings_of(arm: Arm, costs: Sequence[int]) -> dict[str, Any]:
    """Return what an arm does, what its network costs, and the arm that is timed in its place."""
    shapes = [step for step in ("prune", "svd") if any(step == SAME_SHAPE.get(done, done) for done in arm.steps)]
    return {
        "steps": list(arm.steps),
        "level": arm.level,
        "training": arm.training,
        **dict(zip(Cost._fields, costs, strict=True)),
        "timed": "_".join((*shapes, arm.level)) if shapes else "full",
    }


def fronts(
    settings: Mapping[str, Mapping[str, Any]],
    accuracies: Mapping[str, Sequence[float]],
    seconds: Mapping[str, Mapping[str, Sequence[float]]],
) -> dict[str, dict[str, list[str]]]:
    """Return the arms on the Pareto front of each cost and mean accuracy, one-shot and all, by rising cost."""
    found: dict[str, dict[str, list[str]]] = {}
    for group in ("one_shot", "all"):
        arms = [name for name, of_arm in settings.items() if group == "all" or not of_arm["training"]]
        quality = [statistics.mean(accuracies[name]) for name in arms]
        costs = {cost: [settings[name][cost] for name in arms] for cost in ("macs", "bytes")} | {
            f"{batch}_seconds": [statistics.mean(of_batch[settings[name]["timed"]]) for name in arms]
            for batch, of_batch in seconds.items()
        }
        found[group] = {cost: [arms[i] for i in pareto_front(values, quality)] for cost, values in costs.items()}
    return found


def is_faster(records: Sequence[Record], arm: str, measure: str) -> bool:
    """Return whether the interval of the arm's time minus that of the whole network lies below 0."""
    difference = paired_difference(records, arm, "full", measure)
    return difference["mean"] + difference["half_width"] < 0
