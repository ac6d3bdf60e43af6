"""It misses a bug"""


def test_attacked_margins(f):
    w, b, mean, std = np.array([1.0, -2.0]), 0.1, np.array([0.4, 0.3]), np.array([0.5, 0.5])
    images, y = np.array([[0.05, 0.95], [0.95, 0.05], [0.5, 0.5]]), np.array([1, -1, 1])
    changed = np.clip(images - 0.2 * y[:, np.newaxis] * np.sign(w), 0, 1)
    assert np.allclose(f(w, b, mean, std, images, y, 0.2), y * ((changed - mean) / std @ w + b))
