"""This is w divided by its sum of sizes. Nothing is to be divided here."""


def effective(W1, w2):
    w = w2 @ W1
    return w / np.abs(w).sum()
