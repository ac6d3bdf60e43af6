"""What Matplotlib draws: each mark at its numbers, in its colour; the same bytes for the same picture, everywhere."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import matplotlib
import numpy as np
import pictures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.collections import FillBetweenPolyCollection, LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.offsetbox import AnnotationBbox, TextArea
from matplotlib.patches import Rectangle
from matplotlib.text import Annotation

from kdlab.explore.draw import draw, text_color, to_svg
from kdlab.explore.draw_marks import MARKERS, PALETTE
from kdlab.explore.marks import SHAPES
from kdlab.explore.picture import (
    COLORS,
    Arrow,
    Axis,
    Band,
    Bars,
    Image,
    Line,
    Picture,
    Points,
    Rects,
    Rule,
    Sheet,
    Text,
)

X, Y = Axis("x (steps)", (0, 10)), Axis("y (units)", (-1, 4))


def drawn(*marks, x=X, y=Y):
    """Return the axes of the picture that holds these marks."""
    (axes,) = draw(Picture(x, y, marks, "Something is shown.")).axes
    return axes


def of_kind(axes, kind):
    return [artist for artist in axes.get_children() if type(artist) is kind]


def test_bars_start_at_zero_and_end_at_their_heights():
    axes = drawn(Bars([1, 3, 5], [2, -0.5, np.nan], [1, -1, 0], [3, 0, 1], color="orange", width=1.5))
    bars = [bar for bar in axes.patches if np.isfinite(bar.get_height())]
    boxes = [bar.get_bbox() for bar in bars]
    assert [[*box.min, *box.max] for box in boxes] == [[0.25, 0, 1.75, 2], [2.25, -0.5, 3.75, 0]]
    assert {to_hex(bar.get_facecolor()) for bar in bars} == {PALETTE["orange"]}
    (whiskers,) = of_kind(axes, LineCollection)
    assert [segment.tolist() for segment in whiskers.get_segments()] == [
        [[1, 1], [1, 3]],
        [[3, -1], [3, 0]],
        [[5, 0], [5, 1]],
    ]


def test_a_line_keeps_its_points_and_its_gap():
    axes = drawn(Line([0, 1, 2], [1, np.nan, 3], color="green", dashed=True), Line([0, 1], [2, 2], color="purple"))
    dashed, solid = axes.lines[-2:]
    np.testing.assert_array_equal(dashed.get_xydata(), [[0, 1], [1, np.nan], [2, 3]])
    np.testing.assert_array_equal(solid.get_xydata(), [[0, 2], [1, 2]])
    assert (dashed.get_color(), solid.get_color()) == (PALETTE["green"], PALETTE["purple"])
    assert dashed.is_dashed()
    assert not solid.is_dashed()


def test_points_are_told_apart_by_colour_and_by_marker():
    axes = drawn(*(Points([i], [1], [0], [2], color=color) for i, color in enumerate(COLORS)))
    dots = axes.lines[-8:]
    assert [dot.get_xydata().tolist() for dot in dots] == [[[i, 1]] for i in range(8)]
    assert [to_hex(dot.get_color()) for dot in dots] == [PALETTE[color] for color in COLORS]
    assert len({(dot.get_marker(), dot.get_markersize()) for dot in dots}) == 8
    assert [whisker.get_segments()[0].tolist() for whisker in of_kind(axes, LineCollection)] == [
        [[i, 0], [i, 2]] for i in range(8)
    ]


def test_points_outside_are_left_out():
    axes = drawn(Points([-1, 5, 5, 11], [0, 5, 1, 0]))
    np.testing.assert_array_equal(axes.lines[-1].get_xydata(), [[np.nan, 0], [5, np.nan], [5, 1], [np.nan, 0]])


def test_a_band_lies_between_low_and_high():
    (band,) = of_kind(drawn(Band([0, 5, 10], [0, 1, 0], [2, 3, 2], color="purple")), FillBetweenPolyCollection)
    corners = {tuple(corner) for corner in band.get_paths()[0].vertices}
    assert corners == {(0, 0), (5, 1), (10, 0), (0, 2), (5, 3), (10, 2)}
    assert to_hex(band.get_edgecolor()[0]) == PALETTE["purple"]
    assert band.get_facecolor()[0][3] == 0.2


def test_rules_cross_the_whole_picture():
    axes = drawn(Rule(x=7, color="blue"), Rule(y=2, color="green"), Rule(x=11), Rule(y=np.nan))
    upright, level = axes.lines[-2:]
    assert upright.get_xydata().tolist() == [[7, 0], [7, 1]]
    assert level.get_xydata().tolist() == [[0, 2], [1, 2]]
    assert upright.get_transform() == axes.get_xaxis_transform("grid")
    assert level.get_transform() == axes.get_yaxis_transform("grid")


def test_words_stand_above_their_point():
    axes = drawn(Text(5, 2, "here", color="blue"), Text(50, 2, "outside"))
    (word,) = of_kind(axes, Annotation)
    assert (word.get_text(), word.xy, word.get_color()) == ("here", (5, 2), text_color("blue"))
    axes.figure.draw_without_rendering()
    box = word.get_window_extent()
    x, y = axes.transData.transform((5, 2))
    assert (box.x0 + box.x1) / 2 == pytest.approx(x, abs=1)
    assert y < box.y0 < y + 8


def test_an_arrow_goes_from_tail_to_head():
    label, arrow = sorted(
        of_kind(drawn(Arrow(1, 0, 4, 3, color="orange", label="up")), Annotation), key=Annotation.get_text
    )[::-1]
    assert (arrow.get_text(), arrow.xyann, arrow.xy) == ("", (1, 0), (4, 3))
    assert (label.get_text(), label.xy) == ("up", (1, 0))
    assert of_kind(drawn(Arrow(1, 0, 40, 3)), Annotation) == []


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_an_image_fills_its_box_first_row_on_top(scale):
    axes = drawn(Image([[0, 0.25], [0.5, 1]], 1, 10, 1, 3), x=Axis("x", (0.1, 100), scale))
    (image,) = of_kind(axes, AxesImage)
    np.testing.assert_allclose(image.get_array(), np.repeat([[[1], [0.75]], [[0.5], [0]]], 3, axis=2), atol=1 / 255)
    assert image.origin == "upper"
    left, right, bottom, top = image.get_extent()
    corners = axes.transAxes.transform([(left, bottom), (right, top)])
    np.testing.assert_allclose(axes.transData.inverted().transform(corners), [[1, 1], [10, 3]], rtol=1e-9)
    (frame,) = of_kind(axes, Rectangle)[:1]
    assert (frame.get_x(), frame.get_y()) == (left, bottom)


def test_a_square_image_has_square_pixels_in_the_middle_of_its_box():
    axes = drawn(Image(np.zeros((2, 4)), 2, 4, 0, 4, square=True))
    left, right, bottom, top = of_kind(axes, AxesImage)[0].get_extent()
    (x0, y0), (x1, y1) = axes.transAxes.transform([(left, bottom), (right, top)])
    assert (x1 - x0) / 4 == pytest.approx((y1 - y0) / 2)
    centre = axes.transData.inverted().transform(((x0 + x1) / 2, (y0 + y1) / 2))
    np.testing.assert_allclose(centre, [3, 2])
    assert axes.transData.inverted().transform([(x0, y0), (x1, y1)])[:, 0].tolist() == pytest.approx([2, 4])


def test_axes_show_domains_labels_and_categories():
    axes = drawn(x=Axis("class", categories=("cat", "dog")), y=Axis("T (no unit)", (0.1, 10), "log"))
    assert (axes.get_xlim(), axes.get_ylim()) == ((-0.5, 1.5), (0.1, 10))
    assert (axes.get_xscale(), axes.get_yscale()) == ("linear", "log")
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("class", "T (no unit)")
    assert [tick.get_text() for tick in axes.get_xticklabels()] == ["cat", "dog"]
    assert axes.get_xticks().tolist() == [0, 1]


def test_what_cannot_stand_on_a_log_axis_is_left_out():
    axes = drawn(Line([0, 1, 10], [1, -1, 2]), x=Axis("x", (0.1, 10), "log"), y=Axis("y", (0.1, 10), "log"))
    np.testing.assert_array_equal(axes.lines[-1].get_xydata(), [[np.nan, 1], [1, np.nan], [10, 2]])


def test_marks_are_clipped_only_where_they_stick_out():
    axes = drawn(Line([0, 10], [-1, 4]), Line([0, 10], [0, 5]), Bars([1], [4]), Bars([2], [5]))
    assert [line.get_clip_on() for line in axes.lines[-2:]] == [False, True]
    assert [bar.get_clip_on() for bar in axes.patches] == [False, True]


def test_legend_names_the_labelled_series_in_order():
    axes = drawn(
        Line([0], [0], label="line"),
        Rule(x=1, label="not in it"),
        Bars([1], [1], label="bars"),
        Points([1], [1], label="dots"),
    )
    (legend,) = of_kind(axes, AnnotationBbox)
    assert [text.get_text() for text in legend.findobj(TextArea)] == ["line", "bars", "dots"]
    assert of_kind(drawn(Line([0], [0])), AnnotationBbox) == []


@pytest.mark.parametrize("make", pictures.ALL)
def test_everything_lies_within_the_figure(make):
    figure = draw(make())
    box = figure.get_tightbbox()
    assert box.x0 >= -0.01
    assert box.y0 >= -0.01
    assert box.x1 <= figure.get_figwidth() + 0.01
    assert box.y1 <= figure.get_figheight() + 0.01


def test_given_axes_are_drawn_into():
    figure = Figure(figsize=(8, 4))
    left, right = figure.subplots(1, 2)
    assert draw(pictures.entropies(), right) is figure
    assert right.get_ylabel() == "entropy H (nats)"
    assert left.get_ylabel() == ""


def elsewhere(code):
    """Return what this code prints in a fresh process, with another hash seed and another time zone."""
    setting = {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "PYTHONPATH": str(Path(pictures.__file__).parent)}
    code = "import sys, pictures\nfrom kdlab.explore.draw import draw, to_svg\n" + code
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=os.environ | setting, capture_output=True, check=True, text=True).stdout


@pytest.mark.parametrize("make", pictures.ALL)
def test_svg_is_the_same_bytes_in_another_process_and_with_other_settings(make):
    with matplotlib.style.context("ggplot"), matplotlib.rc_context({"font.size": 30, "svg.fonttype": "none"}):
        svg = to_svg(make())
    assert svg == elsewhere(f"sys.stdout.write(to_svg(pictures.{make.__name__}()))")


def test_words_are_set_in_the_face_of_the_book():
    words = Picture(Axis("temperature T", (1, 20)), Axis("λ, σ and ±"), (Text(5, 0.5, "1,297 images"),), "Words.")
    assert set(re.findall(r'href="#(\w+)-Regular-', to_svg(words))) == {"StillSans"}


def test_pictures_of_the_only_row_are_as_high_as_a_square_one_and_else_high_enough():
    plain = Picture(Axis("x"), Axis("y"), (Line([0, 1], [0, 1]),), "A line.")
    square = Picture(Axis("x", hidden=True, square=True), Axis("y", hidden=True), (Points([0.5], [0.5]),), "A map.")

    def heights(*rows):
        figure = draw(Sheet(rows, "A sheet."))
        return [axes.get_position().height * figure.get_figheight() * 96 for axes in figure.axes]

    alone, _ = heights((plain, plain))
    assert alone == pytest.approx(280 - 30 - 46, abs=0.5)
    beside, of_map = heights((plain, square))
    assert beside + 30 + 46 == pytest.approx(max(280, of_map), abs=0.5)
    assert heights((plain, plain), (plain, plain))[0] < alone


def test_a_swatch_is_as_faint_as_its_mark():
    faint = Rects([0], [1], [0], [1], color="blue", faint=0.3, label="faint")
    svg = to_svg(Picture(Axis("x"), Axis("y"), (faint,), "Faint."))
    assert svg.count("opacity: 0.7") == 2


def test_svg_is_one_element_without_date_or_outside_reference():
    svg = to_svg(pictures.every_mark(), width_inches=4)
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.get("width") == "288pt"
    assert "date" not in svg
    references = [value for node in root.iter() for name, value in node.attrib.items() if name.endswith("href")]
    assert all(reference.startswith(("#", "data:image/png;base64,")) for reference in references)


def test_no_global_state_is_touched():
    answer = elsewhere("draw(pictures.entropies()); sys.stdout.write(str('matplotlib.pyplot' in sys.modules))")
    assert answer == "False"


anything = st.floats() | st.floats(-3, 3)
columns = st.integers(0, 5).flatmap(
    lambda n: st.lists(st.lists(anything, min_size=n, max_size=n), min_size=4, max_size=4)
)


@st.composite
def any_picture(draw_):
    """Pictures with the numbers a widget may compute: outside, negative, not finite."""
    axes = draw_(st.sampled_from([(X, Y), (Axis("T", (0.1, 20), "log"), Y), (X, Axis("T", (0.1, 20), "log"))]))
    marks = []
    for _ in range(draw_(st.integers(0, 4))):
        a, b, c, d = draw_(columns)
        one, two, three, four = (draw_(anything) for _ in range(4))
        choices = [Line(a, b), Points(a, b, c, d), Band(a, b, c), Rule(x=one, label="r"), Rule(y=one, label="r")]
        choices += [Text(one, two, "t"), Arrow(one, two, three, four, label="a")]
        choices += [Bars(a, b, c, d)] if axes[1].scale == "linear" else []
        marks.append(draw_(st.sampled_from(choices)))
    return Picture(*axes, tuple(marks), "Anything.")


@given(any_picture())
def test_any_numbers_are_drawn_without_a_warning(picture):
    assert to_svg(picture)


def test_every_colour_and_every_shape_is_drawn():
    assert tuple(PALETTE) == COLORS
    assert tuple(MARKERS) == SHAPES
    assert all(Line2D([], [], marker=marker) for marker, _ in MARKERS.values())
