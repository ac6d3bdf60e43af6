"""Masks in training, and recorded movement, against kdlab.pruning on the same numbers."""

from functools import partial

import numpy as np
import pytest
import torch
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.experiments.losses import cross_entropy
from kdlab.experiments.masks import apply_masks, masks_of_each, record_movement
from kdlab.experiments.networks import generators, initial_conv_network, initial_parameters, train
from kdlab.pruning import apply_mask, magnitude, movement, prune_masks

SEEDS, STEPS, BATCH = (0, 1, 2), 8, 5
OPTIMISERS = {
    "adam": partial(torch.optim.Adam, lr=0.05),
    "decay": partial(torch.optim.AdamW, lr=0.05, weight_decay=0.5),
    "momentum": partial(torch.optim.SGD, lr=0.1, momentum=0.9),
}


def problem(seeds=SEEDS):
    """Return parameters, inputs and labels of small networks, one of each for a seed."""
    rngs = generators(seeds, "masks")
    parameters = initial_parameters((4, 6, 3), rngs)
    inputs = np.stack([rng.normal(size=(20, 4)) for rng in rngs])
    labels = np.stack([rng.integers(3, size=20) for rng in rngs])
    return parameters, inputs, labels


def trained(parameters, inputs, labels, optimiser, seeds=SEEDS, **hooks):
    rngs = generators(seeds, "order")
    return train(
        parameters, inputs, labels, cross_entropy, optimiser, steps=STEPS, batch_size=BATCH, rngs=rngs, **hooks
    ).parameters


def magnitudes(parameters):
    return [weight.abs() for weight, _ in parameters]


@pytest.mark.parametrize("sparsity", [0.0, 0.3, 0.5, 0.7])
@pytest.mark.parametrize("scope", ["global", "layer"])
def test_each_network_is_pruned_as_numpy_prunes_it_alone(scope, sparsity):
    parameters, *_ = problem()
    masks = masks_of_each(magnitudes(parameters), sparsity, scope=scope)
    assert all(mask.dtype == torch.bool for mask in masks)
    for network in range(len(SEEDS)):
        scores = [magnitude(weight[network].numpy()) for weight, _ in parameters]
        for mask, expected in zip(masks, prune_masks(scores, sparsity, scope=scope), strict=True):
            assert_array_equal(mask[network], expected)


def test_filters_of_convolutions_are_pruned_like_any_weight():
    parameters = initial_conv_network([1, 2, 3], 3, (8, 8), [5, 2], generators((0, 1), "masks"))
    masks = masks_of_each(magnitudes(parameters), 0.5, scope="layer")
    for mask, (weight, _) in zip(masks, parameters, strict=True):
        assert mask.shape == weight.shape
        size = weight[0].numel()
        assert_array_equal(mask.flatten(1).sum(1), [size - size // 2] * 2)


@pytest.mark.parametrize("prune_to", ["zero", "init"])
def test_masks_are_applied_as_numpy_applies_them(prune_to):
    parameters, *_ = problem()
    before = [(weight.clone(), bias.clone()) for weight, bias in parameters]
    initial = [(weight - 1, bias - 1) for weight, bias in parameters] if prune_to == "init" else None
    masks = masks_of_each(magnitudes(parameters), 0.5, scope="global")
    assert apply_masks(parameters, masks, initial) is None
    for layer, mask in enumerate(masks):
        start = initial[layer][0].numpy() if initial else None
        expected = apply_mask(before[layer][0].numpy(), mask.numpy(), prune_to=prune_to, initial_weights=start)
        assert_array_equal(parameters[layer][0], expected)
        assert not np.signbit(parameters[layer][0].numpy()[expected == 0]).any()
        assert_array_equal(parameters[layer][1], before[layer][1])  # biases are not pruned


def test_a_pruned_weight_that_is_not_finite_becomes_zero():
    parameters = [(torch.tensor([[[np.inf, np.nan, 1.0]]]), torch.zeros(1, 1, 3))]
    apply_masks(parameters, [torch.tensor([[[False, False, True]]])])
    assert_array_equal(parameters[0][0], [[[0, 0, 1]]])


@pytest.mark.parametrize("name", OPTIMISERS)
@pytest.mark.parametrize("to_init", [False, True])
def test_masks_persist_in_training(name, to_init):
    parameters, inputs, labels = problem()
    initial = [(weight.clone(), bias.clone()) for weight, bias in parameters] if to_init else None
    masks = masks_of_each(magnitudes(parameters), 0.5, scope="global")
    apply_masks(parameters, masks, initial)
    hook = partial(apply_masks, masks=masks, initial=initial)
    result = trained(parameters, inputs, labels, OPTIMISERS[name], after_step=hook)
    for (weight, bias), (start, start_bias), mask in zip(result, parameters, masks, strict=True):
        assert_array_equal(weight[~mask], start[~mask])
        assert (weight[mask] != start[mask]).float().mean() > 0.5  # units that are silent have no gradient
        assert (bias != start_bias).any()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_mask_that_is_not_applied_again_is_lost(name):
    """The counter-example: every optimiser revives pruned weights."""
    parameters, inputs, labels = problem()
    masks = masks_of_each(magnitudes(parameters), 0.5, scope="global")
    apply_masks(parameters, masks)
    result = trained(parameters, inputs, labels, OPTIMISERS[name])
    assert all((weight[~mask] != 0).any() for (weight, _), mask in zip(result, masks, strict=True))


@pytest.mark.parametrize("name", OPTIMISERS)
def test_momentum_and_decay_move_a_weight_whose_gradient_is_masked(name):
    """Masking gradients is not enough: what the optimiser remembers, or decays, still moves the weight."""
    weight = torch.ones(3, requires_grad=True)
    optimiser = OPTIMISERS[name]([weight])
    weight.grad = torch.ones(3)
    optimiser.step()
    after_one = weight.detach().clone()
    weight.grad = torch.zeros(3)
    optimiser.step()
    assert (weight != after_one).all()


@pytest.mark.parametrize("name", OPTIMISERS)
def test_recorded_movement_is_that_of_the_recorded_weights_and_raw_gradients(name):
    parameters, inputs, labels = problem()
    scores = [torch.zeros_like(weight) for weight, _ in parameters]
    record = []

    def before_step(layers):
        record.append([(weight.detach().numpy().copy(), weight.grad.numpy().copy()) for weight, _ in layers])
        record_movement(layers, scores)

    result = trained(parameters, inputs, labels, OPTIMISERS[name], before_step=before_step)
    assert len(record) == STEPS
    for layer, score in enumerate(scores):
        weights, gradients = (np.stack([step[layer][part] for step in record]) for part in (0, 1))
        assert_allclose(score, movement(weights, gradients), rtol=1e-12, atol=1e-15)
        assert_array_equal(weights[0], parameters[layer][0])  # before the first step
        assert (weights[-1] != result[layer][0].numpy()).any()  # and not after the last


def test_with_plain_gradient_descent_raw_gradients_are_the_steps_taken():
    """S = sum of w_t (w_{t+1} - w_t) / lr for SGD: an independent account of which gradient is meant."""
    parameters, inputs, labels = problem()
    scores = [torch.zeros_like(weight) for weight, _ in parameters]
    path = [[weight.numpy().copy() for weight, _ in parameters]]
    trained(
        parameters,
        inputs,
        labels,
        partial(torch.optim.SGD, lr=0.1),
        before_step=partial(record_movement, scores=scores),
        after_step=lambda layers: path.append([weight.detach().numpy().copy() for weight, _ in layers]),
    )
    for layer, score in enumerate(scores):
        w = np.stack([step[layer] for step in path])
        assert_allclose(score, (w[:-1] * np.diff(w, axis=0) / 0.1).sum(axis=0), rtol=1e-9, atol=1e-12)


def test_a_network_does_not_depend_on_those_beside_it():
    def run(seeds):
        parameters, inputs, labels = problem(seeds)
        scores = [torch.zeros_like(weight) for weight, _ in parameters]
        hook = partial(record_movement, scores=scores)
        trained(parameters, inputs, labels, OPTIMISERS["adam"], seeds, before_step=hook)
        return scores, masks_of_each(scores, 0.5, scope="global")

    scores, masks = run((0, 1, 2))
    alone, alone_masks = run((1,))
    for together, single in zip(scores, alone, strict=True):
        assert_allclose(together[1], single[0], rtol=1e-9, atol=1e-12)
    for together, single in zip(masks, alone_masks, strict=True):
        assert_array_equal(together[1], single[0])


def test_a_layer_without_weights_left_is_told():
    scores = [torch.ones(2, 3, 3), torch.zeros(2, 1, 2)]
    with pytest.warns(UserWarning, match="Nothing is kept of layer 1"):
        masks = masks_of_each(scores, 0.5, scope="global")
    assert not masks[1].any()


def test_bad_input_is_refused():
    parameters, *_ = problem()
    masks = masks_of_each(magnitudes(parameters), 0.5, scope="layer")
    with pytest.raises(ValueError, match="masks must have the shapes"):
        apply_masks(parameters, masks[:1])
    with pytest.raises(ValueError, match="masks must have the shapes"):
        apply_masks(parameters, [mask[:1] for mask in masks])  # would be broadcast
    with pytest.raises(ValueError, match="initial must have the shapes"):
        apply_masks(parameters, masks, parameters[:1])
    with pytest.raises(ValueError, match="scores must have the shapes"):
        record_movement(parameters, masks[:1])
    with pytest.raises(ValueError, match="parameters must hold the gradients"):
        record_movement(parameters, [torch.zeros_like(weight) for weight, _ in parameters])
