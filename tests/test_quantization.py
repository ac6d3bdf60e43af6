"""Quantization: one bit and several, grids, codes, storage."""

import math
import warnings
from fractions import Fraction

import numpy as np
import pytest
import scipy.integrate
import scipy.optimize
import scipy.stats
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.quantization import (
    compensated_rounding,
    dequantize,
    fake_quantize,
    one_bit,
    one_bit_gaussian,
    one_bit_mse,
    one_bit_scale,
    quadratic_error,
    quantize,
    range_to_grid,
    sign,
    storage_bits,
    uniform_noise_mse,
    weight_range,
)

Z_ONE_IN_A_MILLION = 4.9  # a normal deviate is beyond it, on either side, with probability 1e-6

numbers = st.floats(-100, 100).map(lambda x: 0.0 if abs(x) < 1e-100 else x)
weight_arrays = arrays(np.float64, array_shapes(min_dims=1, max_dims=3, max_side=6), elements=numbers)
matrices = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=6), elements=numbers)
# few digits, so that halves and equal numbers occur
coarse = arrays(np.float64, array_shapes(max_dims=2, max_side=8), elements=st.integers(-16, 16).map(lambda n: n / 8))
widths = st.tuples(st.integers(1, 16), st.booleans()).filter(lambda width: width != (1, True))


def random(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def rows_of(array, axis):
    return [np.take(array, row, axis) for row in range(array.shape[axis])]


# --- one bit ----------------------------------------------------------------------------------------------------------


def test_zero_is_positive_whatever_its_sign():
    assert_array_equal(sign([-2.0, -5e-324, -0.0, 0.0, 5e-324, 2.0]), [-1, -1, 1, 1, 1, 1])
    assert_array_equal(one_bit([-3.0, -0.0, 0.0, 3.0]), [-1.5, 1.5, 1.5, 1.5])
    assert_array_equal(np.sign([-0.0, 0.0]), [0, 0])  # NumPy's is another function


@given(weight_arrays)
def test_the_scale_and_its_error_are_those_of_exact_fractions(W):
    exact = [Fraction(w) for w in W.ravel().tolist()]
    m = sum(map(abs, exact)) / len(exact)
    mse = sum(w * w for w in exact) / len(exact) - m * m
    assert_allclose(one_bit_scale(W), float(m), rtol=1e-14)
    assert_allclose(one_bit_mse(W), float(mse), rtol=1e-10, atol=1e-27)
    assert_allclose(np.square(W - one_bit(W)).mean(), float(mse), rtol=1e-10, atol=1e-27)


def test_the_error_of_nearly_equal_magnitudes_does_not_cancel():
    W = np.array([1 + 2.0**-30, -1 + 2.0**-30])
    assert one_bit_mse(W) == 2.0**-60
    assert np.mean(W**2) - one_bit_scale(W) ** 2 == 0


@given(weight_arrays, st.floats(-200, 200))
def test_no_other_scale_is_better(W, other):
    assert np.square(W - other * sign(W)).mean() >= one_bit_mse(W) * (1 - 1e-12) - 1e-25


def test_the_optimum_against_scipy():
    W = random(0, 40)
    found = scipy.optimize.minimize_scalar(lambda m: np.square(W - m * np.where(W < 0, -1, 1)).mean())
    assert_allclose(one_bit_scale(W), found.x, rtol=1e-7)
    assert_allclose(one_bit_mse(W), found.fun, rtol=1e-12)


@given(matrices)
def test_one_scale_for_each_row_is_never_worse(W):
    for axis in (0, 1):
        assert one_bit_mse(W, axis=axis) <= one_bit_mse(W) * (1 + 1e-12) + 1e-25


@given(weight_arrays, st.data())
def test_rows_are_tensors_of_their_own(W, data):
    axis = data.draw(st.integers(-W.ndim, W.ndim - 1))
    assert_allclose(one_bit_scale(W, axis=axis), [one_bit_scale(row) for row in rows_of(W, axis)], rtol=1e-14)
    quantized = np.stack([one_bit(row) for row in rows_of(W, axis)], axis)
    assert_allclose(one_bit(W, axis=axis), quantized, rtol=1e-14)
    assert_allclose(one_bit_mse(W, axis=axis), np.square(W - quantized).mean(), rtol=1e-10, atol=1e-25)


def test_w_if_zero_has_no_sign_the_best_scale_is_the_mean_over_the_others():
    """np.sign with the mean over all is the naive mix: it is beaten, and has three values."""
    W = np.array([[0.5, -1.5, 0.0], [2.0, -0.25, 0.75]])
    naive = one_bit_scale(W) * np.sign(W)
    best = one_bit_scale(W, sign_of_zero=0) * np.sign(W)
    assert len(np.unique(naive)) == 3
    assert_allclose(one_bit_mse(W, sign_of_zero=0), np.square(W - best).mean(), rtol=1e-14)
    assert np.square(W - best).mean() < np.square(W - naive).mean()


@given(coarse, st.floats(0, 3))
def test_without_a_sign_of_zero_no_other_scale_is_better(W, other):
    found = one_bit_mse(W, sign_of_zero=0)
    assert found <= np.square(W - other * np.sign(W)).mean() * (1 + 1e-12)
    nonzero = np.abs(W[W != 0])
    assert_allclose(one_bit_scale(W, sign_of_zero=0), nonzero.mean() if nonzero.size else 0, rtol=1e-14)


def test_only_zeros_have_scale_zero():
    for sign_of_zero in (0, 1):
        assert one_bit_scale(np.zeros((2, 3)), sign_of_zero=sign_of_zero) == 0
        assert one_bit_mse(np.zeros((2, 3)), sign_of_zero=sign_of_zero) == 0
        assert_array_equal(one_bit_scale([[0.0, 0.0], [0.0, 2.0]], axis=0, sign_of_zero=sign_of_zero)[0], 0)
    assert_array_equal(one_bit(np.zeros((2, 3))), np.zeros((2, 3)))
    assert not np.signbit(one_bit([-0.0, 0.0])).any()


@pytest.mark.parametrize("std", [0.0, 0.02, 1.0, 1e100])
def test_gaussian_weights_in_closed_form(std):
    density = scipy.stats.norm.pdf
    mean_abs = 2 * scipy.integrate.quad(lambda w: w * density(w), 0, np.inf)[0]
    error = 2 * scipy.integrate.quad(lambda w: (w - mean_abs) ** 2 * density(w), 0, np.inf)[0]
    m, relative_squared_error = one_bit_gaussian(std)
    assert_allclose(m, std * mean_abs, rtol=1e-10)
    assert_allclose(relative_squared_error, error, rtol=1e-9)
    assert round(relative_squared_error, 5) == 0.36338


def test_gaussian_weights_by_drawing_them():
    """Two tests, each with a false alarm once in a million."""
    n, std = 200_000, 0.3
    W = std * random(1, n)
    m, relative_squared_error = one_bit_gaussian(std)
    assert abs(one_bit_scale(W) - m) < Z_ONE_IN_A_MILLION * np.abs(W).std() / math.sqrt(n)
    squares = np.square(np.abs(W) - m) / std**2
    found = one_bit_mse(W) / std**2
    assert abs(found - relative_squared_error) < Z_ONE_IN_A_MILLION * squares.std() / math.sqrt(n)


def test_the_optimum_is_that_of_the_weights_and_not_of_the_outputs():
    """With unequal inputs another m leaves less error in the output."""
    W, x = np.array([1.0, 3.0]), np.array([10.0, 1.0])
    m = one_bit_scale(W)
    best = W @ x / (sign(W) @ x)
    assert abs(W @ x - best * sign(W) @ x) < 1e-12 < abs(W @ x - m * sign(W) @ x)


def test_a_common_scale_changes_no_decision_of_a_relu_network_without_biases():
    x, W1, W2 = random(2, 50, 4), random(3, 8, 4), random(4, 3, 8)

    def decisions(scale):
        return (np.maximum(x @ (scale * sign(W1)).T, 0) @ one_bit(W2).T).argmax(axis=1)

    assert_array_equal(decisions(one_bit_scale(W1)), decisions(1.0))
    assert_array_equal(decisions(one_bit_scale(W1)), decisions(1e3))


# --- law 9 ------------------------------------------------------------------------------------------------------------


@given(weight_arrays, st.integers(-60, 60))
def test_law_9_a_factor_passes_through_exactly_if_it_is_a_power_of_two(W, exponent):
    c = 2.0**exponent
    assert_array_equal(one_bit(c * W), c * one_bit(W))
    for bits in (1, 2, 5, 8, 16):
        assert_array_equal(fake_quantize(c * W, bits), c * fake_quantize(W, bits))
    for bits in (2, 8):
        assert_array_equal(fake_quantize(c * W, bits, symmetric=True), c * fake_quantize(W, bits, symmetric=True))


@given(weight_arrays, st.floats(0.01, 100), widths)
def test_law_9_any_positive_factor_passes_through_but_for_rounding(W, c, width):
    bits, symmetric = width
    assert_allclose(one_bit(c * W), c * one_bit(W), rtol=1e-13)
    grid = range_to_grid(*weight_range(W), bits, symmetric=symmetric)
    cells = W / (grid.scale or 1)
    no_half = np.abs(cells % 1 - 0.5) > 1e-9
    end = weight_range(W).low / (grid.scale or 1)
    assume(abs(end % 1 - 0.5) > 1e-9)  # else the zero point may be another
    scaled = fake_quantize(c * W, bits, symmetric=symmetric)
    assert_allclose(scaled[no_half], c * fake_quantize(W, bits, symmetric=symmetric)[no_half], rtol=1e-12, atol=1e-300)


@given(weight_arrays)
def test_law_9_one_bit_is_odd_where_there_is_no_zero(W):
    W[W == 0] = 1
    assert_array_equal(one_bit(-W), -one_bit(W))
    assert_array_equal(fake_quantize(-W, 4, symmetric=True), -fake_quantize(W, 4, symmetric=True))


def test_with_a_zero_one_bit_is_not_odd():
    assert_array_equal(one_bit([0.0, 2.0]), [1, 1])
    assert_array_equal(one_bit([-0.0, -2.0]), [1, -1])


@given(matrices, st.randoms(use_true_random=False))
def test_law_9_rows_may_be_reordered(W, shuffle):
    order = shuffle.sample(range(len(W)), len(W))
    assert_array_equal(one_bit(W[order], axis=0), one_bit(W, axis=0)[order])
    assert_array_equal(fake_quantize(W[order], 3, axis=0), fake_quantize(W, 3, axis=0)[order])


# --- grids and codes --------------------------------------------------------------------------------------------------


@given(weight_arrays, widths)
def test_the_definition_in_exact_fractions(x, width):
    bits, symmetric = width
    low, high = weight_range(x)
    lo, hi = min(Fraction(x.min()), 0), max(Fraction(x.max()), 0)
    assert (low, high) == (lo, hi)
    s, z = range_to_grid(low, high, bits, symmetric=symmetric)
    top = 2 ** (bits - 1) - 1 if symmetric else 2**bits - 1
    assert_allclose(s, float(max(-lo, hi) / top if symmetric else (hi - lo) / top), rtol=1e-15)
    codes = quantize(x, s, z, bits, symmetric=symmetric)
    if s == 0:
        assert_array_equal(codes, 0)
        return
    step = Fraction(float(s))
    if symmetric:
        assert z == 0
    elif abs(abs(-lo / step % 1) - Fraction(1, 2)) > Fraction(1, 10**9):  # else rounding may decide
        assert z == min(max(round(-lo / step), 0), top)
    for weight, code in zip(x.ravel().tolist(), codes.ravel().tolist(), strict=True):
        cell = Fraction(weight) / step
        if abs(cell % 1 - Fraction(1, 2)) > Fraction(1, 10**9):
            assert code == min(max(round(cell) + int(z), -top if symmetric else 0), top)


@given(coarse, st.integers(-20, 20).map(lambda n: n / 4), st.integers(1, 16), st.data())
def test_halves_go_to_the_even_number_before_the_zero_point_is_added(x, shift, bits, data):
    z = data.draw(st.integers(0, 2**bits - 1))
    codes = quantize(x + shift, 0.25, z, bits)
    expected = [min(max(round(Fraction(cell) * 4) + z, 0), 2**bits - 1) for cell in (x + shift).ravel().tolist()]
    assert_array_equal(codes.ravel(), expected)


def test_w_adding_the_zero_point_before_rounding_is_another_code():
    x, z = np.array([0.5, 1.5, 2.5]), 1
    assert_array_equal(quantize(x, 1.0, z, 4), [1, 3, 3])
    assert_array_equal(np.rint(x + z), [2, 2, 4])


@given(weight_arrays, widths)
def test_zero_is_exact_and_no_weight_is_further_than_half_a_step(x, width):
    bits, symmetric = width
    s, _ = range_to_grid(*weight_range(x), bits, symmetric=symmetric)
    values = fake_quantize(x, bits, symmetric=symmetric)
    assert_array_equal(values[x == 0], 0)
    assert (np.abs(values - x) <= s / 2 * (1 + 1e-10)).all()


def test_clipping_on_a_half_tie_costs_exactly_half_a_step():
    """lo/s and hi/s both end in a half and both round away from zero: one code too many, which is clipped."""
    low, high = weight_range([-1.5, 1.5])
    s, z = range_to_grid(low, high, 2)
    assert (s, z) == (1.0, 2)
    assert_array_equal(quantize([-1.5, 1.5], s, z, 2), [0, 3])  # not 4
    assert_array_equal(fake_quantize([-1.5, 1.5], 2), [-2.0, 1.0])


@given(weight_arrays, widths)
def test_quantizing_again_on_the_same_grid_changes_nothing(x, width):
    bits, symmetric = width
    s, z = range_to_grid(*weight_range(x), bits, symmetric=symmetric)
    codes = quantize(x, s, z, bits, symmetric=symmetric)
    values = dequantize(codes, s, z)
    assert_array_equal(quantize(values, s, z, bits, symmetric=symmetric), codes)
    assume(s > 1e-30)
    assert_array_equal(quantize(values.astype(np.float32), s, z, bits, symmetric=symmetric), codes)


@given(weight_arrays, st.integers(1, 16))
def test_with_a_new_range_it_changes_nothing_if_the_end_codes_are_in_use(x, bits):
    x = np.append(x, [-101.0, 256.0])  # no half tie at the ends
    codes = quantize(x, *range_to_grid(*weight_range(x), bits), bits)
    assume(codes.min() == 0 and codes.max() == 2**bits - 1)
    values = fake_quantize(x, bits)
    assert_allclose(fake_quantize(values, bits), values, rtol=1e-12)


def test_w_with_a_new_range_it_changes_the_weights_if_an_end_code_is_not_in_use():
    values = fake_quantize([-0.5, 1.0, 2.5], 2)
    assert_array_equal(values, [0, 1, 2])  # codes 0, 1, 2 of 0..3
    assert_allclose(fake_quantize(values, 2), [0, 4 / 3, 2])


@given(weight_arrays, widths)
def test_the_order_of_weights_is_kept(x, width):
    bits, symmetric = width
    x = np.sort(x, axis=None)
    grid = range_to_grid(*weight_range(x), bits, symmetric=symmetric)
    assert (np.diff(quantize(x, *grid, bits, symmetric=symmetric).astype(int)) >= 0).all()
    assert (np.diff(fake_quantize(x, bits, symmetric=symmetric)) >= 0).all()


@given(weight_arrays, widths, st.data())
def test_rows_have_grids_of_their_own(x, width, data):
    bits, symmetric = width
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    low, high = weight_range(x, axis=axis)
    s, z = range_to_grid(low, high, bits, symmetric=symmetric)
    codes = quantize(x, s, z, bits, symmetric=symmetric, axis=axis)
    values = dequantize(codes, s, z, axis=axis)
    assert s.shape == z.shape == low.shape == (x.shape[axis],)
    for row, of_row in enumerate(rows_of(x, axis)):
        grid = range_to_grid(*weight_range(of_row), bits, symmetric=symmetric)
        assert (s[row], z[row]) == grid
        assert_array_equal(np.take(codes, row, axis), quantize(of_row, *grid, bits, symmetric=symmetric))
        assert_array_equal(np.take(values, row, axis), fake_quantize(of_row, bits, symmetric=symmetric))
    assert_array_equal(values, fake_quantize(x, bits, symmetric=symmetric, axis=axis))


@given(weight_arrays, widths)
def test_one_call_is_the_four_steps(x, width):
    bits, symmetric = width
    grid = range_to_grid(*weight_range(x), bits, symmetric=symmetric)
    codes = quantize(x, *grid, bits, symmetric=symmetric)
    assert_array_equal(fake_quantize(x, bits, symmetric=symmetric), dequantize(codes, *grid))


def test_a_row_of_zeros_stays_zero():
    x = np.array([[0.0, -0.0], [1.0, -1.0]])
    for symmetric in (False, True):
        s, z = range_to_grid(*weight_range(x, axis=0), 4, symmetric=symmetric)
        assert s[0] == z[0] == 0
        assert_array_equal(fake_quantize(x, 4, symmetric=symmetric, axis=0)[0], 0)
    assert_array_equal(quantize([5.0, -5.0], 0.0, 3, 4), [3, 3])  # all that such a grid holds


def test_a_range_without_zero_is_widened_to_it():
    assert range_to_grid(2.0, 3.0, 2) == (1.0, 0)
    assert range_to_grid(-3.0, -2.0, 2) == (1.0, 3)
    assert weight_range([2.0, 3.0]) == (0, 3)


@pytest.mark.parametrize("bits", range(1, 17))
def test_codes_take_the_smallest_dtype_and_its_ends(bits):
    top = 2**bits - 1
    codes = quantize([-1e9, 0.0, 1e9], 1.0, top // 2, bits)
    assert codes.dtype == (np.uint8 if bits <= 8 else np.uint16)
    assert_array_equal(codes, [0, top // 2, top])
    if bits > 1:
        half = 2 ** (bits - 1) - 1
        codes = quantize([-1e9, 0.0, 1e9], 1.0, 0, bits, symmetric=True)
        assert codes.dtype == (np.int8 if bits <= 8 else np.int16)
        assert_array_equal(codes, [-half, 0, half])
        assert_array_equal(dequantize(codes, 0.5, 0), [-half / 2, 0, half / 2])
    assert_array_equal(dequantize(quantize([-1e9], 1.0, top, bits), 1.0, top), [-top])  # unsigned codes do not wrap


# --- one bit of an affine grid, few bits, many bits ------------------------------------------------------------------


def test_w_one_bit_of_an_affine_grid_is_not_m_sign():
    """0 must be on the grid, so one of its two values is 0, and half of the weights or more are lost."""
    W = np.array([-1.0, -0.4, 0.3, 1.0])
    assert_array_equal(fake_quantize(W, 1), np.zeros(4))  # s = 2, and 1/s is a half, which rounds to 0
    assert np.square(W - fake_quantize(W, 1)).mean() > 4 * one_bit_mse(W)
    gaussian = random(5, 1000)
    values = np.unique(fake_quantize(gaussian, 1))
    assert 0 in values
    assert len(values) <= 2
    assert np.square(gaussian - fake_quantize(gaussian, 1)).mean() > 2 * one_bit_mse(gaussian)


def test_w_one_bit_of_an_affine_grid_leaves_a_network_at_chance():
    x, W = random(6, 2000, 20), random(7, 10, 20)
    W[:, 0] = np.abs(W).max() * np.resize([1, -1], 10)  # every row reaches both ends of a symmetric range
    W[:, 1] = -W[:, 0]
    decisions = (x @ W.T).argmax(axis=1)
    collapsed = (x @ fake_quantize(W, 1).T).argmax(axis=1)
    assert_array_equal(collapsed, 0)
    assert ((x @ one_bit(W).T).argmax(axis=1) == decisions).mean() > 0.3 > (collapsed == decisions).mean()


def test_many_bits_leave_uniform_noise():
    """False alarm once in a million."""
    x = random(8, 200_000)
    for bits in (6, 8, 10):
        s, _ = range_to_grid(*weight_range(x), bits)
        squares = np.square(x - fake_quantize(x, bits))
        tolerance = Z_ONE_IN_A_MILLION * squares.std() / math.sqrt(x.size)
        assert abs(squares.mean() - uniform_noise_mse(s)) < tolerance
    decibel = 10 * math.log10(uniform_noise_mse(1.0) / uniform_noise_mse(0.5))
    assert round(decibel, 2) == 6.02


@pytest.mark.parametrize(("bits", "tails"), [(1, "normal"), (2, "normal"), (3, "laplace"), (4, "laplace")])
def test_w_few_bits_do_not(bits, tails):
    """How few depends on the tails: with Gaussian weights 3 bits would do, with Laplacian ones 4 do not."""
    x = getattr(np.random.default_rng(9), tails)(size=200_000)
    s, _ = range_to_grid(*weight_range(x), bits)
    squares = np.square(x - fake_quantize(x, bits))
    deviation = (squares.mean() - uniform_noise_mse(s)) / (squares.std() / math.sqrt(x.size))
    assert abs(deviation) > 10


# --- against PyTorch --------------------------------------------------------------------------------------------------


def torch_codes(x, s, z, bits):
    """Return the codes of torch.fake_quantize, whose values are s (code - z)."""
    values = torch.fake_quantize_per_tensor_affine(torch.from_numpy(x), float(s), int(z), 0, 2**bits - 1)
    return np.rint(values.double().numpy() / float(s)) + z


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_torch_fake_quantize_gives_the_same_codes_off_the_ties(bits):
    x = random(10, 10_000).astype(np.float32)
    s, z = range_to_grid(*weight_range(x), bits)
    off_ties = np.abs(x.astype(np.float64) / s % 1 - 0.5) > 1e-4
    assert off_ties.mean() > 0.99
    assert_array_equal(quantize(x, s, z, bits)[off_ties], torch_codes(x, s, z, bits)[off_ties])


def test_torch_fake_quantize_rounds_halves_to_even_before_the_zero_point_too():
    x = np.array([0.5, 1.5, 2.5, -0.5, -1.5], np.float32)
    for z in (2, 3):
        assert_array_equal(quantize(x, 1.0, z, 4), torch_codes(x, 1.0, z, 4))


def test_torch_fake_quantize_per_channel_gives_the_same_values():
    x = random(11, 5, 40).astype(np.float32)
    s, z = range_to_grid(*weight_range(x, axis=0), 8)
    expected = torch.fake_quantize_per_channel_affine(
        torch.from_numpy(x), torch.from_numpy(s).float(), torch.from_numpy(z).int(), 0, 0, 255
    )
    off_ties = np.abs(x / s[:, np.newaxis] % 1 - 0.5) > 1e-3
    assert_allclose(fake_quantize(x, 8, axis=0)[off_ties], expected.numpy()[off_ties], rtol=1e-5, atol=1e-6)


def test_where_torch_multiplies_by_a_rounded_inverse_it_leaves_the_nearest_code():
    """x / s below a half, in exact fractions; torch's float32 product with 1/s is a half or more."""
    s = np.float64(np.float32(0.1))
    x = np.arange(1, 20_000, dtype=np.float32) * np.float32(0.05)
    ours, theirs = quantize(x, s, 0, 16), torch_codes(x, s, 0, 16)
    differ = np.flatnonzero(ours != theirs)
    assert len(differ) > 0
    for i in differ:
        assert ours[i] == round(Fraction(float(x[i])) / Fraction(float(s)))


@pytest.mark.filterwarnings("ignore:torch.quantize_per_tensor")
@pytest.mark.filterwarnings("ignore:.*deprecated:DeprecationWarning")
def test_torch_quantize_per_tensor_gives_the_same_codes_off_the_ties():
    x = random(12, 10_000).astype(np.float32)
    s, z = range_to_grid(*weight_range(x), 8)
    quantized = torch.quantize_per_tensor(torch.from_numpy(x), float(s), int(z), torch.quint8)
    off_ties = np.abs(x.astype(np.float64) / s % 1 - 0.5) > 1e-4
    codes = quantize(x, s, z, 8)
    assert codes.dtype == quantized.int_repr().numpy().dtype
    assert_array_equal(codes[off_ties], quantized.int_repr().numpy()[off_ties])
    assert_allclose(dequantize(codes, s, z)[off_ties], quantized.dequantize().numpy()[off_ties], rtol=1e-6)


def observed(x, qscheme, dtype):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        observer = torch.ao.quantization.MinMaxObserver(dtype=dtype, qscheme=qscheme)
        observer(torch.from_numpy(x))
        s, z = observer.calculate_qparams()
    return s.item(), z.item()


def test_torch_observer_finds_the_same_affine_grid():
    for x in (random(13, 100), random(13, 100) + 9, -np.abs(random(13, 100))):
        s, z = observed(x.astype(np.float32), torch.per_tensor_affine, torch.quint8)
        ours = range_to_grid(*weight_range(x.astype(np.float32)), 8)
        assert_allclose(ours.scale, s, rtol=1e-6)
        assert ours.zero_point == z


def test_where_torch_observer_divides_by_half_the_codes_the_largest_weight_is_clipped():
    """Symmetric: torch's step is max|x| / 127.5, for codes -128..127; ours is max|x| / 127, for codes -127..127."""
    x = np.array([-1.0, 0.25, 1.0], np.float32)
    s, z = observed(x, torch.per_tensor_symmetric, torch.qint8)
    assert z == 0
    assert_allclose(s, 1 / 127.5, rtol=1e-6)
    theirs = torch.fake_quantize_per_tensor_affine(torch.from_numpy(x), s, z, -128, 127).numpy()
    assert_allclose(theirs[2], 127 / 127.5, rtol=1e-6)  # not 1
    assert_array_equal(fake_quantize(x, 8, symmetric=True)[[0, 2]], [-1, 1])


def test_where_torch_has_no_sign_for_zero():
    assert torch.sign(torch.tensor(0.0)) == 0
    assert sign(0.0) == 1


# --- storage ----------------------------------------------------------------------------------------------------------


def test_storage():
    assert storage_bits(1000, 1) == 1032
    assert storage_bits(1000, 1, num_scales=10) == 1320
    assert storage_bits(1000, 8, num_zero_points=1) == 8040
    assert storage_bits(64 * 10, 4, num_scales=10, num_zero_points=10) == 2560 + 320 + 40
    assert storage_bits(0, 16, num_scales=0) == 0


# --- numbers, shapes and memory ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("bits", [1, 2, 8, 16])
def test_the_range_of_float32_does_not_overflow(bits):
    largest = np.finfo(np.float32).max
    x = np.array([-largest, 0, largest / 3, largest], np.float32)
    s, _ = range_to_grid(*weight_range(x), bits)
    assert_allclose(s, 2 * float(largest) / (2**bits - 1), rtol=1e-15)
    for symmetric in (False, True)[: 1 if bits == 1 else 2]:
        values = fake_quantize(x, bits, symmetric=symmetric)
        assert values.dtype == np.float32
        assert np.isfinite(values).all()
        assert (np.abs(values.astype(float) - x) <= s / 2 * (1 + 1e-6) + symmetric * s).all()
    assert_allclose(one_bit_scale(np.full(1000, largest)), float(largest), rtol=1e-15)
    assert_array_equal(one_bit(np.full(1000, -largest)), np.full(1000, -largest))


def test_the_range_of_float64_is_refused_where_it_overflows():
    for call in (lambda: fake_quantize([-1.7e308, 1.7e308], 8), lambda: range_to_grid(-1.7e308, 1.7e308, 8)):
        with pytest.raises(ValueError, match=r"weights, from low to high, must span less than 1.8e308"):
            call()
    assert_array_equal(fake_quantize([-1.7e308, 1.7e308], 8, symmetric=True), [-1.7e308, 1.7e308])
    assert_allclose(one_bit_scale([1.7e308, 1.7e308, -0.0]), 1.7e308 / 3 * 2, rtol=1e-15)
    assert_allclose(one_bit_scale([[1.7e308, -1.7e308], [1.0, 3.0]], axis=0), [1.7e308, 2.0], rtol=1e-15)


def test_the_smallest_numbers_do_not_divide_by_zero():
    for x in ([5e-324, 0.0], [-5e-324, 3e-310], [1e-320, -1e-320, 1e-310]):
        for bits in (2, 8, 16):
            s, _ = range_to_grid(*weight_range(x), bits)
            assert s > 0
            assert (np.abs(fake_quantize(x, bits) - x) <= s / 2).all()


def test_weights_far_beyond_the_grid_get_its_ends():
    with np.errstate(over="raise"):
        assert_array_equal(quantize([-1e308, 1e308], 1e-308, 3, 4), [0, 15])
        assert uniform_noise_mse(1e200) == np.inf
        assert one_bit_mse([1e200, 0.0]) == np.inf
        # in range, though s^2, and the sum of the squares, are not
        assert_allclose(uniform_noise_mse(3e154), 7.5e307, rtol=1e-15)
        assert_allclose(one_bit_mse([0.0, 2.4e154, 0.0, 2.4e154]), 1.44e308, rtol=1e-15)


@pytest.mark.parametrize(("given", "computed"), [("f2", "f4"), ("f4", "f4"), (">f4", "f4"), ("f8", "f8"), ("i4", "f8")])
def test_dtypes(given, computed):
    W = np.array([[3, -1], [0, 2]], given)
    for result in (sign(W), one_bit(W), one_bit(W, axis=0), fake_quantize(W, 4), fake_quantize(W, 4, axis=1)):
        assert result.dtype == np.dtype(computed)
    assert_array_equal(one_bit(W), [[1.5, -1.5], [1.5, 1.5]])
    assert_allclose(fake_quantize(W, 2), [[8 / 3, -4 / 3], [0, 8 / 3]], rtol=1e-7)
    for result in (one_bit_scale(W), one_bit_mse(W), *weight_range(W), dequantize(quantize(W, 1.0, 1, 4), 1.0, 1)):
        assert result.dtype == np.float64


def test_float16_is_not_summed_in_float16():
    assert_allclose(one_bit_scale(np.full(70_000, 60_000, np.float16)), 60_000)
    W = np.array([6e4, -6e4, 3e4], np.float16)
    assert_allclose(fake_quantize(W, 8), W.astype(float), atol=120_000 / 255 / 2)


@pytest.mark.parametrize("shape", [(0,), (0, 3), (3, 0)])
def test_no_weights(shape):
    W = np.zeros(shape)
    for result in (sign(W), quantize(W, 1.0, 0, 8), dequantize(np.zeros(shape, int), 1.0, 0), fake_quantize(W, 8)):
        assert result.shape == shape
    assert fake_quantize(W, 8, axis=0).shape == shape
    assert weight_range(W) == (0, 0)
    for function in (one_bit, one_bit_scale, one_bit_mse):
        for axis in (None, 0):
            with pytest.raises(ValueError, match="weights must hold at least one number"):
                function(W, axis=axis)


def test_one_number():
    assert one_bit(-2.0) == -2
    assert [one_bit_mse(weight, sign_of_zero=0) for weight in (0.0, -2.0)] == [0, 0]
    assert sign(-2.0) == -1
    assert fake_quantize(-2.0, 8) == -2
    assert quantize(-2.0, 1.0, 5, 8) == 3
    assert dequantize(3, 1.0, 5) == -2
    assert f"{one_bit_scale([1.0, 2.0]):.1f} {fake_quantize(1.0, 8):.1f}" == "1.5 1.0"


def test_inputs_are_neither_changed_nor_shared():
    W, s, z = random(14, 3, 4), np.full(3, 0.1), np.arange(3)
    codes = quantize(W, s, z, 8, axis=0)
    arguments = (W, s, z, codes)
    before = [array.copy() for array in arguments]
    for array in arguments:
        array.flags.writeable = False
    results = [
        sign(W),
        one_bit_scale(W, axis=0),
        one_bit(W),
        one_bit(W, axis=1),
        *weight_range(W, axis=0),
        *range_to_grid(-s, s, 8),
        *range_to_grid(-s, s, 8, symmetric=True),
        quantize(W, s, z, 8, axis=0),
        dequantize(codes, s, z, axis=0),
        fake_quantize(W, 8),
        uniform_noise_mse(s),
    ]
    one_bit_mse(W)
    for array, copy in zip(arguments, before, strict=True):
        assert_array_equal(array, copy)
    for result in results:
        assert not any(np.shares_memory(result, array) for array in arguments)


@pytest.mark.parametrize("layout", [np.asfortranarray, lambda a: a[::-1, ::-1].copy()[::-1, ::-1], np.ndarray.tolist])
def test_the_layout_in_memory_does_not_matter(layout):
    W = random(15, 4, 5)
    assert_allclose(one_bit(layout(W), axis=0), one_bit(W, axis=0), rtol=1e-14)
    assert_array_equal(fake_quantize(layout(W), 5, axis=1), fake_quantize(W, 5, axis=1))


# rounding that makes up for its misses


@st.composite
def rounding_problems(draw, most=5):
    """Draw weights, no half among them, and mean products of inputs."""
    size = draw(st.integers(1, most))
    w = draw(arrays(np.float64, size, elements=st.floats(-3, 3)))
    root = draw(arrays(np.float64, (size, size), elements=st.integers(-3, 3)))
    return w, root @ root.T + np.eye(size)


@given(rounding_problems(), st.data())
def test_with_uncorrelated_inputs_nothing_can_be_made_up(problem, data):
    w, H = problem
    order = data.draw(st.permutations(range(len(w))))
    assert_array_equal(compensated_rounding(w, np.diag(np.diag(H)), order=order), np.round(w))


@given(rounding_problems(most=2).filter(lambda problem: len(problem[0]) == 2))
def test_with_two_columns_it_is_never_worse_than_plain_rounding(problem):
    w, H = problem
    made_up = quadratic_error(w, compensated_rounding(w, H), H)
    assert made_up <= quadratic_error(w, np.round(w), H) + 1e-9


def test_with_three_columns_it_can_be_worse_and_it_need_not_be_the_best():
    H = np.array([[4.0, 2, 1], [2, 3, -1], [1, -1, 10]])
    w = [0.7, -0.3, 0.8]
    assert quadratic_error(w, compensated_rounding(w, H), H) == pytest.approx(1.79)
    assert quadratic_error(w, np.round(w), H) == pytest.approx(1.39)
    H = np.array([[4.0, 3, 3], [3, 4, 2], [3, 2, 4]])
    assert quadratic_error([-0.4, -0.4, -0.3], [-1, 0, 0], H) == pytest.approx(0.4)


@given(rounding_problems(), st.data())
def test_each_column_is_rounded_where_the_best_free_weights_put_it(problem, data):
    w, H = problem
    order = data.draw(st.permutations(range(len(w))))
    q = compensated_rounding(w, H, order=order)
    for place, i in enumerate(order):
        done, left = list(order[:place]), list(order[place:])
        root = np.linalg.cholesky(H).T
        free = np.linalg.lstsq(root[:, left], root @ w - root[:, done] @ q[done])[0][0]
        assume(abs(abs(free - np.floor(free)) - 0.5) > 1e-6)
        assert q[i] == np.round(free)


def test_rows_share_the_inputs_and_are_rounded_each_on_its_own():
    rng = np.random.default_rng(0)
    W, root = 2 * rng.standard_normal((4, 3)), rng.standard_normal((3, 3))
    H = root @ root.T + np.eye(3)
    q = compensated_rounding(W, H)
    assert_array_equal(q, [compensated_rounding(w, H) for w in W])
    inputs = np.linalg.cholesky(H) * 3**0.5  # three inputs, whose mean products are H
    assert_allclose(quadratic_error(W, q, H), np.mean(((W - q) @ inputs) ** 2, axis=1))
    assert_allclose(quadratic_error(W, q, 1e-300 * H), 1e-300 * quadratic_error(W, q, H))
