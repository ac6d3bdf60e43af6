"""Two runs beside one another: what is compared, what agrees, and what the command writes."""

import json
from dataclasses import replace

import pytest

from evidence.test_records import EVIDENCE
from kdlab.evidence import records, witness
from kdlab.evidence.witness import Twice, Witness, compare, main, witnesses


def number(mean, half_width):
    return {"mean": mean, "half_width": half_width, "n": 20, "wins": 3, "ties": 0}


def run(**measures):
    return replace(EVIDENCE, summary={"arms": {}, "differences": {"b - a": measures, "c - a": measures}})


ONE = run(kl=number(0.12345678, 0.05), x=number(1.0, 0.1), batch_1_seconds=number(1.0, 0.1), gone=number(1, 1))
OTHER = run(kl=number(0.12345123, 0.05), x=number(1.15, 0.1), batch_1_seconds=number(3.0, 0.1))


def test_what_both_runs_have_is_compared_and_what_is_the_same_stands_once():
    found = compare(ONE, OTHER)
    assert found == {pair: {"kl": [0.1235, 0.05], "x": [1.0, 0.1, 1.15, 0.1]} for pair in ("b - a", "c - a")}


@pytest.mark.parametrize(
    ("numbers", "agrees", "same", "alike"),
    [
        ((1.0, 0.3, 1.0, 0.3), True, True, True),
        ((1.0, 0.3, 1.4, 0.4), True, False, True),
        ((1.0, 0.3, 1.51, 0.4), False, False, True),
        ((0.2, 0.3, 0.4, 0.3), True, False, False),
        ((-0.4, 0.3, 0.4, 0.3), False, False, True),
        ((0.0, 0.0, 0.0, 0.0), True, True, True),
        ((1.0, 0.0, 1.001, 0.0), False, False, True),
    ],
)
def test_what_agrees(numbers, agrees, same, alike):
    twice = Twice(*numbers)
    assert (twice.agrees, twice.is_the_same, twice.decides_alike) == (agrees, same, alike)


@pytest.fixture
def folders(tmp_path, monkeypatch):
    for folder, evidence in (("results", ONE), ("other", OTHER)):
        records.write("example", evidence, tmp_path / folder)
        records.write(f"only_in_{folder}", evidence, tmp_path / folder)
    monkeypatch.setattr(witness, "RESULTS", tmp_path / "results")
    return tmp_path


def arguments(folders, name="second", other="other"):
    return [name, str(folders / other), "--what", "On two machines.", "--records", str(folders / "results")]


def test_the_command_writes_what_is_read(folders, capsys):
    main(arguments(folders))
    (found,) = witnesses(folders / "results").values()
    assert found == Witness("On two machines.", {"example": compare(ONE, OTHER)})
    assert [(n.difference, n.measure) for n in found.named()] == [
        (pair, measure) for pair in ("b - a", "c - a") for measure in ("kl", "x")
    ]
    printed = capsys.readouterr().out.splitlines()
    assert printed == [f"example: {pair} x does not agree: (1.0, 0.1, 1.15, 0.1)" for pair in ("b - a", "c - a")]
    assert json.loads((folders / "results" / "witness" / "second.json").read_text())["what"] == "On two machines."


@pytest.mark.parametrize(("name", "other"), [("../second", "other"), ("second", "nowhere")])
def test_the_command_refuses_other_names_and_empty_folders(folders, capsys, name, other):
    with pytest.raises(SystemExit):
        main(arguments(folders, name, other))
    assert "was given" in capsys.readouterr().err
    assert witnesses(folders / "results") == {}


def test_the_committed_witnesses_are_of_committed_records():
    found = witnesses()
    assert found
    for of_one in found.values():
        assert of_one.what.endswith(".")
        assert {named.experiment for named in of_one.named()} <= {path.stem for path in records.RESULTS.glob("*.json")}
        assert sum(named.twice.agrees for named in of_one.named()) > 0.99 * len(list(of_one.named()))
