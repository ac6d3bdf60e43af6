"""These are means of absolute values. The length is the root of the sum of squares."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return np.abs(bias).mean() / np.abs(g).mean()
