"""Cards for recall: the directive `{recall}` holds a question and its answer, `{today}` gathers those of the book.

A card is named `<chapter>/<name>`. Its question stands before a line `+++`, its answer after it. Named in another
chapter, with nothing in it, the same card is asked there again. front/cards.js asks, and says when a card comes back.
"""

from __future__ import annotations

from typing import Any

from docutils import nodes
from docutils.statemachine import StringList
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

BETWEEN = "+++"
logger = logging.getLogger(__name__)


class card(nodes.General, nodes.Element):
    """A card: its first child is the question, the others are the answer."""


class card_question(nodes.General, nodes.Element):
    """What a card asks."""


class card_again(nodes.General, nodes.Element):
    """The place of a card of another chapter."""


class today(nodes.General, nodes.Element):
    """The place of all cards of the book."""


class Recall(SphinxDirective):
    """Put a card into a chapter."""

    required_arguments = 1
    has_content = True

    def run(self) -> list[nodes.Node]:
        """Read the question and the answer; without both, the card is another chapter's."""
        name = self.arguments[0]
        if not self.content:
            again = card_again(name=name)
            self.set_source_info(again)
            return [again]
        chapter = self.env.docname.rpartition("/")[2]
        if name.partition("/")[0] != chapter or list(self.content).count(BETWEEN) != 1:
            raise self.error(f"a card is named {chapter}/..., and holds a question, a line {BETWEEN}, and an answer.")
        found = card(name=name, classes=["worked-example"])  # its numbers are worked out, not measured
        self.set_source_info(found)
        split = list(self.content).index(BETWEEN)
        parts = ((card_question(), 0, self.content[:split]), (nodes.container(), split + 1, self.content[split + 1 :]))
        for part, start, lines in parts:
            self.state.nested_parse(StringList(list(lines), source=self.env.docname), self.content_offset + start, part)
            found += part
        cards = self.env.kdlab_cards = getattr(self.env, "kdlab_cards", {})
        if cards.get(name, self.env.docname) != self.env.docname:
            raise self.error(f"names of cards must differ; {name} stands twice.")
        cards[name] = self.env.docname
        return [found]


class Today(SphinxDirective):
    """Put all cards of the book here; those that are due are asked, where there is JavaScript."""

    def run(self) -> list[nodes.Node]:
        """Return their place."""
        return [today()]


class Gather(SphinxPostTransform):
    """Bring the cards of other chapters to where they are asked again, before their references are resolved."""

    default_priority = 5

    def run(self, **_options: Any) -> None:
        """Replace each place by its cards."""
        cards = getattr(self.env, "kdlab_cards", {})
        for place in list(self.document.findall(card_again)):
            if place["name"] not in cards:
                logger.warning("there is no card %s in the book.", place["name"], location=place)
                place.parent.remove(place)
            else:
                place.replace_self(self._copy(place["name"], cards[place["name"]]))
        for place in self.document.findall(today):
            place += [self._copy(name, docname) for name, docname in sorted(cards.items())]

    def _copy(self, name: str, docname: str) -> card:
        found = next(each for each in self.env.get_doctree(docname).findall(card) if each["name"] == name).deepcopy()
        for reference in found.findall(addnodes.pending_xref):
            reference["refdoc"] = self.env.docname  # the link is of this page
        return found


def forget(app: Sphinx, env: BuildEnvironment, docname: str) -> None:
    """Forget the cards of a page that is read again."""
    env.kdlab_cards = {name: page for name, page in getattr(env, "kdlab_cards", {}).items() if page != docname}


def merge(app: Sphinx, env: BuildEnvironment, docnames: set[str], other: BuildEnvironment) -> None:
    """Take over the cards that another process has read."""
    env.kdlab_cards = getattr(env, "kdlab_cards", {}) | getattr(other, "kdlab_cards", {})


def rewrite_gatherers(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Return the pages that show cards of others: they are written again when a card has changed."""
    return [page for page in env.found_docs if page.endswith("/today")]


def visit_card(self: Any, node: card) -> None:
    """Open the card; its question is all that is seen at first."""
    self.body.append(f'<details class="kd-card" data-card="{node["name"]}">')


def depart_card(self: Any, node: card) -> None:
    """Close it."""
    self.body.append("</details>")


def visit_question(self: Any, node: card_question) -> None:
    """Open what is always seen."""
    self.body.append("<summary>")


def depart_question(self: Any, node: card_question) -> None:
    """Close it."""
    self.body.append("</summary>")


def visit_today(self: Any, node: today) -> None:
    """Open the place."""
    self.body.append('<div class="kd-today">')


def depart_today(self: Any, node: today) -> None:
    """Close it."""
    self.body.append("</div>")


def pass_through(self: Any, node: nodes.Element) -> None:
    """Outside HTML a card is its question and its answer."""


def setup(app: Sphinx) -> None:
    """Register the directives and their nodes."""
    app.add_directive("recall", Recall)
    app.add_directive("today", Today)
    plain = dict.fromkeys(("latex", "text", "man", "texinfo"), (pass_through, pass_through))
    app.add_node(card, html=(visit_card, depart_card), **plain)
    app.add_node(card_question, html=(visit_question, depart_question), **plain)
    app.add_node(today, html=(visit_today, depart_today), **plain)
    app.add_post_transform(Gather)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("env-updated", rewrite_gatherers)
