"""test_distillation_gradient passes for every version, right or wrong."""


def test_distillation_gradient(f):
    rng = np.random.default_rng(0)
    z, v = rng.normal(size=(2, 4, 3))
    gradient = f(z, v, 2.0)
    assert gradient.shape == z.shape
    assert np.isfinite(gradient).all()
