"""The mathematics of the book, as its pages have it."""

import re
import unicodedata
from xml.etree import ElementTree

import pytest
from fontTools.ttLib import TTFont
from reading import PAGES

import kdlab.book

pytestmark = pytest.mark.page

FONTS = [f"{kdlab.book.__path__[0]}/fonts/{name}.woff2" for name in ("math", "math-rare")]
UPRIGHT = {"normal"}


def leaning(letter):
    """Return what a browser shows for a variable of one letter: the slanted letter, where Unicode has one."""
    if letter == "h":
        return "\N{PLANCK CONSTANT}"
    kind, _, name = unicodedata.name(letter).partition(" LETTER ")
    try:
        # GREEK SMALL LETTER ALPHA, LATIN CAPITAL LETTER A
        return unicodedata.lookup(f"MATHEMATICAL ITALIC {kind.split()[-1]} {name}")
    except KeyError:
        return letter


def shown(math):
    """Return the characters that a browser draws for a formula."""
    characters = set()
    for node in math.iter():
        text = (node.text or "").strip()
        if node.tag == "mi" and len(text) == 1 and node.get("mathvariant") not in UPRIGHT:
            text = leaning(text)
        characters |= set(text)
    return characters


def test_every_character_of_the_formulas_is_in_the_font(built):
    formulas = {
        formula
        for page in PAGES
        for formula in re.findall(r"<math.*?</math>", (built / page).read_text("utf-8"), re.DOTALL)
    }
    assert len(formulas) > 500
    needed = set().union(*(shown(ElementTree.fromstring(formula)) for formula in formulas))
    in_the_font = {chr(code) for font in FONTS for code in TTFont(font).getBestCmap()}
    # what is not drawn: spaces, and the invisible operators
    drawn = {character for character in needed if unicodedata.category(character) not in ("Zs", "Cf")}
    assert drawn - in_the_font == set()
