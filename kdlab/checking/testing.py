"""Whether a test that a student wrote tells good versions of a function from bad ones."""

from __future__ import annotations

from collections.abc import Sequence

from kdlab.checking.asking import Answer
from kdlab.checking.cases import Version, VersionQuestion
from kdlab.checking.comparing import describe_problem
from kdlab.checking.judging import Finding, QuestionResult


def judge_versions(question: VersionQuestion, answers: Sequence[tuple[int, Answer]]) -> QuestionResult:
    """Return the points of a student's test: all of them if it tells the good versions from the bad, else none.

    Parameters
    ----------
    question : VersionQuestion
        What the test should say of each version.
    answers : sequence of (int, Answer)
        The index of the version, and what came back from the test. Each version must occur.

    Returns
    -------
    QuestionResult
        One finding for each version. The message is about a good version refused, if there is one.
    """
    by_version = [[answer for index, answer in answers if index == i] for i in range(len(question.versions))]
    findings = tuple(_judge_version(question, *pair) for pair in zip(question.versions, by_version, strict=True))
    if all(finding.passed for finding in findings):
        return QuestionResult(question.function, question.points, question.points, findings)
    return QuestionResult(question.function, 0, question.points, findings, _message_of_test(question, findings))


def _judge_version(question: VersionQuestion, version: Version, answers: list[Answer]) -> Finding:
    name = question.function
    odd = next((answer for answer in answers if answer.problem not in (None, "raised")), None)
    if odd:
        return Finding(False, odd.problem, describe_problem(name, odd)[0])
    if not answers:
        return Finding(False, "not_run", "It did not run.")
    raised = {answer.problem == "raised" for answer in answers}
    if len(raised) > 1:
        return Finding(False, "flaky", "It passes and then raises for one and the same version: a test must not.")
    if version.good and raised == {True}:
        line = f" in line {answers[0].line}" if answers[0].line else ""
        advice = " Work out by hand what it expects." if answers[0].type_name == "AssertionError" else ""
        return Finding(False, "refused", f"It refuses a right version: {answers[0].type_name}{line}.{advice}")
    if not version.good and raised == {False}:
        returned = answers[0].value is not None
        hint = " (It returned a value, which says nothing: a test speaks by raising, with assert.)" if returned else ""
        return Finding(False, "not_caught", f"It misses a bug: {version.message}{hint}")
    return Finding(True, "passed", "It passes for a right version." if version.good else "It catches a bug.")


def _message_of_test(question: VersionQuestion, findings: Sequence[Finding]) -> str:
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
        return f"{name} passes for every version, right or wrong. {missed}" if everything else missed
    refused = next(finding.sentence for finding in findings if finding.kind == "refused")
    if kinds.count("refused") < n_good:
        return f"{refused} It accepts another: right versions differ in the last digits, so compare with np.allclose."
    return refused if missed else f"{name} raises for every version, right or wrong. {refused}"
