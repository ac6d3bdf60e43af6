"""The widget of the first page shows what results/shrink.json holds: computed here from its JSON, without kdlab."""

import itertools
import json
import re
from pathlib import Path

import numpy as np
import pytest

from kdlab.explore import landing

RECORD = json.loads((Path(__file__).parents[2] / "results" / "shrink.json").read_text(encoding="utf-8"))
SETTINGS = RECORD["measured"]["settings"]
WIDGET = landing.shrink.explorable
STATES = [
    dict(zip(WIDGET.controls, values, strict=True))
    for values in itertools.product(*(control.grid() for control in WIDGET.controls.values()))
]
MEASURED = [state for state in STATES if not WIDGET.absent(state)]


def setting(state):
    """Return the arm of the record with these settings, found by what they are and not by its name."""
    wanted = {
        "kept": {"all": 1.0, "three quarters": 0.75, "half": 0.5, "a quarter": 0.25}[state["filters"]],
        "rank": None if state["rank"] == "whole" else int(state["rank"]),
        "bits": int(state["bits"]),
        "taught": state["taught"],
    }
    (found,) = (arm for arm, of in SETTINGS.items() if wanted.items() <= of.items())
    return found, SETTINGS[found]


def percents(arm):
    return np.array([100 * entry["accuracy"] for entry in RECORD["records"] if entry["arm"] == arm])


def test_all_that_was_measured_can_be_set_and_nothing_else():
    assert {setting(state)[0] for state in MEASURED} == SETTINGS.keys()
    assert len(MEASURED) == len(SETTINGS) == len(STATES) - 1


@pytest.mark.parametrize("state", MEASURED, ids=lambda state: setting(state)[0])
def test_a_state_shows_its_arm(state):
    arm, of = setting(state)
    sheet = WIDGET.picture(**state)
    to_scale, costs, digits = sheet.panels
    assert sheet.sentence.startswith(f"{of['bytes']:,} bytes")
    right = re.search(r"right in ([\d.]+) ± ([\d.]+) %", sheet.sentence)
    assert float(right[1]) == pytest.approx(percents(arm).mean(), abs=0.0501)
    bands = to_scale.marks[:3]
    areas = [(band.x1[0] - band.x0[0]) * (band.y1[0] - band.y0[0]) for band in bands]
    np.testing.assert_allclose(areas, of["layers"], rtol=1e-9)
    np.testing.assert_allclose(np.sort(costs.marks[1].y), np.sort(percents(arm)), rtol=1e-6)
    shown = RECORD["measured"]["shown"]
    assert "".join(digits.marks[0].captions) == shown["answers"][arm]
    wrong = [int(answer) != label for answer, label in zip(shown["answers"][arm], shown["labels"], strict=True)]
    assert list(digits.marks[0].frames) == wrong


def test_the_outlines_are_the_whole_and_the_room():
    for outline, size in zip(WIDGET.picture().panels[0].marks[3:], (SETTINGS["full"]["bytes"], 3000), strict=True):
        assert (outline.x1[0] - outline.x0[0]) ** 2 == pytest.approx(size)


def test_the_task_has_one_solution():
    done = [state for state in MEASURED if "It fits, and" in WIDGET.goal(state)]
    expected = [arm for arm, of in SETTINGS.items() if of["bytes"] < 3000 and percents(arm).mean() > 97]
    assert [setting(state)[0] for state in done] == expected
    assert len(done) == 1
    assert all(SETTINGS[arm]["taught"] for arm in expected)


def test_the_answers_to_its_questions():
    for question, arm in zip(WIDGET.predict, ("kept_50_rank_8_bits_4", "kept_50_rank_8_bits_4_kd"), strict=True):
        assert question.answer() == pytest.approx(percents(arm).mean())
        assert setting(question.at)[0] == arm
