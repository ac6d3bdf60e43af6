"""Runs experiments, batch of seeds by batch of seeds, in processes of their own, and makes their records.

An experiment is a module with an EXPERIMENT (`kdlab.experiments.experiment`).

Batches share nothing: any executor will do, that of this machine's processes or that of a Dask cluster. What is done
is kept in _build/experiments, so that an interrupted run goes on where it was, and so that what is only counted or said
otherwise trains nothing again.
"""

from __future__ import annotations

import hashlib
import importlib
import json
import platform
import shutil
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, as_completed
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from numpy.typing import NDArray

from kdlab.evidence.code_hash import code_hash
from kdlab.evidence.intervals import Record, summarise
from kdlab.evidence.records import Evidence, rounded
from kdlab.experiments.experiment import Experiment
from kdlab.files import write_text

SEEDS = tuple(range(20))
BATCH = 5  # seeds trained side by side: fewer waste time on overhead, more are hardly faster and show no progress
KEPT = Path(__file__).resolve().parents[2] / "_build" / "experiments"
PACKAGES = ("numpy", "scipy", "torch", "scikit-learn", "mlxtend", "mnist1d", "magika", "onnxruntime")

Progress = Callable[[int], None]  # how many seeds more are done


class Job(NamedTuple):
    """Some seeds of an experiment, named by its module."""

    module: str
    seeds: tuple[int, ...]


class Done(NamedTuple):
    """What came out of a job, and the seconds it took."""

    records: list[Record]
    seconds: float


class Result(NamedTuple):
    """The record of an experiment, and the arrays that lie beside it."""

    evidence: Evidence
    shown: dict[str, NDArray[Any]]


def run_experiments(
    modules: Sequence[str], seeds: Sequence[int], executor: Executor, progress: Progress, kept: Path = KEPT
) -> Iterator[tuple[str, Result]]:
    """Run experiments, and yield each one's module and record as it is complete.

    Parameters
    ----------
    modules : sequence of str
        Full names of the experiments' modules.
    seeds : sequence of int
        Distinct, at least two.
    executor : Executor
        Where batches are run: a pool of processes, or a cluster that can import this package.
    progress : function
        Called with the number of seeds of each batch that is done, kept ones at once.
    kept : Path
        The folder in which batches are kept. A batch is used again only if code and versions are the same.

    Yields
    ------
    tuple of str and Result
        To be written. What was kept of other code is removed when the next one is asked for.

    Raises
    ------
    ValueError
        If seeds occur twice or are too few for an interval.
    ExceptionGroup
        At the end, with all that experiments raised; the others were completed.
    """
    if len(set(seeds)) != len(seeds) or len(seeds) < 2:
        raise ValueError(f"seeds must be at least two, each once; {list(seeds)} was given.")
    hashes = {module: code_hash(module, "run") for module in modules}  # now: someone may edit the code while it runs
    folders = {module: kept / module.rpartition(".")[2] / key_of(hashes[module]) for module in modules}
    done: dict[str, dict[Job, Done]] = {module: {} for module in modules}
    running: dict[Future[str], Job] = {}
    errors: list[Exception] = []
    try:
        for job in (Job(module, batch) for module in modules for batch in batches(seeds, BATCH)):
            file = file_of(folders[job.module], job)
            if file.exists():
                done[job.module][job] = Done(**json.loads(file.read_text(encoding="utf-8")))
                progress(len(job.seeds))
            else:
                running[executor.submit(run_job, job)] = job
        waiting = as_completed(list(running))
        unwritten = list(modules)
        while unwritten:
            for module in [module for module in unwritten if is_complete(done[module], seeds)]:
                unwritten.remove(module)
                try:
                    result = result_of(module, seeds, hashes[module], done[module])
                except Exception as error:
                    errors.append(named(error, module))
                    continue
                yield module, result
                for other in set(folders[module].parent.iterdir()) - {folders[module]}:
                    shutil.rmtree(other)
            future = next(waiting, None)
            if future is None:
                break
            job = running.pop(future)
            try:
                text = future.result()
            except Exception as error:
                errors.append(named(error, f"{job.module}, seeds {job.seeds[0]} to {job.seeds[-1]}"))
                continue
            write_text(file_of(folders[job.module], job), text)
            done[job.module][job] = Done(**json.loads(text))
            progress(len(job.seeds))
        if errors:
            raise ExceptionGroup("Some experiments were not completed; all that was done is kept.", errors)
    finally:
        for future, job in running.items():
            if not future.cancel() and future.done() and future.exception() is None:
                write_text(file_of(folders[job.module], job), future.result())


def named(error: Exception, where: str) -> Exception:
    """Return an error that says where it was raised."""
    error.add_note(f"In {where}.")
    return error


def run_job(job: Job) -> str:
    """Run one batch, in this process, and return it as JSON: what is kept and what is sent are the same."""
    import torch

    torch.set_num_threads(1)  # the matrices are small: a second thread makes each step slower, not faster
    start = time.process_time()  # of the processor, since others may keep it busy
    # rounded, so that all that is made of them is made of what is written
    records = rounded(experiment_of(job.module).records(job.seeds))
    return json.dumps(Done(records, time.process_time() - start)._asdict(), allow_nan=False)


def experiment_of(module: str) -> Experiment:
    """Return the experiment of a module."""
    return importlib.import_module(module).EXPERIMENT


def is_complete(done: dict[Job, Done], seeds: Sequence[int]) -> bool:
    """Return whether all batches of an experiment are done."""
    return len(done) == len(list(batches(seeds, BATCH)))


def result_of(module: str, seeds: Sequence[int], hash_before: str, done: dict[Job, Done]) -> Result:
    """Make the record of an experiment from its batches."""
    experiment = experiment_of(module)
    records = [record for job in sorted(done) for record in done[job].records]
    evidence = Evidence(
        question=experiment.question,
        controls=dict(experiment.controls),
        units={},
        seeds=list(seeds),
        versions=versions(),
        command=f"python -m kdlab.experiments {module.rpartition('.')[2]}",
        duration_seconds=sum(result.seconds for result in done.values()),
        code_hash=hash_before,
        records=[numbers_of(record) for record in records],
        summary={},
        replay=replay_of(records, seeds[0]),
        measured=experiment.measured(records),
        measured_hash=measured_hash(module),
    )
    return Result(said_anew(evidence, experiment), experiment.shown(records) if experiment.shown else {})


def said_anew(evidence: Evidence, experiment: Experiment) -> Evidence:
    """Return a record with what its experiment now says and compares, and the numbers that it has.

    Raises
    ------
    ValueError
        If there are words for other arms, or units for other measures, than those of the record.
    """
    arms = {record["arm"] for record in evidence.records}
    measures = {name for record in evidence.records for name in record} - {"seed", "arm"}
    for name, given, wanted in (("words", experiment.words, arms), ("units", experiment.units, measures)):
        if given.keys() != wanted:
            raise ValueError(f"{name} must be of exactly what is measured; {sorted(given.keys() ^ wanted)} differ.")
    return replace(
        evidence,
        question=experiment.question,
        words=dict(experiment.words),
        controls=dict(experiment.controls),
        units=dict(experiment.units),
        exceptions={**experiment.may_fail, **experiment.may_copy},
        summary=summarise(evidence.records, experiment.comparisons),
    )


def is_trained(module: str, evidence: Evidence) -> bool:
    """Return whether the numbers of a record, and its lists for the pictures, are those of the present code."""
    return (evidence.code_hash, evidence.measured_hash) == (code_hash(module, "run"), measured_hash(module))


def measured_hash(module: str) -> str:
    """Hash the code that makes of the records what the pictures show."""
    names = ["measured"] + ["shown"] * (experiment_of(module).shown is not None)
    return hashlib.sha256("".join(code_hash(module, name) for name in names).encode()).hexdigest()


def versions() -> dict[str, str]:
    """Return the versions of Python and of the packages that experiments use."""
    return {"python": platform.python_version()} | {package: version(package) for package in PACKAGES}


def key_of(code: str) -> str:
    """Name the folder of what one state of the code computes with these versions."""
    return hashlib.sha256(json.dumps([code, versions()]).encode()).hexdigest()[:16]


def file_of(folder: Path, job: Job) -> Path:
    """Return the file in which a batch is kept."""
    return folder / f"{job.seeds[0]}-{job.seeds[-1]}.json"


def batches(seeds: Sequence[int], size: int) -> Iterable[tuple[int, ...]]:
    """Cut the seeds into batches of at most `size`.

    Examples
    --------
    >>> list(batches((1, 2, 3), 2))
    [(1, 2), (3,)]
    """
    return (tuple(seeds[start : start + size]) for start in range(0, len(seeds), size))


def numbers_of(record: Record) -> Record:
    """Return a record without its lists, which are for `replay_of`, `measured` and `shown`."""
    return {name: value for name, value in record.items() if not isinstance(value, list | dict)}


def replay_of(records: Iterable[Record], seed: int) -> dict[str, Any]:
    """Return the first training losses of one seed, arm by arm, where there was training."""
    of_seed = [record for record in records if record["seed"] == seed and "losses" in record]
    return {"seed": seed, "losses": {record["arm"]: record["losses"] for record in of_seed}}
