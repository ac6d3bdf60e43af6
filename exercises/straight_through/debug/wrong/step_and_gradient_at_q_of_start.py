"""The signs of the start are moved in every step here. It is the latent weights that move."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        q = one_bit(w, m)
        gradient = X.T @ (X @ q - y) / len(X)
        path.append(q - learning_rate * gradient)
    return np.array(path)
