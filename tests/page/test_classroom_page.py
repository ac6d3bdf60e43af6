"""The classroom in the page: the emblem plays to its end, and a run of the whole is the same from its address."""

import re

import pytest
import reading
from axe_playwright_python.sync_playwright import Axe

from kdlab.explore import classroom
from kdlab.explore.classroom import emblem, whole
from kdlab.explore.learning import STEPS
from kdlab.explore.play import Run

pytestmark = pytest.mark.page

PAGE = "chapters/gallery_classroom.html"
EMBLEM, WHOLE = emblem.explorable, whole.explorable
WIDTHS = {1280: {"width": 1280, "height": 900}, 360: {"width": 360, "height": 800}}
PLAYED_SECONDS = 90_000  # of a run on a busy machine, in milliseconds


@pytest.fixture
def visit(visit_gallery):
    """Return a function that opens the page as a new reader, who must have no complaint at the end."""
    readers = []

    def open_page(width=1280, **options):
        readers.append(visit_gallery(PAGE, viewport=WIDTHS[width], **options))
        return readers[-1]

    yield open_page
    assert [reader.noise for reader in readers] == [[] for _ in readers]


def press(widget, name):
    widget.get_by_role("button", name=name, exact=True).click()


def says(widget):
    return widget.locator(".kd-sentence").text_content()


def wait_for(widget, text):
    widget.locator(".kd-sentence", has_text=re.compile(f"^{re.escape(text)}")).wait_for(timeout=PLAYED_SECONDS)


def at_the_end(points):
    return EMBLEM.picture(points=points, run=Run(STEPS))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_emblem_plays_to_its_sentence(visit, width, theme):
    reader = visit(width, color_scheme=theme)
    figure = reader.widget("classroom.emblem")
    assert says(figure) == EMBLEM.picture().sentence
    press(figure, "Play")
    wait_for(figure, "Step 400")
    assert figure.get_attribute("data-engine") == "grid"  # it played before Python answered
    assert says(figure) == at_the_end("few").sentence
    assert figure.locator(".kd-title").all_text_contents() == [panel.sentence for panel in at_the_end("few").panels]
    figure.locator(".kd-spoken", has_text="Step 400").wait_for()
    assert reader.page.evaluate("document.documentElement.scrollWidth") == width
    assert Axe().run(reader.page, context="#widget-classroom-emblem").violations_count == 0
    reading.photograph(reader.page, f"classroom_{width}_{theme}")


def test_maps_stand_side_by_side_on_a_desk_and_the_students_below_the_teacher_on_a_phone(visit):
    for width in WIDTHS:
        boxes = [plot.bounding_box() for plot in visit(width).widget("classroom.emblem").locator(".kd-plot").all()]
        teacher, labels, soft = boxes
        assert labels["y"] == pytest.approx(soft["y"], abs=1)
        assert labels["width"] == pytest.approx(soft["width"], abs=1)
        assert labels["width"] > (250 if width == 1280 else 130)
        assert (teacher["y"] < labels["y"] - 100) == (width == 360)
        assert soft["x"] + soft["width"] <= width


def test_many_points_are_learned_by_python(visit):
    figure = visit().widget("classroom.emblem")
    figure.get_by_role("radio", name="many").check(force=True)
    wait_for(figure, "600 points")
    press(figure, "Play")
    wait_for(figure, "Step 400")
    assert says(figure) == at_the_end("many").sentence
    assert figure.get_attribute("data-engine") == "python"


def test_keys_play_pause_and_step(visit):
    reader = visit()
    figure = reader.widget("classroom.emblem")
    line = figure.locator(".kd-run").get_by_role("slider")
    line.focus()
    reader.page.keyboard.press("ArrowRight")
    assert says(figure) == EMBLEM.picture(run=Run(20)).sentence
    reader.page.keyboard.press("Space")
    figure.get_by_role("button", name="Pause").wait_for()
    reader.page.keyboard.press("Space")
    figure.get_by_role("button", name="Play", exact=True).wait_for()
    reader.page.keyboard.press("Home")
    assert says(figure) == EMBLEM.picture().sentence
    figure.get_by_role("radio", name="few").focus()
    reader.page.keyboard.press("ArrowRight")
    wait_for(figure, "600 points")


def test_who_wants_no_movement_steps_or_sees_the_end(visit):
    figure = visit(reduced_motion="reduce").widget("classroom.emblem")
    assert figure.get_by_role("button", name="Play", exact=True).count() == 0
    press(figure, "Step")
    wait_for(figure, "Step 20:")
    press(figure, "To the end")
    wait_for(figure, "Step 400")


def begun(reader):
    """Return the whole classroom, past its first question."""
    figure = reader.widget("classroom.whole")
    press(figure, "Show me without a guess")
    figure.locator(".kd-controls").wait_for()
    press(figure, "Reset")
    wait_for(figure, "Step 0:")
    return figure


def test_many_controls_stand_in_columns_and_maps_above_the_question_where_there_is_room(visit):
    for width in WIDTHS:
        reader = visit(width)
        figure = reader.widget("classroom.whole")
        figure.locator(".kd-predict").wait_for()
        asked, teacher = figure.locator(".kd-predict").bounding_box(), figure.locator(".kd-plot").first.bounding_box()
        assert (teacher["y"] < asked["y"]) == (width == 1280)
        press(figure, "Show me without a guess")
        few = [figure.get_by_role("group", name=name, exact=True) for name in ("wrong labels", "teacher's labels")]
        boxes = "(groups) => groups.map((group) => group.getBoundingClientRect())"
        where = {  # on a phone two that are small may find room beside each other, and need not
            1280: "Math.abs(one.y - two.y) < 1",
            360: "Math.max(one.right, two.right) <= innerWidth",
        }
        # a face that comes late makes a legend wider
        reader.page.wait_for_function(
            f"(groups) => {{ const [one, two] = ({boxes})(groups); return {where[width]}; }}",
            arg=[group.element_handle() for group in few],
        )


def test_the_star_is_dragged_and_the_three_say_what_they_think_there(visit):
    reader = visit()
    figure = begun(reader)
    star = figure.locator(".kd-hold").first
    star.focus()
    before = figure.locator(".kd-title").last.text_content()
    reader.page.keyboard.press("ArrowRight")
    figure.locator(".kd-title", has_text=re.compile("^At the star")).filter(has_not_text=before).wait_for(
        timeout=PLAYED_SECONDS
    )
    x = figure.get_by_role("group", name="the star").get_by_role("spinbutton").first.input_value()
    place = [[float(x), classroom.STAR[1]]]
    assert figure.locator(".kd-title").last.text_content() == WHOLE.picture(place=place).panels[-1].sentence


def test_an_address_replays_a_run_whose_lesson_was_changed(visit):
    reader = visit()
    figure = begun(reader)
    alpha = figure.get_by_role("spinbutton", name="alpha")
    alpha.fill("0")
    alpha.press("Enter")
    press(figure, "Step")
    wait_for(figure, "Step 20:")
    alpha.fill("1")
    alpha.press("Enter")
    press(figure, "Step")
    wait_for(figure, "Step 40:")
    expected = WHOLE.picture(run=Run(40, ((0, "alpha", 0.0), (20, "alpha", 1.0))))
    assert says(figure) == expected.sentence
    assert says(figure) != WHOLE.picture(run=Run(40)).sentence
    press(figure, "Link")
    address = figure.get_by_role("textbox", name="Link").input_value()
    drawn = "(figure) => [...figure.querySelectorAll('.kd-plot path')].map((path) => path.getAttribute('d')).join()"
    other = visit()
    other.page.goto("about:blank")
    other.page.goto(address.replace(reader.address, other.address))
    again = other.widget("classroom.whole")
    wait_for(again, "Step 40:")
    assert says(again) == expected.sentence
    assert again.evaluate(drawn) == figure.evaluate(drawn)


def test_the_tour_leads_through_three_acts(visit):
    figure = begun(visit())
    press(figure, "Take the tour")
    for number, stop in enumerate(WHOLE.stops, start=1):
        if stop.ask:
            assert figure.locator(".kd-predict").get_by_text(stop.ask.question).is_visible()
            press(figure, "Show me without a guess")
        wait_for(figure, WHOLE.picture(**stop.settings | {"run": Run(STEPS)}).sentence)
        if number < len(WHOLE.stops):
            press(figure, "Next")


def test_ones_own_points_are_learned(visit):
    figure = begun(visit())
    figure.get_by_role("radio", name="my own").check(force=True)
    press(figure, "Step")
    wait_for(figure, "Step 20:")
    own = WHOLE.controls["own"].value
    assert says(figure) == WHOLE.picture(points="my own", own=own, run=Run(20)).sentence
    assert figure.locator(".kd-plot").nth(1).locator("[data-mark=points]").count() == 4  # three classes, and the star
