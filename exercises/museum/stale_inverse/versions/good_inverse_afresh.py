"""An inverse of what is left, each time, and steps counted by the piece."""


def round_in_order(H, w, step):
    q, left, per_unit = np.empty(len(w)), w.copy(), 1 / step
    for i in range(len(w)):
        G = np.linalg.inv(H[i:, i:])
        q[i] = np.round(left[0] * per_unit) / per_unit
        left = left[1:] - (left[0] - q[i]) * G[0, 1:] / G[0, 0]
    return q
