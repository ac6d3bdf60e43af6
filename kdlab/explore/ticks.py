"""Where the ticks of an axis may stand, and what is written at them: for paper and page alike."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple


class Ticks(NamedTuple):
    """The ticks of one axis; `tilted` where their texts fit in no other way."""

    values: list[float]
    texts: list[str]
    tilted: bool = False


def attempts_at(domain: tuple[float, float], scale: Literal["linear", "log"]) -> list[Ticks]:
    """Return ticks at round values, from dense to sparse: a picture takes the first that stand apart at its size.

    Examples
    --------
    >>> attempts_at((0, 1), "linear")[0].texts
    ['0.0', '0.2', '0.4', '0.6', '0.8', '1.0']
    """
    return _log_ticks(*domain) if scale == "log" else [_linear_ticks(*domain, count) for count in range(8, 0, -1)]


def _linear_ticks(low: float, high: float, count: int) -> Ticks:
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw) + 1e-9)
    step = power * next(factor for factor in (1, 2, 5, 10) if raw <= factor * power * (1 + 1e-9))
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    values = [k * step for k in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    return Ticks(values, [_number(value, digits) for value in values])


def _log_ticks(low: float, high: float) -> list[Ticks]:
    """Return ticks from dense to sparse; a domain that holds too few powers of ten has linear ones."""
    plain = low >= 0.001 and high <= 10000
    first, last = math.floor(math.log10(low) - 1e-9), math.ceil(math.log10(high) + 1e-9)

    def decades(factors: tuple[int, ...], every: int) -> Ticks:
        powers = [power for power in range(first, last + 1) if power % every == 0]
        values = [(factor * 10.0**power, power) for power in powers for factor in factors]
        inside = [(value, power) for value, power in values if low * (1 - 1e-9) <= value <= high * (1 + 1e-9)]
        texts = [_number(value, max(0, -power)) if plain else _power(power) for value, power in inside]
        return Ticks([value for value, _ in inside], texts)

    attempts = [decades((1,), every) for every in range(1, last - first + 1)]
    if plain:
        attempts = [decades((1, 2, 5), 1), decades((1, 3), 1), *attempts]
    linear = [_linear_ticks(low, high, count) for count in (5, 3, 2, 1)]
    return [ticks for ticks in attempts if len(ticks.values) > 1] or [ticks for ticks in linear if ticks.values]


def _number(value: float, digits: int) -> str:
    return f"{value:,.{digits}f}".replace("-", "−")


def _power(power: int) -> str:
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
