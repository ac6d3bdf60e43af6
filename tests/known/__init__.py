"""Known values of the mechanisms (vectors.json), computed without kdlab; each names its oracle and its tolerance.

Beside the file, one module for each mechanism computes the same with kdlab: a function for each family of vectors,
named as the family (softmax_T for softmax_T_0), takes the inputs and returns all that is expected. NumPy and kdlab are
enough, so that the same functions run in the page's Python.
"""

import importlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
VECTORS = {
    vector["id"]: vector for vector in json.loads((FOLDER / "vectors.json").read_text(encoding="utf-8"))["vectors"]
}


def computers() -> dict[str, Callable[..., dict[str, Any]]]:
    """Return the functions that compute a family of vectors, by the family's name."""
    found: dict[str, Callable[..., dict[str, Any]]] = {}
    for path in sorted(FOLDER.glob("[!_]*.py")):
        module = importlib.import_module(f"known.{path.stem}")
        for name, value in vars(module).items():
            if getattr(value, "__module__", None) == module.__name__ and not name.startswith("_"):
                assert name not in found, f"{name} is computed twice"
                found[name] = value
    return found


def family(identity: str) -> str:
    """Return the family of a vector: softmax_T of softmax_T_0."""
    return identity.rpartition("_")[0]


def check(vector: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Compare values with all that the vector expects, no key left out, at the vector's own tolerance."""
    assert values.keys() == vector["expected"].keys(), (vector["id"], values.keys() ^ vector["expected"].keys())
    for key, expected in vector["expected"].items():
        compare(vector, key, values[key], expected)


def compare(vector: Mapping[str, Any], key: str, value: Any, expected: Any) -> None:
    """Compare one value, or the values of a nested table."""
    if isinstance(expected, Mapping):
        assert value.keys() == expected.keys(), (vector["id"], key)
        for inner in expected:
            compare(vector, f"{key}.{inner}", value[inner], expected[inner])
        return
    expected = np.array(expected, dtype=np.float64)  # reads the string "-inf" too
    assert np.shape(value) == expected.shape, (vector["id"], key, np.shape(value), expected.shape)
    np.testing.assert_allclose(
        value, expected, rtol=vector["rtol"], atol=vector["atol"], err_msg=f"{vector['id']}: {key}"
    )
