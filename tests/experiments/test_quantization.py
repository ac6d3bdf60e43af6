"""The record of the experiment on quantization: what is particular to it."""

import numpy as np
import pytest
import torch

from kdlab.evidence import records
from kdlab.experiments import quantization
from kdlab.experiments.data import digits
from kdlab.experiments.lab import Lab
from kdlab.experiments.networks import forward, forward_with, generators, initial_parameters, logits_of
from kdlab.experiments.quantization import FORMATS, FORMATS_OF, Arm, Format

DATA = list(FORMATS_OF)


@pytest.fixture(scope="module")
def evidence():
    return records.read("quantization")


def values(evidence, arm, measure="accuracy"):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


# --- what the record must obey ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("data", DATA)
def test_the_gain_is_over_the_same_format_after_training(evidence, data):
    for form in FORMATS_OF[data]:
        post = values(evidence, f"{data}_{form}_post")
        for treatment in quantization.TREATMENTS:
            arm = f"{data}_{form}_{treatment}"
            np.testing.assert_allclose(values(evidence, arm) - post, values(evidence, arm, "gain"), atol=2e-6)


@pytest.mark.parametrize("data", DATA)
def test_errors_of_weights_fall_with_the_bits_and_full_precision_has_none(evidence, data):
    for treatment in quantization.TREATMENTS:
        assert not values(evidence, f"{data}_full_{treatment}", "weight_error").any()
    affine = [form for form in FORMATS_OF[data] if form.startswith("affine")]
    errors = [values(evidence, f"{data}_{form}_post", "weight_error") for form in affine]
    assert (np.diff(errors, axis=0) < 0).all()


def test_a_scale_for_each_unit_is_never_worse_for_the_weights(evidence):
    row, tensor = (values(evidence, f"digits_{form}_post", "weight_error") for form in ("one_bit_row", "one_bit"))
    assert (row < tensor).all()


def test_four_bits_more_make_steps_of_a_seventeenth(evidence):
    # s = range / (2^k - 1), the error is s / sqrt(12): a law of many bits, and 4 are nearly enough
    ratio = values(evidence, "digits_affine_4_post", "weight_error") / values(
        evidence, "digits_affine_8_post", "weight_error"
    )
    assert ratio.mean() == pytest.approx(255 / 15, rel=0.03)


@pytest.mark.parametrize("data", DATA)
@pytest.mark.parametrize("treatment", ["kd", "hard"])
def test_the_estimator_gives_few_bits_back_more_than_training_longer_gives(evidence, data, treatment):
    longer = values(evidence, f"{data}_full_{treatment}", "gain")
    assert (values(evidence, f"{data}_one_bit_{treatment}", "gain") > longer).all()
    assert values(evidence, f"{data}_affine_2_{treatment}", "gain").mean() > longer.mean()


def test_eight_bits_gain_what_training_longer_gains(evidence):
    for treatment in ("kd", "hard"):
        gain = values(evidence, f"digits_affine_8_{treatment}", "gain")
        assert gain.mean() == pytest.approx(values(evidence, f"digits_full_{treatment}", "gain").mean(), abs=0.003)


def test_one_bit_of_an_affine_grid_learns_next_to_nothing(evidence):
    for treatment in quantization.TREATMENTS:
        affine = values(evidence, f"digits_affine_1_{treatment}")
        assert (affine < values(evidence, f"digits_one_bit_{treatment}")).all()
        assert affine.mean() < 0.3


def test_the_arms_of_more_training_start_at_one_student(evidence):
    # 8 bits hardly move a weight, so the loss before the first step is that of full precision; one bit moves all
    losses = evidence.replay["losses"]
    for treatment in ("kd", "hard"):
        full, eight, one = (losses[f"digits_{form}_{treatment}"][0] for form in ("full", "affine_8", "one_bit"))
        assert eight == pytest.approx(full, rel=0.2)
        assert one > 10 * full


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    measured = evidence.measured
    assert measured["seeds"] == evidence.seeds
    for data, formats in FORMATS_OF.items():
        np.testing.assert_allclose(measured[data]["teacher"], values(evidence, f"{data}_teacher"))
        for measure in evidence.units:
            for treatment in quantization.TREATMENTS:
                for form in formats:
                    found = values(evidence, f"{data}_{form}_{treatment}", measure)
                    np.testing.assert_allclose(measured[data][measure][treatment][form], found, rtol=1e-5, atol=1e-9)


def test_bytes_are_those_counted_by_hand(evidence):
    # 64 x 64 + 64 x 10 weights; a scale has 4 bytes, a zero point as many bits as a code
    weights = 64 * 64 + 64 * 10
    assert evidence.measured["bytes"]["digits"] == {
        "full": 4 * weights,
        "one_bit": weights / 8 + 2 * 4,
        "one_bit_row": weights / 8 + (64 + 10) * 4,
        **{f"affine_{k}": (k * weights + 2 * (32 + k)) / 8 for k in (1, 2, 3, 4, 8)},
    }
    assert evidence.measured["bytes"]["mnist5k"]["one_bit"] == (196 * 64 + 64 * 10) / 8 + 8


# --- what the code does -----------------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch):
    """Return 50 rows of two seeds, a linear teacher, and students that have learned nothing."""
    monkeypatch.setattr(quantization, "MORE_STEPS", 5)
    names = [f"digits_{form}_{treatment}" for form in (*FORMATS, "broken") for treatment in ("kd", "hard")]
    lab = Lab([0, 1], dict.fromkeys(names, "five steps"))
    full = lab.split(digits)
    least_squares = np.linalg.pinv(full.train_inputs) @ np.eye(10)[full.train_labels]
    split = lab.few(full, 50)
    teacher = lab.teacher(split, lambda inputs: 5 * inputs @ least_squares)
    return lab, split, teacher, initial_parameters((64, 64, 10), generators([0, 1], "test"))


def further(few, formats):
    lab, split, teacher, student = few
    arms = [Arm("digits", form, treatment) for form in formats for treatment in ("kd", "hard")]
    first = {}
    students = lab.students

    def keep(*args, **options):
        first.update({name: trained.losses[:, 0] for name, trained in students(*args, **options).items()})
        return students(*args, **options)

    lab.students = keep
    return quantization.trained_on(lab, arms, student, split, teacher), first


def test_what_is_shown_is_the_student_before_it_is_quantized():
    arrays, split = records.shown("quantization"), digits(0)
    shown = [(arrays[f"weight_{i}"].astype(float), arrays[f"bias_{i}"].astype(float)) for i in (1, 2)]
    pixels, labels = (records.shown("pruning")[name] for name in ("pixels", "labels"))
    np.testing.assert_array_equal(pixels, 16 * split.test_inputs)
    hidden = np.maximum(pixels / 16 @ shown[0][0].T + shown[0][1], 0)
    right = np.mean((hidden @ shown[1][0].T + shown[1][1]).argmax(axis=-1) == labels)
    (recorded,) = (
        entry["accuracy"]
        for entry in records.read("quantization").records
        if (entry["arm"], entry["seed"]) == ("digits_full_post", 0)
    )
    assert right == pytest.approx(recorded, abs=1.5 / 450)  # three digits of a weight


def test_error_of_one_bit_is_that_of_its_closed_form():
    parameters = initial_parameters((5, 4, 3), generators([0, 1], "test"))
    errors = quantization.weight_errors(parameters, FORMATS["one_bit"].quantizer)
    for i, error in enumerate(errors):
        layers = [weight[i].numpy() for weight, _ in parameters]
        squares = sum((W**2).sum() for W in layers)
        lost = sum((W**2).sum() - np.abs(W).sum() ** 2 / W.size for W in layers)
        assert error == pytest.approx((lost / squares) ** 0.5, rel=1e-12)


@pytest.mark.parametrize("form", FORMATS)
def test_a_quantized_layer_has_as_many_values_as_its_codes(form):
    ((weight, _),) = initial_parameters((64, 10), generators([0], "test"))
    quantized = FORMATS[form].quantizer(weight)[0].numpy()
    columns = quantized.T if FORMATS[form].scales == "unit" else [quantized]
    for column in columns:
        found = len(np.unique(column))
        assert found <= 2 ** min(FORMATS[form].bits, 31)
        assert found == 2 or FORMATS[form].bits > 1


def test_arms_share_a_student_and_its_batches_and_the_estimator_is_the_gradient_at_the_quantized_weights(few):
    trained, first = further(few, ("full", "one_bit"))
    _, split, teacher, student = few
    quantizer = FORMATS["one_bit"].quantizer
    for treatment in ("kd", "hard"):
        alone = further(few, ("one_bit",))[0][f"digits_one_bit_{treatment}"]
        for (weight, _), (expected, _) in zip(trained[f"digits_one_bit_{treatment}"], alone, strict=True):
            torch.testing.assert_close(weight, expected, rtol=0, atol=1e-12)
    # 50 rows are one batch: the first loss is that of all rows, and the same rows for all
    for form, change in (("full", lambda weight: weight), ("one_bit", quantizer)):
        logits = forward([(change(w), b) for w, b in student], torch.from_numpy(split.train_inputs))
        labels = torch.from_numpy(split.train_labels)
        log_q = torch.log_softmax(logits, -1)
        expected = -log_q.gather(-1, labels[..., None])[..., 0].mean(-1)
        np.testing.assert_allclose(first[f"digits_{form}_hard"], expected, rtol=1e-12)
        p, q = (torch.softmax(z / 4, -1) for z in (torch.from_numpy(teacher.train_logits), logits))
        expected = 16 * (p * (p / q).log()).sum(-1).mean(-1)
        np.testing.assert_allclose(first[f"digits_{form}_kd"], expected, rtol=1e-9)


def test_without_the_estimator_no_weight_moves(few, monkeypatch):
    """The planted bug: the quantizer passes no gradient, and biases alone learn."""
    student = few[3]
    quantizer = FORMATS["one_bit"].quantizer
    monkeypatch.setitem(FORMATS, "broken", Format(lambda weights: quantizer(weights.detach()), 1))
    trained, _ = further(few, ("one_bit", "broken"))
    for layer, (start, start_bias) in enumerate(student):
        weight, bias = trained["digits_broken_kd"][layer]
        assert torch.equal(weight, start)
        assert not torch.equal(bias, start_bias)
        assert (trained["digits_one_bit_kd"][layer][0] != start).double().mean() > 0.3


def test_to_measure_the_latent_network_is_not_to_measure_the_quantized_one(few):
    _, split, _, student = few
    latent, quantized = (
        logits_of(student, split.test_inputs, forward_with([FORMATS[form].quantizer])) for form in ("full", "one_bit")
    )
    assert np.abs(latent - quantized).max() > 0.01
