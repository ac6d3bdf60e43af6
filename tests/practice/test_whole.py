"""What a book for self-study gives: every check, with an ending; and the solutions, two ways beside each other."""

import json

import pytest
from sampling import sampled
from solutions import (
    HOW_MANY,
    STARTER,
    answers,
    cells_of,
    chapter_of,
    exercises,
    name_of,
    practice_of,
    rung_of,
    some_answers,
    whole_of,
)

from kdlab.checking.cases import case_from_data
from kdlab.practice import cases
from kdlab.practice.instructor import Instructor
from kdlab.practice.public_checks import check_in_page

KEY = b"a key for tests and for nothing else"


@pytest.mark.parametrize("n_wrong", HOW_MANY)
@pytest.mark.parametrize("exercise", sampled(exercises(), chapter_of, rung_of, name=name_of))
def test_what_is_right_is_told_solved_and_nothing_else_is(exercise, n_wrong):
    practice = json.loads(json.dumps(whole_of(exercise.name), allow_nan=False))["practice"]
    for answer in some_answers(exercise, n_wrong):
        found = check_in_page(practice, cells_of(answer))
        by_name = {question["function"]: question for question in found["questions"]}
        if answer.kind == "right":
            assert found["passed"], (answer.name, found)
            assert found["summary"].startswith("Solved. All ")
        else:
            wrong = [by_name[name] for name in answer.functions]
            assert any(not each["passed"] for each in wrong), answer.name
            assert not found["summary"].startswith("Solved")
        if answer.kind == STARTER:
            assert not any(each["passed"] for each in by_name.values())
        for question in found["questions"]:
            assert question["verdict"]
            assert "idden" not in json.dumps(question)


@pytest.mark.parametrize("exercise", exercises(), ids=name_of)
def test_its_inputs_are_nobody_s_hidden_ones(exercise):
    rng = Instructor(KEY, exercise.folder).rng
    paper = cases.paper(exercise, rng(exercise, "ada"), hidden=rng(exercise, "ada", "hash"), wrong=False)
    asked = [case for each in paper.questions for case in getattr(each, "cases", ()) if not case.public]
    hidden = [repr(case.args) for case in asked if case.args]  # a prediction has no input
    shown = [
        repr(case_from_data(case).args)
        for question in whole_of(exercise.name)["practice"]["questions"]
        for case in question.get("cases", ())
    ]
    assert not hidden or len(set(hidden) - set(shown)) > len(set(hidden)) / 3  # some come from no seed


@pytest.mark.parametrize("exercise", exercises(), ids=name_of)
def test_each_function_has_two_solutions_with_what_each_is_good_for(exercise):
    paper = cases.paper(exercise, cases.public_rng(exercise), wrong=False)
    for cell in exercise.solutions:
        if getattr(paper.question(cell.function), "rule", None):
            continue  # a choice, a report or a design has one
        styles = whole_of(exercise.name)["solutions"][cell.function]
        assert len(styles) == 2, cell.function
        assert len({style["source"] for style in styles}) == 2
        for style in styles:
            assert style["good_for"].endswith(".")
            assert f"def {cell.function}(" in style["source"]
            others = {each.function for each in exercise.solutions} - {cell.function}
            assert not [name for name in others if f"def {name}(" in style["source"]]
            compile(style["source"], style["name"], "exec")


def test_a_function_that_calls_a_wrong_one_is_told_whether_it_is_right_itself():
    exercise = next(each for each in exercises() if each.name == "temperature/softmax")
    wrong = next(answer for answer in answers(exercise) if answer.name == "multiplies")
    found = check_in_page(whole_of(exercise.name)["practice"], cells_of(wrong))
    at, _, slope = found["questions"]
    assert not at["passed"]
    assert slope["message"].startswith("softmax_slope itself is right: with a right softmax_at in the place of yours")


@pytest.mark.parametrize("practice", [whole_of, practice_of])
def test_who_computes_a_helper_in_float32_has_its_tolerance_in_what_calls_it(practice):
    exercise = next(each for each in exercises() if each.name == "straight_through/bias")
    practice = practice(exercise.name)
    practice = practice.get("practice", practice)
    sources = {cell.function: cell.reference for cell in exercise.solutions}
    sources["kd_gradient"] = _last_line(sources["kd_gradient"], "return np.float32({})")
    sources["relative_bias"] = _last_line(sources["relative_bias"], "return float({})")
    found = check_in_page(practice, [{"name": name, "source": source} for name, source in sources.items()])
    assert found["passed"], found
    sources["relative_bias"] = _last_line(sources["relative_bias"], "return 1.001 * {}")
    found = check_in_page(practice, [{"name": name, "source": source} for name, source in sources.items()])
    assert [each["function"] for each in found["questions"] if not each["passed"]] == ["relative_bias"]


def _last_line(source, form):
    """Return a function that returns something else in its last line."""
    before, value = source.rstrip().rsplit("return ", 1)
    return before + form.format(value)
