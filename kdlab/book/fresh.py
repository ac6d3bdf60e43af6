"""Nothing stale in the built book: what a page shows is computed by the kdlab and the results of this moment."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

import kdlab
from kdlab.evidence.records import RESULTS


def fingerprint() -> str:
    """Return a hash of all that can change what a page shows: kdlab's Python files and the measured results."""
    digest = hashlib.sha256()
    package = Path(kdlab.__file__).parent
    for path in [*sorted(package.rglob("*.py")), *sorted(RESULTS.glob("*.json"))]:
        digest.update(path.relative_to(package.parent).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def key_the_cache(app: Sphinx, config: Config) -> None:
    """Read and execute every chapter afresh when kdlab or the results changed.

    The notebook cache alone sees only the chapter's own cells. Its path is a setting on which every chapter depends,
    so Sphinx too reads all chapters again when it changes.
    """
    config.nb_execution_cache_path = str(Path(app.srcdir) / "_build" / ".jupyter_cache" / fingerprint())


def setup(app: Sphinx) -> None:
    """Connect it."""
    app.connect("config-inited", key_the_cache)
