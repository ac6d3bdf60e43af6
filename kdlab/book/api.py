"""The pages of the library: one for each mechanism, made of its docstrings at every build, and not committed.

A mechanism is a module of kdlab whose docstring names its chapter; its equations are the module of kdlab.core of the
same name.
"""

from __future__ import annotations

import ast
import os
import re
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

import kdlab

PACKAGE = Path(kdlab.__file__).parent
OVERVIEW = Path("chapters/appendix/api.md")  # the committed page above them; without it a book has none of them
CHAPTER = re.compile(r"Chapter: (\w+/\w+)\.")
PAGE = """\
``kdlab.{name}``
{line}

.. automodule:: kdlab.{name}
   :members:

.. dropdown:: The equations: kdlab/core/{name}.py
   :open:

   .. literalinclude:: {core}
      :language: python

.. dropdown:: Their door: kdlab/{name}.py

   .. literalinclude:: {door}
      :language: python
"""


def mechanisms() -> dict[str, Path]:
    """Return the mechanisms' modules by name."""
    found = {}
    for path in sorted(PACKAGE.glob("*.py")):
        docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if CHAPTER.search(docstring):
            found[path.stem] = path
    return found


def write_pages(app: Sphinx, config: Config) -> None:
    """Write the pages before the table of contents is read; leave alone what is right already, remove what is not."""
    overview = Path(app.srcdir) / OVERVIEW
    if not overview.is_file():
        return
    folder = overview.with_suffix("")
    folder.mkdir(exist_ok=True)
    pages = {}
    for name, module in mechanisms().items():
        core, door = (
            Path(os.path.relpath(path, folder)).as_posix() for path in (PACKAGE / "core" / module.name, module)
        )
        page = PAGE.format(name=name, line="=" * len(f"``kdlab.{name}``"), core=core, door=door)
        pages[folder / f"{name}.rst"] = page
    for path in set(folder.iterdir()) - pages.keys():
        path.unlink()
    for path, text in pages.items():
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def link_chapter(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Make the chapter that a module names a link, where the book has it."""
    if what == "module":
        lines[:] = [CHAPTER.sub(lambda match: _link(app, match), line) for line in lines]


def _link(app: Sphinx, match: re.Match[str]) -> str:
    chapter = f"chapters/{match[1]}"
    return f"Chapter: :doc:`/{chapter}`." if chapter in app.env.found_docs else match[0]


def skip_fields(app: Sphinx, what: str, name: str, obj: Any, skip: bool, options: Any) -> bool | None:
    """Leave out the fields of a NamedTuple: the docstring of its class has them."""
    return True if str(getattr(obj, "__doc__", "")).startswith("Alias for field number") else None


def setup(app: Sphinx) -> None:
    """Write the pages as early as there is a configuration."""
    app.connect("config-inited", write_pages, priority=100)
    app.connect("autodoc-process-docstring", link_chapter)
    app.connect("autodoc-skip-member", skip_fields)
