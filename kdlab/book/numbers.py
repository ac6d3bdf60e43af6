"""A measured number on a page: which seeds gave it, which command, and which rows of the ledger rest on it.

The role `measured` and the ledger note here what they show and where; each page then carries the values of its numbers,
and number and row point at each other. front/measured.js opens them.
"""

from __future__ import annotations

import json
from html import escape
from typing import Any, NamedTuple

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from kdlab.book import assets
from kdlab.book.plain_words import of_number
from kdlab.evidence.intervals import by_seed
from kdlab.evidence.records import Evidence, read


class number(nodes.inline):
    """A measured number; `effect` says of what, as the role `measured` names it, and is empty if no seed has it."""


class said_in(nodes.inline):
    """In a row of the ledger: the chapters that say one of its `effects`."""


class Place(NamedTuple):
    """Where a number stands: its effect and the id of its element."""

    effect: str
    id: str


class Ledger(NamedTuple):
    """The page of the ledger, and of each effect the numbers of the rows that rest on it, with their statements."""

    page: str
    rows: dict[str, list[tuple[int, str]]]


def places(env: BuildEnvironment) -> dict[str, list[Place]]:
    """Return the numbers of every page."""
    if not hasattr(env, "kdlab_places"):
        env.kdlab_places = {}
    return env.kdlab_places


def note(env: BuildEnvironment, effect: str) -> str:
    """Note that a number stands on the page that is read; return the id of its element."""
    place = Place(effect, f"number-{env.new_serialno('number')}")
    places(env).setdefault(env.docname, []).append(place)
    return place.id


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget what a page said that is read again or gone."""
    places(env).pop(docname, None)
    if docname == getattr(env, "kdlab_ledger", Ledger("", {})).page:
        del env.kdlab_ledger


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Take over what another process has read."""
    places(env).update({page: found for page, found in places(other).items() if page in docnames})
    if getattr(other, "kdlab_ledger", Ledger("", {})).page in docnames:
        env.kdlab_ledger = other.kdlab_ledger


def pointing(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages to write again: those whose numbers and rows point elsewhere than when they were written."""
    ledger = getattr(env, "kdlab_ledger", Ledger("", {}))
    rows = {
        page: sorted({row for place in found for row in ledger.rows.get(place.effect, [])})
        for page, found in places(env).items()
    }
    rows[ledger.page] = sorted((page, place) for page, found in places(env).items() for place in found)
    before, env.kdlab_pointing = getattr(env, "kdlab_pointing", {}), rows
    return [page for page in rows if page in env.found_docs and rows[page] != before.get(page)]


def of_effect(effect: str, ledger: Ledger) -> dict[str, Any]:
    """Return what a page tells of a number: in words, every seed's value, the command, and its rows of the ledger."""
    name, _, wanted = effect.partition(": ")
    record = read(name)
    unit = record.units[wanted.rpartition(" ")[2]]
    return {
        "words": of_number(wanted, record),
        "values": [float(f"{(100 if unit == '%' else 1) * value:.4g}") for value in values(record, wanted)],
        "unit": "points" if unit == "%" and " - " in wanted else unit,
        "record": assets.record(name),
        "wanted": wanted,
        "command": record.command,
        "rows": ledger.rows.get(effect, []),
    }


def values(record: Evidence, wanted: str) -> list[float]:
    """Return a measure of an arm, or a difference of two, seed by seed."""
    arms, _, measure = wanted.rpartition(" ")
    arm, *others = (by_seed(record.records, name, measure) for name in arms.split(" - "))
    return [value - sum(other[seed] for other in others) for seed, value in arm.items()]


def add_values(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Let a page carry the values of its numbers."""
    effects = sorted({place.effect for place in places(app.env).get(pagename, [])})
    if not effects or "body" not in context:
        return
    ledger = getattr(app.env, "kdlab_ledger", Ledger("", {}))
    found = {effect: of_effect(effect, ledger) for effect in effects}
    at = app.builder.get_relative_uri(pagename, ledger.page) if ledger.page else ""
    data = json.dumps({"ledger": at, "numbers": found}, separators=(",", ":")).replace("</", "<\\/")
    context["body"] += f'<script type="application/json" class="kd-measured-values">{data}</script>'


def visit_number(self: Any, node: number) -> None:
    """Open a number."""
    attributes = {"data-effect": node["effect"]} if node["effect"] else {}
    self.body.append(self.starttag(node, "span", "", **attributes))


def depart_number(self: Any, node: number) -> None:
    """Close a number."""
    self.body.append("</span>")


def visit_said_in(self: Any, node: said_in) -> None:
    """Write links to where the chapters say it: to the first number of each."""
    env, here = self.builder.env, self.builder.current_docname
    links = []
    for page, found in sorted(places(env).items()):
        first = next((place.id for place in found if place.effect in node["effects"]), None)
        if first and page != here:
            to = f"{self.builder.get_relative_uri(here, page)}#{first}"
            links.append(f'<a href="{to}">{escape(env.titles[page].astext())}</a>')
    if links:
        self.body.append(f'<p class="kd-said-in">Said in: {", ".join(links)}</p>')
    raise nodes.SkipNode


def skip(self: Any, node: nodes.Node) -> None:
    """Outside HTML no page points at another."""
    raise nodes.SkipNode


def pass_through(self: Any, node: nodes.Node) -> None:
    """Outside HTML a number is its words."""


def setup(app: Sphinx) -> None:
    """Register the nodes, and note what pages say."""
    plain = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_through, pass_through))
    app.add_node(number, html=(visit_number, depart_number), **plain)
    app.add_node(said_in, html=(visit_said_in, None), **dict.fromkeys(plain, (skip, None)))
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", pointing)
    app.connect("html-page-context", add_values)
