"""A picture as data: two axes, a handful of marks, and one sentence that says what it shows.

The same Picture is drawn by Matplotlib (kdlab/explore/draw.py) and in the page (kdlab/book/front/picture.js).
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import as_real
from kdlab.explore.ticks import attempts_at

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
        if self.scale not in ("linear", "log"):
            raise ValueError(f"scale must be linear or log; {self.scale!r} was given.")
        if self.categories:
            object.__setattr__(self, "domain", (-0.5, len(self.categories) - 0.5))
        low, high = self.domain
        if not (np.isfinite([low, high]).all() and low < high):
            raise ValueError(f"domain must be two finite numbers, the lower first; {self.domain} was given.")
        if self.scale == "log" and low <= 0:
            raise ValueError(f"domain must be positive on a log scale; {self.domain} was given.")


@dataclass(frozen=True)
class Bars:
    """Vertical bars from 0 to `height`, centred at `x`; with `low` and `high`, the interval as a whisker."""

    x: ArrayLike
    height: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    color: Color = "blue"
    label: str = ""
    width: float = 0.8


@dataclass(frozen=True)
class Line:
    """A line through the points (x, y), broken where one is not finite; `dashed` tells two apart without colour."""

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
    """A line across the whole picture, at one x or at one y, with its label beside it."""

    x: float | None = None
    y: float | None = None
    color: Color = "grey"
    label: str = ""

    def __post_init__(self) -> None:
        if (self.x is None) == (self.y is None):
            raise ValueError(f"a Rule stands at one x or at one y; x={self.x}, y={self.y} were given.")


@dataclass(frozen=True)
class Text:
    """Words centred above the point (x, y), over all other marks; left out where they would cover an earlier text."""

    x: float
    y: float
    text: str
    color: Color = "grey"


@dataclass(frozen=True)
class Image:
    """A grey image: `pixels` in [0, 1] (0 white, 1 black), first row on top, filling x0..x1 and y0..y1.

    With `square`, the largest such image whose pixels are square, in the middle of that box.
    """

    pixels: ArrayLike
    x0: float
    x1: float
    y0: float
    y1: float
    square: bool = False


@dataclass(frozen=True)
class Arrow:
    """An arrow from (x0, y0) to (x1, y1), with its label at the tail."""

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

    def __post_init__(self) -> None:
        if not self.sentence.strip():
            raise ValueError("sentence must say what the picture shows; an empty one was given.")
        for mark in self.marks:
            _check(mark)
            if isinstance(mark, Bars) and self.y.scale == "log":
                raise ValueError("scale of y must be linear under Bars, which start at 0; log was given.")
            if isinstance(mark, Image):
                _check_corners("x", self.x, mark.x0, mark.x1)
                _check_corners("y", self.y, mark.y0, mark.y1)

    def to_json(self) -> dict[str, Any]:
        """Return the picture as JSON data: each mark is a dict with its `kind` and its fields.

        An axis has its fields and `ticks`: see `ticks.attempts_at`.
        """
        return {
            "x": _axis(self.x),
            "y": _axis(self.y),
            "marks": [{"kind": type(mark).__name__.lower()} | _fields(mark) for mark in self.marks],
            "sentence": self.sentence,
        }


def _check(mark: Mark) -> None:
    if not isinstance(mark, Mark):
        raise TypeError(f"marks must be Bars, Line, Points, Band, Rule, Text, Image or Arrow; {mark!r} was given.")
    if getattr(mark, "color", "grey") not in COLORS:
        raise ValueError(f"color must be one of {', '.join(COLORS)}; {mark.color!r} was given.")
    if isinstance(mark, Bars | Line | Points | Band):
        arrays = {name: getattr(mark, name, None) for name in ("x", "y", "height", "low", "high")}
        shapes = {name: as_real(name, array).shape for name, array in arrays.items() if array is not None}
        if len(set(shapes.values())) > 1 or len(shapes["x"]) != 1:
            raise ValueError(f"{', '.join(shapes)} must be equally long, of one axis; {shapes} were given.")
        if ("low" in shapes) != ("high" in shapes):
            raise ValueError(f"low and high come together; only {'low' if 'low' in shapes else 'high'} was given.")
    if isinstance(mark, Bars) and not 0 < mark.width < np.inf:
        raise ValueError(f"width must be positive; {mark.width} was given.")
    if isinstance(mark, Image):
        pixels = as_real("pixels", mark.pixels)
        if pixels.ndim != 2 or pixels.size == 0 or not ((pixels >= 0) & (pixels <= 1)).all():
            raise ValueError(f"pixels must be a table of numbers in [0, 1]; shape {pixels.shape} was given.")


def _check_corners(name: str, axis: Axis, start: float, end: float) -> None:
    low, high = axis.domain
    if not low <= start < end <= high:
        raise ValueError(f"{name}0 < {name}1 must lie in the domain {axis.domain}; {start}, {end} were given.")


def _axis(axis: Axis) -> dict[str, Any]:
    attempts = [] if axis.categories else attempts_at(axis.domain, axis.scale)
    ticks = [{"values": each.values, "texts": each.texts} for each in attempts]
    return _plain(dataclasses.asdict(axis)) | {"ticks": [each for i, each in enumerate(ticks) if each not in ticks[:i]]}


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
