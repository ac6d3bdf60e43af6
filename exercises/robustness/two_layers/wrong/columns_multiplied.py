"""The columns of W1 are multiplied. Each row is a unit."""


def signs_last(W1, w2):
    return [W1 * np.abs(w2), np.where(w2 >= 0, 1.0, -1.0)]
