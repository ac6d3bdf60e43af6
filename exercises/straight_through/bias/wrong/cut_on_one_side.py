"""Only weights above clip are cut here. Those below -clip are as far."""


def ste_gradient(W, X, V, T, clip):
    return np.where(W <= clip, kd_gradient(one_bit(W), X, V, T), 0.0)
