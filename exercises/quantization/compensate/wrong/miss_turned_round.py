"""The miss has the wrong sign: it is w less q, what the column lost."""


def round_in_order(w, H):
    q = w.copy()
    for i in range(len(q)):
        free = q[i]
        q[i] = np.round(free)
        q = push(q, H, i, q[i] - free)
    return q
