"""H is never read: nothing is passed on."""


def round_in_order(H, w, step):
    w, G = w.copy(), np.eye(len(w))
    for i in range(len(w)):
        free = w[i]
        w[i] = step * np.round(free / step)
        w[i + 1 :] -= (free - w[i]) / G[i, i] * G[i, i + 1 :]
        G = G - np.outer(G[:, i], G[i]) / G[i, i]
    return w
