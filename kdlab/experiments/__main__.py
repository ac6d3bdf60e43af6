"""Run experiments and write their records: `python -m kdlab.experiments temperature`; without a name, all of them.

Batches of seeds are spread over processes of this machine, or with --dask over a cluster. An interrupted run goes on
where it was when it is started again. Where only the words, units or comparisons of an experiment have changed, nothing
is trained: its record is written anew; nor where the lists for its pictures have, on the machine that has trained it.
With --afresh all is trained.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import pkgutil
import shutil
import sys
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace

from tqdm import tqdm

import kdlab.experiments
from kdlab.evidence import records
from kdlab.evidence.code_hash import WHOLE, defined_by, statements_for
from kdlab.experiments import runner


def main() -> None:
    """Run the experiments named on the command line, or all."""
    experiments = names_of_experiments()
    parser = argparse.ArgumentParser(prog="python -m kdlab.experiments", description=__doc__)
    parser.add_argument("names", nargs="*", help="such as temperature")
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="how many at once; all processors' worth")
    parser.add_argument("--dask", metavar="ADDRESS", help="of the scheduler of a cluster that has kdlab installed")
    parser.add_argument("--afresh", action="store_true", help="train all, whatever has been trained before")
    options = parser.parse_args()
    names = options.names or experiments
    for name in names:
        if name not in experiments:
            parser.error(f"names must be of {', '.join(experiments)}; {name!r} was given.")
    if options.processes < 1:
        parser.error(f"--processes must be at least 1; {options.processes} was given.")
    names = list(dict.fromkeys(names))
    if options.afresh:
        shutil.rmtree(runner.KEPT, ignore_errors=True)
    else:
        names = [name for name in names if not is_said_anew(name)]
    run(names, options.processes, options.dask)


def names_of_experiments() -> list[str]:
    """Return the names of the modules beside this one that define EXPERIMENT; none is imported for it."""
    modules = [module.name for module in pkgutil.iter_modules(kdlab.experiments.__path__)]
    return [
        name
        for name in modules
        if any("EXPERIMENT" in defined_by(s) for s in statements_for(f"kdlab.experiments.{name}", WHOLE))
    ]


def is_said_anew(name: str) -> bool:
    """Return whether the numbers of a record are those of the present code; if so, write it with the present words."""
    module = f"kdlab.experiments.{name}"
    try:
        evidence = records.read(name)
    except (FileNotFoundError, ValueError):
        return False
    if not runner.is_trained(module, evidence):
        return False
    records.write(name, runner.said_anew(evidence, runner.experiment_of(module)))
    print(f"results/{name}.json written: nothing was trained")
    return True


def run(names: list[str], processes: int, dask: str | None) -> None:
    """Run experiments with a progress bar, and write each record when it is complete."""
    modules = [f"kdlab.experiments.{name}" for name in names]
    seeds = len(modules) * len(runner.SEEDS)
    failed: list[Exception] = []
    with executor_of(processes, dask) as executor, tqdm(total=seeds, unit="seed", file=sys.stderr) as bar:
        for module, result in runner.run_experiments(modules, runner.SEEDS, executor, bar.update):
            name, evidence = module.rpartition(".")[2], result.evidence
            try:
                path = records.write(name, replace(evidence, shown_hash=records.write_shown(name, result.shown)))
            except ValueError as error:  # too large: the others are written all the same
                failed.append(runner.named(error, name))
                continue
            bar.write(f"{path.parent.name}/{path.name} written: {evidence.duration_seconds:.0f} s of one processor")
    if failed:
        raise ExceptionGroup("Some records could not be written; what they are made of is kept.", failed)


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
