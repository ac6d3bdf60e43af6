"""A widget: a function that computes a Picture, with what can be set and what is asked first."""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from kdlab.explore.controls import Control, plain
from kdlab.explore.picture import Picture
from kdlab.explore.questions import Question


@dataclass(frozen=True)
class Explorable:
    """A widget: the function that computes its Picture, what can be set, and what is asked first.

    `measured` names the record in results/ from which the pictures come: such a widget shows what was
    measured and nothing between, so the page never recomputes it. `data` names the arrays of records that the
    function reads, in the page as well: see `kdlab.explore.measured.data`.
    """

    function: Callable[..., Picture]
    controls: dict[str, Control]
    predict: Question | None
    measured: str | None
    data: tuple[str, ...] = ()

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

    def settings(self, **values: Any) -> dict[str, Any]:
        """Return all settings as the function gets them; a control that is not named keeps its starting value."""
        unknown = values.keys() - self.controls.keys()
        if unknown:
            raise ValueError(f"{self.name} has the controls {', '.join(self.controls)}; {sorted(unknown)} were given.")
        return {name: control.check(name, values.get(name, control.value)) for name, control in self.controls.items()}

    def absent(self, settings: Mapping[str, Any]) -> str:
        """Return why there is no picture of these settings, or "" where there is one."""
        reasons = (control.available(settings) for control in self.controls.values())
        return next(filter(None, reasons), "")

    def picture(self, **values: Any) -> Picture:
        """Return the picture for these settings; ValueError where there is none."""
        settings = self.settings(**values)
        if reason := self.absent(settings):
            raise ValueError(reason)
        return self.function(**settings)


def explorable(
    *,
    predict: Question | None = None,
    measured: str | None = None,
    data: tuple[str, ...] = (),
    **controls: Control,
) -> Callable[[Callable[..., Picture]], Callable[..., Picture]]:
    """Mark a function as a widget: its parameters are the controls, its value is the Picture.

    The function stays as it is; the description is its attribute `explorable`.
    """

    def mark(function: Callable[..., Picture]) -> Callable[..., Picture]:
        parameters = list(inspect.signature(function).parameters)
        if parameters != list(controls):
            raise ValueError(f"controls must be the parameters {parameters}, in order; {list(controls)} were given.")
        for name, value in (predict.at if predict else {}).items():
            if name not in controls or plain(value) not in plain(controls[name].grid()):
                raise ValueError(f"at must name settings on the grid; {name}={value!r} is not: make it a stop.")
        function.explorable = Explorable(function, controls, predict, measured, data)
        return function

    return mark


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
