"""What is done for a whole course, or for one exercise of it, on top of what is done for one exercise.

Everything lies in the instructor's folder, beside the key:

    course.toml, roster.csv, decisions.toml            see `settings`, `roster`, `kdlab.grading.decisions`
    submissions/<chapter>/<task>/<key>/<file>.ipynb    the key of a student is `roster.Student.key`
    collected/<chapter>/<task>.csv                     when each handed in, as the platform said: see `handed_in`
    course.sqlite                                      the gradebook; its students are keys

In decisions.toml a student is named by the id of the roster, and the late rule is that of course.toml. Who handed in
after the due date is late by the days between, unless decisions.toml says another number.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kdlab.course import handed_in, roster, settings
from kdlab.course.roster import Student
from kdlab.course.settings import Assignment, Settings
from kdlab.files import write_text
from kdlab.grading import decisions, run
from kdlab.grading.decisions import Decisions, LateRule
from kdlab.grading.export import table
from kdlab.grading.feedback import page
from kdlab.grading.gradebook import Order, open_gradebook
from kdlab.grading.reader import is_of_system
from kdlab.practice import bundle, instructor
from kdlab.practice.instructor import Instructor

GRADEBOOK, SUBMISSIONS, DECISIONS = "course.sqlite", "submissions", "decisions.toml"


@dataclass(frozen=True)
class Course:
    """An instructor's folder with a course in it, read. `exercises` is the folder of the book's exercises."""

    folder: Path
    own: Instructor
    settings: Settings
    students: tuple[Student, ...]
    exercises: Path

    @property
    def gradebook(self) -> Path:
        """Return the path of the gradebook, which need not be there yet."""
        return self.folder / GRADEBOOK

    def submissions(self, assignment: Assignment) -> Path:
        """Return the folder of the students' folders for an exercise."""
        return self.folder / SUBMISSIONS / assignment.name

    def chosen(self, exercise: str | None) -> tuple[Assignment, ...]:
        """Return one exercise of the course, or all."""
        return (self.settings.assignment(exercise),) if exercise else self.settings.assignments


def from_environment(exercises: Path) -> Course:
    """Return the course in the folder that KDLAB_INSTRUCTOR names.

    Raises
    ------
    ValueError
        If the folder, course.toml or roster.csv is not as it must be.
    """
    own = instructor.from_environment()
    folder = own.exercises.parent.resolve()
    return Course(
        folder, own, settings.read(folder / settings.FILE), roster.read(folder / roster.FILE), exercises.resolve()
    )


def release(course: Course, out: Path, exercise: str | None = None) -> list[Path]:
    """Write each student's download of each exercise, and an index for the instructor.

    Returns
    -------
    list of Path
        The files written; the last two are the index, as a page and as a table.
    """
    keys = [student.key for student in course.students]
    paths, rows = [], []
    for assignment in course.chosen(exercise):
        found = instructor.find(assignment.name, [course.own.exercises, course.exercises])
        paths += bundle.write(found, out, keys, course.own)
        for student in course.students:
            file = Path("student") / found.name / student.key / f"{found.task}.zip"
            rows.append(_who(student) | {"exercise": found.name, "file": file.as_posix()})
    columns = ("id", "name", "key", "exercise", "file")
    index = out / "index.html", out / "index.csv"
    write_text(index[0], _index(course.settings.title, columns, rows))
    write_text(index[1], table(columns, rows))
    return [*paths, *index]


def grade(
    course: Course, exercise: str | None = None, *, jobs: int, show_progress: bool = False
) -> list[dict[str, Any]]:
    """Grade what was handed in: for the first time, or what is new since.

    Returns
    -------
    list of dict
        For each exercise with submissions, what `kdlab.grading.run.grade` returns.

    Raises
    ------
    ValueError
        As there; or if nothing has been handed in.
    SandboxError
        If the sandbox does not work.
    """
    summaries = []
    for assignment in course.chosen(exercise):
        submissions = course.submissions(assignment)
        if not submissions.is_dir():
            continue
        how = {"jobs": jobs, "show_progress": show_progress}
        if _has_run(course, assignment):
            summaries.append(run.resume(course.gradebook, assignment.name, **how))
        else:
            order = Order(assignment.name, str(course.exercises), str(submissions), trust=False)
            summaries.append(run.grade(course.gradebook, order, **how))
    if not summaries:
        raise ValueError(f"nothing was handed in: there is no {course.folder / SUBMISSIONS}/<chapter>/<task>.")
    return summaries


def feedback(course: Course, out: Path, exercise: str | None = None) -> list[Path]:
    """Write a page for each student of the roster who has a result, and return the paths."""
    students = {student.key: student for student in course.students}
    names = {assignment.name for assignment in course.chosen(exercise)}
    paths = []
    for result in results_of(course):
        student = students.get(result["student"])
        if student and result["exercise"] in names:
            paths.append(out / result["exercise"] / f"{student.key}.html")
            write_text(paths[-1], page(result | {"student": student.shown}))
    return paths


def export(course: Course, out: Path, now: datetime, exercise: str | None = None) -> list[Path]:
    """Write marks.csv, a line for each student and exercise, and totals.csv, a line for each student.

    Parameters
    ----------
    course : Course
    out : Path
        The folder to write to.
    now : datetime
        With a zone: what is missing counts as zero from the due date on, if course.toml says so.
    exercise : str, optional
        One exercise; else all, and with them the totals.

    Notes
    -----
    A total is the mean of the shares of points earned, each by its weight, in percent; it and the points that count in
    the course are rounded to two places. Exempt exercises are left out of it. Where an exercise is open, that is,
    neither marked nor decided, there is no total, and the line names it.
    """
    rows = marks(course, now, exercise)
    columns = ("id", "name", "key", "exercise", "status", "points", "max_points")
    columns += ("days_late", "penalty", "final", "counts", "decision")
    paths = [out / "marks.csv"]
    write_text(paths[0], table(columns, rows))
    if exercise is None:
        names = [assignment.name for assignment in course.settings.assignments]
        paths.append(out / "totals.csv")
        write_text(paths[1], table(("id", "name", "key", *names, "percent", "open"), totals(course, rows)))
    return paths


def marks(course: Course, now: datetime, exercise: str | None = None) -> list[dict[str, Any]]:
    """Return what counts for each student of the roster in each exercise, in the order of both.

    `final` are the points of the exercise that count, None for none; `counts` the same, of the points of course.toml,
    of which `scale` is how many there are, None where nobody knows yet; `exempt` says whether the exercise is left
    out for this student.
    """
    found = {(result["exercise"], result["student"]): result for result in results_of(course)}
    max_points = {name: result["max_points"] for (name, _), result in found.items() if result["max_points"]}
    exempt = _own_decisions(course, set()).exempt
    return [
        _who(student)
        | _row(course, assignment, found.get((assignment.name, student.key)), max_points.get(assignment.name), now)
        | {"exempt": (assignment.name, student.key) in exempt}
        for assignment in course.chosen(exercise)
        for student in course.students
    ]


def status(course: Course, exercise: str | None = None) -> list[dict[str, Any]]:
    """Return how far each exercise is.

    Returns
    -------
    list of dict
        exercise, due (text or empty), students (on the roster), handed_in (who have a folder), left (who are not graded
        as their files are now), statuses (how many of each), unknown (folders of nobody on the roster), regrade
        (whether one waits to be accepted).
    """
    keys = {student.key for student in course.students}
    rows = []
    for assignment in course.chosen(exercise):
        folder = course.submissions(assignment)
        paths = folder.iterdir() if folder.is_dir() else ()
        there = {path.name for path in paths if path.is_dir() and not is_of_system(path.name)}
        row = {
            "exercise": assignment.name,
            "due": assignment.due.isoformat() if assignment.due else "",
            "students": len(keys),
            "handed_in": len(there & keys),
            "unknown": sorted(there - keys),
        }
        rows.append(row | _graded(course, assignment, there))
    return rows


def _graded(course: Course, assignment: Assignment, there: set[str]) -> dict[str, Any]:
    if not _has_run(course, assignment):
        return {"left": sorted(there), "statuses": {}, "regrade": False}
    with open_gradebook(course.gradebook) as gradebook:
        found = [entry.result["status"] for entry in gradebook.marks_of(assignment.name).values()]
        waits = not gradebook.last_run(assignment.name).accepted
    left = run.left_to_grade(course.gradebook, assignment.name) if there else []
    return {"left": left, "statuses": {each: found.count(each) for each in sorted(set(found))}, "regrade": waits}


def _has_run(course: Course, assignment: Assignment) -> bool:
    """Say whether an exercise was graded before. If so, the gradebook knows from now on where all of it lies."""
    if not course.gradebook.is_file():
        return False
    with open_gradebook(course.gradebook) as gradebook:
        last = gradebook.last_run(assignment.name)
        if last:
            # the default is a folder beside the one in which the command is given, where there may be none
            exercises = str(course.exercises) if course.exercises.is_dir() else last.order.exercises
            place = exercises, str(course.submissions(assignment))
            if place != (last.order.exercises, last.order.submissions):
                gradebook.move(assignment.name, *place)
        return last is not None


def results_of(course: Course) -> list[dict[str, Any]]:
    """Return all results in the gradebook, with what was decided beside them."""
    with open_gradebook(course.gradebook) as gradebook:
        results = list(gradebook.results())
    marked = {(result["exercise"], result["student"]) for result in results}
    return decisions.decide(results, _own_decisions(course, marked))


def _own_decisions(course: Course, marked: set[decisions.Key]) -> Decisions:
    """Return the decisions of the course, with keys in place of ids and the rule of course.toml.

    Who is marked and handed in late, by the platform's word, is late by so many days where no other number stands.
    """
    path = course.folder / DECISIONS
    found = decisions.read(path) if path.is_file() else Decisions()
    if found.rule != LateRule():
        raise ValueError(f"{path}: in a course, [late_rule] stands in {settings.FILE}.")
    keys = {student.id: student.key for student in course.students}

    def by_key(entries: dict[decisions.Key, Any]) -> dict[decisions.Key, Any]:
        unknown = sorted({student for _, student in entries} - keys.keys())
        if unknown:
            raise ValueError(f"{path}: {unknown[0]!r} is not an id of {roster.FILE}.")
        return {(exercise, keys[student]): value for (exercise, student), value in entries.items()}

    return replace(
        found,
        rule=course.settings.late_rule,
        late={key: days for key, days in _days_late(course).items() if key in marked} | by_key(found.late),
        overrides=by_key(found.overrides),
        exempt=by_key(found.exempt),
    )


def _days_late(course: Course) -> dict[decisions.Key, int]:
    days = {}
    for assignment in course.settings.assignments:
        if assignment.due:
            for key, at in handed_in.read(course.folder, assignment.name).items():
                if at and at > assignment.due:
                    days[assignment.name, key] = handed_in.days_late(at, assignment.due)
    return days


def _who(student: Student) -> dict[str, str]:
    return {"id": student.id, "name": student.name, "key": student.key}


def _row(
    course: Course, assignment: Assignment, result: dict[str, Any] | None, max_points: float | None, now: datetime
) -> dict[str, Any]:
    columns = ("status", "points", "max_points", "days_late", "penalty", "final", "decision")
    nothing = ("nothing_handed_in", None, max_points, 0, 0, None, "")
    row = {key: result[key] for key in columns} if result else dict(zip(columns, nothing, strict=True))
    is_due = assignment.due is not None and now >= assignment.due
    is_missing = row["status"] == "nothing_handed_in" and row["final"] is None and not row["decision"]
    if is_missing and is_due and course.settings.missing_is_zero:
        row |= {"final": 0, "decision": "Nothing was handed in by the due date."}
    scale = assignment.points or row["max_points"]
    counts = row["final"] and round(_share(row) * scale, 2)
    return {"exercise": assignment.name, **row, "counts": counts, "scale": scale}


def _share(row: dict[str, Any]) -> float:
    return row["final"] / row["max_points"] if row["final"] else 0.0  # an exercise without results has no max_points


def totals(course: Course, rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Yield a line for each student: id, name, key, what counts in each exercise, percent, and open (see `export`)."""
    by_student: dict[str, list[dict[str, Any]]] = {student.key: [] for student in course.students}
    for row in rows:
        by_student[row["key"]].append(row)
    for student in course.students:
        own = by_student[student.key]
        counting = [row for row in own if not row["exempt"]]
        missing = [row["exercise"] for row in counting if row["final"] is None]
        weights = [course.settings.assignment(row["exercise"]).weight for row in counting]
        percent = None
        if counting and not missing and sum(weights):
            earned = sum(weight * _share(row) for weight, row in zip(weights, counting, strict=True))
            percent = round(100 * earned / sum(weights), 2)
        yield (
            _who(student)
            | {row["exercise"]: row["counts"] for row in own}
            | {
                "percent": percent,
                "open": ", ".join(missing),
            }
        )


def _index(title: str, columns: Sequence[str], rows: list[dict[str, str]]) -> str:
    def cell(row: dict[str, str], column: str) -> str:
        text = html.escape(row[column])
        return f'<td><a href="{text}">{text}</a></td>' if column == "file" else f"<td>{text}</td>"

    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    body = "\n".join(f"<tr>{''.join(cell(row, column) for column in columns)}</tr>" for row in rows)
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n'
        "<style>:root { color-scheme: light dark; } body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem; }\n"
        "td, th { padding: .2rem .8rem .2rem 0; text-align: left; }</style>\n</head>\n<body>\n<main>\n"
        f"<h1>{html.escape(title)}</h1>\n<p>For the instructor: whose file is which.</p>\n"
        f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</main>\n</body>\n</html>\n"
    )
