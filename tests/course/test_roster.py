"""The roster: any name in any script, one key for each student, and a slip named with its line."""

from __future__ import annotations

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.course.roster import MAX_TEXT, Student, read

NAMES = {
    "ada": "Lovelace, Ada",
    "Ada": 'Ada "the other"',
    "=1+1": "José Núñez",
    "-3": "李雷",
    "007": "O'Neil",
    "@home": "Ольга",
    "+49": "نرگس می\u200cرود",
    "con": "אברהם",
    "a/b": "श्री",
    "..": "",
}


def write(path, text: str | bytes):
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return path


def table(rows, separator=",", columns=("id", "name")) -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=separator).writerows([columns, *rows])
    return text.getvalue()


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_any_name_is_as_it_was_written(tmp_path, separator, mark):
    students = read(write(tmp_path / "r.csv", mark + table(NAMES.items(), separator)))
    assert {student.id: student.name for student in students} == NAMES
    assert [student.id for student in students] == list(NAMES)
    assert len({student.key.lower() for student in students}) == len(NAMES)
    assert all(student.key.isascii() and "/" not in student.key for student in students)
    assert [student.shown for student in students][-1] == ".."


def test_columns_in_any_order_and_others_beside(tmp_path):
    text = "Section,EMAIL,Name,ID\n1,ada@example.org,  Ada   Lovelace ,ada\n,,,\n"
    assert read(write(tmp_path / "r.csv", text)) == (Student("ada", "Ada Lovelace", "ada@example.org"),)


def test_accents_are_one_character_however_written(tmp_path):
    text = unicodedata.normalize("NFD", "id,name\njosé,José\n")
    (student,) = read(write(tmp_path / "r.csv", text))
    assert (student.id, student.name) == ("josé", "José")
    with pytest.raises(ValueError, match="r.csv:3: the id 'josé' stands twice"):
        read(write(tmp_path / "r.csv", text + "josé,José\n"))


SLIPS = [
    ("", "r.csv:1: there must be one column id"),
    ("name\nada\n", "r.csv:1: there must be one column id"),
    ("id,id\n1,2\n", "r.csv:1: there must be one column id"),
    ("id,name\n", "at least one student"),
    ("id,name\nada,Ada,x\n", "r.csv:2: the line has 3 cells, and there are 2 columns"),
    ("id,name\nada,Ada\n,Emmy\n", "r.csv:3: the id is missing"),
    ("id,name\nada,Ada\n\nada,Emmy\n", "r.csv:4: the id 'ada' stands twice"),
    ("id,name\na\u200bda,Ada\n", r"r.csv:2: the id has a character that cannot be seen, U\+200B"),
    ("id,name\nada,\u202eAda\n", r"r.csv:2: the name has a character that cannot be seen, U\+202E"),
    ('id,name\n"a\nb",Ada\n', r"r.csv:3: the id has a character that cannot be seen, U\+000A"),
    (f"id,name\n{'a' * (MAX_TEXT + 1)},Ada\n", "r.csv:2: the id has 201 characters"),
    ('id,name\n"ada"x,Ada\n', "r.csv:2: the line is not CSV"),
    ("id,name\nada,Jos\u00e9\n".encode("latin-1"), "r.csv:2: the file must be UTF-8"),
]


@pytest.mark.parametrize(("text", "sentence"), SLIPS)
def test_a_slip_is_named_with_its_line(tmp_path, text, sentence):
    with pytest.raises(ValueError, match=sentence):
        read(write(tmp_path / "r.csv", text))
    with pytest.raises(ValueError, match="No such file"):
        read(tmp_path / "none.csv")


printable = st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable() and text == text.strip())


@given(st.lists(printable.map(lambda text: unicodedata.normalize("NFC", text)), min_size=1, max_size=20, unique=True))
def test_any_ids(tmp_path_factory, ids):
    path = write(tmp_path_factory.mktemp("roster") / "r.csv", table([(each, "x") for each in ids]))
    students = read(path)
    assert [student.id for student in students] == ids
    assert len({student.key for student in students}) == len(ids)
