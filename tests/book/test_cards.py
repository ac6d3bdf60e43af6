"""Cards and the words of the glossary, in small books: shown where they are asked, and refused where they cannot be."""

import re

import pytest

GLOSSARY = """\
# Glossary

```{glossary}
soft target
  What a *teacher* says. First in {doc}`../principles/one`.

target
  What is hit. First in {doc}`../principles/one`.

points
  What is won, and no link within a number. First in {doc}`../principles/one`.
```
"""
ONE = """\
# One

Soft targets are targets, `target` is code, and a [target](#there) is a link. A target again.

(there)=
## There

A retarget is no target. It gained {measured}`dark_knowledge: digits_50_true - digits_50_flat accuracy`.

::::{recall} one/first
Which $x$?
+++
See {ref}`there <there>`: 3.
::::
"""
TWO = """\
# Two

::::{recall} one/first
::::
"""
TODAY = """\
# Today

```{today}
```
"""
WRONG = {
    "another chapter's name": ("::::{recall} two/first\nWhich?\n+++\nThis.\n::::", "a card is named index/"),
    "no answer": ("::::{recall} index/first\nWhich?\n::::", "a card is named index/"),
    "a card that is not there": ("::::{recall} one/none\n::::", "there is no card one/none in the book"),
}


@pytest.fixture(scope="module")
def built(house):
    """Build a book with cards, and one with each mistake."""
    book = house.write("cards", index="# Index\n")
    pages = {"principles/one": ONE, "principles/two": TWO, "appendix/glossary": GLOSSARY, "appendix/today": TODAY}
    for name, text in pages.items():
        path = book / "chapters" / f"{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    chapters = "".join(f"  - file: chapters/{name}\n" for name in pages)
    (book / "_toc.yml").write_text(f"format: jb-book\nroot: chapters/index\nchapters:\n{chapters}", encoding="utf-8")
    wrong = [house.write(f"wrong-{at}", index=f"# Index\n\n{text}\n") for at, (text, _) in enumerate(WRONG.values())]
    names = ["good", *WRONG]
    return dict(zip(names, house.build(book, *wrong), strict=True))


def test_a_card_of_another_chapter_and_that_of_today_lead_to_where_theirs_does(built):
    assert built["good"].code == 0, built["good"].output
    for name, link in (("one", "#there"), ("two", "one.html#there")):
        page = built["good"].page(f"principles/{name}")
        card = re.search(r'<details class="kd-card" data-card="one/first"><summary>(.*?)</details>', page, re.DOTALL)[1]
        assert "<math" in card.partition("</summary>")[0]
        assert f'href="{link}"' in card
    assert 'href="../principles/one.html#there"' in built["good"].page("appendix/today")


def test_the_first_use_of_a_word_in_a_section_is_a_link_and_only_prose_has_words(built):
    page = built["good"].page("principles/one")
    links = re.findall(r'<a class="[^"]*kd-term"( tabindex="-1")? href="[^"]*#term-([^"]*)">(.*?)</a>', page)
    assert links == [
        ("", "soft-target", "Soft targets"),
        ("", "target", "targets"),
        (' tabindex="-1"', "target", "target"),
    ]
    assert '"soft target": "What a teacher says."' in page
    assert " points" in re.search(r'class="[^"]*measured[^>]*>([^<]*)<', page)[1]  # a number is a link itself


@pytest.mark.parametrize("mistake", WRONG)
def test_a_card_that_cannot_be_asked_stops_the_build(built, mistake):
    assert built[mistake].code != 0
    assert WRONG[mistake][1] in built[mistake].output
