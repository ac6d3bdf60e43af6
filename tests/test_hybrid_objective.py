"""Hybrid objectives and the balance of their gradients: closed forms, oracles, laws, and where the balance fails."""

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.special
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.hybrid_objective import (
    balanced_alpha,
    cross_entropy_df,
    feature_loss,
    feature_loss_df,
    gradient_balance,
    hybrid_loss,
    smoothed_alpha,
)

inf = math.inf
REDUCTIONS = ("none", "sum", "mean")


def drawn(seed, *shapes, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(dtype) for shape in shapes]


def torch_losses(f_S, f_T, V, b, labels, mean_over_dimensions=False):
    """Return PyTorch's losses of a batch, one for each sample: cross-entropy and features."""
    ce = torch.nn.functional.cross_entropy(f_S @ V.T + b, labels, reduction="none")
    feature = torch.nn.functional.mse_loss(f_S, f_T, reduction="none")
    return ce, feature.mean(-1) if mean_over_dimensions else feature.sum(-1)


# --- losses and gradients -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("reduction", REDUCTIONS)
@pytest.mark.parametrize("mean_over_dimensions", [False, True])
@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 2e-5)])
def test_losses_and_gradients_are_those_of_torch(reduction, mean_over_dimensions, dtype, rtol):
    f_S, f_T, V, b = drawn(1, (5, 4), (5, 4), (3, 4), 3, dtype=dtype)
    labels = np.array([0, 2, 1, 1, 0])
    features = torch.tensor(f_S, requires_grad=True)
    rest = [torch.tensor(array) for array in (f_T, V, b, labels)]
    for loss, gradient in zip(
        torch_losses(features, *rest, mean_over_dimensions),
        (
            cross_entropy_df(f_S, V, b, labels, reduction=reduction),
            feature_loss_df(f_S, f_T, mean_over_dimensions=mean_over_dimensions, reduction=reduction),
        ),
        strict=True,
    ):
        scalar = loss.mean() if reduction == "mean" else loss.sum()  # "none": each loss by its own features
        (expected,) = torch.autograd.grad(scalar, features, retain_graph=True)
        assert gradient.dtype == dtype
        assert_allclose(gradient, expected.numpy(), rtol=rtol, atol=rtol / 10)
    reduced = {"none": loss, "sum": loss.sum(), "mean": loss.mean()}[reduction].detach().numpy()
    result = feature_loss(f_S, f_T, mean_over_dimensions=mean_over_dimensions, reduction=reduction)
    assert result.dtype == dtype
    assert_allclose(result, reduced, rtol=rtol)


def test_the_mean_of_torch_divides_by_the_dimensions_too():
    f_S, f_T = drawn(2, (5, 4), (5, 4))
    torch_mean = torch.nn.functional.mse_loss(torch.tensor(f_S), torch.tensor(f_T)).item()
    assert_allclose(feature_loss(f_S, f_T, mean_over_dimensions=True), torch_mean, rtol=1e-14)
    assert_allclose(feature_loss(f_S, f_T), 4 * torch_mean, rtol=1e-14)


def test_the_mean_over_dimensions_changes_alpha():
    f_S, f_T, V, b = drawn(3, (5, 4), (5, 4), (3, 4), 3)
    g_CE = cross_entropy_df(f_S, V, b, [0, 1, 2, 0, 1])
    summed = balanced_alpha(g_CE, feature_loss_df(f_S, f_T))
    averaged = balanced_alpha(g_CE, feature_loss_df(f_S, f_T, mean_over_dimensions=True))
    odds = summed / (1 - summed)  # |g_CE| / |g_F|, and g_F is a fourth
    assert_allclose(averaged / (1 - averaged), 4 * odds, rtol=1e-13)


@pytest.mark.parametrize("gap", [0.0, 1.0, 30.0, 40.0, 300.0, 740.0])
def test_a_sure_student_still_has_a_gradient_to_the_last_digit(gap):
    # two classes and an identity for a head: q - y = (-s, s) with s the sigmoid of -gap; 1 - s would round to 1
    s = math.exp(-gap) / (1 + math.exp(-gap))
    assert_allclose(cross_entropy_df([gap, 0.0], np.eye(2), [0, 0], 0), [-s, s], rtol=1e-13)
    three = 2 * math.exp(-gap) / (1 + 2 * math.exp(-gap))
    assert_allclose(cross_entropy_df([gap, 0.0, 0.0], np.eye(3), [0] * 3, 0)[0], -three, rtol=1e-13)


@given(arrays(np.float64, (3, 4), elements=st.floats(-50, 50)), st.lists(st.integers(0, 3), min_size=3, max_size=3))
def test_law_1_the_gradient_by_the_logits_sums_to_0_and_a_shift_changes_nothing(z, labels):
    gradient = cross_entropy_df(z, np.eye(4), np.zeros(4), labels)
    assert_allclose(gradient.sum(axis=-1), 0, atol=4e-16)  # of four numbers below 1
    assert_allclose(cross_entropy_df(z, np.eye(4), np.full(4, 8.0), labels), gradient, rtol=1e-11, atol=1e-15)


@given(st.permutations(range(4)), st.integers(0, 2**32 - 1))
def test_law_3_a_common_permutation_of_the_classes_changes_nothing(order, seed):
    f_S, V, b = drawn(seed, (3, 2), (4, 2), 4)
    labels = np.array([0, 1, 3])
    moved = np.argsort(order)[labels]
    assert_allclose(
        cross_entropy_df(f_S, V[order], b[order], moved), cross_entropy_df(f_S, V, b, labels), rtol=1e-10, atol=1e-14
    )


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_law_4_a_joined_batch_has_the_mean_weighted_by_size(n, m, seed):
    f_S, f_T = drawn(seed, (n + m, 3), (n + m, 3))
    parts = [n * feature_loss(f_S[:n], f_T[:n]), m * feature_loss(f_S[n:], f_T[n:])]
    assert_allclose(feature_loss(f_S, f_T), sum(parts) / (n + m), rtol=1e-13)
    joined = np.concatenate([n * feature_loss_df(f_S[:n], f_T[:n]), m * feature_loss_df(f_S[n:], f_T[n:])])
    assert_allclose(feature_loss_df(f_S, f_T), joined / (n + m), rtol=1e-13)


# --- the balance ----------------------------------------------------------------------------------------------------

numbers = st.floats(-1e3, 1e3).map(lambda x: x if abs(x) > 1e-3 else 0.0)
gradients = arrays(np.float64, (2, 3), elements=numbers)


@given(gradients, gradients)
def test_the_weighted_norms_are_equal_and_half_their_harmonic_mean(g_CE, g_F):
    balance = gradient_balance(g_CE, g_F)
    a, b = np.linalg.norm(g_CE), np.linalg.norm(g_F)
    alpha = balanced_alpha(g_CE, g_F)
    assert balance.alpha == alpha
    assert 0 <= alpha <= 1
    assert_allclose([balance.ce_norm, balance.feature_norm], [a, b], rtol=1e-13)
    h = a * b / (a + b) if a + b else 0
    assert_allclose(balance.weighted_norm, h, rtol=1e-13)
    if a + b:
        assert_allclose([(1 - alpha) * a, alpha * b], [h, h], rtol=1e-9)
    assert_allclose(balance.total, (1 - alpha) * g_CE + alpha * g_F, rtol=1e-9, atol=1e-9)
    assert_allclose(balance.total_norm, np.linalg.norm(balance.total), rtol=1e-9, atol=1e-12 * h)
    assert_allclose(balance.total_norm, h * math.sqrt(2 + 2 * balance.cosine), rtol=1e-7, atol=1e-7 * h)


def test_the_cosine_is_that_of_torch():
    g_CE, g_F = drawn(4, (6, 5), (6, 5))
    expected = torch.nn.functional.cosine_similarity(torch.tensor(g_CE).ravel(), torch.tensor(g_F).ravel(), dim=0)
    assert_allclose(gradient_balance(g_CE, g_F).cosine, expected.item(), rtol=1e-12)


@given(gradients, gradients, st.integers(-900, 900))
def test_law_6_a_common_factor_changes_no_alpha(g_CE, g_F, exponent):
    c = 2.0**exponent
    assert_allclose(balanced_alpha(c * g_CE, c * g_F), balanced_alpha(g_CE, g_F), rtol=1e-14)
    assert_allclose(balanced_alpha(-3.7 * g_CE, -3.7 * g_F), balanced_alpha(g_CE, g_F), rtol=1e-14)


def test_law_6_gradients_of_a_sum_balance_as_those_of_a_mean():
    f_S, f_T, V, b = drawn(5, (7, 4), (7, 4), (3, 4), 3)
    labels = np.arange(7) % 3
    alphas = [
        balanced_alpha(
            cross_entropy_df(f_S, V, b, labels, reduction=reduction), feature_loss_df(f_S, f_T, reduction=reduction)
        )
        for reduction in REDUCTIONS
    ]
    assert_allclose(alphas, alphas[0], rtol=1e-14)


@given(gradients, gradients)
def test_swapped_gradients_swap_the_weights(g_CE, g_F):
    assert_allclose(balanced_alpha(g_F, g_CE), 1 - balanced_alpha(g_CE, g_F), rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("size", [5e-324, 1e-310, 1e-200, 1.0, 1e200, 1e308])
def test_no_norm_overflows_or_vanishes(size):
    g_CE, g_F = np.full(9, size), np.full(9, size)
    balance = gradient_balance(g_CE, g_F)
    assert balance.alpha == balanced_alpha(g_CE, g_F) == 0.5
    assert_allclose(balance.total, g_CE, rtol=1e-15, atol=1e-323)  # each half rounds to a multiple of 5e-324
    assert balance.weighted_norm == pytest.approx(3 * size / 2 if size < 1e308 else 1.5e308, rel=1e-14, abs=1e-323)


def test_of_norms_far_apart_the_smaller_one_is_kept():
    balance = gradient_balance([1e-150], [1e200])
    assert (balance.ce_norm, balance.feature_norm) == (1e-150, 1e200)
    assert_allclose([balance.weighted_norm, balance.total[0], balance.total_norm], [1e-150, 2e-150, 2e-150], rtol=1e-15)
    balance = gradient_balance([[0.0, 1e200]], [[-1e-150, 0.0]])
    assert_allclose(balance.total, [[-1e-150, 1e-150]], rtol=1e-15)
    assert_allclose(balance.total_norm, math.sqrt(2) * 1e-150, rtol=1e-15)


@pytest.mark.parametrize("ratio", [1e-300, 1e-100, 1e-17, 1e-9])
def test_gradients_of_very_different_size_balance(ratio):
    balance = gradient_balance([1.0, 0.0], [0.0, ratio])
    exact = Fraction(1) / (1 + Fraction(ratio))
    assert_allclose(balance.alpha, float(exact), rtol=3e-16)
    assert_allclose(balance.total, [float(exact * Fraction(ratio))] * 2, rtol=1e-14)  # though 1 - alpha rounds to 0
    assert_allclose(gradient_balance([ratio, 0.0], [0.0, 1.0]).alpha, float(1 - exact), rtol=1e-14)


def test_float32_norms_are_summed_in_float64():
    many = np.full(2**20, 3e-30, np.float32)  # squares vanish in float32
    assert_allclose(balanced_alpha(many, 3 * many), 0.25, rtol=1e-7)
    assert gradient_balance(many, many).total.dtype == np.float32


def test_a_gradient_of_0_gets_all_the_weight_and_two_get_half_each():
    g, zero = np.array([3.0, -4.0]), np.zeros(2)
    assert balanced_alpha(g, zero) == 1.0
    assert balanced_alpha(zero, g) == 0.0
    assert balanced_alpha(zero, zero) == 0.5
    for pair in ((g, zero), (zero, g), (zero, zero)):
        balance = gradient_balance(*pair)
        assert balance.weighted_norm == balance.total_norm == balance.cosine == 0
        assert_array_equal(balance.total, zero)


def test_alpha_is_clipped_where_one_asks_for_it():
    g, zero = [3.0, -4.0], [0.0, 0.0]
    assert balanced_alpha(g, zero, alpha_min=0.1, alpha_max=0.9) == 0.9
    assert balanced_alpha(zero, g, alpha_min=0.1, alpha_max=0.9) == 0.1
    assert balanced_alpha(g, g, alpha_min=0.1, alpha_max=0.9) == 0.5
    assert balanced_alpha(zero, zero, alpha_min=0.7) == 0.7
    assert balanced_alpha(zero, zero, alpha_max=0.3) == 0.3
    assert balanced_alpha(zero, g, alpha_min=0.4, alpha_max=0.4) == 0.4


def test_one_alpha_for_each_sample_is_another_algorithm():
    g_CE, g_F = np.array([[1.0, 0.0], [0.0, 10.0]]), np.array([[0.0, 9.0], [1.0, 0.0]])
    batch = gradient_balance(g_CE, g_F)
    per_sample = [gradient_balance(*pair) for pair in zip(g_CE, g_F, strict=True)]
    assert_allclose(batch.alpha, math.sqrt(101) / (math.sqrt(101) + math.sqrt(82)), rtol=1e-14)
    assert_allclose([sample.alpha for sample in per_sample], [0.1, 10 / 11], rtol=1e-14)
    assert np.abs(batch.total - np.stack([sample.total for sample in per_sample])).max() > 1


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_the_moving_average_lies_between_and_its_ends_are_exact(alpha, previous, decay):
    smoothed = smoothed_alpha(alpha, previous, decay=decay)
    assert min(alpha, previous) - 1e-16 <= smoothed <= max(alpha, previous) + 1e-16
    assert 0 <= smoothed <= 1
    assert smoothed_alpha(alpha, previous, decay=0) == alpha
    assert smoothed_alpha(alpha, previous, decay=1) == previous


def test_the_moving_average_forgets_at_its_rate():
    smoothed = 1.0
    for _ in range(20):
        smoothed = smoothed_alpha(0.25, smoothed, decay=0.8)
    assert_allclose(smoothed, 0.25 + 0.75 * 0.8**20, rtol=1e-13)


# --- where the balance is less than it seems ------------------------------------------------------------------------


def test_balanced_in_feature_space_is_not_balanced_in_the_parameters():
    """Equal norms of the weighted gradients by the features are unequal after J', however J is; by J'g they are."""
    g_CE, g_F = np.array([3.0, 0.0]), np.array([0.0, 1.0])
    J = np.array([[1.0, 0.0, 0.5], [0.0, 20.0, 0.0]])  # of two features by three shared parameters
    alpha = balanced_alpha(g_CE, g_F)
    in_features = (1 - alpha) * np.linalg.norm(g_CE), alpha * np.linalg.norm(g_F)
    assert_allclose(in_features[0], in_features[1], rtol=1e-14)
    in_parameters = (1 - alpha) * np.linalg.norm(J.T @ g_CE), alpha * np.linalg.norm(J.T @ g_F)
    assert_allclose(in_parameters[1] / in_parameters[0], 20 / math.sqrt(1.25), rtol=1e-13)
    shared = balanced_alpha(J.T @ g_CE, J.T @ g_F)
    assert shared < 0.2 < 0.7 < alpha
    assert_allclose((1 - shared) * np.linalg.norm(J.T @ g_CE), shared * np.linalg.norm(J.T @ g_F), rtol=1e-14)


def test_training_stalls_where_the_student_has_the_features_of_the_teacher():
    f, V, b = drawn(6, (4, 3), (5, 3), 5)
    g_CE = cross_entropy_df(f, V, b, [0, 1, 2, 3])
    assert np.linalg.norm(g_CE) > 0.1  # the labels still pull
    balance = gradient_balance(g_CE, feature_loss_df(f, f))
    assert balance.alpha == 1
    assert_array_equal(balance.total, np.zeros_like(f))


def test_training_stalls_as_either_gradient_vanishes_however_large_the_other():
    for small in (1e-3, 1e-6, 1e-9):
        for pair in (([small, 0.0], [0.0, 1e6]), ([1e6, 0.0], [0.0, small])):
            assert_allclose(gradient_balance(*pair).total_norm, math.sqrt(2) * small, rtol=1e-8)


@given(arrays(np.float64, 4, elements=st.floats(-10, 10)), st.floats(1e-3, 1e3))
def test_antiparallel_gradients_give_no_update(g, factor):
    balance = gradient_balance(g, -factor * g)
    assert balance.total_norm <= 1e-15 * balance.weighted_norm
    assert np.abs(balance.total).max() <= 1e-15 * np.abs(g).max()


def test_the_balance_stops_at_any_compromise_so_it_descends_no_fixed_objective():
    # CE = (f - 0)^2 and F = (f - 1)^2 pull against each other all the way from 0 to 1: every point is stationary
    stops = np.linspace(0.05, 0.95, 7)
    alphas = []
    for f in stops:
        balance = gradient_balance([2 * f], [2 * (f - 1)])
        assert abs(balance.total[0]) < 1e-15
        alphas.append(balance.alpha)
        fixed = 0.5 * 2 * f + 0.5 * 2 * (f - 1)  # the slope at constant alpha = 0.5 is 0 at f = 0.5 alone
        assert (abs(fixed) < 1e-15) == (abs(f - 0.5) < 1e-15)
    assert_allclose(alphas, stops, rtol=1e-13)  # each is the minimum of an objective of its own


def test_the_step_is_not_the_gradient_of_the_objective_with_alpha_put_in():
    f_S, f_T, V, b = (torch.tensor(array) for array in drawn(7, (4, 3), (4, 3), (5, 3), 5))
    labels = torch.tensor([0, 1, 2, 3])
    f_S.requires_grad_()

    def printed_objective(detached):
        ce, feature = (losses.mean() for losses in torch_losses(f_S, f_T, V, b, labels))
        g_CE, g_F = (torch.autograd.grad(loss, f_S, create_graph=True)[0] for loss in (ce, feature))
        alpha = g_CE.norm() / (g_CE.norm() + g_F.norm())
        alpha = alpha.detach() if detached else alpha
        return (1 - alpha) * ce + alpha * feature

    steps = [torch.autograd.grad(printed_objective(detached), f_S)[0].numpy() for detached in (True, False)]
    arrays_ = [tensor.detach().numpy() for tensor in (f_S, f_T, V, b, labels)]
    balance = gradient_balance(
        cross_entropy_df(arrays_[0], arrays_[2], arrays_[3], arrays_[4]), feature_loss_df(arrays_[0], arrays_[1])
    )
    assert_allclose(balance.total, steps[0], rtol=1e-12, atol=1e-14)
    assert np.abs(balance.total - steps[1]).max() > 0.01


# --- the three-term objective ---------------------------------------------------------------------------------------


@given(st.floats(0, 1), st.floats(0, 1), arrays(np.float64, (3, 4), elements=st.floats(-100, 100)))
def test_the_objective_is_the_weighted_sum(x, y, losses):
    beta = x * (1 - y)
    alpha = y * (1 - beta)
    assert alpha + beta <= 1
    ce, kd, feature = losses
    expected = (1 - alpha - beta) * ce + beta * kd + alpha * feature
    assert_allclose(hybrid_loss(ce, kd, feature, alpha=alpha, beta=beta), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(
    ("alpha", "beta", "used"), [(0, 0, "ce"), (0, 1, "kd"), (1, 0, "feature"), (0.9, 0.1, "kd, feature")]
)
def test_an_unused_loss_may_be_infinite(alpha, beta, used):
    losses = [2.0 if name in used.split(", ") else inf for name in ("ce", "kd", "feature")]
    assert_allclose(hybrid_loss(*losses, alpha=alpha, beta=beta), 2.0, rtol=1e-15)  # 1 - 0.9 - 0.1 is not 0 in floats
    losses[("ce", "kd", "feature").index(used.split(", ")[0])] = inf
    assert hybrid_loss(*losses, alpha=alpha, beta=beta) == inf


@given(st.integers(1, 10**6), st.integers(0, 10**6))
def test_decimal_weights_that_sum_to_1_are_taken(n, k):
    alpha, beta = min(k, n) / n, (n - min(k, n)) / n
    assert hybrid_loss(inf, 1.0, 1.0, alpha=alpha, beta=beta) == pytest.approx(1, rel=1e-15) or alpha + beta < 1


def test_the_objective_falls_along_its_gradient_with_constant_weights():
    f_S, f_T, V, b = drawn(8, (4, 3), (4, 3), (5, 3), 5)
    labels, alpha = [0, 1, 2, 3], 0.3

    def objective(f_S):
        log_q = scipy.special.log_softmax(f_S @ V.T + b, axis=-1)
        return hybrid_loss(-log_q[range(4), labels].mean(), 0.0, feature_loss(f_S, f_T), alpha=alpha, beta=0)

    gradient = (1 - alpha) * cross_entropy_df(f_S, V, b, labels) + alpha * feature_loss_df(f_S, f_T)
    chord = (objective(f_S + 1e-5 * gradient) - objective(f_S - 1e-5 * gradient)) / 2e-5
    assert_allclose(chord, (gradient**2).sum(), rtol=1e-8)


# --- shapes, dtypes and memory --------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(0, 3), (2, 0, 3)])
def test_no_samples_give_none_and_have_no_mean(shape):
    f, labels = np.zeros(shape), np.zeros(shape[:-1], int)
    V, b = np.ones((4, 3)), np.zeros(4)
    assert feature_loss(f, f, reduction="none").shape == shape[:-1]
    assert feature_loss(f, f, reduction="sum") == 0
    with pytest.raises(ValueError, match="no row"):
        feature_loss(f, f)
    for reduction in REDUCTIONS:
        assert feature_loss_df(f, f, reduction=reduction).shape == shape
        assert cross_entropy_df(f, V, b, labels, reduction=reduction).shape == shape


def test_one_class_has_no_gradient():
    assert_array_equal(cross_entropy_df([[1.0, 2.0]], [[3.0, 4.0]], [5.0], [0]), [[0.0, 0.0]])


@pytest.mark.parametrize("dtype", ["f2", ">f2", "f4", ">f4", ">f8", "i4", "?"])
def test_dtypes(dtype):
    f_S, f_T = np.array([[1, 0, 1], [0, 1, 1]], dtype), np.array([[0, 0, 1], [1, 0, 1]], dtype)
    expected = {"f2": np.float32, ">f2": np.float32, ">f4": np.float32, "f4": np.float32}
    expected = expected.get(dtype, np.float64)
    for result, value in (
        (feature_loss(f_S, f_T, reduction="none"), [1, 2]),
        (feature_loss_df(f_S, f_T), [[1, 0, 0], [-1, 1, 0]]),
        (gradient_balance(f_S, f_S).total, f_S.astype(float)),
    ):
        assert result.dtype == expected
        assert_allclose(result.astype(float), value, rtol=1e-6)


def test_float16_is_not_computed_in_float16():
    assert feature_loss(np.full(4, 300, np.float16), np.zeros(4, np.float16)) == 360_000
    assert hybrid_loss(np.float16(6e4), np.float16(6e4), np.float16(6e4), alpha=0.3, beta=0.3) > 5.9e4


def test_beyond_the_largest_number_is_infinite():
    assert feature_loss([1e200, 0.0], [0.0, 0.0]) == inf
    assert_array_equal(feature_loss_df([1e308, -1e308], [0.0, 0.0]), [inf, -inf])
    with pytest.raises(ValueError, match="logits"):
        cross_entropy_df([1e200], [[1e200], [-1e200]], [0.0, 0.0], 0)


def test_inputs_are_neither_changed_nor_shared():
    f_S, f_T, V, b = drawn(9, (4, 3), (4, 3), (5, 3), 5)
    labels = np.array([0, 1, 2, 3])
    inputs = (f_S, f_T, V, b, labels)
    before = [array.copy() for array in inputs]
    for array in inputs:
        array.flags.writeable = False
    results = [
        feature_loss(f_S, f_T, reduction="none"),
        feature_loss_df(f_S, f_T, reduction="none"),
        cross_entropy_df(f_S, V, b, labels),
        gradient_balance(f_S, f_T).total,
        hybrid_loss(f_S, f_T, f_S, alpha=1.0, beta=0.0),
    ]
    for array, copy in zip(inputs, before, strict=True):
        assert_array_equal(array, copy)
        assert not any(np.shares_memory(result, array) for result in results)


def test_samples_may_lie_along_any_number_of_axes():
    f_S, f_T, V, b = drawn(10, (2, 3, 4), (2, 3, 4), (5, 4), 5)
    labels = np.arange(6).reshape(2, 3) % 5
    flat = f_S.reshape(6, 4), f_T.reshape(6, 4)
    assert_allclose(feature_loss(f_S, f_T, reduction="none").ravel(), feature_loss(*flat, reduction="none"), rtol=1e-14)
    assert_allclose(feature_loss_df(f_S, f_T).reshape(6, 4), feature_loss_df(*flat), rtol=1e-14)
    assert_allclose(
        cross_entropy_df(f_S, V, b, labels).reshape(6, 4),
        cross_entropy_df(flat[0], V, b, labels.ravel()),
        rtol=1e-12,
        atol=1e-15,
    )
