"""Every answer that is known to every exercise, in the page: judged by its own Python as CPython judges, and typed in.

`make test` judges the answers to one exercise of each chapter and of each rung, and types those to one of each rung;
`make test-all` takes every exercise.
"""

import hashlib
import json
import re

import pytest
from exercising import block_of, check, fill
from reading import CHAPTERS, EXPOSED, ROOT, Reader
from sampling import sampled
from solutions import (
    HOW_MANY,
    STARTER,
    answers,
    cells_of,
    chapter_of,
    exercises,
    judged,
    name_of,
    rung_of,
    some_answers,
    whole_of,
)

from kdlab.checking.rules import AskRule, DrawnRule
from kdlab.practice import cases

pytestmark = pytest.mark.page

START = """async (base) => {
    const { archive, python } = document.querySelector("script[data-archive]").dataset;
    window.runtime = new Runtime({ base, archive, python });
    await runtime.start();
}"""
CHECK = """async ([practice, answers]) => {
    const found = [];
    for (const cells of answers) {
        const call = runtime.call("kdlab.practice.public_checks.check_in_page", [practice, cells], { seconds: 60 });
        found.push((await call).value);
    }
    return found;
}"""
PAGE_OF = {
    name: f"{chapter}.html"
    for chapter in CHAPTERS
    for name in re.findall(r"^`{3,}\{exercise\} (\S+)$", (ROOT / f"{chapter}.md").read_text("utf-8"), re.M)
}


def test_every_exercise_stands_in_one_chapter():
    assert sorted(PAGE_OF) == sorted(map(name_of, exercises()))


@pytest.fixture(scope="module")
def python(browser, address):
    """Return a function that judges answers by the page's Python, which is started once."""
    reader = Reader(browser, address)
    reader.page.goto(f"{address}search.html")
    reader.page.add_script_tag(content=EXPOSED)
    reader.page.evaluate(START, f"{address}_static/kdlab/")
    yield lambda practice, cells: reader.page.evaluate(CHECK, [practice, cells])
    reader.context.close()
    assert reader.noise == []


@pytest.mark.parametrize("n_wrong", HOW_MANY)
@pytest.mark.parametrize("exercise", sampled(exercises(), chapter_of, rung_of, name=name_of))
def test_python_of_the_page_judges_as_cpython_does(python, exercise, n_wrong):
    given = some_answers(exercise, n_wrong)
    practice = whole_of(exercise.name)["practice"]
    for answer, found in zip(given, python(practice, list(map(cells_of, given))), strict=True):
        by_name = {question["function"]: question for question in found["questions"]}
        expected = judged(exercise, answer, practice)
        if any(UNSTABLE.search(source) for source in answer.sources.values()):
            by_name, expected = ({name: each["verdict"] for name, each in said.items()} for said in (by_name, expected))
        assert but_for_numbers(by_name) == but_for_numbers(expected)


# equal ones come in another order on another processor: another case shows it, and the verdict is the same
UNSTABLE = re.compile(r"argsort\((?!.*stable)")


def but_for_numbers(questions):
    """Return what is said without its numbers: what a wrong answer gives can hang on rounding, which differs here."""
    return json.loads(re.sub(r"-?\b\d+(\.\d+)?(e[+-]?\d+)?\b", "0", json.dumps(questions, sort_keys=True)))


def is_written(exercise):
    """Return whether all of an exercise is code: what is chosen and drawn is answered in test_asking.py."""
    questions = cases.paper(exercise, cases.public_rng(exercise), wrong=False).questions
    return not any(isinstance(getattr(question, "rule", None), AskRule | DrawnRule) for question in questions)


@pytest.mark.parametrize("exercise", sampled(filter(is_written, exercises()), rung_of, name=name_of))
def test_typed_in_it_gets_its_sentence(browser, address, exercise):
    reader = Reader(browser, address)
    reader.open(PAGE_OF[exercise.name])
    ordered = sorted(answers(exercise), key=lambda answer: hashlib.sha256(answer.name.encode()).digest())
    for kind in (STARTER, "wrong", "right"):
        answer = next(answer for answer in ordered if answer.kind == kind)
        expected = judged(exercise, answer, whole_of(exercise.name)["practice"])
        fill(reader, exercise.name, answer.sources)
        for function in expected.keys() & set(answer.functions):
            assert check(block_of(reader, exercise.name, function)) == expected[function]["verdict"], answer.name
        ending = reader.page.locator(f"#exercise-{exercise.name.replace('/', '-')} .kd-ending")
        assert ending.inner_text().startswith("Solved. All " if kind == "right" else "")
    assert reader.noise == []
    assert reader.elsewhere() == []
    reader.context.close()
