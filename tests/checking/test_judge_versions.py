"""A student's test, judged by what it says of good and bad versions."""

import numpy as np
import pytest

from kdlab.checking.asking import Answer, Watched, ask, too_many
from kdlab.checking.cases import Version, VersionQuestion
from kdlab.checking.testing import Retry, as_function, asked, judge_versions

QUESTION = VersionQuestion(
    "test_f",
    "f",
    4,
    (
        Version("bad_a", False, "It forgets a."),
        Version("bad_b", False, "It forgets b."),
        Version("good_a", True),
        Version("good_b", True),
    ),
)
PASSED = Answer()
RAISED = Answer(problem="raised", type_name="AssertionError", line=3)
NAME_ERROR = Answer(problem="raised", type_name="NameError", line=2)


def result(*answers):
    return judge_versions(QUESTION, list(enumerate(answers)))


def test_the_right_verdict_on_every_version_earns_all_points():
    right = result(RAISED, NAME_ERROR, PASSED, PASSED)
    assert (right.points, right.max_points, right.message) == (4, 4, "")
    assert all(finding.passed for finding in right.findings)


REFUSED = (
    "It refuses a right version: AssertionError in line 3. Work out by hand what it expects there. If it compares with "
    "== or to a tiny tolerance, use np.allclose: right versions differ in the last digits."
)


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ((PASSED, RAISED, PASSED, PASSED), "It misses a bug: It forgets a."),
        ((RAISED, PASSED, PASSED, PASSED), "It misses a bug: It forgets b."),
        (
            (PASSED, PASSED, PASSED, PASSED),
            "test_f passes for every version, right or wrong. It misses a bug: It forgets a.",
        ),
        ((RAISED, RAISED, RAISED, RAISED), f"test_f raises for every version, right or wrong. {REFUSED}"),
        (
            (NAME_ERROR, NAME_ERROR, NAME_ERROR, NAME_ERROR),
            "test_f raises for every version, right or wrong. It refuses a right version: NameError in line 2.",
        ),
        ((RAISED, RAISED, PASSED, RAISED), "It refuses a right version: AssertionError in line 3."),
        (
            (PASSED, RAISED, RAISED, RAISED),
            "It refuses a right version: AssertionError in line 3. And it passes for a wrong one, so this is what it "
            "expects: It forgets a.",
        ),
        (
            (Answer(False), RAISED, PASSED, PASSED),
            "It misses a bug: It forgets a. (It returned a value, which says nothing: a test speaks by raising, with "
            "assert.)",
        ),
        ((Answer(problem="missing"),) * 4, "test_f is not defined."),
        ((Answer(problem="not_written", type_name="NotImplementedError"),) * 4, "test_f is not written yet."),
        ((Answer(problem="generator"),) * 4, "a generator came back: use return"),
        ((RAISED, RAISED, Answer(problem="timeout", detail="it takes 3.1415 s."), PASSED), "it did not come to an end"),
    ],
)
def test_the_message_says_what_the_verdicts_have_in_common(answers, message):
    wrong = result(*answers)
    assert wrong.points == 0
    assert wrong.message.startswith(message)


def test_a_version_on_which_the_test_did_not_run_earns_nothing():
    wrong = judge_versions(QUESTION, [(0, RAISED), (1, RAISED), (2, PASSED)])
    assert (wrong.points, wrong.message) == (0, "It did not run.")


def test_a_test_that_throws_dice_is_found_out():
    answers = [(0, RAISED), (1, RAISED), (2, PASSED), (3, PASSED), (0, PASSED), (1, RAISED), (2, PASSED), (3, PASSED)]
    wrong = judge_versions(QUESTION, answers)
    assert wrong.points == 0
    assert wrong.message == "It passes and then raises for one and the same version: a test must not."


def test_each_version_comes_twice_in_an_order_that_the_generator_alone_decides():
    orders = [QUESTION.order(np.random.default_rng(seed)) for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == [0, 0, 1, 1, 2, 2, 3, 3]


def told(answers, **how):
    return judge_versions(QUESTION, list(enumerate(answers)), **how).message


def test_a_test_that_is_the_other_way_round_is_told_so():
    turned = "test_f raises for every right version, and returns for every wrong one: it is the other way round."
    assert told((PASSED, PASSED, RAISED, RAISED)) == turned


def test_what_the_right_version_itself_raised_is_told():
    said = told((RAISED,) * 4, inside=[True] * 4)
    assert said.endswith("are the arguments of that call as the text says they are?")
    assert "np.allclose" not in said


def test_whether_the_version_itself_raised_is_seen_from_its_last_call():
    watched = Watched(int)
    with pytest.raises(ValueError, match="two"):
        watched("two")
    raised = Answer(problem="raised", type_name="ValueError")
    assert watched.tried(raised) == (raised, True)
    assert watched.tried(RAISED) == (RAISED, False)
    watched("2")
    assert watched.tried(raised) == (raised, False)


def test_a_test_that_refuses_all_is_told_which_wrong_one_it_takes_for_right():
    others = [("It halves.", Answer(None)), ("It doubles.", RAISED)]
    said = told((RAISED,) * 4, wrong=lambda: others)
    assert said.endswith("And it passes for a wrong one, so this is what it expects: It halves.")
    # several would explain it: none is told
    assert "It halves" not in told((RAISED,) * 4, wrong=lambda: [("It halves.", Answer(None))] * 3)


MASKED = VersionQuestion(
    "test_f",
    "f",
    1,
    (Version("bad", False, "It keeps all."), Version("good_a", True), Version("good_b", True)),
    {"weights": "weights", "mask": "mask"},
)


def by_index(weights, mask):
    kept = weights / 3
    kept[~mask] = 0
    return kept


VERSIONS = [lambda weights, mask: weights / 3, lambda weights, mask: weights * mask * (1 / 3), by_index]
WEIGHTS = np.array([5.0, 7.0, 11.0])
MASK = np.array([True, False, True])


def said_of(test):
    """Return what is said of a test that is tried on the versions, and may be tried again."""

    def tried(function):
        version = Watched(function)
        return version.tried(ask(test, [version]))

    answers, inside = zip(*map(tried, VERSIONS), strict=True)
    retry = Retry(list(map(asked, VERSIONS)), lambda version: tried(as_function(version))[0])
    return judge_versions(MASKED, list(enumerate(answers)), inside=inside, retry=retry).message


def check(condition):
    if not condition:
        raise AssertionError


DIGITS = "It accepts another: right versions differ in the last digits, so compare with np.allclose."
OF_BOOLEANS = "It accepts it with a mask of booleans, as the text says"


@pytest.mark.parametrize(
    "expected", [lambda: WEIGHTS * MASK * (1 / 3), lambda: by_index(WEIGHTS, MASK)], ids=["one", "other"]
)
def test_last_digits_are_told_where_they_are_the_reason(expected):
    assert said_of(lambda f: check(np.array_equal(f(WEIGHTS, MASK), expected()))).endswith(DIGITS)
    assert said_of(lambda f: check(np.allclose(f(WEIGHTS, MASK), expected()))) == ""


@pytest.mark.parametrize("mask", [MASK.astype(int), MASK.astype(np.int8)])
def test_a_mask_that_is_not_of_booleans_is_told_where_it_is_the_reason(mask):
    said = said_of(lambda f: check(np.allclose(f(WEIGHTS, mask), WEIGHTS * mask / 3)))
    assert OF_BOOLEANS in said
    assert "np.allclose" not in said
    # where the version raises, and where the test would be wrong with any mask
    assert OF_BOOLEANS in said_of(lambda f: check(np.allclose(f(WEIGHTS, mask=mask * 1.0), WEIGHTS * mask / 3)))
    assert OF_BOOLEANS not in said_of(lambda f: check(np.allclose(f(WEIGHTS, mask), WEIGHTS)))


def test_integers_are_told_where_they_are_the_reason(monkeypatch):
    def in_place(weights, mask):
        kept = np.zeros_like(weights)
        kept[mask] = weights[mask] / 3
        return kept

    monkeypatch.setattr(f"{__name__}.VERSIONS", [*VERSIONS[:2], in_place])
    whole = WEIGHTS.astype(int)
    said = said_of(lambda f: check(np.allclose(f(whole, MASK), WEIGHTS * MASK / 3)))
    assert "It accepts it with floats in the place of integers, as the text says" in said


def test_right_versions_that_differ_by_more_than_digits_are_told():
    mask = np.array([[True, False, True]])  # of another shape than the weights: broadcast by one, refused by the other
    said = said_of(lambda f: check(np.allclose(f(WEIGHTS, mask), WEIGHTS * MASK / 3)))
    assert "last digits, so compare" not in said
    assert said.endswith("are the arguments of that call as the text says they are?")


def test_a_test_that_raises_before_its_first_call_is_told_so_and_what_the_exception_means():
    answer = Answer(problem="raised", type_name="NameError", detail="name 'npp' is not defined", line=2)
    said = judge_versions(QUESTION, [(i, answer) for i in range(4)], [None] * 4).message
    assert said == (
        "test_f raises for every version, right or wrong. It refuses a right version: NameError in line 2. A name is "
        "used that no cell has defined: is it misspelt, or an import missing? It has called no version by then: what "
        "it does before is what raises."
    )
    assert "Work out by hand" not in judge_versions(QUESTION, [(i, RAISED) for i in range(4)], [None] * 4).message


def test_of_a_call_only_what_is_special_is_told():
    def said(*traits):
        return judge_versions(QUESTION, [(i, RAISED) for i in range(4)], [traits] * 4).message

    assert " Its last call had a tie. " in said("several rows", "a tie", "negative numbers")
    assert "last call" not in said("several rows")


def test_an_exception_that_is_not_built_in_is_known_as_the_one_that_a_version_raised():
    singular = Watched(np.linalg.inv)
    answer, inside = singular.tried(ask(lambda f: f(np.zeros((2, 2))), [singular]))
    assert (answer.type_name, singular.raised, inside) == ("RuntimeError", "RuntimeError", True)


def test_a_test_that_calls_too_often_is_told_so():
    assert told((too_many(200),) * 4) == "it calls the function more often than the text allows: make fewer calls."
    watched = Watched(abs, most=2)
    for _ in range(2):
        watched(1)
    assert watched.tried(PASSED) == (PASSED, False)
    with pytest.raises(RuntimeError):
        watched(1)
    assert watched.tried(Answer(None))[0].problem == "too_many_calls"
