"""This is the true derivative through a scale that moves. Straight through, the gradient passes as it is."""


def ste_gradient(W, X, V, T, clip):
    g, sigma = kd_gradient(one_bit(W), X, V, T), np.where(W >= 0, 1.0, -1.0)
    return np.where(np.abs(W) <= clip, sigma * (sigma * g).mean(), 0.0)
