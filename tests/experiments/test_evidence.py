"""Every record: is it of this code, does a seed replay, can it be refuted, do its parts agree.

One seed of each experiment is run again. The first losses of training replay at 1e-4; measures of trained networks end
within the bounds their experiment has set beforehand; measures without a bound are closed forms and replay to the
digits that are written. Times, whose names end in "_seconds", are never compared.
"""

import importlib
import math
from functools import cache

import numpy as np
import pytest
from kdlab.experiments.code_hash import code_hash

from kdlab.experiments import record
from kdlab.experiments.__main__ import names_of_experiments
from kdlab.experiments.summary import summarise

NAMES = names_of_experiments()
LOSS_TOLERANCE = 1e-4  # relative, over the first 20 steps
WRITTEN = 5.1e-6  # relative: half a unit of the last of 6 digits, and a little rounding

everywhere = pytest.mark.parametrize("name", NAMES)


def module(name):
    return importlib.import_module(f"kdlab.experiments.{name}")


@cache
def evidence(name):
    return record.read(name)


@cache
def replayed(name):
    """Run the replayed seed again, once for all tests."""
    return {entry["arm"]: entry for entry in module(name).run([evidence(name).replay["seed"]])}


def is_time(measure):
    return measure.endswith("_seconds")


def test_the_experiments_are_found():
    assert "temperature" in NAMES
    assert {path.stem for path in record.RESULTS.glob("*.json")} == set(NAMES)


@everywhere
def test_the_record_is_of_this_code(name):
    now = code_hash(f"kdlab.experiments.{name}")
    assert evidence(name).code_hash == now, f"the code has changed since the record: run `{evidence(name).command}`"


@everywhere
def test_the_record_has_twenty_seeds_of_every_arm(name):
    entries, arms = evidence(name).records, {entry["arm"] for entry in evidence(name).records}
    assert len(evidence(name).seeds) >= 20
    assert sorted((entry["arm"], entry["seed"]) for entry in entries) == sorted(
        (arm, seed) for arm in arms for seed in evidence(name).seeds
    )
    assert (record.RESULTS / f"{name}.json").stat().st_size < 600_000


@everywhere
def test_something_could_have_refuted_it(name):
    controls, arms = evidence(name).controls, {entry["arm"] for entry in evidence(name).records}
    assert controls == module(name).CONTROLS
    assert controls
    for control, meaning in controls.items():
        assert set(control.split(" - ")) <= arms, control
        assert meaning.startswith("would have ")


@everywhere
def test_comparisons_name_arms_and_question_and_command_are_there(name):
    arms = {entry["arm"] for entry in evidence(name).records}
    assert {arm for pair in module(name).COMPARISONS for arm in pair} <= arms
    assert evidence(name).question == module(name).QUESTION
    assert evidence(name).command == f"python -m kdlab.experiments {name}"


@everywhere
def test_the_summary_is_that_of_the_records(name):
    def compare(summary, expected):
        assert summary.keys() == expected.keys()
        for key, value in expected.items():
            if isinstance(value, dict):
                compare(summary[key], value)
            else:
                assert summary[key] == pytest.approx(value, rel=WRITTEN, abs=1e-12), key

    compare(evidence(name).summary, summarise(evidence(name).records, module(name).COMPARISONS))


@everywhere
def test_measures_are_in_their_range(name):
    for entry in evidence(name).records:
        for measure, value in entry.items():
            if measure in ("accuracy", "agreement", "minority_accuracy", "majority_accuracy", "recall"):
                assert 0 <= value <= 1, (measure, value)
            if measure in ("kl", "ece", "nll", "brier") or is_time(measure):
                assert value >= 0, (measure, value)


@everywhere
def test_first_losses_replay(name):
    recorded = evidence(name).replay["losses"]
    assert recorded.keys() == {arm for arm, entry in replayed(name).items() if "losses" in entry}
    for arm, losses in recorded.items():
        assert len(losses) <= 20
        np.testing.assert_allclose(replayed(name)[arm]["losses"], losses, rtol=LOSS_TOLERANCE, err_msg=arm)


@everywhere
def test_measures_replay(name):
    bounds = module(name).BOUNDS
    recorded = [entry for entry in evidence(name).records if entry["seed"] == evidence(name).replay["seed"]]
    assert {entry["arm"] for entry in recorded} == replayed(name).keys()
    for entry in recorded:
        again = replayed(name)[entry["arm"]]
        for measure in entry.keys() - {"seed", "arm"}:
            if is_time(measure):
                continue
            if isinstance(entry[measure], str):
                assert again[measure] == entry[measure]
            elif measure in bounds:
                assert math.isclose(again[measure], entry[measure], rel_tol=0, abs_tol=bounds[measure]), (entry, again)
            else:
                assert math.isclose(again[measure], entry[measure], rel_tol=WRITTEN, abs_tol=1e-9), (entry, measure)


@everywhere
@pytest.mark.parametrize(("seeds", "error"), [([], ValueError), ([-1], ValueError), ([0.5], TypeError)])
def test_bad_seeds(name, seeds, error):
    with pytest.raises(error, match="seed"):
        module(name).run(seeds)
