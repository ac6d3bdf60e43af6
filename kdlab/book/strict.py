"""What stops the build besides Sphinx's own warnings: a picture without words, a measured number typed into prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

MEASURED = re.compile(r"\d[\d.,]*\s*(?:%|percent\b|points?\b)|±|\+-|(?<![\w.])\d+\.\d+(?![\w.])")
QUOTED = (nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw, nodes.citation, nodes.comment)


def check(app: Sphinx, doctree: nodes.document) -> None:
    """Report every picture without an alternative text, and every number in prose that looks measured."""
    for image in doctree.findall(nodes.image):
        if not image.get("alt", "").strip():
            logger.warning(
                "the picture %s has no alternative text: add an :alt: that says what it shows.",
                image.get("uri", ""),
                location=_place(image),
            )
    for text in _prose(doctree):
        for number in MEASURED.findall(text):
            logger.warning(
                "the number %r is typed into prose: take it from results/ with the role measured, or put it into "
                "mathematics, code or an admonition of class worked-example.",
                number,
                location=_place(text.parent),
            )


def _prose(node: nodes.Node) -> Iterator[nodes.Text]:
    """Yield the text of a chapter, leaving out code, mathematics, measured numbers and worked examples."""
    for child in node.children:
        if isinstance(child, nodes.Text):
            yield child
        elif not (
            isinstance(child, QUOTED) or {"measured", "worked-example", "kd-sentence"} & set(child.get("classes", ()))
        ):
            yield from _prose(child)


def _place(node: nodes.Element | None) -> str | None:
    """Return file:line of the nearest node around this one that knows its line."""
    while node is not None and not node.line:
        node = node.parent
    return f"{node.source}:{node.line}" if node is not None else None


def setup(app: Sphinx) -> None:
    """Check each chapter as soon as it is read."""
    app.connect("doctree-read", check)
