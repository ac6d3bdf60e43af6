"""The first page and two chapters in Firefox: what every other test of the page sees in Chromium alone."""

import re

import pytest
from exercising import block_of, check, fill
from firefox import launch
from moving import put
from reading import MATHEMATICS, TOC, WIDGETS, Reader, as_shipped, assert_shows, controls, decline, send, verdict
from solutions import exercises

from kdlab.explore import find
from kdlab.explore.controls import Choice, Slider, Switch

pytestmark = pytest.mark.page

TEMPERATURE = "chapters/principles/temperature.html"
PAGES = [f"{TOC['root']}.html", TEMPERATURE, "chapters/compression/pruning.html"]
SOFTMAX = next(exercise for exercise in exercises() if exercise.name == "temperature/softmax")
ANSWERS = [next(each.source for each in SOFTMAX.right if "softmax_at" in each.functions)]
ANSWERS.append("def softmax_at(logits, temperature):\n    return logits\n")
# what takes more width than there is, of all that is shown
TOO_WIDE = """() => [document.documentElement, ...document.querySelectorAll("main figure, main figure svg")]
    .filter((node) => node.checkVisibility() && node.getBoundingClientRect().right > innerWidth + 1)
    .map((node) => node.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def firefox(playwright, tmp_path_factory):
    opened = launch(playwright, tmp_path_factory.mktemp("firefox"))
    yield opened
    opened.close()


@pytest.fixture(scope="module", params=PAGES)
def visited(request, firefox, address):
    """Return a reader of a page who has declined its questions; all that is asked of it is seen in the one visit."""
    reader = Reader(firefox, address)
    reader.open(request.param)
    for name in WIDGETS[request.param]:
        decline(reader.widget(name))
    yield reader, request.param
    assert reader.noise == []
    assert reader.elsewhere() == []
    reader.context.close()


def test_mathematics_is_typeset(visited):
    reader, _ = visited
    found = reader.page.evaluate(MATHEMATICS)
    shown = reader.page.locator("main math").count() > 0
    assert found == {"unseen": [], "raw": [], "fonts": ["loaded" if shown else "unloaded"]}


def test_each_control_shows_what_cpython_computes(visited):
    reader, page = visited
    for name in WIDGETS[page]:
        explorable, widget = find(name), reader.widget(name)
        if explorable.play:
            continue  # its steps are pressed below
        for control_name, row in controls(widget).items():
            control = explorable.controls[control_name]
            if not isinstance(control, Slider | Choice | Switch):
                continue
            value = control.grid()[-1]
            settings = explorable.settings(**{control_name: value})
            if not explorable.absent(settings):
                put(row, control, value)
                assert_shows(widget, as_shipped(explorable.picture(**{control_name: value}).to_json()))
            widget.get_by_role("button", name="Reset").click()


def test_what_plays_steps(visited):
    reader, page = visited
    for name in WIDGETS[page]:
        widget = reader.widget(name)
        if not find(name).play:
            continue
        before = widget.locator(".kd-sentence").inner_text()
        widget.get_by_role("button", name=re.compile("^Step")).first.click()
        widget.locator(".kd-sentence").filter(has_not_text=before).wait_for()


def test_nothing_is_wider_than_the_screen(visited):
    reader, _ = visited
    for width in (360, 1280):
        reader.page.set_viewport_size({"width": width, "height": 800})
        reader.page.wait_for_function(f"({TOO_WIDE})().length === 0")


def test_a_guess_is_judged_and_a_bar_is_held(firefox, address):
    reader = Reader(firefox, address)
    reader.open(TEMPERATURE)
    widget = reader.widget("temperature.logits")
    widget.locator(".kd-predict").get_by_role("radio").first.check()
    send(widget)
    assert "You said" in verdict(widget)
    widget.get_by_role("button", name="Reset").click()
    before = widget.locator(".kd-sentence").inner_text()
    handle = widget.locator(".kd-hold").first
    handle.scroll_into_view_if_needed()
    box = handle.bounding_box()
    mouse, (x, y) = reader.page.mouse, (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.move(x, y)
    mouse.down()
    mouse.move(x, y + 20, steps=4)
    mouse.up()
    widget.locator(".kd-sentence").filter(has_not_text=before).wait_for()
    assert reader.noise == []
    reader.context.close()


def test_python_of_the_page_checks_an_exercise(firefox, address):
    reader = Reader(firefox, address)
    reader.open(TEMPERATURE)
    verdicts = []
    for source in ANSWERS:
        fill(reader, SOFTMAX.name, {"softmax_at": source})
        verdicts.append(check(block_of(reader, SOFTMAX.name, "softmax_at")))
    assert verdicts[0].startswith("softmax_at is right")
    assert not verdicts[1].startswith("softmax_at is right")
    assert reader.noise == []
    reader.context.close()


def test_firefox_tells_what_it_complains_of(firefox, address):
    reader = Reader(firefox, address)
    reader.open(TEMPERATURE)
    reader.page.evaluate("console.error('said'); setTimeout(() => { throw new Error('thrown'); }); fetch('missing')")
    reader.page.wait_for_load_state("networkidle")
    heard = "\n".join(reader.noise)
    assert all(word in heard for word in ("said", "thrown", "404"))
    reader.context.close()
