"""What the page asks Python: one widget's picture at exact settings, with the reader's own code where it was edited."""

from __future__ import annotations

import base64
import functools
import gzip
import json
import sys
from dataclasses import replace
from typing import Any

from kdlab.explore import measured
from kdlab.explore.controls import plain
from kdlab.explore.picture import Picture, Sheet
from kdlab.explore.widget import Explorable, find

READER = "<reader>"


def answer(name: str, values: dict[str, Any], source: str | None = None) -> dict[str, Any]:
    """Return the picture of a widget as data that JSON can hold, all numbers exact.

    Parameters
    ----------
    name : str
        The widget.
    values : dict
        Its controls' settings.
    source : str, optional
        The code to run instead of the widget's own.

    Raises
    ------
    ValueError, TypeError
        If the settings are not allowed, or if the reader's code does not define the function or does not
        return a Picture.
    """
    widget = written(name, source)
    return widget.shown(widget.settings(**values))


def act(name: str, control: str, values: dict[str, Any]) -> Any:
    """Do what the button of an Action does, at these settings; return its value."""
    widget = find(name)
    settings = widget.settings(**values)
    return plain(widget.controls[control].check(control, plain(widget.controls[control].run(settings))))


def bring(packed: str) -> None:
    """Take in the arrays of records that widgets read: what `kdlab.explore.grid.packed_data` made of them."""
    measured.bring(json.loads(gzip.decompress(base64.b64decode(packed))))


def written(name: str, source: str | None) -> Explorable:
    """Return the widget, with the reader's own code of its picture if there is any."""
    widget = find(name)
    return widget if source is None else _rewritten(widget, source)


def _rewritten(widget: Explorable, source: str) -> Explorable:
    """Return the widget with the function that `source` defines, which sees what the widget's module sees."""
    name = widget.function.__name__
    namespace = dict(vars(sys.modules[widget.function.__module__]))
    del namespace[name]
    exec(compile(source, READER, "exec"), namespace)
    if not callable(namespace.get(name)):
        raise ValueError(f"the code must define the function {name}; it does not.")

    @functools.wraps(widget.function)
    def function(**settings: object) -> Picture:
        picture = namespace[name](**settings)
        if not isinstance(picture, Picture | Sheet):
            raise TypeError(f"{name} must return a Picture or a Sheet; it returned {type(picture).__name__}.")
        return picture

    return replace(widget, function=function)
