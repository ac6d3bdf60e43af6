"""From the archive of a platform to the students' folders: everybody's own, nobody's twice, nothing lost."""

from __future__ import annotations

import io
import json
import os
import random
import subprocess
import sys
import time
import unicodedata
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab import cli
from kdlab.course import course as module
from kdlab.course import handed_in
from kdlab.course.collect import EARLIER, collect
from kdlab.course.matching import forms
from kdlab.grading.gradebook import Order, open_gradebook
from kdlab.grading.reader import MAX_FILE_BYTES, Unreadable, read_submission

ROOT = Path(__file__).parents[2]
EXERCISE = "temperature/softmax"

STUDENTS = {  # id: name
    "007": "Ada Lovelace",
    "=1+1": "Núñez, José",
    "-3": "李雷",
    "Ada": "Anne-Marie d'Arc",
    "ada": "Ольга Ладыженская",
    "x9": "Sam Twin",
    "x10": "Sam Twin",
    "x11": "Nobody Handed In",
}
SETTINGS = 'title = "T"\n[[exercise]]\nname = "temperature/softmax"\ndue = 2027-02-08T23:59:00+01:00\npoints = 10\n'


def notebook(word: str = "") -> bytes:
    cell = {"cell_type": "code", "metadata": {}, "source": word, "outputs": [], "execution_count": None}
    return json.dumps({"cells": [cell], "metadata": {"kdlab": {"exercise": EXERCISE}}, "nbformat": 4}).encode()


def packed(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=(2027, 2, 9, 1, 0, 0)), content)
    return path


def unpacked(path: Path, files: dict[str, bytes]) -> Path:
    for name, content in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(content)
    return path


@pytest.fixture
def course(tmp_path, monkeypatch) -> module.Course:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "key").write_bytes(b"k" * 32)
    (folder / "course.toml").write_text(SETTINGS)
    lines = [f'{key},"{name}",{f"{number}@Example.org"}' for number, (key, name) in enumerate(STUDENTS.items())]
    (folder / "roster.csv").write_text("\n".join(["id,name,email", *lines]), encoding="utf-8")
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(folder))
    return module.from_environment(ROOT / "exercises")


def held(course) -> dict[str, list[bytes]]:
    """Return what lies in each student's folder, by id."""
    keys = {student.key: student.id for student in course.students}
    folder = course.folder / "submissions" / EXERCISE
    return {
        keys[each.name]: [
            path.read_bytes() for path in sorted(each.rglob("*")) if path.is_file() and EARLIER not in path.parts
        ]
        for each in folder.iterdir()
    }


def canvas(files: dict[str, bytes]) -> dict[str, bytes]:
    """Return a Canvas archive: the name, sorted and without spaces, and two numbers."""
    names = {}
    for number, (student, content) in enumerate(files.items()):
        words = STUDENTS[student].replace(",", " ").split()
        last_first = words if "," in STUDENTS[student] else words[-1:] + words[:-1]
        plain = "".join(c for c in "".join(last_first).lower() if c.isalnum())
        late = "_LATE" if number == 1 else ""
        names[f"{plain}{late}_{50 + number}_{900 + number}_softmax-1.ipynb"] = content
    return names


def moodle(files: dict[str, bytes]) -> dict[str, bytes]:
    return {
        f"{STUDENTS[student].replace(',', '')}_{70 + number}_assignsubmission_file_/my softmax.ipynb": content
        for number, (student, content) in enumerate(files.items())
    }


def moodle_flat(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name.replace("_file_/", "_file_"): content for name, content in moodle(files).items()}


def gradescope(files: dict[str, bytes]) -> dict[str, bytes]:
    made, lines = {}, []
    for number, (student, content) in enumerate(files.items()):
        made[f"assignment_1_export/submission_{number}/softmax.ipynb"] = content
        lines += [
            f"submission_{number}:",
            "  :submitters:",
            f"  - :name: {json.dumps(STUDENTS[student])}",
            f"    :sid: {json.dumps(student)}",
            f"    :email: {list(STUDENTS).index(student)}@example.org",
            f"  :created_at: 2027-02-{9 + number:02d} 06:00:00.123456000 Z",
            "  :score: 0.0",
        ]
    return made | {"assignment_1_export/submission_metadata.yml": "\n".join(lines).encode()}


def nbgrader(files: dict[str, bytes]) -> dict[str, bytes]:
    made = {}
    for number, (student, content) in enumerate(files.items()):
        made[f"{student}/softmax/softmax.ipynb"] = content
        made[f"{student}/softmax/timestamp.txt"] = f"2027-02-{9 + number:02d} 06:00:00.123456 UTC".encode()
        made[f"{student}/debug/debug.ipynb"] = b"of another exercise"
    return made


def flat(files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{student}_softmax 2.ipynb": content for student, content in files.items()}


def folders(files: dict[str, bytes]) -> dict[str, bytes]:
    return {f"{student}/softmax.ipynb": content for student, content in files.items()}


BY_NAME = [each for each in STUDENTS if STUDENTS[each] != "Sam Twin" and each != "x11"]
BY_ID = [each for each in STUDENTS if each != "x11"]
PLATFORMS = [
    ("Canvas", canvas, BY_NAME),
    ("Moodle", moodle, BY_NAME),
    ("Moodle", moodle_flat, BY_NAME),
    ("Gradescope", gradescope, BY_ID),
    ("nbgrader", nbgrader, BY_ID),
    ("folders", flat, BY_ID),
    ("folders", folders, BY_ID),
]


@pytest.mark.parametrize(("platform", "made", "students"), PLATFORMS, ids=lambda each: getattr(each, "__name__", ""))
def test_everybody_gets_their_own(course, tmp_path, platform, made, students):
    files = {student: notebook(student) for student in students}
    found = collect(course, packed(tmp_path / "all.zip", made(files) | {"__MACOSX/._x": b"", ".DS_Store": b""}))
    assert found["platform"] == platform
    assert (found["new"], found["unmatched"]) == (students, [])
    assert held(course) == {student: [content] for student, content in files.items()}
    assert found["missing"] == [each for each in STUDENTS if each not in students]
    assert found["late"] == (students[1:2] if platform == "Canvas" else [])

    again = collect(course, unpacked(tmp_path / "all", made(files)))
    assert (again["same"], again["new"], again["changed"]) == (students, [], [])
    times = {"Gradescope": 8, "nbgrader": 8}
    written = handed_in.read(course.folder, EXERCISE)
    assert len([at for at in written.values() if at]) == (len(students) if platform in times else 0)


def test_who_is_not_certain_is_nobody(course, tmp_path):
    content = notebook("x")
    files = {
        "twinsam_50_900_softmax.ipynb": content,  # two are called so
        "lovelaceada_51_901_softmax.ipynb": content,
        "elseanybody_52_902_softmax.ipynb": content,
        "notes.txt": b"",
    }
    found = collect(course, packed(tmp_path / "a.zip", files))
    assert found["new"] == ["007"]
    assert {each["name"]: each["why"] for each in found["unmatched"]} == {
        "twinsam_50": "may be x10 or x9, by the name alone",
        "elseanybody_52": "is nobody on the roster",
        "notes.txt": "is not named as Canvas names a hand-in",
    }
    # the platform's sheet says whose its numbers are
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Student,ID,SIS User ID\n,,\nSam,50,x9\nElse,52,007\n")
    found = collect(course, packed(tmp_path / "a.zip", files), sheet=sheet)
    assert found["new"] == ["x9"]
    # by the sheet, two hand in for Ada: both are kept, and the grader says which one it takes
    assert held(course)["007"] == [content, content]
    sheet.write_text("Student,ID,SIS User ID\nSam,51,x9\n")
    found = collect(
        course, packed(tmp_path / "b.zip", {"lovelaceada_51_901_softmax.ipynb": notebook("y")}), sheet=sheet
    )
    assert found["unmatched"][0]["why"] == "is x9 by its id, and 007 by its name"


def test_a_folder_is_named_by_an_id_before_a_name(course, tmp_path):
    """Whoever is called like the id of another student does not take it away."""
    (course.folder / "roster.csv").write_text("id,name\nlee,Ada\nx,Lee\n")
    course = module.from_environment(ROOT / "exercises")
    assert collect(course, packed(tmp_path / "a.zip", {"lee/a.ipynb": notebook()}))["new"] == ["lee"]
    assert collect(course, packed(tmp_path / "b.zip", {"Lee/a.ipynb": notebook()}))["new"] == ["x"]


def test_a_number_of_the_platform_is_not_an_id(course, tmp_path):
    """Moodle's participant 007 is not the student with the id 007."""
    files = {"Ольга Ладыженская_007_assignsubmission_file_/a.ipynb": notebook("olga")}
    assert collect(course, packed(tmp_path / "a.zip", files))["new"] == ["ada"]


def test_what_is_no_notebook_is_kept_and_gets_its_status(course, tmp_path):
    files = {
        "007/work.zip": b"PK",
        "Ada/inner/softmax.ipynb": notebook(),
        "ada/softmax.py": b"",
        "x9/softmax.IPYNB": notebook(),
        "x10/__MACOSX/._softmax.ipynb": b"",
        "=1+1/large.ipynb": bytes(MAX_FILE_BYTES + 7),
        "-3/../../..\\\x1b[2J\u202e:softmax.ipynb": notebook(),
    }
    assert collect(course, packed(tmp_path / "a.zip", files))["unmatched"] == []
    keys = {student.id: student.key for student in course.students}
    statuses = {}
    for student in STUDENTS:
        try:
            read_submission(course.folder / "submissions" / EXERCISE, keys[student], EXERCISE)
            statuses[student] = "read"
        except Unreadable as problem:
            statuses[student] = problem.status
    assert statuses == {
        "007": "archive",
        "Ada": "nested_folder",
        "ada": "python_file",
        "x9": "wrong_suffix",
        "x10": "system_files_only",
        "=1+1": "too_large",
        "-3": "read",
        "x11": "refused",  # no folder: the course says that nothing was handed in
    }
    inside = {path.resolve() for path in (course.folder / "submissions").rglob("*")}
    assert all(path.is_relative_to(course.folder) for path in inside)
    assert all(path.name.isprintable() for path in inside)


def test_what_was_there_is_kept(course, tmp_path):
    def take(word, name="softmax.ipynb"):
        return collect(course, packed(tmp_path / f"{word}.zip", {f"007/{name}": notebook(word)}))

    assert take("one")["new"] == ["007"]
    assert take("two")["changed"] == ["007"]
    assert take("three", "other.ipynb")["changed"] == ["007"]
    assert held(course)["007"] == [notebook("three")]
    folder = course.folder / "submissions" / EXERCISE / "007"
    assert {path.read_bytes() for path in (folder / EARLIER).iterdir()} == {notebook("one"), notebook("two")}
    assert read_submission(folder.parent, "007", EXERCISE)[0].cells[0].source == "three"
    assert take("one")["changed"] == ["007"]
    assert held(course)["007"] == [notebook("one")]


def test_links_in_a_folder_are_not_followed(course, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("secret")
    source = unpacked(tmp_path / "all", {"007/softmax.ipynb": notebook()})
    (source / "x9").mkdir()
    (source / "x9" / "softmax.ipynb").symlink_to(secret)
    (source / "x10").symlink_to(source / "007")
    assert collect(course, source)["new"] == ["007"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"", "must be a folder or a zip"), (b"PK\x03\x04 and no more", "must be a folder or a zip")],
)
def test_what_is_no_archive_is_said(course, tmp_path, content, sentence):
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(ValueError, match=sentence):
        collect(course, tmp_path / "a.zip")
    with pytest.raises(ValueError, match=sentence):
        collect(course, tmp_path / "none.zip")


def test_a_broken_file_in_an_archive_is_named(course, tmp_path):
    data = packed(tmp_path / "a.zip", {"007/softmax.ipynb": notebook()}).read_bytes()
    (tmp_path / "a.zip").write_bytes(data.replace(b"nbformat", b"nbf0rmat"))
    with pytest.raises(ValueError, match=r"cannot be read, 007/softmax.ipynb: Bad CRC"):
        collect(course, tmp_path / "a.zip")


def test_names_of_a_mac_are_utf_8(course, tmp_path):
    """Its zips do not say that their names are in UTF-8."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("Núñez José_7_assignsubmission_file_/a.ipynb", notebook())
    data = bytearray(buffer.getvalue())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place + 1] &= 0xF7  # the flag
    (tmp_path / "a.zip").write_bytes(data)
    assert collect(course, tmp_path / "a.zip")["new"] == ["=1+1"]


@given(st.lists(st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=5), min_size=1, max_size=4))
def test_a_name_is_known_in_any_order_and_any_form_of_its_letters(words):
    turned = " ".join(words[1:] + words[:1])
    for form in ("NFC", "NFD"):
        assert forms(unicodedata.normalize(form, turned)) & forms(" ".join(words)) or not forms(" ".join(words))


def mark(course, points: dict[str, float]) -> None:
    with open_gradebook(course.gradebook, create=True) as book:
        run = book.start(Order(EXERCISE, "exercises", "s", False), {})
        for key, earned in points.items():
            result = {"student": key, "exercise": EXERCISE, "points": earned, "max_points": 5, "status": "graded"}
            book.write(run, result | {"questions": [], "notes": [], "log": ""}, "f")


def test_late_by_the_times_of_the_platform_unless_decided(course, tmp_path):
    (course.folder / "course.toml").write_text(SETTINGS + "[late_rule]\npercent_per_day = 10\n")
    course = module.from_environment(ROOT / "exercises")
    files = nbgrader({"007": notebook("a"), "x9": notebook("b"), "x10": notebook("c")})
    collect(course, packed(tmp_path / "a.zip", files))  # handed in on the 9th, 10th and 11th, at six
    mark(course, {"007": 5, "x9": 5})

    def finals():
        rows = module.marks(course, datetime(2027, 6, 1, tzinfo=UTC))
        return {row["id"]: (row["days_late"], row["final"]) for row in rows if row["id"] in ("007", "x9", "x10")}

    assert finals() == {"007": (1, 4.5), "x9": (2, 4.0), "x10": (0, None)}  # the last is not graded yet
    (course.folder / "decisions.toml").write_text(f'[[late]]\nstudent = "x9"\nexercise = "{EXERCISE}"\ndays = 0\n')
    assert finals()["x9"] == (0, 5)
    # the same file from elsewhere keeps its time; another one has none
    collect(course, packed(tmp_path / "b.zip", {"007/softmax.ipynb": notebook("a"), "x10/a.ipynb": notebook("d")}))
    assert {key: bool(at) for key, at in handed_in.read(course.folder, EXERCISE).items()} == {
        "007": True,
        "x9": True,
        "x10": False,
    }
    path = course.folder / "collected" / f"{EXERCISE}.csv"
    path.write_text(path.read_text().replace("+00:00", "", 1))
    with pytest.raises(ValueError, match=r"softmax.csv:2: .* has no zone"):
        finals()


def test_as_a_command(course, tmp_path, capsys):
    archive = packed(tmp_path / "a.zip", {"lovelaceada_LATE_51_901_softmax.ipynb": notebook(), "who_5_6_a.ipynb": b""})
    assert cli.main(["course", "collect", str(archive), "--exercises", str(ROOT / "exercises")]) == 1
    said = capsys.readouterr().out
    assert "temperature/softmax, from Canvas: 1 new, 0 changed, 0 same, 7 missing." in said
    assert "Late, and Canvas does not say by how much: 007. Write the days into decisions.toml." in said
    assert "Nobody's: who_5. It is nobody on the roster." in said


@pytest.mark.slow
def test_killed_at_any_moment(course, tmp_path):
    """What is done again ends as if nothing had happened."""
    files = {f"{student}/softmax {n}.ipynb": notebook(f"{student}{n}") for student in BY_ID for n in range(9)}
    archive = packed(tmp_path / "a.zip", files)
    command = [sys.executable, "-m", "kdlab.cli", "course", "collect", str(archive)]
    begin = time.monotonic()
    subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
    whole, wanted = time.monotonic() - begin, held(course)
    for number in range(8):
        for path in (course.folder / "submissions").rglob("*.ipynb"):
            path.write_bytes(b"{}") if number % 2 else path.unlink()
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
            time.sleep(whole * random.Random(number).uniform(0.3, 1))
            process.kill()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT, env=os.environ)
        assert held(course) == wanted
