"""Every mark is shown in the gallery, and drawn there at both widths, in light and dark, without complaint."""

import pictures
import pytest
from gallery_book import PAGES
from reading import photograph

from kdlab.explore.marks import Passage, Text

pytestmark = pytest.mark.page

MARKS = "chapters/gallery_marks.html"
# the kinds of marks that widgets have, and those that are drawn, with how many of them have no place
DRAWN = """() => {
    const figures = [...document.querySelectorAll("figure.kd-widget")];
    const pictures = figures.map((figure) => JSON.parse(figure.querySelector(".kd-spec").textContent).picture);
    const marks = pictures.flatMap((picture) => picture.panels ?? [picture]).flatMap(({ marks }) => marks);
    const groups = [...document.querySelectorAll(".kd-plot > [data-mark]")];
    const size = (group) => group.getBoundingClientRect().width + group.getBoundingClientRect().height;
    const empty = groups.filter((group) => !size(group));
    return {
        had: marks.map(({ kind }) => kind),
        drawn: groups.map((group) => group.dataset.mark),
        empty: empty.length,
        words: marks.filter(({ kind, text }) => kind === "text" && document.body.textContent.includes(text)).length,
        passages: document.querySelectorAll(".kd-passage mark").length,
        wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    };
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_every_mark_is_drawn(visit_gallery, width, theme):
    reader = visit_gallery(MARKS, viewport={"width": width, "height": 800}, color_scheme=theme)
    seen = reader.page.evaluate(DRAWN)
    kinds = {kind.__name__.lower() for kind in pictures.kinds_of_marks()}
    assert set(seen["had"]) == kinds
    assert set(seen["drawn"]) == kinds - {kind.__name__.lower() for kind in (Text, Passage)}
    assert (seen["empty"], seen["wide"]) == (0, 0)
    assert min(seen["words"], seen["passages"]) > 0
    photograph(reader.page, f"gallery_marks_{width}_{theme}")
    assert reader.noise == []
    assert reader.elsewhere() == []


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_gallery_is_quiet(visit_gallery, page):
    reader = visit_gallery(page)
    assert reader.page.locator("figure.kd-widget, .kd-exercise").count() > 0
    assert reader.noise == []


def test_what_is_tapped_in_a_picture_sets_a_choice(visit_gallery):
    reader = visit_gallery(MARKS)
    widget = reader.widget("gallery_marks.models")
    assert widget.locator(".kd-sentence").inner_text().startswith("Model a")
    widget.locator(".kd-tap[data-key=c]").click()
    assert widget.locator(".kd-sentence").inner_text().startswith("Model c")


HEIGHTS = """async (widget) => {
    const height = () => Number(widget.querySelector(".kd-plot [data-mark=bars] rect").getAttribute("height"));
    const heights = [height()];
    widget.querySelector("input[value='by a teacher']").click();
    const end = performance.now() + 600;
    while (performance.now() < end) {
        heights.push(height());
        await new Promise(requestAnimationFrame);
    }
    return heights;
}"""


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_a_picture_moves_into_the_next_when_another_word_is_chosen(visit_gallery, motion):
    reader = visit_gallery(MARKS, reduced_motion=motion)
    heights = reader.widget("gallery_marks.moving").evaluate(HEIGHTS)
    assert heights[-1] == pytest.approx(0.6 * heights[0], rel=0.01)
    assert heights == sorted(heights, reverse=True)
    between = [height for height in heights if heights[-1] < height < heights[0]]
    assert bool(between) == (motion == "no-preference")
