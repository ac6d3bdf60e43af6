"""The page of the experiments: every record with its question, its controls and what came of them, and its time."""

import json
import re
import shutil
from html import unescape

import pytest

from book.conftest import REPOSITORY
from kdlab.book.experiments import is_chapter, read_shown
from kdlab.book.measured import words
from kdlab.evidence.records import read

PAGE = REPOSITORY / "chapters" / "appendix" / "experiments.md"
RECORDS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (REPOSITORY / "results").glob("*.json")}


@pytest.fixture(scope="module")
def text(house):
    """Return the words of the page, built, without its marks."""
    book = house.write("experiments", experiments=PAGE.read_text(encoding="utf-8"))
    for folder in ("results", "kdlab/experiments"):
        shutil.copytree(house.folder / folder, book / folder)
    (built,) = house.build(book)
    assert (built.code, built.problems) == (0, [])
    article = re.search(r"<article.*?</article>", built.page("experiments"), re.DOTALL)[0]
    assert len(re.findall("<h2>", article)) == len(RECORDS)
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", "", article))).replace("’", "'")


def test_the_sums_are_those_of_the_records(text):
    minutes = sum(record["duration_seconds"] for record in RECORDS.values()) / 60
    runs = sum(len(record["records"]) for record in RECORDS.values())
    assert f"There are {len(RECORDS)} experiments with {runs:,} runs" in text
    assert f"they take {minutes:.0f} minutes of one processor" in text


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_every_record_is_there_with_its_question_and_what_came_of_its_controls(text, name):
    record = RECORDS[name]
    assert record["question"] in text
    arms = {entry["arm"] for entry in record["records"]}
    assert f"Run: {len(arms)} arms on {len(record['seeds'])} seeds, {words(read(name), 'minutes')} minutes" in text
    for control, meaning in record["controls"].items():
        found = re.search(rf"{re.escape(f'Control: {control} {meaning}. What came out: ')}(.+?) ([+−]?[\d.,]+ ±)", text)
        assert found, control
        number = found[1] if " " in found[1] else f"{control} {found[1]}"
        assert words(read(name), number).startswith(found[2])


@pytest.mark.parametrize(
    "line",
    [
        "temperature: hard",
        "temperature hard => hard accuracy",
        "nothing: hard => hard accuracy",
        "temperature: kd_T4 => kd_T4 accuracy",
        "temperature: hard => hard colour",
    ],
)
def test_a_line_that_names_what_is_not_there_is_refused(line):
    with pytest.raises(ValueError, match=re.escape(repr(line)) if "colour" not in line else "colour"):
        read_shown([line], {"temperature": read("temperature")})


def test_lines_say_which_number_is_shown():
    records = {"temperature": read("temperature")}
    shown = read_shown(["", "temperature: hard => kd_T4 - hard accuracy"], records)
    assert shown == {("temperature", "hard"): "kd_T4 - hard accuracy"}


def test_pages_of_the_library_are_no_chapters():
    assert is_chapter("chapters/compression/pruning", "pruning")
    assert not is_chapter("chapters/appendix/api/pruning", "pruning")
    assert not is_chapter("chapters/compression/pruning", "temperature")
