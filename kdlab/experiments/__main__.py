"""Run experiments and write their records: `python -m kdlab.experiments temperature`; without a name, all of them.

Batches of seeds are spread over processes of this machine, or with --dask over a cluster. An interrupted run goes on
where it was when it is started again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import pkgutil
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager

from tqdm import tqdm

import kdlab.experiments
from kdlab.experiments import record, runner
from kdlab.experiments.code_hash import WHOLE, defined_by, statements_for


def main() -> None:
    """Run the experiments named on the command line, or all."""
    experiments = names_of_experiments()
    parser = argparse.ArgumentParser(prog="python -m kdlab.experiments", description=__doc__)
    parser.add_argument("names", nargs="*", help="such as temperature")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="how many at once; all processors' worth")
    parser.add_argument("--dask", metavar="ADDRESS", help="of the scheduler of a cluster that has kdlab installed")
    options = parser.parse_args()
    names = options.names or experiments
    for name in names:
        if name not in experiments:
            parser.error(f"names must be of {', '.join(experiments)}; {name!r} was given.")
    if options.processes < 1:
        parser.error(f"--processes must be at least 1; {options.processes} was given.")
    run(names, options.processes, options.dask)


def names_of_experiments() -> list[str]:
    """Return the names of the modules beside this one that define `run`; none is imported for it."""
    modules = [module.name for module in pkgutil.iter_modules(kdlab.experiments.__path__)]
    return [
        name
        for name in modules
        if any("run" in defined_by(s) for s in statements_for(f"kdlab.experiments.{name}", WHOLE))
        and name != "__main__"
    ]


def run(names: list[str], processes: int, dask: str | None) -> None:
    """Run experiments with a progress bar, and write each record when it is complete."""
    modules = [f"kdlab.experiments.{name}" for name in dict.fromkeys(names)]
    seeds = len(modules) * len(runner.SEEDS)
    with executor_of(processes, dask) as executor, tqdm(total=seeds, unit="seed", file=sys.stderr) as bar:
        for module, evidence in runner.run_experiments(modules, runner.SEEDS, executor, bar.update):
            path = record.write(module.rpartition(".")[2], evidence)
            bar.write(f"{path.parent.name}/{path.name} written: {evidence.duration_seconds:.0f} s of one processor")


@contextmanager
def executor_of(processes: int, dask: str | None) -> Iterator[Executor]:
    """Yield what runs batches: processes of this machine, or the cluster at an address."""
    if dask:
        from distributed import Client

        with Client(dask) as client, client.get_executor() as executor:
            yield executor
    else:
        # spawned, not forked: torch's threads do not survive a fork
        with ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn")) as executor:
            yield executor


if __name__ == "__main__":
    main()
