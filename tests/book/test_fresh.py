"""A second build shows nothing stale, and does nothing needless: each page follows what it uses, and only that."""

import json
import re
import shutil

import pytest

from book.conftest import NOTEBOOK, REPOSITORY

CHAPTER = f"""{NOTEBOOK}
# A chapter

```{{explore}} small.good
:alt: A level line.
```

```{{code-cell}} ipython3
import kdlab.core.temperature
from kdlab import temperature

print("the constant is", getattr(kdlab.core.temperature, "CONSTANT", "not there"))
```
"""
OTHER = f"""{NOTEBOOK}
# Another chapter

```{{code-cell}} ipython3
from kdlab.evidence.records import read
from kdlab.straight_through import ste_gradient

print("of it is said:", ste_gradient.__doc__.splitlines()[0])
print("it took", read("pruning").duration_seconds, "seconds")
```
"""
EXERCISE = "# An exercise\n\n```{exercise} temperature/softmax\n```\n"
LEDGER = "# The experiments\n\n```{experiments}\n```\n"
PLAIN = "# A plain chapter\n\nWords.\n"


@pytest.fixture(scope="module")
def builds(house):
    """Build one book again and again, each time with another change; return the builds, with their pages."""
    book = house.write("book", index=CHAPTER, other=OTHER, exercise=EXERCISE, ledger=LEDGER, plain=PLAIN)
    of_exercise = "exercises/temperature/softmax"
    shutil.copytree(REPOSITORY / of_exercise, book / of_exercise)
    for name in ("kdlab", "results"):  # to which the ledger links
        (book / name).symlink_to(house.folder / name)
    assets = book / "_build" / "html" / "_static" / "kdlab"
    found = {}

    def build(name):
        (found[name],) = house.build(book)
        assert found[name].code == 0, found[name].output
        found[name].pages = {page: found[name].page(page) for page in ("index", "other", "plain")}
        found[name].assets = {e: [path.name for path in assets.glob(f"kdlab.*.{e}")] for e in ("js", "zip")}
        found[name].executed = re.findall(r"chapters/(\w+)\.md: Executing notebook", found[name].output)

    def edit(path, change):
        path.write_text(change(path.read_text(encoding="utf-8")), encoding="utf-8")

    def add(text):
        return lambda old: old + text

    kdlab = house.folder / "kdlab"
    build("first")
    for ending in ("js", "zip"):
        next(assets.glob(f"kdlab.*.{ending}")).unlink()
    (assets / "kdlab.0123456789.zip").touch()  # of an older build
    build("unchanged")

    edit(kdlab / "grading" / "grader.py", lambda old: old.replace('"""', '"""Said anew. ', 1))
    edit(kdlab / "straight_through.py", lambda old: re.sub(r'(def ste_gradient.*\n    r?""")', r"\1Said anew. ", old))
    edit(kdlab / "explore" / "small.py", lambda old: old.replace("The line lies", "It lies"))
    build("words")

    edit(kdlab / "core" / "temperature.py", add("\nCONSTANT = 17\n"))
    edit(
        house.folder / "results" / "pruning.json", lambda old: json.dumps(json.loads(old) | {"duration_seconds": 47.5})
    )
    build("numbers")

    edit(kdlab / "book" / "section.py", add("\n"))
    edit(book / "chapters" / "plain.md", add("\nMore words.\n"))
    build("builder")
    return found


def read(build):
    return sorted(page.removeprefix("chapters/") for page in build.read)


ALL = ["exercise", "index", "ledger", "other", "plain"]


@pytest.mark.parametrize(
    ("name", "pages", "executed"),
    [
        ("first", ALL, ["index", "other"]),
        ("unchanged", [], []),
        # of a grader that no page uses, of a function that a cell uses, and of a widget
        ("words", ["index", "other"], ["other"]),
        # of a core that a cell uses, and the exercise forbids; and of a record that another cell reads
        ("numbers", ["exercise", "index", "ledger", "other"], ["index", "other"]),
        ("builder", ALL, []),
    ],
)
def test_pages_that_use_what_was_changed_are_read_and_executed_again_and_no_others(builds, name, pages, executed):
    assert read(builds[name]) == pages
    assert sorted(builds[name].executed) == executed


def test_each_change_is_seen(builds):
    seen = {name: build.pages for name, build in builds.items()}
    assert seen["unchanged"] == seen["first"]
    assert "of it is said: Said anew." not in seen["first"]["other"]
    assert "of it is said: Said anew." in seen["words"]["other"]
    assert "The line lies at 0.5." in seen["first"]["index"]
    assert "It lies at 0.5." in seen["words"]["index"]
    assert "the constant is not there" in seen["words"]["index"]
    assert "the constant is 17" in seen["numbers"]["index"]
    assert "it took 47.5 seconds" not in seen["words"]["other"]
    assert "it took 47.5 seconds" in seen["numbers"]["other"]
    assert "More words." in seen["builder"]["plain"]


@pytest.mark.parametrize("ending", ["js", "zip"])
def test_each_page_names_the_assets_that_are_there_and_no_others_are_left(builds, ending):
    for name in ("first", "unchanged", "words", "builder"):
        (here,) = builds[name].assets[ending]
        for page in builds[name].pages.values():
            assert set(re.findall(rf"kdlab\.\w{{10}}\.{ending}\b", page)) == {here}, name
    assert builds["first"].assets == builds["unchanged"].assets
    assert builds["words"].assets["zip"] != builds["first"].assets["zip"]
