"""It misses a bug:"""


def test_distillation_gradient(f):
    rng = np.random.default_rng(11)
    z, v, T = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 3.0
    assert (np.sign(f(z, v, T)) == np.sign(softmax(z, T) - softmax(v, T))).all()
    assert np.allclose(f(z, z, T), 0)
