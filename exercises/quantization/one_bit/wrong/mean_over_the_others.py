"""The mean leaves out the weights that are 0. With sign(0) = +1 they become m as well, and count."""


def best_scale(W, axis):
    sizes = np.abs(W)
    if axis is None:
        return sizes.sum() / max(np.count_nonzero(W), 1)
    return sizes.reshape(len(W), -1).sum(axis=1) / np.maximum(np.count_nonzero(np.reshape(W, (len(W), -1)), axis=1), 1)
