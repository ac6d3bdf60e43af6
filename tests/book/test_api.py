"""The library's pages: one for each mechanism, with every public function and all that its docstring says."""

import inspect
import re
import shutil
from html import unescape
from types import SimpleNamespace

import pytest
import yaml
from mechanisms import MECHANISMS, public_functions

from book.conftest import REPOSITORY
from kdlab import conventions
from kdlab.book import api

FUNCTIONS = public_functions()
LIBRARY = {"file": "chapters/appendix/api", "sections": [{"glob": "chapters/appendix/api/*"}]}


@pytest.fixture(scope="module")
def built(house):
    """Return a book of these pages, and of one chapter that one of them names."""
    temperature = "# Temperature\n\nAs {py:func}`kdlab.temperature.softmax` does.\n"
    book = house.write("library", index="# A book\n\nSee {doc}`appendix/api`.\n")
    for folder in ("principles", "appendix"):
        (book / "chapters" / folder).mkdir()
    (book / "chapters" / "principles" / "temperature.md").write_text(temperature, encoding="utf-8")
    shutil.copy(REPOSITORY / "chapters" / "appendix" / "api.md", book / "chapters" / "appendix")
    toc = {
        "format": "jb-book",
        "root": "chapters/index",
        "chapters": [{"file": "chapters/principles/temperature"}, LIBRARY],
    }
    (book / "_toc.yml").write_text(yaml.safe_dump(toc), encoding="utf-8")
    return house.build(book)[0]


def entry(built, name):
    """Return the part of its page that is about a function: signature, and all below it."""
    mechanism, _ = name.split(".")
    page = built.page(f"appendix/api/{mechanism}")
    parts = re.split(r'(?=<dl class="py )', page)
    (found,) = [part for part in parts if f'id="kdlab.{name}"' in part]
    return found


def words(html):
    return unescape(re.sub(r"<[^>]*>", "", html))


def test_the_pages_are_built_without_a_warning(built):
    assert built.problems == []
    assert built.code == 0


def test_no_mechanism_is_forgotten(built):
    assert sorted(api.mechanisms()) == MECHANISMS
    overview = built.page("appendix/api")
    for mechanism in MECHANISMS:
        assert f'href="api/{mechanism}.html"' in overview


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_public_function_stands_on_its_page_with_all_that_it_says(built, name):
    found = entry(built, name)
    signature, _, below = found.partition("</dt>")
    for parameter in inspect.signature(FUNCTIONS[name]).parameters:
        assert f'<span class="pre">{parameter}</span>' in signature
        assert re.search(rf"<strong>([\w, ]+, )?\*{{0,2}}{parameter}(, [\w, ]+)?</strong>", below), parameter
    for title in ("Parameters", "Returns", "Examples"):
        assert re.search(rf">{title}(<span class=\"colon\">:</span>)?<", below), title
    assert 'class="kd-equation notranslate"' in below
    assert ">>> " in words(below)


def test_a_page_says_what_the_module_says_and_shows_all_of_it(built):
    page = words(built.page("appendix/api/temperature"))
    assert "Softmax at a temperature: how sharp or how even a distribution over classes is." in page
    for source in ("kdlab/core/temperature.py", "kdlab/temperature.py"):
        assert (REPOSITORY / source).read_text(encoding="utf-8") in page


def test_what_holds_for_all_of_them_stands_once_on_the_page_above(built):
    overview = re.findall(r"\w+", words(built.page("appendix/api")))
    rules = re.findall(r"\w+", inspect.getdoc(conventions))
    start = overview.index(rules[0])
    assert rules == overview[start : start + len(rules)]


def test_chapter_and_page_lead_to_each_other(built):
    page = built.page("appendix/api/temperature")
    assert re.search(r'Chapter: <a[^>]* href="../../principles/temperature.html">', page)
    assert "appendix/api/temperature.html#kdlab.temperature.softmax" in built.page("principles/temperature")


def test_the_book_has_all_of_them_and_commits_none():
    toc = yaml.safe_load((REPOSITORY / "_toc.yml").read_text(encoding="utf-8"))
    assert LIBRARY in [chapter for part in toc["parts"] for chapter in part["chapters"]]
    assert "chapters/appendix/api/" in (REPOSITORY / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_what_is_right_is_left_alone_and_what_is_not_is_mended(tmp_path):
    overview = tmp_path / api.OVERVIEW
    book = SimpleNamespace(srcdir=str(tmp_path))
    api.write_pages(book, None)
    assert list(tmp_path.iterdir()) == []
    overview.parent.mkdir(parents=True)
    overview.write_text("# The library\n", encoding="utf-8")
    api.write_pages(book, None)
    folder = overview.with_suffix("")
    texts = {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()}
    assert texts.keys() == {f"{mechanism}.rst" for mechanism in MECHANISMS}
    times = {path: path.stat().st_mtime_ns for path in folder.iterdir()}
    mended = folder / "temperature.rst"
    mended.write_text("spoilt", encoding="utf-8")
    (folder / "no_longer.rst").write_text("of a mechanism that is gone", encoding="utf-8")
    api.write_pages(book, None)
    assert {path.name: path.read_text(encoding="utf-8") for path in folder.iterdir()} == texts
    assert all(path.stat().st_mtime_ns == time for path, time in times.items() if path != mended)
