"""A second build shows nothing stale, and does nothing needless."""

import json
import shutil

import pytest

from book.conftest import NOTEBOOK, REPOSITORY

CHAPTER = f"""{NOTEBOOK}
# A chapter

It took {{measured}}`temperature: minutes` minutes.

```{{explore}} small.good
:alt: A level line.
```

```{{code-cell}} ipython3
from kdlab import temperature

print("the constant is", getattr(temperature, "CONSTANT", "not there"))
```
"""
EXECUTED = "Executing notebook"


@pytest.fixture(scope="module")
def builds(house):
    """Build one book four times: at first, unchanged, with a changed kdlab, and with a changed record."""
    book = house.write("book", index=CHAPTER, plain="# A plain chapter\n\nWords.\n")
    assets = book / "_build" / "html" / "_static" / "kdlab"
    builds, pages = {}, {}

    def build(name):
        (builds[name],) = house.build(book)
        assert builds[name].code == 0, builds[name].output
        pages[name] = builds[name].page("index")

    build("first")
    for name in ("kdlab.js", "kdlab.zip"):
        (assets / name).unlink()
    build("unchanged")
    builds["unchanged"].assets = {path.name for path in assets.iterdir()}
    module = house.folder / "kdlab" / "temperature.py"
    module.write_text(module.read_text(encoding="utf-8") + "\nCONSTANT = 17\n", encoding="utf-8")
    widgets = house.folder / "kdlab" / "explore" / "small.py"
    widgets.write_text(widgets.read_text(encoding="utf-8").replace("The line lies", "It lies"), encoding="utf-8")
    build("kdlab")
    record = house.folder / "results" / "temperature.json"
    changed = json.loads(record.read_text(encoding="utf-8")) | {"duration_seconds": 60 * 47.5}
    record.write_text(json.dumps(changed), encoding="utf-8")
    build("record")
    return builds, pages


def test_the_first_build_reads_and_executes_every_chapter(builds):
    of, _ = builds
    assert of["first"].read == ["chapters/index", "chapters/plain"]
    assert EXECUTED in of["first"].output


def test_an_unchanged_book_is_not_read_again(builds):
    of, pages = builds
    assert of["unchanged"].read == []
    assert EXECUTED not in of["unchanged"].output
    assert pages["unchanged"] == pages["first"]


def test_an_unchanged_book_gets_its_assets_all_the_same(builds):
    of, _ = builds
    assert {"kdlab.js", "kdlab.zip"} <= of["unchanged"].assets


def test_a_change_of_kdlab_reads_and_executes_every_chapter_again(builds):
    of, pages = builds
    assert of["kdlab"].read == of["first"].read
    assert EXECUTED in of["kdlab"].output
    assert "the constant is not there" in pages["first"]
    assert "the constant is 17" in pages["kdlab"]
    assert "The line lies at 0.5." in pages["first"]
    assert "It lies at 0.5." in pages["kdlab"]


def test_a_change_of_a_record_reads_every_chapter_again(builds):
    of, pages = builds
    assert of["record"].read == of["first"].read
    assert '<span class="measured">47.5</span>' not in pages["kdlab"]
    assert '<span class="measured">47.5</span>' in pages["record"]


def test_each_state_of_kdlab_and_results_has_its_own_notebook_cache(builds, house):
    caches = list((house.folder / "books" / "book" / "_build" / ".jupyter_cache").iterdir())
    assert len(caches) == 3


def test_an_unchanged_chapter_with_an_exercise_is_not_read_again(house):
    book = house.write("exercise", index="# A chapter\n\n```{exercise} temperature/softmax\n```\n")
    shutil.copytree(
        REPOSITORY / "exercises" / "temperature" / "softmax", book / "exercises" / "temperature" / "softmax"
    )
    (first,) = house.build(book)
    assert (first.code, first.read) == (0, ["chapters/index"]), first.output
    (unchanged,) = house.build(book)
    assert (unchanged.code, unchanged.read) == (0, [])
