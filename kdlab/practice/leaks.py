"""Look into all that students get for what must stay hidden: values of hidden cases, and lines of the solution."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import numpy as np

from kdlab.checking.cases import Case, Question
from kdlab.practice import page
from kdlab.practice.cases import Paper
from kdlab.practice.download import student_files
from kdlab.practice.folder import Exercise

MIN_DIGITS = 12  # a number this long is not there by chance,
MOST_PARTS = 1000  # unless it is nearly a fraction of small numbers, as 1/3 or 5/11 is
NEAR = 1e-11
MIN_LINE = 12


def find(exercise: Exercise, papers: list[Paper]) -> Iterator[str]:
    """Yield one sentence for each secret of these papers that a student could read in the page or in a download."""
    for paper in papers:
        files = contents(student_files(paper)) | {"page.json": _page(paper)}
        hidden = hidden_values(paper)
        lines = [] if exercise.open_solutions else solution_lines(paper.exercise)
        for name, content in files.items():
            text = content.decode("utf-8", "replace")
            for secret in hidden:
                if secret in text:
                    yield f"{exercise.folder}: a student's {name} holds a value of a hidden case: {secret[:40]}"
            for line in lines:
                if line in text or json.dumps(line)[1:-1] in text:
                    yield f"{exercise.folder}: a student's {name} holds a line of the solution: {line}"


def _page(paper: Paper) -> bytes:
    shown = page.page(paper)
    for function in shown["functions"]:
        function["parsons"] = None  # these lines are open, by the exercise's own word
    return json.dumps(shown).encode()


def contents(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return files by name, with what is in wheels and zips in their place."""
    flat = {}
    for name, content in files.items():
        if name.endswith((".whl", ".zip")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                flat |= contents({f"{name}/{inner}": archive.read(inner) for inner in archive.namelist()})
        else:
            flat[name] = content
    return flat


def hidden_values(paper: Paper) -> list[str]:
    """Return the arguments and expected values of hidden cases, in decimal and in base64, that are in no public one."""
    texts: dict[bool, set[str]] = {True: set(), False: set()}
    for question in paper.questions:
        for case in question.cases if isinstance(question, Question) else ():
            texts[case.public] |= _texts(case)
    return sorted(texts[False] - texts[True])


def solution_lines(exercise: Exercise) -> list[str]:
    """Return the lines of the reference that the starter has not, without their indentation."""
    lines = []
    for cell in exercise.solutions:
        starter = {line.strip() for line in cell.starter.splitlines()}
        lines += [line.strip() for line in cell.reference.splitlines() if line.strip() not in starter]
    return [line for line in lines if len(line) >= MIN_LINE]


def _texts(case: Case) -> set[str]:
    texts = set()
    for number in _numbers([case.args, case.expected]):
        telling = {repr(float(each)) for each in np.ravel(number) if _is_telling(float(each))}
        if telling:
            texts |= telling | {base64.b64encode(np.asarray(number).tobytes()).decode()}
    return texts


def _is_telling(number: float) -> bool:
    if len(repr(number)) < MIN_DIGITS or not np.isfinite(number):
        return False
    fraction = Fraction(number).limit_denominator(MOST_PARTS)
    return not np.isclose(number, float(fraction), rtol=NEAR, atol=0)


def _numbers(value: Any) -> Iterator[Any]:
    if isinstance(value, float | np.floating) or (isinstance(value, np.ndarray) and value.dtype.kind == "f"):
        yield value
    elif isinstance(value, list | tuple | dict):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _numbers(item)
