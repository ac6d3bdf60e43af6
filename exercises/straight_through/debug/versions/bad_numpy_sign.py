"""The sign of 0 is 0, a third value."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = m * np.sign(path[-1])
        gradient = X.T @ (X @ q - y) / len(X)
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
