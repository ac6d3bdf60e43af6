"""How an answer departs from what is expected, in words for a public and for a hidden case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from kdlab.checking.asking import PROBLEMS, Answer
from kdlab.checking.cases import Case, Defect, Raised
from kdlab.checking.values import show

# A float32 answer is right if it is as close as float32 arithmetic comes.
_RTOL_FLOAT32 = 1e-4
_ATOL_FLOAT32 = 1e-5  # times the largest expected number


@dataclass(frozen=True)
class Departure:
    """How an answer is not as expected: its kind, and a sentence for each sort of case."""

    kind: str
    public: str
    hidden: str


def departure(outcome: Any, case: Case, answer: Answer) -> Departure | None:
    """Return how an answer departs from an outcome: a value, Raised or Defect. None if it does not."""
    if isinstance(outcome, Defect):
        same = answer.problem == outcome.kind
        return None if same else Departure("value", "another defect is expected.", "another defect is expected.")
    if isinstance(outcome, Raised):
        if answer.type_name == outcome.type_name and answer.problem in ("raised", "not_written"):
            return None
        if answer.problem is None:
            public = f"{outcome.type_name} should be raised; {show(answer.value)} came back."
            return Departure("not_raised", public, "an exception should be raised, and a value came back.")
        public, hidden = describe_problem(case.function, answer)
        return Departure(answer.problem, f"{outcome.type_name} should be raised; {public}", hidden)
    if answer.problem is not None:
        return Departure(answer.problem, *describe_problem(case.function, answer))
    return _Comparison(case).compare(outcome, answer.value)


def describe_problem(function: str, answer: Answer) -> tuple[str, str]:
    """Return the sentence about a problem, for a public and for a hidden case.

    An exception's own message may quote the arguments: a hidden case leaves it out.
    """
    template = PROBLEMS.get(answer.problem, "{detail}")
    line = f" in line {answer.line}" if answer.line else ""
    message = f": {answer.detail.rstrip('.')}" if answer.detail else ""
    words = {"function": function, "detail": answer.detail, "type_name": answer.type_name, "line": line}
    return template.format(message=message, **words), template.format(message="", **words)


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
            what = f"{_type(value)} came back, and an array is asked for"
            if isinstance(value, list | tuple):
                return self.departure("type", f"{what}: np.array(...) makes one.")
            return self.departure("type", f"{what} of shape {expected.shape}.", f"{what}.")
        if value.shape != expected.shape:
            came = f"an array of shape {value.shape} came back"
            return self.departure("shape", f"{came}; its shape should be {expected.shape}.", f"{came}, not as asked.")
        return self.dtype(expected.dtype, value.dtype) or self.numbers(expected, value)

    def number(self, expected: Any, value: Any) -> Departure | None:
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

    def dtype(self, expected: np.dtype, dtype: np.dtype) -> Departure | None:
        kinds = {"b": "booleans", "i": "integers", "u": "integers", "f": "floating numbers"}
        asked, came = kinds[expected.kind], kinds[dtype.kind]
        if asked != came:
            return self.departure("dtype", f"{came} ({dtype}) came back; {asked} are asked for.")
        if self.case.exact_dtype and dtype != expected:
            return self.departure("dtype", f"{dtype} came back; {expected} is asked for.")
        if dtype == np.float16 and expected != np.float16:
            return self.departure("dtype", "float16 came back, which keeps three digits: compute in float64.")
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
        if value.dtype != np.float32:
            return self.case.rtol, self.case.atol
        finite = np.abs(expected[np.isfinite(expected)], dtype=np.float64)
        largest = finite.max(initial=0.0)
        return max(self.case.rtol, _RTOL_FLOAT32), max(self.case.atol, _ATOL_FLOAT32 * largest)

    def first_of(self, kind: str, bad: np.ndarray, expected: np.ndarray, value: np.ndarray) -> Departure | None:
        """Return the departure at the first index where `bad` is true, or None if there is none."""
        if not bad.any():
            return None
        words = {"nan": "NaN came back", "inf": "an infinite number came back"}
        hidden = words.get(kind, "the value is not the expected one")
        if bad.ndim == 0:
            if kind == "value":
                public = f"{show(expected)} is expected, {show(value)} came back{self.gap(expected, value)}."
            else:
                public = f"{hidden}, where {show(expected)} is expected."
            return self.departure(kind, public, f"{hidden}.")
        index = tuple(int(i) for i in np.argwhere(bad)[0])
        place = f"[{', '.join(map(str, index))}]"
        if kind == "value":
            public = (
                f"{show(expected)} is expected, {show(value)} came back. The first difference is at "
                f"index {place}: {show(expected[index])} is expected, {show(value[index])} came back"
                f"{self.gap(expected, value)}."
            )
        else:
            public = f"{hidden} at index {place}, where {show(expected[index])} is expected."
        return self.departure(kind, public, f"{hidden}.")

    def gap(self, expected: np.ndarray, value: np.ndarray) -> str:
        """Return the largest difference in words, where six digits do not show it or there are several."""
        if expected.dtype.kind == "b":
            return ""
        with np.errstate(invalid="ignore", over="ignore"):
            gaps = np.abs(value.astype(np.float64) - expected.astype(np.float64))
        finite = gaps[np.isfinite(gaps)]
        if not finite.size or (gaps.ndim == 0 and show(value) != show(expected)):
            return ""
        return f"; the largest difference is {finite.max():.2g}"

    def sequence(self, expected: list | tuple, value: Any) -> Departure | None:
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

    def dict(self, expected: dict, value: Any) -> Departure | None:
        if not isinstance(value, dict):
            return self.departure("type", f"{_type(value)} came back, and a dict is asked for.")
        if value.keys() != expected.keys():
            keys = f"the keys {show(list(value))} came back"
            return self.departure("shape", f"{keys}; {show(list(expected))} are asked for.", f"{keys}, not as asked.")
        inside = (
            _Comparison(self.case, f"{self.where}item {show(key)}: ").compare(expected[key], value[key])
            for key in expected
        )
        return next((departure for departure in inside if departure), None)

    def plain(self, expected: Any, value: Any) -> Departure | None:
        """Compare None, a bool or a string."""
        if type(value) is not type(expected):
            public = f"{show(expected)} is expected, {_type(value)} came back."
            return self.departure("type", public, f"{_type(value)} came back, not as asked.")
        if value != expected:
            public = f"{show(expected)} is expected, {show(value)} came back."
            return self.departure("value", public, "the value is not the expected one.")
        return None

    def departure(self, kind: str, public: str, hidden: str = "") -> Departure:
        return Departure(kind, self.where + public, self.where + (hidden or public))


def _type(value: Any) -> str:
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}" if value.ndim else "an array without axes (0-d)"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
