"""Whether the findings are the same when all is run again on another processor, or with other kernels.

`python -m kdlab.evidence.witness <name> <folder of the other records> --what "..."` compares every paired difference of
two runs and writes results/witness/<name>.json, which the page of the experiments sums up.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple

from kdlab.evidence.records import RESULTS, Evidence, is_time, one_line_each, read
from kdlab.files import write_text

DIGITS = 4  # significant, of means and half-widths


class Twice(NamedTuple):
    """A paired difference in two runs: mean and half-width of its 95 % interval in each."""

    mean: float
    half_width: float
    other_mean: float
    other_half_width: float

    @property
    def agrees(self) -> bool:
        r"""Whether the means lie within :math:`\sqrt{h_1^2 + h_2^2}` of one another, as their intervals allow."""
        return abs(self.mean - self.other_mean) <= math.hypot(self.half_width, self.other_half_width)

    @property
    def is_the_same(self) -> bool:
        """Whether both runs give the same to 4 digits."""
        return (self.mean, self.half_width) == (self.other_mean, self.other_half_width)

    @property
    def decides_alike(self) -> bool:
        """Whether the intervals of both runs exclude 0, or of neither."""
        return (abs(self.mean) > self.half_width) == (abs(self.other_mean) > self.other_half_width)


class Named(NamedTuple):
    """A difference of an experiment in a measure, and what two runs say of it."""

    experiment: str
    difference: str
    measure: str
    twice: Twice


@dataclass(frozen=True)
class Witness:
    """What was run twice, in a sentence, and differences: experiment -> "arm - baseline" -> measure -> numbers.

    Numbers are mean and half-width of the one run and then of the other, or once if both are the same.
    """

    what: str
    differences: dict[str, dict[str, dict[str, list[float]]]]

    def named(self) -> Iterator[Named]:
        """Yield every difference."""
        for experiment, differences in self.differences.items():
            for difference, measures in differences.items():
                for measure, numbers in measures.items():
                    yield Named(
                        experiment, difference, measure, Twice(*(numbers if len(numbers) == 4 else 2 * numbers))
                    )


def compare(one: Evidence, other: Evidence) -> dict[str, dict[str, list[float]]]:
    """Return mean and half-width of every difference that two records have in common; times are left out.

    Parameters
    ----------
    one, other : Evidence
        Of one experiment.
    """
    found: dict[str, dict[str, list[float]]] = {}
    for difference, measures in one.summary["differences"].items():
        for measure, number in measures.items():
            again = other.summary["differences"].get(difference, {}).get(measure)
            if again is None or is_time(measure):
                continue
            both = [[rounded(run[key]) for key in ("mean", "half_width")] for run in (number, again)]
            found.setdefault(difference, {})[measure] = both[0] if both[0] == both[1] else both[0] + both[1]
    return found


def rounded(number: float) -> float:
    """Return a number with 4 significant digits."""
    return float(f"{number:.{DIGITS}g}")


def witnesses(folder: Path = RESULTS) -> dict[str, Witness]:
    """Read all that were written, by name."""
    paths = sorted((folder / "witness").glob("*.json"))
    return {path.stem: Witness(**json.loads(path.read_text(encoding="utf-8"))) for path in paths}


def main(arguments: list[str] | None = None) -> None:
    """Compare the records of two folders, as the command line says."""
    parser = argparse.ArgumentParser(prog="python -m kdlab.evidence.witness", description=__doc__)
    parser.add_argument("name", help="of the file that is written, such as second_processor")
    parser.add_argument("other", type=Path, help="folder of the other run's records")
    parser.add_argument("--what", required=True, help="what was run twice and how, in a sentence")
    parser.add_argument("--records", type=Path, default=RESULTS, help="folder of the records; results")
    options = parser.parse_args(arguments)
    if not options.name.isidentifier():
        parser.error(f"name must be a plain name; {options.name!r} was given.")
    names = sorted(path.stem for path in options.other.glob("*.json") if (options.records / path.name).exists())
    if not names:
        parser.error(f"other must be a folder that holds records of the same names; {options.other} was given.")
    differences = {name: compare(read(name, options.records), read(name, options.other)) for name in names}
    content: dict[str, Any] = asdict(Witness(options.what, differences))
    write_text(RESULTS / "witness" / f"{options.name}.json", one_line_each(content))
    for named in Witness(**content).named():
        if not named.twice.agrees or not named.twice.decides_alike:
            what = "decides otherwise" if named.twice.agrees else "does not agree"
            print(f"{named.experiment}: {named.difference} {named.measure} {what}: {tuple(named.twice)}")


if __name__ == "__main__":
    main()
