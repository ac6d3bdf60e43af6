"""The built book in Chromium: weight, stops, time to the first guess, sliders, Python, the first check, building.

`python -m benchmarks.page` prints one table; the goals are those the book set itself before anything was measured. Of
what each chapter or widget has the worst is told, with its name.
"""

from __future__ import annotations

import functools
import gzip
import io
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

from benchmarks import measure
from benchmarks.measure import repeats, table
from kdlab.book.serve import QuietHandler, QuietServer

BOOK = Path("_build/html")
CHAPTER = "chapters/principles/temperature.html"
BANDS = ("principles", "compression", "interplay", "applications")
TEXTS = {".html", ".js", ".css", ".svg", ".json"}  # what hosts compress
PATIENCE = 120  # seconds: on a busy machine a measurement is slow, and not missing
# name, goal in seconds, bytes a second, milliseconds there and back
LINES = (("this machine", 0.6, -1, 0), ("9 Mbit/s, 40 ms", 2, 9e6 / 8, 40), ("1.6 Mbit/s, 150 ms", 5, 1.6e6 / 8, 150))
WRONG = """def softmax_at(logits, temperature):
    weights = np.exp(logits * temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
"""

# The time from navigation until the first guess can be made, seen by the page itself.
USABLE = """() => document.querySelector("figure.kd-widget[data-state=live] .kd-predict input")?.checkVisibility()
    && performance.now()"""
STOPS = """() => new Set([...document.querySelectorAll("a[href], button, input, select, summary, [tabindex]")].filter(
    (node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ visibilityProperty: true })
).map((node) => (node.type === "radio" ? node.name : node))).size"""
# Of each widget the milliseconds from each step of its first slider to the picture, laid out.
FROM_THE_GRID = """async (steps) => {
  const found = {};
  for (const figure of document.querySelectorAll("figure.kd-widget")) {
    figure.scrollIntoView();
    for (let tries = 0; tries < 600 && figure.dataset.state !== "live"; tries++)
      await new Promise((go) => setTimeout(go, 50));
    const quiet = () => [...figure.querySelectorAll(".kd-predict .kd-quiet")];
    const declines = () => quiet().filter((node) => node.checkVisibility());
    while (declines().length) declines()[0].click();
    const slider = figure.querySelector(".kd-controls input[type=range]");
    if (!slider) continue;
    const times = [];
    const { name } = JSON.parse(figure.querySelector(".kd-spec").textContent);
    for (let i = 0; i < steps; i++) {
      await new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
      const start = performance.now();
      slider.value = Math.round(((i + 1) / steps) * slider.max);
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      figure.getBoundingClientRect();
      times.push(performance.now() - start);
    }
    found[name] = times;
  }
  return found;
}"""
# One exact value after another, from the input event to the picture by Python.
BY_PYTHON = """async (values) => {
  const figure = document.querySelector("#widget-temperature-logits");
  const box = [...figure.querySelectorAll("input[type=number]")].find((each) => each.labels[0]?.textContent === "dog");
  const sentence = figure.querySelector(".kd-sentence");
  const times = [];
  for (const value of values) {
    const before = sentence.textContent;
    const start = performance.now();
    box.value = value;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    while (sentence.textContent === before && performance.now() - start < 1000)
      await new Promise((go) => setTimeout(go));
    figure.getBoundingClientRect();
    times.push(performance.now() - start);
  }
  return times;
}"""


def rows() -> list[dict[str, Any]]:
    """Measure everything; needs a built book."""
    with served() as address, sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        arguments = [*sandbox, "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        found = [*weights(browser, address), *openings(browser, address), *sliders(browser, address)]
        found += python(browser, address)
        browser.close()
    return found + builds()


def row(what: str, measured: float, goal: float | None) -> dict[str, Any]:
    return {"what": what, "measured": round(measured, 2), "goal": goal or "", "measured/goal": goal and measured / goal}


def chapters() -> list[str]:
    """Return the pages of the chapters; in the smallest form one."""
    found = [
        f"chapters/{path.parent.name}/{path.name}" for band in BANDS for path in BOOK.glob(f"chapters/{band}/*.html")
    ]
    return [CHAPTER] if measure.smallest else sorted(found)


def worst(what: str, found: dict[str, float], goal: float) -> dict[str, Any]:
    """Return the row of the largest number, and how many of all reach the goal."""
    name = max(found, key=found.__getitem__)
    reached = sum(value <= goal for value in found.values())
    return row(
        f"{what}: {Path(name).stem if '/' in name else name} ({reached} of {len(found)} reach it)", found[name], goal
    )


class ZippingHandler(QuietHandler):
    """Sends texts compressed, as hosts do."""

    def send_head(self) -> BinaryIO | None:
        """Send the headers of a file; return what is to be read as its body."""
        path = Path(self.translate_path(self.path))
        if path.suffix not in TEXTS or not path.is_file():
            return super().send_head()
        data = zipped(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        return io.BytesIO(data)


@functools.cache
def zipped(path: Path) -> bytes:
    return gzip.compress(path.read_bytes())


@contextmanager
def served() -> Iterator[str]:
    server = QuietServer(("127.0.0.1", 0), functools.partial(ZippingHandler, directory=str(BOOK)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@contextmanager
def visit(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """Yield a page of a reader who has never been here, and what steers its network and processor."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    yield page, context.new_cdp_session(page)
    context.close()


def weights(browser: Browser, address: str) -> list[dict[str, Any]]:
    """Bytes, requests and stops of each chapter as it opens, before Python."""
    kilobytes, requests, stops = {}, {}, {}
    for chapter in chapters():
        with visit(browser) as (page, network):
            sizes: list[float] = []
            network.send("Network.enable")
            network.on("Network.loadingFinished", lambda event, sizes=sizes: sizes.append(event["encodedDataLength"]))
            page.goto(address + chapter)
            page.wait_for_function(USABLE)
            page.wait_for_load_state("networkidle")
            kilobytes[chapter], requests[chapter] = sum(sizes) / 1000, len(sizes)
            stops[chapter] = page.evaluate(STOPS)
    runtime = next((BOOK / "_static" / "kdlab").glob("pyodide.*"))
    python_files = sum(
        path.stat().st_size for path in runtime.iterdir() if "numpy" in path.name or "pyodide" in path.name
    )
    return [
        worst("a chapter as it opens (kB)", kilobytes, 350),
        worst("its requests", requests, 15),
        worst("its tab stops", stops, 100),
        row("Python for the page, as stored (MB)", python_files / 1e6, None),
    ]


def openings(browser: Browser, address: str) -> list[dict[str, Any]]:
    """Seconds from opening the chapter until the first guess can be made, on three lines."""
    found = []
    for name, goal, bytes_a_second, latency in LINES:
        times = []
        for _ in range(repeats(5)):
            with visit(browser) as (page, network):
                conditions = {"offline": False, "latency": latency}
                speeds = {"downloadThroughput": bytes_a_second, "uploadThroughput": bytes_a_second}
                network.send("Network.emulateNetworkConditions", conditions | speeds)
                page.goto(address + CHAPTER, wait_until="commit")
                times.append(page.wait_for_function(USABLE).json_value() / 1000)
        found.append(row(f"open to the first guess, {name} (s)", statistics.median(times), goal))
    return found


def sliders(browser: Browser, address: str) -> list[dict[str, Any]]:
    """Milliseconds from a step of a slider to the picture from the grid, of every widget that has one."""
    found = []
    for slower, goal in ((1, 16), (4, 50)):
        times: dict[str, float] = {}
        for chapter in chapters():
            with visit(browser) as (page, processor):
                processor.send("Emulation.setCPUThrottlingRate", {"rate": slower})
                page.goto(address + chapter)
                page.wait_for_function(USABLE)
                times |= {name: p95(each) for name, each in page.evaluate(FROM_THE_GRID, repeats(30) + 1).items()}
        machine = "this machine" if slower == 1 else f"{slower} times slower"
        found.append(worst(f"slider to picture, p95, {machine} (ms)", times, goal))
    return found


def python(browser: Browser, address: str) -> list[dict[str, Any]]:
    """Measure Python in the page, each run by a reader who has never been here."""
    goals = {
        "Python starts (s)": 1.2,
        "an exact value by Python (ms)": 50,
        "first Run after Python has started (s)": 0.3,
        "first check, cold (s)": 2.5,
        "first check, files kept (s)": 1.5,
        "later check (ms)": 50,
    }
    runs = [one_reader(browser, address) for _ in range(repeats(5))]
    return [row(what, statistics.median(run[what] for run in runs), goal) for what, goal in goals.items()]


def one_reader(browser: Browser, address: str) -> dict[str, float]:
    found = {}
    with visit(browser) as (page, _):
        page.goto(address + CHAPTER)
        page.wait_for_function(USABLE)
        widget = page.locator("#widget-temperature-logits")
        decline = widget.get_by_role("button", name="Show me without a guess")
        while decline.count():
            decline.first.click()
        start = time.perf_counter()
        widget.get_by_role("spinbutton", name="dog").fill("1.5")
        page.wait_for_selector("#widget-temperature-logits[data-engine=python]")
        found["Python starts (s)"] = time.perf_counter() - start
        exact = page.evaluate(BY_PYTHON, [value / 4 for value in range(-19, 20)])
        found["an exact value by Python (ms)"] = statistics.median(exact)
        widget.get_by_text("Show the code", exact=True).click()
        editor = widget.get_by_role("textbox", name="Python code")
        editor.press("Control+End")
        page.keyboard.type("\nprint('ran')")
        editor.press("Control+Enter")  # which the first time waits for a Python of its own
        widget.locator(".kd-output", has_text="ran").wait_for()
        page.keyboard.type("\nprint('again')")
        found["first Run after Python has started (s)"] = timed(lambda: run_again(page, widget))
        later = page.context.new_page()
        later.goto(address + CHAPTER)
        later.wait_for_function(USABLE)
        found["first check, files kept (s)"] = first_check(later)
        checks = [timed(lambda: check(later)) for _ in range(repeats(5))]
        found["later check (ms)"] = 1000 * statistics.median(checks)
    with visit(browser) as (page, _):
        page.goto(address + CHAPTER)
        page.wait_for_function(USABLE)
        found["first check, cold (s)"] = first_check(page)
    return found


def run_again(page: Page, widget: Any) -> None:
    page.keyboard.press("Control+Enter")
    widget.locator(".kd-output", has_text="again").wait_for()


def first_check(page: Page) -> float:
    """From the click that opens the editor to the first verdict."""
    block = page.locator("#exercise-temperature-softmax-softmax_at")

    def open_and_check() -> None:
        block.get_by_role("button", name="Write your answer").click()
        block.locator(".cm-content").fill(WRONG)
        check(page)

    return timed(open_and_check)


def check(page: Page) -> None:
    block = page.locator("#exercise-temperature-softmax-softmax_at")
    block.evaluate("(place) => place.querySelector('.kd-result').replaceChildren()")
    block.get_by_role("button", name="Check").first.click()
    block.locator(".kd-result .kd-verdict").first.wait_for()


def timed(action: Callable[[], None]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def p95(times: list[float]) -> float:
    return statistics.quantiles(times, n=20)[-1]


def builds() -> list[dict[str, Any]]:
    """Build the book from nothing, and once more unchanged; in the smallest form, its first page alone."""
    with tempfile.TemporaryDirectory() as folder:
        toc = "_toc.yml"
        if measure.smallest:
            toc = f"{folder}/first_page.yml"
            Path(toc).write_text("format: jb-book\nroot: chapters/index\n", encoding="utf-8")
        program = Path(sys.executable).with_name("jupyter-book")
        command = [program, "build", ".", "--path-output", folder, "--toc", toc, "-q"]
        afresh, unchanged = (
            timed(lambda: subprocess.run(command, check=True, stdout=subprocess.DEVNULL)) for _ in range(2)
        )
    return [row("build, executed afresh (s)", afresh, 600), row("build, unchanged (s)", unchanged, 20)]


if __name__ == "__main__":
    found = rows()
    print(json.dumps(found) if "--json" in sys.argv else table(found))
