"""The gradient is taken at the latent weights: this trains full precision."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        gradient = X.T @ (X @ path[-1] - y) / len(X)
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
