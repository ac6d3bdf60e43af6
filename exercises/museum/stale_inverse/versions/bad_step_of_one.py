"""The weights are rounded to whole numbers. They belong on multiples of the step."""


def round_in_order(H, w, step):
    w, G = w.copy(), np.linalg.inv(H)
    for i in range(len(w)):
        free = w[i]
        w[i] = np.round(free)
        w[i + 1 :] -= (free - w[i]) / G[i, i] * G[i, i + 1 :]
        G = G - np.outer(G[:, i], G[i]) / G[i, i]
    return w
