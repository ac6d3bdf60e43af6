"""A widget in a notebook: ipywidgets controls above the Matplotlib picture."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import Any

import ipywidgets

from kdlab.explore.controls import Choice, Control, Numbers
from kdlab.explore.draw import to_svg
from kdlab.explore.picture import Picture
from kdlab.explore.widget import Explorable


def show(widget: Explorable) -> ipywidgets.VBox:
    """Return the controls of a widget with its picture and its sentence; moving a control redraws them."""
    inputs = {name: _input(control) for name, control in widget.controls.items()}
    shown = ipywidgets.HTML()  # and not an Output, for which nbclient can wait until its time is over

    def redraw(_change: Any = None) -> None:
        shown.value = _html(widget.picture(**{name: _value(box) for name, box in inputs.items()}))

    for box in inputs.values():
        for part in _parts(box):
            part.observe(redraw, names="value")
    redraw()
    return ipywidgets.VBox([*inputs.values(), shown])


def _html(picture: Picture) -> str:
    source = b64encode(to_svg(picture).encode()).decode("ascii")
    image = f'<img src="data:image/svg+xml;base64,{source}" alt="" style="background: white; max-width: 100%">'
    return f"{image}<p>{escape(picture.sentence)}</p>"


def _input(control: Control) -> ipywidgets.Widget:
    if isinstance(control, Choice):
        return ipywidgets.Dropdown(options=control.options, value=control.value, description=control.label)
    if isinstance(control, Numbers):
        boxes = [
            ipywidgets.BoundedFloatText(value=v, min=control.low, max=control.high, step=control.step, description=n)
            for n, v in zip(control.names, control.value, strict=True)
        ]
        return ipywidgets.VBox([ipywidgets.Label(control.label), *boxes])
    options = [(f"{value:g}", value) for value in control.grid()]
    return ipywidgets.SelectionSlider(options=options, value=control.value, description=control.label)


def _parts(box: ipywidgets.Widget) -> list[ipywidgets.Widget]:
    return list(box.children[1:]) if isinstance(box, ipywidgets.VBox) else [box]


def _value(box: ipywidgets.Widget) -> Any:
    if isinstance(box, ipywidgets.VBox):
        return tuple(part.value for part in _parts(box))
    return box.value
