"""What each kind of argument can have that a wrong answer trips over: an adversary's checklist, one for all authors."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np


def traits(kinds: Sequence[str], args: Sequence[Any]) -> tuple[str, ...]:
    """Return what is special about these arguments, each of the kind of the same place ("" if it has none).

    Examples
    --------
    >>> traits(["logits", "temperature"], [np.array([1.0, 1.0, 0.0]), 0.5])
    ('a tie of the largest logits', 'a temperature below 1')
    """
    found = [
        name for kind, arg in zip(kinds, args, strict=True) for name, has in KINDS.get(kind, {}).items() if has(arg)
    ]
    return tuple(dict.fromkeys(found))


def traits_of_call(kinds: Mapping[str, str], args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what is special about a call that anybody made: nothing of arguments that are not of their kind at all.

    Examples
    --------
    >>> traits_of_call({"logits": "logits", "T": "temperature"}, [None], {"T": 0.5})
    ('a temperature below 1',)
    """
    found: list[str] = []
    for name, arg in [*zip(kinds, args, strict=False), *kwargs.items()]:
        with contextlib.suppress(Exception):
            found += traits([kinds.get(name, "")], [arg])
    return tuple(dict.fromkeys(found))


def _on_numbers(has: Callable[[np.ndarray], Any]) -> Callable[[Any], bool]:
    """Return the same question of an array, a number, or a list of arrays, one of which is enough."""

    def asked(value: Any) -> bool:
        if isinstance(value, list | tuple):
            return any(map(asked, value))
        array = np.asarray(value)
        return array.size > 0 and bool(has(array))

    return asked


def _sorted_rows(a: np.ndarray) -> np.ndarray:
    return np.sort(a.reshape(-1, a.shape[-1]), axis=1)[:, ::-1] if a.ndim else a.reshape(1, 1)


def _close(a: np.ndarray) -> Any:
    """Say whether two numbers differ, and by less than a rounding to six digits would leave."""
    flat = np.sort(a[np.isfinite(a)].astype(np.float64), axis=None)
    gaps = np.diff(flat)
    return ((gaps > 0) & (gaps <= 1e-6 * np.abs(flat[1:]))).any()


def _count_of_ties(a: np.ndarray) -> int:
    return int(np.unique(a, return_counts=True)[1].max())


def _made(questions: Mapping[str, Callable[[np.ndarray], Any]]) -> dict[str, Callable[[Any], bool]]:
    return {name: _on_numbers(has) for name, has in questions.items()}


_SHAPE = {
    "more than two dimensions": lambda a: a.ndim > 2,
    "an axis of length 1": lambda a: 1 in a.shape,
}
_DTYPE = {
    "integers": lambda a: a.dtype.kind in "iu",
    "float32": lambda a: a.dtype == np.float32,
}
KINDS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "logits": _made(
        _SHAPE
        | {
            "a tie of the largest logits": lambda a: (
                a.shape[-1:] > (1,) and (np.diff(_sorted_rows(a)[:, :2]) == 0).any()
            ),
            "a tie of three": lambda a: a.shape[-1:] > (2,) and (_sorted_rows(a)[:, 0] == _sorted_rows(a)[:, 2]).any(),
            "logits that hardly differ": _close,
            "large logits": lambda a: np.abs(a[np.isfinite(a)]).max(initial=0) >= 500,
            "logits of some hundreds": lambda a: (
                (np.abs(a[np.isfinite(a)]).max(initial=0) >= 500) and np.abs(a[np.isfinite(a)]).max() < 5000
            ),
            "logits of ten thousand": lambda a: np.abs(a[np.isfinite(a)]).max(initial=0) >= 5000,
            "rows far from each other": lambda a: a.ndim > 1 and np.ptp(a.max(axis=-1)) > 1500,
            "logits all far below 0": lambda a: (a.max(axis=-1) < -700).any(),
            "a masked class": lambda a: np.isneginf(a).any(),
        }
        | _DTYPE
    ),
    "probabilities": _made(
        _SHAPE
        | {
            "a probability of 0": lambda a: (a == 0).any(),
            "probabilities that are neither 0 nor 1": lambda a: ((a > 0) & (a < 1)).any(),
            "a tiny probability": lambda a: ((a > 0) & (a <= 1e-9)).any(),
        }
    ),
    "labels": _made({"every label alike": lambda a: (a == a.flat[0]).all(), "one label": lambda a: a.size == 1}),
    "weights": _made(
        _SHAPE
        | {
            "a tie": lambda a: _count_of_ties(a) > 1,
            "a tie of three": lambda a: _count_of_ties(a) > 2,
            "a zero": lambda a: (a == 0).any(),
            "negative numbers": lambda a: (a < 0).any(),
            "numbers that hardly differ": _close,
            "tiny numbers": lambda a: ((a != 0) & (np.abs(a) <= 1e-9)).any(),
            "huge numbers": lambda a: (np.abs(a) >= 1e6).any(),
        }
        | _DTYPE
    ),
    "mask": _made({"everything kept": lambda a: a.all(), "nothing kept": lambda a: not a.any()}),
    "fraction": _made(
        {
            "a fraction of 0": lambda a: (a == 0).any(),
            "a fraction of 1": lambda a: (a == 1).any(),
            "a fraction that is not a decimal": lambda a: (np.abs(a * 1000 - np.round(a * 1000)) > 1e-6).any(),
            "a fraction below one in a hundred": lambda a: ((a > 0) & (a < 0.01)).any(),
        }
    ),
    "count": _made(
        {
            "a count of 0": lambda a: (a == 0).any(),
            "a count of 1": lambda a: (a == 1).any(),
            "a count of several": lambda a: (a > 2).any(),
        }
    ),
    "number": _made(
        {
            "a number of 1": lambda a: (a == 1).any(),
            "some hundreds": lambda a: ((a >= 100) & (a < 1000)).any(),
            "a number of 100 000 or more": lambda a: (a >= 100_000).any(),
        }
    ),
    "rate": _made({"a rate of 0": lambda a: (a == 0).any(), "a rate above 0": lambda a: (a > 0).any()}),
    "temperature": _made(
        {
            "a temperature of 1": lambda a: a == 1,
            "a temperature below 1": lambda a: a < 1,
            "a temperature above 1": lambda a: a > 1,
            "a temperature of a hundredth or less": lambda a: a <= 0.01,
            "a temperature of a hundred or more": lambda a: a >= 100,
        }
    ),
}
