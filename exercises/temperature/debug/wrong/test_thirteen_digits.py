"""It refuses a right version: AssertionError"""


def test_distillation_gradient(f):
    z, v = np.random.default_rng(0).normal(size=(2, 20, 10))
    T = 3.0
    assert np.allclose(f(z, v, T), T * (softmax(z, T) - softmax(v, T)) / 20, rtol=0, atol=1e-17)
