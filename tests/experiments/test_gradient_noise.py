"""The record of the experiment on gradient noise: what is particular to it."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose
from scipy.special import softmax

from kdlab.evidence import records
from kdlab.experiments import gradient_noise
from kdlab.experiments.data import digits
from kdlab.experiments.lab import Lab
from kdlab.experiments.networks import generators, initial_parameters, minibatches

STATES = gradient_noise.STATES


@pytest.fixture(scope="module")
def evidence():
    return records.read("gradient_noise")


@pytest.fixture
def lab():
    """Return a lab in which the arms of a test may fail: they are trained for a few steps."""
    return Lab(
        [0], dict.fromkeys(("fixed", "rule", "lr", "base", "scaled", *gradient_noise.ARMS), "it has a few steps")
    )


@pytest.fixture
def split(lab):
    return lab.split(digits)


@pytest.fixture
def teacher_logits():
    """Return any logits: what is tested with them holds for all."""
    return np.random.default_rng(0).normal(0, 3, (1, 1297, 10))


def test_step_variances_are_those_of_the_closed_form(evidence):
    for entry in evidence.records:
        if entry["arm"] in STATES:
            continue
        arm = gradient_noise.ARMS[entry["arm"]]
        if "fixed" in entry["arm"] or "base" in entry["arm"]:
            assert entry["step_variance"] == pytest.approx(64 / arm.batch_size, rel=1e-5)
        if "lr" in entry["arm"]:
            assert entry["step_variance"] == pytest.approx(1, rel=1e-5)
        # (T0/T)^2 is what the step of "rule" is of that of "rule_T2"
        if "rule_T2" in entry["arm"]:
            rule = next(
                other
                for other in evidence.records
                if other["arm"] == entry["arm"].replace("_T2", "") and other["seed"] == entry["seed"]
            )
            ratio = (arm.temperature / 4) ** 4
            assert entry["step_variance"] == pytest.approx(rule["step_variance"] * ratio, rel=1e-4)


def test_the_exponent_goes_to_minus_four_and_adds_up_to_the_law(evidence):
    for entry in evidence.records:
        if entry["arm"] not in STATES:
            continue
        assert entry["logits_T64"] == pytest.approx(-4, abs=0.2)
        assert entry["parameters_T64"] == pytest.approx(-4, abs=0.2)
        assert entry["law_T64"] == pytest.approx(1, abs=0.2)
        for T in (16, 32):  # where the exponent is smooth enough for the trapezoidal rule
            mean = (entry[f"logits_T{T}"] + entry[f"logits_T{2 * T}"]) / 2 + 4
            assert np.log2(entry[f"law_T{2 * T}"] / entry[f"law_T{T}"]) == pytest.approx(mean, abs=0.03)


def test_rule_and_lr_are_one_at_the_limit_of_high_temperatures(lab, split, teacher_logits):
    fixed = gradient_noise.Arm("sgd", 1e6, 8, "fixed", 1e6, temperature=4000.0)
    rule = replace(fixed, temperature=4000.0 * 8**0.25)
    lr = replace(fixed, step_size=1e6 / 8**0.5)
    arms = {"fixed": fixed, "rule": rule, "lr": lr}
    students = gradient_noise.train_students(lab, arms, split, teacher_logits, steps=10)
    of_fixed, of_rule, of_lr = (np.concatenate([w.numpy().ravel() for w, _ in s.parameters]) for s in students.values())
    assert np.abs(of_rule - of_lr).max() < 0.01 * np.abs(of_fixed - of_lr).max()


def test_at_the_base_temperature_the_factor_T2_changes_nothing(lab, split, teacher_logits):
    base = gradient_noise.ARMS["sgd_0.1_base_B64"]
    scaled = replace(base, scale_by_T2=True, step_size=base.step_size / 16)
    students = gradient_noise.train_students(lab, {"base": base, "scaled": scaled}, split, teacher_logits, steps=10)
    for layer, other in zip(students["base"].parameters, students["scaled"].parameters, strict=True):
        assert_allclose(layer[0].numpy(), other[0].numpy(), atol=1e-12)
    assert_allclose(students["scaled"].losses, 16 * students["base"].losses, rtol=1e-9)


@pytest.mark.parametrize(
    "name", ["sgd_0.3_rule_B8", "sgd_0.3_rule_T2_B8", "sgd_0.01_lr_B8", "adam_rule_B8", "adam_lr_B8"]
)
def test_arms_side_by_side_train_as_each_would_alone(lab, split, teacher_logits, name):
    arm = gradient_noise.ARMS[name]
    key = gradient_noise.side_by_side((name, arm))
    beside = {n: a for n, a in gradient_noise.ARMS.items() if gradient_noise.side_by_side((n, a)) == key}
    student = gradient_noise.train_students(lab, beside, split, teacher_logits, steps=5)[name]

    rng = generators([0], "student")
    parameters = [
        tensor[0].clone().requires_grad_() for layer in initial_parameters((64, 32, 10), rng) for tensor in layer
    ]
    optimisers = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}
    optimiser = optimisers[arm.optimiser](parameters, lr=arm.step_size)
    inputs, targets = torch.from_numpy(split.train_inputs[0]), torch.from_numpy(teacher_logits[0])
    for batch in minibatches(1297, arm.batch_size, 5, rng[0]):
        W1, b1, W2, b2 = parameters
        z = torch.relu(inputs[batch] @ W1 + b1) @ W2 + b2
        p, q = torch.softmax(targets[batch] / arm.temperature, -1), torch.softmax(z / arm.temperature, -1)
        loss = (p * (p / q).log()).sum(-1).mean() * (arm.temperature**2 if arm.scale_by_T2 else 1)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    trained = [tensor[0].numpy() for layer in student.parameters for tensor in layer]
    for ours, theirs in zip(trained, parameters, strict=True):
        assert_allclose(ours, theirs.detach().numpy(), atol=1e-7)


def test_the_noise_is_that_of_drawn_batches(teacher_logits):
    rng = np.random.default_rng(1)
    z, v = rng.normal(0, 3, (1297, 10)), teacher_logits[0]
    arm = replace(gradient_noise.ARMS["sgd_0.1_rule_B8"], temperature=6.0)

    def drawn(T, batch_size):
        g = (softmax(z / T, axis=-1) - softmax(v / T, axis=-1)) / T
        means = g[rng.integers(0, 1297, (20_000, batch_size))].mean(axis=1)
        return means.var(axis=0).sum()

    assert gradient_noise.step_variance(arm, z, v) == pytest.approx(drawn(6.0, 8) / drawn(4.0, 64), rel=0.03)


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    measured = evidence.measured
    assert measured["seeds"] == evidence.seeds
    by_arm = {(entry["arm"], entry["seed"]): entry for entry in evidence.records}
    for name in gradient_noise.ARMS:
        assert measured["accuracy"][name] == [by_arm[name, seed]["accuracy"] for seed in evidence.seeds]
    for state in STATES:
        exponents = np.array(measured["noise"][state]["logits"])
        assert exponents.shape == (20, 8)
        assert_allclose(exponents[:, 3], [by_arm[state, seed]["logits_T4"] for seed in evidence.seeds])
