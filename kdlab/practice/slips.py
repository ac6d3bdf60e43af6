"""Slips that need no author: the right function, called with arguments that are mistaken in a way their kind allows."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from kdlab.checking import sentences
from kdlab.checking.asking import ask
from kdlab.checking.cases import Question, Wrong
from kdlab.checking.judging import judge

Change = Callable[[Any], Any]

_NUMBERS: dict[str, Change] = {"-{}": lambda w: -w, "the magnitudes of {}": np.abs, "{} = 0": lambda w: 0 * w}
# by kind of argument: what is said, and what is done to the argument
_OF_KIND: dict[str, dict[str, Change]] = {
    "temperature": {"{} = 1": lambda t: 1.0, "1 / {}": lambda t: 1 / t},
    "logits": {"-{}": lambda z: -z},
    "weights": _NUMBERS,
    "scores": _NUMBERS,
    "mask": {"{} turned round": lambda mask: ~mask},
    "fraction": {"1 - {}": lambda s: 1 - s},
    "count": {"{} + 1": lambda n: n + 1, "{} - 1": lambda n: n - 1},
    "rate": {"{} = 0": lambda rate: 0 * rate},
}
# of all arrays of one shape together
_PARTS = {
    "without the first of each along the first axis": slice(1, None),
    "without the last of each along the first axis": slice(None, -1),
    "for the first of each along the first axis alone": slice(0, 1),
    "for the last of each along the first axis alone": slice(-1, None),
}


def with_slips(question: Question, function: Callable[..., Any], kinds: dict[str, str]) -> Question:
    """Return the question with what each slip gives in its cases, for those that make a difference.

    Parameters
    ----------
    question : Question
        All cases of one function.
    function : callable
        The reference.
    kinds : dict
        The kind of each argument, by name, in the order of the arguments.
    """
    slips: list[list[Wrong]] = [[] for _ in question.cases]
    for said, slipped in _slips(function, kinds):
        answers = [ask(slipped, case.args) for case in question.cases]
        if any(answer.problem for answer in answers):
            continue
        if not all(judge(*pair).passed for pair in zip(question.cases, answers, strict=True)):
            for i, answer in enumerate(answers):
                slips[i].append(Wrong("", sentences.SLIP.format(said=said), answer.value))
    cases = (dataclasses.replace(case, slips=tuple(slips[i])) for i, case in enumerate(question.cases))
    return dataclasses.replace(question, cases=tuple(cases))


def _slips(function: Callable[..., Any], kinds: dict[str, str]) -> Iterator[tuple[str, Callable[..., Any]]]:
    for i, (name, kind) in enumerate(kinds.items()):
        for said, change in _OF_KIND.get(kind, {}).items():
            yield f"for {said.format(name)}", _changed(function, {i: change})
    for (i, a), (j, b) in itertools.combinations(enumerate(kinds), 2):
        if kinds[a] and kinds[a] == kinds[b]:
            yield f"for {a} and {b} in each other's place", _swapped(function, i, j)
    for said, part in _PARTS.items():
        yield said, _all_changed(function, part)
    logits = [i for i, kind in enumerate(kinds.values()) if kind == "logits"]
    if logits:
        turned = _changed(function, dict.fromkeys(logits, _first_for_last))
        yield "along the first axis instead of the last", lambda *args: _each(_first_for_last, turned(*args))


def _changed(function: Callable[..., Any], changes: dict[int, Change]) -> Callable[..., Any]:
    def slipped(*args: Any) -> Any:
        return function(*(_each(changes[i], arg) if i in changes else arg for i, arg in enumerate(args)))

    return slipped


def _swapped(function: Callable[..., Any], i: int, j: int) -> Callable[..., Any]:
    def slipped(*args: Any) -> Any:
        swapped: Sequence[int] = [{i: j, j: i}.get(k, k) for k in range(len(args))]
        return function(*(args[k] for k in swapped))

    return slipped


def _all_changed(function: Callable[..., Any], part: slice) -> Callable[..., Any]:
    """Return the function of a part of every array along the first axis, where there are several."""

    def slipped(*args: Any) -> Any:
        arrays = [arg for arg in args if isinstance(arg, np.ndarray)]
        if len(arrays) < 2 or len({arg.shape for arg in arrays}) > 1 or arrays[0].ndim < 2:
            raise ValueError("there are no arrays that go together.")
        return function(*(arg[part].copy() if isinstance(arg, np.ndarray) else arg for arg in args))

    return slipped


def _first_for_last(values: Any) -> Any:
    return np.array(np.swapaxes(values, 0, -1)) if np.ndim(values) > 1 else values


def _each(change: Change, value: Any) -> Any:
    if isinstance(value, list | tuple):
        return type(value)(_each(change, item) for item in value)
    return change(value)
