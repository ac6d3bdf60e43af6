"""Whether answers are right, and what to tell their author: never beside the code that gave them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Question, Wrong
from kdlab.checking.comparing import departure
from kdlab.checking.relations import relation
from kdlab.checking.values import show


@dataclass(frozen=True)
class Finding:
    """What one case says: `kind` is passed, a problem, or how the value departs."""

    passed: bool
    kind: str
    sentence: str


@dataclass(frozen=True)
class QuestionResult:
    """What all cases of a question say. `message` is the one sentence to read first, empty if all is right.

    `wrong` is the name of the wrong solution whose values the student's are, if there is one.
    """

    function: str
    points: float
    max_points: float
    findings: tuple[Finding, ...]
    message: str = ""
    wrong: str = ""


def judge(case: Case, answer: Answer) -> Finding:
    """Say whether an answer is right, and if not, how it departs.

    The sentence of a public case tells the call, what is expected and where the answer departs. That of a hidden
    case tells what the student may know: the type, shape and dtype of the answer, and what kind of error it is.

    Examples
    --------
    >>> judge(Case("double", (2,), 4, public=True), Answer(5)).sentence
    'double(2): 4 is expected, 5 came back.'
    >>> judge(Case("double", (2,), 4), Answer(5)).sentence
    'A hidden case of double: the value is not the expected one.'
    """
    departs = departure(case.expected, case, answer)
    if departs is None:
        return Finding(True, "passed", f"{_title(case)}: right.")
    return Finding(False, departs.kind, f"{_title(case)}: {departs.public if case.public else departs.hidden}")


def diagnose(cases: Sequence[Case], answers: Sequence[Answer]) -> Wrong | None:
    """Return the wrong solution that would have given just these answers, at least one of which fails.

    Parameters
    ----------
    cases : sequence of Case
        The cases of one question.
    answers : sequence of Answer
        One for each of the first of them.

    Returns
    -------
    Wrong or None
        The only one that agrees with every answer; None if there is none or there are several.
    """
    answered = list(zip(cases, answers, strict=False))
    if all(departure(case.expected, case, answer) is None for case, answer in answered):
        return None
    return _agreeing([case.wrong for case, _ in answered], answered)


def _agreeing(wrong: Sequence[Sequence[Wrong]], answered: Sequence[tuple[Case, Answer]]) -> Wrong | None:
    found = [
        wrongs[0]
        for wrongs in zip(*wrong, strict=True)
        if all(departure(wrong.value, *pair) is None for wrong, pair in zip(wrongs, answered, strict=True))
    ]
    return found[0] if len(found) == 1 else None


def judge_question(question: Question, answers: Sequence[Answer]) -> QuestionResult:
    """Return the points of a question, one finding for each case, and the sentence to read first.

    If the values are those of a named wrong solution, it is that one's. Else it says what else all of them are (the
    right ones for other arguments, or related to the expected ones), and how the first of them departs.

    Parameters
    ----------
    question : Question
        The points are earned all or nothing.
    answers : sequence of Answer
        One for each case, in order.
    """
    findings = tuple(judge(case, answer) for case, answer in zip(question.cases, answers, strict=True))
    if all(finding.passed for finding in findings):
        return QuestionResult(question.function, question.points, question.points, findings)
    wrong = diagnose(question.cases, answers)
    if wrong:
        return QuestionResult(question.function, 0, question.points, findings, wrong.message, wrong.name)
    slip = _agreeing([case.slips for case in question.cases], list(zip(question.cases, answers, strict=True)))
    related = relation(question.cases, answers, [finding.passed for finding in findings])
    first = next(finding.sentence for finding in findings if not finding.passed)
    message = " ".join(filter(None, [slip.message if slip else "", related, first]))
    return QuestionResult(question.function, 0, question.points, findings, message)


def _title(case: Case) -> str:
    if not case.public:
        return f"A hidden case of {case.function}"
    call = f"{case.function}({', '.join(show(arg) for arg in case.args)})"
    return f"{call} ({case.note})" if case.note else call
