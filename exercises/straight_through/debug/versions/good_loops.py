"""Row by row."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    path = [w]
    for _ in range(n_steps):
        now = path[-1]
        q = [m if each >= 0 else -m for each in now]
        gradient = np.zeros(len(w))
        for row, target in zip(X, y, strict=True):
            gradient += row * (row @ q - target)
        path.append(now - learning_rate * gradient / len(y))
    return np.array(path)
