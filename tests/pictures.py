"""Pictures of the kinds that chapters show, and one with every mark at known places."""

from __future__ import annotations

import numpy as np

from kdlab.explore.picture import Arrow, Axis, Band, Bars, Image, Line, Picture, Points, Rule, Text
from kdlab.temperature import entropy, softmax

CLASSES = ("cat", "lynx", "dog", "fox", "car")


def probabilities(T: float = 2.0) -> Picture:
    """Five classes with their probabilities in numbers, in two colours."""
    p = softmax([5.0, 4.5, 0.0, 0.0, -2.0], T)
    x = np.arange(5)
    return Picture(
        x=Axis("class", categories=CLASSES),
        y=Axis("probability p"),
        marks=(
            Bars(x, np.where(x == 0, p, np.nan), label="loses as T rises"),
            Bars(x, np.where(x == 0, np.nan, p), color="orange", label="gains as T rises"),
            *(Text(i, p[i], f"{p[i]:.3f}") for i in range(5)),
        ),
        sentence=f"At T = {T:g} the cat holds {p[0]:.2f}.",
    )


def entropies(T: float = 4.0) -> Picture:
    """Two lines over a logarithmic axis, a band, a rule at the present T with a point on each line."""
    temperatures = np.geomspace(0.1, 20, 81)
    teachers = {"confident": (8.0, 2.0, 1.0, 0.0, -1.0), "unsure": (2.0, 1.6, 1.0, 0.4, 0.0)}
    curves = {name: np.array([entropy(z, t) for t in temperatures]) for name, z in teachers.items()}
    return Picture(
        x=Axis("temperature T (no unit)", domain=(0.1, 20), scale="log"),
        y=Axis("entropy H (nats)", domain=(0, 1.8)),
        marks=(
            Rule(y=np.log(5), label="largest: log 5"),
            Band(temperatures, 0.9 * curves["confident"], 1.1 * curves["confident"], label="95 % interval"),
            Line(temperatures, curves["confident"], label="confident teacher"),
            Line(temperatures, curves["unsure"], color="orange", label="unsure teacher", dashed=True),
            Rule(x=T, label=f"T = {T:g}"),
            Points([T], [entropy(teachers["confident"], T)]),
            Points([T], [entropy(teachers["unsure"], T)], color="orange"),
        ),
        sentence=f"At T = {T:g} the unsure teacher is closer to the largest entropy.",
    )


def accuracies() -> Picture:
    """Ten bars with their intervals, the single seeds as points, and a digit in the corner."""
    rng = np.random.default_rng(3)
    x = np.arange(10)
    seeds = 0.55 + 0.03 * x + 0.05 * rng.standard_normal((5, 10))
    mean, half = seeds.mean(axis=0), 1.24 * seeds.std(axis=0, ddof=1)
    return Picture(
        x=Axis("digit", categories=tuple("0123456789")),
        y=Axis("accuracy on the class", domain=(0, 1.4)),
        marks=(
            Bars(x, mean, mean - half, mean + half, color="green", label="mean of 5 seeds, 95 % interval"),
            Points(np.tile(x, 5) + 0.28, seeds.ravel(), color="grey", label="one seed"),
            Image(digit(), 7.4, 9.4, 1.0, 1.4, square=True),
        ),
        sentence="The later the digit, the more accurate the student.",
    )


def every_mark() -> Picture:
    """Each kind of mark once, at places that are easy to compute; the third point of the line is missing."""
    return Picture(
        x=Axis("x (steps)", domain=(0, 10)),
        y=Axis("y (1,000 units)", domain=(-1, 4)),
        marks=(
            Band([0, 5, 10], [0.5, 1, 0.5], [1.5, 2, 1.5], color="purple", label="band"),
            Bars([1, 3], [2, -0.5], [1.5, -0.75], [2.5, -0.25], label="bars", width=1),
            Line([0, 2, 4, 6, 8], [3, 3.5, np.nan, 3.5, 3], color="orange", label="line", dashed=True),
            Points([5, 7], [0.5, -0.5], [0.25, -0.75], [0.75, -0.25], color="green", label="points"),
            Rule(x=9, label="upright"),
            Rule(y=2.5, color="purple", label="level"),
            Text(5, 3.2, "words", color="blue"),
            Image([[0, 1], [1, 0.5]], 6, 8, 1, 2),
            Arrow(4, -0.5, 6, 1, color="orange", label="arrow"),
        ),
        sentence="Every kind of mark.",
    )


def digit() -> np.ndarray:
    """Return an 8x8 image of a three."""
    rows = ("00000000", "00399300", "00000930", "00039300", "00000930", "00000930", "00399300", "00000000")
    return np.array([[int(dark) for dark in row] for row in rows]) / 9


ALL = (probabilities, entropies, accuracies, every_mark)
