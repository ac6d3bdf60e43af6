"""An inverse of what is left, each time, and steps counted by the piece."""


def round_in_order(H, w, step):
    done, left, per_unit = [], np.array(w), 1 / step
    while len(left):
        G = np.linalg.inv(H[len(done) :, len(done) :])
        done.append(np.round(left[0] * per_unit) / per_unit)
        left = left[1:] - (left[0] - done[-1]) * G[0, 1:] / G[0, 0]
    return np.array(done)
