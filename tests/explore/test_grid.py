"""The packed grid holds, for every widget and every state, the picture that its function computes."""

import base64
import functools
import gzip
import importlib
import inspect
import itertools
import json
import operator
import pkgutil

import numpy as np
import pytest
from sampling import sampled

import kdlab.explore
from kdlab.explore import grid
from kdlab.explore.controls import Choice, Cuts, Slider, plain
from kdlab.explore.frames import packed_frames
from kdlab.explore.picture import Axis, Line, Picture, Text
from kdlab.explore.play import Play, Run
from kdlab.explore.widget import explorable


def widgets():
    """Return every widget of kdlab/explore by name, found by looking into its modules."""
    found = {}
    for module in pkgutil.iter_modules(kdlab.explore.__path__, "kdlab.explore."):
        for name, function in inspect.getmembers(importlib.import_module(module.name), inspect.isfunction):
            if function.__module__ == module.name and hasattr(function, "explorable"):
                found[f"{module.name.rpartition('.')[2]}.{name}"] = function.explorable
    return found


WIDGETS = widgets()
name_of, module_of = operator.attrgetter("name"), operator.attrgetter("function.__module__")
every_widget = pytest.mark.parametrize("widget", WIDGETS.values(), ids=WIDGETS.keys())


@functools.cache
def packed(name):
    return grid.packed_grid(WIDGETS[name])


def unpack(text):
    return json.loads(gzip.decompress(base64.b64decode(text)))


def states(widget):
    """Return the settings of every state that is shipped: those with a picture; of a widget that plays the start."""
    values = ([control.value] if widget.play else control.grid() for control in widget.controls.values())
    every = itertools.product(*values)
    return [
        list(settings) for settings in every if not widget.absent(dict(zip(widget.controls, settings, strict=True)))
    ]


def tables(column, count):
    """Return a column as a value of each picture; what is often the same comes once, tables of bytes cell by cell."""
    if isinstance(column, list):
        return column
    if "at" in column:
        return [column["of"][at] for at in column["at"]]
    cells = np.frombuffer(bytes.fromhex(column["cells"]), np.uint8).reshape(-1, count)
    return [base64.b64encode(table.tobytes()).decode() for table in cells.T]


def pictures(data, count):
    """Return the picture of every state, as the page reads them."""
    columns = [tables(column, count) for column in data["columns"]]

    def fill(part, state):
        if isinstance(part, dict) and "$" in part:
            return columns[part["$"]][state]
        if isinstance(part, dict):
            return {key: fill(item, state) for key, item in part.items()}
        return [fill(item, state) for item in part] if isinstance(part, list) else part

    return [fill(data["template"], k) for k in range(count)]


def shown(widget, settings):
    """Return the picture of these settings, through JSON, as the page gets it."""
    return json.loads(json.dumps(round_to_5_digits(widget.shown(widget.settings(**settings)))))


def round_to_5_digits(value):
    if isinstance(value, dict):
        return {key: round_to_5_digits(item) for key, item in value.items()}
    if isinstance(value, list):
        return [round_to_5_digits(item) for item in value]
    return float(f"{value:.5g}") if isinstance(value, float) else value


def test_there_are_widgets():
    assert "temperature.logits" in WIDGETS


@pytest.mark.parametrize("how_many", [12, pytest.param(None, marks=pytest.mark.slow)], ids=["some", "all"])
@every_widget
def test_every_state_is_the_picture_that_the_function_computes(widget, how_many):
    shipped = states(widget)
    # cuts that are dragged anywhere are Python's
    assert len(shipped) > 1 or widget.play or any(isinstance(control, Cuts) for control in widget.controls.values())
    found = list(zip(shipped, pictures(unpack(packed(widget.name)), len(shipped)), strict=True))
    some = {round(at) for at in np.linspace(0, len(found) - 1, how_many or len(found))}
    for settings, picture in (found[at] for at in sorted(some)):
        assert picture == shown(widget, dict(zip(widget.controls, settings, strict=True)))


@every_widget
def test_the_states_are_all_that_the_controls_step_through(widget):
    values = unpack(packed(widget.name))["values"]
    assert values == json.loads(json.dumps(plain([control.grid() for control in widget.controls.values()])))
    for control, steps in zip(widget.controls.values(), values, strict=True):
        start = control.value.to_json() if isinstance(control, Play) else control.value
        assert json.loads(json.dumps(plain(start))) in steps


@pytest.mark.parametrize("widget", [w for w in WIDGETS.values() if w.play], ids=lambda widget: widget.name)
def test_what_is_shipped_of_a_run_is_its_pictures(widget):
    data = unpack(packed_frames(widget))
    assert [data["steps"][0], data["steps"][-1]] == [0, widget.controls[widget.play].steps]
    found = iter(pictures(data, len(data["runs"]) * len(data["steps"])))
    others = [name for name in widget.controls if name != widget.play]
    for run in data["runs"]:
        for step in data["steps"]:
            picture = next(found)
            if step in (data["steps"][0], data["steps"][1], data["steps"][-1]):
                at = {widget.play: Run(step).to_json()}
                assert picture == shown(widget, dict(zip(others, run, strict=True)) | at)


@pytest.mark.parametrize("widget", sampled(WIDGETS.values(), module_of, name=name_of))
def test_the_same_widget_gives_the_same_bytes(widget):
    assert grid.packed_grid(widget) == packed(widget.name)


@every_widget
def test_what_is_the_same_in_all_pictures_is_written_once(widget):
    columns = [tables(column, len(states(widget))) for column in unpack(packed(widget.name))["columns"]]
    assert all(any(value != column[0] for value in column) for column in columns)


@every_widget
def test_the_answer_to_a_question_can_be_given(widget):
    for question in widget.predict:
        asked = json.loads(json.dumps(question.to_json()))
        assert question.score(asked["answer"], asked["answer"]).right


@every_widget
def test_the_settings_of_a_question_can_be_set(widget):
    for question in widget.predict:
        widget.picture(**{name: Run(at) if name == widget.play else at for name, at in question.at.items()})


def level(height, extra=False):
    marks = [Line([0.0, 1.0], [height, height])]
    if extra:
        marks.append(Text(0.5, height, "here"))
    return Picture(Axis("x"), Axis("y"), tuple(marks), f"At {height:.2f}.")


def with_a_mark_more_in_some_states():
    @explorable(
        height=Slider(0.0, 1.0, value=0.5, label="height", steps=3),
        text=Choice(("none", "one"), value="none", label="text"),
    )
    def function(height, text):
        return level(height, extra=text == "one")

    return function.explorable


def test_pictures_of_different_structure():
    widget = with_a_mark_more_in_some_states()
    found = pictures(unpack(grid.packed_grid(widget)), 6)
    assert [len(picture["marks"]) for picture in found] == [1, 2, 1, 2, 1, 2]
    assert found == [round_to_5_digits(widget.function(*settings).to_json()) for settings in states(widget)]


def test_a_line_that_grows_and_a_mark_that_changes_its_kind():
    @explorable(n=Slider(1.0, 3.0, value=1.0, label="n", steps=3))
    def function(n):
        x = [float(k) for k in range(int(n))]
        mark = Text(0.5, 0.5, "alone") if n == 1 else Line(x, [float("nan")] * len(x))
        return Picture(Axis("x"), Axis("y"), (mark,), f"{n:g}.")

    marks = [picture["marks"][0] for picture in pictures(unpack(grid.packed_grid(function.explorable)), 3)]
    assert [mark["kind"] for mark in marks] == ["text", "line", "line"]
    assert [mark.get("y") for mark in marks] == [0.5, [None, None], [None, None, None]]


def test_what_hangs_on_one_of_two_controls_is_written_once_for_each_of_its_values():
    @explorable(a=Slider(1.0, 3.0, value=1.0, label="a", steps=3), b=Slider(0.0, 9.0, value=0.0, label="b", steps=10))
    def function(a, b):
        curve = np.random.default_rng(int(a)).normal(size=50)
        return Picture(Axis("x"), Axis("y"), (Line(range(50), curve),), f"{a:g} and {b:g}.")

    data = unpack(grid.packed_grid(function.explorable))
    column = next(column for column in data["columns"] if isinstance(column, dict))
    assert (len(column["of"]), column["at"]) == (3, [0] * 10 + [1] * 10 + [2] * 10)
    assert pictures(data, 30)[11] == round_to_5_digits(function.explorable.picture(a=2.0, b=1.0).to_json())


def test_a_widget_without_controls_has_one_state():
    @explorable()
    def function():
        return level(1 / 3)

    data = unpack(grid.packed_grid(function.explorable))
    assert data["columns"] == []
    assert pictures(data, 1) == [round_to_5_digits(level(1 / 3).to_json())]


def test_a_grid_that_is_too_large_is_refused(monkeypatch):
    widget = with_a_mark_more_in_some_states()
    size = len(grid.packed_grid(widget))
    monkeypatch.setattr(grid, "LARGEST", size)
    assert len(grid.packed_grid(widget)) == size
    monkeypatch.setattr(grid, "LARGEST", size - 1)
    sentence = f"the grid of test_grid.function has {size} bytes, {size - 1} are allowed: give its sliders fewer steps."
    with pytest.raises(ValueError, match=sentence):
        grid.packed_grid(widget)
