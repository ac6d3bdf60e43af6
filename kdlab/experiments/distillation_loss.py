"""The distillation loss: who gains from a teacher's soft targets, and where the gain comes from.

Digits: students of one hidden layer learn 20, 50, 100 or all 1,297 rows, from the labels or from a teacher that has
learned 1,297 labels (T = 4, factor T^2). If the gain is the teacher's knowledge of labels the student does not see,
then a teacher that has learned the same 100 labels should have little to give: it is the control. That teacher also
names the 1,197 other rows, which neither it nor its student has labels of; the student learns its soft targets or its
first choices there. Arms that weigh both terms equally show what the factor T^2 does in the combined loss.

Signals (MNIST-1D): a convolutional teacher of 4,000 labels; a smaller convolutional student and a perceptron learn 100
or 4,000 rows.

Nothing was tuned: Adam's step size .005, T = 4 and alpha = .5 were chosen by hand before the first run. Perceptrons
take 600 steps and convolutional students, which cost most, 300, in batches of 128, or of all rows if there are fewer.
On all signals a trial with other seeds had not converged, so perceptrons take 2,400 steps there as well: a loss that is
only slower to learn would catch up. Students of one architecture and seed share initial weights; those on the same rows
share the order of the mini-batches too. Under Adam a loss that is twice as large is the same loss, so no gain here is
that of a longer step, and there is no control for it; `temperature` has one, for plain gradient descent.

Added after the first run, since in a toy that students of few labels learn too well an early stop saves most of what
soft targets do: students of 16 units after 10, 30, 100 and 300 of their 600 steps; stopped by 100 other labels; and
under a penalty of .005 |w|^2 on the loss (weight decay .01 inside Adam: outside of it, as in AdamW, it would shrink a
weight by 3 % in 600 steps and could save nothing). What they would mean was laid down before they ran. The gain of soft
targets is one of softness or knowledge if it stands against labels that are stopped or decayed, and as far as it is
gone there, it was protection from learning too well. It is that, too, as far as it is smaller after 10 steps than after
600. The stop is an honest one: of every tenth step it takes the one that is best on the 100 other labels by accuracy,
of equal ones by cross-entropy, and these are labels that somebody must give. So students of labels learn all 200 too
("w16_200_hard"): they say whether labels are better spent on a stop. Taught students are stopped and decayed alike.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import TRAIN, Split, digits, mnist1d
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import cross_entropy, distillation_loss
from kdlab.experiments.measures import accuracy
from kdlab.experiments.networks import (
    Forward,
    Hook,
    Layers,
    conv_forward,
    forward,
    initial_conv_network,
    initial_parameters,
    logits_of,
)
from kdlab.experiments.teachers import kernel_and_shape

Data = Literal["digits", "signals"]

SOURCES = {"digits": digits, "signals": mnist1d}
WIDTHS = (8, 16, 32)
COUNTS = (20, 50, 100, TRAIN)
FEW = 100  # labels of the lesser teacher, few labels of the signals, and labels that stop
SIGNALS = 4000
TEMPERATURE = 4.0
BATCH_SIZE = 128
LOOKS, STEPS = (10, 30, 100, 300), 600  # steps after which students of 16 units are measured, and all of them
EVERY = 10  # steps between two looks at the labels that stop
DECAY = 0.01


@dataclass(frozen=True)
class Arm:
    """One way to train a student: alpha weighs the soft term, 0 is labels alone and 1 the teacher alone."""

    rows: str  # how many training rows; "others" are all but the few of the lesser teacher, "200" those that stop too
    alpha: float
    width: int = 16
    data: Data = "digits"
    network: Literal["perceptron", "convolutional"] = "perceptron"
    teacher: Literal["all labels", "few labels"] = "all labels"
    labels: Literal["true", "teacher's"] = "true"
    scale_by_T2: bool = True
    steps: int = STEPS
    weight_decay: float = 0.0
    stop: int | Literal["held out"] | None = None  # after how many of the steps; None if after all

    @property
    def together(self) -> tuple[str, int, int, float]:
        """What arms on the same rows must share to be trained side by side."""
        return self.network, self.width, self.steps, self.weight_decay


LESSONS = (("hard", 0.0), ("kd", 1.0))
ARMS: dict[str, Arm] = {
    **{
        f"w{w}_{count}_{name}": Arm(str(count), alpha, w) for w in WIDTHS for count in COUNTS for name, alpha in LESSONS
    },
    **{
        f"w16_{count}_{name}_after_{step}": Arm(str(count), alpha, stop=step)
        for count in COUNTS
        for step in LOOKS
        for name, alpha in LESSONS
    },
    **{
        f"w16_{count}_{name}_stopped": Arm(str(count), alpha, stop="held out")
        for count in COUNTS[:-1]  # of all rows none is left over
        for name, alpha in LESSONS
    },
    **{
        f"w16_{count}_{name}_decayed": Arm(str(count), alpha, weight_decay=DECAY)
        for count in COUNTS
        for name, alpha in LESSONS
    },
    "w16_200_hard": Arm(str(2 * FEW), 0.0),
    **{
        f"w16_{count}_both{suffix}": Arm(str(count), 0.5, scale_by_T2=scaled)
        for count in (FEW, TRAIN)
        for suffix, scaled in (("", True), ("_without_T2", False))
    },
    "w16_1297_pseudo": Arm(str(TRAIN), 0.0, labels="teacher's"),
    "lesser_100_kd": Arm(str(FEW), 1.0, teacher="few labels"),
    "lesser_others_kd": Arm("others", 1.0, teacher="few labels"),
    "lesser_others_pseudo": Arm("others", 0.0, teacher="few labels", labels="teacher's"),
    **{
        f"signals_{short}_{count}_{name}": Arm(str(count), alpha, width, "signals", network, steps=steps)
        for short, network, width, steps in (("conv", "convolutional", 16, 300), ("mlp", "perceptron", 64, STEPS))
        for count in (FEW, SIGNALS)
        for name, alpha in LESSONS
    },
    **{
        f"signals_mlp_{SIGNALS}_{name}_long": Arm(str(SIGNALS), alpha, 64, "signals", steps=2400)
        for name, alpha in LESSONS
    },
}


def run(lab: Lab) -> None:
    """Train teachers and students, and measure them on the test rows.

    Students have "accuracy" and "agreement" in [0, 1], and "kl" to their teacher at T = 1 in nats; those that other
    labels stop have "stopped_at", the step, in a list. "teacher", "lesser_teacher" and "signals_teacher" have accuracy
    and "train_accuracy", on all training rows with the true labels.
    """
    full = lab.split(digits)
    few = lab.few(full, FEW)
    teacher, lesser = lab.ensemble(full), lab.ensemble(few)
    note_teacher(lab, "teacher", teacher, full)
    note_teacher(lab, "lesser_teacher", lesser, full)
    for count in COUNTS:
        rows = lab.few(full, count)
        stopping = lab.few(all_but(full, rows), FEW) if count < TRAIN else None
        teach(lab, arms_of("digits", "all labels", str(count)), rows, teacher, stopping)
        if count == FEW:
            both = full.keep(among(full, np.concatenate([rows.train_rows, stopping.train_rows], axis=1)))
            teach(lab, arms_of("digits", "all labels", str(2 * FEW)), both, teacher)
    teach(lab, arms_of("digits", "few labels", str(FEW)), few, lesser)
    teach(lab, arms_of("digits", "few labels", "others"), all_but(full, few), lesser)

    full = lab.split(mnist1d)
    teacher = lab.conv_teacher(full)
    note_teacher(lab, "signals_teacher", teacher, full)
    for count in (FEW, SIGNALS):
        teach(lab, arms_of("signals", "all labels", str(count)), lab.few(full, count), teacher)


def arms_of(data: str, teacher: str, rows: str) -> dict[str, Arm]:
    """Return the arms that learn some rows from one teacher."""
    return {name: arm for name, arm in ARMS.items() if (arm.data, arm.teacher, arm.rows) == (data, teacher, rows)}


def among(split: Split, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say of each training row (S, N) whether it is one of those of its seed (S, n)."""
    return np.stack([np.isin(*of_seed) for of_seed in zip(split.train_rows, rows, strict=True)])


def all_but(split: Split, few: Split) -> Split:
    """Return a split with the training rows that are not among a few."""
    return split.keep(~among(split, few.train_rows))


def note_teacher(lab: Lab, name: str, teacher: Teacher, full: Split) -> None:
    """Measure a teacher on the test rows and on all training rows, whether it has learned them or not."""
    lab.note(name, lab.graded(teacher, full))
    pairs = zip(teacher.on(full), full.train_labels, strict=True)
    lab.note(name, [{"train_accuracy": accuracy(*pair)} for pair in pairs])


def teach(lab: Lab, arms: dict[str, Arm], split: Split, teacher: Teacher, stopping: Split | None = None) -> None:
    """Train and measure arms on the same rows, those of one kind side by side.

    Arms that differ in nothing but the step after which they stop are one training, looked at more than once.
    """
    for network, width, steps, weight_decay in dict.fromkeys(arm.together for arm in arms.values()):
        group = {name: arm for name, arm in arms.items() if arm.together == (network, width, steps, weight_decay)}
        whole = {name: arm for name, arm in group.items() if arm.stop is None}
        course: list[Layers] = []
        start, network_forward = architecture(network, width, split)
        students = lab.students(
            {name: lesson_of(arm, split, teacher) for name, arm in whole.items()},
            start,
            partial(torch.optim.Adam, lr=5e-3, weight_decay=weight_decay),
            steps=steps,
            batch_size=BATCH_SIZE,
            forward=network_forward,
            after_step=keep_in(course) if len(whole) < len(group) else None,
        )
        for name, networks in students.items():
            logits = logits_of(networks.parameters, split.test_inputs, network_forward)
            lab.exam(name, logits, teacher.test_logits, split)
        for name, arm in ((name, arm) for name, arm in group.items() if arm.stop is not None):
            place = list(whole.values()).index(replace(arm, stop=None))
            parts = slice(place * len(lab.seeds), (place + 1) * len(lab.seeds))
            of_arm = [[(weight[parts], bias[parts]) for weight, bias in parameters] for parameters in course]
            looks = best_looks(of_arm, stopping) if arm.stop == "held out" else [arm.stop // EVERY - 1] * len(lab.seeds)
            lab.exam(name, logits_of(at_looks(of_arm, looks), split.test_inputs), teacher.test_logits, split)
            lab.note(name, [{"stopped_at": [EVERY * (int(look) + 1)]} for look in looks])


def architecture(network: str, width: int, split: Split) -> tuple[Callable[..., Layers], Forward]:
    """Return what draws a student's parameters, and its forward pass; convolutions of 8 and 16 channels."""
    if network == "convolutional":
        return partial(initial_conv_network, (8, 16), *kernel_and_shape(split), (width, 10)), conv_forward
    return partial(initial_parameters, (split.train_inputs.shape[-1], width, 10)), forward


def lesson_of(arm: Arm, split: Split, teacher: Teacher) -> Lesson:
    """Return what the arm learns."""
    targets = teacher.on(split)
    loss = partial(distillation_loss, temperature=TEMPERATURE, alpha=arm.alpha, scale_by_T2=arm.scale_by_T2)
    labels = targets.argmax(axis=-1) if arm.labels == "teacher's" else None
    return Lesson(split.train, loss, targets if arm.alpha > 0 else None, labels)


def keep_in(course: list[Layers]) -> Hook:
    """Return what keeps the networks after every tenth step."""
    steps = itertools.count(1)

    def keep(parameters: Layers) -> None:
        if next(steps) % EVERY == 0:
            course.append([(weight.detach().clone(), bias.detach().clone()) for weight, bias in parameters])

    return keep


def best_looks(course: Sequence[Layers], stopping: Split) -> NDArray[np.int64]:
    """Return, for each seed, when its network was best on other labels: by accuracy, then by cross-entropy."""
    logits = np.stack([logits_of(parameters, stopping.train_inputs) for parameters in course])
    right = (logits.argmax(axis=-1) == stopping.train_labels).mean(axis=-1)
    loss = np.stack([cross_entropy(*map(torch.from_numpy, (z, stopping.train_labels))).numpy() for z in logits])
    return np.lexsort((loss, -right), axis=0)[0]


def at_looks(course: Sequence[Layers], looks: Sequence[int]) -> Layers:
    """Return the network of each seed as it was at a look of its own."""

    def of_seeds(layer: int, tensor: int) -> Tensor:
        return torch.stack([course[look][layer][tensor][i] for i, look in enumerate(looks)])

    return [(of_seeds(layer, 0), of_seeds(layer, 1)) for layer in range(len(course[0]))]


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the arms' settings, and every seed's accuracy by arm.

    Returns
    -------
    dict
        "arms": settings by name; "temperature"; "widths", "counts"; "seeds"; "accuracy": arm -> [seed] in [0, 1];
        "course": "steps", and "accuracy" and "kl" of students of 16 units, arm -> [step][seed]; "stopped_at": arm ->
        [seed], of those that other labels stop.
    """

    def of(arm: str, measure: str) -> list[Any]:
        return list(by_seed(records, arm, measure).values())

    def course(arm: str, measure: str) -> list[list[float]]:
        return [of(name, measure) for name in (*(f"{arm}_after_{step}" for step in LOOKS), arm)]

    students = [f"w16_{count}_{name}" for count in COUNTS for name, _ in LESSONS]
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "temperature": TEMPERATURE,
        "widths": list(WIDTHS),
        "counts": list(COUNTS),
        "seeds": list(by_seed(records, "teacher", "accuracy")),
        "accuracy": {arm: of(arm, "accuracy") for arm in dict.fromkeys(record["arm"] for record in records)},
        "course": {
            "steps": [*LOOKS, STEPS],
            **{measure: {arm: course(arm, measure) for arm in students} for measure in ("accuracy", "kl")},
        },
        "stopped_at": {
            name: [steps for (steps,) in of(name, "stopped_at")] for name, arm in ARMS.items() if arm.stop == "held out"
        },
    }


def words() -> Iterator[tuple[str, str]]:
    """Yield every arm, and what it is in plain words."""
    yield "teacher", "the teacher of digits, taught by 1,297 labels"
    yield "lesser_teacher", f"the lesser teacher of digits, taught by {FEW} labels"
    yield "signals_teacher", "the teacher of signals, taught by 4,000 labels"
    for name, arm in ARMS.items():
        lesser = arm.teacher == "few labels"
        rows = f"the {TRAIN - FEW:,} other" if arm.rows == "others" else f"{int(arm.rows):,}"
        teacher = f"a teacher of {FEW} labels" if lesser else "the teacher"
        taught = {0.0: "labels", 0.5: "labels and soft targets", 1.0: f"soft targets of {teacher}"}[arm.alpha]
        said = [
            "convolutional student" if arm.network == "convolutional" else f"{arm.width} units",
            f"{rows} {arm.data}",
            f"first choices of {teacher}" if arm.labels == "teacher's" else taught,
        ]
        if not arm.scale_by_T2:
            said.append("without the factor T²")
        if arm.steps > STEPS:
            said.append(f"{arm.steps:,} steps")
        if arm.weight_decay:
            said.append(f"weight decay {arm.weight_decay:g}")
        if arm.stop is not None:
            said.append(f"stopped by {FEW} other labels" if arm.stop == "held out" else f"after {arm.stop} steps")
        yield name, ", ".join(said)


def comparisons() -> Iterator[tuple[str, str]]:
    """Yield the pairs whose differences are wanted."""
    yield from ((f"w{width}_{count}_kd", f"w{width}_{count}_hard") for width in WIDTHS for count in COUNTS)
    for name in (f"signals_{short}_{count}" for short in ("conv", "mlp") for count in (FEW, SIGNALS)):
        yield f"{name}_kd", f"{name}_hard"
    for name in (f"w16_{count}" for count in (FEW, TRAIN)):
        yield from ((f"{name}_both{suffix}", f"{name}_hard") for suffix in ("", "_without_T2"))
        yield f"{name}_both_without_T2", f"{name}_both"
    yield "signals_mlp_4000_kd_long", "signals_mlp_4000_hard_long"
    yield "w16_1297_kd", "w16_20_hard"
    yield "w16_1297_pseudo", "w16_20_hard"
    yield "w16_1297_pseudo", "w16_1297_hard"
    yield "w16_1297_kd", "w16_1297_pseudo"
    yield "lesser_100_kd", "w16_100_hard"
    yield "w16_100_kd", "lesser_100_kd"
    yield "lesser_others_kd", "w16_100_hard"
    yield "lesser_others_pseudo", "w16_100_hard"
    yield "lesser_others_kd", "lesser_others_pseudo"
    for name in (f"w16_{count}" for count in COUNTS):
        yield from ((f"{name}_kd_after_{step}", f"{name}_hard_after_{step}") for step in LOOKS)
        for how in ("stopped", "decayed") if name != f"w16_{TRAIN}" else ("decayed",):
            yield f"{name}_kd", f"{name}_hard_{how}"
            yield f"{name}_kd_{how}", f"{name}_hard_{how}"
            yield from ((f"{name}_{lesson}_{how}", f"{name}_{lesson}") for lesson, _ in LESSONS)
    yield "w16_200_hard", "w16_100_hard"
    yield "w16_200_hard", "w16_100_hard_stopped"
    yield "w16_100_kd", "w16_200_hard"


EXPERIMENT = Experiment(
    question=(
        "Does a student learn more from a teacher's soft targets than from labels, with few labels and with all of "
        "them; and does the gain come from the softness, from labels that only the teacher has seen, or from what an "
        "early stop would save as well?"
    ),
    words=dict(words()),
    controls={
        "w16_1297_kd - w16_1297_hard": "would have been a gain if soft targets helped whatever the data",
        "w16_100_kd - lesser_100_kd": "would have been no gain if the labels a teacher has seen did not matter",
        "lesser_others_pseudo": "would have done worse than lesser_others_kd if unlabelled rows needed softness",
        "signals_mlp_4000_kd_long": "would have caught up with hard labels if soft targets were only slower to learn",
        "signals_conv_100_kd - signals_conv_100_hard": "would have been no gain if few digits alone had one",
        "w16_100_kd - w16_100_hard_stopped": "would have been no gain if an early stop saved all that soft targets do",
        "w16_100_kd - w16_100_hard_decayed": "would have been no gain if a penalty on the weights saved all of it",
        "w16_100_kd_after_10 - w16_100_hard_after_10": "would have been the whole gain if none of it were overlearning",
        "w16_200_hard - w16_100_hard_stopped": "would have been no gain if labels were as well spent on a stop",
    },
    units={"accuracy": "%", "agreement": "%", "kl": "nats", "train_accuracy": "%"},
    comparisons=list(comparisons()),
    run=run,
    measured=measured,
)
