"""What is opened, what is refused, and what is read: nothing here runs."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebooks import RIGHT, code, filled, hand_in, released

from kdlab.grading import feedback
from kdlab.grading.reader import Unreadable, parse_notebook, read_submission, shown_name, stray_files, students

EXERCISE = "temperature/softmax"


def refusal(submissions, student="mallory", exercise=EXERCISE) -> tuple[str, str]:
    with pytest.raises(Unreadable) as caught:
        read_submission(submissions, student, exercise)
    return caught.value.status, str(caught.value)


def test_cells(submissions):
    hand_in(submissions, "ada", filled(RIGHT, before=("x = 1",)))
    notebook, digest = read_submission(submissions, "ada", EXERCISE)
    assert notebook.exercise == EXERCISE
    assert len(digest) == 64
    written = {cell.function: cell.source for cell in notebook.cells if cell.function}
    assert written == RIGHT
    assert [cell.source for cell in notebook.cells if not cell.locked and not cell.function] == ["x = 1"]
    assert any(cell.locked for cell in notebook.cells)


def test_18_huge_notebook(submissions):
    path = submissions / "mallory" / "a.ipynb"
    path.parent.mkdir()
    text = json.dumps(filled(RIGHT))
    output = '{"output_type": "stream", "name": "stdout", "text": "'
    with path.open("w") as file:
        file.write(text[:-1] + ', "more": ' + output)
        for _ in range(150):
            file.write("x" * 1_000_000)
        file.write('"}}')
    begin = time.monotonic()
    status, sentence = refusal(submissions)
    assert (status, "at most 5 MB" in sentence) == ("too_large", True)
    assert time.monotonic() - begin < 5


def test_17_corrupt_json(submissions):
    whole = json.dumps(filled(RIGHT)).encode()
    hand_in(submissions, "mallory", whole[: len(whole) // 2])
    assert refusal(submissions)[0] == "invalid_notebook"


def test_44_not_a_notebook(submissions):
    hand_in(submissions, "mallory", b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert refusal(submissions)[0] == "invalid_notebook"


def test_43_symlink(submissions):
    theirs = hand_in(submissions, "ada", filled(RIGHT))
    (submissions / "mallory").mkdir()
    (submissions / "mallory" / "softmax.ipynb").symlink_to(theirs)
    assert refusal(submissions) == ("refused", "The notebook cannot be opened: it is a symbolic link.")


def test_folder_that_is_a_symlink(submissions):
    hand_in(submissions, "ada", filled(RIGHT))
    (submissions / "mallory").symlink_to("ada")
    assert students(submissions) == ["ada", "mallory"]
    assert refusal(submissions)[0] == "refused"


def test_hard_link(submissions):
    theirs = hand_in(submissions, "ada", filled(RIGHT))
    (submissions / "mallory").mkdir()
    os.link(theirs, submissions / "mallory" / "softmax.ipynb")
    status, sentence = refusal(submissions)
    assert (status, "hard link" in sentence) == ("refused", True)


@pytest.mark.timeout(20)
@pytest.mark.parametrize("kind", ["pipe", "socket", "folder", "device"])
def test_not_a_file(submissions, kind):
    path = submissions / "mallory" / "a.ipynb"
    path.parent.mkdir()
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "folder":
        path.mkdir()
    elif kind == "socket":
        with socket.socket(socket.AF_UNIX) as server:
            here = os.open(path.parent, os.O_RDONLY)
            try:  # a short path: a socket's may have 107 characters
                server.bind(f"/proc/self/fd/{here}/a.ipynb")
            finally:
                os.close(here)
    else:
        path.symlink_to("/dev/zero")
    assert refusal(submissions)[0] == "refused"


@pytest.mark.parametrize("name", ["a\nb", "a\x1b[2Jb", "\u202egnp.exe", "a\x07b", "x" * 101])
def test_names_that_mislead(submissions, name):
    hand_in(submissions, name, filled(RIGHT))
    assert students(submissions) == [name]
    assert refusal(submissions, name)[0] == "refused"
    assert shown_name(name).isprintable()


def test_name_that_is_no_text(submissions):
    os.mkdir(os.fsencode(submissions) + b"/\xff\xfe")
    (name,) = students(submissions)
    assert refusal(submissions, name)[0] == "refused"
    assert shown_name(name).isascii()


@pytest.mark.parametrize("student", ["../secret", "..", "/etc", "a/../../secret"])
def test_no_way_up(submissions, student):
    """A name comes from a listing and has no slash; if it did, nothing is looked at."""
    hand_in(submissions.parent, "secret", filled(RIGHT))
    assert refusal(submissions, student) == ("refused", "A student's folder lies beside those of the others.")


def test_which_of_several(submissions):
    hand_in(submissions, "ada", filled(RIGHT), "b.ipynb")
    other = released() | {"metadata": {"kdlab": {"exercise": "temperature/debug"}}}
    hand_in(submissions, "ada", other, "a.ipynb")
    hand_in(submissions, "ada", b"{", "c.ipynb")
    assert read_submission(submissions, "ada", EXERCISE)[0].exercise == EXERCISE
    assert read_submission(submissions, "ada", EXERCISE)[0].notes == (
        "Beside the notebook that was graded, this could not be read: c.ipynb.",
    )


def test_of_two_the_newest(submissions):
    old = hand_in(submissions, "ada", filled({"softmax_at": "old = 1"}), "z.ipynb")
    new = hand_in(submissions, "ada", filled(RIGHT), "a.ipynb")
    os.utime(old, (1_000_000, 1_000_000))
    os.utime(new, (1_000_001, 1_000_001))
    notebook, digest = read_submission(submissions, "ada", EXERCISE)
    assert digest == hashlib.sha256(new.read_bytes()).hexdigest()
    assert notebook.notes == ("Of several notebooks, the newest was graded: a.ipynb. Not graded: z.ipynb.",)
    os.utime(old, (1_000_001, 1_000_001))
    status, sentence = refusal(submissions, "ada")
    assert (status, "the newest" in sentence, "a.ipynb, z.ipynb" in sentence) == ("several_notebooks", True, True)
    old.write_bytes(new.read_bytes())  # a copy of the same is no other
    assert read_submission(submissions, "ada", EXERCISE)[0].notes == ()


NOT_HANDED_IN = {
    "nothing_handed_in": [],
    "system_files_only": ["__MACOSX/._softmax.ipynb", ".DS_Store", ".ipynb_checkpoints/softmax.ipynb"],
    "wrong_suffix": ["softmax.IPYNB", "softmax.ipynb.txt", "notes.py"],
    "archive": ["softmax.ZIP", "__MACOSX/x"],
    "nested_folder": ["homework/softmax.ipynb"],
    "python_file": ["softmax.py"],
    "no_notebook": ["softmax.pdf"],
}


@pytest.mark.parametrize("status", NOT_HANDED_IN)
def test_each_way_of_not_handing_in_has_a_status_and_a_sentence(submissions, grader, status):
    (submissions / "ada").mkdir()
    for name in NOT_HANDED_IN[status]:
        path = submissions / "ada" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(filled(RIGHT)))
    found, sentence = refusal(submissions, "ada")
    assert found == status
    assert NOT_HANDED_IN[status][0].partition("/")[0] in sentence if NOT_HANDED_IN[status] else sentence
    result, file = grader("ada")
    assert (result["status"], result["points"], result["max_points"], file) == (status, None, 5, "")
    assert result["notes"] == [sentence]


def test_each_status_has_a_sentence_for_the_student(submissions):
    assert set(feedback._STATUS) >= {*NOT_HANDED_IN, "wrong_exercise", "several_notebooks"}


def test_another_exercise(submissions, grader):
    hand_in(submissions, "ada", released() | {"metadata": {"kdlab": {"exercise": "temperature/debug"}}})
    sentence = "What was handed in is not for temperature/softmax, but for temperature/debug."
    assert refusal(submissions, "ada") == ("wrong_exercise", sentence)
    assert grader("ada")[0]["points"] is None
    hand_in(submissions, "ada", released() | {"metadata": {"kdlab": {"exercise": "a\n\x1b[2J"}}}, "two.ipynb")
    assert refusal(submissions, "ada")[1].isprintable()


def test_what_a_computer_adds_beside_the_folders_is_no_student(submissions):
    hand_in(submissions, "ada", filled(RIGHT))
    hand_in(submissions, "__MACOSX", filled(RIGHT))
    hand_in(submissions, ".", b"PK", "emmy.zip")
    assert (students(submissions), stray_files(submissions)) == (["ada"], ["emmy.zip"])


def test_two_folders_of_one_written_name(submissions):
    hand_in(submissions, "a\nb", filled(RIGHT))
    hand_in(submissions, "a\\nb", filled(RIGHT))
    with pytest.raises(ValueError, match="one folder for each student"):
        students(submissions)


def test_a_notebook_without_our_metadata_is_read(submissions):
    made = filled(RIGHT)
    bare = {
        "cells": [code(cell["source"]) for cell in made["cells"] if "outputs" in cell],
        "metadata": {},
        "nbformat": 4,
    }
    hand_in(submissions, "ada", bare)
    notebook = read_submission(submissions, "ada", EXERCISE)[0]
    assert [name for name in RIGHT if any(cell.defines(name) for cell in notebook.cells)] == list(RIGHT)


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"[" * 5_000_000, "invalid_notebook"),
        (b'{"cells":' * 500_000, "invalid_notebook"),
        (b'{"cells": [' + b"1" * 10_000 + b"]}", "invalid_notebook"),
        (b"null", "invalid_notebook"),
        (b"{}", "invalid_notebook"),
        (b'{"cells": {}}', "invalid_notebook"),
        (b'{"worksheets": [{"cells": 3}, 4]}', None),
        (b'{"cells": [{"cell_type": "code", "source": {"a": 1}}]}', "invalid_notebook"),
        (b'{"cells": [{"cell_type": "code", "source": [1, 2]}]}', "invalid_notebook"),
        (b'{"cells": [1, null, [], {"cell_type": []}]}', None),
        (b'{"cells": [' + b",".join([b'{"cell_type": "code", "source": ""}'] * 100_000) + b"]}", "too_large"),
        (b'{"cells": [{"cell_type": "code", "metadata": 3, "source": "\\ud800\\u0000"}], "metadata": []}', None),
        (b'{"cells": [{"cell_type": "code", "metadata": {"kdlab": {"role": "solution", "function": [1]}}}]}', None),
    ],
    ids=range(13),
)
def test_odd_json(data, status):
    begin = time.monotonic()
    if status is None:
        parse_notebook(data)
    else:
        with pytest.raises(Unreadable) as caught:
            parse_notebook(data)
        assert caught.value.status == status
    assert time.monotonic() - begin < 5


KEYS = ("cells", "cell_type", "source", "metadata", "kdlab", "role", "function", "worksheets", "input")
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("code") | st.just("solution"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@given(json_values)
def test_any_json(value):
    try:
        notebook = parse_notebook(json.dumps(value).encode())
    except Unreadable:
        return
    for cell in notebook.cells:
        assert isinstance(cell.source, str)
        cell.source.encode("utf-8")
        cell.defines("softmax_at")
