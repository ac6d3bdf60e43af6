"""A Picture or a Sheet drawn by Matplotlib: in a notebook, at the build, on paper.

The page draws the same one (kdlab/book/front/picture.js): colours, sizes and shapes agree. Sizes are in CSS pixels.
"""

from __future__ import annotations

import io
import textwrap
from pathlib import Path
from typing import Any, NamedTuple

import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.figure import Figure
from matplotlib.font_manager import fontManager
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, DrawingArea, HPacker, TextArea, VPacker
from matplotlib.patches import Rectangle

from kdlab.explore import palette
from kdlab.explore.draw_marks import (
    GRID,
    INK,
    MARKS,
    PALETTE,
    PAPER,
    POINT,
    band_look,
    bars_look,
    halo,
    key_colors,
    line_look,
    point_look,
    rects_look,
)
from kdlab.explore.layout import LETTER, SIZE, Frame, Word, frame_around, frame_inside, passage_lines, text_width, words
from kdlab.explore.marks import Band, Bars, Color, Heatmap, Line, Passage, Points, Rects, Segments
from kdlab.explore.picture import Picture, Sheet

FONT_SIZE = SIZE * POINT
# the face of the book's figures; what it lacks, such as arrows, comes from the next one
FACE = ["Still Sans", "DejaVu Sans"]
fontManager.addfont(Path(__file__).with_name("fonts") / "sans.ttf")
# Matplotlib's own settings, not the reader's: the same picture everywhere
STYLE = [
    "default",
    {"font.family": FACE, "svg.fonttype": "path", "svg.hashsalt": "kdlab", "hatch.linewidth": POINT},
]


def draw(picture: Picture | Sheet, axes: Axes | None = None) -> Figure:
    """Draw a picture, into `axes` or into a new figure 6.4 inches wide.

    Parameters
    ----------
    picture : Picture or Sheet
        What to draw. Its sentence is not drawn: it stands beside the picture.
    axes : Axes, optional
        Where to draw a Picture: empty axes, which keep their size, or what a square picture fills of it.

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
        width, height = box.width * 96 / figure.dpi, box.height * 96 / figure.dpi
        frame = frame_inside(picture, width, height)
        place = axes.get_position()
        across, up = place.width * frame.width / width, place.height * frame.height / height
        axes.set_position((place.x0, place.y1 - up, across, up))
        _draw(axes, frame)
        return figure


def to_svg(picture: Picture | Sheet, width_inches: float = 6.4) -> str:
    """Return the picture as an SVG element, its words as outlines: the same bytes wherever it is drawn.

    Parameters
    ----------
    picture : Picture or Sheet
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


APART = 24  # pixels between the pictures of a sheet


class _Panel(NamedTuple):
    """A picture of a figure: its frame, and what stands above and below it."""

    frame: Frame
    title: list[str]

    @property
    def above(self) -> float:
        rows = len(_legend_rows(self.frame))
        return 20 * len(self.title) + (20 * rows + 8 if rows else 0)

    @property
    def height(self) -> float:
        frame = self.frame
        return self.above + frame.top + frame.height + frame.bottom + 20 * len(_passage_lines(frame))


def _figure(picture: Picture | Sheet, width_inches: float) -> Figure:
    width = 96 * width_inches
    rows = picture.rows if isinstance(picture, Sheet) else ((picture,),)
    columns = max(map(len, rows))
    each = (width - APART * (columns - 1)) / columns

    least = _row_height(rows[0], each) if len(rows) == 1 and columns > 1 else 0 if columns > 1 else 260

    def panel(one: Picture, wide: float) -> _Panel:
        title = textwrap.wrap(one.sentence, int(wide / text_width("m"))) if isinstance(picture, Sheet) else []
        like = wide / 2 if wide > each else wide
        return _Panel(frame_around(one, wide, least=least, like=like), title)

    # the last of a row takes what is left of it; it is then as high as one half as wide
    panels = [
        [panel(one, width - k * (each + APART) if k + 1 == len(row) else each) for k, one in enumerate(row)]
        for row in rows
    ]
    heights = [max(panel.height for panel in row) for row in panels]
    height = sum(heights) + APART * (len(rows) - 1)
    figure = Figure(figsize=(width / 96, height / 96), dpi=96, facecolor=PAPER)
    for i, row in enumerate(panels):
        for k, (frame, title) in enumerate(row):
            left = k * (each + APART) + frame.left
            top = sum(heights[:i]) + i * APART + row[k].above + frame.top
            box = (left / width, 1 - (top + frame.height) / height, frame.width / width, frame.height / height)
            axes = figure.add_axes(box)
            _draw(axes, frame)
            if title:
                _put(axes, "\n".join(title), -frame.left, row[k].above + frame.top, va="top")
    return figure


ONE_ROW = 280  # pixels: the least height of pictures in the only row of a sheet


def _row_height(row: tuple[Picture, ...], width: float) -> float:
    """Return how high the pictures of the only row are: as the highest of those whose units are equally long."""
    frames = [frame_around(picture, width, least=0) for picture in row if picture.square]
    return max([ONE_ROW, *(frame.top + frame.height + frame.bottom for frame in frames)])


def _put(axes: Axes, text: str, right: float, up: float, **look: Any) -> None:
    """Write a text so many pixels right of and above the top left corner of the plot area."""
    look = {"color": INK, "size": FONT_SIZE, "linespacing": 20 / 15} | look
    place = {"xycoords": "axes fraction", "xytext": (right * POINT, up * POINT), "textcoords": "offset points"}
    axes.annotate(text, (0, 1), **place, annotation_clip=False, **look)


def _draw(axes: Axes, frame: Frame) -> None:
    _draw_axes(axes, frame)
    for mark in frame.picture.marks:
        if type(mark) in MARKS:
            MARKS[type(mark)](axes, mark, frame)
    for word in words(frame):
        _write(axes, word)
    _draw_legend(axes, frame)
    _draw_passages(axes, frame)


def _draw_axes(axes: Axes, frame: Frame) -> None:
    x, y = frame.picture.x, frame.picture.y
    axes.set(xscale=x.scale, yscale=y.scale, xlim=x.domain, ylim=y.domain, facecolor=PAPER, axisbelow=True)
    axes.set_autoscale_on(False)
    axes.minorticks_off()
    axes.spines[["left", "right", "top"]].set_visible(False)
    axes.spines["bottom"].set(color=PALETTE["grey"], linewidth=POINT, visible=not x.hidden)
    look = {"color": PALETTE["grey"], "labelcolor": text_color("grey"), "labelsize": FONT_SIZE, "width": POINT}
    axes.tick_params("x", length=0 if x.categories else 5 * POINT, pad=(9 if x.categories else 4) * POINT, **look)
    axes.tick_params("y", length=0, pad=8 * POINT, **look)
    tilt = {"rotation": 35, "ha": "right", "rotation_mode": "anchor"} if frame.x_ticks.tilted else {}
    axes.set_xticks(frame.x_ticks.values, frame.x_ticks.texts, **tilt)
    axes.set_yticks(frame.y_ticks.values, frame.y_ticks.texts)
    axes.grid(axis="y", color=GRID, linewidth=POINT)
    if y.domain[0] < 0 < y.domain[1] and not (y.categories or y.hidden):
        axes.axhline(0, color=PALETTE["grey"], linewidth=POINT)
    axes.set_xlabel("" if x.hidden else x.label, color=INK, va="bottom", size=FONT_SIZE)
    axes.xaxis.set_label_coords(0.5, -(frame.bottom - 3) / frame.height)
    axes.set_ylabel("" if y.hidden else y.label, color=INK, rotation=0, ha="left", va="top", size=FONT_SIZE)
    axes.yaxis.set_label_coords(-frame.left / frame.width, 1 + (frame.top - 2) / frame.height)


def text_color(color: Color) -> str:
    """Return the colour with some ink in it: words need more contrast than marks."""
    return to_hex(palette.INKED * np.array(to_rgb(PALETTE[color])) + (1 - palette.INKED) * np.array(to_rgb(INK)))


def _write(axes: Axes, word: Word) -> None:
    place = {"xy": (word.x, word.y), "xytext": (word.right * POINT, -word.down * POINT), "textcoords": "offset points"}
    look = {
        "ha": word.align,
        "va": "center",
        "color": text_color(word.color),
        "size": word.size * POINT,
        "path_effects": halo(4),
    }
    axes.annotate(word.text, **place, **look, annotation_clip=False, zorder=3)


Series = Bars | Line | Points | Band | Segments | Rects | Heatmap


def _legend_rows(frame: Frame) -> list[list[Series]]:
    """Return the labelled series, as many in a row as fit side by side."""
    rows: list[list[Series]] = []
    room = 0.0
    for mark in frame.picture.marks:
        if not isinstance(mark, Series) or not mark.label:
            continue
        needed = _swatch_width(mark) + 6 + text_width(mark.label) + 20
        if not rows or needed > room:
            rows.append([])
            room = frame.left + frame.width + frame.right + 20
        rows[-1].append(mark)
        room -= needed
    return rows


def _swatch_width(mark: Series) -> float:
    return 12 if isinstance(mark, Bars | Points | Rects) else 24


def _swatch(mark: Series) -> list[Artist]:
    """Return a small sample of a series, 14 pixels high."""

    def box(left: float, right: float, **look: Any) -> Rectangle:
        return Rectangle((left * POINT, 1.5 * POINT), (right - left) * POINT, 11 * POINT, **look)

    match mark:
        case Bars():
            return [box(0.5, 11.5, **bars_look(mark), alpha=1 - mark.faint if isinstance(mark.faint, float) else None)]
        case Rects():
            return [box(0.5, 11.5, **rects_look(mark), alpha=1 - mark.faint if isinstance(mark.faint, float) else None)]
        case Band():
            return [box(0.5, 23.5, **band_look(mark))]
        case Line() | Segments():
            return [Line2D([0, 24 * POINT], [7 * POINT, 7 * POINT], **line_look(mark))]
        case Points():
            return [Line2D([6 * POINT], [7 * POINT], **point_look(mark))]
        case Heatmap():
            colors = key_colors(mark)
            each = 24 / len(colors)
            return [box(i * each, (i + 1) * each, color=color, linewidth=0) for i, color in enumerate(colors)]


def _entry(mark: Series) -> HPacker:
    swatch = DrawingArea(_swatch_width(mark) * POINT, 14 * POINT)
    for artist in _swatch(mark):
        swatch.add_artist(artist)
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


def _passage_lines(frame: Frame) -> list[list[tuple[str, Color | None]]]:
    """Return the lines of all passages, in pieces, each with the colour it is marked with."""
    width = frame.left + frame.width + frame.right
    return [
        [(text, mark.color if marked else None) for text, marked in line]
        for mark in frame.picture.marks
        if isinstance(mark, Passage)
        for line in passage_lines(mark, width)
    ]


def _draw_passages(axes: Axes, frame: Frame) -> None:
    """Write the passages below the picture, from its left edge."""
    for i, line in enumerate(_passage_lines(frame)):
        right, down = -frame.left, frame.height + frame.bottom + 20 * i + 10
        for text, color in line:
            tint = {"bbox": {"facecolor": (PALETTE[color], 0.2), "linewidth": 0, "pad": 1}} if color else {}
            _put(axes, text, right, -down, va="center", family="DejaVu Sans Mono", **tint)
            right += LETTER * len(text)
