"""A weight just at the bound is cut here. The bound itself is included."""


def ste_gradient(W, X, V, T, clip):
    return np.where(np.abs(W) < clip, kd_gradient(one_bit(W), X, V, T), 0.0)
