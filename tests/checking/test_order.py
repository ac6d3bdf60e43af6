"""First things first: each mistake is told, and costs points, once."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.checking.asking import ask, ask_with
from kdlab.checking.cases import Case, Question
from kdlab.checking.order import Again, judge_in_order

# three functions, each of which calls those before it that its row names, and adds its own number
CALLS = {"a": (), "b": ("a",), "c": ("a", "b"), "d": ()}


def sources(wrong):
    """Return the functions; those that are wrong add 100 of their own."""
    return {
        name: f"def {name}(x): return x + {i + 1 + 100 * (name in wrong)}" + "".join(f" + {each}(x)" for each in calls)
        for i, (name, calls) in enumerate(CALLS.items())
    }


def namespace(wrong=()):
    names = {}
    for source in sources(wrong).values():
        exec(source, names)
    return names


def judged(wrong, trusted=True):
    right, names = namespace(), namespace(wrong)
    questions = [
        Question(name, 1, tuple(Case(name, (x,), right[name](x), public=True) for x in (1, 5))) for name in CALLS
    ]
    answers = {each.function: [ask(names[each.function], case.args) for case in each.cases] for each in questions}

    def again(question, others, first):
        stand_ins = {name: (right if trusted else names)[name] for name in others}
        asked = [ask_with(names, question.function, case.args, stand_ins) for case in question.cases]
        called = frozenset().union(*(called for _, called in asked))
        return Again(called, [answer for answer, _ in asked] if trusted else None)

    return judge_in_order(questions, answers, again)


@given(st.sets(st.sampled_from(sorted(CALLS))))
def test_points_follow_a_function_s_own_mistake(wrong):
    results = judged(wrong)
    assert {name for name, result in results.items() if result.points == 0} == wrong
    for name, result in results.items():
        waits_for = sorted(wrong & (set(CALLS[name]) | {call for each in CALLS[name] for call in CALLS[each]}))
        if waits_for:
            assert f"Mend {waits_for[0]}" in result.message
            assert ("itself is right" in result.message) == (name not in wrong)
        else:
            assert result.message.startswith(f"{name}(1): " if name in wrong else "")
            assert (result.message != "") == (name in wrong)


@given(st.sets(st.sampled_from(sorted(CALLS)), min_size=1))
def test_where_nothing_right_can_stand_in_what_calls_a_wrong_one_waits(wrong):
    for name, result in judged(wrong, trusted=False).items():
        helpers = sorted(wrong & (set(CALLS[name]) | {call for each in CALLS[name] for call in CALLS[each]}))
        assert (result.points == 1) == (name not in wrong and not helpers)
        if helpers:
            first = helpers[0]
            assert result.message == (
                f"{name} calls your {first}, which is not right yet. Mend {first} first, then look at {name} again."
            )


def test_the_namespace_is_as_before():
    names = namespace()
    before = dict(names)
    answer, called = ask_with(names, "c", (1,), {"b": lambda x: np.float64(0), "e": None})
    assert (float(answer.value), called) == (1 + 3 + 2, {"b"})
    assert names == before


def test_what_is_missing_is_missed_and_noted():
    names = {}
    exec("def c(x): return b(x)", names)
    answer, called = ask_with(names, "c", (1,), {"b": None})
    assert (answer.type_name, called) == ("NameError", {"b"})
    assert "b" not in names


def judged_with_helper(helper, error, trusted, **fields):
    """Judge a function that is off by a relative error and calls a helper, which is right."""
    arrays = [np.array([0.3, 1.7, 2.9]), np.array([0.1, 5.3])]
    names = {"np": np, "halved": helper}
    exec(f"def total(x): return (1 + {error}) * float(np.sum(halved(x)))", names)
    questions = [
        Question("halved", 1, tuple(Case("halved", (x,), x / 2) for x in arrays)),
        Question("total", 1, tuple(Case("total", (x,), float((x / 2).sum()), **fields) for x in arrays)),
    ]
    answers = {each.function: [ask(names[each.function], case.args) for case in each.cases] for each in questions}

    def again(question, others, first):
        stand_ins = {name: (lambda x: x / 2) if trusted else names[name] for name in others}
        asked = [ask_with(names, question.function, case.args, stand_ins) for case in question.cases]
        called = frozenset().union(*(called for _, called in asked))
        return Again(called, [answer for answer, _ in asked] if trusted else None)

    results = judge_in_order(questions, answers, again)
    assert results["halved"].points == 1
    return results["total"]


def in_float32(x):
    return (x / 2).astype(np.float32)


@pytest.mark.parametrize("trusted", [True, False])
def test_what_a_helper_computes_in_float32_is_no_mistake_of_what_calls_it(trusted):
    assert judged_with_helper(in_float32, 0.0, trusted).points == 1
    assert judged_with_helper(in_float32, 0.0, trusted, exact_dtype=True).points == 0
    # a mistake of its own is one, and the tolerance is that of float32 for nobody else
    assert "value is not" in judged_with_helper(in_float32, 0.01, trusted).message
    assert judged_with_helper(lambda x: x / 2, 1e-7, trusted).points == 0


def test_a_helper_that_should_answer_in_float32_widens_no_tolerance():
    halves = [np.float32([0.3, 1.7]), np.float32([0.1, 5.3])]
    names = {}
    exec("def halved(x): return x / 2\ndef total(x): return float(halved(x)[0]) * (1 + 1e-7)", names)
    questions = [
        Question("halved", 1, tuple(Case("halved", (x,), x / 2) for x in halves)),
        Question("total", 1, tuple(Case("total", (x,), float(x[0] / 2)) for x in halves)),
    ]
    answers = {each.function: [ask(names[each.function], case.args) for case in each.cases] for each in questions}
    results = judge_in_order(questions, answers, lambda question, others, first: Again(frozenset(others)))
    assert [results[name].points for name in ("halved", "total")] == [1, 0]
