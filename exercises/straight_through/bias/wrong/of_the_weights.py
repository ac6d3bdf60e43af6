"""This is how far the weights are changed. The bias is one of the gradient."""


def relative_bias(W, X, V, T):
    return np.linalg.norm(one_bit(W) - W) / np.linalg.norm(W)
