"""This is the length of the bias. Divide it by that of the gradient."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return np.linalg.norm(bias)
