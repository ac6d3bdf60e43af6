"""Ticks stand at round values and apart; words do not cover one another."""

import itertools
import math

import numpy as np
import pictures
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kdlab.explore.layout import (
    LETTER,
    TALLEST_SQUARE,
    Word,
    dot_scale,
    frame_around,
    passage_lines,
    text_width,
    ticks,
    tiles,
    word_box,
    words,
)
from kdlab.explore.picture import Arrow, Axis, Image, Passage, Picture, Rule, Text

widths = st.integers(280, 760)
shares = st.floats(0.05, 0.95)


def read(text):
    """Return the number a tick label shows."""
    if text.startswith("10") and not text[2:3].isascii():
        return 10.0 ** int(text[2:].translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")))
    return float(text.replace("−", "-").replace(",", ""))


@given(st.floats(-1e6, 1e6), st.floats(1e-5, 1e6), st.integers(150, 740), st.booleans())
def test_linear_ticks_are_round_labelled_rightly_and_apart(low, span, pixels, horizontal):
    assume(low + span > low + span / 2 > low)
    span = max(span, abs(low) * 1e-6)
    found = ticks(Axis("x", (low, low + span)), pixels, horizontal)
    steps = np.diff(found.values)
    assert all(low - 1e-6 * span <= value <= low + span * (1 + 1e-6) for value in found.values)
    assert [read(text) for text in found.texts] == pytest.approx(found.values, abs=1e-9 * span, rel=1e-12)
    if len(steps) > 1:
        assert steps == pytest.approx(steps[0])
        assert any(steps[0] / 10.0 ** round(math.log10(steps[0] / d)) == pytest.approx(d) for d in (1, 2, 5))
        places = [(value - low) / span * pixels for value in found.values]
        needed = [text_width(text) if horizontal else 16 for text in found.texts]
        assert all(
            b - a > (n + m) / 2 for (a, b), (n, m) in zip(*map(itertools.pairwise, (places, needed)), strict=True)
        )


@given(st.floats(-8, 6), st.floats(0.02, 12), st.integers(200, 740), st.booleans())
def test_log_ticks_lie_inside_and_are_labelled_rightly(start, decades, pixels, horizontal):
    low, high = 10.0**start, 10.0 ** (start + decades)
    found = ticks(Axis("x", (low, high), "log"), pixels, horizontal)
    assert found.values
    assert all(low * (1 - 1e-6) <= value <= high * (1 + 1e-6) for value in found.values)
    assert [read(text) for text in found.texts] == pytest.approx(found.values, rel=1e-6)


@pytest.mark.parametrize(
    ("axis", "pixels", "texts"),
    [
        (Axis("p"), 600, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (Axis("p"), 150, ["0.0", "0.5", "1.0"]),
        (Axis("x", (-1, 4)), 500, ["−1", "0", "1", "2", "3", "4"]),
        (Axis("step", (0, 60000)), 500, ["0", "10,000", "20,000", "30,000", "40,000", "50,000", "60,000"]),
        (Axis("T", (0.1, 20), "log"), 600, ["0.1", "0.2", "0.5", "1", "2", "5", "10", "20"]),
        (Axis("T", (0.1, 20), "log"), 260, ["0.1", "0.3", "1", "3", "10"]),
        (Axis("n", (1, 1e6), "log"), 600, ["10⁰", "10¹", "10²", "10³", "10⁴", "10⁵", "10⁶"]),
        (Axis("n", (1e-6, 1), "log"), 200, ["10⁻⁶", "10⁻⁴", "10⁻²", "10⁰"]),
        (Axis("n", (12, 18), "log"), 600, ["12", "14", "16", "18"]),
        (Axis("c", categories=("cat", "dog")), 200, ["cat", "dog"]),
        (Axis("c", categories=("weight decay", "label smoothing")), 160, ["weight\ndecay", "label\nsmoothing"]),
    ],
)
def test_ticks_by_example(axis, pixels, texts):
    found = ticks(axis, pixels, horizontal=True)
    assert found.texts == texts
    assert not found.tilted


def test_names_too_long_for_their_place_are_tilted_and_thinned_only_when_lines_would_touch():
    names = tuple(f"long name {i}" for i in range(10))
    assert ticks(Axis("c", categories=names), 300, True) == (list(range(10)), list(names), True)
    letters = tuple("abcdefghijklmnopqrstuvwxyz")
    assert ticks(Axis("c", categories=letters), 300, True).texts == list("acegikmoqsuwy")


@given(widths)
def test_layout_fills_the_width(width):
    for make in pictures.ALL:
        frame = frame_around(make(), width)
        assert frame.left + frame.width + frame.right == pytest.approx(width)
        assert frame.height >= 120
        assert frame.place(frame.picture.x.domain[0], frame.picture.y.domain[1]) == pytest.approx((0, 0))
        corner = frame.place(frame.picture.x.domain[1], frame.picture.y.domain[0])
        assert corner == pytest.approx((frame.width, frame.height))


@pytest.mark.parametrize(("width", "height"), [(280, 260), (328, 260), (760, 760 * 9 / 16)])
def test_layout_is_high_enough_on_a_phone_and_16_to_9_on_a_desk(width, height):
    frame = frame_around(pictures.entropies(), width)
    assert frame.top + frame.height + frame.bottom == pytest.approx(height, rel=0.01)


@given(widths, st.floats(0.5, 20), st.floats(0.5, 20))
def test_units_of_a_square_picture_are_equally_long(width, across, up):
    frame = frame_around(Picture(Axis("x", (0, across)), Axis("y", (0, up), square=True), (), "A plane."), width)
    assert frame.width / across == pytest.approx(frame.height / up)
    assert frame.left + frame.width + frame.right == pytest.approx(width)
    assert frame.height <= max(TALLEST_SQUARE, frame_around(pictures.entropies(), width).height) + 20


@given(st.integers(1, 70), st.integers(1, 28), st.integers(1, 28), st.booleans(), widths)
def test_tiles_are_alike_square_in_their_cells_inside_and_apart(count, rows, columns, captioned, width):
    captions = tuple(str(i) for i in range(count)) if captioned else ()
    mark = Image(np.zeros((count, rows, columns)), 0, 1, 0, 1, tiles=True, captions=captions)
    frame = frame_around(Picture(Axis("x"), Axis("y"), (mark,), "Tiles."), width)
    boxes = tiles(mark, frame.box(mark))
    assert len(boxes) == count
    sizes = np.array([(box.right - box.left, box.bottom - box.top) for box in boxes])
    assume(sizes.min() > 0)
    np.testing.assert_allclose(sizes, np.broadcast_to(sizes[0], sizes.shape), atol=1e-9)
    assert sizes[0, 0] / columns == pytest.approx(sizes[0, 1] / rows)
    assert all(-1e-9 <= box.left and box.right <= frame.width + 1e-9 for box in boxes)
    assert all(-1e-9 <= box.top and box.bottom <= frame.height + 1e-9 for box in boxes)
    assert not any(overlap(a, b) for a, b in itertools.combinations(boxes, 2))


@given(st.text("abc de", min_size=1, max_size=60).filter(str.strip), st.integers(60, 400), st.data())
def test_a_passage_loses_no_word_and_keeps_its_marked_letters(text, width, data):
    start = data.draw(st.integers(0, len(text) - 1))
    mark = Passage(text, ((start, data.draw(st.integers(start + 1, len(text)))),))
    lines = passage_lines(mark, width)
    letters = [(letter, marked) for line in lines for piece, marked in line for letter in piece if letter != " "]
    expected = [(letter, marked) for piece, marked in mark.pieces() for letter in piece if letter != " "]
    assert letters == expected
    room = int(width / LETTER)
    longest = max(map(len, text.split()))
    assert all(sum(len(piece.rstrip()) for piece, _ in line[-1:]) <= max(room, longest) for line in lines)


def overlap(a, b):
    return a.left < b.right and b.left < a.right and a.top < b.bottom and b.top < a.bottom


@given(st.lists(st.tuples(shares, shares, st.text("abc 0.", min_size=1, max_size=6)), max_size=12), widths)
def test_texts_never_overlap_and_only_those_in_the_way_are_left_out(points, width):
    picture = Picture(Axis("x"), Axis("y"), tuple(Text(*point) for point in points), "Texts.")
    frame = frame_around(picture, width)
    boxes = [word_box(word, frame) for word in words(frame)]
    assert not any(overlap(a, b) for a, b in itertools.combinations(boxes, 2))
    for x, y, text in points:
        box = word_box(Word(text, x, y, 0, -11, "center", "grey"), frame)
        inside = -frame.left < box.left and box.right < frame.width + frame.right
        if inside and box not in boxes:
            assert any(overlap(box, other) for other in boxes)
    assert all(-frame.left - 1e-6 <= box.left and box.right <= frame.width + frame.right + 1e-6 for box in boxes)


@given(shares, shares, shares, widths)
def test_labels_of_two_upright_rules_and_a_level_one_stay_apart(first, second, level, width):
    rules = (Rule(x=first, label="T = 4"), Rule(x=second, label="guess"), Rule(y=level, label="most"))
    frame = frame_around(Picture(Axis("x"), Axis("y"), rules, "Rules."), width)
    boxes = [word_box(word, frame) for word in words(frame)]
    assert len(boxes) == 3
    assert not any(overlap(a, b) for a, b in itertools.combinations(boxes, 2))


@pytest.mark.parametrize(
    "mark",
    [
        Text(2, 0.5, "right of it"),
        Text(0.5, np.nan, "nowhere"),
        Rule(x=-0.1, label="left of it"),
        Rule(y=np.inf, label="nowhere"),
        Arrow(0.5, 0.5, 0.5, 2, label="out"),
        Arrow(np.nan, 0.5, 0.5, 0.5, label="from nowhere"),
    ],
)
def test_words_of_marks_outside_are_left_out(mark):
    assert words(frame_around(Picture(Axis("x"), Axis("y"), (mark,), "Outside."), 640)) == []


@pytest.mark.parametrize(
    ("ends", "align", "offset"),
    [
        ((0.4, 0.5, 0.8, 0.5), "right", (-6, 0)),
        ((0.6, 0.5, 0.2, 0.5), "left", (6, 0)),
        ((0.5, 0.8, 0.5, 0.2), "center", (0, -11)),
        ((0.5, 0.2, 0.5, 0.8), "center", (0, 11)),
    ],
)
def test_an_arrow_has_its_label_behind_its_tail(ends, align, offset):
    (word,) = words(frame_around(Picture(Axis("x"), Axis("y"), (Arrow(*ends, label="tail"),), "An arrow."), 640))
    assert (word.x, word.y, word.align, (word.right, word.down)) == (*ends[:2], align, offset)


def test_an_arrow_near_the_edge_has_its_label_in_the_picture():
    arrow = Arrow(0.97, 0.5, 0.5, 0.45, label="far too long to stand behind it")
    frame = frame_around(Picture(Axis("x"), Axis("y"), (arrow,), "An arrow."), 320)
    (word,) = words(frame)
    assert word_box(word, frame).right <= frame.width + frame.right
    assert word.align == "center"


@given(st.integers(2, 100), st.floats(0.1, 60))
def test_dots_in_a_row_are_as_wide_as_they_are_apart_at_most(count, apart):
    scale = dot_scale(np.arange(count) * apart, np.zeros(count))
    assert scale == pytest.approx(min(1, max(0.4, apart / 9)))


def test_one_dot_and_two_far_ones_keep_their_size_and_what_is_nowhere_does_not_count():
    assert dot_scale([1], [1]) == 1
    assert dot_scale([0, 30], [0, 0]) == 1
    assert dot_scale([0, 30, np.nan, 0.1], [0, 0, 0, np.nan]) == 1
