"""How a wrong answer is related to the expected one: on references and mistakes that no exercise names."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kdlab.checking import sentences
from kdlab.checking.asking import Answer
from kdlab.checking.cases import Case, Question
from kdlab.checking.judging import judge_question
from kdlab.checking.relations import _OF_ALL, _OF_NUMBERS, _REDUCING, beside_a_mistake, relation

SHAPES = [(5, 3), (4, 7), (3, 6)]  # N and C differ, and are no multiples of T


def cases_of(rng, make=np.random.Generator.normal, shapes=SHAPES):
    """Return cases whose expected values are noise: whatever is found in them was put there."""
    temperatures = rng.uniform(1.3, 9.0, size=len(shapes))
    return [
        Case("f", (), make(rng, size=shape), quantities={"N": shape[0], "C": shape[-1], "T": float(t)})
        for shape, t in zip(shapes, temperatures, strict=True)
    ]


def said_of(cases, wrong):
    answers = [Answer(wrong(case)) for case in cases]
    result = judge_question(Question("f", 1, tuple(cases)), answers)
    assert result.points == 0
    said, _, first = result.message.partition(" A hidden case of f: ")
    assert "values" not in first  # the finding of one case comes after what holds in all
    return said or result.message


SEEDS = st.integers(0, 2**32 - 1)
TIMES = "In every case your values are the expected ones"
FACTORS = {
    "times N": lambda q: q["N"],
    "divided by N": lambda q: 1 / q["N"],
    "divided by C": lambda q: 1 / q["C"],
    "times N and C": lambda q: q["C"] * q["N"],
    "divided by N and C": lambda q: 1 / q["C"] / q["N"],
    "times T": lambda q: q["T"],
    "divided by T": lambda q: 1 / q["T"],
    "divided by T squared": lambda q: q["T"] ** -2,
    "times N and divided by T": lambda q: q["N"] / q["T"],
    "times 2": lambda q: 2,
    "divided by 2": lambda q: 0.5,
    "divided by log 2": lambda q: 1 / math.log(2),
    "times one and the same number": lambda q: 5.37,
}


@given(SEEDS, st.sampled_from(sorted(FACTORS)), st.sampled_from([1, -1]))
def test_a_factor_is_named_whatever_the_reference(seed, said, sign):
    cases = cases_of(np.random.default_rng(seed))
    # {"C", "N"} in the order of the names
    told = said.replace("N and C", "C and N")
    other = ", with the other sign" if sign < 0 else ""
    wrong = said_of(cases, lambda case: sign * FACTORS[said](case.quantities) * case.expected)
    assert wrong == f"{TIMES} {told}{other}."


@given(SEEDS, st.floats(0.1, 10).filter(lambda x: abs(x - 1) > 0.01))
def test_a_factor_that_nothing_explains_is_said_without_its_size(seed, factor):
    cases = cases_of(np.random.default_rng(seed))
    assume(not any(math.isclose(factor, c, rel_tol=1e-6) for x in (2, 3, 4, 10, math.log(2)) for c in (x, 1 / x)))
    assert said_of(cases, lambda case: factor * case.expected) == f"{TIMES} times one and the same number."


def test_a_factor_is_not_named_where_two_quantities_explain_it():
    cases = [Case("f", (), np.arange(1.0, 5.0), quantities={"N": 2, "T": 2.0})]
    assert said_of(cases, lambda case: case.expected / 2) == f"{TIMES} times one and the same number."
    cases += [Case("f", (), np.arange(1.0, 4.0), quantities={"N": 3, "T": 3.0})]
    said = said_of(cases, lambda case: case.expected / case.quantities["N"])
    assert said == f"{TIMES} times a number, which is another one in other cases."


@given(SEEDS)
def test_a_factor_says_nothing_where_one_case_contradicts(seed):
    cases = cases_of(np.random.default_rng(seed))
    assert said_of(cases, lambda case: case.expected if case is cases[0] else 2 * case.expected) == (
        f"{TIMES} times a number, which is another one in other cases."
    )
    noise = np.random.default_rng(seed)
    said = said_of(cases, lambda case: noise.normal(size=case.expected.shape))
    assert said == "A hidden case of f: the value is not the expected one."


CHANGES = {
    "with the other sign": lambda e: -e,
    "transposed": lambda e: e.T,
    "the first axis from its end": lambda e: e[::-1],
    "the last axis from its end": lambda e: e[:, ::-1],
    "1 minus the expected ones": lambda e: 1 - e,
    "the logarithms of": np.log,
    "the exponentials of": np.exp,
    "the squares of": np.square,
    "the square roots of": np.sqrt,
    "one more than": lambda e: e + 1,
    "one less than": lambda e: e - 1,
    "one place further along the first axis": lambda e: np.roll(e, 1, axis=0),
    "one place back along the first axis": lambda e: np.roll(e, -1, axis=0),
    "the sum of the expected ones along the first axis": lambda e: e.sum(axis=0),
    "the mean of the expected ones along the last axis": lambda e: e.mean(axis=1),
    "each row of yours is the expected one with one number added to it": lambda e: e - e.max(axis=1, keepdims=True),
    "each row of yours is the expected one times a number of its own": lambda e: e / e.sum(axis=1, keepdims=True),
    "your rows are the expected ones in another order": lambda e: e[np.argsort(e[:, 0])],
    "each row of yours holds the expected numbers in another order": lambda e: np.sort(e, axis=1),
    "all your values are 0": np.zeros_like,
    "your values come close": lambda e: np.round(e, 6),
}


@given(SEEDS, st.sampled_from(sorted(CHANGES)))
def test_each_change_is_said_and_no_other(seed, said):
    cases = cases_of(np.random.default_rng(seed), np.random.Generator.random)
    change = CHANGES[said]
    assume(not any(np.array_equal(change(case.expected), case.expected) for case in cases))
    assert said in said_of(cases, lambda case: change(case.expected))


@given(SEEDS)
def test_masks_have_relations_of_their_own(seed):
    rng = np.random.default_rng(seed)
    cases = cases_of(rng, lambda rng, size: rng.random(size) < 0.4)
    assert "True where False is expected" in said_of(cases, lambda case: ~case.expected)
    assert "transposed" in said_of(cases, lambda case: case.expected.T)
    shuffled = [rng.permutation(case.expected, axis=1) for case in cases]
    assume(not any(np.array_equal(a, case.expected) for a, case in zip(shuffled, cases, strict=True)))
    of = dict(zip(map(id, cases), shuffled, strict=True))
    assert "as many of your values are True as should be" in said_of(cases, lambda case: of[id(case)])


def test_a_number_that_should_be_one_is_told_from_what_came_back():
    cases = [Case("f", (), float(n)) for n in (3, 4)]
    assert "the sum of your values is what is expected" in said_of(cases, lambda c: c.expected * np.array([0.25, 0.75]))
    assert "the mean of your values is" in said_of(cases, lambda c: c.expected + np.array([-1.0, 0.5, 0.5]))


def test_of_a_tuple_the_wrong_item_is_named():
    rng = np.random.default_rng(1)
    cases = [Case("f", (), (rng.normal(size=4), rng.normal(size=4))) for _ in range(3)]
    said = said_of(cases, lambda case: (case.expected[0].copy(), -case.expected[1]))
    assert said == "In every case, in item 1 of the tuple, your values are the expected ones with the other sign."


def test_what_fails_alone_is_told_by_its_trait():
    traits = [(), ("a tie",), ("a tie", "a zero"), ("a zero",), ()]
    cases = [Case("f", (), np.arange(3.0) + i, traits=each) for i, each in enumerate(traits)]

    def fails_with(name):
        return lambda case: case.expected + (name in case.traits) * np.array([0.0, 3.0, -1.0])

    assert said_of(cases, fails_with("a tie")) == "Right in all cases but those with a tie."
    assert said_of(cases, fails_with("a zero")) == "Right in all cases but those with a zero."
    # two traits fit: neither is said
    assert "but those" not in said_of(cases[:1] + cases[2:3], fails_with("a tie"))


@given(SEEDS)
def test_what_fails_only_with_a_trait_and_mostly_then_is_told(seed):
    rng = np.random.default_rng(seed)
    n_wrong, n_right, n_others = rng.integers(2, 6), rng.integers(0, 5), rng.integers(1, 6)
    has = [("a tie",)] * (n_wrong + n_right) + [()] * n_others
    cases = [Case("f", (), np.arange(3.0) + i, traits=each) for i, each in enumerate(has)]
    wrong = np.array([0.0, 3.0, -1.0])
    said = said_of(cases, lambda case: case.expected + wrong * (case.expected[0] < n_wrong))
    # where most cases have a trait, it is nothing special
    is_told = n_right < n_wrong and n_wrong + n_right <= n_others
    some = "It fails only in cases with a tie, though not in all of these." if is_told else "A hidden case of f: "
    assert said.startswith("Right in all cases but those with a tie." if n_right == 0 else some)


def test_a_trait_of_numbers_is_not_named_where_it_is_the_shape_that_is_wrong():
    of_number, of_shape = ("a tie",), ("several rows",)
    for traits, said in ((of_number, ""), (of_shape, "Right in all cases but those with several rows.")):
        cases = [Case("f", (), np.ones(3)), Case("f", (), np.ones(3), traits=traits)]
        assert relation(cases, [Answer(np.ones(3)), Answer(np.ones((3, 1)))], [True, False]) == said
        raised = Answer(problem="raised", type_name="ValueError", detail="operands could not be broadcast together")
        assert relation(cases, [Answer(np.ones(3)), raised], [True, False]) == said


@given(SEEDS)
def test_what_is_off_by_little_is_close_and_neither_shifted_nor_multiplied(seed):
    cases = cases_of(np.random.default_rng(seed), lambda rng, size: rng.uniform(1, 2, size))
    cases.append(Case("f", (), np.zeros(4)))
    close = "In every case your values come close: no difference is above 0.0001 of the largest number."
    assert said_of(cases, lambda case: case.expected + 1e-6) == close
    assert said_of(cases[:3], lambda case: case.expected * (1 + 1e-6)) == close


def test_of_one_number_for_each_row_what_is_said_is_not_of_rows():
    rng = np.random.default_rng(0)
    cases = [Case("f", (), rng.normal(size=n)) for n in (4, 5, 6)]
    added = "In every case your values are the expected ones with one and the same number added."
    assert said_of(cases, lambda case: case.expected + case.expected[0]) == added
    exchanged = "In every case your values are the expected ones in another order."
    assert said_of(cases, lambda case: np.sort(case.expected)) == exchanged
    mean = "In every case your values are the mean of the expected ones along the last axis."
    assert said_of(cases, lambda case: case.expected.mean()).startswith(mean)


def masked_cases(seed):
    rng = np.random.default_rng(seed)
    masks = [rng.permutation(np.arange(12) % 3 > 0).reshape(4, 3) for _ in range(3)]
    masks.append(np.full((4, 3), True))
    return [Case("f", (rng.normal(size=(4, 3)), mask), rng.normal(size=(4, 3)) * mask) for mask in masks]


@given(SEEDS)
def test_values_that_are_not_0_where_a_mask_says_so_are_told(seed):
    cases = masked_cases(seed)
    said = said_of(cases, lambda case: case.expected + (not case.args[1].all()) * case.args[0])
    assert said == "Wherever it is not right, some of your values are not 0 where the mask is False."


@given(SEEDS)
def test_values_that_are_0_where_a_mask_says_so_and_wrong_elsewhere_are_told(seed):
    cases = masked_cases(seed)
    said = said_of(cases, lambda case: case.expected + case.args[1] * case.args[0])
    assert said == "Where the mask is False your values are 0, as they should be; it is the others that are not right."


def test_a_trait_is_not_named_where_calls_did_not_come_to_an_end():
    cases = [Case("f", (), 1.0), Case("f", (), 2.0, traits=("a tie",))]
    raised, stopped = Answer(problem="raised", type_name="ValueError"), Answer(problem="timeout", detail="Too long.")
    assert relation(cases, [Answer(1.0), raised], [True, False]) == "Right in all cases but those with a tie."
    assert relation(cases, [Answer(1.0), stopped], [True, False]) == ""


# where an answer and another explanation cannot be told apart, nothing may be said
@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ([np.array([0.5])], [np.array([0.25])]),  # one number: half of it, its square, 0.25 less
        ([2.0], [3.0]),
        ([0.0, 0.0], [1.0, 2.0]),
        ([np.array([0.2, 0.8])], [np.array([0.8, 0.2])]),  # two classes: the complement, and the other order
        ([np.zeros(3)], [np.array([1.0, 2.0, 4.0])]),
        ([0.5, 2.0], [0.25, 2.0]),  # right in one of two cases, and no trait to tell them apart
        ([np.array([])], [np.array([[]])]),
        ([np.array([1.0, np.inf])], [np.array([np.nan, 1.0])]),
        ([np.ones(2)], ["ones"]),
        ([(1.0, "a")], [(2.0, "b")]),
        ([3], [2**62]),
    ],
)
def test_nothing_is_said_where_several_things_would_explain_it(expected, value):
    cases = [Case("f", (), each) for each in expected]
    assert relation(cases, [Answer(each) for each in value], [False] * len(cases)) == ""


@given(st.data())
def test_any_two_lists_of_values_are_compared_without_an_error(data):
    numbers = st.sampled_from([0, 1, True, -2.5, np.nan, np.inf, np.float32(2), np.uint8(3), None, "x"])
    arrays = st.sampled_from([np.zeros((0, 2)), np.ones((2, 3), dtype=bool), np.eye(3), np.uint8([1, 2])])
    one = st.one_of(numbers, arrays, st.tuples(numbers, arrays), st.lists(arrays, max_size=2))
    pairs = data.draw(st.lists(st.tuples(one, one), min_size=1, max_size=4))
    cases = [Case("f", (), expected) for expected, _ in pairs]
    relation(cases, [Answer(value) for _, value in pairs], [False] * len(pairs))


# what holds of the cases that are not right


def some_said(expected, value, traits=None):
    traits = traits or [()] * len(expected)
    cases = [Case("f", (), e, traits=t) for e, t in zip(expected, traits, strict=True)]
    answers = [Answer(v) for v in value]
    passed = [np.array_equal(e, v) for e, v in zip(expected, value, strict=True)]
    return relation(cases, answers, passed)


@given(SEEDS)
def test_what_holds_wherever_it_is_not_right_is_told(seed):
    rng = np.random.default_rng(seed)
    arrays = list(rng.normal(size=(6, 3)))
    said = some_said(arrays, [arrays[0], arrays[1], *(each**2 for each in arrays[2:])])
    assert said == "Wherever it is not right, your values are the squares of the expected ones."


def test_numbers_that_are_all_too_large_or_too_small_are_told():
    assert some_said([3, 5, 7, 9], [3, 6, 9, 10]) == "Wherever it is not right, your number is too large."
    assert some_said([3, 5, 7, 9], [3, 4, 5, 7]) == "Wherever it is not right, your number is too small."
    assert some_said([3, 5, 7, 9], [3, 4, 8, 7]) == ""
    assert some_said([3, 5], [2, 5]) == ""  # one case says nothing


@given(SEEDS)
def test_masks_with_too_many_or_too_few_are_told(seed):
    rng = np.random.default_rng(seed)
    masks = [rng.permutation(np.arange(9) < 4) for _ in range(4)]
    more = [mask | (np.cumsum(~mask) == 1) for mask in masks]
    assert some_said(masks, more) == "Wherever it is not right, more of your values are True than should be."
    assert some_said(more, masks) == "Wherever it is not right, fewer of your values are True than should be."


def test_nothing_but_nan_is_told_with_where_it_comes_from():
    arrays = [np.arange(3.0) + i for i in range(4)]
    said = some_said(arrays, [*arrays[:2], *(each * np.nan for each in arrays[2:])])
    assert said.startswith("Wherever it is not right, NaN or an infinite number comes back")
    traits = [(), (), ("large logits",), ("large logits",)]
    said = some_said(arrays, [*arrays[:2], *(each * np.nan for each in arrays[2:])], traits)
    assert said.startswith("Right in all cases but those with large logits. Wherever it is not right, NaN or ")


@given(SEEDS)
def test_an_approximation_is_told(seed):
    rng = np.random.default_rng(seed)
    arrays = list(rng.normal(size=(6, 5)))
    near = [each + 1e-6 * rng.normal(size=5) for each in arrays]
    near[0] = arrays[0] + 1.0
    said = some_said(arrays, near)
    assert said.startswith("Most of your values are right to four digits and no further")


@given(SEEDS)
def test_values_that_are_right_or_far_off_are_no_approximation(seed):
    rng = np.random.default_rng(seed)
    one_hot = list(np.eye(4)[rng.integers(0, 4, size=5)])
    shares = [*one_hot, np.array([0.5, 0.5, 0.0, 0.0])]
    integers = [each.astype(int) for each in [*one_hot, np.eye(4)[0]]]
    cases = [Case("f", (), each) for each in shares]
    answers = [Answer(each) for each in integers]
    assert "four digits" not in relation(cases, answers, [False] * 6)
    # right up to the dtype, or to the last bit: nothing is rounded
    assert "close" not in relation(cases, answers, [False] * 6)
    assert "four digits" not in relation(cases, [Answer(each) for each in shares], [False] * 6)


@given(SEEDS)
def test_items_of_a_tuple_in_the_other_order_are_told(seed):
    rng = np.random.default_rng(seed)
    pairs = [(rng.normal(size=3), rng.normal(size=3)) for _ in range(3)]
    said = some_said(pairs, [each[::-1] for each in pairs])
    assert said == "In every case the items of your tuple are the expected ones in the other order."


@given(SEEDS)
def test_beside_a_mistake_it_is_the_mistake_s_values_that_are_spoken_of(seed):
    rng = np.random.default_rng(seed)
    masks = [rng.random((4, 5)) < 0.5 for _ in range(3)]
    assert beside(masks, [~mask for mask in masks]) == (
        "in every case your values are True where it would give False, and False where it would give True"
    )
    numbers = [rng.normal(size=(4, 5)) for _ in range(3)]
    assert beside(numbers, [-each for each in numbers]) == "in every case your values are those with the other sign"
    assert beside(numbers, [each / 2 for each in numbers]) == "in every case your values are those divided by 2"
    sums = [each.sum(axis=0) for each in numbers]
    assert beside(sums, numbers) == "in every case the sum of your values along the first axis is what it would give"
    pairs = [(each, each + 1) for each in numbers]
    assert beside(pairs, [(first, -second) for first, second in pairs]) == (
        "in every case, in item 1 of the tuple, your values are those with the other sign"
    )
    # what does not determine every value says too little beside another mistake
    assert beside(numbers, [each + each.max(axis=1, keepdims=True) for each in numbers]) == ""


def beside(wrong, values):
    return beside_a_mistake([Case("f", (), each) for each in wrong], list(map(Answer, values)))


def test_each_relation_has_a_place_for_what_it_is_to():
    told = {*_OF_ALL, *_OF_NUMBERS, *_REDUCING, "items in the other order"}
    for name in told:
        said = [sentences.RELATIONS[name].format(**to) for to in (sentences.TO_EXPECTED, sentences.TO_MISTAKE)]
        assert "expected" in said[0]
        assert "expected" not in said[1]


def test_no_relation_to_an_infinite_number_is_sought():
    infinite = [np.full((1, 1), -np.inf)] * 3
    assert some_said(infinite, [np.full((1, 1), float(i)) for i in range(3)]) == ""


def test_right_where_the_mask_is_true_is_told():
    cases = masked_cases(3)
    said = said_of(cases, lambda case: case.expected + ~case.args[1] * case.args[0])
    assert said.startswith("Where the mask is True your values are right.")
