"""The two magnitudes are added here. Take the difference of the weights first, then its size."""


def distance(W, W_init):
    return np.abs(W) + np.abs(W_init)
