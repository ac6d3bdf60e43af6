"""Points as a table for other programs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from typing import Any


def to_csv(results: Iterable[dict[str, Any]]) -> str:
    """Return one line a result: exercise, student, status, points, max_points. No points where the grader failed.

    A spreadsheet takes a cell that begins with = + - @ (also in their wide forms), a tab or a line end for a
    formula, and a student can choose a name: such a cell gets an apostrophe before it.

    Examples
    --------
    >>> result = {"exercise": "a/b", "student": "=1+1", "status": "graded", "points": 2, "max_points": 5}
    >>> print(to_csv([result]), end="")
    "exercise","student","status","points","max_points"
    "a/b","'=1+1","graded",2,5
    """
    columns = ("exercise", "student", "status", "points", "max_points")
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(columns)
    writer.writerows([_harmless(result[column]) for column in columns] for result in results)
    return table.getvalue()


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and re.match(r"\s*[=+\-@＝＋－＠]|[\t\r\n]", value) else value
