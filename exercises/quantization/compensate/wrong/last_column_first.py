"""The columns are rounded from last to first. The order is from first to last."""


def round_in_order(w, H):
    q, turned = w[::-1].copy(), H[::-1, ::-1]
    for i in range(len(q)):
        free = q[i]
        q[i] = np.round(free)
        q = push(q, turned, i, free - q[i])
    return q[::-1]
