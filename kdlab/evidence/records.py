"""The record of an experiment, results/<name>.json: what was asked, how it was run, and every number that came out.

Arrays that are too large for it lie beside it, in results/shown/<name>.npz, whose hash the record holds.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kdlab.files import write_bytes, write_text

RESULTS = Path(__file__).resolve().parents[2] / "results"
DIGITS = 6  # significant digits kept of a number that is written
LARGEST_RECORD, LARGEST_SHOWN = 600_000, 200_000  # bytes


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
        Of the code it ran (`kdlab.evidence.code_hash`).
    records : list of dict
        One for each seed and arm: "seed", "arm", and the numbers measured, by name.
    summary : dict
        As `kdlab.evidence.intervals.summarise` returns it.
    replay : dict
        "seed", "losses": arm -> the first training losses of that seed, for a test to repeat.
    measured : dict
        Named arrays for the pictures, as nested lists.
    words : dict
        Of every arm, what it is in plain words.
    exceptions : dict
        Of the arms that may fail or copy, why they may.
    measured_hash : str
        Of the code that made `measured` and the shown arrays of the records.
    shown_hash : str
        SHA-256 of results/shown/<name>.npz; empty where there is none.
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
    words: dict[str, str] = field(default_factory=dict)
    exceptions: dict[str, str] = field(default_factory=dict)
    measured_hash: str = ""
    shown_hash: str = ""


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
        If a number is not finite: JSON has no word for it; or if the record is larger than 600 kB.
    """
    path = path_of(name, folder)
    text = one_line_each(rounded(asdict(evidence)))
    check_size(path, len(text.encode()), LARGEST_RECORD)
    write_text(path, text)
    return path


def read(name: str, folder: Path = RESULTS) -> Evidence:
    """Read a record; as long as its file is the same, once. It is not to be changed.

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
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=32)
def _read(path: Path, changed: int) -> Evidence:
    """Read a record that was last changed at a time."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path.name} must be a record in JSON; {error}.") from error
    known = [of_record.name for of_record in fields(Evidence)]
    try:
        return Evidence(**content)
    except TypeError as error:
        raise ValueError(f"{path.name} must be a record with exactly {', '.join(known)}.") from error


def write_shown(name: str, arrays: Mapping[str, NDArray[Any]], folder: Path = RESULTS) -> str:
    """Write the arrays that are shown, the same bytes for the same arrays: the whole file, or nothing.

    Parameters
    ----------
    name : str
        Of the experiment.
    arrays : mapping
        Named arrays of numbers.
    folder : Path
        Where the records lie.

    Returns
    -------
    str
        The SHA-256 of the file, for `Evidence.shown_hash`; empty, and no file, without arrays.

    Raises
    ------
    ValueError
        If an array is not of numbers, or the file would be larger than 200 kB.
    """
    path = shown_path_of(name, folder)
    if not arrays:
        path.unlink(missing_ok=True)
        return ""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for key, array in arrays.items():
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(array), allow_pickle=False)
            # a time of its own would make other bytes of the same arrays
            entry = zipfile.ZipInfo(f"{key}.npy", (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, member.getvalue())
    check_size(path, len(content.getvalue()), LARGEST_SHOWN)
    write_bytes(path, content.getvalue())
    return hashlib.sha256(content.getvalue()).hexdigest()


def shown(name: str, folder: Path = RESULTS) -> dict[str, NDArray[Any]]:
    """Read the arrays that an experiment shows.

    Parameters
    ----------
    name : str
        Of the experiment.
    folder : Path
        Where the records lie.

    Returns
    -------
    dict
        Named arrays; none if it shows none.

    Raises
    ------
    FileNotFoundError
        As `read` does, or if the file of the arrays is not there.
    ValueError
        As `read` does, or if the file is not the one that the record names.
    """
    wanted = read(name, folder).shown_hash
    if not wanted:
        return {}
    path = shown_path_of(name, folder)
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != wanted:
        raise ValueError(f"{path.name} must be the file that the record names; another one is there.")
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return dict(arrays)


def path_of(name: str, folder: Path = RESULTS) -> Path:
    """Return the file of a record; ValueError if `name` is not a plain name."""
    if not name.isidentifier():
        raise ValueError(f"name must be the plain name of an experiment; {name!r} was given.")
    return folder / f"{name}.json"


def shown_path_of(name: str, folder: Path = RESULTS) -> Path:
    """Return the file of the arrays that an experiment shows."""
    return folder / "shown" / f"{path_of(name, folder).stem}.npz"


def is_time(measure: str) -> bool:
    """Return whether a measure is a time, which no two runs have in common."""
    return measure.endswith("_seconds")


def check_size(path: Path, size: int, largest: int) -> None:
    """Raise a ValueError if a file would be too large for the repository."""
    if size > largest:
        raise ValueError(f"{path.name} must be of at most {largest:,} bytes; it would be of {size:,}.")


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
