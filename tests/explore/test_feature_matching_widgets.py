"""The pictures of the chapter on feature matching: by closed forms, by other draws, and from the JSON of the record."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kdlab.explore import feature_matching
from kdlab.explore.picture import Band, Bars, Line, Points, Rule
from kdlab.feature_matching import bias_variance

RECORD = json.loads((Path(__file__).parents[2] / "results" / "feature_matching.json").read_text(encoding="utf-8"))
ARCHER, TWO, OMITTED, FEW, WEIGHT = (
    getattr(feature_matching, name).explorable for name in ("archer", "two_estimates", "omitted", "few_rows", "weight")
)
TAU2 = 0.2


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


def numbers(sentence):
    """Return the numbers of a sentence, "1,000" as one."""
    return [float(found.replace(",", "")) for found in re.findall(r"(?<![\w.])\d[\d,]*\.?\d*", sentence)]


def parts(distance, sigma2, lam):
    """Return squared bias and variance where both sources see both directions with 10."""
    return (lam * distance / (1 + lam)) ** 2, 2 * (sigma2 + lam**2 * TAU2) / 10 / (1 + lam) ** 2


# The archer


@pytest.mark.parametrize(
    ("distance", "lam", "excess"),
    [
        (1, 0.1, 0.1739),
        (1, 1, 0.3100),
        (1, 10, 0.8612),
        (1, 100, 1.0195),
        (2, 0.1, 0.1987),
        (2, 1, 1.06),
        (2, 10, 3.3405),
        (2, 100, 3.9604),
    ],
)
def test_the_sentence_has_bias_variance_and_their_sum(distance, lam, excess):
    assert sum(parts(distance, 1, lam)) == pytest.approx(excess, abs=5e-5)
    sentence = ARCHER.picture(distance=distance, lam=lam).sentence
    np.testing.assert_allclose(numbers(sentence)[1:4], [*parts(distance, 1, lam), excess], atol=6e-4)
    change = f"{abs(excess / 0.2 - 1):.0%}".replace("%", " % ") + ("less" if excess < 0.2 else "more")
    assert f"{change} than the 0.200" in sentence or "as much as" in sentence


def test_the_way_shows_both_parts_up_to_the_present_weight_and_nothing_beyond():
    board, chart = ARCHER.picture(lam=0.5, distance=1, sigma2=1).panels
    bias2, variance = marks_of(chart, Band)
    assert bias2.x[-1] == variance.x[-1] == 0.5
    expected = np.array([parts(1, 1, lam) for lam in bias2.x]).T
    np.testing.assert_allclose(bias2.high, expected[0], atol=1e-12)
    np.testing.assert_allclose(variance.high, expected.sum(axis=0), atol=1e-12)
    (alone,) = marks_of(chart, Rule, "logits alone")
    assert alone.y == pytest.approx(0.2)
    for label, excess in (("typical miss, logits alone", 0.2), ("typical miss now", sum(parts(1, 1, 0.5)))):
        (circle,) = marks_of(board, Line, label)
        np.testing.assert_allclose(np.hypot(circle.x, circle.y), excess**0.5, atol=1e-3)


def test_each_dart_is_a_least_squares_student_of_noise_of_its_own():
    board = ARCHER.picture(lam=0.5, distance=1, sigma2=1).panels[0]
    darts = next(mark for mark in marks_of(board, Points) if np.size(mark.x) == feature_matching.DARTS)
    X = np.array([[1.0, 1.0], [1.0, -1.0]] * 5)
    eps, eta = np.random.default_rng(0).standard_normal((2, 10, feature_matching.DARTS))
    h = X @ [[1.0], [0.0]] + TAU2**0.5 * eta
    found = np.linalg.solve(X.T @ X + 0.5 * X.T @ X, X.T @ eps + 0.5 * X.T @ h)
    np.testing.assert_allclose([darts.x, darts.y], found, atol=0.0051)


def test_thousands_of_such_darts_miss_by_the_excess():
    rng = np.random.default_rng(3)
    X = np.array([[1.0, 1.0], [1.0, -1.0]] * 5)
    y, h = rng.standard_normal((10, 20_000)), X @ [[1.0], [0.0]] + TAU2**0.5 * rng.standard_normal((10, 20_000))
    misses = np.sum((X.T @ (y + 0.5 * h) / 15) ** 2, axis=0)
    assert abs(misses.mean() - sum(parts(1, 1, 0.5))) < 5 * misses.std() / 20_000**0.5


@pytest.mark.parametrize(("distance", "best", "excess"), [(1.0, 0.192, 0.1677), (2.0, 0.0495, 0.1906)])
def test_the_stops_of_the_tour_are_at_the_best_weights(distance, best, excess):
    lambdas = np.geomspace(1e-3, 1e2, 200_001)
    total = sum(parts(distance, 1, lambdas))
    assert lambdas[total.argmin()] == pytest.approx(best, abs=5e-5 if distance > 1 else 5e-4)
    assert total.min() < 0.2
    assert total.min() == pytest.approx(excess, abs=5e-5)
    assert {stop.settings["lam"] for stop in ARCHER.stops if stop.settings["distance"] == distance} >= {best}


def test_no_dart_leaves_the_board():
    for sigma2 in (0.0, 1.0, 2.0):
        for distance in (0.0, 2.0):
            for lam in (0.001, 0.1, 1.0, 100.0):
                board = ARCHER.picture(lam=lam, distance=distance, sigma2=sigma2).panels[0]
                for mark in marks_of(board, Points):
                    for axis, values in ((board.x, mark.x), (board.y, mark.y)):
                        assert axis.domain[0] <= np.min(values) <= np.max(values) <= axis.domain[1]


def test_the_answers_are_those_of_a_search():
    lambdas = np.geomspace(1e-9, 1e9, 100_001)

    def helps(distance, sigma2):
        below = sum(parts(distance, sigma2, lambdas)) < 2 * sigma2 / 10 - 1e-12
        return 0 if not below.any() else 1 if not below[-1] else 2

    first, farthest, exact = ARCHER.predict
    assert first.answer() == helps(1, 1) == 1
    assert farthest.options[farthest.answer()] == "At any distance."
    assert helps(1000, 1) == 1
    assert exact.answer() == helps(0, 0) == 0


# Two estimates


def test_precisions_add_up_at_the_best_weight_and_nowhere_else():
    for lam, reached in ((1.25, 6.5), (0.2, None), (20.0, None)):
        _, chart = TWO.picture(lam=lam, delta=0.5).panels
        logits, features, both = (float(np.asarray(bar.height)[0]) for bar in marks_of(chart, Bars))
        u = lam * 2 / (4 + lam * 2)
        assert logits == pytest.approx(4)
        assert features == pytest.approx(1 / (0.25 + 0.15))
        assert both == pytest.approx(1 / ((1 - u) ** 2 / 4 + u**2 * 0.4))
        assert both == pytest.approx(reached) if reached else both < 6.4
        assert marks_of(chart, Rule)[0].y == pytest.approx(6.5)
    assert TWO.predict[0].answer() == pytest.approx(1 / 6.5)


def test_the_bells_are_normal_densities_within_the_picture():
    for seen in ((1.0, 1.0), (4.0, 2.0), (20.0, 20.0)):
        line, _ = TWO.picture(lam=1.0, delta=0.5, seen=seen).panels
        a, c = seen
        u = c / (a + c)
        expected = [(u * 0.5, (1 - u) ** 2 / a + u**2 * 0.3 / c), (0, 1 / a), (0.5, 0.3 / c)]
        for bell, (mean, variance) in zip(marks_of(line, Line), expected, strict=True):
            np.testing.assert_allclose(bell.y, stats.norm(mean, variance**0.5).pdf(bell.x), atol=6e-4)
            assert np.max(bell.y) <= line.y.domain[1]


# An input left out


@pytest.mark.parametrize("correlation", [0.0, 0.3, 0.6, 0.9])
def test_the_slope_is_off_by_the_correlation_however_many_rows(correlation):
    sentence = OMITTED.picture(rows="100,000", correlation=correlation).sentence
    slope = numbers(sentence)[1]
    assert slope - 1 == pytest.approx(correlation, abs=0.01)


def test_slope_and_standard_error_are_those_of_scipy():
    kept, logits = feature_matching._kept_and_logits(100, 0.6)
    fit = feature_matching._slope(100, 0.6)
    found = np.polynomial.polynomial.Polynomial.fit(kept, logits, [1], domain=[-1, 1], window=[-1, 1])
    assert fit.slope == pytest.approx(found.coef[1])
    residuals = logits - found(kept)
    assert fit.standard_error == pytest.approx(
        (residuals.var(ddof=0) * 100 / 99 + residuals.mean() ** 2 * 100 / 99) ** 0.5 / np.linalg.norm(kept), rel=1e-9
    )


def test_a_hundred_times_the_rows_leave_the_bias_in_the_intervals_too():
    _, chart = OMITTED.picture(rows="100,000", correlation=0.6).panels
    (slopes,) = marks_of(chart, Points)
    assert slopes.low[-1] > 1.5
    assert np.all(np.diff(np.subtract(slopes.high, slopes.low)) < 0)


# Few rows


def test_the_mean_is_the_formula_and_has_no_bound_at_eight_and_nine():
    picture = FEW.picture(rows=8, lam=0.0)
    (mean,) = marks_of(picture, Line)
    formula = dict(zip(mean.x.tolist(), mean.y.tolist(), strict=True))
    assert np.isnan([formula[8], formula[9]]).all()
    assert [formula[n] for n in (10, 12, 16, 40)] == pytest.approx([2.0, 0.667, 0.286, 0.0645], abs=5e-4)


@pytest.mark.parametrize(("n", "lam"), [(8, 1.0), (12, 1.0), (40, 1.0), (12, 0.0), (40, 0.0)])
def test_a_design_has_the_excess_of_the_library(n, lam):
    X = np.random.default_rng(n).standard_normal((feature_matching.DESIGNS, n, 8))
    found = feature_matching._excesses(n, lam)
    for design, excess in zip(X[:5], found[:5], strict=True):
        of_library = bias_variance(
            design, 8**0.5 * np.eye(8), np.zeros(8), np.zeros(8), sigma2=0.25, tau2=0.25, lam=lam, Sigma=np.eye(8)
        )
        assert excess == pytest.approx(of_library.excess, rel=1e-8)


def test_with_features_few_rows_do_little_harm():
    means = [feature_matching._excesses(n, 1.0).mean() for n in (8, 12, 40)]
    assert means == pytest.approx([0.157, 0.128, 0.049], abs=0.005)


def test_what_was_not_reached_is_not_shown():
    picture = FEW.picture(rows=24, lam=1.0)
    (mean,) = marks_of(picture, Line)
    assert np.isfinite(mean.y[mean.x >= 24]).all()
    assert np.isnan(mean.y[mean.x < 24]).all()
    assert all(np.min(points.x) >= 24 for points in marks_of(picture, Points))


# What trained networks said


def of_weights(setting, measure):
    found = {(r["arm"], r["seed"]): r[measure] for r in RECORD["records"] if measure in r}
    arms = [f"{setting}_lambda_{lam:g}" for lam in RECORD["measured"]["weights"]]
    return np.array([[found[arm, seed] for seed in RECORD["seeds"]] for arm in arms])


@pytest.mark.parametrize(
    ("lesson", "images", "setting"),
    [
        ("exact logits", "100", "rows100"),
        ("noisy logits", "1,297", "rows1297_noisy"),
        (feature_matching.OTHERS, "100", "rows100_noisy_permuted"),
    ],
)
@pytest.mark.parametrize(
    ("shown", "measure", "scale"),
    [("accuracy", "accuracy", 100), ("distance from the teacher's logits", "logit_error", 1)],
)
def test_dots_means_and_intervals_are_those_of_the_record(lesson, images, setting, shown, measure, scale):
    picture = WEIGHT.picture(lesson=lesson, images=images, shown=shown)
    values = scale * of_weights(setting, measure)
    dots, means = marks_of(picture, Points)
    np.testing.assert_allclose(np.reshape(dots.y, values.shape), values)
    np.testing.assert_allclose(means.y, values.mean(axis=1))
    half = stats.sem(values, axis=1) * stats.t.ppf(0.975, values.shape[1] - 1)
    np.testing.assert_allclose(np.subtract(means.high, means.low), 2 * half)
    for axis, drawn in ((picture.y, dots.y),):
        assert axis.domain[0] <= np.min(drawn) <= np.max(drawn) <= axis.domain[1]


def test_other_images_features_were_tried_with_few_images_alone():
    assert WEIGHT.absent(WEIGHT.settings(lesson=feature_matching.OTHERS, images="1,297"))
    assert not WEIGHT.absent(WEIGHT.settings(lesson=feature_matching.OTHERS, images="100"))


def test_the_curve_that_is_asked_for_is_measured():
    question = WEIGHT.predict[0]
    np.testing.assert_allclose(question.answer(), 100 * of_weights("rows100_noisy_permuted", "accuracy").mean(axis=1))
