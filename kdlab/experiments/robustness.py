"""Robustness: what one bit a weight in one of two linear layers does to a classifier under l-infinity attack.

The teacher is f(x) = w2 . W1 x without biases, trained with weight decay; a student is the teacher with one layer at
one bit a weight, not trained again. A linear score has its worst perturbation in closed form, so every robust accuracy
is exact, with no attack to trust. Two data sets: breast cancer (30 features, each divided by its standard deviation)
and the digits 3 and 8 (64 pixels, without bounds on what a perturbed pixel may be); both less the mean of the training
rows. They have 369 and 207 rows to train on, 150 and 100 to test.

Nothing was tuned; all choices were made by hand before the first run: gradient descent on all rows, step size .1,
momentum .9, 500 steps, decay .01 (so that the loss is the logistic one plus .005 |theta|^2), hidden sizes 4, 16 and 64,
and the three epsilons of each data set. All arms of a seed and a hidden size come from one training.

The arms "diagonal" and "hadamard" are the teacher of 16 units written with other layers (a gauge); "shrunk" is the
teacher with a tenth of w2 and so of the l1 norm; "undecayed" is trained without weight decay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache, partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer
from torch import Tensor
from torch.nn import functional

from kdlab.experiments.data import Split, all_digits, split, stacked
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_student_is_not_teacher,
)
from kdlab.experiments.measures import of_student
from kdlab.experiments.networks import Layers, Trained, generators, initial_parameters, train
from kdlab.experiments.record import rounded
from kdlab.experiments.summary import Record
from kdlab.robustness import (
    TwoLayers,
    compress,
    critical_radius,
    dual_norm,
    effective_weights,
    hadamard_gauge,
    robust_accuracy,
    sign_gauge,
    worst_margins,
)

QUESTION = (
    "How much exact l-infinity robust accuracy does a two-layer linear network lose with one bit a weight in its first "
    "or in its second layer, is that a property of the layer or of how the function is written, and does a small l1 "
    "norm alone make a classifier robust?"
)
EPSILONS = {"cancer": (0.1, 0.2, 0.3), "digits": (0.02, 0.05, 0.1)}
CURVE = {"cancer": 0.4, "digits": 0.15}  # largest epsilon of the curves for the picture
POINTS = 21
HIDDEN = (4, 16, 64)
MIDDLE = 16
STEPS = 500
DECAY = 1e-2
REPLAYED_STEPS = 20

Gauge = Literal["trained", "diagonal", "hadamard", "shrunk"]


@dataclass(frozen=True)
class Arm:
    """A teacher, the layers it is written with, and which of them has one bit a weight."""

    data: Literal["cancer", "digits"]
    hidden: int = MIDDLE
    decay: float = DECAY
    gauge: Gauge = "trained"
    layer: int | None = None
    per_row: bool = False


def arms_of(data: Literal["cancer", "digits"]) -> dict[str, Arm]:
    """Name the arms of a data set."""
    layers = {"teacher": None, "layer1": 1, "layer2": 2}
    arms = {f"h{h}_{name}": Arm(data, h, layer=layer) for h in HIDDEN for name, layer in layers.items()}
    arms[f"h{MIDDLE}_layer1_rows"] = Arm(data, layer=1, per_row=True)
    for gauge in ("diagonal", "hadamard"):
        arms |= {f"{gauge}_{name}": Arm(data, gauge=gauge, layer=layer) for name, layer in layers.items()}
    arms["shrunk"] = Arm(data, gauge="shrunk")
    arms |= {f"undecayed_{name}": Arm(data, decay=0.0, layer=layer) for name, layer in layers.items()}
    return {f"{data}_{name}": arm for name, arm in arms.items()}


ARMS: dict[str, Arm] = arms_of("cancer") | arms_of("digits")

COMPARISONS: list[tuple[str, str]] = [
    (f"{data}_{arm}", f"{data}_{baseline}")
    for data in EPSILONS
    for arm, baseline in [
        *((f"h{h}_layer1", f"h{h}_teacher") for h in HIDDEN),
        *((f"h{h}_layer2", f"h{h}_teacher") for h in HIDDEN),
        *((f"h{h}_layer1", f"h{h}_layer2") for h in HIDDEN),
        ("h16_layer1_rows", "h16_layer1"),
        ("diagonal_teacher", "h16_teacher"),
        ("diagonal_layer1", "h16_teacher"),
        ("diagonal_layer2", "h16_teacher"),
        ("hadamard_teacher", "h16_teacher"),
        ("hadamard_layer1", "h16_teacher"),
        ("hadamard_layer2", "h16_teacher"),
        ("hadamard_layer1", "hadamard_layer2"),
        ("shrunk", "h16_teacher"),
        ("undecayed_layer1", "undecayed_teacher"),
        ("undecayed_layer2", "undecayed_teacher"),
        ("undecayed_layer1", "undecayed_layer2"),
    ]
]

CONTROLS = {
    "cancer_h16_teacher": "would have been as fragile as the students if compression were not what costs robustness",
    "cancer_h16_layer1 - cancer_h16_layer2": "would have been 0 if it did not matter which layer is compressed",
    "cancer_diagonal_teacher - cancer_h16_teacher": "would have differed from 0 if the gauge changed the function",
    "cancer_hadamard_layer1 - cancer_h16_teacher": (
        "would have been the loss of the trained first layer if that were a property of first layers"
    ),
    "cancer_shrunk - cancer_h16_teacher": "would have been a gain if a small l1 norm alone made a classifier robust",
    "cancer_undecayed_layer2 - cancer_undecayed_teacher": (
        "would have been as harmless as with weight decay if the decay were not the cause"
    ),
}


def name_of(epsilon: float) -> str:
    """Name the measure of robust accuracy, such as robust_0_05 for an epsilon of .05."""
    return f"robust_{epsilon:g}".replace(".", "_")


UNITS = {
    "accuracy": "%",
    **{name_of(epsilon): "%" for epsilons in EPSILONS.values() for epsilon in epsilons},
    "agreement": "%",
    "kl": "nats",
    "l1_norm": "",
    "median_radius": "",
    "first_direction": "%",
}

# for machines that round otherwise, set before the first replay: 3 of the 150 and 100 test rows, at most
BOUNDS = {
    "accuracy": 0.03,
    **{name_of(epsilon): 0.03 for epsilons in EPSILONS.values() for epsilon in epsilons},
    "agreement": 0.03,
    "kl": 0.05,
    "l1_norm": 0.1,
    "median_radius": 0.01,
    "first_direction": 0.01,
}


def run(seeds: Sequence[int]) -> list[Record]:
    """Train the teachers on some seeds, compress them, and measure all on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", "accuracy" and, for each epsilon of the data set, robust accuracy in
        [0, 1] ("robust_0_1" at .1); "agreement" and "kl" to the teacher of the same training; "l1_norm" of the
        effective weights; "median_radius" of the test rows, in units of the inputs; "first_direction", the part in
        [0, 1] of |W1|^2 that lies in its first singular direction; "curve", the robust accuracy at 21 epsilons.
        Teachers as they were trained have "losses", the first 20 of training.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    records = []
    for data in EPSILONS:
        splits = stacked([centred(SPLITS[data](seed)) for seed in seeds])
        for train_inputs, test_inputs in zip(splits.train_inputs, splits.test_inputs, strict=True):
            check_no_test_rows_in_training(train_inputs, test_inputs)
        of_data = {name: arm for name, arm in ARMS.items() if arm.data == data}
        for hidden, decay in dict.fromkeys((arm.hidden, arm.decay) for arm in of_data.values()):
            trained = train_teachers(splits, hidden, decay, seeds)
            arms = {name: arm for name, arm in of_data.items() if (arm.hidden, arm.decay) == (hidden, decay)}
            records += records_of(seeds, arms, trained, splits)
    return records


def cancer(seed: int) -> Split:
    """Split the 569 rows of breast cancer; labels are -1 and +1, features are divided by their standard deviation."""
    parts = split(*all_tumours(), seed, train=369, test=150)
    spread = parts.train_inputs.std(axis=0)
    return parts._replace(train_inputs=parts.train_inputs / spread, test_inputs=parts.test_inputs / spread)


def three_or_eight(seed: int) -> Split:
    """Split the 357 digits that are a 3 or an 8; labels are -1 and +1."""
    images, classes = all_digits()
    chosen = np.isin(classes, (3, 8))
    return split(images[chosen], np.where(classes[chosen] == 8, 1, -1), seed, train=207, test=100)


SPLITS: dict[str, Callable[[int], Split]] = {"cancer": cancer, "digits": three_or_eight}


@cache
def all_tumours() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return breast cancer, (569, 30), and its labels, +1 for benign."""
    inputs, labels = load_breast_cancer(return_X_y=True)
    return inputs, 2 * labels - 1


def centred(parts: Split) -> Split:
    """Subtract the mean of the training rows, as a classifier without bias needs; no epsilon changes its meaning."""
    mean = parts.train_inputs.mean(axis=0)
    return parts._replace(train_inputs=parts.train_inputs - mean, test_inputs=parts.test_inputs - mean)


def linear_scores(parameters: Layers, inputs: Tensor) -> Tensor:
    """Return the scores (S, N, 1) of two linear layers; the biases are there and not used."""
    (hidden_weights, _), (output_weights, _) = parameters
    return inputs @ hidden_weights @ output_weights


def logistic_loss(scores: Tensor, labels: Tensor) -> Tensor:
    r"""Return the mean of :math:`\log(1 + e^{-y f(x)})` over the mini-batch, for scores (S, B, 1), labels (S, B)."""
    return functional.softplus(-labels * scores.squeeze(-1)).mean(-1)


def train_teachers(splits: Split, hidden: int, decay: float, seeds: Sequence[int]) -> Trained:
    """Train one linear network for each seed, on all rows at each step."""
    rngs = generators(seeds, "teacher")
    rows, features = splits.train_inputs.shape[1:]
    return train(
        initial_parameters((features, hidden, 1), rngs),
        splits.train_inputs,
        splits.train_labels.astype(np.float64),
        logistic_loss,
        partial(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=decay),
        steps=STEPS,
        batch_size=rows,
        rngs=rngs,
        forward=linear_scores,
    )


def records_of(seeds: Sequence[int], arms: dict[str, Arm], trained: Trained, splits: Split) -> list[Record]:
    """Compress the teachers of one training as its arms say, check and measure them, seed by seed."""
    (hidden_weights, _), (output_weights, _) = trained.parameters
    records = []
    for i, seed in enumerate(seeds):
        check_learning(trained.losses[i])
        inputs, labels = splits.test_inputs[i], splits.test_labels[i]
        teacher = TwoLayers(hidden_weights[i].numpy().T, output_weights[i, :, 0].numpy())
        teacher_logits = two_logits(teacher, inputs)
        check_labels_match(teacher_logits, labels > 0)
        for name, arm in arms.items():
            student = layers_of(arm, teacher)
            logits = two_logits(student, inputs)
            if arm.gauge == "trained" and arm.layer:
                check_student_is_not_teacher(logits, teacher_logits)
            record = {"seed": seed, "arm": name, **measures_of_layers(arm, student, inputs, labels)}
            fidelity = of_student(logits, teacher_logits, labels > 0)
            record |= {"agreement": fidelity["agreement"], "kl": round(fidelity["kl"], 9) + 0.0}
            if arm.gauge == "trained" and not arm.layer:
                record["losses"] = trained.losses[i, :REPLAYED_STEPS].tolist()
            records.append(rounded(record))  # so that gauges that differ by rounding alone are ties
    return records


def layers_of(arm: Arm, teacher: TwoLayers) -> TwoLayers:
    """Write the teacher in the gauge of the arm, and compress what the arm compresses."""
    gauges: dict[Gauge, Callable[[NDArray[np.float64], NDArray[np.float64]], TwoLayers]] = {
        "trained": TwoLayers,
        "diagonal": sign_gauge,
        "hadamard": hadamard_gauge,
        "shrunk": lambda hidden_weights, output_weights: TwoLayers(hidden_weights, output_weights / 10),
    }
    layers = gauges[arm.gauge](*teacher)
    return compress(*layers, layer=arm.layer, per_row=arm.per_row) if arm.layer else layers


def two_logits(layers: TwoLayers, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (N, 2) of the classes -1 and +1, whose softmax is that of the score."""
    scores = inputs @ effective_weights(*layers)
    return np.stack([-scores / 2, scores / 2], axis=-1)


def measures_of_layers(
    arm: Arm, layers: TwoLayers, inputs: NDArray[np.float64], labels: NDArray[np.int64]
) -> dict[str, Any]:
    """Measure two linear layers on the test rows: what is right, what stays right, and why."""
    weights = effective_weights(*layers)

    def robust(epsilon: float) -> float:
        return float(robust_accuracy(worst_margins(weights, inputs, labels, epsilon)))

    directions = np.linalg.svd(layers.hidden_weights, compute_uv=False) ** 2
    return {
        "accuracy": robust(0.0),
        **{name_of(epsilon): robust(epsilon) for epsilon in EPSILONS[arm.data]},
        "l1_norm": float(dual_norm(weights)),
        "median_radius": float(np.median(critical_radius(weights, inputs, labels))),
        "first_direction": float(directions[0] / directions.sum()),
        "curve": [robust(epsilon) for epsilon in epsilons_of_curve(arm.data)],
    }


def epsilons_of_curve(data: str) -> list[float]:
    """Return the epsilons of the curves for the picture."""
    return np.linspace(0, CURVE[data], POINTS).tolist()


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the robust accuracy of 16 hidden units over epsilon, seed by seed.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "epsilons": data set -> the 21 epsilons; "seeds"; "curves": arm -> [seed][epsilon],
        for the arms of 16 hidden units.
    """
    ordered = sorted(records, key=lambda record: record["seed"])
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "epsilons": {data: epsilons_of_curve(data) for data in EPSILONS},
        "seeds": sorted({record["seed"] for record in records}),
        "curves": {
            name: [record["curve"] for record in ordered if record["arm"] == name]
            for name, arm in ARMS.items()
            if arm.hidden == MIDDLE
        },
    }
