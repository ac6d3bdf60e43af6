"""Feature matching in a linear model: exact arithmetic, closed forms against draws, laws, and where it fails.

A test against draws compares a mean with its expectation by a z-test of false-alarm rate 1e-6 for each number
(|z| < 4.9), over independent draws from a fixed seed.
"""

import math
from fractions import Fraction

import numpy as np
import pytest
import scipy.optimize
import scipy.stats
from hypothesis import assume, given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LinearRegression, Ridge

from kdlab.feature_matching import (
    bias_variance,
    break_even_lambda,
    fit_student,
    logit_only_excess,
    omitted_variable_bias,
    one_coordinate,
    optimal_lambda,
    random_design_excess,
    slope_at_zero,
)

inf = math.inf
Z = scipy.stats.norm.isf(1e-6 / 2)


def problem(seed, n=6, m=3, d=3, spread=1.0):
    """Return X, F, theta_star, theta_feature and the rest by name; Sigma is no multiple of the identity."""
    rng = np.random.default_rng(seed)
    root = rng.normal(size=(d, d))
    X, F = rng.normal(size=(n, d)), rng.normal(size=(m, d))
    star = rng.normal(size=d)
    rest = {"sigma2": rng.uniform(0.1, 2), "tau2": rng.uniform(0, 1), "Sigma": root @ root.T}
    return (X, F, star, star + spread * rng.normal(size=d)), rest


seeds = st.integers(0, 2**32 - 1)
lambdas = st.floats(-3, 3).map(lambda x: 10**x)


# --- exact arithmetic -----------------------------------------------------------------------------------------------


def exact(values):
    return np.vectorize(lambda value: Fraction(float(value)), otypes=[object])(np.asarray(values))


def exact_solve(S, B):
    """Solve S Z = B by elimination in fractions."""
    d = len(S)
    table = np.hstack([S, B])
    for i in range(d):
        pivot = next(j for j in range(i, d) if table[j, i] != 0)
        table[[i, pivot]] = table[[pivot, i]]
        table[i] = table[i] / table[i, i]
        for j in range(d):
            if j != i:
                table[j] = table[j] - table[j, i] * table[i]
    return table[:, d:]


def exact_parts(X, F, star, feature, *, sigma2, tau2, lam, Sigma):
    """Return the reference's bias, covariance and excess, as fractions of the very numbers that the floats hold."""
    X, F, star, feature, Sigma = map(exact, (X, F, star, feature, Sigma))
    sigma2, tau2, lam = (Fraction(value) for value in (sigma2, tau2, lam))
    A, K = X.T @ X, F.T @ F
    S = A + lam * K
    bias = lam * exact_solve(S, (K @ (feature - star))[:, None])[:, 0]
    half = exact_solve(S, sigma2 * A + lam**2 * tau2 * K)
    covariance = exact_solve(S, half.T)
    return bias, covariance, bias @ Sigma @ bias + (Sigma * covariance).sum()


def floats(values):
    return np.vectorize(float)(values)


@pytest.mark.parametrize("lam", [0.0, 1e-12, 1e-3, 0.7, 1.0, 40.0, 1e9])
@pytest.mark.parametrize(("n", "m", "d"), [(6, 3, 3), (3, 5, 3), (7, 1, 2), (2, 2, 1), (8, 2, 4)])
def test_bias_and_covariance_are_those_of_exact_fractions(n, m, d, lam):
    arrays, rest = problem(1, n, m, d)
    bias, covariance, excess = exact_parts(*arrays, lam=lam, **rest)
    found = bias_variance(*arrays, lam=lam, **rest)
    size = np.abs(floats(covariance)).max()
    assert_allclose(found.bias, floats(bias), rtol=1e-11, atol=1e-13 * np.abs(floats(bias)).max())
    assert_allclose(found.covariance, floats(covariance), rtol=1e-11, atol=1e-13 * size)
    assert_allclose(found.excess, float(excess), rtol=1e-11)
    Sigma = rest["Sigma"]
    assert_allclose(found.squared_bias, found.bias @ Sigma @ found.bias, rtol=1e-11, atol=1e-300)
    assert_allclose(found.variance, np.trace(Sigma @ found.covariance), rtol=1e-11)
    assert found.excess == found.squared_bias + found.variance


@pytest.mark.parametrize("lam", [1e-30, 1e-12, 1e-6, 1.0, 1e6, 1e30])
def test_nothing_is_lost_where_logits_and_features_each_hardly_see_a_direction(lam):
    turn = np.linalg.qr(np.random.default_rng(2).normal(size=(4, 4)))[0]
    X, F = np.diag([1e-9, 1e-5, 1.0, 1.0]) @ turn, np.diag([1.0, 1.0, 1e-5, 1e-9]) @ turn
    arrays = X, F, np.arange(4.0), np.array([1.0, 1.0, 2.5, 2.0])
    rest = {"sigma2": 0.5, "tau2": 0.1, "Sigma": np.eye(4)}
    expected = float(exact_parts(*arrays, lam=lam, **rest)[2])
    assert_allclose(bias_variance(*arrays, lam=lam, **rest).excess, expected, rtol=1e-6)  # eps times 1e9


def test_the_normal_equations_lose_the_digits_that_are_kept_here():
    X, F = np.array([[1.0, 1.0], [0.0, 1e-7], [0.0, 0.0]]), np.array([[1.0, 1.0]])
    arrays, rest = (X, F, np.zeros(2), np.ones(2)), {"sigma2": 0.5, "tau2": 0.1, "Sigma": np.eye(2)}
    expected = float(exact_parts(*arrays, lam=0.3, **rest)[2])
    S = X.T @ X + 0.3 * F.T @ F
    half = np.linalg.solve(S, 0.5 * X.T @ X + 0.3**2 * 0.1 * F.T @ F)
    bias = 0.3 * np.linalg.solve(S, F.T @ F @ np.ones(2))
    plain = bias @ bias + np.trace(np.linalg.solve(S, half.T))
    assert abs(plain / expected - 1) > 1e-4
    assert_allclose(bias_variance(*arrays, lam=0.3, **rest).excess, expected, rtol=1e-8)


@pytest.mark.parametrize("lam", [1e-30, 1e-3, 1e3, 1e30])
def test_fewer_rows_than_dimensions_are_no_trouble_for_a_positive_lambda(lam):
    arrays, rest = problem(3, n=2, m=3, d=4)
    expected = float(exact_parts(*arrays, lam=lam, **rest)[2])
    assert_allclose(bias_variance(*arrays, lam=lam, **rest).excess, expected, rtol=1e-10)


def test_at_infinite_lambda_the_features_decide_alone():
    (X, F, star, feature), rest = problem(4, m=5)
    found = bias_variance(X, F, star, feature, lam=inf, **rest)
    assert_allclose(found.bias, feature - star, rtol=1e-12)
    assert_allclose(found.covariance @ F.T @ F, rest["tau2"] * np.eye(3), atol=1e-12)
    assert_allclose(bias_variance(X, F, star, feature, lam=1e15, **rest).excess, found.excess, rtol=1e-12)
    with pytest.raises(ValueError, match="lam must be finite where F lacks full column rank"):
        bias_variance(X, F[:2], star, feature, lam=inf, **rest)


def test_directions_that_neither_sees_are_refused():
    arrays, rest = problem(5, n=2, m=1, d=4)
    with pytest.raises(ValueError, match="X and F must have full column rank together"):
        bias_variance(*arrays, lam=1.0, **rest)


# --- the solver -----------------------------------------------------------------------------------------------------


@given(seeds, lambdas)
def test_the_fit_solves_the_normal_equations(seed, lam):
    (X, F, *_), _ = problem(seed)
    y, h = np.random.default_rng(seed + 1).normal(size=(2, 6))
    h = h[:3]
    theta = fit_student(X, F, y, h, lam=lam)
    rest = X.T @ (X @ theta - y) + lam * F.T @ (F @ theta - h)
    assert np.abs(rest).max() <= 1e-10 * (1 + lam) * (1 + np.abs(theta).max())


@pytest.mark.parametrize("lam", [0.01, 1.0, 50.0])
def test_with_the_identity_for_features_and_none_seen_it_is_ridge(lam):
    (X, *_), _ = problem(6, n=9, d=4)
    y = np.random.default_rng(7).normal(size=(9, 2))
    expected = Ridge(alpha=lam, fit_intercept=False, tol=1e-12).fit(X, y).coef_.T
    assert_allclose(fit_student(X, np.eye(4), y, np.zeros((4, 2)), lam=lam), expected, rtol=1e-10)


def test_the_ridge_of_scikit_learn_takes_sums_and_a_mean_of_squares_needs_lambda_times_n():
    """(1/n)|X th - y|^2 + lam |th|^2 is the fit at n lam; at lam it is another student."""
    (X, *_), _ = problem(8, n=20, d=2)
    y, lam = np.random.default_rng(9).normal(size=20), 0.3
    mean = scipy.optimize.minimize(
        lambda theta: ((X @ theta - y) ** 2).mean() + lam * theta @ theta, np.zeros(2), tol=1e-12
    ).x
    assert_allclose(fit_student(X, np.eye(2), y, np.zeros(2), lam=20 * lam), mean, rtol=1e-5)
    assert np.abs(fit_student(X, np.eye(2), y, np.zeros(2), lam=lam) - mean).max() > 0.01


def test_lambda_0_is_least_squares_and_infinite_lambda_that_of_the_features():
    (X, F, *_), _ = problem(10, m=4)
    y, h = np.arange(6.0), np.arange(4.0)
    for lam, (design, target) in {0.0: (X, y), inf: (F, h), 1e-200: (X, y), 1e200: (F, h)}.items():
        expected = LinearRegression(fit_intercept=False).fit(design, target).coef_
        assert_allclose(fit_student(X, F, y, h, lam=lam), expected, rtol=1e-11)


def test_an_undetermined_fit_warns_and_has_the_minimum_norm():
    (X, F, *_), _ = problem(11, n=2, m=1, d=4)
    y, h = np.array([1.0, 2.0]), np.array([3.0])
    with pytest.warns(np.exceptions.RankWarning, match="minimum norm"):
        theta = fit_student(X, F, y, h, lam=0)
    assert_allclose(X @ theta, y, rtol=1e-13)
    assert_allclose(theta, np.linalg.pinv(X) @ y, rtol=1e-12)
    with pytest.warns(np.exceptions.RankWarning, match=r"lam = 2\.0"):
        theta = fit_student(X, F, y, h, lam=2)
    assert_allclose(theta, np.linalg.pinv(np.vstack([X, F])) @ [1, 2, 3], rtol=1e-12)
    with pytest.raises(ValueError, match="lam must be finite"):
        fit_student(X, F, y, h, lam=inf)
    with pytest.raises(ValueError, match="lam must be in"):
        fit_student(X, F, y, h, lam=-1e-9)


def test_columns_are_fitted_each_for_itself():
    (X, F, *_), _ = problem(12)
    y, h = np.random.default_rng(13).normal(size=(2, 6, 2))
    both = fit_student(X, F, y, h[:3], lam=0.7)
    assert both.shape == (3, 2)
    for column in range(2):
        assert_allclose(fit_student(X, F, y[:, column], h[:3, column], lam=0.7), both[:, column], rtol=1e-12)


# --- closed forms against draws -------------------------------------------------------------------------------------


def draw_fits(seed, arrays, rest, lam, count):
    """Return the estimates from `count` independent teachers, a row each."""
    (X, F, star, feature), rng = arrays, np.random.default_rng(seed)
    y = (X @ star)[:, None] + rng.normal(scale=rest["sigma2"] ** 0.5, size=(len(X), count))
    h = (F @ feature)[:, None] + rng.normal(scale=rest["tau2"] ** 0.5, size=(len(F), count))
    return fit_student(X, F, y, h, lam=lam).T


def assert_mean(values, expected):
    """Refuse means that a z-test of false-alarm rate 1e-6 for each refuses."""
    error = np.std(values, axis=0, ddof=1) / len(values) ** 0.5
    assert (np.abs(np.mean(values, axis=0) - expected) < Z * error + 1e-12).all()


@pytest.mark.parametrize("lam", [0.0, 0.2, 3.0, inf])
def test_draws_have_the_bias_covariance_and_excess_of_the_closed_form(lam):
    arrays, rest = problem(14, n=8, m=4)
    found = bias_variance(*arrays, lam=lam, **rest)
    errors = draw_fits(15, arrays, rest, lam, 100_000) - arrays[2]
    assert_mean(errors, found.bias)
    spread = errors - found.bias
    assert_mean(spread[:, :, None] * spread[:, None, :], found.covariance)
    assert_mean(np.einsum("ni,ij,nj->n", errors, rest["Sigma"], errors), found.excess)


def test_draws_below_full_rank_have_the_shrinkage_of_the_closed_form():
    arrays, rest = problem(16, n=2, m=3, d=4)
    with pytest.warns(np.exceptions.RankWarning):
        found = bias_variance(*arrays, lam=0, **rest)
    with pytest.warns(np.exceptions.RankWarning):
        errors = draw_fits(17, arrays, rest, 0, 100_000) - arrays[2]
    assert_mean(errors, found.bias)
    assert_mean(np.einsum("ni,ij,nj->n", errors, rest["Sigma"], errors), found.excess)


def test_noisy_targets_add_their_variance():
    arrays, rest = problem(18)
    rng = np.random.default_rng(19)
    theta = draw_fits(20, arrays, rest, 0.5, 100_000)
    x = rng.multivariate_normal(np.zeros(3), rest["Sigma"], size=len(theta))
    target = x @ arrays[2] + rng.normal(scale=rest["sigma2"] ** 0.5, size=len(theta))
    excess = bias_variance(*arrays, lam=0.5, **rest).excess
    assert_mean(((x * theta).sum(axis=1) - target) ** 2, excess + rest["sigma2"])


@pytest.mark.parametrize(("n", "d"), [(20, 3), (20, 1), (30, 5)])
def test_gaussian_designs_have_the_mean_excess_of_the_inverse_wishart(n, d):
    """By SciPy's mean of the inverse Wishart matrix, and by draws, whatever the inputs' covariance."""
    rng = np.random.default_rng(21)
    root = rng.normal(size=(d, d)) + 2 * np.eye(d)
    values = [logit_only_excess(rng.normal(size=(n, d)) @ root.T, sigma2=0.7, Sigma=root @ root.T) for _ in range(2000)]
    expected = random_design_excess(n, d, sigma2=0.7)
    assert_mean(values, expected)
    assert_allclose(0.7 * np.trace(np.atleast_2d(scipy.stats.invwishart(n, np.eye(d)).mean())), expected, rtol=1e-12)


def test_gaussian_designs_at_n_d_and_n_d_1_have_no_finite_mean():
    assert random_design_excess(5, 5, sigma2=0.1) == random_design_excess(6, 5, sigma2=0.1) == inf
    assert random_design_excess(7, 5, sigma2=0.1) == 0.5
    assert random_design_excess(5, 5, sigma2=0) == 0  # exact logits determine an exact student
    with pytest.raises(ValueError, match="num_samples must be an integer at least 5"):
        random_design_excess(4, 5, sigma2=0.1)


# --- one coordinate -------------------------------------------------------------------------------------------------

sizes = st.floats(-3, 3).map(lambda x: 10**x)
variances = st.one_of(st.just(0.0), sizes)


def scalar_excess(lam, a, c, delta, sigma2, tau2):
    """Return the excess of one coordinate as a fraction; infinite lambda leaves the features alone."""
    a, c, delta, sigma2, tau2 = map(Fraction, (a, c, delta, sigma2, tau2))
    if lam == inf:
        return delta**2 + tau2 / c
    lam = Fraction(lam)
    return ((lam * c * delta) ** 2 + sigma2 * a + lam**2 * tau2 * c) / (a + lam * c) ** 2


@given(sizes, sizes, st.one_of(st.just(0.0), sizes), variances, variances)
def test_one_coordinate_is_best_at_lam_opt_and_back_at_lam_break_even(a, c, delta, sigma2, tau2):
    def excess(lam):
        return scalar_excess(lam, a, c, delta, sigma2, tau2)

    found = one_coordinate(a, c, delta, sigma2=sigma2, tau2=tau2)
    assert_allclose(found.excess_logit_only, float(excess(0)), rtol=1e-14)
    assert_allclose(found.excess_feature_only, float(excess(inf)), rtol=1e-14)
    assert_allclose(float(excess(found.lam_opt)), found.excess_opt, rtol=1e-12)
    for factor in (0.9, 1.1):
        if 0 < found.lam_opt < inf:
            assert excess(found.lam_opt) < excess(found.lam_opt * factor)
    logit, feature = excess(0), excess(inf)
    if feature <= logit * (1 - Fraction(1, 10**12)) or feature == logit == 0:
        assert found.lam_break_even == inf
        assert excess(1e12) <= logit
    elif feature > logit * (1 + Fraction(1, 10**6)) and sigma2 > 0:
        assert excess(found.lam_break_even * (1 - 1e-6)) < logit < excess(found.lam_break_even * (1 + 1e-6))
    elif sigma2 == 0:
        assert found.lam_break_even == found.lam_opt == found.excess_opt == 0


@given(sizes, sizes, sizes, sizes, sizes)
def test_the_best_combination_weighs_by_inverse_error(a, c, delta, sigma2, tau2):
    found = one_coordinate(a, c, delta, sigma2=sigma2, tau2=tau2)
    precision = 1 / found.excess_logit_only + 1 / found.excess_feature_only
    assert_allclose(1 / found.excess_opt, precision, rtol=1e-12)
    assert found.excess_opt < min(found.excess_logit_only, found.excess_feature_only) * (1 + 1e-12)
    assert found.lam_break_even > 2 * found.lam_opt * (1 - 1e-12)


@given(sizes, sizes, sizes, sizes, sizes)
def test_several_coordinates_agree_with_one(a, c, delta, sigma2, tau2):
    found = one_coordinate(a, c, delta, sigma2=sigma2, tau2=tau2)
    arrays = [[a**0.5]], [[c**0.5]], [0.0], [delta]
    rest = {"sigma2": sigma2, "tau2": tau2, "Sigma": [[1.0]]}
    assert_allclose(optimal_lambda(*arrays, **rest), found.lam_opt, rtol=1e-11)
    assert_allclose(bias_variance(*arrays, lam=found.lam_opt, **rest).excess, found.excess_opt, rtol=1e-12)
    assert_allclose(logit_only_excess(arrays[0], sigma2=sigma2, Sigma=[[1.0]]), found.excess_logit_only, rtol=1e-12)
    gap = found.excess_feature_only / found.excess_logit_only - 1
    assume(abs(gap) > 1e-3)  # nearer, the gap of two roundings decides
    assert_allclose(break_even_lambda(*arrays, **rest), found.lam_break_even, rtol=1e-10)


def test_limits_of_one_coordinate():
    exact_logits = one_coordinate(4, 2, 0.5, sigma2=0, tau2=0.3)
    assert exact_logits == (0, 0, 0, 0.4, 0)
    exact_features = one_coordinate(4, 2, 0, sigma2=1, tau2=0)
    assert exact_features == (inf, 0, 0.25, 0, inf)
    assert one_coordinate(4, 2, 0, sigma2=0, tau2=0) == (0, 0, 0, 0, inf)
    assert one_coordinate(1, 1, 0, sigma2=1, tau2=1) == (1, 0.5, 1, 1, inf)  # equal errors: features never hurt
    huge = one_coordinate(1e-150, 1e-150, 0, sigma2=1e150, tau2=1e150)
    assert_allclose(huge.excess_opt, 5e299, rtol=1e-14)


# --- several coordinates --------------------------------------------------------------------------------------------


@given(seeds)
def test_the_optimal_lambda_is_that_of_a_dense_search(seed):
    (X, F, star, feature), rest = problem(seed, n=5, m=2, d=3, spread=2.0)
    lam_opt = min(optimal_lambda(X, F, star, feature, **rest), 1e100)
    best = bias_variance(X, F, star, feature, lam=lam_opt, **rest).excess
    root = np.geomspace(1e-4, 1e4, 400)[:, None, None]  # of lambda
    on_y, on_h = np.split(np.linalg.pinv(np.concatenate([np.broadcast_to(X, (400, 5, 3)), root * F], axis=1)), [5], 2)
    bias = root * on_h @ F @ (feature - star)[:, None]
    covariance = rest["sigma2"] * on_y @ on_y.swapaxes(1, 2) + root**2 * rest["tau2"] * on_h @ on_h.swapaxes(1, 2)
    excess = (rest["Sigma"] * (bias * bias.swapaxes(1, 2) + covariance)).sum(axis=(1, 2))
    assert best <= excess.min() * (1 + 1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_the_optimal_lambda_is_exact_to_ten_digits(seed):
    arrays, rest = problem(seed, d=3, n=7, m=3)
    lam = optimal_lambda(*arrays, **rest)
    assert 0 < lam < inf
    less, more = (exact_parts(*arrays, lam=lam * (1 + step), **rest)[2] for step in (-2e-10, 2e-10))
    middle = exact_parts(*arrays, lam=lam, **rest)[2]
    assert middle < less
    assert middle < more


def test_the_better_of_two_minima_is_found():
    """Two coordinates that differ in scale have a valley each; a descent from one side would stay in the worse."""
    X, F = np.diag([1.0, 1.0]), np.diag([1e3, 1e-3])
    for delta, best_is_small in (([1.0, 0.0], True), ([0.9, 0.0], True), ([0.1, 0.0], False)):
        rest = {"sigma2": 0.5, "tau2": 1e-9, "Sigma": np.diag([1.0, 1.0])}
        arrays = X, F, [0.0, 0.0], delta
        grid = np.geomspace(1e-12, 1e12, 500)
        excess = [bias_variance(*arrays, lam=lam, **rest).excess for lam in grid]
        valleys = [i for i in range(1, 499) if excess[i] < min(excess[i - 1], excess[i + 1])]
        assert len(valleys) == 2
        lam_opt = optimal_lambda(*arrays, **rest)
        assert_allclose(lam_opt, grid[np.argmin(excess)], rtol=0.2)
        assert (lam_opt < 1) == best_is_small


def test_the_optimum_for_all_is_a_compromise():
    X, F, delta = np.diag([2.0, 1.0]), np.eye(2), np.array([0.2, 1.5])
    rest = {"sigma2": 0.5, "tau2": 0.1}
    lam_opt = optimal_lambda(X, F, [0, 0], delta, Sigma=np.eye(2), **rest)
    own = [one_coordinate(a, 1, gap, **rest) for a, gap in zip((4, 1), delta, strict=True)]
    assert own[1].lam_opt < lam_opt < own[0].lam_opt
    compromise = bias_variance(X, F, [0, 0], delta, lam=lam_opt, Sigma=np.eye(2), **rest).excess
    assert compromise > sum(coordinate.excess_opt for coordinate in own)


@given(seeds)
def test_up_to_break_even_features_help_and_beyond_they_hurt(seed):
    arrays, rest = problem(seed, spread=2.0)
    logit_only = logit_only_excess(arrays[0], sigma2=rest["sigma2"], Sigma=rest["Sigma"])
    lam = break_even_lambda(*arrays, **rest)
    for factor in (1e-6, 1e-3, 0.1, 0.5, 0.999):
        assert bias_variance(*arrays, lam=min(lam, 1e9) * factor, **rest).excess < logit_only
    if lam < inf:
        assert_allclose(bias_variance(*arrays, lam=lam, **rest).excess, logit_only, rtol=1e-9)
        assert bias_variance(*arrays, lam=lam * 1.001, **rest).excess > logit_only
        assert optimal_lambda(*arrays, **rest) > 0


@pytest.mark.parametrize(("A", "delta", "sigma2", "tau2"), [(10.0, 0.4, 1.0, 0.2), (3.0, 0.1, 0.7, 0.67)])
def test_features_as_good_as_logits_never_hurt(A, delta, sigma2, tau2):
    """Both errors are d sigma2/A = delta^2 + d tau2/A: the excess comes near that of logits alone, and stays below."""
    d = 2 if A == 10 else 1
    assert_allclose(d * sigma2 / A, delta**2 + d * tau2 / A, rtol=1e-15)
    X, feature = A**0.5 * np.eye(d), np.eye(1, d)[0] * delta
    rest = {"sigma2": sigma2, "tau2": tau2, "Sigma": np.eye(d)}
    assert break_even_lambda(X, X, np.zeros(d), feature, **rest) == inf
    worse, lam = tau2 * (1 + 1e-9), 2e9 * sigma2 / tau2  # the excess is back where 2 sigma2/lam is tau2 1e-9
    assert_allclose(break_even_lambda(X, X, np.zeros(d), feature, **rest | {"tau2": worse}), lam, rtol=1e-5)
    if d == 1:
        assert one_coordinate(A, A, delta, sigma2=sigma2, tau2=tau2).lam_break_even == inf
        assert_allclose(one_coordinate(A, A, delta, sigma2=sigma2, tau2=worse).lam_break_even, lam, rtol=1e-5)


def test_features_of_infinite_error_hurt_at_once():
    assert one_coordinate(1.0, 1.0, 1e200, sigma2=1.0, tau2=0.0) == (0, 1, 1, inf, 0)


@given(seeds, lambdas)
def test_law_7_the_excess_is_continuous_in_lambda(seed, lam):
    arrays, rest = problem(seed)
    at, near = (bias_variance(*arrays, lam=value, **rest).excess for value in (lam, lam * (1 + 1e-9)))
    assert abs(near - at) <= 1e-8 * (at + bias_variance(*arrays, lam=inf, **rest).excess)
    ends = [bias_variance(*arrays, lam=value, **rest).excess for value in (0, 1e-14)]
    assert_allclose(ends[1], ends[0], rtol=1e-6)


@given(seeds, st.integers(1, 4))
def test_law_7_the_slope_at_0_is_never_positive_and_that_of_a_chord(seed, m):
    arrays, rest = problem(seed, m=m, spread=10.0)
    slope = slope_at_zero(*arrays[:2], sigma2=rest["sigma2"], Sigma=rest["Sigma"])
    assert slope < 0
    step = Fraction(1, 10**30)
    start, after = (exact_parts(*arrays, lam=lam, **rest)[2] for lam in (0, step))
    assert_allclose(slope, float((after - start) / step), rtol=1e-9)
    assert slope_at_zero(*arrays[:2], sigma2=0, Sigma=rest["Sigma"]) == 0


@given(seeds, st.floats(-3, 3).map(lambda x: 10**x))
def test_lambda_has_a_unit_and_the_optimum_follows_it(seed, c):
    (X, F, star, feature), rest = problem(seed, n=7, m=3)
    lam = optimal_lambda(X, F, star, feature, **rest)
    assume(lam < inf)
    scaled = rest | {"tau2": rest["tau2"] * c**2}
    assert_allclose(optimal_lambda(X, c * F, star, feature, **scaled), lam / c**2, rtol=1e-6)


# --- where the usual sentence is wrong ------------------------------------------------------------------------------


def test_misaligned_features_help_too_if_lambda_is_small():
    """'Well-aligned features lower the error' misplaces the condition: alignment says how far, not whether."""
    (X, F, star, _), rest = problem(23)
    reach = []
    for misalignment in (0.1, 1.0, 10.0, 1000.0):
        feature = star + misalignment * np.array([1.0, -1.0, 1.0])
        lam = optimal_lambda(X, F, star, feature, **rest)
        gain = bias_variance(X, F, star, feature, lam=0, **rest).excess
        gain -= bias_variance(X, F, star, feature, lam=lam, **rest).excess
        assert gain > 0
        reach.append((lam, gain))
    assert reach == sorted(reach, reverse=True)  # less and less far, and by less and less


def test_aligned_features_hurt_if_lambda_is_large_and_they_are_noisy():
    (X, F, star, _), rest = problem(24, m=3)
    rest["tau2"] = 100.0
    lam = break_even_lambda(X, F, star, star, **rest)
    assert lam < inf
    logit_only = bias_variance(X, F, star, star, lam=0, **rest)
    assert bias_variance(X, F, star, star, lam=2 * lam, **rest).excess > logit_only.excess
    assert_array_equal(bias_variance(X, F, star, star, lam=2 * lam, **rest).bias, 0)  # by variance alone


def test_logit_matching_is_biased_where_the_student_omits_a_dimension():
    rng = np.random.default_rng(25)
    X = rng.normal(size=(12, 3)) @ np.array([[1, 0, 0.8], [0, 1, -0.5], [0, 0, 0.6]])
    star = np.array([1.0, -2.0, 3.0])
    bias = omitted_variable_bias(X[:, :2], X[:, 2:], star[2:])
    exact_logits = LinearRegression(fit_intercept=False).fit(X[:, :2], X @ star).coef_
    assert_allclose(star[:2] + bias, exact_logits, rtol=1e-12)
    assert np.abs(bias).min() > 0.5
    y = (X @ star)[:, None] + rng.normal(size=(12, 100_000))
    fits = fit_student(X[:, :2], np.eye(2), y, np.zeros((2, 100_000)), lam=0).T
    assert_mean(fits - star[:2], bias)
    assert_array_equal(omitted_variable_bias(X[:, :2], X[:, 2:], [0.0]), [0, 0])
    orthogonal = X[:, 2] - X[:, :2] @ np.linalg.lstsq(X[:, :2], X[:, 2])[0]
    assert_allclose(omitted_variable_bias(X[:, :2], orthogonal[:, None], [5.0]), 0, atol=1e-14)
    with pytest.raises(ValueError, match="X1 must have full column rank"):
        omitted_variable_bias(X[:2], X[:2], star)


def test_logit_matching_is_biased_towards_0_below_full_rank():
    arrays, rest = problem(26, n=2, m=3, d=4)
    X, star = arrays[0], arrays[2]
    with pytest.warns(np.exceptions.RankWarning):
        found = bias_variance(*arrays, lam=0, **rest)
    seen = np.linalg.pinv(X) @ X @ star
    assert_allclose(star + found.bias, seen, rtol=1e-12)
    assert np.linalg.norm(seen) < np.linalg.norm(star) - 0.1
    pinv = np.linalg.pinv(X)
    assert_allclose(found.covariance, rest["sigma2"] * pinv @ pinv.T, rtol=1e-11)
    with pytest.raises(ValueError, match="X must have full column rank"):
        logit_only_excess(X, sigma2=1.0, Sigma=rest["Sigma"])
    with pytest.warns(np.exceptions.RankWarning):  # repeated rows are no more information
        bias_variance(np.repeat(X, 5, axis=0), *arrays[1:], lam=0, **rest)


def test_with_exact_logits_there_is_no_variance_and_features_can_only_hurt():
    (X, F, star, feature), rest = problem(27)
    rest["sigma2"] = 0.0
    assert bias_variance(X, F, star, feature, lam=0, **rest).excess == 0
    assert logit_only_excess(X, sigma2=0, Sigma=rest["Sigma"]) == 0
    assert optimal_lambda(X, F, star, feature, **rest) == break_even_lambda(X, F, star, feature, **rest) == 0
    for lam in (1e-6, 1e-3, 1.0, 1e3):
        assert bias_variance(X, F, star, feature, lam=lam, **rest).excess > 0


def test_exact_features_are_best_followed_for_ever_and_blind_ones_change_nothing():
    (X, F, star, _), rest = problem(28, m=2)
    rest["tau2"] = 0.0
    assert optimal_lambda(X, F, star, star, **rest) == break_even_lambda(X, F, star, star, **rest) == inf
    blind = np.zeros((1, 3))
    assert optimal_lambda(X, blind, star, star + 1, **rest) == 0
    assert break_even_lambda(X, blind, star, star + 1, **rest) == inf
    assert slope_at_zero(X, blind, sigma2=1.0, Sigma=rest["Sigma"]) == 0


# --- shapes, dtypes and memory --------------------------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["f2", ">f4", "f4", "i8"])
def test_all_is_computed_in_float64(dtype):
    X, F = np.array([[1, 0], [0, 1], [1, 1], [1, -1]], dtype), np.array([[1, 0], [1, 1]], dtype)
    star, feature, Sigma = np.array([1, -2], dtype), np.array([0, 3], dtype), np.eye(2, dtype=dtype)
    rest = {"sigma2": 0.5, "tau2": 0.1}
    found = bias_variance(X, F, star, feature, lam=0.6, Sigma=Sigma, **rest)
    as_floats = [array.astype(float) for array in (X, F, star, feature)]
    expected = bias_variance(*as_floats, lam=0.6, Sigma=np.eye(2), **rest)
    assert found.covariance.dtype == found.bias.dtype == np.float64
    assert_array_equal(found.covariance, expected.covariance)
    assert type(found.excess) is type(slope_at_zero(X, F, sigma2=0.5, Sigma=Sigma)) is float
    assert type(optimal_lambda(X, F, star, feature, Sigma=Sigma, **rest)) is float
    assert fit_student(X, F, X[:, 0], F[:, 0], lam=1.0).dtype == np.float64


def test_inputs_are_neither_changed_nor_shared():
    (X, F, star, feature), rest = problem(29)
    arrays = (X, F, star, feature, rest["Sigma"])
    before = [array.copy() for array in arrays]
    for array in arrays:
        array.flags.writeable = False
    results = [
        *bias_variance(X, F, star, feature, lam=0.5, **rest)[:2],
        fit_student(X, F, X[:, 0], F[:, 0], lam=0.5),
        omitted_variable_bias(X[:, :2], X[:, 2:], star[2:]),
    ]
    optimal_lambda(X, F, star, feature, **rest)
    for array, copy in zip(arrays, before, strict=True):
        assert_array_equal(array, copy)
        assert not any(np.shares_memory(result, array) for result in results)
