"""Choices and numbers with their reasons, in the page: answered, judged, kept; by keyboard, and on a phone."""

import json

import pytest
from exercising import block_of, check, editor_of
from reading import PYTHON_SECONDS, write

pytestmark = pytest.mark.page

PAGE = "chapters/gallery_exercise.html"


def test_a_choice_is_made_by_keyboard_and_kept(visit_gallery):
    reader = visit_gallery(PAGE, viewport={"width": 360, "height": 740})
    block = block_of(reader, "small/kinds", "which")
    assert block.locator(".kd-asked").is_hidden()  # what is read on paper
    assert block.locator("div.highlight-python, div.highlight").first.is_hidden()
    option, reason = block.get_by_role("radio", name="taught"), block.get_by_role("radio", name="The means differ.")
    option.focus()
    reader.page.keyboard.press("Space")
    reason.focus()
    reader.page.keyboard.press("Space")
    reader.page.keyboard.press("Control+Enter")
    verdict = block.locator(".kd-result .kd-verdict").first
    verdict.wait_for(timeout=1000 * PYTHON_SECONDS)
    said = "The answer is right. The reason is not: Two means say nothing without a spread."
    assert verdict.inner_text() == said
    reader.page.keyboard.press("ArrowUp")
    assert check(block) == "All ten pairs say so."
    reader.open(PAGE)
    assert option.is_checked()
    assert block.get_by_role("radio", name="The pairs differ.").is_checked()
    assert reader.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert reader.noise == []


def test_an_answer_that_is_not_whole_is_not_written(visit_gallery):
    reader = visit_gallery(PAGE)
    block = block_of(reader, "small/kinds", "which")
    assert "is not written yet" in check(block)
    block.get_by_role("radio", name="taught").check()
    assert "is not written yet" in check(block)


def test_all_of_them_are_told_solved(visit_gallery):
    reader = visit_gallery(PAGE)
    which, how_many = (block_of(reader, "small/kinds", name) for name in ("which", "how_many"))
    which.get_by_role("radio", name="taught").check()
    which.get_by_role("radio", name="The pairs differ.").check()
    how_many.get_by_role("spinbutton").fill("9.5")
    how_many.get_by_role("radio", name="I counted.").check()
    for name, source in (
        ("gain", "def gain(taught, alone):\n    d = taught - alone\n    e = 2 * d.std(ddof=1) / len(d) ** 0.5\n"
                 "    return d.mean(), d.mean() - e, d.mean() + e\n"),
        ("design", "def design():\n    return 8, 0.5\n"),
    ):  # fmt: skip
        write(editor_of(block_of(reader, "small/kinds", name)), source)
    design = block_of(reader, "small/kinds", "design")
    assert check(design) == "It is too large."
    assert check(how_many) == "Ten pairs."
    ending = reader.page.locator(".kd-ending")
    assert ending.inner_text() == ""
    write(editor_of(design), "def design():\n    return 4, given['alone'].shape[0] / 20\n")
    assert check(design) == "Small enough."
    assert ending.inner_text().startswith("Solved. ")
    assert reader.noise == []


def test_what_is_right_is_not_in_the_page_itself(visit_gallery):
    reader = visit_gallery(PAGE)
    data = json.loads(reader.page.locator(".kd-exercise-data").text_content())
    assert [function["ask"] is not None for function in data["functions"]] == [True, True, False, False]
    assert "All ten pairs" not in json.dumps(data)
