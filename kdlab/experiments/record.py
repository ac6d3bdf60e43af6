"""The record of an experiment, results/<name>.json: what was asked, how it was run, and every number that came out."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from kdlab.files import write_text

RESULTS = Path(__file__).resolve().parents[2] / "results"
DIGITS = 6  # significant digits kept of a number that is written


@dataclass(frozen=True)
class Evidence:
    """The record of an experiment.

    Attributes
    ----------
    question : str
        What the experiment was to find out.
    controls : dict
        What could have refuted it, by the name of the arm or comparison.
    units : dict
        Of every measure: "%" for a fraction in [0, 1], "nats", "ms", or "" where there is none.
    seeds : list of int
        On which it was run.
    versions : dict
        Of Python and of the packages that experiments use.
    command : str
        That ran it.
    duration_seconds : float
        How long that took, the batches one after the other in one process.
    code_hash : str
        Of the code it ran (`kdlab.experiments.code_hash`).
    records : list of dict
        One for each seed and arm: "seed", "arm", and the numbers measured, by name.
    summary : dict
        As `kdlab.experiments.summary.summarise` returns it.
    replay : dict
        "seed", "losses": arm -> the first training losses of that seed, for a test to repeat.
    measured : dict
        Named arrays for the pictures, as nested lists.
    """

    question: str
    controls: dict[str, str]
    units: dict[str, str]
    seeds: list[int]
    versions: dict[str, str]
    command: str
    duration_seconds: float
    code_hash: str
    records: list[dict[str, Any]]
    summary: dict[str, Any]
    replay: dict[str, Any]
    measured: dict[str, Any]


def write(name: str, evidence: Evidence, folder: Path = RESULTS) -> Path:
    """Write a record, numbers rounded to 6 significant digits: the whole file, or nothing.

    Parameters
    ----------
    name : str
        Of the experiment.
    evidence : Evidence
        To be written.
    folder : Path
        Where to.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    TypeError
        If something in the record is not JSON.
    ValueError
        If a number is not finite: JSON has no word for it.
    """
    path = path_of(name, folder)
    write_text(path, one_line_each(rounded(asdict(evidence))))
    return path


def read(name: str, folder: Path = RESULTS) -> Evidence:
    """Read a record.

    Parameters
    ----------
    name : str
        Of the experiment.
    folder : Path
        Where it lies.

    Returns
    -------
    Evidence
        As it was written.

    Raises
    ------
    FileNotFoundError
        If the experiment has not been run.
    ValueError
        If the file is not a record.
    """
    path = path_of(name, folder)
    if not path.exists():
        raise FileNotFoundError(
            f"{path.name} is not in {path.parent.name}/: run `python -m kdlab.experiments {name}` first."
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path.name} must be a record in JSON; {error}.") from error
    wanted = [field.name for field in fields(Evidence)]
    if not isinstance(content, dict) or sorted(content) != sorted(wanted):
        raise ValueError(f"{path.name} must be a record with exactly {', '.join(wanted)}.")
    return Evidence(**content)


def path_of(name: str, folder: Path = RESULTS) -> Path:
    """Return the file of a record; ValueError if `name` is not a plain name."""
    if not name.isidentifier():
        raise ValueError(f"name must be the plain name of an experiment; {name!r} was given.")
    return folder / f"{name}.json"


def rounded(value: Any) -> Any:
    """Return the same content with every float rounded to 6 significant digits.

    Examples
    --------
    >>> rounded({"kl": [0.12345678, 1234567.8], "n": 20})
    {'kl': [0.123457, 1234570.0], 'n': 20}
    """
    if isinstance(value, float):
        return float(f"{value:.{DIGITS}g}")
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [rounded(item) for item in value]
    return value


def one_line_each(content: dict[str, Any]) -> str:
    """Write JSON with a line for each field, and for each item of a field: small, and readable in a diff."""

    def compact(value: Any) -> str:
        return json.dumps(value, allow_nan=False, ensure_ascii=False)

    def field(value: Any) -> str:
        if isinstance(value, dict) and value:
            return "{\n" + ",\n".join(f"  {compact(key)}: {compact(item)}" for key, item in value.items()) + "\n }"
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return "[\n" + ",\n".join(f"  {compact(item)}" for item in value) + "\n ]"
        return compact(value)

    return "{\n" + ",\n".join(f" {compact(key)}: {field(value)}" for key, value in content.items()) + "\n}\n"
