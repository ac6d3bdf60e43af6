"""Whether answers are right, and what to tell their author: never beside the code that gave them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kdlab.checking import sentences
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Question, Wrong
from kdlab.checking.comparing import departure, describe_problem
from kdlab.checking.relations import relation
from kdlab.checking.rules import Rule
from kdlab.checking.values import show

NEARLY = 0.01  # of how far a wrong solution departs


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

    The sentence of a public case tells the call, what is expected and where the answer departs. That of a hidden case
    has the author's note on its kind, and a sentence from `sentences` in which a student's code can choose nothing.

    Examples
    --------
    >>> judge(Case("double", (2,), 4, public=True), Answer(5)).sentence
    'double(2): 4 is expected, 5 came back.'
    >>> judge(Case("double", (2,), 4), Answer(5)).sentence
    'A hidden case of double: the value is not the expected one.'
    """
    departs = departure(case.expected, case, answer)
    if departs is None:
        return Finding(True, "passed", _title(case) + sentences.RIGHT)
    return Finding(False, departs.kind, _title(case) + (departs.public if case.public else departs.hidden))


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
        if all(_is(wrong.value, *pair) for wrong, pair in zip(wrongs, answered, strict=True))
    ]
    return found[0] if len(found) == 1 else None


def _is(wrong: Any, case: Case, answer: Answer) -> bool:
    """Say whether an answer is that of a wrong solution.

    What comes of a difference of nearly equal numbers is rounded otherwise on another machine: so it is enough to
    depart from what is expected as the wrong solution does.
    """
    if departure(wrong, case, answer) is None:
        return True
    three = [each for each in (case.expected, wrong, answer.value) if isinstance(each, float | np.ndarray)]
    if answer.problem or len(three) < 3 or len({np.shape(each) for each in three}) > 1:
        return False
    arrays = [np.asarray(each) for each in three]
    if any(each.dtype != np.float64 or not np.isfinite(each).all() for each in arrays):
        return False
    expected, wrong, value = arrays
    return bool(np.abs(value - wrong).max(initial=0) < NEARLY * np.abs(wrong - expected).max(initial=0))


def judge_question(question: Question, answers: Sequence[Answer]) -> QuestionResult:
    """Return the points of a question, one finding for each case, and the sentence to read first.

    If the values are those of a named wrong solution, or of two of them at once, it is theirs. Else it says what else
    all of them are (the right ones for other arguments, or related to the expected ones), and how the first departs.

    Parameters
    ----------
    question : Question
        The points are earned all or nothing.
    answers : sequence of Answer
        One for each case, in order.
    """
    if question.rule:
        return _ruled(question, question.rule, answers)
    findings = _told([judge(*pair) for pair in zip(question.cases, answers, strict=True)], question.cases)
    if all(finding.passed for finding in findings):
        return QuestionResult(question.function, question.points, question.points, findings)
    wrong = diagnose(question.cases, answers)
    if wrong:
        return QuestionResult(question.function, 0, question.points, findings, wrong.message, wrong.name)
    answered = list(zip(question.cases, answers, strict=True))
    pair = _agreeing([case.pairs for case in question.cases], answered)
    if pair:
        return QuestionResult(question.function, 0, question.points, findings, pair.message, pair.name)
    slip = _agreeing([case.slips for case in question.cases], answered)
    related = relation(question.cases, answers, [finding.passed for finding in findings])
    first = next(finding.sentence for finding in findings if not finding.passed)
    message = " ".join(filter(None, [slip.message if slip else "", related, first]))
    return QuestionResult(question.function, 0, question.points, findings, message)


def _ruled(question: Question, rule: Rule, answers: Sequence[Answer]) -> QuestionResult:
    """Return what a rule says: the least share of all cases, and the sentence that goes with it."""
    shares, findings = [], []
    for case, answer in zip(question.cases, answers, strict=True):
        if answer.problem:
            said = describe_problem(case.function, answer)[0 if case.public else 1]
            shares.append(0.0)
            findings.append(Finding(False, answer.problem, said))
        else:
            share, said = rule(case.expected, answer.value)
            shares.append(share)
            findings.append(Finding(share == 1, "passed" if share == 1 else "ruled", said))
    least = min(range(len(shares)), key=lambda i: shares[i])
    points = question.points * shares[least]
    return QuestionResult(question.function, points, question.points, tuple(findings), findings[least].sentence)


def _told(findings: list[Finding], cases: Sequence[Case]) -> tuple[Finding, ...]:
    """Return the findings with the words of hidden cases taken out, but for those of the first that is not right."""
    first = next((i for i, finding in enumerate(findings) if not finding.passed), None)
    return tuple(
        finding
        if finding.passed or case.public or i == first
        else dataclasses.replace(finding, sentence=_title(case) + sentences.NOT_RIGHT)
        for i, (finding, case) in enumerate(zip(findings, cases, strict=True))
    )


def _title(case: Case) -> str:
    note = f" ({case.note})" if case.note else ""
    if not case.public:
        return sentences.HIDDEN_CASE.format(function=case.function, note=note)
    call = f"{case.function}({', '.join(show(arg) for arg in case.args)})"
    return sentences.PUBLIC_CASE.format(call=call + note)
