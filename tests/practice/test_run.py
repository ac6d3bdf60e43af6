"""Running a student's cells: in the page, in a notebook, and with modules absent."""

import importlib
import json
import subprocess
import sys
from pathlib import Path

import pytest

from kdlab.practice import cases, folder, page, public_checks, run

EXERCISES = Path(__file__).parents[2] / "exercises" / "temperature"
SOFTMAX = folder.read(EXERCISES / "softmax")
DEBUG = folder.read(EXERCISES / "debug")


def page_of(exercise):
    return json.loads(json.dumps(page.page(page.public_paper(exercise))))


def checked(data, sources):
    cells = [{"name": name, "source": source} for name, source in sources.items()]
    return json.loads(json.dumps(public_checks.check_in_page(data["practice"], cells), allow_nan=False))


def references(exercise):
    return {cell.function: cell.reference for cell in page.public_paper(exercise).exercise.solutions}


def starters(data):
    return {function["function"]: function["starter"] for function in data["functions"]}


@pytest.mark.parametrize("exercise", [SOFTMAX, DEBUG], ids=["softmax", "debug"])
def test_the_reference_passes_in_the_page_and_the_summary_promises_no_more(exercise):
    found = checked(page_of(exercise), references(exercise))
    assert found["passed"]
    assert found["summary"] == "public checks passed (5 of 5 points are decided by hidden checks)."
    assert [question["message"] for question in found["questions"]] == [""] * len(found["questions"])


def test_the_starters_of_softmax_say_that_they_are_not_written():
    data = page_of(SOFTMAX)
    found = checked(data, starters(data))
    assert not found["passed"]
    assert found["summary"] == "0 of 3 functions pass their public checks."
    assert {finding["kind"] for question in found["questions"] for finding in question["findings"]} == {"not_written"}


def test_the_starter_to_mend_shows_its_symptom_and_the_test_waits_for_it():
    data = page_of(DEBUG)
    found = checked(
        data, starters(data) | {"test_distillation_gradient": references(DEBUG)["test_distillation_gradient"]}
    )
    assert [question["passed"] for question in found["questions"]] == [False, False]
    assert found["questions"][0]["wrong"].startswith("bad_")
    assert found["questions"][1]["message"].startswith("Mend distillation_gradient first")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("pass", "test_distillation_gradient passes for every version, right or wrong. It misses a bug: that of the"),
        ("assert False", "test_distillation_gradient raises for every version, right or wrong."),
        ('raise NotImplementedError("write it")', "test_distillation_gradient is not written yet."),
    ],
)
def test_in_the_page_a_test_meets_the_given_version_and_one_s_own(body, message):
    data = page_of(DEBUG)
    sources = references(DEBUG) | {"test_distillation_gradient": f"def test_distillation_gradient(f):\n    {body}\n"}
    question = checked(data, sources)["questions"][1]
    assert question["message"].startswith(message)
    assert len(question["findings"]) == 2


@pytest.mark.parametrize("solution", SOFTMAX.wrong, ids=lambda solution: solution.name)
def test_a_wrong_solution_that_fails_in_public_is_recognised_in_the_page(solution):
    data = page_of(SOFTMAX)
    names = {name: source for name, source in references(SOFTMAX).items() if name not in solution.functions}
    found = checked(data, names | {solution.functions[0]: solution.source})
    for question in found["questions"]:
        if question["function"] in solution.functions:
            assert question["passed"] or question["wrong"] == solution.name
            assert question["passed"] or question["message"] == solution.message
        else:  # its own mistake is elsewhere
            assert question["passed"] or question["message"].startswith("softmax_slope calls your softmax_at, which")


def test_a_function_waits_for_the_one_it_calls_and_no_other():
    data, sources = page_of(SOFTMAX), references(SOFTMAX)
    starter = {"softmax_at": starters(data)["softmax_at"]}
    at, limits, slope = checked(data, sources | starter)["questions"]
    assert (at["message"], limits["passed"]) == (at["findings"][0]["sentence"], True)
    assert slope["message"] == "softmax_slope calls your softmax_at, which is not written yet. Write softmax_at first."
    at, limits, slope = checked(data, sources | {"softmax_at": ""})["questions"]
    assert slope["message"] == "softmax_slope calls your softmax_at, which is not written yet. Write softmax_at first."
    own = "def softmax_slope(logits, temperature):\n    return 2 * logits\n"
    assert "Mend" not in checked(data, sources | starter | {"softmax_slope": own})["questions"][2]["message"]


def test_a_helper_of_one_s_own_that_is_not_written_is_named():
    data, sources = page_of(SOFTMAX), references(SOFTMAX)
    helper = "def shifted(z):\n    raise NotImplementedError\n"
    source = f"{helper}def softmax_at(logits, temperature):\n    shifted(logits)\n"
    found = checked(data, sources | {"softmax_at": source})["questions"][0]
    assert found["message"].endswith(": shifted is not written yet.")


def test_in_a_notebook_too_the_first_mistake_is_told_first():
    practice, namespace = page_of(SOFTMAX)["practice"], {}
    broken = references(SOFTMAX)["softmax_at"].replace("/ temperature", "* temperature")
    for source in ("import numpy as np", *(references(SOFTMAX) | {"softmax_at": broken}).values()):
        exec(source, namespace)
    before = dict(namespace)
    with pytest.raises(public_checks.CheckFailedError, match=r"^T multiplies the logits here; it should divide them.$"):
        public_checks.check_in_notebook(namespace["softmax_at"], practice)
    public_checks.check_in_notebook(namespace["softmax_limits"], practice)
    with pytest.raises(public_checks.CheckFailedError, match="calls your softmax_at, which is not right yet"):
        public_checks.check_in_notebook(namespace["softmax_slope"], practice)
    assert namespace == before


@pytest.mark.parametrize(("calls", "passes"), [(200, True), (201, False)])
def test_a_test_may_call_as_often_as_in_the_grader(calls, passes):
    data, sources = page_of(DEBUG), references(DEBUG)
    head = "def test_distillation_gradient(f):\n"
    more = f"{head}    for _ in range({calls - 1}): f(np.zeros((1, 2)), np.zeros((1, 2)), 1.0)\n"
    body = sources["test_distillation_gradient"].replace(head, more)
    found = checked(data, sources | {"test_distillation_gradient": body})["questions"][1]
    assert found["passed"] == passes
    assert passes or "at most 200 times" in found["message"]


def test_a_test_that_refuses_a_right_version_hears_on_what_kind_of_call():
    data, sources = page_of(DEBUG), references(DEBUG)
    body = "def test_distillation_gradient(f):\n    assert f(np.zeros((1, 2)), np.ones((1, 2)), 0.5) is None, 'none'\n"
    message = checked(data, sources | {"test_distillation_gradient": body})["questions"][1]["message"]
    assert "It refuses a right version: AssertionError in line 2: none. Its last call had " in message
    assert "use np.allclose" in message


@pytest.mark.parametrize("argument", ["object()", "f", "lambda: 1", "np.array(['a'])"])
def test_what_a_test_hands_on_are_values(argument):
    data, sources = page_of(DEBUG), references(DEBUG)
    body = f"def test_distillation_gradient(f):\n    f({argument}, np.zeros((1, 2)), 1.0)\n"
    message = checked(data, sources | {"test_distillation_gradient": body})["questions"][1]["message"]
    assert "It refuses a right version: TypeError in line 2" in message


def test_a_cell_that_does_not_run_says_why_and_where():
    data = page_of(SOFTMAX)
    sources = references(SOFTMAX)
    found = checked(data, sources | {"softmax_at": "def softmax_at(logits, temperature):\n    return logits /\n"})
    assert "SyntaxError was raised in line 2: invalid syntax." in found["questions"][0]["message"]
    found = checked(data, sources | {"softmax_limits": "x = 1\nx = y\n" + sources["softmax_limits"]})
    assert "NameError was raised in line 2: name 'y' is not defined." in found["questions"][1]["message"]
    assert found["questions"][0]["passed"]


def test_what_is_printed_comes_back_up_to_a_limit():
    data = page_of(SOFTMAX)
    noisy = "print('hello')\nprint('x' * 1_000_000)\nprint('y')\n" + references(SOFTMAX)["softmax_at"]
    found = checked(data, references(SOFTMAX) | {"softmax_at": noisy})
    assert found["passed"]
    assert found["log"].startswith("hello\nxxx")
    assert len(found["log"]) == public_checks.MAX_LOG


def test_a_time_limit_passes_through_the_page_s_entry():
    data = page_of(SOFTMAX)
    with pytest.raises(KeyboardInterrupt):
        checked(data, {"softmax_at": "raise KeyboardInterrupt"})
    assert importlib.import_module("kdlab.temperature")  # and the modules are there again


@pytest.mark.parametrize(
    "line",
    [
        "import kdlab.temperature",
        "from kdlab import temperature",
        "from kdlab.temperature import softmax",
        "import importlib; importlib.import_module('kdlab.temperature')",
        "import kdlab; kdlab.temperature.softmax",
    ],
)
def test_a_forbidden_module_is_absent(line):
    import kdlab.temperature as before

    data = page_of(SOFTMAX)
    found = checked(data, references(SOFTMAX) | {"softmax_at": f"{line}\n{references(SOFTMAX)['softmax_at']}"})
    message = found["questions"][0]["message"]
    assert "kdlab.temperature is absent here: what it does is what this" in message or "no attribute" in message
    assert sys.modules["kdlab.temperature"] is before
    assert importlib.import_module("kdlab").temperature is before


def test_a_notebook_s_first_cell_forbids_for_good():
    """Not only until the call has returned."""
    code = (
        "import gc, kdlab.temperature\nfrom kdlab.practice.run import forbid\n"
        "forbid('kdlab.core.temperature', 'kdlab.temperature')\ngc.collect()\n"
        "for line in ('import kdlab.temperature', 'from kdlab.core import temperature', 'kdlab.temperature'):\n"
        "    try:\n        exec(line)\n    except (ImportError, AttributeError):\n        print('absent')\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["absent"] * 3


def test_other_modules_stay_when_one_is_forbidden():
    with run.forbidden(["kdlab.temp"]):
        importlib.import_module("kdlab.temperature")
    with run.forbidden(["kdlab.temperature"]):
        importlib.import_module("kdlab.conventions")


NEEDS = """
import importlib.abc, json, sys

class Allowed(importlib.abc.MetaPathFinder):
    here = ("run", "kinds", "public_checks", "explaining", "near", "mutants", "pairs", "slips")
    allowed = {"kdlab", "kdlab.practice", *("kdlab.practice." + each for each in here)}

    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] not in {*sys.stdlib_module_names, "numpy", "kdlab"}:
            raise ImportError(name)
        if name.startswith("kdlab.") and not name.startswith("kdlab.checking") and name not in self.allowed:
            raise ImportError(name)

sys.meta_path.insert(0, Allowed())
from kdlab.practice.public_checks import check_in_page
print(json.dumps(check_in_page(*json.load(sys.stdin))))
"""


def test_the_page_needs_the_checker_and_numpy():
    data = page_of(SOFTMAX)
    cells = [{"name": name, "source": source} for name, source in references(SOFTMAX).items()]
    text = json.dumps([data["practice"], cells])
    ran = subprocess.run([sys.executable, "-c", NEEDS], input=text, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout)["passed"]


@pytest.fixture
def beside_the_cases(tmp_path, monkeypatch):
    (tmp_path / "softmax.cases.json").write_text(json.dumps(page_of(SOFTMAX)["practice"]))
    monkeypatch.chdir(tmp_path)
    return cases.namespace(SOFTMAX)


def test_a_notebook_says_what_passed(beside_the_cases, capsys):
    public_checks.check_in_notebook(beside_the_cases["softmax_at"], "softmax.cases.json")
    printed = capsys.readouterr().out
    assert printed == "softmax_at: public checks passed (2 of 2 points are decided by hidden checks).\n"


def test_a_notebook_raises_one_sentence(beside_the_cases):
    def softmax_at(logits, temperature):
        return logits

    with pytest.raises(public_checks.CheckFailedError, match="shares its memory") as failed:
        public_checks.check_in_notebook(softmax_at, "softmax.cases.json")
    assert failed.value._render_traceback_() == [str(failed.value)]


def test_a_notebook_raises_not_implemented_for_what_is_not_written(beside_the_cases):
    def softmax_at(logits, temperature):
        raise NotImplementedError

    with pytest.raises(NotImplementedError, match="softmax_at is not written yet"):
        public_checks.check_in_notebook(softmax_at, "softmax.cases.json")


def test_a_notebook_knows_its_own_functions_only(beside_the_cases):
    with pytest.raises(
        ValueError, match="function must be one of softmax_at, softmax_limits, softmax_slope; '<lambda>'"
    ):
        public_checks.check_in_notebook(lambda: None, "softmax.cases.json")
