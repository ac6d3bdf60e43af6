"""The runner: batches in processes and on a cluster, interrupted and resumed, and the record that comes out."""

import math
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from dataclasses import replace
from types import ModuleType

import numpy as np
import pytest

from kdlab.evidence import records
from kdlab.experiments import __main__, runner
from kdlab.experiments.experiment import Experiment
from kdlab.experiments.runner import Job, run_experiments

NAME = "kdlab.experiments.example"


class Here(Executor):
    """Run each job at once, in this process, and remember it."""

    def __init__(self):
        self.jobs = []

    def submit(self, function, job):
        self.jobs.append(job)
        future = Future()
        try:
            future.set_result(function(job))
        except Exception as error:
            future.set_exception(error)
        return future


def run(lab):
    """Note in arm a the square root of the seed, and in arm b one more."""
    for arm, more in (("a", 0), ("b", 1)):
        lab.note(arm, [{"x": math.sqrt(seed) + more, "losses": [seed, 2.0]} for seed in lab.seeds])


EXAMPLE = Experiment(
    question="How much more?",
    words={"a": "the root", "b": "one more"},
    controls={"a": "would have been as large as b"},
    units={"x": ""},
    comparisons=[("b", "a")],
    run=run,
    measured=lambda found: {"losses": [record["losses"] for record in found]},
    shown=lambda found: {"x": np.array([record["x"] for record in found])},
)


@pytest.fixture
def experiment(monkeypatch):
    """Make a module of an experiment that takes no time."""
    module = ModuleType(NAME)
    module.EXPERIMENT = EXAMPLE
    monkeypatch.setitem(sys.modules, NAME, module)
    monkeypatch.setattr(runner, "code_hash", lambda module, name: f"hash of {name} in {module}")
    return module


def run_all(seeds, kept, executor=None, modules=(NAME,)):
    calls = []
    found = dict(run_experiments(modules, seeds, executor or Here(), calls.append, kept))
    return found, calls


def test_an_experiment_becomes_a_record(experiment, tmp_path):
    seeds = range(3, 15)
    found, calls = run_all(seeds, tmp_path)
    evidence, shown = found[NAME]
    assert sorted(calls) == [2, 5, 5]
    assert evidence.question == "How much more?"
    assert evidence.controls == EXAMPLE.controls
    assert evidence.words == EXAMPLE.words
    assert evidence.seeds == list(seeds)
    assert evidence.command == "python -m kdlab.experiments example"
    assert evidence.code_hash == f"hash of run in {NAME}"
    assert evidence.measured_hash == runner.measured_hash(NAME)
    assert {"python", "numpy", "torch", "scikit-learn"} <= evidence.versions.keys()
    assert {(entry["seed"], entry["arm"]) for entry in evidence.records} == {(s, a) for s in seeds for a in "ab"}
    assert all(entry.keys() == {"seed", "arm", "x"} for entry in evidence.records)
    assert evidence.summary["differences"]["b - a"]["x"]["mean"] == pytest.approx(1)
    assert evidence.summary["differences"]["b - a"]["x"]["wins"] == 12
    assert evidence.replay == {"seed": 3, "losses": {"a": [3, 2.0], "b": [3, 2.0]}}
    assert len(evidence.measured["losses"]) == 24
    assert shown["x"].shape == (24,)
    assert 0 <= evidence.duration_seconds < 60


def test_every_batch_is_run_once_and_none_is_too_large(experiment, monkeypatch, tmp_path):
    monkeypatch.setattr(runner, "BATCH", 4)
    executor = Here()
    run_all(range(10), tmp_path, executor)
    assert executor.jobs == [Job(NAME, (0, 1, 2, 3)), Job(NAME, (4, 5, 6, 7)), Job(NAME, (8, 9))]


def test_what_was_done_before_an_interruption_is_not_done_again(experiment, tmp_path):
    fails = [True]

    def interrupted(lab):
        if 10 in lab.seeds and fails[0]:
            raise RuntimeError("the power went")
        run(lab)

    experiment.EXPERIMENT = replace(EXAMPLE, run=interrupted)
    with pytest.raises(ExceptionGroup, match="all that was done is kept") as caught:
        run_all(range(20), tmp_path)
    (error,) = caught.value.exceptions
    assert (str(error), error.__notes__) == ("the power went", [f"In {NAME}, seeds 10 to 14."])
    fails[0] = False
    executor = Here()
    resumed, calls = run_all(range(20), tmp_path, executor)
    assert executor.jobs == [Job(NAME, (10, 11, 12, 13, 14))]
    assert sum(calls) == 20
    whole, _ = run_all(range(20), tmp_path / "another")
    assert resumed[NAME].evidence.records == whole[NAME].evidence.records
    assert resumed[NAME].evidence.measured == whole[NAME].evidence.measured


def test_batches_of_the_same_code_are_used_again_and_those_of_other_code_are_not(experiment, monkeypatch, tmp_path):
    executor = Here()
    run_all(range(4), tmp_path, executor)
    experiment.EXPERIMENT = replace(EXAMPLE, measured=lambda found: {"x": [record["x"] for record in found]})
    again, _ = run_all(range(4), tmp_path, executor)
    assert len(executor.jobs) == 1
    assert again[NAME].evidence.measured.keys() == {"x"}
    monkeypatch.setattr(runner, "code_hash", lambda module, name: "another")
    run_all(range(4), tmp_path, executor)
    assert len(executor.jobs) == 2
    assert len(list(tmp_path.rglob("*.json"))) == 1, "what was kept of other code is removed"


def test_what_is_said_otherwise_trains_nothing(experiment, tmp_path):
    evidence = run_all(range(4), tmp_path)[0][NAME].evidence
    other = replace(EXAMPLE, question="By how much?", comparisons=[("a", "b")], may_fail={"a": "it is a root"})
    assert runner.is_trained(NAME, evidence)
    anew = runner.said_anew(evidence, other)
    assert (anew.question, anew.exceptions) == ("By how much?", {"a": "it is a root"})
    assert anew.summary["differences"].keys() == {"a - b"}
    assert anew.records == evidence.records
    with pytest.raises(ValueError, match="words must be of exactly what is measured"):
        runner.said_anew(evidence, replace(EXAMPLE, words={"a": "the root", "c": "?"}))


@pytest.mark.parametrize("changed", ["run", "measured", "shown"])
def test_a_record_of_other_code_has_to_be_trained(experiment, monkeypatch, tmp_path, changed):
    evidence = run_all(range(4), tmp_path)[0][NAME].evidence
    same = runner.code_hash
    monkeypatch.setattr(runner, "code_hash", lambda module, name: "other" if name == changed else same(module, name))
    assert not runner.is_trained(NAME, evidence)


def test_experiments_share_the_processes_and_each_is_written_when_it_is_complete(experiment, monkeypatch, tmp_path):
    other = ModuleType("kdlab.experiments.other")
    vars(other).update({name: value for name, value in vars(experiment).items() if not name.startswith("__")})
    monkeypatch.setitem(sys.modules, other.__name__, other)
    found, calls = run_all(range(6), tmp_path, modules=(NAME, other.__name__))
    assert found.keys() == {NAME, other.__name__}
    assert sum(calls) == 12


def test_an_experiment_that_fails_does_not_stop_the_others(experiment, monkeypatch, tmp_path):
    other = ModuleType("kdlab.experiments.other")
    other.EXPERIMENT = replace(EXAMPLE, run=lambda lab: 1 / 0)
    monkeypatch.setitem(sys.modules, other.__name__, other)
    running = run_experiments([other.__name__, NAME], range(6), Here(), lambda _: None, tmp_path)
    assert next(running)[0] == NAME
    with pytest.raises(ExceptionGroup) as caught:
        next(running)
    assert [type(error) for error in caught.value.exceptions] == 2 * [ZeroDivisionError]


@pytest.mark.parametrize("units", [{}, {"x": "", "y": "%"}])
def test_every_measure_has_a_unit(experiment, tmp_path, units):
    experiment.EXPERIMENT = replace(EXAMPLE, units=units)
    with pytest.raises(ExceptionGroup) as caught:
        run_all(range(4), tmp_path)
    assert "units must be of exactly what is measured" in str(caught.value.exceptions[0])


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_number_that_is_none_stops_the_run(experiment, tmp_path, bad):
    experiment.EXPERIMENT = replace(EXAMPLE, run=lambda lab: lab.note("a", [{"x": bad} for _ in lab.seeds]))
    with pytest.raises(ExceptionGroup) as caught:
        run_all(range(4), tmp_path)
    assert "JSON" in str(caught.value.exceptions[0])
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize("seeds", [[], [1], [1, 2, 1]])
def test_bad_seeds(experiment, seeds, tmp_path):
    with pytest.raises(ValueError, match="seeds must be at least two, each once"):
        run_all(seeds, tmp_path)


# --- real processes, and a cluster ----------------------------------------------------------------------------------

ON_DISK = """
import os
from kdlab.experiments.experiment import Experiment
def run(lab):
    lab.note("a", [{"x": float(seed), "process": [os.getpid()]} for seed in lab.seeds])
def measured(records):
    return {"processes": [record["process"][0] for record in records]}
EXPERIMENT = Experiment("Where?", {"a": "there"}, {}, {"x": ""}, [], run, measured)
"""


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    """Write an experiment that other processes can import, and say where it lies."""
    (tmp_path / "example_on_disk.py").write_text(ON_DISK, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    monkeypatch.setattr(runner, "code_hash", lambda module, name: "hash")
    return "example_on_disk"


def test_processes_of_this_machine(on_disk, tmp_path):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        found, _ = run_all(range(8), tmp_path / "kept", executor, modules=(on_disk,))
    evidence = found[on_disk].evidence
    assert [record["x"] for record in evidence.records] == list(range(8))
    assert multiprocessing.current_process().pid not in evidence.measured["processes"]


def test_a_cluster_of_separate_processes(on_disk, tmp_path):
    scheduler = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
        + ["--scheduler-file", str(tmp_path / "scheduler.json")],
        stderr=subprocess.DEVNULL,
    )
    worker = subprocess.Popen(
        [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(tmp_path / "scheduler.json")]
        + ["--nworkers", "2", "--nthreads", "1", "--no-dashboard", "--local-directory", str(tmp_path)],
        stderr=subprocess.DEVNULL,
    )
    try:
        address = address_in(tmp_path / "scheduler.json")
        with __main__.executor_of(1, address) as executor:
            found, calls = run_all(range(10), tmp_path / "kept", executor, modules=(on_disk,))
    finally:
        for process in (worker, scheduler):
            process.terminate()
            process.wait(30)
    assert sum(calls) == 10
    evidence = found[on_disk].evidence
    assert [record["x"] for record in evidence.records] == list(range(10))
    assert multiprocessing.current_process().pid not in evidence.measured["processes"]


def address_in(file):
    """Wait for the scheduler to say where it listens."""
    import json
    import time

    for _ in range(300):
        if file.exists() and file.read_text():
            return json.loads(file.read_text())["address"]
        time.sleep(0.1)
    raise TimeoutError("the scheduler did not start within 30 s")


# --- the command ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["nonsense", "data", "../temperature", "temperature.json", "runner"])
def test_the_command_refuses_what_is_no_experiment(name, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["experiments", name])
    with pytest.raises(SystemExit) as leaving:
        __main__.main()
    assert leaving.value.code == 2
    assert f"{name!r} was given" in capsys.readouterr().err


def test_the_command_refuses_no_process(monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["experiments", "--processes", "0"])
    with pytest.raises(SystemExit):
        __main__.main()
    assert "--processes must be at least 1; 0 was given" in capsys.readouterr().err


@pytest.fixture
def command(experiment, monkeypatch, tmp_path):
    """Return a function that runs the command on the example, in folders of its own, and returns what it ran."""
    monkeypatch.setattr(__main__, "names_of_experiments", lambda: ["example"])
    monkeypatch.setattr(runner, "KEPT", tmp_path / "kept")
    monkeypatch.setattr(runner.run_experiments, "__defaults__", (tmp_path / "kept",))
    for function in (records.read, records.write, records.write_shown, records.shown):
        monkeypatch.setattr(function, "__defaults__", (tmp_path,))

    def call(*arguments):
        executor = Here()
        monkeypatch.setattr(__main__, "ProcessPoolExecutor", lambda processes, mp_context: executor)
        monkeypatch.setattr("sys.argv", ["experiments", *arguments])
        __main__.main()
        return executor.jobs

    return call


def test_the_command_runs_twenty_seeds_and_writes(command, capsys):
    assert len(command("example", "example")) == 4
    printed = capsys.readouterr()
    assert "20/20" in printed.err
    assert "example.json written" in printed.out + printed.err
    assert records.read("example").seeds == list(range(20))
    assert records.shown("example")["x"].shape == (40,)


def test_the_command_trains_only_what_has_changed(command, experiment, monkeypatch):
    assert len(command()) == 4
    experiment.EXPERIMENT = replace(EXAMPLE, question="By how much?")
    assert command() == []
    assert records.read("example").question == "By how much?"
    monkeypatch.setattr(runner, "measured_hash", lambda module: "another")
    assert command() == []
    assert records.read("example").measured_hash == "another"
    assert len(command("--afresh")) == 4
