"""Feature matching: bias against variance in the linear model, exact and drawn, and the weight in trained networks.

First, `kdlab.feature_matching` on designs drawn anew for each seed: 40 rows of 8 Gaussian inputs, 12 linear features.
For each case the excess error over lambda, where it is least, and where it is back at that of the logits alone; beside
it the mean over 1,000 draws of the noise, and how many standard errors that lies off at most, over seven lambdas (for
a true formula about 2). Cases: features made with the logits' own parameters ("aligned"), with others at a distance of
as much as the parameters' own length ("misaligned"), with noise of ten times the variance ("noisy features"), and with
logits that have no noise, the features aligned but noisy ("exact_logits"). Then students that omit 4 of the 12 inputs
a teacher uses, correlated with those that are kept or not, with 40 rows or 4,000: what matching exact or noisy logits
is biased by. These numbers need no training and replay to the digits that are written.

Second, networks: a student 64-32-10 matches the logits of a teacher 64-32-10 (features of the SAME WIDTH, no
regressor) by half the squared distance of the centred logits, plus lambda times the squared distance of the 32 hidden
units; 100 rows or all 1,297; the teacher's logits exact, or with Gaussian noise of standard deviation 3, drawn once for
each row; and, as a control, features of other rows ("permuted"). The last lambda, 10,000, stands for infinity: Adam
does not care for the scale of a gradient, so the hidden layer follows the features alone and the last layer the logits.

Nothing was tuned: Adam's step size, .005, is one choice, made by hand before the first run. All arms of a seed and
number of rows share rows, noise, initial weights and the order of the mini-batches. Adam divides a factor of its loss
out again, so that no gain here is one of longer steps.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.core.feature_matching import (
    bias_variance,
    break_even_lambda,
    coordinates,
    fit_student,
    omitted_variable_bias,
    optimal_lambda,
    slope_at_zero,
)
from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import TRAIN, Split, digits
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import centred_logit_mse
from kdlab.experiments.networks import (
    WithFeatures,
    features_of,
    generators,
    initial_parameters,
    logits_of,
    with_features,
)

ROWS, INPUTS, FEATURES, OMITTED, MANY = 40, 8, 12, 4, 4000
DRAWS = 1000
LAMBDAS = tuple(float(lam) for lam in np.geomspace(1e-2, 1e4, 25))
DRAWN_LAMBDAS = (0.0, 0.1, 1.0, 10.0, 100.0, 1e3, 1e4)

WEIGHTS = (0.0, 0.01, 0.1, 1.0, 10.0, 100.0, 10000.0)
FEW, WIDTH, STEPS, BATCH_SIZE = 100, 32, 500, 128
NOISE = 3.0
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)


@dataclass(frozen=True)
class Case:
    """A linear problem: variances of the noise of logits and features, and how far apart their parameters are."""

    sigma2: float
    tau2: float
    distance: float


CASES = {
    "aligned": Case(sigma2=1.0, tau2=1.0, distance=0.0),
    "misaligned": Case(sigma2=1.0, tau2=1.0, distance=1.0),
    "noisy_features": Case(sigma2=1.0, tau2=10.0, distance=0.0),
    "exact_logits": Case(sigma2=0.0, tau2=1.0, distance=0.0),
}


@dataclass(frozen=True)
class Omission:
    """A student that omits inputs: rows to learn from, noise of the logits, correlation with what is kept."""

    rows: int
    sigma2: float
    correlation: float


OMISSIONS = {
    "omitted_40": Omission(ROWS, 1.0, 0.6),
    "omitted_4000": Omission(MANY, 1.0, 0.6),
    "omitted_4000_exact_logits": Omission(MANY, 0.0, 0.6),
    "omitted_4000_uncorrelated": Omission(MANY, 1.0, 0.0),
}


@dataclass(frozen=True)
class Arm:
    """One way to train a student: rows, weight of the features, whether the logits are noisy, whose features."""

    rows: int
    lam: float
    noisy: bool
    source: Literal["teacher", "permuted"] = "teacher"


SETTINGS = {
    f"rows{FEW}": Arm(FEW, 0.0, noisy=False),
    f"rows{FEW}_noisy": Arm(FEW, 0.0, noisy=True),
    f"rows{TRAIN}": Arm(TRAIN, 0.0, noisy=False),
    f"rows{TRAIN}_noisy": Arm(TRAIN, 0.0, noisy=True),
    f"rows{FEW}_noisy_permuted": Arm(FEW, 0.0, noisy=True, source="permuted"),
}
ARMS = {
    f"{name}_lambda_{lam:g}": Arm(setting.rows, lam, setting.noisy, setting.source)
    for name, setting in SETTINGS.items()
    for lam in WEIGHTS
}


def run(lab: Lab) -> None:
    """Compute and draw the linear cases; train the networks, and measure them on the test rows.

    Linear arms have what `of_case` and `of_omission` say. Students have "accuracy" and "agreement" in [0, 1], "kl" to
    the teacher at T = 1 in nats, and "logit_error", half the squared distance of the centred logits from the teacher's
    own, mean over classes and rows: what the excess error is in the linear model. The teacher has accuracy alone.
    """
    for cases, measure in ((CASES, of_case), (OMISSIONS, of_omission)):
        for name, case in cases.items():
            lab.note(name, [measure(seed, case) for seed in lab.seeds])
    full = lab.split(digits)
    teacher = lab.feature_teacher(full, WIDTH)
    lab.note("teacher", lab.graded(teacher, full))
    for rows in (lab.few(full, FEW), full):
        arms = {name: arm for name, arm in ARMS.items() if arm.rows == rows.train_labels.shape[1]}
        lam = torch.tensor([arm.lam for arm in arms.values() for _ in lab.seeds], dtype=torch.float64)
        loss = partial(matching_loss, lam=lam)
        students = lab.students(
            {name: Lesson(rows.train, loss, targets_of(arm, rows, teacher, lab.seeds)) for name, arm in arms.items()},
            partial(initial_parameters, (64, WIDTH, 10)),
            OPTIMISER,
            steps=STEPS,
            batch_size=BATCH_SIZE,
            forward=with_features,
        )
        for name, networks in students.items():
            logits = logits_of(networks.parameters, full.test_inputs)
            lab.exam(name, logits, teacher.test_logits, full)
            errors = centred_logit_mse(*(torch.from_numpy(z) for z in (logits, teacher.test_logits)))
            lab.note(name, [{"logit_error": error} for error in errors.tolist()])


def of_case(seed: int, case: Case) -> dict[str, Any]:
    """Return the excess error of one linear problem over lambda, exact and drawn.

    Returns
    -------
    dict
        "excess_at_0", "excess_at_optimum": exact, in [0, inf); "relative_excess": the second over the first, 1 if both
        are 0; "optimal_pull", "break_even_pull": lam / (1 + lam) of the best lambda and of that up to which features
        help, in [0, 1], 1 for infinity; "slope_at_0"; "worst_standard_errors": of the drawn mean from the exact
        excess, over `DRAWN_LAMBDAS`; "excess", "squared_bias": over `LAMBDAS`.
    """
    rng = generators([seed], "linear")[0]
    X, F = rng.standard_normal((ROWS, INPUTS)), rng.standard_normal((FEATURES, INPUTS))
    star, away = (direction / np.linalg.norm(direction) for direction in rng.standard_normal((2, INPUTS)))
    feature, noise = star + case.distance * away, (case.sigma2, case.tau2)
    problem = coordinates(X, F, feature - star, np.eye(INPUTS))
    optimum = optimal_lambda(problem, *noise)
    at_0, at_optimum = (bias_variance(problem, *noise, lam).excess for lam in (0.0, optimum))

    y = X @ star[:, np.newaxis] + case.sigma2**0.5 * rng.standard_normal((ROWS, DRAWS))
    h = F @ feature[:, np.newaxis] + case.tau2**0.5 * rng.standard_normal((FEATURES, DRAWS))
    off = [0.0]
    for lam in DRAWN_LAMBDAS:
        drawn = np.sum((fit_student(X, F, y, h, lam) - star[:, np.newaxis]) ** 2, axis=0)
        error = drawn.std(ddof=1) / DRAWS**0.5
        if error > 1e-12:  # without noise every draw is the same
            off.append(abs(drawn.mean() - bias_variance(problem, *noise, lam).excess) / error)
    curve = [bias_variance(problem, *noise, lam) for lam in LAMBDAS]
    return {
        "excess_at_0": at_0,
        "excess_at_optimum": at_optimum,
        "relative_excess": at_optimum / at_0 if at_0 > 0 else 1.0,
        "optimal_pull": pull(optimum),
        "break_even_pull": pull(break_even_lambda(problem, *noise)),
        "slope_at_0": slope_at_zero(problem, case.sigma2),
        "worst_standard_errors": float(max(off)),
        "excess": [at.excess for at in curve],
        "squared_bias": [at.squared_bias for at in curve],
    }


def pull(lam: float) -> float:
    """Return lam / (1 + lam), in [0, 1]: finite for every lambda.

    Examples
    --------
    >>> pull(0.0), pull(1.0), pull(float("inf"))
    (0.0, 0.5, 1.0)
    """
    return lam / (1 + lam) if lam < np.inf else 1.0


def of_omission(seed: int, omission: Omission) -> dict[str, Any]:
    """Return the bias of a student that omits some of the teacher's inputs.

    Returns
    -------
    dict
        "parameter_bias": length of the exact bias of the student's parameters over the length of the teacher's for
        the same inputs; "worst_standard_errors": of the mean estimate over draws from that bias, over the parameters
        (0 where the logits are exact and every draw is the same).
    """
    rng = generators([seed], "omission")[0]
    theta = rng.standard_normal(INPUTS + OMITTED)
    kept, left_out = theta[:INPUTS], theta[INPUTS:]
    X1, own = rng.standard_normal((omission.rows, INPUTS)), rng.standard_normal((omission.rows, OMITTED))
    X2 = omission.correlation * X1[:, :OMITTED] + (1 - omission.correlation**2) ** 0.5 * own
    bias = omitted_variable_bias(X1, X2, left_out)
    draws = DRAWS // 5  # as many rows a draw are plenty
    noise = omission.sigma2**0.5 * rng.standard_normal((omission.rows, draws))
    y = (X1 @ kept + X2 @ left_out)[:, np.newaxis] + noise
    found = fit_student(X1, np.eye(INPUTS), y, np.zeros((INPUTS, draws)), 0.0)
    error = found.std(axis=1, ddof=1) / draws**0.5
    off = np.abs(found.mean(axis=1) - kept - bias)
    return {
        "parameter_bias": float(np.linalg.norm(bias) / np.linalg.norm(kept)),
        "worst_standard_errors": float(np.max(off / error)) if omission.sigma2 > 0 else 0.0,
    }


def targets_of(arm: Arm, split: Split, teacher: Teacher, seeds: Sequence[int]) -> NDArray[np.float64]:
    """Return what the students of an arm match, (S, N, 10 + K): logits, noisy or not, then features."""
    logits, features = teacher.on(split), features_of(teacher.networks.parameters, split.train_inputs)
    if arm.noisy:
        noise = [rng.standard_normal(logits.shape[1:]) for rng in generators(seeds, "noise of the logits")]
        logits = logits + NOISE * np.stack(noise)
    if arm.source == "permuted":
        orders = [rng.permutation(features.shape[1]) for rng in generators(seeds, "permutation")]
        features = np.stack([of_seed[order] for of_seed, order in zip(features, orders, strict=True)])
    return np.concatenate([logits, features], axis=-1)


def matching_loss(outputs: WithFeatures, targets: Tensor, labels: Tensor, lam: Tensor) -> Tensor:
    """Return the loss (S,) of logits, plus lambda (S,) times that of features, mean over the mini-batch."""
    logits, features = targets[..., :10], targets[..., 10:]
    of_features = (outputs.features - features).square().sum(-1).mean(-1)
    return centred_logit_mse(outputs.logits, logits) + lam * of_features


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the excess error over lambda, and the networks' measures.

    Returns
    -------
    dict
        "cases", "omissions", "arms": settings by name; "seeds"; "lambdas"; "excess", "squared_bias": case ->
        [seed][lambda]; "weights": lambda of the networks; "accuracy", "kl", "logit_error": setting (such as
        "rows100_noisy") -> [weight][seed].
    """

    def of(arm: str, measure: str) -> list[Any]:
        return list(by_seed(records, arm, measure).values())

    return {
        "cases": {name: asdict(case) for name, case in CASES.items()},
        "omissions": {name: asdict(omission) for name, omission in OMISSIONS.items()},
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": list(by_seed(records, "teacher", "accuracy")),
        "lambdas": list(LAMBDAS),
        **{measure: {name: of(name, measure) for name in CASES} for measure in ("excess", "squared_bias")},
        "weights": list(WEIGHTS),
        **{
            measure: {name: [of(f"{name}_lambda_{lam:g}", measure) for lam in WEIGHTS] for name in SETTINGS}
            for measure in ("accuracy", "kl", "logit_error")
        },
    }


def words() -> Iterator[tuple[str, str]]:
    """Yield every arm, and what it is in plain words."""
    yield "aligned", "linear, features of the logits' own parameters"
    yield "misaligned", "linear, features of parameters at a distance of their own length"
    yield "noisy_features", "linear, features with ten times the noise"
    yield "exact_logits", "linear, logits without noise, features with noise"
    for name, omission in OMISSIONS.items():
        noise = "" if omission.sigma2 else ", logits without noise"
        tie = "correlated with the others" if omission.correlation else "uncorrelated"
        yield name, f"linear, four inputs omitted, {tie}, {omission.rows:,} rows{noise}"
    yield "teacher", "the teacher"
    for name, arm in ARMS.items():
        logits = "noisy logits" if arm.noisy else "logits"
        features = "features of other images" if arm.source == "permuted" else "features"
        yield name, f"{arm.rows:,} digits, {logits}, {features} at weight {arm.lam:,g}"


def comparisons() -> Iterator[tuple[str, str]]:
    """Yield the pairs whose differences are wanted."""
    yield "misaligned", "aligned"
    yield "noisy_features", "aligned"
    yield "omitted_4000", "omitted_40"
    yield "omitted_4000_uncorrelated", "omitted_4000"
    for name in SETTINGS:
        yield from ((f"{name}_lambda_{lam:g}", f"{name}_lambda_0") for lam in WEIGHTS[1:])
        yield from ((f"{name}_lambda_{lam:g}", f"{name}_lambda_10000") for lam in WEIGHTS[1:-1])
    for lam in WEIGHTS[1:]:
        yield f"rows{FEW}_noisy_lambda_{lam:g}", f"rows{FEW}_noisy_permuted_lambda_{lam:g}"


EXPERIMENT = Experiment(
    question=(
        "Does the closed form of bias and variance hold over draws of the noise, from which weight on do features cost "
        "more than they save, and is a weight between none and all the best for a trained network?"
    ),
    words=dict(words()),
    controls={
        "exact_logits": "would have had a best weight above 0 if features helped whatever the noise of the logits",
        "misaligned": "would have been hurt by every weight if only aligned features helped",
        "omitted_4000_uncorrelated": "would have been as biased as correlated ones if their number were the cause",
        f"rows{FEW}_noisy_permuted_lambda_1": (
            "would have gained as much as the teacher's features if any penalty on the hidden units did"
        ),
        f"rows{FEW}_noisy_permuted_lambda_10000": (
            "would have done as well as without features if it did not matter what they say"
        ),
    },
    units={
        "excess_at_0": "",
        "excess_at_optimum": "",
        "relative_excess": "%",
        "optimal_pull": "",
        "break_even_pull": "",
        "slope_at_0": "",
        "worst_standard_errors": "",
        "parameter_bias": "",
        "accuracy": "%",
        "kl": "nats",
        "agreement": "%",
        "logit_error": "",
    },
    comparisons=list(comparisons()),
    run=run,
    measured=measured,
    may_fail={
        f"rows{FEW}_noisy_permuted_lambda_{lam:g}": "hidden units that follow other images cannot answer these"
        for lam in (10.0, 100.0, 10000.0)
    },
)
