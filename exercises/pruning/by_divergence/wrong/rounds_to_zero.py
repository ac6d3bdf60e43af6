"""Tiny weights become 0 here. However small, a weight has its magnitude."""


def magnitude(W):
    return np.where(np.abs(W) < 1e-8, 0.0, np.abs(W))
