"""What every chapter has, found in each that there is; what one chapter claims stands in a test of its own."""

import re
import tomllib

import pytest

from chapters.chapter import REPOSITORY, Chapter, names, printed_by
from kdlab.practice import folder

# in this order, as a reader meets them
PARTS = (
    "You will be able to",
    "**You need**",
    "{dropdown} Three questions to check that",
    "By hand\n:class: worked-example",
    "{dropdown} The blanks",
    "{admonition} Where the textbook",
    "An experiment\n",
    "**The question.**",
    "**The design.**",
    "**What came out.**",
    "{dropdown} How to run it again",
    "## Where it fails",
    "## Check yourself",
    "## Exercises",
    "## In one card",
    "**Words.**",
    "## Sources",
)
MINUTES = 20
WORDS_A_MINUTE = 200


@pytest.fixture(scope="module", params=names())
def chapter(request):
    return Chapter(request.param)


def test_its_parts_stand_in_their_order(chapter):
    places = [chapter.source.find(part) for part in PARTS]
    assert [part for part, place in zip(PARTS, places, strict=True) if place < 0] == []
    assert places == sorted(places)


def test_it_begins_with_something_that_was_measured(chapter):
    assert "{measured}" in chapter.source.split("You will be able to")[0]


def test_it_is_read_in_20_minutes(chapter):
    assert 1000 < chapter.words() < MINUTES * WORDS_A_MINUTE


def test_the_page_promises_15_to_25_minutes(chapter):
    page = REPOSITORY / "_build" / "html" / "chapters" / f"{chapter.name}.html"
    source = REPOSITORY / "chapters" / f"{chapter.name}.md"
    if not page.is_file() or page.stat().st_mtime < source.stat().st_mtime:
        pytest.fail("run `make html` first", pytrace=False)
    promised = re.search(r'class="kd-place-on-map">\w+ · (\d+) minutes', page.read_text(encoding="utf-8"))
    assert promised
    assert 15 <= int(promised[1]) <= 25


def test_it_has_widgets_of_its_own(chapter):
    widgets = re.findall(r"^```\{explore\} (\w+)\.\w+$", chapter.source, re.MULTILINE)
    assert 3 <= len(widgets) <= 7
    own = chapter.name.rpartition("/")[2]
    assert own in widgets
    assert set(widgets) <= {own, "classroom"}  # which is more than one chapter's


def test_it_asks_five_questions_to_recall(chapter):
    cards = re.findall(r"^:{4,}\{recall\} (\w+)/\S+$", chapter.source, re.MULTILINE)
    assert cards.count(chapter.name.rpartition("/")[2]) >= 5


def test_it_has_two_or_three_exercises_and_one_of_them_asks_for_a_test(chapter):
    exercises = re.findall(r"^```\{exercise\} (\S+)$", chapter.source, re.MULTILINE)
    assert 2 <= len(exercises) <= 3
    read = [folder.read(REPOSITORY / "exercises" / name) for name in exercises]
    assert any(exercise.versions for exercise in read)


def test_what_is_done_on_paper_says_how_long_it_takes(chapter):
    on_paper = chapter.passage("### On paper", "## In one card")
    asked = re.findall(r"^\*\*\w[\w ]*\*\*(.*)$", on_paper, re.MULTILINE)
    minutes = [re.match(r" \((\d+) minutes\)\. \S", rest) for rest in asked]
    assert minutes
    assert all(minutes), asked
    assert max(int(found[1]) for found in minutes) <= 30
    assert len(re.findall(r"^:{4,}\{dropdown\} (?:Solution|How to start)$", on_paper, re.MULTILINE)) == len(asked)


def test_the_code_that_is_shown_runs_and_prints(chapter):
    assert chapter.shown
    for code in chapter.shown:
        assert printed_by(code, {})


def test_the_ledger_has_its_claims(chapter):
    ledger = tomllib.loads((REPOSITORY / "chapters" / "appendix" / "claims.toml").read_text(encoding="utf-8"))
    assert chapter.name in {claim.get("chapter") for claim in ledger["claim"]}
