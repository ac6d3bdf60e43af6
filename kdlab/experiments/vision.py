"""Vision: a student that has never seen one class, and what its teacher's soft targets tell it of that class.

The rows of one class are left out of what students learn from (Hinton, Vinyals and Dean 2015 left out the digit 3). The
teacher has learned all ten classes; its probability of the tenth, on rows of the other nine, is all that a student
hears of it. Students of hard labels hear nothing. Digits: a teacher of five networks, students of one hidden layer of
32, without the 3 or without the 8. Images (5,000 of MNIST) and signals (MNIST-1D): teachers and students are
convolutional, without the 3.

Targets have the factor T^2, and T = 1, 4, 8, of digits also 2. The upper control learns, at T = 4, rows of all classes.

Bias repair: a student that has never had to name a class thinks it rare. One number, the output bias of that class, is
set so that its mean probability (T = 1) on unlabelled inputs, the training rows of all ten classes, equals the share
of the class in them. The share has to be KNOWN: no unlabelled row and no student tells it. So repair uses two things
the plain students do not have, inputs of the omitted class and its share. "half" is a repair with half the true share;
"hard_bias", the repair of a student of hard labels, tells repair from knowledge.

Nothing was tuned: Adam's step size .005, widths and temperatures were chosen by hand; steps (600 in batches of 128 of
digits, 300 in batches of 64 of the others) by what they cost. Signals alone were to be the second data set; on a seed
outside the record no student of them named the 3, with a thousand steps neither. They stay, since the claim has to
stand them, and images were added before the first run. Arms of a seed and data set share initial weights, those without
a class also the rows and the order of the mini-batches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit, logsumexp

from kdlab.core.temperature import softmax
from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import Split, digits, mnist1d, mnist5k
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import REPLAYED_STEPS, Lab, Lesson, Teacher
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.networks import (
    Forward,
    Layers,
    Trained,
    conv_forward,
    forward,
    initial_conv_network,
    initial_parameters,
    logits_of,
)
from kdlab.experiments.teachers import kernel_and_shape

OMITTED = {"digits": (3, 8), "images": (3,), "signals": (3,)}
TEMPERATURES = {"digits": (1.0, 2.0, 4.0, 8.0), "images": (1.0, 4.0, 8.0), "signals": (1.0, 4.0, 8.0)}
STEPS = {"digits": 600, "images": 300, "signals": 300}
BATCH_SIZE = {"digits": 128, "images": 64, "signals": 64}
SPLITS = {"digits": digits, "images": mnist5k, "signals": mnist1d}
TEACHER_CHANNELS = {"images": (8, 16), "signals": (16, 32)}
CHANNELS = {"images": (4, 8), "signals": (8, 16)}
PRESENT_TEMPERATURE = 4.0
CLASSES = 10
WIDTH = 32
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)
SAID_TEMPERATURES = (1.0, 2.0, 4.0, 8.0, 16.0)
SHOWN_TASK = "digits3"  # whose gaps are kept, of the first seed
SHOWN_STUDENTS = ("hard", "T1", "T4", "T8")
NETWORKS_TASK = "images3"  # whose networks are kept, of the first seed


@dataclass(frozen=True)
class Arm:
    """One way to train a student, and to repair it."""

    data: str
    omitted: int
    temperature: float | None  # of the targets; None for hard labels
    present: bool = False  # whether the student learns the rows of the class after all
    prior: float | None = None  # what the bias is set to, as a multiple of the share of the class

    @property
    def changed(self) -> bool:
        """Whether the arm is the student of another one, repaired, or learns all classes."""
        return self.present or self.prior is not None

    @property
    def student(self) -> str:
        """The training that the arm's answers are of."""
        if self.present:
            return f"{self.data}_present"
        return f"{self.data}{self.omitted}_" + ("hard" if self.temperature is None else f"T{self.temperature:g}")

    @property
    def words(self) -> str:
        """What the arm is, in plain words."""
        lesson = "labels" if self.temperature is None else f"soft targets at T = {self.temperature:g}"
        rows = f"all classes, the {self.omitted} too" if self.present else f"no {self.omitted} among its rows"
        share = {None: "", 1.0: "; bias set to the true share", 0.5: "; bias set to half the true share"}[self.prior]
        return f"{self.data}: {lesson}, {rows}{share}"


def arms_of(data: str, omitted: int) -> dict[str, Arm]:
    """Name the arms of a class that is left out."""
    plain = {"hard": None, **{f"T{T:g}": T for T in TEMPERATURES[data]}}
    arms = {name: Arm(data, omitted, T) for name, T in plain.items()}
    arms |= {f"{name}_bias": Arm(data, omitted, T, prior=1.0) for name, T in plain.items()}
    arms["T4_half"] = Arm(data, omitted, 4.0, prior=0.5)
    arms["present"] = Arm(data, omitted, PRESENT_TEMPERATURE, present=True)
    return {f"{data}{omitted}_{name}": arm for name, arm in arms.items()}


TASKS = {f"{data}{omitted}": (data, omitted) for data, classes in OMITTED.items() for omitted in classes}
ARMS: dict[str, Arm] = {name: arm for task in TASKS.values() for name, arm in arms_of(*task).items()}


class Logits(NamedTuple):
    """Logits (S, N, C) of one network for each seed: on the training rows of all classes, on test and shown rows."""

    pool: NDArray[np.float64]
    test: NDArray[np.float64]
    shown: NDArray[np.float64]


def run(lab: Lab) -> None:
    """Train teachers and students, repair students, and measure all on the test rows.

    "accuracy" is over all classes; "recall" the part of the test rows of the omitted class that is named so;
    "false_alarm" the part of all other test rows that is named so; "prior" the mean probability of the class on the
    training rows of all classes; all in [0, 1]. Students also have "kl" to the teacher at T = 1 in nats, "agreement"
    with it, and "bias", what was added to the logit. For the pictures "shown" holds the probabilities of the shown rows
    of the omitted class; teachers hold "said", and some networks of the first seed "gaps" or their "layers".
    """
    for data, source in SPLITS.items():
        split = lab.split(source)
        if data == "digits":
            teacher, network = lab.ensemble(split), forward
            start = partial(initial_parameters, (split.train_inputs.shape[-1], WIDTH, CLASSES))
        else:
            teacher, network = lab.conv_teacher(split, TEACHER_CHANNELS[data]), conv_forward
            start = partial(initial_conv_network, CHANNELS[data], *kernel_and_shape(split), (WIDTH, CLASSES))
        present = students_of(lab, data, split, teacher, start, network, {f"{data}_present": PRESENT_TEMPERATURE})
        for omitted in OMITTED[data]:
            note_teacher(lab, data, omitted, split, teacher)
            lessons = {name: arm.temperature for name, arm in arms_of(data, omitted).items() if not arm.changed}
            absent = split.keep(split.train_labels != omitted)
            students = students_of(lab, data, absent, teacher, start, network, lessons)
            answers = {
                name: Logits(*(logits_of(trained.parameters, x, network) for x in inputs_of(split)))
                for name, trained in (present | students).items()
            }
            note_students(lab, data, omitted, split, teacher, answers)
            present_losses = present[f"{data}_present"].losses[:, :REPLAYED_STEPS].tolist()
            lab.note(f"{data}{omitted}_present", [{"losses": losses} for losses in present_losses])
            if f"{data}{omitted}" == NETWORKS_TASK:
                note_networks(lab, teacher, students)


def inputs_of(split: Split) -> tuple[NDArray[np.float64], ...]:
    """Return the inputs that `Logits` are of."""
    return split.train_inputs, split.test_inputs, split.shown_inputs


def students_of(
    lab: Lab,
    data: str,
    taught: Split,
    teacher: Teacher,
    start: Callable[[Sequence[np.random.Generator]], Layers],
    network: Forward,
    temperatures: dict[str, float | None],
) -> dict[str, Trained]:
    """Train students on the same rows, by name, at temperatures or from hard labels."""
    targets = teacher.on(taught)
    lessons = {
        name: Lesson(taught.train, loss_of(temperature), None if temperature is None else targets)
        for name, temperature in temperatures.items()
    }
    return lab.students(lessons, start, OPTIMISER, steps=STEPS[data], batch_size=BATCH_SIZE[data], forward=network)


def loss_of(temperature: float | None) -> Callable[..., torch.Tensor]:
    """Return the loss of hard labels, or of soft targets alone."""
    if temperature is None:
        return partial(distillation_loss, alpha=0.0)
    return partial(distillation_loss, temperature=temperature, alpha=1.0)


def note_teacher(lab: Lab, data: str, omitted: int, split: Split, teacher: Teacher) -> None:
    """Measure the teachers, and keep what they say of the omitted class."""
    logits = Logits(teacher.train_logits, teacher.test_logits, teacher.logits(split.shown_inputs))
    lab.note(f"{data}{omitted}_teacher", [{"accuracy": of["accuracy"]} for of in lab.graded(teacher, split)])
    lab.note(f"{data}{omitted}_teacher", naming(logits, split, omitted))
    said = [what_is_said(*of_seed, omitted) for of_seed in zip(teacher.train_logits, split.train_labels, strict=True)]
    lab.note(f"{data}{omitted}_teacher", [{"said": of_seed} for of_seed in said])


def what_is_said(logits: NDArray[np.float64], labels: NDArray[np.int64], omitted: int) -> list[list[float]]:
    """Return the mean probability of the omitted class on the rows of each class, at each temperature."""
    return [
        [float(softmax(logits[labels == c], T)[:, omitted].mean()) for c in range(CLASSES)] for T in SAID_TEMPERATURES
    ]


def note_students(
    lab: Lab, data: str, omitted: int, split: Split, teacher: Teacher, answers: dict[str, Logits]
) -> None:
    """Repair and measure the students without one class, and those who know it."""
    shares = (split.train_labels == omitted).mean(axis=1)
    for name, arm in arms_of(data, omitted).items():
        plain = answers[arm.student]
        biases = [
            bias_for_prior(pool, omitted, arm.prior * share) if arm.prior else 0.0
            for pool, share in zip(plain.pool, shares, strict=True)
        ]
        repaired = Logits(*(with_bias(logits, omitted, np.array(biases)) for logits in plain))
        lab.exam(name, repaired.test, teacher.test_logits, split)
        lab.note(name, naming(repaired, split, omitted))
        lab.note(name, [{"bias": bias} for bias in biases])
        if name in [f"{SHOWN_TASK}_{student}" for student in SHOWN_STUDENTS]:
            note_first(lab, name, "gaps", gaps_of(plain.test[0], omitted).tolist())


def gaps_of(logits: NDArray[np.float64], omitted: int) -> NDArray[np.float64]:
    """Return how much each row's logit of the omitted class lacks to be the largest."""
    return np.delete(logits, omitted, axis=-1).max(axis=-1) - logits[:, omitted]


def note_first(lab: Lab, arm: str, name: str, value: list[Any]) -> None:
    """Keep a list of the first seed alone."""
    lab.note(arm, [{name: value}, *[{}] * (len(lab.seeds) - 1)])


def note_networks(lab: Lab, teacher: Teacher, students: dict[str, Trained]) -> None:
    """Keep the networks of the first seed, a byte for a weight: it is enough (tests/experiments/test_vision.py)."""
    kept = {f"{NETWORKS_TASK}_teacher": teacher.networks}
    kept |= {f"{NETWORKS_TASK}_{name}": students[f"{NETWORKS_TASK}_{name}"] for name in SHOWN_STUDENTS}
    for arm, networks in kept.items():
        layers = [[tensor[0].numpy() for tensor in layer] for layer in networks.parameters]
        note_first(
            lab,
            arm,
            "layers",
            [
                {"codes": codes.tolist(), "scale": scale, "bias": bias.ravel().tolist()}
                for weight, bias in layers
                for codes, scale in [in_bytes(weight)]
            ],
        )


def in_bytes(weights: NDArray[np.float64]) -> tuple[NDArray[np.int64], float]:
    """Return integers from -127 to 127, and the scale that makes weights of them."""
    scale = float(np.abs(weights).max() / 127)
    return np.rint(weights / scale).astype(np.int64), scale


def bias_for_prior(logits: NDArray[np.float64], omitted: int, prior: float) -> float:
    r"""Return what to add to the logit of one class so that its mean probability is its prior.

    .. math:: \frac1N \sum_n \sigma(b + g_n) = \pi, \qquad g_n = z_{nc} - \log \sum_{j \ne c} e^{z_{nj}}

    The left side rises with b from 0 to 1, so that there is one solution, between the two at which all rows would be
    below and all above.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        z, on unlabelled rows.
    omitted : int
        c.
    prior : float
        :math:`\pi` in (0, 1), which must be known.

    Returns
    -------
    float
        b.

    Raises
    ------
    ValueError
        If the prior is outside (0, 1).

    Examples
    --------
    >>> round(bias_for_prior(np.zeros((5, 3)), 0, 0.5), 4)  # log 2
    0.6931
    """
    if not 0 < prior < 1:
        raise ValueError(f"prior must be in (0, 1); {prior!r} was given.")
    gap = logits[:, omitted] - logsumexp(np.delete(logits, omitted, axis=-1), axis=-1)
    low, high = logit(prior) - gap.max() - 1e-6, logit(prior) - gap.min() + 1e-6  # rounding must not close the bracket
    return float(brentq(lambda b: expit(b + gap).mean() - prior, low, high, xtol=1e-10))


def with_bias(logits: NDArray[np.float64], omitted: int, biases: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logits (S, N, C) with a number of each seed added to those of one class."""
    return logits + biases[:, None, None] * (np.arange(logits.shape[-1]) == omitted)


def naming(logits: Logits, split: Split, omitted: int) -> list[Record]:
    """Measure how each seed's network names the omitted class: where it should, where not, and on the pool."""
    measures = []
    for i, test_labels in enumerate(split.test_labels):
        named = logits.test[i].argmax(axis=-1) == omitted
        measures.append(
            {
                "recall": float(named[test_labels == omitted].mean()),
                "false_alarm": float(named[test_labels != omitted].mean()),
                "prior": float(softmax(logits.pool[i], 1.0)[:, omitted].mean()),
                "shown": softmax(logits.shown[i][split.shown_labels[i] == omitted], 1.0).tolist(),
            }
        )
    return measures


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: every seed's measures by arm, and what one seed's networks make of images.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "temperatures": data -> those of the targets; "tasks": a data set and its
        omitted class. "accuracy", "recall", "false_alarm" and "prior": arm -> [seed], also of the teachers; "bias":
        arm -> [seed], of those repaired. "shown_inputs": task -> the shown rows of the omitted class, which nobody has
        learned; "shown": arm -> [row][class], the probabilities of the first seed's networks at T = 1.
        "said_temperatures", and "said": task -> [temperature][class], the teacher's mean probability of the omitted
        class on the training rows of each class, mean over seeds.
    """
    names = [*ARMS, *(f"{task}_teacher" for task in TASKS)]
    seeds = sorted({record["seed"] for record in records})

    def of(arm: str, measure: str) -> list[float]:
        return list(by_seed(records, arm, measure).values())

    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": seeds,
        "temperatures": {data: list(temperatures) for data, temperatures in TEMPERATURES.items()},
        "tasks": list(TASKS),
        **{m: {name: of(name, m) for name in names} for m in ("accuracy", "recall", "false_alarm", "prior")},
        "bias": {name: of(name, "bias") for name, arm in ARMS.items() if arm.prior},
        "shown_inputs": {task: shown_inputs(*parts) for task, parts in TASKS.items()},
        "shown": {name: np.round(by_seed(records, name, "shown")[seeds[0]], 6).tolist() for name in names},
        "said_temperatures": list(SAID_TEMPERATURES),
        "said": {
            task: np.mean(list(by_seed(records, f"{task}_teacher", "said").values()), axis=0).tolist() for task in TASKS
        },
    }


def shown_inputs(data: str, omitted: int) -> list[list[float]]:
    """Return the shown rows of a class, the same for every seed."""
    split = SPLITS[data](0)
    return split.shown_inputs[split.shown_labels == omitted].round(4).tolist()


def shown(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """Return what the first seed's networks need to be run, or repaired, again.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        Digits without the 3: "gaps" (4, 450), how much each test row's logit of the 3 lacks to be the largest, of the
        students of labels and of T = 1, 4, 8; "is_omitted" (450,), the rows that are a 3. Images without the 3, of the
        teacher and the same students, "<name>_<layer>_codes" in int8, "_scale", whose product is the weights, and
        "_bias"; layers as for `kdlab.experiments.networks.conv_forward`.
    """
    seed = min(record["seed"] for record in records)
    of_first = {record["arm"]: record for record in records if record["seed"] == seed}
    arrays = {
        "gaps": np.float32([of_first[f"{SHOWN_TASK}_{name}"]["gaps"] for name in SHOWN_STUDENTS]),
        "is_omitted": digits(seed).test_labels == TASKS[SHOWN_TASK][1],
    }
    for name in ("teacher", *SHOWN_STUDENTS):
        for number, layer in enumerate(of_first[f"{NETWORKS_TASK}_{name}"]["layers"]):
            arrays[f"{name}_{number}_codes"] = np.int8(layer["codes"])
            arrays[f"{name}_{number}_scale"] = np.float64(layer["scale"])
            arrays[f"{name}_{number}_bias"] = np.float32(layer["bias"])
    return arrays


QUESTION = (
    "Can a student name a class of which it has never seen a row, from its teacher's soft targets on the others alone; "
    "what does the temperature do, and what is left once the bias of that class is set to its share?"
)
WORDS = {
    **{f"{task}_teacher": f"{data}: the teacher, which knows the {omitted}" for task, (data, omitted) in TASKS.items()},
    **{name: arm.words for name, arm in ARMS.items()},
}
CONTROLS = {
    "digits3_hard": "would have named the class if something other than soft targets told of it",
    "digits3_T8 - digits3_T1": "would have been 0 if the temperature of the targets did not matter",
    "digits3_hard_bias - digits3_hard": "would have been the whole gain if the bias alone were what a student lacks",
    "digits3_T4_half - digits3_T4_bias": "would have been 0 if the repair did not need the true share",
    "signals3_T8 - signals3_hard": "would have been a gain if soft targets told of any omitted class",
    "digits3_present": "would have been no better than the others if there were nothing to lose by omitting a class",
}
UNITS = {
    "accuracy": "%",
    "kl": "nats",
    "agreement": "%",
    "recall": "%",
    "false_alarm": "%",
    "prior": "%",
    "bias": "",
}
COMPARISONS: list[tuple[str, str]] = [
    (f"{task}_{arm}", f"{task}_{baseline}")
    for task in TASKS
    for arm, baseline in (
        ("T1", "hard"),
        ("T4", "hard"),
        ("T8", "hard"),
        ("T4", "T1"),
        ("T8", "T1"),
        ("T8", "T4"),
        ("T4", "present"),
        ("T8", "present"),
        ("hard_bias", "hard"),
        ("T1_bias", "T1"),
        ("T4_bias", "T4"),
        ("T8_bias", "T8"),
        ("T1_bias", "hard_bias"),
        ("T4_bias", "hard_bias"),
        ("T8_bias", "hard_bias"),
        ("T8_bias", "T1_bias"),
        ("T4_bias", "present"),
        ("T8_bias", "present"),
        ("T4_half", "T4_bias"),
        ("teacher", "present"),
    )
]
COMPARISONS += [(f"digits{omitted}_T2", f"digits{omitted}_T1") for omitted in OMITTED["digits"]]

EXPERIMENT = Experiment(
    question=QUESTION,
    words=WORDS,
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    shown=shown,
)
