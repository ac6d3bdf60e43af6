"""It misses a bug:"""


def test_distillation_gradient(f):
    rng = np.random.default_rng(11)
    z, v, T = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 3.0
    gradient = f(z, v, T)
    assert gradient.shape == (4, 3)
    assert np.allclose(gradient.sum(axis=1), 0)
    assert np.abs(gradient).max() > 0.001
