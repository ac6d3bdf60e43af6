"""What the built book carries with it: the front end, its fonts, Python for the page, and kdlab itself."""

from __future__ import annotations

import functools
import hashlib
import json
import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from kdlab.book.archive import packed
from kdlab.book.runtime import LOCK, RuntimeUnavailable, fetch_runtime, runtime_files
from kdlab.evidence.records import RESULTS
from kdlab.explore import palette
from kdlab.files import write_bytes

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
    "leitner.js",
    "cards.js",
    "progress.js",
    "glossary.js",
    "stops.js",
    "copy.js",
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
    "drawn.js",
    "exercise.js",
    "measured.js",
    "ledger.js",
    "map.js",
    "search.js",
    "main.js",
)
FIRST = ("guard.js", "mode.js")  # before anything is painted
GROUPS = ("core", "matplotlib")  # the second is loaded only by an exercise that plots
HASH_DIGITS = 10
logger = logging.getLogger(__name__)


def script(names: Sequence[str] = FRONT) -> str:
    """Return the front end as one classic script: it also works when the page is opened from disk."""
    parts = [(HERE / "front" / name).read_text(encoding="utf-8") for name in names]
    # comments are for readers of the sources: a sixth of what a page would load
    return re.sub(r"^ *//.*\n", "", "(() => {\n'use strict';\n" + "\n".join(parts) + "\n})();\n", flags=re.MULTILINE)


def style() -> str:
    """Return the front end's style sheet: the colours and what all share first, print last."""
    first_and_last = {"tokens.css": -1, "print.css": 1}
    paths = sorted((HERE / "front").glob("*.css"), key=lambda path: (first_and_last.get(path.name, 0), path.name))
    parts = [palette.style(), *(path.read_text(encoding="utf-8") for path in paths)]
    bare = re.sub(r"/\*.*?\*/\n?", "", "\n".join(parts), flags=re.DOTALL)
    return re.sub(r"(?<=url\(\")fonts/[\w.-]+", lambda name: versioned(name[0], HERE / name[0]), bare)


def hashed(name: str, data: bytes) -> str:
    """Return a name that no other content has, so that a browser or a host that keeps old files never mixes releases.

    Examples
    --------
    >>> hashed("kdlab.js", b"let x = 1;")
    'kdlab.aad7378dfe.js'
    """
    stem, dot, ending = name.partition(".")
    return f"{stem}.{hashlib.sha256(data).hexdigest()[:HASH_DIGITS]}{dot}{ending}"


def versioned(address: str, file: Path) -> str:
    """Return the address of a file that keeps its plain name, with the hash of its content behind it."""
    return f"{address}?{hashlib.sha256(file.read_bytes()).hexdigest()[:HASH_DIGITS]}"


def record(name: str) -> str:
    """Return where the record of an experiment is, below _static/kdlab/."""
    return versioned(f"results/{name}.json", RESULTS / f"{name}.json")


def forget_others(kept: Path) -> None:
    """Remove what an older build has left beside a file or folder of a hashed name."""
    stem, _, *ending = kept.name.split(".")
    for path in kept.parent.glob(".".join([stem, "[0-9a-f]" * HASH_DIGITS, *ending])):
        if path != kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def release() -> dict[str, bytes]:
    """Return the files that a page asks for by a hashed name, under their plain ones."""
    editor = (HERE / "vendor" / "codemirror.js").read_bytes()
    return {
        "first.js": script(FIRST).encode(),
        "kdlab.js": script().encode(),
        "kdlab.css": style().encode(),
        "kdlab.zip": packed(),
        "codemirror.js": editor,
    }


def load(app: Sphinx, config: Config) -> None:
    """Load the front end on every page, and tell it which book this is and where its parts are."""
    files = release()
    names = {name: hashed(name, data) for name, data in files.items()}
    python = hashed("pyodide", json.dumps(LOCK).encode())
    sizes = [entry["size"] for name, entry in LOCK["groups"]["core"].items() if not name.endswith("js")]
    told = {
        "data-book": config.kdlab_book,
        "data-archive": names["kdlab.zip"],
        "data-editor": names["codemirror.js"],
        "data-python": f"{python}/",
        "data-bytes": str(sum(sizes) + len(files["kdlab.zip"])),
    }
    app.add_js_file(f"kdlab/{names['first.js']}", priority=90)
    app.add_js_file(f"kdlab/{names['kdlab.js']}", priority=91, loading_method="defer", **told)
    app.add_css_file(f"kdlab/{names['kdlab.css']}", priority=900)
    # what stands in each page is a value of the configuration, by which Sphinx knows when to write the pages anew
    config.kdlab_in_each_page = {**told, **names}
    app.connect("build-finished", functools.partial(write, {names[name]: data for name, data in files.items()}, python))


def write(files: dict[str, bytes], python: str, app: Sphinx, error: Exception | None) -> None:
    """Write all assets after the pages: a build in which no page changed must still bring new scripts."""
    if error or app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "kdlab"
    target.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        write_bytes(target / name, data)
        forget_others(target / name)
    shutil.copyfile(HERE / "vendor" / "LICENSES.txt", target / "LICENSES.txt")
    shutil.copytree(HERE / "fonts", target / "fonts", ignore=shutil.ignore_patterns("*.py"), dirs_exist_ok=True)
    shutil.copytree(RESULTS, target / "results", dirs_exist_ok=True)
    _copy_runtime(target / python)


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
    forget_others(target)


def setup(app: Sphinx) -> None:
    """Load the front end, and write it last."""
    app.add_config_value("kdlab_book", "kdlab", "html", str)
    app.add_config_value("kdlab_in_each_page", {}, "html", dict)
    app.connect("config-inited", load)
