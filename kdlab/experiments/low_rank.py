"""Low rank: what a layer of 64x64 loses with its rank, and whether the best approximation of the weights is the best.

A student with two hidden layers of 64 units learns all labelled rows from a teacher (T = 4, with the factor T^2); then
its second layer, 64x64, is replaced by two factors. Ways to choose them: the plain SVD; the data-aware one, for the
second moments that the layer's inputs have on the training rows; the plain one followed by 300 more steps of
distillation of the whole network; and, as a control, the projection of the inputs onto a random subspace, where those
of a seed contain each other. The whole layer with 300 more steps stands beside: what more training alone is worth.

Both errors are relative: that of the weights is |W - A| / |W|, that of the outputs the square root of
E|(W - A) x|^2 / E|W x|^2 on the training rows, W and x those of the student before anything is replaced. After more
training A is the product of the factors as they are then.

Nothing was tuned: Adam's step size, .005 in training and after it, is one choice, made by hand before the first run.
Students of a seed start alike and see the same batches, all that is trained further sees the same batches too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import pad

from kdlab.core.low_rank import data_aware_factors, layer_cost, low_rank_factors, output_error
from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import Split, digits, mnist5k
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.networks import Forward, Layers, forward, generators, initial_parameters, logits_of
from kdlab.experiments.shown import first_network, first_record, layer_arrays, of_first

Factors = tuple[NDArray[np.float64], NDArray[np.float64]]  # U and V

UNITS_OF_LAYER = 64
STEPS, MORE_STEPS, BATCH_SIZE = 600, 300, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)
LOSS = partial(distillation_loss, temperature=4.0, alpha=1.0)

DATA: dict[str, Callable[[int], Split]] = {"digits": digits, "mnist5k": mnist5k}
DATA_WORDS = {"digits": "digits", "mnist5k": "MNIST"}
RANKS = {"digits": (2, 4, 6, 8, 12, 16, 32), "mnist5k": (2, 4, 8, 16)}
LARGEST_RANK = max(max(ranks) for ranks in RANKS.values())
MATRIX = 1  # which layer is replaced

Method = Literal["full", "plain", "data_aware", "random"]
METHOD_WORDS: dict[Method, str] = {
    "full": "the whole layer",
    "plain": "factors nearest in the weights",
    "data_aware": "factors nearest in the outputs",
    "random": "the inputs cut down to a subspace by lot",
}
METHODS: tuple[Method, ...] = ("plain", "data_aware", "random")


@dataclass(frozen=True)
class Arm:
    """One way to replace the layer."""

    data: str
    method: Method
    rank: int = UNITS_OF_LAYER
    more_training: bool = False

    @property
    def name(self) -> str:
        """Of the arm, such as "digits_plain_kd_r8"."""
        kd = "_kd" if self.more_training else ""
        rank = "" if self.method == "full" else f"_r{self.rank}"
        return f"{self.data}_{self.method}{kd}{rank}"


ARMS: dict[str, Arm] = {
    arm.name: arm
    for data, ranks in RANKS.items()
    for arm in (
        Arm(data, "full"),
        Arm(data, "full", more_training=True),
        *(Arm(data, method, rank) for rank in ranks for method in METHODS),
        *(Arm(data, "plain", rank, more_training=True) for rank in ranks),
    )
}


def run(lab: Lab) -> None:
    """Train teachers and students, replace the students' layer, and measure them on the test rows.

    Beside accuracy, kl and agreement arms have "weight_error" and "output_error" in [0, inf).
    """
    for data, source in DATA.items():
        split = lab.split(source)
        teacher = lab.ensemble(split)
        lab.note(f"{data}_teacher", lab.graded(teacher, split))
        lesson, full = Lesson(split.train, LOSS, teacher.train_logits), f"{data}_full"
        start = partial(initial_parameters, (split.train_inputs.shape[-1], UNITS_OF_LAYER, UNITS_OF_LAYER, 10))
        options = {"optimiser": OPTIMISER, "batch_size": BATCH_SIZE}
        student = lab.students({full: lesson}, start, steps=STEPS, **options)[full].parameters
        hidden = torch.relu(layer_output(student[0], split.train_inputs)).numpy()
        covariances = hidden.swapaxes(1, 2) @ hidden / hidden.shape[1]
        weights = student[MATRIX][0].numpy().swapaxes(1, 2)  # a row for each output, as the library has it
        networks = {
            name: replace_layer(student, factors_of(arm, weights, covariances, lab.seeds))
            for name, arm in ARMS.items()
            if arm.data == data
        }
        networks |= trained_further(lab, networks, lesson)
        for name, layers in networks.items():
            lab.exam(name, logits_of(layers, split.test_inputs, forward_of(layers)), teacher.test_logits, split)
            lab.note(name, list(map(errors_of, weights, product_of(layers), covariances)))
        lab.note(full, of_first(lab.seeds, {"student": first_network(student), "moments": covariances[0].tolist()}))


def trained_further(lab: Lab, networks: dict[str, Layers], lesson: Lesson) -> dict[str, Layers]:
    """Distil further the arms that are to be; every arm of a seed sees the same batches.

    Factors of all ranks are trained side by side, filled up with zeros to one shape. Those zeros stay: the gradient of
    a row of one factor is a multiple of the column of the other.
    """
    found: dict[str, Layers] = {}
    for factored in (False, True):
        names = [n for n in networks if ARMS[n].more_training and (ARMS[n].method != "full") == factored]
        start = side_by_side([filled_up(networks[name]) for name in names])
        trained = lab.students(
            dict.fromkeys(names, lesson),
            start,
            OPTIMISER,
            steps=MORE_STEPS,
            batch_size=BATCH_SIZE,
            forward=forward_of(start),
            purpose="more training",
        )
        found |= {name: of_arm.parameters for name, of_arm in trained.items()}
    return found


def side_by_side(networks: Sequence[Layers]) -> Layers:
    """Join networks of one shape along their first axis."""
    return [
        (torch.cat([weight for weight, _ in layers]), torch.cat([bias for _, bias in layers]))
        for layers in zip(*networks, strict=True)
    ]


def filled_up(parameters: Layers) -> Layers:
    """Fill up factors with zeros to the largest rank; leave networks without factors as they are."""
    if not is_factored(parameters):
        return parameters
    before, (V, no_bias), (U, bias), after = parameters
    missing = LARGEST_RANK - V.shape[-1]
    V, no_bias, U = pad(V, (0, missing)), pad(no_bias, (0, missing)), pad(U, (0, 0, 0, missing))
    return [before, (V, no_bias), (U, bias), after]


def is_factored(parameters: Layers) -> bool:
    """Return whether the second layer is two factors."""
    return len(parameters) == 4


def forward_of(parameters: Layers) -> Forward:
    """Return the function that computes the logits, of whole networks or of those with factors."""
    return factored_forward if is_factored(parameters) else forward


def layer_output(layer: tuple[Tensor, Tensor], inputs: NDArray[np.float64]) -> Tensor:
    """Return what a layer of S networks makes of their inputs (S, N, D), before ReLU."""
    weight, bias = layer
    return torch.baddbmm(bias, torch.from_numpy(inputs), weight)


def factors_of(
    arm: Arm, weights: NDArray[np.float64], covariances: NDArray[np.float64], seeds: Sequence[int]
) -> list[Factors]:
    """Factor the layer of each seed as the arm says; for the whole layer there are none.

    Parameters
    ----------
    arm : Arm
        Which factors.
    weights : ndarray, shape (S, 64, 64)
        A row for each output.
    covariances : ndarray, shape (S, 64, 64)
        Second moments of the layer's inputs.
    seeds : sequence of int
        Decide the random subspaces: those of a seed contain each other, rank by rank.
    """
    if arm.method == "full":
        return []
    if arm.method == "plain":
        return [low_rank_factors(W, arm.rank) for W in weights]
    if arm.method == "data_aware":
        return [data_aware_factors(W, Sigma, arm.rank) for W, Sigma in zip(weights, covariances, strict=True)]
    rngs = generators(seeds, "random subspace")
    bases = [np.linalg.qr(rng.standard_normal((UNITS_OF_LAYER, UNITS_OF_LAYER)))[0][:, : arm.rank] for rng in rngs]
    return [(W @ basis, basis.T) for W, basis in zip(weights, bases, strict=True)]


def replace_layer(parameters: Layers, factors: Sequence[Factors]) -> Layers:
    """Put two layers, V then U with the bias, in the place of one; without factors, leave the networks as they are."""
    if not factors:
        return parameters
    first = torch.from_numpy(np.stack([V.T for _, V in factors]))
    second = torch.from_numpy(np.stack([U.T for U, _ in factors]))
    no_bias = torch.zeros(len(factors), 1, first.shape[-1], dtype=first.dtype)
    return [
        *parameters[:MATRIX],
        (first, no_bias),
        (second, parameters[MATRIX][1]),
        *parameters[MATRIX + 1 :],
    ]


def factored_forward(parameters: Layers, inputs: Tensor) -> Tensor:
    """Return the logits of networks whose second layer is two: neither bias nor ReLU comes between the factors."""
    (W, b), (V, _), (U, bias), (head, head_bias) = parameters
    hidden = torch.relu(torch.baddbmm(b, inputs, W))
    hidden = torch.relu(torch.baddbmm(bias, torch.bmm(hidden, V), U))
    return torch.baddbmm(head_bias, hidden, head)


def product_of(parameters: Layers) -> NDArray[np.float64]:
    """Return the matrices (S, 64, 64) that the layer now stands for, a row for each output."""
    weight = parameters[MATRIX][0]
    if is_factored(parameters):
        weight = weight @ parameters[MATRIX + 1][0]
    return weight.numpy().swapaxes(1, 2)


def errors_of(W: NDArray[np.float64], A: NDArray[np.float64], covariance: NDArray[np.float64]) -> dict[str, float]:
    """Return the relative errors of weights and outputs, both roots of a sum of squares."""
    return {
        "weight_error": float(np.linalg.norm(W - A) / np.linalg.norm(W)),
        "output_error": (output_error(W, A, covariance) / output_error(W, np.zeros_like(W), covariance)) ** 0.5,
    }


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: each measure by data set, method, rank and seed, and what a rank costs.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "ranks" by data set; "parameters" of the layer by data set and rank, and
        "parameters_full", biases left out; and for each data set "<measure>": method -> [rank][seed], and
        "<measure>_full", "<measure>_full_kd": [seed], of the whole layer.
    """

    def of_seeds(arm: str, measure: str) -> list[float]:
        return list(by_seed(records, arm, measure).values())

    methods = (*METHODS, "plain_kd")
    found: dict[str, Any] = {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": sorted({record["seed"] for record in records}),
        "ranks": {data: list(ranks) for data, ranks in RANKS.items()},
        "parameters": {
            data: [layer_cost(UNITS_OF_LAYER, UNITS_OF_LAYER, rank)[0] for rank in ranks]
            for data, ranks in RANKS.items()
        },
        "parameters_full": layer_cost(UNITS_OF_LAYER, UNITS_OF_LAYER)[0],
    }
    for data, ranks in RANKS.items():
        found[data] = {
            measure: {m: [of_seeds(f"{data}_{m}_r{rank}", measure) for rank in ranks] for m in methods}
            for measure in UNITS
        }
        for measure in ("accuracy", "kl", "agreement"):
            found[data][f"{measure}_full"] = of_seeds(f"{data}_full", measure)
            found[data][f"{measure}_full_kd"] = of_seeds(f"{data}_full_kd", measure)
    return found


def shown(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """Return the digits' student of the first seed, before its layer is replaced.

    Returns
    -------
    dict
        "weight_1" to "weight_3", a row for each output, and "bias_1" to "bias_3"; "moments" (64, 64), of the inputs of
        the second layer on the training rows. Its test rows are those of results/shown/pruning.npz.
    """
    first = first_record(records, "digits_full")
    return layer_arrays(first["student"]) | {"moments": np.array(first["moments"], np.float32)}


COMPARISONS: list[tuple[str, str]] = [
    pair
    for data, ranks in RANKS.items()
    for pair in (
        (f"{data}_full_kd", f"{data}_full"),
        *((f"{data}_plain_r{r}", f"{data}_full") for r in ranks),
        *((f"{data}_plain_r{r}", f"{data}_random_r{r}") for r in ranks),
        *((f"{data}_data_aware_r{r}", f"{data}_plain_r{r}") for r in ranks),
        *((f"{data}_plain_kd_r{r}", f"{data}_plain_r{r}") for r in ranks),
        *((f"{data}_plain_kd_r{r}", f"{data}_full_kd") for r in ranks),
        *((f"{data}_plain_kd_r{r}", f"{data}_data_aware_r{r}") for r in ranks),
    )
]

CONTROLS = {
    "digits_random_r8": "would have kept as much accuracy as the SVD if it did not matter which subspace is kept",
    "mnist5k_random_r8": "would have kept as much accuracy as the SVD if it did not matter which subspace is kept",
    "digits_full_kd": "would have gained as much as the factors do if their gain were that of more training",
    "digits_data_aware_r2 - digits_plain_r2": (
        "would have been a gain, as at higher ranks, if the least error of the outputs were the best accuracy"
    ),
}

UNITS = {"accuracy": "%", "kl": "nats", "agreement": "%", "weight_error": "%", "output_error": "%"}


def words_of_arm(arm: Arm) -> str:
    """Return what an arm is, in plain words."""
    rank = "" if arm.method == "full" else f", rank {arm.rank} of {UNITS_OF_LAYER}"
    on = ", taught on by the teacher" if arm.more_training else ""
    return f"{DATA_WORDS[arm.data]}: {METHOD_WORDS[arm.method]}{rank}{on}"


EXPERIMENT = Experiment(
    question=(
        "How do the errors of weights and outputs, the accuracy and the fidelity of a distilled student change with "
        "the rank of its layer of 64x64, for factors best for the weights, best for the outputs, and trained further?"
    ),
    words={arm.name: words_of_arm(arm) for arm in ARMS.values()}
    | {f"{data}_teacher": f"{words}: the teacher, five networks" for data, words in DATA_WORDS.items()},
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    shown=shown,
)
