"""Measured results for the pictures: records are read when the book is built; in the page only what a widget names.

kdlab.evidence is imported inside the functions, since the page has no results.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from kdlab.evidence.records import Evidence


def record(name: str) -> Evidence:
    """Return the record results/<name>.json."""
    from kdlab.evidence.records import read

    return read(name)


def mean_interval(values: Sequence[float]) -> dict[str, float]:
    """Return the mean over seeds and the half-width of its 95 % interval, as the records' own summary has them."""
    from kdlab.evidence.intervals import mean_interval as of_summary

    return of_summary(values)


def of_seeds(name: str, arm: str, measure: str) -> np.ndarray:
    """Return one measure of an arm of a record, in the order of the seeds."""
    from kdlab.evidence.intervals import by_seed

    return np.array([*by_seed(record(name).records, arm, measure).values()])


class NotBrought(LookupError):
    """A widget in the page reads an array that has not been brought there."""


_brought: dict[str, Any] = {}


def data(name: str) -> Any:
    """Return what a record holds for pictures: "pruning.adam_weight_1" is an array of results/shown/pruning.npz.

    What stands in `measured` of the record is found as well, as JSON has it. In the page there is what was brought
    for the widget, which names it in `explorable(data=...)`.
    """
    if name in _brought:
        return _brought[name]
    try:
        recorded = _recorded(name.partition(".")[0])
    except ModuleNotFoundError as error:
        raise NotBrought(f"the page has no {name}.") from error
    return recorded[name]


def names_of(patterns: Sequence[str]) -> list[str]:
    """Return the names of all data that these name: "pruning.adam_*" all of that record that begin so."""
    found = []
    for pattern in patterns:
        named = [name for name in _recorded(pattern.partition(".")[0]) if fnmatchcase(name, pattern)]
        if not named:
            raise ValueError(f"data must name what records hold; there is no {pattern}.")
        found += named
    return found


@lru_cache(maxsize=2)
def _recorded(experiment: str) -> dict[str, Any]:
    """Return everything that a record holds for pictures, by its whole name."""
    from kdlab.evidence.records import read, shown

    return {f"{experiment}.{key}": value for key, value in (read(experiment).measured | shown(experiment)).items()}


def bring(encoded: Mapping[str, Any]) -> None:
    """Keep what `encode` made, for `data` to find."""
    for name, value in encoded.items():
        is_array = isinstance(value, dict) and value.keys() == {"dtype", "shape", "bytes"}
        _brought[name] = _array(**value) if is_array else value


def encode(value: Any) -> Any:
    """Return an array as its bytes, which JSON can hold; other data as they are."""
    if not isinstance(value, np.ndarray):
        return value
    raw = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode("ascii")
    return {"dtype": value.dtype.str, "shape": value.shape, "bytes": raw}


def _array(dtype: str, shape: Sequence[int], bytes: str) -> np.ndarray:
    return np.frombuffer(base64.b64decode(bytes), dtype).reshape(shape)
