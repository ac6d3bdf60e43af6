"""How an answer departs from what is expected, in words for a public and for a hidden case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kdlab.checking import sentences
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Defect, Raised
from kdlab.checking.values import show

# A float32 answer is right if it is as close as float32 arithmetic comes.
_RTOL_FLOAT32 = 1e-4
_ATOL_FLOAT32 = 1e-5  # times the largest expected number
# What rounding leaves where 0 belongs has other digits on another machine: it is shown as 0.
_DUST = 16 * np.finfo(np.float64).eps  # times the largest number


@dataclass(frozen=True)
class Departure:
    """How an answer is not as expected: its kind, and what makes the sentence for a public case, or a hidden one.

    Most answers are compared with many outcomes, of which nobody reads that they are not the ones.
    """

    kind: str
    words: Callable[[bool], str]

    @property
    def public(self) -> str:
        """Return the sentence of a public case."""
        return self.words(True)

    @property
    def hidden(self) -> str:
        """Return that of a hidden one."""
        return self.words(False)


def departure(outcome: Any, case: Case, answer: Answer) -> Departure | None:
    """Return how an answer departs from an outcome: a value, Raised or Defect. None if it does not."""
    if isinstance(outcome, Defect):
        alike = (answer.problem, answer.detail) == (outcome.kind, outcome.detail)
        return None if alike else _departure("value", "defect")
    if isinstance(outcome, Raised):
        if answer.type_name == outcome.type_name and answer.problem in ("raised", "not_written"):
            return None
        if answer.problem is None:
            return _departure("not_raised", "not_raised", expected=outcome.type_name, value=show(answer.value))
        return Departure(answer.problem, lambda public: _other_raised(outcome.type_name, case, answer, public))
    if answer.problem is not None:
        return Departure(answer.problem, lambda public: describe_problem(case.function, answer)[0 if public else 1])
    return _Comparison(case).compare(outcome, answer.value)


def _other_raised(type_name: str, case: Case, answer: Answer, public: bool) -> str:
    which = 0 if public else 1
    problem = describe_problem(case.function, answer)[which]
    return sentences.DEPARTURES["other_raised"][which].format(expected=type_name, problem=problem)


def describe_problem(function: str, answer: Answer) -> tuple[str, str]:
    """Return the sentence about a problem, for a public and for a hidden case.

    An exception's own message, and its type where a student made it, may hold the arguments: a hidden case has neither.
    """
    line = f" in line {answer.line}" if answer.line else ""
    message = f": {answer.detail.rstrip('.')}" if answer.detail else ""
    named = answer.function if answer.problem == "not_written" and answer.function else function
    words = {"function": named, "detail": answer.detail, "type_name": answer.type_name, "message": message}
    public = sentences.PROBLEMS.get(answer.problem, "{detail}").format(line=line, **words)
    type_name = answer.type_name if answer.type_name in sentences.BUILT_IN else sentences.AN_EXCEPTION
    kind = answer.problem
    if kind == "not_written" and answer.function not in ("", function):
        kind = "calls_not_written"
    hidden = sentences.HIDDEN_PROBLEMS[kind].format(function=function, type_name=type_name, line=line)
    return public + meaning(answer), hidden + meaning(answer)


def meaning(answer: Answer) -> str:
    """Return what a common exception means, after a space; nothing for others."""
    return next((f" {said}" for name, has, said in sentences.MEANT if _is_meant(answer, name, has)), "")


def _is_meant(answer: Answer, type_name: str, words: str) -> bool:
    return answer.problem == "raised" and answer.type_name == type_name and words in answer.detail


def _departure(kind: str, name: str, where: str = "", **words: Any) -> Departure:
    return Departure(kind, lambda public: _said(name, where, words, public))


def _said(name: str, where: str, words: dict[str, Any], public: bool) -> str:
    if not public:  # all else comes from the inputs, or from the student
        words = {key: words[key] for key in ("asked",) if key in words}
    return where + sentences.DEPARTURES[name][0 if public else 1].format(**words)


@dataclass(frozen=True, eq=False)
class _Comparison:
    """Compares a value with the expected one; a method for each sort of value, the first departure ends it."""

    case: Case
    where: str = field(default="")

    def compare(self, expected: Any, value: Any) -> Departure | None:
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

    def array(self, expected: np.ndarray, value: Any) -> Departure | None:
        if not isinstance(value, np.ndarray):
            asked = f"an array of shape {expected.shape}"
            name = "array_from_sequence" if isinstance(value, list | tuple) else "no_array"
            return self.departs("type", "nothing" if value is None else name, came=_type(value), asked=asked)
        if value.shape != expected.shape:
            return self.departs("shape", "shape", came=_type(value, shape=True), shape=expected.shape)
        return self.dtype(expected.dtype, value.dtype) or self.numbers(expected, value)

    def number(self, expected: Any, value: Any) -> Departure | None:
        if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number | np.ndarray):
            name = "nothing" if value is None else "no_number"
            return self.departs("type", name, came=_type(value), asked="one number")
        if np.ndim(value) > 0:
            return self.departs("shape", "not_one_number", came=_type(value))
        if isinstance(value, int) and not -(2**63) <= value < 2**63:  # NumPy would make it an object
            return self.departs("value", "long_integer")
        expected, number = np.asarray(expected), np.asarray(value)
        if expected.dtype.kind != "f" or number.dtype.kind != "i":  # the int 0 is a good float
            departure = self.dtype(expected.dtype, number.dtype)
            if departure:
                return departure
        return self.numbers(expected, number)

    def dtype(self, expected: np.dtype, dtype: np.dtype) -> Departure | None:
        kinds = {"b": "booleans", "i": "integers", "u": "integers", "f": "floating numbers"}
        asked, came = kinds[expected.kind], kinds[dtype.kind]
        if asked != came:
            return self.departs("dtype", "dtype", came=f"{came} ({dtype})", asked=asked)
        if self.case.exact_dtype and dtype != expected:
            return self.departs("dtype", "exact_dtype", came=dtype, asked=expected)
        if dtype == np.float16 and expected != np.float16:
            return self.departs("dtype", "float16")
        return None

    def numbers(self, expected: np.ndarray, value: np.ndarray) -> Departure | None:
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
        if value.dtype != np.float32 and not self.case.float32:
            return self.case.rtol, self.case.atol
        finite = np.abs(expected[np.isfinite(expected)], dtype=np.float64)
        largest = finite.max(initial=0.0)
        return max(self.case.rtol, _RTOL_FLOAT32), max(self.case.atol, _ATOL_FLOAT32 * largest)

    def first_of(self, kind: str, bad: np.ndarray, expected: np.ndarray, value: np.ndarray) -> Departure | None:
        """Return the departure at the first index where `bad` is true, or None if there is none."""
        if not bad.any():
            return None
        return Departure(kind, lambda public: self.first(kind, bad, expected, value, public))

    def first(self, kind: str, bad: np.ndarray, expected: np.ndarray, value: np.ndarray, public: bool) -> str:
        """Return the sentence on the first index where `bad` is true."""
        if not public:
            return _said(kind, self.where, {}, public)
        gap = self.gap(expected, value)
        expected, value = self.without_dust(expected, value)
        words = {"expected": show(expected), "value": show(value), "gap": gap}
        if bad.ndim == 0:
            return _said(kind, self.where, words, public)
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        there = {"expected_there": show(expected[index]), "value_there": show(value[index])}
        return _said(f"{kind}_at", self.where, words | there | {"place": f"[{', '.join(map(str, index))}]"}, public)

    def without_dust(self, expected: np.ndarray, value: np.ndarray) -> list[np.ndarray]:
        """Return both with 0 for what is rounding beside the largest number.

        Where both numbers are as small, and where there is only one, they may be what the case is about: so 0 stands
        only for what it does not tell from 0.
        """
        pair = [each.astype(np.float64) if each.dtype.kind == "f" else each for each in (expected, value)]
        largest = [np.abs(each[np.isfinite(each)]).max(initial=0.0) for each in pair]
        if expected.ndim == 0:
            largest = 2 * [max(largest)]
        small = [
            (each.dtype.kind == "f") & (np.abs(each) < _DUST * most) for each, most in zip(pair, largest, strict=True)
        ]
        told = small[0] & small[1] | (expected.ndim == 0)
        return [
            np.where(is_small & (~told | (np.abs(each) < self.case.atol)), 0, each) if np.any(is_small) else each
            for each, is_small in zip(pair, small, strict=True)
        ]

    def gap(self, expected: np.ndarray, value: np.ndarray) -> str:
        """Return the largest difference in words, where six digits do not show it or there are several."""
        if expected.dtype.kind == "b":
            return ""
        with np.errstate(invalid="ignore", over="ignore"):
            gaps = np.abs(value.astype(np.float64) - expected.astype(np.float64))
        finite = gaps[np.isfinite(gaps)]
        if not finite.size or (gaps.ndim == 0 and show(value) != show(expected)):
            return ""
        return sentences.GAP.format(gap=f"{finite.max():.2g}")

    def sequence(self, expected: list | tuple, value: Any) -> Departure | None:
        name = type(expected).__name__
        if type(value) is not type(expected):
            return self.departs("type", "nothing" if value is None else "sequence", came=_type(value), asked=name)
        if len(value) != len(expected):
            came = f"a {name} of {len(value)} items"
            return self.departs("shape", "length", came=came, length=len(expected), asked=name)
        return self.inside((i, *pair) for i, pair in enumerate(zip(expected, value, strict=True)))

    def dict(self, expected: dict, value: Any) -> Departure | None:
        if not isinstance(value, dict):
            return self.departs("type", "nothing" if value is None else "no_dict", came=_type(value), asked="a dict")
        if value.keys() != expected.keys():
            return self.departs("shape", "keys", came=show(list(value)), asked=show(list(expected)))
        return self.inside((show(key), expected[key], value[key]) for key in expected)

    def inside(self, items: Iterable[tuple[Any, Any, Any]]) -> Departure | None:
        """Return the first departure of some items, each with its name."""
        for item, expected, value in items:
            departs = _Comparison(self.case, self.where + sentences.ITEM.format(item=item)).compare(expected, value)
            if departs:
                return departs
        return None

    def plain(self, expected: Any, value: Any) -> Departure | None:
        """Compare None, a bool or a string."""
        if type(value) is not type(expected):
            return self.departs("type", "other_type", expected=show(expected), came=_type(value))
        if value != expected:
            return self.departs("value", "value", expected=show(expected), value=show(value), gap="")
        return None

    def departs(self, kind: str, name: str, **words: Any) -> Departure:
        return _departure(kind, name, self.where, **words)


def _type(value: Any, shape: bool = False) -> str:
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" if value.ndim or shape else "an array without axes (0-d)"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
