"""The sample of `make test`: of every kind one, always the same, whatever the order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import sampled

words = st.lists(st.text("abc", min_size=1, max_size=4), min_size=1, unique=True)


def in_sample(params):
    return {param.values[0] for param in params if not param.marks}


@given(words)
def test_each_kind_is_in_the_sample_and_nothing_is_left_out(things):
    params = sampled(things, lambda thing: thing[0], len)
    assert [param.values[0] for param in params] == things
    chosen = in_sample(params)
    assert {thing[0] for thing in chosen} == {thing[0] for thing in things}
    assert {len(thing) for thing in chosen} == {len(thing) for thing in things}
    assert len(chosen) <= len({thing[0] for thing in things}) + len({len(thing) for thing in things})
    assert all(param.marks in ((), (pytest.mark.slow,)) for param in params)


@given(words, st.randoms())
def test_the_order_changes_nothing(things, random):
    other = random.sample(things, len(things))
    assert in_sample(sampled(things, len)) == in_sample(sampled(other, len))


@given(words)
def test_without_a_kind_there_is_one(things):
    assert len(in_sample(sampled(things))) == 1
