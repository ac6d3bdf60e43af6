"""The pictures of the chapter on gradient noise: by the logistic function, by SciPy, and from the record."""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, softmax

from kdlab.explore import gradient_noise, small_batches
from kdlab.explore.marks import Arrow, Line, Points

RECORD = json.loads((Path(__file__).parents[2] / "results" / "gradient_noise.json").read_text(encoding="utf-8"))
RACE, CLOUD, EXPONENT, TRAINED, ARMS = (
    getattr(gradient_noise, name).explorable for name in ("race", "cloud", "exponent", "trained", "arms")
)


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


# Five students


def walked(step_size, batch, seed, steps=200):
    """Return the weights (steps + 1, 5, 2) of the five students, each trained by itself, by the logistic function."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(300, 3))
    score, x = x @ [2.0, 2.0, 1.0], x[:, :2]
    large, small = rng.integers(0, 300, (200, 64)), rng.integers(0, 300, (200, batch))
    hot = 4 * (64 / batch) ** 0.25
    found = []
    for rows, T, size in (
        (large, 4, step_size),
        (small, 4, step_size),
        (small, hot, step_size),
        (small, 4, step_size * (batch / 64) ** 0.5),
        (small, hot, step_size * (hot / 4) ** 2),
    ):
        w = np.array([-4.0, -1.0])
        way = [w]
        for n in range(steps):
            of = rows[n]
            w = w - size * ((expit(x[of] @ w / T) - expit(score[of] / T)) / T) @ x[of] / len(of)
            way.append(w)
        found.append(way)
    return np.swapaxes(found, 0, 1)


@pytest.mark.parametrize(("step", "size", "batch"), [("middle", 60.0, 8), ("short", 0.6, 8), ("middle", 60.0, 3)])
def test_the_five_walks(step, size, batch):
    state = small_batches.finished(size, batch, 1)
    np.testing.assert_allclose(state.places, walked(size, batch, 1), rtol=1e-6, atol=1e-6)


def test_how_often_a_student_gives_the_teachers_class():
    weights = np.array([[2.0, 2.0], [-4.0, -1.0], [0.3, -1.0]])
    x = np.random.default_rng(0).normal(size=(400_000, 3))
    counted = [np.mean((x[:, :2] @ w > 0) == (x @ [2.0, 2.0, 1.0] > 0)) for w in weights]
    np.testing.assert_allclose(small_batches.agreement(weights), counted, atol=0.003)


def test_who_walks_with_whom():
    first, second = RACE.predict
    assert first.answer() == 2
    assert second.answer() == 2
    for seed in range(4):
        middle, long = (walked(size, 8, seed) for size in (60.0, 150.0))

        def apart(places, one, other):
            return np.linalg.norm(places[:, one] - places[:, other], axis=-1).mean()

        assert apart(middle, 2, 3) < apart(middle, 1, 2) / 3
        assert apart(middle, 1, 4) < apart(middle, 1, 2) / 2
        assert apart(long, 2, 3) < apart(long, 1, 2) / 5


def test_the_race_says_what_it_shows():
    start = RACE.picture()
    assert "all five have the same weights" in start.sentence
    sheet = RACE.drawn(
        RACE.settings(step="short") | {"run": RACE.controls["run"].check("run", {"step": 20, "history": []})}
    )
    plane, curves = sheet.panels
    for k, name in enumerate(small_batches.WAYS):
        (head,) = marks_of(plane, Points, name)
        np.testing.assert_allclose([head.x[0], head.y[0]], walked(0.6, 8, 0)[20, k], atol=0.006)
        assert marks_of(curves, Line, name)[0].items == 2
    assert sheet.sentence.startswith("20 steps of size 0.6; few rows are 8.")


# The cloud


@pytest.mark.parametrize(("T", "lens", "batch", "drawn", "factor"), [
    (2.0, False, 4, "with replacement", 1 / 4),
    (16.0, True, 16, "without", (60 - 16) / 59 / 16),
    (64.0, True, 60, "without", 0.0),
])  # fmt: skip
def test_the_cloud(T, lens, batch, drawn, factor):
    rng = np.random.default_rng(1)
    v = 3 * rng.normal(size=(60, 3))
    z = 0.5 * v + 1.5 * rng.normal(size=(60, 3)) + [2.0, 0.0, -2.0]
    g = (softmax(z / T, axis=1) - softmax(v / T, axis=1)) * (T if lens else 1 / T)
    picture = CLOUD.picture(temperature=T, lens=lens, batch=batch, drawn=drawn)
    (arrow,) = marks_of(picture, Arrow)
    (ellipse,) = marks_of(picture, Line)
    signal, noise = np.linalg.norm(g.mean(axis=0)), (g.var(axis=0).sum() * factor) ** 0.5
    # the plane keeps lengths up to the root of 3/2: three corners, each of length 1
    assert np.hypot(arrow.x1, arrow.y1)[0] == pytest.approx(signal * 1.5**0.5)
    spread = np.hypot(ellipse.x - arrow.x1[0], ellipse.y - arrow.y1[0])
    assert spread.max() <= 2 * noise * 1.5**0.5 + 1e-12
    assert f"signal {signal:.3g}, noise {noise:.3g}" in picture.sentence
    assert len(marks_of(picture, Points)[1].x) == 30


def test_a_batch_of_all_rows_has_no_noise():
    picture = CLOUD.picture(temperature=2.0, batch=60, drawn="without")
    means = marks_of(picture, Points)[1]
    assert np.ptp(means.x) < 1e-3
    assert "without bound" in picture.sentence


def test_the_lens_keeps_the_cloud():
    (question,) = CLOUD.predict
    assert question.answer() == 2


# The exponent


@pytest.mark.parametrize(
    ("classes", "lead", "knows", "share"), [("10", 10.0, "nothing", 0.0), ("2", 2.0, "half of it", 0.5)]
)
def test_the_fall_and_its_slope(classes, lead, knows, share):
    T = np.geomspace(0.5, 64, 43)
    C = int(classes)

    def variance(T):
        # of one class and the others' probabilities alone: every class is as good
        top, teacher = (1 / (1 + (C - 1) * np.exp(-each * lead / T)) for each in (share, 1.0))
        return (top - teacher) ** 2 * C / (C - 1) / T**2

    fall, slope = EXPONENT.picture(classes=classes, lead=lead, knows=knows).panels
    np.testing.assert_allclose(marks_of(fall, Line, "exact")[0].y, variance(T), rtol=1e-9)
    steep = np.log(variance(T * 1.0001) / variance(T / 1.0001)) / (2 * np.log(1.0001))
    np.testing.assert_allclose(marks_of(slope, Line)[0].y, steep, atol=1e-4)


def test_what_is_asked_of_the_exponent():
    assert [question.answer() for question in EXPONENT.predict] == [2, 2]


# What was measured


def of(arm, measure):
    found = {each["seed"]: each[measure] for each in RECORD["records"] if each["arm"] == arm}
    return np.array([found[seed] for seed in RECORD["seeds"]])


def test_the_noise_is_that_of_the_record():
    for shown, kind in (("exponent", "logits"), ("variance over the law", "law"), ("signal over noise", "snr")):
        picture = TRAINED.picture(shown=shown)
        (early,) = marks_of(picture, Points, "after 40 steps")
        means = [of("noise_early", f"{kind}_T{T}").mean() for T in ("0_5", 1, 2, 4, 8, 16, 32, 64)]
        np.testing.assert_allclose(early.y, means)
    (question,) = TRAINED.predict
    straight = np.linspace(-2, -4, 8)
    assert not question.score(np.full(8, -4.0), question.answer()).right
    assert not question.score(straight, question.answer()).right


@pytest.mark.parametrize(("step", "name"), [("large", "sgd_0.3"), ("a thirtieth", "sgd_0.01"), ("Adam", "adam")])
def test_the_arms_are_those_of_the_record(step, name):
    picture = ARMS.picture(step=step, batch="4")
    means = [mark for mark in marks_of(picture, Points) if mark.items == 1]
    changes = ("base_B64", "fixed_B4", "rule_B4", "lr_B4", "rule_T2_B4")[: 4 if name == "adam" else 5]
    np.testing.assert_allclose(
        [mark.y[0] for mark in means], [100 * of(f"{name}_{change}", "accuracy").mean() for change in changes]
    )
    assert ARMS.predict[0].answer() == 1
