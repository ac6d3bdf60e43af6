"""The pictures of the chapter on robustness: from the record's own arrays, and numbers computed here."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from kdlab.explore import robustness
from kdlab.explore.marks import Arrow, Bars, Heatmap, Image, Line, Points, Rects, Text

RESULTS = Path(__file__).parents[2] / "results"
RECORD = json.loads((RESULTS / "robustness.json").read_text(encoding="utf-8"))
ATTACK, PUSH, TILT, GAUGE, PIXELS = (
    getattr(robustness, name).explorable for name in ("attack", "push", "tilt", "gauge", "pixels")
)
FIRST, SECOND = robustness.BITS


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


def numbers(sentence):
    """Return the numbers of a sentence, with their signs."""
    return [float(found.replace("−", "-")) for found in re.findall(r"(?<![\w.])−?\d+\.?\d*", sentence)]


def of_arm(arm, measure):
    return 100 * np.mean([each[measure] for each in RECORD["records"] if each["arm"] == arm])


# Under attack


@pytest.mark.parametrize("learned", robustness.DATA)
@pytest.mark.parametrize("layers", robustness.WRITTEN)
def test_the_curves_are_the_means_of_the_record(learned, layers):
    picture = ATTACK.picture(students=robustness.BITS, layers=layers, learned=learned)
    arm = f"{robustness.DATA[learned]}_{robustness.WRITTEN[layers]}"
    curves = {
        name: 100 * np.mean(RECORD["measured"]["curves"][f"{arm}_{name}"], axis=0)
        for name in ("teacher", "layer1", "layer2")
    }
    (teacher,), (first,) = marks_of(picture, Line, "teacher"), marks_of(picture, Line, FIRST)
    (second,) = marks_of(picture, Points, SECOND)
    np.testing.assert_allclose(teacher.y, curves["teacher"])
    np.testing.assert_allclose(first.y, curves["layer1"])
    np.testing.assert_allclose(second.y, curves["layer2"][::2])
    expected = [of_arm(f"{arm}_{name}", each) for name in curves for each in ("accuracy", "robust_0_1")]
    found = re.findall(r"(\d+) % and (\d+) %", picture.sentence)
    assert np.abs(np.ravel(np.array(found, float)) - expected).max() <= 0.5


def test_nothing_is_shown_of_students_before_the_guess():
    picture = ATTACK.picture()
    assert {mark.label for mark in picture.marks if mark.label} == {"teacher"}
    assert "bit" not in picture.sentence


def test_what_is_asked_of_the_attack():
    draw, pick = ATTACK.predict
    curve = 100 * np.mean(RECORD["measured"]["curves"]["digits_h16_layer1"], axis=0)
    np.testing.assert_allclose(draw.answer(), curve[[0, 4, 8, 12, 16, 20]])
    np.testing.assert_allclose(draw.x, np.array(RECORD["measured"]["epsilons"]["digits"])[[0, 4, 8, 12, 16, 20]])
    parallel = np.mean(RECORD["measured"]["curves"]["digits_h16_teacher"], axis=0)[[0, 4, 8, 12, 16, 20]] * 100 - 3
    assert not draw.score(parallel, draw.answer()).right
    assert draw.score(draw.answer(), draw.answer()).right
    assert pick.options[pick.answer()] == "Layer 1."
    assert round(of_arm("digits_hadamard_teacher", "robust_0_1") - of_arm("digits_hadamard_layer2", "robust_0_1")) == 44


# The box


def test_a_box_is_filled_where_a_corner_is_wrong():
    rng = np.random.default_rng(0)
    for _ in range(30):
        w, plus, minus, eps = rng.uniform(-1, 1, 2), rng.uniform(-2, 2, (3, 2)), rng.uniform(-2, 2, (2, 2)), 0.5
        picture = PUSH.picture(eps=eps, plus=plus, minus=minus, weights=[w])
        corners = eps * np.array([*itertools.product((-1, 1), repeat=2)])
        worst = [
            min(y * w @ (x + corner) for corner in corners) for y, points in ((1, plus), (-1, minus)) for x in points
        ]
        caught = [rects for rects in marks_of(picture, Rects) if rects.filled]
        assert sum(rects.items for rects in caught) == sum(each <= 0 for each in worst)
        assert f"{sum(each > 0 for each in worst)} of 5 points hold" in picture.sentence


@pytest.mark.parametrize(("norm", "expected"), [(robustness.SQUARE, 0.1), (robustness.CIRCLE, 0.3 / 5**0.5)])
def test_the_critical_radius_of_the_first_point(norm, expected):
    picture = PUSH.picture(norm=norm)
    first = marks_of(picture, Text)[0]
    assert float(first.text) == pytest.approx(expected, abs=0.005)
    assert numbers(picture.sentence)[-1] == float(first.text)


def test_arrows_go_to_the_corner_against_the_signs():
    arrows = [mark for mark in marks_of(PUSH.picture(eps=0.3), Arrow) if not mark.moves]
    steps = [np.unique(np.round([a.x1 - a.x0, a.y1 - a.y0], 9), axis=1).ravel().tolist() for a in map(_ends, arrows)]
    assert steps == [[-0.3, 0.3], [0.3, -0.3]]
    (question,) = PUSH.predict
    assert question.options[question.answer()] == "Both by ε: (−ε, +ε)."


def _ends(arrow):
    return type("Ends", (), {name: np.asarray(value) for name, value in arrow.columns().items()})


def test_weights_of_zero_have_no_line_and_hold_nothing():
    picture = PUSH.picture(eps=0.3, weights=[[0.0, 0.0]])
    assert not marks_of(picture, Line)
    assert "0 of 5 points hold" in picture.sentence


# Two clouds


@pytest.mark.parametrize(("angle", "clean", "attacked"), [(54.5, 99.9, 86.1), (0, 99.4, 93.3)])
def test_what_is_right_at_an_angle_whatever_the_length(angle, clean, attacked):
    mu, sd = np.array([1, 0.35]), np.array([0.4, 0.2])
    w = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    by_scipy = [100 * stats.norm.cdf((w @ mu - eps * np.abs(w).sum()) / np.sqrt(w**2 @ sd**2)) for eps in (0, 0.4)]
    assert by_scipy == pytest.approx([clean, attacked], abs=0.05)
    curves = []
    for length in (0.1, 1.0, 2.0):
        picture = TILT.picture(angle=angle, length=length)
        assert f"right in {clean} % unchanged, in {attacked} %" in picture.sentence
        curves.append(marks_of(picture.panels[1], Line, "this w")[0].y)
    np.testing.assert_allclose(curves[0], curves[1])
    np.testing.assert_allclose(curves[2], curves[1])


def test_the_best_angle_under_attack_is_0():
    (question,) = TILT.predict
    assert question.answer() == 0
    assert not question.score(54.5, 0).right


# Other layers


def by_hand(a, given):
    W1, w2 = np.array([[4.0 * a, 2.0 * a], [3.0, -4.0]]), np.array([0.5 / a, 1.0])
    if given == "layer 1":
        W1 = np.sign(W1)
    if given == "layer 2":
        w2 = np.sign(w2)
    w = W1.T @ w2
    return w / np.abs(w).sum()


@pytest.mark.parametrize("given", robustness.GIVEN)
@pytest.mark.parametrize("a", [0.25, 0.5, 1.0, 2.0, 4.0])
def test_directions_and_radii(a, given):
    picture = GAUGE.picture(a=a, given=given)
    w = by_hand(a, given)
    network, plane, bars = picture.panels
    arrows = marks_of(plane, Arrow)
    assert [arrow.color for arrow in arrows] == (["ink"] if given == "no layer" else ["ink", "orange"])
    np.testing.assert_allclose([arrows[-1].x1, arrows[-1].y1], w, atol=1e-12)
    np.testing.assert_allclose([arrows[0].x1, arrows[0].y1], [5 / 8, -3 / 8])
    radii = [np.dot(w, x) for x in robustness.TRIED.values()]
    np.testing.assert_allclose(marks_of(bars, Bars, "student")[0].height, radii, atol=1e-12)
    assert numbers(picture.sentence)[-3:] == pytest.approx(radii, abs=6e-4)
    assert len(marks_of(network, Text)) == 6


def test_at_one_half_and_at_two_the_layers_change_places():
    teacher = by_hand(1.0, "no layer")
    lossless = {
        (a, given)
        for a in (0.5, 1.0, 2.0)
        for given in ("layer 1", "layer 2")
        if np.allclose(by_hand(a, given), teacher)
    }
    assert lossless == {(0.5, "layer 2"), (2.0, "layer 1")}
    for a, given in ((0.5, "layer 1"), (2.0, "layer 2")):
        np.testing.assert_allclose(by_hand(a, given), [1, 0], atol=1e-12)
    pick, estimate = GAUGE.predict
    assert pick.options[pick.answer()] == "That of the student with one bit in layer 1 alone."
    assert estimate.answer() == 0.5


# A digit


@pytest.fixture(scope="module")
def shown():
    with np.load(RESULTS / "shown" / "robustness.npz") as arrays:
        return {name: arrays[name].astype(np.float64) for name in arrays}


@pytest.mark.parametrize("image", [1, 3, 4, 6, 8])
@pytest.mark.parametrize("network", robustness.NETWORKS)
def test_the_pixels_add_up_to_the_radius_less_epsilon(shown, network, image):
    w = shown["weights"][robustness.NETWORKS.index(network)]
    x, y = shown["images"][image - 1] / 16, 2 * shown["labels"][image - 1] - 1
    radius = y * w @ (x - shown["mean"]) / np.abs(w).sum()
    for eps in (0.0, 0.1):
        picture = PIXELS.picture(network=network, eps=eps, image=image)
        worst = y * w @ (x - eps * y * np.sign(w) - shown["mean"]) / np.abs(w).sum()
        assert worst == pytest.approx(radius - eps)
        (shows_radius,) = numbers(re.search(r"critical radius (\S+)\.", picture.sentence)[1])
        (left,) = numbers(re.search(r"add up to (\S+):", picture.sentence)[1])
        assert (shows_radius, left) == pytest.approx((radius, worst), abs=6e-4)
        assert picture.sentence.endswith("an error." if worst <= 0 else "still read rightly.")
        weights, changed, parts = picture.panels
        (drawn,) = marks_of(changed, Image)
        np.testing.assert_allclose(np.ravel(drawn.pixels), np.clip(x - eps * y * np.sign(w), 0, 1), atol=0.006)
        (added,) = marks_of(parts, Heatmap)
        exact = np.abs(w) / np.abs(w).sum() * (y * np.sign(w) * (x - shown["mean"]) - eps)
        np.testing.assert_allclose(np.ravel(added.values), exact.clip(-added.high, added.high), atol=added.high / 20)
        assert marks_of(weights, Heatmap)


def test_equal_weights_shrink_the_radius_of_the_8():
    (question,) = PIXELS.predict
    assert question.options[question.answer()] == "shrinks."
    assert "digit 8" in PIXELS.picture(image=3).sentence
    assert "critical radius 0.17" in PIXELS.picture(image=3).sentence
    assert "critical radius 0.079" in PIXELS.picture(image=3, network=FIRST).sentence
