"""The record of the experiment on temperature: what is particular to it."""

from dataclasses import asdict
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import logsumexp
from scipy.stats import entropy
from sklearn.datasets import load_digits

from kdlab.evidence import records
from kdlab.experiments import temperature
from kdlab.experiments.data import Rows, digits
from kdlab.experiments.lab import Lesson, gradient_norms
from kdlab.experiments.losses import distillation_loss
from kdlab.experiments.networks import generators, initial_parameters


@pytest.fixture(scope="module")
def evidence():
    return records.read("temperature")


@pytest.fixture(scope="module")
def replayed(replay):
    return {entry["arm"]: entry for entry in replay("temperature")}


def test_accuracies_are_of_450_rows(evidence):
    for entry in evidence.records:
        assert entry["accuracy"] * 450 == pytest.approx(round(entry["accuracy"] * 450), abs=1e-3)


def test_the_first_step_on_labels_is_as_long_as_that_on_soft_targets():
    rng = np.random.default_rng(0)
    rows = Rows(rng.random((2, 30, 64)), rng.integers(0, 10, (2, 30)))
    hard = Lesson(rows, partial(distillation_loss, alpha=0.0))
    soft = Lesson(rows, temperature.soft_loss(8.0), 5 * rng.normal(size=(2, 30, 10)))
    start = initial_parameters((64, 16, 10), generators([3, 4], "student"))
    longer = hard._replace(loss=temperature.as_long(hard, soft, 16, [3, 4]))
    assert_allclose(gradient_norms(longer, start), gradient_norms(soft, start), rtol=1e-12)
    assert float((gradient_norms(hard, start) / gradient_norms(soft, start) - 1).abs().min()) > 0.01


def test_shown_digits_are_as_the_rule_says(evidence, replayed):
    measured, split = evidence.measured, digits(0)
    p = np.exp(replayed["teacher"]["shown_logits"])
    order = np.argsort(entropy(p, axis=-1))
    ambiguous = order[::-1][:4]
    assert measured["rows"][:4] == split.shown_rows[ambiguous].tolist()
    classes, clear = set(split.shown_labels[ambiguous]), []
    for image in order:
        if len(clear) < 4 and split.shown_labels[image] not in classes:
            clear.append(int(split.shown_rows[image]))
            classes.add(split.shown_labels[image])
    assert measured["rows"][4:] == clear


def test_shown_digits_are_in_no_training_set(evidence):
    for seed in evidence.seeds:
        assert not set(evidence.measured["rows"]) & set(digits(seed).train_rows.tolist())


def test_shown_digits_are_those_of_the_data_set(evidence):
    source, rows = load_digits(), evidence.measured["rows"]
    np.testing.assert_array_equal(evidence.measured["pixels"], source.images[rows] / 16)
    np.testing.assert_array_equal(evidence.measured["labels"], source.target[rows])


def test_shown_logits_are_those_of_the_teachers(evidence, replayed):
    measured = evidence.measured
    chosen = [digits(0).shown_rows.tolist().index(row) for row in measured["rows"]]
    for name, arm in (("teacher_logits", "teacher"), ("single_logits", "teacher_single")):
        logits = np.array(measured[name])
        assert logits.shape == (8, 20, 10)
        np.testing.assert_allclose(logits[:, 0], np.array(replayed[arm]["shown_logits"])[chosen], atol=1e-3)
    np.testing.assert_allclose(logsumexp(measured["teacher_logits"], axis=-1), 0, atol=1e-4)
    assert measured["seeds"] == evidence.seeds


def test_arrays_for_the_pictures_replay(evidence, replayed):
    again = records.rounded(temperature.measured(list(replayed.values())))
    assert again.keys() == evidence.measured.keys()
    assert evidence.measured["arms"] == {name: asdict(arm) for name, arm in temperature.ARMS.items()}
    for name in again.keys() - {"arms", "seeds", "teacher_logits", "single_logits"}:
        assert again[name] == evidence.measured[name], name
