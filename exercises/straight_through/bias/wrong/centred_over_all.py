"""The mean of everything is taken away here. It is that over the classes, row by row."""


def high_t_bias(W, X):
    change = X @ (one_bit(W) - W)
    return X.T @ (change - change.mean()) / (len(X) * W.shape[1])
