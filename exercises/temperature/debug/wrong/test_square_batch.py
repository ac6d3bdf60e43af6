"""It misses a bug: The gradient is divided by the C classes here"""


def test_distillation_gradient(f):
    rng = np.random.default_rng(3)
    z, v = rng.normal(size=(2, 5, 5))
    for T in (0.5, 1.0, 4.0):
        assert np.allclose(f(z, v, T), T * (softmax(z, T) - softmax(v, T)) / 5)
