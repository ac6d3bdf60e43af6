"""What makes a mark: any change of it is seen, and what does not matter is not."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from notebooks import EXERCISES, KEY

from kdlab.grading.provenance import WORDS, differences, digest_of_folder, made_by
from kdlab.practice import folder, instructor
from kdlab.practice.instructor import Instructor

CHANGES = {
    "another text": lambda at: (at / "checks.py").write_text((at / "checks.py").read_text() + "\n"),
    "a new file": lambda at: (at / "data.csv").write_text(""),
    "a file less": lambda at: (at / "right" / "loops.py").unlink(),
    "another name": lambda at: (at / "right" / "loops.py").rename(at / "right" / "loop.py"),
    "another folder": lambda at: (at / "right").rename(at / "left"),
}


@pytest.fixture
def copy(tmp_path) -> Path:
    return shutil.copytree(EXERCISES / "temperature" / "softmax", tmp_path / "temperature" / "softmax")


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_the_exercise_is_seen(copy, change):
    before = digest_of_folder(copy)
    CHANGES[change](copy)
    assert digest_of_folder(copy) != before


def test_what_programs_leave_is_no_change(copy, tmp_path):
    before = digest_of_folder(copy)
    (copy / "__pycache__").mkdir()
    for name in ("__pycache__/checks.pyc", ".checks.py.swp"):
        (copy / name).write_text("x")
    (copy / "checks.py").touch()
    assert digest_of_folder(copy) == before
    assert digest_of_folder(shutil.copytree(copy, tmp_path / "elsewhere")) == before


def test_another_key_is_another_maker_and_is_not_told(copy):
    one, two = (made_by(folder.read(copy), Instructor(key, copy)) for key in (KEY, KEY + b"!"))
    assert one.keys() == WORDS.keys()
    assert differences(one, two) == ["the instructor's key"]
    assert KEY.decode() not in str(one)


def test_the_sample_key_is_known():
    assert instructor.read(EXERCISES.parent / "instructor.sample").is_sample
    assert not Instructor(KEY, Path("nowhere")).is_sample
