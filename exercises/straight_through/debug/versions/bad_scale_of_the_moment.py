"""The scale is the mean of the absolute latent weights, not the one that was given."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[-1], np.abs(path[-1]).mean())
        gradient = X.T @ (X @ q - y) / len(X)
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
