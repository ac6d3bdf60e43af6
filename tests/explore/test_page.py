"""What the page gets from Python: the widget's own picture, or that of the reader's code, or the reader's mistake."""

import json
import math
import traceback

import pytest

from kdlab.explore import temperature
from kdlab.explore.page import READER, answer
from kdlab.explore.widget import find

LOGITS = [3.0, 1.0, 0.5, 0.0, -4.0]
VALUES = {"logits": LOGITS, "temperature": 2.3456789}


def ask(name="temperature.logits", values=VALUES, source=None):
    return json.loads(json.dumps(answer(name, values, source), allow_nan=False))


def line_of(error):
    """Return the line of the reader's code on which it failed."""
    if isinstance(error, SyntaxError):
        return error.lineno
    return [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == READER][-1]


def test_the_answer_is_the_picture_with_all_digits():
    assert ask() == json.loads(json.dumps(temperature.logits(LOGITS, 2.3456789).to_json()))


def test_without_values_it_is_the_starting_picture():
    for name in ("temperature.logits", "temperature.entropy"):
        assert ask(name, {}) == json.loads(json.dumps(find(name).picture().to_json()))


def test_the_own_source_gives_the_own_picture():
    assert ask(source=find("temperature.logits").source) == ask()


def test_the_code_of_the_reader_replaces_the_function():
    source = find("temperature.logits").source.replace('f"At T = {temperature:.3g} the', 'f"Mine: the')
    assert ask(source=source)["sentence"].startswith("Mine: the cat holds")


def test_the_code_of_the_reader_may_define_more_than_the_function():
    source = (
        "def twice(T):\n    return 2 * T\n\n\ndef entropy(temperature):\n    return entropy_at(twice(temperature))\n"
    )
    own = find("temperature.entropy").source.replace("def entropy(", "def entropy_at(")
    picture = ask("temperature.entropy", {"temperature": 2.0}, source + "\n\n" + own)
    assert picture == ask("temperature.entropy", {"temperature": 4.0})


def test_the_own_function_is_untouched_afterwards():
    before, function = ask(), temperature.logits
    assert ask(source="def logits(logits, temperature):\n    return entropy(temperature)\n") != before
    for broken in ("def logits(:", "1 / 0", "def logits(logits, temperature):\n    return 3\n", "softmax = None"):
        with pytest.raises(Exception):  # noqa: B017, PT011  each breaks in its own way
            ask(source=broken)
    assert ask() == before
    assert temperature.logits is function
    assert find("temperature.logits").function is function


@pytest.mark.parametrize(
    ("source", "error", "line"),
    [
        ("def logits(logits, temperature):\n    x = 1\n    return nothing\n", NameError, 3),
        ("def logits(logits, temperature):\n    return 1 / 0\n", ZeroDivisionError, 2),
        ("import math\n\n1 / 0\n", ZeroDivisionError, 3),
        ("def logits(logits, temperature):\n    return (1\n", SyntaxError, 2),
        ("def logits(logits, temperature):\nreturn 1\n", IndentationError, 2),
        ("def logits(logits, temperature):\n\n    return Line([1], [1]).z\n", AttributeError, 3),
    ],
)
def test_a_mistake_is_found_on_its_line(source, error, line):
    with pytest.raises(error) as caught:
        ask(source=source)
    assert line_of(caught.value) == line


@pytest.mark.parametrize("source", ["", "x = 1\n", "def logit(logits, temperature):\n    return 1\n", "logits = 3\n"])
def test_code_without_the_function_is_refused(source):
    with pytest.raises(ValueError, match="the code must define the function logits; it does not."):
        ask(source=source)


@pytest.mark.parametrize(("returned", "kind"), [("None", "NoneType"), ("3.0", "float"), ("'words'", "str")])
def test_code_that_returns_no_picture_is_refused(returned, kind):
    with pytest.raises(TypeError, match=f"logits must return a Picture or a Sheet; it returned {kind}."):
        ask(source=f"def logits(logits, temperature):\n    return {returned}\n")


def test_code_with_other_parameters_is_refused():
    with pytest.raises(TypeError, match="unexpected keyword argument 'logits'"):
        ask(source="def logits(temperature):\n    return entropy(temperature)\n")


@pytest.mark.parametrize("source", [None, find("temperature.logits").source])
@pytest.mark.parametrize(
    ("values", "error", "sentence"),
    [
        ({"temperature": 21.0}, ValueError, r"temperature must be a number in \[0.1, 20\]; 21.0 was given."),
        ({"temperature": "4"}, TypeError, "temperature must be a number; '4' was given."),
        ({"temperature": None}, TypeError, "temperature must be a number; None was given."),
        ({"temperature": True}, TypeError, "temperature must be a number; True was given."),
        ({"temperature": [4]}, TypeError, r"temperature must be a number; \[4\] was given."),
        ({"logits": [1, 2, 3, 4]}, ValueError, "logits must be 5 numbers; 4 were given."),
        ({"logits": [1, 2, 3, 4, None]}, TypeError, "logits must be a number; None was given."),
        ({"logits": "12345"}, TypeError, "logits must be a list of 5 numbers; '12345' was given."),
        ({"T": 1.0}, ValueError, r"temperature.logits has the controls logits, temperature; \['T'\] were given."),
    ],
)
def test_values_that_no_control_has_are_refused(source, values, error, sentence):
    with pytest.raises(error, match=f"^{sentence}$"):
        ask(values=values, source=source)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_are_refused(number):
    with pytest.raises(ValueError, match="temperature must be a number in"):
        ask(values={"temperature": number})


def test_an_unknown_widget_is_refused():
    with pytest.raises(ValueError, match="name must be <module>.<function> in kdlab/explore; 'temperature.x'"):
        ask("temperature.x")
