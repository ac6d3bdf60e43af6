"""This is the mean over the hidden units. The output is their sum."""


def effective(W1, w2):
    return w2 @ W1 / len(w2)
