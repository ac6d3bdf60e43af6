"""The pictures of the chapter on vision: networks by PyTorch, the toy by its own gradient, the record's numbers."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import ndimage, special
from torch.nn import functional

from kdlab.explore import drawing, third_class, vision
from kdlab.explore.marks import Bars, Heatmap, Image, Line, Points, Rule
from kdlab.explore.play import Run
from kdlab.explore.third_class import LABELS, SOFT

RESULTS = Path(__file__).parents[2] / "results"
RECORD = json.loads((RESULTS / "vision.json").read_text(encoding="utf-8"))
MEASURED = RECORD["measured"]
SHOWN = np.load(RESULTS / "shown" / "vision.npz")
DRAW, SAID, PLANE, RECALL, BIAS = (
    getattr(vision, name).explorable for name in ("draw", "said", "plane", "recall", "bias")
)


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


def by_torch(image, name):
    """Return the logits of a network of the record."""
    layers = [
        (torch.from_numpy(SHOWN[f"{name}_{k}_codes"] * SHOWN[f"{name}_{k}_scale"]), SHOWN[f"{name}_{k}_bias"])
        for k in range(4)
    ]
    (w0, b0), (w1, b1), (w2, b2), (w3, b3) = [(w, torch.from_numpy(b.astype(float))) for w, b in layers]
    a = functional.conv2d(torch.from_numpy(image)[None, None], w0, b0, padding="same").relu()
    a = functional.conv2d(a, w1, b1, padding="same").relu()
    return ((functional.max_pool2d(a, 2).flatten() @ w2 + b2).relu() @ w3 + b3).numpy()


# Drawing


@pytest.mark.parametrize("network", drawing.NETWORKS)
def test_networks_say_what_torch_says(network):
    rng = np.random.default_rng(0)
    for _ in range(5):
        image = rng.uniform(size=(14, 14)) ** 3
        expected = by_torch(image, drawing.NETWORKS[network])
        np.testing.assert_allclose(drawing.logits_of(image, network), expected, atol=1e-9)
        expected[3] += drawing.bias_of(network)
        np.testing.assert_allclose(drawing.said_of(image, network, True), special.softmax(expected), atol=1e-12)


def test_the_bias_is_the_records_of_the_first_seed():
    assert drawing.bias_of("teacher") == 0
    for name, arm in (("labels", "hard"), ("T = 1", "T1"), ("T = 4", "T4"), ("T = 8", "T8")):
        assert drawing.bias_of(name) == MEASURED["bias"][f"images3_{arm}_bias"][0]


def test_the_ready_3_is_a_shown_row_of_the_record():
    blocks = drawing.in_blocks(drawing.shown() / 255)
    np.testing.assert_allclose(blocks.ravel(), MEASURED["shown_inputs"]["images3"][0], atol=1 / 255)


@pytest.mark.parametrize("place", [(0, 0), (3, 11), (14, 14)])
def test_a_drawing_is_put_in_the_middle_as_large_as_the_data(place):
    small = np.zeros((28, 28), np.uint8)
    row, column = place
    small[row : row + 12, column : column + 3] = 255
    small[row + 9 : row + 12, column : column + 9] = 255
    put = drawing.placed(small)
    assert ndimage.center_of_mass(put) == pytest.approx((13.5, 13.5), abs=0.05)
    rows = np.flatnonzero(put.sum(axis=1) > 0.5 * put.max())
    assert abs(np.ptp(rows) + 1 - 20) <= 1  # its longer side
    # where it was drawn does not matter
    moved = np.roll(small, (1, 1), axis=(0, 1))
    np.testing.assert_allclose(drawing.placed(moved), put, atol=1e-12)


def test_nothing_is_made_of_an_empty_paper():
    empty = np.zeros((28, 28), np.uint8)
    assert not drawing.placed(empty).any()
    picture = DRAW.picture(drawn=empty)
    assert not marks_of(picture.panels[1], Bars)
    assert "empty" in picture.sentence


@pytest.mark.parametrize("bias", vision.BIASES)
@pytest.mark.parametrize("put", [True, False])
@pytest.mark.parametrize("name", vision.READY)
def test_the_bars_are_the_probabilities(name, put, bias):
    drawn = vision.READY[name]
    see, say = DRAW.picture(drawn=drawn, bias=bias, put=put).panels
    seen = drawing.in_blocks(drawing.placed(drawn) if put else drawn / 255)
    np.testing.assert_allclose(marks_of(see, Image)[0].pixels, seen)
    bars = marks_of(say, Bars)
    for row, network in enumerate(reversed(drawing.NETWORKS)):
        z = by_torch(seen, drawing.NETWORKS[network])
        z[3] += drawing.bias_of(network) * (bias == vision.SET)
        p = special.softmax(z)
        others, three = bars[2 * row], bars[2 * row + 1]
        np.testing.assert_allclose((others.height - others.base) / vision.TALL, np.delete(p, 3), atol=1e-9)
        np.testing.assert_allclose((np.array(three.height) - three.base) / vision.TALL, p[3], atol=1e-9)
        assert say.y.categories[row] == network


def test_what_is_asked_of_the_3():
    sure, who = DRAW.predict
    assert sure.options[sure.answer()] == "Another digit, and it is sure."
    assert who.options[who.answer()] == "All but that of labels."


def test_the_middle_matters_to_a_small_3():
    says = {put: DRAW.picture(drawn=vision.READY["a small 3"], put=put).sentence for put in (True, False)}
    assert "teacher says 3" in says[True]
    assert "teacher says 3" not in says[False]


# What is said


@pytest.mark.parametrize("task", vision.TASKS)
@pytest.mark.parametrize("temperature", vision.HEARD)
def test_what_is_said_is_the_records(task, temperature):
    picture = SAID.picture(task=task, temperature=temperature)
    p = 100 * np.array(MEASURED["said"][vision.TASKS[task]][vision.HEARD.index(temperature)])
    expected = np.delete(p, int(vision.TASKS[task][-1]))
    np.testing.assert_allclose(marks_of(picture, Bars)[0].height, expected)
    assert expected.max() < picture.y.domain[1]


def test_what_is_asked_of_a_5():
    (question,) = SAID.predict
    said = {T: MEASURED["said"]["digits3"][i][5] for i, T in enumerate(MEASURED["said_temperatures"])}
    assert said[1.0] == pytest.approx(0.001, rel=0.1)
    assert question.answer() == pytest.approx(said[4.0] / said[1.0])
    assert not question.score(4, question.answer()).right


# The plane


def learned_by_torch(lesson, T, steps):
    x, y = (torch.from_numpy(each) for each in third_class.learned())
    centres = torch.tensor([[-2.0, 0.0], [2.0, 0.0], [0.0, 3.0]], dtype=torch.float64)
    v = -((x[:, None] - centres) ** 2).sum(-1) / (2 * 0.7**2)
    W, b = torch.zeros(2, 3, dtype=torch.float64), torch.zeros(3, dtype=torch.float64)
    for _ in range(steps):
        W.requires_grad_(), b.requires_grad_()
        z = x @ W + b
        if lesson == SOFT:
            loss = T**2 * functional.kl_div((z / T).log_softmax(-1), (v / T).softmax(-1), reduction="batchmean")
        else:
            loss = functional.cross_entropy(z, y)
        dW, db = torch.autograd.grad(loss, (W, b))
        W, b = (W - 0.5 * dW).detach(), (b - 0.5 * db).detach()
    return W.numpy(), b.numpy()


@pytest.mark.parametrize(("lesson", "T", "steps"), [(SOFT, 1.0, 40), (SOFT, 4.0, 100), (LABELS, 1.0, 40)])
def test_the_student_learns_as_with_torch(lesson, T, steps):
    picture = PLANE.picture(run=Run(steps), lesson=lesson, temperature=T, b=1.5)
    W, b = learned_by_torch(lesson, T, steps)
    z = third_class.PLANE @ W + b + [0, 0, 1.5]
    np.testing.assert_array_equal(marks_of(picture, Heatmap)[0].values.ravel(), z.argmax(axis=1))
    recall = np.mean((third_class.asked() @ W + b + [0, 0, 1.5]).argmax(axis=1) == 2)
    assert f"{100 * recall:.0f} % of 500" in picture.sentence


def test_what_is_asked_of_the_plane():
    (question,) = PLANE.predict
    assert question.answer() == 1
    assert third_class.recall_after(SOFT, 4.0, 100) - third_class.recall_after(SOFT, 1.0, 400) > 30
    assert third_class.recall_after(LABELS, 1.0, 2000) == 0
    assert third_class.recall_after(SOFT, 1.0, 2000) > 90  # "needs twenty times as long"


# Recall


def of_seeds(arm, measure="recall"):
    return 100 * np.array([each[measure] for each in RECORD["records"] if each["arm"] == arm])


@pytest.mark.parametrize("repair", vision.REPAIRS)
@pytest.mark.parametrize("task", vision.TASKS)
def test_recall_is_the_records(task, repair):
    picture, name = RECALL.picture(task=task, repair=repair), vision.TASKS[task]
    arms = [f"{name}_{arm}{vision.ENDINGS[repair]}" for arm in vision.LESSON_ARMS.values()]
    arms = [arm for arm in arms if arm in MEASURED["arms"]]
    mean = [mark for mark in marks_of(picture, Points) if mark.color == "orange"][0]
    np.testing.assert_allclose(mean.y, [of_seeds(arm).mean() for arm in arms])
    assert len(arms) == (1 if repair == vision.HALF else 5 if name.startswith("digits") else 4)
    assert marks_of(picture, Rule)[0].y == pytest.approx(of_seeds(f"{name}_present").mean())
    assert sum(mark.items for mark in marks_of(picture, Points) if mark.color == "grey") == 20 * len(arms)


def test_a_gentle_slope_is_no_right_answer():
    (question,) = RECALL.predict
    np.testing.assert_allclose(
        question.answer(), [of_seeds(f"digits3_{a}").mean() for a in ("hard", "T1", "T2", "T4", "T8")]
    )
    assert not question.score([0, 23, 46, 70, 93], question.answer()).right


# The bias


@pytest.mark.parametrize("student", vision.STUDENTS)
def test_the_curves_count_rows_whose_gap_is_less_than_b(student):
    gaps = SHOWN["gaps"][vision.STUDENTS.index(student)].astype(float)
    picture = BIAS.picture(student=student, b=4.24)
    for label, rows in (("of the 3s", SHOWN["is_omitted"]), ("of all others", ~SHOWN["is_omitted"])):
        (line,) = marks_of(picture, Line, label)
        np.testing.assert_allclose(line.y, [100 * np.mean(gaps[rows] < b) for b in line.x])
    found = re.search(r"b = 4\.24: (\d+) % of the 3s, and ([\d.]+) %", picture.sentence)
    assert float(found[1]) == pytest.approx(100 * np.mean(gaps[SHOWN["is_omitted"]] < 4.24), abs=0.5)


def test_what_is_asked_of_the_bias():
    number, third = BIAS.predict
    biases = MEASURED["bias"]["digits3_T1_bias"]
    assert number.answer() == (min(biases), max(biases))
    assert not number.score(0.5, number.answer()).right
    assert third.options[third.answer()] == "About a third."
    assert of_seeds("digits3_hard_bias").mean() == pytest.approx(33, abs=1)
