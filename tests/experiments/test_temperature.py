"""The record of the experiment on temperature: what is particular to it."""

from dataclasses import asdict

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import entropy
from sklearn.datasets import load_digits

from kdlab.experiments import record, temperature
from kdlab.experiments.data import digits


@pytest.fixture(scope="module")
def evidence():
    return record.read("temperature")


@pytest.fixture(scope="module")
def replayed(evidence):
    """Train the teachers of one seed again; all that is shown is theirs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(temperature, "ARMS", {})
        return {entry["arm"]: entry for entry in temperature.run([evidence.replay["seed"]])}


def test_the_record_has_twenty_seeds_of_every_arm(evidence):
    arms = {"teacher", "teacher_single", *temperature.ARMS}
    assert evidence.seeds == list(range(20))
    assert len(evidence.records) == len(arms) * 20
    assert {(entry["arm"], entry["seed"]) for entry in evidence.records} == {(a, s) for a in arms for s in range(20)}
    assert (record.RESULTS / "temperature.json").stat().st_size < 300_000


def test_measures_are_in_their_range(evidence):
    for entry in evidence.records:
        assert entry["accuracy"] * 450 == pytest.approx(round(entry["accuracy"] * 450), abs=1e-3)
        assert 0 <= entry["accuracy"] <= 1
        assert 0 <= entry.get("agreement", 1) <= 1
        assert entry.get("kl", 0) >= 0


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
    again = record.rounded(temperature.measured(list(replayed.values())))
    assert again.keys() == evidence.measured.keys()
    assert evidence.measured["arms"] == {name: asdict(arm) for name, arm in temperature.ARMS.items()}
    for name in again.keys() - {"arms", "seeds", "teacher_logits", "single_logits"}:
        assert again[name] == evidence.measured[name], name
