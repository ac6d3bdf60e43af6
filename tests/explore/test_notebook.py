"""A widget in a notebook: its controls, and the picture and the sentence that follow them."""

import base64
import re
from html import unescape

import nbformat
import numpy as np
import pytest
from nbclient import NotebookClient
from sampling import has_each, sampled
from test_grid import WIDGETS, every_widget, module_of, name_of

from kdlab.explore import explore
from kdlab.explore.controls import Cells, Choice, Numbers, Order, Paint, Slider, Ticks
from kdlab.explore.draw import to_svg
from kdlab.explore.notebook import show
from kdlab.explore.picture import Axis, Picture, Rule
from kdlab.explore.widget import explorable


def shown(html):
    """Return the SVG and the sentence that a widget shows."""
    match = re.fullmatch(r'<img src="data:image/svg\+xml;base64,([^"]*)" alt="" style="[^"]*"><p>([^<]*)</p>', html)
    return base64.b64decode(match[1]).decode(), unescape(match[2])


def as_shown(picture):
    return to_svg(picture), picture.sentence


@pytest.fixture
def logits():
    """Return the notebook widget temperature.logits."""
    return explore("temperature.logits")


def test_the_widget_has_its_controls_and_the_starting_picture(logits):
    numbers, temperature, picture = logits.children
    assert numbers.children[0].value == "logits z"
    assert [part.description for part in numbers.children[1:]] == ["cat", "lynx", "dog", "fox", "car"]
    assert temperature.description == "temperature T"
    assert shown(picture.value) == as_shown(WIDGETS["temperature.logits"].picture())


def test_moving_the_slider_draws_anew_and_says_the_sentence(logits):
    logits.children[1].value = 4.0
    svg, sentence = shown(logits.children[-1].value)
    assert (svg, sentence) == as_shown(WIDGETS["temperature.logits"].picture(temperature=4.0))
    assert sentence.startswith("At T = 4 ")
    assert svg != to_svg(WIDGETS["temperature.logits"].picture())


def test_a_number_that_is_edited_draws_anew(logits):
    logits.children[0].children[3].value = 9.0
    expected = WIDGETS["temperature.logits"].picture(logits=(5.0, 4.5, 9.0, 0.0, -2.0))
    assert shown(logits.children[-1].value) == as_shown(expected)


def test_a_number_stays_in_its_range(logits):
    logits.children[0].children[1].value = 99.0
    assert logits.children[0].children[1].value == 10.0
    expected = WIDGETS["temperature.logits"].picture(logits=(10.0, 4.5, 0.0, 0.0, -2.0))
    assert shown(logits.children[-1].value) == as_shown(expected)


def offered(control, value):
    """Return what stands for a value in a notebook: of a slider that can be left out the word for that."""
    return control.none if value is None else value


@every_widget
def test_every_control_offers_what_the_page_offers(widget):
    for control, box in zip(widget.controls.values(), explore(widget.name).children, strict=False):
        if isinstance(control, Choice):
            assert list(box.options) == list(control.options)
        if isinstance(control, Slider):
            # so that a measured widget offers nothing between what was measured
            assert [value for _, value in box.options] == [offered(control, value) for value in control.grid()]
        if isinstance(control, Numbers):
            limits = {(part.min, part.max, part.step) for part in box.children[1:]}
            assert limits == {(control.low, control.high, control.step)}


HAS = has_each(lambda widget: set(map(type, widget.controls.values())), WIDGETS.values())


@pytest.mark.parametrize("widget", sampled(WIDGETS.values(), module_of, *HAS, name=name_of))
def test_both_ends_of_every_control_are_drawn(widget):
    for end in (0, -1):
        box = explore(widget.name)
        settings = {name: control.grid()[end] for name, control in widget.controls.items()}
        if widget.absent(settings):
            continue
        for part, control in zip(box.children, widget.controls.values(), strict=False):
            if isinstance(control, Order):  # it is written
                part.value = ", ".join(control.items[i] for i in control.grid()[end])
            elif isinstance(control, Cells):  # each is a button
                for buttons, row in zip(part.children[1:], control.grid()[end], strict=True):
                    for button, on in zip(buttons.children, row, strict=True):
                        button.value = bool(on)
            elif isinstance(control, Ticks):  # each is a box to tick
                for box_to_tick, option in zip(part.children[1:], control.options, strict=True):
                    box_to_tick.value = option in control.grid()[end]
            elif isinstance(control, Paint):  # its drawings have names
                names = {"as it starts": control.value} | control.presets
                part.value = next(name for name in names if np.array_equal(names[name], control.grid()[end]))
            elif len(control.grid()) > 1:  # else it stands at both
                part.value = offered(control, control.grid()[end])
        assert shown(box.children[-1].value) == as_shown(widget.picture(**settings))


def test_a_sentence_is_no_html():
    @explorable(x=Slider(0.0, 1.0, value=0.5, label="x"))
    def function(x):
        return Picture(Axis("x"), Axis("y"), (Rule(x=x),), f"0 < x & x > {x:g} <b>here</b>")

    assert shown(show(function.explorable).children[-1].value)[1] == "0 < x & x > 0.5 <b>here</b>"


def test_an_unknown_widget_is_refused():
    with pytest.raises(ValueError, match="name must be <module>.<function>"):
        explore("temperature.nothing")


def test_in_a_notebook():
    cells = [
        'from kdlab.explore import explore\nbox = explore("temperature.logits")\nbox',
        "box.children[1].value = 8.0",
        "print(box.children[-1].value, end='')",
    ]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    first, _, last = notebook.cells
    assert any("application/vnd.jupyter.widget-view+json" in output.get("data", {}) for output in first.outputs)
    printed = "".join(output.text for output in last.outputs)
    assert shown(printed) == as_shown(WIDGETS["temperature.logits"].picture(temperature=8.0))
