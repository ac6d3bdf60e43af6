"""Five laws, none of which needs a number worked out by hand."""


def test_distillation_gradient(f):
    rng = np.random.default_rng(3)
    z, v = rng.normal(size=(4, 5)), rng.normal(size=(4, 5))
    gradient = f(z, v, 2.0)
    # logits and temperature in a larger unit: a gradient in a larger unit
    assert np.allclose(f(3 * z, 3 * v, 6.0), 3 * gradient)
    # each sample counts for itself, and the mean is over the samples
    assert np.allclose(f(z[:1], v[:1], 2.0), 4 * gradient[:1])
    # at a high temperature: the difference of the centred logits, over N C
    centred = (z - z.mean(axis=1, keepdims=True)) - (v - v.mean(axis=1, keepdims=True))
    assert np.allclose(f(z, v, 1e5), centred / centred.size, rtol=1e-3, atol=1e-6)
    # no logit can be pushed by more than T / N, however sure the teacher is
    assert np.abs(f(np.zeros((1, 3)), np.array([[60.0, 0.0, -60.0]]), 2.0)).max() <= 2.0
    # agreement
    assert np.allclose(f(z, z + 1, 2.0), 0)
