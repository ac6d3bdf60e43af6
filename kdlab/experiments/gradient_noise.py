"""Gradient noise: how the noise of the distillation gradient falls with T, and whether raising T mends small batches.

First the noise itself. A student of 64-32-10 units and its teacher, who both have all 1,297 training digits, give the
exact variance of a mini-batch's gradient at every T; its local power of T is the exponent, by the logits and by the
parameters of the last layer. It is taken of the student as it starts ("noise_initial"), after 40 steps ("noise_early")
and after all 500 ("noise_trained").

Then the rule T = T0 (B0/B)^(1/4). From B0 = 64 and T0 = 4 the batch falls to 8 and to 4, at the same number of steps,
with the temperature left as it is ("fixed"), by the rule ("rule"), with the step size times sqrt(B/B0) in its place
("lr"), and by the rule where the loss has the factor T^2 ("rule_T2"). That loss is 16 times larger at T0, so its step
size is a sixteenth: at T0 both train exactly alike, and at B0 there is one arm for both. Adam does not see a factor of
its loss and has no such arm. "lr" is the control of steps that are as short without another temperature.

Nothing was tuned; all choices were made by hand before the run. Plain gradient descent has three step sizes, .3, .1 and
.01 for the loss with the factor T^2, which is 4.8, 1.6 and .16 without; Adam has .005. (The first draft had 1 in the
place of .3. On a seed that is none of the twenty its base arm did not learn, and so could say nothing of batches.) All
arms of a seed share initial weights; those of one batch size also share the order of the mini-batches.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.core.gradient_noise import (
    batch_variance,
    head_gradients,
    high_temperature_gradients,
    logit_gradients,
    scaled_learning_rate,
    signal_to_noise,
    variance_exponent,
)
from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import Split, digits
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.losses import softened_kl
from kdlab.experiments.networks import Layers, Trained, features_of, generators, initial_parameters, logits_of

TEMPERATURES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
RATIO = 1.01  # of the temperatures between which the exponent by the parameters is taken: an error of about 1e-4
BASE_TEMPERATURE, BASE_BATCH_SIZE = 4.0, 64
BATCH_SIZES = (8, 4)
WIDTH, STEPS, EARLY = 32, 500, 40
KINDS = ("logits", "parameters", "law", "snr")
STATES = ("noise_initial", "noise_early", "noise_trained")

Change = Literal["base", "fixed", "rule", "lr", "rule_T2"]


@dataclass(frozen=True)
class Arm:
    """One way to train a student; the step size is that of the loss as the arm has it."""

    optimiser: Literal["sgd", "adam"]
    base_step_size: float
    batch_size: int
    change: Change
    step_size: float
    temperature: float = BASE_TEMPERATURE
    scale_by_T2: bool = False


def arm_of(optimiser: Literal["sgd", "adam"], step_size: float, batch_size: int, change: Change) -> Arm:
    """Return what becomes of the base arm, whose step size is given, when the batch size changes."""
    # not by kdlab.gradient_noise.scaled_temperature, which refuses the factor T^2: what that does is asked here
    raised = BASE_TEMPERATURE * (BASE_BATCH_SIZE / batch_size) ** 0.25
    arm = Arm(optimiser, step_size, batch_size, change, step_size)
    if change == "rule":
        return replace(arm, temperature=raised)
    if change == "rule_T2":
        return replace(arm, temperature=raised, scale_by_T2=True, step_size=step_size / BASE_TEMPERATURE**2)
    if change == "lr":
        return replace(arm, step_size=scaled_learning_rate(step_size, BASE_BATCH_SIZE, batch_size))
    return arm


SETTINGS: dict[str, tuple[Literal["sgd", "adam"], float]] = {
    **{f"sgd_{step_size:g}": ("sgd", step_size * BASE_TEMPERATURE**2) for step_size in (0.3, 0.1, 0.01)},
    "adam": ("adam", 0.005),
}
CHANGES: dict[str, tuple[Change, ...]] = {"sgd": ("fixed", "rule", "lr", "rule_T2"), "adam": ("fixed", "rule", "lr")}
ARMS = {
    f"{name}_{change}_B{batch_size}": arm_of(optimiser, step_size, batch_size, change)
    for batch_size in (BASE_BATCH_SIZE, *BATCH_SIZES)
    for name, (optimiser, step_size) in SETTINGS.items()
    for change in (CHANGES[optimiser] if batch_size < BASE_BATCH_SIZE else ("base",))
}
TRAINED = f"adam_base_B{BASE_BATCH_SIZE}"  # the student whose noise is taken


def name_of(kind: str, temperature: float) -> str:
    """Name what is measured of the noise at a temperature, such as logits_T0_5."""
    return f"{kind}_T{temperature:g}".replace(".", "_")


def run(lab: Lab) -> None:
    """Train teachers and students, take the noise of their gradients, and measure them on the test rows.

    An arm that trains a student has "accuracy" and "agreement" in [0, 1], "kl" to the teacher at T = 1 in nats, and
    "step_variance", that of the first step by the logits over the base arm's. The three arms of noise have, for each T,
    the exponents "logits_T" and "parameters_T", "law_T", the variance over what the law T^-4 says, and "snr_T" at a
    batch size of 64.
    """
    full = lab.split(digits)
    teacher = lab.ensemble(full)
    start = initial_parameters((64, WIDTH, 10), generators(lab.seeds, "student"))
    start_logits = logits_of(start, full.train_inputs)
    trained: dict[str, Trained] = {}
    for _, group in groupby(sorted(ARMS.items(), key=side_by_side), key=side_by_side):
        trained |= train_students(lab, dict(group), full, teacher.train_logits)
    for name, students in trained.items():
        lab.exam(name, logits_of(students.parameters, full.test_inputs), teacher.test_logits, full)
        of_seeds = zip(start_logits, teacher.train_logits, strict=True)
        lab.note(name, [{"step_variance": step_variance(ARMS[name], *of_seed)} for of_seed in of_seeds])
    early = train_students(lab, {"noise_early": ARMS[TRAINED]}, full, teacher.train_logits, EARLY)["noise_early"]
    for name, parameters in zip(STATES, (start, early.parameters, trained[TRAINED].parameters), strict=True):
        logits, features = logits_of(parameters, full.train_inputs), last_features(parameters, full.train_inputs)
        lab.note(name, [noise(*of_seed) for of_seed in zip(logits, teacher.train_logits, features, strict=True)])


def side_by_side(named: tuple[str, Arm]) -> tuple[str, int, float]:
    """Return what arms must have in common to be trained in one computation."""
    # a step of plain gradient descent is its size times the gradient, and so the size can be a factor of that
    _, arm = named
    return arm.optimiser, arm.batch_size, arm.step_size if arm.optimiser == "adam" else 0.0


def train_students(
    lab: Lab, arms: Mapping[str, Arm], split: Split, teacher_logits: NDArray[np.float64], steps: int = STEPS
) -> dict[str, Trained]:
    """Train one student for each seed and arm, of one optimiser and batch size, and with Adam of one step size."""

    def of_networks(values: Sequence[float]) -> Tensor:
        return torch.from_numpy(np.repeat(values, len(lab.seeds)))[:, None, None]

    settings = list(arms.values())
    T = of_networks([arm.temperature for arm in settings])
    factor = of_networks([arm.temperature**2 if arm.scale_by_T2 else 1.0 for arm in settings])[:, 0, 0]
    step_sizes = of_networks([arm.step_size for arm in settings])

    def loss(logits: Tensor, targets: Tensor, _: Tensor) -> Tensor:
        return factor * softened_kl(logits / T, targets / T, 1.0, scale_by_T2=False)

    def take_step_sizes(parameters: Layers) -> None:
        for tensor in (tensor for layer in parameters for tensor in layer):
            tensor.grad *= step_sizes

    sgd = settings[0].optimiser == "sgd"
    return lab.students(
        {name: Lesson(split.train, loss, teacher_logits) for name in arms},
        partial(initial_parameters, (64, WIDTH, 10)),
        partial(torch.optim.SGD, lr=1.0) if sgd else partial(torch.optim.Adam, lr=settings[0].step_size),
        steps=steps,
        batch_size=settings[0].batch_size,
        before_step=take_step_sizes if sgd else None,
    )


def step_variance(arm: Arm, logits: NDArray[np.float64], teacher_logits: NDArray[np.float64]) -> float:
    """Return the variance of an arm's step of plain gradient descent over that of its base arm, by the logits (N, C).

    Drawn with replacement: at T0 and with one step size it is B0/B exactly.
    """
    gradients = logit_gradients(logits, teacher_logits, arm.temperature, scale_by_T2=arm.scale_by_T2)
    base = logit_gradients(logits, teacher_logits, BASE_TEMPERATURE)
    ratio = batch_variance(gradients, arm.batch_size) / batch_variance(base, BASE_BATCH_SIZE)
    return float(ratio * (arm.step_size / arm.base_step_size) ** 2)


def last_features(parameters: Layers, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what the last layer reads (S, N, W + 1), a 1 for its bias among it."""
    hidden = features_of(parameters, inputs)
    return np.concatenate([hidden, np.ones_like(hidden[..., :1])], axis=-1)


def noise(
    logits: NDArray[np.float64], teacher_logits: NDArray[np.float64], features: NDArray[np.float64]
) -> dict[str, float]:
    """Measure the noise of a student's gradient at every T, from logits (N, C) and the last layer's inputs (N, W)."""
    measures: dict[str, float] = {}
    for T in TEMPERATURES:
        gradients = logit_gradients(logits, teacher_logits, T)
        law = high_temperature_gradients(logits, teacher_logits, T)
        low, high = (
            batch_variance(head_gradients(logit_gradients(logits, teacher_logits, t), features))
            for t in (T / RATIO, T * RATIO)
        )
        measures[name_of("logits", T)] = float(variance_exponent(logits, teacher_logits, T))
        measures[name_of("parameters", T)] = float(np.log(high / low) / (2 * np.log(RATIO)))
        measures[name_of("law", T)] = float(batch_variance(gradients) / batch_variance(law))
        measures[name_of("snr", T)] = float(signal_to_noise(gradients, BASE_BATCH_SIZE))
    return measures


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: what each temperature does to the noise, and each arm to the accuracy.

    Returns
    -------
    dict
        "arms": settings by name; "temperatures"; "seeds"; "noise": state -> kind -> [seed][temperature]; "accuracy":
        arm -> [seed].
    """

    def of(arm: str, measure: str) -> list[float]:
        return list(by_seed(records, arm, measure).values())

    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "temperatures": list(TEMPERATURES),
        "seeds": list(by_seed(records, TRAINED, "accuracy")),
        "noise": {
            state: {kind: np.transpose([of(state, name_of(kind, T)) for T in TEMPERATURES]).tolist() for kind in KINDS}
            for state in STATES
        },
        "accuracy": {name: of(name, "accuracy") for name in ARMS},
    }


def words() -> Iterator[tuple[str, str]]:
    """Yield every arm, and what it is in plain words."""
    yield "noise_initial", "gradients of the student before its first step"
    yield "noise_early", f"gradients of the student after {EARLY} steps"
    yield "noise_trained", f"gradients of the student after {STEPS} steps"
    for name, arm in ARMS.items():
        sgd = arm.optimiser == "sgd"
        step = f"plain gradient descent, step {arm.base_step_size / BASE_TEMPERATURE**2:g}" if sgd else "Adam"
        how = f"T = {arm.temperature:.3g}"
        if arm.change == "lr":
            how += f", step times {arm.step_size / arm.base_step_size:.3g}"
        if arm.change in ("rule", "rule_T2"):
            how += " by the rule"
        if arm.change == "rule_T2":
            how += ", with the factor T²"
        yield name, f"{step}, batches of {arm.batch_size}, {how}"


def comparisons() -> Iterator[tuple[str, str]]:
    """Yield the pairs whose differences are wanted."""
    for name, (optimiser, _) in SETTINGS.items():
        for batch_size in BATCH_SIZES:
            fixed, rule, lr, rule_T2 = (f"{name}_{change}_B{batch_size}" for change in CHANGES["sgd"])
            yield from ((arm, f"{name}_base_B{BASE_BATCH_SIZE}") for arm in (fixed, rule, lr))
            yield from ((rule, fixed), (lr, fixed), (rule, lr))
            if optimiser == "sgd":
                yield rule_T2, fixed


SMALL_BATCH = "that batches too small for the step are noise is what it is to show"
SHORT_STEP = "that steps too short do not come far is what it is to show"

EXPERIMENT = Experiment(
    question=(
        "With which power of T does the variance of the distillation gradient fall on trained networks, and does "
        "raising T by the rule T0 (B0/B)^(1/4) make up for a smaller batch in a way that a smaller step would not?"
    ),
    words=dict(words()),
    controls={
        "sgd_0.3_rule_B8 - sgd_0.3_lr_B8": "would have been a gain if the temperature did more than a smaller step",
        "sgd_0.3_rule_T2_B8 - sgd_0.3_fixed_B8": "would have been a gain if the rule needed no smaller step",
        "adam_rule_B8 - adam_fixed_B8": "would have been a gain if less variance alone, without smaller steps, helped",
        "sgd_0.01_rule_B8 - sgd_0.01_fixed_B8": "would have been a gain if the rule helped whatever the step size",
        "noise_initial": "would have had the exponent -4 at every T if the law held at all temperatures",
    },
    units={
        "accuracy": "%",
        "agreement": "%",
        "kl": "nats",
        "step_variance": "",
        **{name_of(kind, T): "" for kind in KINDS for T in TEMPERATURES},
    },
    comparisons=list(comparisons()),
    run=run,
    measured=measured,
    may_fail={
        **{f"sgd_0.3_{change}_B{size}": SMALL_BATCH for change in ("fixed", "rule_T2") for size in BATCH_SIZES},
        **{f"sgd_0.01_{change}_B{size}": SHORT_STEP for change in ("rule", "lr") for size in BATCH_SIZES},
    },
)
