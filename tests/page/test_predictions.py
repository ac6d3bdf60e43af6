"""A reader predicts before a widget answers; the guess is judged, drawn, kept in this browser, and theirs to take."""

import json

import pytest
from reading import (
    DIARY,
    KEPT_BY,
    NO_STORAGE,
    WIDGETS,
    as_shipped,
    assert_shows,
    controls,
    decline,
    open_code,
    read,
    send,
    verdict,
    write,
)

from kdlab.explore import find

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
PICK, ESTIMATE = "temperature.logits", "temperature.entropy"
KEPT = f"JSON.parse(localStorage.getItem('{KEPT_BY}diary') ?? '[]').filter(({{ kind }}) => kind === 'prediction')"


def form(widget):
    return widget.locator(".kd-predict")


def pick(widget, at, sure=1):
    form(widget).get_by_role("radio").nth(at).check()
    send(widget, sure)


def estimate(widget, number, sure=1):
    form(widget).get_by_role("spinbutton").fill(str(number))
    send(widget, sure)


def drawn_guess(widget):
    """Return where the guess stands on the picture: how far from the left, and from the bottom, in its own axes."""
    return widget.evaluate(
        """(figure) => {
            const guessed = "[stroke='var(--kd-guess)']";
            const rule = [...figure.querySelectorAll(`.kd-plot ${guessed} line, .kd-plot line${guessed}`)];
            return rule.map((line) => [Number(line.getAttribute("x1")), Number(line.getAttribute("x2"))]);
        }"""
    )


def test_widget_asks_before_it_can_be_moved(visit):
    reader = visit(CHAPTER)
    for name in (PICK, ESTIMATE):
        widget = reader.widget(name)
        assert form(widget).get_by_text(find(name).predict[0].question).is_visible()
        assert widget.locator(".kd-controls").is_hidden()
        assert widget.locator(".kd-verdict").is_hidden()


@pytest.mark.parametrize("right", [True, False])
def test_pick_is_judged_and_explained(visit, right):
    reader = visit(CHAPTER, reduced_motion="reduce")
    widget, question = reader.widget(PICK), find(PICK).predict[0]
    answer = question.answer()
    at = answer if right else 0
    assert (at == answer) == right
    pick(widget, at, sure=2)
    said = "You said so" if right else f"You said: “{question.options[at].rstrip('.')}”"
    truth = f"{'Right' if right else 'Not so'}: {question.options[answer]}"
    assert verdict(widget) == f"{truth} {said}, 75 % sure. {question.because}"
    assert form(widget).count() == 0
    # the widget goes to where its picture shows the answer, and the reader goes on from the first thing that moves it
    assert_shows(widget, as_shipped(find(PICK).picture(**question.at).to_json()))
    assert widget.locator(".kd-place :focus").count() == 1
    (kept,) = reader.page.evaluate(KEPT)
    assert (kept["widget"], kept["choice"], kept["answer"]) == (PICK, question.options[at], question.options[answer])
    assert (kept["confidence"], kept["right"]) == (0.75, right)


def test_estimate_is_judged_by_its_distance_and_drawn_where_it_was_guessed(visit):
    reader = visit(CHAPTER, reduced_motion="reduce")
    widget, question = reader.widget(ESTIMATE), find(ESTIMATE).predict[0]
    answer = question.answer()
    assert drawn_guess(widget) == []
    estimate(widget, 1)
    low = f"{answer - 1:.3g}"
    assert verdict(widget) == f"Not so: {answer:.3g}. You said 1, 40 % sure: {low} too low. {question.because}"
    # the widget went to where its picture shows the answer
    assert widget.locator(".kd-sentence").inner_text() == find(ESTIMATE).picture(**question.at).sentence
    # at T = 1, the same place as the rule of the slider, once that stands at 1
    grid = find(ESTIMATE).controls["temperature"].grid()
    controls(widget)["temperature"].get_by_role("slider").fill(str(grid.index(1.0)))
    slider = widget.locator(".kd-plot line[stroke='var(--kd-grey)'][stroke-width='1.5']").last
    ((left, right),) = drawn_guess(widget)
    assert left == right == pytest.approx(float(slider.get_attribute("x1")), abs=1e-6)
    assert widget.get_by_text("your guess").count() == 1
    controls(widget)["temperature"].get_by_role("slider").fill("40")
    assert drawn_guess(widget) == [[left, right]]


def test_of_a_picture_that_would_give_the_answer_away_only_the_axes_are_seen_until_the_guess(visit):
    reader = visit(CHAPTER)
    covered = [name for name in WIDGETS[CHAPTER] if find(name).predict[0].covered]
    assert ESTIMATE in covered
    for name in WIDGETS[CHAPTER]:
        widget = reader.widget(name)
        drawn = widget.locator(".kd-canvas > :is(.kd-picture, .kd-sheet)")
        told = widget.locator(".kd-plot [data-mark], .kd-sentence")
        seen = "nodes => new Set(nodes.map((node) => getComputedStyle(node).visibility)).values().toArray()"
        assert told.evaluate_all(seen) == ["hidden" if name in covered else "visible"]
        assert widget.locator(".kd-axes text").first.is_visible()
        assert widget.locator(".kd-canvas").bounding_box()["height"] > 200
        # nor is it read out
        assert drawn.get_attribute("aria-hidden") == ("true" if name in covered else None)
        decline(widget)
        assert told.evaluate_all(seen) == ["visible"]
        assert drawn.get_attribute("aria-hidden") is None


def test_the_guess_is_seen_on_empty_axes_and_nothing_says_a_number_before(visit):
    widget = visit(CHAPTER).widget(ESTIMATE)
    knob = form(widget).get_by_role("slider")
    assert knob.get_attribute("data-empty") == ""
    form(widget).get_by_role("spinbutton").fill("2")
    assert knob.get_attribute("data-empty") is None
    rule = widget.locator(".kd-plot :has(> line[stroke='var(--kd-guess)'])")
    assert rule.evaluate("node => getComputedStyle(node).visibility") == "visible"
    assert widget.get_by_text("your guess").is_visible()


PRINCIPLES = [name for page, names in WIDGETS.items() if "principles/" in page for name in names]


@pytest.mark.parametrize("name", PRINCIPLES)
def test_a_guess_that_is_drawn_has_its_place_on_the_axis_of_the_picture_that_matters(name):
    for question in find(name).predict:
        if getattr(question, "mark", "none") == "none":
            continue
        picture = find(name).picture()
        picture = picture.panels[picture.first] if hasattr(picture, "panels") else picture
        low, high = getattr(picture, question.mark).domain
        on_it = min(high, question.high) - max(low, question.low)
        assert on_it >= (question.high - question.low) / 2


@pytest.mark.parametrize("page", [page for page in WIDGETS if page != "index.html"])
def test_what_is_taken_hold_of_for_a_guess_stands_in_the_picture_that_matters(visit, page):
    reader = visit(page)
    for name in WIDGETS[page]:
        widget = reader.widget(name)
        for grip in widget.locator(".kd-pencil-grip").all():
            box = grip.bounding_box()
            first = getattr(find(name).picture(), "first", 0)
            panel = getattr(find(name).predict[0], "panel", first)
            title = widget.locator(".kd-canvas .kd-plot").nth(panel)
            plot = title.bounding_box()
            middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
            assert plot["x"] <= middle[0] <= plot["x"] + plot["width"], name
            assert plot["y"] <= middle[1] <= plot["y"] + plot["height"], name


@pytest.mark.parametrize(("distance", "right"), [(0.49, True), (-0.49, True), (0.51, False), (-0.51, False)])
def test_estimate_is_right_within_its_bound(visit, distance, right):
    reader = visit(CHAPTER)
    widget, question = reader.widget(ESTIMATE), find(ESTIMATE).predict[0]
    assert question.within == 0.5
    estimate(widget, round(question.answer() + distance, 6))
    assert verdict(widget).startswith("Right: " if right else "Not so: ")


def test_who_declines_is_not_judged(visit):
    reader = visit(CHAPTER)
    for name in (PICK, ESTIMATE):
        widget = reader.widget(name)
        decline(widget)
        assert form(widget).count() == 0
        assert widget.locator(".kd-controls").is_visible()
        question = find(name).predict[0]
        answer = question.answer()
        truth = question.options[answer] if name == PICK else f"{answer:.3g}."
        assert verdict(widget) == f"{truth} Asked was: {question.question} {question.because}"
        assert drawn_guess(widget) == []
    assert reader.page.evaluate(KEPT) == []


def test_no_guess_and_a_number_out_of_range_are_asked_again(visit):
    reader = visit(CHAPTER)
    widget = reader.widget(PICK)
    send(widget)
    complaint = "Pick an answer first, or ask to see it without a guess."
    assert form(widget).get_by_role("alert").inner_text() == complaint
    widget = reader.widget(ESTIMATE)
    for wrong in ("", "20.01", "0", "-1", "1e400"):
        form(widget).get_by_role("spinbutton").fill(wrong)
        send(widget)
        complaint = form(widget).get_by_role("alert").inner_text()
        assert complaint == "Enter a number from 0.1 to 20, or ask to see it without a guess."
        assert widget.locator(".kd-controls").is_hidden()
    assert reader.page.evaluate(KEPT) == []
    estimate(widget, 20)  # the end of the range belongs to it
    assert "You said 20, " in verdict(widget)


def test_guess_is_kept_after_a_reload(visit):
    reader = visit(CHAPTER)
    pick(reader.widget(PICK), 1, sure=1)
    estimate(reader.widget(ESTIMATE), 7)
    said = [verdict(reader.widget(name)) for name in (PICK, ESTIMATE)]
    at = drawn_guess(reader.widget(ESTIMATE))
    reader.open(CHAPTER)
    for name, words in zip((PICK, ESTIMATE), said, strict=True):
        assert form(reader.widget(name)).count() == 0
        assert reader.widget(name).locator(".kd-controls").is_visible()
        assert verdict(reader.widget(name)) == words
    assert drawn_guess(reader.widget(ESTIMATE)) == at
    assert len(at) == 1


def test_guess_at_an_older_edition_of_the_question_is_asked_again(visit):
    reader = visit(CHAPTER)
    of_today = {"kind": "prediction", "time": "2020-01-01T00:00:00.000Z", "confidence": 0.5, "right": True}
    pick_today = of_today | {"widget": PICK, "question": find(PICK).predict[0].question}
    estimate_today = of_today | {"widget": ESTIMATE, "question": find(ESTIMATE).predict[0].question}
    older = [
        pick_today | {"choice": "An option of another day."},
        pick_today | {"choice": 7},
        pick_today | {"question": "Another question?", "choice": find(PICK).predict[0].options[0]},
        estimate_today | {"choice": -1},
        estimate_today | {"choice": "cat"},
    ]
    for kept in (json.dumps(older), "7", "{", '[null, {"kind": 3}]'):
        reader.page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [f"{KEPT_BY}diary", kept])
        reader.open(CHAPTER)
        assert form(reader.widget(PICK)).is_visible()
        assert form(reader.widget(ESTIMATE)).is_visible()
    pick(reader.widget(PICK), 2)
    assert [entry["widget"] for entry in reader.page.evaluate(KEPT)] == [PICK]
    assert reader.noise == []


def test_diary_counts_every_answer(visit):
    reader = visit(DIARY)
    diary = reader.page.locator(".kd-diary")
    assert diary.get_by_role("status").inner_text() == "No prediction is kept in this browser yet."
    reader.open(CHAPTER)
    pick(reader.widget(PICK), find(PICK).predict[0].answer(), sure=2)
    reader.open(DIARY)
    one = "1 prediction is kept in this browser: 1 right, and on average you were 75 % sure."
    assert diary.get_by_role("status").inner_text() == one
    reader.open(CHAPTER)
    estimate(reader.widget(ESTIMATE), 20, sure=2)
    reader.open(DIARY)
    two = "2 predictions are kept in this browser: 1 right, and on average you were 70 % sure."
    assert diary.get_by_role("status").inner_text() == two
    assert reader.noise == []


def test_browser_that_keeps_nothing_says_so_and_nothing_is_lost(visit):
    reader = visit(CHAPTER, script=NO_STORAGE)
    for name in (PICK, ESTIMATE):
        widget = reader.widget(name)
        pick(widget, 0) if name == PICK else estimate(widget, 7)
        assert "You said" in verdict(widget)
    assert len(drawn_guess(reader.widget(ESTIMATE))) == 1
    controls(widget)["temperature"].get_by_role("slider").fill("40")
    assert widget.get_attribute("data-engine") == "grid"
    editor = open_code(widget)
    write(editor, read(editor).replace("nats and the", "nats, the"))
    widget.get_by_role("button", name="Run").click()
    widget.locator(".kd-sentence", has_text="nats, the unsure").wait_for()
    reader.open(DIARY)
    assert (
        reader.page.locator(".kd-diary").get_by_role("status").inner_text()
        == "No prediction is kept in this browser yet."
    )
    assert reader.noise == []


def test_a_choice_that_plays_stops_at_a_question_until_its_verdict_is_read(visit):
    widget = visit("chapters/compression/pruning.html").widget("pruning.story")
    widget.get_by_role("button", name="Play").click()
    estimate(widget, 70)
    assert verdict(widget).startswith("Not so: 27.5")
    assert widget.get_by_role("button", name="Play: the student is").is_visible()
    widget.get_by_role("button", name="Play").click()
    estimate(widget, 91)
    assert verdict(widget).startswith("Right: 90.7")
