"""A drawn curve: right where the question of the page says so, and else told in words what is wrong with its shape."""

import string

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kdlab.checking import sentences
from kdlab.checking.shapes import departure_in_words
from kdlab.explore.questions import Curve

X = (1, 2, 3, 4, 5, 6)
RISING, FALLING = np.array([0, 2, 4, 6, 8, 10.0]), np.array([10, 8, 6, 4, 2, 0.0])
HILL = np.array([0, 4, 8, 8, 4, 0.0])
HEIGHTS = arrays(np.float64, 6, elements=st.floats(-100, 100))
WORDS = (sentences.A_LITTLE, sentences.CLEARLY, sentences.FAR, sentences.HIGH, sentences.LOW, *sentences.THIRDS)


@pytest.mark.parametrize(
    ("right", "curve", "said"),
    [
        (RISING, RISING + 0.9, ""),
        (RISING, RISING + 1.5, "The shape is right, but your curve as a whole lies a little too high."),
        (FALLING, FALLING - 3, "The shape is right, but your curve as a whole lies clearly too low."),
        (HILL, HILL + 7, "The shape is right, but your curve as a whole lies far too high."),
        (RISING, FALLING, "Your curve falls, and the right one rises: it goes the wrong way all along."),
        (FALLING, RISING, "Your curve rises, and the right one falls: it goes the wrong way all along."),
        (HILL, RISING, "The right curve turns round, and yours does not."),
        (HILL, np.full(6, 3.0), "The right curve turns round, and yours does not."),
        (RISING, [0, 2, 4, 6, 3, 1], "Your curve falls on the right, where the right one rises."),
        (FALLING, [10, 5, 0, 9, 2, 0], "Your curve rises in the middle, where the right one falls."),
        (FALLING, [3, 10, 6, 4, 2, -9], "Your curve rises on the left, where the right one falls."),
        (RISING, [10, 10.1, 10.2, 10.3, 10.4, 10.5], "Your curve lies far too high."),
        (RISING, np.zeros(6), "Your curve lies clearly too low."),
        (RISING, [-9, 2, 4, 6, 8, 11], "Your curve is a little off, most of all on the left, where it is too low."),
        (
            RISING,
            [0, 0.1, 0.2, 9, 9.5, 10],
            "Your curve is a little off, most of all in the middle, where it is too low.",
        ),
    ],
)
def test_each_shape_of_a_mistake_has_its_sentence(right, curve, said):
    assert departure_in_words(np.asarray(curve, dtype=np.float64), right, right, 1.0) == said


def test_within_a_range_nothing_is_wrong():
    low, high = RISING - 2, RISING + 2
    assert departure_in_words(RISING + [2, -2, 1.9, 0, -1, 2], low, high, 0.1) == ""
    assert departure_in_words(RISING + 4, low, high, 1.0).endswith("a little too high.")


def test_a_hand_that_trembles_is_not_told_off():
    """A step back of less than a twentieth of the height is no turn."""
    assert "as a whole" in departure_in_words(HILL + 3 + [0, 0, 0.2, -0.2, 0, 0], HILL, HILL, 1.0)


@given(HEIGHTS, HEIGHTS, st.floats(0, 20), st.floats(0.1, 50))
def test_a_curve_is_right_where_the_question_of_the_page_says_so(curve, low, width, within):
    asked = Curve("?", X, lambda: [low, low + width], "so", within=within)
    score = asked.score(curve, asked.checked(asked.answer()))
    if abs(score.distance - within) > 1e-9:
        assert (departure_in_words(curve, low, low + width, within) == "") == score.right


@given(HEIGHTS, HEIGHTS, st.floats(0, 5))
def test_what_is_said_has_words_of_the_list_alone(curve, right, bound):
    """What a student's code returns chooses among few sentences, and fills in none of its own numbers."""
    said = departure_in_words(curve, right, right, bound)
    for word in WORDS:
        said = said.replace(word, "")
    assert not set(said) & set(string.digits)


@given(HEIGHTS, HEIGHTS, st.floats(0.5, 5))
def test_upside_down_high_is_low_and_rising_falling(curve, right, bound):
    swap = {"high": "low", "low": "high", "rises": "falls", "falls": "rises"}
    said = departure_in_words(curve, right, right, bound)
    turned = departure_in_words(-curve, -right, -right, bound)
    assert turned == "".join(swap.get(word, word) for word in _words(said))


def _words(text):
    word = ""
    for letter in text:
        if letter.isalpha():
            word += letter
            continue
        yield from (word, letter)
        word = ""
    yield word
