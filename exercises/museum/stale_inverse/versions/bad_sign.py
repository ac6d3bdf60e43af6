"""The later columns move the wrong way: the miss is doubled, and not made up for."""


def round_in_order(H, w, step):
    w, G = w.copy(), np.linalg.inv(H)
    for i in range(len(w)):
        free = w[i]
        w[i] = step * np.round(free / step)
        w[i + 1 :] += (free - w[i]) / G[i, i] * G[i, i + 1 :]
        G = G - np.outer(G[:, i], G[i]) / G[i, i]
    return w
