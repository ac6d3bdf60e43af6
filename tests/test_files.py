"""Files that are whole or not there."""

import os
import stat

import pytest

from kdlab.files import write_bytes, write_text


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
