"""Whether a seed that is run again, by other code or on another processor, gives the numbers of its record.

Everything is trained in double precision, so that the rounding of a processor does not reach the digits that are
written. An experiment that was rewritten is compared in the same way:

    from kdlab.experiments import replay, temperature
    for line in replay.differences(temperature.EXPERIMENT.records([0]), records_that_it_had):
        print(line)
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from kdlab.evidence.intervals import Record
from kdlab.evidence.records import Evidence, is_time

LOSSES = 1e-5  # relative, over the first 20 steps
WRITTEN = 5.1e-6  # relative: half a unit of the last of 6 digits, and a little rounding
SMALL = 1e-9  # numbers that differ by less are the same: some are 0 but for rounding


def replayed_records(evidence: Evidence) -> list[Record]:
    """Return the records of the seed that is replayed, with their first losses."""
    losses = evidence.replay["losses"]
    return [
        record | ({"losses": losses[record["arm"]]} if record["arm"] in losses else {})
        for record in evidence.records
        if record["seed"] == evidence.replay["seed"]
    ]


def differences(again: Sequence[Record], recorded: Sequence[Record]) -> Iterator[str]:
    """Yield, for each arm and measure that is not the same again, what it was and what it is.

    Parameters
    ----------
    again, recorded : sequence of dict
        Records of one seed. Times, whose names end in "_seconds", and lists other than losses are not compared.
    """
    found = {record["arm"]: record for record in again}
    for arm in found.keys() ^ {record["arm"] for record in recorded}:
        yield f"{arm}: in one of the two only"
    for record in recorded:
        if record["arm"] not in found:
            continue
        of_arm = found[record["arm"]]
        for measure, value in record.items():
            now = of_arm.get(measure)
            if measure == "losses":
                same = isinstance(now, list) and same_losses(now, value)
            elif isinstance(value, float):
                same = isinstance(now, float) and math.isclose(now, value, rel_tol=WRITTEN, abs_tol=SMALL)
            else:
                same = isinstance(value, list | dict) or now == value
            if not same and not is_time(measure):
                yield f"{record['arm']}: {measure} was {value} and is {now}"


def same_losses(now: Sequence[float], recorded: Sequence[float]) -> bool:
    """Return whether the first losses are the same."""
    pairs = zip(now, recorded, strict=False)
    return len(now) == len(recorded) and all(math.isclose(*pair, rel_tol=LOSSES, abs_tol=SMALL) for pair in pairs)
