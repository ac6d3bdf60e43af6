"""The pictures of the chapter on imbalance: the toy by SciPy, the least of a sum by search, the record's numbers."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import optimize, special, stats

from kdlab.explore import imbalance, rare
from kdlab.explore.imbalance import AT_1, AT_4, COMMON, RARE, READINGS, WORDS
from kdlab.explore.picture import Band, Bars, Line, Points, Rule
from kdlab.explore.play import Run
from kdlab.explore.rare import CURVED, INSIDE, LABELS, NOWHERE, ON_SAMPLES, STEPS, STRAIGHT, TEACHER

RECORD = json.loads((Path(__file__).parents[2] / "results" / "imbalance.json").read_text(encoding="utf-8"))
MEASURED = RECORD["measured"]
GROUPS = ("minority_accuracy", "majority_accuracy")
DIGITS, LEARN, LEAST, WORLD, OF_READINGS = (
    getattr(imbalance, name).explorable for name in ("digits", "learn", "least", "world", "readings")
)


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


def numbers(sentence):
    return [float(found) for found in re.findall(r"-?\d+\.?\d*", sentence)]


# The digits


@pytest.mark.parametrize(
    ("told", "weights", "arm"),
    [(LABELS, NOWHERE, "hard"), (LABELS, INSIDE, "hard_weighted"), (AT_1, INSIDE, "kd_T1_inside")]
    + [(AT_4, ON_SAMPLES, "kd_T4_weighted"), (AT_4, INSIDE, "kd_T4_inside")],
)
def test_the_bars_are_the_means_of_the_record_and_the_band_its_interval(told, weights, arm):
    picture = DIGITS.picture(told=told, weights=weights)
    of_class = 100 * np.array(MEASURED["by_class"][arm])
    for label, digits, measure in (
        ("100 images each", COMMON, "majority_accuracy"),
        ("8 images each", RARE, "minority_accuracy"),
    ):
        (bars,) = marks_of(picture, Bars, label)
        np.testing.assert_allclose(bars.height, of_class[list(digits)])
        seeds = 100 * np.array(MEASURED[measure][arm])
        half = stats.sem(seeds) * stats.t.ppf(0.975, len(seeds) - 1)
        band = marks_of(picture, Band)[digits is RARE]
        np.testing.assert_allclose([band.low[0], band.high[0]], [seeds.mean() - half, seeds.mean() + half], rtol=1e-5)
        assert f"{seeds.mean():.1f} %" in picture.sentence
    (teacher,) = marks_of(picture, Points, "the teacher")
    np.testing.assert_allclose(teacher.y, 100 * np.array(MEASURED["by_class"]["teacher"])[[*COMMON, *RARE]])
    assert picture.sentence.endswith("are the same.") == ((told, weights) == (LABELS, INSIDE))


def test_rare_and_common_are_those_of_the_record():
    assert list(RARE) == MEASURED["rare"]
    assert [MEASURED["counts"][c] for c in (*COMMON, *RARE)] == [100] * 7 + [8] * 3


def test_weighted_labels_find_the_most():
    (question,) = DIGITS.predict
    found = [np.mean(MEASURED["minority_accuracy"][arm]) for arm in imbalance.WHO]
    assert question.answer() == int(np.argmax(found)) == 3


# The student that learns


def test_the_teacher_is_the_posterior():
    points = np.random.default_rng(1).uniform(-3, 3, size=(40, 2))
    shares = (200 / 210, 10 / 210)
    densities = [
        share * stats.multivariate_normal(centre, deviation**2).pdf(points)
        for share, centre, deviation in zip(shares, rare.CENTRES, (1.0, 0.8), strict=True)
    ]
    posterior = np.transpose(densities) / np.sum(densities, axis=0)[:, np.newaxis]
    np.testing.assert_allclose(special.softmax(rare.teacher_logits(points), axis=1), posterior, rtol=1e-9)


@pytest.mark.parametrize("weights", [NOWHERE, ON_SAMPLES, INSIDE])
def test_the_gradient_is_that_of_the_loss(weights):
    rng = np.random.default_rng(2)
    z, y = rng.normal(size=(5, 2)), np.array([0, 1, 1, 0, 1])
    p, w = special.softmax(rng.normal(size=(5, 2)), axis=1), np.array([0.525, 10.5])
    np.testing.assert_allclose(rare.CLASS_WEIGHTS, w)

    def loss(z, T=4.0):
        terms = p * (np.log(p) - special.log_softmax(z / T, axis=1))
        if weights == INSIDE:
            return T * (w * terms).sum()
        return T * ((w[y] if weights == ON_SAMPLES else 1) * terms.sum(axis=1)).sum()

    q = special.softmax(z / 4, axis=1)
    by_differences = optimize.approx_fprime(z.ravel(), lambda flat: loss(flat.reshape(5, 2))).reshape(5, 2)
    np.testing.assert_allclose(rare.loss_dz(q, p, y, weights), by_differences, atol=1e-5)


def test_for_labels_the_two_places_are_one():
    y = np.array([0, 1, 0])
    q = special.softmax(np.random.default_rng(3).normal(size=(3, 2)), axis=1)
    one_hot = np.eye(2)[y]
    np.testing.assert_allclose(rare.loss_dz(q, one_hot, y, INSIDE), rare.loss_dz(q, one_hot, y, ON_SAMPLES))


def border_of(shift):
    """Return the shares of the new points found by the teacher, its rare logit shifted."""
    new = rare.asked()
    called = (rare.teacher_logits(new.points) + [0, shift]).argmax(axis=1)
    return [100 * np.mean(called[new.classes == c] == c) for c in (0, 1)]


def test_a_curved_student_ends_where_the_loss_is_least():
    at_teacher = rare.at_the_end(TEACHER, ON_SAMPLES, 4.0, CURVED)
    assert at_teacher == pytest.approx(border_of(0.0), abs=0.2)
    assert rare.at_the_end(TEACHER, NOWHERE, 4.0, CURVED) == pytest.approx(at_teacher, abs=0.2)
    assert rare.at_the_end(TEACHER, INSIDE, 4.0, CURVED) == pytest.approx(border_of(4 * np.log(20)), abs=1)
    assert rare.at_the_end(TEACHER, INSIDE, 1.0, CURVED) == pytest.approx(border_of(np.log(20)), abs=2)


def test_wherever_the_rare_points_lie_a_curved_student_ends_at_its_teacher():
    dragged = np.random.default_rng(4).uniform(-3, 3.5, size=(10, 2))
    picture = LEARN.picture(weights=ON_SAMPLES, rare=dragged, run=Run(STEPS))
    found = numbers(picture.sentence.partition(":")[2])
    assert found[:2] == pytest.approx(found[2:], abs=1)


def test_where_weights_say_something_the_end_moves():
    assert (
        rare.at_the_end(TEACHER, NOWHERE, 4.0, STRAIGHT)[1] > rare.at_the_end(TEACHER, ON_SAMPLES, 4.0, STRAIGHT)[1] + 5
    )
    assert (
        rare.at_the_end(LABELS, ON_SAMPLES, 4.0, STRAIGHT)[1] > rare.at_the_end(LABELS, NOWHERE, 4.0, STRAIGHT)[1] + 30
    )


def test_what_is_asked_of_the_student():
    copies, inside = LEARN.predict
    assert copies.options[copies.answer()] == "as many as its teacher."
    assert inside.answer() == pytest.approx(9.4, abs=1)
    assert inside.before == INSIDE


def test_the_curve_has_a_point_every_ten_steps_and_starts_undecided():
    picture = LEARN.picture(run=Run(40))
    common, _ = (marks_of(picture.panels[1], Line, name)[0] for name in ("common", "rare"))
    assert list(common.x) == [0, 10, 20, 30, 40]
    assert common.y[0] == 100  # one half and one half: the first class is called
    assert "student's border" not in {mark.label for mark in LEARN.picture().panels[0].marks}


# The least


@pytest.mark.parametrize(
    ("p", "ratio", "T"), [(0.1, 4, 1), (0.1, 4, 2), (0.1, 4, 4), (0.1, 2, 4), (0.5, 20, 8), (0.02, 1, 3)]
)
def test_the_dots_are_where_a_search_finds_the_least(p, ratio, T):
    w = np.array([(1 + ratio) / (2 * ratio), (1 + ratio) / 2])

    def at_t(x):
        return special.softmax(np.log([1 - x, x]) / T)

    def inside(x):
        return float((w * at_t(p) * np.log(at_t(p) / at_t(x))).sum())

    odds = optimize.minimize_scalar(
        lambda o: inside(special.expit(o)), bounds=(-12, 32), method="bounded", options={"xatol": 1e-9}
    )
    picture = LEAST.picture(p=p, ratio=ratio, temperature=T)
    (dot,) = marks_of(picture, Points, "least inside")
    assert dot.x[0] == pytest.approx(special.expit(odds.x), abs=1e-4)
    assert dot.y[0] == pytest.approx(odds.fun, abs=1e-6)
    (line,) = marks_of(picture, Line, "weights inside the sum")
    np.testing.assert_allclose(line.y, [inside(x) for x in line.x], atol=1e-9)
    (other,) = marks_of(picture, Line, "weight on the sample")
    kl = [float(special.rel_entr(at_t(p), at_t(x)).sum()) for x in other.x]
    np.testing.assert_allclose(other.y, w[1] * np.array(kl), atol=1e-9)


def test_the_line_to_place():
    (question,) = LEAST.predict
    assert question.answer() == [pytest.approx(16 / 25)]


# The world


def test_the_lines_are_mixtures_and_the_bands_hold_them():
    picture = WORLD.picture(share=30.0, arms=tuple(WORDS))
    for name, (arm, _) in WORDS.items():
        rare_found, common_found = (
            100 * np.array(MEASURED[m][arm]) for m in ("minority_accuracy", "majority_accuracy")
        )
        (line,) = marks_of(picture, Line, name)
        np.testing.assert_allclose(line.y, [common_found.mean(), rare_found.mean()], atol=0.006)
        assert f"{name}: {(0.3 * rare_found + 0.7 * common_found).mean():.1f} %" in picture.sentence
    for band in marks_of(picture, Band):
        assert np.all(band.low < band.high)
        assert picture.y.domain[0] <= np.min(band.low)


def test_as_in_training_is_the_record_s_own_number():
    for arm in ("hard", "kd_T4_inside"):
        mixed = imbalance._right(arm, 100 * 24 / 724).mean()
        assert mixed == pytest.approx(100 * np.mean(MEASURED["imbalanced_accuracy"][arm]), abs=0.02)
    marked = {mark.label: mark.x for mark in marks_of(WORLD.picture(), Rule)}
    assert marked["as in training"] == round(100 * 24 / 724, 1)


def test_from_which_share_on_weights_win():
    (question,) = WORLD.predict
    share = question.answer() / 100
    assert share == pytest.approx(0.049, abs=0.001)
    means = {
        arm: [np.mean(MEASURED[m][arm]) for m in ("minority_accuracy", "majority_accuracy")]
        for arm in ("hard", "hard_weighted")
    }
    plain, weighted = (share * r + (1 - share) * c for r, c in means.values())
    assert plain == pytest.approx(weighted)


def test_what_is_ticked_can_stand_in_an_address_with_commas_between():
    assert not any("," in name for name in WORDS)


def test_nobody_ticked():
    assert WORLD.picture(arms=()).sentence.endswith("nobody is ticked.")


# The readings


@pytest.mark.parametrize("reading", list(READINGS))
@pytest.mark.parametrize(("tested", "name"), [("balanced", "balanced"), ("as in training", "imbalanced")])
def test_the_bars_are_the_errors_of_the_record(reading, tested, name):
    picture = OF_READINGS.picture(reading=reading, tested=tested)
    shown = {x: y for mark in marks_of(picture, Bars) for x, y in zip(mark.x, mark.height, strict=True)}
    for i, (arm, _) in enumerate(imbalance.SHOWN.values()):
        measure = f"{READINGS[reading][0]}_rare_{name}"
        assert shown[i] == pytest.approx(100 * np.mean(MEASURED[measure][arm]))
    seeds = [mark for mark in marks_of(picture, Points) if not mark.label]
    assert picture.y.domain[1] >= max(np.max(mark.y) for mark in seeds)
    nulls = marks_of(picture, Points, "by chance alone")
    assert bool(nulls) == (tested == "balanced" and reading != "rows that are rare")


def test_the_readings_do_not_agree():
    (question,) = OF_READINGS.predict
    assert question.options[question.answer()] == "they do not agree."
