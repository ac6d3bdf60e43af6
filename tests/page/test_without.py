"""The book without something: without JavaScript, without Python, without a server."""

import re
import shutil

import pytest
from reading import (
    BUILT,
    DIARY,
    LISTEN,
    MATHEMATICS,
    PYTHON_SECONDS,
    WIDGETS,
    Reader,
    as_shipped,
    assert_shows,
    controls,
    decline,
    open_code,
    send,
    serving,
    verdict,
)

from kdlab.explore import find

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
GRID_ONLY, WITH_NUMBERS = "temperature.entropy", "temperature.logits"
LOGITS = (5.0, 4.5, 4.0, 0.0, -2.0)


@pytest.fixture
def on_disk(browser, built):
    reader = Reader(browser, built.as_uri() + "/")
    yield reader
    reader.context.close()


@pytest.fixture(scope="module")
def without_python(built, tmp_path_factory):
    """Return the address of a copy of the book that was built without Python for the page."""
    copy = tmp_path_factory.mktemp("without") / "html"
    shutil.copytree(built, copy, ignore=shutil.ignore_patterns("pyodide.*"))
    with serving(copy) as at:
        yield at


def answers_from_the_grid(reader, name=GRID_ONLY):
    widget = reader.widget(name)
    grid = find(name).controls["temperature"].grid()
    for at in (0, 30):
        controls(widget)["temperature"].get_by_role("slider").fill(str(at))
        assert_shows(widget, as_shipped(find(name).picture(temperature=grid[at]).to_json()))
    assert widget.get_attribute("data-engine") == "grid"


@pytest.mark.parametrize("page", WIDGETS)
def test_without_javascript_pictures_sentences_and_solutions_stand(browser, address, page):
    reader = Reader(browser, address, java_script_enabled=False)
    reader.page.goto(address + page)
    alts = re.findall(
        r"^`{3,}\{explore\} (\S+)\n(?::(?:wide|ask):.*\n)*:alt: (.+)$",
        (BUILT / "_sources" / page).with_suffix(".md").read_text(),
        re.M,
    )
    assert [name for name, _ in alts] == WIDGETS[page]
    for at, (name, alt) in enumerate(alts):
        # a widget may stand in a page twice; the second has a number behind its name
        times = [earlier for earlier, _ in alts[: at + 1]].count(name)
        widget = reader.widget(name if times == 1 else f"{name}-{times}")
        picture = widget.locator("img")
        picture.scroll_into_view_if_needed()
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
        assert picture.get_attribute("alt") == alt
        assert picture.bounding_box()["width"] > 300
        assert straight(widget.locator(".kd-sentence").inner_text()) == straight(find(name).picture().sentence)
        assert widget.get_by_role("button").count() == 0
    formulas = reader.page.locator("math").count()
    assert formulas == (BUILT / page).read_text("utf-8").count("<math")
    shown = ["loaded" if formulas else "unloaded"]  # a browser asks for a font when something is set in it
    assert reader.page.evaluate(MATHEMATICS) == {"unseen": [], "raw": [], "fonts": shown}
    for details in reader.page.locator("article details").all():
        body = details.locator(":scope > :not(summary)").first
        assert body.is_hidden()
        details.locator("summary").first.click()
        assert body.is_visible()
    assert reader.elsewhere() == []
    reader.context.close()


def straight(text):
    """Return a sentence without the typographer's quotes that a built page has."""
    return text.replace("’", "'").replace("“", '"').replace("”", '"')


def test_without_javascript_the_diary_says_why_it_is_empty(browser, address):
    reader = Reader(browser, address, java_script_enabled=False)
    reader.page.goto(address + DIARY)
    assert reader.page.get_by_text("Without JavaScript no prediction is asked for, and none is kept.").is_visible()
    reader.context.close()


def test_without_python_the_grids_answer_and_the_rest_says_what_is_missing(visit, without_python):
    reader = visit(CHAPTER, address=without_python)
    for name in (GRID_ONLY, WITH_NUMBERS):
        decline(reader.widget(name))
        answers_from_the_grid(reader, name)
    says = re.compile(r"Python could not start: .*pyodide\.mjs")
    widget = reader.widget(WITH_NUMBERS)
    widget.get_by_role("spinbutton", name="dog").fill("4")
    widget.locator(".kd-status", has_text=says).wait_for()
    assert widget.locator(".kd-status").inner_text().endswith(" Until it does, the sliders answer from their grid.")
    assert widget.get_attribute("data-engine") == "waiting"
    open_code(reader.widget(GRID_ONLY))
    reader.widget(GRID_ONLY).get_by_role("button", name="Run").click()
    reader.widget(GRID_ONLY).locator(".kd-code .kd-complaint", has_text=says).wait_for()
    # what was asked in vain spoils nothing
    widget.get_by_role("button", name="Reset").click()
    answers_from_the_grid(reader, WITH_NUMBERS)
    assert widget.locator(".kd-status").text_content() == ""
    assert all("404" in noise for noise in reader.noise)


def test_interrupted_start_is_said_and_the_next_try_succeeds(visit):
    reader = visit("genindex.html", script=LISTEN)
    reader.context.route("**/*.wasm", lambda route: route.abort())
    reader.open(CHAPTER)
    widget = reader.widget(WITH_NUMBERS)
    decline(widget)
    widget.get_by_role("spinbutton", name="dog").fill("1")
    widget.locator(".kd-status", has_text="Python could not start: ").wait_for()
    assert "pyodide.asm.wasm could not be loaded" in widget.locator(".kd-status").inner_text()
    reader.context.unroute("**/*.wasm")
    widget.get_by_role("spinbutton", name="dog").fill("4")
    assert widget.locator(".kd-status").inner_text().startswith("Starting Python")  # then how much of it is there
    assert_shows(widget, find(WITH_NUMBERS).picture(logits=LOGITS).to_json(), PYTHON_SECONDS)


def test_from_disk_pictures_grids_predictions_and_mathematics_work(on_disk):
    reader = on_disk
    reader.open(CHAPTER)
    assert reader.page.locator("math").count() > 50
    assert reader.page.evaluate(MATHEMATICS) == {"unseen": [], "raw": [], "fonts": ["loaded"]}
    widget = reader.widget(GRID_ONLY)
    widget.locator(".kd-predict").get_by_role("spinbutton").fill("2.5")
    send(widget)
    assert verdict(widget).startswith("Right: ")
    assert widget.get_by_text("your guess").count() == 1
    reader.open(CHAPTER)
    assert verdict(widget).startswith("Right: ")
    for name in WIDGETS[CHAPTER]:
        decline(reader.widget(name))
    measured = reader.widget("temperature.soft_targets")
    controls(measured)["image"].get_by_role("combobox").select_option("0, clear")
    assert_shows(measured, as_shipped(find("temperature.soft_targets").picture(image="0, clear").to_json()))
    reader.open(DIARY)
    status = reader.page.locator(".kd-diary").get_by_role("status").inner_text()
    assert status.startswith("1 prediction is kept in this browser: 1 right")
    assert reader.noise == []
    assert reader.elsewhere() == []


def test_from_disk_python_says_what_it_needs(on_disk):
    reader = on_disk
    reader.open(CHAPTER)
    widget = reader.widget(WITH_NUMBERS)
    decline(widget)
    says = "run “python -m http.server” and open the address it prints"
    widget.get_by_role("spinbutton", name="dog").fill("4")
    assert says in widget.locator(".kd-status").inner_text()
    assert widget.get_attribute("data-engine") == "waiting"
    widget.get_by_role("button", name="Reset").click()
    assert widget.get_attribute("data-engine") == "grid"
    other = reader.widget(GRID_ONLY)
    decline(other)
    open_code(other)
    other.get_by_role("button", name="Run").click()
    assert says in other.locator(".kd-status").inner_text()
    assert other.get_attribute("data-engine") == "waiting"
    assert reader.python_files() == []
    assert reader.noise == []


@pytest.mark.parametrize("page", [DIARY, "genindex.html", "search.html"])
def test_from_disk_no_page_complains(on_disk, page):
    on_disk.open(page)
    on_disk.page.wait_for_load_state("networkidle")
    assert on_disk.noise == []
    assert on_disk.elsewhere() == []
