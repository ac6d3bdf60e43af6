"""What a Picture accepts, what it refuses and in which words, and the JSON it becomes."""

import base64
import itertools
import json
import re
import subprocess
import sys

import numpy as np
import pictures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from kdlab.explore.marks import Table
from kdlab.explore.picture import (
    Arrow,
    Axis,
    Band,
    Bars,
    Heatmap,
    Image,
    Line,
    Passage,
    Picture,
    Points,
    Rects,
    Rule,
    Segments,
    Sheet,
    Text,
    crowd,
)

KINDS_OF_MARKS = pictures.kinds_of_marks()

numbers = st.floats() | st.integers(-1000, 1000)


def of(*marks, x=None, y=None, sentence="Something is shown."):
    return Picture(x=x or Axis("x"), y=y or Axis("y"), marks=marks, sentence=sentence)


KINDS = {kind.__name__.lower(): kind for kind in KINDS_OF_MARKS}


def unpacked(packed):
    return np.frombuffer(base64.b64decode(packed["bytes"]), np.uint8).reshape(packed["shape"])


def with_nan(value):
    """Return lists with NaN where JSON has null."""
    return [np.nan if item is None else item for item in value] if isinstance(value, list) else value


def rebuilt_mark(fields):
    """Return the mark that the JSON describes: its bytes again as numbers, its pieces again as one text."""
    kind = KINDS[fields["kind"]]
    values = {name: with_nan(value) for name, value in fields.items() if name != "kind"}
    if kind is Passage:
        pieces = values.pop("pieces")[1 if values.get("label") else 0 :]
        ends = np.cumsum([0, *(len(piece) for piece, _ in pieces)]).tolist()
        marked = tuple(span for span, (_, told) in zip(itertools.pairwise(ends), pieces, strict=True) if told)
        return Passage("".join(piece for piece, _ in pieces), marked, **values)
    if issubclass(kind, Table):
        table = unpacked(values.pop("table"))
        table = table if values.get("tiles") else table[0]
        scheme = values.pop("scheme", None)
        if "hatch" in values:
            bits = np.unpackbits(unpacked(values["hatch"]), count=table[..., 0].size if scheme == "mix" else table.size)
            values["hatch"] = bits.astype(bool).reshape(table.shape[:-1] if scheme == "mix" else table.shape)
        if kind is Image:
            return Image(table / 255, **values)
        low, high = values["low"], values["high"]
        with np.errstate(invalid="ignore"):
            numbers = {
                "one": low + (table - 1.0) / 254 * (high - low),
                "two": low + (table - 1.0) / 254 * (high - low),
                "classes": table - 1.0,
                "mix": table / np.maximum(table.sum(-1, keepdims=True), 1, dtype=float),
            }[scheme]
        # a byte of 0 is a cell without a colour
        numbers = numbers if scheme == "mix" else np.where(table == 0, np.nan, numbers)
        return Heatmap(numbers, kind=scheme, **values)
    return kind(**values)


def rebuilt(data):
    """Return the picture that the JSON describes."""
    names = ("label", "domain", "scale", "categories", "hidden", "square")
    axes = [{name: data[axis][name] for name in names if name in data[axis]} for axis in "xy"]
    axes = [Axis(**axis | {name: tuple(axis[name]) for name in ("domain", "categories")}) for axis in axes]
    return Picture(*axes, tuple(map(rebuilt_mark, data["marks"])), data["sentence"])


@pytest.mark.parametrize("make", pictures.ALL)
def test_json_keeps_everything(make):
    data = make().to_json()
    read = json.loads(json.dumps(data, allow_nan=False))
    assert read == data
    # which dots a raster is made of can no longer be told: see the tests of `crowd`
    read["marks"] = [mark for mark in read["marks"] if "raster" not in mark]
    again = rebuilt(read).to_json()
    for mark, before in zip(again["marks"], read["marks"], strict=True):
        for name in ("table",) if "table" in mark else ():
            # of a mixture, shares that were rounded add up to 1 only nearly
            np.testing.assert_allclose(
                unpacked(mark.pop(name)).astype(int), unpacked(before.pop(name)).astype(int), atol=1
            )
    assert again == read


def test_json_of_a_sheet_has_its_pictures_row_by_row():
    sheet = pictures.sheet()
    data = sheet.to_json()
    assert data["panels"] == [panel.to_json() for panel in sheet.panels]
    assert (data["rows"], data["first"], data["sentence"]) == ([2, 2], 1, sheet.sentence)


@given(
    st.sampled_from(["one", "two", "classes"]),
    hnp.arrays(
        np.float64, st.tuples(st.integers(1, 4), st.integers(1, 4)), elements=st.floats(-1e3, 1e3) | st.just(np.nan)
    ),
)
def test_bytes_of_a_heat_map_keep_every_value_to_its_254th_part(kind, values):
    values = np.abs(values) % 8 // 1 if kind == "classes" else values
    mark = Heatmap(values, 0, 1, 0, 1, kind=kind)
    back = rebuilt_mark(of(mark).to_json()["marks"][0]).values
    low, high = mark.limits()
    np.testing.assert_array_equal(np.isnan(back), np.isnan(values))
    np.testing.assert_allclose(back, values, atol=0 if kind == "classes" else (high - low) / 254 * 0.51)
    if kind == "two":
        assert (back[values == 0] == 0).all()


def test_a_crowd_of_points_is_one_raster_with_each_point_in_its_cell():
    x, y = np.random.default_rng(0).random((2, 500)) * [[10], [5]]
    x[:3], y[3] = [np.nan, -1, 11], np.inf
    picture = of(Points(x, y), x=Axis("x", (0, 10)), y=Axis("y", (0, 5)))
    fields = picture.to_json()["marks"][0]
    assert not {"x", "y", "shape"} & fields.keys()
    table = unpacked(fields["raster"])
    rows, columns = table.shape
    places = {(int((1 - b / 5) * rows), int(a / 10 * columns)) for a, b in zip(x[4:], y[4:], strict=True)}
    assert {tuple(place) for place in np.argwhere(table).tolist()} == places
    assert table.max() <= 255


def test_a_dense_place_of_a_crowd_is_darker():
    x = np.r_[np.full(300, 0.25), np.full(100, 0.75), np.linspace(0, 1, 100)]
    table = crowd(points := Points(x, np.full(500, 0.5)), of(points))
    row = table.max(axis=0)
    assert row[int(0.25 * len(row))] >= row[int(0.75 * len(row))] > row[row > 0].min()


@given(st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8))
def test_what_is_not_finite_becomes_null(points):
    x, y = zip(*points, strict=True)
    mark = of(Line(x, y)).to_json()["marks"][0]
    assert mark["x"] == [float(v) if np.isfinite(v) else None for v in x]
    assert mark["y"] == [float(v) if np.isfinite(v) else None for v in y]


def test_json_of_a_mark_names_its_kind_and_leaves_out_what_it_has_not():
    data = of(Rule(x=0), Bars([0], np.float32([0.5]), moves="heights")).to_json()
    for name in ("x", "y"):
        del data[name]["ticks"]
    assert data == {
        "x": {"label": "x", "domain": [0.0, 1.0], "scale": "linear", "categories": []},
        "y": {"label": "y", "domain": [0.0, 1.0], "scale": "linear", "categories": []},
        "marks": [
            {"kind": "rule", "x": 0.0, "color": "grey"},
            {"kind": "bars", "x": [0.0], "height": [0.5], "color": "blue", "width": 0.8, "moves": "heights"},
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
        (
            lambda: Line([0, 1], [0, 1], color="pink"),
            "color must be 'blue', 'orange', 'green', 'purple', 'grey', 'sky'",
        ),
        (lambda: Text(0, 0, "a", color="guess"), "color must be 'blue', 'orange', 'green', 'purple', 'grey', 'sky'"),
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
        (lambda: Image([0, 1], 0, 1, 0, 1), "pixels must have shape (rows, columns), none of them 0; (2,) was given"),
        (lambda: Image([[0, 2]], 0, 1, 0, 1), "pixels must be numbers in [0, 1]; 2.0 was given"),
        (lambda: Image([[np.nan]], 0, 1, 0, 1), "pixels must be numbers in [0, 1]; nan was given"),
        (lambda: Image(np.zeros((0, 3)), 0, 1, 0, 1), "pixels must have shape (rows, columns), none of them 0"),
        (lambda: Image([[0]], 0, 1, 0, 1, tiles=True), "pixels must have shape (tiles, rows, columns)"),
        (lambda: Image([[0]], 0, 1, 0, 1, captions=("a", "b")), "captions must be one for each of 1 tiles"),
        (lambda: Image([[0]], 0, 1, 0, 1, frames=[1]), "frames must be true or false, of shape (1,); int64 (1,) was"),
        (lambda: Image([[0]], 0, 1, 0, 1, frames=[True, False]), "frames must be true or false, of shape (1,)"),
        (lambda: Heatmap([[0]], 0, 1, 0, 1, kind="three"), "kind must be 'one', 'two', 'classes' or 'mix'"),
        (lambda: Heatmap([[0]], 0, 1, 0, 1, kind="mix"), "values must have shape (rows, columns, shares)"),
        (lambda: Heatmap([[[0.5, 0.6]]], 0, 1, 0, 1, kind="mix"), "values must be shares along the last axis"),
        (lambda: Heatmap([[[-0.5, 1.5]]], 0, 1, 0, 1, kind="mix"), "values must be shares along the last axis"),
        (
            lambda: Heatmap([[[0.5, 0.5]]], 0, 1, 0, 1, kind="mix", colors=("ink",)),
            "values must be shares of at most 1",
        ),
        (lambda: Heatmap([[0.5]], 0, 1, 0, 1, kind="classes"), "values must be classes, whole numbers in [0, 7]"),
        (lambda: Heatmap([[8]], 0, 1, 0, 1, kind="classes"), "values must be classes, whole numbers in [0, 7]"),
        (lambda: Heatmap([[0]], 0, 1, 0, 1, colors=("pink",)), "colors must be 'blue'"),
        (lambda: Heatmap([[0]], 0, 1, 0, 1, low=1, high=1), "low must lie below high; low=1, high=1 were given"),
        (lambda: Heatmap([[0]], 0, 1, 0, 1, kind="two", high=0), "high must be positive; 0 was given"),
        (lambda: Heatmap([[0]], 0, 1, 0, 1, hatch=[[1]]), "hatch must be true or false, of shape (1, 1)"),
        (lambda: Heatmap([[0]], 0, 1, 0, 1, hatch=[True]), "hatch must be true or false, of shape (1, 1)"),
        (lambda: of(Heatmap([[0]], 0, 1, 0, 2)), "y0 < y1 must lie in the domain (0.0, 1.0); 0, 2 were given"),
        (lambda: Points([0], [0], x_low=[0]), "x_low and x_high come together; only x_low was given"),
        (lambda: Points([0], [0], shape="heart"), "shape must be 'circle', 'square'"),
        (lambda: Points([0, 1], [0, 1], ring=[True]), "ring must be true or false, of shape () or (2,)"),
        (lambda: Points(*np.zeros((4, 401))), "low is for at most 400 points, each drawn alone; 401 were given"),
        (lambda: Points(*np.zeros((2, 401)), moves="places"), "moves is for at most 400 points"),
        (lambda: Points(*np.zeros((2, 401)), ring=np.zeros(401, bool)), "ring is for at most 400 points"),
        (lambda: Line([0, 1], [0, 1], faint=1.5), "faint must be a number in [0, 1], or one for each of 2 items"),
        (lambda: Line([0, 1], [0, 1], faint=[0.5]), "faint must be a number in [0, 1], or one for each of 2 items"),
        (lambda: Line([0, 1], [0, 1], faint=np.nan), "faint must be a number in [0, 1]"),
        (lambda: Points([0, 1], [0, 1], sets="class"), "sets needs keys, one for each of 2 items; () were given"),
        (lambda: Points([0, 1], [0, 1], keys=("a", "b")), "sets needs keys, one for each of 2 items"),
        (lambda: Points([0, 1], [0, 1], sets="class", keys=("a",)), "sets needs keys, one for each of 2 items"),
        (lambda: Segments([0], [0], [1], [1, 2]), "x0, y0, x1, y1 must be equally long, of one axis"),
        (lambda: Rects(0, 1, 0, 1), "x0, x1, y0, y1 must be equally long, of one axis"),
        (lambda: Arrow([0, 1], 0, 1, 1), "x0, y0, x1, y1 must be equally long, of one axis"),
        (lambda: Rule(x=0, shaded="left"), "shaded must be '', 'below' or 'above'; 'left' was given"),
        (lambda: Passage(" "), "text must be what the passage says; an empty one was given"),
        (lambda: Passage("word", ((0, 5),)), "marked must be rising spans of the 4 letters of text; ((0, 5),) were"),
        (lambda: Passage("word", ((2, 3), (0, 1))), "marked must be rising spans of the 4 letters of text"),
        (lambda: of(x=Axis("x", (1, 2), "log", square=True)), "scale must be linear on both axes of a square picture"),
        (
            lambda: of(Bars([1], [1], horizontal=True), x=Axis("x", (1, 2), "log")),
            "scale of x must be linear under Bars, which start at 0; log was given",
        ),
        (lambda: Sheet((), "Nothing."), "rows must be tuples of pictures, none of them empty; () was given"),
        (lambda: Sheet(((of(),), ()), "Nothing."), "rows must be tuples of pictures, none of them empty"),
        (lambda: Sheet(((1,),), "A number."), "rows must be tuples of pictures, none of them empty"),
        (lambda: Sheet(((of(),),), " "), "sentence must say what the picture shows"),
        (lambda: Sheet(((of(),),), "One.", first=1), "first must be the number of one of 1 pictures; 1 was given"),
        (
            lambda: Sheet(((of(),),), "One.", first=True),
            "first must be the number of one of 1 pictures; True was given",
        ),
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
        (lambda: of("bars"), "marks must be Bars, Line, Points and so on .*; 'bars' was given"),
        (lambda: Line([0], [0], faint="much"), "faint must hold real numbers"),
        (lambda: Heatmap([["a"]], 0, 1, 0, 1), "values must hold real numbers"),
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
    assert shown == set(KINDS_OF_MARKS)
