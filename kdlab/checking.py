"""The one checker of the page, the notebook and the grader.

Two sides, and a line between them. `ask` stands beside the student's code: it calls, and describes what came back
as data. `judge` never meets that code: it compares values. A grader that keeps the two apart believes nothing the
student's process says, except the values it answered with.
"""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from kdlab import values

STUDENT = "<reader"  # the file name of every cell a student wrote begins like this
MAX_DETAIL = 500

# A float32 answer is right if it is as close as float32 arithmetic comes.
_RTOL_FLOAT32 = 1e-4
_ATOL_FLOAT32 = 1e-5  # times the largest expected number


@dataclass(frozen=True)
class Raised:
    """The outcome of a call that raised an exception of this type."""

    type_name: str


@dataclass(frozen=True)
class Defect:
    """The outcome of a call whose answer is no value to compare, such as a view of an argument: a problem's kind."""

    kind: str


@dataclass(frozen=True, eq=False)
class Wrong:
    """What a named wrong solution answers in a case: a value, Raised or Defect. `message` is for the student."""

    name: str
    message: str
    value: Any


@dataclass(frozen=True, eq=False)
class Case:
    """One call and what should come of it.

    `expected` is a value, or `Raised`. A case with a function and arguments alone is what may enter a sandbox.
    A float32 answer is accepted (with a tolerance of its own) unless `exact_dtype`.
    """

    function: str
    args: tuple[Any, ...]
    expected: Any = None
    rtol: float = 1e-9
    atol: float = 1e-12
    public: bool = False
    note: str = ""
    wrong: tuple[Wrong, ...] = ()
    exact_dtype: bool = False


@dataclass(frozen=True, eq=False)
class Question:
    """A function to write. Its points are earned all or nothing: every case must pass."""

    function: str
    points: float
    cases: tuple[Case, ...]


@dataclass(frozen=True)
class Version:
    """A version of the function under test: a good one, or a bad one with the sentence about its bug."""

    name: str
    good: bool
    message: str = ""


@dataclass(frozen=True)
class VersionQuestion:
    """A test to write: `function` must return for each good version of `target`, and raise for each bad one."""

    function: str
    target: str
    points: float
    versions: tuple[Version, ...]

    def order(self, rng: np.random.Generator) -> list[int]:
        """Return the versions' indices as the student's test meets them: each twice, shuffled.

        Twice, so that a test that throws dice is found out.
        """
        return rng.permutation(np.repeat(np.arange(len(self.versions)), 2)).tolist()


@dataclass(frozen=True, eq=False)
class Answer:
    """What came back from a call, as data: a value, or a problem.

    `type_name` and `line` (in the student's cell named `cell`) belong to an exception, `detail` to any problem.
    """

    value: Any = None
    problem: str | None = None
    detail: str = ""
    type_name: str = ""
    line: int | None = None
    cell: str = ""


@dataclass(frozen=True)
class Finding:
    """What one case says: `kind` is passed, a problem, or how the value departs."""

    passed: bool
    kind: str
    sentence: str


@dataclass(frozen=True)
class QuestionResult:
    """What all cases of a question say. `message` is the one sentence to read first, empty if all is right.

    `wrong` is the name of the wrong solution whose values the student's are, if there is one.
    """

    function: str
    points: float
    max_points: float
    findings: tuple[Finding, ...]
    message: str = ""
    wrong: str = ""


# What `ask` can say, and what the student reads then. A grader may have more, each with its sentence as `detail`.
PROBLEMS = {
    "missing": "{function} is not defined.",
    "not_callable": "{function} is {detail}, not a function.",
    "not_written": "{function} is not written yet.",
    "raised": "{type_name} was raised{line}{message}.",
    "generator": "a generator came back: use return, not yield, and list(...) or np.array([...]) around a generator.",
    "array_subclass": "{detail} Return a plain NumPy array.",
    "object_dtype": "an array of Python objects came back: its rows may have unequal lengths, or hold None.",
    "unsupported": "{detail} Return numbers, or arrays of numbers.",
    "too_large": "too much came back: {detail}",
    "view": "the answer shares its memory with the argument {detail}: return a new array, made with .copy() or by a "
    "computation.",
    "mutated": "the call changed its argument {detail}: work on a copy, and avoid -=, /= and [...] = on arguments.",
}


# The side beside the student's code


def ask(function: Any, case: Case) -> Answer:
    """Call a student's function as a case says, and describe what came back.

    Only `case.function` and `case.args` are read. KeyboardInterrupt, and what is derived from it, passes through:
    time limits are made of it. Whatever else the function does becomes an answer.

    Parameters
    ----------
    function : object
        What the student's cells define under the case's name; None if nothing.
    case : Case
        The call to make. The arguments are copied.

    Returns
    -------
    Answer
        Its value is a copy, of the types `kdlab.values` allows.

    Examples
    --------
    >>> ask(abs, Case("abs", (-2,))).value
    2
    >>> ask(int, Case("int", ("two",))).type_name
    'ValueError'
    """
    if function is None:
        return Answer(problem="missing")
    if not callable(function):
        return Answer(problem="not_callable", detail=f"a {type(function).__name__}")
    args = tuple(_copy(arg) for arg in case.args)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # whether a warning is an error must not depend on who asks
            result = function(*args)
        value = values.decode(*values.encode(result))
    except KeyboardInterrupt:
        raise
    except values.UnsupportedError as problem:
        return Answer(problem=problem.kind, detail=_sentence(problem))
    except values.TooLargeError as problem:
        return Answer(problem="too_large", detail=_sentence(problem))
    except BaseException as error:  # SystemExit too: it is an answer, not an end
        return describe(error)
    for number, (given, arg) in enumerate(zip(case.args, args, strict=True), 1):
        if not _identical(given, arg):
            return Answer(value, "mutated", f"number {number}")
        if any(np.may_share_memory(a, b) for a in _arrays(arg) for b in _arrays(result)):
            return Answer(value, "view", f"number {number}")
    return Answer(value)


def describe(error: BaseException) -> Answer:
    """Return an exception of a student's code as an answer, with the last line of it in one of the student's cells."""
    try:
        detail = str(error)
    except Exception:
        detail = ""
    line, cell, traceback = None, "", error.__traceback__
    while traceback is not None:
        name = traceback.tb_frame.f_code.co_filename
        if name.startswith(STUDENT):
            line, cell = traceback.tb_lineno, name
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and str(error.filename).startswith(STUDENT):
        line, cell, detail = error.lineno, error.filename, str(error.msg)
    type_name = type(error).__name__
    problem = "not_written" if type_name == "NotImplementedError" else "raised"
    return Answer(None, problem, _plain(detail), _plain(type_name), line, _plain(cell))


def answer_to_data(answer: Answer) -> dict[str, Any]:
    """Return an answer as a dict that `kdlab.values` can encode."""
    return dict(vars(answer))


def answer_from_data(data: Any) -> Answer:
    """Return the answer that a dict from anybody describes, or raise ValueError."""
    if type(data) is not dict or data.keys() != vars(Answer()).keys():
        raise ValueError(f"an answer has the keys {', '.join(vars(Answer()))}.")
    if data["problem"] is not None and (type(data["problem"]) is not str or data["problem"] not in PROBLEMS):
        raise ValueError(f"problem must be None or one of {', '.join(PROBLEMS)}.")
    if data["line"] is not None and (type(data["line"]) is not int or data["line"] < 1):
        raise ValueError("line must be None or a number from 1.")
    texts = {key: data[key] for key in ("detail", "type_name", "cell")}
    if not all(type(text) is str for text in texts.values()):
        raise ValueError("detail, type_name and cell must be strings.")
    return Answer(data["value"], data["problem"], line=data["line"], **{key: _plain(texts[key]) for key in texts})


# The side that compares


def judge(case: Case, answer: Answer) -> Finding:
    """Say whether an answer is right, and if not, how it departs.

    The sentence of a public case tells the call, what is expected and where the answer departs. That of a hidden
    case tells what the student may know: the type, shape and dtype of the answer, and what kind of error it is.

    Examples
    --------
    >>> judge(Case("double", (2,), 4, public=True), Answer(5)).sentence
    'double(2): 4 is expected, 5 came back.'
    >>> judge(Case("double", (2,), 4), Answer(5)).sentence
    'A hidden case of double: the value is not the expected one.'
    """
    departure = _departure(case.expected, case, answer)
    if departure is None:
        return Finding(True, "passed", f"{_title(case)}: right.")
    return Finding(False, departure.kind, f"{_title(case)}: {departure.public if case.public else departure.hidden}")


def diagnose(cases: Sequence[Case], answers: Sequence[Answer]) -> Wrong | None:
    """Return the wrong solution that would have given just these answers, at least one of which fails.

    Parameters
    ----------
    cases : sequence of Case
        The cases of one question.
    answers : sequence of Answer
        One for each of the first of them.

    Returns
    -------
    Wrong or None
        The only one that agrees with every answer; None if there is none or there are several.
    """
    answered = list(zip(cases, answers, strict=False))
    if all(_departure(case.expected, case, answer) is None for case, answer in answered):
        return None
    agreeing = [
        wrongs[0]
        for wrongs in zip(*(case.wrong for case, _ in answered), strict=True)
        if all(_departure(wrong.value, *pair) is None for wrong, pair in zip(wrongs, answered, strict=True))
    ]
    return agreeing[0] if len(agreeing) == 1 else None


def judge_question(question: Question, answers: Sequence[Answer]) -> QuestionResult:
    """Return the points of a question, one finding for each case, and the sentence to read first.

    Parameters
    ----------
    question : Question
        The points are earned all or nothing.
    answers : sequence of Answer
        One for each case, in order.
    """
    findings = tuple(judge(case, answer) for case, answer in zip(question.cases, answers, strict=True))
    if all(finding.passed for finding in findings):
        return QuestionResult(question.function, question.points, question.points, findings)
    wrong = diagnose(question.cases, answers)
    message = wrong.message if wrong else next(finding.sentence for finding in findings if not finding.passed)
    return QuestionResult(question.function, 0, question.points, findings, message, wrong.name if wrong else "")


def judge_versions(question: VersionQuestion, answers: Sequence[tuple[int, Answer]]) -> QuestionResult:
    """Return the points of a student's test: all of them if it tells the good versions from the bad, else none.

    Parameters
    ----------
    question : VersionQuestion
        What the test should say of each version.
    answers : sequence of (int, Answer)
        The index of the version, and what came back from the test. Each version must occur.

    Returns
    -------
    QuestionResult
        One finding for each version. The message is about a good version refused, if there is one.
    """
    by_version = [[answer for index, answer in answers if index == i] for i in range(len(question.versions))]
    findings = tuple(_judge_version(question, *pair) for pair in zip(question.versions, by_version, strict=True))
    if all(finding.passed for finding in findings):
        return QuestionResult(question.function, question.points, question.points, findings)
    return QuestionResult(question.function, 0, question.points, findings, _message_of_test(question, findings))


def case_to_text(case: Case) -> str:
    """Return a case as one line of text."""
    wrong = [(each.name, each.message, _outcome_to_value(each.value)) for each in case.wrong]
    data = vars(case) | {"expected": _outcome_to_value(case.expected), "wrong": wrong}
    return values.to_text(data)


def case_from_text(text: str) -> Case:
    """Return the case of a line that `case_to_text` made."""
    data = values.from_text(text)
    wrong = tuple(Wrong(name, message, _outcome_from_value(value)) for name, message, value in data["wrong"])
    return Case(**data | {"expected": _outcome_from_value(data["expected"]), "wrong": wrong})


@dataclass(frozen=True)
class _Departure:
    kind: str
    public: str
    hidden: str


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Compares a value with the expected one; a method for each sort of value, the first departure ends it."""

    case: Case
    where: str = field(default="")

    def compare(self, expected: Any, value: Any) -> _Departure | None:
        if isinstance(expected, np.ndarray):
            return self.array(expected, value)
        if isinstance(expected, bool | np.bool_):
            return self.plain(bool(expected), value.item() if isinstance(value, np.bool_) else value)
        if isinstance(expected, int | float | np.number):
            return self.number(expected, value)
        if isinstance(expected, list | tuple):
            return self.sequence(expected, value)
        if isinstance(expected, dict):
            return self.dict(expected, value)
        return self.plain(expected, value)

    def array(self, expected: np.ndarray, value: Any) -> _Departure | None:
        if not isinstance(value, np.ndarray):
            what = f"{_type(value)} came back, and an array is asked for"
            if isinstance(value, list | tuple):
                return self.departure("type", f"{what}: np.array(...) makes one.")
            return self.departure("type", f"{what} of shape {expected.shape}.", f"{what}.")
        if value.shape != expected.shape:
            came = f"an array of shape {value.shape} came back"
            return self.departure("shape", f"{came}; its shape should be {expected.shape}.", f"{came}, not as asked.")
        return self.dtype(expected.dtype, value.dtype) or self.numbers(expected, value)

    def number(self, expected: Any, value: Any) -> _Departure | None:
        if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number | np.ndarray):
            return self.departure("type", f"{_type(value)} came back, and one number is asked for.")
        if np.ndim(value) > 0:
            return self.departure("shape", f"an array of shape {value.shape} came back; one number is asked for.")
        if isinstance(value, int) and not -(2**63) <= value < 2**63:  # NumPy would make it an object
            return self.departure("value", "an integer of more than 64 bits came back.")
        expected, number = np.asarray(expected), np.asarray(value)
        if expected.dtype.kind != "f" or number.dtype.kind != "i":  # the int 0 is a good float
            departure = self.dtype(expected.dtype, number.dtype)
            if departure:
                return departure
        return self.numbers(expected, number)

    def dtype(self, expected: np.dtype, dtype: np.dtype) -> _Departure | None:
        kinds = {"b": "booleans", "i": "integers", "u": "integers", "f": "floating numbers"}
        asked, came = kinds[expected.kind], kinds[dtype.kind]
        if asked != came:
            return self.departure("dtype", f"{came} ({dtype}) came back; {asked} are asked for.")
        if self.case.exact_dtype and dtype != expected:
            return self.departure("dtype", f"{dtype} came back; {expected} is asked for.")
        if dtype == np.float16 and expected != np.float16:
            return self.departure("dtype", "float16 came back, which keeps three digits: compute in float64.")
        return None

    def numbers(self, expected: np.ndarray, value: np.ndarray) -> _Departure | None:
        """Compare two arrays of one shape, and of the same kind of dtype."""
        if expected.dtype.kind in "biu" and value.dtype.kind in "biu":
            return self.first_of("value", expected != value, expected, value)
        rtol, atol = self.tolerances(expected, value)
        expected, value = expected.astype(np.float64), value.astype(np.float64)
        unwanted_nan = np.isnan(value) & ~np.isnan(expected)
        if unwanted_nan.any():
            return self.first_of("nan", unwanted_nan, expected, value)
        unwanted_inf = np.isinf(value) & ~np.isinf(expected)
        if unwanted_inf.any():
            return self.first_of("inf", unwanted_inf, expected, value)
        with np.errstate(invalid="ignore", over="ignore"):
            close = np.abs(value - expected) <= atol + rtol * np.abs(expected)
        special = ~np.isfinite(expected)
        same = (value == expected) | (np.isnan(value) & np.isnan(expected))
        return self.first_of("value", ~np.where(special, same, close), expected, value)

    def tolerances(self, expected: np.ndarray, value: np.ndarray) -> tuple[float, float]:
        if value.dtype != np.float32:
            return self.case.rtol, self.case.atol
        finite = np.abs(expected[np.isfinite(expected)], dtype=np.float64)
        largest = finite.max(initial=0.0)
        return max(self.case.rtol, _RTOL_FLOAT32), max(self.case.atol, _ATOL_FLOAT32 * largest)

    def first_of(self, kind: str, bad: np.ndarray, expected: np.ndarray, value: np.ndarray) -> _Departure | None:
        """Return the departure at the first index where `bad` is true, or None if there is none."""
        if not bad.any():
            return None
        words = {"nan": "NaN came back", "inf": "an infinite number came back"}
        hidden = words.get(kind, "the value is not the expected one")
        if bad.ndim == 0:
            if kind == "value":
                public = (
                    f"{values.show(expected)} is expected, {values.show(value)} came back{self.gap(expected, value)}."
                )
            else:
                public = f"{hidden}, where {values.show(expected)} is expected."
            return self.departure(kind, public, f"{hidden}.")
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        place = f"[{', '.join(map(str, index))}]"
        if kind == "value":
            public = (
                f"{values.show(expected)} is expected, {values.show(value)} came back. The first difference is at "
                f"index {place}: {values.show(expected[index])} is expected, {values.show(value[index])} came back"
                f"{self.gap(expected, value)}."
            )
        else:
            public = f"{hidden} at index {place}, where {values.show(expected[index])} is expected."
        return self.departure(kind, public, f"{hidden}.")

    def gap(self, expected: np.ndarray, value: np.ndarray) -> str:
        """Return the largest difference in words, where six digits do not show it or there are several."""
        with np.errstate(invalid="ignore", over="ignore"):
            gaps = np.abs(value.astype(np.float64) - expected.astype(np.float64))
        finite = gaps[np.isfinite(gaps)]
        if not finite.size or (gaps.ndim == 0 and values.show(value) != values.show(expected)):
            return ""
        return f"; the largest difference is {finite.max():.2g}"

    def sequence(self, expected: list | tuple, value: Any) -> _Departure | None:
        name = type(expected).__name__
        if type(value) is not type(expected):
            return self.departure("type", f"{_type(value)} came back, and a {name} is asked for.")
        if len(value) != len(expected):
            came = f"a {name} of {len(value)} items came back"
            return self.departure("shape", f"{came}; {len(expected)} are asked for.", f"{came}, not as many as asked.")
        inside = (
            _Comparison(self.case, f"{self.where}item {i}: ").compare(*pair)
            for i, pair in enumerate(zip(expected, value, strict=True))
        )
        return next((departure for departure in inside if departure), None)

    def dict(self, expected: dict, value: Any) -> _Departure | None:
        if not isinstance(value, dict):
            return self.departure("type", f"{_type(value)} came back, and a dict is asked for.")
        if value.keys() != expected.keys():
            keys = f"the keys {values.show(list(value))} came back"
            return self.departure(
                "shape", f"{keys}; {values.show(list(expected))} are asked for.", f"{keys}, not as asked."
            )
        inside = (
            _Comparison(self.case, f"{self.where}item {values.show(key)}: ").compare(expected[key], value[key])
            for key in expected
        )
        return next((departure for departure in inside if departure), None)

    def plain(self, expected: Any, value: Any) -> _Departure | None:
        """Compare None, a bool or a string."""
        if type(value) is not type(expected):
            public = f"{values.show(expected)} is expected, {_type(value)} came back."
            return self.departure("type", public, f"{_type(value)} came back, not as asked.")
        if value != expected:
            public = f"{values.show(expected)} is expected, {values.show(value)} came back."
            return self.departure("value", public, "the value is not the expected one.")
        return None

    def departure(self, kind: str, public: str, hidden: str = "") -> _Departure:
        return _Departure(kind, self.where + public, self.where + (hidden or public))


def _departure(outcome: Any, case: Case, answer: Answer) -> _Departure | None:
    """Return how an answer departs from an outcome: a value, Raised or Defect. None if it does not."""
    if isinstance(outcome, Defect):
        same = answer.problem == outcome.kind
        return None if same else _Departure("value", "another defect is expected.", "another defect is expected.")
    if isinstance(outcome, Raised):
        if answer.type_name == outcome.type_name and answer.problem in ("raised", "not_written"):
            return None
        if answer.problem is None:
            public = f"{outcome.type_name} should be raised; {values.show(answer.value)} came back."
            return _Departure("not_raised", public, "an exception should be raised, and a value came back.")
        public, hidden = _problem(case, answer)
        return _Departure(answer.problem, f"{outcome.type_name} should be raised; {public}", hidden)
    if answer.problem is not None:
        return _Departure(answer.problem, *_problem(case, answer))
    return _Comparison(case).compare(outcome, answer.value)


def _problem(case: Case, answer: Answer) -> tuple[str, str]:
    """Return the sentence about a problem, for a public and for a hidden case.

    An exception's own message may quote the arguments: a hidden case leaves it out.
    """
    template = PROBLEMS.get(answer.problem, "{detail}")
    line = f" in line {answer.line}" if answer.line else ""
    message = f": {answer.detail.rstrip('.')}" if answer.detail else ""
    words = {"function": case.function, "detail": answer.detail, "type_name": answer.type_name, "line": line}
    return template.format(message=message, **words), template.format(message="", **words)


def _judge_version(question: VersionQuestion, version: Version, answers: list[Answer]) -> Finding:
    name = question.function
    odd = next((answer for answer in answers if answer.problem not in (None, "raised")), None)
    if odd:
        return Finding(False, odd.problem, _problem(Case(name, ()), odd)[0])
    if not answers:
        return Finding(False, "not_run", "It did not run.")
    raised = {answer.problem == "raised" for answer in answers}
    if len(raised) > 1:
        return Finding(False, "flaky", "It passes and then raises for one and the same version: a test must not.")
    if version.good and raised == {True}:
        line = f" in line {answers[0].line}" if answers[0].line else ""
        advice = " Work out by hand what it expects." if answers[0].type_name == "AssertionError" else ""
        return Finding(False, "refused", f"It refuses a right version: {answers[0].type_name}{line}.{advice}")
    if not version.good and raised == {False}:
        returned = answers[0].value is not None
        hint = " (It returned a value, which says nothing: a test speaks by raising, with assert.)" if returned else ""
        return Finding(False, "not_caught", f"It misses a bug: {version.message}{hint}")
    return Finding(True, "passed", "It passes for a right version." if version.good else "It catches a bug.")


def _message_of_test(question: VersionQuestion, findings: Sequence[Finding]) -> str:
    """Return the sentence to read first: what the verdicts have in common, if there is such a thing."""
    name = question.function
    kinds = [finding.kind for finding in findings]
    n_good = sum(version.good for version in question.versions)
    odd = next((finding for finding in findings if finding.kind not in ("passed", "refused", "not_caught")), None)
    if odd:
        return odd.sentence
    missed = next((finding.sentence for finding in findings if finding.kind == "not_caught"), "")
    if "refused" not in kinds:
        everything = kinds.count("not_caught") == len(kinds) - n_good
        return f"{name} passes for every version, right or wrong. {missed}" if everything else missed
    refused = next(finding.sentence for finding in findings if finding.kind == "refused")
    if kinds.count("refused") < n_good:
        return f"{refused} It accepts another: right versions differ in the last digits, so compare with np.allclose."
    return refused if missed else f"{name} raises for every version, right or wrong. {refused}"


def _title(case: Case) -> str:
    if not case.public:
        return f"A hidden case of {case.function}"
    call = f"{case.function}({', '.join(values.show(arg) for arg in case.args)})"
    return f"{call} ({case.note})" if case.note else call


def _type(value: Any) -> str:
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" if value.ndim else "an array without axes (0-d)"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _outcome_to_value(outcome: Any) -> tuple[str, Any]:
    if isinstance(outcome, Raised):
        return "raised", outcome.type_name
    if isinstance(outcome, Defect):
        return "defect", outcome.kind
    return "value", outcome


def _outcome_from_value(tagged: tuple[Literal["raised", "defect", "value"], Any]) -> Any:
    make: dict[str, Callable[[Any], Any]] = {"raised": Raised, "defect": Defect, "value": lambda value: value}
    return make[tagged[0]](tagged[1])


def _copy(value: Any) -> Any:
    """Return a value with arrays of its own, which can be written to."""
    if isinstance(value, np.ndarray):
        return np.array(value)
    if isinstance(value, list | tuple):
        return type(value)(_copy(item) for item in value)
    if isinstance(value, dict):
        return {key: _copy(item) for key, item in value.items()}
    return value


def _identical(given: Any, arg: Any) -> bool:
    if callable(given):
        return given is arg
    try:
        return values.encode(given) == values.encode(arg)
    except (values.UnsupportedError, values.TooLargeError):  # something else was put into it
        return False


def _arrays(value: Any) -> Iterator[np.ndarray]:
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple):
        yield from itertools.chain.from_iterable(map(_arrays, value))
    elif isinstance(value, dict):
        yield from itertools.chain.from_iterable(map(_arrays, value.values()))


def _sentence(problem: Exception) -> str:
    """Return a sentence of `kdlab.values` about the answer."""
    return str(problem).removeprefix("the ").replace("value", "the answer", 1)


def _plain(text: str) -> str:
    """Return a text from anybody without half characters and line ends, cut."""
    text = " ".join(text[: 4 * MAX_DETAIL].encode("utf-8", "replace").decode("utf-8").split())
    return text if len(text) <= MAX_DETAIL else f"{text[: MAX_DETAIL - 3]}..."
