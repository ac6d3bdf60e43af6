"""Marks that several chapters draw: contours, ellipses, networks, and single runs beside their mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from kdlab.conventions import as_finite
from kdlab.explore.marks import Line, Mark, Points, Segments


def contour(
    values: ArrayLike,
    level: float,
    x0: float,
    x1: float,
    y0: float,
    y1: float,
    *,
    hidden: ArrayLike | None = None,
    **look: Any,
) -> Segments:
    r"""Return where values over a plane cross a level: marching squares, linear between the middles of the cells.

    .. math::

        \{(x, y) : f(x, y) = \text{level}\}

    Parameters
    ----------
    values : array_like
        Of shape (rows, columns), the first row on top, as a Heatmap has them: each in the middle of its cell.
    level : float
        Finite. A border between classes is where the largest score less the next is 0.
    x0, x1, y0, y1 : float
        The box that the cells fill.
    hidden : array_like or None
        Of the shape of the values: the line is left out where this is above 0, such as the border of two classes where
        a third has the largest score.
    **look
        Fields of the mark: color, label, ...

    Returns
    -------
    Segments
        One segment a cell side that is crossed twice; none where nothing crosses the level.

    Raises
    ------
    ValueError
        If the values have fewer than 2 rows or columns, or are not finite, or `hidden` is of another shape.

    Notes
    -----
    W. Lorensen and H. Cline, Marching cubes, 1987, in two dimensions. A square whose corners alternate is cut by its
    middle value.

    Examples
    --------
    >>> border = contour([[0.0, 1.0], [0.0, 1.0]], 0.5, 0, 2, 0, 2)
    >>> border.x0, border.y0, border.x1, border.y1
    (array([1.]), array([1.5]), array([1.]), array([0.5]))
    """
    table = as_finite("values", values, ndim=2)
    if min(table.shape) < 2:
        raise ValueError(f"values must have 2 rows and 2 columns at least; shape {table.shape} was given.")
    over = np.full(table.shape, -1.0) if hidden is None else as_finite("hidden", hidden, ndim=2)
    if over.shape != table.shape:
        raise ValueError(f"hidden must have the shape {table.shape} of the values; {over.shape} was given.")
    rows, columns = table.shape
    x = x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns
    y = y1 - (np.arange(rows) + 0.5) * (y1 - y0) / rows
    # a value at the level itself counts as above it, so that no corner is crossed twice
    above = table >= level
    row, column = np.nonzero(_mixed(above))
    # of each such square its corners in turn, and so the ends of its four sides
    corner = row + np.array([[0], [0], [1], [1]]), column + np.array([[0], [1], [1], [0]])
    place = np.stack([x[corner[1]], y[corner[0]], over[corner]], axis=-1)
    crossed = above[corner] != np.roll(above[corner], -1, axis=0)
    rise = np.roll(table[corner], -1, axis=0) - table[corner]
    share = (level - table[corner]) / np.where(crossed, rise, 1)
    crossings = place + share[..., np.newaxis] * (np.roll(place, -1, axis=0) - place)
    # the sides that are crossed, in turn; where all four are, the middle decides at which corners the two lines pass
    count, order = crossed.sum(axis=0), np.argsort(~crossed, axis=0, kind="stable")
    turned = (count == 4) & ((table[corner].mean(axis=0) >= level) == above[corner][0])
    order = np.where(turned, [[1], [2], [3], [0]], order)
    crossings = np.take_along_axis(crossings, order[..., np.newaxis], axis=0)
    one, other = np.concatenate([crossings[:2], crossings[2:, count == 4]], axis=1)
    seen = np.minimum(one[:, 2], other[:, 2]) < 0
    ends = np.concatenate([_seen_end(one, other), _seen_end(other, one)], axis=1)[seen]
    return Segments(*ends.T, **look)


def _mixed(above: np.ndarray) -> np.ndarray:
    """Return which squares of four neighbours have corners on both sides."""
    count = above[:-1, :-1].astype(int) + above[1:, :-1] + above[:-1, 1:] + above[1:, 1:]
    return (count > 0) & (count < 4)


def _seen_end(end: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Return the ends x, y of pieces, moved to where they are no longer hidden: the third number says how far."""
    far = np.maximum(end[:, 2], 0)
    share = far / np.where(far > 0, end[:, 2] - other[:, 2], 1)
    return (end + share[:, np.newaxis] * (other - end))[:, :2]


def ellipse(mean: ArrayLike, covariance: ArrayLike, *, radius: float = 1.0, **look: Any) -> Line:
    r"""Return the ellipse of all points so many standard deviations from the mean.

    .. math::

        (x - \mu)^\top \Sigma^{-1} (x - \mu) = r^2

    Parameters
    ----------
    mean : array_like
        Of shape (2,).
    covariance : array_like
        Of shape (2, 2): symmetric, no eigenvalue below 0. An eigenvalue of 0 makes a segment of it.
    radius : float
        In standard deviations, not negative.
    **look
        Fields of the mark: color, label, ...

    Returns
    -------
    Line
        Closed, of 73 points.

    Raises
    ------
    ValueError
        If shapes differ, the covariance is none, or the radius is negative.

    Examples
    --------
    >>> round_one = ellipse([1.0, 2.0], [[4.0, 0.0], [0.0, 4.0]])
    >>> float(round_one.x.max()), float(round_one.y.min())
    (3.0, 0.0)
    """
    centre, sigma = as_finite("mean", mean, ndim=1), as_finite("covariance", covariance, ndim=2)
    if centre.shape != (2,) or sigma.shape != (2, 2):
        raise ValueError(
            f"mean and covariance must have shapes (2,) and (2, 2); {centre.shape}, {sigma.shape} were given."
        )
    stretches, directions = np.linalg.eigh(sigma)
    if not np.allclose(sigma, sigma.T) or stretches[0] < -1e-9 * max(abs(stretches[1]), 1e-300):
        raise ValueError(f"covariance must be symmetric, with no eigenvalue below 0; {sigma.tolist()} was given.")
    if not 0 <= radius < np.inf:
        raise ValueError(f"radius must be a number of at least 0; {radius} was given.")
    angle = np.linspace(0, 2 * np.pi, 73)
    circle = radius * np.stack([np.cos(angle), np.sin(angle)])
    x, y = centre[:, None] + directions @ (np.sqrt(stretches.clip(0))[:, None] * circle)
    return Line(x, y, **look)


def network(
    widths: Sequence[int],
    weights: Sequence[ArrayLike] | None = None,
    *,
    x0: float = 0.0,
    x1: float = 1.0,
    y0: float = 0.0,
    y1: float = 1.0,
) -> tuple[Mark, ...]:
    """Return a network of layers: a column of dots each, and a line for each weight that is not 0.

    Parameters
    ----------
    widths : sequence of int
        How many units each layer has, the inputs first: two layers at least.
    weights : sequence of array_like, optional
        One matrix between each two layers, of shape (units before, units after). The smaller a weight beside the
        largest of its matrix, the fainter its line; negative ones are blue, positive ones orange, 0 has none. Without
        weights all lines are grey.
    x0, x1, y0, y1 : float
        The box that the network fills.

    Returns
    -------
    tuple of marks
        Segments of the weights, and Points.

    Raises
    ------
    ValueError
        If there are fewer than two layers, one has no unit, or matrices do not fit between them.

    Examples
    --------
    >>> negative, positive, units = network((2, 1), [[[1.0], [-0.5]]])
    >>> negative.x0, negative.y0, positive.y0, units.x
    (array([0.]), array([0.25]), array([0.75]), array([0., 0., 1.]))
    """
    if len(widths) < 2 or not all(isinstance(width, int | np.integer) and width > 0 for width in widths):
        raise ValueError(f"widths must be two or more numbers of units, each at least 1; {widths} were given.")
    across = np.linspace(x0, x1, len(widths))
    up = [y1 - (np.arange(width) + 0.5) * (y1 - y0) / width for width in widths]
    units = Points(np.repeat(across, widths), np.concatenate(up), color="ink", shape="circle")
    shapes = list(zip(widths[:-1], widths[1:], strict=True))
    matrices = [np.ones(shape) for shape in shapes] if weights is None else [as_finite("weights", w) for w in weights]
    if [matrix.shape for matrix in matrices] != shapes:
        found = [matrix.shape for matrix in matrices]
        raise ValueError(
            f"weights must have the shapes {shapes}, one matrix between each two layers; {found} were given."
        )
    lines = [
        (across[k], up[k][i], across[k + 1], up[k + 1][j], matrix[i, j] / np.abs(matrix).max())
        for k, matrix in enumerate(matrices)
        for i, j in np.argwhere(matrix)
    ]
    *ends, share = np.reshape(lines, (-1, 5)).T

    def edges(chosen: np.ndarray, color: str) -> Segments:
        return Segments(*(end[chosen] for end in ends), faint=1 - np.abs(share[chosen]), color=color, thin=True)

    if weights is None:
        return edges(share > 0, "grey"), units
    return edges(share < 0, "blue"), edges(share > 0, "orange"), units


def beside(seeds: ArrayLike, *, apart: float = 0.28, **look: Any) -> Points:
    """Return single runs as dots beside the bar of their mean, in three lanes, so that close ones do not merge.

    Parameters
    ----------
    seeds : array_like
        Of shape (seeds, bars): the bars stand at 0, 1, 2, ...
    apart : float
        How far right of the middle of its bar the middle lane lies.
    **look
        Fields of the mark; grey where no color is given.

    Returns
    -------
    Points
        Bar by bar, from the lowest to the highest.

    Raises
    ------
    ValueError
        If there are not two axes, or a number is not finite.

    Examples
    --------
    >>> runs = beside([[0.9], [0.5], [0.7]])
    >>> runs.y, runs.x.round(2)
    (array([0.5, 0.7, 0.9]), array([0.23, 0.28, 0.33]))
    """
    runs = np.sort(as_finite("seeds", seeds, ndim=2), axis=0)
    count, bars = runs.shape
    lanes = np.arange(count) % 3 - 1
    x = np.arange(bars)[:, None] + apart + 0.05 * lanes
    return Points(x.ravel(), runs.T.ravel(), **{"color": "grey"} | look)
