"""Each push starts from w again, so that the pushes before it are lost. Go on with the pushed weights."""


def round_in_order(w, H):
    q, stands = w.copy(), w.copy()
    for i in range(len(w)):
        q[i] = np.round(stands[i])
        stands = push(w, H, i, stands[i] - q[i])
    return q
