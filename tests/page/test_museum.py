"""The hall of the bug museum in the page: what was solved in this browser is lit, and nothing else."""

import json

import pytest
from reading import KEPT_BY

pytestmark = pytest.mark.page

HALL = "chapters/appendix/bug_museum.html"
TEN = 10


def lit(reader):
    return [each.inner_text().partition("\n")[0] for each in reader.page.locator(".kd-lit").all()]


def test_what_was_solved_is_lit_and_nothing_else(visit):
    reader = visit(HALL)
    cases = reader.page.locator(".kd-glass")
    assert cases.count() == TEN
    assert lit(reader) == []
    assert reader.page.locator(".kd-hall-lit").inner_text() == "0 of 10 cases are lit."
    names = ("museum/one_path", "calibration/debug", "pruning/debug")
    passed = [{"kind": "passed", "exercise": name} for name in names]
    reader.page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [f"{KEPT_BY}diary", json.dumps(passed)])
    reader.page.reload()
    reader.page.locator(".kd-lit").first.wait_for()
    assert lit(reader) == ["One path in three", "The last bin"]
    assert reader.page.locator(".kd-lit .kd-glass-says").all_inner_texts() == ["solved", "solved"]
    assert reader.page.locator(".kd-hall-lit").inner_text() == "2 of 10 cases are lit."
