"""This is how much the magnitude grew. A weight that went from 1 to -1 has moved by 2, and not by 0."""


def distance(W, W_init):
    return np.abs(W) - np.abs(W_init)
