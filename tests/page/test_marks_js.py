"""What the marks of the page look like, cell by cell; what can be held and what moves; where a pixel stands."""

import dataclasses

import numpy as np
import pictures
import pytest
from matplotlib.colors import to_rgb
from matplotlib.markers import MarkerStyle
from test_picture_js import SCRIPTS, pixels, show

from kdlab.explore import palette
from kdlab.explore.draw_marks import MARKERS, cell_colors
from kdlab.explore.marks import SHAPES
from kdlab.explore.picture import (
    Arrow,
    Axis,
    Band,
    Bars,
    Heatmap,
    Image,
    Line,
    Picture,
    Points,
    Rects,
    Rule,
    Segments,
    Sheet,
    Text,
    crowd,
)

pytestmark = pytest.mark.page

X, Y = Axis("x", (0, 10)), Axis("y", (-1, 4))
WAVE = np.sin(np.arange(24) / 2).reshape(4, 6)
MAPS = [
    Heatmap(np.where(WAVE == WAVE[1, 1], np.nan, WAVE), 0, 10, 0, 4, color="green"),
    Heatmap(WAVE, 0, 10, 0, 4, kind="two"),
    Heatmap(np.arange(24).reshape(4, 6) // 3, 0, 10, 0, 4, kind="classes"),
    Heatmap(np.stack([WAVE**2, 0.5 * (1 - WAVE**2), 0.5 * (1 - WAVE**2)], axis=-1), 0, 10, 0, 4, kind="mix"),
]


CORNERS = "(one) => { const { x, y, width, height } = one.getBBox(); return [x, y, x + width, y + height]; }"


def of(*marks, x=X, y=Y):
    return Picture(x, y, marks, "Something is shown.")


@pytest.mark.parametrize("shape", SHAPES)
def test_shapes_are_those_of_paper(bench, shape):
    page = show(bench, of(Points([5], [1], shape=shape)))
    box = page.locator(".kd-plot [data-mark=points] path").evaluate(CORNERS)
    marker, size = MARKERS[shape]
    style = MarkerStyle(marker)
    (left, bottom), (right, top) = style.get_path().transformed(style.get_transform()).get_extents().get_points() * size
    np.testing.assert_allclose(box, [left, -top, right, -bottom], atol=0.15)


@pytest.mark.parametrize("mark", MAPS, ids=lambda mark: mark.kind)
def test_cells_of_a_heat_map_have_the_colours_of_paper_and_of_the_dark_page(bench, mark):
    page = show(bench, of(mark))
    canvas = page.locator(".kd-plot canvas")
    there = mark.to_bytes()[0].reshape(4, 6, -1).any(axis=-1)
    light = pixels(canvas)
    np.testing.assert_array_equal(light[..., 3], 255 * there)
    np.testing.assert_allclose(light[there][:, :3], 255 * cell_colors(mark)[0][there], atol=1)
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.wait_for_function(
        """before => document.querySelector(".kd-plot canvas").getContext("2d")
            .getImageData(0, 0, 1, 1).data[0] !== before""",
        arg=int(light[0, 0, 0]),
    )
    dark = pixels(canvas)
    ends = {name: 255 * np.array(to_rgb(pair[1])) for name, pair in (palette.MARKS | palette.GROUND).items()}
    if mark.kind == "one":
        np.testing.assert_allclose(
            dark[np.nanargmax(mark.values) // 6, np.nanargmax(mark.values) % 6, :3], ends["green"], atol=1
        )
    if mark.kind == "classes":
        np.testing.assert_allclose(dark[0, 0, :3], ends["blue"], atol=1)


def test_zero_is_paper_where_there_are_two_colours(bench):
    page = show(bench, of(Heatmap([[-2.0, 0.0, 1.0]], 0, 10, 0, 4, kind="two")))
    cells = pixels(page.locator(".kd-plot canvas"))[0, :, :3]
    assert cells[1].tolist() == [255, 255, 255]
    np.testing.assert_allclose(cells[0], 255 * np.array(to_rgb(palette.MARKS["blue"][0])), atol=1)


def test_a_hatch_lies_over_the_masked_cells_alone(bench):
    mask = np.zeros((4, 6), bool)
    mask[1, 2:5] = True
    page = show(bench, of(Heatmap(WAVE, 0, 10, 0, 4, hatch=mask)))
    boxes = [page.locator(f".kd-plot [data-mark=heatmap] {tag}").evaluate(CORNERS) for tag in ("foreignObject", "path")]
    whole, hatch = np.array(boxes)
    left, top = whole[:2]
    width, height = whole[2:] - whole[:2]
    expected = [left + width * 2 / 6, top + height / 4, left + width * 5 / 6, top + height / 2]
    np.testing.assert_allclose(hatch, expected, atol=3)


def test_many_points_are_one_raster_as_dense_as_they_lie(bench):
    points = Points(*np.random.default_rng(0).normal(size=(2, 5000)) + [[5], [1]], color="red")
    picture = of(points)
    page = show(bench, picture)
    cells = pixels(page.locator(".kd-plot canvas"))
    np.testing.assert_array_equal(cells[..., 3], crowd(points, picture))
    dense = cells[cells[..., 3] > 200]
    np.testing.assert_allclose(
        dense[:, :3], np.broadcast_to(255 * np.array(to_rgb(palette.MARKS["red"][0])), (len(dense), 3)), atol=2
    )


TAPPED = [
    Bars([1, 3], [2, -0.5]),
    Bars([1, 3], [2, 5], horizontal=True),
    Line([1, 2, 3], [1, 2, 1]),
    Points([1, 2], [1, 2]),
    Band([1, 2], [0, 0], [1, 2]),
    Segments([1], [1], [2], [2]),
    Rects([1, 4], [3, 6], [0, 0], [1, 1]),
    Arrow([1, 1], [1, 1], [3, 4], [2, 3]),
    Text(5, 1, "word"),
    Image(np.zeros((3, 8, 8)), 0, 10, 0, 4, tiles=True),
    Heatmap(WAVE, 0, 10, 0, 4),
]


@pytest.mark.parametrize("mark", TAPPED, ids=lambda mark: type(mark).__name__)
def test_every_item_that_sets_a_choice_has_room_for_a_finger_over_all_other_marks(bench, mark):
    keys = tuple("abc"[: mark.items])
    page = show(bench, of(dataclasses.replace(mark, sets="model", keys=keys), Line([0, 10], [0, 4])))
    taps = page.locator(".kd-plot > .kd-tap")
    data = taps.evaluate_all("all => all.map((one) => ({ ...one.dataset }))")
    assert data == [{"sets": "model", "key": key, "item": str(i)} for i, key in enumerate(keys)]
    for box in (tap.bounding_box() for tap in taps.all()):
        assert max(box["width"], box["height"]) >= 43
    assert page.locator(".kd-plot > .kd-tap ~ [data-mark]").count() == 0


@pytest.mark.parametrize(
    ("x", "y"), [(X, Y), (Axis("x", (0.1, 100), "log"), Y), (Axis("x", (-2, 2), square=True), Axis("y", (-2, 2)))]
)
def test_a_pixel_is_where_the_point_that_is_drawn_there_stands(bench, x, y):
    page = show(bench, of(Points([1.5], [0.5]), x=x, y=y))
    box = page.locator("[data-mark=points] path").bounding_box()
    middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
    found = page.evaluate("([x, y]) => document.querySelector('.kd-picture').at(x, y)", middle)
    assert (found["x"], found["y"], found["panel"]) == (pytest.approx(1.5, rel=0.01), pytest.approx(0.5, rel=0.01), 0)


def dots(k):
    return Picture(X, Y, (Points([k + 1], [1]),), f"Picture {k}")


def test_a_pixel_of_a_sheet_says_in_which_picture_it_is_and_a_hand_can_keep_to_one(bench):
    page = show(bench, Sheet(((dots(0), dots(1)), (dots(2),)), "Three pictures."), width=700)
    for k, dot in enumerate(page.locator("[data-mark=points] path").all()):
        box = dot.bounding_box()
        middle = [box["x"] + box["width"] / 2, box["y"] + box["height"] / 2]
        found = page.evaluate("([x, y]) => document.querySelector('.kd-sheet').at(x, y)", middle)
        assert (found["panel"], found["x"], found["y"]) == (k, pytest.approx(k + 1, abs=0.1), pytest.approx(1, abs=0.1))
    kept = page.evaluate("document.querySelector('.kd-sheet').at(5, 5, 2)")
    assert (kept["panel"], kept["y"] > 4) == (2, True)


def test_a_sheet_stands_in_rows_and_on_a_phone_in_one_column_the_picture_that_matters_by_the_controls(bench):
    sheet = Sheet(((dots(0), dots(1)), (dots(2), dots(3))), "Four pictures.", first=1)
    page = show(bench, sheet, width=700)
    boxes = [panel.bounding_box() for panel in page.locator(".kd-panel").all()]
    assert [box["x"] for box in boxes[:2]] == [box["x"] for box in boxes[2:]]
    assert boxes[0]["x"] + boxes[0]["width"] < boxes[1]["x"]
    assert boxes[0]["y"] == boxes[1]["y"] < boxes[2]["y"]
    assert page.get_by_role("group", name="Four pictures.").count() == 1
    assert page.get_by_role("img", name="Picture 3").count() == 1
    page = show(bench, sheet, width=328, screen=328)
    boxes = [panel.bounding_box() for panel in page.locator(".kd-panel").all()]
    assert len({box["x"] for box in boxes}) == 1
    assert all(box["height"] >= 260 for box in boxes)
    # next to the controls, which are below
    assert page.locator(".kd-title").all_inner_texts() == ["Picture 0", "Picture 2", "Picture 3", "Picture 1"]
    assert page.locator(".kd-panel.kd-first:last-child").get_by_role("img", name="Picture 1").count() == 1


@pytest.mark.parametrize(("first", "widest"), [(0, 328), (1, 154)])
def test_on_a_phone_one_picture_without_axes_has_all_the_width_if_it_is_the_one_that_matters(bench, first, widest):
    bare = Axis("", (0, 1), hidden=True)
    alone = Picture(bare, bare, (Points([0.5], [0.5]),), "A map.")
    page = show(bench, Sheet(((alone, dots(1)),), "A map and dots.", first=first), width=328, screen=328)
    panel = page.locator(".kd-panel").filter(has=page.get_by_role("img", name="A map."))
    assert panel.bounding_box()["width"] == pytest.approx(widest, abs=8)


def test_a_guess_is_drawn_in_any_mark_and_in_its_own_picture_of_a_sheet(bench):
    guess = [{"kind": "line", "x": [0, 10], "y": [0, 4], "dashed": True, "panel": 1, "label": "your guess"}]
    page = show(bench, Sheet(((dots(0), dots(1)),), "Two pictures."), guess=guess, width=700)
    lines = page.locator(".kd-panel").evaluate_all(
        "all => all.map((one) => one.querySelectorAll('[data-mark=line]').length)"
    )
    assert lines == [0, 1]
    assert page.locator("[data-mark=line] path").get_attribute("stroke") == "var(--kd-guess)"
    assert page.locator(".kd-legend").inner_text() == "your guess"


def test_what_was_there_before_is_drawn_faintly_below(bench):
    before, now = of(Bars([1, 3], [1, 2]), Rule(x=1)), of(Bars([1, 3], [3, 4]), Rule(x=3))
    page = show(bench, now, ghost=before.to_json())
    ghost = page.locator(".kd-plot > .kd-ghost")
    assert ghost.evaluate("one => one.nextElementSibling.dataset.mark") == "bars"
    heights = [box["height"] for box in (bar.bounding_box() for bar in page.locator(".kd-plot rect").all())]
    np.testing.assert_allclose(np.divide(heights, heights[0]), [1, 2, 3, 4], rtol=0.02)
    assert ghost.locator("[data-mark=rule]").count() == 0
    assert float(ghost.get_attribute("opacity")) < 0.5


MORPH = "([from, to, progress]) => morph(from, to, progress)"


def test_a_picture_moves_into_another_number_by_number(bench):
    page = bench(scripts=SCRIPTS)
    make = [pictures.probabilities(1.0).to_json(), pictures.probabilities(8.0).to_json()]
    assert page.evaluate(MORPH, [*make, 1]) == make[1]
    at_first = page.evaluate(MORPH, [*make, 0])
    assert [mark.get("height") for mark in at_first["marks"]] == [mark.get("height") for mark in make[0]["marks"]]
    half = page.evaluate(MORPH, [*make, 0.5])
    assert half["sentence"] == make[1]["sentence"]
    assert half["marks"][0]["height"][0] == pytest.approx(np.mean([one["marks"][0]["height"][0] for one in make]))
    assert half["marks"][0]["height"][1] is None
    sheets = [Sheet(((dots(k), dots(2)),), "Two.").to_json() for k in (0, 1)]
    moved = page.evaluate(MORPH, [*sheets, 0.5])
    assert moved["panels"][0]["marks"][0]["x"] == [1.5]


@pytest.mark.parametrize("other", [of(Points([1, 2], [1, 2])), of(Line([1], [1])), of(Points([1], [1]), Rule(x=1))])
def test_what_has_another_shape_does_not_move(bench, other):
    page = bench(scripts=SCRIPTS)
    one = of(Points([3], [3]))
    assert page.evaluate(MORPH, [one.to_json(), other.to_json(), 0.5]) == other.to_json()


MOVE = """async ([from, to]) => {
    const drawn = [];
    const start = performance.now();
    await new Promise((end) => movePicture(from, to, (picture) => {
        drawn.push(picture.marks[0].x[0]);
        if (picture === to) end();
    }));
    return [drawn, performance.now() - start];
}"""


def test_a_movement_takes_a_quarter_of_a_second_and_none_where_the_reader_wants_none(bench):
    page = bench(scripts=SCRIPTS)
    ends = [of(Points([k], [1])).to_json() for k in (0, 8)]
    drawn, milliseconds = page.evaluate(MOVE, ends)
    assert drawn[-1] == 8
    assert drawn == sorted(drawn)
    assert len(drawn) > 1
    assert milliseconds >= 240
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(MOVE, ends)[0] == [8]
