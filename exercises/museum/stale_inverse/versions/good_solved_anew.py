"""A system of equations for each column."""


def round_in_order(H, w, step):
    q = w.copy()
    for i in range(q.size):
        on_grid = np.round(q[i] / step) * step
        q[i + 1 :] += np.linalg.solve(H[i + 1 :, i + 1 :], H[i + 1 :, i] * (q[i] - on_grid))
        q[i] = on_grid
    return q
