"""The gradient is divided by the number of weights, not of rows."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[-1], m)
        gradient = X.T @ (X @ q - y) / X.shape[1]
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
