"""The book taken along: as a zip that is opened from disk, and on paper."""

import io
import zipfile

import pytest
import yaml
from pypdf import PdfReader
from reading import CHAPTERS, WIDGETS, Reader

from kdlab.book.offline import FOLDER, pack_book
from kdlab.book.pdf import in_order, make_pdf

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature"


@pytest.fixture(scope="module")
def packed(built, tmp_path_factory):
    target = tmp_path_factory.mktemp("zip") / "book.zip"
    pack_book(built, target)
    return target


def test_the_zip_holds_every_file_of_the_book(built, packed):
    with zipfile.ZipFile(packed) as archive:
        assert archive.testzip() is None
        held = {name.removeprefix(f"{FOLDER}/") for name in archive.namelist()}
    assert held == {path.relative_to(built).as_posix() for path in built.rglob("*") if path.is_file()}


def test_the_zip_is_read_from_disk(browser, packed, tmp_path):
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path)
    reader = Reader(browser, f"{(tmp_path / FOLDER).as_uri()}/")
    reader.open(f"{CHAPTER}.html")
    for name in WIDGETS[f"{CHAPTER}.html"]:
        assert reader.widget(name).locator(".kd-sentence").count() == 1
    reader.page.get_by_text("Contents", exact=True).click()
    reader.page.locator(".kd-contents").get_by_role("link", name="Pruning", exact=True).click()
    reader.page.get_by_role("heading", level=1, name="Pruning").wait_for()
    assert reader.noise == []
    assert reader.elsewhere() == []
    reader.context.close()


def test_an_empty_folder_is_no_book(tmp_path):
    with pytest.raises(FileNotFoundError, match="has no index.html: run `make html` first"):
        pack_book(tmp_path, tmp_path / "book.zip")


@pytest.fixture(scope="module")
def on_paper(built, browser, tmp_path_factory):
    """Return the PDF of a book of two pages: the first one and a chapter."""
    toc = tmp_path_factory.mktemp("toc") / "_toc.yml"
    toc.write_text(yaml.safe_dump({"root": CHAPTERS[0], "chapters": [{"file": CHAPTER}]}), encoding="utf-8")
    return PdfReader(io.BytesIO(make_pdf(built, toc, browser)))


def test_the_whole_table_of_contents_is_printed(built):
    toc = built.parents[1] / "_toc.yml"
    assert in_order(toc) == [f"{name}.html" for name in CHAPTERS]


def test_paper_has_a_cover_contents_and_numbered_chapters(on_paper):
    sheets = [sheet.extract_text() for sheet in on_paper.pages]
    titles = [entry.title for entry in on_paper.outline]
    assert titles == ["Knowledge distillation, to play with", "Temperature"]
    starts = [on_paper.get_destination_page_number(entry) + 1 for entry in on_paper.outline]
    for title, start in zip(titles, starts, strict=True):
        assert " ".join(sheets[start - 1].split()).startswith(title)
        assert f"{title} {start}" in " ".join(sheets[1].split())
    assert all(text.endswith(str(number)) for number, text in enumerate(sheets[2:], 3))


def test_on_paper_solutions_are_open_and_what_only_a_screen_can_do_is_left_out(on_paper):
    text = " ".join(" ".join(sheet.extract_text() for sheet in on_paper.pages).split())
    assert "The sum cancels in the difference." in text  # a solution, closed on the screen
    for words in ("Show me without a guess", "Skip to main content", "Write your answer"):
        assert words not in text
