"""The file course.toml in the instructor's folder.

title = "Knowledge distillation, spring 2027"

[late_rule]                              # as in decisions.toml
percent_per_day = 10

[[exercise]]
name = "temperature/softmax"
opens = 2027-02-01T09:00:00+01:00
due = 2027-02-08T23:59:00+01:00
points = 10                              # what all of its points count as; else as many as it has
weight = 2                               # its share in the total; else 1
column = "Softmax"                       # what the platform's sheet calls it
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kdlab.grading.decisions import LateRule, read_late_rule
from kdlab.grading.tables import check_entry, check_keys, list_of_tables, read_toml
from kdlab.practice.instructor import check_name

FILE = "course.toml"

_HEAD = {"title": str, "missing_is_zero": bool, "total_column": str}
_REQUIRED = {"name": str}
_OPTIONAL = {"opens": datetime, "due": datetime, "points": float, "weight": float, "column": str}


@dataclass(frozen=True)
class Assignment:
    """One exercise of a course. `points` is None where they are those of the exercise itself.

    `column` is what the platform's sheet calls it.
    """

    name: str
    opens: datetime | None = None
    due: datetime | None = None
    points: float | None = None
    weight: float = 1.0
    column: str | None = None


@dataclass(frozen=True)
class Settings:
    """The file, read."""

    title: str
    missing_is_zero: bool
    assignments: tuple[Assignment, ...]
    late_rule: LateRule
    total_column: str | None = None

    def assignment(self, name: str) -> Assignment:
        """Return an exercise of the course by its name.

        Raises
        ------
        ValueError
            If the course has none of this name.
        """
        for each in self.assignments:
            if each.name == name:
                return each
        names = ", ".join(each.name for each in self.assignments)
        raise ValueError(f"exercise must be one of the course's, {names}; {name!r} was given.")


def read(path: Path) -> Settings:
    """Return the settings that a file holds.

    Raises
    ------
    ValueError
        If it is not as it must be; it names the file and the entry.
    """
    data = read_toml(path)
    check_keys(path, data, {*_HEAD, "late_rule", "exercise"})
    head = {key: value for key, value in data.items() if key in _HEAD}
    check_entry(str(path), head, {"title": str}, _HEAD)
    assignments: list[Assignment] = []
    for place, entry in list_of_tables(path, data, "exercise"):
        check_entry(place, entry, _REQUIRED, _OPTIONAL)
        assignment = Assignment(**entry)
        _check(place, assignment)
        if any(each.name == assignment.name for each in assignments):
            raise ValueError(f"{place}: {assignment.name} stands twice.")
        assignments.append(assignment)
    if not assignments:
        raise ValueError(f"{path}: a course must have at least one [[exercise]].")
    if not any(each.weight for each in assignments):
        raise ValueError(f"{path}: at least one exercise must have a weight above 0.")
    missing_is_zero, total_column = data.get("missing_is_zero", False), data.get("total_column")
    return Settings(data["title"], missing_is_zero, tuple(assignments), read_late_rule(path, data), total_column)


def _check(place: str, assignment: Assignment) -> None:
    try:
        check_name(assignment.name)
    except ValueError as error:
        raise ValueError(f"{place}: {error}") from error
    if assignment.points == 0:
        raise ValueError(f"{place}: points must be above 0; leave it out for those of the exercise itself.")
    if assignment.opens and assignment.due and assignment.opens >= assignment.due:
        raise ValueError(f"{place}: opens must be before due; {assignment.opens} and {assignment.due} were given.")
