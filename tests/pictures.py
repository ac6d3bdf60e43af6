"""Pictures of the kinds that chapters show, and one with every mark at known places."""

from __future__ import annotations

import numpy as np

from kdlab.explore.picture import (
    COLORS,
    Arrow,
    Axis,
    Band,
    Bars,
    Heatmap,
    Image,
    Line,
    Mark,
    Passage,
    Picture,
    Points,
    Rects,
    Rule,
    Segments,
    Sheet,
    Text,
)
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


def bars_of_all_kinds() -> Picture:
    """Stacked, floating, outlined and hatched bars, and some below 0."""
    x = np.arange(4)
    return Picture(
        x=Axis("step", categories=("first", "second", "third", "fourth")),
        y=Axis("share", domain=(-0.5, 1)),
        marks=(
            Bars(x, [0.4, 0.3, 0.2, -0.3], label="kept"),
            Bars(x, [0.7, 0.8, 0.5, 0.1], base=[0.4, 0.3, 0.2, 0.05], color="orange", hatch=True, label="cut"),
            Bars(x, [0.9, 0.9, 0.9, 0.9], color="ink", outline=True, width=0.9, label="whole"),
        ),
        sentence="Of four steps the last is below 0.",
    )


def lying_bars() -> Picture:
    """Horizontal bars with intervals, and points with intervals both ways; names on the upright axis."""
    return Picture(
        x=Axis("time (% of the whole)", domain=(0, 100)),
        y=Axis("what", categories=("64 images", "1 image", "bytes")),
        marks=(
            Bars([0, 1, 2], [28, 76, 50], [24, 70, 45], [32, 82, 55], horizontal=True, width=0.6, faint=[0, 0.5, 0]),
            Points([60, 20], [0, 2], [-0.3, 1.7], [0.3, 2.3], [50, 10], [70, 30], color="red", ring=[True, False]),
        ),
        sentence="One image takes three quarters of the time.",
    )


def plane() -> Picture:
    """A square plane: a mixture of three classes, their border, and points in every shape."""
    side = np.linspace(-2.25, 2.25, 10)
    x, y = np.meshgrid(side, -side)
    scores = np.exp(np.stack([x, y, -x - y], axis=-1))
    angles = np.linspace(0, 2 * np.pi, 8, endpoint=False)
    return Picture(
        x=Axis("first input", domain=(-2.5, 2.5), square=True),
        y=Axis("second input", domain=(-2.5, 2.5)),
        marks=(
            Heatmap(scores / scores.sum(-1, keepdims=True), -2.5, 2.5, -2.5, 2.5, kind="mix", faint=0.5),
            Segments([-2.5, 0], [0, -2.5], [2.5, 0], [0, 2.5], color="ink", dashed=True, label="border"),
            *(
                Points([2 * np.cos(a), np.cos(a)], [2 * np.sin(a), np.sin(a)], color=color, hollow=i % 2 == 1)
                for i, (a, color) in enumerate(zip(angles, COLORS, strict=True))
            ),
        ),
        sentence="Three classes share the plane.",
    )


def tables() -> Picture:
    """Heat maps of the other kinds, one of them hatched, and a row of images, two of them framed."""
    wave = np.sin(np.arange(24) / 2).reshape(4, 6)
    return Picture(
        x=Axis("x", domain=(0, 12), hidden=True),
        y=Axis("y", domain=(0, 8), hidden=True),
        marks=(
            Heatmap(np.where(wave == wave[1, 1], np.nan, wave), 0, 5, 4.5, 8, label="loss", color="green"),
            Heatmap(wave, 6, 12, 4.5, 8, kind="two", square=True, hatch=wave > 0.9, label="weight"),
            Heatmap(np.arange(24).reshape(4, 6) // 3, 0, 3, 2, 4, kind="classes"),
            Heatmap(
                np.stack([wave, -wave, wave**2]), 4, 12, 2.2, 4.2, kind="two", tiles=True, captions=("a", "b", "c")
            ),
            Image(
                np.stack([digit()] * 6),
                0,
                12,
                0,
                1.9,
                tiles=True,
                captions=tuple("123456"),
                frames=np.arange(6) % 3 == 1,
                color="red",
            ),
        ),
        sentence="Tables are drawn cell by cell.",
    )


def the_rest() -> Picture:
    """Steps, thin lines, rectangles, bounds, arrows, a crowd, large words, and a passage below."""
    rng = np.random.default_rng(5)
    x = np.arange(11)
    return Picture(
        x=Axis("steps", domain=(0, 10)),
        y=Axis("units", domain=(-1, 4)),
        marks=(
            Points(*(rng.normal([[5], [2]], [[1], [0.4]], (2, 3000))), color="sky"),
            *(Line(x, 0.1 * x * k, color="grey", thin=True, faint=0.3) for k in range(4)),
            Line(x, np.round(x / 3) - 0.5, step=True, color="purple"),
            Rects([1, 3], [2, 4], [3, -0.8], [3.8, 0], color="green"),
            Rects([6, 8], [7, 9], [3, -0.8], [3.8, 0], color="red", filled=False),
            Rects([4.5], [5.5], [3], [3.8], color="orange", hatch=True),
            Rule(x=9, shaded="above", color="red", label="budget"),
            Rule(y=-0.5, shaded="below"),
            Arrow([1, 2], [0, 0], [2, 3], [1, 1.5], color="ink", label="push"),
            Text(5, 1, "98.3 %", large=True, color="ink"),
            Passage("the cat sat on the mat and saw the dog", ((4, 7), (35, 38)), color="orange", label="student"),
        ),
        sentence="The rest of the marks.",
    )


def sheet() -> Sheet:
    """Four pictures in two rows."""
    return Sheet(
        rows=((plane(), probabilities(1.0)), (probabilities(8.0), entropies())), sentence="Four pictures.", first=1
    )


def kinds_of_marks(kind: type = Mark) -> list[type]:
    """Return all kinds of marks there are."""
    below = kind.__subclasses__()
    return [leaf for one in below for leaf in kinds_of_marks(one)] if below else [kind]


def digit() -> np.ndarray:
    """Return an 8x8 image of a three."""
    rows = ("00000000", "00399300", "00000930", "00039300", "00000930", "00000930", "00399300", "00000000")
    return np.array([[int(dark) for dark in row] for row in rows]) / 9


ALL = (
    probabilities,
    entropies,
    accuracies,
    every_mark,
    bars_of_all_kinds,
    lying_bars,
    plane,
    tables,
    the_rest,
)
