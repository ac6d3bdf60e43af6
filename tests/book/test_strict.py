"""What counts as a measured number, and in which parts of a chapter. Whole chapters: see test_build."""

import re

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from docutils.utils import new_document
from hypothesis import given
from hypothesis import strategies as st

from kdlab.book import strict


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It was right in 94 % of the cases.", ["94 %"]),
        ("It was right in 94% of the cases.", ["94%"]),
        ("It was right in 94\N{NO-BREAK SPACE}% of the cases.", ["94\N{NO-BREAK SPACE}%"]),
        ("In 1,200.5 percent.", ["1,200.5 percent"]),
        ("In 3 per cent.", ["3 per cent"]),
        ("It gained 6 points, and 1 point.", ["6 points", "1 point"]),
        ("It gained 6 percentage points.", ["6 percentage points"]),
        ("An error of ± some.", ["±"]),
        ("An error of 3 +- 1.", ["+-"]),
        ("It was 0.93.", ["0.93"]),
        ("It was 0.93, then .94!", ["0.93", ".94"]),
        ("(0.93)", ["0.93"]),
        ("-0.5 and −0.25", ["0.5", "0.25"]),
        ("T=0.5", ["0.5"]),
        ("2.5e-3 and 12.5ms", ["2.5", "12.5"]),
        ("Twenty seeds, 16 hidden units, 1,297 images.", []),
        ("Version 1.0.4, v2.1 and numpy2.4.", []),
        ("In 2021, points were made.", []),
        ("The text is licensed under CC BY 4.0, the code is not.", []),
        ("The pointsman, 3 pointers, percent alone.", []),
        ("Dots ... and 3. And 4.", []),
    ],
)
def test_what_looks_measured(text, numbers):
    assert strict.MEASURED.findall(text) == numbers


@given(
    st.integers(0, 10**6),
    st.integers(0, 10**6),
    st.sampled_from([" ", "(", "=", "−", "≈"]),
    st.sampled_from(" ,.;:)!?"),
)
def test_every_decimal_in_a_sentence_is_found(whole, part, before, after):
    number = f"{whole}.{part}"
    assert strict.MEASURED.findall(f"It was{before}{number}{after} Then.") == [number]


@given(st.text(alphabet=st.characters(exclude_categories=["Nd", "No"], exclude_characters="±+"), max_size=200))
def test_text_without_digits_is_never_flagged(text):
    assert strict.MEASURED.findall(text) == []


@pytest.fixture
def warned(monkeypatch, tmp_path):
    """Return a function that checks reStructuredText or a doctree, and returns the warnings with their lines."""
    warnings = []

    def warning(message, *parts, location):
        file, _, line = location.rpartition(":")
        warnings.append((int(line), message % parts))

    monkeypatch.setattr(strict.logger, "warning", warning)

    def check(chapter):
        path = tmp_path / "chapter.rst"
        if isinstance(chapter, str):
            path.write_text(chapter, encoding="utf-8")
            chapter = publish_doctree(chapter, source_path=str(path), settings_overrides={"report_level": 5})
        strict.Strict(chapter).apply()
        return warnings

    return check


def test_a_number_split_by_emphasis_is_found(warned):
    ((line, message),) = warned("Title\n=====\n\nIt was **93** % then.\n")
    assert (line, message[:18]) == (4, "the number '93 %' ")


def test_code_between_a_number_and_a_sign_keeps_them_apart(warned):
    assert warned("There are 5 ``x`` % of it, 5 :math:`x` points.\n") == []


def test_the_line_is_that_of_the_number_and_not_of_its_paragraph(warned):
    found = warned("One\ntwo 0.5\nthree\nfour 0.25 five\n")
    assert [(line, re.search("'(.*)'", message)[1]) for line, message in found] == [(2, "0.5"), (4, "0.25")]


@pytest.mark.parametrize("alt", ["", ":alt:"])
def test_a_picture_needs_words(warned, alt):
    ((line, message),) = warned(f"Words.\n\n.. image:: dot.png\n   {alt}\n")
    assert line in (3, 4)
    assert "dot.png has no alternative text" in message


def test_a_picture_with_words_passes(warned):
    assert warned("Words.\n\n.. image:: dot.png\n   :alt: A dot.\n") == []


def test_a_blank_is_no_word(warned):
    document = new_document(__file__)
    document += nodes.image(uri="dot.png", alt=" ")
    document[0].source, document[0].line = __file__, 7
    ((line, message),) = warned(document)
    assert (line, message[:32]) == (7, "the picture dot.png has no alter")


def cell(tags):
    """Return the doctree of a chapter with a cell that raised, as MyST-NB makes it."""
    document = new_document("no.md")
    traceback = nodes.literal_block("", "Traceback\nValueError: no", classes=["output", "traceback"])
    traceback.source, traceback.line = __file__, 3
    output = nodes.container("", traceback, nb_element="cell_code_output")
    document += nodes.container("", output, nb_element="cell_code", cell_metadata={"tags": tags} if tags else {})
    return document


def test_a_cell_that_raises_is_named(warned):
    assert warned(cell([])) == [(3, "the cell raises ValueError: no.")]


def test_a_cell_that_is_meant_to_raise_passes(warned):
    assert warned(cell(["raises-exception"])) == []


def test_a_docstring_is_code(warned):
    document = new_document("no.rst")
    for place in ("kdlab/temperature.py:docstring of kdlab.temperature.softmax", __file__):
        paragraph = nodes.paragraph("", "At least 0.5.")
        paragraph.source, paragraph.line = place, 1
        document += paragraph
    assert len(warned(document)) == 1
