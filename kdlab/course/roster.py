"""The file roster.csv in the instructor's folder: who is in the course.

    id,name,email
    =17,"Núñez, José",jose@example.org
    -3,李雷,li@example.org

`id` is what tells students apart, as the platform writes it: a number keeps its zeros, and nothing is a formula.
`name` and `email` may be left out, and other columns are left alone. Commas, semicolons or tabs, as spreadsheets write
them, in UTF-8. A letter with an accent is one character, however it is written.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kdlab.files import safe_name

FILE = "roster.csv"
MAX_TEXT = 200

_COLUMNS = ("id", "name", "email")
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"  # some scripts write names with them


@dataclass(frozen=True)
class Student:
    """One line of the roster. `key` names the student's folders and files; it is safe on every system."""

    id: str
    name: str = ""
    email: str = ""

    @property
    def key(self) -> str:
        """Return the student's name in folders, files and the gradebook: another one for each id."""
        return safe_name(self.id)

    @property
    def shown(self) -> str:
        """Return the name to show, or the id where there is none."""
        return self.name or self.id


def read(path: Path) -> tuple[Student, ...]:
    """Return the students of a roster, in the order of the file.

    Raises
    ------
    ValueError
        If it is not as it must be; it names the file and the line.
    """
    students: dict[str, Student] = {}
    keys: dict[str, str] = {}
    for line, row in _rows(path):
        student = Student(**row)
        if student.id in students:
            raise ValueError(f"{path}:{line}: the id {student.id!r} stands twice.")
        if student.key in keys:
            both = f"{student.id!r} and {keys[student.key]!r}"
            raise ValueError(f"{path}:{line}: the files of {both} would have one name, {student.key}; change an id.")
        students[student.id] = student
        keys[student.key] = student.id
    if not students:
        raise ValueError(f"{path}: a roster must have at least one student.")
    return tuple(students.values())


def separator_of(text: str) -> str:
    """Return what stands between the cells of a CSV: the comma, semicolon or tab that its first line has most of."""
    return max(",;\t", key=text.partition("\n")[0].count)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ValueError(f"{path}:{line}: the file must be UTF-8; save it as `CSV UTF-8`.") from error
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text), strict=True)
    try:
        columns = [name.strip().lower() for name in next(reader, [])]
        if columns.count("id") != 1 or any(columns.count(name) > 1 for name in _COLUMNS):
            raise ValueError(
                f"{path}:1: there must be one column id, and at most one name and one email; {columns} stand."
            )
        while (cells := next(reader, None)) is not None:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, _row(path, reader.line_num, columns, cells)
    except csv.Error as error:
        raise ValueError(f"{path}:{reader.line_num}: the line is not CSV: {error}.") from error


def _row(path: Path, line: int, columns: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(columns):
        raise ValueError(f"{path}:{line}: the line has {len(cells)} cells, and there are {len(columns)} columns.")
    row = {
        name: unicodedata.normalize("NFC", cell.strip())
        for name, cell in zip(columns, cells, strict=True)
        if name in _COLUMNS
    }
    if "name" in row:
        row["name"] = " ".join(row["name"].split())
    if not row["id"]:
        raise ValueError(f"{path}:{line}: the id is missing.")
    for name, value in row.items():
        allowed = _JOINERS if name == "name" else ""
        odd = next((c for c in value if not c.isprintable() and c not in allowed), None)
        if odd:
            raise ValueError(f"{path}:{line}: the {name} has a character that cannot be seen, U+{ord(odd):04X}.")
        if len(value) > MAX_TEXT:
            raise ValueError(f"{path}:{line}: the {name} has {len(value)} characters; at most {MAX_TEXT} are allowed.")
    return row
