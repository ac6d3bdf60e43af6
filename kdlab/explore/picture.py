"""A picture as data: two axes, a handful of marks, and one sentence that says what it shows.

The same Picture is drawn by Matplotlib (kdlab/explore/draw.py) and in the page (kdlab/book/front/picture.js).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

Color = Literal["blue", "orange", "green", "purple", "grey"]
COLORS: tuple[Color, ...] = ("blue", "orange", "green", "purple", "grey")


@dataclass(frozen=True)
class Axis:
    """One axis: its label with the unit, its domain, its scale; or categories, which stand at 0, 1, 2, ..."""

    label: str
    domain: tuple[float, float] = (0.0, 1.0)
    scale: Literal["linear", "log"] = "linear"
    categories: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.categories:
            object.__setattr__(self, "domain", (-0.5, len(self.categories) - 0.5))
        low, high = self.domain
        if not (np.isfinite([low, high]).all() and low < high):
            raise ValueError(f"domain must be two finite numbers, the lower first; {self.domain} was given.")
        if self.scale == "log" and low <= 0:
            raise ValueError(f"domain must be positive on a log scale; {self.domain} was given.")


@dataclass(frozen=True)
class Bars:
    """Vertical bars of width 0.8 from 0 to `height`; with `low` and `high`, the interval as a whisker."""

    x: ArrayLike
    height: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    color: Color = "blue"
    label: str = ""


@dataclass(frozen=True)
class Line:
    """A line through the points (x, y); `dashed` tells it from another one without colour."""

    x: ArrayLike
    y: ArrayLike
    color: Color = "blue"
    label: str = ""
    dashed: bool = False


@dataclass(frozen=True)
class Points:
    """Dots at (x, y); with `low` and `high`, the interval as a whisker."""

    x: ArrayLike
    y: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    color: Color = "blue"
    label: str = ""


@dataclass(frozen=True)
class Band:
    """The area between `low` and `high` over x: an interval."""

    x: ArrayLike
    low: ArrayLike
    high: ArrayLike
    color: Color = "blue"
    label: str = ""


@dataclass(frozen=True)
class Rule:
    """A line across the whole picture, at one x or at one y."""

    x: float | None = None
    y: float | None = None
    color: Color = "grey"
    label: str = ""

    def __post_init__(self) -> None:
        if (self.x is None) == (self.y is None):
            raise ValueError(f"a Rule stands at one x or at one y; x={self.x}, y={self.y} were given.")


@dataclass(frozen=True)
class Text:
    """Words centred above the point (x, y)."""

    x: float
    y: float
    text: str
    color: Color = "grey"


@dataclass(frozen=True)
class Image:
    """A grey image: `pixels` in [0, 1] (0 white, 1 black), first row on top, filling x0..x1 and y0..y1."""

    pixels: ArrayLike
    x0: float
    x1: float
    y0: float
    y1: float


@dataclass(frozen=True)
class Arrow:
    """An arrow from (x0, y0) to (x1, y1)."""

    x0: float
    y0: float
    x1: float
    y1: float
    color: Color = "grey"
    label: str = ""


Mark = Bars | Line | Points | Band | Rule | Text | Image | Arrow


@dataclass(frozen=True)
class Picture:
    """What a widget shows: two axes, marks in drawing order, and the sentence that says it in words."""

    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """Return the picture as JSON data: each mark is a dict with its `kind` and its fields."""
        return {
            "x": _plain(dataclasses.asdict(self.x)),
            "y": _plain(dataclasses.asdict(self.y)),
            "marks": [{"kind": type(mark).__name__.lower()} | _fields(mark) for mark in self.marks],
            "sentence": self.sentence,
        }


def _fields(mark: Mark) -> dict[str, Any]:
    return {
        f.name: _plain(getattr(mark, f.name)) for f in dataclasses.fields(mark) if getattr(mark, f.name) is not None
    }


def _plain(value: Any) -> Any:
    """Return arrays and NumPy scalars as plain lists and numbers, with None where a number is not finite."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, str | bool):
        return value
    if isinstance(value, list | tuple) and value and isinstance(value[0], str):
        return list(value)
    array = np.asarray(value, dtype=np.float64)
    return np.where(np.isfinite(array), array, None).tolist()
