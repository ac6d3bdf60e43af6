"""The pictures of the chapter on calibration: counted here without kdlab, and from the record's own numbers."""

import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kdlab.explore import calibration, forecasts
from kdlab.explore.picture import Bars, Points, Rule
from kdlab.explore.play import Run

RECORD = json.loads((Path(__file__).parents[2] / "results" / "uncertainty.json").read_text(encoding="utf-8"))
RANKING, YOU, CUTS, PERFECT, WEATHER, SCALED = (
    getattr(calibration, name).explorable for name in ("ranking", "you", "cuts", "perfect", "weather", "scaled")
)


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


def of_seeds(arm, measure):
    return np.array([record[measure] for record in RECORD["records"] if record["arm"] == arm])


def counted(confidence, correct, bin_of_row):
    """Return the mean gap, bin by bin."""
    gaps = {}
    for b, sure, right in zip(bin_of_row, confidence, correct, strict=True):
        gaps[b] = gaps.get(b, 0.0) + right - sure
    return sum(map(abs, gaps.values())) / len(confidence)


# The ranking


@pytest.mark.parametrize(("learned", "models"), [("digits", 6), ("signals", 4)])
def test_the_ranking_shows_the_record(learned, models):
    for error, measure in zip(calibration.ERRORS, ("ece", "excess_ece"), strict=True):
        far, right = RANKING.picture(learned=learned, error=error).panels
        arms = [f"{learned}_{model}" for model in calibration.MODELS[learned]]
        assert len(arms) == models
        for panel, shown in ((far, measure), (right, "accuracy")):
            lengths = [mark.height[0] for mark in marks_of(panel, Bars)]
            np.testing.assert_allclose(lengths, [100 * of_seeds(arm, shown).mean() for arm in arms])
            bounds = [(mark.low[0], mark.high[0]) for mark in marks_of(panel, Bars)]
            assert panel.x.domain[0] <= min(bounds)[0]
            assert panel.x.domain[1] >= max(high for _, high in bounds)


def test_who_knows_nothing_is_first():
    (question,) = RANKING.predict
    assert question.options[question.answer()] == "It is the smallest."
    for learned in ("digits", "signals"):
        assert "“always 1/10”" in RANKING.picture(learned=learned).sentence


# The reader


def test_the_example_reader_is_right_on_average_and_at_no_level():
    answers = np.array(forecasts.example_answers(), dtype=float)
    assert answers.shape == (80, 2)
    np.testing.assert_allclose(answers.mean(axis=0), [0.6, 0.6])
    for level in np.unique(answers[:, 0]):
        assert abs(answers[answers[:, 0] == level, 1].mean() - level) > 0.09
    (question,) = YOU.predict
    assert question.options[question.answer()] == "These two numbers cannot say it."


def test_the_diagram_of_the_example():
    picture = YOU.picture()
    (bins,) = marks_of(picture, Points, "a bin")
    np.testing.assert_allclose(bins.x, [0.25, 0.5, 0.7, 0.95])
    np.testing.assert_allclose(bins.y, [0.5, 0.6, 0.6, 0.7])
    for low, high, right in zip(bins.low, bins.high, (10, 12, 12, 14), strict=True):
        interval = stats.binomtest(right, 20).proportion_ci(method="wilson")
        assert (low, high) == pytest.approx((interval.low, interval.high))
    assert picture.sentence.startswith("An example reader: 80;")
    assert "error 0.17" in picture.sentence or "error 0.18" in picture.sentence  # 0.175
    assert picture.sentence.endswith("too sure here, not sure enough there.")


@pytest.mark.parametrize("count", [0, 1, 9])
def test_a_reader_of_few_answers_sees_what_is_needed(count):
    picture = YOU.picture(whose="your answers", answers=[(0.6, True)] * count)
    assert "at least 10 are needed" in picture.sentence
    assert marks_of(picture, Points, "a bin") == []
    assert sum(mark.items for mark in marks_of(picture, Points)) == count


def test_a_reader_of_enough_answers_is_judged():
    said = [(0.95, k < 12) for k in range(24)]
    sentence = YOU.picture(whose="your answers", answers=said).sentence
    assert sentence.startswith("Your answers: 24; on average 95 % sure, 50 % right.")
    assert sentence.endswith("More than chance: too sure.")
    shy = [(0.33, k < 20) for k in range(24)]
    assert YOU.picture(whose="your answers", answers=shy).sentence.endswith("not sure enough.")
    fair = [(0.6, k < 11) for k in range(20)]
    assert YOU.picture(whose="your answers", answers=fair).sentence.endswith("within what chance gives.")


def test_calibrated_readers_are_seldom_judged():
    rng = np.random.default_rng(7)
    levels = np.array([0.33, 0.55, 0.75, 0.95])
    judged = 0
    for _ in range(400):
        sure = rng.choice(levels, size=40)
        found = forecasts.judged(sure, (rng.random(40) < sure).astype(float), 5)
        judged += found.error > found.most
    # one in forty is meant; of 400, 25 or more come about once in ten thousand times
    assert judged < 25


def test_what_chance_gives_a_reader_is_the_mean_over_readers():
    sure = np.repeat([0.33, 0.55, 0.75, 0.95], [5, 9, 3, 7])
    rng = np.random.default_rng(8)
    errors = [counted(sure, rng.random(24) < sure, np.ceil(5 * sure)) for _ in range(4000)]
    found = forecasts.judged(sure, np.ones(24), 5)
    assert found.expected == pytest.approx(np.mean(errors), abs=4 * np.std(errors) / 4000**0.5)
    assert found.most == pytest.approx(np.quantile(errors, 0.975), abs=0.015)


def test_the_answers_are_asked_for_only_where_they_are_shown():
    name, option = YOU.controls["answers"].only_at
    assert option in YOU.controls[name].options
    assert option != YOU.controls[name].value


# The cuts


def error_by_hand(cuts):
    confidence, correct = forecasts.forty_answers()
    return counted(confidence, correct, [sum(cut < sure for cut in cuts) for sure in confidence])


@pytest.mark.parametrize(
    ("cuts", "error"),
    [
        ((0.62, 0.75, 0.88), 0.098),
        ((0.625, 0.75, 0.875), 0.098),
        ((0.52, 0.54, 0.74), 0.046),
        ((0.58, 0.66, 0.8), 0.205),
        ((), 0.046),
    ],
)
def test_the_error_of_cuts(cuts, error):
    confidence, correct = forecasts.forty_answers()
    assert error_by_hand(cuts) == pytest.approx(error, abs=5e-4)
    assert forecasts.error_of_cuts(cuts, confidence, correct) == pytest.approx(error_by_hand(cuts))
    if cuts:
        assert f"calibration error {error:.3f};" in CUTS.picture(cuts=cuts).sentence


def test_no_three_cuts_do_more():
    confidence, correct = forecasts.forty_answers()
    places = np.unique(confidence)[:-1]
    sums = np.concatenate([[0], np.cumsum(correct - confidence)])
    ends = np.searchsorted(confidence, places, side="right")
    best = max(
        abs(sums[i]) + abs(sums[j] - sums[i]) + abs(sums[k] - sums[j]) + abs(sums[-1] - sums[k])
        for a, i in enumerate(ends)
        for b, j in enumerate(ends[a + 1 :], a + 1)
        for k in ends[b + 1 :]
    )
    assert best / 40 == pytest.approx(error_by_hand(calibration.LARGEST))
    (question,) = CUTS.predict
    assert question.score((0.58, 0.66, 0.8), question.answer()).right
    assert not question.score((0.625, 0.75, 0.875), question.answer()).right
    assert "100 %" in CUTS.goal({"cuts": calibration.LARGEST})


# The perfect forecaster


@pytest.mark.parametrize(
    ("rows", "bins", "error"), [(50, 1, 0.0464), (50, 5, 0.0778), (50, 15, 0.129), (50, 30, 0.175), (1000, 15, 0.0282)]
)
def test_what_chance_gives(rows, bins, error):
    said = forecasts.rows_of(rows)
    assert said.mean() == pytest.approx(0.75)
    total = 0.0
    for b in range(bins):
        coins = said[(said > b / bins) & (said <= (b + 1) / bins)]
        outcomes = np.ones(1)
        for p in coins:
            outcomes = np.convolve(outcomes, [1 - p, p])
        total += np.abs(np.arange(outcomes.size) - coins.sum()) @ outcomes
    assert total / rows == pytest.approx(error, abs=5e-5 if error < 0.1 else 5e-4)
    assert f"{total / rows:.3f} by the formula" in PERFECT.picture(run=Run(1), rows=rows, bins=bins).sentence


def test_the_test_sets_scatter_about_it():
    picture = PERFECT.picture(run=Run(400))
    mean = float(re.search(r"shows (0\.\d+) on average", picture.sentence)[1])
    state = forecasts.Drawn()
    for _ in range(400):
        state = forecasts.one_more(state, 50, 15, 0.0)
    assert mean == pytest.approx(np.mean(state.perfect), abs=5e-4)
    assert abs(mean - 0.129) < 4 * np.std(state.perfect) / 20
    (rule,) = marks_of(picture.panels[1], Rule)
    assert rule.x == pytest.approx(0.129, abs=5e-4)
    (bars,) = marks_of(picture.panels[1], Bars)
    assert bars.height.sum() == pytest.approx(100)


def test_one_who_is_too_sure_may_look_better():
    picture = PERFECT.picture(run=Run(400), excess=0.05)
    better = int(re.search(r"better in (\d+) %", picture.sentence)[1])
    assert 15 < better < 40
    assert int(re.search(r"better in (\d+) %", PERFECT.picture(run=Run(400), excess=0.2).sentence)[1]) < 10


def test_nothing_is_told_before_a_draw():
    picture = PERFECT.picture()
    assert picture.panels[1].marks == ()
    assert picture.sentence.endswith("no test set has been drawn yet.")


# The weather


@pytest.mark.parametrize(
    ("odds", "days", "error"),
    [
        (1.0, calibration.ALL_DAYS, 0.0),
        (1.0, calibration.CALLED, 0.0),
        (1.0, calibration.RAINED, 0.45),
        (3.0, calibration.ALL_DAYS, None),
        (0.2, calibration.CALLED, None),
        (3.0, calibration.RAINED, None),
    ],
)
def test_the_three_readings(odds, days, error):
    gaps, weights = [], []
    for said in (0.1, 0.4, 0.7):
        wet, dry = odds * said, 1 - said
        sure, right = max(said, 1 - said), (wet if said > 0.5 else dry) / (wet + dry)
        if days == calibration.ALL_DAYS:
            gaps.append(wet / (wet + dry) - said)
            weights.append(wet + dry)
        elif days == calibration.CALLED:
            gaps.append(right - sure)
            weights.append((wet + dry) * (said > 0.5))
        else:
            gaps.append((said > 0.5) - sure)
            weights.append(wet)
    by_hand = np.average(np.abs(gaps), weights=weights)
    if error is not None:
        assert by_hand == pytest.approx(error, abs=1e-12)
    assert WEATHER.picture(odds=odds, days=days).sentence.endswith(f"Calibration error of rain {by_hand:.3f}.")


def test_the_days_are_a_hundred_and_the_middle_forecast_suffers_most():
    days, _ = WEATHER.picture(odds=3.0, days=calibration.RAINED).panels
    assert sum((mark.height - mark.base).sum() for mark in marks_of(days, Bars)) == pytest.approx(100)
    hatched = sum((mark.height - mark.base).sum() for mark in marks_of(days, Bars) if mark.hatch)
    assert hatched == pytest.approx(100 * (0.9 + 0.6 + 0.3) / (1.8 + 3 * 1.2))
    (question,) = WEATHER.predict
    assert question.answer() == 1
    tripled = [3 * p / (3 * p + 1 - p) for p in (0.1, 0.4, 0.7)]
    assert tripled == pytest.approx([1 / 4, 2 / 3, 7 / 8])


# One temperature


@pytest.mark.parametrize("model", calibration.REPAIRED)
@pytest.mark.parametrize("scaled", [False, True])
def test_the_repair_shows_the_record(model, scaled):
    arm = calibration.REPAIRED[model] + "_scaled" * scaled
    diagram, errors = SCALED.picture(model=model, scaled=scaled).panels
    bins = RECORD["measured"]["bins"][arm]
    (points,) = marks_of(diagram, Points, "a bin")
    kept = [k for k, n in enumerate(bins["count"]) if n]
    np.testing.assert_allclose(points.y, [bins["accuracy"][k] for k in kept])
    k = kept[-1]
    interval = stats.binomtest(round(bins["accuracy"][k] * bins["count"][k]), int(bins["count"][k]))
    assert points.low[-1] == pytest.approx(interval.proportion_ci(method="wilson").low)
    for mark, measure in zip(marks_of(errors, Bars), ("ece", "null_ece"), strict=True):
        assert mark.height[0] == pytest.approx(100 * of_seeds(arm, measure).mean())
        assert mark.high[0] < errors.y.domain[1]


def test_the_fitted_temperature_is_not_that_of_distillation():
    (question,) = SCALED.predict
    T = of_seeds("signals_3000_kd_T4", "temperature")
    assert T.mean() == pytest.approx(1.68, abs=0.005)
    assert math.isclose(round(T.mean(), 1), 1.7)
    assert question.options[question.answer()] == "About 1.7."
    assert T.max() < 4
