from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest
from notebooks import EXERCISES, KEY

from kdlab.grading.grader import Grader, Limits
from kdlab.grading.sandbox import INSTALL, Sandbox
from kdlab.grading.system import system
from kdlab.practice import folder
from kdlab.practice.instructor import Instructor


@pytest.fixture(scope="session")
def bubblewrap():
    if shutil.which("bwrap") is None:
        pytest.fail(INSTALL)


@pytest.fixture(scope="session")
def softmax():
    return folder.read(EXERCISES / "temperature" / "softmax")


@pytest.fixture(scope="session")
def debug():
    return folder.read(EXERCISES / "temperature" / "debug")


@pytest.fixture(scope="session")
def softmax_system(bubblewrap, softmax):
    with system(softmax.forbids) as path:
        yield path


@pytest.fixture(scope="session")
def debug_system(bubblewrap, debug):
    with system(debug.forbids) as path:
        yield path


@pytest.fixture
def submissions(tmp_path) -> Path:
    path = tmp_path / "submissions"
    path.mkdir()
    return path


@pytest.fixture
def grader(submissions, softmax, softmax_system) -> Grader:
    limits = Limits(cell_seconds=20, call_seconds=20, total_seconds=120)
    return Grader(softmax, Instructor(KEY, Path("nowhere")), submissions, softmax_system, limits=limits)


def _start_of(process: int) -> str | None:
    """Return when a process was started, by which it is told from a later one of the same number."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[19]
    except OSError:
        return None


@pytest.fixture(autouse=True)
def nothing_is_left(monkeypatch):
    """No test may leave a process of a sandbox behind."""
    started: dict[int, str | None] = {}
    start = Sandbox.__init__

    def watched(sandbox, *arguments, **more):
        start(sandbox, *arguments, **more)
        started.update({process: _start_of(process) for process in sandbox.processes()})

    monkeypatch.setattr(Sandbox, "__init__", watched)
    yield
    deadline = time.monotonic() + 10
    while alive := [process for process, begun in started.items() if begun and _start_of(process) == begun]:
        assert time.monotonic() < deadline, f"processes {alive} outlived their sandbox"
        time.sleep(0.02)
