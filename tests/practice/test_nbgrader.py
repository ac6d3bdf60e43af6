"""A course that runs on nbgrader: its own generate_assignment, validate and autograde take our notebooks."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from sampling import sampled
from solutions import exercises, name_of, rung_of

import kdlab.practice
from kdlab.practice import instructor, notebook, page
from kdlab.practice.download import student_files

ROOT = Path(__file__).parents[2]
# wrong where the public checks do not look: the function, its source, and what is earned all the same
NEARLY_RIGHT = {
    # softmax_slope calls this, but its batches have like rows
    "temperature/softmax": (
        "softmax_at",
        """def softmax_at(logits, temperature):
    weights = np.exp((logits - logits.max()) / temperature)
    return weights / weights.sum(axis=-1, keepdims=True)
""",
        3,
    ),
    "temperature/debug": (
        "test_distillation_gradient",
        """def test_distillation_gradient(f):
    z, v = np.array([[1.0, 0.0, -1.0]]), np.array([[2.0, 0.0, 0.0]])
    assert np.allclose(f(z, v, 4.0), 4 * (softmax(z, 4.0) - softmax(v, 4.0)))
""",
        2,
    ),
}

# one process, since nbgrader takes seconds to start
GRADE = """
import json, sys
from pathlib import Path
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from nbgrader.validator import Validator

name, students = sys.argv[1], sys.argv[2:]
api = NbGraderAPI(CourseDirectory(root=str(Path.cwd()), course_id="kd"))
done = api.generate_assignment(name)
assert done["success"], done
failed, points = {}, {}
for student in students:
    found = Validator().validate(str(Path("submitted", student, name, f"{name}.ipynb").absolute()))
    failed[student] = {kind: len(cells) for kind, cells in found.items()}
    done = api.autograde(name, student)
    assert done["success"], done
    submission = api.get_submission(name, student)
    points[student] = (submission["score"], submission["max_score"], submission["needs_manual_grade"])
print(json.dumps({"failed": failed, "points": points}))
"""


@pytest.mark.parametrize("exercise", sampled(exercises(), rung_of, name=name_of))
def test_generate_validate_and_autograde(exercise, tmp_path):
    name = exercise.task
    common = page.public_paper(exercise)
    teacher = instructor.read(ROOT / "instructor.sample")
    kdlab.practice.build(exercise.folder, tmp_path / "built", instructor=teacher)
    course = tmp_path / "course"
    course.mkdir()
    (tmp_path / "built" / "instructor" / exercise.name / "source").rename(course / "source")

    given_out = notebook.student_notebook(common)
    books = {"starter": given_out, "solved": notebook.solved_notebook(common)}
    total = sum(question.points for question in common.questions)
    points = {"starter": 0, "solved": total}
    if exercise.name in NEARLY_RIGHT:
        function, source, points["nearly"] = NEARLY_RIGHT[exercise.name]
        books["nearly"] = notebook.solved_notebook(common)
        next(cell for cell in books["nearly"].cells if cell.id == function).source = source
    for student, book in books.items():
        submitted = course / "submitted" / student / name
        submitted.mkdir(parents=True)
        (submitted / f"{name}.cases.json").write_bytes(student_files(common)[f"{name}.cases.json"])
        nbformat.write(book, submitted / f"{name}.ipynb")

    homes = {key: str(course / key) for key in ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR")}
    homes["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])  # nbgrader calls alembic
    command = [sys.executable, "-c", GRADE, name, *books]
    ran = subprocess.run(
        command, cwd=course, env=os.environ | homes, capture_output=True, text=True, timeout=500, check=False
    )
    assert ran.returncode == 0, ran.stderr
    said = json.loads(ran.stdout.splitlines()[-1])
    # validate tells a student what the public checks say
    assert said["failed"] == {student: {} for student in books} | {"starter": {"failed": len(exercise.solutions)}}
    # autograde brings the hidden checks back
    assert said["points"] == {student: [earned, total, False] for student, earned in points.items()}

    # generate_assignment clears solutions and hidden checks: what is left is our own notebook
    release = nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4)
    assert [cell.id for cell in release.cells] == [cell.id for cell in given_out.cells]
    for theirs, ours in zip(release.cells, given_out.cells, strict=True):
        stub = "# YOUR CODE HERE\n    raise NotImplementedError()"
        expected = ours.source.replace(f'raise NotImplementedError("write {ours.id}")', stub)
        assert theirs.source.rstrip() == expected.rstrip()
        assert theirs.metadata.kdlab == ours.metadata.kdlab
    assert "HIDDEN" not in nbformat.writes(release)
