"""Write what is made of an exercise: the students' files, and apart from them the instructor's."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from kdlab.files import zipped
from kdlab.practice import cases, notebook, page
from kdlab.practice.download import student_files
from kdlab.practice.folder import Exercise
from kdlab.practice.instructor import Instructor

NBGRADER_STUDENT = "nbgrader"  # nbgrader releases one notebook for all: its hidden inputs are those of this name

_README = """{title}: the instructor's files. They hold solutions and hidden checks: never give them to students.
solved.ipynb is the notebook with the reference; source/ goes into an nbgrader course.
nbgrader runs hidden checks in the student's own process: use it to practise, and `kdlab grade` for marks that matter.
"""


def write(exercise: Exercise, out: Path, students: Sequence[str], instructor: Instructor | None) -> list[Path]:
    """Write the files of one exercise below `out`, and return their paths. See `kdlab.practice.build`."""
    if students and instructor is None:
        raise ValueError("students need the instructor's key; give the instructor too.")
    for student in students:
        if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._@-]*", student):
            raise ValueError(f"students must be names of letters, digits and . _ @ -; {student!r} was given.")
    common = page.public_paper(exercise)
    folder, archive = out / "student" / exercise.name, f"{exercise.task}.zip"
    files = {
        folder / "page.json": json.dumps(page.page(common), indent=1).encode(),
        folder / archive: zipped(student_files(common)),
    }
    for student in students:
        own = cases.paper(exercise, instructor.rng(exercise, student))
        files[folder / student / archive] = zipped(student_files(own))
    if instructor:
        hidden = page.instructor_practice(cases.paper(exercise, instructor.rng(exercise, NBGRADER_STUDENT)))
        folder, source = out / "instructor" / exercise.name, Path("source") / exercise.task
        public_cases = json.dumps(page.practice(common)).encode()
        files |= {
            folder / "README.txt": _README.format(title=exercise.title).encode(),
            folder / "solved.ipynb": nbformat.writes(notebook.solved_notebook(common)).encode(),
            folder / notebook.cases_file(common): public_cases,
            folder / source / f"{exercise.task}.ipynb": nbformat.writes(
                notebook.nbgrader_source(common, hidden)
            ).encode(),
            folder / source / notebook.cases_file(common): public_cases,
        }
        for name, content in notebook.data_files(common).items():
            files |= {folder / name: content, folder / source / name: content}
    for path, content in files.items():
        _write(path, content)
    return list(files)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        try:
            file.write(content)
            file.close()
            os.chmod(file.name, 0o644)
            os.replace(file.name, path)
        except BaseException:
            os.unlink(file.name)
            raise
