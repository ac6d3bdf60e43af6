"""The noise of the distillation gradient: enumeration of every batch, oracles, the laws in T, what they do not say."""

import decimal
import itertools
import math
import tracemalloc
from decimal import Decimal

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.gradient_noise import (
    batch_covariance,
    batch_variance,
    head_gradients,
    high_temperature_gradients,
    logit_gradients,
    low_temperature_gradients,
    parameter_gradients,
    sampled_label_covariance,
    sampled_label_variance,
    scaled_learning_rate,
    scaled_temperature,
    signal_to_noise,
    variance_exponent,
)

inf = math.inf
EXACT = decimal.Context(400, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX, traps=[])


def random_pair(seed, shape, scale=3.0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(scale=scale, size=shape).astype(dtype) for _ in range(2))


def exact_softmax(row, T):
    weights = [((Decimal(float(logit)) - Decimal(float(max(row)))) / T).exp() for logit in row]
    return [weight / sum(weights) for weight in weights]


def exact_gradients(z, v, T):
    """(q - p)/T in decimal arithmetic of 400 digits, on the very numbers that the floats hold."""
    with decimal.localcontext(EXACT):
        T = Decimal(T)
        rows = [(exact_softmax(z_n, T), exact_softmax(v_n, T)) for z_n, v_n in zip(z, v, strict=True)]
        return [[(a - b) / T for a, b in zip(q, p, strict=True)] for q, p in rows]


def exact_variance(z, v, T):
    with decimal.localcontext(EXACT):
        columns = list(zip(*exact_gradients(z, v, T), strict=True))
        N = len(columns[0])
        return sum(sum((g - sum(column) / N) ** 2 for g in column) for column in columns) / N


def torch_gradients(z, v, T, scale_by_T2=False):
    student, teacher = torch.tensor(z, requires_grad=True), torch.tensor(v)
    log_q, p = torch.log_softmax(student / T, -1), torch.softmax(teacher / T, -1)
    loss = torch.nn.functional.kl_div(log_q, p, reduction="sum") * (T**2 if scale_by_T2 else 1)
    return torch.autograd.grad(loss, student)[0].numpy()


# --- the gradient of each sample ------------------------------------------------------------------------------------


@pytest.mark.parametrize("scale_by_T2", [False, True])
@pytest.mark.parametrize("T", [0.3, 1.0, 5.0, 40.0])
def test_torch_gives_the_same_gradient(T, scale_by_T2):
    z, v = random_pair(0, (20, 7))
    expected = torch_gradients(z, v, T, scale_by_T2)
    assert_allclose(logit_gradients(z, v, T, scale_by_T2=scale_by_T2), expected, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("T", [0.01, 0.1, 1.0, 10.0, 1e3, 1e6, 1e12, 1e100])
@pytest.mark.parametrize("distance", [1e-8, 1.0, 30.0])
def test_the_gradient_has_its_digits_at_every_temperature(distance, T):
    """Subtracting q and p loses all of them at T = 1e16, and at T = 1e3 five."""
    _, v = random_pair(1, (6, 5))
    z = v + distance * random_pair(2, (6, 5), 1.0)[0]
    expected = np.array(exact_gradients(z, v, T), dtype=np.float64)
    scale = np.abs(expected).max(axis=-1, keepdims=True)
    # relative to the row's largest; exp loses what its exponent is long, v/T, and d what z and v are long
    eps = np.finfo(float).eps
    rounding = eps * (20 + 40 / T + 20 * np.abs(v).max() / distance)
    assert (np.abs(logit_gradients(z, v, T) - expected) <= rounding * scale).all()


def test_the_gradient_keeps_float32_digits_that_a_difference_loses():
    z, v = random_pair(3, (50, 10), dtype=np.float32)
    expected = np.array(exact_gradients(z, v, 1e4), dtype=np.float64)
    scale = np.abs(expected).max()
    assert_allclose(logit_gradients(z, v, 1e4), expected, rtol=0, atol=4e-7 * scale)
    difference = (torch.softmax(torch.tensor(z) / 1e4, -1) - torch.softmax(torch.tensor(v) / 1e4, -1)).numpy() / 1e4
    assert np.abs(difference - expected).max() > 1e-5 * scale


def test_where_both_are_certain_of_the_same_class_its_gradient_does_not_round_to_0():
    z, v = [50.0, 0.0, -1.0], [60.0, 0.0, -1.0]
    others = math.exp(-50) - math.exp(-60), math.exp(-51) - math.exp(-61)
    assert_allclose(logit_gradients(z, v), [-sum(others), *others], rtol=1e-13)
    far = [2000.0, 0.0, -1.0]  # e^-2000 is no float
    assert_allclose(logit_gradients(z, far), [-math.exp(-50) - math.exp(-51), math.exp(-50), math.exp(-51)], rtol=1e-13)
    assert_array_equal(logit_gradients([0.0, 2000.0], [0.0, -2000.0]), [-1.0, 1.0])


def test_a_student_that_is_certain_of_another_class_or_of_one_where_the_teacher_knows_none():
    C = 50_000
    z, v, onehot = np.zeros((3, C)), np.zeros((3, C)), np.eye(1, C, 7)[0]
    z[[0, 1], 7], v[1, 3], z[2, 0] = 100.0, 100.0, 100.0
    expected = [onehot - 1 / C, onehot - np.eye(1, C, 3)[0], np.eye(1, C, 0)[0] - 1 / C]
    assert_allclose(logit_gradients(z, v), expected, rtol=0, atol=5e-16)


# numbers whose sums and doublings are exact, so that a law must hold to the last bit
dyadic = st.integers(-(2**15), 2**15).map(lambda n: n / 1024)
temperatures = st.floats(0.05, 1000)


@st.composite
def pairs(draw, min_rows=2, max_classes=5):
    shape = (draw(st.integers(min_rows, 6)), draw(st.integers(2, max_classes)))
    return draw(arrays(np.float64, shape, elements=dyadic)), draw(arrays(np.float64, shape, elements=dyadic))


@given(pairs(), dyadic, dyadic, temperatures)
def test_law_1_shifts_change_nothing_and_rows_sum_to_0(pair, shift_z, shift_v, T):
    z, v = pair
    g = logit_gradients(z, v, T)
    assert_allclose(logit_gradients(z + shift_z, v + shift_v, T), g, rtol=1e-12, atol=1e-15 / T)
    assert (np.abs(g.sum(axis=-1)) <= 1e-13 * np.abs(g).max(axis=-1)).all()
    assert_array_equal(logit_gradients(v + shift_z, v, T), 0)


@given(pairs(), st.integers(-100, 100), temperatures)
def test_law_2_logits_and_temperature_share_their_unit(pair, exponent, T):
    z, v = pair
    c = 2.0**exponent
    g = logit_gradients(z, v, T)
    assert_allclose(c * logit_gradients(c * z, c * v, c * T), g, rtol=1e-13, atol=1e-300)
    assert_allclose(
        logit_gradients(c * z, c * v, c * T, scale_by_T2=True), c * logit_gradients(z, v, T, scale_by_T2=True)
    )


@given(pairs(), temperatures, st.randoms(use_true_random=False))
def test_law_3_classes_may_be_reordered(pair, T, random):
    z, v = pair
    order = random.sample(range(z.shape[1]), z.shape[1])
    g = logit_gradients(z, v, T)
    assert_allclose(logit_gradients(z[:, order], v[:, order], T), g[:, order], rtol=1e-11, atol=1e-14 / T)


# --- batches --------------------------------------------------------------------------------------------------------


def enumerated(gradients, batch_size, replacement):
    """The covariance of the batch mean over all batches that can be drawn, each equally likely."""
    draw = itertools.product if replacement else itertools.permutations
    rows = range(len(gradients))
    batches = draw(rows, repeat=batch_size) if replacement else draw(rows, batch_size)
    means = np.array([gradients[list(batch)].mean(axis=0) for batch in batches])
    return np.cov(means.T, bias=True)


@pytest.mark.parametrize("replacement", [True, False])
@pytest.mark.parametrize("batch_size", [1, 2, 3, 5])
def test_every_batch_that_can_be_drawn(batch_size, replacement):
    g = random_pair(4, (5, 3))[0]
    expected = enumerated(g, batch_size, replacement)
    assert_allclose(batch_covariance(g, batch_size, replacement=replacement), expected, rtol=1e-12, atol=1e-14)
    variance = batch_variance(g, batch_size, replacement=replacement)
    assert_allclose(variance, np.trace(expected), rtol=1e-12, atol=1e-14)
    if batch_size == 5 and not replacement:
        assert variance == 0  # every batch is all samples
    else:
        expected_snr = (g.mean(axis=0) ** 2).sum() / np.trace(expected)
        assert_allclose(signal_to_noise(g, batch_size, replacement=replacement), expected_snr, rtol=1e-12)


def test_batches_drawn_at_random_agree():
    """Normal approximation of a trace estimated from 20,000 batches; false alarm once in a million seeds."""
    g, num_batches = random_pair(5, (40, 6))[0], 20_000
    rng = np.random.default_rng(6)
    indices = rng.random((num_batches, 40)).argsort(axis=1)[:, :8]
    for replacement, drawn in ((True, rng.integers(40, size=(num_batches, 8))), (False, indices)):
        squares = ((g[drawn].mean(axis=1) - g.mean(axis=0)) ** 2).sum(axis=1)
        standard_error = squares.std(ddof=1) / math.sqrt(num_batches)
        assert abs(squares.mean() - batch_variance(g, 8, replacement=replacement)) < 4.9 * standard_error


def test_numpy_and_torch_divide_by_another_number_unless_told():
    g = random_pair(7, (9, 4))[0]
    assert_allclose(batch_covariance(g), np.cov(g.T, bias=True), rtol=1e-13)
    assert_allclose(batch_covariance(g), torch.cov(torch.tensor(g.T), correction=0).numpy(), rtol=1e-13)
    for default in (np.cov(g.T), torch.cov(torch.tensor(g.T)).numpy()):
        assert_allclose(default * 8 / 9, batch_covariance(g), rtol=1e-13)
    assert_allclose(batch_variance(g), torch.tensor(g).var(0).sum() * 8 / 9, rtol=1e-13)


@given(pairs(), st.integers(1, 10_000), temperatures)
def test_law_13_the_trace_times_the_batch_size_is_constant(pair, B, T):
    g = logit_gradients(*pair, T)
    assert_allclose(batch_variance(g, B) * B, batch_variance(g), rtol=1e-14)
    assert_allclose(np.trace(batch_covariance(g, B)), batch_variance(g, B), rtol=1e-12, atol=1e-300)


@given(pairs(), st.floats(0.5, 100))
def test_the_signal_to_noise_ratio_grows_as_the_batch(pair, T):
    g = logit_gradients(*pair, T)
    assume(batch_variance(g) > 1e-20)
    assert_allclose(signal_to_noise(g, 12), 12 * signal_to_noise(g), rtol=1e-12)
    for unit in (2.0**-900, 2.0**900):  # whose square is no float
        assert signal_to_noise(unit * g) == signal_to_noise(g)


def test_gradients_have_no_unit_and_what_is_no_float_is_infinite_or_0():
    g = random_pair(27, (6, 3))[0]
    for unit, square in ((2.0**500, 2.0**1000), (2.0**-500, 2.0**-1000), (2.0**1000, inf), (2.0**-1000, 0.0)):
        assert batch_variance(unit * g, 2) == batch_variance(g, 2) * square
        assert signal_to_noise(unit * g, 2) == signal_to_noise(g, 2)
    assert batch_variance([[1.5e308], [-1.5e308]]) == batch_covariance([[1.5e308], [-1.5e308]])[0, 0] == inf


def test_samples_that_are_all_the_same_have_no_noise_at_all():
    g = np.tile([0.1, 0.2, -0.3], (7, 1))
    assert batch_variance(g, 3) == 0
    assert_array_equal(batch_covariance(g), np.zeros((3, 3)))
    assert signal_to_noise(g) == inf
    assert batch_variance(g[:1]) == batch_variance(g[:1], replacement=False) == 0  # 0/0 in (N - B)/(N - 1)
    with pytest.raises(ValueError, match="neither signal nor noise"):
        signal_to_noise(0 * g)
    with pytest.raises(ValueError, match="differ from sample to sample"):
        variance_exponent(g, 2 * g, 3.0)


def test_fifty_thousand_classes_need_no_matrix_of_classes():
    z, v = random_pair(8, (8, 50_000))
    g = logit_gradients(z, v, 4.0)
    tracemalloc.start()
    variance = batch_variance(g, 2)
    noise = sampled_label_variance(v, 4.0)
    exponent = variance_exponent(z, v, 4.0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * g.nbytes < 50_000**2 / 10
    assert_allclose(variance, g.var(axis=0).sum() / 2, rtol=1e-12)
    p = np.exp(v / 4) / np.exp(v / 4).sum(axis=1, keepdims=True)
    assert_allclose(noise, (1 - (p**2).sum(axis=1)).mean() / 16, rtol=1e-12)
    steps = (batch_variance(logit_gradients(z, v, T)) for T in (4 * math.exp(1e-5), 4 * math.exp(-1e-5)))
    assert_allclose(exponent, np.subtract(*map(math.log, steps)) / 2e-5, rtol=1e-8)


# --- parameters -----------------------------------------------------------------------------------------------------


def test_the_gradient_of_a_network_is_the_logit_gradient_through_its_jacobian():
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Linear(4, 3), torch.nn.Tanh(), torch.nn.Linear(3, 5)).double()
    x, v, T = torch.randn(6, 4).double(), torch.randn(6, 5).double(), 3.0
    parameters = dict(network.named_parameters())

    def logits(parameters, x):
        return torch.func.functional_call(network, parameters, x)

    def loss(parameters, x, v):
        log_q = torch.log_softmax(logits(parameters, x) / T, -1)
        return torch.nn.functional.kl_div(log_q, torch.softmax(v / T, -1), reduction="sum")

    def flat(tree, lead):
        return torch.cat([part.reshape(*lead, -1) for part in tree.values()], -1).detach().numpy()

    jacobian = flat(torch.func.vmap(torch.func.jacrev(logits), (None, 0))(parameters, x), (6, 5))
    expected = flat(torch.func.vmap(torch.func.grad(loss), (None, 0, 0))(parameters, x, v), (6,))
    g = logit_gradients(logits(parameters, x).detach().numpy(), v.numpy(), T)
    assert_allclose(parameter_gradients(g, jacobian), expected, rtol=1e-11, atol=1e-15)
    # the last layer alone, a linear head on tanh features and a feature that is always 1
    features = np.hstack([network[:2](x).detach().numpy(), np.ones((6, 1))])
    head = head_gradients(g, features).reshape(6, 5, 4)
    assert_allclose(head[:, :, :3].reshape(6, -1), expected[:, 15:30], rtol=1e-11, atol=1e-15)
    assert_allclose(head[:, :, 3], expected[:, 30:], rtol=1e-11, atol=1e-15)


@given(arrays(np.float64, (6, 3), elements=dyadic), arrays(np.float64, (3, 4), elements=dyadic), st.integers(1, 6))
def test_one_jacobian_for_all_projects_the_covariance(g, J, B):
    for replacement in (True, False):
        covariance = J.T @ batch_covariance(g, B, replacement=replacement) @ J
        projected = batch_covariance(parameter_gradients(g, J), B, replacement=replacement)
        assert_allclose(projected, covariance, rtol=1e-9, atol=1e-10)
    assert_array_equal(parameter_gradients(g, J), parameter_gradients(g, np.tile(J, (6, 1, 1))))


def test_a_head_has_the_jacobian_of_kronecker():
    g, f = random_pair(9, (5, 3))[0], random_pair(10, (5, 2))[0]
    jacobian = np.array([np.kron(np.eye(3), row) for row in f])  # dz_i / dV_ij = f_j
    assert_allclose(head_gradients(g, f), parameter_gradients(g, jacobian), rtol=1e-15)


# --- the laws in T --------------------------------------------------------------------------------------------------


def relative_errors(z, v, temperatures, order=0):
    exact = np.array([batch_variance(logit_gradients(z, v, T)) for T in temperatures])
    law = [batch_variance(high_temperature_gradients(z, v, T, order=order)) for T in temperatures]
    return law / exact - 1


def test_the_law_at_high_temperature_is_the_trace_over_B_C2_T4():
    z, v = random_pair(11, (30, 6))
    d = (z - z.mean(axis=1, keepdims=True)) - (v - v.mean(axis=1, keepdims=True))
    trace = np.trace(np.cov(d.T, bias=True))
    for T in (0.5, 8.0, 1e100):
        g, g_T2 = (high_temperature_gradients(z, v, T, scale_by_T2=flag) for flag in (False, True))
        assert_allclose(batch_variance(g_T2, 4), trace / (4 * 36), rtol=1e-12)
        assert_allclose(batch_variance(g, 4) * min(T, 1e60) ** 4, trace / (4 * 36) if T < 1e60 else 0, rtol=1e-12)


def test_the_law_at_a_temperature_where_the_logits_over_it_are_no_floats():
    z, v = [[2e10, 1e10, 0.0], [3e10, 1e10, 2e10]], [[0.0, 1e10, 2e10], [3e10, 1e10, 2e10]]
    assert_array_equal(high_temperature_gradients(z, v, 1e-300), [[inf, 0, -inf], [0, 0, 0]])


def test_the_second_term_is_as_written():
    z, v = random_pair(12, (8, 5))
    z_centred, v_centred = z - z.mean(axis=1, keepdims=True), v - v.mean(axis=1, keepdims=True)
    m2_z, m2_v = (z_centred**2).mean(axis=1, keepdims=True), (v_centred**2).mean(axis=1, keepdims=True)
    second = ((z_centred**2 - m2_z) - (v_centred**2 - m2_v)) / (2 * 7)
    expected = (z_centred - v_centred + second) / (5 * 7**2)
    assert_allclose(high_temperature_gradients(z, v, 7, order=1), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize(("C", "order", "power"), [(10, 0, 1), (10, 1, 2), (2, 0, 2), (2, 1, 2)])
def test_the_error_of_the_law_falls_as_1_over_T_and_as_its_square_for_two_classes(C, order, power):
    z, v = random_pair(13, (200, C))
    error, halved = np.abs(relative_errors(z, v, (2000.0, 4000.0), order))
    assert_allclose(error / halved, 2**power, rtol=0.02)


def test_logits_of_standard_deviation_3_are_too_large_for_the_law_at_usual_temperatures():
    """The exact variance is below the law for two classes, and above it for ten, for all T of a grid."""
    factors = {}
    for C in (2, 10):
        noise, v = random_pair(14, (20_000, C))
        factors[C] = 1 / (1 + relative_errors(v + noise / 3, v, (2.0, 4.0, 8.0, 16.0)))
    assert (factors[2] < [0.5, 0.75, 0.95, 0.99]).all()
    assert (factors[10] > [1.25, 1.15, 1.05, 1.01]).all()


def test_at_low_temperature_the_gradient_is_a_difference_of_corners():
    z, v = [[3.0, 1.0, 0.0], [0.0, 2.0, 2.0]], [[0.0, 5.0, 1.0], [1.0, 0.0, -inf]]
    corners = np.array([[1, -1, 0], [-1, 0.5, 0.5]])
    assert_array_equal(low_temperature_gradients(z, v, 0.25), 4 * corners)
    assert_array_equal(low_temperature_gradients(z, v, 0.25, scale_by_T2=True), corners / 4)
    assert_allclose(logit_gradients(z, v, 0.01), 100 * corners, atol=1e-12)
    assert_allclose(variance_exponent(z, v, 0.01), -2, atol=1e-12)


def test_low_temperature_law_of_the_variance():
    z, v = random_pair(15, (100, 5))
    for T, rtol in ((0.1, 0.1), (0.001, 2e-3)):
        law = batch_variance(low_temperature_gradients(z, v, T), 8)
        assert_allclose(law, batch_variance(low_temperature_gradients(z, v, 1.0)) / (8 * T**2), rtol=1e-12)
        assert_allclose(batch_variance(logit_gradients(z, v, T), 8), law, rtol=rtol)


def test_the_low_temperature_law_is_empty_where_student_and_teacher_agree():
    v = np.array([[3.0, 0.0], [0.0, 2.0], [4.0, 0.0]])
    z = v / 2
    assert batch_variance(low_temperature_gradients(z, v, 0.1)) == 0
    assert batch_variance(logit_gradients(z, v, 0.1)) > 0
    assert variance_exponent(z, v, 0.1) > 10  # it falls as exp(-gap/T), faster than any power, as T does


@pytest.mark.parametrize("scale_by_T2", [False, True])
@pytest.mark.parametrize("T", [0.3, 1.0, 2.5, 8.0, 50.0])
def test_the_exponent_is_the_derivative_that_torch_finds(T, scale_by_T2):
    z, v = random_pair(16, (40, 6))
    log_T = torch.tensor(math.log(T), dtype=torch.float64, requires_grad=True)
    temperature = log_T.exp()
    q, p = torch.softmax(torch.tensor(z) / temperature, -1), torch.softmax(torch.tensor(v) / temperature, -1)
    g = (q - p) * temperature if scale_by_T2 else (q - p) / temperature
    expected = torch.autograd.grad(g.var(0, correction=0).sum().log(), log_T)[0].item()
    assert_allclose(variance_exponent(z, v, T, scale_by_T2=scale_by_T2), expected, rtol=1e-10, atol=1e-11)


@pytest.mark.parametrize("T", [0.02, 3.0, 1e4, 1e8, 1e30])
def test_the_exponent_has_its_digits_at_every_temperature(T):
    z, v = random_pair(17, (5, 4))
    with decimal.localcontext(EXACT):
        step = Decimal("1e-9")
        high, low = (exact_variance(z, v, Decimal(T) * (1 + sign * step)).ln() for sign in (1, -1))
        expected = float((high - low) / (2 * step))
    assert_allclose(variance_exponent(z, v, T), expected, rtol=1e-11)


@given(pairs(), st.floats(0.5, 100), st.integers(-900, 900))
def test_law_2_holds_for_the_exponent(pair, T, power):
    z, v = pair
    assume(batch_variance(logit_gradients(z, v, T)) > 1e-20)
    c = 2.0**power
    assert_allclose(variance_exponent(c * z, c * v, c * T), variance_exponent(z, v, T), rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("T", [1e20, 1e160, 1e300])
def test_the_exponent_reaches_its_limit_where_the_square_of_T_is_no_float(T):
    assert_allclose(variance_exponent(*random_pair(26, (5, 4)), T), -4, rtol=1e-12)


# --- what the usual sentences get wrong -----------------------------------------------------------------------------


def test_the_exponent_runs_from_minus_2_to_minus_4_and_is_not_monotone():
    z, v = random_pair(18, (2000, 10))
    exponents = np.array([variance_exponent(z, v, T) for T in np.geomspace(1e-4, 1e5, 150)])
    assert_allclose(exponents[[0, -1]], [-2, -4], atol=2e-3)
    assert exponents.min() < -4.05  # steeper than its limit on the way
    steps = np.diff(exponents)
    assert (steps < -1e-3).any()
    assert (steps > 1e-3).any()


def test_with_the_factor_T2_the_variance_does_not_depend_on_T_at_high_T():
    z, v = random_pair(19, (50, 8))
    variances = [batch_variance(logit_gradients(z, v, T, scale_by_T2=True)) for T in (1e4, 1e6, 1e9)]
    d = (z - v) - (z - v).mean(axis=1, keepdims=True)
    assert_allclose(variances, np.full(3, d.var(axis=0).sum() / 64), rtol=2e-3)
    assert_allclose(variance_exponent(z, v, 1e6, scale_by_T2=True), 0, atol=1e-5)
    # so a batch 16 times smaller is 16 times noisier, at twice the temperature as well
    g = logit_gradients(z, v, 2e6, scale_by_T2=True)
    assert_allclose(
        batch_variance(g, 4) / batch_variance(logit_gradients(z, v, 1e6, scale_by_T2=True), 64), 16, rtol=1e-4
    )


def test_the_temperature_rule_is_refused_where_it_is_void():
    with pytest.raises(ValueError, match="the variance of the gradient does not depend on T"):
        scaled_temperature(4.0, 256, 16, scale_by_T2=True)


def test_raising_T_does_not_buy_signal_over_noise():
    z, v = random_pair(20, (50, 8))
    ratios = [signal_to_noise(logit_gradients(z, v, T), 4) for T in (1e4, 1e5, 1e6, 1e9)]
    assert_allclose(ratios, np.full(4, ratios[-1]), rtol=2e-3)
    # the rule restores the variance of a batch of 64 for one of 4, and leaves 1/16 of the ratio
    T0, T = 1e6, scaled_temperature(1e6, 64, 4)
    before, after = logit_gradients(z, v, T0), logit_gradients(z, v, T)
    assert_allclose(batch_variance(after, 4), batch_variance(before, 64), rtol=1e-4)
    assert_allclose(signal_to_noise(after, 4), signal_to_noise(before, 64) / 16, rtol=1e-4)


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_the_temperature_rule_is_the_square_root_rule_of_the_learning_rate(B0, B):
    T0 = 1e9
    T, learning_rate = scaled_temperature(T0, B0, B), scaled_learning_rate(0.1, B0, B)
    assert_allclose(learning_rate / 0.1, (T0 / T) ** 2, rtol=1e-14)
    assert_allclose(learning_rate, 0.1 * math.sqrt(B / B0), rtol=1e-14)
    z, v = random_pair(21, (5, 4))
    steps = 0.1 * logit_gradients(z, v, T), learning_rate * logit_gradients(z, v, T0)
    assert_allclose(*steps, rtol=0, atol=1e-6 * np.abs(steps[0]).max())


# --- the rule -------------------------------------------------------------------------------------------------------


def test_the_temperature_rule():
    assert [scaled_temperature(4, 256, B) for B in (16, 256, 4096)] == [8.0, 4.0, 2.0]
    assert type(scaled_temperature(4, 256, 16)) is float
    assert scaled_learning_rate(0.2, 64, 16) == 0.1


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.float16])
def test_the_rule_warns_where_a_temperature_is_not_far_above_the_logits(dtype):
    logits = np.array([[100, 102, -inf], [101, 101, 101]]).astype(dtype)  # centred, the largest is 1
    assert scaled_temperature(10, 16, 1, logits=logits) == 20
    for T0, B0, B in ((9.9, 16, 1), (10, 16, 17)):  # T_0 too low, T too low
        with pytest.warns(UserWarning, match="far above every centred logit, here at least 10"):
            scaled_temperature(T0, B0, B, logits=logits)
    assert scaled_temperature(10, 16, 1, logits=logits.T[[0, 1]], axis=0) > 0
    assert scaled_temperature(1, 16, 1, logits=np.zeros((0, 3))) == 2


def test_the_rule_warns_below_1_even_if_it_knows_no_logits():
    with pytest.warns(UserWarning, match="from 4 to 0.5"):
        assert scaled_temperature(4, 1, 4096) == 0.5


# --- labels that are drawn ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("replacement", [True, False])
@pytest.mark.parametrize("scale_by_T2", [False, True])
def test_every_batch_with_every_label_that_can_be_drawn(scale_by_T2, replacement):
    """Two of three samples, each with a label drawn from its p: all outcomes with their probabilities."""
    z, v = random_pair(22, (3, 3), 2.0)
    T, factor = 2.0, 2.0 if scale_by_T2 else 0.5
    p, q = (np.exp(logits / T) / np.exp(logits / T).sum(axis=1, keepdims=True) for logits in (v, z))
    draw = list(itertools.product(range(3), repeat=2) if replacement else itertools.permutations(range(3), 2))
    means, weights = [], []
    for (a, b), y_a, y_b in itertools.product(draw, range(3), range(3)):
        means.append(factor * (q[a] - np.eye(3)[y_a] + q[b] - np.eye(3)[y_b]) / 2)
        weights.append(p[a, y_a] * p[b, y_b] / len(draw))
    expected = np.cov(np.array(means).T, aweights=weights, bias=True)
    g = logit_gradients(z, v, T, scale_by_T2=scale_by_T2)
    added = sampled_label_covariance(v, T, 2, scale_by_T2=scale_by_T2)
    assert_allclose(batch_covariance(g, 2, replacement=replacement) + added, expected, rtol=1e-12, atol=1e-15)


@given(pairs(), temperatures, st.integers(1, 100))
def test_the_trace_of_drawn_labels(pair, T, B):
    covariance = sampled_label_covariance(pair[1], T, B)
    assert_allclose(np.trace(covariance), sampled_label_variance(pair[1], T, B), rtol=1e-13)
    assert (np.abs(covariance.sum(axis=1)) <= 1e-14 * B / T**2).all()
    assert np.linalg.eigvalsh(covariance).min() >= -1e-14 / T**2


def test_drawn_labels_of_a_certain_teacher_keep_their_last_digit_of_noise():
    e = math.exp(-60)
    assert_allclose(sampled_label_variance([[60.0, 0.0, 0.0]]), 4 * e, rtol=1e-13)  # 2e for the top, e for each other
    assert_allclose(np.diag(sampled_label_covariance([60.0, 0.0, 0.0])), [2 * e, e, e], rtol=1e-13)
    assert sampled_label_variance([[5.0, -inf]]) == 0


@pytest.mark.parametrize("T", [1e-200, 5e-324, 1e200])
def test_drawn_labels_at_temperatures_whose_square_is_no_float(T):
    uniform = np.zeros((1, 2))
    expected = inf if T < 1 else 0
    assert sampled_label_variance(uniform, T) == expected
    assert sampled_label_variance([[1.0, -inf]], T) == 0  # and not 0 times infinity
    assert sampled_label_variance(uniform, T, scale_by_T2=True) == (inf if T > 1 else 0)


# --- shapes, dtypes and memory --------------------------------------------------------------------------------------

OF_LOGITS = [logit_gradients, high_temperature_gradients, low_temperature_gradients, variance_exponent]


@pytest.mark.parametrize("function", OF_LOGITS)
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_any_axis_may_hold_the_classes(function, axis):
    z, v = random_pair(23, (3, 4, 5))
    result = function(z, v, 2.0, axis=axis)
    expected = function(np.moveaxis(z, axis, -1), np.moveaxis(v, axis, -1), 2.0)
    if function is not variance_exponent:
        expected = np.moveaxis(expected, -1, axis)
    assert_allclose(result, expected, rtol=1e-12, atol=1e-15)
    for sampled in (sampled_label_covariance, sampled_label_variance):
        assert_allclose(sampled(v, 2.0, axis=axis), sampled(np.moveaxis(v, axis, -1), 2.0), rtol=1e-12)


@pytest.mark.parametrize("function", OF_LOGITS)
@pytest.mark.parametrize(
    ("dtype", "computed", "rtol"),
    [
        ("f2", "f4", 2e-6),
        (">f2", "f4", 2e-6),
        ("f4", "f4", 2e-6),
        (">f8", "f8", 1e-15),
        ("i4", "f8", 0),
        ("?", "f8", 0),
    ],
)
def test_dtypes(function, dtype, computed, rtol):
    z, v = np.array([[1, 0, 1], [0, 0, 1]], dtype), np.array([[0, 0, 1], [1, 1, 0]], dtype)
    result, expected = function(z, v, 2.0), function(z.astype(float), v.astype(float), 2.0)
    assert_allclose(result, expected, rtol=rtol, atol=rtol)
    assert result.dtype == (np.float64 if function is variance_exponent else computed)
    assert batch_variance(np.float32([[1e-30], [3e-30]])) == pytest.approx(1e-60, rel=1e-6)  # no float32


@pytest.mark.parametrize("T", [1e-300, 1e-40, 1e40, 1e300])
def test_a_temperature_that_float32_cannot_hold_is_no_limit(T):
    z, v = random_pair(24, (4, 3), dtype=np.float32)
    for flag in (False, True):
        result = logit_gradients(z, v, T, scale_by_T2=flag)
        assert_allclose(result, logit_gradients(z.astype(float), v.astype(float), T, scale_by_T2=flag))
        assert result.any() != (T == 1e300 and not flag)  # 1e-600 is no float64 either


def test_masked_classes_have_no_gradient():
    z, v = [[2.0, -inf, 0.0], [1.0, 0.0, -inf]], [[1.0, -inf, 3.0], [1.0, 2.0, 0.0]]
    for T in (0.5, 3.0, 1e8):
        g = logit_gradients(z, v, T)
        assert_allclose(g[0, [0, 2]], logit_gradients([2.0, 0.0], [1.0, 3.0], T), rtol=1e-12)
        assert g[0, 1] == 0
        p = np.exp(np.array(v[1]) / T)
        assert_allclose(g[1, 2], -p[2] / p.sum() / T, rtol=1e-12)


def test_no_rows_give_no_rows():
    empty = np.zeros((0, 3))
    for function in OF_LOGITS[:3]:
        assert function(empty, empty, 2.0).shape == (0, 3)
    assert parameter_gradients(empty, np.ones((3, 2))).shape == (0, 2)
    assert parameter_gradients(empty, np.ones((0, 3, 2))).shape == (0, 2)
    assert head_gradients(empty, np.ones((0, 2))).shape == (0, 6)


def test_inputs_are_neither_changed_nor_shared():
    z, v = random_pair(25, (4, 3))
    J, f = np.ones((4, 3, 2)), np.ones((4, 2))
    for array in (z, v, J, f):
        array.flags.writeable = False
    results = [function(z, v, 2.0) for function in OF_LOGITS] + [variance_exponent(z, v, 0.5)]
    results += [batch_covariance(z), batch_variance(z), signal_to_noise(z), sampled_label_covariance(z)]
    results += [parameter_gradients(z, J), head_gradients(z, f), sampled_label_variance(z)]
    assert not any(np.shares_memory(result, given) for result in results for given in (z, v, J, f))
