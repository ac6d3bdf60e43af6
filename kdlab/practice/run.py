"""Run what a student wrote, with modules absent that would answer it: wherever student code runs."""

from __future__ import annotations

import contextlib
import functools
import importlib.abc
import signal
import sys
import threading
from collections.abc import Iterator
from types import CodeType, ModuleType
from typing import Any

from kdlab.checking.asking import STUDENT, Answer, describe


def execute(source: str, name: str, namespace: dict[str, Any]) -> Answer | None:
    """Run one cell of a student in a namespace; return what went wrong as an answer, or None.

    `name` is the cell's name; errors give the line in it. KeyboardInterrupt passes through, as in `asking.ask`.
    """
    try:
        exec(compiled(source, f"{STUDENT} {name}>"), namespace)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return describe(error)
    return None


def new_namespace() -> dict[str, Any]:
    """Return the namespace in which the cells of one notebook run."""
    return {"__name__": "__main__"}


def given(data: dict[str, Any]) -> dict[str, Any]:
    """Return what the cells of an exercise with data find there: `given`, arrays by name. Nothing where it has none."""
    return {"given": {name: array.copy() for name, array in data.items()}} if data else {}


@contextlib.contextmanager
def forbidden(modules: list[str] | tuple[str, ...]) -> Iterator[None]:
    """Make modules of kdlab absent: importing one, or a part of one, raises ImportError with a sentence.

    Where they were imported before, they are put aside, and put back at the end.
    """
    finder = _Forbidden(modules)
    aside = _put_aside(finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        sys.modules.update(aside)
        for name, module in aside.items():
            parent, _, child = name.rpartition(".")
            setattr(sys.modules[parent], child, module)


def forbid(*modules: str) -> None:
    """Make modules of kdlab absent from here on: the first cell of a student's notebook."""
    _put_aside(_Forbidden(modules))


class TooLong(KeyboardInterrupt):
    """Passes through all that a solution may catch, as a time limit must."""


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise TooLong where this takes longer, if there is a way to: in the main thread, and not on Windows."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    timer = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *timer)


class _Forbidden(importlib.abc.MetaPathFinder):
    def __init__(self, modules: list[str] | tuple[str, ...]) -> None:
        self.beginnings = tuple(f"{module}." for module in modules)

    def names(self, name: str) -> bool:
        return f"{name}.".startswith(self.beginnings)

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> None:
        if self.names(name):
            raise ImportError(f"{name} is absent here: what it does is what this exercise asks you to write.")


def _put_aside(finder: _Forbidden) -> dict[str, ModuleType]:
    """Take out what a finder forbids, have it watch over imports, and return what was taken out."""
    aside = {name: sys.modules.pop(name) for name in list(sys.modules) if finder.names(name)}
    for name in aside:
        parent, _, child = name.rpartition(".")
        vars(sys.modules.get(parent, aside.get(parent))).pop(child, None)
    sys.meta_path.insert(0, finder)
    return aside


@functools.lru_cache(maxsize=1024)
def compiled(source: str, name: str) -> CodeType:
    """Return the code of a source, of which `name` is the file."""
    return compile(source, name, "exec", dont_inherit=True)
