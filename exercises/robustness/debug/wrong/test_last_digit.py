"""It refuses a right version"""


def test_attacked_margins(f):
    w, b, mean, std = np.array([1.0, -2.0]), 0.1, np.array([0.4, 0.3]), np.array([0.5, 0.25])
    images, y = np.random.default_rng(0).uniform(size=(40, 2)), np.where(np.arange(40) % 2, 1, -1)
    changed = np.clip(images - 0.15 * y[:, np.newaxis] * np.sign(w), 0, 1)
    assert (f(w, b, mean, std, images, y, 0.15) == y * ((changed - mean) / std @ w + b)).all()
