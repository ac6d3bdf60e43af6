"""The page of the experiments: every record with its question, its controls and what came of them, and its time."""

import json
import re
import shutil
from dataclasses import replace
from html import unescape

import pytest

from book.conftest import REPOSITORY
from kdlab.book.experiments import is_chapter, of_record, read_shown, repeated
from kdlab.book.measured import words
from kdlab.book.plain_words import of_arms, of_number
from kdlab.evidence.records import read
from kdlab.evidence.witness import Witness, witnesses

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
    assert len(re.findall("<h2>", article)) == len(RECORDS) + 1  # and what was run again
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
    own = text[text.index(record["question"]) :]  # two experiments may say the same of the same arms
    for control, meaning in record["controls"].items():
        said = re.escape(f"Control, {of_arms(control, read(name))}: {meaning}. What came out: ".replace("`", ""))
        found = re.search(rf"{said}(.+?) ([+−]?[\d.,]+ ±)", own)
        assert found, control
        shown = [n for n in numbers_of(read(name)) if of_number(n, read(name)) == found[1]]
        assert any(words(read(name), number).startswith(found[2]) for number in shown)


def numbers_of(record):
    """Return the names of all measured numbers of a record."""
    groups = (record.summary["arms"], record.summary["differences"])
    return [f"{arms} {measure}" for group in groups for arms, found in group.items() for measure in found]


def test_the_page_says_what_was_run_again_and_what_does_not_agree(text):
    agree: dict[str, bool] = {}
    for witness in witnesses().values():
        assert witness.what in text
        for named in witness.named():
            which = of_number(f"{named.difference} {named.measure}", read(named.experiment))
            line = f"Does not agree: {named.experiment}, {which}:"
            agree[line] = agree.get(line, True) and named.twice.agrees
    for line, always in agree.items():
        assert (line in text) == (not always)


def test_differences_that_agree_or_were_not_run_again_are_counted():
    records = {"temperature": read("temperature")}
    pair, other = list(records["temperature"].summary["differences"])[:2]
    found = {"accuracy": [0.02, 0.01, 0.05, 0.01], "kl": [0.5, 0.1, 0.5, 0.2], "agreement": [0.0, 0.1]}
    text = repeated({"second": Witness("All was run twice.", {"temperature": {pair: found}})}, records)
    assert "All was run twice. Of 3 differences of two arms, each in one measure, 2 agree" in text
    assert "1 are the same to four digits. 0 exclude 0 in one run" in text
    which = f"{{compared}}`temperature: {pair} accuracy`"
    assert f"- *Does not agree:* temperature, {which}: `+2.0 ± 1.0 points` and `+5.0 ± 1.0 points`" in text
    all_of_them = sum(len(measures) for measures in records["temperature"].summary["differences"].values())
    assert text.endswith(f"{all_of_them - 3} differences have not been repeated so.")
    assert other not in text


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


def test_what_guards_let_pass_is_said_with_its_reason():
    reasons = {"a": "steps are 0.1 as long", "b": "steps are 0.1 as long", "c": "it copies"}
    record = replace(read("temperature"), exceptions=reasons)
    lines = of_record("temperature", record, {}, set()).splitlines()
    let_pass = "- *A guard is told to let pass:* {compared}`temperature: a`; {compared}`temperature: b`: "
    assert f"{let_pass}because steps are `0.1` as long." in lines
    assert "- *A guard is told to let pass:* {compared}`temperature: c`: because it copies." in lines


def test_pages_of_the_library_are_no_chapters():
    assert is_chapter("chapters/compression/pruning", "pruning")
    assert not is_chapter("chapters/appendix/api/pruning", "pruning")
    assert not is_chapter("chapters/compression/pruning", "temperature")
