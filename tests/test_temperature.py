"""The softmax at a temperature: known values, closed forms, oracles, limits and laws."""

import decimal
import math
from decimal import Decimal

import numpy as np
import pytest
import scipy.special
import scipy.stats
import torch
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.temperature import entropy, entropy_dT, log_softmax, log_softmax_dz, softmax, softmax_dT

FUNCTIONS = (log_softmax, softmax, entropy, softmax_dT, entropy_dT, log_softmax_dz)
# what each function puts in the place of the class axis
ADDED_AXES = {log_softmax: 1, softmax: 1, entropy: 0, softmax_dT: 1, entropy_dT: 0, log_softmax_dz: 2}
# with a label that is right, and a runner-up that falls as T rises
RUNNER_UP = [5, 4.5, 0, 0, -2]
inf = math.inf


# --- closed forms ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("T", [0.5, 1.0, 3.0])
@pytest.mark.parametrize("gap", [-4.0, 0.0, 0.3, 30.0])
def test_two_classes_are_a_sigmoid(gap, T):
    p = 1 / (1 + math.exp(-gap / T))
    q = 1 / (1 + math.exp(gap / T))
    logits = [gap + 7, 7]
    assert_allclose(softmax(logits, T), [p, q], rtol=1e-13)
    assert_allclose(
        log_softmax(logits, T),
        [-math.log1p(math.exp(-gap / T)), -math.log1p(math.exp(gap / T))],
        rtol=1e-13,
        atol=1e-15,
    )
    assert_allclose(softmax_dT(logits, T), [-p * q * gap / T**2, p * q * gap / T**2], rtol=1e-12)
    assert_allclose(entropy_dT(logits, T), p * q * gap**2 / T**3, rtol=1e-12)
    assert_allclose(log_softmax_dz(logits, T), [[q / T, -q / T], [-p / T, p / T]], rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("T", [0, 1e-305, 0.1, 1.0, 1e305, inf])
@pytest.mark.parametrize("C", [1, 2, 10, 1000])
def test_equal_logits_are_uniform_at_every_temperature(C, T):
    logits = np.full(C, -3.7)
    assert_allclose(softmax(logits, T), np.full(C, 1 / C), rtol=1e-15)
    assert_allclose(log_softmax(logits, T), np.full(C, -math.log(C)), rtol=1e-15)
    assert_allclose(entropy(logits, T), math.log(C), rtol=1e-15)
    assert_array_equal(softmax_dT(logits, T), np.zeros(C))
    assert_array_equal(entropy_dT(logits, T), 0.0)


@pytest.mark.parametrize("T", [0, 5e-324, 2.0, 1e308, inf])
@pytest.mark.parametrize("logit", [-1e308, 0.0, 5.0, 1e308])
def test_one_class_is_certain(logit, T):
    assert_array_equal(softmax([logit], T), [1.0])
    assert_array_equal(log_softmax([logit], T), [0.0])
    assert_array_equal(entropy([logit], T), 0.0)
    assert_array_equal(softmax_dT([logit], T), [0.0])
    assert_array_equal(entropy_dT([logit], T), 0.0)
    if T > 0:
        assert_array_equal(log_softmax_dz([logit], T), [[0.0]])


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-14), (np.float32, 1e-6)])
@pytest.mark.parametrize("gap", [1.0, 15.0, 40.0, 80.0])
def test_what_a_sure_class_leaves_to_the_others_keeps_its_digits(gap, dtype, rtol):
    z = np.array([[gap, 0], [0, gap]], dtype)
    rest = math.exp(-gap)
    H = math.log1p(rest) + gap * rest / (1 + rest)  # for a gap of 40: 1.742e-16
    assert_allclose(entropy(z), [H, H], rtol=rtol)
    assert_allclose(np.diag(log_softmax(z)), -math.log1p(rest), rtol=rtol)
    assert_allclose(log_softmax(np.insert(z, 1, -inf, axis=1))[0, 0], -math.log1p(rest), rtol=rtol)


def test_a_common_shift_that_takes_the_digits_is_warned_of_where_it_was_given():
    with pytest.warns(UserWarning, match="logits must not be so large") as caught:
        entropy(np.array(RUNNER_UP) + 1e16)
    assert [warning.filename for warning in caught] == [__file__]


# --- oracles --------------------------------------------------------------------------------------------------------


class Exact:
    """The definitions, in decimal arithmetic of 60 digits on the very numbers that the floats hold."""

    def __init__(self, logits, temperature):
        with decimal.localcontext(decimal.Context(60, Emin=decimal.MIN_EMIN, Emax=decimal.MAX_EMAX, traps=[])):
            T = Decimal(temperature)
            z = [Decimal(float(logit)) for logit in logits]
            y = [logit - max(z) for logit in z]
            weights = [(gap / T).exp() for gap in y]
            self.p = [weight / sum(weights) for weight in weights]
            log_p = [gap / T - sum(weights).ln() for gap in y]
            mean = sum(p * gap for p, gap in zip(self.p, y, strict=True) if p)
            self.below_mean = [mean - gap for gap in y]
            dp = [p * below / T**2 if p else p for p, below in zip(self.p, self.below_mean, strict=True)]
            variance = sum(p * below**2 for p, below in zip(self.p, self.below_mean, strict=True) if p)
            self.values = {
                softmax: as_floats(self.p),
                log_softmax: as_floats(log_p),
                entropy: float(-sum(p * log for p, log in zip(self.p, log_p, strict=True) if p)),
                softmax_dT: as_floats(dp),
                entropy_dT: float(variance / T**3),
                log_softmax_dz: [as_floats([((i == j) - p) / T for j, p in enumerate(self.p)]) for i in range(len(z))],
            }


def as_floats(numbers):
    return [float(number) for number in numbers]


def assert_close_to_exact(logits, T):
    """Relative errors that grow with the exponent, as those of exp must, and none beyond what 1 - p or mu - z lose."""
    logits = np.asarray(logits, dtype=np.float64)
    exact = Exact(logits, T).values
    with np.errstate(over="ignore"):  # an exact value may lie beyond float64
        atol_dT = 1e-14 * np.max(np.abs(np.nan_to_num(exact[softmax_dT])))
        atol_dz = 1e-14 / T
    assert_allclose(log_softmax(logits, T), exact[log_softmax], rtol=2e-15, atol=2e-15)
    assert_allclose(softmax(logits, T), exact[softmax], rtol=5e-13, atol=1e-322)
    assert_allclose(entropy(logits, T), exact[entropy], rtol=5e-15, atol=5e-15)
    assert_allclose(softmax_dT(logits, T), exact[softmax_dT], rtol=1e-12, atol=min(atol_dT, 1e300) + 1e-322)
    assert_allclose(entropy_dT(logits, T), exact[entropy_dT], rtol=1e-12, atol=1e-321)
    assert_allclose(log_softmax_dz(logits, T), exact[log_softmax_dz], rtol=1e-12, atol=min(atol_dz, 1e300))


@pytest.mark.parametrize("T", [0.01, 0.5, 1.0, 2.0, 20.0, 1000.0])
@pytest.mark.parametrize("scale", [0.1, 3.0, 100.0])
def test_sixty_digits(scale, T):
    rng = np.random.default_rng(1)
    for C in (2, 3, 10, 100):
        assert_close_to_exact(rng.normal(scale=scale, size=C), T)
        assert_close_to_exact(rng.normal(loc=1e4, scale=scale, size=C), T)


@pytest.mark.parametrize("T", [5e-324, 1.5e-309, 1e-305, 1e-100, 0.3, 1.0, 1.5, 2.0, 10.0, 1e100, 1e305, 1e308])
@pytest.mark.parametrize(
    "logits",
    [
        [1e308, -1e308],
        [1e308, 9e307, -1.7e308],
        [-1e308, -1e308, -inf],
        [1.0, -inf, 0.5, -inf],
        [-inf, 1e308, -1e308],
        [5e-324, 0.0],
        [0.0, -3e-309],
        [1e-305, 0.0, -2e-305],
        [1e-270, 0.0],
        [0.0, -1e200],
        [1e4, 9999.0, -1e4],
    ],
)
def test_sixty_digits_at_the_ends_of_the_number_line(logits, T):
    assert_close_to_exact(logits, T)


def random_logits(seed, shape, scale, dtype):
    return np.random.default_rng(seed).normal(scale=scale, size=shape).astype(dtype)


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-12), (np.float32, 2e-5)])
@pytest.mark.parametrize("T", [0.5, 1.0, 7.0])
@pytest.mark.parametrize("axis", [0, 1, -1])
def test_scipy(axis, T, dtype, rtol):
    z = random_logits(2, (4, 6, 5), 5.0, dtype)
    p = scipy.special.softmax(z / dtype(T), axis=axis)
    assert_allclose(softmax(z, T, axis=axis), p, rtol=rtol)
    log_p = scipy.special.log_softmax(z / dtype(T), axis=axis)
    atol = 4 * np.finfo(dtype).eps  # log p near 0, and the entropy with it, is 1 + rest less 1
    assert_allclose(log_softmax(z, T, axis=axis), log_p, rtol=rtol, atol=atol)
    assert_allclose(entropy(z, T, axis=axis), scipy.stats.entropy(p, axis=axis), rtol=rtol, atol=atol)


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float64, 1e-11), (np.float32, 5e-5)])
@pytest.mark.parametrize("T", [0.5, 1.0, 7.0])
def test_torch_and_its_derivatives(T, dtype, rtol):
    z = random_logits(3, 6, 2.0, dtype)
    logits, temperature = torch.tensor(z), torch.tensor(T, dtype=torch.from_numpy(z).dtype)

    def torch_entropy(temperature):
        log_p = torch.log_softmax(logits / temperature, -1)
        return -(log_p.exp() * log_p).sum()

    jacobian = torch.autograd.functional.jacobian
    expected = {
        softmax: torch.softmax(logits / temperature, -1),
        log_softmax: torch.log_softmax(logits / temperature, -1),
        entropy: torch_entropy(temperature),
        softmax_dT: jacobian(lambda temperature: torch.softmax(logits / temperature, -1), temperature),
        entropy_dT: jacobian(torch_entropy, temperature),
        log_softmax_dz: jacobian(lambda logits: torch.log_softmax(logits / temperature, -1), logits),
    }
    for function, value in expected.items():
        result = function(z, T)
        assert result.dtype == dtype
        assert_allclose(result, value.numpy(), rtol=rtol, atol=rtol / 100, err_msg=function.__name__)


# --- limits ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "logits", [[3.0, 3.0, 1.0], [0.0, 3.0, -inf, 3.0, 3.0], [-1e308, -inf], [1e308, -1e308, 1e308]]
)
def test_at_temperature_0_the_classes_that_share_the_maximum_share_all(logits):
    shares = np.array([logit == max(logits) for logit in logits]) / logits.count(max(logits))
    with np.errstate(divide="ignore"):
        log_shares = np.log(shares)
    for T in (0, -0.0):
        assert_allclose(softmax(logits, T), shares, rtol=1e-15)
        assert_allclose(log_softmax(logits, T), log_shares, rtol=1e-15)
        assert_allclose(entropy(logits, T), math.log(logits.count(max(logits))), rtol=1e-15)
        assert_array_equal(softmax_dT(logits, T), np.zeros(len(logits)))
        assert_array_equal(entropy_dT(logits, T), 0.0)
        with pytest.raises(ValueError, match=r"temperature must be in \(0, inf\]"):
            log_softmax_dz(logits, T)


@pytest.mark.parametrize("logits", [[3.0, 2.0, 1.0], [0.0, 3.0, -inf], [-1e308, -inf], [1e308, -1e308, 0.0, 5e-324]])
def test_at_infinite_temperature_the_unmasked_classes_are_equal(logits):
    unmasked = np.array([logit > -inf for logit in logits])
    shares = unmasked / unmasked.sum()
    with np.errstate(divide="ignore"):
        log_shares = np.log(shares)
    assert_allclose(softmax(logits, inf), shares, rtol=1e-15)
    assert_allclose(log_softmax(logits, inf), log_shares, rtol=1e-15)
    assert_allclose(entropy(logits, inf), math.log(unmasked.sum()), rtol=1e-15)
    assert_array_equal(softmax_dT(logits, inf), np.zeros(len(logits)))
    assert_array_equal(entropy_dT(logits, inf), 0.0)
    assert_array_equal(log_softmax_dz(logits, inf), np.zeros((len(logits), len(logits))))


@pytest.mark.parametrize("function", [log_softmax, softmax, entropy, softmax_dT, entropy_dT])
def test_the_limits_are_approached(function):
    logits = [[3.0, 2.0, 1.0], [0.0, 0.0, -inf]]
    assert_array_equal(softmax(logits, 1e-305), softmax(logits, 0))
    assert_array_equal(entropy(logits, 1e-305), entropy(logits, 0))
    if function is not log_softmax:  # log p of a loser falls to -inf as T does
        assert_allclose(function(logits, 1e-305), function(logits, 0), atol=0)
    assert_allclose(function(logits, 1e305), function(logits, inf), atol=1e-300)


# --- the number 'T > 1 raises the incorrect classes' ----------------------------------------------------------------


def test_a_runner_up_rises_and_then_falls():
    p = np.array([softmax(RUNNER_UP, T) for T in np.geomspace(0.25, 1000, 200)])
    assert_array_equal(p.argmax(axis=1), 0)  # the label, 0, is what the teacher says, at every T
    runner_up = p[:, 1]
    peak = runner_up.argmax()
    assert 0 < peak < len(p) - 1
    assert (np.diff(runner_up[: peak + 1]) > 0).all()
    assert (np.diff(runner_up[peak:]) < 0).all()
    assert_allclose(runner_up[-1], (1 + (4.5 - 1.5) / 1000) / 5, rtol=1e-5)  # (1 + (z - mean z) / T) / C
    assert (np.diff(p[:, 2:], axis=0) > 0).all()  # the other incorrect classes rise
    assert (np.diff(1 - p[:, 0]) > 0).all()  # and so does the incorrect mass


def test_the_runner_up_peaks_where_the_mean_logit_passes_it():
    low, high = 1.0, 4.0
    for _ in range(60):
        middle = (low + high) / 2
        above = scipy.special.softmax(np.array(RUNNER_UP) / middle) @ RUNNER_UP > 4.5
        low, high = (middle, high) if above else (low, middle)
    assert abs(softmax_dT(RUNNER_UP, low)[1]) < 1e-15
    assert softmax_dT(RUNNER_UP, low * 0.99)[1] > 1e-5
    assert softmax_dT(RUNNER_UP, low * 1.01)[1] < -1e-5


def test_if_the_teacher_errs_even_the_incorrect_mass_can_fall():
    label = 1  # the teacher says 0
    incorrect = np.array([1 - softmax(RUNNER_UP, T)[label] for T in (1.0, 1.25, 1.5)])
    assert (np.diff(incorrect) < 0).all()


@given(st.lists(st.floats(-20, 20), min_size=2, max_size=5), st.floats(0.2, 50))
def test_a_class_rises_exactly_if_its_logit_lies_below_the_mean(logits, T):
    exact, warmer = Exact(logits, T), Exact(logits, Decimal(T) * (1 + Decimal("1e-25")))
    slopes = softmax_dT(logits, T)
    for distance, p, p_warmer, slope in zip(exact.below_mean, exact.p, warmer.p, slopes, strict=True):
        if abs(distance) > Decimal("1e-9"):  # nearer, the sign is a matter of rounding
            assert (p_warmer > p) == (distance > 0) == (slope > 0)
            assert slope != 0


# --- laws -----------------------------------------------------------------------------------------------------------

temperatures = st.floats(0.05, 100)


@st.composite
def logit_arrays(draw, elements=st.floats(-50, 50), *, masked=True, max_dims=3):  # noqa: B008
    """Arrays of logits, classes last; where `masked`, any class but one of a row may be -inf."""
    z = draw(arrays(np.float64, array_shapes(min_dims=1, max_dims=max_dims, max_side=5), elements=elements))
    if masked:
        mask = draw(arrays(np.bool_, z.shape))
        mask[..., draw(st.integers(0, z.shape[-1] - 1))] = False
        z[mask] = -inf
    return z


# numbers whose sums and doublings are exact, so that a law must hold to the last bit
dyadic = st.integers(-(2**15), 2**15).map(lambda n: n / 1024)


@given(logit_arrays(dyadic), dyadic, temperatures)
def test_a_shift_of_the_logits_changes_nothing(z, shift, T):
    for function in FUNCTIONS:
        assert_array_equal(function(z + shift, T), function(z, T))


@given(logit_arrays(dyadic), st.integers(-900, 900), temperatures)
def test_logits_and_temperature_share_their_unit(z, exponent, T):
    c = 2.0**exponent
    for function in (log_softmax, softmax, entropy):
        assert_array_equal(function(c * z, c * T), function(z, T))
    for function in (softmax_dT, entropy_dT, log_softmax_dz):
        assert_allclose(c * function(c * z, c * T), function(z, T), rtol=1e-14, atol=1e-40)


@given(logit_arrays(), st.floats(0.01, 100), temperatures)
def test_logits_and_temperature_share_any_unit(z, c, T):
    assert_allclose(softmax(c * z, c * T), softmax(z, T), rtol=1e-11, atol=0)
    assert_allclose(entropy(c * z, c * T), entropy(z, T), rtol=1e-11, atol=1e-14)


@given(logit_arrays(), temperatures, st.randoms(use_true_random=False))
def test_classes_may_be_reordered(z, T, random):
    order = random.sample(range(z.shape[-1]), z.shape[-1])
    for function in (log_softmax, softmax, softmax_dT):
        assert_allclose(function(z[..., order], T), function(z, T)[..., order], rtol=1e-12, atol=1e-14)
    for function in (entropy, entropy_dT):
        assert_allclose(function(z[..., order], T), function(z, T), rtol=1e-12, atol=1e-14)
    assert_allclose(
        log_softmax_dz(z[..., order], T), log_softmax_dz(z, T)[..., order, :][..., order], rtol=1e-12, atol=1e-14
    )


@given(logit_arrays(st.floats(-1e308, 1e308)), st.floats(5e-324, 1e308))
def test_probabilities_keep_the_order_of_the_logits(z, T):
    order = z.argsort(axis=-1)
    p = np.take_along_axis(softmax(z, T), order, axis=-1)
    assert (p[..., 1:] >= p[..., :-1] * (1 - 1e-15)).all()  # exp itself is monotone but for its rounding
    log_p = np.take_along_axis(log_softmax(z, T), order, axis=-1)
    assert (log_p[..., 1:] >= log_p[..., :-1]).all()


@given(logit_arrays(st.integers(-30, 30).map(float), masked=False), st.floats(0.5, 100))
def test_probabilities_that_do_not_round_together_keep_the_order_strictly(z, T):
    p = softmax(z, T)
    assert_array_equal(np.sign(p[..., :, None] - p[..., None, :]), np.sign(z[..., :, None] - z[..., None, :]))


@given(logit_arrays(st.floats(-1e308, 1e308)), st.floats(0, inf))
def test_probabilities_are_a_distribution(z, T):
    p, log_p, H = softmax(z, T), log_softmax(z, T), entropy(z, T)
    assert (p >= 0).all()
    assert (p <= 1).all()
    assert_allclose(p.sum(axis=-1), 1, rtol=1e-15)
    assert (log_p <= 0).all()
    assert_allclose(np.exp(log_p), p, rtol=1e-12, atol=1e-300)
    assert (H >= 0).all()
    assert (H <= math.log(z.shape[-1]) + 1e-15).all()
    assert_array_equal(p[np.isneginf(z)], 0)
    assert_array_equal(log_p[np.isneginf(z)], -inf)


@given(logit_arrays(), st.floats(0, inf), st.floats(0, inf))
def test_heat_spreads(z, T, other_T):
    low, high = sorted((T, other_T))
    assert (entropy(z, high) >= entropy(z, low) - 2e-15).all()
    assert (softmax(z, high).max(axis=-1) <= softmax(z, low).max(axis=-1) + 1e-15).all()


@given(logit_arrays(), st.floats(0, inf))
def test_derivatives_by_temperature_obey_their_laws(z, T):
    dp, dH = softmax_dT(z, T), entropy_dT(z, T)
    scale = np.abs(dp).max(axis=-1)
    assume(np.isfinite(scale).all())
    assert (np.abs((dp / np.maximum(scale, 1e-300)[..., None]).sum(axis=-1)) <= 1e-14).all()
    assert (dH >= 0).all()


@given(logit_arrays(), temperatures)
def test_the_slope_of_the_entropy_is_that_of_a_chord(z, T):
    step = 1e-5
    chord = (entropy(z, T * (1 + step)) - entropy(z, T * (1 - step))) / (2 * step)
    assert_allclose(T * entropy_dT(z, T), chord, rtol=1e-6, atol=2e-8)


@given(logit_arrays(st.floats(-5, 5), masked=False), st.floats(0.5, 100))
def test_the_entropy_rises_unless_all_logits_are_equal(z, T):
    spread = np.ptp(z, axis=-1)
    slope = entropy_dT(z, T)
    assert (slope[spread > 1e-3] > 0).all()
    assert_array_equal(slope[spread == 0], 0)


@given(logit_arrays(), temperatures)
def test_rows_of_the_jacobian_sum_to_0_and_columns_show_p(z, T):
    jacobian = log_softmax_dz(z, T)
    assert_allclose(jacobian.sum(axis=-1), 0, atol=1e-14 / T)
    p = softmax(z, T)
    assert_allclose(np.einsum("...i,...ij->...j", p, jacobian), 0, atol=1e-14 / T)


# --- shapes, dtypes and memory --------------------------------------------------------------------------------------


@given(logit_arrays(masked=False), temperatures, st.data())
def test_any_axis_may_hold_the_classes(z, T, data):
    axis = data.draw(st.integers(-z.ndim, z.ndim - 1))
    for function in FUNCTIONS:
        result = function(z, T, axis=axis)
        expected = function(np.ascontiguousarray(np.moveaxis(z, axis, -1)), T)
        if ADDED_AXES[function] == 1:
            expected = np.moveaxis(expected, -1, axis)
        assert result.shape == expected.shape
        assert_allclose(result, expected, rtol=1e-12, atol=1e-14)


@given(logit_arrays(), st.floats(0, inf))
def test_a_batch_is_its_rows(z, T):
    assume(T > 0)
    for function in FUNCTIONS:
        result = function(z, T)
        assert result.shape == z.shape[:-1] + z.shape[-1:] * ADDED_AXES[function]
        for row in np.ndindex(z.shape[:-1]):
            assert_allclose(result[row], function(z[row], T), rtol=1e-12, atol=1e-14)


LAYOUTS = {
    "Fortran order": np.asfortranarray,
    "reversed": lambda z: z[::-1, ::-1].copy()[::-1, ::-1],
    "every other": lambda z: np.repeat(np.repeat(z, 2, axis=0), 2, axis=1)[::2, ::2],
    "transposed": lambda z: z.T.copy().T,
    "unaligned": lambda z: np.frombuffer(b"x" + z.tobytes(), dtype=np.uint8)[1:].view(z.dtype).reshape(z.shape),
    "nested lists": np.ndarray.tolist,
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("T", [0.7, 2.0, inf])
def test_the_layout_in_memory_does_not_matter(function, layout, T):
    z = random_logits(4, (7, 6), 3.0, np.float64)
    assert_allclose(function(LAYOUTS[layout](z), T), function(z, T), rtol=1e-14, atol=1e-16)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("T", [0, 0.7, 2.0, inf])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f8", "i8"])
def test_inputs_are_neither_changed_nor_shared(function, T, dtype):
    if function is log_softmax_dz and T == 0:
        T = 1e-300
    z = np.array([[3, -1, 2], [0, 0, -5]], dtype)
    before = z.copy()
    z.flags.writeable = False
    result = function(z, T)
    assert_array_equal(z, before)
    assert not np.shares_memory(result, z)
    assert np.asarray(result).base is None or result.base.flags.owndata


def test_a_single_row_gives_a_number():
    assert f"{entropy([2.0, 1.0], 2.0):.2f}" == "0.66"
    assert f"{entropy_dT([2.0, 1.0], 2.0):.2f}" == "0.03"


@pytest.mark.parametrize(("dtype", "rtol"), [("f2", 2e-3), (">f2", 2e-3), ("f4", 2e-6), (">f4", 2e-6), (">f8", 1e-14)])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_floating_dtype_is_kept(function, dtype, rtol):
    z = np.array([[3.0, -1.0, 2.0, 0.25], [0.0, 0.5, -4.0, -inf]])  # held exactly by every dtype
    result = function(z.astype(dtype), 2.0)
    assert result.dtype == np.dtype(dtype)
    assert_allclose(result.astype(np.float64), function(z, 2.0), rtol=rtol, atol=rtol / 10)


@pytest.mark.parametrize("dtype", ["?", "i1", "u1", "i4", "u8", ">i2"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_integers_and_booleans_give_float64(function, dtype):
    z = np.array([[1, 0, 0], [1, 1, 0]])
    result = function(z.astype(dtype), 2.0)
    assert result.dtype == np.float64
    assert_array_equal(result, function(z.astype(np.float64), 2.0))


@pytest.mark.parametrize("dtype", ["f2", ">f2"])
def test_float16_is_not_computed_in_float16(dtype):
    many = np.zeros(70_000, dtype)  # more than float16 can count
    assert_allclose(entropy(many), math.log(70_000), rtol=1e-3)
    assert_allclose(softmax(many)[0], 1 / 70_000, rtol=0, atol=6e-8)
    far = np.array([6e4, -6e4], dtype)  # their difference is beyond float16
    assert_allclose(softmax(far, 6e4).astype(np.float64), softmax(far.astype(np.float64), 6e4), rtol=1e-3)
    assert_array_equal(log_softmax(far), [0, -inf])  # -120,000 is beyond float16 too
    assert_array_equal(softmax_dT(np.array([1e-6, 0], dtype), 1e-6) < 0, [True, False])


@pytest.mark.parametrize("T", [1e-320, 1e-50, 1e39, 1e305])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_temperature_that_float32_cannot_hold_is_no_limit(function, T):
    for logits in ([3e38, -3e38, 1.0], [1e-45, 0.0, 0.0], [0.0, 0.0, -inf]):
        z = np.array(logits, np.float32)
        with np.errstate(over="ignore"):
            expected = function(z.astype(np.float64), T).astype(np.float32)
        assert_array_equal(function(z, T), expected)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("T", [0.5, 2.0, inf])
@pytest.mark.parametrize(
    ("shape", "axis"), [((0, 3), -1), ((3, 0), 0), ((2, 0, 3), -1), ((2, 3, 0), 1), ((0, 0, 3), 2)]
)
def test_no_rows_give_no_rows(function, shape, axis, T):
    result = function(np.zeros(shape), T, axis=axis)
    expected = {0: (*np.delete(shape, axis),), 1: shape, 2: (*np.delete(shape, axis), 3, 3)}
    assert result.shape == expected[ADDED_AXES[function]]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("shape", [(0,), (3, 0), (0, 0)])
def test_no_classes_are_refused(function, shape):
    with pytest.raises(ValueError, match="logits must have at least one class"):
        function(np.zeros(shape))
