"""Nothing stale in the built book: what a page shows is computed by the kdlab and the results of this moment."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

import kdlab


def fingerprint(results: Path) -> str:
    """Return a hash of all that can change what a page shows: kdlab's Python files and the measured results."""
    digest = hashlib.sha256()
    package = Path(kdlab.__file__).parent
    for path in [*sorted(package.rglob("*.py")), *sorted(results.rglob("*.json"))]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def key_the_cache(app: Sphinx, config: Config) -> None:
    """Execute chapters afresh when kdlab changed: the notebook cache alone sees only the chapter's own cells."""
    here = Path(app.srcdir)
    config.nb_execution_cache_path = str(here / "_build" / ".jupyter_cache" / fingerprint(here / "results"))


def outdated(app: Sphinx, env: BuildEnvironment, added: set, changed: set, removed: set) -> list[str]:
    """Return the chapters to read again because kdlab or the results changed."""
    now = fingerprint(Path(app.srcdir) / "results")
    before, env.kdlab_fingerprint = getattr(env, "kdlab_fingerprint", None), now
    if now == before:
        return []
    return [docname for docname in env.found_docs if "kdlab" in env.metadata.get(docname, {})]


def setup(app: Sphinx) -> None:
    """Connect both."""
    app.connect("config-inited", key_the_cache)
    app.connect("env-get-outdated", outdated)
