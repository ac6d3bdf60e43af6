"""What each kind of control takes, ships and refuses; states without a picture; a record's arrays for a widget."""

import json
import math
import re

import ipywidgets
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.explore import controls, measured, notebook, page
from kdlab.explore.controls import (
    Action,
    Cells,
    Choice,
    Cuts,
    Diary,
    Numbers,
    Order,
    Paint,
    Places,
    Seed,
    Shares,
    Slider,
    Switch,
    Ticks,
    Track,
    Words,
    plain,
)
from kdlab.explore.grid import grid, packed_data
from kdlab.explore.picture import Axis, Line, Picture
from kdlab.explore.widget import explorable

CONTROLS = {
    Slider: Slider(1, 9, value=3, label="n", steps=9, integer=True, none="whole"),
    Choice: Choice(("a", "b"), value="a", label="letter"),
    Track: Track(),
    Switch: Switch(label="on"),
    Ticks: Ticks(("a", "b", "c"), value=("b",), label="parts"),
    Numbers: Numbers((1.0, 2.0), low=-3.0, high=3.0, label="z", names=("a", "b")),
    Shares: Shares((0.25, 0.75), label="q", names=("a", "b")),
    Order: Order(("a", "b", "c"), label="order"),
    Cells: Cells(2, 3, label="cells", presets={"full": np.ones((2, 3))}),
    Paint: Paint(2, 2, label="drawing"),
    Cuts: Cuts(0.0, 1.0, value=(0.2, 0.4), label="cuts"),
    Places: Places(-1.0, 1.0, value=((0.0, 0.5, 1),), names=("a", "b"), most=3, label="points"),
    Words: Words(2, ("cat", "dog"), letters=(2, 4), label="words"),
    Seed: Seed(count=3),
    Action: Action(lambda settings: 1, label="go"),
    Diary: Diary(),
}
# for each kind values that it refuses, and the sentence
REFUSED = [
    (Slider, 0, ValueError, "x must be a number in [1, 9]; 0 was given."),
    (Slider, 2.5, ValueError, "x must be an integer; 2.5 was given."),
    (Slider, "3", TypeError, "x must be a number; '3' was given."),
    (Choice, "c", ValueError, "x must be one of a, b; 'c' was given."),
    (Track, "cloud", ValueError, "x must be one of sensor, phone, server; 'cloud' was given."),
    (Switch, 1, TypeError, "x must be True or False; 1 was given."),
    (Ticks, ("d",), ValueError, "x must be different ones of a, b, c; ('d',) was given."),
    (Ticks, ["a", "a"], ValueError, "x must be different ones of a, b, c; ['a', 'a'] was given."),
    (Ticks, "ab", TypeError, "x must be a list of words; 'ab' was given."),
    (Numbers, (1, 4), ValueError, "x must be a number in [-3, 3]; 4 was given."),
    (Shares, (0.5, 0.6), ValueError, "x must have the sum 1; the sum 1.1 was given."),
    (Shares, (1.5, -0.5), ValueError, "x must be a number in [0, 1]; 1.5 was given."),
    (Shares, (1.0,), ValueError, "x must be 2 numbers; 1 were given."),
    (Order, (0, 1, 1), ValueError, "x must be 0 to 2 in some order; (0, 1, 1) was given."),
    (Order, (0, 1, 0.5), ValueError, "x must be an integer; 0.5 was given."),
    (Cells, [[1, 0]], ValueError, "x must have the shape (2, 3); (1, 2) was given."),
    (Cells, [[0, 0, 2], [0, 0, 0]], ValueError, "x must hold integers from 0 to 1; something else was given."),
    (Cells, [[0], [0, 1]], ValueError, "x must have the shape (2, 3); (0,) was given."),
    (Paint, [[0, 256], [0, 0]], ValueError, "x must hold integers from 0 to 255; something else was given."),
    (Paint, [["a", "b"], ["c", "d"]], ValueError, "x must hold integers from 0 to 255; something else was given."),
    (Cuts, (0.4, 0.4), ValueError, "x must rise; (0.4, 0.4) was given."),
    (Cuts, (0.4, 1.4), ValueError, "x must be a number in [0, 1]; 1.4 was given."),
    (Places, [[0, 2, 0]], ValueError, "x must be a number in [-1, 1]; 2 was given."),
    (Places, [[0, 0]], ValueError, "x must be 3 numbers; 2 were given."),
    (Places, [[0, 0, 2]], ValueError, "x must have a class from 0 to 1; 2 was given."),
    (Places, [[0, 0, 0]] * 4, ValueError, "x must be at most 3 points; 4 were given."),
    (Words, ("c", "dog"), ValueError, "x must be words of 2 to 4 letters that match [a-z]*; 'c' was given."),
    (Words, ("CAT", "dog"), ValueError, "x must be words of 2 to 4 letters that match [a-z]*; 'CAT' was given."),
    (Words, ("dog", "dog"), ValueError, "x must be several different words; ['dog', 'dog'] was given."),
    (Words, ("cat", 3), TypeError, "x must be 2 words; 3 was given."),
    (Seed, 3, ValueError, "x must be a number in [0, 2]; 3 was given."),
    (Seed, 0.5, ValueError, "x must be an integer; 0.5 was given."),
    (Action, {1, 2}, TypeError, "x must be data that JSON can hold; {1, 2} was given."),
    (Action, math.nan, TypeError, "x must be data that JSON can hold; nan was given."),
    (Diary, [(0.5, 1)], TypeError, "x must say True or False for right; 1 was given."),
    (Diary, [(1.5, True)], ValueError, "x must be a number in [0, 1]; 1.5 was given."),
]
# how a control cannot be made
UNMADE = [
    (lambda: Slider(1, 9.5, value=3, label="n", integer=True), "high must be an integer; 9.5 was given."),
    (lambda: Slider(1, 9, value=None, label="n"), "value must be a number; None was given."),
    (lambda: Numbers((1.0,), low=0.0, high=2.0, label="z", names=()), "names must be as many as value (1); 0 were"),
    (lambda: Shares((1.0,), label="q", names=("a", "b")), "names must be as many as value (1); 2 were given."),
    (lambda: Order(("a", "a"), label="o"), "items must be several different words; ('a', 'a') was given."),
    (lambda: Cells(0, 3, label="c"), "rows must be at least 1; 0 was given."),
    (lambda: Paint(1, 1, label="c", presets={"x": [[300]]}), "presets['x'] must hold integers from 0 to 255;"),
    (lambda: Cuts(1.0, 0.0, value=(0.5,), label="c"), "low must lie below high; low=1.0, high=0.0 were given."),
    (lambda: Words(3, ("a", "b"), label="w"), "value must be 3 words; 2 were given."),
    (lambda: Words(1, ("a",), letters=(2, 1), label="w"), "letters must be the fewest and the most"),
    (lambda: Seed(count=1), "count must be at least 2; 1 was given."),
    (lambda: Action(len, seconds=0, label="go"), "seconds must be positive; 0 was given."),
]


def raises(error, sentence):
    return pytest.raises(error, match=f"^{re.escape(sentence)}")


def test_every_kind_is_here():
    found = {each for each in vars(controls).values() if isinstance(each, type) and issubclass(each, controls.Control)}
    assert CONTROLS.keys() == {
        each for each in found if each is not controls.Control and not each.__name__.startswith("_")
    }
    assert {kind for kind, *_ in REFUSED} == CONTROLS.keys()


@pytest.mark.parametrize("control", CONTROLS.values(), ids=lambda control: type(control).__name__)
def test_what_is_shipped_can_be_set_and_goes_through_json(control):
    values = plain(control.grid())
    assert plain(control.value) in values
    assert len({json.dumps(value) for value in values}) == len(values)
    for value in values:
        checked = control.check("x", json.loads(json.dumps(value)))
        assert plain(checked) == value
    spec = json.loads(json.dumps(control.to_json()))
    assert spec["kind"] == type(control).__name__.lower()
    assert spec["label"] == control.label
    assert not {"available", "run"} & spec.keys()


@pytest.mark.parametrize(("kind", "value", "error", "sentence"), REFUSED)
def test_what_cannot_be_set_is_refused(kind, value, error, sentence):
    with raises(error, sentence):
        CONTROLS[kind].check("x", value)


@pytest.mark.parametrize("kind", [kind for kind in CONTROLS if kind is not Action], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("value", [{"a": 1}, object(), 1j])
def test_nonsense_is_refused_by_name(kind, value):
    with pytest.raises((TypeError, ValueError), match="^x must "):
        CONTROLS[kind].check("x", value)


@pytest.mark.parametrize(("make", "sentence"), UNMADE)
def test_a_control_says_what_it_must_be(make, sentence):
    with raises((TypeError, ValueError), sentence):
        make()


def test_the_grid_of_an_integer_with_none():
    assert CONTROLS[Slider].grid() == [None, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert [type(value) for value in CONTROLS[Slider].grid()[1:]] == [int] * 9
    assert CONTROLS[Slider].check("x", None) is None
    assert len(Slider(1, 100, value=50, label="n", steps=10, integer=True).grid()) == 11


def test_all_selections_and_orders_are_shipped_where_they_are_few():
    assert len(CONTROLS[Ticks].grid()) == 8
    assert Ticks(tuple("abcdefg"), label="p").grid() == [()]
    assert len(CONTROLS[Order].grid()) == 6
    assert Order(tuple("abcde"), label="o").grid() == [(0, 1, 2, 3, 4)]


@given(st.lists(st.floats(0, 1), min_size=2, max_size=2).filter(lambda q: sum(q) > 0.01))
def test_shares_have_the_sum_1(q):
    shares = CONTROLS[Shares].check("q", [each / sum(q) for each in q])
    assert math.isclose(sum(shares), 1, rel_tol=1e-12)


@pytest.mark.parametrize("control", CONTROLS.values(), ids=lambda control: type(control).__name__)
def test_the_twin_in_a_notebook_starts_where_the_control_does(control):
    twin = notebook._input(control, dict)
    assert plain(control.check("x", twin.value())) == plain(control.value)
    assert control.label in [twin.box.description if hasattr(twin.box, "description") else "", *labels_in(twin.box)]


def labels_in(box):
    texts = [part.value for part in (box, *getattr(box, "children", ())) if isinstance(part, ipywidgets.Label)]
    return [text.partition(":")[0] for text in texts]


def line(height, sentence):
    return Picture(Axis("x"), Axis("y"), (Line([0.0, 1.0], [height, height]),), sentence)


def not_both(settings):
    return "Nobody measured b at night." if settings["letter"] == "b" and settings["night"] else ""


@explorable(letter=Choice(("a", "b"), value="a", label="letter", available=not_both), night=Switch(label="night"))
def partly(letter, night):
    """A widget of which one state of four was not measured."""
    return line(0.5 if night else 0.25, f"{letter}, {night}.")


def test_a_state_that_was_not_measured_is_in_no_grid():
    shipped = grid(partly.explorable)
    assert shipped["absent"] == [("Nobody measured b at night.", [3])]
    sentences = shipped["columns"][shipped["template"]["sentence"]["$"]]
    assert sentences == ["a, False.", "a, True.", "b, False."]
    with raises(ValueError, "Nobody measured b at night."):
        partly.explorable.picture(letter="b", night=True)


def shape_of(name):
    return np.shape(measured.data(name))


@explorable(data=("pruning.adam_weight_*", "pruning.pixels"), on=Switch(label="on"))
def weights(on):
    """Weights of a recorded network."""
    return line(0.5, f"{shape_of('pruning.adam_weight_1')} {shape_of('pruning.pixels')} {on}.")


def test_the_page_gets_the_arrays_that_a_widget_names_and_no_others(monkeypatch):
    at_build = weights.explorable.picture().sentence
    packed = packed_data(weights.explorable)
    recorded = {name: measured.data(name) for name in measured.names_of(weights.explorable.data)}
    layers = {f"pruning.adam_weight_{layer}" for layer in (1, 2, 3)}
    assert recorded.keys() == layers | {"pruning.pixels"}

    def missing(experiment):
        raise ModuleNotFoundError("no records in the page")

    monkeypatch.setattr(measured, "_recorded", missing)
    monkeypatch.setattr(measured, "_brought", {})
    with pytest.raises(measured.NotBrought, match="the page has no pruning.adam_weight_1."):
        weights.explorable.picture()
    page.bring(packed)
    assert weights.explorable.picture().sentence == at_build
    for name, array in recorded.items():
        brought = measured.data(name)
        assert brought.dtype == array.dtype
        assert (brought == array).all()
    with pytest.raises(measured.NotBrought):
        measured.data("pruning.sgd_weight_1")


def test_data_that_no_record_holds_is_refused():
    with raises(ValueError, "data must name what records hold; there is no pruning.nothing_*."):
        measured.names_of(("pruning.nothing_*",))
    assert packed_data(partly.explorable) == ""
