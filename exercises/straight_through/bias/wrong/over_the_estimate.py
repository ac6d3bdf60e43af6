"""The bias is divided by the straight-through gradient here. Divide by that of full precision."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return np.linalg.norm(bias) / np.linalg.norm(bias + g)
