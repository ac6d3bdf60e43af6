"""The signs of w2 are lost: a unit with a negative weight counts against."""


def effective(W1, w2):
    return np.abs(w2) @ W1
