"""The chapter on calibration draws a reader's own diagram, of what the diary of this browser holds."""

import json

import pytest
from reading import KEPT_BY, Reader, assert_shows, decline

from kdlab.explore import find

pytestmark = pytest.mark.page

CHAPTER, NAME = "chapters/interplay/calibration.html", "calibration.you"
ANSWERS = [(0.95, k % 2 == 0) for k in range(12)] + [(0.33, k == 0) for k in range(6)]


def diary_of(answers):
    """Return what a browser keeps of answers to as many questions; the last one is answered once more, otherwise."""
    entries = [
        {"kind": "prediction", "widget": "w", "question": f"{k}?", "confidence": sure, "right": right}
        for k, (sure, right) in enumerate(answers)
    ]
    again = {**entries[-1], "right": not entries[-1]["right"]} if entries else None
    opened = {"kind": "opened", "chapter": "temperature"}
    return [opened, *entries, *([again] if again else [])]


@pytest.fixture
def visit(browser, address):
    """Return a function that opens the chapter in a browser that keeps these answers."""
    readers = []

    def open_chapter(answers):
        kept = {f"{KEPT_BY}schema": "2", f"{KEPT_BY}diary": json.dumps(diary_of(answers))}
        script = f"""if (location.protocol !== "about:" && !localStorage.length)
            for (const [key, value] of Object.entries({json.dumps(kept)})) localStorage.setItem(key, value);"""
        readers.append(Reader(browser, address, script=script))
        readers[-1].open(CHAPTER)
        return readers[-1].widget(NAME)

    yield open_chapter
    for reader in readers:
        assert reader.noise == []
        reader.context.close()


def by_python(widget):
    """Wait until Python has answered."""
    widget.page.wait_for_function(
        "(name) => document.getElementById(name).dataset.engine === 'python'",
        arg=widget.get_attribute("id"),
        timeout=120_000,
    )


def shown(whose, answers=()):
    return find(NAME).picture(whose=whose, answers=answers).to_json()


def test_the_example_needs_no_python_whatever_is_kept(visit):
    widget = visit(ANSWERS)
    decline(widget)
    assert_shows(widget, shown("an example reader"))
    assert widget.get_attribute("data-engine") != "python"
    assert widget.locator("output").inner_text() == str(len(ANSWERS))


def test_the_first_answer_to_each_question_is_drawn(visit):
    widget = visit(ANSWERS)
    decline(widget)
    widget.get_by_role("radio", name="your answers").click()
    by_python(widget)
    assert_shows(widget, shown("your answers", ANSWERS))
    assert widget.locator(".kd-sentence").inner_text().startswith("Your answers: 18; on average 74 % sure, 39 % right.")


@pytest.mark.parametrize("answers", [[], ANSWERS[:3]], ids=["none", "three"])
def test_a_reader_without_enough_answers_is_told_what_is_needed(visit, answers):
    widget = visit(answers)
    decline(widget)
    widget.get_by_role("radio", name="your answers").click()
    if answers:  # without any the picture is in the grid
        by_python(widget)
    assert_shows(widget, shown("your answers", answers))
    assert "at least 10 are needed" in widget.locator(".kd-sentence").inner_text()
