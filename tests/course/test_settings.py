"""course.toml: what it says, and what it says of a slip."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from kdlab.course.settings import Assignment, read
from kdlab.grading.decisions import LateRule

FILE = """
title = "A course"

[late_rule]
percent_per_day = 10

[[exercise]]
name = "temperature/softmax"
opens = 2027-02-01T09:00:00+01:00
due = 2027-02-08T23:59:00+01:00
points = 10
weight = 2

[[exercise]]
name = "pruning/debug"
"""


def settings(tmp_path, text: str):
    (tmp_path / "course.toml").write_text(text, encoding="utf-8")
    return read(tmp_path / "course.toml")


def test_everything(tmp_path):
    found = settings(tmp_path, FILE)
    assert not found.missing_is_zero
    assert settings(tmp_path, "missing_is_zero = true\n" + FILE).missing_is_zero
    assert (found.title, found.late_rule) == ("A course", LateRule(percent_per_day=10))
    softmax, debug = found.assignments
    assert (softmax.points, softmax.weight) == (10, 2)
    assert softmax.opens == datetime(2027, 2, 1, 8, tzinfo=UTC)
    assert softmax.due == datetime(2027, 2, 8, 22, 59, tzinfo=UTC)
    assert debug == Assignment("pruning/debug", None, None, None, 1.0)
    assert found.assignment("pruning/debug") is debug
    with pytest.raises(ValueError, match="exercise must be one of the course's, temperature/softmax, pruning/debug"):
        found.assignment("pruning/none")


ONE = 'title = "A"\n[[exercise]]\nname = "a/b"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("title = ", "is not TOML"),
        (ONE.replace('title = "A"', ""), "title is missing"),
        ('title = "A"', r"at least one \[\[exercise\]\]"),
        ("missing_is_zero = 1\n" + ONE, "missing_is_zero must be true or false"),
        (ONE + "[late]", "'late' is not known; allowed are exercise, late_rule, missing_is_zero, title"),
        (ONE + "[late_rule]\npercent_per_day = -1", "percent_per_day must be a number of at least 0"),
        (ONE.replace("a/b", "a-b"), r"\[\[exercise\]\] number 1: exercise must be <chapter>/<task>; 'a-b' was given"),
        (ONE.replace("name", "nam"), "'nam' is not known"),
        (ONE + '[[exercise]]\nname = "a/b"', "number 2: a/b stands twice"),
        (ONE + "due = 2027-02-08T23:59:00", "due must be a date with time and zone"),
        (ONE + "due = 2027-02-08", "due must be a date with time and zone"),
        (ONE + "due = 2027-02-08T23:59:00Z\nopens = 2027-02-09T00:00:00Z", "opens must be before due"),
        (ONE + "points = 0", "points must be above 0"),
        (ONE + "weight = 0", "a weight above 0"),
        (ONE + "weight = true", "weight must be a number"),
    ],
)
def test_a_slip_is_named(tmp_path, text, sentence):
    with pytest.raises(ValueError, match=sentence):
        settings(tmp_path, text)
    with pytest.raises(ValueError, match="No such file"):
        read(tmp_path / "none.toml")
