"""A new exercise: a small sound one, to be filled in."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
MARK = "FILL IN:"


def write(exercises: Path, name: str, rung: str) -> list[str]:
    """Write a folder that passes `kdlab exercise check`, and say where there is something to fill in.

    Parameters
    ----------
    exercises : Path
        The folder of the book's exercises, or of your own.
    name : str
        <chapter>/<task>, in lower case: letters, digits and underscores.
    rung : str
        One of those that have a template.

    Returns
    -------
    list of str
        File, line and what to write there.

    Raises
    ------
    ValueError
        If the name is no such name or taken, or the rung has no template.
    """
    rungs = sorted(path.name for path in TEMPLATES.iterdir())
    if rung not in rungs:
        raise ValueError(f"rung must be one of {', '.join(rungs)}: others are written from these; {rung!r} was given.")
    if not re.fullmatch(r"[a-z]\w*/[a-z]\w*", name, re.ASCII):
        raise ValueError(
            f"name must be <chapter>/<task> in lower case, such as temperature/softmax; {name!r} was given."
        )
    target = Path(exercises) / name
    if target.exists():
        raise ValueError(f"name must be that of a new exercise; {target} is there already.")
    shutil.copytree(TEMPLATES / rung, target, ignore=shutil.ignore_patterns("__pycache__"))
    return [
        f"{path}:{number}:{line.partition(MARK)[2].rstrip(' ->')}"
        for path in sorted(
            target.rglob("*.*"), key=lambda path: (path.parent != target, path.name != "exercise.md", path)
        )
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if MARK in line
    ]
