"""A tenth of the mean diagonal is added to H, as one does where H cannot be inverted. It can."""


def round_in_order(H, w, step):
    w, G = w.copy(), np.linalg.inv(H + 0.1 * np.diag(H).mean() * np.eye(len(H)))
    for i in range(len(w)):
        free = w[i]
        w[i] = step * np.round(free / step)
        w[i + 1 :] -= (free - w[i]) / G[i, i] * G[i, i + 1 :]
        G = G - np.outer(G[:, i], G[i]) / G[i, i]
    return w
