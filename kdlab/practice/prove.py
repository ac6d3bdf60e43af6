"""Prove an exercise folder: the starter earns nothing, the reference all, and each wrong solution is caught by name."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kdlab.checking.asking import Answer, Watched, ask, ask_with
from kdlab.checking.cases import Question, VersionQuestion
from kdlab.checking.judging import QuestionResult, judge
from kdlab.checking.order import Again, judge_in_order
from kdlab.checking.testing import Retry, as_function, asked, judge_versions
from kdlab.checking.values import to_data
from kdlab.practice import cases, checklist, folder, leaks, page, run, survivors
from kdlab.practice.cases import Paper
from kdlab.practice.folder import Exercise, ExerciseError, Solution, line_of
from kdlab.practice.kinds import traits_of_call

N_PAPERS = 25  # imaginary students, each with other hidden inputs and constants
N_READ = 3  # of these, on whose papers every message is read, and every mutant tried
MAX_SECONDS = 3.0  # of one solution on one paper: what takes longer does not end
MAX_CALLS_OF_RIGHT = 100_000  # of a function that stands in for a student's
MIN_GOOD, MIN_BAD = 2, 5  # versions for a student's test

Results = dict[str, QuestionResult]
Marks = dict[tuple[str, str], str]  # of a wrong solution and a function: x for each case that catches it


@dataclass(frozen=True)
class Proof:
    """What was found in one folder. `matrix` has a row for each wrong solution, a column for each case.

    `mutants` says how many small changes of right solutions were tried, and how many of them are explained.
    """

    name: str
    problems: tuple[str, ...]
    matrix: str
    mutants: str = ""

    def __str__(self) -> str:
        verdict = "all is well." if not self.problems else f"{len(self.problems)} problems."
        lines = [self.matrix.rstrip(), self.mutants, *self.problems, f"{self.name}: {verdict}"]
        return "\n".join(filter(None, lines)).lstrip()


def prove(path: Path, *, n_papers: int = N_PAPERS, with_mutants: bool = True, verbose: bool = False) -> Proof:
    """Return the proof of one exercise folder, with the problems that were found.

    One paper and no mutants is for the author at work: secrets are not looked for then. If `verbose`, a problem tells
    call and values of a hidden case too, as students read it of a public one.
    """
    name = f"{path.resolve().parent.name}/{path.resolve().name}"
    try:
        exercise = folder.read(path)
        numbers, counted = range(n_papers), ""
        problems = list(_structure(exercise)) or list(_stuck(exercise, numbers[:N_READ]))
        if problems:
            return Proof(name, tuple(problems), "")
        papers = [cases.paper(exercise, np.random.default_rng(i)) for i in numbers[:N_READ]]
        marks: list[Marks] = []
        for paper in papers:
            told = _opened(paper) if verbose else paper
            wrong, of_paper = judge_wrong(told)
            problems += [*_starter(paper), *_reference(told), *wrong, *_right(told)]
            marks.append(of_paper)
        problems += [*_alike(papers[0]), *checklist.find(exercise, papers)]
        if n_papers > 1:
            others = [cases.paper(exercise, np.random.default_rng(i), wrong=False) for i in numbers[N_READ:]]
            everyone = [_opened(paper) if verbose else paper for paper in (*papers, *others)]
            problems += [*_verdicts(everyone), *_repeats(exercise, *papers[:2])]
            problems += leaks.find(exercise, [page.public_paper(exercise), *papers])
        if with_mutants:
            found, counted = survivors.find(exercise, papers)
            problems += found
    except ExerciseError as error:
        return Proof(name, (str(error),), "")
    return Proof(name, tuple(dict.fromkeys(problems)), matrix(papers[0], marks[0]), counted)


def results(paper: Paper, names: dict[str, Any], problems: dict[str, Answer] | None = None) -> Results:
    """Return the result of each question, for what a namespace defines. `problems` are cells that did not run."""
    problems, functions = problems or {}, [each for each in paper.questions if isinstance(each, Question)]

    def again(question: Question, others: tuple[str, ...], first: int) -> Again:
        if question.function in problems:
            return Again(frozenset())
        reference = cases.namespace(paper.exercise)
        right = {name: Watched(reference[name], most=MAX_CALLS_OF_RIGHT) for name in others}
        _, called = ask_with(names, question.function, question.cases[first].args, right)
        if not called:
            return Again(frozenset())
        asked = [ask_with(names, question.function, case.args, right)[0] for case in question.cases]
        return Again(frozenset(called), asked)

    with run.forbidden(paper.exercise.forbids):
        answers = {
            each.function: [
                problems.get(each.function) or ask(names.get(each.function), case.args) for case in each.cases
            ]
            for each in functions
        }
        found = judge_in_order(functions, answers, again, functools.partial(cases.diagnosed, paper.exercise))
        for question in paper.questions:
            if isinstance(question, VersionQuestion):
                problem = problems.get(question.function)
                found[question.function] = _result_of_test(paper, question, names, problem)
    return {each.function: found[each.function] for each in paper.questions}


def _opened(paper: Paper) -> Paper:
    """Return a paper of which an author may read everything: no case is hidden."""
    questions = (
        dataclasses.replace(each, cases=tuple(dataclasses.replace(case, public=True) for case in each.cases))
        if isinstance(each, Question)
        else each
        for each in paper.questions
    )
    return dataclasses.replace(paper, questions=tuple(questions))


def _result_of_test(
    paper: Paper, question: VersionQuestion, names: dict[str, Any], problem: Answer | None
) -> QuestionResult:
    function = names.get(question.function)
    versions = cases.version_functions(paper.exercise, question)
    answers, traits, inside = [], [], []
    for i in paper.orders[question.function]:
        version = Watched(versions[i])
        answer, of_call = version.tried(problem or ask(function, [version]))
        answers.append((i, answer))
        traits.append(traits_of_call(question.kinds, *version.last) if version.n_calls else None)
        inside.append(of_call)

    def said_of(other: Callable[..., Any]) -> Answer:
        version = Watched(other)
        return version.tried(ask(function, [version]))[0]

    def of_wrong() -> Iterator[tuple[str, Answer]]:
        for message, wrong in cases.wrong_functions(paper.exercise, question):
            yield message, said_of(wrong)

    retry = Retry([asked(version) for version in versions], lambda version: said_of(as_function(version)))
    return judge_versions(question, answers, traits, inside=inside, wrong=of_wrong, retry=retry)


def _structure(exercise: Exercise) -> Iterator[str]:
    """Look at what checks.py asks, and at what there is to answer it."""
    checks = exercise.folder / "checks.py"
    source = checks.read_text(encoding="utf-8")
    questions = cases.paper(exercise, cases.public_rng(exercise), wrong=False).questions
    asked = {each.function: each for each in questions}
    cells = {cell.function: cell for cell in exercise.solutions}
    for name in cells.keys() - asked.keys():
        yield f"{exercise.folder / 'exercise.md'}:{cells[name].line}: checks.py does not ask for {name}."
    for name, question in asked.items():
        points, line = question.points, line_of(source, f'"{name}"')
        where = f"{checks}:{line}"
        if sum(each.function == name for each in questions) > 1:
            yield f"{where}: {name} is asked for twice: put all its calls into one Function."
        if type(points) not in (int, float) or not 0 < points < math.inf:
            yield f"{where}: {name} must be worth a number of points above 0; {points!r} was given."
        if name in cells and not cells[name].hints:
            yield f"{exercise.folder / 'exercise.md'}:{cells[name].line}: {name} has no hint: add one after its cell."
        if isinstance(question, Question) and question.rule:
            continue
        if isinstance(question, Question):
            if {case.public for case in question.cases} != {True, False}:
                yield f"{where}: {name} must have a public case and a hidden one."
        else:
            good = sum(version.good for version in question.versions)
            if good < MIN_GOOD or len(question.versions) - good < MIN_BAD:
                yield f"{where}: {name} must meet {MIN_GOOD} good and {MIN_BAD} bad versions of {question.target}."
        if not any(name in solution.functions for solution in exercise.wrong):
            yield f"{exercise.folder / 'wrong'}: no wrong solution defines {name}: write one."
        if isinstance(question, Question) and not any(name in solution.functions for solution in exercise.right):
            yield f"{exercise.folder / 'right'}: no right solution defines {name}: write one, in another way."


def _alike(paper: Paper) -> Iterator[str]:
    """Look for what no good version shows: that results differ in the last digits, and that a mask holds booleans."""
    folder_of_versions = paper.exercise.folder / "versions"
    for question in paper.questions:
        if not isinstance(question, VersionQuestion):
            continue
        functions = cases.version_functions(paper.exercise, question)
        good = [each for each, version in zip(functions, question.versions, strict=True) if version.good]
        calls = [case.args for each in paper.functions if each.function == question.target for case in each.cases]
        of = f"{folder_of_versions}: every good version of {question.target}"
        text = " ".join(cell.source for cell in paper.exercise.cells if cell.kind == "text")
        if "np.allclose" in text and not any(_differ(good, args) for args in calls):
            yield f"{of} gives the same to the last digit, so a test with == would pass: add one in another order."
        for i in (i for i, kind in enumerate(question.kinds.values()) if kind == "mask"):
            as_floats = [(*args[:i], args[i].astype(float), *args[i + 1 :]) for args in calls]
            if not any(_differ(good, args) for args in as_floats):
                yield f"{of} takes a mask of floats, so a test with one would pass: add one that says weights[~mask]."


def _differ(functions: Sequence[Callable[..., Any]], args: tuple[Any, ...]) -> bool:
    """Say whether functions answer differently, be it in the last digit."""
    answers = [ask(function, args) for function in functions]
    return len({repr((answer.problem, to_data(answer.value))) for answer in answers}) > 1


def _starter(paper: Paper) -> Iterator[str]:
    exercise = paper.exercise
    path = exercise.folder / "exercise.md"
    names, problems = run.new_namespace() | run.given(exercise.data), {}
    with run.forbidden(exercise.forbids):
        for cell in exercise.cells:
            problem = run.execute(cell.starter, cell.function or "given", names) if cell.kind != "text" else None
            if problem:
                yield f"{path}:{cell.line}: the starter does not run: {problem.type_name}: {problem.detail}."
                problems[cell.function] = problem
    found = results(paper, names, problems)
    for cell in exercise.solutions:
        result = found[cell.function]
        if result.points > 0:
            yield f"{path}:{cell.line}: the starter of {cell.function} earns {result.points:g} points."
        elif cell.mends and not any(
            case.public and not finding.passed
            for case, finding in zip(paper.question(cell.function).cases, result.findings, strict=True)
        ):
            yield f"{path}:{cell.line}: no public case of {cell.function} shows the bug of the starter."


def _reference(paper: Paper) -> Iterator[str]:
    for name, result in results(paper, cases.namespace(paper.exercise)).items():
        if result.points < result.max_points:
            cell = next(cell for cell in paper.exercise.solutions if cell.function == name)
            yield f"{paper.exercise.folder / 'exercise.md'}:{cell.line}: the reference fails: {result.message}"


def judge_wrong(paper: Paper) -> tuple[list[str], Marks]:
    """Return what is amiss with the wrong solutions, and which cases catch them."""
    problems: list[str] = []
    marks: Marks = {}
    for solution in paper.exercise.wrong:
        names = cases.namespace(paper.exercise, solution)
        for name in solution.functions:
            for result in results(paper.only(name), names).values():
                marks[solution.name, name] = "".join(".x"[not finding.passed] for finding in result.findings)
                if result.points == result.max_points:
                    said = f"this wrong solution earns the points of {name}: no case catches it."
                    problems.append(f"{solution.path}:1: {said}")
                else:
                    problems += _message(paper, solution, names, name, result)
    return problems, marks


def _message(
    paper: Paper, solution: Solution, names: dict[str, Any], name: str, result: QuestionResult
) -> Iterator[str]:
    question = paper.question(name)
    if isinstance(question, VersionQuestion) or question.rule:
        if not result.message.startswith(solution.message):
            yield f"{solution.path}:1: {name} gets another message than its docstring says: {result.message}"
        return
    if result.wrong == solution.name:
        return
    with run.forbidden(paper.exercise.forbids):
        answers = [ask(names[name], case.args) for case in question.cases]
    alike = [
        wrong.name
        for i, wrong in enumerate(question.cases[0].wrong)
        if wrong.name != solution.name
        and all(
            judge(dataclasses.replace(case, expected=case.wrong[i].value), answer).passed
            for case, answer in zip(question.cases, answers, strict=True)
        )
    ]
    if alike:
        yield f"{solution.path}:1: no case of {name} tells this wrong solution from {', '.join(alike)}."
    else:
        yield f"{solution.path}:1: {name} gets another message than its docstring says: {result.message}"


def _right(paper: Paper) -> Iterator[str]:
    for solution in paper.exercise.right:
        for result in results(paper, cases.namespace(paper.exercise, solution)).values():
            if result.points < result.max_points:
                yield f"{solution.path}:1: this right solution fails: {result.message}"


def _stuck(exercise: Exercise, numbers: range) -> Iterator[str]:
    """Look for solutions that do not end, or import what is not there, on papers of these numbers, before all else."""
    papers = [cases.paper(exercise, np.random.default_rng(i), wrong=False) for i in numbers]
    for solution in (*exercise.wrong, *exercise.right):
        for paper in papers:
            with _ending(solution) as problems, run.forbidden(exercise.forbids):
                names = cases.namespace(paper.exercise, solution)
                for function, args in _calls(paper, solution.functions):
                    answer = ask(names[function], args)
                    if answer.type_name == "ModuleNotFoundError":
                        problems.append(f"{solution.path}:{answer.line or 1}: {answer.type_name}: {answer.detail}.")
                        break
            if problems:
                yield from problems
                break


@contextlib.contextmanager
def _ending(solution: Solution) -> Iterator[list[str]]:
    """Stop what a solution does after some seconds; the list has a sentence then."""
    problems: list[str] = []
    try:
        with run.limited(MAX_SECONDS):
            yield problems
    except run.TooLong:
        problems.append(f"{solution.path}:1: it does not come to an end within {MAX_SECONDS:g} s.")


def _calls(paper: Paper, functions: tuple[str, ...]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    for question in paper.questions:
        if question.function not in functions:
            continue
        if isinstance(question, Question):
            yield from ((question.function, case.args) for case in question.cases)
        else:
            yield from ((question.function, (each,)) for each in cases.version_functions(paper.exercise, question))


def _verdicts(papers: list[Paper]) -> Iterator[str]:
    """Look for a wrong solution that passes some student's cases by luck, and a right one that fails some."""
    passed: Counter[tuple[Path, str]] = Counter()
    failed: dict[tuple[Path, str], list[str]] = {}  # what the first case said that failed, for each paper
    for paper in papers:
        with run.forbidden(paper.exercise.forbids):
            for solution in paper.exercise.wrong:
                with _ending(solution) as problems:
                    names = cases.namespace(paper.exercise, solution)
                    for question in paper.functions:
                        if question.function in solution.functions:
                            passed[solution.path, question.function] += cases.passes(question, names)
                yield from problems
            for solution in paper.exercise.right:
                with _ending(solution) as problems:
                    names = cases.namespace(paper.exercise, solution)
                    for question in paper.functions:
                        said = cases.first_failing(question, names)
                        if said:
                            failed.setdefault((solution.path, question.function), []).append(said)
                yield from problems
    for (path, name), number in passed.items():
        if number:
            rate = f"{number} of {len(papers)} papers"
            yield f"{path}:1: this wrong solution earns the points of {name} on {rate}: add a case that tells it."
    for (path, name), said in failed.items():
        rate = f"{len(said)} of {len(papers)} papers"
        yield f"{path}:1: this right solution fails {name} on {rate}, as here: {said[0]}"


def _repeats(exercise: Exercise, once: Paper, other: Paper) -> Iterator[str]:
    """Look for what is not the same the second time: a global generator, say. The first paper is that of seed 0."""
    checks = exercise.folder / "checks.py"
    again = cases.paper(exercise, np.random.default_rng(0))
    if page.instructor_practice(once) != page.instructor_practice(again) or once.exercise.cells != again.exercise.cells:
        yield f"{checks}: the same generator must give the same cases and constants."
    public = [[each.get("cases") for each in page.practice(paper)["questions"]] for paper in (once, other)]
    if public[0] != public[1]:
        yield f"{checks}: public cases must not come from the generator of the hidden ones."


def matrix(paper: Paper, marks: Marks) -> str:
    """Return the kill matrix as text: x where a case catches a wrong solution, . where it does not.

    The second row says what a column is: p a public case, h a hidden one; g a good version, b a bad one. A solution has
    marks for the functions it defines.
    """
    kinds = {}
    for question in paper.questions:
        if isinstance(question, Question):
            kinds[question.function] = "".join("p" if case.public else "h" for case in question.cases)
        else:
            kinds[question.function] = "".join("g" if version.good else "b" for version in question.versions)
    rows = [["", *kinds], ["", *kinds.values()]]
    rows += [
        [solution.name, *(marks.get((solution.name, name), "") for name in kinds)] for solution in paper.exercise.wrong
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
