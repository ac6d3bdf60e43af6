"""The rows are divided by |w2|. What v2 loses in size, they must gain."""


def signs_last(W1, w2):
    return [W1 / np.abs(w2)[:, np.newaxis], np.where(w2 >= 0, 1.0, -1.0)]
