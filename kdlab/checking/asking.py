"""Beside the student's code: call a function, and describe as data what came back. Nothing here compares."""

from __future__ import annotations

import builtins
import functools
import itertools
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kdlab.checking import sentences, values
from kdlab.checking.sentences import PROBLEMS

STUDENT = "<reader"  # the file name of every cell a student wrote begins like this
MAX_DETAIL = 500
MAX_CALLS = 200  # of a version, in one run of a student's test


@dataclass(frozen=True, eq=False)
class Answer:
    """What came back from a call, as data: a value, or a problem.

    `type_name`, `line` (in the student's cell named `cell`) and `function` (the student's, in which it was raised)
    belong to an exception, `detail` to any problem.
    """

    value: Any = None
    problem: str | None = None
    detail: str = ""
    type_name: str = ""
    line: int | None = None
    cell: str = ""
    function: str = ""


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
    line, cell, function, traceback = None, "", "", error.__traceback__
    while traceback is not None:
        code = traceback.tb_frame.f_code
        if code.co_filename.startswith(STUDENT):
            line, cell, function = traceback.tb_lineno, code.co_filename, code.co_name
        traceback = traceback.tb_next
    if isinstance(error, SyntaxError) and str(error.filename).startswith(STUDENT):
        line, cell, detail = error.lineno, error.filename, str(error.msg)
    type_name = type(error).__name__
    problem = "not_written" if type_name == "NotImplementedError" else "raised"
    function = "" if function.startswith("<") else function  # a cell itself is <module>, and has no name
    return Answer(None, problem, _plain(detail), _plain(type_name), line, _plain(cell), _plain(function))


def outcome(answer: Answer) -> Any:
    """Return what a function answered, with arrays that can be written to, or raise what it raised."""
    if not answer.problem:
        return _copy(answer.value)
    raise raised_as(answer.type_name)(answer.detail)


def raised_as(type_name: str) -> type[Exception]:
    """Return as what an exception of this name crosses a line: as itself if it is built in, else as RuntimeError."""
    kind = getattr(builtins, type_name, None)
    return kind if isinstance(kind, type) and issubclass(kind, Exception) else RuntimeError


class Watched:
    """A function as code of a student meets it where it is not the student's own: values go in, and values come out.

    `last` holds the arguments of the last call, and `raised` the name of what that raised; `n_calls` is how many there
    were. Beyond `most` it raises RuntimeError.
    """

    def __init__(self, function: Any, most: int = MAX_CALLS) -> None:
        self._function = function
        self._most = most
        self.n_calls = 0
        self.last: tuple[tuple[Any, ...], dict[str, Any]] = (), {}
        self.raised = ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function with copies of values, as they would cross a line."""
        self.n_calls += 1
        if self.n_calls > self._most:
            raise RuntimeError(sentences.TOO_MANY_CALLS.format(most=self._most))
        try:
            args, kwargs = values.decode(*values.encode((args, kwargs)))
        except values.UnsupportedError as problem:
            raise TypeError(str(problem)) from None
        except values.TooLargeError as problem:
            raise ValueError(str(problem)) from None
        self.last = args, kwargs
        answer = ask(functools.partial(self._function, **kwargs), args)
        self.raised = raised_as(answer.type_name).__name__ if answer.problem else ""
        return outcome(answer)

    def tried(self, answer: Answer) -> tuple[Answer, bool]:
        """Return what a test answers that was given this, and whether its last call raised what came out of the test.

        A test that calls too often has this as its answer, whatever it made of it.
        """
        if self.n_calls > self._most:
            return too_many(self._most), False
        return answer, bool(self.raised) and answer.type_name == self.raised


def too_many(most: int) -> Answer:
    """Return the answer of a test that calls its function too often."""
    return Answer(problem="too_many_calls", detail=f"{sentences.TOO_MANY_CALLS.format(most=most)}.")


def ask_with(
    names: dict[str, Any], function: str, args: Sequence[Any], others: dict[str, Any]
) -> tuple[Answer, set[str]]:
    """Call a student's function with others in the place of what its namespace has; return also which it called."""
    called: set[str] = set()

    def noting(name: str, other: Any) -> Any:
        def stand_in(*args: Any, **kwargs: Any) -> Any:
            called.add(name)
            if other is None:
                raise NameError(f"name {name!r} is not defined")
            return other(*args, **kwargs)

        return stand_in

    before = {name: names[name] for name in others if name in names}
    asked = names.get(function)
    names.update({name: noting(name, other) for name, other in others.items()})
    try:
        return ask(asked, args), called
    finally:
        for name in others:
            names.pop(name, None)
        names.update(before)


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
    texts = {key: data[key] for key in ("detail", "type_name", "cell", "function")}
    if not all(type(text) is str for text in texts.values()):
        raise ValueError("detail, type_name, cell and function must be strings.")
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
    if type(given) is type(arg) is np.ndarray:
        return given.dtype == arg.dtype and given.shape == arg.shape and given.tobytes() == arg.tobytes()
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
