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
from torch import Tensor

from kdlab.experiments.data import Split, digits, mnist5k, stacked
from kdlab.experiments.guards import check_learning, check_student_is_not_teacher
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.measures import REPLAYED_STEPS, accuracy, of_student
from kdlab.experiments.networks import (
    Layers,
    Lesson,
    Trained,
    forward_with,
    initial_parameters,
    logits_of,
    train_lessons,
)
from kdlab.experiments.quantizers import affine, one_bit
from kdlab.experiments.summary import Record
from kdlab.experiments.teachers import Teachers, checked_teachers
from kdlab.quantization import storage_bits

QUESTION = (
    "How much accuracy and fidelity does a distilled student lose with its weights on a grid of 1 to 8 bits, and how "
    "much of that does training with the straight-through estimator give back, beyond what training longer gives?"
)
WIDTH, CLASSES = 64, 10
STEPS, MORE_STEPS, BATCH_SIZE = 400, 300, 128
OPTIMISER = partial(torch.optim.Adam, lr=5e-3)

Treatment = Literal["post", "kd", "hard"]
LOSSES: dict[Treatment, Callable[[Tensor, Tensor, Tensor], Tensor]] = {
    "kd": lambda logits, teacher_logits, _: softened_kl(logits, teacher_logits, 4.0, scale_by_T2=True),
    "hard": lambda logits, _, labels: cross_entropy(logits, labels),
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
DATA: dict[str, Callable[[int], Split]] = {"digits": digits, "mnist5k": mnist5k}
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

# for machines that round otherwise, set before the first replay. In float64 rounding does not grow here: on a seed
# outside the record, initial weights moved by 1e-13 of themselves moved nothing by more. But a weight that is carried
# over the edge of its cell jumps, and training goes on from there: 22 of 450 test rows, twice that for a difference of
# two, and a fifth of a nat
BOUNDS = {"accuracy": 0.05, "agreement": 0.05, "gain": 0.1, "kl": 0.2, "weight_error": 0.05}


def run(seeds: Sequence[int]) -> list[Record]:
    """Train teachers and students on some seeds, quantize the students, and measure them on the test rows.

    Parameters
    ----------
    seeds : sequence of int
        At least one, each at least 0.

    Returns
    -------
    list of dict
        One for each seed and arm: "seed", "arm", "accuracy" in [0, 1], "kl" to the teacher at T = 1 in nats,
        "agreement" with it in [0, 1], "gain" in [-1, 1] over the same format after training, "weight_error" in
        [0, inf), and "losses", the first 20 of training: that of the student for "full_post", and that after it for
        "kd" and "hard". The teachers' arms have "accuracy" alone.

    Raises
    ------
    TypeError, ValueError
        If a seed is not an integer of at least 0, there is none, or a guard finds the experiment at fault.
    """
    if not seeds:
        raise ValueError("seeds must hold at least one seed; none was given.")
    return [record for data in DATA for record in run_on(data, seeds)]


def run_on(data: str, seeds: Sequence[int]) -> list[Record]:
    """Run on one data set."""
    split = stacked([DATA[data](seed) for seed in seeds])
    teachers = checked_teachers(split, seeds)
    student = train_student(split, teachers, seeds)
    for losses in student.losses:
        check_learning(losses)
    formats = FORMATS_OF[data]
    trained = train_further(student.parameters, formats, split, teachers, seeds)
    trained |= {f"{form}_post": student._replace(losses=student.losses[:, :0]) for form in formats}
    trained["full_post"] = student
    records: list[Record] = [
        {"seed": seed, "arm": f"{data}_teacher", "accuracy": accuracy(teachers.test_logits[i], split.test_labels[i])}
        for i, seed in enumerate(seeds)
    ]
    for form in formats:
        after_training = [0.0] * len(seeds)
        for treatment in TREATMENTS:
            networks = trained[f"{form}_{treatment}"]
            logits = logits_of(networks.parameters, split.test_inputs, forward_with([FORMATS[form].quantizer]))
            errors = weight_errors(networks.parameters, FORMATS[form].quantizer)
            for i, seed in enumerate(seeds):
                check_student_is_not_teacher(logits[i], teachers.test_logits[i])
                measures = of_student(logits[i], teachers.test_logits[i], split.test_labels[i])
                if treatment == "post":
                    after_training[i] = measures["accuracy"]
                record = {
                    "seed": seed,
                    "arm": Arm(data, form, treatment).name,
                    **measures,
                    "gain": measures["accuracy"] - after_training[i],
                    "weight_error": errors[i],
                }
                if networks.losses.size:
                    record["losses"] = networks.losses[i, :REPLAYED_STEPS].tolist()
                records.append(record)
    return records


def train_student(split: Split, teachers: Teachers, seeds: Sequence[int]) -> Trained:
    """Distil one student for each seed, in full precision."""
    lesson = Lesson(teachers.train_logits, split.train_labels, LOSSES["kd"])
    sizes = (split.train_inputs.shape[-1], WIDTH, CLASSES)
    start = partial(initial_parameters, sizes)
    [student] = train_lessons(start, split.train_inputs, [lesson], OPTIMISER, seeds, steps=STEPS, batch_size=BATCH_SIZE)
    return student


def train_further(
    student: Layers, formats: Sequence[str], split: Split, teachers: Teachers, seeds: Sequence[int]
) -> dict[str, Trained]:
    """Train copies of the students through the quantizers, from the teacher and from the labels, all side by side.

    Returns
    -------
    dict of Trained
        By format and treatment, such as "one_bit_kd": the latent weights of S networks.
    """
    pairs = [(form, treatment) for form in formats for treatment in ("kd", "hard")]
    lessons = [Lesson(teachers.train_logits, split.train_labels, LOSSES[treatment]) for _, treatment in pairs]
    copies = [tuple(tensor.repeat(len(pairs), 1, 1) for tensor in layer) for layer in student]
    trained = train_lessons(
        lambda _: copies,
        split.train_inputs,
        lessons,
        OPTIMISER,
        seeds,
        steps=MORE_STEPS,
        batch_size=BATCH_SIZE,
        forward=forward_with([FORMATS[form].quantizer for form, _ in pairs]),
    )
    return {f"{form}_{treatment}": networks for (form, treatment), networks in zip(pairs, trained, strict=True)}


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
        bits += storage_bits(
            fan_in * fan_out, form.bits, num_scales=scales, num_zero_points=scales if form.zero_point else 0
        )
    return bits / 8


def measured(records: Sequence[Record]) -> dict[str, Any]:
    """Return the arrays for the pictures: each measure by data set, treatment, format and seed, and the bytes.

    Parameters
    ----------
    records : sequence of dict
        As `run` returns them.

    Returns
    -------
    dict
        "arms": settings by name; "seeds"; "bits": format -> bits for a weight; "bytes": data set -> format -> bytes of
        the weights; and for each data set measure -> treatment -> format -> [seed], and "teacher": [seed], accuracy.
    """
    values = {(record["arm"], record["seed"]): record for record in records}
    seeds = sorted({record["seed"] for record in records})
    inputs = {"digits": 64, "mnist5k": 196}

    def by_seed(arm: str, measure: str) -> list[float]:
        return [values[arm, seed][measure] for seed in seeds]

    found: dict[str, Any] = {
        "arms": {name: asdict(arm) for name, arm in ARMS.items()},
        "seeds": seeds,
        "bits": {name: form.bits for name, form in FORMATS.items()},
        "bytes": {
            data: {form: weight_bytes(FORMATS[form], inputs[data]) for form in formats}
            for data, formats in FORMATS_OF.items()
        },
    }
    for data, formats in FORMATS_OF.items():
        found[data] = {
            measure: {
                treatment: {form: by_seed(Arm(data, form, treatment).name, measure) for form in formats}
                for treatment in TREATMENTS
            }
            for measure in UNITS
        } | {"teacher": by_seed(f"{data}_teacher", "accuracy")}
    return found
