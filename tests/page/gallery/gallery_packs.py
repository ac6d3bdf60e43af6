"""Grids and arrays too large for the page: they come in scripts of their own, once they are near or needed."""

import numpy as np

from kdlab.explore.controls import Numbers, Slider
from kdlab.explore.measured import data
from kdlab.explore.picture import Axis, Line, Picture, Points
from kdlab.explore.widget import explorable


def noise(seed, name):
    drawn = np.random.default_rng([seed, len(name)]).random(70)
    return Picture(Axis("draw", (0, 70)), Axis("value", (0, 1)), (Line(range(70), drawn),), f"{name}: {drawn[0]:.6f}.")


@explorable(at=Slider(0, 99, value=5, label="seed", steps=100, integer=True))
def near(at):
    """A large grid at the top of the page."""
    return noise(at, "near")


@explorable(
    data=("pruning.labels",),
    shift=Numbers((0.0, 0.0), low=-5.0, high=5.0, label="shift", names=("right", "up")),
)
def recorded(shift):
    """The labels of a record, which no grid holds once they are shifted."""
    labels = np.bincount(data("pruning.labels"), minlength=10)
    marks = (Points(np.arange(10) + shift[0], labels + shift[1]),)
    sentence = f"Of {labels.sum()} digits {labels[3]} are a 3; shifted by {shift[0]:g}, {shift[1]:g}."
    return Picture(Axis("digit", (-6, 15)), Axis("number", (0, 60)), marks, sentence)


@explorable(at=Slider(0.0, 1.0, value=0.5, label="place", steps=5))
def between(at):
    """A small grid."""
    return noise(int(4 * at), "between")


@explorable(at=Slider(0.0, 1.0, value=0.5, label="place", steps=5))
def below(at):
    """Another small grid."""
    return noise(int(4 * at), "below")


@explorable(at=Slider(0, 99, value=7, label="seed", steps=100, integer=True))
def far(at):
    """A large grid at the end of the page."""
    return noise(at, "far")
