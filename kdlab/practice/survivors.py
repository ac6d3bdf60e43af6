"""Mutants that pass: small changes of right solutions that no case notices, and bugs that no bad version shows.

Those that are right too stand in mutants.txt of the exercise, one a line, or all those of one statement as `...`:

function: before => after | why it is right too
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

from kdlab.checking.asking import ask
from kdlab.checking.cases import VersionQuestion
from kdlab.practice import cases, run
from kdlab.practice.cases import Paper
from kdlab.practice.folder import Exercise, ExerciseError, Solution
from kdlab.practice.mutants import Mutant, mutants

MAX_SECONDS = 3.0

Changed = tuple[Solution, Mutant]  # the mutant's source is that of the solution


def find(exercise: Exercise, papers: list[Paper]) -> tuple[list[str], str]:
    """Return a sentence for each mutant that passes for some student and is not explained, and their tally."""
    explained = _explained(exercise.folder / "mutants.txt")
    problems: list[str] = []
    passing: set[str] = set()
    n_mutants = 0
    tested = {each.target: each for each in papers[0].questions if isinstance(each, VersionQuestion)}
    for solution, mutant in _all_mutants(exercise, papers[0]):
        n_mutants += 1
        right = any(_passes(paper, solution, mutant.function) for paper in papers)
        question = tested.get(mutant.function) if solution.good and not right else None
        if right:
            key, mend = f"{mutant.function}: {mutant.change}", "Add a case that it fails"
        elif question and _is_missed(papers[0], question, solution):
            key, mend = f"{question.function}: {mutant.change}", "No bad version has this bug: make it one"
        else:
            continue
        every = f"{key.partition(' => ')[0]} => ..."
        if explained.keys().isdisjoint({key, every}) and key not in passing:
            place = f"{solution.path}:{mutant.line}"
            problems.append(f"{place}: a mutant passes: {key}. {mend}, or explain it in mutants.txt.")
        passing |= {key, every}
    path = exercise.folder / "mutants.txt"
    problems += [f"{path}: no mutant passes that is {key}: take it out." for key in explained if key not in passing]
    tally = f"{n_mutants} mutants; {len(explained)} sentences on those that pass."
    return problems, tally if n_mutants else ""


def _all_mutants(exercise: Exercise, paper: Paper) -> Iterator[Changed]:
    asked = {question.function for question in paper.functions}
    cells = [cell for cell in exercise.solutions if cell.function in asked]
    for cell in cells:
        for mutant in mutants(cell.reference, (cell.function,)):
            solution = Solution("reference", "", mutant.source, (cell.function,), exercise.folder / "exercise.md")
            yield solution, dataclasses.replace(mutant, line=cell.line)
    for solution in exercise.right:
        for mutant in mutants(solution.source, tuple(asked & {*solution.functions})):
            yield dataclasses.replace(solution, source=mutant.source), mutant


def _passes(paper: Paper, solution: Solution, function: str) -> bool:
    """Say whether a changed solution earns every point, its own function's being looked at first."""
    questions = sorted(paper.functions, key=lambda question: question.function != function)
    try:
        with run.limited(MAX_SECONDS), run.forbidden(paper.exercise.forbids):
            names = cases.namespace(paper.exercise, solution)
            return all(cases.passes(question, names) for question in questions)
    except (run.TooLong, ExerciseError):
        return False


def _is_missed(paper: Paper, question: VersionQuestion, solution: Solution) -> bool:
    """Say whether a test that earns all points passes for this version, which is wrong."""
    exercise = paper.exercise
    tests = [each for each in exercise.right if question.function in each.functions]
    with run.forbidden(exercise.forbids):
        version = cases.namespace(exercise, solution)[question.target]
        for names in [cases.namespace(exercise), *(cases.namespace(exercise, test) for test in tests)]:
            try:
                with run.limited(MAX_SECONDS):
                    if ask(names[question.function], [version]).problem is None:
                        return True
            except run.TooLong:
                continue
    return False


def _explained(path: Path) -> dict[str, str]:
    """Return the mutants that are right too, each with the reason its author gives."""
    explained = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines() if path.exists() else [], 1):
        key, _, reason = line.rpartition(" | ")
        if not key or not reason.strip():
            raise ExerciseError(path, number, "a line must be `function: before => after | why it is right too`.")
        explained[key] = reason
    return explained
