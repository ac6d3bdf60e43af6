"""What can be said of a hidden case: sentences of a list, and how many bits code can send by choosing one."""

import ast
import math
import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kdlab.checking
from kdlab.checking import sentences
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Question, Raised, Version, VersionQuestion, Wrong
from kdlab.checking.judging import judge, judge_question
from kdlab.checking.testing import judge_versions

SECRET = "8675309"
EXPECTED = [np.arange(6.0).reshape(2, 3), 0.5, 3, True, None, "yes", (1.0, np.zeros(2)), {"a": 1.0}, Raised("KeyError")]
LEAKS = st.sampled_from(["", SECRET, f"a{SECRET}.b", f"E{SECRET}", "ValueError", "IndexError"])
ARRAYS = st.builds(
    lambda shape, kind: np.ones(shape, dtype=kind),
    st.lists(st.integers(0, 4), max_size=4),
    st.sampled_from(["float64", "float32", "int8", "bool", "float16"]),
)
ONE = st.none() | st.booleans() | st.integers(0, 9) | st.floats() | LEAKS | ARRAYS
VALUES = st.recursive(
    ONE,
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple) | st.dictionaries(LEAKS, inner),
    max_leaves=5,
)
PROBLEMS = st.sampled_from(sorted(sentences.HIDDEN_PROBLEMS))
ANSWERS = st.builds(Answer, VALUES) | st.builds(
    Answer, VALUES, PROBLEMS, detail=LEAKS, type_name=LEAKS, line=st.none() | st.integers(1, 50), cell=LEAKS,
    function=LEAKS,
)  # fmt: skip

# what a sentence may say of an answer: one of these, with a built-in exception and a line of the cell filled in
ALLOWED = {said for _, said in sentences.DEPARTURES.values()} | set(sentences.HIDDEN_PROBLEMS.values())


def template(sentence):
    """Return a sentence with exception, line, item and what the case itself says taken out."""
    sentence = re.sub(r" in line \d+", "", re.sub(r"item [^:]+: ", "", sentence))
    names = "|".join([*sorted(sentences.BUILT_IN, key=len, reverse=True), sentences.AN_EXCEPTION])
    sentence = re.sub(rf"\b({names}) was raised", "{type_name} was raised", sentence)
    return re.sub(r"\bf\b", "{function}", sentence.replace("another exception should be raised; ", ""))


@pytest.mark.parametrize("expected", EXPECTED, ids=range(len(EXPECTED)))
@given(answer=ANSWERS)
def test_a_hidden_case_is_told_in_words_from_the_list(expected, answer):
    case = Case("f", (1.0,), expected, note="a kind")
    finding = judge(case, answer)
    if finding.passed:
        return
    head = "A hidden case of f (a kind): "
    assert finding.sentence.startswith(head)
    assert SECRET not in finding.sentence
    said = template(finding.sentence.removeprefix(head))
    patterns = {re.escape(each.replace("{line}", "")).replace(r"\{asked\}", ".+") for each in ALLOWED}
    assert any(re.fullmatch(pattern, said) for pattern in patterns), said


def n_bits(n_lines):
    """Return the most bits that one sentence about a hidden case of a cell of so many lines can carry."""
    return math.log2(len(ALLOWED) + len(sentences.BUILT_IN) * (n_lines + 1))


@given(st.lists(ANSWERS, min_size=8, max_size=8))
def test_of_all_hidden_cases_one_is_told_in_words_and_the_others_are_right_or_not(answers):
    question = Question("f", 1, tuple(Case("f", (i,), float(i)) for i in range(8)))
    result = judge_question(question, answers)
    worded = [each for each in result.findings if not each.sentence.endswith(("not right.", ": right."))]
    assert len(worded) <= 1


def test_what_a_function_can_send_is_counted():
    """A cell of a hundred lines and eight hidden cases: 8 of right or not, 13 of one sentence. It was 4,000 a case."""
    assert n_bits(100) < 13
    assert 8 + n_bits(100) < 22


def test_what_a_named_mistake_can_send_is_which_of_them_it_is():
    wrong = tuple(Wrong(f"w{i}", f"Message {i}.", float(i)) for i in range(1, 9))
    question = Question("f", 1, (Case("f", (1,), 0.0, wrong=wrong),))
    said = {judge_question(question, [Answer(float(i))]).message for i in range(1, 9)}
    assert said == {f"Message {i}." for i in range(1, 9)}


VERSIONS = VersionQuestion(
    "test_f", "f", 1, tuple([Version(f"bad_{i}", False, f"Bug {i}.") for i in range(6)] + [Version("good", True)] * 3)
)
RUNS = st.builds(Answer, VALUES) | st.builds(
    lambda **words: Answer(None, "raised", **words), detail=LEAKS, type_name=LEAKS, line=st.none() | st.integers(1, 9)
)


@given(st.lists(RUNS, min_size=9, max_size=9))
def test_of_versions_that_stay_hidden_one_bug_is_told_and_nothing_that_a_test_says(answers):
    result = judge_versions(VERSIONS, list(enumerate(answers)), [("a tie", "a zero", "a mask")] * 9)
    told = " ".join([result.message, *(finding.sentence for finding in result.findings)])
    assert SECRET not in told
    assert len(set(re.findall(r"Bug \d", told))) <= 1
    assert "a mask" not in told


SPEAKING = [
    *(path for path in Path(kdlab.checking.__file__).parent.glob("*.py") if path.name != "sentences.py"),
    Path(kdlab.checking.__file__).parents[1] / "practice" / "public_checks.py",
    Path(kdlab.checking.__file__).parents[1] / "practice" / "cases.py",
    Path(kdlab.checking.__file__).parents[1] / "practice" / "slips.py",
    Path(kdlab.checking.__file__).parents[1] / "grading" / "grader.py",
]


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: path.name)
def test_no_other_module_makes_a_sentence(path):
    """What is raised is for authors and developers; docstrings are for readers of the code."""
    tree = ast.parse(path.read_text("utf-8"))
    aside = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) or (isinstance(node, ast.Call) and "Error" in ast.unparse(node.func)):
            aside |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Expr):
            aside |= {id(node.value)}
        if isinstance(node, ast.Assign) and "Error" in ast.unparse(node.value):
            aside |= {id(part) for part in ast.walk(node)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside
    ]
    assert [text for text in texts if text.rstrip().endswith((".", "?", "first")) and len(text.split()) > 2] == []
