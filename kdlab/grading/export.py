"""Points as a table for other programs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any


def to_csv(results: Iterable[dict[str, Any]]) -> str:
    """Return one line a result: what was computed, and beside it what was decided. Where nothing counts, no points.

    The results are those of `decisions.decide`.

    A spreadsheet takes a cell that begins with = + - @ (also in their wide forms), a tab or a line end for a
    formula, and a student can choose a name: such a cell gets an apostrophe before it. So does what begins like this
    after a semicolon or a tab, since that is where another spreadsheet begins a cell.

    Examples
    --------
    >>> result = {"exercise": "a/b", "student": "=1+1", "status": "graded", "points": 2, "max_points": 5}
    >>> decided = {"days_late": 1, "penalty": 0.5, "final": 1.5, "decision": "Late by 1 day."}
    >>> print(to_csv([result | decided]), end="")
    "exercise","student","status","points","max_points","days_late","penalty","final","decision"
    "a/b","'=1+1","graded",2,5,1,0.5,1.5,"Late by 1 day."
    """
    computed = ("exercise", "student", "status", "points", "max_points")
    return table((*computed, "days_late", "penalty", "final", "decision"), results)


def table(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> str:
    """Return rows as CSV, no cell of which a spreadsheet takes for a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writerow(map(_harmless, columns))
    writer.writerows([_harmless(row[column]) for column in columns] for row in rows)
    return text.getvalue()


def _harmless(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    value = re.sub(r"(?:(?<=;)|(?<=\S[\t\r\n]))(?=[\s\"]*[=+\-@＝＋－＠])", "'", value)
    return f"'{value}" if re.match(r"\s*[=+\-@＝＋－＠]|[\t\r\n]", value) else value
