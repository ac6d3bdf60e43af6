"""The claims of the chapter on temperature: each is looked up in its text, and computed here without kdlab.

A claim that is reworded must be looked at again, so its test fails.
"""

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import optimize, special, stats
from sklearn.datasets import load_digits

from chapters.chapter import Chapter, Record, printed_by

CHAPTER = Chapter("principles/temperature")
claims, passage = CHAPTER.claims, CHAPTER.passage
RECORD = Record("temperature")
accuracies = RECORD.of_seeds
ANIMALS = np.array([5.0, 4.5, 0.0, 0.0, -2.0])
CAT, LYNX = 0, 1
TEMPERATURES = np.geomspace(0.05, 1000, 400)

logits = arrays(np.float64, st.integers(2, 8), elements=st.floats(-10, 10))
temperatures = st.floats(0.2, 50)


def softmax(z, T):
    return special.softmax(np.asarray(z, dtype=np.float64) / T)


def entropy(z, T):
    return stats.entropy(softmax(z, T))


def mean_logit(z, T):
    return softmax(z, T) @ z


def variance(z, T):
    return softmax(z, T) @ (z - mean_logit(z, T)) ** 2


def slope(function, T):
    """Return the derivative by a central difference of fourth order."""
    h = 1e-3 * T
    return (8 * (function(T + h) - function(T - h)) - (function(T + 2 * h) - function(T - 2 * h))) / (12 * h)


def tuples(text):
    """Return the tuples of numbers in a text, such as (0, -0.5, -1)."""
    return [tuple(map(float, found.split(","))) for found in re.findall(r"\(([-\d., ]+,[-\d., ]+)\)", text)]


# The worked example, the blanks and the solutions


def test_the_example_by_hand():
    example, _ = passage("By hand\n:class: worked-example", "\n::::").split("*Now you:*")
    z, u, p, p_at_1 = tuples(example)
    T = float(re.search(r"at \$T = (\d)\$\.", example)[1])
    assert (z, T) == ((2, 1, 0), 2)
    np.testing.assert_allclose(u, (np.array(z) - max(z)) / T, rtol=0, atol=0)
    np.testing.assert_allclose(p, softmax(z, T), rtol=0, atol=0.5e-3)
    np.testing.assert_allclose(p_at_1, softmax(z, 1), rtol=0, atol=0.5e-3)
    *exponentials, total = map(
        float, re.search(r"are (\S+), (\S+) and (\S+); they add up to (\S+)\.\s", " ".join(example.split())).groups()
    )
    np.testing.assert_allclose(exponentials, np.exp(u), rtol=0, atol=0.5e-3)
    assert total == pytest.approx(sum(exponentials), abs=1e-9)  # by hand, so of the rounded ones


def test_the_blanks():
    blanks = passage("The blanks", "::::")
    u, p = tuples(blanks)
    np.testing.assert_allclose(u, np.array([0, -1, -2]) / 0.5, rtol=0, atol=0)
    np.testing.assert_allclose(p, softmax([2, 1, 0], 0.5), rtol=0, atol=0.5e-3)
    exponentials = re.search(r"exponentials are \$(.*)\$, \$(.*)\$ and \$(.*)\$;", blanks).groups()
    np.testing.assert_allclose(list(map(float, exponentials)), np.exp(u), rtol=0, atol=0.5e-3)
    assert "*Now you:* the same logits at $T = 0.5$." in CHAPTER.text
    assert r"$p = (0.867, \_\,, \_)$" in CHAPTER.text


def test_where_the_cat_is_twice_as_likely_as_the_lynx():
    claims(r"gives $T = 0.5/\log 2 \approx 0.72$")
    T = 0.5 / np.log(2)
    assert round(T, 2) == 0.72
    p = softmax(ANIMALS, T)
    assert p[CAT] / p[LYNX] == pytest.approx(2, rel=1e-12)


@given(logits, temperatures)
def test_the_sum_cancels_in_the_difference(z, T):
    claims(r"$\log p_i - \log p_j = (z_i - z_j)/T$")
    log_p = special.log_softmax(z / T)
    np.testing.assert_allclose(log_p[0] - log_p[1], (z[0] - z[1]) / T, rtol=1e-9, atol=1e-9)


@given(logits, temperatures)
def test_each_step_of_the_derivation(z, T):
    claims(
        r"$H = \log Z - \mu/T$ with $Z = \sum_j \exp(z_j/T)$",
        r"$\frac{d}{dT}\log Z = -\mu/T^2$",
        r"(\mu^2 - \sum_i p_i z_i^2)/T^2 = -\mathrm{Var}_p(z)/T^2$",
    )
    mu, var = mean_logit(z, T), variance(z, T)
    log_Z = special.logsumexp(z / T)
    np.testing.assert_allclose(log_Z - mu / T, entropy(z, T), rtol=1e-9, atol=1e-11 * (1 + np.abs(z).max() / T))
    tolerance = {"rtol": 1e-6, "atol": 1e-7 * (1 + np.abs(z).max() / T) ** 2 / T}
    np.testing.assert_allclose(slope(lambda t: special.logsumexp(z / t), T), -mu / T**2, **tolerance)
    np.testing.assert_allclose(slope(lambda t: mean_logit(z, t), T), -var / T**2, **tolerance)
    np.testing.assert_allclose(mu**2 - softmax(z, T) @ z**2, -var, rtol=1e-9, atol=1e-10 * (1 + np.abs(z).max()) ** 2)
    np.testing.assert_allclose(slope(lambda t: entropy(z, t), T), var / T**3, **tolerance)


def test_the_solutions_of_find():
    claims(
        "One class far below four that are equal: only it lies below the mean.",
        "another class must be on top: the teacher is wrong",
    )
    one_far_below = np.array([3.0, 3.0, 3.0, 3.0, -5.0])
    assert (one_far_below < mean_logit(one_far_below, 1)).tolist() == [False] * 4 + [True]
    wrong_teacher = np.array([1.0, 4.0, 0.0, 0.0, -2.0])
    assert wrong_teacher[CAT] < mean_logit(wrong_teacher, 1)


@given(logits, temperatures)
def test_a_class_on_top_never_gains(z, T):
    assert z.max() >= mean_logit(z, T) - 1e-9


def test_the_code_of_measure_gives_the_paired_interval():
    printed = printed_by(CHAPTER.shown[-1], {})
    interval = RECORD.interval("kd_T2", "kd_T1")
    mean, half_width = (float(number) for number in re.findall(r"(?:mean|half_width)': ([\d.]+)", printed))
    assert mean == pytest.approx(sum(interval) / 2)
    assert half_width == pytest.approx((interval[1] - interval[0]) / 2)


@pytest.mark.parametrize(
    ("claim", "at_0", "at_infinity"),
    [("$(1/2, 1/2, 0)$: the two largest share. And $(1/3, 1/3, 1/3)$.", [1 / 2, 1 / 2, 0], [1 / 3, 1 / 3, 1 / 3])],
)
def test_the_answers_at_both_ends(claim, at_0, at_infinity):
    claims("Logits (3, 3, 1).", claim)
    np.testing.assert_allclose(softmax([3, 3, 1], 1e-3), at_0, atol=1e-12)
    np.testing.assert_allclose(softmax([3, 3, 1], 1e9), at_infinity, atol=1e-8)


@given(logits, temperatures)
def test_doubling_logits_and_temperature_changes_nothing(z, T):
    claims("You double all logits of a teacher and double T.", "Nothing: only $z/T$ counts.")
    np.testing.assert_array_equal(softmax(2 * z, 2 * T), softmax(z, T))


# Softmax and entropy


@given(st.integers(2, 20), st.floats(-10, 10), temperatures)
def test_equal_logits_give_every_class_the_same(C, z, T):
    claims("It gives every class the probability $1/C$.")
    np.testing.assert_allclose(softmax(np.full(C, z), T), 1 / C, rtol=1e-12)


@given(logits)
def test_adding_3_changes_nothing_and_multiplies_both_by_e_cubed(z):
    claims(
        "What happens to a softmax if you add 3 to every logit?* Nothing: numerator and denominator both grow by $e^3$."
    )
    np.testing.assert_allclose(softmax(z + 3, 1), softmax(z, 1), rtol=1e-9)
    np.testing.assert_allclose(np.exp(z + 3).sum(), np.e**3 * np.exp(z).sum(), rtol=1e-12)


@given(logits, temperatures)
def test_the_even_distribution_has_the_largest_entropy(z, T):
    claims(r"The even one, with $\log C$ nats.", r"from 0 (one class has all) to $\log C$ (all equal)")
    assert -1e-12 <= entropy(z, T) <= np.log(z.size) + 1e-12


def test_the_code_of_the_chapter_is_a_softmax():
    names, _ = CHAPTER.ran
    np.testing.assert_array_equal(names["z"], ANIMALS)
    claims(r"cat $5$, lynx $4.5$, dog $0$, fox $0$, car $-2$")
    for T in (0.1, 1, 4, 100):
        np.testing.assert_allclose(names["softmax"](ANIMALS, T), softmax(ANIMALS, T), rtol=1e-12)
    claims(
        r"It must be: $\exp(1000)$ is not a number a computer has.",
        "$z/T$ itself overflows when $T$ is tiny, such as $10^{-308}$",
    )
    with np.errstate(over="raise", invalid="raise"):
        assert names["softmax"](np.array([1000.0, 0.0]), 1.0).tolist() == [1, 0]
    with np.errstate(over="ignore"):
        assert np.isinf(ANIMALS / 1e-308).any()
    with pytest.raises(OverflowError):
        math.exp(1000)


def test_the_two_ends_are_limits():
    claims(r"As $T \to \infty$ every class gets $1/C$.", "the limit is one-hot only if the maximum is unique")
    np.testing.assert_allclose(softmax(ANIMALS, 1e9), 1 / 5, atol=1e-8)
    np.testing.assert_allclose(softmax(ANIMALS, 1e-3), [1, 0, 0, 0, 0], atol=1e-12)


def test_the_bars_at_temperature_1():
    claims("of which the cat holds 0.62 and the lynx 0.37")
    p = softmax(ANIMALS, 1)
    assert (round(p[CAT], 2), round(p[LYNX], 2)) == (0.62, 0.37)
    assert p[2:].max() < 0.01


# Who gains


@given(logits, temperatures)
def test_the_derivative_of_the_softmax(z, T):
    claims(r"\frac{dp_i}{dT} = \frac{p_i\,(\mu - z_i)}{T^2}")
    by_formula = softmax(z, T) * (mean_logit(z, T) - z) / T**2
    tolerance = 1e-7 * (1 + np.abs(z).max() / T) ** 2 / T
    np.testing.assert_allclose(slope(lambda t: softmax(z, t), T), by_formula, rtol=1e-6, atol=tolerance)


@given(logits)
def test_the_mean_sinks_from_the_top_logit_to_the_plain_average(z):
    claims(r"At low $T$ it sits at the top logit", r"$\mu$ sinks towards the plain average of all logits")
    mu = np.array([mean_logit(z, T) for T in TEMPERATURES])
    assert (np.diff(mu) <= 1e-9).all()
    assert mean_logit(z, 1e-6) == pytest.approx(z.max(), abs=1e-4)
    assert mean_logit(z, 1e9) == pytest.approx(z.mean(), abs=1e-6)


@given(logits)
def test_the_plain_average_says_which_classes_stop(z):
    claims("A class below the plain average only gains.", "A class above it, but not on top, gains first, and loses")
    gains = np.array([z < mean_logit(z, T) - 1e-9 for T in TEMPERATURES])
    assert (gains[1:] <= gains[:-1]).all()  # what loses never gains again
    clearly_below, clearly_above = z < z.mean() - 0.1, z > z.mean() + 0.1
    assert gains[0][clearly_below].all()
    assert (z <= mean_logit(z, 1e6) + 1e-3)[clearly_below].all()
    assert (z > mean_logit(z, 1e6))[clearly_above].all()


def test_the_lynx_stops_where_the_mean_is_its_logit():
    claims(r"Here the plain average is $1.5$", r"the lynx stops at $T \approx 1.62$, where $\mu$ is $4.5$")
    assert ANIMALS.mean() == 1.5
    stops = optimize.brentq(lambda T: mean_logit(ANIMALS, T) - ANIMALS[LYNX], 1, 8)
    assert round(stops, 2) == 1.62
    for T in (0.2, 1, 8, 1000):
        assert (ANIMALS[2:] < mean_logit(ANIMALS, T)).all()


@given(logits, temperatures)
def test_each_step_to_the_slope_of_a_probability(z, T):
    claims(r"so that of $\log p_i$ is $(\mu - z_i)/T^2$", "0 to a computer at $T = 10^{-200}$")
    of_log_p = slope(lambda t: special.log_softmax(z / t), T)
    tolerance = 1e-7 * (1 + np.abs(z).max() / T) ** 2 / T
    np.testing.assert_allclose(of_log_p, (mean_logit(z, T) - z) / T**2, rtol=1e-6, atol=tolerance)
    assert 1e-200 * 1e-200 == 0


def test_the_lynx_rises_and_then_falls():
    claims(
        "the lynx above is an incorrect class, and from its peak on it falls, all the way to $1/5$",
        "A strong runner-up rises first and then falls.",
    )
    lynx = np.array([softmax(ANIMALS, T)[LYNX] for T in np.geomspace(0.05, 1e6, 2000)])
    peak = lynx.argmax()
    assert 0 < peak < len(lynx) - 1
    assert (np.diff(lynx[: peak + 1]) > 0).all()
    assert (np.diff(lynx[peak:]) < 0).all()
    assert lynx[-1] == pytest.approx(1 / 5, abs=1e-5)
    assert (lynx[peak:] > 1 / 5).all()


@given(logits, st.lists(temperatures, min_size=2, max_size=2, unique=True).map(sorted))
def test_the_total_off_the_largest_logit_never_falls(z, two):
    claims("the **total** probability of all classes but the one on top never falls as $T$ rises")
    low, high = (1 - softmax(z, T)[z.argmax()] for T in two)
    assert high >= low - 1e-12


def test_with_a_wrong_teacher_the_total_of_the_incorrect_classes_can_fall():
    claims("even the total probability of the incorrect classes can fall")
    claims("loses more than dog, fox and car gain", "incorrect classes together fall from $0.731$ to $0.626$")
    total = [1 - softmax(ANIMALS, T)[LYNX] for T in (0.5, 1)]
    assert np.round(total, 3).tolist() == [0.731, 0.626]


@given(logits, temperatures)
def test_the_order_of_the_classes_never_changes(z, T):
    claims(
        "The order of the classes never changes.", "For every $T$ in $(0, \\infty)$ the order of the classes is that"
    )
    p = softmax(z, T)
    assert (np.diff(p[np.argsort(z, kind="stable")]) >= 0).all()


# Entropy


def test_the_entropy_of_the_two_teachers():
    from kdlab.explore.temperature import CONFIDENT, UNSURE

    confident, unsure = np.array(CONFIDENT), np.array(UNSURE)
    claims("$(8, 2, 1, 0, -1)$, those of the unsure one $(2, 1.6, 1, 0.4, 0)$")
    assert (CONFIDENT, UNSURE) == ((8, 2, 1, 0, -1), (2, 1.6, 1, 0.4, 0))
    claims(
        "The unsure teacher's curve rises early, below T = 1; the confident teacher's stays near 0 until about T = 1",
        r"Both end at $\log 5$",
        "Why does the entropy of a confident teacher barely move between $T = 0.5$ and $T = 1$?",
    )
    half = np.log(5) / 2
    assert entropy(unsure, 0.5) > half
    assert entropy(confident, 1) < 0.1 * half < entropy(confident, 2)
    assert entropy(confident, 1) - entropy(confident, 0.5) < 0.05 * np.log(5)
    for z in (confident, unsure):
        assert entropy(z, 1e6) == pytest.approx(np.log(5), abs=1e-6)
    lead = np.sort(confident)[-1] - np.sort(confident)[-2]
    claims("It stays silent until $T$ is a good part of the lead of its top logit.")
    assert entropy(confident, lead / 8) < 0.05 * np.log(5)
    assert entropy(confident, lead) > half


@given(logits)
def test_the_entropy_only_rises(z):
    claims("So the entropy rises with $T$, strictly, unless all logits are equal.")
    H = stats.entropy(special.softmax(z / TEMPERATURES[:, np.newaxis], axis=-1), axis=-1)
    assert (np.diff(H) >= -1e-12).all()


def test_a_temperature_means_nothing_by_itself():
    claims("$T = 4$ is high for a teacher whose top logit leads the others by 1", "whose top logit leads by 30")
    leads_by_1 = np.array([1.0] + 9 * [0.0])
    assert entropy(leads_by_1, 4) > 0.99 * np.log(10)
    assert entropy(30 * leads_by_1, 4) < 0.03 * np.log(10)


@given(logits, arrays(np.float64, 8, elements=st.floats(-10, 10)))
def test_the_gradient_of_the_softened_loss_shrinks_as_one_over_T_squared(teacher, student):
    claims(
        r"the gradient of the softened loss shrinks as $1/T^2$.",
        r"it is close to $(z - v)/(C\,T)$",
        "only the steps had become $T^2$ times smaller",
    )
    student = student[: teacher.size]
    limit = ((student - student.mean()) - (teacher - teacher.mean())) / teacher.size
    T = 1e5
    gradient = (softmax(student, T) - softmax(teacher, T)) / T  # of KL(p || q) by the student's logits
    np.testing.assert_allclose(T**2 * gradient, limit, rtol=1e-3, atol=1e-3)


@given(logits, arrays(np.float64, 8, elements=st.floats(-10, 10)), temperatures)
def test_the_gradient_of_the_softened_loss(teacher, student, T):
    claims("By the student's logits $z$ the gradient of this loss is $(q - p)/T$.")
    student, p = student[: teacher.size], softmax(teacher, T)
    loss = lambda step: -p @ special.log_softmax((student + np.eye(teacher.size)[0] * step) / T)  # noqa: E731
    h = 1e-4 * T
    by_differences = (loss(h) - loss(-h)) / (2 * h)
    np.testing.assert_allclose(by_differences, (softmax(student, T) - p)[0] / T, rtol=1e-4, atol=1e-6 / T)


def test_the_lines_of_pytorch_print_what_stands_beside_them():
    code = CHAPTER.shown[0]
    printed = printed_by(code, {})
    p, q = softmax([3, 0, 0], 4), softmax([2, 1, 0], 4)
    assert float(printed) == round(16 * stats.entropy(p, q), 4) == pytest.approx(float(re.search(r"# (\S+)", code)[1]))


# The experiment, from its record


def points(arm, baseline):
    low, high = RECORD.interval(arm, baseline)
    return 100 * low, 100 * high


def test_the_design_is_that_of_the_record():
    claims(
        "A student with 16 hidden units learns 100 labelled images.",
        "The teachers of the figure above have seen 1,297 images; the student sees only 100 of them",
        "450 other images are the test, and the last 50 of the 1,797 are for pictures",
        "on 8 × 8 images of handwritten digits. Twenty such teachers were trained",
    )
    arms = RECORD.measured["arms"]
    assert (arms["kd_T4"]["width"], arms["kd_T4"]["labels"], arms["full_hard"]["labels"]) == (16, 100, 1297)
    assert np.shape(RECORD.measured["pixels"])[1:] == (8, 8)
    assert np.shape(RECORD.measured["teacher_logits"])[1:] == (20, 10)
    assert len(RECORD.seeds) == 20
    assert 1297 + 450 + 50 == len(load_digits().target) == 1797


def test_the_clear_zero():
    from kdlab.explore.temperature import IMAGES

    claims("Class 0 holds nearly everything, the other classes next to nothing")
    p = special.softmax(RECORD.measured["teacher_logits"][IMAGES.index("0, clear")], axis=-1)
    assert p[:, 0].min() > 0.99


def test_the_unclear_six():
    from kdlab.explore.temperature import IMAGES

    claims("nearly everything to class 6, a little to 1 and 8")
    p = special.softmax(RECORD.measured["teacher_logits"][IMAGES.index("6, unclear")], axis=-1)
    mean = p.mean(axis=0)
    assert np.argsort(mean)[:-4:-1].tolist() == [6, 1, 8]
    assert mean[6] > 0.9
    assert np.delete(mean, [6, 1, 8]).sum() < mean[[1, 8]].min()


def test_soft_targets_helped_and_most_of_the_gain_came_from_the_temperature():
    claims("Soft targets helped.", "most of the gain came from the temperature")
    assert points("kd_T4", "hard")[0] > 0
    assert np.mean(accuracies("kd_T4") - accuracies("kd_T1")) > np.mean(accuracies("kd_T1") - accuracies("hard"))
    assert points("kd_T4", "kd_T1")[0] > 0


def test_there_is_a_plateau():
    claims("There was no best temperature, but a plateau.", "did as well: {measured}`temperature: kd_T64 - logit_mse")
    for arm, baseline in (("kd_T64", "kd_T8"), ("kd_T64", "kd_T16"), ("kd_T64", "logit_mse")):
        low, high = points(arm, baseline)
        assert -1 < low < 0 < high < 1
    claims("Accuracy climbs from the level of hard labels at T = 0.5 to a plateau from T = 4 on.")
    means = [accuracies(f"kd_T{T}").mean() for T in ("0.5", 1, 2, 4)]
    assert means == sorted(means)
    assert max(abs(bound) for T in (8, 16, 64) for bound in points(f"kd_T{T}", "kd_T4")) < 1


def test_the_student_became_more_like_its_teacher():
    claims("The student also became more like its teacher")
    assert RECORD.lower("kd_T4", "hard", measure="kl")
    assert RECORD.higher("kd_T4", "hard", measure="agreement")


def test_with_all_images_soft_targets_cost_a_little():
    claims("With *all* images, soft targets at $T = 4$ did not help, but cost a little", "so near the top")
    low, high = points("full_kd_T4", "full_hard")
    assert -1 < low < high < 0
    assert accuracies("full_hard").mean() > 0.95


def test_without_the_factor_a_high_temperature_ruins_the_student():
    claims("a high temperature ruined the student")
    assert points("sgd_kd_T64_without_T2", "sgd_kd_T64")[1] < -50
    assert abs(100 * accuracies("sgd_kd_T64_without_T2").mean() - 10) < 5  # what guessing among ten gives
    assert points("sgd_kd_T64", "sgd_hard")[0] > 0


def test_with_8_hidden_units_the_record_does_not_settle_it():
    claims("With 8 hidden units the best mean accuracy was at $T = 8$", "does not settle it")
    means = {T: accuracies(f"w8_kd_T{T}").mean() for T in ("0.5", 1, 2, 4, 8, 16, 64)}
    assert max(means, key=means.get) == 8
    low, high = points("w8_kd_T64", "w8_kd_T4")
    assert low < 0 < high


def test_at_a_low_temperature_the_gain_was_almost_that_of_labels():
    claims("At $T = 0.5$ the soft targets were almost labels again, and so was the gain")
    assert points("kd_T0.5", "hard")[1] < points("kd_T4", "hard")[0] / 4
