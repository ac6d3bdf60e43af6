"""A whole run: every submission to an exercise, over the process pool, into the gradebook."""

from __future__ import annotations

from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from kdlab.grading.gradebook import Gradebook, GradebookError, Order, Run, open_gradebook
from kdlab.grading.grader import Grader
from kdlab.grading.pool import map_unordered
from kdlab.grading.reader import Unreadable, read_submission, shown_name, stray_notebooks, students
from kdlab.grading.sandbox import Sandbox, find_bubblewrap
from kdlab.grading.system import system
from kdlab.practice import instructor


def grade(path: Path, order: Order | None, *, jobs: int, show_progress: bool = False) -> dict[str, Any]:
    """Grade every submission, or go on with the last run of a gradebook.

    Parameters
    ----------
    path : Path
        The gradebook. Each result is written as it comes.
    order : Order or None
        What to grade. None: what the last run did not finish, and what was handed in anew since.
    jobs : int
        Submissions at a time.
    show_progress : bool
        Whether to show a bar on standard error.

    Returns
    -------
    dict
        exercise, students (how many there are), graded (how many in this call), statuses (how many of each, of the
        whole run), stray (notebooks that lie beside the students' folders), digest (of the whole gradebook).

    Raises
    ------
    ValueError
        If the exercise, the submissions, the instructor's folder or the gradebook is not as it must be.
    SandboxError
        If the sandbox does not work.
    """
    with open_gradebook(path, create=order is not None) as gradebook:
        run = _last_run(gradebook, path) if order is None else None
        order = order or run.order
        if not order.trust:
            find_bubblewrap()
        own = instructor.from_environment()
        exercise = instructor.find(order.exercise, [own.exercises, Path(order.exercises)])
        names = students(Path(order.submissions))
        with system(exercise.forbids) as folder:
            Sandbox(folder, trust=order.trust).close()
            run = run or gradebook.start(order)
            waiting = _waiting(gradebook, run, names)
            grader = Grader(exercise, own, Path(order.submissions), folder, order.trust)
            with closing(map_unordered(grader, waiting, jobs)) as results:
                for student, outcome in _with_bar(results, len(waiting), show_progress):
                    result, file = outcome or (_lost(student, order.exercise), "")
                    gradebook.write(run, result, file)
        statuses = Counter(result["status"] for result in gradebook.results_of(run))
        return {
            "exercise": order.exercise,
            "students": len(names),
            "graded": len(waiting),
            "statuses": dict(statuses),
            "stray": [shown_name(name) for name in stray_notebooks(Path(order.submissions))],
            "digest": gradebook.digest(),
        }


def left_to_grade(path: Path) -> list[str]:
    """Return the students whom the last run of a gradebook has not graded as their files are now.

    It did not come to them, or the grader failed, or they have handed in anew: `grade` without an order grades them.
    """
    with open_gradebook(path) as gradebook:
        run = _last_run(gradebook, path)
        return [shown_name(name) for name in _waiting(gradebook, run, students(Path(run.order.submissions)))]


def _last_run(gradebook: Gradebook, path: Path) -> Run:
    run = gradebook.last_run()
    if run is None:
        raise GradebookError(f"{path} holds no run to go on with.")
    return run


def _waiting(gradebook: Gradebook, run: Run, names: list[str]) -> list[str]:
    """Return the students whose present file the run has not graded."""
    graded = gradebook.graded(run)
    return [name for name in names if shown_name(name) not in graded or graded[shown_name(name)] != _file(run, name)]


def _file(run: Run, student: str) -> str:
    try:
        return read_submission(Path(run.order.submissions), student, run.order.exercise)[1]
    except Unreadable:
        return ""


def _lost(student: str, exercise: str) -> dict[str, Any]:
    """Return the result where the process that graded has ended: killed from outside, say, for want of memory."""
    return {
        "student": shown_name(student),
        "exercise": exercise,
        "status": "grader_error",
        "points": None,
        "max_points": None,
        "questions": [],
        "notes": ["The process that graded this submission was killed."],
        "log": "",
    }


def _with_bar(results: Any, total: int, show: bool) -> Any:
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread: the pool forks
    return tqdm(results, total=total, unit=" submissions", disable=not show)
