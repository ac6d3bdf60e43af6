"""It refuses a right version: AssertionError"""


def test_distillation_gradient(f):
    z, v, T = np.array([[3, 1, 0], [0, 2, 5]]), np.array([[1, 1, 4], [2, 0, 0]]), 3.0
    assert np.allclose(f(z, v, T), T * (softmax(z, T) - softmax(v, T)) / 2)
