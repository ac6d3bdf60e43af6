"""The platform's own sheet: the right cells filled in, every other byte as it was."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab import cli
from kdlab.course import course as module
from kdlab.course import sheets
from kdlab.course.fill import fill
from kdlab.course.roster import Student
from kdlab.grading.gradebook import Order, open_gradebook

ROOT = Path(__file__).parents[2]
SOFTMAX, DEBUG = "temperature/softmax", "temperature/debug"
NOW = datetime(2027, 6, 1, tzinfo=UTC)
SETTINGS = f"""
title = "T"
total_column = "Whole"
[[exercise]]
name = "{SOFTMAX}"
points = 10
weight = 3
column = "Softmax, at last"
[[exercise]]
name = "{DEBUG}"
column = "Debug"
"""
ROSTER = "id,name,email\n=7,Ada,ada@example.org\n007,José,Jose@example.org\nx,李雷,\nnew,New,\n"

CANVAS = (
    "\ufeff"
    'Student,ID,SIS User ID,SIS Login ID,Section,"Softmax, at last (1234)",Debug (99),Whole\r\n'
    ",,,,,Manual Posting,,\r\n"
    '    Points Possible,,,,,10,5,"(read only)"\r\n'
    '"Lovelace, Ada",1,=7,al,"One\r\nand ""two""",,"3",\r\n'
    "José,2,007,jo,One,1,,\r\n"
    "李雷,3,x,ll,One,,,\r\n"
    '"Student, Test",9,,test,One,,,'
)


@pytest.fixture
def course(tmp_path, monkeypatch) -> module.Course:
    folder = tmp_path / "course"
    folder.mkdir()
    (folder / "key").write_bytes(b"k" * 32)
    (folder / "course.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "decisions.toml").write_text(f'[[exempt]]\nstudent = "x"\nexercise = "{DEBUG}"\nreason = "Ill."\n')
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(folder))
    made = module.from_environment(ROOT / "exercises")
    mark(made, SOFTMAX, {"=7": 5, "007": 1, "x": 2})
    mark(made, DEBUG, {"=7": 2.5})
    return made


def mark(course, exercise: str, points: dict[str, float]) -> None:
    keys = {student.id: student.key for student in course.students}
    with open_gradebook(course.gradebook, create=True) as book:
        run = book.start(Order(exercise, "exercises", "s", False), {})
        for student, earned in points.items():
            question = {"function": "f", "points": earned, "max_points": 5, "message": "1 < 2; = 3", "findings": []}
            result = {"student": keys[student], "exercise": exercise, "points": earned, "max_points": 5}
            result |= {"status": "graded", "questions": [question], "notes": [], "log": ""}
            book.write(run, result, "f")


def filled(course, tmp_path, text: str, exercise=None, encoding="utf-8") -> tuple[str, dict]:
    path = tmp_path / "sheet.csv"
    path.write_bytes(text.encode(encoding))
    done = fill(course, path, tmp_path / "out", NOW, exercise)
    assert path.read_bytes() == text.encode(encoding)
    return (tmp_path / "out" / "sheet.csv").read_bytes().decode(encoding), done


def test_canvas(course, tmp_path):
    text, done = filled(course, tmp_path, CANVAS)
    assert text == (
        CANVAS.replace('two""",,"3",\r\n', 'two""",10,"2.5",87.5\r\n')  # (3 * 1 + 0.5) / 4
        .replace("One,1,,\r\n", "One,2,,\r\n")
        .replace("ll,One,,,", "ll,One,4,EX,40")
    )
    assert done["key"] == "SIS User ID"
    assert done["columns"] == ["Softmax, at last (1234)", "Debug (99)", "Whole"]
    assert (done["open"], done["missing"]) == (["007"], ["new"])
    assert done["unknown"] == ["Manual Posting", "Student, Test"]


def test_one_exercise_of_canvas(course, tmp_path):
    text, done = filled(course, tmp_path, CANVAS, DEBUG)
    assert text == CANVAS.replace('"3",\r\n', '"2.5",\r\n').replace("ll,One,,,", "ll,One,,EX,")
    assert done["columns"] == ["Debug (99)"]


MOODLE = (
    "Identifier,Full name,Email address,Status,Grade,Maximum Grade,Last modified (grade),Feedback comments\n"
    'Participant 7,José,jose@EXAMPLE.org,"Submitted, graded",1.00,10.00,-,old\n'
    "Participant 8,Ada,ada@example.org,Submitted,,10.00,-,\n"
)


def test_moodle_with_comments(course, tmp_path):
    text, done = filled(course, tmp_path, MOODLE, SOFTMAX)
    says = "<p>f: {} of 5 points. 1 &lt; 2; = 3</p>"
    assert list(csv.DictReader(io.StringIO(text)))[0] == {
        "Identifier": "Participant 7",
        "Full name": "José",
        "Email address": "jose@EXAMPLE.org",
        "Status": "Submitted, graded",
        "Grade": "2",
        "Maximum Grade": "10.00",
        "Last modified (grade)": "-",
        "Feedback comments": says.format(1),
    }
    assert text == MOODLE.replace("1.00,10", "2,10").replace(",-,old", f",-,{says.format(1)}").replace(
        "Submitted,,10.00,-,", f"Submitted,10,10.00,-,{says.format(5)}"
    )
    assert (done["key"], done["missing"]) == ("Email address", ["x", "new"])


def test_semicolons_and_decimal_commas(course, tmp_path):
    sheet = MOODLE.replace("Submitted, graded", "Submitted").replace(",", ";").replace("10.00", "5,00")
    course.settings.assignment(SOFTMAX)
    text, _ = filled(course, tmp_path, sheet, DEBUG)
    assert [row["Grade"] for row in csv.DictReader(io.StringIO(text), delimiter=";")] == ["1.00", "2,5"]
    assert '"<p>f: 2.5 of 5 points. 1 &lt; 2; = 3</p>"' in text  # it has a semicolon, so it is quoted


def test_gradescope(course, tmp_path):
    sheet = "First Name,SID,Email,Total Score,Max Points\nAda,=7,ada@example.org,,10.0\nZ,8,z@example.org,1.0,10.0\n"
    text, done = filled(course, tmp_path, sheet, SOFTMAX)
    assert text == sheet.replace("org,,", "org,10,")
    assert done["unknown"] == ["Z"]


def test_a_sheet_in_another_encoding_keeps_its_bytes(course, tmp_path):
    sheet = "Nom,SIS User ID,Debug\nZoë,=7,\nÉlodie,z,\n"
    assert filled(course, tmp_path, sheet, DEBUG, "latin-1")[0] == sheet.replace("=7,", "=7,2.5")


@pytest.mark.parametrize(
    ("sheet", "exercise", "sentence"),
    [
        ("a,b\n1,2\n", None, "no column holds ids"),
        ("", None, "is empty"),
        ('id,Debug\n=7,"2\n', None, "csv:2: the line is not CSV"),
        ("id,Debug\n=7,1\n=7,2\n", None, "'=7' stands in rows 2 and 3"),
        ("id,Debug,Debug\n=7,1,2\n", None, "2 columns are called 'Debug'"),
        ("id,Other\n=7,1\n", None, "course.toml must name a column"),
        ("id,Other\n=7,1\n", DEBUG, "no column 'Debug'"),
        ("id,Debug\n=7,1\n", None, "no column 'Whole', which course.toml names as total_column"),
        (CANVAS.replace(",10,5,", ",10,6,"), None, "temperature/debug has 5 points in the course and 6 in the sheet"),
        (MOODLE.replace("10.00", "100.00"), SOFTMAX, "has 10 points in the course and 100.00 in the sheet"),
        ("id,Debug\n=7\n", DEBUG, "row 2 is shorter than the header"),
    ],
)
def test_a_slip_is_named_and_nothing_is_written(course, tmp_path, sheet, exercise, sentence):
    with pytest.raises(ValueError, match=sentence):
        filled(course, tmp_path, sheet, exercise)
    assert not (tmp_path / "out").exists()


def test_other_encodings_and_places(course, tmp_path):
    with pytest.raises(ValueError, match="CSV in UTF-8"):
        filled(course, tmp_path, CANVAS, encoding="utf-16")
    with pytest.raises(ValueError, match="another folder"):
        fill(course, tmp_path / "sheet.csv", tmp_path, NOW) if (tmp_path / "sheet.csv").write_text(CANVAS) else None


def test_as_a_command(course, tmp_path, capsys):
    path = tmp_path / "sheet.csv"
    path.write_text(CANVAS, encoding="utf-8", newline="")
    words = ["--out", str(tmp_path / "o"), "--fill", str(path), "--exercises", str(ROOT / "exercises")]
    assert cli.main(["course", "export", *words]) == 1
    said = capsys.readouterr().out
    assert "7 cells of Softmax, at last (1234), Debug (99), Whole are filled in, by SIS User ID." in said
    assert "Nobody on the roster, and left as it was: Student, Test" in said
    assert "On the roster, and not in the sheet: new" in said
    assert "Not marked yet, and left as it was: 007" in said


cells = st.text(st.characters(exclude_characters="\x00\r", exclude_categories=["Cs"]), max_size=8)


@given(
    st.lists(st.lists(cells, min_size=3, max_size=3), max_size=5),
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    cells,
)
def test_any_sheet_is_read_and_filled_as_csv_is(tmp_path_factory, rows, separator, end, value):
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator=end).writerows([["id", "b", "c"], ["ada", "", ""], *rows])
    path = tmp_path_factory.mktemp("sheet") / "s.csv"
    path.write_bytes(text.getvalue().encode())
    if sum(row[column] == "ada" for row in rows for column in range(3)):
        return
    sheet = sheets.read(path, [Student("ada")])
    assert [[cell.value for cell in row] for row in sheet.cells][1:] == [["ada", "", ""], *rows]
    assert sheet.filled({}) == path.read_bytes()
    again = csv.reader(io.StringIO(sheet.filled({(1, 2): value}).decode(), newline=""), delimiter=separator)
    assert list(again) == [["id", "b", "c"], ["ada", "", value], *rows]
