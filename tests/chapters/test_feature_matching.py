"""The claims of the chapter on feature matching: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import optimize

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("principles/feature_matching")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("feature_matching")
higher, lower, interval = RECORD.higher, RECORD.lower, RECORD.interval


def share(a, c, lam):
    return lam * c / (a + lam * c)


def excess(a, c, delta, sigma2, tau2, lam):
    """Return the excess of one parameter, from the shares of both sources."""
    u = share(a, c, lam)
    return (u * delta) ** 2 + (1 - u) ** 2 * sigma2 / a + u**2 * tau2 / c


def best(*problem):
    """Return the best lambda of one parameter, and its excess, by a search."""
    found = optimize.minimize_scalar(
        lambda log: excess(*problem, np.exp(log)), bounds=(-12, 12), method="bounded", options={"xatol": 1e-10}
    )
    return np.exp(found.x), found.fun


def break_even(*problem):
    """Return the lambda beyond the best at which the excess is back at that of logits alone."""
    start, _ = best(*problem)
    return optimize.brentq(lambda lam: excess(*problem, lam) - excess(*problem, 0), start, 1e9)


def after(text, words):
    """Return the first number that follows these words."""
    return float(re.search(re.escape(words) + r"\D*?(\d+(?:\.\d+)?)", text)[1])


# By hand


def test_the_example_by_hand():
    example, _ = passage("By hand\n:class: worked-example", "\n::::").split("*Now you:*")
    problem = (4, 2, 0.5, 1, 0.3)
    lam, least = best(*problem)
    text = " ".join(example.split())
    assert "$1/4 = 0.25$" in text
    assert "$0.5^2 + 0.3/2 = 0.40$" in text
    assert "$1/(2 \\cdot 0.25 + 0.3) = 1.25$" in text
    assert "the excess is 0.154" in text
    assert "= 6.67$" in text
    assert lam == pytest.approx(1.25, rel=1e-4)
    assert least == pytest.approx(0.154, abs=5e-4)
    assert excess(*problem, 0) == 0.25
    assert excess(*problem, 1e12) == pytest.approx(0.40)
    assert break_even(*problem) == pytest.approx(6.67, abs=5e-3)


def test_the_blanks():
    blanks = " ".join(passage("The blanks\n", "::::").split())
    problem = (4, 2, 0.0, 1, 0.3)
    lam, least = best(*problem)
    assert excess(*problem, 1e12) == pytest.approx(after(blanks, "Features alone: "))
    assert "$1/0.3 = 3.33$" in blanks
    assert lam == pytest.approx(3.33, abs=5e-3)
    assert "0.0938$" in blanks
    assert least == pytest.approx(0.0938, abs=5e-5)
    assert "They never hurt" in blanks
    assert excess(*problem, 1e12) < excess(*problem, 0)


@given(
    st.tuples(*[st.floats(0.1, 20)] * 2, st.floats(-3, 3), st.floats(0.05, 4), st.floats(0.05, 4)),
    st.floats(0, 1e3),
)
def test_the_best_mixture_adds_precisions_and_nothing_passes_it(problem, lam):
    claims("The bar touches the line at one $\\lambda$, and never passes it.")
    a, c, delta, sigma2, tau2 = problem
    least = 1 / (a / sigma2 + 1 / (delta**2 + tau2 / c))
    assert excess(*problem, sigma2 / (c * delta**2 + tau2)) == pytest.approx(least)
    assert excess(*problem, lam) >= least * (1 - 1e-12)


@given(st.tuples(*[st.floats(0.1, 20)] * 2, st.floats(-3, 3), st.floats(0.05, 4), st.floats(0.05, 4)))
def test_beyond_the_break_even_features_hurt_if_they_are_the_worse_source(problem):
    claims("if the features are the worse source of the two. If they are not, no weight is too large.")
    a, c, delta, sigma2, tau2 = problem
    p, q = sigma2 / a, delta**2 + tau2 / c
    if q <= p:
        assert all(excess(*problem, lam) <= p * (1 + 1e-9) for lam in np.geomspace(1e-3, 1e9, 40))
    elif q > 1.01 * p:
        lam = 2 * sigma2 / c / (q - p)
        assert excess(*problem, lam) == pytest.approx(p)
        assert excess(*problem, 1.1 * lam) > p > excess(*problem, 0.9 * lam)


# The cells


def test_the_first_cell_stacks_rows_with_the_root():
    names, outputs = CHAPTER.ran
    X, F, y, h = (names[name] for name in ("X", "F", "y", "h"))
    for lam in (0.0, 0.8, 50.0):
        normal = np.linalg.solve(X.T @ X + lam * F.T @ F, X.T @ y + lam * F.T @ h)
        np.testing.assert_allclose(names["fit"](X, F, y, h, lam), normal)
    assert "[0.181 0.496]" in outputs[0]


def test_the_drawn_excess_is_that_of_the_formula():
    names, outputs = CHAPTER.ran
    exact, drawn = re.search(r"excess: ([\d.]+), drawn ([\d.]+)", outputs[1]).groups()
    assert float(exact) == pytest.approx(0.540196, abs=5e-4)
    assert float(drawn) == pytest.approx(0.540196, abs=0.01)
    np.testing.assert_allclose(names["exact"].bias, [0.28346, 0.22572], atol=5e-6)


def test_gains_at_the_best_weight_are_those_of_a_search():
    _, outputs = CHAPTER.ran
    for delta, line in zip((0, 1, 2, 20), outputs[2].splitlines(), strict=True):
        problem = (10, 10, delta, 1.0, 0.2)
        lam, least = best(*problem)
        said = float(re.search(r"best lambda ([\d.]+)", line)[1])
        gain = float(re.search(r"gain ([\d.]+)%", line)[1])
        assert said == pytest.approx(lam, rel=0.01)
        assert gain == pytest.approx(100 * (1 - least / 0.1), abs=0.006)
        assert gain > 0
        assert ("inf" in line) == (delta == 0)


def test_with_exact_logits_every_weight_costs():
    _, outputs = CHAPTER.ran
    found = [float(line.split()[-1]) for line in outputs[3].splitlines()]
    assert found == [0, 0.0003, 0.0100, 0.0331]
    claims("all darts hit</a>, until you add the hint.")


def test_a_weight_of_means_is_another_lambda_of_sums():
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    names = {}
    assert printed_by(shown, names) == "weight 0.5 of means is lambda = 0.15625 of sums\n"
    sums = [torch.sum((names[f"student_{of}"] - names[f"teacher_{of}"]) ** 2) for of in ("logits", "features")]
    torch.testing.assert_close(names["loss"], (sums[0] + names["lam"] * sums[1]) / 80)


# What the text says besides


def test_noisy_aligned_features_hurt_at_a_large_weight():
    claims("In the second figure set $\\delta = 0$, $a = 20$, $c = 1$, and raise $\\lambda$:")
    problem = (20, 1, 0, 1.0, 0.3)
    assert excess(*problem, 100) > excess(*problem, 0)


def test_the_slope_of_a_student_that_omits_an_input_harms_on_other_inputs():
    claims(
        "the slope $1.6$ is off by $1 - 0.6^2 = 0.64$ in the mean square, and the true slope by $1$",
        "$1.6$ is off by $0.6^2 + 1 = 1.36$, and the true slope still by $1$",
    )
    for correlation, errors in ((0.6, (0.64, 1.00)), (0.0, (1.36, 1.00))):
        inputs = np.array([[1, correlation], [correlation, 1]])
        for slope, error in zip((1.6, 1.0), errors, strict=True):
            miss = np.array([1 - slope, 1])  # the teacher's logit is the sum of both inputs
            assert miss @ inputs @ miss == pytest.approx(error)


def test_without_noise_aligned_features_cost_nothing_in_the_model():
    claims("{eq}`eq-excess` is 0 at every")
    assert all(excess(4, 2, 0, 0, 0, lam) == 0 for lam in (0, 1, 100))
    assert lower("rows100_lambda_10", "rows100_lambda_0")


def test_how_far_the_star_can_be_so_that_no_weight_is_too_large():
    solution = " ".join(passage("**Find**", "**Measure**").split())
    assert "\\delta \\le 0.4" in solution
    for distance, helps in ((0.39, True), (0.41, False)):
        features_alone, logits_alone = distance**2 + 2 * 0.2 / 10, 2 / 10
        assert (features_alone <= logits_alone) == helps


def test_the_slope_at_zero_is_that_of_a_difference():
    rng = np.random.default_rng(1)
    X, F, root = rng.normal(size=(7, 3)), rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
    A, K, Sigma = X.T @ X, F.T @ F, root @ root.T

    def total(lam, delta):
        S = np.linalg.inv(A + lam * K)
        bias = lam * S @ K @ delta
        return bias @ Sigma @ bias + np.trace(Sigma @ S @ (0.5 * A + lam**2 * 2.0 * K) @ S)

    slope = -2 * 0.5 * np.trace(Sigma @ np.linalg.inv(A) @ K @ np.linalg.inv(A))
    for delta in (np.zeros(3), np.array([9.0, -5.0, 30.0])):
        step = 1e-7
        assert (total(step, delta) - total(-step, delta)) / (2 * step) == pytest.approx(slope, rel=1e-5)
    columns = np.linalg.inv(A) @ np.linalg.cholesky(Sigma)
    assert np.sum((F @ columns) ** 2) == pytest.approx(-slope / 2 / 0.5)


# The record


def test_what_the_page_opens_with():
    claims("At one weight the nonsense helps", "It loses:")
    assert higher("rows100_noisy_permuted_lambda_1", "rows100_noisy_permuted_lambda_0")
    assert lower("rows100_noisy_permuted_lambda_10000", "rows100_noisy_permuted_lambda_0")
    assert lower("rows100_lambda_10", "rows100_lambda_0")


def test_what_came_out():
    claims("The images' own features help much:", "Those of *other* images help a little")
    own, others = (
        RECORD.of_seeds(f"rows100_noisy_{arm}").mean() - RECORD.of_seeds("rows100_noisy_lambda_0").mean()
        for arm in ("lambda_10", "permuted_lambda_1")
    )
    assert own > 4 * others > 0
    assert higher("rows100_noisy_lambda_1", "rows100_noisy_permuted_lambda_1")
    claims(
        "They do about as well as at the largest weight",
        "No weight brought a gain in accuracy that stands out from chance",
    )
    found = interval("rows100_noisy_lambda_10000", "rows100_noisy_lambda_10")
    assert found.low < 0 < found.high
    assert not any(higher(f"rows100_lambda_{lam:g}", "rows100_lambda_0") for lam in (0.01, 0.1, 1, 10, 100, 10_000))
    np.testing.assert_array_equal(
        RECORD.of_seeds("rows100_noisy_lambda_0"), RECORD.of_seeds("rows100_noisy_permuted_lambda_0")
    )


def test_with_all_images_the_distance_halves_and_the_accuracy_stays():
    claims("halves the distance from the teacher's logits", "The accuracy stays:")
    ratio = (
        RECORD.of_seeds("rows1297_noisy_lambda_1", "logit_error").mean()
        / RECORD.of_seeds("rows1297_noisy_lambda_0", "logit_error").mean()
    )
    assert 0.45 < ratio < 0.55
    found = interval("rows1297_noisy_lambda_1", "rows1297_noisy_lambda_0")
    assert found.low < 0 < found.high


def test_with_exact_logits_a_small_weight_lowered_the_distance_a_little():
    claims("With exact logits a small weight, $\\lambda = 0.1$ and 100 images, lowered that distance a little")
    assert lower("rows100_lambda_0.1", "rows100_lambda_0", measure="logit_error")


def test_draws_were_as_far_off_as_chance_has_it():
    claims("chance alone gives about two")
    rng = np.random.default_rng(0)
    correlated = np.abs(rng.standard_normal((1000, 7))).max(axis=1).mean()  # were the seven weights independent
    assert np.abs(rng.standard_normal(10_000)).mean() < RECORD.of_seeds("misaligned", "worst_standard_errors").mean()
    assert RECORD.of_seeds("misaligned", "worst_standard_errors").mean() < correlated + 0.3
