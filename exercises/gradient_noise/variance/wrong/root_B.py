"""Divided by the root of the batch size: that is how a standard deviation falls."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = gradients.var(axis=0).sum()
    if replacement:
        return one / batch_size**0.5
    return one / batch_size**0.5 * (N - batch_size) / max(N - 1, 1)
