"""Federated distillation beside FedAvg: what the clients agree on, and the bytes it takes."""

import math

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.federated import (
    consensus_probs,
    distillation_bytes,
    distillation_is_cheaper,
    fedavg,
    fedavg_bytes,
    fedavg_weights,
)

inf = math.inf
logit_arrays = arrays(np.float64, array_shapes(min_dims=2, max_dims=3, max_side=4), elements=st.floats(-30, 30))
temperatures = st.floats(0.2, 50)
sizes_of = {k: st.lists(st.integers(1, 50), min_size=k, max_size=k) for k in range(1, 5)}


# --- consensus ------------------------------------------------------------------------------------------------------


@given(logit_arrays, temperatures, st.data())
def test_consensus_is_the_weighted_arithmetic_or_geometric_mean(z, T, data):
    sizes = np.array(data.draw(sizes_of[len(z)]), float)
    omega = sizes / sizes.sum()
    log_p = scipy.special.log_softmax(z / T, axis=-1)
    arithmetic = np.average(np.exp(log_p), axis=0, weights=sizes)
    assert_allclose(consensus_probs(z, T, client_weights=sizes), arithmetic, rtol=1e-11)
    geometric = np.exp(np.tensordot(omega, log_p, 1))
    geometric /= geometric.sum(axis=-1, keepdims=True)
    assert_allclose(consensus_probs(z, T, client_weights=sizes, average="logits"), geometric, rtol=1e-10)


@pytest.mark.parametrize("T", [0.5, 1.0, 4.0])
def test_torch(T):
    z = np.random.default_rng(0).normal(scale=3, size=(5, 7, 10))
    tensor = torch.tensor(z)
    assert_allclose(consensus_probs(z, T), torch.softmax(tensor / T, -1).mean(0).numpy(), rtol=1e-12)
    expected = torch.softmax(tensor.mean(0) / T, -1).numpy()
    assert_allclose(consensus_probs(z, T, average="logits"), expected, rtol=1e-12)


def test_the_mean_of_probabilities_is_not_the_softmax_of_the_mean_logits():
    """They can even name another class: one confident client rules the logits, and only its own part of the probs."""
    z = np.array([[[30.0, 0.0]], [[0.0, 4.0]], [[0.0, 4.0]]])
    assert consensus_probs(z).argmax() == 1
    assert consensus_probs(z, average="logits").argmax() == 0


@given(logit_arrays, temperatures, st.floats(-9, 9), st.data())
def test_one_clients_shift_changes_nothing(z, T, shift, data):
    """Law 1: softmax ignores a shift of a client's logits, in either mean."""
    shifted = z.copy()
    shifted[data.draw(st.integers(0, len(z) - 1))] += shift
    for average in ("probs", "logits"):
        expected = consensus_probs(z, T, average=average)
        assert_allclose(consensus_probs(shifted, T, average=average), expected, rtol=1e-10, atol=1e-14)


@given(logit_arrays, temperatures, st.data(), st.sampled_from(["probs", "logits"]))
def test_laws_of_a_consensus(z, T, data, average):
    K, C = len(z), z.shape[-1]
    sizes = np.array(data.draw(sizes_of[K]), float)
    p = consensus_probs(z, T, client_weights=sizes, average=average)
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-14)
    clients, classes = data.draw(st.permutations(range(K))), data.draw(st.permutations(range(C)))
    found = consensus_probs(z[clients][..., classes], T, client_weights=sizes[clients], average=average)
    assert_allclose(found, p[..., classes], rtol=1e-11, atol=1e-15)  # law 3, and the order of the clients
    assert_allclose(consensus_probs(z, T, client_weights=3 * sizes, average=average), p, rtol=1e-12)
    alike = np.stack([z[0]] * 3)
    assert_allclose(consensus_probs(alike, T, average=average), consensus_probs(z[:1], T, average=average), rtol=1e-11)
    one = np.eye(K)[0]
    assert_allclose(consensus_probs(z, T, client_weights=one, average=average), consensus_probs(z[:1], T), rtol=1e-11)


def test_limits_of_the_temperature():
    z = [[[3.0, 3.0, 1.0]], [[0.0, 5.0, 0.0]]]
    assert_allclose(consensus_probs(z, 0), [[0.25, 0.75, 0]])
    assert_allclose(consensus_probs(z, 0, average="logits"), [[0, 1, 0]])
    for average in ("probs", "logits"):
        assert_allclose(consensus_probs(z, inf, average=average), np.full((1, 3), 1 / 3))


def test_masked_classes():
    z = [[[1.0, -inf, 0.0]], [[0.0, 2.0, -inf]]]
    e = math.e
    assert_allclose(
        consensus_probs(z), [[e / (1 + e) / 2 + 1 / (1 + e**2) / 2, e**2 / (1 + e**2) / 2, 1 / (1 + e) / 2]]
    )
    assert_array_equal(consensus_probs(z, average="logits"), [[1, 0, 0]])
    # a client without weight masks nothing
    p = consensus_probs(z, client_weights=[1, 0], average="logits")
    assert_allclose(p, [[e / (1 + e), 0, 1 / (1 + e)]])
    with pytest.raises(ValueError, match="client_logits has a row in which every class is masked"):
        consensus_probs([[[0.0, -inf]], [[-inf, 0.0]]], average="logits")


@pytest.mark.parametrize("average", ["probs", "logits"])
def test_any_axis_but_the_first_may_hold_the_classes(average):
    z = np.random.default_rng(1).normal(size=(3, 4, 5))
    expected = consensus_probs(z, 2.0, average=average)
    for axis in (1, -2):
        found = consensus_probs(np.moveaxis(z, -1, 1), 2.0, average=average, axis=axis)
        assert_allclose(found, expected.T, rtol=1e-13)
    assert_allclose(consensus_probs(z, 2.0, average=average, axis=2), expected, rtol=1e-13)
    for axis in (0, -3):
        with pytest.raises(ValueError, match="axis must name the classes of client_logits"):
            consensus_probs(z, average=average, axis=axis)
    assert consensus_probs(np.zeros((2, 0, 3)), average=average).shape == (0, 3)
    assert_allclose(consensus_probs(z[:, 0], 2.0, average=average), expected[0], rtol=1e-13)
    with pytest.raises(ValueError, match="client_logits must hold at least one client"):
        consensus_probs(np.zeros((0, 2, 3)), average=average)


@pytest.mark.parametrize("average", ["probs", "logits"])
@pytest.mark.parametrize(("dtype", "rtol"), [("f2", 2e-3), ("f4", 1e-6), ("f8", 1e-14), ("i4", 1e-14)])
def test_dtypes_and_inputs(average, dtype, rtol):
    z = np.array([[[3, -1, 2]], [[1, 1, -5]]], dtype)
    z.flags.writeable = False
    found = consensus_probs(z, 2.0, client_weights=[1, 3], average=average)
    assert found.dtype == (np.float64 if dtype == "i4" else np.dtype(dtype))
    exact = consensus_probs(z.astype("f8"), 2.0, client_weights=[1, 3], average=average)
    assert_allclose(found.astype("f8"), exact, rtol=rtol)


@pytest.mark.parametrize("average", ["probs", "logits"])
@pytest.mark.parametrize("bad", [[np.nan, 0.0], [inf, 0.0], [inf, -inf], [-inf, -inf]])
def test_a_bad_row_of_any_client_with_weight_is_refused(average, bad):
    z = np.array([[[-inf, 0.0]], [[0.0, 1.0]], [bad]])
    with pytest.raises(ValueError, match="client_logits"):
        consensus_probs(z, average=average)
    expected = consensus_probs(z[:2], average=average)
    assert_allclose(consensus_probs(z, client_weights=[1, 1, 0], average=average), expected, rtol=1e-15)


# --- FedAvg ---------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
def test_weights_are_parts_of_all_samples(sizes):
    omega = fedavg_weights(sizes)
    assert_allclose(omega, [n / sum(sizes) for n in sizes], rtol=1e-15)
    assert_allclose(omega.sum(), 1, rtol=1e-15)


@given(st.integers(1, 4), st.integers(0, 2**32 - 1), st.data())
def test_fedavg_is_the_weighted_mean_of_every_array(K, seed, data):
    sizes = data.draw(sizes_of[K])
    rng = np.random.default_rng(seed)
    clients = [[rng.normal(size=(3, 2)), rng.normal(size=2), rng.normal()] for _ in range(K)]
    found = fedavg(clients, sizes)
    for i, mean in enumerate(found):
        expected = np.average([client[i] for client in clients], axis=0, weights=sizes)
        assert isinstance(mean, np.ndarray)
        assert_allclose(mean, expected, rtol=1e-12, atol=1e-14)
    assert [a.shape for a in found] == [(3, 2), (2,), ()]


def test_one_gradient_step_of_every_client_averages_to_one_step_on_all_data():
    """Why FedAvg weights by size: with one full-batch step a client it is gradient descent on the union."""
    rng = np.random.default_rng(0)
    theta, eta, sizes = rng.normal(size=4), 0.1, [5, 20, 75]
    x, y = rng.normal(size=(100, 4)), rng.normal(size=100)

    def step(x, y):
        return theta - eta * x.T @ (x @ theta - y) / len(y)

    ends = np.cumsum(sizes)[:-1]
    clients = [[step(*part)] for part in zip(np.split(x, ends), np.split(y, ends), strict=True)]
    assert_allclose(fedavg(clients, sizes)[0], step(x, y), rtol=1e-12)
    assert np.abs(fedavg(clients, [1, 1, 1])[0] - step(x, y)).max() > 1e-3


def test_fedavg_keeps_dtypes_and_inputs():
    arrays = [np.float32([1, 2]), np.float64([3.0]), np.array([4, 8]), np.float16([2.0])]
    for array in arrays:
        array.flags.writeable = False
    found = fedavg([arrays, arrays], [1, 2])
    assert [a.dtype for a in found] == [np.float32, np.float64, np.float64, np.float32]
    assert not any(np.shares_memory(a, b) for a, b in zip(found, arrays, strict=True))
    assert not np.shares_memory(fedavg([arrays], [1])[0], arrays[0])
    assert fedavg([[], []], [1, 2]) == []


@pytest.mark.parametrize(
    ("clients", "message"),
    [
        ([[[1.0, 2.0]], [[[1.0], [2.0]]]], r"client_parameters\[0\]\[0\] and .* must have the same shape"),
        ([[[1.0], [2.0]], [[1.0]]], "client_parameters must hold as many arrays for each client"),
        ([[[1.0]], [[np.nan]]], r"client_parameters\[1\]\[0\] must hold finite numbers"),
        ([[[1.0]]], "client_sizes must hold one number for each of the 1 clients"),
    ],
)
def test_clients_that_do_not_fit_each_other(clients, message):
    with pytest.raises(ValueError, match=message):
        fedavg(clients, [1, 2])


# --- bytes ----------------------------------------------------------------------------------------------------------


@given(st.integers(1, 100), st.integers(1, 10**6), st.integers(1, 10**4), st.integers(1, 100))
def test_bytes_are_those_of_the_arrays_that_travel(K, P, num_public, C):
    assert fedavg_bytes(K, P) == 2 * K * P * np.dtype(np.float32).itemsize
    assert distillation_bytes(K, num_public, C) == 2 * K * num_public * C * np.dtype(np.float32).itemsize
    assert fedavg_bytes(K, P, bytes_per_number=2) * 2 == fedavg_bytes(K, P)
    assert distillation_bytes(K, num_public, C, bytes_per_number=8) == 2 * distillation_bytes(K, num_public, C)
    cheaper = distillation_bytes(K, num_public, C) < fedavg_bytes(K, P)
    assert distillation_is_cheaper(P, num_public, C) == cheaper


def test_distillation_is_not_cheaper_of_itself():
    assert distillation_is_cheaper(4810, 480, 10)
    assert not distillation_is_cheaper(4810, 481, 10)  # equal
    assert not distillation_is_cheaper(4810, 482, 10)


def test_bytes_do_not_overflow():
    assert fedavg_bytes(np.int32(10**6), np.int32(2 * 10**9)) == 16 * 10**15
    assert distillation_bytes(10**9, 10**9, 10**9) == 8 * 10**27
