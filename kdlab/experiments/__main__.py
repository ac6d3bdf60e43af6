"""Run an experiment and write its record: `python -m kdlab.experiments temperature`."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import sys
import time

from kdlab.experiments import record, runner


def main() -> None:
    """Run the experiment named on the command line."""
    parser = argparse.ArgumentParser(prog="python -m kdlab.experiments", description=__doc__)
    parser.add_argument("name", help="a module of kdlab.experiments that has a `run`, such as temperature")
    name = parser.parse_args().name
    module = f"kdlab.experiments.{name}"
    experiment = importlib.import_module(module) if name.isidentifier() and importlib.util.find_spec(module) else None
    if not hasattr(experiment, "run"):
        parser.error(f"name must be that of an experiment; {name!r} is none.")

    start = time.perf_counter()

    def progress(done: int, total: int) -> None:
        line = f"\r{name}: {done} of {total} seeds, {time.perf_counter() - start:.0f} s"
        print(line, end="\n" if done == total else "", file=sys.stderr, flush=True)

    path = record.write(name, runner.run_experiment(experiment, runner.SEEDS, progress))
    print(f"{path.parent.name}/{path.name} written")


if __name__ == "__main__":
    main()
