"""What a reader can set (Slider, Choice, Numbers), and what a reader is asked first (Pick, Estimate)."""

from __future__ import annotations

import importlib
import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from numbers import Real
from typing import Any, Literal

import numpy as np

from kdlab.explore.picture import Picture


@dataclass(frozen=True)
class Slider:
    """One number in [low, high]; `steps` values of it, and the `stops`, are shipped with the page."""

    low: float
    high: float
    value: float
    label: str
    scale: Literal["linear", "log"] = "linear"
    steps: int = 61
    stops: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        _check_range(self.low, self.high)
        if self.scale not in ("linear", "log"):
            raise ValueError(f"scale must be linear or log; {self.scale!r} was given.")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low must be positive on a log scale; {self.low} was given.")
        if not isinstance(self.steps, int) or self.steps < 2:
            raise ValueError(f"steps must be an integer of at least 2; {self.steps!r} was given.")
        for name, number in [("value", self.value), *(("stops", stop) for stop in self.stops)]:
            self.check(name, number)

    def grid(self) -> list[float]:
        """Return the values shipped with the page, the stops and the starting value among them.

        The steps are rounded to 3 digits, except where that would leave [low, high].
        """
        if self.scale == "log":
            values = np.geomspace(self.low, self.high, self.steps)
        else:
            values = np.linspace(self.low, self.high, self.steps)
            values[np.abs(values) < 1e-9 * (self.high - self.low)] = 0  # a step that misses 0 by rounding alone
        rounded = {float(np.clip(float(f"{v:.3g}"), self.low, self.high)) for v in values}
        return sorted(rounded | {float(stop) for stop in (self.value, *self.stops)})

    def check(self, name: str, value: Any) -> float:
        """Return `value` as a float if a reader can set it, else raise TypeError or ValueError."""
        return _number(name, value, self.low, self.high)


@dataclass(frozen=True)
class Choice:
    """One of several words."""

    options: tuple[str, ...]
    value: str
    label: str

    def __post_init__(self) -> None:
        if isinstance(self.options, str) or len(set(self.options)) < len(self.options):
            raise ValueError(f"options must be several different words; {self.options!r} was given.")
        self.check("value", self.value)

    def grid(self) -> list[str]:
        """Return the options, all of them shipped with the page."""
        return list(self.options)

    def check(self, name: str, value: Any) -> str:
        """Return `value` if a reader can set it, else raise ValueError."""
        if value not in self.options:
            raise ValueError(f"{name} must be one of {', '.join(self.options)}; {value!r} was given.")
        return value


@dataclass(frozen=True)
class Numbers:
    """Several numbers, each in [low, high], freely edited: only the starting values are shipped with the page."""

    value: tuple[float, ...]
    low: float
    high: float
    label: str
    names: tuple[str, ...]
    step: float = 0.1

    def __post_init__(self) -> None:
        if len(self.names) != len(self.value):
            raise ValueError(f"names must be as many as value ({len(self.value)}); {len(self.names)} were given.")
        _check_range(self.low, self.high)
        if _number("step", self.step) <= 0:
            raise ValueError(f"step must be positive; {self.step} was given.")
        self.check("value", self.value)

    def grid(self) -> list[tuple[float, ...]]:
        """Return the starting values, the only ones shipped with the page."""
        return [self.value]

    def check(self, name: str, value: Any) -> tuple[float, ...]:
        """Return `value` as a tuple of floats if a reader can set it, else raise TypeError or ValueError."""
        if not isinstance(value, list | tuple | np.ndarray):
            raise TypeError(f"{name} must be a list of {len(self.value)} numbers; {value!r} was given.")
        if len(value) != len(self.value):
            raise ValueError(f"{name} must be {len(self.value)} numbers; {len(value)} were given.")
        return tuple(_number(name, number, self.low, self.high) for number in value)


Control = Slider | Choice | Numbers


def _number(name: str, value: Any, low: float = -sys.float_info.max, high: float = sys.float_info.max) -> float:
    """Return `value` as a float if it is a number in [low, high]; NaN and infinity never are."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise TypeError(f"{name} must be a number; {value!r} was given.")
    if not low <= value <= high:
        raise ValueError(f"{name} must be a number in [{low:g}, {high:g}]; {value!r} was given.")
    return float(value)


def _check_range(low: float, high: float) -> None:
    if not _number("low", low) < _number("high", high):
        raise ValueError(f"low must lie below high; low={low}, high={high} were given.")


@dataclass(frozen=True)
class Pick:
    """A question with options, asked before the widget answers. `answer` computes the index of the right one.

    `at` holds the settings at which the picture shows the answer; `covered` hides the picture until then, where it
    would give the answer away.
    """

    question: str
    options: tuple[str, ...]
    answer: Callable[[], int]
    because: str
    at: dict[str, Any] = field(default_factory=dict)
    covered: bool = False


@dataclass(frozen=True)
class Estimate:
    """A question for a number, asked before the widget answers. `answer` computes it; `within` counts as right.

    `mark` says on which axis the guess is drawn; `at` and `covered` are as those of a Pick.
    """

    question: str
    low: float
    high: float
    answer: Callable[[], float]
    within: float
    because: str
    unit: str = ""
    mark: Literal["x", "y"] = "y"
    at: dict[str, Any] = field(default_factory=dict)
    covered: bool = False


Question = Pick | Estimate


@dataclass(frozen=True)
class Explorable:
    """A widget: the function that computes its Picture, what can be set, and what is asked first.

    `measured` names the record in results/ from which the pictures come: such a widget shows what was
    measured and nothing between, so the page never recomputes it.
    """

    function: Callable[..., Picture]
    controls: dict[str, Control]
    predict: Question | None
    measured: str | None

    @property
    def name(self) -> str:
        """Return the name a page uses, such as temperature.logits."""
        return f"{self.function.__module__.rpartition('.')[2]}.{self.function.__name__}"

    @property
    def source(self) -> str:
        """Return the few lines that compute the picture, without the decorator."""
        lines = textwrap.dedent(inspect.getsource(self.function))
        return lines[lines.index("\ndef ") + 1 :]

    def picture(self, **values: Any) -> Picture:
        """Return the picture for these settings; a control that is not named keeps its starting value."""
        unknown = values.keys() - self.controls.keys()
        if unknown:
            raise ValueError(f"{self.name} has the controls {', '.join(self.controls)}; {sorted(unknown)} were given.")
        settings = {
            name: control.check(name, values.get(name, control.value)) for name, control in self.controls.items()
        }
        return self.function(**settings)


def explorable(
    *, predict: Question | None = None, measured: str | None = None, **controls: Control
) -> Callable[[Callable[..., Picture]], Callable[..., Picture]]:
    """Mark a function as a widget: its parameters are the controls, its value is the Picture.

    The function stays as it is; the description is its attribute `explorable`.
    """

    def mark(function: Callable[..., Picture]) -> Callable[..., Picture]:
        parameters = list(inspect.signature(function).parameters)
        if parameters != list(controls):
            raise ValueError(f"controls must be the parameters {parameters}, in order; {list(controls)} were given.")
        for name, value in (predict.at if predict else {}).items():
            if name not in controls or value not in controls[name].grid():
                raise ValueError(f"at must name settings on the grid; {name}={value!r} is not: make it a stop.")
        function.explorable = Explorable(function, controls, predict, measured)
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
