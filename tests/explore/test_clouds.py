"""The clouds of points: their draws, and numbers that other programs found with them."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from kdlab.core.temperature import softmax
from kdlab.core.training import forward, gradients, sgd_step
from kdlab.explore.clouds import blobs, pinwheel, ring, ring_centres


def test_the_pinwheel_number_by_number():
    rng = np.random.default_rng(8)
    r = [rng.uniform(0.25, 1) for _ in range(9)]
    noise = [rng.standard_normal() for _ in range(9)]
    u = [rng.random() for _ in range(9)]
    shift = iter(rng.integers(1, 3, sum(value < 0.5 for value in u)))
    cloud = pinwheel(9, np.random.default_rng(8), wrong=0.5)
    assert cloud.classes.tolist() == [0, 1, 2] * 3
    for i, (x, y) in enumerate(cloud.points):
        angle = 2 * np.pi * (i % 3) / 3 + 1.7 * r[i] + 0.45 * noise[i]
        assert (x, y) == pytest.approx((2 * r[i] * np.cos(angle), 2 * r[i] * np.sin(angle)), abs=1e-14)
        assert cloud.labels[i] == ((i + next(shift)) % 3 if u[i] < 0.5 else i % 3)


def test_wrong_labels_are_as_many_as_asked_and_of_both_other_classes():
    cloud = pinwheel(30_000, np.random.default_rng(0), wrong=0.15)
    wrong = cloud.labels != cloud.classes
    assert wrong.mean() == pytest.approx(0.15, abs=3 * np.sqrt(0.15 * 0.85 / 30_000))
    assert np.mean((cloud.labels - cloud.classes)[wrong] % 3 == 1) == pytest.approx(0.5, abs=0.025)
    assert_array_equal(pinwheel(300, np.random.default_rng(0)).labels, np.arange(300) % 3)


def test_points_do_not_depend_on_the_share_of_wrong_labels():
    right, wrong = (pinwheel(60, np.random.default_rng(1), wrong=share) for share in (0, 1))
    assert_array_equal(right.points, wrong.points)
    assert (wrong.labels != wrong.classes).all()


def test_blobs_have_their_centres_deviations_and_counts():
    cloud = blobs([(-2, 0), (3, 1)], (0.5, 2.0), (20_000, 30_000), np.random.default_rng(0))
    for c, (centre, deviation, count) in enumerate([((-2, 0), 0.5, 20_000), ((3, 1), 2.0, 30_000)]):
        points = cloud.points[cloud.classes == c]
        assert len(points) == count
        assert_allclose(points.mean(axis=0), centre, atol=4 * deviation / np.sqrt(count))
        assert_allclose(points.std(axis=0), deviation, rtol=0.02)
    assert_array_equal(cloud.labels, cloud.classes)


def test_the_ring_is_blobs_of_eight_classes_from_the_right_anticlockwise():
    assert_allclose(ring_centres()[[0, 2, 3]], [(2, 0), (0, 2), (-(2**0.5), 2**0.5)], atol=1e-15)
    cloud = ring(2, np.random.default_rng(3))
    assert cloud.classes.tolist() == [c for c in range(8) for _ in range(2)]
    noise = np.random.default_rng(3).standard_normal((16, 2))
    angle = 2 * np.pi * cloud.classes / 8
    assert_allclose(cloud.points, 2 * np.c_[np.cos(angle), np.sin(angle)] + 0.6 * noise, atol=1e-14)


@pytest.mark.parametrize(
    ("temperature", "steps", "recall"), [(4, 100, 0.966), (1, 400, 0.628), (1, 200, 0.146), (None, 400, 0.0)]
)
def test_a_class_nobody_showed_is_named_as_often_as_another_program_found(temperature, steps, recall):
    """Two clouds are taught, by soft targets of three classes or by labels; then points of the third are asked."""
    centres = np.array([(-2.0, 0.0), (2.0, 0.0), (0.0, 3.0)])
    taught = blobs(centres[:2], 0.7, (30, 30), np.random.default_rng(0))
    new = centres[2] + 0.7 * np.random.default_rng(1).standard_normal((500, 2))
    distances = ((taught.points[:, np.newaxis] - centres) ** 2).sum(axis=-1)
    targets, T = np.eye(3)[taught.labels], temperature or 1
    if temperature:
        targets = softmax(-distances / (2 * 0.49), T)
    student = [(np.zeros((2, 3)), np.zeros((1, 3)))]
    for _ in range(steps):
        a = forward(taught.points, student)
        student = sgd_step(student, gradients(a, student, T * (softmax(a[-1], T) - targets) / 60), eta=0.5)
    named = forward(new, student)[-1].argmax(axis=-1) == 2
    assert named.mean() == pytest.approx(recall, abs=1e-9)
