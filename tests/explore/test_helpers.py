"""Contours lie where a function has its level, ellipses at their distance, networks and runs where they belong."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial.distance import mahalanobis

from kdlab.explore.helpers import beside, contour, ellipse, network

slopes = st.floats(-3, 3)


def middles(rows, columns, x0, x1, y0, y1):
    x = x0 + (np.arange(columns) + 0.5) * (x1 - x0) / columns
    y = y1 - (np.arange(rows) + 0.5) * (y1 - y0) / rows
    return np.meshgrid(x, y)


def ends(segments):
    return np.r_[segments.x0, segments.x1], np.r_[segments.y0, segments.y1]


@given(slopes, slopes, st.floats(-2, 2), st.integers(2, 12), st.integers(2, 12))
def test_the_contour_of_a_slope_is_where_it_has_the_level(a, b, level, rows, columns):
    assume(abs(a) + abs(b) > 0.01)
    x, y = middles(rows, columns, -1, 2, 0, 3)
    at_x, at_y = ends(contour(a * x + b * y, level, -1, 2, 0, 3))
    np.testing.assert_allclose(a * at_x + b * at_y, level, atol=1e-9)
    values = a * x + b * y
    assert bool(at_x.size) == (values.min() < level <= values.max())


def test_the_contour_of_a_bowl_is_its_circle_all_round():
    x, y = middles(80, 80, -2, 2, -2, 2)
    circle = contour(x**2 + y**2, 1.0, -2, 2, -2, 2, color="ink")
    at_x, at_y = ends(circle)
    np.testing.assert_allclose(np.hypot(at_x, at_y), 1, atol=0.01)
    length = np.hypot(circle.x1 - circle.x0, circle.y1 - circle.y0).sum()
    assert length == pytest.approx(2 * np.pi, rel=0.01)
    assert circle.color == "ink"


def test_a_contour_is_left_out_where_it_is_hidden():
    x, y = np.meshgrid(np.linspace(-2, 2, 81), np.linspace(2, -2, 81))
    half = contour(x**2 + y**2, 1.0, -2.025, 2.025, -2.025, 2.025, hidden=0.31 - x)
    at_x, at_y = ends(half)
    np.testing.assert_allclose(np.hypot(at_x, at_y), 1, atol=1e-3)
    assert at_x.min() == pytest.approx(0.31, abs=1e-9)
    lengths = np.hypot(np.subtract(half.x1, half.x0), np.subtract(half.y1, half.y0))
    assert lengths.sum() == pytest.approx(2 * np.arccos(0.31), rel=1e-3)


@given(hnp.arrays(np.float64, st.tuples(st.integers(2, 6), st.integers(2, 6)), elements=st.floats(-1, 1)))
def test_a_contour_ends_only_at_the_edge(values):
    lines = contour(values, 0.1, 0, 1, 0, 1)
    points = np.round(np.transpose(np.stack(ends(lines))), 9)
    places, counts = np.unique(points, axis=0, return_counts=True) if len(points) else (np.zeros((0, 2)), [])
    rows, columns = values.shape
    left, top = 0.5 / columns, 0.5 / rows
    for (x, y), count in zip(places, counts, strict=True):
        edge = min(abs(x - left), abs(x - 1 + left), abs(y - top), abs(y - 1 + top)) < 1e-6
        assert edge or count % 2 == 0


@given(hnp.arrays(np.float64, (2, 2), elements=st.floats(-3, 3)), st.tuples(slopes, slopes), st.floats(0.1, 3))
def test_an_ellipse_is_as_far_from_its_mean_all_round(root, mean, radius):
    covariance = root @ root.T
    assume(np.trace(covariance) > 0.01 and np.linalg.cond(covariance) < 1e6)
    line = ellipse(mean, covariance, radius=radius)
    inverse = np.linalg.inv(covariance)
    far = [mahalanobis(point, mean, inverse) for point in zip(line.x, line.y, strict=True)]
    np.testing.assert_allclose(far, radius, rtol=1e-6)
    assert (line.x[0], line.y[0]) == pytest.approx((line.x[-1], line.y[-1]))


def test_an_ellipse_without_width_is_a_segment():
    line = ellipse([0, 0], [[1, 1], [1, 1]])
    np.testing.assert_allclose(line.x, line.y, atol=1e-7)
    assert max(line.x) == pytest.approx(1)


@given(st.lists(st.integers(1, 6), min_size=2, max_size=4), st.integers(0, 100))
def test_a_network_has_a_dot_a_unit_and_a_line_a_weight(widths, seed):
    rng = np.random.default_rng(seed)
    weights = [rng.integers(-2, 3, shape) for shape in zip(widths[:-1], widths[1:], strict=True)]
    negative, positive, units = network(widths, weights, x0=1, x1=4, y0=-1, y1=1)
    assert units.items == sum(widths)
    assert negative.items == sum((matrix < 0).sum() for matrix in weights)
    assert positive.items == sum((matrix > 0).sum() for matrix in weights)
    places = set(zip(units.x.round(9), units.y.round(9), strict=True))
    for lines in (negative, positive):
        assert {*zip(lines.x0.round(9), lines.y0.round(9), strict=True)} <= places
        assert {*zip(lines.x1.round(9), lines.y1.round(9), strict=True)} <= places
        np.testing.assert_allclose(lines.x1 - lines.x0, 3 / (len(widths) - 1))
    assert (units.x.min(), units.x.max()) == (1, 4)
    assert np.abs(units.y).max() < 1
    grey, dots = network(widths)
    assert grey.items == sum(a * b for a, b in zip(widths[:-1], widths[1:], strict=True))
    assert (grey.color, dots.items) == ("grey", units.items)


def test_the_largest_weight_of_a_layer_is_the_darkest():
    _, positive, _ = network((2, 1, 1), [[[1.0], [4.0]], [[0.01]]])
    assert positive.faint.tolist() == [0.75, 0, 0]


@given(hnp.arrays(np.float64, st.tuples(st.integers(1, 20), st.integers(1, 5)), elements=st.floats(0, 1)))
def test_runs_stand_beside_their_own_bar(seeds):
    runs = beside(seeds, label="one seed")
    bars = np.floor(runs.x).astype(int)
    for k in range(seeds.shape[1]):
        assert sorted(seeds[:, k]) == sorted(runs.y[bars == k])
    assert (0.2 < runs.x - bars).all()
    assert (runs.x - bars < 0.4).all()
    assert (runs.color, runs.label) == ("grey", "one seed")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: contour([[0, 1]], 0, 0, 1, 0, 1),
            "values must have 2 rows and 2 columns at least; shape (1, 2) was given",
        ),
        (
            lambda: contour(np.eye(2), 0, 0, 1, 0, 1, hidden=np.eye(3)),
            "hidden must have the shape (2, 2) of the values; (3, 3) was given",
        ),
        (lambda: contour([0, 1], 0, 0, 1, 0, 1), "values must have 2 axes; an array of shape (2,) was given"),
        (lambda: contour([[0, np.nan], [0, 1]], 0, 0, 1, 0, 1), "values must hold finite numbers; nan was given"),
        (
            lambda: ellipse([0], np.eye(2)),
            "mean and covariance must have shapes (2,) and (2, 2); (1,), (2, 2) were given",
        ),
        (lambda: ellipse([0, 0], np.eye(3)), "mean and covariance must have shapes (2,) and (2, 2)"),
        (lambda: ellipse([0, 0], [[1, 2], [2, 1]]), "covariance must be symmetric, with no eigenvalue below 0"),
        (lambda: ellipse([0, 0], [[1, 1], [0, 1]]), "covariance must be symmetric, with no eigenvalue below 0"),
        (lambda: ellipse([0, 0], np.eye(2), radius=-1), "radius must be a number of at least 0; -1 was given"),
        (lambda: network((3,)), "widths must be two or more numbers of units, each at least 1; (3,) were given"),
        (lambda: network((3, 0)), "widths must be two or more numbers of units, each at least 1"),
        (
            lambda: network((2, 1), [np.ones((1, 2))]),
            "weights must have the shapes [(2, 1)], one matrix between each two",
        ),
        (
            lambda: network((2, 1), []),
            "weights must have the shapes [(2, 1)], one matrix between each two layers; [] were",
        ),
        (lambda: beside([0.5, 0.6]), "seeds must have 2 axes; an array of shape (2,) was given"),
        (lambda: beside([[np.inf]]), "seeds must hold finite numbers; inf was given"),
    ],
)
def test_bad_values_are_named(make, message):
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        make()
