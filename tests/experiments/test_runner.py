"""The runner: batches in processes and on a cluster, interrupted and resumed, and the record that comes out."""

import math
import multiprocessing
import subprocess
import sys
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from types import ModuleType

import pytest

from kdlab.experiments import __main__, record, runner
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


@pytest.fixture
def experiment(monkeypatch):
    """Make an experiment that takes no time: arm b is one more than arm a, which is the square root of the seed."""

    def run(seeds):
        return [
            {"seed": seed, "arm": arm, "x": math.sqrt(seed) + more, "losses": [seed, 2.0]}
            for arm, more in (("a", 0), ("b", 1))
            for seed in seeds
        ]

    module = ModuleType(NAME)
    module.QUESTION, module.COMPARISONS, module.run = "How much more?", [("b", "a")], run
    module.UNITS = {"x": ""}
    module.CONTROLS = {"a": "might have been as large as b"}
    module.measured = lambda records: {"losses": [record["losses"] for record in records]}
    monkeypatch.setitem(sys.modules, NAME, module)
    monkeypatch.setattr(runner, "code_hash", lambda name: f"hash of {name}")
    return module


def run_all(seeds, kept, executor=None, modules=(NAME,)):
    calls = []
    found = dict(run_experiments(modules, seeds, executor or Here(), calls.append, kept))
    return found, calls


def test_an_experiment_becomes_a_record(experiment, tmp_path):
    seeds = range(3, 15)
    found, calls = run_all(seeds, tmp_path)
    evidence = found[NAME]
    assert sorted(calls) == [2, 5, 5]
    assert evidence.question == "How much more?"
    assert evidence.controls == experiment.CONTROLS
    assert evidence.seeds == list(seeds)
    assert evidence.command == "python -m kdlab.experiments example"
    assert evidence.code_hash == f"hash of {NAME}"
    assert {"python", "numpy", "torch", "scikit-learn"} <= evidence.versions.keys()
    assert {(entry["seed"], entry["arm"]) for entry in evidence.records} == {(s, a) for s in seeds for a in "ab"}
    assert all(entry.keys() == {"seed", "arm", "x"} for entry in evidence.records)
    assert evidence.summary["differences"]["b - a"]["x"]["mean"] == pytest.approx(1)
    assert evidence.summary["differences"]["b - a"]["x"]["wins"] == 12
    assert evidence.replay == {"seed": 3, "losses": {"a": [3, 2.0], "b": [3, 2.0]}}
    assert len(evidence.measured["losses"]) == 24
    assert 0 <= evidence.duration_seconds < 60
    assert list(tmp_path.iterdir()) == []


def test_every_batch_is_run_once_and_none_is_too_large(experiment, monkeypatch, tmp_path):
    monkeypatch.setattr(runner, "BATCH", 4)
    executor = Here()
    run_all(range(10), tmp_path, executor)
    assert executor.jobs == [Job(NAME, (0, 1, 2, 3)), Job(NAME, (4, 5, 6, 7)), Job(NAME, (8, 9))]


def test_what_was_done_before_an_interruption_is_not_done_again(experiment, tmp_path):
    run, fails = experiment.run, [True]

    def interrupted(seeds):
        if 10 in seeds and fails[0]:
            raise RuntimeError("the power went")
        return run(seeds)

    experiment.run = interrupted
    with pytest.raises(RuntimeError, match="the power went"):
        run_all(range(20), tmp_path)
    fails[0] = False
    executor = Here()
    resumed, calls = run_all(range(20), tmp_path, executor)
    assert Job(NAME, (10, 11, 12, 13, 14)) in executor.jobs
    assert len(executor.jobs) < 4
    assert sum(calls) == 20
    whole, _ = run_all(range(20), tmp_path)
    assert resumed[NAME].records == whole[NAME].records
    assert resumed[NAME].measured == whole[NAME].measured


def test_batches_of_other_code_are_not_used(experiment, monkeypatch, tmp_path):
    generator = run_experiments([NAME], range(4), Here(), lambda _: None, tmp_path)
    next(generator)
    generator.close()  # as if writing the record had failed
    assert list(tmp_path.rglob("*.json"))
    executor = Here()
    run_all(range(4), tmp_path, executor)
    assert executor.jobs == []
    generator = run_experiments([NAME], range(4), Here(), lambda _: None, tmp_path)
    next(generator)
    generator.close()
    monkeypatch.setattr(runner, "code_hash", lambda name: "another")
    run_all(range(4), tmp_path, executor)
    assert len(executor.jobs) == 1


def test_experiments_share_the_processes_and_each_is_written_when_it_is_complete(experiment, monkeypatch, tmp_path):
    other = ModuleType("kdlab.experiments.other")
    vars(other).update({name: value for name, value in vars(experiment).items() if not name.startswith("__")})
    monkeypatch.setitem(sys.modules, other.__name__, other)
    found, calls = run_all(range(6), tmp_path, modules=(NAME, other.__name__))
    assert found.keys() == {NAME, other.__name__}
    assert sum(calls) == 12


@pytest.mark.parametrize("units", [{}, {"x": "", "y": "%"}])
def test_every_measure_has_a_unit(experiment, tmp_path, units):
    experiment.UNITS = units
    with pytest.raises(ValueError, match="UNITS must name exactly what is measured"):
        run_all(range(4), tmp_path)


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_a_number_that_is_none_stops_the_run(experiment, tmp_path, bad):
    experiment.run = lambda seeds: [{"seed": seed, "arm": "a", "x": bad} for seed in seeds]
    with pytest.raises(ValueError, match="JSON"):
        run_all(range(4), tmp_path)
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.parametrize("seeds", [[], [1], [1, 2, 1]])
def test_bad_seeds(experiment, seeds, tmp_path):
    with pytest.raises(ValueError, match="seeds must be at least two, each once"):
        run_all(seeds, tmp_path)


# --- real processes, and a cluster ----------------------------------------------------------------------------------

EXAMPLE = """
import os
QUESTION, COMPARISONS, CONTROLS, UNITS = "Where?", [], {}, {"x": ""}
def run(seeds):
    return [{"seed": seed, "arm": "a", "x": float(seed), "process": [os.getpid()]} for seed in seeds]
def measured(records):
    return {"processes": [record["process"][0] for record in records]}
"""


@pytest.fixture
def on_disk(tmp_path, monkeypatch):
    """Write an experiment that other processes can import, and say where it lies."""
    (tmp_path / "example_on_disk.py").write_text(EXAMPLE, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(runner, "code_hash", lambda name: "hash")
    return "example_on_disk"


def test_processes_of_this_machine(on_disk, tmp_path):
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        found, _ = run_all(range(8), tmp_path / "kept", executor, modules=(on_disk,))
    evidence = found[on_disk]
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
    evidence = found[on_disk]
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


def test_the_command_runs_twenty_seeds_and_writes(experiment, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["experiments", "example", "example"])
    monkeypatch.setattr(__main__, "names_of_experiments", lambda: ["example"])
    monkeypatch.setattr(__main__, "ProcessPoolExecutor", lambda processes, mp_context: Here())
    monkeypatch.setattr(runner.run_experiments, "__defaults__", (tmp_path / "kept",))
    write = record.write
    monkeypatch.setattr(record, "write", lambda name, evidence: write(name, evidence, tmp_path))
    __main__.main()
    printed = capsys.readouterr()
    assert "20/20" in printed.err
    assert "example.json written" in printed.out + printed.err
    assert record.read("example", tmp_path).seeds == list(range(20))
