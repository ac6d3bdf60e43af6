"""What the tests in a browser share: the browser, the built book, and a bench for parts of the front end."""

import functools
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import gallery_book
import pytest
import reading
from playwright.sync_api import sync_playwright

import kdlab.book
from kdlab.book import assets

BOOK = Path(kdlab.book.__file__).parent
PAGE = """<!doctype html>
<html lang="en" data-theme="{theme}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Bench</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="kdlab.css">
<style>body {{ margin: 0; background: var(--kd-paper); color: var(--kd-ink); font-family: sans-serif }}</style>
{scripts}
<main><h1>Bench</h1></main>
"""


def pytest_collection_modifyitems(items):
    """Ask again what fails in the browser; and let tests of the widgets of one page follow one another.

    So it is opened once, and starts Python once.
    """
    for item in items:
        # a browser beside another on two cores answers late now and then: what fails is asked once more, and named
        if item.get_closest_marker("page"):
            item.add_marker(pytest.mark.flaky(reruns=1))
    places = [at for at, item in enumerate(items) if item.path.name == "test_widgets.py" and hasattr(item, "callspec")]
    by_page = sorted((items[at] for at in places), key=lambda item: item.module.page_of(item.callspec.params["name"]))
    for at, item in zip(places, by_page, strict=True):
        items[at] = item


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass


@pytest.fixture(scope="package")
def playwright():
    """Return what drives a browser.

    It is left before other tests run: while it is there, an event loop runs, and theirs could not.
    """
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="package")
def browser(playwright):
    """Return Chromium, which knows no other host than this machine."""
    sandbox = [] if os.geteuid() else ["--no-sandbox"]
    quiet = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
    alone = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", "--disable-quic", "--no-first-run"]
    chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=[*sandbox, *quiet, *alone])
    yield chromium
    chromium.close()


@pytest.fixture(scope="session")
def built():
    """Return the folder of the built book, which must not be older than what it is built from."""
    folders = [reading.ROOT / name for name in ("kdlab", "chapters", "exercises", "results")]
    sources = [path for folder in folders for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    newest = max(path.stat().st_mtime for path in sources if path.parent.name != "grading")  # which no page needs
    # the front end is written at the end of every build
    written = [*(reading.BUILT / "_static" / "kdlab").glob("kdlab.*.js")]
    if not written or written[0].stat().st_mtime < newest:
        pytest.fail("run `make html` first", pytrace=False)
    return reading.BUILT


@pytest.fixture(scope="session")
def address(built):
    """Return the address of the built book on a static server."""
    with reading.serving(built) as at:
        yield at


@pytest.fixture
def visit(browser, address):
    """Return a function that opens a page of the book as a new reader."""
    readers = []

    def open_page(page, **options):
        readers.append(reading.Reader(browser, options.pop("address", address), **options))
        readers[-1].open(page)
        return readers[-1]

    yield open_page
    for reader in readers:
        reader.context.close()


@pytest.fixture(scope="session")
def gallery_folder(tmp_path_factory):
    """Return the folder of the gallery's pages: see gallery_book.py."""
    return gallery_book.build(tmp_path_factory.mktemp("gallery"))


@pytest.fixture(scope="session")
def gallery(gallery_folder):
    """Return the address of the gallery."""
    with reading.serving(gallery_folder) as at:
        yield at


@pytest.fixture
def visit_gallery(browser, gallery):
    """Return a function that opens a page of the gallery as a new reader."""
    readers = []

    def open_page(page, **options):
        readers.append(reading.Reader(browser, gallery, **options))
        readers[-1].open(page)
        return readers[-1]

    yield open_page
    for reader in readers:
        reader.context.close()


@pytest.fixture(scope="session")
def bench_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bench")
    shutil.copytree(BOOK / "vendor", folder / "vendor")
    shutil.copytree(BOOK / "fonts", folder / "fonts")
    (folder / "kdlab.css").write_text(assets.style(), encoding="utf-8")
    script = "\n".join((BOOK / "front" / name).read_text(encoding="utf-8") for name in assets.PICTURE)
    named = ("drawPicture", "morph", "movePicture", "pictureShapes")
    shown = "".join(f"window.{name} = {name};\n" for name in named)
    (folder / "picture.js").write_text(f"(() => {{\n'use strict';\n{script}\n{shown}}})();\n")
    return folder


@pytest.fixture(scope="session")
def bench_address(bench_folder):
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(bench_folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def bench(bench_folder, bench_address, browser):
    """Return a function that opens a page with these scripts, in this theme, this many pixels wide."""
    contexts, noise = [], []

    def open_page(theme="light", *, scripts, width=800):
        tags = "".join(f'<script src="{script}"></script>\n' for script in scripts)
        (bench_folder / "index.html").write_text(PAGE.format(theme=theme, scripts=tags), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}))
        page = contexts[-1].new_page()
        page.on("console", lambda message: noise.append(message.text))
        page.on("pageerror", lambda error: noise.append(str(error)))
        page.on("request", lambda request: _own(request.url, bench_address) or noise.append(request.url))
        page.goto(bench_address)
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert noise == []


def _own(url, address):
    return url.startswith((address, "data:"))
