"""The page draws each mark where its numbers say, where paper has it too, readable by eye and by machine."""

import itertools

import numpy as np
import pictures
import pytest
from axe_playwright_python.sync_playwright import Axe
from matplotlib.cbook import pts_to_poststep
from matplotlib.collections import FillBetweenPolyCollection, LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.spines import Spine
from matplotlib.text import Annotation

from kdlab.explore.draw import draw, text_color
from kdlab.explore.draw_marks import GRID, INK, PALETTE, PAPER
from kdlab.explore.layout import frame_around
from kdlab.explore.picture import (
    COLORS,
    Arrow,
    Axis,
    Band,
    Bars,
    Line,
    Passage,
    Picture,
    Points,
    Rects,
    Rule,
    Sheet,
    Text,
)

pytestmark = pytest.mark.page

SCRIPTS = ["picture.js"]
SHOW = """([pictures, width, options]) => {
    for (const [i, picture] of pictures.entries()) {
        const sentence = document.createElement("p");
        Object.assign(sentence, { id: `sentence-${i}`, textContent: picture.sentence });
        const place = document.createElement("div");
        place.style.width = `${width}px`;
        place.append(drawPicture(picture, { width, describedBy: sentence.id, ...options }));
        document.querySelector("main").append(place, sentence);
    }
}"""
# every shape of the first picture, in pixels of the window, and what stands at two places of the window
SHAPES = """() => {
    const picture = document.querySelector(".kd-picture");
    const svg = picture.querySelector(".kd-plot");
    const get = (node, ...names) => names.map((name) => Number(node.getAttribute(name) ?? 0));
    const corners = (node) => {
        const [x, y, width, height] = get(node, "x", "y", "width", "height");
        return [[x, y], [x + width, y + height]];
    };
    const path = (d) => {
        const at = [];
        for (const [, letter, numbers] of d.matchAll(/([MLHV])([^MLHVZ]*)/g)) {
            const all = numbers.match(/-?[\\d.]+(e-?\\d+)?/g).map(Number);
            const [x, y] = at.at(-1) ?? [0, 0];
            at.push({ M: all, L: all, H: [all[0], y], V: [x, all[0]] }[letter]);
        }
        return at;
    };
    const points = {
        line: (node) => [get(node, "x1", "y1"), get(node, "x2", "y2")],
        rect: corners,
        foreignObject: corners,
        text: (node) => [get(node, "x", "y")],
        path: (node) => (node.hasAttribute("transform") ? [[0, 0]] : path(node.getAttribute("d"))),
    };
    const marks = [...svg.querySelectorAll(":scope > [data-mark]")];
    const shapes = [...svg.querySelectorAll(Object.keys(points).join())].map((node) => {
        const place = ([x, y]) => new DOMPoint(x, y).matrixTransform(node.getScreenCTM());
        const whole = node.closest(":scope > [data-mark], .kd-plot > [data-mark]");
        return {
            tag: node.tagName,
            mark: marks.indexOf(whole),
            kind: whole?.dataset.mark,
            part: node.closest("[data-mark]")?.dataset.mark,
            stroke: node.closest("[stroke]")?.getAttribute("stroke"),
            thick: Number(node.closest("[stroke-width]")?.getAttribute("stroke-width") ?? 1),
            dashes: node.closest("[stroke-dasharray]")?.getAttribute("stroke-dasharray"),
            anchor: node.getAttribute("text-anchor"),
            axes: Boolean(node.closest(".kd-axes")) && !node.matches(".kd-label"),
            path: node.getAttribute("d"),
            text: node.textContent,
            points: points[node.tagName](node).map(place).map(({ x, y }) => [x, y]),
        };
    });
    return [shapes, marks.length, picture.at(0, 0), picture.at(100, 100)];
}"""


def show(bench, *shown, theme="light", width=640, screen=800, **options):
    page = bench(theme, scripts=SCRIPTS, width=screen)
    page.evaluate(SHOW, [[picture.to_json() for picture in shown], width, options])
    page.evaluate("document.fonts.ready.then(() => true)")
    return page


def on_page(page, picture):
    """Return what the picture shows, as a reader sees it: in fractions of the plot area from its lower left corner.

    `marks` has for each mark what it is drawn with, by the kind of shape: see `on_paper`.
    """
    shapes, count, *places = page.evaluate(SHAPES)
    x, y = (
        axis.fractions(np.array([place[name] for place in places]))
        for name, axis in zip("xy", (picture.x, picture.y), strict=True)
    )

    def fractions(shape):
        right, down = np.array(shape["points"]).reshape(-1, 2).T / 100
        return np.stack([x[0] + right * (x[1] - x[0]), y[0] + down * (y[1] - y[0])], axis=-1)

    marks = [{} for _ in range(count)]
    for shape in shapes:
        if shape["kind"] and (name := shape_on_page(shape)) and len(shape["points"]):
            points = fractions(shape)
            marks[shape["mark"]].setdefault(name, []).append(points[:2] if shape["kind"] == "arrow" else points)
    texts = [shape for shape in shapes if shape["tag"] == "text"]
    return {
        "marks": [tidy(mark) for mark in marks],
        "words": sorted((shape["text"], *fractions(shape)[0]) for shape in texts if shape["stroke"]),
        "x ticks": [(s["text"], fractions(s)[0][0]) for s in texts if s["axes"] and s["anchor"] != "end"],
        "y ticks": [(s["text"], fractions(s)[0][1]) for s in texts if s["axes"] and s["anchor"] == "end"],
    }


def shape_on_page(shape):
    """Return the kind of a shape; of what only fills another one, or lies under it, "" ."""
    if shape["part"] == "whiskers":
        return "whisker" if shape["thick"] == 2 else ""
    if shape["tag"] == "path" and shape["kind"] == "points":
        return "ring" if shape["thick"] == 1.75 else "dot"
    if shape["tag"] == "path" and shape["kind"] in ("bars", "rects", "heatmap", "image"):
        return ""  # a hatch
    if shape["kind"] == "band":
        return "band"
    return {"rect": "box", "foreignObject": "raster"}.get(shape["tag"], "line")


def tidy(mark):
    """Return the shapes of a mark with boxes from corner to corner, and without what is nowhere."""
    mark = {name: [points[np.isfinite(points).all(axis=1)] for points in shapes] for name, shapes in mark.items()}
    for name in {"box", "raster", "whisker"} & mark.keys():
        mark[name] = [np.array([points.min(axis=0), points.max(axis=0)]) for points in mark[name] if len(points) > 1]
    if "band" in mark:
        mark["band"] = [low_and_high(points) for points in mark["band"]]
    return {name: drawn for name, shapes in mark.items() if (drawn := [points for points in shapes if len(points)])}


def on_paper(picture, width):
    """Return the same of what Matplotlib draws, in axes as large as those of the page, each mark alone."""
    frame = frame_around(picture, width)

    def axes_of(*marks):
        figure = Figure(figsize=(frame.width / 48, frame.height / 48), dpi=96)
        axes = figure.add_axes((0.25, 0.25, 0.5, 0.5))
        draw(Picture(picture.x, picture.y, marks, "Some of it."), axes)
        return axes

    def artists(axes):
        return list(itertools.takewhile(lambda artist: not isinstance(artist, Spine), axes.get_children()))

    def word(note):
        offset = np.array(note.xyann) / 72 * 96 / [frame.width, frame.height]
        return note.get_text(), *fractions(axes, [note.xy])[0] + offset

    axes = axes_of(*picture.marks)
    own = len(artists(axes_of()))
    alone = [axes_of(mark) for mark in picture.marks if not isinstance(mark, Text | Passage)]
    notes = [note for note in artists(axes) if type(note) is Annotation and "Mono" not in note.get_fontfamily()[0]]
    return {
        "marks": [tidy(shapes_on_paper(one, artists(one)[own:])) for one in alone],
        "words": sorted(word(note) for note in notes if note.get_text()),
        "x ticks": [(t.get_text(), fractions(axes, [[t.get_position()[0], 1]])[0][0]) for t in axes.get_xticklabels()],
        "y ticks": [(t.get_text(), fractions(axes, [[1, t.get_position()[1]]])[0][1]) for t in axes.get_yticklabels()],
    }


def fractions(axes, points, transform=None):
    """Return points, in data or by another transform, in fractions of the plot area."""
    return axes.transAxes.inverted().transform((transform or axes.transData).transform(np.array(points, dtype=float)))


def shapes_on_paper(axes, artists):
    """Return what Matplotlib drew, by the kind of shape, in fractions of the plot area."""
    shapes = {}
    for artist in artists:
        for name, points in shape_on_paper(axes, artist):
            shapes.setdefault(name, []).append(points)
    return shapes


def shape_on_paper(axes, artist):
    """Return the shapes of one artist, none where it only fills another one."""
    if type(artist) is Rectangle:
        only_a_hatch = artist.get_hatch() and not artist.get_linewidth()
        corners = axes.transAxes.inverted().transform(artist.get_window_extent().get_points())
        return [] if only_a_hatch else [("box", corners)]
    if type(artist) is AxesImage:
        return [("raster", fractions(axes, np.reshape(artist.get_extent(), (2, 2)).T, artist.get_transform()))]
    if type(artist) is LineCollection:
        return [("whisker", fractions(axes, segment)) for segment in artist.get_segments()]
    if type(artist) is FillBetweenPolyCollection:
        # Matplotlib goes along low and back along high, with three corners told twice
        outline = artist.get_paths()[0].vertices
        return [("band", fractions(axes, np.delete(outline, [0, len(outline) // 2, len(outline) - 1], axis=0)))]
    if type(artist) is Annotation:
        return [] if artist.get_text() else [("line", fractions(axes, [artist.xyann, artist.xy]))]
    if type(artist) is not Line2D:
        return []
    points = artist.get_xydata()
    if artist.get_drawstyle() == "steps-post":
        points = np.transpose(pts_to_poststep(*points.T))
    points = fractions(axes, points, artist.get_transform())
    if artist.get_marker() == "None":
        return [("line", points)]
    return [("ring" if artist.get_fillstyle() == "none" else "dot", point[None]) for point in points]


def low_and_high(outline):
    """Return the two edges of a band, the lower first, both from the left."""
    along, back = np.split(outline, 2)
    return np.concatenate(sorted((along, back[::-1]), key=np.mean))


def assert_alike(one, other):
    """Assert that the same things stand at the same places, to 1 % of the plot area."""
    for name in ("words", "x ticks", "y ticks"):
        assert [text for text, *_ in one[name]] == [text for text, *_ in other[name]], name
        for (_, *a), (_, *b) in zip(one[name], other[name], strict=True):
            np.testing.assert_allclose(a, b, atol=0.01, rtol=0, err_msg=name)
    assert len(one["marks"]) == len(other["marks"])
    for k, (page, paper) in enumerate(zip(one["marks"], other["marks"], strict=True)):
        counts = [{name: len(shapes) for name, shapes in mark.items()} for mark in (page, paper)]
        assert counts[0] == counts[1], f"mark {k}"
        for name in page:
            for a, b in zip(page[name], paper[name], strict=True):
                np.testing.assert_allclose(a, b, atol=0.01, rtol=0, err_msg=f"{name} of mark {k}")


@pytest.mark.parametrize("width", [280, 320, 760])
@pytest.mark.parametrize("make", pictures.ALL)
def test_page_and_paper_agree(bench, make, width):
    picture = make()
    assert_alike(on_page(show(bench, picture, width=width), picture), on_paper(picture, width))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 760])
def test_every_mark_stands_where_its_numbers_say(bench, width, theme):
    picture = pictures.every_mark()
    seen = on_page(show(bench, picture, width=width, theme=theme), picture)

    def at(*points):
        return [[x / 10, (y + 1) / 5] for x, y in points]

    expected = [
        {"band": [at((0, 0.5), (5, 1), (10, 0.5), (0, 1.5), (5, 2), (10, 1.5))]},
        {
            "box": [at((0.5, 0), (1.5, 2)), at((2.5, -0.5), (3.5, 0))],
            "whisker": [at((1, 1.5), (1, 2.5)), at((3, -0.75), (3, -0.25))],
        },
        {"line": [at((0, 3), (2, 3.5), (6, 3.5), (8, 3))]},
        {"whisker": [at((5, 0.25), (5, 0.75)), at((7, -0.75), (7, -0.25))], "dot": [at((5, 0.5)), at((7, -0.5))]},
        {"line": [at((9, -1), (9, 4))]},
        {"line": [at((0, 2.5), (10, 2.5))]},
        {"raster": [at((6, 1), (8, 2))], "box": [at((6, 1), (8, 2))]},
        {"line": [at((4, -0.5), (6, 1))]},
    ]
    assert_alike(
        seen, seen | {"marks": [{k: [np.array(v) for v in vs] for k, vs in mark.items()} for mark in expected]}
    )
    assert dict(seen["y ticks"]).keys() >= {"0", "2", "4"}
    for text, at_y in seen["y ticks"]:
        assert at_y == pytest.approx((float(text.replace("−", "-")) + 1) / 5, abs=0.01)
    for text, at_x in seen["x ticks"]:
        assert at_x == pytest.approx(float(text) / 10, abs=0.01)


def test_null_is_a_gap_and_what_is_not_positive_is_none_on_a_log_axis(bench):
    x = Axis("x", (0.1, 10), "log")
    line = Line([0.1, 1, 2, 5, 10], [0, 1, np.nan, 1, 0])
    picture = Picture(x, Axis("y"), (line, Bars([1], [np.nan]), Points([0, 1, -1], [0.5, 0.5, 0.5])), "Gaps.")
    page = show(bench, picture)
    (path,) = [shape["path"] for shape in page.evaluate(SHAPES)[0] if shape["kind"] == "line"]
    assert path.count("M") == 2
    line, bars, dots = on_page(page, picture)["marks"]
    assert bars == {}
    np.testing.assert_allclose(dots["dot"], [[[0.5, 0.5]]], atol=0.01)


def test_marks_outside_are_cut_off_or_left_out(bench):
    outside = (Rule(x=11), Rule(y=np.inf), Text(5, 9, "out"), Arrow(0, 0, 99, 0, label="out"), Points([11], [0]))
    cut = (Line([0, 20], [0, 9]), Bars([5], [9]), Band([-5, 5], [0, 0], [9, 9]))
    picture = Picture(Axis("x", (0, 10)), Axis("y", (-1, 4)), (*outside, *cut), "Outside.")
    page = show(bench, picture)
    seen = on_page(page, picture)
    assert seen["words"] == []
    assert seen["marks"][0] == {}
    assert [page.locator(f".kd-plot [data-mark={kind}]").count() for kind in ("rule", "arrow")] == [0, 0]
    clips = page.locator(".kd-plot > g > svg")
    assert clips.count() == 3
    assert clips.first.evaluate("one => getComputedStyle(one).overflow") == "hidden"
    height = page.locator(".kd-plot").get_attribute("height")
    assert 0 < float(clips.first.get_attribute("y")) < float(clips.first.get_attribute("height")) < float(height)


@pytest.mark.parametrize("width", [320, 760])
def test_an_image_is_crisp_and_its_pixels_are_square(bench, width):
    page = show(bench, pictures.accuracies(), width=width)
    canvas = page.locator(".kd-plot canvas")
    box = canvas.bounding_box()
    assert box["width"] == pytest.approx(box["height"])
    assert canvas.evaluate("one => getComputedStyle(one).imageRendering") == "pixelated"
    rgba = pixels(canvas)
    np.testing.assert_allclose(rgba[..., 0], 255 * (1 - pictures.digit()), atol=0.5)
    assert (rgba[..., 1:3] == rgba[..., :1]).all()


def pixels(canvas):
    """Return the red, green, blue and opacity of every cell of a raster."""
    read = "one => [one.height, one.width, ...one.getContext('2d').getImageData(0, 0, one.width, one.height).data]"
    height, width, *values = canvas.evaluate(read)
    return np.reshape(values, (height, width, 4))


@pytest.mark.parametrize(("axis", "value", "tick"), [("x", 2, "2"), ("y", 1.5, "1.5")])
def test_the_readers_guess_is_a_dashed_rule_with_its_name(bench, axis, value, tick):
    page = show(bench, pictures.entropies(), guess={"axis": axis, "value": value, "label": "your guess"}, width=760)
    shapes, *_ = page.evaluate(SHAPES)
    (rule,) = [shape for shape in shapes if shape["stroke"] == "var(--kd-guess)"]
    (beside,) = [shape for shape in shapes if shape["text"] == tick]
    along = "xy".index(axis)
    assert rule["dashes"]
    assert [point[along] for point in rule["points"]] == pytest.approx([beside["points"][0][along]] * 2, abs=1)
    assert "your guess" in [shape["text"] for shape in shapes]


def test_a_guess_outside_the_axis_is_not_drawn(bench):
    page = show(bench, pictures.entropies(), guess={"axis": "x", "value": 50, "label": "your guess"})
    assert "your guess" not in page.locator(".kd-plot").text_content()
    assert page.locator("[stroke='var(--kd-guess)']").count() == 0


def test_the_picture_has_a_name_and_a_description(bench):
    picture = pictures.entropies()
    page = show(bench, picture)
    image = page.get_by_role("img", name="entropy H (nats) against temperature T (no unit)")
    assert image.get_attribute("aria-describedby") == "sentence-0"
    named = show(bench, picture, label="Two entropy curves")
    assert named.get_by_role("img", name="Two entropy curves").count() == 1
    alone = show(bench, picture, describedBy=None)
    assert alone.get_by_role("img", name=picture.sentence).count() == 1


def test_the_legend_shows_colour_and_shape_of_every_labelled_series(bench):
    page = show(bench, pictures.every_mark())
    assert page.locator(".kd-legend li").all_inner_texts() == ["band", "bars", "line", "points"]
    shapes = page.locator(".kd-legend svg").evaluate_all("all => all.map((one) => one.innerHTML)")
    assert len(set(shapes)) == 4
    assert 'stroke-dasharray="7 5"' in shapes[2]
    unlabelled = Picture(Axis("x"), Axis("y"), (Line([0, 1], [0, 1]), Rule(x=0.5, label="not in it")), "A line.")
    assert show(bench, unlabelled).locator(".kd-legend").count() == 0


# where the letters of words stand, without the seam of paper round them
LETTERS = """(words) => words.map((word) => {
    const { x, y, width, height } = word.getBBox();
    const { x: left, y: top } = new DOMPoint(x, y).matrixTransform(word.getScreenCTM());
    return { x: left + scrollX, y: top + scrollY, width, height };
})"""


@pytest.mark.parametrize("width", [280, 320, 760])
def test_words_are_large_enough_inside_and_apart(bench, width):
    page = show(bench, *(make() for make in pictures.ALL), width=width)
    for picture in page.locator(".kd-picture").all():
        frame = picture.locator(".kd-plot").bounding_box()
        words = picture.locator(".kd-plot text")
        sizes = words.evaluate_all("all => all.map((word) => parseFloat(getComputedStyle(word).fontSize))")
        assert min(sizes) >= 12
        boxes = words.evaluate_all(LETTERS)
        for box in boxes:
            assert frame["x"] <= box["x"]
            assert box["x"] + box["width"] <= frame["x"] + frame["width"]
        for a, b in itertools.combinations(boxes, 2):
            across = min(a["x"] + a["width"], b["x"] + b["width"]) - max(a["x"], b["x"])
            down = min(a["y"] + a["height"], b["y"] + b["height"]) - max(a["y"], b["y"])
            assert across <= 0 or down <= 1  # a line of type is a little higher than its letters


def test_long_names_stay_inside_and_apart(bench):
    names = ("airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck")
    picture = Picture(Axis("class", categories=names), Axis("accuracy"), (Bars(range(10), [0.5] * 10),), "Ten bars.")
    page = show(bench, picture, width=320)
    ticks = [page.locator(".kd-plot text", has_text=name).first for name in names]
    frame = page.locator(".kd-plot").bounding_box()
    boxes = [tick.bounding_box() for tick in ticks]
    assert all(frame["x"] <= box["x"] and box["y"] + box["height"] <= frame["y"] + frame["height"] for box in boxes)
    ends = [box["x"] + box["width"] for box in boxes]
    assert min(np.diff(ends)) >= 16


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 760])
def test_axe_finds_no_violation(bench, width, theme):
    guess = {"axis": "y", "value": 0.9, "label": "your guess"}
    page = show(bench, *(make() for make in pictures.ALL), theme=theme, width=width, screen=width, guess=guess)
    results = Axe().run(page)
    assert results.violations_count == 0, results.generate_report()


COLORS_ON_PAGE = """(names) => {
    const probe = document.body.appendChild(document.createElement("p"));
    const context = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const read = (name) => {
        probe.style.color = `var(--kd-${name})`;
        context.fillStyle = getComputedStyle(probe).color;
        context.fillRect(0, 0, 1, 1);
        return [...context.getImageData(0, 0, 1, 1).data.slice(0, 3)];
    };
    return Object.fromEntries(names.map((name) => [name, read(name)]));
}"""
ROLES = ["paper", "ink", "grid", *COLORS, "guess", *(f"text-{color}" for color in (*COLORS, "guess"))]


def colors_of(page):
    return {name: np.array(rgb) / 255 for name, rgb in page.evaluate(COLORS_ON_PAGE, ROLES).items()}


def linear(rgb):
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def contrast(a, b):
    """WCAG 2.2: the ratio of the relative luminances."""
    dark, light = sorted(linear(color) @ [0.2126, 0.7152, 0.0722] for color in (a, b))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_contrast_is_3_for_marks_and_4_5_for_words(bench, theme):
    colors = colors_of(bench(theme, scripts=[]))
    for name in (*COLORS, "guess"):
        assert contrast(colors[name], colors["paper"]) >= 3, name
        assert contrast(colors[f"text-{name}"], colors["paper"]) >= 4.5, name
    assert contrast(colors["ink"], colors["paper"]) >= 7


# Machado, Oliveira and Fernandes (2009): how linear RGB looks to eyes without one kind of cone
SEEN_BY = {
    "all cones": np.eye(3),
    "no long cones": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "no medium cones": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "no short cones": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def oklab(rgb):
    """Ottosson (2020): equal distances look equally different."""
    to_cones = [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566]]
    to_lab = [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099]]
    to_cones.append([0.0883024619, 0.2817188376, 0.6299787005])
    to_lab.append([0.0259040371, 0.7827717662, -0.8086757660])
    return np.array(to_lab) @ np.cbrt(np.array(to_cones) @ np.clip(rgb, 0, 1))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("eyes", SEEN_BY)
def test_colours_stay_apart_for_every_eye(bench, theme, eyes):
    colors = colors_of(bench(theme, scripts=[]))
    seen = [oklab(np.array(SEEN_BY[eyes]) @ linear(colors[name])) for name in COLORS]
    assert min(np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)) > 0.09


def test_page_and_paper_have_the_same_colours(bench):
    screen = colors_of(bench(scripts=[]))
    words = {f"text-{color}": text_color(color) for color in COLORS}
    for name, color in ({"paper": PAPER, "ink": INK, "grid": GRID} | PALETTE | words).items():
        np.testing.assert_allclose(screen[name], to_rgb(color), atol=1.01 / 255, err_msg=name)  # rounded once more


def test_print_and_pages_without_a_theme_are_light(bench):
    light, dark = colors_of(bench("light", scripts=[])), bench("dark", scripts=[])
    assert not np.array_equal(colors_of(dark)["paper"], light["paper"])
    dark.emulate_media(media="print")
    np.testing.assert_equal(colors_of(dark), light)
    dark.emulate_media(media="screen")
    dark.evaluate("document.documentElement.removeAttribute('data-theme')")
    np.testing.assert_equal(colors_of(dark), light)


def test_redraw_times_are_measured(bench):
    ten_bars = Picture(
        Axis("digit", categories=tuple("0123456789")), Axis("p"), (Bars(range(10), [0.5] * 10),), "Bars."
    )
    page = bench(scripts=SCRIPTS)
    for name, picture in {"ten bars": ten_bars, **{make.__name__: make() for make in pictures.ALL}}.items():
        times = page.evaluate(
            """async (picture) => {
                const place = document.querySelector("main");
                const times = [];
                for (let i = 0; i < 120; i += 1) {
                    await new Promise(requestAnimationFrame);
                    const start = performance.now();
                    place.replaceChildren(drawPicture(picture, { width: 640 }));
                    times.push(performance.now() - start);
                }
                return times.slice(20);
            }""",
            picture.to_json(),
        )
        print(f"redraw of {name}: median {np.median(times):.1f} ms, p95 {np.percentile(times, 95):.1f} ms")
        assert page.locator(".kd-plot").count() == 1


# --- sheets ---------------------------------------------------------------------------------------------------------

PANELS = """() => [...document.querySelectorAll(".kd-sheet > .kd-panel .kd-plot")].map((plot) => {
    const { left, right, top, bottom } = plot.getBoundingClientRect();
    return { left, right, top, bottom };
})"""


def bare(name):
    plane = {"x": Axis("x", (0, 1), hidden=True, square=True), "y": Axis("y", (0, 1), hidden=True)}
    return Picture(**plane, marks=(Points([0.5], [0.5]),), sentence=name)


def sheet_of_maps(maps=3):
    return Sheet(
        (tuple(bare(f"Map {i}") for i in range(maps)), (pictures.entropies(),)), "Maps over a curve.", first=maps
    )


def panels(bench, sheet, width):
    return show(bench, sheet, width=width).evaluate(PANELS)


@pytest.mark.parametrize("width", [600, 760])
def test_the_last_picture_of_a_row_takes_what_is_left_of_it(bench, width):
    *maps, curve = panels(bench, sheet_of_maps(), width)
    assert [one["top"] for one in maps] == [maps[0]["top"]] * 3
    assert [one["right"] - one["left"] for one in maps] == pytest.approx([(width - 48) / 3] * 3, abs=1)
    assert [one["bottom"] - one["top"] for one in maps] == pytest.approx([(width - 48) / 3] * 3, abs=1)
    assert (curve["left"], curve["right"]) == pytest.approx((maps[0]["left"], maps[2]["right"]), abs=1.5)
    assert curve["top"] > maps[0]["bottom"]
    assert 0.3 * width < curve["bottom"] - curve["top"] < 0.45 * width


def test_pictures_of_the_only_row_are_as_high_as_a_square_one_and_else_high_enough(bench):
    curve = pictures.entropies()
    for row, height in (((curve, curve), 280), ((curve, bare("A map")), 360)):
        boxes = panels(bench, Sheet((row,), "One row."), 760)
        assert boxes[0]["bottom"] - boxes[0]["top"] == pytest.approx(height, abs=1)
        assert boxes[0]["bottom"] == pytest.approx(boxes[1]["bottom"], abs=1)
    two_rows = panels(bench, Sheet(((curve, curve), (curve, curve)), "Two rows."), 760)
    assert two_rows[0]["bottom"] - two_rows[0]["top"] < 270


def test_heads_of_a_row_stand_in_line_whatever_legends_have(bench):
    page = show(bench, Sheet(((bare("A map"), pictures.entropies()),), "One row."), width=760)
    tops = page.locator(".kd-title").evaluate_all("heads => heads.map((head) => head.getBoundingClientRect().top)")
    assert tops[0] == tops[1]


def test_a_swatch_is_as_faint_as_its_mark(bench):
    faint = Rects([0], [1], [0], [1], color="blue", faint=0.3, label="faint")
    page = show(bench, Picture(Axis("x"), Axis("y"), (faint,), "Faint."))
    assert page.locator(".kd-legend rect").get_attribute("opacity") == "0.7"


def test_words_beside_a_rule_are_not_crossed_by_it(bench):
    for x, side in ((2, "start"), (9.5, "end")):
        picture = Picture(Axis("x", (0, 10)), Axis("y"), (Rule(x=x), Text(x, 0.5, "cat, lynx", beside=True)), "Words.")
        page = show(bench, picture, width=320)
        word = page.locator(".kd-plot text", has_text="cat")
        assert word.get_attribute("text-anchor") == side
        box, rule = word.bounding_box(), page.locator("[data-mark=rule] line").bounding_box()
        assert not box["x"] <= rule["x"] <= box["x"] + box["width"]
        ((_, *of_page),), ((_, *of_paper),) = (
            seen["words"] for seen in (on_page(page, picture), on_paper(picture, 320))
        )
        assert of_page == pytest.approx(of_paper, abs=0.01)


@pytest.mark.parametrize("maps", [2, 3])
def test_on_a_phone_maps_share_a_row_and_a_curve_has_its_own(bench, maps):
    *first, left, right, curve = panels(bench, sheet_of_maps(maps), 328)
    assert left["top"] == right["top"]
    assert right["right"] - left["left"] == pytest.approx(328, abs=1.5)
    assert curve["right"] - curve["left"] == pytest.approx(328, abs=1)
    assert curve["bottom"] - curve["top"] >= 259
    for one in first:
        assert one["bottom"] < left["top"]
        assert (one["left"] + one["right"]) / 2 == pytest.approx((left["left"] + right["right"]) / 2, abs=1.5)


def test_paper_has_the_same_places_as_a_desk():
    figure = draw(sheet_of_maps())
    *maps, curve = (axes.get_position() for axes in figure.axes)
    assert [one.y0 for one in maps] == pytest.approx([maps[0].y0] * 3)
    assert (maps[0].x0, maps[2].x1) == pytest.approx((0, 1), abs=0.002)
    assert curve.y1 < maps[0].y0
    assert curve.width > 0.8
