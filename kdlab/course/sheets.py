"""A platform's own sheet, as CSV: who stands in which row, and some of its cells filled in, all else byte for byte.

Sheets differ from platform to platform and from language to language. So the column that tells students apart is not
looked for by its name: it is the one in which most students of the roster are found, by their ids or addresses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from kdlab.course.matching import Matcher
from kdlab.course.roster import Student, separator_of

NUMBERS = ("ID", "Identifier")  # the columns in which Canvas and Moodle have the numbers they name files by


@dataclass(frozen=True)
class Cell:
    """A cell: where it begins and ends in the text, and what it says."""

    start: int
    end: int
    value: str


@dataclass(frozen=True)
class Sheet:
    """A sheet, read. `key` is the column that tells students apart, `rows` those of students, by their numbers."""

    path: Path
    text: str
    separator: str
    cells: tuple[tuple[Cell, ...], ...]
    key: int
    rows: dict[int, Student]

    @property
    def header(self) -> list[str]:
        """Return the names of the columns."""
        return [cell.value.strip() for cell in self.cells[0]]

    def column(self, name: str) -> int | None:
        """Return the column of a name; Canvas adds a number in brackets to it."""
        names = self.header
        bare = [re.sub(r" \(\d+\)$", "", each) for each in names]
        for listed in (names, bare):
            if listed.count(name) > 1:
                raise ValueError(f"{self.path}: {listed.count(name)} columns are called {name!r}.")
            if name in listed:
                return listed.index(name)
        return None

    def value(self, row: int, column: int) -> str:
        """Return what a cell says; nothing where the row is too short."""
        return self.cells[row][column].value if column < len(self.cells[row]) else ""

    def filled(self, values: Mapping[tuple[int, int], str]) -> bytes:
        """Return the sheet with other values in some cells, by row and column, and every other byte as it was."""
        pieces, place = [], 0
        for (row, column), value in sorted(values.items()):
            cell = self.cells[row][column]
            was_quoted = self.text[cell.start : cell.end].startswith('"')
            pieces += [self.text[place : cell.start], self._written(value, was_quoted)]
            place = cell.end
        return "".join([*pieces, self.text[place:]]).encode("utf-8", "surrogateescape")

    def _written(self, value: str, quoted: bool) -> str:
        if quoted or any(c in value for c in f'{self.separator}"\r\n'):
            return '"' + value.replace('"', '""') + '"'
        return value


def read(path: Path, students: Iterable[Student]) -> Sheet:
    """Return a sheet in which students of the roster are found.

    Raises
    ------
    ValueError
        If it is no CSV, if none of its columns names a student, or if one stands twice.
    """
    try:
        text = path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}.") from error
    if "\0" in text:
        raise ValueError(f"{path} must be a CSV in UTF-8; save it as `CSV UTF-8`.")
    separator = separator_of(text)
    cells = _cells(path, text, separator)
    matcher = Matcher(students, {})
    found = [_students_in(cells, column, matcher) for column in range(len(cells[0]))]
    key = max(range(len(found)), key=lambda column: (len(set(found[column].values())), -column))
    rows = found[key]
    if not rows:
        raise ValueError(f"{path}: no column holds ids or addresses of the roster.")
    first: dict[Student, int] = {}
    for row, student in rows.items():
        if first.setdefault(student, row) != row:
            raise ValueError(f"{path}: {student.id!r} stands in rows {first[student] + 1} and {row + 1}.")
    return Sheet(path, text, separator, cells, key, rows)


def numbers(path: Path, students: Iterable[Student]) -> dict[str, Student]:
    """Return whose the platform's own numbers are, by its sheet.

    Raises
    ------
    ValueError
        As `read`; or if no column has such numbers.
    """
    sheet = read(path, students)
    column = next((column for column in map(sheet.column, NUMBERS) if column is not None), None)
    if column is None:
        raise ValueError(f"{path}: the platform's numbers must stand in a column {' or '.join(NUMBERS)}.")
    found = {}
    for row, student in sheet.rows.items():
        if match := re.search(r"\d+$", sheet.value(row, column).strip()):  # Moodle writes Participant before it
            found[match[0]] = student
    return found


def _students_in(cells: Sequence[Sequence[Cell]], column: int, matcher: Matcher) -> dict[int, Student]:
    found = {}
    for number, row in enumerate(cells[1:], 1):
        called = matcher.students_called(row[column].value) if column < len(row) else set()
        if len(called) == 1:
            (found[number],) = called
    return found


def _cells(path: Path, text: str, separator: str) -> tuple[tuple[Cell, ...], ...]:
    plain = rf'[^{re.escape(separator)}"\r\n][^{re.escape(separator)}\r\n]*|'
    pattern = re.compile(rf'("[^"]*(?:""[^"]*)*"|{plain})({re.escape(separator)}|\r\n|\n|\r|\Z)')
    place = 1 if text.startswith("\ufeff") else 0
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    while place < len(text) or row:
        match = pattern.match(text, place)
        if match is None:
            raise ValueError(f"{path}:{text.count(chr(10), 0, place) + 1}: the line is not CSV.")
        value = match[1][1:-1].replace('""', '"') if match[1].startswith('"') else match[1]
        row.append(Cell(match.start(1), match.end(1), value))
        place = match.end()
        if match[2] != separator:
            rows.append(tuple(row))
            row = []
    if not rows:
        raise ValueError(f"{path} is empty.")
    return tuple(rows)
