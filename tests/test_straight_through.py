"""The straight-through estimator: its three biases in closed form, by quadrature and by simulation."""

import math
from itertools import product

import mpmath
import numpy as np
import pytest
import scipy.integrate
import scipy.stats
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.quantization import one_bit, one_bit_mse
from kdlab.straight_through import (
    bias_to_full_precision,
    bias_to_smoothed_loss,
    bias_to_true_derivative,
    clamp_latent,
    dither,
    duty_cycle,
    linear_bias,
    logistic_bias,
    logistic_gradient,
    logistic_limits,
    logistic_relative_bias,
    relative_bias,
    ste_gradient,
)

inf = math.inf
numbers = st.floats(-8, 8).filter(lambda w: w == 0 or abs(w) > 1e-3)
weight_arrays = arrays(np.float64, array_shapes(max_dims=2, max_side=4), elements=numbers)
vectors = arrays(np.float64, st.integers(1, 5), elements=numbers)


def regression(n, seed=0):
    """Return Sigma, w*, and the loss and gradient of linear regression with these."""
    rng = np.random.default_rng(seed)
    root, w_star = rng.normal(size=(n, n)), rng.normal(size=n)
    Sigma = root @ root.T

    def loss(u):
        return (u - w_star) @ Sigma @ (u - w_star) / 2

    return Sigma, w_star, loss, lambda u: Sigma @ (u - w_star)


# --- the estimator --------------------------------------------------------------------------------------------------


def test_clipping_is_inclusive():
    c = 0.1
    w = [c, -c, np.nextafter(c, 1), -np.nextafter(c, 1), 0.0, 5.0]
    assert_array_equal(ste_gradient([1.0] * 6, w, clip=c), [1, 1, 0, 0, 1, 0])
    w = np.float32([0.1, -0.1, 0.2])  # float32's 0.1 lies above float64's
    assert_array_equal(ste_gradient(np.ones(3, np.float32), w, clip=0.1), [1, 1, 0])


@given(weight_arrays, st.floats(0.01, 10), st.data())
def test_law_16_the_gradient_is_torch_s_through_a_clamp_and_the_identity_without(w, c, data):
    g = data.draw(arrays(np.float64, w.shape, elements=numbers))
    assert_array_equal(ste_gradient(g, w), g)
    latent = torch.tensor(w, requires_grad=True)
    clamped = latent.clamp(-c, c)
    q = clamped + (torch.tensor(one_bit(w)) - clamped).detach()
    (q * torch.tensor(g)).sum().backward()
    assert_array_equal(ste_gradient(g, w, clip=c), latent.grad.numpy())
    assert_array_equal(clamp_latent(w, clip=c), clamped.detach().numpy())


@given(vectors)
def test_law_16_the_gradient_is_the_full_precision_one_at_q(w):
    _, _, loss, gradient = regression(len(w))
    q = one_bit(w)
    latent = torch.tensor(w, requires_grad=True)
    through = latent + (torch.tensor(q) - latent).detach()
    Sigma, w_star, _, _ = regression(len(w))
    difference = through - torch.tensor(w_star)
    (difference @ torch.tensor(Sigma) @ difference / 2).backward()
    assert_allclose(ste_gradient(gradient(q), w), latent.grad.numpy(), rtol=1e-10, atol=1e-11)
    assert_allclose(bias_to_full_precision(gradient, w, q) + gradient(w), latent.grad.numpy(), rtol=1e-10, atol=1e-11)
    assert_array_equal(bias_to_full_precision(gradient, w, w), np.zeros_like(w))


@given(vectors, st.floats(1e-150, 1e150))
def test_the_relative_bias_is_a_quotient_of_lengths_whatever_the_loss_is_multiplied_by(w, factor):
    Sigma, w_star, _, gradient = regression(len(w))
    q, full = one_bit(w), Sigma @ (w - w_star)
    assume(np.linalg.norm(full) > 1e-3)
    expected = np.linalg.norm(Sigma @ (q - w)) / np.linalg.norm(full)
    assert_allclose(relative_bias(lambda u: factor * gradient(u), w, q), expected, rtol=1e-9, atol=1e-12)


def test_the_relative_bias_of_a_distilled_linear_student():
    """The number was computed by another program."""
    X, W = np.array([[1, 0], [0, 2], [1, 1], [-1, 0.5]]), np.array([[0.5, -0.25, 0], [1.5, 0.25, -0.5]])
    V = torch.tensor([[2.0, 0, -1], [0, 1, 0], [1, 1, -2], [0, 0, 3]], dtype=torch.float64)

    def gradient(u):
        latent = torch.tensor(u, requires_grad=True)
        q = torch.log_softmax(torch.tensor(X) @ latent / 2, 1)
        torch.nn.functional.kl_div(q, torch.softmax(V / 2, 1), reduction="batchmean").backward()
        return latent.grad.numpy()

    assert float(relative_bias(gradient, W, one_bit(W))) == pytest.approx(0.615903, abs=5e-7)
    assert relative_bias(gradient, W, W) == 0


def test_a_clipped_gradient_leaves_a_weight_beyond_c_for_ever_but_a_clamp_does_not():
    target, c, eta = -0.5, 1.0, 0.1
    clipped = clamped = 1.05
    for _ in range(50):
        clipped -= eta * float(ste_gradient(math.copysign(1, clipped) - target, clipped, clip=c))
        clamped = float(clamp_latent(clamped - eta * (math.copysign(1, clamped) - target), clip=c))
    assert clipped == 1.05
    assert abs(clamped) < 0.3


def test_a_clip_far_above_the_weights_is_the_identity():
    rng = np.random.default_rng(0)
    w = rng.uniform(-1, 1, size=(64, 64)) / 8  # 1 / sqrt(fan in)
    g = rng.normal(size=w.shape)
    assert_array_equal(ste_gradient(g, w, clip=1.0), ste_gradient(g, w))


# --- three biases ---------------------------------------------------------------------------------------------------


def derivative(function, w, step=1e-6):
    """Central differences."""
    basis = np.eye(len(w)) * step
    return np.array([(function(w + e) - function(w - e)) / (2 * step) for e in basis])


def well_apart(w):
    return np.where(np.abs(w) < 0.1, 0.1, w)  # no sign changes within a step


@given(vectors)
def test_bias_b_is_what_central_differences_of_the_quantized_loss_leave(w):
    w = well_apart(w)
    _, _, loss, gradient = regression(len(w))
    moving = gradient(one_bit(w)) - derivative(lambda u: loss(one_bit(u)), w)
    assert_allclose(bias_to_true_derivative(gradient, w), moving, rtol=1e-6, atol=1e-5)
    m = 0.7
    fixed = gradient(m * np.sign(w)) - derivative(lambda u: loss(m * np.sign(u)), w)
    assert_allclose(bias_to_true_derivative(gradient, w, scale=m), fixed, rtol=1e-12)


def test_with_a_moving_scale_the_true_derivative_is_not_zero():
    w, g = np.array([0.5, -1.5, 0.0]), np.array([1.0, -2.0, 4.0])
    signs = np.array([1, -1, 1])
    true = g - bias_to_true_derivative(lambda u: g, w)
    assert_allclose(true, np.outer(signs, signs).T @ g / 3, rtol=1e-14)  # d(m sign w_i)/dw_j = sign_i sign_j / n
    assert np.abs(true).min() > 2
    assert_array_equal(bias_to_true_derivative(lambda u: g, w, scale=1.0), g)  # a fixed m: all of it is bias


@given(vectors, st.floats(0.1, 3), st.floats(0.1, 10))
def test_bias_c_in_linear_regression(w, m, a):
    """E q_i = (m/a) clip(w_i), the q_i are independent and q_i^2 = m^2: the smoothed loss is a polynomial."""
    Sigma, w_star, loss, gradient = regression(len(w))
    mean_q = m * np.clip(w / a, -1, 1)
    off_diagonal = Sigma - np.diag(np.diag(Sigma))
    smoothed = (off_diagonal @ mean_q - Sigma @ w_star) * np.where(np.abs(w) <= a, m / a, 0)
    expected = gradient(np.where(w >= 0, m, -m)) - smoothed
    bias = bias_to_smoothed_loss(loss, gradient, w, scale=m, noise=a)
    assert_allclose(bias, expected, rtol=1e-9, atol=1e-10 * (1 + np.abs(smoothed).max() + np.abs(expected).max()))


@given(vectors, st.floats(0.5, 10))
def test_the_mean_clipped_gradient_has_no_bias_c_if_the_loss_is_linear_in_each_weight(w, m):
    """Stochastic rounding, a = c = m; the mean over the noise is the sum over all patterns."""

    def loss(u):
        return np.prod(1 + u / 5)

    def gradient(u):
        return np.array([np.prod(np.delete(1 + u / 5, i)) / 5 for i in range(len(u))])

    up = (1 + np.clip(w / m, -1, 1)) / 2
    mean = sum(
        np.prod(np.where(np.array(pattern) > 0, up, 1 - up)) * gradient(m * np.array(pattern))
        for pattern in product((-1, 1), repeat=len(w))
    )
    q = np.where(w >= 0, m, -m)
    smoothed = gradient(q) - bias_to_smoothed_loss(loss, gradient, w, scale=m, noise=m)
    assert_allclose(ste_gradient(mean, w, clip=m), smoothed, rtol=1e-9, atol=1e-9 * np.abs(gradient(q)).max())


def test_bias_c_against_monte_carlo():
    """The smoothed loss by sampling, differenced with common noise: a z-test with a false alarm in 10^6."""
    m, a, step, draws = 0.8, 1.5, 0.2, 400_000
    w = np.array([0.3, -0.6])

    def loss(u):
        return np.exp(u[..., 0]) * np.cos(u[..., 1] + 0.3 * u[..., 0])

    gradient = np.zeros_like
    noise = np.random.default_rng(5).uniform(-a, a, size=(draws, 2))
    smoothed = -bias_to_smoothed_loss(loss, gradient, w, scale=m, noise=a)
    for i, e in enumerate(np.eye(2) * step):  # the smoothed loss is linear in each weight: a chord is its tangent
        rise = loss(np.where(w + e + noise >= 0, m, -m)) - loss(np.where(w - e + noise >= 0, m, -m))
        z = (rise.mean() / (2 * step) - smoothed[i]) / (rise.std() / (2 * step) / math.sqrt(draws))
        assert abs(z) < scipy.stats.norm.isf(0.5e-6 / 2)


def test_the_three_biases_differ():
    _, _, loss, gradient = regression(2)
    w = np.array([0.4, -0.9])
    q = one_bit(w)
    m = float(q.max())
    found = [
        bias_to_full_precision(gradient, w, q),
        bias_to_true_derivative(gradient, w, scale=m),
        bias_to_true_derivative(gradient, w),
        bias_to_smoothed_loss(loss, gradient, w, scale=m, noise=1.0),
    ]
    for i, one in enumerate(found):
        for other in found[:i]:
            assert np.abs(one - other).max() > 1e-3  # far above rounding


# --- linear regression ----------------------------------------------------------------------------------------------


@given(vectors)
def test_linear_bias_is_that_of_the_gradient_whatever_the_labels(w):
    q = one_bit(w)
    for seed in (0, 1):
        Sigma, _, _, gradient = regression(len(w), seed)
        bias, squared_norm = linear_bias(w, q, Sigma)
        assert_allclose(bias, bias_to_full_precision(gradient, w, q), rtol=1e-9, atol=1e-10)
        assert_allclose(squared_norm, np.linalg.norm(bias) ** 2, rtol=1e-13)


@given(vectors)
def test_the_squared_norm_is_n_times_the_error_of_the_quantizer(w):
    squared_norm = linear_bias(w, one_bit(w)).squared_norm
    assert_allclose(squared_norm, w @ w - np.abs(w).sum() ** 2 / len(w), rtol=1e-9, atol=1e-12)
    assert_allclose(squared_norm, len(w) * one_bit_mse(w), rtol=1e-12, atol=1e-15)


# --- one-weight logistic distillation -------------------------------------------------------------------------------


def exact_difference(u, v, s, T):
    """(phi(u) - phi(v)) / T in 40 digits, as an integral of x tanh(u x / 2T) / 2 over pieces of its own scales."""
    with mpmath.workdps(40):
        a, b = (mpmath.mpf(w) * mpmath.mpf(s) / mpmath.mpf(T) for w in (u, v))
        scales = [1 / abs(k) for k in (a, b) if k] + [mpmath.mpf(1)]
        ends = sorted({c * scale for c in (0.3, 1, 3, 10, 30, 90) for scale in scales if c * scale < 30})

        def integrand(x):
            return x * mpmath.npdf(x) * (mpmath.tanh(a * x / 2) - mpmath.tanh(b * x / 2))

        return float(mpmath.mpf(s) / mpmath.mpf(T) * mpmath.quad(integrand, [0, *ends, 30]))


@pytest.mark.parametrize("T", [1e-9, 0.02, 0.25, 1.0, 64.0, 1e12])
def test_forty_digits_at_every_temperature(T):
    for u, v, s in [(0.8, 0.3, 1), (-0.5, 0.3, 1), (5, 0.001, 2), (1e-3, -2, 0.1), (0.8, 0.8 + 1e-9, 1), (0.3, 0, 3)]:
        assert_allclose(
            logistic_gradient(u, v, T, input_scale=s), exact_difference(u, v, s, T), rtol=5e-15, err_msg=f"{u, v, s}"
        )


@pytest.mark.parametrize("T", [0.25, 1.0, 8.0])
@pytest.mark.parametrize("s", [0.5, 2.0])
def test_the_gradient_is_the_slope_of_the_kl(T, s):
    def kl(u, w_t):
        def integrand(x):
            log_p, log_p_not = (-np.logaddexp(0, sign * w_t * x / T) for sign in (-1, 1))
            log_q, log_q_not = (-np.logaddexp(0, sign * u * x / T) for sign in (-1, 1))
            divergence = np.exp(log_p) * (log_p - log_q) + np.exp(log_p_not) * (log_p_not - log_q_not)
            return divergence * scipy.stats.norm.pdf(x, scale=s)

        return 2 * scipy.integrate.quad(integrand, 0, 12 * s, epsabs=1e-13, epsrel=1e-12)[0]

    step = 1e-4
    for u, w_t in [(0.3, 1.2), (0.8, 1.2), (-0.5, 1.2)]:
        slope = (kl(u + step, w_t) - kl(u - step, w_t)) / (2 * step)
        assert_allclose(logistic_gradient(u, w_t, T, input_scale=s), slope, rtol=1e-5)


def test_gauss_hermite_fails_at_small_temperatures():
    """Why the rule is another: the sigmoid becomes a step between two nodes."""
    x, weight = np.polynomial.hermite_e.hermegauss(100)
    T = 0.01
    phi = [weight @ (x * np.tanh(u * x / (2 * T))) / 2 / math.sqrt(2 * math.pi) for u in (0.8, 0.3)]
    exact = exact_difference(0.8, 0.3, 1.0, T)
    assert abs((phi[0] - phi[1]) / T / exact - 1) > 0.1
    assert abs(logistic_gradient(0.8, 0.3, T) / exact - 1) < 1e-14


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(0.01, 100), st.floats(0.1, 10))
def test_signs_and_units_of_the_logistic_gradient(u, v, T, s):
    g = logistic_gradient(u, v, T, input_scale=s)
    for swapped in ((v, u), (-u, -v)):
        assert_allclose(logistic_gradient(*swapped, T, input_scale=s), -g, rtol=1e-14, atol=0)
    assert np.sign(g) == np.sign(u - v) or abs(u - v) < 1e-290
    for c in (0.25, 8.0):
        assert_allclose(c * logistic_gradient(c * u, c * v, c * T, input_scale=s), g, rtol=1e-13, atol=1e-300)
        assert_allclose(logistic_gradient(u, v, c * T, input_scale=c * s), g, rtol=1e-13, atol=1e-300)


@given(st.floats(-5, 5), st.floats(-5, 5), st.floats(-5, 5), st.floats(0.05, 100))
def test_the_bias_is_a_difference_of_gradients_in_which_the_teacher_drops_out(w, q, w_t, T):
    difference = logistic_gradient(q, w_t, T) - logistic_gradient(w, w_t, T)
    assert_allclose(logistic_bias(w, q, T), difference, rtol=1e-12, atol=1e-13 / T)


def test_high_temperature():
    """A high T does not cure the bias: with T^2 it tends to a constant, and relatively it is the same."""
    w, q, w_t, s = np.array([0.3, -1.0]), np.array([0.8, -0.5]), np.array([1.2, 0.4]), 1.5
    constant = logistic_limits(w, q, input_scale=s).high_T_constant
    assert_allclose(constant, s**2 * (q - w) / 4, rtol=1e-15)
    relative = (q - w) / (w - w_t)
    errors = []
    for T in (1e2, 1e3, 1e100, 1e300):
        errors.append(np.abs(logistic_relative_bias(w, q, w_t, T, input_scale=s) / relative - 1).max())
        if T < 1e10:
            assert_allclose(T * (T * logistic_bias(w, q, T, input_scale=s)), constant, rtol=30 / T**2)
    assert errors[1] / errors[0] == pytest.approx(0.01, rel=0.05)  # of order 1 / T^2
    assert max(errors[2:]) < 1e-14
    assert_allclose(logistic_relative_bias(w, q, w_t, inf), relative, rtol=1e-15)
    assert_array_equal(logistic_bias(w, q, inf), [0, 0])


def test_low_temperature_and_how_low_it_must_be():
    slope = logistic_limits(0.3, 0.8).small_T_slope
    assert_allclose(slope, math.pi**2 * (1 / 0.3**2 - 1 / 0.8**2) / (6 * math.sqrt(2 * math.pi)), rtol=1e-14)
    low = {T: 1 - logistic_bias(0.3, 0.8, T) / T / slope for T in (0.05, 0.01, 1e-3, 1e-9)}
    assert low[0.05] == pytest.approx(0.10, abs=0.01)
    assert low[0.01] == pytest.approx(0.004, abs=0.001)
    assert low[1e-3] / low[0.01] == pytest.approx(0.01, rel=0.1)  # of order T^2
    assert abs(low[1e-9]) < 1e-13
    assert_allclose(logistic_limits(-0.3, -0.8).small_T_slope, -slope, rtol=1e-15)
    assert_allclose(logistic_limits(0.3, 0.8, input_scale=2.0).small_T_slope, slope / 2, rtol=1e-15)
    T = 1e-5
    assert_allclose(logistic_bias(-0.3, -0.8, T, input_scale=2.0) / T, -slope / 2, rtol=1e-8)


def test_the_small_temperature_slope_where_a_sign_changes():
    w, q = [0.3, -0.3, 0.0, 0.5, 0.5, 0.0], [-0.8, 0.8, 0.5, 0.0, 0.5, 0.0]
    assert_array_equal(logistic_limits(w, q).small_T_slope, [-inf, inf, inf, -inf, 0, 0])
    T = 1e-8
    bias = logistic_bias(w, q, T)
    gap = 2 / math.sqrt(2 * math.pi) / T  # phi jumps by s sqrt(2 / pi)
    assert_allclose(bias, [-gap, gap, gap / 2, -gap / 2, 0, 0], rtol=1e-10)


def test_the_unscaled_bias_has_an_interior_maximum_in_temperature():
    T = np.geomspace(1e-3, 1e3, 61)
    bias = np.array([logistic_bias(0.3, 0.8, t) for t in T])
    peak = bias.argmax()
    assert 0 < peak < 60
    assert (np.diff(bias[: peak + 1]) > 0).all()
    assert (np.diff(bias[peak:]) < 0).all()


def test_limits_where_the_expressions_end():
    assert_array_equal(logistic_limits([1e-308, 5e-324], [1e-308, 5e-324]).small_T_slope, [0, 0])
    assert_allclose(logistic_relative_bias(0.3, 0.8, 1.2, 2.0, input_scale=5e-324), -0.5 / 0.9, rtol=1e-15)
    assert_allclose(bias_to_true_derivative(lambda u: np.full(2, 1.5e308), [0.5, 1.5]), [0, 0])
    loss = bias_to_smoothed_loss(lambda u: 1e10 * u[0], np.zeros_like, [0.5], scale=1.0, noise=1.5e308)
    assert_allclose(loss, [-1e10 / 1.5e308], rtol=1e-12)


@pytest.mark.parametrize("T", [1e-299, 1e-100, 1.0, 1e200, 1.7e308, inf])
def test_the_ends_of_the_number_line(T):
    u = np.array([1e308, -1e308, 5e-324, 0.0, 1e-300, 1.0])
    v = np.array([-1e308, -1e308, 0.0, 0.0, 1e300, 1e-10])
    assert not np.isnan(logistic_gradient(u, v, T)).any()
    assert_array_equal(logistic_gradient(u, u, T), np.zeros(6))


# --- dithering ------------------------------------------------------------------------------------------------------


@given(st.floats(-0.99, 0.99), st.floats(0.1, 10), st.floats(1e-3, 0.5), st.floats(-1, 1))
def test_the_latent_weight_dithers_about_0_and_its_sign_averages_to_the_optimum(share, m, eta, initial):
    w_star, N = share * m, 3000
    latent = dither(w_star, m, learning_rate=eta, num_steps=N, initial_weight=eta * m * initial)
    q = np.where(latent[:-1] >= 0, m, -m)
    assert_allclose(np.diff(latent), -eta * (q - w_star), rtol=0, atol=1e-12 * m)
    assert np.abs(latent).max() <= eta * (m + abs(w_star)) * (1 + 1e-9)
    bound = 2 * (m + abs(w_star)) / N  # |w_0 - w_N| / (eta N)
    assert abs(q.mean() - w_star) <= bound * 1.001
    assert abs((latent[:-1] >= 0).mean() - duty_cycle(w_star, m)) <= bound / (2 * m) * 1.001
    assert len(set(q[-1000:])) == 2 or 500 * (1 - abs(share)) < 1  # it does not converge


@pytest.mark.parametrize("w_star", [1.5, -3.0])
def test_beyond_the_scale_the_latent_weight_drifts_off_linearly_unless_clamped(w_star):
    m, eta, N = 1.0, 0.01, 1000
    latent = dither(w_star, m, learning_rate=eta, num_steps=N)
    assert_allclose(np.diff(latent)[5:], eta * (w_star - math.copysign(m, w_star)), rtol=1e-10)
    assert duty_cycle(w_star, m) == (w_star > 0)
    assert_allclose((latent >= 0).mean(), w_star > 0, atol=0.01)
    assert abs(dither(w_star, m, learning_rate=eta, num_steps=N, clip=0.5)[-1]) == 0.5


def test_duty_cycle_at_its_ends():
    assert [duty_cycle(w_star, 2.0) for w_star in (-2, 0, 1, 2, 9)] == [0, 0.5, 0.75, 1, 1]


# --- shapes, dtypes and memory --------------------------------------------------------------------------------------

CALLS = {
    "ste_gradient": lambda w, q: ste_gradient(q, w, clip=1.0),
    "clamp_latent": lambda w, q: clamp_latent(w),
    "bias_to_full_precision": lambda w, q: bias_to_full_precision(lambda u: 2 * u, w, q),
    "logistic_gradient": lambda w, q: logistic_gradient(w, q, 2.0),
    "logistic_bias": lambda w, q: logistic_bias(w, q, 2.0),
    "logistic_relative_bias": lambda w, q: logistic_relative_bias(w, q, q, 2.0),
    "small_T_slope": lambda w, q: logistic_limits(w, q).small_T_slope,
    "high_T_constant": lambda w, q: logistic_limits(w, q).high_T_constant,
    "bias_to_true_derivative": lambda w, q: bias_to_true_derivative(lambda u: 2 * u, w, scale=1.0),
    "bias_to_smoothed_loss": lambda w, q: bias_to_smoothed_loss(np.sum, np.ones_like, w, scale=1.0, noise=1.0),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(("dtype", "computed"), [("f2", "f4"), ("f4", "f4"), (">f4", "f4"), ("f8", "f8"), ("i4", "f8")])
def test_dtypes_shapes_and_inputs(name, dtype, computed):
    w, q = np.array([[3, -1, 2], [1, 1, -5]], dtype), np.array([[1, -2, 1], [2, -3, -1]], dtype)
    before = w.copy(), q.copy()
    for array in (w, q):
        array.flags.writeable = False
    result = CALLS[name](w, q)
    assert result.dtype == np.dtype(computed)
    assert result.shape == w.shape
    assert not np.shares_memory(result, w)
    assert not np.shares_memory(result, q)
    assert_array_equal(w, before[0])
    assert_array_equal(q, before[1])
    assert_allclose(result, CALLS[name](w.astype("f8"), q.astype("f8")), rtol=1e-5)
    assert CALLS[name](np.zeros((0, 2), dtype), np.zeros((0, 2), dtype)).shape == (0, 2)
    assert np.shape(CALLS[name](w[0, 0], q[0, 0])) == ()


def test_a_batch_of_logistic_students_is_its_rows():
    u, v = np.random.default_rng(0).normal(size=(2, 5, 3))
    batch = logistic_gradient(u, v, 0.7)
    for i, j in np.ndindex(5, 3):
        assert_allclose(batch[i, j], logistic_gradient(u[i, j], v[i, j], 0.7), rtol=1e-14)


def test_shapes_are_not_broadcast():
    for call in (CALLS[name] for name in CALLS if name not in {"clamp_latent", "bias_to_true_derivative"}):
        if call is not CALLS["bias_to_smoothed_loss"]:
            with pytest.raises(ValueError, match="must have the same shape"):
                call(np.ones(3), np.full((3, 1), 2.0))


def test_enumeration_has_an_end():
    with pytest.raises(ValueError, match="weights must be at most 12"):
        bias_to_smoothed_loss(np.sum, np.ones_like, np.ones(13), scale=1.0, noise=1.0)
