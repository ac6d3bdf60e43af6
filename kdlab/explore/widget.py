"""A widget: a function that computes a Picture, with what can be set and what is asked first."""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kdlab.explore.controls import Control, plain
from kdlab.explore.picture import Picture
from kdlab.explore.play import Play, Run, Stage
from kdlab.explore.questions import Question
from kdlab.explore.tour import Stop, check_stops


@dataclass(frozen=True)
class Explorable:
    """A widget: the function that computes its Picture, what can be set, and what is asked first.

    `predict` holds its questions in order, `stops` its tour. `goal(settings)` says how far a reader's own task is done.

    `measured` names the record in results/ from which the pictures come: such a widget shows what was
    measured and nothing between, so the page never recomputes it. `data` names the arrays of records that the
    function reads, in the page as well: see `kdlab.explore.measured.data`.
    """

    function: Callable[..., Picture]
    controls: dict[str, Control]
    predict: tuple[Question, ...]
    measured: str | None
    data: tuple[str, ...] = ()
    stops: tuple[Stop, ...] = ()
    goal: Callable[[Mapping[str, Any]], str] | None = None

    @property
    def name(self) -> str:
        """Return the name a page uses, such as temperature.logits."""
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"

    @property
    def title(self) -> str:
        """Return what the figure is called: the first line of the function's docstring."""
        return (inspect.getdoc(self.function) or "").partition("\n")[0].rstrip(".")

    @property
    def source(self) -> str:
        """Return the few lines that compute the picture, without the decorator."""
        lines = textwrap.dedent(inspect.getsource(self.function))
        return lines[lines.index("\ndef ") + 1 :]

    @property
    def play(self) -> str | None:
        """Return the name of the control that steps, if there is one."""
        return next((name for name, control in self.controls.items() if isinstance(control, Play)), None)

    def settings(self, **values: Any) -> dict[str, Any]:
        """Return all settings, checked; a control that is not named keeps its starting value."""
        unknown = values.keys() - self.controls.keys()
        if unknown:
            raise ValueError(f"{self.name} has the controls {', '.join(self.controls)}; {sorted(unknown)} were given.")
        checked = {name: each.check(name, values.get(name, each.value)) for name, each in self.controls.items()}
        if self.play:
            checked[self.play] = self.controls[self.play].checked(self.play, checked[self.play], self.controls)
        return checked

    def absent(self, settings: Mapping[str, Any]) -> str:
        """Return why there is no picture of these settings, or "" where there is one."""
        reasons = (control.available(settings) for control in self.controls.values())
        return next(filter(None, reasons), "")

    def picture(self, **values: Any) -> Picture:
        """Return the picture for these settings; ValueError where there is none."""
        return self.drawn(self.settings(**values))

    def drawn(self, settings: dict[str, Any], stage: Stage | None = None) -> Picture:
        """Return the picture for checked settings; a Play goes on from where `stage` stands, or from its start."""
        if reason := self.absent(settings):
            raise ValueError(reason)
        if self.play:
            others = {name: value for name, value in settings.items() if name != self.play}
            stage = stage or Stage(self.play, self.controls[self.play])
            settings = settings | {self.play: stage.at(settings[self.play], others)}
        return self.function(**settings)

    def shown(self, settings: dict[str, Any], stage: Stage | None = None) -> dict[str, Any]:
        """Return the picture for checked settings as data that JSON can hold, with what the goal says of them."""
        picture = self.drawn(settings, stage).to_json()
        return picture | {"goal": self.goal(settings)} if self.goal else picture


def explorable(
    *,
    predict: Question | tuple[Question, ...] = (),
    measured: str | None = None,
    data: tuple[str, ...] = (),
    stops: tuple[Stop, ...] = (),
    goal: Callable[[Mapping[str, Any]], str] | None = None,
    **controls: Control,
) -> Callable[[Callable[..., Picture]], Callable[..., Picture]]:
    """Mark a function as a widget: its parameters are the controls, its value is the Picture.

    The function stays as it is; the description is its attribute `explorable`.
    """

    def mark(function: Callable[..., Picture]) -> Callable[..., Picture]:
        parameters = list(inspect.signature(function).parameters)
        if parameters != list(controls):
            raise ValueError(f"controls must be the parameters {parameters}, in order; {list(controls)} were given.")
        asked = predict if isinstance(predict, tuple) else (predict,)
        asked += tuple(replace(stop.ask, before=stop.name) for stop in stops if stop.ask)
        check_stops(stops)
        for question in asked:
            _check_shown("at", question.at, controls)
            _check_before(question, controls, stops)
        for stop in stops:
            _check_shown(f"settings of the stop {stop.name}", stop.settings, controls)
        plays = [name for name, control in controls.items() if isinstance(control, Play)]
        for name in plays:
            controls[name].check_controls(name, controls)
        if len(plays) > 1:
            raise ValueError(f"a widget has one Play at most; {', '.join(plays)} were given.")
        function.explorable = Explorable(function, controls, asked, measured, data, stops, goal)
        return function

    return mark


def _check_shown(place: str, settings: dict[str, Any], controls: dict[str, Control]) -> None:
    """Raise ValueError if a setting is not on the grid; for a Play it is the number of steps made."""
    for name, value in settings.items():
        control = controls.get(name)
        if isinstance(control, Play):
            control.check(name, Run(value))
        elif control is None or plain(value) not in plain(control.grid()):
            raise ValueError(f"{place} must name settings on the grid; {name}={value!r} is not: make it a stop.")


def _check_before(question: Question, controls: dict[str, Control], stops: tuple[Stop, ...]) -> None:
    places = ["open", *(stop.name for stop in stops)]
    for control in controls.values():
        if isinstance(control, Play):
            places += range(1, control.steps + 1)
        places += getattr(control, "options", ())
    if places.count(question.before) != 1:
        raise ValueError(
            "before must be open, a step of the Play, one option of a Choice or the name of a stop; "
            f"{question.before!r} was given."
        )


def find(name: str) -> Explorable:
    """Return the widget of this name: temperature.logits is the function logits of kdlab/explore/temperature.py."""
    module_name, _, function_name = name.partition(".")
    path = f"kdlab.explore.{module_name}"
    try:
        module = importlib.import_module(path)
    except ModuleNotFoundError as error:
        if error.name != path:  # the module is there, and what it imports is not
            raise
        module = None
    widget = getattr(getattr(module, function_name, None), "explorable", None)
    if widget is None:
        raise ValueError(f"name must be <module>.<function> in kdlab/explore; {name!r} was given.")
    return widget
