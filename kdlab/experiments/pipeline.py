"""A pipeline: what filters, rank and bits cost and lose together, in which order, and whether fewer MACs are faster.

A network of two convolutions (16 and 32 filters of 3x3), a layer of 64 units and the ten classes learns the digits and
is then the teacher of its own compressed versions. Three steps, at three levels: "prune" takes out of both
convolutions the filters of least l1 norm, "svd" puts two factors in the place of the layer of 64 units, "quantize"
puts all matrices and filters on symmetric grids, one scale for each. Each step takes the network as the one before
left it: pruning after the factorisation slices V, factors made of quantized weights are put on a grid of as many bits,
and a sliced tensor stays on the grid it has. "aware" are factors best for the outputs on the training rows instead of
for the weights. All six orders, at all levels, one-shot; at two of them also trained further by distillation from the
whole network (T = 4, factor T^2, 90 steps): "kd" after the last step; and at one, "kd_each", a third of the steps
after each. What is handed on to the next step is what would be deployed, on its grid, and Adam begins anew.

The control of the norms is chance: "prune_chance" takes out filters by lot, one draw a seed, and "prune_lots" is the
mean of fifty draws, since one draw scatters by more than the norms are worth.

What single steps lose is put together, added up or multiplied, into a prediction for two and three steps: from the
drops as measured, seed by seed, and from the laws c s^g that fit them best over four levels. The severity s is the
share of the filters, or of the 64 singular values, that go, and the step of the grid over the largest weight,
1/(2^(bits-1) - 1): a choice, and another would give other laws. The arms "additive" and "multiplicative" hold the
predictions, so that "additive_<arm> - <arm>" is the accuracy that was promised and is not there.

Networks are trained and measured in double precision. Times are of float32, as a network would be deployed: medians
over 96 calls with one image and 24 with 64, on one thread, in plain PyTorch; the networks take turns, in an order drawn
anew for each round, and first run some calls that are not timed. Weights of few bits are turned back into floats, once
before the first call or, "decoding", in every call, from codes of one byte; bytes are counted as if packed. The whole
network is timed twice, as a control. A time is that of this machine, and of shapes, not of weights: what has equal
shapes has one time.

Nothing was tuned: the step size of Adam, .003, is the one that the teacher is trained with. Trials on seeds outside
the record changed two things. Batches of 128 and 60 steps, in thirds, ended in the middle of the first swing of Adam;
smaller batches, and more of them, cost as much. And pruning before the SVD, the order in which its factors are best
for the weights, lost more than the other; so errors of weights and outputs were added, and factors best for the
outputs. A first run of the record had its turns in one fixed order, and its control failed: with one image the same
network took 4.4 +- 1.0 % less time the second time, as much as some of the differences. So the turns are drawn; and
pruning and SVD at the extreme level, where drops add up to more than there is, came in then. In that record chance
lost 6.3 +- 7.9 points against the norms, which settles nothing: so "prune_lots" came in.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, permutations
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kdlab.core.low_rank import data_aware_factors, low_rank_factors
from kdlab.core.pipeline import FLOAT_BITS, Cost, combined_accuracy, fit_drop, pareto_front, stage_drop, total_cost
from kdlab.evidence.intervals import Record, by_seed, paired_difference
from kdlab.experiments.clock import as_floats, decoding, seconds_of
from kdlab.experiments.convnet import (
    CHANNELS,
    CLASSES,
    CONVOLUTIONS,
    DENSE,
    INPUT_SHAPE,
    LOSS,
    TUNING_STEPS,
    UNITS_OF_LAYER,
    Network,
    Networks,
    dense_inputs,
    factorized,
    logits_of,
    logits_of_each,
    norms,
    pruned,
    quantized,
    trained_further,
    whole_networks,
    words_of,
)
from kdlab.experiments.data import Split, digits
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.measures import of_student
from kdlab.experiments.networks import generators
from kdlab.experiments.shown import pixels_of

CHANCE, DRAWS = 1 / CLASSES, 50
SHOWN_SEEDS = (0, 1, 2)  # whose answers are kept, row by row

Step = Literal["prune", "prune_chance", "svd", "aware", "quantize"]
STEPS: tuple[Step, ...] = ("prune", "svd", "quantize")
ORDERS: tuple[tuple[Step, ...], ...] = tuple(permutations(STEPS))
SUBSETS: tuple[tuple[Step, ...], ...] = (*combinations(STEPS, 2), STEPS)
OTHER_PAIRS: tuple[tuple[Step, ...], ...] = (("svd", "prune"), ("prune", "aware"))


@dataclass(frozen=True)
class Level:
    """How much each step compresses: the share of filters that go, the rank that is left, and the bits."""

    sparsity: float
    rank: int
    bits: int

    @property
    def severity(self) -> dict[Step, float]:
        """Of each step, in [0, 1]."""
        return {
            "prune": self.sparsity,
            "svd": 1 - self.rank / UNITS_OF_LAYER,
            "quantize": 1 / (2 ** (self.bits - 1) - 1),
        }


LEVELS = {
    "mild": Level(0.25, 16, 8),
    "medium": Level(0.5, 8, 4),
    "severe": Level(0.75, 4, 3),
    "extreme": Level(0.875, 2, 2),  # of single steps only, for the laws
}
COMBINED, TUNED, TUNED_BETWEEN = ("mild", "medium", "severe"), ("medium", "severe"), "medium"


@dataclass(frozen=True)
class Arm:
    """Steps in their order, all of one level, and when the network is trained further."""

    steps: tuple[Step, ...]
    level: str
    training: Literal["", "kd", "kd_each"] = ""

    @property
    def name(self) -> str:
        """Of the arm, such as "prune_svd_medium_kd"."""
        return "_".join(filter(None, (*self.steps, self.level, self.training)))


BEYOND = Arm(("prune", "svd"), "extreme")  # alone, its two steps lose more than there is to lose

ARMS: dict[str, Arm] = {
    arm.name: arm
    for arm in (
        *(Arm((step,), level) for step in STEPS for level in LEVELS),
        *(Arm(("prune_chance",), level) for level in COMBINED),
        *(Arm(steps, level) for steps in SUBSETS[:-1] for level in COMBINED),
        *(Arm(steps, level) for steps in OTHER_PAIRS for level in COMBINED),
        BEYOND,
        *(Arm(order, level) for order in ORDERS for level in COMBINED),
        *(Arm((step,), level, "kd") for step in STEPS for level in TUNED),
        *(Arm(order, level, "kd") for order in ORDERS for level in TUNED),
        *(Arm(order, TUNED_BETWEEN, "kd_each") for order in ORDERS),
    )
}
SAME_SHAPE = {"prune_chance": "prune", "aware": "svd"}
# whose shapes are those of all arms; "decoding" turns codes into floats in every call
TIMED = tuple(arm.name for arm in ARMS.values() if arm.steps in (("prune",), ("svd",), STEPS[:2]) and not arm.training)
DECODING = {
    f"{name}_decoding": name for name in (Arm(s, level).name for s in (("quantize",), STEPS) for level in TUNED)
}


def predictions() -> dict[str, tuple[str, bool, Arm]]:
    """Return, by the name of its arm, how each prediction is made, whether from a law, and of what."""
    found = {}
    for combine in ("additive", "multiplicative"):
        for steps in SUBSETS:
            for level in COMBINED:
                found[f"{combine}_{Arm(steps, level).name}"] = combine, False, Arm(steps, level)
        found[f"{combine}_{BEYOND.name}"] = combine, False, BEYOND
        for level in COMBINED:
            found[f"{combine}_law_{Arm(STEPS, level).name}"] = combine, True, Arm(STEPS, level)
        for level in TUNED:
            found[f"{combine}_{Arm(STEPS, level, 'kd').name}"] = combine, False, Arm(STEPS, level, "kd")
    return found


PREDICTIONS = predictions()


def run(lab: Lab) -> None:
    """Train the whole network of each seed, compress it in every way, and measure and time what is left."""
    split = lab.split(digits)
    teacher = lab.conv_teacher(split, CHANNELS)
    lesson = Lesson(split.train, LOSS, teacher.train_logits)
    networks = all_networks(lab, whole_networks(teacher), lesson)
    cost = total_cost(networks["full"][0].layers, INPUT_SHAPE)
    for name, of_arm in networks.items():
        logits = logits_of_each(of_arm, split.test_inputs)
        if name == "full":  # the teacher, no student
            lab.note(name, [of_student(z, z, labels) for z, labels in zip(logits, split.test_labels, strict=True)])
        else:
            lab.exam(name, logits, teacher.test_logits, split)
        taught = name in ARMS and ARMS[name].training
        lab.note(name, [costs_of(of_arm[0], None if taught else cost) for _ in lab.seeds])
        answers = zip(lab.seeds, logits.argmax(axis=-1).tolist(), strict=True)
        lab.note(name, [{"answers": of_seed} if seed in SHOWN_SEEDS else {} for seed, of_seed in answers])
    lab.note("full", [pixels_of(split.of(i)) if seed in SHOWN_SEEDS else {} for i, seed in enumerate(lab.seeds)])
    note_lots(lab, networks["full"], teacher.test_logits, split)
    for name, of_arm in errors_by_arm(networks, split.train_inputs).items():
        lab.note(name, of_arm)
    note_times(lab, networks, cost)
    found = {
        seed: {r["arm"]: r["accuracy"] for r in lab.records() if r["seed"] == seed and "accuracy" in r}
        for seed in lab.seeds
    }
    for name, how in PREDICTIONS.items():
        lab.note(name, [{"accuracy": predicted_accuracy(of_seed, *how)} for of_seed in found.values()])


def all_networks(lab: Lab, full: list[Network], lesson: Lesson) -> Networks:
    """Return the networks of each arm: one-shot, trained further at the end, and trained further after each step."""
    found = {"full": full}
    for name, arm in ARMS.items():
        if not arm.training:
            networks = full
            for step in arm.steps:
                networks = compressed(networks, step, LEVELS[arm.level], lesson.inputs, lab.seeds)
            found[name] = networks
    at_end = {name: arm for name, arm in ARMS.items() if arm.training == "kd"}
    starts = {name: found[Arm(arm.steps, arm.level).name] for name, arm in at_end.items()}
    return found | trained_further(lab, starts, lesson, TUNING_STEPS) | trained_after_each_step(lab, full, lesson)


def trained_after_each_step(lab: Lab, full: list[Network], lesson: Lesson) -> Networks:
    """Return the networks that are trained further after each of their steps; orders that begin alike share that."""
    found = {"": full}
    for done in range(len(STEPS)):
        begun = sorted({order[: done + 1] for order in ORDERS})
        starts = {
            Arm(steps, TUNED_BETWEEN, "kd_each").name: compressed(
                found[Arm(steps[:-1], TUNED_BETWEEN, "kd_each").name if done else ""],
                steps[-1],
                LEVELS[TUNED_BETWEEN],
                lesson.inputs,
                lab.seeds,
            )
            for steps in begun
        }
        found |= trained_further(lab, starts, lesson, TUNING_STEPS // len(STEPS))
    return {name: found[name] for name, arm in ARMS.items() if arm.training == "kd_each"}


def compressed(
    networks: Sequence[Network], step: Step, level: Level, inputs: NDArray[np.float64], seeds: Sequence[int]
) -> list[Network]:
    """Return the networks of the seeds after one step; `inputs` (S, N, D) are the training rows."""
    if step == "quantize":
        return [quantized(network, level.bits) for network in networks]
    if step == "prune":
        return [pruned(network, norms(network), level.sparsity) for network in networks]
    if step == "prune_chance":
        lots = generators(seeds, "chance")
        return [pruned(*pair, level.sparsity) for pair in zip(networks, map(lot, lots), strict=True)]
    if step == "svd":
        return [factorized(of, *low_rank_factors(of.weights[DENSE]["weight"], level.rank)) for of in networks]
    moments = [x.T @ x / len(x) for x in map(dense_inputs, networks, inputs)]
    weights = [network.weights[DENSE]["weight"] for network in networks]
    factors = [data_aware_factors(W, Sigma, level.rank) for W, Sigma in zip(weights, moments, strict=True)]
    return [factorized(network, *pair) for network, pair in zip(networks, factors, strict=True)]


def lot(rng: np.random.Generator) -> dict[int, NDArray[np.float64]]:
    """Draw a score for each filter of each convolution."""
    return {i: rng.random(channels) for i, channels in zip(CONVOLUTIONS, CHANNELS, strict=True)}


def note_lots(lab: Lab, full: Sequence[Network], teacher_logits: NDArray[np.float64], split: Split) -> None:
    """Measure, of each level, the mean of networks whose filters go by lot."""
    for level in COMBINED:
        measures = []
        for i, rng in enumerate(generators(lab.seeds, f"lots {level}")):
            drawn = [pruned(full[i], lot(rng), LEVELS[level].sparsity) for _ in range(DRAWS)]
            logits = [logits_of(network, split.test_inputs[i]) for network in drawn]
            each = [of_student(z, teacher_logits[i], split.test_labels[i]) for z in logits]
            measures.append({measure: statistics.mean(of[measure] for of in each) for measure in each[0]})
        lab.note(f"prune_lots_{level}", measures)


def note_times(lab: Lab, networks: Networks, full: Cost) -> None:
    """Time the networks of each seed."""
    floats = {"full": "full", "full_again": "full"} | {name: name for name in TIMED}
    times = []
    for i, seed in enumerate(lab.seeds):
        runs = {name: as_floats(networks[of_arm][i]) for name, of_arm in floats.items()}
        runs |= {name: decoding(networks[of_arm][i]) for name, of_arm in DECODING.items()}
        times.append(seconds_of(runs, seed))
    for name in times[0]:
        lab.note(name, [of_seed[name] for of_seed in times])
    for name, of_arm in DECODING.items():
        lab.note(name, [costs_of(networks[of_arm][0], full) for _ in lab.seeds])


def costs_of(network: Network, full: Cost | None) -> Record:
    """Return the list of MACs, parameters and bytes, and shares of those of the whole network, if these are given."""
    cost = total_cost(network.layers, INPUT_SHAPE)
    found: Record = {"costs": list(cost)}
    return found | {"macs_share": cost.macs / full.macs, "bytes_share": cost.bytes / full.bytes} if full else found


def errors_by_arm(networks: Networks, inputs: NDArray[np.float64]) -> dict[str, list[Record]]:
    """Return the errors of the dense layer of each arm without few bits and training, against that before factorising.

    Relative, as in the experiment on low rank: of the weights |W - A| / |W|; of the outputs, on the training rows, the
    square root of E|(W - A) x|^2 / E|W x|^2, W and x those of the network that is pruned alike and not factorised.
    """
    found: dict[str, list[Record]] = {}
    incoming: dict[str, list[NDArray[np.float64]]] = {}
    for name, arm in ({"full": Arm((), "")} | ARMS).items():
        if not arm.training and "quantize" not in arm.steps:
            pruning = tuple(step for step in arm.steps if step.startswith("prune"))
            before = Arm(pruning, arm.level).name if pruning else "full"
            if before not in incoming:
                incoming[before] = list(map(dense_inputs, networks[before], inputs))
            of_seeds = zip(networks[before], networks[name], incoming[before], strict=True)
            found[name] = [errors_of(matrix_of(whole), matrix_of(left), x) for whole, left, x in of_seeds]
    return found


def errors_of(W: NDArray[np.float64], A: NDArray[np.float64], x: NDArray[np.float64]) -> Record:
    """Return the relative errors of weights and outputs."""
    return {
        "weight_error": float(np.linalg.norm(W - A) / np.linalg.norm(W)),
        "output_error": float(np.linalg.norm(x @ (W - A).T) / np.linalg.norm(x @ W.T)),
    }


def matrix_of(network: Network) -> NDArray[np.float64]:
    """Return the matrix of the layer of 64 units, or the product of its factors."""
    dense = network.weights[DENSE]
    return dense["U"] @ dense["V"] if "U" in dense else dense["weight"]


def predicted_accuracy(found: Mapping[str, float], combine: str, from_law: bool, arm: Arm) -> float:
    """Predict the accuracy of an arm from those of its single steps, by name in `found`, on the same seed."""
    full = found["full"]
    if from_law:
        severity = LEVELS[arm.level].severity
        drops = [min(float(stage_drop(severity[step], *law_of(found, step)[:2])), full) for step in arm.steps]
    else:
        drops = [full - found[Arm((step,), arm.level, arm.training).name] for step in arm.steps]
    return float(combined_accuracy(np.array(drops), full, combine, CHANCE))


def law_of(found: Mapping[str, float], step: Step) -> tuple[float, float, float]:
    """Fit c and g to what a step alone loses, level by level, one-shot; with the largest residual."""
    severity = np.array([level.severity[step] for level in LEVELS.values()])
    c, g, residuals = fit_drop(severity, np.array([found["full"] - found[Arm((step,), of).name] for of in LEVELS]))
    return c, g, float(np.abs(residuals).max())


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "seeds". "levels": by level the settings, "severity" by step. "arms": by name of what is measured, in a network,
        its "steps", "level", "training", "macs", "parameters" and "bytes", and "timed", the arm whose shapes, and so
        whose times, it has. "accuracy", "kl", "agreement": by arm, seed by seed; "accuracy" of predictions
        too. "seconds": by timed arm, "batch_1" and "batch_64", seed by seed. "laws": by step "c", "g" and
        "largest_residual", seed by seed. "fronts": the arms that no other beats in mean accuracy and a cost, by rising
        cost, of "one_shot" and of "all", by "macs", "bytes", "batch_1_seconds" and "batch_64_seconds" (means over
        seeds). "not_faster": timed arms with fewer operations or bytes than the whole network,
        by "batch_1" and "batch_64", whose time is not below its on so many seeds that the interval excludes 0.
    """
    seeds = sorted({record["seed"] for record in records})
    names = list(dict.fromkeys(record["arm"] for record in records))
    costs = {record["arm"]: record["costs"] for record in records if "costs" in record}
    settings = {name: settings_of(arm, costs[name]) for name, arm in ({"full": Arm((), "")} | ARMS).items()}
    per_seed = {
        measure: {
            arm: list(by_seed(records, arm, measure).values())
            for arm in names
            if any(record["arm"] == arm and measure in record for record in records)
        }
        for measure in ("accuracy", "kl", "agreement", "batch_1_seconds", "batch_64_seconds")
    }
    laws = {
        step: [law_of({arm: of[i] for arm, of in per_seed["accuracy"].items()}, step) for i in range(len(seeds))]
        for step in STEPS
    }
    seconds = {batch: per_seed.pop(f"{batch}_seconds") for batch in ("batch_1", "batch_64")}
    return {
        "seeds": seeds,
        "levels": {
            name: {"sparsity": level.sparsity, "rank": level.rank, "bits": level.bits, "severity": level.severity}
            for name, level in LEVELS.items()
        },
        "arms": settings,
        **per_seed,
        "seconds": {arm: {batch: of_arm[arm] for batch, of_arm in seconds.items()} for arm in seconds["batch_1"]},
        "laws": {
            step: dict(zip(("c", "g", "largest_residual"), map(list, zip(*of_step, strict=True)), strict=True))
            for step, of_step in laws.items()
        },
        "fronts": fronts(settings, per_seed["accuracy"], seconds),
        "not_faster": {
            batch: [
                arm
                for arm in of_batch
                if arm not in ("full", "full_again") and not is_faster(records, arm, f"{batch}_share_seconds")
            ]
            for batch, of_batch in seconds.items()
        },
    }


def shown(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """Return what the networks of three seeds answer, row by row.

    Returns
    -------
    dict
        "seeds" (3,); "arms" (74,), names; "answers" (3, 74, 450), classes; "rows" of the data set and "labels",
        (3, 450); "pixels" (3, 450, 64), 0 to 16.
    """
    with_answers = [record for record in records if "answers" in record]
    arms = list(dict.fromkeys(record["arm"] for record in with_answers))
    whole = [record for record in with_answers if record["arm"] == "full"]
    answers = {(record["seed"], record["arm"]): record["answers"] for record in with_answers}
    return {
        "seeds": np.array([record["seed"] for record in whole]),
        "arms": np.array(arms),
        "answers": np.array([[answers[record["seed"], arm] for arm in arms] for record in whole], np.uint8),
        "rows": np.array([record["rows"] for record in whole], np.uint16),
        "labels": np.array([record["labels"] for record in whole], np.uint8),
        "pixels": np.array([record["pixels"] for record in whole], np.uint8),
    }


def settings_of(arm: Arm, costs: Sequence[int]) -> dict[str, Any]:
    """Return what an arm does, what its network costs, and the arm that is timed in its place."""
    shapes = [step for step in ("prune", "svd") if any(step == SAME_SHAPE.get(done, done) for done in arm.steps)]
    return {
        "steps": list(arm.steps),
        "level": arm.level,
        "training": arm.training,
        **dict(zip(Cost._fields, costs, strict=True)),
        "timed": "_".join((*shapes, arm.level)) if shapes else "full",
    }


def fronts(
    settings: Mapping[str, Mapping[str, Any]],
    accuracies: Mapping[str, Sequence[float]],
    seconds: Mapping[str, Mapping[str, Sequence[float]]],
) -> dict[str, dict[str, list[str]]]:
    """Return the arms on the Pareto front of each cost and mean accuracy, one-shot and all, by rising cost."""
    found: dict[str, dict[str, list[str]]] = {}
    for group in ("one_shot", "all"):
        arms = [name for name, of_arm in settings.items() if group == "all" or not of_arm["training"]]
        quality = [statistics.mean(accuracies[name]) for name in arms]
        costs = {cost: [settings[name][cost] for name in arms] for cost in ("macs", "bytes")} | {
            f"{batch}_seconds": [statistics.mean(of_batch[settings[name]["timed"]]) for name in arms]
            for batch, of_batch in seconds.items()
        }
        found[group] = {
            cost: [arms[i] for i in pareto_front(np.array(values), np.array(quality))] for cost, values in costs.items()
        }
    return found


def is_faster(records: Sequence[Record], arm: str, measure: str) -> bool:
    """Return whether the interval of the arm's time minus that of the whole network lies below 0; one seed has none."""
    if len(by_seed(records, arm, measure)) < 2:
        return False
    difference = paired_difference(records, arm, "full", measure)
    return difference["mean"] + difference["half_width"] < 0


def words_of_arm(arm: Arm) -> str:
    """Return what an arm is, in plain words."""
    level = LEVELS[arm.level]
    of_step = {
        "prune": words_of(level.sparsity, None, FLOAT_BITS),
        "prune_chance": [*words_of(level.sparsity, None, FLOAT_BITS), "by lot"],
        "svd": words_of(0, level.rank, FLOAT_BITS),
        "aware": [*words_of(0, level.rank, FLOAT_BITS), "best for the outputs"],
        "quantize": words_of(0, None, level.bits),
    }
    taught = {"": "", "kd": "; taught again", "kd_each": "; taught again after each"}
    return ", then ".join(" ".join(of_step[step]) for step in arm.steps) + taught[arm.training]


def words() -> dict[str, str]:
    """Return what each arm is, in plain words."""
    found = {"full": "the whole network", "full_again": "the whole network, timed again"}
    found |= {name: words_of_arm(arm) for name, arm in ARMS.items()}
    for level in COMBINED:
        found[f"prune_lots_{level}"] = f"{words_of_arm(Arm(('prune_chance',), level))}, mean of {DRAWS} draws"
    found |= {
        name: f"{words_of_arm(ARMS[of_arm])}, turned into floats in every call" for name, of_arm in DECODING.items()
    }
    for name, (combine, from_law, arm) in PREDICTIONS.items():
        losses = "fitted losses" if from_law else "single losses"
        found[name] = f"predicted, {losses} {'added' if combine == 'additive' else 'multiplied'}: {words_of_arm(arm)}"
    return found


EXPERIMENT = Experiment(
    question=(
        "What do filter pruning, a low-rank layer and few bits lose together, one-shot and after a short distillation; "
        "does their order matter; do additive or multiplicative drops predict it; and is what has fewer operations "
        "faster?"
    ),
    words=words(),
    controls={
        "full_again - full": "would have been as large as what compression saves if the clock told no networks apart",
        "prune_lots_medium": "would have kept as much accuracy as the largest norms if any filters could go",
        "svd_prune_quantize_medium - prune_svd_quantize_medium": (
            "would have been 0 if the order of steps did not matter"
        ),
        "additive_prune_svd_quantize_severe - prune_svd_quantize_severe": "would have been 0 if drops added up",
        "svd_mild - full": "would have been faster by as much as it has fewer operations if these decided",
        "quantize_medium_decoding - full": "would have been faster if few bits alone made a network so",
    },
    units={
        "accuracy": "%",
        "kl": "nats",
        "agreement": "%",
        "weight_error": "%",
        "output_error": "%",
        "macs_share": "%",
        "bytes_share": "%",
        "batch_1_seconds": "s",
        "batch_64_seconds": "s",
        "batch_1_share_seconds": "%",
        "batch_64_share_seconds": "%",
    },
    comparisons=[
        ("full_again", "full"),
        *((name, "full") for name, arm in ARMS.items() if arm.steps in (*((step,) for step in STEPS), *SUBSETS)),
        *((name, "full") for name in DECODING),
        *(
            (name, replace(arm, steps=STEPS).name)
            for name, arm in ARMS.items()
            if len(arm.steps) == len(STEPS) and arm.steps != STEPS
        ),
        *((name, Arm(arm.steps, arm.level).name) for name, arm in ARMS.items() if arm.training == "kd"),
        *((name, Arm(arm.steps, arm.level, "kd").name) for name, arm in ARMS.items() if arm.training == "kd_each"),
        *((f"prune_{drawn}_{level}", f"prune_{level}") for drawn in ("chance", "lots") for level in COMBINED),
        *((f"prune_svd_{level}", f"prune_{level}") for level in COMBINED),
        *((Arm(steps, level).name, f"prune_svd_{level}") for steps in OTHER_PAIRS for level in COMBINED),
        *((name, arm.name) for name, (_, _, arm) in PREDICTIONS.items()),
    ],
    run=run,
    measured=measured,
    shown=shown,
    may_fail={
        Arm(("quantize",), "medium", "kd").name: "begins as nearly its teacher, and has little to learn",
        **{
            Arm(order[:done], TUNED_BETWEEN, "kd_each").name: "thirty steps may end in the first swing of Adam"
            for order in ORDERS
            for done in (1, 2, 3)
        },
    },
    may_copy={
        "quantize_mild": "a step of 8 bits is smaller than what training leaves between any two networks",
    },
)
