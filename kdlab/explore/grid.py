"""All pictures of a widget at the values its sliders step through, packed into a few kilobytes for the page."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
from typing import Any

from kdlab.explore import measured
from kdlab.explore.controls import plain
from kdlab.explore.widget import Explorable

SMALLEST_TABLE = 64  # letters without a space between them: no other text of a picture has so many
LARGEST = 300_000  # bytes of base64 in one widget: more than this is felt when it comes near


def grid(widget: Explorable) -> dict[str, Any]:
    """Return every picture of the widget, the parts that are the same in all of them written once.

    Parameters
    ----------
    widget : Explorable
        The widget; each control is evaluated at its `grid()` values.

    Returns
    -------
    dict
        `values`, one list for each control; `absent`, pairs of a sentence and the states of which there is no picture
        for that reason, counted with the last control varying fastest; `template`, the picture in which {"$": k}
        stands for what varies; `columns`, the list of column k over the other states, or what `_by_cell` made of it.
        Numbers are rounded to 5 significant digits: a quarter of a pixel on the largest screen.
    """
    values = [control.grid() for control in widget.controls.values()]
    # a run is shipped by its frames (kdlab/explore/frames.py): of the rest only the start
    states = [[control.value] for control in widget.controls.values()] if widget.play else values
    pictures, absent = [], {}
    for state, setting in enumerate(itertools.product(*states)):
        settings = widget.settings(**dict(zip(widget.controls, setting, strict=True)))
        if reason := widget.absent(settings):
            absent.setdefault(reason, []).append(state)
        else:
            pictures.append(widget.shown(settings))
    return {"values": plain(values), "absent": [*absent.items()]} | shared(pictures)


def shared(pictures: list[dict[str, Any]]) -> dict[str, Any]:
    """Return pictures as their `template` and `columns`, numbers rounded: see `grid`."""
    columns: list[list[Any]] = []
    template = _merge([rounded(picture) for picture in pictures], columns)
    return {"template": template, "columns": [_fewest(column) for column in columns]}


def pack(data: Any) -> str:
    """Return JSON data gzipped, as base64 text; the same data give the same text."""
    raw = json.dumps(data, separators=(",", ":")).encode()
    return base64.b64encode(gzip.compress(raw, mtime=0)).decode("ascii")


def packed_grid(widget: Explorable) -> str:
    """Return the packed grid of a widget; ValueError if it is too large for a page."""
    packed = pack(grid(widget))
    if len(packed) > LARGEST:
        raise ValueError(
            f"the grid of {widget.name} has {len(packed)} bytes, {LARGEST} are allowed: give its sliders fewer steps."
        )
    return packed


def packed_data(widget: Explorable) -> str:
    """Return the packed data of a widget, which `kdlab.explore.page.bring` takes in; "" if it reads none."""
    names = measured.names_of(widget.data)
    return pack({name: measured.encode(measured.data(name)) for name in names}) if names else ""


def _merge(values: list[Any], columns: list[list[Any]]) -> Any:
    first = values[0]
    if all(value == first for value in values):
        return first
    if all(isinstance(value, dict) and value.keys() == first.keys() for value in values):
        return {key: _merge([value[key] for value in values], columns) for key in first}
    if all(isinstance(value, list) and len(value) == len(first) for value in values) and isinstance(first[0], dict):
        return [_merge(list(items), columns) for items in zip(*values, strict=True)]
    columns.append(values)
    return {"$": len(columns) - 1}


def _fewest(column: list[Any]) -> Any:
    """Return a column in that form which is the least when compressed."""
    forms = [form for form in (_distinct(column), _by_cell(column)) if form is not None]
    return min((column, *forms), key=lambda form: len(pack(form))) if forms else column


def _distinct(column: list[Any]) -> dict[str, list[Any]] | None:
    """Return a column as {"of": its values, each once, "at": which of them it has in each state}.

    None if most values occur once: then nothing is won.
    """
    places: dict[str, int] = {}
    at = [places.setdefault(json.dumps(value), len(places)) for value in column]
    return {"of": [json.loads(value) for value in places], "at": at} if 2 * len(places) <= len(at) else None


def _by_cell(column: list[Any]) -> dict[str, str] | None:
    """Return a column of tables of bytes, in base64, as {"cells": hexadecimal digits}; None if it is another.

    First come all values of the first cell, then all of the second: where a cell changes seldom, this is as little as a
    quarter.
    """
    tables = [_table(value) for value in column]
    if None in tables or len({len(table) for table in tables}) != 1:
        return None
    return {"cells": "".join(bytes(cell).hex() for cell in zip(*tables, strict=True))}


def _table(value: Any) -> bytes | None:
    """Return the bytes that this is the base64 of, if it is that of a table."""
    if not isinstance(value, str) or len(value) < SMALLEST_TABLE:
        return None
    try:
        return base64.b64decode(value, validate=True)
    except ValueError:  # binascii's own is one
        return None


def rounded(value: Any) -> Any:
    """Return a picture as a page carries it: each number to five digits."""
    if isinstance(value, float):
        return float(f"{value:.5g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list):
        return [rounded(item) for item in value]
    return value
