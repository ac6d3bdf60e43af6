"""It misses a bug:"""


def test_distillation_gradient(f):
    rng = np.random.default_rng(11)
    z, v, T = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 3.0
    assert np.allclose(f(z, v, T), T * (softmax(z, T) - softmax(v, T)) / 4, atol=0.05)
