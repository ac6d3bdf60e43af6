"""The solutions of every exercise of the book, by discovery: the starter, each wrong one and each right one."""

from __future__ import annotations

import functools
import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kdlab.practice import folder, page
from kdlab.practice.folder import Exercise
from kdlab.practice.public_checks import MAX_SECONDS_OF_DIAGNOSIS, check_in_page

ROOT = Path(__file__).parents[1]
STARTER = "starter"


@dataclass(frozen=True)
class Answer:
    """What a student writes: for each function a source; `functions` are those that are not the reference's."""

    name: str
    kind: str
    functions: tuple[str, ...]
    sources: dict[str, str]


@functools.cache
def exercises() -> tuple[Exercise, ...]:
    """Return all exercises of the book."""
    return tuple(folder.read(path) for path in folder.find(ROOT / "exercises"))


def chapter_of(exercise: Exercise) -> str:
    return exercise.name.partition("/")[0]


def rung_of(exercise: Exercise) -> str:
    return exercise.rung


def name_of(exercise: Exercise) -> str:
    return exercise.name


# how many wrong answers to a function `make test` takes, and `make test-all`, where each costs a process or a page
HOW_MANY = [pytest.param(4, id="some"), pytest.param(1000, id="all", marks=pytest.mark.slow)]


def some_answers(exercise: Exercise, n_wrong: int) -> list[Answer]:
    """Return the starter, the right answers, and of the wrong ones to each function those of the least hash."""
    taken: Counter[tuple[str, ...]] = Counter()
    some = []
    for answer in sorted(answers(exercise), key=lambda answer: hashlib.sha256(answer.name.encode()).digest()):
        taken[answer.functions] += answer.kind == "wrong"
        if answer.kind != "wrong" or taken[answer.functions] <= n_wrong:
            some.append(answer)
    return some


def answers(exercise: Exercise) -> list[Answer]:
    """Return every answer to an exercise that it is known of: the starter, and all wrong and right solutions."""
    references = {cell.function: cell.reference for cell in exercise.solutions}
    starters = {cell.function: cell.starter for cell in exercise.solutions}
    found = [Answer(STARTER, STARTER, tuple(starters), starters)]
    for kind, solutions in (("wrong", exercise.wrong), ("right", exercise.right)):
        for each in solutions:
            functions = tuple(name for name in each.functions if name in references)
            # one file may define several functions, and helpers for them: all of it stands in the cell of the first
            sources = references | dict.fromkeys(functions, "") | {functions[0]: each.source}
            found.append(Answer(each.name, kind, functions, sources))
    return found


@functools.cache
def practice_of(exercise_name: str) -> dict[str, Any]:
    """Return what the page of a course is given of an exercise."""
    exercise = next(each for each in exercises() if each.name == exercise_name)
    return page.practice(page.public_paper(exercise))


@functools.cache
def whole_of(exercise_name: str) -> dict[str, Any]:
    """Return what the page of a book for self-study is given of an exercise."""
    return page.whole(next(each for each in exercises() if each.name == exercise_name))


def cells_of(answer: Answer) -> list[dict[str, str]]:
    return [{"name": name, "source": source} for name, source in answer.sources.items()]


def judged(
    exercise: Exercise,
    answer: Answer,
    practice: dict[str, Any] | None = None,
    seconds: float = MAX_SECONDS_OF_DIAGNOSIS,
) -> dict[str, dict[str, Any]]:
    """Return what the page's check says of an answer, by function, when CPython runs it."""
    found = check_in_page(practice or practice_of(exercise.name), cells_of(answer), seconds)
    return {question["function"]: question for question in found["questions"]}
