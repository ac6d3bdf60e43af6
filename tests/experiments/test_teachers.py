import numpy as np
import pytest
from scipy.special import logsumexp, softmax

from kdlab.experiments import teachers
from kdlab.experiments.data import digits, few_labels, stacked
from kdlab.experiments.networks import generators, initial_parameters, logits_of
from kdlab.experiments.teachers import MEMBERS, checked_teachers, ensemble_logits, member_logits, train_members


def test_ensemble_is_the_mean_probability():
    logits = 5 * np.random.default_rng(0).normal(size=(2, 5, 7, 10))
    np.testing.assert_allclose(np.exp(ensemble_logits(logits)), softmax(logits, -1).mean(1), rtol=1e-12)


def test_ensemble_keeps_probabilities_that_underflow():
    logits = np.array([[[[0.0, 2000.0]], [[0.0, 1000.0]]]])
    np.testing.assert_allclose(ensemble_logits(logits), [[[-1000 - np.log(2), 0.0]]], rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(logsumexp(ensemble_logits(logits), -1), 0, atol=1e-12)


def test_members_stay_with_their_seed():
    members = initial_parameters((64, 128, 128, 10), generators(range(2 * MEMBERS), "test"))
    inputs = np.random.default_rng(0).random((2, 3, 64))
    together = member_logits(members, inputs)
    for seed in range(2):
        for member in range(MEMBERS):
            index = seed * MEMBERS + member
            one = [(weight[index : index + 1], bias[index : index + 1]) for weight, bias in members]
            alone = logits_of(one, inputs[seed : seed + 1])
            np.testing.assert_allclose(together[seed, member], alone[0], rtol=1e-12, atol=1e-12)


def test_checked_teachers_say_the_mean_probability_and_find_what_is_wrong(monkeypatch):
    split = stacked([few_labels(digits(0), 100, seed=0)])
    members = train_members(split, [0])
    monkeypatch.setattr(teachers, "train_members", lambda split, seeds: members)
    found = checked_teachers(split, [0])
    for logits, inputs in ((found.train_logits, split.train_inputs), (found.test_logits, split.test_inputs)):
        each = logits_of(members.parameters, inputs.repeat(MEMBERS, axis=0))
        np.testing.assert_allclose(np.exp(logits), softmax(each, -1).mean(0, keepdims=True), rtol=1e-9, atol=1e-12)
    for labels in ("train_labels", "test_labels"):
        shifted = split._replace(**{labels: np.roll(getattr(split, labels), 1, axis=1)})
        with pytest.raises(ValueError, match="labels must be those of the rows"):
            checked_teachers(shifted, [0])
    leaked = split._replace(test_inputs=split.train_inputs[:, :10], test_labels=split.train_labels[:, :10])
    with pytest.raises(ValueError, match="must hold no test image"):
        checked_teachers(leaked, [0])
