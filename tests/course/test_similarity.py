"""Similarity: copies are found, independent work seldom raises an alarm, and how seldom is measured."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from kdlab.course import course as module
from kdlab.course import similarity
from kdlab.grading.gradebook import Order, open_gradebook

ROOT = Path(__file__).parents[2]
FUNCTIONS = [("a/b", "f"), ("a/b", "g"), ("a/c", "h")]


def solution(rng: random.Random) -> str:
    """Return one of some ten thousand ways to write a softmax, in parts that are drawn independently."""
    draw = rng.choice
    x, m, w = draw(["x", "z", "logits"]), draw(["m", "top", "largest"]), draw(["w", "e", "weights"])
    axis = draw(["axis=-1, keepdims=True", "-1, keepdims=True", "axis=1, keepdims=True"])
    steps = [
        draw([f"{m} = {x}.max({axis})", f"{m} = np.max({x}, {axis})", f"{m} = np.amax({x}, {axis}) + 0.0"]),
        draw(
            [f"{w} = np.exp(({x} - {m}) / t)", f"{w} = np.exp({x} / t - {m} / t)", f"{w} = np.e ** (({x} - {m}) / t)"]
        ),
        draw([f"s = {w}.sum({axis})", f"s = np.sum({w}, {axis})", f"s = np.add.reduce({w}, {axis})", "s = None"]),
    ]
    total = f"{w}.sum({axis})" if steps[2] == "s = None" else "s"
    if draw([0, 1, 0]):
        steps.insert(0, draw([f"{x} = np.asarray({x}, float)", f"assert {x}.ndim > 0", f"{x} = np.array({x}) * 1.0"]))
    steps.append(draw([f"return {w} / {total}", f"p = {w} / {total}\n    return p", f"return np.divide({w}, {total})"]))
    return f"def softmax({x}, t):\n    " + "\n    ".join(steps)


def classroom(seed: int, n: int = 50, copies: int = 0) -> dict:
    rng = random.Random(seed)
    works = {place: {f"s{i:02d}": solution(rng) for i in range(n)} for place in FUNCTIONS}
    for copy in range(copies):
        for place in FUNCTIONS:  # names are changed, and a comment is added
            source = works[place][f"s{copy:02d}"]
            works[place][f"s{n - 1 - copy:02d}"] = source.replace("softmax", "mine").replace("\n", "  # so\n", 1)
    return {place: {who: similarity.features(text) for who, text in work.items()} for place, work in works.items()}


def test_the_rate_of_false_alarms():
    """Of classes in which nobody copies, one in twenty shows a pair with a chance of at most 1 in 20."""
    alarms = 0
    for seed in range(40):
        found = similarity.pairs(classroom(seed), deals=19, seed=seed)
        alarms += bool(found) and found[0][3] <= 0.05
    assert alarms <= 6  # of 40; with a rate of 0.05 more than that is seen once in a hundred


def test_copies_are_found():
    found = similarity.pairs(classroom(7, copies=2), deals=19)
    assert {pair[:2] for pair in found[:2]} == {("s00", "s49"), ("s01", "s48")}
    assert all(pair[3] == 0.05 for pair in found[:2])
    assert set(found[0][4]) == set(FUNCTIONS)


def test_what_was_given_out_and_what_many_write_does_not_count():
    common = similarity.features(solution(random.Random(1)))
    assert similarity.pairs({("a", "f"): {f"s{i}": common for i in range(30)}}) == []
    assert similarity.pairs({("a", "f"): {}}) == []


@pytest.mark.parametrize("source", ["", "(" * 100_000, "'" * 9_999, '"""' * 999, "\x00\ud800 def", "def " * 50_000])
def test_any_source(source):
    assert isinstance(similarity.features(source), frozenset)


LOOPS = """
def softmax_at(rows, t):
    out = []
    for row in rows:
        weights = [math.exp(each / t - max(row) / t) for each in row]
        out.append([each / sum(weights) for each in weights])
    return np.array(out)
"""


def test_of_a_course(tmp_path, monkeypatch):
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "key").write_bytes(b"k" * 32)
    (folder / "course.toml").write_text('title = "T"\n[[exercise]]\nname = "temperature/softmax"\n')
    (folder / "roster.csv").write_text("id\n" + "".join(f"s{n:02d}\n" for n in range(12)))
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(folder))
    course = module.from_environment(ROOT / "exercises")
    rng = random.Random(3)
    with open_gradebook(course.gradebook, create=True) as book:
        run = book.start(Order("temperature/softmax", "e", "s", False), {})
        for n in range(12):
            source = LOOPS if n in (2, 9) else solution(rng).replace("softmax", "softmax_at")
            made = {"cells": [{"cell_type": "code", "source": source, "metadata": {}}], "metadata": {}, "nbformat": 4}
            path = folder / "submissions" / "temperature" / "softmax" / f"s{n:02d}" / "a.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(made))
            wrong = {"passed": False, "kind": "value", "sentence": f"{0.5 if n in (2, 9) else n} came back."}
            question = {"function": "softmax_at", "points": 0, "max_points": 2, "message": "m", "findings": [wrong]}
            result = {"student": f"s{n:02d}", "exercise": "temperature/softmax", "status": "graded", "points": 0}
            book.write(run, result | {"max_points": 2, "questions": [question], "notes": [], "log": ""}, "f")
    rows = similarity.write(course, tmp_path)
    assert (rows[0]["first"], rows[0]["second"]) == ("s02", "s09")
    assert rows[0]["functions"] == "temperature/softmax: softmax_at"
    assert (
        (tmp_path / "similarity.csv")
        .read_text()
        .startswith('"first","second","score","chance","functions"\n"s02","s09"')
    )
