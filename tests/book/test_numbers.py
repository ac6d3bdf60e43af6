"""Measured numbers of a page: the values of every seed, and the ways from a chapter to the ledger and back."""

import json
import re
import shutil
from html import unescape

import numpy as np
import pytest

from book.conftest import NOTEBOOK, REPOSITORY
from kdlab.book.numbers import Ledger, of_effect
from kdlab.evidence.records import read

EFFECT = "temperature: kd_T4 - kd_T1 accuracy"
CHAPTER = f"""{NOTEBOOK}
# Heat

The gain was {{measured}}`{EFFECT}`, on {{measured}}`{EFFECT} wins` seeds of {{measured}}`temperature: seeds`;
by labels alone {{measured}}`temperature: hard accuracy` were right.
"""
CLAIMS = f'''
[[claim]]
section = "A section"
statement = "Heat helps."
verdict = "holds"
basis = "Measured."
effects = ["{EFFECT}", "temperature: kd_T64 - kd_T8 accuracy"]
'''


@pytest.fixture(scope="module")
def book(house):
    """Build a book of a chapter and its ledger."""
    folder = house.write("numbers", claims="# A ledger\n\n```{claims} claims.toml\n```\n", heat=CHAPTER)
    (folder / "chapters" / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    for name in ("results", "kdlab/experiments"):
        shutil.copytree(house.folder / name, folder / name)
    (built,) = house.build(folder)
    assert (built.code, built.problems) == (0, [])
    return house, folder, built


def carried(page):
    """Return what a page carries of its numbers."""
    return json.loads(re.search(r'<script type="application/json" class="kd-measured-values">(.*?)</script>', page)[1])


def test_a_chapter_carries_each_seed_and_points_at_the_ledger(book):
    *_, built = book
    data = carried(built.page("heat"))
    assert data["ledger"] == "claims.html"
    assert data["numbers"].keys() == {EFFECT, "temperature: hard accuracy"}  # once, though it is shown twice
    assert data["numbers"][EFFECT]["rows"] == [[1, "Heat helps."]]
    assert data["numbers"]["temperature: hard accuracy"]["rows"] == []
    assert built.page("heat").count("data-effect=") == 3  # how many seeds there are was not measured on a seed


def test_a_row_points_at_the_first_place_in_each_chapter(book):
    *_, built = book
    (link,) = re.findall(
        r'<p class="kd-said-in">Said in: <a href="heat.html#([^"]+)">Heat</a></p>', built.page("claims")
    )
    (place,) = re.findall(rf'<span class="measured"[^>]*id="{link}"[^>]*>([^<]+)', built.page("heat"))
    assert unescape(place).startswith("+")


def test_a_changed_ledger_and_a_changed_chapter_reach_each_other(book):
    house, folder, _ = book
    ledger = folder / "chapters" / "claims.toml"
    ledger.write_text(ledger.read_text("utf-8").replace("Heat helps.", "Heat is good."), encoding="utf-8")
    (built,) = house.build(folder)
    assert carried(built.page("heat"))["numbers"][EFFECT]["rows"] == [[1, "Heat is good."]]
    chapter = folder / "chapters" / "heat.md"
    chapter.write_text(f"{NOTEBOOK}\n# Heat\n\nNothing.\n", encoding="utf-8")
    (built,) = house.build(folder)
    assert "kd-said-in" not in built.page("claims")


@pytest.mark.parametrize("name", sorted(path.stem for path in (REPOSITORY / "results").glob("*.json")))
def test_the_values_have_the_mean_that_is_written(name):
    record = read(name)
    for group in (record.summary["arms"], record.summary["differences"]):
        for arms, measures in group.items():
            for measure, number in measures.items():
                found = of_effect(f"{name}: {arms} {measure}", Ledger("", {}))
                scale = 100 if record.units[measure] == "%" else 1
                assert len(found["values"]) == number["n"]
                digits = 1e-3 * max(map(abs, found["values"]))  # values travel with four digits
                assert np.mean(found["values"]) == pytest.approx(scale * number["mean"], abs=digits)
