"""With axis 0 the mean is taken over the last axis alone. It goes over all axes but the first."""


def best_scale(W, axis):
    sizes = np.abs(W)
    if axis is None:
        return sizes.mean()
    return sizes.mean(axis=-1) if W.ndim > 1 else sizes * 1.0
