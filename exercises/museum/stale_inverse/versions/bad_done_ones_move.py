"""Columns that are done move again, and leave the grid. Only later ones make up."""


def round_in_order(H, w, step):
    w = w.copy()
    for i in range(len(w)):
        free, others = w[i], np.arange(len(w)) != i
        w[i] = step * np.round(free / step)
        w[others] += (free - w[i]) * np.linalg.solve(H[others][:, others], H[others, i])
    return w
