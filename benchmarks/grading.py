"""Submissions per second beside nbgrader: one assignment, the same notebooks, each by its own command.

The last column is what each gives to a notebook of zeros that replaces what the checks are made with.
"""

from __future__ import annotations

import copy
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

import nbformat
import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from benchmarks.measure import repeats, table
from kdlab.grading.gradebook import Order, open_gradebook
from kdlab.grading.run import grade
from kdlab.practice import cases, folder, instructor, notebook, page
from kdlab.practice.cases import Paper

EXERCISES = Path(__file__).parents[1] / "exercises"
NAME = "temperature/softmax"
KEY = b"the key of a benchmark, and of nothing else"
N_SUBMISSIONS = repeats(100)
N_FOR_NBGRADER = repeats(20)  # it takes a second and more for each

ZEROS = {
    "softmax_at": "def softmax_at(logits, temperature):\n    return np.zeros(logits.shape)",
    "softmax_limits": "def softmax_limits(logits):\n    return np.zeros(logits.shape), np.zeros(logits.shape)",
    "softmax_slope": "def softmax_slope(logits, temperature):\n    return np.zeros(logits.shape)",
}
CHEAT = "import numpy as np\nnp.allclose = lambda *a, **k: True\ncheck_in_notebook = lambda *a, **k: None"


def rows() -> list[dict[str, Any]]:
    """Measure both graders."""
    paper = page.public_paper(folder.read(EXERCISES / NAME))
    found = [kdlab(paper, jobs=jobs) for jobs in (os.cpu_count() or 1, 1)] + [nbgrader(paper)]
    for row in found:
        ours, theirs = found[0]["per_second"], row["per_second"]
        row["kdlab is faster by"] = round(ours / theirs, 1)
    return found


def kdlab(paper: Paper, jobs: int) -> dict[str, Any]:
    """Grade in the sandbox, in `jobs` processes."""
    with _place() as place:
        (place / "key").write_bytes(KEY)
        for student, made in _submissions(notebook.student_notebook(paper), paper, N_SUBMISSIONS):
            _write(place / "submissions" / student / "softmax.ipynb", made)
        order = Order(NAME, str(EXERCISES), str(place / "submissions"), trust=False)
        with mock.patch.dict(os.environ, {instructor.VARIABLE: str(place)}):
            seconds = _seconds(lambda: grade(place / "book", order, jobs=jobs))
        with open_gradebook(place / "book") as book:
            points = {result["student"]: result["points"] for result in book.results()}
    return _row(f"kdlab, {jobs} at a time", N_SUBMISSIONS, seconds, points["cheat"])


def nbgrader(paper: Paper) -> dict[str, Any]:
    """Grade by `nbgrader autograde`, which takes one after the other."""
    hidden = page.instructor_practice(cases.paper(paper.exercise, np.random.default_rng(0)))
    with _place() as place:
        source = place / "source" / "softmax"
        _write(source / "softmax.ipynb", notebook.nbgrader_source(paper, hidden))
        public = json.dumps(page.practice(paper))
        (source / notebook.cases_file(paper)).write_text(public)
        _run(["nbgrader", "generate_assignment", "softmax"], place)
        released = nbformat.read(place / "release" / "softmax" / "softmax.ipynb", as_version=4)
        for student, made in _submissions(released, paper, N_FOR_NBGRADER):
            folder_of = place / "submitted" / student / "softmax"
            _write(folder_of / "softmax.ipynb", made)
            (folder_of / notebook.cases_file(paper)).write_text(public)
        seconds = _seconds(lambda: _run(["nbgrader", "autograde", "softmax"], place))
        _run(["nbgrader", "export"], place)
        lines = (place / "grades.csv").read_text().splitlines()
        names = lines[0].split(",")
        scores = {row[names.index("student_id")]: row[names.index("score")] for row in map(_split, lines[1:])}
    return _row("nbgrader 0.9.6", N_FOR_NBGRADER, seconds, float(scores["cheat"]))


def _submissions(released: NotebookNode, paper: Paper, n: int) -> Iterator[tuple[str, NotebookNode]]:
    """Yield `n` notebooks: three in five right, one half right, one of zeros; the last one cheats as well."""
    right = {cell.function: cell.reference for cell in paper.exercise.solutions}
    half = right | {"softmax_limits": ZEROS["softmax_limits"]}
    for i in range(n - 1):
        yield f"student{i:03d}", _filled(released, (right, right, right, half, ZEROS)[i % 5])
    cheat = _filled(released, ZEROS)
    first = next(i for i, cell in enumerate(cheat.cells) if "softmax_at" in cell.source and cell.cell_type == "code")
    cheat.cells.insert(first, new_code_cell(CHEAT))
    yield "cheat", cheat


def _filled(released: NotebookNode, sources: dict[str, str]) -> NotebookNode:
    made = copy.deepcopy(released)
    for cell in made.cells:
        for function, source in sources.items():
            if cell.cell_type == "code" and cell.source.startswith(f"def {function}("):
                cell.source = source
    return made


@contextmanager
def _place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


def _write(path: Path, made: NotebookNode) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(made, path)


def _run(command: list[str], place: Path) -> None:
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} failed:\n{done.stderr[-2000:]}")


def _seconds(work: Callable[[], Any]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def _split(line: str) -> list[str]:
    return line.split(",")


def _row(grader: str, n: int, seconds: float, cheat: float) -> dict[str, Any]:
    return {
        "grader": grader,
        "submissions": n,
        "seconds": seconds,
        "per_second": n / seconds,
        "points for a cheat (of 5)": cheat,
    }


if __name__ == "__main__":
    print(table(rows()))
