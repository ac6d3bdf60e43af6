"""How an answer departs from what is expected, and what a student is told about it."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.checking import sentences
from kdlab.checking.asking import Answer, describe
from kdlab.checking.cases import Case, Defect, Question, Raised, Wrong, case_from_data, case_to_data
from kdlab.checking.judging import diagnose, judge, judge_question

HALVES = np.array([0.5, 0.25, 0.25])
NEXT = np.nextafter(0.5, 1)


def public(expected, **fields):
    return Case("f", (2,), expected, public=True, **fields)


# expected, what came back, the kind, and the sentence of a public case
DEPARTURES = [
    (HALVES, [0.5, 0.25, 0.25], "type", "a list came back, and an array is asked for: np.array(...) makes one."),
    (HALVES, (0.5, 0.25), "type", "a tuple came back, and an array is asked for: np.array(...) makes one."),
    (HALVES, None, "type", "None (is a return missing?) came back, and an array of shape (3,) is asked for."),
    (HALVES, 0.5, "type", "a float came back, and an array of shape (3,) is asked for."),
    (HALVES, np.float64(0.5), "type", "a float64 came back, and an array of shape (3,) is asked for."),
    (HALVES, np.array(0.5), "shape", "an array of shape () came back; its shape should be (3,)."),
    (HALVES, "halves", "type", "a str came back, and an array of shape (3,) is asked for."),
    (HALVES, HALVES[:2], "shape", "an array of shape (2,) came back; its shape should be (3,)."),
    (HALVES, HALVES[np.newaxis], "shape", "an array of shape (1, 3) came back; its shape should be (3,)."),
    (HALVES, np.array([1, 0, 0]), "dtype", "integers (int64) came back; floating numbers are asked for."),
    (HALVES, HALVES > 0.3, "dtype", "booleans (bool) came back; floating numbers are asked for."),
    (HALVES, HALVES.astype(np.float16), "dtype", "float16 came back, which keeps three digits: compute in float64."),
    (np.arange(3), np.arange(3.0), "dtype", "floating numbers (float64) came back; integers are asked for."),
    (np.array([True]), np.array([1]), "dtype", "integers (int64) came back; booleans are asked for."),
    (HALVES, np.array([0.5, np.nan, 0.25]), "nan", "NaN came back at index [1], where 0.25 is expected."),
    (
        HALVES,
        np.array([0.5, 0.25, -np.inf]),
        "inf",
        "an infinite number came back at index [2], where 0.25 is expected.",
    ),
    (
        HALVES,
        np.array([0.5, 0.3, 0.2]),
        "value",
        "[0.5, 0.25, 0.25] is expected, [0.5, 0.3, 0.2] came back. The first difference is at index [1]: 0.25 is "
        "expected, 0.3 came back; the largest difference is 0.05.",
    ),
    (
        np.array([[1, 2], [3, 4]]),
        np.array([[1, 2], [3, 5]]),
        "value",
        "[[1, 2], [3, 4]] is expected, [[1, 2], [3, 5]] came back. The first difference is at index [1, 1]: 4 is "
        "expected, 5 came back; the largest difference is 1.",
    ),
    (
        np.array([np.inf, np.nan]),
        np.array([1.0, 1.0]),
        "value",
        "[inf, nan] is expected, [1, 1] came back. The first difference is at index [0]: inf is expected, 1 came back.",
    ),
    # what rounding leaves is shown as 0
    (
        np.array([-7e-18, 0.3, 4e-16]),
        np.array([5e-18, 0.5, -5e-16]),
        "value",
        "[0, 0.3, 0] is expected, [0, 0.5, 0] came back. The first difference is at index [1]: 0.3 is expected, 0.5 "
        "came back; the largest difference is 0.2.",
    ),
    (-7e-18, 0.25, "value", "0 is expected, 0.25 came back."),
    (0.5, 0.25, "value", "0.5 is expected, 0.25 came back."),
    (0.5, 0.5 + 1e-8, "value", "0.5 is expected, 0.5 came back; the largest difference is 1e-08."),
    (0.5, float("nan"), "nan", "NaN came back, where 0.5 is expected."),
    (0.5, np.float64("inf"), "inf", "an infinite number came back, where 0.5 is expected."),
    (0.5, np.array([0.5]), "shape", "an array of shape (1,) came back; one number is asked for."),
    (0.5, [0.5], "type", "a list came back, and one number is asked for."),
    (0.5, "0.5", "type", "a str came back, and one number is asked for."),
    (0.5, True, "type", "a bool came back, and one number is asked for."),
    (0.5, None, "type", "None (is a return missing?) came back, and one number is asked for."),
    (3, 3.0, "dtype", "floating numbers (float64) came back; integers are asked for."),
    (3, 4, "value", "3 is expected, 4 came back."),
    (True, 1, "type", "True is expected, an int came back."),
    (True, False, "value", "True is expected, False came back."),
    (None, 0, "type", "None is expected, an int came back."),
    ("yes", "no", "value", "'yes' is expected, 'no' came back."),
    ((1, 2), [1, 2], "type", "a list came back, and a tuple is asked for."),
    ((1, 2), (1,), "shape", "a tuple of 1 items came back; 2 are asked for."),
    ((1, (2, 3)), (1, (2, 4)), "value", "item 1: item 1: 3 is expected, 4 came back."),
    ({"a": 1}, {"b": 1}, "shape", "the keys ['b'] came back; ['a'] are asked for."),
    ({"a": 1}, {"a": 2}, "value", "item 'a': 1 is expected, 2 came back."),
    ({"a": 1}, [1], "type", "a list came back, and a dict is asked for."),
    (Raised("ValueError"), 1.0, "not_raised", "ValueError should be raised; 1 came back."),
]


@pytest.mark.parametrize(("expected", "value", "kind", "sentence"), DEPARTURES)
def test_each_departure_has_its_kind_and_its_sentence(expected, value, kind, sentence):
    finding = judge(public(expected, note="an example"), Answer(value))
    assert (finding.passed, finding.kind) == (False, kind)
    assert finding.sentence == f"f(2) (an example): {sentence}"


@pytest.mark.parametrize(("expected", "value", "kind", "sentence"), DEPARTURES)
def test_a_hidden_case_says_nothing_of_inputs_and_expected_values(expected, value, kind, sentence):
    cases = [Case("f", (2,), expected, note="an example"), Case("f", (np.array([17.25]),), expected, note="an example")]
    told = {judge(case, Answer(value)).sentence for case in cases}
    assert len(told) == 1
    told = told.pop()
    assert told.startswith("A hidden case of f (an example): ")
    assert "17.25" not in told
    if kind in ("value", "nan", "inf"):
        hidden = {"value": "the value is not the expected one.", "nan": "NaN came back."}
        assert told.endswith(hidden.get(kind, "an infinite number came back."))


def test_a_hidden_case_does_not_repeat_an_exception_s_words():
    answer = Answer(problem="raised", type_name="ValueError", detail="the logits are 17.25", line=3)
    assert judge(Case("f", (2,), 1.0), answer).sentence == "A hidden case of f: ValueError was raised in line 3."


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (HALVES, HALVES.copy()),
        (HALVES, np.array([NEXT, 0.25, 0.25])),
        (HALVES, HALVES.astype(np.float32)),
        (HALVES.astype(np.float32), HALVES),
        (HALVES.astype(np.float16), HALVES.astype(np.float16)),
        (np.array([np.nan, np.inf, -np.inf]), np.array([np.nan, np.inf, -np.inf])),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.arange(3), np.arange(3, dtype=np.uint8)),
        (0.5, np.float32(0.5)),
        (0.5, np.array(0.5)),
        (np.float64(0.5), 0.5),
        (0.0, 0),
        (3, np.int8(3)),
        (True, np.True_),
        (np.False_, False),
        ((1.0, HALVES), (1.0, HALVES)),
        ({"a": HALVES, "b": None}, {"b": None, "a": HALVES}),
        ("yes", "yes"),
    ],
)
def test_what_is_right_passes(expected, value):
    assert judge(Case("f", (), expected), Answer(value)).passed


@given(st.floats(-1e300, 1e300), st.floats(-2, 2))
def test_the_tolerance_is_relative_and_absolute(expected, steps):
    case = Case("f", (), np.array([expected]), rtol=1e-6, atol=1e-9)
    tolerance = 1e-9 + 1e-6 * abs(expected)
    value = expected + steps * tolerance
    allowed = abs(value - expected) <= tolerance
    assert judge(case, Answer(np.array([value]))).passed == allowed


def test_float32_gets_its_own_tolerance_unless_the_case_says_otherwise():
    expected = np.array([1.0, 1e-3, 0.0])
    near = expected.astype(np.float32) * np.float32(1 + 5e-5)
    far = expected.astype(np.float32) * np.float32(1 + 5e-4)
    assert judge(Case("f", (), expected), Answer(near)).passed
    assert not judge(Case("f", (), expected), Answer(far)).passed
    assert not judge(Case("f", (), expected), Answer(near.astype(np.float64))).passed
    exact = judge(Case("f", (), expected, public=True, exact_dtype=True), Answer(near))
    assert exact.sentence == "f(): float32 came back; float64 is asked for."


def test_a_small_number_that_a_case_tells_from_0_is_shown():
    large = judge(public(np.array([1e20, 1.0]), rtol=0), Answer(np.array([1e20, 2.0]))).sentence
    assert "[1e+20, 1] is expected, [1e+20, 2] came back." in large
    small = judge(public(np.array([1.0, 1e-20]), atol=0), Answer(np.array([1.0, 2e-20]))).sentence
    assert "[1, 1e-20] is expected, [1, 2e-20] came back." in small
    beside = judge(public(np.array([1.0, 0.3]), atol=0), Answer(np.array([1.0, 1e-17]))).sentence
    assert "[1, 0.3] is expected, [1, 0] came back." in beside
    assert "1e-20 is expected, 1 came" in judge(public(1e-20, atol=0), Answer(1.0)).sentence
    assert "1e-13 is expected, -1e-13" in judge(public(1e-13, atol=0), Answer(-1e-13)).sentence


def test_large_integers_are_compared_exactly():
    expected = np.array([2**60, 1])
    assert not judge(Case("f", (), expected), Answer(expected + np.array([1, 0]))).passed
    assert judge(Case("f", (), np.array([2**63 - 1])), Answer(np.array([2**63 - 1], dtype=np.uint64))).passed


def test_an_exception_is_right_where_the_reference_raises_it():
    case = public(Raised("ValueError"))
    assert judge(case, Answer(problem="raised", type_name="ValueError", detail="anything")).passed
    other = judge(case, Answer(problem="raised", type_name="TypeError", detail="no", line=2))
    assert other.sentence == "f(2): ValueError should be raised; TypeError was raised in line 2: no."
    assert not judge(case, Answer(problem="not_written", type_name="NotImplementedError")).passed
    assert not judge(case, Answer(problem="timeout", type_name="ValueError")).passed


def test_a_problem_the_grader_knows_brings_its_own_sentence():
    answer = Answer(problem="timeout", detail="it did not come to an end within 10 s.")
    assert judge(public(1.0), answer).sentence == "f(2): it did not come to an end within 10 s."


def wrongs(*values):
    return tuple(Wrong(f"wrong_{i}", f"Message {i}.", value) for i, value in enumerate(values))


CASES = (
    Case("f", (1,), 1.0, wrong=wrongs(1.0, 2.0, Raised("ValueError"), Defect("mutated"))),
    Case("f", (2,), 4.0, wrong=wrongs(2.0, 2.0, 4.0, Defect("mutated"))),
)


@pytest.mark.parametrize(
    ("answers", "name"),
    [
        ([Answer(1.0), Answer(2.0)], "wrong_0"),
        ([Answer(2.0), Answer(2.0)], "wrong_1"),
        ([Answer(2.0 + 1e-12), Answer(2.0)], "wrong_1"),
        ([Answer(problem="raised", type_name="ValueError"), Answer(4.0)], "wrong_2"),
        ([Answer(1.0, "mutated"), Answer(4.0, "mutated")], "wrong_3"),
        ([Answer(1.0), Answer(4.0)], None),  # all is right
        ([Answer(2.0), Answer(4.0)], None),  # one value is that of a wrong solution, the other is not
        ([Answer(1.0), Answer(3.0)], None),
        ([Answer(problem="timeout"), Answer(2.0)], None),
    ],
)
def test_a_wrong_solution_is_named_if_all_values_are_its_own(answers, name):
    wrong = diagnose(CASES, answers)
    assert (wrong and wrong.name) == name


def test_a_diagnosis_needs_no_more_than_the_cases_answered():
    assert diagnose(CASES, [Answer(2.0)]).name == "wrong_1"
    assert diagnose(CASES, []) is None


def test_where_two_wrong_solutions_agree_none_is_named():
    case = Case("f", (1,), 1.0, wrong=wrongs(2.0, 2.0))
    assert diagnose([case], [Answer(2.0)]) is None


def test_points_are_all_or_nothing_and_the_message_is_the_one_to_read_first():
    question = Question("f", 3, CASES)
    right = judge_question(question, [Answer(1.0), Answer(4.0)])
    assert (right.points, right.max_points, right.message, right.wrong) == (3, 3, "", "")
    named = judge_question(question, [Answer(1.0), Answer(2.0)])
    assert (named.points, named.message, named.wrong) == (0, "Message 0.", "wrong_0")
    assert [finding.passed for finding in named.findings] == [True, False]
    unnamed = judge_question(question, [Answer(1.0), Answer(9.0)])
    assert (unnamed.points, unnamed.message, unnamed.wrong) == (0, unnamed.findings[1].sentence, "")
    with pytest.raises(ValueError, match="argument 2 is shorter"):
        judge_question(question, [Answer(1.0)])


def test_a_case_comes_back_from_its_data():
    case = Case(
        "f", (np.arange(3.0), [1, "a"]), (HALVES, None), 1e-5, 0.0, True, "a note",
        wrongs(HALVES, Raised("KeyError"), Defect("view"), {"raised": "x"}, ("raised", "x")), True,
    )  # fmt: skip
    data = json.loads(json.dumps(case_to_data(case), allow_nan=False))
    again = case_from_data(data)
    assert case_to_data(again) == data
    assert isinstance(again.wrong[1].value, Raised)
    assert isinstance(again.wrong[2].value, Defect)
    assert again.wrong[3].value == {"raised": "x"}
    assert again.wrong[4].value == ("raised", "x")
    assert (again.rtol, again.atol, again.public, again.note, again.exact_dtype) == (1e-5, 0.0, True, "a note", True)
    assert isinstance(case_from_data(case_to_data(Case("f", (), Raised("ValueError")))).expected, Raised)


@pytest.mark.parametrize("expected", [1.0, 3, True, "a", None, np.zeros(2), (1.0, np.zeros(2)), {"a": 1.0}])
@pytest.mark.parametrize("value", [2**70, -(2**64), (None, []), [[1], [2, 3]], {}, None, float("nan"), "x", ""])
def test_odd_values_get_a_sentence(expected, value):
    case = Case("f", (1.0,), expected, 1e-9, 1e-12, True, "odd", ())
    finding = judge(case, Answer(value=value))
    assert finding.passed == (value is None and expected is None)
    assert finding.passed or finding.sentence


def test_truth_values_have_no_largest_difference():
    said = judge(public(np.array([True, False])), Answer(np.array([True, True]))).sentence
    assert said.endswith("The first difference is at index [1]: False is expected, True came back.")
    assert "largest difference" not in said


def _raised_by(call):
    try:
        call()
    except Exception as error:
        return describe(error)
    raise AssertionError("nothing was raised")


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: np.ones((2, 3)) / np.ones(2), "keepdims=True keeps it."),
        (lambda: max(np.ones((2, 2))), "ask for one truth value"),
        (lambda: np.ones((2, 3)) @ np.ones((2, 3)), "The shapes in a product @ do not go together."),
        (lambda: np.array([[1.0], [1.0, 2.0]]), "Rows of unequal lengths make no array."),
        (lambda: np.ones(0).max(), "An empty array has no maximum"),
        (lambda: np.ones(3).reshape(2, 2), "There are more values, or fewer"),
        (lambda: np.ones(3).sum(axis=1), "-1 is the last of any."),
        (lambda: np.ones(3)[3], "the last is its length minus 1."),
        (lambda: np.ones(3)[0, 0], "fewer axes than the index asks for."),
        (lambda: np.ones(3)[np.ones(2, dtype=bool)], "have different shapes."),
        (lambda: np.ones(3)[np.ones(2)], "of integers or booleans"),
        (lambda: range(2.0), "int(...) makes one."),
        (lambda: [1, 2][:1.0], "The ends of a slice must be whole numbers"),
        (lambda: [1, 2] - [1], "a list is no array, and None is no number."),
        (lambda: [1, 2] * 1.5, "A list is no array: a product with it repeats it."),
        (lambda: ~np.ones(2), "~ turns a mask of booleans round"),
        (lambda: np.ones(2, dtype=bool) - np.ones(2, dtype=bool), "A mask cannot be taken away"),
        (lambda: [1].sum(), "np.array(...) makes one of it."),
        (lambda: (1,).sum(), "take its items one by one."),
        (lambda: (1.0).sum(), "np.asarray(...) makes one of it."),
        (lambda: None.sum(), "A function that returns nothing gives None."),
        (lambda: not_there, "is it misspelt, or an import missing?"),  # noqa: F821
        (lambda: math.exp(710), "math.exp(710) is too large."),
        (lambda: 1 / 0, "Something is divided by 0."),
        (lambda: np.arange(3).__isub__(0.5), "make a new array."),
    ],
)
@pytest.mark.parametrize("public", [True, False])
def test_what_a_common_exception_means_is_said_of_any_case(call, said, public):
    sentence = judge(Case("f", (), 1.0, public=public), _raised_by(call)).sentence
    assert said in sentence
    assert "was raised" in sentence


def test_every_meaning_is_found_and_none_is_made_up():
    assert len({(name, words) for name, words, _ in sentences.MEANT}) == len(sentences.MEANT)
    sentence = judge(Case("f", (), 1.0), Answer(problem="raised", type_name="ValueError", detail="Too hot.")).sentence
    assert sentence == "A hidden case of f: ValueError was raised."


@pytest.mark.parametrize(
    ("said", "needs"),
    [("`x` once more times `T`", 3), ("`mean` in the place of `sum`", 1), ("a part of the formula is left out", 3)],
)
@pytest.mark.parametrize("n_wrong", [1, 2, 3])
def test_a_change_that_is_one_of_many_is_said_if_several_cases_bear_it_out(said, needs, n_wrong):
    message = sentences.NEAR.format(said=said)
    wrong = [np.array([1.0, 2.0, 4.0]) ** (1 + (i < n_wrong)) + i for i in range(4)]
    cases = tuple(Case("f", (), np.array([1.0, 2.0, 4.0]) + i, near=(Wrong("", message, wrong[i]),)) for i in range(4))
    result = judge_question(Question("f", 1, cases), [Answer(value) for value in wrong])
    assert (message in result.message) == (n_wrong >= needs)
