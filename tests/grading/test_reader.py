"""What is opened, what is refused, and what is read: nothing here runs."""

from __future__ import annotations

import json
import os
import socket
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from notebooks import RIGHT, code, filled, hand_in, released

from kdlab.grading.reader import Unreadable, parse_notebook, read_submission, shown_name, students

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
    """A name comes from a listing and has no slash; if it did, what is found there is still only read as a notebook."""
    (submissions.parent / "secret").mkdir()
    (submissions.parent / "secret" / "note").write_text("secret")
    assert "secret" not in refusal(submissions, student)[1].replace(student, "")


def test_which_of_several(submissions):
    hand_in(submissions, "ada", filled(RIGHT), "b.ipynb")
    other = released() | {"metadata": {"kdlab": {"exercise": "temperature/debug"}}}
    hand_in(submissions, "ada", other, "a.ipynb")
    hand_in(submissions, "ada", b"{", "c.ipynb")
    assert read_submission(submissions, "ada", EXERCISE)[0].exercise == EXERCISE
    hand_in(submissions, "ada", filled(RIGHT), "d.ipynb")
    assert refusal(submissions, "ada") == (
        "refused",
        "2 notebooks in the folder are for temperature/softmax; one is allowed.",
    )


def test_none_for_this_exercise(submissions):
    (submissions / "ada").mkdir()
    assert refusal(submissions, "ada")[0] == "not_attempted"
    hand_in(submissions, "ada", released() | {"metadata": {"kdlab": {"exercise": "temperature/debug"}}})
    assert refusal(submissions, "ada")[0] == "not_attempted"


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
