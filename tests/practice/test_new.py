"""A new exercise passes its proof as it is written, says where it is to be filled in, and takes nobody's place."""

import re
from pathlib import Path

import pytest

from kdlab.cli import main
from kdlab.practice import new
from kdlab.practice.prove import prove

RUNGS = sorted(path.name for path in new.TEMPLATES.iterdir())


@pytest.mark.parametrize("rung", RUNGS)
def test_a_new_exercise_is_sound_and_says_what_to_fill_in(tmp_path, capsys, rung):
    assert main(["exercise", "new", "chapter/task", "--rung", rung, "--exercises", str(tmp_path)]) == 0
    proof = prove(tmp_path / "chapter" / "task")
    assert proof.problems == ()
    assert proof.name == "chapter/task"
    places = re.findall(r"^(.*?):(\d+): .{10}", capsys.readouterr().out, flags=re.MULTILINE)
    assert {"exercise.md", "checks.py"} <= {Path(file).name for file, _ in places}
    for file, line in places:
        assert "FILL IN: " in Path(file).read_text(encoding="utf-8").splitlines()[int(line) - 1]
    written = [path for path in (tmp_path / "chapter" / "task").rglob("*.*") if path.is_file()]
    assert sum(path.read_text(encoding="utf-8").count("FILL IN") for path in written) == len(places)


def test_watched_it_is_proved_again_at_each_change_without_mutants(tmp_path, capsys, monkeypatch):
    new.write(tmp_path, "chapter/task", "implement")
    wrong = tmp_path / "chapter" / "task" / "wrong" / "fine.py"

    def one_second_later(_):
        if wrong.exists():
            raise KeyboardInterrupt
        wrong.write_text('"""Fine."""\n\n\ndef step(w, gradient, rate):\n    return w - rate * gradient\n')

    monkeypatch.setattr("kdlab.cli.time.sleep", one_second_later)
    assert main(["exercise", "check", "--watch", str(tmp_path)]) == 130
    first, _, second = capsys.readouterr().out.partition("all is well.")
    assert "uphill" in first
    assert "wrong/fine.py:1: this wrong solution earns the points of step" in second
    assert "mutants" not in first + second


def test_there_is_one_for_functions_to_write_and_one_for_code_to_mend():
    assert RUNGS == ["debug", "implement"]


@pytest.mark.parametrize(
    ("name", "rung", "words"),
    [
        ("task", "implement", "name must be <chapter>/<task>"),
        ("Chapter/task", "implement", "name must be <chapter>/<task>"),
        ("../task", "implement", "name must be <chapter>/<task>"),
        ("chapter/task", "predict", "rung must be one of debug, implement"),
        ("chapter/there", "debug", "there is there already"),
    ],
)
def test_what_is_no_new_exercise_is_refused(tmp_path, name, rung, words):
    (tmp_path / "chapter" / "there").mkdir(parents=True)
    with pytest.raises(ValueError, match=words):
        new.write(tmp_path, name, rung)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
