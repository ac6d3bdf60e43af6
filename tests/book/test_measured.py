"""The role `measured`: its words against the records themselves, and what it says where there is no such number."""

import dataclasses
import json
import re

import numpy as np
import pytest
from scipy import stats

from book.conftest import REPOSITORY
from kdlab.book.measured import words
from kdlab.evidence.records import read

NAMES = sorted(path.stem for path in (REPOSITORY / "results").glob("*.json"))


@pytest.fixture(scope="module", params=NAMES)
def evidence(request):
    return read(request.param)


def values(evidence, arm, measure):
    """Return one measure of one arm, in the order of the seeds."""
    return np.array(
        [r[measure] for r in sorted(evidence.records, key=lambda r: r["seed"]) if r["arm"] == arm and measure in r]
    )


def known_measures(evidence, arm):
    return [m for m in evidence.units if values(evidence, arm, m).size]


def parse(text):
    """Return mean, half-width, decimals and unit."""
    match = re.fullmatch(r"([+−]?[\d,]+(?:\.\d+)?) ± ([\d,]+(?:\.(\d+))?)(?: (.+))?", text)
    mean, half_width = (float(number.replace("−", "-").replace(",", "")) for number in match.group(1, 2))
    return mean, half_width, len(match[3] or ""), match[4] or ""


def check(text, sample_mean, sample_half_width, unit):
    """Compare a written number with what it should say: half a unit of the last digit, and six digits of a record."""
    scale = 100 if unit in ("%", "points") else 1
    mean, half_width, decimals, given_unit = parse(text)
    assert given_unit == unit
    assert scale == 1 or decimals == 1
    for written, exact in ((mean, sample_mean), (half_width, sample_half_width)):
        # half a unit of what is written, and of the sixth digit of what is recorded
        assert abs(written - scale * exact) <= 0.5001 * 10**-decimals + 5.1e-6 * abs(scale * exact)
    if scale == 1 and half_width:
        assert decimals == 0 or half_width >= 9.9 * 10**-decimals  # two digits of the interval are shown


def test_an_arm_is_the_mean_over_seeds_with_its_t_interval(evidence):
    for arm in evidence.summary["arms"]:
        for measure in known_measures(evidence, arm):
            sample = values(evidence, arm, measure)
            half_width = stats.t.ppf(0.975, sample.size - 1) * stats.sem(sample)
            check(words(evidence, f"{arm} {measure}"), sample.mean(), half_width, evidence.units[measure])


def test_a_difference_is_paired_by_seed_and_carries_its_sign(evidence):
    for arms in evidence.summary["differences"]:
        arm, baseline = arms.split(" - ")
        for measure in known_measures(evidence, arm):
            a, b = values(evidence, arm, measure), values(evidence, baseline, measure)
            half_width = stats.t.ppf(0.975, a.size - 1) * stats.sem(a - b)
            unit = evidence.units[measure].replace("%", "points")
            text = words(evidence, f"{arms} {measure}")
            check(text, (a - b).mean(), half_width, unit)
            assert text[0] in "+−"


def test_wins_are_counted(evidence):
    for arms in evidence.summary["differences"]:
        arm, baseline = arms.split(" - ")
        for measure in known_measures(evidence, arm):
            a, b = values(evidence, arm, measure), values(evidence, baseline, measure)
            assert words(evidence, f"{arms} {measure} wins") == f"{(a > b).sum()} of {a.size}"


def test_seeds_and_minutes(evidence):
    assert words(evidence, "seeds") == str(len({record["seed"] for record in evidence.records}))
    assert float(words(evidence, "minutes")) == pytest.approx(evidence.duration_seconds / 60, abs=0.0501)


def test_a_number_below_zero_has_a_minus_sign_and_not_a_hyphen():
    evidence = read("temperature")
    summary = {"arms": {}, "differences": {"a - b": {"accuracy": {"mean": -0.0123, "half_width": 0.004}}}}
    assert words(dataclasses.replace(evidence, summary=summary), "a - b accuracy") == "−1.2 ± 0.4 points"


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ("", "must be named as in kdlab/book/measured.py; '' was given"),
        ("accuracy", "must be named as in kdlab/book/measured.py; 'accuracy' was given"),
        ("hard accuracy losses", "must be named as in kdlab/book/measured.py"),
        ("kd_T4 - hard - kd_T1 accuracy", "must be named as in kdlab/book/measured.py"),
        ("kd_T5 accuracy", "the record must hold kd_T5; it holds teacher, "),
        ("hard - kd_T4 accuracy", "the record must hold hard - kd_T4; it holds "),
        ("hard loss", "the record must hold loss of hard; it holds accuracy, kl, agreement."),
        ("hard accuracy wins", "wins belong to a difference of two arms; 'hard' is one arm."),
    ],
)
def test_what_is_not_in_the_record_is_said_in_a_sentence(wanted, sentence):
    with pytest.raises(ValueError, match=re.escape(sentence)):
        words(read("temperature"), wanted)


def test_every_measured_number_of_the_chapters_is_in_a_record():
    wanted = [
        (path.name, *match)
        for path in sorted((REPOSITORY / "chapters").rglob("*.md"))
        for match in re.findall(r"\{measured\}`([^:`]+): ([^`]+)`", path.read_text(encoding="utf-8"))
    ]
    assert wanted
    for _, name, number in wanted:
        assert words(read(name), number)


def test_the_summary_of_a_record_is_that_of_its_records():
    for name in NAMES:
        content = json.loads((REPOSITORY / "results" / f"{name}.json").read_text(encoding="utf-8"))
        arms = {record["arm"] for record in content["records"]}
        assert set(content["summary"]["arms"]) == arms
