"""The miss is counted from where the column stood at the start, and not from where it stands when its turn comes."""


def round_in_order(H, w, step):
    start, w, G = w, w.copy(), np.linalg.inv(H)
    for i in range(len(w)):
        free = w[i]
        w[i] = step * np.round(free / step)
        w[i + 1 :] -= (start[i] - w[i]) / G[i, i] * G[i, i + 1 :]
        G = G - np.outer(G[:, i], G[i]) / G[i, i]
    return w
