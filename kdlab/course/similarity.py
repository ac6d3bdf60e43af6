"""Pairs of students whose work shares what few others have: a place to look, and no verdict.

Of each function two things are compared: runs of ten tokens of its cell, in which names of one's own count alike, and
what was said to a wrong answer. What stands in the notebook that was given out, or in the work of more than one student
in four, is left out: it is common. What two share weighs the more the fewer have it.

How high a pair gets by chance is measured on the class itself: the functions are dealt out anew, each among those
who wrote it, so that no two of a pair's functions come from the same two students; that is done many times. `chance`
is the share of these classes, the real one counted, in which some pair gets as high. It says how often a class in which
nobody copies would show such a pair, if what a student writes in one function says nothing about the others.
"""

from __future__ import annotations

import itertools
import keyword
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from kdlab.course.course import Course, results_of
from kdlab.course.settings import Assignment
from kdlab.files import write_text
from kdlab.grading.export import table
from kdlab.grading.reader import Unreadable, read_submission
from kdlab.practice import instructor

RUN = 10  # tokens
MOST = 0.25  # of the students may share what counts, but two always may
DEALS = 39
SELDOM = 0.05  # the chance up to which a pair is worth a look
MAX_TOKENS = 5_000
MAX_PAIRS = 100

_TOKEN = re.compile(r"#[^\n]*|(\"{3}|'{3}).*?\1|\"[^\"\n]*\"|'[^'\n]*'|[A-Za-z_]\w*|\d[\w.]*|\S", re.DOTALL)

Place = tuple[str, str]  # exercise and function
Work = Mapping[str, frozenset[str]]  # by student: the features of one function


def write(course: Course, out: Path, exercise: str | None = None) -> list[dict[str, Any]]:
    """Write similarity.csv into a folder, and return its lines.

    Returns
    -------
    list of dict
        first and second (ids), score, chance, functions (in which they share something, the heaviest first).
    """
    ids = {student.key: student.id for student in course.students}
    works: dict[Place, dict[str, frozenset[str]]] = {}
    for assignment in course.chosen(exercise):
        works |= _works(course, assignment, ids)
    rows = [
        {
            "first": ids[first],
            "second": ids[second],
            "score": round(score, 1),
            "chance": chance,
            "functions": ", ".join(f"{of[0]}: {of[1]}" for of in places),
        }
        for first, second, score, chance, places in pairs(works)
    ]
    write_text(out / "similarity.csv", table(("first", "second", "score", "chance", "functions"), rows))
    return rows


def pairs(
    works: Mapping[Place, Work], *, deals: int = DEALS, seed: int = 0
) -> list[tuple[str, str, float, float, list[Place]]]:
    """Return the pairs that share most: two students, score, chance, and the functions in which they share something.

    Parameters
    ----------
    works : mapping
        The features of each student in each function.
    deals : int
        How many classes are dealt out anew; no chance is below 1 / (deals + 1).
    seed : int
        Of the dealing.
    """
    common = {place: _weights(work) for place, work in works.items()}
    shared = {place: _shared(work, common[place]) for place, work in works.items()}
    scores = _sums(shared.values())
    rng = np.random.default_rng(seed)
    highest = []
    for _ in range(deals):
        dealt = []
        for place, work in works.items():
            students = list(work)
            other = dict(zip(students, rng.permutation(students).tolist(), strict=True))
            dealt.append({_pair(other[a], other[b]): score for (a, b), score in shared[place].items()})
        highest.append(max(_sums(dealt).values(), default=0.0))
    found = []
    for (first, second), score in scores.most_common(MAX_PAIRS):
        chance = (1 + sum(each >= score for each in highest)) / (deals + 1)
        places = sorted(
            (place for place in works if (first, second) in shared[place]), key=lambda p: -shared[p][first, second]
        )
        found.append((first, second, score, chance, places))
    return found


def features(source: str) -> frozenset[str]:
    """Return the runs of tokens of a source, in which names of one's own are all alike.

    Examples
    --------
    >>> features("def f(x): return np.exp(x) / 2") == features("def g(y): return np.exp( y )/2  # the same")
    True
    >>> features("a = 1")
    frozenset()
    """
    tokens, before = [], ""
    for match in itertools.islice(_TOKEN.finditer(source), MAX_TOKENS):
        token = match[0]
        if token.startswith("#"):
            continue
        if token[0] in "\"'":
            token = "text"
        elif token.isidentifier() and not keyword.iskeyword(token) and before != "." and token != "np":
            token = "name"
        tokens.append(token)
        before = token
    return frozenset(" ".join(tokens[i : i + RUN]) for i in range(len(tokens) - RUN + 1))


def _works(course: Course, assignment: Assignment, ids: Iterable[str]) -> dict[Place, dict[str, frozenset[str]]]:
    exercise = instructor.find(assignment.name, [course.own.exercises, course.exercises])
    given = {cell.function: features(cell.starter) for cell in exercise.solutions}
    works: dict[Place, dict[str, frozenset[str]]] = {(assignment.name, name): {} for name in given}
    graded = {each["student"]: each for each in results_of(course) if each["exercise"] == assignment.name}
    for key in ids:
        result = graded.get(key)
        if result is None or result["status"] != "graded":
            continue
        try:
            notebook, _ = read_submission(course.submissions(assignment), key, assignment.name)
        except Unreadable:  # it is not there any more
            continue
        said = {each["function"]: _said(each) for each in result["questions"]}
        for function, own in given.items():
            sources = [cell.source for cell in notebook.cells if not cell.locked and cell.writes(function)]
            runs = frozenset().union(*map(features, sources)) - own
            works[assignment.name, function][key] = runs | said.get(function, frozenset())
    return works


def _said(question: dict[str, Any]) -> frozenset[str]:
    """Return what was said to a wrong answer. A sentence on a public case holds the values that came back."""
    failed = {each["sentence"] for each in question["findings"] if not each["passed"]}
    return frozenset(failed | {question["message"]} if failed else ())


def _weights(work: Work) -> dict[str, float]:
    """Return how much each feature weighs that few have, and more than one."""
    counts = Counter(itertools.chain.from_iterable(work.values()))
    most = max(2, MOST * len(work))
    return {feature: math.log(len(work) / n) for feature, n in counts.items() if 2 <= n <= most}


def _shared(work: Work, weights: Mapping[str, float]) -> dict[tuple[str, str], float]:
    """Return how much each two students share in one function. Runs overlap: their root counts, not their number."""
    owners: dict[str, list[str]] = {}
    for student, own in work.items():
        for feature in own & weights.keys():
            owners.setdefault(feature, []).append(student)
    sums: Counter[tuple[str, str]] = Counter()
    for feature, students in owners.items():
        for first, second in itertools.combinations(students, 2):
            sums[_pair(first, second)] += weights[feature]
    return {pair: math.sqrt(total) for pair, total in sums.items()}


def _sums(parts: Iterable[Mapping[tuple[str, str], float]]) -> Counter[tuple[str, str]]:
    total: Counter[tuple[str, str]] = Counter()
    for part in parts:
        total.update(part)
    return total


def _pair(first: str, second: str) -> tuple[str, str]:
    return (first, second) if first < second else (second, first)
