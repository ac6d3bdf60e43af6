"""What the page asks Python: one widget's picture at exact settings, with the reader's own code where it was edited."""

from __future__ import annotations

import functools
import json
import sys
from dataclasses import replace

from kdlab.explore.controls import Explorable, find
from kdlab.explore.picture import Picture

READER = "<reader>"


def answer(request: str) -> str:
    """Return the picture of a widget as JSON.

    Parameters
    ----------
    request : str
        JSON: `name` of the widget, `values` of its controls, and `source`, the code to run instead of
        the widget's own (null for its own).

    Returns
    -------
    str
        The picture as JSON, all numbers exact.

    Raises
    ------
    ValueError, TypeError
        If the settings are not allowed, or if the reader's code does not define the function or does not
        return a Picture.
    """
    asked = json.loads(request)
    widget = find(asked["name"])
    if asked.get("source") is not None:
        widget = _rewritten(widget, asked["source"])
    return json.dumps(widget.picture(**asked["values"]).to_json())


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
        if not isinstance(picture, Picture):
            raise TypeError(f"{name} must return a Picture; it returned {type(picture).__name__}.")
        return picture

    return replace(widget, function=function)
