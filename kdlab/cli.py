"""The command `kdlab`.

Exit codes: 0 all is well; 1 something needs a look (a problem in an exercise, a hole in the sandbox, a fault of the
grader); 2 wrong use; 3 no sandbox; 130 interrupted; 141 nobody reads on. With `--json`, one JSON document goes to
standard output.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import shlex
import sys
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import kdlab

OK, LOOK, USAGE, NO_SANDBOX, INTERRUPTED, NOT_READ = 0, 1, 2, 3, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(arguments)
    try:
        code = options.command(options)
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        print("kdlab: interrupted.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:  # as in `kdlab exercise check exercises | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else Python complains at its end
        return NOT_READ
    except ModuleNotFoundError as error:
        if str(error.name).partition(".")[0] == "kdlab":
            raise
        print(
            f'kdlab: {error.name} is not installed. What kdlab needs here: pip install -e ".[grading]"', file=sys.stderr
        )
        return USAGE
    except (ValueError, OSError) as error:
        print(f"kdlab: {error}", file=sys.stderr)
        return USAGE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="kdlab", description=__doc__.split("\n\n")[1])
    parser.add_argument("--version", action="version", version=kdlab.__version__)
    rooms = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_exercise(rooms.add_parser("exercise", help="make and prove exercises"))
    _add_grade(rooms.add_parser("grade", help="grade submissions in a sandbox"))
    _add_course(rooms.add_parser("course", help="do so for a whole course: its exercises and its roster"))
    return parser


def _add_exercise(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    new = _verb(verbs, "new", _exercise_new, "write a small sound exercise, to be filled in")
    new.add_argument("name", metavar="CHAPTER/TASK", help="what it is called, such as temperature/softmax")
    new.add_argument("--rung", required=True, help="implement or debug")
    new.add_argument("--exercises", type=Path, default=Path("exercises"), help="the folder of exercises to put it in")

    build = _verb(verbs, "build", _exercise_build, "write what students and the instructor get")
    build.add_argument("path", type=Path, help="an exercise folder, or a folder of them")
    build.add_argument("--out", type=Path, required=True, help="the folder to write to")
    build.add_argument("--student", action="append", default=[], help="a name: also write this student's variant")
    build.add_argument("--instructor", action="store_true", help="also write the instructor's files")

    check = _verb(verbs, "check", _exercise_check, "prove that the checks of an exercise bite")
    check.add_argument("path", type=Path, help="an exercise folder, or a folder of them")
    check.add_argument(
        "--watch", action="store_true", help="again at every change, on one student's paper and without mutants"
    )
    check.add_argument("--verbose", action="store_true", help="tell call and values of hidden cases too")


def _add_grade(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    run = _verb(verbs, "run", _grade_run, "grade every submission to an exercise")
    run.add_argument("submissions", type=Path, metavar="SUBMISSIONS", help="the folder with a folder for each student")
    run.add_argument("--exercise", required=True, help="<chapter>/<task>, such as temperature/softmax")
    run.add_argument("--exercises", type=Path, default=Path("exercises"), help="the folder of the book's exercises")
    run.add_argument(
        "--trust-submissions",
        action="store_true",
        help="run the students' code without a sandbox, with all your rights: only for code you have read",
    )

    resume = _verb(verbs, "resume", _grade_resume, "go on with the last run where it stopped")

    regrade = _verb(verbs, "regrade", _grade_regrade, "grade again, beside the marks that there are")
    regrade.add_argument("--only", action="append", default=[], metavar="STUDENT", help="this student, not everybody")

    for verb in (run, resume, regrade):
        verb.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="submissions at a time")

    diff = _verb(verbs, "diff", _grade_diff, "list whose mark the last regrade changes, and why")
    accept = _verb(verbs, "accept", _grade_accept, "make the results of the last regrade the marks")
    left = _verb(verbs, "left", _grade_left, "list the students whom the last run has not graded")

    feedback = _verb(verbs, "feedback", _grade_feedback, "write a page for each student")
    feedback.add_argument("--out", type=Path, required=True, help="the folder to write to")

    export = _verb(verbs, "export", _grade_export, "write a table of points")
    export.add_argument("--csv", type=Path, required=True, metavar="FILE", help="the file to write")

    for verb in (feedback, export):
        verb.add_argument("--decisions", type=Path, metavar="FILE", help="days late, overrides and exemptions, as TOML")
    for verb in (resume, regrade, diff, accept, left):
        verb.add_argument("--exercise", help="such as temperature/softmax; else that of the last run")
    for verb in (run, resume, regrade, diff, accept, left, feedback, export):
        verb.add_argument("--gradebook", type=Path, required=True, metavar="FILE", help="the file of the results")

    _verb(verbs, "doctor", _grade_doctor, "try to break out of the sandbox")


def _add_course(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    release = _verb(verbs, "release", _course_release, "write each student's download, and an index of them")
    collect = _verb(verbs, "collect", _course_collect, "take in what the platform gives: an archive or a folder")
    grade = _verb(verbs, "grade", _course_grade, "grade what was handed in, or what is new since")
    feedback = _verb(verbs, "feedback", _course_feedback, "write a page for each student and exercise")
    export = _verb(verbs, "export", _course_export, "write the tables of marks and of totals")
    stats = _verb(verbs, "stats", _course_stats, "show how hard the questions are, and which mistakes were made")
    similarity = _verb(verbs, "similarity", _course_similarity, "list pairs whose work shares what few others have")
    status = _verb(verbs, "status", _course_status, "say how far each exercise is")
    forget = _verb(verbs, "forget", _course_forget, "list what is stored of a student, and delete it")

    collect.add_argument("source", type=Path, metavar="SOURCE", help="of Canvas, Moodle, Gradescope, nbgrader, or flat")
    collect.add_argument("--sheet", type=Path, metavar="CSV", help="its sheet, which says whose its numbers are")
    grade.add_argument("--jobs", type=int, default=len(os.sched_getaffinity(0)), help="submissions at a time")
    export.add_argument("--fill", type=Path, metavar="CSV", help="the platform's sheet: write a copy, filled in")
    forget.add_argument("student", metavar="ID", help="as in roster.csv, whether it still stands there or not")
    forget.add_argument("--delete", action="store_true", help="delete it; else it is listed only")
    forget.set_defaults(exercises=Path("exercises"))
    for verb in (release, feedback, export, stats, similarity):
        verb.add_argument("--out", type=Path, required=True, help="the folder to write to")
    for verb in (release, collect, grade, feedback, export, stats, similarity, status):
        verb.add_argument("--exercise", help="one exercise of the course, such as temperature/softmax; else all")
        verb.add_argument(
            "--exercises", type=Path, default=Path("exercises"), help="the folder of the book's exercises"
        )


def _verb(verbs: Any, name: str, command: Any, text: str) -> argparse.ArgumentParser:
    parser = verbs.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    parser.add_argument("--json", action="store_true", help="print one JSON document")
    parser.set_defaults(command=command)
    return parser


def _exercise_new(options: argparse.Namespace) -> int:
    from kdlab.practice import new

    places = new.write(options.exercises, options.name, options.rung)
    path = options.exercises / options.name
    text = "\n".join([*places, "", f"Then, while you write: kdlab exercise check --watch {path}"])
    _say(options, {"exercise": str(path), "fill_in": places}, text)
    return OK


def _exercise_build(options: argparse.Namespace) -> int:
    from kdlab import practice
    from kdlab.practice import instructor

    own = instructor.from_environment() if options.instructor or options.student else None
    paths = practice.build(options.path, options.out, students=options.student, instructor=own)
    _say(options, {"files": [str(path) for path in paths]}, "\n".join(map(str, paths)))
    return OK


def _exercise_check(options: argparse.Namespace) -> int:
    from kdlab import practice

    while options.watch:
        before = _written(options.path)
        print("\n\n".join(map(str, practice.check(options.path, quick=True, verbose=options.verbose))), flush=True)
        while _written(options.path) == before:
            time.sleep(0.2)
    proofs = practice.check(options.path, verbose=options.verbose)
    data = [{"exercise": proof.name, "problems": list(proof.problems)} for proof in proofs]
    _say(options, {"exercises": data}, "\n\n".join(map(str, proofs)))
    return LOOK if any(proof.problems for proof in proofs) else OK


def _written(path: Path) -> dict[Path, int]:
    """Return the files below a path, each with the time at which it was written last."""
    return {file: file.stat().st_mtime_ns for file in path.rglob("*.*") if file.is_file()}


def _grade_run(options: argparse.Namespace) -> int:
    from kdlab.grading.gradebook import Order
    from kdlab.grading.run import grade

    order = Order(
        exercise=options.exercise,
        exercises=str(options.exercises.resolve()),
        submissions=str(options.submissions.resolve()),
        trust=options.trust_submissions,
    )
    return _grade(options, functools.partial(grade, options.gradebook, order))


def _grade_resume(options: argparse.Namespace) -> int:
    from kdlab.grading.run import resume

    return _grade(options, functools.partial(resume, options.gradebook, options.exercise))


def _grade_regrade(options: argparse.Namespace) -> int:
    from kdlab.grading.run import regrade

    return _grade(options, functools.partial(regrade, options.gradebook, options.exercise, options.only))


def _grade(options: argparse.Namespace, work: Callable[..., dict[str, Any]]) -> int:
    code, summaries = _graded(options, lambda **how: [work(**how)], functools.partial(_to_go_on, options))
    if summaries:
        text = [*_summary(summaries[0]), f"The results are in {options.gradebook}."]
        _say(options, summaries[0], "\n".join(text))
    return code


def _to_go_on(options: argparse.Namespace) -> str:
    """Return the command that goes on: before the exercise is proved and the sandbox tried, no run is begun."""
    from kdlab.grading.run import is_begun

    if is_begun(options.gradebook, options.exercise):
        return f"kdlab grade resume --gradebook {options.gradebook}"
    return "the same command; nothing was graded yet"


def _graded(
    options: argparse.Namespace, work: Callable[..., list[dict[str, Any]]], to_go_on: Callable[[], str]
) -> tuple[int, list[dict[str, Any]]]:
    """Grade, and return the exit code and what came of it; nothing where it was stopped."""
    from kdlab.grading.sandbox import SandboxError

    if options.jobs < 1:
        raise ValueError(f"--jobs must be at least 1; {options.jobs} was given.")
    try:
        summaries = work(jobs=options.jobs, show_progress=not options.json)
    except SandboxError as error:
        print(f"kdlab: {error}", file=sys.stderr)
        return NO_SANDBOX, []
    except KeyboardInterrupt:
        print(f"kdlab: interrupted. What was graded is in the gradebook; go on with: {to_go_on()}", file=sys.stderr)
        return INTERRUPTED, []
    if any(summary["sample_key"] for summary in summaries):
        _warn("the key is the public sample: whoever has it can compute every hidden input. Never use it for marks.")
    return LOOK if any(summary["statuses"].get("grader_error") for summary in summaries) else OK, summaries


def _summary(summary: dict[str, Any]) -> list[str]:
    lines = [f"{count:6d} {status}" for status, count in sorted(summary["statuses"].items())]
    lines += [f"Not graded, since it lies beside the students' folders: {name}" for name in summary["stray"]]
    lines += _vanished(summary)
    if not summary["accepted"]:
        lines.append("These are not the marks yet: see `kdlab grade diff`, then `kdlab grade accept`.")
    return lines


def _grade_diff(options: argparse.Namespace) -> int:
    from kdlab.grading.run import compare

    found = compare(options.gradebook, options.exercise)
    lines = [*_changes(found), *_vanished(found)]
    lines += [f"The grader failed: {name}" for name in found["failed"]]
    lines.append(f"{len(found['changes'])} marks change, {found['same']} stay, {len(found['left'])} are left to grade.")
    _say(options, found, "\n".join(lines))
    return OK


def _grade_accept(options: argparse.Namespace) -> int:
    from kdlab.grading.run import accept

    found = accept(options.gradebook, options.exercise)
    last = f"{len(found['changes'])} marks of {found['exercise']} changed, {found['same']} stayed."
    _say(options, found, "\n".join([*_changes(found), *_vanished(found), last]))
    return OK


def _changes(found: dict[str, Any]) -> list[str]:
    lines = []
    for each in found["changes"]:
        before, after = _mark(each["before"]), _mark(each["after"])
        functions = f" in {', '.join(each['functions'])}" if each["functions"] else ""
        lines.append(f"{each['student']}: {before} -> {after}{functions}. What changed: {', '.join(each['why'])}.")
    return lines


def _mark(mark: dict[str, Any] | None) -> str:
    if mark is None:
        return "nothing"
    return mark["status"] if mark["points"] is None else f"{mark['points']:g} of {mark['max_points']:g}"


def _vanished(found: dict[str, Any]) -> list[str]:
    return [f"Keeps the mark of a submission that is not there any more: {name}" for name in found["vanished"]]


def _grade_left(options: argparse.Namespace) -> int:
    from kdlab.grading.run import left_to_grade

    left = left_to_grade(options.gradebook, options.exercise)
    _say(options, {"left": left}, "\n".join([*left, f"{len(left)} are left to grade."]))
    return OK


def _grade_feedback(options: argparse.Namespace) -> int:
    from kdlab.grading.feedback import write_feedback

    paths = write_feedback(_results(options), options.out)
    _say(options, {"files": [str(path) for path in paths]}, f"{len(paths)} pages are in {options.out}.")
    return OK


def _grade_export(options: argparse.Namespace) -> int:
    from kdlab.files import write_text
    from kdlab.grading.export import to_csv

    results = _results(options)
    write_text(options.csv, to_csv(results))
    _say(options, {"file": str(options.csv), "results": len(results)}, f"{len(results)} lines are in {options.csv}.")
    return OK


def _results(options: argparse.Namespace) -> list[dict[str, Any]]:
    from kdlab.grading import decisions
    from kdlab.grading.gradebook import open_gradebook

    made = decisions.read(options.decisions) if options.decisions else decisions.Decisions()
    with open_gradebook(options.gradebook) as gradebook:
        return decisions.decide(gradebook.results(), made)


def _grade_doctor(options: argparse.Namespace) -> int:
    from kdlab.grading.doctor import examine
    from kdlab.grading.sandbox import SandboxError, find_bubblewrap
    from kdlab.grading.system import system

    found = []
    try:
        find_bubblewrap()
        with system() as folder:
            for each in examine(folder):
                found.append(each)
                options.json or print(f"{each.verdict:8} {each.aim} ({each.said})", flush=True)
    except SandboxError as error:
        print(f"kdlab: {error}", file=sys.stderr)
        return NO_SANDBOX
    holes = [each for each in found if not each.held]
    unproved = [each for each in found if each.held and not each.control]
    last = f"{len(found)} escapes were tried: {len(holes)} succeeded, {len(unproved)} fail on this machine anyway."
    _say(options, {"probes": [vars(each) | {"verdict": each.verdict} for each in found]}, last)
    return LOOK if holes else OK


def _course(options: argparse.Namespace) -> Any:
    from kdlab.course import course

    return course.from_environment(options.exercises)


def _course_release(options: argparse.Namespace) -> int:
    from kdlab.course import course

    paths = course.release(_course(options), options.out, options.exercise)
    text = f"{len(paths)} files are in {options.out}; {paths[-2]} says whose file is which."
    _say(options, {"files": [str(path) for path in paths]}, text)
    return OK


def _course_collect(options: argparse.Namespace) -> int:
    from kdlab.course.collect import collect

    found = collect(_course(options), options.source, options.exercise, options.sheet)
    counts = ", ".join(f"{len(found[how])} {how}" for how in ("new", "changed", "same", "missing"))
    lines = [f"{found['exercise']}, from {found['platform']}: {counts}."]
    if found["late"]:
        lines.append(
            f"Late, and {found['platform']} does not say by how much: {', '.join(found['late'])}. "
            "Write the days into decisions.toml."
        )
    lines += [f"Nobody's: {each['name']}. It {each['why']}." for each in found["unmatched"]]
    _say(options, found, "\n".join(lines))
    return LOOK if found["unmatched"] else OK


def _course_grade(options: argparse.Namespace) -> int:
    from kdlab.course import course

    work = functools.partial(course.grade, _course(options), options.exercise)
    code, summaries = _graded(options, work, lambda: "kdlab course grade")
    if summaries:
        lines = [line for each in summaries for line in (f"{each['exercise']}:", *_summary(each))]
        _say(options, {"exercises": summaries}, "\n".join(lines))
    return code


def _course_feedback(options: argparse.Namespace) -> int:
    from kdlab.course import course

    paths = course.feedback(_course(options), options.out, options.exercise)
    _say(options, {"files": [str(path) for path in paths]}, f"{len(paths)} pages are in {options.out}.")
    return OK


def _course_export(options: argparse.Namespace) -> int:
    from kdlab.course import course

    if options.fill:
        return _course_fill(options)
    paths = course.export(_course(options), options.out, datetime.now(UTC), options.exercise)
    _say(options, {"files": [str(path) for path in paths]}, "\n".join(map(str, paths)))
    return OK


def _course_fill(options: argparse.Namespace) -> int:
    from kdlab.course.fill import fill

    done = fill(_course(options), options.fill, options.out, datetime.now(UTC), options.exercise)
    lines = [
        f"{done['file']}: {done['filled']} cells of {', '.join(done['columns'])} are filled in, by {done['key']}.",
        *(f"Not marked yet, and left as it was: {student}" for student in done["open"]),
        *(f"Nobody on the roster, and left as it was: {row}" for row in done["unknown"]),
        *(f"On the roster, and not in the sheet: {student}" for student in done["missing"]),
    ]
    _say(options, done, "\n".join(lines))
    return LOOK if done["missing"] else OK


def _course_stats(options: argparse.Namespace) -> int:
    from kdlab.course import stats

    found = stats.write(_course(options), options.out, options.exercise)
    lines = []
    for each in found:
        lines.append(f"{each['exercise']}: {each['students']} marked.")
        for question in each["questions"]:
            goes = question["discrimination"]
            rest = f", goes with the rest by {goes[1]:.2f}" if goes else ""
            lines.append(f"  {question['function']}: {question['right']} of {question['students']} right{rest}.")
            lines += [f"{mistake['count']:6d} {mistake['message']}" for mistake in question["mistakes"][:3]]
    _say(options, {"exercises": found}, "\n".join([*lines, f"The page is {options.out / 'stats.html'}."]))
    return OK


def _course_similarity(options: argparse.Namespace) -> int:
    from kdlab.course import similarity

    rows = similarity.write(_course(options), options.out, options.exercise)
    rare = [row for row in rows if row["chance"] <= similarity.SELDOM]
    lines = [f"{row['first']} and {row['second']}: {row['score']} ({row['functions']})" for row in rare]
    lines.append(
        f"{len(rare)} pairs are higher than any in {1 - similarity.SELDOM:.0%} of classes in which nobody copies: a "
        f"place to look, and no verdict. {len(rows)} are in {options.out / 'similarity.csv'}."
    )
    _say(options, {"pairs": rows}, "\n".join(lines))
    return OK


def _course_status(options: argparse.Namespace) -> int:
    from kdlab.course import course

    rows = course.status(_course(options), options.exercise)
    lines = []
    for row in rows:
        due = f", due {row['due']}" if row["due"] else ""
        counts = f"{row['handed_in']} of {row['students']} handed in, {len(row['left'])} left to grade"
        lines.append(f"{row['exercise']}{due}: {counts}.")
        lines += [f"{count:6d} {status}" for status, count in row["statuses"].items()]
        lines += [f"Nobody on the roster: {name}" for name in row["unknown"]]
        if row["regrade"]:
            lines.append(f"A regrade waits: kdlab grade diff --exercise {row['exercise']}, then accept.")
    _say(options, {"exercises": rows}, "\n".join(lines))
    return OK


def _course_forget(options: argparse.Namespace) -> int:
    from kdlab.course.forget import forget

    found = forget(_course(options), options.student, delete=options.delete)
    lines = [*found["folders"], *(f"{file}: a line" for file in found["times"])]
    lines += [f"the gradebook: results, {found['results']} of them"] if found["results"] else []
    command = f"kdlab course forget {shlex.quote(options.student)} --delete"
    lines.append("All this is deleted." if options.delete else f"Nothing is deleted yet; this does it: {command}")
    lines += [f"For you to take out: {each}" for each in found["by_hand"]]
    lines.append("Pages and tables that were written before still name the student: write them anew.")
    _say(options, found, "\n".join(lines))
    return OK


def _warn(sentence: str) -> None:
    """Write a warning to standard error, in red where that is a terminal."""
    red, plain = ("\033[1;31m", "\033[0m") if sys.stderr.isatty() else ("", "")
    print(f"{red}kdlab: WARNING: {sentence}{plain}", file=sys.stderr)


def _say(options: argparse.Namespace, data: dict[str, Any], text: str) -> None:
    print(json.dumps(data) if options.json else text)


if __name__ == "__main__":
    sys.exit(main())
