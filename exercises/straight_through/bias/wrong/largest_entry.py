"""These are the largest entries. The length takes all of them."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return np.abs(bias).max() / np.abs(g).max()
