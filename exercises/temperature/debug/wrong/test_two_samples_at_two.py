"""It misses a bug: The gradient is divided by the C classes here"""


def test_distillation_gradient(f):
    z, v, T = np.array([[1.0, 0.0], [0.0, 2.0]]), np.array([[2.0, 0.0], [-1.0, 3.0]]), 2.0
    assert np.allclose(f(z, v, T), softmax(z, T) - softmax(v, T))
