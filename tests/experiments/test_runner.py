import math
from types import ModuleType

import pytest

from kdlab.experiments import __main__, record, runner


@pytest.fixture
def experiment(monkeypatch):
    """Make an experiment that takes no time: arm b is one more than arm a, which is the square root of the seed."""

    def run(seeds):
        return [
            {"seed": seed, "arm": arm, "x": math.sqrt(seed) + more, "losses": [seed, 2.0]}
            for arm, more in (("a", 0), ("b", 1))
            for seed in seeds
        ]

    module = ModuleType("kdlab.experiments.example")
    module.QUESTION, module.COMPARISONS, module.run = "How much more?", [("b", "a")], run
    module.measured = lambda records: {"losses": [record["losses"] for record in records]}
    monkeypatch.setattr(runner, "code_hash", lambda name: f"hash of {name}")
    return module


def test_an_experiment_becomes_a_record(experiment):
    seeds, calls = range(3, 15), []
    evidence = runner.run_experiment(experiment, seeds, lambda done, total: calls.append((done, total)))
    assert calls == [(0, 12), (5, 12), (10, 12), (12, 12)]
    assert evidence.question == "How much more?"
    assert evidence.seeds == list(seeds)
    assert evidence.command == "python -m kdlab.experiments example"
    assert evidence.code_hash == "hash of kdlab.experiments.example"
    assert evidence.versions.keys() == {"python", "numpy", "torch", "scikit-learn"}
    assert {(entry["seed"], entry["arm"]) for entry in evidence.records} == {(s, a) for s in seeds for a in "ab"}
    assert all(entry.keys() == {"seed", "arm", "x"} for entry in evidence.records)
    assert evidence.summary["differences"]["b - a"]["x"]["mean"] == pytest.approx(1)
    assert evidence.summary["differences"]["b - a"]["x"]["wins"] == 12
    assert evidence.replay == {"seed": 3, "losses": {"a": [3, 2.0], "b": [3, 2.0]}}
    assert len(evidence.measured["losses"]) == 24
    assert 0 <= evidence.duration_seconds < 60


def test_every_batch_is_run_once_and_none_is_too_large(experiment, monkeypatch):
    monkeypatch.setattr(runner, "BATCH", 4)
    sizes = []
    run = experiment.run
    records = runner.run_in_batches(lambda batch: (sizes.append(len(batch)), run(batch))[1], range(10), lambda *_: None)
    assert sizes == [4, 4, 2]
    assert sorted(entry["seed"] for entry in records if entry["arm"] == "a") == list(range(10))


@pytest.mark.parametrize("seeds", [[], [1], [1, 2, 1]])
def test_bad_seeds(experiment, seeds):
    with pytest.raises(ValueError, match="seeds must be at least two, each once"):
        runner.run_experiment(experiment, seeds, lambda *_: None)


@pytest.mark.parametrize("name", ["nonsense", "data", "../temperature", "temperature.json"])
def test_the_command_refuses_what_is_no_experiment(name, monkeypatch, capsys):
    monkeypatch.setattr("sys.argv", ["experiments", name])
    with pytest.raises(SystemExit) as leaving:
        __main__.main()
    assert leaving.value.code == 2
    assert f"names must be of temperature; {name!r} was given" in capsys.readouterr().err


def test_the_command_runs_twenty_seeds_and_writes(experiment, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("sys.argv", ["experiments", "temperature"])
    monkeypatch.setattr(__main__.importlib, "import_module", lambda name: experiment)
    write = record.write
    monkeypatch.setattr(record, "write", lambda name, evidence: write(name, evidence, tmp_path))
    __main__.main()
    printed = capsys.readouterr()
    assert "temperature: 20 of 20 seeds" in printed.err
    assert printed.out.endswith("temperature.json written\n")
    assert record.read("temperature", tmp_path).seeds == list(range(20))
