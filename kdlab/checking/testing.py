"""Whether a test that a student wrote tells good versions of a function from bad ones."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from kdlab.checking import sentences
from kdlab.checking.asking import Answer, ask, outcome
from kdlab.checking.cases import Version, VersionQuestion
from kdlab.checking.comparing import describe_problem, meaning
from kdlab.checking.judging import Finding, QuestionResult
from kdlab.checking.relations import same_up_to_rounding

Asked = Callable[[tuple[Any, ...], dict[str, Any]], Answer]  # a version: what it answers to arguments
_OF_FLOATS = ("logits", "probabilities", "weights", "scores")
MAX_EXPECTED = 2  # wrong versions that a test passes for, of which it may be said that it expects them
_ORDINARY = ("several rows", "negative numbers")  # traits of a call in which there is nothing to look at
MAX_TRAITS = 2  # of the last call: each more would tell more of a version that is not to be seen


class Retry(NamedTuple):
    """How to try a test once more: the versions, in their order, and `test`, which answers for anything like one."""

    versions: Sequence[Asked]
    test: Callable[[Asked], Answer]


def asked(function: Callable[..., Any]) -> Asked:
    """Return a function as a version that is asked for answers."""
    return lambda args, kwargs: ask(functools.partial(function, **kwargs), args)


def as_function(version: Asked) -> Callable[..., Any]:
    """Return what is asked for answers as a function."""
    return lambda *args, **kwargs: outcome(version(args, kwargs))


def judge_versions(
    question: VersionQuestion,
    answers: Sequence[tuple[int, Answer]],
    last_calls: Sequence[tuple[str, ...] | None] = (),
    *,
    inside: Sequence[bool] = (),
    public: bool = False,
    wrong: Callable[[], Iterable[tuple[str, Answer]]] = tuple,
    retry: Retry | None = None,
) -> QuestionResult:
    """Return the points of a student's test: all of them if it tells the good versions from the bad, else none.

    Parameters
    ----------
    question : VersionQuestion
        What the test should say of each version.
    answers : sequence of (int, Answer)
        The index of the version, and what came back from the test. Each version must occur.
    last_calls : sequence of tuple of str or None
        What was special about the last call that the test made each time: see `kdlab.practice.kinds`. None if it made
        no call at all.
    inside : sequence of bool
        Whether it was the last call itself that raised what the test raised.
    public : bool
        Whether the versions may be seen. Of others, one bug alone is told, and no exception's own words.
    wrong : callable
        Returns pairs of a sentence on another wrong solution, and what the test answers for it: asked if the test
        refuses every right version, and every wrong one.
    retry : Retry, optional
        How to find out why a test refuses a right version.

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
    message = _message_of_test(question, findings, wrong, lambda: _why_refused(question, findings, runs, retry, public))
    return QuestionResult(question.function, 0, question.points, tuple(findings), message)


class _Run(NamedTuple):
    """A test on a version: what came back, what was special about the last call, and whether that call raised it."""

    answer: Answer
    traits: tuple[str, ...] | None
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
    said += meaning(answer)
    if traits is None:
        return said + sentences.NO_CALL
    special = [trait for trait in traits if trait not in _ORDINARY]
    if special:
        said += sentences.LAST_CALL.format(traits=" and ".join(special[:MAX_TRAITS]))
    if inside:
        return said + sentences.RAISED_INSIDE
    return said + (sentences.BY_HAND if answer.type_name == "AssertionError" else "")


def _message_of_test(
    question: VersionQuestion,
    findings: Sequence[Finding],
    wrong: Callable[[], Iterable[tuple[str, Answer]]],
    why_refused: Callable[[], str],
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
    if kinds.count("refused") < n_good:
        return why_refused() or refused.removesuffix(sentences.BY_HAND)
    if kinds.count("not_caught") == len(kinds) - n_good:
        return sentences.TURNED_ROUND.format(function=name)
    why = why_refused()
    if why:
        return why if "not_caught" in kinds else sentences.RAISES_ALL.format(function=name, refused=why)
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


def _why_refused(
    question: VersionQuestion,
    findings: Sequence[Finding],
    runs: Sequence[list[_Run]],
    retry: Retry | None,
    public: bool,
) -> str:
    """Return the sentence on a right version refused with the reason, found by trying; nothing if none is found."""
    if retry is None:
        return ""
    good = [i for i, version in enumerate(question.versions) if version.good]
    refused = next(i for i in good if findings[i].kind == "refused")
    said = findings[refused].sentence.removesuffix(sentences.BY_HAND)
    fitted = _Fitted(retry.versions[refused], question.kinds)
    if retry.test(fitted).problem is None and fitted.given:
        given = " and ".join(sentences.PROMISED[each] for each in sorted(fitted.given, reverse=True))
        alone = _refused(runs[refused][0]._replace(traits=(), inside=False), public).removesuffix(sentences.BY_HAND)
        return alone + sentences.AS_PROMISED.format(given=given)
    accepted = next((i for i in good if findings[i].kind == "passed"), None)
    if accepted is None or runs[refused][0].inside:
        return ""
    twin = _Twin(retry.versions[refused], retry.versions[accepted])
    if retry.test(twin).problem is None:
        return said + sentences.LAST_DIGITS
    return said + sentences.MORE_THAN_DIGITS if twin.differs else ""


class _Fitted:
    """A version that gets what the text promises, whatever a test gives. `given` holds what it gets otherwise."""

    def __init__(self, version: Asked, kinds: dict[str, str]) -> None:
        self._version = version
        self._kinds = kinds
        self.given: set[str] = set()

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
        kinds = [*self._kinds.values(), *[""] * len(args)]
        fitted = tuple(self._fit(*pair) for pair in zip(kinds, args, strict=False))
        return self._version(fitted, {name: self._fit(self._kinds.get(name, ""), arg) for name, arg in kwargs.items()})

    def _fit(self, kind: str, arg: Any) -> Any:
        if isinstance(arg, list | tuple):
            return type(arg)(self._fit(kind, item) for item in arg)
        if not isinstance(arg, np.ndarray):
            return arg
        if kind == "mask" and arg.dtype.kind in "iuf":
            self.given.add("mask")
            return arg.astype(bool)
        if kind in _OF_FLOATS and arg.dtype.kind in "iu":
            self.given.add("floats")
            return arg.astype(np.float64)
        return arg


class _Twin:
    """A version with another one's last digits. `differs` says whether the two differ in more than these."""

    def __init__(self, version: Asked, other: Asked) -> None:
        self._version = version
        self._other = other
        self.differs = False

    def __call__(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Answer:
        own, other = self._version(args, kwargs), self._other(args, kwargs)
        if own.problem == other.problem is None and same_up_to_rounding(own.value, other.value):
            return other
        self.differs |= (own.problem, own.type_name) != (other.problem, other.type_name) or own.problem is None
        return own
