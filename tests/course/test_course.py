"""A course from the roster to the totals: every student of the roster in every table, and every exercise or one."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import zipfile
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest

from kdlab import cli
from kdlab.course import course as module
from kdlab.grading.gradebook import Order, open_gradebook
from kdlab.grading.sandbox import INSTALL

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "grading"))
from notebooks import KEY, RIGHT, ZEROS, filled, hand_in  # noqa: E402

SETTINGS = """
title = "A <course>"
missing_is_zero = true

[late_rule]
percent_per_day = 10

[[exercise]]
name = "temperature/softmax"
due = 2027-02-08T23:59:00+01:00
points = 10
weight = 3

[[exercise]]
name = "temperature/debug"
due = 2027-03-08T23:59:00+01:00
"""

ROSTER = 'id,name\nada,"Lovelace, Ada"\nAda,José Núñez\n=1+1,李雷\n-3,<b>Zoë</b>\n'
IDS = ["ada", "Ada", "=1+1", "-3"]
BEFORE, BETWEEN, AFTER = (datetime(2027, month, 1, tzinfo=UTC) for month in (1, 3, 6))


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    path = tmp_path / "course"
    path.mkdir()
    (path / "key").write_bytes(KEY)
    (path / "course.toml").write_text(SETTINGS, encoding="utf-8")
    (path / "roster.csv").write_text(ROSTER, encoding="utf-8")
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(path))
    return path


@pytest.fixture
def course(folder) -> module.Course:
    return module.from_environment(ROOT / "exercises")


def key_of(course, name: str) -> str:
    return next(student.key for student in course.students if student.id == name)


def mark(course, task: str, points: dict[str, float | None]) -> None:
    """Write results into the gradebook, as a run of the grader does."""
    exercise = f"temperature/{task}"
    with open_gradebook(course.gradebook, create=True) as book:
        run = book.start(Order(exercise, "exercises", str(course.folder / "submissions" / exercise), False), {})
        for name, earned in points.items():
            result = {"student": key_of(course, name), "exercise": exercise, "points": earned, "max_points": 5}
            result["status"] = "archive" if earned is None else "graded"
            book.write(run, result | {"questions": [], "notes": [], "log": ""}, "f")


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


class Links(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.found, self.tags = [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.found += [value for name, value in attributes if name == "href"]


def test_release_has_a_file_for_each_student_and_an_index(course, tmp_path):
    out = tmp_path / "out"
    paths = module.release(course, out, "temperature/softmax")
    assert all(path.is_file() for path in paths)
    rows = read(out / "index.csv")
    assert [row["id"].removeprefix("'") for row in rows] == IDS
    files = [row["file"] for row in rows]
    assert len({file.lower() for file in files}) == len(IDS)
    contents = set()
    for file in files:
        with zipfile.ZipFile(out / file) as archive:
            contents.add(archive.read("softmax.ipynb"))
    assert len(contents) == len(IDS)  # each has constants of its own
    index = Links((out / "index.html").read_text(encoding="utf-8"))
    assert index.found == files
    assert "b" not in index.tags  # a name is text


def test_every_student_is_in_every_table(course, tmp_path):
    mark(course, "softmax", {"ada": 5, "Ada": 2, "=1+1": None})
    mark(course, "debug", {"ada": 4, "Ada": 5, "=1+1": 5})
    (course.folder / "decisions.toml").write_text(
        '[[late]]\nstudent = "ada"\nexercise = "temperature/softmax"\ndays = 2\n'
        '[[exempt]]\nstudent = "Ada"\nexercise = "temperature/debug"\nreason = "Ill."\n',
        encoding="utf-8",
    )
    marks, totals = module.export(course, tmp_path / "out", AFTER)
    found = {(row["id"].removeprefix("'"), row["exercise"].partition("/")[2]): row for row in read(marks)}
    assert list(found) == [(name, task) for task in ("softmax", "debug") for name in IDS]
    assert {key: (row["points"], row["final"], row["counts"]) for key, row in found.items()} == {
        ("ada", "softmax"): ("5", "4.0", "8.0"),  # two days late, and ten points in the course
        ("Ada", "softmax"): ("2", "2", "4.0"),
        ("=1+1", "softmax"): ("", "", ""),  # an archive is neither a mark nor a zero
        ("-3", "softmax"): ("", "0", "0"),
        ("ada", "debug"): ("4", "4", "4.0"),
        ("Ada", "debug"): ("5", "", ""),
        ("=1+1", "debug"): ("5", "5", "5.0"),
        ("-3", "debug"): ("", "0", "0"),
    }
    assert found["-3", "debug"]["decision"] == "Nothing was handed in by the due date."
    percent = {row["id"].removeprefix("'"): (row["percent"], row["open"]) for row in read(totals)}
    assert percent == {
        "ada": ("80.0", ""),  # (3 * 4/5 + 4/5) / 4
        "Ada": ("40.0", ""),  # the exempt exercise is left out
        "=1+1": ("", "temperature/softmax"),
        "-3": ("0.0", ""),
    }


def test_what_is_missing_is_open_until_the_due_date(course):
    mark(course, "softmax", {"ada": 5})
    finals = {
        now: {row["exercise"]: row["final"] for row in module.marks(course, now) if row["id"] == "-3"}
        for now in (BEFORE, BETWEEN, AFTER)
    }
    softmax, debug = "temperature/softmax", "temperature/debug"
    assert finals[BEFORE] == {softmax: None, debug: None}
    assert finals[BETWEEN] == {softmax: 0, debug: None}
    assert finals[AFTER] == {softmax: 0, debug: 0}


def test_a_decision_on_nobody_is_named(course):
    mark(course, "softmax", {"ada": 5})
    path = course.folder / "decisions.toml"
    path.write_text('[[late]]\nstudent = "adda"\nexercise = "temperature/softmax"\ndays = 2\n')
    with pytest.raises(ValueError, match="'adda' is not an id of roster.csv"):
        module.marks(course, AFTER)
    path.write_text("[late_rule]\nfree_days = 1\n")
    with pytest.raises(ValueError, match="stands in course.toml"):
        module.marks(course, AFTER)


def said(capfd, *words) -> tuple[int, str, str]:
    code = cli.main(["course", *map(str, words), "--exercises", str(ROOT / "exercises")])
    return code, *capfd.readouterr()


def test_from_submissions_to_totals(folder, course, tmp_path, capfd):
    """As an instructor does it: grade, look, hand back, export; and again after a late one."""
    if shutil.which("bwrap") is None:
        pytest.fail(INSTALL)
    assert said(capfd, "grade")[0] == 2  # nothing was handed in
    submissions = folder / "submissions" / "temperature" / "softmax"
    submissions.mkdir(parents=True)
    for name, sources in (("ada", RIGHT), ("Ada", ZEROS)):
        hand_in(submissions, key_of(course, name), filled(sources))
    (submissions / key_of(course, "-3")).mkdir()
    hand_in(submissions, "nobody", filled(RIGHT))
    code, out, err = said(capfd, "grade", "--json")
    assert (code, err) == (0, "")
    assert json.loads(out)["exercises"][0]["statuses"] == {"graded": 3, "nothing_handed_in": 1}
    hand_in(submissions, key_of(course, "=1+1"), filled(RIGHT))

    softmax, debug = json.loads(said(capfd, "status", "--json")[1])["exercises"]
    assert (softmax["handed_in"], softmax["unknown"]) == (4, ["nobody"])
    assert softmax["left"] == [key_of(course, "=1+1")]
    assert (debug["handed_in"], debug["left"], debug["statuses"]) == (0, [], {})
    assert "Nobody on the roster: nobody" in said(capfd, "status", "--exercise", "temperature/softmax")[1]

    assert json.loads(said(capfd, "grade", "--json")[1])["exercises"][0]["graded"] == 1
    assert said(capfd, "feedback", "--out", tmp_path / "pages")[0] == 0
    pages = {path.stem: path.read_text() for path in (tmp_path / "pages").rglob("*.html")}
    assert pages.keys() == {student.key for student in course.students}
    assert "Lovelace, Ada" in pages["ada"]
    assert "&lt;b&gt;Zoë" in pages[key_of(course, "-3")]
    assert said(capfd, "export", "--out", tmp_path, "--exercise", "temperature/softmax")[0] == 0
    counts = {row["id"].removeprefix("'"): row["counts"] for row in read(tmp_path / "marks.csv")}
    assert {name: counts[name] for name in ("ada", "Ada", "=1+1")} == {"ada": "10.0", "Ada": "0", "=1+1": "10.0"}
    assert not (tmp_path / "totals.csv").exists()


def test_a_course_that_was_moved_goes_on_where_it_lies_now(course, tmp_path, monkeypatch, capfd):
    """As on another machine, or from a copy: nothing is looked for, or graded, where it lay before."""
    mark(course, "softmax", {"ada": 5})
    old = course.folder / "submissions" / "temperature" / "softmax"
    hand_in_to(old, key_of(course, "ada"))
    new = tmp_path / "moved"
    shutil.copytree(course.folder, new)
    hand_in_to(old, key_of(course, "Ada"))
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(new))
    row = json.loads(said(capfd, "status", "--exercise", "temperature/softmax", "--json")[1])["exercises"][0]
    assert (row["handed_in"], row["left"]) == (1, ["ada"])
    with open_gradebook(new / "course.sqlite") as book:
        order = book.last_run("temperature/softmax").order
    assert (order.submissions, order.exercises) == (
        str(new / "submissions" / "temperature" / "softmax"),
        str(ROOT / "exercises"),
    )
    with open_gradebook(course.gradebook) as book:
        assert book.last_run("temperature/softmax").order.submissions == str(old)


def test_from_another_folder_the_exercises_are_still_known(course, tmp_path, monkeypatch):
    mark(course, "softmax", {"ada": 5})
    monkeypatch.chdir(tmp_path)
    assert cli.main(["course", "status"]) == 0  # the default, a folder `exercises`, is not there
    with open_gradebook(course.gradebook) as book:
        assert book.last_run("temperature/softmax").order.exercises == "exercises"


def hand_in_to(submissions: Path, key: str) -> None:
    submissions.mkdir(parents=True, exist_ok=True)
    hand_in(submissions, key, filled(RIGHT))
