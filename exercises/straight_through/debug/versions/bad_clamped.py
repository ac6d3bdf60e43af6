"""Latent weights are put back to 1."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[-1], m)
        gradient = X.T @ (X @ q - y) / len(X)
        now = path[-1] - learning_rate * gradient
        path.append(np.clip(now, -1.0, 1.0))
    return np.array(path)
