"""The mean over the classes is not taken away: a softmax does not see what all logits of a row have in common."""


def high_t_bias(W, X):
    change = X @ (one_bit(W) - W)
    return X.T @ change / (len(X) * W.shape[1])
