"""What a reader is asked before a widget answers: Pick, Estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal


@dataclass(frozen=True)
class Pick:
    """A question with options, asked before the widget answers. `answer` computes the index of the right one.

    `at` holds the settings at which the picture shows the answer; `covered` hides the picture until then, where it
    would give the answer away.
    """

    question: str
    options: tuple[str, ...]
    answer: Callable[[], int]
    because: str
    at: dict[str, Any] = field(default_factory=dict)
    covered: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what the page needs to ask it; ValueError if it computes an answer that is no option."""
        answer = int(self.answer())
        if not 0 <= answer < len(self.options):
            raise ValueError(f"answer must be the index of one of {len(self.options)} options; it computes {answer}.")
        return _common(self) | {"answer": answer, "kind": "pick", "options": self.options}


@dataclass(frozen=True)
class Estimate:
    """A question for a number, asked before the widget answers. `answer` computes it; `within` counts as right.

    `mark` says on which axis the guess is drawn; `at` and `covered` are as those of a Pick.
    """

    question: str
    low: float
    high: float
    answer: Callable[[], float]
    within: float
    because: str
    unit: str = ""
    mark: Literal["x", "y"] = "y"
    at: dict[str, Any] = field(default_factory=dict)
    covered: bool = False

    def to_json(self) -> dict[str, Any]:
        """Return what the page needs to ask it; ValueError if it computes an answer that cannot be given."""
        answer = float(self.answer())
        if not self.low <= answer <= self.high:
            raise ValueError(f"answer must lie in [{self.low:g}, {self.high:g}]; it computes {answer:g}.")
        numbers = {"answer": answer, "low": self.low, "high": self.high, "within": self.within}
        return _common(self) | numbers | {"kind": "estimate", "unit": self.unit, "mark": self.mark}


Question = Pick | Estimate


def _common(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in ("question", "because", "at", "covered")}
