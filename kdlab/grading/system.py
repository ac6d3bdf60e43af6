"""The small read-only system a sandbox stands on: Python, its standard library, NumPy, and what of kdlab is allowed.

It is copied once a run into a folder of its own, so that a sandbox holds nothing else of this machine: no other
package, no exercise, no other student, no setting; and so that it is the same for root, whose files an unprivileged
user cannot reach, and for everybody else.
"""

from __future__ import annotations

import compileall
import fcntl
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from kdlab.practice import shipped

_PREFIX = "kdlab-system-"
_NOT_NEEDED = shutil.ignore_patterns(
    "site-packages",
    "dist-packages",
    "config-*",
    "test",
    "tests",
    "idlelib",
    "tkinter",
    "turtledemo",
    "lib2to3",
    "ensurepip",
    "pydoc_data",
    "f2py",
    "_tkinter*",
    "_curses*",
    "readline*",
    "_sqlite3*",
    "_ssl*",
    "_hashlib*",
    "_*dbm*",
    "_uuid*",
    "nis*",
    "_test*",
    "_ctypes_test*",
    "xxlimited*",
    "*.a",
    "*.opt-[12].pyc",
)


@contextmanager
def system(forbids: Sequence[str] = ()) -> Iterator[Path]:
    """Make the system, give its folder, and remove it at the end.

    Parameters
    ----------
    forbids : sequence of str
        Modules of kdlab that the exercise forbids, such as "kdlab.temperature": nothing they close is copied.

    Yields
    ------
    Path
        The folder that becomes `/`.
    """
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH)
        build(folder, forbids)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def build(folder: Path, forbids: Sequence[str] = ()) -> None:
    """Copy the system into an empty folder."""
    program = Path(os.path.realpath(sys.executable))
    standard, numpy_folder = Path(sysconfig.get_path("stdlib")), Path(np.__file__).parent
    site = folder / "python" / "site"
    copies = {
        standard: folder / "python" / sys.platlibdir / standard.name,
        numpy_folder: site / "numpy",
        numpy_folder.with_name("numpy.libs"): site / "numpy.libs",  # where a wheel keeps its shared libraries
    }
    for source, copy in copies.items():
        if source.is_dir():
            shutil.copytree(source, copy, ignore=_NOT_NEEDED)
    _copy_kdlab(site / "kdlab", forbids)
    (folder / "python" / "bin").mkdir()
    shutil.copy2(program, folder / "python" / "bin" / "python3")
    extensions = [source / path.relative_to(copy) for source, copy in copies.items() for path in copy.rglob("*.so")]
    _copy_shared_libraries(folder, program, extensions, tuple(copies))
    compileall.compile_dir(folder / "python", quiet=2, workers=1)
    for place in ("tmp", "dev/shm"):
        (folder / place).mkdir(parents=True)
    for device in ("null", "zero", "urandom"):
        (folder / "dev" / device).touch()
    _open_to_all(folder)


def _copy_kdlab(target: Path, forbids: Sequence[str]) -> None:
    for name, path in shipped.files("sandbox", forbids).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target / name)


def _copy_shared_libraries(folder: Path, program: Path, extensions: list[Path], copied: tuple[Path, ...]) -> None:
    """Copy what the dynamic linker says it would load, except what has been copied with the packages."""
    trace = {"LD_TRACE_LOADED_OBJECTS": "1", "LD_PRELOAD": ":".join(map(str, extensions))}
    listing = subprocess.run([program], env=trace, capture_output=True, text=True, check=True).stdout
    (folder / "lib").mkdir()
    for name, path in re.findall(r"^\s*(\S+)(?: => (/\S+))? \(0x", listing, re.MULTILINE):
        if path and not any(Path(path).resolve().is_relative_to(each) for each in copied):
            shutil.copy2(path, folder / "lib" / name)
        elif name.startswith("/") and Path(name) not in extensions:  # the linker itself, named by its place
            target = folder / name.lstrip("/")
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(name, target)


def _open_to_all(folder: Path) -> None:
    """Let every user read, and nobody write."""
    for parent, _, files in os.walk(folder):
        os.chmod(parent, 0o755)
        for name in files:
            path = os.path.join(parent, name)
            if not os.path.islink(path):
                os.chmod(path, 0o555 if os.access(path, os.X_OK) else 0o444)


def _remove_abandoned() -> None:
    """Remove the systems of graders that were killed: nobody holds their lock any more."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            is_young = time.time() - _made_at(folder) < 60  # it may not be locked yet
            if folder.lstat().st_uid != os.geteuid() or is_young:
                continue
            lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(folder, ignore_errors=True)
        except OSError:
            pass
        finally:
            os.close(lock)


def _made_at(folder: Path) -> float:
    return folder.lstat().st_ctime
