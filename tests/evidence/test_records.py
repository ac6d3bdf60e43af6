import json
import os
from dataclasses import replace

import numpy as np
import pytest

from kdlab.evidence.records import Evidence, read, shown, write, write_shown

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
    words={"a": "the first arm"},
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


def test_a_record_is_read_once_and_again_when_it_has_changed(tmp_path):
    path = write("example", EVIDENCE, tmp_path)
    assert read("example", tmp_path) is read("example", tmp_path)
    write("example", replace(EVIDENCE, question="Another?"), tmp_path)
    os.utime(path, ns=(0, 0))
    assert read("example", tmp_path).question == "Another?"


def test_a_record_that_is_too_large_leaves_the_old_one(tmp_path):
    write("example", EVIDENCE, tmp_path)
    with pytest.raises(ValueError, match=r"example\.json must be of at most 600,000 bytes; it would be of 1,0"):
        write("example", replace(EVIDENCE, question="?" * 1_000_000), tmp_path)
    assert read("example", tmp_path) == EVIDENCE


ARRAYS = {
    "weights": np.linspace(0, 1, 12, dtype=np.float16).reshape(3, 4),
    "seed_0/classes": np.arange(5, dtype=np.uint8),
}


def with_shown(folder, arrays=ARRAYS):
    write("example", replace(EVIDENCE, shown_hash=write_shown("example", arrays, folder)), folder)


def test_arrays_that_are_shown_come_back_as_they_were(tmp_path):
    with_shown(tmp_path)
    found = shown("example", tmp_path)
    assert found.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)


def test_the_same_arrays_make_the_same_bytes_at_any_time(tmp_path, monkeypatch):
    import time

    first = write_shown("example", ARRAYS, tmp_path)
    monkeypatch.setattr(time, "localtime", lambda *_: time.struct_time((2030, 1, 1, 0, 0, 0, 0, 1, 0)))
    assert write_shown("example", ARRAYS, tmp_path) == first
    assert write_shown("example", ARRAYS | {"weights": ARRAYS["weights"] + 1}, tmp_path) != first


def test_arrays_of_another_run_are_refused(tmp_path):
    with_shown(tmp_path)
    write_shown("example", {"weights": np.zeros(3)}, tmp_path)
    with pytest.raises(ValueError, match=r"example\.npz must be the file that the record names"):
        shown("example", tmp_path)


def test_an_experiment_that_shows_nothing_has_no_file(tmp_path):
    with_shown(tmp_path)
    with_shown(tmp_path, {})
    assert shown("example", tmp_path) == {}
    assert not (tmp_path / "shown" / "example.npz").exists()


@pytest.mark.parametrize("array", [np.array([object()]), np.random.default_rng(0).random(30_000)])
def test_arrays_that_are_too_large_or_no_numbers(tmp_path, array):
    with pytest.raises(ValueError, match="allow_pickle|at most 200,000 bytes"):
        write_shown("example", {"x": array}, tmp_path)
    assert not (tmp_path / "shown" / "example.npz").exists()


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
