"""What a Picture accepts, what it refuses and in which words, and the JSON it becomes."""

import json
import re
import subprocess
import sys

import numpy as np
import pictures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kdlab.explore import picture as module
from kdlab.explore.picture import Arrow, Axis, Band, Bars, Image, Line, Picture, Points, Rule, Text

numbers = st.floats() | st.integers(-1000, 1000)


def of(*marks, x=None, y=None, sentence="Something is shown."):
    return Picture(x=x or Axis("x"), y=y or Axis("y"), marks=marks, sentence=sentence)


def rebuilt(data):
    """Return the marks' own constructors called with what the JSON says: only NaN stands for null."""
    classes = {"bars": Bars, "line": Line, "points": Points, "band": Band}
    classes |= {"rule": Rule, "text": Text, "image": Image, "arrow": Arrow}
    marks = []
    for fields in data["marks"]:
        values = {
            name: [np.nan if item is None else item for item in value] if isinstance(value, list) else value
            for name, value in fields.items()
            if name != "kind"
        }
        marks.append(classes[fields["kind"]](**values))
    axes = [
        Axis(data[name]["label"], tuple(data[name]["domain"]), data[name]["scale"], tuple(data[name]["categories"]))
        for name in "xy"
    ]
    return Picture(*axes, tuple(marks), data["sentence"])


@pytest.mark.parametrize("make", pictures.ALL)
def test_json_keeps_everything(make):
    data = make().to_json()
    read = json.loads(json.dumps(data, allow_nan=False))
    assert read == data
    assert rebuilt(read).to_json() == data


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8))
def test_what_is_not_finite_becomes_null(points):
    x, y = zip(*points, strict=True)
    mark = of(Line(x, y)).to_json()["marks"][0]
    assert mark["x"] == [float(v) if np.isfinite(v) else None for v in x]
    assert mark["y"] == [float(v) if np.isfinite(v) else None for v in y]


def test_json_of_a_mark_names_its_kind_and_leaves_out_what_it_has_not():
    data = of(Rule(x=2), Bars([0], np.float32([0.5]))).to_json()
    for name in ("x", "y"):
        del data[name]["ticks"]
    assert data == {
        "x": {"label": "x", "domain": [0.0, 1.0], "scale": "linear", "categories": []},
        "y": {"label": "y", "domain": [0.0, 1.0], "scale": "linear", "categories": []},
        "marks": [
            {"kind": "rule", "x": 2.0, "color": "grey", "label": ""},
            {"kind": "bars", "x": [0.0], "height": [0.5], "color": "blue", "label": "", "width": 0.8},
        ],
        "sentence": "Something is shown.",
    }


def test_json_of_an_axis_has_its_ticks_from_dense_to_sparse_each_once():
    axes = Axis("n", (1, 1000), "log"), Axis("class", categories=("cat", "dog"))
    data = Picture(*axes, (), "Nothing is shown.").to_json()
    ones, tens = ["1", "10", "100", "1,000"], ["1", "3", "10", "30", "100", "300", "1,000"]
    assert [each["texts"] for each in data["x"]["ticks"]][1:3] == [tens, ones]
    assert data["x"]["ticks"][2]["values"] == [1, 10, 100, 1000]
    lengths = [len(each["values"]) for each in data["x"]["ticks"]]
    assert lengths == sorted(lengths, reverse=True)
    assert all(data["x"]["ticks"].count(each) == 1 for each in data["x"]["ticks"])
    assert data["y"]["ticks"] == []


def test_categories_stand_at_whole_numbers():
    axis = Axis("class", categories=("cat", "dog", "car"))
    assert axis.domain == (-0.5, 2.5)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Axis("x", domain=(1, 1)), "domain must be two finite numbers, the lower first"),
        (lambda: Axis("x", domain=(2, 1)), "domain must be two finite numbers, the lower first"),
        (lambda: Axis("x", domain=(0, np.inf)), "domain must be two finite numbers, the lower first"),
        (lambda: Axis("x", domain=(0, np.nan)), "domain must be two finite numbers, the lower first"),
        (lambda: Axis("x", domain=(0, 1), scale="log"), "domain must be positive on a log scale"),
        (lambda: Axis("x", scale="symlog"), "scale must be linear or log; 'symlog' was given"),
        (lambda: Rule(), "a Rule stands at one x or at one y; x=None, y=None were given"),
        (lambda: Rule(x=1, y=1), "a Rule stands at one x or at one y; x=1, y=1 were given"),
        (lambda: of(sentence=" "), "sentence must say what the picture shows"),
        (lambda: of(Line([0, 1], [0, 1], color="red")), "color must be one of blue, orange, green, purple, grey"),
        (lambda: of(Text(0, 0, "a", color="guess")), "color must be one of blue, orange, green, purple, grey"),
        (lambda: of(Line([0, 1], [0, 1, 2])), "x, y must be equally long, of one axis"),
        (lambda: of(Bars([0, 1], [[0, 1]])), "x, height must be equally long, of one axis"),
        (lambda: of(Bars(0, 1)), "x, height must be equally long, of one axis"),
        (lambda: of(Points([0], [0], [0, 1], [0, 1])), "x, y, low, high must be equally long, of one axis"),
        (lambda: of(Band([0, 1], [0, 1], [1])), "x, low, high must be equally long, of one axis"),
        (lambda: of(Bars([0], [1], low=[0.5])), "low and high come together; only low was given"),
        (lambda: of(Points([0], [1], high=[2])), "low and high come together; only high was given"),
        (lambda: of(Bars([0], [1], width=0)), "width must be positive; 0 was given"),
        (lambda: of(Bars([0], [1], width=np.nan)), "width must be positive; nan was given"),
        (lambda: of(Bars([0], [1]), y=Axis("y", (0.1, 1), "log")), "scale of y must be linear under Bars"),
        (lambda: of(Image([0, 1], 0, 1, 0, 1)), "pixels must be a table of numbers in [0, 1]"),
        (lambda: of(Image([[0, 2]], 0, 1, 0, 1)), "pixels must be a table of numbers in [0, 1]"),
        (lambda: of(Image([[np.nan]], 0, 1, 0, 1)), "pixels must be a table of numbers in [0, 1]"),
        (lambda: of(Image(np.zeros((0, 3)), 0, 1, 0, 1)), "pixels must be a table of numbers in [0, 1]"),
        (lambda: of(Image([[0]], 1, 0, 0, 1)), "x0 < x1 must lie in the domain (0.0, 1.0); 1, 0 were given"),
        (lambda: of(Image([[0]], 0, 1, 0, 2)), "y0 < y1 must lie in the domain (0.0, 1.0); 0, 2 were given"),
        (lambda: of(Image([[0]], 0, 1, np.nan, 1)), "y0 < y1 must lie in the domain (0.0, 1.0); nan, 1 were given"),
    ],
)
def test_bad_values_are_named(make, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        make()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: of("bars"), "marks must be Bars, Line, Points, Band, Rule, Text, Image or Arrow; 'bars' was given"),
        (lambda: of(Line(["a"], [1])), "x must hold real numbers"),
        (lambda: of(Line([0], [1j])), "y must hold real numbers"),
        (lambda: of(Bars([0], [None])), "height must hold real numbers"),
    ],
)
def test_bad_types_are_named(make, message):
    with pytest.raises(TypeError, match=message):
        make()


def test_numpy_is_all_it_needs():
    code = "import sys; sys.modules['matplotlib'] = None; sys.modules['scipy'] = None; import kdlab.explore.picture"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_every_mark_has_a_picture_among_the_samples():
    shown = {type(mark) for make in pictures.ALL for mark in make().marks}
    assert shown == set(module.Mark.__args__)
