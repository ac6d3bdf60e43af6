"""This compares the lengths of two gradients. The bias is their difference."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return np.linalg.norm(bias + g) / np.linalg.norm(g)
