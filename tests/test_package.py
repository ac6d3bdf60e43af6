"""What the package promises as a whole: NumPy alone is enough, arrows run one way, and docstrings are complete."""

import ast
import inspect
import re
import subprocess
import sys

import pytest
from mechanisms import FOLDER, MECHANISMS, public_functions

# the two places where a picture leaves NumPy: a notebook's controls, and Matplotlib
NEED_MORE_THAN_NUMPY = {"notebook", "draw"}

IMPORT_WITH_NUMPY_ALONE = """
import importlib, sys

class NumpyAlone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "numpy", "kdlab"}:
            raise ModuleNotFoundError(f"{name} is neither NumPy nor the standard library", name=name)

sys.meta_path.insert(0, NumpyAlone())
for name in sys.argv[1:]:
    importlib.import_module(name)
"""


def import_with_numpy_alone(*modules):
    command = [sys.executable, "-c", IMPORT_WITH_NUMPY_ALONE, *modules]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_the_library_and_its_widgets_need_numpy_alone():
    widgets = {path.stem for path in (FOLDER / "explore").glob("*.py")} - NEED_MORE_THAN_NUMPY - {"__init__"}
    modules = ["kdlab", "kdlab.explore"]
    modules += [f"kdlab.{name}" for name in MECHANISMS]
    modules += [f"kdlab.explore.{name}" for name in sorted(widgets)]
    run = import_with_numpy_alone(*modules)
    assert run.returncode == 0, run.stderr


def test_numpy_alone_means_it():
    run = import_with_numpy_alone("kdlab", "scipy")
    assert run.returncode != 0
    assert "scipy is neither NumPy nor the standard library" in run.stderr


def imports(mechanism):
    """Return the modules a mechanism imports, wherever in its file; `from kdlab import x` counts as kdlab.x."""
    found = set()
    for node in ast.walk(ast.parse((FOLDER / f"{mechanism}.py").read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{mechanism}: imports are absolute"
            found |= {f"kdlab.{alias.name}" for alias in node.names} if node.module == "kdlab" else {node.module}
    return found


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_mechanism_imports_numpy_and_at_most_one_other_mechanism(mechanism):
    ours = {name for name in imports(mechanism) if name.partition(".")[0] == "kdlab"}
    others = {name.partition(".")[0] for name in imports(mechanism) - ours} - sys.stdlib_module_names
    assert others <= {"numpy"}
    others = ours - {"kdlab.conventions", "kdlab.divergence"}
    assert others <= {f"kdlab.{name}" for name in MECHANISMS}
    assert len(others) <= 1


def sections(function):
    """Return the sections of a NumPy docstring, by title."""
    parts = re.split(r"^(\w+)\n-+\n", inspect.getdoc(function), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@pytest.mark.parametrize(("name", "function"), public_functions().items(), ids=public_functions())
def test_a_public_function_says_all_that_a_reader_needs(name, function):
    found = sections(function)
    assert {"Parameters", "Returns", "Raises", "Examples"} <= found.keys()
    assert ">>> " in found["Examples"]
    assert ".. math:: " in inspect.getdoc(function)
    documented = re.findall(r"^(\w[\w, ]*)", found["Parameters"], flags=re.MULTILINE)
    parameters = {word.strip() for line in documented for word in line.split(",")}
    assert parameters == inspect.signature(function).parameters.keys()
