"""The book on a host of one's own: under the policy of the README, and with Python that cannot start."""

import functools
import re
import threading
from contextlib import contextmanager

import pytest
from exercising import block_of, check, editor_of
from reading import PYTHON_SECONDS, ROOT, WIDGETS, Reader, decline, open_code, write
from solutions import exercises

from kdlab.book.serve import QuietHandler, QuietServer
from kdlab.explore import find

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
POLICY = re.search(r"^default-src .*$", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)[0]
LOGITS = "temperature.logits"
SOFTMAX = next(exercise for exercise in exercises() if exercise.name == "temperature/softmax")
RIGHT_AT = next(solution.source for solution in SOFTMAX.right if "softmax_at" in solution.functions)


@contextmanager
def host(folder, **parts):
    """Serve a folder by a handler with these parts; yield its address."""
    handler = type("Handler", (QuietHandler,), parts)
    server = QuietServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def under(policy):
    """Return the part of a handler that sends a policy with each file."""

    def end_headers(self):
        self.send_header("Content-Security-Policy", policy)
        super(type(self), self).end_headers()

    return {"end_headers": end_headers}


def page_in_place_of(ending):
    """Return the part of a handler that sends a page in the place of files with this ending."""

    def do_GET(self):  # noqa: N802
        if not self.path.endswith(ending):
            super(type(self), self).do_GET()
            return
        page = b"<!doctype html><title>Log in</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    return {"do_GET": do_GET}


def stalled(ending, released):
    """Return the part of a handler that sends the first half of such files, and no more until it is released."""

    def copyfile(self, source, outputfile):
        data = source.read()
        half = len(data) // 2 if self.path.endswith(ending) else 0
        outputfile.write(data[:half])
        if half:
            released.wait(PYTHON_SECONDS)
        outputfile.write(data[half:])

    return {"copyfile": copyfile}


def says(widget, **settings):
    """Wait until a widget says what it shows at these settings."""
    widget.locator(".kd-sentence", has_text=find(LOGITS).picture(**settings).sentence).wait_for()


def move(widget):
    decline(widget)
    widget.get_by_role("spinbutton", name="dog").fill("4")


def test_under_the_policy_of_the_readme_everything_works(browser, built):
    with host(built, **under(POLICY)) as at:
        reader = Reader(browser, at)
        reader.open(CHAPTER)
        for name in WIDGETS[CHAPTER]:
            decline(reader.widget(name))
        move(reader.widget(LOGITS))
        says(reader.widget(LOGITS), logits=(5.0, 4.5, 4.0, 0.0, -2.0))
        open_code(reader.widget(LOGITS))
        reader.widget(LOGITS).get_by_role("button", name="Run").click()
        says(reader.widget(LOGITS), logits=(5.0, 4.5, 4.0, 0.0, -2.0))
        block = block_of(reader, SOFTMAX.name, "softmax_at")
        write(editor_of(block), RIGHT_AT)
        assert "softmax_at" in check(block, seconds=2 * PYTHON_SECONDS)
        # as a figure that code draws
        dot = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAACAEQAOw=="
        reader.page.evaluate("(src) => Object.assign(new Image(), { src }).decode()", dot)
        reader.page.goto(f"{at}search.html?q=temperature")
        reader.page.locator("#search-results a", has_text="emperature").first.wait_for()
        assert reader.noise == []
        assert reader.elsewhere() == []
        reader.context.close()


# a page is asked for anew, and so is the picture that stands in the place of a widget without JavaScript
ANEW = re.compile(r"(\.html|/|favicon\.svg)(\?q=.*)?$")
HASHED = re.compile(r"\.[0-9a-f]{10,12}(\.|/)|\?(v=)?[0-9a-f]{8,10}$")


def test_whatever_a_page_asks_for_has_the_hash_of_its_content_in_its_address(visit):
    reader = visit(CHAPTER)
    move(reader.widget(LOGITS))
    says(reader.widget(LOGITS), logits=(5.0, 4.5, 4.0, 0.0, -2.0))
    reader.page.goto(f"{reader.address}search.html?q=temperature")
    reader.page.locator("#search-results a", has_text="emperature").first.wait_for()
    asked = {url.partition("#")[0] for url in reader.requests if not ANEW.search(url) and url.startswith("http")}
    assert len(asked) > 15
    assert [url for url in asked if not HASHED.search(url)] == []


def test_a_record_has_the_hash_of_its_content_in_its_address(visit):
    reader = visit(CHAPTER)
    widget = reader.widget("temperature.sweep")
    decline(widget)
    widget.get_by_role("button", name="Where these numbers come from").click()
    reader.page.locator("button.kd-measured").first.click()
    links = reader.page.locator("a[href*='results/temperature.json']")
    assert links.count() == 2
    assert all(HASHED.search(link.get_attribute("href")) for link in links.all())


CANNOT = {
    "a page to log in, for the WebAssembly": (page_in_place_of(".wasm"), "perhaps a page to log in"),
    "a page to log in, for NumPy": (page_in_place_of(".whl"), "or have to log in"),
    "a page to log in, for kdlab": (page_in_place_of(".zip"), "perhaps a page to log in"),
    "no WebAssembly": (under(POLICY.replace("'wasm-unsafe-eval'", "")), "security policy forbids WebAssembly"),
    "no workers": (under(POLICY.replace("worker-src blob:", "worker-src 'none'")), "Python could not start: "),
}


@pytest.mark.parametrize("fault", CANNOT)
def test_python_that_cannot_start_says_why_and_the_grid_goes_on(browser, built, fault):
    parts, words = CANNOT[fault]
    with host(built, **parts) as at:
        reader = Reader(browser, at)
        reader.open(CHAPTER)
        widget = reader.widget(LOGITS)
        move(widget)
        widget.locator(".kd-status", has_text=words).wait_for()
        status = widget.locator(".kd-status").inner_text()
        assert status.startswith("Python could not start: ")
        assert status.endswith(". Until it does, the sliders answer from their grid.")
        widget.get_by_role("button", name="Reset").click()
        says(widget)
        reader.context.close()


def test_a_file_that_stalls_ends_in_words_and_the_next_try_succeeds(browser, built):
    released = threading.Event()
    with host(built, **stalled("numpy-2.0.2-cp312-cp312-pyodide_2024_0_wasm32.whl", released)) as at:
        reader = Reader(browser, at, script=SHORT_PATIENCE)
        reader.open(CHAPTER)
        widget = reader.widget(LOGITS)
        move(widget)
        widget.locator(".kd-status", has_text="nothing more came for 3 s").wait_for()
        said = reader.page.evaluate("[...window.said]")
        assert any(re.match(r"Starting Python: \d+\.\d of \d+\.\d MB", status) for status in said), said
        released.set()
        reader.page.evaluate("window.patient = true")
        widget.get_by_role("spinbutton", name="dog").fill("3")
        says(widget, logits=(5.0, 4.5, 3.0, 0.0, -2.0))
        reader.context.close()


# Python waits for three seconds in the place of thirty, until it may be patient again; what is said meanwhile is kept
SHORT_PATIENCE = """
window.said = new Set();
new MutationObserver(() => document.querySelectorAll(".kd-status").forEach(({ textContent }) => said.add(textContent)))
    .observe(document, { subtree: true, childList: true, characterData: true });
window.Worker = class extends Worker {
    postMessage(data) {
        super.postMessage(data.pyodide && !window.patient ? { ...data, patience: 3 } : data);
    }
};
"""


def test_who_has_used_python_before_finds_it_started(browser, address):
    reader = Reader(browser, address)
    reader.open(CHAPTER)
    reader.page.wait_for_load_state("networkidle")
    assert reader.python_files() == []
    move(reader.widget(LOGITS))
    with reader.page.expect_request(re.compile(r"\.whl$")):
        reader.open(CHAPTER)
    reader.context.close()
