"""The kill matrix of the instructor's guide: made from the exercises, once for each state of them."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "practice"))
from small import write_exercise

from kdlab.book import kill_matrix
from kdlab.practice import cases


def test_a_matrix_is_made_once_and_again_when_the_exercise_changes(tmp_path, monkeypatch):
    path, kept = write_exercise(tmp_path), tmp_path / "kept"
    matrix = kill_matrix.matrix_of(path, kept)
    assert "forgets  x.x" in matrix
    with monkeypatch.context() as patched:
        patched.setattr(cases, "paper", lambda *_, **__: pytest.fail("made again"))
        assert kill_matrix.matrix_of(path, kept) == matrix
    (path / "wrong" / "zero.py").write_text('"""Always 0."""\n\n\ndef double(x):\n    return 0.0\n')
    assert "zero     x.x" in kill_matrix.matrix_of(path, kept)
    assert len(list(kept.iterdir())) == 2
