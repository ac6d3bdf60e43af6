"""Runs an experiment, batch of seeds by batch of seeds, and makes its record.

An experiment is a module with QUESTION, COMPARISONS, `run(seeds) -> records` and `measured(records) -> arrays`.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from types import ModuleType
from typing import Any

import torch

from kdlab.experiments.code_hash import code_hash
from kdlab.experiments.record import Evidence
from kdlab.experiments.summary import Record, summarise

SEEDS = tuple(range(20))
BATCH = 5  # seeds trained side by side: fewer waste time on overhead, more are hardly faster and show no progress

Progress = Callable[[int, int], None]  # seeds done, seeds in all


def run_experiment(experiment: ModuleType, seeds: Sequence[int], progress: Progress) -> Evidence:
    """Run an experiment on some seeds and return its record.

    Parameters
    ----------
    experiment : module
        QUESTION, COMPARISONS, `run` and `measured`.
    seeds : sequence of int
        Distinct, at least two.
    progress : function
        Called with the number of seeds done and of all seeds, before the first batch and after each.

    Returns
    -------
    Evidence
        To be written by `kdlab.experiments.record.write`.

    Raises
    ------
    ValueError
        If seeds occur twice or are too few for an interval.
    """
    if len(set(seeds)) != len(seeds) or len(seeds) < 2:
        raise ValueError(f"seeds must be at least two, each once; {list(seeds)} was given.")
    torch.set_num_threads(1)  # the matrices are small: a second thread makes each step slower, not faster
    hash_before = code_hash(experiment.__name__)  # not after: someone may edit the code while it runs
    start = time.perf_counter()
    records = run_in_batches(experiment.run, seeds, progress)
    numbers = [numbers_of(record) for record in records]
    return Evidence(
        question=experiment.QUESTION,
        seeds=list(seeds),
        versions={"python": platform.python_version()}
        | {package: version(package) for package in ("numpy", "torch", "scikit-learn")},
        command=f"python -m kdlab.experiments {experiment.__name__.rpartition('.')[2]}",
        duration_seconds=time.perf_counter() - start,
        code_hash=hash_before,
        records=numbers,
        summary=summarise(numbers, experiment.COMPARISONS),
        replay=replay_of(records, seeds[0]),
        measured=experiment.measured(records),
    )


def run_in_batches(
    run: Callable[[Sequence[int]], list[Record]], seeds: Sequence[int], progress: Progress
) -> list[Record]:
    """Map `run` over batches of seeds and join what comes back: batches share nothing, so any map will do."""
    records: list[Record] = []
    progress(0, len(seeds))
    for batch in batches(seeds, BATCH):
        records.extend(run(batch))
        progress(seeds_done(records), len(seeds))
    return records


def batches(seeds: Sequence[int], size: int) -> Iterable[Sequence[int]]:
    """Cut the seeds into batches of at most `size`.

    Examples
    --------
    >>> list(batches((1, 2, 3), 2))
    [(1, 2), (3,)]
    """
    return (seeds[start : start + size] for start in range(0, len(seeds), size))


def seeds_done(records: Iterable[Record]) -> int:
    """Count the seeds that have records."""
    return len({record["seed"] for record in records})


def numbers_of(record: Record) -> Record:
    """Return a record without its arrays, which are for `replay_of` and `measured`."""
    return {name: value for name, value in record.items() if not isinstance(value, list)}


def replay_of(records: Iterable[Record], seed: int) -> dict[str, Any]:
    """Return the first training losses of one seed, arm by arm."""
    return {"seed": seed, "losses": {record["arm"]: record["losses"] for record in records if record["seed"] == seed}}
