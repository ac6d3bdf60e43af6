"""Time and memory of calls that do the same work, in one run. Memory is read from Linux's /proc."""

from __future__ import annotations

import ctypes
import gc
import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Call = Callable[[], Any]
smallest = False  # set before a benchmark is imported: everything is done once, to see that it runs


def repeats(number: int) -> int:
    """Return how often to do what is measured."""
    return 1 if smallest else number


def compare(kdlab: Call, peers: dict[str, Call], *, rounds: int, memory: bool) -> list[dict[str, Any]]:
    """Return a row for each peer: milliseconds and megabytes of kdlab and of the peer, and their ratios.

    All calls take turns, in another order each round, so that a busy machine slows them alike and none always
    follows the same other. The time is the least of all rounds: what is above it was spent on other programs.
    """
    calls = {"kdlab": kdlab} | peers
    times: dict[str, list[float]] = {name: [] for name in calls}
    for call in calls.values():
        call()
    order = random.Random(0)
    for _ in range(repeats(rounds)):
        for name in order.sample(list(calls), len(calls)):
            start = time.perf_counter()
            calls[name]()
            times[name].append(time.perf_counter() - start)
    ms = {name: 1e3 * min(values) for name, values in times.items()}
    mb = {name: peak_bytes(call) / 1e6 if memory else None for name, call in calls.items()}
    return [
        {
            "peer": peer,
            "kdlab_ms": ms["kdlab"],
            "peer_ms": ms[peer],
            "time_ratio": ms["kdlab"] / ms[peer],
            "kdlab_mb": mb["kdlab"],
            "peer_mb": mb[peer],
            "memory_ratio": mb["kdlab"] / mb[peer] if mb[peer] else None,  # a peer may allocate nothing
        }
        for peer in peers
    ]


def peak_bytes(call: Call) -> int:
    """Return how far a call lifts the resident memory, its result included. Exact to about a quarter of a megabyte."""
    call()
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # else the call would reuse what earlier ones left behind
    Path("/proc/self/clear_refs").write_text("5")  # sets the peak back to the present size
    before = _peak()
    result = call()
    after = _peak()
    del result
    return after - before


def _peak() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) * 1024


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Return the rows as a table of aligned columns, one for each key."""
    lines = [list(rows[0])] + [[_cell(value) for value in row.values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    return f"{value:.3g}" if isinstance(value, float) else str(value)
