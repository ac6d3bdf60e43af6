"""What the built book carries with it: the front end, its fonts, Python for the page, and kdlab itself."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from kdlab.book.archive import pack_kdlab
from kdlab.book.runtime import RuntimeUnavailable, fetch_runtime, runtime_files
from kdlab.evidence.records import RESULTS
from kdlab.explore import palette

HERE = Path(__file__).parent
PICTURE = ("layout.js", "raster.js", "marks.js", "picture.js")
FRONT = (
    "frame.js",
    "storage.js",
    "migrations.js",
    "diary.js",
    "drafts.js",
    "versions.js",
    "keeping.js",
    *PICTURE,
    "grid.js",
    "worker.js",
    "runtime.js",
    "controls.js",
    "controls/numbers.js",
    "controls/order.js",
    "controls/cells.js",
    "controls/places.js",
    "hold.js",
    "table.js",
    "link.js",
    "pencil.js",
    "predict.js",
    "glide.js",
    "play.js",
    "seeds.js",
    "tour.js",
    "code.js",
    "cells.js",
    "widget.js",
    "parsons.js",
    "exercise.js",
    "measured.js",
    "ledger.js",
    "map.js",
    "search.js",
    "main.js",
)
GROUPS = ("core", "matplotlib")  # the second is loaded only by an exercise that plots
logger = logging.getLogger(__name__)


def script() -> str:
    """Return the front end as one classic script: it also works when the page is opened from disk."""
    parts = [(HERE / "front" / name).read_text(encoding="utf-8") for name in FRONT]
    # comments are for readers of the sources: a sixth of what a page would load
    return re.sub(r"^ *//.*\n", "", "(() => {\n'use strict';\n" + "\n".join(parts) + "\n})();\n", flags=re.MULTILINE)


def style() -> str:
    """Return the front end's style sheet: the colours and what all share first, print last."""
    first_and_last = {"tokens.css": -1, "print.css": 1}
    paths = sorted((HERE / "front").glob("*.css"), key=lambda path: (first_and_last.get(path.name, 0), path.name))
    parts = [palette.style(), *(path.read_text(encoding="utf-8") for path in paths)]
    return re.sub(r"/\*.*?\*/\n?", "", "\n".join(parts), flags=re.DOTALL)


def write(app: Sphinx, error: Exception | None) -> None:
    """Write all assets after the pages: a build in which no page changed must still bring new scripts."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "kdlab"
    target.mkdir(parents=True, exist_ok=True)
    (target / "kdlab.js").write_text(script(), encoding="utf-8")
    (target / "kdlab.css").write_text(style(), encoding="utf-8")
    for name in ("codemirror.js", "LICENSES.txt"):
        shutil.copyfile(HERE / "vendor" / name, target / name)
    shutil.copytree(HERE / "fonts", target / "fonts", ignore=shutil.ignore_patterns("*.py"), dirs_exist_ok=True)
    shutil.copytree(RESULTS, target / "results", dirs_exist_ok=True)
    pack_kdlab(target / "kdlab.zip")
    _copy_runtime(target / "pyodide")


def _copy_runtime(target: Path) -> None:
    try:
        cache = fetch_runtime(GROUPS)
    except RuntimeUnavailable as unavailable:
        # not a warning: warnings stop the build, and the book is whole without Python in the page
        logger.info("The book is built without Python in the page: widgets answer from their grids. %s", unavailable)
        return
    target.mkdir(exist_ok=True)
    for name in runtime_files(GROUPS):
        shutil.copyfile(cache / name, target / name)


def load(app: Sphinx, config: Config) -> None:
    """Load the front end on every page, and tell it which book this is."""
    app.add_js_file("kdlab/kdlab.js", priority=91, loading_method="defer", **{"data-book": config.kdlab_book})
    app.add_css_file("kdlab/kdlab.css", priority=900)
    # what stands in each page is a value of the configuration, by which Sphinx knows when to write the pages anew
    config.kdlab_guard = (HERE / "front" / "guard.js").read_text(encoding="utf-8")


def guard(app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object) -> None:
    """Put what guards the storage before any other script: the theme's own are lost where a browser keeps nothing."""
    context["metatags"] = f"<script>\n{app.config.kdlab_guard}</script>\n{context.get('metatags', '')}"


def setup(app: Sphinx) -> None:
    """Load the front end, and write it last."""
    app.add_config_value("kdlab_book", "kdlab", "html", str)
    app.add_config_value("kdlab_guard", "", "html", str)
    app.connect("config-inited", load)
    app.connect("html-page-context", guard)
    app.connect("build-finished", write)
