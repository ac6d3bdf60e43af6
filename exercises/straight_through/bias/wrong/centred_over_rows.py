"""The mean over the rows is taken away here. It is that over the classes."""


def high_t_bias(W, X):
    change = X @ (one_bit(W) - W)
    return X.T @ (change - change.mean(axis=0)) / (len(X) * W.shape[1])
