"""The pictures of the chapter on the distillation loss: against numbers by hand, SciPy, and the JSON of the record."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

from kdlab.explore import distillation_loss as widgets
from kdlab.explore.marks import Arrow, Bars, Line, Points, Rule

RECORD = json.loads((Path(__file__).parents[2] / "results" / "distillation_loss.json").read_text(encoding="utf-8"))
BY_CLASS, PULL, LIMIT = (getattr(widgets, name).explorable for name in ("by_class", "pull", "limit"))
WHO_GAINS, COURSE = widgets.who_gains.explorable, widgets.course.explorable
Z, V = np.array([2.0, 1.5, -1.0, -1.0]), np.array([3.0, 1.0, -2.0, 0.5])
ONE_HOT = np.array([1.0, 0.0, 0.0, 0.0])


def marks(picture, kind):
    return [mark for mark in picture.marks if isinstance(mark, kind)]


def softmax(z, T):
    return special.softmax(np.asarray(z) / T)


# --- class by class -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("q", "terms", "kl"),
    [((0.4, 0.4, 0.2), (0.3917, -0.1386, -0.0693), 0.1838), ((0.6, 0.3, 0.1), (0.1079, -0.0811, 0.0), 0.0268)],
)
def test_the_terms_are_those_by_hand(q, terms, kl):
    sheet = BY_CLASS.picture(q=q)
    drawn = np.nansum([bars.height for bars in marks(sheet.panels[1], Bars)], axis=0)
    np.testing.assert_allclose(drawn, terms, atol=5e-5)
    divergence = next(bars for bars in marks(sheet.panels[2], Bars) if bars.label == "KL(p‖q)")
    np.testing.assert_allclose(divergence.height, [kl, 0.8018 + kl], atol=1e-4)
    np.testing.assert_allclose(divergence.base, [0, 0.8018], atol=5e-5)
    assert f"KL is {kl:.2f}" in sheet.sentence


def test_the_other_way_round_is_another_number():
    other = next(bars for bars in marks(BY_CLASS.picture().panels[2], Bars) if bars.label == "the other way round")
    assert other.height[0] == pytest.approx(stats.entropy([0.4, 0.4, 0.2], [0.7, 0.2, 0.1]), rel=1e-9)


def test_a_class_without_a_share_makes_it_infinite_and_is_named():
    sheet = BY_CLASS.picture(q=(0.8, 0.0, 0.2))
    assert sheet.sentence == "The student gives class 2 nothing, and the teacher does not: KL is infinite."
    assert not np.isfinite(marks(sheet.panels[2], Bars)[1].height).any()


def test_where_both_agree_the_cross_entropy_is_the_entropy():
    sentence = BY_CLASS.picture(q=(0.7, 0.2, 0.1)).sentence
    assert sentence.startswith("The student agrees with the teacher: KL is 0, and the cross-entropy 0.80")


def test_its_questions_are_answered_by_the_teachers_entropy_and_place():
    least, place = (question.to_json()["answer"] for question in BY_CLASS.predict)
    assert least == pytest.approx(stats.entropy([0.7, 0.2, 0.1]), rel=1e-12)
    assert place == [0.7, 0.2, 0.1]


# --- two pushes -----------------------------------------------------------------------------------------------------


def lengths(alpha, T, factor):
    hard = (1 - alpha) * np.linalg.norm(softmax(Z, 1) - ONE_HOT)
    soft = alpha * T**-1.0 * (T**2 if factor else 1) * np.linalg.norm(softmax(Z, T) - softmax(V, T))
    return hard, soft


@pytest.mark.parametrize(
    ("alpha", "T", "factor", "hard", "soft", "share"),
    [
        (0.5, 4.0, True, 0.2736, 0.2238, 0.450),
        (0.5, 4.0, False, 0.2736, 0.0140, 0.049),
        (0.5, 16.0, True, 0.2736, None, 0.475),
        (0.5, 16.0, False, 0.2736, None, 0.0035),
        (0.95, 6.0, True, 0.0274, 0.443, 0.94),
        (0.95, 6.0, False, 0.0274, 0.0123, 0.31),
    ],
)
def test_the_pushes_are_as_long_as_they_should_be(alpha, T, factor, hard, soft, share):
    sheet = PULL.picture(alpha=alpha, temperature=T, scale_by_T2=factor)
    blue, orange, both = (mark.y1 for mark in marks(sheet.panels[2], Arrow))
    np.testing.assert_allclose((np.linalg.norm(blue), np.linalg.norm(orange)), lengths(alpha, T, factor), rtol=1e-9)
    assert np.linalg.norm(blue) == pytest.approx(hard, abs=5e-5)
    assert soft is None or np.linalg.norm(orange) == pytest.approx(soft, abs=5e-4)
    np.testing.assert_allclose([push.sum() for push in (blue, orange, both)], 0, atol=1e-12)
    np.testing.assert_allclose(both, blue + orange, rtol=1e-12)
    _, of_teacher = marks(sheet.panels[3], Bars)
    assert 1 - of_teacher.base[0] == pytest.approx(share, abs=5e-3)


def test_nobody_pushes_where_the_teacher_alone_is_heard_and_agrees():
    sheet = PULL.picture(alpha=1.0, z=tuple(Z), v=tuple(Z))
    assert sheet.sentence.endswith("nobody pushes.")


def test_every_state_of_the_grid_stays_on_its_axis():
    for alpha in (0.0, 0.5, 1.0):
        for T in PULL.controls["temperature"].grid():
            panel = PULL.picture(alpha=alpha, temperature=T, v=(6.0, -6.0, -6.0, -6.0)).panels[2]
            assert np.abs([mark.y1 for mark in marks(panel, Arrow)]).max() <= panel.y.domain[1]


# --- the limit ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("T", "value"), [(1, 0.18865), (2, 0.33207), (4, 0.43203), (10, 0.49399), (100, 0.52778)])
def test_the_curve_has_the_values_of_another_computation(T, value):
    picture = LIMIT.picture(temperature=float(T))
    assert marks(picture, Points)[0].y[0] == pytest.approx(value, abs=5e-6)
    p, q = softmax(V, T), softmax(Z, T)
    assert value == pytest.approx(T**2 * stats.entropy(p, q), abs=5e-6)


def test_a_shift_moves_the_raw_logits_alone():
    still, moved = (LIMIT.picture(temperature=4.0, limits=True, shift=shift) for shift in (0.0, 1.0))
    (limit, raw, _), (same, other, _) = (marks(picture, Rule) for picture in (still, moved))
    assert (limit.y, raw.y) == pytest.approx((0.53125, 0.5625))
    assert same.y == pytest.approx(limit.y)
    assert other.y == pytest.approx(((Z + 1 - V) ** 2).sum() / 8)
    np.testing.assert_allclose(marks(moved, Line)[1].y, marks(still, Line)[1].y, rtol=1e-9)


def test_the_next_term_comes_nearer():
    line = marks(LIMIT.picture(temperature=4.0, limits=True), Line)[0]
    assert np.interp(np.log(4), np.log(line.x), line.y) == pytest.approx(0.44531, abs=2e-3)


def test_larger_logits_have_the_same_curve_at_larger_temperatures():
    once, four_times = LIMIT.picture(temperature=4.0), LIMIT.picture(temperature=16.0, size=4.0)
    assert marks(once, Points)[0].y[0] == pytest.approx(marks(four_times, Points)[0].y[0], rel=1e-12)


def test_the_curve_to_draw_is_answered_in_its_axis():
    (question,) = LIMIT.predict
    answer = question.to_json()["answer"]
    np.testing.assert_allclose(
        answer, [T**2 * stats.entropy(softmax(V, T), softmax(Z, T)) for T in question.x], rtol=1e-7
    )
    assert 0 < min(answer) < max(answer) < LIMIT.picture().y.domain[1]


# --- the record -----------------------------------------------------------------------------------------------------


def of_seeds(arm):
    found = {record["seed"]: record["accuracy"] for record in RECORD["records"] if record["arm"] == arm}
    return 100 * np.array([found[seed] for seed in RECORD["seeds"]])


@pytest.mark.parametrize("against", WHO_GAINS.controls["against"].options)
def test_gains_are_paired_differences_with_every_seed(against):
    picture = WHO_GAINS.picture(against=against)
    series = widgets.COMPARED[against].values()
    dots, means = (marks(picture, Points)[start::2] for start in (0, 1))
    for of_points, cloud, mean in zip(series, dots, means, strict=True):
        differences = [of_seeds(arm.replace(",", "")) - of_seeds(base.replace(",", "")) for _, arm, base in of_points]
        np.testing.assert_allclose(cloud.y, np.ravel(differences), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(mean.y, np.mean(differences, axis=1), rtol=1e-9)
        half_width = stats.t.ppf(0.975, 19) * stats.sem(differences, axis=1)
        np.testing.assert_allclose(np.asarray(mean.high) - mean.y, half_width, rtol=1e-6)
        low, high = picture.y.domain
        assert low < cloud.y.min() < cloud.y.max() < high
        assert (np.diff(mean.x) > 0.9).all()  # each at its own number of examples


def test_its_answers_are_those_of_the_record():
    knows_no_more, stopped = (question.to_json()["answer"] for question in WHO_GAINS.predict)
    difference = of_seeds("lesser_100_kd") - of_seeds("w16_100_hard")
    half_width = stats.t.ppf(0.975, 19) * stats.sem(difference)
    assert knows_no_more == pytest.approx([difference.mean() - half_width, difference.mean() + half_width])
    left = of_seeds("w16_100_kd") - of_seeds("w16_100_hard_stopped")
    assert left.mean() > 0.75 * (of_seeds("w16_100_kd") - of_seeds("w16_100_hard")).mean()
    assert WHO_GAINS.predict[1].options[stopped] == "All of it."


@pytest.mark.parametrize("rows", COURSE.controls["rows"].options)
def test_the_course_is_that_of_the_record(rows):
    picture = COURSE.picture(rows=rows)
    for line, lesson in zip(marks(picture, Line), ("hard", "kd"), strict=True):
        arm = f"w16_{rows.replace(',', '')}_{lesson}"
        means = [of_seeds(f"{arm}_after_{step}").mean() for step in (10, 30, 100, 300)] + [of_seeds(arm).mean()]
        np.testing.assert_allclose(line.y, means, rtol=1e-9)
        assert list(line.x) == [10, 30, 100, 300, 600]


def test_after_thirty_steps_labels_are_ahead():
    (question,) = COURSE.predict
    difference = stats.ttest_rel(of_seeds("w16_100_kd_after_30"), of_seeds("w16_100_hard_after_30"))
    assert difference.confidence_interval().high < -2
    assert question.options[question.to_json()["answer"]] == "The student of labels."
