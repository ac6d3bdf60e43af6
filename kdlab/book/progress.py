"""How far the reader is: what each chapter has to answer and to pass, told to the pages that show it.

The directive `{progress}` is the place of the summary. front/progress.js fills it, and the boxes of the map.
"""

from __future__ import annotations

import json
import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from kdlab.book.exercise import exercise
from kdlab.book.explore import explore

BAND = re.compile(r"chapters/(?:principles|compression|interplay|applications)/(\w+)")
SHOWN = ('class="kd-map"', "kd-progress-place")


class Progress(SphinxDirective):
    """A place that the front end fills."""

    def run(self) -> list[nodes.Node]:
        """Return the place."""
        words = nodes.paragraph(text="Without JavaScript nothing is kept of where you are.")
        return [nodes.container("", words, classes=["kd-progress-place"])]


def note(app: Sphinx, doctree: nodes.document) -> None:
    """Note the widgets that ask and the exercises of a chapter."""
    chapter = BAND.fullmatch(app.env.docname)
    if chapter is None:
        return
    widgets = [node["name"] for node in doctree.findall(explore) if node["spec"]["questions"]]
    exercises = [node["data"]["exercise"] for node in doctree.findall(exercise)]
    noted = app.env.kdlab_chapters = getattr(app.env, "kdlab_chapters", {})
    noted[app.env.docname] = {"name": chapter[1], "widgets": widgets, "exercises": exercises}


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget what was noted of a page that is read again."""
    getattr(env, "kdlab_chapters", {}).pop(docname, None)


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Take over what another process has noted."""
    env.kdlab_chapters = getattr(env, "kdlab_chapters", {}) | getattr(other, "kdlab_chapters", {})


def tell(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give a page that shows progress what there is of each chapter, in the order of the book."""
    if not any(each in context.get("body", "") for each in SHOWN):
        return
    chapters = getattr(app.env, "kdlab_chapters", {})
    order = {page: at for at, page in enumerate(app.env.toctree_includes.get(app.config.root_doc, []))}
    told = [chapters[page] for page in sorted(chapters, key=lambda page: (order.get(page, len(order)), page))]
    data = json.dumps(told, separators=(",", ":"))
    context["body"] += f'<script type="application/json" class="kd-chapters">{data}</script>'


def setup(app: Sphinx) -> None:
    """Register the directive and take notes."""
    app.add_directive("progress", Progress)
    app.connect("doctree-read", note)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-page-context", tell)
