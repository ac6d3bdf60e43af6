"""The miss is counted from the weight as it was at first. Count it from where the column stands when its turn comes."""


def round_in_order(w, H):
    q = w.copy()
    for i in range(len(q)):
        q[i] = np.round(q[i])
        q = push(q, H, i, w[i] - q[i])
    return q
