"""What the package promises as a whole: NumPy alone is enough, arrows run one way, and docstrings are complete."""

import ast
import inspect
import re
import subprocess
import sys

import pytest
from mechanisms import FOLDER, MECHANISMS, public_functions

# the two places where a picture leaves NumPy: a notebook's controls, and Matplotlib
NEED_MORE_THAN_NUMPY = {"notebook", "notebook_run", "draw", "draw_marks"}

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


def imports(path):
    """Return the modules that a file imports, wherever in it; `from kdlab.core import x` counts as kdlab.core.x."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute"
            of_a_room = node.module in ("kdlab", "kdlab.core")
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if of_a_room else {node.module}
    return found


def ours_of(path):
    """Return what a file imports of kdlab, and see to it that all else is NumPy and the standard library."""
    found = imports(path)
    ours = {name for name in found if name.partition(".")[0] == "kdlab"}
    assert {name.partition(".")[0] for name in found - ours} - sys.stdlib_module_names <= {"numpy"}
    return ours


@pytest.mark.parametrize("mechanism", MECHANISMS)
def test_a_door_imports_its_core_and_at_most_one_other_mechanism(mechanism):
    others = ours_of(FOLDER / f"{mechanism}.py") - {"kdlab.conventions", f"kdlab.core.{mechanism}"}
    assert others <= {f"kdlab.{name}" for name in MECHANISMS}
    assert len(others) <= 1


CORES = sorted(path.stem for path in (FOLDER / "core").glob("*.py") if path.stem != "__init__")
# what only widgets that learn in the page use: there is nobody to check what they are given
WITHOUT_A_DOOR = {"training"}


@pytest.mark.parametrize("mechanism", CORES)
def test_a_core_imports_numpy_and_at_most_two_other_cores(mechanism):
    ours = ours_of(FOLDER / "core" / f"{mechanism}.py")
    assert ours <= {f"kdlab.core.{name}" for name in CORES}
    assert len(ours) <= 2  # the noise of a gradient is told by the loss and by its temperature


@pytest.mark.parametrize("mechanism", CORES)
def test_a_core_checks_nothing_and_says_little(mechanism):
    assert (mechanism in MECHANISMS) != (mechanism in WITHOUT_A_DOOR)
    tree = ast.parse((FOLDER / "core" / f"{mechanism}.py").read_text(encoding="utf-8"))
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    names = [getattr(function, "id", getattr(function, "attr", "")) for function in called]
    assert [name for name in names if name.startswith(("as_", "check_"))] == []
    assert not any(isinstance(node, ast.Raise | ast.Assert | ast.Try) for node in ast.walk(tree))
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            lines = [line for line in (ast.get_docstring(node) or "").splitlines() if line]
            assert 1 <= len(lines) <= 4, f"{node.name}: an equation needs a docstring of a few lines"


def test_every_equation_with_a_door_has_its_name():
    """A core's function of the same name is what the door calls; other functions are its parts."""
    doors = set(public_functions())
    for mechanism in set(CORES) - WITHOUT_A_DOOR:
        core = ast.parse((FOLDER / "core" / f"{mechanism}.py").read_text(encoding="utf-8"))
        equations = {f"{mechanism}.{node.name}" for node in core.body if isinstance(node, ast.FunctionDef)}
        assert equations & doors, mechanism
        assert not any(name.rpartition(".")[2].startswith("_") for name in equations)


def sections(function):
    """Return the sections of a NumPy docstring, by title."""
    parts = re.split(r"^(\w+)\n-+\n", inspect.getdoc(function), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


# what the docstring of kdlab.conventions says of all functions, and none of them says again
SAID_ONCE = re.compile(
    r"real numbers?\b|\bNaN\b|not an (integer|axis)|no class\b|\bAs `|\bout of range\b|masked? array"
)


@pytest.mark.parametrize(("name", "function"), public_functions().items(), ids=public_functions())
def test_a_public_function_says_all_that_a_reader_needs_and_no_more(name, function):
    found = sections(function)
    assert {"Parameters", "Returns", "Examples"} <= found.keys()
    assert ">>> " in found["Examples"]
    assert ".. math:: " in inspect.getdoc(function)
    documented = re.findall(r"^(\w[\w, ]*)", found["Parameters"], flags=re.MULTILINE)
    parameters = {word.strip() for line in documented for word in line.split(",")}
    assert parameters == inspect.signature(function).parameters.keys()
    assert not SAID_ONCE.search(found.get("Raises", ""))
