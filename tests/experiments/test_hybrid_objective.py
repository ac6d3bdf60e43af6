"""The record of the experiment on hybrid objectives: what is particular to it."""

from functools import partial

import numpy as np
import pytest
import torch

from kdlab.evidence import records
from kdlab.experiments import hybrid_objective
from kdlab.experiments.data import digits
from kdlab.experiments.hybrid_objective import (
    ALPHAS,
    ALPHAS_PERMUTED,
    ARMS,
    NAMES,
    OF_ITS_SIZE,
    HybridLoss,
    initial_students,
    targets_of,
)
from kdlab.experiments.lab import Lab, Teacher
from kdlab.experiments.losses import cross_entropy, softened_kl
from kdlab.experiments.networks import (
    Trained,
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
    return records.read("hybrid_objective")


def of_arm(evidence, arm, measure):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


def test_a_constant_stays_and_a_balance_is_between_0_and_1(evidence):
    for name, arm in ARMS.items():
        first, last = of_arm(evidence, name, "alpha_first"), of_arm(evidence, name, "alpha_last")
        if isinstance(arm.alpha, str):
            assert ((first > 0) & (first < 1) & (last > 0) & (last < 1) & (first != last)).all(), name
        else:
            np.testing.assert_allclose([first, last], arm.alpha, rtol=1e-6)


def test_shares_are_halves_only_where_the_parameters_are_balanced(evidence):
    for name, arm in ARMS.items():
        share = of_arm(evidence, name, "ce_share")
        if arm.alpha == "parameters":
            np.testing.assert_allclose(share, 0.5, rtol=1e-6)
        elif arm.alpha == 0:
            np.testing.assert_array_equal(share, 1)
        else:
            assert (np.abs(share - 0.5) > 1e-5).all(), name


def test_all_arms_of_a_seed_start_alike(evidence):
    first = {name: losses[0] for name, losses in evidence.replay["losses"].items() if name in ARMS}
    for name in NAMES:
        hard = first[f"{name}_alpha_0"]
        other = {arm: first[arm] for arm in first if arm.startswith(f"{name}_alpha_")}
        feature = (other[f"{name}_alpha_0.5"] - 0.5 * hard) / 0.5
        for arm, loss in other.items():  # the first loss is linear in alpha if rows and networks are the same
            alpha = ARMS[arm].alpha
            assert loss == pytest.approx((1 - alpha) * hard + alpha * feature, rel=1e-5)


@pytest.mark.parametrize("units", hybrid_objective.THIN)
def test_a_thin_student_has_a_layer_of_so_many_units_below_the_features(units):
    split = Lab([0]).split(digits)
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
    """Two networks of one hidden layer on a mini-batch, targets (logits, then features) and labels."""
    rng = np.random.default_rng(0)
    parameters = [
        (w.requires_grad_(), b.requires_grad_()) for w, b in initial_parameters((6, 4, 10), generators([0, 1], "t"))
    ]
    inputs = torch.from_numpy(rng.standard_normal((2, 7, 6)))
    labels = rng.integers(0, 10, (2, 7, 1))[..., 0]
    targets = np.concatenate([rng.standard_normal((2, 7, 10)), rng.random((2, 7, 4))], axis=-1)
    return parameters, inputs, torch.from_numpy(targets), torch.from_numpy(labels)


def test_alpha_is_that_of_the_closed_forms(batch):
    parameters, inputs, targets, labels = batch
    outputs = with_features(parameters, inputs)
    loss = HybridLoss(["features", "features"], [0.0, 0.0])
    loss(outputs, targets, labels)
    for i in range(2):
        f_S, f_T = outputs.features[i].detach().numpy(), targets[i, :, 10:].numpy()
        V, b = parameters[-1][0][i].detach().numpy().T, parameters[-1][1][i, 0].detach().numpy()
        g_CE = cross_entropy_df(f_S, V, b, labels[i].numpy())
        assert loss.alphas[0][i] == pytest.approx(balanced_alpha(g_CE, feature_loss_df(f_S, f_T)), rel=1e-10)


def test_alpha_by_parameters_makes_the_weighted_gradients_equal(batch):
    parameters, inputs, targets, labels = batch
    outputs = with_features(parameters, inputs)
    loss = HybridLoss(["parameters", 0.5], [0.0, 0.0])
    loss(outputs, targets, labels)
    alpha = loss.alphas[0][0]
    feature = (outputs.features - targets[..., 10:]).square().sum(-1).mean(-1)
    ce = cross_entropy(outputs.logits, labels)
    norms = []
    for part in ((1 - alpha) * ce[0], alpha * feature[0]):
        below = torch.autograd.grad(part, [parameters[0][0], parameters[0][1]], retain_graph=True)
        norms.append(float(sum(g.square().sum() for g in below)) ** 0.5)
    assert norms[0] == pytest.approx(norms[1], rel=1e-10)
    assert loss.ce_shares[0][0] == pytest.approx(0.5, rel=1e-10)


def test_the_loss_is_the_weighted_sum_and_alpha_a_constant_of_the_step(batch):
    parameters, inputs, targets, labels = batch
    outputs = with_features(parameters, inputs)
    loss = HybridLoss(["features", 0.25], [0.0, 0.5])
    total = loss(outputs, targets, labels)
    alpha, beta = torch.from_numpy(loss.alphas[0]), torch.tensor([0.0, 0.5])
    ce = cross_entropy(outputs.logits, labels)
    kd = softened_kl(outputs.logits, targets[..., :10], 4.0, scale_by_T2=True)
    feature = (outputs.features - targets[..., 10:]).square().sum(-1).mean(-1)
    expected = (1 - alpha - beta) * ce + beta * kd + alpha * feature
    torch.testing.assert_close(total, expected)
    weight = parameters[0][0]
    found, wanted = (torch.autograd.grad(x.sum(), weight, retain_graph=True)[0] for x in (total, expected))
    torch.testing.assert_close(found, wanted)


def test_a_network_is_balanced_by_its_own_gradients_alone(batch):
    """The planted bug would be one alpha for the whole batch of networks."""
    parameters, inputs, targets, labels = batch
    outputs = with_features(parameters, inputs)
    loss = HybridLoss(["features", "features"], [0.0, 0.0])
    loss(outputs, targets, labels)
    changed = targets.clone()
    changed[1, :, 10:] += 10
    again = HybridLoss(["features", "features"], [0.0, 0.0])
    again(outputs, changed, labels)
    assert again.alphas[0][0] == loss.alphas[0][0]
    assert again.alphas[0][1] < loss.alphas[0][1]


def test_features_are_those_below_the_logits():
    rngs = generators([0, 1], "t")
    inputs = np.random.default_rng(0).standard_normal((2, 9, 40))
    for networks, of_kind in (
        (initial_parameters((40, 12, 10), rngs), forward),
        (initial_conv_network((2, 3), 5, (40,), (12, 10), rngs), conv_forward),
    ):
        outputs = with_features(networks, torch.from_numpy(inputs), of_kind)
        weight, bias = networks[-1]
        assert outputs.features.shape == (2, 9, 12)
        assert outputs.features.min() >= 0
        torch.testing.assert_close(outputs.features @ weight + bias, outputs.logits)
        np.testing.assert_allclose(logits_of(networks, inputs, of_kind), outputs.logits, atol=1e-12)
        np.testing.assert_allclose(features_of(networks, inputs, of_kind), outputs.features, atol=1e-12)
        assert len(outputs.below) == 2 * (len(networks) - 1)


def test_features_that_say_nothing_have_the_size_of_those_that_do():
    lab = Lab([0])
    few = lab.few(lab.split(digits), 100)
    networks = initial_parameters((64, 32, 10), generators([0], "t"))
    teacher = Teacher(partial(logits_of, networks), None, None, Trained(networks, np.zeros((1, 1))))
    targets = targets_of(teacher, few, [0], forward)
    true = targets["teacher"][0]
    for source in ("permuted", "random"):
        np.testing.assert_array_equal(targets[source][0, :, :10], true[:, :10])
        found = targets[source][0, :, 10:]
        assert np.mean(found**2) == pytest.approx(np.mean(true[:, 10:] ** 2))
        assert np.abs(found - true[:, 10:]).max() > 0.1
    np.testing.assert_array_equal(np.sort(targets["permuted"][0, :, 10:], axis=0), np.sort(true[:, 10:], axis=0))


@pytest.mark.parametrize("name", OF_ITS_SIZE)
def test_the_constant_of_its_size_is_the_nearest_to_the_geometric_mean_of_a_balance(evidence, name):
    tried = (ALPHAS_PERMUTED if name.endswith("permuted") else ALPHAS)[NAMES[name.removesuffix("_permuted")]]
    mean = np.log(evidence.measured["alpha_curve"][f"{name}_balanced"]).mean()
    assert OF_ITS_SIZE[name] == min(tried, key=lambda alpha: abs(np.log(alpha) - mean) if alpha else np.inf)
