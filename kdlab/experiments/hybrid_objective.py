"""Hybrid objectives: whether matching features of a teacher helps, and whether balanced gradients find their weight.

A student learns few labels, or all, and at the same time to have the features of a teacher that has learned all:

    L = (1 - alpha - beta) CE + beta T^2 KL + alpha |f_S - f_T|^2, the last a sum over features, a mean over rows.

On the digits student and teacher are 64-32-10 and the features are the 32 hidden units; on the signals of MNIST-1D the
teacher is convolutional with 16 and 32 channels, the student with 8 and 16, and the features are the 64 units before
the last layer. So the teacher's features are of the SAME WIDTH as the student's, and no regressor stands between. At
1,297 labels of the digits teacher and student differ in optimiser and initial weights alone.

Alpha is a constant, or balanced anew at each step, for each network, by the norms of the gradients of CE and of the
feature loss: by the features, or (digits) by the parameters below them. Controls are features that say nothing: those
of the teacher on other training rows ("permuted"), and those of an untrained network, scaled to the teacher's mean
square ("random"). Thin students of digits have a layer of 4, 8, 16 or 64 units below the features, to see whether
features help the more, the thinner a student is. Two arms have the teacher's logits too (T = 4, with the factor T^2),
without features and with them.

Nothing was tuned: Adam's step size, .005, is one choice, made by hand before the first run. All arms of a seed and
number of labels share rows, initial weights and the order of the mini-batches. Adam divides a factor of its loss out
again, so that no gain here is one of longer steps.

Three things were added after earlier runs, and the rest left as it was: the thin students; alpha .01 and .03 on the
signals, where the balance, whose alpha stays below .05, had done better than every constant tried; and then, on all
data, the constants from .001 on, for the teacher's features and for those of other rows. Whether a balance is better
or worse than a constant cannot be told without constants of its size. What is compared was laid down before these ran:

1. The balance against the constant OF_ITS_SIZE: of those tried, the nearest on a logarithmic scale to the geometric
   mean of its alpha, over steps and seeds of the earlier run. If the balance is no worse on the digits, then it was the
   small weight that cost, and not balancing; if it is no better on the signals, then it was the small weight that
   gained.
2. The balance against every other constant. Which of them is the best is known only afterwards: no claim rests on it.
3. The same with features of other rows. If the constant of its size does no more harm, the balance is no brake.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.core.hybrid_objective import balanced_alpha
from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import TRAIN, Split, digits, mnist1d
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.networks import (
    Forward,
    Layers,
    WithFeatures,
    conv_forward,
    features_of,
    forward,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
    with_features,
)
from kdlab.experiments.teachers import kernel_and_shape

Balance = Literal["features", "parameters"]
Data = Literal["digits", "mnist1d"]

SOURCES = {"digits": digits, "mnist1d": mnist1d}
FORWARDS: dict[Data, Forward] = {"digits": forward, "mnist1d": conv_forward}
LABELS: dict[Data, tuple[int, ...]] = {"digits": (50, 100, TRAIN), "mnist1d": (400,)}
ALPHAS: dict[Data, tuple[float, ...]] = {
    "digits": (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.25, 0.5, 0.75, 0.9),
    "mnist1d": (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.5),
}
ALPHAS_PERMUTED: dict[Data, tuple[float, ...]] = {"digits": (0.001, 0.01, 0.1, 0.5), "mnist1d": (0.001, 0.01, 0.5)}
OF_ITS_SIZE = {
    "digits_50": 0.01,
    "digits_100": 0.01,
    "digits_1297": 0.1,
    "mnist1d_400": 0.03,
    "digits_50_permuted": 0.01,
    "digits_100_permuted": 0.01,
    "digits_1297_permuted": 0.1,
    "mnist1d_400_permuted": 0.01,
}
WIDTH, CONV_WIDTH, CONV_CHANNELS = 32, 64, (8, 16)
THIN = (4, 8, 16, 64)
STEPS = {"digits": 600, "mnist1d": 200}
BATCH_SIZE = 128
TEMPERATURE = 4.0
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)
EVERY = 10  # steps between two looks at the gradients by the parameters
CURVE = 20  # points of the curve of alpha over the steps


@dataclass(frozen=True)
class Arm:
    """One way to train a student: the weights of the objective, and whose features are matched."""

    data: Data
    labels: int
    alpha: float | Balance
    beta: float = 0.0
    source: Literal["teacher", "permuted", "random"] = "teacher"
    thin: int = 0  # units of a layer below the features; 0 if there is none


def arms_of(data: Data, labels: int) -> dict[str, Arm]:
    """Return the arms of one number of labels, fewer of the signals than of the digits: convolutions take longer."""
    name, arm = f"{data}_{labels}", partial(Arm, data, labels)
    arms = {
        **{f"{name}_alpha_{alpha:g}": arm(alpha) for alpha in ALPHAS[data]},
        f"{name}_balanced": arm("features"),
        **{f"{name}_permuted_alpha_{alpha:g}": arm(alpha, source="permuted") for alpha in ALPHAS_PERMUTED[data]},
        f"{name}_permuted_balanced": arm("features", source="permuted"),
    }
    if data == "mnist1d":
        return arms
    return arms | {
        f"{name}_balanced_by_parameters": arm("parameters"),
        f"{name}_random_alpha_0.5": arm(0.5, source="random"),
        f"{name}_random_balanced": arm("features", source="random"),
        f"{name}_kd": arm(0.0, beta=0.5),
        f"{name}_kd_features": arm(0.25, beta=0.5),
        **{f"{name}_thin{units}_alpha_{alpha:g}": arm(alpha, thin=units) for units in THIN for alpha in (0.0, 0.5)},
    }


NAMES = {f"{data}_{labels}": data for data, counts in LABELS.items() for labels in counts}
DIGITS = [name for name, data in NAMES.items() if data == "digits"]
ARMS = {
    name: arm for data, counts in LABELS.items() for labels in counts for name, arm in arms_of(data, labels).items()
}


def run(lab: Lab) -> None:
    """Train teachers and students, and measure them on the test rows.

    Students have "accuracy" and "agreement" in [0, 1], "kl" to the teacher at T = 1 in nats, "alpha_first" and
    "alpha_last", the mean over the first and the last tenth of the steps, "ce_share" as in `HybridLoss`, mean over
    training, and "alphas", 20 means over equal parts of training. The teachers have accuracy alone.
    """
    for data, counts in LABELS.items():
        full = lab.split(SOURCES[data])
        teacher = lab.feature_teacher(full, WIDTH) if data == "digits" else lab.conv_teacher(full)
        lab.note(f"{data}_teacher", lab.graded(teacher, full))
        for labels in counts:
            few = lab.few(full, labels)
            targets = targets_of(teacher, few, lab.seeds, FORWARDS[data])
            for thin in (0, *THIN):
                of_kind = (data, labels, thin)
                arms = {name: arm for name, arm in ARMS.items() if (arm.data, arm.labels, arm.thin) == of_kind}
                if arms:
                    teach(lab, arms, few, targets, teacher)


def targets_of(
    teacher: Teacher, split: Split, seeds: Sequence[int], forward: Forward
) -> dict[str, NDArray[np.float64]]:
    """Return the targets (S, N, 10 + K) of each source of features: the teacher's logits, then the features."""
    features = features_of(teacher.networks.parameters, split.train_inputs, forward)
    orders = [rng.permutation(features.shape[1]) for rng in generators(seeds, "permutation")]
    sources = {"teacher": features, "permuted": np.stack([f[order] for f, order in zip(features, orders, strict=True)])}
    if forward is not conv_forward:
        sizes = (split.train_inputs.shape[-1], features.shape[-1], 10)
        random = features_of(initial_parameters(sizes, generators(seeds, "untrained")), split.train_inputs)
        true_size, random_size = (np.sqrt(np.mean(f**2, axis=(1, 2), keepdims=True)) for f in (features, random))
        sources["random"] = random * true_size / random_size
    logits = teacher.on(split)
    return {name: np.concatenate([logits, source], axis=-1) for name, source in sources.items()}


def teach(
    lab: Lab, arms: dict[str, Arm], split: Split, targets: dict[str, NDArray[np.float64]], teacher: Teacher
) -> None:
    """Train the students of arms that share their rows and sizes side by side, and measure them."""
    of_network = [arm for arm in arms.values() for _ in lab.seeds]
    loss = HybridLoss([arm.alpha for arm in of_network], [arm.beta for arm in of_network])
    data, forward = of_network[0].data, FORWARDS[of_network[0].data]
    students = lab.students(
        {
            # a weight that moves leaves no objective to fall
            name: Lesson(split.train, loss, targets[arm.source], moving=isinstance(arm.alpha, str))
            for name, arm in arms.items()
        },
        partial(initial_students, split, of_network[0].thin, forward),
        OPTIMISER,
        steps=STEPS[data],
        batch_size=BATCH_SIZE,
        forward=partial(with_features, forward=forward),
    )
    alphas = np.stack(loss.alphas, axis=1).reshape(len(arms), len(lab.seeds), -1)
    ce_shares = np.mean(loss.ce_shares, axis=0).reshape(len(arms), len(lab.seeds))
    for (name, networks), *seen in zip(students.items(), alphas, ce_shares, strict=True):
        lab.exam(name, logits_of(networks.parameters, split.test_inputs, forward), teacher.test_logits, split)
        lab.note(name, [seen_of(*of_seed) for of_seed in zip(*seen, strict=True)])


def initial_students(split: Split, thin: int, forward: Forward, rngs: Sequence[np.random.Generator]) -> Layers:
    """Draw one student for each generator, with a layer of so many units below the features, or none if 0."""
    if forward is conv_forward:
        return initial_conv_network(CONV_CHANNELS, *kernel_and_shape(split), (CONV_WIDTH, 10), rngs)
    below = (thin,) if thin else ()
    return initial_parameters((split.train_inputs.shape[-1], *below, WIDTH, 10), rngs)


def seen_of(alphas: NDArray[np.float64], ce_share: float) -> dict[str, Any]:
    """Return what was seen of one student in training."""
    tenth = len(alphas) // 10
    return {
        "alpha_first": float(alphas[:tenth].mean()),
        "alpha_last": float(alphas[-tenth:].mean()),
        "ce_share": float(ce_share),
        "alphas": alphas.reshape(CURVE, -1).mean(axis=1).tolist(),
    }


@dataclass
class HybridLoss:
    """The loss of S networks, each with weights of its own, and what was seen of their gradients.

    Targets hold, along the last axis, the 10 logits of the teacher and the features to be matched.

    Attributes
    ----------
    weights : sequence of float or str
        Alpha of each network, or by what it is balanced.
    betas : sequence of float
        Of each network.
    alphas : list of ndarray (S,)
        Alpha at each step.
    ce_shares : list of ndarray (S,)
        At every tenth step, how much of the parameters' step is due to the cross-entropy: a / (a + b), a and b the
        norms of the weighted gradients of cross-entropy and feature loss by the parameters below the features.
    """

    weights: Sequence[float | Balance]
    betas: Sequence[float]
    alphas: list[NDArray[np.float64]] = field(default_factory=list)
    ce_shares: list[NDArray[np.float64]] = field(default_factory=list)

    def __call__(self, outputs: WithFeatures, targets: Tensor, labels: Tensor) -> Tensor:
        """Return the loss (S,) of a mini-batch; alpha is a constant of the step."""
        teacher_logits, teacher_features = targets[..., :10], targets[..., 10:]
        ce = cross_entropy(outputs.logits, labels)
        feature = (outputs.features - teacher_features).square().sum(-1).mean(-1)
        look = len(self.alphas) % EVERY == 0
        by = {}
        if "features" in self.weights:
            by["features"] = gradients(ce, feature, [outputs.features])
        if "parameters" in self.weights or look:
            by["parameters"] = gradients(ce, feature, outputs.below)
        alpha = np.array(
            [
                balanced_alpha(*(gradient[i] for gradient in by[weight])) if isinstance(weight, str) else weight
                for i, weight in enumerate(self.weights)
            ]
        )
        beta = np.array(self.betas)
        self.alphas.append(alpha)
        if look:
            a, b = (np.linalg.norm(gradient, axis=-1) for gradient in by["parameters"])
            a, b = (1 - alpha - beta) * a, alpha * b
            self.ce_shares.append(a / (a + b))
        loss = torch.from_numpy(1 - alpha - beta) * ce + torch.from_numpy(alpha) * feature
        if beta.any():
            kd = softened_kl(outputs.logits, teacher_logits, TEMPERATURE, scale_by_T2=True)
            loss = loss + torch.from_numpy(beta) * kd
        return loss


def gradients(ce: Tensor, feature: Tensor, quantities: Sequence[Tensor]) -> list[NDArray[np.float64]]:
    """Return the gradients of both losses by some quantities of each network, each as one long vector, (S, ...)."""
    found = []
    for loss in (ce, feature):
        parts = torch.autograd.grad(loss.sum(), quantities, retain_graph=True)
        # the parameters of a convolution, too, have the network as their first axis
        found.append(torch.cat([part.flatten(1) for part in parts], dim=1).numpy())
    return found


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: accuracy over alpha, and how the balanced alpha moves.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "alphas": data and labels -> the constants tried; "accuracy", "kl": data and
        labels (such as "digits_50", and "digits_50_permuted" for features of other rows) -> [alpha][seed],
        "balanced_accuracy" -> [seed]; and "alpha_curve": arm -> [seed][part of training], 20 equal parts, of the arms
        that balance by the features.
    """

    def of(arm: str, measure: str) -> list[Any]:
        return list(by_seed(records, arm, measure).values())

    constant = {name: ALPHAS[data] for name, data in NAMES.items()} | {
        f"{name}_permuted": ALPHAS_PERMUTED[data] for name, data in NAMES.items()
    }
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": list(by_seed(records, "digits_teacher", "accuracy")),
        "alphas": {name: list(alphas) for name, alphas in constant.items()},
        **{
            measure: {
                name: [of(f"{name}_alpha_{alpha:g}", measure) for alpha in alphas] for name, alphas in constant.items()
            }
            for measure in ("accuracy", "kl")
        },
        "balanced_accuracy": {name: of(f"{name}_balanced", "accuracy") for name in constant},
        "alpha_curve": {
            f"{name}_balanced": [[round(alpha, 4) for alpha in curve] for curve in of(f"{name}_balanced", "alphas")]
            for name in constant
        },
    }


def words() -> Iterator[tuple[str, str]]:
    """Yield every arm, and what it is in plain words."""
    of_source = {
        "teacher": "features",
        "permuted": "features of other images",
        "random": "features that nobody learned",
    }
    for data, plural in (("digits", "digits"), ("mnist1d", "signals")):
        yield f"{data}_teacher", f"the teacher of {plural}"
        for name, arm in ((name, arm) for name, arm in ARMS.items() if arm.data == data):
            said = [f"{arm.labels:,} {plural}", "labels and the teacher's logits" if arm.beta else "labels"]
            if isinstance(arm.alpha, str):
                by = " by the parameters" if arm.alpha == "parameters" else ""
                said.append(f"{of_source[arm.source]}, balanced{by}")
            elif arm.alpha:
                said.append(f"{of_source[arm.source]} at weight {arm.alpha:g}")
            if arm.thin:
                said.append(f"{arm.thin} units below the features")
            yield name, ", ".join(said)


def comparisons() -> Iterator[tuple[str, str]]:
    """Yield the pairs whose differences are wanted."""
    for name, data in NAMES.items():
        for arm, of in ARMS.items():
            alone = arm.endswith(("_alpha_0", "_kd_features"))
            if f"{of.data}_{of.labels}" == name and not of.thin and not alone:
                yield arm, f"{name}_alpha_0"
        yield from ((f"{name}_balanced", f"{name}_alpha_{alpha:g}") for alpha in ALPHAS[data][1:])
        for alpha in ALPHAS_PERMUTED[data]:
            yield f"{name}_permuted_balanced", f"{name}_permuted_alpha_{alpha:g}"
            yield f"{name}_alpha_{alpha:g}", f"{name}_permuted_alpha_{alpha:g}"
    for name in DIGITS:
        yield f"{name}_balanced_by_parameters", f"{name}_balanced"
        yield f"{name}_kd_features", f"{name}_kd"
        yield from ((f"{name}_thin{units}_alpha_0.5", f"{name}_thin{units}_alpha_0") for units in THIN)


def against_its_size(name: str) -> str:
    """Return the comparison of a balance with the constant of its size."""
    return f"{name}_balanced - {name}_alpha_{OF_ITS_SIZE[name]:g}"


EXPERIMENT = Experiment(
    question=(
        "Does a student learn more from labels together with a teacher's features than from labels alone, with few "
        "labels and with many, and does a weight that balances the gradients do better than a constant one?"
    ),
    words=dict(words()),
    controls={
        "digits_50_permuted_alpha_0.5": "would have gained as much if any second target did, whatever it says",
        "digits_50_random_alpha_0.5": "would have gained as much if features that nobody learned did",
        "mnist1d_400_permuted_alpha_0.5": "would have gained as much if any second target did, whatever it says",
        f"digits_{TRAIN}_alpha_0.5 - digits_{TRAIN}_alpha_0": (
            "would have been a gain if features helped whatever the data"
        ),
        "digits_50_balanced - digits_50_alpha_0.5": "would have been a gain if balance were better than one constant",
        against_its_size("digits_50"): "would have been no loss if the small weight cost, and not balancing",
        against_its_size("mnist1d_400"): "would have been no gain if the small weight gained, and not balancing",
        against_its_size(
            "digits_50_permuted"
        ): "would have been no gain if the balance were no brake but a small weight",
    },
    units={"accuracy": "%", "kl": "nats", "agreement": "%", "alpha_first": "", "alpha_last": "", "ce_share": ""},
    comparisons=list(comparisons()),
    run=run,
    measured=measured,
    may_fail={
        "mnist1d_400_permuted_alpha_0.5": "features of other images at a large weight are there to do harm",
    }
    | {
        f"{name}_thin4_alpha_{alpha:g}": "some of four units may never be active: whether that matters is asked"
        for name in DIGITS
        for alpha in (0.0, 0.5)
    },
)
