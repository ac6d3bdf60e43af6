"""Every kind of control, on the gallery page: moved by keys, by hand and by a link, it shows what CPython computes."""

import sys
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect
from reading import PYTHON_SECONDS, Reader

from kdlab.explore import controls

sys.path.insert(0, str(Path(__file__).parent / "gallery"))
import gallery_controls

pytestmark = pytest.mark.page

PAGE = "chapters/gallery_controls.html"


def kinds(control=controls.Control):
    """Return every class of control that a widget can have: they are found, so that none is forgotten."""
    below = [kind for each in control.__subclasses__() for kind in kinds(each)]
    public = [] if control is controls.Control or control.__name__.startswith("_") else [control]
    return [kind for kind in dict.fromkeys([*public, *below]) if kind.__module__ == controls.__name__]


@cache
def widgets():
    """Return the widgets of the gallery by the name of their function."""
    return {name: each.explorable for name, each in vars(gallery_controls).items() if hasattr(each, "explorable")}


def shown_by(kind):
    """Return a widget with a control of exactly this class, and that control's name."""
    for name, widget in widgets().items():
        for control_name, control in widget.controls.items():
            if type(control) is kind:
                return name, control_name
    raise AssertionError(f"{kind.__name__} is not on the gallery page")


class Place:
    """One widget of the gallery, as a reader works with it."""

    def __init__(self, reader, name):
        self.reader, self.page, self.name = reader, reader.page, name
        self.explorable = widgets()[name]
        self.figure = reader.widget(f"gallery_controls.{name}")

    def row(self, control):
        at = list(self.explorable.controls).index(control)
        return self.figure.locator(".kd-controls > .kd-control").nth(at)

    def sentence(self):
        return self.figure.locator(".kd-sentence").inner_text()

    def reset(self):
        self.figure.get_by_role("button", name="Reset").click()
        self.shows(self.explorable.picture())

    def link(self):
        button = self.figure.get_by_role("button", name="Link", exact=True)
        button.click()
        address = self.figure.get_by_role("textbox", name="Link to this state").input_value()
        button.click()
        return address

    def settings(self):
        """Return the settings as the link has them."""
        fields = dict(field.split("=", 1) for field in self.link().partition("?")[2].split("&") if field)
        return {name: value_of(self.explorable.controls[name], text) for name, text in fields.items()}

    def shows(self, picture):
        """Wait until the widget says what this picture says, and compare its table with the picture's numbers."""
        words = self.figure.locator(".kd-sentence").get_by_text(picture.sentence, exact=True)
        words.wait_for(timeout=1000 * PYTHON_SECONDS)
        self.page.wait_for_function(
            "(figure) => !figure.querySelector('.kd-status').textContent", arg=self.figure.element_handle()
        )
        assert self.figure.get_by_role("img").first.get_attribute("aria-label")
        button = self.figure.get_by_role("button", name="Table")
        button.click()
        told = " ".join(self.figure.locator(".kd-table td").all_text_contents()).replace("−", "-")
        button.click()
        for number in numbers_of(picture):
            assert f"{number:.5g}" in told or repr(number) in told or f"{number:g}" in told, (number, told)


def numbers_of(picture):
    """Return the heights and places of all bars and points of a picture."""
    marks = [mark for panel in getattr(picture, "panels", (picture,)) for mark in panel.marks]
    heights = [mark.height for mark in marks if hasattr(mark, "height")]
    places = [mark.y for mark in marks if type(mark).__name__ == "Points"]
    return [float(f"{value:.5g}") for array in heights + places for value in np.ravel(array)]


def value_of(control, text):
    """Return the value that an address has written so."""
    if isinstance(control, controls.Slider):
        return None if text == control.none else float(text)
    if isinstance(control, controls.Switch):
        return text == "on"
    if isinstance(control, controls.Seed):
        return int(text)
    if isinstance(control, controls.Cells | controls.Paint):
        digits = 1 if isinstance(control, controls.Cells) else 2
        cells = [int(text[i : i + digits], 16) for i in range(0, len(text), digits)]
        return np.reshape(cells, (control.rows, control.columns))
    if isinstance(control, controls.Places):
        return np.reshape([float(part) for part in text.split(",")], (-1, 3 if control.names else 2))
    parts = text.split(",")
    if isinstance(control, controls.Ticks | controls.Words):
        return tuple(parts)
    return text if isinstance(control, controls.Choice) else tuple(map(float, parts))


def press(*keys, on, role=None, **of):
    """Focus a part and press keys."""
    part = on.get_by_role(role, **of).first if role else on
    part.focus()
    for key in keys:
        part.page.keyboard.press(key)


# how each kind is moved by keys alone
KEYS = {
    controls.Slider: lambda row: press("ArrowRight", "ArrowRight", on=row, role="slider"),
    controls.Choice: lambda row: press("ArrowRight", on=row, role="radio", checked=True),
    controls.Track: lambda row: press("ArrowRight", on=row, role="radio", checked=True),
    controls.Switch: lambda row: press("Space", on=row, role="switch"),
    controls.Ticks: lambda row: press("Space", on=row, role="checkbox"),
    controls.Numbers: lambda row: press("ArrowDown", on=row, role="spinbutton"),
    controls.Shares: lambda row: press("ArrowUp", on=row, role="spinbutton"),
    controls.Order: lambda row: press("ArrowRight", "ArrowRight", on=row, role="button"),
    controls.Cells: lambda row: press("ArrowDown", "ArrowRight", "Space", on=row.locator(".kd-cells")),
    controls.Paint: lambda row: press("ArrowDown", "ArrowRight", "Space", on=row.locator(".kd-cells")),
    controls.Cuts: lambda row: press("ArrowDown", on=row, role="spinbutton"),
    controls.Places: lambda row: press("ArrowUp", on=row, role="spinbutton"),
    controls.Words: lambda row: press("End", "s", on=row, role="textbox"),
    controls.Seed: lambda row: press("Enter", on=row, role="button"),
    controls.Action: lambda row: press("Enter", on=row, role="button"),
}
# the reader's diary is not moved by its widget
BY_KEYS = [kind for kind in kinds() if kind is not controls.Diary]


@pytest.fixture(scope="module")
def reader(browser, gallery):
    reader = Reader(browser, gallery)
    reader.open(PAGE)
    yield reader
    assert reader.noise == []
    assert reader.elsewhere() == []
    reader.context.close()


def test_every_kind_is_on_the_page():
    assert {kind.__name__ for kind in kinds()} > {"Slider", "Choice", "Paint", "Action"}
    for kind in kinds():
        shown_by(kind)
    assert KEYS.keys() == set(BY_KEYS)


@pytest.mark.parametrize("kind", BY_KEYS, ids=lambda kind: kind.__name__)
def test_by_keys_and_by_link(reader, kind):
    name, control = shown_by(kind)
    place = Place(reader, name)
    place.reset()
    KEYS[kind](place.row(control))
    if kind is controls.Action:  # which no link does again
        place.shows(place.explorable.picture(sum=10))
        return
    moved = place.settings()
    assert controls.plain(moved[control]) != controls.plain(place.explorable.controls[control].value)
    place.shows(place.explorable.picture(**moved))
    address = place.link()
    place.reset()
    reader.page.evaluate("(address) => (location.href = address)", address)
    place.shows(place.explorable.picture(**moved))
    assert place.link() == address


def held():
    """Return the widgets that are taken hold of in the picture, and the control."""
    found = []
    for name, widget in widgets().items():
        picture = widget.picture()
        marks = [mark for panel in getattr(picture, "panels", (picture,)) for mark in panel.marks]
        found += {(name, mark.moves) for mark in marks if mark.moves}
    return found


def centre(part):
    part.scroll_into_view_if_needed()
    box = part.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(("name", "control"), held())
def test_taken_hold_of_with_a_mouse_and_with_keys(reader, name, control):
    place = Place(reader, name)
    place.reset()
    hold = place.figure.locator(".kd-hold").first
    assert min(hold.bounding_box()["width"], hold.bounding_box()["height"]) >= 44
    x, y = centre(hold)
    reader.page.mouse.move(x, y)
    reader.page.mouse.down()
    reader.page.mouse.move(x + 12, y + 14)
    reader.page.mouse.move(x + 25, y + 30)
    reader.page.mouse.up()
    moved = place.settings()
    assert controls.plain(moved[control]) != controls.plain(place.explorable.controls[control].value)
    place.shows(place.explorable.picture(**moved))
    # the handle has gone with the hand, along its axis, to the next step of the control
    along = hold.get_attribute("data-axis")
    to = centre(hold)
    assert along == "y" or abs(to[0] - (x + 25)) < 16
    assert along == "x" or abs(to[1] - (y + 30)) < 16
    hold.focus()
    hold.press("ArrowLeft" if along == "x" else "ArrowUp")
    again = place.settings()
    assert controls.plain(again[control]) != controls.plain(moved[control])
    place.shows(place.explorable.picture(**again))
    # all handles of a control are one stop
    stops = place.figure.locator(".kd-hold").evaluate_all("(all) => all.filter((one) => one.tabIndex === 0).length")
    assert stops == 1


def swipe(reader, x, y, dx, dy, steps=6):
    """Move a finger over the page."""
    client = reader.context.new_cdp_session(reader.page)

    def send(kind, points):
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    send("touchStart", [{"x": x, "y": y}])
    for k in range(1, steps + 1):
        send("touchMove", [{"x": x + dx * k / steps, "y": y + dy * k / steps}])
    send("touchEnd", [])


def test_a_finger_drags_a_handle_and_elsewhere_scrolls(browser, gallery):
    reader = Reader(browser, gallery, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    reader.open(PAGE)
    for name, control, dx, dy in (("numbers", "z", 0, 30), ("slider", "at", 40, 0), ("places", "places", 20, -30)):
        place = Place(reader, name)
        x, y = centre(place.figure.locator(".kd-hold").first)
        before = reader.page.evaluate("scrollY")
        swipe(reader, x, y, dx, dy)
        reader.page.wait_for_function("(before) => scrollY === before", arg=before)
        moved = place.settings()
        assert controls.plain(moved[control]) != controls.plain(place.explorable.controls[control].value), name
    # beside the handles a swipe is the page's
    box = Place(reader, "shares").figure.locator(".kd-canvas")
    box.scroll_into_view_if_needed()
    corner = box.bounding_box()
    before = reader.page.evaluate("scrollY")
    swipe(reader, corner["x"] + corner["width"] - 8, corner["y"] + corner["height"] - 40, 0, -80, 12)
    reader.page.wait_for_function("(before) => scrollY > before + 20", arg=before)
    assert reader.noise == []
    reader.context.close()


def test_a_tap_in_the_picture_chooses(reader):
    place = Place(reader, "choice")
    place.reset()
    place.figure.locator(".kd-tap[data-key=dog]").click()
    place.shows(place.explorable.picture(animal="dog"))


def test_what_was_not_measured_is_off_and_says_why(reader):
    place = Place(reader, "choice")
    place.reset()
    night = place.row("night").get_by_role("switch")
    night.click()
    assert place.row("animal").get_by_role("radio", name="fox").is_disabled()
    assert place.row("animal").locator(".kd-off").inner_text().strip() == "fox: Nobody saw a fox at night."
    place.figure.locator(".kd-tap[data-key=fox]").click()
    assert place.figure.locator(".kd-status").inner_text() == "Nobody saw a fox at night."
    assert place.figure.get_attribute("data-engine") == "waiting"
    night.click()
    place.shows(place.explorable.picture(animal="fox"))
    assert place.row("night").locator(".kd-off").inner_text() == "Nobody saw a fox at night."
    night.click(force=True)
    place.shows(place.explorable.picture(animal="fox"))


def test_what_is_typed_or_pasted_wrong_says_so_and_changes_nothing(reader):
    place = Place(reader, "numbers")
    place.reset()
    box = place.row("z").get_by_role("spinbutton").first
    complaint = place.row("z").locator(".kd-complaint").first
    for pasted, says in (
        ("1 2", "2 numbers were given; 3 are needed."),
        ("1, 2, 9", "Numbers from -4 to 4 are needed."),
        ("1; 2; x", "Numbers from -4 to 4 are needed."),
    ):
        paste(box, pasted)
        assert complaint.inner_text() == says
        assert place.sentence() == place.explorable.picture().sentence
    box.fill("5")
    assert complaint.inner_text() == "a number from -4 to 4"
    box.blur()
    assert complaint.text_content() == ""
    for pasted in ("3 -1 0.5", "3,-1,0.5", "3\n-1\n0.5"):
        place.reset()
        paste(box, pasted)
        place.shows(place.explorable.picture(z=(3.0, -1.0, 0.5)))
    word = Place(reader, "words").row("words").get_by_role("textbox").first
    for wrong, says in (
        ("c", "A word of 2 to 5 letters"),
        ("C1", "A word of 2 to 5"),
        ("cab", "“cab” is there already."),
    ):
        word.fill(wrong)
        assert Place(reader, "words").row("words").locator(".kd-complaint").inner_text().startswith(says)


def paste(box, text):
    box.focus()
    box.evaluate(
        """(box, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text", text);
            box.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
        }""",
        text,
    )


def test_shares_scale_the_others(reader):
    place = Place(reader, "shares")
    place.reset()
    boxes = place.row("q").get_by_role("spinbutton")
    boxes.first.fill("0.75")
    assert [float(box.input_value()) for box in boxes.all()] == [0.75, 0.15, 0.1]
    boxes.first.fill("1")
    boxes.first.fill("0.5")
    assert [float(box.input_value()) for box in boxes.all()] == [0.5, 0.25, 0.25]


def test_points_are_added_and_taken_away(reader):
    place = Place(reader, "places")
    place.reset()
    add, delete = (place.row("places").get_by_role("button", name=name) for name in ("Add", "Delete"))
    for _ in range(3):
        add.click()
    assert add.is_disabled()
    expect(place.figure.locator(".kd-hold")).to_have_count(6)
    for _ in range(6):
        delete.click()
    place.shows(place.explorable.picture(places=[]))
    assert delete.is_disabled()


def test_play_goes_to_the_end_and_where_motion_is_not_wanted_a_step_a_press(reader):
    place = Place(reader, "choice")
    place.reset()
    reader.page.emulate_media(reduced_motion="reduce")
    button = place.row("animal").get_by_role("button", name="Next")
    button.click()
    place.shows(place.explorable.picture(animal="dog"))
    reader.page.emulate_media(reduced_motion="no-preference")
    slider = Place(reader, "slider")
    slider.reset()
    slider.row("at").get_by_role("button", name="Play").click()
    slider.shows(slider.explorable.picture(at=10.0))
    assert slider.row("at").get_by_role("button", name="Play").is_visible()


def test_one_track_for_the_whole_page(reader):
    first, second = Place(reader, "track"), Place(reader, "track_again")
    second.row("where").get_by_role("radio", name="server").check()
    first.shows(first.explorable.picture(where="server"))
    reader.open(PAGE)
    assert first.row("where").get_by_role("radio", name="server").is_checked()
    first.row("where").get_by_role("radio", name="phone").check()


def test_a_link_that_knows_more_than_this_edition_says_so(browser, gallery):
    reader = Reader(browser, gallery)
    reader.open(f"{PAGE}#gallery_controls.choice?animal=dog&night=off&sound=loud")
    place = Place(reader, "choice")
    place.shows(place.explorable.picture(animal="dog"))
    says = "The link also sets what this edition does not know: sound = loud."
    assert place.figure.locator(".kd-linked").inner_text() == says
    assert reader.noise == []
    reader.context.close()
