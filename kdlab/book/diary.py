"""The directive `{diary}`: the reader's own predictions, kept in the browser, to take away or to erase."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Diary(SphinxDirective):
    """A place that the front end fills; without JavaScript a sentence says that nothing was kept."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        words = nodes.paragraph(text="Without JavaScript no prediction is asked for, and none is kept.")
        return [nodes.container("", words, classes=["kd-diary-place"])]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("diary", Diary)
