"""The marks of a picture: what each holds, in the units of the axes, and what each refuses.

Bars, lines and dots show numbers; heat maps and images show tables; texts, rules and arrows point at them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kdlab.conventions import as_choice, as_real

# Okabe and Ito's hues; their yellow is too light for a line on paper, so ink and grey stand for black
Color = Literal["blue", "orange", "green", "purple", "grey", "sky", "red", "ink"]
COLORS: tuple[Color, ...] = get_args(Color)
# a second sign beside the colour: unless a mark says another, the shape of the same place in this list
Shape = Literal["circle", "square", "triangle", "diamond", "dot", "cross", "down", "star"]
SHAPES: tuple[Shape, ...] = get_args(Shape)
MOST_POINTS = 400  # more of them are one raster


@dataclass(frozen=True, kw_only=True)
class Mark:
    """What every mark has.

    `label` names it, in the legend or beside it. `faint` goes from 0 to 1, where nothing is left: one number, or one an
    item. With `moves`, dragging item i sets number (or place) i of the control of that name; with `sets`, tapping item
    i sets the Choice of that name to `keys[i]`.
    """

    color: Color = "blue"
    label: str = ""
    faint: ArrayLike = 0.0
    moves: str = ""
    sets: str = ""
    keys: tuple[str, ...] = ()

    COLUMNS: ClassVar[tuple[str, ...]] = ()  # the fields that hold one number an item

    def __post_init__(self) -> None:
        as_choice("color", self.color, *COLORS)
        columns = self.columns()
        shapes = {name: column.shape for name, column in columns.items()}
        if len(set(shapes.values())) > 1 or any(len(shape) != 1 for shape in shapes.values()):
            raise ValueError(f"{', '.join(shapes)} must be equally long, of one axis; {shapes} were given.")
        for low, high in (("low", "high"), ("x_low", "x_high")):
            if (low in columns) != (high in columns):
                raise ValueError(f"{low} and {high} come together; only {low if low in columns else high} was given.")
        self._check()
        faint = as_real("faint", self.faint)
        if not ((faint >= 0) & (faint <= 1)).all() or faint.shape not in ((), (self.items,)):
            raise ValueError(
                f"faint must be a number in [0, 1], or one for each of {self.items} items; {self.faint} was given."
            )
        if bool(self.sets) != bool(self.keys) or (self.keys and len(self.keys) != self.items):
            raise ValueError(f"sets needs keys, one for each of {self.items} items; {self.keys} were given.")

    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Return the fields that hold one number an item, those that are given."""
        given = ((name, getattr(self, name)) for name in self.COLUMNS)
        return {name: as_real(name, value).astype(np.float64) for name, value in given if value is not None}

    @property
    def items(self) -> int:
        """The number of things that are drawn."""
        return next((column.size for column in self.columns().values()), 1)

    def _check(self) -> None:
        """Refuse what this kind of mark cannot be."""


@dataclass(frozen=True)
class Bars(Mark):
    """Bars from `base`, or from 0, to `height`, centred at `x`; with `low` and `high`, the interval as a whisker.

    With `horizontal` they lie: centred at y = `x`, as long as `height`. `outline` and `hatch` tell bars apart without
    colour.
    """

    x: ArrayLike
    height: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    base: ArrayLike | None = None
    width: float = 0.8
    horizontal: bool = False
    outline: bool = False
    hatch: bool = False

    COLUMNS: ClassVar = ("x", "height", "low", "high", "base")

    def _check(self) -> None:
        if not 0 < self.width < np.inf:
            raise ValueError(f"width must be positive; {self.width} was given.")


@dataclass(frozen=True)
class Line(Mark):
    """A line through the points (x, y), broken where one is not finite; `dashed` tells two apart without colour.

    With `step` it holds each y up to the next x. With `thin` it is one of many.
    """

    x: ArrayLike
    y: ArrayLike
    dashed: bool = False
    step: bool = False
    thin: bool = False

    COLUMNS: ClassVar = ("x", "y")


@dataclass(frozen=True)
class Points(Mark):
    """Dots at (x, y); with `low` and `high`, or `x_low` and `x_high`, the interval as a whisker.

    `ring` puts a circle round a dot: one yes or no, or one an item. More than 400 dots are one raster, without whiskers
    or anything else of their own.
    """

    x: ArrayLike
    y: ArrayLike
    low: ArrayLike | None = None
    high: ArrayLike | None = None
    x_low: ArrayLike | None = None
    x_high: ArrayLike | None = None
    shape: Shape | None = None
    hollow: bool = False
    ring: ArrayLike = False

    COLUMNS: ClassVar = ("x", "y", "low", "high", "x_low", "x_high")

    @property
    def sign(self) -> Shape:
        """The shape: the one given, or that of the colour."""
        return self.shape or SHAPES[COLORS.index(self.color)]

    @property
    def is_raster(self) -> bool:
        """Whether these are too many to be drawn one by one."""
        return self.items > MOST_POINTS

    def _check(self) -> None:
        as_choice("shape", self.sign, *SHAPES)
        _check_mask("ring", self.ring, (), (self.items,))
        own = [name for name in ("low", "x_low") if getattr(self, name) is not None]
        own += [name for name in ("moves", "sets") if getattr(self, name)]
        own += [name for name in ("ring", "faint") if np.ndim(getattr(self, name))]
        if self.is_raster and own:
            raise ValueError(
                f"{own[0]} is for at most {MOST_POINTS} points, each drawn alone; {self.items} were given."
            )


@dataclass(frozen=True)
class Band(Mark):
    """The area between `low` and `high` over x: an interval."""

    x: ArrayLike
    low: ArrayLike
    high: ArrayLike

    COLUMNS: ClassVar = ("x", "low", "high")


@dataclass(frozen=True)
class Segments(Mark):
    """Straight lines from (x0, y0) to (x1, y1), all alone: edges, misses, rugs, slopes."""

    x0: ArrayLike
    y0: ArrayLike
    x1: ArrayLike
    y1: ArrayLike
    dashed: bool = False
    thin: bool = False

    COLUMNS: ClassVar = ("x0", "y0", "x1", "y1")


@dataclass(frozen=True)
class Rects(Mark):
    """Rectangles from x0 to x1 and from y0 to y1; an outline alone where they are not `filled`."""

    x0: ArrayLike
    x1: ArrayLike
    y0: ArrayLike
    y1: ArrayLike
    filled: bool = True
    hatch: bool = False

    COLUMNS: ClassVar = ("x0", "x1", "y0", "y1")


@dataclass(frozen=True)
class Rule(Mark):
    """A line across the whole picture, at one x or at one y, with its label beside it.

    Where it bounds something, what lies `shaded`, below or above it, is tinted.
    """

    x: float | None = None
    y: float | None = None
    color: Color = field(default="grey", kw_only=True)
    shaded: Literal["", "below", "above"] = field(default="", kw_only=True)

    def _check(self) -> None:
        if (self.x is None) == (self.y is None):
            raise ValueError(f"a Rule stands at one x or at one y; x={self.x}, y={self.y} were given.")
        as_choice("shaded", self.shaded, "", "below", "above")


@dataclass(frozen=True)
class Text(Mark):
    """Words centred above the point (x, y), over all other marks; left out where they would cover an earlier text.

    With `beside` they stand right of that, or left where there is no room: an upright rule does not cross them.
    """

    x: float
    y: float
    text: str
    large: bool = False
    beside: bool = False
    color: Color = field(default="grey", kw_only=True)


@dataclass(frozen=True)
class Arrow(Mark):
    """Arrows from (x0, y0) to (x1, y1), one or several, with the label at the tail of the first.

    A control moves their heads.
    """

    x0: ArrayLike
    y0: ArrayLike
    x1: ArrayLike
    y1: ArrayLike
    color: Color = field(default="grey", kw_only=True)

    COLUMNS: ClassVar = ("x0", "y0", "x1", "y1")

    def columns(self) -> dict[str, NDArray[np.float64]]:
        """Return the ends, one number as a list of one."""
        return {name: np.atleast_1d(column) for name, column in super().columns().items()}


@dataclass(frozen=True)
class Passage(Mark):
    """A line of text below the picture, its `marked` spans (first letter, letter after the last) in the colour."""

    text: str
    marked: tuple[tuple[int, int], ...] = ()

    def _check(self) -> None:
        if not self.text.strip():
            raise ValueError("text must be what the passage says; an empty one was given.")
        ends = [end for span in self.marked for end in span]
        if ends != sorted(ends) or any(not 0 <= a < b <= len(self.text) for a, b in self.marked):
            raise ValueError(
                f"marked must be rising spans of the {len(self.text)} letters of text; {self.marked} were given."
            )

    def pieces(self) -> Iterator[tuple[str, bool]]:
        """Yield the text in pieces, each with whether it is marked, after its label."""
        if self.label:
            yield f"{self.label}: ", False
        at = 0
        for start, end in (*self.marked, (len(self.text), len(self.text))):
            if at < start:
                yield self.text[at:start], False
            if start < end:
                yield self.text[start:end], True
            at = end


@dataclass(frozen=True, kw_only=True)
class Table(Mark):
    """What fills the box from x0 to x1 and from y0 to y1 cell by cell, the first row on top.

    With `tiles`, the first axis counts tables, which stand side by side, row by row, each with its caption; a true
    entry of `frames` puts a frame round its tile. With `square` the cells are square, in the middle of the box.
    """

    square: bool = False
    tiles: bool = False
    captions: tuple[str, ...] = ()
    frames: ArrayLike | None = None

    def table(self) -> NDArray[np.float64]:
        """Return the numbers as given."""
        raise NotImplementedError

    def to_bytes(self) -> NDArray[np.uint8]:
        """Return a byte a cell, of shape (tiles, rows, columns), or a byte a cell and share, on a fourth axis."""
        raise NotImplementedError

    @property
    def items(self) -> int:
        """The number of tiles, 1 where there are none."""
        return len(self.table()) if self.tiles else 1

    def _check_table(self, name: str, axes: str) -> None:
        axes = f"(tiles, {axes})" if self.tiles else f"({axes})"
        table = self.table()
        if table.ndim != axes.count(",") + 1 or table.size == 0:
            raise ValueError(f"{name} must have shape {axes}, none of them 0; {table.shape} was given.")
        if self.captions and len(self.captions) != self.items:
            raise ValueError(f"captions must be one for each of {self.items} tiles; {self.captions} were given.")
        if self.frames is not None:
            _check_mask("frames", self.frames, (self.items,))

    def _tiled(self, table: NDArray[Any]) -> NDArray[Any]:
        return table if self.tiles else table[None]


@dataclass(frozen=True)
class Image(Table):
    """A grey image: `pixels` in [0, 1], 0 white and 1 black, of shape (rows, columns); tables of them with `tiles`."""

    pixels: ArrayLike
    x0: float
    x1: float
    y0: float
    y1: float

    def table(self) -> NDArray[np.float64]:
        """Return the pixels."""
        return as_real("pixels", self.pixels).astype(np.float64)

    def to_bytes(self) -> NDArray[np.uint8]:
        """Return how dark each pixel is, from 0 to 255."""
        return np.rint(255 * self._tiled(self.table())).astype(np.uint8)

    def _check(self) -> None:
        self._check_table("pixels", "rows, columns")
        pixels = self.table()
        outside = ~((pixels >= 0) & (pixels <= 1))
        if outside.any():
            raise ValueError(f"pixels must be numbers in [0, 1]; {pixels[outside][0]} was given.")


@dataclass(frozen=True)
class Heatmap(Table):
    """A table of colours, by its `kind`.

    "one": from paper at `low` to the colour at `high`; "two": from the first of `colors` at -`high` over paper at 0 to
    the second at `high`; "classes": whole numbers, each with its own of `colors`; "mix": the last axis holds shares of
    `colors`, which are mixed, with paper for what is left to 1, and are smooth from cell to cell. Without `low` and
    `high` they are the least and the largest value (of "two": of the absolute values). A cell that is not finite has no
    colour; what `hatch` masks is hatched.
    """

    values: ArrayLike
    x0: float
    x1: float
    y0: float
    y1: float
    kind: Literal["one", "two", "classes", "mix"] = "one"
    low: float | None = None
    high: float | None = None
    colors: tuple[Color, ...] = ("blue", "orange", "grey", "green", "purple", "sky", "red", "ink")
    hatch: ArrayLike | None = None

    def table(self) -> NDArray[np.float64]:
        """Return the values."""
        return as_real("values", self.values).astype(np.float64)

    def limits(self) -> tuple[float, float]:
        """Return the values at the ends of the colours."""
        values = self.table()
        values = values[np.isfinite(values)]
        if self.kind == "two":
            high = np.abs(values).max(initial=0.0) if self.high is None else self.high
            return -float(high or 1.0), float(high or 1.0)
        low = values.min(initial=np.inf) if self.low is None else self.low
        high = values.max(initial=-np.inf) if self.high is None else self.high
        return (
            (float(low), float(high)) if low < high else (float(low) - 1.0, float(low)) if low < np.inf else (0.0, 1.0)
        )

    def to_bytes(self) -> NDArray[np.uint8]:
        """Return 0 where there is no colour, else 1 to 255 from low to high; 1 + the class; 255 times each share."""
        values = self._tiled(self.table())
        if self.kind == "mix":
            return np.rint(255 * np.where(np.isfinite(values).all(-1, keepdims=True), values, 0)).astype(np.uint8)
        low, high = (0.0, 254.0) if self.kind == "classes" else self.limits()
        shares = np.clip((values - low) / (high - low), 0, 1)
        return np.where(np.isfinite(values), 1 + np.rint(254 * shares), 0).astype(np.uint8)

    def mask(self) -> NDArray[np.bool_]:
        """Return which cells are hatched, of shape (tiles, rows, columns)."""
        shape = self.to_bytes().shape[:3]
        return np.zeros(shape, bool) if self.hatch is None else np.reshape(self.hatch, shape).astype(bool)

    def _check(self) -> None:
        as_choice("kind", self.kind, "one", "two", "classes", "mix")
        self._check_table("values", "rows, columns, shares" if self.kind == "mix" else "rows, columns")
        values = self.table()
        finite = values[np.isfinite(values)]
        for color in self.colors:
            as_choice("colors", color, *COLORS)
        if self.kind == "classes" and not np.isin(finite, np.arange(len(self.colors))).all():
            raise ValueError(f"values must be classes, whole numbers in [0, {len(self.colors) - 1}].")
        if self.kind == "mix":
            if values.shape[-1] > len(self.colors):
                raise ValueError(
                    f"values must be shares of at most {len(self.colors)} colors; {values.shape[-1]} were given."
                )
            sums = values.sum(-1)
            if (finite < 0).any() or not (sums[np.isfinite(sums)] < 1 + 1e-6).all():
                raise ValueError("values must be shares along the last axis: not negative, of sum at most 1.")
        if self.kind == "one" and None not in (self.low, self.high) and not self.low < self.high:
            raise ValueError(f"low must lie below high; low={self.low}, high={self.high} were given.")
        if self.kind == "two" and self.high is not None and not 0 < self.high < np.inf:
            raise ValueError(f"high must be positive; {self.high} was given.")
        if self.hatch is not None:
            _check_mask("hatch", self.hatch, values.shape[: 2 + self.tiles])


def _check_mask(name: str, mask: ArrayLike, *shapes: tuple[int, ...]) -> None:
    array = np.asarray(mask)
    if array.dtype != bool or array.shape not in shapes:
        allowed = " or ".join(map(str, shapes))
        raise ValueError(f"{name} must be true or false, of shape {allowed}; {array.dtype} {array.shape} was given.")
