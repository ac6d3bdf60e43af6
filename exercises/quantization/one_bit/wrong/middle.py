"""This is the middle of the smallest and the largest size. All weights count, not those at the ends alone."""


def best_scale(W, axis):
    sizes = np.abs(W)
    if axis is None:
        return sizes.min() / 2 + sizes.max() / 2
    return sizes.reshape(len(W), -1).min(axis=1) / 2 + sizes.reshape(len(W), -1).max(axis=1) / 2
