"""The book's own page in the place of the theme's: templates, an icon, and what is mended in what Sphinx writes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent
# what the book's pages ask for; all else in _static is the theme's and the extensions', some 8 MB that no page loads
KEPT = {"kdlab", "favicon.svg", "documentation_options.js", "doctools.js", "sphinx_highlight.js"}
KEPT |= {"searchtools.js", "language_data.js"}


def adapt(app: Sphinx, config: Config) -> None:
    """Use our templates in the place of the theme's, and bring an icon."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_favicon = str(HERE / "favicon.svg")


def mend(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Make the entries of the bibliography items of their list, and the links of headings no tab stops.

    The entries' own role is deprecated and breaks the list. The links repeat those of the page's list of sections.
    """
    if "body" in context:
        body = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')
        body = body.replace('<a class="headerlink"', '<a class="headerlink" tabindex="-1"')
        # with JavaScript it is drawn anew before it would be seen
        context["body"] = body.replace('class="kd-static"', 'class="kd-static" loading="lazy"')


def drop_the_rest(app: Sphinx, error: Exception | None) -> None:
    """Remove what the theme and the extensions bring and no page loads."""
    if error or app.builder.format != "html":
        return
    for path in (Path(app.outdir) / "_static").iterdir():
        if path.name in KEPT:
            continue
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink()


def setup(app: Sphinx) -> None:
    """Adapt before any page is made, mend each page, and tidy up when all are made."""
    app.connect("config-inited", adapt)
    app.connect("html-page-context", mend)
    app.connect("build-finished", drop_the_rest)
