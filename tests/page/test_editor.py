"""The editor in a browser: what it gives back, what its keys do, and how one leaves it without a mouse."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.page

CODE = "def softmax(z, T=1.0):\n    # too large an exponent?\n    return exp(z / T) / 1.0\n"


@pytest.fixture(params=["light", "dark"])
def editor(request, bench):
    """Return a page with an editor between two buttons; what it reports is in window.heard."""
    page = bench(request.param, scripts=["vendor/codemirror.js"])
    page.evaluate(
        """(doc) => {
            const button = (text) => Object.assign(document.createElement("button"), { textContent: text });
            const place = document.createElement("div");
            document.querySelector("main").append(button("before"), place, button("after"));
            window.heard = [];
            const onRun = (text) => heard.push(["run", text]);
            const onChange = (text) => heard.push(["change", text]);
            window.editor = kdlabEditor.create(place, { doc, label: "Python code", onRun, onChange });
        }""",
        CODE,
    )
    return page


def test_text_goes_in_and_comes_out(editor):
    assert editor.evaluate("window.editor.get()") == CODE
    editor.evaluate("window.editor.set('x = 1')")
    assert editor.evaluate("window.editor.get()") == "x = 1"
    assert editor.evaluate("heard") == [["change", "x = 1"]]


def test_typing_indents_and_runs(editor):
    editor.evaluate("window.editor.set('')")
    editor.get_by_role("textbox", name="Python code").focus()
    editor.keyboard.type("if x:\ny")
    assert editor.evaluate("window.editor.get()") == "if x:\n    y"
    editor.keyboard.press("Control+Enter")
    editor.keyboard.press("Shift+Enter")
    assert [heard for heard in editor.evaluate("heard") if heard[0] == "run"] == [["run", "if x:\n    y"]] * 2
    assert editor.evaluate("window.editor.get()") == "if x:\n    y"


def test_tab_indents_and_after_escape_leaves(editor):
    box = editor.get_by_role("textbox", name="Python code")
    editor.get_by_text("before").focus()
    editor.keyboard.press("Tab")
    assert box.evaluate("node => node === document.activeElement")
    editor.keyboard.press("Tab")
    assert editor.evaluate("window.editor.get()").startswith("    def softmax")
    editor.keyboard.press("Escape")
    editor.keyboard.press("Tab")
    assert editor.evaluate("document.activeElement.textContent") == "after"
    hint = editor.locator(f"#{box.get_attribute('aria-describedby')}")
    assert "press Escape, then Tab" in hint.inner_text()


def test_line_is_marked_with_its_message(editor):
    editor.evaluate("window.editor.markLine(3, 'NameError: exp')")
    assert editor.locator(".kd-marked-line").inner_text().strip() == CODE.splitlines()[2].strip()
    assert editor.locator(".kd-line-message").inner_text() == "NameError: exp"
    assert editor.get_by_role("textbox").get_attribute("aria-invalid") == "true"
    editor.evaluate("window.editor.markLine(99, 'behind the end')")
    assert editor.locator(".kd-marked-line").count() == 1
    editor.evaluate("window.editor.markLine(null)")
    assert editor.locator(".kd-marked-line, .kd-line-message").count() == 0
    assert editor.get_by_role("textbox").get_attribute("aria-invalid") is None
    assert editor.evaluate("window.editor.get()") == CODE


def test_nothing_is_written_into_a_read_only_editor(editor):
    editor.evaluate(
        """() => {
            const place = document.createElement("div");
            document.querySelector("main").append(place);
            window.shown = kdlabEditor.create(place, { doc: "a = 1", label: "The solution", readOnly: true });
            window.shown.focus();
        }"""
    )
    editor.keyboard.type("b")
    assert editor.evaluate("window.shown.get()") == "a = 1"
    assert Axe().run(editor).violations_count == 0


def test_destroy_leaves_nothing(editor):
    editor.evaluate("window.editor.destroy()")
    assert editor.locator(".cm-editor").count() == 0


def test_axe_finds_no_violation(editor):
    editor.evaluate("window.editor.markLine(3, 'NameError: exp')")
    results = Axe().run(editor)
    assert results.violations_count == 0, results.generate_report()
