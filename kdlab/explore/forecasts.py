"""Answers with a confidence, and what chance alone makes of their calibration error: for the widgets of calibration."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kdlab.core.calibration import bin_of, expected_calibration_error, null_calibration_error, reliability

Floats = NDArray[np.float64]

# --- a reader -------------------------------------------------------------------------------------------------------

READERS = 1000  # that are calibrated, and drawn to see what chance gives them
# an example: on average as sure as right, and at no level as sure as right; (confidence, answers, of them right)
EXAMPLE = ((0.25, 20, 10), (0.5, 20, 12), (0.7, 20, 12), (0.95, 20, 14))


def example_answers() -> tuple[tuple[float, bool], ...]:
    """Return the answers of the example reader: pairs of a confidence and whether it was right."""
    return tuple((sure, i < right) for sure, count, right in EXAMPLE for i in range(count))


class Judged(NamedTuple):
    """What a reader's answers show, and the error of calibrated readers: its mean, and what few of them exceed."""

    error: float
    expected: float
    most: float
    too_sure: float


def judged(confidence: Floats, correct: Floats, num_bins: int) -> Judged:
    """Return the calibration error beside that of readers of these confidences who are calibrated.

    `most` is exceeded by one of forty of them; `too_sure` is the mean confidence less the share right.
    """
    b = bin_of(confidence, num_bins)
    drawn = np.random.default_rng(0).random((READERS, confidence.size)) < confidence
    gaps = (drawn - confidence) @ (b[:, np.newaxis] == np.arange(num_bins))
    by_chance = np.abs(gaps).sum(axis=1) / confidence.size
    return Judged(
        expected_calibration_error(confidence, correct, b),
        null_calibration_error(confidence, b),
        float(np.quantile(by_chance, 0.975)),
        float(confidence.mean() - correct.mean()),
    )


# --- forty answers under the cuts -----------------------------------------------------------------------------------


def forty_answers() -> tuple[Floats, NDArray[np.bool_]]:
    """Return forty confidences of a calibrated model, rising, and which of its answers came out right."""
    rng = np.random.default_rng(4)
    confidence = np.round(0.5 + 0.5 * np.sort(rng.random(40)), 2)
    return confidence, rng.random(40) < confidence


def error_of_cuts(cuts: ArrayLike, confidence: Floats, correct: ArrayLike) -> float:
    """Return the calibration error if the bins lie between these cuts; a confidence at a cut is in the bin below."""
    return expected_calibration_error(confidence, np.asarray(correct), np.searchsorted(cuts, confidence, side="left"))


# --- test sets of a perfect forecaster --------------------------------------------------------------------------------


class Drawn(NamedTuple):
    """Test sets drawn so far: of each the error of a perfect forecaster and of one who is too sure, and the last."""

    perfect: tuple[float, ...] = ()
    too_sure: tuple[float, ...] = ()
    confidence: Floats = np.empty(0)
    correct: Floats = np.empty(0)


def rows_of(count: int) -> Floats:
    """Return confidences that lie evenly between one half and 1."""
    return 0.5 + 0.5 * (np.arange(count) + 0.5) / count


def one_more(before: Drawn, count: int, num_bins: int, excess: float) -> Drawn:
    """Draw one more test set: the same chances for a perfect forecaster, and for one who is too sure by `excess`."""
    said = rows_of(count)
    b = bin_of(said, num_bins)
    luck = np.random.default_rng(len(before.perfect)).random(count)
    correct = [(luck < chance).astype(np.float64) for chance in (said, said - excess)]
    perfect, too_sure = (expected_calibration_error(said, of, b) for of in correct)
    return Drawn((*before.perfect, perfect), (*before.too_sure, too_sure), said, correct[excess > 0])


# --- a diagram ------------------------------------------------------------------------------------------------------


class Bins(NamedTuple):
    """The bins that are not empty: how many answers, the mean confidence, and the share right with its interval."""

    count: Floats
    confidence: Floats
    accuracy: Floats
    low: Floats
    high: Floats


def filled_bins(confidence: Floats, correct: ArrayLike, b: NDArray[np.intp], num_bins: int) -> Bins:
    """Return a reliability diagram without its empty bins."""
    of_bins = reliability(confidence, np.asarray(correct, dtype=np.float64), b, num_bins)
    return Bins(*(column[of_bins.count > 0] for column in of_bins))
