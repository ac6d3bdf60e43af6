"""What the speed lab shows and says of its readings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from kdlab.explore import speed_lab
from kdlab.explore.marks import Mark, Points

DRAWN = (0.03, 30.0)  # times the dense layer's time; what lies beyond is drawn at the edge


def rounds_drawn(seconds: Mapping[str, Any]) -> tuple[Mark, ...]:
    """Return every round as a dot, and each median with its interval."""
    marks: list[Mark] = []
    for i, form in enumerate(speed_lab.FORMS):
        if seconds and form != speed_lab.DENSE:
            of_rounds = np.clip(speed_lab.ratios(seconds, form), *DRAWN)
            low, high = np.clip(speed_lab.interval(of_rounds), *DRAWN)
            height = len(speed_lab.FORMS) - 1.0 - i
            marks += [
                Points(of_rounds, np.full(of_rounds.size, height - 0.25), color="grey", shape="dot"),
                Points([np.median(of_rounds)], [height], x_low=[low], x_high=[high], color="orange", shape="diamond"),
            ]
    return tuple(marks)


def words_of_times(n: int, rank: int, batch: int, timed: Any, now: Any) -> str:
    """Return what was timed, and what that does not tell."""
    share = 100 * speed_lab.operations(speed_lab.FACTORS, n, rank)
    begin = f"n = {n}, rank {rank}, {batch} input{'s' * (batch > 1)}: the factors need {share:.3g} % of the operations."
    if now is None:
        return f"{begin} {'What was timed was another setting: time again.' if timed else 'Nothing is timed yet.'}"
    tick = f"{1000 * now['tick']:.2g} ms"
    if not now["seconds"]:
        return f"{begin} But the clock of this browser ticks only every {tick}: too coarse to time them."
    if speed_lab.verdict(*speed_lab.interval(speed_lab.ratios(now["seconds"], speed_lab.AGAIN))) != "too close to tell":
        return f"{begin} But the same layer, timed twice, took unequal times: your device was busy. Time again."
    words = []
    for form in speed_lab.FORMS[2:]:
        of_rounds = speed_lab.ratios(now["seconds"], form)
        low, high = speed_lab.interval(of_rounds)
        words.append(f"{form} {np.median(of_rounds):.2f} ({low:.2f} to {high:.2f}), {speed_lab.verdict(low, high)}")
    rounds = len(now["seconds"][speed_lab.DENSE])
    return (
        f"{begin} On your device, times the dense layer's time, {rounds} rounds: {'; '.join(words)}. "
        f"Your clock ticks every {tick}."
    )
