"""Files that are whole or not there, and names that every system takes."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
import unicodedata
import zipfile
from pathlib import Path

_PLAIN = re.compile(r"[a-z0-9_][a-z0-9._@-]{0,78}[a-z0-9_]|[a-z0-9_]")
_DIGESTED = re.compile(r"-[0-9a-f]{8}$")  # only made here, so that no plain name can be taken for one
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)")  # names of devices in Windows


def write_text(path: Path, text: str) -> None:
    """Write a text as `write_bytes` does, in UTF-8, its line ends as they are."""
    write_bytes(path, text.encode("utf-8"))


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file under another name first, so that a killed writer leaves no half of it. Folders are made."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name[:40]}.")
    try:
        with open(handle, "wb") as file:
            file.write(data)
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def zipped(files: dict[str, bytes]) -> bytes:
    """Return files as a zip: the same bytes for the same files, on every day and machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            archive.writestr(entry, files[name])
    return buffer.getvalue()


def safe_name(name: str) -> str:
    """Return a name for a file or folder that every system takes, another one for every other name.

    A plain name in small letters is its own. Any other is written in plain letters as far as that goes, with a digest
    of it, so that names never meet where a system does not tell large letters from small, or é from e and an accent.

    Examples
    --------
    >>> safe_name("ada.lovelace"), safe_name("Ada")
    ('ada.lovelace', 'ada-99a563ab')
    >>> safe_name("José Núñez"), safe_name("../../etc")
    ('jose-nunez-cd32e4cb', 'etc-74ccf3c5')
    """
    if _PLAIN.fullmatch(name) and not _DIGESTED.search(name) and not _RESERVED.match(name):
        return name
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    plain = re.sub(r"[^a-z0-9]+", "-", letters)[:40].strip("-")
    digest = hashlib.sha256(name.encode("utf-8", "backslashreplace")).hexdigest()[:8]
    return f"{plain or 'name'}-{digest}"
