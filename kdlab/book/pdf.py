"""The book as one PDF: `python -m kdlab.book.pdf _build/html _toc.yml kdlab.pdf`.

Chromium prints each page as a reader would; the pages are joined in the order of the table of contents, behind a cover
and a list of contents, and numbered throughout.
"""

from __future__ import annotations

import io
import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import NamedTuple

import yaml
from playwright.sync_api import Browser, Page, sync_playwright
from pypdf import PdfReader, PdfWriter

from kdlab.book.serve import make_server

PAPER = {"format": "A4", "print_background": True, "prefer_css_page_size": True}
# every picture drawn and every face there
READY = """async () => {
    await document.fonts.ready;
    document.querySelectorAll("img[loading]").forEach((image) => (image.loading = "eager"));
    await Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
}"""
COVER = """<div style="height: 225mm; display: grid; align-content: center; gap: 1rem">
<h1 style="margin: 0">{title}</h1><p>{authors}</p></div>"""
CONTENTS = '<div style="break-before: page"><h2>Contents</h2>{rows}</div>'
ROW = '<p style="display: flex; justify-content: space-between; margin: 0 0 0.4em"><i>{title}</i><b>{number}</b></p>'
NUMBER = '<div style="height: 259mm; display: grid; place-content: end center; break-after: page">{number}</div>'


class Printed(NamedTuple):
    """A page of the book, on paper."""

    title: str
    sheets: PdfReader


def in_order(toc: Path) -> list[str]:
    """Return the addresses of the book's pages, in the order of its table of contents.

    The library's own pages are left out: they are as long as all others together, and are looked up, not read.
    """
    contents = yaml.safe_load(toc.read_text(encoding="utf-8"))
    chapters = [chapter for part in contents.get("parts", [contents]) for chapter in part.get("chapters", [])]
    files = [page for chapter in chapters for page in (chapter, *chapter.get("sections", [])) if "file" in page]
    return [f"{name}.html" for name in (contents["root"], *(page["file"] for page in files))]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield the system's Chromium, or Playwright's own where there is none."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()


def printed(page: Page) -> PdfReader:
    """Return what is open, on paper."""
    page.evaluate(READY)
    return PdfReader(io.BytesIO(page.pdf(**PAPER)))


def front_matter(page: Page, title: str, authors: str, chapters: list[Printed]) -> PdfReader:
    """Return cover and contents, in the type of the page that is open; they take two sheets."""
    rows, number = "", 3
    for chapter in chapters:
        rows += ROW.format(title=escape(chapter.title), number=number)
        number += len(chapter.sheets.pages)
    words = COVER.format(title=escape(title), authors=escape(authors)) + CONTENTS.format(rows=rows)
    page.evaluate("(words) => (document.querySelector('main').innerHTML = words)", words)
    return printed(page)


def numbers(page: Page, first: int, count: int) -> PdfReader:
    """Return as many sheets with nothing but their number."""
    words = "".join(NUMBER.format(number=number) for number in range(first, first + count))
    page.evaluate("(words) => (document.querySelector('main').innerHTML = words)", words)
    return printed(page)


def make_pdf(built: Path, toc: Path, browser: Browser) -> bytes:
    """Return the built book as a PDF.

    Parameters
    ----------
    built : Path
        The folder of the built book.
    toc : Path
        Its table of contents.
    browser : Browser
        What prints.

    Returns
    -------
    bytes
        Cover, contents, and every page in order, with an outline.
    """
    server = make_server(built, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    with server, browser.new_page(color_scheme="light") as page:
        chapters = []
        for name in in_order(toc):
            page.goto(address + name, wait_until="networkidle")
            chapters.append(Printed(page.title().partition(" – ")[0], printed(page)))
        page.goto(address + in_order(toc)[0], wait_until="networkidle")
        authors = page.locator(".kd-end p").inner_text()
        front = front_matter(page, chapters[0].title, authors, chapters)
        numbered = numbers(page, len(front.pages) + 1, sum(len(chapter.sheets.pages) for chapter in chapters))
        server.shutdown()
    return joined(front, chapters, numbered)


def joined(front: PdfReader, chapters: list[Printed], numbered: PdfReader) -> bytes:
    """Return all sheets in one PDF, each but those in front with its number, and an outline of the chapters."""
    writer = PdfWriter()
    writer.append(front, import_outline=False)
    numbered_sheets = iter(numbered.pages)
    for chapter in chapters:
        first = len(writer.pages)
        writer.append(chapter.sheets, import_outline=False)
        writer.add_outline_item(title=chapter.title, page_number=first)
        for sheet in writer.pages[first:]:
            sheet.merge_page(next(numbered_sheets))
    writer.add_metadata({"/Title": chapters[0].title})
    writer.compress_identical_objects(remove_unreferenced=True)
    buffer = io.BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def main() -> None:
    """Write the PDF."""
    if len(sys.argv) != 4:
        sys.exit("usage: python -m kdlab.book.pdf <folder of the built book> <its _toc.yml> <the PDF>")
    built, toc, target = map(Path, sys.argv[1:])
    with chromium() as browser:
        target.write_bytes(make_pdf(built, toc, browser))
    print(target)


if __name__ == "__main__":
    main()
