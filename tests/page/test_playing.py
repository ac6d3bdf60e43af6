"""Runs, seeds, tours, and every kind of question, on a page built for them: by pointer and by keys, at both widths."""

import importlib.util
import json
import sys

import gallery_book
import numpy as np
import pytest
import reading

pytestmark = pytest.mark.page

PAGE = "chapters/gallery_playing.html"
SOURCE = gallery_book.ROOT / "tests" / "page" / "gallery" / "gallery_playing.py"
WIDTHS = {1280: {"width": 1280, "height": 900}, 360: {"width": 360, "height": 800}}
PLAYED_SECONDS = 60_000  # of a run on a busy machine, in milliseconds


def gallery_module():
    spec = importlib.util.spec_from_file_location("kdlab.explore.gallery_playing", SOURCE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


PLAYING = gallery_module()
WIDGETS = {
    name: function.explorable for name, function in vars(PLAYING).items() if getattr(function, "explorable", None)
}


@pytest.fixture
def visit(visit_gallery):
    """Return a function that opens the page as a new reader, who must have no complaint at the end."""
    readers = []

    def open_page(width=1280, **options):
        readers.append(visit_gallery(PAGE, viewport=WIDTHS[width], **options))
        return readers[-1]

    yield open_page
    assert [reader.noise for reader in readers] == [[] for _ in readers]


def of(reader, name):
    return reader.page.locator(f"#widget-gallery_playing-{name}")


def sentence(widget):
    return widget.locator(".kd-sentence").inner_text()


def wait_for(widget, text):
    widget.locator(".kd-sentence", has_text=text).wait_for(timeout=PLAYED_SECONDS)


def press(widget, name):
    widget.get_by_role("button", name=name, exact=True).click()


# --- questions ------------------------------------------------------------------------------------------------------


def pixel(widget, x, y, panel=0):
    """Return where a value stands on the screen, by the picture's own account."""
    return widget.evaluate(
        """(figure, [x, y, panel]) => {
            const drawn = figure.querySelector(".kd-canvas > :is(.kd-picture, .kd-sheet)");
            const box = drawn.getBoundingClientRect();
            const [a, b] = [drawn.at(box.left, box.bottom, panel), drawn.at(box.right, box.top, panel)];
            const [across, up] = [(x - a.x) / (b.x - a.x), (y - a.y) / (b.y - a.y)];
            return [box.left + across * box.width, box.bottom - up * box.height];
        }""",
        [x, y, panel],
    )


def value_for(question, right):
    """Return a guess that is right, or one that is wrong."""
    asked = question.to_json()
    kind, answer = asked["kind"], asked["answer"]
    if kind == "pick":
        return answer if right else (answer + 1) % len(question.options)
    if kind == "picksome":
        return answer if right else [i for i in range(len(question.options)) if i not in answer]
    if kind == "estimate":
        return float(np.mean(answer)) if right else question.low
    if kind == "curve":
        return answer if right else [1.0] * len(answer)
    if kind == "mark":
        return answer if right else [answer[0] + 1]
    if asked["control"]:
        return answer if right else [1.0, 2.0, 4.0]
    return answer if right else (np.array(answer) * 0.2).tolist()


def arrows(page, back, forward, count):
    for _ in range(abs(count)):
        page.keyboard.press(forward if count > 0 else back)


def nudges(axis, start, end):
    """Return how many presses of an arrow key it is from one value of an axis to another."""
    low, high = axis.domain
    return round((end - start) / (0.02 * (high - low)))


def give(widget, question, guess, picture, by):
    """Give a guess by pointer or by keys."""
    page, kind = widget.page, type(question).__name__
    form = widget.locator(".kd-predict")
    keys = by == "keys"
    panel = getattr(question, "panel", 0)
    axes = (picture.panels[panel] if hasattr(picture, "panels") else picture) if picture else None
    if kind == "Pick":
        radios = form.get_by_role("radio")
        if not keys:
            radios.nth(guess).check()
        else:
            radios.first.focus()
            page.keyboard.press("Space")
            arrows(page, "ArrowUp", "ArrowDown", guess)
    elif kind == "PickSome":
        for i in guess:
            box = form.get_by_role("checkbox").nth(i)
            box.press("Space") if keys else box.check()
    elif kind == "Estimate":
        if keys or question.mark == "none":
            form.get_by_role("spinbutton").focus()
            page.keyboard.type(f"{guess:g}")
        else:
            page.mouse.click(*pixel(widget, sum(axes.x.domain) / 2, guess))
    elif kind == "Mark":
        cells = widget.locator(".kd-pencil-cell")
        if keys:
            cells.first.focus()
            at = 0
            for cell in guess:
                arrows(page, "ArrowLeft", "ArrowRight", cell - at)
                page.keyboard.press("Space")
                at = cell
        else:
            for cell in guess:
                box = cells.nth(cell).bounding_box()
                page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    elif kind == "Curve":
        middle = sum(axes.y.domain) / 2
        if keys:
            for i, y in enumerate(guess):
                widget.locator(".kd-pencil-grip").nth(i).focus()
                arrows(page, "ArrowDown", "ArrowUp", nudges(axes.y, middle, y))
        else:
            places = [pixel(widget, x, y) for x, y in zip(question.x, guess, strict=True)]
            page.mouse.move(*places[0])
            page.mouse.down()
            for place in places[1:]:
                page.mouse.move(*place, steps=8)
            page.mouse.up()
    elif question.control:
        for box, number in zip(widget.locator(".kd-controls").get_by_role("spinbutton").all(), guess, strict=True):
            box.fill(f"{number:g}")
    else:
        for i, place in enumerate(guess):
            part = (i + 1) / (len(guess) + 1)
            start = axes.x.domain[0] + part * (axes.x.domain[1] - axes.x.domain[0])
            to = (place, sum(axes.y.domain) / 2) if question.axis else place
            if keys:
                widget.locator(".kd-pencil-grip").nth(i).focus()
                arrows(page, "ArrowLeft", "ArrowRight", nudges(axes.x, start, to[0]))
                if not question.axis:
                    arrows(page, "ArrowDown", "ArrowUp", nudges(axes.y, sum(axes.y.domain) / 2, to[1]))
            else:
                page.mouse.move(*pixel(widget, start, sum(axes.y.domain) / 2))
                page.mouse.down()
                page.mouse.move(*pixel(widget, *to), steps=4)
                page.mouse.up()


def diary(reader):
    return json.loads(reader.page.evaluate("(key) => localStorage.getItem(key)", f"{reading.KEPT_BY}diary") or "[]")


def kept(reader):
    """Return the newest answer in the diary."""
    return diary(reader)[-1]


def by_place(question, choice):
    """Return a kept choice as the question scores it: options by their places."""
    kind = type(question).__name__
    if kind == "Pick":
        return question.options.index(choice)
    return [question.options.index(text) for text in choice] if kind == "PickSome" else choice


FIRST = {name: widget.predict[0] for name, widget in WIDGETS.items() if widget.predict}
KINDS = {"Pick", "PickSome", "Estimate", "Curve", "Place", "Mark"}


def test_every_kind_of_question_is_in_the_gallery():
    assert {type(question).__name__ for question in FIRST.values()} == KINDS


@pytest.mark.parametrize(
    ("width", "by", "right"),
    [(1280, "pointer", True), (1280, "keys", False), (360, "pointer", False), (360, "keys", True)],
)
def test_every_question_is_answered_judged_and_kept(visit, width, by, right):
    reader = visit(width)
    for name, question in FIRST.items():
        widget, picture = of(reader, name), WIDGETS[name].picture()
        widget.scroll_into_view_if_needed()
        if question.before == 1:
            press(widget, "learn 10")
        elif question.before != "open":
            widget.get_by_role("radio", name=question.before).click()
        asked = widget.locator(".kd-predict")
        assert asked.get_by_text(question.question, exact=True).is_visible(), name
        widget.locator(".kd-canvas").evaluate(
            "(canvas) => canvas.scrollIntoView({ block: 'center', behavior: 'instant' })"
        )
        give(widget, question, value_for(question, right), picture, by)
        sure = widget.locator(".kd-sure").get_by_role("button").nth(2)
        sure.press("Enter") if by == "keys" else sure.click()
        verdict = widget.locator(".kd-verdict")
        verdict.locator(".kd-right" if right else ".kd-wrong").wait_for()
        assert asked.count() == 0
        assert question.because in verdict.inner_text(), name
        entry = kept(reader)
        assert (entry["question"], entry["right"]) == (question.question, right), name
        score = question.score(by_place(question, entry["choice"]), question.checked(question.answer()))
        assert score.right == right, (name, entry)
        assert 0 < entry["confidence"] < 1
        box = verdict.bounding_box()
        assert box["y"] >= 0, name
        assert box["y"] + box["height"] <= WIDTHS[width]["height"], name
        assert widget.locator(".kd-canvas").bounding_box()["y"] < WIDTHS[width]["height"], name
    assert reader.noise == []


def test_what_was_drawn_stays_in_the_picture_beside_what_is_right(visit):
    reader = visit()
    for name, marks in {"curve": 1, "point": 1, "cuts": 2, "cells": 4}.items():
        widget, question = of(reader, name), FIRST[name]
        widget.locator(".kd-canvas").evaluate(
            "(canvas) => canvas.scrollIntoView({ block: 'center', behavior: 'instant' })"
        )
        give(widget, question, value_for(question, True), WIDGETS[name].picture(), "pointer")
        widget.locator(".kd-sure").get_by_role("button").first.click()
        drawn = widget.locator(".kd-pencil .kd-pencil-mark")
        assert drawn.count() == 2 * marks
        assert widget.locator(".kd-pencil .kd-truth-mark.kd-pencil-mark").count() == marks
        legend = widget.locator(".kd-pencil-legend li")
        assert legend.all_inner_texts() == ["the answer", "your guess"], name
        reader.page.set_viewport_size({"width": 700, "height": 900})
        reader.page.set_viewport_size({"width": 1280, "height": 900})
        assert drawn.count() == 2 * marks
    reader.open(PAGE)
    assert of(reader, "curve").locator(".kd-pencil .kd-pencil-mark").count() == 2
    assert of(reader, "curve").locator(".kd-verdict .kd-right").count() == 1


def test_nothing_given_is_asked_for_and_who_declines_is_told_and_shown_the_answer(visit):
    reader = visit()
    for name, question in FIRST.items():
        if question.before != "open" or type(question).__name__ == "PickSome":
            continue
        widget = of(reader, name)
        widget.locator(".kd-sure").get_by_role("button").first.click()
        assert "or ask to see it without a guess" in widget.locator(".kd-predict .kd-complaint").inner_text(), name
        press(widget, "Show me without a guess")
        verdict = widget.locator(".kd-verdict")
        assert f"Asked was: {question.question}" in verdict.inner_text()
        assert question.because in verdict.inner_text()
        assert verdict.locator(".kd-sign").count() == 0
        assert widget.locator(".kd-controls").is_visible()
        asked = question.to_json()
        shown = question.at or ({asked["control"]: asked["answer"]} if asked.get("control") else {})
        wait_for(widget, WIDGETS[name].picture(**shown).sentence)
    assert [entry for entry in diary(reader) if entry["kind"] == "prediction"] == []


MARKS_ARE_SEEN = """(plot) => [...plot.children].some(
    (each) => !each.matches(".kd-axes") && getComputedStyle(each).visibility === "visible"
)"""


def test_a_curve_asked_for_before_an_option_is_drawn_on_empty_axes_or_not_now(visit):
    redrawn = of(visit(), "redrawn")
    plot = redrawn.locator(".kd-plot")
    redrawn.get_by_role("radio", name="high").click()
    assert redrawn.locator(".kd-predict").is_visible()
    assert redrawn.locator(".kd-axes").is_visible()
    assert not plot.evaluate(MARKS_ARE_SEEN)
    assert not redrawn.locator(".kd-sentence").is_visible()
    press(redrawn, "Not now")
    assert redrawn.locator(".kd-predict").count() == 0
    assert redrawn.get_by_role("radio", name="low").evaluate("node => node.checked && node === document.activeElement")
    assert plot.evaluate(MARKS_ARE_SEEN)
    assert sentence(redrawn) == WIDGETS["redrawn"].picture().sentence
    redrawn.get_by_role("radio", name="high").click()
    press(redrawn, "Show me without a guess")
    assert plot.evaluate(MARKS_ARE_SEEN)
    wait_for(redrawn, WIDGETS["redrawn"].picture(stage="high").sentence)


def test_the_table_has_the_category_of_what_stands_aside_and_the_series_of_what_has_no_name(visit):
    redrawn = of(visit(), "redrawn")
    press(redrawn, "Table")
    rows = [row.get_by_role("cell").all_inner_texts() for row in redrawn.locator(".kd-table tbody tr").all()]
    assert rows == [[name, x, "2"] for name in ("hill", "top", "hill") for x in ("1", "3", "5", "7", "9")]


def test_one_more_question_comes_after_the_first_and_a_second_placement_asks_it_alone(visit):
    reader = visit()
    hill = of(reader, "hill")
    first, second, _ = WIDGETS["hill"].predict
    press(hill, "Show me without a guess")
    press(hill, "One more question")
    assert hill.get_by_text(second.question).is_visible()
    again = of(reader, "hill-2")
    assert again.locator(".kd-predict").get_by_text(second.question).is_visible()
    assert first.question not in again.inner_text()


def test_an_answer_is_seen_as_a_movement_and_leaves_its_trace(visit):
    reader = visit()
    hill = of(reader, "hill")
    hill.evaluate(
        """(figure) => {
            window.said = [];
            const sentence = figure.querySelector(".kd-sentence");
            new MutationObserver(() => said.push(sentence.textContent)).observe(sentence, { childList: true });
        }"""
    )
    hill.get_by_role("radio").nth(1).check()
    hill.locator(".kd-sure").get_by_role("button").first.click()
    wait_for(hill, "The hill is 9 high")
    heights = [float(text.split()[3]) for text in reader.page.evaluate("said")]
    assert heights == sorted(heights)
    assert len(set(heights)) > 3
    assert hill.locator(".kd-ghost").count() == 1
    hill.get_by_role("slider").first.press("ArrowLeft")
    assert hill.locator(".kd-ghost").count() == 0


def test_who_wants_no_movement_sees_the_end(visit):
    reader = visit(reduced_motion="reduce")
    hill = of(reader, "hill")
    hill.get_by_role("radio").nth(1).check()
    hill.locator(".kd-sure").get_by_role("button").first.click()
    assert sentence(hill) == "The hill is 9 high, at 5."
    walk = of(reader, "walk")
    assert walk.get_by_role("button", name="Play", exact=True).count() == 0
    press(walk, "learn 10")
    press(walk, "Show me without a guess")
    press(walk, "To the end")
    assert walk.get_by_text("How large is the largest").is_visible()
    press(walk, "Show me without a guess")
    wait_for(walk, "After 100 steps")


# --- a run ----------------------------------------------------------------------------------------------------------


def decline(widget):
    press(widget, "Show me without a guess")


def begun(reader):
    """Return the run of the gallery, past its first question."""
    walk = of(reader, "walk")
    press(walk, "learn 10")
    decline(walk)
    return walk


def picture(**values):
    return reading.as_shipped(WIDGETS["walk"].picture(**values).to_json())


def run(step, *history):
    return {"step": step, "history": list(history)}


def test_a_shipped_run_steps_and_plays_before_python(visit):
    reader = visit()
    walk = begun(reader)
    press(walk, "learn 10")
    assert sentence(walk) == WIDGETS["walk"].picture(run=run(10)).sentence
    press(walk, "Play")
    assert walk.get_by_role("button", name="Pause").is_visible()
    walk.get_by_text("How large is the largest").wait_for()
    assert sentence(walk) == WIDGETS["walk"].picture(run=run(50)).sentence
    decline(walk)  # it plays on, to where the answer is seen
    wait_for(walk, "After 100 steps")
    assert walk.get_attribute("data-engine") == "grid"
    reading.assert_shows(walk, picture(run=run(100)))
    press(walk, "Again")
    press(walk, "Pause")
    press(walk, "learn 10")
    press(walk, "Back to the start")
    assert sentence(walk) == WIDGETS["walk"].picture().sentence


def test_keys_step_play_pause_and_look_back(visit):
    reader = visit()
    walk = begun(reader)
    line = walk.locator(".kd-run").get_by_role("slider")
    line.focus()
    reader.page.keyboard.press("Space")
    assert walk.get_by_role("button", name="Pause").is_visible()
    reader.page.keyboard.press("Space")
    assert walk.get_by_role("button", name="Play").is_visible()
    walk.get_by_role("button", name="Next seed").click()
    press(walk, "learn 10")
    press(walk, "learn 10")
    line.focus()
    reader.page.keyboard.press("ArrowLeft")
    assert sentence(walk).startswith("After 10 steps")
    reader.page.keyboard.press("Home")
    assert sentence(walk).startswith("After 0 steps")
    reader.page.keyboard.press("ArrowRight")
    assert sentence(walk).startswith("After 10 steps")
    reader.page.keyboard.press("End")
    assert sentence(walk).startswith("After 20 steps")
    reader.page.keyboard.press("ArrowRight")
    wait_for(walk, "After 21 steps")
    assert walk.get_attribute("data-engine") == "python"


def test_a_run_is_the_same_from_its_address(visit):
    reader = visit()
    walk = begun(reader)
    press(walk, "learn 10")
    press(walk, "forget 1")
    wait_for(walk, "After 11 steps")
    walk.get_by_role("spinbutton", name="rate").fill("0.2")
    wait_for(walk, "at rate 0.2")
    press(walk, "learn 10")
    wait_for(walk, "After 21 steps")
    history = ([0, "rate", 0.05], [0, "run", "learn"], [10, "run", "forget"], [11, "rate", 0.2], [11, "run", "learn"])
    expected = WIDGETS["walk"].picture(run=run(21, *history), rate=0.2).to_json()
    reading.assert_shows(walk, expected)
    press(walk, "Link")
    address = walk.get_by_role("textbox", name="Link").input_value()
    reader.page.goto("about:blank")  # Python ends with the page
    reader.page.goto(address)
    wait_for(walk, "After 21 steps")
    reading.assert_shows(walk, expected)
    assert walk.locator(".kd-predict").count() == 0


def test_a_new_seed_begins_anew(visit):
    reader = visit()
    walk = begun(reader)
    press(walk, "learn 1")
    wait_for(walk, "After 1 steps")
    press(walk, "Next seed")
    reading.assert_shows(walk, picture(seed=1))
    press(walk, "learn 1")
    wait_for(walk, "After 1 steps")
    press(walk, "forget 1")
    wait_for(walk, "After 2 steps")
    history = ([0, "run", "learn"], [1, "run", "forget"])
    reading.assert_shows(walk, WIDGETS["walk"].picture(run=run(2, *history), seed=1).to_json())


def test_from_disk_the_shipped_run_plays_and_the_rest_says_why(browser, gallery_folder):
    reader = reading.Reader(browser, f"file://{gallery_folder}/")
    reader.open(PAGE)
    walk = begun(reader)
    press(walk, "learn 10")
    assert sentence(walk).startswith("After 10 steps")
    press(walk, "learn 1")
    assert "Python in the page needs a server" in walk.locator(".kd-status").first.inner_text()
    press(walk, "All 5 seeds")
    assert "Python in the page needs a server" in walk.locator(".kd-seeds-told").inner_text()
    reader.context.close()


# --- all seeds, a tour, a station -----------------------------------------------------------------------------------


def test_all_seeds_are_run_told_and_cancelled(visit):
    reader = visit()
    walk = of(reader, "walk")
    press(walk, "All 5 seeds")
    table = walk.locator(".kd-seeds-told table")
    table.wait_for(timeout=PLAYED_SECONDS)
    assert "at the end better than at the start in 5 of 5 seeds" in walk.locator(".kd-seeds-told p").inner_text()
    over = WIDGETS["walk"].controls["seed"].over
    starts = [over({"rate": 0.05}, seed)["at the start"] for seed in range(5)]
    assert f"{np.mean(starts):.3g} ±" in table.get_by_role("row").nth(1).inner_text()
    press(walk, "All 5 seeds")
    press(walk, "Cancel")
    assert walk.locator(".kd-seeds-told").inner_text().startswith("Cancelled after ")
    assert walk.get_by_role("progressbar").count() == 0


def test_a_tour_is_walked_and_asks_before_its_stop(visit):
    reader = visit()
    hill = of(reader, "hill")
    decline(hill)
    press(hill, "Take the tour")
    stops = WIDGETS["hill"].stops
    for number, stop in enumerate(stops, start=1):
        if stop.ask:
            assert hill.locator(".kd-predict").get_by_text(stop.ask.question).is_visible()
            decline(hill)
        assert hill.locator(".kd-tour-words").inner_text() == stop.sentence
        assert hill.get_by_text(f"{number} of {len(stops)}").is_visible()
        wait_for(hill, f"The hill is {stop.settings['height']:g} high")
        if number == 2:
            press(hill, "Back")
            wait_for(hill, "The hill is 1 high")
            press(hill, "Next")
        if number < len(stops):
            press(hill, "Next")
    assert hill.locator(".kd-goal").inner_text() == "There."
    press(hill, "Done")
    assert hill.get_by_role("button", name="Take the tour").is_visible()
    hill.get_by_role("slider").first.press("Home")
    assert hill.locator(".kd-goal").inner_text() == "Your turn: make it higher than 8."


def test_a_station_is_shown_once_its_question_is_answered(visit):
    reader = visit()
    stations = of(reader, "stations")
    stations.get_by_role("radio", name="cut").click()
    assert sentence(stations) == "The hill is 8 high, at 5."
    decline(stations)
    assert sentence(stations) == "The hill is 2 high, at 5."
    stations.get_by_role("radio", name="mended").click()
    assert sentence(stations) == "The hill is 7 high, at 5."
