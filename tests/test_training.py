"""The training steps of the widgets against PyTorch and against differences, and what a stack promises."""

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.core.training import (
    adam_step,
    each,
    forward,
    gradients,
    initial_layers,
    no_moments,
    sgd_step,
    stacked,
)

WIDTHS = [(2, 3), (2, 12, 3), (5, 7, 4, 2), (2, 24, 24, 3)]
widths = pytest.mark.parametrize("widths", WIDTHS, ids=str)


def drawn(widths, seed=0, rows=11):
    """Return layers with biases that are not 0, inputs and a gradient by the logits."""
    rng = np.random.default_rng(seed)
    layers = [(W, rng.normal(size=b.shape)) for W, b in initial_layers(widths, rng)]
    return layers, rng.normal(size=(rows, widths[0])), rng.normal(size=(rows, widths[-1]))


def in_torch(layers):
    """Return the same network of PyTorch: torch.nn.Linear has its weights the other way round."""
    modules = []
    for W, b in layers:
        linear = torch.nn.Linear(*W.shape, dtype=torch.float64)
        with torch.no_grad():
            linear.weight.copy_(torch.from_numpy(W.T))
            linear.bias.copy_(torch.from_numpy(b[0]))
        modules += [linear, torch.nn.Tanh()]
    return torch.nn.Sequential(*modules[:-1])


def assert_same_layers(layers, network, tolerance):
    for (W, b), linear in zip(layers, network[::2], strict=True):
        assert_allclose(W, linear.weight.detach().numpy().T, rtol=0, atol=tolerance)
        assert_allclose(b[0], linear.bias.detach().numpy(), rtol=0, atol=tolerance)


@widths
def test_logits_and_gradients_are_those_of_pytorch(widths):
    layers, x, g = drawn(widths)
    network = in_torch(layers)
    activations, z = forward(x, layers), network(torch.from_numpy(x))
    assert len(activations) == len(widths)
    assert_allclose(activations[-1], z.detach().numpy(), rtol=0, atol=1e-12)
    z.backward(torch.from_numpy(g))
    for (dW, db), linear in zip(gradients(activations, layers, g), network[::2], strict=True):
        assert_allclose(dW, linear.weight.grad.numpy().T, rtol=0, atol=1e-12)
        assert_allclose(db[0], linear.bias.grad.numpy(), rtol=0, atol=1e-12)


@widths
def test_gradients_are_what_differences_say(widths):
    layers, x, g = drawn(widths, seed=1)
    found = gradients(forward(x, layers), layers, g)
    rng = np.random.default_rng(2)
    direction = each(lambda W: rng.normal(size=W.shape), layers)
    ends = [each(lambda W, d, h=h: W + h * d, layers, direction) for h in (1e-5, -1e-5)]
    rise = [(g * forward(x, end)[-1]).sum() for end in ends]
    slope = sum((dW * d).sum() for pair in zip(found, direction, strict=True) for dW, d in zip(*pair, strict=True))
    assert (rise[0] - rise[1]) / 2e-5 == pytest.approx(slope, rel=1e-8)


def trained_in_torch(layers, x, targets, optimiser, steps):
    network = in_torch(layers)
    step_optimiser = optimiser(network.parameters())
    for _ in range(steps):
        step_optimiser.zero_grad()
        (0.5 * (network(torch.from_numpy(x)) - torch.from_numpy(targets)) ** 2).sum().backward()
        step_optimiser.step()
    return network


@widths
@pytest.mark.parametrize("steps", [1, 2, 50])
def test_adam_is_that_of_pytorch(widths, steps):
    layers, x, targets = drawn(widths, seed=3)
    network = trained_in_torch(layers, x, targets, lambda p: torch.optim.Adam(p, lr=0.03), steps)
    moments = no_moments(layers)
    for t in range(1, steps + 1):
        activations = forward(x, layers)
        layers, moments = adam_step(
            layers, gradients(activations, layers, activations[-1] - targets), moments, t, eta=0.03
        )
    assert_same_layers(layers, network, 1e-12)


def test_adam_where_gradients_are_tiny_or_none():
    """There epsilon decides, and where it stands."""
    layers = [(np.array([[1.0, -2.0]]), np.zeros((1, 2)))]
    gradient = [(np.array([[1e-9, -3e-8]]), np.zeros((1, 2)))]
    parameters = [torch.nn.Parameter(torch.tensor(array)) for array in layers[0]]
    optimiser = torch.optim.Adam(parameters, lr=0.03)
    moments = no_moments(layers)
    for t in range(1, 6):
        for parameter, array in zip(parameters, gradient[0], strict=True):
            parameter.grad = torch.from_numpy(array)
        optimiser.step()
        layers, moments = adam_step(layers, gradient, moments, t, eta=0.03)
    for array, parameter in zip(layers[0], parameters, strict=True):
        assert_allclose(array, parameter.detach().numpy(), rtol=0, atol=1e-12)


@widths
def test_gradient_descent_is_that_of_pytorch(widths):
    layers, x, targets = drawn(widths, seed=4)
    network = trained_in_torch(layers, x, targets, lambda p: torch.optim.SGD(p, lr=0.001), 50)
    for _ in range(50):
        activations = forward(x, layers)
        layers = sgd_step(layers, gradients(activations, layers, activations[-1] - targets), eta=0.001)
    assert_same_layers(layers, network, 1e-12)


@widths
@pytest.mark.parametrize("shared", [True, False], ids=["one set of inputs", "inputs of each"])
def test_networks_of_a_stack_learn_as_if_alone(widths, shared):
    alone = [drawn(widths, seed) for seed in (5, 6, 7)]
    inputs = [alone[0][1] if shared else x for _, x, _ in alone]
    targets = np.stack([target for *_, target in alone])
    stack = stacked([layers for layers, *_ in alone])
    networks, moments = [layers for layers, *_ in alone], [no_moments(layers) for layers, *_ in alone]
    of_stack, x = no_moments(stack), inputs[0] if shared else np.stack(inputs)
    for t in range(1, 21):
        activations = forward(x, stack)
        stack, of_stack = adam_step(
            stack, gradients(activations, stack, activations[-1] - targets), of_stack, t, eta=0.03
        )
        for i in range(3):
            a = forward(inputs[i], networks[i])
            networks[i], moments[i] = adam_step(
                networks[i], gradients(a, networks[i], a[-1] - targets[i]), moments[i], t, eta=0.03
            )
    for arrays in zip(stack, *networks, strict=True):
        for together, *each_alone in zip(*arrays, strict=True):
            assert_allclose(together, np.stack(each_alone), rtol=0, atol=1e-12)


def test_equal_networks_of_a_stack_stay_equal_to_the_bit():
    layers, x, targets = drawn((2, 12, 3), seed=8)
    stack = stacked([layers, layers])
    moments = no_moments(stack)
    for t in range(1, 101):
        a = forward(x, stack)
        stack, moments = adam_step(stack, gradients(a, stack, a[-1] - targets), moments, t, eta=0.03)
    for array in (*stack[0], *stack[1]):
        assert_array_equal(array[0], array[1])


def test_nothing_that_is_given_is_changed():
    layers, x, g = drawn((2, 12, 3))
    before = [array.copy() for layer in layers for array in layer]
    gradient = gradients(forward(x, layers), layers, g)
    adam_step(layers, gradient, no_moments(layers), 1, eta=0.1)
    sgd_step(layers, gradient, eta=0.1)
    for array, old in zip((array for layer in layers for array in layer), before, strict=True):
        assert_array_equal(array, old)


def test_initial_weights_are_drawn_layer_by_layer_with_variance_one_over_the_inputs():
    rng = np.random.default_rng(9)
    expected = rng.standard_normal((300, 200)) / np.sqrt(300), rng.standard_normal((200, 3)) / np.sqrt(200)
    found = initial_layers((300, 200, 3), np.random.default_rng(9))
    for (W, b), wanted in zip(found, expected, strict=True):
        assert_allclose(W, wanted, rtol=1e-15)
        assert_array_equal(b, np.zeros((1, W.shape[1])))
