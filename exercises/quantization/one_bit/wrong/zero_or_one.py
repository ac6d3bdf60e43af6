"""The values are 0 and 1 here. They are to be -1 and +1."""


def two_signs(W):
    return np.where(W >= 0, 1.0, 0.0)
