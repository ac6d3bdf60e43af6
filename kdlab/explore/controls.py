"""What a reader can set: Slider, Choice, Numbers."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from numbers import Real
from typing import Any, Literal

import numpy as np


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
