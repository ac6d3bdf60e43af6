"""Reads what students hand in. Trusted code on files nobody trusts: it opens, measures and parses, and runs nothing.

Source code is not even parsed here, since a deep enough expression crashes Python's own parser: the sandbox does
that.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 5_000_000
MAX_CELLS = 1_000
MAX_NOTEBOOKS = 20
MAX_NAME = 100


class Unreadable(Exception):
    """A submission that is not graded. `status` is the result's; the message is a sentence for the student."""

    def __init__(self, status: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Cell:
    """A code cell: its place in the notebook from 1, its source, and what its metadata say."""

    number: int
    source: str
    function: str | None
    locked: bool

    def defines(self, function: str) -> bool:
        """Say whether this is the cell to look at where a function is missing."""
        is_definition = rf"^(?:async\s+)?def\s+{re.escape(function)}\b|^{re.escape(function)}\s*="
        return self.function == function or re.search(is_definition, self.source, re.MULTILINE) is not None


@dataclass(frozen=True)
class Notebook:
    """The code cells of a notebook, in order, and the name of the exercise it says it is for."""

    cells: tuple[Cell, ...]
    exercise: str | None


def students(submissions: Path) -> list[str]:
    """Return the names of the students' folders, sorted: every entry but files and hidden folders.

    Raises
    ------
    ValueError
        If there is no such folder, or no student's folder in it.
    """
    try:
        entries = list(os.scandir(submissions))
    except OSError as error:
        raise ValueError(f"SUBMISSIONS must be a folder; {submissions}: {error.strerror}.") from error
    # a link is listed, so that it is refused and not overlooked
    names = sorted(e.name for e in entries if not e.name.startswith(".") and not e.is_file(follow_symlinks=False))
    if not names:
        raise ValueError(f"SUBMISSIONS must hold a folder for each student; {submissions} holds none.")
    return names


def stray_notebooks(submissions: Path) -> list[str]:
    """Return the notebooks that lie beside the students' folders, where they belong to nobody."""
    return sorted(path.name for path in submissions.glob("*.ipynb") if path.is_file())


def shown_name(student: str) -> str:
    r"""Return the name of a student's folder as it is written down: escaped, if a folder should not be called that.

    Examples
    --------
    >>> shown_name("Zoë"), shown_name("a\nb")
    ('Zoë', 'a\\nb')
    """
    return student if student.isprintable() else student.encode("unicode_escape").decode("ascii")


def read_submission(submissions: Path, student: str, exercise: str) -> tuple[Notebook, str]:
    """Return a student's notebook for an exercise, and the SHA-256 of the file.

    Parameters
    ----------
    submissions : Path
        The folder of the students' folders.
    student : str
        The name of one of them.
    exercise : str
        Such as "temperature/softmax". Where several notebooks lie in the folder, the one that names it is read.

    Raises
    ------
    Unreadable
        If there is none to grade, with the status and the sentence of the result.
    """
    if not student.isprintable() or len(student) > MAX_NAME:
        raise Unreadable("refused", f"A folder's name must be of at most {MAX_NAME} printable characters.")
    try:
        folder = os.open(submissions / student, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise Unreadable("refused", f"The student's folder is not a folder of its own: {error.strerror}.") from error
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".ipynb") and not name.startswith("."))
        if not names:
            raise Unreadable("not_attempted", "There is no notebook in the folder.")
        if len(names) > MAX_NOTEBOOKS:
            raise Unreadable("refused", f"There are more than {MAX_NOTEBOOKS} notebooks in the folder.")
        found = []
        problem = None
        for name in names:
            try:
                data = _read_file(folder, name)
                found.append((parse_notebook(data), hashlib.sha256(data).hexdigest()))
            except Unreadable as error:
                problem = error
    finally:
        os.close(folder)
    if len(names) > 1:
        found = [each for each in found if each[0].exercise == exercise]
        if len(found) > 1:
            raise Unreadable("refused", f"{len(found)} notebooks in the folder are for {exercise}; one is allowed.")
    if not found:
        raise problem or Unreadable("not_attempted", f"None of the {len(names)} notebooks is for {exercise}.")
    if found[0][0].exercise not in (None, exercise):
        raise Unreadable("not_attempted", f"The notebook in the folder is not for {exercise}.")
    return found[0]


def parse_notebook(data: bytes) -> Notebook:
    """Return the notebook that a file holds.

    Raises
    ------
    Unreadable
        If it is not a notebook, or too large a one.
    """
    try:
        notebook = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("invalid_notebook", f"The file is not a notebook: it is no JSON ({_short(error)}).") from error
    if not isinstance(notebook, dict):
        raise Unreadable("invalid_notebook", "The file is not a notebook: its JSON is not an object.")
    cells = notebook.get("cells")
    if cells is None and isinstance(notebook.get("worksheets"), list):  # nbformat 3
        sheets = [_dict(sheet).get("cells") for sheet in notebook["worksheets"]]
        cells = [cell for sheet in sheets if isinstance(sheet, list) for cell in sheet]
    if not isinstance(cells, list):
        raise Unreadable("invalid_notebook", "The file is not a notebook: it has no list of cells.")
    if len(cells) > MAX_CELLS:
        raise Unreadable("too_large", f"The notebook has {len(cells)} cells; at most {MAX_CELLS} are graded.")
    code = [_code_cell(number, _dict(cell)) for number, cell in enumerate(cells, 1)]
    exercise = _dict(_dict(notebook.get("metadata")).get("kdlab")).get("exercise")
    return Notebook(tuple(filter(None, code)), exercise if isinstance(exercise, str) else None)


def _read_file(folder: int, name: str) -> bytes:
    try:
        # without O_NONBLOCK, opening a named pipe would wait for its other end
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC, dir_fd=folder)
    except OSError as error:
        sentence = "it is a symbolic link" if error.errno == errno.ELOOP else error.strerror
        raise Unreadable("refused", f"The notebook cannot be opened: {sentence}.") from error
    try:
        status = os.fstat(file)
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable("refused", "The notebook is not a regular file.")
        if status.st_nlink > 1:
            raise Unreadable("refused", "The notebook is a hard link: its file has another name too. Hand in a copy.")
        data = b""
        if status.st_size <= MAX_FILE_BYTES:
            with open(file, "rb", closefd=False) as stream:
                data = stream.read(MAX_FILE_BYTES + 1)  # it may have grown
        if status.st_size > MAX_FILE_BYTES or len(data) > MAX_FILE_BYTES:
            limit = f"at most {MAX_FILE_BYTES // 1_000_000} MB are graded"
            raise Unreadable("too_large", f"The file has {status.st_size / 1e6:.1f} MB; {limit}. Clear its outputs.")
    finally:
        os.close(file)
    return data


def _code_cell(number: int, cell: dict[str, Any]) -> Cell | None:
    if cell.get("cell_type") != "code":
        return None
    source = cell.get("source", cell.get("input", ""))  # nbformat 3 says input
    if isinstance(source, list) and all(isinstance(line, str) for line in source):
        source = "".join(source)
    if not isinstance(source, str):
        raise Unreadable("invalid_notebook", f"The file is not a notebook: cell {number} has no source.")
    metadata = _dict(cell.get("metadata"))
    ours, nbgrader = _dict(metadata.get("kdlab")), _dict(metadata.get("nbgrader"))
    function = ours.get("function") if ours.get("role") == "solution" else None
    locked = ours.get("role") in ("locked", "check") or nbgrader.get("locked") is True
    source = source.encode("utf-8", "replace").decode("utf-8")  # half characters cannot be handed on
    return Cell(number, source, function if isinstance(function, str) else None, locked)


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _short(error: Exception) -> str:
    return "it is nested too deep" if isinstance(error, RecursionError) else str(error)[:100]
