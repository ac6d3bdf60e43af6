"""How a drawn curve departs from the right one, in words: which way it goes, on which side it lies, and how far off."""

from __future__ import annotations

import numpy as np

from kdlab.checking import sentences

SLIGHT = 0.05  # of the height of the right curve: a smaller step is that of a hand that trembles


def departure_in_words(curve: np.ndarray, low: np.ndarray, high: np.ndarray, bound: float) -> str:
    """Return what is wrong with a curve whose mean distance from the right ones is above `bound`, and else nothing.

    Parameters
    ----------
    curve, low, high : ndarray of shape (n,)
        The heights that were drawn, and the two ends of what is right there.
    bound : float
        Most that the mean distance may be.

    Returns
    -------
    str
        A sentence, made of words of `sentences` alone: no number, which a student's code could choose.

    Examples
    --------
    >>> departure_in_words(np.array([4.0, 5.0]), np.array([1.0, 2.0]), np.array([1.0, 2.0]), 0.1)
    'The shape is right, but your curve as a whole lies far too high.'
    """
    off = _off(curve, low, high)
    distance = np.abs(off).mean()
    if distance <= bound:
        return ""
    far = sentences.A_LITTLE if distance <= 2 * bound else sentences.CLEARLY if distance <= 5 * bound else sentences.FAR
    slight = SLIGHT * (high.max() - low.min())
    steps = np.diff(curve)
    rises = np.minimum(np.diff(low), np.diff(high)) > slight
    falls = np.maximum(np.diff(low), np.diff(high)) < -slight
    way = _way(steps, rises, falls, slight)
    if way:
        return way
    same_way = (steps[rises] > 0).all() and (steps[falls] < 0).all()
    if same_way and np.abs(_off(curve - off.mean(), low, high)).mean() <= bound:
        return sentences.DRAWN_SHIFTED.format(far=far, side=_side(off.mean()))
    if (off >= 0).all() or (off <= 0).all():
        return sentences.DRAWN_SIDE.format(far=far, side=_side(off.mean()))
    worst = int(np.abs(off).argmax())
    return sentences.DRAWN_OFF.format(far=far, where=_where(worst, off.size), side=_side(off[worst]))


def _way(steps: np.ndarray, rises: np.ndarray, falls: np.ndarray, slight: float) -> str:
    """Return what is wrong with the way a curve goes, of which the right one rises and falls in some of the steps."""
    up, down = steps > slight, steps < -slight
    if rises.any() and falls.any() and not (up.any() and down.any()):
        return sentences.DRAWN_STRAIGHT
    if rises.any() and not falls.any() and down.any() and not up.any():
        return sentences.DRAWN_FALLS
    if falls.any() and not rises.any() and up.any() and not down.any():
        return sentences.DRAWN_RISES
    against = (rises & down) | (falls & up)
    if not against.any():
        return ""
    worst = int((np.abs(steps) * against).argmax())
    way = sentences.DRAWN_FALLS_THERE if rises[worst] else sentences.DRAWN_RISES_THERE
    return way.format(where=_where(worst, steps.size))


def _off(curve: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Return how far above the range a curve lies, or below it, with a minus."""
    return np.maximum(curve - high, 0) - np.maximum(low - curve, 0)


def _side(off: float) -> str:
    return sentences.HIGH if off > 0 else sentences.LOW


def _where(place: int, n: int) -> str:
    return sentences.THIRDS[3 * (2 * place + 1) // (2 * n)]
