"""Low rank: Eckart, Young and Mirsky, what is saved, and the outputs, for which another matrix is best."""

import math

import numpy as np
import pytest
import scipy.linalg
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.decomposition import TruncatedSVD

from kdlab.low_rank import (
    break_even_rank,
    data_aware_factors,
    factored_layer,
    kernel_factors,
    kernel_to_matrix,
    layer_cost,
    lora_merge,
    lora_output,
    low_rank_approximation,
    low_rank_errors,
    low_rank_factors,
    max_saving_rank,
    output_error,
    rank_by_energy,
    spectrum,
)

matrices = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=st.integers(-64, 64).map(lambda n: n / 8)
)


def random_matrix(m, n, seed=0):
    return np.random.default_rng(seed).normal(size=(m, n))


def random_covariance(n, seed=1, rank=None):
    root = random_matrix(n, rank or n, seed) * np.geomspace(1, 0.1, rank or n)
    return root @ root.T


# --- the best approximation of the weights --------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 8), (8, 5), (6, 6), (1, 7), (7, 1), (1, 1)])
def test_scipy_and_torch(shape):
    W = random_matrix(*shape)
    U, s, Vt = scipy.linalg.svd(W, full_matrices=False)
    assert_allclose(spectrum(W), s, rtol=1e-12)
    assert_allclose(spectrum(W), torch.linalg.svdvals(torch.tensor(W)).numpy(), rtol=1e-12)
    for r in range(1, min(shape) + 1):
        expected = U[:, :r] @ np.diag(s[:r]) @ Vt[:r]
        assert_allclose(low_rank_approximation(W, r), expected, atol=1e-12)
        factors = low_rank_factors(W, r)
        assert_allclose(factors.U @ factors.V, expected, atol=1e-12)


@given(matrices, st.data())
def test_law_10_errors_are_those_of_the_difference_fall_with_the_rank_and_end_at_0(W, data):
    s = spectrum(W)
    previous = math.inf
    for r in range(1, len(s) + 1):
        frobenius, spectral, kept = low_rank_errors(s, r)
        missed = W - low_rank_approximation(W, r)
        assert_allclose(frobenius, np.linalg.norm(missed), rtol=1e-9, atol=1e-13 * (1 + s[0]))
        assert_allclose(spectral, np.linalg.norm(missed, 2), rtol=1e-9, atol=1e-13 * (1 + s[0]))
        assert_allclose(kept * np.linalg.norm(W) ** 2, np.linalg.norm(W) ** 2 - frobenius**2, rtol=1e-9, atol=1e-9)
        assert frobenius <= previous
        assert 0 <= kept <= 1
        previous = frobenius
    assert low_rank_errors(s, len(s)) == (0, 0, 1)


@given(matrices, st.integers(0, 2**32 - 1))
def test_law_10_errors_are_invariant_under_orthogonal_maps(W, seed):
    P, Q = (scipy.stats.ortho_group.rvs(n, random_state=seed) if n > 1 else np.eye(1) for n in W.shape)
    s, turned = spectrum(W), spectrum(P @ W @ Q)
    for r in range(1, len(s) + 1):
        one, other = low_rank_errors(s, r), low_rank_errors(turned, r)
        assert_allclose(one[:2], other[:2], rtol=1e-9, atol=1e-12 * (1 + s[0]))


@given(matrices, st.integers(0, 2**32 - 1), st.data())
def test_no_other_matrix_of_the_rank_is_nearer(W, seed, data):
    """In the Frobenius, the spectral and the nuclear norm, all of them unitarily invariant (Mirsky)."""
    r = data.draw(st.integers(1, min(W.shape)))
    rng = np.random.default_rng(seed)
    best = low_rank_approximation(W, r)
    U, V = low_rank_factors(W, r)
    others = [(U + step * rng.normal(size=U.shape)) @ (V + step * rng.normal(size=V.shape)) for step in (0.01, 0.3)]
    for norm in ("fro", 2, "nuc"):
        for other in others:
            assert np.linalg.norm(W - best, norm) <= np.linalg.norm(W - other, norm) + 1e-11


@given(matrices, st.data())
def test_factors_are_balanced(W, data):
    r = data.draw(st.integers(1, min(W.shape)))
    U, V = low_rank_factors(W, r)
    assert U.shape == (W.shape[0], r)
    assert V.shape == (r, W.shape[1])
    assert_allclose(U.T @ U, np.diag(spectrum(W)[:r]), atol=1e-11)
    assert_allclose(V @ V.T, np.diag(spectrum(W)[:r]), atol=1e-11)


def test_products_are_unique_but_factors_are_not():
    W = random_matrix(6, 5)
    U, V = low_rank_factors(W, 2)
    assert_allclose((U * [-1, 1]) @ (V * [[-1], [1]]), low_rank_approximation(W, 2), atol=1e-12)
    # equal singular values: another best approximation, as near
    one, other = low_rank_approximation(np.eye(2), 1), np.full((2, 2), 0.5)
    assert np.abs(one - other).max() > 0.4
    assert_allclose(np.linalg.norm(np.eye(2) - other), low_rank_errors([1.0, 1.0], 1).frobenius, rtol=1e-14)


def test_the_randomised_svd_of_scikit_learn_is_not_the_best_approximation():
    """It is an approximation itself, near to the best only where the singular values fall fast."""
    W = random_matrix(200, 150)  # a flat spectrum
    best = low_rank_errors(spectrum(W), 10).frobenius
    svd = TruncatedSVD(10, algorithm="randomized", n_iter=2, random_state=0)
    randomised = np.linalg.norm(W - svd.inverse_transform(svd.fit_transform(W)))
    assert randomised > best * (1 + 1e-3)
    assert_allclose(np.linalg.norm(W - low_rank_approximation(W, 10)), best, rtol=1e-12)
    svd = TruncatedSVD(10, algorithm="arpack")
    assert_allclose(np.linalg.norm(W - svd.inverse_transform(svd.fit_transform(W))), best, rtol=1e-9)


# --- rank by energy -------------------------------------------------------------------------------------------------


@given(arrays(np.float64, st.integers(1, 8), elements=st.integers(0, 50).map(float)), st.integers(1, 1000))
def test_rank_by_energy_is_the_smallest_in_exact_arithmetic(s, per_mille):
    s = np.sort(s)[::-1]
    squares = [int(value) ** 2 for value in s]
    kept = [1000 * sum(squares[: r + 1]) >= per_mille * sum(squares) for r in range(len(s))]
    assert rank_by_energy(s, per_mille / 1000) == kept.index(True) + 1


@pytest.mark.parametrize("c", [1e-300, 1e-3, 1.0, 1e3, 1e300])
def test_neither_squares_nor_sums_overflow_or_vanish(c):
    s = np.array([3.0, 2.0, 1.0]) * c
    assert [rank_by_energy(s, tau) for tau in (9 / 14, 0.65, 13 / 14, 0.95, 1)] == [1, 2, 2, 3, 3]
    assert_allclose(low_rank_errors(s, 1), [math.sqrt(5) * c, 2 * c, 9 / 14], rtol=1e-14)


def test_all_energy_needs_no_rank_that_is_rounding():
    W = random_matrix(40, 3) @ random_matrix(3, 50, seed=2)
    assert rank_by_energy(spectrum(W), 1.0) == 3


def test_a_small_remainder_keeps_its_digits():
    assert_allclose(low_rank_errors([1.0, 4e-200, 3e-200], 1)[:2], [5e-200, 4e-200], rtol=1e-15)


def test_a_zero_matrix_has_rank_1_and_factors_of_zeros():
    W = np.zeros((3, 4))
    r = rank_by_energy(spectrum(W), 1.0)
    assert r == 1
    for U, V in (low_rank_factors(W, r), data_aware_factors(W, np.eye(4), r)):
        assert_array_equal(U, np.zeros((3, 1)))
        assert_array_equal(V, np.zeros((1, 4)))
    assert low_rank_errors(spectrum(W), 1) == (0, 0, 1)


# --- what is saved --------------------------------------------------------------------------------------------------


@given(st.integers(1, 300), st.integers(1, 300))
def test_the_largest_rank_that_saves(m, n):
    dense = layer_cost(m, n)
    saving = [r for r in range(1, min(m, n) + 1) if layer_cost(m, n, r).parameters < dense.parameters]
    assert saving == list(range(1, max_saving_rank(m, n) + 1))
    assert max_saving_rank(m, n) < break_even_rank(m, n) <= max_saving_rank(m, n) + 1
    assert max_saving_rank(m, m) == (m - 1) // 2  # r < m / 2


def test_break_even_is_no_saving():
    assert (break_even_rank(3, 6), max_saving_rank(3, 6)) == (2, 1)
    assert layer_cost(3, 6, 2) == layer_cost(3, 6)
    assert max_saving_rank(1000, 1) == 0
    assert max_saving_rank(10**12, 10**12) == 5 * 10**11 - 1  # integers, not floats


@given(st.integers(1, 40), st.integers(1, 40), st.booleans(), st.data())
def test_costs_are_those_of_torch_layers(m, n, bias, data):
    r = data.draw(st.integers(1, min(m, n)))
    dense = torch.nn.Linear(n, m, bias=bias)
    factored = torch.nn.Sequential(torch.nn.Linear(n, r, bias=False), torch.nn.Linear(r, m, bias=bias))
    for layers, rank in ((dense, None), (factored, r)):
        matrices = [p.numel() for p in layers.parameters() if p.ndim == 2]
        parameters = sum(p.numel() for p in layers.parameters())
        assert layer_cost(m, n, rank, bias=bias) == (parameters, sum(matrices))


def test_the_bias_is_added_once_after_the_second_factor():
    W, b, x = random_matrix(5, 4), random_matrix(1, 5, 3)[0], random_matrix(7, 4, 4)
    U, V = low_rank_factors(W, 4)
    layer = torch.nn.functional.linear(*(torch.tensor(a) for a in (x, W, b))).numpy()
    assert_allclose(factored_layer(x, U, V, b), layer, atol=1e-12)
    assert_allclose(factored_layer(x[0], U, V), W @ x[0], atol=1e-12)
    assert factored_layer(np.zeros((0, 4)), U, V, b).shape == (0, 5)


# --- outputs --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(5, 8), (8, 5)])
def test_the_data_aware_optimum_is_that_of_the_definition(shape):
    """(W Sigma^{1/2})_r Sigma^{-1/2} by SciPy's matrix root and inverse."""
    W, Sigma = random_matrix(*shape), random_covariance(shape[1])
    root = scipy.linalg.sqrtm(Sigma).real
    U, s, Vt = scipy.linalg.svd(W @ root, full_matrices=False)
    for r in range(1, min(shape) + 1):
        found = data_aware_factors(W, Sigma, r)
        expected = (U[:, :r] * s[:r]) @ Vt[:r] @ np.linalg.inv(root)
        assert_allclose(found.U @ found.V, expected, rtol=0, atol=1e-9)
        assert_allclose(found.U.T @ found.U, np.diag(s[:r]), atol=1e-9)  # balanced as the plain ones are
        assert_allclose(output_error(W, found.U @ found.V, Sigma), (s[r:] ** 2).sum(), rtol=1e-8, atol=1e-12)


@given(st.integers(1, 6), st.integers(2, 6), st.integers(0, 2**32 - 1), st.data())
def test_no_other_matrix_of_the_rank_has_a_smaller_output_error(m, n, seed, data):
    """Best for the weights is not best for the outputs: the plain approximation is never better here."""
    r = data.draw(st.integers(1, min(m, n)))
    W, Sigma = random_matrix(m, n, seed), random_covariance(n, seed + 1, rank=data.draw(st.integers(1, n)))
    U, V = data_aware_factors(W, Sigma, r)
    best = output_error(W, U @ V, Sigma)
    rng = np.random.default_rng(seed)
    near = [(U + step * rng.normal(size=U.shape)) @ (V + step * rng.normal(size=V.shape)) for step in (1e-3, 0.1)]
    for other in (low_rank_approximation(W, r), *near):
        assert best <= output_error(W, other, Sigma) * (1 + 1e-9) + 1e-12


def test_best_for_the_weights_is_not_best_for_the_outputs():
    W, Sigma = np.diag([2.0, 1.0]), np.diag([1.0, 100.0])
    U, V = data_aware_factors(W, Sigma, 1)
    assert output_error(W, low_rank_approximation(W, 1), Sigma) == pytest.approx(100)
    assert output_error(W, U @ V, Sigma) == pytest.approx(4)
    assert np.linalg.norm(W - U @ V) > np.linalg.norm(W - low_rank_approximation(W, 1))


def test_least_output_error_is_not_best_accuracy():
    """Two classes: the larger, common part of the outputs does not decide, and at rank 1 it is what is kept."""
    x = np.array([[1.0, 1.0], [1.0, -1.0]])
    labels = np.array([0, 1])
    W = np.array([[1.2, 1.0], [1.2, -1.0]])
    U, V = data_aware_factors(W, x.T @ x / 2, 1)
    other = np.array([[0.0, 1.0], [0.0, -1.0]])  # of rank 1 too
    assert output_error(W, U @ V, x.T @ x / 2) < output_error(W, other, x.T @ x / 2)
    assert_array_equal((x @ other.T).argmax(axis=1), labels)
    data_aware = x @ (U @ V).T
    assert_allclose(data_aware[:, 0], data_aware[:, 1], atol=1e-12)  # it cannot tell the classes apart


def test_identity_covariance_gives_the_plain_approximation():
    W = random_matrix(6, 9)
    U, V = data_aware_factors(W, 4 * np.eye(9), 3)
    assert_allclose(U @ V, low_rank_approximation(W, 3), atol=1e-12)


def test_a_singular_covariance_takes_the_pseudo_inverse():
    n, W = 6, random_matrix(4, 6)
    Sigma = random_covariance(n, rank=3)
    root = scipy.linalg.sqrtm(Sigma).real
    U, s, Vt = np.linalg.svd(W @ root, full_matrices=False)
    for r in (1, 2, 3):
        found = data_aware_factors(W, Sigma, r)
        expected = (U[:, :r] * s[:r]) @ Vt[:r] @ np.linalg.pinv(root, rcond=1e-6)
        assert_allclose(found.U @ found.V, expected, atol=1e-7)
    unseen = np.linalg.svd(Sigma)[2][3:]
    assert_allclose(found.U @ (found.V @ unseen.T), 0, atol=1e-12)  # inputs that never occur are mapped to 0
    found = data_aware_factors(W, np.zeros((n, n)), 1)
    assert_array_equal(found.U @ found.V, np.zeros((4, n)))


def test_output_error_against_sampled_inputs():
    """A z-test with a false alarm in 10^6."""
    W, Sigma, N = random_matrix(3, 4), random_covariance(4), 200_000
    A = low_rank_approximation(W, 1)
    x = np.random.default_rng(3).multivariate_normal(np.zeros(4), Sigma, size=N)
    errors = ((x @ (W - A).T) ** 2).sum(axis=1)
    z = (errors.mean() - output_error(W, A, Sigma)) / (errors.std() / math.sqrt(N))
    assert abs(z) < scipy.stats.norm.isf(0.5e-6)


@pytest.mark.parametrize("c", [1e-150, 1e150])
def test_the_output_error_keeps_its_digits_where_the_square_of_the_weights_has_none(c):
    W, Sigma = np.diag([2.0, 1.0]) * c * c, np.diag([1.0, 9.0]) / c / c
    assert_allclose(output_error(W, np.diag([0.0, 1.0]) * c * c, Sigma), 4 * c * c, rtol=1e-14)


def test_a_covariance_in_float32_is_not_refused_for_its_rounding():
    x = random_matrix(50, 8).astype(np.float32) @ random_matrix(8, 20, 1).astype(np.float32)
    Sigma = x.T @ x / np.float32(50)
    W = random_matrix(5, 20, 2).astype(np.float32)
    U, V = data_aware_factors(W, Sigma, 5)
    assert U.dtype == V.dtype == np.float32
    assert output_error(W, U @ V, Sigma) < 1e-6 * output_error(W, np.zeros_like(W), Sigma)


@pytest.mark.parametrize(
    ("Sigma", "message"),
    [
        (np.diag([1.0, -1e-3]), "positive semi-definite"),
        ([[1.0, 0.5], [0.4, 1.0]], "symmetric"),
        (np.eye(3), r"shape \(2, 2\)"),
    ],
)
def test_what_is_no_covariance(Sigma, message):
    with pytest.raises(ValueError, match=f"covariance must .*{message}"):
        data_aware_factors(np.eye(2), Sigma, 1)


# --- convolutions ---------------------------------------------------------------------------------------------------


def test_the_matrix_of_a_kernel_acts_on_the_patches_of_torch():
    K, x = random_matrix(8, 27).reshape(8, 3, 3, 3), random_matrix(3, 36, 1).reshape(1, 3, 6, 6)
    patches = torch.nn.functional.unfold(torch.tensor(x), 3).numpy()[0]
    convolved = torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(K)).numpy()[0]
    assert_allclose((kernel_to_matrix(K) @ patches).reshape(convolved.shape), convolved, atol=1e-12)
    assert_array_equal(kernel_to_matrix(K).reshape(K.shape), K)


def test_two_convolutions_are_the_approximated_one():
    K, b = random_matrix(8, 12).reshape(8, 3, 2, 2), torch.tensor(random_matrix(1, 8, 5)[0])
    x = torch.tensor(random_matrix(6, 25, 1).reshape(2, 3, 5, 5))
    for r in (1, 4, 8):
        U, V = (torch.tensor(factor) for factor in kernel_factors(K, r))
        approximated = torch.tensor(low_rank_approximation(kernel_to_matrix(K), r).reshape(K.shape))
        convolved = torch.nn.functional.conv2d(torch.nn.functional.conv2d(x, V), U, b)
        assert_allclose(convolved, torch.nn.functional.conv2d(x, approximated, b), atol=1e-11)


# --- a change of low rank ---------------------------------------------------------------------------------------------


def lora(m, n, r, seed=3):
    return random_matrix(m, n, seed), random_matrix(r, n, seed + 1), random_matrix(m, r, seed + 2)


@given(*[st.integers(1, 5)] * 3, st.floats(-8, 8))
def test_merged_and_beside_the_weights_a_change_gives_the_same_outputs(m, n, r, alpha):
    W, A, B = lora(m, n, r)
    x = random_matrix(4, n, 9)
    assert_allclose(lora_output(x, W, A, B, alpha), x @ lora_merge(W, A, B, alpha).T, atol=1e-12)


def test_a_change_starts_where_the_network_stood():
    W, A, B = lora(5, 4, 2)
    x = random_matrix(3, 4)
    assert_array_equal(lora_output(x, W, A, np.zeros_like(B), 16.0), x @ W.T)
    assert_array_equal(lora_merge(W, A, np.zeros_like(B), 16.0), W)


def test_twice_the_rank_halves_what_the_same_factors_do():
    W, A, B = lora(5, 4, 2)
    once = lora_merge(W, A, B, 6.0) - W
    longer = lora_merge(W, np.vstack([A, np.zeros((2, 4))]), np.hstack([B, np.zeros((5, 2))]), 6.0) - W
    assert_allclose(longer, once / 2)


def test_torch_computes_the_same_and_two_factors_of_zeros_never_move():
    W, A, B = lora(5, 4, 2)
    x = random_matrix(3, 4)
    inputs = torch.from_numpy(x)
    for factors, moves in (((A, B), (True, True)), ((A, 0 * B), (False, True)), ((0 * A, 0 * B), (False, False))):
        down, up = (torch.from_numpy(factor.copy()).requires_grad_() for factor in factors)
        y = torch.nn.functional.linear(inputs, torch.from_numpy(W))
        y = y + 16 / 2 * torch.nn.functional.linear(torch.nn.functional.linear(inputs, down), up)
        assert_allclose(lora_output(x, W, *factors, 16), y.detach().numpy())
        (y**2).sum().backward()
        assert tuple(bool(factor.grad.any()) for factor in (down, up)) == moves


# --- dtypes and memory ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("dtype", "computed"), [("f2", "f4"), ("f4", "f4"), (">f4", "f4"), ("f8", "f8"), ("i4", "f8")])
def test_dtypes_and_inputs(dtype, computed):
    W = np.array([[3, -1, 2], [1, 1, -5]], dtype)
    Sigma = np.eye(3)
    W.flags.writeable = Sigma.flags.writeable = False
    exact = W.astype(np.float64)
    for function in (lambda W: low_rank_factors(W, 1), lambda W: data_aware_factors(W, Sigma, 1)):
        U, V = function(W)
        assert U.dtype == V.dtype == np.dtype(computed)
        assert_allclose(U @ V, low_rank_approximation(exact, 1), rtol=1e-5)
    assert spectrum(W).dtype == np.dtype(computed)
    assert_allclose(spectrum(W), spectrum(exact), rtol=1e-6)
    K = W.reshape(2, 1, 3, 1)
    assert not np.shares_memory(kernel_to_matrix(K), K)
    assert_array_equal(W, exact)


def test_what_overflows_is_refused_by_name_and_an_error_of_it_is_infinite():
    huge = np.full((2, 2), 1.5e308)
    for call in (
        lambda: spectrum(huge),
        lambda: low_rank_factors(huge, 1),
        lambda: data_aware_factors(1e200 * np.eye(2), 1e300 * np.eye(2), 1),
        lambda: output_error(np.eye(2), np.eye(2), huge),
    ):
        with pytest.raises(ValueError, match="weights or covariance must allow a decomposition; it overflowed"):
            call()
    assert output_error(1e200 * np.eye(2), np.zeros((2, 2)), np.eye(2)) == math.inf


@pytest.mark.parametrize("shape", [(0, 3), (3, 0), (0, 0)])
def test_an_empty_matrix_is_refused(shape):
    for function in (spectrum, lambda W: low_rank_factors(W, 1), lambda W: low_rank_approximation(W, 1)):
        with pytest.raises(ValueError, match="weights must hold at least one number"):
            function(np.zeros(shape))


def test_a_decomposition_that_fails_without_an_error_is_noticed(monkeypatch):
    """As in builds of NumPy without floating point exceptions, whose LAPACK answers NaN."""
    nan = np.full(2, np.nan)
    monkeypatch.setattr(np.linalg, "svd", lambda W, compute_uv=True, **_: (W, nan, W) if compute_uv else nan)
    monkeypatch.setattr(np.linalg, "eigh", lambda Sigma: (nan, Sigma))
    for call in (lambda: spectrum(np.eye(2)), lambda: low_rank_factors(np.eye(2), 1)):
        with pytest.raises(ValueError, match="weights or covariance must allow a decomposition"):
            call()
    with pytest.raises(ValueError, match="weights or covariance must allow a decomposition"):
        output_error(np.eye(2), np.eye(2), np.eye(2))
