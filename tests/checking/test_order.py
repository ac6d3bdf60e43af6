"""First things first: each mistake is told, and costs points, once."""

import numpy as np
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
