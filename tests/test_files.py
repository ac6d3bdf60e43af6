"""Files that are whole or not there, and names that every system takes."""

import os
import re
import stat
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.files import safe_name, write_bytes, write_text


def test_write_bytes_leaves_nothing_half_written(monkeypatch, tmp_path):
    target = tmp_path / "file"
    write_bytes(target, b"before")

    def fail(_source, _target):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_bytes(target, b"after")
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir() if path.is_file()] == [("file", b"before")]


def test_a_text_is_written_as_it_is_and_folders_are_made(tmp_path):
    target = tmp_path / "new" / "folder" / ("long name " * 20 + ".txt")
    write_text(target, "é\r\n\n")
    assert target.read_bytes() == b"\xc3\xa9\r\n\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o644
    assert list(target.parent.iterdir()) == [target]


@given(st.text(max_size=120))
def test_a_safe_name_is_taken_by_every_system(name):
    safe = safe_name(name)
    assert re.fullmatch(r"[a-z0-9_][a-z0-9._@-]{0,79}", safe)
    assert not safe.endswith((".", "-"))
    assert safe.partition(".")[0] not in (
        "con",
        "prn",
        "aux",
        "nul",
        *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)),
    )


ALIKE = ["Ada", "ada", "ADA", "ada ", "ada-", "=ada", "-ada", "ada.", safe_name("Ada"), "José Núñez", "jose nunez"]
ALIKE += [
    unicodedata.normalize("NFD", "José Núñez"),
    "jose-nunez",
    "李",
    "林",
    "",
    "con",
    "CON",
    "con.txt",
    "\ud800",
    "?",
]


def test_names_never_meet():
    assert len(set(map(safe_name, ALIKE))) == len(ALIKE)
    assert safe_name("ada") == "ada"


@given(st.lists(st.text("aA-=é. _1", max_size=4), unique=True, max_size=50))
def test_other_names_are_other_files(names):
    assert len(set(map(safe_name, names))) == len(names)


@given(st.text())
def test_the_name_of_a_name_is_made_once(name):
    """So that a folder which has been made can be told from a student who is called like it."""
    assert (safe_name(safe_name(name)) == safe_name(name)) == (safe_name(name) == name)
