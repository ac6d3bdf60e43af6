"""Dark knowledge: closed forms, oracles, Monte Carlo, limits and laws."""

import itertools
import math

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from torchmetrics.functional import kendall_rank_corrcoef, spearman_corrcoef

from kdlab import dark_knowledge as module
from kdlab.dark_knowledge import (
    decoupled_kl,
    incorrect_entropy,
    incorrect_flattened,
    incorrect_permuted,
    incorrect_softmax,
    kendall_tau,
    label_rank,
    reordered,
    retention_probability,
    spearman_rho,
    truncated_softmax,
)

inf = math.inf
V = np.array([5, 3, 2.5, -1, 0])
FALSE_ALARM = 1e-6  # how often a correct sampler would fail each of the tests by Monte Carlo


def random_case(seed, shape, scale=3.0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    z, v = (rng.normal(scale=scale, size=shape).astype(dtype) for _ in range(2))
    return z, v, rng.integers(0, shape[-1], size=shape[:-1])


def without_label(array, y):
    """Return the rows without their label, of a two-dimensional array."""
    return np.array([np.delete(row, label) for row, label in zip(array, y, strict=True)])


# --- the distribution over the incorrect classes -------------------------------------------------------------------


@pytest.mark.parametrize("T", [0.5, 1.0, 8.0])
def test_the_conditional_distribution_and_its_entropy(T):
    _, v, y = random_case(0, (20, 6))
    p = scipy.special.softmax(v / T, axis=-1)
    p_hat = without_label(p, y)
    p_hat /= p_hat.sum(axis=-1, keepdims=True)
    result = incorrect_softmax(v, y, T)
    assert_allclose(without_label(result, y), p_hat, rtol=1e-12)
    assert_array_equal(np.take_along_axis(result, y[:, None], 1), 0)
    H = scipy.stats.entropy(p_hat, axis=-1)
    assert_allclose(incorrect_entropy(v, y, T), H, rtol=1e-12, atol=5e-15)  # the rounding of temperature.entropy
    assert_allclose(incorrect_entropy(v, y, T, normalised=True), H / math.log(5), rtol=1e-12, atol=5e-15)


def test_a_label_that_is_certain_leaves_a_distribution_where_the_quotient_is_0_over_0():
    v = [1000.0, 1.0, 0.0, -1.0]
    p = scipy.special.softmax(v)
    assert p[0] == 1
    assert p[1:].sum() == 0  # the quotient p / (1 - p_y) does not exist
    assert_allclose(incorrect_softmax(v, 0)[1:], scipy.special.softmax(v[1:]), rtol=1e-15)


def test_two_classes_have_entropy_0_and_normalised_too():
    assert incorrect_entropy([2.0, 1.0], 0) == 0
    assert incorrect_entropy([2.0, 1.0], 0, normalised=True) == 0
    assert incorrect_entropy([2.0, 1.0, -inf], 0, normalised=True) == 0
    assert_array_equal(incorrect_softmax([2.0, 1.0], 0), [0, 1])


def test_equal_logits_are_1_when_normalised_and_masked_classes_do_not_count():
    assert_allclose(incorrect_entropy([9.0, 1.0, 1.0, 1.0], 0, normalised=True), 1, rtol=1e-15)
    assert_allclose(incorrect_entropy([9.0, 1.0, -inf, 1.0], 0, normalised=True), 1, rtol=1e-15)
    assert_allclose(incorrect_entropy(V, 0, inf, normalised=True), 1, rtol=1e-15)


@given(arrays(np.float64, (3, 5), elements=st.floats(-20, 20)), st.floats(0.1, 50), st.floats(0.1, 50))
def test_the_entropy_rises_with_the_temperature(v, T, other_T):
    y = np.array([0, 2, 4])
    low, high = sorted((T, other_T))
    assert (incorrect_entropy(v, y, high) >= incorrect_entropy(v, y, low) - 1e-14).all()


def test_the_entropy_on_digits_must_be_reported_with_its_temperature():
    X, y = load_digits(return_X_y=True)
    teacher = LogisticRegression(max_iter=300, tol=1e-2).fit(X[:1000] / 16, y[:1000])
    logits = teacher.decision_function(X[1000:] / 16)
    means = [incorrect_entropy(logits, y[1000:], T, normalised=True).mean() for T in (1, 2, 4, 8, 16)]
    assert (np.diff(means) > 0).all()
    assert means[-1] - means[0] > 0.2


# --- [W]: low entropy is no evidence that the ranks were preserved -------------------------------------------------


def test_the_entropy_cannot_see_that_the_ranks_are_broken_and_a_rank_correlation_can():
    v = np.log(scipy.special.softmax(V))
    broken = np.array([v[0], v[3], v[4], v[1], v[2]])
    assert_allclose(incorrect_entropy(broken, 0), incorrect_entropy(v, 0), rtol=1e-14)
    assert kendall_tau(v, v, 0) == 1
    assert kendall_tau(broken, v, 0) < 0
    assert spearman_rho(broken, v, 0) < 0
    assert decoupled_kl(broken, v, 0).incorrect > 1
    assert label_rank(broken, 1) > label_rank(v, 1)


@given(arrays(np.float64, (6,), elements=st.floats(-20, 20)), st.permutations(range(1, 6)))
def test_no_permutation_of_the_incorrect_classes_changes_their_entropy(v, order):
    assert_allclose(incorrect_entropy(v[[0, *order]], 0), incorrect_entropy(v, 0), rtol=1e-12, atol=1e-14)


def test_a_rank_preserving_operator_retains_for_certain_or_not_at_all():
    probs = scipy.special.softmax(V)
    for label, k in itertools.product(range(5), range(1, 6)):
        kept = reordered(probs, operator="rank-preserving", rng=np.random.default_rng(0))
        r = label_rank(kept, label)
        P = retention_probability(r, k, 5, operator="rank-preserving")
        assert P in (0, 1)
        assert P == (label in truncated_softmax(np.log(kept), k).indices)


# --- decoupled divergence --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [0.5, 1.0, 8.0])
def test_the_parts_of_the_divergence(T):
    z, v, y = random_case(1, (30, 6))
    p, q = (scipy.special.softmax(x / T, axis=-1) for x in (v, z))
    parts = decoupled_kl(z, v, y, T)
    p_y, q_y = (np.take_along_axis(x, y[:, None], 1)[:, 0] for x in (p, q))
    binary = scipy.special.rel_entr(p_y, q_y) + scipy.special.rel_entr(1 - p_y, 1 - q_y)
    assert_allclose(parts.binary, binary, rtol=1e-9, atol=1e-13)
    assert_allclose(parts.weight, 1 - p_y, rtol=1e-9, atol=1e-15)
    p_hat, q_hat = (without_label(x, y) for x in (p, q))
    p_hat, q_hat = (x / x.sum(axis=-1, keepdims=True) for x in (p_hat, q_hat))
    assert_allclose(parts.incorrect, scipy.special.rel_entr(p_hat, q_hat).sum(axis=-1), rtol=1e-10)
    log_q, log_p = (torch.log_softmax(torch.from_numpy(x / T), -1) for x in (z, v))
    total = torch.nn.functional.kl_div(log_q, log_p, reduction="none", log_target=True).sum(-1)
    assert_allclose(parts.total, total, rtol=1e-10)


@st.composite
def cases(draw):
    shape = draw(array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=5))
    z, v = (draw(arrays(np.float64, shape, elements=st.floats(-40, 40))) for _ in range(2))
    return z, v, draw(arrays(np.int64, shape[:-1], elements=st.integers(0, shape[-1] - 1)))


@given(cases(), st.floats(0.1, 100))
def test_law_5_the_identity_holds_to_rounding(case, T):
    parts = decoupled_kl(*case, T)
    assert_allclose(parts.binary + parts.weight * parts.incorrect, parts.total, rtol=1e-10, atol=1e-15)


@given(cases(), st.floats(-5, 5), st.floats(-5, 5), st.floats(0.1, 100))
def test_law_1_shifts_change_no_part(case, c1, c2, T):
    z, v, y = case
    for shifted, part in zip(decoupled_kl(z + c1, v + c2, y, T), decoupled_kl(z, v, y, T), strict=True):
        assert_allclose(shifted, part, rtol=1e-9, atol=1e-12)


@given(cases(), st.floats(0.1, 10), st.floats(0.1, 100))
def test_law_2_logits_and_temperature_share_their_unit(case, c, T):
    z, v, y = case
    for scaled, part in zip(decoupled_kl(c * z, c * v, y, c * T), decoupled_kl(z, v, y, T), strict=True):
        assert_allclose(scaled, part, rtol=1e-9, atol=1e-12)
    assert_allclose(incorrect_entropy(c * v, y, c * T), incorrect_entropy(v, y, T), rtol=1e-9, atol=1e-13)


@given(cases(), st.randoms(use_true_random=False))
def test_law_3_classes_may_be_reordered_in_common(case, random):
    z, v, y = case
    C = z.shape[-1]
    order = random.sample(range(C), C)
    new_y = np.argsort(order)[y]
    new_z, new_v = z[..., order], v[..., order]
    for new, part in zip(decoupled_kl(new_z, new_v, new_y), decoupled_kl(z, v, y), strict=True):
        assert_allclose(new, part, rtol=1e-10, atol=1e-14)
    assert_array_equal(kendall_tau(new_z, new_v, new_y), kendall_tau(z, v, y))
    assert_allclose(spearman_rho(new_z, new_v, new_y), spearman_rho(z, v, y), rtol=1e-13, atol=1e-15)
    assert_allclose(incorrect_softmax(new_z, new_y), incorrect_softmax(z, y)[..., order], rtol=1e-12)


def test_law_4_a_batch_is_its_rows():
    z, v, y = random_case(2, (7, 5))
    parts = decoupled_kl(z, v, y)
    for row in range(7):
        for part, of_row in zip(parts, decoupled_kl(z[row], v[row], y[row]), strict=True):
            assert_allclose(part[row], of_row, rtol=1e-13)
        assert kendall_tau(z, v, y)[row] == kendall_tau(z[row], v[row], y[row])
        assert_allclose(spearman_rho(z, v, y)[row], spearman_rho(z[row], v[row], y[row]), rtol=1e-15)


def test_the_weight_of_a_confident_teacher_keeps_its_digits():
    v = [60.0, 0.0, 1.0]
    parts = decoupled_kl([50.0, 1.0, 0.0], v, 0)
    assert 1 - scipy.special.softmax(v)[0] == 0
    assert_allclose(parts.weight, (1 + math.e) * math.exp(-60) / (1 + (1 + math.e) * math.exp(-60)), rtol=1e-13)
    assert parts.weight * parts.incorrect < 1e-20  # the incorrect classes hardly count
    assert decoupled_kl([50.0, 1.0, 0.0], v, 0, 20.0).weight > 0.09  # and at a high temperature they do


def test_masks_and_the_divergence():
    parts = decoupled_kl([0.0, -inf, 1.0], [0.0, 1.0, 2.0], 0)
    assert parts.incorrect == parts.total == inf
    assert np.isfinite(parts.binary)
    parts = decoupled_kl([0.0, 1.0, -inf], [0.0, 2.0, -inf], 0)
    assert parts.incorrect == 0
    assert_allclose(parts.total, parts.binary, rtol=1e-14)
    assert decoupled_kl([-inf, 1.0, 0.0], [0.0, 1.0, 0.0], 0).binary == inf
    assert_array_equal(decoupled_kl([9.0, 1.0, 0.0], [9.0, 3.0, 1.0], 0, 0), [0, 0, 0, 0])


# --- truncation ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [0.7, 1.0, 5.0])
@pytest.mark.parametrize("k", [1, 2, 5, 8])
def test_truncation_by_its_definition(k, T):
    _, v, _ = random_case(3, (25, 8))
    p = scipy.special.softmax(v / T, axis=-1)
    top = torch.from_numpy(v).topk(k)
    result = truncated_softmax(v, k, T)
    assert_array_equal(result.indices, top.indices)
    kept = np.zeros_like(p)
    np.put_along_axis(kept, top.indices.numpy(), 1, -1)
    s = (kept * p).sum(axis=-1)
    assert_allclose(result.kept_mass, s, rtol=1e-13)
    assert_allclose(result.probs, kept * p / s[:, None], rtol=1e-12)
    assert_allclose(result.kl_truncated_to_full, scipy.special.rel_entr(result.probs, p).sum(axis=-1), atol=1e-13)
    assert_allclose(result.kl_truncated_to_full, -np.log(s), rtol=1e-9, atol=1e-14)
    assert_array_equal(result.kl_full_to_truncated, inf if k < 8 else 0)


def test_the_divergence_of_a_small_loss_keeps_its_digits():
    result = truncated_softmax([50.0, 1.0, 0.0], 1)
    dropped = (1 + math.e) * math.exp(-50)
    assert result.kept_mass == 1
    assert_allclose(result.kl_truncated_to_full, dropped, rtol=1e-13)  # -log 1 would be 0
    assert result.kl_full_to_truncated == inf


def test_what_drops_nothing_costs_nothing():
    for result in (truncated_softmax(V, 5), truncated_softmax([1.0, -inf, 0.0], 2), truncated_softmax(V, 1, 0)):
        assert_allclose(result.kept_mass, 1, rtol=1e-15)
        assert_allclose(result.kl_truncated_to_full, 0, atol=1e-15)
        assert result.kl_full_to_truncated == 0


def test_smoothing_is_explicit_and_makes_both_divergences_finite():
    p = scipy.special.softmax(V)
    trunc = truncated_softmax(V, 2)
    smooth = truncated_softmax(V, 2, smoothing=0.05)
    assert_allclose(smooth.probs, 0.95 * trunc.probs + 0.05 / 5, rtol=1e-14)
    assert_allclose(smooth.kl_full_to_truncated, scipy.special.rel_entr(p, smooth.probs).sum(), rtol=1e-12)
    assert_allclose(smooth.kl_truncated_to_full, scipy.special.rel_entr(smooth.probs, p).sum(), rtol=1e-12)
    assert_array_equal(truncated_softmax([2.0, 1.0, -inf], 1, smoothing=0.5).probs, [0.75, 0.25, 0])
    tiny = truncated_softmax(V, 2, smoothing=1e-12)
    assert 1 < tiny.kl_full_to_truncated < inf  # the divergence is a matter of the epsilon


@given(arrays(np.int64, array_shapes(min_dims=1, max_dims=2, max_side=8), elements=st.integers(0, 3)), st.data())
def test_of_equal_logits_the_lowest_index_is_kept(v, data):
    k = data.draw(st.integers(1, v.shape[-1]))
    result = truncated_softmax(v, k)
    assert_array_equal(result.indices, np.argsort(-v, axis=-1, kind="stable")[..., :k])
    ranks = np.stack([label_rank(v, np.full(v.shape[:-1], y)) for y in range(v.shape[-1])], axis=-1)
    assert_array_equal(
        np.take_along_axis(ranks, result.indices, -1), np.broadcast_to(np.arange(1, k + 1), (*v.shape[:-1], k))
    )


def test_torch_promises_no_order_of_equal_logits():
    # a thousand equal logits and one larger: the two kept should be the larger and index 0
    v = np.zeros(1000)
    v[500] = 1
    assert_array_equal(truncated_softmax(v, 3).indices, [500, 0, 1])
    assert torch.from_numpy(v).topk(3).indices.tolist() != [500, 0, 1]


# --- retention and operators -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "C"), [("permutation", 1), ("permutation", 4), ("derangement", 2), ("derangement", 5)]
)
def test_retention_is_exact_by_counting_all_orders(operator, C):
    orders = list(itertools.permutations(range(C)))
    if operator == "derangement":
        orders = [order for order in orders if all(i != j for i, j in enumerate(order))]
    for r, k in itertools.product(range(1, C + 1), range(1, C + 1)):
        # the class of rank r gets the probability whose rank is order[r - 1] + 1
        share = np.mean([order[r - 1] + 1 <= k for order in orders])
        assert_allclose(retention_probability(r, k, C, operator=operator), share, rtol=1e-14)
        assert_array_equal(retention_probability(r, k, C, operator="rank-preserving"), float(r <= k))


@pytest.mark.parametrize("operator", ["permutation", "derangement"])
def test_retention_by_monte_carlo(operator):
    """A two-sided z-test for each rank and k; the false alarms of all together are at most FALSE_ALARM."""
    C, n = 6, 20_000
    rng = np.random.default_rng(20)
    p = scipy.special.softmax(rng.normal(size=C))
    probs = np.broadcast_to(p, (n, C))
    new = reordered(probs, operator=operator, rng=rng)
    limit = scipy.stats.norm.isf(FALSE_ALARM / 2 / (C * (C - 1)))
    for y in range(C):
        r = label_rank(p, y)
        new_ranks = label_rank(new, np.full(n, y))
        for k in range(1, C):
            P = retention_probability(r, k, C, operator=operator)
            assert abs((new_ranks <= k).mean() - P) <= limit * math.sqrt(P * (1 - P) / n)


def test_derangements_are_uniform():
    """A chi-squared test over all 44 derangements of 5; false alarms: FALSE_ALARM."""
    n = 44 * 500
    p = np.array([0.1, 0.15, 0.2, 0.25, 0.3])
    new = reordered(np.broadcast_to(p, (n, 5)), operator="derangement", rng=np.random.default_rng(21))
    orders, counts = np.unique(new, axis=0, return_counts=True)
    assert len(orders) == 44
    assert (orders != p).all()
    assert scipy.stats.chisquare(counts).pvalue > FALSE_ALARM


def test_permuted_incorrect_classes_are_uniform():
    """A chi-squared test over all 24 orders of 4; false alarms: FALSE_ALARM."""
    n = 24 * 500
    p = np.array([0.1, 0.15, 0.2, 0.25, 0.3])
    new = incorrect_permuted(np.broadcast_to(p, (n, 5)), np.full(n, 2), rng=np.random.default_rng(22))
    _, counts = np.unique(new, axis=0, return_counts=True)
    assert len(counts) == 24
    assert_array_equal(new[:, 2], 0.2)
    assert scipy.stats.chisquare(counts).pvalue > FALSE_ALARM


@pytest.mark.parametrize("operator", module.OPERATORS)
def test_operators_move_the_same_numbers(operator):
    p = scipy.special.softmax(random_case(4, (3, 4, 6))[1], axis=1)
    new = reordered(p, operator=operator, rng=np.random.default_rng(1), axis=1)
    assert_array_equal(np.sort(new, axis=1), np.sort(p, axis=1))
    assert (new == p).all() == (operator == "rank-preserving")
    if operator == "derangement":
        assert (new != p).all()
    again = reordered(p, operator=operator, rng=np.random.default_rng(1), axis=1)
    assert_array_equal(again, new)


# --- controls -------------------------------------------------------------------------------------------------------


def test_the_two_controls_keep_p_y_and_lose_the_structure():
    _, v, y = random_case(5, (10, 6))
    p = scipy.special.softmax(v, axis=-1)
    flat, permuted = incorrect_flattened(p, y), incorrect_permuted(p, y, rng=np.random.default_rng(0))
    for control in (flat, permuted):
        assert_array_equal(np.take_along_axis(control, y[:, None], 1), np.take_along_axis(p, y[:, None], 1))
        assert_allclose(control.sum(axis=-1), 1, rtol=1e-14)
    p_y = np.take_along_axis(p, y[:, None], 1)
    assert_allclose(without_label(flat, y), np.broadcast_to((1 - p_y) / 5, (10, 5)), rtol=1e-12)
    assert_array_equal(np.sort(without_label(permuted, y)), np.sort(without_label(p, y)))
    assert_allclose(incorrect_entropy(np.log(flat), y, normalised=True), 1, rtol=1e-12)
    assert_allclose(incorrect_entropy(np.log(permuted), y), incorrect_entropy(v, y), rtol=1e-12)


def test_flattening_a_certain_teacher_keeps_what_little_mass_there_is():
    p = np.array([1.0, 3e-20, 1e-20])
    assert_allclose(incorrect_flattened(p, 0), [1, 2e-20, 2e-20], rtol=1e-14)


# --- rank correlations ---------------------------------------------------------------------------------------------


def tied_case(seed, n, C, levels):
    rng = np.random.default_rng(seed)
    z, v = (rng.integers(0, levels, size=(n, C)).astype(float) for _ in range(2))
    return z, v, rng.integers(0, C, size=n)


@pytest.mark.parametrize("levels", [2, 3, 8, 10**6])
@pytest.mark.parametrize("C", [2, 3, 4, 5, 9, 10, 33, 64])
def test_rank_correlations_are_scipys_ties_included(C, levels):
    z, v, y = tied_case(C, 12, C, levels)
    taus, rhos = kendall_tau(z, v, y), spearman_rho(z, v, y)
    for row, (a, b) in enumerate(zip(without_label(z, y), without_label(v, y), strict=True)):
        if np.ptp(a) == 0 or np.ptp(b) == 0:  # one number alone, too
            assert np.isnan(taus[row])
            assert np.isnan(rhos[row])
            assert C == 2 or np.isnan(scipy.stats.kendalltau(a, b).statistic)
        else:
            assert_allclose(taus[row], scipy.stats.kendalltau(a, b, variant="b").statistic, rtol=1e-13, atol=1e-15)
            assert_allclose(rhos[row], scipy.stats.spearmanr(a, b).statistic, rtol=1e-12, atol=1e-15)


def test_tau_by_its_definition():
    z, v, y = tied_case(7, 20, 8, 4)
    for row, (a, b) in enumerate(zip(without_label(z, y), without_label(v, y), strict=True)):
        signs = [(np.sign(a[i] - a[j]), np.sign(b[i] - b[j])) for i, j in itertools.combinations(range(7), 2)]
        s, t = np.array(signs).T
        expected = (s * t).sum() / math.sqrt((s != 0).sum() * (t != 0).sum())
        assert_allclose(kendall_tau(z, v, y)[row], expected, rtol=1e-14, atol=1e-16)


def test_torchmetrics_has_the_same_variants():
    a, b = tied_case(8, 2, 40, 6)[0]
    z, v = (np.append(9.0, x) for x in (a, b))
    x, t = torch.from_numpy(a), torch.from_numpy(b)
    assert_allclose(kendall_tau(z, v, 0), kendall_rank_corrcoef(x, t, variant="b").item(), rtol=1e-5)
    assert_allclose(spearman_rho(z, v, 0), spearman_corrcoef(x, t).item(), rtol=1e-5)


def test_the_label_does_not_count_and_monotone_maps_change_nothing():
    z, v, y = random_case(9, (10, 7))
    moved = z.copy()
    np.put_along_axis(moved, y[:, None], 100.0, 1)
    for correlation in (kendall_tau, spearman_rho):
        assert_array_equal(correlation(moved, v, y), correlation(z, v, y))
        assert_array_equal(correlation(scipy.special.softmax(z / 9, axis=-1), v, y), correlation(z, v, y))
        assert_array_equal(correlation(z, z**3, y), 1)
        assert_array_equal(correlation(z, -z, y), -1)


# --- shapes, dtypes and memory -----------------------------------------------------------------------------------


def calls(z, v, y):
    p = scipy.special.softmax(v.astype(np.float64), axis=-1).astype(v.dtype if v.dtype.kind == "f" else np.float64)
    rng = np.random.default_rng(0)
    return {
        incorrect_softmax: (v, y),
        incorrect_entropy: (v, y),
        decoupled_kl: (z, v, y),
        truncated_softmax: (v, 2),
        label_rank: (v, y),
        kendall_tau: (z, v, y),
        spearman_rho: (z, v, y),
        incorrect_flattened: (p, y),
        incorrect_permuted: (p, y, {"rng": rng}),
        reordered: (p, {"rng": rng, "operator": "derangement"}),
    }


def call(function, arguments, **more):
    keywords = arguments[-1] if isinstance(arguments[-1], dict) else {}
    return function(*(x for x in arguments if x is not keywords or not keywords), **keywords, **more)


def test_every_function_is_called():
    public = {f for name, f in vars(module).items() if callable(f) and getattr(f, "__module__", "") == module.__name__}
    functions = {f for f in public if not isinstance(f, type) and not f.__name__.startswith("_")}
    assert calls(*random_case(0, (2, 3))).keys() == functions - {retention_probability}


@pytest.mark.parametrize("axis", [0, 1, -2, -3])
def test_any_axis_may_hold_the_classes(axis):
    z, v, y = random_case(10, (4, 4, 4))
    moved = [np.moveaxis(x, -1, axis) for x in (z, v)]
    p_first = np.moveaxis(scipy.special.softmax(v, axis=-1), -1, axis)
    for (function, arguments), moved_arguments in zip(calls(z, v, y).items(), calls(*moved, y).values(), strict=True):
        if function in (incorrect_flattened, incorrect_permuted, reordered):
            moved_arguments = (p_first, *moved_arguments[1:])
        seeded = {"rng": np.random.default_rng(3)} if "rng" in str(arguments[-1]) else {}
        if seeded:
            extra = {"operator": "derangement"} if function is reordered else {}
            expected = function(*arguments[:-1], rng=np.random.default_rng(3), **extra)
            result = function(*moved_arguments[:-1], rng=np.random.default_rng(3), axis=axis, **extra)
        else:
            expected, result = call(function, arguments), call(function, moved_arguments, axis=axis)
        pairs = zip(result, expected, strict=True) if isinstance(result, tuple) else [(result, expected)]
        for got, want in pairs:
            if want.ndim == 3:
                want = np.moveaxis(want, -1, axis)
            assert_allclose(got, want, rtol=1e-12, atol=1e-14, err_msg=function.__name__)


@pytest.mark.parametrize("shape", [(0, 3), (2, 0, 3)])
def test_no_rows_give_no_rows(shape):
    z, y = np.zeros(shape), np.zeros(shape[:-1], int)
    for function, arguments in calls(z, z, y).items():
        result = call(function, arguments)
        for array in result if isinstance(result, tuple) else [result]:
            assert array.shape in (shape, shape[:-1], (*shape[:-1], 2)), function.__name__
            assert array.size == 0


@pytest.mark.parametrize(("dtype", "rtol"), [("f2", 2e-3), ("f4", 2e-5), (">f4", 2e-5), ("i8", 1e-13)])
def test_dtypes(dtype, rtol):
    z, v = np.array([[3, -1, 2, 0], [0, 1, -4, 2]], dtype), np.array([[1, 0, 2, 5], [0, -5, 4, 1]], dtype)
    y = np.array([0, 2])
    kept = np.dtype(dtype) if np.dtype(dtype).kind == "f" else np.dtype("f8")
    computed = np.result_type(kept, np.float32)
    wide = calls(z.astype(float), v.astype(float), y)
    for function, arguments in calls(z, v, y).items():
        if function in (incorrect_permuted, reordered):
            assert call(function, arguments).dtype == kept
            continue
        result, expected = call(function, arguments), call(function, wide[function])
        if function in (incorrect_softmax, incorrect_entropy, incorrect_flattened):
            assert result.dtype == kept
        elif function is decoupled_kl:
            assert {part.dtype for part in result} == {computed}
        elif function is truncated_softmax:
            assert {part.dtype for part in result} == {computed, np.dtype(np.intp)}
        elif function is label_rank:
            assert result.dtype == np.intp
        else:
            assert result.dtype == np.float64
        pairs = zip(result, expected, strict=True) if isinstance(result, tuple) else [(result, expected)]
        for got, want in pairs:
            assert_allclose(np.asarray(got, np.float64), want, rtol=rtol, atol=rtol, err_msg=function.__name__)


def test_inputs_are_neither_changed_nor_shared():
    z, v, y = random_case(11, (4, 5))
    given_arrays = calls(z, v, y)
    for function, arguments in given_arrays.items():
        inputs = [x for x in arguments if isinstance(x, np.ndarray)]
        before = [x.copy() for x in inputs]
        for x in inputs:
            x.flags.writeable = False
        result = call(function, arguments)
        for x, copy in zip(inputs, before, strict=True):
            assert_array_equal(x, copy)
            for array in result if isinstance(result, tuple) else [result]:
                assert not np.shares_memory(array, x)


def test_many_classes_are_no_burden():
    z, v, y = random_case(12, (2, 50_000))
    expected = scipy.stats.kendalltau(np.delete(z[0], y[0]), np.delete(v[0], y[0])).statistic
    assert_allclose(kendall_tau(z, v, y)[0], expected, rtol=1e-12)
    result = truncated_softmax(v, 10)
    assert_array_equal(result.indices, torch.from_numpy(v).topk(10).indices)
    assert_array_equal(label_rank(v, result.indices[:, 9]), 10)
