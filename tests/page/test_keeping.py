"""What the book keeps for its reader is not lost by a new edition, another window, Reset, or a browser that refuses."""

import json
from pathlib import Path

import pytest
from exercising import block_of, editor_of
from reading import DIARY, KEPT_BY, NO_STORAGE, Reader, open_code, read, send, serving, verdict, write
from solutions import exercises

from kdlab.explore import find

pytestmark = pytest.mark.page

CHAPTER, OTHER_CHAPTER = "chapters/principles/temperature.html", "chapters/compression/pruning.html"
EXERCISE, FUNCTION = "temperature/softmax", "softmax_at"
STARTER = next(
    cell.starter
    for exercise in exercises()
    if exercise.name == EXERCISE
    for cell in exercise.solutions
    if cell.function == FUNCTION
)
# all that the first edition's pages kept for a reader who used each of their parts
FIRST_EDITION = json.loads((Path(__file__).parent / "kept_by_edition_1.json").read_text("utf-8"))
PICK = "temperature.logits"
DEAF = 'window.addEventListener("storage", (event) => event.stopImmediatePropagation(), true);'
BLOCKED = """
Object.defineProperty(window, "localStorage", {
    configurable: true,
    get() { throw new DOMException("Access is denied.", "SecurityError"); },
});
"""
FULL = 'Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };'


def before_all_scripts(kept):
    """Return a script by which a browser has kept this before its reader opens a first page."""
    return f"""if (location.protocol !== "about:" && !localStorage.length)
        for (const [key, value] of Object.entries({json.dumps(kept)})) localStorage.setItem(key, value);"""


def kept(reader, key, book=KEPT_BY):
    return json.loads(reader.page.evaluate("(key) => localStorage.getItem(key)", f"{book}{key}") or "null")


def predictions(reader):
    return [entry for entry in kept(reader, "diary") or [] if entry["kind"] == "prediction"]


def block(reader):
    return block_of(reader, EXERCISE, FUNCTION)


def text_of(reader):
    return read(block(reader).get_by_role("textbox", name="Python code"))


def wait_for_text(reader, words):
    block(reader).locator(".cm-line", has_text=words).wait_for()


def draft(text, **others):
    record = {"text": text, "starter": STARTER, "time": None, "by": "", "earlier": []} | others
    return {f"{KEPT_BY}schema": "2", f"{KEPT_BY}draft/{EXERCISE}/{FUNCTION}": json.dumps(record)}


def test_a_new_edition_finds_all_that_the_first_one_kept(visit):
    reader = visit(CHAPTER, script=before_all_scripts(FIRST_EDITION))
    assert verdict(reader.widget(PICK)).startswith("Right: It rises, then falls. You said so, 80 % sure.")
    wrong = verdict(reader.widget("temperature.sweep"))
    assert "You said: “It ruins the student: the targets are almost even”, 50 % sure." in wrong
    assert "You said 7, 50 % sure" in verdict(reader.widget("temperature.entropy"))
    wait_for_text(reader, "# mine, of the first edition")
    assert "return my_own" in read(open_code(reader.widget("temperature.entropy")))
    reader.open(OTHER_CHAPTER)
    assert "# ✂" in read(block_of(reader, "pruning/prune_mask", "movement_score").get_by_role("textbox"))
    # each guess with its time and its confidence
    first = json.loads(FIRST_EDITION["kdlab.predictions"])
    guesses = predictions(reader)
    assert {entry["widget"]: (entry["time"], entry["confidence"], entry["right"]) for entry in guesses} == {
        name: (guess["at"], guess["confidence"], guess["right"]) for name, guess in first.items()
    }
    # also at a question that this edition asks no longer, in the words of its day
    (of_old,) = (entry for entry in guesses if entry["widget"] == "pruning.sparsity")
    assert (of_old["choice"], of_old["answer"]) == ("moved |w − w_init|", "published movement")
    # what the first edition kept is still there for another book of the host, and for a way back
    for key, value in FIRST_EDITION.items():
        if key.startswith("kdlab."):
            assert reader.page.evaluate("(key) => localStorage.getItem(key)", key) == value
    assert reader.noise == []


def test_two_courses_on_one_host_do_not_share(browser, built, tmp_path):
    (tmp_path / "index.html").touch()
    for course in ("one", "two"):
        (tmp_path / course).symlink_to(built)
    with serving(tmp_path) as at:
        reader = Reader(browser, at)
        reader.open(f"one/{CHAPTER}")
        write(editor_of(block(reader)), "# for course one")
        reader.open(f"two/{CHAPTER}")
        assert block(reader).get_by_role("button", name="Write your answer").is_visible()
        write(editor_of(block(reader)), "# for course two")
        reader.open(f"one/{CHAPTER}")
        wait_for_text(reader, "# for course one")
        assert text_of(reader) == "# for course one"
        reader.context.close()


def test_two_books_at_one_place_have_each_their_own_word(built):
    page = (built / CHAPTER).read_text("utf-8")
    assert 'data-book="kdlab"' in page


def bring_back(reader, words):
    """Bring back the earlier version that holds these words."""
    versions = block(reader).locator(".kd-versions")
    if versions.is_visible():
        versions.locator("summary").click()
        versions.locator("li", has_text=words).get_by_role("button").click()
    else:
        block(reader).get_by_role("button", name="Bring my draft back").click()


def second_window(reader):
    """Return the same reader at a second window of the same page."""
    other = object.__new__(Reader)
    vars(other).update(vars(reader), page=reader.context.new_page())
    other.open(CHAPTER)
    return other


def test_two_windows_show_the_newest_and_keep_the_other(visit):
    first = visit(CHAPTER)
    second = second_window(first)
    write(editor_of(block(first)), "# of the first window")
    wait_for_text(second, "# of the first window")
    second.page.bring_to_front()
    write(editor_of(block(second)), "# of the second")
    wait_for_text(first, "# of the second")
    block(first).get_by_role("button", name="Reset").click()
    wait_for_text(second, "NotImplementedError")
    bring_back(second, "# of the second")
    wait_for_text(first, "# of the second")
    assert first.noise == []


def test_two_windows_that_do_not_hear_each_other_lose_nothing(visit):
    first = visit(CHAPTER, script=DEAF)
    second = second_window(first)
    write(editor_of(block(first)), "# of the first window")
    write(editor_of(block(second)), "# of the second")
    for window, words in ((first, "a"), (second, "b"), (first, "c"), (second, "d")):
        window.page.bring_to_front()
        editor = editor_of(block(window))
        editor.press("Control+End")
        editor.press(words)
    first.open(CHAPTER)
    wait_for_text(first, "# of the secondbd")
    bring_back(first, "# of the first")
    assert text_of(first) == "# of the first windowac"


def test_reset_twice_or_with_a_reload_can_be_undone(visit):
    reader = visit(CHAPTER)
    write(editor_of(block(reader)), "# my own thoughts")
    for _ in range(2):
        block(reader).get_by_role("button", name="Reset").click()
    assert text_of(reader) == STARTER
    reader.open(CHAPTER)
    block(reader).get_by_role("button", name="Bring my draft back").click()
    assert text_of(reader) == "# my own thoughts"
    write(editor_of(block(reader)), "# a second try")
    block(reader).get_by_role("button", name="Reset").click()
    reader.open(CHAPTER)
    bring_back(reader, "# a second try")
    assert text_of(reader) == "# a second try"


def test_a_draft_for_another_starter_is_kept_and_the_reader_gets_both(visit):
    reader = visit(CHAPTER, script=before_all_scripts(draft("# my draft", starter="def softmax_at(z): ...")))
    wait_for_text(reader, "# my draft")
    news = block(reader).locator(".kd-news")
    assert news.inner_text().startswith("The exercise has changed since you wrote this.")
    assert news.locator("pre").text_content() == STARTER
    news.get_by_role("button", name="Begin with the new one").click()
    assert text_of(reader) == STARTER
    block(reader).get_by_role("button", name="Bring my draft back").click()
    assert text_of(reader) == "# my draft"
    assert news.inner_text() == ""
    reader.open(CHAPTER)
    wait_for_text(reader, "# my draft")
    assert news.inner_text() == ""


def test_who_goes_on_with_the_old_draft_is_told_once(visit):
    reader = visit(CHAPTER, script=before_all_scripts(draft("# my draft", starter="def softmax_at(z): ...")))
    block(reader).get_by_role("button", name="Go on with mine").click()
    assert block(reader).locator(".kd-news").inner_text() == ""
    write(editor_of(block(reader)), "# my draft, longer")
    reader.open(CHAPTER)
    wait_for_text(reader, "# my draft, longer")
    assert block(reader).locator(".kd-news").inner_text() == ""


@pytest.mark.parametrize(("signature", "told"), [("(z, t)", True), ("(logits, temperature)", False)])
def test_of_a_first_editions_draft_the_signature_tells(visit, signature, told):
    source = f"def softmax_at{signature}:\n    return 1\n"
    reader = visit(CHAPTER, script=before_all_scripts({f"kdlab.exercise.{EXERCISE}.{FUNCTION}": json.dumps(source)}))
    wait_for_text(reader, "return 1")
    assert block(reader).locator(".kd-news").is_visible() == told


def test_the_draft_of_a_renamed_function_is_still_there(visit):
    record = json.loads(draft("# under its old name")[f"{KEPT_BY}draft/{EXERCISE}/{FUNCTION}"])
    old = {f"{KEPT_BY}draft/{EXERCISE}/soft_max": json.dumps(record), f"{KEPT_BY}schema": "2"}
    reader = visit(CHAPTER, script=before_all_scripts(old))
    left = reader.page.locator("#exercise-temperature-softmax > .kd-versions")
    assert left.locator("summary").inner_text() == "Your draft of soft_max, which this edition has no longer"
    left.locator("summary").click()
    assert left.locator("pre").inner_text() == "# under its old name"


def test_a_guess_is_kept_by_what_was_chosen_not_by_its_place(visit):
    question = find(PICK).predict[0]
    options = list(reversed(question.options))
    entry = {"kind": "prediction", "time": "2026-01-01T00:00:00.000Z", "widget": PICK, "question": question.question}
    entry |= {"options": options, "choice": question.options[0], "confidence": 0.9, "right": False}
    diary = {f"{KEPT_BY}schema": "2", f"{KEPT_BY}diary": json.dumps([entry])}
    reader = visit(CHAPTER, script=before_all_scripts(diary))
    assert f"You said: “{question.options[0].rstrip('.')}”, 90 % sure." in verdict(reader.widget(PICK))


REFUSALS = {"blocked": BLOCKED, "forbidden": NO_STORAGE, "full": FULL}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_browser_that_keeps_nothing_says_so_once_and_all_else_works(visit, refusal):
    reader = visit(CHAPTER, script=REFUSALS[refusal])
    page = reader.page
    widget = reader.widget(PICK)
    widget.get_by_role("radio").first.check()
    send(widget)
    write(editor_of(block(reader)), "# lasts until the page is closed")
    block(reader).get_by_role("button", name="Reset").click()
    block(reader).get_by_role("button", name="Bring my draft back").click()
    assert text_of(reader) == "# lasts until the page is closed"
    note = page.locator(".kd-refused")
    assert note.count() == 1
    assert note.inner_text().startswith("This browser keeps nothing for this page (storage is full or blocked)")
    note.get_by_role("button", name="Close").click()
    write(editor_of(block(reader)), "# and is not said again")
    assert note.is_hidden()
    before = page.evaluate("document.documentElement.dataset.theme")
    while page.evaluate("document.documentElement.dataset.theme") == before:
        page.get_by_role("button", name="Dark mode").click()
    page.goto(f"{reader.address}search.html?q=temperature")
    page.locator("#search-results a", has_text="emperature").first.wait_for()
    assert reader.noise == []


def test_what_is_kept_can_be_taken_along_and_brought_back(visit, tmp_path):
    reader = visit(CHAPTER, script=before_all_scripts(FIRST_EDITION))
    wait_for_text(reader, "# mine, of the first edition")
    reader.open(DIARY)
    with reader.page.expect_download() as download:
        reader.page.get_by_role("button", name="Take it along").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    other = visit(CHAPTER)
    write(editor_of(block(other)), "# of the other browser")
    other.open(DIARY)
    bring(other, file)
    assert other.page.locator(".kd-diary").get_by_role("alert").inner_text().endswith("is back, beside what was here.")
    assert predictions(other) == predictions(reader)
    bring(other, file)  # twice is once
    assert predictions(other) == predictions(reader)
    other.open(CHAPTER)
    wait_for_text(other, "# of the other browser")
    bring_back(other, "# mine, of the first edition")
    assert "# mine, of the first edition" in text_of(other)


def bring(reader, file):
    reader.page.locator(".kd-diary input[type=file]").set_input_files(file)
    reader.page.locator(".kd-diary").get_by_role("alert").filter(has_text=file.name).wait_for()


FILES = {
    "first.json": (FIRST_EDITION["kdlab.predictions"], "first.json is back, beside what was here."),
    "newer.json": (json.dumps({"kdlab": 99, "kept": {}}), "comes from a newer edition"),
    "other.json": ('{"a": 1}', "is not a file that this book gave out."),
    "broken.json": ("{", "is not a file that this book gave out."),
}


@pytest.mark.parametrize("name", FILES)
def test_files_of_all_kinds_are_answered(visit, tmp_path, name):
    content, says = FILES[name]
    (tmp_path / name).write_text(content)
    reader = visit(DIARY)
    bring(reader, tmp_path / name)
    assert says in reader.page.locator(".kd-diary").get_by_role("alert").inner_text()
    guesses = len(json.loads(FIRST_EDITION["kdlab.predictions"])) if name == "first.json" else 0
    assert len(predictions(reader)) == guesses
    assert reader.noise == []


def test_erasing_asks_first(visit):
    reader = visit(CHAPTER, script=before_all_scripts(FIRST_EDITION))
    reader.open(DIARY)
    diary = reader.page.locator(".kd-diary")
    erase = diary.get_by_role("button", name="Erase it", exact=True)
    erase.click()
    diary.get_by_role("button", name="Keep it").click()
    assert len(kept(reader, "diary")) >= 4
    erase.click()
    diary.get_by_role("button", name="Erase it for good").click()
    assert diary.get_by_role("alert").inner_text() == "Erased."
    left = reader.page.evaluate("localStorage.keys()")
    assert [key for key in left if key.startswith("kdlab")] == [f"{KEPT_BY}schema"]
    reader.open(CHAPTER)
    assert reader.widget(PICK).locator(".kd-sure").is_visible()
