"""Run benchmarks and print their tables: python -m benchmarks, or python -m benchmarks temperature page.

Ratios are kdlab/peer: below 1 it is faster, or smaller. A benchmark that fails says so, and the others run; the exit
code is then 1.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import traceback
from pathlib import Path

from benchmarks import measure

NAMES = sorted({path.stem for path in Path(__file__).parent.glob("[!_]*.py")} - {"measure"})


def main() -> int:
    """Print one table after the other; return 1 if there is one that could not be made."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("names", nargs="*", metavar="name", help=f"all without any: {', '.join(NAMES)}")
    parser.add_argument("--smallest", action="store_true", help="one round of everything, only to see that it runs")
    given = parser.parse_args()
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"name must be one of {', '.join(NAMES)}; {', '.join(sorted(unknown))} was given.")
    measure.smallest = given.smallest
    failed = [name for name in given.names or NAMES if not printed(name)]
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def printed(name: str) -> bool:
    """Print the table of one benchmark; return whether it could be made."""
    print(f"\n{name}\n", flush=True)
    try:
        rows = importlib.import_module(f"benchmarks.{name}").rows()
    except Exception:
        traceback.print_exc()
        return False
    print(measure.table(rows), flush=True)
    return True


if __name__ == "__main__":
    sys.exit(main())
