"""The directive `peers`: where kdlab and the libraries of its field disagree, from a TOML file beside the page.

[[peer]]
mechanism = "Calibration"                 # a section of the page
quantity = "What is computed"
kdlab = "What kdlab gives."
peer = "What the other library gives."
right = "Who is right, and why."
shown_by = "tests/test_calibration.py::test_name"   # not on the page: it fails when they agree
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from kdlab.book.entries import entry_of
from kdlab.book.section import section


@dataclass(frozen=True)
class Peer:
    """One disagreement; the fields are those of the file."""

    mechanism: str
    quantity: str
    kdlab: str
    peer: str
    right: str
    shown_by: str


def read_peers(path: Path) -> list[Peer]:
    """Read the file; a ValueError names the entry that is not as it should be."""
    entries = tomllib.loads(path.read_text(encoding="utf-8")).get("peer", [])
    return [entry_of(Peer, entry, f"peer {number}") for number, entry in enumerate(entries, start=1)]


def in_myst(peer: Peer) -> str:
    """Write a disagreement: what it is about, and a line for each side and for who is right."""
    lines = ("kdlab", peer.kdlab), ("The other", peer.peer), ("Right", peer.right)
    return "\n".join([f"**{peer.quantity}**", "", *(f": *{name}:* {text}" for name, text in lines), ""])


class Peers(SphinxDirective):
    """Put the list here."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return a section for each mechanism, or an error that names the entry."""
        _, path = self.env.relfn2path(self.arguments[0])
        self.env.note_dependency(path)
        try:
            peers = read_peers(Path(path))
        except (ValueError, FileNotFoundError) as error:
            return [self.state.document.reporter.error(str(error), line=self.lineno)]
        by_mechanism: dict[str, list[str]] = {}
        for peer in peers:
            by_mechanism.setdefault(peer.mechanism, []).append(in_myst(peer))
        return [section(self, name, "\n".join(texts)) for name, texts in by_mechanism.items()]


def setup(app: Sphinx) -> None:
    """Register the directive."""
    app.add_directive("peers", Peers)
