"""What a reader can set, what a question may ask, and what is said where it cannot be."""

import math
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import kdlab.explore
from kdlab.explore.controls import Choice, Numbers, Slider
from kdlab.explore.picture import Axis, Line, Picture
from kdlab.explore.questions import Estimate, Pick
from kdlab.explore.widget import explorable, find

SLIDER = {"low": 0.1, "high": 20.0, "value": 1.0, "label": "temperature T"}
NUMBERS = {"value": (1.0, 2.0), "low": -10.0, "high": 10.0, "label": "logits z", "names": ("cat", "lynx")}
NOT_NUMBERS = [True, "1", None, [1.0], 1j, np.array([1.0, 2.0])]
NEVER_IN_RANGE = [math.nan, math.inf, -math.inf, 10**400]


def raises(error, sentence):
    return pytest.raises(error, match=f"^{re.escape(sentence)}")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"low": 20.0}, "low must lie below high; low=20.0, high=20.0 were given."),
        ({"low": 30.0}, "low must lie below high; low=30.0, high=20.0 were given."),
        ({"low": math.nan}, "low must be a number in [-1.79769e+308, 1.79769e+308]; nan was given."),
        ({"high": math.inf}, "high must be a number in [-1.79769e+308, 1.79769e+308]; inf was given."),
        ({"scale": "cubic"}, "scale must be linear or log; 'cubic' was given."),
        ({"scale": "log", "low": 0.0}, "low must be positive on a log scale; 0.0 was given."),
        ({"scale": "log", "low": -1.0}, "low must be positive on a log scale; -1.0 was given."),
        ({"steps": 1}, "steps must be an integer of at least 2; 1 was given."),
        ({"steps": 2.5}, "steps must be an integer of at least 2; 2.5 was given."),
        ({"value": 0.09}, "value must be a number in [0.1, 20]; 0.09 was given."),
        ({"value": math.nan}, "value must be a number in [0.1, 20]; nan was given."),
        ({"stops": (1.0, 21.0)}, "stops must be a number in [0.1, 20]; 21.0 was given."),
    ],
)
def test_a_slider_says_what_it_must_be(changed, sentence):
    with raises(ValueError, sentence):
        Slider(**SLIDER | changed)


@pytest.mark.parametrize("name", ["low", "high", "value"])
@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_the_numbers_of_a_slider_must_be_numbers(name, value):
    with raises(TypeError, f"{name} must be a number; "):
        Slider(**SLIDER | {name: value})


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"value": "bird"}, "value must be one of cat, dog; 'bird' was given."),
        ({"options": ("cat", "dog", "cat")}, "options must be several different words; ('cat', 'dog', 'cat')"),
        ({"options": "cat"}, "options must be several different words; 'cat'"),  # a forgotten comma
    ],
)
def test_a_choice_says_what_it_must_be(changed, sentence):
    with raises(ValueError, sentence):
        Choice(**{"options": ("cat", "dog"), "value": "cat", "label": "animal"} | changed)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"names": ("cat",)}, "names must be as many as value (2); 1 were given."),
        ({"low": 10.0}, "low must lie below high; low=10.0, high=10.0 were given."),
        ({"step": 0.0}, "step must be positive; 0.0 was given."),
        ({"value": (1.0, 10.5)}, "value must be a number in [-10, 10]; 10.5 was given."),
        ({"value": (1.0, math.nan)}, "value must be a number in [-10, 10]; nan was given."),
    ],
)
def test_numbers_say_what_they_must_be(changed, sentence):
    with raises(ValueError, sentence):
        Numbers(**NUMBERS | changed)


@st.composite
def sliders(draw):
    scale = draw(st.sampled_from(["linear", "log"]))
    limits = st.floats(1e-6, 1e6) if scale == "log" else st.floats(-1e6, 1e6)
    low, high = sorted(draw(st.tuples(limits, limits)))
    assume(high - low > 1e-9 * max(abs(low), abs(high)) and low < high)
    inside = st.floats(low, high)
    stops = tuple(draw(st.lists(inside, max_size=3)))
    return Slider(low, high, draw(inside), scale, draw(st.integers(2, 100)), stops, label="x")


@given(sliders())
def test_the_grid_of_a_slider_is_sorted_without_repetition(slider):
    grid = slider.grid()
    assert grid == sorted(set(grid))


@given(sliders())
def test_the_grid_of_a_slider_can_be_set_and_is_all_that_a_page_starts_from(slider):
    grid = slider.grid()
    assert all(type(value) is float and slider.check("x", value) == value for value in grid)
    assert {slider.value, *slider.stops} <= set(grid)
    assert len(grid) <= slider.steps + 1 + len(slider.stops)


@given(sliders())
def test_the_steps_of_a_slider_have_3_digits(slider):
    exact = {slider.low, slider.high, slider.value, *slider.stops}
    assert all(float(f"{value:.3g}") == value for value in slider.grid() if value not in exact)


@given(sliders())
def test_the_steps_of_a_slider_are_the_rounded_even_steps(slider):
    number = np.arange(slider.steps) / (slider.steps - 1)
    if slider.scale == "log":
        even = slider.low * (slider.high / slider.low) ** number
    else:
        even = slider.low + (slider.high - slider.low) * number
    grid = np.array(slider.grid())
    distance = np.abs(grid - even[:, np.newaxis]).min(axis=1)
    rounding = 0.0051 * np.abs(even) + 1e-8 * (slider.high - slider.low)
    assert (distance <= rounding).all()


@given(st.integers(1, 300), st.floats(1e-3, 1e3))
def test_a_slider_about_zero_has_zero_and_not_almost(half, high):
    grid = Slider(-high, high, value=high, label="x", steps=2 * half + 1).grid()
    assert 0.0 in grid
    assert math.copysign(1, grid[grid.index(0.0)]) == 1
    assert min(abs(value) for value in grid if value) > 1e-4 * high


def test_a_limit_of_more_than_3_digits_is_kept():
    assert Slider(0.12345, 0.98765, value=0.5, label="x", steps=3).grid() == [0.12345, 0.5, 0.556, 0.98765]


@pytest.mark.parametrize("value", [0.1, 1, 20, 20.0, np.float64(3.5), np.float32(0.5), np.int64(2)])
def test_a_slider_takes_every_number_in_its_range(value):
    number = Slider(**SLIDER).check("temperature", value)
    assert type(number) is float
    assert number == value


@pytest.mark.parametrize("value", [0.0999, 20.001, *NEVER_IN_RANGE])
def test_a_slider_refuses_numbers_out_of_its_range(value):
    with raises(ValueError, "temperature must be a number in [0.1, 20]; "):
        Slider(**SLIDER).check("temperature", value)


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_a_slider_refuses_what_is_no_number(value):
    with raises(TypeError, "temperature must be a number; "):
        Slider(**SLIDER).check("temperature", value)


@given(st.lists(st.text(min_size=1), min_size=1, unique=True), st.data())
def test_a_choice_takes_its_options_and_nothing_else(options, data):
    choice = Choice(tuple(options), data.draw(st.sampled_from(options)), label="animal")
    assert choice.grid() == options
    assert [choice.check("animal", option) for option in options] == options
    other = data.draw(st.text().filter(lambda word: word not in options) | st.sampled_from([None, 3, True, math.nan]))
    with raises(ValueError, "animal must be one of "):
        choice.check("animal", other)


@given(st.lists(st.floats(-10, 10) | st.integers(-10, 10), min_size=2, max_size=2))
def test_numbers_take_numbers_in_their_range(values):
    numbers = Numbers(**NUMBERS)
    for given_as in (list, tuple, np.array):
        taken = numbers.check("logits", given_as(values))
        assert taken == tuple(values)
        assert all(type(number) is float for number in taken)


def test_only_the_starting_numbers_are_shipped():
    assert Numbers(**NUMBERS).grid() == [(1.0, 2.0)]


@pytest.mark.parametrize("value", [10.01, *NEVER_IN_RANGE])
def test_numbers_refuse_a_number_out_of_their_range(value):
    with raises(ValueError, "logits must be a number in [-10, 10]; "):
        Numbers(**NUMBERS).check("logits", [0.0, value])


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_numbers_refuse_what_holds_no_number(value):
    with raises(TypeError, "logits must be a number; "):
        Numbers(**NUMBERS).check("logits", [0.0, value])


@pytest.mark.parametrize("value", ["12", 1.0, None, {1.0, 2.0}, {"a": 1.0}])
def test_numbers_refuse_what_is_no_list(value):
    with raises(TypeError, "logits must be a list of 2 numbers; "):
        Numbers(**NUMBERS).check("logits", value)


@pytest.mark.parametrize("value", [[], [1.0], [1.0, 2.0, 3.0]])
def test_numbers_refuse_too_few_and_too_many(value):
    with raises(ValueError, f"logits must be 2 numbers; {len(value)} were given."):
        Numbers(**NUMBERS).check("logits", value)


def line(height=1.0, animal="cat"):
    """Return a level line."""
    return Picture(Axis("x"), Axis("y", domain=(0, 9)), (Line([0, 1], [height, height]),), f"The {animal}: {height:g}.")


def widget(**options):
    """Return a widget of this module, a copy of `line` so that each test marks its own."""

    def line_of(height, animal):
        return line(height, animal)

    settings = {
        "height": Slider(0.0, 9.0, value=1.0, label="height", steps=4),
        "animal": Choice(("cat", "dog"), value="cat", label="animal"),
    }
    return explorable(**settings | options)(line_of)


def test_the_function_stays_as_it_is():
    function = widget()
    assert function(2.0, "dog") == line(2.0, "dog")
    assert function.explorable.function is function
    assert list(function.explorable.controls) == ["height", "animal"]
    assert function.explorable.name == "test_controls.line_of"


@pytest.mark.parametrize("missing_or_more", [{"weight": Slider(0.0, 1.0, 0.5, label="weight")}])
def test_controls_are_the_parameters(missing_or_more):
    with raises(ValueError, "controls must be the parameters ['height', 'animal'], in order; ['height', 'animal', "):
        widget(**missing_or_more)


def test_controls_stand_in_the_order_of_the_parameters():
    animal, height = Choice(("cat",), "cat", label="animal"), Slider(0.0, 9.0, 1.0, label="height")
    with raises(ValueError, "controls must be the parameters ['height', 'animal'], in order; ['animal', 'height']"):
        explorable(animal=animal, height=height)(lambda height, animal: line(height, animal))


@pytest.mark.parametrize("at", [{"height": 2.0}, {"height": 10.0}, {"animal": "bird"}, {"weight": 1.0}])
def test_a_question_names_settings_on_the_grid(at):
    ((name, value),) = at.items()
    sentence = f"at must name settings on the grid; {name}={value!r} is not: make it a stop."
    for question in (
        Pick("Which?", ("this", "that"), lambda: 0, "because", at=at),
        Estimate("How much?", 0.0, 1.0, lambda: 0.5, 0.1, "because", at=at),
    ):
        with raises(ValueError, sentence):
            widget(predict=question)


def test_a_stop_is_on_the_grid():
    question = Pick("Which?", ("this", "that"), lambda: 0, "because", at={"height": 2.0, "animal": "dog"})
    height = Slider(0.0, 9.0, value=1.0, label="height", steps=4, stops=(2.0,))
    assert widget(predict=question, height=height).explorable.predict == (question,)


def test_a_control_that_is_not_named_keeps_its_value():
    explored = widget().explorable
    assert explored.picture() == line(1.0, "cat")
    assert explored.picture(animal="dog") == line(1.0, "dog")
    assert explored.picture(height=3, animal="dog") == line(3.0, "dog")


@pytest.mark.parametrize(
    ("settings", "error", "sentence"),
    [
        ({"weight": 1.0}, ValueError, "test_controls.line_of has the controls height, animal; ['weight'] were given."),
        ({"height": 9.5}, ValueError, "height must be a number in [0, 9]; 9.5 was given."),
        ({"height": math.nan}, ValueError, "height must be a number in [0, 9]; nan was given."),
        ({"height": math.inf}, ValueError, "height must be a number in [0, 9]; inf was given."),
        ({"height": True}, TypeError, "height must be a number; True was given."),
        ({"height": "2"}, TypeError, "height must be a number; '2' was given."),
        ({"height": None}, TypeError, "height must be a number; None was given."),
        ({"animal": "bird"}, ValueError, "animal must be one of cat, dog; 'bird' was given."),
    ],
)
def test_settings_that_a_reader_cannot_make_are_refused(settings, error, sentence):
    with raises(error, sentence):
        widget().explorable.picture(**settings)


def test_the_source_is_the_function_without_the_decorator():
    @explorable(height=Slider(0.0, 9.0, value=1.0, label="def height"))
    def shown(height):
        return line(height)

    assert shown.explorable.source == "def shown(height):\n    return line(height)\n"


def test_a_widget_is_found_by_its_name():
    from kdlab.explore import temperature

    assert find("temperature.logits") is temperature.logits.explorable
    assert find("temperature.logits").name == "temperature.logits"


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "temperature",
        "temperature.",
        ".logits",
        "logits",
        "temperature.nothing",
        "temperature.TEMPERATURES",
        "temperature._level",
        "temperature.logits.extra",
        "nothing.logits",
        "controls.find",
        "../temperature.logits",
        "temperature logits",
        "kdlab.explore.temperature.logits",
        "os.path",
    ],
)
def test_a_name_that_is_no_widget_is_refused(name):
    with raises(ValueError, f"name must be <module>.<function> in kdlab/explore; {name!r} was given."):
        find(name)


def test_a_module_that_cannot_be_imported_says_why(monkeypatch, tmp_path):
    # not that there is no such widget
    (tmp_path / "broken.py").write_text("import a_module_that_is_not_there\n", encoding="utf-8")
    monkeypatch.setattr(kdlab.explore, "__path__", [*kdlab.explore.__path__, str(tmp_path)])
    with pytest.raises(ModuleNotFoundError, match="a_module_that_is_not_there"):
        find("broken.widget")
