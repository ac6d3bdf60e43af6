"""What a reader can set (Slider, Choice, Numbers), and what a reader is asked first (Pick, Estimate)."""

from __future__ import annotations

import importlib
import inspect
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
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
        if not self.low < self.high:
            raise ValueError(f"low must lie below high; low={self.low}, high={self.high} were given.")
        if self.scale == "log" and self.low <= 0:
            raise ValueError(f"low must be positive on a log scale; {self.low} was given.")
        if self.steps < 2:
            raise ValueError(f"steps must be at least 2; {self.steps} was given.")
        for name, number in [("value", self.value), *(("stops", stop) for stop in self.stops)]:
            self.check(name, number)

    def grid(self) -> list[float]:
        """Return the values shipped with the page, rounded to 3 digits, the stops and the starting value among them."""
        space = np.geomspace if self.scale == "log" else np.linspace
        values = {float(f"{v:.3g}") for v in space(self.low, self.high, self.steps)}
        return sorted(values | {float(stop) for stop in (self.value, *self.stops)})

    def check(self, name: str, value: Any) -> float:
        """Return `value` if a reader can set it, else raise ValueError."""
        if isinstance(value, bool) or not isinstance(value, int | float) or not self.low <= value <= self.high:
            raise ValueError(f"{name} must be a number in [{self.low:g}, {self.high:g}]; {value!r} was given.")
        return float(value)


@dataclass(frozen=True)
class Choice:
    """One of several words."""

    options: tuple[str, ...]
    value: str
    label: str

    def __post_init__(self) -> None:
        if self.value not in self.options:
            raise ValueError(f"value must be one of {self.options}; {self.value!r} was given.")

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
        self.check("value", self.value)

    def grid(self) -> list[tuple[float, ...]]:
        """Return the starting values, the only ones shipped with the page."""
        return [self.value]

    def check(self, name: str, value: Any) -> tuple[float, ...]:
        """Return `value` if a reader can set it, else raise ValueError."""
        numbers = np.asarray(value, dtype=np.float64)
        if numbers.shape != (len(self.value),) or not ((self.low <= numbers) & (numbers <= self.high)).all():
            raise ValueError(
                f"{name} must be {len(self.value)} numbers in [{self.low:g}, {self.high:g}]; {value!r} was given."
            )
        return tuple(numbers.tolist())


Control = Slider | Choice | Numbers


@dataclass(frozen=True)
class Pick:
    """A question with options, asked before the widget answers. `answer` computes the index of the right one."""

    question: str
    options: tuple[str, ...]
    answer: Callable[[], int]
    because: str
    at: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Estimate:
    """A question for a number, asked before the widget answers. `answer` computes it; `within` counts as right.

    `mark` says on which axis the guess is drawn; `at` holds the settings at which the picture shows the answer.
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
        lines = inspect.getsource(self.function)
        return textwrap.dedent(lines[lines.index("def ") :])

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
            if value not in controls[name].grid():
                raise ValueError(f"at must name settings on the grid; {name}={value!r} is not: make it a stop.")
        function.explorable = Explorable(function, controls, predict, measured)
        return function

    return mark


def find(name: str) -> Explorable:
    """Return the widget of this name: temperature.logits is the function logits of kdlab/explore/temperature.py."""
    module_name, _, function_name = name.partition(".")
    try:
        return getattr(importlib.import_module(f"kdlab.explore.{module_name}"), function_name).explorable
    except (ImportError, AttributeError) as error:
        raise ValueError(f"name must be <module>.<function> in kdlab/explore; {name!r} was given.") from error
