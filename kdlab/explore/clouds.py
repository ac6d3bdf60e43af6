"""Points in the plane for the widgets that learn in the page: how they are drawn, number by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kdlab.core.training import Layers, initial_layers

ARMS = 3
RING_RADIUS, RING_DEVIATION = 2.0, 0.6


class Cloud(NamedTuple):
    """Points (n, 2), the labels (n,) that are taught, and the classes (n,) that are true."""

    points: NDArray[np.float64]
    labels: NDArray[np.int64]
    classes: NDArray[np.int64]


def pinwheel(count: int, rng: np.random.Generator, *, wrong: float = 0.0) -> Cloud:
    r"""Draw a pinwheel of three arms, the classes in turn.

    .. math:: x = 2r (\cos a, \sin a), \quad a = 2\pi y/3 + 1.7 r + .45 \varepsilon, \quad r \sim U(.25, 1)

    Parameters
    ----------
    count : int
        How many points.
    rng : Generator
        It gives all r, then all normal numbers, then which labels are wrong, then these.
    wrong : float
        Probability, in [0, 1], that a label is one of the two other classes.

    Examples
    --------
    >>> pinwheel(600, np.random.default_rng(8), wrong=0.15).labels[:6]
    array([0, 1, 2, 0, 1, 2])
    """
    classes = np.arange(count) % ARMS
    radius = rng.uniform(0.25, 1, count)
    angle = 2 * np.pi * classes / ARMS + 1.7 * radius + rng.normal(0, 0.45, count)
    points = 2 * radius[:, np.newaxis] * np.column_stack([np.cos(angle), np.sin(angle)])
    mislabelled = rng.random(count) < wrong
    labels = classes.copy()
    labels[mislabelled] = (classes[mislabelled] + rng.integers(1, ARMS, mislabelled.sum())) % ARMS
    return Cloud(points, labels, classes)


class Classroom(NamedTuple):
    """Points to learn and to be tested on, and the first weights of teacher and student."""

    train: Cloud
    test: Cloud
    teacher: Layers
    student: Layers


def classroom(
    seed: int, *, wrong: float, teacher: Sequence[int], student: Sequence[int], train: int = 600, test: int = 1000
) -> Classroom:
    """Draw all that chance decides of a classroom on the pinwheel, with one generator, in the order of `Classroom`.

    Parameters
    ----------
    seed : int
        Of the generator.
    wrong : float
        Share of wrong labels among those to learn; those of the test are right.
    teacher, student : sequence of int
        Widths of their layers, the inputs first.
    train, test : int
        How many points.
    """
    rng = np.random.default_rng(seed)
    return Classroom(
        pinwheel(train, rng, wrong=wrong),
        pinwheel(test, rng),
        initial_layers(teacher, rng),
        initial_layers(student, rng),
    )


def blobs(
    centres: ArrayLike, deviations: float | Sequence[float], counts: Sequence[int], rng: np.random.Generator
) -> Cloud:
    r"""Draw round clouds, one a class, one after the other.

    .. math:: x \sim N(m_y, \sigma_y^2 I)

    Parameters
    ----------
    centres : array_like, shape (C, 2)
        Of each class.
    deviations : float or sequence of float
        Standard deviation of all classes, or of each.
    counts : sequence of int
        Points of each class.
    rng : Generator
        It gives the normal numbers, point by point.

    Returns
    -------
    Cloud
        With labels that are all right.
    """
    classes = np.repeat(np.arange(len(counts)), counts)
    deviation = np.broadcast_to(np.asarray(deviations, dtype=np.float64), len(counts))[classes]
    points = np.asarray(centres)[classes] + deviation[:, np.newaxis] * rng.normal(size=(classes.size, 2))
    return Cloud(points, classes, classes)


def ring_centres(classes: int = 8) -> NDArray[np.float64]:
    """Return the centres (C, 2) of classes in a ring, anticlockwise from the right."""
    angle = 2 * np.pi * np.arange(classes) / classes
    return RING_RADIUS * np.column_stack([np.cos(angle), np.sin(angle)])


def ring(per_class: int, rng: np.random.Generator, *, classes: int = 8) -> Cloud:
    """Draw as many points of each class in a ring, as `blobs` does: neighbours overlap, others hardly do."""
    return blobs(ring_centres(classes), RING_DEVIATION, [per_class] * classes, rng)
