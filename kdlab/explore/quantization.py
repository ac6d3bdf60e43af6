"""The widgets of the chapter compression/quantization."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from kdlab.core.quantization import (
    dequantize,
    fake_quantize,
    one_bit,
    one_bit_scale,
    passed_on,
    quadratic_error,
    quantize,
    range_to_grid,
    sign,
    weight_range,
)
from kdlab.explore.controls import Choice, Numbers, Order, Slider
from kdlab.explore.marks import Arrow, Bars, Heatmap, Image, Line, Points, Rects, Rule, Segments
from kdlab.explore.measured import data, mean_interval, of_seeds, record
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.questions import Estimate, Pick, Place
from kdlab.explore.tour import Stop
from kdlab.explore.widget import explorable

Weights = NDArray[np.float64]

# --- one student, format after format -------------------------------------------------------------------------------

SIDE, SHOWN_UNITS, SHOWN_IMAGES = 8, 16, 40


class Format(NamedTuple):
    """A name in the record, and what a layer's weights become."""

    name: str
    quantized: Callable[[Weights], Weights]


ROWS_APART = (1,)  # the axes along which the weights of one row share a scale
FORMATS = {
    "32 bits": Format("full", lambda W: W),
    "8 bits": Format("affine_8", lambda W: fake_quantize(W, 8)),
    "4 bits": Format("affine_4", lambda W: fake_quantize(W, 4)),
    "3 bits": Format("affine_3", lambda W: fake_quantize(W, 3)),
    "2 bits": Format("affine_2", lambda W: fake_quantize(W, 2)),
    "1 bit: −m or m": Format("one_bit", one_bit),
    "1 bit: m for each row": Format("one_bit_row", lambda W: one_bit(W, ROWS_APART)),
    "1 bit: 0 or one other": Format("affine_1", lambda W: fake_quantize(W, 1)),
}
SIGNS, ZERO_OR_ONE = "1 bit: −m or m", "1 bit: 0 or one other"


def _layer(i: int) -> Weights:
    """Return the weights of one of the two layers of the first seed's student, a row for each output."""
    return data(f"quantization.weight_{i}").astype(np.float64)


def _answers(W_1: Weights, W_2: Weights) -> NDArray[np.int64]:
    """Return what the student with these weights calls each test image."""
    bias_1, bias_2 = (data(f"quantization.bias_{i}").astype(np.float64) for i in (1, 2))
    hidden = np.maximum(data("pruning.pixels") / 16 @ W_1.T + bias_1, 0)
    return (hidden @ W_2.T + bias_2).argmax(axis=1)


def _right(answers: NDArray[np.int64]) -> int:
    return int((answers == data("pruning.labels")).sum())


def _which_one_bit_is_of_use() -> int:
    """Return which option is right: a student is of use if it is right more often than not."""
    use = [of_seeds("quantization", f"digits_{FORMATS[form].name}_post", "accuracy").mean() > 0.5 for form in ONE_BITS]
    return {(True, True): 0, (True, False): 1, (False, True): 2}[use[0], use[1]]


ONE_BITS = (SIGNS, ZERO_OR_ONE)


@explorable(
    measured="quantization",
    predict=Pick(
        "One bit for each weight, in two ways. Either each is −m or m, with one number m for a layer. Or each is 0 or "
        "one other number. Which student is still right more often than not?",
        options=("Both: a bit is a bit.", "Only the one of −m and m.", "Only the one of 0 and another."),
        answer=_which_one_bit_is_of_use,
        because=(
            "About half of the weights are negative. With 0 and one other number all of one sign are lost. That nearly "
            "all of the rest become 0 as well, and why, comes below."
        ),
        at={"form": ZERO_OR_ONE},
    ),
    form=Choice(tuple(FORMATS), value="32 bits", label="each weight has", play=True),
)
def one_student(form) -> Sheet:
    """One trained student, its weights with fewer and fewer bits."""
    name, quantized = FORMATS[form]
    W_1, W_2 = quantized(_layer(1)), quantized(_layer(2))
    before, now = _answers(_layer(1), _layer(2)), _answers(W_1, W_2)
    changed = before != now
    accuracy = 100 * mean_interval(of_seeds("quantization", f"digits_{name}_post", "accuracy"))["mean"]
    size = record("quantization").measured["bytes"]["digits"][name]
    bare = Axis("", hidden=True)
    units = Heatmap(
        W_1[:SHOWN_UNITS].reshape(-1, SIDE, SIDE),
        0,
        1,
        0,
        1,
        kind="two",
        high=0.6,
        tiles=True,
        square=True,
        colors=("blue", "orange"),
    )
    images = Image(
        data("pruning.pixels")[:SHOWN_IMAGES].reshape(-1, SIDE, SIDE) / 16,
        0,
        1,
        0,
        1,
        tiles=True,
        square=True,
        captions=tuple(map(str, now[:SHOWN_IMAGES])),
        frames=changed[:SHOWN_IMAGES],
    )
    return Sheet(
        rows=(
            (
                Picture(bare, bare, (units,), "16 of the 64 hidden units, a weight a pixel."),
                Picture(bare, bare, (images,), "40 test images, and what the student calls them."),
            ),
        ),
        sentence=(
            f"{form}: {size:,.0f} bytes of weights, {_right(now)} of {now.size} images right, {changed.sum()} answers "
            f"changed. The mean of 20 students: right in {accuracy:.1f} %."
        ),
        first=1,
    )


# --- one bit, and the best scale ------------------------------------------------------------------------------------

FOUR = (0.1, -0.2, 0.3, 2.0)
APART, ASIDE, LARGEST_WEIGHT = 2.2, 0.45, 3.0  # of the weights; of the squares, beside them; of a size
SIGN_OF_ZERO = {"+1": 1, "0": 0}


def _misses(w: Weights, m: float, sign_of_zero: int) -> Weights:
    """Return how far each weight is from m times its sign."""
    return np.where((w == 0) & (sign_of_zero == 0), 0.0, np.abs(w) - m)


@explorable(
    predict=Place(
        "The weights 0.1, −0.2, 0.3 and 2 become −m or m. Place m where the sum of the four squares is least.",
        answer=lambda: [one_bit_scale(np.array(FOUR))],
        because="It is the mean of the sizes, (0.1 + 0.2 + 0.3 + 2)/4 = 0.65: not their middle, and not their median.",
        within=0.12,
        axis="y",
        at={"m": 0.65},
    ),
    m=Slider(0.0, LARGEST_WEIGHT, value=0.0, steps=61, play=True, label="m"),
    w=Numbers(FOUR, -LARGEST_WEIGHT, LARGEST_WEIGHT, names=("w₁", "w₂", "w₃", "w₄"), label="weights"),
    zero=Choice(tuple(SIGN_OF_ZERO), value="+1", label="the sign of 0 is"),
)
def best_scale(m, w, zero) -> Sheet:
    """Four weights, each told by its sign and one number m."""
    w, s_0 = np.array(w), SIGN_OF_ZERO[zero]
    misses = _misses(w, m, s_0)
    level = m * np.where(w == 0, s_0, sign(w))
    places = APART * np.arange(w.size)
    best = float(one_bit_scale(w, None, s_0))

    def error(scale: float) -> float:
        return float(np.mean(_misses(w, scale, s_0) ** 2))

    so_far = np.arange(0, round(m / 0.05) + 1) * 0.05
    so_far = np.append(so_far[so_far < m], m)
    errors = np.array([error(scale) for scale in so_far])
    verdict = ", the least there is" if abs(m - best) < 5e-4 else ""
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("", (-0.6, places[-1] + 3.0), hidden=True, square=True),
                    Axis("weight", (-LARGEST_WEIGHT, LARGEST_WEIGHT)),
                    (
                        Rects(
                            places + ASIDE,
                            places + ASIDE + np.abs(misses),
                            np.minimum(w, level),
                            np.maximum(w, level),
                            color="orange",
                            faint=0.5,
                            label="squared miss",
                        ),
                        Rule(y=0.0),
                        Rule(y=m, moves="m", color="green", label="m"),
                        Rule(y=-m, color="green", label="−m"),
                        Bars(places, w, width=0.5, moves="w", label="weight"),
                    ),
                    "Drag the weights, or the line at m.",
                ),
                Picture(
                    Axis("m", (0.0, LARGEST_WEIGHT)),
                    Axis("mean squared error", (0.0, max(1.2, 1.05 * float(errors.max())))),
                    (
                        Line(so_far, errors, color="orange"),
                        Points([m], [errors[-1]], color="orange", shape="circle"),
                        Rule(x=m, moves="m", color="green"),
                    ),
                    "The error, from m = 0 to here.",
                ),
            ),
        ),
        sentence=f"m = {m:.3g}: mean squared error {error(m):.4f}{verdict}.",
    )


# --- a grid over a histogram ----------------------------------------------------------------------------------------

ONE_BIT = "1 bit: −e or e"
CODES = {ONE_BIT: 1, "2 bits": 2, "3 bits": 3, "4 bits": 4}
WIDEST, BIN = 1.3, 0.04
OUTERMOST, BEST_END, BEST_M = 1.01, 0.36, 0.23  # ends of the grid: of all weights; the best one of two bits, of one bit


def _on_grid(W: Weights, form: str, end: float) -> Weights:
    """Return the values of the grid that weights become, if its outermost ones are -end and end."""
    if form == ONE_BIT:
        return end * sign(W)
    s, z = range_to_grid(np.array(-end), np.array(end), CODES[form], symmetric=True)
    return dequantize(quantize(W, s, z, CODES[form], symmetric=True), s, z)


@lru_cache(maxsize=512)
def _share_lost(form: str, end: float) -> float:
    """Return the squared error of layer 1, over the mean square of its weights."""
    W = _layer(1)
    return float(np.mean((W - _on_grid(W, form, end)) ** 2) / np.mean(W**2))


@lru_cache(maxsize=1)
def _histogram() -> tuple[Weights, Weights]:
    """Return the middles of the bins, and how many in a hundred of the weights of layer 1 lie in each."""
    edges = BIN * (np.arange(2 * round(WIDEST / BIN) + 2) - round(WIDEST / BIN) - 0.5)
    counts, _ = np.histogram(_layer(1), edges)
    return (edges[:-1] + edges[1:]) / 2, 100 * counts / counts.sum()


def _best_end(form: str) -> float:
    """Return the end of least error, to a hundredth."""
    return min((round(0.01 * i, 2) for i in range(5, 131)), key=lambda end: _share_lost(form, end))


@explorable(
    data=("quantization.weight_*", "quantization.bias_*", "pruning.pixels", "pruning.labels"),
    predict=Place(
        "Two bits: each weight becomes −e, 0 or e, whatever is nearest. At first e is 1.01, just beyond the outermost "
        "weight. Place e where the squared error is least.",
        answer=lambda: [_best_end("2 bits")],
        because=(
            "Little more than a third of the way. Nearly a quarter of the weights lie outside, are cut off, and miss "
            "by more. The many inside get a value near them."
        ),
        within=0.12,
        axis="x",
        at={"form": "2 bits", "end": BEST_END},
    ),
    stops=(
        Stop(
            "All covered",
            {"form": "2 bits", "end": OUTERMOST},
            "The grid reaches to the outermost weight. Nearly all weights are nearest to 0, and become 0.",
        ),
        Stop(
            "Drawn in",
            {"form": "2 bits", "end": BEST_END},
            "Nearly a quarter of the weights are cut off now. The error is less than a fifth of what it was.",
        ),
        Stop(
            "One bit",
            {"form": ONE_BIT, "end": BEST_M},
            "A single bit, at its best place, was nearer to the weights than two bits that cover all of them.",
            Pick(
                "Two bits that reach to the outermost weight, or one bit at its best place: which is nearer to the "
                "weights, in the mean square?",
                options=("The two bits.", "The one bit."),
                answer=lambda: int(_share_lost(ONE_BIT, BEST_M) < _share_lost("2 bits", OUTERMOST)),
                because="Where the values lie counts for more than how many there are.",
            ),
        ),
        Stop(
            "Four bits",
            {"form": "4 bits", "end": OUTERMOST},
            "Fifteen values: the error is twice the least there is, and the answers hardly change.",
        ),
    ),
    form=Choice(tuple(CODES), value="2 bits", label="each weight has"),
    end=Slider(
        0.05,
        WIDEST,
        value=OUTERMOST,
        steps=26,
        stops=(OUTERMOST, BEST_END, BEST_M),
        label="the grid ends at e",
    ),
)
def grid(form, end) -> Sheet:
    """A grid laid over the 4,096 weights of a layer."""
    W = _layer(1)
    middles, shares = _histogram()
    levels = np.unique(_on_grid(np.linspace(-end, end, 301), form, end))
    nearest = np.abs(middles[:, np.newaxis] - levels).argmin(axis=1)
    beyond = (np.abs(middles) > end) & (form != ONE_BIT)
    parts = (
        ("blue", "", ~beyond & (nearest % 2 == 0)),
        ("sky", "", ~beyond & (nearest % 2 == 1)),
        ("red", "beyond the end", beyond & (shares > 0)),
    )
    bars = tuple(
        Bars(middles, np.where(here, shares, np.nan), width=BIN, color=color, label=label, hatch=color == "red")
        for color, label, here in parts
        if here.any()
    )
    highest = 8.0
    tops = np.full(levels.size, highest)
    ends = np.array([e for e in end_steps() if e >= end])
    lost = 100 * np.array([_share_lost(form, each) for each in ends])
    values = _on_grid(W, form, end)
    cut, zeros = int((np.abs(W) > end).sum()), int((values == 0).sum())
    told = f"{cut:,} of 4,096 weights lie beyond, {zeros:,} become 0" if form != ONE_BIT else "none becomes 0"
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("weight", (-WIDEST, WIDEST)),
                    Axis("weights (%)", (0.0, highest)),
                    (
                        *bars,
                        Segments(levels, np.zeros(levels.size), levels, tops, color="orange", label="what they become"),
                        Rule(x=end, moves="end", color="orange", label="e"),
                    ),
                    "Weights of one colour become one value. Drag the line at e.",
                ),
                Picture(
                    Axis("e", (0.0, WIDEST)),
                    Axis("squared error (% of mean square)", (0.0, 100.0)),
                    (
                        Line(ends, np.where(lost <= 100, lost, np.nan), color="orange"),
                        Points(ends[:1], lost[:1].clip(max=100), color="orange", shape="circle"),
                        Rule(x=end, moves="end", color="orange"),
                    ),
                    "The error, from here outwards.",
                ),
            ),
        ),
        sentence=(
            f"{form.partition(':')[0]}, e = {end:.3g}: {told}; the squared error is {lost[0]:.1f} % of the mean "
            f"square. With this layer the student is right in {_right(_answers(values, _layer(2)))} of 450."
        ),
    )


@lru_cache(maxsize=1)
def end_steps() -> tuple[float, ...]:
    """Return the ends of the grid that the error is drawn at: a hundredth apart."""
    return tuple(round(0.01 * i, 2) for i in range(5, 131))


# --- ten weights, and one that lies outside -------------------------------------------------------------------------

TEN = (-0.9, -0.7, -0.5, -0.3, -0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
FAR = 9.0
GROUPS = {"all ten": None, "five each": (1,)}


def _ten_on_grid(w: Weights, bits: int, groups: str) -> Weights:
    """Return ten weights on their grid, or each five on a grid of their own."""
    return fake_quantize(w.reshape(2, 5), bits, axes=GROUPS[groups]).ravel()


def _zeros_with(last: float) -> int:
    w = np.array((*TEN[:-1], last))
    return int((_ten_on_grid(w, 3, "all ten") == 0).sum())


@explorable(
    predict=Estimate(
        "Ten weights, 3 bits. Now one of them is 0 on the grid. The last weight goes from 1 to 8. How many of the ten "
        "are 0 then?",
        low=0,
        high=10,
        within=0.5,
        answer=lambda: _zeros_with(8.0),
        because="The step grew from 0.27 to 1.27, so that whatever is smaller than 0.64 is rounded to 0.",
        mark="none",
        at={"last": 8.0},
    ),
    last=Slider(0.0, FAR, value=1.0, steps=19, stops=(8.0,), play=True, label="the last weight"),
    w=Numbers(TEN[:-1], -FAR, FAR, names=tuple(f"w{i}" for i in range(1, 10)), label="the other nine"),
    bits=Slider(1, 8, value=3, steps=8, integer=True, label="bits"),
    groups=Choice(tuple(GROUPS), value="all ten", label="one scale for"),
)
def ten_weights(last, w, bits, groups) -> Sheet:
    """Ten weights on a grid that has to reach for the farthest."""
    w = np.array((*w, last))
    values = _ten_on_grid(w, bits, groups)
    misses = (w - values) ** 2
    places = np.arange(10)
    top = 1.5 if np.abs(w).max() <= 1.5 else FAR + 0.5
    bottom = -1.5 if w.min() >= -1.5 else -FAR - 0.5
    levels, starts, stops = [], [], []
    for group in (slice(0, 10),) if groups == "all ten" else (slice(0, 5), slice(5, 10)):
        s, z = range_to_grid(*weight_range(w[group]), bits)
        of_group = s * (np.arange(2**bits) - z)
        seen = of_group[(of_group >= bottom) & (of_group <= top)] if bits < 7 else np.zeros(0)
        levels += seen.tolist()
        starts += [group.start - 0.5] * seen.size
        stops += [group.stop - 0.5] * seen.size
    highest = max(0.06, 1.1 * float(misses.max()))
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("weight", categories=tuple(map(str, places + 1))),
                    Axis("value", (bottom, top)),
                    (
                        Segments(starts, levels, stops, levels, color="grey", thin=True),
                        Segments(places, w, places, values, color="orange"),
                        Points(places, values, color="orange", shape="square", label="on the grid"),
                        Points(places[:9], w[:9], color="blue", hollow=True, moves="w", label="weight"),
                        Points(places[9:], w[9:], color="blue", hollow=True, moves="last"),
                    ),
                    "Ten weights, and what they become. Drag them.",
                ),
                Picture(
                    Axis("weight", categories=tuple(map(str, places + 1))),
                    Axis("squared miss", (0.0, highest)),
                    (Bars(places, misses, color="orange"),),
                    "The squared misses.",
                ),
            ),
        ),
        sentence=(
            f"{bits} bit{'s' * (bits > 1)}, one scale for {groups}: from {w.min():.3g} to {w.max():.3g}, "
            f"{int((values == 0).sum())} of ten are 0, squared error {misses.sum():.4g}."
        ),
    )


# --- rounding that makes up for its misses --------------------------------------------------------------------------

THREE = (-0.4, -0.4, -0.3)
INPUTS = {
    "alike": np.array([[4.0, 3.0, 3.0], [3.0, 4.0, 2.0], [3.0, 2.0, 4.0]]),
    "uncorrelated": 4.0 * np.eye(3),
    "opposed": np.array([[4.0, -1.5, -1.5], [-1.5, 4.0, -1.5], [-1.5, -1.5, 4.0]]),
}
LEFT, MADE_UP, STALE = HOW = ("left", "made up for", "made up for, stale inverse")
ROUNDED = ("none yet", "one", "two", "all three")


class Rounding(NamedTuple):
    """The weights after a step, those rounded being whole numbers, and where the later ones were before it."""

    now: Weights
    before: Weights


def _roundings(w: Weights, H: Weights, order: tuple[int, ...], how: str) -> list[Rounding]:
    """Return the state before the first column and after each."""
    whole = np.linalg.inv(H)
    states = [Rounding(w, w)]
    for place, i in enumerate(order):
        before, later = states[-1].now, list(order[place + 1 :])
        now = before.copy()
        now[i] = np.rint(before[i])
        if how == MADE_UP:
            now[later] += (before[i] - now[i]) * passed_on(H, i, later)
        elif how == STALE:
            now[later] -= (before[i] - now[i]) * whole[later, i] / whole[i, i]
        states.append(Rounding(now, before))
    return states


@explorable(
    predict=Pick(
        "Inputs 1 and 2 rise and fall together. The first weight was −0.4 and becomes 0. So the output is too high "
        "where input 1 is. The second weight, also −0.4, is still free. What should it do?",
        options=("Rise, to −0.2.", "Stay, at −0.4.", "Fall, to −0.6."),
        answer=lambda: 2 if _roundings(np.array(THREE), INPUTS["alike"], (0, 1, 2), MADE_UP)[1].now[1] < -0.4 else 1,
        because="Where input 1 is high, input 2 is high as well. A lower second weight takes back what is too much.",
        at={"done": "one"},
    ),
    done=Choice(ROUNDED, value="none yet", play=True, label="rounded"),
    how=Choice(HOW, value=MADE_UP, label="misses are"),
    inputs=Choice(tuple(INPUTS), value="alike", label="inputs"),
    order=Order(("1", "2", "3"), label="order of the columns"),
    w=Numbers(THREE, -3.0, 3.0, names=("w₁", "w₂", "w₃"), label="weights"),
)
def compensate(done, how, inputs, order, w) -> Sheet:
    """Three weights are rounded to whole numbers, one after the other."""
    w, H, step = np.array(w), INPUTS[inputs], ROUNDED.index(done)
    states = _roundings(w, H, order, how)
    now, before = states[step]
    rounded = np.isin(np.arange(3), order[:step])
    moved = ~rounded & (np.abs(now - before) > 1e-9)
    places = np.arange(3)
    top = max(1.2, float(np.abs([state.now for state in states]).max()) + 0.2)
    errors = np.array([float(quadratic_error(w, state.now, H)) for state in states[: step + 1]])
    last = {each: _roundings(w, H, order, each)[-1].now for each in HOW[:2]}
    words = [f"{value:.0f}" if whole else f"{value:.3g}" for value, whole in zip(now + 0.0, rounded, strict=True)]
    compared = ""
    if step == 3:
        found = [float(quadratic_error(w, last[each], H)) for each in HOW[:2]]
        compared = f" Misses left: {found[0]:.3g}; made up for: {found[1]:.3g}."
    arrows = (
        (Arrow(places[moved] + 0.25, before[moved], places[moved] + 0.25, now[moved], color="orange"),)
        if moved.any()
        else ()
    )
    parts = ((~rounded, "blue", "free"), (rounded, "green", "rounded"))
    return Sheet(
        rows=(
            (
                Picture(
                    Axis("column", categories=("1", "2", "3")),
                    Axis("weight", (-top, top)),
                    (
                        Rule(y=0.0),
                        Bars(places, w, width=0.8, color="grey", outline=True, moves="w", label="at first"),
                        *(
                            Bars(places, np.where(here, now, np.nan), width=0.4, color=color, label=label)
                            for here, color, label in parts
                            if here.any()
                        ),
                        *arrows,
                    ),
                    "The weights. Drag the outlines.",
                ),
                Picture(
                    Axis("columns rounded", categories=("0", "1", "2", "3")),
                    Axis("error of the outputs", (0.0, max(4.0, 1.1 * float(errors.max())))),
                    (
                        Line(np.arange(step + 1), errors, color="orange"),
                        Points(np.arange(step + 1), errors, color="orange", shape="circle"),
                    ),
                    "What the outputs have lost so far.",
                ),
            ),
        ),
        sentence=f"Rounded: {done}. The weights are ({', '.join(words)}), the error {errors[-1]:.3g}.{compared}",
    )


# --- what was measured ----------------------------------------------------------------------------------------------

DATA = {"digits": "digits", "MNIST, 14 × 14": "mnist5k"}
BITS = {
    "digits": ("full", "affine_8", "affine_4", "affine_3", "affine_2", "one_bit", "one_bit_row", "affine_1"),
    "mnist5k": ("full", "affine_4", "affine_2", "one_bit"),
}
SHORT = {
    "full": "32",
    "affine_8": "8",
    "affine_4": "4",
    "affine_3": "3",
    "affine_2": "2",
    "one_bit": "±m",
    "one_bit_row": "±m, rows",
    "affine_1": "0, other",
}
TREATMENTS = {"as it is": "post", "taught on by the teacher": "kd", "taught on by the labels": "hard"}
MEASURES = {
    "accuracy": ("accuracy", Axis("test accuracy (%)", (0, 100)), 100, "right in {:.1f} %"),
    "distance of the weights": ("weight_error", Axis("distance of the weights (%)", (0, 105)), 100, "{:.1f} % off"),
    "distance from the teacher": ("kl", Axis("KL to the teacher (nats)", (0.001, 10), scale="log"), 1, "{:.3g} nats"),
}


def _values(source: str, form: str, treatment: str, measure: str) -> Weights:
    return of_seeds("quantization", f"{source}_{form}_{treatment}", measure)


@explorable(
    measured="quantization",
    predict=Pick(
        "MNIST, students that were quantized and not trained on. Which is nearer to its own weights: the grid of 2 "
        "bits that covers all of them, or 1 bit, −m or m?",
        options=("2 bits, in all seeds.", "1 bit, in all seeds.", "Now this, now that."),
        answer=lambda: _nearer_on_mnist(),
        because=(
            "The outermost weights lie farther out there, in proportion. A grid that reaches for them has its few "
            "values where there is little. The mean size m does not mind them."
        ),
        at={"source": "MNIST, 14 × 14", "shown": "distance of the weights"},
    ),
    source=Choice(tuple(DATA), value="digits", label="data"),
    treatment=Choice(tuple(TREATMENTS), value="as it is", label="the student is"),
    shown=Choice(tuple(MEASURES), value="accuracy", label="shown"),
)
def bits(source, treatment, shown) -> Picture:
    """What few bits cost: mean, interval, every seed."""
    measure, axis, scale, words = MEASURES[shown]
    forms = BITS[DATA[source]]
    values = scale * np.array([_values(DATA[source], form, TREATMENTS[treatment], measure) for form in forms])
    if measure == "weight_error":  # whole precision is no distance off: it has no place
        forms, values = forms[1:], values[1:]
    intervals = [mean_interval(of_form) for of_form in values]
    mean, half_width = (np.array([interval[key] for interval in intervals]) for key in ("mean", "half_width"))
    places = np.arange(len(forms))
    beside = np.linspace(-0.3, 0.3, values.shape[1])  # each seed has its place
    said = [form for form in ("affine_4", "affine_2", "one_bit") if form in forms]
    told = ", ".join(
        f"{SHORT[form]}{' bits' * (form != 'one_bit')} {words.format(mean[forms.index(form)])}" for form in said
    )
    return Picture(
        x=Axis("bits a weight; of one bit, its two values", categories=tuple(SHORT[form] for form in forms)),
        y=axis,
        marks=(
            Points((places[:, np.newaxis] + beside).ravel(), values.ravel(), color="grey", faint=0.4, label="one seed"),
            Points(
                places,
                mean,
                low=np.maximum(mean - half_width, axis.domain[0]),
                high=mean + half_width,
                color="blue",
                label="mean, 95 % interval",
            ),
        ),
        sentence=f"{source}, {treatment}: {told}.",
    )


def _nearer_on_mnist() -> int:
    """Return which option is right, from the seeds."""
    two, one = (_values("mnist5k", form, "post", "weight_error") for form in ("affine_2", "one_bit"))
    return 0 if (two < one).all() else 1 if (one < two).all() else 2
