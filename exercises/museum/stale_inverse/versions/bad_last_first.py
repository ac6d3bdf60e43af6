"""The order is from the last column to the first. It begins with the first."""


def round_in_order(H, w, step):
    w = w.copy()
    for i in reversed(range(len(w))):
        free = w[i]
        w[i] = step * np.round(free / step)
        w[:i] += (free - w[i]) * np.linalg.solve(H[:i, :i], H[:i, i])
    return w
