"""Entries are divided one by one here. First the lengths, then the quotient."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return np.abs(bias / g).mean()
