"""The columns are rounded down. Round to the nearest whole number."""


def round_in_order(w, H):
    q = w.copy()
    for i in range(len(q)):
        free = q[i]
        q[i] = np.floor(free)
        q = push(q, H, i, free - q[i])
    return q
