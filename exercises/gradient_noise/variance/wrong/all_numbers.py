"""One mean is taken of all numbers. Each coordinate has its own."""


def batch_variance(gradients, batch_size, replacement):
    N = len(gradients)
    one = ((gradients - gradients.mean()) ** 2).sum() / N
    if replacement:
        return one / batch_size
    return one / batch_size * (N - batch_size) / max(N - 1, 1)
