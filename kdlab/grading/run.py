"""A whole run: every submission to an exercise, over the process pool, into the gradebook.

The marks of an exercise come from one exercise folder, one key and one version of the code. Where one of them has
changed, `resume` stops; `regrade` makes new results beside the marks, `compare` says what would change, and `accept`
makes them the marks. A submission that is not there any more keeps its mark.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kdlab.grading import provenance
from kdlab.grading.gradebook import Entry, Gradebook, GradebookError, Order, Run, open_gradebook
from kdlab.grading.grader import Grader
from kdlab.grading.pool import map_unordered
from kdlab.grading.reader import Unreadable, read_submission, shown_name, stray_files, students
from kdlab.grading.sandbox import Sandbox, find_bubblewrap
from kdlab.grading.system import system
from kdlab.practice import instructor
from kdlab.practice.folder import Exercise
from kdlab.practice.prove import prove


def grade(path: Path, order: Order, *, jobs: int, show_progress: bool = False) -> dict[str, Any]:
    """Grade every submission to an exercise for the first time.

    Parameters
    ----------
    path : Path
        The gradebook. Each result is written as it comes.
    order : Order
        What to grade.
    jobs : int
        Submissions at a time.
    show_progress : bool
        Whether to show a bar on standard error.

    Returns
    -------
    dict
        exercise, students (how many there are), graded (how many in this call), statuses (how many of each, of what
        counts or, in a regrade, will), accepted (whether it counts), vanished (students who keep the mark of a
        submission that is not there any more), stray (files that lie beside the students' folders), sample_key
        (whether the key is the public one), digest (of all that counts).

    Raises
    ------
    ValueError
        If the exercise, the submissions, the instructor's folder or the gradebook is not as it must be; if the
        exercise is in the gradebook already.
    SandboxError
        If the sandbox does not work.
    """
    with open_gradebook(path, create=True) as gradebook:
        if gradebook.last_run(order.exercise):
            raise GradebookError(
                f"{path} has {order.exercise} already: go on with `kdlab grade resume`, or make new results "
                "beside the old ones with `kdlab grade regrade`."
            )
        source = _source(order)
        _check_proof(source.exercise)
        return _work(gradebook, order, source, None, None, jobs, show_progress)


def resume(path: Path, exercise: str | None = None, *, jobs: int, show_progress: bool = False) -> dict[str, Any]:
    """Go on with the last run, of an exercise or of all: what it did not finish, and what was handed in anew since.

    Parameters, return value and errors are those of `grade`. It is an error if what makes a mark has changed.
    """
    with open_gradebook(path) as gradebook:
        run = _last_run(gradebook, path, exercise)
        source = _source(run.order)
        changed = provenance.differences(run.made_by, source.made_by)
        if changed:
            raise GradebookError(
                f"{_and(changed)} changed since {run.order.exercise} was graded, and marks would be mixed. Nothing was "
                "graded. Bring back what there was, or grade all again with `kdlab grade regrade`."
            )
        return _work(gradebook, run.order, source, run, None, jobs, show_progress)


def regrade(
    path: Path, exercise: str | None = None, only: Sequence[str] = (), *, jobs: int, show_progress: bool = False
) -> dict[str, Any]:
    """Grade again what was graded, beside the marks that there are: they count until `accept`.

    Parameters
    ----------
    path, exercise
        As in `resume`.
    only : sequence of str
        Students; all if empty. Only where what makes a mark is the same as for the others.
    jobs, show_progress
        As in `grade`, whose return value and errors are those of this function.
    """
    with open_gradebook(path) as gradebook:
        last = _last_run(gradebook, path, exercise)
        source = _source(last.order)
        _check_only(gradebook, last, source, only)
        if provenance.differences(last.made_by, source.made_by):
            _check_proof(source.exercise)
        return _work(gradebook, last.order, source, None, only or None, jobs, show_progress, accepted=False)


def compare(path: Path, exercise: str | None = None) -> dict[str, Any]:
    """Return what would change if the last regrade were accepted.

    Returns
    -------
    dict
        exercise, changes (student, before and after with status and points, functions whose points change, why),
        same (how many marks stay), left (students whom the regrade has not graded), failed (students where the grader
        failed), vanished (as in `grade`).
    """
    with open_gradebook(path) as gradebook:
        return _compare(gradebook, _regrade(gradebook, path, exercise))


def accept(path: Path, exercise: str | None = None) -> dict[str, Any]:
    """Make the results of the last regrade the marks, and return what changed, as `compare` does.

    Raises
    ------
    ValueError
        If there is none, if it is not finished, or if the grader failed on a submission.
    """
    with open_gradebook(path) as gradebook:
        run = _regrade(gradebook, path, exercise)
        found = _compare(gradebook, run)
        if found["left"] or found["failed"]:
            names = ", ".join((found["failed"] + found["left"])[:5])
            raise GradebookError(
                f"The regrade of {run.order.exercise} is not finished ({names}): go on with `kdlab grade resume`."
            )
        gradebook.accept(run)
        return found


def left_to_grade(path: Path, exercise: str | None = None) -> list[str]:
    """Return the students whom the last run of a gradebook has not graded as their files are now.

    It did not come to them, or the grader failed, or they have handed in anew: `resume` grades them.
    """
    with open_gradebook(path) as gradebook:
        run = _last_run(gradebook, path, exercise)
        return [shown_name(name) for name in _look(gradebook, run).waiting]


def is_begun(path: Path, exercise: str | None = None) -> bool:
    """Return whether a gradebook holds a run, of an exercise or of any."""
    if not Path(path).is_file():
        return False
    with open_gradebook(path) as gradebook:
        return gradebook.last_run(exercise) is not None


@dataclass(frozen=True)
class _Source:
    """An exercise, found, with the instructor's folder, and what makes a mark."""

    exercise: Exercise
    own: instructor.Instructor
    made_by: dict[str, str]


@dataclass(frozen=True)
class _Look:
    """The folders that wait to be graded, and the students whose marked submission is not there any more."""

    waiting: list[str]
    vanished: list[str]
    n_students: int


def _source(order: Order) -> _Source:
    if not order.trust:
        find_bubblewrap()
    own = instructor.from_environment()
    exercise = instructor.find(order.exercise, [own.exercises, Path(order.exercises)])
    students(Path(order.submissions))  # before all that takes time
    return _Source(exercise, own, provenance.made_by(exercise, own))


_proved = functools.partial(prove, with_mutants=False)  # a case that is not there yet is no reason to grade nobody


def _check_proof(exercise: Exercise) -> None:
    """Refuse an exercise that does not pass its own checks: it could give points for nothing, or none for all."""
    ((_, proof),) = map_unordered(_proved, [exercise.folder], processes=1)
    if proof is None:
        raise ValueError(f"{exercise.name}: the proof of the exercise was killed; nothing was graded.")
    if proof.problems:
        problems = "\n".join(proof.problems)
        raise ValueError(f"{exercise.name} does not pass `kdlab exercise check`; nothing was graded.\n{problems}")


def _check_only(gradebook: Gradebook, last: Run, source: _Source, only: Sequence[str]) -> None:
    names = {shown_name(name) for name in students(Path(last.order.submissions))}
    unknown = sorted(set(only) - names)
    if unknown:
        raise ValueError(f"--only must name students with a folder; there is none of {', '.join(unknown)}.")
    accepted = gradebook.last_run(last.order.exercise, accepted=True)
    changed = provenance.differences(accepted.made_by, source.made_by) if only else []
    if changed:
        raise GradebookError(
            f"--only would mix marks: {_and(changed)} changed since the others were graded. Regrade all."
        )


def _work(
    gradebook: Gradebook,
    order: Order,
    source: _Source,
    run: Run | None,
    only: Sequence[str] | None,
    jobs: int,
    show_progress: bool,
    *,
    accepted: bool = True,
) -> dict[str, Any]:
    """Grade what waits in a run, which is begun if there is none, once the sandbox is known to work."""
    submissions = Path(order.submissions)
    with system(source.exercise.forbids) as folder:
        Sandbox(folder, trust=order.trust).close()
        run = run or gradebook.start(order, source.made_by, only=only, accepted=accepted)
        look = _look(gradebook, run)
        grader = Grader(source.exercise, source.own, submissions, folder, order.trust)
        with closing(map_unordered(grader, look.waiting, jobs)) as results:
            for student, outcome in _with_bar(results, len(look.waiting), show_progress):
                result, file = outcome or (_lost(student, order.exercise), "")
                gradebook.write(run, result, file)
    return {
        "exercise": order.exercise,
        "students": look.n_students,
        "graded": len(look.waiting),
        "statuses": dict(Counter(entry.result["status"] for entry in _standing(gradebook, run).values())),
        "accepted": run.accepted,
        "vanished": look.vanished,
        "stray": [shown_name(name) for name in stray_files(submissions)],
        "sample_key": source.own.is_sample,
        "digest": gradebook.digest(),
    }


def _last_run(gradebook: Gradebook, path: Path, exercise: str | None) -> Run:
    run = gradebook.last_run(exercise)
    if run is None:
        raise GradebookError(f"{path} holds no run{f' of {exercise}' if exercise else ''} to go on with.")
    return run


def _regrade(gradebook: Gradebook, path: Path, exercise: str | None) -> Run:
    run = _last_run(gradebook, path, exercise)
    if run.accepted:
        raise GradebookError(f"{path} holds no regrade of {run.order.exercise} that is not accepted yet.")
    return run


def _standing(gradebook: Gradebook, run: Run) -> dict[str, Entry]:
    """Return what a run stands on: the marks, or in a regrade its own results alone."""
    return gradebook.marks_of(run.order.exercise) if run.accepted else gradebook.entries_of(run)


def _look(gradebook: Gradebook, run: Run) -> _Look:
    """Look at what lies in the students' folders now, beside what was graded."""
    order, only = run.order, None if run.accepted else run.only  # once accepted, a run goes on with everybody
    marks, standing = gradebook.marks_of(order.exercise), _standing(gradebook, run)
    folders = {shown_name(name): name for name in students(Path(order.submissions))}
    vanished = [student for student in marks if student not in folders]
    waiting = []
    for student, name in folders.items():
        try:
            file, problem = read_submission(Path(order.submissions), name, order.exercise)[1], None
        except Unreadable as error:
            file, problem = "", error
        if problem and student in marks and marks[student].file:
            vanished.append(student)
        elif (only is None or student in only) and not _is_graded(standing.get(student), file, problem):
            waiting.append(name)
    return _Look(waiting, sorted(vanished), len(folders))


def _is_graded(entry: Entry | None, file: str, problem: Unreadable | None) -> bool:
    if entry is None or entry.result["status"] == "grader_error" or entry.file != file:
        return False
    return problem is None or (entry.result["status"], entry.result["notes"]) == (problem.status, [str(problem)])


def _compare(gradebook: Gradebook, run: Run) -> dict[str, Any]:
    marks, new = gradebook.marks_of(run.order.exercise), gradebook.entries_of(run)
    look = _look(gradebook, run)
    changes = [
        {
            "student": student,
            "before": _mark(marks.get(student)),
            "after": _mark(entry),
            "functions": _functions(marks.get(student), entry),
            "why": _why(gradebook, marks.get(student), entry),
        }
        for student, entry in new.items()
        if _mark(marks.get(student)) != _mark(entry)
    ]
    return {
        "exercise": run.order.exercise,
        "changes": changes,
        "same": len(new) - len(changes),
        "left": [shown_name(name) for name in look.waiting],
        "failed": [student for student, entry in new.items() if entry.result["status"] == "grader_error"],
        "vanished": look.vanished,
    }


def _mark(entry: Entry | None) -> dict[str, Any] | None:
    return entry and {key: entry.result[key] for key in ("status", "points", "max_points")}


def _functions(before: Entry | None, after: Entry) -> list[str]:
    old = {each["function"]: each["points"] for each in before.result["questions"]} if before else {}
    return [each["function"] for each in after.result["questions"] if old.get(each["function"]) != each["points"]]


def _why(gradebook: Gradebook, before: Entry | None, after: Entry) -> list[str]:
    if before is None:
        return ["the student had no mark"]
    why = ["the submission"] if before.file != after.file else []
    why += provenance.differences(gradebook.run(before.run).made_by, gradebook.run(after.run).made_by)
    return why or ["nothing that is known: the same file got another mark from the same exercise"]


def _and(words: Sequence[str]) -> str:
    return ", and ".join(words)


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
