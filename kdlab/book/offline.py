"""The built book as one zip, to be read without a network: `python -m kdlab.book.offline _build/html kdlab.zip`."""

from __future__ import annotations

import sys
import zipfile
from pathlib import Path

from kdlab.book.archive import TIMESTAMP

FOLDER = "kdlab-book"  # all of it unpacks into one


def pack_book(built: Path, target: Path) -> None:
    """Write the zip of a built book: the same bytes for the same book, with the same zlib.

    Parameters
    ----------
    built : Path
        The folder of the built book.
    target : Path
        The zip.
    """
    if not (built / "index.html").is_file():
        raise FileNotFoundError(f"built must hold a built book; {built} has no index.html: run `make html` first.")
    with zipfile.ZipFile(target, "w") as archive:
        for path in sorted(path for path in built.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(f"{FOLDER}/{path.relative_to(built).as_posix()}", TIMESTAMP)
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED)


def main() -> None:
    """Write the zip."""
    if len(sys.argv) != 3:
        sys.exit("usage: python -m kdlab.book.offline <folder of the built book> <the zip>")
    try:
        pack_book(Path(sys.argv[1]), Path(sys.argv[2]))
    except FileNotFoundError as error:
        sys.exit(str(error))
    print(sys.argv[2])


if __name__ == "__main__":
    main()
