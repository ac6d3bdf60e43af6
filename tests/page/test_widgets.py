"""Every widget of every chapter: alive before Python is, and what it shows is what CPython computes."""

import numpy as np
import pytest
from moving import put, put_all, reset
from reading import (
    LISTEN,
    PYTHON_SECONDS,
    WIDGETS,
    Reader,
    as_shipped,
    assert_shows,
    controls,
    decline,
)
from sampling import has_each, sampled
from scipy.special import softmax

from kdlab.explore import find
from kdlab.explore.controls import (
    Action,
    Cells,
    Choice,
    Cuts,
    Diary,
    Numbers,
    Order,
    Paint,
    Places,
    Shares,
    Slider,
    Switch,
    plain,
)

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
CLASSES = ("cat", "lynx", "dog", "fox", "car")
LOGITS = (5.0, 4.5, 0.0, 0.0, -2.0)
MOVED_FIFTY_TIMES = """(box) => {
    for (let move = 0; move < 50; move++) {
        box.value = -10 + 0.5 * ((7 * move) % 17);
        box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return Number(box.value);
}"""
DRAWN = ".kd-canvas > :is(.kd-picture, .kd-sheet)"


def page_of(name):
    return next(page for page, names in WIDGETS.items() if name in names)


# those that play have states that only their steps lead to: test_playing.py, test_classroom_page.py
ALL = [name for names in WIDGETS.values() for name in names if not find(name).play]
HAS = has_each(lambda name: set(map(type, find(name).controls.values())), ALL)
SAMPLE = sampled(ALL, page_of, *HAS)
# what is read from a diary has a test of its own, and its example comes from the grid
OF_A_DIARY = {name for name in ALL if any(isinstance(control, Diary) for control in find(name).controls.values())}
# and of what is only chosen from, the grid has all: Python is not asked
CHOSEN = {n for n in ALL if all(isinstance(control, Choice | Order | Switch) for control in find(n).controls.values())}
LIVE = sampled([n for n in ALL if not find(n).measured and n not in OF_A_DIARY | CHOSEN], page_of, *HAS)


@pytest.fixture(scope="module")
def readers(browser, address):
    """Return a function that gives a reader of a page who has declined its questions; a page is opened once."""
    opened = {}

    def leave(reader):
        assert reader.noise == []
        assert reader.elsewhere() == []
        reader.context.close()

    def reader_of(page):
        if page not in opened:
            for other in list(opened):
                leave(opened.pop(other))
            opened[page] = Reader(browser, address, script=LISTEN)
            opened[page].open(page)
            for name in WIDGETS[page]:
                decline(opened[page].widget(name))
        return opened[page]

    yield reader_of
    for reader in opened.values():
        leave(reader)


def seen(widget):
    return widget.locator(DRAWN).inner_html(), widget.locator(".kd-sentence").inner_text()


def some_of_the_grid(control):
    """Return values shipped with the page: every option; of a slider both ends and some between."""
    values = control.grid()
    if isinstance(control, Choice | Switch):
        return values
    return [values[at] for at in sorted({int(at) for at in np.linspace(0, len(values) - 1, 6)})]


def off_the_grid(control):
    """Return two values that are not shipped with the page, or, where all are shipped, two of these."""
    if getattr(control, "integer", False):
        between = sorted({*range(control.low, control.high + 1)} - {*control.grid()}) or control.grid()
        return between[0], between[-1]
    if isinstance(control, Action | Choice | Order | Switch):  # an Action is pressed in a test of its own
        return control.grid()[0], control.grid()[-1]
    if isinstance(control, Numbers):
        steps = round((control.high - control.low) / control.step)
        spread = [(0.37, 0.11), (0.83, 0.29)]
        return tuple(
            tuple(control.low + control.step * round(steps * ((start + by * i) % 1)) for i in range(len(control.names)))
            for start, by in spread
        )
    if isinstance(control, Cuts):  # each a little lower, or higher: none is held by its neighbour on the way
        by = 0.03 * (control.high - control.low)
        return tuple(tuple(round(cut + step, 4) for cut in control.value) for step in (-by, by))
    if isinstance(control, Shares):  # halves of halves, whose sum is 1 to the last bit
        halves = [0.5**i for i in range(1, len(control.names))]
        return (*halves, halves[-1]), (halves[-1], *reversed(halves))
    if isinstance(control, Cells | Paint):
        corners = ((np.indices((control.rows, control.columns)) * by).sum(axis=0) < 6 for by in (2, 3))
        return tuple(corner * control.dtype(control.most) for corner in corners)
    if isinstance(control, Places):
        ends = np.linspace(control.low, control.high, 11).round(3).tolist()
        return tuple([[ends[i + 2], ends[at - i]] for i in range(len(control.value))] for at in (3, 7))
    values = tuple(float(f"{control.low + at * (control.high - control.low):.7g}") for at in (0.0137, 0.6931))
    assert not set(values) & set(control.grid())
    return values


def test_first_widget_lives_and_answers_before_python_is_asked_for(visit):
    reader = visit(CHAPTER)
    reader.page.wait_for_load_state("networkidle")
    # idle time in which a too eager start would come
    reader.page.evaluate("new Promise((go) => requestIdleCallback(() => requestIdleCallback(() => go())))")
    assert reader.python_files() == []
    widget = reader.widget("temperature.logits")
    # the first touch is what starts Python, when the browser has nothing else to do
    with reader.context.expect_event("request", lambda request: request.url.endswith("pyodide.mjs")):
        decline(widget)
        before = widget.locator(DRAWN).inner_html(), widget.locator(".kd-sentence").inner_text()
        controls(widget)["temperature"].get_by_role("slider").fill("3")
        after = widget.locator(DRAWN).inner_html(), widget.locator(".kd-sentence").inner_text()
        assert widget.get_attribute("data-engine") == "grid"
        assert all(old != new for old, new in zip(before, after, strict=True))
    assert reader.noise == []


def test_labels_and_sentence_are_those_of_scipy(visit):
    reader = visit(CHAPTER)
    widget = reader.widget("temperature.logits")
    decline(widget)
    put(controls(widget)["temperature"], find("temperature.logits").controls["temperature"], 4.0)
    p = softmax(np.array(LOGITS) / 4)
    words = widget.locator(".kd-plot text[stroke]").all_text_contents()
    assert [word for word in words if word[:2] == "0."] == [f"{p_i:.3f}" for p_i in p]
    expected = (
        f"At T = 4 the cat holds {p[0]:.3f} and all the others {1 - p[0]:.3f}; the mean logit is {p @ LOGITS:.2f},"
    )
    assert widget.locator(".kd-sentence").inner_text().startswith(expected)


@pytest.mark.parametrize("name", SAMPLE)
def test_every_control_shows_what_cpython_computes(readers, name):
    explorable, widget = find(name), readers(page_of(name)).widget(name)
    for control_name, row in controls(widget).items():
        control = explorable.controls[control_name]
        reset(widget)
        shown = seen(widget)
        changed = differs = False
        for value in [] if isinstance(control, Numbers) else some_of_the_grid(control):
            if explorable.absent(explorable.settings(**{control_name: value})):
                continue
            put(row, control, value)
            picture = as_shipped(explorable.picture(**{control_name: value}).to_json())
            assert_shows(widget, picture)
            assert widget.get_attribute("data-engine") == "grid"
            changed |= seen(widget) != shown
            differs |= picture != as_shipped(explorable.picture().to_json())
        for value in off_the_grid(control) if isinstance(control, Numbers | Places | Shares | Cuts) else ():
            put(row, control, value)
            assert_shows(widget, explorable.picture(**{control_name: value}).to_json(), PYTHON_SECONDS)
            assert widget.get_attribute("data-engine") == "python"
            changed |= seen(widget) != shown
            differs = True
        # some controls matter only beside another value of a second one
        assert changed == differs, f"{control_name} changes the picture: {changed}, and should: {differs}"


@pytest.mark.parametrize("name", SAMPLE)
def test_all_controls_at_once_show_what_cpython_computes(readers, name):
    explorable, widget = find(name), readers(page_of(name)).widget(name)
    on_grid = {key: control for key, control in explorable.controls.items() if not isinstance(control, Numbers)}
    values = {}
    for control_name, control in on_grid.items():  # each at a value that has a picture beside those of the others
        offered = [*control.grid()[-2:], *control.grid()]
        values[control_name] = next(
            value for value in offered if not explorable.absent(explorable.settings(**values | {control_name: value}))
        )
    put_all(widget, explorable, values)
    assert_shows(widget, as_shipped(explorable.picture(**values).to_json()))


@pytest.mark.parametrize("name", LIVE)
def test_python_of_the_page_computes_what_cpython_computes(readers, name):
    reader, explorable = readers(page_of(name)), find(name)
    widget = reader.widget(name)
    offered = {control_name: off_the_grid(control) for control_name, control in explorable.controls.items()}
    for turn in (0, 1):
        values = {control_name: pair[turn] for control_name, pair in offered.items()}
        put_all(widget, explorable, values)
        for control_name, row in controls(widget).items():
            control = explorable.controls[control_name]
            if isinstance(control, Slider):
                words = row.get_by_role("slider").get_attribute("aria-valuetext")
                assert words == f"{control.label} = {values[control_name]}"
        expected = explorable.shown(explorable.settings(**values))  # the picture, and what its goal says
        assert_shows(widget, expected, PYTHON_SECONDS)
        asked, answer = reader.page.evaluate("[asked.at(-1), answers.at(-1).value]")
        assert asked == [name, plain(values), None]
        assert_equal_numbers(answer, expected)


def assert_equal_numbers(found, expected):
    if isinstance(expected, dict):
        assert found.keys() == expected.keys()
        for key in expected:
            assert_equal_numbers(found[key], expected[key])
    elif isinstance(expected, list):
        assert len(found) == len(expected)
        for pair in zip(found, expected, strict=True):
            assert_equal_numbers(*pair)
    elif isinstance(expected, float):
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)
    else:
        assert found == expected


@pytest.mark.parametrize("name", sampled([name for name in ALL if find(name).measured], page_of))
def test_measured_widget_shows_what_was_measured_and_nothing_between(readers, name):
    reader = readers(page_of(name))
    widget = reader.widget(name)
    # once Python is ready, the sliders of the other widgets stand between their steps too
    computed = [
        other
        for other in ALL
        if other in WIDGETS[page_of(name)]
        and not find(other).measured
        and any(isinstance(control, Slider) and not control.integer for control in find(other).controls.values())
    ]
    for other in computed[:1]:
        sliders = ".kd-controls input[type=range]"
        reader.widget(other).locator(sliders).last.fill("1")
        reader.widget(other).locator(f"{sliders}[step=any]").first.wait_for()
    assert all(box.is_disabled() for box in widget.get_by_role("spinbutton").all())
    assert all(slider.get_attribute("step") == "1" for slider in widget.locator("input[type=range]").all())
    assert widget.get_by_text("Show the code").count() == 0
    widget.get_by_text("Where these numbers come from").click()
    assert widget.get_by_text(f"python -m kdlab.experiments {find(name).measured}").is_visible()


def test_old_picture_is_marked_while_python_starts(visit):
    reader = visit(CHAPTER)
    widget = reader.widget("temperature.logits")
    decline(widget)
    drawn, status = widget.locator(".kd-picture").first, widget.locator(".kd-status")
    assert drawn.evaluate("node => Number(getComputedStyle(node).opacity)") == 1
    old = widget.locator(".kd-sentence").inner_text()
    widget.get_by_role("spinbutton", name="dog").fill("4")
    assert status.inner_text().startswith("Starting Python")
    assert widget.get_attribute("data-engine") == "waiting"
    assert widget.locator(".kd-sentence").inner_text() == old
    for part in (".kd-picture", ".kd-sentence"):
        assert widget.locator(part).first.evaluate("node => Number(getComputedStyle(node).opacity)") < 0.7
    assert_shows(
        widget, find("temperature.logits").picture(logits=(5.0, 4.5, 4.0, 0.0, -2.0)).to_json(), PYTHON_SECONDS
    )
    assert widget.get_attribute("data-engine") == "python"
    assert status.text_content() == ""
    for part in (".kd-picture", ".kd-sentence"):
        assert widget.locator(part).first.evaluate("node => Number(getComputedStyle(node).opacity)") == 1


def test_latest_of_fifty_moves_wins(visit):
    reader = visit(CHAPTER, script=LISTEN)
    widget = reader.widget("temperature.logits")
    decline(widget)
    reader.page.evaluate(
        """() => {
            window.said = [];
            const sentence = document.querySelector("#widget-temperature-logits .kd-sentence");
            new MutationObserver(() => said.push(sentence.textContent)).observe(sentence, { childList: true });
        }"""
    )
    # first while Python starts, then while it is ready
    for name in ("dog", "fox"):
        reset(widget)
        reader.page.evaluate("new Promise((resolve) => setTimeout(resolve))")
        reader.page.evaluate("said.length = asked.length = 0")
        last = widget.get_by_role("spinbutton", name=name).evaluate(MOVED_FIFTY_TIMES)
        logits = [last if name == moved else z for moved, z in zip(CLASSES, LOGITS, strict=True)]
        picture = find("temperature.logits").picture(logits=logits).to_json()
        assert_shows(widget, picture, PYTHON_SECONDS)
        # the first move and the last one: what was asked meanwhile is forgotten, and no older answer is ever shown
        assert reader.page.evaluate("asked.length") == 2
        assert reader.page.evaluate("said") == [picture["sentence"]]


def test_a_move_back_to_the_grid_overtakes_python(visit):
    reader = visit(CHAPTER, script=LISTEN)
    widget = reader.widget("temperature.logits")
    decline(widget)
    widget.get_by_role("spinbutton", name="dog").fill("4")
    reset(widget)
    picture = as_shipped(find("temperature.logits").picture().to_json())
    assert_shows(widget, picture)
    reader.page.wait_for_function("asked.length && answers.length === asked.length")
    reader.page.evaluate("new Promise((resolve) => setTimeout(resolve))")  # what came is dealt with
    assert_shows(widget, picture)
    assert widget.get_attribute("data-engine") == "grid"
    assert widget.locator(".kd-status").text_content() == ""


def test_number_out_of_range_is_marked_and_changes_nothing(visit):
    reader = visit(CHAPTER)
    widget = reader.widget("temperature.entropy")
    decline(widget)
    box = widget.get_by_role("spinbutton", name="temperature T, exact value")
    before = widget.locator(DRAWN).inner_html()
    for wrong in ("21", "0", "-3", ""):
        box.fill(wrong)
        assert box.get_attribute("aria-invalid") == "true"
        assert widget.locator(".kd-controls .kd-complaint").inner_text() == "a number from 0.1 to 20"
        assert widget.locator(DRAWN).inner_html() == before
    box.blur()
    assert box.input_value() == "1"
    assert box.get_attribute("aria-invalid") is None
    assert widget.locator(".kd-controls .kd-complaint").text_content() == ""
    assert widget.get_attribute("data-engine") == "grid"


def test_picture_fills_the_width_it_has(visit):
    reader = visit(CHAPTER)
    for name in WIDGETS[CHAPTER]:
        decline(reader.widget(name))  # which uncovers the pictures
    canvas = reader.widget("temperature.entropy").locator(".kd-canvas")
    for width in (1280, 500, 360, 900):
        reader.page.set_viewport_size({"width": width, "height": 800})
        reader.page.wait_for_function(
            """() => [...document.querySelectorAll(".kd-canvas > :is(.kd-picture, .kd-sheet)")].every((drawn) => {
                const plots = [...drawn.querySelectorAll(".kd-plot")].map((plot) => plot.getBoundingClientRect());
                const right = Math.max(...plots.map((box) => box.right));
                const left = Math.min(...plots.map((box) => box.left));
                return Math.abs(right - left - drawn.parentElement.clientWidth) < 2;
            })"""
        )
        assert canvas.evaluate("node => node.clientWidth") > 0.6 * min(width, 700)
