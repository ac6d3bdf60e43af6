"""Nothing is cut here."""


def ste_gradient(W, X, V, T, clip):
    return kd_gradient(one_bit(W), X, V, T)
