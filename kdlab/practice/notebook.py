"""The notebooks of an exercise: the student's, which is also an nbgrader release, and the instructor's."""

from __future__ import annotations

import io
import textwrap
from typing import Any

import nbformat
import numpy as np
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from kdlab.checking.cases import VersionQuestion
from kdlab.files import zipped
from kdlab.practice import page
from kdlab.practice.cases import Paper
from kdlab.practice.folder import Cell, Exercise

DATA_FILE = "given.npz"  # the arrays of an exercise that has data, beside the notebook
SCHEMA_VERSION = 3  # of nbgrader's cell metadata


def student_notebook(paper: Paper) -> NotebookNode:
    """Return the notebook a student gets: starters, hints folded up, public checks."""
    return _notebook(paper, {cell.function: cell.starter for cell in paper.exercise.solutions}, {})


def solved_notebook(paper: Paper) -> NotebookNode:
    """Return the student's notebook with the reference in place of the starters."""
    return _notebook(paper, {cell.function: cell.reference for cell in paper.exercise.solutions}, {})


def nbgrader_source(paper: Paper, hidden: dict[str, Any]) -> NotebookNode:
    """Return the notebook for nbgrader's source folder: with solutions, and with hidden tests.

    nbgrader clears what stands between its marks, so this becomes the student's notebook again. A starter with a bug
    cannot be marked so, and stands here as the student gets it.

    Parameters
    ----------
    paper : Paper
        The exercise.
    hidden : dict
        The hidden checks, as `page.instructor_practice` gives them.
    """
    sources = {cell.function: cell.starter if cell.mends else cell.source for cell in paper.exercise.solutions}
    return _notebook(paper, sources, hidden)


def data_files(paper: Paper) -> dict[str, bytes]:
    """Return the file with the arrays of an exercise that has data, by name: the same bytes for the same arrays."""
    if not paper.exercise.data:
        return {}
    arrays = {}
    for name, array in paper.exercise.data.items():
        buffer = io.BytesIO()
        np.save(buffer, array)
        arrays[f"{name}.npy"] = buffer.getvalue()
    return {DATA_FILE: zipped(arrays)}


def cases_file(paper: Paper) -> str:
    """Return the name of the file with the public cases, beside the notebook."""
    return f"{paper.exercise.task}.cases.json"


def _notebook(paper: Paper, sources: dict[str, str], hidden: dict[str, Any]) -> NotebookNode:
    exercise = paper.exercise
    cells = [_tools(exercise)]
    for number, cell in enumerate(exercise.cells, 1):
        if cell.kind == "text":
            cells.append(_cell(new_markdown_cell(cell.source), f"text-{number}", "text"))
        elif cell.kind == "given":
            given = _cell(new_code_cell(cell.source), f"given-{number}", "locked")
            cells.append(_for_nbgrader(given, locked=True))
        else:
            cells += _question(paper, cell, sources[cell.function], hidden)
    notebook = new_notebook(cells=cells)
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "kdlab": {"exercise": exercise.name},
    }
    nbformat.validate(notebook)
    return notebook


def _tools(exercise: Exercise) -> NotebookNode:
    forbids = exercise.forbids
    source = "from kdlab.practice.public_checks import check_in_notebook\nfrom kdlab.practice.run import forbid"
    if forbids:
        names = textwrap.fill(
            ", ".join(f'"{module}"' for module in forbids), 100, initial_indent="    ", subsequent_indent="    "
        )
        source += f"\n\nforbid(\n{names},\n)"
    if exercise.data:
        source = f'import numpy\n\n{source}\n\ngiven = dict(numpy.load("{DATA_FILE}"))'
    return _for_nbgrader(_cell(new_code_cell(source), "tools", "locked"), locked=True)


def _question(paper: Paper, cell: Cell, source: str, hidden: dict[str, Any]) -> list[NotebookNode]:
    name = cell.function
    question = next(each for each in paper.questions if each.function == name)
    solution = _cell(new_code_cell(source), name, "solution", name)
    if not cell.mends:  # nbgrader would replace a starter with a bug by a gap
        _for_nbgrader(solution, solution=True)
    hints = [
        _cell(new_markdown_cell(_folded(number, hint)), f"{name}-hint-{number}", "text")
        for number, hint in enumerate(cell.hints, 1)
    ]
    target = f", {question.target}" if isinstance(question, VersionQuestion) else ""
    check = f'check_in_notebook({name}, "{cases_file(paper)}"{target})'
    if hidden:
        only = hidden | {"questions": [each for each in hidden["questions"] if each["function"] == name]}
        check += f"\n### BEGIN HIDDEN TESTS\ncheck_in_notebook({name}, {only!r})\n### END HIDDEN TESTS"
    checked = _for_nbgrader(_cell(new_code_cell(check), f"{name}-check", "check", name), grade=True, locked=True)
    checked.metadata["nbgrader"]["points"] = question.points
    return [*_asked(paper, name), solution, *hints, checked]


def _asked(paper: Paper, name: str) -> list[NotebookNode]:
    """Return the cell with the options and reasons, where a student answers with one of each, or what to draw."""
    ask = page.asked(paper, name)
    if ask is None:
        return []
    if ask["kind"] == "curve":
        return [_cell(new_markdown_cell(f"**{ask['question']}**\n\n{ask['how']}"), f"{name}-asked", "text")]
    lines = [f"{i}. {option}" for i, option in enumerate(ask["options"], 1)]
    if not lines:
        lines = [f"A number from {ask['low']:g} to {ask['high']:g} {ask['unit']}".rstrip() + "."]
    reasons = [f"{i}. {text}" for i, text in enumerate(ask["reasons"], 1)]
    text = "\n".join([f"**{ask['question']}**", "", *lines, "", "**Why?**", "", *reasons])
    return [_cell(new_markdown_cell(text), f"{name}-asked", "text")]


def _cell(cell: NotebookNode, name: str, role: str, function: str = "") -> NotebookNode:
    cell.id = name
    cell.metadata["kdlab"] = {"role": role, "id": name} | ({"function": function} if function else {})
    if role in ("locked", "check"):
        cell.metadata |= {"editable": False, "deletable": False}
    if role == "solution":
        cell.metadata["deletable"] = False
    return cell


def _for_nbgrader(
    cell: NotebookNode, *, grade: bool = False, solution: bool = False, locked: bool = False
) -> NotebookNode:
    cell.metadata["nbgrader"] = {
        "schema_version": SCHEMA_VERSION,
        "grade_id": cell.id,
        "cell_type": cell.cell_type,
        "grade": grade,
        "solution": solution,
        "locked": locked,
        "task": False,
    }
    return cell


def _folded(number: int, hint: str) -> str:
    return f"<details><summary>Hint {number}</summary>\n\n{hint}\n\n</details>"
