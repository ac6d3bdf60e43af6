"""Calibration: closed forms, enumerations, oracles and where they differ, laws, and what the error is not."""

import decimal
import itertools
import math
import types
import warnings
from fractions import Fraction

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.calibration import (
    classwise_calibration_error,
    debiased_calibration_error,
    expected_calibration_error,
    fit_temperature,
    maximum_calibration_error,
    null_calibration_error,
    null_calibration_error_of_bin,
    reliability,
    smooth_calibration_error,
    top_label,
    top_label_of_logits,
)
from kdlab.temperature import log_softmax, softmax

RARE = 4.9  # a normal number is this far from 0 once in a million times
ERRORS = (
    expected_calibration_error,
    maximum_calibration_error,
    debiased_calibration_error,
    smooth_calibration_error,
)


@pytest.fixture(scope="module")
def peers():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import torch
        from netcal.metrics import ECE, MCE
        from netcal.scaling import TemperatureScaling
        from sklearn.calibration import _TemperatureScaling, calibration_curve
        from torchmetrics.functional.classification import multiclass_calibration_error
        from torchmetrics.functional.classification.calibration_error import _ce_compute

    def torchmetrics_binned(confidence, correct, num_bins, **options):
        return float(_ce_compute(torch.tensor(confidence), torch.tensor(correct, dtype=float), num_bins, **options))

    def torchmetrics_top_label(probs, labels):
        return float(multiclass_calibration_error(torch.tensor(probs), torch.tensor(labels), probs.shape[-1]))

    def fitted(estimator, *data):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return estimator.fit(*data)

    return types.SimpleNamespace(
        torchmetrics_binned=torchmetrics_binned,
        torchmetrics_top_label=torchmetrics_top_label,
        netcal_ece=lambda f, y, bins, **options: ECE(bins, **options).measure(np.array(f), np.array(y)),
        netcal_mce=lambda f, y, bins: MCE(bins).measure(np.array(f), np.array(y)),
        netcal_temperature=lambda probs, labels: fitted(TemperatureScaling(), probs, labels).temperature[0],
        sklearn_curve=calibration_curve,
        sklearn_temperature=lambda z, labels: 1 / fitted(_TemperatureScaling(), z, labels).beta_,
    )


def sample(size, num_classes=5, temperature=2.0, seed=0):
    """Return logits, and labels drawn from their softmax at a temperature."""
    rng = np.random.default_rng(seed)
    z = rng.normal(scale=3.0, size=(size, num_classes))
    labels = (softmax(z, temperature).cumsum(axis=1) > rng.random((size, 1))).argmax(axis=1)
    return z, labels


def calibrated(size, seed=0):
    """Return confidences, and outcomes drawn with them."""
    rng = np.random.default_rng(seed)
    confidence = rng.beta(5, 2, size)
    return confidence, rng.random(size) < confidence


def outcomes(p):
    """Yield every outcome of independent coins, and its probability."""
    for correct in itertools.product([0, 1], repeat=len(p)):
        yield np.array(correct), math.prod(q if y else 1 - q for q, y in zip(p, correct, strict=True))


# --- the definition -------------------------------------------------------------------------------------------------

DECIMALS = st.integers(0, 1000).map(lambda thousandths: decimal.Decimal(thousandths) / 1000)
ROWS = st.lists(st.tuples(DECIMALS, st.booleans()), min_size=1, max_size=30)


def exact_bins(rows, num_bins):
    """Return the rows of each bin (b/M, (b+1)/M], the first closed, in exact decimal arithmetic."""
    bins = [[] for _ in range(num_bins)]
    for confidence, correct in rows:
        bins[max(math.ceil(Fraction(confidence) * num_bins) - 1, 0)].append((Fraction(confidence), correct))
    return bins


@given(ROWS, st.integers(1, 60))
def test_bins_and_errors_are_those_of_exact_decimal_arithmetic(rows, num_bins):
    bins = exact_bins(rows, num_bins)
    gaps = [abs(sum(y - f for f, y in rows_of)) for rows_of in bins]
    confidence, correct = [float(f) for f, _ in rows], [y for _, y in rows]
    found = reliability(confidence, correct, num_bins=num_bins)
    assert_array_equal(found.count, [len(rows_of) for rows_of in bins])
    ece = expected_calibration_error(confidence, correct, num_bins=num_bins)
    assert_allclose(ece, float(sum(gaps) / len(rows)), rtol=1e-12, atol=1e-14)
    mce = max(gap / len(rows_of) for gap, rows_of in zip(gaps, bins, strict=True) if rows_of)
    assert_allclose(maximum_calibration_error(confidence, correct, num_bins=num_bins), float(mce), atol=1e-14)
    assert 0 <= ece <= 1
    assert ece <= mce + 1e-14


def test_edges_that_rounding_misplaces():
    assert math.ceil(0.29 * 100) - 1 == 28  # right by this formula,
    assert math.ceil(0.07 * 100) - 1 == 7  # and wrong by it: 0.07 is the upper edge of bin 6
    assert np.searchsorted(np.linspace(0, 1, 7), 5 / 6) - 1 == 5  # as by the edges of linspace, for 5/6 of 6 bins
    assert np.flatnonzero(reliability([0.29], [1], num_bins=100).count) == 28
    assert np.flatnonzero(reliability([0.07], [1], num_bins=100).count) == 6
    assert np.flatnonzero(reliability([5 / 6], [1], num_bins=6).count) == 4


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_an_edge_is_an_edge_in_every_dtype(dtype):
    for num_bins in (5, 10, 15):
        edges = (np.arange(num_bins + 1) / num_bins).astype(dtype)
        found = reliability(edges, np.ones(num_bins + 1), num_bins=num_bins)
        assert_array_equal(found.count, [2] + [1] * (num_bins - 1))


def test_confidence_above_1_by_rounding_is_1():
    assert_array_equal(reliability([1 + 9e-7], [1]).confidence[-1], 1.0)
    with pytest.raises(ValueError, match="confidence must be in"):
        reliability([1 + 2e-6], [1])


def test_no_row_is_an_error_and_not_nan():
    for error in ERRORS:
        with pytest.raises(ValueError, match="no row"):
            error([], [])
    with pytest.raises(ValueError, match="no row"):
        null_calibration_error([])
    with pytest.raises(ValueError, match="no row"):
        classwise_calibration_error(np.zeros((0, 3)), [])
    assert top_label(np.zeros((0, 3)), []).confidence.shape == (0,)


def test_rows_are_not_broadcast():
    with pytest.raises(ValueError, match="same shape"):
        expected_calibration_error(np.full(3, 0.5), np.ones((3, 1)))


def test_an_empty_bin_is_nan_in_the_diagram_and_nothing_in_the_errors():
    found = reliability([0.9], [1], num_bins=2)
    assert_array_equal(found.count, [0, 1])
    assert all(np.isnan(values[0]) and np.isfinite(values[1]) for values in found[1:])
    assert_allclose(maximum_calibration_error([0.9], [1], num_bins=2), 0.1)
    assert_allclose(expected_calibration_error([0.9], [1], num_bins=2), 0.1)


def test_inputs_are_not_modified():
    confidence, correct = calibrated(50)
    weights = np.arange(50.0)
    copies = confidence.copy(), correct.copy(), weights.copy()
    for error in ERRORS:
        error(confidence, correct)
    expected_calibration_error(confidence, correct, weights=weights, binning="equal_mass")
    z, labels = sample(20)
    z_copy, labels_copy = z.copy(), labels.copy()
    fit_temperature(z, labels)
    top_label_of_logits(z, labels)
    for array, copy in zip((confidence, correct, weights, z, labels), (*copies, z_copy, labels_copy), strict=True):
        assert_array_equal(array, copy)


# --- top label ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_top_label_on_every_axis(axis):
    z, labels = sample(24)
    p = softmax(z)
    z3, p3, y3 = (array.reshape(4, 6, *array.shape[1:]) for array in (z, p, labels))
    expected = p.max(axis=1).reshape(4, 6), (z.argmax(axis=1) == labels).reshape(4, 6)
    for found in (
        top_label(np.moveaxis(p3, -1, axis), y3, axis=axis),
        top_label_of_logits(np.moveaxis(z3, -1, axis), y3, axis=axis),
    ):
        assert_array_equal(found.confidence, expected[0])
        assert_array_equal(found.correct, expected[1])


def test_ties_go_to_the_lowest_class_and_logits_are_not_blurred_by_rounding():
    assert top_label([[0.5, 0.5]], [0]).correct
    assert not top_label([[0.5, 0.5]], [1]).correct
    assert top_label_of_logits([[0.0, 1e-20]], [1]).correct  # the two probabilities are 0.5 as floats
    assert top_label_of_logits([[0.0, 1.0]], [1], temperature=math.inf).correct


def test_a_masked_class_is_never_predicted():
    found = top_label_of_logits([[-np.inf, 0.0]], [1])
    assert_array_equal(found.confidence, [1.0])
    assert_array_equal(found.correct, [True])


# --- options --------------------------------------------------------------------------------------------------------


def test_equal_mass_bins_differ_by_one_row_at_most():
    rng = np.random.default_rng(0)
    for size, num_bins in itertools.product([15, 16, 29, 1000], [1, 2, 7, 15]):
        count = reliability(rng.random(size), np.ones(size), num_bins=num_bins, binning="equal_mass").count
        assert count.sum() == size
        assert np.ptp(count) <= 1


def test_equal_mass_bins_keep_ties_together():
    confidence = [0.1, 0.1, 0.1, 0.9]
    found = reliability(confidence, [1, 0, 1, 0], num_bins=2, binning="equal_mass")
    assert_array_equal(found.count, [3, 1])
    found = reliability([0.5] * 4, [1, 0, 1, 0], num_bins=4, binning="equal_mass")
    assert_array_equal(found.count, [4, 0, 0, 0])
    for order in itertools.permutations(range(4)):  # no order of the rows changes it
        assert_allclose(
            expected_calibration_error(
                np.take(confidence, order), np.take([1, 0, 1, 0], order), num_bins=2, binning="equal_mass"
            ),
            (3 * abs(2 / 3 - 0.1) + 0.9) / 4,
        )


@pytest.mark.parametrize("binning", ["equal_width", "equal_mass"])
def test_weights_are_repetitions(binning):
    rng = np.random.default_rng(1)
    confidence, correct = calibrated(60)
    times = rng.integers(0, 4, 60)
    repeated = np.repeat(confidence, times), np.repeat(correct, times)
    for error in (expected_calibration_error, maximum_calibration_error):
        assert_allclose(
            error(confidence, correct, binning=binning, weights=times),
            error(*repeated, binning=binning),
            rtol=1e-12,
        )
    found = reliability(confidence, correct, binning=binning, weights=times)
    for one, other in zip(found[:3], reliability(*repeated, binning=binning)[:3], strict=True):
        assert_allclose(one, other, rtol=1e-12)
    assert_allclose(
        smooth_calibration_error(confidence, correct, weights=times), smooth_calibration_error(*repeated), atol=1e-9
    )


@pytest.mark.parametrize("binning", ["equal_width", "equal_mass"])
@pytest.mark.parametrize("unit", [1e308, 1e200, 1e-200, 5e-324])
def test_weights_have_no_unit(unit, binning):
    """Their sums and squares may be beyond every float; the count alone has their unit."""
    confidence, correct = calibrated(30)
    options = {"binning": binning, "num_bins": 5}
    weights = np.full(30, unit)
    for error in (expected_calibration_error, maximum_calibration_error):
        assert_allclose(error(confidence, correct, weights=weights, **options), error(confidence, correct, **options))
    assert_allclose(
        smooth_calibration_error(confidence, correct, weights=weights), smooth_calibration_error(confidence, correct)
    )
    of_weights, plain = (
        reliability(confidence, correct, weights=given, **options)._asdict() for given in (weights, None)
    )
    with np.errstate(over="ignore"):
        assert_allclose(of_weights.pop("count"), plain.pop("count") * unit, rtol=1e-15)
    for name, values in plain.items():
        assert_allclose(of_weights[name], values, rtol=1e-12)
    p, labels = [[0.9, 0.1], [0.4, 0.6], [0.8, 0.2]], [0, 0, 1]
    assert_allclose(
        classwise_calibration_error(p, labels, weights=[unit] * 3, **options),
        classwise_calibration_error(p, labels, **options),
    )


def test_huge_weights_of_the_rows_of_one_bin():
    assert_allclose(expected_calibration_error([0.6, 0.6], [0, 0], weights=[1e308] * 2), 0.6, rtol=1e-15)


def test_a_bin_of_little_weight_has_the_interval_of_its_rows():
    found = reliability([0.2, 0.9, 0.9], [1, 1, 0], num_bins=2, weights=[1.0, 1e-200, 1e-200])
    wilson = scipy.stats.binomtest(1, 2).proportion_ci(method="wilson")
    assert_allclose([found.accuracy_low[1], found.accuracy_high[1]], wilson, rtol=1e-12)


@pytest.mark.parametrize("level", [0.5, 0.95, 0.999])
def test_intervals_of_the_accuracy_are_wilsons(level):
    for n, k in [(1, 0), (1, 1), (10, 3), (200, 199)]:
        found = reliability([0.9] * n, [1] * k + [0] * (n - k), num_bins=1, level=level)
        wilson = scipy.stats.binomtest(k, n).proportion_ci(level, method="wilson")
        assert_allclose([found.accuracy_low[0], found.accuracy_high[0]], wilson, atol=1e-12)


def test_intervals_with_equal_weights_are_those_without():
    confidence, correct = calibrated(100)
    for one, other in zip(
        reliability(confidence, correct, weights=np.full(100, 7.0))[1:],
        reliability(confidence, correct)[1:],
        strict=True,
    ):
        assert_allclose(one, other, rtol=1e-12)


# --- laws -----------------------------------------------------------------------------------------------------------


@settings(max_examples=30)
@given(ROWS, st.integers(2, 5), st.integers(1, 20), st.randoms())
def test_law_14_a_duplicated_or_permuted_data_set_has_the_same_error(rows, times, num_bins, random):
    confidence, correct = [float(f) for f, _ in rows], [y for _, y in rows]
    shuffled = rows * times
    random.shuffle(shuffled)
    duplicates = [float(f) for f, _ in shuffled], [y for _, y in shuffled]
    for binning in ("equal_width", "equal_mass"):
        options = {"num_bins": num_bins, "binning": binning}
        for error in (expected_calibration_error, maximum_calibration_error):
            assert_allclose(error(*duplicates, **options), error(confidence, correct, **options), atol=1e-13)
        assert reliability(*duplicates, **options).count.sum() == len(rows) * times
    assert_allclose(smooth_calibration_error(*duplicates), smooth_calibration_error(confidence, correct), atol=1e-9)


@settings(max_examples=30)
@given(st.floats(0.05, 0.95), st.integers(1, 30))
def test_a_constant_predictor_at_the_base_rate_has_error_0(rate, num_bins):
    population = {"weights": [rate, 1 - rate]}
    assert_allclose(expected_calibration_error([rate] * 2, [1, 0], num_bins=num_bins, **population), 0, atol=1e-15)
    assert_allclose(smooth_calibration_error([rate] * 2, [1, 0], **population), 0, atol=1e-9)


@pytest.mark.parametrize("num_bins", [1, 2, 15, 100])
def test_a_constant_predictor_has_the_gap_to_the_base_rate_as_its_error_by_every_measure(num_bins):
    confidence, correct = [0.7] * 10, [1] * 4 + [0] * 6
    assert_allclose(expected_calibration_error(confidence, correct, num_bins=num_bins), 0.3, rtol=1e-12)
    assert_allclose(maximum_calibration_error(confidence, correct, num_bins=num_bins), 0.3, rtol=1e-12)
    assert_allclose(smooth_calibration_error(confidence, correct), 0.3, rtol=1e-9)


def test_the_error_jumps_with_a_confidence_at_an_edge_and_the_smooth_one_does_not():
    correct = [1, 0]
    at, above = [0.5, 0.51], [0.5 + 1e-9, 0.51]
    assert_allclose(expected_calibration_error(at, correct, num_bins=2), 0.505, rtol=1e-9)
    assert_allclose(expected_calibration_error(above, correct, num_bins=2), 0.005, rtol=1e-6)
    assert abs(smooth_calibration_error(at, correct) - smooth_calibration_error(above, correct)) < 1e-8


def test_binning_hides_errors_of_opposite_sign():
    confidence, correct = [0.55, 0.65], [1, 0]
    population = {"weights": [0.5, 0.5]}
    assert_allclose(expected_calibration_error(confidence, correct, num_bins=1, **population), 0.1, rtol=1e-12)
    assert_allclose(expected_calibration_error(confidence, correct, num_bins=100, **population), 0.55, rtol=1e-12)


# --- per class ------------------------------------------------------------------------------------------------------


def test_the_three_readings_are_their_definitions():
    z, labels = sample(400, num_classes=3)
    p = softmax(z)
    confidence, correct = top_label(p, labels)
    for binning in ("equal_width", "equal_mass"):
        options = {"num_bins": 10, "binning": binning}
        one_vs_rest = [expected_calibration_error(p[:, c], labels == c, **options) for c in range(3)]
        assert_allclose(classwise_calibration_error(p, labels, **options), one_vs_rest, rtol=1e-12)
        for reading, of_class in (("predicted_label", p.argmax(axis=1)), ("true_label", labels)):
            rows = [of_class == c for c in range(3)]
            expected = [expected_calibration_error(confidence[r], correct[r], **options) for r in rows]
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)
                found = classwise_calibration_error(p, labels, reading=reading, **options)
            assert_allclose(found, expected, rtol=1e-12)
    assert_array_equal(
        classwise_calibration_error(p.T, labels, axis=0), classwise_calibration_error(p, labels, axis=-1)
    )


def test_a_class_without_rows_has_no_error_in_the_readings_that_select_rows():
    p = [[0.6, 0.4, 0.0], [0.9, 0.1, 0.0]]
    found = classwise_calibration_error(p, [0, 1], reading="predicted_label")
    assert np.isfinite(found[0])
    assert np.isnan(found[1:]).all()
    assert_array_equal(classwise_calibration_error(p, [0, 1])[2], 0.0)


def test_two_classes_have_the_same_one_vs_rest_error_but_for_edges():
    z, labels = sample(500, num_classes=2)
    p = softmax(z)
    assert_allclose(*classwise_calibration_error(p, labels, num_bins=10), rtol=1e-9)


def test_the_error_of_the_rows_with_one_true_label_is_no_calibration_measure():
    """A perfectly calibrated Bayes model on two atoms: every reading is 0, but for that one."""
    pa, ya, yb = 0.9, 0.05, 0.7
    probs = np.array([[1 - ya, ya], [1 - ya, ya], [1 - yb, yb], [1 - yb, yb]])
    labels = [0, 1, 0, 1]
    weights = np.array([pa * (1 - ya), pa * ya, (1 - pa) * (1 - yb), (1 - pa) * yb])
    assert_allclose(expected_calibration_error(*top_label(probs, labels), weights=weights), 0, atol=1e-15)
    assert_allclose(classwise_calibration_error(probs, labels, weights=weights), 0, atol=1e-15)
    assert_allclose(
        classwise_calibration_error(probs, labels, weights=weights, reading="predicted_label"), 0, atol=1e-15
    )
    with pytest.warns(UserWarning, match="no calibration measure"):
        found = classwise_calibration_error(probs, labels, weights=weights, reading="true_label")
    minority = (pa * ya * (1 - ya) + (1 - pa) * yb * (1 - yb)) / (pa * ya + (1 - pa) * yb)
    assert_allclose(found[1], minority, rtol=1e-12)
    assert_allclose(minority, 0.5543478260869565, rtol=1e-12)


# --- bias -----------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(1, 4), st.sampled_from(["equal_width", "equal_mass"])
)
def test_the_null_expectation_is_that_of_all_outcomes(confidence, num_bins, binning):
    options = {"num_bins": num_bins, "binning": binning}
    expected = sum(
        probability * expected_calibration_error(confidence, correct, **options)
        for correct, probability in outcomes(confidence)
    )
    assert_allclose(null_calibration_error(confidence, **options), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("n", [1, 2, 3, 20, 63, 64, 65, 128, 500])
@pytest.mark.parametrize("p", [Fraction(0), Fraction(1, 7), Fraction(1, 2), Fraction(9, 10), Fraction(1)])
def test_de_moivre_and_the_sum_of_coins_are_exact_fractions(n, p):
    exact = sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) * abs(Fraction(k, n) - p) for k in range(n + 1))
    assert_allclose(null_calibration_error_of_bin(n, float(p)), float(exact), rtol=1e-11, atol=1e-300)
    assert_allclose(null_calibration_error([float(p)] * n), float(exact), rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("p", [1e-300, 1e-9, 0.3, 1 - 1e-16])
def test_a_million_coins(p):
    coins = null_calibration_error(np.full(10**6, p))
    assert_allclose(null_calibration_error_of_bin(10**6, p), coins, rtol=3e-8, atol=1e-16)


def test_the_normal_approximation_is_close_and_is_not_exact():
    assert_allclose(
        null_calibration_error([0.9] * 20, method="normal"), math.sqrt(2 * 0.09 / (math.pi * 20)), rtol=1e-12
    )
    confidence, _ = calibrated(20_000)
    exact, normal = (null_calibration_error(confidence, method=method) for method in ("exact", "normal"))
    assert_allclose(normal, exact, rtol=1e-3)
    assert normal != exact


@pytest.mark.parametrize("size", [100, 1000, 10_000])
def test_a_perfectly_calibrated_model_has_the_null_expectation_and_not_0(size):
    """By Monte Carlo: one false alarm in a million."""
    rng = np.random.default_rng(2)
    confidence = rng.uniform(0.1, 1, size)
    errors = [expected_calibration_error(confidence, rng.random(size) < confidence) for _ in range(400)]
    expected = null_calibration_error(confidence)
    assert abs(np.mean(errors) - expected) < RARE * np.std(errors, ddof=1) / math.sqrt(400)
    assert 0.2 < expected / math.sqrt(15 / size) < 0.4
    assert np.mean(errors) > RARE * np.std(errors, ddof=1) / math.sqrt(400)


def test_a_small_group_of_a_calibrated_model_looks_worse_than_the_rest():
    confidence, _ = calibrated(2000)
    assert null_calibration_error(confidence[:100]) > 4 * null_calibration_error(confidence)


@pytest.mark.parametrize(("confidence", "p"), [(0.5, 0.5), (0.9, 0.6), (0.2, 0.3)])
def test_the_debiased_square_has_the_true_square_as_its_expectation(confidence, p):
    """Over all outcomes of bins with equal confidences; the square that is not debiased is too large."""
    n = 6
    debiased = sum(q * debiased_calibration_error([confidence] * n, y) for y, q in outcomes([p] * n))
    plain = sum(q * expected_calibration_error([confidence] * n, y) ** 2 for y, q in outcomes([p] * n))
    assert_allclose(debiased, (p - confidence) ** 2, atol=1e-14)
    assert_allclose(plain, (p - confidence) ** 2 + p * (1 - p) / n, rtol=1e-12)


def test_the_debiased_square_subtracts_too_much_where_the_confidences_of_a_bin_differ():
    p = [0.1, 0.3, 0.6, 0.9]
    assert sum(q * debiased_calibration_error(p, y, num_bins=1) for y, q in outcomes(p)) < -0.01


def test_a_bin_of_one_row_adds_nothing_to_the_debiased_square():
    assert debiased_calibration_error([0.1, 0.9], [1, 0]) == 0.0


# --- smooth ---------------------------------------------------------------------------------------------------------


def smoothed_error(confidence, correct, sigma):
    """Return the integral of the definition by quadrature, with each kernel reflected at 0 and 1."""
    t = np.linspace(0, 1, 5001)
    g = np.zeros_like(t)
    for f, y in zip(confidence, correct, strict=True):
        for k in range(-4, 5):
            g += (y - f) * (scipy.stats.norm.pdf(t, 2 * k + f, sigma) + scipy.stats.norm.pdf(t, 2 * k - f, sigma))
    return scipy.integrate.trapezoid(np.abs(g), t) / len(confidence)


@pytest.mark.parametrize("seed", range(4))
def test_the_smooth_error_is_the_fixed_point_of_its_definition(seed):
    rng = np.random.default_rng(seed)
    confidence = np.append(rng.random(12), [0.0, 1.0])
    correct = rng.random(14) < confidence**2
    expected = scipy.optimize.brentq(lambda s: smoothed_error(confidence, correct, s) - s, 0.01, 1, xtol=1e-9)
    assert_allclose(smooth_calibration_error(confidence, correct), expected, rtol=2e-6)


def test_the_smooth_error_has_the_limits_0_and_1():
    assert smooth_calibration_error([0.0, 1.0], [0, 1]) == 0.0
    assert_allclose(smooth_calibration_error([0.0, 0.0], [1, 1]), 1.0, rtol=1e-9)
    assert_allclose(smooth_calibration_error([1.0, 1.0], [0, 0]), 1.0, rtol=1e-9)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=20))
def test_the_smooth_error_is_symmetric_and_in_its_range(rows):
    confidence, correct = np.array([f for f, _ in rows]), np.array([y for _, y in rows])
    found = smooth_calibration_error(confidence, correct)
    assert 0 <= found <= 1
    assert abs(np.mean(correct - confidence)) <= found + 1e-6
    assert_allclose(smooth_calibration_error(1 - confidence, ~correct), found, atol=1e-9)


def test_the_smooth_error_of_float32_is_that_of_float64():
    confidence, correct = calibrated(500)
    assert_allclose(
        smooth_calibration_error(confidence.astype(np.float32), correct),
        smooth_calibration_error(confidence, correct),
        atol=1e-6,
    )


# --- temperature scaling --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("right", "wrong", "gap"), [(3, 1, 2.0), (2, 1, 1.0), (99, 1, 1e-3), (51, 49, 1e3)])
def test_two_classes_in_closed_form(right, wrong, gap):
    logits = [[gap, 0.0]] * (right + wrong)
    found = fit_temperature(logits, [0] * right + [1] * wrong)
    assert_allclose(found, gap / math.log(right / wrong), rtol=1e-12)


@given(
    st.integers(0, 2**32 - 1),
    st.integers(2, 6),
    st.sampled_from([1e-250, 1e-6, 1.0, 30.0, 1e250]),
    st.floats(-5, 5),
)
def test_scale_shift_and_stationarity_of_the_fitted_temperature(seed, num_classes, scale, shift):
    z, labels = sample(60, num_classes, seed=seed)
    T = fit_temperature(z, labels)
    if not 0 < T < 1e3:
        return
    assert_allclose(fit_temperature(scale * z, labels), scale * T, rtol=1e-9)
    assert_allclose(fit_temperature(z + shift, labels), T, rtol=1e-9)
    mean_logit = (softmax(z, T) * z).sum(axis=1).mean()
    assert_allclose(mean_logit, np.take_along_axis(z, labels[:, np.newaxis], 1).mean(), rtol=1e-9, atol=1e-9)


def test_no_temperature_near_the_fitted_one_is_better():
    z, labels = sample(300)

    def nll(T):
        return -log_softmax(z, T)[np.arange(300), labels].mean()

    T = fit_temperature(z, labels)
    assert all(nll(T) < nll(T * factor) for factor in (0.5, 0.99, 0.9999, 1.0001, 1.01, 2))


def test_the_fitted_temperature_estimates_the_true_one():
    """Within its standard error by Fisher's information: one false alarm in a million."""
    z, labels = sample(20_000, temperature=2.5, seed=5)
    p = softmax(z, 2.5)
    variance = (p * z**2).sum(axis=1) - (p * z).sum(axis=1) ** 2
    assert abs(1 / fit_temperature(z, labels) - 1 / 2.5) < RARE / math.sqrt(variance.sum())


def test_a_fitted_temperature_calibrates_and_changes_no_prediction():
    z, labels = sample(4000, temperature=3.0, seed=6)
    before, after = (top_label_of_logits(z, labels, T) for T in (1.0, fit_temperature(z, labels)))
    assert_array_equal(before.correct, after.correct)
    assert expected_calibration_error(*after) < 0.03 < 0.1 < expected_calibration_error(*before)


def test_separable_rows_have_temperature_0_and_misleading_ones_infinity():
    with pytest.warns(UserWarning, match="no minimum"):
        assert fit_temperature([[0.0, 1.0], [2.0, 0.0], [1.0, 1.0]], [1, 0, 0]) == 0.0
    with pytest.warns(UserWarning, match="no minimum"):
        assert fit_temperature([[0.0, 1.0], [2.0, 0.0]], [0, 1]) == math.inf
    assert fit_temperature([[1.0, 1.0], [2.0, 2.0]], [0, 1]) == 1.0
    assert fit_temperature([[3.0], [2.0]], [0, 0]) == 1.0


def test_masked_classes_are_as_absent():
    z, labels = sample(200, num_classes=4)
    masked = np.insert(z, 2, -np.inf, axis=1)
    assert_allclose(fit_temperature(masked, labels + (labels >= 2)), fit_temperature(z, labels), rtol=1e-12)
    with pytest.raises(ValueError, match="unmasked"):
        fit_temperature(masked, np.full(200, 2))
    with pytest.raises(ValueError, match="no row"):
        fit_temperature(np.zeros((0, 3)), [])


def test_extreme_logits_do_not_stall_the_fit():
    """One row a factor of 1e200 beyond the others, and one label that misses the largest logit by 1e-9 only."""
    z, labels = sample(50, num_classes=4, temperature=1e9)
    z[0] *= 1e200
    labels[0] = z[0].argmax()
    T = fit_temperature(z, labels)
    p = softmax(z, T)
    gap = (p * (z - z[np.arange(50), labels, np.newaxis])).sum(axis=1)
    assert abs(gap.sum()) <= 1e-6 * np.abs(gap).sum()
    z, _ = sample(50, num_classes=4)
    labels = z.argmax(axis=1)
    labels[7] = np.argsort(z[7])[-2]
    z[7, labels[7]] = z[7].max() - 1e-9
    T = fit_temperature(z, labels)
    assert 1e-6 < T < 0.1
    assert fit_temperature(z.reshape(5, 10, 4), labels.reshape(5, 10)) == T
    assert fit_temperature(z.T, labels, axis=0) == T


# --- peers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("num_bins", [1, 5, 15])
def test_peers_agree_away_from_the_edges(peers, num_bins):
    confidence, correct = calibrated(500)
    y = correct.astype(int)
    ece = expected_calibration_error(confidence, correct, num_bins=num_bins)
    mce = maximum_calibration_error(confidence, correct, num_bins=num_bins)
    assert_allclose(peers.torchmetrics_binned(confidence, y, num_bins), ece, rtol=1e-9)
    assert_allclose(peers.torchmetrics_binned(confidence, y, num_bins, norm="max"), mce, rtol=1e-9)
    assert_allclose(peers.netcal_ece(confidence, y, num_bins), ece, rtol=1e-9)
    assert_allclose(peers.netcal_mce(confidence, y, num_bins), mce, rtol=1e-9)
    accuracy, mean = peers.sklearn_curve(y, confidence, n_bins=num_bins)
    found = reliability(confidence, correct, num_bins=num_bins)
    filled = found.count > 0
    assert_allclose(accuracy, found.accuracy[filled], rtol=1e-9)
    assert_allclose(mean, found.confidence[filled], rtol=1e-9)


def test_torchmetrics_has_the_same_debiased_square_but_for_bins_of_one_row(peers):
    confidence, correct = np.repeat([0.1, 0.5, 0.9], 20), np.tile([1, 1, 0, 0, 0], 12)

    def torchmetrics(*rows):
        return peers.torchmetrics_binned(*rows, 15, norm="l2", debias=True) ** 2  # where negative, 0

    assert debiased_calibration_error(confidence, correct) > 0.01
    assert_allclose(torchmetrics(confidence, correct), debiased_calibration_error(confidence, correct), rtol=1e-9)
    more = np.append(confidence, 0.3), np.append(correct, 1)
    assert_allclose(
        torchmetrics(*more), debiased_calibration_error(*more) + (1 - 0.3) ** 2 / 61, rtol=1e-9
    )  # a square that noise alone could make


def test_peers_agree_on_probabilities_and_torchmetrics_to_single_precision_only(peers):
    z, labels = sample(400)
    p = softmax(z)
    ece = expected_calibration_error(*top_label(p, labels))
    assert_allclose(peers.netcal_ece(p, labels, 15), ece, rtol=1e-12)
    assert_allclose(peers.torchmetrics_top_label(p, labels), ece, rtol=1e-5)
    assert abs(peers.torchmetrics_top_label(p, labels) - ece) > 1e-12


def test_torchmetrics_puts_confidence_1_into_a_bin_of_its_own(peers):
    confidence, correct = [0.95, 1.0], [1, 0]
    assert_allclose(expected_calibration_error(confidence, correct, num_bins=10), 0.475)
    assert_allclose(peers.torchmetrics_binned(confidence, correct, 10), 0.525)


@pytest.mark.parametrize("peer", ["torchmetrics_binned", "netcal_ece"])
def test_torchmetrics_and_netcal_close_bins_below(peers, peer):
    confidence, correct = [0.2, 0.25], [1, 0]
    assert_allclose(expected_calibration_error(confidence, correct, num_bins=10), (0.8 + 0.25) / 2)
    assert_allclose(getattr(peers, peer)(confidence, correct, 10), abs(1 - 0.45) / 2)


def test_sklearn_rounds_the_edges_twice(peers):
    confidence, correct = [5 / 6, 0.9], [1, 0]
    assert len(peers.sklearn_curve(correct, confidence, n_bins=6)[0]) == 1
    assert_array_equal(reliability(confidence, correct, num_bins=6).count, [0, 0, 0, 0, 1, 1])


def test_torchmetrics_takes_a_probability_just_above_1_for_a_logit(peers):
    p, labels = np.array([[1 + 1e-7, 0.0], [0.6, 0.4]]), np.array([0, 0])
    assert_allclose(expected_calibration_error(*top_label(p, labels)), 0.2, rtol=1e-6)
    assert peers.torchmetrics_top_label(p, labels) > 0.35


def test_netcal_refuses_several_classes_of_which_two_occur(peers):
    p, labels = np.array([[0.7, 0.2, 0.1], [0.2, 0.7, 0.1]]), np.array([0, 1])
    with pytest.raises(RuntimeError, match="binary"):
        peers.netcal_ece(p, labels, 15)
    assert_allclose(expected_calibration_error(*top_label(p, labels)), 0.3, rtol=1e-12)


def test_netcal_takes_equal_mass_edges_between_the_rows(peers):
    confidence, correct = [0.1, 0.2, 0.3, 0.4, 0.5], [0, 0, 1, 0, 1]
    # ranks 0, 1, 2 and 3, 4; netcal's edge is the median, 0.3, and belongs to the upper bin
    assert_allclose(
        expected_calibration_error(confidence, correct, num_bins=2, binning="equal_mass"), (0.4 + 0.1) / 5, rtol=1e-12
    )
    assert_allclose(peers.netcal_ece(confidence, correct, 2, equal_intervals=False), (0.3 + 0.8) / 5, rtol=1e-9)


def test_peers_fit_the_same_temperature_and_netcal_calls_its_inverse_so(peers):
    z, labels = sample(400)
    T = fit_temperature(z, labels)
    assert_allclose(peers.sklearn_temperature(z, labels), T, rtol=1e-6)
    assert_allclose(peers.netcal_temperature(softmax(z), labels), 1 / T, rtol=1e-4)


def test_netcal_fits_probabilities_and_loses_what_was_rounded_to_0_and_1(peers):
    z, labels = sample(400)
    T = fit_temperature(100 * z, labels)
    assert_allclose(T, 100 * fit_temperature(z, labels), rtol=1e-9)
    assert 1 / peers.netcal_temperature(softmax(100 * z), labels) < T / 5


def test_sklearn_returns_the_end_of_its_bounds_where_there_is_no_minimum(peers):
    z = np.array([[0.0, 1.0], [2.0, 0.0]])
    assert 0.001 < peers.sklearn_temperature(z, np.array([1, 0])) < 1
    assert 1e4 < peers.sklearn_temperature(z, np.array([0, 1])) < 1e5


# --- defaults, checks and edges -------------------------------------------------------------------------------------


def test_there_are_15_bins_unless_told():
    rng = np.random.default_rng(17)
    confidence, correct = rng.random(200), rng.random(200) < 0.5
    for error in (expected_calibration_error, maximum_calibration_error, debiased_calibration_error):
        assert error(confidence, correct) == error(confidence, correct, num_bins=15)
        assert error(confidence, correct) != error(confidence, correct, num_bins=16)
    assert len(reliability(confidence, correct).count) == 15
    p, labels = softmax(rng.normal(size=(200, 3))), rng.integers(0, 3, size=200)
    assert_array_equal(classwise_calibration_error(p, labels), classwise_calibration_error(p, labels, num_bins=15))
    assert (classwise_calibration_error(p, labels) != classwise_calibration_error(p, labels, num_bins=16)).any()


def test_one_bin_is_enough():
    p, labels = [[0.25, 0.75], [0.5, 0.5]], [0, 0]
    assert_allclose(classwise_calibration_error(p, labels, num_bins=1), [0.625, 0.625])


def test_intervals_stay_within_0_and_1():
    for n in range(1, 300):
        for correct in (0, 1):
            found = reliability(np.full(n, 0.5), np.full(n, correct), num_bins=1)
            assert found.accuracy_low[0] >= 0
            assert found.accuracy_high[0] <= 1


def test_a_bin_of_two_rows_is_debiased():
    assert_allclose(debiased_calibration_error([0.3, 0.3], [1, 0], num_bins=1), 0.2**2 - 0.25)


def test_probabilities_of_classes_have_two_axes():
    with pytest.raises(ValueError, match="probs must have 2 axes"):
        classwise_calibration_error(np.full((2, 2, 2), 0.5), np.zeros((2, 2), int))


def test_an_expected_gap_of_almost_certain_coins():
    p = 1 - 2.0**-53
    assert_allclose(null_calibration_error_of_bin(3, p), 2 * (1 - p), rtol=1e-12)


def test_logits_are_checked():
    for function in (top_label_of_logits, fit_temperature):
        with pytest.raises(ValueError, match="logits must not hold NaN"):
            function([[0.0, np.nan], [2.0, 1.0]], [0, 0])


def test_messages_begin_with_the_argument():
    for function in (classwise_calibration_error, fit_temperature):
        with pytest.raises(ValueError, match="^labels must hold at least one label"):
            function(np.zeros((0, 2)), [])
    with pytest.raises(ValueError, match=r"^logits must differ by less than 1.8e308 within a row\.$"):
        fit_temperature([[1e308, -1e308]], [0])
    with pytest.warns(UserWarning, match="^reading='true_label' is no calibration measure"):
        classwise_calibration_error([[0.5, 0.5]], [0], reading="true_label")


def test_a_temperature_is_fitted_to_rows_on_several_axes():
    rng = np.random.default_rng(18)
    z = rng.normal(size=(3, 20, 4))
    labels = (z + rng.gumbel(size=z.shape)).argmax(axis=-1)
    flat = fit_temperature(z.reshape(-1, 4), labels.ravel())
    assert fit_temperature(z, labels) == flat
    with pytest.raises(ValueError, match=r"labels must be in \[0, 3\]"):
        fit_temperature(z, np.full((3, 20), 4))
    assert_allclose(fit_temperature(np.moveaxis(z, -1, 0), labels, axis=0), flat, rtol=1e-12)


def test_rows_that_mislead_as_much_as_they_lead_have_an_infinite_temperature():
    with pytest.warns(UserWarning, match="temperature inf"):
        assert fit_temperature([[0.0, -1.0], [0.0, -1.0]], [0, 1]) == math.inf
    with pytest.warns(UserWarning, match="temperature inf"):
        assert fit_temperature([[0.0, -1.0]] * 5, [1] * 5) == math.inf


def test_certainty_is_a_probability():
    assert_array_equal(classwise_calibration_error(np.eye(3), [0, 1, 2]), np.zeros(3))


def test_a_row_of_almost_no_weight_is_in_the_last_bin_of_equal_mass():
    found = reliability([0.1, 0.2], [0, 1], weights=[1, 1e-20], binning="equal_mass", num_bins=2)
    assert_array_equal(found.count, [1, 1e-20])
