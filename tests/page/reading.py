"""The built book as its tests read it: its pages and widgets, one reader's browser, and what a picture must show."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import yaml

import kdlab.book
from kdlab.book.api import mechanisms
from kdlab.book.assets import PICTURE
from kdlab.book.serve import make_server

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "_build" / "html"
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
LISTED = [
    page for part in TOC["parts"] for chapter in part["chapters"] for page in (chapter, *chapter.get("sections", []))
]
CHAPTERS = [TOC["root"], *(page["file"] for page in LISTED if "file" in page)]
LIBRARY = [f"chapters/appendix/api/{mechanism}" for mechanism in mechanisms()]
PAGES = [f"{page}.html" for page in (*CHAPTERS, *LIBRARY, "genindex", "search")]
DIARY = "chapters/appendix/today.html"
# the widgets of each page that has any, in order
WIDGETS = {
    f"{chapter}.html": re.findall(r"^`{3,}\{explore\} (\S+)$", (ROOT / f"{chapter}.md").read_text("utf-8"), re.M)
    for chapter in CHAPTERS
}
WIDGETS = {page: names for page, names in WIDGETS.items() if names}
# what begins the keys that the book keeps in a browser, served from the root of a host
KEPT_BY = "kdlab kdlab / "
PYTHON_SECONDS = 60  # for Python to start and to answer, on a busy machine

FRONT = Path(kdlab.book.__file__).parent / "front"
PARTS = [(FRONT / name).read_text("utf-8") for name in ("worker.js", "runtime.js")]
EXPOSED = "\n".join(["(() => {", "'use strict';", *PARTS, "window.Runtime = Runtime;", "})();"])
DRAWING = "\n".join((FRONT / name).read_text("utf-8") for name in PICTURE)
DRAW = f"""() => {{
{DRAWING}
window.drawExpected = drawPicture;
}}"""
# what a widget shows, and what it would show if it drew this picture
BOTH = """(figure, picture) => {
    const canvas = figure.querySelector(".kd-canvas");
    const shown = canvas.querySelector(":scope > :is(.kd-picture, .kd-sheet)");
    const expected = drawExpected(picture, { width: canvas.clientWidth, label: picture.sentence });
    return [shown.outerHTML, expected.outerHTML, figure.querySelector(".kd-sentence").textContent];
}"""
# keep what the workers of a page are asked and what they answer
LISTEN = """
window.asked = [];
window.answers = [];
window.Worker = class extends Worker {
    constructor(...args) {
        super(...args);
        this.addEventListener("message", ({ data }) => data.kind === "done" && answers.push(data));
    }
    postMessage(data) {
        if (data.path) asked.push(data.args);
        super.postMessage(data);
    }
};
"""
# what may be wrong with the mathematics of a page: formulas that take no place though nothing hides them, LaTeX that is
# left in the text; and what came of the file of the font
MATHEMATICS = """() => {
    const words = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    const raw = [];
    while (words.nextNode()) {
        const { data, parentElement } = words.currentNode;
        if (/\\\\[a-z]{2,}/.test(data) && !parentElement.closest("code, pre, script, figure")) raw.push(data);
    }
    const unseen = [...document.querySelectorAll("main math")]
        .filter((math) => !math.closest("details:not([open])"))
        .filter((math) => math.getBoundingClientRect().width < 2 || math.getBoundingClientRect().height < 5)
        .map((math) => math.outerHTML.slice(0, 200));
    const base = ({ family, unicodeRange }) => family.includes("kdlab math") && unicodeRange === "U+0-10FFFF";
    const ours = [...document.fonts].filter(base);
    return { unseen, raw, fonts: ours.map((font) => font.status) };
}"""
PAST_ALL_WIDGETS = """async () => {
    for (const figure of document.querySelectorAll("figure.kd-widget:not([data-state=live])")) {
        figure.scrollIntoView({ behavior: "instant" });
        await new Promise((seen) => requestAnimationFrame(() => requestAnimationFrame(seen)));
    }
    scrollTo({ top: 0, behavior: "instant" });
}"""
NO_STORAGE = """
for (const name of ["getItem", "setItem", "removeItem"])
    Storage.prototype[name] = () => { throw new DOMException("full", "QuotaExceededError"); };
"""


@contextmanager
def serving(folder: Path):
    """Serve a folder as any static host does; yield its address."""
    server = make_server(folder, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


class Reader:
    """One reader: `page` is what they see, `noise` every complaint, `requests` every address that was asked for."""

    def __init__(self, browser, address, *, script="", **options):
        self.address = address
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        self.context.set_default_timeout(1000 * PYTHON_SECONDS)
        if script:
            self.context.add_init_script(script)
        self.noise, self.requests = [], []
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.noise.append(error.error.stack or str(error.error)))
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.context.on("response", lambda r: r.status >= 400 and self.noise.append(f"{r.status} {r.url}"))
        self.page = self.context.new_page()

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.noise.append(f"{message.type}: {message.text} ({message.location['url']})")

    def open(self, page):
        """Go to a page, past all its widgets, since those far below are brought late, and wait until it is alive."""
        self.page.goto(self.address + page)
        self.page.evaluate(PAST_ALL_WIDGETS)
        self.page.wait_for_function(
            """[...document.querySelectorAll('figure.kd-widget')].every((figure) =>
                figure.dataset.state === 'live' || figure.dataset.state === 'far')"""
        )
        self.page.wait_for_function("document.fonts.status === 'loaded'")

    def widget(self, name):
        return self.page.locator(f"#widget-{name.replace('.', '-')}")

    def python_files(self):
        """Return what was asked for to run Python."""
        return [url for url in self.requests if re.search(r"/pyodide\.|/kdlab\.\w+\.zip$", url)]

    def elsewhere(self):
        """Return every request to another place than the book's own."""
        return [url for url in self.requests if not url.startswith((self.address, "data:", "blob:"))]


def decline(widget):
    """Ask to see the widget without a guess, and go back to where it starts."""
    button = widget.get_by_role("button", name="Show me without a guess")
    if button.count():
        button.click()
        widget.get_by_role("button", name="Reset").click()


def send(widget, sure=1):
    """Send the guess of a widget, by one of the four buttons that say how sure one is."""
    widget.locator(".kd-sure").get_by_role("button").nth(sure).click()


def verdict(widget):
    """Return what a widget says of the guess, in one line."""
    return " ".join(widget.locator(".kd-verdict").inner_text().split())


def open_code(widget):
    """Open the editor of a widget; return its text box."""
    widget.get_by_text("Show the code", exact=True).click()
    editor = widget.get_by_role("textbox", name="Python code")
    editor.wait_for()
    return editor


def write(editor, text):
    """Write a text into an editor in place of what is there, as one does by pasting."""
    editor.click()
    editor.press("Control+a")
    editor.page.keyboard.insert_text(text)


def read(editor):
    """Return the text in an editor."""
    return "\n".join(editor.locator(".cm-line").all_text_contents())


def controls(widget):
    """Return for each control of a widget its name and what there is to operate: sliders, a select, exact numbers."""
    spec = json.loads(widget.locator(".kd-spec").text_content())
    rows = widget.locator(".kd-controls > .kd-control, .kd-controls > fieldset").all()
    return {control["name"]: row for control, row in zip(spec["controls"], rows, strict=True)}


def as_shipped(picture):
    """Return a picture with its numbers rounded as the grid ships them: to 5 significant digits."""
    if isinstance(picture, dict):
        return {key: as_shipped(value) for key, value in picture.items()}
    if isinstance(picture, list):
        return [as_shipped(value) for value in picture]
    return float(f"{picture:.5g}") if isinstance(picture, float) else picture


def assert_shows(widget, picture, seconds=1.0):
    """Assert that a widget shows exactly this picture and its sentence, at the latest after these seconds.

    A picture that moves into another one takes a quarter of a second.
    """
    end = time.monotonic() + seconds
    while (difference := _difference(widget, picture)) and time.monotonic() < end:
        time.sleep(0.02)
    assert not difference, difference


def _difference(widget, picture):
    widget.page.evaluate(DRAW)
    shown, expected, sentence = widget.evaluate(BOTH, picture)
    if sentence != picture["sentence"]:
        return f"shown: {sentence!r}, to be shown: {picture['sentence']!r}"
    number = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?")
    if number.sub("#", shown) != number.sub("#", expected):
        return f"shown: {shown}, to be shown: {expected}"
    shown, expected = (np.array([float(text) for text in number.findall(markup)]) for markup in (shown, expected))
    # paths are rounded to thousandths of a pixel, and the last bit of CPython's numbers can be another than Pyodide's
    wrong = np.abs(shown - expected) > 0.0015
    return f"pixels shown: {shown[wrong]}, to be shown: {expected[wrong]}" if wrong.any() else ""


def photograph(page, name):
    """Save a screenshot for a person to look at, into the folder that KDLAB_SCREENSHOTS names."""
    folder = os.environ.get("KDLAB_SCREENSHOTS")
    if folder:
        page.screenshot(path=Path(folder) / f"{name.replace('/', '-')}.png", full_page=True)
