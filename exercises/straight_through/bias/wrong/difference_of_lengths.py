"""This is the difference of two lengths. Subtract the gradients first, entry by entry."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return abs(np.linalg.norm(bias + g) - np.linalg.norm(g)) / np.linalg.norm(g)
