"""A pipeline of compressions: costs and slices against PyTorch, laws, drops of accuracy, the Pareto front."""

import copy
import itertools
import math

import numpy as np
import pytest
import scipy.optimize
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits
from sklearn.neural_network import MLPClassifier
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from kdlab.pipeline import (
    Add,
    BatchNorm,
    Conv,
    Cost,
    Flatten,
    Linear,
    LowRank,
    Pool,
    combined_accuracy,
    factorize,
    fit_drop,
    interaction,
    layer_costs,
    output_shapes,
    pareto_front,
    prune,
    quantize,
    slice_weights,
    stage_drop,
    total_cost,
)

IMAGE = (3, 10, 8)
RESIDUAL = (
    Conv(6, 3, padding=1, bias=False),
    BatchNorm(),
    Conv(5, 3, padding=1),
    BatchNorm(),
    Conv(6, 1),
    Add(1),
    Pool(2),
    Flatten(),
    Linear(12),
    Linear(4),
)
GROUPED = (
    Conv(8, 3),
    Conv(8, 3, groups=8, padding=1),
    Conv(12, 3, stride=2, groups=2),
    Pool(2, 1),
    Flatten(),
    Linear(4),
)
TALL = (Conv(4, 3, padding="same"), Pool(3, stride=2, padding=1), Conv(6, 2, stride=3), Flatten(), LowRank(5, 2))
NETWORKS = {
    "residual": RESIDUAL,
    "grouped": GROUPED,
    "tall": TALL,
    "dense": (Flatten(), Linear(7, bias=False), Linear(4)),
}
MEASURED = (Conv(16, 3, padding=1), Conv(32, 3, padding=1), Pool(2), Flatten(), Linear(64), Linear(10))
DIGIT = (1, 8, 8)


# --- PyTorch's side -------------------------------------------------------------------------------------------------


def torch_module(layer, inputs):
    """Return the modules for a layer that takes so many channels or features."""
    match layer:
        case Conv():
            options = {"stride": layer.stride, "padding": layer.padding, "groups": layer.groups, "bias": layer.bias}
            return nn.Conv2d(inputs, layer.out_channels, layer.kernel_size, **options)
        case BatchNorm():
            return nn.BatchNorm2d(inputs)
        case Pool():
            return nn.MaxPool2d(layer.kernel_size, layer.stride, layer.padding)
        case Flatten():
            return nn.Flatten()
        case Linear():
            return nn.Linear(inputs, layer.out_features, bias=layer.bias)
        case LowRank():
            thin = nn.Linear(inputs, layer.rank, bias=False)
            return nn.Sequential(thin, nn.Linear(layer.rank, layer.out_features, bias=layer.bias))
        case Add():
            return nn.Identity()


class Torch(nn.Module):
    """The network of a description, with a ReLU after batch normalisation, additions and linear layers."""

    def __init__(self, network, input_shape, relu=True):
        super().__init__()
        self.network, self.relu = network, relu
        self.layers = nn.ModuleList()
        outputs = [torch.zeros(2, *input_shape)]
        for layer in network:
            self.layers.append(torch_module(layer, outputs[-1].shape[1]))
            outputs.append(self.step(len(self.layers) - 1, outputs))
        self.shapes = [tuple(output.shape[1:]) for output in outputs[1:]]

    def step(self, i, outputs):
        layer = self.network[i]
        result = self.layers[i](outputs[-1])
        if isinstance(layer, Add):
            result = result + outputs[layer.source + 1]
        last = i == len(self.network) - 1
        return torch.relu(result) if self.relu and not last and not isinstance(layer, Flatten | Pool) else result

    def forward(self, x):
        outputs = [x]
        for i in range(len(self.network)):
            outputs.append(self.step(i, outputs))
        return outputs[-1]


def random_weights(network, input_shape, seed=0):
    """Return arrays named and shaped as PyTorch's, by layer; variances are positive."""
    rng = np.random.default_rng(seed)
    weights = []
    for layer in Torch(network, input_shape).layers:
        names = {"0.weight": "V", "1.weight": "U", "1.bias": "bias"}
        shapes = {name: tuple(value.shape) for name, value in layer.state_dict().items() if value.ndim}
        drawn = {names.get(name, name): rng.normal(size=shape) for name, shape in shapes.items()}
        if "running_var" in drawn:
            drawn["running_var"] = np.abs(drawn["running_var"]) + 0.5
        weights.append(drawn)
    return weights


def outputs_of(network, input_shape, weights, x):
    module = Torch(network, input_shape).double().eval()
    for layer, values in zip(module.layers, weights, strict=True):
        names = {"V": "0.weight", "U": "1.weight", "bias": "1.bias"} if "V" in values else {}
        state = {names.get(name, name): torch.tensor(value) for name, value in values.items()}
        missing, unexpected = layer.load_state_dict(state, strict=False)
        assert not unexpected
        assert set(missing) <= {"num_batches_tracked"}
    with torch.no_grad():
        return module(torch.tensor(x)).numpy()


# --- costs ----------------------------------------------------------------------------------------------------------


def check_costs(network, input_shape):
    module = Torch(network, input_shape).eval()
    assert output_shapes(network, input_shape) == module.shapes
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        module(torch.zeros(1, *input_shape))
    cost = total_cost(network, input_shape)
    assert 2 * cost.macs == counter.get_total_flops()
    assert cost.parameters == sum(parameter.numel() for parameter in module.parameters())
    stored = (value for value in module.state_dict().values() if value.dtype.is_floating_point)
    assert cost.bytes == sum(value.numel() * value.element_size() for value in stored)


@pytest.mark.parametrize("name", NETWORKS)
def test_costs_and_shapes_are_those_of_torch(name):
    check_costs(NETWORKS[name], IMAGE)


@st.composite
def conv_stacks(draw):
    layers, channels = [], 4
    for _ in range(draw(st.integers(1, 3))):
        groups = draw(st.sampled_from([1, 2, channels]))
        channels = groups * draw(st.sampled_from([1, 2] if groups > 1 else [2, 4, 6]))
        options = {"stride": draw(st.integers(1, 2)), "padding": draw(st.integers(0, 2)), "groups": groups}
        layers.append(Conv(channels, draw(st.integers(1, 2)), bias=draw(st.booleans()), **options))
        layers += draw(st.sampled_from([[], [BatchNorm()]]))
    return (*layers, Flatten(), Linear(3))


@settings(max_examples=25)
@given(conv_stacks(), st.integers(8, 11), st.integers(8, 11))
def test_costs_of_random_stacks_are_those_of_torch(network, height, width):
    check_costs(network, (4, height, width))


def test_torch_counts_two_flops_for_a_mac_and_keeps_statistics_that_it_does_not_call_parameters():
    network = (Conv(2, 1, bias=False), BatchNorm())
    assert layer_costs(network, (1, 4, 4)) == [Cost(32, 2, 8), Cost(0, 4, 32)]
    module = Torch(network, (1, 4, 4)).eval()
    counter = FlopCounterMode(display=False)
    with counter, torch.no_grad():
        module(torch.zeros(1, 1, 4, 4))
    assert counter.get_total_flops() == 64  # 2 MACs, and nothing for the normalisation
    assert sum(parameter.numel() for parameter in module.layers[1].parameters()) == 4


@pytest.mark.parametrize("bits", [1, 3, 8, 16])
def test_bytes_are_packed_bits_and_a_scale_for_each_matrix(bits):
    network = quantize((Conv(5, 3), BatchNorm(), Flatten(), Linear(7, bias=False), LowRank(3, 2)), bits)
    packed = [math.ceil(n * bits / 8) + 4 for n in (5 * 9, 5 * 7, 2 * 7, 2 * 3)]
    found = [cost.bytes for cost in layer_costs(network, (1, 3, 3))]
    assert found == [packed[0] + 4 * 5, 4 * 4 * 5, 0, packed[1], packed[2] + packed[3] + 4 * 3]


def test_counts_are_exact_beyond_64_bits():
    cost = total_cost([Linear(10**12, bias=False)], (10**12,))
    assert cost == Cost(10**24, 10**24, 4 * 10**24)


def test_a_network_is_not_changed():
    network, weights = list(RESIDUAL), random_weights(RESIDUAL, IMAGE)
    before = copy.deepcopy(weights)
    kept = {2: [1, 3]}
    prune(network, IMAGE, kept)
    factorize(network, IMAGE, 8, 2)
    quantize(network, 4)
    sliced = slice_weights(network, IMAGE, weights, kept)
    assert network == list(RESIDUAL)
    assert kept == {2: [1, 3]}
    for old, new, left in zip(before, weights, sliced, strict=True):
        for name in old:
            assert_array_equal(new[name], old[name])
            assert not np.shares_memory(new[name], left[name])


# --- pruning --------------------------------------------------------------------------------------------------------


def silence(network, weights, kept):
    """Set removed channels to 0, up to the layer that reads them: filters, biases, and normalisation after them."""
    weights = copy.deepcopy(weights)
    removed = []
    for i, layer in enumerate(network):
        if i in kept:
            removed = np.setdiff1d(np.arange(len(weights[i].get("weight", weights[i].get("U")))), kept[i])
        elif not isinstance(layer, BatchNorm):
            removed = []
        for name in ("weight", "bias", "U"):
            if name in weights[i]:
                weights[i][name][removed] = 0
    return weights


KEPT = {
    "residual": {0: [0, 2, 5], 2: [1, 4], 4: [0, 2, 5], 8: [0, 3, 4, 11]},
    "grouped": {0: [1, 2, 4, 7], 2: [0, 3, 5, 6, 7, 11]},
    "tall": {0: [3], 2: [0, 1, 5]},
    "dense": {1: [2, 3, 6]},
}


@pytest.mark.parametrize("name", NETWORKS)
def test_slicing_filters_that_are_0_leaves_the_function_unchanged(name):
    network, kept = NETWORKS[name], KEPT[name]
    x = np.random.default_rng(1).normal(size=(3, *IMAGE))
    weights = random_weights(network, IMAGE)
    silent = silence(network, weights, kept | ({1: kept[0]} if name == "grouped" else {}))
    expected = outputs_of(network, IMAGE, silent, x)
    sliced = slice_weights(network, IMAGE, silent, kept)
    small = prune(network, IMAGE, kept)
    assert_allclose(outputs_of(small, IMAGE, sliced, x), expected, rtol=1e-9, atol=1e-9)
    assert total_cost(small, IMAGE).parameters == sum(
        array.size for layer in sliced for name, array in layer.items() if "running" not in name
    )
    # and it is not, where they are not 0
    sliced = slice_weights(network, IMAGE, weights, kept)
    assert np.abs(outputs_of(small, IMAGE, sliced, x) - outputs_of(network, IMAGE, weights, x)).max() > 1e-3


@settings(max_examples=20)
@given(
    st.sets(st.integers(0, 5), min_size=1),
    st.sets(st.integers(0, 4), min_size=1),
    st.sets(st.integers(0, 11), min_size=1),
)
def test_any_choice_of_filters_is_followed_through_the_network(tied, inner, hidden):
    kept = {0: sorted(tied), 2: sorted(inner), 4: sorted(tied), 8: sorted(hidden)}
    weights = silence(RESIDUAL, random_weights(RESIDUAL, IMAGE), kept)
    x = np.random.default_rng(2).normal(size=(2, *IMAGE))
    sliced = slice_weights(RESIDUAL, IMAGE, weights, kept)
    expected = outputs_of(RESIDUAL, IMAGE, weights, x)
    assert_allclose(outputs_of(prune(RESIDUAL, IMAGE, kept), IMAGE, sliced, x), expected, rtol=1e-9, atol=1e-9)


def test_after_flatten_a_channel_is_a_block_of_columns():
    network = (Conv(3, 1, bias=False), Flatten(), Linear(1, bias=False))
    weights = [{"weight": np.ones((3, 1, 1, 1))}, {}, {"weight": np.arange(18.0)[np.newaxis]}]
    sliced = slice_weights(network, (1, 2, 3), weights, {0: [0, 2]})
    assert_array_equal(sliced[2]["weight"], [[0, 1, 2, 3, 4, 5, 12, 13, 14, 15, 16, 17]])
    flat = torch.arange(18.0).reshape(1, 3, 2, 3)[:, [0, 2]].flatten(1)
    assert_array_equal(sliced[2]["weight"], flat)


def test_a_filter_of_0_before_a_shift_of_its_normalisation_is_not_0():
    network, kept = (Conv(2, 1), BatchNorm(), Flatten(), Linear(1)), {0: [0]}
    weights = random_weights(network, (1, 2, 2))
    x = np.ones((1, 1, 2, 2))
    for name in ("weight", "bias"):
        weights[0][name][1] = 0
    weights[1]["bias"][1] = weights[1]["running_mean"][1] = 2.0
    weights[1]["weight"][1] = 0.5
    small = prune(network, (1, 2, 2), kept)
    sliced = slice_weights(network, (1, 2, 2), weights, kept)
    assert abs(outputs_of(small, (1, 2, 2), sliced, x) - outputs_of(network, (1, 2, 2), weights, x)) > 0.1


def test_residual_partners_must_keep_the_same_channels():
    with pytest.raises(ValueError, match=r"kept must leave the same channels on both sides of network\[5\]"):
        prune(RESIDUAL, IMAGE, {4: [0, 1, 2]})
    with pytest.raises(ValueError, match=r"kept must leave the same channels on both sides of network\[5\]"):
        prune(RESIDUAL, IMAGE, {0: [0, 1, 2], 4: [0, 1, 3]})


def test_groups_must_stay_of_equal_size():
    for kept in ({0: [0, 1, 4]}, {2: [0, 1, 6]}, {0: [0, 1], 2: [0, 6]}, {1: [0, 1]}, {0: [0, 1], 2: [6, 7]}):
        with pytest.raises(ValueError, match=r"kept must leave groups of equal size to network\[[12]\]"):
            prune(GROUPED, IMAGE, kept)
    half = prune(GROUPED, IMAGE, {0: [0, 1, 2, 3]})  # the other group of the last convolution has no inputs
    assert (half[1].groups, half[2].groups, half[2].out_channels) == (4, 1, 6)


def test_keeping_all_changes_nothing():
    kept = {i: range(layer.out_channels) for i, layer in enumerate(RESIDUAL) if isinstance(layer, Conv)}
    assert prune(RESIDUAL, IMAGE, kept) == prune(RESIDUAL, IMAGE, {}) == RESIDUAL


counts = st.tuples(st.integers(1, 16), st.integers(1, 32), st.integers(1, 64))


@given(counts, counts)
def test_law_11_costs_rise_with_every_count_of_kept_filters(one, other):
    fewer, more = np.minimum(one, other), np.maximum(one, other)
    low, high = (
        total_cost(prune(MEASURED, DIGIT, {0: range(k1), 1: range(k2), 4: range(k3)}), DIGIT)
        for k1, k2, k3 in (fewer, more)
    )
    assert all(a <= b for a, b in zip(low, high, strict=True))
    assert (low == high) == (tuple(fewer) == tuple(more))


@pytest.mark.parametrize("divisor", [1, 2, 4, 8])
def test_only_interior_layers_scale_with_the_square_of_the_fraction_kept(divisor):
    kept = {0: range(16 // divisor), 1: range(32 // divisor), 4: range(64 // divisor)}
    dense = [cost.macs for cost in layer_costs(MEASURED, DIGIT)]
    slim = [cost.macs for cost in layer_costs(prune(MEASURED, DIGIT, kept), DIGIT)]
    powers = [1, 2, 0, 0, 2, 1]
    assert [macs * divisor**power for macs, power in zip(slim, powers, strict=True)] == dense


def test_a_quarter_of_the_filters_leaves_more_than_a_sixteenth_and_low_rank_then_saves_a_smaller_part():
    slim = prune(MEASURED, DIGIT, {0: range(4), 1: range(8)})
    dense_macs, slim_macs = (total_cost(network, DIGIT).macs for network in (MEASURED, slim))
    assert round(slim_macs / dense_macs, 3) == 0.088
    saved = [
        1 - cost_low.macs / cost.macs
        for cost_low, cost in (
            (layer_costs(factorize(network, DIGIT, 4, 8), DIGIT)[4], layer_costs(network, DIGIT)[4])
            for network in (MEASURED, slim)
        )
    ]
    assert saved[0] > saved[1] > 0


def test_the_l1_score_of_a_filter_depends_on_the_gauge_but_the_function_does_not():
    network = (Conv(3, 3), Conv(2, 1), Flatten(), Linear(2))
    weights = random_weights(network, (1, 4, 4))
    x = np.random.default_rng(3).normal(size=(5, 1, 4, 4))
    scores = np.abs(weights[0]["weight"]).sum(axis=(1, 2, 3))
    least = scores.argmin()
    gauged = copy.deepcopy(weights)
    for name in ("weight", "bias"):
        gauged[0][name][least] *= 1024
    gauged[1]["weight"][:, least] /= 1024
    expected = outputs_of(network, (1, 4, 4), weights, x)
    assert_allclose(outputs_of(network, (1, 4, 4), gauged, x), expected, rtol=1e-9)
    assert np.abs(gauged[0]["weight"]).sum(axis=(1, 2, 3)).argmax() == least


# --- orders of the three steps --------------------------------------------------------------------------------------


def test_the_three_steps_cost_the_same_in_any_order():
    kept = {0: range(8), 1: range(0, 32, 2)}
    steps = (
        lambda network: prune(network, DIGIT, kept),
        lambda network: factorize(network, DIGIT, 4, 8),
        lambda network: quantize(network, 4),
    )
    found = set()
    for order in itertools.permutations(steps):
        network = MEASURED
        for step in order:
            network = step(network)
        found.add((network, total_cost(network, DIGIT)))
    assert len(found) == 1
    ((_, cost),) = found
    assert cost.macs == 81536


def largest_saving_rank(network, layer):
    dense = layer_costs(network, DIGIT)[layer].macs
    ranks = range(1, min(output_shapes(network, DIGIT)[layer - 1][0], network[layer].out_features) + 1)
    return max(r for r in ranks if layer_costs(factorize(network, DIGIT, layer, r), DIGIT)[layer].macs < dense)


def test_pruning_lowers_the_rank_below_which_there_is_a_saving():
    slim = prune(MEASURED, DIGIT, {1: range(4)})
    assert largest_saving_rank(MEASURED, 4) == (512 * 64 - 1) // (512 + 64) == 56
    assert largest_saving_rank(slim, 4) == (64 * 64 - 1) // (64 + 64) == 31  # r < n / 2: 32 is no saving


def best_of_rank(matrix, rank):
    U, S, V = np.linalg.svd(matrix, full_matrices=False)
    return U[:, :rank] * S[:rank], V[:rank]


def test_the_svd_is_to_be_taken_of_the_sliced_matrix():
    network, image, kept = (Conv(2, 1, bias=False), Flatten(), Linear(2, bias=False)), (1, 1, 1), {0: [1]}
    weights = [{"weight": np.ones((2, 1, 1, 1))}, {}, {"weight": np.diag([10.0, 1.0])}]
    sliced = slice_weights(network, image, weights, kept)[2]["weight"]
    U, V = best_of_rank(weights[2]["weight"], 1)  # spent on the channel that is about to go
    early = slice_weights(factorize(network, image, 2, 1), image, [*weights[:2], {"U": U, "V": V}], kept)[2]
    assert_array_equal(early["U"] @ early["V"], [[0], [0]])
    assert_allclose(np.matmul(*best_of_rank(sliced, 1)), sliced)
    assert_array_equal(sliced, [[0], [1]])


# --- drops of accuracy ----------------------------------------------------------------------------------------------


@given(arrays(np.float64, (3, 2), elements=st.floats(0, 0.9)), st.floats(0, 0.9))
def test_the_two_combinations_are_their_formulas(drops, chance):
    A0 = 0.9
    added = [min(max(A0 - sum(row), chance), A0) for row in drops]
    assert_allclose(combined_accuracy(drops, A0, chance=chance), added, rtol=1e-14)
    multiplied = [A0 * math.prod(1 - drop / A0 for drop in row) for row in drops]
    product = combined_accuracy(drops, A0, combine="multiplicative")
    assert_allclose(product, multiplied, rtol=1e-14)
    assert (product >= combined_accuracy(drops, A0) - 1e-15).all()
    assert_allclose(product - (A0 - drops.sum(axis=-1)), drops.prod(axis=-1) / A0, atol=1e-14)  # for two stages


@pytest.mark.parametrize("combine", ["additive", "multiplicative"])
def test_no_stage_or_one_stage_is_no_matter_of_combination(combine):
    assert combined_accuracy([], 0.9, combine=combine) == 0.9
    assert combined_accuracy([0.25], 0.75, combine=combine) == 0.5
    assert combined_accuracy([0.0, 0.75], 0.75, combine=combine) == 0
    assert combined_accuracy(np.zeros((0, 2)), 0.75, combine=combine).shape == (0,)


def test_a_gain_is_cut_off_where_drops_add():
    assert combined_accuracy([-0.25, 0.125], 0.5) == 0.5
    assert combined_accuracy([-0.25, 0.0], 0.5, combine="multiplicative") == 0.75


def test_an_interaction_is_actual_less_predicted():
    drops = np.array([[0.25, 0.25], [0.5, 0.5]])
    assert_array_equal(interaction([0.5, 0.25], drops, 1.0), [0, 0.25])
    assert_array_equal(interaction([0.5, 0.25], drops, 1.0, chance=0.125), [0, 0.125])
    assert_array_equal(interaction([0.5, 0.25], drops, 1.0, combine="multiplicative"), [-0.0625, 0])


def pruned_columns(W, fraction):
    order = np.argsort(np.abs(W).sum(axis=1), kind="stable")
    return np.where(np.isin(np.arange(len(W)), order[: int(fraction * len(W))])[:, np.newaxis], 0, W)


def test_additivity_is_only_local():
    """A trained network, one-shot: mild drops add up; severe ones would add up to more than there is to lose."""
    X, y = load_digits(return_X_y=True)
    net = MLPClassifier((32,), max_iter=60, tol=0, random_state=0, n_iter_no_change=100)
    with pytest.warns(Warning, match="converge"):
        net.fit(X[::2] / 16, y[::2])
    (first, second), (b1, b2) = net.coefs_, net.intercepts_

    def accuracy(fraction, rank):
        hidden = np.matmul(*best_of_rank(pruned_columns(first.T, fraction).T, rank))
        return (np.argmax(np.maximum(X[1::2] / 16 @ hidden + b1, 0) @ second + b2, axis=1) == y[1::2]).mean()

    A0 = accuracy(0, 32)

    def interaction_at(fraction, rank):
        drops = [A0 - accuracy(fraction, 32), A0 - accuracy(0, rank)]
        return sum(drops), interaction(accuracy(fraction, rank), drops, A0)

    mild, at_mild = interaction_at(0.2, 16)
    severe, at_severe = interaction_at(0.85, 3)
    assert mild < 0.1
    assert abs(at_mild) < 0.03
    assert severe > A0  # a sum of drops beyond all there was
    assert at_severe > 0.1


# --- the law of one stage -------------------------------------------------------------------------------------------


@given(st.floats(0.01, 1), st.floats(0.1, 20), st.integers(2, 6))
def test_the_fit_finds_the_law_that_made_the_data(c, g, n):
    severity = np.linspace(0, 1, n + 1)
    fit = fit_drop(severity, c * severity**g)
    assert_allclose([fit.c, fit.g], [c, g], rtol=1e-9)
    assert_allclose(fit.residuals, 0, atol=1e-12)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("g", [0.3, 1.0, 4.0])
def test_scipy_finds_the_same_least_squares(g, seed):
    rng = np.random.default_rng(seed)
    severity = rng.uniform(0.05, 0.9, 12)
    drops = 0.6 * severity**g + rng.normal(scale=0.03, size=12)
    fit = fit_drop(severity, drops)
    expected, _ = scipy.optimize.curve_fit(
        lambda s, c, g: c * s**g, severity, drops, p0=(0.6, g), xtol=1e-14, ftol=1e-14
    )
    assert_allclose([fit.c, fit.g], expected, rtol=1e-5)
    assert_allclose(fit.residuals, drops - stage_drop(severity, fit.c, fit.g), atol=1e-15)
    assert_allclose(fit.residuals @ severity**fit.g, 0, atol=1e-12)  # the normal equation of c


@given(arrays(np.float64, 5, elements=st.floats(-0.2, 1)), st.floats(0.2, 0.9), st.randoms(use_true_random=False))
def test_no_law_on_a_grid_fits_better_and_the_order_does_not_matter(drops, top, random):
    severity = top * np.array([0.0, 0.2, 0.5, 0.5, 1.0])
    fit = fit_drop(severity, drops)
    assert fit.c >= 0
    assert 1 / 64 <= fit.g <= 64
    g = np.geomspace(1 / 64, 64, 200)[:, np.newaxis]
    power = severity**g
    c = np.maximum((power @ drops) / (power**2).sum(axis=1), 0)
    least = ((drops - c[:, np.newaxis] * power) ** 2).sum(axis=1).min()
    assert (fit.residuals**2).sum() <= least * (1 + 1e-3) + 1e-12
    order = random.sample(range(5), 5)
    # where the sum of squares is flat, c and g are not determined, but what they leave is
    assert_allclose(fit_drop(severity[order], drops[order]).residuals, fit.residuals[order], atol=1e-6)


def test_a_step_ends_at_the_end_of_the_interval_and_no_drop_at_c_0():
    step = fit_drop([0.5, 0.9, 1.0], [0.0, 0.0, 0.5])
    assert_allclose(step.g, 64, rtol=1e-12)
    assert_allclose(step.c, 0.5, rtol=1e-3)
    for drops in ([0.0, 0.0], [-0.1, -0.02]):
        none = fit_drop([0.5, 1.0], drops)
        assert (none.c, none.g) == (0, 1)
        assert_array_equal(none.residuals, drops)


def test_the_drop_of_no_severity_is_0_and_grows():
    drops = stage_drop(np.linspace(0, 1, 11), 0.4, 0.5)
    assert drops[0] == 0
    assert drops[-1] == 0.4
    assert (np.diff(drops) > 0).all()


# --- Pareto front ---------------------------------------------------------------------------------------------------


def beaten(i, cost, quality):
    return any(
        cost[j] <= cost[i] and quality[j] >= quality[i] and (cost[j] < cost[i] or quality[j] > quality[i])
        for j in range(len(cost))
    )


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12))
def test_the_front_is_what_no_point_beats(points):
    cost, quality = np.array(points, dtype=float).reshape(-1, 2).T
    front = pareto_front(cost, quality)
    assert sorted(front) == [i for i in range(len(points)) if not beaten(i, cost, quality)]
    assert list(front) == sorted(front, key=lambda i: (cost[i], i))
    assert (np.diff(quality[front]) >= 0).all()


def test_equal_points_are_all_on_the_front_and_equal_in_one_thing_is_beaten():
    assert_array_equal(pareto_front([1, 2, 1, 2], [0.5, 0.5, 0.5, 0.9]), [0, 2, 3])
    assert_array_equal(pareto_front([-1e308, 1e308], [-1e308, 1e308]), [0, 1])


# --- dtypes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "computed"), [("f2", "f4"), ("f4", "f4"), ("f8", "f8"), ("i8", "f8")])
def test_floats_keep_their_dtype(dtype, computed):
    ones = np.array([[0, 1]], dtype)
    assert stage_drop(ones, 0.5, 2.0).dtype == np.dtype(computed)
    assert combined_accuracy(ones, 1.0).dtype == np.dtype(computed)
    assert interaction(ones[0, :1], ones, 1.0).dtype == np.dtype(computed)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_sliced_weights_keep_their_dtype(dtype):
    weights = [
        {name: array.astype(dtype) for name, array in layer.items()} for layer in random_weights(RESIDUAL, IMAGE)
    ]
    for layer in slice_weights(RESIDUAL, IMAGE, weights, {2: [0]}):
        assert all(array.dtype == np.dtype(dtype) for array in layer.values())
