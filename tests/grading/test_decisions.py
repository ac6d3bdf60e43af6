"""What is decided by hand stands beside the computed mark, and a slip in the file is named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.grading.decisions import Decisions, LateRule, decide, read

FILE = """
[late_rule]
percent_per_day = 10
free_days = 3
last_day = 7

[[late]]
student = "ada"
exercise = "a/one"
days = 2

[[late]]
student = "ada"
exercise = "a/two"
days = 3

[[late]]
student = "emmy"
exercise = "a/one"
days = 8

[[override]]
student = "emmy"
exercise = "a/two"
points = 4.5
reason = "Right by another definition."

[[exempt]]
student = "zoë"
exercise = "a/one"
reason = "Ill."
"""


def result(student: str, exercise: str, points: float | None = 5, status: str = "graded") -> dict:
    return {"student": student, "exercise": exercise, "status": status, "points": points, "max_points": 5}


RESULTS = [result(student, f"a/{task}") for student in ("ada", "emmy", "kurt") for task in ("one", "two")]


def decided(tmp_path, text: str, results: list[dict] = RESULTS) -> dict[tuple[str, str], tuple]:
    path = tmp_path / "decisions.toml"
    path.write_text(text, encoding="utf-8")
    rows = decide(results, read(path))
    return {(row["student"], row["exercise"]): (row["penalty"], row["final"], row["decision"]) for row in rows}


def test_everything(tmp_path):
    # of ada's five days late three are free: two of the first exercise, one of the second
    assert decided(tmp_path, FILE) == {
        ("ada", "a/one"): (0, 5, "Late by 2 days, 2 of them free."),
        ("ada", "a/two"): (1, 4, "Late by 3 days, 1 of them free."),
        ("emmy", "a/one"): (5, 0, "Late by 8 days, 3 of them free."),
        ("emmy", "a/two"): (0, 4.5, "Changed by hand: Right by another definition."),
        ("kurt", "a/one"): (0, 5, ""),
        ("kurt", "a/two"): (0, 5, ""),
        ("zoë", "a/one"): (0, None, "Exempt: Ill."),
    }


def test_the_computed_mark_is_as_it_was(tmp_path):
    path = tmp_path / "decisions.toml"
    path.write_text(FILE, encoding="utf-8")
    rows = decide(RESULTS, read(path))
    added = {"days_late", "penalty", "final", "decision"}
    kept = [{key: value for key, value in row.items() if key not in added} for row in rows]
    assert sorted(RESULTS, key=str) == sorted((row for row in kept if row["student"] != "zoë"), key=str)
    (absent,) = (row for row in kept if row["student"] == "zoë")
    assert (absent["status"], absent["points"], absent["max_points"]) == ("nothing_handed_in", None, 5)


def test_without_a_decision_nothing_becomes_a_zero():
    rows = decide([result("ada", "a/one", None, "archive"), result("emmy", "a/one")], Decisions())
    assert [row["final"] for row in rows] == [None, 5]


@given(st.floats(0, 100), st.floats(0, 1000), st.integers(0, 30), st.integers(0, 30), st.none() | st.integers(0, 30))
def test_a_penalty_takes_at_most_what_was_earned_and_never_less_for_more_days(points, percent, days, free, last):
    rule = LateRule(percent, free, last)
    penalties = [rule.penalty(points, late, min(late, free)) for late in (days, days + 1)]
    assert 0 <= penalties[0] <= penalties[1] <= points


ONE = '[[override]]\nstudent = "ada"\nexercise = "a/one"\npoints = 1\nreason = "x"\n'


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x", "is not TOML"),
        ("[[overide]]", "'overide' is not known; allowed are exempt, late, late_rule, override"),
        ("late_rule = 3", "must be a table"),
        ("[late_rule]\npercent = 3", "'percent' is not known"),
        ("[late_rule]\npercent_per_day = '10'", "percent_per_day must be a number of at least 0; '10' was given"),
        ("[late_rule]\nfree_days = 1.5", "free_days must be a whole number"),
        ("[late]\ndays = 1", "must be a list of tables"),
        ("late = [1]", "must be a list of tables"),
        (ONE.replace('reason = "x"', ""), r"\[\[override\]\] number 1: reason is missing"),
        (ONE.replace('"x"', '" "'), "reason must be a text"),
        (ONE.replace("= 1", "= true"), "points must be a number"),
        (ONE.replace("= 1", "= nan"), "points must be a number"),
        (ONE.replace("= 1", "= -1"), "points must be a number"),
        (ONE + ONE, "number 2: ada stands twice for a/one"),
        (ONE + ONE.replace("override", "exempt").replace("points = 1\n", ""), "an override and an exemption"),
        (ONE.replace("= 1", "= 6"), "gives 6 points; a/one has 5"),
        (ONE.replace("a/one", "a/three"), "names 'a/three'; the gradebook has a/one, a/two"),
    ],
)
def test_a_slip_is_named(tmp_path, text, sentence):
    with pytest.raises(ValueError, match=sentence):
        decided(tmp_path, text)
    with pytest.raises(ValueError, match="No such file"):
        read(tmp_path / "none.toml")
