"""What a chapter looks like, where a rule can say it: widths of code, faces, and what is seen of a figure at once."""

import pytest
from reading import decline, open_code

from kdlab.explore import find

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
OF_CODE = "article section > :is(.cell, [class*='highlight-'])"
NARROW = {"width": 360, "height": 740}


def test_code_is_as_wide_as_the_text_or_as_text_and_notes(visit):
    page = visit(CHAPTER).page
    widths = page.locator(OF_CODE).evaluate_all("blocks => blocks.map((block) => Math.round(block.offsetWidth))")
    text, both = (page.locator(part).first.evaluate("node => node.offsetWidth") for part in ("article p + p", "figure"))
    assert set(widths) <= {text, both}
    assert len(widths) > 5


def test_code_that_goes_on_has_a_shade_at_its_edge_that_does_not_scroll(visit):
    page = visit(CHAPTER, viewport=NARROW).page
    long = page.locator("article pre").evaluate_all(
        """all => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => {
            const { backgroundAttachment, backgroundImage } = getComputedStyle(one);
            return [backgroundAttachment, backgroundImage.match(/linear/g).length];
        })"""
    )
    assert long
    assert all(look == ["local, scroll", 2] for look in long)


def test_an_editor_is_set_like_the_code_of_the_text(visit):
    page = visit(CHAPTER).page
    widget = page.locator("#widget-temperature-logits")
    decline(widget)
    open_code(widget)
    look = "node => [getComputedStyle(node).fontFamily, getComputedStyle(node).fontSize]"
    assert widget.locator(".cm-line").first.evaluate(look) == page.locator(f"{OF_CODE} pre").first.evaluate(look)
    of_text = "node => getComputedStyle(node).color"
    keyword = widget.locator(".cm-line span", has_text="return").first.evaluate(of_text)
    assert keyword == page.locator(f"{OF_CODE} .k", has_text="return").first.evaluate(of_text)


def test_the_title_of_a_figure_is_seen_on_a_phone_too(visit):
    page = visit(CHAPTER, viewport=NARROW).page
    titles = page.locator(".kd-head span")
    assert titles.count() == 5
    assert all(title.is_visible() for title in titles.all())


def test_the_task_of_the_first_figure_is_told_from_the_start(visit):
    page = visit("chapters/index.html").page
    shrink = find("landing.shrink")
    goal = page.locator("#widget-landing-shrink .kd-goal")
    assert goal.inner_text() == shrink.goal(shrink.settings())
    assert goal.bounding_box()["y"] < 900
