"""Every answer that is known to every exercise, in the page: judged by its own Python as CPython judges, and typed in.

`make test` judges the answers to one exercise of each chapter and of each rung, and types those to one of each rung;
`make test-all` takes every exercise.
"""

import hashlib
import json
import re

import numpy as np
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
# of a diagnosis: whoever compares does not wait, and what is found must not hang on how busy the machine is
SECONDS = 300
CHECK = """async ([practice, answers, seconds]) => {
    const found = [];
    for (const cells of answers) {
        const args = [practice, cells, seconds];
        const call = runtime.call("kdlab.practice.public_checks.check_in_page", args, { seconds: 2 * seconds });
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
    yield lambda practice, cells: reader.page.evaluate(CHECK, [practice, cells, SECONDS])
    reader.context.close()
    assert reader.noise == []


@pytest.mark.parametrize("n_wrong", HOW_MANY)
@pytest.mark.parametrize("exercise", sampled(exercises(), chapter_of, rung_of, name=name_of))
def test_python_of_the_page_judges_as_cpython_does(python, exercise, n_wrong):
    given = some_answers(exercise, n_wrong)
    practice = whole_of(exercise.name)["practice"]
    for answer, found in zip(given, python(practice, list(map(cells_of, given))), strict=True):
        by_name = {question["function"]: question for question in found["questions"]}
        expected = judged(exercise, answer, practice, SECONDS)
        if any(UNSTABLE.search(source) for source in answer.sources.values()):
            by_name, expected = ({name: each["verdict"] for name, each in said.items()} for said in (by_name, expected))
        lines = (json.dumps(said, indent=0, sort_keys=True, ensure_ascii=False) for said in (by_name, expected))
        pairs = zip(*(each.splitlines() for each in lines), strict=True)
        assert [pair for pair in pairs if not is_same(*pair)] == []


NUMBER = re.compile(r"-?\b\d+(?:\.\d+)?(?:e[+-]?\d+)?\b")


def is_same(said, expected):
    """Say whether two sentences are the same: words to the letter, numbers to six digits of the largest beside them.

    Smaller ones may be what rounding leaves, of which a wrong answer can take the root.
    """
    a, b = (np.array(NUMBER.findall(each), dtype=np.float64) for each in (said, expected))
    if NUMBER.sub("0", said) != NUMBER.sub("0", expected):
        return False
    return bool((np.abs(a - b) <= 1e-6 * np.abs(b).max(initial=0.0)).all())


@pytest.mark.parametrize(
    ("said", "same"),
    [
        ("f(3): [1.62658, 4e-09] is expected, 2 came back.", True),
        ("f(3): [1.62658, -2e-08] is expected, 2 came back.", True),
        ("f(3): [1.62659, 4e-09] is expected, 2 came back.", False),
        ("f(3): [1.62658, 4e-05] is expected, 2 came back.", False),
        ("f(3): [1.62658, 4e-09] is expected, 2 comes back.", False),
        ("f(3): [1.62658] is expected, 2 came back.", False),
    ],
)
def test_sentences_differ_by_no_more_than_rounding(said, same):
    assert is_same(said, "f(3): [1.62658, 4e-09] is expected, 2 came back.") == same


# equal ones come in another order on another processor: another case shows it, and the verdict is the same
UNSTABLE = re.compile(r"argsort\((?!.*stable)")


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
