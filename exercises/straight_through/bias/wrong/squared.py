"""This is the square of it: lengths are roots."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return (bias**2).sum() / (g**2).sum()
