"""What a search finds first, and by which names: chapters before appendices, a formula by the words of its label."""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.transforms import SphinxTransform

from kdlab.book.assets import versioned

SCORER = Path(__file__).parent / "front" / "scorer.js"
LABEL = "eq-"


class NamedFormulas(SphinxTransform):
    """Enter each formula that has a label into the index: `eq-soft-targets` is found by "soft targets"."""

    default_priority = 500

    def apply(self, **_options: object) -> None:
        """Put an entry before each of them."""
        for formula in list(self.document.findall(nodes.math_block)):  # which grows meanwhile
            label = formula.get("label") or ""
            if label.startswith(LABEL):
                name = label.removeprefix(LABEL).replace("-", " ")
                entry = ("single", name, f"equation-{label}", "main", None)
                formula.parent.insert(formula.parent.index(formula), addnodes.index(entries=[entry]))


def adapt(app: Sphinx, config: Config) -> None:
    """Let our scores decide the order of what is found."""
    config.html_search_scorer = str(SCORER)


def version(app: Sphinx, error: Exception | None) -> None:
    """Put the hash of its content behind each script of the search: they keep their names, and the index changes."""
    page = Path(app.outdir) / "search.html"
    if error or app.builder.format != "html" or not page.exists():
        return
    own = re.compile(r'(?<=<script src=")((?:_static/)?\w+\.js)(?:\?\w+)?(?=")')
    html = page.read_text(encoding="utf-8")
    page.write_text(own.sub(lambda found: versioned(found[1], page.parent / found[1]), html), encoding="utf-8")


def setup(app: Sphinx) -> None:
    """Connect it."""
    app.add_transform(NamedFormulas)
    app.connect("config-inited", adapt)
    app.connect("build-finished", version)
