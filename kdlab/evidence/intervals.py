"""From records to means, paired differences and their intervals.

Intervals are Student's t at 95 % over seeds. They are NOT corrected for multiplicity: an experiment has many arms and
several measures, so about one interval in twenty misses by luck alone, and a difference whose interval only just
excludes 0 is no finding. They describe the variation over splits and initialisations on one data set, whose test rows
overlap between seeds; they do not describe a new data set.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

LEVEL = 0.95
Record = dict[str, Any]  # "seed", "arm", and the numbers measured, by name


def t_quantile(p: float, df: int) -> float:
    r"""Quantile of Student's t distribution.

    For a whole number :math:`\nu` of degrees of freedom and :math:`\theta = \arctan(t / \sqrt\nu)` the probability of
    :math:`|T| < t` is a short sum of powers of :math:`\cos\theta`; it rises with :math:`\theta`, which is found by
    halving.

    Parameters
    ----------
    p : float
        Probability below the quantile, in (0, 1).
    df : int
        Degrees of freedom, at least 1.

    Returns
    -------
    float
        Below 0 where p is below 1/2.

    Raises
    ------
    ValueError
        If p or df is outside its range.

    References
    ----------
    Abramowitz and Stegun (1964), Handbook of Mathematical Functions, 26.7.3 and 26.7.4.

    Examples
    --------
    >>> round(t_quantile(0.975, 19), 6)
    2.093024
    """
    if not 0 < p < 1:
        raise ValueError(f"p must be in (0, 1); {p!r} was given.")
    if df < 1:
        raise ValueError(f"df must be at least 1; {df!r} was given.")
    if p < 0.5:
        return -t_quantile(1 - p, df)
    low, high = 0.0, math.pi / 2
    while low < (middle := (low + high) / 2) < high:
        low, high = (middle, high) if _central_probability(middle, df) < 2 * p - 1 else (low, middle)
    return math.sqrt(df) * math.tan(low)


def _central_probability(theta: float, df: int) -> float:
    """Return the probability that a t of so many degrees of freedom lies within sqrt(df) tan(theta) of 0."""
    odd = df % 2
    term, total = (math.cos(theta), 0.0) if odd else (1.0, 0.0)
    for k in range(1 + odd, df, 2):
        total += term
        term *= math.cos(theta) ** 2 * k / (k + 1)
    return (theta + math.sin(theta) * total) * 2 / math.pi if odd else math.sin(theta) * total


def mean_interval(values: Sequence[float]) -> dict[str, float]:
    r"""Mean and half-width of its 95 % interval.

    .. math:: \bar x \pm t_{.975,\,n-1} \, s / \sqrt n

    Parameters
    ----------
    values : sequence of float
        One for each seed, at least two, finite.

    Returns
    -------
    dict
        mean, half_width (at least 0) and n.

    Raises
    ------
    ValueError
        If there are fewer than two values, or one is not finite.

    Examples
    --------
    >>> interval = mean_interval([1.0, 2.0, 3.0])
    >>> round(interval["mean"], 3), round(interval["half_width"], 3), interval["n"]
    (2.0, 2.484, 3)
    """
    x = np.asarray(values, dtype=np.float64)
    if x.ndim != 1 or len(x) < 2:
        raise ValueError(f"values must be at least two numbers; shape {x.shape} was given.")
    if not np.isfinite(x).all():
        raise ValueError("values must be finite; NaN or infinity was given.")
    quantile = t_quantile((1 + LEVEL) / 2, len(x) - 1)
    return {
        "mean": float(x.mean()),
        "half_width": float(quantile * x.std(ddof=1) / np.sqrt(len(x))),
        "n": len(x),
    }


def by_seed(records: Iterable[Record], arm: str, measure: str) -> dict[int, float]:
    """Return one measure of one arm, seed by seed, in the order of the seeds.

    Raises
    ------
    ValueError
        If the arm has no record, a record lacks the measure, or a seed occurs twice.
    """
    values: dict[int, float] = {}
    for record in records:
        if record["arm"] != arm:
            continue
        if measure not in record:
            raise ValueError(
                f"measure must be in every record of arm {arm!r}; seed {record['seed']} lacks {measure!r}."
            )
        if record["seed"] in values:
            raise ValueError(f"records must hold each seed once; seed {record['seed']} of arm {arm!r} occurs twice.")
        values[record["seed"]] = record[measure]
    if not values:
        raise ValueError(f"arm must be one of those in records; {arm!r} has none.")
    return dict(sorted(values.items()))


def paired_difference(records: Sequence[Record], arm: str, baseline: str, measure: str) -> dict[str, float]:
    """Arm minus baseline, seed by seed: mean, half-width of the 95 % interval, wins and ties.

    Parameters
    ----------
    records : sequence of dict
        Those of both arms, on the same seeds.
    arm, baseline : str
        Names of the two.
    measure : str
        Which number is compared.

    Returns
    -------
    dict
        mean, half_width, n; wins: on how many of the n seeds the arm's number is the larger; ties: on how many equal.

    Raises
    ------
    ValueError
        If the two arms do not have the same seeds, and as `by_seed` and `mean_interval` do.

    Examples
    --------
    >>> records = [{"seed": s, "arm": a, "accuracy": x} for s, a, x in
    ...            [(0, "kd", 0.9), (1, "kd", 0.8), (0, "hard", 0.7), (1, "hard", 0.8)]]
    >>> difference = paired_difference(records, "kd", "hard", "accuracy")
    >>> round(difference["mean"], 3), difference["wins"], difference["ties"], difference["n"]
    (0.1, 1, 1, 2)
    """
    of_arm, of_baseline = by_seed(records, arm, measure), by_seed(records, baseline, measure)
    if of_arm.keys() != of_baseline.keys():
        unpaired = sorted(of_arm.keys() ^ of_baseline.keys())
        raise ValueError(f"arm and baseline must have the same seeds; {unpaired} occur in one of them only.")
    difference = np.array([of_arm[seed] - of_baseline[seed] for seed in of_arm])
    return mean_interval(difference) | {"wins": int((difference > 0).sum()), "ties": int((difference == 0).sum())}


def measures_of(records: Iterable[Record], arm: str) -> list[str]:
    """Return the names of the numbers measured of an arm, in their order."""
    first = next((record for record in records if record["arm"] == arm), {})
    return [name for name in first if name not in ("seed", "arm")]


def summarise(records: Sequence[Record], comparisons: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Summarise every arm, and every comparison, in every measure.

    Parameters
    ----------
    records : sequence of dict
        One for each seed and arm.
    comparisons : iterable of (arm, baseline)
        Which paired differences are wanted.

    Returns
    -------
    dict
        "arms": arm -> measure -> `mean_interval`; "differences": "arm - baseline" -> measure -> `paired_difference`.

    Raises
    ------
    ValueError
        As `by_seed` and `paired_difference` do.
    """
    arms = dict.fromkeys(record["arm"] for record in records)
    return {
        "arms": {
            arm: {
                measure: mean_interval(list(by_seed(records, arm, measure).values()))
                for measure in measures_of(records, arm)
            }
            for arm in arms
        },
        "differences": {
            f"{arm} - {baseline}": {
                measure: paired_difference(records, arm, baseline, measure) for measure in measures_of(records, arm)
            }
            for arm, baseline in comparisons
        },
    }
