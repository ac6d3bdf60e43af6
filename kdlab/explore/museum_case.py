"""A glass case of the bug museum: what was found, who is suspected, and what each suspect would have shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kdlab.explore.controls import Choice
from kdlab.explore.marks import Line, Mark, Points, Rule
from kdlab.explore.picture import Axis, Picture
from kdlab.explore.questions import Pick

Curve = NDArray[np.float64]
FOUND, MENDED = "as found", "mended"


@dataclass(frozen=True, kw_only=True)
class Case:
    """What a case holds: for each code its curve over `at`, and what one says of a curve.

    `suspects` are three bugs, one of which was found. `dots` draws what was measured at each of `at` alone.
    """

    question: str
    because: str
    x: Axis
    y: Axis
    at: NDArray[np.float64]
    found: str
    suspects: dict[str, Callable[[], Curve]]
    mended: Callable[[], Curve]
    says: Callable[[Curve], str]
    bound: float | None = None

    def curve(self, code: str) -> Curve:
        """Return what this code gives."""
        if code == MENDED:
            return self.mended()
        return self.suspects[self.found if code == FOUND else code]()

    def guilty(self) -> list[int]:
        """Return which of the suspects show what was found: one."""
        found = self.curve(FOUND)
        return [i for i, name in enumerate(self.suspects) if np.allclose(self.curve(name), found)]


def what_broke(case: Case) -> Pick:
    """Ask which of the suspects it was; then the picture shows it beside what was found."""
    return Pick(
        case.question,
        tuple(case.suspects),
        answer=lambda: case.guilty()[0],
        because=case.because,
        at={"code": case.found},
    )


def codes(case: Case) -> Choice:
    """Return the choice of what the case shows."""
    return Choice((FOUND, *case.suspects, MENDED), FOUND, label="code")


def shown(case: Case, code: str) -> Picture:
    """Draw what was found, and beside it what the chosen code gives."""
    found, curve = case.curve(FOUND), case.curve(code)
    marks: tuple[Mark, ...] = (*_line(case.at, found, "red", "as found"),)
    sentence = f"As found: {case.says(found)}"
    if code == MENDED:
        marks += _line(case.at, curve, "green", MENDED, dashed=True)
        sentence = f"Mended: {case.says(curve)}"
    elif code != FOUND:
        marks += _line(case.at, curve, "purple", code, dashed=True)
        same = "That is what was found." if np.allclose(curve, found) else "That is not what was found."
        sentence = f"{code[0].upper()}{code[1:]}: {case.says(curve)} {same}"
    if case.bound is not None:
        marks += (Rule(y=case.bound, color="grey"),)
    return Picture(x=case.x, y=case.y, marks=marks, sentence=sentence)


def _line(x: Curve, y: Curve, color: str, label: str, dashed: bool = False) -> tuple[Mark, ...]:
    return Line(x, y, color=color, label=label, dashed=dashed), Points(x, y, color=color, hollow=dashed)
