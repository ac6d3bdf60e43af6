"""The mean is not taken away: these are squares, not a variance."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = (gradients**2).sum() / N
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
