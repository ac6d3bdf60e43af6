"""The instructor's own folder: the key that makes hidden inputs, and private exercises."""

from __future__ import annotations

import hashlib
import hmac
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kdlab.practice import folder
from kdlab.practice.folder import Exercise

VARIABLE = "KDLAB_INSTRUCTOR"
MIN_KEY_BYTES = 32
SAMPLE_FINGERPRINT = "acd9d284217215685a5db742e6c70e57"  # of instructor.sample/key, which everybody can read


@dataclass(frozen=True)
class Instructor:
    """An instructor's folder, read."""

    key: bytes
    exercises: Path

    def rng(self, exercise: Exercise, student: str, submission: str = "") -> np.random.Generator:
        """Return the generator of one student's constants; or, given the hash of a submission, of what is hidden there.

        So hidden inputs and the order of versions are the same on every regrade, and new for another hand-in.
        """
        words = "/".join([exercise.name, student, *filter(None, [submission])])
        digest = hmac.new(self.key, words.encode(), hashlib.sha256).digest()
        return np.random.default_rng(int.from_bytes(digest, "big"))

    @property
    def fingerprint(self) -> str:
        """Return a text that tells this key from others, and nothing else of it."""
        return hmac.new(self.key, b"kdlab: fingerprint of a key", hashlib.sha256).hexdigest()[:32]

    @property
    def is_sample(self) -> bool:
        """Whether the key is the public one of instructor.sample."""
        return self.fingerprint == SAMPLE_FINGERPRINT

    def __repr__(self) -> str:
        """Return a text without the key."""
        return f"Instructor({str(self.exercises)!r})"


def from_environment() -> Instructor:
    """Return the instructor's folder that the variable KDLAB_INSTRUCTOR names.

    Raises
    ------
    ValueError
        If the variable names none, or as `read` does.
    """
    if not os.environ.get(VARIABLE):
        raise ValueError(f"{VARIABLE} must name the instructor's folder; instructor.sample shows what is in one.")
    return read(Path(os.environ[VARIABLE]))


def read(path: Path) -> Instructor:
    """Return the instructor's folder at `path`.

    Raises
    ------
    ValueError
        If there is no such folder, or its key is missing or shorter than 32 bytes.
    """
    try:
        key = (path / "key").read_bytes().rstrip(b"\r\n")
    except OSError as error:
        raise ValueError(f"{path / 'key'} must be readable: the key from which hidden inputs are made.") from error
    if len(key) < MIN_KEY_BYTES:
        raise ValueError(f"{path / 'key'} must have at least {MIN_KEY_BYTES} bytes; it has {len(key)}.")
    return Instructor(key, path / "exercises")


def find(name: str, roots: list[Path]) -> Exercise:
    """Return the exercise <chapter>/<task> from the first of several folders that has it.

    Raises
    ------
    ValueError
        If none has it, or the name is not of that form.
    """
    check_name(name)
    for root in roots:
        if (root / name / "exercise.md").is_file():
            return folder.read(root / name)
    raise ValueError(f"exercise must be one of those in {', '.join(map(str, roots))}; {name!r} was given.")


def check_name(name: str) -> None:
    """Check that a name is of the form <chapter>/<task>.

    Raises
    ------
    ValueError
        If it is not.
    """
    parts = name.split("/")
    if len(parts) != 2 or not all(part.isidentifier() for part in parts):
        raise ValueError(f"exercise must be <chapter>/<task>; {name!r} was given.")
