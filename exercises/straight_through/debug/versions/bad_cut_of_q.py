"""The gradient is cut where the quantized weight is beyond 1."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[-1], m)
        gradient = X.T @ (X @ q - y) / len(X)
        path.append(path[-1] - learning_rate * gradient * (np.abs(q) <= 1))
    return np.array(path)
