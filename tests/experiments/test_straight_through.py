"""The record of the experiment on the straight-through estimator: what is particular to it."""

import numpy as np
import pytest
import torch
from scipy.integrate import quad
from scipy.special import expit
from scipy.stats import norm

from kdlab.evidence import records
from kdlab.experiments import straight_through
from kdlab.experiments.data import digits
from kdlab.experiments.lab import Lab, Teacher
from kdlab.experiments.networks import generators, initial_parameters
from kdlab.experiments.straight_through import ARMS, LESSONS, LOGISTIC_TEMPERATURES, STATES, Arm, word


@pytest.fixture(scope="module")
def evidence():
    return records.read("straight_through")


def values(evidence, arm, measure="accuracy"):
    found = {entry["seed"]: entry[measure] for entry in evidence.records if entry["arm"] == arm}
    return np.array([found[seed] for seed in evidence.seeds])


# --- closed forms -----------------------------------------------------------------------------------------------------


def drawn(seed):
    """Return the weights and targets of linear regression that a seed draws."""
    rng = np.random.default_rng([seed, *b"closed forms"])
    rng.standard_normal(100_000)
    return rng.standard_normal((2, 8))


def test_biases_in_linear_regression_are_those_of_the_formulas(evidence):
    for i, seed in enumerate(evidence.seeds):
        w, target = drawn(seed)
        sigma, m = np.where(w >= 0, 1.0, -1.0), np.abs(w).mean()
        g = m * sigma - target
        projected = sigma * (sigma @ g) / 8
        # noise as wide as the scale: the smoothed loss has the slope -target where it reaches the edge, else 0
        smoothed = np.where(np.abs(w) <= m, -target, 0)
        squares = {
            "linear_a": w @ w - np.abs(w).sum() ** 2 / 8,
            "mismatch": w @ w - np.abs(w).sum() ** 2 / 8,
            "linear_b_fixed": g @ g,
            "linear_b_moving": g @ g - projected @ projected,
            "linear_c": ((g - smoothed) ** 2).sum(),
        }
        for measure, square in squares.items():
            assert values(evidence, "linear", measure)[i] == pytest.approx(square**0.5, rel=1e-5), measure


def mean_under_gaussian(function):
    return 2 * quad(lambda x: function(x) * norm.pdf(x), 0, 12, points=[0.05, 0.2, 1, 3], limit=200)[0]


@pytest.mark.parametrize("T", LOGISTIC_TEMPERATURES)
def test_the_exact_bias_of_the_logistic_student_is_scipy_s(evidence, T):
    exact, relative = (values(evidence, f"logistic_T{word(T)}", measure) for measure in ("exact", "relative"))
    w, q, teacher = (mean_under_gaussian(lambda x, u=u: x * (expit(u * x / T) - 0.5)) for u in (0.3, 0.8, 1.2))
    np.testing.assert_allclose(exact, (q - w) / T, rtol=1e-5)
    np.testing.assert_allclose(relative, (q - w) / (w - teacher), rtol=1e-5)


@pytest.mark.parametrize("T", LOGISTIC_TEMPERATURES)
def test_simulated_bias_lies_around_the_exact_one_as_its_standard_error_says(evidence, T):
    arm = f"logistic_T{word(T)}"
    errors = values(evidence, arm, "standard_errors")
    assert abs(errors.mean()) < 4 / len(errors) ** 0.5
    assert 0.5 < errors.std(ddof=1) < 1.7
    # their own unit: 5 standard errors of 100,000 draws are below 2 % of the bias at every one of these temperatures
    np.testing.assert_allclose(values(evidence, arm, "simulated"), values(evidence, arm, "exact"), rtol=0.02)


def test_the_unscaled_bias_is_largest_in_between_and_the_scaled_one_comes_to_rest(evidence):
    bias, scaled, relative = (
        np.array([values(evidence, f"logistic_T{word(T)}", measure)[0] for T in LOGISTIC_TEMPERATURES])
        for measure in ("exact", "scaled", "relative")
    )
    assert 0 < bias.argmax() < len(bias) - 1
    assert (np.diff(scaled) > 0).all()
    assert scaled[-1] == pytest.approx((0.8 - 0.3) / 4, rel=2e-3)
    assert relative[-1] == pytest.approx((0.8 - 0.3) / (0.3 - 1.2), rel=2e-3)
    assert (relative < relative[-1] + 1e-6).all()


# --- what the record of the networks must obey ------------------------------------------------------------------------


def test_the_cost_is_counted_from_full_precision_with_the_same_lesson(evidence):
    for name in ARMS:
        lesson = next(lesson for lesson in LESSONS if name.endswith(f"_{lesson}"))
        of_full = values(evidence, f"full_{lesson}")
        np.testing.assert_allclose(of_full - values(evidence, name), values(evidence, name, "cost"), atol=2e-6)


def test_arms_of_one_lesson_start_at_one_gradient(evidence):
    for name, like in straight_through.LIKE.items():
        for measure in ("cosine_start", "length_start", "bias_a_start", "bias_b_start"):
            np.testing.assert_array_equal(values(evidence, name, measure), values(evidence, like, measure))


def test_cosine_and_length_make_the_bias(evidence):
    for name in ARMS:
        if ARMS[name].backward == "clip":  # the cosine is that of the clipped estimate, the bias is not
            continue
        for state in STATES:
            cosine, length, bias = (
                values(evidence, name, f"{measure}_{state}") for measure in ("cosine", "length", "bias_a")
            )
            ratio = 10.0 ** -np.abs(length)  # shorter over longer
            np.testing.assert_allclose(bias, np.sqrt(1 + ratio**2 - 2 * ratio * cosine), atol=1e-4)


def test_without_the_estimator_weights_stay_or_serve_the_scale_alone(evidence):
    assert not values(evidence, "fixed_T4", "flipped").any()
    assert not values(evidence, "fixed_T4", "beyond").any()
    for name in ("fixed_T4", "moving_T4"):
        assert (values(evidence, name) < values(evidence, "ste_T4")).all()


def test_the_estimator_trains_one_bit_from_a_random_start(evidence):
    for lesson in LESSONS:
        assert values(evidence, f"ste_{lesson}").mean() > 0.9
        assert values(evidence, f"ste_{lesson}", "cost").mean() > 0


def test_a_clamp_keeps_all_weights_and_a_clip_does_not(evidence):
    assert not values(evidence, "clamp_0_125_T4", "beyond").any()
    assert (values(evidence, "clip_0_125_T4", "beyond") > 0.1).all()


def test_at_the_end_the_full_precision_gradient_is_gone_only_where_it_was_followed(evidence):
    for lesson in LESSONS:
        assert (values(evidence, f"full_{lesson}", "length_end") > 0).all()
        assert (values(evidence, f"ste_{lesson}", "length_end") < 0).all()


def test_arrays_for_the_pictures_are_those_of_the_records(evidence):
    measured = evidence.measured
    assert measured["lessons"] == list(LESSONS)
    for kind in ("ste", "full"):
        for measure, of_lessons in measured[kind].items():
            for lesson, found in zip(LESSONS, of_lessons, strict=True):
                np.testing.assert_allclose(found, values(evidence, f"{kind}_{lesson}", measure), rtol=1e-5, atol=1e-9)
    for measure, arms in measured["others"].items():
        for name, found in arms.items():
            np.testing.assert_allclose(found, values(evidence, name, measure), rtol=1e-5, atol=1e-9)
    for measure, of_temperatures in measured["logistic"].items():
        for T, found in zip(LOGISTIC_TEMPERATURES, of_temperatures, strict=True):
            np.testing.assert_allclose(found, values(evidence, f"logistic_T{word(T)}", measure), rtol=1e-5)


# --- what the code does -----------------------------------------------------------------------------------------------


@pytest.fixture
def rows():
    """Return 20 rows, a teacher that says anything, and labels."""
    rng = np.random.default_rng(0)
    return rng.normal(size=(20, 6)), 3 * rng.normal(size=(20, 4)), rng.integers(0, 4, 20)


@pytest.fixture
def network():
    return initial_parameters((6, 5, 4), generators([0], "test"))


def loss_in_numpy(T, weights, network, inputs, teacher_logits, labels):
    (_, first), (_, second) = network
    W, V = weights[:30].reshape(6, 5), weights[30:].reshape(5, 4)
    logits = np.maximum(inputs @ W + first[0].numpy(), 0) @ V + second[0].numpy()

    def log_softmax(z):
        z = z - z.max(axis=-1, keepdims=True)
        return z - np.log(np.exp(z).sum(axis=-1, keepdims=True))

    if T is None:
        return -log_softmax(logits)[np.arange(len(labels)), labels].mean()
    log_p, log_q = log_softmax(teacher_logits / T), log_softmax(logits / T)
    return T**2 * (np.exp(log_p) * (log_p - log_q)).sum(axis=-1).mean()


def differences(T, weights, network, rows, step=1e-6):
    units = step * np.eye(len(weights))
    up, down = ([loss_in_numpy(T, weights + sign * unit, network, *rows) for unit in units] for sign in (1, -1))
    return (np.array(up) - np.array(down)) / (2 * step)


@pytest.mark.parametrize("T", [0.5, 4.0, None])
def test_gradients_are_those_of_finite_differences(T, network, rows):
    w = straight_through.flat(network)
    found = straight_through.gradient_at(Arm(True, T), network, *rows, w)
    np.testing.assert_allclose(found, differences(T, w, network, rows), rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("T", [0.5, 4.0, None])
def test_measures_of_gradients_are_those_of_finite_differences(T, network, rows):
    w = straight_through.flat(network)
    sigma = np.where(w >= 0, 1.0, -1.0)
    layers = (slice(0, 30), slice(30, 50))
    q = np.concatenate([np.abs(w[of]).mean() * sigma[of] for of in layers])
    g_w, g_q = (differences(T, u, network, rows) for u in (w, q))
    true = np.concatenate([sigma[of] * (sigma[of] @ g_q[of]) / len(w[of]) for of in layers])
    lengths = np.linalg.norm(g_q), np.linalg.norm(g_w)
    expected = {
        "cosine": g_q @ g_w / np.prod(lengths),
        "length": np.log10(lengths[0] / lengths[1]),
        "bias_a": np.linalg.norm(g_q - g_w) / max(lengths),
        "bias_b": np.linalg.norm(g_q - true) / lengths[0],
    }
    assert straight_through.of_gradients(Arm(True, T), network, *rows) == pytest.approx(expected, rel=1e-5)
    clipped = straight_through.of_gradients(Arm(True, T, "clip", 0.2), network, *rows)
    kept = g_q * (np.abs(w) <= 0.2)
    assert 0 < (np.abs(w) <= 0.2).mean() < 1
    assert clipped["cosine"] == pytest.approx(kept @ g_w / np.linalg.norm(kept) / lengths[1], rel=1e-5)


def test_weights_that_are_one_bit_already_have_no_bias_to_full_precision(network, rows):
    one_bit = [(torch.where(weight >= 0, 0.3, -0.3).double(), bias) for weight, bias in network]
    found = straight_through.of_gradients(Arm(True, 4.0), one_bit, *rows)
    assert found["cosine"] == pytest.approx(1, abs=1e-12)
    assert found["bias_a"] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("backward", ["identity", "fixed", "moving", "clip", "clamp"])
def test_all_arms_compute_with_one_bit_and_differ_in_the_gradient(backward):
    w = np.random.default_rng(1).normal(size=(2, 3, 4))
    g = np.random.default_rng(2).normal(size=(2, 3, 4))
    latent = torch.from_numpy(w.copy()).requires_grad_()
    quantized = Arm(True, 4.0, backward, 0.5).weights(latent)
    sigma = np.where(w >= 0, 1.0, -1.0)
    m = np.abs(w).mean(axis=(1, 2), keepdims=True)
    np.testing.assert_allclose(quantized.detach(), m * sigma, rtol=1e-14)
    if backward == "fixed":
        assert not quantized.requires_grad
        return
    (quantized * torch.from_numpy(g)).sum().backward()
    expected = {
        "identity": g,
        "clamp": g,
        "clip": g * (np.abs(w) <= 0.5),
        "moving": sigma * (sigma * g).mean(axis=(1, 2), keepdims=True),
    }
    np.testing.assert_allclose(latent.grad, expected[backward], rtol=1e-12, atol=1e-15)


@pytest.fixture
def trained_a_little(monkeypatch):
    """Return where all arms start, and what becomes of them in five steps on 50 rows."""
    monkeypatch.setattr(straight_through, "STEPS", 5)
    lab = Lab([0, 1], may_fail=dict.fromkeys(ARMS, "five steps teach nothing"))
    logits = [np.random.default_rng(0).normal(size=(2, rows, 10)) for rows in (50, 450)]
    start = initial_parameters(straight_through.SIZES, generators([0, 1], "student"))
    return start, straight_through.train_students(lab, lab.few(lab.split(digits), 50), Teacher(None, *logits))


def test_arms_start_alike_and_only_those_without_a_gradient_keep_their_weights(trained_a_little):
    start, trained = trained_a_little
    assert trained.keys() == ARMS.keys()
    # 50 rows are one batch: before the first step the arms of one bit and one lesson have one loss
    first = {name: students.losses[:, 0] for name, students in trained.items()}
    for name, arm in ARMS.items():
        if arm.backward != "identity":
            np.testing.assert_allclose(first[name], first["ste_T4"], rtol=1e-12)
    assert (first["full_T4"] != first["ste_T4"]).all()
    for name, students in trained.items():
        for (weight, bias), (start_weight, start_bias) in zip(students.parameters, start, strict=True):
            assert torch.equal(weight, start_weight) == (ARMS[name].backward == "fixed")
            assert not torch.equal(bias, start_bias)


def test_the_clamp_acts_after_each_step_and_on_weights_alone(trained_a_little):
    _, trained = trained_a_little
    clamped, free = (trained[name].parameters for name in ("clamp_0_125_T4", "ste_T4"))
    for (weight, _), (free_weight, _) in zip(clamped, free, strict=True):
        assert weight.abs().max() == 0.125
        assert free_weight.abs().max() > 0.125
    assert max(bias.abs().max() for _, bias in clamped) > 0.125
