"""The network that is compressed: the same in NumPy, as a module of PyTorch, and as it is trained."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal
from torch import nn

from kdlab.core.low_rank import low_rank_factors
from kdlab.core.pipeline import quantize
from kdlab.experiments import clock, convnet
from kdlab.experiments.convnet import DENSE, FULL, Network
from kdlab.experiments.data import digits
from kdlab.experiments.lab import Lab, Lesson
from kdlab.experiments.networks import conv_forward, generators, initial_conv_network
from kdlab.experiments.pipeline import ORDERS
from kdlab.quantization import fake_quantize


@pytest.fixture(scope="module")
def networks():
    """Return two networks as they are before training."""
    parameters = initial_conv_network((16, 32), 3, (8, 8), (64, 10), generators([0, 1], "test"))
    return [convnet.from_layers(FULL, parameters, i) for i in range(2)]


@pytest.fixture(scope="module")
def inputs():
    return digits(0).test_inputs


def after(network, steps):
    """Take half of the filters out, leave rank 8 and 4 bits, in some order."""
    for step in steps:
        if step == "prune":
            network = convnet.pruned(network, convnet.norms(network), 0.5)
        elif step == "svd":
            network = convnet.factorized(network, *low_rank_factors(network.weights[DENSE]["weight"], 8))
        else:
            network = convnet.quantized(network, 4)
    return network


def further(starts, steps):
    """Train networks of two seeds further for some steps, by a teacher that is linear."""
    lab = Lab([0, 1], dict.fromkeys(starts, "a few steps"))
    split = lab.split(digits)
    least_squares = np.linalg.pinv(split.train_inputs) @ np.eye(10)[split.train_labels]
    lesson = Lesson(split.train, convnet.LOSS, 5 * split.train_inputs @ least_squares)
    return convnet.trained_further(lab, starts, lesson, steps)


def test_what_is_timed_and_what_is_trained_compute_what_a_module_of_torch_does(networks, inputs):
    network = networks[0]
    module = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(512, 64),
        nn.ReLU(),
        nn.Linear(64, 10),
    ).double()
    arrays = [layer for layer in network.weights if layer]
    for layer, of_layer in zip([module[i] for i in (0, 2, 6, 8)], arrays, strict=True):
        layer.load_state_dict({name: torch.from_numpy(array) for name, array in of_layer.items()})
    with torch.no_grad():
        expected = module(torch.from_numpy(inputs).reshape(-1, 1, 8, 8)).numpy()
    assert_allclose(convnet.logits_of(network, inputs), expected, atol=1e-10)
    stacked_inputs = torch.from_numpy(inputs)[None]
    assert_allclose(conv_forward(convnet.to_layers([network]), stacked_inputs)[0], expected, atol=1e-10)


@pytest.mark.parametrize("steps", [(), ("svd",), ("quantize",), *ORDERS])
def test_networks_are_trained_as_they_are_run(networks, inputs, steps):
    of_each = [after(network, steps) for network in networks]
    parameters = convnet.to_layers(of_each)
    forward = convnet.forward_of(of_each[0].layers)
    logits = forward(parameters, torch.from_numpy(inputs).expand(2, -1, -1))
    for i, network in enumerate(of_each):
        again = convnet.from_layers(network.layers, parameters, i)
        for arrays, expected in zip(again.weights, network.weights, strict=True):
            assert arrays.keys() == expected.keys()
            for name, array in arrays.items():
                assert_array_equal(array, expected[name])
        if steps[-1:] != ("prune",) or "quantize" not in steps:  # a sliced tensor is put on a grid of its own
            assert_allclose(logits[i].numpy(), convnet.logits_of(network, inputs), atol=2e-5)


def test_few_bits_are_the_grid_of_the_library_in_torch_too(networks):
    weight = np.stack([network.weights[0]["weight"] for network in networks])
    for bits in (2, 3, 4, 8):
        expected = [fake_quantize(w, bits, symmetric=True) for w in weight]
        latent = torch.from_numpy(weight).requires_grad_()
        quantized = convnet.symmetric(latent, bits)
        assert_allclose(quantized.detach(), expected, atol=1e-14)
        quantized.sum().backward()
        assert_array_equal(latent.grad, np.ones_like(weight))


@pytest.mark.parametrize("order", ORDERS)
def test_few_bits_stay_few_whatever_comes_after(networks, order):
    starts = [after(network, order) for network in networks]
    trained = further({"one": starts}, 2)["one"]
    for compressed in (starts[0], trained[0]):
        assert {convnet.bits_of(layer) for layer in compressed.layers} == {4, 32}
        for arrays in compressed.weights:
            for name, array in arrays.items():
                if name != "bias":
                    assert len(np.unique(np.abs(array).round(6))) <= 8  # 0 and seven steps
    assert np.abs(trained[0].weights[0]["bias"] - starts[0].weights[0]["bias"]).max() > 1e-4


def test_factors_that_are_left_as_floats_are_found(networks, monkeypatch):
    """The planted bug: an SVD after the quantization, whose factors nobody puts on a grid, is counted as few bits."""
    monkeypatch.setattr(convnet, "on_grid", lambda layer, arrays: dict(arrays))
    few_bits = Network(quantize(FULL, 4), networks[0].weights)
    network = convnet.factorized(few_bits, *low_rank_factors(networks[0].weights[DENSE]["weight"], 8))
    assert convnet.bits_of(network.layers[DENSE]) == 4
    assert len(np.unique(np.abs(network.weights[DENSE]["U"]).round(6))) > 8


def test_codes_that_are_turned_into_floats_in_every_call_give_the_same_logits(networks, inputs):
    network = after(networks[0], ["prune", "svd", "quantize"])
    logits = clock.decoding(network)(convnet.images_of(inputs).float())
    assert_allclose(logits, convnet.logits_of(network, inputs), atol=1e-5)
    assert_allclose(clock.as_floats(network)(convnet.images_of(inputs).float()), logits, atol=1e-5)


def test_networks_side_by_side_are_trained_as_alone(networks):
    starts = {"svd": [after(network, ["svd"]) for network in networks]}
    starts |= {name: [after(network, ["svd"]) for network in reversed(networks)] for name in ("other", "again")}
    together = further(starts, 5)
    for name, of_name in starts.items():
        alone = further({name: of_name}, 5)[name]
        for i in range(2):
            for arrays, expected in zip(together[name][i].weights, alone[i].weights, strict=True):
                for array_name, array in arrays.items():
                    assert_allclose(array, expected[array_name], atol=1e-12)
            assert np.abs(alone[i].weights[DENSE]["U"] - of_name[i].weights[DENSE]["U"]).max() > 1e-3


def jittered(network):
    rng = np.random.default_rng(0)
    moved = [{name: a * (1 + 1e-15 * rng.standard_normal(a.shape)) for name, a in of.items()} for of in network.weights]
    return Network(network.layers, moved)


@pytest.mark.parametrize("order", [("quantize",), ("prune", "svd", "quantize"), ("quantize", "prune", "svd")])
def test_rounding_does_not_reach_what_is_trained_with_few_bits(networks, inputs, order):
    """Equal sums of different patches, which rounding would tell apart, share one place in the maximum."""
    starts = {"as it is": [after(network, order) for network in networks]}
    starts["jittered"] = [after(jittered(network), order) for network in networks]
    trained = further(starts, 30)
    for one, other in zip(trained["as it is"], trained["jittered"], strict=True):
        assert_allclose(convnet.logits_of(one, inputs), convnet.logits_of(other, inputs), atol=1e-9)


def test_weights_halfway_between_two_steps_go_to_the_even_one_whatever_the_rounding():
    steps = torch.tensor([6.0, 3.0, 1.0, -3.0], dtype=torch.float64)  # on a grid to 7, whose largest weight was pruned
    expected = np.array([7, 4, 1, -4]) * 6 / 7  # 3.5 is halfway
    for scale in (0.1, 0.3, 1 / 3, 0.7, 1.1, 0.123456789):
        for ulps in (-2, -1, 0, 1, 2):
            moved = torch.from_numpy(steps.numpy() * scale * np.array([1, 1 + ulps * 2**-52, 1, 1 - ulps * 2**-52]))
            assert_allclose(convnet.symmetric(moved[None], 4)[0], expected * scale, rtol=1e-12)


def test_what_is_pooled_is_rounded_and_passes_its_gradient_to_the_first_of_equals():
    sums = torch.tensor([[[[0.3, 0.1 + 0.2], [0.25, 0.0]]]], dtype=torch.float64, requires_grad=True)
    assert sums[0, 0, 0, 1] > sums[0, 0, 0, 0]
    torch.nn.functional.max_pool2d(convnet.pooled_alike(sums), 2).sum().backward()
    assert_array_equal(sums.grad[0, 0], [[1, 0], [0, 0]])
    assert_allclose(convnet.pooled_alike(sums).detach(), sums.detach(), atol=2**-21)
