"""With and without replacement are exchanged."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = gradients.var(axis=0).sum()
    if not replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
