"""What moved far has a low score here. It should have a high one: the lowest are pruned."""


def distance(W, W_init):
    return -np.abs(W - W_init)
