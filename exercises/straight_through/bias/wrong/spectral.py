"""These are spectral norms, the largest singular values. Take the squares of all entries."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return np.linalg.norm(bias, 2) / np.linalg.norm(g, 2)
