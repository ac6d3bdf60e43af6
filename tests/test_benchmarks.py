"""Every benchmark runs, and one that fails does not take the others with it."""

import subprocess
import sys
import types
from pathlib import Path

import pytest

from benchmarks import __main__ as benchmarks

REPOSITORY = Path(__file__).parents[1]


@pytest.mark.slow
@pytest.mark.parametrize("name", benchmarks.NAMES)
def test_every_benchmark_runs_in_its_smallest_form(name):
    command = [sys.executable, "-m", "benchmarks", name, "--smallest"]
    ran = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    title, header, *rows = filter(None, ran.stdout.splitlines())
    assert title == name
    assert rows
    assert {len(line) for line in rows} == {len(header)}


@pytest.mark.parametrize(("broken", "code"), [(False, 0), (True, 1)])
def test_a_benchmark_that_fails_says_so_and_the_others_run(monkeypatch, capsys, broken, code):
    def rows_of(name):
        if broken and name == "first":
            raise RuntimeError("no such peer")
        return [{"function": name}]

    for name in ("first", "second"):
        module = types.ModuleType(name)
        module.rows = lambda name=name: rows_of(name)
        monkeypatch.setitem(sys.modules, f"benchmarks.{name}", module)
    monkeypatch.setattr(benchmarks, "NAMES", ["first", "second"])
    monkeypatch.setattr(sys, "argv", ["benchmarks"])
    assert benchmarks.main() == code
    out, err = capsys.readouterr()
    assert "second\n\nfunction\n  second\n" in out
    assert ("RuntimeError: no such peer" in err) == broken
    assert err.endswith("failed: first\n") == broken


def test_a_name_that_is_none_is_refused(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["benchmarks", "temprature"])
    with pytest.raises(SystemExit):
        benchmarks.main()
    assert "name must be one of calibration, " in capsys.readouterr().err
