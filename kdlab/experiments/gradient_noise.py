"""Gradient noise: how the noise of the distillation gradient falls with T, and whether raising T mends small batches.

First the noise itself. A student of 64-32-10 units and its teacher, who both have all 1,297 training digits, give the
exact variance of a mini-batch's gradient at every T; its local power of T is the exponent, by the logits and by the
parameters of the last layer. It is taken of the student as it starts ("noise_initial"), after 40 steps ("noise_early")
and after all 500 ("noise_trained").

Then the rule T = T0 (B0/B)^(1/4). From B0 = 64 and T0 = 4 the batch falls to 8 and to 4, at the same number of steps,
with the temperature left as it is ("fixed"), by the rule ("rule"), with the step size times sqrt(B/B0) in its place
("lr"), and by the rule where the loss has the factor T^2 ("rule_T2"). That loss is 16 times larger at T0, so its step
size is a sixteenth: at T0 both train exactly alike, and at B0 there is one arm for both. Adam does not see a factor of
its loss and has no such arm.

Nothing was tuned; all choices were made by hand before the run. Plain gradient descent has three step sizes, .3, .1 and
.01 for the loss with the factor T^2, which is 4.8, 1.6 and .16 without; Adam has .005. (The first draft had 1 in the
place of .3. On a seed that is none of the twenty its base arm did not learn, and so could say nothing of batches.) All
arms of a seed share initial weights; those of one batch size also share the order of the mini-batches.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import groupby
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.experiments.data import Split, digits, stacked
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_student_is_not_teacher,
)
from kdlab.experiments.losses import softened_kl
from kdlab.experiments.measures import of_student
from kdlab.experiments.networks import Layers, Trained, generators, initial_parameters, logits_of, train
from kdlab.experiments.record import rounded
from kdlab.experiments.summary import Record
from kdlab.experiments.teachers import ensemble_logits, member_logits, train_members
from kdlab.gradient_noise import (
    batch_variance,
    head_gradients,
    high_temperature_gradients,
    logit_gradients,
    scaled_learning_rate,
    signal_to_noise,
    variance_exponent,
)

QUESTION = (
    "With which power of T does the variance of the distillation gradient fall on trained networks, and does raising T "
    "by the rule T0 (B0/B)^(1/4) make up for a smaller batch in a way that a smaller step would not?"
)
TEMPERATURES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
RATIO = 1.01  # of the temperatures between which the exponent by the parameters is taken: an error of about 1e-4
BASE_TEMPERATURE, BASE_BATCH_SIZE = 4.0, 64
BATCH_SIZES = (8, 4)
WIDTH, STEPS, EARLY = 32, 500, 40
SGD_STEP_SIZES = (0.3, 0.1, 0.01)  # for the loss with the factor T^2
ADAM_STEP_SIZE = 0.005
REPLAYED_STEPS = 20

Change = Literal["base", "fixed", "rule", "lr", "rule_T2"]


@dataclass(frozen=True)
class Arm:
    """One way to train a student; the step size is that of the loss as the arm has it."""

    optimiser: Literal["sgd", "adam"]
    base_step_size: float
    batch_size: int
    step_size: float
    temperature: float = BASE_TEMPERATURE
    scale_by_T2: bool = False


def arm_of(optimiser: Literal["sgd", "adam"], step_size: float, batch_size: int, change: Change) -> Arm:
    """Return what becomes of the base arm, whose step size is given, when the batch size changes."""
    # not by kdlab.gradient_noise.scaled_temperature, which refuses the factor T^2: what that does is asked here
    raised = BASE_TEMPERATURE * (BASE_BATCH_SIZE / batch_size) ** 0.25
    arm = Arm(optimiser, step_size, batch_size, step_size)
    if change == "rule":
        return replace(arm, temperature=raised)
    if change == "rule_T2":
        return replace(arm, temperature=raised, scale_by_T2=True, step_size=step_size / BASE_TEMPERATURE**2)
    if change == "lr":
        return replace(arm, step_size=scaled_learning_rate(step_size, BASE_BATCH_SIZE, batch_size))
    return arm


SETTINGS: dict[str, tuple[Literal["sgd", "adam"], float]] = {
    **{f"sgd_{step_size:g}": ("sgd", step_size * BASE_TEMPERATURE**2) for step_size in SGD_STEP_SIZES},
    "adam": ("adam", ADAM_STEP_SIZE),
}
CHANGES: dict[str, tuple[Change, ...]] = {"sgd": ("fixed", "rule", "lr", "rule_T2"), "adam": ("fixed", "rule", "lr")}
ARMS: dict[str, Arm] = {
    **{
        f"{name}_base_B{BASE_BATCH_SIZE}": arm_of(*setting, BASE_BATCH_SIZE, "base")
        for name, setting in SETTINGS.items()
    },
    **{
        f"{name}_{change}_B{batch_size}": arm_of(optimiser, step_size, batch_size, change)
        for name, (optimiser, step_size) in SETTINGS.items()
        for batch_size in BATCH_SIZES
        for change in CHANGES[optimiser]
    },
}

COMPARISONS: list[tuple[str, str]] = [
    *(
        (f"{name}_{change}_B{batch_size}", f"{name}_base_B{BASE_BATCH_SIZE}")
        for name in SETTINGS
        for batch_size in BATCH_SIZES
        for change in ("fixed", "rule", "lr")
    ),
    *(
        (f"{name}_{change}_B{batch_size}", f"{name}_{baseline}_B{batch_size}")
        for name, (optimiser, _) in SETTINGS.items()
        for batch_size in BATCH_SIZES
        for change, baseline in [("rule", "fixed"), ("lr", "fixed"), ("rule", "lr")]
        + [("rule_T2", "fixed")] * (optimiser == "sgd")
    ),
]

CONTROLS = {
    "sgd_0.3_rule_B8 - sgd_0.3_lr_B8": "would have been a gain if the temperature did more than a smaller step",
    "sgd_0.3_rule_T2_B8 - sgd_0.3_fixed_B8": "would have been a gain if the rule needed no smaller step",
    "adam_rule_B8 - adam_fixed_B8": "would have been a gain if less variance alone, without smaller steps, helped",
    "sgd_0.01_rule_B8 - sgd_0.01_fixed_B8": "would have been a gain if the rule helped whatever the step size",
    "noise_initial": "would have had the exponent -4 at every T if the law held at all temperatures",
}

KINDS = ("logits", "parameters", "law", "snr")


def name_of(kind: str, temperature: float) -> str:
    """Name what is measured of the noise at a temperature, such as logits_T0_5."""
    return f"{kind}_T{temperature:g}".replace(".", "_")


UNITS = {
    "accuracy": "%",
    "agreement": "%",
    "kl": "nats",
    "step_variance": "",
    **{name_of(kind, T): "" for kind in KINDS for T in TEMPERATURES},
}

# for machines that round otherwise, set before the first replay: 22 of the 450 test rows, as large steps let rounding
# grow, and .1 of numbers that are around 1
BOUNDS = {"accuracy": 0.05, "agreement": 0.05, "kl": 0.2, "step_variance": 0.1} | {
    name_of(kind, T): 0.1 for kind in KINDS for T in TEMPERATURES
}


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, take the noise of their gradients, and measure them on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm. An arm that trains a student has "accuracy" and "agreement" in [0, 1], "kl" to the
        teacher at T = 1 in nats, "step_variance", that of the first step by the logits over the base arm's, and
        "losses", the first 20 of training. The three arms of noise have, for each T, the exponents "logits_T"
        and "parameters_T", "law_T", the variance over what the law T^-4 says, and "snr_T" at a batch size of 64.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    full = stacked([digits(seed) for seed in seeds])
    for train_inputs, test_inputs in zip(full.train_inputs, full.test_inputs, strict=True):
        check_no_test_rows_in_training(train_inputs, test_inputs)
    members = train_members(full, seeds)
    targets, test_targets = (
        ensemble_logits(member_logits(members.parameters, inputs)) for inputs in (full.train_inputs, full.test_inputs)
    )
    for logits, labels in ((targets, full.train_labels), (test_targets, full.test_labels)):
        for of_seed, labels_of_seed in zip(logits, labels, strict=True):
            check_labels_match(of_seed, labels_of_seed)

    start = initial_parameters((64, WIDTH, 10), generators(seeds, "student"))
    start_logits = logits_of(start, full.train_inputs)
    records, trained = [], {}
    for _, group in groupby(sorted(ARMS.items(), key=side_by_side), key=side_by_side):
        trained |= train_students(dict(group), full, targets, seeds)
    for name, students in trained.items():
        logits = logits_of(students.parameters, full.test_inputs)
        for i, seed in enumerate(seeds):
            check_student_is_not_teacher(logits[i], test_targets[i])
            if ARMS[name].batch_size == BASE_BATCH_SIZE:  # that a small batch fails is a result
                check_learning(students.losses[i])
            record = {
                "seed": seed,
                "arm": name,
                **of_student(logits[i], test_targets[i], full.test_labels[i]),
                "step_variance": step_variance(ARMS[name], start_logits[i], targets[i]),
                "losses": students.losses[i, :REPLAYED_STEPS].tolist(),
            }
            records.append(record)

    base = f"adam_base_B{BASE_BATCH_SIZE}"
    early = train_students({base: ARMS[base]}, full, targets, seeds, steps=EARLY)[base]
    states = {"initial": start, "early": early.parameters, "trained": trained[base].parameters}
    for name, parameters in states.items():
        logits, features = logits_of(parameters, full.train_inputs), last_features(parameters, full.train_inputs)
        for i, seed in enumerate(seeds):
            records.append({"seed": seed, "arm": f"noise_{name}", **noise(logits[i], targets[i], features[i])})
    # rounded, so that the summary is that of what is written, and steps that differ by rounding alone are ties
    return [rounded(record) for record in records]


def side_by_side(named: tuple[str, Arm]) -> tuple[str, int, float]:
    """Return what arms must have in common to be trained in one computation."""
    # a step of plain gradient descent is its size times the gradient, and so the size can be a factor of the loss
    _, arm = named
    return arm.optimiser, arm.batch_size, arm.step_size if arm.optimiser == "adam" else 0.0


def train_students(
    arms: dict[str, Arm], split: Split, teacher_logits: NDArray[np.float64], seeds: Sequence[int], steps: int = STEPS
) -> dict[str, Trained]:
    """Train one student for each arm and seed, all side by side; every arm of a seed starts alike.

    Parameters
    ----------
    arms : dict of Arm
        By name; of one optimiser and batch size, and with Adam of one step size.
    split : Split
        The stacked splits of the seeds.
    teacher_logits : ndarray, shape (S, N, 10)
        The teacher's, on the training rows.
    seeds : sequence of int
        One for each split.
    steps : int
        How many.

    Returns
    -------
    dict of Trained
        S networks for each arm, with the losses the arm has.
    """
    settings, copies = list(arms.values()), len(arms)
    rngs = generators([*seeds] * copies, "student")
    first = settings[0]
    if first.optimiser == "sgd":
        optimiser, factors = partial(torch.optim.SGD, lr=1.0), [arm.step_size for arm in settings]
    else:
        optimiser, factors = partial(torch.optim.Adam, lr=first.step_size), [1.0] * copies
    squares = [arm.temperature**2 if arm.scale_by_T2 else 1.0 for arm in settings]
    T = torch.from_numpy(np.repeat([arm.temperature for arm in settings], len(seeds)))[:, None, None]
    factor = torch.from_numpy(np.repeat(np.multiply(factors, squares), len(seeds)))

    def loss(logits: Tensor, targets: Tensor) -> Tensor:
        return factor * softened_kl(logits / T, targets / T, 1.0, scale_by_T2=False)

    students = train(
        initial_parameters((64, WIDTH, 10), rngs),
        np.tile(split.train_inputs, (copies, 1, 1)),
        np.tile(teacher_logits, (copies, 1, 1)),
        loss,
        optimiser,
        steps=steps,
        batch_size=first.batch_size,
        rngs=rngs,
    )
    of_arms = {}
    for k, name in enumerate(arms):
        rows = slice(k * len(seeds), (k + 1) * len(seeds))
        parameters = [(weight[rows], bias[rows]) for weight, bias in students.parameters]
        of_arms[name] = Trained(parameters, students.losses[rows] / factors[k])
    return of_arms


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
    (weight, bias), _ = parameters
    hidden = np.maximum(inputs @ weight.numpy() + bias.numpy(), 0)
    return np.concatenate([hidden, np.ones_like(hidden[..., :1])], axis=-1)


def noise(
    logits: NDArray[np.float64], teacher_logits: NDArray[np.float64], features: NDArray[np.float64]
) -> dict[str, float]:
    """Measure the noise of a student's gradient at every T.

    Parameters
    ----------
    logits, teacher_logits : ndarray, shape (N, C)
        On the training rows.
    features : ndarray, shape (N, W)
        What the student's last layer reads.

    Returns
    -------
    dict
        For each T the exponents by the logits and by the parameters, the variance over that of the law, and the ratio
        of signal to noise at the base batch size.
    """
    measures: dict[str, float] = {}
    for T in TEMPERATURES:
        gradients = logit_gradients(logits, teacher_logits, T)
        law = high_temperature_gradients(logits, teacher_logits, T)
        low, high = (
            batch_variance(
                head_gradients(logit_gradients(logits, teacher_logits, t), features).reshape(len(logits), -1)
            )
            for t in (T / RATIO, T * RATIO)
        )
        measures[name_of("logits", T)] = float(variance_exponent(logits, teacher_logits, T))
        measures[name_of("parameters", T)] = float(np.log(high / low) / (2 * np.log(RATIO)))
        measures[name_of("law", T)] = float(batch_variance(gradients) / batch_variance(law))
        measures[name_of("snr", T)] = float(signal_to_noise(gradients, BASE_BATCH_SIZE))
    return measures


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: what each temperature does to the noise, and each arm to the accuracy.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "temperatures"; "seeds"; "noise": state -> kind -> [seed][temperature]; "accuracy":
        arm -> [seed].
    """
    ordered = sorted(records, key=lambda record: record["seed"])

    def of_arm(arm: str) -> list[Record]:
        return [record for record in ordered if record["arm"] == arm]

    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "temperatures": list(TEMPERATURES),
        "seeds": sorted({record["seed"] for record in records}),
        "noise": {
            f"noise_{state}": {
                kind: [[record[name_of(kind, T)] for T in TEMPERATURES] for record in of_arm(f"noise_{state}")]
                for kind in KINDS
            }
            for state in ("initial", "early", "trained")
        },
        "accuracy": {name: [record["accuracy"] for record in of_arm(name)] for name in ARMS},
    }
