"""The directive `{hall}`: the glass cases of the bug museum, each of which leads to its part of the page.

A line of its content is `label | title | exercise`. A case is lit where its exercise has been solved in this browser
(front/progress.js); one whose exercise the book does not have yet has no third part.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class glass_case(nodes.list_item):
    """A case of the hall; `exercise` is the one that lights it."""


class Hall(SphinxDirective):
    """Put the cases side by side, in order."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        """Return the list of cases, and the place that says how many of them are lit."""
        cases = nodes.enumerated_list(enumtype="arabic", classes=["kd-hall"])
        for line in filter(None, map(str.strip, self.content)):
            label, title, *exercise = (part.strip() for part in line.split("|"))
            if exercise and not (Path(self.env.srcdir) / "exercises" / exercise[0]).is_dir():
                raise self.error(f"the case {title} needs an exercise that there is; {exercise[0]} is not.")
            link = nodes.reference("", title, refid=nodes.make_id(label), internal=True)
            cases += glass_case("", nodes.paragraph("", "", link), exercise=exercise[0] if exercise else "")
        lit = nodes.container("", nodes.paragraph(), classes=["kd-hall-lit"])
        return [cases, lit]


def visit_case(self: Any, node: glass_case) -> None:
    """Open a case, with the exercise that lights it."""
    self.body.append(self.starttag(node, "li", "", CLASS="kd-glass", **{"data-exercise": node["exercise"]}))


def depart_case(self: Any, node: glass_case) -> None:
    """Close it."""
    self.body.append("</li>\n")


def visit_item(self: Any, node: glass_case) -> None:
    """On paper a case is an item of a list."""
    self.visit_list_item(node)


def depart_item(self: Any, node: glass_case) -> None:
    """End the item."""
    self.depart_list_item(node)


def setup(app: Sphinx) -> None:
    """Register the directive and its node."""
    app.add_directive("hall", Hall)
    item = (visit_item, depart_item)
    app.add_node(glass_case, html=(visit_case, depart_case), latex=item, text=item, man=item, texinfo=item)
