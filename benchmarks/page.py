"""The built book in Chromium: weight, time to the first live widget, sliders, Python, the first check, building.

`python -m benchmarks.page` prints one table; the goals are those the book set itself before anything was measured.
"""

from __future__ import annotations

import gzip
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
from typing import Any

from playwright.sync_api import BrowserContext, Page, sync_playwright

from benchmarks import measure
from benchmarks.measure import repeats, table
from kdlab.book.serve import make_server

BOOK = Path("_build/html")
CHAPTER = "chapters/principles/temperature.html"
PATIENCE = 120  # seconds: on a busy machine a measurement is slow, and not missing
WRONG = """def softmax_at(logits, temperature):
    weights = np.exp(logits * temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
"""

# The time from navigation to the first widget that answers, seen by the page itself.
LIVE = "() => document.querySelector('figure.kd-widget[data-state=live]') && performance.now()"

# One slider step: from the input event to the painted picture, in milliseconds, for each position.
STEPS = """async ([label, positions]) => {
  const slider = [...document.querySelectorAll('#widget-temperature-logits input[type=range]')]
    .find((each) => (each.getAttribute('aria-valuetext') ?? '').startsWith(label));
  const figure = slider.closest('figure');
  const sentence = figure.querySelector('.kd-sentence');
  const times = [];
  for (const position of positions) {
    const before = sentence.textContent;
    const start = performance.now();
    slider.value = position;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    while (sentence.textContent === before && performance.now() - start < 1000)
      await new Promise((go) => setTimeout(go));
    figure.querySelector('svg').getBoundingClientRect();
    times.push(performance.now() - start);
    await new Promise((go) => requestAnimationFrame(go));
  }
  return times;
}"""


def rows() -> list[dict[str, Any]]:
    """Measure everything; needs a built book."""
    found = weights()
    with served() as address, sync_playwright() as playwright:
        sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
        arguments = [*sandbox, "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=arguments)
        runs = [one_visit(browser.new_context(), address) for _ in range(repeats(5))]
        browser.close()
    goals = {
        "first live widget, cold cache (ms)": 1000,
        "first live widget, warm cache (ms)": 1000,
        "slider to picture from the grid, p95 (ms)": 16,
        "Python starts, cold cache (s)": None,
        "slider to picture by Python, p95 (ms)": 50,
        "first check, cold cache (s)": 8,
        "first check, warm cache (s)": 2.5,
        "later check (ms)": 50,
    }
    for what, goal in goals.items():
        found.append(row(what, statistics.median(run[what] for run in runs), goal))
    return found + builds()


def row(what: str, measured: float, goal: float | None) -> dict[str, Any]:
    return {"what": what, "measured": round(measured, 1), "goal": goal or "", "measured/goal": goal and measured / goal}


def weights() -> list[dict[str, Any]]:
    static = BOOK / "_static" / "kdlab"
    ours = sum(zipped(next(static.glob(name))) for name in ("kdlab.*.js", "kdlab.*.css"))
    found = [row("our scripts and styles, gzip (kB)", ours / 1000, 300)]
    found.append(row("the chapter itself with its grids, gzip (kB)", zipped(BOOK / CHAPTER) / 1000, None))
    found.append(
        row("the editor, when one is opened, gzip (kB)", zipped(next(static.glob("codemirror.*.js"))) / 1000, None)
    )
    runtime = sum(
        path.stat().st_size
        for path in next(static.glob("pyodide.*")).iterdir()
        if "numpy" in path.name or "pyodide" in path.name
    )
    return [*found, row("Python for the page, as stored (MB)", runtime / 1e6, None)]


def zipped(path: Path) -> int:
    return len(gzip.compress(path.read_bytes()))


@contextmanager
def served() -> Iterator[str]:
    server = make_server(BOOK, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


def one_visit(context: BrowserContext, address: str) -> dict[str, float]:
    """Visit the chapter in a browser that has never been here, then once more."""
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    page.goto(address + CHAPTER)
    found = {"first live widget, cold cache (ms)": page.wait_for_function(LIVE).json_value()}
    widget = page.locator("#widget-temperature-logits")
    widget.get_by_role("button", name="Show me without a guess").click()
    last = int(widget.get_by_role("slider", name="temperature T").get_attribute("max"))
    found["slider to picture from the grid, p95 (ms)"] = p95(page.evaluate(STEPS, ["temperature", list(range(last))]))
    start = time.perf_counter()
    widget.get_by_role("slider", name="dog").press("ArrowRight")
    page.wait_for_selector("#widget-temperature-logits[data-engine=python]")
    found["Python starts, cold cache (s)"] = time.perf_counter() - start
    by_python = page.evaluate(STEPS, ["dog", [value / 2 for value in range(-19, 20)]])
    found["slider to picture by Python, p95 (ms)"] = p95(by_python)
    page.close()
    context.clear_cookies()

    page = context.new_page()
    page.goto(address + CHAPTER)
    found["first live widget, warm cache (ms)"] = page.wait_for_function(LIVE).json_value()
    found["first check, warm cache (s)"] = first_check(page)
    found["later check (ms)"] = 1000 * statistics.median(timed(lambda: check(page)) for _ in range(repeats(5)))
    context.close()

    fresh = context.browser.new_context()
    fresh.set_default_timeout(1000 * PATIENCE)
    page = fresh.new_page()
    page.goto(address + CHAPTER)
    page.wait_for_function(LIVE)
    found["first check, cold cache (s)"] = first_check(page)
    fresh.close()
    return found


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
    block.locator(".kd-result .kd-verdict").wait_for()


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
