"""Each row has one and the same score here. Every weight has a score of its own."""


def magnitude(W):
    return np.abs(W).sum(axis=1, keepdims=True) + 0 * W
