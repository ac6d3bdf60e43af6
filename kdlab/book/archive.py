"""The zip in which kdlab travels to the Python of a page."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from kdlab.files import write_bytes
from kdlab.practice import shipped

TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say


def packed() -> bytes:
    """Return the modules a page needs, mechanisms, widgets and the checker, as a zip that Python can import from.

    The same bytes for the same sources, with the same zlib.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, path in shipped.files("page").items():
            entry = zipfile.ZipInfo(f"kdlab/{name}", TIMESTAMP)
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    return buffer.getvalue()


def pack_kdlab(target: Path) -> None:
    """Write this zip: it appears whole or not at all."""
    write_bytes(target, packed())
