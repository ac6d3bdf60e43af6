"""The gradient is multiplied by the scale here. The derivative of q by w is taken to be 1."""


def ste_gradient(W, X, V, T, clip):
    return np.where(np.abs(W) <= clip, np.abs(W).mean() * kd_gradient(one_bit(W), X, V, T), 0.0)
