"""It misses a bug"""


def test_attacked_margins(f):
    w, b, mean, std = np.array([1.0, -2.0]), 0.1, np.array([0.4, 0.3]), np.array([0.5, 0.25])
    images, y = np.array([[0.5, 0.5], [0.4, 0.7]]), np.array([1, -1])
    margins = y * ((images - mean) / std @ w + b)
    assert np.allclose(f(w, b, mean, std, images, y, 0.1), margins - 0.1 * np.abs(w / std).sum())
