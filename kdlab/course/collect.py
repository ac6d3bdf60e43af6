"""Bring what a platform hands over into the students' folders, and write down when it was handed in.

What was in a student's folder before, and is not the same now, is kept in the folder `.earlier` there. Nothing is
unpacked, run or left out: what is no notebook gets a status of its own when it is graded.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from kdlab.course import archives, handed_in, sheets
from kdlab.course.archives import Entry, HandIn
from kdlab.course.course import Course
from kdlab.course.matching import Matcher, Unmatched
from kdlab.course.roster import Student
from kdlab.course.settings import Assignment
from kdlab.files import write_bytes
from kdlab.grading.reader import MAX_FILE_BYTES, MAX_NAME

EARLIER = ".earlier"
MAX_FILES = 100  # of one student
MAX_DEPTH = 5  # of the folders in which a student packed them

Files = dict[Path, tuple[bytes, float]]  # by their place in the student's folder: content and date


def collect(course: Course, source: Path, exercise: str | None = None, sheet: Path | None = None) -> dict[str, Any]:
    """Take in an archive, or a folder, of hand-ins to one exercise.

    Parameters
    ----------
    course : Course
    source : Path
        As `archives` knows them.
    exercise : str, optional
        May be left out where the course has one alone.
    sheet : Path, optional
        The platform's sheet of this exercise, which says whose its numbers are.

    Returns
    -------
    dict
        platform, exercise, then lists of students (ids): new, changed, same, late (by the platform's word alone, which
        does not say how much), missing (who have nothing at all); and unmatched, a name and a reason for each hand-in
        that is nobody's.

    Raises
    ------
    ValueError
        If the source or the sheet is not as it must be.

    Notes
    -----
    Doing it again changes nothing, so one that was killed is simply done again.
    """
    assignment = _only(course, exercise)
    folder = course.submissions(assignment)
    matcher = Matcher(course.students, sheets.numbers(sheet, course.students) if sheet else {})
    with archives.opened(source) as entries:
        found = archives.hand_ins(entries, assignment.name.partition("/")[2])
        own, unmatched = _by_student(found.hand_ins, matcher, course.students)
        unmatched += [{"name": name, "why": f"is not named as {found.platform} names a hand-in"} for name in found.odd]
        came: dict[str, list[str]] = {"new": [], "changed": [], "same": []}
        for student, hand_ins in own.items():
            files = _files(entry for hand_in in hand_ins for entry in hand_in.files)
            came[_put(folder / student.key, files)].append(student.id)
    times = {
        student.key: max((hand_in.at for hand_in in hand_ins if hand_in.at), default=None)
        for student, hand_ins in own.items()
    }
    same = {student.key for student in own if student.id in came["same"]}
    known = {key: at for key, at in times.items() if at or key not in same}  # the same files keep a time that is known
    handed_in.write(course.folder, assignment.name, known)
    return {
        "platform": found.platform,
        "exercise": assignment.name,
        **came,
        "late": [student.id for student, hand_ins in own.items() if any(each.late for each in hand_ins)],
        "missing": [student.id for student in course.students if not (folder / student.key).is_dir()],
        "unmatched": unmatched,
    }


def _only(course: Course, exercise: str | None) -> Assignment:
    chosen = course.chosen(exercise)
    if len(chosen) > 1:
        names = ", ".join(each.name for each in chosen)
        raise ValueError(f"--exercise must say which one was handed in; the course has {names}.")
    return chosen[0]


def _by_student(
    hand_ins: Iterable[HandIn], matcher: Matcher, students: Iterable[Student]
) -> tuple[dict[Student, list[HandIn]], list[dict[str, str]]]:
    own: dict[Student, list[HandIn]] = {}
    unmatched = []
    for hand_in in hand_ins:
        try:
            own.setdefault(matcher.student_of(hand_in), []).append(hand_in)
        except Unmatched as problem:
            unmatched.append({"name": hand_in.source, "why": str(problem)})
    return {student: own[student] for student in students if student in own}, unmatched


def _files(entries: Iterable[Entry]) -> Files:
    files: Files = {}
    for entry in list(entries)[:MAX_FILES]:
        place = Path(*map(_file_name, entry.parts[-MAX_DEPTH:]))
        number = 1
        while place in files:
            number += 1
            place = place.with_stem(f"{Path(_file_name(entry.parts[-1])).stem}-{number}")
        # one byte more than is graded: so a larger one is seen to be too large, whatever it would unpack to
        files[place] = entry.read(MAX_FILE_BYTES + 1), entry.date
    return files


def _file_name(name: str) -> str:
    """Return a part of a path as it may stand in a folder: what cannot be seen, or means something, is replaced."""
    name = "".join(c if c.isprintable() and c not in '/\\:*?"<>|' else "_" for c in name)
    if name.startswith((".", "-")):
        name = f"_{name[1:]}"
    stem, dot, suffix = name.rpartition(".")
    return f"{stem[: MAX_NAME - len(suffix) - 1]}{dot}{suffix}" if dot and len(suffix) < 20 else name[:MAX_NAME]


def _put(folder: Path, files: Files) -> str:
    """Make a folder hold these files, and say whether they are new, changed, or the same."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = (path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir())
    there = {path.relative_to(folder) for path in paths} - {
        path.relative_to(folder) for path in (folder / EARLIER).rglob("*")
    }
    same = {name for name in there & files.keys() if _content(folder / name) == files[name][0]}
    for name in sorted(there - same):
        _keep(folder, name)
    for path in sorted((path for path in folder.rglob("*") if path.is_dir()), reverse=True):
        with suppress(OSError):
            path.rmdir()  # only where it is empty
    for name, (content, date) in files.items():
        if name not in same:
            write_bytes(folder / name, content)
        os.utime(folder / name, (date, date))
    if same == there == files.keys():
        return "same"
    return "changed" if there else "new"


def _content(path: Path) -> bytes | None:
    return None if path.is_symlink() else path.read_bytes()


def _keep(folder: Path, name: Path) -> None:
    content = _content(folder / name)
    if content is None or name.name.startswith("."):  # a link, or what a killed writer left
        (folder / name).unlink()
        return
    kept = folder / EARLIER / f"{hashlib.sha256(content).hexdigest()[:16]}-{name.name}"
    kept.parent.mkdir(exist_ok=True)
    os.replace(folder / name, kept)
