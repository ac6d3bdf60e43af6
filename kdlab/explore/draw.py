"""A Picture drawn by Matplotlib: in a notebook, at the build, on paper.

The page draws the same one (kdlab/book/front/picture.js): colours, sizes and shapes agree. Sizes are in CSS pixels.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea, VPacker
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike, NDArray

from kdlab.explore import palette
from kdlab.explore.layout import Frame, Word, frame_around, frame_inside, on_picture, text_width, words
from kdlab.explore.picture import COLORS, Arrow, Axis, Band, Bars, Color, Image, Line, Picture, Points, Rule, Text

PAPER, INK, GRID = palette.GROUND["paper"][0], palette.MARKS["ink"][0], palette.GROUND["grid"][0]
PALETTE = {name: palette.MARKS[name][0] for name in COLORS}
# a second sign beside the colour: the marker and its size across
MARKERS = {"blue": ("o", 9.0), "orange": ("s", 8.0), "green": ("^", 11.0), "purple": ("d", 10.5), "grey": ("o", 6.0)}
POINT = 72 / 96  # Matplotlib measures type and lines in points
FONT_SIZE = 13 * POINT
# Matplotlib's own settings, not the reader's: the same picture everywhere
STYLE = ["default", {"font.family": "DejaVu Sans", "svg.fonttype": "path", "svg.hashsalt": "kdlab"}]

Drawable = NDArray[np.float64]


def draw(picture: Picture, axes: Axes | None = None) -> Figure:
    """Draw a picture, into `axes` or into a new figure 6.4 inches wide.

    Parameters
    ----------
    picture : Picture
        What to draw. Its sentence is not drawn: it stands beside the picture.
    axes : Axes, optional
        Where to draw: empty axes, which keep their size.

    Returns
    -------
    Figure
        The figure that holds the axes.
    """
    with matplotlib.style.context(STYLE):
        if axes is None:
            return _figure(picture, 6.4)
        figure = axes.get_figure(root=True)
        box = axes.get_window_extent()
        _draw(axes, frame_inside(picture, box.width * 96 / figure.dpi, box.height * 96 / figure.dpi))
        return figure


def to_svg(picture: Picture, width_inches: float = 6.4) -> str:
    """Return the picture as an SVG element, its words as outlines: the same bytes wherever it is drawn.

    Parameters
    ----------
    picture : Picture
        What to draw. A title or a description is the caller's.
    width_inches : float
        The width; the height follows from it.

    Returns
    -------
    str
        From `<svg` to `</svg>`.
    """
    buffer = io.StringIO()
    with matplotlib.style.context(STYLE):
        metadata = dict.fromkeys(("Creator", "Date", "Format", "Type"))
        _figure(picture, width_inches).savefig(buffer, format="svg", metadata=metadata)
    svg = buffer.getvalue()
    return svg[svg.index("<svg") :]


def _figure(picture: Picture, width_inches: float) -> Figure:
    frame = frame_around(picture, 96 * width_inches)
    width = frame.left + frame.width + frame.right
    rows = len(_legend_rows(frame))
    height = frame.top + frame.height + frame.bottom + (20 * rows + 8 if rows else 0)
    figure = Figure(figsize=(width / 96, height / 96), dpi=96, facecolor=PAPER)
    box = (frame.left / width, frame.bottom / height, frame.width / width, frame.height / height)
    _draw(figure.add_axes(box), frame)
    return figure


def _draw(axes: Axes, frame: Frame) -> None:
    _draw_axes(axes, frame)
    for mark in frame.picture.marks:
        if not isinstance(mark, Text):
            MARKS[type(mark)](axes, mark, frame)
    for word in words(frame):
        _write(axes, word)
    _draw_legend(axes, frame)


def _draw_axes(axes: Axes, frame: Frame) -> None:
    x, y = frame.picture.x, frame.picture.y
    axes.set(xscale=x.scale, yscale=y.scale, xlim=x.domain, ylim=y.domain, facecolor=PAPER, axisbelow=True)
    axes.set_autoscale_on(False)
    axes.minorticks_off()
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set(color=PALETTE["grey"], linewidth=POINT)
    look = {"color": PALETTE["grey"], "labelcolor": text_color("grey"), "labelsize": FONT_SIZE, "width": POINT}
    axes.tick_params("x", length=0 if x.categories else 5 * POINT, pad=(9 if x.categories else 4) * POINT, **look)
    axes.tick_params("y", length=0, pad=8 * POINT, **look)
    tilt = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"} if frame.x_ticks.tilted else {}
    axes.set_xticks(frame.x_ticks.values, frame.x_ticks.texts, **tilt)
    axes.set_yticks(frame.y_ticks.values, frame.y_ticks.texts)
    axes.grid(axis="y", color=GRID, linewidth=POINT)
    if y.domain[0] < 0 < y.domain[1] and not y.categories:
        axes.axhline(0, color=PALETTE["grey"], linewidth=POINT)
    axes.set_xlabel(x.label, color=INK, va="bottom", size=FONT_SIZE)
    axes.xaxis.set_label_coords(0.5, -(frame.bottom - 3) / frame.height)
    axes.set_ylabel(y.label, color=INK, rotation=0, ha="left", va="top", size=FONT_SIZE)
    axes.yaxis.set_label_coords(-frame.left / frame.width, 1 + (frame.top - 2) / frame.height)


FAR = 1e6  # in widths of the domain


def text_color(color: Color) -> str:
    """Return the colour with some ink in it: words need more contrast than marks."""
    return to_hex(palette.INKED * np.array(to_rgb(PALETTE[color])) + (1 - palette.INKED) * np.array(to_rgb(INK)))


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


def _halo(width: float) -> list[withStroke]:
    return [withStroke(linewidth=width * POINT, foreground=PAPER)]


def _bars(axes: Axes, mark: Bars, frame: Frame) -> None:
    x, height = _drawable(frame.picture.x, mark.x), _drawable(frame.picture.y, mark.height)
    half = mark.width / 2
    clip = _clip(frame.picture.x, x - half, x + half) or _clip(frame.picture.y, height, np.zeros(1))
    axes.bar(x, height, mark.width, color=PALETTE[mark.color], linewidth=0, zorder=2, clip_on=clip)
    _whiskers(axes, x, mark, frame, INK)


def _whiskers(axes: Axes, x: Drawable, mark: Bars | Points, frame: Frame, color: str) -> None:
    if mark.low is None:
        return
    low, high = _drawable(frame.picture.y, mark.low), _drawable(frame.picture.y, mark.high)
    look = {"color": color, "linewidth": 2 * POINT, "path_effects": _halo(5), "zorder": 2}
    axes.vlines(x, low, high, clip_on=_clip(frame.picture.y, low, high), **look)


def _line(axes: Axes, mark: Line, frame: Frame) -> None:
    x, y = _drawable(frame.picture.x, mark.x), _drawable(frame.picture.y, mark.y)
    clip = _clip(frame.picture.x, x) or _clip(frame.picture.y, y)
    axes.plot(x, y, clip_on=clip, zorder=2, **_line_look(mark))


def _line_look(mark: Line) -> dict[str, Any]:
    dashes = (0, (7 / 2.5, 5 / 2.5)) if mark.dashed else "-"  # in line widths: 7 pixels on, 5 off
    return {"color": PALETTE[mark.color], "linewidth": 2.5 * POINT, "linestyle": dashes, "solid_capstyle": "butt"}


def _points(axes: Axes, mark: Points, frame: Frame) -> None:
    x, y = _drawable(frame.picture.x, mark.x), _drawable(frame.picture.y, mark.y)
    x[_outside(frame.picture.x, x)] = np.nan
    y[_outside(frame.picture.y, y)] = np.nan
    _whiskers(axes, x, mark, frame, PALETTE[mark.color])
    axes.plot(x, y, clip_on=False, zorder=2, **_point_look(mark))


def _point_look(mark: Points) -> dict[str, Any]:
    marker, size = MARKERS[mark.color]
    look = {"color": PALETTE[mark.color], "linestyle": "none", "marker": marker, "markersize": size * POINT}
    return look | {"markeredgecolor": PAPER, "markeredgewidth": POINT}


def _band(axes: Axes, mark: Band, frame: Frame) -> None:
    x = _drawable(frame.picture.x, mark.x)
    low, high = _drawable(frame.picture.y, mark.low), _drawable(frame.picture.y, mark.high)
    clip = _clip(frame.picture.x, x) or _clip(frame.picture.y, low, high)
    axes.fill_between(x, low, high, clip_on=clip, zorder=2, **_band_look(mark))


def _band_look(mark: Band) -> dict[str, Any]:
    return {"facecolor": (PALETTE[mark.color], 0.2), "edgecolor": PALETTE[mark.color], "linewidth": POINT}


def _rule(axes: Axes, mark: Rule, frame: Frame) -> None:
    if on_picture(mark, frame.picture):
        across, at = (axes.axhline, mark.y) if mark.x is None else (axes.axvline, mark.x)
        across(at, color=PALETTE[mark.color], linewidth=1.5 * POINT, clip_on=False, zorder=2)


def _arrow(axes: Axes, mark: Arrow, frame: Frame) -> None:
    if on_picture(mark, frame.picture):
        head = f"->,head_length={8.1 * POINT},head_width={4.7 * POINT}"
        look = {"color": PALETTE[mark.color], "linewidth": 2 * POINT, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 1}
        ends = {"xy": (mark.x1, mark.y1), "xytext": (mark.x0, mark.y0)}
        axes.annotate("", **ends, arrowprops={"arrowstyle": head} | look, annotation_clip=False, zorder=2)


def _image(axes: Axes, mark: Image, frame: Frame) -> None:
    pixels = np.asarray(mark.pixels, dtype=np.float64)
    (x0, y0), (x1, y1) = frame.place(mark.x0, mark.y1), frame.place(mark.x1, mark.y0)
    size = np.array([x1 - x0, y1 - y0])
    if mark.square:
        size = (size / pixels.shape[::-1]).min() * np.array(pixels.shape[::-1])
    # in fractions of the plot area, which also hold on a log axis
    left, top = (np.array([x0 + x1, y0 + y1]) - size) / 2 / (frame.width, frame.height)
    width, height = size / (frame.width, frame.height)
    place = {"transform": axes.transAxes, "zorder": 2, "clip_on": False}
    look = {"cmap": "gray_r", "vmin": 0, "vmax": 1, "interpolation": "none", "aspect": "auto", "origin": "upper"}
    axes.imshow(pixels, extent=(left, left + width, 1 - top - height, 1 - top), **look, **place)
    edge = {"fill": False, "edgecolor": PALETTE["grey"], "linewidth": POINT}
    axes.add_patch(Rectangle((left, 1 - top - height), width, height, **edge, **place))


MARKS: dict[type, Callable[[Axes, Any, Frame], None]] = {
    Bars: _bars,
    Line: _line,
    Points: _points,
    Band: _band,
    Rule: _rule,
    Arrow: _arrow,
    Image: _image,
}


def _write(axes: Axes, word: Word) -> None:
    place = {"xy": (word.x, word.y), "xytext": (word.right * POINT, -word.down * POINT), "textcoords": "offset points"}
    look = {
        "ha": word.align,
        "va": "center",
        "color": text_color(word.color),
        "size": FONT_SIZE,
        "path_effects": _halo(4),
    }
    axes.annotate(word.text, **place, **look, annotation_clip=False, zorder=3)


def _series(picture: Picture) -> list[Bars | Line | Points | Band]:
    return [mark for mark in picture.marks if isinstance(mark, Bars | Line | Points | Band) and mark.label]


def _legend_rows(frame: Frame) -> list[list[Bars | Line | Points | Band]]:
    """Return the labelled series, as many in a row as fit side by side."""
    rows: list[list[Bars | Line | Points | Band]] = []
    room = 0.0
    for mark in _series(frame.picture):
        needed = _swatch_width(mark) + 6 + text_width(mark.label) + 20
        if not rows or needed > room:
            rows.append([])
            room = frame.left + frame.width + frame.right + 20
        rows[-1].append(mark)
        room -= needed
    return rows


def _swatch_width(mark: Bars | Line | Points | Band) -> float:
    return 12 if isinstance(mark, Bars | Points) else 24


def _entry(mark: Bars | Line | Points | Band) -> HPacker:
    swatch = DrawingArea(_swatch_width(mark) * POINT, 14 * POINT)
    if isinstance(mark, Bars):
        swatch.add_artist(Rectangle((0, POINT), 12 * POINT, 12 * POINT, color=PALETTE[mark.color], linewidth=0))
    elif isinstance(mark, Band):
        swatch.add_artist(Rectangle((POINT / 2, 1.5 * POINT), 23 * POINT, 11 * POINT, **_band_look(mark)))
    elif isinstance(mark, Line):
        swatch.add_artist(Line2D([0, 24 * POINT], [7 * POINT, 7 * POINT], **_line_look(mark)))
    else:
        swatch.add_artist(Line2D([6 * POINT], [7 * POINT], **_point_look(mark)))
    label = TextArea(mark.label, textprops={"color": INK, "size": FONT_SIZE})
    return HPacker(children=[swatch, label], align="center", pad=0, sep=6 * POINT)


def _draw_legend(axes: Axes, frame: Frame) -> None:
    """Draw the legend above the y label, from the left edge of the picture."""
    rows = [HPacker(children=list(map(_entry, row)), pad=0, sep=20 * POINT) for row in _legend_rows(frame)]
    if rows:
        legend = VPacker(children=rows, pad=0, sep=6 * POINT)
        place = {"xycoords": "axes fraction", "boxcoords": "offset points", "box_alignment": (0, 0)}
        corner = (-frame.left * POINT, (frame.top + 8) * POINT)
        axes.add_artist(AnnotationBbox(legend, (0, 1), corner, **place, frameon=False, pad=0, annotation_clip=False))
