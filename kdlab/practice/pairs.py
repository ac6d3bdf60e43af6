"""Two mistakes at once: named wrong solutions that change different lines of the reference, put together."""

from __future__ import annotations

import ast
import dataclasses
import difflib
import functools
import itertools
from collections.abc import Iterator

from kdlab.checking import sentences
from kdlab.practice.folder import Exercise, Solution


def pairs(exercise: Exercise, function: str) -> Iterator[Solution]:
    """Yield each two wrong solutions of a function as one, where they change different lines of the reference."""
    reference = next(cell.reference for cell in exercise.solutions if cell.function == function)
    alone = [each for each in exercise.wrong if each.functions == (function,)]
    for first, second in itertools.combinations(alone, 2):
        source = together(reference, first.source, second.source)
        if source:
            message = sentences.PAIR.format(first=first.message, second=second.message)
            name = f"{first.name} and {second.name}"
            yield dataclasses.replace(first, name=name, message=message, source=source)


@functools.lru_cache(maxsize=4096)
def together(reference: str, first: str, second: str) -> str:
    r"""Return a function with two changes, or nothing if they touch each other.

    Examples
    --------
    >>> bodies = ("y = x; return y", "y = 2; return y", "y = x; return 3")
    >>> print(together(*(f"def f(x):\n  {body}" for body in bodies)))
    def f(x):
        y = 2
        return 3
    """
    base = _lines(reference)
    changes = sorted(_changes(base, _lines(first)) + _changes(base, _lines(second)))
    if any(before[1] > after[0] or before[0] == after[0] for before, after in itertools.pairwise(changes)):
        return ""
    for start, stop, lines in reversed(changes):
        base = [*base[:start], *lines, *base[stop:]]
    return "\n".join(base)


def _lines(source: str) -> list[str]:
    """Return the statements of a source, a line each, without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.FunctionDef)
            and ast.get_docstring(node) is not None
            and len(node.body) > 1
        ):
            del node.body[0]
    return ast.unparse(tree).splitlines()


def _changes(base: list[str], changed: list[str]) -> list[tuple[int, int, list[str]]]:
    codes = difflib.SequenceMatcher(None, base, changed, autojunk=False).get_opcodes()
    return [(i, j, changed[m:n]) for tag, i, j, m, n in codes if tag != "equal"]
