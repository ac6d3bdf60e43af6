"""From what checks.py says to cases: expected and wrong values come from running the reference and wrong solutions."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kdlab.checking.asking import Answer, ask
from kdlab.checking.cases import Case, Defect, Question, Raised, Version, VersionQuestion, Wrong
from kdlab.checking.comparing import departure
from kdlab.checking.judging import diagnose, judge
from kdlab.checking.values import encode, show
from kdlab.practice import run
from kdlab.practice.folder import Exercise, ExerciseError, Solution, in_checks
from kdlab.practice.kinds import traits
from kdlab.practice.pairs import pairs
from kdlab.practice.questions import Call, Catch, Function, Report
from kdlab.practice.ruled import ruled
from kdlab.practice.slips import with_slips

MAX_SECONDS = 3.0  # of a wrong solution in all cases: one that does not end must not stop a grader


@dataclass(frozen=True, eq=False)
class Paper:
    """One student's exercise: the text with the student's constants, the questions with the student's inputs.

    `orders` holds, for each test to write, the indices of the versions in the order in which the test meets them.
    """

    exercise: Exercise
    questions: tuple[Question | VersionQuestion, ...]
    orders: dict[str, list[int]]

    @property
    def functions(self) -> list[Question]:
        """Return the questions that are functions to write, judged by the values that they return."""
        return [question for question in self.questions if isinstance(question, Question) and not question.rule]

    def only(self, function: str) -> Paper:
        """Return the paper with the question of this name alone, or with none."""
        return dataclasses.replace(self, questions=tuple(each for each in self.questions if each.function == function))

    def question(self, function: str) -> Any:
        """Return the question of this name."""
        return next(each for each in self.questions if each.function == function)


def public_rng(exercise: Exercise, word: str = "public") -> np.random.Generator:
    """Return the generator of what is not secret: the constants in the page and in the common download.

    `word` is another one for the checks of a reader who has no instructor.
    """
    digest = hashlib.sha256(f"{word}/{exercise.name}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def paper(
    exercise: Exercise, rng: np.random.Generator, *, hidden: np.random.Generator | None = None, wrong: bool = True
) -> Paper:
    """Return the exercise as one generator makes it: constants, inputs, and order of the versions.

    Parameters
    ----------
    exercise : Exercise
        As read from its folder.
    rng : Generator
        The student's; equal generators give equal papers.
    hidden : Generator, optional
        That of one submission, from which the inputs and the order of versions come instead.
    wrong : bool
        Whether to run the wrong solutions too. Only a diagnosis needs them, and they take most of the time.
    """
    variant_rng, *of_student = rng.spawn(3)
    cases_rng, order_rng = hidden.spawn(2) if hidden else of_student
    exercise = with_variant(exercise, variant_rng)
    with run.forbidden(exercise.forbids):
        questions = _questions(exercise, cases_rng)
    if wrong:
        questions = tuple(
            with_wrong(exercise, each) if isinstance(each, Question) and not each.rule else each for each in questions
        )
    orders = {each.function: each.order(order_rng) for each in questions if isinstance(each, VersionQuestion)}
    return Paper(exercise, questions, orders)


def with_wrong(exercise: Exercise, question: Question) -> Question:
    """Return the question with what the wrong solutions and slips of its function give in its cases.

    Only those that change something. A solution that is wrong in a function which this one calls is told there.
    `exercise` is that of the same paper.
    """
    wrong: list[list[Wrong]] = [[] for _ in question.cases]
    with run.forbidden(exercise.forbids):
        for solution in exercise.wrong:
            if question.function not in solution.functions:
                continue
            answers = _answers(exercise, solution, question)
            if answers and not all(judge(*pair).passed for pair in zip(question.cases, answers, strict=True)):
                for i, answer in enumerate(answers):
                    wrong[i].append(Wrong(solution.name, solution.message, _outcome(answer)))
        cases = tuple(dataclasses.replace(case, wrong=tuple(wrong[i])) for i, case in enumerate(question.cases))
        reference = namespace(exercise)[question.function]
        return with_slips(dataclasses.replace(question, cases=cases), reference, _kinds(exercise, reference))


def diagnosed(exercise: Exercise, question: Question, answers: Sequence[Answer]) -> Question:
    """Return the question with all that may explain a student's answers: wrong solutions, slips, and pairs of them."""
    if question.rule:
        return question
    if not any(case.wrong for case in question.cases):
        question = with_wrong(exercise, question)
    return question if diagnose(question.cases, answers) else with_pairs(exercise, question, answers)


def with_pairs(exercise: Exercise, question: Question, answers: Sequence[Answer]) -> Question:
    """Return the question with those pairs of wrong solutions that give just these answers."""
    found: list[tuple[Solution, list[Any]]] = []
    with run.forbidden(exercise.forbids):
        reference = namespace(exercise)
        for pair in pairs(exercise, question.function):
            with contextlib.suppress(run.TooLong), run.limited(MAX_SECONDS):
                names, outcomes = dict(reference), []
                run.execute(pair.source, pair.name, names)
                function = names[question.function]
                for case, answer in zip(question.cases, answers, strict=True):
                    outcomes.append(_outcome(ask(function, case.args)))
                    if departure(outcomes[-1], case, answer):
                        break
                else:
                    found.append((pair, outcomes))
    cases = (
        dataclasses.replace(case, pairs=tuple(Wrong(pair.name, pair.message, each[i]) for pair, each in found))
        for i, case in enumerate(question.cases)
    )
    return dataclasses.replace(question, cases=tuple(cases))


def _answers(exercise: Exercise, solution: Solution, question: Question) -> list[Answer]:
    """Return what a wrong solution answers; nothing if it does not come to an end."""
    with contextlib.suppress(run.TooLong), run.limited(MAX_SECONDS):
        function = namespace(exercise, solution)[question.function]
        return [ask(function, case.args) for case in question.cases]
    return []


def with_variant(exercise: Exercise, rng: np.random.Generator) -> Exercise:
    """Return the exercise with the constants that a generator draws."""
    return exercise.filled(exercise.variant(rng) if exercise.variant else {})


def namespace(exercise: Exercise, *solutions: Solution) -> dict[str, Any]:
    """Return what the reference defines, with what these solutions define in its place.

    As in a student's notebook, the functions that stay call the new ones.
    """
    names = run.new_namespace() | run.given(exercise.data)
    for cell in exercise.cells:
        if cell.kind != "text":
            problem = run.execute(cell.reference, cell.function or "given", names)
            if problem:
                sentence = f"the reference does not run: {problem.type_name}: {problem.detail}."
                raise ExerciseError(exercise.folder / "exercise.md", cell.line, sentence)
    for solution in solutions:
        problem = run.execute(solution.source, solution.name, names)
        if problem:
            raise ExerciseError(solution.path, problem.line, f"{problem.type_name}: {problem.detail}.")
    return names


def passes(question: Question, names: dict[str, Any]) -> bool:
    """Say whether a function in a namespace is right in every case; the first wrong one ends it."""
    return all(judge(case, ask(names.get(question.function), case.args)).passed for case in question.cases)


def version_functions(exercise: Exercise, question: VersionQuestion) -> list[Callable[..., Any]]:
    """Return the versions of the function under test, in the order of `question.versions`.

    They are the author's code, to be called by the trusted side alone.
    """
    with run.forbidden(exercise.forbids):
        return [namespace(exercise, each)[question.target] for each in _versions_of(exercise, question.target)]


def _questions(exercise: Exercise, rng: np.random.Generator) -> tuple[Question | VersionQuestion, ...]:
    checks = exercise.folder / "checks.py"
    reference = namespace(exercise)
    questions: list[Question | VersionQuestion] = []
    with in_checks(checks):
        all_asked = exercise.questions(rng)
    for asked in all_asked:
        if not any(asked.name == cell.function for cell in exercise.solutions):
            raise ExerciseError(checks, None, f"{asked.name} has no cell in exercise.md.")
        if isinstance(asked, Catch):
            questions.append(_test_question(exercise, asked))
            continue
        try:
            function, rule = ruled(exercise, asked, rng)
            cases = [_case(exercise, function, call, reference[asked.name]) for call in function.calls]
            if isinstance(asked, Report) and asked.record and rule(cases[0].expected, asked.record).share < 1:
                raise ValueError(f"the record has {asked.record}; the reference gives {show(cases[0].expected)}.")
        except (TypeError, ValueError) as error:
            raise ExerciseError(checks, None, f"{asked.name}: {error}") from error
        questions.append(Question(asked.name, asked.points, tuple(cases), rule))
    return tuple(questions)


def _case(exercise: Exercise, asked: Function, call: Call, reference: Callable[..., Any]) -> Case:
    where = f"the call with {show(call.args)}" if call.public else f"the call {call.note!r}"
    encode(call.args)
    case = Case(asked.name, call.args, None, call.rtol, call.atol, call.public, call.note, (), call.exact_dtype)
    answer = ask(reference, case.args)
    if answer.type_name != call.raises:
        said = call.raises or "no exception"
        raised = f"{answer.type_name} ({answer.detail})" if answer.type_name else "none"
        raise ValueError(f"{where} should raise {said} in the reference; it raises {raised}.")
    expected = _outcome(answer)
    if isinstance(expected, Defect):
        raise ValueError(f"{where} gives no value in the reference: {expected.kind}. {answer.detail}".strip())
    quantities = asked.quantities(*call.args) if asked.quantities else {}
    special = traits([*_kinds(exercise, reference).values()], call.args)
    return dataclasses.replace(case, expected=expected, quantities=quantities, traits=special)


def _kinds(exercise: Exercise, function: Callable[..., Any]) -> dict[str, str]:
    return {name: exercise.kinds.get(name, "") for name in inspect.signature(function).parameters}


def _outcome(answer: Answer) -> Any:
    if answer.problem is None:
        return answer.value
    return Raised(answer.type_name) if answer.type_name else Defect(answer.problem)


def _test_question(exercise: Exercise, asked: Catch) -> VersionQuestion:
    versions = tuple(Version(each.name, each.good, each.message) for each in _versions_of(exercise, asked.of))
    kinds = _kinds(exercise, namespace(exercise)[asked.of])
    return VersionQuestion(asked.name, asked.of, asked.points, versions, kinds)


def _versions_of(exercise: Exercise, target: str) -> list[Solution]:
    return [each for each in exercise.versions if target in each.functions]
