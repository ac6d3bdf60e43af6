"""What each kind of argument can have that a wrong answer trips over: an adversary's checklist, one for all authors."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Trait:
    """Something special about an argument, or two of them: whether they have it, and an example as Python text."""

    has: Callable[..., bool]
    example: str


def traits(kinds: Sequence[str], args: Sequence[Any]) -> tuple[str, ...]:
    """Return what is special about these arguments, each of the kind of the same place ("" if it has none).

    Examples
    --------
    >>> traits(["logits", "temperature"], [np.array([1.0, 1.0, 0.0]), 0.5])
    ('a tie of the largest logits', 'a temperature below 1')
    """
    found = [name for places, name, trait in _of(kinds) if trait.has(*(args[i] for i in places))]
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


def possible(kinds: Sequence[str]) -> dict[str, str]:
    """Return what can be special about arguments of these kinds: each trait with an example of it.

    Examples
    --------
    >>> possible(["mask"])["nothing kept"]
    'np.array([False, False])'
    """
    return {name: trait.example for _, name, trait in _of(kinds)}


def _of(kinds: Sequence[str]) -> Iterator[tuple[tuple[int, ...], str, Trait]]:
    """Yield the traits that arguments of these kinds can have, each with the places of its arguments."""
    for i, kind in enumerate(kinds):
        yield from (((i,), name, trait) for name, trait in KINDS.get(kind, {}).items())
    for i, j in itertools.permutations(range(len(kinds)), 2):
        yield from (((i, j), name, trait) for name, trait in _PAIRS.get((kinds[i], kinds[j]), {}).items())


def _on_numbers(has: Callable[[np.ndarray], Any]) -> Callable[[Any], bool]:
    """Return the same question of an array, a number, or a list of arrays, one of which is enough."""

    def asked(value: Any) -> bool:
        if isinstance(value, list | tuple):
            return any(map(asked, value))
        array = np.asarray(value)
        return array.size > 0 and bool(has(array))

    return asked


def _on_all(has: Callable[[np.ndarray], Any]) -> Callable[[Any], bool]:
    """Return the same question of all numbers of an argument together: an array, or a list of them."""

    def asked(value: Any) -> bool:
        parts = value if isinstance(value, list | tuple) else [value]
        return bool(has(np.concatenate([np.ravel(part) for part in parts])))

    return asked


def _made(
    questions: Mapping[str, tuple[Callable[[np.ndarray], Any], str]], on: Callable[..., Any] = _on_numbers
) -> dict[str, Trait]:
    return {name: Trait(on(has), example) for name, (has, example) in questions.items()}


def _rows(a: np.ndarray) -> np.ndarray:
    """Return the rows along the last axis, each from the largest to the smallest."""
    return np.sort(a.reshape(-1, a.shape[-1]), axis=1)[:, ::-1] if a.ndim else a.reshape(1, 1)


def _size(a: np.ndarray) -> float:
    return float(np.abs(a[np.isfinite(a)]).max(initial=0))


def _close(a: np.ndarray) -> Any:
    """Say whether two numbers differ, but not in their first five digits."""
    flat = np.sort(a[np.isfinite(a)].astype(np.float64), axis=None)
    gaps = np.diff(flat)
    return ((gaps > 0) & (gaps <= 1e-5 * np.abs(flat[1:]))).any()


def _ties(a: np.ndarray) -> int:
    return int(np.unique(a, return_counts=True)[1].max())


_SHAPE = _made(
    {
        "more than two dimensions": (lambda a: a.ndim > 2, "np.array([[[1.0, 2.0, 4.0]] * 2] * 2)"),
        "an axis of length 1": (lambda a: 1 in a.shape, "np.array([[3.0], [1.0]])"),
    }
)
_ROWS = _made({"several rows": (lambda a: a.ndim > 1 and a[..., 0].size > 1, "np.array([[1.0, 2.0], [3.0, 0.0]])")})
_DTYPE = _made(
    {
        "integers": (lambda a: a.dtype.kind in "iu", "np.array([3, 1, 2])"),
        "float32": (lambda a: a.dtype == np.float32, "np.float32([3, 1, 2])"),
    }
)
_NUMBERS = (
    _SHAPE
    | _made(
        {
            "a zero": (lambda a: (a == 0).any(), "np.array([0.0, 1.0])"),
            "negative numbers": (lambda a: (a < 0).any(), "np.array([-2.0, 1.0])"),
            "tiny numbers": (lambda a: ((a != 0) & (np.abs(a) <= 1e-9)).any(), "np.array([3e-12, 1e-12])"),
            "huge numbers": (lambda a: (np.abs(a) >= 1e6).any(), "np.array([3e6, -1e6])"),
        }
    )
    | _DTYPE
)
_TIES = _made(
    {
        "a tie": (lambda a: _ties(a) > 1, "np.array([1.0, 1.0, 2.0])"),
        "a tie of three": (lambda a: _ties(a) > 2, "np.array([1.0, 1.0, 1.0, 2.0])"),
        "a tie of twenty": (lambda a: _ties(a) >= 20, "np.ones(20)"),  # up to 16 numbers any sort is stable
        "numbers that hardly differ": (_close, "np.array([0.5, 0.5 + 1e-7])"),
    },
    on=_on_all,
)
KINDS: dict[str, dict[str, Trait]] = {
    "logits": _SHAPE
    | _ROWS
    | _made(
        {
            "a tie of the largest logits": (
                lambda a: a.shape[-1:] > (1,) and (np.diff(_rows(a)[:, :2]) == 0).any(),
                "np.array([2.0, 2.0, 1.0])",
            ),
            "a tie of three": (
                lambda a: a.shape[-1:] > (2,) and (_rows(a)[:, 0] == _rows(a)[:, 2]).any(),
                "np.array([2.0, 2.0, 2.0, 1.0])",
            ),
            "logits that hardly differ": (_close, "np.array([1.0, 1.0 + 1e-7])"),
            "large logits": (lambda a: _size(a) >= 500, "np.array([800.0, 799.0])"),
            "logits of some hundreds": (lambda a: 500 <= _size(a) < 5000, "np.array([800.0, 799.0])"),
            "logits of ten thousand": (lambda a: _size(a) >= 5000, "np.array([1e4, 1e4 - 1])"),
            "logits of minus ten thousand": (
                lambda a: (np.isfinite(a) & (a <= -5000)).any(),
                "np.array([0.0, -1e4])",
            ),
            "rows far from each other": (
                lambda a: a.ndim > 1 and np.ptp(a.max(axis=-1)) > 1500,
                "np.array([[2000.0, 1999.0], [1.0, 0.0]])",
            ),
            "logits all far below 0": (lambda a: (a.max(axis=-1) < -700).any(), "np.array([-800.0, -801.0])"),
            "a masked class": (lambda a: np.isneginf(a).any(), "np.array([1.0, 0.0, -np.inf])"),
        }
    )
    | _DTYPE,
    "probabilities": _SHAPE
    | _ROWS
    | _made(
        {
            "a probability of 0": (lambda a: (a == 0).any(), "np.array([0.0, 0.4, 0.6])"),
            "probabilities that are neither 0 nor 1": (lambda a: ((a > 0) & (a < 1)).any(), "np.array([0.1, 0.9])"),
            "a tiny probability": (lambda a: ((a > 0) & (a <= 1e-9)).any(), "np.array([1e-12, 1 - 1e-12])"),
        }
    ),
    "labels": _made(
        {
            "several rows": (lambda a: a.size > 1, "np.array([1, 0])"),
            "every label alike": (lambda a: (a == a.flat[0]).all(), "np.array([2, 2, 2])"),
            "one label": (lambda a: a.size == 1, "np.array([1])"),
        }
    ),
    "weights": _NUMBERS,
    "scores": _NUMBERS | _TIES,
    "mask": _made(
        {
            "everything kept": (lambda a: a.all(), "np.array([True, True])"),
            "nothing kept": (lambda a: not a.any(), "np.array([False, False])"),
        }
    ),
    "fraction": _made(
        {
            "a fraction of 0": (lambda a: (a == 0).any(), "0.0"),
            "a fraction of 1": (lambda a: (a == 1).any(), "1.0"),
            "a fraction that is not a decimal": (lambda a: (np.abs(a - np.round(a, 6)) > 1e-9).any(), "1 / 3"),
            "a fraction that is nearly a decimal": (
                lambda a: any(0 < abs(x - round(x, 6)) < 1e-9 for x in a.ravel().tolist()),
                "1 - 0.9",
            ),
            "a fraction below one in a hundred": (lambda a: ((a > 0) & (a < 0.01)).any(), "0.005"),
        }
    ),
    "count": _made(
        {
            "a count of 0": (lambda a: (a == 0).any(), "0"),
            "a count of 1": (lambda a: (a == 1).any(), "1"),
            "a count of several": (lambda a: (a > 2).any(), "5"),
        }
    ),
    "number": _made(
        {
            "a number of 1": (lambda a: (a == 1).any(), "1"),
            "some hundreds": (lambda a: ((a >= 100) & (a < 1000)).any(), "599"),
            "a number of 100 000 or more": (lambda a: (a >= 100_000).any(), "100_000"),
        }
    ),
    "rate": _made(
        {
            "a rate of 0": (lambda a: (a == 0).any(), "0.0"),
            "a rate above 0": (lambda a: (a > 0).any(), "0.1"),
        }
    ),
    "temperature": _made(
        {
            "a temperature of 1": (lambda a: a == 1, "1.0"),
            "a temperature below 1": (lambda a: a < 1, "0.5"),
            "a temperature above 1": (lambda a: a > 1, "3.0"),
            "a temperature of a hundredth or less": (lambda a: a <= 0.01, "0.01"),
            "a temperature of a hundred or more": (lambda a: a >= 100, "100.0"),
        }
    ),
}
_PAIRS: dict[tuple[str, str], dict[str, Trait]] = {
    ("logits", "labels"): {
        "a label whose logit is not the largest": Trait(
            lambda logits, labels: bool((np.argmax(logits, axis=-1) != labels).any()),
            "np.array([[2.0, 1.0]]), np.array([1])",
        )
    },
    ("logits", "temperature"): {
        "logits that are large only once they are divided": Trait(
            lambda logits, temperature: _size(np.asarray(logits)) < 500 <= _size(np.asarray(logits)) / temperature,
            "np.array([40.0, 39.0]), 0.05",
        )
    },
    ("number", "fraction"): {
        "a product that a computer rounds down": Trait(
            lambda n, fraction: bool(np.floor(n * fraction) < np.floor(n * fraction + 1e-9)), "100, 0.29"
        ),
        "a product just below a whole number": Trait(
            lambda n, fraction: 0.98 < n * fraction % 1 < 1 - 1e-3, "599, 0.005"
        ),
    },
}
