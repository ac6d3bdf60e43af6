"""It refuses a right version"""


def test_without_filters(f):
    W1, b1 = np.array([[1.0, 0.0], [0.1, 0.1], [0.0, 1.0]]), np.array([0.0, 0.7, -1.0])
    W2 = np.array([[1.0, 2.0, -1.0]])
    assert np.allclose(f(np.array([[[1.0, 2.0]]]), W1, b1, W2, np.array([0.5]), 1), 1.9)
