"""Every attack, against the whole grader: what is earned, what is said, and what is left behind."""

from __future__ import annotations

import dataclasses
import functools
import os
import platform
import re
import socket
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from attacks import HAND_DOWN, OUR_OWN, OUR_OWN_ON_X86
from hypothesis import given
from hypothesis import strategies as st
from notebooks import EXERCISES, RIGHT, ZEROS, code, filled, hand_in, released

from kdlab.checking.asking import PROBLEMS, Answer, answer_to_data
from kdlab.checking.cases import Question
from kdlab.checking.judging import judge_question
from kdlab.checking.values import DTYPES
from kdlab.grading import doctor, sandbox
from kdlab.grading.feedback import page
from kdlab.grading.gradebook import canonical
from kdlab.grading.grader import Limits, read_answer
from kdlab.grading.sandbox import FIRST_USER, PATIENCE, Sandbox, Stopped
from kdlab.practice import folder
from kdlab.practice.cases import paper

ATTACKS = HAND_DOWN + OUR_OWN + (OUR_OWN_ON_X86 if platform.machine() == "x86_64" else [])

TAGS = {
    f"<{slash}{name}"
    for slash in ("", "/")
    for name in (
        "html",
        "head",
        "title",
        "style",
        "body",
        "main",
        "h1",
        "h2",
        "p",
        "strong",
        "span",
        "section",
        "details",
        "summary",
        "ul",
        "li",
        "code",
        "pre",
    )
} | {"<!DOCTYPE", "<meta"}


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(attack, grader, submissions):
    made = filled(attack.sources, attack.before)
    if attack.name == "20_deleted_test_cells":
        made["cells"] = [cell for cell in made["cells"] if cell["metadata"]["kdlab"]["role"] not in ("locked", "check")]
    if attack.name == "23_faked_outputs":
        for cell in made["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "all tests passed\n5/5"}]
    hand_in(submissions, "mallory", made)

    limits = dataclasses.replace(grader.limits, cell_seconds=attack.seconds, call_seconds=attack.seconds)
    result, _ = dataclasses.replace(grader, limits=limits)("mallory")

    assert result["status"] == "graded", result["notes"]
    assert result["points"] in attack.points, result["questions"]
    assert result["max_points"] == 5
    first = result["questions"][0]
    kinds = [finding["kind"] for finding in first["findings"] if not finding["passed"]]
    assert re.fullmatch(attack.kind, kinds[0] if kinds else "") or not attack.kind, first["findings"]
    assert re.search(attack.message, first["message"], re.DOTALL), first["message"]
    assert re.search(attack.notes, "\n".join(result["notes"]), re.DOTALL), result["notes"]
    assert re.search(attack.log, result["log"], re.DOTALL), result["log"][:2000]
    assert len(result["log"].encode()) <= 3 * 64_000
    text = canonical(result)
    assert not [word for word in attack.never if word in text]
    assert text.encode("utf-8")
    assert set(re.findall(r"<[^\s>]*", page(result))) <= TAGS


def test_untouched(grader, submissions):
    hand_in(submissions, "ada", released())
    result, _ = grader("ada")
    assert (result["status"], result["points"], result["max_points"]) == ("not_attempted", 0, 5)


def test_function_in_an_extra_cell_counts(grader, submissions):
    made = released()
    made["cells"].append(code("\n".join(RIGHT.values())))
    hand_in(submissions, "ada", made)
    result, _ = grader("ada")
    assert (result["status"], result["points"]) == ("graded", 5)


def test_of_two_cells_that_claim_a_function_the_last_counts(grader, submissions):
    for student, sources, points in (("right-last", (ZEROS, RIGHT), 5), ("zeros-last", (RIGHT, ZEROS), 3)):
        made = filled(RIGHT)
        place = next(i for i, cell in enumerate(made["cells"]) if cell["metadata"]["kdlab"].get("id") == "softmax_at")
        cell = made["cells"][place]
        both = [cell | {"source": source["softmax_at"]} for source in sources]
        made["cells"][place : place + 1] = both
        hand_in(submissions, student, made)
        assert grader(student)[0]["points"] == points


def test_a_failing_draft_before_the_right_cell_costs_nothing(grader, submissions):
    hand_in(submissions, "ada", filled(RIGHT, before=("def softmax_at(logits, temperature):\n    return 1/\n",)))
    result, _ = grader("ada")
    assert result["points"] == 5
    assert "Cell 5: SyntaxError was raised in line 2" in result["notes"][0]


def test_half_of_a_split_cell_does_not_count(grader, submissions):
    """Split Cell gives both halves the name of the function; only one defines it."""
    made = filled(RIGHT)
    place = next(i for i, cell in enumerate(made["cells"]) if cell["metadata"]["kdlab"].get("id") == "softmax_at")
    cell = made["cells"][place]
    made["cells"][place : place + 1] = [cell, cell | {"source": "softmax_at(np.ones(3), 1.0)\n1/0"}]
    hand_in(submissions, "ada", made)
    result, _ = grader("ada")
    assert result["points"] == 5
    assert result["notes"] == [f"Cell {place + 2}: ZeroDivisionError was raised in line 2: division by zero"]


def test_of_two_definitions_the_feedback_says_which_counted(grader, submissions):
    hand_in(submissions, "ada", filled(RIGHT, before=(ZEROS["softmax_at"], ZEROS["softmax_at"])))
    result, _ = grader("ada")
    assert result["points"] == 5
    assert result["notes"] == ["Cell 7: softmax_at was graded as it stands here; cells 5, 6 define it too."]


@pytest.mark.slow
def test_a_mark_does_not_hang_on_the_neighbours(grader, submissions, monkeypatch):
    """A function that takes two fifths of its time is right beside ten programs on its processor, too."""
    slow = RIGHT["softmax_at"].replace(
        "    u =",
        "    import time\n    begin, seconds = time.process_time(), left.pop() if left else 0\n"
        "    while time.process_time() - begin < seconds: pass\n    u =",
    )
    hand_in(submissions, "ada", filled(RIGHT | {"softmax_at": f"left = [0.4]\n{slow}"}))
    strict = dataclasses.replace(grader, limits=Limits(cell_seconds=1, call_seconds=1, total_seconds=60))
    assert strict("ada")[0]["points"] == 5
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(before)})
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(10)]
    try:
        assert strict("ada")[0]["points"] == 5
        monkeypatch.setattr("kdlab.grading.sandbox.PATIENCE", 0.0)
        assert strict("ada")[0]["points"] < 5  # so the neighbours did take its time
    finally:
        os.sched_setaffinity(0, before)
        for process in busy:
            process.kill()
            process.wait()


def test_notebook_of_format_3(grader, submissions):
    made = filled(RIGHT)
    cells = [
        cell | ({"input": cell["source"], "language": "python"} if "outputs" in cell else {}) for cell in made["cells"]
    ]
    for cell in cells:
        if "input" in cell:
            del cell["source"]
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [{"cells": cells, "metadata": {}}],
    }
    hand_in(submissions, "ada", old)
    assert grader("ada")[0]["points"] == 5


def test_network_has_a_listener(grader, submissions):
    """The connection fails because of the sandbox, and not because nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        attempt = f"import socket; socket.create_connection(('127.0.0.1', {server.getsockname()[1]}), 2)"
        hand_in(submissions, "mallory", filled(RIGHT, before=(attempt,)))
        result, _ = grader("mallory")
        assert "PermissionError" in result["notes"][0]
        with pytest.raises(BlockingIOError):
            server.accept()


def test_canary_beside_the_submission_is_not_read(grader, submissions, tmp_path):
    secret = "8c2f6e0d9b"
    for path in (tmp_path / "canary", submissions / "canary", submissions / "mallory" / "canary"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(secret)
    walk = f"""
import os
tried = [{str(tmp_path / "canary")!r}, {str(submissions / "canary")!r}, "canary", "../canary", "../../canary"]
for top in (".", "/", {str(tmp_path)!r}):
    for folder, _, files in os.walk(top): tried += [os.path.join(folder, name) for name in files if "canary" in name]
for path in tried:
    try: print(open(path).read())
    except OSError as error: print(error)
"""
    hand_in(submissions, "mallory", filled(RIGHT, before=(walk,)))
    result, _ = grader("mallory")
    assert result["points"] == 5
    assert result["log"].count("No such file") >= 5
    assert secret not in canonical(result)


def drawn(grader, student, file):
    """Return the paper on which a file was graded."""
    rngs = [grader.instructor.rng(grader.exercise, student, each) for each in ("", file)]
    return paper(grader.exercise, rngs[0], hidden=rngs[1], wrong=False)


def test_hidden_inputs_are_not_in_the_log(grader, submissions, softmax):
    """A student prints, keeps and raises whatever comes in: public inputs come out, hidden ones do not."""
    spy = """
kept = []
def softmax_at(logits, temperature):
    kept.append(logits.tolist()); print("IN", kept); raise ValueError(kept)
"""
    later = "def softmax_limits(logits):\n    print('IN', kept); return kept\n"
    hand_in(submissions, "mallory", filled(RIGHT | {"softmax_at": spy, "softmax_limits": later}))
    result, file = grader("mallory")
    question = drawn(grader, "mallory", file).questions[0]
    text = canonical(result)
    assert "IN" in result["log"]
    for case in question.cases:
        number = repr(case.args[0].ravel().tolist()[0])
        assert (number in text) == (number in PUBLIC_NUMBERS), case.note


PUBLIC_NUMBERS = ("2.0", "1.0", "1000.0", "4.0")


def test_expected_values_of_hidden_cases_are_not_in_the_result(grader, submissions, softmax):
    hand_in(submissions, "ada", filled(ZEROS))
    result, file = grader("ada")
    text = canonical(result)
    for question in drawn(grader, "ada", file).questions:
        for case in question.cases:
            if not case.public:
                for array in case.expected if isinstance(case.expected, tuple) else (case.expected,):
                    common = {0, 1, *(float(f"{1 / n:.6g}") for n in (2, 3, 4, 5))}  # what anything may say
                    odd = [x for x in array.ravel().tolist() if abs(x) < 1 and float(f"{abs(x):.6g}") not in common]
                    assert not [x for x in odd if f"{x:.6g}" in text or repr(x) in text]


def test_regrade_is_the_same_byte_for_byte(grader, submissions):
    for number, sources in enumerate((RIGHT, ZEROS, RIGHT | {"softmax_at": "import os; os._exit(1)"})):
        noise = "print({'b', 'a', 'c'}, id); print(object()); 1/0" if number else "print({'b', 'a', 'c'})"
        hand_in(submissions, f"student{number}", filled(sources, before=(noise.replace("print(object()); ", ""),)))
        once, again = grader(f"student{number}"), grader(f"student{number}")
        assert canonical(once[0]) == canonical(again[0])
        assert once[1] == again[1]


def test_students_get_inputs_of_their_own(grader, softmax):
    one, two, one_again = (
        paper(softmax, grader.instructor.rng(softmax, name), wrong=False).questions[0].cases[-1].args[0]
        for name in ("ada", "alan", "ada")
    )
    assert (one != two).all()
    assert (one == one_again).all()


ARRAYS = st.builds(
    lambda dtype, shape, number: np.full(shape, number).astype(dtype),
    st.sampled_from(DTYPES),
    st.sampled_from([(), (0,), (4,), (1, 4), (2, 3), (0, 3), (3, 4, 5)]),
    st.sampled_from([0, 1, 100]),
)
PLAIN = st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text("ab<\x00", max_size=3)
VALUES = st.recursive(
    PLAIN | ARRAYS,
    lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner) | st.dictionaries(st.text("ab"), inner),
    max_leaves=6,
)


@functools.cache
def questions() -> tuple[Question, ...]:
    return paper(folder.read(EXERCISES / "temperature" / "softmax"), np.random.default_rng(1)).questions


@given(VALUES, st.sampled_from([None, *PROBLEMS]))
def test_no_value_makes_the_judge_fail(value, problem):
    """Whatever a worker answers, the trusted side has a finding, and text that can be kept and shown."""
    answer = read_answer(answer_to_data(Answer(value, problem)))
    for question in questions():
        result = judge_question(question, [answer] * len(question.cases))
        assert result.points == 0
        canonical({"findings": [vars(finding) for finding in result.findings]}).encode("utf-8")


@pytest.mark.parametrize("reply", [None, {}, [], {"value": 1}, {"value": 1, "problem": "passed"}, "x", 3.5])
def test_a_reply_that_is_no_answer_stops(reply):
    with pytest.raises(Stopped, match="something else came back than an answer"):
        read_answer(reply)


def test_time_for_the_whole_notebook_is_bounded(grader, submissions):
    limits = Limits(cell_seconds=2, call_seconds=2, total_seconds=3)
    hang = ("while True: pass",) * 10
    hand_in(submissions, "mallory", filled(RIGHT, before=hang))
    begin = time.monotonic()
    result, _ = dataclasses.replace(grader, limits=limits)("mallory")
    assert time.monotonic() - begin < 3 * (1 + PATIENCE) + 12  # on a busy machine; and starting takes its time
    assert (result["status"], result["points"]) == ("graded", 0)
    assert "time for the whole notebook is used up" in result["questions"][0]["message"]


def test_a_fault_of_the_grader_is_never_a_zero(grader, submissions, monkeypatch):
    hand_in(submissions, "ada", filled(RIGHT))

    def fail(*_):
        raise RuntimeError("the reference is broken")

    monkeypatch.setattr("kdlab.grading.grader.judge_in_order", fail)
    result, _ = grader("ada")
    assert (result["status"], result["points"], result["max_points"]) == ("grader_error", None, 5)
    assert result["notes"] == [
        f"RuntimeError: the reference is broken (test_attacks.py, line {fail.__code__.co_firstlineno + 1})"
    ]


def test_a_sandbox_that_does_not_start_is_no_zero_either(grader, submissions, tmp_path):
    hand_in(submissions, "ada", filled(RIGHT))
    result, _ = dataclasses.replace(grader, system=tmp_path)("ada")
    assert result["status"] == "grader_error"
    assert "The sandbox does not start" in result["notes"][0]


def test_without_a_sandbox_only_if_trusted(grader, submissions):
    hand_in(submissions, "ada", filled(RIGHT, before=("import os; print(os.path.exists('/proc'))",)))
    inside, _ = grader("ada")
    outside, _ = dataclasses.replace(grader, trust=True)("ada")
    assert (inside["points"], inside["log"]) == (5, "False\n")
    assert (outside["points"], outside["log"]) == (5, "True\n")


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs all of these tests as one")
def test_an_ordinary_user_can_grade(grader, submissions):
    """As root, these tests become nobody in a child: the sandbox must not need root."""
    hand_in(submissions, "ada", filled(RIGHT))
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
            with Sandbox(grader.system) as sandbox:
                cell = {"space": "", "source": "import os; print(os.getuid(), os.listdir('/home'))", "name": "1"}
                reply = sandbox.request("cell", cell, 10)
                os.write(writing, reply["answer"]["type_name"].encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading) as said:
        assert said.read() == "FileNotFoundError"


def test_the_worker_has_given_up_every_right(grader):
    """It had one, to mount its disks. When the first cell comes it has none, and the filter is on."""
    with Sandbox(grader.system) as sandbox:
        found = [Path(f"/proc/{process}/status").read_text() for process in sandbox.processes()]
    (worker,) = (text for text in found if text.startswith("Name:\tpython3"))
    says = dict(line.split(":\t", 1) for line in worker.splitlines() if ":\t" in line)
    assert [int(says[name], 16) for name in ("CapInh", "CapPrm", "CapEff", "CapAmb")] == [0, 0, 0, 0]
    assert (says["NoNewPrivs"], says["Seccomp"]) == ("1", "2")


def test_where_no_disk_may_be_mounted_there_is_none(grader, submissions, monkeypatch):
    """As where AppArmor lets bubblewrap make a namespace, and takes every right in it away."""
    command = sandbox.command

    def without_the_right(*arguments):
        words = command(*arguments)
        place = words.index("--cap-add")
        return words[:place] + words[place + 2 :]

    monkeypatch.setattr(sandbox, "command", without_the_right)
    hand_in(submissions, "ada", filled(RIGHT, before=("open('/tmp/x', 'w')", "open('/dev/shm/x', 'w')")))
    result, _ = grader("ada")
    assert result["points"] == 5
    assert [note.rpartition(": ")[0] for note in result["notes"]] == [
        f"Cell {number}: OSError was raised in line 1: [Errno 30] Read-only file system" for number in (5, 6)
    ]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a sandbox a user of its own")
def test_root_gives_each_sandbox_a_user_of_its_own(grader):
    with Sandbox(grader.system) as sandbox:
        owners = {Path(f"/proc/{process}").stat().st_uid for process in sandbox.processes()}
    assert owners == {FIRST_USER + os.getpid()}


def test_the_namespaces_hold_without_the_filter(grader, monkeypatch):
    """The second wall: with every system call allowed, the sandbox still has no network and no way out."""
    allow_everything = struct.pack("<HBBI", 0x06, 0, 0, 0x7FFF0000)
    monkeypatch.setattr("kdlab.grading.sandbox.seccomp_filter", lambda _machine: allow_everything)
    for examination in doctor.examine(grader.system):
        # a process may be started then, but it stays inside, and ends with the sandbox; locks are the filter's alone
        if examination.probe not in ("start_a_process", "trace_a_process", "hold_back_a_file"):
            assert examination.held, examination
