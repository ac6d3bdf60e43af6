"""axis makes no difference here. With axis 0 there is a scale for each index of the first axis."""


def best_scale(W, axis):
    sizes = np.abs(W)
    if axis is None:
        return sizes.mean()
    return np.full(len(W), sizes.mean())
