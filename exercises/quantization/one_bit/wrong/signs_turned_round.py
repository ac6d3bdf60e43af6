"""The signs are turned round: numbers above 0 became -1."""


def two_signs(W):
    return np.where(W >= 0, -1.0, 1.0)
