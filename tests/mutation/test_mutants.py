"""Every small change to the code of two mechanisms, door and core, is noticed by their tests, or cannot be noticed.

mutmut makes the changes, in a copy that holds these mechanisms and their tests alone. What survives must stand in
explained.txt, one line each:

mechanism.function, or core.mechanism.function: code before => code after | why no test can tell them apart
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from known import FOLDER as KNOWN
from known import computers, family
from mechanisms import FOLDER, MECHANISMS

HERE = Path(__file__).parent
TESTS = HERE.parent
MUTATED = ("distillation_loss", "calibration")
CONFIG = """
[tool.mutmut]
source_paths = ["kdlab"]
only_mutate = ["kdlab/{mechanism}.py", "kdlab/core/{mechanism}.py"]
process_isolation = "forkserver"  # PyTorch's threads do not survive a plain fork
timeout_multiplier = 10
# left out: a test that lists the functions of its module, and would count the changed ones too; and those that import
# large peers, which each mutant would do again
pytest_add_cli_args = [
    "-p", "no:cacheprovider", "--hypothesis-profile=mutants",
    "-k", "not test_every_function_is_called and not peers and not torchmetrics and not netcal and not sklearn",
]
pytest_add_cli_args_test_selection = [
    "tests/test_{mechanism}.py", "tests/test_known.py", "tests/test_bad_input.py",
]
"""


def copy(mechanism, target):
    """Copy a mechanism, what it and its test import, and its tests: found by the tests as if there were no other."""
    leave_out = shutil.ignore_patterns("__pycache__", "book", "experiments", "explore", "grading", "practice")
    shutil.copytree(FOLDER, target / "kdlab", ignore=leave_out)
    (target / "tests").mkdir()
    for name in ("calls", "known"):
        shutil.copytree(TESTS / name, target / "tests" / name, ignore=leave_out)
    for name in ("conftest", "mechanisms", "test_known", "test_bad_input", f"test_{mechanism}"):
        shutil.copy(TESTS / f"{name}.py", target / "tests")
    pyproject = (TESTS.parent / "pyproject.toml").read_text(encoding="utf-8")
    (target / "pyproject.toml").write_text(pyproject + CONFIG.format(mechanism=mechanism), encoding="utf-8")
    files = (FOLDER / f"{mechanism}.py", TESTS / f"test_{mechanism}.py", TESTS / "known" / f"{mechanism}.py")
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    needed = {mechanism, *re.findall(r"kdlab\.(\w+) import", text)}
    for other in {*MECHANISMS} - needed:
        (target / "kdlab" / f"{other}.py").unlink()
    for other in {*MECHANISMS} - {mechanism}:
        (target / "tests" / "known" / f"{other}.py").unlink()
    functions = {name for name, function in computers().items() if function.__module__ == f"known.{mechanism}"}
    vectors = json.loads((KNOWN / "vectors.json").read_text(encoding="utf-8"))["vectors"]
    vectors = [vector for vector in vectors if family(vector["id"]) in functions]
    assert vectors
    (target / "tests" / "known" / "vectors.json").write_text(json.dumps({"vectors": vectors}), encoding="utf-8")


def mutmut(folder, *words):
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    command = [sys.executable, "-m", "mutmut", *words]
    return subprocess.run(command, cwd=folder, env=os.environ | threads, capture_output=True, text=True, check=False)


def change(folder, mutant):
    """Return what a mutant changes, as it stands in explained.txt: without the number of a line or of a mutant."""
    lines = mutmut(folder, "show", mutant).stdout.splitlines()
    before, after = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign) and not line.startswith(sign * 3))
        for sign in "-+"
    )
    assert before != after, (mutant, lines)
    module, function = re.fullmatch(r"kdlab\.((?:core\.)?\w+)\.x_(\w+)__mutmut_\d+", mutant).groups()
    return f"{module}.{function}: {before} => {after}"


def explained(mechanism):
    """Return the changes of a mechanism that cannot be noticed, each with its reason."""
    lines = (HERE / "explained.txt").read_text(encoding="utf-8").splitlines()
    ours = [line.rsplit(" | ", 1) for line in lines if line.removeprefix("core.").startswith(f"{mechanism}.")]
    assert all(len(line) == 2 and line[1].strip() for line in ours)
    assert len({line[0] for line in ours}) == len(ours)
    return dict(ours)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("mechanism", MUTATED)
def test_every_mutant_is_killed_or_explained(mechanism, tmp_path):
    copy(mechanism, tmp_path)
    run = mutmut(tmp_path, "run", "--max-children", "2")
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    results = mutmut(tmp_path, "results").stdout
    fates = dict(re.findall(r"^\s*(kdlab\.\S+): (.+)$", results, flags=re.MULTILINE))
    killed = int(re.findall(r"🎉 (\d+)", run.stdout)[-1])
    assert killed > 100
    survivors = {change(tmp_path, mutant): fate for mutant, fate in fates.items()}
    reasons = explained(mechanism)
    # a mutant that never ends is noticed too; whatever else was not killed has to be explained
    unexplained = [
        f"{what} | ({fate})" for what, fate in survivors.items() if fate != "timeout" and what not in reasons
    ]
    assert not unexplained, "without a reason:\n" + "\n".join(unexplained)
    no_longer = reasons.keys() - survivors.keys()
    assert not no_longer, "noticed now, so without need of a reason:\n" + "\n".join(no_longer)


@pytest.mark.parametrize("mechanism", MUTATED)
def test_every_explanation_is_about_code_that_is_there(mechanism):
    for line in explained(mechanism):
        place, _, what = line.partition(": ")
        module, _, function = place.rpartition(".")
        source = FOLDER.joinpath(*module.split(".")).with_suffix(".py").read_text(encoding="utf-8")
        assert f"def {function}(" in source, line
        before, after = what.split(" => ")
        assert before != after
        assert re.sub(r"\s+", "", before) in re.sub(r"\s+", "", source), line
