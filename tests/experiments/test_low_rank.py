"""The record of the experiment on low rank: what is particular to it."""

from functools import partial

import numpy as np
import pytest
import torch

from kdlab.evidence import records
from kdlab.experiments import low_rank
from kdlab.experiments.losses import softened_kl
from kdlab.experiments.low_rank import ARMS, RANKS, Arm
from kdlab.experiments.networks import generators, initial_parameters, train


@pytest.fixture(scope="module")
def evidence():
    return records.read("low_rank")


def errors(evidence, arm, measure):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


@pytest.mark.parametrize(("data", "rank"), [(data, rank) for data, ranks in RANKS.items() for rank in ranks])
def test_each_factorisation_is_the_best_by_its_own_error_on_every_seed(evidence, data, rank):
    for measure, best in (("weight_error", "plain"), ("output_error", "data_aware")):
        for other in {"plain", "data_aware", "random"} - {best}:
            smaller = errors(evidence, f"{data}_{best}_r{rank}", measure)
            assert (smaller < errors(evidence, f"{data}_{other}_r{rank}", measure)).all()


@pytest.mark.parametrize("data", RANKS)
def test_errors_fall_with_the_rank_and_the_whole_layer_has_none(evidence, data):
    own = {"plain": ["weight_error"], "data_aware": ["output_error"], "random": ["weight_error"]}
    for method, measures in own.items():
        for measure in measures:
            by_rank = [errors(evidence, f"{data}_{method}_r{rank}", measure) for rank in RANKS[data]]
            assert (np.diff(by_rank, axis=0) < 0).all()
            assert ((np.array(by_rank) > 0) & (np.array(by_rank) < 1)).all()
    assert not errors(evidence, f"{data}_full", "weight_error").any()
    assert not errors(evidence, f"{data}_full", "output_error").any()


@pytest.mark.parametrize(("data", "rank"), [(data, rank) for data, ranks in RANKS.items() for rank in ranks])
def test_a_random_subspace_keeps_its_part_of_the_squared_weights(evidence, data, rank):
    # E |W P|^2 = (r / 64) |W|^2 for the projection P onto a uniformly random subspace
    kept = 1 - errors(evidence, f"{data}_random_r{rank}", "weight_error") ** 2
    assert kept.mean() == pytest.approx(rank / 64, rel=0.15)


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    measured = evidence.measured
    for data, ranks in RANKS.items():
        assert measured["ranks"][data] == list(ranks)
        assert measured["parameters"][data] == [128 * rank for rank in ranks]
        for method in ("plain", "data_aware", "random", "plain_kd"):
            for k, rank in enumerate(ranks):
                found = errors(evidence, f"{data}_{method}_r{rank}", "accuracy")
                assert measured[data]["accuracy"][method][k] == pytest.approx(found)
    assert measured["parameters_full"] == 64 * 64


@pytest.fixture
def networks():
    return initial_parameters((5, 64, 64, 10), generators([0, 1], "test"))


@pytest.mark.parametrize("method", ["plain", "data_aware", "random"])
def test_factors_of_full_rank_change_no_logit(networks, method):
    inputs = torch.from_numpy(np.random.default_rng(0).standard_normal((2, 100, 5)))
    weights = networks[1][0].numpy().swapaxes(1, 2)
    covariances = np.stack([np.eye(64)] * 2)
    factors = low_rank.factors_of(Arm("digits", method, 64), weights, covariances, [0, 1])
    replaced = low_rank.replace_layer(networks, factors)
    expected = low_rank.forward(networks, inputs)
    torch.testing.assert_close(low_rank.factored_forward(replaced, inputs), expected, rtol=0, atol=1e-10)
    np.testing.assert_allclose(low_rank.product_of(replaced), weights, atol=1e-12)


def test_zeros_that_fill_up_factors_stay_zeros_and_change_nothing(networks):
    weights = networks[1][0].numpy().swapaxes(1, 2)
    factors = low_rank.factors_of(ARMS["digits_plain_r4"], weights, weights, [0, 1])
    thin = low_rank.replace_layer(networks, factors)
    rng = np.random.default_rng(0)
    inputs, targets = rng.standard_normal((2, 50, 5)), rng.standard_normal((2, 50, 10))

    def trained(parameters):
        return train(
            parameters,
            inputs,
            targets,
            partial(softened_kl, temperature=4.0, scale_by_T2=True),
            low_rank.OPTIMISER,
            steps=20,
            batch_size=50,
            rngs=generators([0, 1], "more"),
            forward=low_rank.forward_of(parameters),
        ).parameters

    alone, filled = trained(thin), trained(low_rank.filled_up(thin))
    assert filled[1][0].shape[-1] == 32
    assert not filled[1][0][..., 4:].any()
    assert not filled[2][0][:, 4:].any()
    np.testing.assert_allclose(low_rank.product_of(filled), low_rank.product_of(alone), atol=1e-10)
    assert np.abs(low_rank.product_of(alone) - low_rank.product_of(thin)).max() > 1e-3


def test_errors_are_relative():
    W, A = np.array([[3.0, 0.0], [0.0, 4.0]]), np.array([[0.0, 0.0], [0.0, 4.0]])
    found = low_rank.errors_of(W, A, np.diag([1.0, 9.0]))
    assert found == pytest.approx({"weight_error": 3 / 5, "output_error": (9 / 153) ** 0.5})


def test_a_bias_that_is_put_behind_the_first_factor_is_found(networks):
    """The planted bug: the bias of the layer is given to V, where the forward pass does not look."""
    weights = networks[1][0].numpy().swapaxes(1, 2)
    factors = low_rank.factors_of(Arm("digits", "plain", 64), weights, weights, [0, 1])
    replaced = low_rank.replace_layer(networks, factors)
    (V, no_bias), (U, bias) = replaced[1:3]
    wrong = [replaced[0], (V, bias), (U, no_bias), replaced[3]]
    inputs = torch.ones(2, 3, 5, dtype=torch.float64)
    assert not torch.allclose(low_rank.factored_forward(wrong, inputs), low_rank.forward(networks, inputs))


def test_what_is_shown_is_the_student_of_the_record():
    arrays, pruning = records.shown("low_rank"), records.shown("pruning")
    layers = [(arrays[f"weight_{i}"].astype(float), arrays[f"bias_{i}"].astype(float)) for i in (1, 2, 3)]
    entries = {entry["arm"]: entry for entry in records.read("low_rank").records if entry["seed"] == 0}
    (U, S, Vt), moments = np.linalg.svd(layers[1][0]), arrays["moments"].astype(float)
    for arm, rank in (("digits_full", 64), ("digits_plain_r8", 8)):
        W = (U[:, :rank] * S[:rank]) @ Vt[:rank]
        hidden = pruning["pixels"] / 16
        for weight, bias in (layers[0], (W, layers[1][1])):
            hidden = np.maximum(hidden @ weight.T + bias, 0)
        right = np.mean((hidden @ layers[2][0].T + layers[2][1]).argmax(axis=-1) == pruning["labels"])
        assert right == pytest.approx(entries[arm]["accuracy"], abs=1.5 / 450)  # three digits of a weight
        error = np.trace((layers[1][0] - W) @ moments @ (layers[1][0] - W).T)
        whole = np.trace(layers[1][0] @ moments @ layers[1][0].T)
        assert (error / whole) ** 0.5 == pytest.approx(entries[arm]["output_error"], abs=2e-3)
