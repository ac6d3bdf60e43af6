"""With the products of the data made before the loop."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    A, b = X.T @ X / len(X), X.T @ y / len(X)
    path = np.empty((n_steps + 1, len(w)))
    path[0] = w
    for t in range(n_steps):
        path[t + 1] = path[t] - learning_rate * (A @ one_bit(path[t], m) - b)
    return path
