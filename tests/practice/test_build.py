"""Building all files of an exercise, the page's data, Parsons problems, and the instructor's folder."""

import json
from pathlib import Path

import numpy as np
import pytest
from small import changed, write_exercise

import kdlab.practice
from kdlab.practice import folder, instructor, page
from kdlab.practice.public_checks import check_in_page

ROOT = Path(__file__).parents[2]
SAMPLE = ROOT / "instructor.sample"
SOFTMAX = folder.read(ROOT / "exercises" / "temperature" / "softmax")


def test_build_writes_students_files_and_the_instructor_s_apart(tmp_path):
    exercise = write_exercise(tmp_path / "exercises")
    teacher = instructor.read(SAMPLE)
    written = kdlab.practice.build(exercise, tmp_path / "out", students=["ada", "g.hopper@x"], instructor=teacher)
    names = {path.relative_to(tmp_path / "out").as_posix() for path in written}
    assert names == {
        "student/small/double/page.json",
        "student/small/double/double.zip",
        "student/small/double/ada/double.zip",
        "student/small/double/g.hopper@x/double.zip",
        "instructor/small/double/README.txt",
        "instructor/small/double/solved.ipynb",
        "instructor/small/double/double.cases.json",
        "instructor/small/double/source/double/double.ipynb",
        "instructor/small/double/source/double/double.cases.json",
    }
    on_disk = {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    assert on_disk == names


def test_without_an_instructor_there_are_students_files_only(tmp_path):
    exercise = write_exercise(tmp_path / "exercises")
    written = kdlab.practice.build(exercise, tmp_path / "out")
    assert {path.name for path in written} == {"page.json", "double.zip"}


@pytest.mark.parametrize("student", ["../ada", "", ".ada", "a/b", "a\nb", "-x"])
def test_a_student_s_name_must_be_able_to_name_a_folder(tmp_path, student):
    exercise = write_exercise(tmp_path / "exercises")
    with pytest.raises(ValueError, match="students must be names of letters"):
        kdlab.practice.build(exercise, tmp_path / "out", students=[student], instructor=instructor.read(SAMPLE))
    assert not (tmp_path / "out").exists()


def test_students_need_the_key(tmp_path):
    with pytest.raises(ValueError, match="students need the instructor's key"):
        kdlab.practice.build(write_exercise(tmp_path), tmp_path / "out", students=["ada"])


def test_a_file_is_written_whole_or_not_at_all(tmp_path, monkeypatch):
    exercise = write_exercise(tmp_path / "exercises")
    kdlab.practice.build(exercise, tmp_path / "out")
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}

    def no_space(*_):
        raise OSError("no space left")

    monkeypatch.setattr("os.replace", no_space)
    with pytest.raises(OSError, match="no space left"):
        kdlab.practice.build(exercise, tmp_path / "out")
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before


def test_the_page_has_what_it_needs():
    data = page.page(page.public_paper(SOFTMAX))
    assert (data["title"], data["rung"], data["minutes"]) == ("Softmax at a temperature", "implement", 40)
    assert [function["function"] for function in data["functions"]] == ["softmax_at", "softmax_limits", "softmax_slope"]
    for function in data["functions"]:
        assert "raise NotImplementedError" in function["starter"]
        assert len(function["hints"]) == 3
        assert function["solutions"] is None
    assert [function["parsons"] is not None for function in data["functions"]] == [True, False, False]
    assert [part["kind"] for part in data["text"]].count("function") == 3
    assert "{{" not in json.dumps(data)
    assert len(json.dumps(data)) < 80_000


def test_a_solution_is_in_the_page_only_where_the_exercise_opens_it(tmp_path):
    opened = folder.read(
        write_exercise(
            tmp_path, **changed("checks.py", "def variant", "open_solutions = True\n\n\n        def variant")
        )
    )
    (function,) = page.page(page.public_paper(opened))["functions"]
    assert function["solutions"][0]["source"].endswith("    doubled = x + x\n    return doubled\n")


def test_a_parsons_problem_is_the_common_solution_among_tempting_lines():
    (cell,) = (cell for cell in SOFTMAX.solutions if cell.function == "softmax_at")
    problem = page.parsons(page.public_paper(SOFTMAX), cell)
    right = [line for line in cell.reference.splitlines()[2:] if line.strip()]
    assert set(right) <= set(problem["lines"])
    extra = set(problem["lines"]) - set(right)
    assert len(extra) == page.N_DISTRACTORS
    sources = "\n".join(solution.source for solution in SOFTMAX.wrong)
    assert all(line in sources for line in extra)
    assert problem["lines"][: len(right)] != right
    assert page.parsons(page.public_paper(SOFTMAX), cell) == problem

    def passes(lines):
        data = page.page(page.public_paper(SOFTMAX))
        cells = [{"name": "softmax_at", "source": "\n".join([problem["head"], *lines])}]
        found = check_in_page(data["practice"], cells)
        return found["questions"][0]["passed"]

    assert passes(right)
    for line in extra:
        for i in range(len(right)):
            assert not passes([*right[:i], line, *right[i + 1 :]])


def test_a_statement_of_several_lines_is_one_piece(tmp_path):
    body = """doubled = (
                x
                + x
            )
            if doubled:
                return doubled"""
    exercise = folder.read(write_exercise(tmp_path, **changed("exercise.md", "doubled = x + x", body)))
    problem = page.parsons(page.public_paper(exercise), exercise.solutions[0])
    assert "    doubled = (\n        x\n        + x\n    )" in problem["lines"]
    assert "    if doubled:" in problem["lines"]
    assert "        return doubled" in problem["lines"]


def test_the_sample_key_gives_each_student_inputs_of_their_own_and_the_same_again():
    teacher = instructor.read(SAMPLE)
    draws = [teacher.rng(SOFTMAX, student).random(4).tolist() for student in ("ada", "grace", "ada")]
    assert draws[0] == draws[2] != draws[1]
    other = folder.read(ROOT / "exercises" / "temperature" / "debug")
    assert teacher.rng(other, "ada").random(4).tolist() != draws[0]


def test_the_generator_is_the_hmac_of_exercise_and_student(tmp_path):
    (tmp_path / "key").write_bytes(b"\x0b" * 32)
    # from: printf temperature/softmax/ada | openssl dgst -sha256 -mac HMAC -macopt hexkey:0b0b...
    digest = 0xD6A940054FB6C96DA9B040CBF5F4F16384E57395822562B3917D48EA3FFB4ACA
    teacher = instructor.read(tmp_path)
    expected = np.random.default_rng(digest).random(3)
    assert teacher.rng(SOFTMAX, "ada").random(3).tolist() == expected.tolist()


def test_a_key_is_needed_and_must_be_long(tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="key must be readable"):
        instructor.read(tmp_path)
    (tmp_path / "key").write_bytes(b"short\n")
    with pytest.raises(ValueError, match="must have at least 32 bytes; it has 5"):
        instructor.read(tmp_path)
    monkeypatch.delenv(instructor.VARIABLE, raising=False)
    with pytest.raises(ValueError, match="KDLAB_INSTRUCTOR must name"):
        instructor.from_environment()
    monkeypatch.setenv(instructor.VARIABLE, str(SAMPLE))
    teacher = instructor.from_environment()
    assert teacher.exercises == SAMPLE / "exercises"
    assert teacher.key.decode() not in repr(teacher)


def test_private_exercises_come_first(tmp_path):
    private = write_exercise(tmp_path / "private", **changed("exercise.md", "Doubling", "Private"))
    public = write_exercise(tmp_path / "public")
    roots = [private.parent.parent, public.parent.parent]
    assert instructor.find("small/double", roots).title == "Private"
    assert instructor.find("small/double", roots[1:]).title == "Doubling"
    for name in ("small/treble", "small", "../small/double", "small/../small/double", "small/double/"):
        with pytest.raises(ValueError, match="exercise must be"):
            instructor.find(name, roots)
