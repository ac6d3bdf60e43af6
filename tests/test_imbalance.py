"""Class weights: scikit-learn and PyTorch, the laws of a weight on each sample, and what one inside the sum does."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.testing import assert_allclose, assert_array_equal
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

from kdlab.imbalance import (
    balanced_weights,
    class_counts,
    effective_number_weights,
    inside_sum_minimiser,
    inside_sum_minimum,
    inside_sum_tilt,
    inside_sum_value,
    inverse_count_weights,
    sample_weights,
    weighted_kl_divergence,
    weighted_kl_divergence_dz,
)

inf = math.inf
label_lists = st.lists(st.integers(0, 6), min_size=1, max_size=40)


def random_batch(seed, shape, scale=2.0):
    """Student's and teacher's logits, labels of a batch in which class 0 is common, and class weights."""
    rng = np.random.default_rng(seed)
    z, v = rng.normal(scale=scale, size=(2, *shape))
    labels = np.maximum(0, rng.integers(-5, shape[-1], size=shape[:-1]))
    return z, v, labels, rng.uniform(0.5, 4.0, size=shape[-1])


def softmax(logits, T=1.0):
    return torch.softmax(torch.as_tensor(np.asarray(logits, float)) / T, -1).numpy()


def torch_kl(z, v, T):
    log_q, log_p = torch.log_softmax(z / T, -1), torch.log_softmax(v / T, -1)
    return torch.nn.functional.kl_div(log_q, log_p, reduction="none", log_target=True)


# --- weights of classes and samples ---------------------------------------------------------------------------------


@given(label_lists)
def test_balanced_weights_of_the_classes_present_are_those_of_scikit_learn(labels):
    present = np.unique(labels)
    w = balanced_weights(labels, 7, present_only=True)
    assert_allclose(w[present], compute_class_weight("balanced", classes=present, y=labels), rtol=1e-15)
    assert_allclose(sample_weights(labels, w), compute_sample_weight("balanced", labels), rtol=1e-15)
    assert_array_equal(np.delete(w, present), 0)
    assert_allclose(balanced_weights(labels, 7), w * len(present) / 7, rtol=1e-15)


def test_scikit_learn_counts_the_classes_that_occur_and_has_no_weight_for_another():
    labels = [0, 0, 0, 1]
    assert_allclose(balanced_weights(labels, 3), [4 / 9, 4 / 3, 0], rtol=1e-15)  # N / (3 n_c)
    assert_allclose(compute_sample_weight("balanced", labels), [4 / 6, 4 / 6, 4 / 6, 2], rtol=1e-15)  # N / (2 n_c)
    with pytest.raises(ValueError, match="classes should have valid labels"):
        compute_class_weight("balanced", classes=np.arange(3), y=labels)


@given(label_lists)
def test_law_14_the_weights_of_the_samples_sum_to_N(labels):
    N, present = len(labels), len(set(labels))
    assert_allclose(sample_weights(labels, balanced_weights(labels, 7, present_only=True)).sum(), N, rtol=1e-14)
    assert_allclose(sample_weights(labels, balanced_weights(labels, 7)).mean(), present / 7, rtol=1e-14)
    ranks = np.unique(labels, return_inverse=True)[1]  # of these classes all occur
    assert_allclose(sample_weights(ranks, balanced_weights(ranks, present)).sum(), N, rtol=1e-14)
    for w in (inverse_count_weights(labels, 7), effective_number_weights(labels, 7, 0.9), np.arange(1.0, 8.0)):
        assert_allclose(sample_weights(labels, w, normalize=True).sum(), N, rtol=1e-14)


@given(label_lists)
def test_with_balanced_weights_every_class_that_occurs_weighs_the_same(labels):
    for weights in (balanced_weights, inverse_count_weights):
        share = np.bincount(labels, sample_weights(labels, weights(labels, 7)), minlength=7)
        assert_allclose(share[np.unique(labels)], share.max(), rtol=1e-14)


@given(label_lists)
def test_counts_and_inverse_counts(labels):
    n = class_counts(labels, 7)
    assert n.tolist() == [labels.count(c) for c in range(7)]
    assert_array_equal(inverse_count_weights(labels, 7), [1 / count if count else 0 for count in n])
    assert_allclose(inverse_count_weights(labels, 7) * len(labels) / 7, balanced_weights(labels, 7), rtol=1e-15)


@pytest.mark.parametrize("beta", [0.0, 1e-300, 0.5, 0.9, 0.9999, 1 - 1e-12, 1 - 2**-53, 1.0])
def test_effective_number_is_a_geometric_series(beta):
    labels = [0] * 50 + [1] * 2 + [3]
    for count, weight in zip((50, 2, 0, 1), effective_number_weights(labels, 4, beta), strict=True):
        effective_number = sum(Fraction(beta) ** k for k in range(count))  # (1 - beta^n) / (1 - beta), exact
        assert_allclose(weight, float(1 / effective_number) if count else 0, rtol=3e-15)


def test_effective_number_runs_from_equal_weights_to_inverse_counts():
    labels = [0] * 1000 + [1] * 10
    assert_array_equal(effective_number_weights(labels, 2, 0), [1, 1])
    assert_array_equal(effective_number_weights(labels, 2, 1), inverse_count_weights(labels, 2))
    ratios = [np.divide(*effective_number_weights(labels, 2, beta)) for beta in (0, 0.5, 0.9, 0.99, 0.999, 1)]
    assert (np.diff(ratios) < 0).all()


def test_weights_that_cannot_be_normalized_and_weights_that_overflow():
    with pytest.raises(ValueError, match="class_weights must not all be 0 for the classes of these labels"):
        sample_weights([1, 1], [2.0, 0.0], normalize=True)
    assert_allclose(sample_weights([0, 1], [1e308, 1e308], normalize=True), [1, 1])
    assert sample_weights([], [1.0], normalize=True).shape == (0,)


def test_labels_of_any_shape():
    labels = np.array([[0, 2, 2], [0, 0, 0]])
    assert class_counts(labels, 4).tolist() == [4, 0, 2, 0]
    assert_array_equal(sample_weights(labels, [1.0, 2.0, 3.0]), [[1, 3, 3], [1, 1, 1]])
    assert_array_equal(balanced_weights([], 3), [0, 0, 0])
    assert_array_equal(balanced_weights([], 3, present_only=True), [0, 0, 0])


# --- reading A: a weight on each sample -----------------------------------------------------------------------------


@pytest.mark.parametrize("scale_by_T2", [False, True])
@pytest.mark.parametrize("T", [0.5, 1.0, 6.0])
def test_torch_gives_the_same_loss_and_gradient(T, scale_by_T2):
    z, v, y, w = random_batch(0, (20, 5))
    student, weights = torch.tensor(z, requires_grad=True), torch.tensor(w[y])
    rows = torch_kl(student, torch.tensor(v), T).sum(-1) * weights * (T**2 if scale_by_T2 else 1)
    losses = {
        ("weights", "mean"): rows.sum() / weights.sum(),
        ("samples", "mean"): rows.mean(),
        ("weights", "sum"): rows.sum(),
        ("weights", "none"): rows,
    }
    for (divide_by, reduction), loss in losses.items():
        settings = {
            "class_weights": w, "divide_by": divide_by, "scale_by_T2": scale_by_T2, "reduction": reduction
        }  # fmt: skip
        assert_allclose(weighted_kl_divergence(z, v, y, T, **settings), loss.detach().numpy(), rtol=1e-11)
        gradient = torch.autograd.grad(loss.sum(), student, retain_graph=True)[0]
        result = weighted_kl_divergence_dz(z, v, y, T, **settings)
        assert_allclose(result, gradient.numpy(), rtol=1e-9, atol=1e-14)


def test_torch_divides_a_weighted_cross_entropy_by_the_sum_of_the_weights_too():
    """At a teacher that is certain of the label the divergence is the cross-entropy with it."""
    z, _, y, w = random_batch(1, (30, 4))
    v = np.where(np.eye(4)[y] == 1, 0.0, -inf)
    expected = torch.nn.functional.cross_entropy(torch.tensor(z), torch.tensor(y), weight=torch.tensor(w))
    assert_allclose(weighted_kl_divergence(z, v, y, class_weights=w), expected, rtol=1e-12)


def test_torch_mean_of_a_divergence_divides_by_the_classes_as_well():
    z, v, y, _ = random_batch(2, (30, 4))
    mean = torch_kl(torch.tensor(z), torch.tensor(v), 1.0).mean()
    assert_allclose(weighted_kl_divergence(z, v, y, class_weights=np.ones(4)), 4 * mean, rtol=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 20), st.floats(0.01, 100))
def test_only_ratios_of_weights_count_unless_the_sum_is_divided_by_samples(seed, T, factor):
    z, v, y, w = random_batch(seed, (6, 4))
    for function in (weighted_kl_divergence, weighted_kl_divergence_dz):
        loss = function(z, v, y, T, class_weights=w)
        assert_allclose(function(z, v, y, T, class_weights=factor * w), loss, rtol=1e-12, atol=1e-16)
        by_samples = [function(z, v, y, T, class_weights=c * w, divide_by="samples") for c in (1.0, factor)]
        assert_allclose(by_samples[1], factor * by_samples[0], rtol=1e-12, atol=1e-16)


@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_law_4_a_batch_is_the_mean_of_its_parts_by_weight_or_by_size(seed, cut):
    z, v, y, w = random_batch(seed, (6, 4))
    sizes = {"weights": [w[y[:cut]].sum(), w[y[cut:]].sum()], "samples": [cut, 6 - cut]}
    for divide_by, size in sizes.items():
        settings = {"class_weights": w, "divide_by": divide_by}
        parts = [weighted_kl_divergence(z[s], v[s], y[s], **settings) for s in (slice(cut), slice(cut, None))]
        assert_allclose(weighted_kl_divergence(z, v, y, **settings), np.average(parts, weights=size), rtol=1e-12)


@given(st.integers(0, 2**32 - 1), st.floats(0.5, 20), st.floats(-100, 100))
def test_law_1_shifts_change_nothing_and_the_loss_is_0_at_the_teacher(seed, T, shift):
    z, v, y, w = random_batch(seed, (6, 4))
    loss = weighted_kl_divergence(z, v, y, T, class_weights=w)
    assert_allclose(weighted_kl_divergence(z + shift, v - shift, y, T, class_weights=w), loss, rtol=1e-9)
    assert loss > 0
    assert weighted_kl_divergence(v, v, y, T, class_weights=w) == 0
    assert not weighted_kl_divergence_dz(v, v, y, T, class_weights=w).any()
    rows = weighted_kl_divergence_dz(z, v, y, T, class_weights=w).sum(axis=-1)
    assert_allclose(rows, 0, atol=1e-15)


@given(st.integers(0, 2**32 - 1), st.permutations(range(4)))
def test_law_3_classes_may_be_reordered(seed, order):
    z, v, y, w = random_batch(seed, (6, 4))
    expected = weighted_kl_divergence(z, v, y, 2.0, class_weights=w)
    reordered = np.argsort(order)[y]
    assert_allclose(
        weighted_kl_divergence(z[:, order], v[:, order], reordered, 2.0, class_weights=w[order]), expected, rtol=1e-12
    )


def minimised(loss, *shape):
    """Logits at which PyTorch's L-BFGS finds the loss least."""
    z = torch.zeros(shape, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS(
        [z], max_iter=500, tolerance_grad=1e-12, tolerance_change=0, line_search_fn="strong_wolfe"
    )

    def closure():
        optimiser.zero_grad()
        value = loss(z)
        value.backward()
        return value

    optimiser.step(closure)
    return z.detach().numpy()


def test_weights_do_not_move_what_a_capable_student_learns_not_even_the_teachers_errors():
    _, v, y, w = random_batch(3, (6, 4))
    v[0, y[0]] = v[0].min() - 1  # the teacher errs
    for weights in (np.ones(4), w):
        factor = torch.tensor(weights[y])
        learnt = minimised(lambda z, factor=factor: (factor * torch_kl(z, torch.tensor(v), 2.0).sum(-1)).sum(), 6, 4)
        assert_allclose(softmax(learnt, 2.0), softmax(v, 2.0), atol=1e-8)
        assert learnt[0].argmax() != y[0]
        assert np.abs(weighted_kl_divergence_dz(learnt, v, y, 2.0, class_weights=weights)).max() < 1e-9


def test_weights_decide_what_a_student_learns_that_must_answer_the_same_everywhere():
    """Its best answer is the weighted mean of the teacher's: the weights share out what it cannot do for all."""
    _, v, y, w = random_batch(4, (8, 3))
    answers = []
    for weights in (np.ones(3), w):
        factor = torch.tensor(weights[y])
        z = minimised(
            lambda z, factor=factor: (factor * torch_kl(z.expand(8, 3), torch.tensor(v), 1.0).sum(-1)).sum(), 3
        )
        assert_allclose(softmax(z), np.average(softmax(v), axis=0, weights=weights[y]), atol=1e-8)
        gradients = weighted_kl_divergence_dz(np.tile(z, (8, 1)), v, y, class_weights=weights)
        assert_allclose(gradients.sum(axis=0), 0, atol=1e-9)
        answers.append(softmax(z))
    assert np.abs(answers[0] - answers[1]).max() > 0.01


def test_a_sample_without_weight_counts_nowhere_even_if_its_divergence_is_infinite():
    z, v = [[0.0, -inf], [0.0, 1.0]], [[0.0, 0.0], [0.0, 0.0]]
    assert weighted_kl_divergence(z, v, [0, 1], class_weights=[1.0, 1.0]) == inf
    for reduction in ("sum", "mean"):
        loss = weighted_kl_divergence(z, v, [0, 1], class_weights=[0.0, 2.0], reduction=reduction)
        alone = weighted_kl_divergence(z[1:], v[1:], [1], class_weights=[0.0, 2.0], reduction=reduction)
        assert_allclose(loss, alone, rtol=1e-15)
    rows = weighted_kl_divergence(z, v, [0, 1], class_weights=[0.0, 2.0], reduction="none")
    assert rows[0] == 0


def test_a_mean_needs_samples_and_weights():
    empty, none = np.zeros((0, 3)), np.zeros(0, int)
    for function in (weighted_kl_divergence, weighted_kl_divergence_dz):
        with pytest.raises(ValueError, match="class_weights must not all be 0"):
            function(np.zeros((2, 2)), np.zeros((2, 2)), [0, 0], class_weights=[0.0, 1.0])
        assert function(empty, empty, none, class_weights=np.ones(3), reduction="none").shape[0] == 0
    assert weighted_kl_divergence(empty, empty, none, class_weights=np.ones(3), reduction="sum") == 0
    assert weighted_kl_divergence_dz(empty, empty, none, class_weights=np.ones(3)).shape == (0, 3)
    with pytest.raises(ValueError, match="reduction must be 'none' or 'sum'"):
        weighted_kl_divergence(empty, empty, none, class_weights=np.ones(3))


# --- reading B: weights inside the sum ------------------------------------------------------------------------------


def inside(z, v, w, T):
    """The definition, of tensors."""
    log_q, log_p = torch.log_softmax(z / T, -1), torch.log_softmax(v / T, -1)
    return (torch.as_tensor(w) * log_p.exp() * (log_p - log_q)).sum(-1)


weight_lists = arrays(np.float64, 4, elements=st.floats(0.1, 10))


@given(st.integers(0, 2**32 - 1), weight_lists, st.floats(0.5, 20))
def test_the_value_is_the_weighted_sum(seed, w, T):
    z, v, _, _ = random_batch(seed, (5, 4))
    expected = inside(torch.tensor(z), torch.tensor(v), w, T).numpy()
    assert_allclose(inside_sum_value(z, v, w, T), expected, rtol=1e-11, atol=1e-12)
    assert_array_equal(inside_sum_value(v, v, w, T), np.zeros(5))


@pytest.mark.parametrize("T", [1.0, 4.0])
def test_an_optimiser_leaves_the_teacher_for_the_minimiser(T):
    _, v, _, w = random_batch(5, (4, 3), scale=1.0)
    learnt = minimised(lambda z: inside(z, torch.tensor(v), w, T).sum(), 4, 3)
    minimiser = inside_sum_minimiser(v, w, T)
    assert_allclose(minimiser, v + T * np.log(w), rtol=1e-15)
    assert_allclose(softmax(learnt, T), softmax(minimiser, T), atol=1e-8)
    assert np.abs(softmax(learnt) - softmax(v)).max() > 0.05
    least = inside(torch.tensor(learnt), torch.tensor(v), w, T)
    assert_allclose(inside_sum_minimum(v, w, T), least, rtol=1e-9)
    assert_allclose(inside_sum_value(minimiser, v, w, T), inside_sum_minimum(v, w, T), rtol=1e-12)


@given(st.integers(0, 2**32 - 1), weight_lists, st.floats(0.5, 20))
def test_the_sum_is_no_divergence_its_minimum_is_negative(seed, w, T):
    z, v, _, _ = random_batch(seed, (5, 4))
    least = inside_sum_minimum(v, w, T)
    assert (least <= 0).all()
    if np.ptp(w) > 1e-3:
        assert (least < 0).all()
    assert (inside_sum_value(z, v, w, T) >= least - 1e-12).all()
    p = softmax(v, T)
    S = (w * p).sum(axis=-1)
    assert_allclose(least, S * np.log(S) - (w * p * np.log(w)).sum(axis=-1), rtol=1e-9, atol=1e-13)


@given(st.integers(0, 2**32 - 1), st.floats(0.1, 10), st.floats(0.5, 20))
def test_with_equal_weights_it_is_the_divergence_again(seed, weight, T):
    z, v, y, _ = random_batch(seed, (5, 4))
    kl = weighted_kl_divergence(z, v, y, T, class_weights=np.full(4, weight), reduction="none")
    assert_allclose(inside_sum_value(z, v, np.full(4, weight), T), kl, rtol=1e-9, atol=1e-14)
    assert_allclose(inside_sum_minimum(v, np.full(4, weight), T), 0, atol=1e-14)


@given(st.integers(0, 2**32 - 1), weight_lists, st.floats(0.5, 20))
def test_the_prior_at_T_1_is_tilted_by_w_to_the_power_T(seed, w, T):
    _, v, _, _ = random_batch(seed, (5, 4))
    tilt = inside_sum_tilt(w, T)
    assert_allclose(tilt, w**T, rtol=1e-14)
    tilted = softmax(v) * tilt
    expected = tilted / tilted.sum(axis=-1, keepdims=True)
    assert_allclose(softmax(inside_sum_minimiser(v, w, T)), expected, rtol=1e-9, atol=1e-15)


def test_a_moderate_weight_inside_the_sum_overrules_a_confident_teacher_at_T_4():
    v, w = np.log([0.98, 0.02]), [1.0, 12.5]
    assert softmax(inside_sum_minimiser(v, w, 1.0)).argmax() == 0
    assert_allclose(softmax(inside_sum_minimiser(v, w, 4.0))[1], 1 / (1 + 49 / 12.5**4), rtol=1e-12)  # 0.998
    y, alone = np.array([0]), {"class_weights": w}  # the same weights on samples leave the teacher in peace
    assert not weighted_kl_divergence_dz(v[None], v[None], y, 4.0, **alone).any()


def test_classes_without_weight_or_masked():
    v, w = [1.0, 0.0, -inf, 2.0], [2.0, 0.0, 5.0, 1.0]
    assert_array_equal(inside_sum_minimiser(v, w, 3.0), [1 + 3 * math.log(2), -inf, -inf, 2])
    p = softmax([1.0, 0.0, 2.0], 3.0)
    S = 2 * p[0] + p[2]
    assert_allclose(inside_sum_minimum(v, w, 3.0), S * math.log(S) - 2 * p[0] * math.log(2), rtol=1e-13)
    q = softmax([0.0, 1.0], 3.0)
    value = 2 * p[0] * math.log(p[0] / q[0]) + p[2] * math.log(p[2] / q[1])
    assert_allclose(inside_sum_value([0.0, -inf, -inf, 1.0], v, w, 3.0), value, rtol=1e-13)
    assert inside_sum_value([-inf, 0.0, 0.0, 1.0], v, w, 3.0) == inf
    with pytest.raises(ValueError, match="class_weights must be above 0 for at least one unmasked class"):
        inside_sum_minimiser([0.0, -inf], [0.0, 1.0])


def test_a_tilt_beyond_the_floats_is_infinite():
    assert_array_equal(inside_sum_tilt([0.0, 0.5, 1.0, 10.0], 1e4), [0, 0, 1, inf])


# --- shapes, dtypes and memory --------------------------------------------------------------------------------------


def results(z, v, y, w, axis=-1):
    return {
        "loss": weighted_kl_divergence(z, v, y, 2.0, class_weights=w, axis=axis, reduction="none"),
        "gradient": weighted_kl_divergence_dz(z, v, y, 2.0, class_weights=w, axis=axis),
        "value": inside_sum_value(z, v, w, 2.0, axis=axis),
        "minimum": inside_sum_minimum(v, w, 2.0, axis=axis),
        "minimiser": inside_sum_minimiser(v, w, 2.0, axis=axis),
    }


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_any_axis_may_hold_the_classes(axis):
    z, v, y, w = random_batch(6, (2, 3, 4))
    moved = results(np.moveaxis(z, -1, axis), np.moveaxis(v, -1, axis), y, w, axis)
    for name, expected in results(z, v, y, w).items():
        if expected.ndim == 3:
            expected = np.moveaxis(expected, -1, axis)
        assert_allclose(moved[name], expected, rtol=1e-12, atol=1e-15, err_msg=name)


@pytest.mark.parametrize(("dtype", "computed"), [("f2", "f4"), ("f4", "f4"), (">f8", "f8"), ("i4", "f8"), ("?", "f8")])
def test_dtypes(dtype, computed):
    z, v, y, w = np.array([[1, 0, 1], [0, 0, 1]], dtype), np.array([[0, 0, 1], [1, 1, 0]], dtype), [0, 2], [1, 2.0, 3]
    exact = results(z.astype(float), v.astype(float), y, w)
    for name, result in results(z, v, y, w).items():
        assert result.dtype == computed, name
        assert_allclose(result, exact[name], rtol=2e-6, atol=1e-7, err_msg=name)


def test_a_single_row_gives_a_number():
    z, v, _, w = random_batch(7, (3,))
    assert np.ndim(weighted_kl_divergence(z, v, 1, class_weights=w)) == 0
    assert weighted_kl_divergence_dz(z, v, 1, class_weights=w).shape == (3,)
    assert np.ndim(inside_sum_value(z, v, w)) == 0


def test_inputs_are_neither_changed_nor_shared():
    given = random_batch(8, (4, 3))
    before = [array.copy() for array in given]
    for array in given:
        array.flags.writeable = False
    z, v, y, w = given
    found = [*results(*given).values(), sample_weights(y, w), sample_weights(y, w, normalize=True)]
    found += [inside_sum_tilt(w), inside_sum_minimiser(v, np.ones(3))]
    assert not any(np.shares_memory(result, array) for result in found for array in given)
    for array, copy in zip(given, before, strict=True):
        assert_array_equal(array, copy)
