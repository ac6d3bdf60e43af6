"""The table of points: what a spreadsheet reads is what was meant."""

from __future__ import annotations

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.grading.export import to_csv

NOTHING = {"days_late": 0, "penalty": 0, "final": 2.5, "decision": ""}


def row(student: str, **more) -> dict:
    return {"exercise": "a/b", "student": student, "status": "graded", "points": 2.5, "max_points": 5} | NOTHING | more


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def test_table():
    assert read(to_csv([row("ada"), row('O\'Neil, "Al"', points=0, days_late=2, decision="=1+1")])) == [
        ["exercise", "student", "status", "points", "max_points", "days_late", "penalty", "final", "decision"],
        ["a/b", "ada", "graded", "2.5", "5", "0", "0", "2.5", ""],
        ["a/b", 'O\'Neil, "Al"', "graded", "0", "5", "2", "0", "2.5", "'=1+1"],
    ]


def test_a_fault_of_the_grader_is_no_zero():
    assert read(to_csv([row("ada", status="grader_error", points=None)]))[1][2:5] == ["grader_error", "", "5"]


FORMULAS = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1"]
WIDE = ["\uff1d1", "\uff0b1", "\uff0d1", "\uff201"]


@pytest.mark.parametrize("name", FORMULAS + WIDE)
def test_no_cell_is_a_formula(name):
    assert read(to_csv([row(name)]))[1][1] == f"'{name}"


@given(st.text(st.characters(exclude_characters="\x00")))
def test_any_name(name):
    (cell,) = (line[1] for line in read(to_csv([row(name)]))[1:])
    assert cell.replace("'", "") == name.replace("'", "")
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))


@pytest.mark.parametrize("name", ["a;=1", ";=1", "a; =1", 'a;"=1', "a\t=1", "a\n-1", "=1;@2"])
def test_no_cell_is_a_formula_for_who_reads_with_semicolons(name):
    for cell in re.split(r"[;\t\n]", to_csv([row(name)])):
        assert not cell.strip(' "').startswith(("=", "+", "-", "@"))
