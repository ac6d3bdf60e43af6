"""Every kind of control, each in a widget of its own: what it sets is drawn, and where it can be, taken hold of."""

import numpy as np

from kdlab.explore.controls import (
    Action,
    Cells,
    Choice,
    Cuts,
    Diary,
    Numbers,
    Order,
    Paint,
    Places,
    Seed,
    Shares,
    Slider,
    Switch,
    Ticks,
    Track,
    Words,
)
from kdlab.explore.picture import Arrow, Axis, Bars, Heatmap, Line, Picture, Points, Rule, Sheet, Text
from kdlab.explore.widget import explorable

NAMES = ("cat", "lynx", "dog")


def bars_of(values, names, low=0.0, high=1.0, moves="", **look):
    bars = Bars(np.arange(len(names)), values, moves=moves, **look)
    return Picture(Axis("", categories=names), Axis("value", (low, high)), (bars,), "")


@explorable(at=Slider(0.1, 10.0, value=1.0, label="place", scale="log", steps=11, stops=(4.0,), play=True))
def slider(at):
    """A rule that a slider moves, on a logarithmic axis."""
    x = np.geomspace(0.1, 10, 50)
    marks = (Line(x, 1 / (1 + x)), Rule(x=at, moves="at"))
    return Picture(
        Axis("place", (0.1, 10), "log"), Axis("height", (0, 1)), marks, f"At {at:.4g} it is {1 / (1 + at):.3f}."
    )


@explorable(count=Slider(1, 9, value=3, label="count", steps=9, integer=True, none="whole"))
def steps(count):
    """As many bars as an integer says, or all of them."""
    shown = 10 if count is None else count
    height = np.where(np.arange(10) < shown, 1.0, 0.2)
    return Picture(Axis("bar", (-0.5, 9.5)), Axis("height", (0, 1)), (Bars(np.arange(10), height),), f"{shown} of 10.")


def no_fox_at_night(settings):
    return "Nobody saw a fox at night." if settings["animal"] == "fox" and settings["night"] else ""


@explorable(
    animal=Choice(("cat", "dog", "fox"), value="cat", label="animal", play=True, available=no_fox_at_night),
    night=Switch(label="at night", available=no_fox_at_night),
)
def choice(animal, night):
    """A choice of three that is also tapped in the picture, and a switch; one of the six was not measured."""
    height = np.array([0.3, 0.6, 0.9]) * (0.5 if night else 1.0)
    chosen = ("cat", "dog", "fox").index(animal)
    marks = (
        Points([0, 1, 2], height, sets="animal", keys=("cat", "dog", "fox")),
        Points([chosen], [height[chosen]], color="orange"),
    )
    sentence = f"The {animal} {'at night' if night else 'by day'}: {height[chosen]:.2f}."
    return Picture(Axis("", categories=("cat", "dog", "fox")), Axis("height", (0, 1)), marks, sentence)


@explorable(letter=Choice(tuple("abcdef"), value="a", label="letter"))
def menu(letter):
    """A choice of six."""
    heights = np.where(np.array(list("abcdef")) == letter, 1.0, 0.2)
    return Picture(
        Axis("", categories=tuple("abcdef")), Axis("", (0, 1)), (Bars(range(6), heights),), f"Letter {letter}."
    )


@explorable(parts=Ticks(("one", "two", "three"), value=("two",), label="parts"))
def ticks(parts):
    """Some of three parts."""
    heights = [float(name in parts) for name in ("one", "two", "three")]
    marks = (Bars(range(3), heights),)
    sentence = f"Chosen: {', '.join(parts) or 'none'}."
    return Picture(Axis("", categories=("one", "two", "three")), Axis("", (0, 1)), marks, sentence)


@explorable(z=Numbers((2.0, 1.0, -1.0), low=-4.0, high=4.0, label="logits", names=NAMES, step=0.5))
def numbers(z):
    """Three bars to pull."""
    marks = (Bars(range(3), z, moves="z"),)
    return Picture(Axis("", categories=NAMES), Axis("logit", (-4, 4)), marks, f"The sum is {sum(z):g}.")


@explorable(q=Shares((0.5, 0.3, 0.2), label="shares", names=NAMES))
def shares(q):
    """Three shares of one whole, to pull."""
    marks = (Bars(range(3), q, moves="q", color="orange"),)
    return Picture(Axis("", categories=NAMES), Axis("share", (0, 1)), marks, f"The first is {q[0]:.4f} of 1.")


@explorable(order=Order(("first", "second", "third", "fourth"), label="order"))
def order(order):
    """Four things in an order."""
    marks = (Line(range(4), order),)
    return Picture(Axis("place", (-0.2, 3.2)), Axis("item", (-0.2, 3.2)), marks, f"Order {' '.join(map(str, order))}.")


RING = np.zeros((6, 6), bool)
RING[1:5, 1:5] = True
RING[2:4, 2:4] = False


@explorable(table=Cells(6, 6, label="cells", presets={"ring": RING}))
def cells(table):
    """A table of cells, and their number in each column."""
    marks = (Bars(range(6), table.sum(axis=0)),)
    return Picture(Axis("column", (-0.5, 5.5)), Axis("cells", (0, 6)), marks, f"{table.sum()} of 36 cells are on.")


LINE = np.zeros((12, 12), np.uint8)
LINE[:, 5:7] = 255


@explorable(drawn=Paint(12, 12, label="drawing", presets={"a one": LINE}))
def paint(drawn):
    """A small drawing, and its mirror image."""
    marks = (Heatmap(drawn[:, ::-1] / 255, 0, 12, 0, 12, low=0, high=1, color="ink", square=True),)
    sentence = f"{np.count_nonzero(drawn)} cells are dark."
    return Picture(Axis("", (0, 12), hidden=True, square=True), Axis("", (0, 12), hidden=True), marks, sentence)


@explorable(cuts=Cuts(0.0, 1.0, value=(0.25, 0.5, 0.75), label="cuts"))
def cuts(cuts):
    """Three cuts that rise."""
    marks = (Line([0, 1], [0, 1], color="grey"), *(Rule(x=cut, moves="cuts") for cut in cuts))
    return Picture(Axis("x", (0, 1)), Axis("y", (0, 1)), marks, f"Cut at {', '.join(f'{cut:.3g}' for cut in cuts)}.")


START = ((-1.0, -1.0, 0), (1.0, -0.5, 1), (0.0, 1.0, 0))


@explorable(places=Places(-2.0, 2.0, value=START, names=("circle", "square"), most=6, label="points"))
def places(places):
    """Points of two classes in the plane."""
    marks = (
        Points(places[:, 0], places[:, 1], color="blue", moves="places"),
        *(Text(x, y, ("circle", "square")[int(k)]) for x, y, k in places),
    )
    mean = places[:, :2].mean(axis=0) if len(places) else np.zeros(2)
    sentence = f"{len(places)} points about {mean[0]:.2f}, {mean[1]:.2f}."
    return Picture(Axis("x", (-2, 2), square=True), Axis("y", (-2, 2)), marks, sentence)


@explorable(tip=Places(-2.0, 2.0, value=((1.0, 1.0),), label="tip"))
def tip(tip):
    """An arrow held at its tip, beside its length."""
    x, y = tip[0]
    length = np.hypot(x, y)
    plane = Picture(
        Axis("x", (-2, 2), square=True),
        Axis("y", (-2, 2)),
        (Arrow(0, 0, x, y, moves="tip"),),
        f"The tip is at {x:.2f}, {y:.2f}.",
    )
    beside = Picture(
        Axis("", categories=("length",)), Axis("", (0, 3)), (Bars([0], [length]),), f"The length is {length:.2f}."
    )
    return Sheet(((plane, beside),), f"The tip is at {x:.2f}, {y:.2f}, its length {length:.2f}.")


@explorable(words=Words(3, ("cat", "cab", "car"), letters=(2, 5), label="words"))
def words(words):
    """Three words and their lengths."""
    marks = (Bars(range(3), [len(word) for word in words]),)
    return Picture(Axis("", categories=words), Axis("letters", (0, 6)), marks, f"Words: {', '.join(words)}.")


@explorable(seed=Seed())
def seed(seed):
    """Twenty draws of one seed."""
    drawn = np.random.default_rng(seed).normal(size=20)
    marks = (Points(range(20), drawn.clip(-3, 3)),)
    return Picture(
        Axis("draw", (-1, 20)), Axis("value", (-3, 3)), marks, f"Seed {seed}: the mean is {drawn.mean():.3f}."
    )


def count_to(settings):
    return sum(range(int(settings["last"]) + 1))


@explorable(
    last=Slider(1, 10, value=4, label="last", steps=10, integer=True),
    sum=Action(count_to, label="Add them up"),
)
def action(last, sum):
    """A sum that is made at a press."""
    marks = (Bars([0], [0 if sum is None else sum]),)
    sentence = f"Up to {last}: {'not added yet' if sum is None else sum}."
    return Picture(Axis("", categories=("sum",)), Axis("", (0, 60)), marks, sentence)


@explorable(answers=Diary())
def diary(answers):
    """How many of the reader's own answers were right."""
    right = sum(was_right for _, was_right in answers)
    marks = (Bars([0, 1], [len(answers), right]),)
    axis = Axis("", categories=("answers", "right"))
    return Picture(axis, Axis("", (0, 20)), marks, f"{right} of {len(answers)} answers were right.")


@explorable(where=Track())
def track(where):
    """Where a network will run."""
    bytes_there = {"sensor": 3e3, "phone": 3e7, "server": 3e10}[where]
    marks = (Points([bytes_there], [0.5]),)
    return Picture(
        Axis("bytes", (1e3, 1e11), "log"), Axis("", (0, 1)), marks, f"On the {where} there are {bytes_there:g} bytes."
    )


@explorable(where=Track(label="and here, a"))
def track_again(where):
    """The same answer, elsewhere on the page."""
    marks = (Bars([0], [len(where)]),)
    return Picture(
        Axis("", categories=("letters",)), Axis("", (0, 8)), marks, f"The word {where} has {len(where)} letters."
    )
