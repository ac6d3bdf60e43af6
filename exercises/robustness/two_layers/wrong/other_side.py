"""w2 weighs the columns of W1 here. It weighs its rows, the hidden units."""


def effective(W1, w2):
    return W1 @ w2
