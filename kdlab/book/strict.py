"""What stops the build besides Sphinx's own warnings.

A cell that raises, a picture without words, and a measured number that was typed into prose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import ENV_PICKLE_FILENAME, Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util import logging

logger = logging.getLogger(__name__)

MEASURED = re.compile(
    r"\d(?:[\d.,]*\d)?\s*(?:%|per ?cent\b|(?:percentage )?points?\b)"
    r"|±|\+-"
    r"|(?<![\w.])(?<!CC BY )\d*\.\d+(?!\.?\d)"  # decimals, but for versions: 1.0.4, v1.0, and that of a licence
)
QUOTED = (
    nodes.literal,
    nodes.literal_block,
    nodes.math,
    nodes.math_block,
    nodes.raw,
    nodes.citation,
    nodes.Invisible,
    nodes.system_message,
)
EXEMPT = {"measured", "compared", "worked-example", "kd-sentence"}
DOCSTRING = ":docstring of "  # in the place that autodoc names; a docstring is code, defaults and limits its numbers
IN_PLACE_OF_QUOTED = "|"  # so that no number is made of what stands before and after it


class Strict(SphinxTransform):
    """Warn of all this in a chapter as soon as it is parsed."""

    default_priority = 9  # at 10 Sphinx forgets the line of a picture without alternative text

    def apply(self, **_options: Any) -> None:
        """Look at every cell, every picture and all prose."""
        for cell in self.document.findall(_raised):
            logger.warning("the cell raises %s.", cell.astext().splitlines()[-1], location=self._place(cell))
        for image in self.document.findall(nodes.image):
            if not image.get("alt", "").strip():
                logger.warning(
                    "the picture %s has no alternative text: add an alt that says what it shows.",
                    image["uri"],
                    location=self._place(image),
                )
        for block, text in _prose(self.document):
            for number in MEASURED.findall(text):
                logger.warning(
                    "the number %r is typed into prose: take it from results/ with the role measured, or put it into "
                    "mathematics, code or an admonition of class worked-example.",
                    number,
                    location=self._place(block, number.splitlines()[0]),
                )

    def _place(self, node: nodes.Node | None, words: str = "") -> str:
        """Return file:line of these words, or of the block that holds the node if they are not found from there on."""
        block = None
        while node is not None:
            # a table's own line counts: its cells carry that of whatever directive came before
            if node.line and (block is None or isinstance(node, nodes.table)):
                block = node
            node = node.parent
        if block is None:
            return self.document["source"]
        lines = Path(block.source).read_text(encoding="utf-8").splitlines()
        found = (line for line in range(block.line, len(lines) + 1) if words in lines[line - 1])
        return f"{block.source}:{next(found, block.line)}"


def _raised(node: nodes.Node) -> bool:
    """Return whether this is the traceback of a cell that was not meant to raise."""
    if not (isinstance(node, nodes.literal_block) and "traceback" in node["classes"]):
        return False
    cell = node.parent.parent
    return "raises-exception" not in cell["cell_metadata"].get("tags", ())


def _prose(node: nodes.Node) -> Iterator[tuple[nodes.TextElement, str]]:
    """Yield each block of a chapter with its words."""
    for child in node.children:
        if _is_quoted(child):
            continue
        if isinstance(child, nodes.TextElement):
            yield child, _words(child)
        else:
            yield from _prose(child)


def _words(node: nodes.Node) -> str:
    if isinstance(node, nodes.Text):
        return node.astext()
    return IN_PLACE_OF_QUOTED if _is_quoted(node) else "".join(_words(child) for child in node.children)


def _is_quoted(node: nodes.Node) -> bool:
    """Return whether the numbers in a node are exempt: code, mathematics, what was measured, worked examples."""
    if isinstance(node, QUOTED) or DOCSTRING in (getattr(node, "source", None) or ""):
        return True
    return isinstance(node, nodes.Element) and bool(EXEMPT & set(node.get("classes", ())))


def forget(app: Sphinx, error: Exception | None) -> None:
    """Forget what was read by a build with warnings: from memory, the next build would not warn again, and pass."""
    if app._warncount:
        (Path(app.doctreedir) / ENV_PICKLE_FILENAME).unlink(missing_ok=True)


def setup(app: Sphinx) -> None:
    """Check each chapter, and do not trust a build with warnings."""
    app.add_transform(Strict)
    app.connect("build-finished", forget)
