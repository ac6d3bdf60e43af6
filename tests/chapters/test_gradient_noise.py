"""The claims of the chapter on gradient noise: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import numpy as np
import pytest
from scipy.special import softmax

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("interplay/gradient_noise")
claims = CHAPTER.claims
RECORD = Record("gradient_noise")
higher, lower, interval = RECORD.higher, RECORD.lower, RECORD.interval
Z, V = np.zeros((2, 2)), np.array([[2.0, 0.0], [0.0, 1.0]])


def mean(arm, measure="accuracy"):
    return RECORD.of_seeds(arm, measure).mean()


def straddles(*pair):
    """Return whether a difference may be 0."""
    found = interval(*pair)
    return found.low < 0 < found.high


def gradients(z, v, T):
    return (softmax(z / T, axis=1) - softmax(v / T, axis=1)) / T


def total_variance(z, v, T):
    return np.trace(np.cov(gradients(z, v, T).T, ddof=0))


def exponent(z, v, T):
    return np.log(total_variance(z, v, T * 1.001) / total_variance(z, v, T / 1.001)) / (2 * np.log(1.001))


def sure(classes, lead, knows):
    """Return the logits of the figure of the exponent: each class its turn, ahead by the lead."""
    return knows * lead * np.eye(classes), lead * np.eye(classes)


# By hand


def test_the_example_and_its_blanks():
    claims(
        "p = (0.7311, 0.2689)",
        "$p = (0.3775, 0.6225)$",
        "(-0.1155, 0.1155)",
        "$g = (0.0612, -0.0612)$",
        "The mean is $(-0.0271, 0.0271)$. Each row lies $0.0884$ from it",
        "$2 \\cdot 0.0884^2 = 0.0156$",
        "$(-0.0306, 0.0306)$ and $(0.0155, -0.0155)$; mean $(-0.0075, 0.0075)$",
        "total variance $2 \\cdot 0.0231^2 = 0.0011$",
        "$14.7$: not quite $2^4 = 16$",
    )
    np.testing.assert_allclose(softmax(V / 2, axis=1), [[0.7311, 0.2689], [0.3775, 0.6225]], atol=5e-5)
    np.testing.assert_allclose(softmax(V / 4, axis=1), [[0.6225, 0.3775], [0.4378, 0.5622]], atol=5e-5)
    for T, rows, centre, away, total in (
        (2, [-0.1155, 0.0612], -0.0271, 0.0884, 0.0156),
        (4, [-0.0306, 0.0155], -0.0075, 0.0231, 0.0011),
    ):
        g = gradients(Z, V, T)
        np.testing.assert_allclose(g[:, 0], rows, atol=5e-5)
        assert g.mean(axis=0)[0] == pytest.approx(centre, abs=6e-5)
        np.testing.assert_allclose(np.abs(g - g.mean(axis=0)), away, atol=6e-5)
        assert total_variance(Z, V, T) == pytest.approx(total, abs=5e-5)
    assert total_variance(Z, V, 2) / total_variance(Z, V, 4) == pytest.approx(14.7, abs=0.05)


def test_the_rule_for_the_numbers_of_the_page():
    claims("$(64/8)^{1/4}$, from 4 to $6.7$", "by $\\sqrt{64/8} = 2.8$", "$(4/8)^2 = 1/4 = \\sqrt{4/64}$")
    T = 4 * (64 / 8) ** 0.25
    assert round(T, 1) == 6.7
    assert (T / 4) ** 2 == pytest.approx(8**0.5)
    assert 4 * (64 / 4) ** 0.25 == 8


# The cells


def test_what_the_cells_print():
    _, outputs = CHAPTER.ran
    assert outputs[0].splitlines() == [
        "T = 2: gradients [[-0.1155, 0.1155], [0.0612, -0.0612]], total variance 0.01562",
        "T = 4: gradients [[-0.0306, 0.0306], [0.0155, -0.0155]], total variance 0.00107",
    ]
    assert outputs[1].splitlines() == [
        "with replacement: 16 batches, variance 1.7500, formula 1.7500",
        "without replacement: 6 batches, variance 1.1667, formula 1.1667",
    ]
    d = np.array([[-1.0, 1.0], [0.5, -0.5]])
    for line, T in zip(outputs[2].splitlines(), (1, 2, 4, 8), strict=True):
        true, law = total_variance(Z, V, T), np.trace(np.cov(d.T, ddof=0)) / (4 * T**4)
        assert line == f"T = {T}: true over law {true / law:.3f}, with the factor T² {true * T**4:.4f}"
    claims("at $T = 2$ a ninth of the law is missing")
    assert 1 - total_variance(Z, V, 2) / (0.28125 / 2**4) == pytest.approx(1 / 9, abs=0.001)
    claims("**And the loss has no factor $T^2$.** Squared, that is $T^4$, and eats the whole fall")
    last = [float(line.rpartition(" ")[2]) for line in outputs[2].splitlines()]
    assert last == sorted(last)


def test_the_rule_warns_and_refuses():
    first, warned, refused = CHAPTER.ran[1][3].splitlines()
    assert first == "T = 6.727: gradients times 0.3536; or the step times 0.3536"
    assert warned.startswith("The rule needs temperatures far above every centred logit")
    assert "with the factor T^2 the variance of the gradient does not depend on T" in refused


def test_accumulation_in_torch():
    (shown,) = (code for code in CHAPTER.shown if "torch" in code)
    assert printed_by(shown, {}) == "sums over all True\nmean of means False\n"
    claims("= 1.5, \\quad\\text{but}\\quad", "= 1.25 .")
    assert (2 + np.mean([1, 1, 1])) / 2 == 1.5
    assert np.mean([2, 1, 1, 1]) == 1.25
    claims("With parts of equal size both would be right")
    equal = shown.replace("slice(0, 4), slice(4, 6), slice(6, 7)", "slice(0, 2), slice(2, 4), slice(4, 6)")
    equal = equal.replace("slice(0, 7)", "slice(0, 6)").replace('"sum") / 7', '"sum") / 6')
    assert printed_by(equal, {}) == "sums over all True\nmean of means True\n"


# What the text says of the exponent


def test_with_many_classes_the_fall_overshoots_and_with_two_it_does_not():
    claims("With many classes the fall overshoots.")
    T = np.geomspace(0.5, 64, 43)
    assert min(exponent(*sure(2, 10.0, 0.0), t) for t in T) > -4
    for classes in (10, 100):
        assert min(exponent(*sure(classes, 10.0, 0.0), t) for t in T) < -4.5


def test_where_both_agree_the_noise_grows_first():
    claims("at low temperatures the noise *grows* with $T$")
    for classes in (2, 10, 100):
        assert exponent(*sure(classes, 10.0, 0.5), 0.6) > 0
        assert exponent(*sure(classes, 10.0, 0.0), 0.6) == pytest.approx(-2, abs=0.01)


def test_where_nine_overtake_one():
    claims("$T = 10/\\ln 9 = 4.55$. The exponent is least a little above, near $T = 6$")
    assert 10 / np.log(9) == pytest.approx(4.55, abs=0.005)
    T = np.geomspace(2, 30, 400)
    least = T[np.argmin([exponent(*sure(10, 10.0, 0.0), t) for t in T])]
    assert least == pytest.approx(6, abs=0.7)
    assert least > 10 / np.log(9)


# The record


def test_what_the_page_opens_with():
    assert lower("sgd_0.3_fixed_B8", "sgd_0.3_base_B64")
    for arm in ("sgd_0.3_rule_B8", "sgd_0.3_lr_B8"):
        assert straddles(arm, "sgd_0.3_base_B64")
    assert mean("sgd_0.3_rule_T2_B8") < 0.15


def test_the_noise_of_networks():
    claims(
        "outside of what lies between 2 and 4 on both sides.", "By the weights of the last layer it is nearly the same."
    )
    early = {T: mean("noise_early", f"logits_T{T}") for T in (1, 16)}
    assert early[1] > -2
    assert early[16] < -4
    for state in ("noise_initial", "noise_early", "noise_trained"):
        for T in ("0_5", 1, 2, 4, 8, 16, 32, 64):
            assert abs(mean(state, f"logits_T{T}") - mean(state, f"parameters_T{T}")) < 0.12
    trained = [mean("noise_trained", f"logits_T{T}") for T in (1, 4, 64)]
    assert trained == sorted(trained, reverse=True)
    assert -2.7 < trained[0] < -2.3
    assert -4 < trained[2] < -3.8


def test_what_came_out_of_the_rule():
    claims("The rule is a rule for steps.", "Where the step was short enough it harms.", "With Adam nothing:")
    assert higher("sgd_0.3_rule_B8", "sgd_0.3_fixed_B8")
    for size in (8, 4):
        assert straddles(f"sgd_0.3_rule_B{size}", f"sgd_0.3_lr_B{size}")
        for step in ("sgd_0.1", "sgd_0.01"):
            assert lower(f"{step}_rule_B{size}", f"{step}_fixed_B{size}")
        assert straddles(f"adam_rule_B{size}", f"adam_fixed_B{size}")
    assert not higher("sgd_0.3_rule_T2_B8", "sgd_0.3_fixed_B8")
    assert lower("adam_lr_B8", "adam_fixed_B8")


def test_what_stays_unexplained():
    claims("the rule is ahead of the shorter step", "with a thirtieth behind", "it gained")
    assert higher("sgd_0.1_rule_B8", "sgd_0.1_lr_B8")
    assert lower("sgd_0.01_rule_B8", "sgd_0.01_lr_B8")
    assert higher("sgd_0.01_rule_T2_B8", "sgd_0.01_fixed_B8")


def test_signal_over_noise_does_care():
    claims("Signal over noise, which should not care for the temperature, does:")
    at = {T: RECORD.of_seeds("noise_initial", f"snr_T{T}") for T in (4, 64)}
    assert (at[64] > 10 * at[4]).all()


def test_the_variance_of_the_first_step():
    claims("should stay what it was")
    assert RECORD.of_seeds("sgd_0.3_fixed_B8", "step_variance") == pytest.approx(8)
    assert 1.1 < mean("sgd_0.3_rule_B8", "step_variance") < 1.4
    assert mean("sgd_0.3_lr_B8", "step_variance") == pytest.approx(1)
