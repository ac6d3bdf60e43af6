"""The distillation loss: closed forms, oracles, gradients, limits and laws."""

import decimal
import math
from decimal import Decimal

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.special
import scipy.stats
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal
from torch.nn import functional

from kdlab import distillation_loss as module
from kdlab.distillation_loss import (
    cross_entropy,
    cross_entropy_dz,
    distillation_loss,
    distillation_loss_dz,
    high_temperature_correction,
    high_temperature_limit,
    high_temperature_limit_dz,
    jensen_shannon_divergence,
    kl_divergence,
    kl_divergence_dz,
    reverse_kl_divergence,
    soft_cross_entropy,
)

inf = math.inf
Z, V = np.array([2, 1.5, -1, -1]), np.array([3, 1, -2, 0.5])  # student and teacher of the reference's numbers
DIVERGENCES = (kl_divergence, reverse_kl_divergence, jensen_shannon_divergence, soft_cross_entropy)
LIMITS = (high_temperature_limit, high_temperature_correction)
PAIR_LOSSES = (*DIVERGENCES, *LIMITS)
PAIR_GRADIENTS = (kl_divergence_dz, high_temperature_limit_dz)


def random_pair(seed, shape, scale=3.0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return tuple(rng.normal(scale=scale, size=shape).astype(dtype) for _ in range(2))


# --- oracles --------------------------------------------------------------------------------------------------------


def exact_kl(z, v, T):
    """KL(p || q) in decimal arithmetic of 300 digits on the very numbers that the floats hold."""
    with decimal.localcontext(decimal.Context(300, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX)):
        T, z, v = Decimal(float(T)), [Decimal(float(x)) for x in z], [Decimal(float(x)) for x in v]
        log_sums = [sum((x / T).exp() for x in logits).ln() for logits in (z, v)]
        log_q, log_p = ([x / T - s for x in logits] for logits, s in zip((z, v), log_sums, strict=True))
        return float(sum(lp.exp() * (lp - lq) for lp, lq in zip(log_p, log_q, strict=True)))


@pytest.mark.parametrize("T", [0.1, 1.0, 4.0, 100.0, 1e4, 1e6])
@pytest.mark.parametrize("scale", [0.1, 3.0, 30.0])
def test_three_hundred_digits(scale, T):
    for seed, C in enumerate((2, 3, 10, 50)):
        z, v = random_pair(seed, C, scale)
        rounding = 1e-13 + 1e-15 * T / scale  # as the docstring says
        assert_allclose(kl_divergence(z, v, T), exact_kl(z, v, T), rtol=10 * rounding)
        assert_allclose(reverse_kl_divergence(z, v, T), exact_kl(v, z, T), rtol=10 * rounding)


def exact_gradient(z, v, T):
    """(q - p) / T in decimal arithmetic, as above."""
    with decimal.localcontext(decimal.Context(300, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX)):
        T, z, v = Decimal(float(T)), [Decimal(float(x)) for x in z], [Decimal(float(x)) for x in v]
        q, p = ([(x / T).exp() for x in logits] for logits in (z, v))
        return [float((a / sum(q) - b / sum(p)) / T) for a, b in zip(q, p, strict=True)]


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("T", [0.1, 1.0, 4.0, 1e4, 1e8, 1e12])
@pytest.mark.parametrize("far", [1e-7, 1e-3, 1.0, 10.0])
def test_three_hundred_digits_of_the_gradient(far, T, dtype):
    for seed, C in enumerate((2, 3, 10, 50)):
        v, step = random_pair(seed, C, 3.0)
        z, v = (v + far * step).astype(dtype), v.astype(dtype)
        exact = exact_gradient(z, v, T)
        rounding = 20 * np.finfo(dtype).eps
        assert_allclose(kl_divergence_dz(z, v, T), exact, rtol=0, atol=rounding * np.max(np.abs(exact)))


def test_where_two_softmaxes_round_to_the_same_number_their_difference_is_kept():
    z, v = np.array([20, 0], np.float32), np.array([19, 0], np.float32)
    assert_allclose(kl_divergence_dz(z, v), exact_gradient(z, v, 1), rtol=1e-6)  # 3.5e-9 and -3.5e-9
    assert_allclose(kl_divergence_dz(Z, V, 1e12, scale_by_T2=True), high_temperature_limit_dz(Z, V), rtol=1e-11)
    assert_allclose(kl_divergence(Z, V, 1e10, scale_by_T2=True), high_temperature_limit(Z, V), rtol=1e-9)


@pytest.mark.parametrize(("dtype", "eps"), [(np.float64, 2.0**-52), (np.float32, 2.0**-23)])
@pytest.mark.parametrize("far", [1e-2, 1.0, 10.0])
def test_the_rounding_of_the_divergence_at_high_temperature_is_as_the_docstring_says(far, dtype, eps):
    for seed, C in enumerate((2, 3, 10, 50)):
        v, step = random_pair(seed, C, 3.0)
        z, v = (v + far * step).astype(dtype), v.astype(dtype)
        for T in (1e2, 1e3, 1e4, 1e5, 1e6, 1e8, 1e10, 1e12):
            if T < 0.01 * far / eps:
                rounding = 20 * eps**0.75 + 20 * eps / far + 20 * (eps * T / far) ** 2
                assert_allclose(kl_divergence(z, v, T), exact_kl(z, v, T), rtol=rounding)


def test_the_loss_of_a_sure_student_keeps_its_digits():
    assert_allclose(cross_entropy([30.0, 0.0], 0), 9.357622968839737e-14, rtol=1e-14)
    assert_allclose(cross_entropy([-5.0, 35.0, -inf], 1), math.log1p(math.exp(-40)), rtol=1e-14)


def test_a_common_shift_that_takes_the_digits_is_warned_of():
    with pytest.warns(UserWarning, match="student_logits must not be so large") as caught:
        kl_divergence(Z + 1e16, V)
    assert len(caught) == 1


def test_near_the_teacher_the_usual_sum_loses_what_this_one_keeps():
    z, v = V + 1e-6 * Z, V
    log_p, log_q = scipy.special.log_softmax(v), scipy.special.log_softmax(z)
    exact = exact_kl(z, v, 1.0)
    assert abs((np.exp(log_p) * (log_p - log_q)).sum() / exact - 1) > 1e-6
    assert_allclose(kl_divergence(z, v), exact, rtol=1e-8)


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 3e-5)])
@pytest.mark.parametrize("T", [0.5, 1.0, 7.0])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_scipy(axis, T, dtype, rtol):
    z, v = random_pair(1, (4, 6, 5), dtype=dtype)
    p, q = (scipy.special.softmax(x / dtype(T), axis=axis) for x in (v, z))
    how = {"axis": axis, "reduction": "none"}
    values = {
        kl_divergence: scipy.special.rel_entr(p, q),
        reverse_kl_divergence: scipy.special.rel_entr(q, p),
        soft_cross_entropy: scipy.special.entr(p) + scipy.special.rel_entr(p, q),
    }
    for function, terms in values.items():
        result = function(z, v, T, **how)
        assert result.dtype == dtype
        assert_allclose(result, terms.sum(axis=axis), rtol=10 * rtol, atol=rtol)
    root = scipy.spatial.distance.jensenshannon(p, q, axis=axis)  # SciPy returns the root
    assert_allclose(jensen_shannon_divergence(z, v, T, **how), root**2, rtol=10 * rtol, atol=rtol)


def value_and_gradient(loss, z):
    tensor = torch.from_numpy(np.array(z, np.float64)).requires_grad_()
    value = loss(tensor)
    value.backward()
    return value.item(), tensor.grad.numpy()


def torch_kl(z, v, T):
    return functional.kl_div(
        torch.log_softmax(z / T, -1), torch.log_softmax(v / T, -1), reduction="batchmean", log_target=True
    )


@pytest.mark.parametrize("scale_by_T2", [True, False])
@pytest.mark.parametrize("T", [0.5, 1.0, 4.0, 50.0])
def test_torch_and_its_gradients(T, scale_by_T2):
    z, v = random_pair(2, (7, 5))
    y = np.random.default_rng(2).integers(0, 5, size=7)
    teacher, labels = torch.from_numpy(v), torch.from_numpy(y)
    factor = T**2 if scale_by_T2 else 1.0
    expected = value_and_gradient(lambda z: factor * torch_kl(z, teacher, T), z)
    assert_allclose(kl_divergence(z, v, T, scale_by_T2=scale_by_T2), expected[0], rtol=1e-11)
    assert_allclose(kl_divergence_dz(z, v, T, scale_by_T2=scale_by_T2), expected[1], rtol=1e-10, atol=1e-15)

    for alpha in (0.0, 0.3, 1.0):
        how = {"alpha": alpha, "scale_by_T2": scale_by_T2}

        def loss(z, alpha=alpha):
            return (1 - alpha) * functional.cross_entropy(z, labels) + alpha * factor * torch_kl(z, teacher, T)

        expected = value_and_gradient(loss, z)
        assert_allclose(distillation_loss(z, v, y, T, **how), expected[0], rtol=1e-11)
        assert_allclose(distillation_loss_dz(z, v, y, T, **how), expected[1], rtol=1e-10, atol=1e-15)

    expected = value_and_gradient(lambda z: functional.cross_entropy(z, labels), z)
    assert_allclose(cross_entropy(z, y), expected[0], rtol=1e-12)
    assert_allclose(cross_entropy_dz(z, y), expected[1], rtol=1e-12, atol=1e-16)

    p = torch.softmax(teacher / T, -1)
    expected = value_and_gradient(lambda z: functional.cross_entropy(z / T, p), z)
    assert_allclose(soft_cross_entropy(z, v, T), expected[0], rtol=1e-12)
    assert_allclose(kl_divergence_dz(z, v, T), expected[1], rtol=1e-10, atol=1e-15)  # the gradient of CE is that of KL


def test_torch_and_the_gradient_of_the_limit():
    z, v = random_pair(3, (7, 5))

    def loss(z):
        d = (z - z.mean(-1, keepdim=True)) - torch.from_numpy(v - v.mean(-1, keepdims=True))
        return d.square().sum(-1).mean() / (2 * 5)

    value, gradient = value_and_gradient(loss, z)
    assert_allclose(high_temperature_limit(z, v), value, rtol=1e-13)
    assert_allclose(high_temperature_limit_dz(z, v), gradient, rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("reduction", ["none", "sum", "mean"])
def test_gradients_belong_to_the_reduced_loss(reduction):
    z, v = random_pair(4, (3, 2, 4))
    y = np.random.default_rng(4).integers(0, 4, size=(3, 2))
    losses = {
        kl_divergence: (kl_divergence_dz, (v, 3.0)),
        cross_entropy: (cross_entropy_dz, (y,)),
        distillation_loss: (distillation_loss_dz, (v, y, 3.0)),
        high_temperature_limit: (high_temperature_limit_dz, (v,)),
    }
    step = 1e-6 * np.random.default_rng(5).normal(size=z.shape)
    for loss, (loss_dz, rest) in losses.items():
        change = np.sum(loss(z + step, *rest, reduction=reduction) - loss(z - step, *rest, reduction=reduction)) / 2
        assert_allclose(change, (loss_dz(z, *rest, reduction=reduction) * step).sum(), rtol=1e-5)


def test_a_mean_over_classes_too_is_not_the_divergence():
    z, v = random_pair(5, (6, 10))
    log_q, log_p = (torch.log_softmax(torch.from_numpy(x), -1) for x in (z, v))
    with pytest.warns(UserWarning, match="batchmean"):
        torch_mean = functional.kl_div(log_q, log_p, reduction="mean", log_target=True).item()
    assert_allclose(kl_divergence(z, v), 10 * torch_mean, rtol=1e-12)


def test_torch_takes_the_arguments_the_other_way_round():
    log_q, log_p = (torch.log_softmax(torch.from_numpy(x), -1) for x in (Z, V))
    as_its_names_suggest = functional.kl_div(log_p, log_q, reduction="sum", log_target=True).item()
    assert_allclose(as_its_names_suggest, reverse_kl_divergence(Z, V), rtol=1e-12)
    assert abs(as_its_names_suggest - kl_divergence(Z, V)) > 0.01


def test_torch_gives_nan_for_a_class_that_both_mask_and_this_does_not():
    z, v = np.append(Z, -inf), np.append(V, -inf)
    assert torch_kl(torch.from_numpy(z)[None], torch.from_numpy(v)[None], 2.0).isnan()
    assert_allclose(kl_divergence(z, v, 2.0), kl_divergence(Z, V, 2.0), rtol=1e-14)


def test_probabilities_overflow_where_log_probabilities_do_not():
    z, v = [0.0, 1e4, -1e4], [1e4, 0.0, -1e4]
    p, q = scipy.special.softmax(v), scipy.special.softmax(z)
    assert scipy.special.rel_entr(p, q).sum() == inf
    assert_allclose(kl_divergence(z, v), 1e4, rtol=1e-15)


# --- closed forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [0.5, 1.0, 3.0])
def test_two_classes_are_bernoulli(T):
    z, v = 0.7, -1.2
    p, q = 1 / (1 + math.exp(-v / T)), 1 / (1 + math.exp(-z / T))
    expected = p * math.log(p / q) + (1 - p) * math.log((1 - p) / (1 - q))
    assert_allclose(kl_divergence([z + 9, 9], [v - 4, -4], T), expected, rtol=1e-12)
    assert_allclose(kl_divergence_dz([z, 0], [v, 0], T), [(q - p) / T, (p - q) / T], rtol=1e-12)


def test_a_student_without_knowledge_is_as_far_as_the_entropy_is_from_log_C():
    entropy = scipy.stats.entropy(scipy.special.softmax(V))
    assert_allclose(kl_divergence(np.zeros(4), V), math.log(4) - entropy, rtol=1e-12)
    assert_allclose(soft_cross_entropy(np.zeros(4), V), math.log(4), rtol=1e-14)


def test_at_its_minimum_the_cross_entropy_is_the_teachers_entropy_and_not_0():
    entropy = scipy.stats.entropy(scipy.special.softmax(V / 2))
    assert_allclose(soft_cross_entropy(V, V, 2.0), entropy, rtol=1e-13)
    assert_array_equal(kl_divergence(V, V, 2.0), 0.0)


def test_masked_classes():
    masks_more, same = [2.0, 1.0, -inf], [0.5, 0.0, -inf]
    full = [1.0, 2.0, 0.0]
    assert kl_divergence(masks_more, full) == inf
    assert_allclose(
        kl_divergence(full, masks_more), exact_kl(full[:2], masks_more[:2], 1) + masked_mass(full), rtol=1e-13
    )
    assert reverse_kl_divergence(full, masks_more) == inf
    assert soft_cross_entropy(masks_more, full) == inf
    assert_allclose(kl_divergence(masks_more, same), kl_divergence(masks_more[:2], same[:2]), rtol=1e-14)
    assert_allclose(kl_divergence_dz(masks_more, same)[:2], kl_divergence_dz(masks_more[:2], same[:2]), rtol=1e-13)
    assert kl_divergence_dz(masks_more, same)[2] == 0
    assert cross_entropy(masks_more, 2) == inf
    assert_allclose(jensen_shannon_divergence([0.0, -inf], [-inf, 0.0], beta=0.2), scipy.stats.entropy([0.2, 0.8]))


def masked_mass(full):
    """What the classes that only the teacher masks add: -log(1 - their mass)."""
    return -math.log1p(-scipy.special.softmax(full)[2])


@pytest.mark.parametrize("gap", [50.0, 700.0, 760.0, 1e4, 1e300])
def test_a_class_that_the_teacher_gives_next_to_nothing(gap):
    # of p = (1, e^-gap), q = (1/2, 1/2): KL = log 2 to rounding
    assert_allclose(kl_divergence([0.0, 0.0], [0.0, -gap]), math.log(2), rtol=1e-14)
    # and the student's mask there is infinitely wrong, though p rounds to 0
    assert kl_divergence([0.0, -inf], [0.0, -gap]) == inf
    assert_allclose(kl_divergence([0.0, gap], [0.0, -gap]), gap, rtol=1e-14)


def test_the_ends_of_the_temperature():
    assert kl_divergence([1.0, 3.0, 0.0], [1.0, 2.0, 0.0], 0) == 0
    assert kl_divergence([3.0, 1.0, 0.0], [1.0, 2.0, 0.0], 0) == inf
    assert_allclose(kl_divergence([2.0, 2.0, 0.0], [1.0, 2.0, 0.0], 0), math.log(2), rtol=1e-15)
    assert kl_divergence(Z, V, inf) == 0
    assert kl_divergence([0.0, -inf], [0.0, 1.0], inf) == inf
    assert_allclose(kl_divergence([0.0, 1.0], [0.0, -inf], inf), math.log(2), rtol=1e-15)


# --- high temperature -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("T", "overshoot", "digits"), [(1, 1.82, 2), (2, 0.60, 2), (4, 0.23, 2), (10, 0.075, 3), (100, 0.0066, 4)]
)
def test_how_far_the_limit_overshoots(T, overshoot, digits):
    ratio = high_temperature_limit(Z, V) / kl_divergence(Z, V, T, scale_by_T2=True) - 1
    assert round(ratio, digits) == pytest.approx(overshoot, abs=10.0**-digits * 0.51)


def test_how_far_the_next_order_is_off():
    errors = []
    for T in (4, 10):
        corrected = high_temperature_limit(Z, V) + high_temperature_correction(Z, V) / T
        errors.append(abs(corrected / kl_divergence(Z, V, T, scale_by_T2=True) - 1))
    assert errors == [pytest.approx(0.03, abs=0.005), pytest.approx(0.0058, abs=0.0002)]


@pytest.mark.parametrize("seed", range(5))
def test_the_error_falls_by_the_order(seed):
    z, v = random_pair(seed, (20, 6))
    limit, correction = (f(z, v, reduction="none") for f in LIMITS)
    temperatures = (1e3, 1e4)
    first, second = [], []
    for T in temperatures:
        exact = kl_divergence(z, v, T, scale_by_T2=True, reduction="none")
        first.append(exact - limit)
        second.append(exact - limit - correction / T)
    assert_allclose(first[1] * 1e4, correction, rtol=0.01, atol=0.02)
    assert np.linalg.norm(first[1]) / np.linalg.norm(first[0]) == pytest.approx(0.1, rel=0.02)
    assert np.linalg.norm(second[1]) / np.linalg.norm(second[0]) == pytest.approx(0.01, rel=0.02)


def test_two_classes_have_no_term_of_first_order():
    z, v = random_pair(6, (50, 2))
    assert_allclose(high_temperature_correction(z, v, reduction="none"), 0, atol=1e-14)


def test_the_gradient_has_its_limit():
    z, v = random_pair(7, (20, 6))
    limit = high_temperature_limit_dz(z, v)
    errors = [np.abs(kl_divergence_dz(z, v, T, scale_by_T2=True) - limit).max() for T in (1e3, 1e4)]
    assert errors[1] / errors[0] == pytest.approx(0.1, rel=0.02)


def test_the_raw_distance_of_the_logits_is_not_the_limit():
    C, shift = 4, 2.5
    z = Z + shift
    limit = high_temperature_limit(z, V)
    assert_allclose(kl_divergence(z, V, 1e5, scale_by_T2=True), limit, rtol=1e-4)
    raw = ((z - V) ** 2).sum() / (2 * C)
    assert raw > 2 * limit
    assert_allclose(raw - limit, C * (z.mean() - V.mean()) ** 2 / (2 * C), rtol=1e-12)


def test_without_the_factor_the_soft_gradient_falls_as_the_square_and_with_it_does_not():
    for scale_by_T2, ratio in ((False, 1e-4), (True, 1.0)):
        norms = [
            np.linalg.norm(distillation_loss_dz(Z, V, 0, T, alpha=1.0, scale_by_T2=scale_by_T2)) for T in (1e3, 1e5)
        ]
        assert norms[1] / norms[0] == pytest.approx(ratio, rel=0.01)


def test_the_limit_leaves_masked_classes_out():
    z, v = np.insert(Z, 2, -inf), np.insert(V, 2, -inf)
    for function in LIMITS:
        assert_array_equal(function(z, v), function(Z, V))
    assert_array_equal(high_temperature_limit_dz(z, v), np.insert(high_temperature_limit_dz(Z, V), 2, 0))
    assert_allclose(kl_divergence(z, v, 1e5, scale_by_T2=True), high_temperature_limit(z, v), rtol=1e-4)


# --- alpha ----------------------------------------------------------------------------------------------------------


def test_a_term_of_weight_0_is_not_evaluated():
    full = [0.0, 1.0, 2.0]
    masked = [0.0, 1.0, -inf]
    assert kl_divergence(masked, full) == inf
    assert_allclose(distillation_loss(masked, full, 0, alpha=0), cross_entropy(masked, 0), rtol=0)
    assert cross_entropy(masked, 2) == inf
    assert_array_equal(distillation_loss(masked, masked, 2, alpha=1), 0.0)
    assert distillation_loss(masked, full, 0, alpha=1e-300) == inf
    for alpha in (0, 1):
        assert np.isfinite(distillation_loss_dz(masked, full, 2, alpha=alpha)).all()


def test_a_term_of_weight_0_is_checked_all_the_same():
    with pytest.raises(ValueError, match="teacher_logits"):
        distillation_loss(Z, [np.nan, 0, 0, 0], 0, alpha=0)
    with pytest.raises(ValueError, match="labels"):
        distillation_loss(Z, V, 4, alpha=1)


def test_alpha_weighs_the_soft_term():
    assert_allclose(distillation_loss(Z, V, 1, 3.0, alpha=1), 9 * kl_divergence(Z, V, 3.0), rtol=1e-14)
    assert_allclose(distillation_loss(Z, V, 1, 3.0, alpha=0), cross_entropy(Z, 1), rtol=0)
    assert_allclose(
        distillation_loss(Z, V, 1, 3.0, alpha=0.5), (9 * kl_divergence(Z, V, 3.0) + cross_entropy(Z, 1)) / 2, rtol=1e-14
    )


# --- Jensen-Shannon -------------------------------------------------------------------------------------------------


def test_jensen_shannon_by_its_definition():
    z, v = random_pair(8, (5, 6))
    p, q = scipy.special.softmax(v, -1), scipy.special.softmax(z, -1)
    for beta in (0.1, 0.5, 0.8):
        m = beta * p + (1 - beta) * q
        entropies = (scipy.stats.entropy(x, axis=-1) for x in (m, p, q))
        H_m, H_p, H_q = entropies
        expected = H_m - beta * H_p - (1 - beta) * H_q
        assert_allclose(jensen_shannon_divergence(z, v, beta=beta, reduction="none"), expected, rtol=1e-10, atol=1e-15)


def test_the_limits_of_beta():
    assert_allclose(jensen_shannon_divergence(Z, V, beta=1e-7) / 1e-7, kl_divergence(Z, V), rtol=1e-5)
    beta = 1 - 2.0**-23
    assert_allclose(jensen_shannon_divergence(Z, V, beta=beta) / 2.0**-23, reverse_kl_divergence(Z, V), rtol=1e-5)


@given(arrays(np.float64, (2, 4), elements=st.floats(-50, 50)), st.floats(0.01, 0.99), st.floats(0.1, 10))
def test_jensen_shannon_is_bounded_and_swaps(pair, beta, T):
    z, v = pair
    value = jensen_shannon_divergence(z, v, T, beta=beta)
    assert 0 <= value <= scipy.stats.entropy([beta, 1 - beta]) + 1e-15
    assert_allclose(jensen_shannon_divergence(v, z, T, beta=1 - beta), value, rtol=1e-9, atol=1e-15)


# --- laws -----------------------------------------------------------------------------------------------------------

temperatures = st.floats(0.1, 100)
dyadic = st.integers(-(2**14), 2**14).map(lambda n: n / 1024)


@st.composite
def pairs(draw, elements=st.floats(-30, 30), max_dims=3):  # noqa: B008
    shape = draw(array_shapes(min_dims=1, max_dims=max_dims, max_side=5))
    z, v = (draw(arrays(np.float64, shape, elements=elements)) for _ in range(2))
    return z, v


@given(pairs(dyadic), dyadic, dyadic, temperatures)
def test_law_1_shifts_change_nothing(pair, c1, c2, T):
    z, v = pair
    for function in DIVERGENCES:
        assert_array_equal(function(z + c1, v + c2, T), function(z, v, T))
    assert_array_equal(kl_divergence_dz(z + c1, v + c2, T), kl_divergence_dz(z, v, T))
    for function in (*LIMITS, high_temperature_limit_dz):
        assert_allclose(function(z + c1, v + c2), function(z, v), rtol=1e-9, atol=1e-9)


@given(pairs(dyadic), dyadic, temperatures, st.integers(0, 4))
def test_law_1_zero_exactly_if_the_centred_logits_agree(pair, shift, T, index):
    z, _ = pair
    for function in (kl_divergence, reverse_kl_divergence, jensen_shannon_divergence):
        same = function(z, z + shift, T, reduction="none")
        assert np.max(np.abs(same)) <= (1e-30 if function is jensen_shannon_divergence else 0)
    if z.shape[-1] > 1:
        other = z.copy()
        other[..., 0] = z.max(axis=-1) + 0.5  # beside the largest logit: not lost in rounding
        differs = np.ptp(other - z, axis=-1) > 0
        values = kl_divergence(other, z, T, reduction="none")
        assert (values[differs] > 0).all()
        assert (values >= 0).all()


@given(pairs(), temperatures)
def test_law_1_the_rows_of_the_gradients_sum_to_0(pair, T):
    z, v = pair
    y = np.zeros(z.shape[:-1], int)
    for gradient in (
        kl_divergence_dz(z, v, T),
        kl_divergence_dz(z, v, T, scale_by_T2=True) / T**2,
        cross_entropy_dz(z, y),
        distillation_loss_dz(z, v, y, T) / (1 + T**2),
        high_temperature_limit_dz(z, v) / 100,
    ):
        assert_allclose(gradient.sum(axis=-1), 0, atol=1e-14 * max(1, 1 / T))


@given(pairs(), st.floats(0.1, 10), temperatures)
def test_law_2_logits_and_temperature_share_their_unit(pair, c, T):
    z, v = pair
    scaled = (c * z, c * v, c * T)
    assert_allclose(kl_divergence(*scaled), kl_divergence(z, v, T), rtol=1e-9, atol=1e-15)
    assert_allclose(
        kl_divergence(*scaled, scale_by_T2=True), c**2 * kl_divergence(z, v, T, scale_by_T2=True), rtol=1e-9, atol=1e-10
    )
    assert_allclose(high_temperature_limit(*scaled[:2]), c**2 * high_temperature_limit(z, v), rtol=1e-9, atol=1e-12)
    assert_allclose(
        high_temperature_correction(*scaled[:2]), c**3 * high_temperature_correction(z, v), rtol=1e-7, atol=1e-7
    )


@given(pairs(), temperatures, st.randoms(use_true_random=False))
def test_law_3_classes_may_be_reordered_in_common(pair, T, random):
    z, v = pair
    C = z.shape[-1]
    order = random.sample(range(C), C)
    y = np.full(z.shape[:-1], C - 1)
    new_y = np.full(z.shape[:-1], order.index(C - 1))
    for function in DIVERGENCES:
        assert_allclose(function(z[..., order], v[..., order], T), function(z, v, T), rtol=1e-11, atol=1e-15)
    result = distillation_loss(z[..., order], v[..., order], new_y, T)
    assert_allclose(result, distillation_loss(z, v, y, T), rtol=1e-11, atol=1e-12)
    gradient = distillation_loss_dz(z[..., order], v[..., order], new_y, T)
    assert_allclose(gradient, distillation_loss_dz(z, v, y, T)[..., order], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("sizes", [(1, 1), (3, 7), (10, 1)])
def test_law_4_the_mean_of_two_batches_weighs_them_by_their_sizes(sizes):
    batches = [random_pair(size, (size, 4)) for size in sizes]
    z, v = (np.concatenate(x) for x in zip(*batches, strict=True))
    y = np.arange(len(z)) % 4
    for function in PAIR_LOSSES:
        means = [function(*batch) for batch in batches]
        assert_allclose(function(z, v), np.average(means, weights=sizes), rtol=1e-12)
        assert_allclose(function(z, v, reduction="sum"), np.dot(means, sizes), rtol=1e-12)
    parts = [(*batch, part) for batch, part in zip(batches, np.split(y, sizes[:1]), strict=True)]
    assert_allclose(
        distillation_loss(z, v, y, 2.0),
        np.average([distillation_loss(*part, 2.0) for part in parts], weights=sizes),
        rtol=1e-12,
    )


@given(pairs(), temperatures)
def test_the_identity_of_divergence_cross_entropy_and_entropy(pair, T):
    z, v = pair
    p = scipy.special.softmax(v / T, axis=-1)
    entropy = scipy.special.entr(p).sum(axis=-1)
    cross = -(p * scipy.special.log_softmax(z / T, axis=-1)).sum(axis=-1)
    assert_allclose(soft_cross_entropy(z, v, T, reduction="none"), cross, rtol=1e-12, atol=1e-13)
    assert_allclose(kl_divergence(z, v, T, reduction="none"), cross - entropy, rtol=1e-11, atol=1e-12)


@given(pairs(st.one_of(st.floats(-1e308, 1e308), st.just(0.0))), st.floats(0, 1e308))
def test_no_finite_logits_give_nan(pair, T):
    for function in DIVERGENCES:
        assert (function(*pair, T, reduction="none") >= 0).all()


# --- shapes, dtypes and memory --------------------------------------------------------------------------------------


def calls(z, v, y):
    yield from ((function, (z, v, 2.0)) for function in (*DIVERGENCES, kl_divergence_dz))
    yield from ((function, (z, v)) for function in (*LIMITS, high_temperature_limit_dz))
    yield from ((function, (z, y)) for function in (cross_entropy, cross_entropy_dz))
    yield from ((function, (z, v, y, 2.0)) for function in (distillation_loss, distillation_loss_dz))


def test_every_function_is_called():
    functions = {function.__name__ for function, _ in calls(Z, V, 0)}
    public = {name for name, f in vars(module).items() if getattr(f, "__module__", "") == module.__name__}
    assert functions == {name for name in public if not name.startswith("_")}


@pytest.mark.parametrize("axis", [0, 1, 2, -2, -3])
def test_any_axis_may_hold_the_classes(axis):
    z, v = random_pair(9, (3, 3, 3))
    y = np.random.default_rng(9).integers(0, 3, size=(3, 3))
    last = (np.ascontiguousarray(np.moveaxis(x, axis, -1)) for x in (z, v))
    for (function, given_axis), (_, given_last) in zip(calls(z, v, y), calls(*last, y), strict=True):
        result = function(*given_axis, axis=axis, reduction="none")
        expected = function(*given_last, reduction="none")
        if function.__name__.endswith("_dz"):
            expected = np.moveaxis(expected, -1, axis)
        assert_allclose(result, expected, rtol=1e-12, atol=1e-14, err_msg=function.__name__)


@pytest.mark.parametrize("shape", [(0, 3), (2, 0, 3)])
def test_no_rows(shape):
    z, y = np.zeros(shape), np.zeros(shape[:-1], int)
    for function, arguments in calls(z, z, y):
        gradient = function.__name__.endswith("_dz")
        assert function(*arguments, reduction="none").shape == (shape if gradient else shape[:-1])
        if gradient:
            assert function(*arguments).shape == shape
        else:
            assert function(*arguments, reduction="sum") == 0
            with pytest.raises(ValueError, match="reduction must be 'none' or 'sum' where there is no row"):
                function(*arguments)


def test_one_class_is_certain():
    for function, arguments in calls(np.array([[3.0]]), np.array([[-1.0]]), np.array([0])):
        assert_array_equal(function(*arguments), np.zeros((1, 1) if function.__name__.endswith("_dz") else ()))


@pytest.mark.parametrize(
    ("dtype", "computed", "rtol"),
    [("f2", "f4", 2e-5), ("f4", "f4", 2e-5), (">f4", "f4", 2e-5), ("i8", "f8", 0), ("?", "f8", 0)],
)
def test_dtypes(dtype, computed, rtol):
    z, v, y = np.array([[3, -1, 2], [0, 1, -4]], dtype), np.array([[1, 0, 2], [0, -5, 4]], dtype), np.array([0, 2])
    wide = (z.astype(np.float64), v.astype(np.float64))
    for (function, arguments), (_, expected) in zip(calls(z, v, y), calls(*wide, y), strict=True):
        result = function(*arguments)
        assert result.dtype == np.dtype(computed), function.__name__
        assert_allclose(result.astype(np.float64), function(*expected), rtol=rtol, atol=rtol, err_msg=function.__name__)


def test_two_dtypes_are_computed_in_the_wider():
    z, v = random_pair(10, (4, 3), dtype=np.float32)
    assert kl_divergence(z, v.astype(np.float64)).dtype == np.float64
    assert_array_equal(
        kl_divergence(z, v.astype(np.float64)), kl_divergence(z.astype(np.float64), v.astype(np.float64))
    )


def test_float16_logits_do_not_overflow_in_the_loss():
    z, v = np.array([300.0, 0.0], np.float16), np.array([0.0, 300.0], np.float16)
    assert_allclose(kl_divergence(z, v, 20.0, scale_by_T2=True), 400 * exact_kl(z, v, 20.0), rtol=1e-5)
    assert distillation_loss(z * 100, v * 100, 0, 30.0) > np.finfo(np.float16).max


@pytest.mark.parametrize("T", [1e-320, 1e-50, 1e39])
def test_a_temperature_that_float32_cannot_hold(T):
    z, v = np.array([1.0, 2.0, 2.0], np.float32), np.array([3.0, 0.0, 3.0], np.float32)
    with np.errstate(over="ignore"):
        expected = kl_divergence_dz(z.astype(np.float64), v.astype(np.float64), T).astype(np.float32)
    assert_array_equal(kl_divergence_dz(z, v, T), expected)
    assert not np.isnan(kl_divergence(z, v, T, scale_by_T2=True))


def test_inputs_are_neither_changed_nor_shared():
    z, v = random_pair(11, (4, 3))
    y = np.array([0, 1, 2, 0])
    before = [x.copy() for x in (z, v, y)]
    for x in (z, v, y):
        x.flags.writeable = False
    for function, arguments in calls(z, v, y):
        result = function(*arguments, reduction="none")
        for x, copy in zip((z, v, y), before, strict=True):
            assert_array_equal(x, copy)
            assert not np.shares_memory(result, x)


def test_a_column_is_not_broadcast_against_a_row():
    with pytest.raises(ValueError, match="must have the same shape"):
        kl_divergence(np.zeros((3, 1)), np.zeros((3, 3)))
    with pytest.raises(ValueError, match="labels must have shape"):
        cross_entropy(np.zeros((3, 2)), np.zeros((3, 1), int))


# --- defaults, checks and numbers beyond a float --------------------------------------------------------------------


def test_temperature_is_1_unless_given():
    for function, arguments in calls(*random_pair(11, (4, 3)), np.array([0, 2, 1, 0])):
        if isinstance(arguments[-1], float):
            assert_array_equal(function(*arguments[:-1]), function(*arguments[:-1], 1.0))


@pytest.mark.parametrize("who", [0, 1])
def test_bad_logits_of_either_are_refused(who):
    z, v = random_pair(12, (3, 4))
    y = np.array([0, 3, 1])
    bad = [z.copy(), v.copy()]
    bad[who][1] = [0, np.nan, 1, 2]
    for function, arguments in calls(*bad, y):
        if who == 1 and function in (cross_entropy, cross_entropy_dz):
            continue  # which have no teacher
        with pytest.raises(ValueError, match=rf"{('student', 'teacher')[who]}_logits must not hold NaN"):
            function(*arguments)


def test_a_class_may_be_masked_in_every_row_on_any_axis():
    z, v = np.array([[1.0, 2.0], [-inf, -inf], [0.0, 1.0]]), np.array([[0.0, 1.0], [-inf, -inf], [3.0, 1.0]])
    for (function, first), (_, last) in zip(calls(z, v, [0, 2]), calls(z.T, v.T, [0, 2]), strict=True):
        expected = function(*last, reduction="none")
        assert_allclose(function(*first, axis=0, reduction="none"), expected.T, rtol=1e-14, err_msg=function.__name__)


def test_rows_may_be_masked_differently():
    z, v = np.array([[1.0, 2.0, -inf], [0.0, 1.0, 4.0]]), np.array([[0.5, 1.0, -inf], [3.0, 1.0, -1.0]])
    for function in (*LIMITS, high_temperature_limit_dz):
        each = [function(z[row], v[row], reduction="none") for row in range(2)]
        assert_allclose(function(z, v, reduction="none"), each, rtol=1e-14)


def test_one_row_stays_one_row():
    for function, arguments in calls(Z[np.newaxis], V[np.newaxis], np.array([2])):
        assert function(*arguments, reduction="none").shape == ((1, 4) if function.__name__.endswith("_dz") else (1,))


@pytest.mark.parametrize("function", [kl_divergence, kl_divergence_dz])
@pytest.mark.parametrize("T", [0, inf])
def test_with_the_factor_the_limits_of_the_temperature_are_refused(function, T):
    with pytest.raises(ValueError, match="temperature must be in"):
        function(Z, V, T, scale_by_T2=True)


def test_the_student_may_be_the_wider_one():
    assert kl_divergence(Z.astype(np.float64), V.astype(np.float32)).dtype == np.float64


def test_what_is_beyond_a_float_is_infinite_without_a_warning():
    assert kl_divergence([1e160, 0.0], [0.0, 1e160], 1e160, scale_by_T2=True) == inf
    assert high_temperature_limit([1e200, 0.0], [0.0, 0.0]) == inf
    assert np.isnan(high_temperature_correction([1e200, -1e200], [0.0, 0.0]))  # the difference of two infinite terms
