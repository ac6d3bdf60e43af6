"""The signs of the start are used in every step."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(w, m)
        gradient = X.T @ (X @ q - y) / len(X)
        path.append(path[-1] - learning_rate * gradient)
    return np.array(path)
