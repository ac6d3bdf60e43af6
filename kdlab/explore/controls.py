"""What a reader can set: one class for each kind of control, with what it starts at and what it takes.

A control checks what it is given (`check`), says which of its values are shipped with the page (`grid`), and tells the
page how to show it (`to_json`).
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import ArrayLike

MOST_SUBSETS = 64  # a control with more states than this ships the one it starts at


def _always(settings: Mapping[str, Any]) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)
class Control:
    """What all controls have: a `label`, and `available`.

    `available` gets all settings of the widget and returns "", or the sentence why there is no picture of them; such a
    state is in no grid, and the page says the sentence.
    """

    label: str
    available: Callable[[Mapping[str, Any]], str] = _always
    python_only: ClassVar[tuple[str, ...]] = ("available",)  # the fields that the page does not get

    def grid(self) -> list[Any]:
        """Return the values shipped with the page; of most controls only the one it starts at."""
        return [self.value]

    def check(self, name: str, value: Any) -> Any:
        """Return `value` as the widget's function gets it, or raise TypeError or ValueError that says what it takes."""
        raise NotImplementedError

    def to_json(self) -> dict[str, Any]:
        """Return what the page needs to show it: its `kind` and its fields."""
        shown = [f.name for f in dataclasses.fields(self) if f.name not in self.python_only]
        return {"kind": type(self).__name__.lower()} | {name: plain(getattr(self, name)) for name in shown}

    def _start(self) -> None:
        """Check the value it starts at, and keep it as the function gets it."""
        object.__setattr__(self, "value", self.check("value", self.value))


@dataclass(frozen=True)
class Slider(Control):
    """One number in [low, high]; `steps` values of it, and the `stops`, are shipped with the page.

    With `none`, the first step has no number: its value is None, and the page calls it by that word. With `play`, a
    button runs through the steps.
    """

    low: float
    high: float
    value: float | None
    scale: Literal["linear", "log"] = "linear"
    steps: int = 61
    stops: tuple[float, ...] = ()
    integer: bool = False
    none: str = ""
    play: bool = False

    def __post_init__(self) -> None:
        _check_range(self.low, self.high)
        if self.scale not in ("linear", "log"):
            raise ValueError(f"scale must be linear or log; {self.scale!r} was given.")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low must be positive on a log scale; {self.low} was given.")
        if not isinstance(self.steps, int) or self.steps < 2:
            raise ValueError(f"steps must be an integer of at least 2; {self.steps!r} was given.")
        if self.integer:
            for name in ("low", "high"):
                object.__setattr__(self, name, _integer(name, getattr(self, name)))
        object.__setattr__(self, "stops", tuple(self.check("stops", stop) for stop in self.stops))
        self._start()

    def grid(self) -> list[float | None]:
        """Return the values shipped with the page, the stops and the starting value among them.

        The steps are rounded to 3 digits, or to integers, except where that would leave [low, high].
        """
        if self.scale == "log":
            values = np.geomspace(self.low, self.high, self.steps)
        else:
            values = np.linspace(self.low, self.high, self.steps)
            values[np.abs(values) < 1e-9 * (self.high - self.low)] = 0  # a step that misses 0 by rounding alone
        if self.integer:
            numbers = {round(v) for v in values.tolist()}
        else:
            numbers = {float(np.clip(float(f"{v:.3g}"), self.low, self.high)) for v in values}
        numbers |= {value for value in (self.value, *self.stops) if value is not None}
        return [*([None] if self.none else []), *sorted(numbers)]

    def check(self, name: str, value: Any) -> float | None:
        """Return `value` as a float (an int with `integer`) if a reader can set it."""
        if value is None and self.none:
            return None
        number = _number(name, value, self.low, self.high)
        return _integer(name, number) if self.integer else number


@dataclass(frozen=True)
class Choice(Control):
    """One of several words. With `play`, a button goes through them in order."""

    options: tuple[str, ...]
    value: str
    play: bool = False

    def __post_init__(self) -> None:
        _check_different("options", self.options)
        self._start()

    def grid(self) -> list[str]:
        """Return the options, all of them shipped with the page."""
        return list(self.options)

    def check(self, name: str, value: Any) -> str:
        """Return `value` if it is one of the options."""
        if not isinstance(value, str) or value not in self.options:
            raise ValueError(f"{name} must be one of {', '.join(self.options)}; {value!r} was given.")
        return value


@dataclass(frozen=True)
class Track(Choice):
    """Where a network will run; the book keeps one answer for all its widgets."""

    label: str = field(default="the network will run on a", kw_only=True)
    options: tuple[str, ...] = ("sensor", "phone", "server")
    value: str = "phone"


@dataclass(frozen=True)
class Switch(Control):
    """On or off."""

    value: bool = False

    def __post_init__(self) -> None:
        self._start()

    def grid(self) -> list[bool]:
        """Return off and on."""
        return [False, True]

    def check(self, name: str, value: Any) -> bool:
        """Return `value` if it is True or False."""
        if not isinstance(value, bool | np.bool_):
            raise TypeError(f"{name} must be True or False; {value!r} was given.")
        return bool(value)


@dataclass(frozen=True)
class Ticks(Control):
    """Some of several words, in the order of the options."""

    options: tuple[str, ...]
    value: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_different("options", self.options)
        self._start()

    def grid(self) -> list[tuple[str, ...]]:
        """Return every selection, or of more than six options the one it starts at."""
        if 2 ** len(self.options) > MOST_SUBSETS:
            return [self.value]
        chosen = itertools.product((False, True), repeat=len(self.options))
        return [tuple(itertools.compress(self.options, each)) for each in chosen]

    def check(self, name: str, value: Any) -> tuple[str, ...]:
        """Return `value` in the order of the options if all of it are options."""
        words = _listed(name, value, None, "words")
        unknown = [word for word in words if not isinstance(word, str) or word not in self.options]
        if unknown or len(set(words)) < len(words):
            raise ValueError(f"{name} must be different ones of {', '.join(self.options)}; {value!r} was given.")
        return tuple(option for option in self.options if option in words)


@dataclass(frozen=True)
class Numbers(Control):
    """Several numbers, each in [low, high], freely edited: only the starting values are shipped with the page."""

    value: tuple[float, ...]
    low: float
    high: float
    names: tuple[str, ...]
    step: float = 0.1

    def __post_init__(self) -> None:
        _check_as_many("names", self.names, "value", self.value)
        _check_range(self.low, self.high)
        if _number("step", self.step) <= 0:
            raise ValueError(f"step must be positive; {self.step} was given.")
        self._start()

    def check(self, name: str, value: Any) -> tuple[float, ...]:
        """Return `value` as a tuple of floats if each can be set."""
        numbers = _listed(name, value, len(self.names), "numbers")
        return tuple(_number(name, number, self.low, self.high) for number in numbers)


@dataclass(frozen=True)
class Shares(Control):
    """Parts of one whole: numbers of at least 0 whose sum is 1. As one is set, the others scale in proportion."""

    value: tuple[float, ...]
    names: tuple[str, ...]

    def __post_init__(self) -> None:
        _check_as_many("names", self.names, "value", self.value)
        self._start()

    def check(self, name: str, value: Any) -> tuple[float, ...]:
        """Return `value` as a tuple of floats, divided by its sum, if that is 1 to a millionth."""
        shares = np.array([_number(name, v, 0, 1) for v in _listed(name, value, len(self.names), "numbers")])
        if abs(shares.sum() - 1) > 1e-6:
            raise ValueError(f"{name} must have the sum 1; the sum {shares.sum():g} was given.")
        return tuple((shares / shares.sum()).tolist())


@dataclass(frozen=True)
class Order(Control):
    """An order of things: place i shows the item `value[i]`."""

    items: tuple[str, ...]
    value: tuple[int, ...] | None = None

    def __post_init__(self) -> None:
        _check_different("items", self.items)
        if self.value is None:
            object.__setattr__(self, "value", tuple(range(len(self.items))))
        self._start()

    def grid(self) -> list[tuple[int, ...]]:
        """Return every order of up to four items, of more the one it starts at."""
        return [*itertools.permutations(range(len(self.items)))] if len(self.items) <= 4 else [self.value]

    def check(self, name: str, value: Any) -> tuple[int, ...]:
        """Return `value` as a tuple of ints if each item stands in it once."""
        places = tuple(_integer(name, number) for number in _listed(name, value, len(self.items), "numbers"))
        if sorted(places) != list(range(len(self.items))):
            raise ValueError(f"{name} must be 0 to {len(self.items) - 1} in some order; {value!r} was given.")
        return places


@dataclass(frozen=True)
class _Table(Control):
    """A table of cells, empty at first; the `presets`, by name, are shipped with the page as well."""

    rows: int
    columns: int
    value: ArrayLike | None = None
    presets: Mapping[str, ArrayLike] = field(default_factory=dict)
    dtype: ClassVar[type] = bool
    most: ClassVar[int] = 1

    def __post_init__(self) -> None:
        for name in ("rows", "columns"):
            if _integer(name, getattr(self, name)) < 1:
                raise ValueError(f"{name} must be at least 1; {getattr(self, name)} was given.")
        if self.value is None:
            object.__setattr__(self, "value", np.zeros((self.rows, self.columns), self.dtype))
        presets = {name: self.check(f"presets[{name!r}]", table) for name, table in self.presets.items()}
        object.__setattr__(self, "presets", presets)
        self._start()

    def grid(self) -> list[np.ndarray]:
        """Return what it starts at, and the presets."""
        tables = [self.value, *self.presets.values()]
        return [table for i, table in enumerate(tables) if not any((table == other).all() for other in tables[:i])]

    def check(self, name: str, value: Any) -> np.ndarray:
        """Return `value` as an array if it has this shape and only numbers that a cell can hold."""
        try:
            table = np.asarray(value)
        except ValueError:  # rows of different length
            table = np.empty(0)
        if table.shape != (self.rows, self.columns):
            raise ValueError(f"{name} must have the shape {(self.rows, self.columns)}; {table.shape} was given.")
        if table.dtype.kind not in "biuf" or not np.isin(table, np.arange(self.most + 1)).all():
            raise ValueError(f"{name} must hold integers from 0 to {self.most}; something else was given.")
        return table.astype(self.dtype)


@dataclass(frozen=True)
class Cells(_Table):
    """A table of cells that are on or off: a bool array (rows, columns)."""


@dataclass(frozen=True)
class Paint(_Table):
    """A small picture to paint: a uint8 array (rows, columns), 0 empty and 255 full."""

    dtype: ClassVar[type] = np.uint8
    most: ClassVar[int] = 255


@dataclass(frozen=True)
class Cuts(Control):
    """Places that cut [low, high] into parts: a rising tuple of floats."""

    low: float
    high: float
    value: tuple[float, ...]

    def __post_init__(self) -> None:
        _check_range(self.low, self.high)
        self._start()

    def check(self, name: str, value: Any) -> tuple[float, ...]:
        """Return `value` as a tuple of floats if they rise within [low, high]."""
        cuts = tuple(
            _number(name, cut, self.low, self.high) for cut in _listed(name, value, len(self.value), "numbers")
        )
        if any(a >= b for a, b in itertools.pairwise(cuts)):
            raise ValueError(f"{name} must rise; {value!r} was given.")
        return cuts


@dataclass(frozen=True)
class Places(Control):
    """Points in the plane, both coordinates in [low, high]: an array (n, 2).

    With `names`, each point has a class: a third column with its index. With `most` above n, a reader can add points
    and take them away.
    """

    low: float
    high: float
    value: ArrayLike
    names: tuple[str, ...] = ()
    most: int = 0

    def __post_init__(self) -> None:
        _check_range(self.low, self.high)
        _check_different("names", self.names)
        _integer("most", self.most)
        self._start()

    def check(self, name: str, value: Any) -> np.ndarray:
        """Return `value` as an array of floats if it is as many points as there can be, each within the range."""
        width = 3 if self.names else 2
        number = len(self.value)
        rows = _listed(name, value, None if self.most > number else number, "points")
        if len(rows) > max(self.most, number):
            raise ValueError(f"{name} must be at most {self.most} points; {len(rows)} were given.")
        points = [self._point(name, _listed(name, row, width, "numbers")) for row in rows]
        return np.array(points, dtype=np.float64).reshape(-1, width)

    def _point(self, name: str, row: list[Any]) -> list[float]:
        return [*(_number(name, x, self.low, self.high) for x in row[:2]), *(self._class(name, x) for x in row[2:])]

    def _class(self, name: str, value: Any) -> int:
        if not 0 <= _integer(name, value) < len(self.names):
            raise ValueError(f"{name} must have a class from 0 to {len(self.names) - 1}; {value!r} was given.")
        return int(value)


@dataclass(frozen=True)
class Words(Control):
    """Different words to be written, each of from `letters[0]` to `letters[1]` letters that match `pattern`."""

    count: int
    value: tuple[str, ...]
    letters: tuple[int, int] = (1, 12)
    pattern: str = "[a-z]*"

    def __post_init__(self) -> None:
        if not 1 <= self.letters[0] <= self.letters[1]:
            raise ValueError(f"letters must be the fewest and the most, at least 1; {self.letters} were given.")
        self._start()

    def check(self, name: str, value: Any) -> tuple[str, ...]:
        """Return `value` as a tuple if it is so many different words as these must be."""
        words = _listed(name, value, self.count, "words")
        fewest, most = self.letters
        for word in words:
            if not isinstance(word, str):
                raise TypeError(f"{name} must be {self.count} words; {word!r} was given.")
            if not fewest <= len(word) <= most or not re.fullmatch(self.pattern, word):
                raise ValueError(
                    f"{name} must be words of {fewest} to {most} letters that match {self.pattern}; {word!r} was given."
                )
        _check_different(name, words)
        return tuple(words)


@dataclass(frozen=True)
class Seed(Control):
    """The seed of what is drawn: an integer below `count`; a button goes to the next.

    `over(settings, seed)` returns {measure: float} at the other controls' settings; a button runs it for every seed and
    shows what they say together (kdlab/explore/seeds.py). `better` says which numbers are, `unit` theirs.
    """

    label: str = field(default="seed", kw_only=True)
    count: int = 20
    value: int = 0
    over: Callable[[Mapping[str, Any], int], dict[str, float]] | None = None
    better: Literal["higher", "lower"] = "higher"
    unit: str = ""
    python_only: ClassVar[tuple[str, ...]] = ("available", "over")

    def __post_init__(self) -> None:
        if _integer("count", self.count) < 2:
            raise ValueError(f"count must be at least 2; {self.count} was given.")
        if self.better not in ("higher", "lower"):
            raise ValueError(f"better must be higher or lower; {self.better!r} was given.")
        self._start()

    def to_json(self) -> dict[str, Any]:
        """Return its fields, and whether all seeds can be run."""
        return super().to_json() | {"runs_all": self.over is not None}

    def grid(self) -> list[int]:
        """Return all seeds."""
        return list(range(self.count))

    def check(self, name: str, value: Any) -> int:
        """Return `value` as an int if it is one of the seeds."""
        return _integer(name, _number(name, value, 0, self.count - 1))


@dataclass(frozen=True)
class Action(Control):
    """Something that is done at a press and takes a while: `run(settings)` returns its value, data that JSON can hold.

    Before the first press the value is None. It is in no grid, and nothing keeps it.
    """

    run: Callable[[Mapping[str, Any]], Any]
    seconds: float = 10.0  # that it may take
    value: Any = None
    python_only: ClassVar[tuple[str, ...]] = ("available", "run")

    def __post_init__(self) -> None:
        if _number("seconds", self.seconds) <= 0:
            raise ValueError(f"seconds must be positive; {self.seconds} was given.")

    def check(self, name: str, value: Any) -> Any:
        """Return `value` if JSON can hold it."""
        try:
            json.dumps(value, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise TypeError(f"{name} must be data that JSON can hold; {value!r} was given.") from error
        return value


@dataclass(frozen=True)
class Diary(Control):
    """The reader's own answers, newest last: pairs of a confidence in [0, 1] and whether it was right.

    With `only_at`, the name of a Choice and one of its options, they are handed over while that is chosen; else
    there are none, and the picture comes from the grid.
    """

    label: str = field(default="your answers so far", kw_only=True)
    value: tuple[tuple[float, bool], ...] = ()
    only_at: tuple[str, str] | None = None

    def check(self, name: str, value: Any) -> tuple[tuple[float, bool], ...]:
        """Return `value` as a tuple of pairs."""
        return tuple(self._answer(name, pair) for pair in _listed(name, value, None, "answers"))

    def _answer(self, name: str, pair: Any) -> tuple[float, bool]:
        confidence, right = _listed(name, pair, 2, "values, confidence and right,")
        if not isinstance(right, bool):
            raise TypeError(f"{name} must say True or False for right; {right!r} was given.")
        return _number(name, confidence, 0, 1), right


def plain(value: Any) -> Any:
    """Return arrays, tuples and NumPy scalars as lists and numbers that JSON can hold."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value


def _number(name: str, value: Any, low: float = -sys.float_info.max, high: float = sys.float_info.max) -> float:
    """Return `value` as a float if it is a number in [low, high]; NaN and infinity never are."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number; {value!r} was given.")
    if not low <= value <= high:
        raise ValueError(f"{name} must be a number in [{low:g}, {high:g}]; {value!r} was given.")
    return float(value)


def _integer(name: str, value: Any) -> int:
    number = _number(name, value)
    if not number.is_integer():
        raise ValueError(f"{name} must be an integer; {value!r} was given.")
    return int(number)


def _listed(name: str, value: Any, number: int | None, what: str) -> list[Any]:
    """Return `value` as a list if it is one, of this many."""
    if not isinstance(value, list | tuple | np.ndarray) or getattr(value, "ndim", 1) == 0:
        raise TypeError(f"{name} must be a list of {number or ''} {what}; {value!r} was given.".replace("  ", " "))
    if number is not None and len(value) != number:
        raise ValueError(f"{name} must be {number} {what}; {len(value)} were given.")
    return list(value)


def _check_range(low: float, high: float) -> None:
    if not _number("low", low) < _number("high", high):
        raise ValueError(f"low must lie below high; low={low}, high={high} were given.")


def _check_different(name: str, words: Iterable[str]) -> None:
    if isinstance(words, str) or len(set(words)) < len(tuple(words)):
        raise ValueError(f"{name} must be several different words; {words!r} was given.")


def _check_as_many(name: str, given: tuple, other: str, wanted: tuple) -> None:
    if len(given) != len(wanted):
        raise ValueError(f"{name} must be as many as {other} ({len(wanted)}); {len(given)} were given.")
