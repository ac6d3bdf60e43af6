"""The grids of widgets and the kill matrices of exercises, worked out by all processors before the pages are read.

What fails here is left: it fails again where its page is read, and is told there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor, wait
from multiprocessing import get_context
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from kdlab.book import explore, kill_matrix
from kdlab.book.fresh import WIDGET
from kdlab.book.kept import folder_of
from kdlab.evidence.code_hash import source_of
from kdlab.practice import folder

FEW = 4  # for fewer no process is worth its start

Job = tuple[Callable[[str | Path, Path], object], str | Path]


def jobs(texts: Iterable[str], exercises: Path, kept_in: Path) -> list[Job]:
    """Return functions with what they work on, for all that texts of pages need and that is not kept."""
    names = sorted({name for text in texts for name in WIDGET.findall(text)})
    widgets = [name for name in names if source_of(f"kdlab.explore.{name.partition('.')[0]}")]
    paths = folder.find(exercises) if any("{kill-matrix}" in text for text in texts) else []
    return [
        *((explore.packs_of, name) for name in widgets if not explore.kept_packs(name, kept_in).exists()),
        *((kill_matrix.matrix_of, path) for path in paths if not kill_matrix.kept_matrix(path, kept_in).exists()),
    ]


def work_ahead(app: Sphinx, env: BuildEnvironment, pages: Iterable[str]) -> None:
    """Work out what these pages need, if it is more than a little."""
    texts, kept_in = [Path(env.doc2path(page)).read_text(encoding="utf-8") for page in pages], folder_of(app)
    missing = jobs(texts, Path(app.srcdir) / "exercises", kept_in)
    if len(missing) >= FEW:
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
            wait([processes.submit(work, of, kept_in) for work, of in missing])


def setup(app: Sphinx) -> None:
    """Connect it."""
    app.connect("env-before-read-docs", work_ahead)
