"""The data of an exercise: what its public checks need, and what the page shows. All of it may be read by a student."""

from __future__ import annotations

import ast
import dataclasses
import re
from typing import Any

from kdlab.checking import sentences, values
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Defect, Question, Raised, VersionQuestion, case_to_data
from kdlab.checking.judging import judge
from kdlab.checking.rules import AskRule, DrawnRule, rule_to_data
from kdlab.practice import cases
from kdlab.practice.cases import Paper
from kdlab.practice.folder import Cell, Exercise

N_DISTRACTORS = 3
REFERENCE = "reference"  # its name among the styles of a function


def page(paper: Paper) -> dict[str, Any]:
    """Return what the page needs, as JSON data.

    The keys: exercise, title, rung, minutes; `text`, the prose between the cells as Markdown; `functions`, each with
    its starter, hints, Parsons problem and, where the exercise opens them, its solutions; `practice`, which goes to
    `public_checks.check_in_page` together with the reader's cells.
    """
    exercise = paper.exercise
    return {
        "exercise": exercise.name,
        "title": exercise.title,
        "rung": exercise.rung,
        "minutes": exercise.minutes,
        "text": [_text(cell) for cell in exercise.cells],
        "functions": [_function(paper, cell) for cell in exercise.solutions],
        "practice": practice(paper),
    }


def public_paper(exercise: Exercise) -> Paper:
    """Return the exercise as the page and the common download have it."""
    return cases.paper(exercise, cases.public_rng(exercise))


def practice(paper: Paper) -> dict[str, Any]:
    """Return what the public checks need, and nothing that a hidden one does."""
    exercise = paper.exercise
    starters = {cell.function: cell.starter for cell in exercise.solutions}
    questions: list[dict[str, Any]] = []
    for question in paper.questions:
        common = {"function": question.function, "points": question.points}
        if isinstance(question, VersionQuestion):
            given = {"name": "given", "good": False, "message": sentences.GIVEN_VERSION}
            versions = [given | {"source": starters[question.target]}]
            test = {"target": question.target, "kinds": question.kinds, "own": True, "versions": versions}
            questions.append(common | {"hidden": True} | test)
        else:
            public = [case for case in question.cases if case.public]
            hidden = len(public) < len(question.cases)
            if question.rule and not public:  # whether there is an answer at all may be known
                public = [Case(question.function, (), public=True)]
            rule = question.rule.public() if question.rule else None
            shown = {"cases": [*map(case_to_data, public)], "rule": rule_to_data(rule)}
            questions.append(common | {"hidden": hidden} | shown)
    return _practice(exercise, questions)


def whole(exercise: Exercise) -> dict[str, Any]:
    """Return all there is to an exercise, for a reader who has no instructor: nothing is hidden from the lone reader.

    The keys: `practice`, as `practice` gives it, but with all cases, of a seed that no instructor has, with the
    reference, with all versions of a function under test, and with the wrong solutions as code, for the diagnosis;
    `solutions`, by function, as `styles` gives them.
    """
    hidden = cases.public_rng(exercise, "self-study")
    paper = cases.paper(exercise, cases.public_rng(exercise), hidden=hidden, wrong=False)
    sources = {version.name: version.source for version in exercise.versions}
    questions: list[dict[str, Any]] = []
    for question in paper.questions:
        common = {"function": question.function, "points": question.points, "hidden": False}
        if isinstance(question, Question):
            shown = [case_to_data(dataclasses.replace(case, public=True)) for case in question.cases]
            questions.append(common | {"cases": shown, "rule": rule_to_data(question.rule)})
            continue
        versions = [vars(version) | {"source": sources[version.name]} for version in question.versions]
        wrong = [each.name for each in cases.wrong_of(exercise, question)]
        test = {"target": question.target, "kinds": question.kinds, "own": False, "versions": versions, "wrong": wrong}
        questions.append(common | test)
    known = cases.known(paper.exercise)
    everything = _practice(paper.exercise, questions) | {
        "reference": [list(cell) for cell in known.cells],
        "starters": known.starters,
        "kinds": known.kinds,
        "wrong": [vars(each) for each in known.wrong],
    }
    return {"practice": everything, "solutions": {cell.function: styles(exercise, cell) for cell in exercise.solutions}}


def styles(exercise: Exercise, cell: Cell) -> list[dict[str, str]]:
    """Return right solutions of one function, each with its source and with what it is good for."""
    sources = {REFERENCE: cell.reference} | {each.name: each.source for each in exercise.right}
    return [
        {
            "name": "As in the book" if name == REFERENCE else name.replace("_", " ").capitalize(),
            "good_for": good_for,
            "source": _only(sources[name], cell, exercise),
        }
        for name, good_for in exercise.styles.get(cell.function, {REFERENCE: ""}).items()
    ]


def instructor_practice(paper: Paper) -> dict[str, Any]:
    """Return the hidden checks in the same form. Never for students."""
    questions: list[dict[str, Any]] = []
    for question in paper.questions:
        common = {"function": question.function, "points": question.points, "hidden": True}
        if isinstance(question, Question):
            hidden = [case_to_data(case) for case in question.cases if not case.public]
            questions.append(common | {"cases": hidden, "rule": rule_to_data(question.rule)})
            continue
        sources = {version.name: version.source for version in paper.exercise.versions}
        versions = [vars(version) | {"source": sources[version.name]} for version in question.versions]
        test = {"target": question.target, "kinds": question.kinds, "own": False, "versions": versions}
        questions.append(common | test)
    return _practice(paper.exercise, questions)


def parsons(paper: Paper, cell: Cell) -> dict[str, Any]:
    """Return the Parsons problem of a function: its head, and the lines of the common solution among others.

    The reader puts some of the lines in order below the head. Whether the order is right is found by running what was
    put together through the public cases, like any other answer. A line keeps its indentation; a statement of several
    lines is one. The other lines each make a wrong solution that a public case catches.
    """
    head, lines = _statements(cell.reference, cell.function)
    question = next(each for each in paper.questions if each.function == cell.function)
    caught = _caught_in_public(question) if isinstance(question, Question) else set()
    tempting: list[str] = []
    for solution in paper.exercise.wrong:
        if solution.name in caught and cell.function in solution.functions:
            new = [line for line in _statements(solution.source, cell.function)[1] if line not in (*lines, *tempting)]
            if len(new) == 1:  # differs from the common solution in this line only
                tempting += new
    # in alphabetical order: it tells nothing of the right one, and like lines stand together
    return {"head": head, "lines": sorted(lines + tempting[:N_DISTRACTORS], key=str.strip)}


def _caught_in_public(question: Question) -> set[str]:
    return {
        wrong.name
        for case in question.cases
        if case.public
        for wrong in case.wrong
        if isinstance(wrong.value, Raised | Defect) or not judge(case, Answer(wrong.value)).passed
    }


def _only(source: str, cell: Cell, exercise: Exercise) -> str:
    """Return of a right solution what one function needs: not the other functions that are asked for."""
    asked = {each.function for each in exercise.solutions} - {cell.function}
    lines = source.splitlines()
    left_out: set[int] = set()
    for i, node in enumerate(ast.parse(source).body):
        docstring = i == 0 and isinstance(node, ast.Expr)
        if docstring or (isinstance(node, ast.FunctionDef) and node.name in asked):
            left_out |= {*range(node.lineno - 1, node.end_lineno or node.lineno)}
    kept = "\n".join(line for i, line in enumerate(lines) if i not in left_out)
    return re.sub(r"\n{4,}", "\n\n\n", kept).strip() + "\n"


def asked(paper: Paper, function: str) -> dict[str, Any] | None:
    """Return what is asked where an answer is an option or a number, with its reason, or a curve; else None."""
    question = next(each for each in paper.questions if each.function == function)
    rule = question.rule if isinstance(question, Question) else None
    if isinstance(rule, DrawnRule):
        x, y = rule.picture["x"]["label"], rule.picture["y"]["label"]
        places = ", ".join(f"{value:g}" for value in rule.x)
        how = f"A list of {len(rule.x)} numbers: y ({y}) where x ({x}) is {places}."
        return {"kind": "curve", "question": rule.question, "x": rule.x, "picture": rule.picture, "how": how}
    if not isinstance(rule, AskRule):
        return None
    shown = {name: getattr(rule, name) for name in ("kind", "question", "options", "low", "high", "unit")}
    return shown | {"reasons": [text for text, _ in rule.reasons]}


def _practice(exercise: Exercise, questions: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "exercise": exercise.name,
        "forbids": list(exercise.forbids),
        "given": [cell.source for cell in exercise.cells if cell.kind == "given"],
        "data": values.to_data(exercise.data),
        "questions": questions,
    }


def _text(cell: Cell) -> dict[str, str]:
    if cell.kind == "solution":
        return {"kind": "function", "function": cell.function}
    return {"kind": cell.kind, "source": cell.source}


def _function(paper: Paper, cell: Cell) -> dict[str, Any]:
    exercise = paper.exercise
    return {
        "function": cell.function,
        "ask": asked(paper, cell.function),
        "starter": cell.starter,
        "hints": list(cell.hints),
        "parsons": parsons(paper, cell) if cell.function in exercise.parsons else None,
        "solutions": styles(exercise, cell) if exercise.open_solutions else None,
    }


def _statements(source: str, function: str) -> tuple[str, list[str]]:
    """Return the head of a function, with its docstring, and its statements as pieces of text."""
    node = next(each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef) and each.name == function)
    text = source.splitlines()
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    first = body[0].lineno - 1
    lines: list[str] = []
    starts = sorted({part.lineno for part in ast.walk(node) if isinstance(part, ast.stmt) and part.lineno > first})
    ends = [start - 1 for start in starts[1:]] + [node.end_lineno or len(text)]
    for start, end in zip(starts, ends, strict=True):
        piece = [line for line in text[start - 1 : end] if line.strip()]
        lines.append("\n".join(piece))
    return "\n".join(text[:first]).rstrip(), lines
