"""This is the magnitude at the end. Where the weight started does not count here, and it should."""


def distance(W, W_init):
    return np.abs(W) + 0 * W_init
