"""What makes a mark beside the submission: the exercise, the key, and the code that grades."""

from __future__ import annotations

import hashlib
import platform
from pathlib import Path

import numpy as np

import kdlab
from kdlab.practice.folder import Exercise
from kdlab.practice.instructor import Instructor

WORDS = {
    "exercise": "the files of the exercise",
    "key": "the instructor's key",
    "kdlab": "the code of kdlab",
    "python": "the version of Python",
    "numpy": "the version of NumPy",
}


def made_by(exercise: Exercise, own: Instructor) -> dict[str, str]:
    """Return what makes a mark, one text for each key of WORDS. None of them tells a secret."""
    code = digest_of_folder(Path(kdlab.__file__).parent, "*.py")
    return {
        "exercise": digest_of_folder(exercise.folder),
        "key": own.fingerprint,
        "kdlab": f"{kdlab.__version__} {code}",
        "python": platform.python_version(),
        "numpy": np.__version__,
    }


def differences(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Return in words what is not the same in two answers of `made_by`; an empty one stands for what is not known.

    Examples
    --------
    >>> differences({"key": "a", "numpy": "2.0"}, {"key": "b", "numpy": "2.0"})
    ["the instructor's key"]
    >>> differences({}, {"key": "b"})
    ['an older kdlab, which did not write down what made a mark']
    """
    if not old:
        return ["an older kdlab, which did not write down what made a mark"] if new else []
    return [words for key, words in WORDS.items() if old.get(key) != new.get(key)]


def digest_of_folder(folder: Path, pattern: str = "*") -> str:
    """Return the SHA-256 of the names and contents of a folder's files, without hidden ones and compiled Python."""
    total = hashlib.sha256()
    for path in sorted(path for path in folder.rglob(pattern) if path.is_file()):
        name = path.relative_to(folder)
        if "__pycache__" in name.parts or any(part.startswith(".") for part in name.parts):
            continue
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{name.as_posix()}\0{content}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()
