"""Divided by N - 1. These rows are the whole population: divide by N."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = ((gradients - gradients.mean(axis=0)) ** 2).sum() / max(N - 1, 1)
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
