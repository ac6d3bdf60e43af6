"""The record of the experiment on the distillation loss: what is particular to it."""

from dataclasses import asdict

import numpy as np
import pytest
import torch

from kdlab.experiments import distillation_loss, record
from kdlab.experiments.data import digits, few_of_each, stacked
from kdlab.experiments.distillation_loss import ARMS, Course, course_records, others
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.networks import Lesson, generators, initial_parameters, train, train_lessons

TEST_ROWS = {"digits": 450, "signals": 950}
TEACHERS = {"teacher": "digits", "lesser_teacher": "digits", "signals_teacher": "signals"}


@pytest.fixture(scope="module")
def evidence():
    return record.read("distillation_loss")


def of(evidence, arm, measure="accuracy"):
    return np.array([entry[measure] for entry in evidence.records if entry["arm"] == arm])


def first_loss(evidence, arm):
    return evidence.replay["losses"][arm][0]


def test_every_arm_is_there_and_counts_whole_rows(evidence):
    data = {name: arm.data for name, arm in ARMS.items()} | TEACHERS
    assert {entry["arm"] for entry in evidence.records} == data.keys()
    for entry in evidence.records:
        right = entry["accuracy"] * TEST_ROWS[data[entry["arm"]]]
        assert right == pytest.approx(round(right), abs=2e-3)


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    assert evidence.measured["arms"] == {name: asdict(arm) for name, arm in ARMS.items()}
    assert evidence.measured["seeds"] == evidence.seeds
    for arm, values in evidence.measured["accuracy"].items():
        np.testing.assert_array_equal(values, of(evidence, arm))


def test_first_choices_of_a_teacher_that_knows_its_rows_are_the_labels(evidence):
    knows = of(evidence, "teacher", "train_accuracy") == 1
    assert knows.any()
    np.testing.assert_array_equal(of(evidence, "w16_1297_pseudo")[knows], of(evidence, "w16_1297_hard")[knows])


@pytest.mark.parametrize("count", [100, 1297])
def test_before_the_first_step_the_combined_loss_is_the_mean_of_its_terms(evidence, count):
    hard, kd = (first_loss(evidence, f"w16_{count}_{name}") for name in ("hard", "kd"))
    assert first_loss(evidence, f"w16_{count}_both") == pytest.approx(hard / 2 + kd / 2, rel=1e-5)
    unscaled = first_loss(evidence, f"w16_{count}_both_without_T2")
    assert unscaled == pytest.approx(hard / 2 + kd / 2 / 4.0**2, rel=1e-5)


def test_longer_training_starts_as_the_shorter_does(evidence):
    short, longer = (evidence.replay["losses"][f"signals_mlp_4000_hard{suffix}"] for suffix in ("", "_long"))
    np.testing.assert_allclose(longer, short, rtol=1e-5)


def test_few_rows_and_the_others_are_all_rows():
    splits = [digits(0), digits(1)]
    few = few_of_each(splits, 100, [0, 1])
    rest = others(splits, few)
    for split, kept, left in zip(splits, few.train_rows, rest.train_rows, strict=True):
        assert len(left) == 1197
        np.testing.assert_array_equal(np.sort([*kept, *left]), np.sort(split.train_rows))
    np.testing.assert_array_equal(few_of_each(splits, 1297, [0, 1]).train_rows, stacked(splits).train_rows)


def test_lessons_side_by_side_are_those_of_each_alone():
    rng = np.random.default_rng(0)
    inputs, teacher_logits, labels = rng.normal(size=(2, 9, 4)), rng.normal(size=(2, 9, 3)), rng.integers(0, 3, (2, 9))

    def initial(rngs):
        return initial_parameters((4, 5, 3), rngs)

    def adam(parameters):
        return torch.optim.Adam(parameters, lr=0.05)

    lessons = [
        Lesson(teacher_logits, labels, lambda z, v, y: cross_entropy(z, y)),
        Lesson(teacher_logits, labels, lambda z, v, y: softened_kl(z, v, 4.0, scale_by_T2=True)),
    ]
    together = train_lessons(initial, inputs, lessons, adam, [5, 6], steps=15, batch_size=4)
    alone = [
        (labels, cross_entropy),
        (teacher_logits, lambda z, v: softened_kl(z, v, 4.0, scale_by_T2=True)),
    ]
    for trained, (targets, loss) in zip(together, alone, strict=True):
        rngs = generators([5, 6], "student")
        expected = train(initial(rngs), inputs, targets, loss, adam, steps=15, batch_size=4, rngs=rngs)
        np.testing.assert_allclose(trained.losses, expected.losses, rtol=1e-12)
        for pair, wanted in zip(trained.parameters, expected.parameters, strict=True):
            for tensor, other in zip(pair, wanted, strict=True):
                torch.testing.assert_close(tensor, other, rtol=1e-10, atol=1e-12)


def test_targets_out_of_step_are_caught():
    split = few_of_each([digits(0)], 100, [0])
    logits = np.eye(10)[split.train_labels]
    with pytest.raises(ValueError, match="labels"):
        course_records("digits", "all labels", "100", Course(split, np.roll(logits, 1, axis=1), logits), [0])


def test_test_rows_among_the_training_rows_are_caught(monkeypatch):
    def leaky(seed):
        split = digits(seed)
        return split._replace(train_inputs=np.concatenate([split.train_inputs[1:], split.test_inputs[:1]]))

    monkeypatch.setattr(distillation_loss, "digits", leaky)
    with pytest.raises(ValueError, match="test image"):
        distillation_loss.run([0])
