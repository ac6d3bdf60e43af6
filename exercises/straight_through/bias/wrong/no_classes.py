"""1/C is missing: an even softmax has 1/C for each class."""


def high_t_bias(W, X):
    change = X @ (one_bit(W) - W)
    centred = change - change.mean(axis=1, keepdims=True)
    return X.T @ centred / len(X)
