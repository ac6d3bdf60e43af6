"""Networks trained side by side against one network trained by plain torch, and against themselves alone."""

from functools import partial

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from torch import nn

from kdlab.experiments import imbalance
from kdlab.experiments.losses import cross_entropy
from kdlab.experiments.networks import (
    conv_forward,
    forward,
    forward_with,
    generators,
    initial_conv_network,
    initial_parameters,
    logits_of,
    minibatches,
    train,
)

ROUNDING = 1e-9  # after all steps of training: the stated independence of batch-mates


def plain_torch(parameters, network):
    """Build one of the networks out of torch's own layers."""
    layers = []
    for weight, bias in parameters:
        fan_in, fan_out = weight.shape[1:]
        linear = nn.Linear(fan_in, fan_out, dtype=torch.float64)
        linear.weight.data, linear.bias.data = weight[network].T.clone(), bias[network, 0].clone()
        layers += [linear, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


def test_forward_equals_plain_torch():
    parameters = initial_parameters((6, 5, 4, 3), generators([0, 1], "test"))
    inputs = torch.from_numpy(np.random.default_rng(0).normal(size=(2, 7, 6)))
    for network in range(2):
        expected = plain_torch(parameters, network)(inputs[network])
        torch.testing.assert_close(forward(parameters, inputs)[network], expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("optimiser", [partial(torch.optim.AdamW, lr=0.01), partial(torch.optim.SGD, lr=0.1)])
def test_training_equals_plain_torch(optimiser):
    seeds, rng = [3, 4], np.random.default_rng(0)
    inputs, labels = rng.normal(size=(2, 10, 6)), rng.integers(0, 3, size=(2, 10))
    parameters = initial_parameters((6, 5, 3), generators(seeds, "start"))
    rngs = generators(seeds, "order")
    trained = train(parameters, inputs, labels, cross_entropy, optimiser, steps=25, batch_size=4, rngs=rngs)
    for network, seed in enumerate(seeds):
        model = plain_torch(parameters, network)
        step_optimiser = optimiser(model.parameters())
        losses = []
        for batch in minibatches(10, 4, 25, generators([seed], "order")[0]):
            x, y = torch.from_numpy(inputs[network, batch]), torch.from_numpy(labels[network, batch])
            loss = nn.functional.cross_entropy(model(x), y)
            step_optimiser.zero_grad()
            loss.backward()
            step_optimiser.step()
            losses.append(loss.item())
        np.testing.assert_allclose(trained.losses[network], losses, rtol=1e-10)
        with torch.no_grad():
            expected = model(torch.from_numpy(inputs[network])).numpy()
        np.testing.assert_allclose(logits_of(trained.parameters, inputs)[network], expected, rtol=1e-9, atol=1e-9)


def plain_conv(parameters, network, dimensions):
    """Build one of the convolutional networks out of torch's own layers."""
    convolution, pool = [(nn.Conv1d, nn.MaxPool1d), (nn.Conv2d, nn.MaxPool2d)][dimensions - 1]
    layers = []
    for weight, bias in parameters[:2]:
        _, out, into, kernel = weight.shape[:4]
        layer = convolution(into, out, kernel, padding=kernel // 2)
        layer.weight.data, layer.bias.data = weight[network].clone(), bias[network, 0].clone()
        layers += [layer, nn.ReLU()]
    layers += [pool(2), nn.Flatten()]
    for weight, bias in parameters[2:]:
        layer = nn.Linear(*weight.shape[1:])
        layer.weight.data, layer.bias.data = weight[network].T.clone(), bias[network, 0].clone()
        layers += [layer, nn.ReLU()]
    return nn.Sequential(*layers[:-1])


@pytest.mark.parametrize(("shape", "kernel"), [((10,), 5), ((6, 6), 3)])
def test_convolutional_networks_equal_plain_torch_in_value_and_training(shape, kernel):
    seeds, rng = [3, 4], np.random.default_rng(0)
    parameters = initial_conv_network((3, 4), kernel, shape, (5, 3), generators(seeds, "start"))
    inputs, labels = rng.normal(size=(2, 9, np.prod(shape))), rng.integers(0, 3, size=(2, 9))
    models = [plain_conv(parameters, network, len(shape)) for network in range(2)]
    of_torch = [model(torch.from_numpy(x).reshape(9, 1, *shape)) for model, x in zip(models, inputs, strict=True)]
    logits = logits_of(parameters, inputs, conv_forward)
    assert logits.dtype == np.float64
    np.testing.assert_allclose(logits, [z.detach().numpy() for z in of_torch], rtol=1e-12, atol=1e-12)

    optimiser = partial(torch.optim.SGD, lr=0.1)
    trained = train(
        parameters,
        inputs,
        labels,
        cross_entropy,
        optimiser,
        steps=10,
        batch_size=9,
        rngs=generators(seeds, "order"),
        forward=conv_forward,
    )
    for network, model in enumerate(models):
        step_optimiser = optimiser(model.parameters())
        for step in range(10):
            loss = nn.functional.cross_entropy(
                model(torch.from_numpy(inputs[network]).reshape(9, 1, *shape)),
                torch.from_numpy(labels[network]),
            )
            assert trained.losses[network, step] == pytest.approx(loss.item(), rel=1e-10)
            step_optimiser.zero_grad()
            loss.backward()
            step_optimiser.step()


def test_many_rows_are_computed_in_blocks_and_none_is_lost():
    parameters = initial_parameters((3, 2), generators([0], "test"))
    inputs = np.random.default_rng(0).normal(size=(1, 2500, 3))
    np.testing.assert_array_equal(logits_of(parameters, inputs), forward(parameters, torch.from_numpy(inputs)).numpy())


def test_hooks_see_the_gradient_before_the_step_and_the_weights_after_it():
    start = initial_parameters((6, 3), generators([0], "start"))
    inputs, labels = np.random.default_rng(0).normal(size=(1, 4, 6)), np.zeros((1, 4), dtype=np.int64)
    before, gradients, after = [], [], []

    def before_step(parameters):
        before.append(parameters[0][0].detach().clone())
        gradients.append(parameters[0][0].grad.clone())

    def after_step(parameters):
        after.append(parameters[0][0].detach().clone())
        with torch.no_grad():
            parameters[0][0][:, 0] = 7.0

    trained = train(
        start,
        inputs,
        labels,
        cross_entropy,
        partial(torch.optim.SGD, lr=0.5),
        steps=2,
        batch_size=4,
        rngs=generators([0], "order"),
        before_step=before_step,
        after_step=after_step,
    )
    assert torch.equal(before[0], start[0][0])
    torch.testing.assert_close(after[0], before[0] - 0.5 * gradients[0], rtol=1e-12, atol=1e-12)
    assert (before[1][:, 0] == 7).all()  # what the hook wrote is where the next step starts, and what is returned
    assert (trained.parameters[0][0][:, 0] == 7).all()


def test_training_leaves_its_input_alone():
    parameters = initial_parameters((6, 5, 3), generators([0], "start"))
    before = [tensor.clone() for layer in parameters for tensor in layer]
    inputs, labels = np.ones((1, 4, 6)), np.zeros((1, 4), dtype=np.int64)
    optimiser = partial(torch.optim.SGD, lr=0.1)
    train(parameters, inputs, labels, cross_entropy, optimiser, steps=2, batch_size=4, rngs=generators([0], "order"))
    for tensor, old in zip((tensor for layer in parameters for tensor in layer), before, strict=True):
        assert torch.equal(tensor, old)
        assert not tensor.requires_grad


def test_a_seed_alone_equals_the_seed_in_a_batch():
    def records(seeds):
        return [record for record in imbalance.EXPERIMENT.records(seeds) if record["seed"] == 7]

    for alone, beside_others in zip(records([7]), records([2, 7, 5]), strict=True):
        assert alone.keys() == beside_others.keys()
        assert alone.pop("arm") == beside_others["arm"]
        for measure, value in alone.items():
            assert beside_others[measure] == pytest.approx(value, rel=ROUNDING, abs=ROUNDING), (
                beside_others["arm"],
                measure,
            )


def test_initial_parameters_are_uniform_within_one_over_root_fan_in():
    (weight, bias), _ = initial_parameters((100, 400, 2), generators([0], "test"))
    assert weight.shape == (1, 100, 400)
    assert bias.shape == (1, 1, 400)
    # a false alarm once in ten thousand seeds; the seed is fixed
    assert stats.kstest(weight.numpy().ravel(), stats.uniform(-0.1, 0.2).cdf).pvalue > 1e-4
    assert stats.kstest(bias.numpy().ravel(), stats.uniform(-0.1, 0.2).cdf).pvalue > 1e-4


def test_generators_differ_by_seed_and_by_purpose():
    firsts = [rng.random() for purpose in ("a", "b", "ab") for rng in generators(range(5), purpose)]
    assert len(set(firsts)) == 15


@given(st.integers(1, 40), st.integers(1, 50), st.integers(1, 60), st.integers(0, 2**32))
def test_minibatches_use_every_row_equally_often(rows, batch_size, steps, seed):
    batches = minibatches(rows, batch_size, steps, np.random.default_rng(seed))
    assert batches.shape == (steps, min(batch_size, rows))
    uses = np.bincount(batches.ravel(), minlength=rows)
    assert len(uses) == rows
    assert uses.max() - uses.min() <= 1


@pytest.mark.parametrize("sizes", [(3,), (), (3, 0), (3, -1, 2)])
def test_bad_sizes(sizes):
    with pytest.raises(ValueError, match="sizes must name at least two layers"):
        initial_parameters(sizes, generators([0], "test"))


def test_no_generator():
    with pytest.raises(ValueError, match="rngs must hold one generator"):
        initial_parameters((3, 2), [])


@pytest.mark.parametrize("counts", [(0, 1, 1), (1, 0, 1), (1, 1, 0)])
def test_bad_minibatches(counts):
    with pytest.raises(ValueError, match="must be at least 1"):
        minibatches(*counts, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("inputs", "targets", "generators_given", "message"),
    [
        ((2, 5, 6), (2, 5), 1, "as many networks"),
        ((3, 5, 6), (3, 5), 2, "as many networks"),
        ((2, 5, 6), (2, 4), 2, r"targets must have shape \(2, 5, ...\)"),
        ((2, 5, 6), (1, 5), 2, r"targets must have shape \(2, 5, ...\)"),
    ],
)
def test_training_refuses_what_does_not_fit(inputs, targets, generators_given, message):
    parameters = initial_parameters((6, 3), generators([0, 1], "test"))
    arguments = np.zeros(inputs), np.zeros(targets, dtype=np.int64), cross_entropy, partial(torch.optim.SGD, lr=0.1)
    with pytest.raises(ValueError, match=message):
        train(parameters, *arguments, steps=1, batch_size=2, rngs=generators(range(generators_given), "test"))


def test_each_part_of_the_networks_has_its_weights_changed_its_own_way():
    parameters = initial_parameters((6, 4, 3), generators(range(4), "test"))
    inputs = torch.from_numpy(np.random.default_rng(0).normal(size=(4, 5, 6)))
    logits = forward_with([torch.neg, torch.zeros_like])(parameters, inputs)
    first = [(-weight[:2], bias[:2]) for weight, bias in parameters]
    torch.testing.assert_close(logits[:2], forward(first, inputs[:2]), rtol=0, atol=1e-12)
    torch.testing.assert_close(logits[2:], parameters[-1][1][2:].expand(2, 5, 3), rtol=0, atol=0)


def test_changes_must_divide_the_networks():
    parameters = initial_parameters((6, 3), generators(range(3), "test"))
    with pytest.raises(ValueError, match="changes must divide the networks equally; 2 for 3 were given"):
        forward_with([torch.neg, torch.neg])(parameters, torch.zeros(3, 1, 6, dtype=torch.float64))
