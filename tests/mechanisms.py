"""The mechanisms and their public functions, found by looking into the package, so that none can be forgotten."""

import importlib
import inspect
from collections.abc import Callable
from pathlib import Path

import kdlab

FOLDER = Path(kdlab.__file__).parent
NOT_MECHANISMS = {"__init__", "__main__", "cli", "conventions", "files"}
MECHANISMS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in NOT_MECHANISMS)


def public_functions() -> dict[str, Callable]:
    """Return the functions that mechanisms define under a public name: temperature.softmax and so on."""
    found = {}
    for mechanism in MECHANISMS:
        module = importlib.import_module(f"kdlab.{mechanism}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            # not the changed copies of a function that tests/mutation puts beside it
            if function.__module__ == module.__name__ and not name.startswith("_") and "__mutmut_" not in name:
                found[f"{mechanism}.{name}"] = function
    return found
