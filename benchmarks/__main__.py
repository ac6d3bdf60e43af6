"""Run every benchmark and print its table: python -m benchmarks."""

from __future__ import annotations

import importlib

from benchmarks.measure import table

TABLES = {
    "temperature": "kdlab.temperature beside SciPy and PyTorch: ratios below 1 are faster, or smaller, than the peer",
    "page": "the built book in Chromium, beside the goals it set itself",
    "grading": "submissions per second beside nbgrader and otter-grader, on the same assignment",
}


def main() -> None:
    """Print one table after the other."""
    for name, title in TABLES.items():
        print(f"\n{title}\n")
        print(table(importlib.import_module(f"benchmarks.{name}").rows()), flush=True)


if __name__ == "__main__":
    main()
