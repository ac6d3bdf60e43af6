"""This is the gradient over the bias."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    with np.errstate(divide="ignore"):
        return np.linalg.norm(g) / np.linalg.norm(bias)
