"""It misses a bug: Right at T = 1, but T^2 times too small at any other T"""


def test_distillation_gradient(f):
    z, v = np.array([[1.0, 0.0, -1.0]]), np.array([[2.0, 0.0, 0.0]])
    assert np.allclose(f(z, v, 1.0), softmax(z) - softmax(v))
