"""The references of the exercises on the distillation loss beside torch and SciPy, and known wrong answers."""

from pathlib import Path

import numpy as np
import pytest
import torch
from scipy import special, stats
from torch.nn import functional

from kdlab.practice import cases, folder

EXERCISES = Path(__file__).parents[2] / "exercises" / "distillation_loss"
READ = {name: folder.read(EXERCISES / name) for name in ("loss", "debug", "how_loud")}
LOSS, DEBUG, HOW_LOUD = (cases.namespace(exercise) for exercise in READ.values())
Z = np.array([[2.0, 1.5, -1.0], [0.0, 1.0, 3.0]])
V = np.array([[3.0, 1.0, -2.0], [1.0, 0.0, 2.0]])
Y = np.array([0, 2])


def drawn(seed, n_rows=5, n_classes=4):
    rng = np.random.default_rng(seed)
    return *rng.normal(scale=2, size=(2, n_rows, n_classes)), rng.integers(0, n_classes, size=n_rows)


def of_torch(z, v, y, T, alpha):
    z = torch.tensor(z, requires_grad=True)
    log_q, log_p = (functional.log_softmax(each / T, dim=-1) for each in (z, torch.tensor(v)))
    soft = functional.kl_div(log_q, log_p, log_target=True, reduction="batchmean")
    loss = (1 - alpha) * functional.cross_entropy(z, torch.tensor(y)) + alpha * T**2 * soft
    loss.backward()
    return loss.item(), z.grad.numpy()


@pytest.mark.parametrize(("T", "alpha"), [(0.5, 0.3), (1.0, 0.0), (4.0, 0.7), (20.0, 1.0)])
def test_loss_and_gradient_are_those_of_torch(T, alpha):
    z, v, y = drawn(int(10 * T))
    value, gradient = of_torch(z, v, y, T, alpha)
    assert LOSS["loss"](z, v, y, T, alpha) == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(LOSS["loss_gradient"](z, v, y, T, alpha), gradient, rtol=1e-9, atol=1e-14)


def test_the_divergence_is_scipy_s_and_masks_are_0_or_infinite():
    z, v, _ = drawn(3)
    p, q = special.softmax(v / 2.5, axis=1), special.softmax(z / 2.5, axis=1)
    np.testing.assert_allclose(LOSS["divergence"](z, v, 2.5), stats.entropy(p, q, axis=1), rtol=1e-9)
    masked = np.array([[0.0, -np.inf, 1.0]])
    assert LOSS["divergence"](masked, masked, 1.0) == [0]
    assert LOSS["divergence"](masked, V[:1], 1.0) == [np.inf]
    assert LOSS["divergence"](masked, np.array([[1e4, 0.0, 1e4]]), 0.1) == [np.inf]  # p rounds to 0
    assert np.isfinite(LOSS["divergence"](V[:1], masked, 1.0)).all()


def test_the_limit_is_where_the_scaled_divergence_goes():
    z, v, _ = drawn(5)
    np.testing.assert_allclose(1e6 * LOSS["divergence"](z, v, 1e3), LOSS["hot_limit"](z, v), rtol=2e-2)
    np.testing.assert_allclose(LOSS["hot_limit"](z + 3, v), LOSS["hot_limit"](z, v))


# at T = 4 and alpha = .7, computed by another program
KNOWN = {
    "without_t_squared": 0.118045,
    "t_for_t_squared": 0.168681,
    "alpha_on_the_other_side": 0.351794,
    "class_mean": 0.191186,
    "labels_at_t": 0.508307,
    "cross_entropy": 11.938950,
    "reversed": 0.361110,
    "summed": 0.742450,
    "t_squared_on_both": 1.888722,
    "teacher_at_one": 3.485696,
    "student_at_one": 4.083083,
    "softmax_twice": 0.497025,
}


def test_the_loss_has_the_value_of_another_program():
    assert LOSS["loss"](Z, V, Y, 4.0, 0.7) == pytest.approx(0.371225, abs=5e-7)


@pytest.mark.parametrize(("name", "value"), KNOWN.items())
def test_wrong_losses_have_the_values_of_another_program(name, value):
    (solution,) = [each for each in READ["loss"].wrong if each.name == name]
    wrong = cases.namespace(READ["loss"], solution)
    assert wrong["loss"](Z, V, Y, 4.0, 0.7) == pytest.approx(value, abs=5e-7)


def test_the_training_loss_is_that_of_torch_and_its_bugs_are_the_known_ones():
    z, _, y = drawn(7)
    expected = functional.cross_entropy(torch.tensor(z), torch.tensor(y)).item()
    assert DEBUG["training_loss"](z, y) == pytest.approx(expected, rel=1e-12)
    bad = {each.name: each for each in READ["debug"].wrong}
    twice = cases.namespace(READ["debug"], bad["bad_softmax_twice"])["training_loss"]
    sure = np.array([[10.0, 0.0, 0.0]])
    assert twice(sure, np.array([0])) == pytest.approx(0.551502, abs=5e-7)
    assert DEBUG["training_loss"](sure, np.array([0])) == pytest.approx(9.08e-5, rel=1e-3)
    clipped = cases.namespace(READ["debug"], bad["bad_clipped"])["training_loss"]
    assert clipped(np.array([[0.0, 50.0]]), np.array([0])) == pytest.approx(16.1, abs=0.05)


def test_how_loud_the_teacher_is():
    z, v, y = np.array([[2.0, 1.5, -1.0, -1.0]]), np.array([[3.0, 1.0, -2.0, 0.5]]), np.array([0])
    assert HOW_LOUD["teacher_share"](z, v, y, 4.0, 0.5) == pytest.approx(0.450, abs=5e-4)
    assert HOW_LOUD["alpha_for_share"](z, v, y, 4.0, 0.5) == pytest.approx(0.5500, abs=5e-5)
    drawn_ones = drawn(9)
    for share in (0.0, 0.2, 0.9, 1.0):
        alpha = HOW_LOUD["alpha_for_share"](*drawn_ones, 3.0, share)
        assert HOW_LOUD["teacher_share"](*drawn_ones, 3.0, alpha) == pytest.approx(share, abs=1e-12)
