"""Whether a test that a student wrote tells good versions of a function from bad ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kdlab.checking import sentences
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Version, VersionQuestion
from kdlab.checking.comparing import describe_problem
from kdlab.checking.judging import Finding, QuestionResult

MAX_EXPECTED = 2  # wrong versions that a test passes for, of which it may be said that it expects them
MAX_TRAITS = 2  # of the last call: each more would tell more of a version that is not to be seen


def judge_versions(
    question: VersionQuestion,
    answers: Sequence[tuple[int, Answer]],
    last_calls: Sequence[tuple[str, ...]] = (),
    *,
    inside: Sequence[bool] = (),
    public: bool = False,
    wrong: Callable[[], Iterable[tuple[str, Answer]]] = tuple,
) -> QuestionResult:
    """Return the points of a student's test: all of them if it tells the good versions from the bad, else none.

    Parameters
    ----------
    question : VersionQuestion
        What the test should say of each version.
    answers : sequence of (int, Answer)
        The index of the version, and what came back from the test. Each version must occur.
    last_calls : sequence of tuple of str
        What was special about the last call that the test made each time: see `kdlab.practice.kinds`.
    inside : sequence of bool
        Whether it was the last call itself that raised what the test raised.
    public : bool
        Whether the versions may be seen. Of others, one bug alone is told, and no exception's own words.
    wrong : callable
        Returns pairs of a sentence on another wrong solution, and what the test answers for it: asked if the test
        refuses every right version, and every wrong one.

    Returns
    -------
    QuestionResult
        One finding for each version. The message is about a good version refused, if there is one.
    """
    traits = list(last_calls) or [()] * len(answers)
    told = list(zip(answers, traits, list(inside) or [False] * len(answers), strict=True))
    runs = [
        [_Run(answer, *of_call) for (index, answer), *of_call in told if index == i]
        for i in range(len(question.versions))
    ]
    findings = [_judge_version(question, *pair, public) for pair in zip(question.versions, runs, strict=True)]
    missed = [i for i, finding in enumerate(findings) if finding.kind == "not_caught"]
    for i in missed[1:]:
        if not public:
            findings[i] = dataclasses.replace(findings[i], sentence=sentences.MISSES_ANOTHER)
    if all(finding.passed for finding in findings):
        return QuestionResult(question.function, question.points, question.points, tuple(findings))
    message = _message_of_test(question, findings, wrong)
    return QuestionResult(question.function, 0, question.points, tuple(findings), message)


class _Run(NamedTuple):
    """A test on a version: what came back, what was special about the last call, and whether that call raised it."""

    answer: Answer
    traits: tuple[str, ...]
    inside: bool


def _judge_version(question: VersionQuestion, version: Version, runs: list[_Run], public: bool) -> Finding:
    answers = [run.answer for run in runs]
    odd = next((answer for answer in answers if answer.problem not in (None, "raised")), None)
    if odd:
        return Finding(False, odd.problem, describe_problem(question.function, odd)[0 if public else 1])
    if not answers:
        return Finding(False, "not_run", sentences.NOT_RUN)
    raised = {answer.problem == "raised" for answer in answers}
    if len(raised) > 1:
        return Finding(False, "flaky", sentences.FLAKY)
    if version.good and raised == {True}:
        return Finding(False, "refused", _refused(runs[0], public))
    if not version.good and raised == {False}:
        returned = sentences.RETURNED if answers[0].value is not None else ""
        return Finding(False, "not_caught", sentences.MISSES.format(message=version.message, returned=returned))
    return Finding(True, "passed", sentences.PASSES_RIGHT if version.good else sentences.CATCHES)


def _refused(run: _Run, public: bool) -> str:
    answer, traits, inside = run
    known = public or answer.type_name in sentences.BUILT_IN
    said = sentences.REFUSES.format(
        type_name=answer.type_name if known else sentences.AN_EXCEPTION,
        line=f" in line {answer.line}" if answer.line else "",
        message=f": {answer.detail.rstrip('.')}" if public and answer.detail else "",
    )
    if traits:
        said += sentences.LAST_CALL.format(traits=" and ".join(traits[:MAX_TRAITS]))
    if inside:
        return said + sentences.RAISED_INSIDE
    return said + (sentences.BY_HAND if answer.type_name == "AssertionError" else "")


def _message_of_test(
    question: VersionQuestion,
    findings: Sequence[Finding],
    wrong: Callable[[], Iterable[tuple[str, Answer]]],
) -> str:
    """Return the sentence to read first: what the verdicts have in common, if there is such a thing."""
    name = question.function
    kinds = [finding.kind for finding in findings]
    n_good = sum(version.good for version in question.versions)
    odd = next((finding for finding in findings if finding.kind not in ("passed", "refused", "not_caught")), None)
    if odd:
        return odd.sentence
    missed = next((finding.sentence for finding in findings if finding.kind == "not_caught"), "")
    if "refused" not in kinds:
        everything = kinds.count("not_caught") == len(kinds) - n_good
        return sentences.PASSES_ALL.format(function=name, missed=missed) if everything else missed
    refused = next(finding.sentence for finding in findings if finding.kind == "refused")
    if kinds.count("refused") < n_good and sentences.RAISED_INSIDE in refused:
        return refused
    if kinds.count("refused") < n_good:
        return refused.removesuffix(sentences.BY_HAND) + sentences.LAST_DIGITS
    if kinds.count("not_caught") == len(kinds) - n_good:
        return sentences.TURNED_ROUND.format(function=name)
    passing = [
        version.message
        for version, finding in zip(question.versions, findings, strict=True)
        if finding.kind == "not_caught"
    ]
    passing = passing[:1] if len(passing) <= MAX_EXPECTED else passing  # of the versions one bug is told
    said = refused if passing else sentences.RAISES_ALL.format(function=name, refused=refused)
    if sentences.RAISED_INSIDE in refused:
        return said
    passing = passing or [message for message, answer in wrong() if answer.problem is None]
    if not 1 <= len(passing) <= MAX_EXPECTED:
        return said
    return said.removesuffix(sentences.BY_HAND) + sentences.EXPECTS.format(message=" Or: ".join(passing))
