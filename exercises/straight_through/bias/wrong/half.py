"""There is a 2 too many: the gradient is asked for, not the loss."""


def high_t_bias(W, X):
    change = X @ (one_bit(W) - W)
    centred = change - change.mean(axis=1, keepdims=True)
    return X.T @ centred / (2 * len(X) * W.shape[1])
