"""What is shipped to whom: it imports with NumPy alone, holds nothing of the trusted side, and answers no exercise."""

import itertools
import json
import operator
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from sampling import sampled

from kdlab.checking.cases import Question, Raised
from kdlab.checking.values import to_data
from kdlab.practice import cases, folder, shipped

HERE = Path(__file__).parent
EXERCISES = {
    path.parent.name + "/" + path.name: folder.read(path) for path in folder.find(HERE.parents[1] / "exercises")
}
# what an exercise forbids holds in every place: one place for each is seen in `make test`
SEEN = sampled(
    itertools.product(EXERCISES, shipped.PLACES), operator.itemgetter(0), operator.itemgetter(1), name="-".join
)
everywhere = pytest.mark.parametrize("seen", SEEN)
NUMPY = str(Path(np.__file__).parents[1])
# -I and a path of its own: neither this folder, nor an installed kdlab
ALONE = """
import sys
class NumpyAlone:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "numpy", "kdlab"}:
            raise ModuleNotFoundError(f"{name} is neither NumPy nor the standard library", name=name)
sys.meta_path = [NumpyAlone(), *(each for each in sys.meta_path if "editable" not in repr(each))]
sys.path[:0] = [sys.argv[1]]
exec(compile(open(sys.argv[2]).read(), sys.argv[2], "exec"), {"__name__": "__main__"})
"""


def lay_out(root, place, forbids=()):
    for name, path in shipped.files(place, forbids).items():
        (root / "kdlab" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "kdlab" / name).write_bytes(path.read_bytes())
    return root


def run_alone(root, script, said=""):
    """Run a script where there is what was laid out, NumPy, and nothing else."""
    command = [sys.executable, "-I", "-c", ALONE, str(root), str(script)]
    ran = subprocess.run(command, input=said, capture_output=True, text=True, timeout=100, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def module_of(name):
    return (
        "kdlab." + name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        if name != "__init__.py"
        else "kdlab"
    )


# what a place holds


@pytest.mark.parametrize("place", shipped.PLACES)
def test_every_module_of_a_place_imports_with_numpy_alone(place, tmp_path):
    modules = [module_of(name) for name in shipped.files(place)]
    script = tmp_path / "script.py"
    script.write_text(f"import importlib\nfor name in {modules}:\n    print(importlib.import_module(name).__file__)\n")
    files = run_alone(lay_out(tmp_path / "site", place), script).split()
    assert len(files) == len(modules)
    assert all(Path(file).is_relative_to(tmp_path / "site") for file in files)


@everywhere
def test_what_an_exercise_leaves_imports_too(seen, tmp_path):
    name, place = seen
    modules = [module_of(each) for each in shipped.files(place, EXERCISES[name].forbids)]
    script = tmp_path / "script.py"
    script.write_text(f"import importlib\nfor name in {modules}:\n    importlib.import_module(name)\n")
    run_alone(lay_out(tmp_path / "site", place, EXERCISES[name].forbids), script)


def test_every_pattern_of_the_list_names_something():
    root = Path(shipped.__file__).parents[1]
    for patterns in (*shipped.PLACES.values(), shipped._NOWHERE):
        for pattern in patterns:
            assert list(root.glob(pattern)), pattern


def test_cores_go_wherever_their_doors_go():
    for place in shipped.PLACES:
        names = shipped.files(place).keys()
        assert {f"core/{name}" for name in names if "/" not in name} & {
            f"core/{path.name}" for path in (Path(shipped.__file__).parents[1] / "core").glob("*.py")
        } <= names


# what an exercise closes


@pytest.mark.parametrize("name", sorted(each for each in shipped.files("wheel") if "/" not in each))
def test_the_tools_of_an_exercise_stay_whatever_it_forbids(name):
    if name == "__init__.py":
        return
    forbidden = module_of(name)
    absent = shipped.closed([forbidden])
    assert forbidden in absent
    tools = ("kdlab.checking", "kdlab.practice", "kdlab.grading")
    assert not [module for module in absent if module == "kdlab" or module.startswith(tools)]


def test_forbidding_a_door_closes_its_core_and_forbidding_a_core_its_door():
    cores = {name for name in shipped.files("sandbox") if name.startswith("core/")} - {"core/__init__.py"}
    doors = shipped.files("sandbox")
    assert cores
    for name in cores:
        core = module_of(name)
        door = module_of(Path(name).name) if Path(name).name in doors else core  # training has none
        assert {door, core} <= {*shipped.closed([door])}
        assert {door, core} <= {*shipped.closed([core])}


def test_what_leads_to_a_forbidden_module_is_closed_and_nothing_else():
    absent = shipped.closed(["kdlab.temperature"])
    assert {"kdlab.distillation_loss", "kdlab.imbalance", "kdlab.explore.temperature"} <= {*absent}
    assert not {"kdlab.conventions", "kdlab.pruning", "kdlab.core.pruning", "kdlab.core", "kdlab"} & {*absent}
    assert shipped.closed(absent) == absent


def test_temperature_stays_where_the_loss_is_forbidden():
    """Its exercise has a given cell that imports softmax."""
    assert not {"kdlab.temperature", "kdlab.core.temperature"} & {*shipped.closed(["kdlab.distillation_loss"])}


@pytest.mark.parametrize("name", ["kdlab.temperatur", "kdlab.core.nothing", "temperature", "kdlab.experiments.runner"])
def test_a_module_that_no_student_has_cannot_be_forbidden(name):
    with pytest.raises(ValueError, match=f"forbids holds modules of kdlab; there is no {name}"):
        shipped.closed([name])


# the attack: every function that can be reached is tried as an answer


def questions(exercise):
    drawn = cases.paper(exercise, np.random.default_rng(0), wrong=False)
    return {
        question.function: [
            (to_data(case.args), to_data(case.expected))
            for case in question.cases
            if not isinstance(case.expected, Raised)
        ]
        for question in drawn.questions
        if isinstance(question, Question)
    }


def attack(root, exercise, forbids):
    asked = json.dumps({"forbids": forbids, "questions": questions(exercise)})
    return json.loads(run_alone(root, HERE / "attack.py", asked))


@everywhere
def test_nothing_that_a_student_can_reach_answers_an_exercise(seen, tmp_path):
    name, place = seen
    exercise = EXERCISES[name]
    on_the_page = place == "page"  # there all of kdlab is in the zip, and the runtime makes modules absent
    root = lay_out(tmp_path, place, () if on_the_page else exercise.forbids)
    found = attack(root, exercise, exercise.forbids if on_the_page else ())
    assert {"kdlab.conventions", "kdlab.practice.run"} <= {*found["modules"]}
    assert not {*exercise.forbids} & {*found["modules"], *found["owners"]}
    assert found["answers"] == {function: [] for function in found["answers"]}


def test_the_attack_finds_what_there_is_to_find(tmp_path):
    """A positive control: with nothing forbidden, a door and its core both give the answer."""
    root = lay_out(tmp_path, "page")
    answers = attack(root, EXERCISES["temperature/softmax"], ())["answers"]
    assert {"kdlab.temperature", "kdlab.core.temperature"} <= {*answers["softmax_at"]} & {*answers["softmax_slope"]}
    answers = attack(root, EXERCISES["pruning/prune_mask"], ())["answers"]
    assert {"kdlab.pruning", "kdlab.core.pruning"} <= {*answers["movement_score"]} & {*answers["number_pruned"]}


def test_the_attack_gets_in_where_a_door_is_closed_and_its_core_is_not(tmp_path):
    answers = attack(lay_out(tmp_path, "page"), EXERCISES["temperature/softmax"], ["kdlab.temperature"])["answers"]
    assert "kdlab.core.temperature" in answers["softmax_at"]
