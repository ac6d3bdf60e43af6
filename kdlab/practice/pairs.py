"""Two mistakes at once: named wrong solutions that change different lines of the reference, put together."""

from __future__ import annotations

import ast
import difflib
import functools
import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

from kdlab.checking import sentences

Change = tuple[int, int, tuple[str, ...]]  # from line, to line, what stands there then


class Named(Protocol):
    """A wrong solution: its name, its sentence, its code, and the functions that it defines."""

    name: str
    message: str
    source: str
    functions: tuple[str, ...]


class Pair(NamedTuple):
    """Two wrong solutions as one."""

    name: str
    message: str
    source: str


def pairs(wrong: Sequence[Named], reference: str, function: str, mended: Mapping[str, int]) -> Iterator[Pair]:
    """Yield each two wrong solutions of a function as one, where they change different lines of the reference.

    `mended` says by name in how many cases each fails alone where the two together are right. If there are such cases,
    they are no two mistakes: one mends the other, and that which is mended less is told. One that is not in there has
    no effect of its own.
    """
    alone = [each for each in wrong if tuple(each.functions) == (function,)]
    for first, second in itertools.combinations(alone, 2):
        counts = [mended.get(each.name, math.inf) for each in (first, second)]
        told = [each for each, count in zip((first, second), counts, strict=True) if count == min(counts)]
        is_either = len(told) > 1 and min(counts) > 0
        source = "" if is_either else together(reference, first.source, second.source)
        if source:
            both = sentences.PAIR.format(first=first.message, second=second.message)
            message = both if len(told) > 1 else told[0].message
            yield Pair(" and ".join(each.name for each in told), message, source)


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
    base = [*_lines(reference)]
    changes = _merged(_changes(reference, first), _changes(reference, second))
    if any(before[1] > after[0] or before[0] == after[0] for before, after in itertools.pairwise(changes)):
        return ""
    for start, stop, lines in reversed(changes):
        base = [*base[:start], *lines, *base[stop:]]
    return "\n".join(base)


def _merged(first: Sequence[Change], second: Sequence[Change]) -> list[Change]:
    """Return two lists of changes as one, without what only takes out lines that the other one changes as well."""
    kept = [each for each in first if each[2] or not any(_covers(other, each) for other in second)]
    kept += [each for each in second if each not in kept and (each[2] or not any(_covers(it, each) for it in kept))]
    return sorted(kept)


def _covers(change: Change, other: Change) -> bool:
    return change[0] <= other[0] and other[1] <= change[1]


# each solution stands in many pairs: read anew for each of them, it took the time that a reader waits
@functools.lru_cache(maxsize=256)
def _lines(source: str) -> tuple[str, ...]:
    """Return the statements of a source, a line each, without comments and docstrings."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Module | ast.FunctionDef)
            and ast.get_docstring(node) is not None
            and len(node.body) > 1
        ):
            del node.body[0]
    return tuple(ast.unparse(tree).splitlines())


@functools.lru_cache(maxsize=256)
def _changes(reference: str, source: str) -> tuple[Change, ...]:
    base, changed = _lines(reference), _lines(source)
    codes = difflib.SequenceMatcher(None, base, changed, autojunk=False).get_opcodes()
    return tuple((i, j, changed[m:n]) for tag, i, j, m, n in codes if tag != "equal")
