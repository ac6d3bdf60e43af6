r"""The straight-through estimator: whether it trains one-bit students, and what its bias has to do with temperature.

Students of 64-64-10 units learn all labelled digits from a random start, 400 steps, their weights one bit with one
scale for a layer (biases are not quantized), at several temperatures with the factor T^2 ("ste_T4"), and from labels
alone ("ste_hard"). Each has its like in full precision ("full_T4"): "cost" is what quantizing loses at that temperature
in accuracy, so that an effect of T on all students is not taken for one on the estimator. At T = 4 there are besides:

- "fixed": no estimator, the scale held fixed. The weights have the true gradient, 0, and biases alone learn;
- "moving": no estimator, the true gradient of a scale m = mean|w| that moves with its weights;
- "clip_1" and "clip_0_125": the gradient of weights beyond 1, or 1/8, is set to 0. No weight starts beyond 1/8;
- "clamp_0_125": weights beyond 1/8 are put back to it after each step, as BinaryConnect does. The scale of a layer is
  then at most 1/8 too, and there is no normalisation after it, so the logits are bounded.

Of the gradients of the arm's own loss (that of its temperature, T^2 included) on all training rows, by all weights and
at the arm's latent weights w, before training ("start") and after it ("end"):

- "cosine": between the straight-through gradient, clipped if the arm clips, and g(w), that of full precision;
- "length": log10 of \|g(q)\| / \|g(w)\|. Where a network has been trained, its own gradient is nearly gone;
- "bias_a": \|g(q) - g(w)\|, against full precision, over the longer of the two, so in [0, 2];
- "bias_b": \|g(q) - J'g(q)\| / \|g(q)\|, against the true derivative for the scale that moves.

For the arms of full precision these say what the estimator would meet, were it begun there. "flipped" is the share of
weights whose sign is not that of the start, "beyond" of those of more than 1/8, "beyond_1" of more than 1.

The rest is closed forms. "linear": 8 weights and their targets, drawn by the seed, in linear regression with white
inputs, where the norms of all three biases are exact: (a) against full precision, (b) against the true derivative with
the scale fixed and moving, (c) against the loss smoothed by noise as wide as the scale. "mismatch" is |q - w|.
"logistic_T4": one Gaussian input, w = .3, q = .8, w_t = 1.2; "exact" is the bias (a) by quadrature, "simulated" that of
100,000 inputs drawn by the seed, "standard_errors" their distance; "scaled" is T^2 times the exact bias, "relative" is
the bias over the gradient of full precision.

Nothing was tuned: Adam's step size, .005, is one choice, made by hand before the first run. All arms of a seed share
rows, initial weights and the order of the mini-batches; the last network is measured, no average.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor

from kdlab.experiments.data import Split, digits, stacked
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.measures import accuracy, student_records
from kdlab.experiments.networks import (
    Layers,
    Lesson,
    Trained,
    forward,
    forward_with,
    generators,
    initial_parameters,
    logits_of,
    train,
    train_lessons,
)
from kdlab.experiments.quantizers import one_bit
from kdlab.experiments.summary import Record
from kdlab.experiments.teachers import Teachers, checked_teachers
from kdlab.quantization import one_bit as one_bit_of
from kdlab.quantization import one_bit_scale
from kdlab.straight_through import (
    bias_to_full_precision,
    bias_to_smoothed_loss,
    bias_to_true_derivative,
    clamp_latent,
    linear_bias,
    logistic_bias,
    logistic_relative_bias,
    ste_gradient,
)

QUESTION = (
    "Does the straight-through estimator train students of one bit that the true gradient does not train, how far is "
    "its gradient from that of full precision, and does a high temperature of distillation make that distance smaller?"
)
SIZES = (64, 64, 10)
STEPS, BATCH_SIZE = 400, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)
BOUND = 0.125  # of the initial weights of either layer: 1 over the square root of 64 inputs

TEMPERATURES = (0.5, 1.0, 2.0, 4.0, 8.0, 32.0)
BASE_TEMPERATURE = 4.0

NUM_WEIGHTS = 8
W, Q, W_T = 0.3, 0.8, 1.2
LOGISTIC_TEMPERATURES = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 32.0)
DRAWS = 100_000

Backward = Literal["identity", "fixed", "moving", "clip", "clamp"]


@dataclass(frozen=True)
class Arm:
    """One way to train a student; without a temperature, from the labels. The limit is that of clip and clamp."""

    quantized: bool
    temperature: float | None
    backward: Backward = "identity"
    limit: float = float("inf")

    def loss(self, logits: Tensor, teacher_logits: Tensor, labels: Tensor) -> Tensor:
        """Return the loss of each network, shape (S,)."""
        if self.temperature is None:
            return cross_entropy(logits, labels)
        return softened_kl(logits, teacher_logits, self.temperature, scale_by_T2=True)

    def weights(self, latent: Tensor) -> Tensor:
        """Return the weights (S, fan_in, fan_out) that the network computes with."""
        if not self.quantized:
            return latent
        if self.backward == "fixed":
            return one_bit(latent.detach())
        if self.backward == "moving":
            m = latent.abs().mean((1, 2), keepdim=True)
            return torch.where(latent >= 0, m, -m)
        return one_bit(latent, clip=self.limit if self.backward == "clip" else None)


def word(number: float) -> str:
    """Write a number as a part of a name, such as 0_5."""
    return f"{number:g}".replace(".", "_")


LESSONS: dict[str, float | None] = {**{f"T{word(T)}": T for T in TEMPERATURES}, "hard": None}
ARMS: dict[str, Arm] = {
    **{f"full_{lesson}": Arm(False, T) for lesson, T in LESSONS.items()},
    **{f"ste_{lesson}": Arm(True, T) for lesson, T in LESSONS.items()},
    "fixed_T4": Arm(True, BASE_TEMPERATURE, "fixed"),
    "moving_T4": Arm(True, BASE_TEMPERATURE, "moving"),
    "clip_1_T4": Arm(True, BASE_TEMPERATURE, "clip", 1.0),
    "clip_0_125_T4": Arm(True, BASE_TEMPERATURE, "clip", BOUND),
    "clamp_0_125_T4": Arm(True, BASE_TEMPERATURE, "clamp", BOUND),
}
# what "cost" is counted from: full precision with the same lesson
LIKE = {name: f"full_{lesson}" for name, arm in ARMS.items() for lesson, T in LESSONS.items() if arm.temperature == T}

COMPARISONS: list[tuple[str, str]] = [
    *((f"ste_{lesson}", f"full_{lesson}") for lesson in LESSONS),
    *(
        (f"{kind}_{lesson}", f"{kind}_T4")
        for kind in ("ste", "full")
        for lesson, T in LESSONS.items()
        if T != BASE_TEMPERATURE
    ),
    *((f"{kind}_T0_5", f"{kind}_T32") for kind in ("ste", "full")),
    *((name, "ste_T4") for name, arm in ARMS.items() if arm.backward != "identity"),
    ("moving_T4", "fixed_T4"),
    ("clamp_0_125_T4", "clip_0_125_T4"),
    ("logistic_T32", "logistic_T1"),
    ("logistic_T0_05", "logistic_T1"),
]

CONTROLS = {
    "fixed_T4": "would have learned as well if biases could do it and the weights needed no estimator",
    "moving_T4 - ste_T4": "would have been no loss if the true gradient of a moving scale were enough",
    "full_T0_5 - full_T32": (
        "would have been the whole of ste_T0_5 - ste_T32 if the temperature acted on all students alike"
    ),
    "clip_1_T4 - ste_T4": "would have been a difference if clipping at 1 reached the weights of such a network",
    "ste_T32": "would have started with hardly any bias, relative to the gradient, if a high temperature were a cure",
    "logistic_T32": "would have had hardly any bias, relative to the gradient, if a high temperature were a cure",
}

GRADIENT_MEASURES = ("cosine", "length", "bias_a", "bias_b")
STATES = ("start", "end")
TRAINED_MEASURES = (
    *("cost", "flipped", "beyond", "beyond_1"),
    *(f"{measure}_{state}" for measure in GRADIENT_MEASURES for state in STATES),
)
LINEAR_MEASURES = ("linear_a", "linear_b_fixed", "linear_b_moving", "linear_c", "mismatch")
LOGISTIC_MEASURES = ("exact", "simulated", "standard_errors", "scaled", "relative")
SHARES = ("accuracy", "agreement", "cost", "flipped", "beyond", "beyond_1")
UNITS = {"kl": "nats"} | {
    measure: "%" if measure in SHARES else ""
    for measure in ("accuracy", "agreement", *TRAINED_MEASURES, *LINEAR_MEASURES, *LOGISTIC_MEASURES)
}

# for machines that round otherwise, set before the first replay. In float64 rounding does not grow here: on a seed
# outside the record, initial weights moved by 1e-13 of themselves moved nothing by more. But a weight that is carried
# over 0 jumps, and training goes on from there: 22 of 450 test rows, twice that for a difference of two, a fifth of a
# nat and of a cosine, a factor of 2 in the length of what is left of a gradient
BOUNDS = {
    "accuracy": 0.05,
    "agreement": 0.05,
    "cost": 0.1,
    "kl": 0.2,
    "flipped": 0.05,
    "beyond": 0.05,
    "beyond_1": 0.05,
    "cosine_start": 0.001,
    "cosine_end": 0.2,
    "length_start": 0.001,
    "length_end": 0.3,
    "bias_a_start": 0.001,
    "bias_a_end": 0.1,
    "bias_b_start": 0.001,
    "bias_b_end": 0.05,
}


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, measure them and their gradients, and work out the closed forms.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm"; for a student "accuracy" and "agreement" with the teacher in [0, 1],
        "kl" to it at T = 1 in nats, "cost" in [-1, 1], "flipped", "beyond" and "beyond_1" in [0, 1], the cosines in
        [-1, 1], lengths in (-inf, inf) and biases in [0, 2], and "losses", the first 20. "linear" and "logistic_T..."
        have the closed forms.
        The arm "teacher" has "accuracy" alone.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    split = stacked([digits(seed) for seed in seeds])
    teachers = checked_teachers(split, seeds)
    records: list[Record] = [
        {"seed": seed, "arm": "teacher", "accuracy": accuracy(teachers.test_logits[i], split.test_labels[i])}
        for i, seed in enumerate(seeds)
    ]
    start = initial_parameters(SIZES, generators(seeds, "student"))
    reached: dict[str, list[float]] = {}
    for name, students in train_students(split, teachers, seeds).items():
        arm = ARMS[name]
        logits = logits_of(students.parameters, split.test_inputs, forward_with([arm.weights]))
        of_arm = student_records(name, seeds, logits, teachers.test_logits, split.test_labels, students.losses)
        reached[name] = [record["accuracy"] for record in of_arm]
        for i, record in enumerate(of_arm):
            before, after = (one_network(parameters, i) for parameters in (start, students.parameters))
            rows = split.train_inputs[i], teachers.train_logits[i], split.train_labels[i]
            record["cost"] = reached[LIKE[name]][i] - record["accuracy"]
            record |= of_weights(before, after)
            for state, network in zip(STATES, (before, after), strict=True):
                found = of_gradients(arm, network, *rows)
                record |= {f"{measure}_{state}": value for measure, value in found.items()}
        records += of_arm
    return records + [record for seed in seeds for record in closed_forms(seed)]


def train_students(split: Split, teachers: Teachers, seeds: Sequence[int]) -> dict[str, Trained]:
    """Train one student for each arm and seed, side by side; full precision comes first."""
    start = partial(initial_parameters, SIZES)
    together = {name: arm for name, arm in ARMS.items() if arm.backward != "clamp"}
    lessons = [Lesson(teachers.train_logits, split.train_labels, arm.loss) for arm in together.values()]
    trained = train_lessons(
        start,
        split.train_inputs,
        lessons,
        OPTIMISER,
        seeds,
        steps=STEPS,
        batch_size=BATCH_SIZE,
        forward=forward_with([arm.weights for arm in together.values()]),
    )
    found = dict(zip(together, trained, strict=True))
    for name, arm in ARMS.items():
        if arm.backward == "clamp":
            rngs = generators(seeds, "student")
            found[name] = train(
                start(rngs),
                split.train_inputs,
                teachers.train_logits,
                partial(softened_kl, temperature=BASE_TEMPERATURE, scale_by_T2=True),
                OPTIMISER,
                steps=STEPS,
                batch_size=BATCH_SIZE,
                rngs=rngs,
                forward=forward_with([arm.weights]),
                after_step=partial(clamp_weights, limit=arm.limit),
            )
    return found


def clamp_weights(parameters: Layers, limit: float) -> None:
    """Put weights beyond the limit back to it, in place; biases are left alone."""
    with torch.no_grad():
        for weight, _ in parameters:
            weight.copy_(torch.from_numpy(clamp_latent(weight.numpy(), clip=limit)))


def one_network(parameters: Layers, index: int) -> Layers:
    """Return one of the networks."""
    return [(weight[index : index + 1], bias[index : index + 1]) for weight, bias in parameters]


def flat(parameters: Layers) -> NDArray[np.float64]:
    """Return all weights of one network in a row, without the biases."""
    return torch.cat([weight.flatten() for weight, _ in parameters]).numpy()


def of_layers(weights: NDArray[np.float64], parameters: Layers) -> list[NDArray[np.float64]]:
    """Cut a row of weights into those of the layers."""
    return np.split(weights, np.cumsum([weight.numel() for weight, _ in parameters])[:-1])


def of_weights(before: Layers, after: Layers) -> dict[str, float]:
    """Return which shares of a network's weights have changed their sign, and are beyond the limits."""
    w = flat(after)
    return {
        "flipped": float(np.mean((flat(before) >= 0) != (w >= 0))),
        "beyond": float(np.mean(np.abs(w) > BOUND)),
        "beyond_1": float(np.mean(np.abs(w) > 1)),
    }


def of_gradients(
    arm: Arm,
    network: Layers,
    inputs: NDArray[np.float64],
    teacher_logits: NDArray[np.float64],
    labels: NDArray[np.int64],
) -> dict[str, float]:
    """Compare the straight-through gradient with those of full precision and of the quantized loss.

    Parameters
    ----------
    arm : Arm
        Whose loss, and whose clipping.
    network : Layers
        One network, with the latent weights.
    inputs, teacher_logits, labels : ndarray, shapes (N, D), (N, C), (N,)
        The training rows.

    Returns
    -------
    dict
        "cosine", "length", "bias_a", "bias_b".
    """
    gradient = partial(gradient_at, arm, network, inputs, teacher_logits, labels)
    w = flat(network)
    q = np.concatenate([one_bit_of(of_layer) for of_layer in of_layers(w, network)])
    g_w = gradient(w)
    bias = bias_to_full_precision(gradient, w, q)
    g_q = g_w + bias
    clip = arm.limit if arm.backward == "clip" else np.inf
    estimate = ste_gradient(g_q, w, clip=clip)
    layers = zip(of_layers(w, network), of_layers(g_q, network), strict=True)
    bias_b = np.concatenate([bias_to_true_derivative(lambda _, g=g: g, of_layer) for of_layer, g in layers])
    return {
        "cosine": float(estimate @ g_w / (np.linalg.norm(estimate) * np.linalg.norm(g_w))),
        "length": float(np.log10(np.linalg.norm(g_q) / np.linalg.norm(g_w))),
        "bias_a": float(np.linalg.norm(bias) / max(np.linalg.norm(g_q), np.linalg.norm(g_w))),
        "bias_b": float(np.linalg.norm(bias_b) / np.linalg.norm(g_q)),
    }


def gradient_at(
    arm: Arm,
    network: Layers,
    inputs: NDArray[np.float64],
    teacher_logits: NDArray[np.float64],
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the gradient of the arm's loss on all rows by the weights of one network, at weights given in a row."""
    pairs = zip(of_layers(weights, network), network, strict=True)
    layers = [
        (torch.from_numpy(of_layer).view_as(weight).clone().requires_grad_(), bias)
        for of_layer, (weight, bias) in pairs
    ]
    rows = (torch.from_numpy(array)[None] for array in (inputs, teacher_logits, labels))
    batch, targets, classes = rows
    loss = arm.loss(forward(layers, batch), targets, classes).sum()
    return torch.cat([g.flatten() for g in torch.autograd.grad(loss, [weight for weight, _ in layers])]).numpy()


def closed_forms(seed: int) -> list[Record]:
    """Return the records of linear regression and of the logistic student for a seed."""
    [rng] = generators([seed], "closed forms")
    x = rng.standard_normal(DRAWS)
    logistic = [{"seed": seed, "arm": f"logistic_T{word(T)}", **logistic_measures(T, x)} for T in LOGISTIC_TEMPERATURES]
    return [{"seed": seed, "arm": "linear", **linear_measures(rng)}, *logistic]


def linear_measures(rng: np.random.Generator) -> dict[str, float]:
    """Draw weights and targets, and return the norms of the three biases of the straight-through gradient."""
    w, target = rng.standard_normal((2, NUM_WEIGHTS))
    m, q = float(one_bit_scale(w)), one_bit_of(w)

    def gradient(u: NDArray[np.float64]) -> NDArray[np.float64]:
        return u - target

    def loss(u: NDArray[np.float64]) -> float:
        return float(np.sum((u - target) ** 2) / 2)

    biases = {
        "linear_a": linear_bias(w, q).bias,
        "linear_b_fixed": bias_to_true_derivative(gradient, w, scale=m),
        "linear_b_moving": bias_to_true_derivative(gradient, w),
        "linear_c": bias_to_smoothed_loss(loss, gradient, w, scale=m, noise=m),
        "mismatch": q - w,
    }
    return {measure: float(np.linalg.norm(bias)) for measure, bias in biases.items()}


def logistic_measures(temperature: float, x: NDArray[np.float64]) -> dict[str, float]:
    """Return the bias (a) of the logistic student at a temperature: by quadrature, and by inputs x that were drawn."""
    exact = float(logistic_bias([W], [Q], temperature)[0])
    of_each = x * (expit(Q * x / temperature) - expit(W * x / temperature)) / temperature
    simulated = float(of_each.mean())
    return {
        "exact": exact,
        "simulated": simulated,
        "standard_errors": float((simulated - exact) / (of_each.std(ddof=1) / np.sqrt(len(x)))),
        "scaled": temperature**2 * exact,
        "relative": float(logistic_relative_bias([W], [Q], [W_T], temperature)[0]),
    }


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name, an infinite limit as None; "seeds"; "temperatures" and "logistic_temperatures";
        "lessons", the temperatures and "hard", in the order of the lists below; "ste" and "full": measure ->
        [lesson][seed]; "others": measure -> arm -> [seed]; "linear": measure -> [seed]; "logistic": measure ->
        [temperature][seed].
    """
    values = {(record["arm"], record["seed"]): record for record in records}
    seeds = sorted({record["seed"] for record in records})

    def by_seed(arm: str, measure: str) -> list[float]:
        return [values[arm, seed][measure] for seed in seeds]

    measures = ("accuracy", "kl", "agreement", *TRAINED_MEASURES)
    others = [name for name, arm in ARMS.items() if arm.backward != "identity"]
    settings = {name: asdict(arm) for name, arm in ARMS.items()}
    return {
        "arms": {
            name: arm | {"limit": arm["limit"] if np.isfinite(arm["limit"]) else None} for name, arm in settings.items()
        },
        "seeds": seeds,
        "temperatures": list(TEMPERATURES),
        "logistic_temperatures": list(LOGISTIC_TEMPERATURES),
        "lessons": list(LESSONS),
        **{
            kind: {measure: [by_seed(f"{kind}_{lesson}", measure) for lesson in LESSONS] for measure in measures}
            for kind in ("ste", "full")
        },
        "others": {measure: {name: by_seed(name, measure) for name in others} for measure in measures},
        "linear": {measure: by_seed("linear", measure) for measure in LINEAR_MEASURES},
        "logistic": {
            measure: [by_seed(f"logistic_T{word(T)}", measure) for T in LOGISTIC_TEMPERATURES]
            for measure in LOGISTIC_MEASURES
        },
    }
