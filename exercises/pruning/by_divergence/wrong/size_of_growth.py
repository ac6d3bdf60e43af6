"""The sizes are taken before the difference here. A weight that went from 1 to -1 has moved by 2."""


def distance(W, W_init):
    return np.abs(np.abs(W) - np.abs(W_init))
