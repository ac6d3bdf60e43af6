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

from kdlab.experiments.data import Split, digits, mnist5k, stacked
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_student_is_not_teacher,
)
from kdlab.experiments.losses import softened_kl
from kdlab.experiments.measures import accuracy, of_student
from kdlab.experiments.networks import (
    Forward,
    Layers,
    Trained,
    forward,
    generators,
    initial_parameters,
    logits_of,
    train,
)
from kdlab.experiments.summary import Record
from kdlab.experiments.teachers import MEMBERS, ensemble_logits, member_logits, train_members
from kdlab.low_rank import (
    Factors,
    data_aware_factors,
    layer_cost,
    low_rank_factors,
    output_error,
)

QUESTION = (
    "How do the errors of weights and outputs, the accuracy and the fidelity of a distilled student change with the "
    "rank of its layer of 64x64, for factors best for the weights, best for the outputs, and trained further?"
)
UNITS_OF_LAYER = 64
STEPS, MORE_STEPS, BATCH_SIZE = 600, 300, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)
LOSS = partial(softened_kl, temperature=4.0, scale_by_T2=True)
REPLAYED_STEPS = 20

DATA: dict[str, Callable[[int], Split]] = {"digits": digits, "mnist5k": mnist5k}
RANKS = {"digits": (2, 4, 6, 8, 12, 16, 32), "mnist5k": (2, 4, 8, 16)}
LARGEST_RANK = max(max(ranks) for ranks in RANKS.values())
MATRIX = 1  # which layer is replaced

Method = Literal["full", "plain", "data_aware", "random"]
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

# for machines that round otherwise, set before the first replay: 9 of 450 test rows for a whole student, twice as many
# for one cut to a few ranks, whose decisions lie closer together
BOUNDS = {"accuracy": 0.04, "agreement": 0.04, "kl": 0.2, "weight_error": 0.03, "output_error": 0.03}


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, replace the students' layer, and measure them on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", "accuracy" in [0, 1], "kl" to the teacher at T = 1 in nats,
        "agreement" with it in [0, 1], "weight_error" and "output_error" in [0, inf), and "losses", the first 20 of
        training where there is any. The arms of the teachers have accuracy and losses alone.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    return [record for data in DATA for record in run_on(data, seeds)]


def run_on(data: str, seeds: Sequence[int]) -> list[Record]:
    """Run on one data set."""
    split = stacked([DATA[data](seed) for seed in seeds])
    for train_inputs, test_inputs in zip(split.train_inputs, split.test_inputs, strict=True):
        check_no_test_rows_in_training(train_inputs, test_inputs)
    members = train_members(split, seeds)
    targets = ensemble_logits(member_logits(members.parameters, split.train_inputs))
    teacher_logits = ensemble_logits(member_logits(members.parameters, split.test_inputs))
    for i in range(len(seeds)):
        check_labels_match(targets[i], split.train_labels[i])
        check_labels_match(teacher_logits[i], split.test_labels[i])
    losses = members.losses.reshape(len(seeds), MEMBERS, -1).mean(axis=1)[:, :REPLAYED_STEPS]
    records: list[Record] = [
        {
            "seed": seed,
            "arm": f"{data}_teacher",
            "accuracy": accuracy(teacher_logits[i], split.test_labels[i]),
            "losses": losses[i].tolist(),
        }
        for i, seed in enumerate(seeds)
    ]

    students = train_students(split, targets, seeds)
    for of_seed in students.losses:
        check_learning(of_seed)
    hidden = torch.relu(layer_output(students.parameters[0], split.train_inputs)).numpy()
    covariances = hidden.swapaxes(1, 2) @ hidden / hidden.shape[1]
    weights = students.parameters[MATRIX][0].numpy().swapaxes(1, 2)  # a row for each output, as the library has it

    replaced = {
        name: replace_layer(students.parameters, factors_of(arm, weights, covariances, seeds))
        for name, arm in ARMS.items()
        if arm.data == data
    }
    trained = train_further(replaced, split, targets, seeds)
    for name, parameters in replaced.items():
        if name in trained:
            parameters = trained[name].parameters
        logits = logits_of(parameters, split.test_inputs, forward_of(parameters))
        products = product_of(parameters)
        for i, seed in enumerate(seeds):
            check_student_is_not_teacher(logits[i], teacher_logits[i])
            record = {
                "seed": seed,
                "arm": name,
                **of_student(logits[i], teacher_logits[i], split.test_labels[i]),
                **errors_of(weights[i], products[i], covariances[i]),
            }
            if name == f"{data}_full":
                record["losses"] = students.losses[i, :REPLAYED_STEPS].tolist()
            elif name in trained:
                record["losses"] = trained[name].losses[i, :REPLAYED_STEPS].tolist()
            records.append(record)
    return records


def train_students(split: Split, teacher_logits: NDArray[np.float64], seeds: Sequence[int]) -> Trained:
    """Distil one student for each seed: inputs, 64, 64, the classes."""
    rngs = generators(seeds, "student")
    sizes = (split.train_inputs.shape[-1], UNITS_OF_LAYER, UNITS_OF_LAYER, 10)
    return distil(initial_parameters(sizes, rngs), split, teacher_logits, STEPS, rngs)


def train_further(
    replaced: dict[str, Layers], split: Split, teacher_logits: NDArray[np.float64], seeds: Sequence[int]
) -> dict[str, Trained]:
    """Distil further the arms that are to be; every arm of a seed sees the same batches.

    Factors of all ranks are trained side by side, filled up with zeros to one shape. Those zeros stay: the gradient of
    a row of one factor is a multiple of the column of the other.
    """
    names = [name for name in replaced if ARMS[name].more_training]
    whole = [name for name in names if ARMS[name].method == "full"]
    factored = [name for name in names if ARMS[name].method != "full"]
    found = {}
    for group in (whole, factored):
        rngs = [rng for _ in group for rng in generators(seeds, "more training")]
        networks = side_by_side([filled_up(replaced[name]) for name in group])
        trained = distil(networks, split, teacher_logits, MORE_STEPS, rngs)
        for i, name in enumerate(group):
            of_arm = slice(i * len(seeds), (i + 1) * len(seeds))
            parameters = [(weight[of_arm], bias[of_arm]) for weight, bias in trained.parameters]
            found[name] = Trained(parameters, trained.losses[of_arm])
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


def distil(
    parameters: Layers,
    split: Split,
    teacher_logits: NDArray[np.float64],
    steps: int,
    rngs: Sequence[np.random.Generator],
) -> Trained:
    """Train networks on the teacher's logits, with the step size, batches and loss of all; some for each split."""
    repeats = len(rngs) // len(teacher_logits)
    return train(
        parameters,
        np.tile(split.train_inputs, (repeats, 1, 1)),
        np.tile(teacher_logits, (repeats, 1, 1)),
        LOSS,
        OPTIMISER,
        steps=steps,
        batch_size=BATCH_SIZE,
        rngs=rngs,
        forward=forward_of(parameters),
    )


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
    return [Factors(W @ basis, basis.T) for W, basis in zip(weights, bases, strict=True)]


def replace_layer(parameters: Layers, factors: Sequence[Factors]) -> Layers:
    """Put two layers, V then U with the bias, in the place of one; without factors, leave the networks as they are."""
    if not factors:
        return parameters
    first = torch.from_numpy(np.stack([of_seed.V.T for of_seed in factors]))
    second = torch.from_numpy(np.stack([of_seed.U.T for of_seed in factors]))
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
    nothing = np.zeros_like(W)
    return {
        "weight_error": float(np.linalg.norm(W - A) / np.linalg.norm(W)),
        "output_error": (output_error(W, A, covariance) / output_error(W, nothing, covariance)) ** 0.5,
    }


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: each measure by data set, method, rank and seed, and what a rank costs.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "ranks" by data set; "parameters" of the layer by data set and rank, and
        "parameters_full", biases left out; and for each data set "<measure>": method -> [rank][seed], and
        "<measure>_full", "<measure>_full_kd": [seed], of the whole layer.
    """
    values = {(record["arm"], record["seed"]): record for record in records}
    seeds = sorted({record["seed"] for record in records})

    def by_seed(arm: str, measure: str) -> list[float]:
        return [values[arm, seed][measure] for seed in seeds]

    methods = (*METHODS, "plain_kd")
    found: dict[str, Any] = {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": seeds,
        "ranks": {data: list(ranks) for data, ranks in RANKS.items()},
        "parameters": {
            data: [layer_cost(UNITS_OF_LAYER, UNITS_OF_LAYER, rank).parameters for rank in ranks]
            for data, ranks in RANKS.items()
        },
        "parameters_full": layer_cost(UNITS_OF_LAYER, UNITS_OF_LAYER).parameters,
    }
    for data, ranks in RANKS.items():
        found[data] = {
            measure: {m: [by_seed(f"{data}_{m}_r{rank}", measure) for rank in ranks] for m in methods}
            for measure in UNITS
        }
        for measure in ("accuracy", "kl", "agreement"):
            found[data][f"{measure}_full"] = by_seed(f"{data}_full", measure)
            found[data][f"{measure}_full_kd"] = by_seed(f"{data}_full_kd", measure)
    return found
