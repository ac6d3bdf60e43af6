"""Beside the student's code: call a function, and describe as data what came back. Nothing here compares."""

from __future__ import annotations

import itertools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kdlab.checking import values

STUDENT = "<reader"  # the file name of every cell a student wrote begins like this


MAX_DETAIL = 500


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


def ask(function: Any, args: Sequence[Any]) -> Answer:
    """Call a student's function with these arguments, and describe what came back.

    KeyboardInterrupt, and what is derived from it, passes through:
    time limits are made of it. Whatever else the function does becomes an answer.

    Parameters
    ----------
    function : object
        What the student's cells define under the name that is asked for; None if nothing.
    args : sequence
        The arguments, which are copied.

    Returns
    -------
    Answer
        Its value is a copy, of the types `kdlab.checking.values` allows.

    Examples
    --------
    >>> ask(abs, [-2]).value
    2
    >>> ask(int, ["two"]).type_name
    'ValueError'
    """
    if function is None:
        return Answer(problem="missing")
    if not callable(function):
        return Answer(problem="not_callable", detail=f"a {type(function).__name__}")
    copies = tuple(_copy(arg) for arg in args)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # whether a warning is an error must not depend on who asks
            result = function(*copies)
        value = values.decode(*values.encode(result))
    except KeyboardInterrupt:
        raise
    except values.UnsupportedError as problem:
        return Answer(problem=problem.kind, detail=_sentence(problem))
    except values.TooLargeError as problem:
        return Answer(problem="too_large", detail=_sentence(problem))
    except BaseException as error:  # SystemExit too: it is an answer, not an end
        return describe(error)
    for number, (given, copy) in enumerate(zip(args, copies, strict=True), 1):
        if not _identical(given, copy):
            return Answer(value, "mutated", f"number {number}")
        if any(np.may_share_memory(a, b) for a in _arrays(copy) for b in _arrays(result)):
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
    """Return an answer as a dict that `kdlab.checking.values` can encode."""
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
    """Return a sentence of `kdlab.checking.values` about the answer."""
    return str(problem).removeprefix("the ").replace("value", "the answer", 1)


def _plain(text: str) -> str:
    """Return a text from anybody without half characters and line ends, cut."""
    text = " ".join(text[: 4 * MAX_DETAIL].encode("utf-8", "replace").decode("utf-8").split())
    return text if len(text) <= MAX_DETAIL else f"{text[: MAX_DETAIL - 3]}..."
