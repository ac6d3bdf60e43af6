"""The bootstrap of mean losses: enumerations, oracles, laws, its coverage, and what the usual criteria miss."""

import itertools
import math
import tracemalloc
import warnings
from fractions import Fraction

import numpy as np
import pytest
import scipy.special
import scipy.stats
import sklearn.metrics
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.core import uncertainty as core
from kdlab.temperature import log_softmax, softmax
from kdlab.uncertainty import (
    bootstrap_interval,
    bootstrap_means,
    bootstrap_variance,
    brier_score,
    conformal_coverage,
    conformal_sets,
    conformal_threshold,
    difference_interval,
    fidelity,
    ideal_bootstrap_means,
    negative_log_likelihood,
    negative_log_likelihood_of_probs,
    wilson_interval,
)

RARE = 4.9  # a normal number is this far from 0 once in a million times
ONE_IN_A_MILLION = 1e-6
METHODS = ("percentile", "basic", "bca")
LOSSES = arrays(np.float64, st.integers(2, 12), elements=st.floats(-10, 10).map(lambda x: round(x, 3)))


def rng(seed=0):
    return np.random.default_rng(seed)


def skewed(size, seed=0):
    return rng(seed).lognormal(sigma=1.0, size=size)


def model_losses(size=300, seed=0):
    """Return the losses of a student and of a somewhat better teacher, that share the hardness of the rows."""
    generator = rng(seed)
    hardness = generator.exponential(size=size)
    return hardness + 0.05 + 0.1 * generator.exponential(size=size), hardness + 0.1 * generator.exponential(size=size)


# --- losses ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_losses_on_every_axis_and_dtype(axis, dtype):
    z = rng().normal(size=(4, 6, 5)).astype(dtype)
    labels = rng(1).integers(5, size=(4, 6))
    p, log_p = softmax(z), log_softmax(z)
    wide = np.result_type(dtype, np.float32)
    p_y = np.take_along_axis(p.astype(wide), labels[..., np.newaxis], -1)[..., 0]
    one_hot = np.eye(5)[labels]
    found = {
        "nll": negative_log_likelihood(np.moveaxis(log_p, -1, axis), labels, axis=axis),
        "of probs": negative_log_likelihood_of_probs(np.moveaxis(p, -1, axis), labels, axis=axis),
        "brier": brier_score(np.moveaxis(p, -1, axis), labels, axis=axis),
    }
    assert {values.dtype for values in found.values()} == {wide}
    tolerance = {"rtol": 8 * np.finfo(dtype).eps, "atol": 8 * np.finfo(dtype).eps}
    assert_allclose(found["of probs"], -np.log(p_y), rtol=1e-6)
    assert_allclose(found["nll"], -np.log(p_y), **tolerance)
    assert_allclose(found["brier"], ((p.astype(wide) - one_hot) ** 2).sum(-1), rtol=1e-5)


def test_losses_are_those_of_torch_and_sklearn():
    z = rng().normal(size=(50, 4))
    labels = rng(1).integers(4, size=50)
    expected = torch.nn.functional.cross_entropy(torch.tensor(z), torch.tensor(labels), reduction="none").numpy()
    assert_allclose(negative_log_likelihood(log_softmax(z), labels), expected, rtol=1e-12)
    assert_allclose(negative_log_likelihood_of_probs(softmax(z), labels), expected, rtol=1e-12)
    for reduction, total in (("sum", expected.sum()), ("mean", expected.mean())):
        assert_allclose(negative_log_likelihood(log_softmax(z), labels, reduction=reduction), total, rtol=1e-12)
    assert_allclose(
        brier_score(softmax(z), labels, reduction="mean"),
        sklearn.metrics.brier_score_loss(labels, softmax(z)),
        rtol=1e-12,
    )


def test_sklearn_halves_the_brier_score_of_two_classes():
    p, labels = np.array([[0.7, 0.3], [0.4, 0.6]]), [0, 1]
    assert_allclose(brier_score(p, labels), [0.18, 0.32], rtol=1e-12)
    assert_allclose(sklearn.metrics.brier_score_loss(labels, p, labels=[0, 1]), 0.25 / 2, rtol=1e-12)


def test_a_zero_probability_has_an_infinite_loss_and_sklearn_clips_it():
    p, labels = [[0.7, 0.3], [1.0, 0.0]], [0, 1]
    assert_array_equal(negative_log_likelihood_of_probs(p, labels)[1], np.inf)
    assert_array_equal(negative_log_likelihood([[0.0, -np.inf]], [1]), [np.inf])
    assert negative_log_likelihood_of_probs(p, labels, reduction="mean") == np.inf
    assert sklearn.metrics.log_loss(labels, p) < 20
    with pytest.raises(ValueError, match="losses must hold finite numbers"):
        bootstrap_interval(negative_log_likelihood_of_probs(p, labels), rng=rng())


def test_log_probabilities_go_where_probabilities_have_been_rounded_to_0():
    log_p = log_softmax([[0.0, 2000.0]])
    assert_array_equal(negative_log_likelihood(log_p, [0]), [2000.0])
    assert_array_equal(negative_log_likelihood_of_probs(np.exp(log_p), [0]), [np.inf])


def test_the_brier_score_has_its_range_and_no_cancellation():
    assert_array_equal(brier_score([[1.0, 0.0], [0.0, 1.0]], [0, 0]), [0.0, 2.0])
    assert_allclose(brier_score([[1 - 1e-12, 1e-12]], [0]), 2e-24, rtol=1e-3)


def test_logits_are_not_taken_for_log_probabilities():
    with pytest.raises(ValueError, match="log_softmax"):
        negative_log_likelihood([[2.0, 1.0]], [0])


def test_no_row():
    for loss in (negative_log_likelihood, negative_log_likelihood_of_probs, brier_score):
        assert loss(np.zeros((0, 3)), []).shape == (0,)
        with pytest.raises(ValueError, match="reduction"):
            loss(np.zeros((0, 3)), [], reduction="mean")


def test_one_class():
    assert_array_equal(brier_score([[1.0]], [0]), [0.0])
    assert_array_equal(negative_log_likelihood([[0.0]], [0]), [0.0])


# --- the bootstrap distribution -------------------------------------------------------------------------------------


@given(LOSSES.filter(lambda losses: losses.size <= 4))
def test_the_ideal_means_are_those_of_all_resamples(losses):
    n = losses.size
    indices = np.array(list(itertools.product(range(n), repeat=n)))
    expected = losses[indices].mean(axis=1)
    assert_allclose(ideal_bootstrap_means(losses), expected, rtol=1e-12, atol=1e-14)
    assert_allclose(bootstrap_means(losses, indices=indices), expected, rtol=1e-12, atol=1e-14)
    assert_allclose(bootstrap_variance(losses), expected.var(), rtol=1e-9, atol=1e-14)


@given(LOSSES)
def test_the_exact_variance_is_n_less_1_nths_of_the_usual(losses):
    n = losses.size
    usual = losses.var(ddof=1) / n
    assert_allclose(bootstrap_variance(losses), (n - 1) / n * usual, rtol=1e-12, atol=1e-300)


@pytest.mark.parametrize("size", [2, 17, 1000])
def test_resamples_have_the_exact_mean_and_variance(size):
    """By Monte Carlo: one false alarm in a million, each."""
    losses = skewed(size)
    means = bootstrap_means(losses, num_resamples=20_000, rng=rng(1))
    variance = bootstrap_variance(losses)
    assert abs(means.mean() - losses.mean()) < RARE * math.sqrt(variance / means.size)
    kurtosis = 3 + scipy.stats.kurtosis(losses) / size
    assert abs(means.var() / variance - 1) < RARE * math.sqrt((kurtosis - 1) / means.size)


def test_every_row_is_drawn_as_often():
    """A chi-squared test of all draws, with one false alarm in a million."""
    n, B = 50, 2000
    draws = np.array([bootstrap_means(row, num_resamples=B, rng=rng(3)).sum() * n for row in np.eye(n)])
    assert_allclose(draws.sum(), n * B)
    assert scipy.stats.chisquare(draws).pvalue > ONE_IN_A_MILLION


def test_the_result_depends_on_the_generator_and_not_on_the_blocks(monkeypatch):
    losses, groups = skewed(37), np.arange(37) // 3
    options = [{}, {"groups": groups}]
    expected = [bootstrap_means(losses, num_resamples=101, rng=rng(4), **option) for option in options]
    for block in (1, 38, 1000, 10**6):
        monkeypatch.setattr(core, "BLOCK", block)
        for option, means in zip(options, expected, strict=True):
            assert_array_equal(bootstrap_means(losses, num_resamples=101, rng=rng(4), **option), means)
    assert (bootstrap_means(losses, num_resamples=101, rng=rng(5)) != expected[0]).any()


@pytest.mark.parametrize(("n", "B", "megabytes"), [(10_000, 2000, 3), (1_000_000, 4, 60)])
def test_memory_stays_bounded(n, B, megabytes):
    losses = skewed(n)
    tracemalloc.start()
    try:
        bootstrap_interval(losses, num_resamples=B, rng=rng())
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1e6
    finally:
        tracemalloc.stop()


def test_inputs_are_not_modified():
    student, teacher = model_losses(20)
    groups = np.arange(20) // 4
    indices = rng().integers(20, size=(30, 20))
    copies = [array.copy() for array in (student, teacher, groups, indices)]
    for method in METHODS:
        difference_interval(student, teacher, method=method, indices=indices)
        fidelity(student, teacher, method=method, groups=groups, rng=rng())
    for array, copy in zip((student, teacher, groups, indices), copies, strict=True):
        assert_array_equal(array, copy)


# --- intervals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("level", [0.5, 0.95])
@pytest.mark.parametrize("n", [2, 30, 200])
def test_intervals_are_those_of_scipy_from_the_same_draws(n, level, method):
    losses = skewed(n)
    options = {"n_resamples": 1000, "confidence_level": level, "rng": rng(6)}
    scipys = scipy.stats.bootstrap((losses,), np.mean, method={"bca": "BCa"}.get(method, method), **options)
    found = bootstrap_interval(losses, num_resamples=1000, level=level, method=method, rng=rng(6))
    assert_allclose(found, [losses.mean(), *scipys.confidence_interval], rtol=1e-10)


def test_quantiles_are_interpolated_linearly():
    found = bootstrap_interval([1.0, 2.0, 4.0], indices=[[0] * 3, [1] * 3, [2] * 3], level=0.5)
    assert_allclose(found, (7 / 3, 1.5, 3.0))
    basic = bootstrap_interval([1.0, 2.0, 4.0], indices=[[0] * 3, [1] * 3, [2] * 3], level=0.5, method="basic")
    assert_allclose(basic, (7 / 3, 14 / 3 - 3.0, 14 / 3 - 1.5))


@settings(max_examples=50)
@given(LOSSES, st.floats(-3, 3), st.floats(-7, 7))
def test_law_15_intervals_are_equivariant_under_affine_maps(losses, a, b):
    for method in ("percentile", "basic"):
        mean, low, high = bootstrap_interval(losses, num_resamples=50, method=method, rng=rng())
        found = bootstrap_interval(a * losses + b, num_resamples=50, method=method, rng=rng())
        assert_allclose(found, (a * mean + b, *sorted((a * low + b, a * high + b))), atol=1e-11)


@pytest.mark.parametrize("a", [-3.0, 0.5, 2.0])
def test_law_15_bca_is_equivariant_under_affine_maps_of_losses_without_ties(a):
    """A resampled mean that ties with the mean can stop to do so by rounding, and BCa counts the ties."""
    losses = skewed(25)
    mean, low, high = bootstrap_interval(losses, num_resamples=500, method="bca", rng=rng())
    found = bootstrap_interval(a * losses + 1.5, num_resamples=500, method="bca", rng=rng())
    assert_allclose(found, (a * mean + 1.5, *sorted((a * low + 1.5, a * high + 1.5))), rtol=1e-10)


@pytest.mark.parametrize("exponent", [-1000, -400, 400, 1000])
def test_law_15_losses_have_no_unit(exponent):
    """A power of two rounds nothing: every method gives the same digits, whatever overflows on the way."""
    student, teacher = model_losses(25)
    groups, unit = np.arange(25) // 2, 2.0**exponent
    for method, grouped in itertools.product(METHODS, (None, groups)):
        options = {"num_resamples": 200, "method": method, "groups": grouped}
        found = bootstrap_interval(unit * student, rng=rng(), **options)
        assert_array_equal(found, np.array(bootstrap_interval(student, rng=rng(), **options)) * unit)
        found = fidelity(unit * student, unit * teacher, rng=rng(), **options)
        expected = fidelity(student, teacher, rng=rng(), **options)
        assert_array_equal(found[:3], np.array(expected[:3]) * unit)
        assert found[3:] == expected[3:]
    apart = {"paired": False, "num_resamples": 200}
    found = difference_interval(unit * student, unit * teacher, rng=rng(), **apart)
    assert_array_equal(found, np.array(difference_interval(student, teacher, rng=rng(), **apart)) * unit)


def test_bca_is_equivariant_for_differences_far_below_the_losses():
    """The losses are of the order 1, what they differ by a factor of 1e-150 below."""
    gap = skewed(20)
    both = np.append(np.zeros(20), 1.0)
    mean, low, high = bootstrap_interval(np.append(gap, 0.0), method="bca", num_resamples=500, rng=rng())
    found = difference_interval(both + np.append(1e-150 * gap, 0.0), both, method="bca", num_resamples=500, rng=rng())
    assert_allclose(found, np.array([mean, low, high]) * 1e-150, rtol=1e-10)


def test_sums_of_losses_may_be_beyond_every_float():
    for method in METHODS:
        found = bootstrap_interval([1e308] * 3, method=method, num_resamples=50, rng=rng())
        assert_allclose(found, (1e308, 1e308, 1e308), rtol=1e-15)
    assert_array_equal(bootstrap_means([1.5e308, 1e308], indices=[[0, 0], [0, 1]]), [1.5e308, 1.25e308])
    assert_array_equal(ideal_bootstrap_means([1.5e308, -1e308]), [1.5e308, 2.5e307, 2.5e307, -1e308])
    assert bootstrap_variance([1e308, 1e308]) == 0
    assert_allclose(bootstrap_variance(2e154 * np.tile([1.0, -1.0], 500)), 4e305, rtol=1e-12)
    found = difference_interval([1.7e308, 1.0], [-1.7e308, 1.0], indices=[[0, 1], [0, 1]])
    assert_allclose(found, (1.7e308, 1.7e308, 1.7e308), rtol=1e-15)


@given(LOSSES)
def test_law_15_identical_models_have_the_paired_interval_0_to_0(losses):
    for method in METHODS:
        assert difference_interval(losses, losses, num_resamples=20, method=method, rng=rng()) == (0.0, 0.0, 0.0)
    found = fidelity(losses, losses, num_resamples=20, rng=rng())
    assert found.student == found.teacher
    assert found.width_ratio == 1.0


def test_one_row_has_width_0_and_a_warning():
    for method in METHODS:
        with pytest.warns(UserWarning, match="width is 0"):
            assert bootstrap_interval([0.3], method=method, rng=rng()) == (0.3, 0.3, 0.3)
    with pytest.warns(UserWarning, match="width is 0"):
        bootstrap_interval([0.3, 0.5], groups=["a", "a"], rng=rng())
    with pytest.raises(ValueError, match="no row"):
        bootstrap_interval([], rng=rng())


def test_equal_losses_have_the_point_where_scipy_has_nan():
    losses = np.full(10, 0.1)
    for method in METHODS:
        assert_allclose(bootstrap_interval(losses, num_resamples=50, method=method, rng=rng()), (0.1, 0.1, 0.1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert np.isnan(scipy.stats.bootstrap((losses,), np.mean, n_resamples=50).confidence_interval).all()


def test_bca_is_finite_where_all_resamples_lie_on_one_side():
    losses = np.array([0.0, 0.0, 1.0])
    found = bootstrap_interval(losses, indices=[[0, 0, 1], [0, 1, 1]], method="bca")
    assert_allclose(found, (1 / 3, 0.0, 0.0))
    for level in (0.5, 1 - 1e-15):
        assert np.isfinite(bootstrap_interval(skewed(5), num_resamples=3, level=level, method="bca", rng=rng())).all()


def test_a_generator_is_needed_unless_indices_are_given():
    with pytest.raises(TypeError, match="rng"):
        bootstrap_interval([1.0, 2.0])
    with pytest.raises(ValueError, match="indices"):
        difference_interval([1.0, 2.0], [1.0, 3.0], paired=False, indices=[[0, 1]])
    with pytest.raises(ValueError, match="method"):
        difference_interval([1.0, 2.0], [1.0, 3.0], paired=False, method="bca", rng=rng())


def test_losses_are_not_broadcast():
    with pytest.raises(ValueError, match="one axis"):
        difference_interval([1.0, 2.0], [[1.0], [2.0]], rng=rng())
    with pytest.raises(ValueError, match="same shape"):
        difference_interval([1.0, 2.0], [1.0], rng=rng())


# --- shares ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95, 0.999])
@pytest.mark.parametrize(("right", "count"), [(0, 1), (1, 1), (3, 10), (14, 24), (199, 200)])
def test_wilsons_interval_is_scipys(right, count, level):
    expected = scipy.stats.binomtest(right, count).proportion_ci(level, method="wilson")
    assert_allclose(wilson_interval(right, count, level), (right / count, *expected), rtol=1e-12, atol=1e-16)


@given(st.integers(1, 10**6).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), st.floats(0.01, 0.999))
def test_the_ends_of_wilsons_interval_are_z_standard_errors_away(rows, level):
    """The definition, in exact arithmetic but for z; whoever swaps right and wrong gets the mirror image."""
    right, count = rows
    share, low, high = wilson_interval(right, count, level)
    assert 0 <= low <= share <= high <= 1
    z2 = Fraction(float(scipy.stats.norm.isf((1 - level) / 2))) ** 2
    for end in {low, high} - {0.0, 1.0}:
        gap, s = Fraction(right, count) - Fraction(end), Fraction(end)
        rounding = 4 * np.finfo(float).eps / min(end, 1 - end)  # of an end that is written as 1 less a number near 1
        assert abs(float(gap**2 / (z2 * s * (1 - s) / count)) - 1) < 1e-9 + rounding
    mirrored = wilson_interval(count - right, count, level)
    assert_allclose((mirrored.low, mirrored.high), (1 - high, 1 - low), rtol=1e-9, atol=1e-16)
    assert (low == 0) == (right == 0)
    assert (high == 1) == (right == count)


def test_none_of_few_rows_right_is_no_certainty():
    """z^2/(n + z^2), by hand: 3.8415/13.8415."""
    assert_allclose(wilson_interval(0, 10), (0, 0, 0.2775328), rtol=1e-7)
    assert wilson_interval(0, 10).low == 0


# --- groups ---------------------------------------------------------------------------------------------------------


def test_a_group_of_one_row_each_is_no_group():
    losses = skewed(30)
    for method in METHODS:
        assert_allclose(
            bootstrap_interval(losses, num_resamples=200, groups=np.arange(30), method=method, rng=rng()),
            bootstrap_interval(losses, num_resamples=200, method=method, rng=rng()),
            rtol=1e-12,
        )


def test_groups_are_drawn_whole_and_weighted_by_their_rows():
    losses, groups = np.array([1.0, 2.0, 3.0, 10.0]), ["b", "a", "b", "a"]
    found = bootstrap_means(losses, groups=groups, indices=[[0, 0], [1, 1], [0, 1]])
    assert_allclose(found, [6.0, 2.0, 4.0])
    found = bootstrap_means(losses, groups=["a", "b", "b", "b"], indices=[[0, 0], [1, 1], [0, 1]])
    assert_allclose(found, [1.0, 5.0, 4.0])


def test_bca_of_groups_leaves_groups_out():
    """Against the acceleration of an explicit jackknife over the groups."""
    losses, groups = skewed(40), rng(7).integers(8, size=40)
    names = np.unique(groups)
    left_out = np.array([losses[groups != name].mean() for name in names])
    gap = left_out.mean() - left_out
    a = (gap**3).sum() / (6 * (gap**2).sum() ** 1.5)
    means = bootstrap_means(losses, num_resamples=500, groups=groups, rng=rng(8))
    z_0 = scipy.stats.norm.ppf(((means < losses.mean()).mean() + (means <= losses.mean()).mean()) / 2)
    z = z_0 + scipy.stats.norm.ppf([0.025, 0.975])
    expected = np.quantile(means, scipy.stats.norm.cdf(z_0 + z / (1 - a * z)))
    found = bootstrap_interval(losses, num_resamples=500, groups=groups, method="bca", rng=rng(8))
    assert_allclose(found[1:], expected, rtol=1e-9)


def test_rows_that_depend_on_each_other_need_groups():
    """Each loss stands ten times: the rows look ten times as many as they are."""
    losses = skewed(40)
    repeated, groups = np.repeat(losses, 10), np.repeat(np.arange(40), 10)
    alone = bootstrap_interval(losses, num_resamples=500, rng=rng())
    grouped = bootstrap_interval(repeated, num_resamples=500, groups=groups, rng=rng())
    naive = bootstrap_interval(repeated, num_resamples=500, rng=rng())
    assert_allclose(grouped, alone, rtol=1e-12)
    assert naive.high - naive.low < 0.4 * (alone.high - alone.low)


# --- coverage -------------------------------------------------------------------------------------------------------


def covered(method, n, repetitions=500, seed=9):
    """Return in how many samples of n skewed losses the 95 % interval holds their true mean."""
    generator, true_mean = rng(seed), math.exp(0.5 * 1.3**2)
    count = 0
    for _ in range(repetitions):
        losses = generator.lognormal(sigma=1.3, size=n)
        _, low, high = bootstrap_interval(losses, num_resamples=400, method=method, rng=generator)
        count += low <= true_mean <= high
    return count


def test_the_coverage_is_not_95_percent_for_skewed_losses_by_any_method():
    """Binomial tests: were it 95 %, each would say otherwise once in a million times."""
    at_least = scipy.stats.binom(500, 0.95).ppf(ONE_IN_A_MILLION)
    counts = {method: covered(method, 30) for method in METHODS}
    assert max(counts.values()) < at_least
    assert counts["basic"] < counts["percentile"] < counts["bca"]  # the same samples, in this order


def test_the_coverage_is_95_percent_for_normal_losses():
    """A binomial test on both sides, which allows for the small sample: 94.0 to 95.0 % at n = 100."""
    generator = rng(10)
    count = 0
    for _ in range(500):
        _, low, high = bootstrap_interval(generator.normal(size=100), num_resamples=400, rng=generator)
        count += low <= 0 <= high
    assert scipy.stats.binom(500, 0.94).ppf(ONE_IN_A_MILLION) <= count
    assert count <= scipy.stats.binom(500, 0.95).ppf(1 - ONE_IN_A_MILLION)


def test_without_an_error_seen_the_interval_of_the_error_rate_is_the_point_0():
    for method in METHODS:
        assert bootstrap_interval(np.zeros(30), num_resamples=50, method=method, rng=rng()) == (0.0, 0.0, 0.0)
    assert 0.95**30 > 0.2  # what happens to one test set of 30 in five, at an error rate of 5 %


# --- two models -----------------------------------------------------------------------------------------------------


def test_separate_intervals_overlap_while_the_paired_one_excludes_0():
    found = fidelity(*model_losses(), num_resamples=2000, rng=rng())
    assert found.student.low < found.teacher.high
    assert found.difference.low > 0


def test_the_paired_width_is_the_unpaired_one_times_what_the_correlation_leaves():
    """Against the exact standard errors: one alarm in a million, at errors of 2/sqrt(B) and 1 % of skew."""
    student, teacher = model_losses()
    B = 20_000
    paired, unpaired = (
        difference_interval(student, teacher, paired=paired, num_resamples=B, rng=rng(11)) for paired in (True, False)
    )
    widths = [interval.high - interval.low for interval in (paired, unpaired)]
    exact = bootstrap_variance(student - teacher), bootstrap_variance(student) + bootstrap_variance(teacher)
    assert abs(widths[0] / widths[1] / math.sqrt(exact[0] / exact[1]) - 1) < 0.01 + RARE * 2 / math.sqrt(B)
    assert widths[0] < 0.5 * widths[1]
    assert paired.estimate == pytest.approx(unpaired.estimate)


def test_fidelity_holds_the_intervals_of_the_same_resamples():
    student, teacher = model_losses()
    indices = rng().integers(300, size=(100, 300))
    for method in METHODS:
        found = fidelity(student, teacher, method=method, indices=indices)
        assert found.student == bootstrap_interval(student, method=method, indices=indices)
        assert found.teacher == bootstrap_interval(teacher, method=method, indices=indices)
        assert found.difference == difference_interval(student, teacher, method=method, indices=indices)
        assert found.difference.estimate == pytest.approx(student.mean() - teacher.mean())


def test_a_constant_predictor_has_width_0_and_a_student_twice_as_bad_the_teachers_width():
    _, teacher = model_losses()
    constant = fidelity(np.full(300, math.log(2)), teacher, num_resamples=200, rng=rng())
    assert constant.width_ratio == pytest.approx(0, abs=1e-12)
    twice_as_bad = fidelity(teacher + teacher.mean(), teacher, num_resamples=200, rng=rng())
    assert twice_as_bad.width_ratio == pytest.approx(1, rel=1e-9)
    assert not twice_as_bad.covers_teacher
    teacher_without_width = fidelity(teacher, np.full(300, 0.5), num_resamples=200, rng=rng())
    assert teacher_without_width.width_ratio > 1e12


def test_covering_the_teachers_estimate_is_weak():
    """Covered, though the student is worse on each row."""
    student, teacher = model_losses(100)
    student = teacher + 0.05 * (student - teacher) + 0.01
    assert (student > teacher).sum() > 90
    found = fidelity(student, teacher, num_resamples=1000, rng=rng())
    assert found.covers_teacher
    assert found.difference.low > 0


# --- conformal prediction -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("n", "level"), [(9, 0.9), (19, 0.95), (99, 0.9), (10, 0.3), (7, 0.5)])
def test_the_rank_of_the_threshold_is_exact(n, level):
    p_y = np.linspace(0.99, 0.5, n)
    rank = math.ceil((n + 1) * Fraction(str(level)))
    found = conformal_threshold(np.stack([p_y, 1 - p_y], axis=1), np.zeros(n, dtype=int), level=level)
    assert found == p_y[rank - 1]


def test_too_few_rows_for_the_level_give_all_classes():
    p = [[0.6, 0.4]] * 8
    threshold = conformal_threshold(p, [0] * 8, level=0.9)
    assert threshold == 0.0
    assert conformal_sets([[1.0, 0.0]], threshold).all()


@pytest.mark.parametrize("level", [0.5, 0.9])
def test_sets_cover_as_promised_though_the_model_is_overconfident(level):
    """The mean coverage is ceil((n+1) level)/(n+1) exactly (without ties); by Monte Carlo, one alarm in a million."""
    generator = rng(12)
    n, new, repetitions = 20, 20, 400
    coverages = []
    for _ in range(repetitions):
        z = generator.normal(scale=3.0, size=(n + new, 5))
        labels = (softmax(z, 3.0).cumsum(axis=1) > generator.random((n + new, 1))).argmax(axis=1)
        p = softmax(z)
        threshold = conformal_threshold(p[:n], labels[:n], level=level)
        coverages.append(conformal_coverage(conformal_sets(p[n:], threshold), labels[n:]).coverage)
    promised = math.ceil((n + 1) * Fraction(str(level))) / (n + 1)
    assert abs(np.mean(coverages) - promised) < RARE * np.std(coverages, ddof=1) / math.sqrt(repetitions)


def test_coverage_and_size_count_the_sets():
    sets = np.array([[True, False, True], [False, False, False]])
    assert conformal_coverage(sets, [2, 0]) == (0.5, 1.0)
    assert conformal_coverage(sets.T, [2, 0], axis=0) == (0.5, 1.0)
    with pytest.raises(ValueError, match="no row"):
        conformal_coverage(np.zeros((0, 3), dtype=bool), [])


def test_a_sharper_model_has_smaller_sets_at_the_same_coverage():
    z = rng().normal(scale=3.0, size=(2000, 5))
    labels = (softmax(z).cumsum(axis=1) > rng(1).random((2000, 1))).argmax(axis=1)
    sizes = []
    for probs in (softmax(z), softmax(z + rng(2).normal(scale=3.0, size=z.shape))):
        threshold = conformal_threshold(probs[:1000], labels[:1000])
        found = conformal_coverage(conformal_sets(probs[1000:], threshold), labels[1000:])
        assert 0.85 < found.coverage < 0.95
        sizes.append(found.mean_size)
    assert sizes[0] < sizes[1] - 0.5


def test_the_threshold_of_float32_probabilities_is_in_the_set():
    p = softmax(rng().normal(size=(50, 3)).astype(np.float32))
    labels = rng(1).integers(3, size=50)
    sets = conformal_sets(p, conformal_threshold(p, labels, level=0.5))
    assert conformal_coverage(sets, labels).coverage == 26 / 50


def test_no_warning_is_the_rule():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fidelity(*model_losses(20), num_resamples=20, rng=rng())
