"""Small TOML files that people write: a slip is named with the file, the entry, what was given and what is allowed."""

from __future__ import annotations

import math
import tomllib
from pathlib import Path
from typing import Any


def read_toml(path: Path) -> dict[str, Any]:
    """Return what a TOML file holds.

    Raises
    ------
    ValueError
        If there is none, or it is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}.") from error
    except ValueError as error:
        raise ValueError(f"{path} is not TOML: {error}.") from error


def list_of_tables(path: Path, data: dict[str, Any], kind: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the tables that begin with [[kind]], each with its place as words."""
    listed = data.get(kind, [])
    if type(listed) is not list or not all(type(entry) is dict for entry in listed):
        raise ValueError(f"{path}: {kind} must be a list of tables, each begun by [[{kind}]].")
    return [(f"{path}: [[{kind}]] number {number}", entry) for number, entry in enumerate(listed, 1)]


def check_entry(place: str, entry: dict[str, Any], required: dict[str, type], optional: dict[str, type]) -> None:
    """Check that a table has all that it must have, and nothing but what it may have."""
    check_keys(place, entry, {*required, *optional})
    for name in required:
        if name not in entry:
            raise ValueError(f"{place}: {name} is missing.")
    for name, value in entry.items():
        _check_value(place, name, value, (required | optional)[name])


def check_keys(place: Any, data: dict[str, Any], allowed: set[str]) -> None:
    """Check that a table has no key but those allowed."""
    unknown = sorted(data.keys() - allowed)
    if unknown:
        raise ValueError(f"{place}: {unknown[0]!r} is not known; allowed are {', '.join(sorted(allowed))}.")


def _check_value(place: str, name: str, value: Any, allowed: type) -> None:
    if allowed in (int, float):
        if type(value) not in (int, allowed) or not 0 <= value < math.inf:
            words = "a whole number" if allowed is int else "a number"
            raise ValueError(f"{place}: {name} must be {words} of at least 0; {value!r} was given.")
    elif allowed is bool:
        if type(value) is not bool:
            raise ValueError(f"{place}: {name} must be true or false; {value!r} was given.")
    elif allowed is str:
        if type(value) is not str or not value.strip():
            raise ValueError(f"{place}: {name} must be a text; {value!r} was given.")
    elif type(value) is not allowed or value.tzinfo is None:
        shape = "2027-02-08T23:59:00+01:00"
        raise ValueError(f"{place}: {name} must be a date with time and zone, such as {shape}; {value} was given.")
