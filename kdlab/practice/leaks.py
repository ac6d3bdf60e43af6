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
from kdlab.practice.folder import BEGIN, END, Exercise

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
            found = {what: secret for secret, what in reversed(hidden.items()) if secret in text}
            for what, secret in found.items():
                said = f"a student's {name} holds {what}: {secret[:40]}"
                yield f"{_where(exercise, secret)}: {said}. Draw it from rng, or take it out of what students get."
            for line in lines:
                if line in text or json.dumps(line)[1:-1] in text:
                    said = f"a student's {name} holds a line of the solution: {line}"
                    yield f"{_where(exercise, line)}: {said}. Say it in words, or set open_solutions in checks.py."


def _where(exercise: Exercise, secret: str) -> str:
    """Return the line of the text, or of code that is given, that holds a secret; else the folder."""
    path, is_open = exercise.folder / "exercise.md", True
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip() in (BEGIN, END):
            is_open = line.strip() == END
        elif is_open and secret in line:
            return f"{path}:{number}"
    return str(exercise.folder)


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


def hidden_values(paper: Paper) -> dict[str, str]:
    """Return what hidden cases hold and no public one does, in decimal and in base64, each with what it is."""
    texts: dict[bool, dict[str, str]] = {True: {}, False: {}}
    for question in paper.questions:
        for case in question.cases if isinstance(question, Question) else ():
            texts[case.public] |= _texts(case)
    return {text: texts[False][text] for text in sorted(texts[False].keys() - texts[True].keys())}


def solution_lines(exercise: Exercise) -> list[str]:
    """Return the lines of the reference that the starter has not, without their indentation."""
    lines = []
    for cell in exercise.solutions:
        starter = {line.strip() for line in cell.starter.splitlines()}
        lines += [line.strip() for line in cell.reference.splitlines() if line.strip() not in starter]
    return [line for line in lines if len(line) >= MIN_LINE]


def _texts(case: Case) -> dict[str, str]:
    parts = {f"argument {i} of": arg for i, arg in enumerate(case.args, 1)} | {"what is expected of": case.expected}
    texts: dict[str, str] = {}
    for part, value in parts.items():
        what = f"{part} the hidden case {case.note!r} of {case.function}"
        for number in _numbers(value):
            telling = {repr(float(each)) for each in np.ravel(number) if _is_telling(float(each))}
            if telling:
                encoded = base64.b64encode(np.asarray(number).tobytes()).decode()
                texts |= dict.fromkeys(sorted(telling), what) | {encoded: f"{what}, in base64"}
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
