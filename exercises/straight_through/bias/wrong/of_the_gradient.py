"""This is the limit of the gradient of one bit, without a teacher. The bias is the difference to full precision."""


def high_t_bias(W, X):
    change = X @ one_bit(W)
    centred = change - change.mean(axis=1, keepdims=True)
    return X.T @ centred / (len(X) * W.shape[1])
