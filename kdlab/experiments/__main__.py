"""Run experiments and write their records: `python -m kdlab.experiments temperature`; without a name, all of them."""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from types import ModuleType

import kdlab.experiments
from kdlab.experiments import record, runner


def main() -> None:
    """Run the experiments named on the command line, or all."""
    experiments = {
        module.name: importlib.import_module(f"kdlab.experiments.{module.name}")
        for module in pkgutil.iter_modules(kdlab.experiments.__path__)
        if module.name != "__main__"
    }
    experiments = {name: module for name, module in experiments.items() if hasattr(module, "run")}
    parser = argparse.ArgumentParser(prog="python -m kdlab.experiments", description=__doc__)
    parser.add_argument("names", nargs="*", help="such as temperature")
    names = parser.parse_args().names or list(experiments)
    for name in names:
        if name not in experiments:
            parser.error(f"names must be of {', '.join(experiments)}; {name!r} was given.")
    for name in names:
        run(name, experiments[name])


def run(name: str, experiment: ModuleType) -> None:
    """Run one experiment with a progress line, and write its record."""
    start = time.perf_counter()

    def progress(done: int, total: int) -> None:
        line = f"\r{name}: {done} of {total} seeds, {time.perf_counter() - start:.0f} s"
        print(line, end="\n" if done == total else "", file=sys.stderr, flush=True)

    path = record.write(name, runner.run_experiment(experiment, runner.SEEDS, progress))
    print(f"{path.parent.name}/{path.name} written")


if __name__ == "__main__":
    main()
