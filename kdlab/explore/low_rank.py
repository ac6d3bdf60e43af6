"""The widgets of the chapter compression/low_rank."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kdlab.core.low_rank import (
    data_aware_factors,
    layer_cost,
    low_rank_approximation,
    low_rank_errors,
    low_rank_factors,
    max_saving_rank,
    output_error,
    spectrum,
)
from kdlab.explore.controls import Cells, Choice, Slider
from kdlab.explore.helpers import ellipse
from kdlab.explore.marks import Arrow, Bars, Heatmap, Line, Mark, Points, Rects, Rule, Segments, Text
from kdlab.explore.measured import data, mean_interval, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.questions import Estimate, Pick, Place
from kdlab.explore.widget import explorable

Factors = tuple[NDArray[np.float64], NDArray[np.float64]]  # U and V
Matrix = NDArray[np.float64]

BARE = Axis("", hidden=True)
WEIGHTS, OUTPUTS = NEAREST = ("nearest in the weights", "nearest in the outputs")

# --- a layer under the knife ----------------------------------------------------------------------------------------

UNITS = 64
CUTS = (*range(1, 17), 20, 24, 28, 32, 40, 48, UNITS)
METHODS = {WEIGHTS: "plain", OUTPUTS: "data_aware"}
SHADES = 16  # of a colour: enough to be seen, and few enough to be shipped


def _layer(i: int) -> Factors:
    """Return weight (outputs, inputs) and bias of layer i of the student of the first seed."""
    return tuple(data(f"low_rank.{kind}_{i}").astype(np.float64) for kind in ("weight", "bias"))


@lru_cache(maxsize=2)
def _factors(method: str) -> Factors:
    """Return factors of the whole layer; their first r columns and rows are those of rank r."""
    W, _ = _layer(2)
    return low_rank_factors(W, UNITS) if method == WEIGHTS else data_aware_factors(W, _moments(), UNITS)


def _moments() -> Matrix:
    return data("low_rank.moments").astype(np.float64)


def _size_of_outputs(W: Matrix) -> float:
    """Return the root mean square of what a matrix makes of the layer's inputs."""
    return float(((W @ _moments()) * W).sum() ** 0.5)


def _cut(method: str, rank: int) -> Matrix:
    """Return what is left of the layer's matrix."""
    if rank == UNITS:
        return _layer(2)[0]
    U, V = _factors(method)
    return U[:, :rank] @ V[:rank]


@lru_cache(maxsize=128)
def _right(method: str, rank: int) -> float:
    """Return in how many of a hundred test images the student is right, its second layer cut."""
    (W1, b1), (_, b2), (W3, b3) = map(_layer, (1, 2, 3))
    hidden = np.maximum(data("pruning.pixels") / 16 @ W1.T + b1, 0)
    hidden = np.maximum(hidden @ _cut(method, rank).T + b2, 0)
    return 100 * float(((hidden @ W3.T + b3).argmax(axis=1) == data("pruning.labels")).mean())


def _first_cut_below_90() -> list[float]:
    """Return the place of the cut between the ranks at which the student is still right in 90 of 100 and no more."""
    lost = max(rank for rank in CUTS if _right(WEIGHTS, rank) < 90)
    return [(lost + CUTS[CUTS.index(lost) + 1]) / 2]


@explorable(
    measured="low_rank",
    predict=Place(
        "The bars say how strong each term is. All beyond the dashed line go. Place it where the student begins to be "
        "right in less than 90 of 100.",
        answer=_first_cut_below_90,
        within=1.0,
        axis="x",
        panel=1,
        because=(
            "Seven of 64 terms are enough for 90 of 100, six are not. The bars beyond look as if they counted: they "
            "count for the matrix, and hardly for the answers."
        ),
        at={"rank": 6, "factors": WEIGHTS},
    ),
    rank=Slider(1, UNITS, value=UNITS, scale="log", steps=2, stops=CUTS, integer=True, label="rank"),
    factors=Choice(NEAREST, value=WEIGHTS, label="factors"),
)
def knife(rank, factors) -> Sheet:
    """A layer under the knife: what is left of it, and of the student."""
    W, _ = _layer(2)
    left, s = _cut(factors, rank), spectrum(W)
    right = _right(factors, rank)
    off = np.linalg.norm(W - left) / np.linalg.norm(W)
    off_outputs = _size_of_outputs(W - left) / _size_of_outputs(W)
    high = 0.6 * np.abs(W).max()
    numbers = layer_cost(UNITS, UNITS, None if rank == UNITS else rank)[0]
    ranks = np.arange(1, UNITS + 1)
    kept = ranks <= rank
    cuts = Axis("rank kept", (0.7, 90), scale="log")
    bars = tuple(
        Rects(
            ranks[which] - 0.42,
            ranks[which] + 0.42,
            np.zeros(which.sum()),
            s[which],
            color=color,
            label=label,
            hatch=cut,
        )
        for which, color, label, cut in ((kept, "blue", "kept", False), (~kept, "grey", "cut", True))
        if which.any()
    )
    return Sheet(
        rows=(
            (
                Picture(
                    BARE,
                    BARE,
                    (
                        Heatmap(
                            np.round(SHADES * left / high) * high / SHADES,
                            0,
                            1,
                            0,
                            1,
                            kind="two",
                            high=high,
                            square=True,
                            colors=("blue", "orange"),
                        ),
                    ),
                    "What is left of the 64 × 64 weights.",
                ),
                Picture(
                    cuts,
                    Axis("singular value", (0, 4.5)),
                    (*bars, Rule(x=rank, moves="rank", color="ink")),
                    "The spectrum. Drag the knife, the solid line.",
                ),
                Picture(
                    cuts, Axis("right in (%)", (0, 100)), _course(rank, factors), "The student, down to this rank."
                ),
            ),
        ),
        sentence=(
            f"Rank {rank} of 64: {numbers:,} numbers for 4,096, weights off by {100 * off:.0f} %, outputs by "
            f"{100 * off_outputs:.0f} %; this student is right in {right:.1f} %."
        ),
        first=1,
    )


def _course(rank: int, method: str) -> tuple[Mark, ...]:
    """Return the accuracies from the whole layer down to this rank: of this student, and the means of all seeds."""
    so_far = np.array([r for r in CUTS if r >= rank])
    color = "blue" if method == WEIGHTS else "green"
    all_measured = np.array(record("low_rank").measured["ranks"]["digits"])
    measured = all_measured[all_measured >= rank]

    def means(way: str) -> Matrix:
        return _of("digits", way, "accuracy").mean(axis=1)[all_measured >= rank]

    return (
        Line(so_far, [_right(method, r) for r in so_far], color=color, label="this student"),
        Points(measured, means(METHODS[method]), color="grey", label="mean of 20 students"),
        Points(measured, means("plain_kd"), color="orange", shape="diamond", label="mean, taught on at this rank"),
        Rule(x=rank),
    )


# --- what rank is a letter? -----------------------------------------------------------------------------------------

SIDE = 8
NOTHING_BEYOND = 1e-9  # a singular value that is 0 but for rounding


def _drawn(*rows: str) -> NDArray[np.bool_]:
    return np.array([[cell == "#" for cell in row] for row in rows])


_WIDE, _ENDS = "#" * SIDE, "#" + "." * (SIDE - 2) + "#"
_SLASH = np.eye(SIDE, dtype=bool)[:, ::-1]
LETTERS = {
    "L": _drawn(*["#......."] * 7, _WIDE),
    "T": _drawn(_WIDE, *["...##..."] * 7),
    "O": _drawn(_WIDE, *[_ENDS] * 6, _WIDE),
    "X": np.eye(SIDE, dtype=bool) | _SLASH,
    "Z": _SLASH | (np.arange(SIDE) % (SIDE - 1) == 0)[:, np.newaxis],
    "stroke": _SLASH,
    "board": np.indices((SIDE, SIDE)).sum(axis=0) % 2 == 0,
}
ASKED = ("L", "O", "X", "stroke")


def _rank_of(cells: NDArray[np.bool_]) -> int:
    return int((spectrum(cells.astype(np.float64)) > NOTHING_BEYOND).sum())


@explorable(
    predict=Pick(
        "On a board of 8 by 8 cells: an L along two edges, an O along all four, an X of both diagonals, one diagonal "
        "stroke. Which needs the most terms to be drawn?",
        options=("The L.", "The O.", "The X.", "One diagonal stroke."),
        answer=lambda: int(np.argmax([_rank_of(LETTERS[name]) for name in ASKED])),
        because=(
            "A term is a column times a row: bars and boxes are cheap, wherever they lie. A stroke on the slant has "
            "eight rows that have nothing in common. The X has four, each of them twice."
        ),
        at={"cells": LETTERS["stroke"].tolist(), "rank": 4},
    ),
    cells=Cells(SIDE, SIDE, label="your initial", value=LETTERS["L"], presets=LETTERS),
    rank=Slider(1, SIDE, value=1, steps=SIDE, integer=True, play=True, label="terms"),
)
def letter(cells, rank) -> Sheet:
    """What rank is your initial? One term after the other."""
    W = cells.astype(np.float64)
    # where singular values are equal any directions of theirs will do: a millionth of a millionth a row decides
    steady = W * (1 + 1e-9 * np.arange(SIDE)[:, np.newaxis] ** 2)
    before, now = (low_rank_approximation(steady, r) for r in (rank - 1, rank))
    s = spectrum(W)
    kept = np.arange(SIDE) < rank
    bars = tuple(
        Bars(np.arange(1, SIDE + 1)[which], s[which], color=color, hatch=hatch)
        for which, color, hatch in ((kept, "blue", False), (~kept, "grey", True))
        if which.any()
    )

    def board(values: Matrix, title: str) -> Picture:
        shown = Heatmap(np.round(values, 6), 0, 1, 0, 1, kind="two", high=1.0, square=True, colors=("blue", "orange"))
        return Picture(BARE, BARE, (shown,), title)

    return Sheet(
        rows=(
            (
                board(now - before, f"Term {rank} alone."),
                board(now, f"The sum of {rank}."),
                Picture(Axis("term", (0.4, 8.6)), Axis("singular value", (0, 8)), bars, "What each term weighs."),
            ),
        ),
        sentence=_of_letter(cells, s, rank),
        first=1,
    )


def _of_letter(cells: NDArray[np.bool_], s: Matrix, rank: int) -> str:
    """Return what the drawing needs, and what so many terms leave."""
    if not cells.any():
        return "Nothing is marked: a board of zeros needs no term."
    name = next((name for name, each in LETTERS.items() if (each == cells).all()), "Your drawing")
    needed = int((s > NOTHING_BEYOND).sum())
    found = ", ".join(f"{each:.3g}" for each in s[:needed])
    one = needed == 1
    begin = f"{name}: rank {needed}, singular value{'' if one else 's'} {found}. "
    if rank >= needed:
        return f"{begin}With {rank} term{'s' * (rank > 1)} it is whole."
    missed, _, kept = low_rank_errors(s, rank)
    tie = s[rank - 1] - s[rank] < NOTHING_BEYOND
    return (
        f"{begin}{rank} term{'s' * (rank > 1)}: {100 * kept:.0f} % of the energy, off by "
        f"{100 * missed / np.linalg.norm(s):.0f} %{'; other terms would do as well' if tie else ''}."
    )


# --- is it smaller? -------------------------------------------------------------------------------------------------

LONGEST = 1024
ROOM, APART = 1.6, 0.15  # for the rectangles side by side, and between them, if the highest may have 1


@explorable(
    predict=Estimate(
        "A layer of 1000 × 512 holds 512 thousand numbers. How many thousand are in its two factors at rank 400?",
        low=1,
        high=1000,
        factor=1.03,
        unit="thousand",
        answer=lambda: layer_cost(1000, 512, 400)[0] / 1000,
        because="400 · (1000 + 512) = 604,800: more than before. Every rank costs a whole row and a whole column.",
        mark="none",
        at={"m": 1000, "n": 512, "rank": 400},
        covered=True,
    ),
    m=Slider(1, LONGEST, value=1000, scale="log", steps=3, stops=(64,), integer=True, label="outputs m"),
    n=Slider(1, LONGEST, value=512, scale="log", steps=3, stops=(64,), integer=True, label="inputs n"),
    rank=Slider(
        1,
        LONGEST,
        value=100,
        scale="log",
        steps=6,
        stops=(31, 32, 338, 339, 400),
        integer=True,
        label="rank r",
    ),
)
def cost(m, n, rank) -> Sheet:
    """One layer, or two thin ones, drawn to scale."""
    whole, thin, most = layer_cost(m, n)[0], layer_cost(m, n, rank)[0], max_saving_rank(m, n)
    scale = min(1 / max(m, rank), ROOM / (2 * n + rank))
    height, width, r = (side * scale for side in (m, n, rank))
    color = "blue" if thin < whole else "orange"
    at_u, at_v = width + APART, width + r + 2 * APART

    def box(x: float, across: float, up: float, name: str, look: str) -> tuple[Mark, ...]:
        return (
            Rects([x], [x + across], [1 - up], [1.0], color=look),
            Text(x + across / 2, 1.02, name),
        )

    ranks = np.geomspace(1, LONGEST, 25)
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("", (-0.03, 1.93), hidden=True, square=True),
                    Axis("", (-0.05, 1.2), hidden=True),
                    (
                        *box(0.0, width, height, "W", "grey"),
                        *box(at_u, r, height, "U", color),
                        *box(at_v, width, r, "V", color),
                    ),
                    f"W is {m} × {n}, U is {m} × {rank}, V is {rank} × {n}.",
                ),
                Picture(
                    Axis("rank r", (0.9, 1100), scale="log"),
                    Axis("numbers", (1, 3e6), scale="log"),
                    (
                        Rule(y=whole, label="W, whole"),
                        Line(ranks, ranks * (m + n), color="blue", label="U and V"),
                        Rule(x=rank, moves="rank", color="ink"),
                        Points([rank], [thin], color=color),
                    ),
                    "What every rank costs. Drag the line.",
                ),
            ),
        ),
        sentence=(
            f"Whole: {whole:,} numbers. Two layers at rank {rank}: {thin:,}, {_beside(thin, whole)}. "
            f"{f'Rank {most} is the last that saves' if most else 'No rank saves'}"
            f"{f'; no {m} × {n} matrix has more than {min(m, n)}' if rank > min(m, n) else ''}."
        ),
        first=1,
    )


def _beside(thin: int, whole: int) -> str:
    return (
        "just as many" if thin == whole else f"{100 * abs(thin / whole - 1):.0f} % {'less' if thin < whole else 'more'}"
    )


# --- best for what? -------------------------------------------------------------------------------------------------

STRETCHES = np.diag([2.0, 1.0])
LONG2, SHORT2 = 9.0, 1.0  # mean squares of the inputs along the two axes of their cloud
ALONG = "along the second input"


def _inputs(angle: float) -> tuple[Matrix, Matrix]:
    """Return the second moments of inputs whose long axis has this angle, and 16 inputs that have just these."""
    turn = np.radians(angle)
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    root = axes * np.sqrt([LONG2, SHORT2])
    way = np.arange(16) * np.pi / 8
    return root @ root.T, 2**0.5 * root @ np.stack([np.cos(way), np.sin(way)])


def _rank_one(angle: float, keep: str) -> Matrix:
    Sigma, _ = _inputs(angle)
    U, V = low_rank_factors(STRETCHES, 1) if keep == WEIGHTS else data_aware_factors(STRETCHES, Sigma, 1)
    return U @ V


def _miss(angle: float, keep: str) -> float:
    return float(output_error(STRETCHES, _rank_one(angle, keep), _inputs(angle)[0]))


@explorable(
    predict=Estimate(
        "Most inputs lie along the second axis. The matrix of rank 1 that is nearest in the weights misses the outputs "
        "by 9 in the mean square. By how much does the best of rank 1 for these inputs miss them?",
        low=0.0,
        high=9.0,
        within=0.5,
        answer=lambda: _miss(90.0, OUTPUTS),
        because=(
            "The SVD keeps the 2, since it is larger than the 1. But where it stretches by 2 hardly an input lies. "
            "Keep the 1, and what is lost is 2² times the mean square 1 of the first input: 4."
        ),
        mark="none",
        at={"angle": 90.0, "keep": OUTPUTS},
    ),
    angle=Slider(0.0, 90.0, value=90.0, steps=19, play=True, label="long axis of the inputs, degrees"),
    keep=Choice(NEAREST, value=WEIGHTS, label="the rank 1"),
)
def inputs(angle, keep) -> Sheet:
    """The same matrix, the same rank, other inputs."""
    Sigma, x = _inputs(angle)
    A = _rank_one(angle, keep)
    y, z = STRETCHES @ x, A @ x
    tip = 3 * np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))])
    plane = Axis("first input", (-5, 5), square=True), Axis("second input", (-5, 5))
    out = Axis("first output", (-9, 9), square=True), Axis("second output", (-9, 9))
    miss, plain, best = _miss(angle, keep), _miss(angle, WEIGHTS), _miss(angle, OUTPUTS)
    other = f"nearest in the outputs: {best:.3g}" if keep == WEIGHTS else f"nearest in the weights: {plain:.3g}"
    return Sheet(
        rows=(
            (
                Picture(
                    *plane,
                    (
                        ellipse([0.0, 0.0], Sigma, radius=2**0.5, color="grey"),
                        Points(*np.round(x, 6), color="grey", shape="dot"),
                        Arrow([0.0], [0.0], tip[:1], tip[1:], color="ink"),
                    ),
                    "Sixteen inputs.",
                ),
                Picture(
                    *out,
                    (
                        Segments(*np.round(y, 6), *np.round(z, 6), color="red", thin=True, label="miss"),
                        Points(*np.round(y, 6), color="blue", label="outputs of W"),
                        Points(*np.round(z, 6), color="orange", shape="diamond", label="of rank 1"),
                    ),
                    "Their outputs.",
                ),
            ),
        ),
        sentence=(
            f"Long axis at {angle:.0f} degrees, rank 1 {keep}: outputs off by {miss:.3g} in the mean square, weights "
            f"by {((STRETCHES - A) ** 2).sum():.3g}; {other}."
        ),
        first=1,
    )


# --- what was measured ----------------------------------------------------------------------------------------------

DATA = {"digits": "digits", "MNIST": "mnist5k"}
WAYS = {
    "plain": ("blue", WEIGHTS),
    "data_aware": ("green", OUTPUTS),
    "random": ("purple", "subspace by lot"),
    "plain_kd": ("orange", "taught on"),
}
ACROSS = {
    "error of the weights": ("weight_error", Axis("error of the weights (%)", (0, 140))),
    "error of the outputs": ("output_error", Axis("error of the outputs (%)", (0, 140))),
    "rank": ("", Axis("rank of 64", (1.6, 40), scale="log")),
}


def _of(data_set: str, way: str, measure: str) -> Matrix:
    """Return a measure in per cent, a row a rank, of every seed."""
    return 100 * np.array(record("low_rank").measured[data_set][measure][way])


def _nearer_at_rank_2() -> int:
    """Return whose outputs of the layer are nearer to the original's: the one that was cut, or the one taught on."""
    off = [_of("digits", way, "output_error")[0].mean() for way in ("plain", "plain_kd")]
    return int(np.argmin(off))


@explorable(
    measured="low_rank",
    predict=Pick(
        "Students of rank 2: some were only cut, nearest in the weights, the others were then taught on, and are right "
        "far more often. Whose matrix gives outputs nearer to those of the one before the cut?",
        options=("That of those only cut.", "That of those taught on."),
        answer=_nearer_at_rank_2,
        because=(
            "Not the weights alone, the outputs too went further away than those of a matrix of zeros. All layers "
            "learned on, and the others can have moved to meet the new one."
        ),
        at={"across": "error of the outputs", "learned": "digits"},
        covered=True,
    ),
    across=Choice(tuple(ACROSS), value="error of the weights", label="across"),
    learned=Choice(tuple(DATA), value="digits", label="data"),
)
def nearness(across, learned) -> Picture:
    """How near the matrix, how good the student: every seed a dot, every rank a mean."""
    measure, axis = ACROSS[across]
    ranks = record("low_rank").measured["ranks"][DATA[learned]]
    dots, means, words = [], [], []
    for way, (color, label) in WAYS.items():
        y = _of(DATA[learned], way, "accuracy")
        x = _of(DATA[learned], way, measure) if measure else np.tile(np.array(ranks, float)[:, None], y.shape[1])
        half = np.array([mean_interval(of_rank)["half_width"] for of_rank in y])
        place, height = x.mean(axis=1), y.mean(axis=1)
        dots.append(Points(x.ravel(), y.ravel(), color=color, shape="dot", faint=0.7))
        means += [
            Line(place, height, color=color),
            Points(place, height, low=height - half, high=height + half, color=color, label=label),
        ]
        if way != "random":
            means += [Text(place[i], height[i], str(ranks[i])) for i in (0, 1)]
        words.append(f"{label} {height[0]:.1f} %" + (f" ({place[0]:.0f} % off)" if measure else ""))
    return Picture(
        x=axis,
        y=Axis("right in (%)", (0, 100)),
        marks=(*dots, *means),
        sentence=f"{learned}, at rank 2, right in: {'; '.join(words)}.",
    )
