"""The Sphinx extension of the book: widgets, numbers, the library's pages, what a page carries, what stops a build."""

from __future__ import annotations

from typing import Any

from sphinx.application import Sphinx

from kdlab.book import (
    ahead,
    api,
    assets,
    cards,
    claims,
    diary,
    exercise,
    experiments,
    explore,
    fresh,
    glossary,
    kill_matrix,
    map,
    mathematics,
    measured,
    museum,
    numbers,
    peers,
    progress,
    search,
    strict,
    theme,
)

PARTS = (
    ahead,
    api,
    explore,
    exercise,
    diary,
    cards,
    glossary,
    progress,
    museum,
    numbers,
    measured,
    peers,
    claims,
    experiments,
    kill_matrix,
    assets,
    fresh,
    map,
    mathematics,
    search,
    strict,
    theme,
)


def setup(app: Sphinx) -> dict[str, Any]:
    """Set up every part."""
    for part in PARTS:
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
