"""A widget in a notebook: ipywidgets controls above the Matplotlib picture."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets

from kdlab.explore import controls
from kdlab.explore.controls import Control
from kdlab.explore.draw import to_svg
from kdlab.explore.notebook_run import RunBox
from kdlab.explore.picture import Picture
from kdlab.explore.play import Stage
from kdlab.explore.widget import Explorable


@dataclass(frozen=True)
class Input:
    """A control as ipywidgets: what is shown, the parts whose value changes, and what these stand for."""

    box: ipywidgets.Widget
    parts: list[ipywidgets.Widget]
    value: Callable[[], Any]


def show(widget: Explorable) -> ipywidgets.VBox:
    """Return the controls of a widget with its picture and its sentence; moving a control redraws them."""
    inputs: dict[str, Input] = {}

    def settings() -> dict[str, Any]:
        return {name: each.value() for name, each in inputs.items()}

    def checked() -> dict[str, Any]:
        return widget.settings(**settings())

    def others() -> dict[str, Any]:
        return {name: value for name, value in checked().items() if name != widget.play}

    for name, control in widget.controls.items():
        if name == widget.play:
            inputs[name] = _alone(RunBox(name, control, others))
        else:
            inputs[name] = _input(control, checked)
    stage = Stage(widget.play, widget.controls[widget.play]) if widget.play else None
    shown = ipywidgets.HTML()  # and not an Output, for which nbclient can wait until its time is over

    def redraw(_change: Any = None) -> None:
        try:
            if widget.play:
                inputs[widget.play].box.follow()
            shown.value = _html(widget.drawn(checked(), stage))
        except (ValueError, TypeError) as error:  # what was typed cannot be set, or was not measured
            shown.value = f"<p>{escape(str(error))}</p>"

    for each in inputs.values():
        for part in each.parts:
            part.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([*(each.box for each in inputs.values()), shown])


def _html(picture: Picture) -> str:
    source = b64encode(to_svg(picture).encode()).decode("ascii")
    image = f'<img src="data:image/svg+xml;base64,{source}" alt="" style="background: white; max-width: 100%">'
    return f"{image}<p>{escape(picture.sentence)}</p>"


def _input(control: Control, settings: Callable[[], Mapping[str, Any]]) -> Input:
    """Return the parts of a control; `settings` are those of the whole widget, which an Action needs."""
    if isinstance(control, controls.Action):
        return _action(control, settings)
    make = next(make for kind, make in _KINDS.items() if isinstance(control, kind))
    return make(control)


def _alone(part: ipywidgets.Widget) -> Input:
    return Input(part, [part], lambda: part.value)


def _together(label: str, parts: list[ipywidgets.Widget], value: Callable[[list[Any]], Any]) -> Input:
    box = ipywidgets.VBox([ipywidgets.Label(label), *parts])
    return Input(box, parts, lambda: value([part.value for part in parts]))


def _written(label: str, text: str, value: Callable[[str], Any]) -> Input:
    part = ipywidgets.Textarea(value=text, description=label, continuous_update=False)
    return Input(part, [part], lambda: value(part.value))


def _slider(control: Control) -> Input:
    # of ipywidgets None is no choice at all, so a slider that can be left out has the word for it as a value
    none = getattr(control, "none", "")
    options = [(none, none) if value is None else (f"{value:g}", value) for value in control.grid()]
    value = none if control.value is None else control.value
    part = ipywidgets.SelectionSlider(options=options, value=value, description=control.label)
    return Input(part, [part], lambda: None if part.value == none else part.value)


def _choice(control: controls.Choice) -> Input:
    return _alone(ipywidgets.Dropdown(options=control.options, value=control.value, description=control.label))


def _switch(control: controls.Switch) -> Input:
    return _alone(ipywidgets.Checkbox(value=control.value, description=control.label))


def _ticks(control: controls.Ticks) -> Input:
    boxes = [ipywidgets.Checkbox(value=each in control.value, description=each) for each in control.options]
    return _together(control.label, boxes, lambda on: [o for o, each in zip(control.options, on, strict=True) if each])


def _numbers(control: Control) -> Input:
    names = getattr(control, "names", None) or [f"{i + 1}" for i in range(len(control.value))]
    low, high, step = (getattr(control, name, other) for name, other in (("low", 0), ("high", 1), ("step", 0.01)))
    boxes = [
        ipywidgets.BoundedFloatText(value=value, min=low, max=high, step=step, description=name)
        for name, value in zip(names, control.value, strict=True)
    ]
    return _together(control.label, boxes, tuple)


def _shares(control: controls.Shares) -> Input:
    """Boxes whose numbers are divided by their sum; all of them 0 are shares of the same size."""
    boxes = _numbers(control)

    def value() -> tuple[float, ...]:
        numbers = boxes.value()
        return tuple(number / (sum(numbers) or 1) if any(numbers) else 1 / len(numbers) for number in numbers)

    return Input(boxes.box, boxes.parts, value)


def _order(control: controls.Order) -> Input:
    """The items as text, with commas between them."""

    def value(text: str) -> list[int]:
        words = [word.strip() for word in text.split(",")]
        if sorted(words) != sorted(control.items):
            raise ValueError(f"{control.label} must be {', '.join(control.items)} in some order; {text!r} was given.")
        return [control.items.index(word) for word in words]

    return _written(control.label, ", ".join(control.items[i] for i in control.value), value)


def _cells(control: controls.Cells) -> Input:
    narrow = ipywidgets.Layout(width="1.8em")
    table = [[ipywidgets.ToggleButton(value=bool(on), layout=narrow) for on in row] for row in control.value]
    box = ipywidgets.VBox([ipywidgets.Label(control.label), *map(ipywidgets.HBox, table)])
    parts = [part for row in table for part in row]
    return Input(box, parts, lambda: [[part.value for part in row] for row in table])


def _paint(control: controls.Paint) -> Input:
    """The ready drawings: one paints in the page."""
    drawings = {"as it starts": control.value} | control.presets
    part = ipywidgets.Dropdown(options=list(drawings), description=control.label)
    return Input(part, [part], lambda: drawings[part.value])


def _places(control: controls.Places) -> Input:
    """A line a point: x, y, and the name of its class where it has one."""

    def line(row: list[float]) -> str:
        return " ".join([f"{row[0]:g}", f"{row[1]:g}", *(control.names[int(k)] for k in row[2:])])

    def value(text: str) -> list[list[float]]:
        rows = [row.split(maxsplit=2) for row in text.splitlines() if row.strip()]
        return [
            [*map(float, row[:2]), *(control.names.index(name) if name in control.names else -1 for name in row[2:])]
            for row in rows
        ]

    return _written(control.label, "\n".join(line(row) for row in control.value.tolist()), value)


def _words(control: controls.Words) -> Input:
    boxes = [ipywidgets.Text(value=word, continuous_update=False) for word in control.value]
    return _together(control.label, boxes, tuple)


def _seed(control: controls.Seed) -> Input:
    box = ipywidgets.BoundedIntText(value=control.value, min=0, max=control.count - 1, description=control.label)
    return _alone(box)


def _diary(control: controls.Diary) -> Input:
    """The diary is kept by the pages of the book: here it is empty."""
    return Input(ipywidgets.Label(f"{control.label}: only in the pages of the book"), [], lambda: control.value)


def _action(control: controls.Action, settings: Callable[[], Mapping[str, Any]]) -> Input:
    button, done = ipywidgets.Button(description=control.label), ipywidgets.Label("null")
    button.on_click(lambda _: setattr(done, "value", json.dumps(controls.plain(control.run(settings())))))
    return Input(button, [done], lambda: json.loads(done.value))


_KINDS: dict[type[Control], Callable[[Any], Input]] = {
    controls.Choice: _choice,
    controls.Switch: _switch,
    controls.Ticks: _ticks,
    controls.Numbers: _numbers,
    controls.Cuts: _numbers,
    controls.Shares: _shares,
    controls.Order: _order,
    controls.Cells: _cells,
    controls.Paint: _paint,
    controls.Places: _places,
    controls.Words: _words,
    controls.Seed: _seed,
    controls.Diary: _diary,
    Control: _slider,
}
