"""Quantization: what few bits cost a student right away, and what training through the quantizer gives back.

A student of 64 hidden units learns all labelled rows from a teacher, 400 steps at T = 4 with the factor T^2. Then its
weights, those of both layers, are put on a grid: one bit with one scale for a layer ("one_bit") or one for each unit
("one_bit_row"), or an affine grid of k bits that holds 0 ("affine_k"); biases stay as they are. Three treatments: the
student as it is ("post"), and 300 more steps with the straight-through estimator, from the teacher ("kd") or from the
labels ("hard"). What is measured is always the quantized network.

The control is "full", the same student and the same two kinds of 300 more steps without any quantizer: what training
longer is worth by itself. "gain" is the accuracy that a treatment adds to the same format after training; it is to be
compared with the gain of "full", not with 0. MNIST, with inputs of 14x14 pixels, repeats some of the formats.

"weight_error" is |W - W_q| / |W| over both layers, W the weights before the quantizer: for "kd" and "hard" the latent
ones at the end.

Nothing was tuned: Adam's step size, .005 before and after, T = 4 and the numbers of steps are one choice each, made by
hand before the first run. All arms of a seed share rows, the trained student and the order of the mini-batches.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, NamedTuple

import torch
from numpy.typing import NDArray
from torch import Tensor

from kdlab.core.quantization import storage_bits
from kdlab.evidence.intervals import Record, by_seed
from kdlab.experiments.data import Split, digits, mnist5k
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.lab import Lab, Lesson, Teacher
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.measures import accuracy
from kdlab.experiments.networks import Layers, forward_with, initial_parameters, logits_of
from kdlab.experiments.quantizers import affine, one_bit
from kdlab.experiments.shown import first_network, first_record, layer_arrays, of_first

WIDTH, CLASSES = 64, 10
STEPS, MORE_STEPS, BATCH_SIZE = 400, 300, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)

Treatment = Literal["post", "kd", "hard"]
LOSSES: dict[Treatment, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "kd": partial(distillation_loss, temperature=4.0, alpha=1.0),
    "hard": partial(distillation_loss, alpha=0.0),
}


class Format(NamedTuple):
    """A quantizer of the weights (S, fan_in, fan_out) of a layer, and what it has to store."""

    quantizer: Callable[[Tensor], Tensor]
    bits: int
    scales: Literal["none", "layer", "unit"] = "layer"
    zero_point: bool = False


FORMATS: dict[str, Format] = {
    "full": Format(lambda weights: weights, 32, scales="none"),
    "one_bit": Format(one_bit, 1),
    "one_bit_row": Format(partial(one_bit, axis=-1), 1, scales="unit"),
    **{f"affine_{k}": Format(partial(affine, bits=k), k, zero_point=True) for k in (1, 2, 3, 4, 8)},
}
FORMAT_WORDS = {
    "full": "whole precision",
    "one_bit": "one bit, a sign and one scale",
    "one_bit_row": "one bit, a sign and a scale for each unit",
    **{f"affine_{k}": f"a grid of {k} bit{'s'[: k > 1]} that holds 0" for k in (1, 2, 3, 4, 8)},
}
DATA: dict[str, Callable[[int], Split]] = {"digits": digits, "mnist5k": mnist5k}
DATA_WORDS = {"digits": "digits", "mnist5k": "MNIST"}
FORMATS_OF: dict[str, tuple[str, ...]] = {
    "digits": tuple(FORMATS),
    "mnist5k": ("full", "one_bit", "affine_2", "affine_4"),
}


@dataclass(frozen=True)
class Arm:
    """One way to quantize the student."""

    data: str
    format: str
    treatment: Treatment

    @property
    def name(self) -> str:
        """Of the arm, such as "digits_one_bit_kd"."""
        return f"{self.data}_{self.format}_{self.treatment}"


TREATMENTS: tuple[Treatment, ...] = ("post", "kd", "hard")
ARMS: dict[str, Arm] = {
    arm.name: arm
    for data, formats in FORMATS_OF.items()
    for arm in (Arm(data, form, treatment) for form in formats for treatment in TREATMENTS)
}


def run(lab: Lab) -> None:
    """Train teachers and students, quantize the students, train these on, and measure them on the test rows.

    Beside accuracy, kl and agreement arms have "gain" in [-1, 1] over the same format after training, and
    "weight_error" in [0, inf). The losses of "full_post" are those of the student.
    """
    for data, source in DATA.items():
        split = lab.split(source)
        teacher = lab.ensemble(split)
        lab.note(f"{data}_teacher", lab.graded(teacher, split))
        start = partial(initial_parameters, (split.train_inputs.shape[-1], WIDTH, CLASSES))
        name = f"{data}_full_post"
        lesson = Lesson(split.train, LOSSES["kd"], teacher.train_logits)
        student = lab.students({name: lesson}, start, OPTIMISER, steps=STEPS, batch_size=BATCH_SIZE)[name].parameters
        arms = [Arm(data, form, treatment) for form in FORMATS_OF[data] for treatment in TREATMENTS]
        further = trained_on(lab, [arm for arm in arms if arm.treatment != "post"], student, split, teacher)
        for arm in arms:
            networks = student if arm.treatment == "post" else further[arm.name]
            logits = logits_of(networks, split.test_inputs, forward_with([FORMATS[arm.format].quantizer]))
            lab.exam(arm.name, logits, teacher.test_logits, split)
            right = [accuracy(*of_seed) for of_seed in zip(logits, split.test_labels, strict=True)]
            if arm.treatment == "post":
                before = right
            lab.note(arm.name, [{"gain": now - then} for now, then in zip(right, before, strict=True)])
            errors = weight_errors(networks, FORMATS[arm.format].quantizer)
            lab.note(arm.name, [{"weight_error": error} for error in errors])
        lab.note(name, of_first(lab.seeds, {"student": first_network(student)}))


def trained_on(lab: Lab, arms: Sequence[Arm], student: Layers, split: Split, teacher: Teacher) -> dict[str, Layers]:
    """Train copies of the students through the quantizers, from the teacher or the labels, all side by side.

    Returns
    -------
    dict of Layers
        By arm, the latent weights.
    """
    targets = {"kd": teacher.train_logits, "hard": None}
    trained = lab.students(
        {arm.name: Lesson(split.train, LOSSES[arm.treatment], targets[arm.treatment]) for arm in arms},
        [tuple(tensor.repeat(len(arms), 1, 1) for tensor in layer) for layer in student],
        OPTIMISER,
        steps=MORE_STEPS,
        batch_size=BATCH_SIZE,
        forward=forward_with([FORMATS[arm.format].quantizer for arm in arms]),
    )
    return {name: of_arm.parameters for name, of_arm in trained.items()}


def weight_errors(parameters: Layers, quantizer: Callable[[Tensor], Tensor]) -> list[float]:
    """Return |W - W_q| / |W| over all layers, for each network."""
    weights = torch.cat([weight.flatten(1) for weight, _ in parameters], dim=1)
    quantized = torch.cat([quantizer(weight).flatten(1) for weight, _ in parameters], dim=1)
    return ((weights - quantized).norm(dim=1) / weights.norm(dim=1)).tolist()


def weight_bytes(form: Format, inputs: int) -> float:
    """Return the bytes that the weights of both layers take, with scales and zero points and without padding."""
    layers = ((inputs, WIDTH), (WIDTH, CLASSES))
    if form.scales == "none":
        return sum(form.bits * fan_in * fan_out for fan_in, fan_out in layers) / 8
    bits = 0
    for fan_in, fan_out in layers:
        scales = fan_out if form.scales == "unit" else 1
        bits += storage_bits(fan_in * fan_out, form.bits, scales, scales if form.zero_point else 0)
    return bits / 8


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: each measure by data set, treatment, format and seed, and the bytes.

    Parameters
    ----------
    records : sequence of dict
        Those of `run`.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "bits": format -> bits for a weight; "bytes": data set -> format -> bytes of
        the weights; and for each data set measure -> treatment -> format -> [seed], and "teacher": [seed], accuracy.
    """
    inputs = {"digits": 64, "mnist5k": 196}

    def of_seeds(arm: str, measure: str) -> list[float]:
        return list(by_seed(records, arm, measure).values())

    found: dict[str, Any] = {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": sorted({record["seed"] for record in records}),
        "bits": {name: form.bits for name, form in FORMATS.items()},
        "bytes": {
            data: {form: weight_bytes(FORMATS[form], inputs[data]) for form in formats}
            for data, formats in FORMATS_OF.items()
        },
    }
    for data, formats in FORMATS_OF.items():
        found[data] = {
            measure: {
                treatment: {form: of_seeds(Arm(data, form, treatment).name, measure) for form in formats}
                for treatment in TREATMENTS
            }
            for measure in UNITS
        } | {"teacher": of_seeds(f"{data}_teacher", "accuracy")}
    return found


def shown(records: Sequence[Record]) -> dict[str, NDArray[Any]]:
    """Return the digits' student of the first seed, before it is quantized.

    Returns
    -------
    dict
        "weight_1" (64, 64) and "weight_2" (10, 64), a row for each output, and "bias_1", "bias_2". Its test rows are
        those of results/shown/pruning.npz.
    """
    return dict(layer_arrays(first_record(records, "digits_full_post")["student"]))


COMPARISONS: list[tuple[str, str]] = [
    *(
        (f"{data}_{form}_{treatment}", f"{data}_full_{treatment}")
        for data, formats in FORMATS_OF.items()
        for form in formats[1:]
        for treatment in TREATMENTS
    ),
    *(
        (f"{data}_{form}_{treatment}", f"{data}_{form}_{baseline}")
        for data, formats in FORMATS_OF.items()
        for form in formats
        for treatment, baseline in (("kd", "post"), ("hard", "post"), ("kd", "hard"))
    ),
    *((f"digits_one_bit_row_{treatment}", f"digits_one_bit_{treatment}") for treatment in TREATMENTS),
    *((f"digits_affine_1_{treatment}", f"digits_one_bit_{treatment}") for treatment in TREATMENTS),
    *((f"{data}_affine_2_{treatment}", f"{data}_one_bit_{treatment}") for data in DATA for treatment in TREATMENTS),
]

CONTROLS = {
    "digits_full_kd": "would have gained as much as the quantized students do if their gain were that of more training",
    "mnist5k_full_kd": (
        "would have gained as much as the quantized students do if their gain were that of more training"
    ),
    "digits_affine_8_kd - digits_full_kd": (
        "would have been a gain, as 8 bits have over the student before more training, if quantizing itself helped"
    ),
    "digits_affine_1_kd": "would have learned as m sign(w) does if any one bit for each weight were enough",
    "digits_one_bit_kd - digits_one_bit_hard": (
        "would have been a gain if the teacher helped a student of one bit more than the labels do"
    ),
}

UNITS = {"accuracy": "%", "kl": "nats", "agreement": "%", "gain": "%", "weight_error": "%"}


def words_of_arm(arm: Arm) -> str:
    """Return what an arm is, in plain words."""
    treatment = {"post": "as it is", "kd": "taught on by the teacher", "hard": "taught on by the labels"}
    return f"{DATA_WORDS[arm.data]}: {FORMAT_WORDS[arm.format]}, {treatment[arm.treatment]}"


EXPERIMENT = Experiment(
    question=(
        "How much accuracy and fidelity does a distilled student lose with its weights on a grid of 1 to 8 bits, and "
        "how much of that does training with the straight-through estimator give back, beyond what training longer "
        "gives?"
    ),
    words={arm.name: words_of_arm(arm) for arm in ARMS.values()}
    | {f"{data}_teacher": f"{words}: the teacher, five networks" for data, words in DATA_WORDS.items()},
    controls=CONTROLS,
    units=UNITS,
    comparisons=COMPARISONS,
    run=run,
    measured=measured,
    shown=shown,
    may_fail=dict.fromkeys(
        ("digits_affine_1_kd", "digits_affine_1_hard"),
        "one bit of an affine grid is 0 or one other value, from which nearly nothing can be learned",
    ),
)
