"""test_distillation_gradient raises for every version, right or wrong."""


def test_distillation_gradient(f):
    rng = np.random.default_rng(11)
    z, v, T = rng.normal(size=(4, 3)), rng.normal(size=(4, 3)), 3.0
    assert np.allclose(f(z, v, T), T**2 * (softmax(z, T) - softmax(v, T)) / 4)
