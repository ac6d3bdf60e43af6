"""T^2 is on the bias alone here. A factor belongs on both, or on none."""


def relative_bias(W, X, V, T):
    g = kd_gradient(W, X, V, T)
    bias = kd_gradient(one_bit(W), X, V, T) - g
    return T**2 * np.linalg.norm(bias) / np.linalg.norm(g)
