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


@dataclass(frozen=True)
class Catch:
    """A test to write: `name` gets a version of the function `of`, and must raise exactly if it has a bug."""

    name: str
    of: str
    points: float
