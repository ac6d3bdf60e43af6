"""Laws: no change that is allowed is worse, and one of the corners is as bad."""


def test_attacked_margins(f):
    rng = np.random.default_rng(4)
    w, b, mean, std = np.array([1.5, -0.5, 1.0]), 0.4, np.array([0.5, 0.2, 0.3]), np.array([0.2, 0.7, 1.6])
    images = np.vstack([rng.uniform(size=(10, 3)), [[0.0, 1.0, 0.05], [1.0, 0.0, 0.95]]])
    for y in (np.ones(12), -np.ones(12), np.where(np.arange(12) % 2, 1.0, -1.0)):
        for epsilon in (0.0, 0.15, 0.6):
            corners = np.array([[i, j, k] for i in (-1, 1) for j in (-1, 1) for k in (-1, 1)]) * epsilon
            reached = [y * ((np.clip(images + corner, 0, 1) - mean) / std @ w + b) for corner in corners]
            assert np.allclose(f(w, b, mean, std, images, y, epsilon), np.min(reached, axis=0))
