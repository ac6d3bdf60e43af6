"""A second version, and inputs at which each bug shows."""


def test_latent_path(f):
    def right(w, X, y, m, learning_rate, n_steps):
        path = [w]
        for _ in range(n_steps):
            q = m * np.where(path[-1] >= 0, 1.0, -1.0)
            path.append(path[-1] - learning_rate * X.T @ (X @ q - y) / len(X))
        return np.array(path)

    X, y = np.array([[2.0, 1.0, 0.0], [1.0, -1.0, 1.0]]), np.array([1.0, -0.5])
    for w in ([0.2, -0.3, 0.1], [0.0, 0.4, -0.2], [4.0, -5.0, 3.0]):
        for m, rate, n_steps in ((0.4, 0.23, 7), (1.7, 0.11, 4), (0.9, 0.3, 0)):
            args = np.array(w), X, y, m, rate, n_steps
            expected = right(*args)
            found = f(*args)
            assert found.shape == expected.shape
            assert np.allclose(found, expected)
