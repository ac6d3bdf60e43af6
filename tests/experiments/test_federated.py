"""The record of the experiment on federated learning: what is particular to it."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from scipy.special import log_softmax, softmax

from kdlab.evidence import records
from kdlab.experiments import federated
from kdlab.experiments.lab import Lab
from kdlab.experiments.networks import generators, initial_parameters, logits_of


@pytest.fixture(scope="module")
def evidence():
    return records.read("federated")


@pytest.fixture(scope="module")
def lab():
    return Lab([0, 1])


@pytest.fixture(scope="module")
def federation(lab):
    return federated.federations(lab, federated.SETTINGS["digits"])


@pytest.fixture(scope="module")
def clients(federation):
    """Return the clients of all federations, each with weights of its own."""
    purposes = [f"test {k}" for k in range(len(federation.seeds) * 10)]
    rngs = [generators([0], purpose)[0] for purpose in purposes]
    return initial_parameters((64, 8, 10), rngs)


def entropy_of_classes(labels):
    p = np.bincount(labels, minlength=10) / len(labels)
    return -(p[p > 0] * np.log(p[p > 0])).sum()


@pytest.mark.parametrize("alpha", [0.01, 0.1, 1.0, 100.0])
def test_every_row_goes_to_one_client(alpha):
    labels = np.random.default_rng(0).integers(0, 10, 1000)
    rows = federated.client_rows(labels, alpha, np.random.default_rng(1))
    assert rows.shape == (10, 100)
    assert_array_equal(np.sort(rows.ravel()), np.arange(1000))


def test_clients_are_less_alike_at_small_alpha():
    labels = np.repeat(np.arange(10), 100)
    entropies = [
        np.mean([entropy_of_classes(labels[r]) for r in federated.client_rows(labels, alpha, np.random.default_rng(2))])
        for alpha in (0.01, 0.1, 1.0, 100.0)
    ]
    assert (np.diff(entropies) > 0).all()
    assert entropies[0] < 1.2
    assert entropies[-1] > 0.9 * np.log(10)


def test_public_private_and_test_rows_are_apart_and_the_same_at_every_alpha(federation):
    inputs = federation.inputs.reshape(3, 2, 1000, 64)
    for seed in range(2):
        sets = [{image.tobytes() for image in inputs[a, seed]} for a in range(3)]
        assert sets[0] == sets[1] == sets[2]
        public = {image.tobytes() for image in federation.public.inputs[seed]}
        test = {image.tobytes() for image in federation.test[seed]}
        assert not sets[0] & public
        assert not sets[0] & test
        assert not public & test


def test_the_average_is_that_of_each_federation(federation, clients):
    G = len(federation.seeds)
    means, given = federated.average(clients), federated.distributed_average(clients)
    for layer, mean, back in zip(clients, means, given, strict=True):
        for tensor, of_mean, of_back in zip(layer, mean, back, strict=True):
            expected = tensor.numpy().reshape(G, 10, *tensor.shape[1:]).mean(axis=1)
            assert_allclose(of_mean.numpy(), expected, atol=1e-12)
            assert_allclose(of_back.numpy().reshape(G, 10, *tensor.shape[1:])[:, 7], expected, atol=1e-12)


def test_clients_that_agree_are_left_as_they_are(federation):
    same = federated.start(federation)
    for layer, back in zip(same, federated.distributed_average(same), strict=True):
        for tensor, of_back in zip(layer, back, strict=True):
            assert_allclose(of_back.numpy(), tensor.numpy(), atol=1e-7)


def test_the_consensus_is_that_of_each_federation(federation, clients):
    on_public = logits_of(clients, federation.public.inputs.repeat(10, axis=0))
    of_clients = federated.client_logits(clients, federation.public.inputs)
    for g in (0, 3):
        z = on_public[10 * g : 10 * g + 10]
        probs = np.log(softmax(z, axis=-1).mean(axis=0))
        assert_allclose(federated.consensus(of_clients)[g], probs, atol=1e-10)
        geometric = log_softmax(z.mean(axis=0), axis=-1)
        assert_allclose(federated.consensus(of_clients, "logits")[g], geometric, atol=1e-10)


def test_clients_begin_alike_and_go_their_ways(lab, federation):
    start = federated.start(federation)
    assert torch.equal(start[0][0][0], start[0][0][9])
    first, again = (federated.client_steps(lab, "digits", federation, start, n) for n in (1, 1))
    assert_array_equal(first.losses, again.losses)
    assert not torch.equal(first.parameters[0][0][0], first.parameters[0][0][1])
    second = federated.client_steps(lab, "digits", federation, start, 2)
    assert not np.array_equal(first.losses, second.losses)


def test_bytes_are_those_of_the_closed_form(evidence):
    for entry in evidence.records:
        arm = federated.ARMS[entry["arm"]]
        D, public = {"digits": (64, 297), "mnist": (196, 1000)}[arm.data]
        P = (D + 1) * 64 + 65 * 10
        numbers = {"local": 0, "central": 1000 * (D + 1), "fedavg": 20 * P * arm.rounds}
        expected = numbers.get(arm.method, 20 * public * 10 * arm.rounds)
        assert entry["megabytes"] == pytest.approx(4e-6 * expected, rel=1e-5), entry["arm"]


def test_every_client_has_a_hundred_images_and_all_together_the_same(evidence):
    for of_data in evidence.measured["counts"].values():
        for counts in of_data.values():
            assert_array_equal(np.sum(counts, axis=1), np.full(10, 100))
        totals = [np.sum(counts, axis=0).tolist() for counts in of_data.values()]
        assert all(total == totals[0] for total in totals)


def test_students_of_one_consensus_are_compared_with_it(evidence):
    for entry in evidence.records:
        assert ("kl" in entry) == (federated.ARMS[entry["arm"]].method in ("distillation", "logits", "pseudo_labels"))


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    by_arm = {(entry["arm"], entry["seed"]): entry for entry in evidence.records}
    for name in federated.ARMS:
        of_seeds = [by_arm[name, seed] for seed in evidence.measured["seeds"]]
        assert evidence.measured["accuracy"][name] == [entry["accuracy"] for entry in of_seeds]
        assert evidence.measured["megabytes"][name] == of_seeds[0]["megabytes"]


def test_rules_of_merging_agree_with_the_clients_that_are_shown(evidence):
    shown, labels = records.shown("federated"), np.array(evidence.measured["shown_labels"])
    assert shown["images"].shape == (12, 64)
    for alpha in ("0.1", "100"):
        z = shown[f"logits_{alpha}"]
        assert z.shape == (10, 12, 10)
        # one rule is another at its limit: votes at T = 0, the order of mean logits at high T
        votes = np.eye(10)[z.argmax(axis=-1)].mean(axis=0)
        assert_allclose(softmax(z / 1e-4, axis=-1).mean(axis=0), votes, atol=1e-6)
        high = softmax(z / 1e5, axis=-1).mean(axis=0)
        assert_array_equal(high.argmax(axis=-1), z.mean(axis=0).argmax(axis=-1))
    assert (np.mean(softmax(shown["logits_100"], axis=-1).mean(axis=0).argmax(axis=-1) == labels)) > 0.5


@pytest.mark.parametrize("field", ["test_inputs", "public"])
def test_rows_in_two_places_are_noticed(monkeypatch, field):
    def planted(seed):
        split = federated.digits(seed)
        if field == "test_inputs":
            return split._replace(test_inputs=split.train_inputs[:450])
        inputs = split.train_inputs.copy()
        inputs[1:] = inputs[0]  # one image everywhere: private and public
        return split._replace(train_inputs=inputs)

    setting = federated.Setting(planted, 297, (1.0,), (1,))
    with pytest.raises(ValueError, match="train_inputs must hold no test image"):
        federated.federations(Lab([0]), setting)
