"""Every answer that is known to every exercise: checked as in the page, and graded in the sandbox.

Each exercise is proved in test_prove.py, on all its cases; its answers meet the page's own Python in
tests/page/test_every_answer.py. `make test` takes one exercise of each rung, for the page one of each chapter too;
`make test-all` takes all.
"""

import json

import pytest
from sampling import sampled
from solutions import HOW_MANY, STARTER, chapter_of, exercises, judged, name_of, rung_of, some_answers

from kdlab.grading.grader import Grader
from kdlab.grading.system import system
from kdlab.practice import notebook, page
from kdlab.practice.instructor import Instructor

KEY = b"a key for tests and for nothing else"


@pytest.mark.parametrize("n_wrong", HOW_MANY)
@pytest.mark.parametrize("exercise", sampled(exercises(), chapter_of, rung_of, name=name_of))
def test_in_the_page_a_wrong_answer_gets_its_message_or_is_left_to_hidden_cases(exercise, n_wrong):
    named, given = 0, some_answers(exercise, n_wrong)
    for answer in given:
        found = judged(exercise, answer)
        assert json.loads(json.dumps(found, allow_nan=False)) == found
        for function in answer.functions:
            passed = found[function]["passed"] if function in found else True
            assert passed or answer.kind != "right", (answer.name, found[function])
            named += answer.kind == "wrong" and not passed
        if answer.kind == STARTER:
            assert not all(question["passed"] for question in found.values())
    # a course's page keeps a choice, and does not judge it
    kept = {each.function for each in page.public_paper(exercise).questions if getattr(each, "rule", None)}
    wrong = [answer for answer in given if answer.kind == "wrong" and not kept.issuperset(answer.functions)]
    # a few are caught by hidden cases only; most must be named by the public ones, or the page teaches nothing
    assert 2 * named > len(wrong) or not wrong


def handed_in(exercise, answer):
    """Return the notebook of a student who gives this answer."""
    made = json.loads(notebook.nbformat.writes(notebook.student_notebook(page.public_paper(exercise))))
    for cell in made["cells"]:
        ours = cell["metadata"]["kdlab"]
        if ours["role"] == "solution" and answer.kind != STARTER:
            cell["source"] = answer.sources[ours["function"]]
    return json.dumps(made)


@pytest.mark.parametrize("n_wrong", HOW_MANY)
@pytest.mark.parametrize("exercise", sampled(exercises(), rung_of, name=name_of))
def test_in_the_sandbox_what_is_right_earns_all_and_what_is_wrong_does_not(exercise, n_wrong, tmp_path):
    given = some_answers(exercise, n_wrong)
    for answer in given:
        student = tmp_path / answer.name
        student.mkdir()
        (student / f"{exercise.task}.ipynb").write_text(handed_in(exercise, answer), encoding="utf-8")
    with system(exercise.forbids) as stands_on:
        grader = Grader(exercise, Instructor(KEY, tmp_path / "nowhere"), tmp_path, stands_on)
        for answer in given:
            result, _ = grader(answer.name)
            by_function = {question["function"]: question for question in result["questions"]}
            if answer.kind == "right":
                assert result["points"] == result["max_points"], (answer.name, result["questions"])
            elif answer.kind == STARTER:
                assert result["points"] == 0, result["questions"]
            else:
                lost = [by_function[name] for name in answer.functions if name in by_function]
                assert any(question["points"] < question["max_points"] for question in lost), answer.name
