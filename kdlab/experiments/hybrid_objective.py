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
number of labels share rows, initial weights and the order of the mini-batches.

Two things were added after a first run, and the rest left as it was: the thin students; and alpha .01 and .03 on the
signals, where there was no constant between 0 and .1, and the balance, whose alpha stays below .05 there, did better
than both. Whether a balance is better than a constant cannot be told without a constant of its size.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.experiments.data import TRAIN, Split, digits, few_labels, mnist1d, stacked
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_student_is_not_teacher,
)
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.measures import accuracy, of_student
from kdlab.experiments.networks import (
    Forward,
    Layers,
    Trained,
    WithFeatures,
    conv_forward,
    features_of,
    forward,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
    train,
    with_features,
)
from kdlab.experiments.summary import Record
from kdlab.experiments.teachers import kernel_and_shape, train_conv_teachers, train_feature_teachers
from kdlab.hybrid_objective import balanced_alpha

QUESTION = (
    "Does a student learn more from labels together with a teacher's features than from labels alone, with few labels "
    "and with many, and does a weight that balances the gradients do better than a constant one?"
)
ALPHAS = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9)
WIDTH, CONV_WIDTH, CONV_CHANNELS = 32, 64, (8, 16)
THIN = (4, 8, 16, 64)
STEPS = {"digits": 600, "mnist1d": 200}
BATCH_SIZE = 128
TEMPERATURE = 4.0
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)
REPLAYED_STEPS = 20
EVERY = 10  # steps between two looks at the gradients by the parameters
CURVE = 20  # points of the curve of alpha over the steps

Balance = Literal["features", "parameters"]


@dataclass(frozen=True)
class Arm:
    """One way to train a student: the weights of the objective, and whose features are matched."""

    data: Literal["digits", "mnist1d"]
    labels: int
    alpha: float | Balance
    beta: float = 0.0
    source: Literal["teacher", "permuted", "random"] = "teacher"
    thin: int = 0  # units of a layer below the features; 0 if there is none


def constants(data: str, labels: int, alphas: Sequence[float]) -> dict[str, Arm]:
    """Return the arms of constant weights alone."""
    return {f"{data}_{labels}_alpha_{alpha:g}": Arm(data, labels, alpha) for alpha in alphas}


def controls(data: str, labels: int, source: str) -> dict[str, Arm]:
    """Return the arms that match features which say nothing."""
    weights: dict[str, float | Balance] = {"alpha_0.5": 0.5, "balanced": "features"}
    return {f"{data}_{labels}_{source}_{name}": Arm(data, labels, w, source=source) for name, w in weights.items()}


def arms_of_digits(labels: int) -> dict[str, Arm]:
    """Return the arms of one number of labels."""
    name = f"digits_{labels}"
    return {
        **constants("digits", labels, ALPHAS),
        f"{name}_balanced": Arm("digits", labels, "features"),
        f"{name}_balanced_by_parameters": Arm("digits", labels, "parameters"),
        **controls("digits", labels, "permuted"),
        **controls("digits", labels, "random"),
        f"{name}_kd": Arm("digits", labels, 0.0, beta=0.5),
        f"{name}_kd_features": Arm("digits", labels, 0.25, beta=0.5),
        **{
            f"{name}_thin{units}_alpha_{alpha:g}": Arm("digits", labels, alpha, thin=units)
            for units in THIN
            for alpha in (0.0, 0.5)
        },
    }


def arms_of_signals(labels: int) -> dict[str, Arm]:
    """Return the arms of one number of labels, fewer than of the digits: convolutions take longer."""
    return {
        **constants("mnist1d", labels, (0.0, 0.01, 0.03, 0.1, 0.5)),
        f"mnist1d_{labels}_balanced": Arm("mnist1d", labels, "features"),
        **controls("mnist1d", labels, "permuted"),
    }


LABELS = {"digits": (50, 100, TRAIN), "mnist1d": (400,)}
ARMS: dict[str, Arm] = {
    **{name: arm for labels in LABELS["digits"] for name, arm in arms_of_digits(labels).items()},
    **{name: arm for labels in LABELS["mnist1d"] for name, arm in arms_of_signals(labels).items()},
}
NAMES = [f"{data}_{labels}" for data, counts in LABELS.items() for labels in counts]

COMPARISONS: list[tuple[str, str]] = [
    *(
        (name, f"{arm.data}_{arm.labels}_alpha_0")
        for name, arm in ARMS.items()
        if not arm.thin and not name.endswith(("_alpha_0", "_kd_features"))
    ),
    *(
        (f"digits_{labels}_thin{units}_alpha_0.5", f"digits_{labels}_thin{units}_alpha_0")
        for labels in LABELS["digits"]
        for units in THIN
    ),
    *((f"{name}_balanced", f"{name}_alpha_{alpha}") for name in NAMES for alpha in (0.1, 0.5)),
    *(("mnist1d_400_balanced", f"mnist1d_400_alpha_{alpha}") for alpha in (0.01, 0.03)),
    *((f"{name}_alpha_0.5", f"{name}_permuted_alpha_0.5") for name in NAMES),
    *((f"{name}_permuted_balanced", f"{name}_permuted_alpha_0.5") for name in NAMES),
    *((f"{name}_balanced_by_parameters", f"{name}_balanced") for name in NAMES if name.startswith("digits")),
    *((f"{name}_kd_features", f"{name}_kd") for name in NAMES if name.startswith("digits")),
]

CONTROLS = {
    "digits_50_permuted_alpha_0.5": "would have gained as much if any second target did, whatever it says",
    "digits_50_random_alpha_0.5": "would have gained as much if features that nobody learned did",
    "mnist1d_400_permuted_alpha_0.5": "would have gained as much if any second target did, whatever it says",
    f"digits_{TRAIN}_alpha_0.5 - digits_{TRAIN}_alpha_0": "would have been a gain if features helped whatever the data",
    "digits_50_balanced - digits_50_alpha_0.5": "would have been a gain if balance were better than one constant",
}

UNITS = {
    "accuracy": "%",
    "kl": "nats",
    "agreement": "%",
    "alpha_first": "",
    "alpha_last": "",
    "ce_share": "",
}

# for machines that round otherwise, set before the first replay: 14 of the 450 test rows, for few labels leave many
# rows near a boundary; alpha follows gradients that fall by orders of magnitude
BOUNDS = {"accuracy": 0.03, "agreement": 0.03, "kl": 0.1, "alpha_first": 0.01, "alpha_last": 0.03, "ce_share": 0.03}


@dataclass
class HybridLoss:
    """The loss of S networks, each with weights of its own, and what was seen of their gradients.

    Targets hold, along the last axis, the label, the 10 logits of the teacher and the features to be matched.

    Attributes
    ----------
    weights : sequence of float or str
        Alpha of each network, or by what it is balanced.
    betas : sequence of float
        Of each network.
    alphas : list of ndarray (S,)
        Alpha at each step.
    unweighted : list of ndarray (S,)
        Cross-entropy plus feature loss at each step.
    ce_shares : list of ndarray (S,)
        At every tenth step, how much of the parameters' step is due to the cross-entropy: a / (a + b), a and b the
        norms of the weighted gradients of cross-entropy and feature loss by the parameters below the features.
    """

    weights: Sequence[float | Balance]
    betas: Sequence[float]
    alphas: list[NDArray[np.float64]] = field(default_factory=list)
    unweighted: list[NDArray[np.float64]] = field(default_factory=list)
    ce_shares: list[NDArray[np.float64]] = field(default_factory=list)

    def __call__(self, outputs: WithFeatures, targets: Tensor) -> Tensor:
        """Return the loss (S,) of a mini-batch; alpha is a constant of the step."""
        labels, teacher_logits, teacher_features = targets[..., 0].long(), targets[..., 1:11], targets[..., 11:]
        ce = cross_entropy(outputs.logits, labels)
        feature = (outputs.features - teacher_features).square().sum(-1).mean(-1)
        by_features = gradients(ce, feature, [outputs.features])
        look = len(self.alphas) % EVERY == 0
        by_parameters = gradients(ce, feature, outputs.below) if look or "parameters" in self.weights else by_features
        chosen = {"features": by_features, "parameters": by_parameters}
        alpha = np.array(
            [
                balanced_alpha(*(gradient[i] for gradient in chosen[weight])) if isinstance(weight, str) else weight
                for i, weight in enumerate(self.weights)
            ]
        )
        beta = np.array(self.betas)
        self.alphas.append(alpha)
        self.unweighted.append((ce + feature).detach().numpy())
        if look:
            a, b = (np.linalg.norm(gradient, axis=-1) for gradient in by_parameters)
            a, b = (1 - alpha - beta) * a, alpha * b
            self.ce_shares.append(a / (a + b))
        loss = torch.from_numpy(1 - alpha - beta).to(ce) * ce + torch.from_numpy(alpha).to(ce) * feature
        if beta.any():
            kd = softened_kl(outputs.logits, teacher_logits, TEMPERATURE, scale_by_T2=True)
            loss = loss + torch.from_numpy(beta).to(ce) * kd
        return loss


def gradients(ce: Tensor, feature: Tensor, quantities: Sequence[Tensor]) -> list[NDArray[np.float64]]:
    """Return the gradients of both losses by some quantities of each network, each as one long vector, (S, ...)."""
    found = []
    for loss in (ce, feature):
        parts = torch.autograd.grad(loss.sum(), quantities, retain_graph=True)
        # the parameters of a convolution, too, have the network as their first axis
        found.append(torch.cat([part.flatten(1) for part in parts], dim=1).double().numpy())
    return found


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, and measure them on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", "accuracy" in [0, 1], "kl" to the teacher at T = 1 in nats,
        "agreement" with it in [0, 1], "alpha_first" and "alpha_last", the mean over the first and the last tenth of
        the steps, "ce_share" as in `HybridLoss`, mean over training; "losses", the first 20, but not of convolutions;
        and "alphas", 20 means over equal parts of training. The arms of the teachers have accuracy and losses alone.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    records: list[Record] = []
    for data, of_seed in (("digits", digits), ("mnist1d", mnist1d)):
        splits = [of_seed(seed) for seed in seeds]
        full = stacked(splits)
        for train_inputs, test_inputs in zip(full.train_inputs, full.test_inputs, strict=True):
            check_no_test_rows_in_training(train_inputs, test_inputs)
        if data == "digits":
            teachers, forward_of_data = train_feature_teachers(full, seeds, WIDTH), forward
        else:
            teachers, forward_of_data = train_conv_teachers(full, seeds), conv_forward
        teacher_logits = logits_of(teachers.parameters, full.test_inputs, forward_of_data)
        for i, seed in enumerate(seeds):
            check_labels_match(teacher_logits[i], full.test_labels[i])
            right = accuracy(teacher_logits[i], full.test_labels[i])
            records.append({"seed": seed, "arm": f"{data}_teacher", "accuracy": right, **first_losses(teachers, i)})
        for labels in LABELS[data]:
            split = full
            if labels < full.train_labels.shape[1]:
                split = stacked([few_labels(s, labels, seed=seed) for s, seed in zip(splits, seeds, strict=True)])
            targets = targets_of(teachers.parameters, split, seeds, forward_of_data)
            for thin in (0, *THIN):
                arms = {
                    name: arm for name, arm in ARMS.items() if (arm.data, arm.labels, arm.thin) == (data, labels, thin)
                }
                if arms:
                    records += records_of(arms, split, targets, seeds, teacher_logits, forward_of_data)
    return records


def targets_of(
    teachers: Layers, split: Split, seeds: Sequence[int], forward: Forward
) -> dict[str, NDArray[np.float64]]:
    """Return the targets (S, N, 11 + K) of each source of features: labels, the teacher's logits, features.

    Parameters
    ----------
    teachers : Layers
        The teacher of each seed.
    split : Split
        The stacked splits of the seeds.
    seeds : sequence of int
        Decide permutation and untrained network.
    forward : function
        Of the teachers.
    """
    logits = logits_of(teachers, split.train_inputs, forward)
    features = features_of(teachers, split.train_inputs, forward)
    for i in range(len(seeds)):
        check_labels_match(logits[i], split.train_labels[i])
    orders = [rng.permutation(split.train_labels.shape[1]) for rng in generators(seeds, "permutation")]
    sources = {"teacher": features, "permuted": np.stack([f[order] for f, order in zip(features, orders, strict=True)])}
    if forward is not conv_forward:
        sizes = (split.train_inputs.shape[-1], features.shape[-1], 10)
        random = features_of(initial_parameters(sizes, generators(seeds, "untrained")), split.train_inputs)
        sizes_of_features = [np.sqrt(np.mean(f**2, axis=(1, 2), keepdims=True)) for f in (features, random)]
        sources["random"] = random * sizes_of_features[0] / sizes_of_features[1]
    labels = split.train_labels[..., np.newaxis].astype(np.float64)
    return {name: np.concatenate([labels, logits, source], axis=-1) for name, source in sources.items()}


def records_of(
    arms: dict[str, Arm],
    split: Split,
    targets: dict[str, NDArray[np.float64]],
    seeds: Sequence[int],
    teacher_logits: NDArray[np.float64],
    forward: Forward,
) -> list[Record]:
    """Train the students of arms that share their rows and sizes side by side, check them, and measure them."""
    of_network = [arm for arm in arms.values() for _ in seeds]
    loss = HybridLoss([arm.alpha for arm in of_network], [arm.beta for arm in of_network])
    rngs = [rng for _ in arms for rng in generators(seeds, "student")]
    students = train(
        initial_students(split, of_network[0].thin, forward, rngs),
        np.tile(split.train_inputs, (len(arms), 1, 1)),
        np.concatenate([targets[arm.source] for arm in arms.values()]),
        loss,
        OPTIMISER,
        steps=STEPS[of_network[0].data],
        batch_size=BATCH_SIZE,
        rngs=rngs,
        forward=partial(with_features, forward=forward),
    )
    alphas, unweighted = np.stack(loss.alphas, axis=1), np.stack(loss.unweighted, axis=1)
    ce_share = np.mean(loss.ce_shares, axis=0)
    records = []
    for k, name in enumerate(arms):
        of_arm = slice(k * len(seeds), (k + 1) * len(seeds))
        parameters = [(weight[of_arm], bias[of_arm]) for weight, bias in students.parameters]
        logits = logits_of(parameters, split.test_inputs, forward)
        for i, seed in enumerate(seeds):
            network = k * len(seeds) + i
            check_student_is_not_teacher(logits[i], teacher_logits[i])
            # a weight that moves leaves no objective to fall: its two parts must, together
            check_learning(unweighted[network] if isinstance(arms[name].alpha, str) else students.losses[network])
            records.append(record_of(seed, name, logits[i], teacher_logits[i], split.test_labels[i]))
            records[-1] |= seen_of(alphas[network], ce_share[network], students, network)
    return records


def record_of(
    seed: int, name: str, logits: NDArray[np.float64], teacher_logits: NDArray[np.float64], labels: NDArray[np.int64]
) -> Record:
    """Measure one student on the test rows."""
    return {"seed": seed, "arm": name, **of_student(logits, teacher_logits, labels)}


def seen_of(alphas: NDArray[np.float64], ce_share: float, students: Trained, network: int) -> dict[str, Any]:
    """Return what was seen of one student in training."""
    tenth = len(alphas) // 10
    return {
        "alpha_first": float(alphas[:tenth].mean()),
        "alpha_last": float(alphas[-tenth:].mean()),
        "ce_share": float(ce_share),
        **first_losses(students, network),
        "alphas": alphas.reshape(CURVE, -1).mean(axis=1).tolist(),
    }


def first_losses(trained: Trained, network: int) -> dict[str, list[float]]:
    """Return the first 20 losses of one network, and nothing of a convolutional one."""
    # convolutions are in float32: a sum in another order moves the teacher, and so the first losses of its students
    if trained.parameters[0][0].dtype == torch.float32:
        return {}
    return {"losses": trained.losses[network, :REPLAYED_STEPS].tolist()}


def initial_students(split: Split, thin: int, forward: Forward, rngs: Sequence[np.random.Generator]) -> Layers:
    """Draw one student for each generator, with a layer of so many units below the features, or none if 0."""
    if forward is conv_forward:
        return initial_conv_network(CONV_CHANNELS, *kernel_and_shape(split), (CONV_WIDTH, 10), rngs)
    below = (thin,) if thin else ()
    return initial_parameters((split.train_inputs.shape[-1], *below, WIDTH, 10), rngs)


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: accuracy over alpha, and how the balanced alpha moves.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "alphas": data and labels -> the constants tried; "accuracy", "kl": data and
        labels (such as "digits_50") -> [alpha][seed], "balanced_accuracy" -> [seed]; and "alpha_curve": arm ->
        [seed][part of training], 20 equal parts, of the arms that balance by the features.
    """
    values = {(record["arm"], record["seed"]): record for record in records}
    seeds = sorted({record["seed"] for record in records})
    constant = {
        name: [arm for arm, of in ARMS.items() if arm.startswith(f"{name}_alpha") and f"{of.data}_{of.labels}" == name]
        for name in NAMES
    }

    def by_seed(arm: str, measure: str) -> list[Any]:
        return [values[arm, seed][measure] for seed in seeds]

    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": seeds,
        "alphas": {name: [ARMS[arm].alpha for arm in arms] for name, arms in constant.items()},
        "accuracy": {name: [by_seed(arm, "accuracy") for arm in arms] for name, arms in constant.items()},
        "kl": {name: [by_seed(arm, "kl") for arm in arms] for name, arms in constant.items()},
        "balanced_accuracy": {name: by_seed(f"{name}_balanced", "accuracy") for name in NAMES},
        "alpha_curve": {
            name: [[round(alpha, 4) for alpha in curve] for curve in by_seed(name, "alphas")]
            for name, arm in ARMS.items()
            if arm.alpha == "features" and arm.source != "random"
        },
    }
