"""The fake quantizers against NumPy: values of kdlab.quantization, gradients of kdlab.straight_through."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from kdlab import quantization
from kdlab.experiments.quantizers import affine, one_bit, straight_through
from kdlab.straight_through import ste_gradient

S = 3
weight_arrays = arrays(np.float64, (S, 4, 5), elements=st.floats(-4, 4).filter(lambda w: w == 0 or abs(w) > 1e-6))
axes = st.sampled_from([None, 1, 2, -1])
clips = st.sampled_from([None, 0.5, 2.0])


def value_and_gradient(quantizer, w, g):
    """Return the quantized weights and the gradient of sum(g q)."""
    latent = torch.from_numpy(w.copy()).requires_grad_()
    q = quantizer(latent)
    (q * torch.from_numpy(g)).sum().backward()
    return q.detach().numpy(), latent.grad.numpy()


def one_by_one(function, w, axis):
    """Apply a NumPy quantizer to each network on its own."""
    axis = axis if axis is None else axis % 3 - 1
    return np.stack([function(network, axis=axis) for network in w])


@given(weight_arrays, axes, clips, st.integers(0, 2**32 - 1))
def test_one_bit_equals_numpy_in_value_and_gradient(w, axis, clip, seed):
    g = np.random.default_rng(seed).normal(size=w.shape)
    value, gradient = value_and_gradient(lambda latent: one_bit(latent, axis=axis, clip=clip), w, g)
    np.testing.assert_allclose(value, one_by_one(quantization.one_bit, w, axis), rtol=0, atol=2e-15)
    np.testing.assert_array_equal(gradient, ste_gradient(g, w, clip=clip or np.inf))


@given(weight_arrays, st.integers(1, 16), axes, clips, st.integers(0, 2**32 - 1))
def test_affine_equals_numpy_in_value_and_gradient(w, bits, axis, clip, seed):
    g = np.random.default_rng(seed).normal(size=w.shape)
    value, gradient = value_and_gradient(lambda latent: affine(latent, bits, axis=axis, clip=clip), w, g)
    expected = one_by_one(lambda network, axis: quantization.fake_quantize(network, bits, axis=axis), w, axis)
    np.testing.assert_allclose(value, expected, rtol=0, atol=4e-15)
    np.testing.assert_array_equal(gradient, ste_gradient(g, w, clip=clip or np.inf))


def test_halves_are_rounded_to_even_before_the_zero_point_is_added():
    w = torch.tensor([[-1.0, 0.5, 1.5, 2.0]], dtype=torch.float64)  # scale 1, zero point 1
    np.testing.assert_array_equal(affine(w, 2).numpy(), [[-1, 0, 2, 2]])


@pytest.mark.parametrize("quantizer", [one_bit, lambda latent: affine(latent, 2)])
def test_no_gradient_flows_through_the_scale(quantizer):
    """With a scale that moved, the gradient would be the true derivative: of one bit, sign(w) mean(sign(w) g)."""
    w, g = np.random.default_rng(0).normal(size=(2, S, 4, 5))
    _, gradient = value_and_gradient(quantizer, w, g)
    np.testing.assert_array_equal(gradient, g)

    def leaky(latent):  # the same value, but its scale is not stopped
        m = latent.abs().mean((1, 2), keepdim=True)
        sign = torch.where(latent >= 0, 1.0, -1.0).to(latent.dtype)
        return latent + m * sign - latent.detach()

    _, leaked = value_and_gradient(leaky, w, g)
    sign = np.where(w >= 0, 1, -1)
    np.testing.assert_allclose(leaked, g + sign * (sign * g).mean((1, 2), keepdims=True), rtol=1e-10)
    assert np.abs(leaked - g).max() > 0.01


def test_clipping_is_inclusive():
    w = np.array([[0.1, -0.1, np.nextafter(0.1, 1), -0.2]])
    _, gradient = value_and_gradient(lambda latent: one_bit(latent, clip=0.1), w, np.ones_like(w))
    np.testing.assert_array_equal(gradient, [[1, 1, 0, 0]])


@pytest.mark.parametrize("axis", [None, -1])
def test_a_network_does_not_depend_on_those_beside_it(axis):
    w = torch.from_numpy(np.random.default_rng(1).normal(size=(S, 4, 5)))
    for quantizer in (one_bit, lambda w, axis: affine(w, 3, axis=axis)):
        together = quantizer(w, axis=axis)
        for s in range(S):
            assert torch.equal(quantizer(w[s : s + 1], axis=axis)[0], together[s])


def test_zeros_stay_zeros():
    zeros = torch.zeros(S, 4, 5)
    assert torch.equal(one_bit(zeros), zeros)
    assert torch.equal(affine(zeros, 4), zeros)


def test_latent_weights_are_left_alone():
    w = torch.from_numpy(np.random.default_rng(2).normal(size=(S, 4, 5)))
    before = w.clone()
    one_bit(w, clip=0.5), affine(w, 2, clip=0.5)
    assert torch.equal(w, before)


@pytest.mark.parametrize("axis", [0, 3, -3])
def test_bad_axis(axis):
    for call in (lambda w: one_bit(w, axis=axis), lambda w: affine(w, 2, axis=axis)):
        with pytest.raises(ValueError, match="axis must name an axis of the weights"):
            call(torch.zeros(S, 4, 5))


def test_other_bad_input():
    w = torch.zeros(S, 4, 5)
    for bits in (0, 17, 2.5):
        with pytest.raises(ValueError, match="bits must be an integer"):
            affine(w, bits)
    for clip in (0.0, -1.0, float("nan")):
        with pytest.raises(ValueError, match="clip must be above 0"):
            one_bit(w, clip=clip)
    for shape, axis in (((S,), None), ((S, 4), 1)):  # torch's mean over no axis is the mean over all
        with pytest.raises(ValueError, match="weights must have an axis that shares a scale"):
            one_bit(torch.zeros(shape), axis=axis)
    with pytest.raises(ValueError, match="weights and quantized must have one shape"):
        straight_through(w, w[:1])
