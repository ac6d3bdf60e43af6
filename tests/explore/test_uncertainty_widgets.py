"""The pictures of the chapter on uncertainty: from the record's own numbers, by SciPy, and by drawing again."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kdlab.explore import resampling, uncertainty
from kdlab.explore.picture import Bars, Points, Rule, Segments

RECORD = json.loads((Path(__file__).parents[2] / "results" / "uncertainty.json").read_text(encoding="utf-8"))
OF = {(record["arm"], record["seed"]): record for record in RECORD["records"]}
INTERVALS, RESAMPLE, PAIRED, COVERAGE, FAITHFUL, PROMISE = (
    getattr(uncertainty, name).explorable
    for name in ("intervals", "resample", "paired", "coverage", "faithful", "promise")
)


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


def after(steps):
    return {"step": steps, "history": []}


# Twenty pairs


@pytest.mark.parametrize("loss", uncertainty.LOSSES)
@pytest.mark.parametrize("student", uncertainty.STUDENTS)
def test_what_is_counted_is_what_the_record_says(student, loss):
    arm, short = uncertainty.STUDENTS[student], uncertainty.SHORT[loss]
    overlap, without = (
        sum(OF[arm, seed][f"{short}_{what}"] for seed in RECORD["seeds"]) for what in ("overlap", "excludes_0")
    )
    apart = INTERVALS.picture(student=student, loss=loss)
    assert apart.sentence.endswith(f"overlap for {overlap:.0f} of 20.")
    paired = INTERVALS.picture(student=student, loss=loss, shown=uncertainty.PAIRED)
    assert paired.sentence.endswith(f"without 0 for {without:.0f}.")
    of_color = {mark.color: mark.items for mark in marks_of(paired, Points)}
    assert (of_color.get("red", 0), of_color.get("grey", 0)) == (without, 20 - without)
    ends = np.array(RECORD["measured"]["intervals"][arm][short])
    (of_student,) = marks_of(apart, Points, "student")
    np.testing.assert_allclose([of_student.x_low, of_student.x_high], ends[:, 0].T)
    assert all(apart.x.domain[1] >= np.max(mark.x_high) for mark in marks_of(apart, Points))
    low, high = paired.x.domain
    assert low <= ends[:, 2].min() <= ends[:, 2].max() <= high


def test_sixteen_are_surely_worse():
    (question,) = INTERVALS.predict
    assert question.answer() == 16


# Resamples


def test_a_press_draws_as_many_rows_as_there_are():
    test, grown = RESAMPLE.picture(run=after(1)).panels
    (balls,) = marks_of(test, Points)
    assert balls.items == 20
    (heap,) = marks_of(grown, Bars)
    assert np.sum(heap.height) == 1
    losses = [0.05] * 17 + [0.6, 3, 4]
    mean = np.mean([losses[int(row) - 1] for row in balls.x])
    (last,) = marks_of(grown, Points)
    assert last.x[0] == pytest.approx(mean)


def test_the_heap_is_that_of_the_bootstrap():
    picture = RESAMPLE.picture(run=after(1000))
    _, grown = picture.panels
    (heap,) = marks_of(grown, Bars)
    assert np.sum(heap.height) == 1000
    losses = np.array([0.05] * 17 + [0.6, 3, 4])
    means = np.array(resampling.heap_after(1000, uncertainty.START).means)
    assert stats.ttest_1samp(means, losses.mean()).pvalue > 1e-6
    assert means.var() == pytest.approx(losses.var() / 20, rel=0.25)
    lows = sorted(rule.x for rule in marks_of(grown, Rule))
    many = np.random.default_rng(1).choice(losses, size=(200_000, 20)).mean(axis=1)
    np.testing.assert_allclose(lows, [0.05, losses.mean(), np.quantile(many, 0.975)], atol=0.08)


def test_a_level_of_50_is_narrower_and_the_line_moves_the_loss():
    width = []
    for level in (0.5, 0.95):
        _, grown = RESAMPLE.picture(run=after(200), level=level).panels
        cuts = [rule.x for rule in marks_of(grown, Rule) if rule.color == "orange"]
        width.append(cuts[1] - cuts[0])
    assert width[0] < 0.6 * width[1]
    test, _ = RESAMPLE.picture(largest=6.0).panels
    (line,) = marks_of(test, Rule)
    assert (line.y, line.moves) == (6.0, "largest")
    assert "0.52" in RESAMPLE.picture(largest=6.0).sentence  # (17 * .05 + .6 + 3 + 6) / 20


def test_how_often_a_row_is_missing_and_where_the_tails_are():
    missing, tails = RESAMPLE.predict
    assert missing.answer() == pytest.approx(100 * math.exp(20 * math.log(19 / 20)))
    drawn = [resampling.heap_after(i + 1, uncertainty.START).rows for i in range(0, 300, 3)]
    share = 100 * np.mean([19 not in rows for rows in drawn])
    assert abs(share - missing.answer()) < 4.9 * 100 * math.sqrt(0.36 * 0.64 / len(drawn))
    assert not tails.score([0.1, 0.75], tails.answer()).right  # a pair that is symmetric round the mean


# Two models


@pytest.mark.parametrize(
    ("alike", "shift", "apart", "paired", "overlap"),
    [
        (0.0, 0.25, (-0.002, 0.174), (-0.004, 0.173), True),
        (0.9, 0.25, (-0.021, 0.162), (0.025, 0.116), True),
        (0.9, 0.0, None, None, True),
    ],
)
def test_the_four_intervals(alike, shift, apart, paired, overlap):
    picture = PAIRED.picture(alike=alike, shift=shift)
    student, teacher = resampling.two_models(alike, shift)
    found = [
        (low, high)
        for mark in marks_of(picture.panels[1], Points)
        for low, high in zip(mark.x_low, mark.x_high, strict=True)
    ]
    z = 1.96 / math.sqrt(60)
    for losses, (low, high) in zip((student, teacher, student - teacher), (found[0], found[1], found[3]), strict=True):
        assert (high - low) / 2 == pytest.approx(z * losses.std(), rel=0.15)
        assert (high + low) / 2 == pytest.approx(losses.mean(), abs=0.3 * z * losses.std())
    spread = math.hypot(student.std(), teacher.std())
    assert (found[2][1] - found[2][0]) / 2 == pytest.approx(z * spread, rel=0.15)
    if apart:
        np.testing.assert_allclose(found[2], apart, atol=6e-4)
        np.testing.assert_allclose(found[3], paired, atol=6e-4)
    assert ("overlap" in picture.sentence) == overlap
    assert f"{np.corrcoef(student, teacher)[0, 1]:.2f}".replace("-", "−") in picture.sentence


def test_overlap_says_nothing():
    (question,) = PAIRED.predict
    assert question.options[question.answer()] == "may do either."
    said = {PAIRED.picture(alike=alike).sentence.split()[-2:][0] for alike in (0.0, 0.9)}
    assert said == {"with", "without"}
    for alike in (0.0, 0.9):
        assert "The separate intervals overlap" in PAIRED.picture(alike=alike).sentence


# A hundred intervals


def test_the_intervals_of_a_hundred_tests():
    picture = COVERAGE.picture(run=after(100))
    held, below, above = (
        sum(mark.items for mark in marks_of(picture.panels[0], Segments, label))
        for label in ("holds it", "too low", "too high")
    )
    assert held + below + above == 100
    assert f"{held} intervals hold the true mean, {below} lie below it, {above} above." in picture.sentence
    assert below > 5 * above
    (question,) = COVERAGE.predict
    assert question.answer() == held
    # by SciPy, on other samples of the same law
    rng = np.random.default_rng(7)
    samples = np.exp(1.5 * rng.standard_normal((400, 30)) - 1.5**2 / 2)
    rows = rng.integers(30, size=(400, 400, 30))
    means = np.take_along_axis(samples[:, None], rows, axis=2).mean(axis=2)
    low, high = np.quantile(means, [0.025, 0.975], axis=1)
    share = np.mean((low <= 1) & (high >= 1))
    assert abs(held / 100 - share) < 4.9 * math.sqrt(share * (1 - share) * (1 / 100 + 1 / 400))


def test_low_tests_have_short_intervals_and_little_skew_is_nearly_kept():
    stack = np.array(resampling.stack_after(100, uncertainty.SKEWED))
    estimate, width = stack[:, 0], stack[:, 2] - stack[:, 1]
    assert stats.spearmanr(estimate, width).statistic > 0.7
    held = {}
    for skew, n in ((0.1, 100), (1.5, 30), (2.0, 30), (2.0, 300)):
        found = COVERAGE.picture(run=after(100), skew=skew, n=n)
        held[skew, n] = sum(mark.items for mark in marks_of(found.panels[0], Segments, "holds it"))
    assert held[0.1, 100] > 88 > held[1.5, 30] > held[2.0, 30]
    assert held[2.0, 300] > held[2.0, 30]


def test_bca_is_better_and_basic_worse():
    held = {
        method: sum(
            mark.items
            for mark in marks_of(COVERAGE.picture(run=after(100), method=method).panels[0], Segments, "holds it")
        )
        for method in uncertainty.METHODS
    }
    assert held["basic"] < held["percentile"] <= held["BCa"]


# Who passes


@pytest.mark.parametrize("sure", FAITHFUL.controls["sure"].grid())
def test_a_student_with_other_rows_passes_and_agrees_seldom(sure):
    pair = resampling.pair_of(resampling.DEALT, sure)
    p_label = np.where(pair.label, pair.teacher, 1 - pair.teacher)
    q_label = np.where(pair.label, pair.student, 1 - pair.student)
    np.testing.assert_allclose(np.sort(q_label), np.sort(p_label))
    assert pair.found.covers_teacher
    assert pair.found.width_ratio == pytest.approx(1, abs=0.05)
    assert pair.found.difference.low < 0 < pair.found.difference.high
    assert pair.agreement < 0.7


def test_the_losses_are_those_of_the_probabilities():
    for student in resampling.STUDENTS:
        pair = resampling.pair_of(student, 2.0)
        for probability, found in ((pair.student, pair.found.student), (pair.teacher, pair.found.teacher)):
            of_label = np.where(pair.label, probability, 1 - probability)
            assert found.estimate == pytest.approx(-np.log(of_label).mean())
        kl = stats.entropy([pair.teacher, 1 - pair.teacher], [pair.student, 1 - pair.student])
        assert pair.kl == pytest.approx(kl.mean())


def test_the_constant_passes_the_paired_test_where_the_teacher_is_too_sure_and_the_faithful_one_fails_it():
    (question,) = FAITHFUL.predict
    assert question.options[question.answer()].startswith("Yes, if the teacher's mean loss")
    for sure, held in ((1.0, False), (3.0, True), (6.0, False)):
        picture = FAITHFUL.picture(student=resampling.COIN, sure=sure)
        assert ("is with 0" in picture.sentence) == held == uncertainty._passes(resampling.COIN, sure)
    assert not uncertainty._passes(resampling.SOFTER, 3.0)
    assert "They agree in 100 % of the rows" in FAITHFUL.picture(student=resampling.SOFTER, sure=3.0).sentence
    assert FAITHFUL.picture(student=resampling.COIN).sentence.startswith("Width 0.00 of the teacher's; does not cover")


# What was kept


@pytest.mark.parametrize("population", uncertainty.POPULATIONS)
def test_the_coverage_is_that_of_the_record(population):
    picture = PROMISE.picture(population=population)
    for method, name in uncertainty.METHODS.items():
        (mark,) = marks_of(picture, Points, method)
        for i, n in enumerate((30, 100, 300, 1000)):
            arm = f"{uncertainty.POPULATIONS[population]}_n{n}_{name}"
            shares = 100 * np.array([OF[arm, seed]["coverage"] for seed in RECORD["seeds"]])
            assert mark.y[i] == pytest.approx(shares.mean())
            half = stats.sem(shares) * stats.t.ppf(0.975, 19)
            assert mark.low[i] == pytest.approx(shares.mean() - half)
            assert picture.y.domain[0] < mark.low[i]
            assert mark.high[i] <= 100


def test_how_many_rows_it_takes():
    (question,) = PROMISE.predict
    assert question.options[question.answer()] == "300 rows."
