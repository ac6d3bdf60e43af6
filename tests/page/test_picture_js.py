"""The page draws each mark where its numbers say, where paper has it too, readable by eye and by machine."""

import itertools

import numpy as np
import pictures
import pytest
from axe_playwright_python.sync_playwright import Axe
from matplotlib.collections import FillBetweenPolyCollection, LineCollection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.text import Annotation

from kdlab.explore.draw import GRID, INK, PALETTE, PAPER, draw, text_color
from kdlab.explore.layout import frame_around
from kdlab.explore.picture import COLORS, Arrow, Axis, Band, Bars, Line, Picture, Points, Rule, Text

pytestmark = pytest.mark.page

SCRIPTS = ["vendor/plot.js", "picture.js"]
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
# every shape of the first picture, with its points in pixels of the SVG
SHAPES = """() => {
    const svg = document.querySelector(".kd-plot");
    const numbers = (node) => (node.getAttribute("d").match(/-?[\\d.]+(e-?\\d+)?/g) ?? []).map(Number);
    const get = (node, ...names) => names.map((name) => Number(node.getAttribute(name) ?? 0));
    const corners = (x, y, width, height) => [[x, y], [x + width, y + height]];
    const points = {
        line: (node) => [get(node, "x1", "y1"), get(node, "x2", "y2")],
        rect: (node) => corners(...get(node, "x", "y", "width", "height")),
        image: (node) => corners(...get(node, "x", "y", "width", "height")),
        circle: (node) => [get(node, "cx", "cy")],
        text: () => [[0, 0]],
        path: (node) => {
            if (node.hasAttribute("transform")) return [[0, 0]];
            const all = numbers(node);
            return all.flatMap((value, i) => (i % 2 ? [[all[i - 1], value]] : []));
        },
    };
    return [...svg.querySelectorAll(Object.keys(points).join())]
        .filter((node) => !node.closest("clipPath"))
        .map((node) => {
            const place = ([x, y]) => new DOMPoint(x, y).matrixTransform(node.getCTM());
            return {
                tag: node.tagName,
                kind: node.closest("[data-mark]")?.dataset.mark,
                stroke: node.closest("[stroke]")?.getAttribute("stroke"),
                thick: Number(node.closest("[stroke-width]")?.getAttribute("stroke-width") ?? 1),
                dashes: node.closest("[stroke-dasharray]")?.getAttribute("stroke-dasharray"),
                anchor: node.closest("[text-anchor]").getAttribute("text-anchor"),
                path: node.getAttribute("d"),
                text: node.textContent,
                points: points[node.tagName](node).map(place).map(({ x, y }) => [x, y]),
            };
        });
}"""


def show(bench, *shown, theme="light", width=640, screen=800, **options):
    page = bench(theme, scripts=SCRIPTS, width=screen)
    page.evaluate(SHOW, [[picture.to_json() for picture in shown], width, options])
    return page


def on_page(page, picture):
    """Return what the picture shows, as a reader sees it: in fractions of the plot area from its lower left corner."""
    shapes = page.evaluate(SHAPES)
    texts = [shape for shape in shapes if shape["tag"] == "text"]
    rules = [shape for shape in shapes if shape["kind"] == "rule"]
    level = [rule["points"] for rule in rules if rule["points"][0][1] == rule["points"][1][1]]
    (left, bottom), (right, _) = max(level, key=lambda points: points[0][1])
    y_ticks = [shape for shape in texts if shape["anchor"] == "end" and not shape["stroke"]]
    # the top is where the highest tick puts it
    low, high = picture.y.domain
    value = float(y_ticks[-1]["text"].replace("−", "-"))
    top = bottom - (bottom - y_ticks[-1]["points"][0][1]) * (high - low) / (value - low)

    def fractions(shape):
        return (np.array(shape["points"]) - [left, bottom]) / [right - left, top - bottom]

    def places(**look):
        chosen = [shape for shape in shapes if all(shape[name] == value for name, value in look.items())]
        return [fractions(shape) for shape in chosen]

    return {
        "bars": corners(places(kind="rect")),
        "whiskers": corners(places(kind="rule", thick=2, dashes=None)),
        "lines": places(kind="line", tag="path"),
        "dots": places(kind="dot"),
        "bands": [low_and_high(points) for points in places(kind="area")],
        "rules": corners(places(kind="rule", thick=1.5)),
        "arrows": [points[:2] for points in places(kind="arrow")],
        "images": corners(places(tag="image")),
        "words": sorted((s["text"], *fractions(s)[0]) for s in texts if s["stroke"]),
        "x ticks": [(s["text"], fractions(s)[0][0]) for s in texts if s["anchor"] == "middle" and not s["stroke"]][:-1],
        "y ticks": [(shape["text"], fractions(shape)[0][1]) for shape in y_ticks],
    }


def on_paper(picture, width):
    """Return the same of what Matplotlib draws, in axes as large as those of the page."""
    frame = frame_around(picture, width)
    figure = Figure(figsize=(frame.width / 48, frame.height / 48), dpi=96)
    axes = figure.add_axes((0.25, 0.25, 0.5, 0.5))
    draw(picture, axes)

    def fractions(points, transform=axes.transData):
        return axes.transAxes.inverted().transform(transform.transform(np.array(points, dtype=float)))

    def artists(kind):
        return [artist for artist in axes.get_children() if type(artist) is kind]

    def word(note):
        offset = np.array(note.xyann) / 72 * 96 / [frame.width, frame.height]
        return note.get_text(), *fractions([note.xy])[0] + offset

    def bare(line):
        return line.get_marker() == "None"

    lines = [line for line in axes.lines if line.get_linewidth() > 0.75]
    rules = [line for line in lines if line.get_transform() != axes.transData]
    segments = [segment for whiskers in artists(LineCollection) for segment in whiskers.get_segments()]
    # Matplotlib goes along low and back along high, with three corners told twice
    bands = [band.get_paths()[0].vertices for band in artists(FillBetweenPolyCollection)]
    outlines = [np.delete(band, [0, len(band) // 2, len(band) - 1], axis=0) for band in bands]
    return {
        "bars": corners(fractions(bar.get_bbox().get_points()) for bar in axes.patches if bar.get_fill()),
        "whiskers": corners(map(fractions, segments)),
        "lines": [drawn(fractions(line.get_xydata())) for line in lines if bare(line) and line not in rules],
        "dots": [fractions([point]) for line in lines if not bare(line) for point in line.get_xydata()],
        "bands": [low_and_high(fractions(outline)) for outline in outlines],
        "rules": corners(fractions(rule.get_xydata(), rule.get_transform()) for rule in rules),
        "arrows": [fractions([note.xyann, note.xy]) for note in artists(Annotation) if not note.get_text()],
        "images": corners(np.reshape(image.get_extent(), (2, 2)).T for image in artists(AxesImage)),
        "words": sorted(word(note) for note in artists(Annotation) if note.get_text()),
        "x ticks": [(t.get_text(), fractions([[t.get_position()[0], 1]])[0][0]) for t in axes.get_xticklabels()],
        "y ticks": [(t.get_text(), fractions([[1, t.get_position()[1]]])[0][1]) for t in axes.get_yticklabels()],
    }


def drawn(points):
    return points[np.isfinite(points).all(axis=1)]


def corners(shapes):
    """Return the lower left and the upper right corner of each shape that is drawn at all."""
    return [np.array([np.min(shape, axis=0), np.max(shape, axis=0)]) for shape in shapes if np.isfinite(shape).all()]


def low_and_high(outline):
    """Return the two edges of a band, the lower first, both from the left."""
    along, back = np.split(outline, 2)
    return np.concatenate(sorted((along, back[::-1]), key=np.mean))


def assert_alike(one, other):
    """Assert that the same things stand at the same places, to 1 % of the plot area."""
    assert one.keys() == other.keys()
    for name in one:
        assert len(one[name]) == len(other[name]), name
        for a, b in zip(one[name], other[name], strict=True):
            if isinstance(a, tuple):
                assert a[0] == b[0], name
                a, b = a[1:], b[1:]
            np.testing.assert_allclose(a, b, atol=0.01, rtol=0, err_msg=name)


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

    expected = {
        "bars": [at((0.5, 0), (1.5, 2)), at((2.5, -0.5), (3.5, 0))],
        "whiskers": [
            at((1, 1.5), (1, 2.5)),
            at((3, -0.75), (3, -0.25)),
            at((5, 0.25), (5, 0.75)),
            at((7, -0.75), (7, -0.25)),
        ],
        "lines": [at((0, 3), (2, 3.5), (6, 3.5), (8, 3))],
        "dots": [at((5, 0.5)), at((7, -0.5))],
        "bands": [at((0, 0.5), (5, 1), (10, 0.5), (0, 1.5), (5, 2), (10, 1.5))],
        "rules": [at((9, -1), (9, 4)), at((0, 2.5), (10, 2.5))],
        "arrows": [at((4, -0.5), (6, 1))],
        "images": [at((6, 1), (8, 2))],
    }
    for name, shapes in expected.items():
        assert len(seen[name]) == len(shapes), name
        for shape, points in zip(seen[name], shapes, strict=True):
            np.testing.assert_allclose(shape, points, atol=0.01, err_msg=name)
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
    (path,) = [shape["path"] for shape in page.evaluate(SHAPES) if shape["kind"] == "line"]
    assert path.count("M") == 2
    seen = on_page(page, picture)
    assert seen["bars"] == []
    np.testing.assert_allclose(seen["dots"], [[[0.5, 0.5]]], atol=0.01)


def test_marks_outside_are_cut_off_or_left_out(bench):
    outside = (Rule(x=11), Rule(y=np.inf), Text(5, 9, "out"), Arrow(0, 0, 99, 0, label="out"), Points([11], [0]))
    cut = (Line([0, 20], [0, 9]), Bars([5], [9]), Band([-5, 5], [0, 0], [9, 9]))
    picture = Picture(Axis("x", (0, 10)), Axis("y", (-1, 4)), (*outside, *cut), "Outside.")
    page = show(bench, picture)
    seen = on_page(page, picture)
    assert [seen[name] for name in ("rules", "words", "arrows", "dots")] == [[], [], [], []]
    clips = page.locator(".kd-plot > g[clip-path]")
    assert clips.count() == 3
    area = page.locator(".kd-plot clipPath rect").first
    height = page.locator(".kd-plot").get_attribute("height")
    assert 0 < float(area.get_attribute("y")) < float(area.get_attribute("height")) < float(height)


@pytest.mark.parametrize("width", [320, 760])
def test_an_image_is_crisp_and_its_pixels_are_square(bench, width):
    page = show(bench, pictures.accuracies(), width=width)
    box = page.locator(".kd-plot image").bounding_box()
    assert box["width"] == pytest.approx(box["height"])
    values = page.evaluate(
        """async () => {
            const image = document.querySelector(".kd-plot image");
            const source = new Image();
            source.src = image.getAttribute("href");
            await source.decode();
            const context = document.createElement("canvas").getContext("2d");
            context.drawImage(source, 0, 0);
            return [getComputedStyle(image).imageRendering, ...context.getImageData(0, 0, 8, 8).data];
        }"""
    )
    assert values[0] == "pixelated"
    rgba = np.reshape(values[1:], (8, 8, 4))
    np.testing.assert_allclose(rgba[..., 0], 255 * (1 - pictures.digit()), atol=0.5)
    assert (rgba[..., 1:3] == rgba[..., :1]).all()


@pytest.mark.parametrize(("axis", "value", "tick"), [("x", 2, "2"), ("y", 1.5, "1.5")])
def test_the_readers_guess_is_a_dashed_rule_with_its_name(bench, axis, value, tick):
    page = show(bench, pictures.entropies(), guess={"axis": axis, "value": value, "label": "your guess"}, width=760)
    shapes = page.evaluate(SHAPES)
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
    swatches = page.locator(".kd-legend path")
    shapes = swatches.evaluate_all(
        "all => all.map((one) => [one.getAttribute('d'), one.getAttribute('stroke-dasharray')])"
    )
    assert len({tuple(shape) for shape in shapes}) == 4
    assert shapes[2][1] == "7 5"
    unlabelled = Picture(Axis("x"), Axis("y"), (Line([0, 1], [0, 1]), Rule(x=0.5, label="not in it")), "A line.")
    assert show(bench, unlabelled).locator(".kd-legend").count() == 0


@pytest.mark.parametrize("width", [280, 320, 760])
def test_words_are_large_enough_inside_and_apart(bench, width):
    page = show(bench, *(make() for make in pictures.ALL), width=width)
    for picture in page.locator(".kd-picture").all():
        frame = picture.locator(".kd-plot").bounding_box()
        words = picture.locator(".kd-plot text")
        sizes = words.evaluate_all("all => all.map((word) => parseFloat(getComputedStyle(word).fontSize))")
        assert min(sizes) >= 12
        boxes = [word.bounding_box() for word in words.all()]
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
