"""Every row is the same here: it is one array, which each step changes. Keep a copy of each."""


def latent_path(w, X, y, m, learning_rate, n_steps):
    now = w.copy()
    path = [now]
    for _ in range(n_steps):
        now -= learning_rate * X.T @ (X @ one_bit(now, m) - y) / len(X)
        path.append(now)
    return np.array(path)
