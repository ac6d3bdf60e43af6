"""The sign is turned round: the bias is one bit less full precision."""


def high_t_bias(W, X):
    change = X @ (one_bit(W) - W)
    centred = change - change.mean(axis=1, keepdims=True)
    return -X.T @ centred / (len(X) * W.shape[1])
