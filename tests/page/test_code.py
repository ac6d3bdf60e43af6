"""The code behind a picture, edited and run in the page: it answers, fails with its line, stops, and comes back."""

import pytest
from reading import (
    KEPT_BY,
    LISTEN,
    PYTHON_SECONDS,
    Reader,
    as_shipped,
    assert_shows,
    controls,
    decline,
    open_code,
    read,
    write,
)

from kdlab.explore import find

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
NAME, OTHER = "temperature.entropy", "temperature.logits"
SOURCE = find(NAME).source
FIRST = '    """The entropy of two teachers\' soft targets over T, and where the slider stands."""\n'
KEPT = f"JSON.parse(localStorage.getItem('{KEPT_BY}draft/code/{NAME}'))?.text ?? null"
LOOP = SOURCE.replace(FIRST, "    while True:\n        pass\n")
ENDLESS_PRINT = SOURCE.replace(FIRST, "    while True:\n        print('again')\n")
assert LOOP != SOURCE


@pytest.fixture(scope="module")
def shared(browser, address):
    reader = Reader(browser, address, script=LISTEN)
    reader.open(CHAPTER)
    for name in (NAME, OTHER):
        decline(reader.widget(name))
    open_code(reader.widget(NAME))
    yield reader
    assert reader.noise == []
    reader.context.close()


@pytest.fixture
def bench(shared):
    """Return a reader at an open editor with the original in it, which stands so again after the test."""
    panel = Panel(shared)
    yield panel
    panel.press("Restore the original")
    panel.press("Reset")


class Panel:
    """The code panel of a widget, by what a reader sees of it."""

    def __init__(self, reader, name=NAME):
        self.reader = reader
        self.page = reader.page
        self.widget = reader.widget(name)
        self.editor = self.widget.get_by_role("textbox", name="Python code")
        self.output = self.widget.locator(".kd-output")

    def press(self, name):
        self.widget.get_by_role("button", name=name).click()

    def run(self, source):
        """Run this code; return once it has ended."""
        write(self.editor, source)
        self.press("Run (Ctrl+Enter)")
        self.wait()

    def wait(self):
        self.widget.get_by_role("button", name="Stop", disabled=True).wait_for()

    def complaint(self):
        return self.widget.locator(".kd-code .kd-complaint").inner_text()

    def sentence(self):
        return self.widget.locator(".kd-sentence").inner_text()


def test_editor_holds_the_few_lines_that_draw_the_picture(bench):
    assert read(bench.editor) == SOURCE
    assert not bench.output.is_visible()


def test_edited_code_draws_and_prints_and_follows_the_slider(bench):
    source = SOURCE.replace("At T =", "Now T is").replace(FIRST, FIRST + "    print('at', temperature)\n")
    bench.run(source)
    assert bench.sentence().startswith("Now T is 1 the confident teacher")
    assert bench.output.inner_text() == "at 1.0\n"
    assert bench.complaint() == ""
    assert bench.widget.get_attribute("data-engine") == "python"
    row = controls(bench.widget)["temperature"]
    row.get_by_role("spinbutton").fill("2.5")
    bench.widget.locator(".kd-sentence", has_text="Now T is 2.5 ").wait_for()
    assert bench.output.inner_text() == "at 2.5\n"
    picture = find(NAME).picture(temperature=2.5).to_json()
    assert_shows(bench.widget, picture | {"sentence": picture["sentence"].replace("At T =", "Now T is")})


def test_control_enter_runs(bench):
    write(bench.editor, SOURCE.replace("At T =", "Here T is"))
    bench.editor.press("Control+Enter")
    bench.widget.locator(".kd-sentence", has_text="Here T is 1 ").wait_for()


def test_every_key_can_be_typed(bench):
    """A slash is a short cut of the page's search, and an editor of Python without it cannot divide."""
    bench.editor.press("Control+Home")
    keys = "# 1/2 ? k K . , [ ] <>"
    bench.editor.press_sequentially(keys)
    assert read(bench.editor).splitlines()[0].startswith(keys)
    assert bench.editor.evaluate("node => node === document.activeElement")


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (FIRST, "    1 / 0\n", 2, "ZeroDivisionError: division by zero"),
        ("return Picture(", "return Pictures(", 6, "NameError: name 'Pictures' is not defined"),
        ("marks=(", "marks=(,", 9, "SyntaxError: invalid syntax"),
        ("    most =", "  most =", 3, "IndentationError: unindent does not match any outer indentation level"),
    ],
)
def test_error_is_shown_with_its_line(bench, old, new, line, message):
    before = bench.sentence()
    bench.run(SOURCE.replace(old, new))
    assert bench.complaint() == f"Line {line}: {message}"
    assert bench.widget.locator(".kd-line-message").inner_text() == message
    marked = bench.widget.locator(".kd-marked-line").inner_text()
    assert marked.strip() == SOURCE.replace(old, new).splitlines()[line - 1].strip()
    # the picture is not of this code, and that can be seen
    assert bench.sentence() == before
    assert bench.widget.get_attribute("data-engine") == "waiting"
    assert bench.widget.locator(".kd-status").inner_text() == "The picture is the one before the error."
    bench.run(SOURCE)
    assert bench.complaint() == ""
    assert bench.widget.locator(".kd-line-message, .kd-marked-line").count() == 0
    assert bench.widget.get_attribute("data-engine") == "python"


def test_code_that_draws_nothing_is_told_what_to_return(bench):
    bench.run("x = 1\n")
    assert bench.complaint() == "ValueError: the code must define the function entropy; it does not."
    bench.run("def entropy(temperature):\n    return 3\n")
    assert bench.complaint() == "TypeError: entropy must return a Picture or a Sheet; it returned int."


def test_what_was_printed_before_an_error_is_shown(bench):
    bench.run(SOURCE.replace(FIRST, "    print('first')\n"))
    bench.run(SOURCE.replace(FIRST, "    print('then')\n    1 / 0\n"))
    assert bench.complaint() == "Line 3: ZeroDivisionError: division by zero"
    assert bench.output.inner_text() == "then\n"


def test_endless_code_ends_at_the_limit_and_meanwhile_the_other_widgets_go_on(bench):
    write(bench.editor, ENDLESS_PRINT)
    bench.press("Run (Ctrl+Enter)")
    assert bench.widget.get_by_role("button", name="Stop").is_enabled()
    other = bench.reader.widget(OTHER)
    for value in (1.0, 2.0, 3.0):
        other.get_by_role("spinbutton", name="fox").fill(str(value))
        assert_shows(other, find(OTHER).picture(logits=(5.0, 4.5, 0.0, value, -2.0)).to_json(), PYTHON_SECONDS)
    assert bench.widget.get_by_role("button", name="Stop").is_enabled()
    bench.wait()
    assert bench.complaint() == "Line 3: It ran longer than 10 s, the limit, and was stopped."
    printed = bench.output.inner_text()
    assert printed.startswith("again\nagain\n")
    assert "bytes were printed, the first 65536 are shown.]" in printed
    assert len(printed) < 66000
    bench.run(SOURCE)
    assert bench.complaint() == ""
    assert not bench.output.is_visible()
    other.get_by_role("button", name="Reset").click()


def test_stop_ends_what_runs_and_the_next_run_answers(bench):
    bench.run(SOURCE)
    write(bench.editor, LOOP)
    bench.press("Run (Ctrl+Enter)")
    bench.press("Stop")  # which can be pressed as soon as it runs
    bench.wait()
    assert bench.complaint() == "It was stopped."
    assert bench.widget.get_attribute("data-engine") == "waiting"
    bench.run(SOURCE.replace("At T =", "After the stop, at T ="))
    assert bench.sentence().startswith("After the stop, at T = 1 ")
    assert bench.complaint() == ""


def test_restore_while_code_runs_shows_the_original_at_once(bench):
    bench.run(SOURCE)
    bench.widget.locator("input[type=range][step=any]").wait_for()  # the widgets' own Python is ready too
    write(bench.editor, LOOP)
    bench.press("Run (Ctrl+Enter)")
    assert bench.widget.get_by_role("button", name="Stop").is_enabled()
    bench.press("Restore the original")
    assert_shows(bench.widget, as_shipped(find(NAME).picture().to_json()))
    bench.wait()
    controls(bench.widget)["temperature"].get_by_role("spinbutton").fill("1.2345")
    # much sooner than the limit at which the code that was running would end
    assert_shows(bench.widget, find(NAME).picture(temperature=1.2345).to_json(), 5)
    assert bench.complaint() == ""


def test_restore_brings_the_original_back(bench):
    bench.run(SOURCE.replace("At T =", "Mine: T =").replace(FIRST, FIRST + "    print('mine')\n"))
    assert bench.sentence().startswith("Mine: T = 1 ")
    bench.press("Restore the original")
    assert read(bench.editor) == SOURCE
    assert_shows(bench.widget, as_shipped(find(NAME).picture().to_json()))
    assert bench.widget.get_attribute("data-engine") == "grid"
    assert not bench.output.is_visible()
    assert bench.page.evaluate(KEPT) is None


def test_draft_is_kept_after_a_reload_run_or_not(visit):
    reader = visit(CHAPTER)
    panel = Panel(reader)
    decline(panel.widget)
    open_code(panel.widget)
    draft = SOURCE.replace("At T =", "My draft: T =")
    write(panel.editor, draft)
    reader.open(CHAPTER)
    decline(panel.widget)
    # the page shows its own picture until the reader runs the draft
    assert panel.sentence().startswith("At T = 1 ")
    open_code(panel.widget)
    assert read(panel.editor) == draft
    assert panel.complaint() == "Your own version is kept here; run it, or restore the original."
    panel.press("Run (Ctrl+Enter)")
    panel.wait()
    assert panel.sentence().startswith("My draft: T = 1 ")
    panel.press("Restore the original")
    reader.open(CHAPTER)
    decline(panel.widget)
    open_code(panel.widget)
    assert read(panel.editor) == SOURCE
    assert panel.complaint() == ""
    assert reader.noise == []


def test_own_code_of_one_widget_leaves_the_other_one_alone(bench):
    bench.run("def softmax(*_):\n    raise RuntimeError\n" + SOURCE.replace("At T =", "Mine: T ="))
    assert bench.sentence().startswith("Mine: T = 1 ")
    other = bench.reader.widget(OTHER)
    other.get_by_role("spinbutton", name="car").fill("3")
    assert_shows(other, find(OTHER).picture(logits=(5.0, 4.5, 0.0, 0.0, 3.0)).to_json(), PYTHON_SECONDS)
    other.get_by_role("button", name="Reset").click()


def test_editor_that_cannot_be_loaded_shows_the_code_and_says_so(browser, address):
    reader = Reader(browser, address)
    reader.context.route("**/codemirror.*.js", lambda route: route.abort())
    reader.open(CHAPTER)
    panel = Panel(reader)
    panel.widget.get_by_text("Show the code", exact=True).click()
    panel.widget.locator(".kd-editor pre").wait_for()
    assert panel.widget.locator(".kd-editor pre").inner_text() == SOURCE
    assert panel.complaint() == "The editor could not be loaded; reload the page to try again."
    reader.context.close()
