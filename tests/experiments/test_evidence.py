"""Every record: is it of this code, does a seed replay, can it be refuted, do its parts agree.

One seed of an experiment is run again, and must give what is written: the first losses within 1e-5, every measure to
its 6 digits, on every processor. Times are never compared.
"""

import importlib

import numpy as np
import pytest

from kdlab.evidence import records
from kdlab.evidence.code_hash import code_hash, used_by
from kdlab.evidence.intervals import summarise
from kdlab.evidence.records import is_time
from kdlab.experiments import runner
from kdlab.experiments.__main__ import names_of_experiments
from kdlab.experiments.replay import WRITTEN, differences, replayed_records

NAMES = names_of_experiments()

LONG = 250  # seconds of processor for all seeds of a record; `make test-all` replays the longer ones too

everywhere = pytest.mark.parametrize("name", NAMES)
replayed = pytest.mark.parametrize(
    "name",
    [pytest.param(n, marks=pytest.mark.slow if records.read(n).duration_seconds > LONG else ()) for n in NAMES],
)


def experiment(name):
    return importlib.import_module(f"kdlab.experiments.{name}").EXPERIMENT


def test_every_record_has_its_experiment():
    assert {path.stem for path in records.RESULTS.glob("*.json")} == set(NAMES)
    assert {path.stem for path in records.RESULTS.glob("shown/*.npz")} == {n for n in NAMES if experiment(n).shown}


@everywhere
def test_what_is_hashed_is_what_is_run(name):
    module, said = importlib.import_module(f"kdlab.experiments.{name}"), experiment(name)
    assert (said.run, said.measured) == (module.run, module.measured)
    assert said.shown in (None, getattr(module, "shown", None))
    assert "Lab" in {s.name for s in used_by(module.__name__, "run")["kdlab.experiments.lab"] if hasattr(s, "name")}


@everywhere
def test_the_record_is_of_this_code(name):
    module, evidence = f"kdlab.experiments.{name}", records.read(name)
    assert evidence.code_hash == code_hash(module, "run"), f"run `{evidence.command}`"
    assert evidence.measured_hash == runner.measured_hash(module), f"run `{evidence.command}`"


@everywhere
def test_the_record_is_of_the_locked_versions(name):
    lines = (records.RESULTS.parent / "requirements.lock").read_text(encoding="utf-8").splitlines()
    locked = dict(line.partition(" ")[0].split("==") for line in lines if "==" in line)
    of_record = {package: version.partition("+")[0] for package, version in records.read(name).versions.items()}
    assert of_record.pop("python")
    assert of_record.items() <= locked.items()


@everywhere
def test_the_record_says_what_the_experiment_says(name):
    evidence, said = records.read(name), experiment(name)
    assert (evidence.question, evidence.controls, evidence.units) == (said.question, said.controls, said.units)
    assert (evidence.words, evidence.exceptions) == (said.words, {**said.may_fail, **said.may_copy})
    assert evidence.command == f"python -m kdlab.experiments {name}"


@everywhere
def test_the_record_has_twenty_seeds_of_every_arm(name):
    evidence = records.read(name)
    arms = {entry["arm"] for entry in evidence.records}
    assert len(evidence.seeds) >= 20
    assert sorted((entry["arm"], entry["seed"]) for entry in evidence.records) == sorted(
        (arm, seed) for arm in arms for seed in evidence.seeds
    )
    assert evidence.words.keys() == arms
    assert len(set(evidence.words.values())) == len(arms), "no two arms are the same in words"


@everywhere
def test_something_could_have_refuted_it(name):
    controls, arms = records.read(name).controls, {entry["arm"] for entry in records.read(name).records}
    assert controls
    for control, meaning in controls.items():
        assert set(control.split(" - ")) <= arms, control
        assert meaning.startswith("would have ")
    assert {arm for pair in experiment(name).comparisons for arm in pair} <= arms


@everywhere
def test_what_may_fail_or_copy_is_said_in_words(name):
    for arm, reason in records.read(name).exceptions.items():
        assert len(reason.split()) >= 4, arm


@everywhere
def test_the_summary_is_that_of_the_records(name):
    def compare(summary, expected):
        assert summary.keys() == expected.keys()
        for key, value in expected.items():
            if isinstance(value, dict):
                compare(summary[key], value)
            else:
                assert summary[key] == pytest.approx(value, rel=WRITTEN, abs=1e-12), key

    compare(records.read(name).summary, summarise(records.read(name).records, experiment(name).comparisons))


@everywhere
def test_measures_are_in_their_range(name):
    for entry in records.read(name).records:
        for measure, value in entry.items():
            if measure in ("accuracy", "agreement", "minority_accuracy", "majority_accuracy", "recall"):
                assert 0 <= value <= 1, (measure, value)
            if measure in ("kl", "ece", "nll", "brier") or is_time(measure):
                assert value >= 0, (measure, value)


@everywhere
def test_what_is_shown_is_that_of_the_record(name):
    arrays = records.shown(name)
    assert bool(arrays) == (experiment(name).shown is not None)
    assert all(np.isfinite(array).all() for array in arrays.values() if array.dtype.kind == "f")


@replayed
def test_a_seed_replays(name, replay):
    evidence = records.read(name)
    recorded = replayed_records(evidence)
    assert any("losses" in record for record in recorded)
    assert list(differences(replay(name), recorded)) == []


@replayed
def test_a_seed_is_all_that_the_experiment_speaks_of(name, replay):
    said = experiment(name)
    assert {record["arm"] for record in replay(name)} == said.words.keys()
    assert {measure for record in replay(name) for measure in runner.numbers_of(record)} == {"seed", "arm", *said.units}
    assert said.measured(records.rounded(replay(name))).keys() == records.read(name).measured.keys()


@everywhere
@pytest.mark.parametrize(("seeds", "error"), [([], ValueError), ([-1], ValueError), ([0.5], TypeError)])
def test_bad_seeds(name, seeds, error):
    with pytest.raises(error, match="seed"):
        experiment(name).records(seeds)
