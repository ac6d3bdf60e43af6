"""The claims of the chapter on the distillation loss: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import special, stats

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("principles/distillation_loss")
claims, passage = CHAPTER.claims, CHAPTER.passage
DIGITS, TOY, OTHER = Record("distillation_loss"), Record("classroom"), Record("temperature")
P, Q = np.array([0.7, 0.2, 0.1]), np.array([0.4, 0.4, 0.2])
Z, V, LABEL = np.array([2.0, 1.5, -1.0, -1.0]), np.array([3.0, 1.0, -2.0, 0.5]), 0

pairs = st.integers(2, 6).flatmap(lambda C: st.tuples(*2 * [arrays(np.float64, C, elements=st.floats(-8, 8))]))
temperatures = st.floats(0.5, 20)


def softmax(z, T):
    return special.softmax(np.asarray(z, dtype=np.float64) / T)


def kl(z, v, T):
    return stats.entropy(softmax(v, T), softmax(z, T))


def cross_entropy(z, label):
    return -special.log_softmax(z)[label]


def slope(loss, z, h=1e-5):
    """Return the gradient by central differences."""
    return np.array([(loss(z + h * e) - loss(z - h * e)) / (2 * h) for e in np.eye(z.size)])


def numbers(text):
    return [float(found) for found in re.findall(r"(?<![\w.])-?\d+\.\d+", text)]


# By hand


def test_the_example_by_hand():
    example = passage("By hand\n:class: worked-example", "*Now you:*")
    terms = P * np.log(P / Q)
    stated = [float(each) for each in re.findall(r"= (-?0\.\d{4})\$", example)]
    np.testing.assert_allclose(stated[:3], terms, atol=5e-5)
    assert stated[3] == pytest.approx(stats.entropy(Q, P), abs=5e-5)
    for value in (terms.sum(), stats.entropy(P), stats.entropy(P) + terms.sum()):
        assert f"${value:.4f}$" in example


def test_the_blanks():
    blanks = passage("The blanks", "::::")
    terms = P * np.log(P / np.array([0.6, 0.3, 0.1]))
    for value in (*terms[:2], terms.sum()):
        assert f"{value:.4f}$" in blanks
    assert terms[2] == 0


@given(pairs, temperatures)
def test_cross_entropy_and_divergence_differ_by_the_teachers_entropy_and_have_one_gradient(both, T):
    claims(
        "KL and cross-entropy have the *same gradient*, and differ in value alone",
        "the best student there is stays at $H(p)$",
    )
    z, v = both
    p = softmax(v, T)
    soft = -(p * special.log_softmax(z / T)).sum()
    assert soft == pytest.approx(stats.entropy(p) + kl(z, v, T), abs=1e-9)
    gradient = slope(lambda x: -(p * special.log_softmax(x / T)).sum(), z)
    np.testing.assert_allclose(slope(lambda x: kl(x, v, T), z), gradient, atol=1e-6)


@given(pairs, temperatures)
def test_the_terms_of_the_core_have_the_same_sum_and_none_is_negative(both, T):
    claims("$p_i (e^{r_i} - 1 - r_i)$", "It is the same sum, since $\\sum_i (q_i - p_i) = 0$")
    z, v = both
    delta = special.log_softmax(z / T) - special.log_softmax(v / T)
    terms = softmax(v, T) * (np.exp(delta) - 1 - delta)
    assert (terms >= -1e-12).all()
    assert terms.sum() == pytest.approx(kl(z, v, T), abs=1e-9)


def test_the_two_directions_differ_more_for_a_student_who_is_far():
    claims("set $q$ to $(0.05, 0.9, 0.05)$ in the figure")
    far = [0.05, 0.9, 0.05]
    assert abs(stats.entropy(P, far) - stats.entropy(far, P)) > 10 * abs(stats.entropy(P, Q) - stats.entropy(Q, P))


# Gradients and pushes


@given(pairs, temperatures)
def test_the_gradients(both, T):
    claims(r"\frac{\partial}{\partial z_i} \mathrm{CE}(y, q(1)) = q_i(1) - \delta_{iy}", r"= \frac{q_i - p_i}{T}")
    z, v = both
    one_hot = np.eye(z.size)[0]
    np.testing.assert_allclose(slope(lambda x: cross_entropy(x, 0), z), softmax(z, 1) - one_hot, atol=1e-6)
    np.testing.assert_allclose(slope(lambda x: kl(x, v, T), z), (softmax(z, T) - softmax(v, T)) / T, atol=1e-6)


@given(pairs)
def test_without_its_factor_the_push_falls_as_the_square(both):
    claims("Together the teacher's push falls as $1/T^2$.")
    z, v = both
    pushes = [T * (softmax(z, T) - softmax(v, T)) for T in (1e4, 1e5)]  # times T², and over T
    np.testing.assert_allclose(*pushes, atol=2e-2)
    centred = (z - z.mean()) - (v - v.mean())
    np.testing.assert_allclose(pushes[1], centred / z.size, atol=1e-2)


def test_the_cell_checks_the_gradient():
    _, outputs = CHAPTER.ran
    by_formula, by_difference = (re.findall(r"-?\d\.\d+", line) for line in outputs[0].splitlines())
    expected = 0.5 * (softmax(Z, 1) - np.eye(4)[LABEL]) + 0.5 * 4 * (softmax(Z, 4) - softmax(V, 4))
    assert by_formula == by_difference
    np.testing.assert_allclose([float(each) for each in by_formula], expected, atol=5e-5)


def lengths(alpha, T, factor=True):
    hard = (1 - alpha) * np.linalg.norm(softmax(Z, 1) - np.eye(4)[LABEL])
    return hard, alpha * (T if factor else 1 / T) * np.linalg.norm(softmax(Z, T) - softmax(V, T))


def test_the_weights_and_the_pushes_of_the_thread():
    claims(r"$0.95 \cdot 36 = 34.2$", "That is $684$ to $1$", "The pushes are $0.443$ and $0.0274$: $16$ to $1$")
    hard, soft = lengths(0.95, 6)
    assert (round(soft, 3), round(hard, 4), round(soft / hard)) == (0.443, 0.0274, 16)
    assert 0.95 * 36 / 0.05 == pytest.approx(684)


@pytest.mark.parametrize(
    ("T", "row"), [(4, "| $T = 4$ | $0.450$ | $0.049$ |"), (16, "| $T = 16$ | $0.475$ | $0.0035$ |")]
)
def test_the_shares(T, row):
    claims(row)
    for stated, factor in zip(numbers(row), (True, False), strict=True):
        hard, soft = lengths(0.5, T, factor)
        assert soft / (hard + soft) == pytest.approx(stated, rel=0.02)


# High temperatures


@given(pairs)
def test_the_limit_is_half_the_mean_square_of_centred_differences(both):
    claims(r"T^2\, \mathrm{KL}(p \| q) \to \frac{1}{2C} \sum_i d_i^2")
    z, v = both
    T = 1e4
    delta = special.log_softmax(z / T) - special.log_softmax(v / T)
    near = (softmax(v, T) * (np.expm1(delta) - delta)).sum()
    assert T**2 * near == pytest.approx(np.var(z - v) / 2, rel=1e-2, abs=1e-3)


def test_how_far_the_limit_is():
    claims(r"the limit is $23\,\%$ too large at $T = 4$")
    limit = np.var(Z - V) / 2
    assert round(100 * (limit / (4**2 * kl(Z, V, 4)) - 1)) == 23


def test_raw_logits_notice_a_shift():
    claims("stays at $0.43203$", "goes from $0.5625$ to $4.3125$")
    for shift, raw in ((0, 0.5625), (3, 4.3125)):
        assert 16 * kl(Z + shift, V, 4) == pytest.approx(0.43203, abs=5e-6)
        assert ((Z + shift - V) ** 2).sum() / 8 == pytest.approx(raw)


def test_the_three_traps():
    _, outputs = CHAPTER.ran
    infinite, at_0, shapes, of_means, mean = outputs[1].splitlines()
    assert infinite == "0 times infinity: nan"
    assert at_0 == f"the loss at alpha = 0: {cross_entropy(np.array([0, -np.inf, 1.0]), 2):.4f}"
    assert shapes == "two losses less two losses: (2, 2)"
    assert (of_means, mean) == ("mean of means: 1.5", "mean: 1.25")


# In PyTorch, and where it fails


def test_the_lines_of_pytorch_give_the_loss():
    z, v = np.array([[2.0, 1.5, -1.0], [0.0, 1.0, 3.0]]), np.array([[3.0, 1.0, -2.0], [1.0, 0.0, 2.0]])
    soft = np.mean([kl(*rows, 4) for rows in zip(z, v, strict=True)])
    hard = np.mean([cross_entropy(z[0], 0), cross_entropy(z[1], 2)])
    expected = 0.3 * hard + 0.7 * 16 * soft
    assert expected == pytest.approx(0.371225, abs=5e-7)
    assert float(printed_by(CHAPTER.shown[0], {})) == pytest.approx(expected, abs=5e-5)


def test_a_softmax_before_the_loss_has_a_floor():
    claims(r"With three classes it cannot fall below $\log(1 + 2/e) = 0.551$")
    sure = np.eye(3)[0]  # the best probabilities there are, taken for logits
    assert cross_entropy(sure, 0) == pytest.approx(np.log(1 + 2 / np.e))
    assert round(np.log(1 + 2 / np.e), 3) == 0.551


def test_a_temperature_on_one_side_only_teaches_to_be_undecided():
    claims("With the student at $T = 1$ and the teacher at $T = 4$ the student learns to be undecided.")
    assert stats.entropy(softmax(V, 4)) > 2 * stats.entropy(softmax(V, 1))  # at its best, q(1) = p(4)


def test_the_solution_of_find():
    claims("for instance the student's cat at 6 and the teacher's at 1")
    z, v = np.array([6.0, 1.5, -1.0, -1.0]), np.array([1.0, 0.5, -2.0, 0.5])
    assert v.argmax() == 0
    assert softmax(z, 4)[0] > softmax(v, 4)[0]


# What was measured


def test_the_order_turns_round():
    claims("and the order turns round", "With few examples a large gain, with all a small loss.")
    for width in (8, 16, 32):
        for rows in (20, 50, 100):
            assert DIGITS.higher(f"w{width}_{rows}_kd", f"w{width}_{rows}_hard")
        assert DIGITS.lower(f"w{width}_1297_kd", f"w{width}_1297_hard")


def test_the_alternative_text_of_the_gains():
    claims("With 20 examples about 12 points, with 50 about 9, with 100 between 6 and 7, with 1,297 a little below 0.")
    gain = {
        rows: [
            100 * np.mean(DIGITS.of_seeds(f"w{w}_{rows}_kd") - DIGITS.of_seeds(f"w{w}_{rows}_hard"))
            for w in (8, 16, 32)
        ]
        for rows in (20, 50, 100, 1297)
    }
    assert np.mean(gain[20]) == pytest.approx(12, abs=0.5)
    assert np.mean(gain[50]) == pytest.approx(9, abs=0.5)
    assert 6 < min(gain[100]) < max(gain[100]) < 7.05
    assert -1.5 < min(gain[1297]) < max(gain[1297]) < 0


def test_what_counts_is_what_the_teacher_knows():
    claims(
        "What counts is what the teacher knows.",
        "its first choices taught about as much as its soft targets",
        "soft targets made the better *copy*",
    )
    low, high = DIGITS.interval("lesser_100_kd", "w16_100_hard")
    assert low < 0 < high
    assert DIGITS.higher("w16_100_kd", "lesser_100_kd")
    low, high = DIGITS.interval("lesser_others_kd", "lesser_others_pseudo")
    assert low < 0 < high
    assert DIGITS.lower("lesser_others_kd", "lesser_others_pseudo", measure="kl")


def test_labels_are_learned_sooner():
    claims(
        "On digits labels are learned sooner",
        "lies above that of soft targets after 10 and 30 steps, meets it at about 100",
    )
    for step in (10, 30):
        assert DIGITS.lower(f"w16_100_kd_after_{step}", f"w16_100_hard_after_{step}")
    assert DIGITS.higher("w16_100_kd_after_300", "w16_100_hard_after_300")
    after_100 = 100 * np.mean(DIGITS.of_seeds("w16_100_kd_after_100") - DIGITS.of_seeds("w16_100_hard_after_100"))
    assert abs(after_100) < 2


def test_the_stop_saves_nothing_on_digits_and_most_in_the_toy():
    claims(
        "That saved nothing;",
        "Weight decay saved a little.",
        "the stop in time, which in the classroom saved most of the gap",
        "So the toy exaggerates overfitting.",
    )
    low, high = DIGITS.interval("w16_100_hard_stopped", "w16_100_hard")
    assert low < 0 < high
    assert DIGITS.higher("w16_100_kd", "w16_100_hard_stopped")
    decayed = 100 * np.mean(DIGITS.of_seeds("w16_100_hard_decayed") - DIGITS.of_seeds("w16_100_hard"))
    assert DIGITS.higher("w16_100_hard_decayed", "w16_100_hard")
    assert decayed < 2
    saved, gap = (TOY.of_seeds(arm).mean() - TOY.of_seeds("hard_30").mean() for arm in ("hard_30_early", "kd_30"))
    assert saved > gap / 2


def test_two_hundred_labels_are_better_than_a_stop_and_the_teacher_better_still():
    claims(
        "would have been better spent on learning", "the teacher's soft targets for 100 images were still worth more"
    )
    assert DIGITS.higher("w16_200_hard", "w16_100_hard_stopped")
    assert DIGITS.higher("w16_100_kd", "w16_200_hard")


def test_the_factor_in_a_mixture_and_alone():
    claims(
        "It costs accuracy: with 100 digits",
        "With $\\alpha = 1$ the factor makes no difference that one could see",
        "Other weights than $\\alpha = 0.5$ and 1, which did alike with 100 digits",
    )
    assert DIGITS.lower("w16_100_both_without_T2", "w16_100_both")
    assert np.abs(TOY.of_seeds("kd_30_T8_without_T2") - TOY.of_seeds("kd_30_T8")).max() < 0.005
    assert OTHER.lower("sgd_kd_T16_without_T2", "sgd_kd_T16")
    assert np.mean(DIGITS.of_seeds("w16_100_both") - DIGITS.of_seeds("w16_100_kd")) == pytest.approx(0, abs=0.005)


def test_the_toy():
    claims(
        "most of the gain is there already",
        "The student of labels was good *early*, and spoiled it",
    )
    assert TOY.higher("kd_30", "hard_30")
    choice, softness = (
        np.mean(TOY.of_seeds(a) - TOY.of_seeds(b)) for a, b in (("choice_30", "hard_30"), ("kd_30", "choice_30"))
    )
    assert choice > 2 * softness > 0
    assert TOY.higher("hard_30_early", "hard_30")

    for arm, baseline in (("kd_600", "hard_600"), ("same_30_kd", "same_30_hard")):
        low, high = TOY.interval(arm, baseline)
        assert low < 0 < high


def test_slower_and_not_worse():
    claims(
        "They were slower, not worse.",
        "With all digits soft targets brought the student nearer to its teacher, and it was less often right",
    )
    assert DIGITS.lower("signals_mlp_4000_kd", "signals_mlp_4000_hard")
    assert DIGITS.higher("signals_mlp_4000_kd_long", "signals_mlp_4000_hard_long")
    assert DIGITS.lower("w16_1297_kd", "w16_1297_hard", measure="kl")


def test_the_design_is_that_of_the_record():
    claims(
        "students have one hidden layer of 8, 16 or 32 units",
        "Students see 20, 50, 100 or all of these images, for 600 steps",
        "$\\alpha = 1$, $T = 4$",
    )
    arms = DIGITS.measured["arms"]
    assert (DIGITS.measured["widths"], DIGITS.measured["counts"]) == ([8, 16, 32], [20, 50, 100, 1297])
    assert DIGITS.measured["temperature"] == 4
    assert {arms["w16_100_kd"]["alpha"], arms["w16_100_both"]["alpha"], arms["w16_100_hard"]["alpha"]} == {0, 0.5, 1}
    assert arms["w16_100_kd"]["steps"] == 600


def test_the_code_of_measure_gives_paired_intervals():
    printed = printed_by(CHAPTER.shown[-1], {}).splitlines()
    for line, step in zip(printed, (10, 30, 100, 300), strict=True):
        mean = float(re.search(r"mean': (-?[\d.]+)", line)[1])
        arms = (DIGITS.of_seeds(f"w16_100_{name}_after_{step}") for name in ("kd", "hard"))
        assert mean == pytest.approx(np.subtract(*arms).mean())


def test_links_set_what_the_classroom_has():
    from urllib.parse import parse_qs, unquote, urlsplit

    from kdlab.explore.classroom import whole

    controls = whole.explorable.controls
    links = re.findall(r'<a href="(#classroom[^"]+)"', CHAPTER.source)
    assert len(links) == 2
    for link in links:
        name, _, state = urlsplit(link).fragment.partition("?")
        assert name == "classroom.whole"
        for control, (text,) in parse_qs(state).items():
            value = {"on": True, "off": False}.get(text, text)
            value = (
                float(text)
                if control in ("alpha", "temperature")
                else unquote(value)
                if isinstance(value, str)
                else value
            )
            controls[control].check(control, value)
