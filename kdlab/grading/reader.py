"""Reads what students hand in. Trusted code on files nobody trusts: it opens, measures and parses, and runs nothing.

Source code is not even parsed here, since a deep enough expression crashes Python's own parser: the sandbox does
that.
"""

from __future__ import annotations

import dataclasses
import errno
import hashlib
import json
import os
import re
import stat
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MAX_FILE_BYTES = 5_000_000
MAX_CELLS = 1_000
MAX_NOTEBOOKS = 20
MAX_NAME = 100

_ARCHIVES = (".zip", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar")
_SYSTEM_FILES = ("__MACOSX", "Thumbs.db", "desktop.ini")


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
        """Say whether a function is defined here, or was to be."""
        return self.function == function or self.writes(function)

    def writes(self, function: str) -> bool:
        """Say whether a definition of a function stands here: of a cell that was split, both halves claim it."""
        is_definition = rf"^(?:async\s+)?def\s+{re.escape(function)}\b|^{re.escape(function)}\s*="
        return re.search(is_definition, self.source, re.MULTILINE) is not None


@dataclass(frozen=True)
class Notebook:
    """The code cells of a notebook, in order, the name of the exercise it says it is for, and notes on how it came.

    `file` is the name of its file.
    """

    cells: tuple[Cell, ...]
    exercise: str | None
    notes: tuple[str, ...] = ()
    file: str = ""


def students(submissions: Path) -> list[str]:
    """Return the names of the students' folders, sorted: every entry but files and what systems add by themselves.

    Raises
    ------
    ValueError
        If there is no such folder, or no student's folder in it, or two would be written down by the same name.
    """
    try:
        entries = list(os.scandir(submissions))
    except OSError as error:
        raise ValueError(f"SUBMISSIONS must be a folder; {submissions}: {error.strerror}.") from error
    # a link is listed, so that it is refused and not overlooked
    names = sorted(e.name for e in entries if not is_of_system(e.name) and not e.is_file(follow_symlinks=False))
    if not names:
        raise ValueError(f"SUBMISSIONS must hold a folder for each student; {submissions} holds none.")
    shown = Counter(map(shown_name, names))
    if len(shown) < len(names):
        raise ValueError(f"SUBMISSIONS must hold one folder for each student; two are {shown.most_common(1)[0][0]!r}.")
    return names


def stray_files(submissions: Path) -> list[str]:
    """Return the files that lie beside the students' folders, where they belong to nobody."""
    return sorted(path.name for path in submissions.iterdir() if path.is_file() and not is_of_system(path.name))


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
        Such as "temperature/softmax". Where several notebooks in the folder are for it, the newest by the file's own
        date is read, and the notes of the notebook name the others.

    Raises
    ------
    Unreadable
        If there is none to grade, with the status and the sentence of the result.
    """
    if "/" in student or student in (".", ".."):
        raise Unreadable("refused", "A student's folder lies beside those of the others.")
    if not student.isprintable() or len(student) > MAX_NAME:
        raise Unreadable("refused", f"A folder's name must be of at most {MAX_NAME} printable characters.")
    try:
        folder = os.open(submissions / student, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    except OSError as error:
        raise Unreadable("refused", f"The student's folder is not a folder of its own: {error.strerror}.") from error
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        names = [e.name for e in entries if e.name.endswith(".ipynb") and not e.name.startswith(".")]
        if not names:
            raise _nothing(entries)
        if len(names) > MAX_NOTEBOOKS:
            raise Unreadable("refused", f"There are more than {MAX_NOTEBOOKS} notebooks in the folder.")
        found, problems = [], {}
        for name in names:
            try:
                data, date = _read_file(folder, name)
                found.append(_Found(name, parse_notebook(data), hashlib.sha256(data).hexdigest(), date))
            except Unreadable as error:
                problems[name] = error
    finally:
        os.close(folder)
    return _choose(found, problems, exercise)


@dataclass(frozen=True)
class _Found:
    """A notebook in a student's folder, with the SHA-256 and the date (in nanoseconds) of its file."""

    name: str
    notebook: Notebook
    digest: str
    date: int


def _choose(found: list[_Found], problems: dict[str, Unreadable], exercise: str) -> tuple[Notebook, str]:
    """Return the notebook to grade, with a note on those beside it that could have been meant."""
    alone = len(found) + len(problems) == 1
    fitting = [each for each in found if each.notebook.exercise == exercise or (alone and not each.notebook.exercise)]
    if not fitting and problems:
        raise next(iter(problems.values()))
    if not fitting:
        named = sorted({each.notebook.exercise or "no exercise" for each in found})
        raise Unreadable("wrong_exercise", f"What was handed in is not for {exercise}, but for {_names(named)}.")
    newest = max(fitting, key=lambda each: each.date)
    others = [each for each in fitting if each.digest != newest.digest]
    if any(each.date == newest.date for each in others):
        names = _names([each.name for each in fitting])
        sentence = (
            f"{len(fitting)} notebooks are for {exercise}, and their dates do not say which is the newest: {names}."
        )
        raise Unreadable("several_notebooks", f"{sentence} Leave one.")
    notes = []
    if others:
        names = _names([each.name for each in others])
        notes.append(f"Of several notebooks, the newest was graded: {_names([newest.name])}. Not graded: {names}.")
    if problems:
        notes.append(f"Beside the notebook that was graded, this could not be read: {_names(list(problems))}.")
    return dataclasses.replace(newest.notebook, notes=tuple(notes), file=_names([newest.name])), newest.digest


def _nothing(entries: list[os.DirEntry[str]]) -> Unreadable:
    """Return what to say where a folder has no notebook."""
    if not entries:
        return Unreadable("nothing_handed_in", "The folder is empty.")
    own = [entry for entry in entries if not is_of_system(entry.name)]
    if not own:
        names = _names([entry.name for entry in entries])
        return Unreadable(
            "system_files_only", f"There is no notebook in the folder, only what a computer adds by itself: {names}."
        )
    folders = [entry.name for entry in own if entry.is_dir(follow_symlinks=False)]
    files = [entry.name for entry in own if entry.name not in folders]
    kinds = (
        ("wrong_suffix", [name for name in files if ".ipynb" in name.lower()], "name it so that it ends in .ipynb"),
        ("archive", [name for name in files if name.lower().endswith(_ARCHIVES)], "unpack it"),
        ("nested_folder", folders, "the notebook must lie in the student's folder itself"),
        ("python_file", [name for name in files if name.lower().endswith(".py")], "a notebook is asked for"),
        ("no_notebook", files, "a notebook is asked for"),
    )
    status, names, mend = next(kind for kind in kinds if kind[1])
    return Unreadable(status, f"There is no notebook in the folder, but {_names(names)}: {mend}.")


def is_of_system(name: str) -> bool:
    """Say whether a file or folder is one that a computer adds by itself."""
    return name.startswith(".") or name in _SYSTEM_FILES


def _names(names: list[str]) -> str:
    """Return names of files in a sentence, a few of them, cut and without what could mislead."""
    shown = [shown_name(name)[:MAX_NAME] for name in names[:3]]
    return ", ".join(shown + [f"and {len(names) - 3} more"] * (len(names) > 3))


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


def _read_file(folder: int, name: str) -> tuple[bytes, int]:
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
    return data, status.st_mtime_ns


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
