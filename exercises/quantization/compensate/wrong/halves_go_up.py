"""Halves are rounded up. They go to the even number, as with np.round."""


def round_in_order(w, H):
    q = w.copy()
    for i in range(len(q)):
        free = q[i]
        q[i] = np.floor(free + 0.5)
        q = push(q, H, i, free - q[i])
    return q
