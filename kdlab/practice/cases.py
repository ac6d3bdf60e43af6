"""From what checks.py says to cases: expected and wrong values come from running the reference and wrong solutions."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kdlab.checking.asking import Answer, ask
from kdlab.checking.cases import Case, Defect, Question, Version, VersionQuestion
from kdlab.checking.judging import judge
from kdlab.checking.values import encode, show
from kdlab.practice import explaining, run
from kdlab.practice.explaining import Known, Source, kinds_of, outcome_of
from kdlab.practice.folder import Exercise, ExerciseError, Solution, in_checks
from kdlab.practice.kinds import traits
from kdlab.practice.questions import Call, Catch, Function, Report
from kdlab.practice.ruled import ruled


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
            explaining.with_wrong(known(exercise), each) if isinstance(each, Question) and not each.rule else each
            for each in questions
        )
    orders = {each.function: each.order(order_rng) for each in questions if isinstance(each, VersionQuestion)}
    return Paper(exercise, questions, orders)


def known(exercise: Exercise) -> Known:
    """Return what may explain a wrong answer to an exercise. `exercise` is that of the same paper."""
    code = [cell for cell in exercise.cells if cell.kind != "text"]
    return Known(
        tuple((cell.function or "given", cell.reference) for cell in code),
        {cell.function: cell.starter for cell in exercise.solutions},
        tuple(Source(each.name, each.message, each.source, each.functions) for each in exercise.wrong),
        exercise.kinds,
        exercise.forbids,
        exercise.data,
    )


def diagnosed(exercise: Exercise, question: Question, answers: Sequence[Answer]) -> Question:
    """Return the question with all that may explain a student's answers."""
    return explaining.diagnosed(known(exercise), question, answers)


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
    return not first_failing(question, names)


def first_failing(question: Question, names: dict[str, Any]) -> str:
    """Return the sentence of the first case in which a function in a namespace is not right, or nothing."""
    findings = (judge(case, ask(names.get(question.function), case.args)) for case in question.cases)
    return next((finding.sentence for finding in findings if not finding.passed), "")


def version_functions(exercise: Exercise, question: VersionQuestion) -> list[Callable[..., Any]]:
    """Return the versions of the function under test, in the order of `question.versions`.

    They are the author's code, to be called by the trusted side alone.
    """
    with run.forbidden(exercise.forbids):
        return [namespace(exercise, each)[question.target] for each in _versions_of(exercise, question.target)]


def wrong_of(exercise: Exercise, question: VersionQuestion) -> list[Solution]:
    """Return the wrong solutions of the function under test that are no version of it."""
    versions = {each.name for each in exercise.versions}
    return [each for each in exercise.wrong if question.target in each.functions and each.name not in versions]


def wrong_functions(exercise: Exercise, question: VersionQuestion) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield these as functions, each with its sentence. They too are the author's code."""
    with run.forbidden(exercise.forbids):
        for solution in wrong_of(exercise, question):
            yield solution.message, namespace(exercise, solution)[question.target]


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
    expected = outcome_of(answer)
    if isinstance(expected, Defect):
        raise ValueError(f"{where} gives no value in the reference: {expected.kind}. {answer.detail}".strip())
    quantities = asked.quantities(*call.args) if asked.quantities else {}
    special = traits([*kinds_of(exercise.kinds, reference).values()], call.args)
    return dataclasses.replace(case, expected=expected, quantities=quantities, traits=special)


def _test_question(exercise: Exercise, asked: Catch) -> VersionQuestion:
    versions = tuple(Version(each.name, each.good, each.message) for each in _versions_of(exercise, asked.of))
    kinds = kinds_of(exercise.kinds, namespace(exercise)[asked.of])
    return VersionQuestion(asked.name, asked.of, asked.points, versions, kinds)


def _versions_of(exercise: Exercise, target: str) -> list[Solution]:
    return [each for each in exercise.versions if target in each.functions]
