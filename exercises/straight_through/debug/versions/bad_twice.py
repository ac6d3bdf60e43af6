"""The gradient is twice too large: the half of the loss is forgotten."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[-1], m)
        gradient = 2 * X.T @ (X @ q - y) / len(X)
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
