"""The gradient is a sum over the rows, not a mean."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[-1], m)
        gradient = X.T @ (X @ q - y)
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
