"""Fill in a platform's own sheet: `kdlab course export --fill SHEET.csv`.

The column of an exercise is the one that its `column` in course.toml names; in the sheet of one exercise it is Grade
(Moodle) or Total Score (Gradescope). Where the sheet says how many points there are, they must be those of the course.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

from kdlab.course import sheets
from kdlab.course.course import Course, marks, results_of, totals
from kdlab.course.sheets import Sheet
from kdlab.files import write_bytes
from kdlab.grading.feedback import comment

GRADES = ("Grade", "Total Score")
MAXIMA = ("Maximum Grade", "Max Points")
COMMENTS = "Feedback comments"
POSSIBLE = "Points Possible"  # begins the row in which Canvas has the points of each column
EXCUSED = "EX"  # what Canvas takes for an exemption


def fill(course: Course, path: Path, out: Path, now: datetime, exercise: str | None = None) -> dict[str, Any]:
    """Write a copy of a platform's sheet with what counts filled in.

    Parameters
    ----------
    course : Course
    path : Path
        The sheet, as the platform gave it; it stays as it is.
    out : Path
        The folder for the copy, which has the same name.
    now : datetime
        As in `course.export`.
    exercise : str, optional
        One exercise; else all that have a column in course.toml, and the total.

    Returns
    -------
    dict
        file, key (the column by which students were found), columns (that were filled in), filled (how many cells),
        open (students without a mark yet, whose cells stay as they are), unknown (rows of nobody on the roster),
        missing (students without a row).

    Raises
    ------
    ValueError
        If the sheet has no such column, or other points; nothing is written then.
    """
    sheet = sheets.read(path, course.students)
    rows = marks(course, now, exercise)
    columns = _columns(course, sheet, exercise)
    possible = _points_row(sheet)
    comma = _has_decimal_commas(sheet, possible)
    row_of = {student.key: row for row, student in sheet.rows.items()}
    values: dict[tuple[int, int], str] = {}
    waiting = set()
    for mark in rows:
        row, column = row_of.get(mark["key"]), columns.get(mark["exercise"])
        if row is None or column is None:
            continue
        _check_points(sheet, mark, possible, row, column)
        if mark["exempt"] and possible is not None:
            values[row, column] = EXCUSED
        elif mark["counts"] is not None:
            values[row, column] = _number(mark["counts"], comma)
        elif not mark["exempt"]:
            waiting.add(mark["id"])
    values |= _totals(course, sheet, rows, row_of, comma) if exercise is None else {}
    values |= _comments(course, sheet, columns, row_of)
    short = next((row for row, column in values if column >= len(sheet.cells[row])), None)
    if short is not None:
        raise ValueError(f"{path}: row {short + 1} is shorter than the header.")
    target = out / path.name
    if target.resolve() == path.resolve():
        raise ValueError(f"--out must be another folder than that of {path}, which stays as it is.")
    write_bytes(target, sheet.filled(values))
    in_rows = {student.key for student in sheet.rows.values()}
    return {
        "file": str(target),
        "key": sheet.header[sheet.key],
        "columns": [sheet.header[column] for column in sorted({column for _, column in values})],
        "filled": len(values),
        "open": sorted(waiting),
        "unknown": [_shown(sheet, row) for row in range(1, len(sheet.cells)) if row not in {*sheet.rows, possible}],
        "missing": [student.id for student in course.students if student.key not in in_rows],
    }


def _columns(course: Course, sheet: Sheet, exercise: str | None) -> dict[str, int]:
    chosen = course.chosen(exercise)
    columns = {}
    for assignment in chosen:
        named = [*filter(None, [assignment.column]), *(GRADES if len(chosen) == 1 else ())]
        found = [column for column in map(sheet.column, named) if column is not None]
        if found:
            columns[assignment.name] = found[0]
        elif assignment.column and exercise:
            raise ValueError(f"{sheet.path} has no column {assignment.column!r}; it has {', '.join(sheet.header)}.")
    if not columns:
        raise ValueError(
            f"{sheet.path}: course.toml must name a column of it, as `column` of an exercise; it has "
            f"{', '.join(sheet.header)}."
        )
    if len(set(columns.values())) < len(columns):
        raise ValueError(f"{sheet.path}: two exercises of course.toml name one column.")
    return columns


def _points_row(sheet: Sheet) -> int | None:
    return next((row for row in range(1, min(4, len(sheet.cells))) if sheet.value(row, 0).strip() == POSSIBLE), None)


def _check_points(sheet: Sheet, mark: dict[str, Any], possible: int | None, row: int, column: int) -> None:
    """Check that the sheet has as many points for an exercise as the course, where it says how many."""
    places = [(possible, column)] if possible is not None else []
    places += [(row, each) for each in map(sheet.column, MAXIMA) if each is not None]
    for place in places:
        said = sheet.value(*place).strip().replace(",", ".")
        if mark["scale"] and re.fullmatch(r"\d+(\.\d+)?", said) and float(said) != mark["scale"]:
            raise ValueError(
                f"{sheet.path}: {mark['exercise']} has {mark['scale']:g} points in the course and {said} in the sheet; "
                "`points` of the exercise in course.toml makes them the same."
            )


def _totals(
    course: Course, sheet: Sheet, rows: list[dict[str, Any]], row_of: dict[str, int], comma: bool
) -> dict[tuple[int, int], str]:
    name = course.settings.total_column
    if name is None:
        return {}
    column = sheet.column(name)
    if column is None:
        raise ValueError(f"{sheet.path} has no column {name!r}, which course.toml names as total_column.")
    found = ((row_of.get(total["key"]), total["percent"]) for total in totals(course, rows))
    return {(row, column): _number(percent, comma) for row, percent in found if None not in (row, percent)}


def _comments(
    course: Course, sheet: Sheet, columns: dict[str, int], row_of: dict[str, int]
) -> dict[tuple[int, int], str]:
    column = sheet.column(COMMENTS)
    if column is None or len(columns) != 1:
        return {}
    (exercise,) = columns
    found = (result for result in results_of(course) if result["exercise"] == exercise)
    return {(row_of[each["student"]], column): comment(each) for each in found if each["student"] in row_of}


def _has_decimal_commas(sheet: Sheet, possible: int | None) -> bool:
    rows = [possible] if possible is not None else list(sheet.rows)
    columns = range(1, len(sheet.header)) if possible is not None else filter(None, map(sheet.column, MAXIMA))
    return any(re.fullmatch(r"\d+,\d+", sheet.value(row, column)) for column in columns for row in rows)


def _number(value: float, comma: bool) -> str:
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text


def _shown(sheet: Sheet, row: int) -> str:
    values = (cell.value.strip() for cell in sheet.cells[row])
    return next(filter(None, values), f"row {row + 1}")
