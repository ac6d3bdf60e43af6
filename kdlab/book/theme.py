"""What the theme leaves to mend: its title, the colour mode it starts in, an icon, its keys, and a role that ended."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent


def adapt(app: Sphinx, config: Config) -> None:
    """Use our templates before the theme's, follow the reader's system in light and dark, and bring an icon."""
    config.templates_path.insert(0, str(HERE / "templates"))
    config.html_context.setdefault("default_mode", "auto")
    config.html_favicon = str(HERE / "favicon.svg")
    # a key of one letter takes it away from whoever types: in an editor, "/" would open the search
    config.html_theme_options.setdefault("enable_search_shortcuts", False)


def mend_roles(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Make the entries of the bibliography items of their list: their own role is deprecated and breaks the list."""
    if "body" in context:
        context["body"] = context["body"].replace('role="doc-biblioentry"', 'role="listitem"')


def setup(app: Sphinx) -> None:
    """Adapt before any page is made, and mend each page."""
    app.connect("config-inited", adapt)
    app.connect("html-page-context", mend_roles)
