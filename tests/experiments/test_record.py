import json
import os
from dataclasses import replace

import pytest

from kdlab.experiments.record import Evidence, read, write

EVIDENCE = Evidence(
    question="Does it work?",
    controls={"a": "might have been right"},
    units={"kl": "nats"},
    seeds=[0, 1],
    versions={"python": "3.11"},
    command="python -m kdlab.experiments example",
    duration_seconds=1.5,
    code_hash="0" * 64,
    records=[{"seed": 0, "arm": "a", "kl": 0.125}, {"seed": 1, "arm": "a", "kl": 0.25}],
    summary={"arms": {"a": {"kl": {"mean": 0.1875}}}, "differences": {}},
    replay={"seed": 0, "losses": {"a": [2.0, 1.0]}},
    measured={"pixels": [[0.0, 1.0]], "rule": "the first"},
)


def test_what_is_written_is_read(tmp_path):
    path = write("example", EVIDENCE, tmp_path)
    assert path == tmp_path / "example.json"
    assert read("example", tmp_path) == EVIDENCE
    assert [p.name for p in tmp_path.iterdir()] == ["example.json"]
    assert path.stat().st_mode & 0o777 == 0o644


def test_numbers_are_rounded_to_six_digits(tmp_path):
    write("example", replace(EVIDENCE, measured={"x": [1 / 3, -123456.789, 1e-9 / 7, 0.0, 2]}), tmp_path)
    assert read("example", tmp_path).measured["x"] == [0.333333, -123457.0, 1.42857e-10, 0.0, 2]


@pytest.mark.parametrize(
    ("bad", "error"), [(float("nan"), ValueError), (float("inf"), ValueError), ({1, 2}, TypeError)]
)
def test_a_record_that_cannot_be_written_leaves_the_old_one(tmp_path, bad, error):
    write("example", EVIDENCE, tmp_path)
    with pytest.raises(error):
        write("example", replace(EVIDENCE, measured={"x": bad}), tmp_path)
    assert read("example", tmp_path) == EVIDENCE
    assert [p.name for p in tmp_path.iterdir()] == ["example.json"]


def test_a_write_that_is_cut_off_leaves_the_old_one(tmp_path, monkeypatch):
    write("example", EVIDENCE, tmp_path)

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write("example", replace(EVIDENCE, question="Another?"), tmp_path)
    assert read("example", tmp_path) == EVIDENCE
    assert [p.name for p in tmp_path.iterdir()] == ["example.json"]


def test_a_record_of_an_experiment_not_yet_run(tmp_path):
    with pytest.raises(FileNotFoundError, match="run `python -m kdlab.experiments example` first"):
        read("example", tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", json.dumps({"question": "?"})])
def test_a_file_that_is_no_record(tmp_path, text):
    (tmp_path / "example.json").write_text(text)
    with pytest.raises(ValueError, match=r"example\.json must be a record"):
        read("example", tmp_path)


@pytest.mark.parametrize("name", ["../example", "a/b", "", "a.json"])
def test_a_name_that_is_a_path(tmp_path, name):
    with pytest.raises(ValueError, match="name must be the plain name"):
        write(name, EVIDENCE, tmp_path)
    with pytest.raises(ValueError, match="name must be the plain name"):
        read(name, tmp_path)
