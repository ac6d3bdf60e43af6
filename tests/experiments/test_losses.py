"""The torch losses against NumPy and SciPy: values, and gradients in closed form."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.special import log_softmax, softmax

import kdlab.distillation_loss as kd
from kdlab.experiments.losses import centred_logit_mse, cross_entropy, distillation_loss, softened_kl

S, B, C = 3, 4, 5
logits_arrays = arrays(np.float64, (S, B, C), elements=st.floats(-20, 20))
temperatures = st.floats(0.25, 100)


def value_and_gradient(loss, z, *args, **kwargs):
    logits = torch.from_numpy(z.copy()).requires_grad_()
    values = loss(logits, *args, **kwargs)
    values.sum().backward()
    return values.detach().numpy(), logits.grad.numpy()


@given(logits_arrays, logits_arrays, temperatures, st.booleans())
def test_softened_kl_equals_numpy_in_value_and_gradient(z, v, T, scale_by_T2):
    value, gradient = value_and_gradient(softened_kl, z, torch.from_numpy(v), temperature=T, scale_by_T2=scale_by_T2)
    factor = T**2 if scale_by_T2 else 1.0
    p, log_p, log_q = softmax(v / T, -1), log_softmax(v / T, -1), log_softmax(z / T, -1)
    np.testing.assert_allclose(value, factor * (p * (log_p - log_q)).sum(-1).mean(-1), rtol=1e-9, atol=1e-12 * factor)
    expected = factor * (softmax(z / T, -1) - p) / (T * B)
    np.testing.assert_allclose(gradient, expected, rtol=1e-9, atol=1e-12 * factor)


@given(logits_arrays, logits_arrays)
def test_centred_logit_mse_in_value_and_gradient(z, v):
    value, gradient = value_and_gradient(centred_logit_mse, z, torch.from_numpy(v))
    d = (z - z.mean(-1, keepdims=True)) - (v - v.mean(-1, keepdims=True))
    np.testing.assert_allclose(value, (d**2).sum(-1).mean(-1) / (2 * C), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(gradient, d / (B * C), rtol=1e-9, atol=1e-12)


@given(logits_arrays, arrays(np.int64, (S, B), elements=st.integers(0, C - 1)))
def test_cross_entropy_in_value_and_gradient(z, y):
    value, gradient = value_and_gradient(cross_entropy, z, torch.from_numpy(y))
    one_hot = np.eye(C)[y]
    np.testing.assert_allclose(value, -(one_hot * log_softmax(z, -1)).sum(-1).mean(-1), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(gradient, (softmax(z, -1) - one_hot) / B, rtol=1e-9, atol=1e-12)


@given(
    logits_arrays,
    logits_arrays,
    arrays(np.int64, (S, B), elements=st.integers(0, C - 1)),
    temperatures,
    st.sampled_from([0.0, 0.3, 1.0]),
    st.booleans(),
)
def test_distillation_loss_equals_kdlab_in_value_and_gradient(z, v, y, T, alpha, scale_by_T2):
    how = {"alpha": alpha, "scale_by_T2": scale_by_T2}
    value, gradient = value_and_gradient(distillation_loss, z, torch.from_numpy(v), torch.from_numpy(y), T, **how)
    scale = max(1, T**2)
    for network in range(S):
        arguments = (z[network], v[network], y[network], T)
        np.testing.assert_allclose(
            value[network], kd.distillation_loss(*arguments, **how), rtol=1e-9, atol=1e-12 * scale
        )
        expected = kd.distillation_loss_dz(*arguments, **how)
        np.testing.assert_allclose(gradient[network], expected, rtol=1e-9, atol=1e-12 * scale)


def test_a_term_of_weight_0_may_be_infinite():
    z = torch.tensor([[[0.0, -np.inf, 1.0]]])
    v, y = torch.zeros_like(z), torch.tensor([[0]])  # the student masks a class, the teacher none
    assert softened_kl(z, v, 2.0, scale_by_T2=True).isinf().all()
    hard = distillation_loss(z, v, y, 2.0, alpha=0, scale_by_T2=True)
    assert hard.isfinite().all()
    assert torch.equal(hard, cross_entropy(z, y))


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan")])
def test_bad_alpha(alpha):
    with pytest.raises(ValueError, match=r"alpha must be in \[0, 1\]"):
        distillation_loss(
            torch.zeros(1, 2, 3), torch.zeros(1, 2, 3), torch.zeros(1, 2, dtype=int), 1.0, alpha=alpha, scale_by_T2=True
        )


def test_limit_of_high_temperature_is_the_centred_logit_mse():
    rng = np.random.default_rng(0)
    z, v = (torch.from_numpy(3 * rng.normal(size=(S, B, C))) for _ in range(2))
    limit = centred_logit_mse(z, v)
    error = [(softened_kl(z, v, T, scale_by_T2=True) - limit).abs().max() for T in (1e2, 1e3, 1e4)]
    # the next term of the expansion is of order 1/T: ten times the temperature, a tenth of the error
    assert error[1] / error[0] == pytest.approx(0.1, rel=0.05)
    assert error[2] / error[1] == pytest.approx(0.1, rel=0.05)


def test_no_gradient_flows_to_the_teacher():
    z = torch.randn(S, B, C, generator=torch.Generator().manual_seed(0))
    v = z.clone().requires_grad_()
    for loss in (softened_kl(z.requires_grad_(), v, 2.0, scale_by_T2=True), centred_logit_mse(z, v)):
        loss.sum().backward()
        assert v.grad is None


@pytest.mark.parametrize("temperature", [0.0, -1.0, float("inf"), float("nan")])
def test_bad_temperature(temperature):
    with pytest.raises(ValueError, match=r"temperature must be in \(0, inf\)"):
        softened_kl(torch.zeros(1, 2, 3), torch.zeros(1, 2, 3), temperature, scale_by_T2=True)


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 3), (1, 2, 1)])
def test_shapes_are_not_broadcast(shape):
    for loss in (lambda z, v: softened_kl(z, v, 1.0, scale_by_T2=True), centred_logit_mse):
        with pytest.raises(ValueError, match="logits and teacher_logits must have one shape"):
            loss(torch.zeros(1, 2, 3), torch.zeros(shape))
