"""By keyboard alone, on paper, and without motion."""

import pytest
from reading import WIDGETS, controls, decline, open_code, send, verdict
from sampling import has_each, sampled

from kdlab.explore import find

pytestmark = pytest.mark.page

CHAPTER = "chapters/principles/temperature.html"
PICK, ESTIMATE = "temperature.logits", "temperature.entropy"
FOCUSABLE = "input, select, button, summary, a[href], [tabindex='0'], [contenteditable='true']"
# what of a widget can be operated, in order; of a group of radio buttons the chosen one is a stop, else the first
STOPS = f"""(figure) => {{
    const seen = new Set();
    return [...figure.querySelectorAll("{FOCUSABLE}")].filter((node) => {{
        if (node.disabled || node.tabIndex < 0 || !node.checkVisibility({{ visibilityProperty: true }})) return false;
        if (node.type !== "radio") return true;
        const chosen = figure.querySelector(`[name="${{node.name}}"]:checked`);
        const again = seen.has(node.name);
        seen.add(node.name);
        return chosen ? node === chosen : !again;
    }}).map((node) => node.outerHTML.replace(/ aria-(describedby="kd-meaning"|valuetext="[^"]*")/g, "").slice(0, 300));
}}"""
FOCUSED = """() => {
    const node = document.activeElement;
    const ring = node.closest(".cm-editor") ?? node;
    const { outlineStyle, outlineWidth } = getComputedStyle(ring);
    return {
        // a word that is focused is described by its meaning
        html: node.outerHTML.replace(/ aria-(describedby="kd-meaning"|valuetext="[^"]*")/g, "").slice(0, 300),
        inside: node.closest("figure.kd-widget")?.id ?? null,
        visible: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2,
        seen: node.getBoundingClientRect().bottom > 0 && node.getBoundingClientRect().top < innerHeight,
    };
}"""


def tab_to(page, figure_id, limit=300):
    """Press Tab until the focus is in this figure."""
    for _ in range(limit):
        if page.evaluate(FOCUSED)["inside"] == figure_id:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{figure_id} is not reached by Tab")


def walk(page, figure_id):
    """Press Tab through a figure; return what had the focus, each of it visibly."""
    passed = []
    while (focused := page.evaluate(FOCUSED))["inside"] == figure_id:
        assert focused["visible"], focused
        assert focused["seen"], focused
        assert focused["html"] not in passed, "the focus goes round in circles"
        passed.append(focused["html"])
        page.keyboard.press("Tab")
    return passed


def kinds_on(page):
    return {type(control) for name in WIDGETS[page] for control in find(name).controls.values()}


@pytest.mark.parametrize("page", sampled(WIDGETS, *has_each(kinds_on, WIDGETS)))
def test_tab_reaches_every_control_in_order_and_the_focus_is_seen(visit, page):
    reader = visit(page, reduced_motion="reduce")  # so that nothing changes while one tabs
    for name in WIDGETS[page]:
        widget = reader.widget(name)
        figure_id = widget.get_attribute("id")
        tab_to(reader.page, figure_id)
        if widget.locator(".kd-predict").count():  # first the question, then, declined, the controls
            stops = widget.evaluate(STOPS)
            assert len(stops) > 1
            assert walk(reader.page, figure_id) == stops
            decline_by_keyboard(reader.page, widget, figure_id)
            back_to_the_first(reader.page, figure_id)
        stops = widget.evaluate(STOPS)
        assert len(stops) > 1
        assert walk(reader.page, figure_id) == stops


def back_to_the_first(page, figure_id):
    while page.evaluate(FOCUSED)["inside"] == figure_id:
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")


def decline_by_keyboard(page, widget, figure_id):
    button = widget.get_by_role("button", name="Show me without a guess")
    while button.count():  # some ask twice
        while page.evaluate(FOCUSED)["inside"] == figure_id:
            page.keyboard.press("Tab")
        while not button.evaluate("node => node === document.activeElement"):
            page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        assert page.evaluate(FOCUSED)["inside"] == figure_id


def test_all_is_done_by_keyboard(visit):
    """Predict, move, open the code, change it, run it, and leave the editor again: no mouse anywhere."""
    reader = visit(CHAPTER, reduced_motion="reduce")
    page, keyboard = reader.page, reader.page.keyboard
    widget, question = reader.widget(PICK), find(PICK).predict[0]
    tab_to(page, widget.get_attribute("id"))
    keyboard.press("Space")
    for _ in range(question.answer()):
        keyboard.press("ArrowDown")
    keyboard.press("Tab")
    keyboard.press("ArrowRight")
    keyboard.press("Enter")
    assert verdict(widget).startswith(f"Right: {question.options[question.answer()]} You said so, 55 % sure.")

    while not page.evaluate("document.activeElement.getAttribute('aria-valuetext')?.startsWith('temperature T')"):
        keyboard.press("Tab")
    grid = find(PICK).controls["temperature"].grid()
    told = "document.activeElement.getAttribute('aria-valuetext')"
    assert page.evaluate(told) == f"temperature T = {question.at['temperature']:g}"
    for key, direction in (
        ("ArrowLeft", -1),
        ("ArrowDown", -1),
        ("ArrowRight", 1),
        ("ArrowUp", 1),
        ("Home", -1),
        ("End", 1),
    ):
        before = temperature_of(widget, page.evaluate(told))
        keyboard.press(key)
        after = temperature_of(widget, page.evaluate(told))
        assert (after - before) * direction > 0
    assert after == grid[-1]

    while page.evaluate("document.activeElement.textContent") != "Reset":
        keyboard.press("Tab")
    keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.textContent") == "Show the code"
    keyboard.press("Enter")
    editor = widget.get_by_role("textbox", name="Python code")
    editor.wait_for()
    while not page.evaluate("document.activeElement.matches('.cm-content')"):
        keyboard.press("Tab")
    assert editor.evaluate("node => node === document.activeElement")
    keyboard.press("Control+End")
    keyboard.type("\nprint('by keyboard')")
    keyboard.press("Control+Enter")
    widget.locator(".kd-output", has_text="by keyboard").wait_for()
    keyboard.press("Escape")
    keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Run (Ctrl+Enter)"
    assert page.evaluate(FOCUSED)["visible"]
    assert reader.noise == []


def temperature_of(widget, told):
    """Return the temperature that the slider tells, once the picture is of it."""
    temperature = float(told.rpartition(" ")[2])
    widget.locator(".kd-sentence", has_text=f"At T = {temperature:.3g} ").wait_for()
    return temperature


def test_choice_and_estimate_by_keyboard(visit):
    reader = visit(CHAPTER, reduced_motion="reduce")
    page, keyboard = reader.page, reader.page.keyboard
    widget = reader.widget("temperature.soft_targets")
    tab_to(page, widget.get_attribute("id"))
    keyboard.type("0.5")
    keyboard.press("Enter")  # on to how sure
    keyboard.press("Enter")
    assert "You said 0.5, 10 % sure" in verdict(widget)
    assert page.evaluate("document.activeElement.tagName") == "SELECT"
    before = widget.locator(".kd-sentence").inner_text()
    keyboard.press("ArrowDown")
    assert controls(widget)["image"].get_by_role("combobox").input_value() == "2, clear"
    assert widget.locator(".kd-sentence").inner_text() != before


# in one go, so that a busy machine makes no pause between the moves
MOVED_AND_HEARD = """(box) => {
    for (const at of [30, 31, 32]) {
        box.value = at;
        box.dispatchEvent(new Event("input", { bubbles: true }));
    }
    return box.closest("[id^=widget-]").querySelector(".kd-spoken[aria-live=polite]").textContent;
}"""


def test_a_screen_reader_is_told_what_the_picture_shows(visit):
    reader = visit(CHAPTER)
    widget = reader.widget(ESTIMATE)
    decline(widget)
    picture = widget.get_by_role("img")
    assert picture.get_attribute("aria-label") == widget.locator(".kd-sentence").inner_text()
    spoken = widget.locator(".kd-spoken[aria-live='polite']")
    widget.locator(".kd-spoken", has_text=widget.locator(".kd-sentence").inner_text()).wait_for(state="attached")
    slider = controls(widget)["temperature"].get_by_role("slider", name="temperature T")
    assert slider.evaluate(MOVED_AND_HEARD) == spoken.text_content()  # nothing is said while it moves
    sentence = widget.locator(".kd-sentence").inner_text()
    assert picture.get_attribute("aria-label") == sentence
    widget.locator(".kd-spoken", has_text=sentence).wait_for(state="attached")
    value = find(ESTIMATE).controls["temperature"].grid()[32]
    assert slider.get_attribute("aria-valuetext") == f"temperature T = {value:g}"


def test_print_shows_what_the_reader_has_set(visit):
    reader = visit(CHAPTER, color_scheme="dark")
    widget = reader.widget(ESTIMATE)
    widget.locator(".kd-predict").get_by_role("spinbutton").fill("5")
    send(widget)
    controls(widget)["temperature"].get_by_role("slider").fill("60")
    value = find(ESTIMATE).controls["temperature"].grid()[60]
    open_code(widget)
    settings = widget.locator(".kd-in-print")
    assert settings.is_hidden()
    reader.page.emulate_media(media="print")
    assert settings.inner_text() == f"temperature T: {value:g}"
    assert settings.is_visible()
    assert widget.locator(".kd-sentence").inner_text().startswith(f"At T = {value:.3g} ")
    assert widget.locator(".kd-verdict").is_visible()
    assert widget.locator(".kd-plot").is_visible()
    for hidden in (".kd-controls", ".kd-code", ".kd-status", ".kd-buttons"):
        assert all(part.is_hidden() for part in widget.locator(hidden).all()), hidden
    for form in reader.page.locator(".kd-predict").all():
        assert form.is_hidden()
    # paper is white, also for a reader of the dark page
    paper, ink = widget.locator(".kd-picture").evaluate(
        "node => [getComputedStyle(node).backgroundColor, getComputedStyle(node).color]"
    )
    assert (paper, ink) == ("rgb(255, 255, 255)", "rgb(19, 23, 28)")
    pdf = reader.page.pdf()
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") > 5


def test_nothing_moves_for_who_wants_no_motion(visit):
    reader = visit(CHAPTER, reduced_motion="reduce")
    widget = reader.widget(ESTIMATE)
    moving = "() => document.getAnimations().map((animation) => animation.effect.target.outerHTML.slice(0, 300))"
    able = """() => [...document.querySelectorAll("*")].filter((node) => {
        const { transitionDuration, animationName } = getComputedStyle(node);
        return animationName !== "none" || transitionDuration.split(",").some((duration) => parseFloat(duration) > 0);
    }).map((node) => node.outerHTML.replace(/ aria-(describedby="kd-meaning"|valuetext="[^"]*")/g, "").slice(0, 300))"""
    assert reader.page.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    decline(widget)
    controls(widget)["temperature"].get_by_role("slider").fill("60")
    assert reader.page.evaluate(moving) == []
    editor = open_code(widget)
    editor.click()
    editor.press("Control+End")
    reader.page.locator("article details").first.locator("summary").click()
    assert reader.page.evaluate(moving) == []
    assert reader.page.evaluate(able) == []


TABBED = """() => new Set([...document.querySelectorAll("a[href], button, input, select, summary, [tabindex]")].filter(
    (node) => node.tabIndex >= 0 && !node.disabled && node.checkVisibility({ visibilityProperty: true })
).map((node) => (node.type === "radio" ? node.name : node))).size"""
MOST_STOPS = 99  # of a chapter with three exercises


@pytest.mark.parametrize("page", WIDGETS)
def test_a_page_has_few_stops_and_the_first_lead_to_its_figures(visit, page):
    reader = visit(page)
    assert reader.page.evaluate(TABBED) <= MOST_STOPS
    reader.page.locator(".kd-skip").first.focus()
    reader.page.keyboard.press("Tab")
    for at, name in enumerate(WIDGETS[page], 1):
        assert reader.page.evaluate("document.activeElement.textContent").startswith(f"Skip to figure {at}")
        if at == len(WIDGETS[page]):
            reader.page.keyboard.press("Enter")
            assert reader.page.evaluate("document.activeElement.id") == reader.widget(name).get_attribute("id")
        else:
            reader.page.keyboard.press("ArrowRight")


def test_the_sections_beside_the_text_are_one_stop_and_arrows_go_up_and_down(visit):
    page = visit("chapters/compression/pruning.html").page
    sections = page.locator(".kd-rail > ul > li > ul > li > a")
    assert [link.evaluate("node => node.tabIndex") for link in sections.all()] == [0, *[-1] * (sections.count() - 1)]
    sections.first.focus()
    for key, at in (("ArrowDown", 1), ("ArrowRight", 2), ("ArrowUp", 1)):
        page.keyboard.press(key)
        assert sections.nth(at).evaluate("node => node === document.activeElement")


def test_words_and_numbers_of_a_section_are_one_stop_and_arrows_go_on(visit):
    page = visit("chapters/compression/pruning.html").page
    notes = page.locator("article > section > section:has(button.kd-measured)").first.locator(
        "xpath=.//*[(self::a[contains(@class, 'kd-term') or ancestor::p]"
        " or self::button[contains(@class, 'kd-measured')]) and not(ancestor::figure or ancestor::details)]"
    )
    assert notes.count() > 2
    stops = [note.evaluate("node => node.tabIndex") for note in notes.all()]
    assert stops == [0, *[-1] * (notes.count() - 1)]
    notes.first.focus()
    for at in range(1, notes.count() + 1):
        page.keyboard.press("ArrowRight")
        now = notes.nth(at % notes.count())
        assert now.evaluate("node => node === document.activeElement && node.tabIndex === 0")
    page.keyboard.press("Tab")
    assert notes.first.evaluate("node => node !== document.activeElement && node.tabIndex === 0")
