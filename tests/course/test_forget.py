"""A student who is forgotten: nothing of theirs is left, and nothing of anybody else's is touched."""

from __future__ import annotations

import json
import os
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kdlab import cli
from kdlab.course import course as module
from kdlab.course import handed_in
from kdlab.course.forget import forget
from kdlab.grading.gradebook import Order, open_gradebook

ROOT = Path(__file__).parents[2]
EXERCISES = "temperature/softmax", "temperature/debug"
LEAVES, STAYS = "Zoë.Quillfeather", "ada"  # a word that stands nowhere by chance
SETTINGS = 'title = "T"\n' + "".join(f'[[exercise]]\nname = "{name}"\n' for name in EXERCISES)
DECISIONS = (
    f'[[late]]\nstudent = "{LEAVES}"\nexercise = "{EXERCISES[0]}"\ndays = 2\n'
    f'[[exempt]]\nstudent = "{STAYS}"\nexercise = "{EXERCISES[0]}"\nreason = "Ill."\n'
)


def result(key: str, exercise: str) -> dict:
    made = {"student": key, "exercise": exercise, "status": "graded", "points": 2, "max_points": 5}
    return made | {"questions": [], "notes": [], "log": f"printed by {key}" * 2_000}


@pytest.fixture
def course(tmp_path, monkeypatch) -> module.Course:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "key").write_bytes(b"k" * 32)
    (folder / "course.toml").write_text(SETTINGS)
    (folder / "roster.csv").write_text(f"id,name\n{LEAVES},Zoë\n{STAYS},Ada\n", encoding="utf-8")
    (folder / "decisions.toml").write_text(DECISIONS, encoding="utf-8")
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(folder))
    found = module.from_environment(ROOT / "exercises")
    with open_gradebook(found.gradebook, create=True) as book:
        for exercise in EXERCISES:
            order = Order(exercise, "exercises", str(folder / "submissions" / exercise), False)
            keys = [student.key for student in found.students]
            for how in ({}, {"only": keys, "accepted": False}):
                run = book.start(order, {}, **how)
                for key in keys:
                    book.write(run, result(key, exercise), "f")
            for key in keys:
                earlier = folder / "submissions" / exercise / key / ".earlier"
                earlier.mkdir(parents=True)
                (earlier / "old.ipynb").write_text(key)
            times = dict.fromkeys(keys, datetime(2027, 2, 8, tzinfo=UTC))
            handed_in.write(folder, exercise, times)
    return found


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def marks(course, key: str) -> list[dict]:
    with open_gradebook(course.gradebook) as book:
        return [each for each in book.results() if each["student"] == key]


def test_what_is_listed_is_not_deleted(course):
    before = contents(course.folder)
    found = forget(course, LEAVES)
    key = course.students[0].key
    assert found == {
        "student": LEAVES,
        "key": key,
        "folders": [f"submissions/{exercise}/{key}" for exercise in sorted(EXERCISES)],
        "times": [f"collected/{exercise}.csv" for exercise in sorted(EXERCISES)],
        "results": 4,  # of two exercises, each with a regrade beside the marks
        "by_hand": [f"roster.csv: the line of {LEAVES}", f"decisions.toml: [[late]] for {EXERCISES[0]}"],
        "deleted": False,
    }
    assert contents(course.folder) == before


def test_nothing_is_left_of_who_is_forgotten(course):
    key, other = (student.key for student in course.students)
    assert key.encode() in course.gradebook.read_bytes()
    kept = {name: content for name, content in contents(course.folder).items() if f"/{other}/" in name}
    theirs = marks(course, other)
    forget(course, LEAVES, delete=True)
    after = contents(course.folder)
    assert not [name for name, content in after.items() if key in name or key.encode() in content]
    assert {name: after[name] for name in kept} == kept
    assert marks(course, other) == theirs != []
    assert [list(handed_in.read(course.folder, exercise)) for exercise in EXERCISES] == [[other], [other]]
    with sqlite3.connect(course.gradebook) as book:
        assert book.execute("SELECT DISTINCT only FROM run").fetchall() == [(None,), (json.dumps([other]),)]
    assert {LEAVES.encode() in after[name] for name in ("roster.csv", "decisions.toml")} == {True}  # the instructor's


def test_who_stands_on_no_list_any_more_is_forgotten_too(course):
    (course.folder / "roster.csv").write_text("id\nada\n")
    (course.folder / "decisions.toml").unlink()
    found = forget(module.from_environment(ROOT / "exercises"), LEAVES, delete=True)
    assert (found["results"], found["by_hand"]) == (4, [])
    with pytest.raises(ValueError, match="nothing is stored of"):
        forget(module.from_environment(ROOT / "exercises"), LEAVES, delete=True)


def test_a_link_is_deleted_and_not_what_it_leads_to(course, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "file").write_text("stays")
    folder = course.folder / "submissions" / "low_rank" / "layer"
    folder.mkdir(parents=True)
    os.symlink(tmp_path / "elsewhere", folder / course.students[0].key)
    forget(course, LEAVES, delete=True)
    assert not os.path.lexists(folder / course.students[0].key)
    assert (tmp_path / "elsewhere" / "file").read_text() == "stays"


def test_while_somebody_grades_nothing_is_deleted(course):
    before = contents(course.folder)
    with open_gradebook(course.gradebook), pytest.raises(ValueError, match="Is another grader using it"):
        forget(course, LEAVES, delete=True)
    assert contents(course.folder) == before


def test_the_command_says_what_it_would_do_and_then_does_it(course, capfd):
    assert cli.main(["course", "forget", LEAVES]) == 0
    said = capfd.readouterr().out
    assert f"Nothing is deleted yet; this does it: kdlab course forget '{LEAVES}' --delete" in said
    assert len(marks(course, course.students[0].key)) == 2
    assert cli.main(["course", "forget", LEAVES, "--delete"]) == 0
    said = capfd.readouterr().out
    assert "All this is deleted." in said
    assert f"For you to take out: roster.csv: the line of {LEAVES}" in said
    assert marks(course, course.students[0].key) == []
    assert cli.main(["course", "forget", "nobody"]) == 2
    assert capfd.readouterr().err.startswith("kdlab: nothing is stored of 'nobody' in ")
