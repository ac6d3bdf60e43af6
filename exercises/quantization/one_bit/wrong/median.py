"""This is the median of the sizes, best for the mean size of the misses. For their mean square it is the mean."""


def best_scale(W, axis):
    sizes = np.abs(W)
    if axis is None:
        return np.median(sizes)
    return np.median(sizes.reshape(len(W), -1), axis=1)
