"""Zeros are left out of the mean here. They count."""


def one_bit(W):
    m = np.abs(W).sum() / max(np.count_nonzero(W), 1)
    return m * np.where(W >= 0, 1.0, -1.0)
