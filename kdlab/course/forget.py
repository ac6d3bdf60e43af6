"""Delete what a course stores of one student: the hand-ins, the times of them, and the results.

What kdlab wrote is deleted. What the instructor wrote, roster.csv and decisions.toml, stays as it is, and what to take
out of it is named. Nothing is known of the pages and tables that lie where `--out` put them: write those anew.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from kdlab.course import handed_in, roster
from kdlab.course.course import DECISIONS, SUBMISSIONS, Course
from kdlab.files import safe_name
from kdlab.grading import decisions
from kdlab.grading.gradebook import open_gradebook


def forget(course: Course, student: str, *, delete: bool = False) -> dict[str, Any]:
    """Find what is stored of a student, and delete it if that is asked for.

    Parameters
    ----------
    course : Course
    student : str
        The id, as in roster.csv, whether it still stands there or not.
    delete : bool
        Whether to delete what was found; else nothing is changed.

    Returns
    -------
    dict
        student (the id), key, folders (of hand-ins, in all exercises), times (the files of collected/ that have a
        line), results (how many are in the gradebook), by_hand (in words, what the instructor's own files say of the
        student), deleted (whether it is gone).

    Raises
    ------
    ValueError
        If nothing is stored of such a student, or a file is not as it must be; nothing is deleted then.

    Notes
    -----
    The gradebook comes first, since another program may hold it. Doing it again goes on where it was stopped.
    """
    key = safe_name(student)
    folders = sorted((course.folder / SUBMISSIONS).glob(f"*/*/{key}"))
    exercises = [_exercise_of(path) for path in sorted((course.folder / handed_in.FOLDER).glob("*/*.csv"))]
    times = [exercise for exercise in exercises if key in handed_in.read(course.folder, exercise)]
    by_hand = _by_hand(course, student)
    results = 0
    if course.gradebook.is_file():
        with open_gradebook(course.gradebook) as gradebook:
            results = gradebook.count_of(key)
            if delete:
                gradebook.forget(key)
    if not (folders or times or results or by_hand):
        raise ValueError(f"nothing is stored of {student!r} in {course.folder}.")
    for path in folders if delete else ():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for exercise in times if delete else ():
        handed_in.forget(course.folder, exercise, key)
    return {
        "student": student,
        "key": key,
        "folders": [path.relative_to(course.folder).as_posix() for path in folders],
        "times": [f"{handed_in.FOLDER}/{exercise}.csv" for exercise in times],
        "results": results,
        "by_hand": by_hand,
        "deleted": delete,
    }


def _exercise_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def _by_hand(course: Course, student: str) -> list[str]:
    found = [f"{roster.FILE}: the line of {student}"] if any(each.id == student for each in course.students) else []
    path = course.folder / DECISIONS
    if path.is_file():
        made = decisions.read(path)
        for kind, entries in (("late", made.late), ("override", made.overrides), ("exempt", made.exempt)):
            found += [f"{DECISIONS}: [[{kind}]] for {exercise}" for exercise, of in entries if of == student]
    return found
