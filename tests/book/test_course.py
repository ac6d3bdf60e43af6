"""A book for self-study hides nothing of its exercises; a book for a course ships public cases alone."""

import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from kdlab.book import exercise as directive
from kdlab.practice import cases, folder, instructor, leaks

REPOSITORY = Path(__file__).parents[2]
NAME = "temperature/softmax"
PAGE = f"# An exercise\n\n```{{exercise}} {NAME}\n```\n"


@pytest.fixture(scope="module")
def builds(house):
    books = [house.write(name, index=PAGE) for name in ("alone", "course")]
    for book in books:
        shutil.copytree(REPOSITORY / "exercises" / NAME, book / "exercises" / NAME)
    config = books[1] / "_config.yml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("    kdlab_book:", "    kdlab_course: true\n    kdlab_book:"), "utf-8")
    alone, course = house.build(*books)
    assert (alone.code, course.code) == (0, 0), alone.output + course.output
    return alone, course


def data_of(build):
    data = re.search(r'class="kd-exercise-data">(.*?)</script>', build.page("index"), re.DOTALL)[1]
    return json.loads(data)


def test_a_book_for_self_study_has_all_of_an_exercise_in_a_file_beside_it(builds):
    alone, _ = builds
    whole = json.loads((alone.folder / "_build/html/_static/kdlab" / data_of(alone)["whole"]).read_text("utf-8"))
    assert all(len(styles) == 2 for styles in whole["solutions"].values())
    assert sum(len(each["cases"]) for each in whole["practice"]["questions"]) > 20


def test_a_book_for_a_course_has_public_cases_alone_and_no_line_of_a_solution(builds):
    alone, course = builds
    data = data_of(course)
    assert "whole" not in data
    assert data == {key: value for key, value in data_of(alone).items() if key != "whole"}
    exercise = folder.read(REPOSITORY / "exercises" / NAME)
    rngs = [cases.public_rng(exercise, word) for word in ("public", "self-study")]
    secrets = {*leaks.hidden_values(cases.paper(exercise, rngs[0], hidden=rngs[1], wrong=False))}
    secrets |= set(leaks.solution_lines(exercise))
    given = {line.strip() for each in data["functions"] if each["parsons"] for line in each["parsons"]["lines"]}
    for build, expected in ((course, False), (alone, True)):
        built = build.folder / "_build" / "html"
        files = {str(path): path.read_bytes() for path in built.rglob("*") if path.is_file()}
        texts = [content.decode("utf-8", "replace") for name, content in leaks.contents(files).items()]
        pages = [text for text in texts if "kd-exercise" in text or '"questions"' in text]
        assert any(secret in text for secret in secrets - given for text in pages) == expected


@pytest.mark.parametrize(("variable", "course"), [(None, False), ("/somewhere", True)])
def test_the_instructor_s_folder_makes_it_one_for_a_course(monkeypatch, variable, course):
    monkeypatch.delenv(instructor.VARIABLE, raising=False)
    if variable:
        monkeypatch.setenv(instructor.VARIABLE, variable)
    defaults = {}
    nothing = lambda *_, **__: None  # noqa: E731
    app = SimpleNamespace(add_directive=nothing, add_node=nothing, connect=nothing)
    app.add_config_value = lambda name, default, *_: defaults.update({name: default})
    directive.setup(app)
    assert defaults["kdlab_course"] is course
