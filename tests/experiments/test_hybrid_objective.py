"""The record of the experiment on hybrid objectives: what is particular to it."""

import numpy as np
import pytest
import torch

from kdlab.experiments import hybrid_objective, record
from kdlab.experiments.hybrid_objective import ARMS, NAMES, HybridLoss, initial_students
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.networks import (
    conv_forward,
    features_of,
    forward,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
    with_features,
)
from kdlab.hybrid_objective import balanced_alpha, cross_entropy_df, feature_loss_df


@pytest.fixture(scope="module")
def evidence():
    return record.read("hybrid_objective")


def of_arm(evidence, arm, measure):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


@pytest.mark.parametrize("name", ARMS)
def test_a_constant_stays_and_a_balance_is_between_0_and_1(evidence, name):
    first, last = of_arm(evidence, name, "alpha_first"), of_arm(evidence, name, "alpha_last")
    if isinstance(ARMS[name].alpha, str):
        assert ((first > 0) & (first < 1) & (last > 0) & (last < 1)).all()
        assert (first != last).all()
    else:
        np.testing.assert_allclose([first, last], ARMS[name].alpha, rtol=1e-6)


@pytest.mark.parametrize("name", ARMS)
def test_shares_are_halves_only_where_the_parameters_are_balanced(evidence, name):
    share = of_arm(evidence, name, "ce_share")
    if ARMS[name].alpha == "parameters":
        np.testing.assert_allclose(share, 0.5, rtol=1e-6)
    elif ARMS[name].alpha == 0:
        np.testing.assert_array_equal(share, 1)
    else:
        assert (np.abs(share - 0.5) > 1e-5).all()


def test_all_arms_of_a_seed_start_alike(evidence):
    first = {name: losses[0] for name, losses in evidence.replay["losses"].items() if name in ARMS}
    for name in NAMES[:-1]:  # not of the signals, whose losses are not kept
        hard = first[f"{name}_alpha_0"]
        other = {arm: first[arm] for arm in first if arm.startswith(f"{name}_alpha_")}
        feature = (other[f"{name}_alpha_0.5"] - 0.5 * hard) / 0.5
        for arm, loss in other.items():  # the first loss is linear in alpha if rows and networks are the same
            alpha = ARMS[arm].alpha
            assert loss == pytest.approx((1 - alpha) * hard + alpha * feature, rel=1e-5)


@pytest.mark.parametrize("units", hybrid_objective.THIN)
def test_a_thin_student_has_a_layer_of_so_many_units_below_the_features(units):
    split = hybrid_objective.stacked([hybrid_objective.digits(0)])
    shapes = [tuple(w.shape[1:]) for w, _ in initial_students(split, units, forward, generators([0], "t"))]
    assert shapes == [(64, units), (units, 32), (32, 10)]
    assert len(initial_students(split, 0, forward, generators([0], "t"))) == 2


def test_curves_are_those_of_the_arms(evidence):
    measured = evidence.measured
    for name, curves in measured["alpha_curve"].items():
        curves = np.array(curves)
        assert curves.shape == (20, 20)
        np.testing.assert_allclose(curves[:, :2].mean(axis=1), of_arm(evidence, name, "alpha_first"), atol=1e-4)
        np.testing.assert_allclose(curves[:, -2:].mean(axis=1), of_arm(evidence, name, "alpha_last"), atol=1e-4)
    for name in NAMES:
        for alpha, accuracy in zip(measured["alphas"][name], measured["accuracy"][name], strict=True):
            np.testing.assert_allclose(accuracy, of_arm(evidence, f"{name}_alpha_{alpha:g}", "accuracy"), rtol=1e-5)


@pytest.fixture
def batch():
    """Two networks of one hidden layer on a mini-batch, and targets: labels, logits, features."""
    rng = np.random.default_rng(0)
    parameters = [
        (w.requires_grad_(), b.requires_grad_()) for w, b in initial_parameters((6, 4, 10), generators([0, 1], "t"))
    ]
    inputs = torch.from_numpy(rng.standard_normal((2, 7, 6)))
    labels = rng.integers(0, 10, (2, 7, 1))
    targets = np.concatenate([labels, rng.standard_normal((2, 7, 10)), rng.random((2, 7, 4))], axis=-1)
    return parameters, inputs, torch.from_numpy(targets)


def test_alpha_is_that_of_the_closed_forms(batch):
    parameters, inputs, targets = batch
    outputs = with_features(parameters, inputs)
    loss = HybridLoss(["features", "features"], [0.0, 0.0])
    loss(outputs, targets)
    for i in range(2):
        f_S, f_T = outputs.features[i].detach().numpy(), targets[i, :, 11:].numpy()
        V, b = parameters[-1][0][i].detach().numpy().T, parameters[-1][1][i, 0].detach().numpy()
        g_CE = cross_entropy_df(f_S, V, b, targets[i, :, 0].numpy().astype(int))
        assert loss.alphas[0][i] == pytest.approx(balanced_alpha(g_CE, feature_loss_df(f_S, f_T)), rel=1e-10)


def test_alpha_by_parameters_makes_the_weighted_gradients_equal(batch):
    parameters, inputs, targets = batch
    outputs = with_features(parameters, inputs)
    loss = HybridLoss(["parameters", 0.5], [0.0, 0.0])
    loss(outputs, targets)
    alpha = loss.alphas[0][0]
    feature = (outputs.features - targets[..., 11:]).square().sum(-1).mean(-1)
    ce = cross_entropy(outputs.logits, targets[..., 0].long())
    norms = []
    for part in ((1 - alpha) * ce[0], alpha * feature[0]):
        below = torch.autograd.grad(part, [parameters[0][0], parameters[0][1]], retain_graph=True)
        norms.append(float(sum(g.square().sum() for g in below)) ** 0.5)
    assert norms[0] == pytest.approx(norms[1], rel=1e-10)
    assert loss.ce_shares[0][0] == pytest.approx(0.5, rel=1e-10)


def test_the_loss_is_the_weighted_sum_and_alpha_a_constant_of_the_step(batch):
    parameters, inputs, targets = batch
    outputs = with_features(parameters, inputs)
    loss = HybridLoss(["features", 0.25], [0.0, 0.5])
    total = loss(outputs, targets)
    alpha, beta = torch.from_numpy(loss.alphas[0]), torch.tensor([0.0, 0.5])
    ce = cross_entropy(outputs.logits, targets[..., 0].long())
    kd = softened_kl(outputs.logits, targets[..., 1:11], 4.0, scale_by_T2=True)
    feature = (outputs.features - targets[..., 11:]).square().sum(-1).mean(-1)
    expected = (1 - alpha - beta) * ce + beta * kd + alpha * feature
    torch.testing.assert_close(total, expected)
    weight = parameters[0][0]
    found, wanted = (torch.autograd.grad(x.sum(), weight, retain_graph=True)[0] for x in (total, expected))
    torch.testing.assert_close(found, wanted)


def test_a_network_is_balanced_by_its_own_gradients_alone(batch):
    """The planted bug would be one alpha for the whole batch of networks."""
    parameters, inputs, targets = batch
    outputs = with_features(parameters, inputs)
    loss = HybridLoss(["features", "features"], [0.0, 0.0])
    loss(outputs, targets)
    changed = targets.clone()
    changed[1, :, 11:] += 10
    again = HybridLoss(["features", "features"], [0.0, 0.0])
    again(outputs, changed)
    assert again.alphas[0][0] == loss.alphas[0][0]
    assert again.alphas[0][1] < loss.alphas[0][1]


def test_features_are_those_below_the_logits():
    rngs = generators([0, 1], "t")
    inputs = np.random.default_rng(0).standard_normal((2, 9, 40))
    for networks, of_kind in (
        (initial_parameters((40, 12, 10), rngs), forward),
        (initial_conv_network((2, 3), 5, (40,), (12, 10), rngs), conv_forward),
    ):
        dtype = networks[0][0].dtype
        outputs = with_features(networks, torch.from_numpy(inputs).to(dtype), of_kind)
        weight, bias = networks[-1]
        assert outputs.features.shape == (2, 9, 12)
        assert outputs.features.min() >= 0
        torch.testing.assert_close(outputs.features @ weight + bias, outputs.logits)
        np.testing.assert_allclose(logits_of(networks, inputs, of_kind), outputs.logits.double(), atol=1e-6)
        np.testing.assert_allclose(features_of(networks, inputs, of_kind), outputs.features.double(), atol=1e-6)
        assert len(outputs.below) == 2 * (len(networks) - 1)


def test_features_that_say_nothing_have_the_size_of_those_that_do():
    splits = hybrid_objective.stacked([hybrid_objective.digits(0)])
    rngs = generators([0], "t")
    # an untrained teacher is refused: its labels do not match, which is what the guard is for
    with pytest.raises(ValueError, match="labels"):
        hybrid_objective.targets_of(initial_parameters((64, 32, 10), rngs), splits, [0], forward)
    teacher = hybrid_objective.train_feature_teachers(splits, [0], 32).parameters
    targets = hybrid_objective.targets_of(teacher, splits, [0], forward)
    true = targets["teacher"][0]
    for source in ("permuted", "random"):
        np.testing.assert_array_equal(targets[source][0, :, :11], true[:, :11])
        found = targets[source][0, :, 11:]
        assert np.mean(found**2) == pytest.approx(np.mean(true[:, 11:] ** 2))
        assert np.abs(found - true[:, 11:]).max() > 0.1
    np.testing.assert_array_equal(np.sort(targets["permuted"][0, :, 11:], axis=0), np.sort(true[:, 11:], axis=0))
