"""What checks.py says: the words in which an author writes down the questions of an exercise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, eq=False)
class Call:
    """One call of a function. What it should give comes from the reference, and is never typed.

    `note` says in a few words what is special here; students read it where the call is `public`. `raises` is the type
    of the exception that the reference raises here, and an answer must.
    """

    args: tuple[Any, ...]
    note: str = ""
    public: bool = False
    rtol: float = 1e-9
    atol: float = 1e-12
    exact_dtype: bool = False
    raises: str = ""


@dataclass(frozen=True, eq=False)
class Function:
    """A function to write, worth `points` if all calls are right, else nothing.

    `quantities` returns, from the arguments of a call, the numbers that a wrong answer may be too large or too small
    by, each with the name a student knows it by: {"N": ..., "C": ..., "T": ...}.
    """

    name: str
    points: float
    calls: list[Call]
    quantities: Callable[..., dict[str, float]] | None = None


@dataclass(frozen=True, eq=False)
class Ask:
    """A choice or a number, and why.

    `name` takes nothing, and returns the number of an option, or a number, and that of a reason: both count from 1.
    `asked` is a Pick or an Estimate of `kdlab.explore.questions`. `reasons` are two or three texts, each with the
    sentence for who gives it, which is empty for the right one.
    """

    name: str
    points: float
    asked: Any
    reasons: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False)
class Report:
    """An estimate with its interval: `name` gets arrays of `data`, by these names, and returns (estimate, low, high).

    The expected ones come from the reference: on the data, in public, and on `n_hidden` draws of their rows with
    replacement. Each of the three may be off by `within` of the interval's width. `record` holds the three numbers of
    the record, if it has them: the reference must give these.
    """

    name: str
    points: float
    data: tuple[str, ...]
    within: float = 0.01
    n_hidden: int = 3
    record: tuple[float, float, float] | None = None


@dataclass(frozen=True, eq=False)
class Drawn:
    """A curve to draw: `name` takes nothing, and returns its y at each x of `asked`.

    `asked` is a Curve of `kdlab.explore.questions`, which computes what is right and says how close is close enough.
    `x_axis` and `y_axis`, each an Axis of `kdlab.explore.picture`, are what the page has to draw on.
    """

    name: str
    points: float
    asked: Any
    x_axis: Any
    y_axis: Any


@dataclass(frozen=True, eq=False)
class Credit:
    """A design that may be worth a part of the points: `name` takes nothing, and returns it.

    `judge`, a function of checks.py that uses NumPy alone, returns for anything at all the share of the points, and the
    index of one of the sentences in `says`.
    """

    name: str
    points: float
    judge: Callable[[Any], tuple[float, int]]
    says: tuple[str, ...]


@dataclass(frozen=True)
class Catch:
    """A test to write: `name` gets a version of the function `of`, and must raise exactly if it has a bug."""

    name: str
    of: str
    points: float
