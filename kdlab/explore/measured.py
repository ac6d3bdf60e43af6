"""Measured results for the pictures: read when the book is built, never in the page.

kdlab.evidence is imported inside the functions, since the page has no results.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

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
