"""Choices, numbers, reports and designs: through page, notebook, nbgrader, grader and feedback."""

import io
import json
import shutil
import subprocess
import sys
from pathlib import Path

import nbclient
import nbformat
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from kinds_of_question import write_all_kinds

import kdlab.practice
from kdlab.checking import sentences
from kdlab.checking.rules import AskRule, DrawnRule, ReportRule, rule_from_data, rule_to_data
from kdlab.explore.picture import Axis
from kdlab.explore.questions import Curve, Estimate, Pick
from kdlab.grading.feedback import page as feedback
from kdlab.grading.grader import Grader
from kdlab.grading.system import system
from kdlab.practice import download, folder, instructor, notebook, page, public_checks
from kdlab.practice.prove import prove
from kdlab.practice.questions import Ask, Drawn
from kdlab.practice.ruled import ruled

ROOT = Path(__file__).parents[2]
KEY = b"a key for tests and for nothing else"
RIGHT = {
    "which": "def which():\n    return 2, 1\n",
    "how_many": "def how_many():\n    return 9.5, 2\n",
    "gain": "def gain(taught, alone):\n    d = taught - alone\n    e = 2 * d.std(ddof=1) / len(d) ** 0.5\n"
    "    return d.mean(), d.mean() - e, d.mean() + e\n",
    "design": "def design():\n    return 4, 0.5\n",
    "drawn": "def drawn():\n    return [22, 58, 80, 70, 40]\n",
}
# source, share of the points, and the sentence
ANSWERS = [
    ("which", "return 2, 1", 1, "All ten pairs say so."),
    ("which", "return 2, 2", 0, "The answer is right. The reason is not: Two means say nothing without a spread."),
    ("which", "return 1, 2", 0, "That is not so. Two means say nothing without a spread."),
    ("which", "return 1, 1", 0, "That is not so. The reason holds, but it leads to another answer."),
    (
        "which",
        "return 0, 1",
        0,
        "Return two numbers: that of an option, from 1 to 2, and that of a reason, from 1 to 2.",
    ),
    ("which", "return 2", 0, "Return two numbers: that of an option, from 1 to 2, and that of a reason, from 1 to 2."),
    ("how_many", "return 9.6, 2", 1, "Ten pairs."),
    ("how_many", "return 8.4, 2", 0, "That is not so. The reason holds, but it leads to another answer."),
    (
        "how_many",
        "return 11, 2",
        0,
        "Return two numbers: your answer, from 0 to 10, and that of a reason, from 1 to 2.",
    ),
    ("gain", "return 1", 0, sentences.REPORT_FORM),
    ("gain", "return 0.5, 0.6, 0.7", 0, sentences.REPORT_ORDER),
    ("gain", "return 7, 6, 8", 0, sentences.REPORT_ESTIMATE),
    ("gain", "m = (taught - alone).mean(); return m, m - 1, m + 1", 0, sentences.REPORT_WIDE),
    ("gain", "m = (taught - alone).mean(); return m, m, m", 0, sentences.REPORT_NARROW),
    ("design", "return 4, 0.5", 1, "Small enough."),
    ("design", "return 8, 0.5", 0.5, "It is too large."),
    ("design", "return None", 0, "Return (bits, sparsity)."),
    ("drawn", "return np.array([20, 60, 80, 70, 60])", 1, "Four is best."),
    ("drawn", "return (20, 30, 40, 50, 60)", 0, sentences.DRAWN_STRAIGHT),
    (
        "drawn",
        "return [30, 70, 90, 80, 50]",
        0,
        sentences.DRAWN_SHIFTED.format(far="a little", side="high"),
    ),
    ("drawn", "return [20, 60, 80, 70]", 0, "Return a list of 5 finite numbers: the y at each x, in order."),
    ("drawn", "return [20, 60, 80, 70, float('nan')]", 0, sentences.DRAWN_FORM.format(n=5)),
    ("design", "raise ValueError('no')", 0, "ValueError was raised in line 2: no."),
]
HEADS = {"gain": "def gain(taught, alone):", "which": "def which():", "how_many": "def how_many():"}


def source_of(function, body):
    return f"{HEADS.get(function, f'def {function}():')}\n    {body}\n"


@pytest.fixture(scope="module")
def exercise(tmp_path_factory):
    return folder.read(write_all_kinds(tmp_path_factory.mktemp("exercises")))


def checked(practice, sources):
    cells = [{"name": name, "source": source} for name, source in sources.items()]
    found = public_checks.check_in_page(json.loads(json.dumps(practice, allow_nan=False)), cells)
    return found, {question["function"]: question for question in found["questions"]}


def test_the_folder_is_proved(exercise):
    assert prove(exercise.folder).problems == ()


@pytest.mark.parametrize(("function", "body", "share", "sentence"), ANSWERS)
def test_in_a_page_for_self_study_each_gets_its_sentence(exercise, function, body, share, sentence):
    found, by_name = checked(page.whole(exercise)["practice"], RIGHT | {function: source_of(function, body)})
    assert by_name[function]["verdict"] == sentence
    assert by_name[function]["passed"] == (share == 1)
    assert found["summary"].startswith("Solved") == (share == 1)


def test_in_a_page_for_a_course_choices_are_kept_and_not_judged(exercise):
    practice = page.practice(page.public_paper(exercise))
    for secret in ("All ten pairs", "say nothing without", "Small enough", "def judge", "Four is best", "[20.0, 60.0,"):
        assert secret in json.dumps(page.whole(exercise))
        assert secret not in json.dumps(page.page(page.public_paper(exercise)))
    bodies = {"which": "return 1, 2", "design": "return 8, 0.1", "drawn": "return [0] * 5"}
    wrong = RIGHT | {name: source_of(name, body) for name, body in bodies.items()}
    found, by_name = checked(practice, wrong)
    assert found["passed"]
    assert [by_name[name]["verdict"] for name in ("which", "how_many", "design", "drawn")] == [sentences.KEPT] * 4
    assert found["summary"] == "public checks passed (7 of 7 points are decided by hidden checks)."
    _, by_name = checked(practice, RIGHT | {"which": source_of("which", "return 3, 1")})
    assert by_name["which"]["verdict"].startswith("Return two numbers")


def test_the_page_is_told_what_to_ask_and_not_what_is_right(exercise):
    which, how_many, gain, _, drawn = page.page(page.public_paper(exercise))["functions"]
    assert which["ask"]["options"] == ("alone", "taught")
    assert which["ask"]["reasons"] == ["The pairs differ.", "The means differ."]
    assert (how_many["ask"]["low"], how_many["ask"]["high"]) == (0, 10)
    assert gain["ask"] is None
    assert not {"answer", "because", "within"} & which["ask"].keys()
    assert drawn["ask"].keys() == {"kind", "question", "x", "picture", "how"}
    assert drawn["ask"]["how"] == "A list of 5 numbers: y (accuracy, %) where x (temperature) is 1, 2, 4, 8, 16."


@pytest.fixture(scope="module")
def results(exercise, tmp_path_factory):
    """Return what the grader says of each answer, in the sandbox."""
    if shutil.which("bwrap") is None:
        pytest.fail("bubblewrap is missing")
    submissions = tmp_path_factory.mktemp("submissions")
    released = nbformat.writes(notebook.student_notebook(page.public_paper(exercise)))
    for i, (function, body, _, _) in enumerate(ANSWERS):
        made = json.loads(released)
        for cell in made["cells"]:
            if cell["metadata"]["kdlab"]["role"] == "solution":
                name = cell["metadata"]["kdlab"]["function"]
                cell["source"] = source_of(function, body) if name == function else RIGHT[name]
        (submissions / f"s{i}").mkdir()
        (submissions / f"s{i}" / "kinds.ipynb").write_text(json.dumps(made))
    with system(exercise.forbids) as stands_on:
        grader = Grader(exercise, instructor.Instructor(KEY, Path("nowhere")), submissions, stands_on)
        yield [grader(f"s{i}")[0] for i in range(len(ANSWERS))]


def test_in_the_grader_each_has_its_share_and_its_sentence(results):
    worth = {"which": 1, "how_many": 1, "gain": 2, "design": 2, "drawn": 1}
    for (function, body, share, sentence), result in zip(ANSWERS, results, strict=True):
        assert result["status"] == "graded", result
        question = next(each for each in result["questions"] if each["function"] == function)
        assert question["points"] == share * worth[function], (body, question)
        hidden = sentence.removesuffix(": no.")
        assert question["message"].startswith(hidden)
        assert ": no" not in question["message"]
        assert result["points"] == 7 - worth[function] * (1 - share)
        assert hidden.split("'")[0] in feedback(result)


def test_given_arrays_are_in_the_sandbox(exercise, tmp_path):
    """The report is judged on rows drawn anew: a function that reads `given` has other numbers there."""
    made = json.loads(nbformat.writes(notebook.student_notebook(page.public_paper(exercise))))
    for cell in made["cells"]:
        if cell["metadata"]["kdlab"]["role"] == "solution":
            name = cell["metadata"]["kdlab"]["function"]
            cell["source"] = RIGHT[name] + ("print(sorted(given), given['alone'].shape)" if name == "which" else "")
    (tmp_path / "ada").mkdir()
    (tmp_path / "ada" / "kinds.ipynb").write_text(json.dumps(made))
    with system(exercise.forbids) as stands_on:
        result, _ = Grader(exercise, instructor.Instructor(KEY, Path("nowhere")), tmp_path, stands_on)("ada")
    assert result["log"] == "['alone', 'taught'] (10,)\n"
    assert result["points"] == 7


def test_the_download_has_the_arrays_and_runs(exercise, tmp_path):
    paper = page.public_paper(exercise)
    files = download.student_files(paper)
    assert files == download.student_files(paper)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with np.load(io.BytesIO(files["given.npz"])) as arrays:
        assert {name: arrays[name].tolist() for name in arrays} == {
            name: array.tolist() for name, array in exercise.data.items()
        }
    book = notebook.solved_notebook(paper)
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    assert (
        "**Who is better?**\n\n1. alone\n2. taught\n\n**Why?**\n\n1. The pairs differ.\n2. The means differ." in texts
    )
    assert any(text.startswith("**Draw it.**\n\nA list of 5 numbers: ") for text in texts)
    code = "\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    ran = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count("public checks passed") == 5


@pytest.mark.filterwarnings("default::DeprecationWarning")
def test_in_nbgrader_s_source_hidden_checks_bite(exercise, tmp_path):
    teacher = instructor.read(ROOT / "instructor.sample")
    kdlab.practice.build(exercise.folder, tmp_path, instructor=teacher)
    source = tmp_path / "instructor" / "small" / "kinds" / "source" / "kinds"
    assert {path.name for path in source.iterdir()} == {"kinds.ipynb", "kinds.cases.json", "given.npz"}
    book = nbformat.read(source / "kinds.ipynb", as_version=4)
    for cell in book.cells:
        if cell.id == "design":
            cell.source = source_of("design", "return 8, 0.1")
        if cell.id == "which":
            cell.source = source_of("which", "return 1, 1")
        if cell.id == "drawn":
            cell.source = source_of("drawn", "return [0, 10, 20, 20, 10]")
    client = nbclient.NotebookClient(
        book, timeout=120, allow_errors=True, resources={"metadata": {"path": str(source)}}, kernel_name="python3"
    )
    client.execute()
    failed = {
        cell.id: output.evalue
        for cell in book.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type == "error"
    }
    assert failed == {
        "which-check": "That is not so. The reason holds, but it leads to another answer.",
        "design-check": "It is too large.",
        "drawn-check": "Your curve lies far too low.",
    }


@given(st.integers(0, 2), st.integers(-1, 4))
def test_a_choice_is_right_where_the_question_says_so(answer, option):
    asked = Pick("?", ("a", "b", "c"), answer=lambda: answer, because="so")
    _, rule = ruled(None, Ask("f", 1, asked, (("x", ""), ("y", "no"))), None)
    assert rule_from_data(json.loads(json.dumps(rule_to_data(rule)))) == rule
    assert rule(None, (option + 1, 1)).share == asked.score(option, answer).right
    assert rule.public()(None, (option + 1, 1)).share == (0 <= option <= 2)


@given(st.floats(1, 9), st.floats(0, 1), st.floats(1, 10), st.booleans())
def test_a_number_is_right_where_the_question_says_so(answer, width, guess, by_factor):
    bound = {"factor": 1.5} if by_factor else {"within": 0.7}
    asked = Estimate("?", 1, 10, answer=lambda: (answer, answer + width), because="so", **bound)
    _, rule = ruled(None, Ask("f", 1, asked, (("x", ""), ("y", "no"))), None)
    assert rule(None, (guess, 1)).share == asked.score(guess, [answer, answer + width]).right


@given(st.floats(-5, 5), st.floats(0.1, 3), st.floats(-1, 1), st.floats(-1, 1), st.floats(-1, 1))
def test_a_report_is_right_within_a_part_of_the_interval(estimate, half, a, b, c):
    rule = ReportRule(0.05)
    expected = (estimate, estimate - half, estimate + half)
    slack = 0.05 * 2 * half
    offs = (a, b, c)
    value = tuple(each + 1.5 * off * slack for each, off in zip(expected, offs, strict=True))
    if min(abs(abs(1.5 * off) - 1) for off in offs) > 1e-6:
        assert (rule(expected, value).share == 1) == all(abs(1.5 * off) <= 1 for off in offs)


@given(
    st.lists(st.floats(1, 9), min_size=5, max_size=5),
    st.lists(st.floats(-1, 10), min_size=5, max_size=5),
    st.booleans(),
)
@example([1.0] * 5, [5e-324] * 5, True)
def test_a_curve_is_right_where_the_question_says_so(right, guess, by_factor):
    asked = drawn(lambda: right, **({"factor": 1.5} if by_factor else {"within": 1.5}))
    _, rule = ruled(None, asked, None)
    score = asked.asked.score(guess, right)
    if abs(score.distance - 1.5) > 1e-9:
        assert (rule(None, guess).share, rule(None, np.array(guess)).share) == (score.right, score.right)
    assert rule_to_data(rule_from_data(json.loads(json.dumps(rule_to_data(rule))))) == rule_to_data(rule)
    assert rule.public()(None, guess) == (1, sentences.KEPT)


def drawn(answer=lambda: [1, 2, 3, 2, 1], x_axis=(0, 6), y_axis=(-5, 10), **fields):
    fields = fields or {"within": 0.5}
    curve = Curve("?", (1, 2, 3, 4, 5), answer, "so", **fields)
    return Drawn("f", 1, curve, Axis("x", x_axis), Axis("y", y_axis))


def test_a_factor_asks_for_a_curve_above_0():
    _, rule = ruled(None, drawn(factor=2), None)
    assert rule(None, [1, 2, 3, 2, 0]) == (0, sentences.DRAWN_POSITIVE)
    assert (
        rule(None, [4, 8, 12, 8, 4]).sentence == "The shape is right, but your curve as a whole lies a little too high."
    )


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (drawn(x_axis=(2, 6)), "domain of x_axis must hold 1 to 5"),
        (drawn(y_axis=(0, 2)), "domain of y_axis must hold 1 to 3"),
        (drawn(lambda: [0, 1, 2, 3, 4], factor=2), "positive where a factor"),
        (drawn(within=1, slopes_at=(2,)), "without slopes_at"),
        (Drawn("f", 1, Pick("?", ("a", "b"), lambda: 0, ""), Axis("x"), Axis("y")), "must be a Curve"),
    ],
)
def test_curves_that_cannot_be_drawn(asked, message):
    with pytest.raises(ValueError, match=message):
        ruled(None, asked, None)


@pytest.mark.parametrize(
    "value", [None, 1, (), [1] * 4, [1] * 6, [1, 2, 3, 4, None], [True] * 5, "12345", np.ones((5, 1))]
)
def test_odd_answers_where_a_curve_is_asked_are_asked_for_in_the_right_form(value):
    rule = DrawnRule("?", (1, 2, 3, 4, 5), {}, (1,) * 5, (1,) * 5, within=1)
    assert rule(None, value) == (0, sentences.DRAWN_FORM.format(n=5))


@pytest.mark.parametrize("value", [None, (), (1,), (1, 2, 3), (1, None), (True, 1), ("1", "1"), (1.5, 1), (1, 9), {}])
def test_odd_answers_to_a_choice_are_asked_for_in_the_right_form(value):
    rule = AskRule("pick", "?", (("x", ""), ("y", "no")), ("a", "b"), answer=0)
    assert rule(None, value) == (
        0,
        "Return two numbers: that of an option, from 1 to 2, and that of a reason, from 1 to 2.",
    )


@pytest.mark.parametrize(
    ("reasons", "message"),
    [((("x", ""),), "two or three"), ((("x", "no"), ("y", "no")), "one of them right"), ((("x", ""),) * 4, "two or")],
)
def test_reasons_that_cannot_be(reasons, message):
    with pytest.raises(ValueError, match=message):
        ruled(None, Ask("f", 1, Pick("?", ("a", "b"), answer=lambda: 0, because=""), reasons), None)
