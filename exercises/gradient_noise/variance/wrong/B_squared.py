"""Divided by the batch size squared. The variance of a mean falls as 1/B."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = gradients.var(axis=0).sum()
    if replacement:
        return one / batch_size**2
    return one / batch_size**2 * (N - batch_size) / max(N - 1, 1)
