"""When each student handed in, where the platform says it: collected/<chapter>/<task>.csv in the instructor's folder.

`kdlab course collect` writes it, a line for each student: the key, and the time with its zone, or nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from kdlab.files import write_text
from kdlab.grading.export import table

FOLDER = "collected"
DAY = timedelta(days=1)


def write(course: Path, exercise: str, times: Mapping[str, datetime | None]) -> None:
    """Write down when students handed in; those of whom nothing new is known stay as they are."""
    _write(course, exercise, read(course, exercise) | dict(times))


def forget(course: Path, exercise: str, key: str) -> None:
    """Take a student's line out."""
    _write(course, exercise, {each: at for each, at in read(course, exercise).items() if each != key})


def _write(course: Path, exercise: str, times: Mapping[str, datetime | None]) -> None:
    rows = [{"key": key, "handed_in": at.isoformat() if at else ""} for key, at in sorted(times.items())]
    write_text(_path(course, exercise), table(("key", "handed_in"), rows))


def read(course: Path, exercise: str) -> dict[str, datetime | None]:
    """Return what was written down: the time of each student, by key, None where it is not known.

    Raises
    ------
    ValueError
        If a line is not as it must be.
    """
    path = _path(course, exercise)
    if not path.is_file():
        return {}
    times: dict[str, datetime | None] = {}
    with path.open(newline="", encoding="utf-8-sig") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            try:
                at = datetime.fromisoformat(row["handed_in"]) if row["handed_in"] else None
                times[row["key"]] = at
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f"{path}:{line}: there must be a key, and a time with its zone or nothing.") from error
            if at and at.tzinfo is None:
                raise ValueError(f"{path}:{line}: {row['handed_in']} has no zone, such as +01:00.")
    return times


def days_late(at: datetime, due: datetime) -> int:
    """Return the days after the due date, each begun one counted whole.

    Examples
    --------
    >>> due = datetime.fromisoformat("2027-02-08T23:59:00+01:00")
    >>> [days_late(datetime.fromisoformat(at), due) for at in ("2027-02-08T22:59Z", "2027-02-08T23:00Z")]
    [0, 1]
    """
    return max(0, -((due - at) // DAY))


def _path(course: Path, exercise: str) -> Path:
    return course / FOLDER / f"{exercise}.csv"
