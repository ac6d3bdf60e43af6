"""What the theme leaves to mend: its template of the title, the colour mode it starts in, and an icon."""

from __future__ import annotations

from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

HERE = Path(__file__).parent


def adapt(app: Sphinx, config: Config) -> None:
    """Use our templates before the theme's, follow the reader's system in light and dark, and bring an icon."""
    config.templates_path.append(str(HERE / "templates"))
    config.html_context.setdefault("default_mode", "auto")
    config.html_favicon = str(HERE / "favicon.svg")


def setup(app: Sphinx) -> None:
    """Adapt before any page is made."""
    app.connect("config-inited", adapt)
