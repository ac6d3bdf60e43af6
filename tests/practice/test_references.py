"""The references of the exercises, from which every expected value comes, beside oracles that are not ours."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import scipy.special
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as st_np
from sampling import sampled
from solutions import chapter_of, exercises, name_of, rung_of
from torch.nn.utils import prune

from kdlab.checking.asking import ask
from kdlab.practice import cases, folder
from kdlab.practice.prove import results

EXERCISES = Path(__file__).parents[2] / "exercises"
SOFTMAX = cases.namespace(folder.read(EXERCISES / "temperature" / "softmax"))
DEBUG = cases.namespace(folder.read(EXERCISES / "temperature" / "debug"))
PRUNE_MASK = cases.namespace(folder.read(EXERCISES / "pruning" / "prune_mask"))
BY_DIVERGENCE = cases.namespace(folder.read(EXERCISES / "pruning" / "by_divergence"))
PRUNE_DEBUG = cases.namespace(folder.read(EXERCISES / "pruning" / "debug"))

LOGITS = st_np.arrays(np.float64, st_np.array_shapes(min_dims=1, max_dims=3, max_side=5), elements=st.floats(-1e4, 1e4))
TEMPERATURES = st.floats(0.001, 1000.0)


@given(LOGITS, TEMPERATURES)
def test_softmax_at_is_scipy_s_softmax(logits, temperature):
    # 1e-12 times the largest exponent: what rounding z / T leaves
    rtol = 1e-13 * (1 + np.ptp(logits) / temperature)
    expected = scipy.special.softmax(logits / temperature, axis=-1)
    np.testing.assert_allclose(SOFTMAX["softmax_at"](logits, temperature), expected, rtol=rtol, atol=1e-300)


@given(LOGITS.map(np.round))
def test_softmax_limits_are_where_the_softmax_goes(logits):
    cold, hot = SOFTMAX["softmax_limits"](logits)
    # whole numbers: the gaps are 0 or at least 1
    np.testing.assert_allclose(cold, scipy.special.softmax(logits / 1e-3, axis=-1), atol=1e-12)
    np.testing.assert_allclose(hot, scipy.special.softmax(logits / 1e12, axis=-1), atol=1e-7)


def test_softmax_limits_with_masked_classes():
    cold, hot = SOFTMAX["softmax_limits"](np.array([[-np.inf, 1.0, 1.0, 0.0], [2.0, -np.inf, -np.inf, -np.inf]]))
    np.testing.assert_array_equal(cold, [[0, 1 / 2, 1 / 2, 0], [1, 0, 0, 0]])
    np.testing.assert_array_equal(hot, [[0, 1 / 3, 1 / 3, 1 / 3], [1, 0, 0, 0]])


@given(st_np.arrays(np.float64, (3, 4), elements=st.floats(-5, 5)), st.floats(0.5, 10))
def test_softmax_slope_is_the_limit_of_a_difference(logits, temperature):
    step = 1e-5
    above, below = (scipy.special.softmax(logits / (temperature + h), axis=-1) for h in (step, -step))
    difference = (above - below) / (2 * step)
    # truncation of the order step**2 times the third derivative, which for these is below 1e4
    np.testing.assert_allclose(SOFTMAX["softmax_slope"](logits, temperature), difference, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 4.0])
def test_the_distillation_gradient_is_that_of_the_loss(temperature):
    rng = np.random.default_rng(11)
    z, v = rng.normal(scale=2, size=(2, 3, 5))
    step = 1e-5

    def loss(z):
        kl = scipy.special.rel_entr(
            scipy.special.softmax(v / temperature, axis=1), scipy.special.softmax(z / temperature, axis=1)
        )
        return temperature**2 * kl.sum(axis=1).mean()

    difference = np.zeros_like(z)
    for index in np.ndindex(z.shape):
        nudge = np.zeros_like(z)
        nudge[index] = step
        difference[index] = (loss(z + nudge) - loss(z - nudge)) / (2 * step)
    np.testing.assert_allclose(DEBUG["distillation_gradient"](z, v, temperature), difference, rtol=1e-6, atol=1e-8)


SPARSITIES = st.integers(0, 1000).map(lambda thousandths: Fraction(thousandths, 1000))
SHAPES = st_np.array_shapes(max_dims=3, max_side=5)


def of_few_levels(shape):
    """Draw arrays full of ties, and of zeros of both signs."""
    return st_np.arrays(np.float64, shape, elements=st.sampled_from([-2.0, -1.0, -0.0, 0.0, 1.0, 2.0]))


def mask_by_sorting(scores, n_pruned):
    """Sort by score, then from the last place to the first, and prune the first of this order."""
    order = np.lexsort((-np.arange(scores.size), scores))
    return ~np.isin(np.arange(scores.size), order[:n_pruned])


@given(st.integers(1, 10_000), SPARSITIES)
def test_number_pruned_is_the_floor_of_a_fraction(n, sparsity):
    assert PRUNE_MASK["number_pruned"](n, float(sparsity)) == sparsity * n // 1


@given(st.lists(SHAPES.flatmap(of_few_levels), min_size=1, max_size=4), SPARSITIES)
def test_keep_masks_are_those_of_a_sort_with_two_keys(scores, sparsity):
    flat = np.concatenate(scores, axis=None)
    masks = PRUNE_MASK["keep_masks"](scores, float(sparsity))
    assert [mask.shape for mask in masks] == [layer.shape for layer in scores]
    np.testing.assert_array_equal(np.concatenate(masks, axis=None), mask_by_sorting(flat, sparsity * flat.size // 1))


@given(st.integers(0, 2**32 - 1), SPARSITIES)
def test_keep_masks_are_torch_s_where_no_scores_are_equal(seed, sparsity):
    weights = np.random.default_rng(seed).normal(size=(4, 6))
    (mask,) = PRUNE_MASK["keep_masks"]([np.abs(weights)], float(sparsity))
    pruned = prune.L1Unstructured(int(sparsity * weights.size // 1)).prune(torch.from_numpy(weights))
    np.testing.assert_array_equal(mask, pruned.numpy() != 0)


@given(st.data(), SHAPES, st.lists(SPARSITIES, min_size=1, max_size=4).map(sorted))
def test_prune_in_rounds_takes_one_weight_after_another(data, shape, sparsities):
    rounds = data.draw(of_few_levels((len(sparsities), *shape)))
    left = list(range(rounds[0].size))
    for weights, sparsity in zip(rounds, sparsities, strict=True):
        while len(left) > rounds[0].size - sparsity * rounds[0].size // 1:
            left.remove(min(left, key=lambda place: (abs(weights.flat[place]), -place)))
    mask = PRUNE_MASK["prune_in_rounds"](rounds, [float(sparsity) for sparsity in sparsities])
    assert mask.shape == rounds[0].shape
    assert np.flatnonzero(mask).tolist() == left


def test_the_movement_score_is_the_slope_of_the_losses_by_a_common_factor():
    # a factor m on the weights w_t of a step changes its loss f_t by f_t'(m w_t) w_t, at m = 1 w_t g_t
    rng = np.random.default_rng(3)
    weights, targets = torch.from_numpy(rng.normal(size=(2, 5, 3, 2)))
    factor = torch.ones(3, 2, dtype=torch.float64, requires_grad=True)
    loss = torch.cosh(factor * weights - targets).sum()
    loss.backward()
    gradients = torch.sinh(weights - targets).numpy()
    score = PRUNE_MASK["movement_score"](weights.numpy(), gradients)
    np.testing.assert_allclose(score, -factor.grad.numpy(), rtol=1e-12)


@given(st.integers(0, 2**32 - 1), st.integers(0, 6), st.sampled_from([0.0, 0.5, 0.9]), st.sampled_from([0.0, 0.1]))
def test_fine_tune_is_torch_s_sgd_of_a_masked_layer(seed, n_steps, momentum, weight_decay):
    rng = np.random.default_rng(seed)
    weights, velocity, mask = *rng.normal(size=(2, 4, 3)), rng.random((4, 3)) < 0.5
    inputs, targets = rng.normal(size=(5, 4)), rng.dirichlet(np.ones(3), size=5)
    layer = torch.nn.Linear(4, 3, bias=False, dtype=torch.float64)
    layer.weight.data = torch.tensor(weights.T)
    prune.custom_from_mask(layer, "weight", torch.tensor(mask.T))
    optimiser = torch.optim.SGD(layer.parameters(), lr=0.2, momentum=momentum, weight_decay=weight_decay)
    if momentum:
        optimiser.state[layer.weight_orig]["momentum_buffer"] = torch.tensor(velocity.T)
    for _ in range(n_steps):
        optimiser.zero_grad()
        logits = layer(torch.from_numpy(inputs))
        torch.nn.functional.cross_entropy(logits, torch.from_numpy(targets)).backward()
        optimiser.step()
    expected = (layer.weight_orig * layer.weight_mask).detach().numpy().T
    tuned = PRUNE_DEBUG["fine_tune"](weights, mask, velocity, inputs, targets, 0.2, momentum, weight_decay, n_steps)
    np.testing.assert_allclose(tuned, expected, rtol=1e-10, atol=1e-12)
    assert (tuned[~mask] == 0).all()


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 10.0))
def test_the_divergence_is_scipy_s_relative_entropy(seed, temperature):
    teacher, student = np.random.default_rng(seed).normal(scale=3, size=(2, 4, 5))
    p, q = (scipy.special.softmax(logits / temperature, axis=1) for logits in (teacher, student))
    expected = scipy.special.rel_entr(p, q).sum(axis=1).mean()
    found = BY_DIVERGENCE["divergence"](teacher, student, temperature)
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-13)


def test_six_weights_pruned_by_two_scores_turn_the_sign():
    W, W_init = np.array([[-1.1, 0.9], [-1.3, -1.4], [0.5, 0.6]]), np.array([[-1.6, -1.0], [-1.6, 1.7], [-2.0, -0.6]])
    X = np.array([[1.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 1.0, 0.0], [1.0, 0.0, -1.0]])
    to_zero, back = (BY_DIVERGENCE["compare"](W, W_init, X, X @ W, 0.5, 2.0, back) for back in (False, True))
    np.testing.assert_allclose(to_zero, [0.016185, 0.089344], rtol=0, atol=5e-7)
    np.testing.assert_allclose(back, [0.114772, 0.028920], rtol=0, atol=5e-7)


@given(st.data(), st.tuples(st.integers(1, 4), st.integers(1, 5)), SPARSITIES, st.booleans())
def test_prune_takes_the_lowest_and_the_last_of_equal_ones(data, shape, sparsity, back):
    scores = data.draw(of_few_levels(shape))
    W, W_init = np.arange(scores.size).reshape(shape) + 1.0, -np.ones(shape)
    pruned = BY_DIVERGENCE["prune"](W, W_init, scores, float(sparsity), back)
    kept = mask_by_sorting(scores.ravel(), sparsity * scores.size // 1).reshape(shape)
    np.testing.assert_array_equal(pruned, np.where(kept, W, -1.0 if back else 0.0))


@pytest.mark.parametrize("exercise", sampled(exercises(), chapter_of, rung_of, name=name_of))
def test_every_right_solution_passes_for_many_students(exercise):
    for seed in range(1000, 1020):
        paper = cases.paper(exercise, np.random.default_rng(seed), wrong=False)
        for solution in exercise.right:
            for result in results(paper, cases.namespace(exercise, solution)).values():
                assert result.points == result.max_points, (seed, solution.name, result.message)


def test_hidden_inputs_differ_from_student_to_student_and_public_ones_do_not():
    exercise = folder.read(EXERCISES / "temperature" / "softmax")
    papers = [cases.paper(exercise, np.random.default_rng(seed), wrong=False) for seed in (1, 2, 1)]
    seen = []
    for paper in papers:
        texts = {True: [], False: []}
        for question in paper.questions:
            for case in question.cases:
                texts[case.public].append(repr(case.args))
        seen.append(texts)
    assert seen[0][True] == seen[1][True]
    assert seen[0][False] != seen[1][False]
    assert seen[0] == seen[2]
    assert papers[0].exercise.cells != papers[1].exercise.cells
    assert ask(SOFTMAX["softmax_at"], papers[0].questions[0].cases[0].args).problem is None
