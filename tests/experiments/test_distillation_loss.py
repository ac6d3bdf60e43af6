"""The record of the experiment on the distillation loss: what is particular to it."""

from dataclasses import asdict
from functools import partial

import numpy as np
import pytest
import torch
from scipy.special import softmax

from kdlab.evidence import records
from kdlab.experiments.data import Split, digits
from kdlab.experiments.distillation_loss import ARMS, LOOKS, all_but, at_looks, best_looks, keep_in
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.networks import initial_parameters

TEST_ROWS = {"digits": 450, "signals": 950}
TEACHERS = {"teacher": "digits", "lesser_teacher": "digits", "signals_teacher": "signals"}


@pytest.fixture(scope="module")
def evidence():
    return records.read("distillation_loss")


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


def test_a_stop_is_an_honest_one(evidence):
    """A student that stops at a step is the student that is looked at then, whatever stopped it."""
    found = 0
    for arm, steps in evidence.measured["stopped_at"].items():
        whole = arm.removesuffix("_stopped")
        accuracy = of(evidence, arm)
        for i, step in enumerate(steps):
            assert step % 10 == 0
            assert 10 <= step <= 600
            if step in (*LOOKS, 600):
                found += 1
                assert accuracy[i] == of(evidence, whole if step == 600 else f"{whole}_after_{step}")[i]
    assert found


def test_few_rows_those_that_stop_and_the_others():
    lab = Lab([0, 1])
    full = lab.split(digits)
    few = lab.few(full, 100)
    rest = all_but(full, few)
    stopping = lab.few(rest, 100)
    for split, kept, left, stop in zip(*(part.train_rows for part in (full, few, rest, stopping)), strict=True):
        assert len(left) == 1197
        np.testing.assert_array_equal(np.sort([*kept, *left]), np.sort(split))
        assert set(stop) <= set(left)


def test_a_network_kept_on_its_way_is_that_of_a_shorter_training():
    lab, course = Lab([0, 1], dict.fromkeys(("long", "short"), "a few steps are not enough to learn")), []
    lesson = Lesson(lab.few(lab.split(digits), 20).train, partial(distillation_loss, alpha=0.0))
    options = (partial(initial_parameters, (64, 4, 10)), partial(torch.optim.Adam, lr=0.005))
    lab.students({"long": lesson}, *options, steps=29, batch_size=20, after_step=keep_in(course))
    assert len(course) == 2
    for k, steps in enumerate((10, 20)):
        short = lab.students({"short": lesson}, *options, steps=steps, batch_size=20)["short"]
        for pair, expected in zip(at_looks(course, [k, k]), short.parameters, strict=True):
            for tensor, other in zip(pair, expected, strict=True):
                torch.testing.assert_close(tensor, other, rtol=1e-12, atol=1e-14)
    first, second = (at_looks(course, looks)[0][0] for looks in ([0, 1], [1, 0]))
    torch.testing.assert_close(first[0], course[0][0][0][0])
    torch.testing.assert_close(second[0], course[1][0][0][0])


def test_a_stop_is_where_other_labels_are_best_by_accuracy_and_then_by_cross_entropy():
    # networks without hidden units, whose logits are their biases: the labels are 0, 0, 1
    biases = [
        [[0.0, 1.0, 0.0], [2.0, 0.0, 0.0]],
        [[3.0, 0.0, 0.0], [1.0, 0.0, 0.0]],
        [[1.0, 0.0, 0.0], [0.5, 1.0, 0.0]],
        [[5.0, 0.0, 0.0], [0.1, 0.0, 0.0]],
    ]
    course = [
        [(torch.zeros(2, 4, 3, dtype=torch.float64), torch.tensor(b, dtype=torch.float64)[:, None])] for b in biases
    ]
    labels = np.array([[0, 0, 1], [0, 0, 1]])
    stopping = Split(np.zeros((2, 3, 4)), labels, *[None] * 7)
    loss = [[-np.mean([np.log(softmax(z)[y]) for y in (0, 0, 1)]) for z in of_look] for of_look in biases]
    right = [[np.mean(np.argmax(z) == labels[0]) for z in of_look] for of_look in biases]
    expected = [min(range(4), key=lambda k: (-right[k][i], loss[k][i])) for i in range(2)]
    np.testing.assert_array_equal(best_looks(course, stopping), expected)
    assert expected == [2, 1]
