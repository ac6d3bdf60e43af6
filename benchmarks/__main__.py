"""Run every benchmark and print its table: python -m benchmarks.

Ratios are kdlab/peer: below 1 it is faster, or smaller.
"""

from __future__ import annotations

import importlib
from pathlib import Path

from benchmarks.measure import table

MODULES = sorted({path.stem for path in Path(__file__).parent.glob("[!_]*.py")} - {"measure"})


def main() -> None:
    """Print one table after the other."""
    for name in MODULES:
        module = importlib.import_module(f"benchmarks.{name}")
        print(f"\n{module.__doc__.partition(': ')[0]}\n")
        print(table(module.rows()), flush=True)


if __name__ == "__main__":
    main()
