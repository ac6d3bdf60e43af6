"""The gradient is taken at the latent weights, and the quantized ones are moved here: both are the wrong way round."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(path[-1], m)
        gradient = X.T @ (X @ path[-1] - y) / len(X)
        path.append(q - learning_rate * gradient)
    return np.array(path)
