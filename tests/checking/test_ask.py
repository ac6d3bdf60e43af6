"""What a student's function may do, and how it is described."""

import numpy as np
import pytest

from kdlab.checking.asking import Answer, answer_from_data, answer_to_data, ask, describe
from kdlab.checking.cases import Case, Question
from kdlab.checking.judging import judge, judge_question
from kdlab.checking.values import decode, encode

X = np.array([1.0, 2.0, 3.0])
TWICE = Case("twice", (X,), 2 * X, public=True)


class Odd:
    pass


class Silent(Exception):
    def __str__(self):
        raise RuntimeError("no words")


def changes(x):
    x *= 2
    return x.copy()


def yields(x):
    yield from 2 * x


async def awaits(x):
    return 2 * x


def exits(x):
    raise SystemExit(0)


def is_silent(x):
    raise Silent


def recurses(x):
    return recurses(x)


def puts_something_into(x):
    x.append(Odd())
    return 1


# what a function does, the kind of problem, and words of the sentence that a student reads
DEFECTS = [
    (None, "missing", "twice is not defined."),
    (3, "not_callable", "twice is a int, not a function."),
    (lambda x: x, "view", "shares its memory with the argument number 1"),
    (lambda x: x[::-1], "view", "shares its memory"),
    (lambda x: (0.0, [x.reshape(3, 1)]), "view", "shares its memory"),
    (changes, "mutated", "the call changed its argument number 1: work on a copy"),
    (yields, "generator", "use return, not yield"),
    (lambda x: (2 * z for z in x), "generator", "use return, not yield"),
    (awaits, "unsupported", "the answer is a coroutine. Return numbers"),
    (lambda x: map(float, x), "unsupported", "the answer is a map. Return numbers"),
    (lambda x: np.matrix(2 * x), "array_subclass", "the answer is a numpy.matrix, not a plain array."),
    (lambda x: np.ma.masked_array(2 * x), "array_subclass", "MaskedArray"),
    (lambda x: np.array([2 * x, None], dtype=object), "object_dtype", "an array of Python objects came back"),
    (lambda x: 2j * x, "unsupported", "dtype complex128"),
    (lambda x: x.astype(str), "unsupported", "dtype <U"),
    (lambda x: {2.0, 4.0}, "unsupported", "the answer is a set"),
    (lambda x: Odd(), "unsupported", "the answer is a test_ask.Odd"),
    (lambda x: np.zeros(10_000_000), "too_large", "too much came back: the answer has more than 16000000 bytes."),
    (lambda x: [0] * 200_000, "too_large", "more than 100000 items"),
    (lambda: 1, "raised", "TypeError was raised: "),
    (lambda x: x[7], "raised", "IndexError was raised: index 7 is out of bounds"),
    (exits, "raised", "SystemExit was raised: 0."),
    (is_silent, "raised", "Silent was raised."),
    (recurses, "raised", "RecursionError was raised: maximum recursion depth exceeded"),
]


@pytest.mark.filterwarnings("ignore:coroutine 'awaits' was never awaited")
@pytest.mark.parametrize(("function", "kind", "words"), DEFECTS)
def test_each_defect_has_its_kind_and_its_sentence(function, kind, words):
    answer = ask(function, [X])
    assert answer.problem == kind
    finding = judge(TWICE, answer)
    assert (finding.passed, finding.kind) == (False, kind)
    assert finding.sentence.startswith("twice([1, 2, 3]): ")
    assert words in finding.sentence


def test_a_right_answer_has_no_problem():
    answer = ask(lambda x: 2 * x, [X])
    assert answer.problem is None
    assert judge(TWICE, answer).passed


def test_the_case_itself_never_changes():
    args = (np.ones(3), [np.zeros(2)], {"a": np.ones(1)})
    before = encode(args)

    def spoils(x, items, words):
        x[:] = items[0][:] = words["a"][:] = np.nan
        items.append(1)
        del words["a"]

    assert ask(spoils, args).problem == "mutated"
    assert encode(args) == before


def test_an_argument_that_holds_something_else_now_has_changed():
    assert ask(puts_something_into, [[]]).problem == "mutated"


def test_an_argument_from_the_channel_can_be_written_to_by_the_function():
    read_only = decode(*encode(np.ones(3)))

    def scratches(x):
        y = x.copy()
        y[0] = 0
        x[0] = x[0]  # no change, and no exception
        return y

    assert ask(scratches, [read_only]).problem is None


def test_a_value_is_taken_down_at_once():
    kept = []

    def keeps(x):
        kept.append([1.0])
        return kept[-1]

    first = ask(keeps, [1])
    kept[0][0] = 2.0
    assert first.value == [1.0]


@pytest.mark.parametrize("kind", [KeyboardInterrupt, type("Timeout", (KeyboardInterrupt,), {})])
def test_a_time_limit_passes_through(kind):
    def too_long(x):
        raise kind

    with pytest.raises(KeyboardInterrupt):
        ask(too_long, [X])


def test_a_warning_is_no_error_whoever_asks():
    case = Case("f", (np.array([-1.0]),), np.array([np.nan]))
    assert judge(case, ask(np.log, case.args)).passed


def test_the_line_is_the_last_one_that_the_student_wrote():
    source = "def helper(x):\n    return x.shape[3]\n\ndef twice(x):\n    y = 2 * x\n    return helper(y)\n"
    names = {}
    exec(compile(source, "<reader twice>", "exec"), names)
    answer = ask(names["twice"], [X])
    assert (answer.type_name, answer.line, answer.cell) == ("IndexError", 2, "<reader twice>")
    assert "IndexError was raised in line 2: tuple index out of range." in judge(TWICE, answer).sentence


def test_a_syntax_error_knows_its_line():
    try:
        compile("x = 1\ny = = 2\n", "<reader twice>", "exec")
    except SyntaxError as error:
        answer = describe(error)
    assert (answer.type_name, answer.line, answer.detail) == ("SyntaxError", 2, "invalid syntax")


def test_what_is_not_written_yet_says_so():
    def twice(x):
        raise NotImplementedError("write twice")

    result = judge_question(Question("twice", 2, (TWICE,)), [ask(twice, [X])])
    assert (result.points, result.findings[0].kind) == (0, "not_written")
    assert result.message == "twice([1, 2, 3]): twice is not written yet."


def test_a_long_or_odd_message_is_cut_to_one_line():
    def shouts(x):
        raise ValueError("a\nb\ud800" + "x" * 100_000)

    detail = ask(shouts, [X]).detail
    assert detail.startswith("a b?x")
    assert len(detail) == 500
    encode(detail)


@pytest.mark.parametrize("function", [function for function, _, _ in DEFECTS if function is not awaits])
def test_every_answer_crosses_the_line(function):
    answer = ask(function, [X])
    there = answer_from_data(decode(*encode(answer_to_data(answer))))
    assert encode(answer_to_data(there)) == encode(answer_to_data(answer))


@pytest.mark.parametrize(
    "change",
    [
        {"problem": "passed"},
        {"problem": ["raised"]},
        {"line": 0},
        {"line": True},
        {"line": "1"},
        {"detail": None},
        {"type_name": 1},
        {"cell": b""},
        {"more": 1},
    ],
)
def test_data_that_describe_no_answer_are_refused(change):
    with pytest.raises(ValueError, match=r"."):
        answer_from_data(answer_to_data(Answer(1.0)) | change)
    with pytest.raises(ValueError, match="an answer has the keys"):
        answer_from_data([1])


def test_texts_from_the_other_side_are_cut():
    data = answer_to_data(Answer(problem="raised", detail="x" * 10_000, type_name="y" * 10_000))
    assert len(answer_from_data(data).detail) == len(answer_from_data(data).type_name) == 500
