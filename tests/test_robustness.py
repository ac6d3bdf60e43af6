"""Robustness of linear classifiers: closed forms, corners of the box, linear programs, attacks, gauges and laws."""

import itertools
import math

import numpy as np
import pytest
import scipy.linalg
import scipy.optimize
import scipy.stats
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.linear_model import LogisticRegression

from kdlab.robustness import (
    TwoLayers,
    compress,
    critical_radius,
    diagonal_gauge,
    dual_norm,
    effective_weights,
    gaussian_robust_accuracy,
    hadamard_gauge,
    margins,
    multiclass_worst_margins,
    robust_accuracy,
    sign_gauge,
    worst_margins,
    worst_perturbation,
)

NORMS = {"linf": (np.inf, 1), "l2": (2, 2), "l1": (1, np.inf)}  # orders of the norm and of its dual
W1 = np.array([[1.0, -2.0, 0.5], [0.25, 1.0, -1.0]])
w2 = np.array([2.0, -0.5])

dyadic = st.integers(-64, 64).map(lambda n: n / 16)  # sums and products of a few are exact
sizes = st.integers(0, 64).map(lambda n: n / 64)


@st.composite
def problems(draw, *, elements=dyadic, num_classes=None):
    """Weights, inputs and labels: of two signs, or of C classes."""
    N, D = draw(st.integers(1, 4)), draw(st.integers(1, 5))
    shape = (D,) if num_classes is None else (num_classes, D)
    labels = st.sampled_from([-1, 1]) if num_classes is None else st.integers(0, num_classes - 1)
    return (
        draw(arrays(np.float64, shape, elements=elements)),
        draw(arrays(np.float64, (N, D), elements=elements)),
        np.array(draw(st.lists(labels, min_size=N, max_size=N))),
    )


def corners(low, high):
    return np.array(list(itertools.product(*zip(low, high, strict=True))))


# --- two classes ----------------------------------------------------------------------------------------------------


@given(problems(), sizes, dyadic)
def test_no_corner_of_the_cube_is_worse_and_one_is_as_bad(problem, epsilon, bias):
    w, X, y = problem
    worst = worst_margins(w, X, y, epsilon, bias=bias)
    for n, x in enumerate(X):
        scores = corners(x - epsilon, x + epsilon) @ w + bias
        assert worst[n] == min(y[n] * scores)  # dyadic numbers: exact


@given(problems(), sizes, dyadic)
def test_the_critical_radius_is_where_robustness_ends(problem, epsilon, bias):
    w, X, y = problem
    robust = worst_margins(w, X, y, epsilon, bias=bias) > 0
    radius = critical_radius(w, X, y, bias=bias)
    clear = np.abs(radius - epsilon) > 1e-12  # the quotient is rounded
    assert_array_equal((epsilon < radius)[clear], robust[clear])
    assert_array_equal(np.sign(radius), np.sign(margins(w, X, y, bias=bias)))


def test_a_tie_is_a_failure_at_any_radius():
    assert margins([1.0, 1.0], [[0.5, -0.5]], [1])[0] == 0
    assert robust_accuracy(worst_margins([1.0, 1.0], [[0.5, -0.5]], [1], 0)) == 0
    assert robust_accuracy(worst_margins([1.0, 1.0], [[0.5, -0.5]], [-1], 0)) == 0
    assert critical_radius([1.0, 3.0], [[1.0, 0.0]], [1]) == 0.25
    assert robust_accuracy(worst_margins([1.0, 3.0], [[1.0, 0.0]], [1], 0.25)) == 0
    assert robust_accuracy(worst_margins([1.0, 3.0], [[1.0, 0.0]], [1], np.nextafter(0.25, 0))) == 1


def test_sklearn_calls_a_score_of_0_the_negative_class_so_one_of_two_ties_is_right():
    model = LogisticRegression(fit_intercept=False).fit([[1.0, 0.0], [-1.0, 0.0]], [1, -1])
    X, y = [[0.0, 1.0], [0.0, 2.0]], [-1, 1]
    assert_array_equal(model.decision_function(X), 0)
    assert model.score(X, y) == 0.5
    assert robust_accuracy(worst_margins(model.coef_[0], X, y, 0)) == 0


def test_without_weights_the_bias_decides():
    for bias, radius in ((1.5, np.inf), (-1.5, -np.inf), (0.0, 0.0)):
        assert_array_equal(critical_radius([0.0, 0.0], [[1.0, 2.0]], [1], bias=bias), radius)
        assert_array_equal(worst_margins([0.0, 0.0], [[1.0, 2.0]], [1], 3.0, bias=bias), bias)
    assert_array_equal(worst_perturbation([0.0, 0.0], [[1.0, 2.0]], [1], 3.0, norm="l2"), [[0, 0]])


@pytest.mark.parametrize("norm", NORMS)
def test_dual_norms_are_those_of_numpy(norm):
    w = np.random.default_rng(0).normal(size=(3, 4, 5))
    assert_allclose(dual_norm(w, norm=norm), np.linalg.norm(w, ord=NORMS[norm][1], axis=-1), rtol=1e-15)
    assert_array_equal(dual_norm([0.0, 0.0], norm=norm), 0)
    for size in (1e200, 1e-200):
        assert_allclose(dual_norm(size * w, norm=norm), size * dual_norm(w, norm=norm), rtol=1e-14)


@pytest.mark.parametrize("norm", NORMS)
@given(problem=problems(elements=st.floats(-8, 8, width=16)), epsilon=st.floats(0, 4, width=16))
def test_the_worst_perturbation_attains_the_worst_margin_and_is_no_larger_than_allowed(norm, problem, epsilon):
    w, X, y = problem
    delta = worst_perturbation(w, X, y, epsilon, norm=norm)
    assert (np.linalg.norm(delta, ord=NORMS[norm][0], axis=1) <= epsilon * (1 + 1e-14)).all()
    assert_allclose(margins(w, X + delta, y), worst_margins(w, X, y, epsilon, norm=norm), rtol=1e-12, atol=1e-11)


@pytest.mark.parametrize("norm", NORMS)
def test_no_random_perturbation_is_worse(norm):
    rng = np.random.default_rng(1)
    w, X, y = rng.normal(size=6), rng.normal(size=(20, 6)), rng.choice([-1, 1], 20)
    delta = rng.normal(size=(2000, 1, 6))
    delta *= 0.3 / np.linalg.norm(delta, ord=NORMS[norm][0], axis=-1, keepdims=True)
    tried = y * ((X + delta) @ w)
    assert (tried.min(axis=0) >= worst_margins(w, X, y, 0.3, norm=norm) - 1e-12).all()
    assert (tried.min(axis=0) < margins(w, X, y)).all()


def test_of_equal_largest_weights_the_first_takes_the_l1_perturbation():
    assert_array_equal(worst_perturbation([1.0, -2.0, 2.0], np.zeros((1, 3)), [1], 0.5, norm="l1"), [[0, 0.5, 0]])


def test_the_gradient_sign_attack_of_torch_is_the_worst_perturbation():
    rng = np.random.default_rng(2)
    w, X, y = rng.normal(size=5), rng.normal(size=(8, 5)), rng.choice([-1, 1], 8)
    x = torch.tensor(X, requires_grad=True)
    torch.nn.functional.softplus(-torch.tensor(y) * (x @ torch.tensor(w))).sum().backward()
    assert_array_equal(worst_perturbation(w, X, y, 0.25), 0.25 * x.grad.sign().numpy())


# --- a box ----------------------------------------------------------------------------------------------------------


def linear_program(v, x, epsilon, low, high):
    """Return the least v . (x' - x) over the cube around x, within the box."""
    bounds = np.stack([np.maximum(x - epsilon, low), np.minimum(x + epsilon, high)], axis=1)
    return scipy.optimize.linprog(v, bounds=bounds).fun - v @ x


@settings(max_examples=25)
@given(problems(elements=sizes), sizes, st.data())
def test_a_linear_program_finds_the_same_minimum_in_a_box(problem, epsilon, data):
    w, X, y = problem
    w = w - 0.5
    low = data.draw(st.sampled_from([0.0, np.zeros(w.size), X.min(axis=0)]))
    high = data.draw(st.sampled_from([1.0, X.max(axis=0)]))
    worst = worst_margins(w, X, y, epsilon, bias=0.125, box=(low, high))
    for n, x in enumerate(X):
        expected = y[n] * (w @ x + 0.125) + linear_program(y[n] * w, x, epsilon, low, high)
        assert_allclose(worst[n], expected, atol=1e-9)
    delta = worst_perturbation(w, X, y, epsilon, box=(low, high))
    assert_allclose(margins(w, X + delta, y, bias=0.125), worst, atol=1e-12)
    assert (np.abs(delta) <= epsilon).all()
    assert (X + delta >= low).all()  # exact, since all numbers are dyadic
    assert (X + delta <= high).all()


@given(problems(elements=sizes), sizes)
def test_a_box_only_helps_and_a_far_one_does_not_matter(problem, epsilon):
    w, X, y = problem
    w = w - 0.5
    free = worst_margins(w, X, y, epsilon)
    assert (worst_margins(w, X, y, epsilon, box=(0.0, 1.0)) >= free).all()
    assert_array_equal(worst_margins(w, X, y, epsilon, box=(-1.0, 2.0)), free)


def test_in_a_box_the_l1_condition_is_sufficient_but_not_necessary():
    w, X, y = [1.0, 0.5], [[1.0, 0.0]], [1]  # the second pixel cannot fall
    assert worst_margins(w, X, y, 0.75) == -0.125
    assert worst_margins(w, X, y, 0.75, box=(0, 1)) == 0.25


# --- many classes ---------------------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(st.integers(2, 4).flatmap(lambda C: problems(num_classes=C)), sizes, st.data())
def test_many_classes_no_corner_is_worse_and_one_is_as_bad(problem, epsilon, data):
    W, X, y = problem
    b = data.draw(arrays(np.float64, len(W), elements=dyadic))
    worst = multiclass_worst_margins(W, X, y, epsilon, bias=b)
    for n, x in enumerate(X):
        scores = corners(x - epsilon, x + epsilon) @ W.T + b
        others = np.delete(scores, y[n], axis=1).max(axis=1)
        assert worst[n] == (scores[:, y[n]] - others).min()


@settings(max_examples=15)
@given(problems(elements=sizes, num_classes=3), sizes)
def test_many_classes_in_a_box_a_linear_program_for_each_pair(problem, epsilon):
    W, X, y = problem
    b = np.array([0.0, 0.25, -0.25])
    worst = multiclass_worst_margins(W, X, y, epsilon, bias=b, box=(0.0, 1.0))
    for n, x in enumerate(X):
        v = W[y[n]] - np.delete(W, y[n], axis=0)
        clean = v @ x + b[y[n]] - np.delete(b, y[n])
        pairs = [margin + linear_program(row, x, epsilon, 0.0, 1.0) for row, margin in zip(v, clean, strict=True)]
        assert_allclose(worst[n], min(pairs), atol=1e-9)


@pytest.mark.parametrize("norm", NORMS)
@given(problem=problems(), epsilon=sizes)
def test_two_classes_are_the_difference_of_their_weights(norm, problem, epsilon):
    w, X, y = problem
    W = np.stack([np.ones_like(w), np.ones_like(w) + w])
    assert_allclose(
        multiclass_worst_margins(W, X, (y + 1) // 2, epsilon, bias=[1.0, 1.5], norm=norm),
        worst_margins(w, X, y, epsilon, bias=0.5, norm=norm),
        rtol=1e-13,
        atol=1e-13,
    )


def test_one_class_alone_is_always_right():
    assert_array_equal(multiclass_worst_margins([[1.0, 2.0]], [[0.0, 1.0]], [0], 5.0), [np.inf])


def test_a_common_weight_however_large_does_not_blur_the_margin():
    W = np.array([[2.0**52, 1.0], [2.0**52, 0.0]])
    assert_array_equal(multiclass_worst_margins(W, [[1.0, 0.5]], [0], 0.25), [0.25])


# --- laws -----------------------------------------------------------------------------------------------------------


@given(problems(), sizes, sizes, st.integers(-8, 8), dyadic)
def test_law_12_robust_accuracy_falls_with_epsilon_from_the_clean_one_and_ignores_the_scale(
    problem, epsilon, other, exponent, bias
):
    w, X, y = problem
    low, high = sorted((epsilon, other))
    clean = (y * (X @ w + bias) > 0).mean()
    at = [robust_accuracy(worst_margins(w, X, y, eps, bias=bias)) for eps in (0, low, high)]
    assert clean == at[0] >= at[1] >= at[2]
    c = 2.0**exponent
    assert robust_accuracy(worst_margins(c * w, X, y, high, bias=c * bias)) == at[2]
    assert_array_equal(critical_radius(c * w, X, y, bias=c * bias), critical_radius(w, X, y, bias=bias))


def test_a_small_l1_norm_alone_buys_nothing():
    rng = np.random.default_rng(3)
    w, X = rng.normal(size=8), rng.normal(size=(200, 8))
    y = np.where(X @ w + rng.normal(size=200) > 0, 1, -1)
    accuracies = {robust_accuracy(worst_margins(c * w, X, y, 0.1)) for c in (1.0, 2.0**-20)}
    assert len(accuracies) == 1
    x, short = [[1.0, -0.75]], [0.25, 0.25]
    assert dual_norm(short) < dual_norm([1.0, 0.0])
    assert critical_radius(short, x, [1]) == 0.125 < critical_radius([1.0, 0.0], x, [1]) == 1


# --- Gaussian classes -----------------------------------------------------------------------------------------------


def gaussian_classes(D=4):
    rng = np.random.default_rng(4)
    root = rng.normal(size=(D, D))
    return rng.normal(size=D), rng.normal(size=D), root @ root.T, root


@pytest.mark.parametrize("norm", NORMS)
def test_gaussian_classes_against_scipy(norm):
    w, mu, Sigma, _ = gaussian_classes()
    epsilon = np.linspace(0, 40, 30)
    z = (w @ mu - epsilon * np.linalg.norm(w, ord=NORMS[norm][1])) / math.sqrt(w @ Sigma @ w)
    assert_allclose(
        gaussian_robust_accuracy(w, mu, Sigma, epsilon, norm=norm), scipy.stats.norm.cdf(z), rtol=1e-11, atol=1e-300
    )


def test_gaussian_tails_are_accurate():
    for z in (-37.0, -20.0, -5.0, 0.0, 3.0, 8.0):
        accuracy = gaussian_robust_accuracy([1.0], [z], [[1.0]], 0.0)
        assert_allclose(accuracy, scipy.stats.norm.cdf(z), rtol=1e-12)
        assert_allclose(accuracy, math.exp(scipy.stats.norm.logcdf(z)), rtol=1e-12)


def test_gaussian_classes_against_monte_carlo():
    """A z-test that calls a false alarm once in a million runs (the seed is fixed: in practice never)."""
    w, mu, Sigma, root = gaussian_classes()
    rng = np.random.default_rng(5)
    N, epsilon = 200_000, 0.3
    y = rng.choice([-1, 1], N)
    X = y[:, None] * mu + rng.normal(size=(N, 4)) @ root.T
    p = gaussian_robust_accuracy(w, mu, Sigma, epsilon)
    z = (robust_accuracy(worst_margins(w, X, y, epsilon)) - p) / math.sqrt(p * (1 - p) / N)
    assert 0.05 < p < 0.95
    assert abs(z) < scipy.stats.norm.isf(0.5e-6)


@pytest.mark.parametrize("c", [1e-300, 1e-3, 7.0, 1e300])
def test_law_12_gaussian_accuracy_ignores_the_scale(c):
    w, mu, Sigma, _ = gaussian_classes()
    assert_allclose(
        gaussian_robust_accuracy(c * w, mu, Sigma, [0.0, 0.4]),
        gaussian_robust_accuracy(w, mu, Sigma, [0.0, 0.4]),
        rtol=1e-12,
    )


def test_a_score_without_variance_is_right_or_wrong_for_sure():
    singular = [[1.0, -1.0], [-1.0, 1.0]]  # of x_1 - x_2; x_1 + x_2 is certain
    assert_array_equal(gaussian_robust_accuracy([1.0, 1.0], [1.0, 0.0], singular, [0.0, 0.25, 0.5, 0.75]), [1, 1, 0, 0])
    assert gaussian_robust_accuracy([0.0, 0.0], [1.0, 0.0], singular, 0.0) == 0
    assert_array_equal(gaussian_robust_accuracy([1 / 3, 1 / 3], [3.0, 0.0], np.array(singular) / 3, [0.0, 2.0]), [1, 0])


# --- two layers -----------------------------------------------------------------------------------------------------

matrices = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.tuples(
        arrays(np.float64, shape, elements=dyadic),
        arrays(np.float64, shape[0], elements=dyadic),
        arrays(np.float64, shape[0], elements=st.integers(-4, 4).map(lambda n: 2.0**n)),
    )
)


@given(matrices)
def test_two_layers_are_one(layers):
    hidden, output, _ = layers
    x = np.arange(hidden.shape[1])
    assert effective_weights(hidden, output) @ x == output @ (hidden @ x)


@given(matrices)
def test_a_gauge_does_not_change_the_function(layers):
    hidden, output, scale = layers
    w = output @ hidden
    assert_array_equal(effective_weights(*diagonal_gauge(hidden, output, scale)), w)
    assert_array_equal(effective_weights(*sign_gauge(hidden, output)), w)
    assert_array_equal(effective_weights(*hadamard_gauge(hidden, output)), w)


@given(matrices)
def test_which_layer_is_robust_to_compression_is_no_property_of_the_function(layers):
    hidden, output, _ = layers
    w = output @ hidden
    assert_array_equal(effective_weights(*compress(*sign_gauge(hidden, output), layer=2)), w)
    for per_row in (False, True):
        assert_array_equal(effective_weights(*compress(*hadamard_gauge(hidden, output), layer=1, per_row=per_row)), w)


def test_the_same_function_loses_in_either_layer_or_in_none():
    rng = np.random.default_rng(6)
    hidden, output = rng.normal(size=(8, 8)), rng.normal(size=8)
    w = output @ hidden
    X = rng.normal(size=(500, 8))
    y = np.where(X @ w > 0, 1, -1)

    def accuracy(layers):
        return robust_accuracy(worst_margins(effective_weights(*layers), X, y, 0.05))

    teacher = accuracy((hidden, output))
    loss = {
        (gauge.__name__, layer): teacher - accuracy(compress(*gauge(hidden, output), layer=layer))
        for gauge in (TwoLayers, sign_gauge, hadamard_gauge)
        for layer in (1, 2)
    }
    assert min(loss["TwoLayers", 1], loss["TwoLayers", 2]) > 0.05
    assert loss["sign_gauge", 2] == 0 < loss["sign_gauge", 1]
    assert loss["hadamard_gauge", 1] == 0 < loss["hadamard_gauge", 2]


@pytest.mark.parametrize("D", [1, 2, 3, 4, 5, 8, 9])
def test_the_hadamard_gauge_is_orthogonal_for_any_number_of_features(D):
    H, _ = hadamard_gauge(np.ones((2, D)), np.ones(2))
    n = len(H)
    assert D <= n < 2 * D
    assert_array_equal(np.abs(H), 1)
    assert_array_equal(H.T @ H, n * np.eye(D))
    if n == D:
        assert_array_equal(H, scipy.linalg.hadamard(n))


@given(matrices)
def test_one_bit_is_the_best_scale_times_the_sign_with_0_as_plus_one(layers):
    hidden, output, _ = layers
    signs = np.where(hidden >= 0, 1, -1)
    assert_allclose(compress(hidden, output, layer=1)[0], (hidden * signs).sum() / hidden.size * signs, rtol=1e-14)
    m = np.array([(row @ sign) / (sign @ sign) for row, sign in zip(hidden, signs, strict=True)])  # least squares
    assert_allclose(compress(hidden, output, layer=1, per_row=True)[0], m[:, None] * signs, rtol=1e-14)
    signs = np.where(output >= 0, 1, -1)
    for per_row in (False, True):
        assert_allclose(compress(hidden, output, layer=2, per_row=per_row)[1], (output @ signs) / output.size * signs)
    assert_array_equal(compress(hidden, output, layer=1)[1], output)
    assert_array_equal(compress(hidden, output, layer=2)[0], hidden)


def test_sign_of_0_is_plus_one_though_numpy_and_torch_say_0():
    weights = np.array([[0.0, -0.0, -2.0, 2.0]])
    assert_array_equal(np.sign(weights), torch.sign(torch.tensor(weights)).numpy())
    assert_array_equal(np.sign(weights)[0, :2], 0)
    assert_array_equal(compress(weights, [1.0], layer=1)[0], [[1, 1, -1, 1]])
    assert_array_equal(sign_gauge(weights, [-0.0])[1], [1])


def test_one_scale_for_the_layer_has_no_effect_on_robust_accuracy_but_one_for_each_row_has():
    rng = np.random.default_rng(7)
    hidden, output = rng.normal(size=(3, 6)) * [[0.1], [1.0], [10.0]], rng.normal(size=3)
    X = rng.normal(size=(400, 6))
    y = np.where(X @ (output @ hidden) > 0, 1, -1)
    tensor, row = (effective_weights(*compress(hidden, output, layer=1, per_row=per_row)) for per_row in (False, True))
    signs = output @ np.sign(hidden)  # m = 1
    for epsilon in (0.0, 0.05, 0.2):
        accuracy = robust_accuracy(worst_margins(tensor, X, y, epsilon))
        assert accuracy == robust_accuracy(worst_margins(signs, X, y, epsilon))
        assert accuracy != robust_accuracy(worst_margins(row, X, y, epsilon))


def test_with_a_nonlinearity_between_the_layers_the_formula_is_wrong():
    hidden, output = np.array([[1.0], [-1.0]]), np.array([1.0, -1.0])  # 2 x without ReLU, x with it
    x, epsilon = np.array([0.5]), 0.25

    def relu_network(points):
        return np.maximum(points @ hidden.T, 0) @ output

    formula = worst_margins(effective_weights(hidden, output), [x], [1], epsilon)[0]
    true = relu_network(np.linspace(x - epsilon, x + epsilon, 101)).min()
    assert (formula, true) == (0.5, 0.25)


# --- the ends of the range ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("largest", [1e308, np.float32(1e38), np.float32(3e38)])
def test_weights_near_the_end_of_their_range(largest):
    """Sums of two of them overflow; margins and radii need not."""
    dtype, w, y = np.asarray(largest).dtype, [largest, largest], [1, -1]
    w, x = np.array(w, dtype), np.array([[1e-5, 1e-5], [-3e-5, 1e-5]], dtype)
    rtol = 10 * np.finfo(dtype).eps
    with np.errstate(over="raise", invalid="raise"):
        assert_allclose(margins(w, x, y), 2e-5 * largest, rtol=rtol)
        assert_allclose(margins(w, x, y, bias=1e-5 * largest), largest * np.array([3e-5, 1e-5]), rtol=rtol)
        assert_allclose(critical_radius(w, x, y), 1e-5, rtol=rtol)
        assert_allclose(critical_radius(w, x, y, norm="l2"), 2**0.5 * 1e-5, rtol=rtol)
        assert_allclose(worst_margins(w, x, y, 0.0), 2e-5 * largest, rtol=rtol)
        assert_allclose(worst_margins(w, x, y, 5e-6), 1e-5 * largest, rtol=rtol)
        assert_allclose(worst_margins(w, x, y, 5e-6, box=(-1, 1)), 1e-5 * largest, rtol=rtol)
        assert_allclose(margins(w, x, y) - 5e-6 * largest * 2**0.5, worst_margins(w, x, y, 5e-6, norm="l2"), rtol=rtol)
        delta = worst_perturbation(w, x, y, 1.0, norm="l2")
        assert_allclose(delta, [[-(0.5**0.5)] * 2, [0.5**0.5] * 2], rtol=rtol)
        W = np.array([w / 2, -w / 2])
        assert_allclose(multiclass_worst_margins(W, x, [0, 1], 5e-6), 1e-5 * largest, rtol=rtol)
    assert_allclose(hadamard_gauge([[1e308, 1e308]], [1.0])[1], [1e308, 0])


@pytest.mark.parametrize("c", [1e-300, 1e300, 1e308])
def test_law_12_gaussian_accuracy_ignores_the_unit_of_the_inputs(c):
    mu, Sigma = np.array([1.0, -0.5]), np.array([[1.0, 0.5], [0.5, 1.0]])
    expected = gaussian_robust_accuracy([1.0, -1.0], mu, Sigma, 0.25)
    found = gaussian_robust_accuracy([1.0, -1.0], c**0.5 * mu, c * Sigma, c**0.5 * 0.25)
    assert_allclose(found, expected, rtol=1e-12)


# --- labels, shapes, dtypes and memory ------------------------------------------------------------------------------


def test_labels_0_and_1_are_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"labels must be -1 or \+1 \(2 \* labels - 1 turns 0 and 1 into them\); 0"):
        margins([1.0], [[1.0], [2.0]], [1, 0])


EMPTY = np.zeros((0, 2))


def test_no_inputs_give_no_margins_and_no_accuracy():
    none = np.zeros(0, dtype=int)
    for result in (
        margins([1.0, 2.0], EMPTY, none),
        critical_radius([1.0, 2.0], EMPTY, none),
        worst_margins([1.0, 2.0], EMPTY, [], 0.1, box=(0, 1)),
        multiclass_worst_margins(np.eye(2), EMPTY, none, 0.1),
    ):
        assert result.shape == (0,)
    assert worst_perturbation([1.0, 2.0], EMPTY, none, 0.1).shape == (0, 2)
    with pytest.raises(ValueError, match="worst_margins"):
        robust_accuracy(margins([1.0, 2.0], EMPTY, none))


def results(dtype, label_dtype=np.int64):
    w, X = np.array([2, -1], dtype), np.array([[1, 0], [1, 1]], dtype)
    y, classes = np.array([1, -1], label_dtype), np.array([0, 1])
    W, hidden = np.array([[2, 0], [0, 1]], dtype), np.array([[1, -2], [0, 1]], dtype)
    return [
        dual_norm(w, norm="l2"),
        margins(w, X, y, bias=0.5),
        critical_radius(w, X, y, norm="l2"),
        worst_margins(w, X, y, 0.25),
        worst_margins(w, X, y, 0.25, box=(0, 1)),
        worst_perturbation(w, X, y, 0.25, norm="l2"),
        multiclass_worst_margins(W, X, classes, 0.25, box=([0, 0], 1)),
        effective_weights(hidden, w),
        *compress(hidden, w, layer=1),
        *compress(hidden, w, layer=2, per_row=True),
        *diagonal_gauge(hidden, w, np.array([2, 4], dtype)),
        *sign_gauge(hidden, w),
        *hadamard_gauge(hidden, w),
    ]


@pytest.mark.parametrize(("dtype", "computed"), [("f2", "f4"), ("f4", "f4"), (">f4", "f4"), ("f8", "f8"), ("i2", "f8")])
def test_floats_keep_their_dtype_but_float16_and_integers_become_float64(dtype, computed):
    for result, expected in zip(results(dtype), results("f8"), strict=True):
        assert result.dtype == np.dtype(computed)
        assert_allclose(result.astype(float), expected, rtol=1e-6)


@pytest.mark.parametrize("dtype", ["i1", "i8", "f4", "f8"])
def test_labels_may_have_any_dtype_of_numbers(dtype):
    assert_array_equal(margins([2.0, -1.0], [[1.0, 0.0], [1.0, 3.0]], np.array([1, -1], dtype)), [2, 1])


def test_inputs_are_neither_changed_nor_shared():
    arrays = {"weights": [2.0, -1.0], "inputs": [[1.0, 0.0], [1.0, 1.0]], "labels": [1.0, -1.0]}
    arrays = {name: np.array(value) for name, value in arrays.items()}
    hidden, output, bounds = W1.copy(), w2.copy(), np.array([0.0, 0.0])
    everything = [*arrays.values(), hidden, output, bounds]
    before = [array.copy() for array in everything]
    for array in everything:
        array.flags.writeable = False
    found = [
        margins(**arrays),
        critical_radius(**arrays),
        worst_margins(**arrays, epsilon=0.25, box=(bounds, 1.0)),
        worst_perturbation(**arrays, epsilon=0.25, box=(bounds, 1.0)),
        multiclass_worst_margins(np.eye(2), arrays["inputs"], [0, 1], 0.1, bias=bounds),
        *compress(hidden, output, layer=1),
        *compress(hidden, output, layer=2),
        *diagonal_gauge(hidden, output, [1.0, 1.0]),
        *sign_gauge(hidden, output),
        *hadamard_gauge(hidden, output),
    ]
    for array, old in zip(everything, before, strict=True):
        assert_array_equal(array, old)
        assert not any(np.shares_memory(array, result) for result in found)
