"""1/N is missing: the loss is a mean over the rows."""


def high_t_bias(W, X):
    change = X @ (one_bit(W) - W)
    centred = change - change.mean(axis=1, keepdims=True)
    return X.T @ centred / W.shape[1]
