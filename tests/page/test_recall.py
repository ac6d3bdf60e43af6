"""What was forgotten comes back, words are explained where they stand, and the book knows where its reader is."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from exercising import block_of, check, fill
from reading import BUILT, DIARY, KEPT_BY, ROOT, TOC, WIDGETS, decline
from solutions import answers, exercises

from kdlab.book.glossary import PAGE, read_glossary

pytestmark = pytest.mark.page

CHAPTER, NEXT = "chapters/principles/temperature.html", "chapters/compression/pruning.html"
CARD, OTHER = "temperature/double-both", "temperature/who-gains"
DAY_0 = datetime(2026, 3, 1, 12, tzinfo=UTC)
GLOSSARY = read_glossary((ROOT / f"{PAGE}.md").read_text("utf-8"))


def card(reader, name, place="article"):
    return reader.page.locator(place).locator(f".kd-card[data-card='{name}']").first


def answer(card, knew):
    if card.get_attribute("open") is None:
        card.locator("summary").click()
    card.get_by_role("button", name="I knew it" if knew else "Not yet").click()


def at(reader, day):
    """Let it be noon of this day."""
    reader.page.clock.set_fixed_time(DAY_0 + timedelta(days=day))


def due(reader):
    reader.open(DIARY)
    return [each.get_attribute("data-card") for each in reader.page.locator(".kd-due .kd-card").all()]


def test_a_card_that_is_known_comes_back_after_growing_intervals(visit):
    reader = visit(CHAPTER)
    at(reader, 0)
    answer(card(reader, CARD), True)
    day = 0
    for days in (1, 3, 7, 16, 35, 35):
        at(reader, day + days - 0.1)
        assert due(reader) == []
        says = re.compile(r"^Nothing is due today\. The next one comes back tomorrow\.")
        assert says.match(reader.page.locator(".kd-today").get_by_role("status").inner_text())
        day += days
        at(reader, day)
        assert due(reader) == [CARD]
        answer(card(reader, CARD), True)
        assert reader.page.locator(".kd-due .kd-card").count() == 0
    assert reader.noise == []


def test_a_card_that_was_missed_falls_to_the_first_step(visit):
    reader = visit(CHAPTER)
    at(reader, 0)
    answer(card(reader, CARD), True)
    at(reader, 1)
    assert due(reader) == [CARD]
    answer(card(reader, CARD), False)
    answer(card(reader, CARD), True)  # it was asked again at once
    at(reader, 1.9)
    assert due(reader) == []
    at(reader, 2)
    assert due(reader) == [CARD]


def test_to_know_it_before_it_is_due_is_no_recall(visit):
    reader = visit(CHAPTER)
    at(reader, 0)
    for hour in range(3):
        at(reader, hour / 24)
        reader.open(CHAPTER)
        answer(card(reader, CARD), True)
    at(reader, 1)
    assert due(reader) == [CARD]


def test_what_was_missed_comes_back_at_the_end_of_the_chapter_and_in_the_next_one(visit):
    reader = visit(CHAPTER)
    answer(card(reader, CARD), False)
    again = card(reader, CARD, ".kd-again")
    assert again.get_attribute("open") is None
    assert "only z/T counts" not in again.inner_text()
    answer(again, False)
    answer(card(reader, CARD, ".kd-again"), False)
    reader.open(NEXT)
    again = card(reader, CARD, ".kd-again")
    again.wait_for()
    answer(again, True)
    assert reader.page.locator(".kd-again .kd-card").count() == 0
    assert due(reader) == []
    assert reader.noise == []


def test_a_chapter_asks_two_cards_of_an_earlier_one(visit):
    reader = visit(NEXT)
    names = [each.get_attribute("data-card") for each in reader.page.locator(".kd-card").all()]
    assert sum(name.startswith("temperature/") for name in names) == 2
    assert len(names) == len(set(names)) >= 5
    shown = card(reader, OTHER)
    shown.locator("summary").click()
    assert shown.locator("math").count() > 0


def term(reader, word):
    return reader.page.locator("a.kd-term", has_text=word).first


def shown(reader):
    return reader.page.get_by_role("tooltip").inner_text()


@pytest.mark.parametrize(
    "page", [page for page in WIDGETS if page != f"{TOC['root']}.html" and "/appendix/" not in page]
)
def test_each_word_of_a_chapter_leads_to_its_meaning(built, page):
    html = (built / page).read_text("utf-8")
    links = re.findall(r'<a class="[^"]*kd-term"(?: tabindex="-1")? href="([^"]*)"', html)
    assert len(links) > 20
    anchors = set(re.findall(r'<dt id="([^"]*)"', (built / f"{PAGE}.html").read_text("utf-8")))
    assert {link.partition("#")[2] for link in links} <= anchors
    # the first use of a word is a tab stop, and no other
    stops = re.findall(r'<a class="[^"]*kd-term" href="([^"]*)"', html)
    assert len(stops) == len(set(stops)) == len(set(links))


def test_the_glossary_says_of_each_word_where_it_stands_first(built):
    html = (BUILT / f"{PAGE}.html").read_text("utf-8")
    assert len(GLOSSARY) >= 40
    assert html.count("First in <a") == len(GLOSSARY)


def test_a_meaning_is_shown_to_a_pointer_and_to_the_keyboard(visit):
    reader = visit(CHAPTER)
    word = term(reader, "softmax")
    word.hover()
    assert shown(reader) == GLOSSARY["softmax"]
    assert word.evaluate("(link) => link.getAttribute('aria-describedby')") == "kd-meaning"
    reader.page.get_by_role("tooltip").hover()  # it stays while one points at it
    assert shown(reader) == GLOSSARY["softmax"]
    reader.page.keyboard.press("Escape")
    assert reader.page.get_by_role("tooltip").count() == 0
    reader.page.mouse.move(0, 0)
    term(reader, "entropy").focus()
    reader.page.keyboard.press("Shift+Tab")
    reader.page.keyboard.press("Tab")
    assert shown(reader).startswith(GLOSSARY["entropy"])  # and then how to go on by the keyboard
    reader.page.keyboard.press("Tab")
    reader.page.locator(".kd-meaning").filter(has_text=GLOSSARY["entropy"]).wait_for(state="hidden")
    assert reader.noise == []


def test_a_first_tap_shows_the_meaning_and_a_second_one_follows(visit):
    reader = visit(CHAPTER, has_touch=True, is_mobile=True, viewport={"width": 360, "height": 740})
    word = term(reader, "softmax")
    word.tap()
    assert shown(reader) == GLOSSARY["softmax"]
    box = reader.page.get_by_role("tooltip").bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    word.tap()
    reader.page.wait_for_url(re.compile(r"glossary\.html#term-softmax$"))


def summary(reader):
    reader.open(DIARY)
    return reader.page.locator(".kd-progress").inner_text()


def test_the_book_knows_where_its_reader_is(visit):
    reader = visit(DIARY)
    before = summary(reader)
    assert re.fullmatch(r"0 of \d+ chapters, 0 predictions, 0 right, 0 exercises passed\.", before)
    reader.open(CHAPTER)
    assert summary(reader) == before  # opened, and not yet read to its end
    reader.open(CHAPTER)
    for name in WIDGETS[CHAPTER]:
        decline(reader.widget(name))
    reader.page.locator(".kd-next, article > :last-child").last.scroll_into_view_if_needed()
    reader.page.wait_for_function(
        "(key) => (localStorage.getItem(key) ?? '').includes('finished')", arg=f"{KEPT_BY}diary"
    )
    assert summary(reader).startswith("1 of ")
    entries = [{"kind": "prediction", "time": "", "widget": PICK, "right": right} for right in (True, False)]
    add = """([key, added]) => {
        localStorage.setItem(key, JSON.stringify([...JSON.parse(localStorage.getItem(key)), ...added]));
    }"""
    reader.page.evaluate(add, [f"{KEPT_BY}diary", entries])
    assert "2 predictions, 1 right" in summary(reader)


PICK = "temperature.logits"


def test_an_exercise_that_was_passed_is_noted(visit):
    exercise = next(each for each in exercises() if each.name == "pruning/debug")
    right = next(each for each in answers(exercise) if each.kind == "right")
    reader = visit(NEXT)
    fill(reader, exercise.name, right.sources)
    check(block_of(reader, exercise.name, right.functions[0]))
    kept = json.loads(reader.page.evaluate("(key) => localStorage.getItem(key)", f"{KEPT_BY}diary"))
    assert [entry["exercise"] for entry in kept if entry["kind"] == "passed"] == [exercise.name]
    assert summary(reader).endswith("1 exercise passed.")
