"""What of kdlab is shipped to whom, and what an exercise takes out of it: the one list, as data."""

from __future__ import annotations

import ast
import functools
import importlib.util
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import kdlab

Place = Literal["page", "wheel", "sandbox"]

_LIBRARY = ("*.py", "core/*.py")
# beside the student's code; what judges it goes where students check themselves, and never into the sandbox
_ASKING = (
    "checking/__init__.py",
    "checking/asking.py",
    "checking/sentences.py",
    "checking/values.py",
    "practice/__init__.py",
    "practice/run.py",
)
_DIAGNOSING = ("explaining", "kinds", "mutants", "near", "pairs", "slips")
_JUDGING = (
    "checking/*.py",
    *(f"practice/{name}.py" for name in _DIAGNOSING),
    "practice/public_checks.py",
    "practice/questions.py",
)
_WORKER = ("grading/__init__.py", "grading/channel.py", "grading/drawing.py", "grading/worker.py")
PLACES: dict[Place, tuple[str, ...]] = {
    "page": (*_LIBRARY, *_ASKING, *_JUDGING, "explore/*.py", "evidence/__init__.py", "evidence/intervals.py"),
    "wheel": (*_LIBRARY, *_ASKING, *_JUDGING),
    "sandbox": (*_LIBRARY, *_ASKING, *_WORKER),
}
# what of this needs more than NumPy, or is for the trusted side and the build alone
_NOWHERE = {"cli.py", "files.py"} | {
    f"explore/{name}.py" for name in ("draw", "draw_marks", "frames", "grid", "layout", "notebook", "notebook_run")
}

_ROOT = Path(kdlab.__file__).parent


def files(place: Place, forbids: Iterable[str] = ()) -> dict[str, Path]:
    """Return the files that a place gets: each name below kdlab/ with its path, sorted.

    Parameters
    ----------
    place : str
        page, wheel (the student's download) or sandbox (the grader's worker).
    forbids : iterable of str
        What an exercise forbids: none of what that closes is there.

    Examples
    --------
    >>> "core/temperature.py" in files("sandbox"), "core/temperature.py" in files("sandbox", ["kdlab.temperature"])
    (True, False)
    """
    absent = closed(forbids)
    return {name: path for name, path in _all_files(place).items() if _module(name) not in absent}


def closed(forbids: Iterable[str]) -> tuple[str, ...]:
    """Return every module that an exercise closes: those it forbids, their cores, and whatever imports one of these.

    An importer leads to the answer: its namespace holds the functions, or its own functions rest on them. So all that
    stays can still be imported.

    Raises
    ------
    ValueError
        If a student is shipped no such module.

    Examples
    --------
    >>> {"kdlab.core.temperature", "kdlab.explore.temperature"} <= {*closed(["kdlab.temperature"])}
    True
    """
    imports = _imports()
    forbidden = set(forbids)
    if unknown := forbidden - imports.keys():
        raise ValueError(f"forbids holds modules of kdlab; there is no {', '.join(sorted(unknown))}.")
    absent = forbidden | {name.replace("kdlab.", "kdlab.core.", 1) for name in forbidden} & imports.keys()
    while importers := {name for name, imported in imports.items() if imported & absent} - absent:
        absent |= importers
    return tuple(sorted(absent))


def _all_files(place: Place) -> dict[str, Path]:
    paths = {path.relative_to(_ROOT).as_posix(): path for pattern in PLACES[place] for path in _ROOT.glob(pattern)}
    return {name: paths[name] for name in sorted(paths.keys() - _NOWHERE)}


def _module(name: str) -> str:
    return f"kdlab.{name.removesuffix('.py').replace('/', '.')}".removesuffix(".__init__")


@functools.cache
def _imports() -> dict[str, set[str]]:
    """Return what each module that is shipped anywhere imports, at its top or later."""
    return {_module(name): _imported(name, path) for place in PLACES for name, path in _all_files(place).items()}


def _imported(name: str, path: Path) -> set[str]:
    package = _module(str(Path(name).with_name("__init__.py")))
    found = {package}
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            source = importlib.util.resolve_name("." * node.level + (node.module or ""), package)
            found |= {source, *(f"{source}.{alias.name}" for alias in node.names)}
    # importing a.b.c imports a and a.b
    return {".".join(parts[:n]) for parts in (each.split(".") for each in found) for n in range(1, len(parts) + 1)}
