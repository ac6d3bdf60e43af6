"""Entry by entry, row by row."""


def one_bit(W):
    total = 0.0
    for row in W:
        for w in row:
            total += abs(w)
    m = total / (len(W) * len(W[0]))
    return np.array([[m if w >= 0 else -m for w in row] for row in W])


def kd_gradient(W, X, V, T):
    total = np.zeros((X.shape[1], V.shape[1]))
    q, p = softmax(X @ W, T), softmax(V, T)
    for n in range(len(X)):
        total += np.outer(X[n], q[n] - p[n])
    return total / T / len(X)


def ste_gradient(W, X, V, T, clip):
    g = kd_gradient(one_bit(W), X, V, T)
    for i in range(len(W)):
        for j in range(len(W[0])):
            if abs(W[i, j]) > clip:
                g[i, j] = 0.0
    return g


def relative_bias(W, X, V, T):
    g, g_q = kd_gradient(W, X, V, T).ravel(), kd_gradient(one_bit(W), X, V, T).ravel()
    return np.linalg.norm(g_q - g) / np.linalg.norm(g)


def high_t_bias(W, X):
    change = one_bit(W) - W
    for d in range(len(change)):
        change[d] = change[d] - change[d].mean()
    return X.T @ (X @ change) / len(X) / len(change[0])
