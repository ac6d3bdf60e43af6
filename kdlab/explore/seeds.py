"""What all seeds together say: the picture of one run is an example, twenty are a finding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from kdlab.evidence.intervals import mean_interval
from kdlab.explore.controls import Seed


def summary(seed: Seed, measured: Sequence[dict[str, float]]) -> dict[str, Any]:
    """Return what runs of all seeds say: means with 95 % t intervals, paired differences, and how often each wins.

    Parameters
    ----------
    seed : Seed
        The control: which numbers are better, and their unit.
    measured : sequence of dict
        {measure: float} of each seed, at least two. The first measure is the one to compare with.

    Returns
    -------
    dict
        `rows`, one for each measure: name, mean, half_width; for all but the first also `difference` from the first
        with `difference_half_width`, and `wins`. `sentence` says the same in words; `seeds` is their number.

    Examples
    --------
    >>> of_seeds = [{"labels": 78.0, "soft targets": 94.0}, {"labels": 80.0, "soft targets": 95.0}]
    >>> summary(Seed(unit="%"), of_seeds)["sentence"]
    'soft targets better than labels in 2 of 2 seeds: +15.5 ± 6.35 %.'
    """
    if len({tuple(of_seed) for of_seed in measured}) != 1:
        raise ValueError(f"measured must hold the same measures for every seed; {list(measured)!r} was given.")
    first = next(iter(measured[0]))
    baseline = np.array([of_seed[first] for of_seed in measured])
    rows, words = [], []
    for name in measured[0]:
        values = np.array([of_seed[name] for of_seed in measured])
        mean, half_width = _interval(values)
        row = {"name": name, "mean": mean, "half_width": half_width}
        if name != first:
            difference = values - baseline
            row["difference"], row["difference_half_width"] = _interval(difference)
            row["wins"] = int(((difference > 0) if seed.better == "higher" else (difference < 0)).sum())
            words.append(
                f"{name} better than {first} in {row['wins']} of {len(measured)} seeds: "
                f"{row['difference']:+.3g} ± {row['difference_half_width']:.3g} {seed.unit}".rstrip()
            )
        rows.append(row)
    if not words:
        mean = f"{rows[0]['mean']:.3g} ± {rows[0]['half_width']:.3g} {seed.unit}".rstrip()
        words = [f"{first} {mean}, the mean of {len(measured)} seeds"]
    return {"rows": rows, "sentence": "; ".join(words) + ".", "seeds": len(measured)}


def _interval(values: np.ndarray) -> tuple[float, float]:
    found = mean_interval(values)
    return found["mean"], found["half_width"]
