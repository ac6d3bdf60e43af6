"""Each later column makes up for the whole miss by itself, as if it were the only one. Together they do too much."""


def round_in_order(H, w, step):
    w = w.copy()
    for i in range(len(w)):
        free = w[i]
        w[i] = step * np.round(free / step)
        w[i + 1 :] += (free - w[i]) * H[i, i + 1 :] / np.diag(H)[i + 1 :]
    return w
