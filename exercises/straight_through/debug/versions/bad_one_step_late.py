"""The signs are those of one step before."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[max(len(path) - 2, 0)], m)
        gradient = X.T @ (X @ q - y) / len(X)
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
