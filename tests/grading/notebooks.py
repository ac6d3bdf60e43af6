"""Notebooks as students hand them in: the released one, with chosen sources in the cells to write."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

import nbformat

from kdlab.practice import folder, notebook, page

EXERCISES = Path(__file__).parents[2] / "exercises"
KEY = b"a key for tests and for nothing else"

RIGHT = {
    "softmax_at": """\
def softmax_at(logits, temperature):
    u = (logits - logits.max(axis=-1, keepdims=True)) / temperature
    weights = np.exp(u)
    return weights / weights.sum(axis=-1, keepdims=True)
""",
    "softmax_limits": """\
def softmax_limits(logits):
    largest = logits == logits.max(axis=-1, keepdims=True)
    unmasked = logits > -np.inf
    return largest / largest.sum(axis=-1, keepdims=True), unmasked / unmasked.sum(axis=-1, keepdims=True)
""",
    # on its own, so that it is right where softmax_at is not
    "softmax_slope": """\
def softmax_slope(logits, temperature):
    weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    p = weights / weights.sum(axis=-1, keepdims=True)
    return p * ((p * logits).sum(axis=-1, keepdims=True) - logits) / temperature**2
""",
}

ZEROS = {
    "softmax_at": "def softmax_at(logits, temperature):\n    return np.zeros(np.shape(logits))\n",
    "softmax_limits": "def softmax_limits(logits):\n    return np.zeros(logits.shape), np.zeros(logits.shape)\n",
    "softmax_slope": "def softmax_slope(logits, temperature):\n    return np.zeros(np.shape(logits))\n",
}


@functools.cache
def _released(task: str) -> str:
    paper = page.public_paper(folder.read(EXERCISES / "temperature" / task))
    return nbformat.writes(notebook.student_notebook(paper))


def released(task: str = "softmax") -> dict[str, Any]:
    """Return the notebook that students get."""
    return json.loads(_released(task))


def code(source: str) -> dict[str, Any]:
    """Return a code cell that a student added."""
    return {"cell_type": "code", "execution_count": None, "metadata": {}, "outputs": [], "source": source}


def filled(sources: dict[str, str], before: tuple[str, ...] = (), task: str = "softmax") -> dict[str, Any]:
    """Return the released notebook with these sources of functions, and cells added before the first of them."""
    made = released(task)
    cells = []
    for cell in made["cells"]:
        ours = cell["metadata"]["kdlab"]
        if ours["role"] == "solution":
            if before:
                cells += [code(source) for source in before]
                before = ()
            cell["source"] = sources.get(ours["function"], cell["source"])
        cells.append(cell)
    return made | {"cells": cells}


def hand_in(submissions: Path, student: str, made: dict[str, Any] | bytes, name: str = "softmax.ipynb") -> Path:
    """Write a student's notebook, and return its path."""
    path = submissions / student / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(made if isinstance(made, bytes) else json.dumps(made).encode())
    return path
