"""The pool: every job once, a process that is killed loses only its own job, and nothing outlives the pool."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from kdlab.grading.pool import map_unordered


def make_square(offset):
    return lambda job: job * job + offset


def make_killer(victim):
    def work(job):
        if job == victim:
            os.kill(os.getpid(), signal.SIGKILL)
        return os.getpid()

    return work


def make_sleeper(folder):
    def work(job):
        (Path(folder) / str(os.getpid())).touch()
        time.sleep(60)

    return work


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition, seconds=60):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_every_job_once(processes):
    assert sorted(map_unordered(make_square(1), range(4), processes)) == [(i, i * i + 1) for i in range(4)]


def test_no_jobs():
    assert list(map_unordered(make_square(1), [], 2)) == []


def test_a_killed_process_loses_its_job_alone():
    results = dict(map_unordered(make_killer(2), range(6), 2))
    assert results.pop(2) is None
    assert len(results) == 5
    assert all(results.values())


def test_an_exception_ends_its_process_and_loses_its_job(capfd):
    def fail(job):
        raise RuntimeError("nothing works here")

    assert list(map_unordered(fail, [1, 2], 1)) == [(1, None), (2, None)]
    assert "nothing works here" in capfd.readouterr().err


def test_closing_ends_the_processes(tmp_path):
    started = time.monotonic()
    with closing(map_unordered(make_first_quick(tmp_path), range(4), 2)) as results:
        assert next(results)[1] == "first"
    assert time.monotonic() - started < 50
    wait_until(lambda: not any(is_alive(int(path.name)) for path in tmp_path.iterdir()))


def make_first_quick(folder):
    sleep = make_sleeper(folder)
    return lambda job: "first" if job == 0 else sleep(job)


def test_killing_the_parent_ends_the_processes(tmp_path):
    here = Path(__file__)
    program = f"""
import sys
sys.path.insert(0, {str(here.parent)!r})
from {here.stem} import make_sleeper
from kdlab.grading.pool import map_unordered
if __name__ == "__main__":
    list(map_unordered(make_sleeper({str(tmp_path)!r}), range(2), 2))
"""
    script = tmp_path.parent / f"{tmp_path.name}.py"
    script.write_text(program)
    parent = subprocess.Popen([sys.executable, str(script)])
    wait_until(lambda: len(list(tmp_path.iterdir())) == 2)
    processes = [int(path.name) for path in tmp_path.iterdir()]
    assert all(map(is_alive, processes))
    parent.kill()
    parent.wait()
    wait_until(lambda: not any(map(is_alive, processes)), 10)
