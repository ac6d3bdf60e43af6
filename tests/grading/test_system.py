"""What a sandbox stands on: enough for NumPy, and nothing a student should not see."""

from __future__ import annotations

import fcntl
import os
import tempfile
import time

from notebooks import EXERCISES, KEY

from kdlab.grading import system as module
from kdlab.grading.system import system


def test_what_is_in_it(softmax_system):
    site = softmax_system / "python" / "site"
    assert {path.name for path in site.iterdir()} <= {"numpy", "numpy.libs", "kdlab"}
    ours = {str(path.relative_to(site / "kdlab")) for path in (site / "kdlab").rglob("*.py")}
    assert {"conventions.py", "grading/worker.py", "practice/run.py"} <= ours
    assert {"core/__init__.py", "core/pruning.py", "pruning.py"} <= ours
    assert (
        not {"temperature.py", "core/temperature.py", "distillation_loss.py"} & ours
    )  # forbidden, and what leads there
    # nothing of the trusted side: no judge, no cases, no grader
    rooms = {name for name in ours if "/" in name and not name.startswith("core/")}
    assert rooms == {
        *("checking/__init__.py", "checking/asking.py", "checking/sentences.py", "checking/values.py"),
        *("practice/__init__.py", "practice/run.py"),
        *("grading/__init__.py", "grading/channel.py", "grading/drawing.py", "grading/worker.py"),
    }
    assert not {"cli.py", "files.py"} & ours


def test_there_is_nothing_secret_in_it(softmax_system):
    secrets = [KEY]
    for path in EXERCISES.rglob("*.py"):
        secrets += [line.strip().encode() for line in path.read_text().splitlines() if '"""' in line and len(line) > 40]
    assert len(secrets) > 10
    for path in softmax_system.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            assert not [secret for secret in secrets if secret in data], path


def test_nobody_can_write_to_it(softmax_system):
    for path in [softmax_system, *softmax_system.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode & 0o7777
            assert mode in ((0o755,) if path.is_dir() else (0o555, 0o444)), path


def test_it_goes_away(bubblewrap):
    with system() as path:
        assert (path / "python" / "bin" / "python3").is_file()
    assert not path.exists()


def test_what_a_killed_grader_left_goes_away(bubblewrap, monkeypatch, tmp_path):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(module, "build", lambda folder, forbids: None)
    held, abandoned, young = (tmp_path / f"{module._PREFIX}{name}" for name in ("held", "abandoned", "young"))
    for path in (held, abandoned, young):
        path.mkdir()
        (path / "file").touch()
    monkeypatch.setattr(module, "_made_at", lambda path: time.time() if path == young else 0.0)
    lock = os.open(held, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    with system() as path:
        assert sorted(tmp_path.iterdir()) == sorted([held, young, path])
    os.close(lock)
