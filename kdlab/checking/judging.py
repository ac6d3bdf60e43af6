"""Whether answers are right, and what to tell their author: never beside the code that gave them."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kdlab.checking import sentences
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Defect, Question, Raised, Wrong
from kdlab.checking.comparing import departure, describe_problem
from kdlab.checking.relations import beside_a_mistake, in_every_case, in_some_cases
from kdlab.checking.rules import Rule
from kdlab.checking.values import show

NEARLY = 0.01  # of how far a wrong solution departs
MIN_SHARE = 3  # times as many cases as it leaves out
MIN_TOLD = 3  # cases in which an explanation must tell right from wrong, if there are others that it leaves out


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


def is_odd(case: Case, answer: Answer) -> bool:
    """Say whether nothing came back that could be compared: an exception, or NaN or inf where none belongs."""
    departs = departure(case.expected, case, answer)
    return departs is not None and (answer.problem is not None or departs.kind in ("nan", "inf"))


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
    found = _all_agreeing(wrong, answered)
    return found[0] if len(found) == 1 else None


def _is(wrong: Any, case: Case, answer: Answer) -> bool:
    """Say whether an answer is that of a wrong solution.

    What comes of a difference of nearly equal numbers is rounded otherwise on another machine: so it is enough to
    depart from what is expected as the wrong solution does.
    """
    if isinstance(wrong, Defect) and wrong.kind == "view" and not answer.problem:
        wrong = wrong.value  # a copy of what should have been one
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
    all of them are: the right ones for other arguments, related to the expected ones, those of right code with one
    change, or those of a wrong solution but for some cases. Then it says how the first one departs.

    Parameters
    ----------
    question : Question
        The points are earned all or nothing.
    answers : sequence of Answer
        One for each case, in order.
    """
    if question.rule:
        return _ruled(question, question.rule, answers)
    cases = question.cases
    answered = list(zip(cases, answers, strict=True))
    judged = [judge(*pair) for pair in answered]
    findings = _told(judged, cases)
    if all(finding.passed for finding in findings):
        return QuestionResult(question.function, question.points, question.points, findings)
    # of several pairs that give the same, each is what may have been done
    wrong = diagnose(cases, answers) or next(iter(_all_agreeing([case.pairs for case in cases], answered)), None)
    if wrong:
        return QuestionResult(question.function, 0, question.points, findings, wrong.message, wrong.name)
    passed = [finding.passed for finding in judged]
    first = passed.index(False)
    kinds = {finding.kind for finding in judged} - {"passed"}
    if kinds == {"dtype"}:  # it says all there is to say
        return QuestionResult(question.function, 0, question.points, findings, findings[first].sentence)
    compared = kinds != {"raised"}  # the same exceptions may come of anything
    slip = _agreeing([case.slips for case in cases], answered) if compared else None
    changed = next(iter(_all_agreeing([case.near for case in cases], answered)), None) if compared else None
    if changed and passed.count(False) < MIN_TOLD and sentences.is_vague(changed.message):
        changed = None
    in_all = in_every_case(cases, answers)
    if not (slip or changed or in_all):
        twice = _related_to_wrong(cases, answers)
        if twice:
            return QuestionResult(question.function, 0, question.points, findings, twice)
        elsewhere = _but_where_it_is_odd(answered, passed)
        if elsewhere:
            return QuestionResult(question.function, 0, question.points, findings, elsewhere.message, elsewhere.name)
        partly = _partly(answered, passed)
        if partly:
            explained, trait, rest = partly
            findings = _told(judged, cases, rest)
            besides = sentences.BESIDES_TRAIT if trait else sentences.BESIDES
            message = besides.format(message=explained.message, trait=trait, first=findings[rest].sentence)
            return QuestionResult(question.function, 0, question.points, findings, message)
    determined = slip or in_every_case(cases, answers, tightly=True)  # a loose relation says less than a change
    holds = in_all or ("" if slip else in_some_cases(cases, answers, passed))
    said = [slip.message if slip else "", holds]
    said += [changed.message if changed and not determined else "", findings[first].sentence]
    return QuestionResult(question.function, 0, question.points, findings, " ".join(filter(None, said)))


def _all_agreeing(wrong: Sequence[Sequence[Wrong]], answered: Sequence[tuple[Case, Answer]]) -> list[Wrong]:
    return [
        wrongs[0]
        for wrongs in zip(*wrong, strict=True)
        if all(_is(wrong.value, *pair) for wrong, pair in zip(wrongs, answered, strict=True))
    ]


def _related_to_wrong(cases: Sequence[Case], answers: Sequence[Answer]) -> str:
    """Return which two mistakes explain the answers: one that is named, and a factor, a sign, an axis."""
    said = {}
    for wrongs in zip(*(case.wrong for case in cases), strict=True):
        if any(isinstance(wrong.value, Raised | Defect) for wrong in wrongs):
            continue
        as_if = [dataclasses.replace(case, expected=wrong.value) for case, wrong in zip(cases, wrongs, strict=True)]
        related = beside_a_mistake(as_if, answers)
        if related:
            said[wrongs[0].message] = related
    if len(said) != 1:
        return ""
    (first, second), *_ = said.items()
    return sentences.TWICE.format(first=first, second=second)


def _but_where_it_is_odd(answered: Sequence[tuple[Case, Answer]], passed: Sequence[bool]) -> Wrong | None:
    """Return the one wrong solution that explains the answers in all cases in which it gives numbers at all."""
    found = []
    for wrongs in zip(*(case.wrong for case, _ in answered), strict=True):
        told, rest = _split(wrongs, answered, passed)
        odd = all(_is_odd_outcome(wrongs[i].value, answered[i][0]) for i in rest)
        if odd and len(told) >= MIN_TOLD and all(_is_computed(*answered[i]) for i in told):
            found.append(wrongs[0])
    return found[0] if len(found) == 1 else None


def _partly(answered: Sequence[tuple[Case, Answer]], passed: Sequence[bool]) -> tuple[Wrong, str, int] | None:
    """Return what explains the answers but for some that have something of their own: it, their trait, and the first.

    The others must all fail, and be told apart: nothing that could be compared came back, they alone have a trait, or
    a named wrong solution explains many more.
    """
    found: list[tuple[int, Wrong, str, int]] = []
    for kind in ("wrong", "pairs", "slips", "near"):
        for wrongs in zip(*(getattr(case, kind) for case, _ in answered), strict=True):
            told, rest = _split(wrongs, answered, passed)
            if not rest or len(told) < MIN_TOLD or any(passed[i] for i in rest):
                continue
            traits = set(answered[rest[0]][0].traits).intersection(*(answered[i][0].traits for i in rest))
            traits -= {trait for i in told for trait in answered[i][0].traits}
            many_more = kind == "wrong" and len(told) >= MIN_SHARE * len(rest)
            if all(is_odd(*answered[i]) for i in rest):
                found.append((len(told), wrongs[0], "", rest[0]))
            elif len(traits) == 1 and len(rest) < len(told):
                found.append((len(told), wrongs[0], traits.pop(), rest[0]))
            elif many_more and all(_is_computed(*answered[i]) for i in told):
                found.append((len(told), wrongs[0], "", rest[0]))
        if found:
            break
    most = max((each[0] for each in found), default=0)
    best = [each[1:] for each in found if each[0] == most]
    return best[0] if len({each[0].message for each in best}) == 1 else None


def _split(
    wrongs: Sequence[Wrong], answered: Sequence[tuple[Case, Answer]], passed: Sequence[bool]
) -> tuple[list[int], list[int]]:
    """Return the failing cases that a wrong solution explains by values, and all that it does not explain."""
    rest = [i for i, pair in enumerate(answered) if not _is(wrongs[i].value, *pair)]
    told = [i for i in range(len(answered)) if not passed[i] and i not in rest and not is_odd(*answered[i])]
    return told, rest


def _is_odd_outcome(outcome: Any, case: Case) -> bool:
    return not isinstance(outcome, Defect) and (isinstance(outcome, Raised) or is_odd(case, Answer(outcome)))


def _is_computed(case: Case, answer: Answer) -> bool:
    """Say whether an answer is of floats that are not among the arguments: a choice may be the same by chance."""
    if not isinstance(answer.value, float | np.ndarray):
        return False
    value = np.asarray(answer.value)
    given = [np.ravel(arg) for arg in case.args if isinstance(arg, np.ndarray)]
    given += [np.asarray(arg) for arg in case.args if isinstance(arg, list) and all(isinstance(a, float) for a in arg)]
    return value.dtype.kind == "f" and not np.isin(value, np.concatenate(given) if given else []).all()


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


def _told(findings: list[Finding], cases: Sequence[Case], told: int | None = None) -> tuple[Finding, ...]:
    """Return the findings with the words of hidden cases taken out, but for those of one: the first that is not right.

    `told` is the index of another one.
    """
    wrong = (i for i, finding in enumerate(findings) if not finding.passed)
    first = next(wrong, None) if told is None else told
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
