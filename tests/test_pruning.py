"""Pruning: scores, exact counts, masks, filters, and what zeroing weights costs."""

import itertools
import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn.utils import prune

from kdlab.pruning import (
    absolute_movement,
    activation_aware,
    apply_mask,
    filter_norms,
    input_rms,
    kept_filters,
    magnitude,
    magnitude_increase,
    movement,
    n_of_m_mask,
    num_pruned,
    obs_refit,
    obs_saliency,
    prune_mask,
    prune_masks,
    zeroing_damage,
)

# at high sparsity masks become empty; the tests of that warning look for it themselves
pytestmark = pytest.mark.filterwarnings("ignore:Nothing is kept")

Z_ONE_IN_A_MILLION = 4.9  # a normal deviate is beyond it, on either side, with probability 1e-6

shapes = array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=6)
tied_scores = arrays(np.float64, shapes, elements=st.integers(-3, 3).map(float))
numbers = st.floats(-100, 100).map(lambda x: 0.0 if abs(x) < 1e-100 else x)
percents = st.integers(0, 100)


def random(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def pruned_by_sorting(scores, number):
    """Return the flat indices that go: lowest score first, of equal ones the last."""
    return set(sorted(range(len(scores)), key=lambda i: (scores[i], -i))[:number])


# --- scores ---------------------------------------------------------------------------------------------------------


def test_the_scores_of_one_weight():
    for w, w_init in itertools.product((-2.0, -0.5, 0.0, 0.5, 3.0), repeat=2):
        assert magnitude([w]) == [abs(w)]
        assert absolute_movement([w], [w_init]) == [abs(w - w_init)]
        assert magnitude_increase([w], [w_init]) == [abs(w) - abs(w_init)]
        assert activation_aware([w], [2.0]) == [2 * abs(w)]


@given(st.integers(0, 5), st.integers(0, 4), st.integers(0, 2**32))
def test_recorded_and_running_movement_are_one_sum(steps, size, seed):
    rng = np.random.default_rng(seed)
    w, g = rng.normal(size=(2, steps, size))
    by_hand = [-sum(w[t, i] * g[t, i] for t in range(steps)) for i in range(size)]
    assert_allclose(movement(w, g), by_hand, rtol=1e-12, atol=1e-14)
    running = np.zeros(size)
    for t in range(steps):
        running = movement(w[t : t + 1], g[t : t + 1], running)
    assert_allclose(running, by_hand, rtol=1e-12, atol=1e-14)


def test_movement_is_positive_exactly_if_gradient_descent_leads_away_from_zero():
    for w, target in ((1.0, 3.0), (-1.0, -3.0), (1.0, 0.2), (-1.0, 0.5)):
        weight = torch.tensor(w, dtype=torch.float64, requires_grad=True)
        optimiser = torch.optim.SGD([weight], lr=0.01)
        weights, gradients = [], []
        for _ in range(20):
            optimiser.zero_grad()
            (weight - target).square().backward()
            weights.append(weight.item())
            gradients.append(weight.grad.item())
            optimiser.step()
        S = movement(weights, gradients)
        assert (S > 0) == (abs(weight.item()) > abs(w))
        assert S != 0


def test_movement_keeps_its_sign():
    """No absolute value: a weight driven to zero is the first to go, though it moves as far as the other."""
    S = movement([[1.0, 1.0]], [[0.5, -0.5]])
    assert_array_equal(S, [-0.5, 0.5])
    assert_array_equal(prune_mask(S, 0.5), [False, True])


def test_movement_in_float32_is_summed_in_float64():
    steps = 20_000
    w, g = np.full((steps, 1), 0.1, np.float32), np.full((steps, 1), 0.3, np.float32)
    exact = -float(w[0, 0]) * float(g[0, 0]) * steps
    assert movement(w, g).dtype == np.float64
    assert_allclose(movement(w, g), [exact], rtol=1e-12)
    assert abs(-np.add.reduce(w * g, axis=0)[0] / exact - 1) > 1e-7  # in float32


def test_movement_beyond_float64_is_infinite():
    with np.errstate(over="raise"):
        assert movement([[1e200]], [[-1e200]]) == np.inf


@given(arrays(np.float64, (3, 4), elements=numbers), st.integers(-30, 30), st.data())
def test_law_8_scores_grow_with_the_weights(w, exponent, data):
    c = 2.0**exponent
    w_init = data.draw(arrays(np.float64, (3, 4), elements=numbers))
    s = data.draw(arrays(np.float64, 4, elements=numbers.map(abs)))
    assert_allclose(magnitude(c * w), c * magnitude(w), rtol=1e-12)
    assert_allclose(absolute_movement(c * w, c * w_init), c * absolute_movement(w, w_init), rtol=1e-12)
    assert_allclose(magnitude_increase(c * w, c * w_init), c * magnitude_increase(w, w_init), rtol=1e-12)
    assert_allclose(movement(c * w, w_init), c * movement(w, w_init), rtol=1e-12)
    assert_allclose(activation_aware(c * w, s), c * activation_aware(w, s), rtol=1e-12)
    assert_allclose(filter_norms(c * w), c * filter_norms(w), rtol=1e-12)


# --- the textbook's movement is not the published one -----------------------------------------------------------------


def shrinking_and_standing():
    """Return the path of two weights under gradient descent: one shrinks from 1 to 0, the other stays at 1."""
    w = np.stack([np.linspace(1, 0, 11), np.ones(11)], axis=1)
    gradients = -np.diff(w, axis=0) / 0.1  # of SGD with step 0.1
    return w, gradients


def test_w_textbook_movement_keeps_a_weight_that_costs_nothing_and_the_published_one_removes_it():
    w, gradients = shrinking_and_standing()
    start, end = w[0], w[-1]
    textbook = prune_mask(absolute_movement(end, start), 0.5)
    published = prune_mask(movement(w[:-1], gradients), 0.5)
    assert_array_equal(textbook, [True, False])
    assert_array_equal(published, [False, True])
    assert zeroing_damage(end, np.ones(2), published) == 0
    assert zeroing_damage(end, np.ones(2), textbook) == 1


def test_from_zero_both_textbook_scores_are_one():
    w = random(0, 50)
    assert_array_equal(absolute_movement(w, np.zeros(50)), magnitude(w))


def test_if_all_weights_moved_alike_only_the_index_decides():
    start = np.array([3.0, -1.0, 0.0, 7.0])
    for end in (start + 0.5, start - 0.5, start + [0.5, -0.5, -0.5, 0.5]):
        assert_array_equal(prune_mask(absolute_movement(end, start), 0.5), [True, True, False, False])


@given(st.integers(1, 7), percents, st.integers(0, 2**32))
def test_movement_is_the_score_for_resetting_and_magnitude_that_for_zeroing(n, percent, seed):
    """Of all masks of this size none comes nearer to the weights."""
    rng = np.random.default_rng(seed)
    w, w_init = rng.normal(size=(2, n))
    n_prune = percent * n // 100

    def distances(scores, prune_to, initial_weights):
        def distance(mask):
            changed = apply_mask(w, mask, prune_to=prune_to, initial_weights=initial_weights)
            return np.square(w - changed).sum()

        every = [~np.isin(np.arange(n), chosen) for chosen in itertools.combinations(range(n), n_prune)]
        return distance(prune_mask(scores, percent / 100)), min(map(distance, every))

    ours, best = distances(absolute_movement(w, w_init), "init", w_init)
    assert_allclose(ours, best, rtol=1e-12)
    ours, best = distances(magnitude(w), "zero", None)
    assert_allclose(ours, best, rtol=1e-12)


def test_w_zeroing_a_weight_that_did_not_move_removes_where_it_started_as_well():
    w, w_init = np.array([5.0, 1.0]), np.array([5.0, 0.0])
    mask = prune_mask(absolute_movement(w, w_init), 0.5)
    assert_array_equal(apply_mask(w, mask, prune_to="init", initial_weights=w_init), w)  # nothing is lost
    assert_array_equal(apply_mask(w, mask), [0, 1])  # 5 is
    assert_array_equal(apply_mask(w, prune_mask(magnitude(w), 0.5)), [5, 0])


# --- what zeroing costs -----------------------------------------------------------------------------------------------


def signs(n):
    """Return all 2^n sign patterns: independent inputs of mean 0 whose expectations are exact averages."""
    return np.array(list(itertools.product((-1.0, 1.0), repeat=n)))


@given(st.integers(1, 6), st.integers(0, 2**32))
def test_the_damage_is_the_exact_mean_square_for_independent_inputs(n, seed):
    rng = np.random.default_rng(seed)
    w, s, mask = rng.normal(size=(3, n)), rng.uniform(0, 3, n), rng.random((3, n)) < 0.5
    x = signs(n) * s
    change = x @ (w * mask).T - x @ w.T
    assert_allclose(input_rms(x), s, rtol=1e-14)
    assert_allclose(zeroing_damage(w, s, mask), np.square(change).mean(axis=0).sum(), rtol=1e-12, atol=1e-15)


def test_the_damage_with_gaussian_inputs():
    """False alarm once in a million."""
    rng = np.random.default_rng(1)
    w, s, mask = rng.normal(size=8), rng.uniform(0.5, 2, 8), rng.random(8) < 0.5
    squares = np.square((rng.normal(size=(200_000, 8)) * s) @ (w * ~mask))
    z = (squares.mean() - zeroing_damage(w, s, mask)) / (squares.std() / math.sqrt(len(squares)))
    assert abs(z) < Z_ONE_IN_A_MILLION


def test_w_independent_inputs_must_have_mean_0():
    """Two constants are independent: what is lost is (w_1 + w_2)^2, not w_1^2 + w_2^2."""
    x, w = np.ones((5, 2)), np.array([1.0, 1.0])
    lost = np.square(x @ w).mean()
    assert lost == 4
    assert zeroing_damage(w, input_rms(x), np.zeros(2, bool)) == 2


@given(st.integers(2, 7), percents, st.integers(0, 2**32))
def test_no_score_beats_the_activation_aware_one_nor_magnitude_with_whitened_inputs(n, percent, seed):
    rng = np.random.default_rng(seed)
    w, n_prune = rng.normal(size=n), percent * n // 100
    for s, score in ((rng.uniform(0.1, 3, n), activation_aware), (np.full(n, 1.7), lambda w, s: magnitude(w))):
        ours = zeroing_damage(w, s, prune_mask(score(w, s), percent / 100))
        every = [sum((w[j] * s[j]) ** 2 for j in P) for P in itertools.combinations(range(n), n_prune)]
        assert_allclose(ours, min(every), rtol=1e-12)


def test_w_with_unequal_inputs_magnitude_is_not_the_best():
    w, s = np.array([1.0, 0.5]), np.array([0.1, 10.0])
    damages = [zeroing_damage(w, s, prune_mask(score, 0.5)) for score in (magnitude(w), activation_aware(w, s))]
    assert_allclose(damages, [25.0, 0.01])


def test_at_high_temperature_the_divergence_orders_masks_as_the_damage_does():
    """Two classes, logits (w x, 0): T^2 KL tends to (change of the logit)^2 / 8."""
    w, T = np.array([1.0, -0.7, 0.4, 0.2]), 1e3
    x = torch.from_numpy(signs(4))

    def log_probs(weights):
        z = x @ torch.from_numpy(weights)
        return torch.log_softmax(torch.stack([z, torch.zeros_like(z)], -1) / T, -1)

    def divergence(mask):
        p, q = log_probs(w), log_probs(w * mask)
        return T**2 * (p.exp() * (p - q)).sum(-1).mean().item()

    masks = [~np.isin(np.arange(4), P) for P in itertools.combinations(range(4), 2)]
    divergences = [divergence(mask) for mask in masks]
    assert_allclose(divergences, [zeroing_damage(w, np.ones(4), mask) / 8 for mask in masks], rtol=1e-4)
    assert_array_equal(masks[int(np.argmin(divergences))], prune_mask(magnitude(w), 0.5))


def correlated(seed, n=200, d=5):
    """Return inputs with correlations, targets, the least squares weights, and the Hessian of the mean square."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, d)) @ rng.normal(size=(d, d))
    y = x @ rng.normal(size=d) + rng.normal(size=n)
    w = np.linalg.lstsq(x, y, rcond=None)[0]
    return x, y, w, 2 * x.T @ x / n


@pytest.mark.parametrize("seed", range(5))
def test_obs_is_the_rise_of_the_loss_after_a_least_squares_fit_without_the_weight(seed):
    x, y, w, H = correlated(seed)

    def loss(weights):
        return np.square(y - x @ weights).mean()

    saliency = obs_saliency(w, H)
    for j in range(len(w)):
        mask = np.arange(len(w)) != j
        fitted = np.zeros(len(w))
        fitted[mask] = np.linalg.lstsq(x[:, mask], y, rcond=None)[0]
        assert_allclose(saliency[j], loss(fitted) - loss(w), rtol=1e-8)
        assert_allclose(obs_refit(w, H, mask), fitted, rtol=1e-8, atol=1e-10)
        inverse = np.linalg.inv(H)
        hassibi = w - w[j] / inverse[j, j] * inverse[:, j]
        assert_allclose(obs_refit(w, H, mask), hassibi, rtol=1e-8, atol=1e-10)


@given(arrays(np.bool_, 5), st.integers(0, 4))
def test_obs_fits_any_set_of_kept_weights(mask, seed):
    x, y, w, H = correlated(seed)
    fitted = np.zeros(5)
    fitted[mask] = np.linalg.lstsq(x[:, mask], y, rcond=None)[0]
    assert_allclose(obs_refit(w, H, mask), fitted, rtol=1e-8, atol=1e-10)


def test_obs_with_a_diagonal_hessian_is_the_damage():
    w, s = random(2, 3, 6), np.random.default_rng(3).uniform(0.5, 2, 6)
    assert_allclose(obs_saliency(w, np.diag(2 * s**2)), w**2 * s**2, rtol=1e-12)


def test_w_with_correlated_inputs_the_activation_aware_score_removes_the_wrong_weight():
    """Inputs 0 and 1 are nearly the same: either can stand in for the other, and for input 2 nothing can."""
    w, second_moments = np.array([1.0, 1.0, 0.5]), np.array([[1.0, 0.99, 0.0], [0.99, 1.0, 0.0], [0.0, 0.0, 1.0]])
    assert activation_aware(w, np.ones(3)).argmin() == 2
    saliency = obs_saliency(w, 2 * second_moments)
    assert_allclose(saliency, [1 - 0.99**2, 1 - 0.99**2, 0.25], rtol=1e-9)
    assert saliency.argmin() == 0


@pytest.mark.parametrize("c", [1e-307, 1e-160, 1e160, 1e307])
def test_obs_keeps_its_digits_whatever_the_unit_of_the_loss(c):
    w, H, mask = np.array([1.0, -0.5]), np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([True, False])
    assert_allclose(obs_saliency(w, c * H), c * np.array([0.75, 0.1875]), rtol=1e-14)
    assert_allclose(obs_saliency(1e-3 / c**0.5 * w, c * H), [0.75e-6, 0.1875e-6], rtol=1e-13)
    assert_allclose(obs_refit(w, c * H, mask), [0.75, 0], rtol=1e-14)


def test_a_hessian_that_is_singular_but_for_rounding_is_refused():
    x = random(4, 50, 2)
    x = np.column_stack([x, x.sum(axis=1)])
    with pytest.raises(ValueError, match="hessian must be positive definite"):
        obs_saliency(np.ones(3), x.T @ x)


# --- how many ---------------------------------------------------------------------------------------------------------


def test_counts_are_those_of_whole_percents():
    for n in [*range(300), 1000, 4810, 10**6, 10**7]:
        for percent in range(101):
            assert num_pruned(n, percent / 100) == percent * n // 100, (n, percent)


def test_a_plain_floor_loses_one():
    assert math.floor(0.29 * 100) == 28
    assert num_pruned(100, 0.29) == 29


@given(st.integers(0, 10**7), st.floats(0, 1))
def test_never_more_than_asked_for(n, sparsity):
    number = num_pruned(n, sparsity)
    assert 0 <= number <= n
    exact = Fraction(sparsity) * n
    assert exact - 1 < number <= exact + Fraction(n, 2**53)  # the rounding of a sparsity up to 1


@pytest.mark.parametrize("n", [3, 100, 599, 4810, 10**5, 10**8, 10**12])
@pytest.mark.parametrize("denominator", [3, 7, 10, 100, 1000, 10_000])
def test_whatever_the_size_a_fraction_is_the_one_that_was_meant(n, denominator):
    """As a float it may lie below it: .29, 1 - .9 and 1 - .9999 do, the more so the more weights there are."""
    for k in range(0, denominator + 1, max(1, denominator // 200)):
        assert num_pruned(n, k / denominator) == k * n // denominator
        assert num_pruned(n, 1 - k / denominator) == (denominator - k) * n // denominator


def test_counts_of_many_weights():
    assert num_pruned(10**8, 0.29) == 29_000_000
    assert num_pruned(10**8, 1 - 0.9999) == 10_000
    assert [num_pruned(n, 0.005) for n in (100, 199, 200, 10**8)] == [0, 0, 1, 500_000]
    assert [num_pruned(10**18, sparsity) for sparsity in (0.0, 1.0)] == [0, 10**18]


@pytest.mark.parametrize("n", [100, 10**5, 10**8, 10**12])
def test_a_share_that_is_less_by_more_than_rounding_is_less(n):
    assert num_pruned(n, 0.29 - 1e-15) == 29 * n // 100 - 1


# --- which ------------------------------------------------------------------------------------------------------------


@given(tied_scores, percents)
def test_the_lowest_go_and_of_equal_scores_the_last(scores, percent):
    mask = prune_mask(scores, percent / 100)
    assert mask.shape == scores.shape
    assert mask.dtype == np.bool_
    assert set(np.flatnonzero(~mask)) == pruned_by_sorting(scores.ravel(), percent * scores.size // 100)


@given(tied_scores, percents, st.data())
def test_rows_are_pruned_one_by_one(scores, percent, data):
    axis = data.draw(st.integers(-scores.ndim, scores.ndim - 1))
    mask = prune_mask(scores, percent / 100, axis=axis)
    assert mask.shape == scores.shape
    for row in range(scores.shape[axis]):
        of_row = np.take(scores, row, axis)
        expected = pruned_by_sorting(of_row.ravel(), percent * of_row.size // 100)
        assert set(np.flatnonzero(~np.take(mask, row, axis))) == expected


@given(st.integers(1, 6), st.integers(1, 4), st.integers(1, 3), st.data())
def test_n_of_m_keeps_so_many_of_each_group_and_the_same_as_pruning_it_alone(m, groups, rows, data):
    n = data.draw(st.integers(1, m))
    scores = data.draw(arrays(np.float64, (rows, groups * m), elements=st.integers(-2, 2)))
    mask = n_of_m_mask(scores, n=n, m=m)
    for row, kept in zip(scores.reshape(-1, m), mask.reshape(-1, m), strict=True):
        assert set(np.flatnonzero(~kept)) == pruned_by_sorting(row, m - n)


def test_two_of_four_costs_more_than_any_half():
    row = np.array([5, -4, 3, -2, 1, -1, 0.5, 0.5])
    assert np.square(row[~n_of_m_mask(magnitude(row))]).sum() == 13.5
    assert np.square(row[~prune_mask(magnitude(row), 0.5)]).sum() == 2.5
    with pytest.raises(ValueError, match=r"a multiple of m = 4; shape \(6,\) was given"):
        n_of_m_mask(row[:6])


@given(st.lists(tied_scores, min_size=1, max_size=4), percents)
def test_over_several_layers_the_order_of_the_list_decides_between_equal_scores(layers, percent):
    masks = prune_masks(layers, percent / 100, scope="global", prune_vectors=True)
    flat = np.concatenate([layer.ravel() for layer in layers])
    pruned = pruned_by_sorting(flat, percent * flat.size // 100)
    assert set(np.flatnonzero(~np.concatenate([mask.ravel() for mask in masks]))) == pruned
    assert [mask.shape for mask in masks] == [layer.shape for layer in layers]


@given(st.lists(tied_scores, min_size=1, max_size=4), percents)
def test_per_layer_each_is_pruned_alone(layers, percent):
    masks = prune_masks(layers, percent / 100, scope="layer", prune_vectors=True)
    for layer, mask in zip(layers, masks, strict=True):
        assert_array_equal(mask, prune_mask(layer, percent / 100))


@given(st.lists(tied_scores, min_size=1, max_size=4), percents, st.sampled_from(["global", "layer"]))
def test_biases_are_kept_and_not_counted(layers, percent, scope):
    layers = [*layers, np.zeros((2, 3))]
    masks = prune_masks(layers, percent / 100, scope=scope)
    matrices = [number for number, layer in enumerate(layers) if layer.ndim >= 2]
    alone = prune_masks([layers[number] for number in matrices], percent / 100, scope=scope, prune_vectors=True)
    for number, mask in enumerate(masks):
        assert_array_equal(mask, alone[matrices.index(number)] if number in matrices else True)


def test_global_and_per_layer_differ():
    layers = [np.full((2, 2), 10.0), np.array([[1.0, 2.0, 3.0, 4.0]])]
    assert [mask.sum() for mask in prune_masks(layers, 0.5, scope="global")] == [4, 0]
    assert [mask.sum() for mask in prune_masks(layers, 0.5, scope="layer")] == [2, 2]


@given(tied_scores, percents, percents)
def test_law_8_masks_are_nested_in_sparsity(scores, one, other):
    few, many = sorted((one / 100, other / 100))
    assert (prune_mask(scores, few) >= prune_mask(scores, many)).all()


@given(tied_scores)
def test_law_8_sparsity_0_is_the_identity_and_1_gives_zeros(scores):
    assert_array_equal(apply_mask(scores, prune_mask(scores, 0)), scores)
    assert_array_equal(apply_mask(scores, prune_mask(scores, 1)), np.zeros_like(scores))


@given(tied_scores, percents, st.integers(-30, 30), st.integers(-5, 5))
def test_only_the_order_of_scores_matters(scores, percent, exponent, shift):
    assert_array_equal(prune_mask(scores * 2.0**exponent + shift, percent / 100), prune_mask(scores, percent / 100))


def test_many_ties_among_many_scores():
    scores = np.random.default_rng(5).integers(0, 50, 100_000).astype(np.float32)
    order = np.lexsort((-np.arange(scores.size), scores))
    for sparsity in (0.001, 0.5, 0.9, 0.99999):
        expected = np.ones(scores.size, bool)
        expected[order[: num_pruned(scores.size, sparsity)]] = False
        assert_array_equal(prune_mask(scores, sparsity), expected)


def test_zeros_of_both_signs_are_equal():
    assert_array_equal(prune_mask([-0.0, 0.0, -0.0, 0.0], 0.5), [True, True, False, False])


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_are_not_numbers_are_refused(bad):
    for scores in ([1.0, bad, 2.0], [[bad, bad]]):
        with pytest.raises(ValueError, match="scores must hold finite numbers"):
            prune_mask(scores, 0.5)
    with pytest.raises(ValueError, match="scores must hold finite numbers"):
        prune_masks([np.ones((2, 2)), [[bad]]], 0.0, scope="layer")
    with pytest.raises(ValueError, match="scores must hold finite numbers"):
        kept_filters([1.0, bad], 0.5)


def test_a_layer_that_loses_every_weight_is_told_and_only_that():
    layers = [np.ones((2, 2)), np.zeros((1, 2)), np.zeros((0, 3))]
    with pytest.warns(UserWarning, match="Nothing is kept of layer 1"):
        prune_masks(layers, 0.4, scope="global")
    with pytest.warns(UserWarning, match="Nothing is kept"):
        prune_mask([1.0, 2.0], 1.0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        prune_masks(layers, 0.4, scope="layer")
        prune_mask([1.0, 2.0], 0.99)
        prune_mask([], 1.0)
    with pytest.warns(UserWarning, match="Nothing is kept of layer 0") as record:
        prune_mask([1.0, 2.0], 1.0)
    assert record[0].filename == __file__


# --- masks in use -----------------------------------------------------------------------------------------------------


@given(st.integers(0, 2**32), st.sampled_from(["zero", "init"]))
def test_a_mask_applied_again_changes_nothing_and_brings_back_what_has_drifted(seed, prune_to):
    rng = np.random.default_rng(seed)
    w, w_init, drift = rng.normal(size=(3, 4, 5))
    mask = rng.random((4, 5)) < 0.5
    start = w_init if prune_to == "init" else None
    pruned = apply_mask(w, mask, prune_to=prune_to, initial_weights=start)
    assert_array_equal(pruned[mask], w[mask])
    assert_array_equal(pruned[~mask], w_init[~mask] if start is not None else 0)
    assert_array_equal(apply_mask(pruned, mask, prune_to=prune_to, initial_weights=start), pruned)
    again = apply_mask(pruned + drift, mask, prune_to=prune_to, initial_weights=start)
    assert_array_equal(again[~mask], pruned[~mask])
    assert_array_equal(again[mask], (pruned + drift)[mask])


def test_pruned_weights_are_positive_zeros():
    assert not np.signbit(apply_mask([-1.0, -2.0], np.zeros(2, bool))).any()


def test_initial_weights_for_zero_are_refused():
    with pytest.raises(ValueError, match="initial_weights must be given if prune_to is 'init', and only then"):
        apply_mask([1.0], np.ones(1, bool), initial_weights=[2.0])


# --- filters ----------------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), percents)
def test_kept_filters_are_sorted_and_never_none(scores, percent):
    number = min(percent * len(scores) // 100, len(scores) - 1)
    kept = kept_filters(scores, percent / 100)
    assert kept.tolist() == sorted(set(range(len(scores))) - pruned_by_sorting(scores, number))
    assert len(kept) >= 1
    assert kept.dtype.kind == "i"


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_filter_norms_against_torch(axis):
    W = random(6, 4, 3, 5)
    others = [other for other in range(3) if other != axis % 3]
    expected = torch.linalg.vector_norm(torch.from_numpy(W), ord=1, dim=others)
    assert_allclose(filter_norms(W, axis=axis), expected, rtol=1e-13)


def test_w_filter_norms_depend_on_the_gauge_and_the_function_does_not():
    """Channel 0 grows by a, what reads it shrinks by a: the same ReLU network, but another filter is pruned."""
    W1, W2, a = np.array([[1.0, 0.5], [0.25, 2.0]]), np.array([[1.0, 3.0]]), 8.0
    G1, G2 = W1 * [[a], [1.0]], W2 / [a, 1.0]
    x = random(7, 100, 2)

    def network(first, second):
        return np.maximum(x @ first.T, 0) @ second.T

    def pruned(first, second):
        kept = kept_filters(filter_norms(first), 0.5)
        return network(first[kept], second[:, kept])

    assert_array_equal(network(W1, W2), network(G1, G2))
    assert_array_equal(kept_filters(filter_norms(W1), 0.5), [1])
    assert_array_equal(kept_filters(filter_norms(G1), 0.5), [0])
    assert np.abs(pruned(W1, W2) - pruned(G1, G2)).max() > 1


# --- against PyTorch --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sparsity", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_without_ties_torch_prunes_the_same(sparsity):
    w = random(8, 30, 20)
    module = torch.nn.Linear(20, 30, dtype=torch.float64)
    module.weight.data = torch.from_numpy(w.copy())
    prune.l1_unstructured(module, "weight", amount=num_pruned(w.size, sparsity))
    mask = prune_mask(magnitude(w), sparsity)
    assert_array_equal(mask, module.weight_mask.bool())
    assert_array_equal(apply_mask(w, mask), module.weight.detach())


def test_without_ties_torch_prunes_the_same_over_several_layers():
    layers = [random(9, 6, 5), random(10, 4, 6) / 3]
    modules = [torch.nn.Linear(w.shape[1], w.shape[0], dtype=torch.float64) for w in layers]
    for module, w in zip(modules, layers, strict=True):
        module.weight.data = torch.from_numpy(w.copy())
    total = sum(w.size for w in layers)
    prune.global_unstructured(
        [(module, "weight") for module in modules], prune.L1Unstructured, amount=num_pruned(total, 0.7)
    )
    masks = prune_masks([magnitude(w) for w in layers], 0.7, scope="global")
    for mask, module in zip(masks, modules, strict=True):
        assert_array_equal(mask, module.weight_mask.bool())


def test_where_torch_rounds_the_count_half_to_even_kdlab_never_exceeds_the_request():
    module = torch.nn.Linear(3, 1)
    prune.l1_unstructured(module, "weight", amount=0.5)
    assert module.weight_mask.sum() == 1  # 2 of 3 are gone: 67 %
    assert prune_mask(np.arange(3.0), 0.5).sum() == 2


def test_where_torch_prunes_every_filter_kdlab_keeps_one():
    module = torch.nn.Conv2d(2, 3, 1)
    prune.ln_structured(module, "weight", amount=1.0, n=1, dim=0)
    assert module.weight_mask.sum() == 0
    norms = filter_norms(module.weight_orig.detach().numpy())
    assert_array_equal(kept_filters(norms, 1.0), [norms.argmax()])


def test_where_torch_takes_nan_for_the_greatest_kdlab_refuses():
    kept = prune.L1Unstructured(amount=2).compute_mask(torch.tensor([np.nan, 1.0, 2.0]), torch.ones(3))
    assert_array_equal(kept, [1, 0, 0])
    with pytest.raises(ValueError, match="weights must hold finite numbers; nan"):
        magnitude([np.nan, 1.0, 2.0])


# --- numbers, shapes and memory ---------------------------------------------------------------------------------------


def test_root_mean_squares_neither_overflow_nor_vanish():
    x = np.array([[3.0, 0.0, -3.0], [4.0, 0.0, 4.0]])
    for scale in (1e-300, 1.0, 1e300):
        assert_allclose(input_rms(scale * x), scale * np.array([math.sqrt(12.5), 0, math.sqrt(12.5)]), rtol=1e-14)
    many = np.full((10_000, 1), 1e30, np.float32)
    assert_allclose(input_rms(many), [1e30], rtol=1e-6)


def test_scores_beyond_the_dtype_are_infinite_and_refused_as_scores():
    with np.errstate(over="raise"):
        assert_array_equal(absolute_movement([1.7e308], [-1.7e308]), [np.inf])
        assert_array_equal(activation_aware([1e200], [1e200]), [np.inf])
        assert zeroing_damage([1e200], [1.0], np.array([False])) == np.inf
        assert_array_equal(filter_norms([[1.7e308, 1.7e308]]), [np.inf])
    with pytest.raises(ValueError, match="scores must hold finite numbers; inf"):
        prune_mask([np.inf, 1.0], 0.5)


@pytest.mark.parametrize(("given", "computed"), [("f2", "f4"), ("f4", "f4"), (">f4", "f4"), ("f8", "f8"), ("i4", "f8")])
def test_dtypes(given, computed):
    w = np.array([[3, -1], [0, 2]], given)
    mask = np.array([[True, False], [True, True]])
    for result in (
        magnitude(w),
        absolute_movement(w, w),
        magnitude_increase(w, w),
        activation_aware(w, w[0] ** 2),
        apply_mask(w, mask),
        apply_mask(w, mask, prune_to="init", initial_weights=w),
    ):
        assert result.dtype == np.dtype(computed)
    assert_array_equal(prune_mask(w, 0.5), [[True, False], [False, True]])


@pytest.mark.parametrize(("given", "computed"), [("f2", "f4"), ("f4", "f4"), ("f8", "f8"), ("i4", "f8")])
@pytest.mark.parametrize("of_init", ["f4", "f8", "i4"])
def test_a_mask_leaves_the_dtype_of_the_weights_whatever_that_of_their_start(given, computed, of_init):
    w, w_init = np.array([3, -1], given), np.array([2, 5], of_init)
    masked = apply_mask(w, np.array([True, False]), prune_to="init", initial_weights=w_init)
    assert masked.dtype == np.dtype(computed)
    assert_array_equal(masked, [3, 5])


def test_a_start_beyond_the_dtype_of_the_weights_is_refused():
    with pytest.raises(ValueError, match="initial_weights must hold finite numbers; inf"):
        apply_mask(np.ones(1, np.float32), np.array([False]), prune_to="init", initial_weights=[1e300])


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0), (0, 0)])
def test_no_weights_give_no_scores_and_empty_masks(shape):
    w = np.zeros(shape)
    for result in (magnitude(w), absolute_movement(w, w), magnitude_increase(w, w), prune_mask(w, 0.5)):
        assert result.shape == shape
    assert prune_mask(w, 1.0, axis=0).shape == shape
    assert activation_aware(w, np.zeros(shape[-1])).shape == shape
    assert apply_mask(w, w == 0).shape == shape
    assert zeroing_damage(w, np.zeros(shape[-1]), w == 0) == 0
    assert_array_equal(filter_norms(w), np.zeros(shape[0]))


def test_one_number_is_a_layer_of_one_weight():
    assert magnitude(-2.0) == 2
    assert prune_mask(3.0, 0.5).shape == ()
    assert prune_mask(3.0, 0.5)


def test_inputs_are_neither_changed_nor_shared():
    w, x = random(11, 3, 3), random(12, 3, 3)
    H, mask, s = x @ x.T + np.eye(3), w > 0, np.abs(x[0])
    arguments = (w, x, H, mask, s)
    before = [array.copy() for array in arguments]
    for array in arguments:
        array.flags.writeable = False
    results = [
        magnitude(s),
        absolute_movement(w, x),
        magnitude_increase(w, x),
        movement(w, x),
        movement(w, x, w[0]),
        input_rms(x),
        activation_aware(w, s),
        obs_saliency(w, H),
        obs_refit(w[0], H, mask[0]),
        prune_mask(w, 0.5),
        prune_mask(w, 0.5, axis=1),
        *prune_masks([w, x], 0.5, scope="global"),
        *prune_masks([w, x], 0.5, scope="layer"),
        apply_mask(w, mask),
        apply_mask(w, mask, prune_to="init", initial_weights=x),
        apply_mask(w, np.ones((3, 3), bool)),
        filter_norms(w),
    ]
    for array, copy in zip(arguments, before, strict=True):
        assert_array_equal(array, copy)
    for result in results:
        assert not any(np.shares_memory(result, array) for array in arguments)


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda a: a[::-1, ::-1].copy()[::-1, ::-1], np.ndarray.tolist])
def test_the_flat_index_is_that_of_rows_whatever_the_layout(layout):
    scores = np.zeros((3, 4))
    expected = np.arange(12).reshape(3, 4) < 6
    assert_array_equal(prune_mask(layout(scores), 0.5), expected)
    assert_array_equal(prune_masks([layout(scores)], 0.5, scope="global")[0], expected)
