"""This is the gradient of full precision, cut. The student computes with one_bit(W)."""


def ste_gradient(W, X, V, T, clip):
    return np.where(np.abs(W) <= clip, kd_gradient(W, X, V, T), 0.0)
