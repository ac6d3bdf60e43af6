"""It refuses a right version"""


def test_latent_path(f):
    def right(w, X, y, m, learning_rate, n_steps):
        path = [w]
        for _ in range(n_steps):
            q = m * np.where(path[-1] >= 0, 1.0, -1.0)
            gradient = X.T @ (X @ q - y) / len(X)
            path.append(path[-1] - learning_rate * gradient)
        return np.array(path)

    rng = np.random.default_rng(0)
    args = rng.normal(size=4), rng.normal(size=(7, 4)), rng.normal(size=7), 0.7, 0.23, 6
    assert (f(*args) == right(*args)).all()
