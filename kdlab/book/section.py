"""A section of a page that a directive writes in MyST."""

from __future__ import annotations

from docutils import nodes
from sphinx.util.docutils import SphinxDirective


def section(directive: SphinxDirective, heading: str, text: str) -> nodes.section:
    """Return a section of the page: MyST would put the headings of a directive before what it returns."""
    made = nodes.section("", nodes.title(heading, heading), names=[nodes.fully_normalize_name(heading)])
    directive.state.document.note_implicit_target(made, made)
    made += directive.parse_text_to_nodes(text)
    return made
