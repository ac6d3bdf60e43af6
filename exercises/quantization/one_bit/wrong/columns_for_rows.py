"""With axis 0 this is a scale for each column. It is to be one for each index of the first axis, over all others."""


def best_scale(W, axis):
    sizes = np.abs(W)
    if axis is None:
        return sizes.mean()
    return sizes.mean(axis=0)
