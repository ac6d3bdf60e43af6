"""It misses a bug"""


def test_attacked_margins(f):
    w, b, mean, std = np.array([1.0, -2.0]), 0.1, np.array([0.4, 0.3]), np.array([0.5, 0.25])
    assert np.allclose(f(w, b, mean, std, np.array([[0.9, 0.35]]), np.array([1]), 0.1), [-0.3])
    assert np.allclose(f(w, b, mean, std, np.array([[0.05, 0.95]]), np.array([1]), 0.2), [-6.3])
