"""A picture as data: two axes, a handful of marks, and one sentence that says what it shows; or a sheet of pictures.

The same Picture is drawn by Matplotlib (kdlab/explore/draw.py) and in the page (kdlab/book/front/picture.js).
"""

from __future__ import annotations

import base64
import dataclasses
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kdlab.explore.marks import (
    COLORS,
    Arrow,
    Band,
    Bars,
    Color,
    Heatmap,
    Image,
    Line,
    Mark,
    Passage,
    Points,
    Rects,
    Rule,
    Segments,
    Table,
    Text,
)
from kdlab.explore.ticks import attempts_at

__all__ = [
    "COLORS",
    "Arrow",
    "Axis",
    "Band",
    "Bars",
    "Color",
    "Heatmap",
    "Image",
    "Line",
    "Mark",
    "Passage",
    "Picture",
    "Points",
    "Rects",
    "Rule",
    "Segments",
    "Sheet",
    "Text",
]


@dataclass(frozen=True)
class Axis:
    """One axis: its label with the unit, its domain, its scale; or categories, which stand at 0, 1, 2, ...

    Of a `hidden` axis nothing is drawn. `square`, on either axis, makes the units of both equally long.
    """

    label: str
    domain: tuple[float, float] = (0.0, 1.0)
    scale: Literal["linear", "log"] = "linear"
    categories: tuple[str, ...] = ()
    hidden: bool = False
    square: bool = False

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

    def fractions(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where on the axis values stand: 0 at its low end, 1 at its high end, NaN where there is no place."""
        low, high = self.domain
        if self.scale == "linear":
            return (values - low) / (high - low)
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.log(np.where(values > 0, values, np.nan) / low) / np.log(high / low)


@dataclass(frozen=True)
class Picture:
    """What a widget shows: two axes, marks in drawing order, and the sentence that says it in words."""

    x: Axis
    y: Axis
    marks: tuple[Mark, ...]
    sentence: str

    def __post_init__(self) -> None:
        _check_sentence(self.sentence)
        for mark in self.marks:
            if not isinstance(mark, Mark):
                raise TypeError(
                    f"marks must be Bars, Line, Points and so on (kdlab.explore.marks); {mark!r} was given."
                )
            if isinstance(mark, Bars) and mark.base is None and (self.x if mark.horizontal else self.y).scale == "log":
                name = "x" if mark.horizontal else "y"
                raise ValueError(f"scale of {name} must be linear under Bars, which start at 0; log was given.")
            if isinstance(mark, Table):
                _check_corners("x", self.x, mark.x0, mark.x1)
                _check_corners("y", self.y, mark.y0, mark.y1)
        if self.square and "log" in (self.x.scale, self.y.scale):
            raise ValueError("scale must be linear on both axes of a square picture; log was given.")

    @property
    def square(self) -> bool:
        """Whether the units of both axes are equally long."""
        return self.x.square or self.y.square

    def to_json(self) -> dict[str, Any]:
        """Return the picture as JSON data: each mark is a dict with its `kind` and its fields.

        A field that says nothing (None, False, an empty text, faint 0) is left out. Tables travel as bytes in base64,
        and so do points that are too many to be drawn one by one. An axis also has `ticks`: see `ticks.attempts_at`.
        """
        return {
            "x": _axis(self.x),
            "y": _axis(self.y),
            "marks": [{"kind": type(mark).__name__.lower()} | self._fields(mark) for mark in self.marks],
            "sentence": self.sentence,
        }

    def _fields(self, mark: Mark) -> dict[str, Any]:
        values = {f.name: getattr(mark, f.name) for f in dataclasses.fields(mark) if not _unsaid(mark, f)}
        values |= mark.columns()
        if isinstance(mark, Points) and mark.is_raster:
            values = {name: value for name, value in values.items() if name not in mark.COLUMNS}
            return _plain(values) | {"raster": _packed(crowd(mark, self))}
        if isinstance(mark, Points):
            values["shape"] = mark.sign
        if isinstance(mark, Passage):
            values = {name: value for name, value in values.items() if name not in ("text", "marked")}
            return _plain(values) | {"pieces": [list(piece) for piece in mark.pieces()]}
        if not isinstance(mark, Table):
            return _plain(values)
        for name in ("pixels", "values", "hatch", "kind"):
            values.pop(name, None)
        tables = {"table": _packed(mark.to_bytes())}
        if isinstance(mark, Heatmap):
            values["low"], values["high"] = mark.limits()
            tables["scheme"] = mark.kind
            if mark.hatch is not None:
                tables["hatch"] = _packed(np.packbits(mark.mask()))
        return _plain(values) | tables


@dataclass(frozen=True)
class Sheet:
    """Small multiples: rows of pictures under one sentence; each picture's own sentence is its title.

    On a phone they stand in one column, and picture `first` (counted row by row) stays in view.
    """

    rows: tuple[tuple[Picture, ...], ...]
    sentence: str
    first: int = 0

    def __post_init__(self) -> None:
        _check_sentence(self.sentence)
        if not self.rows or not all(self.rows) or not all(isinstance(panel, Picture) for panel in self.panels):
            raise ValueError(f"rows must be tuples of pictures, none of them empty; {self.rows!r} was given.")
        if isinstance(self.first, bool) or self.first not in range(len(self.panels)):
            raise ValueError(
                f"first must be the number of one of {len(self.panels)} pictures; {self.first!r} was given."
            )

    @property
    def panels(self) -> tuple[Picture, ...]:
        """The pictures, row by row."""
        return tuple(panel for row in self.rows for panel in row)

    def to_json(self) -> dict[str, Any]:
        """Return the sheet as JSON data: the pictures in `panels`, and how many of them each of the `rows` has."""
        panels = [panel.to_json() for panel in self.panels]
        return {"panels": panels, "rows": list(map(len, self.rows)), "first": self.first, "sentence": self.sentence}


def crowd(points: Points, picture: Picture) -> NDArray[np.uint8]:
    """Return many points as one raster over the plot area: how much of each cell they cover, from 0 to 255."""
    rows, columns = (180, 180) if picture.square else (120, 280)
    place = points.columns()
    across, up = picture.x.fractions(place["x"]), picture.y.fractions(place["y"])
    counts, _, _ = np.histogram2d(1 - up, across, bins=(rows, columns), range=((0, 1), (0, 1)))
    # the more points, the less each hides: what is dense is still told from what is denser
    each = min(0.8, 0.8 * (2000 / points.items) ** 0.5)
    return np.rint(255 * (1 - (1 - each) ** counts)).astype(np.uint8)


def _check_sentence(sentence: str) -> None:
    if not sentence.strip():
        raise ValueError("sentence must say what the picture shows; an empty one was given.")


def _check_corners(name: str, axis: Axis, start: float, end: float) -> None:
    low, high = axis.domain
    if not low <= start < end <= high:
        raise ValueError(f"{name}0 < {name}1 must lie in the domain {axis.domain}; {start}, {end} were given.")


def _axis(axis: Axis) -> dict[str, Any]:
    attempts = [] if axis.categories or axis.hidden else attempts_at(axis.domain, axis.scale)
    ticks = [{"values": each.values, "texts": each.texts} for each in attempts]
    fields = {f.name: getattr(axis, f.name) for f in dataclasses.fields(axis)}
    fields = {name: value for name, value in fields.items() if value is not False}
    return _plain(fields) | {"ticks": [each for i, each in enumerate(ticks) if each not in ticks[:i]]}


def _unsaid(mark: Mark, field: dataclasses.Field[Any]) -> bool:
    value = getattr(mark, field.name)
    return value is None or (not field.default and isinstance(value, type(field.default)) and not value)


def _packed(array: NDArray[np.uint8]) -> dict[str, Any]:
    return {"bytes": base64.b64encode(array.tobytes()).decode("ascii"), "shape": list(array.shape)}


def _plain(value: Any) -> Any:
    """Return arrays and NumPy scalars as plain lists and numbers, with None where a number is not finite."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, str | bool):
        return value
    if isinstance(value, list | tuple) and value and isinstance(value[0], str):
        return list(value)
    array = np.asarray(value)
    if array.dtype == bool:
        return array.tolist()
    array = array.astype(np.float64)
    return np.where(np.isfinite(array), array, None).tolist()
