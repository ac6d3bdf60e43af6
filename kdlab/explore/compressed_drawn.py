"""What is drawn of compressed networks: their weights, their place on the map, and the images they answer otherwise."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kdlab.explore.compressed import (
    FILTERS,
    NETWORKS,
    UNITS,
    WHOLE,
    Flipped,
    accuracies,
    pixels,
    settings_of,
    way_to,
)
from kdlab.explore.marks import Color, Image, Line, Mark, Points, Rects, Segments, Text
from kdlab.explore.picture import Axis, Picture

Floats = NDArray[np.float64]

SHOWN = 15  # images, at most


def weights_drawn(first: int, second: int, rank: int | None) -> tuple[Mark, ...]:
    """Return each layer's weights as a rectangle, what is left of them filled."""
    marks: list[Mark] = []

    def box(x: float, full: tuple[float, float], left: tuple[float, float], name: str, color: Color = "blue") -> None:
        across, down = full
        marks.append(Rects([x], [x + across], [1 - down], [1.0], color="grey", filled=False))
        marks.append(Rects([x], [x + left[0]], [1 - left[1]], [1.0], color=color))
        marks.append(Text(x + across / 2, 1.03, name))

    one, two = first / FILTERS[0], second / FILTERS[1]
    box(0.3, (0.5, 0.5), (0.5, 0.5 * one), "conv 1")
    box(2.0, (2.0, 1.0), (2.0 * one, two), "conv 2")
    if rank is None:
        box(5.2, (4.0, 1.0), (4.0 * two, 1.0), "dense")
    else:
        thin = rank / UNITS
        box(5.2, (thin, 1.0), (thin, 1.0), "U", "orange")
        box(5.2 + thin + 0.5, (4.0, thin), (4.0 * two, thin), "V", "orange")
    box(11.0, (1.0, 0.3), (1.0, 0.3), "classes")
    return tuple(marks)


def map_marks(arm: str, x: Floats, y: Floats, front: NDArray[np.int64]) -> tuple[Mark, ...]:
    """Return the networks, the front, the seeds of the one chosen, and the way to it."""
    arms, models = list(NETWORKS.values()), tuple(NETWORKS)
    chosen = arms.index(arm)
    taught = np.array([bool(settings_of(each)["training"]) for each in arms])
    seeds = accuracies(arm)
    way = [arms.index(each) for each in way_to(arm)]
    marks: list[Mark] = [
        Line(x[front], y[front], step=True, color="green", label="front"),
        Points(np.full(seeds.size, x[chosen]), seeds, color="grey", shape="dot", faint=0.4),
    ]
    if len(way) > 1:
        marks.append(Segments(x[way[:-1]], y[way[:-1]], x[way[1:]], y[way[1:]], color="ink", thin=True))
    for which, color, shape, label in (
        (~taught, "blue", "circle", "as cut"),
        (taught, "orange", "diamond", "taught again"),
    ):
        at = np.flatnonzero(which)
        marks.append(
            Points(
                x[at],
                y[at],
                color=color,
                shape=shape,
                label=label,
                ring=at == chosen,
                sets="model",
                keys=tuple(models[i] for i in at),
            )
        )
    return tuple(marks)


def images_of(flipped: Flipped) -> Picture:
    """Return the first images that two networks answer differently."""
    bare = Axis("", hidden=True)
    number = len(flipped.rows)
    if not number:
        return Picture(bare, bare, (Text(0.5, 0.5, "none", large=True),), "Answered differently: no image.")
    first = flipped.rows[:SHOWN]
    changes = zip(flipped.before, flipped.after, strict=True)
    return Picture(
        bare,
        bare,
        (
            Image(
                pixels(first),
                0,
                1,
                0,
                1,
                tiles=True,
                captions=tuple(f"{a} → {b}" for a, b in changes)[:SHOWN],
                frames=(flipped.after != flipped.labels)[:SHOWN],
                color="red",
            ),
        ),
        f"Answered differently: {f'{SHOWN} of {number}' if number > SHOWN else number}. Framed: now wrong.",
    )


def words_of_rows(arm: str, other: str, flipped: Flipped) -> str:
    """Return how many rows of the first seed are answered otherwise."""
    if arm == WHOLE:
        return "It is what all others were made of."
    neither = len(flipped.rows) - flipped.lost - flipped.won
    return (
        f"Beside {other} the first seed answers {len(flipped.rows)} of 450 images otherwise: {flipped.lost} lost, "
        f"{flipped.won} won" + (f", {neither} wrong both times." if neither else ".")
    )
