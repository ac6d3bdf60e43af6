"""What may explain a wrong answer: named wrong solutions, slips, two mistakes at once, and right code with one change.

On the trusted side, and in a book for self-study in the reader's own page.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
import inspect
import math
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from types import CodeType
from typing import Any

import numpy as np

from kdlab.checking.asking import Answer, ask
from kdlab.checking.cases import Case, Defect, Question, Raised, Wrong
from kdlab.checking.comparing import departure
from kdlab.checking.judging import diagnose, is_odd, judge
from kdlab.practice import run
from kdlab.practice.near import near
from kdlab.practice.pairs import pairs
from kdlab.practice.slips import with_slips

FAR = 0.01  # of the largest number: what is further off is something else
MAX_SECONDS = 3.0  # of a wrong solution in all cases: one that does not end must not stop a grader


@dataclass(frozen=True)
class Source:
    """A solution: its name, the sentence for who wrote it, its code, and the functions that it defines."""

    name: str
    message: str
    source: str
    functions: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """What is known of an exercise: the reference cell by cell, wrong solutions, and what each argument is.

    `cells` holds pairs of a name (that of the function, or "given") and the code; `starters` the functions as they
    were given out.
    """

    cells: tuple[tuple[str, str], ...]
    starters: dict[str, str]
    wrong: tuple[Source, ...]
    kinds: dict[str, str]
    forbids: tuple[str, ...]
    data: dict[str, np.ndarray] = field(default_factory=dict)

    def namespace(self, *sources: str) -> dict[str, Any]:
        """Return what the reference defines, with what these sources define in its place."""
        names = run.new_namespace() | run.given(self.data)
        for name, source in self.cells:
            run.execute(source, name, names)
        for source in sources:
            run.execute(source, "wrong", names)
        return names

    def reference(self, function: str) -> str:
        """Return the right code of a function."""
        return dict(self.cells)[function]


def kinds_of(kinds: dict[str, str], function: Callable[..., Any]) -> dict[str, str]:
    """Return the kind of each argument of a function, in their order."""
    return {name: kinds.get(name, "") for name in inspect.signature(function).parameters}


def outcome_of(answer: Answer) -> Any:
    """Return what came back as the outcome of a case: a value, Raised or Defect."""
    if answer.problem is None:
        return answer.value
    return Raised(answer.type_name) if answer.type_name else Defect(answer.problem, answer.detail, answer.value)


def with_wrong(known: Known, question: Question) -> Question:
    """Return the question with what the wrong solutions and slips of its function give in its cases.

    Only those that change something. A solution that is wrong in a function which this one calls is told there.
    """
    wrong: list[list[Wrong]] = [[] for _ in question.cases]
    with run.forbidden(known.forbids):
        for solution in known.wrong:
            if question.function not in solution.functions:
                continue
            answers = _answers(known.namespace(solution.source), question)
            if answers and not all(judge(*pair).passed for pair in zip(question.cases, answers, strict=True)):
                for i, answer in enumerate(answers):
                    wrong[i].append(Wrong(solution.name, solution.message, outcome_of(answer)))
        cases = tuple(dataclasses.replace(case, wrong=tuple(wrong[i])) for i, case in enumerate(question.cases))
        reference = known.namespace()[question.function]
        return with_slips(dataclasses.replace(question, cases=cases), reference, kinds_of(known.kinds, reference))


def diagnosed(known: Known, question: Question, answers: Sequence[Answer], *, seconds: float = math.inf) -> Question:
    """Return the question with all that may explain a student's answers.

    Pairs of wrong solutions, and changes of the reference, are many: those alone are kept that agree with the answers
    wherever there is something to compare. After so many `seconds` no more are tried: a reader is waiting. A grader
    waits, and says the same each time.
    """
    until = time.monotonic() + seconds
    if question.rule:
        return question
    if not any(case.wrong for case in question.cases):
        question = with_wrong(known, question)
    nothing_came = all(answer.problem is not None and answer.value is None for answer in answers)
    if nothing_came or diagnose(question.cases, answers):
        return question
    name = question.function
    reference = known.reference(name)
    two = (
        (each.name, each.message, run.compiled(each.source, each.name))
        for each in pairs(known.wrong, reference, name, _mended(question, answers))
    )
    changed = (
        (each.message, each.message, each.code) for each in near(reference, name, known.starters[name], known.kinds)
    )
    with run.forbidden(known.forbids):
        found = _that_agree(two, known.namespace(), question, answers, until)
        close = [] if found else _that_agree(changed, known.namespace(), question, answers, until)
    cases = (
        dataclasses.replace(case, pairs=tuple(each[i] for each in found), near=tuple(each[i] for each in close))
        for i, case in enumerate(question.cases)
    )
    return dataclasses.replace(question, cases=tuple(cases))


def _mended(question: Question, answers: Sequence[Answer]) -> dict[str, int]:
    """Return of each wrong solution, by name, in how many cases it fails where these answers are right."""
    mended = {wrong.name: 0 for case in question.cases for wrong in case.wrong}
    right = [case for case, answer in zip(question.cases, answers, strict=True) if judge(case, answer).passed]
    for case in right:
        for wrong in case.wrong:
            mended[wrong.name] += not _is_right(wrong.value, case)
    return mended


def _is_right(outcome: Any, case: Case) -> bool:
    if isinstance(outcome, Raised | Defect):
        return isinstance(case.expected, Raised) and outcome == case.expected
    return departure(case.expected, case, Answer(outcome)) is None


def _that_agree(
    candidates: Iterable[tuple[str, str, CodeType]],
    names: dict[str, Any],
    question: Question,
    answers: Sequence[Answer],
    until: float,
) -> list[list[Wrong]]:
    """Return what those of many candidates (name, message, code) give that agree with every answer to be compared."""
    answered = list(zip(question.cases, answers, strict=True))
    clean = {i for i, pair in enumerate(answered) if not is_odd(*pair)} or {*range(len(answered))}
    order = sorted(range(len(answered)), key=lambda i: i not in clean)
    found: list[list[Wrong]] = []
    for name, message, code in candidates:
        if time.monotonic() > until:
            break
        outcomes: dict[int, Any] = {}
        with contextlib.suppress(run.TooLong), run.limited(MAX_SECONDS):
            space = dict(names)
            exec(code, space)
            if _is_far(space[question.function], *answered[order[0]]):
                continue
            for i in order:
                outcomes[i] = outcome_of(ask(space[question.function], question.cases[i].args))
                if i in clean and departure(outcomes[i], *answered[i]):
                    break
            else:
                found.append([Wrong(name, message, outcomes[i]) for i in range(len(answered))])
    return found


def _is_far(function: Callable[..., Any], case: Case, answer: Answer) -> bool:
    """Say whether a function gives something quite different: a quick look that most candidates do not survive."""
    if answer.problem:
        return False
    try:
        with warnings.catch_warnings(action="ignore"):
            value = function(*copy.deepcopy(case.args))
    except Exception:
        return True
    given = answer.value
    if not all(isinstance(each, np.ndarray) and each.dtype.kind == "f" for each in (value, given)):
        return False
    if value.shape != given.shape:
        return True
    with np.errstate(all="ignore"):
        return bool((np.abs(value - given) > FAR * np.abs(given).max(initial=0.0)).any())


def _answers(names: dict[str, Any], question: Question) -> list[Answer]:
    """Return what a wrong solution answers; nothing if it does not come to an end."""
    with contextlib.suppress(run.TooLong), run.limited(MAX_SECONDS):
        return [ask(names[question.function], case.args) for case in question.cases]
    return []
