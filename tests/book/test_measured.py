"""The role `measured`: its words against the records themselves, and what it says where there is no such number."""

import dataclasses
import json
import re

import numpy as np
import pytest
from scipy import stats

from book.conftest import REPOSITORY
from kdlab.book.measured import words
from kdlab.experiments.record import read

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
    return [m for m in ("accuracy", "agreement", "kl") if values(evidence, arm, m).size]


def parse(text):
    """Return mean, half-width, decimals and unit."""
    match = re.fullmatch(r"([+−]?\d+\.\d+) ± (\d+\.(\d+)) (%|points|nats)", text)
    return float(match[1].replace("−", "-")), float(match[2]), len(match[3]), match[4]


def test_an_arm_is_the_mean_over_seeds_with_its_t_interval(evidence):
    for arm in evidence.summary["arms"]:
        for measure in known_measures(evidence, arm):
            sample = values(evidence, arm, measure)
            scale, unit, shown = (1, "nats", 3) if measure == "kl" else (100, "%", 1)
            mean, half_width, decimals, given_unit = parse(words(evidence, f"{arm} {measure}"))
            low, high = stats.t.interval(0.95, sample.size - 1, sample.mean(), stats.sem(sample))
            assert (given_unit, decimals) == (unit, shown)
            # half a unit of the last digit, and what the six digits of a record may shift it by
            assert mean == pytest.approx(scale * sample.mean(), abs=0.5001 * 10**-shown)
            assert half_width == pytest.approx(scale * (high - low) / 2, abs=0.5001 * 10**-shown)


def test_a_difference_is_paired_by_seed_and_carries_its_sign(evidence):
    for arms in evidence.summary["differences"]:
        arm, baseline = arms.split(" - ")
        for measure in known_measures(evidence, arm):
            a, b = values(evidence, arm, measure), values(evidence, baseline, measure)
            interval = stats.ttest_rel(a, b).confidence_interval(0.95)
            scale, unit, shown = (1, "nats", 3) if measure == "kl" else (100, "points", 1)
            text = words(evidence, f"{arms} {measure}")
            mean, half_width, decimals, given_unit = parse(text)
            assert (given_unit, decimals) == (unit, shown)
            assert mean == pytest.approx(scale * (a - b).mean(), abs=0.5001 * 10**-shown)
            assert half_width == pytest.approx(scale * (interval.high - interval.low) / 2, abs=0.5001 * 10**-shown)
            assert text[0] in "+−"


def test_wins_are_counted(evidence):
    for arms in evidence.summary["differences"]:
        arm, baseline = arms.split(" - ")
        a, b = values(evidence, arm, "accuracy"), values(evidence, baseline, "accuracy")
        assert words(evidence, f"{arms} accuracy wins") == f"{(a > b).sum()} of {a.size}"


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


def test_a_measure_without_a_known_unit_is_refused():
    # in a unit that was guessed it would be a wrong number
    evidence = read("temperature")
    summary = {"arms": {"hard": {"seconds": {"mean": 3.0, "half_width": 1.0}}}, "differences": {}}
    with pytest.raises(ValueError, match="measure must be one whose unit is known: .*; 'seconds' was given"):
        words(dataclasses.replace(evidence, summary=summary), "hard seconds")


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
