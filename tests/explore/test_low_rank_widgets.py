"""The pictures of the chapter on low rank: from the record's own arrays by SciPy, and numbers computed elsewhere."""

import json
import re
from pathlib import Path

import numpy as np
import pytest
from scipy import linalg

from kdlab.explore import low_rank
from kdlab.explore.picture import Heatmap, Line, Points, Rects, Rule, Segments

RESULTS = Path(__file__).parents[2] / "results"
RECORD = json.loads((RESULTS / "low_rank.json").read_text(encoding="utf-8"))
KNIFE, LETTER, COST, INPUTS, NEARNESS = (
    getattr(low_rank, name).explorable for name in ("knife", "letter", "cost", "inputs", "nearness")
)
WEIGHTS, OUTPUTS = low_rank.NEAREST


def marks_of(picture, kind, label=None):
    return [mark for mark in picture.marks if isinstance(mark, kind) and label in (None, mark.label)]


def numbers(sentence):
    """Return the numbers of a sentence, "1,000" as one."""
    return [float(found.replace(",", "")) for found in re.findall(r"(?<![\w.])\d[\d,]*\.?\d*", sentence)]


# The knife


@pytest.fixture(scope="module")
def student():
    with np.load(RESULTS / "shown" / "low_rank.npz") as shown, np.load(RESULTS / "shown" / "pruning.npz") as tested:
        layers = {name: shown[name].astype(np.float64) for name in shown}
        return layers | {"inputs": tested["pixels"] / 16, "labels": tested["labels"]}


def right(student, matrix):
    hidden = np.maximum(student["inputs"] @ student["weight_1"].T + student["bias_1"], 0)
    hidden = np.maximum(hidden @ matrix.T + student["bias_2"], 0)
    return 100 * np.mean((hidden @ student["weight_3"].T + student["bias_3"]).argmax(1) == student["labels"])


@pytest.mark.parametrize(
    ("factors", "rank", "percent"),
    [
        *((WEIGHTS, *pair) for pair in ((1, 20.9), (2, 39.6), (4, 61.6), (6, 76.7), (7, 91.1), (8, 96.0), (64, 97.3))),
        *((OUTPUTS, *pair) for pair in ((2, 28.4), (4, 79.8), (6, 93.8), (8, 96.9))),
    ],
)
def test_how_often_the_cut_student_is_right(student, factors, rank, percent):
    W, Sigma = student["weight_2"], student["moments"]
    values, Q = linalg.eigh(Sigma)
    by_inputs = Q * np.sqrt(values.clip(0))
    root = np.eye(64) if factors == WEIGHTS else by_inputs
    U = linalg.svd(W @ root)[0][:, :rank]
    left = U @ U.T @ W
    assert right(student, left) == pytest.approx(percent, abs=0.05)
    sentence = KNIFE.picture(rank=rank, factors=factors).sentence
    assert sentence.endswith(f"right in {percent:.1f} %.")
    off, off_outputs = (np.linalg.norm((W - left) @ by) / np.linalg.norm(W @ by) for by in (np.eye(64), by_inputs))
    assert numbers(sentence)[:6] == [
        rank,
        64,
        128 * rank if rank < 64 else 4096,
        4096,
        round(100 * off),
        round(100 * off_outputs),
    ]


def test_the_spectrum_is_that_of_scipy_and_is_cut_at_the_rank(student):
    weights, bars, _ = KNIFE.picture(rank=6).panels
    kept, cut = (marks_of(bars, Rects, label)[0] for label in ("kept", "cut"))
    s = linalg.svdvals(student["weight_2"])
    np.testing.assert_allclose(np.concatenate([kept.y1, cut.y1]), s)
    np.testing.assert_allclose(s[:3], [4.133, 3.784, 3.559], atol=5e-4)
    assert len(kept.y1) == 6
    assert marks_of(bars, Rule)[0].x == 6
    U, s, Vt = linalg.svd(student["weight_2"])
    (shown,) = marks_of(weights, Heatmap)
    shade = shown.high / low_rank.SHADES
    np.testing.assert_allclose(shown.values, (U[:, :6] * s[:6]) @ Vt[:6], atol=shade / 2 + 1e-12)


def test_the_course_shows_nothing_below_the_rank_and_the_means_of_the_record():
    course = KNIFE.picture(rank=6).panels[2]
    (line,) = marks_of(course, Line)
    assert line.x.min() == 6
    taught, seeds = (
        marks_of(course, Points, name)[0] for name in ("mean, taught on at this rank", "mean of 20 students")
    )
    for mark, way in ((taught, "plain_kd"), (seeds, "plain")):
        means = 100 * np.mean(RECORD["measured"]["digits"]["accuracy"][way], axis=1)
        np.testing.assert_allclose(mark.y, means[2:])
        assert list(mark.x) == [6, 8, 12, 16, 32]
    assert marks_of(KNIFE.picture(rank=64).panels[2], Points, "mean of 20 students")[0].items == 0


def test_where_the_student_is_lost_is_asked():
    (question,) = KNIFE.predict
    assert question.answer() == [6.5]
    assert question.score([6.0], [6.5]).right
    assert not question.score([10.0], [6.5]).right


# The letter


@pytest.mark.parametrize(
    ("name", "rank", "values"),
    [
        ("L", 2, None),
        ("T", 2, None),
        ("O", 2, [4.606, 2.606]),
        ("X", 4, [2, 2, 2, 2]),
        ("Z", 7, None),
        ("stroke", 8, [1] * 8),
        ("board", 2, [4, 4]),
    ],
)
def test_the_rank_of_each_letter(name, rank, values):
    cells = low_rank.LETTERS[name]
    s = linalg.svdvals(cells.astype(float))
    assert (s > 1e-9).sum() == np.linalg.matrix_rank(cells) == rank
    if values:
        np.testing.assert_allclose(s[:rank], values, atol=5e-4)
    assert f"{name}: rank {rank}, singular value" in LETTER.picture(cells=cells).sentence
    assert LETTER.picture(cells=cells, rank=rank).sentence.endswith("it is whole.")


@pytest.mark.parametrize(
    ("name", "terms", "off", "tie"), [("X", 3, 50, True), ("stroke", 4, 71, True), ("O", 1, 49, False)]
)
def test_what_so_many_terms_miss(name, terms, off, tie):
    picture = LETTER.picture(cells=low_rank.LETTERS[name], rank=terms)
    assert f"off by {off} %" in picture.sentence
    assert ("other terms would do as well" in picture.sentence) == tie
    alone, sums = (np.asarray(marks_of(panel, Heatmap)[0].values) for panel in picture.panels[:2])
    W = low_rank.LETTERS[name].astype(float)
    assert 100 * np.linalg.norm(W - sums) / np.linalg.norm(W) == pytest.approx(off, abs=0.5)
    assert (np.linalg.matrix_rank(sums, tol=1e-5), np.linalg.matrix_rank(alone, tol=1e-5)) == (terms, 1)
    assert np.linalg.norm(sums) ** 2 == pytest.approx(np.sum(linalg.svdvals(W)[:terms] ** 2), rel=1e-5)


def test_an_empty_board_and_a_full_one():
    assert "Nothing is marked" in LETTER.picture(cells=np.zeros((8, 8), bool)).sentence
    assert LETTER.picture(cells=np.ones((8, 8), bool)).sentence == (
        "Your drawing: rank 1, singular value 8. With 1 term it is whole."
    )


def test_the_stroke_needs_most():
    (question,) = LETTER.predict
    assert question.options[question.answer()] == "One diagonal stroke."


# Two thin layers


@pytest.mark.parametrize(
    ("m", "n", "rank", "whole", "thin", "last"),
    [(1000, 512, 400, 512_000, 604_800, 338), (64, 64, 32, 4096, 4096, 31), (64, 64, 31, 4096, 3968, 31)],
)
def test_the_numbers_of_two_layers(m, n, rank, whole, thin, last):
    picture = COST.picture(m=m, n=n, rank=rank)
    found = numbers(picture.sentence)
    assert (found[0], found[2]) == (whole, thin)
    assert f"Rank {last} is the last that saves" in picture.sentence
    word = "just as many" if thin == whole else "more" if thin > whole else "less"
    assert word in picture.sentence
    areas = [(r.x1[0] - r.x0[0]) * (r.y1[0] - r.y0[0]) for r in marks_of(picture.panels[0], Rects)]
    assert (areas[1] + areas[2]) / areas[0] == pytest.approx(thin / whole)


def test_a_column_has_no_rank_that_saves_and_nothing_leaves_the_picture():
    assert "No rank saves" in COST.picture(m=1000, n=1, rank=1).sentence
    assert "no 64 × 4 matrix has more than 4" in COST.picture(m=64, n=4, rank=400).sentence
    for m in (1, 1024):
        for n in (1, 1024):
            for rank in (1, 1024):
                boxes = COST.picture(m=m, n=n, rank=rank).panels[0]
                for mark in marks_of(boxes, Rects):
                    assert boxes.x.domain[0] <= mark.x0[0] < mark.x1[0] <= boxes.x.domain[1]
                    assert boxes.y.domain[0] <= mark.y0[0] < mark.y1[0] <= boxes.y.domain[1]


# The inputs


@pytest.mark.parametrize(("angle", "plain", "best"), [(0, 1, 1), (45, 5, 1.534), (90, 9, 4)])
def test_the_misses_of_both(angle, plain, best):
    for keep, expected in ((WEIGHTS, plain), (OUTPUTS, best)):
        picture = INPUTS.picture(angle=angle, keep=keep)
        (misses,) = marks_of(picture.panels[1], Segments)
        lengths2 = (misses.x1 - misses.x0) ** 2 + (misses.y1 - misses.y0) ** 2
        assert lengths2.mean() == pytest.approx(expected, abs=5e-4)
        assert f"off by {expected:.3g} in the mean square" in picture.sentence


def test_no_rank_one_does_better_for_these_inputs():
    ways = np.radians(np.linspace(0, 180, 721))
    W = np.diag([2.0, 1.0])
    for angle in (0, 30, 45, 75, 90):
        turn = np.radians(angle)
        R = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
        Sigma = R @ np.diag([9.0, 1.0]) @ R.T
        covariance = W @ Sigma @ W  # of the outputs: what is kept is the variance along one direction
        kept = [u @ covariance @ u for u in np.stack([np.cos(ways), np.sin(ways)], axis=1)]
        assert low_rank._miss(angle, OUTPUTS) == pytest.approx(np.trace(covariance) - max(kept), abs=1e-3)


# What was measured


def test_the_paths_are_the_means_of_the_record():
    for learned, name in low_rank.DATA.items():
        picture = NEARNESS.picture(learned=learned)
        of = RECORD["measured"][name]
        for way, (_, label) in low_rank.WAYS.items():
            (mark,) = marks_of(picture, Points, label)
            np.testing.assert_allclose(mark.x, 100 * np.mean(of["weight_error"][way], axis=1))
            np.testing.assert_allclose(mark.y, 100 * np.mean(of["accuracy"][way], axis=1))
        assert all(picture.x.domain[1] >= np.max(mark.x) for mark in marks_of(picture, Points))


def test_whose_outputs_are_nearer():
    (question,) = NEARNESS.predict
    for measure in ("weight_error", "output_error"):
        off = {way: np.mean(RECORD["measured"]["digits"][measure][way][0]) for way in ("plain", "plain_kd")}
        assert off["plain"] < 1 < off["plain_kd"]
    assert question.options[question.answer()] == "That of those only cut."
