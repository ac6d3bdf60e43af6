"""The inverse is that of the columns already done, with this one. It must be that of the columns left."""


def round_in_order(H, w, step):
    w = w.copy()
    for i in range(len(w)):
        free = w[i]
        w[i] = step * np.round(free / step)
        G = np.linalg.inv(H[: i + 1, : i + 1])
        w[i + 1 :] += (free - w[i]) * G[i, i] * H[i, i + 1 :]
    return w
