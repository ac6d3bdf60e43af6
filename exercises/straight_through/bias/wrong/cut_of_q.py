"""The size of the quantized weights is compared with clip here. It is that of W."""


def ste_gradient(W, X, V, T, clip):
    return np.where(np.abs(one_bit(W)) <= clip, kd_gradient(one_bit(W), X, V, T), 0.0)
