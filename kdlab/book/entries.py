"""An entry of a TOML file that a page is made of, as a dataclass: nothing missing, unknown or of another type."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import Any, TypeVar

Entry = TypeVar("Entry")
TYPES = {"str": str, "int": int, "list[str]": list}


def entry_of(kind: type[Entry], given: dict[str, Any], name: str) -> Entry:
    """Return an entry as `kind`, whose fields are str, int or list[str]; say by its name what is wrong with it."""
    known = {each.name: TYPES[each.type] for each in fields(kind)}
    for key, value in given.items():
        if key not in known:
            raise ValueError(f"{name} must have no fields but {', '.join(known)}; {key!r} was given.")
        if not isinstance(value, known[key]):
            raise ValueError(f"{key} of {name} must be a {known[key].__name__}; {value!r} was given.")
    for each in fields(kind):
        if each.default is MISSING and each.default_factory is MISSING and given.get(each.name, "") == "":
            raise ValueError(f"{name} must have a {each.name}.")
    return kind(**given)
