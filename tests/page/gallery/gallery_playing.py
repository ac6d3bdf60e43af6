"""Widgets of the gallery: a run, all seeds, a tour, and every kind of question, each once."""

from __future__ import annotations

import numpy as np

from kdlab.explore.controls import Choice, Numbers, Seed, Slider
from kdlab.explore.marks import Bars, Heatmap, Line, Points, Rule
from kdlab.explore.picture import Axis, Picture, Sheet
from kdlab.explore.play import Play
from kdlab.explore.questions import Curve, Estimate, Mark, Pick, PickSome, Place
from kdlab.explore.tour import Stop
from kdlab.explore.widget import explorable

X = np.linspace(0.0, 10.0, 41)


def _start(settings):
    weight = 4 + np.random.default_rng(settings["seed"]).normal(size=3)
    return {"weight": weight, "way": (weight,)}


def _step(state, settings, kind):
    pull = -settings["rate"] * state["weight"] if kind == "learn" else 0.5 * np.ones(3)
    weight = state["weight"] + pull
    return {"weight": weight, "way": (*state["way"], weight)}


def _over(settings, seed):
    state = _start(settings | {"seed": seed})
    for _ in range(5000):
        state = _step(state, settings, "learn")
    return {"at the start": float(np.abs(state["way"][0]).mean()), "at the end": float(np.abs(state["weight"]).mean())}


@explorable(
    run=Play(
        _start,
        _step,
        steps=100,
        frame=(1, 10),
        frames=({}, {"seed": 1}),
        kinds=("learn", "forget"),
        restarts=("seed",),
    ),
    rate=Slider(0.0, 0.5, value=0.05, label="rate", steps=11),
    seed=Seed(value=0, over=_over, better="lower", unit="nats", count=5),
    predict=(
        Pick("Where do the weights go?", ("To 0.", "To 4.", "Away."), lambda: 0, "Each is pulled to 0.", before=1),
        Estimate(
            "How large is the largest after 100 steps?",
            0.0,
            8.0,
            lambda: 0.03,
            within=0.2,
            because="It shrinks by a twentieth each step.",
            before=51,
            at={"run": 100},
        ),
    ),
)
def walk(run, rate, seed):
    """Three weights that learn, and forget."""
    way = np.array(run["way"])
    steps = np.arange(len(way))
    return Picture(
        x=Axis("step", domain=(0, 100)),
        y=Axis("weight (no unit)", domain=(0, 8)),
        marks=tuple(
            Line(steps, way[:, i], color=color, label=f"weight {i + 1}")
            for i, color in enumerate(("blue", "orange", "green"))
        ),
        sentence=f"After {len(way) - 1} steps at rate {rate:g} the largest weight is {way[-1].max():.3f}.",
    )


def _hill(height, middle=5.0):
    y = height * np.exp(-((X - middle) ** 2) / 4)
    return Picture(
        x=Axis("place (no unit)", domain=(0, 10)),
        y=Axis("height (no unit)", domain=(0, 10)),
        marks=(Line(X, y, color="blue", label="hill"), Points([middle], [height], color="orange", label="top")),
        sentence=f"The hill is {height:g} high, at {middle:g}.",
    )


HEIGHT = Slider(1.0, 9.0, value=2.0, label="height", steps=17)
MIDDLE = Slider(2.0, 8.0, value=5.0, label="middle", steps=13)


@explorable(
    predict=(
        Pick(
            "Raise it: what does the hill do?",
            ("It falls.", "It rises.", "Nothing."),
            lambda: 1,
            "Height is how high it is.",
            at={"height": 9.0},
        ),
        Pick("And then?", ("It stays.", "It sinks."), lambda: 0, "Nobody moves it.", at={"height": 9.0}),
    ),
    height=HEIGHT,
    goal=lambda settings: "There." if settings["height"] > 8 else "Your turn: make it higher than 8.",
    stops=(
        Stop("low", {"height": 1.0}, "A low hill."),
        Stop("middling", {"height": 5.0}, "A middling hill."),
        Stop(
            "high",
            {"height": 9.0},
            "A high hill.",
            ask=Pick("Higher than 8?", ("Yes.", "No."), lambda: 0, "It is 9 high."),
        ),
    ),
)
def hill(height):
    """A hill with a tour and a task."""
    return _hill(height)


@explorable(
    predict=PickSome(
        "Which are even?", ("two", "three", "four"), lambda: {0, 2}, "Half of them is whole.", at={"height": 8.0}
    ),
    height=HEIGHT,
)
def some(height):
    """Some of several."""
    return _hill(height)


@explorable(
    predict=Estimate(
        "How high is it?",
        1.0,
        9.0,
        lambda: (6.0, 8.0),
        within=0.0,
        because="Over seeds it is 6 to 8.",
        unit="m",
        at={"height": 7.0},
    ),
    height=HEIGHT,
)
def range_of_numbers(height):
    """A number, of which a range is right."""
    return _hill(height)


@explorable(
    predict=Estimate(
        "How many?",
        1.0,
        10000.0,
        lambda: 100.0,
        factor=2.0,
        because="A hundred.",
        mark="none",
        covered=True,
    ),
    height=HEIGHT,
)
def factor(height):
    """A number on a scale of factors."""
    return _hill(height)


@explorable(
    predict=Curve(
        "Draw the hill.",
        (1.0, 3.0, 5.0, 7.0, 9.0),
        lambda: 8 * np.exp(-((np.array([1.0, 3.0, 5.0, 7.0, 9.0]) - 5) ** 2) / 4),
        "It has one top.",
        within=1.0,
        at={"height": 8.0},
    ),
    height=HEIGHT,
)
def curve(height):
    """A curve to draw."""
    return _hill(height)


@explorable(
    predict=Place("Where is the top?", lambda: [[5.0, 8.0]], "Half way, and high.", within=1.0, at={"height": 8.0}),
    height=HEIGHT,
)
def point(height):
    """A point to place."""
    return _hill(height)


@explorable(
    predict=Place(
        "Between which two is it higher than 1?",
        lambda: [3.0, 7.0],
        "There.",
        within=0.5,
        axis="x",
        at={"height": 3.0},
    ),
    height=HEIGHT,
)
def cuts(height):
    """Two cuts to place."""
    return _hill(height)


@explorable(
    predict=Place(
        "Set the three numbers so that their sum is as large as can be.",
        lambda: [9.0, 9.0, 9.0],
        "Each at its most.",
        reached=lambda guess: float(np.sum(guess)),
        control="numbers",
        at={},
    ),
    numbers=Numbers((1.0, 2.0, 3.0), low=0.0, high=9.0, label="numbers", names=("a", "b", "c")),
)
def numbers(numbers):
    """Numbers to set."""
    return Picture(
        x=Axis("which", categories=("a", "b", "c")),
        y=Axis("how much", domain=(0, 10)),
        marks=(Bars(np.arange(3), numbers, moves="numbers"),),
        sentence=f"The sum is {sum(numbers):g}.",
    )


@explorable(
    predict=Mark(
        "Which cells are dark?",
        lambda: np.eye(4, dtype=bool),
        "The diagonal.",
        share=0.6,
        at={"shown": "dark"},
        panel=1,
    ),
    shown=Choice(("light", "dark"), value="light", label="shown"),
)
def cells(shown):
    """Cells to mark."""
    values = np.eye(4) if shown == "dark" else np.zeros((4, 4))
    plane = {"x": Axis("column", domain=(0, 4)), "y": Axis("row", domain=(0, 4))}
    table = Picture(**plane, marks=(Heatmap(values, 0, 4, 0, 4, kind="one"),), sentence=f"The table is {shown}.")
    beside = Picture(**plane, marks=(Rule(x=2),), sentence="Beside it.")
    return Sheet(((beside, table),), sentence=f"The table is {shown}.")


@explorable(
    predict=Pick("Before it is cut: is it whole?", ("Yes.", "No."), lambda: 0, "It is.", before="cut", at={}),
    stage=Choice(("whole", "cut", "mended"), value="whole", label="stage"),
)
def stations(stage):
    """Stations, one of which is asked about."""
    return _hill({"whole": 8.0, "cut": 2.0, "mended": 7.0}[stage])


@explorable(
    predict=Curve(
        "Draw the high one.",
        (0.0, 1.0, 2.0, 3.0, 4.0),
        lambda: [8.0] * 5,
        "It is high.",
        within=1.0,
        at={"stage": "high"},
        before="high",
    ),
    stage=Choice(("low", "high"), value="low", label="stage"),
)
def redrawn(stage):
    """A line that is drawn before its option is shown, and dots that stand a little aside."""
    height = np.full(5, 2.0 if stage == "low" else 8.0)
    places = np.arange(5)
    return Picture(
        x=Axis("place", categories=("1", "3", "5", "7", "9")),
        y=Axis("height (no unit)", domain=(0, 10)),
        marks=(
            Line(places, height, color="blue", label="hill"),
            Points(places + 0.2, height, color="orange", label="top"),
            Points(places - 0.2, height, color="blue"),
        ),
        sentence=f"The line is {stage}.",
    )
