"""What `make test` looks at where `make test-all` looks at everything: the same few things every time.

A sample has one thing of each chapter, of each kind, of whatever is counted: the thing whose name has the least hash
among those that are alike. Nobody has chosen it, and a new thing seldom takes its place.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any

import pytest


def sampled(things: Iterable[Any], *alike: Callable[[Any], object], name: Callable[[Any], str] = str) -> list[Any]:
    """Return the things as parameters of a test, those outside the sample marked slow.

    Parameters
    ----------
    things : iterable
        All there are.
    *alike : callable
        Each says of a thing what it is one of, such as its chapter: one of every such answer is in the sample. Without
        any, one thing is.
    name : callable
        The name of a thing, different for each.
    """
    things = list(things)
    ordered = sorted(things, key=lambda thing: hashlib.sha256(name(thing).encode()).digest())
    chosen = set()
    for of in alike or (lambda _: None,):
        first: dict[object, str] = {}
        for thing in ordered:
            first.setdefault(of(thing), name(thing))
        chosen |= set(first.values())
    marks = {True: (), False: (pytest.mark.slow,)}
    return [pytest.param(thing, id=name(thing), marks=marks[name(thing) in chosen]) for thing in things]


def has_each(kinds_of: Callable[[Any], set[Any]], things: Iterable[Any]) -> list[Callable[[Any], bool]]:
    """Return for each kind that some thing is of whether a thing is: as `alike`, one of every kind is in the sample."""
    kinds = set().union(*map(kinds_of, things))
    return [lambda thing, kind=kind: kind in kinds_of(thing) for kind in kinds]
