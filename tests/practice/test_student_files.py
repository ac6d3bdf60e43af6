"""What a student gets: it works, is the same on every build, and gives nothing away."""

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbclient
import nbformat
import numpy as np
import pytest
from sampling import sampled
from solutions import chapter_of, exercises, name_of, rung_of

import kdlab.practice
from kdlab.practice import cases, instructor, notebook, page
from kdlab.practice.download import student_files, wheel, zipped
from kdlab.practice.notebook import DATA_FILE

ROOT = Path(__file__).parents[2]
EACH = sampled(exercises(), chapter_of, rung_of, name=name_of)
# a kernel takes seconds to start: one exercise of each rung is run in it by `make test`
EACH_IN_A_KERNEL = sampled(exercises(), rung_of, name=name_of)
SOFTMAX = next(exercise for exercise in exercises() if exercise.name == "temperature/softmax")


def paper_of(exercise, student="ada"):
    teacher = instructor.read(ROOT / "instructor.sample")
    return cases.paper(exercise, teacher.rng(exercise, student))


def run_notebook(book, path):
    client = nbclient.NotebookClient(
        book, timeout=120, allow_errors=True, resources={"metadata": {"path": str(path)}}, kernel_name="python3"
    )
    client.execute()
    return {cell.id: cell.outputs for cell in book.cells if cell.cell_type == "code"}


def errors(outputs):
    return [output for output in outputs if output.output_type == "error"]


def asks_alone(exercise):
    """Return whether nothing is to be written but answers, which have no inputs and hardly a line."""
    return all(getattr(question, "rule", None) for question in page.public_paper(exercise).questions)


@pytest.fixture
def unpacked(tmp_path, request):
    exercise = request.param
    with zipfile.ZipFile(io.BytesIO(zipped(student_files(page.public_paper(exercise))))) as archive:
        archive.extractall(tmp_path)
    return exercise, tmp_path


@pytest.mark.parametrize("unpacked", EACH, indirect=True)
def test_the_download_is_a_notebook_its_cases_a_wheel_and_three_lines(unpacked):
    exercise, path = unpacked
    task = exercise.task
    wheel_name = f"kdlab-{kdlab.__version__}+{re.sub('[/_]', '.', exercise.name)}-py3-none-any.whl"
    files = {f"{task}.ipynb", f"{task}.cases.json", "README.txt", wheel_name}
    assert {file.name for file in path.iterdir()} == files | ({DATA_FILE} if exercise.data else set())
    readme = (path / "README.txt").read_text().splitlines()
    assert len(readme) == 3
    assert wheel_name in readme[1]


@pytest.mark.filterwarnings("default::DeprecationWarning")
@pytest.mark.parametrize("unpacked", EACH_IN_A_KERNEL, indirect=True)
def test_the_notebook_as_given_out_runs_and_says_what_is_missing(unpacked):
    exercise, path = unpacked
    book = nbformat.read(path / f"{exercise.task}.ipynb", as_version=4)
    outputs = run_notebook(book, path)
    mended = [cell.function for cell in exercise.solutions if cell.mends]
    for cell in exercise.solutions:
        assert errors(outputs[cell.function]) == []
        (error,) = errors(outputs[f"{cell.function}-check"])
        if cell.mends:
            assert error.ename == "CheckFailedError"
        elif mended and exercise.versions:
            sentence = f"Mend {mended[0]} first: {cell.function} is tried on it here."
            assert (error.ename, error.evalue) == ("CheckFailedError", sentence)
        else:
            assert error.ename == "NotImplementedError"
            assert f"{cell.function} is not written yet." in error.evalue
    assert [name for name in outputs if errors(outputs[name]) and not name.endswith("-check")] == []


@pytest.mark.filterwarnings("default::DeprecationWarning")
@pytest.mark.parametrize("unpacked", EACH_IN_A_KERNEL, indirect=True)
def test_the_solved_notebook_passes_its_own_checks(unpacked):
    exercise, path = unpacked
    outputs = run_notebook(notebook.solved_notebook(page.public_paper(exercise)), path)
    assert [name for name in outputs if errors(outputs[name])] == []
    for cell in exercise.solutions:
        (output,) = outputs[f"{cell.function}-check"]
        assert output.name == "stdout"
        assert output.text.startswith(f"{cell.function}: public checks passed (")


@pytest.mark.parametrize("exercise", EACH)
def test_cells_carry_nbgrader_s_keys_and_ours_beside_them(exercise):
    book = notebook.student_notebook(page.public_paper(exercise))
    assert book.metadata.kdlab == {"exercise": exercise.name}
    points = {}
    for cell in book.cells:
        ours, theirs = cell.metadata["kdlab"], cell.metadata.get("nbgrader")
        assert ours["id"] == cell.id
        if theirs is None:
            assert ours["role"] == "text" or any(
                ours["role"] == "solution" and each.mends for each in exercise.solutions
            )
            continue
        assert set(theirs) - {"points"} == {
            "schema_version", "grade_id", "cell_type", "grade", "solution", "locked", "task",
        }  # fmt: skip
        assert (theirs["schema_version"], theirs["grade_id"], theirs["task"]) == (3, cell.id, False)
        kind = (theirs["grade"], theirs["solution"], theirs["locked"])
        assert (
            kind
            == {"locked": (False, False, True), "solution": (False, True, False), "check": (True, False, True)}[
                ours["role"]
            ]
        )
        if theirs["grade"]:
            points[ours["function"]] = theirs["points"]
    assert points == {question.function: question.points for question in page.public_paper(exercise).questions}
    assert len({cell.id for cell in book.cells}) == len(book.cells)


@pytest.mark.parametrize("exercise", EACH)
def test_the_same_paper_gives_the_same_bytes(exercise):
    ada, again, grace = (paper_of(exercise, student) for student in ("ada", "ada", "grace"))
    assert zipped(student_files(ada)) == zipped(student_files(again))
    alike = ada.exercise.cells == grace.exercise.cells  # as they are where an exercise has no constants of a student
    assert (zipped(student_files(ada)) == zipped(student_files(grace))) == alike


@pytest.mark.parametrize("exercise", EACH)
def test_the_wheel_is_one_and_lacks_what_is_forbidden(exercise):
    file_name, content = wheel(exercise.name, exercise.forbids)
    assert wheel(exercise.name, exercise.forbids) == (file_name, content)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        info = next(each for each in names if each.endswith("RECORD")).removesuffix("RECORD")
        record = dict(line.split(",", 1) for line in archive.read(f"{info}RECORD").decode().splitlines())
        assert record.keys() == set(names)
        for each in names:
            digest = base64.urlsafe_b64encode(hashlib.sha256(archive.read(each)).digest()).rstrip(b"=").decode()
            assert record[each] in (f"sha256={digest},{len(archive.read(each))}", ",")
    for module in exercise.forbids:
        assert f"{module.replace('.', '/')}.py" not in names
    needed = {
        "kdlab/__init__.py",
        "kdlab/checking/values.py",
        "kdlab/practice/run.py",
        "kdlab/practice/public_checks.py",
    }
    assert needed <= set(names)
    assert not {each for each in names if each.startswith(("kdlab/grading", "kdlab/book", "kdlab/cli"))}


def test_a_notebook_s_imports_work_from_the_wheel_alone(tmp_path):
    exercise = SOFTMAX
    with zipfile.ZipFile(io.BytesIO(wheel(exercise.name, exercise.forbids)[1])) as archive:
        archive.extractall(tmp_path / "site")
    (tmp_path / "softmax.cases.json").write_text(json.dumps(page.practice(page.public_paper(exercise))))
    source = "\n".join(
        cell.source for cell in notebook.solved_notebook(page.public_paper(exercise)).cells if cell.cell_type == "code"
    )
    # an editable installation would lend the wheel what it lacks
    lines = (
        "import sys; sys.meta_path = [each for each in sys.meta_path if 'editable' not in repr(each)]\n"
        "sys.path.insert(0, 'site'); import kdlab; print(kdlab.__file__)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", lines + source], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    assert Path(ran.stdout.splitlines()[0]).is_relative_to(tmp_path)
    absent = subprocess.run(
        [sys.executable, "-c", lines + "import kdlab.temperature"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "No module named 'kdlab.temperature'" in absent.stderr


# what must not be in them


def unpack(files):
    for name, content in files.items():
        yield name, content
        if name.endswith((".whl", ".zip")):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                yield from unpack({f"{name}/{each}": archive.read(each) for each in archive.namelist()})


def all_student_bytes(tmp_path, exercise):
    teacher = instructor.read(ROOT / "instructor.sample")
    kdlab.practice.build(exercise.folder, tmp_path, students=["ada"], instructor=teacher)
    files = {str(path): path.read_bytes() for path in (tmp_path / "student").rglob("*") if path.is_file()}
    return dict(unpack(files))


def arrays(value):
    if isinstance(value, np.ndarray):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from arrays(item)


@pytest.mark.parametrize("exercise", EACH)
def test_no_student_file_holds_a_hidden_value(exercise, tmp_path):
    found = all_student_bytes(tmp_path, exercise)
    looked_for = 0
    for student in ("ada", "nbgrader"):
        all_cases = [
            case for question in paper_of(exercise, student).questions for case in getattr(question, "cases", ())
        ]
        # a third each, for three classes, is the answer to a public case too
        known = {array.tobytes() for case in all_cases if case.public for array in arrays((case.args, case.expected))}
        for case in all_cases:
            if not case.public:
                for array in arrays((case.args, case.expected)):
                    if array.tobytes() in known:
                        continue
                    numbers = [repr(float(each)) for each in array.ravel() if len(repr(float(each))) > 12]
                    texts = numbers + ([base64.b64encode(array.tobytes()).decode()] if numbers else [])
                    raw = [array.tobytes()] if numbers else []
                    for secret in [text.encode() for text in texts] + raw:
                        looked_for += 1
                        assert not [file for file, content in found.items() if secret in content]
    assert looked_for > 20 or asks_alone(exercise)


@pytest.mark.parametrize("exercise", EACH)
def test_no_student_file_holds_the_key_or_the_instructor_s_words(exercise, tmp_path):
    key = (ROOT / "instructor.sample" / "key").read_bytes().strip()
    for file, content in all_student_bytes(tmp_path, exercise).items():
        for secret in (key, base64.b64encode(key), key.hex().encode(), b"HIDDEN TESTS", b"BEGIN SOLUTION"):
            assert secret not in content, file


@pytest.mark.parametrize("exercise", EACH)
def test_no_student_file_holds_a_line_of_the_solution_that_the_exercise_keeps_closed(exercise, tmp_path):
    starters = {
        line.strip()
        for paper in (page.public_paper(exercise), paper_of(exercise))
        for cell in paper.exercise.solutions
        for line in cell.starter.splitlines()
    }
    closed = {
        line.strip()
        for cell in exercise.solutions
        for line in cell.reference.splitlines()
        if len(line.strip()) > 12 and line.strip() not in starters
    }
    opened = {line.strip() for cell in exercise.solutions if cell.function in exercise.parsons
              for line in cell.reference.splitlines()}  # fmt: skip
    assert closed or asks_alone(exercise)
    for file, content in all_student_bytes(tmp_path, exercise).items():
        text = content.decode("utf-8", "replace")
        for line in closed:
            if file.endswith("page.json") and line in opened:
                continue
            assert line not in text, file
            assert json.dumps(line)[1:-1] not in text, file


def test_the_hidden_checks_are_in_the_instructor_s_files_alone(tmp_path):
    """A positive control: the search above finds what there is to find."""
    exercise = SOFTMAX
    hidden = page.instructor_practice(paper_of(exercise, "nbgrader"))
    text = nbformat.writes(notebook.nbgrader_source(page.public_paper(exercise), hidden))
    case = next(case for case in paper_of(exercise, "nbgrader").questions[0].cases if not case.public)
    assert base64.b64encode(case.expected.tobytes()).decode() in text
    assert "total = weights.sum(axis=-1, keepdims=True)" in text
