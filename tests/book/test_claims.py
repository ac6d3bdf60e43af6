"""The ledger: what it names exists, what its file may not say is refused, and its page holds every claim."""

import re
import shutil
from html import unescape

import pytest

from book.conftest import REPOSITORY
from kdlab.book.claims import VERDICTS, behind, by_verdict, read_claims, rows_of, tally
from kdlab.book.measured import words
from kdlab.book.plain_words import of_number
from kdlab.evidence.records import read

LEDGER = REPOSITORY / "chapters" / "appendix" / "claims.toml"
CLAIMS = read_claims(LEDGER)
GOOD = {
    "section": '"A section"',
    "statement": '"It is so."',
    "verdict": '"fails"',
    "condition": '"It is not so."',
    "basis": '"See {cite:t}`someone2020`."',
}


def toml(**changes):
    """Return a file of two claims, the second with these fields changed; a field that is None is left out."""

    def entry(fields):
        return "[[claim]]\n" + "".join(f"{key} = {value}\n" for key, value in fields.items() if value is not None)

    return entry(GOOD) + entry(GOOD | changes)


def read_text(folder, text):
    path = folder / "claims.toml"
    path.write_text(text, encoding="utf-8")
    return read_claims(path)


@pytest.mark.parametrize("test", sorted({test for claim in CLAIMS for test in claim.shown_by}))
def test_every_test_that_is_named_exists(test):
    path, name = test.split("::")
    text = (REPOSITORY / path).read_text(encoding="utf-8")
    assert re.search(rf"^def {name}\(", text, re.MULTILINE)


@pytest.mark.parametrize("effect", sorted({effect for claim in CLAIMS for effect in claim.effects}))
def test_every_effect_is_in_its_record(effect):
    name, _, wanted = effect.partition(": ")
    assert words(read(name), wanted)
    assert " - " not in wanted or words(read(name), f"{wanted} wins")


def test_every_source_is_in_the_bibliography():
    known = set(
        re.findall(r"^@\w+\{([^,]+),", (REPOSITORY / "references.bib").read_text(encoding="utf-8"), re.MULTILINE)
    )
    cited = set(re.findall(r"\{cite:\w+\}`([^`]+)`", LEDGER.read_text(encoding="utf-8")))
    assert cited
    assert cited <= known


def test_no_statement_stands_twice_and_sections_are_not_torn_apart():
    statements = [claim.statement for claim in CLAIMS]
    assert len(set(statements)) == len(statements)
    sections = [claim.section for claim in CLAIMS]
    changes = [b for a, b in zip(["", *sections], sections, strict=False) if a != b]
    assert len(set(changes)) == len(changes)


def test_the_ledger_cites_measurements_only_with_a_verdict():
    assert not [claim.statement for claim in CLAIMS if claim.verdict == "open" and claim.effects]


def test_what_is_empty_may_be_left_out(tmp_path):
    first, second = read_text(tmp_path, toml(chapter='"principles/temperature"'))
    assert (first.chapter, first.effects, first.shown_by, first.remark) == ("", [], [], "")
    assert second.chapter == "principles/temperature"


@pytest.mark.parametrize(
    ("verdict", "condition", "basis"),
    [
        ('"holds"', None, GOOD["basis"]),
        ('"holds if"', '"It is cold."', GOOD["basis"]),
        ('"open"', None, '"A record would decide it."'),
    ],
)
def test_every_verdict_can_be_given(verdict, condition, basis, tmp_path):
    _, claim = read_text(tmp_path, toml(verdict=verdict, condition=condition, basis=basis))
    assert claim.verdict == verdict.strip('"')


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"verdict": '"true"'}, "verdict of claim 2 must be one of fails, holds if, holds, open; 'true' was given"),
        ({"statement": None}, "claim 2 must have a statement"),
        ({"basis": '""'}, "claim 2 must have a basis"),
        ({"colour": '"red"'}, "claim 2 must have no fields but section, "),
        ({"effects": '"temperature: kd_T4 - hard accuracy"'}, "effects of claim 2 must be a list; "),
        ({"remark": "3"}, "remark of claim 2 must be a str; 3 was given"),
        ({"condition": None}, "condition of claim 2 must be given exactly if"),
        ({"verdict": '"holds if"', "condition": '""'}, "condition of claim 2 must be given exactly if"),
        ({"verdict": '"holds"'}, "condition of claim 2 must be given exactly if"),
        ({"verdict": '"open"'}, "condition of claim 2 must be given exactly if"),
        ({"basis": '"Everybody knows."'}, "claim 2 must rest on a source, an experiment or a test"),
    ],
)
def test_what_a_claim_may_not_be_is_said_with_its_number(changes, sentence, tmp_path):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        read_text(tmp_path, toml(**changes))


@pytest.mark.parametrize("text", ["", "[[claims]]\n", "[[claim]\n"])
def test_a_file_without_claims_is_refused(text, tmp_path):
    with pytest.raises(ValueError, match=r"claims\.toml must hold|line 1"):
        read_text(tmp_path, text)


def test_the_count_is_that_of_the_verdicts(tmp_path):
    claims = read_text(tmp_path, toml(verdict='"open"', condition=None))
    assert tally(claims) == "Of 2 statements 0 hold, 0 hold under a condition, 1 fail, and 1 are open."


def test_a_chapter_is_linked_once_the_book_has_it(tmp_path):
    _, claim = read_text(tmp_path, toml(chapter='"principles/temperature"'))
    for found_docs in (set(), {"chapters/principles/temperature"}):
        text = behind(claim, found_docs)
        assert ("{doc}`chapter </chapters/principles/temperature>`" in text) == bool(found_docs)


def test_what_fails_stands_first_and_keeps_its_number():
    groups = by_verdict(CLAIMS)
    assert list(groups) == ["fails", "holds if", "holds"]
    assert sorted(number for group in groups.values() for number, _ in group) == list(range(1, len(CLAIMS) + 1))
    assert all(CLAIMS[number - 1] is claim for group in groups.values() for number, claim in group)


def test_an_effect_knows_every_row_that_rests_on_it():
    rows = rows_of(CLAIMS)
    for number, claim in enumerate(CLAIMS, start=1):
        for effect in claim.effects:
            assert (number, claim.statement) in rows[effect]
    assert sum(map(len, rows.values())) == sum(len(claim.effects) for claim in CLAIMS)


# --- the page ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def built(house):
    """Build the ledger of the book, and one whose second claim names what no record holds."""
    text = LEDGER.with_suffix(".md").read_text(encoding="utf-8")
    ledger = house.write("ledger", claims=text, sources="# Sources\n\n```{bibliography}\n```\n")
    unknown = house.write("unknown", claims="# A ledger\n\nWords.\n\n```{claims} claims.toml\n```\n")
    shutil.copy(LEDGER, ledger / "chapters")
    shutil.copy(REPOSITORY / "references.bib", ledger)
    for folder in ("results", "kdlab/experiments"):
        shutil.copytree(house.folder / folder, ledger / folder)
    text = toml(effects='["temperature: kd_T5 - hard accuracy"]')
    (unknown / "chapters" / "claims.toml").write_text(text, encoding="utf-8")
    return house.build(ledger, unknown)


def test_the_page_holds_the_count_and_every_claim(built):
    ledger, _ = built
    assert (ledger.code, ledger.problems) == (0, [])
    article = re.search(r"<article.*?</article>", ledger.page("claims"), re.DOTALL)[0]
    plain = re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", "", article))).replace("’", "'")
    verdicts = [claim.verdict for claim in CLAIMS]
    assert f"Of {len(CLAIMS)} statements {verdicts.count('holds')} hold, " in plain
    for verdict in VERDICTS:
        assert article.count(f'class="kd-badge" data-verdict="{verdict}"') == verdicts.count(verdict)
    for number, claim in enumerate(CLAIMS, start=1):
        assert f'id="claim-{number}"' in article
        words_of_it = claim.statement.partition("$")[0].rstrip()
        assert f"{number} {words_of_it}" in plain
        for effect in claim.effects:
            name, _, wanted = effect.partition(": ")
            wins = f", larger on {words(read(name), wanted + ' wins')} seeds" if " - " in wanted else ""
            assert f"Measured: {of_number(wanted, read(name))} {words(read(name), wanted)}{wins}" in plain
    assert re.findall(r"<h2>(.*?)<a", article) == [VERDICTS[verdict] for verdict in VERDICTS if verdict in verdicts]


def test_a_ledger_that_names_what_no_record_holds_stops_the_build(built):
    _, unknown = built
    assert unknown.code != 0
    (problem,) = unknown.problems
    assert problem.startswith("chapters/claims.md:5: ERROR: claim 2: the record must hold kd_T5 - hard; it holds ")
