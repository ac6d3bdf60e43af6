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

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.special import expit
from torch import Tensor

from kdlab.core.quantization import one_bit as one_bit_of
from kdlab.core.quantization import one_bit_scale
from kdlab.core.straight_through import (
    bias_to_full_precision,
    bias_to_smoothed_loss,
    bias_to_true_derivative,
    clamp_latent,
    linear_bias,
    logistic_bias,
    logistic_relative_bias,
    ste_gradient,
)
from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Split, digits
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.measures import accuracy
from kdlab.experiments.networks import (
    Layers,
    Trained,
    forward,
    forward_with,
    generators,
    initial_parameters,
    logits_of,
)
from kdlab.experiments.quantizers import one_bit

SIZES = (64, 64, 10)
STEPS, BATCH_SIZE = 400, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)
BOUND = 0.125  # of the initial weights of either layer: 1 over the square root of 64 inputs

TEMPERATURES = (0.5, 1.0, 2.0, 4.0, 8.0, 32.0)
BASE_TEMPERATURE = 4.0

NUM_WEIGHTS = 8
W, Q, W_T = 0.3, 0.8, 1.2
POINT = tuple(np.array([number]) for number in (W, Q, W_T))
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

GRADIENT_MEASURES = ("cosine", "length", "bias_a", "bias_b")
STATES = ("start", "end")
TRAINED_MEASURES = (
    *("cost", "flipped", "beyond", "beyond_1"),
    *(f"{measure}_{state}" for measure in GRADIENT_MEASURES for state in STATES),
)
LINEAR_MEASURES = ("linear_a", "linear_b_fixed", "linear_b_moving", "linear_c", "mismatch")
LOGISTIC_MEASURES = ("exact", "simulated", "standard_errors", "scaled", "relative")
SHARES = ("accuracy", "agreement", "cost", "flipped", "beyond", "beyond_1")


def run(lab: Lab) -> None:
    """Train teachers and students, measure them and their gradients, and work out the closed forms.

    Students have "accuracy" and "agreement" with the teacher in [0, 1], "kl" to it at T = 1 in nats, "cost" in [-1, 1],
    "flipped", "beyond" and "beyond_1" in [0, 1], the cosines in [-1, 1], lengths in (-inf, inf) and biases in [0, 2].
    "linear" and "logistic_T..." have the closed forms, the teacher has "accuracy" alone.
    """
    split = lab.split(digits)
    teacher = lab.ensemble(split)
    lab.note("teacher", lab.graded(teacher, split))
    start = initial_parameters(SIZES, generators(lab.seeds, "student"))
    right: dict[str, list[float]] = {}
    for name, students in train_students(lab, split, teacher).items():
        logits = logits_of(students.parameters, split.test_inputs, forward_with([ARMS[name].weights]))
        lab.exam(name, logits, teacher.test_logits, split)
        right[name] = [accuracy(*of_seed) for of_seed in zip(logits, split.test_labels, strict=True)]
        lab.note(name, [{"cost": like - own} for like, own in zip(right[LIKE[name]], right[name], strict=True)])
        lab.note(name, [of_training(ARMS[name], start, students, split, teacher, i) for i in range(len(lab.seeds))])
    forms = [closed_forms(seed) for seed in lab.seeds]
    for name in forms[0]:
        lab.note(name, [of_seed[name] for of_seed in forms])


def train_students(lab: Lab, split: Split, teacher: Teacher) -> dict[str, Trained]:
    """Train the students of all arms, side by side but for those that are clamped; full precision comes first."""
    lessons = {
        name: Lesson(split.train, arm.loss, None if arm.temperature is None else teacher.train_logits)
        for name, arm in ARMS.items()
    }
    together = {name: lesson for name, lesson in lessons.items() if ARMS[name].backward != "clamp"}
    found = trained_together(lab, together)
    for name in lessons.keys() - together.keys():
        found |= trained_together(lab, {name: lessons[name]}, partial(clamp_weights, limit=ARMS[name].limit))
    return found


def trained_together(
    lab: Lab, lessons: dict[str, Lesson], after_step: Callable[[Layers], None] | None = None
) -> dict[str, Trained]:
    """Train students from one start, with the weights that their arms compute with."""
    return lab.students(
        lessons,
        partial(initial_parameters, SIZES),
        OPTIMISER,
        steps=STEPS,
        batch_size=BATCH_SIZE,
        forward=forward_with([ARMS[name].weights for name in lessons]),
        after_step=after_step,
    )


def of_training(
    arm: Arm, start: Layers, students: Trained, split: Split, teacher: Teacher, index: int
) -> dict[str, float]:
    """Measure what training has done to one student's weights, and its gradients before and after."""
    before, after = (one_network(parameters, index) for parameters in (start, students.parameters))
    rows = split.train_inputs[index], teacher.train_logits[index], split.train_labels[index]
    measures = of_weights(before, after)
    for state, network in zip(STATES, (before, after), strict=True):
        measures |= {f"{name}_{state}": value for name, value in of_gradients(arm, network, *rows).items()}
    return measures


def clamp_weights(parameters: Layers, limit: float) -> None:
    """Put weights beyond the limit back to it, in place; biases are left alone."""
    with torch.no_grad():
        for weight, _ in parameters:
            weight.copy_(torch.from_numpy(clamp_latent(weight.numpy(), limit)))


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
    estimate = ste_gradient(g_q, w, clip)
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


def closed_forms(seed: int) -> dict[str, dict[str, float]]:
    """Return the measures of linear regression and of the logistic student for a seed, by arm."""
    [rng] = generators([seed], "closed forms")
    x = rng.standard_normal(DRAWS)
    return {
        "linear": linear_measures(rng),
        **{f"logistic_T{word(T)}": logistic_measures(T, x) for T in LOGISTIC_TEMPERATURES},
    }


def linear_measures(rng: np.random.Generator) -> dict[str, float]:
    """Draw weights and targets, and return the norms of the three biases of the straight-through gradient."""
    w, target = rng.standard_normal((2, NUM_WEIGHTS))
    m, q = float(one_bit_scale(w)), one_bit_of(w)

    def gradient(u: NDArray[np.float64]) -> NDArray[np.float64]:
        return u - target

    def loss(u: NDArray[np.float64]) -> float:
        return float(np.sum((u - target) ** 2) / 2)

    biases = {
        "linear_a": linear_bias(w, q)[0],
        "linear_b_fixed": bias_to_true_derivative(gradient, w, m),
        "linear_b_moving": bias_to_true_derivative(gradient, w),
        "linear_c": bias_to_smoothed_loss(loss, gradient, w, m, m),
        "mismatch": q - w,
    }
    return {measure: float(np.linalg.norm(bias)) for measure, bias in biases.items()}


def logistic_measures(temperature: float, x: NDArray[np.float64]) -> dict[str, float]:
    """Return the bias (a) of the logistic student at a temperature: by quadrature, and by inputs x that were drawn."""
    exact = float(logistic_bias(*POINT[:2], temperature)[0])
    of_each = x * (expit(Q * x / temperature) - expit(W * x / temperature)) / temperature
    simulated = float(of_each.mean())
    return {
        "exact": exact,
        "simulated": simulated,
        "standard_errors": float((simulated - exact) / (of_each.std(ddof=1) / np.sqrt(len(x)))),
        "scaled": temperature**2 * exact,
        "relative": float(logistic_relative_bias(*POINT, temperature)[0]),
    }


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

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


def words_of(arm: Arm) -> str:
    """Say in plain words what an arm is."""
    lesson = "labels" if arm.temperature is None else f"soft targets at T = {arm.temperature:g}"
    if not arm.quantized:
        return f"full precision, {lesson}"
    how = {
        "identity": "straight-through",
        "fixed": "no estimator, the scale held fixed",
        "moving": "no estimator, the true gradient of a scale that moves",
        "clip": f"straight-through, gradient of weights beyond {arm.limit:g} set to 0",
        "clamp": f"straight-through, weights put back to {arm.limit:g}",
    }[arm.backward]
    return f"one bit, {how}, {lesson}"


QUESTION = (
    "Does the straight-through estimator train students of one bit that the true gradient does not train, how far is "
    "its gradient from that of full precision, and does a high temperature of distillation make that distance smaller?"
)
WORDS = {
    "teacher": "the teacher, five networks",
    **{name: words_of(arm) for name, arm in ARMS.items()},
    "linear": "linear regression, in closed form",
    **{f"logistic_T{word(T)}": f"a logistic student at T = {T:g}, in closed form" for T in LOGISTIC_TEMPERATURES},
}
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
UNITS = {"kl": "nats"} | {
    measure: "%" if measure in SHARES else ""
    for measure in ("accuracy", "agreement", *TRAINED_MEASURES, *LINEAR_MEASURES, *LOGISTIC_MEASURES)
}
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

EXPERIMENT = Experiment(
    question=QUESTION,
    words=WORDS,
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    may_fail={
        "fixed_T4": "its weights have no gradient: biases alone learn",
        "moving_T4": "its weights have the gradient of their common scale alone: hardly a sign changes",
    },
)
