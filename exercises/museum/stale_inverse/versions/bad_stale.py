"""The inverse is that of the whole matrix, also when columns are done. It must be that of the columns left."""


def round_in_order(H, w, step):
    w, G = w.copy(), np.linalg.inv(H)
    for i in range(len(w)):
        free = w[i]
        w[i] = step * np.round(free / step)
        w[i + 1 :] -= (free - w[i]) / G[i, i] * G[i, i + 1 :]
    return w
