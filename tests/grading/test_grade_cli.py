"""The command line, as an instructor uses it: run, kill, resume, feedback, export, doctor."""

from __future__ import annotations

import csv
import functools
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
from kdlab.grading import run
from kdlab.grading.gradebook import open_gradebook
from kdlab.grading.grader import Grader
from kdlab.grading.sandbox import INSTALL
from kdlab.practice.prove import prove

pytestmark = pytest.mark.usefixtures("bubblewrap")


@pytest.fixture
def course(tmp_path, submissions, monkeypatch) -> Path:
    """Twelve students of every kind, and an instructor's folder that the environment names."""
    instructor = tmp_path / "instructor"
    instructor.mkdir()
    (instructor / "key").write_bytes(KEY)
    monkeypatch.setenv("KDLAB_INSTRUCTOR", str(instructor))
    # that it is proved on many papers is seen in tests/practice, and below where a grader is a process of its own
    monkeypatch.setattr(run, "_proved", functools.partial(prove, n_papers=1, with_mutants=False))
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


POINTS = {"zeros": 0, "half": 3, "exits": 3, "untouched": 0, "corrupt": None, "copies": None}


def arguments(course: Path, verb: str, book: str = "book") -> list[str]:
    if verb != "run":
        return ["grade", verb, "--gradebook", str(course / book), "--json"]
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


@pytest.fixture
def small(course, monkeypatch) -> Path:
    """Four students, and an exercise of the instructor's own, so that it can be edited."""
    for name in os.listdir(course / "submissions"):
        if name not in ("right0", "half", "zeros", "untouched"):
            shutil.rmtree(course / "submissions" / name)
    own = course / "instructor" / "exercises" / "temperature" / "softmax"
    shutil.copytree(EXERCISES / "temperature" / "softmax", own)
    return course


def edit(small: Path) -> None:
    """As an instructor who finds a question worth more: 3 points for softmax_at, not 2."""
    path = small / "instructor" / "exercises" / "temperature" / "softmax" / "checks.py"
    text = path.read_text()
    assert text.count('"softmax_at", 2') == 1
    path.write_text(text.replace('"softmax_at", 2', '"softmax_at", 3'))


def said(capfd, course: Path, verb: str, *more: str) -> dict:
    code, out, err = kdlab(capfd, *arguments(course, verb), *more)
    assert (code, err) == (0, ""), err
    return json.loads(out)


def refused(capfd, course: Path, verb: str, *more: str) -> str:
    code, out, err = kdlab(capfd, *arguments(course, verb), *more)
    assert (code, out) == (2, "")
    return err


def test_marks_are_not_mixed_and_a_regrade_is_seen_before_it_counts(small, capfd):
    said(capfd, small, "run")
    before = {"right0": 5, "half": 3, "zeros": 0, "untouched": 0}
    assert points(small) == before
    edit(small)
    hand_in(small / "submissions", "late", filled(RIGHT))
    sentence = refused(capfd, small, "resume")
    assert "the files of the exercise changed since temperature/softmax was graded" in sentence
    assert "kdlab grade regrade" in sentence
    assert "has temperature/softmax already" in refused(capfd, small, "run")
    assert "--only would mix marks: the files of the exercise" in refused(capfd, small, "regrade", "--only", "half")
    assert "holds no regrade of temperature/softmax" in refused(capfd, small, "diff")
    assert points(small) == before

    hand_in(small / "submissions", "half", filled(RIGHT))
    found = said(capfd, small, "regrade")
    assert (found["graded"], found["accepted"], points(small)) == (5, False, before)
    changes = {each["student"]: each for each in said(capfd, small, "diff")["changes"]}
    files = "the files of the exercise"
    assert {name: each["why"] for name, each in changes.items()} == {
        "right0": [files],
        "half": ["the submission", files],
        "zeros": [files],
        "untouched": [files],
        "late": ["the student had no mark"],
    }
    assert changes["right0"]["before"] == {"status": "graded", "points": 5, "max_points": 5}
    assert changes["right0"]["after"] == {"status": "graded", "points": 6, "max_points": 6}
    assert (changes["right0"]["functions"], changes["zeros"]["functions"]) == (["softmax_at"], [])
    code, out, _ = kdlab(capfd, *arguments(small, "diff")[:-1])
    assert "right0: 5 of 5 -> 6 of 6 in softmax_at. What changed: the files of the exercise.\n" in out
    assert points(small) == before

    assert len(said(capfd, small, "accept")["changes"]) == 5
    assert points(small) == {"right0": 6, "half": 6, "zeros": 0, "untouched": 0, "late": 6}
    assert said(capfd, small, "resume")["graded"] == 0
    with open_gradebook(small / "book") as book:  # the old results are there
        assert {name: entry.result["points"] for name, entry in book.entries_of(book.run(1)).items()} == before


def test_another_key_stops_a_resume(small, capfd):
    said(capfd, small, "run")
    (small / "instructor" / "key").write_bytes(KEY + b"!")
    assert "the instructor's key changed" in refused(capfd, small, "resume")


def test_one_student_is_graded_again(small, capfd):
    digest = said(capfd, small, "run")["digest"]
    assert "there is none of nobody" in refused(capfd, small, "regrade", "--only", "nobody")
    found = said(capfd, small, "regrade", "--only", "half")
    assert (found["graded"], found["statuses"]) == (1, {"graded": 1})
    assert said(capfd, small, "accept") == said_same(["half"])
    hand_in(small / "submissions", "zeros", filled(RIGHT))
    found = said(capfd, small, "resume")  # of everybody again
    assert (found["graded"], found["digest"] == digest, points(small)["zeros"]) == (1, False, 5)


def said_same(students: list[str]) -> dict:
    nothing = {"changes": [], "left": [], "failed": [], "vanished": []}
    return nothing | {"exercise": "temperature/softmax", "same": len(students)}


def test_an_unfinished_regrade_is_not_accepted(small, capfd, monkeypatch):
    said(capfd, small, "run")
    grade = Grader.__call__
    failing = lambda grader, student: None if student == "half" else grade(grader, student)  # noqa: E731
    monkeypatch.setattr(Grader, "__call__", failing)
    assert kdlab(capfd, *arguments(small, "regrade"))[0] == 1
    monkeypatch.setattr(Grader, "__call__", grade)
    assert "is not finished (half" in refused(capfd, small, "accept")
    hand_in(small / "submissions", "late", filled(RIGHT))
    assert said(capfd, small, "diff")["left"] == ["half", "late"]
    assert said(capfd, small, "resume")["graded"] == 2
    assert said(capfd, small, "accept")["changes"][0]["student"] == "late"


def test_what_has_vanished_keeps_its_mark_and_is_reported(small, capfd):
    said(capfd, small, "run")
    shutil.rmtree(small / "submissions" / "right0")
    (small / "submissions" / "half" / "softmax.ipynb").unlink()
    (small / "submissions" / "zeros" / "softmax.ipynb").write_bytes(b"{")
    for verb in ("resume", "regrade"):
        found = said(capfd, small, verb)
        assert found["vanished"] == ["half", "right0", "zeros"]
        assert found["graded"] == (0 if verb == "resume" else 1)
    assert said(capfd, small, "accept")["vanished"] == ["half", "right0", "zeros"]
    assert points(small) == {"right0": 5, "half": 3, "zeros": 0, "untouched": 0}
    code, out, _ = kdlab(capfd, *arguments(small, "resume")[:-1])
    assert "Keeps the mark of a submission that is not there any more: right0" in out


def test_what_could_not_be_read_is_looked_at_again(small, capfd):
    (small / "submissions" / "empty").mkdir()
    assert said(capfd, small, "run")["statuses"]["nothing_handed_in"] == 1
    assert left(capfd, small) == []
    (small / "submissions" / "empty" / "softmax.zip").write_bytes(b"PK")
    assert left(capfd, small) == ["empty"]
    assert said(capfd, small, "resume")["statuses"]["archive"] == 1
    assert points(small)["empty"] is None


def test_an_exercise_that_does_not_pass_its_check_is_refused(small, capfd):
    folder = small / "instructor" / "exercises" / "temperature" / "softmax"
    (folder / "wrong" / "not_wrong.py").write_text('"""A message."""\n\n\n' + RIGHT["softmax_at"])
    sentence = refused(capfd, small, "run")
    assert "temperature/softmax does not pass `kdlab exercise check`" in sentence
    assert "not_wrong.py:1: this wrong solution earns the points of softmax_at" in sentence
    with open_gradebook(small / "book") as book:
        assert book.last_run() is None


def test_the_public_sample_key_is_warned_of(small, capfd):
    shutil.copy(EXERCISES.parent / "instructor.sample" / "key", small / "instructor" / "key")
    code, out, err = kdlab(capfd, *arguments(small, "run"))
    assert (code, json.loads(out)["sample_key"]) == (0, True)
    assert "WARNING: the key is the public sample" in err


def test_decisions_stand_beside_the_marks(small, capfd):
    said(capfd, small, "run")
    (small / "decisions.toml").write_text(
        '[[override]]\nstudent = "half"\nexercise = "temperature/softmax"\npoints = 4\nreason = "A look by eye."\n'
    )
    words = ["--gradebook", small / "book", "--decisions", small / "decisions.toml"]
    assert kdlab(capfd, "grade", "export", *words, "--csv", small / "points.csv")[0] == 0
    with (small / "points.csv").open(newline="") as file:
        (row,) = (row for row in csv.DictReader(file) if row["student"] == "half")
    assert (row["points"], row["final"], row["decision"]) == ("3", "4", "Changed by hand: A look by eye.")
    assert kdlab(capfd, "grade", "feedback", *words, "--out", small / "pages")[0] == 0
    assert "A look by eye." in (small / "pages" / "temperature" / "softmax" / "half.html").read_text()
    assert points(small)["half"] == 3


def test_wrong_solutions_are_run_for_what_failed_and_for_nothing_else(grader, submissions, monkeypatch):
    asked = []
    monkeypatch.setattr(module, "diagnosed", lambda _, question, answers: asked.append(question.function) or question)
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
        ([*arguments(course, "resume"), "--exercise", "a/b"], "holds no run of a/b"),
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
            verb = "regrade"  # it came to its end: grade everything again, beside the same results
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


def is_begun(course: Path) -> bool:
    """Return whether the gradebook, which its grader alone can open, names an exercise."""
    return (course / "book").is_file() and b"temperature/softmax" in (course / "book").read_bytes()


def test_interrupted_before_anything_is_graded(course, capfd, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(run, "_check_proof", interrupt)
        code, out, err = kdlab(capfd, *arguments(course, "run"))
    assert (code, out) == (130, "")
    assert "go on with: the same command; nothing was graded yet" in err
    assert kdlab(capfd, *arguments(course, "run"))[0] == 0


def test_interrupted_by_hand(course, capfd):
    """Ctrl-C ends everything at once, keeps what is written, and says how to go on."""
    hand_in(course / "submissions", "a-slow", filled(RIGHT, before=("import time; time.sleep(4)",)))
    command = [sys.executable, "-m", "kdlab.cli", *arguments(course, "run")]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    # a shell's background jobs, and all they start, ignore Ctrl-C: here it must be heard
    heard = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731
    grader = subprocess.Popen(command, start_new_session=True, preexec_fn=heard, **pipes)
    deadline = time.monotonic() + 60
    while not is_begun(course) or (len(tree := descendants(grader.pid)) < 5 and time.monotonic() < deadline):
        time.sleep(0.05)  # until a sandbox runs of a run that is begun
    os.killpg(grader.pid, signal.SIGINT)
    out, err = grader.communicate(timeout=30)
    assert (grader.returncode, out) == (130, "")
    assert "Traceback" not in err
    assert f"kdlab grade resume --gradebook {course / 'book'}" in err
    assert not [process for process in tree if is_alive(process)]
    assert json.loads(kdlab(capfd, *arguments(course, "resume"))[1])["students"] == 13
    assert points(course)["a-slow"] == 5
