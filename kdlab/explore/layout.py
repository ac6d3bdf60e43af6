"""Where things stand on a picture, in CSS pixels (96 to the inch): margins, ticks, and words that do not overlap.

The page lays out the same picture by the same rules (kdlab/book/front/picture.js); tests compare the two.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from kdlab.explore.marks import Arrow, Color, Passage, Rule, Table, Text
from kdlab.explore.picture import Axis, Picture
from kdlab.explore.ticks import Ticks, attempts_at


@dataclass(frozen=True)
class Frame:
    """The plot area of a picture, its ticks, and the margins left and right of it."""

    picture: Picture
    width: float
    height: float
    x_ticks: Ticks
    y_ticks: Ticks
    left: float
    right: float

    @property
    def top(self) -> float:
        """The margin for the y label, and for texts above the highest bar."""
        return _top(self.picture)

    @property
    def bottom(self) -> float:
        """The margin for the x ticks and the x label."""
        if self.x_ticks.tilted:
            return 46 + 0.6 * _widest(self.x_ticks)
        return _bottom(self.picture) + 16 * max((text.count("\n") for text in self.x_ticks.texts), default=0)

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return how far right of and below the top left corner of the plot area the point (x, y) lies."""
        return self.width * fraction(self.picture.x, x), self.height * (1 - fraction(self.picture.y, y))

    def box(self, mark: Table) -> Box:
        """Return the box that a table fills."""
        (left, top), (right, bottom) = self.place(mark.x0, mark.y1), self.place(mark.x1, mark.y0)
        return Box(left, right, top, bottom)


def frame_inside(picture: Picture, width: float, height: float) -> Frame:
    """Return the frame whose plot area has this size, or, of a square picture, the largest that fits into it."""
    width, height = _squared(picture, width, height)
    x_ticks, y_ticks = ticks(picture.x, width, True), ticks(picture.y, height, False)
    return Frame(picture, width, height, x_ticks, y_ticks, *_margins(picture, width, x_ticks, y_ticks))


TALLEST_SQUARE = 360  # pixels of the plot area of a square picture, where it is wide enough


def frame_around(picture: Picture, width: float, least: float = 260, like: float | None = None) -> Frame:
    """Return the frame of a picture this wide: 16:9 at 760 pixels, at `least` so high, higher under long names.

    It is as high as a picture of the width `like` would be.
    """
    height = round(max(least, 104 + 0.427 * (like or width))) - _top(picture) - _bottom(picture)
    y_ticks = ticks(picture.y, height, False)
    left, right = _sides(picture, y_ticks)
    x_ticks = ticks(picture.x, width - left - right, True)
    left, right = _margins(picture, width - left - right, x_ticks, y_ticks)
    plot_width, height = _squared(picture, width - left - right, max(height, TALLEST_SQUARE if picture.square else 0))
    y_ticks = ticks(picture.y, height, False) if picture.square else y_ticks
    return Frame(
        picture, plot_width, height, ticks(picture.x, plot_width, True), y_ticks, left, width - left - plot_width
    )


def _squared(picture: Picture, width: float, height: float) -> tuple[float, float]:
    """Return the largest size within this one at which the units of both axes are equally long, if they have to be."""
    if not picture.square:
        return width, height
    across, up = (high - low for low, high in (picture.x.domain, picture.y.domain))
    unit = min(width / across, height / up)
    return unit * across, unit * up


def _margins(picture: Picture, width: float, x_ticks: Ticks, y_ticks: Ticks) -> tuple[float, float]:
    """Return the margins left and right: for the y ticks, and for what the outermost x ticks stick out."""
    left, right = _sides(picture, y_ticks)
    if not x_ticks.texts:
        return left, right
    if x_ticks.tilted:
        return max(
            left, 4 + 0.82 * text_width(x_ticks.texts[0]) - width * fraction(picture.x, x_ticks.values[0])
        ), right
    return left, max(right, text_width(x_ticks.texts[-1]) / 2 - width * (1 - fraction(picture.x, x_ticks.values[-1])))


def _top(picture: Picture) -> float:
    return (0 if picture.y.hidden else 30) + (14 if any(isinstance(mark, Text) for mark in picture.marks) else 0)


def _bottom(picture: Picture) -> float:
    return 0 if picture.x.hidden else 46


def _sides(picture: Picture, y_ticks: Ticks) -> tuple[float, float]:
    """Return the margins left and right, were it not for x ticks; without axes there are none."""
    if picture.x.hidden and picture.y.hidden:
        return 0.0, 0.0
    return 12 + _widest(y_ticks) if y_ticks.texts else 8, 16.0


def _widest(ticks: Ticks) -> float:
    return max(map(text_width, ticks.texts))


def text_width(text: str) -> float:
    """Return about how wide a text is, its widest line, at 13 pixels."""
    return 7.8 * max(map(len, text.split("\n")))


def fraction(axis: Axis, value: float) -> float:
    """Return where on the axis a value stands: 0 at its low end, 1 at its high end."""
    f = math.log if axis.scale == "log" else float
    low, high = map(f, axis.domain)
    return (f(value) - low) / (high - low)


def _inside(axis: Axis, value: float) -> bool:
    return axis.domain[0] <= value <= axis.domain[1]


def ticks(axis: Axis, pixels: float, horizontal: bool) -> Ticks:
    """Return the ticks of an axis that has `pixels`: as many as stand apart, at round values."""
    if axis.hidden:
        return Ticks([], [])
    if axis.categories:
        return _categories(axis.categories, pixels, horizontal)

    def apart(attempt: Ticks) -> bool:
        places = [pixels * fraction(axis, value) for value in attempt.values]
        widths = [text_width(text) for text in attempt.texts]
        needed = [(one + other) / 2 + 16 if horizontal else 36 for one, other in pairwise(widths)]
        return all(b - a >= least for (a, b), least in zip(pairwise(places), needed, strict=True))

    attempts = attempts_at(axis.domain, axis.scale)
    return next(filter(apart, attempts), attempts[-1])


def _categories(names: tuple[str, ...], pixels: float, horizontal: bool) -> Ticks:
    """Return names side by side; where they do not fit, a word a line; where that does not fit either, tilted."""
    slot = pixels / len(names)

    def fit(texts: tuple[str, ...]) -> bool:
        return not horizontal or max(map(text_width, texts)) <= slot - 4

    wrapped = tuple(name.replace(" ", "\n") for name in names)
    texts = names if fit(names) or not fit(wrapped) else wrapped
    every = math.ceil(18 / slot)
    return Ticks(list(range(0, len(names), every)), list(texts[::every]), not fit(texts))


SIZE, LARGE = 13, 24  # of type, in pixels


class Word(NamedTuple):
    """Words so many pixels right of and below the point (x, y)."""

    text: str
    x: float
    y: float
    right: float
    down: float
    align: Literal["left", "center", "right"]
    color: Color
    size: float = SIZE


class Box(NamedTuple):
    """A rectangle in pixels from the top left corner of the plot area."""

    left: float
    right: float
    top: float
    bottom: float


def words(frame: Frame) -> list[Word]:
    """Return all words on the picture.

    A text stays where it belongs, or goes; a label takes the first place that is free, of lines too if there is one.
    """
    picture = frame.picture
    marks = [mark for mark in picture.marks if isinstance(mark, Text | Rule | Arrow) and on_picture(mark, picture)]
    rules = [mark for mark in marks if isinstance(mark, Rule)]
    placed: list[Word] = []
    for mark in marks:
        if isinstance(mark, Text):
            word = _beside(mark, frame) if mark.beside else _above(mark, frame)
            placed += [word] if _free(word, placed, [], frame) else []
    placed += [word for mark in picture.marks if isinstance(mark, Table) for word in _captions(mark, frame)]
    placed += [_tail(mark, frame) for mark in marks if isinstance(mark, Arrow) and mark.label]
    lines = [_rule_box(rule, frame) for rule in rules]
    for rule in rules:
        if rule.label:
            places = _level_places(rule, frame) if rule.x is None else _upright_places(rule, frame)
            free = [word for obstacles in (lines, []) for word in places if _free(word, placed, obstacles, frame)]
            placed.append((free or places)[0])
    return placed


BESIDE = 14  # pixels between a point, which a handle may cover in the page, and the words beside it


def _above(mark: Text, frame: Frame) -> Word:
    size = LARGE if mark.large else SIZE
    return _pulled_in(Word(mark.text, mark.x, mark.y, 0, -11 * size / SIZE, "center", mark.color, size), frame)


def _beside(mark: Text, frame: Frame) -> Word:
    """Return the words above their point and right of it, or left where there is no room."""
    right = Word(mark.text, mark.x, mark.y, BESIDE, -11, "left", mark.color)
    return right._replace(right=-BESIDE, align="right") if _sticks_out(right, frame) else right


def on_picture(mark: Rule | Text | Arrow, picture: Picture) -> bool:
    """Return whether the mark stands within the domains; one that does not, or is not finite, is not drawn."""
    if isinstance(mark, Arrow):
        return bool(arrows(mark, picture))
    return all(at is None or _inside(axis, at) for axis, at in ((picture.x, mark.x), (picture.y, mark.y)))


def _free(word: Word, placed: list[Word], lines: list[Box], frame: Frame) -> bool:
    a = word_box(word, frame)
    boxes = [word_box(other, frame) for other in placed] + lines
    return not any(a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom for b in boxes)


def word_box(word: Word, frame: Frame) -> Box:
    """Return the rectangle that the words fill."""
    x, y = frame.place(word.x, word.y)
    width = text_width(word.text) * word.size / SIZE
    half = 9 * word.size / SIZE
    left = x + word.right - width * {"left": 0, "center": 0.5, "right": 1}[word.align]
    return Box(left, left + width, y + word.down - half, y + word.down + half)


def _rule_box(rule: Rule, frame: Frame) -> Box:
    if rule.x is None:
        y = frame.place(frame.picture.x.domain[0], rule.y)[1]
        return Box(0, frame.width, y - 2, y + 2)
    x = frame.place(rule.x, frame.picture.y.domain[0])[0]
    return Box(x - 2, x + 2, 0, frame.height)


def _upright_places(rule: Rule, frame: Frame) -> list[Word]:
    """Return places near the top of the rule, on its right and on its left."""
    top = frame.picture.y.domain[1]
    places = [
        Word(rule.label, rule.x, top, right, 10 + 18 * line, align, rule.color)
        for line in range(4)
        for right, align in ((7, "left"), (-7, "right"))
    ]
    boxes = [word_box(word, frame) for word in places]
    whole = [
        w for w, box in zip(places, boxes, strict=True) if -frame.left <= box.left and box.right <= frame.width + 16
    ]
    return whole or places


def _level_places(rule: Rule, frame: Frame) -> list[Word]:
    """Return places above and below the right end of the rule, then its left end."""
    low, high = frame.picture.x.domain
    ends = ((high, 0, "right"), (low, 4, "left"))
    return [
        Word(rule.label, x, rule.y, right, down, align, rule.color) for x, right, align in ends for down in (-11, 11)
    ]


def arrows(mark: Arrow, picture: Picture) -> list[tuple[float, float, float, float]]:
    """Return the ends (x0, y0, x1, y1) of the arrows that stand within the domains."""
    ends = [mark.columns()[name].tolist() for name in ("x0", "y0", "x1", "y1")]
    return [
        (x0, y0, x1, y1)
        for x0, y0, x1, y1 in zip(*ends, strict=True)
        if all(_inside(picture.x, x) for x in (x0, x1)) and all(_inside(picture.y, y) for y in (y0, y1))
    ]


def _tail(mark: Arrow, frame: Frame) -> Word:
    """Return the label behind the tail of the first arrow, or above or below it where there is no room behind it."""
    tail_x, tail_y, head_x, head_y = arrows(mark, frame.picture)[0]
    (x0, y0), (x1, y1) = frame.place(tail_x, tail_y), frame.place(head_x, head_y)
    side = math.copysign(6, x0 - x1)
    behind = Word(mark.label, tail_x, tail_y, side, 0, "left" if side > 0 else "right", mark.color)
    if abs(y1 - y0) < abs(x1 - x0) and _sticks_out(behind, frame) == 0:
        return behind
    return _pulled_in(behind._replace(right=0, down=math.copysign(11, y0 - y1), align="center"), frame)


GAP, CAPTION = 6, 18  # pixels between tiles, and of the line under one


def tiles(mark: Table, box: Box) -> list[Box]:
    """Return where each table of a mark stands: as many side by side as make them largest, with room for captions."""
    width, height = box.right - box.left, box.bottom - box.top
    _, rows, columns = mark.to_bytes().shape[:3]
    if not (mark.tiles or mark.square):
        return [box]
    caption = CAPTION if mark.captions else 0

    def slot(across: int) -> tuple[float, float]:
        down = math.ceil(mark.items / across)
        return (width - GAP * (across - 1)) / across, (height - GAP * (down - 1)) / down

    def side(across: int) -> float:
        return min(slot(across)[0] / columns, (slot(across)[1] - caption) / rows)

    widest = max(map(text_width, mark.captions), default=0)
    choices = [across for across in range(1, mark.items + 1) if slot(across)[0] >= widest] or [1]
    across = max(choices, key=side)
    (slot_width, slot_height), cell = slot(across), side(across)
    boxes = []
    for i in range(mark.items):
        left = box.left + (i % across) * (slot_width + GAP) + (slot_width - cell * columns) / 2
        top = box.top + (i // across) * (slot_height + GAP) + (slot_height - caption - cell * rows) / 2
        boxes.append(Box(left, left + cell * columns, top, top + cell * rows))
    return boxes


def _captions(mark: Table, frame: Frame) -> list[Word]:
    corner = frame.box(mark)
    return [
        Word(
            text,
            mark.x0,
            mark.y1,
            (box.left + box.right) / 2 - corner.left,
            box.bottom - corner.top + 8,
            "center",
            "ink",
        )
        for text, box in zip(mark.captions, tiles(mark, corner), strict=False)
    ]


def dot_scale(x: ArrayLike, y: ArrayLike) -> float:
    """Return how much smaller dots at these pixels are drawn so that most do not merge: at least 0.4 of their size.

    Half of them are nearer than the median to their neighbour: at 9 pixels, the width of a dot, none is made smaller.
    """
    places = np.stack([np.asarray(x, np.float64), np.asarray(y, np.float64)], axis=-1)
    places = places[np.isfinite(places).all(axis=-1)]
    if len(places) < 2:
        return 1.0
    squares = ((places[:, None] - places) ** 2).sum(axis=-1)
    np.fill_diagonal(squares, np.inf)
    # the lower of the two in the middle, as the page has it
    nearest = np.sort(squares.min(axis=1))[(len(places) - 1) // 2] ** 0.5
    return float(np.clip(nearest / 9, 0.4, 1))


LETTER = 7.83  # pixels: the width of every letter of a passage, whose face is mono


def passage_lines(mark: Passage, width: float) -> list[list[tuple[str, bool]]]:
    """Return the passage broken at spaces into lines this wide, each in pieces as `Passage.pieces` has them."""
    room = max(1, int(width / LETTER))
    lines: list[list[tuple[str, bool]]] = [[]]
    used = 0
    for piece, marked in mark.pieces():
        for word in re.findall(r" +|[^ ]+", piece):
            if used and used + len(word) > room:
                lines.append([])
                used = 0
            if used or word.strip():
                lines[-1].append((word, marked))
                used += len(word)
    return lines


def _sticks_out(word: Word, frame: Frame) -> float:
    """Return how far the words reach over the right edge of the picture, or, negative, over the left one."""
    box = word_box(word, frame)
    return max(0.0, box.right - frame.width - frame.right) + min(0.0, box.left + frame.left)


def _pulled_in(word: Word, frame: Frame) -> Word:
    return word._replace(right=word.right - _sticks_out(word, frame))
