"""The record of the experiment on imbalance: what is particular to it."""

from dataclasses import asdict

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import softmax
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional

from kdlab.evidence import records
from kdlab.experiments import imbalance
from kdlab.experiments.data import digits, stacked
from kdlab.experiments.imbalance import ARMS, COMMON, RARE, imbalanced, inside_sum, of_classes, weighted_loss
from kdlab.imbalance import inside_sum_minimiser, inside_sum_value, weighted_kl_divergence

RARE_TESTED = 46 + 43 + 45  # test rows of 3, 8 and 9
SHARES = np.where(np.isin(np.arange(10), RARE), 8, 100) / 724


@pytest.fixture(scope="module")
def evidence():
    return records.read("imbalance")


@pytest.fixture
def batch():
    """Return logits of students and teachers, labels and class weights, of two networks on seven rows."""
    rng = np.random.default_rng(0)
    z, v = rng.normal(size=(2, 2, 7, 4))
    return z, 2 * v, rng.integers(0, 4, (2, 7)), np.array([0.5, 1.0, 2.0, 9.0])


@pytest.fixture
def answers():
    """Return logits and labels of thirty rows of each class."""
    rng = np.random.default_rng(1)
    labels = np.repeat(np.arange(10), 30)
    return 2 * np.eye(10)[labels] + 1.5 * rng.normal(size=(300, 10)), labels


def of(evidence, arm, measure):
    return np.array([entry[measure] for entry in evidence.records if entry["arm"] == arm])


def tensors(*arrays):
    return [torch.from_numpy(np.asarray(array)) for array in arrays]


def ece(confidence, correct):
    """Return the error of fifteen bins, bin by bin as it is defined."""
    error = 0.0
    for b in range(15):
        inside = (confidence > b / 15) & (confidence <= (b + 1) / 15) | ((b == 0) & (confidence == 0))
        error += abs(correct[inside].sum() - confidence[inside].sum())
    return error / len(confidence)


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    measured = evidence.measured
    assert measured["arms"] == {name: asdict(arm) for name, arm in ARMS.items()}
    assert measured["seeds"] == evidence.seeds
    for measure in set(imbalance.UNITS) - {"kl", "agreement"}:
        assert measured[measure].keys() == {"teacher", "kd_T4_tilt", *ARMS}
        for arm, values in measured[measure].items():
            assert_array_equal(values, of(evidence, arm, measure))


def test_the_weights_are_those_of_scikit_learn(evidence):
    labels = np.repeat(np.arange(10), evidence.measured["counts"])
    expected = compute_class_weight("balanced", classes=np.arange(10), y=labels)
    assert_allclose(evidence.measured["weights"], expected, atol=1e-6)
    assert evidence.measured["counts"] == [100, 100, 100, 8, 100, 100, 100, 100, 8, 8]


def test_accuracies_add_up(evidence):
    for arm in ("teacher", "kd_T4_tilt", *ARMS):
        rare, common = (of(evidence, arm, f"{group}_accuracy") for group in ("minority", "majority"))
        whole = (RARE_TESTED * rare + (450 - RARE_TESTED) * common) / 450
        assert_allclose(of(evidence, arm, "accuracy"), whole, atol=1e-5)
        expected = np.dot(SHARES, evidence.measured["by_class"][arm])
        assert of(evidence, arm, "imbalanced_accuracy").mean() == pytest.approx(expected, abs=1e-4)


def test_how_frequent_classes_are_changes_nothing_within_one_label(evidence):
    for arm in ("teacher", *ARMS):
        for group in ("rare", "common"):
            one, other = (of(evidence, arm, f"true_{group}_{d}") for d in ("balanced", "imbalanced"))
            assert_allclose(one, other, rtol=2e-5)


def test_a_tilt_towards_rare_classes_gains_there_and_loses_elsewhere(evidence):
    for measure, sign in (("minority_accuracy", 1), ("majority_accuracy", -1)):
        gain = of(evidence, "kd_T4_tilt", measure) - of(evidence, "teacher", measure)
        assert (sign * gain >= 0).all()
    student, teacher, tilt = (
        of(evidence, arm, "majority_accuracy") for arm in ("kd_T4_inside", "teacher", "kd_T4_tilt")
    )
    # what minimises it is nearer than what is distilled
    assert (abs(student - tilt) < abs(student - teacher)).all()


def test_rows_are_as_many_as_said_and_fewer_are_among_more():
    split, both = digits(4), stacked([digits(4), digits(5)])
    few, some, many = (imbalanced(both, count, [4, 5]).of(0) for count in (8, 25, 100))
    for part, count in ((few, 8), (some, 25), (many, 100)):
        assert_array_equal(np.bincount(part.train_labels), np.where(np.isin(np.arange(10), RARE), count, 100))
        assert_array_equal(part.train_inputs, digits(4).train_inputs[np.isin(split.train_rows, part.train_rows)])
        assert_array_equal(part.test_rows, split.test_rows)
    assert set(few.train_rows) < set(some.train_rows) < set(many.train_rows) < set(split.train_rows)
    assert set(imbalanced(stacked([split]), 8, [5]).train_rows[0]) != set(few.train_rows)


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_weighted_divergence_is_that_of_the_library(batch, temperature):
    z, v, y, w = batch
    expected = [
        weighted_kl_divergence(*rows, temperature, class_weights=w, divide_by="samples", scale_by_T2=True)
        for rows in zip(z, v, y, strict=True)
    ]
    assert_allclose(weighted_loss(*tensors(z, v, y), temperature, torch.from_numpy(w)), expected, rtol=1e-12)


def test_weighted_cross_entropy_is_that_of_torch(batch):
    z, v, y, w = batch
    expected = [
        float(functional.cross_entropy(*tensors(logits, labels), weight=torch.from_numpy(w), reduction="sum")) / 7
        for logits, labels in zip(z, y, strict=True)
    ]
    assert_allclose(weighted_loss(*tensors(z, v, y), None, torch.from_numpy(w)), expected, rtol=1e-12)


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_weights_inside_are_those_of_the_library(batch, temperature):
    z, v, y, w = batch
    expected = temperature**2 * inside_sum_value(z, v, w, temperature).mean(axis=-1)
    assert_allclose(inside_sum(*tensors(z, v, y), temperature, torch.from_numpy(w)), expected, rtol=1e-10)


def test_weighted_samples_leave_a_student_at_its_teacher_and_weights_inside_do_not(batch):
    _, v, y, w = batch

    def slope(loss, logits):
        logits = torch.from_numpy(logits.copy()).requires_grad_()
        loss(logits, *tensors(v, y), 4.0, torch.from_numpy(w)).sum().backward()
        return float(logits.grad.abs().max())

    assert slope(weighted_loss, v) < 1e-12
    assert slope(inside_sum, v) > 0.01
    assert slope(inside_sum, inside_sum_minimiser(v, w, 4.0)) < 1e-12


def test_calibration_is_as_defined_on_rows_as_frequent_as_said(answers):
    logits, labels = answers
    measures = of_classes(logits, labels)
    repeats = {"balanced": np.ones(300, int), "imbalanced": np.where(np.isin(labels, RARE), 2, 25)}  # 8 to 100
    for distribution, times in repeats.items():
        p, y = softmax(logits, axis=-1).repeat(times, axis=0), labels.repeat(times)
        top, predicted = p.max(axis=-1), p.argmax(axis=-1)
        assert measures[f"ece_{distribution}"] == pytest.approx(ece(top, predicted == y))
        of_each = {
            "classwise": [ece(p[:, c], y == c) for c in range(10)],
            "predicted": [ece(top[predicted == c], y[predicted == c] == c) for c in range(10)],
            "true": [ece(top[y == c], predicted[y == c] == c) for c in range(10)],
        }
        for name, errors in of_each.items():
            for group, classes in (("rare", RARE), ("common", COMMON)):
                expected = np.mean([errors[c] for c in classes])
                assert measures[f"{name}_{group}_{distribution}"] == pytest.approx(expected), (name, group)
    right = softmax(logits, axis=-1).argmax(axis=-1) == labels
    assert measures["imbalanced_accuracy"] == pytest.approx(right.repeat(repeats["imbalanced"]).mean())
    assert measures["minority_accuracy"] == pytest.approx(right[np.isin(labels, RARE)].mean())
    assert measures["by_class"] == pytest.approx([right[labels == c].mean() for c in range(10)])


def test_the_null_is_the_mean_error_of_labels_drawn_from_the_probabilities(answers):
    logits, labels = answers
    measures = of_classes(logits, labels)
    probs = softmax(logits, axis=-1)
    rng = np.random.default_rng(2)
    drawn = {"classwise": [], "predicted": []}
    predicted = probs.argmax(axis=-1)
    for _ in range(300):
        y = (probs.cumsum(axis=-1) > rng.random((300, 1))).argmax(axis=-1)
        drawn["classwise"].append(np.mean([ece(probs[:, c], y == c) for c in RARE]))
        errors = [ece(probs[predicted == c, c], y[predicted == c] == c) for c in RARE]
        drawn["predicted"].append(np.mean(errors))
    for name, errors in drawn.items():
        standard_error = np.std(errors) / np.sqrt(300)
        assert abs(measures[f"{name}_rare_null"] - np.mean(errors)) < 5 * standard_error, name


def test_a_class_that_is_never_predicted_is_left_out(answers):
    logits, labels = answers
    logits[:, 3] -= 100
    measures = of_classes(logits, labels)
    p = softmax(logits, axis=-1)
    top, predicted = p.max(axis=-1), p.argmax(axis=-1)
    expected = np.mean([ece(top[predicted == c], labels[predicted == c] == c) for c in (8, 9)])
    assert measures["predicted_rare_balanced"] == pytest.approx(expected)
    assert all(np.isfinite(value).all() for value in measures.values())
