"""The cut is turned round: what is within the bound is kept."""


def ste_gradient(W, X, V, T, clip):
    return np.where(np.abs(W) > clip, kd_gradient(one_bit(W), X, V, T), 0.0)
