"""A generated course, from the archives of three platforms to their sheets filled in: time, memory, and a recount.

Names are of many scripts, some bring something odd, and what stands in the sheets at the end is compared
with what was handed in, by a count that knows nothing of the grader. A difference is an error.
"""

from __future__ import annotations

import csv
import io
import json
import os
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat

from benchmarks.grading import EXERCISES, KEY
from benchmarks.measure import repeats, table
from kdlab.course import course as courses
from kdlab.course.collect import collect
from kdlab.course.fill import fill
from kdlab.practice import folder, instructor, notebook, page

NAMES = (
    "temperature/softmax",
    "pruning/prune_mask",
    "distillation_loss/loss",
    "feature_matching/closed_form",
    "dark_knowledge/retention",
    "hybrid_objective/balanced",
    "pruning/by_divergence",
    "distillation_loss/how_loud",
)
N_STUDENTS = max(20, repeats(1000))
N_EXERCISES = max(1, repeats(len(NAMES)))
FIRST = (
    "Ada",
    "José",
    "李",
    "Ольга",
    "Zoë",
    "نرگس",
    "श्री",
    "O'Neil",
    "אברהם",
    "Søren",
    "Þór",
    "Ngô",
    "ada",
    "Łukasz",
    "김",
)
LAST = ("Núñez", "雷", "Ладыженская", "Lovelace", "Nguyễn", "d'Arc", "Müller-Lüdenscheidt", "Öztürk", "=SUM", "-Minus")
DUE, LATE, NOW = "2027-02-08T23:59:00+01:00", "2027-02-10 12:00:00.000000000 Z", datetime(2028, 1, 1, tzinfo=UTC)
EARLY, NEWER = (2027, 2, 1, 9, 0, 0), (2027, 2, 2, 9, 0, 0)


@dataclass(frozen=True)
class Student:
    """A student as the platforms know him."""

    number: int

    @property
    def id(self) -> str:
        """Return an id, of which some look like formulas."""
        return f"{('', '=', '-', '@')[self.number % 4]}{self.number:05d}"

    @property
    def name(self) -> str:
        """Return a name that no other student has."""
        each, turn = self.number % len(FIRST), self.number // len(FIRST)
        return f"{FIRST[each]} {LAST[turn % len(LAST)]}{'' if turn < len(LAST) else f' {turn // len(LAST)}'}"


@dataclass(frozen=True)
class Work:
    """An exercise of the course: the notebooks that are handed in, and what each is worth."""

    name: str
    right: bytes
    half: bytes
    points: float
    points_of_half: float


def rows() -> list[dict[str, Any]]:
    """Measure the three commands over all exercises."""
    students = [Student(number) for number in range(N_STUDENTS)]
    with tempfile.TemporaryDirectory() as place, mock.patch.dict(os.environ, {instructor.VARIABLE: place}):
        works = [_work(name) for name in NAMES[:N_EXERCISES]]
        _write_course(Path(place), students, works)
        course = courses.from_environment(EXERCISES)
        inputs = []
        for number, work in enumerate(works):
            platform = (_canvas, _moodle, _gradescope)[number % 3]
            inputs.append((work, *platform(Path(place) / "in" / str(number), students, work)))
        collected: list[dict[str, Any]] = []
        found = [
            _measured("collect", lambda: [collected.append(_taken(course, *each)) for each in inputs]),
            _measured("grade", lambda: courses.grade(course, jobs=os.cpu_count() or 1)),
            _measured("export --fill", lambda: [_filled(course, Path(place), *each) for each in inputs]),
        ]
        if any(each["unmatched"] for each in collected):
            raise AssertionError(f"nobody's: {[each['unmatched'][:3] for each in collected]}")
        cells = sum(_recounted(Path(place), students, *each) for each in inputs)
    size = {"students": N_STUDENTS, "exercises": len(works), "cells recounted": cells}
    return [row | size for row in found]


def kind(student: Student, name: str) -> str:
    """Return what a student does with an exercise."""
    kinds = ("missing", "archive", "half", "late", "double", "right", "right", "right", "right", "right")
    return kinds[(student.number + len(name)) % 10]


def _work(name: str) -> Work:
    paper = page.public_paper(folder.read(EXERCISES / name))
    made = notebook.student_notebook(paper)
    questions = {question.function: question.points for question in paper.questions}
    first = paper.exercise.solutions[0]
    written = {}
    for label, left_out in (("right", None), ("half", first.function)):
        for cell in made.cells:
            of = next((each for each in paper.exercise.solutions if _is_of(cell, each.function)), None)
            if of:
                cell.source = (
                    of.reference if of.function != left_out else f"def {of.function}(*a, **k):\n    raise OSError"
                )
        written[label] = nbformat.writes(made).encode()
    points = sum(questions.values())
    return Work(name, written["right"], written["half"], points, points - questions[first.function])


def _is_of(cell: Any, function: str) -> bool:
    ours = cell.metadata.get("kdlab", {})
    return ours.get("role") == "solution" and ours.get("function") == function


def _write_course(place: Path, students: list[Student], works: list[Work]) -> None:
    (place / "key").write_bytes(KEY)
    head = 'title = "A thousand"\nmissing_is_zero = true\n[late_rule]\npercent_per_day = 10\n'
    each = [f'[[exercise]]\nname = "{work.name}"\ndue = {DUE}\ncolumn = "{work.name}"\n' for work in works]
    (place / "course.toml").write_text(head + "".join(each))
    with (place / "roster.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([("id", "name", "email"), *((s.id, s.name, _address(s)) for s in students)])


def _address(student: Student) -> str:
    return f"s{student.number}@example.org"


def _files(student: Student, work: Work) -> Iterator[tuple[str, bytes, tuple[int, ...]]]:
    """Yield the files that a student hands in: name, content and date."""
    does = kind(student, work.name)
    if does == "archive":
        yield "all of it.zip", b"PK", EARLY
    elif does == "double":
        yield "first.ipynb", work.half, EARLY
        yield "second.ipynb", work.right, NEWER
    elif does != "missing":
        yield "my work.ipynb", work.half if does == "half" else work.right, EARLY


def _canvas(place: Path, students: list[Student], work: Work) -> tuple[Path, Path]:
    files = []
    for student in students:
        name = "".join(c for c in "".join(student.name.split()[::-1]).lower() if c.isalnum())
        for number, (file, content, date) in enumerate(_files(student, work)):
            files.append((f"{name}_{7000 + student.number}_{student.number}{number}_{file}", content, date))
    header = ["Student", "ID", "SIS User ID", "Section", f"{work.name} (77)"]
    lines = [["    Points Possible", "", "", "", f"{work.points:g}"]]
    lines += [[s.name, str(7000 + s.number), s.id, "One, and two", ""] for s in students]
    return _packed(place, files), _sheet(place, [header, *lines])


def _moodle(place: Path, students: list[Student], work: Work) -> tuple[Path, Path]:
    files = [
        (f"{student.name}_{4000 + student.number}_assignsubmission_file_/{file}", content, date)
        for student in students
        for file, content, date in _files(student, work)
    ]
    header = ["Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Feedback comments"]
    lines = [
        [f"Participant {4000 + s.number}", s.name, _address(s), "", f"{work.points:.2f}", "before"] for s in students
    ]
    return _packed(place, files), _sheet(place, [header, *lines])


def _gradescope(place: Path, students: list[Student], work: Work) -> tuple[Path, Path]:
    files, about = [], []
    for student in students:
        at = LATE if kind(student, work.name) == "late" else "2027-02-07 12:00:00 Z"
        who = json.dumps({":name": student.name, ":sid": student.id, ":email": _address(student)})
        about.append(f"submission_{student.number}:\n  :submitters: [{who}]\n  :created_at: {at}\n")
        for file, content, date in _files(student, work):
            files.append((f"assignment_1_export/submission_{student.number}/{file}", content, date))
    files.append(("assignment_1_export/submission_metadata.yml", "".join(about).encode(), EARLY))
    lines = [[s.name, s.id, _address(s), "", f"{work.points:g}"] for s in students]
    return _packed(place, files), _sheet(place, [["Name", "SID", "Email", "Total Score", "Max Points"], *lines])


def _packed(place: Path, files: list[tuple[str, bytes, tuple[int, ...]]]) -> Path:
    place.mkdir(parents=True)
    with zipfile.ZipFile(place / "all.zip", "w") as archive:
        for name, content, date in files:
            archive.writestr(zipfile.ZipInfo(name, date_time=date), content)
    return place / "all.zip"


def _sheet(place: Path, lines: list[list[str]]) -> Path:
    text = io.StringIO()
    csv.writer(text).writerows(lines)
    (place / "sheet.csv").write_bytes(text.getvalue().encode())
    return place / "sheet.csv"


def _taken(course: courses.Course, work: Work, archive: Path, sheet: Path) -> dict[str, Any]:
    has_numbers = sheet.read_text().startswith(("Student", "Identifier"))
    return collect(course, archive, work.name, sheet if has_numbers else None)


def _filled(course: courses.Course, place: Path, work: Work, _: Path, sheet: Path) -> None:
    fill(course, sheet, place / "out" / work.name, NOW, work.name)


def _recounted(place: Path, students: list[Student], work: Work, _: Path, sheet: Path) -> int:
    """Compare a filled sheet with what was handed in; return how many cells are as they should be."""
    before = list(csv.reader(io.StringIO(sheet.read_bytes().decode(), newline="")))
    after = list(csv.reader(io.StringIO((place / "out" / work.name / "sheet.csv").read_bytes().decode(), newline="")))
    if (len(before), before[0]) != (len(after), after[0]):
        raise AssertionError(f"{work.name}: the sheet has other rows or columns")
    column = next(i for i, name in enumerate(before[0]) if name in ("Grade", "Total Score", f"{work.name} (77)"))
    ours = {column, before[0].index("Feedback comments")} if "Feedback comments" in before[0] else {column}
    knows_times = before[0][0] == "Name"
    rows_of = [row for row in zip(before, after, strict=True) if row[0][0].strip() != "Points Possible"][1:]
    for student, (old, new) in zip(students, rows_of, strict=True):
        does = kind(student, work.name)
        worth = work.points_of_half if does == "half" else work.points
        worth *= 0.8 if does == "late" and knows_times else 1  # two days after the date
        wanted = {"missing": "0", "archive": ""}.get(does, f"{worth:.2f}".rstrip("0").rstrip("."))
        if new[column] != wanted:
            raise AssertionError(f"{work.name}: {student.id} ({does}) has {new[column]!r} instead of {wanted!r}")
        if [cell for i, cell in enumerate(old) if i not in ours] != [c for i, c in enumerate(new) if i not in ours]:
            raise AssertionError(f"{work.name}: the row of {student.id} has changed elsewhere")
    return len(students)


def _measured(verb: str, work: Callable[[], Any]) -> dict[str, Any]:
    begin = time.perf_counter()
    work()
    minutes = (time.perf_counter() - begin) / 60
    own, child = (resource.getrusage(who).ru_maxrss / 1e3 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"command": verb, "minutes": minutes, "peak MB so far": own, "largest process MB": child}


if __name__ == "__main__":
    print(table(rows()))
