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
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.datasets import load_breast_cancer
from torch import Tensor
from torch.nn import functional

from kdlab.core.robustness import (
    compress,
    critical_radius,
    dual_norm,
    effective_weights,
    hadamard_gauge,
    robust_accuracy,
    sign_gauge,
    worst_margins,
)
from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Split, all_digits, split
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.networks import Layers, Trained, initial_parameters

EPSILONS = {"cancer": (0.1, 0.2, 0.3), "digits": (0.02, 0.05, 0.1)}
CURVE = {"cancer": 0.4, "digits": 0.15}  # largest epsilon of the curves for the picture
POINTS = 21
HIDDEN = (4, 16, 64)
MIDDLE = 16
STEPS = 500
DECAY = 1e-2
SHOWN_ARMS = ("teacher", "layer1", "layer2")  # of 16 hidden units, on digits
SHOWN_ROWS = 8

Gauge = Literal["trained", "diagonal", "hadamard", "shrunk"]
TwoLayers = tuple[NDArray[np.float64], NDArray[np.float64]]  # W1 (H, D) and w2 (H,)


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


def name_of(epsilon: float) -> str:
    """Name the measure of robust accuracy, such as robust_0_05 for an epsilon of .05."""
    return f"robust_{epsilon:g}".replace(".", "_")


def run(lab: Lab) -> None:
    """Train the teachers, compress them, and measure all on the test rows.

    "accuracy" and, for each epsilon of the data set, robust accuracy in [0, 1] ("robust_0_1" at .1); "agreement" and
    "kl" to the teacher of the same training; "l1_norm" of the effective weights; "median_radius" of the test rows, in
    units of the inputs; "first_direction", the part in [0, 1] of |W1|^2 that lies in its first singular direction. For
    the pictures "curve" holds the robust accuracy at 21 epsilons, and "weights" the effective ones of some arms.
    """
    for data in EPSILONS:
        parts = lab.split(SPLITS[data])
        of_data = {name: arm for name, arm in ARMS.items() if arm.data == data}
        for hidden, decay in dict.fromkeys((arm.hidden, arm.decay) for arm in of_data.values()):
            teachers = train_teachers(lab, data, parts, hidden, decay)
            arms = {name: arm for name, arm in of_data.items() if (arm.hidden, arm.decay) == (hidden, decay)}
            for name, arm in arms.items():
                note_arm(lab, name, arm, teachers, parts)


def cancer(seed: int) -> Split:
    """Split the 569 rows of breast cancer; the label is 1 for benign, features are divided by their deviation."""
    parts = split(*load_breast_cancer(return_X_y=True), seed, train=369, test=150)
    spread = parts.train_inputs.std(axis=0)
    return centred(parts._replace(train_inputs=parts.train_inputs / spread, test_inputs=parts.test_inputs / spread))


def three_or_eight(seed: int) -> Split:
    """Split the 357 digits that are a 3 or an 8; the label is 1 for an 8."""
    return centred(pixels_of_three_or_eight(seed))


def pixels_of_three_or_eight(seed: int) -> Split:
    """Split them without a change of their pixels."""
    images, classes = all_digits()
    chosen = np.isin(classes, (3, 8))
    return split(images[chosen], np.where(classes[chosen] == 8, 1, 0), seed, train=207, test=100)


SPLITS: dict[str, Callable[[int], Split]] = {"cancer": cancer, "digits": three_or_eight}


def centred(parts: Split) -> Split:
    """Subtract the mean of the training rows, as a classifier without bias needs; no epsilon changes its meaning."""
    mean = parts.train_inputs.mean(axis=0)
    return parts._replace(train_inputs=parts.train_inputs - mean, test_inputs=parts.test_inputs - mean)


def linear_scores(parameters: Layers, inputs: Tensor) -> Tensor:
    """Return the scores (S, N, 1) of two linear layers; the biases are there and not used."""
    (hidden_weights, _), (output_weights, _) = parameters
    return inputs @ hidden_weights @ output_weights


def logistic_loss(scores: Tensor, targets: Tensor, labels: Tensor) -> Tensor:
    r"""Return the mean of :math:`\log(1 + e^{-y f(x)})` over the mini-batch, y = -1 or +1, for scores (S, B, 1)."""
    return functional.softplus(-(2.0 * labels - 1.0) * scores.squeeze(-1)).mean(-1)


def train_teachers(lab: Lab, data: str, parts: Split, hidden: int, decay: float) -> Trained:
    """Train one linear network for each seed, on all rows at each step."""
    rows, features = parts.train_inputs.shape[1:]
    name = f"{data}_h{hidden}_teacher" if decay else f"{data}_undecayed_teacher"
    trained = lab.students(
        {name: Lesson(parts.train, logistic_loss)},
        partial(initial_parameters, (features, hidden, 1)),
        partial(torch.optim.SGD, lr=0.1, momentum=0.9, weight_decay=decay),
        steps=STEPS,
        batch_size=rows,
        purpose="teacher",
        forward=linear_scores,
    )
    return trained[name]


def note_arm(lab: Lab, name: str, arm: Arm, teachers: Trained, parts: Split) -> None:
    """Compress the teachers of one training as an arm says, and measure them."""
    (hidden_weights, _), (output_weights, _) = teachers.parameters
    layers = [(W1.numpy().T, w2.numpy()[:, 0]) for W1, w2 in zip(hidden_weights, output_weights, strict=True)]
    students = [layers_of(arm, *of_seed) for of_seed in layers]
    logits, teacher_logits = (two_logits(of_seeds, parts.test_inputs) for of_seeds in (students, layers))
    lab.exam(name, logits, teacher_logits, parts)
    tested = zip(students, parts.test_inputs, parts.test_labels, strict=True)
    measures = [measures_of_layers(arm, *of_seed) for of_seed in tested]
    lab.note(name, measures)
    if name in [f"digits_h{MIDDLE}_{shown}" for shown in SHOWN_ARMS]:
        lab.note(name, [{"weights": effective_weights(*of_seed).tolist()} for of_seed in students])


def layers_of(arm: Arm, hidden_weights: NDArray[np.float64], output_weights: NDArray[np.float64]) -> TwoLayers:
    """Write the teacher in the gauge of the arm, and compress what the arm compresses."""
    gauges: dict[Gauge, Callable[..., TwoLayers]] = {
        "trained": lambda W1, w2: (W1, w2),
        "diagonal": sign_gauge,
        "hadamard": hadamard_gauge,
        "shrunk": lambda W1, w2: (W1, w2 / 10),
    }
    layers = gauges[arm.gauge](hidden_weights, output_weights)
    return compress(*layers, arm.layer, arm.per_row) if arm.layer else layers


def two_logits(layers: Sequence[TwoLayers], inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (S, N, 2) of the classes 0 and 1, whose softmax is that of the score.

    Rounded, so that gauges that differ by rounding alone are ties.
    """
    scores = np.stack([x @ effective_weights(*of_seed) for of_seed, x in zip(layers, inputs, strict=True)])
    return np.stack([-scores / 2, scores / 2], axis=-1).round(9)


def measures_of_layers(
    arm: Arm, layers: TwoLayers, inputs: NDArray[np.float64], labels: NDArray[np.int64]
) -> dict[str, Any]:
    """Measure two linear layers on the test rows: what stays right under attack, and why."""
    weights, y = effective_weights(*layers), 2 * labels - 1

    def robust(epsilon: float) -> float:
        return float(robust_accuracy(worst_margins(weights, inputs, y, epsilon)))

    directions = np.linalg.svd(layers[0], compute_uv=False) ** 2
    return {
        **{name_of(epsilon): robust(epsilon) for epsilon in EPSILONS[arm.data]},
        "l1_norm": float(dual_norm(weights)),
        "median_radius": float(np.median(critical_radius(weights, inputs, y))),
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
        Those of `run`.

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


def shown(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """Return what a picture of an attack on the first seed's digits needs.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "weights" (3, 64), the effective ones of the teacher of 16 hidden units, and with its first and its second layer
        at one bit; "mean" (64,) of the training rows; "images" (8, 64) in [0, 16], test rows; "labels" (8,), 1 for 8.
    """
    seed = min(record["seed"] for record in records)
    of_first = {record["arm"]: record for record in records if record["seed"] == seed}
    pixels = pixels_of_three_or_eight(seed)
    return {
        "weights": np.float32([of_first[f"digits_h{MIDDLE}_{name}"]["weights"] for name in SHOWN_ARMS]),
        "mean": np.float32(pixels.train_inputs.mean(axis=0)),
        "images": np.uint8(pixels.test_inputs[:SHOWN_ROWS] * 16),
        "labels": np.uint8(pixels.test_labels[:SHOWN_ROWS]),
    }


def words_of(arm: Arm) -> str:
    """Say in plain words what an arm is."""
    written = {
        "trained": "as trained",
        "diagonal": "written with signs as its second layer",
        "hadamard": "written with a first layer that one bit does not change",
        "shrunk": "its second layer divided by ten",
    }[arm.gauge]
    decay = "" if arm.decay else " without weight decay"
    bits = {None: "", 1: "; first layer at one bit", 2: "; second layer at one bit"}[arm.layer]
    rows = ", a scale for each row" if arm.per_row else ""
    data = {"cancer": "breast cancer", "digits": "3 or 8"}[arm.data]
    return f"{data}: {arm.hidden} hidden units{decay}, {written}{bits}{rows}"


QUESTION = (
    "How much exact l-infinity robust accuracy does a two-layer linear network lose with one bit a weight in its first "
    "or in its second layer, is that a property of the layer or of how the function is written, and does a small l1 "
    "norm alone make a classifier robust?"
)
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
UNITS = {
    "accuracy": "%",
    **{name_of(epsilon): "%" for epsilons in EPSILONS.values() for epsilon in epsilons},
    "agreement": "%",
    "kl": "nats",
    "l1_norm": "",
    "median_radius": "",
    "first_direction": "%",
}
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

EXPERIMENT = Experiment(
    question=QUESTION,
    words={name: words_of(arm) for name, arm in ARMS.items()},
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    shown=shown,
    may_copy={
        name: "the teacher itself, or a way to write it"
        if arm.layer is None
        else "the gauge that one bit does not hurt"
        for name, arm in ARMS.items()
        if (arm.layer is None and arm.gauge != "shrunk") or (arm.gauge, arm.layer) in (("diagonal", 2), ("hadamard", 1))
    },
)
