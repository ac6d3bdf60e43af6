"""What reads records needs nothing of what makes them."""

import pkgutil
import subprocess
import sys

import pytest

import kdlab
from kdlab.evidence.code_hash import used_by

READERS = ("kdlab.evidence", "kdlab.book", "kdlab.explore")
MAKERS = {"torch", "sklearn", "mlxtend", "mnist1d", "magika"}


def imported_by(code):
    """Return the names of all modules that there are once a new Python has run some code."""
    code = f"import sys\n{code}\nprint(*sys.modules)"
    return set(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split())


def modules_in(room):
    (package,) = [module for module in pkgutil.iter_modules(kdlab.__path__, "kdlab.") if module.name == room]
    folder = f"{package.module_finder.path}/{room.partition('.')[2]}"
    return [module.name for module in pkgutil.iter_modules([folder], f"{room}.") if "__main__" not in module.name]


@pytest.mark.parametrize("room", READERS)
def test_what_reads_records_imports_nothing_that_makes_them(room):
    imported = imported_by(f"import {', '.join(modules_in(room))}")
    assert room in imported
    assert not MAKERS & imported
    assert not {module for module in imported if module.startswith("kdlab.experiments")}


def test_evidence_is_numpy_and_the_standard_library():
    def outside(code):
        return {module.partition(".")[0] for module in imported_by(code)} - set(sys.stdlib_module_names)

    assert outside(f"import {', '.join(modules_in('kdlab.evidence'))}") - outside("import numpy") == {"kdlab"}


@pytest.mark.parametrize("room", READERS)
def test_nor_does_a_function_of_theirs_when_it_is_called(room):
    for module in modules_in(room):
        assert not [used for used in used_by(module) if used.startswith("kdlab.experiments")], module
