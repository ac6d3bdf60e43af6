"""How Matplotlib draws each mark. The page draws the same (kdlab/book/front/marks.js). Sizes are in CSS pixels."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from kdlab.explore import palette
from kdlab.explore.layout import Box, Frame, arrows, dot_scale, on_picture, tiles
from kdlab.explore.marks import (
    Arrow,
    Band,
    Bars,
    Heatmap,
    Image,
    Line,
    Mark,
    Points,
    Rects,
    Rule,
    Segments,
    Shape,
    Table,
)
from kdlab.explore.picture import COLORS, Axis, crowd

PAPER, INK, GRID = palette.GROUND["paper"][0], palette.MARKS["ink"][0], palette.GROUND["grid"][0]
PALETTE = {name: palette.MARKS[name][0] for name in COLORS}
# the marker of each shape and its size across
MARKERS: dict[Shape, tuple[str, float]] = {
    "circle": ("o", 9.0),
    "square": ("s", 8.0),
    "triangle": ("^", 11.0),
    "diamond": ("d", 10.5),
    "dot": ("o", 6.0),
    "cross": ("X", 10.0),
    "down": ("v", 11.0),
    "star": ("*", 13.0),
}
POINT = 72 / 96  # Matplotlib measures type and lines in points
HATCH = "////"
FAR = 1e6  # in widths of the domain

Drawable = NDArray[np.float64]


def _drawable(axis: Axis, values: ArrayLike) -> Drawable:
    """Return the values, NaN where one cannot be drawn: what is not finite, and what is not positive on a log axis."""
    numbers = np.array(values, dtype=np.float64)
    numbers[~np.isfinite(numbers) | ((axis.scale == "log") & (numbers <= 0))] = np.nan
    if axis.scale == "linear":
        low, high = axis.domain
        # far outside the picture all is the same, but Matplotlib's products would overflow
        numbers = np.clip(numbers, low - FAR * (high - low), high + FAR * (high - low))
    return numbers


def _outside(axis: Axis, values: Drawable) -> NDArray[np.bool_]:
    return (values < axis.domain[0]) | (values > axis.domain[1])


def _clip(axis: Axis, *columns: Drawable) -> bool:
    """Return whether something sticks out of the plot area; else a line along its edge keeps its full width."""
    return bool(_outside(axis, np.concatenate(columns)).any())


def halo(width: float) -> list[withStroke]:
    """Return a seam of paper around a line or a word."""
    return [withStroke(linewidth=width * POINT, foreground=PAPER)]


def _alphas(mark: Mark) -> Drawable:
    """Return how opaque each item is."""
    return np.broadcast_to(1 - np.asarray(mark.faint, dtype=np.float64), (mark.items,))


def _alpha(mark: Mark) -> float | None:
    """Return how opaque a mark of one piece is, None where it is wholly so."""
    alpha = float(_alphas(mark).mean()) if mark.items else 1.0
    return None if alpha == 1 else alpha


def _place(frame: Frame, corner: ArrayLike) -> Drawable:
    """Return pixels from the top left corner of the plot area as fractions of it, which also hold on a log axis."""
    return np.array([0.0, 1.0]) + np.asarray(corner) / (frame.width, -frame.height)


def _patches(axes: Axes, mark: Mark, boxes: Iterator[tuple[float, ...]], look: dict[str, Any], **more: Any) -> None:
    for (x0, x1, y0, y1), alpha in zip(boxes, _alphas(mark), strict=True):
        if np.isfinite([x0, x1, y0, y1]).all():
            alpha = None if alpha == 1 else alpha
            axes.add_patch(Rectangle((x0, y0), x1 - x0, y1 - y0, alpha=alpha, zorder=2, **look, **more))


def bars_look(mark: Bars) -> dict[str, Any]:
    """Return how a bar is filled and outlined."""
    return _area_look(mark, filled=not mark.outline, hatched=mark.hatch)


def rects_look(mark: Rects) -> dict[str, Any]:
    """Return how a rectangle is filled and outlined."""
    return _area_look(mark, filled=mark.filled, hatched=mark.hatch)


def _area_look(mark: Mark, *, filled: bool, hatched: bool) -> dict[str, Any]:
    color = PALETTE[mark.color]
    if filled and not hatched:
        return {"facecolor": color, "linewidth": 0}
    outline = {"edgecolor": color, "linewidth": 2 * POINT}
    return outline | ({"facecolor": PAPER, "hatch": HATCH} if hatched else {"fill": False})


def _bars(axes: Axes, mark: Bars, frame: Frame) -> None:
    along, upward = frame.picture.x, frame.picture.y
    if mark.horizontal:
        along, upward = upward, along
    x, height = _drawable(along, mark.x), _drawable(upward, mark.height)
    base = np.zeros(x.size) if mark.base is None else _drawable(upward, mark.base)
    half = mark.width / 2
    clip = _clip(along, x - half, x + half) or _clip(upward, height, base)
    sides = (x - half, x + half), (base, height)
    if mark.horizontal:
        sides = sides[::-1]
    _patches(axes, mark, zip(*sides[0], *sides[1], strict=True), bars_look(mark), clip_on=clip)
    if mark.low is not None:
        lines = axes.hlines if mark.horizontal else axes.vlines
        _whiskers(lines, x, upward, mark.low, mark.high, INK)


def _whiskers(lines: Callable[..., Any], at: Drawable, axis: Axis, low: ArrayLike, high: ArrayLike, color: str) -> None:
    low, high = _drawable(axis, low), _drawable(axis, high)
    look = {"color": color, "linewidth": 2 * POINT, "path_effects": halo(5), "zorder": 2}
    lines(at, low, high, clip_on=_clip(axis, low, high), **look)


def _line(axes: Axes, mark: Line, frame: Frame) -> None:
    x, y = _drawable(frame.picture.x, mark.x), _drawable(frame.picture.y, mark.y)
    clip = _clip(frame.picture.x, x) or _clip(frame.picture.y, y)
    style = "steps-post" if mark.step else "default"
    axes.plot(x, y, clip_on=clip, zorder=2, drawstyle=style, alpha=_alpha(mark), **line_look(mark))


def line_look(mark: Line | Segments) -> dict[str, Any]:
    """Return how a line is drawn."""
    width = 1.0 if mark.thin else 2.5
    dashes = (0, (7 / width, 5 / width)) if mark.dashed else "-"  # in line widths: 7 pixels on, 5 off
    look = {"color": PALETTE[mark.color], "linewidth": width * POINT, "linestyle": dashes}
    cap = "round" if isinstance(mark, Segments) else "butt"
    return look | {"solid_capstyle": cap, "solid_joinstyle": "round"}


def _segments(axes: Axes, mark: Segments, frame: Frame) -> None:
    ends = mark.columns()
    x0, x1 = (_drawable(frame.picture.x, ends[name]) for name in ("x0", "x1"))
    y0, y1 = (_drawable(frame.picture.y, ends[name]) for name in ("y0", "y1"))
    clip = _clip(frame.picture.x, x0, x1) or _clip(frame.picture.y, y0, y1)
    for (*xs, alpha), ys in zip(zip(x0, x1, _alphas(mark), strict=True), zip(y0, y1, strict=True), strict=True):
        axes.plot(xs, ys, clip_on=clip, zorder=2, alpha=None if alpha == 1 else alpha, **line_look(mark))


def _points(axes: Axes, mark: Points, frame: Frame) -> None:
    if mark.is_raster:
        image = np.zeros((*crowd(mark, frame.picture).shape, 4))
        image[..., :3] = to_rgb(PALETTE[mark.color])
        image[..., 3] = crowd(mark, frame.picture) / 255 * (1 - float(mark.faint))
        _raster(axes, image, frame, Box(0, frame.width, 0, frame.height))
        return
    x, y = _drawable(frame.picture.x, mark.x), _drawable(frame.picture.y, mark.y)
    x[_outside(frame.picture.x, x)] = np.nan
    y[_outside(frame.picture.y, y)] = np.nan
    if mark.low is not None:
        _whiskers(axes.vlines, x, frame.picture.y, mark.low, mark.high, PALETTE[mark.color])
    if mark.x_low is not None:
        _whiskers(axes.hlines, y, frame.picture.x, mark.x_low, mark.x_high, PALETTE[mark.color])
    alphas, rings = _alphas(mark), np.broadcast_to(mark.ring, x.shape)
    right, up = frame.picture.x.fractions(x), frame.picture.y.fractions(y)
    look = point_look(mark)
    look["markersize"] *= dot_scale(frame.width * right, frame.height * up)
    for alpha in np.unique(alphas):
        chosen = alphas == alpha
        axes.plot(x[chosen], y[chosen], clip_on=False, zorder=2, alpha=None if alpha == 1 else alpha, **look)
    ring = {"marker": "o", "markersize": 17 * POINT, "markeredgewidth": 1.75 * POINT, "fillstyle": "none"}
    if rings.any():
        axes.plot(x[rings], y[rings], clip_on=False, zorder=2, color=INK, linestyle="none", **ring)


def point_look(mark: Points) -> dict[str, Any]:
    """Return how a dot is drawn."""
    marker, size = MARKERS[mark.sign]
    color = PALETTE[mark.color]
    look = {"color": color, "linestyle": "none", "marker": marker, "markersize": size * POINT}
    if mark.hollow:
        return look | {"markerfacecolor": PAPER, "markeredgecolor": color, "markeredgewidth": 2 * POINT}
    return look | {"markeredgecolor": PAPER, "markeredgewidth": POINT}


def _band(axes: Axes, mark: Band, frame: Frame) -> None:
    x = _drawable(frame.picture.x, mark.x)
    low, high = _drawable(frame.picture.y, mark.low), _drawable(frame.picture.y, mark.high)
    clip = _clip(frame.picture.x, x) or _clip(frame.picture.y, low, high)
    axes.fill_between(x, low, high, clip_on=clip, zorder=2, **band_look(mark))


def band_look(mark: Band | Rule) -> dict[str, Any]:
    """Return how a band is tinted and edged."""
    alpha = _alpha(mark) or 1.0
    return {
        "facecolor": (PALETTE[mark.color], 0.2 * alpha),
        "edgecolor": (PALETTE[mark.color], alpha),
        "linewidth": POINT,
    }


def _rects(axes: Axes, mark: Rects, frame: Frame) -> None:
    sides = mark.columns()
    xs = [_drawable(frame.picture.x, sides[name]) for name in ("x0", "x1")]
    ys = [_drawable(frame.picture.y, sides[name]) for name in ("y0", "y1")]
    clip = _clip(frame.picture.x, *xs) or _clip(frame.picture.y, *ys)
    _patches(axes, mark, zip(*xs, *ys, strict=True), rects_look(mark), clip_on=clip)


def _rule(axes: Axes, mark: Rule, frame: Frame) -> None:
    if not on_picture(mark, frame.picture):
        return
    level = mark.x is None
    across, span, axis = (
        (axes.axhline, axes.axhspan, frame.picture.y) if level else (axes.axvline, axes.axvspan, frame.picture.x)
    )
    at = mark.y if level else mark.x
    across(at, color=PALETTE[mark.color], linewidth=1.5 * POINT, clip_on=False, zorder=2, alpha=_alpha(mark))
    if mark.shaded:
        edge = axis.domain[0 if mark.shaded == "below" else 1]
        span(min(at, edge), max(at, edge), facecolor=band_look(mark)["facecolor"], linewidth=0, zorder=2)


def _arrow(axes: Axes, mark: Arrow, frame: Frame) -> None:
    head = f"->,head_length={8.1 * POINT},head_width={4.7 * POINT}"
    look = {"color": PALETTE[mark.color], "linewidth": 2 * POINT, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 1}
    for x0, y0, x1, y1 in arrows(mark, frame.picture):
        properties = {"arrowstyle": head, "alpha": _alpha(mark)} | look
        axes.annotate("", (x1, y1), (x0, y0), arrowprops=properties, annotation_clip=False, zorder=2)


def _image(axes: Axes, mark: Image, frame: Frame) -> None:
    rasters = np.repeat(1 - mark.to_bytes()[..., None] / 255, 3, axis=-1)
    _tables(axes, mark, rasters, frame, edge={"edgecolor": PALETTE["grey"], "linewidth": POINT})


def _heatmap(axes: Axes, mark: Heatmap, frame: Frame) -> None:
    _tables(axes, mark, cell_colors(mark), frame)
    for mask, box in zip(mark.mask(), tiles(mark, frame.box(mark)), strict=True):
        for cells in _hatched(mask, box):
            look = {"hatch": HATCH, "edgecolor": (INK, 0.8), "linewidth": 0}
            _edge(axes, frame, cells, 0, look)


def _tables(axes: Axes, mark: Table, rasters: Drawable, frame: Frame, edge: dict[str, Any] | None = None) -> None:
    frames = np.zeros(mark.items, bool) if mark.frames is None else np.asarray(mark.frames)
    for raster, framed, box in zip(rasters, frames, tiles(mark, frame.box(mark)), strict=True):
        _raster(axes, raster, frame, box, alpha=_alpha(mark))
        if framed:
            _edge(axes, frame, box, 1.5, {"edgecolor": PALETTE[mark.color], "linewidth": 3 * POINT})
        elif edge:
            _edge(axes, frame, box, 0, edge)


def _raster(axes: Axes, image: Drawable, frame: Frame, box: Box, **look: Any) -> None:
    left, bottom = _place(frame, (box.left, box.bottom))
    right, top = _place(frame, (box.right, box.top))
    place = {"extent": (left, right, bottom, top), "transform": axes.transAxes, "zorder": 2, "clip_on": False}
    axes.imshow(image, interpolation="none", aspect="auto", origin="upper", **place, **look)


def _edge(axes: Axes, frame: Frame, box: Box, out: float, look: dict[str, Any]) -> None:
    left, bottom = _place(frame, (box.left - out, box.bottom + out))
    right, top = _place(frame, (box.right + out, box.top - out))
    place = {"transform": axes.transAxes, "zorder": 2, "clip_on": False, "fill": False}
    axes.add_patch(Rectangle((left, bottom), right - left, top - bottom, **place, **look))


def _hatched(mask: NDArray[np.bool_], box: Box) -> Iterator[Box]:
    """Yield the boxes of masked cells, those side by side as one."""
    rows, columns = mask.shape
    across, down = (box.right - box.left) / columns, (box.bottom - box.top) / rows
    for row, cells in enumerate(mask):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], cells, [False]])))
        for start, end in edges.reshape(-1, 2).tolist():
            top = box.top + row * down
            yield Box(box.left + start * across, box.left + end * across, top, top + down)


def cell_colors(mark: Heatmap) -> Drawable:
    """Return the colour of each cell, of shape (tiles, rows, columns, 3)."""
    table = mark.to_bytes()
    paper = np.array(to_rgb(PAPER))
    own = np.array([to_rgb(PALETTE[color]) for color in mark.colors])
    if mark.kind == "mix":
        shares = table / 255
        # what rounding leaves of a cell is paper
        return np.clip(shares @ own[: table.shape[-1]] + (1 - shares.sum(-1, keepdims=True)) * paper, 0, 1)
    if mark.kind == "classes":
        return np.concatenate([[paper], own])[table]
    shares = (table - 1.0)[..., None] / 254
    if mark.kind == "one":
        colors = paper + shares * (np.array(to_rgb(PALETTE[mark.color])) - paper)
    else:
        colors = paper + np.abs(2 * shares - 1) * (np.where(shares < 0.5, own[0], own[1]) - paper)
    return np.where(table[..., None] == 0, paper, colors)


def key_colors(mark: Heatmap) -> list[Drawable]:
    """Return the colours of a heat map from low to high, or of its classes, for the legend."""
    if mark.kind in ("classes", "mix"):
        count = mark.table().shape[-1] if mark.kind == "mix" else 1 + int(np.nanmax(mark.table()))
        return [np.array(to_rgb(PALETTE[color])) for color in mark.colors[:count]]
    low, high = mark.limits()
    scale = Heatmap([np.linspace(low, high, 9)], 0, 1, 0, 1, kind=mark.kind, color=mark.color, colors=mark.colors)
    return list(cell_colors(scale)[0, 0])


MARKS: dict[type, Callable[[Axes, Any, Frame], None]] = {
    Bars: _bars,
    Line: _line,
    Points: _points,
    Band: _band,
    Segments: _segments,
    Rects: _rects,
    Rule: _rule,
    Arrow: _arrow,
    Image: _image,
    Heatmap: _heatmap,
}
