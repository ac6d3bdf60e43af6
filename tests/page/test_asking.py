"""Choices and numbers with their reasons, and curves, in the page: answered, judged, kept; by keyboard, on a phone."""

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


RIGHT = [20, 60, 80, 70, 40]  # accuracies, %


def draw(reader, block, heights):
    """Draw one stroke through these heights, with the pointer."""
    block.locator(".kd-canvas").scroll_into_view_if_needed()
    boxes = [grip.bounding_box() for grip in block.get_by_role("slider").all()]
    bottom, top = block.evaluate(ENDS_OF_THE_AXIS)
    mouse = reader.page.mouse
    for i, (box, height) in enumerate(zip(boxes, heights, strict=True)):
        mouse.move(box["x"] + box["width"] / 2, bottom + (top - bottom) * height / 100)
        if i == 0:
            mouse.down()
    mouse.up()


# where the lines at 0 and at 100 are, in the window
ENDS_OF_THE_AXIS = """(block) => {
  const level = (line) => line.getAttribute("y1") === line.getAttribute("y2");
  const lines = [...block.querySelectorAll(".kd-plot .kd-axes line")].filter(level);
  const heights = lines.map((line) => line.getBoundingClientRect().y);
  return [Math.max(...heights), Math.min(...heights)];
}"""
MARKS = ".kd-pencil-mark"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_curve_is_drawn_by_a_stroke_and_what_is_right_is_drawn_beside_it(visit_gallery, width):
    reader = visit_gallery(PAGE, viewport={"width": width, "height": 740})
    block = block_of(reader, "small/kinds", "drawn")
    on_paper = block.locator(".kd-asked")
    assert "A list of 5 numbers" in on_paper.text_content()
    assert on_paper.is_hidden()
    assert "is not written yet" in check(block)
    draw(reader, block, [100 - height for height in RIGHT])
    assert check(block) == "Your curve falls on the left, where the right one rises."
    assert block.locator(".kd-truth-mark").count() == 0
    draw(reader, block, [height + 12 for height in RIGHT])
    assert check(block) == "The shape is right, but your curve as a whole lies clearly too high."
    draw(reader, block, RIGHT)
    assert check(block) == "Four is best."
    assert block.locator(f"path{MARKS}.kd-truth-mark").count() == 2  # both ends of what is right, here the same
    assert block.locator(f"path{MARKS}:not(.kd-truth-mark)").count() == 1
    drawn = heights_of(block)
    assert max(abs(a - b) for a, b in zip(drawn, RIGHT, strict=True)) < 3
    reader.open(PAGE)
    assert heights_of(block) == drawn
    block.get_by_role("button", name="Reset").click()
    assert heights_of(block) == [50] * 5
    assert block.locator(f"path{MARKS}.kd-draft").count() == 1
    assert reader.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert reader.noise == []


def heights_of(block):
    return [float(grip.get_attribute("aria-valuenow")) for grip in block.get_by_role("slider").all()]


def test_a_curve_is_drawn_by_keyboard(visit_gallery):
    reader = visit_gallery(PAGE)
    block = block_of(reader, "small/kinds", "drawn")
    keyboard = reader.page.keyboard
    block.get_by_role("slider", name="at 1.").focus()
    for height in RIGHT:
        for _ in range(abs(height - 50) // 10):
            keyboard.press("Shift+ArrowUp" if height > 50 else "Shift+ArrowDown")
        keyboard.press("ArrowRight")
    assert heights_of(block) == RIGHT
    keyboard.press("Control+Enter")
    verdict = block.locator(".kd-result .kd-verdict").first
    verdict.wait_for(timeout=1000 * PYTHON_SECONDS)
    assert verdict.inner_text() == "Four is best."
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
    draw(reader, block_of(reader, "small/kinds", "drawn"), RIGHT)
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
    assert [function["ask"] is not None for function in data["functions"]] == [True, True, False, False, True]
    assert "Four is best" not in json.dumps(data)
    assert "All ten pairs" not in json.dumps(data)


def test_the_curve_of_the_temperature_chapter_is_drawn_and_judged(visit):
    reader = visit("chapters/principles/temperature.html")
    block = block_of(reader, "temperature/why", "softness")
    from_one_class_to_five = [0, 2, 22, 36, 64, 79, 80, 80]  # in hundredths of two nats
    draw(reader, block, from_one_class_to_five[::-1])
    assert check(block) == "Your curve falls, and the right one rises: it goes the wrong way all along."
    draw(reader, block, from_one_class_to_five)
    assert check(block).startswith("Cat and lynx share first, near log 2")
    assert block.locator(f"path{MARKS}.kd-truth-mark").count() == 2
    assert reader.noise == []
