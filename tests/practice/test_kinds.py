"""The adversary's checklist: each trait has an example that has it, and what no case tries is named."""

import dataclasses

import numpy as np
import pytest
from small import write_exercise

from kdlab.practice import cases, checklist, folder
from kdlab.practice.kinds import KINDS, possible, traits

PAIRS = [("logits", "labels"), ("logits", "temperature"), ("number", "fraction")]
ALONE = [((kind,), name, example) for kind in KINDS for name, example in possible([kind]).items()]
TOGETHER = [
    (pair, name, example)
    for pair in PAIRS
    for name, example in possible(pair).items()
    if name not in possible(pair[:1]) | possible(pair[1:])
]


@pytest.mark.parametrize(("kinds", "name", "example"), ALONE + TOGETHER)
def test_the_example_of_a_trait_has_it(kinds, name, example):
    value = eval(example, {"np": np})
    assert name in traits(kinds, value if len(kinds) > 1 else [value])


def test_there_are_traits_of_two_arguments_together():
    assert len(TOGETHER) > len(PAIRS)


@pytest.fixture
def small(tmp_path):
    return folder.read(write_exercise(tmp_path))


def found(exercise):
    return list(checklist.find(exercise, [cases.paper(exercise, np.random.default_rng(i)) for i in range(2)]))


def test_without_kinds_there_is_nothing_to_try(small):
    assert found(small) == []


def test_what_no_case_tries_is_named_until_there_is_a_reason(small):
    kinds = dataclasses.replace(small, kinds={"x": "rate"})
    assert found(kinds) == []
    counts = dataclasses.replace(small, kinds={"x": "count"})
    assert [problem.partition("no case of double has ")[2] for problem in found(counts)] == [
        "a count of 1, such as 1: add one, or say why not in `untried`."
    ]
    assert found(dataclasses.replace(counts, untried={"double": {"a count of 1": "It is no count at all."}})) == []


def test_a_reason_that_is_none_any_more_is_named(small):
    stale = dataclasses.replace(small, kinds={"x": "rate"}, untried={"double": {"a rate of 0": "Why?", "a joke": "?"}})
    assert [problem.partition("`untried` has ")[2] for problem in found(stale)] == [
        "a rate of 0 for double, which is tried: take it out.",
        "a joke for double, which is unknown: take it out.",
    ]
    other = dataclasses.replace(small, untried={"treble": {}})
    assert "`untried` names treble, which is no function to write." in found(other)[0]


def test_quantities_that_are_equal_are_named_unless_they_are_1(small):
    def questions(rng):
        (asked,) = small.questions(rng)
        return [dataclasses.replace(asked, quantities=lambda x: {"N": 2, "T": 3 - (x == 0), "C": 1, "D": 1})]

    (problem,) = found(dataclasses.replace(small, questions=questions))
    assert problem.endswith(
        "N and T are both 2 in the case 'zero' of double: what confuses them would pass. Make them differ."
    )
