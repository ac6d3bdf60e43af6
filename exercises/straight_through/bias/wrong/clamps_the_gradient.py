"""The gradient is limited to clip here. It is W that is compared with clip."""


def ste_gradient(W, X, V, T, clip):
    return np.clip(kd_gradient(one_bit(W), X, V, T), -clip, clip)
