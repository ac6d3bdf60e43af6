"""What was measured, in plain words: for every number that a page shows, and for every pair that is compared."""

import re
from dataclasses import replace

import pytest

from book.conftest import REPOSITORY
from kdlab.book.claims import read_claims
from kdlab.book.plain_words import MEASURES, of_arms, of_measure, of_number
from kdlab.evidence.records import read

NAMES = sorted(path.stem for path in (REPOSITORY / "results").glob("*.json"))
CHAPTERS = REPOSITORY / "chapters"


def shown():
    """Return every measured number that a page names, as "<experiment>: <number>"."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(CHAPTERS.rglob("*.md"))]
    found = [effect for claim in read_claims(CHAPTERS / "appendix" / "claims.toml") for effect in claim.effects]
    for text in texts:
        found += re.findall(r"\{measured\}`([^`]+)`", text)
        found += [f"{line[0]}: {line[1]}" for line in re.findall(r"^(\w+): [^=\n]+ => (.+)$", text, re.MULTILINE)]
    return sorted(
        {effect.removesuffix(" wins") for effect in found if effect.partition(": ")[2] not in ("seeds", "minutes")}
    )


@pytest.mark.parametrize("effect", shown())
def test_every_number_that_is_shown_has_a_measure_in_words(effect):
    measure = effect.rpartition(" ")[2]
    assert any(re.fullmatch(pattern, measure) for pattern in MEASURES)


@pytest.mark.parametrize("name", NAMES)
def test_two_arms_that_are_compared_are_told_apart(name):
    record = read(name)
    differences = record.summary["differences"]
    assert len({of_arms(difference, record) for difference in differences}) == len(differences)
    for difference in differences:
        said = of_arms(difference, record)
        # nothing that the experiment says of either is lost
        words = {word for end in difference.split(" - ") for word in re.findall(r"\w+", record.words[end])}
        assert words <= set(re.findall(r"\w+", said))


def test_what_two_arms_have_in_common_is_said_once():
    words = {"a": "50 digits, labels, T = 0.5", "b": "50 digits, labels", "c": "signals"}
    record = replace(read("temperature"), words=words)
    assert of_arms("a - b", record) == "50 digits: labels, T = 0.5, against labels"
    assert of_arms("a - c", record) == "50 digits, labels, T = 0.5, against signals"
    assert of_arms("c", record) == "signals"
    assert of_number("c - b kl", record) == "signals, against 50 digits, labels: distance from the teacher (KL)"


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        ("robust_0_05", "accuracy under attack at 0.05"),
        ("predicted_rare_null", "calibration error of rows predicted as a rare class that chance alone gives"),
        ("batch_64_share_seconds", "share of the time for a batch of 64"),
        ("no_such_measure", "no such measure"),
    ],
)
def test_measures(measure, words):
    assert of_measure(measure) == words
