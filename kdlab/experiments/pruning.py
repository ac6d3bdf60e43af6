"""Pruning: which score finds the weights a student can do without, and where the pruned ones are put.

A student of 64-64-64-10 units learns the digits from the teacher, at T = 4 and with the factor T^2; then all but some
of its weights are pruned at once (biases are not), and what is left learns on from the teacher, the mask applied after
each step. Scores: magnitude |w|; "moved", |w - w_init|; "sanh", the published movement, summed up from the raw
gradients of the loss over the whole training. Pruned weights are set to zero, or put back to w_init. A random mask is
the control, and |w| rms(x), each output row by itself, a score of another kind. The same with convolutions on signals.

Starts: random; or pretrained, 400 steps of Adam on the labels of the training images turned by 90 degrees. w_init is
where the learning from the teacher starts. Fine-tuning has the optimiser and the step size of the training before it,
a new state, and 120 steps: enough to tell the arms apart, too few for the sparsest to come to rest; its course is kept
for magnitude, and for chance at 90 %.

Nothing was tuned: Adam's step size, .005, and that of plain gradient descent, .1, are those of the experiment on
temperature, one choice each, made by hand before the first run. All arms of a seed share rows, initial weights and the
order of the mini-batches; those of a training also the trained network that is pruned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import count
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.core.pruning import absolute_movement, activation_aware, input_rms, magnitude, num_pruned, prune_mask
from kdlab.evidence.intervals import Record
from kdlab.experiments.data import Rows, Split, digits, mnist1d
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.masks import apply_masks, masks_of_each, record_movement
from kdlab.experiments.measures import accuracy, kl_to_teacher
from kdlab.experiments.networks import (
    Forward,
    Layers,
    conv_forward,
    forward,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
)
from kdlab.experiments.shown import first_network, first_record, layer_arrays, of_first, pixels_of
from kdlab.experiments.teachers import kernel_and_shape

PERCENTS = (50, 80, 90, 95)
CONV_PERCENTS = (80, 95)
OPTIMISERS = {"adam": partial(torch.optim.Adam, lr=5e-3), "sgd": partial(torch.optim.SGD, lr=0.1)}
STARTS = ("random", "pretrained")
TRAININGS = tuple(f"{optimiser}_{start}" for start in STARTS for optimiser in OPTIMISERS)
LOSS = partial(distillation_loss, temperature=4.0, alpha=1.0)
SIZES = (64, 64, 64, 10)
CHANNELS, CONV_SIZES = (8, 16), (32, 10)
STEPS, PRETRAINING_STEPS, CONV_STEPS, FINE_TUNING_STEPS, BATCH_SIZE = 600, 400, 400, 120, 128
COURSE = (0, 5, 10, 20, 40, 80, FINE_TUNING_STEPS)  # steps of fine-tuning after which networks are looked at
SAMPLE = 600  # weights of the first two layers that are drawn
LEVELS = tuple(percent / 100 for percent in range(5, 100, 5))

Score = Literal["magnitude", "moved", "sanh", "chance", "activation"]
SCORES: tuple[Score, ...] = ("magnitude", "moved", "sanh")
SCORE_WORDS: dict[Score, str] = {
    "magnitude": "by |w|",
    "moved": "by the distance moved",
    "sanh": "by published movement",
    "chance": "by lot",
    "activation": "by |w| times the size of the input",
}
TRAINING_WORDS = {
    f"{name}_{start}": f"{words}, {start} start"
    for name, words in (("adam", "Adam"), ("sgd", "gradient descent"))
    for start in STARTS
}


@dataclass(frozen=True)
class Arm:
    """One way to prune a trained student; sparsity 0 leaves it as it is."""

    training: str
    score: Score
    sparsity: float
    prune_to: Literal["zero", "init"] = "zero"
    scope: Literal["global", "layer", "row"] = "global"


def arms_of(training: str) -> dict[str, Arm]:
    """Return the arms that every training of the digits' student has, by name."""
    scores: tuple[Score, ...] = ("magnitude", "moved", "sanh")
    cells: list[tuple[Score, int]] = [(score, percent) for score in scores for percent in PERCENTS]
    cells.append(("chance", 90))
    return {
        f"{training}_unpruned": Arm(training, "magnitude", 0.0),
        **{f"{training}_{score}_{percent}": Arm(training, score, percent / 100) for score, percent in cells},
        **{
            f"{training}_reset_{score}_{percent}": Arm(training, score, percent / 100, "init")
            for score, percent in cells
        },
    }


ARMS: dict[str, Arm] = {
    **{name: arm for training in TRAININGS for name, arm in arms_of(training).items()},
    **{f"adam_random_activation_{p}": Arm("adam_random", "activation", p / 100, scope="row") for p in PERCENTS},
    "adam_random_layer_magnitude_90": Arm("adam_random", "magnitude", 0.9, scope="layer"),
    "adam_random_layer_moved_90": Arm("adam_random", "moved", 0.9, scope="layer"),
    "adam_random_layer_sanh_90": Arm("adam_random", "sanh", 0.9, scope="layer"),
    "conv_unpruned": Arm("conv", "magnitude", 0.0),
    **{f"conv_magnitude_{p}": Arm("conv", "magnitude", p / 100) for p in CONV_PERCENTS},
    **{f"conv_moved_{p}": Arm("conv", "moved", p / 100) for p in CONV_PERCENTS},
    **{f"conv_sanh_{p}": Arm("conv", "sanh", p / 100) for p in CONV_PERCENTS},
}


def run(lab: Lab) -> None:
    """Train teachers and students, prune these, train them on, and measure them on the test rows.

    Arms have accuracy, kl and agreement after fine-tuning, and "one_shot_accuracy" and "one_shot_kl" before it.
    Unpruned arms of digits also have "initial_rms" and "moved_rms", of w_init and of w - w_init.
    """
    split = lab.split(digits)
    teacher = lab.ensemble(split)
    lab.note("teacher", lab.graded(teacher, split))
    lab.note("teacher", of_first(lab.seeds, pixels_of(split.of(0))))
    random_start = initial_parameters(SIZES, generators(lab.seeds, "student"))
    starts = {"random": random_start, "pretrained": pretrained(lab, random_start, split)}
    for training in TRAININGS:
        optimiser, start = training.split("_")
        student = distilled(lab, training, Task(split, teacher, forward, optimiser), starts[start], STEPS)
        prune_all(lab, student)
        note_weights(lab, student)
    signals = lab.split(mnist1d)
    conv_teacher = lab.conv_teacher(signals)
    lab.note("conv_teacher", lab.graded(conv_teacher, signals))
    start = initial_conv_network(
        CHANNELS, *kernel_and_shape(signals), CONV_SIZES, generators(lab.seeds, "conv student")
    )
    prune_all(lab, distilled(lab, "conv", Task(signals, conv_teacher, conv_forward, "adam"), start, CONV_STEPS))


class Task(NamedTuple):
    """What students learn, and how."""

    split: Split
    teacher: Teacher
    forward: Forward
    optimiser: str


class Student(NamedTuple):
    """Trained networks of the seeds: where they started, where they ended, and their published movement."""

    training: str
    task: Task
    initial: Layers
    trained: Layers
    sanh: list[Tensor]


def pretrained(lab: Lab, start: Layers, split: Split) -> Layers:
    """Train networks on the labels of the training images turned by 90 degrees."""

    def turned(inputs: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.rot90(inputs.reshape(*inputs.shape[:2], 8, 8), axes=(2, 3)).reshape(inputs.shape)

    lesson = Lesson(split.train, partial(distillation_loss, alpha=0.0), view=turned)
    options = {"steps": PRETRAINING_STEPS, "batch_size": BATCH_SIZE, "purpose": "pretraining"}
    return lab.students({"pretraining": lesson}, start, OPTIMISERS["adam"], **options)["pretraining"].parameters


def distilled(lab: Lab, training: str, task: Task, start: Layers, steps: int) -> Student:
    """Train networks on the teacher's logits, and sum up their published movement on the way."""
    sanh = [torch.zeros_like(weight) for weight, _ in start]
    name = f"{training}_unpruned"
    trained = lab.students(
        {name: Lesson(task.split.train, LOSS, task.teacher.train_logits)},
        start,
        OPTIMISERS[task.optimiser],
        steps=steps,
        batch_size=BATCH_SIZE,
        forward=task.forward,
        purpose="order",
        before_step=partial(record_movement, scores=sanh),
    )
    return Student(training, task, start, trained[name].parameters, sanh)


def prune_all(lab: Lab, student: Student) -> None:
    """Prune trained students in every way that is asked for, train them on, and measure them."""
    arms = {name: arm for name, arm in ARMS.items() if arm.training == student.training}
    split, teacher = student.task.split, student.task.teacher
    scores = {
        score: scores_of(student, score, lab.seeds) for score in dict.fromkeys(arm.score for arm in arms.values())
    }
    masks = {name: masks_of(scores[arm.score], arm) for name, arm in arms.items()}
    courses = []
    for i in range(len(lab.seeds)):
        courses.append(fine_tuned(lab, student, i, arms, {name: [mask[i] for mask in masks[name]] for name in arms}))
    for name, arm in arms.items():
        lab.exam(name, np.stack([course[name][FINE_TUNING_STEPS] for course in courses]), teacher.test_logits, split)
        of_seeds = []
        for i, course in enumerate(courses):
            test_labels, teacher_logits, kept = (
                split.test_labels[i],
                teacher.test_logits[i],
                [m[i] for m in masks[name]],
            )
            seen = [(accuracy(z, test_labels), kl_to_teacher(z, teacher_logits)) for z in course[name].values()]
            of_seed: Record = {
                "one_shot_accuracy": seen[0][0],
                "one_shot_kl": seen[0][1],
                "sparsity_reached": [1 - sum(int(mask.sum()) for mask in kept) / sum(mask.numel() for mask in kept)],
                "kept_by_layer": [float(mask.double().mean()) for mask in kept],
            }
            if arm.sparsity and arm.scope == "global":
                by_magnitude = masks[f"{student.training}_magnitude_{percent(arm)}"]
                of_seed["shared_with_magnitude"] = [shared(kept, [mask[i] for mask in by_magnitude])]
            if is_watched(arm):
                of_seed["course"] = seen
            of_seeds.append(of_seed)
        lab.note(name, of_seeds)


def percent(arm: Arm) -> int:
    """Return the sparsity of an arm in percent."""
    return round(100 * arm.sparsity)


def is_watched(arm: Arm) -> bool:
    """Return whether the course of fine-tuning is kept."""
    by_magnitude = arm.score == "magnitude" and arm.scope == "global" and arm.sparsity > 0
    return arm.training in TRAININGS and arm.prune_to == "zero" and (by_magnitude or arm.score == "chance")


def scores_of(student: Student, score: Score, seeds: Sequence[int]) -> list[Tensor]:
    """Return a score of every weight of every network, layer by layer in the shape of the weights."""
    weights = [weight for weight, _ in student.trained]
    if score == "magnitude":
        return [torch.from_numpy(magnitude(weight.numpy())) for weight in weights]
    if score == "moved":
        pairs = zip(weights, student.initial, strict=True)
        return [torch.from_numpy(absolute_movement(weight.numpy(), w_init.numpy())) for weight, (w_init, _) in pairs]
    if score == "sanh":
        return student.sanh
    if score == "chance":
        rngs = generators(seeds, "chance")
        return [torch.from_numpy(np.stack([rng.random(weight.shape[1:]) for rng in rngs])) for weight in weights]
    return activation_scores(student.trained, student.task.split.train_inputs)


def activation_scores(parameters: Layers, inputs: NDArray[np.float64]) -> list[Tensor]:
    """Return |w| rms(x) of every weight of perceptrons, x what comes into its layer from the training rows."""
    scores = []
    for layer, (weight, _) in enumerate(parameters):
        incoming = np.maximum(logits_of(parameters[:layer], inputs), 0) if layer else inputs
        of_each = [activation_aware(w.T, input_rms(x)).T for w, x in zip(weight.numpy(), incoming, strict=True)]
        scores.append(torch.from_numpy(np.stack(of_each)))
    return scores


def masks_of(scores: Sequence[Tensor], arm: Arm) -> list[Tensor]:
    """Return which weights an arm keeps, every network pruned by itself."""
    if arm.scope != "row":
        return masks_of_each(scores, arm.sparsity, scope=arm.scope)
    # weights are (fan_in, fan_out): an output row is a column of them
    return [torch.from_numpy(np.stack([prune_mask(s.T, arm.sparsity).T for s in layer.numpy()])) for layer in scores]


def fine_tuned(
    lab: Lab, student: Student, i: int, arms: Mapping[str, Arm], masks: Mapping[str, list[Tensor]]
) -> dict[str, dict[int, NDArray[np.float64]]]:
    """Prune copies of one seed's student, one for each arm, and train them on in one tensor computation.

    Returns
    -------
    dict
        By arm, the test logits by steps of fine-tuning: before it, after it, and, where it is watched, on the way.
    """
    copies, task = len(arms), student.task
    parameters = [tuple(array[i : i + 1].repeat_interleave(copies, 0) for array in layer) for layer in student.trained]
    resets = [arm.prune_to == "init" for arm in arms.values()]
    pruned_to = [
        (torch.stack([w_init[i] if reset else torch.zeros_like(w_init[i]) for reset in resets]), bias)
        for w_init, bias in student.initial
    ]
    of_layers = [torch.stack(layer) for layer in zip(*masks.values(), strict=True)]
    watched = [place for place, arm in enumerate(arms.values()) if is_watched(arm)]
    found: dict[str, dict[int, NDArray[np.float64]]] = {name: {} for name in arms}
    steps = count()

    def prune(parameters: Layers) -> None:
        apply_masks(parameters, of_layers, pruned_to)
        step = next(steps)
        places = range(copies) if step in (0, FINE_TUNING_STEPS) else watched if step in COURSE else []
        if places:
            looked_at = [(weight[places], bias[places]) for weight, bias in parameters]
            inputs = task.split.test_inputs[i : i + 1].repeat(len(places), axis=0)
            for place, logits in zip(places, logits_of(looked_at, inputs, task.forward), strict=True):
                found[list(arms)[place]][step] = logits

    prune(parameters)
    rows = Rows(*(array[i : i + 1] for array in task.split.train))
    lesson = Lesson(rows, LOSS, task.teacher.train_logits[i : i + 1], seeds=lab.seeds[i : i + 1])
    tuned = lab.students(
        {f"{name} on": lesson for name in arms},
        parameters,
        OPTIMISERS[task.optimiser],
        steps=FINE_TUNING_STEPS,
        batch_size=BATCH_SIZE,
        forward=task.forward,
        purpose="fine-tuning",
        after_step=prune,
    )
    for place, (name, trained) in enumerate(tuned.items()):
        check_pruned(name, trained.parameters, [mask[place] for mask in of_layers], [w[place] for w, _ in pruned_to])
    return found


def check_pruned(name: str, parameters: Layers, masks: Sequence[Tensor], pruned_to: Sequence[Tensor]) -> None:
    """Raise ValueError unless every pruned weight is where it was put: fine-tuning must not bring it back."""
    for (weight, _), mask, value in zip(parameters, masks, pruned_to, strict=True):
        strayed = int((weight[0] != value)[~mask].sum())
        if strayed:
            raise ValueError(f"{name}: pruned weights must stay where they were put; {strayed} have moved.")


def shared(kept: Sequence[Tensor], others: Sequence[Tensor]) -> float:
    """Return the share of the weights kept by one mask that another keeps as well."""
    both = sum(int((mask & other).sum()) for mask, other in zip(kept, others, strict=True))
    return both / sum(int(mask.sum()) for mask in kept)


def note_weights(lab: Lab, student: Student) -> None:
    """Note how far the weights of each seed moved; and of the first seed the network, its scores and its test rows."""
    name = f"{student.training}_unpruned"
    initial, final = (
        torch.cat([weight.flatten(1) for weight, _ in layers], dim=1) for layers in (student.initial, student.trained)
    )
    sizes = (initial, final - initial)
    rms = zip(*(size.square().mean(dim=1).sqrt().tolist() for size in sizes), strict=True)
    lab.note(name, [dict(zip(("initial_rms", "moved_rms"), of_seed, strict=True)) for of_seed in rms])
    networks = {"initial": first_network(student.initial), "final": first_network(student.trained)}
    lab.note(name, of_first(lab.seeds, networks | {"sanh": [layer[0].T.tolist() for layer in student.sanh]}))


def sampled_weights() -> list[int]:
    """Draw the weights that are shown, the same in every network: flat places within the first two layers."""
    size = SIZES[0] * SIZES[1] + SIZES[1] * SIZES[2]
    return sorted(generators([0], "shown weights")[0].choice(size, SAMPLE, replace=False).tolist())


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the arms' settings, what masks keep, and a sample of one seed's weights.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "arms": settings by name. "sparsity_reached": by name, the share of weights that are pruned, exact and the same
        for every seed. "kept_by_layer" and "shared_with_magnitude": by name, means over seeds, of the arms
        whose pruned weights are zero (putting them back changes no mask). "weights": the sample of the first seed's
        weights from a random start, "rule" how it was drawn, "layer" 0 or 1, "initial", and for "adam" and "sgd"
        "final" and "sanh". "lowest_kept": for "adam" and "sgd", score by score, the lowest that is kept of all weights
        of that network at each "sparsity"; a weight of the sample is kept if its score is not below. Scores are not
        rounded further than records are: weights that nothing moves, of dark pixels and dead units, have a published
        movement of exactly 0, a tie of a tenth of all weights, and others lie close on both sides of it.
    """
    flat = {optimiser: flat_weights(first_record(records, f"{optimiser}_random_unpruned")) for optimiser in OPTIMISERS}
    sample = sampled_weights()

    def means(name: str) -> dict[str, list[float]]:
        arms = [arm for arm, setting in ARMS.items() if setting.prune_to == "zero" and setting.sparsity]
        of_arms = {arm: [record[name] for record in records if record["arm"] == arm and name in record] for arm in arms}
        return {arm: np.mean(values, axis=0).round(4).tolist() for arm, values in of_arms.items() if values}

    seed = first_record(records, "teacher")["seed"]
    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "sparsity_reached": {r["arm"]: r["sparsity_reached"][0] for r in records if "sparsity_reached" in r},
        "kept_by_layer": means("kept_by_layer"),
        "shared_with_magnitude": {arm: share for arm, (share,) in means("shared_with_magnitude").items()},
        "weights": {
            "rule": (
                f"{SAMPLE} of the weights of the first two layers, drawn at random without replacement, the same for "
                f"both optimisers; seed {seed}, random start."
            ),
            "seed": seed,
            "layer": [place // (SIZES[0] * SIZES[1]) for place in sample],
            "initial": flat["adam"]["initial"][sample].tolist(),
            **{o: {name: of[name][sample].tolist() for name in ("final", "sanh")} for o, of in flat.items()},
        },
        "lowest_kept": {
            "sparsity": list(LEVELS),
            **{
                optimiser: {
                    "magnitude": lowest_kept(magnitude(of["final"])),
                    "moved": lowest_kept(absolute_movement(of["final"], of["initial"])),
                    "sanh": lowest_kept(of["sanh"]),
                }
                for optimiser, of in flat.items()
            },
        },
    }


def flat_weights(record: Record) -> dict[str, NDArray[np.float64]]:
    """Return all weights of one network in a row, before and after training, and their published movement."""
    found = {when: [weight for weight, _ in record[when]] for when in ("initial", "final")} | {"sanh": record["sanh"]}
    return {name: np.concatenate([np.ravel(np.transpose(layer)) for layer in of]) for name, of in found.items()}


def lowest_kept(scores: NDArray[np.float64]) -> list[float]:
    """Return the lowest score that is kept at each of the levels of sparsity."""
    rising = np.sort(scores)
    return [float(rising[num_pruned(len(rising), level)]) for level in LEVELS]


def shown(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """Return one student with its test rows, and the course of fine-tuning of all.

    Returns
    -------
    dict
        Of the first seed "rows" of the data set, "labels", and "pixels" (450, 64), 0 to 16; and, of layers 1 to 3 from
        a random start, "<when>_weight_<layer>" (outputs, inputs) and "<when>_bias_<layer>", `when` being "initial",
        "adam" or "sgd", and "<optimiser>_published_<layer>", the published movement. "course" (arms, seeds, 2, steps):
        accuracy and kl; "course_arms", "course_steps".
    """
    rows = first_record(records, "teacher")
    arrays: dict[str, NDArray[Any]] = {
        "rows": np.array(rows["rows"], np.uint16),
        "labels": np.array(rows["labels"], np.uint8),
        "pixels": np.array(rows["pixels"], np.uint8),
    }
    students = {optimiser: first_record(records, f"{optimiser}_random_unpruned") for optimiser in OPTIMISERS}
    networks = {"initial": students["adam"]["initial"]} | {name: of["final"] for name, of in students.items()}
    for when, layers in networks.items():
        arrays |= layer_arrays(layers, f"{when}_")
    for optimiser, student in students.items():
        for layer, scores in enumerate(student["sanh"], start=1):
            arrays[f"{optimiser}_published_{layer}"] = np.array(scores, np.float16)
    watched = [name for name, arm in ARMS.items() if is_watched(arm)]
    courses = {
        name: [of["course"] for of in sorted(records, key=lambda record: record["seed"]) if of["arm"] == name]
        for name in watched
    }
    return arrays | {
        "course": np.array(list(courses.values()), np.float32).swapaxes(2, 3),
        "course_arms": np.array(watched),
        "course_steps": np.array(COURSE, np.uint8),
    }


QUESTION = (
    "Which weights of a distilled student can be pruned with the least loss of fidelity to the teacher: those of "
    "small magnitude, those that moved little, or those of low published movement; and does the answer depend on the "
    "optimiser, the start, the sparsity, and on whether pruned weights are set to zero or put back to where they "
    "started?"
)
LEARNED = "had learned before it was pruned"
CRIPPLED = "may keep too few weights to learn"
COMPARISONS: list[tuple[str, str]] = [
    *((f"{t}_{score}_{p}", f"{t}_magnitude_{p}") for t in TRAININGS for score in ("moved", "sanh") for p in PERCENTS),
    *((f"{t}_reset_moved_{p}", f"{t}_reset_magnitude_{p}") for t in TRAININGS for p in PERCENTS),
    *((f"{t}_reset_moved_{p}", f"{t}_magnitude_{p}") for t in TRAININGS for p in (50, 90)),
    *((f"{t}_chance_90", f"{t}_magnitude_90") for t in TRAININGS),
    *((f"{t}_reset_chance_90", f"{t}_reset_moved_90") for t in TRAININGS),
    *((f"{t}_magnitude_50", f"{t}_unpruned") for t in TRAININGS),
    *((f"adam_random_activation_{p}", f"adam_random_magnitude_{p}") for p in PERCENTS),
    *((f"adam_random_layer_{score}_90", "adam_random_layer_magnitude_90") for score in ("moved", "sanh")),
    *((f"conv_{score}_{p}", f"conv_magnitude_{p}") for score in ("moved", "sanh") for p in CONV_PERCENTS),
]

CONTROLS = {
    "adam_random_chance_90": "would have done as well as a score if it did not matter which weights are pruned",
    "adam_random_reset_chance_90": "would have done as well as |w - w_init| if any weight could be put back",
    "sgd_random_sanh_90 - sgd_random_magnitude_90": "would have the sign it has with Adam if the score alone decided",
    "adam_pretrained_moved_90 - adam_pretrained_magnitude_90": (
        "would have been a lower divergence if movement from a pretrained start showed what a student needs"
    ),
    "adam_random_reset_moved_50 - adam_random_reset_magnitude_50": (
        "would have been a higher divergence, as with zeros, if |w - w_init| were the worse score wherever weights go"
    ),
}

UNITS = {
    "accuracy": "%",
    "kl": "nats",
    "agreement": "%",
    "one_shot_accuracy": "%",
    "one_shot_kl": "nats",
    "initial_rms": "",
    "moved_rms": "",
}

MAY_FAIL = {
    f"{name} on": LEARNED if arm.sparsity <= 0.5 else CRIPPLED
    for name, arm in ARMS.items()
    if arm.sparsity != 0.8 or name == "conv_moved_80"
}


def words_of_arm(arm: Arm) -> str:
    """Return what an arm is, in plain words."""
    of_training = "convolutions on signals" if arm.training == "conv" else TRAINING_WORDS[arm.training]
    if not arm.sparsity:
        return f"{of_training}: nothing pruned"
    within = {"global": "", "layer": " in each layer", "row": " in each row"}[arm.scope]
    put = "put back to the start" if arm.prune_to == "init" else "set to 0"
    return f"{of_training}: {arm.sparsity:.0%} pruned{within} {SCORE_WORDS[arm.score]}, {put}".replace("%", " %")


EXPERIMENT = Experiment(
    question=QUESTION,
    words={name: words_of_arm(arm) for name, arm in ARMS.items()}
    | {"teacher": "the teacher, five networks", "conv_teacher": "the teacher of signals, convolutions"},
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    shown=shown,
    may_fail=MAY_FAIL,
)
