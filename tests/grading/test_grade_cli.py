"""The command line, as an instructor uses it: run, kill, resume, feedback, export, doctor."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from notebooks import EXERCISES, KEY, RIGHT, ZEROS, filled, hand_in, released

from kdlab import cli
from kdlab.grading import grader as module
from kdlab.grading.gradebook import open_gradebook
from kdlab.grading.grader import Grader
from kdlab.grading.sandbox import INSTALL

pytestmark = pytest.mark.usefixtures("bubblewrap")


@pytest.fixture
def course(tmp_path, submissions, monkeypatch) -> Path:
    """Twelve students of every kind, and an instructor's folder that the environment names."""
    instructor = tmp_path / "instructor"
    instructor.mkdir()
    (instructor / "key").write_bytes(KEY)
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(instructor))
    for number in range(4):
        hand_in(submissions, f"right{number}", filled(RIGHT))
    hand_in(submissions, "zeros", filled(ZEROS, before=("print('zeros')",)))
    hand_in(submissions, "half", filled(RIGHT | {"softmax_at": ZEROS["softmax_at"]}))
    hand_in(submissions, "exits", filled(RIGHT | {"softmax_at": "import os; os._exit(1)"}))
    hand_in(submissions, "untouched", released())
    hand_in(submissions, "corrupt", b"{")
    hand_in(submissions, "=cmd()", filled(RIGHT))
    hand_in(submissions, "<script>", filled(RIGHT))
    (submissions / "copies").mkdir()
    (submissions / "copies" / "softmax.ipynb").symlink_to(submissions / "right0" / "softmax.ipynb")
    return tmp_path


POINTS = {"zeros": 0, "half": 3, "exits": 3, "untouched": 0, "corrupt": 0, "copies": 0}


def arguments(course: Path, verb: str, book: str = "book") -> list[str]:
    if verb == "resume":
        return ["grade", "resume", "--gradebook", str(course / book), "--json"]
    return [
        *("grade", "run", str(course / "submissions"), "--exercise", "temperature/softmax", "--json"),
        *("--exercises", str(EXERCISES), "--gradebook", str(course / book)),
    ]


def kdlab(capfd, *words) -> tuple[int, str, str]:
    code = cli.main([str(word) for word in words])
    said = capfd.readouterr()
    return code, said.out, said.err


def points(course: Path) -> dict[str, float]:
    with open_gradebook(course / "book") as book:
        return {result["student"]: result["points"] for result in book.results()}


def left(capfd, course: Path) -> list[str]:
    code, out, err = kdlab(capfd, "grade", "left", "--gradebook", course / "book", "--json")
    assert (code, err) == (0, "")
    return json.loads(out)["left"]


def test_run_feedback_export(course, capfd):
    code, out, err = kdlab(capfd, *arguments(course, "run"))
    assert (code, err) == (0, "")
    summary = json.loads(out)
    assert summary["statuses"] == {"graded": 9, "not_attempted": 1, "invalid_notebook": 1, "refused": 1}
    assert points(course) == {name: POINTS.get(name, 5) for name in os.listdir(course / "submissions")}

    code, out, _ = kdlab(capfd, "grade", "feedback", "--gradebook", course / "book", "--out", course / "pages")
    assert (code, len(list((course / "pages").rglob("*.html")))) == (0, 12)

    code, out, _ = kdlab(capfd, "grade", "export", "--gradebook", course / "book", "--csv", course / "points.csv")
    with (course / "points.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert (code, len(rows)) == (0, 12)
    assert [row["points"] for row in rows if row["student"] == "'=cmd()"] == ["5"]

    again = json.loads(kdlab(capfd, *arguments(course, "run", "again"))[1])
    assert again["digest"] == summary["digest"]


def test_resume_grades_what_is_new(course, capfd):
    first = json.loads(kdlab(capfd, *arguments(course, "run"))[1])
    nothing = json.loads(kdlab(capfd, *arguments(course, "resume"))[1])
    assert (nothing["graded"], nothing["digest"]) == (0, first["digest"])
    hand_in(course / "submissions", "zeros", filled(RIGHT))
    hand_in(course / "submissions", "late", filled(RIGHT))
    hand_in(course / "submissions", ".", filled(RIGHT), "stray.ipynb")
    assert left(capfd, course) == ["late", "zeros"]
    second = json.loads(kdlab(capfd, *arguments(course, "resume"))[1])
    assert left(capfd, course) == []
    assert (second["graded"], second["stray"]) == (2, ["stray.ipynb"])
    assert points(course)["zeros"] == points(course)["late"] == 5


def test_wrong_solutions_are_run_for_what_failed_and_for_nothing_else(grader, submissions, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "with_wrong", lambda exercise, question: asked.append(question.function) or question)
    hand_in(submissions, "half", filled(RIGHT | {"softmax_at": ZEROS["softmax_at"]}))
    assert grader("half")[0]["points"] == 3
    assert asked == ["softmax_at"]


def test_a_process_that_is_killed_costs_nobody_a_mark(course, capfd, monkeypatch):
    """As when the machine is out of memory: no zero, an exit code to notice, and another try on resume."""
    grade = Grader.__call__

    def killed(grader, student):
        if student == "half":
            os.kill(os.getpid(), signal.SIGKILL)
        return grade(grader, student)

    monkeypatch.setattr(Grader, "__call__", killed)
    code, out, _ = kdlab(capfd, *arguments(course, "run"))
    assert (code, json.loads(out)["statuses"]["grader_error"]) == (1, 1)
    assert points(course)["half"] is None
    assert left(capfd, course) == ["half"]
    monkeypatch.setattr(Grader, "__call__", grade)
    code, out, _ = kdlab(capfd, *arguments(course, "resume"))
    assert (code, json.loads(out)["graded"]) == (0, 1)
    assert points(course)["half"] == 3


def test_wrong_use(course, capfd, monkeypatch):
    for words, sentence in (
        (["grade", "resume", "--gradebook", course / "none"], "There is no gradebook"),
        (["grade", "export", "--gradebook", course / "none", "--csv", course / "x"], "There is no gradebook"),
        (["grade", "left", "--gradebook", course / "none"], "There is no gradebook"),
        ([*arguments(course, "run"), "--exercise", "temperature/nothing"], "exercise must be one of"),
        ([*arguments(course, "run"), "--exercise", "../x"], "exercise must be"),
        ([*arguments(course, "run"), "--jobs", "0"], "--jobs must be at least 1"),
        (["grade", "run", course / "none", *arguments(course, "run")[3:]], "SUBMISSIONS must be a folder"),
        (["grade", "run", course / "instructor", *arguments(course, "run")[3:]], "must hold a folder for each student"),
    ):
        code, out, err = kdlab(capfd, *words)
        assert (code, out) == (2, "")
        assert sentence in err
    monkeypatch.delenv("KDLAB_INSTRUCTOR")
    code, _, err = kdlab(capfd, *arguments(course, "run"))
    assert (code, "KDLAB_INSTRUCTOR must name" in err) == (2, True)
    with pytest.raises(SystemExit) as caught:
        cli.main(["grade", "run"])
    assert caught.value.code == 2


def test_without_bubblewrap_it_says_what_to_install_and_stops(course, capfd, monkeypatch):
    monkeypatch.setenv("PATH", str(course))
    code, out, err = kdlab(capfd, *arguments(course, "run"))
    assert (code, out, err) == (3, "", f"kdlab: {INSTALL}\n")
    assert kdlab(capfd, "grade", "doctor")[0] == 3
    with open_gradebook(course / "book") as book:
        assert list(book.results()) == []


def test_without_bubblewrap_only_if_trusted(course, capfd, monkeypatch):
    for name in ("exits", "zeros", "=cmd()", "<script>", "right1", "right2", "right3"):
        shutil.rmtree(course / "submissions" / name)
    monkeypatch.setenv("PATH", str(course))
    code, out, _ = kdlab(capfd, *arguments(course, "run"), "--trust-submissions")
    assert code == 0
    assert points(course) == {name: POINTS.get(name, 5) for name in os.listdir(course / "submissions")}


def test_doctor(bubblewrap, capfd):
    code, out, _ = kdlab(capfd, "grade", "doctor", "--json")
    assert code == 0
    assert {each["verdict"] for each in json.loads(out)["probes"]} == {"held"}


def test_exercise_check_and_build(tmp_path, capfd):
    folder = EXERCISES / "temperature" / "softmax"
    code, out, _ = kdlab(capfd, "exercise", "check", folder, "--json")
    assert (code, json.loads(out)) == (0, {"exercises": [{"exercise": "temperature/softmax", "problems": []}]})
    code, out, _ = kdlab(capfd, "exercise", "build", folder, "--out", tmp_path, "--json")
    assert code == 0
    assert all(Path(path).is_file() for path in json.loads(out)["files"])


def descendants(process: int) -> set[int]:
    parents = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    found, new = set(), {process}
    while new:
        found |= new
        new = {each for each, parent in parents.items() if parent in new} - found
    return found


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def start(course: Path, verb: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "kdlab.cli", *arguments(course, verb)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def kill_and_resume(course: Path, capfd, kills: int) -> None:
    """Kill runs at random moments, resume each, and compare with a run that nobody disturbed."""
    begin = time.monotonic()
    whole = json.loads(kdlab(capfd, *arguments(course, "run", "whole"))[1])
    duration = time.monotonic() - begin + 2.0  # a process of its own has to start first
    rng = np.random.default_rng(int.from_bytes(KEY[:4], "big"))
    killed, verb = 0, "run"
    while killed < kills:
        grader = start(course, verb)
        try:
            grader.wait(rng.uniform(0.0, duration))
            assert grader.returncode == 0
            verb = "run"  # it came to its end: grade everything again, over the same results
            continue
        except subprocess.TimeoutExpired:
            tree = descendants(grader.pid)
        grader.kill()
        grader.wait()
        killed += 1
        deadline = time.monotonic() + 10
        while alive := [process for process in tree if is_alive(process)]:
            assert time.monotonic() < deadline, f"{alive} outlived the grader"
            time.sleep(0.02)
        try:
            with open_gradebook(course / "book") as book:
                verb = "resume" if book.last_run() else "run"
                assert book.digest()  # every result in it can be read
        except ValueError:  # killed before there was a gradebook
            verb = "run"
    last = json.loads(kdlab(capfd, *arguments(course, verb))[1])
    assert last["statuses"] == whole["statuses"]
    assert last["digest"] == whole["digest"]


def test_killed_five_times(course, capfd):
    kill_and_resume(course, capfd, kills=5)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_killed_fifty_times(course, capfd):
    kill_and_resume(course, capfd, kills=50)


def test_interrupted_by_hand(course, capfd):
    """Ctrl-C ends everything at once, keeps what is written, and says how to go on."""
    hand_in(course / "submissions", "a-slow", filled(RIGHT, before=("import time; time.sleep(4)",)))
    command = [sys.executable, "-m", "kdlab.cli", *arguments(course, "run")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # a shell's background jobs, and all they start, ignore Ctrl-C: here it must be heard
    heard = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731
    grader = subprocess.Popen(command, start_new_session=True, preexec_fn=heard, **pipes)
    deadline = time.monotonic() + 60
    while len(tree := descendants(grader.pid)) < 5 and time.monotonic() < deadline:
        time.sleep(0.05)  # until a sandbox runs
    os.killpg(grader.pid, signal.SIGINT)
    out, err = grader.communicate(timeout=30)
    assert (grader.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert f"kdlab grade resume --gradebook {course / 'book'}" in err
    assert not [process for process in tree if is_alive(process)]
    assert json.loads(kdlab(capfd, *arguments(course, "resume"))[1])["students"] == 13
    assert points(course)["a-slow"] == 5
