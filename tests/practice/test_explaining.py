"""Mistakes that no file names, on functions that no exercise has: right code with one change, and two mistakes."""

import ast

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kdlab.checking import sentences
from kdlab.checking.asking import Answer, ask
from kdlab.checking.cases import Case, Question, case_from_data, case_to_data
from kdlab.checking.judging import judge_question
from kdlab.practice.explaining import Known, Source, diagnosed
from kdlab.practice.near import near
from kdlab.practice.pairs import pairs, together

REFERENCES = {
    "weighted": (
        "def f(weights, scores):\n    total = (weights * scores).sum(axis=0)\n"
        "    return total / np.abs(weights).max() - 0.3\n",
        {"weights": "weights", "scores": "scores"},
    ),
    "cooled": (
        "def f(logits, temperature):\n    z = logits - logits.max(axis=-1, keepdims=True)\n"
        "    p = np.exp(z / temperature)\n"
        "    return p / p.sum(axis=-1, keepdims=True)\n",
        {"logits": "logits", "temperature": "temperature"},
    ),
    "stepped": (
        "def f(weights, rate, count):\n    weights = weights * 1.0\n    for _ in range(count):\n"
        "        step = rate * weights\n        weights = weights - step\n    return weights\n",
        {"weights": "weights", "rate": "rate", "count": "count"},
    ),
}
ARGUMENTS = {
    "weighted": lambda rng: (rng.normal(size=(5, 3)), rng.normal(size=(5, 3))),
    "cooled": lambda rng: (rng.normal(size=(3, 4)), float(rng.uniform(1.5, 4.0))),
    "stepped": lambda rng: (rng.normal(size=(4, 3)), float(rng.uniform(0.1, 0.4)), int(rng.integers(2, 6))),
}


def known(name, *wrong):
    source, kinds = REFERENCES[name]
    starter = source.partition("\n")[0] + "\n    raise NotImplementedError\n"
    return Known((("given", "import numpy as np"), ("f", source)), {"f": starter}, wrong, kinds, ())


def question(name, rng, n_cases=5):
    function = known(name).namespace()["f"]
    args = [ARGUMENTS[name](rng) for _ in range(n_cases)]
    return Question("f", 1, tuple(Case("f", each, function(*each)) for each in args))


def told(of, asked, function):
    answers = [ask(function, case.args) for case in asked.cases]
    return judge_question(diagnosed(of, asked, answers), answers)


@settings(max_examples=40)
@given(st.data(), st.sampled_from(sorted(REFERENCES)), st.integers(0, 99))
def test_right_code_with_any_one_change_is_told_so(data, name, seed):
    of, asked = known(name), question(name, np.random.default_rng(seed))
    change = data.draw(st.sampled_from(near(of.reference("f"), "f", of.starters["f"], of.kinds)))
    names = of.namespace()
    exec(change.code, names)
    answers = [ask(names["f"], case.args) for case in asked.cases]
    assume(all(answer.problem is None for answer in answers))
    result = judge_question(diagnosed(of, asked, answers), answers)
    assume(result.points == 0 and {each.kind for each in result.findings} - {"passed", "dtype"})
    # another change may give the same; then that is told, or what is related to it
    assert result.message.startswith(("In every case", "Wherever it is not right", "Most of your values"))
    assert change.message.startswith("In every case your values are those of right code with one change: ")


@pytest.mark.parametrize(
    ("name", "source", "said"),
    [
        ("weighted", "return (w * s).mean(0) / np.abs(w).max() - 0.3", "`mean` in the place of `sum`"),
        ("weighted", "return (w * s).sum(1) / np.abs(w).max() - 0.3", "an option such as axis= is 1"),
        ("weighted", "return (w * s).sum(0) / w.max() - 0.3", "`abs` is left out"),
        ("weighted", "return (w * s).sum(0) / np.abs(w).max()", "`0.3` is left out"),
        ("weighted", "return (w * s).sum(0) - 0.3", "the part with `weights` is left out"),
        ("cooled", "e = np.exp(w - w.max(-1)[:, None]); return e / e.sum(-1)[:, None]", "temperature = 1"),
        ("cooled", "e = np.exp((w - w.max(-1)[:, None]) / s); return e / e.sum()", "`axis=` is left out"),
        ("stepped", "return w * (1 + s) ** n", "something is added that is to be taken away"),
    ],
)
def test_a_change_is_told_in_plain_words_however_it_is_written(name, source, said):
    of, asked = known(name), question(name, np.random.default_rng(1))
    names = of.namespace(f"def f(w, s, n=None):\n    {source}")
    message = told(of, asked, names["f"]).message
    assert said in message


def test_a_call_in_a_call_is_left_out_alone():
    source = "def f(x):\n    return abs(max(x))"
    assert any("`abs` is left out" in each.message for each in near(source, "f", source, {}))


def test_who_cannot_wait_gets_what_is_found_in_time():
    of, asked = known("cooled"), question("cooled", np.random.default_rng(1))
    answers = [ask(lambda z, T: np.exp(z / T**2), case.args) for case in asked.cases]
    assert not any(case.near for case in diagnosed(of, asked, answers, seconds=0.0).cases)


def test_what_may_never_end_is_not_changed():
    assert near("def f(x):\n    while x > 1:\n        x = x / 2\n    return x", "f", "", {}) == ()


def test_a_function_that_is_right_has_no_explanation():
    of, asked = known("cooled"), question("cooled", np.random.default_rng(2))
    assert told(of, asked, of.namespace()["f"]).message == ""


DOUBLE = Known(
    (("given", "import numpy as np"), ("f", "def f(x):\n    return 2 * x + np.sin(x)")),
    {"f": "def f(x):\n    ..."},
    (Source("forgets", "The sine is missing.", "def f(x):\n    return 2 * x", ("f",)),),
    {"x": "weights"},
    (),
)


def doubles(rng, traits=((),) * 5):
    function = DOUBLE.namespace()["f"]
    args = [(rng.normal(size=4),) for _ in traits]
    return Question("f", 1, tuple(Case("f", a, function(*a), traits=t) for a, t in zip(args, traits, strict=True)))


def test_a_named_mistake_and_a_factor_are_told_both():
    message = told(DOUBLE, doubles(np.random.default_rng(0)), lambda x: -2 * x).message
    assert message == (
        "The sine is missing. And there is something else. Beside what this mistake alone would give, in every case "
        "your values are those with the other sign."
    )


def test_a_named_mistake_is_told_where_some_cases_fail_in_another_way():
    asked = doubles(np.random.default_rng(0))
    last = asked.cases[-1].args[0]
    result = told(DOUBLE, asked, lambda x: x * np.nan if np.array_equal(x, last) else 2 * x)
    assert result.message.startswith("The sine is missing. And there is something else: A hidden case of f: NaN came")
    # of one hidden case alone it is said how it is not right
    assert sum(not each.sentence.endswith("not right.") for each in result.findings) == 1


def test_a_named_mistake_is_told_with_the_trait_of_the_cases_that_have_something_else():
    traits = ((), (), (), ("a zero",), ())
    asked = doubles(np.random.default_rng(0), traits)
    wrong = {id(case): case for case in asked.cases}
    odd = next(case.args[0] for case in wrong.values() if case.traits)
    result = told(DOUBLE, asked, lambda x: 2 * x + 5 * np.array_equal(x, odd) * np.arange(4))
    assert result.message == ("The sine is missing. And with a zero there is something else that is not right.")


LOOP = Known(
    (
        ("given", "import numpy as np"),
        (
            "f",
            "def f(weights, rate, count):\n    weights = weights * 1.0\n    for _ in range(count):\n"
            "        slope = weights + weights.sum()\n        weights = weights - rate * slope\n"
            "        weights = np.maximum(weights, 0)\n    return weights",
        ),
    ),
    {"f": "def f(weights, rate, count):\n    ..."},
    (
        Source(
            "of_the_slope",
            "The slope is cut off.",
            "def f(weights, rate, count):\n    weights = weights * 1.0\n    for _ in range(count):\n"
            "        slope = np.maximum(weights + weights.sum(), 0)\n        weights = weights - rate * slope\n"
            "    return weights",
            ("f",),
        ),
        Source(
            "at_the_end",
            "It is cut off at the end alone.",
            "def f(weights, rate, count):\n    weights = weights * 1.0\n    for _ in range(count):\n"
            "        slope = weights + weights.sum()\n        weights = weights - rate * slope\n"
            "    return np.maximum(weights, 0)",
            ("f",),
        ),
        Source(
            "one_more",
            "The weights start at one more.",
            "def f(weights, rate, count):\n    weights = weights + 1.0\n    for _ in range(count):\n"
            "        slope = weights + weights.sum()\n        weights = weights - rate * slope\n"
            "        weights = np.maximum(weights, 0)\n    return weights",
            ("f",),
        ),
    ),
    {"weights": "weights", "rate": "rate", "count": "count"},
    (),
)


def steps(*counts):
    """Ask for so many steps each: all slopes are above 0 at first, and weights that fall below 0 change the later."""
    function = LOOP.namespace()["f"]
    args = [(np.array([0.5 + i / 9, 2.0, 3.0, 0.1]), 0.3, count) for i, count in enumerate(counts)]
    return Question("f", 1, tuple(Case("f", a, function(*a)) for a in args))


def test_what_another_mistake_mends_is_no_mistake_of_a_pair():
    asked = steps(0, 1, 1, 2, 3)
    both = together(*(LOOP.reference("f"), *(each.source for each in LOOP.wrong[:2])))
    result = told(LOOP, asked, LOOP.namespace(both)["f"])
    assert (result.message, result.wrong) == ("It is cut off at the end alone.", "at_the_end")


def test_of_two_mistakes_that_mend_each_other_the_less_mended_is_told():
    slope, end, _ = LOOP.wrong

    def said(**mended):
        return [each.name for each in pairs((slope, end), LOOP.reference("f"), "f", mended)]

    assert said(of_the_slope=0, at_the_end=0) == ["of_the_slope and at_the_end"]
    assert said(of_the_slope=3, at_the_end=1) == ["at_the_end"]
    assert said(of_the_slope=0) == ["of_the_slope"]
    assert said(of_the_slope=1, at_the_end=1) == said() == []


def test_two_mistakes_that_both_show_are_told_both():
    both = together(*(LOOP.reference("f"), *(each.source for each in LOOP.wrong[1:])))
    result = told(LOOP, steps(2, 2, 3), LOOP.namespace(both)["f"])
    assert result.message == "Two mistakes at once. It is cut off at the end alone. The weights start at one more."


def test_a_solution_that_stands_in_many_pairs_is_read_once(monkeypatch):
    def source(changed):
        lines = [f"    x{i} = x {'-' if i == changed else '+'} {i}" for i in range(5)]
        return "\n".join(["def f(x):", *lines, "    return x0 + x1 + x2 + x3 + x4"])

    read, parse = [], ast.parse
    monkeypatch.setattr("ast.parse", lambda code: read.append(code) or parse(code))
    wrong = [Source(f"line {i}", f"Line {i}.", source(i), ("f",)) for i in range(5)]
    assert len(list(pairs(wrong, source(None), "f", {each.name: 0 for each in wrong}))) == 10
    assert sorted(read) == sorted([source(None), *(each.source for each in wrong)])


def test_a_named_mistake_is_not_told_where_one_answer_is_right():
    asked = doubles(np.random.default_rng(0))
    first = asked.cases[0].args[0]
    right = DOUBLE.namespace()["f"]
    message = told(DOUBLE, asked, lambda x: right(x) if np.array_equal(x, first) else 2 * x).message
    assert "The sine is missing" not in message


def test_which_argument_was_changed_is_not_mixed_up():
    def changes(i):
        def f(a, b):
            [a, b][i][0] = 9.0
            return a + b

        return f

    cases = (Case("f", (np.ones(2), np.zeros(2)), np.ones(2)),)
    source = "def f(a, b):\n    a[0] = 1.0\n    return np.ones(2)"
    of = Known(
        (("given", "import numpy as np"), ("f", "def f(a, b):\n    return a + b")),
        {"f": ""},
        (Source("first", "a was changed.", source.replace("1.0", "9.0"), ("f",)),),
        {},
        (),
    )
    assert told(of, Question("f", 1, cases), changes(0)).message == "a was changed."
    assert "argument" in told(of, Question("f", 1, cases), changes(1)).message


def test_what_explains_survives_the_way_to_a_page():
    asked = diagnosed(DOUBLE, doubles(np.random.default_rng(0)), [Answer(0.0)] * 5)
    for case in asked.cases:
        again = case_from_data(case_to_data(case))
        assert [each.message for each in again.wrong] == [each.message for each in case.wrong]


def test_no_sentence_on_a_change_has_a_gap():
    for of in map(known, REFERENCES):
        for each in near(of.reference("f"), "f", of.starters["f"], of.kinds):
            assert "{" not in each.message
            assert each.message.endswith(".")
    assert sentences.NEAR.count("{") == 1
