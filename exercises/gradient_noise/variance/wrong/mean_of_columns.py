"""The mean over the coordinates. The total variance adds them."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = gradients.var(axis=0).mean()
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
