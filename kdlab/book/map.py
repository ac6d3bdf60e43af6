"""The map of ideas, from chapters/map.toml: the directive `map`, and each chapter's place on it.

The book is the map: a chapter that the book does not have is in nothing that is drawn. A chapter opens with its minutes
without the exercises and with what it needs, and ends with what comes next. front/map.js fills the boxes as they are
read and shows the ways.
"""

from __future__ import annotations

import graphlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book.entries import entry_of
from kdlab.book.exercise import exercise
from kdlab.book.explore import explore

FILE = "chapters/map.toml"
BANDS = ("principles", "compression", "interplay", "applications")
WORDS_A_MINUTE = 180  # of a text with formulas
MINUTES_A_FIGURE = 1.5  # to answer, to move it, to look
BOX = (208, 38)  # width and height, in the units of the drawing
PITCH = (292, 52)
BAND_GAP = 30


@dataclass(frozen=True)
class Idea:
    """A chapter as the map knows it; the fields are those of the file."""

    name: str
    band: str
    title: str
    question: str
    column: int
    row: int
    needs: list[str] = field(default_factory=list)
    useful: list[str] = field(default_factory=list)

    @property
    def page(self) -> str:
        """Return the page of the chapter."""
        return f"chapters/{self.band}/{self.name}"


@dataclass(frozen=True)
class Way:
    """A way through the book: for whom, and which chapters in order."""

    name: str
    time: str
    ideas: list[str]
    says: str


class Map(NamedTuple):
    """All ideas in the order of the book, and the ways through."""

    ideas: list[Idea]
    ways: list[Way]

    def of(self, pages: set[str]) -> Map:
        """Return the map of a book that has only these pages; a way keeps what there is of it."""
        ideas = [idea for idea in self.ideas if idea.page in pages]
        names = {idea.name for idea in ideas}
        ways = [Way(way.name, way.time, [name for name in way.ideas if name in names], way.says) for way in self.ways]
        return Map(ideas, [way for way in ways if way.ideas])


def read_map(path: Path) -> Map:
    """Read the map.

    Parameters
    ----------
    path : Path
        The TOML file.

    Raises
    ------
    ValueError
        If an entry lacks a field or has one that is unknown or of the wrong type, a name stands twice or is not of the
        map, two ideas stand in one place, or ideas need each other in a circle.
    """
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    entries = [(Idea, each, f"idea {n}") for n, each in enumerate(content.get("idea", []), start=1)]
    entries += [(Way, each, f"way {n}") for n, each in enumerate(content.get("way", []), start=1)]
    made = [entry_of(*entry) for entry in entries]
    found = Map([one for one in made if isinstance(one, Idea)], [one for one in made if isinstance(one, Way)])
    names = [idea.name for idea in found.ideas]
    for kind, given in (("names", names), ("places", [(idea.column, idea.row) for idea in found.ideas])):
        if len(set(given)) < len(given):
            raise ValueError(f"{kind} of ideas must differ; {given} were given.")
    for idea in found.ideas:
        if idea.band not in BANDS:
            raise ValueError(f"band of {idea.name} must be one of {', '.join(BANDS)}; {idea.band!r} was given.")
    named = [name for idea in found.ideas for name in idea.needs + idea.useful] + [
        n for way in found.ways for n in way.ideas
    ]
    if unknown := sorted(set(named) - set(names)):
        raise ValueError(f"ideas that are named must be on the map; {', '.join(unknown)} are not.")
    try:
        graphlib.TopologicalSorter({idea.name: idea.needs for idea in found.ideas}).prepare()
    except graphlib.CycleError as error:
        raise ValueError(f"ideas must not need each other in a circle; {' needs '.join(error.args[1])}.") from error
    return found


def minutes(text: str, figures: int) -> int:
    """Return how long a chapter takes to read: its words, and time to answer and move each figure."""
    return round(len(text.split()) / WORDS_A_MINUTE + MINUTES_A_FIGURE * figures)


def after(idea: Idea, ideas: Sequence[Idea]) -> list[Idea]:
    """Return what comes next: the chapters that need this one, and if there is none, the next in the book."""
    needing = [other for other in ideas if idea.name in other.needs]
    return needing or list(ideas[ideas.index(idea) + 1 :][:1])


def places(ideas: Sequence[Idea]) -> dict[str, tuple[float, float]]:
    """Return the corner of each box: rows and columns in which nothing stands are left out."""
    columns = sorted({idea.column for idea in ideas})
    found, y = {}, 0.0
    bands = dict.fromkeys(sorted((idea.band for idea in ideas), key=BANDS.index))
    for band in bands:
        y += BAND_GAP
        for row in sorted({idea.row for idea in ideas if idea.band == band}):
            for idea in ideas:
                if (idea.band, idea.row) == (band, row):
                    found[idea.name] = (columns.index(idea.column) * PITCH[0] + 1.0, y)
            y += PITCH[1]
    return found


def draw(ideas: Sequence[Idea], hrefs: dict[str, str]) -> str:
    """Draw the map as SVG: a box for each idea, a link each, and an arrow for what it needs; dashed if it is useful."""
    at = places(ideas)
    width = max(x for x, _ in at.values()) + BOX[0] + 12
    height = max(y for _, y in at.values()) + BOX[1] + 8
    parts = [
        f'<svg class="kd-map-graph" viewBox="0 0 {width:g} {height:g}" style="max-width: {width:g}px" role="group" '
        'aria-label="Map of the chapters">'
    ]
    for band in dict.fromkeys(sorted((idea.band for idea in ideas), key=BANDS.index)):
        top = min(at[idea.name][1] for idea in ideas if idea.band == band)
        parts.append(f'<text class="kd-map-band" x="0" y="{top - 9:g}">{band.capitalize()}</text>')
    for idea in ideas:
        for kind, names in (("needs", idea.needs), ("useful", idea.useful)):
            parts += [_arrow(name, idea.name, kind, at) for name in names if name in at]
    for number, idea in enumerate(ideas, start=1):
        x, y = at[idea.name]
        label = escape(f"{number} {idea.title}. {idea.question}", quote=True)
        parts.append(
            f'<a href="{hrefs[idea.name]}" class="kd-map-idea" data-idea="{idea.name}" aria-label="{label}">'
            f'<rect class="kd-map-box" x="{x:g}" y="{y:g}" width="{BOX[0]}" height="{BOX[1]}" rx="5"/>'
            f'<rect class="kd-map-read" x="{x:g}" y="{y:g}" width="0" height="{BOX[1]}" rx="5"/>'
            f'<text x="{x + 12:g}" y="{y + 24:g}" class="kd-map-number">{number}</text>'
            f'<text x="{x + 42:g}" y="{y + 24:g}">{escape(idea.title)}</text></a>'
        )
    return "".join([*parts, "</svg>"])


def _arrow(start: str, end: str, kind: str, at: dict[str, tuple[float, float]]) -> str:
    """Draw an arrow: out at the right, upright in a lane of its start before the box it leads to, in at its left."""
    (x0, y0), (x1, y1) = at[start], at[end]
    y0, y1 = y0 + BOX[1] / 2, y1 + BOX[1] / 2
    x0 += BOX[0]
    if x1 < x0:  # both in one column: out and in at the right
        x1, turn, lane = x1 + BOX[0], 1, x0 + 24
    else:
        lanes = len(at) + 1
        turn, lane = -1, x1 - (PITCH[0] - BOX[0]) * (0.9 - 0.7 * (list(at).index(start) + 1) / lanes)
    bend = min(8.0, abs(y1 - y0) / 2) * (1 if y1 >= y0 else -1)
    into = abs(bend) * -turn
    path = f"M{x0:g} {y0:g}H{lane - abs(bend):g}q{abs(bend):g} 0 {abs(bend):g} {bend:g}V{y1 - bend:g}"
    path += f"q0 {bend:g} {into:g} {bend:g}H{x1 + 7 * turn:g}"
    head = f"M{x1:g} {y1:g}l{8 * turn} -4.5v9z"
    names = f'class="kd-map-arrow kd-map-{kind}" data-from="{start}" data-to="{end}"'
    return f'<g {names}><path d="{path}"/><path d="{head}"/></g>'


def listed(ideas: Sequence[Idea], hrefs: dict[str, str]) -> str:
    """Write the map as lists, one a band: its text twin, and all there is of it on a phone."""
    parts, number = [], 0
    for band in dict.fromkeys(idea.band for idea in ideas):
        parts.append(f"<section><h3>{band.capitalize()}</h3><ol start={number + 1}>")
        for idea in (idea for idea in ideas if idea.band == band):
            number += 1
            parts.append(
                f'<li data-idea="{idea.name}"><a href="{hrefs[idea.name]}"><b>{escape(idea.title)}</b> '
                f"<span>{escape(idea.question)}</span></a></li>"
            )
        parts.append("</ol></section>")
    return f'<div class="kd-map-list">{"".join(parts)}</div>'


def ways(found: Sequence[Way]) -> str:
    """Write the ways through as a choice: none is chosen at first."""
    options = [("", "Everything", "the whole map", "")] + [(way.name, way.name, way.time, way.says) for way in found]
    labels = "".join(
        f'<label><input type="radio" name="kd-way" value="{escape(value)}" data-says="{escape(says, quote=True)}"'
        f'{"" if value else " checked"} data-ideas="{" ".join(next((w.ideas for w in found if w.name == value), []))}">'
        f"<span><b>{escape(name)}</b> <small>{escape(time)}</small></span></label>"
        for value, name, time, says in options
    )
    return f'<fieldset class="kd-map-ways"><legend>A way through</legend>{labels}</fieldset>'


class idea_map(nodes.General, nodes.Element):
    """The map of the book."""


class IdeaMap(SphinxDirective):
    """Put the map here."""

    def run(self) -> list[nodes.Node]:
        """Return the map."""
        return [idea_map()]


def the_map(app: Sphinx) -> Map:
    """Return the map of the book that is built; a book without the file has none."""
    path = Path(app.srcdir) / FILE
    return read_map(path).of(app.env.found_docs) if path.is_file() else Map([], [])


def visit_map(self: Any, node: idea_map) -> None:
    """Write the map."""
    builder = self.builder
    ideas, found_ways = the_map(builder.app)
    hrefs = {idea.name: builder.get_relative_uri(builder.current_docname, idea.page) for idea in ideas}
    asks = '<p class="kd-map-asks" role="status">Point at a chapter, or tab to it, to read its question.</p>'
    says = '<p class="kd-map-says"></p>'
    parts = (ways(found_ways), says, asks, draw(ideas, hrefs), listed(ideas, hrefs))
    self.body.append(f'<div class="kd-map">{"".join(parts)}</div>')
    raise nodes.SkipNode


def skip(self: Any, node: idea_map) -> None:
    """Outside HTML the table of contents is the map."""
    raise nodes.SkipNode


def opening(idea: Idea, ideas: Sequence[Idea], length: int, to: Any) -> str:
    """Write how a chapter opens: where it stands, how long it takes, what it needs."""
    links = [f'<a href="{to(other.page)}">{escape(other.title)}</a>' for other in ideas if other.name in idea.needs]
    useful = [f'<a href="{to(other.page)}">{escape(other.title)}</a>' for other in ideas if other.name in idea.useful]
    needs = f"needs {', '.join(links)}" if links else "needs no other chapter"
    if useful:
        needs += f"; {', '.join(useful)} helps"
    return f'<p class="kd-place-on-map">{idea.band.capitalize()} · {length} minutes · {needs}</p>'


def ending(idea: Idea, ideas: Sequence[Idea], to: Any) -> str:
    """Write how a chapter ends: what comes next, each with its question."""
    links = "".join(
        f'<li><a href="{to(other.page)}"><b>{escape(other.title)}</b> {escape(other.question)}</a></li>'
        for other in after(idea, ideas)
    )
    return (
        f'<nav class="kd-next" aria-label="What comes next"><p>What comes next</p><ul>{links}</ul></nav>'
        if links
        else ""
    )


def _text(block: nodes.Node) -> str:
    """Return the text of a paragraph, without the tags of the links that stand in it as HTML."""
    return "".join(text.astext() for text in block.findall(nodes.Text) if not isinstance(text.parent, nodes.raw))


def put_in_place(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: Any) -> None:
    """Give a chapter its opening, below its title, and its ending."""
    ideas = the_map(app).ideas
    idea = next((idea for idea in ideas if idea.page == pagename), None)
    if idea is None or doctree is None:
        return
    paragraphs = list(doctree.findall(nodes.paragraph))
    # all of the section that holds the exercises, what is done on paper too
    asked = {id(block) for each in doctree.findall(exercise) for block in each.parent.findall(nodes.paragraph)}
    prose = " ".join(_text(block) for block in paragraphs if id(block) not in asked)
    figures = len(list(doctree.findall(explore)))

    def to(page: str) -> str:
        return app.builder.get_relative_uri(pagename, page)

    title, end, rest = context["body"].partition("</h1>")
    context["body"] = title + end + opening(idea, ideas, minutes(prose, figures), to) + rest + ending(idea, ideas, to)


def setup(app: Sphinx) -> None:
    """Register the directive, and give each chapter its place."""
    app.add_directive("map", IdeaMap)
    plain = dict.fromkeys(("latex", "text", "man", "texinfo"), (skip, None))
    app.add_node(idea_map, html=(visit_map, None), **plain)
    app.connect("html-page-context", put_in_place)
