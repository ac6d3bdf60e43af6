"""What is not right or wrong by its values alone: a choice with its reason, an interval, a curve, a design."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

import numpy as np

from kdlab.checking import sentences
from kdlab.checking.shapes import departure_in_words


class Ruled(NamedTuple):
    """What a rule says of an answer: the share of the points that it is worth, and a sentence."""

    share: float
    sentence: str


@dataclass(frozen=True)
class AskRule:
    """An option, or a number, and a reason.

    `answer` is the index of an option, or a number, or the two ends of a range; None where it is not to be known. A
    number is right within `within`, or within a factor. `reasons` are texts, each with what to say to who gives it:
    nothing to who is right.
    """

    kind: Literal["pick", "estimate"]
    question: str
    reasons: tuple[tuple[str, str], ...]
    options: tuple[str, ...] = ()
    low: float = 0.0
    high: float = 0.0
    unit: str = ""
    answer: float | tuple[float, float] | None = None
    within: float | None = None
    factor: float | None = None
    because: str = ""

    def __call__(self, expected: Any, value: Any) -> Ruled:
        """Judge what came back: the number of an option, or a number, and the number of a reason, both from 1."""
        if not self._is_one(value):
            what = sentences.AN_OPTION.format(most=len(self.options))
            if self.kind == "estimate":
                what = sentences.A_NUMBER.format(low=f"{self.low:g}", high=f"{self.high:g}")
            return Ruled(0, sentences.ASK_FORM.format(what=what, most=len(self.reasons)))
        if self.answer is None:
            return Ruled(1, sentences.KEPT)
        said = self.reasons[int(value[1]) - 1][1]
        if not self._is_right(float(value[0])):
            return Ruled(0, sentences.ASK_WRONG.format(said=f" {said}" if said else sentences.REASON_ELSEWHERE))
        return Ruled(0, sentences.ASK_REASON.format(said=said)) if said else Ruled(1, self.because)

    def public(self) -> AskRule:
        """Return the rule without what it knows."""
        reasons = tuple((text, "") for text, _ in self.reasons)
        return AskRule(self.kind, self.question, reasons, self.options, self.low, self.high, self.unit)

    def _is_one(self, value: Any) -> bool:
        if not isinstance(value, list | tuple) or len(value) != 2 or not all(map(_is_number, value)):
            return False
        answer, reason = map(float, value)
        if not (reason.is_integer() and 1 <= reason <= len(self.reasons)):
            return False
        if self.kind == "pick":
            return answer.is_integer() and 1 <= answer <= len(self.options)
        return self.low <= answer <= self.high

    def _is_right(self, given: float) -> bool:
        if self.kind == "pick":
            return given - 1 == self.answer
        low, high = self.answer if isinstance(self.answer, tuple) else (self.answer, self.answer)
        if self.factor is not None:
            return low / self.factor <= given <= high * self.factor
        return low - (self.within or 0) <= given <= high + (self.within or 0)


@dataclass(frozen=True)
class ReportRule:
    """An estimate with its interval: each of the three may be off by `within` of the interval's width."""

    within: float

    def __call__(self, expected: Any, value: Any) -> Ruled:
        """Judge what came back: (estimate, low, high)."""
        if not _are_numbers(value, 3):
            return Ruled(0, sentences.REPORT_FORM)
        (estimate, low, high), (right, right_low, right_high) = map(float, value), map(float, expected)
        if not low <= estimate <= high:
            return Ruled(0, sentences.REPORT_ORDER)
        slack = self.within * (right_high - right_low)
        off = [abs(each) > slack for each in (estimate - right, low - right_low, high - right_high)]
        if off[0]:
            return Ruled(0, sentences.REPORT_ESTIMATE)
        if not any(off):
            return Ruled(1, sentences.REPORT_RIGHT)
        wider = high - low - (right_high - right_low)
        if abs(wider) > slack:
            return Ruled(0, sentences.REPORT_WIDE if wider > 0 else sentences.REPORT_NARROW)
        return Ruled(0, sentences.REPORT_PLACE)

    def public(self) -> ReportRule:
        """Return the rule itself: what is reported is in the record."""
        return self


@dataclass(frozen=True)
class DrawnRule:
    """A curve: its y at each of `x`, and `picture`, which has the axes to draw it on.

    `low` and `high` are the two ends of what is right there, and are empty where it is not to be known. Right is a mean
    distance from them of at most `within`, or a mean factor of at most `factor`.
    """

    question: str
    x: tuple[float, ...]
    picture: dict[str, Any]
    low: tuple[float, ...] = ()
    high: tuple[float, ...] = ()
    within: float | None = None
    factor: float | None = None
    because: str = ""

    def __call__(self, expected: Any, value: Any) -> Ruled:
        """Judge what came back: the y at each x."""
        if not _are_numbers(value, len(self.x)):
            return Ruled(0, sentences.DRAWN_FORM.format(n=len(self.x)))
        if not self.low:
            return Ruled(1, sentences.KEPT)
        curves = [np.array(each, dtype=np.float64) for each in (value, self.low, self.high)]
        bound = self.within or 0.0
        if self.factor is not None:
            if curves[0].min() <= 0:
                return Ruled(0, sentences.DRAWN_POSITIVE)
            curves, bound = [np.log(each) for each in curves], math.log(self.factor)
        wrong = departure_in_words(*curves, bound)
        return Ruled(0, wrong) if wrong else Ruled(1, self.because)

    def public(self) -> DrawnRule:
        """Return the rule without what it knows."""
        return DrawnRule(self.question, self.x, self.picture)


@dataclass(frozen=True)
class CreditRule:
    """An answer that may be worth a part of the points: the author's `judge` returns the share and which sentence.

    `source` is the file in which `judge` is, and `says` all sentences. Both are empty where nothing is to be known.
    """

    source: str
    judge: str
    says: tuple[str, ...]

    def __call__(self, expected: Any, value: Any) -> Ruled:
        """Judge what came back."""
        if not self.source:
            return Ruled(1, sentences.KEPT)
        share, which = self.function()(value)
        return Ruled(min(max(float(share), 0.0), 1.0), self.says[which])

    def function(self) -> Callable[[Any], tuple[float, int]]:
        """Return the author's function."""
        namespace: dict[str, Any] = {"__name__": "checks"}
        exec(compile(self.source, "<checks>", "exec"), namespace)
        return namespace[self.judge]

    def public(self) -> CreditRule:
        """Return the rule without what it knows."""
        return CreditRule("", "", ())


Rule = AskRule | ReportRule | DrawnRule | CreditRule
_KINDS = {each.__name__: each for each in (AskRule, ReportRule, DrawnRule, CreditRule)}


def rule_to_data(rule: Rule | None) -> dict[str, Any] | None:
    """Return a rule as data that JSON can hold."""
    return None if rule is None else {"rule": type(rule).__name__, **asdict(rule)}


def rule_from_data(data: dict[str, Any] | None) -> Rule | None:
    """Return the rule of which `rule_to_data` made this."""
    if data is None:
        return None
    fields = {key: _as_tuples(value) for key, value in data.items() if key != "rule"}
    return _KINDS[data["rule"]](**fields)


def _as_tuples(value: Any) -> Any:
    return tuple(map(_as_tuples, value)) if isinstance(value, list | tuple) else value


def _are_numbers(value: Any, n: int) -> bool:
    return (
        (isinstance(value, list | tuple) or (isinstance(value, np.ndarray) and value.ndim == 1))
        and len(value) == n
        and all(map(_is_number, value))
    )


def _is_number(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        value = value.item() if value.ndim == 0 else None
    return (
        isinstance(value, int | float | np.number) and not isinstance(value, bool | np.bool_) and math.isfinite(value)
    )
