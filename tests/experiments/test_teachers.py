import numpy as np
from scipy.special import logsumexp, softmax

from kdlab.experiments.networks import generators, initial_parameters, logits_of
from kdlab.experiments.teachers import MEMBERS, ensemble_logits, member_logits


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
