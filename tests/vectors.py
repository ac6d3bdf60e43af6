"""Known values of the mechanisms (vectors.json), computed without kdlab; each names its oracle and its tolerance."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

_VECTORS = json.loads(Path(__file__).with_name("vectors.json").read_text(encoding="utf-8"))["vectors"]


def vectors(mechanism: int) -> dict[str, dict[str, Any]]:
    """Return the vectors of a mechanism (1 is temperature), by their id."""
    return {vector["id"]: vector for vector in _VECTORS if vector["mechanism"] == mechanism}


def check(vector: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Compare values with all that the vector expects, no key left out, at the vector's own tolerance."""
    assert values.keys() == vector["expected"].keys()
    for key, expected in vector["expected"].items():
        np.testing.assert_allclose(
            values[key],
            np.array(expected, dtype=np.float64),  # reads the string "-inf" too
            rtol=vector["rtol"],
            atol=vector["atol"],
            err_msg=f"{vector['id']}: {key}",
        )
