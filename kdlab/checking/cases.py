"""What is asked: cases, each a call and what should come of it, and questions made of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from kdlab.checking import values
from kdlab.checking.rules import Rule


@dataclass(frozen=True)
class Raised:
    """The outcome of a call that raised an exception of this type."""

    type_name: str


@dataclass(frozen=True, eq=False)
class Defect:
    """The outcome of a call that comes with a problem, such as a view of an argument: its kind and detail.

    `value` is what came back beside it, if anything did.
    """

    kind: str
    detail: str = ""
    value: Any = None


@dataclass(frozen=True, eq=False)
class Wrong:
    """What a wrong solution answers in a case: a value, Raised or Defect. `message` is for the student."""

    name: str
    message: str
    value: Any


@dataclass(frozen=True, eq=False)
class Case:
    """One call and what should come of it.

    `expected` is a value, or `Raised`. Its arguments alone may enter a sandbox.
    A float32 answer is accepted (with a tolerance of its own) unless `exact_dtype`. In `float32` was computed what any
    answer is made of, so that any has this tolerance.
    `wrong` holds what the named wrong solutions answer, `pairs` what two of them at once do, `slips` what comes of
    mistakes that need no author, and `near` what right code gives with one change.
    `quantities` by name, and `traits`, what is special about the arguments, serve the diagnosis: see `relations`.
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
    quantities: dict[str, float] = field(default_factory=dict)
    traits: tuple[str, ...] = ()
    slips: tuple[Wrong, ...] = ()
    pairs: tuple[Wrong, ...] = ()
    near: tuple[Wrong, ...] = ()
    float32: bool = False


@dataclass(frozen=True, eq=False)
class Question:
    """A function to write. Its points are earned all or nothing: every case must pass.

    Where there is a `rule`, it judges what comes back, and may give a share of the points.
    """

    function: str
    points: float
    cases: tuple[Case, ...]
    rule: Rule | None = None


@dataclass(frozen=True)
class Version:
    """A version of the function under test: a good one, or a bad one with the sentence about its bug."""

    name: str
    good: bool
    message: str = ""


@dataclass(frozen=True)
class VersionQuestion:
    """A test to write: `function` must return for each good version of `target`, and raise for each bad one.

    `kinds` says what each argument of `target` is, by name and in order.
    """

    function: str
    target: str
    points: float
    versions: tuple[Version, ...]
    kinds: dict[str, str] = field(default_factory=dict)

    def order(self, rng: np.random.Generator) -> list[int]:
        """Return the versions' indices as the student's test meets them: each twice, shuffled.

        Twice, so that a test that throws dice is found out.
        """
        return rng.permutation(np.repeat(np.arange(len(self.versions)), 2)).tolist()


_WRONGS = ("wrong", "slips", "pairs", "near")


def case_to_data(case: Case) -> dict[str, Any]:
    """Return a case as data that JSON can hold."""
    data = vars(case) | {"expected": _outcome_to_value(case.expected)}
    data |= {key: [(each.name, each.message, _outcome_to_value(each.value)) for each in data[key]] for key in _WRONGS}
    return values.to_data(data)


def case_from_data(data: dict[str, Any]) -> Case:
    """Return the case of which `case_to_data` made this."""
    data = values.from_data(data)
    data["expected"] = _outcome_from_value(data["expected"])
    for key in _WRONGS:
        data[key] = tuple(Wrong(name, message, _outcome_from_value(value)) for name, message, value in data[key])
    return Case(**data)


def _outcome_to_value(outcome: Any) -> tuple[str, Any]:
    if isinstance(outcome, Raised):
        return "raised", outcome.type_name
    if isinstance(outcome, Defect):
        return "defect", (outcome.kind, outcome.detail, outcome.value)
    return "value", outcome


def _outcome_from_value(tagged: tuple[Literal["raised", "defect", "value"], Any]) -> Any:
    kind, parts = tagged
    return Raised(parts) if kind == "raised" else Defect(*parts) if kind == "defect" else parts
