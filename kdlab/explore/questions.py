"""What a reader is asked before a widget answers: Pick, PickSome, Estimate, Curve, Place, Mark.

Each question has `score(guess, answer)`, which says how far a guess is off and whether it counts as right. The page
has the same rules (kdlab/book/front/predict.js), and tests compare the two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike


class Score(NamedTuple):
    """How far a guess is from the answer (0 is there; for a share or an overlap, 1 is), and whether it is right."""

    distance: float
    right: bool


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What all questions have.

    `at` holds the settings at which the picture shows the answer; `covered` hides the picture until then, where it
    would give the answer away. `before` says when it is asked: "open", before anything can be moved; a number, before
    that step of the Play; a word, before that option of a Choice or that stop of the tour is shown.
    """

    at: dict[str, Any] = field(default_factory=dict)
    covered: bool = False
    before: str | int = "open"

    def to_json(self) -> dict[str, Any]:
        """Return what the page needs to ask it; ValueError if it computes an answer that cannot be given."""
        answer = self.checked(self.answer())
        common = {name: getattr(self, name) for name in ("question", "because", "at", "covered", "before")}
        return common | {"kind": type(self).__name__.lower(), "answer": answer} | self.asks()


@dataclass(frozen=True)
class Pick(Asking):
    """A question with options. `answer` computes the index of the right one."""

    question: str
    options: tuple[str, ...]
    answer: Callable[[], int]
    because: str

    def asks(self) -> dict[str, Any]:
        """Return what is offered."""
        return {"options": self.options}

    def checked(self, answer: Any) -> int:
        """Return the answer if it is the index of an option."""
        return _index(self, answer)

    def score(self, guess: int, answer: int) -> Score:
        """Return 0 and right if the guess is the answer."""
        return Score(float(guess != answer), guess == answer)


@dataclass(frozen=True)
class PickSome(Asking):
    """A question with options of which any number may be right. `answer` computes the indices of the right ones."""

    question: str
    options: tuple[str, ...]
    answer: Callable[[], Any]
    because: str

    def asks(self) -> dict[str, Any]:
        """Return what is offered."""
        return {"options": self.options}

    def checked(self, answer: Any) -> list[int]:
        """Return the answer, sorted, if it holds indices of options."""
        return sorted({_index(self, one) for one in answer})

    def score(self, guess: Any, answer: Any) -> Score:
        """Return the share of the options that were rightly ticked or left; right if that is all of them."""
        share = 1 - len(set(guess) ^ set(answer)) / len(self.options)
        return Score(share, share == 1)


@dataclass(frozen=True)
class Estimate(Asking):
    """A question for a number. `answer` computes it, or a range (low, high) over seeds, all of which is right.

    Off by at most `within` counts as right, or by at most a `factor`: exactly one is given. `mark` says on which axis
    the guess is drawn, or that it has no place there ("none").
    """

    question: str
    low: float
    high: float
    answer: Callable[[], Any]
    within: float | None = None
    because: str = ""
    unit: str = ""
    mark: Literal["x", "y", "none"] = "y"
    factor: float | None = None

    def __post_init__(self) -> None:
        _check_bound(self)
        if not self.low < self.high or (self.factor is not None and self.low <= 0):
            raise ValueError(f"low must lie below high, above 0 with a factor; {self.low}, {self.high} were given.")

    def asks(self) -> dict[str, Any]:
        """Return the range, how it is drawn, and what counts as right."""
        return {name: getattr(self, name) for name in ("low", "high", "within", "factor", "unit", "mark")}

    def checked(self, answer: Any) -> float | list[float]:
        """Return the answer, a number or a range, if it can be given."""
        numbers = np.asarray(answer, dtype=np.float64)
        if numbers.shape not in ((), (2,)) or not ((self.low <= numbers) & (numbers <= self.high)).all():
            raise ValueError(f"answer must lie in [{self.low:g}, {self.high:g}]; it computes {numbers.tolist()}.")
        return numbers.tolist()

    def score(self, guess: float, answer: Any) -> Score:
        """Return how far the guess is from the answer, or from the range: a difference, or with `factor` a factor."""
        return _near(self, np.array([guess]), *_range(answer))


@dataclass(frozen=True)
class Curve(Asking):
    """A curve to draw: its y at 5 to 12 values of `x`. `answer` computes them, or two rows: a range over seeds.

    Right is a mean distance of at most `within`, or a mean factor of at most `factor`. With `slopes_at`, what is
    compared are the slopes of log y over log x there, between the neighbouring x, and `within` is of them.
    """

    question: str
    x: tuple[float, ...]
    answer: Callable[[], ArrayLike]
    because: str
    within: float | None = None
    factor: float | None = None
    unit: str = ""
    slopes_at: tuple[float, ...] = ()
    panel: int = 0

    def __post_init__(self) -> None:
        _check_bound(self)
        x = np.asarray(self.x, dtype=np.float64)
        if not 5 <= x.size <= 12 or not (np.diff(x) > 0).all():
            raise ValueError(f"x must be 5 to 12 rising numbers; {self.x} was given.")
        if self.slopes_at and not (self.within is not None and x[0] > 0):
            raise ValueError(f"slopes_at needs positive x and `within`; x from {x[0]:g} was given.")
        if any(not x[0] <= at <= x[-1] for at in self.slopes_at):
            raise ValueError(f"slopes_at must lie in [{x[0]:g}, {x[-1]:g}]; {self.slopes_at} was given.")

    def asks(self) -> dict[str, Any]:
        """Return where the curve is asked for, and what counts as right."""
        return {name: getattr(self, name) for name in ("x", "within", "factor", "unit", "slopes_at", "panel")}

    def checked(self, answer: ArrayLike) -> list:
        """Return the answer: y at each x, or the low and the high end of a range there."""
        y = np.asarray(answer, dtype=np.float64)
        if y.shape not in ((len(self.x),), (2, len(self.x))) or not np.isfinite(y).all():
            raise ValueError(f"answer must be {len(self.x)} finite numbers, or two rows of them; {y.shape} was given.")
        return y.tolist()

    def score(self, guess: ArrayLike, answer: ArrayLike) -> Score:
        """Return the mean distance of the curves, the mean factor between them, or the mean distance of slopes."""
        low, high = _range(answer)
        if self.slopes_at:
            slopes = [self.slopes(y) for y in (guess, low, high)]
            return _near(self, slopes[0], np.minimum(*slopes[1:]), np.maximum(*slopes[1:]))
        return _near(self, np.asarray(guess, dtype=np.float64), low, high)

    def slopes(self, y: ArrayLike) -> np.ndarray:
        """Return the slopes of log y over log x, each between the two x around one of `slopes_at`."""
        steep = np.diff(np.log(y)) / np.diff(np.log(self.x))
        between = np.searchsorted(self.x, self.slopes_at, side="right") - 1
        return steep[np.minimum(between, len(self.x) - 2)]


@dataclass(frozen=True)
class Place(Asking):
    """Points to place, (n, 2), or cuts across an `axis`, (n,). `answer` computes where they belong.

    Right is a mean distance of at most `within`, in the axes' units; cuts are compared in rising order. Where many
    places are as good, `reached(guess)` measures one: the score is reached(guess) / reached(answer), right from
    `share` on. `control` takes the guess from that control, in its form.
    """

    question: str
    answer: Callable[[], ArrayLike]
    because: str
    within: float | None = None
    axis: Literal["x", "y"] | None = None
    reached: Callable[[Any], float] | None = None
    share: float = 0.9
    unit: str = ""
    control: str = ""
    panel: int = 0

    def __post_init__(self) -> None:
        if (self.within is None) == (self.reached is None):
            raise ValueError("a Place needs either `within` or `reached`.")
        if not 0 < self.share <= 1:
            raise ValueError(f"share must be in (0, 1]; {self.share} was given.")

    def asks(self) -> dict[str, Any]:
        """Return how many points or cuts are placed, where, and what counts as right."""
        best = None if self.reached is None else float(self.reached(self.answer()))
        given = {name: getattr(self, name) for name in ("within", "axis", "share", "unit", "control", "panel")}
        return given | {"best": best}

    def checked(self, answer: ArrayLike) -> list:
        """Return the places: pairs, or rising cuts, or what the control holds."""
        places = np.asarray(answer, dtype=np.float64)
        dimensions = 1 if self.axis or self.control else 2
        if places.size == 0 or places.ndim != dimensions or (dimensions == 2 and places.shape[1] != 2):
            raise ValueError(f"answer must be {'numbers' if dimensions == 1 else 'pairs'}; {places.shape} was given.")
        return (np.sort(places) if self.axis else places).tolist()

    def score(self, guess: ArrayLike, answer: ArrayLike) -> Score:
        """Return the mean distance, or the share of the best that the guess reaches."""
        if self.reached is not None:
            share = float(self.reached(guess) / self.reached(answer))
            return Score(share, share >= self.share)
        placed, right = (np.asarray(self.checked(places)) for places in (guess, answer))
        apart = np.linalg.norm(placed - right, axis=-1) if placed.ndim == 2 else np.abs(placed - right)
        return Score(float(apart.mean()), bool(apart.mean() <= self.within))


@dataclass(frozen=True)
class Mark(Asking):
    """Cells of a table to mark. `answer` computes a boolean array, True where a cell belongs to them.

    The score is the intersection over the union of guess and answer; at least `share` of it counts as right. The
    cells fill `box` (x0, x1, y0, y1) of the picture, the first row on top; without one, all of it.
    """

    question: str
    answer: Callable[[], ArrayLike]
    because: str
    share: float = 0.5
    box: tuple[float, float, float, float] | None = None
    panel: int = 0

    def __post_init__(self) -> None:
        if not 0 < self.share <= 1:
            raise ValueError(f"share must be in (0, 1]; {self.share} was given.")

    def asks(self) -> dict[str, Any]:
        """Return where the cells are, how many, and what counts as right."""
        rows, columns = np.shape(self.answer())
        return {"rows": rows, "columns": columns} | {name: getattr(self, name) for name in ("share", "box", "panel")}

    def checked(self, answer: ArrayLike) -> list[int]:
        """Return the numbers of the cells that are True, counted along the rows."""
        cells = np.asarray(answer)
        if cells.ndim != 2 or cells.dtype != bool or not cells.any():
            raise ValueError(f"answer must be a table of bools, one True; {cells.dtype} {cells.shape} was given.")
        return np.flatnonzero(cells).tolist()

    def score(self, guess: ArrayLike, answer: ArrayLike) -> Score:
        """Return the intersection over the union of two sets of cells, given by their numbers."""
        marked, right = set(np.asarray(guess).tolist()), set(np.asarray(answer).tolist())
        overlap = len(marked & right) / len(marked | right)
        return Score(overlap, overlap >= self.share)


Question = Pick | PickSome | Estimate | Curve | Place | Mark


def _index(question: Pick | PickSome, answer: Any) -> int:
    if isinstance(question.options, str) or len(set(question.options)) < len(question.options):
        raise ValueError(f"options must be several different texts; {question.options!r} was given.")
    if not 0 <= int(answer) < len(question.options):
        raise ValueError(
            f"answer must be the index of one of {len(question.options)} options; it computes {int(answer)}."
        )
    return int(answer)


def _check_bound(question: Estimate | Curve) -> None:
    if (question.within is None) == (question.factor is None):
        raise ValueError(f"within or factor must be given, and not both; {question.within}, {question.factor} were.")
    if question.within is not None and question.within < 0:
        raise ValueError(f"within must be at least 0; {question.within} was given.")
    if question.factor is not None and question.factor < 1:
        raise ValueError(f"factor must be at least 1; {question.factor} was given.")


def _range(answer: Any) -> tuple[Any, Any]:
    """Return the low and the high end of what is right: twice the same where the answer is no range."""
    numbers = np.asarray(answer, dtype=np.float64)
    is_range = numbers.ndim == 2 or numbers.shape == (2,)
    return (numbers[0], numbers[1]) if is_range else (numbers, numbers)


def _near(question: Estimate | Curve, guess: np.ndarray, low: np.ndarray, high: np.ndarray) -> Score:
    """Return the mean distance of `guess` from [low, high], or the mean factor, and whether it is small enough."""
    if question.factor is not None:
        if (guess <= 0).any():
            return Score(float("inf"), False)
        # of quotients, so that a guess on the bound is right, as in the page; one too large for a float is far off
        with np.errstate(over="ignore"):
            in_logs = np.log(np.maximum(low / guess, guess / high).clip(1)).mean()
        off = float(np.exp(min(in_logs, 700)))  # a float has no room for more
        return Score(off, off <= question.factor)
    off = float(np.maximum(low - guess, guess - high).clip(0).mean())
    return Score(off, off <= question.within)
