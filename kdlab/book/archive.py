"""The zip in which kdlab travels to the Python of a page."""

from __future__ import annotations

import hashlib
import io
import zipfile
from pathlib import Path

import kdlab
from kdlab.files import write_bytes

PARTS = ("*.py", "explore/*.py", "practice/__init__.py", "practice/run.py")
LEFT_OUT = ("__main__.py", "cli.py", "files.py")
TIMESTAMP = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say


def pack_kdlab(target: Path) -> str:
    """Write the modules a page needs, mechanisms, widgets and the checker, as a zip that Python can import from.

    Parameters
    ----------
    target : Path
        The zip. It appears whole or not at all.

    Returns
    -------
    str
        Its SHA-256 in hexadecimal: the same for the same sources, with the same zlib.
    """
    package = Path(kdlab.__file__).parent
    modules = sorted(path for part in PARTS for path in package.glob(part))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for path in modules:
            if path.name not in LEFT_OUT:
                entry = zipfile.ZipInfo(path.relative_to(package.parent).as_posix(), TIMESTAMP)
                archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, compresslevel=9)
    write_bytes(target, buffer.getvalue())
    return hashlib.sha256(buffer.getvalue()).hexdigest()
