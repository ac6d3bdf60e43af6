"""Five ways to multiply by a matrix, timed on the reader's own device by a clock that may be coarse.

A clock that ticks cannot see what is shorter than a tick. So each reading repeats a call until it lasts a hundred
ticks; the forms take turns in an order drawn anew for each round; and the same work stands there twice.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Clock = Callable[[], float]

DENSE, AGAIN, FACTORS, ZEROS, CODES = FORMS = ("dense", "dense again", "two factors", "nine in ten are 0", "8 bits")
RANKS = {"n/16": 16, "n/8": 8, "n/4": 4, "n/2": 2}  # n over the rank
ROUNDS, FEW_ROUNDS = 15, 7
END = {ROUNDS: 3, FEW_ROUNDS: 0}  # readings beyond each end of a 96 and a 98 % interval of the median
TICKS = 100  # that a reading lasts at least
SHORTEST = 0.002  # seconds that a reading lasts at least, whatever the clock
COARSE, TOO_COARSE = 0.0003, 0.002  # seconds of a tick from which on there are fewer rounds, and none
BLUR = 2 / TICKS  # of a ratio: each of its two readings may be off by a tick


def operations(form: str, n: int, rank: int) -> float:
    """Return the operations that a form needs, as a share of those of the dense layer."""
    return {FACTORS: 2 * rank / n, ZEROS: 0.1}.get(form, 1.0)


def calls_of(n: int, rank: int, batch: int) -> dict[str, Callable[[], Any]]:
    """Return each form as a function without arguments: a layer of n x n weights on `batch` inputs."""
    rng = np.random.default_rng(0)
    W, x = (rng.normal(size=(n, columns)).astype(np.float32) for columns in (n, batch))
    U, V = (rng.normal(size=shape).astype(np.float32) for shape in ((n, rank), (rank, n)))
    sparse = np.where(rng.random((n, n)) < 0.1, W, np.float32(0))
    scale = np.float32(np.abs(W).max() / 127)
    codes = np.rint(W / scale).astype(np.int8)
    return {
        DENSE: lambda: W @ x,
        AGAIN: lambda: W @ x,
        FACTORS: lambda: U @ (V @ x),
        ZEROS: lambda: sparse @ x,
        CODES: lambda: (codes.astype(np.float32) * scale) @ x,
    }


def tick_of(clock: Clock) -> float:
    """Return how far a clock jumps when it moves: the median of nine jumps."""
    jumps = []
    for _ in range(9):
        start = now = clock()
        while now == start:
            now = clock()
        jumps.append(now - start)
    return statistics.median(jumps)


def calls_needed(tick: float, call: float) -> float:
    """Return how many calls a reading must hold, if each takes `call`."""
    return TICKS * tick / call


def elapsed(call: Callable[[], Any], number: int, clock: Clock) -> float:
    """Return what so many calls take together."""
    start = clock()
    for _ in range(number):
        call()
    return clock() - start


def timed(calls: Mapping[str, Callable[[], Any]], clock: Clock = time.perf_counter) -> dict[str, Any]:
    """Time functions that take turns.

    Returns
    -------
    dict
        "tick" of the clock; "seconds", by name, of one call, round by round: empty if the clock is too coarse.
    """
    tick = tick_of(clock)
    if tick > TOO_COARSE:
        return {"tick": tick, "seconds": {}}
    shortest = max(TICKS * tick, SHORTEST)
    numbers = {}
    for name, call in calls.items():
        number = 1
        while elapsed(call, number, clock) < shortest:
            number *= 2
        numbers[name] = number
    rng = np.random.default_rng(0)
    seconds: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(ROUNDS if tick <= COARSE else FEW_ROUNDS):
        for name in rng.permutation(list(calls)).tolist():
            seconds[name].append(elapsed(calls[name], numbers[name], clock) / numbers[name])
    return {"tick": tick, "seconds": seconds}


def ratios(seconds: Mapping[str, Sequence[float]], form: str) -> np.ndarray:
    """Return a form's time over that of the dense layer, within each round, rising."""
    return np.sort(np.array(seconds[form]) / np.array(seconds[DENSE]))


def interval(of_rounds: np.ndarray) -> tuple[float, float]:
    """Return the sign interval of the median, a little wider for what the ticks hide."""
    beyond = END[len(of_rounds)]
    return float(of_rounds[beyond] * (1 - BLUR)), float(of_rounds[-1 - beyond] * (1 + BLUR))


def verdict(low: float, high: float) -> str:
    """Return what an interval of ratios lets one say."""
    return "faster" if high < 1 else "slower" if low > 1 else "too close to tell"
