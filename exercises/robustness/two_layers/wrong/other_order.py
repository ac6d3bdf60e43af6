"""v2 comes first here. The list is [V1, v2]."""


def signs_last(W1, w2):
    return [np.where(w2 >= 0, 1.0, -1.0), np.abs(w2)[:, np.newaxis] * W1]
