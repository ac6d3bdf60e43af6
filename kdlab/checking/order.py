"""First things first: of functions that call each other, the first wrong one is diagnosed, and the others wait."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from kdlab.checking import sentences
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Question
from kdlab.checking.judging import QuestionResult, judge_question


class Again(NamedTuple):
    """A function asked again while others are watched: which of these it called, and what came back then.

    The answers are None where nothing that is known to be right could stand in for the others.
    """

    called: frozenset[str]
    answers: Sequence[Answer] | None = None


def judge_in_order(
    questions: Sequence[Question],
    answers: dict[str, Sequence[Answer]],
    again: Callable[[Question, tuple[str, ...], int], Again],
    diagnosed: Callable[[Question, Sequence[Answer]], Question] = lambda question, answers: question,
) -> dict[str, QuestionResult]:
    """Judge all functions of one student, so that each mistake is told, and costs points, once.

    Parameters
    ----------
    questions : sequence of Question
        In the order of the exercise.
    answers : dict
        What came back in each case, by function.
    again : callable
        Given a question, functions before it, and the first case that fails: asks again, with these functions watched,
        and replaced by right ones where there are such.
    diagnosed : callable
        Given a question and its answers, returns the question with all that a diagnosis needs.

    Returns
    -------
    dict
        One result for each function. One that is right as soon as those it calls are has its points. One that calls
        another which is right, and answers in float32, has the tolerance of float32.
    """
    results: dict[str, QuestionResult] = {}
    wrong: list[str] = []
    in_float32: list[str] = []
    for question in questions:
        name = question.function
        result = judge_question(question, answers[name])
        if result.points < result.max_points:
            first = next(i for i, finding in enumerate(result.findings) if not finding.passed)
            others = (*wrong, *in_float32)
            asked = again(question, others, first) if others else Again(frozenset())
            if not asked.called.isdisjoint(in_float32):
                question = _to_float32(question)
                result = judge_question(question, answers[name])
            helper = next((each for each in wrong if each in asked.called), "")
            is_wrong = result.points < result.max_points
            if is_wrong and helper:
                result = _waiting(question, result, asked, helper, results[helper])
            elif is_wrong:
                result = judge_question(diagnosed(question, answers[name]), answers[name])
        if result.points < result.max_points:
            wrong.append(name)
        elif any(map(_is_in_float32, question.cases, answers[name])):
            in_float32.append(name)
        results[name] = result
    return results


def _to_float32(question: Question) -> Question:
    """Return a question with the tolerance of float32 in every case that does not refuse it."""
    cases = tuple(dataclasses.replace(case, float32=not case.exact_dtype) for case in question.cases)
    return dataclasses.replace(question, cases=cases)


def _is_in_float32(case: Case, answer: Answer) -> bool:
    return _holds_float32(answer.value) and not _holds_float32(case.expected)


def _holds_float32(value: Any) -> bool:
    if isinstance(value, list | tuple):
        return any(map(_holds_float32, value))
    if isinstance(value, dict):
        return any(map(_holds_float32, value.values()))
    return getattr(value, "dtype", None) == np.float32


def _waiting(
    question: Question, result: QuestionResult, asked: Again, helper: str, of_helper: QuestionResult
) -> QuestionResult:
    """Return the result of a function that calls one which is not right."""
    words = {"function": question.function, "helper": helper}
    if asked.answers is None:
        missing = any(finding.kind in ("missing", "not_written") for finding in of_helper.findings)
        sentence = sentences.WAITS_WRITING if missing else sentences.WAITS
        return dataclasses.replace(result, message=sentence.format(**words), wrong="")
    result = judge_question(question, asked.answers)
    by_itself = result.points == result.max_points
    sentence = sentences.RIGHT_BY_ITSELF if by_itself else sentences.WRONG_BY_ITSELF
    return dataclasses.replace(result, message=sentence.format(**words), wrong="")
