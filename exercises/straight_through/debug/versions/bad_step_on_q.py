"""The step goes to the quantized weights: small steps never add up."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[-1], m)
        gradient = X.T @ (X @ q - y) / len(X)
        path.append(q - learning_rate * gradient)
    return np.array(path)
