"""A student's test of a function it never sees: versions answer across the channel, and only the pattern counts."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from notebooks import EXERCISES, KEY, filled, hand_in

from kdlab.grading.gradebook import canonical
from kdlab.grading.grader import Grader, Limits
from kdlab.practice.instructor import Instructor

MENDED = """\
def distillation_gradient(student_logits, teacher_logits, temperature):
    p = softmax(teacher_logits, temperature)
    q = softmax(student_logits, temperature)
    return temperature * (q - p) / len(student_logits)
"""
BODY = """\
    z = np.array([[1.0, 0.0, -1.0], [0.0, 2.0, 1.0]])
    v = np.array([[2.0, 0.0, 0.0], [-1.0, 3.0, 1.0]])
    expected = 3.0 / 2 * (softmax(z, 3.0) - softmax(v, 3.0))
    assert np.allclose(f(z, v, 3.0), expected)
"""


def notebook_with(body: str, top: str = "") -> dict[str, str]:
    return {
        "distillation_gradient": MENDED,
        "test_distillation_gradient": f"{top}\ndef test_distillation_gradient(f):\n{body}",
    }


@pytest.fixture
def debug_grader(submissions, debug, debug_system) -> Grader:
    limits = Limits(cell_seconds=20, call_seconds=20, total_seconds=120)
    return Grader(debug, Instructor(KEY, Path("nowhere")), submissions, debug_system, limits=limits)


def grade(grader, sources, student="ada") -> tuple[dict, dict]:
    hand_in(grader.submissions, student, filled(sources, task="debug"), "debug.ipynb")
    result, _ = grader(student)
    assert result["status"] == "graded", result["notes"]
    assert result["questions"][0]["points"] == 2
    return result, result["questions"][1]


def test_a_test_that_tells_them_apart(debug_grader):
    result, question = grade(debug_grader, notebook_with(BODY))
    assert (result["points"], question["points"]) == (5, 3), question
    assert result == debug_grader("ada")[0]


def test_arguments_by_name_and_results_that_can_be_written_to(debug_grader):
    body = BODY.replace("f(z, v, 3.0)", "g").replace(
        "    assert", "    g = f(student_logits=z, temperature=3.0, teacher_logits=v); g += 0.0\n    assert"
    )
    assert grade(debug_grader, notebook_with(body))[1]["points"] == 3


def test_untouched(debug_grader, submissions):
    hand_in(submissions, "ada", filled({}, task="debug"), "debug.ipynb")
    assert debug_grader("ada")[0]["status"] == "not_attempted"


NAMES = "    assert 'good' in str(vars(f)) + repr(f) + str(f.__closure__) + str(f.__code__)\n"
FRAMES = """\
    import sys
    frame = sys._getframe()
    while frame:
        assert 'bad' not in str(frame.f_locals)
        frame = frame.f_back
"""
FLAKY = "    global n; n += 1; assert n % 2\n"
LARGE = "    f(np.zeros((700, 700)), np.zeros((700, 1)), np.zeros((1, 700)))\n"


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("    return True\n", {"not_caught", "passed"}),
        ("    assert False\n", {"refused", "passed"}),
        ("    return f\n", {"unsupported"}),
        (BODY.replace("3.0", "1.0"), {"not_caught", "passed"}),
        (FLAKY, {"flaky", "refused", "not_caught", "passed"}),
        (NAMES, {"refused", "passed"}),
        (FRAMES, {"not_caught", "passed"}),
        ("    f()\n", {"refused", "passed"}),
        ("    f(1, 2, 3, 4, 5, x=6)\n", {"refused", "passed"}),
        ("    f(object(), f, lambda x: x)\n", {"refused", "passed"}),
        ("    f(np.zeros((1, 499_990)), np.zeros((1, 5)), 1.0)\n", {"refused", "passed"}),
        (LARGE, {"refused", "not_caught", "passed"}),
    ],
    ids=range(12),
)
def test_a_test_that_does_not(debug_grader, body, kinds):
    _, question = grade(debug_grader, notebook_with(body, "n = 0"))
    assert question["points"] == 0
    found = {finding["kind"] for finding in question["findings"]}
    assert found <= kinds
    assert len(found) == len(kinds) or body in (FLAKY, LARGE)


def test_last_digits_are_told_where_a_test_returns_once_they_are_another_version_s(debug_grader):
    body = """\
    z, v = np.random.default_rng(3).normal(size=(2, 40, 7))
    assert np.array_equal(f(z, v, 3.3), distillation_gradient(z, v, 3.3))
"""
    _, question = grade(debug_grader, notebook_with(body))
    assert question["message"].endswith("right versions differ in the last digits, so compare with np.allclose.")


@pytest.mark.parametrize(("calls", "points"), [(8, 3), (9, 0)])
def test_a_test_may_call_only_so_often(debug_grader, monkeypatch, calls, points):
    monkeypatch.setattr("kdlab.grading.grader.MAX_CALLS", 8)
    again = f"    for i in range({calls - 1}): f(np.zeros((1, 2)), np.zeros((1, 2)), 1.0)\n"
    _, question = grade(debug_grader, notebook_with(again + BODY, ""))
    assert question["points"] == points


def test_a_hang_in_the_test_is_the_test_s(debug_grader):
    limits = dataclasses.replace(debug_grader.limits, call_seconds=2)
    result, question = grade(dataclasses.replace(debug_grader, limits=limits), notebook_with("    while True: pass\n"))
    assert (result["points"], question["points"]) == (2, 0)
    assert "timeout" in {finding["kind"] for finding in question["findings"]}


def test_a_forged_reply_is_worth_what_it_says(debug_grader):
    """It can claim a verdict for the one version it meets, which it does not know: no better than saying it."""
    forge = (
        BODY
        + """\
    import sys, os, struct
    frame = sys._getframe()
    while frame.f_code.co_name != "main": frame = frame.f_back
    text = ('{"kind": "reply", "id": %d, "value": {"dict": {"value": null, "problem": null, "detail": "", '
            '"type_name": "", "line": null, "cell": ""}}, "buffers": []}' % frame.f_locals["number"]).encode()
    os.write(frame.f_locals["replies"], struct.pack("<I", len(text)) + text)
"""
    )
    _, question = grade(debug_grader, notebook_with(forge))
    assert question["points"] == 0


def test_the_versions_stay_outside(debug_grader):
    """No source, name or message of a version is in the sandbox of the test, or in the result where it was missed."""
    spy = """\
    import gc, sys
    for thing in gc.get_objects():
        if isinstance(thing, (str, dict, list)) and ("bad_" in repr(thing)[:5000] and "teacher_at_one" in repr(thing)):
            raise LookupError("found")
"""
    result, question = grade(debug_grader, notebook_with(spy))
    assert "LookupError" not in canonical(result)
    for path in (EXERCISES / "temperature" / "debug" / "versions").glob("*.py"):
        assert path.stem not in canonical(result)


def test_a_version_that_hangs_on_a_student_s_arguments_ends_alone(submissions, debug, debug_system):
    """The author's code must not be a way to stop the grader."""
    slow = dataclasses.replace(
        debug.versions[-1],
        source="def distillation_gradient(student_logits, teacher_logits, temperature):\n"
        "    for _ in range(int(temperature)): pass\n    return student_logits\n",
    )
    exercise = dataclasses.replace(debug, versions=(*debug.versions[:-1], slow))
    limits = Limits(cell_seconds=20, call_seconds=4, total_seconds=120)
    grader = Grader(exercise, Instructor(KEY, Path("nowhere")), submissions, debug_system, limits=limits)
    body = "    f(np.zeros((1, 2)), np.zeros((1, 2)), 1e18)\n"
    result, question = grade(grader, notebook_with(body))
    assert "TimeoutError" in question["message"], question["message"]
