"""Pruning: which score finds the weights a student can do without, and where the pruned ones are put.

A student of 64-64-64-10 units learns the digits from the teacher, at T = 4 and with the factor T^2; then all but some
of its weights are pruned at once (biases are not), and what is left learns on from the teacher, the mask applied after
each step. Scores: magnitude |w|; "moved", |w - w_init|; "sanh", the published movement, summed up from the raw
gradients of the loss over the whole training. Pruned weights are set to zero, or put back to w_init. A random mask is
the control, and |w| rms(x), each output row by itself, a score of another kind. The same with convolutions on signals.

Starts: random; or pretrained, 400 steps of Adam on the labels of the training images turned by 90 degrees. w_init is
where the learning from the teacher starts. Fine-tuning has the optimiser and the step size of the training before it,
a new state, and 120 steps: enough to tell the arms apart, too few for the sparsest to come to rest.

Nothing was tuned: Adam's step size, .005, and that of plain gradient descent, .1, are those of the experiment on
temperature, one choice each, made by hand before the first run. All arms of a seed share rows, initial weights and the
order of the mini-batches; those of a training also the trained network that is pruned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.experiments.data import Split, digits, mnist1d, stacked
from kdlab.experiments.guards import (
    check_labels_match,
    check_learning,
    check_no_test_rows_in_training,
    check_student_is_not_teacher,
)
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.masks import apply_masks, masks_of_each, record_movement
from kdlab.experiments.measures import accuracy, kl_to_teacher, of_student
from kdlab.experiments.networks import (
    Forward,
    Layers,
    Trained,
    conv_forward,
    forward,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
    train,
)
from kdlab.experiments.summary import Record
from kdlab.experiments.teachers import (
    ensemble_logits,
    kernel_and_shape,
    member_logits,
    train_conv_teachers,
    train_members,
)
from kdlab.pruning import absolute_movement, activation_aware, input_rms, magnitude, num_pruned, prune_mask

QUESTION = (
    "Which weights of a distilled student can be pruned with the least loss of fidelity to the teacher: those of "
    "small magnitude, those that moved little, or those of low published movement; and does the answer depend on the "
    "optimiser, the start, the sparsity, and on whether pruned weights are set to zero or put back to where they "
    "started?"
)
PERCENTS = (50, 80, 90, 95)
CONV_PERCENTS = (80, 95)
OPTIMISERS = {"adam": partial(torch.optim.Adam, lr=5e-3), "sgd": partial(torch.optim.SGD, lr=0.1)}
STARTS = ("random", "pretrained")
TRAININGS = tuple(f"{optimiser}_{start}" for start in STARTS for optimiser in OPTIMISERS)
TEMPERATURE = 4.0
SIZES = (64, 64, 64, 10)
CHANNELS, CONV_SIZES = (8, 16), (32, 10)
STEPS, PRETRAINING_STEPS, CONV_STEPS, FINE_TUNING_STEPS, BATCH_SIZE = 600, 400, 400, 120, 128
REPLAYED_STEPS = 20
SAMPLE = 600  # weights of the first two layers that are shown
LEVELS = tuple(percent / 100 for percent in range(5, 100, 5))

Score = Literal["magnitude", "moved", "sanh", "chance", "activation"]


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

# for machines that round otherwise, set before the first replay. Convolutions in float32 decide: on a seed outside the
# record, summing in another order moved their first losses by half a percent, through the teacher (so these are not
# kept), and the accuracy of a student pruned beyond use by .07. Networks in float64 did not change at all. A confident
# network pruned to pieces is tens of nats from its teacher, of which 1 is a few percent.
BOUNDS = {
    "accuracy": 0.1,
    "kl": 0.2,
    "agreement": 0.1,
    "one_shot_accuracy": 0.1,
    "one_shot_kl": 1.0,
    "initial_rms": 0.002,
    "moved_rms": 0.01,
}


class Lesson(NamedTuple):
    """What students of some seeds learn from, and are measured on: stacked rows, and the teacher's logits on them."""

    seeds: Sequence[int]
    split: Split
    train_logits: NDArray[np.float64]
    test_logits: NDArray[np.float64]
    forward: Forward


class Student(NamedTuple):
    """Trained networks of some seeds: where they started, what became of them, and their published movement."""

    initial: Layers
    trained: Trained
    sanh: list[Tensor]


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, prune them, train them on, and measure them on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", and after fine-tuning "accuracy" in [0, 1], "kl" to the teacher at
        T = 1 in nats, "agreement" with it in [0, 1]; before fine-tuning "one_shot_accuracy" and "one_shot_kl"; and the
        lists that `measured` takes. Arms of digits that are not pruned also hold "losses", the first 20 of the training
        that other arms share with them, and "initial_rms" and "moved_rms", of w_init and of w - w_init. The arms
        "teacher" and "conv_teacher" hold "accuracy" alone.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    records = []
    lesson = digits_lesson(seeds)
    records += teacher_records("teacher", lesson)
    random_start = initial_parameters(SIZES, generators(seeds, "student"))
    starts = {"random": random_start, "pretrained": pretrained(random_start, lesson)}
    for training in TRAININGS:
        optimiser, start = training.split("_")
        student = distilled(starts[start], lesson, OPTIMISERS[optimiser], STEPS)
        records += pruned_records(training, lesson, student, OPTIMISERS[optimiser])
    for seed in seeds:
        records += conv_records(seed)
    return records


def conv_records(seed: int) -> list[Record]:
    """Do the same with convolutions on signals, for one seed: float32 rounds otherwise where others are beside it."""
    lesson = signals_lesson([seed])
    rngs = generators([seed], "conv student")
    start = initial_conv_network(CHANNELS, *kernel_and_shape(lesson.split), CONV_SIZES, rngs)
    student = distilled(start, lesson, OPTIMISERS["adam"], CONV_STEPS)
    return teacher_records("conv_teacher", lesson) + pruned_records("conv", lesson, student, OPTIMISERS["adam"])


def digits_lesson(seeds: Sequence[int]) -> Lesson:
    """Split the digits, train the teachers, and check both."""
    split = stacked([digits(seed) for seed in seeds])
    members = train_members(split, seeds).parameters
    train_logits, test_logits = (
        ensemble_logits(member_logits(members, inputs)) for inputs in (split.train_inputs, split.test_inputs)
    )
    return checked(Lesson(seeds, split, train_logits, test_logits, forward))


def signals_lesson(seeds: Sequence[int]) -> Lesson:
    """Split the signals, train the convolutional teachers, and check both."""
    split = stacked([mnist1d(seed) for seed in seeds])
    teachers = train_conv_teachers(split, seeds).parameters
    train_logits, test_logits = (
        logits_of(teachers, inputs, conv_forward) for inputs in (split.train_inputs, split.test_inputs)
    )
    return checked(Lesson(seeds, split, train_logits, test_logits, conv_forward))


def checked(lesson: Lesson) -> Lesson:
    """Return a lesson; ValueError if test rows are learned, or labels and teacher are out of step."""
    split = lesson.split
    for i in range(len(lesson.seeds)):
        check_no_test_rows_in_training(split.train_inputs[i], split.test_inputs[i])
        check_labels_match(lesson.train_logits[i], split.train_labels[i])
        check_labels_match(lesson.test_logits[i], split.test_labels[i])
    return lesson


def pretrained(parameters: Layers, lesson: Lesson) -> Layers:
    """Train networks on the labels of the training images turned by 90 degrees."""
    images = lesson.split.train_inputs.reshape(*lesson.split.train_labels.shape, 8, 8)
    turned = np.rot90(images, axes=(2, 3)).reshape(lesson.split.train_inputs.shape)
    for of_seed, test_inputs in zip(turned, lesson.split.test_inputs, strict=True):
        check_no_test_rows_in_training(of_seed, test_inputs)
    trained = train(
        parameters,
        turned,
        lesson.split.train_labels,
        cross_entropy,
        OPTIMISERS["adam"],
        steps=PRETRAINING_STEPS,
        batch_size=BATCH_SIZE,
        rngs=generators(lesson.seeds, "pretraining"),
    )
    for losses in trained.losses:
        check_learning(losses)
    return trained.parameters


def distilled(
    initial: Layers, lesson: Lesson, optimiser: Callable[[list[Tensor]], torch.optim.Optimizer], steps: int
) -> Student:
    """Train networks on the teacher's logits, and sum up their published movement on the way."""
    sanh = [torch.zeros_like(weight) for weight, _ in initial]
    trained = train(
        initial,
        lesson.split.train_inputs,
        lesson.train_logits,
        partial(softened_kl, temperature=TEMPERATURE, scale_by_T2=True),
        optimiser,
        steps=steps,
        batch_size=BATCH_SIZE,
        rngs=generators(lesson.seeds, "order"),
        forward=lesson.forward,
        before_step=partial(record_movement, scores=sanh),
    )
    for losses in trained.losses:
        check_learning(losses)
    return Student(initial, trained, sanh)


def scores_of(student: Student, score: Score, lesson: Lesson) -> list[Tensor]:
    """Return a score of every weight of every network, layer by layer in the shape of the weights."""
    weights = [weight for weight, _ in student.trained.parameters]
    if score == "magnitude":
        return [torch.from_numpy(magnitude(weight.numpy())) for weight in weights]
    if score == "moved":
        pairs = zip(weights, student.initial, strict=True)
        return [torch.from_numpy(absolute_movement(weight.numpy(), w_init.numpy())) for weight, (w_init, _) in pairs]
    if score == "sanh":
        return student.sanh
    if score == "chance":
        rngs = generators(lesson.seeds, "chance")
        return [torch.from_numpy(np.stack([rng.random(weight.shape[1:]) for rng in rngs])) for weight in weights]
    return activation_scores(student.trained.parameters, lesson.split.train_inputs)


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
    return [
        torch.from_numpy(np.stack([prune_mask(of_network, arm.sparsity, axis=1) for of_network in layer.numpy()]))
        for layer in scores
    ]


def pruned_records(
    training: str, lesson: Lesson, student: Student, optimiser: Callable[[list[Tensor]], torch.optim.Optimizer]
) -> list[Record]:
    """Prune trained students in every way that is asked for, train them on, and measure them, seed by seed."""
    arms = {name: arm for name, arm in ARMS.items() if arm.training == training}
    scores = {score: scores_of(student, score, lesson) for score in dict.fromkeys(arm.score for arm in arms.values())}
    masks = {name: masks_of(scores[arm.score], arm) for name, arm in arms.items()}
    records = []
    for i, seed in enumerate(lesson.seeds):
        of_seed = {name: [mask[i] for mask in layers] for name, layers in masks.items()}
        one_shot, logits = pruned_side_by_side(lesson, student, i, arms, of_seed, optimiser)
        for name, arm in arms.items():
            teacher_logits, kept = lesson.test_logits[i], of_seed[name]
            check_student_is_not_teacher(logits[name], teacher_logits)
            record = {
                "seed": seed,
                "arm": name,
                **of_student(logits[name], teacher_logits, lesson.split.test_labels[i]),
                "one_shot_accuracy": accuracy(one_shot[name], lesson.split.test_labels[i]),
                "one_shot_kl": kl_to_teacher(one_shot[name], teacher_logits),
                "sparsity_reached": [1 - sum(int(mask.sum()) for mask in kept) / sum(mask.numel() for mask in kept)],
                "kept_by_layer": [float(mask.double().mean()) for mask in kept],
            }
            if arm.sparsity == 0 and training in TRAININGS:
                record["losses"] = student.trained.losses[i, :REPLAYED_STEPS].tolist()
                record |= shown_weights(student, {score: [layer[i] for layer in s] for score, s in scores.items()}, i)
            if arm.sparsity and arm.scope == "global":
                record["shared_with_magnitude"] = [
                    shared(kept, of_seed[f"{training}_magnitude_{arm.sparsity:.0%}"[:-1]])
                ]
            records.append(record)
    return records


def pruned_side_by_side(
    lesson: Lesson,
    student: Student,
    i: int,
    arms: dict[str, Arm],
    masks: dict[str, list[Tensor]],
    optimiser: Callable[[list[Tensor]], torch.optim.Optimizer],
) -> tuple[dict[str, NDArray[np.float64]], dict[str, NDArray[np.float64]]]:
    """Prune copies of one seed's student, one for each arm, and train them on in one tensor computation.

    Returns
    -------
    tuple of dict
        The test logits before fine-tuning, and those after it, by arm.
    """
    copies = len(arms)

    def repeated(array: NDArray[Any]) -> NDArray[Any]:
        return array[i : i + 1].repeat(copies, axis=0)

    parameters = [
        (weight[i].expand(copies, *weight.shape[1:]).clone(), bias[i].expand(copies, *bias.shape[1:]).clone())
        for weight, bias in student.trained.parameters
    ]
    to_init = torch.tensor([arm.prune_to == "init" for arm in arms.values()])
    pruned_to = [
        (torch.stack([w_init[i] if reset else torch.zeros_like(w_init[i]) for reset in to_init]), bias)
        for w_init, bias in student.initial
    ]
    of_layers = [torch.stack(layer) for layer in zip(*masks.values(), strict=True)]
    prune = partial(apply_masks, masks=of_layers, initial=pruned_to)
    prune(parameters)
    test_inputs = repeated(lesson.split.test_inputs)
    one_shot = logits_of(parameters, test_inputs, lesson.forward)
    tuned = train(
        parameters,
        repeated(lesson.split.train_inputs),
        repeated(lesson.train_logits),
        partial(softened_kl, temperature=TEMPERATURE, scale_by_T2=True),
        optimiser,
        steps=FINE_TUNING_STEPS,
        batch_size=BATCH_SIZE,
        rngs=generators([lesson.seeds[i]] * copies, "fine-tuning"),
        forward=lesson.forward,
        after_step=prune,
    )
    check_pruned(tuned.parameters, of_layers, pruned_to)
    logits = logits_of(tuned.parameters, test_inputs, lesson.forward)
    return dict(zip(arms, one_shot, strict=True)), dict(zip(arms, logits, strict=True))


def check_pruned(parameters: Layers, masks: Sequence[Tensor], pruned_to: Layers) -> None:
    """Raise ValueError unless every pruned weight is where it was put: fine-tuning must not bring it back."""
    for (weight, _), mask, (value, _) in zip(parameters, masks, pruned_to, strict=True):
        strayed = int((weight != value)[~mask].sum())
        if strayed:
            raise ValueError(f"parameters must keep pruned weights where they were put; {strayed} have moved.")


def shared(kept: Sequence[Tensor], others: Sequence[Tensor]) -> float:
    """Return the share of the weights kept by one mask that another keeps as well."""
    both = sum(int((mask & other).sum()) for mask, other in zip(kept, others, strict=True))
    return both / sum(int(mask.sum()) for mask in kept)


def shown_weights(student: Student, scores: dict[str, list[Tensor]], i: int) -> Record:
    """Return how far one seed's weights moved, and those of a sample of them with what it takes to be kept.

    Parameters
    ----------
    student : Student
        Of all seeds.
    scores : dict
        The scores of that seed's weights, layer by layer.
    i : int
        Its place among the seeds.
    """
    pairs = [
        (w_init[i], weight[i])
        for (w_init, _), (weight, _) in zip(student.initial, student.trained.parameters, strict=True)
    ]
    initial, final = (torch.cat([weight.flatten() for weight in weights]) for weights in zip(*pairs, strict=True))
    flat = {score: torch.cat([layer.flatten() for layer in layers]) for score, layers in scores.items()}
    sample = sampled_weights()
    return {
        "initial_rms": float(initial.square().mean().sqrt()),
        "moved_rms": float((final - initial).square().mean().sqrt()),
        "initial": initial[sample].tolist(),
        "final": final[sample].tolist(),
        "sanh": flat["sanh"][sample].tolist(),
        "lowest_kept": [lowest_kept(flat[score]) for score in ("magnitude", "moved", "sanh")],
    }


def sampled_weights() -> list[int]:
    """Draw the weights that are shown, the same in every network: flat places within the first two layers."""
    size = SIZES[0] * SIZES[1] + SIZES[1] * SIZES[2]
    return sorted(generators([0], "shown weights")[0].choice(size, SAMPLE, replace=False).tolist())


def lowest_kept(scores: Tensor) -> list[float]:
    """Return the lowest score that is kept at each of the levels of sparsity."""
    rising = scores.sort().values
    return [float(rising[num_pruned(len(rising), level)]) for level in LEVELS]


def teacher_records(name: str, lesson: Lesson) -> list[Record]:
    """Measure the teachers on the test rows."""
    per_seed = zip(lesson.seeds, lesson.test_logits, lesson.split.test_labels, strict=True)
    return [{"seed": seed, "arm": name, "accuracy": accuracy(logits, labels)} for seed, logits, labels in per_seed]


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: the arms' settings, what masks keep, and a sample of one seed's weights.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

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
    first = min(record["seed"] for record in records)
    unpruned = {
        optimiser: next(r for r in records if r["seed"] == first and r["arm"] == f"{optimiser}_random_unpruned")
        for optimiser in OPTIMISERS
    }

    def means(name: str) -> dict[str, list[float]]:
        arms = [arm for arm, setting in ARMS.items() if setting.prune_to == "zero" and setting.sparsity]
        of_arms = {arm: [record[name] for record in records if record["arm"] == arm and name in record] for arm in arms}
        return {arm: np.mean(values, axis=0).round(4).tolist() for arm, values in of_arms.items() if values}

    return {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "sparsity_reached": {r["arm"]: r["sparsity_reached"][0] for r in records if "sparsity_reached" in r},
        "kept_by_layer": means("kept_by_layer"),
        "shared_with_magnitude": {arm: share for arm, (share,) in means("shared_with_magnitude").items()},
        "weights": {
            "rule": (
                f"{SAMPLE} of the weights of the first two layers, drawn at random without replacement, the same for "
                f"both optimisers; seed {first}, random start."
            ),
            "seed": first,
            "layer": [place // (SIZES[0] * SIZES[1]) for place in sampled_weights()],
            "initial": unpruned["adam"]["initial"],
            **{o: {"final": record["final"], "sanh": record["sanh"]} for o, record in unpruned.items()},
        },
        "lowest_kept": {
            "sparsity": list(LEVELS),
            **{
                optimiser: dict(zip(("magnitude", "moved", "sanh"), record["lowest_kept"], strict=True))
                for optimiser, record in unpruned.items()
            },
        },
    }
