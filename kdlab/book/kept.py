"""What takes long to work out is kept beside the built book, in files whose names say what it is made of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sphinx.application import Sphinx

from kdlab.files import write_text


def folder_of(app: Sphinx) -> Path:
    """Return where a book keeps what was worked out for it."""
    return Path(app.doctreedir).parent / ".kept"


def kept(file: Path, make: Callable[[], str]) -> str:
    """Return what a file holds, which is made first if it is not there.

    Parameters
    ----------
    file : Path
        Its name must change with everything that what it holds is made of.
    make : callable
        Makes the text.
    """
    if not file.exists():
        write_text(file, make())
    return file.read_text(encoding="utf-8")
